import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import en from "../../custom_components/niiza_cctv/translations/en.json";
import type { Clip } from "../src/api";
import type { NiizaCctvByHand } from "../src/by-hand";
import type { NiizaCctvCase } from "../src/case";
import type { NiizaCctvCaseClip } from "../src/case-clip";
import type { NiizaCctvCasePackage } from "../src/case-package";
import type { NiizaCctvCaseStep } from "../src/case-step";
import { forgetAll } from "../src/drafts";
import type { NiizaCctvPassage } from "../src/passage";
import {
  FakeHass,
  SUZUKI,
  aCase,
  button,
  byHand,
  clip,
  contextOf,
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
  forgetAll();
});

const clipIn = (page: Element, number = 0): NiizaCctvCaseClip => {
  const found = root(page).querySelectorAll<NiizaCctvCaseClip>("niiza-cctv-case-clip")[number];
  if (!found) throw new Error(`no clip ${number}`);
  return found;
};
const stepIn = (page: Element) => find<NiizaCctvCaseStep>(page, "niiza-cctv-case-step");
const packageIn = (page: Element) => find<NiizaCctvCasePackage>(page, "niiza-cctv-case-package");

async function submit(page: NiizaCctvCase): Promise<void> {
  find(stepIn(page), "form").dispatchEvent(new Event("submit", { cancelable: true }));
  await settled(page);
}

