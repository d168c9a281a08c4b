import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import en from "../../custom_components/niiza_cctv/translations/en.json";
import type { Played } from "../src/watched";
import { keysOf } from "../src/playlist";
import type { NiizaCctvSealed } from "../src/sealed";
import { Clock } from "../src/time";
import { PlayedFootage } from "../src/watched";
import { FakeHass, button, contextOf, find, refuse, root, settled, show, texts } from "./fake";

const said = en.config_panel.watch;
const PLAYLIST = [
  "#EXTM3U",
  "#EXT-X-PROGRAM-DATE-TIME:2026-11-20T08:00:00.000Z",
  "#EXT-X-NIIZA-KEYS:0.000,20.000,40.000",
  "#EXTINF:60.0,",
  "0.m4s",
  "#EXT-X-PROGRAM-DATE-TIME:2026-11-20T08:10:00.000Z",
  "#EXT-X-NIIZA-KEYS:0.000,30.000",
  "#EXTINF:60.0,",
  "1.m4s",
].join("\n");

/** What the player does with the picture: happy-dom's plays nothing. */
function standIn(page: Element, changes: { paused?: boolean; rates?: [number, number]; seeking?: () => boolean } = {}): HTMLVideoElement {
  const video = find<HTMLVideoElement>(page, "video");
  const [lowest, highest] = changes.rates ?? [0, 100];
  const state = { paused: changes.paused ?? false, rate: 1 };
  Object.defineProperties(video, {
    paused: { get: () => state.paused, configurable: true },
    seeking: { get: changes.seeking ?? (() => false), configurable: true },
    playbackRate: {
      get: () => state.rate,
      set: (rate: number) => {
        if (rate < lowest || rate > highest) throw new DOMException("no", "NotSupportedError");
        state.rate = rate;
      },
      configurable: true,
    },
  });
  video.play = () => {
    state.paused = false;
    video.dispatchEvent(new Event("play"));
    return Promise.resolve();
  };
  video.pause = () => {
    state.paused = true;
    video.dispatchEvent(new Event("pause"));
  };
  return video;
}

async function open(hass: FakeHass, more: Partial<NiizaCctvSealed> = {}): Promise<NiizaCctvSealed> {
  vi.spyOn(HTMLVideoElement.prototype, "canPlayType").mockReturnValue("maybe");
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(PLAYLIST)));
  return show<NiizaCctvSealed>("niiza-cctv-sealed", {
    context: contextOf(hass),
    clip: "2026-0001-01",
    cameraName: "North",
    ...more,
  });
}

const hassThat = (watched: (message: Record<string, unknown>) => unknown = () => counted(0)) =>
  new FakeHass({
    "niiza_cctv/watch_clip": () => ({
      url: "/api/niiza_cctv/playback/token/index.m3u8",
      codec: "h264",
      start: "2026-11-20T17:00:00+09:00",
      end: "2026-11-20T17:11:00+09:00",
      gaps: [{ start: "2026-11-20T17:01:00+09:00", end: "2026-11-20T17:10:00+09:00" }],
    }),
    "niiza_cctv/watched": watched,
  });

const counted = (seconds: number) => ({ seconds, of: 120, every_picture: seconds, fastest: 100 });

async function at(page: NiizaCctvSealed, video: HTMLVideoElement, seconds: number): Promise<void> {
  video.currentTime = seconds;
  video.dispatchEvent(new Event("timeupdate"));
  await settled(page);
}

function press(page: Element, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true, ...more });
  find(page, ".screen").dispatchEvent(event);
  return event;
}

let now = 0;

beforeEach(() => {
  now = 1000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
});

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

