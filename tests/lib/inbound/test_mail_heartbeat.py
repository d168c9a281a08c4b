"""The mails of cameras: intervals learnt from what really comes, silence told neither too early nor too late."""

from datetime import UTC, datetime, timedelta
import json
import random

import pytest

from custom_components.niiza_cctv.lib.inbound.heartbeat import Heartbeats, Kept, Way

MINUTE = 60.0
HOUR = 60 * MINUTE
START = datetime(2026, 11, 1, tzinfo=UTC)


class World:
    """A camera, our listening, and a clock that the test moves."""

    def __init__(self, **options: float) -> None:
        """Listen from the beginning."""
        self.seconds = 5000.0
        self.wall = START
        self.beats = Heartbeats(steady=lambda: self.seconds, **options)
        self.beats.expect(Way.RECEIVER)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds
        self.wall += timedelta(seconds=seconds)

    def mail(self, subject: str = "定期", way: Way = Way.RECEIVER) -> None:
        """Send a mail."""
        self.beats.record("kita", self.wall, subject, way)

    def mails(self, *gaps: float, subject: str = "定期") -> None:
        """Send a mail after each gap."""
        for gap in gaps:
            self.wait(gap)
            self.mail(subject)

    def restart(self, away: float = 0) -> None:
        """Start anew with what was kept, as it would be read from a file."""
        kept = json.loads(json.dumps(self.beats.as_json()))
        self.wait(away)
        # A new process on a machine that was restarted.
        self.seconds = 3.0
        self.beats = Heartbeats(steady=lambda: self.seconds, silent_after=self.beats.silent_after)
        self.beats.take_json(kept)
        self.beats.expect(Way.RECEIVER)

    def interval(self) -> float | None:
        """Return the interval in seconds."""
        interval = self.beats.heartbeat("kita", self.wall).interval
        return None if interval is None else interval.total_seconds()

    def silent(self) -> bool | None:
        """Return whether the camera is silent."""
        return self.beats.heartbeat("kita", self.wall).silent


@pytest.fixture
def world() -> World:
    """Return a camera that has sent nothing."""
    return World()


def test_knows_nothing_of_a_camera_that_never_sent(world: World) -> None:
    """Without mails and without a setting nobody is silent."""
    world.wait(1000 * HOUR)
    assert world.silent() is None
    assert world.interval() is None
    assert world.beats.next_change("kita") is None


def test_learns_the_interval_from_four_mails(world: World) -> None:
    """Three equal gaps are an interval, two are not."""
    world.mails(0, HOUR, HOUR)
    assert world.interval() is None
    world.mails(HOUR)
    assert world.interval() == HOUR
    assert world.silent() is False


def test_tells_silence_on_time(world: World) -> None:
    """Three intervals and a tenth later the camera is silent, not before; the next mail brings it back."""
    world.mails(0, HOUR, HOUR, HOUR)
    left = world.beats.next_change("kita")
    assert left == pytest.approx(3.1 * HOUR)
    world.wait(3.1 * HOUR - 1)
    assert world.silent() is False
    world.wait(1)
    assert world.silent() is True
    assert world.beats.next_change("kita") is None
    world.mail()
    assert world.silent() is False
    assert world.interval() == HOUR


def test_silence_lasts_as_many_intervals_as_the_section_says() -> None:
    """The number of intervals is the section's."""
    world = World(silent_after=1)
    world.mails(0, HOUR, HOUR, HOUR)
    world.wait(1.2 * HOUR)
    assert world.silent() is True


def test_a_longer_interval_brings_back_who_was_silent_too_soon(world: World) -> None:
    """Once a person says how long it may last, the silence before is none, and a later one is told."""
    world.mails(0, MINUTE, MINUTE, MINUTE)
    world.wait(HOUR / 2)
    assert world.silent() is True
    world.beats.set_intervals({"kita": timedelta(hours=1)})
    assert world.silent() is False
    assert world.beats.next_change("kita") == pytest.approx(2.6 * HOUR)
    world.wait(2.6 * HOUR)
    assert world.silent() is True


def test_takes_a_set_interval_from_the_beginning(world: World) -> None:
    """A camera whose interval is set and that never sends is silent, and what is learnt does not count."""
    world.beats.set_intervals({"kita": timedelta(hours=1)})
    assert world.silent() is None
    world.wait(3 * HOUR)
    assert world.silent() is None
    world.wait(0.2 * HOUR)
    assert world.silent() is True
    world.mails(0, MINUTE, MINUTE, MINUTE, MINUTE)
    assert world.interval() == HOUR


