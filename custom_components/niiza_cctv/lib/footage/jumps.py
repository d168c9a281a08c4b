"""Whether a camera goes on with another passage on an open replay session: learnt by trying, and remembered.

Real recorders take seconds for a new session and some ten milliseconds for another PLAY. Those that cannot do it lose
time with each attempt, so one that came to nothing is not repeated until the camera has another firmware.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from ..device.model import CameraIdentity
from .errors import JumpFailure

# What a network may have done as well counts when it comes twice in a row.
_DOUBTFUL: Final = frozenset({JumpFailure.CLOSED, JumpFailure.SILENT})
_ENOUGH: Final = 2


@dataclass(frozen=True, kw_only=True)
class NoJumps:
    """That a camera does not jump: how it showed, when (UTC), and which camera with which firmware that was."""

    failure: JumpFailure
    since: datetime
    camera: str

    def as_json(self) -> dict[str, str]:
        """Return it as JSON can carry it."""
        return {
            "failure": self.failure.value,
            "since": self.since.isoformat(),
            "camera": self.camera,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, object]) -> Self:
        """Return what was kept; raises KeyError, TypeError or ValueError."""
        since = datetime.fromisoformat(str(kept["since"]))
        if since.tzinfo is None:
            raise ValueError("A time without a zone")
        return cls(
            failure=JumpFailure(str(kept["failure"])), since=since, camera=str(kept["camera"])
        )


class JumpMemory:
    """What is known of one camera's jumps; `on_change` is called when what has to be kept changes."""

    def __init__(
        self,
        *,
        on_change: Callable[[], None] = lambda: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Begin without knowledge: a jump is tried."""
        self.on_change = on_change
        # That it does not jump, None where that is not known.
        self.refused: NoJumps | None = None
        # Whether short passages, one after the other, come much faster than they play; None: not known.
        self.quick: bool | None = None
        self._now = now
        self._doubts = 0

    def resume(self, kept: NoJumps) -> None:
        """Take up what was known before a restart."""
        self.refused = self.refused or kept

    def allowed(self, identity: CameraIdentity | None) -> bool:
        """Return whether a jump is worth trying; another camera or firmware than the one that refused may know it.

        `identity` is the camera's as far as it is known now.
        """
        if self.refused is None:
            return True
        if identity is None or (camera := _named(identity)) == self.refused.camera:
            return False
        if not self.refused.camera:
            # Nobody knew at the time who refused.
            self.refused = NoJumps(
                failure=self.refused.failure, since=self.refused.since, camera=camera
            )
            self.on_change()
            return False
        self.refused, self.quick, self._doubts = None, None, 0
        self.on_change()
        return True

    def worked(self) -> None:
        """Take in that a jump led where it should."""
        self._doubts = 0

    def failed(self, failure: JumpFailure, identity: CameraIdentity | None) -> None:
        """Take in that a jump came to nothing where a new session then played."""
        self.quick = False
        self._doubts += 1
        if self.refused is None and (failure not in _DOUBTFUL or self._doubts >= _ENOUGH):
            camera = "" if identity is None else _named(identity)
            self.refused = NoJumps(failure=failure, since=self._now(), camera=camera)
            self.on_change()


def _named(identity: CameraIdentity) -> str:
    """Return what names a camera together with its firmware."""
    return f"{identity.manufacturer}\n{identity.model}\n{identity.firmware}\n{identity.serial}"