describe("the player's controls", () => {
  it("jump by seconds, minutes and key pictures, also over a gap", async () => {
    const page = await open(hassThat());
    const video = standIn(page, { paused: true });
    await at(page, video, 45);
    button(page, "+10 s").click();
    expect(video.currentTime).toBe(55);
    button(page, "+1 min").click();
    expect(video.currentTime).toBe(115);
    for (const [label, places] of [
      [said.last_key, [90, 60, 40]],
      [said.next_key, [60, 90]],
    ] as const)
      for (const place of places) {
        find(page, `button[aria-label="${label}"]`).click();
        expect(video.currentTime).toBeCloseTo(place, 2);
        await at(page, video, video.currentTime);
      }
    // Where there is no further one, the picture stays where it is.
    find(page, `button[aria-label="${said.next_key}"]`).click();
    expect(video.currentTime).toBeCloseTo(90, 2);
    expect(texts(page, ".time")[0]).toContain("17:10:30.0");
  });

  it("go to a time that is typed, and say so where there is no picture of it", async () => {
    const page = await open(hassThat());
    const video = standIn(page, { paused: true });
    const go = async (field: string) => {
      find<HTMLInputElement>(page, "#moment").value = field;
      find(page, "form").dispatchEvent(new Event("submit", { cancelable: true }));
      await settled(page);
    };
    await go("2026-11-20T17:10:20");
    expect(video.currentTime).toBeCloseTo(80, 2);
    expect(texts(page, "[role=status]")).toEqual([""]);
    await go("2026-11-20T17:05:00");
    expect(video.currentTime).toBeCloseTo(60, 2);
    expect(texts(page, "[role=status]")[0]).toContain("17:10:00");
    await go("2026-11-20T18:00");
    expect(video.currentTime).toBeCloseTo(120, 2);
    const before = video.currentTime;
    await go("");
    expect(video.currentTime).toBe(before);
  });

  it("play as fast as the browser can, and say where it cannot", async () => {
    const page = await open(hassThat());
    const video = standIn(page, { rates: [0.5, 8] });
    const speed = find<HTMLSelectElement>(page, "#speed");
    expect([...speed.options].map((one) => one.value)).toEqual(["0.25", "0.5", "1", "2", "4", "8", "16"]);
    const choose = async (value: string) => {
      speed.value = value;
      speed.dispatchEvent(new Event("change"));
      await settled(page);
    };
    await choose("8");
    expect(video.playbackRate).toBe(8);
    await choose("16");
    expect(video.playbackRate).toBe(8);
    expect(texts(page, "[role=status]")).toEqual([said.speed_refused.replace("{speed}", "16")]);
    await choose("0.5");
    expect(video.playbackRate).toBe(0.5);
    expect(texts(page, "[role=status]")).toEqual([""]);
  });

  it("answer to keys, but not while somebody types or presses a button", async () => {
    const page = await open(hassThat());
    const video = standIn(page, { paused: true });
    await at(page, video, 30);
    expect(press(page, " ").defaultPrevented).toBe(true);
    expect(video.paused).toBe(false);
    press(page, "k");
    expect(video.paused).toBe(true);
    for (const [key, more, place] of [
      ["ArrowRight", {}, 40],
      ["ArrowLeft", {}, 30],
      ["ArrowRight", { shiftKey: true }, 90],
      ["ArrowLeft", { shiftKey: true }, 30],
      [".", {}, 40.002],
      [",", {}, 20.002],
      ["End", {}, 119],
      ["Home", {}, 0],
    ] as const) {
      press(page, key, more);
      expect(video.currentTime).toBeCloseTo(place, 2);
    }
    press(page, "+");
    press(page, "+");
    expect(video.playbackRate).toBe(4);
    press(page, "-");
    expect(video.playbackRate).toBe(2);
    expect(press(page, "x").defaultPrevented).toBe(false);
    expect(press(page, "ArrowRight", { ctrlKey: true }).defaultPrevented).toBe(false);
    expect(video.currentTime).toBe(0);
    for (const selector of ["#moment", "#speed", "button"]) {
      const event = new KeyboardEvent("keydown", { key: " ", bubbles: true, composed: true, cancelable: true });
      find(page, selector).dispatchEvent(event);
      expect(event.defaultPrevented).toBe(false);
    }
    // None of them is Home Assistant's as well.
    const outside: string[] = [];
    document.addEventListener("keydown", (event) => outside.push(event.key), { once: true });
    press(page, "k");
    expect(outside).toEqual([]);
  });
});

