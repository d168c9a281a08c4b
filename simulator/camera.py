"""One virtual camera: what it is configured to be, how it is broken just now, and its clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
import secrets

from .sei import NOISE_LENGTH


class UserLevel(StrEnum):
    """ONVIF user levels (Core specification, GetUsers), highest first."""

    ADMINISTRATOR = "Administrator"
    OPERATOR = "Operator"
    USER = "User"


@dataclass(frozen=True, kw_only=True)
class User:
    """One account on the camera."""

    name: str
    password: str = field(repr=False)
    level: UserLevel = UserLevel.USER


class CardFault(StrEnum):
    """What is wrong with the SD card."""

    OK = "ok"
    # Taken out: no recordings are listed, nothing is written.
    REMOVED = "removed"
    # Failed and admitted: StorageFailure is raised, the job goes to Error, nothing is written.
    FAILED = "failed"
    # Dead but green: job Active, no event, state Recording, yet nothing is written from this moment on.
    DEAD_GREEN = "dead_green"
    # Index moves on as if all were well, but replay of anything written since gives no picture.
    UNREADABLE = "unreadable"


class StorageStatus(StrEnum):
    """Whose own page of storages the camera serves; without one it tells nothing beside ONVIF."""

    NONE = "none"
    AXIS = "axis"
    HIKVISION = "hikvision"
    DAHUA = "dahua"


class CardWord(StrEnum):
    """What that page says of the card."""

    # What is so, as far as the camera admits it: a card that is dead with every status green is well.
    TRUE = "true"
    WELL = "well"
    # Full, and not overwritten.
    FULL = "full"
    ERROR = "error"
    UNFORMATTED = "unformatted"
    # Not to be written to: locked, or gone read-only, as worn cards do.
    LOCKED = "locked"
    ABSENT = "absent"
    # No card is named at all: Hikvision's list is empty, Dahua answers 400.
    UNNAMED = "unnamed"


class Garbage(StrEnum):
    """How answers are spoilt."""

    NONE = "none"
    HTML = "html"
    TRUNCATED = "truncated"
    HUGE = "huge"
    ENTITY_BOMB = "entity_bomb"
    WRONG_SCHEMA = "wrong_schema"
    EMPTY = "empty"


class AuthMode(StrEnum):
    """Which ways of proving oneself the camera takes for SOAP."""

    BOTH = "both"
    DIGEST = "digest"
    WSSE = "wsse"


class Quirk(StrEnum):
    """Ways in which real cameras answer unlike the specification or unlike each other."""

    # Track and recording times begin in 1970 although the recordings are listed and play.
    DATA_FROM_1970 = "data_from_1970"
    EARLIEST_1970 = "earliest_1970"
    # Recording times are local and carry no zone.
    LOCAL_TIME_WITHOUT_ZONE = "local_time_without_zone"
    # GetSystemDateAndTime tells the local time only.
    NO_UTC_TIME = "no_utc_time"
    ODD_TIME_ZONE = "odd_time_zone"
    PRIORITY_NEGATIVE = "priority_negative"
    # Job states in lower case.
    IDLE_LOWERCASE = "idle_lowercase"
    # The audio track has the video's data times although no audio was ever recorded.
    AUDIO_TRACK_WITHOUT_AUDIO = "audio_track_without_audio"
    # Recordings that were not made through ONVIF are not listed.
    EMPTY_RECORDINGS = "empty_recordings"
    DUPLICATE_TOKENS = "duplicate_tokens"
    # Announces a last clock synchronization of years ago.
    STALE_CLOCK_SYNC = "stale_clock_sync"
    DYNDNS_NIL = "dyndns_nil"
    NEGATIVE_DURATIONS = "negative_durations"
    CANCEL_ALL_ON_UNSUBSCRIBE = "cancel_all_on_unsubscribe"
    NO_PROFILE_G = "no_profile_g"
    NO_EVENTS = "no_events"
    # StorageFailure is mandated by no profile.
    NO_STORAGE_EVENT = "no_storage_event"
    EMPTY_STORAGE_TOKEN = "empty_storage_token"
    EMPTY_DISK_SLOT = "empty_disk_slot"
    # One event address for all; the subscription is named by a reference parameter.
    SUBSCRIPTION_BY_PARAMETER = "subscription_by_parameter"
    NO_SNAPSHOT = "no_snapshot"
    SNAPSHOT_BASIC = "snapshot_basic"
    # GetServices came with ONVIF 2.0; older cameras know GetCapabilities only.
    CAPABILITIES_ONLY = "capabilities_only"
    NO_RECORDING_INFORMATION = "no_recording_information"
    # Whatever needs a viewer's password elsewhere is open to everybody.
    OPEN_WITHOUT_LOGIN = "open_without_login"
    # What jobs there are is told to administrators only.
    JOBS_FOR_ADMINISTRATORS = "jobs_for_administrators"
    # Stream addresses come with the caller's name and password in them.
    CREDENTIALS_IN_URIS = "credentials_in_uris"
    # Replay goes on behind the end of the range asked for.
    REPLAY_IGNORES_RANGE_END = "replay_ignores_range_end"
    # Replay keeps to real time although `Rate-Control: no` was asked for.
    REPLAY_IGNORES_RATE_CONTROL = "replay_ignores_rate_control"
    # The marker is set on each slice, or on none; zero bytes stand behind every NAL unit, as padding or without a word.
    RTP_MARKS_SLICES = "rtp_marks_slices"
    RTP_WITHOUT_MARKERS = "rtp_without_markers"
    RTP_PADDED = "rtp_padded"
    # From :20 to :25 of each minute, replay stamps its pictures three hours too late.
    REPLAY_WRONG_STAMPS = "replay_wrong_stamps"
    # Replay comes without the header extension, so without times.
    REPLAY_WITHOUT_EXTENSION = "replay_without_extension"
    # The extension tells neither which PLAY a picture belongs to nor that it does not follow the one before.
    REPLAY_WITHOUT_HINTS = "replay_without_hints"
    # A PLAY for another passage while one plays: refused; 503, and every later one, too; neither an answer nor a picture
    # any more; no answer, and on with the old passage; a good answer, and on with the old passage; a good answer, and the
    # recording from its beginning; the connection is closed.
    JUMP_REFUSED = "jump_refused"
    JUMP_UNAVAILABLE = "jump_unavailable"
    JUMP_SILENT = "jump_silent"
    JUMP_UNANSWERED = "jump_unanswered"
    JUMP_IGNORED = "jump_ignored"
    JUMP_RESTARTS = "jump_restarts"
    JUMP_CLOSES = "jump_closes"
    # The new passage comes, stamped as that of a day later; with other packet numbers and RTP times than `RTP-Info` says.
    JUMP_ELSEWHERE = "jump_elsewhere"
    JUMP_RENUMBERS = "jump_renumbers"
    # The answer bears a number that nobody asked by; the old answer comes once more in front of it; the first pictures
    # come before it; none ever comes, and the new passage does.
    JUMP_WRONG_CSEQ = "jump_wrong_cseq"
    JUMP_ANSWERED_TWICE = "jump_answered_twice"
    JUMP_EARLY = "jump_early"
    JUMP_WITHOUT_ANSWER = "jump_without_answer"
    # What an unreadable card lost is sent as rubbish instead of not at all.
    UNREADABLE_GARBAGE = "unreadable_garbage"
    # Nothing but the bounds of a recording is told: events cannot be searched for.
    NO_EVENT_SEARCH = "no_event_search"
    # A search for events goes on for ever and finds nothing.
    SEARCH_NEVER_COMPLETES = "search_never_completes"
    # Every answer of a search for events begins again with the first, and none is the last.
    EVENTS_REPEAT = "events_repeat"
    EVENTS_UNORDERED = "events_unordered"
    # Events of 1970 and 2099 among the others.
    EVENTS_ABSURD = "events_absurd"
    # `IncludeStartState` is ignored.
    EVENTS_WITHOUT_START_STATE = "events_without_start_state"
    # A search for events completes at once and finds nothing.
    EVENTS_EMPTY = "events_empty"
    # A search with a filter is refused.
    EVENT_FILTER_REFUSED = "event_filter_refused"
    # Two searches at a time; one that nobody ends blocks for its whole keep-alive time.
    TWO_SEARCHES = "two_searches"
    # Recordings end in the index half an hour before, or behind, their last picture.
    LATEST_TOO_EARLY = "latest_too_early"
    LATEST_TOO_LATE = "latest_too_late"
    # The same of their tracks alone: DataTo stands where the day began, or a day ahead.
    DATA_TO_TOO_EARLY = "data_to_too_early"
    DATA_TO_TOO_LATE = "data_to_too_late"
    # Settings are answered with success and nothing happens.
    SETTINGS_IGNORED = "settings_ignored"
    # Settings take effect some seconds after they were answered, when the encoder has started anew.
    SETTINGS_LATE = "settings_late"
    # Settings take effect with the next reboot; the second kind reboots by itself at once.
    SETTINGS_AFTER_REBOOT = "settings_after_reboot"
    SETTINGS_REBOOT = "settings_reboot"
    # Whoever changes a setting gets no answer, and nobody gets one any more until `silent` is fixed.
    SETTINGS_SILENCE = "settings_silence"
    # Audio cannot be taken out of a profile.
    AUDIO_FIXED = "audio_fixed"
    # Encoder options in no order, one of them twice and one of no size.
    OPTIONS_UNORDERED = "options_unordered"
    # The recording job does not say which profile it records.
    JOB_WITHOUT_SOURCE = "job_without_source"
    # The time server never answers: the clock stays where it is.
    NTP_UNREACHABLE = "ntp_unreachable"
    # A time zone text is refused, even the camera's own.
    TIME_ZONE_REFUSED = "time_zone_refused"
    # RTSP's digest challenge asks for qop="auth" (RFC 2617) instead of none (RFC 2069).
    RTSP_QOP = "rtsp_qop"
    # A digest log-in is not answered with Authentication-Info: the camera does not show that it knows the password, too.
    NO_RSPAUTH = "no_rspauth"
    # RTSP asks for the password in readable form (Basic) alone.
    RTSP_BASIC = "rtsp_basic"
    # A log-in is asked for by several challenges: a scheme that nobody has, Basic, and the digest last, behind a tab.
    BASIC_BEFORE_DIGEST = "basic_before_digest"
    # RTSP's answers end their lines in LF alone.
    RTSP_BARE_LF = "rtsp_bare_lf"
    # RTSP's answers say "CSeq: 0" whatever was asked.
    RTSP_CSEQ_ZERO = "rtsp_cseq_zero"
    # SETUP is answered without a session; it comes with the answer to PLAY.
    RTSP_NO_SESSION = "rtsp_no_session"
    # The connection is closed behind each 401.
    RTSP_CLOSES_BEHIND_401 = "rtsp_closes_behind_401"
    # Content-Base begins with "rtsp://rtsp://".
    RTSP_BASE_DOUBLED = "rtsp_base_doubled"
    # Bytes that belong to nothing come between packets, once a second of footage.
    RTSP_STRAY_BYTES = "rtsp_stray_bytes"
    # GET_PARAMETER and SET_PARAMETER are announced, and then answered by 400 with the CSeq before theirs.
    RTSP_KEEP_ALIVE_REFUSED = "rtsp_keep_alive_refused"
    # The SDP describes a medium of the maker's own, in a way that is no SDP.
    SDP_OWN_MEDIUM = "sdp_own_medium"
    # Ampersands of addresses are not escaped: such an answer is no XML.
    BARE_AMPERSAND = "bare_ampersand"
    # Names in Shift_JIS under a declaration of UTF-8, and a control character in the maker's name.
    FOREIGN_BYTES = "foreign_bytes"
    # Content-Length names 48 bytes more than there are, then the connection is closed.
    WRONG_LENGTH = "wrong_length"
    # A header line has no name but a date.
    NAMELESS_HEADER = "nameless_header"
    # The envelope is one part of several, with lines of the web server before it.
    MULTIPART = "multipart"
    # Faults are SOAP 1.1, with HTTP 500 and words instead of codes.
    FAULTS_IN_WORDS = "faults_in_words"
    # The states of properties cannot be asked for, and subscriptions not renewed; pulling keeps them.
    EVENTS_REFUSED = "events_refused"
    # Subscriptions end in 1970, and pulls are answered at once.
    EVENTS_AT_ONCE = "events_at_once"
    # A failed card is told by a topic of the maker's own, without a state.
    MAKERS_STORAGE_TOPIC = "makers_storage_topic"
    # Mails: the log-in is named in small letters; HELO follows EHLO; the sender's name stands before the address.
    MAIL_LOGIN_LOWERCASE = "mail_login_lowercase"
    MAIL_HELO_AGAIN = "mail_helo_again"
    MAIL_NAME_BEFORE_ADDRESS = "mail_name_before_address"
    # Reports of the address end their lines in LF alone, with blanks behind the request line.
    DDNS_BARE_LF = "ddns_bare_lf"


@dataclass(kw_only=True)
class Faults:
    """Everything that can be broken and fixed while the camera runs."""

    card: CardFault = CardFault.OK
    # The card's next fault, or its end, began so many seconds before it is set: whoever tests need not wait for as long.
    card_since: float = 0.0
    # What the maker's own page says of the card.
    card_word: CardWord = CardWord.TRUE
    # Seconds added to the camera's clock (negative: slow).
    clock_offset: float = 0.0
    audio: bool = False
    # Seconds that every SOAP answer is held back.
    slow: float = 0.0
    garbage: Garbage = Garbage.NONE
    # What is asked (names of operations, with commas between them) and answered with a page in HTML.
    unreadable: str = ""
    # The same, answered with ten megabytes.
    oversized: str = ""
    # What is asked and never answered.
    unanswered: str = ""
    # The text of the camera's time zone from now on; None: that of its configuration.
    zone_text: str | None = None
    # The camera accepts connections and says nothing (SOAP and RTSP).
    silent: bool = False
    # Every log-in is refused, whatever the password.
    refuse_logins: bool = False
    # RTSP connections are cut after this many seconds of media; None: never.
    drop_after: float | None = None
    # The same after so many pictures, or bytes in the middle of whatever they are; each exactly.
    drop_after_pictures: float | None = None
    drop_after_bytes: float | None = None
    # The card gives back at most so many seconds of footage in a second; None: as fast as the network takes it.
    replay_speed: float | None = None
    # After so many seconds of footage a replay stands still once, for `stall_seconds`; RTSP goes on answering.
    stall_after: float | None = None
    stall_seconds: float = 5.0
    # A replay is silent for so many seconds before its first picture.
    replay_silence: float = 0.0
    # Whoever replays this second (of the epoch, by the camera's clock) is thrown out, each time.
    replay_breaks_at: float | None = None
    # A replay session whose connection broke without TEARDOWN stays taken for so many seconds.
    replay_linger: float = 0.0
    # SETUP takes so many seconds, as where a card has to be looked through first.
    setup_seconds: float = 0.0
    # A replay is set up and then not played: 503 to PLAY.
    play_busy: bool = False
    # Subscriptions vanish without a word; renewing one is a fault.
    subscriptions_die: bool = False
    # The regular mails are sent, and those about the card.
    mails: bool = True
    # A mail tells that the card fails; fixed, another that it is well again.
    mail_error: bool = False
    # The regular mails are no mails that anybody could read.
    mail_malformed: bool = False
    # Somebody changed a bit of this second (of the epoch, by the camera's clock) on the card of a camera that signs, or
    # took a slice out of it.
    changed_second: float | None = None
    lost_second: float | None = None


class CertificateHabit(StrEnum):
    """Where a camera that signs sends its certificates."""

    # At the start of a recording and of a live stream, and when it is asked for a synchronization point.
    START = "start"
    # Only when it is asked.
    SYNC = "sync"
    # With each signature.
    EACH = "each"
    NEVER = "never"


@dataclass(frozen=True, kw_only=True)
class SigningConfig:
    """How a camera signs the profile `main` (ONVIF Media Signing specification); see `media_signing.SigningHabits`."""

    certificate: CertificateHabit = CertificateHabit.START
    # Without, nothing is proved of a group of which a picture is lost.
    hash_list: bool = True
    part: int | None = None
    late: int = 0
    # Counted up when the camera gets a new one.
    key: int = 1


@dataclass(frozen=True, kw_only=True)
class OtherRecording:
    """A recording beside the one that is being written: of events, or of a card that was in the camera before.

    `spans` are (hours ago, minutes long), counted when the camera is made. It does not grow, and goes with its days.
    `codec` and `size` are those of a time when the camera was set to others than now.
    """

    token: str
    spans: tuple[tuple[float, float], ...]
    codec: str | None = None
    size: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True)
class DdnsConfig:
    """What the camera's DDNS page holds; times are seconds, shorter than real ones so that they can be watched."""

    # Of the server: http://host:port/nic/update, or only http://host:port.
    url: str
    hostname: str
    username: str
    password: str = field(repr=False)
    # How often the camera looks whether its address changed.
    interval: float = 30.0
    # Unchanged addresses are reported this often all the same.
    force: float = 300.0
    # After "try again later", and after no answer; doubled up to sixteen times as long.
    retry: float = 10.0
    # Whether `myip` says the address; otherwise the server takes where the request comes from.
    myip: bool = True
    # Whether `port`, which no standard knows, says where HTTP listens.
    port: bool = False
    user_agent: str = "NS-200/1.4.2 ddns@niiza-sim.example"


