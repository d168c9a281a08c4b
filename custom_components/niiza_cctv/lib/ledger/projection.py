"""What folding the ledger's entries gives: read when something may be new, written one step at a time.

One step at a time: check → append, durable → fold. What is shown is therefore never more than what the ledger carries,
whatever fails in between; and where it cannot be known what the ledger carries, it is read before anything goes on.
"""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
import gc

from .actions import LedgerAction
from .model import Entry, Json, Person
from .store import Ledger

# Each portion is sought from where the one before ended, however long the history is; others get a turn between two.
PORTION = 500
# Entries from which looking for cycles costs as much as the folding.
_MANY = 10_000


class Projection(ABC):
    """The only one that writes certain actions into the ledger, and what folding them gives."""

    def __init__(self, ledger: Ledger, actions: frozenset[LedgerAction]) -> None:
        """Stand on an open ledger, of which nothing is read yet."""
        self._ledger = ledger
        self._actions = actions
        # The last entry that was folded; whether the ledger may hold more of ours.
        self._folded = 0
        self._unsure = True
        self._lock = asyncio.Lock()

    async def load(self) -> None:
        """Fold the ledger's entries that are not folded yet; raises LedgerError."""
        async with self._lock:
            await self._catch_up()

    @abstractmethod
    def _fold(self, entry: Entry) -> None:
        """Take in an entry; one that this version cannot read changes nothing."""

    async def _fold_all(self, portions: AsyncIterator[list[Entry]]) -> None:
        """Take in many entries; when that is broken off, the same ones come again."""
        async for portion in portions:
            for entry in portion:
                self._fold(entry)

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        """Give one step its turn, with everything folded that the ledger has; raises LedgerError."""
        async with self._lock:
            if self._unsure:
                await self._catch_up()
            yield

    async def _append(
        self, action: LedgerAction, subject: str, details: Mapping[str, Json], person: Person | None
    ) -> Entry:
        """Append an entry and fold it; only in a turn."""
        try:
            entry = await self._ledger.append(action, subject, details, person=person)
        except BaseException:
            # It may be in the ledger all the same, as when the answer of the database got lost.
            self._unsure = True
            raise
        if action in self._actions:
            self._folded = entry.number
            self._fold(entry)
        return entry

    async def _catch_up(self) -> None:
        self._unsure = True
        folded = self._folded

        async def portions() -> AsyncGenerator[list[Entry]]:
            nonlocal folded
            more = True
            while more:
                entries = self._ledger.entries(after=folded, actions=self._actions, limit=PORTION)
                if portion := [entry async for entry in entries]:
                    folded = portion[-1].number
                    yield portion
                more = len(portion) == PORTION

        with _gc_paused(self._ledger.head.number - folded):
            await self._fold_all(portions())
        self._folded = folded
        self._unsure = False


@contextmanager
def _gc_paused(entries: int) -> Iterator[None]:
    """Fold many entries without Python looking for cycles meanwhile: it finds none, and takes as long as the folding."""
    pause = entries > _MANY and gc.isenabled()
    if pause:
        gc.disable()
    try:
        yield
    finally:
        if pause:
            gc.enable()
