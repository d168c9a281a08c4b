import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import en from "../../custom_components/niiza_cctv/translations/en.json";
import type { Case, Clip, Mask, MaskView } from "../src/api";
import { forgetAll } from "../src/drafts";
import type { NiizaCctvCaseClip } from "../src/case-clip";
import type { NiizaCctvCaseStep } from "../src/case-step";
import type { NiizaCctvMaskEditor } from "../src/mask-editor";
import type { NiizaCctvMaskStage } from "../src/mask-stage";
import type { Sides, Track } from "../src/mask-track";
import {
  type Answers,
  FakeHass,
  SATO,
  aCase,
  button,
  clip,
  contextOf,
  find,
  maskView,
  masked,
  refuse,
  releaseItem,
  root,
  settled,
  show,
  texts,
} from "./fake";

const said = en.config_panel.mask;
const BOX: Sides = [100_000, 200_000, 300_000, 900_000];
const SHA = (number: number) => String(number).repeat(64);

/** The track that the last message kept. */
const sent = (hass: FakeHass) =>
  hass.asked.filter(({ type }) => type === "niiza_cctv/save_mask_track").map(({ track, based_on }) => ({ track, based_on }));
const lastTrack = (hass: FakeHass) => sent(hass).at(-1)?.track as Track;
const drawn = (...times: number[]): Track => ({
  reveal: [{ shape: "box", keys: times.map((at_us) => ({ at_us, box: BOX, confirmed: true })), rejected: [] }],
  hide: [],
});

interface Made {
  track?: Track | null;
  clip?: Partial<Clip>;
  view?: Partial<MaskView>;
  answers?: Answers;
  item?: string;
}

async function open({ track = null, clip: changes = {}, view = {}, answers = {}, item = "2026-0001-01" }: Made = {}) {
  let saved = 0;
  const shown: Case = aCase({ kind: "disclosure_request", passages: [clip({ offers: ["mask_clip"], ...changes })] });
  const hass = new FakeHass({
    get_case: () => shown,
    "niiza_cctv/mask_view": () => maskView(view),
    "niiza_cctv/mask_track": () => ({
      track,
      sha256: track ? SHA(9) : null,
      saved_by: track ? SATO : null,
      saved_at: track ? "2026-11-21T09:00:00+09:00" : null,
    }),
    "niiza_cctv/save_mask_track": () => ({ sha256: SHA((saved += 1)) }),
    ...answers,
  });
  const editor = await show<NiizaCctvMaskEditor>("niiza-cctv-mask-editor", {
    context: contextOf(hass),
    caseId: "2026-0001",
    item,
  });
  await settled(editor);
  const stage = find<NiizaCctvMaskStage>(editor, "niiza-cctv-mask-stage");
  return { editor, hass, stage };
}

/** As the browser does once a picture has come. */
async function load(editor: NiizaCctvMaskEditor): Promise<void> {
  const stage = find<NiizaCctvMaskStage>(editor, "niiza-cctv-mask-stage");
  find(stage, "img").dispatchEvent(new Event("load"));
  await settled(editor);
}

async function press(editor: NiizaCctvMaskEditor, text: string): Promise<void> {
  button(editor, text).click();
  await settled(editor);
}

async function type(editor: NiizaCctvMaskEditor, key: string, more: KeyboardEventInit = {}): Promise<void> {
  const stage = find(editor, "niiza-cctv-mask-stage");
  stage.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true, ...more }));
  await settled(editor);
}

/** A finger or a mouse, over a picture of 1000 × 500 pixels. */
async function drag(stage: NiizaCctvMaskStage, on: string, from: [number, number], to: [number, number]): Promise<void> {
  const frame = find(stage, ".frame");
  frame.getBoundingClientRect = () => new DOMRect(0, 0, 1000, 500);
  frame.setPointerCapture = () => undefined;
  const point = (type: string, [clientX, clientY]: [number, number]) =>
    new PointerEvent(type, { clientX, clientY, pointerId: 1, button: 0, bubbles: true });
  find(stage, on).dispatchEvent(point("pointerdown", from));
  frame.dispatchEvent(point("pointermove", to));
  frame.dispatchEvent(point("pointerup", to));
  await settled(stage);
}

beforeEach(() => {
  // happy-dom has no modal dialogs.
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"], shouldAdvanceTime: true, advanceTimeDelta: 1 });
});

