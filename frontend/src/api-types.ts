/** What the integration answers, written by scripts/panel_types.py from its TypedDicts: change those, and run it. */

export type AssetKind = "section" | "camera" | "offline_camera" | "tablet";
export type CaseKind = "police_inquiry" | "disclosure_request" | "bar_inquiry" | "court_commission" | "internal_inspection";
export type CaseState = "received" | "preserved" | "approved" | "released" | "handed_over" | "concluded" | "rejected" | "expired" | "purged";
export type ClipState = "requested" | "sealed" | "failed" | "cancelled" | "withdrawn" | "removed";
export type ClockKnown = "measured" | "between" | "before" | "never";
export type ClockMode = "ntp" | "manual" | "unknown";
export type Decided = "disclosed_in_full" | "disclosed_in_part" | "refused" | "nothing_found";
export type Fault = "dead" | "another_camera" | "card_missing" | "card_error" | "not_recording" | "stale" | "audio" | "certificate_changed" | "login_refused" | "not_read" | "sign_failed" | "check_failed" | "mails_missing" | "too_short" | "too_long" | "default_password" | "administrator" | "put_back" | "clock_off" | "resolution" | "sign_due" | "card_due" | "unproven";
export type Fitness = "fit" | "limits" | "unfit" | "unknown";
export type Ground = "article_78_1_1" | "article_78_1_2" | "article_78_1_3" | "article_78_1_6" | "article_78_1_7" | "article_81";
export type ItemKind = "clip" | "cut" | "viewing_copy" | "masked" | "by_hand";
export type Json = boolean | number | string | Json[] | { [key: string]: Json } | null;
export type Mark = "good" | "limit" | "bad" | "unknown" | "plain";
export type Network = "none" | "down" | "up";
export type NextStep = "ask" | "refresh" | "prove" | "settings" | "repair" | "device" | "check" | "ledger" | "section";
export type Outcome = "shown_in_person" | "partly_refused" | "refused" | "nothing_found";
export type Permission = "see_cases" | "export_ledger" | "create" | "search" | "watch" | "request_clips" | "register_footage" | "cancel_clip" | "seal_early" | "cut_clip" | "mask_clip" | "withdraw_clip" | "choose_for_release" | "propose_decision" | "approve" | "reject" | "show_at_counter" | "release" | "download" | "hand_over" | "conclude" | "keep_open" | "purge" | "restore" | "remove_folder" | "confirm_clock" | "change_setting" | "test_camera" | "mute_alerts" | "see_checks" | "see_check_photo" | "record_check" | "notify" | "get_summary" | "see_board" | "see_appointments" | "confirm_appointment" | "decline_appointment";
export type ProposalEnd = "done" | "lost" | "left" | "damaged";
export type ReadBackOutcome = "decoded" | "no_data" | "undecodable" | "not_possible";
export type Result = "passed" | "failed";
export type RetentionStatus = "within" | "too_short" | "too_long";
export type RetrievalState = "queued" | "retrieving" | "waiting" | "retrying" | "writing";
export type Role = "viewer" | "exporter" | "approver" | "tablet";
export type SdStatus = "recording" | "not_recording" | "card_missing" | "card_error" | "stale" | "unproven";
export type Setting = "audio_off" | "resolution" | "clock";
export type Severity = "grave" | "serious" | "minor" | "unknown";
export type Sign = "onvif" | "mail";
export type Source = "recording" | "camera";
export type State = "authentic" | "pictures_missing" | "not_authentic" | "not_signed" | "not_checked";
export type Step = "identity" | "services" | "login" | "clock" | "card" | "events" | "picture" | "audio" | "replay" | "signing" | "quirks" | "schema";
export type Trust = "trusted" | "unknown_root" | "out_of_date" | "broken" | "no_time";
export type Values = Record<string, Json>;
export type Verdict = "authentic" | "pictures_missing" | "not_authentic" | "not_checked";
export type Way = "copy" | "view";
export type WithdrawalStep = "request" | "confirm" | "decline";

/** A person, by the name that they had when they did it. */
export interface PersonShown {
  id: string;
  name: string;
}

/** A stretch of time. */
export interface SpanShown {
  start: string;
  end: string;
}

/** A stretch without pictures. */
export interface GapShown extends SpanShown {
  reason: string | null;
  decided_at: string | null;
}

