/** Everything that the panel asks of the integration. The shapes of its answers are generated: api-types.ts. */

import type {
  AllSettingsShown as AllSettings,
  CaseKind as Kind,
  CaseListed,
  CaseShown as Case,
  CasesResponse,
  Checks,
  DoneShown,
  EntriesResponse,
  EntryShown as Entry,
  FilmOpened,
  HistoryResponse,
  Info as InfoShown,
  LinkResponse as Link,
  Outcome,
  RecordShown as CheckRecord,
  RecordingsResponse,
  RecordingsShown as Found,
  ReleaseResponse as Released,
  RequestShown,
  Result,
  SettingRefusedShown,
  SettingsShown as CameraSettings,
  SizeShown as Size,
  SpanShown as Span,
  VerificationResponse as Verified,
} from "./api-types";
import type { Connection, Hass, HassError } from "./hass";

export type {
  ByHandShown as ByHand,
  CaseState as State,
  CheckShown as Check,
  ClipShown as Clip,
  KindShown as KindRule,
  Permission,
  AssetKind,
  Role as RoleName,
  SealedShown as Sealed,
  StepShown as Step,
} from "./api-types";
export type {
  AllSettings,
  CameraSettings,
  Case,
  CaseListed,
  CheckRecord,
  Checks,
  Entry,
  FilmOpened,
  Found,
  Link,
  Outcome,
  Released,
  Result,
  Size,
  Span,
  Verified,
};

export const DOMAIN = "niiza_cctv";

/** A generated shape of which the panel knows more than its TypedDict says. */
type Known<Shape, More> = Omit<Shape, keyof More> & More;

export type PageName = "cases" | "checks" | "settings" | "ledger";
export type Info = Known<InfoShown, { pages: PageName[] }>;

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

/** A change that waits for the settings password. */
export type SettingsRequest = Known<RequestShown, { before: SettingValues; after: SettingValues }>;
/** What became of a change: read back from the camera, not what was asked for; null where nothing could be read any more. */
export type SettingDone = Known<DoneShown, { before: SettingValues; after: SettingValues | null }>;

// --- What it is asked with -------------------------------------------------------------------------------------

export interface PassageAsked {
  cameras: string[];
  start: string;
  end: string;
  margin?: number;
}

// --- Asking ----------------------------------------------------------------------------------------------------

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
    this.send<EntriesResponse>({ type: `${DOMAIN}/ledger`, ...(before ? { before } : {}) });
  playback = (camera: string, start: string, end: string) =>
    this.send<FilmOpened>({ type: `${DOMAIN}/playback`, camera, start, end });

  watchClip = (clip: string) => this.send<FilmOpened>({ type: `${DOMAIN}/watch_clip`, clip });

  checks = () => this.send<Checks>({ type: `${DOMAIN}/checks` });
  checkHistory = (check: string) =>
    this.send<HistoryResponse>({ type: `${DOMAIN}/check_history`, check }).then(
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

  listCases = async () => (await this.act<CasesResponse>("list_cases", {})).cases;
  getCase = (id: string) => this.act<Case>("get_case", { case: id });
  findRecordings = (asked: Omit<PassageAsked, "margin">, id?: string) =>
    this.act<RecordingsResponse>("find_recordings", { ...asked, case: id }).then(
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
  keepOpen = (id: string) => this.act<unknown>("keep_open", { case: id });
  purge = (id: string) => this.act<unknown>("purge_case", { case: id });
  dismissNotice = (tag: string) => this.send<null>({ type: `${DOMAIN}/dismiss_notice`, tag });
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
): Promise<SettingDone | SettingRefusedShown> {
  const response = await hass.fetchWithAuth(`/api/${DOMAIN}/settings/${encodeURIComponent(token)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username, password }),
  });
  return (await response.json()) as SettingDone | SettingRefusedShown;
}
