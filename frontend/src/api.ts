/** Everything that the panel asks of the integration. The shapes of its answers are generated: api-types.ts. */

import type {
  AcceptanceShown as Acceptance,
  BundleShown as CameraAnswers,
  AllSettingsShown as AllSettings,
  AppointmentShown as Appointment,
  Decided,
  DecisionShown as Decision,
  CaseKind as Kind,
  CaseListed,
  CaseShown as Case,
  CasesResponse,
  Checks,
  DoneShown,
  CounterOpened,
  DraftSaved,
  EntriesResponse,
  EntryShown as Entry,
  FilmOpened,
  HistoryResponse,
  Info as InfoShown,
  LinkResponse as Link,
  MaskTrackSaved,
  MaskTrackShown,
  MaskViewShown as MaskView,
  ProposalShown,
  Outcome,
  Permission,
  PeopleResponse,
  RecordShown as CheckRecord,
  RecordingsResponse,
  RecordingsShown as Found,
  ReleaseItemShown as ReleaseItem,
  ReleaseResponse as Released,
  RequestShown,
  Result,
  SettingRefusedShown,
  SettingsShown as CameraSettings,
  SizeShown as Size,
  GapShown as Gap,
  Ground,
  SpanShown as Span,
  VerificationResponse as Verified,
  WatchedShown as Watched,
  Way,
  WithdrawalStep,
} from "./api-types";
import type { Connection, Hass, HassError } from "./hass";
import { type Sides, type Track, WHOLE } from "./mask-track";
import type { Played } from "./watched";

export type {
  CounterOpened,
  ByHandShown as ByHand,
  CaseState as State,
  CheckShown as Check,
  PackingShown as Packing,
  ReleasedShown as LastRelease,
  ClipShown as Clip,
  ClockStretchShown as ClockStretch,
  CutShown as Cut,
  MaskShown as Mask,
  MaskTracksShown,
  ProposalShown as Proposal,
  SealedCutShown as SealedCut,
  SealedMaskShown as SealedMask,
  SigningShown as Signing,
  KindShown as KindRule,
  Permission,
  AssetKind,
  Role as RoleName,
  SealedShown as Sealed,
  StepShown as Step,
} from "./api-types";
export type {
  Acceptance,
  AllSettings,
  CameraAnswers,
  Appointment,
  CameraSettings,
  Case,
  CaseListed,
  CheckRecord,
  Checks,
  Decided,
  Decision,
  Entry,
  FilmOpened,
  Found,
  Link,
  MaskView,
  Outcome,
  ReleaseItem,
  Released,
  Result,
  Size,
  Gap,
  Ground,
  Span,
  Verified,
  Watched,
  Way,
  WithdrawalStep,
};

export type { ReportShown as TestReport } from "./api-types";

/** While Home Assistant starts, or the section is not there, it is asked again after so many milliseconds. */
export const AGAIN = 3000;
export const DOMAIN = "niiza_cctv";

/** A generated shape of which the panel knows more than its TypedDict says. */
type Known<Shape, More> = Omit<Shape, keyof More> & More;

export type PageName = "cases" | "checks" | "board" | "settings" | "ledger" | "people";
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

/** What an approver was shown of a clip or a cut. */
export interface ApprovedItem {
  item: string;
  sha256: string;
  hidden_pictures: number;
}

/** How a request for disclosure is to be answered; the reasons are written. */
export interface DecisionAsked {
  outcome: Decided;
  way?: Way | undefined;
  /** Numbers of masked clips. */
  items: readonly string[];
  grounds: readonly Ground[];
}

/** How a masked clip is to look, and which part of the clip it is. */
export interface MaskAsked {
  start?: string | undefined;
  end?: string | undefined;
  fill: "solid" | "picture" | "median";
  /** Seconds of the clip. */
  plate_at?: number | undefined;
  marking: "none" | "for_viewing" | "copy";
}

/** Who sees footage at the counter. */
export type ShownTo = "requester" | "representative";

/** What somebody wrote for a step, by field. */
export type Written = Record<string, string | undefined>;

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

