import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import en from "../../custom_components/niiza_cctv/translations/en.json";
import type { Case, Step } from "../src/api";
import type { NiizaCctvCase } from "../src/case";
import { decideBy } from "../src/decision";
import type { NiizaCctvNew } from "../src/new-case";
import type { NiizaCctvSealed } from "../src/sealed";
import { describeStep } from "../src/steps";
import {
  FakeHass,
  SUZUKI,
  button,
  clip,
  contextOf,
  decision,
  disclosure,
  find,
  info,
  masked,
  root,
  settled,
  show,
  texts,
  write,
} from "./fake";

const said = en.config_panel;
const options = en.selector;
const APPROVED = { approved_by: SUZUKI, approved_at: "2026-11-22T09:00:00+09:00" };

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

const stepIn = (page: Element) => find(page, "niiza-cctv-case-step");
const formIn = (page: Element) => find(stepIn(page), "niiza-cctv-decision-form");
const asked = (page: Element) => texts(formIn(page), "legend, label[for]").map((text) => text.replace(said.common.required, "").trim());

async function pick(page: NiizaCctvCase, name: string, value: string, on = true): Promise<void> {
  const box = find<HTMLInputElement>(formIn(page), `input[name=${name}][value="${value}"]`);
  box.checked = on;
  box.dispatchEvent(new Event("change"));
  await settled(page);
}

async function submit(page: NiizaCctvCase): Promise<void> {
  find(stepIn(page), "form").dispatchEvent(new Event("submit", { cancelable: true }));
  await settled(page);
}

