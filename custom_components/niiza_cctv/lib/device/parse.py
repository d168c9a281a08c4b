"""What cameras answer, read into the values of model.py.

Every public function takes the bytes of a SOAP answer, or an lxml element of it, and goes by local names:
cameras differ in prefixes and now and then in namespaces. A field that is missing or nonsense leaves its
value unknown; CameraAnswerInvalid is raised only where an answer as a whole is of no use, and the errors of
`soap.open_envelope` for faults.
"""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from io import BytesIO
from math import isfinite
import re
import struct
from typing import Final
from zoneinfo import ZoneInfo

from lxml.etree import tostring

from .errors import CameraAnswerInvalid
from .model import (
    CameraEvent,
    CameraIdentity,
    ClockMode,
    ClockSettings,
    EncoderConfiguration,
    JobState,
    MediaProfile,
    ProfileSettings,
    Recording,
    RecordingJob,
    RecordingState,
    RecordingTrack,
    Services,
    TimeServers,
    TrackEvent,
    TrackKind,
)
from .soap import Element, Envelope, child, local_name, open_envelope, text

# Bounds on what one answer may hold; honest ones stay far below.
MESSAGES_LIMIT: Final = 1000
RECORDINGS_LIMIT: Final = 64
_ITEMS_LIMIT: Final = 256
_TOPICS_LIMIT: Final = 1000
# A tt:ReferenceToken has at most 64 characters (ONVIF schema); cameras are forgiven some more. What is longer
# names nothing: cut off, two tokens could become one.
_TOKEN_LIMIT: Final = 256
_TEXT_LIMIT: Final = 200

