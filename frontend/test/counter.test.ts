import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import en from "../../custom_components/niiza_cctv/translations/en.json";
import type { NiizaCctvCounter, NiizaCctvCounterForm } from "../src/counter";
import { FakeHass, button, contextOf, find, refuse, root, settled, show, texts, write } from "./fake";

const said = en.config_panel;
const PLAYLIST = ["#EXTM3U", "#EXT-X-PROGRAM-DATE-TIME:2026-11-20T08:00:00.000Z", "#EXTINF:60.0,", "0.m4s"].join("\n");
const OPENED = {
  url: "/api/niiza_cctv/playback/token/index.m3u8",
  codec: "h264",
  start: "2026-11-20T17:00:00+09:00",
  end: "2026-11-20T17:01:00+09:00",
  gaps: [],
  picture: 0.1,
  showing: 12,
};

beforeEach(() => {
  // happy-dom has no modal dialogs, and plays nothing.
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  vi.spyOn(HTMLVideoElement.prototype, "canPlayType").mockReturnValue("maybe");
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(PLAYLIST)));
});

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

async function form(answers = {}) {
  const hass = new FakeHass({
    "niiza_cctv/open_counter": () => OPENED,
    "niiza_cctv/end_counter": () => null,
    ...answers,
  });
  const page = await show<NiizaCctvCounterForm>("niiza-cctv-counter-form", {
    context: contextOf(hass),
    mask: "2026-0001-01-m01",
    cameraName: "North",
  });
  const asked = (type: string) => hass.asked.filter((one) => one.type === `niiza_cctv/${type}`);
  return { hass, page, asked };
}

async function submit(page: NiizaCctvCounterForm): Promise<void> {
  find(page, "form").dispatchEvent(new Event("submit", { cancelable: true }));
  await settled(page);
}

async function begin(page: NiizaCctvCounterForm): Promise<void> {
  const choice = find<HTMLInputElement>(page, "input[name=shown_to]");
  choice.checked = true;
  choice.dispatchEvent(new Event("change"));
  write(page, "#present", "Hanako and her sister");
  await settled(page);
  await submit(page);
}

const playerIn = (page: Element) => find<NiizaCctvCounter>(page, "niiza-cctv-counter");

describe("a showing at the counter", () => {
  it("begins when it is said who sees it and who is there", async () => {
    const { hass, page, asked } = await form();
    expect(root(page).textContent).toContain(said.counter.recorded);
    await submit(page);
    expect(asked("open_counter")).toEqual([]);
    await begin(page);
    expect(asked("open_counter")).toEqual([
      { type: "niiza_cctv/open_counter", item: "2026-0001-01-m01", shown_to: "requester", draft_id: "draft-1" },
    ]);
    expect(hass.drafts["draft-1"]).toEqual({
      step: "show_at_counter",
      fields: { present: "Hanako and her sister" },
    });
    expect(find<HTMLVideoElement>(playerIn(page), "video").getAttribute("src")).toBe(OPENED.url);
    expect(root(page).querySelector("form")).toBeNull();
  });

  it("says why it cannot begin, and forgets nothing that was written", async () => {
    const { hass, page, asked } = await form({
      "niiza_cctv/open_counter": refuse({ code: "refused", message: "Not approved." }),
    });
    await begin(page);
    expect(texts(page, "ha-alert")).toEqual(["Not approved."]);
    expect(find<HTMLTextAreaElement>(page, "#present").value).toBe("Hanako and her sister");
    expect(hass.drafts).toEqual({});
    expect(asked("end_counter")).toEqual([]);
  });

  it("is ended by the button that nobody misses, once", async () => {
    const { page, asked } = await form();
    const dismissed = vi.fn();
    page.addEventListener("dismissed", dismissed);
    await begin(page);
    button(playerIn(page), said.counter.end).click();
    await settled(page);
    expect(dismissed).toHaveBeenCalledOnce();
    page.remove();
    await settled(page);
    expect(asked("end_counter")).toEqual([{ type: "niiza_cctv/end_counter", showing: 12 }]);
  });

  it("is ended by leaving the page", async () => {
    const { page, asked } = await form();
    await begin(page);
    page.remove();
    await settled(page);
    expect(asked("end_counter")).toHaveLength(1);
  });

  it("goes on and back by one picture with the keys for it", async () => {
    const { page } = await form();
    await begin(page);
    const player = playerIn(page);
    const video = find<HTMLVideoElement>(player, "video");
    const press = (key: string) =>
      find(player, ".screen").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));
    video.currentTime = 5;
    press("]");
    expect(video.currentTime).toBeCloseTo(5.1, 1);
    expect(video.paused).toBe(true);
    press("[");
    press("[");
    expect(video.currentTime).toBeCloseTo(4.9, 1);
  });
});
