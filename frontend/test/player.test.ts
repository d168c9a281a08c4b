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
    button(page, "−1 min").click();
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

describe("what lies over the picture", () => {
  const open = async () => {
    plays("mpegurl");
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(PLAYLIST)));
    return show<NiizaCctvSealed>("niiza-cctv-sealed", {
      context: contextOf(
        new FakeHass({
          "niiza_cctv/watch_clip": () => ({
            url: "/api/niiza_cctv/playback/token/index.m3u8",
            codec: "h264",
            start: "2026-11-20T17:00:00+09:00",
            end: "2026-11-20T17:11:00+09:00",
            gaps: [],
          }),
        }),
      ),
      clip: "2026-0001-01",
      cameraName: "North",
    });
  };

  it("is the viewer's name and the time, all over it, and goes on while the picture stands", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"], now: new Date("2026-11-29T05:00:00Z") });
    const page = await open();
    const overlay = find(page, ".picture niiza-cctv-overlay");
    await settled(page);
    const first = texts(overlay, "span");
    expect(first.length).toBeGreaterThan(10);
    expect(new Set(first).size).toBe(1);
    expect(first[0]).toContain("Sato");
    expect(first[0]).toContain("14:00:0");
    const place = find(overlay, "div").getAttribute("style");
    vi.advanceTimersByTime(8_000);
    await settled(page);
    expect(texts(overlay, "span")[0]).toContain("14:00:08");
    expect(find(overlay, "div").getAttribute("style")).not.toBe(place);
    vi.useRealTimers();
  });

  it("comes along in full screen, and the browser's own controls are not offered", async () => {
    const asked: Element[] = [];
    Element.prototype.requestFullscreen = function (this: Element) {
      asked.push(this);
      return Promise.resolve();
    };
    Object.defineProperty(document, "fullscreenEnabled", { value: true, configurable: true });
    const page = await open();
    const video = find<HTMLVideoElement>(page, "video");
    expect(video.hasAttribute("controls")).toBe(false);
    expect(video.getAttribute("controlslist")).toContain("nodownload");
    expect(video.hasAttribute("disablepictureinpicture")).toBe(true);
    find(page, `button[aria-label="${said.full}"]`).click();
    expect(asked).toEqual([find(page, ".screen")]);
    expect(asked[0]?.contains(find(page, "niiza-cctv-overlay"))).toBe(true);
    expect(asked[0]?.contains(video)).toBe(true);
    const menu = new Event("contextmenu", { bubbles: true, cancelable: true });
    video.dispatchEvent(menu);
    expect(menu.defaultPrevented).toBe(true);
  });

  it("lets the picture be sent to any moment, whose true time is told", async () => {
    const page = await open();
    const video = find<HTMLVideoElement>(page, "video");
    const position = find<HTMLInputElement>(page, "input[type=range]");
    expect(position.max).toBe("120");
    position.value = "70";
    position.dispatchEvent(new Event("input"));
    expect(video.currentTime).toBe(70);
    video.dispatchEvent(new Event("seeked"));
    await settled(page);
    expect(texts(page, ".time")[0]).toContain("17:10:10");
  });
});

describe("preserved footage", () => {
  const open = (codec: string) =>
    show<NiizaCctvSealed>("niiza-cctv-sealed", {
      context: contextOf(
        new FakeHass({
          "niiza_cctv/watch_clip": () => ({
            url: "/api/niiza_cctv/playback/token/index.m3u8",
            codec,
            start: "2026-11-20T17:00:00+09:00",
            end: "2026-11-20T17:11:00+09:00",
            gaps: [],
          }),
        }),
      ),
      clip: "2026-0001-01",
      cameraName: "North",
    });

  it("plays, and goes away when it breaks off", async () => {
    plays("mpegurl");
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(PLAYLIST)));
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