afterEach(() => {
  document.body.replaceChildren();
  forgetAll();
  vi.useRealTimers();
});

/** Let the pause pass after which a draft is saved. */
async function saveDone(editor: NiizaCctvMaskEditor): Promise<void> {
  await vi.advanceTimersByTimeAsync(1000);
  await settled(editor);
}

describe("drawing", () => {
  it("begins with a box that is drawn, saved as the first track, and shown as it will be", async () => {
    const { editor, hass, stage } = await open();
    await load(editor);
    expect(stage.drawing).toBe(true);
    await drag(stage, ".frame", [100, 100], [300, 450]);
    await settled(editor);
    expect(texts(editor, "[data-kept]")[0]).toBe(said.kept_unsaved);
    await saveDone(editor);
    expect(sent(hass)).toEqual([{ track: drawn(0), based_on: null }]);
    expect(find(editor, "[data-kept]").dataset.kept).toBe("saved");
    expect(find(editor, "mask#all rect[fill=black]").getAttribute("width")).toBe("200000");
    await vi.advanceTimersByTimeAsync(500);
    await settled(editor);
    expect(find<HTMLImageElement>(editor, ".real").getAttribute("src")).toBe(
      `/api/niiza_cctv/mask_still/token/masked/0.jpg?track=${SHA(1)}&fill=solid`,
    );
    find(editor, ".real").dispatchEvent(new Event("load"));
    await settled(editor);
    expect(texts(editor, "figcaption")[1]).toContain(said.by_server);
  });

  it("sets a key where a box is moved, and based on the track that it saw", async () => {
    const { editor, hass, stage } = await open({ track: drawn(0, 1_000_000) });
    await load(editor);
    await press(editor, said.second_on);
    await press(editor, said.picture_back);
    await load(editor);
    await drag(stage, ".box.reveal", [200, 200], [300, 200]);
    await saveDone(editor);
    const [first] = lastTrack(hass).reveal;
    expect(sent(hass)[0]?.based_on).toBe(SHA(9));
    expect(first?.keys.map(({ at_us }) => at_us)).toEqual([0, 900_000, 1_000_000]);
    expect(first?.keys[1]).toEqual({ at_us: 900_000, box: [200_000, 200_000, 400_000, 900_000], confirmed: true });
    await press(editor, said.undo);
    await saveDone(editor);
    expect(lastTrack(hass)).toEqual(drawn(0, 1_000_000));
    expect(sent(hass)[1]?.based_on).toBe(SHA(1));
  });

  it("resizes by a handle, and a tap changes nothing", async () => {
    const { editor, hass, stage } = await open({ track: drawn(0) });
    await load(editor);
    await drag(stage, ".box.reveal", [200, 200], [201, 201]);
    await saveDone(editor);
    expect(sent(hass)).toEqual([]);
    await drag(stage, "[data-handle=se]", [300, 450], [350, 400]);
    await saveDone(editor);
    expect(lastTrack(hass).reveal[0]?.keys[0]?.box).toEqual([100_000, 200_000, 350_000, 800_000]);
  });

  it("takes nothing while another picture stands there than the boxes are of", async () => {
    const { editor, hass, stage } = await open({ track: drawn(0, 1_000_000) });
    await load(editor);
    await press(editor, said.picture_on);
    expect(texts(stage, ".waiting")).toEqual([en.config_panel.common.loading]);
    await drag(stage, ".box.reveal", [200, 200], [300, 200]);
    await type(editor, "k");
    await type(editor, "ArrowLeft");
    await saveDone(editor);
    expect(sent(hass)).toEqual([]);
  });

  it("is done by keys alone", async () => {
    const { editor, hass } = await open();
    await load(editor);
    // A key on the button draws in the middle.
    button(editor, said.add_reveal).dispatchEvent(new MouseEvent("click", { detail: 0 }));
    await settled(editor);
    await type(editor, "ArrowRight");
    await type(editor, "ArrowDown", { altKey: true });
    await type(editor, "ArrowUp", { shiftKey: true });
    await type(editor, "PageDown");
    await load(editor);
    await type(editor, "k");
    await saveDone(editor);
    expect(lastTrack(hass).reveal[0]?.keys).toEqual([
      { at_us: 0, box: [450_000, 301_000, 570_000, 691_000], confirmed: true },
      { at_us: 100_000, box: [450_000, 301_000, 570_000, 691_000], confirmed: true },
    ]);
    await type(editor, "Delete");
    await type(editor, "z", { ctrlKey: true });
    await type(editor, "z", { ctrlKey: true });
    // One press of undo for all presses of arrows on that picture.
    await type(editor, "z", { ctrlKey: true });
    await saveDone(editor);
    expect(lastTrack(hass).reveal[0]?.keys).toEqual([{ at_us: 0, box: [440_000, 300_000, 560_000, 700_000], confirmed: true }]);
  });

  it("takes a stretch out and in again, hides inside, and changes shapes", async () => {
    const { editor, hass, stage } = await open({ track: drawn(0, 2_000_000) });
    await load(editor);
    await press(editor, said.reject_from);
    await press(editor, said.second_on);
    await press(editor, said.reject_to);
    expect(texts(stage, ".name")[0]).toContain(said.standing_rejected.trim());
    await press(editor, said.make_ellipse);
    await load(editor);
    await press(editor, said.add_hide);
    // A click by a mouse waits for the drag; the double's has no detail, and draws at once.
    await saveDone(editor);
    expect(lastTrack(hass).reveal[0]).toMatchObject({ shape: "ellipse", rejected: [[0, 1_000_000]] });
    expect(lastTrack(hass).hide).toHaveLength(1);
    await press(editor, "Person 1");
    await press(editor, said.unreject);
    await saveDone(editor);
    expect(lastTrack(hass).reveal[0]?.rejected).toEqual([]);
  });
});

