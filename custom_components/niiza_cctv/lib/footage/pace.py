"""How fast a camera gives recorded footage, measured while it does: some keep to real time whatever they are asked."""

from enum import StrEnum
from typing import Final

# Footage per second between these is real time: cards stutter, and a link may hold a little back.
REAL_TIME: Final = (0.8, 1.15)
# A camera that gives this much does not keep to real time.
FASTER: Final = 1.5
# So many windows in a row; what a camera had ready when it was asked comes at once, and is left out.
PACED_WINDOWS: Final = 4
FASTER_WINDOWS: Final = 2
# Seconds of a window.
WINDOW: Final = 2.0


class Pace(StrEnum):
    """What was found out of a camera."""

    REAL_TIME = "real_time"
    FASTER = "faster"


class PaceMeter:
    """Measures one replay; between the two findings lies what is neither, so that no single stutter changes one."""

    def __init__(self, *, window: float = WINDOW) -> None:
        """Begin with the first picture."""
        self._window = window
        self._began: tuple[float, float] | None = None
        self._paced = self._faster = 0
        self._warm = False

    def note(self, footage: float, now: float) -> Pace | None:
        """Take in that so many seconds of footage had come at a moment (seconds of a steady clock).

        Returns what is found with this; None as long as nothing is.
        """
        if self._began is None:
            self._began = footage, now
            return None
        passed = now - self._began[1]
        if passed < self._window:
            return None
        speed = (footage - self._began[0]) / passed
        self._began = footage, now
        if not self._warm:
            self._warm = True
            return None
        self._paced = self._paced + 1 if REAL_TIME[0] <= speed <= REAL_TIME[1] else 0
        self._faster = self._faster + 1 if speed >= FASTER else 0
        if self._paced >= PACED_WINDOWS:
            return Pace.REAL_TIME
        return Pace.FASTER if self._faster >= FASTER_WINDOWS else None
