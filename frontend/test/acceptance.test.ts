import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import en from "../../custom_components/niiza_cctv/translations/en.json";
import { NiizaCctvAcceptance } from "../src/acceptance";
import type { Acceptance, CameraAnswers, TestReport } from "../src/api";
import { FakeHass, SATO, SUZUKI, button, contextOf, find, refuse, root, settled, show, texts } from "./fake";

/** What was printed: heading and sheet. A frame of its own is the browser's. */
const sheets: [string, string][] = [];
vi.mock("../src/print", () => ({
  printSheet: (heading: string, _css: string, _language: string, fill: (sheet: Document) => Node[]) => {
    const sheet = document.createElement("div");
    sheet.append(...fill(document));
    sheets.push([heading, sheet.innerHTML]);
  },
}));

const said = en.config_panel.acceptance;
const CAMERA = "niiza sim-kita";
const RUNNING: NonNullable<Acceptance["running"]> = {
  camera: CAMERA,
  camera_name: "North",
  by: SATO,
  step: "card",
  step_text: "Card and recording",
  share: 0.375,
};
const REPORT: TestReport = {
  camera: CAMERA,
  camera_name: "North",
  by: SUZUKI,
  started: "2026-11-29T10:00:00+09:00",
  ended: "2026-11-29T10:01:30+09:00",
  seconds: 90,
  ending: "done",
  ending_text: "The test ran to its end.",
  verdict: "unfit",
  verdict_text: "Unfit",
  duties: [
    {
      duty: "F4",
      name: "The SD status can be known",
      verdict: "unfit",
      verdict_text: "Unfit",
      reasons: [
        { key: "status_card_failed", mark: "bad", text: "The camera says that its card fails." },
        { key: "status_index_moves", mark: "good", text: "Its list grows." },
      ],
    },
    {
      duty: "F8",
      name: "The sign is there",
      verdict: "unknown",
      verdict_text: "Not known",
      reasons: [{ key: "sign_not_seen", mark: "unknown", text: "No network shows it." }],
    },
  ],
  parts: [
    { step: "identity", name: "What it is", whole: true, said: [{ key: "identity", mark: "plain", text: "Maker: X. Model: Y." }] },
    { step: "clock", name: "Clock", whole: true, said: [{ key: "clock_right", mark: "good", text: "Its clock is right." }] },
    { step: "signing", name: "Signed footage", whole: true, said: [] },
  ],
  missing: [],
  recorded: true,
  version: "1.2.3",
  has_answers: true,
};
const BUNDLE: CameraAnswers = {
  name: "x-y.json",
  text: '{"form": 1, "camera": "<b>X</b>"}',
  sha256: "ab".repeat(32),
  answers: 41,
  left_out: 2,
  replaced: { serial: 1 },
};

const acceptance = (changes: Partial<Acceptance> = {}): Acceptance => ({
  camera: CAMERA,
  camera_name: "North",
  may: true,
  running: null,
  report: null,
  before: null,
  unreadable: false,
  ...changes,
});

/** The page over a server whose state a test moves on. */
async function open(hass: FakeHass): Promise<NiizaCctvAcceptance> {
  return show<NiizaCctvAcceptance>("niiza-cctv-acceptance", { context: contextOf(hass), changes: 1, camera: CAMERA });
}

const asked = (hass: FakeHass, name: string) => hass.asked.filter((message) => message.type === `niiza_cctv/${name}`).length;
const pageText = (page: Element) => root(page).textContent.replace(/\s+/g, " ");

