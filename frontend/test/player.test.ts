import { afterEach, describe, expect, it, vi } from "vitest";

import en from "../../custom_components/niiza_cctv/translations/en.json";
import type { NiizaCctvSealed } from "../src/sealed";
import type { NiizaCctvWatch } from "../src/watch";
import { FakeHass, button, contextOf, find, root, settled, show, texts } from "./fake";

const said = en.config_panel.watch;
const PLAYLIST = [
  "#EXTM3U",
  "#EXT-X-PROGRAM-DATE-TIME:2026-11-20T08:00:00.000Z",
  "#EXTINF:60.0,",
  "0.m4s",
  "#EXT-X-PROGRAM-DATE-TIME:2026-11-20T08:10:00.000Z",
  "#EXTINF:60.0,",
  "1.m4s",
].join("\n");

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

/** A browser that plays these types. */
function plays(...types: string[]): void {
  vi.spyOn(HTMLVideoElement.prototype, "canPlayType").mockImplementation((type) =>
    types.some((one) => type.includes(one)) ? "maybe" : "",
  );
}

function breakOff(page: Element, code: number): void {
  const video = find(page, "video");
  Object.defineProperty(video, "error", { value: { code }, configurable: true });
  vi.stubGlobal("MediaError", { MEDIA_ERR_DECODE: 3, MEDIA_ERR_SRC_NOT_SUPPORTED: 4 });
  video.dispatchEvent(new Event("error"));
}

describe("a passage on a card", () => {
  const opened = (codec: string | null = "h264") => ({
    url: "/api/niiza_cctv/playback/token/index.m3u8",
    codec,
    gaps: [{ start: "2026-11-20T17:01:00+09:00", end: "2026-11-20T17:10:00+09:00" }],
  });
  const open = (hass: FakeHass, more: Partial<NiizaCctvWatch> = {}) =>
    show<NiizaCctvWatch>("niiza-cctv-watch", {
      context: contextOf(hass),
      camera: "niiza sim-kita",
      cameraName: "North",
      start: "2026-11-20T17:00:00+09:00",
      end: "2026-11-20T17:30:00+09:00",
      ...more,
    });

  it("tells the true time of what is shown, and gives it to whoever looks for an edge", async () => {
    plays("mpegurl");
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(PLAYLIST)));
    const page = await open(new FakeHass({ "niiza_cctv/playback": () => opened() }), { pick: true });
    expect(button(page, said.take_start).disabled).toBe(true);
    const video = find<HTMLVideoElement>(page, "video");
    expect(video.getAttribute("src")).toBe(opened().url);
    video.currentTime = 65;
    video.dispatchEvent(new Event("timeupdate"));
    await settled(page);
    expect(texts(page, ".time")[0]).toContain("17:10:05");
    const picked: unknown[] = [];
    page.addEventListener("picked", (event) => picked.push((event as CustomEvent).detail));
    button(page, said.take_start).click();
    expect(picked).toEqual([{ edge: "start", at: new Date("2026-11-20T08:10:05Z") }]);
    button(page, "−60").click();
    expect(video.currentTime).toBe(5);
  });

  it("is not asked for a second time when an edge moves", async () => {
    plays("mpegurl");
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(PLAYLIST)));
    const hass = new FakeHass({ "niiza_cctv/playback": () => opened() });
    const page = await open(hass);
    page.start = "2026-11-20T17:05:00+09:00";
    await settled(page);
    expect(hass.asked).toHaveLength(1);
    page.camera = "niiza sim-minami";
    await settled(page);
    expect(hass.asked).toHaveLength(2);
  });

  it.each([
    [false, said.cannot_play],
    [true, said.cannot_play_kept],
  ])("says where a device without a decoder finds it (preserved: %s)", async (kept, words) => {
    plays("mpegurl");
    const page = await open(new FakeHass({ "niiza_cctv/playback": () => opened("hevc") }), { kept });
    expect(texts(page, "ha-alert")).toEqual([words]);
    expect(root(page).querySelector("video")).toBeNull();
  });

  it("leaves the picture where it broke off, and can be opened again", async () => {
    plays("mpegurl");
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(PLAYLIST)));
    const hass = new FakeHass({ "niiza_cctv/playback": () => opened() });
    const page = await open(hass);
    breakOff(page, 2);
    await settled(page);
    expect(texts(page, "ha-alert")).toEqual([said.broken]);
    expect(root(page).querySelector("video")).not.toBeNull();
    button(page, en.config_panel.common.again).click();
    await settled(page);
    expect(texts(page, "ha-alert")).toEqual([]);
    expect(hass.asked).toHaveLength(2);
  });

  it("says that its link is used up", async () => {
    plays("mpegurl");
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(null, { status: 410 })));
    const page = await open(new FakeHass({ "niiza_cctv/playback": () => opened() }));
    expect(texts(page, "ha-alert")).toEqual([said.refused.replace("{status}", "410")]);
  });
});

describe("preserved footage", () => {
  const open = (codec: string) =>
    show<NiizaCctvSealed>("niiza-cctv-sealed", {
      context: contextOf(
        new FakeHass({ "niiza_cctv/watch_clip": () => ({ path: "/api/niiza_cctv/clip/token.mp4", codec }) }),
      ),
      clip: "2026-0001-01",
      cameraName: "North",
    });

  it("plays, and goes away when it breaks off", async () => {
    plays();
    const page = await open("h264");
    expect(find(page, "video").getAttribute("aria-label")).toContain("North");
    breakOff(page, 3);
    await settled(page);
    expect(texts(page, "ha-alert")).toEqual([said.cannot_play_sealed]);
    expect(root(page).querySelector("video")).toBeNull();
  });

  it("is not begun where nothing can decode it", async () => {
    plays();
    const page = await open("hevc");
    expect(texts(page, "ha-alert")).toEqual([said.cannot_play_sealed]);
  });
});