class MailTls(StrEnum):
    """How the camera talks to its mail server."""

    NONE = "none"
    STARTTLS = "starttls"


@dataclass(frozen=True, kw_only=True)
class MailConfig:
    """What the camera's mail page holds; the interval is in seconds, shorter than a real one so that it can be watched."""

    host: str = "127.0.0.1"
    port: int = 2525
    sender: str = "camera@niiza-sim.example"
    to: str
    interval: float = 60.0
    username: str = ""
    password: str = field(default="", repr=False)
    tls: MailTls = MailTls.NONE
    language: str = "ja"
    charset: str = "iso-2022-jp"


@dataclass(frozen=True, kw_only=True)
class CameraConfig:
    """How a camera is made. `days` is what fits on the card; `gaps` are (hours ago, minutes long)."""

    name: str
    location: str = ""
    serial: str
    mac: str
    manufacturer: str = "Niiza Sim"
    model: str = "NS-200"
    firmware: str = "1.4.2"
    host: str = "127.0.0.1"
    http_port: int
    rtsp_port: int
    users: tuple[User, ...]
    codec: str = "H264"
    width: int = 1280
    height: int = 720
    frame_rate: int = 15
    # kbit/s
    bitrate: int = 2048
    # What the encoder of the profile `main` can be set to.
    sizes: tuple[tuple[int, int], ...] = ((1920, 1080), (1280, 720), (640, 360))
    # A third profile `live` of this size, listed first, with an encoder of its own and never recorded.
    live_size: tuple[int, int] | None = None
    media2: bool = True
    audio_source: bool = True
    ntp_server: str = "ntp.example"
    days: int = 14
    gaps: tuple[tuple[float, float], ...] = ()
    recordings: tuple[OtherRecording, ...] = ()
    # The recording has a second video track, with the pictures of the profile `sub`.
    second_track: bool = False
    # Slices of each picture.
    slices: int = 1
    # B pictures between two others (H.264 and H.265 alike); 0: decoding order is showing order.
    b_frames: int = 0
    # (hours ago, width, height): what was recorded before that moment has another size.
    size_before: tuple[float, int, int] | None = None
    # A card that is configured as failed has been so for this long.
    failed_hours: float = 0.0
    # So many hours before the start lies a second at which a replay breaks, each time (`replay_breaks_at`).
    breaks_hours: float | None = None
    time_zone: str = "JST-9"
    auth: AuthMode = AuthMode.BOTH
    # One replay session at a time, as real cameras.
    replay_sessions: int = 1
    # XAddr and stream URIs name this host instead of the real one, as cameras behind NAT do.
    advertised_host: str | None = None
    faults: Faults = field(default_factory=Faults)
    quirks: frozenset[Quirk] = frozenset()
    # HTTPS with a self-signed certificate made at start.
    tls: bool = False
    # Offers SHA-256 beside MD5 for HTTP digest (RFC 7616).
    digest_sha256: bool = False
    # After this many refused log-ins in a row every log-in is refused for `lockout_seconds`; None: never.
    lockout_after: int | None = None
    lockout_seconds: float = 30.0
    reboot_seconds: float = 3.0
    # What the page for dynamic DNS holds; None: the camera reports its address to nobody.
    ddns: DdnsConfig | None = None
    # Regular mails, None: it sends none.
    mail: MailConfig | None = None
    # None: it does not sign its pictures.
    signing: SigningConfig | None = None
    # The maker's own page of storages, whom it is for, how large the card is (GiB) and how much of its life is used up.
    storage_status: StorageStatus = StorageStatus.NONE
    storage_status_for: UserLevel = UserLevel.USER
    card_size: float = 64.0
    card_wear: int | None = None


