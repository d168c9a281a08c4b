import { render } from "lit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import en from "../../custom_components/niiza_cctv/translations/en.json";
import type { CheckRecord } from "../src/api";
import type { NiizaCctvCheck } from "../src/check";
import type { NiizaCctvCheckForm } from "../src/check-form";
import type { NiizaCctvChecks } from "../src/checks";
import { checkPicture } from "../src/check-pictures";
import { forgetAll } from "../src/drafts";
import { fit, shrink } from "../src/upload";
import {
  FakeHass,
  SUZUKI,
  button,
  check,
  contextOf,
  find,
  refuse,
  root,
  settled,
  show,
  texts,
  write,
} from "./fake";

const said = en.config_panel;
const SIGN = check();
const CARD = check({
  id: "sd_card:camera:niiza sim-kita",
  kind: "sd_card",
  name: "SD card",
  photo: false,
  fields: ["card_number", "spare_cards"],
});
const record = (changes: Partial<CheckRecord> = {}): CheckRecord => ({
  at: "2026-11-20T10:00:00+09:00",
  person: SUZUKI,
  result: "passed",
  note: "",
  photo: null,
  fields: {},
  ...changes,
});

/** A server for uploads: what was sent to it, and what it answers next. */
class FakeRequest extends EventTarget {
  static sent: { headers: Record<string, string>; body: FormData }[] = [];
  static answers: (number | "lost")[] = [];
  upload = new EventTarget();
  status = 0;
  responseText = "";
  private headers: Record<string, string> = {};

  open(method: string, url: string): void {
    expect([method, url]).toEqual(["POST", "/api/file_upload"]);
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  abort(): void {
    this.dispatchEvent(new Event("abort"));
  }
  send(body: FormData): void {
    FakeRequest.sent.push({ headers: this.headers, body });
    this.upload.dispatchEvent(Object.assign(new Event("progress"), { loaded: 30, total: 60 }));
    const answer = FakeRequest.answers.shift() ?? 200;
    queueMicrotask(() => {
      if (answer === "lost") this.dispatchEvent(new Event("error"));
      else {
        this.status = answer;
        this.responseText = answer === 200 ? `{"file_id":"file-${FakeRequest.sent.length}"}` : "no";
        this.dispatchEvent(new Event("load"));
      }
    });
  }
}

beforeEach(() => {
  FakeRequest.sent = [];
  FakeRequest.answers = [];
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
});

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
  forgetAll();
});

const form = (hass: FakeHass, shown = SIGN) =>
  show<NiizaCctvCheckForm>("niiza-cctv-check-form", { context: contextOf(hass), check: shown });

async function choose(element: Element, result: "passed" | "failed"): Promise<void> {
  const [passed, failed] = root(element).querySelectorAll<HTMLInputElement>("input[name=result]");
  (result === "passed" ? passed : failed)?.dispatchEvent(new Event("change"));
  await settled(element as NiizaCctvCheckForm);
}

async function photograph(element: NiizaCctvCheckForm, size = 5): Promise<void> {
  const input = find<HTMLInputElement>(element, "input[type=file]");
  const file = new File(["x".repeat(size)], "IMG_0001.HEIC", { type: "image/heic" });
  Object.defineProperty(input, "files", { value: [file], configurable: true });
  input.dispatchEvent(new Event("change"));
  await settled(element);
}

async function submit(element: NiizaCctvCheckForm): Promise<void> {
  find(element, "form").dispatchEvent(new Event("submit", { cancelable: true }));
  await settled(element);
}

