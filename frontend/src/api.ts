/** Everything that the panel asks of the integration; the shapes are those of services.py, actions/ and websocket/. */

import type { Connection, Hass, HassError } from "./hass";

export const DOMAIN = "niiza_cctv";

export type Kind =
  | "police_inquiry"
  | "disclosure_request"
  | "bar_inquiry"
  | "court_commission"
  | "internal_inspection";
export type State =
  | "received"
  | "preserved"
  | "approved"
  | "released"
  | "handed_over"
  | "concluded"
  | "rejected"
  | "expired"
  | "purged";
export type Outcome = "shown_in_person" | "partly_refused" | "refused" | "nothing_found";
export type RoleName = "viewer" | "exporter" | "approver";
export type ClipState = "requested" | "sealed" | "failed" | "cancelled" | "removed";

export interface Person {
  id: string;
  name: string;
}

export interface Span {
  start: string;
  end: string;
}

export interface StoredFile {
  name: string;
  size: number;
  sha256: string;
}

export interface Progress {
  state: "queued" | "retrieving" | "waiting" | "retrying" | "writing";
  percent: number;
  remaining: number | null;
  place: number;
}

export interface Sealed {
  master: StoredFile;
  viewing_copy: StoredFile | null;
  codec: string;
  width: number;
  height: number;
  pictures: number;
  damaged: number;
  first_picture: string;
  last_picture: string;
  gaps: Span[];
  signed_by_camera: boolean;
}

/** How footage was taken at the station; nothing of it lies here. */
export interface ByHand {
  /** Who was there beside the one who registered it. */
  second_person: Person;
  medium: string;
  medium_serial: string;
  sha256: string | null;
  clock_offset: number | null;
  note: string;
  /** Whether the camera could have been reached when it was registered. */
  network: "none" | "down" | "up";
}

export interface Clip {
  clip: string;
  camera: string;
  camera_name: string;
  start: string;
  end: string;
  state: ClipState;
  asked_by: Person;
  asked_at: string;
  overwritten_at: string | null;
  attempts: number;
  error: string | null;
  progress: Progress | null;
  /** Of a sealed clip one of these two. */
  sealed: Sealed | null;
  by_hand: ByHand | null;
  /** What an approval of it names. */
  digest: string | null;
}

export interface Step {
  number: number;
  at: string;
  person: Person | null;
  action: string;
  details: Record<string, unknown>;
}

export interface CaseListed {
  case: string;
  kind: Kind;
  state: State;
  document_number: string;
  organisation: string;
  created_by: Person;
  created_at: string;
  clips: number;
  sealed: number;
  fetching: number;
  failed: number;
  /** All that is sealed was taken by hand: it is handed over as it is, without a package. */
  only_by_hand: boolean;
  percent: number | null;
  overwritten_at: string | null;
}

export interface Case extends CaseListed {
  request: Record<string, string>;
  passages: Clip[];
  approved_by: Person | null;
  package: StoredFile | null;
  /** When an open case expires, or the footage of an ended one is removed. */
  kept_until: string | null;
  searches: number;
  downloads: number;
  history: Step[];
}

export interface KindRule {
  kind: Kind;
  required: string[];
  optional: string[];
  may_release_master: boolean;
  /** What the law says; a single one is filled in by itself. */
  legal_bases: string[];
  /** How a case may end without a hand-over. */
  outcomes: Outcome[];
}

export interface Camera {
  unique_id: string;
  name: string;
}

export interface LedgerHead {
  available: boolean;
  number: number;
  hash: string;
}

export type PageName = "cases" | "checks" | "settings" | "ledger";

export interface Info {
  user: Person;
  /** What is there for this person, the first one first. */
  pages: PageName[];
  roles: RoleName[];
  kinds: KindRule[];
  cameras: Camera[];
  /** Without a network: their footage is only ever registered. */
  offline_cameras: Camera[];
  /** Who can be the second person who was there. */
  people: Person[];
  ledger: LedgerHead;
  time_zone: string;
  keep_days: number;
}

export interface Found {
  camera: string;
  camera_name: string;
  stretches: Span[];
  gaps: Span[];
  overwritten_at: string | null;
  /** Key of what keeps the card from being read. */
  error: string | null;
  /** Seconds that the camera's clock is ahead; every time here is corrected for it. */
  clock_offset: number | null;
  /** Whether the gaps are the camera's own account; otherwise there may be more of them. */
  exact: boolean;
}

export interface Opened extends Span {
  /** Of the playlist; good for minutes. */
  url: string;
  /** "h264" or "hevc"; null where the camera does not tell. */
  codec: string | null;
  gaps: Span[];
}

export interface Watched {
  /** Of an MP4, good for minutes: the viewing copy where there is one, else the master. */
  path: string;
  codec: string;
}