describe("what is to be cut out", () => {
  it("is not offered unless the page says so", async () => {
    const page = await open(hassThat());
    standIn(page);
    expect(texts(page, "button").join()).not.toContain(said.mark_from);
    press(page, "i");
    expect(root(page).querySelector(".marked")).toBeNull();
  });

  it("is told with both ends, the section's offset in them", async () => {
    const page = await open(hassThat(), { cuttable: true });
    const video = standIn(page, { paused: true });
    const cuts: unknown[] = [];
    document.addEventListener("cut-marked", (event) => cuts.push((event as CustomEvent).detail));
    await at(page, video, 10.5);
    button(page, said.mark_from).click();
    await settled(page);
    expect(cuts).toEqual([]);
    expect(find(page, ".marked").getAttribute("style")).toContain("inline-size");
    await at(page, video, 70.25);
    button(page, said.mark_to).click();
    expect(cuts).toEqual([
      { clip: "2026-0001-01", start: "2026-11-20T17:00:10.500+09:00", end: "2026-11-20T17:10:10.252+09:00" },
    ]);
    // An end before the begin begins anew with what was meant last.
    await at(page, video, 5);
    press(page, "o");
    await settled(page);
    expect(cuts).toHaveLength(1);
    expect(texts(page, "[role=group] .small")).toEqual([said.not_marked, expect.stringContaining("17:00:05.0")]);
    await at(page, video, 5);
    press(page, "i");
    expect(cuts).toHaveLength(2);
  });
});

describe("what was watched", () => {
  it("is told to the server while it plays, and shown as the server counts it", async () => {
    const told: unknown[] = [];
    const hass = hassThat(({ clip, speed, reaches }) => {
      told.push({ clip, speed, reaches });
      return counted(told.length * 6);
    });
    const page = await open(hass);
    const heard: unknown[] = [];
    document.body.addEventListener("watched-counted", (event) => heard.push((event as CustomEvent).detail));
    const video = standIn(page);
    await at(page, video, 0);
    for (let second = 1; second <= 6; second++) {
      now += 1000;
      await at(page, video, second);
    }
    expect(told).toEqual([{ clip: "2026-0001-01", speed: 100, reaches: [[0, 4000]] }]);
    expect(texts(page, ".watched")).toEqual(["Watched: 0:06 of 2:00 (5 %)"]);
    expect(heard).toEqual([{ clip: "2026-0001-01", watched: counted(6) }]);
    // A jump is not watched; a pause is told at once, and so is the end of the player.
    video.currentTime = 100;
    video.pause();
    await settled(page);
    expect(told.at(-1)).toEqual({ clip: "2026-0001-01", speed: 100, reaches: [[4000, 6000]] });
    page.remove();
    await settled(page);
    expect(told).toHaveLength(2);
  });

  it("says that it could not be counted, and tells it later", async () => {
    let answer: () => unknown = refuse({ message: "away" });
    const told: unknown[] = [];
    const hass = hassThat((message) => {
      const counted = answer();
      told.push(message.reaches);
      return counted;
    });
    const page = await open(hass);
    const video = standIn(page);
    await at(page, video, 0);
    now += 1000;
    await at(page, video, 1);
    video.pause();
    await settled(page);
    expect(texts(page, "ha-alert")).toEqual([said.uncounted.replace("{error}", "away")]);
    answer = () => counted(2);
    await video.play();
    now += 1000;
    await at(page, video, 2);
    video.pause();
    await settled(page);
    expect(told).toEqual([[[0, 2000]]]);
    expect(texts(page, "ha-alert")).toEqual([]);
  });

  it("does not grow in a page that nobody sees, nor under a question", async () => {
    const told: unknown[] = [];
    const hass = hassThat((message) => told.push(message.reaches) && counted(1));
    const page = await open(hass);
    const video = standIn(page);
    const seen = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    await at(page, video, 0);
    now += 1000;
    await at(page, video, 1);
    seen.mockReturnValue("visible");
    now += 1000;
    await at(page, video, 2);
    page.covered = true;
    await settled(page);
    expect(video.paused).toBe(true);
    expect(told).toEqual([]);
  });
});