describe("proposals", () => {
  const proposal = (end: string, ...times: number[]) => () => ({
    keys: times.map((at_us) => ({ at_us, box: [...BOX], confirmed: false })),
    end,
  });

  it("reveal nothing before somebody confirms them", async () => {
    const { editor, hass, stage } = await open({
      track: drawn(0),
      answers: { propose_track: proposal("lost", 0, 500_000, 1_000_000) },
    });
    await load(editor);
    await press(editor, said.propose);
    expect(hass.calls("propose_track")).toEqual([
      { clip: "2026-0001-01", at: 0, left: 0.1, top: 0.2, right: 0.3, bottom: 0.9, seconds: 10 },
    ]);
    expect(texts(editor, ".said")[0]).toBe(said.proposed_lost.replace("{seconds}", "1.0"));
    await saveDone(editor);
    expect(lastTrack(hass).reveal[0]?.keys.map(({ confirmed }) => confirmed)).toEqual([true, false, false]);
    expect(texts(editor, ".lane .proposed")).toHaveLength(2);
    // It runs through them by itself, each once it has come.
    await vi.advanceTimersByTimeAsync(300);
    await settled(editor);
    expect(texts(stage, ".name")[0]).toContain(said.standing_proposed.trim());
    expect(root(editor).querySelector("mask#all rect[fill=black]")).toBeNull();
    await press(editor, said.confirm_all);
    await saveDone(editor);
    expect(lastTrack(hass)).toEqual(drawn(0, 500_000, 1_000_000));
    // And goes on from the last one.
    expect(stage.src).toContain("/source/1000000.jpg");
  });

  it("are dropped, or corrected one by one", async () => {
    const { editor, hass } = await open({
      track: drawn(0),
      answers: { propose_track: proposal("done", 0, 500_000, 1_000_000) },
    });
    await load(editor);
    await press(editor, said.propose);
    await press(editor, said.next_key);
    await load(editor);
    await press(editor, said.confirm);
    await press(editor, said.drop_proposed);
    await saveDone(editor);
    expect(lastTrack(hass)).toEqual(drawn(0, 500_000));
  });

  it("say why there are none", async () => {
    const { editor } = await open({ track: drawn(0), answers: { propose_track: proposal("left", 0) } });
    await load(editor);
    await press(editor, said.propose);
    expect(texts(editor, ".said")[0]).toBe(said.nothing_left);
  });

  it("that fail are said, and leave what was drawn", async () => {
    const { editor } = await open({
      track: drawn(0),
      answers: { propose_track: refuse({ message: "too small", translation_key: "mask_no_area" }) },
    });
    await load(editor);
    await press(editor, said.propose);
    expect(texts(editor, "ha-alert[alert-type=error]")[0]).toContain("has no area");
    expect(texts(editor, ".said")[0]).toBe("");
  });
});

