"""How far a long piece of work has come, when it will be over, and calling it off."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from .clip_model import ClipCancelled


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What is left of a clip, in seconds as far as they are known: pictures are proved while others come, written then."""

    fetching: float | None
    proving: float | None
    writing: float

    @property
    def remaining(self) -> timedelta | None:
        """Return when the clip will be sealed; None while the pace of something is not known."""
        if self.fetching is None or self.proving is None:
            return None
        return timedelta(seconds=round(max(self.fetching, self.proving) + self.writing))


class Steps:
    """Calls a piece of work off when asked to, and tells how far it has come."""

    def __init__(self, cancelled: Callable[[], bool], progress: Callable[[float], None]) -> None:
        """Take over how to ask and whom to tell."""
        self._cancelled = cancelled
        self._progress = progress
        self._told = -1.0

    def of(self, low: float, high: float) -> Callable[[float], None]:
        """Return what a step between two shares of the whole calls with its own share; raises ClipCancelled."""

        def step(share: float) -> None:
            if self._cancelled():
                raise ClipCancelled
            now = low + share * (high - low)
            if now >= self._told + 0.005:
                self._told = now
                self._progress(now)

        return step