def in_url(host: str) -> str:
    """Return a host as it stands in an address (RFC 3986 section 3.2.2)."""
    return f"[{host}]" if ":" in host else host


class VirtualCamera:
    """A camera's identity, faults and clock; the servers (SOAP, RTSP, discovery) read it.

    `true_now` gives the true UTC time and is injected so that tests can travel.
    """

    def __init__(
        self, config: CameraConfig, true_now: Callable[[], datetime] | None = None
    ) -> None:
        """Make the camera; nothing is started."""
        self.config = config
        self.faults = config.faults
        # No other camera's pictures are the same, whoever it says to be.
        self.noise = secrets.token_hex(NOISE_LENGTH // 2).encode()
        self.true_now = true_now or (lambda: datetime.now(UTC))
        if config.breaks_hours is not None:
            place = self.now() - timedelta(hours=config.breaks_hours)
            self.faults.replay_breaks_at = float(int(place.timestamp()))
        self.listeners: list[Callable[[str], None]] = []
        # Profiles whose audio encoder, or audio source, was taken out although there is a microphone.
        self.silenced: set[str] = set()
        self.sourceless: set[str] = set()
        # None: nobody has set the clock, so one that is off must have been set by hand.
        self.clock_by_hand: bool | None = None
        # Seconds, by its clock, that begin with a synchronization point that somebody asked for.
        self.sync_points: set[int] = set()
        self.sync_requests = 0
        # What takes effect with the next reboot.
        self.pending: list[Callable[[], None]] = []

    def profile_tokens(self) -> tuple[str, ...]:
        """Return the media profiles, as they are listed."""
        return ("main", "sub") if self.config.live_size is None else ("live", "main", "sub")

    def sends_audio(self, profile: str) -> bool:
        """Tell whether a profile has an audio encoder; `main` is the one that is recorded."""
        return self.faults.audio and profile not in self.silenced

    def start_up(self) -> None:
        """Come back from a reboot."""
        while self.pending:
            self.pending.pop(0)()

    def now(self) -> datetime:
        """Return what the camera's clock shows, in UTC."""
        return self.true_now() + timedelta(seconds=self.faults.clock_offset)

    def user(self, name: str) -> User | None:
        """Return the account of that name."""
        return next((user for user in self.config.users if user.name == name), None)

    @property
    def time_zone(self) -> str:
        """Return the text of the time zone that it goes by, "" where it tells none."""
        zone = self.faults.zone_text
        return self.config.time_zone if zone is None else zone

    def has(self, quirk: Quirk) -> bool:
        """Tell whether this camera has the quirk."""
        return quirk in self.config.quirks

    def changed(self, what: str) -> None:
        """Tell the servers that a fault was set or fixed (`what` is the field of `Faults`)."""
        for listener in tuple(self.listeners):
            listener(what)