describe("single pictures", () => {
  // Not evenly: one of them stays long, one is gone at once.
  const PICTURES = [0, 100, 200, 500, 520, 620, 720];
  let next: ((now: number, told: { mediaTime: number }) => void) | undefined;

  /** A player that stands at the first picture of a masked clip, in a browser that tells what is on the screen. */
  async function masked(watched: (message: Record<string, unknown>) => unknown, pictures: number[] | null = PICTURES) {
    HTMLVideoElement.prototype.requestVideoFrameCallback = (callback) => {
      next = callback as typeof next;
      return 1;
    };
    const hass = hassThat(watched);
    const opened = hass.answers["niiza_cctv/watch_clip"] as () => object;
    hass.answers["niiza_cctv/watch_clip"] = () => ({ ...opened(), picture: 0.12, pictures });
    const state = { seeking: false };
    const page = await open(hass, { through: true });
    const video = standIn(page, { paused: true, seeking: () => state.seeking });
    video.currentTime = 0;
    next?.(now, { mediaTime: 0 });
    return { page, video, state };
  }

  /** The browser shows the picture at which the player was sent. */
  const show = (video: HTMLVideoElement) => {
    const times = PICTURES.map((at) => at / 1000);
    next?.(now, { mediaTime: times.findLast((at) => at <= video.currentTime) ?? 0 });
  };

  afterEach(() => {
    Reflect.deleteProperty(HTMLVideoElement.prototype, "requestVideoFrameCallback");
    next = undefined;
  });

  it("that somebody goes through one by one are watched, each as long as it is shown", async () => {
    const told: unknown[] = [];
    const { page, video } = await masked((message) => told.push(...(message.reaches as [])) && counted(0));
    for (const at of [0.1, 0.2, 0.5, 0.52, 0.62]) {
      now += 200;
      press(page, "]");
      expect(video.currentTime).toBeCloseTo(at, 2);
      show(video);
      await settled(page);
    }
    // Behind the last one there is none; and the last one is seen where it stands.
    now += 200;
    press(page, "]");
    expect(video.currentTime).toBeCloseTo(0.62, 2);
    page.remove();
    await settled(page);
    expect(told).toEqual(PICTURES.slice(1).map((to, place) => [PICTURES[place], to]));
  });

  it("count going back, too, and none that was passed over", async () => {
    const told: unknown[] = [];
    const { page, video } = await masked((message) => told.push(...(message.reaches as [])) && counted(0));
    now += 200;
    find<HTMLInputElement>(page, "input[type=range]").value = "0.55";
    find(page, "input[type=range]").dispatchEvent(new Event("input"));
    show(video);
    now += 200;
    press(page, "[");
    expect(video.currentTime).toBeCloseTo(0.5, 2);
    show(video);
    now += 200;
    page.remove();
    await settled(page);
    expect(told).toEqual([
      [0, 100],
      [520, 620],
      [500, 520],
    ]);
  });

  it("are not watched before they are on the screen, nor when they are gone at once", async () => {
    const told: unknown[] = [];
    const { page, video, state } = await masked((message) => told.push(...(message.reaches as [])) && counted(0));
    // Gone before anybody can have seen it.
    now += 10;
    press(page, "]");
    state.seeking = true;
    for (let times = 0; times < 5; times++) {
      now += 200;
      // Whoever leans on the key goes no further than to what is shown.
      press(page, "]", { repeat: true });
    }
    expect(video.currentTime).toBeCloseTo(0.1, 2);
    state.seeking = false;
    show(video);
    press(page, "]", { repeat: true });
    expect(video.currentTime).toBeCloseTo(0.1, 2);
    now += 60;
    press(page, "]", { repeat: true });
    expect(video.currentTime).toBeCloseTo(0.2, 2);
    page.remove();
    await settled(page);
    expect(told).toEqual([[100, 200]]);
  });

  it("of key pictures count by themselves alone", async () => {
    const told: unknown[] = [];
    const { page, video } = await masked((message) => told.push(...(message.reaches as [])) && counted(0));
    now += 200;
    press(page, ".");
    expect(video.currentTime).toBeCloseTo(20, 2);
    page.remove();
    await settled(page);
    expect(told).toEqual([[0, 100]]);
  });

  it("that nobody sees do not count", async () => {
    const told: unknown[] = [];
    const { page } = await masked((message) => told.push(...(message.reaches as [])) && counted(0));
    vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    now += 200;
    press(page, "]");
    page.remove();
    await settled(page);
    expect(told).toEqual([]);
  });
});