beforeEach(() => {
  if (!customElements.get("niiza-cctv-acceptance")) customElements.define("niiza-cctv-acceptance", NiizaCctvAcceptance);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

describe("the acceptance test of a camera", () => {
  it("begins, shows how far it is without being asked again, and ends with its report", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true, toFake: ["setTimeout", "clearTimeout"] });
    let state = acceptance();
    const hass = new FakeHass({
      "niiza_cctv/acceptance": () => state,
      "niiza_cctv/acceptance_start": () => {
        state = acceptance({ running: RUNNING });
        return RUNNING;
      },
    });
    const page = await open(hass);
    expect(root(page).querySelector("progress")).toBeNull();
    button(page, said.start).click();
    await settled(page);
    expect(hass.asked[1]).toEqual({ type: "niiza_cctv/acceptance_start", camera: CAMERA, language: "en" });
    expect(texts(page, "[role=status]")).toEqual(["Testing (38%): Card and recording"]);
    expect(find<HTMLProgressElement>(page, "progress").value).toBe(0.375);
    expect(() => button(page, said.start)).toThrow();

    state = acceptance({ running: { ...RUNNING, step_text: "Replay", share: 0.8 } });
    await vi.advanceTimersByTimeAsync(1500);
    await settled(page);
    expect(texts(page, "[role=status]")).toEqual(["Testing (80%): Replay"]);

    state = acceptance({ report: REPORT });
    await vi.advanceTimersByTimeAsync(1500);
    await settled(page);
    expect(root(page).querySelector("progress")).toBeNull();
    expect(pageText(page)).toContain("Verdict: × Unfit");
    button(page, said.again);
    // What has ended is not asked for again and again.
    const before = hass.asked.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hass.asked).toHaveLength(before);
  });

  it("asks nobody any more once the page is left", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true, toFake: ["setTimeout", "clearTimeout"] });
    const hass = new FakeHass({ "niiza_cctv/acceptance": () => acceptance({ running: RUNNING }) });
    const page = await open(hass);
    page.remove();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hass.asked).toHaveLength(1);
  });

  it("is called off, and shows what was found until then", async () => {
    let state = acceptance({ running: RUNNING });
    const hass = new FakeHass({
      "niiza_cctv/acceptance": () => state,
      "niiza_cctv/acceptance_cancel": () => {
        const ending_text = "The test was called off. What was found until then is shown.";
        state = acceptance({ report: { ...REPORT, ending: "cancelled", ending_text, verdict: "unknown", verdict_text: "Not known" } });
        return null;
      },
    });
    const page = await open(hass);
    button(page, said.cancel).click();
    await settled(page);
    expect(asked(hass, "acceptance_cancel")).toBe(1);
    expect(pageText(page)).toContain("The test was called off.");
    expect(pageText(page)).toContain(said.then_unknown);
  });

  it("says what decides the verdict, what it is called by, and leaves empty parts out", async () => {
    const page = await open(new FakeHass({ "niiza_cctv/acceptance": () => acceptance({ report: REPORT }) }));
    expect(pageText(page)).toContain(said.then_unfit);
    expect(pageText(page)).toContain("×F4 The camera says that its card fails.");
    // The sign is a person's to see, and decides nothing.
    expect(pageText(page)).not.toContain("F8 No network shows it.");
    expect(texts(page, "h3")).toEqual([said.because, "Clock", said.words]);
    expect(texts(page, "tbody .verdict")).toEqual(["× Unfit", "? Not known"]);
    expect(root(page).querySelector("ha-alert")).toBeNull();
  });

  it("gives no reasons to a camera that is fit", async () => {
    const fit = { ...REPORT, verdict: "fit" as const, verdict_text: "Fit", duties: REPORT.duties.slice(1) };
    const page = await open(new FakeHass({ "niiza_cctv/acceptance": () => acceptance({ report: fit }) }));
    expect(pageText(page)).toContain(said.then_fit);
    expect(texts(page, "h3")).not.toContain(said.because);
  });

  it("shows the test before: when it was, by which version, and what has changed since", async () => {
    const [first, second] = REPORT.duties;
    if (!first || !second) throw new Error("two duties");
    const before: TestReport = {
      ...REPORT,
      started: "2026-10-01T09:00:00+09:00",
      version: "1.2.2",
      verdict: "limits",
      verdict_text: "Fit with limits",
      duties: [{ ...first, verdict: "fit", verdict_text: "Fit" }, second],
    };
    const page = await open(new FakeHass({ "niiza_cctv/acceptance": () => acceptance({ report: REPORT, before }) }));
    expect(pageText(page)).toContain("Niiza CCTV 1.2.3");
    expect(pageText(page)).toContain("Niiza CCTV 1.2.2");
    expect(pageText(page)).toContain("F4 The SD status can be known: was ○ Fit, is now × Unfit");
    expect(pageText(page)).not.toContain("F8 The sign is there: was");
    expect(find<HTMLDetailsElement>(page, "details").open).toBe(false);

    const same = await open(
      new FakeHass({ "niiza_cctv/acceptance": () => acceptance({ report: REPORT, before: { ...before, duties: REPORT.duties } }) }),
    );
    expect(pageText(same)).toContain(said.unchanged);
  });

  it("says that what is kept cannot be read, and of answers that are gone how to get new ones", async () => {
    const page = await open(new FakeHass({ "niiza_cctv/acceptance": () => acceptance({ unreadable: true }) }));
    expect(texts(page, "ha-alert")).toEqual([said.kept_unreadable]);
    button(page, said.start);
    const kept = { ...REPORT, has_answers: false };
    const later = await open(new FakeHass({ "niiza_cctv/acceptance": () => acceptance({ report: kept }) }));
    expect(pageText(later)).toContain(said.answers_gone);
    expect(() => button(later, said.look)).toThrow();
  });

  it("says that the ledger could not take it", async () => {
    const report = { ...REPORT, recorded: false };
    const page = await open(new FakeHass({ "niiza_cctv/acceptance": () => acceptance({ report }) }));
    expect(texts(page, "ha-alert")).toEqual([said.unrecorded]);
  });

  it("says of another camera's test that it runs, and offers none of its own", async () => {
    const running = { ...RUNNING, camera: "niiza sim-minami", camera_name: "South" };
    const page = await open(new FakeHass({ "niiza_cctv/acceptance": () => acceptance({ running, report: REPORT }) }));
    expect(texts(page, "[role=status]")).toEqual(["South is being tested (38%). One camera is tested at a time."]);
    expect(() => button(page, said.again)).toThrow();
    // The last report stays.
    expect(pageText(page)).toContain("× Unfit");
  });

  it("says in words why none begins, and why nothing can be read", async () => {
    const hass = new FakeHass({
      "niiza_cctv/acceptance": () => acceptance(),
      "niiza_cctv/acceptance_start": refuse({
        code: "home_assistant_error",
        message: "busy",
        translation_domain: "niiza_cctv",
        translation_key: "acceptance_busy",
        translation_placeholders: { camera: "South" },
      }),
    });
    const page = await open(hass);
    button(page, said.start).click();
    await settled(page);
    expect(texts(page, "ha-alert")).toEqual([en.exceptions.acceptance_busy.message.replace("{camera}", "South")]);
    // It can be tried again.
    expect(button(page, said.start).disabled).toBe(false);

    const refused = await open(new FakeHass({ "niiza_cctv/acceptance": refuse({ code: "unauthorized", message: "not yours" }) }));
    expect(texts(refused, "ha-alert")).toHaveLength(1);
    expect(() => button(refused, said.start)).toThrow();
    expect(root(refused).querySelector("[role=status]")).toBeNull();
  });

  it("offers nothing to begin to whoever may only look", async () => {
    const page = await open(new FakeHass({ "niiza_cctv/acceptance": () => acceptance({ may: false }) }));
    expect(() => button(page, said.start)).toThrow();
  });
});

