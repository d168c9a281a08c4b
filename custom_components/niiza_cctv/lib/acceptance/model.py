"""What an acceptance test finds out of a camera, and what it says of it, as values.

What is None was not found out: nobody may conclude anything from it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ..device.model import (
    AudioVerdict,
    CameraIdentity,
    ClockReading,
    MediaProfile,
    ReadBack,
    Recording,
    RecordingJob,
    RetentionVerdict,
    SdVerdict,
    ServiceVersion,
    StorageReading,
)


class Step(StrEnum):
    """The parts of a test, in the order in which they are done and reported."""

    IDENTITY = "identity"
    SERVICES = "services"
    LOGIN = "login"
    CLOCK = "clock"
    CARD = "card"
    EVENTS = "events"
    PICTURE = "picture"
    AUDIO = "audio"
    REPLAY = "replay"
    SIGNING = "signing"
    QUIRKS = "quirks"
    SCHEMA = "schema"


class Ending(StrEnum):
    """How a test ended."""

    DONE = "done"
    CANCELLED = "cancelled"
    # The camera does not answer any more.
    CAMERA_LOST = "camera_lost"
    # Something answers, and in no way that can be read.
    NOT_READABLE = "not_readable"
    # It refused the user, or showed that it is another, or another certificate: nothing more was asked.
    REFUSED = "refused"
    OUT_OF_TIME = "out_of_time"


class Duty(StrEnum):
    """What the section needs of a camera; the numbers are those of its published facts."""

    FOOTAGE = "F1"
    ADDRESS = "F2"
    ALIVE = "F3"
    CARD_STATUS = "F4"
    PROOF = "F5"
    NO_AUDIO = "F6"
    RESOLUTION = "F7"
    SIGN = "F8"


class Fitness(StrEnum):
    """Whether a camera does a duty."""

    FIT = "fit"
    LIMITS = "limits"
    UNFIT = "unfit"
    UNKNOWN = "unknown"


class Trouble(StrEnum):
    """Why something could not be found out."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    RIGHT_MISSING = "right_missing"
    READABLE_PASSWORD = "readable_password"  # noqa: S105 - a kind of trouble
    CERTIFICATE = "certificate"
    ANOTHER = "another"
    UNSUPPORTED = "unsupported"
    INVALID = "invalid"
    TOO_LARGE = "too_large"
    BUSY = "busy"
    MISSING = "missing"
    BROKEN = "broken"
    SLOW = "slow"


class Mark(StrEnum):
    """How a sentence of the report is meant."""

    GOOD = "good"
    LIMIT = "limit"
    BAD = "bad"
    UNKNOWN = "unknown"
    PLAIN = "plain"


@dataclass(frozen=True, kw_only=True)
class Said:
    """One sentence of the report: the name of its text, and what the text speaks of.

    `values` are numbers and the camera's own words, `words` names of other texts, several with a blank between.
    """

    key: str
    mark: Mark = Mark.PLAIN
    values: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class StepReport:
    """One part of the report."""

    step: Step
    # False: it was not tried, or not to its end.
    whole: bool
    said: tuple[Said, ...]


