import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import en from "../../custom_components/niiza_cctv/translations/en.json";
import type { Case, Clip } from "../src/api";
import type { NiizaCctvCase } from "../src/case";
import type { NiizaCctvCaseRelease } from "../src/case-release";
import type { Marked } from "../src/cut-form";
import type { NiizaCctvSealed } from "../src/sealed";
import {
  FakeHass,
  SUZUKI,
  aCase,
  button,
  clip,
  contextOf,
  cut,
  cutItem,
  find,
  info,
  refuse,
  releaseItem,
  root,
  settled,
  show,
  texts,
  write,
} from "./fake";

const said = en.config_panel;

beforeEach(() => {
  // happy-dom has no modal dialogs.
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
});

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

async function open(shown: () => Case, answers = {}, known = info()) {
  const hass = new FakeHass({ get_case: shown, ...answers });
  const page = await show<NiizaCctvCase>("niiza-cctv-case", {
    context: contextOf(hass, known),
    caseId: "2026-0001",
    changes: 1,
  });
  return { hass, page };
}

const clipIn = (page: Element) => find(page, "niiza-cctv-case-clip");
const cutIn = (page: Element) => find(clipIn(page), "niiza-cctv-case-cut");
const releaseIn = (page: Element) => find<NiizaCctvCaseRelease>(page, "niiza-cctv-case-release");
const formIn = (page: Element) => find(page, "niiza-cctv-cut-form");

async function submit(page: NiizaCctvCase, part: Element): Promise<void> {
  find(part, "form").dispatchEvent(new Event("submit", { cancelable: true }));
  await settled(page);
}

