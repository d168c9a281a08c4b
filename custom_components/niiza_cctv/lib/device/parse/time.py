"""Times as cameras write them (xs:dateTime with liberties)."""

from datetime import UTC, datetime, time, timedelta
import re
from typing import Final

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
    moment = naive_moment((year, month, day), hour, minute, int(match[6] or 0))
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


def utc_time(value: str) -> datetime | None:
    """Return a time whose field is UTC by specification."""
    moment = parse_time(value)
    return moment.replace(tzinfo=UTC) if moment else None


def naive_moment(
    date: tuple[int, int, int], hour: int, minute: int, second: int
) -> datetime | None:
    """Return a naive moment, hour 24 and second 60 carried over."""
    if not (0 <= hour <= 24 and 0 <= minute <= 59 and 0 <= second <= 60):
        return None
    try:
        # Naive on purpose: the zone is the caller's.
        midnight = datetime.combine(datetime(*date, tzinfo=UTC).date(), time.min)
        return midnight + timedelta(hours=hour, minutes=minute, seconds=second)
    except ValueError, OverflowError:
        return None
