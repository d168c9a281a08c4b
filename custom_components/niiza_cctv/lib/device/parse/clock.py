"""What a camera answers of its clock: what it shows, and how it is set."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from ..errors import CameraAnswerInvalid
from ..model import ClockMode, ClockSettings, TimeServers
from ..soap import Envelope, child, open_envelope, text
from ..xml import Element
from .fields import each_child, first_by_token, read_flag, read_int, read_text
from .time import naive_moment
from .zone import fixed_zone, parse_time_zone


@dataclass(frozen=True, kw_only=True)
class SystemTime:
    """GetSystemDateAndTime: the camera's clock as it answered, whole seconds; None where it does not tell."""

    utc: datetime | None
    mode: ClockMode
    # The camera's zone; None where its text makes no sense.
    zone: tzinfo | None
    # What its local clock shows, as if it were UTC.
    local: datetime | None = None
    # Whether anything was told of the zone, and whether that is wrong or has to be doubted.
    zone_told: bool = True
    zone_odd: bool = False
    # Whether only the local clock is told.
    utc_missing: bool = False


def parse_system_date_and_time(envelope: Envelope) -> SystemTime:
    """Return the camera's clock from GetSystemDateAndTime (Device specification, 8.3.5).

    Reads a named zone from disk: not for the event loop.
    """
    answer = open_envelope(envelope, "GetSystemDateAndTimeResponse")
    if (stamp := child(answer, "SystemDateAndTime")) is None:
        raise CameraAnswerInvalid("the answer has no SystemDateAndTime")
    mode = _clock_mode(stamp)
    written = text(stamp, "TimeZone", "TZ")
    zone = told = parse_time_zone(written)
    if told is None and (region := text(stamp, "Extension", "Region")):
        zone = told = parse_time_zone(region)
    utc = _clock_face(child(stamp, "UTCDateTime"), UTC)
    local = child(stamp, "LocalDateTime")
    face = _clock_face(local, UTC)
    if utc_missing := utc is None:
        utc = _clock_face(local, zone)
    elif face is not None and (
        # Two clocks tell more than a text that is missing or has its sign the other way round.
        zone is None or utc.astimezone(zone).utcoffset() == utc - face
    ):
        zone = fixed_zone(timedelta(minutes=15) * round((face - utc) / timedelta(minutes=15)))
    return SystemTime(
        utc=utc,
        mode=mode,
        zone=zone,
        local=face,
        utc_missing=utc_missing,
        zone_told=bool(written) or zone is not None,
        zone_odd=bool(written)
        and (told is None or (told is not zone and not _agree(told, zone, utc))),
    )


def _agree(told: tzinfo, meant: tzinfo | None, at: datetime | None) -> bool:
    return (
        at is not None
        and meant is not None
        and at.astimezone(told).utcoffset() == at.astimezone(meant).utcoffset()
    )


def _clock_face(face: Element | None, zone: tzinfo | None) -> datetime | None:
    """Return what a tt:DateTime shows, in UTC; None without a zone or where it cannot be a clock."""
    if face is None or zone is None:
        return None
    numbers = [
        read_int(text(face, *path))
        for path in (
            ("Date", "Year"),
            ("Date", "Month"),
            ("Date", "Day"),
            ("Time", "Hour"),
            ("Time", "Minute"),
            ("Time", "Second"),
        )
    ]
    year, month, day, hour, minute, second = (
        -1 if number is None else number for number in numbers
    )
    # A camera without battery says 1970 and means it; anything outside cannot be a clock.
    if (
        not 1970 <= year <= 2105
        or (moment := naive_moment((year, month, day), hour, minute, second)) is None
    ):
        return None
    return moment.replace(tzinfo=zone).astimezone(UTC)


def _clock_mode(stamp: Element) -> ClockMode:
    return {"ntp": ClockMode.NTP, "manual": ClockMode.MANUAL}.get(
        text(stamp, "DateTimeType").lower(), ClockMode.UNKNOWN
    )


def parse_clock_settings(envelope: Envelope) -> ClockSettings:
    """Return how the clock is set, of GetSystemDateAndTime (Device specification, 8.3.5)."""
    answer = open_envelope(envelope, "GetSystemDateAndTimeResponse")
    if (stamp := child(answer, "SystemDateAndTime")) is None:
        raise CameraAnswerInvalid("the answer has no SystemDateAndTime")
    return ClockSettings(
        mode=_clock_mode(stamp),
        daylight_savings=read_flag(text(stamp, "DaylightSavings")),
        time_zone=read_text(stamp, "TimeZone", "TZ"),
    )


def parse_time_servers(envelope: Envelope) -> TimeServers:
    """Return the time servers of GetNTP (Device specification, 8.2.5)."""
    answer = open_envelope(envelope, "GetNTPResponse")
    if (information := child(answer, "NTPInformation")) is None:
        raise CameraAnswerInvalid("the answer has no NTPInformation")
    servers = (
        next(
            (
                name
                for field in ("DNSname", "IPv4Address", "IPv6Address")
                if (name := read_text(server, field))
            ),
            "",
        )
        for server in each_child(information, "NTPManual")
    )
    return TimeServers(
        from_dhcp=read_flag(text(information, "FromDHCP")),
        servers=first_by_token((server, server) for server in servers),
    )