describe("a check that somebody makes", () => {
  it("asks for the phone's camera, and sends the photo before the record", async () => {
    const hass = new FakeHass({ record_check: () => ({}) });
    const page = await form(hass);
    expect(root(page).querySelector("button[type=submit]")).toBeNull();
    await choose(page, "passed");
    const input = find<HTMLInputElement>(page, "input[type=file]");
    expect([input.accept, input.getAttribute("capture")]).toEqual(["image/*", "environment"]);
    await photograph(page);
    expect(root(page).querySelector("figure img")).not.toBeNull();
    write(page, "#note", " behind the vending machine ");
    const told: unknown[] = [];
    page.addEventListener("recorded", (event) => told.push((event as CustomEvent).detail));
    await submit(page);
    expect(FakeRequest.sent[0]?.headers.Authorization).toBe("Bearer token");
    expect(FakeRequest.sent[0]?.body.get("file")).toBeInstanceOf(Blob);
    expect(hass.calls("record_check")).toEqual([
      { check: SIGN.id, result: "passed", draft_id: "draft-1", photo: "file-1" },
    ]);
    expect(hass.drafts["draft-1"]).toEqual({
      step: "record_check",
      fields: { note: "behind the vending machine" },
    });
    expect(told).toEqual(["passed"]);
    expect(root(page).querySelector("#note")).toBeNull();
  });

  it("sends what belongs to its kind, and nothing that was left empty", async () => {
    const hass = new FakeHass({ record_check: () => ({}) });
    const page = await form(hass, CARD);
    await choose(page, "passed");
    write(page, "#card_number", "K-03");
    await submit(page);
    expect(hass.calls("record_check")).toEqual([
      { check: CARD.id, result: "passed", draft_id: "draft-1" },
    ]);
    expect(hass.drafts["draft-1"]?.fields).toEqual({ card_number: "K-03" });
    expect(FakeRequest.sent).toEqual([]);
  });

  it("needs words for what failed", async () => {
    const hass = new FakeHass({ record_check: () => ({}) });
    const page = await form(hass);
    expect(texts(page, ".choice")).toEqual([said.checks.passed, said.failed.signage]);
    await choose(page, "failed");
    expect(find<HTMLTextAreaElement>(page, "#note").required).toBe(true);
    await submit(page);
    expect(hass.calls("record_check")).toEqual([]);
    write(page, "#note", "torn off");
    await submit(page);
    expect(hass.calls("record_check")).toEqual([{ check: SIGN.id, result: "failed", draft_id: "draft-1" }]);
    expect(hass.drafts["draft-1"]?.fields).toEqual({ note: "torn off" });
  });

  it.each([
    ["lost" as const, said.photo.offline],
    [413, said.photo.too_large],
    [500, said.photo.refused.replace("{status}", "500")],
  ])("keeps everything when the photo does not arrive (%s), and can be sent again", async (answer, words) => {
    FakeRequest.answers = [answer];
    const hass = new FakeHass({ record_check: () => ({}) });
    const page = await form(hass);
    await choose(page, "passed");
    await photograph(page);
    write(page, "#note", "seen");
    await submit(page);
    expect(texts(page, "ha-alert")).toEqual([words]);
    expect(hass.calls("record_check")).toEqual([]);
    button(page, said.checks.send_again);
    await submit(page);
    expect(hass.calls("record_check")).toMatchObject([{ photo: "file-2" }]);
    expect(Object.values(hass.drafts).map(({ fields }) => fields)).toEqual([{ note: "seen" }]);
  });

  it("keeps everything when the server refuses, takes the upload back, and survives being built anew", async () => {
    const hass = new FakeHass({ record_check: refuse({ message: "not today" }) });
    hass.respond = () => new Response("{}");
    const page = await form(hass);
    await choose(page, "failed");
    await photograph(page);
    write(page, "#note", "torn off");
    await submit(page);
    expect(texts(page, "ha-alert")).toEqual(["not today"]);
    expect(hass.fetched).toMatchObject([
      ["/api/file_upload", { method: "DELETE", body: '{"file_id":"file-1"}' }],
    ]);
    page.remove();
    const anew = await form(hass);
    expect(find<HTMLTextAreaElement>(anew, "#note").value).toBe("torn off");
    expect(root(anew).querySelector("figure img")).not.toBeNull();
    button(anew, said.common.back).click();
    await settled(anew);
    expect(root(anew).querySelector("#note")).toBeNull();
  });

  it("logs in again first where the log-in ran out", async () => {
    const hass = new FakeHass({ record_check: () => ({}) });
    const refreshed = vi.spyOn(hass.auth, "refreshAccessToken");
    hass.auth.expired = true;
    const page = await form(hass);
    await choose(page, "passed");
    await photograph(page);
    await submit(page);
    expect(refreshed).toHaveBeenCalledOnce();
    refreshed.mockRejectedValueOnce(new Error("offline"));
    await choose(page, "passed");
    await photograph(page);
    await submit(page);
    expect(texts(page, "ha-alert")).toEqual([said.photo.offline]);
  });
});