describe("the draft", () => {
  it("that somebody else changed is a person's to decide: mine", async () => {
    let conflicts = true;
    const { editor, hass, stage } = await open({
      track: drawn(0),
      answers: {
        "niiza_cctv/save_mask_track": () => {
          if (conflicts) refuse({ code: "x", translation_key: "mask_track_changed" })();
          return { sha256: SHA(5) };
        },
      },
    });
    await load(editor);
    await drag(stage, ".box.reveal", [200, 200], [300, 200]);
    await saveDone(editor);
    expect(find(editor, "[data-kept]").dataset.kept).toBe("conflict");
    conflicts = false;
    await press(editor, said.keep_mine);
    await saveDone(editor);
    expect(find(editor, "[data-kept]").dataset.kept).toBe("saved");
    expect(lastTrack(hass).reveal[0]?.keys[0]?.box[0]).toBe(200_000);
  });

  it("that somebody else changed is a person's to decide: theirs", async () => {
    const { editor, stage } = await open({
      track: drawn(0),
      answers: { "niiza_cctv/save_mask_track": refuse({ translation_key: "mask_track_changed" }) },
    });
    await load(editor);
    await drag(stage, ".box.reveal", [200, 200], [300, 200]);
    await saveDone(editor);
    await press(editor, said.load_theirs);
    await settled(editor);
    expect(find<NiizaCctvMaskStage>(editor, "niiza-cctv-mask-stage").boxes[0]?.sides).toEqual(BOX);
  });

  it("that could not be saved is there when the page is opened again", async () => {
    const down = { "niiza_cctv/save_mask_track": refuse({ message: "no connection" }) };
    const { editor, stage } = await open({ track: drawn(0), answers: down });
    await load(editor);
    await drag(stage, ".box.reveal", [200, 200], [300, 200]);
    await saveDone(editor);
    expect(texts(editor, "ha-alert[alert-type=error]")[0]).toContain("no connection");
    editor.remove();
    const { editor: again, hass } = await open({ track: drawn(0) });
    await saveDone(again);
    expect(sent(hass)).toMatchObject([{ based_on: SHA(9) }]);
    expect(lastTrack(hass).reveal[0]?.keys[0]?.box[0]).toBe(200_000);
  });

  it("is saved at once when somebody leaves", async () => {
    const { editor, hass, stage } = await open({ track: drawn(0) });
    await load(editor);
    await drag(stage, ".box.reveal", [200, 200], [300, 200]);
    editor.remove();
    await settled(editor);
    expect(sent(hass)).toHaveLength(1);
  });
});