describe("a decision", () => {
  const begin = async (shown = disclosure()) => {
    const opened = await open(() => shown, { propose_decision: () => ({}) });
    button(opened.page, shown.decision ? said.do.propose_again : said.do.propose).click();
    await settled(opened.page);
    return opened;
  };

  it("is asked for only what goes with its outcome", async () => {
    const { page } = await begin();
    const { outcome, way, items, grounds, reasons } = said.decision;
    expect(asked(page)).toEqual([outcome]);
    await pick(page, "outcome", "disclosed_in_full");
    expect(asked(page)).toEqual([outcome, way, items]);
    await pick(page, "outcome", "disclosed_in_part");
    expect(asked(page)).toEqual([outcome, way, items, grounds, reasons]);
    // What is disclosed is there.
    expect(root(formIn(page)).querySelector('input[value="article_81"]')).toBeNull();
    await pick(page, "outcome", "refused");
    expect(asked(page)).toEqual([outcome, grounds, reasons]);
    expect(root(formIn(page)).querySelector('input[value="article_81"]')).not.toBeNull();
    await pick(page, "outcome", "nothing_found");
    expect(asked(page)).toEqual([outcome, reasons]);
  });

  it("is proposed with its part, its way, its grounds and its reasons", async () => {
    const { hass, page } = await begin();
    await pick(page, "outcome", "disclosed_in_part");
    await pick(page, "way", "view");
    await submit(page);
    // Nothing is chosen of what must be.
    expect(hass.calls("propose_decision")).toEqual([]);
    await pick(page, "item", "2026-0001-01-m01");
    await pick(page, "ground", "article_78_1_2");
    write(formIn(page), "#reasons", "Others are seen.");
    await submit(page);
    expect(hass.calls("propose_decision")).toEqual([
      {
        case: "2026-0001",
        outcome: "disclosed_in_part",
        way: "view",
        items: ["2026-0001-01-m01"],
        grounds: ["article_78_1_2"],
        draft_id: "draft-1",
      },
    ]);
    expect(hass.drafts["draft-1"]).toEqual({ step: "propose_decision", fields: { reasons: "Others are seen." } });
  });

  it("begins with what was proposed before, and leaves out what does not go with another outcome", async () => {
    const { hass, page } = await begin(disclosure({ decision: decision() }));
    expect(find<HTMLInputElement>(formIn(page), 'input[name=way][value="copy"]').checked).toBe(true);
    expect(find<HTMLTextAreaElement>(formIn(page), "#reasons").value).toBe("Others are seen.");
    await pick(page, "outcome", "refused");
    await submit(page);
    expect(hass.calls("propose_decision")).toEqual([
      { case: "2026-0001", outcome: "refused", items: [], grounds: ["article_78_1_2"], draft_id: "draft-1" },
    ]);
  });

  it("says that there is nothing to disclose as long as nothing is masked", async () => {
    const { page } = await begin(disclosure({ passages: [clip({ masks: [masked({ state: "requested" })] })] }));
    await pick(page, "outcome", "disclosed_in_part");
    expect(texts(formIn(page), "ha-alert")).toEqual([said.decision.no_masks]);
  });

  it("is approved as it was shown, with all that it discloses", async () => {
    let shown = disclosure({ decision: decision() });
    const { hass, page } = await open(() => shown, { approve_case: () => ({}) }, info({ user: SUZUKI, roles: ["approver"] }));
    button(page, said.do.approve_decision).click();
    await settled(page);
    const question = root(stepIn(page)).textContent;
    for (const words of [
      options.case_decision.options.disclosed_in_part,
      options.case_way.options.copy,
      options.case_ground.options.article_78_1_2,
      "Others are seen.",
      "driving licence",
      said.approval.watched,
      "76".repeat(32),
    ])
      expect(question).toContain(words);
    // It is watched beside the words that it belongs to.
    expect(root(stepIn(page)).querySelector("niiza-cctv-sealed")).toBeNull();
    button(stepIn(page), said.cut.watch).click();
    await settled(page);
    expect(find<NiizaCctvSealed>(stepIn(page), "niiza-cctv-sealed").clip).toBe("2026-0001-01-m01");
    // Somebody proposes it anew while the question stands there.
    shown = disclosure({ decision: decision({ reasons: "Something else.", digest: "d2".repeat(32) }) });
    page.changes = 2;
    await settled(page);
    expect(texts(stepIn(page), "ha-alert")).toContain(said.decision.changed);
    expect(find<HTMLButtonElement>(stepIn(page), "button[type=submit]").disabled).toBe(true);
    button(stepIn(page), said.decision.look_again).click();
    await settled(page);
    await submit(page);
    expect(hass.calls("approve_case")).toEqual([
      {
        case: "2026-0001",
        items: [{ item: "2026-0001-01-m01", sha256: "76".repeat(32), hidden_pictures: 0 }],
        decision: "d2".repeat(32),
      },
    ]);
  });

  it("is not approved before its masked clips were watched through, and nobody says that it may be", async () => {
    const shown = (every_picture: number) => {
      const watched = { seconds: 60, of: 60, every_picture, missing_from: every_picture < 60 ? every_picture : null, fastest: 400 };
      return disclosure({ decision: decision(), passages: [clip({ masks: [masked({ watched })] })] });
    };
    const question = async (every_picture: number) => {
      const { page } = await open(() => shown(every_picture), {}, info({ user: SUZUKI, roles: ["approver"] }));
      button(page, said.do.approve_decision).click();
      await settled(page);
      return stepIn(page);
    };
    const step = await question(55);
    expect(find<HTMLButtonElement>(step, "button[type=submit]").disabled).toBe(true);
    expect(root(step).querySelector("#missing")).not.toBeNull();
    // That is for the footage of other cases.
    expect(root(step).querySelector(".unwatched")).toBeNull();
    expect(root(step).textContent).not.toContain(said.approval.recorded);
    const through = await question(60);
    expect(find<HTMLButtonElement>(through, "button[type=submit]").disabled).toBe(false);
    expect(root(through).querySelector("#missing")).toBeNull();
  });

  it("ends the case without a further word", async () => {
    const refused = decision({ outcome: "refused", way: null, items: [], ...APPROVED });
    const shown = disclosure({ state: "approved", decision: refused, outcomes: ["refused"] });
    const { hass, page } = await open(() => shown, { conclude_case: () => ({}) });
    button(page, said.do.conclude_decision).click();
    await settled(page);
    expect(root(stepIn(page)).querySelector("textarea, input")).toBeNull();
    expect(root(stepIn(page)).textContent).toContain("Others are seen.");
    await submit(page);
    expect(hass.calls("conclude_case")).toEqual([{ case: "2026-0001", outcome: "refused" }]);
  });

  it("stands on the page with who proposed and who approved it, in the place of a choice", async () => {
    const { page } = await open(() => disclosure({ state: "approved", decision: decision(APPROVED) }));
    const page_text = root(page).textContent;
    expect(page_text).toContain(said.decision.heading_decided);
    expect(page_text).toContain("Approved by Suzuki");
    expect(root(page).querySelector("niiza-cctv-case-release")).toBeNull();
    const outdated = disclosure({ decision: decision(), release_items: [], waits_for_approval: false });
    expect(root((await open(() => outdated)).page).textContent).toContain(said.decision.outdated);
    expect(root((await open(() => disclosure())).page).textContent).toContain(said.decision.none);
  });

  it("does not lead back to its proposal, once there is one", async () => {
    const main = async (shown: Case) => {
      const { page } = await open(() => shown);
      return texts(page, ".offers button.main");
    };
    expect(await main(disclosure())).toEqual([said.do.propose]);
    // Nothing was shown at the counter yet.
    const decided = { state: "approved", way: "view", offers: ["propose_decision", "request_clips"] } as const;
    const shown = disclosure({ ...decided, offers: [...decided.offers], decision: decision(APPROVED) });
    expect(await main(shown)).toEqual([]);
  });

  it("has a last day, and says when that is over", () => {
    const { clock, ...context } = contextOf(new FakeHass());
    const day = (now: string) => decideBy({ clock, ...context }, disclosure(), new Date(now));
    const told = (now: string) => JSON.stringify(day(now));
    expect(told("2026-12-21T14:59:59Z")).toContain("21 Dec");
    expect(told("2026-12-21T14:59:59Z")).not.toContain("ha-alert");
    // It is the next day in the section.
    expect(told("2026-12-21T15:00:00Z")).toContain("ha-alert");
    expect(decideBy({ clock, ...context }, disclosure({ decide_by: null }), new Date())).not.toHaveProperty("values");
  });

  it("is told in the history, with what the approver watched of each masked clip", () => {
    const context = contextOf(new FakeHass());
    const about = { case: "2026-0001", camera: () => "North" };
    const step = (action: string, details: Step["details"]) => describeStep(context, { action, details }, about);
    expect(
      step("decision_proposed", {
        outcome: "disclosed_in_part",
        way: "copy",
        items: { "2026-0001-01-m01": "76" },
        grounds: ["article_78_1_2"],
        reasons: "Others are seen.",
      }),
    ).toEqual([
      `Outcome: ${options.case_decision.options.disclosed_in_part}`,
      `How it is disclosed: ${options.case_way.options.copy}`,
      "Masked clips that are disclosed: 2026-0001-01-m01",
      `What the refusal rests on: ${options.case_ground.options.article_78_1_2}`,
      "Reasons: Others are seen.",
    ]);
    const watched = { "2026-0001-01-m01": { seconds: 60, of_seconds: 60 } };
    const approved = step("case_approved", {
      note: "",
      decision: "d1",
      clips: { "2026-0001-01-m01": "76" },
      items: [{ item: "2026-0001-01-m01", watched_as_told_by_browser: watched }],
    });
    expect(approved[0]).toBe("Proposed decision: d1");
    expect(approved[1]).toContain("2026-0001-01-m01");
  });
});

describe("a request for disclosure", () => {
  it("is received with words of its own, and no word of the police", async () => {
    const rule = info().kinds[1];
    if (!rule) throw new Error("no kind");
    const kinds = [{ ...rule, required: ["requester", "contact", "identity_checked"], optional: ["organisation"] }];
    const page = await show<NiizaCctvNew>("niiza-cctv-new", { context: contextOf(new FakeHass(), info({ kinds })) });
    const choice = find<HTMLInputElement>(page, "input[name=kind]");
    choice.checked = true;
    choice.dispatchEvent(new Event("change"));
    await settled(page);
    const text = root(page).textContent;
    expect(text).toContain(said.fields.disclosure_requester);
    expect(text).toContain(said.help.disclosure_identity_checked);
    expect(text).toContain(said.new.decided_by_proposal);
    expect(text.toLowerCase()).not.toMatch(/police|badge|station’s main number/);
  });
});