describe("a cut", () => {
  const cuttable = () => aCase({ passages: [clip({ offers: ["cut_clip"] })] });

  it("begins with the whole clip and is asked for to the second, by the section's clock", async () => {
    const { hass, page } = await open(cuttable, { cut_clip: () => ({}) });
    button(clipIn(page), said.cut.cut).click();
    await settled(page);
    expect(find<HTMLInputElement>(formIn(page), "#start").value).toMatch(/^2026-11-20T17:00/);
    write(formIn(page), "#start", "2026-11-20T17:10:05");
    write(formIn(page), "#end", "2026-11-20T17:12:00");
    await submit(page, formIn(page));
    expect(hass.calls("cut_clip")).toEqual([
      { clip: "2026-0001-01", start: "2026-11-20T17:10:05", end: "2026-11-20T17:12:00", encode_anew: false },
    ]);
    expect(root(page).querySelector("niiza-cctv-cut-form")).toBeNull();
  });

  it.each([
    [["cut_clip"], true],
    [[], false],
  ] as [Clip["offers"], boolean][])("is marked in the clip's player by whoever may cut (%s)", async (offers, marks) => {
    const { page } = await open(() => aCase({ passages: [clip({ offers })] }), { watch_clip: refuse({ message: "busy" }) });
    button(clipIn(page), said.watch.open_sealed).click();
    await settled(page);
    const player = find<NiizaCctvSealed>(clipIn(page), "niiza-cctv-sealed");
    expect([player.cuttable, player.covered]).toEqual([marks, false]);
    const detail: Marked = { clip: "2026-0001-01", start: "2026-11-20T17:10:05+09:00", end: "2026-11-20T17:12:00+09:00" };
    player.dispatchEvent(new CustomEvent("cut-marked", { detail, bubbles: true, composed: true }));
    await settled(page);
    // The form lies over it.
    expect(player.covered).toBe(true);
  });

  it("is asked about with what is missing of it, and with how much of it was watched up to then", async () => {
    const known = clip({ cuts: [cut()] });
    const gap = (start: string, end: string) => ({
      start: `2026-11-20T${start}+09:00`,
      end: `2026-11-20T${end}+09:00`,
      reason: null,
      decided_at: null,
    });
    // The second lies in the cut, the first before it.
    const gaps = [gap("17:01:00", "17:02:00"), gap("17:11:10", "17:11:20")];
    const holed = { ...known, sealed: known.sealed && { ...known.sealed, gaps } };
    const shown = () =>
      aCase({
        offers: ["approve"],
        passages: [holed],
        release_items: [cutItem()],
      });
    const { page } = await open(shown, { watch_clip: refuse({ message: "busy" }) }, info({ user: SUZUKI, roles: ["approver"] }));
    button(cutIn(page), said.cut.watch).click();
    await settled(page);
    const player = find<NiizaCctvSealed>(cutIn(page), "niiza-cctv-sealed");
    button(releaseIn(page), said.items.approve).click();
    await settled(page);
    expect(player.covered).toBe(true);
    const watched = { seconds: 60, of: 120, every_picture: 60, fastest: 1 };
    player.dispatchEvent(
      new CustomEvent("watched-counted", { detail: { clip: cut().cut, watched }, bubbles: true, composed: true }),
    );
    await settled(page);
    const question = find(page, "niiza-cctv-case-step");
    expect(texts(question, ".watched").join()).toContain("1:00");
    expect(root(question).textContent).toContain("17:11:10");
    expect(root(question).textContent).not.toContain("17:01:00");
  });

  it("takes what a player marked as it is, to the picture", async () => {
    const { hass, page } = await open(cuttable, { cut_clip: () => ({}) });
    const detail: Marked = {
      clip: "2026-0001-01",
      start: "2026-11-20T17:10:05.200+09:00",
      end: "2026-11-20T17:12:00.433+09:00",
    };
    clipIn(page).dispatchEvent(new CustomEvent("cut-marked", { detail, bubbles: true, composed: true }));
    await settled(page);
    expect(find<HTMLInputElement>(formIn(page), "#start").value).toBe("2026-11-20T17:10:05");
    const anew = find<HTMLInputElement>(formIn(page), "input[type=checkbox]");
    anew.checked = true;
    anew.dispatchEvent(new Event("change"));
    await submit(page, formIn(page));
    expect(hass.calls("cut_clip")).toEqual([{ ...detail, encode_anew: true }]);
  });

  it("stays open with the reason when it is refused", async () => {
    const { page } = await open(cuttable, { cut_clip: refuse({ message: "nothing there" }) });
    button(clipIn(page), said.cut.cut).click();
    await settled(page);
    await submit(page, formIn(page));
    expect(texts(formIn(page), "ha-alert")).toEqual(["nothing there"]);
  });

  it("says what is hidden in its file, and what kept it from being made", async () => {
    const failed = cut({ cut: "2026-0001-01-c02", state: "failed", error: "cut_no_picture", sealed: null, digest: null });
    const { page } = await open(() => aCase({ passages: [clip({ cuts: [cut(), failed] })] }));
    expect(texts(cutIn(page), "strong")).toEqual([said.cut.hidden.replace("{count}", "12")]);
    const other = root(clipIn(page)).querySelectorAll("niiza-cctv-case-cut")[1];
    expect(other && texts(other, "ha-alert")).toEqual([en.exceptions.cut_no_picture.message]);
  });
});

