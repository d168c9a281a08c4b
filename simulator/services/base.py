"""What the services share: a call, a fault, the access classes and the register of operations."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
import re
from typing import Any, ClassVar
from xml.sax.saxutils import escape

from lxml import etree

from simulator.camera import Quirk, User, UserLevel, VirtualCamera
from simulator.card import Card, posix_zone

TT = "http://www.onvif.org/ver10/schema"
TDS = "http://www.onvif.org/ver10/device/wsdl"
TRT = "http://www.onvif.org/ver10/media/wsdl"
TR2 = "http://www.onvif.org/ver20/media/wsdl"
TEV = "http://www.onvif.org/ver10/events/wsdl"
TRC = "http://www.onvif.org/ver10/recording/wsdl"
TSE = "http://www.onvif.org/ver10/search/wsdl"
TRP = "http://www.onvif.org/ver10/replay/wsdl"
TOPICS = "http://www.onvif.org/ver10/topics"
WSNT = "http://docs.oasis-open.org/wsn/b-2"
WSA = "http://www.w3.org/2005/08/addressing"
WSTOP = "http://docs.oasis-open.org/wsn/t-1"
# Seconds that an encoder needs to start anew.
LATE = 1.5


class Access(StrEnum):
    """Access classes of the Core specification's default access policy."""

    PRE_AUTH = "PRE_AUTH"
    READ_SYSTEM = "READ_SYSTEM"
    READ_SYSTEM_SENSITIVE = "READ_SYSTEM_SENSITIVE"
    READ_SYSTEM_SECRET = "READ_SYSTEM_SECRET"
    WRITE_SYSTEM = "WRITE_SYSTEM"
    UNRECOVERABLE = "UNRECOVERABLE"
    READ_MEDIA = "READ_MEDIA"
    ACTUATE = "ACTUATE"

    def allows(self, level: UserLevel) -> bool:
        """Tell whether the default access policy lets this level in."""
        match self:
            case Access.PRE_AUTH | Access.READ_SYSTEM | Access.READ_MEDIA:
                return True
            case Access.READ_SYSTEM_SENSITIVE | Access.ACTUATE:
                return level is not UserLevel.USER
            case _:
                return level is UserLevel.ADMINISTRATOR


class SoapFault(Exception):
    """A SOAP 1.2 fault: `subcodes` from outer to inner, `detail` as XML."""

    def __init__(
        self,
        reason: str,
        *subcodes: str,
        code: str = "Sender",
        detail: str = "",
        status: int | None = None,
    ) -> None:
        """Make the fault; the HTTP status follows from the code as SOAP 1.2 part 2 section 7.5.2.2 says."""
        super().__init__(reason)
        self.reason = reason
        self.subcodes = subcodes
        self.code = code
        self.detail = detail
        self.status = status or (400 if code == "Sender" else 500)


def invalid(reason: str, *inner: str) -> SoapFault:
    """Return the fault for an argument that names nothing or says nonsense."""
    return SoapFault(reason, "ter:InvalidArgVal", *inner)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request that passed authentication; `base` and `rtsp` are addresses as the caller must see them."""

    body: etree._Element
    namespace: str
    user: User | None
    base: str
    rtsp: str
    path: str
    header: etree._Element | None = None

    def _expand(self, path: str) -> str:
        parts = [part.rpartition(":") for part in path.split("/")]
        return "/".join(
            f"{{{TT if prefix else self.namespace}}}{name}" for prefix, _, name in parts
        )

    def text(self, path: str) -> str | None:
        """Return the text at a path below the operation; parts without prefix are in its namespace."""
        node = self.body.find(self._expand(path))
        return None if node is None else (node.text or "").strip()

    def required(self, path: str) -> str:
        """Return the text at a path; a missing or empty element is a fault."""
        if text := self.text(path):
            return text
        raise SoapFault(f"{path} is missing", "ter:InvalidArgs")

    def texts(self, path: str) -> list[str]:
        """Return the texts of all elements at a path."""
        nodes = self.body.findall(self._expand(path))
        return [(node.text or "").strip() for node in nodes]


type Answer = str | Coroutine[Any, Any, str]
type Handler = Callable[[Any, Call], Answer]


@dataclass(frozen=True)
class Operation:
    """An operation's handler and who may call it."""

    access: Access
    handler: Handler