/** A file that was sealed: its name, size in bytes and SHA-256. */
export interface FileShown {
  name: string;
  size: number;
  sha256: string;
}

/** How far a clip is fetched. */
export interface ProgressShown {
  state: RetrievalState;
  percent: number;
  remaining: number | null;
  place: number;
  real_time: boolean;
  stalled: boolean;
}

/** By what clock a stretch of footage was placed in time, and how that is known. */
export interface ClockStretchShown {
  start: string;
  end: string;
  ahead: number;
  ahead_until: number;
  known: ClockKnown;
  measured: string[] | null;
  doubt: number;
  twice: boolean;
}

/** A stretch whose pictures are not simply as the camera signed them. */
export interface SignedSpanShown {
  start: string;
  end: string;
  verdict: Verdict;
}

/** What the camera's own signatures prove of a clip. */
export interface SigningShown {
  state: State;
  until: string | null;
  spans: SignedSpanShown[];
  more_spans: number;
  trust: Trust | null;
  signer: string;
  fingerprint: string;
  certificate_from: Source | null;
}

/** A clip that was fetched, verified and sealed. */
export interface SealedShown {
  master: FileShown;
  viewing_copy: FileShown | null;
  viewing_copy_due: boolean;
  codec: string;
  width: number;
  height: number;
  pictures: number;
  damaged: number;
  read_on: number;
  duration: number;
  first_picture: string;
  last_picture: string;
  gaps: GapShown[];
  clocks: ClockStretchShown[];
  signed_by_camera: boolean;
  signing: SigningShown | null;
}

/** Who decided to wait no longer for what a camera did not give. */
export interface SealedEarlyShown {
  by: PersonShown;
  at: string;
}

/** That somebody wants a sealed clip or cut out of its case; another person confirms. */
export interface WithdrawalShown {
  by: PersonShown;
  at: string;
}

/** A part of a sealed clip. */
export interface CutShown {
  cut: string;
  start: string;
  end: string;
  encode_anew: boolean;
  state: ClipState;
  asked_by: PersonShown;
  asked_at: string;
  percent: number | null;
  error: string | null;
  sealed: SealedCutShown | null;
  digest: string | null;
  withdrawal: WithdrawalShown | null;
  watched: WatchedShown | null;
  offers: Permission[];
  withdrawal_steps: WithdrawalStep[];
}

/** A cut that was made, proved and sealed. */
export interface SealedCutShown {
  file: FileShown;
  viewing_copy: FileShown | null;
  source_sha256: string;
  first_picture: string;
  last_picture: string;
  pictures: number;
  hidden_pictures: number;
  duration: number;
  encoded_anew: boolean;
  signing: SigningShown | null;
}

/** A masked part of a sealed clip: all is hidden but what its track reveals. */
export interface MaskShown {
  mask: string;
  passage_us: number[];
  track_sha256: string;
  fill: string;
  marking: string | null;
  state: string;
  asked_by: PersonShown;
  asked_at: string;
  percent: number | null;
  error: string | null;
  error_placeholders: Record<string, string>;
  sealed: SealedMaskShown | null;
  digest: string | null;
  withdrawal: WithdrawalShown | null;
  watched: WatchedShown | null;
  offers: Permission[];
  withdrawal_steps: WithdrawalStep[];
}

/** A masked clip that passed the leak gate. */
export interface SealedMaskShown {
  file: FileShown;
  source_sha256: string;
  first_picture: string;
  last_picture: string;
  width: number;
  height: number;
  pictures: number;
  revealed: number;
  damaged: number;
  duration: number;
}

/** A clip or a part of one that is to be released. */
export interface ReleaseItemShown {
  item: string;
  kind: ItemKind;
  clip: string;
  camera_name: string;
  start: string;
  end: string;
  granted_start: string | null;
  granted_end: string | null;
  hidden_pictures: number;
  digest: string;
  size: number | null;
  approved_by: PersonShown | null;
  approved_at: string | null;
}

/** One passage of one camera, asked for in a case or taken by hand for it. */
export interface ClipShown {
  clip: string;
  camera: string;
  camera_name: string;
  start: string;
  end: string;
  state: ClipState;
  asked_by: PersonShown;
  asked_at: string;
  overwritten_at: string | null;
  attempts: number;
  error: string | null;
  progress: ProgressShown | null;
  sealed: SealedShown | null;
  by_hand: ByHandShown | null;
  digest: string | null;
  cuts: CutShown[];
  masks: MaskShown[];
  withdrawal: WithdrawalShown | null;
  watched: WatchedShown | null;
  offers: Permission[];
  sealed_early: SealedEarlyShown | null;
  rest_of: string | null;
  withdrawal_steps: WithdrawalStep[];
}

