"""Time on which evidence may be removed: what jumps, sleeps, lies and contradictions make of it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.niiza_cctv.lib.cases.trusted_time import STEADY, Doubt, TrustedTime

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
JUMP = timedelta(days=31)


@dataclass
class Clocks:
    """True time, Home Assistant's clock and the cameras', each off by what a test says."""

    at: timedelta = timedelta()
    ours: timedelta = timedelta()
    cameras: dict[str, timedelta] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Follow Home Assistant's clock."""
        self.time = self.restarted()

    def restarted(self) -> TrustedTime:
        """Return what a new start makes of the clock."""
        self.time = TrustedTime(
            lambda: START + self.at + self.ours, lambda: self.at / timedelta(seconds=1)
        )
        return self.time

    def run(self, hours: float) -> list[timedelta]:
        """Let hours go by with a look each minute; return the jumps that were reported."""
        jumps = []
        for _ in range(round(hours * 60)):
            self.at += MINUTE
            for camera, off in self.cameras.items():
                self.time.hear(camera, START + self.at + off)
            if (jump := self.time.look()) is not None:
                jumps.append(jump)
        return jumps


@pytest.fixture
def clocks() -> Clocks:
    """Return clocks that are right, of a section with three cameras."""
    return Clocks(cameras={name: timedelta() for name in ("kita", "minami", "higashi")})


def test_it_takes_hours_and_witnesses(clocks: Clocks) -> None:
    """Trust nothing before somebody looked, nor before the hours are over."""
    assert not clocks.time.is_trusted()
    assert clocks.run(1.9) == []
    assert clocks.time.doubt() is Doubt.YOUNG
    clocks.run(0.2)
    assert clocks.time.is_trusted()
    # Cameras may go: the monotonic clock goes on.
    clocks.cameras.clear()
    clocks.run(24)
    assert clocks.time.is_trusted()
    clocks.restarted()
    clocks.run(24)
    assert clocks.time.doubt() is Doubt.UNWITNESSED
    clocks.time.release()
    clocks.run(0.1)
    assert clocks.time.is_trusted()


@pytest.mark.parametrize("jump", [JUMP, -JUMP, timedelta(minutes=10), -timedelta(hours=1)])
def test_a_jump_is_noticed_before_anything_is_done_and_stays(
    clocks: Clocks, jump: timedelta
) -> None:
    """Five minutes of a wrong clock: even between two looks nothing is trusted, and a person ends it."""
    clocks.run(5)
    assert clocks.time.is_trusted()
    clocks.ours = jump
    assert not clocks.time.is_trusted()
    assert clocks.run(5 / 60) == [jump]
    assert clocks.time.doubt() is Doubt.JUMPED
    clocks.ours = timedelta()
    clocks.run(24)
    assert clocks.time.doubt() is Doubt.JUMPED
    clocks.time.release()
    clocks.run(0.1)
    assert clocks.time.is_trusted()


def test_small_steps_of_a_time_server_are_none(clocks: Clocks) -> None:
    """Take what keeps a clock right for what it is; many of them in one direction are a jump."""
    clocks.run(3)
    clocks.ours += timedelta(seconds=90)
    assert clocks.run(3) == []
    assert clocks.time.is_trusted()
    jumps: list[timedelta] = []
    for _ in range(20):
        clocks.ours += timedelta(seconds=60)
        jumps += clocks.run(0.1)
    assert jumps


def test_cameras_contradict_a_clock_that_was_wrong_from_the_start(clocks: Clocks) -> None:
    """A machine that starts a month ahead is told by its cameras; it is right again without a person."""
    clocks.ours = JUMP
    clocks.restarted()
    clocks.run(24)
    assert clocks.time.doubt() is Doubt.CAMERAS
    assert clocks.time.witnesses() == (0, 3)
    clocks.ours = timedelta()
    clocks.restarted()
    clocks.run(3)
    assert clocks.time.is_trusted()


def test_most_cameras_decide_each_by_what_is_known_of_it(clocks: Clocks) -> None:
    """One wrong clock of three is the camera's, also one that was always wrong; two are too many."""
    clocks.cameras["kita"] = timedelta(hours=1)
    clocks.run(3)
    assert clocks.time.is_trusted()
    clocks.cameras["minami"] = timedelta(hours=1)
    clocks.run(0.1)
    assert clocks.time.doubt() is Doubt.CAMERAS
    clocks.time.release()
    assert clocks.time.is_trusted()
    known = clocks.time.offsets
    assert known["minami"] == timedelta(hours=1)
    clocks.restarted().know(known)
    clocks.run(3)
    assert clocks.time.is_trusted()
    # Two that are put right agree, too.
    clocks.cameras = dict.fromkeys(clocks.cameras, timedelta())
    clocks.run(0.1)
    assert clocks.time.is_trusted()


def test_two_of_two_must_agree(clocks: Clocks) -> None:
    """Of two that contradict each other nobody knows which is right."""
    clocks.cameras = {"kita": timedelta(), "minami": JUMP}
    clocks.run(3)
    assert clocks.time.doubt() is Doubt.CAMERAS


def test_a_machine_that_slept_is_asked_anew(clocks: Clocks) -> None:
    """After a pause in which nobody looked, witnesses and hours count anew."""
    clocks.run(3)
    clocks.at += JUMP
    assert not clocks.time.is_trusted()
    clocks.cameras.clear()
    assert clocks.run(24) == []
    assert clocks.time.doubt() is Doubt.UNWITNESSED


def test_the_ledger_is_never_later_than_the_clock(clocks: Clocks) -> None:
    """A clock that is behind what was written is a jump, at the start and later."""
    newest = START + JUMP
    assert clocks.time.begin(newest, jumped=False) == START - newest
    assert clocks.time.doubt() is Doubt.JUMPED
    clocks.restarted()
    clocks.run(3)
    assert clocks.time.look(newest) is not None
    assert clocks.time.doubt() is Doubt.JUMPED


def test_a_jump_on_record_outlives_a_restart(clocks: Clocks) -> None:
    """Nobody released it: neither hours nor cameras do."""
    assert clocks.time.begin(START - timedelta(days=1), jumped=True) is None
    clocks.run(2 * STEADY / timedelta(hours=1))
    assert clocks.time.doubt() is Doubt.JUMPED
    clocks.time.release()
    assert clocks.time.doubt() is None