describe("a case", () => {
  const open = (hass: FakeHass, known = info()) =>
    show<NiizaCctvCase>("niiza-cctv-case", {
      context: contextOf(hass, known),
      caseId: "2026-0001",
      changes: 1,
    });

  it("says why somebody cannot approve, in words", async () => {
    const refusals = { approve: "not_allowed_own_case" };
    const hass = new FakeHass({ get_case: () => aCase({ offers: [], refusals }) });
    const page = await open(hass);
    expect(button(page, said.do.approve).disabled).toBe(true);
    expect(texts(page, "#why-approve")).toEqual([said.why.own_request]);
    expect(texts(page, ".next")).toEqual([said.next.approve]);
    expect(texts(page, "[aria-current=step]")).toEqual([said.states.preserved]);
  });

  it("is approved after a question that names the hashes", async () => {
    let state: "preserved" | "approved" = "preserved";
    const hass = new FakeHass({
      get_case: () => aCase({ state, approved_by: state === "approved" ? SUZUKI : null }),
      approve_case: () => {
        state = "approved";
        return {};
      },
    });
    const page = await open(hass, info({ user: SUZUKI, roles: ["approver"] }));
    button(page, said.do.approve).click();
    await settled(page);
    expect(texts(stepIn(page), "niiza-cctv-dialog")[0]).toContain("cd".repeat(32));
    write(stepIn(page), "#note", "checked");
    await submit(page);
    expect(hass.calls("approve_case")).toEqual([
      {
        case: "2026-0001",
        draft_id: "draft-1",
        items: [{ item: "2026-0001-01", sha256: "cd".repeat(32), hidden_pictures: 0 }],
      },
    ]);
    expect(hass.drafts["draft-1"]).toEqual({ step: "approve", fields: { note: "checked" } });
    expect(root(page).querySelector("niiza-cctv-case-step")).toBeNull();
    expect(texts(page, "[aria-current=step]")).toEqual([said.states.approved]);
  });

  it("keeps what was typed when the server refuses", async () => {
    const hass = new FakeHass({ get_case: () => aCase(), reject_case: refuse({ message: "not now" }) });
    const page = await open(hass, info({ user: SUZUKI, roles: ["approver"] }));
    button(page, said.do.reject).click();
    await settled(page);
    write(stepIn(page), "#reason", "no written request");
    await submit(page);
    expect(texts(stepIn(page), "niiza-cctv-dialog ha-alert")).toEqual(["not now"]);
    expect(find<HTMLTextAreaElement>(stepIn(page), "#reason").value).toBe("no written request");
    expect(hass.calls("reject_case")).toEqual([{ case: "2026-0001", draft_id: "draft-1" }]);
    // What came to nothing does not stay at the server.
    expect(hass.drafts).toEqual({});
  });

  it("takes no step without what was written for it", async () => {
    const hass = new FakeHass({
      get_case: () => aCase(),
      reject_case: () => ({}),
      "niiza_cctv/save_draft": refuse({ message: "too long" }),
    });
    const page = await open(hass, info({ user: SUZUKI, roles: ["approver"] }));
    button(page, said.do.reject).click();
    await settled(page);
    write(stepIn(page), "#reason", "no written request");
    await submit(page);
    expect(texts(stepIn(page), "niiza-cctv-dialog ha-alert")).toEqual(["too long"]);
    expect(hass.calls("reject_case")).toEqual([]);
  });

  it("shows the passphrase once and the download once", async () => {
    const released = {
      case: "2026-0001",
      link: "/api/niiza_cctv/download/token",
      expires: "2026-11-23T10:15:00+09:00",
      file: { name: "2026-0001.zip", size: 1, sha256: "ef".repeat(32) },
      passphrase: "apple-bell-crow",
    };
    const hass = new FakeHass({
      get_case: () => aCase({ state: "approved", approved_by: SUZUKI }),
      release_case: () => released,
    });
    const page = await open(hass);
    button(page, said.do.release).click();
    await settled(page);
    root(stepIn(page))
      .querySelectorAll<HTMLInputElement>("input[name=encrypt]")[1]
      ?.dispatchEvent(new Event("change"));
    await submit(page);
    expect(hass.calls("release_case")).toEqual([{ case: "2026-0001", encrypt: true }]);
    expect(texts(packageIn(page), ".passphrase")).toEqual(["apple-bell-crow"]);
    const link = find<HTMLAnchorElement>(packageIn(page), "#package a");
    expect(link.getAttribute("href")).toBe(released.link);
    link.addEventListener("click", (event) => {
      event.preventDefault();
    });
    link.click();
    await settled(page);
    expect(root(packageIn(page)).querySelector("#package a")).toBeNull();
    page.caseId = "2026-0002";
    await settled(page);
    expect(root(page).querySelector("niiza-cctv-case-package")).toBeNull();
  });

  it("shows how far a clip is, and asks before it is given up", async () => {
    const fetching = clip({
      state: "requested",
      sealed: null,
      progress: { state: "retrieving", percent: 61.9, remaining: 75, place: 0, real_time: false, stalled: false },
      offers: ["cancel_clip"],
    });
    const hass = new FakeHass({
      get_case: () => aCase({ state: "received", passages: [fetching] }),
      cancel_clip: () => ({}),
    });
    const page = await open(hass);
    expect(find<HTMLProgressElement>(clipIn(page), "progress").getAttribute("aria-label")).toContain("North");
    expect(texts(clipIn(page), ".spread").at(-1)).toContain("1:15 left");
    expect(texts(clipIn(page), ".spread").at(-1)).toContain("61%");
    const confirm = vi.fn(() => false);
    window.confirm = confirm;
    button(clipIn(page), said.clip.cancel).click();
    await settled(page);
    expect(hass.calls("cancel_clip")).toEqual([]);
    confirm.mockReturnValue(true);
    button(clipIn(page), said.clip.cancel).click();
    await settled(page);
    expect(hass.calls("cancel_clip")).toEqual([{ clip: "2026-0001-01" }]);
  });

  it("says what a camera that keeps to real time costs, and seals what has come of one that is gone", async () => {
    const stuck = clip({
      state: "requested",
      sealed: null,
      start: "2026-11-20T17:00:00+09:00",
      end: "2026-11-20T17:30:00+09:00",
      progress: { state: "retrying", percent: 20, remaining: null, place: 0, real_time: true, stalled: true },
      offers: ["seal_early", "cancel_clip"],
    });
    const hass = new FakeHass({
      get_case: () => aCase({ state: "received", passages: [stuck] }),
      seal_early: () => ({}),
    });
    const page = await open(hass);
    expect(root(clipIn(page)).textContent).toContain(said.progress.real_time.replaceAll("{time}", "30:00"));
    expect(texts(clipIn(page), "ha-alert").join()).toContain(said.clip.stalled);
    const confirm = vi.fn(() => false);
    window.confirm = confirm;
    button(clipIn(page), said.clip.seal_early).click();
    await settled(page);
    expect(hass.calls("seal_early")).toEqual([]);
    expect(confirm).toHaveBeenCalledWith(said.clip.seal_early_question.replaceAll("{camera}", "North"));
    confirm.mockReturnValue(true);
    button(clipIn(page), said.clip.seal_early).click();
    await settled(page);
    expect(hass.calls("seal_early")).toEqual([{ clip: "2026-0001-01" }]);
  });

  it("shows the approver what is missing before they approve, and fetches it again as another clip", async () => {
    const sealed = clip().sealed;
    if (!sealed) throw new Error("not sealed");
    const early = clip({ sealed_early: { by: { id: "sato", name: "Sato" }, at: "2026-11-21T09:00:00+09:00" }, rest_of: "2026-0001-09" });
    const gap = {
      start: "2026-11-20T17:20:00+09:00",
      end: "2026-11-20T17:30:00+09:00",
      reason: "sealed_early",
      decided_at: "2026-11-21T09:00:00+09:00",
    };
    early.sealed = { ...sealed, gaps: [gap] };
    const hass = new FakeHass({
      get_case: () => aCase({ passages: [early], offers: ["approve", "request_clips"] }),
      export_clip: () => ({}),
    });
    const page = await open(hass);
    expect(root(clipIn(page)).textContent).toContain("2026-0001-09");
    button(clipIn(page), said.clip.retry).click();
    await settled(page);
    expect(hass.calls("export_clip")).toHaveLength(1);
    expect(hass.calls("cancel_clip")).toEqual([]);
    button(page, said.do.approve).click();
    await settled(page);
    const asked = root(find(page, "niiza-cctv-case-step")).textContent;
    expect(asked).toContain(said.clip.sealed_early.replace("{person}", "Sato").split("{at}")[0]);
    expect(asked).toContain("17:20");
    expect(asked).toContain(said.find.gap_sealed_early.split("{decided_at}")[1]);
  });

  it("clears a failed clip away before it is fetched again", async () => {
    const failed = clip({ state: "failed", sealed: null, error: "unreachable", attempts: 3 });
    const hass = new FakeHass({
      get_case: () => aCase({ state: "received", passages: [failed] }),
      cancel_clip: () => ({}),
      export_clip: () => ({}),
    });
    const page = await open(hass);
    expect(texts(clipIn(page), "ha-alert")[0]).toContain(
      en.exceptions.unreachable.message.replaceAll("{camera}", "North"),
    );
    button(clipIn(page), said.clip.retry).click();
    await settled(page);
    expect(hass.calls("cancel_clip")).toHaveLength(1);
    expect(hass.calls("export_clip")).toEqual([
      { case: "2026-0001", cameras: ["niiza sim-kita"], start: failed.start, end: failed.end, margin: 0 },
    ]);
  });

  it("says in words why a clip was given up, and what to do", async () => {
    const failed = clip({ state: "failed", sealed: null, error: "nothing_found", attempts: 1 });
    const at = "2026-11-21T09:00:05+09:00";
    const told = { clip: failed.clip, error: "nothing_found", final: true };
    const history = [
      { number: 1, at, person: null, action: "clip_failed", details: told },
      { number: 2, at, person: null, action: "clip_failed", details: { ...told, error: "unreachable" } },
    ];
    const page = await open(
      new FakeHass({ get_case: () => aCase({ state: "received", sealed: 0, failed: 1, passages: [failed], history, offers: ["conclude"] }) }),
    );
    const why = said.failures.nothing_found.replaceAll("{camera}", "North");
    expect(texts(clipIn(page), "ha-alert")).toEqual([why]);
    expect(texts(page, ".next")).toEqual([said.next.failed]);
    expect(button(page, said.do.conclude).disabled).toBe(false);
    const [given, setback] = texts(page, ".history li");
    expect(given).toContain(why);
    expect(setback).toContain(en.exceptions.unreachable.message.replaceAll("{camera}", "North"));
  });

  it("says why a clip could not be given up: at the open step, where there is one", async () => {
    const hass = new FakeHass({
      get_case: () => aCase({ state: "received", passages: [clip({ state: "requested", sealed: null, offers: ["cancel_clip"] })] }),
      cancel_clip: refuse({ message: "not now" }),
    });
    const page = await open(hass);
    window.confirm = () => true;
    button(clipIn(page), said.clip.cancel).click();
    await settled(page);
    expect(texts(page, "ha-alert")).toEqual(["not now"]);
    button(page, said.do.add_clip).click();
    await settled(page);
    expect(texts(page, "ha-alert")).toEqual([]);
    button(clipIn(page), said.clip.cancel).click();
    await settled(page);
    expect(texts(page, "ha-alert")).toEqual([]);
    expect(texts(stepIn(page), "ha-alert")).toEqual(["not now"]);
  });

  it("tells what came of a step although its question was closed meanwhile", async () => {
    let refuseIt: (() => void) | undefined;
    const hass = new FakeHass({
      get_case: () => aCase(),
      reject_case: () => new Promise((_, reject) => (refuseIt = () => { reject(new Error("not now")); })),
    });
    const page = await open(hass, info({ user: SUZUKI, roles: ["approver"] }));
    button(page, said.do.reject).click();
    await settled(page);
    write(stepIn(page), "#reason", "no written request");
    await submit(page);
    expect(button(stepIn(page), said.common.working).disabled).toBe(true);
    expect(clipIn(page).paused).toBe(true);
    // Escape closes the browser's own dialog.
    find(find(stepIn(page), "niiza-cctv-dialog"), "dialog").dispatchEvent(new Event("close"));
    await settled(page);
    expect(root(page).querySelector("niiza-cctv-case-step")).toBeNull();
    refuseIt?.();
    await settled(page);
    expect(texts(page, "ha-alert")).toEqual(["not now"]);
  });

  it("keeps each step's own draft", async () => {
    const page = await open(new FakeHass({ get_case: () => aCase() }));
    button(page, said.do.register_footage).click();
    await settled(page);
    write(find(stepIn(page), "niiza-cctv-by-hand"), "#note", "at the gate");
    button(page, said.do.add_clip).click();
    await settled(page);
    write(find(stepIn(page), "niiza-cctv-passage"), "#start", "2026-11-20T17:00");
    button(page, said.do.register_footage).click();
    await settled(page);
    expect(find<HTMLTextAreaElement>(find(stepIn(page), "niiza-cctv-by-hand"), "#note").value).toBe("at the gate");
    button(stepIn(page), said.common.back).click();
    await settled(page);
    button(page, said.do.add_clip).click();
    await settled(page);
    expect(find<NiizaCctvPassage>(stepIn(page), "niiza-cctv-passage").typed.start).toBe("2026-11-20T17:00");
  });

  it("asks for no clip before its passage is whole", async () => {
    const hass = new FakeHass({ get_case: () => aCase(), export_clip: () => ({}) });
    const page = await open(hass);
    button(page, said.do.add_clip).click();
    await settled(page);
    const part = find<NiizaCctvPassage>(stepIn(page), "niiza-cctv-passage");
    write(part, "#start", "2026-11-20T17:00");
    write(part, "#end", "2026-11-20T17:30");
    await settled(page);
    await submit(page);
    expect(hass.calls("export_clip")).toEqual([]);
    const north = find<HTMLInputElement>(part, "input[name=camera]");
    expect(north.validationMessage).toBe(said.find.choose_camera);
    north.checked = true;
    north.dispatchEvent(new Event("change"));
    await settled(page);
    expect(north.validationMessage).toBe("");
    await submit(page);
    expect(hass.calls("export_clip")).toEqual([
      {
        case: "2026-0001",
        cameras: ["niiza sim-kita"],
        start: "2026-11-20T17:00:00",
        end: "2026-11-20T17:30:00",
        margin: 60,
      },
    ]);
  });

  it("lets one player play at a time", async () => {
    const hass = new FakeHass({
      get_case: () => aCase({ passages: [clip(), clip({ clip: "2026-0001-02" })] }),
      "niiza_cctv/watch_clip": () => ({
        url: "/api/niiza_cctv/playback/token/index.m3u8",
        codec: "h264",
        start: "2026-11-20T17:00:00+09:00",
        end: "2026-11-20T17:30:00+09:00",
        gaps: [],
      }),
    });
    const page = await open(hass);
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("#EXTM3U")));
    button(clipIn(page), said.watch.open_sealed).click();
    await settled(page);
    button(clipIn(page, 1), said.watch.open_sealed).click();
    await settled(page);
    expect(root(clipIn(page)).querySelector("niiza-cctv-sealed")).toBeNull();
    expect(root(clipIn(page, 1)).querySelector("niiza-cctv-sealed")).not.toBeNull();
    button(clipIn(page, 1), said.watch.close).click();
    await settled(page);
    expect(root(clipIn(page, 1)).querySelector("niiza-cctv-sealed")).toBeNull();
  });

  it("plays what was preserved, and no longer once it is purged", async () => {
    let state: Clip["state"] = "sealed";
    const hass = new FakeHass({
      get_case: () => aCase({ passages: [clip({ state })] }),
      "niiza_cctv/watch_clip": () => ({
        url: "/api/niiza_cctv/playback/token/index.m3u8",
        codec: "h264",
        start: "2026-11-20T17:00:00+09:00",
        end: "2026-11-20T17:30:00+09:00",
        gaps: [],
      }),
    });
    vi.spyOn(HTMLVideoElement.prototype, "canPlayType").mockReturnValue("maybe");
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("#EXTM3U")));
    const page = await open(hass, info({ user: SUZUKI, roles: ["approver"] }));
    expect(() => button(clipIn(page), said.watch.open_card)).toThrow();
    button(clipIn(page), said.watch.open_sealed).click();
    await settled(page);
    expect(hass.asked.at(-1)).toEqual({ type: "niiza_cctv/watch_clip", clip: "2026-0001-01" });
    const player = find(clipIn(page), "niiza-cctv-sealed");
    expect(find(player, "video").getAttribute("src")).toBe("/api/niiza_cctv/playback/token/index.m3u8");
    expect(button(clipIn(page), said.watch.close).getAttribute("aria-expanded")).toBe("true");
    state = "removed";
    page.changes += 1;
    await settled(page);
    expect(root(clipIn(page)).querySelector("niiza-cctv-sealed")).toBeNull();
    expect(() => button(clipIn(page), said.watch.open_sealed)).toThrow();
  });

  it("offers no second try of watching to somebody who may not", async () => {
    const hass = new FakeHass({
      get_case: () => aCase(),
      "niiza_cctv/watch_clip": refuse({ translation_key: "not_allowed_inactive" }),
    });
    const page = await open(hass);
    button(clipIn(page), said.watch.open_sealed).click();
    await settled(page);
    const player = find(clipIn(page), "niiza-cctv-sealed");
    expect(texts(player, "ha-alert")).toEqual([en.exceptions.not_allowed_inactive.message]);
    expect(root(player).querySelector("button, video")).toBeNull();
  });

  it("keeps a setback that passed in the background", async () => {
    const passed = clip({
      state: "requested",
      sealed: null,
      error: "unreachable",
      attempts: 2,
      progress: { state: "retrieving", percent: 10, remaining: null, place: 0, real_time: false, stalled: false },
    });
    const shown = aCase({ state: "received", passages: [passed] });
    const page = await open(new FakeHass({ get_case: () => shown }));
    expect(root(clipIn(page)).querySelector("ha-alert")).toBeNull();
    const error = en.exceptions.unreachable.message.replaceAll("{camera}", "North");
    expect(texts(clipIn(page), ".soft")).toEqual([said.clip.setback.replace("{error}", error)]);
  });

  it("names what was refused in words, and leaves people's own reasons alone", async () => {
    const at = "2026-11-21T09:00:05+09:00";
    const refusal = { what: "approve_case", reason: "not_allowed_own_case" };
    const history = [
      { number: 1, at, person: SUZUKI, action: "refused", details: refusal },
      { number: 2, at, person: SUZUKI, action: "case_rejected", details: { reason: "unreachable" } },
    ];
    const page = await open(new FakeHass({ get_case: () => aCase({ history }) }));
    const [refused, rejected] = texts(page, ".history li");
    expect(refused).toContain(`: ${said.deeds.approve}`);
    expect(refused).toContain("Whoever created case 2026-0001");
    expect(rejected).toContain(": unreachable");
  });

  it("tells every step with its time and its person, refusals too", async () => {
    const at = "2026-11-21T09:00:05+09:00";
    const history = [
      { number: 1, at, person: SUZUKI, action: "refused", details: { reason: "unreachable" } },
      { number: 2, at, person: null, action: "clip_sealed", details: { clip: "2026-0001-01" } },
      { number: 3, at, person: SUZUKI, action: "newer_than_this_panel", details: {} },
    ];
    const page = await open(new FakeHass({ get_case: () => aCase({ history }) }));
    const [refused, sealed, unknown] = texts(page, ".history li");
    expect(refused).toContain("Suzuki");
    expect(refused).toContain("09:00:05");
    expect(sealed).toContain(said.history.nobody);
    expect(unknown).toContain("newer_than_this_panel");
  });
});