/** How footage was taken at the station; nothing of it lies here. */
export interface ByHandShown {
  second_person: PersonShown;
  medium: string;
  medium_serial: string;
  sha256: string | null;
  clock_offset: number | null;
  note: string;
  network: Network;
}

/** One step of a case, as the ledger has it. */
export interface StepShown {
  at: string;
  person: PersonShown | null;
  number: number;
  action: string;
  details: Record<string, unknown>;
}

/** An evidence package that is being made. */
export interface PackingShown {
  by: PersonShown;
  encrypted: boolean;
  percent: number;
  remaining: number | null;
}

/** The newest evidence package: its link and its passphrase were shown once, to who released it. */
export interface ReleasedShown {
  by: PersonShown;
  at: string;
  encrypted: boolean;
  link_until: string;
  download_begun: boolean;
  downloaded: boolean;
}

/** Who got the package, on what. */
export interface HandoverShown {
  by: PersonShown;
  at: string;
  recipient: string;
  medium: string;
  medium_serial: string;
}

/** How a case ended without a hand-over. */
export interface ConclusionShown {
  by: PersonShown;
  at: string;
  outcome: Outcome;
  reasons: string;
}

/** How a request for disclosure is to be answered; another person approves exactly that. */
export interface DecisionShown {
  by: PersonShown;
  at: string;
  outcome: Decided;
  way: Way | null;
  items: string[];
  grounds: Ground[];
  reasons: string;
  digest: string;
  approved_by: PersonShown | null;
  approved_at: string | null;
}

/** One day with footage, and when the card is expected to overwrite it. */
export interface DayShown {
  day: string;
  start: string;
  end: string;
  overwritten_at: string | null;
}

/** A case in the list of cases. */
export interface CaseListed {
  case: string;
  kind: CaseKind;
  state: CaseState;
  document_number: string;
  organisation: string;
  created_by: PersonShown;
  created_at: string;
  clips: number;
  sealed: number;
  fetching: number;
  failed: number;
  only_by_hand: boolean;
  percent: number | null;
  overwritten_at: string | null;
  questions: number;
  waits_for_approval: boolean;
  way: Way | null;
  decide_by: string | null;
  offers: Permission[];
}

/** Answer of `list_cases`: the newest first. */
export interface CasesResponse {
  cases: CaseListed[];
}

/** Answer of `get_case`: all that is known of one case. */
export interface CaseShown extends CaseListed {
  request: Record<string, string>;
  passages: ClipShown[];
  release_items: ReleaseItemShown[];
  chosen_by: PersonShown | null;
  decision: DecisionShown | null;
  approved_by: PersonShown | null;
  package: FileShown | null;
  packing: PackingShown | null;
  release: ReleasedShown | null;
  history: StepShown[];
  searches: number;
  downloads: number;
  approval_note: string | null;
  rejection_reason: string | null;
  handover: HandoverShown | null;
  conclusion: ConclusionShown | null;
  kept_until: string | null;
  refusals: Record<string, string>;
  outcomes: Outcome[];
}

/** What one camera's card holds of the time asked for. */
export interface RecordingsShown {
  camera: string;
  camera_name: string;
  error: string | null;
  read_at: string | null;
  clock_offset: number | null;
  exact: boolean;
  stretches: SpanShown[];
  gaps: SpanShown[];
  clocks: ClockStretchShown[];
  days: DayShown[];
  overwritten_at: string | null;
}

/** Answer of `find_recordings`. */
export interface RecordingsResponse {
  cameras: RecordingsShown[];
}

/** Answer of `release_case` and `export_ledger`: a link that works once, for a quarter of an hour. */
export interface LinkResponse {
  link: string;
  expires: string;
  file: FileShown;
}

/** Answer of `release_case`. */
export interface ReleaseResponse extends LinkResponse {
  case: string;
  passphrase: string | null;
}

/** What somebody was refused, and why. */
export interface RefusedShown {
  what: string;
  reason: string;
  count: number;
}

/** One entry of the ledger, as people read it. */
export interface EntryShown {
  number: number;
  at: string;
  person: PersonShown | null;
  action: string;
  case: string | null;
  camera: string | null;
  refused: RefusedShown | null;
  details: Record<string, unknown>;
}