function filled<T>(data: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined && value !== ""));
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
    const { response } = await this.send<{ response: T }>({
      type: "call_service",
      domain: DOMAIN,
      service,
      service_data: filled(data),
      return_response: true,
    });
    return response;
  }

  /**
   * Take a step with what somebody wrote for it, which goes into a draft: Home Assistant keeps the data of actions.
   *
   * The form keeps what was typed until the step is taken, so a draft that came to nothing is thrown away.
   */
  private async actOn<T>(
    step: Permission,
    written: Written,
    service: string,
    data: Record<string, unknown>,
  ): Promise<T> {
    const fields = filled(written);
    if (!Object.keys(fields).length) return this.act<T>(service, data);
    const { draft_id } = await this.send<DraftSaved>({ type: `${DOMAIN}/save_draft`, step, fields });
    try {
      return await this.act<T>(service, { ...data, draft_id });
    } catch (error) {
      // Without a connection it goes with the log-in, or with its time.
      this.send({ type: `${DOMAIN}/discard_draft`, draft_id }).catch(() => undefined);
      throw error;
    }
  }

  info = () => this.send<Info>({ type: `${DOMAIN}/info` });
  changes = async (callback: () => void) => {
    try {
      // Renewed by the panel: Home Assistant's own renewal gives up on a section that is not there yet.
      return await this.connection.subscribeMessage(
        callback,
        { type: `${DOMAIN}/subscribe` },
        { resubscribe: false },
      );
    } catch (error) {
      throw asServerError(error);
    }
  };

  ledgerPage = (before?: number) =>
    this.send<EntriesResponse>({ type: `${DOMAIN}/ledger`, ...(before ? { before } : {}) });
  playback = (camera: string, start: string, end: string) =>
    this.send<FilmOpened>({ type: `${DOMAIN}/playback`, camera, start, end });

  watchClip = (clip: string) => this.send<FilmOpened>({ type: `${DOMAIN}/watch_clip`, clip });
  /** On the section's screen; who is there goes into a draft. */
  openCounter = async (item: string, shown_to: ShownTo, present: string) => {
    const { draft_id } = await this.send<DraftSaved>({
      type: `${DOMAIN}/save_draft`,
      step: "show_at_counter" satisfies Permission,
      fields: filled({ present }),
    });
    try {
      return await this.send<CounterOpened>({ type: `${DOMAIN}/open_counter`, item, shown_to, draft_id });
    } catch (error) {
      this.send({ type: `${DOMAIN}/discard_draft`, draft_id }).catch(() => undefined);
      throw error;
    }
  };
  endCounter = (showing: number) => this.send<unknown>({ type: `${DOMAIN}/end_counter`, showing });
  tellWatched = (clip: string, { speed, reaches }: Played) =>
    this.send<Watched>({ type: `${DOMAIN}/watched`, clip, speed, reaches });

  checks = () => this.send<Checks>({ type: `${DOMAIN}/checks` });
  checkHistory = (check: string) =>
    this.send<HistoryResponse>({ type: `${DOMAIN}/check_history`, check }).then(
      (answer) => answer.history,
    );
  recordCheck = (check: string, result: Result, written: Written, photo?: string) =>
    this.actOn<unknown>("record_check", written, "record_check", { check, result, photo });

  cameraSettings = (camera?: string) =>
    this.send<AllSettings>({ type: `${DOMAIN}/camera_settings`, ...(camera ? { camera } : {}) });
  settingsRequest = (token: string) =>
    this.send<SettingsRequest>({ type: `${DOMAIN}/settings_request`, token });
  acceptance = (camera: string, language: string) =>
    this.send<Acceptance>({ type: `${DOMAIN}/acceptance`, camera, language });
  startAcceptance = (camera: string, language: string) =>
    this.send<unknown>({ type: `${DOMAIN}/acceptance_start`, camera, language });
  cancelAcceptance = () => this.send<null>({ type: `${DOMAIN}/acceptance_cancel` });
  acceptanceAnswers = (camera: string) =>
    this.send<CameraAnswers>({ type: `${DOMAIN}/acceptance_answers`, camera });
  switchAudioOff = (camera: string) => this.act<SettingsRequest>("switch_audio_off", { camera });
  setResolution = (camera: string, resolution: "everyday" | "evidence", hours?: number) =>
    this.act<SettingsRequest>("set_resolution", { camera, resolution, hours });
  setClock = (camera: string, ntp_server: string) =>
    this.act<SettingsRequest>("set_clock", { camera, ntp_server });

  listCases = async () => (await this.act<CasesResponse>("list_cases", {})).cases;
  getCase = (id: string) => this.act<Case>("get_case", { case: id });
  /** Of a clip what somebody drew, of a masked clip what it was made by. */
  maskTrack = (item: string) => this.send<MaskTrackShown>({ type: `${DOMAIN}/mask_track`, item });
  /** Over the websocket: what is drawn goes over no bus. `based_on` names the track that was seen, null where there was none. */
  saveMaskTrack = (clip: string, track: Track, based_on: string | null) =>
    this.send<MaskTrackSaved>({ type: `${DOMAIN}/save_mask_track`, clip, track, based_on });
  maskView = (clip: string) => this.send<MaskView>({ type: `${DOMAIN}/mask_view`, clip });
  /** Where what is in a box goes from a time; microseconds and millionths, as everywhere in a track. */
  proposeTrack = (clip: string, at_us: number, box: Sides, seconds: number) => {
    const [left, top, right, bottom] = box.map((side) => side / WHOLE);
    return this.act<ProposalShown>("propose_track", { clip, at: at_us / 1e6, left, top, right, bottom, seconds });
  };
  renderMaskedClip = (clip: string, track_sha256: string, how: MaskAsked) =>
    this.act<unknown>("render_masked_clip", { clip, track_sha256, ...how });

  findRecordings = (asked: Omit<PassageAsked, "margin">, id?: string) =>
    this.act<RecordingsResponse>("find_recordings", { ...asked, case: id }).then(
      (answer) => answer.cameras,
    );
  createCase = (kind: Kind, request: Written, passage?: PassageAsked) =>
    this.actOn<{ case: string }>("create", request, "create_case", { kind, ...passage });
  exportClip = (id: string, passage: PassageAsked) =>
    this.act<unknown>("export_clip", { case: id, ...passage });
  sealEarly = (clip: string) => this.act<unknown>("seal_early", { clip });
  cancelClip = (clip: string) => this.act<unknown>("cancel_clip", { clip });
  registerFootage = (
    id: string,
    footage: Record<string, string | boolean | number | undefined>,
    written: Written,
  ) => this.actOn<unknown>("register_footage", written, "register_footage", { case: id, ...footage });
  /** Each item with what the approver was shown of it; a proposed decision, by its digest, with all that it discloses. */
  approve = (id: string, note: string, items: readonly ApprovedItem[], decision?: string) =>
    this.actOn<unknown>("approve", { note }, "approve_case", { case: id, items, decision });
  proposeDecision = (id: string, proposal: DecisionAsked, reasons: string) =>
    this.actOn<unknown>("propose_decision", { reasons }, "propose_decision", { case: id, ...proposal });
  chooseForRelease = (id: string, items: readonly string[]) =>
    this.act<unknown>("choose_for_release", { case: id, items });
  cutClip = (clip: string, start: string, end: string, encode_anew: boolean) =>
    this.act<unknown>("cut_clip", { clip, start, end, encode_anew });
  withdrawClip = (item: string, decision: WithdrawalStep) =>
    this.act<unknown>("withdraw_clip", { item, decision });
  reject = (id: string, reason: string) =>
    this.actOn<unknown>("reject", { reason }, "reject_case", { case: id });
  release = (id: string, encrypt: boolean) =>
    this.act<Released>("release_case", { case: id, encrypt });
  handOver = (id: string, recipient: string, medium: string, medium_serial: string) =>
    this.actOn<unknown>("hand_over", { recipient, medium, medium_serial }, "hand_over", { case: id });
  conclude = (id: string, outcome: Outcome, reasons: string) =>
    this.actOn<unknown>("conclude", { reasons }, "conclude_case", { case: id, outcome });
  keepOpen = (id: string) => this.act<unknown>("keep_open", { case: id });
  purge = (id: string) => this.act<unknown>("purge_case", { case: id });
  dismissNotice = (tag: string) => this.send<null>({ type: `${DOMAIN}/dismiss_notice`, tag });
  exportLedger = (form: "csv" | "jsonl") => this.act<Link>("export_ledger", { form });
  people = () => this.send<PeopleResponse>({ type: `${DOMAIN}/people` });
  confirmAppointment = (appointment: number) =>
    this.act<unknown>("confirm_appointment", { appointment });
  declineAppointment = (appointment: number) =>
    this.act<unknown>("decline_appointment", { appointment });
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
