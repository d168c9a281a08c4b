"""Turns at a camera's one replay session, shared fairly between people watching, an export and the proof.

Cameras give one replay session at a time. Whoever wants it takes a turn here first. The kinds of use take turns
with one another, and within a kind first come is first served: so an export never waits for more than one turn
of somebody watching, and a person watching never for more than the slice that an export takes.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from enum import StrEnum


class Use(StrEnum):
    """What a replay session is wanted for."""

    VIEWING = "viewing"
    EXPORT = "export"
    PROOF = "proof"


class Turn:
    """The right to the camera's replay session, as long as its `async with` lasts."""

    def __init__(self, gate: ReplayGate) -> None:
        """Belong to a gate."""
        self._gate = gate

    @property
    def wanted(self) -> bool:
        """Return whether somebody else waits: then end soon and ask for another turn."""
        return bool(self._gate.waiting)


class ReplayGate:
    """The turns at one camera."""

    def __init__(self) -> None:
        """Make the gate, open."""
        # Who has the turn; None when nobody has.
        self.holder: Use | None = None
        self._queue: deque[tuple[Use, asyncio.Future[None]]] = deque()

    @property
    def waiting(self) -> tuple[Use, ...]:
        """Return what the others wait for, in the order in which they came."""
        return tuple(use for use, _ in self._queue)

    @asynccontextmanager
    async def turn(self, use: Use) -> AsyncGenerator[Turn]:
        """Wait for a turn and hold it; it is given on when the block is left, however that happens."""
        if self.holder is None and not self._queue:
            self.holder = use
        else:
            await self._wait(use)
        try:
            yield Turn(self)
        finally:
            self._pass_on(use)

    async def _wait(self, use: Use) -> None:
        place = (use, asyncio.get_running_loop().create_future())
        self._queue.append(place)
        try:
            await place[1]
        except asyncio.CancelledError:
            if place in self._queue:
                self._queue.remove(place)
            elif not place[1].cancelled():
                # The turn was given to somebody who left in the same moment.
                self._pass_on(use)
            raise

    def _pass_on(self, last: Use) -> None:
        """Give the turn to the first of another kind, else to the first of the same."""
        self.holder = None
        # Who was cancelled and has not noticed yet takes no turn.
        self._queue = deque(one for one in self._queue if not one[1].cancelled())
        if not self._queue:
            return
        place = next((one for one in self._queue if one[0] is not last), self._queue[0])
        self._queue.remove(place)
        self.holder = place[0]
        place[1].set_result(None)
