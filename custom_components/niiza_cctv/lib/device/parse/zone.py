"""Time zones as cameras write them: POSIX texts with liberties, offsets, names of the zone database."""

from datetime import timedelta, timezone, tzinfo
from functools import lru_cache
from io import BytesIO
import re
import struct
from typing import Final
from zoneinfo import ZoneInfo

_POSIX: Final = re.compile(
    r"(?P<std>[A-Za-z]{3,40}|<[\w+-]{1,10}>)\s*(?P<offset>[+-]?\d{1,2}(?::\d{1,2}){0,2})"
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
    # Windows, and who copies from it, puts it into parentheses and a place behind it.
    if everyday := re.fullmatch(
        r"\(?(?:UTC|GMT)?([+-])(\d{1,2}):(\d{2})(?:\)?|\)?[ ,].*)", value, re.ASCII | re.DOTALL
    ):
        offset = timedelta(hours=int(everyday[2]), minutes=int(everyday[3]))
        return fixed_zone(-offset if everyday[1] == "-" else offset)
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
    if posix["dst"] is None or rule is None or fixed_zone(standard) is None:
        return fixed_zone(standard)
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
        return fixed_zone(standard)


def _offset(value: str) -> timedelta:
    hours, minutes, seconds = ([int(part) for part in value.lstrip("+-").split(":")] + [0, 0])[:3]
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -offset if value.startswith("-") else offset


def _posix_offset(east: timedelta) -> str:
    seconds = -int(east.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def fixed_zone(offset: timedelta) -> tzinfo | None:
    """Return the zone this far east, None where no zone is."""
    return timezone(offset) if abs(offset) <= timedelta(hours=14) else None