describe("a photo", () => {
  it("is made as small as a sticker can still be read", () => {
    expect(fit(4000, 3000)).toEqual([1600, 1200]);
    expect(fit(3000, 4000)).toEqual([1200, 1600]);
    expect(fit(800, 600)).toEqual([800, 600]);
    expect(fit(10_000, 1)).toEqual([1600, 1]);
  });

  it("is sent as it is where the browser cannot open it, unless it is huge", async () => {
    const odd = new Blob(["x"], { type: "image/heic" });
    expect(await shrink(odd)).toBe(odd);
    const huge = Object.defineProperty(new Blob([], { type: "image/heic" }), "size", { value: 30e6 });
    await expect(shrink(huge)).rejects.toMatchObject({ key: "photo.too_large" });
    const text = new Blob(["x"], { type: "text/plain" });
    await expect(shrink(text)).rejects.toMatchObject({ key: "photo.no_picture" });
  });
});

describe("all checks", () => {
  const later = check({
    id: "clock_by_eye:camera:niiza sim-kita",
    kind: "clock_by_eye",
    name: "Clock by eye",
    due: false,
    due_at: "2026-12-20T10:00:00+09:00",
    last: record(),
  });
  const sealed = check({
    id: "contractor:section:section",
    kind: "contractor",
    name: "Contractor",
    object: { kind: "section", id: "section", name: "Section" },
    due_at: new Date(Date.now() - 3.5 * 86_400_000).toISOString(),
    last: record(),
  });
  const broken = check({
    id: "signage:camera:niiza sim-minami",
    object: { kind: "camera", id: "niiza sim-minami", name: "South" },
    failed: true,
    due_at: "2099-01-01T00:00:00Z",
    last: record({ result: "failed", note: "torn off" }),
  });
  const answer = () => ({
    checks: [sealed, SIGN, CARD, later, broken],
    may: Object.fromEntries([sealed, SIGN, CARD, later, broken].map((one) => [one.id, one !== sealed])),
  });
  const open = (hass: FakeHass) =>
    show<NiizaCctvChecks>("niiza-cctv-checks", { context: contextOf(hass), changes: 1 });

  it("are a list to be worked off: the most urgent first, the form of one at a time, and what to look at", async () => {
    const page = await open(new FakeHass({ "niiza_cctv/checks": answer }));
    const [due, rest] = root(page).querySelectorAll("section");
    expect([...(due?.querySelectorAll(".look span.with-icon") ?? [])].map((one) => one.textContent)).toEqual([
      "South",
      "Section",
      "North",
      "North",
    ]);
    expect([...(due?.querySelectorAll(".chip") ?? [])].map((one) => one.textContent)).toEqual([
      said.checks.is_failed,
      said.checks.is_overdue.replace("{days}", "3"),
      said.checks.is_never,
      said.checks.is_never,
    ]);
    expect(rest?.textContent).toContain("Clock by eye");
    expect(rest?.textContent).toContain(said.checks.is_done);
    expect(texts(page, "p[role=status]")).toEqual([said.checks.count.replace("{count}", "4")]);
    const form = () => [...root(page).querySelectorAll<NiizaCctvCheckForm>("niiza-cctv-check-form")];
    expect(form().map((one) => one.check.id)).toEqual([broken.id]);
    expect(texts(find<NiizaCctvCheckForm>(page, "niiza-cctv-check-form"), ".look-at li")).toEqual(said.look_at.signage.split("\n"));
    const drawn = root(find<NiizaCctvCheckForm>(page, "niiza-cctv-check-form")).querySelector(".look-at svg");
    expect(drawn?.getAttribute("aria-label")).toBe(said.look_at_picture.signage);
    // Nobody is offered what they may not say.
    const buttons = [...root(page).querySelectorAll<HTMLButtonElement>("button[aria-expanded]")];
    expect(buttons.map((one) => one.getAttribute("aria-expanded"))).toEqual(["true", "false", "false"]);
    buttons[2]?.click();
    await settled(page);
    expect(form().map((one) => one.check.id)).toEqual([CARD.id]);
    buttons[2]?.click();
    await settled(page);
    expect(form()).toEqual([]);
    expect(
      [...root(page).querySelectorAll("li a")].some(
        (one) => one.getAttribute("href") === "/niiza-cctv/check/contractor%3Asection%3Asection",
      ),
    ).toBe(true);
  });

  it("say what was recorded, and go on", async () => {
    let checks = [SIGN, CARD];
    const hass = new FakeHass({
      "niiza_cctv/checks": () => ({ checks, may: { [SIGN.id]: true, [CARD.id]: true } }),
      record_check: () => {
        checks = [CARD, { ...SIGN, due: false, due_at: "2026-12-20T10:00:00+09:00", last: record() }];
        return {};
      },
    });
    const page = await open(hass);
    const inner = find<NiizaCctvCheckForm>(page, "niiza-cctv-check-form");
    await choose(inner, "passed");
    await submit(inner);
    await settled(page);
    expect(texts(page, "#said")[0]).toBe("Recorded: North, Sign in place: Confirmed.");
    expect(texts(page, "p[role=status]")).toEqual([said.checks.count.replace("{count}", "1")]);
    expect(root(page).activeElement?.id).toBe("said");
  });

  it("say so when none is due", async () => {
    const page = await open(
      new FakeHass({ "niiza_cctv/checks": () => ({ checks: [later], may: { [later.id]: true } }) }),
    );
    expect(texts(page, "p[role=status]")).toEqual([said.checks.all_done]);
    expect(root(page).querySelector("niiza-cctv-check-form")).toBeNull();
  });
});

