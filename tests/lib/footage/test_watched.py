"""What counts as watched: never more than was served, each second once, and never more than is kept."""

import random

import pytest

from custom_components.niiza_cctv.lib.footage.watched import Watched, WatchedFootage

WHO = "suzuki"
CLIP = "2026-0001-01"
LENGTH = 30_000


class Clock:
    """A steady clock, which goes on when it is told to."""

    def __init__(self) -> None:
        """Begin somewhere."""
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


def new() -> WatchedFootage:
    """Return footage of which everything was fetched long ago: each look at the clock is an hour later."""
    clock = Clock()

    def later() -> float:
        clock.now += 3600
        return clock.now

    return WatchedFootage(later)


def seconds(footage: WatchedFootage, person: str = WHO, clip: str = CLIP) -> int:
    """Return how much somebody watched of the clip."""
    return footage.of(person, clip, LENGTH).seconds


def test_each_second_counts_once_and_by_its_speed() -> None:
    """Watched again is not watched more; what is played so fast that pictures are left out is told apart."""
    footage = new()
    footage.served(WHO, CLIP, (0, LENGTH))
    footage.told(WHO, CLIP, [(0, 10_000)], 100)
    footage.told(WHO, CLIP, [(5_000, 12_000), (2_000, 3_000)], 200)
    footage.told(WHO, CLIP, [(10_000, 20_000)], 800)
    assert footage.of(WHO, CLIP, LENGTH) == Watched(
        seconds=20, of=30, every_picture=12, fastest=800, missing_from=12_000
    )
    assert footage.of(WHO, CLIP, LENGTH).as_json() == {
        "seconds": 20,
        "of_seconds": 30,
        "seconds_up_to_double_speed": 12,
        "fastest_percent": 800,
    }


def test_what_was_never_served_was_not_watched() -> None:
    """Not of this clip, not to this person, not outside of what was served; whatever a browser tells."""
    footage = new()
    footage.told(WHO, CLIP, [(0, LENGTH)], 100)
    assert footage.of(WHO, CLIP, LENGTH) == Watched(
        seconds=0, of=30, every_picture=0, fastest=0, missing_from=0
    )
    footage.served(WHO, CLIP, (5_000, 10_000))
    footage.served(WHO, CLIP, (10_000, 15_000))
    footage.told(WHO, CLIP, [(0, LENGTH)], 100)
    assert seconds(footage) == 10
    footage.told("sato", CLIP, [(0, LENGTH)], 100)
    footage.told(WHO, "2026-0001-02", [(0, LENGTH)], 100)
    assert seconds(footage, "sato") == seconds(footage, clip="2026-0001-02") == 0
    # Served only later: what was told before does not come back.
    footage.served(WHO, CLIP, (15_000, 20_000))
    assert seconds(footage) == 10


def test_whole_clip_is_whole_although_a_player_stops_a_little_earlier() -> None:
    """The last picture's own time is nobody's to play."""
    footage = new()
    footage.served(WHO, CLIP, (0, LENGTH + 40))
    footage.told(WHO, CLIP, [(0, LENGTH - 400)], 100)
    assert seconds(footage) == 30
    footage.served(WHO, "short", (0, 900))
    assert footage.of(WHO, "short", 900).missing == 1
    footage.told(WHO, "short", [(0, 600)], 100)
    assert footage.of(WHO, "short", 900).missing == 1
    footage.told(WHO, "short", [(600, 800)], 100)
    assert footage.of(WHO, "short", 900).missing == 0


