"""Time on which evidence may be removed: what several witnesses say, never what one clock says.

Home Assistant's clock counts as trusted while all of this holds: it has advanced with the machine's monotonic clock for
hours without a jump, it is not behind the ledger, and most of the cameras that answer agree with it, each by what is
known of its clock. After every start, and after every pause in which nobody looked (a machine that slept), cameras or
a person have to vouch for it anew. A jump is never forgotten by itself: the ledger has it, and a person releases it.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

# For so long it has to go on without a jump.
STEADY: Final = timedelta(hours=2)
# What a clock may be moved by those who keep it right (time servers, leap seconds), and a camera's from look to look.
TOLERANCE: Final = timedelta(minutes=3)
# What two looks may be apart: longer, and nobody knows what happened between them.
MAX_GAP: Final = timedelta(hours=1)
# How long a camera's clock counts as seen; cameras are asked every few minutes.
FRESH: Final = timedelta(minutes=20)
# Looks that are kept to compare with, and how far apart.
_KEPT: Final = 12
_APART: Final = STEADY.total_seconds() / _KEPT


class Doubt(StrEnum):
    """Why the time is not trusted."""

    # It jumped, or is behind the ledger: only a person ends this.
    JUMPED = "jumped"
    # Most cameras that answer say another time.
    CAMERAS = "cameras"
    # No camera answers, and nobody vouched for it since the start.
    UNWITNESSED = "unwitnessed"
    # It has not gone on for long enough.
    YOUNG = "young"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Look:
    """Both clocks at one moment; `steady` is in seconds of the monotonic one."""

    now: datetime
    steady: float


@dataclass(frozen=True, kw_only=True, slots=True)
class _Heard:
    """How far a camera's clock was ahead of ours when it was heard, and when that was."""

    ahead: timedelta
    steady: float