@dataclass(frozen=True, kw_only=True)
class DutyReport:
    """What was found of one duty, with the reasons."""

    duty: Duty
    verdict: Fitness
    reasons: tuple[Said, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a test says of a camera."""

    started: datetime
    ended: datetime
    ending: Ending
    trouble: Trouble | None
    verdict: Fitness
    duties: tuple[DutyReport, ...]
    steps: tuple[StepReport, ...]

    @property
    def missing(self) -> tuple[Step, ...]:
        """Return what was not found out."""
        return tuple(one.step for one in self.steps if not one.whole)


@dataclass(frozen=True, kw_only=True)
class Reports:
    """What the section knows of the camera beside what it answers: its mails, its address, its sign."""

    # When its newest mail came, and whether mails are expected and stay away.
    mail_last: datetime | None = None
    mail_silent: bool | None = None
    # Whether it is known by a name for address reports.
    reports_address: bool = False
    # When somebody last confirmed the sign, and whether it was found missing or damaged.
    sign_confirmed: datetime | None = None
    sign_failed: bool = False


class Opening(StrEnum):
    """What came of asking for footage."""

    PLAYS = "plays"
    # The camera says that there is none (404, 457), or sends nothing and ends.
    SAYS_NONE = "says_none"
    SENDS_NOTHING = "sends_nothing"
    # It begins with what there is instead.
    FIRST_THERE_IS = "first_there_is"


@dataclass(kw_only=True)
class ReplayFound:
    """How the camera gives recorded footage."""

    # Seconds to a session that plays and to its first picture.
    opened: float | None = None
    first_picture: float | None = None
    # Seconds of footage in a second, measured over so many seconds.
    speed: float | None = None
    measured: float = 0.0
    pictures: int = 0
    damaged: int = 0
    codec: str | None = None
    # Seconds of another passage on the open session; None and `jump_failure`: it did not.
    jump: float | None = None
    jump_failure: str | None = None
    # What comes where the footage ends: a name of `ReplayEnd`, or "goes_on"; and before its first picture.
    at_end: str | None = None
    before_first: Opening | None = None
    # Sessions that played at once, and whether one more was refused.
    sessions: int = 0
    more_refused: bool = False
    # Whether pictures are signed, and whether the certificate came.
    signed: bool | None = None
    certificate: bool | None = None
    # Of what could not be found out, why.
    troubles: dict[str, Trouble] = field(default_factory=dict)

    @property
    def paced(self) -> bool | None:
        """Return whether the camera keeps to real time; None while that was not measured."""
        return None if self.speed is None else self.speed < FASTER


# Footage a second from which a camera does not keep to real time.
FASTER = 1.5


@dataclass(frozen=True, kw_only=True)
class SchemaOpinion:
    """What a strict reader says of the camera's answers."""

    checked: int
    # Answers that break the schema: the operation, and how.
    broken: tuple[tuple[str, str], ...]
    # Answers of which the strict reader has no schema, or that were too large for it.
    left_out: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Findings:
    """Everything that was found out so far."""

    identity: CameraIdentity | None = None
    # Whether it answered a whole poll.
    met: bool = False
    # Whether it can be told from others by serial number or hardware address.
    recognisable: bool | None = None
    services: tuple[ServiceVersion, ...] | None = None
    # Of the seven services that are used, those that have an address.
    used: frozenset[str] | None = None
    scopes: tuple[str, ...] | None = None
    # Services that are announced and do not do what they are there for.
    lies: dict[str, Trouble] = field(default_factory=dict)
    challenges: tuple[str, ...] | None = None
    takes_digest: bool = False
    takes_token: bool = False
    knows_password: bool | None = None
    encrypted: bool = False
    proved_by_certificate: bool = False
    answers_anonymously: bool | None = None
    administrator: bool | None = None
    default_password: bool | None = None
    clocks: list[ClockReading] = field(default_factory=list)
    profiles: tuple[MediaProfile, ...] | None = None
    sizes: tuple[tuple[int, int], ...] | None = None
    recordings: tuple[Recording, ...] | None = None
    more_recordings: bool = False
    jobs: tuple[RecordingJob, ...] | None = None
    # Camera time; true seconds between the two looks at the newest.
    oldest: datetime | None = None
    newest: datetime | None = None
    # As the section's board counts it.
    retention: RetentionVerdict | None = None
    newest_again: datetime | None = None
    between: float = 0.0
    # Seconds by which the newest footage is behind the camera's own clock.
    behind: float | None = None
    # Whether its search for the history of a recording tells gaps.
    tells_gaps: bool | None = None
    # By source ("onvif", a maker): what it told, None for nothing.
    storage: dict[str, StorageReading | None] = field(default_factory=dict)
    sample: ReadBack | None = None
    # The SD status that the section would be shown, when all of it was known.
    sd: SdVerdict | None = None
    topics: tuple[str, ...] | None = None
    subscribed: bool | None = None
    told_topics: tuple[str, ...] = ()
    # What events said of the card.
    storage_words: tuple[str, ...] = ()
    audio: AudioVerdict | None = None
    replay: ReplayFound = field(default_factory=ReplayFound)
    quirks: dict[str, int] = field(default_factory=dict)
    schema: SchemaOpinion | None = None
    # Of steps that came to no end, why; and what of steps could not be read ("GetNTP").
    troubles: dict[Step, Trouble] = field(default_factory=dict)
    unread: dict[str, Trouble] = field(default_factory=dict)
    finished: set[Step] = field(default_factory=set)
