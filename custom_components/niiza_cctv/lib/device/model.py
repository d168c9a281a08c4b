"""The facts read from a camera and the verdicts drawn from them, as immutable values.

Every `datetime` is aware and in UTC. Times that a camera wrote are the camera's own ("camera time");
`ClockReading.to_true` turns them into true time (ours).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class CameraAddress:
    """Where a camera is reached: the only host that is ever contacted, whatever URLs the camera returns."""

    host: str
    port: int = 80
    tls: bool = False
    verify_tls: bool = True
    # SHA-256 of the DER certificate, lower-case hex; pinned when `verify_tls` is off.
    fingerprint: str | None = None
    # The DNS name that `host` was looked up for: certificates and web servers know the camera by it.
    name: str | None = None


class DigestMemory:
    """Whether a camera was ever seen to take a digest log-in: from then on it is never sent a readable password.

    `on_taken` is called once, when it is seen for the first time, so that it is known after a restart, too.
    """

    def __init__(self, *, taken: bool = False, on_taken: Callable[[], None] = lambda: None) -> None:
        """Begin with what is known from before."""
        self.taken = taken
        self._on_taken = on_taken

    def note(self) -> None:
        """Take in that the camera let a digest log-in pass."""
        if not self.taken:
            self.taken = True
            self._on_taken()


@dataclass(frozen=True, kw_only=True)
class Credential:
    """The viewing user of a camera; the password never appears in a representation."""

    username: str
    password: str = field(repr=False)
    # Of the camera rather than of the user, and carried along so that no way to the camera can forget to ask it.
    digests: DigestMemory = field(default_factory=DigestMemory, compare=False, repr=False)

    @property
    def may_be_readable(self) -> bool:
        """Return whether the camera may be sent the password in readable form (Basic)."""
        return not self.digests.taken

    def never_readable(self) -> Credential:
        """Return the same user for somebody who has not proved to be the camera: he is shown digests alone."""
        return replace(self, digests=DigestMemory(taken=True))


@dataclass(frozen=True, kw_only=True)
class CameraIdentity:
    """GetDeviceInformation, plus the hardware addresses of GetNetworkInterfaces where the user may read them."""

    manufacturer: str
    model: str
    firmware: str
    serial: str
    # Lower-case, colon-separated; empty where the camera does not tell.
    macs: tuple[str, ...] = ()


class ClockMode(StrEnum):
    """How the camera sets its clock (GetSystemDateAndTime, DateTimeType)."""

    NTP = "ntp"
    MANUAL = "manual"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class ClockReading:
    """One measurement of a camera's clock against ours."""

    # Camera minus ours: positive when the camera is ahead.
    offset: timedelta
    # Half the round trip plus the protocol's resolution of one second.
    uncertainty: timedelta
    mode: ClockMode
    measured_at: datetime

    @property
    def seconds_ahead(self) -> timedelta:
        """Return the offset in whole seconds, zero within the error of measuring.

        Otherwise the first second of a day would flicker into the day before.
        """
        if abs(self.offset) <= self.uncertainty:
            return timedelta()
        return timedelta(seconds=round(self.offset.total_seconds()))

    def to_true(self, camera_time: datetime) -> datetime:
        """Return the true time of a moment that the camera's clock stamped, to the second."""
        return camera_time - self.seconds_ahead

    def to_camera(self, true_time: datetime) -> datetime:
        """Return what the camera's clock shows at a true moment."""
        return true_time + self.offset


@dataclass(frozen=True, kw_only=True)
class Services:
    """The XAddr path of each ONVIF service, already rewritten to the configured host; absent ones are None."""

    device: str
    media: str | None = None
    media2: str | None = None
    events: str | None = None
    recording: str | None = None
    search: str | None = None
    replay: str | None = None


@dataclass(frozen=True, kw_only=True)
class ServiceVersion:
    """A service as GetServices names it; `version` is "" where it tells none ("2.60")."""

    namespace: str
    version: str


@dataclass(frozen=True, kw_only=True)
class MediaProfile:
    """One media profile; encoder fields are None where the profile has no such configuration."""

    token: str
    name: str
    # Encoding as the camera writes it, upper-case: "H264", "H265", "JPEG"; None without a video encoder.
    video_encoding: str | None = None
    width: int | None = None
    height: int | None = None
    # kbit/s and pictures per second, as configured limits.
    bitrate: int | None = None
    frame_rate: float | None = None
    # An audio *source* without an encoder sends no audio: only the encoder counts.
    audio_encoding: str | None = None


class TrackKind(StrEnum):
    """Track types of a recording (ONVIF Recording Control, TrackType)."""

    VIDEO = "video"
    AUDIO = "audio"
    METADATA = "metadata"


@dataclass(frozen=True, kw_only=True)
class RecordingTrack:
    """One track of a recording; data bounds in camera time, None where unknown or implausible."""

    token: str
    kind: TrackKind
    data_from: datetime | None = None
    data_to: datetime | None = None