describe("the camera's answers", () => {
  const given = () => ({
    "niiza_cctv/acceptance": () => acceptance({ report: REPORT }),
    "niiza_cctv/acceptance_answers": () => BUNDLE,
  });

  it("are asked for by a person alone, shown as text, and saved only after their consent", async () => {
    const saved: [string, Blob][] = [];
    let blob: Blob | undefined;
    vi.spyOn(URL, "createObjectURL").mockImplementation((object) => {
      blob = object as Blob;
      return "blob:answers";
    });
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      if (blob) saved.push([this.download, blob]);
    });
    const hass = new FakeHass(given());
    const page = await open(hass);
    expect(asked(hass, "acceptance_answers")).toBe(0);
    button(page, said.look).click();
    await settled(page);
    expect(asked(hass, "acceptance_answers")).toBe(1);
    // To the letter, and never as a page.
    expect(find(page, "pre").textContent).toBe(BUNDLE.text);
    expect(root(page).querySelector("pre b")).toBeNull();
    expect(pageText(page)).toContain("41 answers. Left out because they could not be read or cleaned: 2.");
    const save = button(page, said.save);
    expect(save.disabled).toBe(true);
    save.click();
    expect(saved).toEqual([]);
    const consent = find<HTMLInputElement>(page, "input[type=checkbox]");
    consent.checked = true;
    consent.dispatchEvent(new Event("change"));
    await settled(page);
    expect(button(page, said.save).disabled).toBe(false);
    button(page, said.save).click();
    const [file] = saved;
    expect(file?.[0]).toBe(BUNDLE.name);
    expect(await file?.[1].text()).toBe(BUNDLE.text);
  });

  it("of an earlier test are gone with its consent when another begins", async () => {
    const hass = new FakeHass({ ...given(), "niiza_cctv/acceptance_start": () => RUNNING });
    const page = await open(hass);
    button(page, said.look).click();
    await settled(page);
    const consent = find<HTMLInputElement>(page, "input[type=checkbox]");
    consent.checked = true;
    consent.dispatchEvent(new Event("change"));
    await settled(page);
    button(page, said.again).click();
    await settled(page);
    expect(root(page).querySelector("pre")).toBeNull();
    button(page, said.look).click();
    await settled(page);
    expect(find<HTMLInputElement>(page, "input[type=checkbox]").checked).toBe(false);
  });

  it("that are not to be had are said so", async () => {
    const hass = new FakeHass({ ...given(), "niiza_cctv/acceptance_answers": refuse({ message: "no answers" }) });
    const page = await open(hass);
    button(page, said.look).click();
    await settled(page);
    expect(texts(page, "ha-alert")).toEqual(["no answers"]);
    expect(root(page).querySelector("pre")).toBeNull();
  });
});

describe("the printed report", () => {
  it("holds identity, verdict with its reasons, every duty, words and places to sign, and nothing that is executed", async () => {
    const report = { ...REPORT, parts: [...REPORT.parts, { step: "login" as const, name: "Log-in", whole: true, said: [{ key: "x", mark: "plain" as const, text: "<img src=x onerror=alert(1)>" }] }] };
    const page = await open(new FakeHass({ "niiza_cctv/acceptance": () => acceptance({ report }) }));
    button(page, said.print).click();
    const [heading, printed] = sheets[0] ?? ["", ""];
    expect(heading).toBe("Acceptance test: North");
    for (const text of ["Maker: X. Model: Y.", "Verdict: × Unfit", said.then_unfit, said.because, "F4 The SD status can be known", said.word_onvif, said.witnessed_by])
      expect(printed).toContain(text);
    expect(printed).toContain("&lt;img src=x");
    expect(printed).not.toContain("Signed footage");
  });
});