describe("counting what is played", () => {
  const looks = (...stands: [number, number, number, boolean?][]): Played[] => {
    const played = new PlayedFootage();
    for (const [ms, position, rate, playing] of stands) played.look({ position, rate, playing: playing ?? true, now: ms });
    return played.take();
  };

  it("joins what follows, and keeps speeds apart", () => {
    expect(looks([0, 0, 1], [500, 0.5, 1], [1000, 1, 4], [1500, 3, 4], [2000, 5, 4, false])).toEqual([
      { speed: 100, reaches: [[0, 1000]] },
      { speed: 400, reaches: [[1000, 5000]] },
    ]);
  });

  it("counts from where it stood or was sent to, however late it is looked at", () => {
    expect(looks([0, 0, 1, false], [500, 0, 1, false], [540, 0.03, 2], [1040, 1.03, 2])).toEqual([
      { speed: 200, reaches: [[0, 1030]] },
    ]);
    // Nobody plays a minute in that moment.
    expect(looks([0, 0, 1, false], [60_000, 30, 1])).toEqual([]);
    const played = new PlayedFootage();
    played.look({ position: 20, rate: 1, playing: true, now: 0 });
    played.sent(5);
    played.seeking();
    played.look({ position: 5.2, rate: 1, playing: true, now: 400 });
    played.look({ position: 5.7, rate: 1, playing: true, now: 900 });
    expect(played.take()).toEqual([{ speed: 100, reaches: [[5000, 5700]] }]);
    played.sent(50);
    played.jumped();
    played.look({ position: 50.2, rate: 1, playing: true, now: 1400 });
    expect(played.take()).toEqual([]);
  });

  it("takes nothing that was jumped over, whatever the browser calls it", () => {
    expect(looks([0, 0, 1], [500, 30, 1], [1000, 30.5, 1], [1500, 10, 1], [2000, 10.5, 1])).toEqual([
      { speed: 100, reaches: [[30000, 30500], [10000, 10500]] },
    ]);
    expect(looks([0, 5, 1, false], [500, 6, 1, false])).toEqual([]);
  });

  it("is bounded, and puts back what was not told", () => {
    const played = new PlayedFootage();
    for (let at = 0; at < 400; at++) {
      played.look({ position: at * 2, rate: 1, playing: true, now: at * 1000 });
      played.look({ position: at * 2 + 0.5, rate: 1, playing: true, now: at * 1000 + 500 });
    }
    const [first] = played.take();
    expect(first?.reaches).toHaveLength(100);
    expect(played.take()).toEqual([]);
    played.putBack([{ speed: 25, reaches: [[0, 10]] }]);
    expect(played.take()).toEqual([{ speed: 25, reaches: [[0, 10]] }]);
  });
});

describe("times", () => {
  it("are read as they are shown, in the section's zone, also around a change of its offset", () => {
    for (const zone of ["Asia/Tokyo", "Europe/Berlin", "America/New_York", "UTC"]) {
      const clock = new Clock("en-GB", zone);
      for (const text of ["2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "2026-10-25T02:30:00Z", "2026-07-01T12:00:00Z"]) {
        const moment = new Date(text);
        expect(clock.moment(clock.field(moment))).toEqual(moment);
        expect(new Date(clock.iso(moment))).toEqual(moment);
      }
    }
    expect(new Clock("ja", "Asia/Tokyo").iso(new Date("2026-11-20T08:00:00.007Z"))).toBe("2026-11-20T17:00:00.007+09:00");
    expect(new Clock("en", "America/St_Johns").iso(new Date("2026-01-01T00:00:00Z"))).toBe("2025-12-31T20:30:00.000-03:30");
    expect(new Clock("en", "UTC").moment("nonsense")).toBeNull();
  });

  it("of key pictures are those of the segments where the server names none", () => {
    expect(keysOf(PLAYLIST)).toEqual([0, 20, 40, 60, 90]);
    expect(keysOf("#EXTM3U\n#EXTINF:5.0,\n0.m4s\n#EXTINF:5.0,\n1.m4s")).toEqual([0, 5]);
  });
});
