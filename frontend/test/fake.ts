/** A Home Assistant that answers what a test says, and everything it was asked. */

import en from "../../custom_components/niiza_cctv/translations/en.json";
import { Client, type Case, type Check, type Clip, type Cut, type Decision, type Info, type Mask, type MaskView, type ReleaseItem } from "../src/api";
import type { Context, Part } from "../src/base";
import { NiizaCctvByHand } from "../src/by-hand";
import { NiizaCctvCase } from "../src/case";
import { NiizaCctvCaseClip } from "../src/case-clip";
import { NiizaCctvCaseCut } from "../src/case-cut";
import { NiizaCctvCaseMask } from "../src/case-mask";
import { NiizaCctvCasePackage } from "../src/case-package";
import { NiizaCctvCaseRelease } from "../src/case-release";
import { NiizaCctvCaseStep } from "../src/case-step";
import { NiizaCctvCases } from "../src/cases";
import { NiizaCctvCheck } from "../src/check";
import { NiizaCctvCheckForm } from "../src/check-form";
import { NiizaCctvChecks } from "../src/checks";
import { NiizaCctvCounter, NiizaCctvCounterForm } from "../src/counter";
import { NiizaCctvCutForm } from "../src/cut-form";
import { NiizaCctvDecisionForm } from "../src/decision-form";
import { NiizaCctvDialog } from "../src/dialog";
import type { Hass, HassError } from "../src/hass";
import { NiizaCctvLedger } from "../src/ledger";
import { NiizaCctvMaskEditor } from "../src/mask-editor";
import { NiizaCctvMaskForm } from "../src/mask-form";
import { NiizaCctvMaskStage } from "../src/mask-stage";
import { NiizaCctvNew } from "../src/new-case";
import { NiizaCctvOverlay } from "../src/overlay";
import { NiizaCctvPanel } from "../src/panel";
import { NiizaCctvPassage } from "../src/passage";
import { NiizaCctvSealed } from "../src/sealed";
import { NiizaCctvSettings } from "../src/settings";
import { NiizaCctvSettingsConfirm } from "../src/settings-confirm";
import { NiizaCctvPeople } from "../src/people";
import { textsOf } from "../src/texts";
import { Clock } from "../src/time";
import { NiizaCctvWatch } from "../src/watch";

export const ELEMENTS = {
  "niiza-cctv-dialog": NiizaCctvDialog,
  "niiza-cctv-overlay": NiizaCctvOverlay,
  "niiza-cctv-watch": NiizaCctvWatch,
  "niiza-cctv-sealed": NiizaCctvSealed,
  "niiza-cctv-by-hand": NiizaCctvByHand,
  "niiza-cctv-decision-form": NiizaCctvDecisionForm,
  "niiza-cctv-passage": NiizaCctvPassage,
  "niiza-cctv-cases": NiizaCctvCases,
  "niiza-cctv-new": NiizaCctvNew,
  "niiza-cctv-case-clip": NiizaCctvCaseClip,
  "niiza-cctv-case-cut": NiizaCctvCaseCut,
  "niiza-cctv-case-mask": NiizaCctvCaseMask,
  "niiza-cctv-counter": NiizaCctvCounter,
  "niiza-cctv-counter-form": NiizaCctvCounterForm,
  "niiza-cctv-cut-form": NiizaCctvCutForm,
  "niiza-cctv-case-package": NiizaCctvCasePackage,
  "niiza-cctv-case-release": NiizaCctvCaseRelease,
  "niiza-cctv-case-step": NiizaCctvCaseStep,
  "niiza-cctv-case": NiizaCctvCase,
  "niiza-cctv-mask-editor": NiizaCctvMaskEditor,
  "niiza-cctv-mask-form": NiizaCctvMaskForm,
  "niiza-cctv-mask-stage": NiizaCctvMaskStage,
  "niiza-cctv-ledger": NiizaCctvLedger,
  "niiza-cctv-check-form": NiizaCctvCheckForm,
  "niiza-cctv-checks": NiizaCctvChecks,
  "niiza-cctv-check": NiizaCctvCheck,
  "niiza-cctv-settings": NiizaCctvSettings,
  "niiza-cctv-settings-confirm": NiizaCctvSettingsConfirm,
  "niiza-cctv-people": NiizaCctvPeople,
  "niiza-cctv-panel": NiizaCctvPanel,
};

