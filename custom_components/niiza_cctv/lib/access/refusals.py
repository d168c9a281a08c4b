"""Refusals on the record, so that neither a forgotten automation nor somebody who tries doors fills it.

The first refusal of its like is written at once. Like ones within a minute are counted and become one further entry
with their number; what one person is refused beyond a number of kinds within a minute is summed up likewise.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..ledger.actions import LedgerAction
from ..ledger.errors import LedgerError
from ..ledger.model import Json, Person

_WINDOW = timedelta(minutes=1)
# Different refusals that are written of one person (or of nobody) within a minute.
_KINDS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Who was refused what, about what, and why (the key of the message)."""

    person: Person | None
    what: str
    subject: str
    reason: str


@dataclass(kw_only=True, slots=True)
class _Window:
    since: datetime
    # Refusals that are not in the ledger yet.
    count: int = 0


class Refusals:
    """What is refused; not to be called concurrently."""

    def __init__(
        self,
        append: Callable[[LedgerAction, str, dict[str, Json], Person | None], Awaitable[object]],
        now: Callable[[], datetime],
    ) -> None:
        """Write by `append`."""
        self._append = append
        self._now = now
        self._windows: dict[Refusal, _Window] = {}

    async def add(self, refusal: Refusal) -> None:
        """Record a refusal, or count it; one that the ledger cannot take now is written when it can."""
        await self.settle()
        if refusal not in self._windows:
            person = refusal.person and refusal.person.id
            others = sum((one.person and one.person.id) == person for one in self._windows)
            if others >= _KINDS:
                refusal = replace(refusal, what="several", subject="section", reason="too_many")
        if window := self._windows.get(refusal):
            window.count += 1
            return
        self._windows[refusal] = window = _Window(since=self._now(), count=1)
        await self._write(refusal, window)

    async def settle(self, *, everything: bool = False) -> None:
        """Write what was counted in the minutes that are over, or in all of them."""
        now = self._now()
        for refusal, window in list(self._windows.items()):
            # A clock that was set back ends a minute too.
            if everything or abs(now - window.since) >= _WINDOW:
                if window.count and not await self._write(refusal, window):
                    return
                del self._windows[refusal]

    async def _write(self, refusal: Refusal, window: _Window) -> bool:
        details: dict[str, Json] = {"what": refusal.what, "reason": refusal.reason}
        if window.count > 1:
            details["count"] = window.count
        try:
            await self._append(LedgerAction.REFUSED, refusal.subject, details, refusal.person)
        except LedgerError:
            return False
        window.count = 0
        return True
