"""Stretches, gaps, days and the estimate of what is overwritten when: values without a camera."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
import time
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.niiza_cctv.lib.device.clock_history import ClockLine
from custom_components.niiza_cctv.lib.footage.archive import FootageIndex, Stretch

TOKYO = ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 11, 23, 12, tzinfo=TOKYO).astimezone(UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def midnight(day: date, zone: tzinfo = TOKYO) -> datetime:
    """Return when a day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def index(
    *spans: tuple[str, datetime, datetime],
    read_at: datetime = NOON,
    offset: timedelta = timedelta(),
    moved: bool = False,
) -> FootageIndex:
    """Return an index of these stretches in true time."""
    return FootageIndex(
        read_at=read_at,
        clock=None,
        offset=offset,
        stretches=tuple(
            Stretch(recording=token, start=start, end=end, clock=ClockLine.constant(offset))
            for token, start, end in sorted(spans, key=lambda span: span[1:])
        ),
        exact=True,
        moved=moved,
    )


moments = st.integers(0, 200).map(lambda minutes: NOON - timedelta(minutes=minutes))
spans_of_recordings = st.lists(
    st.tuples(st.sampled_from(["A", "B", "C"]), moments, moments).filter(
        lambda span: span[1] < span[2]
    ),
    max_size=12,
)


@given(spans_of_recordings, moments, moments)
def test_parts_and_gaps_fill_every_passage(
    spans: list[tuple[str, datetime, datetime]], one: datetime, other: datetime
) -> None:
    """Together they are the passage, in order, each moment once; parts are of footage, gaps of none."""
    start, end = min(one, other), max(one, other)
    found = index(*spans)
    parts, gaps = found.parts(start, end), found.gaps(start, end)
    pieces = sorted([(part.start, part.end) for part in parts] + list(gaps))
    assert [(part.start, part.end) for part in parts] == sorted(
        (part.start, part.end) for part in parts
    )
    at = start
    for first, last in pieces:
        assert first == at < last
        at = last
    assert at == end
    for part in parts:
        assert any(
            token == part.recording and first <= part.start and part.end <= last
            for token, first, last in spans
        )
    for first, last in gaps:
        assert not any(begin < last and stop > first for _, begin, stop in spans)


def test_a_recording_is_left_only_where_it_ends() -> None:
    """An event recording inside the running one makes no seam; one that reaches further is gone over to once."""
    found = index(
        ("SD", NOON - 5 * HOUR, NOON - 2 * HOUR),
        ("EV", NOON - 4 * HOUR, NOON - 3 * HOUR),
        ("LATER", NOON - 2.5 * HOUR, NOON),
        ("SHORT", NOON - 2.2 * HOUR, NOON - HOUR),
    )
    assert [
        (part.recording, part.start, part.end)
        for part in found.parts(NOON - 4.5 * HOUR, NOON - MINUTE)
    ] == [
        ("SD", NOON - 4.5 * HOUR, NOON - 2 * HOUR),
        ("LATER", NOON - 2 * HOUR, NOON - MINUTE),
    ]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Asia/Tokyo", date(2026, 11, 22), 24),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2026, 3, 29), 23),
        # Its clocks skip midnight itself.
        ("America/Santiago", date(2026, 9, 6), 23),
        ("America/Santiago", date(2026, 4, 4), 25),
    ],
)
def test_a_day_is_as_long_as_the_clocks_make_it(zone: str, day: date, hours: int) -> None:
    """From local midnight to local midnight, without a hole between two days."""
    found = index(
        ("SD", midnight(day) - 2 * DAY, midnight(day) + 3 * DAY), read_at=midnight(day) + 3 * DAY
    )
    days = found.days(ZoneInfo(zone))
    (whole,) = [item for item in days if item.day == day]
    assert whole.end - whole.start == hours * HOUR
    assert [(item.start, item.end) for item in whole.stretches] == [(whole.start, whole.end)]
    assert all(one.end == two.start for one, two in pairwise(days))
    assert sum(
        (item.end - item.start for item in (s for d in days for s in d.stretches)), timedelta()
    ) == (5 * DAY)


