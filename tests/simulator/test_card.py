"""What is on the virtual card, with a clock that the test moves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from simulator.camera import CardFault, Faults, VirtualCamera
from simulator.card import AUDIO_TRACK, RECORDING_TOKEN, Card, posix_zone
from tests.station import camera_config

JST = ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 11, 23, 12, tzinfo=JST).astimezone(UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Travel:
    """A camera, its card, and the true time."""

    def __init__(self, **changes: Any) -> None:
        """Make them at noon in Japan."""
        self.time = NOON
        config = camera_config(**changes)
        # Every camera has faults of its own.
        config = replace(config, faults=replace(config.faults))
        self.camera = VirtualCamera(config, lambda: self.time)
        self.card = Card(self.camera)

    def set(self, **changes: Any) -> None:
        """Break or fix."""
        for name, value in changes.items():
            setattr(self.camera.faults, name, value)
            self.camera.changed(name)

    @property
    def bounds(self) -> tuple[datetime | None, datetime | None]:
        """Return the oldest and the newest moment that the index shows."""
        recording = self.card.recordings()[0]
        return recording.earliest, recording.latest

    def spans(self, track: str = "VIDEO001") -> list[tuple[datetime, datetime]]:
        """Return everything on the card."""
        far = timedelta(days=40_000)
        first = datetime(1970, 1, 1, tzinfo=UTC)
        return self.card.spans(RECORDING_TOKEN, first, first + far, track=track)

    def audio(self) -> tuple[datetime | None, datetime | None]:
        """Return the audio track's bounds."""
        track = self.card.recordings()[0].tracks[1]
        assert (track.token, track.kind) == (AUDIO_TRACK, "Audio")
        return track.data_from, track.data_to


def midnight(day: int) -> datetime:
    """Return a November midnight in Japan."""
    return datetime(2026, 11, day, tzinfo=JST)


def test_a_full_card_holds_its_days_up_to_now() -> None:
    """Fourteen days are thirteen whole ones and today."""
    travel = Travel(days=14)

    assert travel.bounds == (midnight(10), NOON)
    travel.time += timedelta(seconds=1.9)
    assert travel.bounds == (midnight(10), NOON + timedelta(seconds=1))


def test_the_first_second_of_a_new_day_takes_the_oldest_whole_day() -> None:
    """Nothing goes before midnight, a whole day goes at midnight."""
    travel = Travel(days=14)

    travel.time = midnight(24) - timedelta(seconds=0.001)
    assert travel.bounds[0] == midnight(10)
    travel.time = midnight(24)
    assert travel.bounds == (midnight(11), midnight(24))


def test_midnight_is_the_cameras_own() -> None:
    """Days begin where the camera is, not in UTC."""
    travel = Travel(days=2, time_zone="CST6CDT,M3.2.0,M11.1.0")

    chicago = ZoneInfo("America/Chicago")
    assert travel.bounds[0] == datetime(2026, 11, 21, tzinfo=chicago)
    travel.time = datetime(2026, 11, 23, tzinfo=chicago)
    assert travel.bounds[0] == datetime(2026, 11, 22, tzinfo=chicago)


@pytest.mark.parametrize("text", ["", "no zone at all", "JST-9 "])
def test_a_text_that_is_no_zone_is_refused(text: str) -> None:
    """A typing error in a configuration is named."""
    with pytest.raises(ValueError, match="zone"):
        posix_zone(text).utcoffset(NOON)


def test_gaps_of_the_configuration_are_gaps() -> None:
    """They stand in the listing and in what is cut out of it."""
    travel = Travel(gaps=((30.0, 60.0), (5.0, 7.5)))

    assert travel.spans() == [
        (midnight(10), NOON - 30 * HOUR),
        (NOON - 29 * HOUR, NOON - 5 * HOUR),
        (NOON - 5 * HOUR + timedelta(minutes=7.5), NOON),
    ]
    inside = (NOON - 30 * HOUR, NOON - 29 * HOUR)
    assert travel.card.spans(RECORDING_TOKEN, *inside) == []
    around = (NOON - 31 * HOUR, NOON - 28 * HOUR)
    assert travel.card.spans(RECORDING_TOKEN, *around) == [
        (NOON - 31 * HOUR, NOON - 30 * HOUR),
        (NOON - 29 * HOUR, NOON - 28 * HOUR),
    ]
    assert travel.card.spans("SD_2", *around) == []


@pytest.mark.parametrize(
    ("fault", "job", "state"),
    [(CardFault.DEAD_GREEN, "Active", "Recording"), (CardFault.FAILED, "Error", "Stopped")],
)
def test_a_dead_card_stands_still_from_the_moment_it_died_and_leaves_a_gap_when_mended(
    fault: CardFault, job: str, state: str
) -> None:
    """One admits it and one stays green; neither writes."""
    travel = Travel()
    travel.time += HOUR
    travel.set(card=fault)
    travel.time += HOUR

    assert travel.bounds[1] == NOON + HOUR
    assert travel.card.job_state() == job
    assert travel.card.recordings()[0].state == state
    assert not travel.card.writing

    travel.set(card=CardFault.OK)
    assert travel.card.job_state() == "Active"
    travel.time += HOUR
    assert travel.spans()[-2:] == [(midnight(10), NOON + HOUR), (NOON + 2 * HOUR, NOON + 3 * HOUR)]