@pytest.mark.parametrize(
    ("gaps", "interval"),
    [
        # Jitter of real cameras.
        ([3590, 3611, 3600, 3604, 3597], 3600),
        # Lost mails.
        ([HOUR, HOUR, 2 * HOUR, HOUR, 5 * HOUR, HOUR, HOUR], HOUR),
        # Every mail twice, at once or a little later.
        ([HOUR, 0.5, HOUR, 0.5, HOUR, 0.5, HOUR], HOUR),
        ([HOUR, 20, HOUR - 20, 20, HOUR - 20, 20, HOUR - 20, 20, HOUR - 20], HOUR),
        # Somebody pressed the camera's test button.
        ([HOUR, HOUR, HOUR, 10 * MINUTE, 50 * MINUTE, HOUR, HOUR], HOUR),
        # The interval was changed.
        ([HOUR] * 9 + [10 * MINUTE] * 5, 10 * MINUTE),
        ([10 * MINUTE] * 9 + [HOUR] * 5, HOUR),
    ],
)
def test_learns_from_what_real_cameras_send(
    world: World, gaps: list[float], interval: float
) -> None:
    """Late, lost and double mails do not mislead."""
    world.mails(0, *gaps)
    assert world.interval() == pytest.approx(interval, rel=0.02)


def test_learns_no_interval_from_what_has_none(world: World) -> None:
    """Mails that come as they please make nobody silent."""
    chance = random.Random(4)  # noqa: S311 - nothing is kept secret by it
    world.mails(*(chance.expovariate(1 / HOUR) for _ in range(60)), subject="動体検知")
    world.wait(1000 * HOUR)
    assert world.interval() is None
    assert world.silent() is None


def test_alarms_neither_shorten_the_interval_nor_hide_life(world: World) -> None:
    """A busy day of motion mails followed by a quiet night is no death, and an alarm proves life, too."""
    chance = random.Random(4)  # noqa: S311 - nothing is kept secret by it
    for _ in range(12):
        for _ in range(20):
            world.mails(HOUR / 20 * chance.uniform(0.2, 1), subject="動体検知 10:15:20")
        world.mails(HOUR / 20, subject="定期 2026-11-01")
    assert world.interval() == pytest.approx(HOUR, rel=0.5)
    world.mails(HOUR, HOUR, HOUR, HOUR, HOUR, subject="定期 2026-11-02")
    assert world.interval() == HOUR
    world.wait(3 * HOUR)
    world.mail("動体検知 03:00:00")
    world.wait(3 * HOUR)
    assert world.silent() is False


def test_alarms_that_come_regularly_for_a_while_kill_nobody(world: World) -> None:
    """Somebody walks about before the camera: an alarm a minute for a quarter of an hour, and then none."""
    world.mails(*[HOUR] * 6)
    for _ in range(3):
        world.mails(*[MINUTE] * 15, subject="動体検知")
        assert world.interval() == HOUR
        world.wait(20 * MINUTE)
        assert world.silent() is False
        world.restart()
        world.mails(25 * MINUTE, *[HOUR] * 5)
        assert world.interval() == HOUR


def test_four_forged_mails_kill_nobody(world: World) -> None:
    """Whoever can send mails in a camera's name cannot make it a camera that should send one each six seconds."""
    world.mails(*[HOUR] * 4)
    world.mails(*[6.0] * 8, subject="forged")
    world.wait(HOUR)
    assert world.silent() is False


def test_alarms_that_were_taken_for_regular_are_seen_through(world: World) -> None:
    """Where nothing was learnt yet they tell a wrong interval, until another mail comes when they do not."""
    world.mails(*[MINUTE] * 15, subject="動体検知")
    assert world.interval() == MINUTE
    world.mails(HOUR)
    assert world.interval() is None
    world.mails(*[HOUR] * 3)
    assert world.interval() == HOUR


def test_a_subject_that_is_sent_no_more_counts_no_more(world: World) -> None:
    """A camera is set to another subject and interval, over a restart, too: what it sent before kills it no more."""
    world.mails(*[5 * MINUTE] * 30, subject="毎5分")
    world.restart()
    world.mails(*[HOUR] * 4, subject="毎時")
    assert world.interval() == HOUR
    world.wait(2 * HOUR)
    assert world.silent() is False
    world.wait(2 * HOUR)
    assert world.silent() is True


def test_a_daily_report_beside_hourly_mails_hides_no_death(world: World) -> None:
    """The shorter interval counts once it has lasted, also after a restart and after the camera was away."""
    for _ in range(5):
        world.mails(*[HOUR] * 23)
        world.mails(HOUR - MINUTE, subject="日報")
        world.wait(MINUTE)
        world.mail()
    assert world.interval() == HOUR
    world.restart(away=10 * MINUTE)
    world.mails(HOUR, HOUR)
    world.wait(5 * HOUR)
    assert world.silent() is True
    world.mails(0, HOUR)
    assert world.interval() == HOUR


def test_numbers_in_the_subject_make_no_new_kind(world: World) -> None:
    """A counter or a time in the subject is no other mail, also in wide digits."""
    for number, gap in enumerate([0, HOUR, HOUR, HOUR]):
        world.mails(gap, subject=f"定期メール {number} １２:{number:02}")
    assert world.interval() == HOUR