export function define(): void {
  for (const [name, element] of Object.entries(ELEMENTS))
    if (!customElements.get(name)) customElements.define(name, element);
}

type Message = { type: string } & Record<string, unknown>;
export type Answers = Record<string, (message: Message) => unknown>;

function lookUp(key: string): string {
  let found: unknown = en;
  for (const part of key.replace("component.niiza_cctv.", "").split("."))
    found = (found as Record<string, unknown> | undefined)?.[part];
  return typeof found === "string" ? found : "";
}

export class FakeHass implements Hass {
  asked: Message[] = [];
  /** What was written for a step, by the id that an action was given. */
  drafts: Record<string, { step: unknown; fields: unknown }> = {};
  tell: (() => void) | undefined;
  unsubscribed = 0;
  connected = true;
  language = "en";
  panels: Hass["panels"] = {};
  auth = {
    accessToken: "token",
    expired: false,
    refreshAccessToken: async () => {
      await Promise.resolve();
    },
  };
  fetched: [string, RequestInit | undefined][] = [];
  /** What the server answers over plain HTTP. */
  respond: (path: string, init?: RequestInit) => Response = () => new Response(null, { status: 404 });

  constructor(readonly answers: Answers = {}) {}

  private readonly kept: Answers = {
    "niiza_cctv/save_draft": ({ step, fields }) => {
      const draft_id = `draft-${Object.keys(this.drafts).length + 1}`;
      this.drafts[draft_id] = { step, fields };
      return { draft_id, seconds: 60 };
    },
    "niiza_cctv/discard_draft": ({ draft_id }) => {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
      delete this.drafts[String(draft_id)];
      return null;
    },
  };

  connection = {
    sendMessagePromise: async <T>(message: Message): Promise<T> => {
      this.asked.push(message);
      await Promise.resolve();
      const name = message.type === "call_service" ? String(message.service) : message.type;
      const answer = this.answers[name] ?? this.kept[name];
      if (!answer) throw { code: "unknown_command", message: `nobody answers ${name}` };
      const response = await answer((message.service_data as Message | undefined) ?? message);
      return (message.type === "call_service" ? { response } : response) as T;
    },
    subscribeMessage: async (callback: () => void, message: Message) => {
      this.asked.push(message);
      await this.answers[message.type]?.(message);
      this.tell = callback;
      return async () => {
        this.unsubscribed += 1;
        await Promise.resolve();
      };
    },
  };

  localize(key: string, values: Record<string, string | number> = {}): string {
    return lookUp(key).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
  }

  async loadBackendTranslation(): Promise<void> {
    await Promise.resolve();
  }

  async fetchWithAuth(path: string, init?: RequestInit): Promise<Response> {
    this.fetched.push([path, init]);
    await Promise.resolve();
    return this.respond(path, init);
  }

  calls(service: string): Message[] {
    return this.asked
      .filter((message) => message.service === service)
      .map((message) => message.service_data as Message);
  }
}

export function refuse(error: HassError): () => never {
  return () => {
    throw error;
  };
}

export const SATO = { id: "sato", name: "Sato" };
export const SUZUKI = { id: "suzuki", name: "Suzuki" };