export interface Link {
  link: string;
  expires: string;
  file: StoredFile;
}

export interface Released extends Link {
  case: string;
  passphrase: string | null;
}

/** One entry of the ledger, as people read it. */
export interface Entry {
  number: number;
  at: string;
  person: Person | null;
  action: string;
  case: string | null;
  camera: string | null;
  details: Record<string, unknown>;
  refused: { what: string; reason: string; count: number } | null;
}

export interface Verified {
  entries: number;
  number: number;
  hash: string;
  broken: number | null;
  reason: string;
}

export type Result = "passed" | "failed";
export type ObjectKind = "section" | "camera" | "offline_camera" | "tablet";

export interface CheckRecord {
  at: string;
  person: Person;
  result: Result;
  note: string;
  /** Where its picture is; null without one, and for people who may not see it. */
  photo: string | null;
  fields: Record<string, string>;
}

/** Something to look at regularly, on one object. */
export interface Check {
  id: string;
  kind: string;
  name: string;
  object: { kind: ObjectKind; id: string; name: string };
  due: boolean;
  /** null: it never passed. */
  due_at: string | null;
  /** Whether what was found last is still to be mended. */
  failed: boolean;
  /** Whether a picture is asked for. */
  photo: boolean;
  fields: string[];
  last: CheckRecord | null;
}

export interface Checks {
  checks: Check[];
  /** Whether this person may say how it stands, by check. */
  may: Record<string, boolean>;
}

export interface Size {
  width: number;
  height: number;
}

/** A resolution that was raised for a time. */
export interface Raised {
  since: string;
  until: string;
  by: Person | null;
  before: Size | null;
  after: Size | null;
  /** Whether the time is over: it must be put back. */
  over: boolean;
  /** false: the connection broke while it was being set. */
  certain: boolean;
}

/** What stands on a camera; what was not asked or not answered is null. */
export interface CameraSettings {
  camera: string;
  name: string;
  read: boolean;
  error: string | null;
  audio: { disabled: boolean | null; on_card_until: string | null; allowed: boolean };
  resolution: {
    now: Size | null;
    recorded: boolean | null;
    everyday: Size | null;
    evidence: Size | null;
    within_limit: boolean | null;
  };
  clock: {
    offset: number | null;
    problem: boolean | null;
    mode: "ntp" | "manual" | "unknown" | null;
    ntp: string | null;
  };
  raised: Raised | null;
}

export interface AllSettings {
  may: boolean;
  cameras: CameraSettings[];
}

interface AudioValues {
  audio: string[];
}
interface ResolutionValues {
  mode: "everyday" | "evidence";
  profiles: (Size & { profile: string; recorded: boolean })[];
}
interface ClockValues {
  mode: "ntp" | "manual" | "unknown";
  ntp: string | null;
  offset: string | null;
}
export type SettingValues = AudioValues | ResolutionValues | ClockValues;
export type Setting = "audio_off" | "resolution" | "clock";

interface Sentence {
  key: string;
  text: string;
}

/** A change that waits for the settings password. */
export interface SettingsRequest {
  token: string;
  link: string;
  expires: string;
  tries_left: number;
  camera: string;
  camera_name: string;
  setting: Setting;
  before: SettingValues;
  after: SettingValues;
  until: string | null;
  /** Whether the camera is already so. */
  already: boolean;
  warnings: Sentence[];
}

/** What became of a change: read back from the camera, not what was asked for. */
export interface SettingDone {
  /** null: the connection broke in the middle, nobody knows. */
  done: boolean | null;
  verified: boolean;
  changed: boolean;
  before: SettingValues;
  /** null: nothing could be read back any more. */
  after: SettingValues | null;
  until: string | null;
  message: string;
  remains: Sentence[];
  recorded: boolean;
}

export interface SettingRefused {
  error: string;
  message: string;
  tries_left: number | null;
}

export interface PassageAsked {
  cameras: string[];
  start: string;
  end: string;
  margin?: number;
}

/** A refusal or failure, as the server words it. */
export class ServerError extends Error {
  constructor(override readonly cause: HassError) {
    super(cause.message ?? cause.code ?? "");
  }

  /** Whether it is this person who may not, rather than something that passes. */
  get refusesPerson(): boolean {
    return (
      this.cause.code === "unauthorized" || !!this.cause.translation_key?.startsWith("not_allowed")
    );
  }
}

function asServerError(error: unknown): ServerError {
  return new ServerError(
    typeof error === "object" && error !== null ? error : { message: String(error) },
  );
}

/** The integration as the panel sees it. The server decides everything; this only carries questions and answers. */
export class Client {
  constructor(private readonly connection: Connection) {}

