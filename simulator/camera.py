"""One virtual camera: what it is configured to be, how it is broken just now, and its clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum


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


@dataclass(kw_only=True)
class Faults:
    """Everything that can be broken and mended while the camera runs."""

    card: CardFault = CardFault.OK
    # Seconds added to the camera's clock (negative: slow).
    clock_offset: float = 0.0
    audio: bool = False
    # Seconds that every SOAP answer is held back.
    slow: float = 0.0
    garbage: Garbage = Garbage.NONE
    # The camera accepts connections and says nothing (SOAP and RTSP).
    silent: bool = False
    # Every log-in is refused, whatever the password.
    refuse_logins: bool = False
    # RTSP connections are cut after this many seconds of media; None: never.
    drop_after: float | None = None
    # Subscriptions vanish without a word; renewing one is a fault.
    subscriptions_die: bool = False


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
    media2: bool = True
    audio_source: bool = True
    days: int = 14
    gaps: tuple[tuple[float, float], ...] = ()
    time_zone: str = "JST-9"
    auth: AuthMode = AuthMode.BOTH
    # One replay session at a time, as real cameras.
    replay_sessions: int = 1
    # XAddr and stream URIs name this host instead of the real one, as cameras behind NAT do.
    advertised_host: str | None = None
    faults: Faults = field(default_factory=Faults)


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
        self.true_now = true_now or (lambda: datetime.now(UTC))
        self.listeners: list[Callable[[str], None]] = []

    def now(self) -> datetime:
        """Return what the camera's clock shows, in UTC."""
        return self.true_now() + timedelta(seconds=self.faults.clock_offset)

    def user(self, name: str) -> User | None:
        """Return the account of that name."""
        return next((user for user in self.config.users if user.name == name), None)

    def changed(self, what: str) -> None:
        """Tell the servers that a fault was set or mended (`what` is the field of `Faults`)."""
        for listener in tuple(self.listeners):
            listener(what)