def test_many_subjects_push_the_regular_mail_not_out(world: World) -> None:
    """However many subjects come, the interval stays and the memory is bounded."""
    world.mails(0, HOUR, HOUR, HOUR)
    for number in range(150):
        world.mails(1, subject="x" * (number + 1))
    assert world.interval() == HOUR
    kept = world.beats.as_json()["kita"]
    assert isinstance(kept, dict)
    assert isinstance(kinds := kept["kinds"], dict)
    assert len(kinds) == 8


# --- Restarts -------------------------------------------------------------------------------------------------------


def test_remembers_over_a_restart(world: World) -> None:
    """Interval and last mail are there at once; a fresh mail proves life, the time away is no gap."""
    world.mails(0, HOUR, HOUR, HOUR)
    world.restart(away=2 * HOUR)
    assert world.interval() == HOUR
    assert world.silent() is False
    world.wait(30 * MINUTE)
    world.mail()
    assert world.interval() == HOUR
    world.mails(HOUR, HOUR)
    assert world.interval() == HOUR


def test_is_in_no_hurry_after_a_long_absence(world: World) -> None:
    """What was missed while we were away is our fault: unknown first, silent only when nothing came while we listened."""
    world.mails(0, HOUR, HOUR, HOUR)
    world.restart(away=24 * HOUR)
    assert world.silent() is None
    assert world.beats.next_change("kita") == pytest.approx(3.1 * HOUR)
    world.wait(3.1 * HOUR)
    assert world.silent() is True


def test_stays_silent_over_a_restart(world: World) -> None:
    """A restart brings nobody back to life, so that nothing is told twice."""
    world.mails(0, HOUR, HOUR, HOUR)
    world.wait(4 * HOUR)
    assert world.silent() is True
    world.restart(away=MINUTE)
    assert world.silent() is True
    world.mail()
    assert world.silent() is False


def test_forgets_a_removed_camera(world: World) -> None:
    """A camera that is gone leaves nothing behind."""
    world.mails(0, HOUR)
    world.beats.keep({"minami"})
    assert world.beats.as_json() == {}


DAMAGED: list[dict[str, Kept]] = [
    {"kita": None},
    {"kita": []},
    {"kita": {}},
    {"kita": {"last": 5, "way": "pigeon", "silent": "yes", "kinds": 7}},
    {"kita": {"last": "2026-11-01T00:00:00+00:00", "way": "receiver", "kinds": {"a": "b"}}},
    {
        "kita": {
            "last": "0001-01-01T00:00:00+23:59",
            "way": "receiver",
            "kinds": {"a": [None, "x", -1, 0, 1e99, float("nan")]},
        }
    },
]


@pytest.mark.parametrize("kept", DAMAGED)
def test_takes_back_whatever_is_in_the_file(world: World, kept: dict[str, Kept]) -> None:
    """A file that somebody damaged is not known, and no failure."""
    world.beats.take_json(kept)
    assert world.silent() is None
    world.mails(0, HOUR, HOUR, HOUR)
    assert world.interval() == HOUR


# --- Clocks and ways ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [timedelta(days=365), -timedelta(days=365)])
def test_a_clock_that_is_set_kills_nobody_and_hides_nobody(world: World, step: timedelta) -> None:
    """Silence goes by the steady clock, whatever the wall clock says."""
    world.mails(0, HOUR, HOUR, HOUR)
    world.wall += step
    assert world.silent() is False
    world.wait(3.1 * HOUR)
    assert world.silent() is True
    world.mails(0, HOUR)
    world.wall -= step
    world.mails(HOUR, HOUR)
    assert world.interval() == HOUR
    assert world.silent() is False


def test_a_last_mail_in_the_future_proves_nothing(world: World) -> None:
    """A clock that was wrong before the restart leaves it open whether the camera lives."""
    world.mails(0, HOUR, HOUR, HOUR)
    world.restart()
    world.wall -= timedelta(days=1)
    assert world.silent() is None


def test_nobody_is_silent_while_we_are_deaf(world: World) -> None:
    """A receiver that is switched off makes no camera silent; switched on again, time counts from then."""
    world.mails(0, HOUR, HOUR, HOUR)
    world.beats.stop_expecting(Way.RECEIVER)
    world.wait(100 * HOUR)
    assert world.silent() is None
    assert world.beats.next_change("kita") is None
    world.beats.expect(Way.RECEIVER)
    assert world.silent() is None
    world.mails(HOUR)
    assert world.interval() == HOUR
    assert world.silent() is False


def test_mails_that_are_reported_need_no_receiver(world: World) -> None:
    """A camera whose mails come through a mailbox is judged whether we receive mails ourselves or not."""
    world.beats.expect(Way.REPORTED)
    world.beats.stop_expecting(Way.RECEIVER)
    for _ in range(4):
        world.wait(HOUR)
        world.mail(way=Way.REPORTED)
    assert world.silent() is False
    world.wait(3.1 * HOUR)
    assert world.silent() is True