/** A folder of footage that no case knows, set aside. */
export interface StrayShown {
  folder: string;
  files: number;
  size: number;
}

/** A page of the ledger, the newest entry first, and the folders of footage that no case of it knows. */
export interface EntriesResponse {
  entries: EntryShown[];
  folders: StrayShown[];
}

/** The folders that were set aside. */
export interface FoldersResponse {
  folders: StrayShown[];
}

/** Answer of `verify_ledger`: `broken` is the number of the first entry that does not fit. */
export interface VerificationResponse {
  intact: boolean;
  entries: number;
  number: number;
  hash: string;
  broken: number | null;
  reason: string;
}

/** What a case of one kind needs; every field is the name of a field of `create_case`. */
export interface KindShown {
  kind: CaseKind;
  required: string[];
  optional: string[];
  legal_bases: string[];
  decided_by_proposal: boolean;
  grounds: Ground[];
  outcomes: Outcome[];
}

/** A camera, as the actions take it in `cameras` by either id. */
export interface CameraShown {
  unique_id: string;
  device_id: string | null;
  name: string;
}

/** Whether anything may be recorded, and therefore done; the head's number and hash. */
export interface LedgerShown {
  available: boolean;
  number: number;
  hash: string;
}

/** What this person was told and has not put away; `path` is a place within Home Assistant. */
export interface NoticeShown {
  tag: string;
  title: string;
  message: string;
  path: string;
  at: string;
}

/** What the panel knows before it shows anything; for a tablet, or an owner without a role, without kinds, cameras and the ledger's head. */
export interface Info {
  user: PersonShown;
  pages: string[];
  roles: Role[];
  kinds: KindShown[];
  cameras: CameraShown[];
  offline_cameras: CameraShown[];
  people: PersonShown[];
  ledger: LedgerShown;
  time_zone: string;
  keep_days: number;
  notices: NoticeShown[];
}

/** Somebody who is named for a role. */
export interface AppointmentShown {
  number: number;
  role: Role;
  user: PersonShown;
  active: boolean;
  named_by: PersonShown | null;
  named_at: string;
  in_effect: boolean;
  inherited: boolean;
  confirmed_by: PersonShown | null;
  may_confirm: boolean;
  why_not: string | null;
}

/** Who is named for which role. */
export interface PeopleResponse {
  appointments: AppointmentShown[];
  may_decline: boolean;
  nobody_may_confirm: boolean;
}

/** A check as automations see it; it names no person and shows no note and no photo. */
export interface CheckListed {
  check: string;
  kind: string;
  name: string;
  object: string;
  object_kind: string;
  object_name: string;
  device_id: string | null;
  due: boolean;
  due_at: string | null;
  due_since: string | null;
  failed: boolean;
  last_confirmed: string | null;
  path: string;
}

/** Answer of `list_checks`. */
export interface ChecksListed {
  checks: CheckListed[];
}

/** What somebody found. */
export interface RecordShown {
  at: string;
  person: PersonShown;
  result: Result;
  note: string;
  photo: string | null;
  fields: Record<string, string>;
}

/** What was found of one check, the newest first. */
export interface HistoryResponse {
  history: RecordShown[];
}

/** What is looked at. */
export interface ObjectShown {
  kind: AssetKind;
  id: string;
  name: string;
}

/** A check and how it stands. */
export interface CheckShown {
  id: string;
  kind: string;
  name: string;
  object: ObjectShown;
  due: boolean;
  due_at: string | null;
  failed: boolean;
  photo: boolean;
  fields: string[];
  last: RecordShown | null;
}

/** All checks, and by id whether this person may say how they stand. */
export interface Checks {
  checks: CheckShown[];
  may: Record<string, boolean>;
}

/** A draft that was saved: what an action takes, and for how many seconds. */
export interface DraftSaved {
  draft_id: string;
  seconds: number;
}

/** A sentence in Home Assistant's language, with its name. */
export interface TextShown {
  key: string;
  text: string;
}

/** Width and height in pixels. */
export interface SizeShown {
  width: number;
  height: number;
}

/** What is raised at a camera for a limited time. */
export interface RaisedShown {
  since: string;
  until: string;
  by: PersonShown | null;
  before: SizeShown | null;
  after: SizeShown | null;
  over: boolean;
  certain: boolean;
}