class TrustedTime:
    """Follows Home Assistant's clock; `now` gives aware times, `monotonic` seconds that nobody sets."""

    def __init__(self, now: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        """Begin without any trust."""
        self._now = now
        self._monotonic = monotonic
        self._began = monotonic()
        self._looks: deque[_Look] = deque(maxlen=_KEPT)
        self._last: _Look | None = None
        self._heard: dict[str, _Heard] = {}
        # How far each camera's clock was ahead the last time that ours was trusted.
        self._known: dict[str, timedelta] = {}
        self._vouched = False
        # The jump that a person has to release; zero: the ledger tells of it, not how far.
        self._jump: timedelta | None = None

    # --- What is seen ---------------------------------------------------------------------------------------------

    @property
    def jump(self) -> timedelta | None:
        """Return the jump that nobody has released yet."""
        return self._jump

    @property
    def offsets(self) -> Mapping[str, timedelta]:
        """Return what is known of the cameras' clocks, to be kept over a restart."""
        return self._known

    def know(self, offsets: Mapping[str, timedelta]) -> None:
        """Take what was known of the cameras' clocks before the restart."""
        self._known = {**offsets, **self._known}

    def begin(self, newest: datetime | None, *, jumped: bool) -> timedelta | None:
        """Take what the ledger says: its newest entry, and whether it tells of a jump that nobody released.

        Returns a jump that is to be recorded.
        """
        if jumped:
            self._jump = self._jump or timedelta()
        return self._behind(newest)

    def look(self, newest: datetime | None = None) -> timedelta | None:
        """Compare both clocks with the looks before, and with the newest entry of the ledger.

        Returns a jump that is to be recorded; it is reported once.
        """
        look = _Look(now=self._now(), steady=self._monotonic())
        last, self._last = self._last, look
        if last is None:
            self._keep(look)
            return self._behind(newest)
        passed = look.steady - last.steady
        if not 0 <= passed <= MAX_GAP.total_seconds():
            # Asleep, or not the clock that it claims to be.
            self._heard.clear()
            self._begin_again(look)
        for before in (last, *self._looks):
            jump = look.now - before.now - timedelta(seconds=look.steady - before.steady)
            if abs(jump) > TOLERANCE:
                self._begin_again(look)
                return self._jumped(jump)
        if not self._looks or look.steady - self._looks[-1].steady >= _APART:
            self._keep(look)
        return self._behind(newest)

    def hear(self, camera: str, camera_time: datetime) -> None:
        """Take what a camera's clock shows at this moment."""
        self._heard[camera] = _Heard(ahead=camera_time - self._now(), steady=self._monotonic())

    def forget(self, camera: str) -> None:
        """Hear no more of a camera that does not answer, or left."""
        self._heard.pop(camera, None)

    def release(self) -> None:
        """Let a person vouch for the time of now: jumps are forgiven, and cameras are off by what they are off now."""
        self._jump = None
        self._begin_again(_Look(now=self._now(), steady=self._monotonic()))
        self._known |= {camera: heard.ahead for camera, heard in self._fresh().items()}
        self._vouched = True
        # Somebody looked at a watch: that needs no hours.
        self._began = self._monotonic() - STEADY.total_seconds()

    # --- What follows from it -----------------------------------------------------------------------------------------

    def doubt(self) -> Doubt | None:
        """Return why the time of now is not to be trusted; None when it is."""
        if self._jump is not None:
            return Doubt.JUMPED
        agreeing, answering = self.witnesses()
        if answering:
            # Of two that contradict each other nobody knows which is right.
            self._vouched = 2 * agreeing > answering
            if not self._vouched:
                return Doubt.CAMERAS
        if self._monotonic() - self._began < STEADY.total_seconds():
            return Doubt.YOUNG
        if not self._vouched:
            return Doubt.UNWITNESSED
        self._known |= {
            camera: heard.ahead
            for camera, heard in self._fresh().items()
            if self._agrees(camera, heard)
        }
        return None

    def is_trusted(self) -> bool:
        """Return whether something may be removed by the time of now."""
        return not self._is_off() and self.doubt() is None

    def witnesses(self) -> tuple[int, int]:
        """Return how many cameras agree, and how many answer."""
        fresh = self._fresh()
        return sum(self._agrees(camera, heard) for camera, heard in fresh.items()), len(fresh)

    def _agrees(self, camera: str, heard: _Heard) -> bool:
        """Return whether a camera is as far off as it was known to be, or not at all any more."""
        known = self._known.get(camera, timedelta())
        return min(abs(heard.ahead - known), abs(heard.ahead)) <= TOLERANCE

    def _is_off(self) -> bool:
        """Return whether the clock was moved since the last look, or nobody has looked yet: the next look tells more."""
        if self._last is None:
            return True
        passed = timedelta(seconds=self._monotonic() - self._last.steady)
        moved = self._now() - self._last.now - passed
        return abs(moved) > TOLERANCE or not timedelta() <= passed <= MAX_GAP

    def _fresh(self) -> dict[str, _Heard]:
        """Return the cameras that were heard not long ago."""
        since = self._monotonic() - FRESH.total_seconds()
        return {camera: heard for camera, heard in self._heard.items() if heard.steady >= since}

    def _behind(self, newest: datetime | None) -> timedelta | None:
        """Notice a clock that is behind what the ledger has already written."""
        if newest is None or self._jump is not None:
            return None
        behind = self._now() - newest
        return self._jumped(behind) if behind < -TOLERANCE else None

    def _jumped(self, jump: timedelta) -> timedelta:
        self._jump = jump
        self._vouched = False
        # What was heard was compared with the clock of before.
        self._heard.clear()
        return jump

    def _begin_again(self, look: _Look) -> None:
        """Count the hours from now on, with new witnesses."""
        self._began = look.steady
        self._vouched = False
        self._looks.clear()
        self._keep(look)
        self._last = look

    def _keep(self, look: _Look) -> None:
        self._looks.append(look)
