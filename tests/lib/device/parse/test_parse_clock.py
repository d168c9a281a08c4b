"""Times, zones and clocks as cameras write them; what makes no sense is unknown, never a guess."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, strategies as st
import pytest

from custom_components.niiza_cctv.lib.device.errors import CameraAnswerInvalid
from custom_components.niiza_cctv.lib.device.model import ClockMode
from custom_components.niiza_cctv.lib.device.parse.clock import (
    SystemTime,
    parse_system_date_and_time,
)
from custom_components.niiza_cctv.lib.device.parse.time import parse_time
from custom_components.niiza_cctv.lib.device.parse.zone import parse_time_zone
from tests.lib.device.parse.answers import JST, face
from tests.lib.device.scripted_onvif import clock_answer, response


def date_and_time(inside: str) -> SystemTime:
    """Return what a GetSystemDateAndTime answer with this inside says."""
    answer = response("GetSystemDateAndTime", f"<SystemDateAndTime>{inside}</SystemDateAndTime>")
    return parse_system_date_and_time(answer.encode())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T10:00:00Z", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        (" 2026-11-20T10:00:00.5Z\n", datetime(2026, 11, 20, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-20T10:00:00.1234567890Z", datetime(2026, 11, 20, 10, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-11-20T19:00:00+09:00", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("2026-11-20T01:30:00-0830", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("2026-11-20T24:00:00Z", datetime(2026, 11, 21, tzinfo=UTC)),
        ("2026-12-31T23:59:60Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026-1-2T3:4:5Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("1970-01-01T00:03:15Z", datetime(1970, 1, 1, 0, 3, 15, tzinfo=UTC)),
        ("2026-11-20 10:00", datetime(2026, 11, 20, 10)),  # noqa: DTZ001 - naive is the point
        ("2026-02-30T10:00:00Z", None),
        ("2026-11-20T25:00:00Z", None),
        ("2026-11-20T10:00:61Z", None),
        ("2026-11-20T10:00:00+25:00", None),
        ("-2026-11-20T10:00:00Z", None),
        ("20260-11-20T10:00:00Z", None),
        ("9999-12-31T24:00:00Z", None),
        ("9999-12-31T23:00:00-09:00", None),
        ("0000-00-00T00:00:00Z", None),
        ("0001-01-01T00:00:00+09:00", None),
        ("2026-11-20", None),
        ("", None),
        ("now", None),
        ("２０２６-11-20T10:00:00Z", None),
    ],
)
def test_times_as_cameras_write_them(text: str, expected: datetime | None) -> None:
    """Hour 24, second 60, unpadded fields, fractions of any length, zones or none."""
    assert parse_time(text) == expected


@given(
    st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)),  # noqa: DTZ001 - the zone is added below
    st.integers(-14 * 60, 14 * 60),
)
def test_a_written_time_comes_back(moment: datetime, minutes: int) -> None:
    """Whatever the zone, the moment is the same."""
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_time(aware.isoformat()) == aware
    assert parse_time(moment.isoformat()) == moment


@pytest.mark.parametrize(
    ("text", "winter", "summer"),
    [
        ("JST-9", 9, 9),
        ("<+09>-9", 9, 9),
        ("CST-8", 8, 8),
        ("CST-8:00:00", 8, 8),
        ("UTC0", 0, 0),
        ("GMT+09:00", 9, 9),
        ("GMT-5", 5, 5),
        ("UTC-03:30", -3.5, -3.5),
        ("+09:00", 9, 9),
        ("(UTC+09:00) Osaka, Sapporo, Tokyo", 9, 9),
        ("(GMT-03:30)", -3.5, -3.5),
        ("GMT+08:00 Beijing", 8, 8),
        ("Asia/Tokyo", 9, 9),
        # Windows' own names, written together, in the place of a POSIX one.
        ("MoroccoStandardTime0", 0, 0),
        ("TokyoStandardTime-9", 9, 9),
        (":America/Edmonton", -7, -6),
        ("MST7MDT,M3.2.0,M11.1.0", -7, -6),
        ("MST7MDT", -7, -7),
        ("CST7:00:00DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00", -7, -6),
        ("CST+7:00:00DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00", -7, -6),
        ("EST5EDT4,M3.2.0/02:00:00,M11.1.0/02:00:00", -5, -4),
        ("GMT0BST,M3.5.0/1,M10.5.0", 0, 1),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", 11, 10),
        ("IST-5:30", 5.5, 5.5),
        # A rule that says nothing sensible leaves the standard time.
        ("CET-1CEST,M13.9.9/99,M99.9.9", 1, 1),
        ("CET-1CEST,nonsense", 1, 1),
    ],
)
def test_time_zones_as_cameras_write_them(text: str, winter: float, summer: float) -> None:
    """POSIX with all liberties taken, everyday offsets, names of the zone database."""
    zone = parse_time_zone(text)
    offsets = [datetime(2026, month, 15, tzinfo=zone).utcoffset() for month in (1, 7)]
    assert zone is not None
    assert offsets == [timedelta(hours=winter), timedelta(hours=summer)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "JST",
        "Nowhere/Nothing",
        "../../etc/passwd",
        "/etc/localtime",
        "ABC99",
        "UTC+25:00",
        "Asia",
        "A" * 500,
    ],
)
def test_a_time_zone_that_makes_no_sense_is_unknown(text: str) -> None:
    """No file is read that the text only hints at, and nothing is guessed."""
    assert parse_time_zone(text) is None


@given(
    st.text(max_size=80)
    | st.from_regex(r"[A-Z]{3}[+-]?\d{1,2}(:\d\d){0,2}([A-Z]{3})?(,M\d{1,2}\.\d\.\d){0,2}")
)
def test_no_time_zone_text_raises(text: str) -> None:
    """A zone or None."""
    zone = parse_time_zone(text)
    assert zone is None or datetime(2026, 7, 1, tzinfo=zone).utcoffset() is not None


def test_the_clock_is_read_from_utc() -> None:
    """The UTC time counts, whatever else is there."""
    stamp = parse_system_date_and_time(clock_answer(2026, 11, 23, 24, second=60).encode())
    assert stamp.utc == datetime(2026, 11, 24, 0, 1, tzinfo=UTC)
    assert stamp.mode is ClockMode.MANUAL
    assert stamp.zone == JST


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("JST-9", 2),
        ("CST-8", 3),
        ("CST7:00:00DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00", 18),
        ("MST7MDT,M3.2.0,M11.1.0", 18),
        ("GMT+09:00", 2),
        ("Asia/Tokyo", 2),
    ],
)
def test_without_utc_the_local_time_and_its_zone_give_it(zone: str, hour: int) -> None:
    """Some cameras tell the local time only."""
    stamp = date_and_time(
        f"<DateTimeType>ntp</DateTimeType><TimeZone><TZ>{zone}</TZ></TimeZone>{face('LocalDateTime')}"
    )
    assert stamp.utc == datetime(2018, 2, 27, hour, 28, 1, tzinfo=UTC)
    assert stamp.mode is ClockMode.NTP


def test_a_clock_that_does_not_tell_is_unknown() -> None:
    """No zone, nonsense or nothing: the answer is still an answer."""
    assert date_and_time(face("LocalDateTime")).utc is None
    assert date_and_time("").utc is None
    assert date_and_time("").mode is ClockMode.UNKNOWN
    assert date_and_time(face("UTCDateTime", hour="25")).utc is None
    assert date_and_time(face("UTCDateTime", Day="31")).utc is None
    assert date_and_time(face("UTCDateTime", Year="99999999999999999999")).utc is None
    assert date_and_time(face("UTCDateTime", Year="1969")).utc is None
    assert date_and_time(face("UTCDateTime", Year="1970")).utc == datetime(
        1970, 2, 27, 11, 28, 1, tzinfo=UTC
    )
    with pytest.raises(CameraAnswerInvalid):
        parse_system_date_and_time(response("GetSystemDateAndTime").encode())


def test_two_clocks_correct_a_zone_text() -> None:
    """A sign the wrong way round, or no text at all, is seen by comparing both clocks."""
    both = face("UTCDateTime", hour="2") + face("LocalDateTime")
    assert date_and_time(both).zone == JST
    assert date_and_time(f"<TimeZone><TZ>JST9</TZ></TimeZone>{both}").zone == JST
    assert date_and_time(f"<TimeZone><TZ>JST-9</TZ></TimeZone>{both}").zone == JST
    # A text that is only another zone is believed: the local clock may be set wrong.
    assert date_and_time(f"<TimeZone><TZ>CST-8</TZ></TimeZone>{both}").zone == timezone(
        timedelta(hours=8)
    )


@pytest.mark.parametrize(
    ("inside", "zone", "told", "odd"),
    [
        # Both clocks and no text, or one that means nothing: the clocks tell.
        (face("UTCDateTime", hour="2") + face("LocalDateTime"), JST, True, False),
        ("<TimeZone><TZ>Tokyo Standard Time</TZ></TimeZone>" + face("UTCDateTime", hour="2") + face("LocalDateTime"), JST, True, True),
        ("<TimeZone><TZ>JST9</TZ></TimeZone>" + face("UTCDateTime", hour="2") + face("LocalDateTime"), JST, True, True),
        # A good text, alone or with both.
        ("<TimeZone><TZ>JST-9</TZ></TimeZone>" + face("UTCDateTime", hour="2") + face("LocalDateTime"), JST, True, False),
        ("<TimeZone><TZ>JST-9</TZ></TimeZone>" + face("UTCDateTime", hour="2"), JST, True, False),
        # UTC alone: nothing is told, and nothing made up.
        (face("UTCDateTime", hour="2"), None, False, False),
        ("<TimeZone><TZ/></TimeZone>" + face("UTCDateTime", hour="2"), None, False, False),
        # A text that means nothing says that the zone is not the one from before.
        ("<TimeZone><TZ>Tokyo Standard Time</TZ></TimeZone>" + face("UTCDateTime", hour="2"), None, True, True),
        # Pelco tells the name of the place in an extension.
        ("<Extension><Region>:Asia/Tokyo</Region></Extension>" + face("UTCDateTime", hour="2"), timedelta(hours=9), True, False),
    ],
)  # fmt: skip
def test_a_reading_tells_its_own_zone(
    inside: str, zone: timezone | timedelta | None, told: bool, odd: bool
) -> None:
    """What counts is what this answer says, and whether it says anything."""
    stamp = date_and_time(inside)
    assert (stamp.zone_told, stamp.zone_odd) == (told, odd)
    if zone is None:
        assert stamp.zone is None
    else:
        assert stamp.utc is not None
        assert stamp.zone is not None
        wanted = zone if isinstance(zone, timedelta) else zone.utcoffset(None)
        assert stamp.utc.astimezone(stamp.zone).utcoffset() == wanted


def test_a_utc_clock_of_nonsense_gives_way_to_the_local_one() -> None:
    """And that only local time was told is known."""
    zone = "<TimeZone><TZ>JST-9</TZ></TimeZone>"
    for utc in ("", face("UTCDateTime", Year="0"), face("UTCDateTime", hour="99")):
        stamp = date_and_time(zone + utc + face("LocalDateTime"))
        assert stamp.utc == datetime(2018, 2, 27, 2, 28, 1, tzinfo=UTC)
        assert stamp.utc_missing
    assert date_and_time(face("LocalDateTime")).local == datetime(
        2018, 2, 27, 11, 28, 1, tzinfo=UTC
    )