describe("what is released", () => {
  const twice = (changes: Partial<Case> = {}) =>
    aCase({
      passages: [clip({ cuts: [cut()] })],
      release_items: [releaseItem(), cutItem()],
      chosen_by: { id: "sato", name: "Sato" },
      ...changes,
    });

  it("is chosen among clips and cuts", async () => {
    const shown = aCase({ passages: [clip({ cuts: [cut()] })], offers: ["choose_for_release"] });
    const { hass, page } = await open(() => shown, { choose_for_release: () => ({}) });
    expect(texts(releaseIn(page), ".soft")).toEqual([said.items.default]);
    button(releaseIn(page), said.items.choose).click();
    await settled(page);
    const [whole, part] = root(releaseIn(page)).querySelectorAll<HTMLInputElement>("input[name=item]");
    expect([whole?.checked, part?.checked]).toEqual([true, false]);
    for (const [box, on] of [
      [whole, false],
      [part, true],
    ] as const) {
      if (!box) throw new Error("no box");
      box.checked = on;
      box.dispatchEvent(new Event("change"));
    }
    button(releaseIn(page), said.items.choose_do).click();
    await settled(page);
    expect(hass.calls("choose_for_release")).toEqual([{ case: "2026-0001", items: ["2026-0001-01-c01"] }]);
    expect(root(releaseIn(page)).querySelector("input[name=item]")).toBeNull();
  });

  it("is not chosen empty", async () => {
    const shown = aCase({ offers: ["choose_for_release"] });
    const { hass, page } = await open(() => shown);
    button(releaseIn(page), said.items.choose).click();
    await settled(page);
    const box = find<HTMLInputElement>(releaseIn(page), "input[name=item]");
    box.checked = false;
    box.dispatchEvent(new Event("change"));
    button(releaseIn(page), said.items.choose_do).click();
    await settled(page);
    expect(texts(releaseIn(page), "ha-alert")).toEqual([said.items.choose_one]);
    expect(hass.calls("choose_for_release")).toEqual([]);
  });

  it("is approved one by one, with the hidden pictures named", async () => {
    const { hass, page } = await open(
      () => twice(),
      { approve_case: () => ({}) },
      info({ user: SUZUKI, roles: ["approver"] }),
    );
    const items = [...root(releaseIn(page)).querySelectorAll("li")];
    expect(items).toHaveLength(2);
    expect(items[1]?.textContent).toContain("12 pictures");
    items[1]?.querySelector("button")?.click();
    await settled(page);
    const step = find(page, "niiza-cctv-case-step");
    const dialog = find(step, "niiza-cctv-dialog");
    expect(dialog.textContent).toContain("ba".repeat(32));
    expect(dialog.textContent).toContain("12 pictures");
    expect(dialog.textContent).not.toContain("cd".repeat(32));
    await submit(page, step);
    expect(hass.calls("approve_case")).toEqual([
      {
        case: "2026-0001",
        items: [{ item: "2026-0001-01-c01", sha256: "ba".repeat(32), hidden_pictures: 12 }],
      },
    ]);
  });

  it("says who approved, and asks for nothing twice", async () => {
    const approved = { approved_by: SUZUKI, approved_at: "2026-11-22T09:00:00+09:00" };
    const { page } = await open(() => twice({ release_items: [releaseItem(approved), cutItem()] }));
    const items = [...root(releaseIn(page)).querySelectorAll("li")];
    expect(items[0]?.textContent).toContain(SUZUKI.name);
    expect(items.map((one) => one.querySelectorAll("button").length)).toEqual([0, 1]);
  });
});

describe("a withdrawal", () => {
  it("is asked for after a question, and confirmed by another", async () => {
    vi.stubGlobal("confirm", () => true);
    const withdrawal = { by: SUZUKI, at: "2026-11-22T09:00:00+09:00" };
    const shown = aCase({
      passages: [
        clip({
          withdrawal_steps: ["request"],
          cuts: [cut({ withdrawal, withdrawal_steps: ["confirm", "decline"] })],
        }),
      ],
    });
    const { hass, page } = await open(() => shown, { withdraw_clip: () => ({}) });
    expect(texts(cutIn(page), "ha-alert")[0]).toContain(SUZUKI.name);
    button(clipIn(page), said.cut.withdraw).click();
    await settled(page);
    button(cutIn(page), said.cut.confirm).click();
    await settled(page);
    button(cutIn(page), said.cut.decline).click();
    await settled(page);
    expect(hass.calls("withdraw_clip")).toEqual([
      { item: "2026-0001-01", decision: "request" },
      { item: "2026-0001-01-c01", decision: "confirm" },
      { item: "2026-0001-01-c01", decision: "decline" },
    ]);
  });

  it("is not asked for by a slip", async () => {
    vi.stubGlobal("confirm", () => false);
    const { hass, page } = await open(() => aCase({ passages: [clip({ withdrawal_steps: ["request"] })] }));
    button(clipIn(page), said.cut.withdraw).click();
    await settled(page);
    expect(hass.calls("withdraw_clip")).toEqual([]);
  });
});