export function info(changes: Partial<Info> = {}): Info {
  return {
    user: SATO,
    pages: ["cases", "checks", "settings", "ledger"],
    roles: ["viewer", "exporter"],
    kinds: [
      {
        kind: "police_inquiry",
        required: ["legal_basis", "document_number", "organisation"],
        optional: ["note"],
        decided_by_proposal: false,
        grounds: [],
        legal_bases: ["刑事訴訟法第197条第2項"],
        outcomes: ["shown_in_person", "nothing_found"],
      },
      {
        kind: "disclosure_request",
        required: ["requester"],
        optional: [],
        decided_by_proposal: true,
        grounds: ["article_78_1_2", "article_81"],
        legal_bases: [],
        outcomes: ["shown_in_person", "refused", "nothing_found"],
      },
    ],
    cameras: [
      { unique_id: "niiza sim-kita", device_id: "kita", name: "North" },
      { unique_id: "niiza sim-minami", device_id: "minami", name: "South" },
    ],
    offline_cameras: [{ unique_id: "offline-01", device_id: null, name: "Owada" }],
    people: [SUZUKI],
    ledger: { available: true, number: 7, hash: "ab".repeat(32) },
    time_zone: "Asia/Tokyo",
    keep_days: 30,
    notices: [],
    ...changes,
  };
}

export function clip(changes: Partial<Clip> = {}): Clip {
  return {
    clip: "2026-0001-01",
    camera: "niiza sim-kita",
    camera_name: "North",
    start: "2026-11-20T17:00:00+09:00",
    end: "2026-11-20T17:30:00+09:00",
    state: "sealed",
    asked_by: SATO,
    asked_at: "2026-11-21T09:00:00+09:00",
    overwritten_at: null,
    attempts: 0,
    error: null,
    progress: null,
    sealed: {
      master: { name: "2026-0001-01.mp4", size: 12_000_000, sha256: "cd".repeat(32) },
      viewing_copy: null,
      viewing_copy_due: false,
      codec: "h264",
      width: 1280,
      height: 720,
      pictures: 27_000,
      damaged: 0,
      read_on: 0,
      duration: 1800,
      first_picture: "2026-11-20T17:00:00+09:00",
      last_picture: "2026-11-20T17:30:00+09:00",
      gaps: [],
      clocks: [],
      signed_by_camera: false,
      signing: null,
    },
    by_hand: null,
    digest: "cd".repeat(32),
    cuts: [],
    masks: [],
    withdrawal: null,
    watched: { seconds: 0, of: 1800, every_picture: 0, missing_from: 0, fastest: 0 },
    offers: [],
    sealed_early: null,
    rest_of: null,
    withdrawal_steps: [],
    ...changes,
  };
}

/** Footage that two people took at a camera without a network. */
export function byHand(changes: Partial<Clip> = {}): Clip {
  return clip({
    clip: "2026-0001-02",
    camera: "offline-01",
    camera_name: "Owada",
    sealed: null,
    by_hand: {
      second_person: SUZUKI,
      medium: "SD card",
      medium_serial: "SN-42",
      sha256: null,
      clock_offset: -75,
      note: "",
      network: "none",
    },
    digest: "ef".repeat(32),
    watched: null,
    ...changes,
  });
}

/** A part of the clip, preserved, with twelve pictures hidden in its file. */
export function cut(changes: Partial<Cut> = {}): Cut {
  return {
    cut: "2026-0001-01-c01",
    start: "2026-11-20T17:10:00+09:00",
    end: "2026-11-20T17:12:00+09:00",
    encode_anew: false,
    state: "sealed",
    asked_by: SATO,
    asked_at: "2026-11-21T10:00:00+09:00",
    percent: null,
    error: null,
    sealed: {
      file: { name: "2026-0001-01-c01.cut.mp4", size: 1_000_000, sha256: "ba".repeat(32) },
      viewing_copy: null,
      source_sha256: "cd".repeat(32),
      first_picture: "2026-11-20T17:10:00+09:00",
      last_picture: "2026-11-20T17:11:59+09:00",
      pictures: 1800,
      hidden_pictures: 12,
      duration: 120,
      encoded_anew: false,
      signing: null,
    },
    digest: "ba".repeat(32),
    watched: { seconds: 0, of: 120, every_picture: 0, missing_from: 0, fastest: 0 },
    withdrawal: null,
    offers: [],
    withdrawal_steps: [],
    ...changes,
  };
}