describe("footage taken by hand", () => {
  const open = (shown: () => unknown, known = info(), more: Record<string, () => unknown> = {}) => {
    const hass = new FakeHass({ get_case: shown, ...more });
    return show<NiizaCctvCase>("niiza-cctv-case", { context: contextOf(hass, known), changes: 1, caseId: "2026-0001" })
      .then((page) => ({ hass, page }));
  };
  const preserved = () => aCase({
      passages: [byHand({ offers: ["cancel_clip"] })],
      release_items: [releaseItem({ item: "2026-0001-02", kind: "by_hand", digest: "ef".repeat(32) })],
      only_by_hand: true,
    });

  it("is shown with who took it, on what, and that it is not here", async () => {
    const { page } = await open(preserved);
    const text = root(clipIn(page)).textContent.replace(/\s+/g, " ");
    for (const part of [said.by_hand.taken, "Sato and Suzuki", "SN-42", said.by_hand.no_hash, "1 min 15 s slow"])
      expect(text).toContain(part);
    expect(root(clipIn(page)).querySelector("button[aria-expanded]")).toBeNull();
    expect(button(clipIn(page), said.by_hand.withdraw).disabled).toBe(false);
  });

  it("makes an approver ask why, where the camera answered", async () => {
    const taken = byHand();
    if (taken.by_hand) taken.by_hand.network = "up";
    const { page } = await open(() => aCase({ passages: [taken] }));
    expect(texts(clipIn(page), "ha-alert")).toEqual([said.by_hand.was_up]);
  });

  it("is approved by the hash of its entry", async () => {
    const { hass, page } = await open(preserved, info({ user: { id: "ito", name: "Ito" }, roles: ["approver"] }), {
      approve_case: () => ({}),
    });
    button(page, said.do.approve).click();
    await settled(page);
    expect(root(stepIn(page)).querySelector("niiza-cctv-dialog")?.textContent).toContain(said.by_hand.entry_hash);
    await submit(page);
    expect(hass.calls("approve_case")).toEqual([
      {
        case: "2026-0001",
        items: [{ item: "2026-0001-02", sha256: "ef".repeat(32), hidden_pictures: 0 }],
      },
    ]);
  });

  it("is handed over as it is, the medium filled in", async () => {
    const approved = () => ({ ...preserved(), state: "approved" as const, approved_by: SUZUKI });
    const { hass, page } = await open(approved, info(), { hand_over: () => ({}) });
    button(page, said.do.hand_over).click();
    await settled(page);
    await submit(page);
    expect(hass.calls("hand_over")).toEqual([
      { case: "2026-0001", draft_id: "draft-1" },
    ]);
    expect(hass.drafts["draft-1"]).toEqual({
      step: "hand_over",
      fields: { recipient: "Sergeant Yamada", medium: "SD card", medium_serial: "SN-42" },
    });
  });

  it("is registered with its second person; what was not there, as a search", async () => {
    const { hass, page } = await open(() => aCase({ state: "received", sealed: 0, passages: [] }), info(), {
      register_footage: () => ({}),
    });
    button(page, said.do.register_footage).click();
    await settled(page);
    const part = find<NiizaCctvByHand>(stepIn(page), "niiza-cctv-by-hand");
    const pick = (selector: string, value: string) => {
      const field = find<HTMLSelectElement>(part, selector);
      field.value = value;
      field.dispatchEvent(new Event("change"));
    };
    pick("#camera", "offline-01");
    pick("#second_person", "suzuki");
    write(part, "#start", "2026-11-20T17:00");
    write(part, "#end", "2026-11-20T16:00");
    write(part, "#medium", "SD card");
    write(part, "#medium_serial", "SN-42");
    write(part, "#clock_offset", "-75");
    await settled(page);
    await submit(page);
    expect(hass.calls("register_footage")).toEqual([]);
    write(part, "#end", "2026-11-20T17:30");
    await settled(page);
    await submit(page);
    const common = {
      case: "2026-0001",
      camera: "offline-01",
      start: "2026-11-20T17:00:00",
      end: "2026-11-20T17:30:00",
      second_person: "suzuki",
      clock_offset: -75,
    };
    expect(hass.calls("register_footage")).toEqual([
      { ...common, found: true, draft_id: "draft-1" },
    ]);
    expect(hass.drafts["draft-1"]).toEqual({
      step: "register_footage",
      fields: { medium: "SD card", medium_serial: "SN-42" },
    });
    expect(root(page).querySelector("niiza-cctv-case-step")).toBeNull();
  });
});

