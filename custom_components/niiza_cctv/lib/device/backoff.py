"""Holding log-ins back after a refusal, so that a camera does not lock the account."""

import time
from typing import Final

from .errors import CameraLockedOut

_FIRST: Final = 60.0
_MAX_PAUSE: Final = 30 * 60.0


class Backoff:
    """The pause after refused log-ins: 60 s, doubled by each further refusal, at most 30 minutes."""

    def __init__(self) -> None:
        """Start without a pause."""
        self._refusals = 0
        self._retry_at = 0.0

    def check(self) -> None:
        """Raise CameraLockedOut while the pause lasts."""
        if self._refusals and time.monotonic() < self._retry_at:
            raise CameraLockedOut("log-ins are held back after a refusal", self._retry_at)

    def refused(self) -> None:
        """Begin the next pause."""
        # The exponent is capped before the product, lest years of refusals overflow.
        pause = min(_FIRST * 2 ** min(self._refusals, 10), _MAX_PAUSE)
        self._refusals += 1
        self._retry_at = time.monotonic() + pause

    def accepted(self) -> None:
        """Forget all refusals."""
        self._refusals = 0