describe("one check", () => {
  const open = (hass: FakeHass, checkId = SIGN.id) =>
    show<NiizaCctvCheck>("niiza-cctv-check", { context: contextOf(hass), changes: 1, checkId });

  it("shows everything that was found before, with its photo", async () => {
    const hass = new FakeHass({
      "niiza_cctv/checks": () => ({
        checks: [{ ...SIGN, failed: true, last: record({ result: "failed" }) }],
        may: { [SIGN.id]: true },
      }),
      "niiza_cctv/check_history": () => ({
        history: [
          record({ result: "failed", note: "torn off", photo: "/api/niiza_cctv/photo/1" }),
          record({ fields: { card_number: "K-03", spare_cards: "" } }),
        ],
      }),
    });
    const page = await open(hass);
    const [failed, passed] = texts(page, ".history li");
    expect(failed).toContain(said.failed.signage);
    expect(failed).toContain("torn off");
    expect(failed).toContain("10:00:00");
    expect(find<HTMLImageElement>(page, ".history img").alt).toContain("Suzuki");
    expect(passed).toContain("K-03");
    expect(passed).not.toContain(said.fields.spare_cards);
    expect(hass.asked.find((one) => one.type === "niiza_cctv/check_history")).toMatchObject({
      check: SIGN.id,
    });
  });

  it("is not recorded by somebody who may not, and says when there is none", async () => {
    const hass = new FakeHass({
      "niiza_cctv/checks": () => ({ checks: [SIGN], may: { [SIGN.id]: false } }),
      "niiza_cctv/check_history": () => ({ history: [] }),
    });
    const page = await open(hass);
    expect(root(page).querySelector("niiza-cctv-check-form")).toBeNull();
    expect(root(page).textContent).toContain(said.checks.not_yours);
    const other = await open(hass, "own_gone:section:section");
    expect(texts(other, "ha-alert")).toEqual([said.checks.missing]);
  });
});

describe("what to look at", () => {
  it("has a drawing of its own for every kind that is shipped, with the same in words", () => {
    const shown = document.createElement("div");
    for (const [kind, alt] of Object.entries(said.look_at_picture)) {
      render(checkPicture(kind, alt), shown);
      expect(shown.querySelector("svg")?.getAttribute("aria-label")).toBe(alt);
    }
    expect(Object.keys(said.look_at_picture).sort()).toEqual(Object.keys(said.look_at).sort());
    render(checkPicture("own_1", ""), shown);
    expect(shown.querySelector("svg")).toBeNull();
  });
});