def test_a_dead_card_overwrites_nothing() -> None:
    """Room is made by new data, not by the calendar."""
    travel = Travel(days=14)
    travel.set(card=CardFault.DEAD_GREEN)
    travel.time += 3 * DAY
    assert travel.bounds == (midnight(10), NOON)

    # Three days without data left room: the next new day is the fifteenth with data.
    travel.set(card=CardFault.OK)
    assert travel.bounds == (midnight(11), NOON + 3 * DAY)


def test_a_card_taken_out_lists_nothing_and_comes_back_with_what_it_held() -> None:
    """The time without it is a gap."""
    travel = Travel()
    travel.set(card=CardFault.REMOVED)
    assert travel.card.recordings() == []
    assert travel.spans() == []
    assert travel.card.job_state() == "Idle"

    travel.time += HOUR
    travel.set(card=CardFault.OK)
    travel.time += HOUR
    assert travel.spans() == [(midnight(10), NOON), (NOON + HOUR, NOON + 2 * HOUR)]


def test_an_unreadable_card_moves_its_index_and_owns_up_when_mended() -> None:
    """Only reading back would have told."""
    travel = Travel()
    travel.set(card=CardFault.UNREADABLE)
    travel.time += HOUR

    assert travel.bounds[1] == NOON + HOUR
    assert travel.card.job_state() == "Active"
    assert travel.card.readable(RECORDING_TOKEN, int(NOON.timestamp()) - 1)
    assert not travel.card.readable(RECORDING_TOKEN, int(NOON.timestamp()))

    travel.set(card=CardFault.OK)
    travel.time += HOUR
    assert travel.spans() == [(midnight(10), NOON), (NOON + HOUR, NOON + 2 * HOUR)]


def test_audio_is_on_the_card_only_from_when_it_was_on() -> None:
    """The track is listed always, its data times only after sound."""
    travel = Travel()
    assert travel.audio() == (None, None)

    travel.set(audio=True)
    travel.time += HOUR
    assert travel.audio() == (NOON, NOON + HOUR)
    travel.set(audio=False)
    travel.time += HOUR

    assert travel.audio() == (NOON, NOON + HOUR)
    assert travel.spans(AUDIO_TRACK) == [(NOON, NOON + HOUR)]
    assert travel.spans() == [(midnight(10), NOON + 2 * HOUR)]


def test_stamps_follow_the_cameras_clock() -> None:
    """A slow clock stamps early; set forward it leaves a gap."""
    travel = Travel()
    slow = timedelta(minutes=7)
    travel.set(clock_offset=-slow.total_seconds())
    travel.time += HOUR
    assert travel.bounds[1] == NOON + HOUR - slow

    # Set forward again, the minutes that were skipped were never recorded.
    travel.set(clock_offset=0.0)
    travel.time += HOUR
    assert travel.spans() == [
        (midnight(10), NOON + HOUR - slow),
        (NOON + HOUR, NOON + 2 * HOUR),
    ]


def test_a_clock_that_fell_back_to_1970_leaves_its_stamp_behind() -> None:
    """Earliest 1970 is what real cameras show after that."""
    travel = Travel()
    travel.set(clock_offset=-NOON.timestamp())
    travel.time += timedelta(seconds=195)
    assert travel.bounds[1] == datetime(1970, 1, 1, 0, 3, 15, tzinfo=UTC)

    travel.set(clock_offset=0.0)
    travel.time += HOUR
    assert travel.bounds == (
        datetime(1970, 1, 1, tzinfo=UTC),
        NOON + HOUR + timedelta(seconds=195),
    )
    # The next new day at the full card takes the oldest by its stamp: the day in 1970.
    travel.time = midnight(24)
    assert travel.bounds[0] == midnight(11)


def test_a_card_that_failed_hours_ago_ends_then() -> None:
    """The demo's dead card did not die when the visitor came."""
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    config = camera_config(failed_hours=6.0, faults=Faults(card=CardFault.DEAD_GREEN))
    card = Card(VirtualCamera(config, lambda: now))
    assert card.recordings()[0].latest == now - timedelta(hours=6)


@pytest.mark.parametrize("offset", [0.0, -420.0])
def test_a_place_that_breaks_lies_hours_before_the_start(offset: float) -> None:
    """By the camera's own clock, on a whole second."""
    now = datetime(2026, 11, 23, 12, 0, 0, 600_000, tzinfo=UTC)
    config = camera_config(breaks_hours=6.5, faults=Faults(clock_offset=offset))
    camera = VirtualCamera(config, lambda: now)
    place = datetime(2026, 11, 23, 5, 30, tzinfo=UTC) + timedelta(seconds=offset)
    assert camera.faults.replay_breaks_at == place.timestamp()