describe("a masked clip", () => {
  it("is asked for by the track that is saved, as it was chosen", async () => {
    const { editor, hass } = await open({ track: drawn(0, 2_000_000), answers: { render_masked_clip: () => ({}) } });
    await load(editor);
    const form = find<NiizaCctvMaskEditor>(editor, "niiza-cctv-mask-form");
    await settled(form);
    button(form, said.from_here).click();
    find<HTMLInputElement>(form, "input[value=copy]").dispatchEvent(new Event("change"));
    await press(editor, said.second_on);
    await settled(form);
    button(form, said.to_here).click();
    find<HTMLInputElement>(form, "input[value=picture]").dispatchEvent(new Event("change"));
    await settled(form);
    find(form, "form").dispatchEvent(new Event("submit"));
    await settled(editor);
    expect(hass.calls("render_masked_clip")).toEqual([
      {
        clip: "2026-0001-01",
        track_sha256: SHA(9),
        start: "2026-11-20T17:00:00.000+09:00",
        end: "2026-11-20T17:00:01.002+09:00",
        fill: "picture",
        plate_at: 1,
        marking: "copy",
      },
    ]);
    expect(location.pathname).toBe("/niiza-cctv/case/2026-0001");
    // And was looked at like that before.
    await vi.advanceTimersByTimeAsync(500);
    await settled(editor);
    expect(find<HTMLImageElement>(editor, ".real").src).toContain("fill=picture&plate_at_us=1000000");
  });

  it("is not asked for while nothing is seen", async () => {
    const { editor } = await open();
    const form = find<NiizaCctvMaskEditor>(editor, "niiza-cctv-mask-form");
    await settled(form);
    expect(button(form, said.render).disabled).toBe(true);
    expect(texts(form, "#why")[0]).toBe(said.why_nothing);
  });

  it("is looked at by its own track, its own pictures, and changed by nobody", async () => {
    const mask: Mask = masked({ passage_us: [500_000, 1_500_000] });
    const { editor, hass, stage } = await open({
      track: drawn(0, 1_000_000),
      clip: { masks: [mask], offers: [] },
      item: mask.mask,
    });
    await load(editor);
    expect(hass.asked.find(({ type }) => type === "niiza_cctv/mask_track")?.item).toBe(mask.mask);
    expect(stage.editable).toBe(false);
    expect(() => button(editor, said.propose)).toThrow();
    expect(root(editor).querySelector("niiza-cctv-mask-form")).toBeNull();
    await drag(stage, ".box.reveal", [200, 200], [300, 200]);
    await type(editor, "k");
    await saveDone(editor);
    expect(sent(hass)).toEqual([]);
    await vi.advanceTimersByTimeAsync(500);
    await settled(editor);
    expect(find<HTMLImageElement>(editor, ".real").src).toContain(`masked/500000.jpg?track=${SHA(9)}`);
    // Each stretch in which somebody is seen plays by itself.
    expect(texts(editor, ".seen-list button")).toHaveLength(1);
  });

  it("is one click away for who is asked to approve it", async () => {
    const mask = masked();
    const step = await show<NiizaCctvCaseStep>("niiza-cctv-case-step", {
      context: contextOf(new FakeHass()),
      shown: aCase({
        passages: [clip({ masks: [mask] })],
        release_items: [releaseItem({ item: mask.mask, kind: "masked", digest: "76".repeat(32) })],
      }),
      act: "approve",
    });
    expect(find<HTMLAnchorElement>(step, "a.button").getAttribute("href")).toBe(
      `/niiza-cctv/mask/2026-0001/${mask.mask}`,
    );
  });

  it("stands below its clip, with what became of it", async () => {
    const hass = new FakeHass();
    const masks = [
      masked(),
      masked({ mask: "2026-0001-01-m02", state: "failed", sealed: null, error: "mask_leak", error_placeholders: { picture: "7" } }),
      masked({ mask: "2026-0001-01-m03", state: "requested", sealed: null, percent: 40, offers: ["cancel_clip"] }),
    ];
    const element = await show<NiizaCctvCaseClip>("niiza-cctv-case-clip", {
      context: contextOf(hass),
      clip: clip({ offers: ["mask_clip"], masks }),
      caseState: "preserved",
    });
    expect(find<HTMLAnchorElement>(element, "a[href*='/mask/']").getAttribute("href")).toBe(
      "/niiza-cctv/mask/2026-0001/2026-0001-01",
    );
    const [made, failed, coming] = root(element).querySelectorAll("niiza-cctv-case-mask");
    if (!made || !failed || !coming) throw new Error("no masked clips");
    expect(find<HTMLAnchorElement>(made, "a[href*='/mask/']").getAttribute("href")).toBe(
      "/niiza-cctv/mask/2026-0001/2026-0001-01-m01",
    );
    button(made, en.config_panel.cut.watch).click();
    expect(texts(failed, "ha-alert")[0]).toContain("Picture 7 of the result showed more");
    expect(find<HTMLProgressElement>(coming, "progress").value).toBe(40);
    const errands: string[] = [];
    element.addEventListener("errand", (event) => errands.push((event as CustomEvent<{ name: string }>).detail.name));
    button(coming, said.cancel).click();
    expect(errands).toEqual(["2026-0001-01-m03"]);
  });
});