@pytest.mark.parametrize(
    ("length", "hole"),
    [(LENGTH, (12_000, 12_066)), (30_999, (12_000, 12_066)), (LENGTH, (0, 33)),
     (900, (400, 433)), (LENGTH, (29_000, 29_400))],
)  # fmt: skip
def test_one_picture_that_was_left_out_is_missing(length: int, hole: tuple[int, int]) -> None:
    """Wherever it is; only the end, where players stop by themselves, may be."""
    footage = new()
    footage.served(WHO, CLIP, (0, length))
    footage.told(WHO, CLIP, [(0, hole[0]), (hole[1], length)], 200)
    footage.told(WHO, CLIP, [hole], 400)
    told = footage.of(WHO, CLIP, length)
    assert (told.seconds, told.missing, told.missing_from) == (length // 1000, 1, hole[0])
    assert told.every_picture == max(length // 1000 - 1, 0)
    footage.told(WHO, CLIP, [hole], 100)
    told = footage.of(WHO, CLIP, length)
    assert (told.missing, told.missing_from, told.every_picture) == (0, None, length // 1000)


def test_stretches_are_what_a_slow_reading_gives() -> None:
    """Held against a set of milliseconds, with stretches that lie, touch, are empty or the wrong way round."""
    chance = random.Random(12)  # noqa: S311 - not for secrets
    for _ in range(200):
        footage = new()
        served: set[int] = set()
        watched: set[int] = set()
        for _ in range(chance.randrange(1, 12)):
            start, end = chance.randrange(-5, 60), chance.randrange(-5, 60)
            footage.served(WHO, CLIP, (start * 1000, end * 1000))
            served.update(range(start, end))
            told = [(chance.randrange(0, 60), chance.randrange(0, 60)) for _ in range(3)]
            footage.told(WHO, CLIP, [(a * 1000, b * 1000) for a, b in told], 100)
            watched.update(second for a, b in told for second in range(a, b) if second in served)
        assert seconds(footage) == sum(0 <= second < 30 for second in watched)


def test_hostile_players_fill_no_memory() -> None:
    """Crumbs beyond what is kept of one clip, and more clips than are kept: it only counts less."""
    footage = new()
    footage.served(WHO, CLIP, (0, 10**9))
    for begin in range(0, 100_000, 1000):
        footage.told(WHO, CLIP, [(begin + at, begin + at + 1) for at in range(0, 1000, 5)], 100)
    (kept,) = footage.as_json()
    assert isinstance(kept, dict)
    assert isinstance(kept["watched"], list)
    assert len(kept["watched"]) <= 200
    for number in range(2000):
        footage.served(WHO, f"{number}", (0, 1))
    assert len(footage.as_json()) <= 300


def test_it_is_kept_and_what_makes_no_sense_is_not_watched() -> None:
    """What was written comes back the same; a file that somebody spoilt counts less, never more."""
    footage = new()
    footage.served(WHO, CLIP, (0, 20_000))
    footage.told(WHO, CLIP, [(0, 5_000), (7_000, 9_000)], 400)
    kept = footage.as_json()
    again = new()
    again.restore(kept)
    assert again.as_json() == kept
    assert again.of(WHO, CLIP, LENGTH) == footage.of(WHO, CLIP, LENGTH)
    for spoilt in (
        None,
        {"person": WHO},
        [3, None, {"person": 3, "clip": CLIP}, {"person": WHO, "clip": CLIP}],
        [{"person": WHO, "clip": CLIP, "served": [[0, "x"], [1], 7], "watched": [[0, 9000]]}],
        [{"person": WHO, "clip": CLIP, "served": "all", "watched": [[0, 9000]], "fastest": "x"}],
    ):
        other = new()
        other.restore(spoilt)
        assert seconds(other) == 0
    footage.forget(["2026-0001-02"])
    assert seconds(footage) == 7
    footage.forget([CLIP])
    assert footage.as_json() == []


def test_what_is_fetched_faster_than_it_can_be_shown_counts_when_that_time_has_passed() -> None:
    """All at once: after half of its length at the earliest, and in the order in which it was fetched."""
    clock = Clock()
    footage = WatchedFootage(clock)
    for start in range(0, LENGTH, 5000):
        footage.served(WHO, CLIP, (start, start + 5000))
    footage.told(WHO, CLIP, [(0, LENGTH)], 100)
    told = footage.of(WHO, CLIP, LENGTH)
    assert (told.seconds, told.every_picture, told.missing, told.missing_from) == (30, 0, 30, 0)
    clock.now += 5
    told = footage.of(WHO, CLIP, LENGTH)
    assert (told.every_picture, told.missing_from) == (10, 10_000)
    # What was served and counted is fetched again without waiting.
    footage.served(WHO, CLIP, (0, 5000))
    clock.now += 10
    told = footage.of(WHO, CLIP, LENGTH)
    assert (told.every_picture, told.missing, told.missing_from) == (30, 0, None)


@pytest.mark.parametrize("speed", [25, 100, 200])
def test_who_watches_at_a_speed_that_shows_every_picture_never_waits(speed: int) -> None:
    """Whatever their player fetches ahead."""
    clock = Clock()
    footage = WatchedFootage(clock)
    fetched = 0
    for position in range(0, LENGTH, 500):
        while fetched < min(position + 20_000, LENGTH):
            footage.served(WHO, CLIP, (fetched, fetched + 1000))
            fetched += 1000
        clock.now += 0.5 * 100 / speed
        footage.told(WHO, CLIP, [(position, position + 500)], speed)
        # The last piece counts when all of it can have been seen.
        if position + 500 <= LENGTH - 1000:
            assert footage.of(WHO, CLIP, LENGTH).every_picture == (position + 500) // 1000
    assert footage.of(WHO, CLIP, LENGTH).missing == 0


@pytest.mark.parametrize("ticks", [3_000, 3_003, 6_000, 9_000, 12_345])
def test_who_steps_through_picture_by_picture_has_watched_it(ticks: int) -> None:
    """Whatever the rate, however a browser rounds, on and back; each picture that was left out is missing."""
    clock = Clock()
    footage = WatchedFootage(clock)
    count = 450
    length = count * ticks // 90
    left_out = {100, 101, 300}

    def step(place: int) -> None:
        begin, end = place * ticks, (place + 1) * ticks
        footage.served(WHO, CLIP, (begin // 90, end // 90))
        clock.now += ticks / 90_000 / 2 + 0.001
        footage.told(WHO, CLIP, [(round(begin / 90), round(end / 90))], 100)

    for place in range(count):
        if place not in left_out:
            step(place)
    told = footage.of(WHO, CLIP, length)
    assert told.missing_from is not None
    assert told.missing_from == pytest.approx(100 * ticks / 90, abs=2)
    seen = (count - len(left_out)) * ticks // 90_000
    assert told.missing == max(length // 1000 - seen, 1)
    for place in sorted(left_out, reverse=True):
        step(place)
    told = footage.of(WHO, CLIP, length)
    assert (told.missing, told.missing_from, told.fastest) == (0, None, 100)
    (kept,) = footage.as_json()
    assert isinstance(kept, dict)
    assert kept["every_picture"] == [[0, pytest.approx(length, abs=1)]]


def test_pictures_that_are_fetched_all_at_once_count_at_double_speed() -> None:
    """As fragments do: nobody has seen a minute of pictures in a second."""
    clock = Clock()
    footage = WatchedFootage(clock)
    for start in range(0, LENGTH, 100):
        footage.served(WHO, CLIP, (start, start + 100))
        footage.told(WHO, CLIP, [(start, start + 100)], 100)
    assert footage.of(WHO, CLIP, LENGTH).every_picture == 0
    clock.now += 5
    told = footage.of(WHO, CLIP, LENGTH)
    assert (told.every_picture, told.missing_from) == (10, 10_000)
    clock.now += 10
    assert footage.of(WHO, CLIP, LENGTH).missing == 0


def test_a_restart_makes_nothing_ready_sooner() -> None:
    """What was fetched too soon before it has to be fetched again, at the same pace."""
    clock = Clock()
    footage = WatchedFootage(clock)
    footage.served(WHO, CLIP, (0, LENGTH))
    footage.told(WHO, CLIP, [(0, LENGTH)], 100)
    again = WatchedFootage(clock)
    again.restore(footage.as_json())
    again.told(WHO, CLIP, [(0, LENGTH)], 100)
    assert again.of(WHO, CLIP, LENGTH).every_picture == 0
    again.served(WHO, CLIP, (0, LENGTH))
    again.told(WHO, CLIP, [(0, LENGTH)], 100)
    assert again.of(WHO, CLIP, LENGTH).every_picture == 0
    clock.now += 15
    assert again.of(WHO, CLIP, LENGTH).missing == 0


def test_whoever_fetches_everything_at_once_fills_no_memory() -> None:
    """In crumbs that touch nowhere: beyond what is kept nothing counts, however often it is fetched."""
    clock = Clock()
    footage = WatchedFootage(clock)
    for _ in range(3):
        for start in range(0, 10_000_000, 2000):
            footage.served(WHO, CLIP, (start, start + 1000))
    clock.now += 10**6
    footage.told(WHO, CLIP, [(0, 10_000_000)], 100)
    assert footage.of(WHO, CLIP, 10_000_000).every_picture <= 1000