/** A masked part of the clip that passed the leak gate. */
export function masked(changes: Partial<Mask> = {}): Mask {
  return {
    mask: "2026-0001-01-m01",
    passage_us: [0, 60_000_000],
    track_sha256: "98".repeat(32),
    fill: "solid",
    marking: null,
    state: "sealed",
    asked_by: SATO,
    asked_at: "2026-11-21T10:00:00+09:00",
    percent: null,
    error: null,
    error_placeholders: {},
    sealed: {
      file: { name: "2026-0001-01-m01.masked.mp4", size: 1_000_000, sha256: "76".repeat(32) },
      source_sha256: "cd".repeat(32),
      first_picture: "2026-11-20T17:00:00+09:00",
      last_picture: "2026-11-20T17:01:00+09:00",
      width: 1280,
      height: 720,
      pictures: 600,
      revealed: 300,
      damaged: 0,
      duration: 60,
    },
    digest: "76".repeat(32),
    withdrawal: null,
    watched: null,
    offers: [],
    withdrawal_steps: [],
    ...changes,
  };
}

/** Its pictures: ten in each of three seconds. */
export function maskView(changes: Partial<MaskView> = {}): MaskView {
  const pictures = Array.from({ length: 30 }, (_, place) => place * 100_000);
  return {
    base: "/api/niiza_cctv/mask_still/token",
    pictures,
    count: pictures.length,
    end_us: pictures.length * 100_000,
    keys: [0, 1_000_000, 2_000_000],
    width: 1280,
    height: 640,
    stretches: [{ at_us: 0, start: "2026-11-20T17:00:00+09:00", end: "2026-11-20T17:30:00+09:00" }],
    ...changes,
  };
}

/** A clip as it is to be released. */
export function releaseItem(changes: Partial<ReleaseItem> = {}): ReleaseItem {
  return {
    item: "2026-0001-01",
    kind: "clip",
    clip: "2026-0001-01",
    camera_name: "North",
    start: "2026-11-20T17:00:00+09:00",
    end: "2026-11-20T17:30:00+09:00",
    granted_start: "2026-11-20T17:00:00+09:00",
    granted_end: "2026-11-20T17:30:00+09:00",
    hidden_pictures: 0,
    digest: "cd".repeat(32),
    size: 12_000_000,
    approved_by: null,
    approved_at: null,
    ...changes,
  };
}

/** The cut as it is to be released. */
export function cutItem(changes: Partial<ReleaseItem> = {}): ReleaseItem {
  return releaseItem({
    item: "2026-0001-01-c01",
    kind: "cut",
    start: "2026-11-20T17:10:00+09:00",
    end: "2026-11-20T17:12:00+09:00",
    granted_start: "2026-11-20T17:10:00+09:00",
    granted_end: "2026-11-20T17:11:59+09:00",
    hidden_pictures: 12,
    digest: "ba".repeat(32),
    ...changes,
  });
}

export function check(changes: Partial<Check> = {}): Check {
  return {
    id: "signage:camera:niiza sim-kita",
    kind: "signage",
    name: "Sign in place",
    object: { kind: "camera", id: "niiza sim-kita", name: "North" },
    due: true,
    due_at: null,
    failed: false,
    photo: true,
    fields: [],
    last: null,
    ...changes,
  };
}

/** A masked part is to be given as a copy; nobody has approved that. */
export function decision(changes: Partial<Decision> = {}): Decision {
  return {
    by: SATO,
    at: "2026-11-21T11:00:00+09:00",
    outcome: "disclosed_in_part",
    way: "copy",
    items: ["2026-0001-01-m01"],
    grounds: ["article_78_1_2"],
    reasons: "Others are seen.",
    digest: "d1".repeat(32),
    approved_by: null,
    approved_at: null,
    ...changes,
  };
}