describe("the approval's question", () => {
  const open = async (changes: Partial<Clip>[] = [{}]) => {
    const passages = changes.map((one, index) => clip({ clip: `2026-0001-0${index + 1}`, ...one }));
    const hass = new FakeHass({
      get_case: () =>
        aCase({
          passages,
          request: { document_number: "No. 12", requester: "Sergeant Yamada", purpose: "A theft", contact: "048" },
        }),
    });
    const page = await show<NiizaCctvCase>("niiza-cctv-case", {
      context: contextOf(hass, info({ user: SUZUKI, roles: ["approver"] })),
      caseId: "2026-0001",
      changes: 1,
    });
    button(page, said.do.approve).click();
    await settled(page);
    return page;
  };
  const watched = (seconds: number, every_picture = seconds, fastest = 100) => ({
    watched: { seconds, of: 1800, every_picture, missing_from: every_picture < 1800 ? every_picture : null, fastest },
  });

  it("shows document and purpose, and what was asked for beside what is in the clip", async () => {
    const gaps = [{ start: "2026-11-20T17:10:00+09:00", end: "2026-11-20T17:11:00+09:00", reason: null, decided_at: null }];
    const { sealed: whole } = clip();
    const sealed = whole && { ...whole, last_picture: "2026-11-20T17:29:59+09:00", gaps };
    const page = await open([{ sealed }]);
    const paper = texts(stepIn(page), ".paper dd");
    expect(paper).toEqual([said.kinds.police_inquiry, "No. 12", "Sergeant Yamada", "A theft"]);
    const [asked, inside, seen] = texts(stepIn(page), ".beside dd");
    expect(asked).toContain("17:30:00");
    expect(inside).toContain("17:29:59");
    expect(inside).toContain("17:11:00");
    expect(seen).toBe("Watched: 0:00 of 30:00 (0 %)");
  });

  it.each([
    [[{}], "1 of 1"],
    // One is approved at a time.
    [[watched(1800), {}], ""],
    [[watched(750)], "1 of 1"],
    [[watched(1800)], ""],
    [[], ""],
  ])("warns of what was not watched, and lets it be approved all the same", async (clips, words) => {
    const page = await open(clips);
    const warned = texts(stepIn(page), ".unwatched").join();
    if (words) expect(warned).toContain(words);
    else expect(warned).toBe("");
    expect(find<HTMLButtonElement>(stepIn(page), "button[type=submit]").disabled).toBe(false);
  });

  it("says how fast it was watched where pictures were left out", async () => {
    const page = await open([watched(750, 600, 800)]);
    const [, , seen] = texts(stepIn(page), ".beside dd");
    expect(seen).toBe(
      `Watched: 12:30 of 30:00 (41 %) ${said.watch.watched_fast.replace("{slowly}", "10:00").replace("{fastest}", "8")}`,
    );
  });

  it("counts what is watched up to its opening, and stops the picture", async () => {
    const page = await open([watched(0)]);
    const part = clipIn(page);
    expect(part.covered).toBe(true);
    part.dispatchEvent(
      new CustomEvent("watched-counted", { detail: { clip: "2026-0001-01", ...watched(900) } }),
    );
    await settled(page);
    expect(texts(stepIn(page), ".beside dd").at(-1)).toBe("Watched: 15:00 of 30:00 (50 %)");
  });
});