def operation(name: str, access: Access) -> Callable[[Handler], Handler]:
    """Register a method as the named operation of its service."""

    def register(handler: Handler) -> Handler:
        vars(handler)["onvif_operation"] = (name, access)
        return handler

    return register


@dataclass(kw_only=True)
class Context:
    """What all services of one camera share."""

    camera: VirtualCamera
    card: Card
    reboot: Callable[[], None]
    # Called with topic, source items and data items of a message that is no property.
    announce: Callable[[str, dict[str, str], dict[str, str]], None]
    services: list[Service] = field(default_factory=list)


class Service:
    """One ONVIF service."""

    namespace: ClassVar[str]
    prefix: ClassVar[str]
    path: ClassVar[str]
    version: ClassVar[tuple[int, int]]

    def __init__(self, context: Context) -> None:
        """Make the service of one camera."""
        self.context = context
        self.camera = context.camera
        self.card = context.card
        self.reset()

    @classmethod
    def operations(cls) -> dict[str, Operation]:
        """Return all operations by name."""
        found: dict[str, Operation] = {}
        for handler in vars(cls).values():
            if mark := getattr(handler, "onvif_operation", None):
                found[mark[0]] = Operation(mark[1], handler)
        return found

    def capabilities(self) -> str:
        """Return the Capabilities element of GetServiceCapabilities."""
        raise NotImplementedError

    def present(self) -> bool:
        """Tell whether this camera has the service."""
        return True

    def reset(self) -> None:
        """Forget what a reboot forgets."""

    def change(self, apply: Callable[[], None]) -> None:
        """Take a new setting over, when this camera does; some never do."""
        camera = self.camera
        if camera.has(Quirk.SETTINGS_IGNORED):
            return
        if camera.has(Quirk.SETTINGS_AFTER_REBOOT) or camera.has(Quirk.SETTINGS_REBOOT):
            camera.pending.append(apply)
            if camera.has(Quirk.SETTINGS_REBOOT) and len(camera.pending) == 1:
                self.context.reboot()
        elif camera.has(Quirk.SETTINGS_LATE):
            asyncio.get_running_loop().call_later(LATE, apply)
        else:
            apply()
        if camera.has(Quirk.SETTINGS_SILENCE):
            camera.faults.silent = True

    def answer(self, call: Call, content: str) -> str:
        """Wrap content into the response element of the operation called."""
        name = f"{self.prefix}:{etree.QName(call.body).localname}Response"
        return f"<{name}>{content}</{name}>"

    def duration(self, seconds: int) -> str:
        """Return an xs:duration, spoilt when the camera is one of those."""
        return f"{'-' if self.camera.has(Quirk.NEGATIVE_DURATIONS) else ''}PT{seconds}S"


def q(text: object) -> str:
    """Escape a value for element content or a double-quoted attribute."""
    return escape(str(text), {'"': "&quot;"})


def flag(value: object) -> str:
    """Return an xs:boolean."""
    return "true" if value else "false"


def stamp(at: datetime) -> str:
    """Return an xs:dateTime in UTC, with milliseconds only where there are any."""
    at = at.astimezone(UTC)
    return at.isoformat(timespec="milliseconds" if at.microsecond >= 1000 else "seconds").replace(
        "+00:00", "Z"
    )


@lru_cache(maxsize=64)
def zone(text: str) -> tzinfo:
    """Return the zone of a POSIX TZ text. Raises ValueError."""
    return posix_zone(text)


def local(camera: VirtualCamera, at: datetime) -> datetime:
    """Return a moment in the camera's own time zone, of which its text may tell nothing."""
    try:
        return at.astimezone(zone(camera.time_zone))
    except ValueError:
        return at.astimezone(zone(camera.config.time_zone))


def parse_time(text: str) -> datetime:
    """Read an xs:dateTime; without zone it is UTC. Raises SoapFault."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(f"{text[:40]} is no dateTime") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


_DURATION = re.compile(
    r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)


def parse_duration(text: str) -> timedelta:
    """Read an xs:duration (a year as 365 days, a month as 30). Raises SoapFault."""
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()[1:]):
        raise invalid(f"{text[:40]} is no duration")
    sign, years, months, days, hours, minutes, seconds = match.groups(default="0")
    try:
        length = timedelta(
            days=int(years) * 365 + int(months) * 30 + int(days),
            hours=int(hours),
            minutes=int(minutes),
            seconds=float(seconds),
        )
    except OverflowError:
        raise invalid(f"{text[:40]} is too long") from None
    return -length if sign == "-" else length