  private async send<T>(message: { type: string } & Record<string, unknown>): Promise<T> {
    try {
      return await this.connection.sendMessagePromise<T>(message);
    } catch (error) {
      throw asServerError(error);
    }
  }

  private async act<T>(service: string, data: Record<string, unknown>): Promise<T> {
    const filled = Object.fromEntries(
      Object.entries(data).filter(([, value]) => value !== undefined && value !== ""),
    );
    const { response } = await this.send<{ response: T }>({
      type: "call_service",
      domain: DOMAIN,
      service,
      service_data: filled,
      return_response: true,
    });
    return response;
  }

  info = () => this.send<Info>({ type: `${DOMAIN}/info` });
  changes = async (callback: () => void) => {
    try {
      return await this.connection.subscribeMessage(callback, { type: `${DOMAIN}/subscribe` });
    } catch (error) {
      throw asServerError(error);
    }
  };

  ledgerPage = (before?: number) =>
    this.send<{ entries: Entry[] }>({ type: `${DOMAIN}/ledger`, ...(before ? { before } : {}) }).then(
      (answer) => answer.entries,
    );
  playback = (camera: string, start: string, end: string) =>
    this.send<Opened>({ type: `${DOMAIN}/playback`, camera, start, end });

  watchClip = (clip: string) => this.send<Watched>({ type: `${DOMAIN}/watch_clip`, clip });

  checks = () => this.send<Checks>({ type: `${DOMAIN}/checks` });
  checkHistory = (check: string) =>
    this.send<{ history: CheckRecord[] }>({ type: `${DOMAIN}/check_history`, check }).then(
      (answer) => answer.history,
    );
  recordCheck = (check: string, result: Result, more: Record<string, string | undefined>) =>
    this.act<unknown>("record_check", { check, result, ...more });

  cameraSettings = (camera?: string) =>
    this.send<AllSettings>({ type: `${DOMAIN}/camera_settings`, ...(camera ? { camera } : {}) });
  settingsRequest = (token: string) =>
    this.send<SettingsRequest>({ type: `${DOMAIN}/settings_request`, token });
  switchAudioOff = (camera: string) => this.act<SettingsRequest>("switch_audio_off", { camera });
  setResolution = (camera: string, resolution: "everyday" | "evidence", hours?: number) =>
    this.act<SettingsRequest>("set_resolution", { camera, resolution, hours });
  setClock = (camera: string, ntp_server: string) =>
    this.act<SettingsRequest>("set_clock", { camera, ntp_server });

  listCases = async () => (await this.act<{ cases: CaseListed[] }>("list_cases", {})).cases;
  getCase = (id: string) => this.act<Case>("get_case", { case: id });
  findRecordings = (asked: Omit<PassageAsked, "margin">, id?: string) =>
    this.act<{ cameras: Found[] }>("find_recordings", { ...asked, case: id }).then(
      (answer) => answer.cameras,
    );
  createCase = (kind: Kind, request: Record<string, string>, passage?: PassageAsked) =>
    this.act<{ case: string }>("create_case", { kind, ...request, ...passage });
  exportClip = (id: string, passage: PassageAsked) =>
    this.act<unknown>("export_clip", { case: id, ...passage });
  cancelClip = (clip: string) => this.act<unknown>("cancel_clip", { clip });
  registerFootage = (id: string, footage: Record<string, string | boolean | number | undefined>) =>
    this.act<unknown>("register_footage", { case: id, ...footage });
  approve = (id: string, note: string, clips: Record<string, string>) =>
    this.act<unknown>("approve_case", { case: id, note, clips });
  reject = (id: string, reason: string) => this.act<unknown>("reject_case", { case: id, reason });
  release = (id: string, encrypt: boolean) =>
    this.act<Released>("release_case", { case: id, encrypt });
  handOver = (id: string, recipient: string, medium: string, medium_serial: string) =>
    this.act<unknown>("hand_over", { case: id, recipient, medium, medium_serial });
  conclude = (id: string, outcome: Outcome, reasons: string) =>
    this.act<unknown>("conclude_case", { case: id, outcome, reasons });
  purge = (id: string) => this.act<unknown>("purge_case", { case: id });
  exportLedger = (form: "csv" | "jsonl") => this.act<Link>("export_ledger", { form });
  verifyLedger = () => this.act<Verified>("verify_ledger", {});
}

/**
 * Have a change done with the camera's settings password, which goes no other way and is kept nowhere.
 *
 * Not over the websocket, whose messages Home Assistant may log.
 */
export async function changeSetting(
  hass: Hass,
  token: string,
  username: string,
  password: string,
): Promise<SettingDone | SettingRefused> {
  const response = await hass.fetchWithAuth(`/api/${DOMAIN}/settings/${encodeURIComponent(token)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username, password }),
  });
  return (await response.json()) as SettingDone | SettingRefused;
}