/** How audio stands. */
export interface AudioShown {
  disabled: boolean | null;
  found: string[];
  on_card_until: string | null;
  allowed: boolean;
}

/** How the recorded picture stands, and what would be chosen. */
export interface ResolutionShown {
  now: SizeShown | null;
  recorded: boolean | null;
  everyday: SizeShown | null;
  evidence: SizeShown | null;
  max_everyday_height: number;
  within_limit: boolean | null;
}

/** How the clock stands; `offset` in seconds, camera minus ours. */
export interface ClockShown {
  offset: number | null;
  problem: boolean | null;
  mode: ClockMode | null;
  ntp: string | null;
}

/** What stands at one camera. */
export interface SettingsShown {
  camera: string;
  device_id: string | null;
  name: string;
  read: boolean;
  error: string | null;
  audio: AudioShown;
  resolution: ResolutionShown;
  clock: ClockShown;
  raised: RaisedShown | null;
}

/** What stands at the cameras, and whether this person may change it, password apart. */
export interface AllSettingsShown {
  may: boolean;
  cameras: SettingsShown[];
}

/** Why the password was not taken, or the change not made; `tries_left` is None where there is no such request. */
export interface SettingRefusedShown {
  error: string;
  message: string;
  tries_left: number | null;
}

/** What a request will do. */
export interface RequestShown {
  token: string;
  link: string;
  expires: string;
  tries_left: number;
  camera: string;
  camera_name: string;
  setting: Setting;
  before: Values;
  after: Values;
  until: string | null;
  already: boolean;
  warnings: TextShown[];
}

/** What came of a request; `done` is None where nobody knows. */
export interface DoneShown {
  done: boolean | null;
  verified: boolean;
  changed: boolean;
  setting: Setting;
  camera: string;
  camera_name: string;
  before: Values;
  after: Values | null;
  until: string | null;
  error: string | null;
  message: string;
  remains: TextShown[];
  recorded: boolean;
  tries_left: number;
}

/** One sentence of the report: its name, how it is meant, and its words. */
export interface SentenceShown {
  key: string;
  mark: Mark;
  text: string;
}

/** One part of what was found out. */
export interface AcceptancePartShown {
  step: Step;
  name: string;
  whole: boolean;
  said: SentenceShown[];
}

/** One duty of the section's published facts, and whether the camera does it. */
export interface DutyShown {
  duty: string;
  name: string;
  verdict: Fitness;
  verdict_text: string;
  reasons: SentenceShown[];
}

/** The report of a test. */
export interface ReportShown {
  camera: string;
  camera_name: string;
  by: PersonShown | null;
  started: string;
  ended: string;
  seconds: number;
  ending: string;
  ending_text: string;
  verdict: Fitness;
  verdict_text: string;
  duties: DutyShown[];
  parts: AcceptancePartShown[];
  missing: string[];
  recorded: boolean;
  version: string;
  has_answers: boolean;
}

/** A test that is under way. */
export interface RunningShown {
  camera: string;
  camera_name: string;
  by: PersonShown | null;
  step: string;
  step_text: string;
  share: number;
}

/** What the page of a camera's test shows. */
export interface AcceptanceShown {
  camera: string;
  camera_name: string;
  may: boolean;
  running: RunningShown | null;
  report: ReportShown | null;
  before: ReportShown | null;
  unreadable: boolean;
}

/** The answers of a test, to be read before they are saved. */
export interface BundleShown {
  name: string;
  text: string;
  sha256: string;
  answers: number;
  left_out: number;
  replaced: Record<string, number>;
}

/** Answer of `playback` and `watch_clip`: where it plays, for minutes, and what of it is not there. */
export interface FilmOpened {
  url: string;
  mime_type: string;
  codec: string | null;
  start: string;
  end: string;
  gaps: SpanShown[];
  picture: number | null;
  pictures: number[] | null;
}

/** Answer of `open_counter`. */
export interface CounterOpened extends FilmOpened {
  showing: number;
}

/** How much of a sealed clip somebody watched: what their browser told, of what was served to them; each second once. */
export interface WatchedShown {
  seconds: number;
  of: number;
  every_picture: number;
  missing_from: number | null;
  fastest: number;
}

/** Where a box is at one time: microseconds of the clip; left, top, right, bottom in millionths of the picture. */
export interface MaskKeyShown {
  at_us: number;
  box: number[];
  confirmed: boolean;
}