describe("going through a masked clip", () => {
  const watchable = masked({ watched: { seconds: 0, of: 3, every_picture: 0, missing_from: 0, fastest: 0 } });

  /** A browser that shows what it is told to, and a server that counts it. */
  async function review() {
    const told: [number, number][] = [];
    const opened = await open({
      track: drawn(0, 1_000_000),
      clip: { masks: [watchable], offers: [] },
      item: watchable.mask,
      answers: {
        "niiza_cctv/watched": (message) => {
          told.push(...(message.reaches as [number, number][]));
          const end = Math.max(...told.map((one) => one[1]));
          return { seconds: Math.floor(end / 1000), of: 3, every_picture: Math.floor(end / 1000), missing_from: end < 3000 ? end / 1000 : null, fastest: 100 };
        },
      },
    });
    return { ...opened, told };
  }

  const real = (editor: NiizaCctvMaskEditor) => find<HTMLImageElement>(editor, ".real");

  /** The masked picture has come, and stands for a while (ms). */
  async function see(editor: NiizaCctvMaskEditor, ms: number): Promise<void> {
    await load(editor);
    real(editor).dispatchEvent(new Event("load"));
    await vi.advanceTimersByTimeAsync(ms);
    await settled(editor);
  }

  /** As the page does every second. */
  const leave = async (editor: NiizaCctvMaskEditor) => {
    editor.remove();
    await settled(editor);
  };

  it("counts each picture that stood, by the keyboard and back as well", async () => {
    const { editor, told } = await review();
    expect(texts(editor, ".watched")).toEqual(["Watched: 0:00 of 0:03 (0 %)"]);
    expect(real(editor).getAttribute("src")).toContain("masked/0.jpg");
    await see(editor, 60);
    await type(editor, "PageDown");
    // At once: each is to be seen.
    expect(real(editor).getAttribute("src")).toContain("masked/100000.jpg");
    await see(editor, 60);
    await press(editor, said.second_on);
    await see(editor, 60);
    await type(editor, "PageUp");
    await see(editor, 60);
    await leave(editor);
    expect(told).toEqual([
      [0, 200],
      [1100, 1200],
      [1000, 1100],
    ]);
  });

  it("counts none that did not come, was left at once, or stood in a page that nobody saw", async () => {
    const { editor, told } = await review();
    await load(editor);
    await vi.advanceTimersByTimeAsync(300);
    await type(editor, "PageDown");
    await see(editor, 10);
    await type(editor, "PageDown");
    const seen = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    await see(editor, 300);
    seen.mockReturnValue("visible");
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.advanceTimersByTimeAsync(60);
    await leave(editor);
    expect(told).toEqual([[200, 300]]);
  });

  it("waits for each picture while somebody leans on the key", async () => {
    const { editor, stage } = await review();
    await type(editor, "PageDown", { repeat: true });
    expect(stage.src).toContain("/source/0.jpg");
    await see(editor, 60);
    await type(editor, "PageDown", { repeat: true });
    await type(editor, "PageDown", { repeat: true });
    expect(stage.src).toContain("/source/100000.jpg");
  });

  it("leaves none out while it runs by itself, and says when all was watched", async () => {
    const { editor, told } = await review();
    await press(editor, said.run);
    for (let place = 0; place < 30; place++) {
      expect(real(editor).getAttribute("src")).toContain(`masked/${place * 100_000}.jpg`);
      await see(editor, 110);
    }
    await vi.advanceTimersByTimeAsync(1100);
    await settled(editor);
    expect(Math.max(...told.map((one) => one[1]))).toBe(3000);
    expect(texts(editor, ".watched")).toEqual(["Watched: 0:03 of 0:03 (100 %)"]);
    expect(root(editor).textContent).toContain(en.config_panel.watch.through);
    await leave(editor);
  });

  it("leads to what was not seen", async () => {
    const { editor, stage } = await review();
    await see(editor, 60);
    await type(editor, "PageDown");
    await see(editor, 1100);
    await press(editor, en.config_panel.watch.next_unwatched);
    expect(stage.src).toContain("/source/200000.jpg");
  });

  it("says that it could not be counted", async () => {
    const { editor } = await open({
      track: drawn(0),
      clip: { masks: [watchable], offers: [] },
      item: watchable.mask,
      answers: { "niiza_cctv/watched": refuse({ message: "away" }) },
    });
    await see(editor, 1100);
    await settled(editor);
    expect(texts(editor, "ha-alert[alert-type=warning]")[0]).toContain("away");
  });
});

describe("pictures", () => {
  it("whose link ran out get another one, once", async () => {
    let views = 0;
    const { editor, stage } = await open({
      track: drawn(0),
      answers: { "niiza_cctv/mask_view": () => maskView({ base: `/api/niiza_cctv/mask_still/token${(views += 1)}` }) },
    });
    find(stage, "img").dispatchEvent(new Event("error"));
    await settled(editor);
    expect(stage.src).toContain("token2/source/0.jpg");
    find(stage, "img").dispatchEvent(new Event("error"));
    await settled(editor);
    expect(texts(editor, "ha-alert[alert-type=error]")[0]).toContain(said.no_picture);
  });

  it("of a clip with more than are shown say so", async () => {
    const { editor } = await open({ view: { count: 90_000 } });
    expect(texts(editor, "ha-alert[alert-type=warning]")[0]).toContain("of 90000 pictures");
  });
});