describe("a package whose link this page does not know", () => {
  const release = (changes: object = {}) => ({
    by: SUZUKI,
    at: "2026-11-23T10:00:00+09:00",
    encrypted: true,
    link_until: "2026-11-23T10:15:00+09:00",
    download_begun: false,
    downloaded: false,
    ...changes,
  });
  const open = (changes: Partial<ReturnType<typeof aCase>>) =>
    show<NiizaCctvCase>("niiza-cctv-case", {
      context: contextOf(new FakeHass({ get_case: () => aCase({ state: "released", ...changes }) })),
      caseId: "2026-0001",
      changes: 1,
    });
  const words = said.package;

  afterEach(() => vi.useRealTimers());

  it.each([
    ["unused", "2026-11-23T01:05:00Z", {}],
    ["expired", "2026-11-23T01:20:00Z", {}],
    ["broken_off", "2026-11-23T01:05:00Z", { download_begun: true }],
    ["downloaded", "2026-11-23T01:05:00Z", { download_begun: true, downloaded: true }],
  ] as const)("says what to do about it: %s", async (way, now, changes) => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date(now) });
    const page = await open({ release: release(changes) });
    const shown = texts(page, "[aria-labelledby=package-lost]")[0] ?? "";
    expect(shown).toContain(words[`${way}_heading`]);
    expect(shown).toContain(words[`passphrase_${way}`]);
    expect(shown).toContain(words.who_you);
    expect(shown).toContain("Suzuki");
  });

  it.each([
    ["not_allowed_own_approval", words.who_not_approver],
    ["not_allowed_needs_exporter", words.who_exporter],
  ])("says who may where it is not the reader: %s", async (refusal, who) => {
    const page = await open({ release: release(), offers: [], refusals: { release: refusal } });
    expect(texts(page, "[aria-labelledby=package-lost]")[0]).toContain(who);
  });

  it("says nothing of a passphrase where there is none, nor anything where nothing is to be done", async () => {
    const page = await open({ release: release({ encrypted: false }) });
    expect(texts(page, "[aria-labelledby=package-lost]")[0]).not.toContain(words.passphrase_expired);
    for (const changes of [
      { state: "handed_over", release: release({ encrypted: false }) },
      { state: "approved", release: release() },
      { state: "released", release: null },
    ] as const)
      expect(root(await open(changes)).querySelector("#package-lost")).toBeNull();
    const handed = await open({ state: "handed_over", release: release() });
    expect(texts(handed, "[aria-labelledby=package-lost]")[0]).toContain(words.who_after);
  });

  it("shows how far a package is that another page has made", async () => {
    const packing = { by: SUZUKI, encrypted: true, percent: 41.6, remaining: 95 };
    const page = await open({ state: "approved", packing });
    const shown = texts(page, ".packing")[0] ?? "";
    expect(shown).toContain("41%");
    expect(shown).toContain("1:35");
    expect(shown).toContain(words.encrypting);
    expect(shown).toContain(words.elsewhere.replace("{person}", "Suzuki"));
    expect(find<HTMLProgressElement>(page, "progress").value).toBe(41.6);
  });

  it("shows how far the package is that this page has made, and that it has to stay open", async () => {
    let finish: (released: unknown) => void = () => undefined;
    const packing = { by: SUZUKI, encrypted: false, percent: 7, remaining: null };
    let made: typeof packing | null = null;
    const hass = new FakeHass({
      get_case: () => aCase({ state: "approved", approved_by: SUZUKI, packing: made }),
      release_case: () => {
        made = packing;
        return new Promise((resolve) => {
          finish = resolve;
        });
      },
    });
    const page = await show<NiizaCctvCase>("niiza-cctv-case", {
      context: contextOf(hass),
      caseId: "2026-0001",
      changes: 1,
    });
    button(page, said.do.release).click();
    await settled(page);
    await submit(page);
    page.changes = 2;
    await settled(page);
    expect(texts(stepIn(page), ".packing")[0]).toContain(words.stay);
    expect(root(page).querySelector(".packing")).toBeNull();
    // Closed by Escape: it goes on, and the page shows it.
    stepIn(page).dispatchEvent(new CustomEvent("dismissed"));
    await settled(page);
    expect(texts(page, ".packing")[0]).toContain(words.stay);
    finish({
      case: "2026-0001",
      link: "/api/niiza_cctv/download/token",
      expires: "2026-11-23T10:15:00+09:00",
      file: { name: "2026-0001.zip", size: 1, sha256: "ef".repeat(32) },
      passphrase: null,
    });
    await settled(page);
  });
});
