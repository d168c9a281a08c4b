"""True time of old footage: what a clock was ahead, and when, against a slow obvious reference."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.niiza_cctv.lib.device.clock_history import (
    MAX_ERAS,
    ClockHistory,
    ClockKnown,
    ClockPiece,
    Era,
)
from custom_components.niiza_cctv.lib.device.model import ClockMode, ClockReading

NOON = datetime(2026, 11, 20, 3, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def reading(at: datetime, ahead: timedelta, error: float = 0.0) -> ClockReading:
    """Return a measurement that is wrong by so many seconds, as whole seconds on the wire make it."""
    return ClockReading(
        offset=ahead + timedelta(seconds=error),
        uncertainty=timedelta(seconds=0.55),
        mode=ClockMode.MANUAL,
        measured_at=at,
    )


def measured(*readings: tuple[timedelta, float]) -> ClockHistory:
    """Return a history of measurements: when (after noon), and how many seconds ahead."""
    history = ClockHistory()
    for after, ahead in readings:
        history.measure(reading(NOON + after, timedelta(seconds=ahead)))
    return history


def test_footage_from_before_the_clock_was_set_keeps_its_correction() -> None:
    """Seven minutes slow until noon: the hour before is still corrected by seven minutes, and says how it is known."""
    history = measured((-DAY, -420), (-MINUTE, -420), (MINUTE, 0), (HOUR, 0))
    (old,) = history.spans(NOON - 2 * HOUR, NOON - HOUR)
    assert old.known is ClockKnown.MEASURED
    assert old.camera_start == NOON - 2 * HOUR - 420 * SECOND
    assert old.measured == (NOON - DAY, NOON - MINUTE)
    (new,) = history.spans(NOON + 10 * MINUTE, NOON + HOUR)
    assert new.camera_start == new.start
    assert history.to_true(NOON - HOUR) == NOON - HOUR + 420 * SECOND
    # Between the two measurements each is possible, and the card tells which it was: the minutes that the clock
    # jumped over were never stamped.
    between = history.spans(NOON - MINUTE, NOON + MINUTE)
    assert {piece.known for piece in between} == {ClockKnown.BETWEEN}
    assert sorted(piece.line.ahead for piece in between) == [-420 * SECOND, timedelta()]
    never = history.place(NOON - 5 * MINUTE, NOON - 2 * MINUTE)
    assert never == ()


def test_footage_from_before_the_first_measurement_says_so() -> None:
    """Nobody knows what the clock showed then; that of the first measurement is taken, not that of today."""
    history = measured((timedelta(), -420), (DAY, 0))
    (before,) = history.spans(NOON - 2 * DAY, NOON - DAY)
    assert before.known is ClockKnown.BEFORE
    assert before.measured == (NOON, NOON)
    assert before.line.ahead == -420 * SECOND
    (untold,) = ClockHistory().spans(NOON, NOON + DAY)
    assert (untold.known, untold.measured) == (ClockKnown.NEVER, None)


def test_a_clock_that_was_set_back_shows_times_twice() -> None:
    """Each camera time that came twice is placed twice, and both say so."""
    history = measured((-DAY, 600), (-SECOND, 600), (SECOND, 0), (DAY, 0))
    camera = NOON + 5 * MINUTE
    first, second = history.place(camera, camera + MINUTE)
    assert (first.start, second.start) == (camera - 600 * SECOND, camera)
    assert [
        piece.twice
        for at in (first.start, second.start)
        for piece in history.spans(at, at + MINUTE)
    ] == [True, True]
    (alone,) = history.spans(NOON + 11 * MINUTE, NOON + 12 * MINUTE)
    assert not alone.twice


def test_a_clock_that_drifts_is_followed_without_a_jump() -> None:
    """Twenty seconds a day, unseen for three days: camera time and true time go on without a hole or an overlap."""
    history = measured((timedelta(), 0), (3 * DAY, 60), (3 * DAY + HOUR, 60.8))
    (drifting,) = history.spans(NOON + DAY, NOON + 2 * DAY)
    assert drifting.known is ClockKnown.BETWEEN
    assert abs(drifting.camera_start - (NOON + DAY + 20 * SECOND)) < SECOND
    (placed,) = history.place(NOON + DAY, NOON + 2 * DAY)
    assert abs((placed.end - placed.start) - (DAY - 20 * SECOND)) < SECOND


def test_a_reset_clock_of_a_rebooted_camera() -> None:
    """1970 until the time server answers: what was stamped then is placed where it was, not in 1970."""
    reset = -(NOON - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    history = measured(
        (-DAY, 2), (-MINUTE, 2), (MINUTE, reset), (10 * MINUTE, reset), (12 * MINUTE, 0)
    )
    (placed,) = history.place(
        datetime(1970, 1, 1, 0, 5, tzinfo=UTC), datetime(1970, 1, 1, 0, 6, tzinfo=UTC)
    )
    assert placed.start == NOON + 5 * MINUTE


def test_measuring_errors_begin_no_era_and_clocks_that_jump_all_day_fill_no_memory() -> None:
    """A second more or less is the error of measuring."""
    history = ClockHistory()
    for number in range(1000):
        history.measure(reading(NOON + number * MINUTE, 419.6 * SECOND, (number % 3 - 1) * 0.5))
    assert len(history.eras) == 1
    for number in range(1000, 3000):
        history.measure(reading(NOON + number * MINUTE, (number % 7) * HOUR))
    assert len(history.eras) == MAX_ERAS
    assert len(history.pieces()) < 30 * MAX_ERAS


def test_what_was_once_said_of_the_past_stays() -> None:
    """A measurement adds to what is known; a passage that was begun before it fits what is fetched after."""
    random = Random(11)  # noqa: S311 - no secret
    history = ClockHistory()
    ahead, at = 0.0, NOON
    for _ in range(300):
        at += random.choice([MINUTE, 2 * MINUTE, 10 * MINUTE, 5 * HOUR])
        ahead += random.choice([0, 0, 0, 0, 0.02, 30, -400])
        settled = history.eras[-1].end if history.eras else None
        said = history.spans(NOON - DAY, settled) if settled else ()
        history.measure(reading(at, timedelta(seconds=ahead), random.uniform(-0.5, 0.5)))
        if settled and len(history.eras) < MAX_ERAS:
            now = history.spans(NOON - DAY, settled)
            assert [(one.start, one.end, one.line) for one in _uncut(said)] == [
                (one.start, one.end, one.line) for one in _uncut(now)
            ]


def _uncut(pieces: tuple[ClockPiece, ...]) -> list[ClockPiece]:
    """Return pieces without the cuts that only say which times came twice."""
    found: list[ClockPiece] = []
    for piece in sorted(pieces, key=lambda one: (one.line.ahead, one.line.at, one.start)):
        if found and found[-1].line == piece.line and found[-1].end == piece.start:
            found[-1] = replace(found[-1], end=piece.end)
        else:
            found.append(piece)
    return found


def test_our_own_clock_that_was_wrong_leaves_nothing_behind() -> None:
    """It was a year ahead and was set right: what was measured meanwhile is forgotten, and measuring goes on."""
    history = measured((timedelta(), 0), (365 * DAY, -365 * 86400), (366 * DAY, -365 * 86400))
    history.measure(reading(NOON + DAY, timedelta()))
    assert [era.ahead for era in history.eras] == [timedelta()]
    assert history.eras[-1].end == NOON + DAY


def test_what_a_ledger_remembers_goes_before_what_is_known() -> None:
    """Readings of before the first era come in front of it, those after it say nothing new."""
    history = measured((timedelta(), 0), (HOUR, 0))
    history.recall(
        reading(NOON + after, timedelta(seconds=ahead))
        for after, ahead in ((-2 * DAY, -420), (-DAY, -420), (30 * MINUTE, 77))
    )
    assert [(era.ahead, era.was_set) for era in history.eras] == [
        (-420 * SECOND, False),
        (timedelta(), True),
    ]
    empty = ClockHistory()
    empty.recall([reading(NOON, 5 * SECOND)])
    assert empty.ahead == 5 * SECOND


# What happens to a clock: after how many seconds, and set by how much (None: the section only looks).
_EVENTS = st.lists(
    st.tuples(
        st.integers(5, 900),
        st.one_of(
            st.none(), st.integers(-3000, 3000), st.sampled_from([-86400, 86400, -3, 3, -1, 1])
        ),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(_EVENTS, st.floats(-100e-6, 100e-6), st.integers(0, 10**6))
def test_every_moment_is_where_the_slow_reference_finds_it(
    events: list[tuple[int, int | None]], drift: float, seed: int
) -> None:
    """Second by second: where the clock really stood is among what is said of the moment, or within its doubt."""
    random = Random(seed)  # noqa: S311 - no secret
    # The reference: what the clock showed in each second, and when somebody looked.
    truth: list[float] = []
    history = ClockHistory()
    ahead = random.uniform(-500, 500)
    looks: list[int] = []

    def look() -> None:
        at = len(truth)
        looks.append(at)
        history.measure(
            reading(NOON + at * SECOND, timedelta(seconds=ahead), random.uniform(-0.5, 0.5))
        )

    look()
    for seconds, change in events:
        for _ in range(seconds):
            truth.append(ahead)
            ahead += drift
        if change is None:
            look()
        else:
            ahead += change
    look()
    # The last look's own second: the clock may have been set right before it.
    truth.append(ahead)
    # The error of measuring, twice (the era's and this one's), and whole seconds.
    error = 2.7
    for at, really in list(enumerate(truth))[:: max(1, len(truth) // 400)]:
        said = history.spans(NOON + at * SECOND, NOON + at * SECOND + timedelta(microseconds=1))
        assert said, "no moment is left out"
        if _hidden(looks, at, truth):
            continue
        off = [
            abs((one.line.to_camera(one.start) - one.start).total_seconds() - really)
            - one.doubt.total_seconds()
            for one in said
        ]
        if all(one.known is ClockKnown.MEASURED for one in said):
            assert max(off) <= error
        else:
            assert min(off) <= error
    for camera_second in range(-200, len(truth) + 200, 37):
        camera = NOON + camera_second * SECOND
        placed = history.place(camera, camera + SECOND)
        assert all(abs(one.line.to_camera(one.start) - camera) <= SECOND for one in placed)
        assert all(a.start <= b.start for a, b in pairwise(placed))
        # Whoever was asked for a second of true time finds it by its camera time.
        stamped = [at for at, ahead in enumerate(truth) if int(at + ahead) == camera_second]
        known = [at for at in stamped if not _hidden(looks, at, truth) and _alike(looks, at, truth)]
        assert all(
            any(abs((one.start - NOON).total_seconds() - at) <= error + 1 for one in placed)
            for at in known
        )


def _alike(looks: list[int], at: int, truth: list[float]) -> bool:
    """Return whether the clock stood alike at the looks before and after a second."""
    before, after = _around(looks, at, truth)
    return abs(truth[before] - truth[after]) < 1


def _around(looks: list[int], at: int, truth: list[float]) -> tuple[int, int]:
    """Return the looks before and after a second, as places of the reference."""
    before = max(look for look in looks if look <= at)
    after = min((look for look in looks if look > at), default=len(truth))
    return before, min(after, len(truth) - 1)


def _hidden(looks: list[int], at: int, truth: list[float]) -> bool:
    """Return whether the clock was set more than once between two looks: nobody can know then."""
    before, after = _around(looks, at, truth)
    changes = [b for a, b in pairwise(truth[before : after + 1]) if abs(a - b) > 0.5]
    return len(changes) > 1 or (at == after)


@pytest.mark.parametrize("jump", [-1.5, 1.5, -3.0, 3.0, -100.0, 100.0])
def test_readings_in_quick_succession_never_turn_time_around(jump: float) -> None:
    """A line on which the camera's time stood still or ran backwards could not be read."""
    history = measured((timedelta(), 0), (timedelta(seconds=0.3), jump), (SECOND, 2 * jump))
    for piece in history.pieces():
        assert piece.camera_start < piece.camera_end


def test_eras_come_back_as_they_were() -> None:
    """What is kept over a restart gives the same answers."""
    history = measured((-DAY, -420), (-MINUTE, -420), (MINUTE, 0), (HOUR, 0))
    again = ClockHistory()
    again.resume(Era.from_json(era.as_json()) for era in history.eras)
    assert again.pieces() == history.pieces()
    for wrong in (None, {}, {**history.eras[0].as_json(), "end": "2026-11-20T00:00:00"}):
        with pytest.raises(ValueError, match="era"):
            Era.from_json(wrong)