describe("zoom", () => {
  /** A place of 400 × 200 pixels for the picture. */
  function laidOut(stage: NiizaCctvMaskStage): HTMLElement {
    const view = find(stage, ".view");
    const frame = find(stage, ".frame");
    for (const [element, wide, high] of [
      [view, () => 456, () => 248],
      [frame, () => 400 * stage.zoom, () => 200 * stage.zoom],
    ] as const)
      for (const name of ["client", "offset"])
        Object.defineProperties(element, {
          [`${name}Width`]: { get: wide, configurable: true },
          [`${name}Height`]: { get: high, configurable: true },
        });
    return view;
  }

  it("makes the picture larger by button and key, as far as it goes, and boxes stay where they are on it", async () => {
    const { editor, hass, stage } = await open({ track: drawn(0) });
    await load(editor);
    const view = laidOut(stage);
    expect(button(editor, said.zoom_out).disabled).toBe(true);
    expect(view.classList.contains("zoomed")).toBe(false);
    await press(editor, said.zoom_in);
    await type(editor, "+");
    await settled(stage);
    expect(texts(editor, ".zoom")).toEqual(["200 %"]);
    expect(find(stage, ".frame").getAttribute("style")).toContain("inline-size: 200%");
    expect(view.classList.contains("zoomed")).toBe(true);
    // The box is in sight; it is higher than what is seen, of which it is in the middle.
    expect(view.scrollLeft).toBeLessThanOrEqual(80);
    expect(view.scrollTop).toBeCloseTo(0.55 * 400 + 24 - 124, 5);
    // What is drawn is the same part of the picture: 1000 pixels are all of it.
    await drag(stage, ".box.reveal", [200, 200], [300, 200]);
    await saveDone(editor);
    expect(lastTrack(hass).reveal[0]?.keys[0]?.box).toEqual([200_000, 200_000, 400_000, 900_000]);
    for (let times = 0; times < 9; times++) await type(editor, "+");
    expect(button(editor, said.zoom_in).disabled).toBe(true);
    expect(texts(editor, ".zoom")).toEqual(["600 %"]);
    await type(editor, "-");
    expect(texts(editor, ".zoom")).toEqual(["400 %"]);
    await type(editor, "0");
    await settled(stage);
    expect(texts(editor, ".zoom")).toEqual(["100 %"]);
    expect(view.classList.contains("zoomed")).toBe(false);
  });

  it("follows the box that the keyboard moves", async () => {
    const { editor, stage } = await open({ track: drawn(0) });
    await load(editor);
    const view = laidOut(stage);
    for (let times = 0; times < 3; times++) await type(editor, "+");
    await settled(stage);
    for (let times = 0; times < 60; times++) await type(editor, "ArrowRight");
    await settled(stage);
    // Its right edge is at nine tenths of 1200 pixels.
    expect(view.scrollLeft + 456).toBeGreaterThanOrEqual(0.9 * 1200 + 56);
  });

  it("keeps what is under the pointer there, with Ctrl and the wheel alone", async () => {
    const { editor, stage } = await open({ track: drawn(0) });
    await load(editor);
    const view = laidOut(stage);
    view.getBoundingClientRect = () => new DOMRect(0, 0, 456, 248);
    const turn = async (more: WheelEventInit) => {
      const event = new WheelEvent("wheel", { clientX: 228, clientY: 124, deltaY: -100, bubbles: true, cancelable: true, ...more });
      // happy-dom leaves out what is a mouse's.
      for (const [name, value] of Object.entries({ clientX: 228, clientY: 124, ctrlKey: false, ...more }))
        Object.defineProperty(event, name, { value });
      find(stage, ".frame").dispatchEvent(event);
      await settled(editor);
      await settled(stage);
      return event.defaultPrevented;
    };
    expect(await turn({})).toBe(false);
    expect(stage.zoom).toBe(1);
    expect(await turn({ ctrlKey: true })).toBe(true);
    expect(await turn({ ctrlKey: true })).toBe(true);
    expect(stage.zoom).toBe(2);
    // The middle of 400 × 200 is that of 800 × 400, below the same place.
    expect([view.scrollLeft, view.scrollTop]).toEqual([200, 100]);
    await turn({ ctrlKey: true, deltaY: 100 });
    expect(stage.zoom).toBe(1.5);
  });
});