_EARLIEST_PLAUSIBLE: Final = datetime(2001, 1, 1, tzinfo=UTC)
_FUTURE: Final = timedelta(days=1)
# A zone-less time further ahead of the camera's own clock than this cannot be UTC.
_AHEAD: Final = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class SystemTime:
    """GetSystemDateAndTime: the camera's clock as it answered, whole seconds; None where it does not tell."""

    utc: datetime | None
    mode: ClockMode
    # The camera's zone; None where its text makes no sense.
    zone: tzinfo | None


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A pull point as the camera made it: where it answers and how long it lives."""

    # The address as the camera wrote it: on the wire it goes into wsa:To; it is never contacted unrewritten.
    address: str
    # The reference parameters as XML of header blocks ("" mostly).
    reference: str
    lifetime: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """One answer to PullMessages."""

    events: tuple[CameraEvent, ...]
    # What the camera still gives the subscription, None where it does not tell.
    lifetime: timedelta | None


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """One answer to GetRecordingSearchResults."""

    recordings: tuple[Recording, ...]
    completed: bool


@dataclass(frozen=True, kw_only=True)
class EventPage:
    """One answer to GetEventSearchResults."""

    events: tuple[TrackEvent, ...]
    completed: bool


# --- Time -------------------------------------------------------------------------------------------------

_TIME: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[Tt ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,30}))?)?"
    r"\s*([Zz]|[+-]\d{1,2}:?\d{2})?",
    re.ASCII,
)


def parse_time(value: str) -> datetime | None:
    """Return an xs:dateTime in UTC, naive where it names no zone, or None where it is no time.

    Takes hour 24, second 60, unpadded fields and any number of decimals, as cameras write them.
    """
    if (match := _TIME.fullmatch(value.strip())) is None:
        return None
    year, month, day, hour, minute = (int(field) for field in match.group(1, 2, 3, 4, 5))
    moment = _moment((year, month, day), hour, minute, int(match[6] or 0))
    if moment is None:
        return None
    try:
        moment += timedelta(microseconds=int((match[7] or "0")[:6].ljust(6, "0")))
        if (zone := match[8]) is None:
            return moment
        if zone not in {"Z", "z"}:
            digits = zone[1:].replace(":", "").zfill(4)
            offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
            if offset > timedelta(hours=14):
                return None
            moment = moment + offset if zone[0] == "-" else moment - offset
    except OverflowError:
        return None
    return moment.replace(tzinfo=UTC)


def _moment(date: tuple[int, int, int], hour: int, minute: int, second: int) -> datetime | None:
    """Return a naive moment, hour 24 and second 60 carried over."""
    if not (0 <= hour <= 24 and 0 <= minute <= 59 and 0 <= second <= 60):
        return None
    try:
        # Naive on purpose: the zone is the caller's.
        midnight = datetime.combine(datetime(*date, tzinfo=UTC).date(), time.min)
        return midnight + timedelta(hours=hour, minutes=minute, seconds=second)
    except ValueError, OverflowError:
        return None


def _utc(value: str) -> datetime | None:
    """Return a time whose field is UTC by specification."""
    moment = parse_time(value)
    return moment.replace(tzinfo=UTC) if moment else None


_POSIX: Final = re.compile(
    r"(?P<std>[A-Za-z]{3,10}|<[\w+-]{1,10}>)\s*(?P<offset>[+-]?\d{1,2}(?::\d{1,2}){0,2})"
    r"(?:(?P<dst>[A-Za-z]{3,10}|<[\w+-]{1,10}>)(?P<dst_offset>[+-]?\d{1,2}(?::\d{1,2}){0,2})?)?"
    r"(?P<rule>,.*)?",
    re.ASCII | re.DOTALL,
)
_RULE: Final = re.compile(
    r",(M\d{1,2}\.\d\.\d|J?\d{1,3})(?:/(-?\d{1,3}(?::\d{1,2}){0,2}))?" * 2, re.ASCII
)


def parse_time_zone(value: str) -> tzinfo | None:
    """Return the zone of a camera's TZ text, None where it makes none; names are read from disk once.

    Takes POSIX texts (IEEE 1003.1, section 8.3) with the liberties of cameras: seconds in the offset,
    a "daylight offset" that is really the saving, rules left out; offsets such as GMT+09:00, which people mean
    east although POSIX means west; and names of the zone database.
    """
    return _zone(value.strip().removeprefix(":")) if len(value) <= 100 else None


# Asked with every look at a clock, and a section has one or two.
@lru_cache(maxsize=64)
def _zone(value: str) -> tzinfo | None:
    # A sign with a colon after UTC or GMT is everyday notation (RFC 9557), not POSIX.
    if everyday := re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):(\d{2})", value, re.ASCII):
        offset = timedelta(hours=int(everyday[2]), minutes=int(everyday[3]))
        return _fixed(-offset if everyday[1] == "-" else offset)
    if posix := _POSIX.fullmatch(value):
        return _posix_zone(posix)
    if re.fullmatch(r"[A-Za-z][\w+-]{0,31}(?:/[\w+-]{1,31}){0,2}", value, re.ASCII):
        try:
            return ZoneInfo(value)
        except OSError, ValueError, LookupError:
            return None
    return None


def _posix_zone(posix: re.Match[str]) -> tzinfo | None:
    standard = -_offset(posix["offset"])
    rule = _RULE.fullmatch(posix["rule"] or "")
    if posix["dst"] is None or rule is None or _fixed(standard) is None:
        return _fixed(standard)
    saving = timedelta(hours=1)
    if posix["dst_offset"]:
        # Hikvision writes the saving itself ("CST7:00:00DST01:00:00"), POSIX an offset next to the first.
        meant = -_offset(posix["dst_offset"]) - standard
        if timedelta() < meant <= timedelta(hours=2):
            saving = meant
    # The library knows the rules of POSIX; the text reaches it as the footer of an otherwise empty TZif
    # file (RFC 8536, section 3.3), written anew in strict form.
    footer = (
        f"<S>{_posix_offset(standard)}<D>{_posix_offset(standard + saving)}"
        f",{rule[1]}/{rule[2] or '2'},{rule[3]}/{rule[4] or '2'}"
    )
    block = struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, 0, 1, 2) + struct.pack(
        ">lbb2s", int(standard.total_seconds()), 0, 0, b"S\0"
    )
    try:
        return ZoneInfo.from_file(BytesIO(block * 2 + f"\n{footer}\n".encode()))
    except ValueError:
        return _fixed(standard)


def _offset(value: str) -> timedelta:
    hours, minutes, seconds = ([int(part) for part in value.lstrip("+-").split(":")] + [0, 0])[:3]
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -offset if value.startswith("-") else offset


def _posix_offset(east: timedelta) -> str:
    seconds = -int(east.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _fixed(offset: timedelta) -> tzinfo | None:
    return timezone(offset) if abs(offset) <= timedelta(hours=14) else None


def parse_system_date_and_time(envelope: Envelope) -> SystemTime:
    """Return the camera's clock from GetSystemDateAndTime (Device specification, 8.3.5).

    Reads a named zone from disk: not for the event loop.
    """
    answer = open_envelope(envelope, "GetSystemDateAndTimeResponse")
    if (stamp := child(answer, "SystemDateAndTime")) is None:
        raise CameraAnswerInvalid("the answer has no SystemDateAndTime")
    mode = _clock_mode(stamp)
    zone = parse_time_zone(text(stamp, "TimeZone", "TZ"))
    utc = _clock_face(child(stamp, "UTCDateTime"), UTC)
    local = child(stamp, "LocalDateTime")
    if utc is None:
        utc = _clock_face(local, zone)
    elif (face := _clock_face(local, UTC)) is not None and (
        # Two clocks tell more than a text that is missing or has its sign the other way round.
        zone is None or utc.astimezone(zone).utcoffset() == utc - face
    ):
        zone = _fixed(timedelta(minutes=15) * round((face - utc) / timedelta(minutes=15)))
    return SystemTime(utc=utc, mode=mode, zone=zone)


def _clock_face(face: Element | None, zone: tzinfo | None) -> datetime | None:
    """Return what a tt:DateTime shows, in UTC; None without a zone or where it cannot be a clock."""
    if face is None or zone is None:
        return None
    numbers = [
        _integer(text(face, *path))
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
        or (moment := _moment((year, month, day), hour, minute, second)) is None
    ):
        return None
    return moment.replace(tzinfo=zone).astimezone(UTC)


# --- Numbers and lists ------------------------------------------------------------------------------------


def _integer(value: str) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _number(value: str) -> float | None:
    """Return a number between 0 and 2³¹, which every honest one here is."""
    if len(value) > 32:
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if isfinite(number) and 0 <= number < 2**31 else None


def _positive(value: str) -> int | None:
    return _integer(value) or None


def _token(value: str) -> str:
    """Return a token, "" where it is none."""
    value = value.strip()
    return value if len(value) <= _TOKEN_LIMIT else ""


def _text(element: Element | None, *path: str) -> str:
    """Return a text for people or logs, cut off where no honest one goes on."""
    return text(element, *path)[:_TEXT_LIMIT]


def _first_of[T](items: Iterable[tuple[str, T]], limit: int = _ITEMS_LIMIT) -> tuple[T, ...]:
    """Return the items with a token, the first of each token, at most `limit`."""
    seen: dict[str, T] = {}
    for token, item in items:
        if token and len(seen) < limit:
            seen.setdefault(token, item)
    return tuple(seen.values())


def _each(element: Element | None, name: str) -> Iterator[Element]:
    return iter(()) if element is None else element.iterchildren(f"{{*}}{name}")


def _listed(envelope: Envelope, operation: str, name: str) -> list[Element]:
    """Return the items of a list answer, which may be empty but not full of something else.

    No recordings or no audio must be said, not concluded from an answer that says neither.
    """
    answer = open_envelope(envelope, f"{operation}Response")
    items = list(_each(answer, name))
    if not items and next(answer.iterchildren("{*}*"), None) is not None:
        raise CameraAnswerInvalid(f"the answer to {operation} holds something else")
    return items


# --- Device -----------------------------------------------------------------------------------------------

_SERVICES: Final = {
    "ver10/device/wsdl": "device",
    "ver10/media/wsdl": "media",
    "ver20/media/wsdl": "media2",
    "ver10/events/wsdl": "events",
    "ver10/recording/wsdl": "recording",
    "ver10/search/wsdl": "search",
    "ver10/replay/wsdl": "replay",
}


def parse_services(envelope: Envelope) -> Services:
    """Return the services of GetServices (Device specification, 8.1.2), addresses as the camera wrote them."""
    found: dict[str, str] = {}
    for service in _listed(envelope, "GetServices", "Service"):
        namespace = text(service, "Namespace").rstrip("/").lower()
        name = _SERVICES.get(namespace.partition("onvif.org/")[2])
        address = text(service, "XAddr")
        if name and address:
            found.setdefault(name, address)
    return _services(found)


def parse_capabilities(envelope: Envelope) -> Services:
    """Return the services of GetCapabilities (Device specification, 8.1.3), for cameras without GetServices."""
    capabilities = child(open_envelope(envelope, "GetCapabilitiesResponse"), "Capabilities")
    places = {
        "device": ("Device",),
        "media": ("Media",),
        "events": ("Events",),
        "recording": ("Extension", "Recording"),
        "search": ("Extension", "Search"),
        "replay": ("Extension", "Replay"),
    }
    return _services(
        {
            name: address
            for name, path in places.items()
            if (address := text(capabilities, *path, "XAddr"))
        }
    )


def _services(found: dict[str, str]) -> Services:
    if not found:
        raise CameraAnswerInvalid("the camera names no ONVIF service")
    return Services(**{"device": "", **found})


def parse_device_information(envelope: Envelope) -> CameraIdentity:
    """Return GetDeviceInformation (Device specification, 8.1.1); fields left out are ""."""
    answer = open_envelope(envelope, "GetDeviceInformationResponse")
    identity = CameraIdentity(
        manufacturer=_text(answer, "Manufacturer"),
        model=_text(answer, "Model"),
        firmware=_text(answer, "FirmwareVersion"),
        serial=_text(answer, "SerialNumber"),
    )
    if not any((identity.manufacturer, identity.model, identity.firmware, identity.serial)):
        raise CameraAnswerInvalid("the camera does not say what it is")
    return identity


def parse_network_interfaces(envelope: Envelope) -> tuple[str, ...]:
    """Return the hardware addresses of GetNetworkInterfaces, lower-case with colons, unreal ones left out."""
    macs: dict[str, None] = {}
    for interface in _listed(envelope, "GetNetworkInterfaces", "NetworkInterfaces"):
        digits = re.sub(r"[^0-9a-f]", "", text(interface, "Info", "HwAddress").lower())
        if len(digits) == 12 and digits not in {"0" * 12, "f" * 12} and len(macs) < _ITEMS_LIMIT:
            macs[":".join(digits[i : i + 2] for i in range(0, 12, 2))] = None
    return tuple(macs)


def parse_scopes(envelope: Envelope) -> tuple[str, ...]:
    """Return the scope URIs of GetScopes."""
    items = (text(scope, "ScopeItem") for scope in _listed(envelope, "GetScopes", "Scopes"))
    return _first_of((item, item) for item in items)


def parse_storage_configurations(envelope: Envelope) -> tuple[str, ...]:
    """Return the types of the configured storages ("LocalStorage", …) of GetStorageConfigurations."""
    return tuple(
        (text(data) or data.get("type", "")).strip()[:_TEXT_LIMIT]
        for storage in _listed(envelope, "GetStorageConfigurations", "StorageConfigurations")
        if (data := child(storage, "Data")) is not None
    )[:_ITEMS_LIMIT]


# --- Media ------------------------------------------------------------------------------------------------


def parse_profiles(envelope: Envelope) -> tuple[MediaProfile, ...]:
    """Return the profiles of GetProfiles, Media or Media2; a token's first profile counts, but audio of any.

    Audio of profiles without a token comes last, under the token "" and without video: nobody can ask for it,
    but it is there. Raises CameraAnswerInvalid when no profile has either, or when a Media2 answer shows only
    names: silence about audio must not look like audio that is off.
    """
    elements = _listed(envelope, "GetProfiles", "Profiles")
    found: dict[str, MediaProfile] = {}
    nameless: str | None = None
    for profile in map(_profile, elements):
        if (known := found.get(profile.token)) is not None:
            audio = known.audio_encoding or profile.audio_encoding
            found[profile.token] = replace(known, audio_encoding=audio)
        elif profile.token and len(found) < _ITEMS_LIMIT:
            found[profile.token] = profile
        else:
            nameless = nameless or profile.audio_encoding
    if nameless:
        found[""] = MediaProfile(token="", name="", audio_encoding=nameless)
    if elements and not found:
        raise CameraAnswerInvalid("no media profile has a token")
    if (
        elements
        and "/ver20/" in str(elements[0].tag)
        and all(child(profile, "Configurations") is None for profile in elements)
    ):
        raise CameraAnswerInvalid("the media profiles show no configurations")
    return tuple(found.values())


def _profile(profile: Element) -> MediaProfile:
    configurations = child(profile, "Configurations")
    if configurations is None:
        video = child(profile, "VideoEncoderConfiguration")
        audio = child(profile, "AudioEncoderConfiguration")
    else:
        video = child(configurations, "VideoEncoder")
        audio = child(configurations, "AudioEncoder")
    return MediaProfile(
        token=_token(profile.get("token") or ""),
        name=_text(profile, "Name"),
        video_encoding=_encoding(video),
        width=_positive(text(video, "Resolution", "Width")),
        height=_positive(text(video, "Resolution", "Height")),
        # Zero means no limit (Axis).
        bitrate=_positive(text(video, "RateControl", "BitrateLimit")),
        frame_rate=_number(text(video, "RateControl", "FrameRateLimit")) or None,
        audio_encoding=_encoding(audio),
    )


def _encoding(encoder: Element | None) -> str | None:
    """Return the encoding of an encoder configuration; one that is there but does not say is "UNKNOWN"."""
    if encoder is None or (len(encoder) == 0 and not encoder.get("token")):
        return None
    # Media2 takes encodings from IANA ("H265"), and cameras write them as MIME types, too.
    encoding = text(encoder, "Encoding").upper().rpartition("/")[2]
    return None if encoding == "NONE" else encoding[:40] or "UNKNOWN"


def parse_uri(envelope: Envelope) -> str:
    """Return the address in an answer to GetStreamUri or GetSnapshotUri, Media or Media2, as the camera wrote it."""
    answer = open_envelope(envelope, "GetStreamUriResponse", "GetSnapshotUriResponse")
    if uri := text(answer, "MediaUri", "Uri") or text(answer, "Uri"):
        return uri
    raise CameraAnswerInvalid("the answer has no address")


# --- Settings ---------------------------------------------------------------------------------------------

_SCHEMA: Final = "http://www.onvif.org/ver10/schema"


def parse_profile_settings(envelope: Envelope) -> tuple[ProfileSettings, ...]:
    """Return what can be changed in the profiles of GetProfiles, Media or Media2, the first of each token."""
    return _first_of(
        (settings.token, settings)
        for profile in _listed(envelope, "GetProfiles", "Profiles")
        if (settings := _profile_settings(profile))
    )


def _profile_settings(profile: Element) -> ProfileSettings:
    configurations = child(profile, "Configurations")
    inside, suffix = (profile, "Configuration") if configurations is None else (configurations, "")
    space = str(profile.tag).partition("}")[0].removeprefix("{")
    return ProfileSettings(
        token=_token(profile.get("token") or ""),
        video=_encoder(child(inside, f"VideoEncoder{suffix}"), space),
        has_audio_encoder=_encoding(child(inside, f"AudioEncoder{suffix}")) is not None,
        has_audio_source=child(inside, f"AudioSource{suffix}") is not None,
    )


def _encoder(encoder: Element | None, space: str) -> EncoderConfiguration | None:
    """Return an encoder as it is to be sent back; of one without a token nothing can be changed."""
    if encoder is None or not (token := _token(encoder.get("token") or "")):
        return None
    copy = deepcopy(encoder)
    copy.tag = f"{{{space}}}Configuration"
    for element in copy.iterdescendants("*"):
        # Where prefixes were forgotten.
        if not str(element.tag).startswith("{"):
            element.tag = f"{{{_SCHEMA}}}{element.tag}"
    return EncoderConfiguration(
        token=token,
        encoding=_text(encoder, "Encoding"),
        width=_positive(text(encoder, "Resolution", "Width")),
        height=_positive(text(encoder, "Resolution", "Height")),
        constant_bitrate=_flag(
            (rate.get("ConstantBitRate") or "")
            if (rate := child(encoder, "RateControl")) is not None
            else ""
        ),
        xml=tostring(copy, encoding="unicode", with_tail=False),
    )


def _flag(value: str) -> bool:
    return value.strip().lower() in {"true", "1"}


def parse_encoder_sizes(envelope: Envelope, encoding: str) -> tuple[tuple[int, int], ...]:
    """Return width and height of what an encoder offers in an encoding, the tallest first.

    Answers to GetVideoEncoderConfigurationOptions of Media2 (one set of options for each encoding) and of Media (all in
    one, by the encoding's name; newer ones in its Extension).
    """
    wanted = encoding.upper().rpartition("/")[2]
    sizes: set[tuple[int, int]] = set()
    for options in _listed(envelope, "GetVideoEncoderConfigurationOptions", "Options"):
        if told := text(options, "Encoding"):
            offers = [options] if told.upper().rpartition("/")[2] == wanted else []
        else:
            offers = [
                *_each(options, wanted),
                *(
                    offer
                    for extension in _each(options, "Extension")
                    for offer in _each(extension, wanted)
                ),
            ]
        for offer in offers:
            for size in _each(offer, "ResolutionsAvailable"):
                width, height = _positive(text(size, "Width")), _positive(text(size, "Height"))
                if width and height and len(sizes) < _ITEMS_LIMIT:
                    sizes.add((width, height))
    return tuple(sorted(sizes, key=lambda size: (size[1], size[0]), reverse=True))


def parse_clock_settings(envelope: Envelope) -> ClockSettings:
    """Return how the clock is set, of GetSystemDateAndTime (Device specification, 8.3.5)."""
    answer = open_envelope(envelope, "GetSystemDateAndTimeResponse")
    if (stamp := child(answer, "SystemDateAndTime")) is None:
        raise CameraAnswerInvalid("the answer has no SystemDateAndTime")
    return ClockSettings(
        mode=_clock_mode(stamp),
        daylight_savings=_flag(text(stamp, "DaylightSavings")),
        time_zone=_text(stamp, "TimeZone", "TZ"),
    )


def _clock_mode(stamp: Element) -> ClockMode:
    return {"ntp": ClockMode.NTP, "manual": ClockMode.MANUAL}.get(
        text(stamp, "DateTimeType").lower(), ClockMode.UNKNOWN
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
                if (name := _text(server, field))
            ),
            "",
        )
        for server in _each(information, "NTPManual")
    )
    return TimeServers(
        from_dhcp=_flag(text(information, "FromDHCP")),
        servers=_first_of((server, server) for server in servers),
    )


def parse_done(envelope: Envelope, operation: str) -> None:
    """Take note that a setting was answered with success, which need not mean that it was done."""
    open_envelope(envelope, f"{operation}Response")


# --- Recordings -------------------------------------------------------------------------------------------

_KINDS: Final = {kind.value: kind for kind in TrackKind}
_STATES: Final = {state.value: state for state in RecordingState}
_JOB_STATES: Final = {state.value: state for state in JobState}


def parse_recordings(envelope: Envelope) -> tuple[Recording, ...]:
    """Return the recordings of GetRecordings (Recording Control, 5.14): tokens and tracks, no times yet."""
    return _first_of(
        (
            (
                token := _token(text(item, "RecordingToken")),
                Recording(
                    token=token,
                    earliest=None,
                    latest=None,
                    state=RecordingState.UNKNOWN,
                    tracks=_merged(
                        track
                        for element in _each(child(item, "Tracks"), "Track")
                        if (track := _track(element, child(element, "Configuration")))
                    ),
                ),
            )
            for item in _listed(envelope, "GetRecordings", "RecordingItem")
        ),
        RECORDINGS_LIMIT,
    )


def parse_recording_information(
    envelope: Envelope, *, camera_now: datetime | None = None, zone: tzinfo | None = None
) -> Recording:
    """Return one recording of GetRecordingInformation (Recording Search, 5.3), bounds in camera time.

    `camera_now` is the camera's clock (UTC), `zone` its zone: with both, times without a zone are read as
    local where UTC would lie in the future. Implausible times are None: before 2001, more than a day ahead
    of the camera's clock, or a start after its end.
    """
    answer = open_envelope(envelope, "GetRecordingInformationResponse")
    if (information := child(answer, "RecordingInformation")) is None:
        raise CameraAnswerInvalid("the answer has no recording")
    return _recording(information, camera_now, zone)


def parse_recording_search(
    envelope: Envelope, *, camera_now: datetime | None = None, zone: tzinfo | None = None
) -> SearchPage:
    """Return one page of GetRecordingSearchResults (Recording Search, 5.6); times as above."""
    answer = child(open_envelope(envelope, "GetRecordingSearchResultsResponse"), "ResultList")
    if answer is None:
        raise CameraAnswerInvalid("the answer has no result list")
    recordings = (
        _recording(information, camera_now, zone)
        for information in _each(answer, "RecordingInformation")
    )
    return SearchPage(
        recordings=_first_of(
            ((recording.token, recording) for recording in recordings), RECORDINGS_LIMIT
        ),
        completed=text(answer, "SearchState").lower() not in {"queued", "searching"},
    )


def parse_search_token(envelope: Envelope) -> str:
    """Return the token of a search that FindRecordings or FindEvents began."""
    answer = open_envelope(envelope, "FindRecordingsResponse", "FindEventsResponse")
    if token := _token(text(answer, "SearchToken")):
        return token
    raise CameraAnswerInvalid("the search has no token")


def parse_end_search(envelope: Envelope) -> None:
    """Take note that a search has ended; where it had come to is of no use here."""
    open_envelope(envelope, "EndSearchResponse")


# The data item that says whether there is footage, by topic (Recording Search, "Recording events").
_HISTORY: Final = {
    "RecordingHistory/Track/State": "IsDataPresent",
    "RecordingHistory/Recording/State": "IsRecording",
}


def parse_event_search(envelope: Envelope, *, camera_now: datetime | None = None) -> EventPage:
    """Return one page of GetEventSearchResults (Recording Search, 5.9): where footage begins and ends, at most 1,000.

    Other events, and those whose times or tokens cannot be, are left out. A time without a zone gives way to that of
    the message, which is UTC by its definition.
    """
    answer = child(open_envelope(envelope, "GetEventSearchResultsResponse"), "ResultList")
    if answer is None:
        raise CameraAnswerInvalid("the answer has no result list")
    events: list[TrackEvent] = []
    for result in _each(answer, "Result"):
        if len(events) == MESSAGES_LIMIT:
            break
        if (event := _track_event(result, camera_now)) is not None:
            events.append(event)
    return EventPage(
        events=tuple(events),
        completed=text(answer, "SearchState").lower() not in {"queued", "searching"},
    )


def _track_event(result: Element, camera_now: datetime | None) -> TrackEvent | None:
    topic = parse_topic(text(result, "Event", "Topic"))
    message = child(result, "Event", "Message", "Message")
    event = _event(topic, message)
    present = event.data.get(_HISTORY.get(topic, ""), "").lower()
    recording = _token(text(result, "RecordingToken")) or event.source.get("RecordingToken", "")
    at = parse_time(text(result, "Time"))
    if at is None or at.tzinfo is None:
        at = event.at or (at and at.replace(tzinfo=UTC))
    start_state = text(result, "StartStateEvent").lower() in {"true", "1"}
    if present not in {"true", "false", "1", "0"} or not recording or at is None:
        return None
    if not start_state and _plausible(at, None, UTC, camera_now)[0] is None:
        return None
    track = _token(text(result, "TrackToken")) or event.source.get("Track", "")
    return TrackEvent(
        recording=recording,
        track=track if topic == "RecordingHistory/Track/State" else None,
        at=at,
        present=present in {"true", "1"},
        start_state=start_state,
    )


def _track(element: Element, details: Element | None) -> RecordingTrack | None:
    """Return a track of a known kind; without a token it is of no use to us, but it is there."""
    if (kind := _KINDS.get(text(details, "TrackType").lower())) is None:
        return None
    return RecordingTrack(
        token=_token(text(element, "TrackToken")),
        kind=kind,
        data_from=parse_time(text(element, "DataFrom")),
        data_to=parse_time(text(element, "DataTo")),
    )


def _merged(tracks: Iterable[RecordingTrack]) -> tuple[RecordingTrack, ...]:
    """Return the tracks, those of one kind and token as one from the first of their data to the last.

    Cameras give one token to video and audio, and list a track once for each stretch of data.
    """
    merged: dict[tuple[TrackKind, str], RecordingTrack] = {}
    for track in tracks:
        key = (track.kind, track.token)
        if (known := merged.get(key)) is None:
            if len(merged) < _ITEMS_LIMIT:
                merged[key] = track
            continue
        starts = [at for at in (known.data_from, track.data_from) if at is not None]
        ends = [at for at in (known.data_to, track.data_to) if at is not None]
        merged[key] = replace(
            known, data_from=min(starts, default=None), data_to=max(ends, default=None)
        )
    return tuple(merged.values())


def _recording(information: Element, camera_now: datetime | None, zone: tzinfo | None) -> Recording:
    listed = [
        track for element in _each(information, "Track") if (track := _track(element, element))
    ]
    earliest = parse_time(text(information, "EarliestRecording"))
    latest = parse_time(text(information, "LatestRecording"))
    times = [earliest, latest, *(t.data_from for t in listed), *(t.data_to for t in listed)]
    bare = _zone_of_bare_times(times, camera_now, zone)
    # Merged only now: what a camera writes without a zone cannot be compared with what it writes with one.
    tracks = _merged(
        replace(track, data_from=bounds[0], data_to=bounds[1])
        for track in listed
        if (bounds := _plausible(track.data_from, track.data_to, bare, camera_now))
    )
    earliest, latest = _plausible(earliest, latest, bare, camera_now)
    # A bound that is missing, or was no time at all, its video may tell.
    video = [track for track in tracks if track.kind is TrackKind.VIDEO]
    if earliest is None:
        earliest = min((track.data_from for track in video if track.data_from), default=None)
    if latest is None:
        latest = max((track.data_to for track in video if track.data_to), default=None)
    earliest, latest = _plausible(earliest, latest, UTC, camera_now)
    return Recording(
        token=_token(text(information, "RecordingToken")),
        earliest=earliest,
        latest=latest,
        state=_STATES.get(text(information, "RecordingStatus").lower(), RecordingState.UNKNOWN),
        tracks=tracks,
    )


def _zone_of_bare_times(
    times: Iterable[datetime | None], camera_now: datetime | None, zone: tzinfo | None
) -> tzinfo:
    """Return the zone in which an answer's zone-less times make sense: they should be UTC, some are local."""
    bare = [moment for moment in times if moment and moment.tzinfo is None]
    if not bare or camera_now is None or zone is None:
        return UTC
    # Of UTC and local time the later one that is not in the future: footage that is being written ends now.
    newest = max(bare)
    candidates = {tz: _aware(newest, tz) for tz in (UTC, zone)}
    possible = {
        tz: moment for tz, moment in candidates.items() if moment and moment <= camera_now + _AHEAD
    }
    return max(possible, key=lambda tz: possible[tz], default=UTC)


def _aware(moment: datetime, zone: tzinfo) -> datetime | None:
    try:
        return moment.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError, ValueError:
        return None


def _plausible(
    start: datetime | None, end: datetime | None, bare: tzinfo, camera_now: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """Return a pair of bounds in UTC with what cannot be true left out."""
    bounds: list[datetime | None] = []
    for bound in (start, end):
        moment = _aware(bound, bare) if bound and bound.tzinfo is None else bound
        if moment is not None and (
            moment < _EARLIEST_PLAUSIBLE
            or (camera_now is not None and moment - camera_now > _FUTURE)
        ):
            moment = None
        bounds.append(moment)
    first, last = bounds
    if first is not None and last is not None and first > last:
        return None, None
    return first, last


def parse_recording_jobs(envelope: Envelope) -> tuple[RecordingJob, ...]:
    """Return the jobs of GetRecordingJobs (Recording Control, 5.21); their states are asked for one by one."""
    return _first_of(
        (
            (
                token := _token(text(item, "JobToken")),
                RecordingJob(
                    token=token,
                    recording_token=_token(text(item, "JobConfiguration", "RecordingToken")),
                    state=JobState.UNKNOWN,
                    sources=tuple(
                        source
                        for element in _each(child(item, "JobConfiguration"), "Source")
                        if (source := _token(text(element, "SourceToken", "Token")))
                    )[:_ITEMS_LIMIT],
                ),
            )
            for item in _listed(envelope, "GetRecordingJobs", "JobItem")
        ),
        RECORDINGS_LIMIT,
    )


def parse_recording_job_state(envelope: Envelope) -> JobState:
    """Return the state of GetRecordingJobState (Recording Control, 5.25), whatever case it is written in."""
    answer = open_envelope(envelope, "GetRecordingJobStateResponse")
    return _JOB_STATES.get(
        text(answer, "State", "State").lower().replace(" ", ""), JobState.UNKNOWN
    )


def parse_replay_uri(envelope: Envelope) -> str:
    """Return the address of GetReplayUri (Replay Control, 5.2), as the camera wrote it."""
    if uri := text(open_envelope(envelope, "GetReplayUriResponse"), "Uri"):
        return uri
    raise CameraAnswerInvalid("the answer has no address")


# --- Events -----------------------------------------------------------------------------------------------


def parse_topic(value: str) -> str:
    """Return a topic without namespace prefixes: "Device/HardwareFailure/StorageFailure"."""
    parts = (part.strip().rpartition(":")[2] for part in value.split("/"))
    return "/".join(part for part in parts if part)[:_TEXT_LIMIT]


def parse_subscription(envelope: Envelope) -> Subscription:
    """Return the pull point of CreatePullPointSubscription (Core specification, 9.1)."""
    answer = open_envelope(envelope, "CreatePullPointSubscriptionResponse")
    reference = child(answer, "SubscriptionReference")
    if not (address := text(reference, "Address")):
        raise CameraAnswerInvalid("the subscription has no address")
    return Subscription(
        # A log-in inside would travel in plain text with each pull.
        address=re.sub(r"^(\w+://)[^/?#]*@", r"\1", address),
        reference=_reference_headers(child(reference, "ReferenceParameters")),
        lifetime=_lifetime(answer),
    )


def _reference_headers(parameters: Element | None) -> str:
    """Return reference parameters as header blocks (WS-Addressing SOAP Binding, section 3.3)."""
    blocks: list[str] = []
    for parameter in [] if parameters is None else parameters.iterchildren("{*}*"):
        parameter.set("{http://www.w3.org/2005/08/addressing}IsReferenceParameter", "true")
        blocks.append(tostring(parameter, encoding="unicode", with_tail=False))
    header = "".join(blocks)
    if len(header) > 16 * 1024:
        raise CameraAnswerInvalid("the subscription's reference parameters are too large")
    return header


def _lifetime(answer: Element) -> timedelta | None:
    """Return how long a subscription lives by the camera's own two times: our clock has no say in it."""
    now = _utc(text(answer, "CurrentTime"))
    end = _utc(text(answer, "TerminationTime"))
    # Cameras that mix zones or answer 1970 tell nothing.
    if now is None or end is None or not timedelta() < end - now <= timedelta(days=1):
        return None
    return end - now


def parse_renewal(envelope: Envelope) -> timedelta | None:
    """Return the new lifetime of a renewed subscription, None where the camera does not tell."""
    return _lifetime(open_envelope(envelope, "RenewResponse"))


def parse_pull_messages(envelope: Envelope) -> Pulled:
    """Return the notifications of PullMessages (Core specification, 9.2), at most 1,000, topics without prefixes."""
    answer = open_envelope(envelope, "PullMessagesResponse")
    events: list[CameraEvent] = []
    for notification in _each(answer, "NotificationMessage"):
        if len(events) == MESSAGES_LIMIT:
            break
        if topic := parse_topic(text(notification, "Topic")):
            events.append(_event(topic, child(notification, "Message", "Message")))
    if not events and len(answer) and child(answer, "CurrentTime") is None:
        raise CameraAnswerInvalid("the answer to PullMessages holds something else")
    return Pulled(events=tuple(events), lifetime=_lifetime(answer))


def _event(topic: str, message: Element | None) -> CameraEvent:
    operation = "" if message is None else message.get("PropertyOperation", "").strip().capitalize()
    return CameraEvent(
        topic=topic,
        at=None if message is None else _utc(message.get("UtcTime", "")),
        operation=operation if operation in {"Initialized", "Changed", "Deleted"} else "",
        source=_items(child(message, "Source")),
        data=_items(child(message, "Data")),
    )


def _items(items: Element | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in _each(items, "SimpleItem"):
        name = item.get("Name", "").strip()[:_TEXT_LIMIT]
        if name and len(found) < _ITEMS_LIMIT:
            found.setdefault(name, item.get("Value", "").strip()[:_TEXT_LIMIT])
    return found


def parse_event_properties(envelope: Envelope) -> frozenset[str]:
    """Return the topics that GetEventProperties announces (Core specification, 9.9), without prefixes."""
    topics: set[str] = set()

    def walk(element: Element, path: tuple[str, ...]) -> None:
        for part in element.iterchildren("{*}*"):
            name = local_name(part)
            if name == "MessageDescription":
                continue
            place = (*path, name)
            if len(topics) < _TOPICS_LIMIT and any(
                key.rpartition("}")[2] == "topic" for key in map(str, part.attrib)
            ):
                topics.add("/".join(place)[:_TEXT_LIMIT])
            walk(part, place)

    answer = open_envelope(envelope, "GetEventPropertiesResponse")
    if (topic_set := child(answer, "TopicSet")) is None:
        raise CameraAnswerInvalid("the answer has no topics")
    walk(topic_set, ())
    return frozenset(topics)