def test_a_full_card_loses_a_day_at_each_midnight() -> None:
    """The oldest first, and a day of which only a minute is left like any other."""
    today = date(2026, 11, 23)
    full = index(("SD", midnight(today - 13 * DAY) + 30 * timedelta(seconds=1), NOON))
    for age in range(14):
        moment = midnight(today - age * DAY) + 10 * HOUR
        assert full.overwritten_at(moment, TOKYO) == midnight(today + (14 - age) * DAY)
    assert full.overwritten_at(midnight(today - 14 * DAY) + HOUR, TOKYO) is None


def test_a_card_that_has_not_shown_that_it_is_full_promises_nothing() -> None:
    """It begins where it was put in; one put in at the midnight before last is not told from a full one."""
    today = date(2026, 11, 23)
    young = index(("SD", midnight(today - 5 * DAY) + 11 * HOUR, NOON))
    assert young.overwritten_at(NOON - HOUR, TOKYO) is None
    assert all(day.overwritten_at is None for day in young.days(TOKYO))
    fresh = index(("SD", midnight(today), NOON))
    assert fresh.overwritten_at(NOON - HOUR, TOKYO) is None


def test_days_without_footage_do_not_lengthen_the_estimate() -> None:
    """A camera that was off for three days: each coming midnight may take a day with footage."""
    today = date(2026, 11, 23)
    holey = index(
        ("SD", midnight(today - 13 * DAY), midnight(today - 10 * DAY)),
        ("SD", midnight(today - 7 * DAY) + HOUR, NOON),
    )
    assert holey.overwritten_at(midnight(today - 7 * DAY) + 2 * HOUR, TOKYO) == midnight(
        today + 4 * DAY
    )


def test_midnight_is_that_of_the_cameras_clock() -> None:
    """A clock seven minutes slow drops its day seven minutes after ours."""
    slow = timedelta(minutes=-7)
    today = date(2026, 11, 23)
    found = index(("SD", midnight(today - 2 * DAY) - slow, NOON), offset=slow)
    # Our midnight lies in the day before, by that clock.
    assert found.overwritten_at(midnight(today - 1 * DAY), TOKYO) == midnight(today + DAY) - slow
    assert found.overwritten_at(NOON, TOKYO) == midnight(today + 3 * DAY) - slow
    assert found.days(TOKYO)[0].overwritten_at == midnight(today + DAY) - slow


def test_an_old_cards_recording_does_not_hide_that_the_new_one_is_full() -> None:
    """Each recording by its own days; where two hold a moment, the earlier loss counts."""
    today = date(2026, 11, 23)
    both = index(
        ("OLD", midnight(today - 40 * DAY) + 9 * HOUR, midnight(today - 38 * DAY) + HOUR),
        ("SD", midnight(today - 13 * DAY), NOON),
    )
    assert both.overwritten_at(midnight(today - 13 * DAY) + HOUR, TOKYO) == midnight(today + DAY)
    assert both.overwritten_at(midnight(today - 39 * DAY), TOKYO) == midnight(today + 2 * DAY)


def test_a_card_that_drops_by_the_hour_is_known_once_its_oldest_went() -> None:
    """Then footage lives as long as the oldest does."""
    rolling = index(("SD", NOON - 100 * HOUR, NOON), moved=True)
    assert rolling.overwritten_at(NOON - 90 * HOUR, TOKYO) == NOON + 10 * HOUR


def test_twenty_thousand_stretches_are_looked_through_at_once() -> None:
    """A camera that records on motion: the time grows with their number, not with its square."""
    spans = [
        ("SD", NOON - n * MINUTE, NOON - n * MINUTE + timedelta(seconds=20)) for n in range(20_000)
    ]
    found = index(*spans)
    before = time.process_time()
    assert len(found.parts(NOON - 30 * DAY, NOON)) == 19_999
    assert len(found.gaps(NOON - 30 * DAY, NOON)) == 20_000
    assert len(found.days(TOKYO)) == 15
    assert time.process_time() - before < 5