/** One person to be seen. */
export interface RevealShown {
  shape: string;
  keys: MaskKeyShown[];
  rejected: number[][];
}

/** As `MaskKeyShown`, of what is hidden. */
export interface HideKeyShown {
  at_us: number;
  box: number[];
}

/** What stays hidden inside all that is revealed. */
export interface HideShown {
  keys: HideKeyShown[];
}

/** All that is revealed of a clip, and what inside it is not; a panel sends it in the same form. */
export interface MaskTracksShown {
  reveal: RevealShown[];
  hide: HideShown[];
}

/** The track of a clip. */
export interface MaskTrackShown {
  track: MaskTracksShown | null;
  sha256: string | null;
  saved_by: PersonShown | null;
  saved_at: string | null;
}

/** By what the draft of a clip's track is named from now on. */
export interface MaskTrackSaved {
  sha256: string;
}

/** A stretch of a clip without a gap: where it begins (microseconds of the clip), and what true time it shows. */
export interface MaskStretchShown extends SpanShown {
  at_us: number;
}

/** The pictures of a clip, for who draws boxes on them or looks at what came of it. */
export interface MaskViewShown {
  base: string;
  pictures: number[];
  count: number;
  end_us: number;
  keys: number[];
  width: number;
  height: number;
  stretches: MaskStretchShown[];
}

/** Where a picture is, for minutes: as it is, and as it will be. */
export interface MaskStillShown {
  at: number;
  source: string;
  masked: string;
}

/** Answer of `preview_mask`. */
export interface MaskPreviewShown {
  stills: MaskStillShown[];
}

/** Where a figure seems to go: keys to be corrected, which reveal nothing until somebody confirms them. */
export interface ProposalShown {
  keys: MaskKeyShown[];
  end: ProposalEnd;
}

/** Where this person goes on: a path within Home Assistant, a button's entity that is pressed, or neither: "ask". */
export interface NextStepShown {
  kind: NextStep;
  path: string | null;
  entity_id: string | null;
}

/** One thing that is wrong with a camera; `values` fill the gaps of its words. */
export interface FaultShown {
  fault: Fault;
  rank: number;
  severity: Severity;
  since: string | null;
  values: Record<string, string | number>;
  step: NextStepShown | null;
}

/** One thing that is wrong with the section itself: what keeps its ledger from being written. */
export interface SectionFaultShown {
  fault: string;
  severity: Severity;
  step: NextStepShown;
}

/** How far a camera's clock is ahead, and whether that is more than the section puts up with. */
export interface BoardClock {
  offset_seconds: number;
  off: boolean;
}

/** How many days a camera keeps, against the section's standard. */
export interface BoardKept {
  days: number;
  standard_days: number;
  status: RetentionStatus;
}

/** When a card was read back last, and what came of it. */
export interface BoardProof {
  at: string;
  outcome: ReadBackOutcome;
}

/** How the sign 「防犯カメラ作動中」 was found last; `path` is where the panel shows it to this person. */
export interface BoardSign {
  confirmed_at: string | null;
  due: boolean;
  failed: boolean;
  path: string | null;
}

/** A camera; None is not known, or not there at a camera without a network. */
export interface BoardCamera {
  id: string;
  device_id: string | null;
  name: string;
  area: string | null;
  offline: boolean;
  entity_id: string | null;
  alive: boolean | null;
  failed: Sign[];
  last_contact: string | null;
  sd: SdStatus | null;
  audio: boolean | null;
  audio_allowed: boolean;
  kept: BoardKept | null;
  clock: BoardClock | null;
  proof: BoardProof | null;
  sign: BoardSign | null;
  muted_until: string | null;
  faults: FaultShown[];
}

/** What waits among the cases, for who may read them. */
export interface BoardCases {
  open: number;
  at_risk: number;
  path: string;
}

/** What the board shows beside the cameras. */
export interface BoardSection {
  name: string;
  time_zone: string;
  user: string;
  tablet: boolean;
  may_mute: boolean;
  faults: SectionFaultShown[];
  panel: string | null;
  checks_due: number;
  checks_failed: number;
  cases: BoardCases | null;
}

/** The board as it is sent: all of it at first, then what changed. */
export interface BoardShown {
  state: string;
  section: BoardSection | null;
  cameras: BoardCamera[];
  ids: string[];
}