/** A request for disclosure with a masked part, and what was proposed for it. */
export function disclosure(changes: Partial<Case> = {}): Case {
  const proposed = changes.decision ?? null;
  return aCase({
    kind: "disclosure_request",
    organisation: "",
    request: { requester: "Hanako", identity_checked: "driving licence" },
    passages: [clip({ masks: [masked({ watched: { seconds: 0, of: 60, every_picture: 0, missing_from: 0, fastest: 0 } })] })],
    release_items: proposed?.items.length
      ? [releaseItem({ item: "2026-0001-01-m01", kind: "masked", clip: "2026-0001-01", digest: "76".repeat(32) })]
      : [],
    waits_for_approval: proposed !== null && proposed.approved_by === null && changes.state !== "concluded",
    decide_by: proposed?.approved_by ? null : "2026-12-21",
    offers: ["request_clips", "propose_decision", "approve", "release", "hand_over", "conclude", "reject", "purge"],
    ...changes,
  });
}

export function aCase(changes: Partial<Case> = {}): Case {
  return {
    case: "2026-0001",
    kind: "police_inquiry",
    state: "preserved",
    document_number: "No. 12",
    organisation: "Niiza police",
    created_by: SATO,
    created_at: "2026-11-21T09:00:00+09:00",
    clips: 1,
    sealed: 1,
    fetching: 0,
    failed: 0,
    only_by_hand: false,
    percent: null,
    overwritten_at: null,
    questions: 0,
    waits_for_approval: (changes.state ?? "preserved") === "preserved" && changes.kind !== "disclosure_request",
    way: changes.decision?.way ?? null,
    decide_by: null,
    request: { legal_basis: "刑事訴訟法第197条第2項", requester: "Sergeant Yamada" },
    passages: [clip()],
    release_items: [releaseItem()],
    chosen_by: null,
    decision: null,
    approved_by: null,
    package: null,
    packing: null,
    release: null,
    approval_note: null,
    rejection_reason: null,
    handover: null,
    conclusion: null,
    kept_until: null,
    searches: 0,
    downloads: 0,
    history: [],
    // To somebody who may do everything; who may not is the server's to say.
    offers: [
      "request_clips",
      "register_footage",
      "cancel_clip",
      "approve",
      "release",
      "hand_over",
      "reject",
      "purge",
    ],
    refusals: {},
    outcomes: [],
    ...changes,
  };
}

export function contextOf(hass: FakeHass, known: Info = info()): Context {
  return {
    hass,
    t: textsOf(hass),
    api: new Client(hass.connection),
    clock: new Clock("en-GB", known.time_zone),
    info: known,
  };
}

/** Put an element on the page and wait until what it asked at once is shown. */
export async function show<E extends Part>(name: string, properties: Partial<E>): Promise<E> {
  define();
  const element = Object.assign(document.createElement(name) as E, properties);
  document.body.append(element);
  await settled(element);
  return element;
}

export async function settled(element: { updateComplete: Promise<boolean> }): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setTimeout(resolve));
    await element.updateComplete;
  }
}

export function root(element: Element): ShadowRoot {
  if (!element.shadowRoot) throw new Error("nothing drawn");
  return element.shadowRoot;
}

export function find<E extends Element = HTMLElement>(element: Element, selector: string): E {
  const found = root(element).querySelector<E>(selector);
  if (!found) throw new Error(`no ${selector}`);
  return found;
}

export function texts(element: Element, selector: string): string[] {
  return [...root(element).querySelectorAll(selector)].map((one) =>
    one.textContent.replace(/\s+/g, " ").trim(),
  );
}

export function button(element: Element, text: string): HTMLButtonElement {
  const found = [...root(element).querySelectorAll("button")].find((one) =>
    one.textContent.includes(text),
  );
  if (!found) throw new Error(`no button ${text}`);
  return found;
}

export function write(element: Element, selector: string, value: string): void {
  const field = find<HTMLInputElement>(element, selector);
  field.value = value;
  field.dispatchEvent(new Event("input"));
}