class RecordingState(StrEnum):
    """RecordingStatus of GetRecordingInformation, read case-insensitively."""

    INITIATED = "initiated"
    RECORDING = "recording"
    STOPPED = "stopped"
    REMOVING = "removing"
    REMOVED = "removed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One recording on the card; bounds in camera time, implausible ones (1970, the future) already None."""

    token: str
    earliest: datetime | None
    latest: datetime | None
    state: RecordingState
    tracks: tuple[RecordingTrack, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TrackEvent:
    """Where the data of a track, or of a recording as a whole, begins or ends (Recording Search, "Recording events").

    `at` is camera time. `track` is None for a recording as a whole. `start_state` tells how it stood where the
    search began, whatever `at` says.
    """

    recording: str
    track: str | None
    at: datetime
    present: bool
    start_state: bool


class JobState(StrEnum):
    """State of a recording job, read case-insensitively (a real device sends `idle`)."""

    IDLE = "idle"
    ACTIVE = "active"
    PARTIALLY_ACTIVE = "partiallyactive"
    ERROR = "error"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class RecordingJob:
    """One recording job and its present state."""

    token: str
    recording_token: str
    state: JobState
    # Tokens of what it records: media profiles, as a rule; empty where the camera does not tell.
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EncoderConfiguration:
    """A video encoder's whole configuration, as the camera told it: to be sent back with another size."""

    token: str
    # As the camera writes it: "H264", "video/H265".
    encoding: str
    width: int | None
    height: int | None
    constant_bitrate: bool
    # Its XML, the root element named `Configuration` in the namespace of the service that told it.
    xml: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ProfileSettings:
    """What of a media profile can be changed."""

    token: str
    video: EncoderConfiguration | None
    has_audio_encoder: bool
    has_audio_source: bool


@dataclass(frozen=True, kw_only=True)
class ClockSettings:
    """How the camera's clock is set, as far as it must be sent back when the clock is set."""

    mode: ClockMode
    daylight_savings: bool
    # The camera's own text, "" where it tells none.
    time_zone: str


@dataclass(frozen=True, kw_only=True)
class TimeServers:
    """Where the camera gets the time from (GetNTP)."""

    from_dhcp: bool
    # Host names and addresses that were set by hand.
    servers: tuple[str, ...]


class StorageAnswer(StrEnum):
    """How a source of storage status answered."""

    TOLD = "told"
    NOTHING = "nothing"
    # The user may not ask: the camera may tell administrators or operators alone.
    NOT_ALLOWED = "not_allowed"
    # Only for a password in readable form, which a camera that takes digests is not sent.
    ASKS_FOR_BASIC = "asks_for_basic"
    NOT_OFFERED = "not_offered"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class StorageReading:
    """What a storage-health probe told (`device/health/`); None means that it does not say."""

    # The probe that spoke: "onvif", or a maker's name.
    source: str
    card_present: bool | None = None
    # Broken, or not formatted: it has to be formatted or replaced.
    card_failed: bool | None = None
    # False: locked, read-only or not mounted: nothing can be recorded although the card may be well.
    card_writable: bool | None = None
    # A card that overwrites its oldest day is always full: it counts only where nothing is written any more.
    card_full: bool | None = None
    # No card was named, where the maker's cameras name none also for other reasons: it counts like `card_full`.
    none_named: bool = False
    used_bytes: int | None = None
    total_bytes: int | None = None
    # How much of the card's life is used up, in percent.
    wear_percent: int | None = None


@dataclass(frozen=True, kw_only=True)
class CameraEvent:
    """One ONVIF notification: `topic` without namespace prefixes ("Device/HardwareFailure/StorageFailure")."""

    topic: str
    # Camera time of the event, None where the camera sent none that could be read.
    at: datetime | None
    # "Initialized", "Changed", "Deleted" or "".
    operation: str
    source: dict[str, str]
    data: dict[str, str]


def written_moment(text: str) -> datetime:
    """Return a moment that was written down (ISO 8601 with its offset); raises TypeError and ValueError."""
    if (moment := datetime.fromisoformat(text)).tzinfo is None:
        raise ValueError("a moment without its zone")
    return moment


class ReadBackOutcome(StrEnum):
    """How a read-back ended."""

    DECODED = "decoded"
    # The camera replayed, but nothing came or nothing decoded: the card does not give back what it lists.
    NO_DATA = "no_data"
    UNDECODABLE = "undecodable"
    # The replay could not be tried (unreachable, busy, unsupported): no evidence either way.
    NOT_POSSIBLE = "not_possible"


@dataclass(frozen=True, kw_only=True)
class ReadBack:
    """A sample of the card that was fetched over replay and decoded."""

    outcome: ReadBackOutcome
    tried_at: datetime
    # Camera time of the first decoded picture.
    picture_at: datetime | None = None
    pictures: int = 0
    width: int | None = None
    height: int | None = None
    # Technical reason without addresses or credentials; for the log and diagnostics.
    detail: str = ""

    @property
    def failed(self) -> bool:
        """Return whether the sample was tried and gave no picture."""
        return self.outcome in (ReadBackOutcome.NO_DATA, ReadBackOutcome.UNDECODABLE)

    def as_json(self) -> dict[str, str | int | None]:
        """Return it as it is written down."""
        return {
            "outcome": self.outcome.value,
            "tried_at": self.tried_at.isoformat(),
            "picture_at": None if self.picture_at is None else self.picture_at.isoformat(),
            "pictures": self.pictures,
            "width": self.width,
            "height": self.height,
            "detail": self.detail,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Return what was written down; raises KeyError, TypeError and ValueError."""
        picture_at = kept["picture_at"]
        return cls(
            outcome=ReadBackOutcome(kept["outcome"]),
            tried_at=written_moment(kept["tried_at"]),
            picture_at=None if picture_at is None else written_moment(picture_at),
            pictures=int(kept["pictures"]),
            width=None if kept["width"] is None else int(kept["width"]),
            height=None if kept["height"] is None else int(kept["height"]),
            detail=str(kept["detail"]),
        )


class SdStatus(StrEnum):
    """The state of recording to the card, as far as it is proved. Only RECORDING is green."""

    RECORDING = "recording"
    NOT_RECORDING = "not_recording"
    CARD_MISSING = "card_missing"
    CARD_ERROR = "card_error"
    STALE = "stale"
    UNPROVEN = "unproven"


class SdEvidence(StrEnum):
    """Which evidence decided the SD status."""

    NEWEST_MOVES = "newest_moves"
    NEWEST_STANDS = "newest_stands"
    READ_BACK = "read_back"
    # The camera's own mail (F3).
    MAIL = "mail"
    STORAGE_FAILURE_EVENT = "storage_failure_event"
    STORAGE_PROBE = "storage_probe"
    JOB_STATE = "job_state"
    NO_RECORDINGS = "no_recordings"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class SdVerdict:
    """SD status with its evidence and when each kind of evidence was last seen (true time)."""

    status: SdStatus
    evidence: SdEvidence
    seen: dict[SdEvidence, datetime] = field(default_factory=dict)

    @property
    def problem(self) -> bool | None:
        """Return True for red, False for green, None for unproven."""
        if self.status is SdStatus.UNPROVEN:
            return None
        return self.status is not SdStatus.RECORDING


class AudioPlace(StrEnum):
    """The three places in which a camera's audio shows."""

    MEDIA_PROFILE = "media_profile"
    LIVE_STREAM = "live_stream"
    RECORDING_TRACK = "recording_track"


@dataclass(frozen=True, kw_only=True)
class AudioVerdict:
    """Whether audio is off everywhere: None as long as no place has been read and none shows audio."""

    disabled: bool | None
    found: frozenset[AudioPlace] = frozenset()
    # The places that could be read at all.
    read: frozenset[AudioPlace] = frozenset()
    # True time up to which the card still holds audio of earlier days; None when it holds none.
    on_card_until: datetime | None = None


class RetentionStatus(StrEnum):
    """Oldest footage against the section's standard: too long is a privacy problem, too short a loss."""

    WITHIN = "within"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"


@dataclass(frozen=True, kw_only=True)
class RetentionVerdict:
    """Retention in calendar days of the camera's place, today included: constant between midnights."""

    status: RetentionStatus | None
    days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Heartbeat:
    """The mails that a camera sends at regular intervals; times are ours."""

    last: datetime | None = None
    # Learnt or set; None while neither.
    interval: timedelta | None = None
    # None: no mails are expected, or it is too early to tell.
    silent: bool | None = None
    # Why a mail from the camera's address was not taken last, since one was; None: nothing was refused.
    refused: str | None = None


@dataclass(frozen=True, kw_only=True)
class CameraStatus:
    """Everything known of a camera after a poll. Unknown is None, never the last good value."""

    alive: bool
    # True time of the last answer of any kind; survives a failed poll.
    last_contact: datetime | None = None
    # The error that ended the poll, or the first of those that cost a fact; None after a good one.
    error: Exception | None = None
    # What was asked and answered in a way that cannot be read, or not at all while other answers came ("GetProfiles").
    unread: tuple[str, ...] = ()
    identity: CameraIdentity | None = None
    clock: ClockReading | None = None
    sd: SdVerdict | None = None
    audio: AudioVerdict | None = None
    retention: RetentionVerdict | None = None
    # True time.
    oldest_recording: datetime | None = None
    newest_recording: datetime | None = None
    recording_now: bool | None = None
    # The profile with the tallest picture: what the camera makes of the scene at most.
    main_profile: MediaProfile | None = None
    profiles: tuple[MediaProfile, ...] = ()
    storage: StorageReading | None = None
    # How each source of it answered, by its name.
    storage_answers: Mapping[str, StorageAnswer] = field(default_factory=dict)
    # None: the protocol does not show it.
    default_password: bool | None = None
    # Whether our user may change the camera; None: it does not say.
    administrator: bool | None = None
    events_alive: bool = False
    read_back: ReadBack | None = None
