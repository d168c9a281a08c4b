"""Whether what the ledger holds is proved: until then it may be read and written, but nothing leaves by what it says.

An entry that somebody wrote into the database is folded like any other when the ledger is read; that it is none shows
only in its hash. So the whole chain is verified once after every opening, page by page between the appends, and again
now and then; and what a decision rests on is verified once more when it is made.
"""

import asyncio
from collections.abc import Callable

from .errors import LedgerBroken, LedgerError, LedgerUnproved
from .model import Entry, Verification
from .store import Ledger


class LedgerProof:
    """What was proved of a ledger since it was opened."""

    def __init__(self, ledger: Ledger) -> None:
        """Begin with nothing proved."""
        self._ledger = ledger
        self._found: Verification | None = None
        # Also where the whole chain fits: somebody wrote it anew while it was open.
        self._contradicted = False
        self._proving = asyncio.Lock()
        self._listeners: list[Callable[[], None]] = []

    @property
    def found(self) -> Verification | None:
        """Return what the last verification of the whole chain found; None before the first."""
        return self._found

    @property
    def is_broken(self) -> bool:
        """Return whether something was found that nobody wrote."""
        return self._contradicted or (self._found is not None and self._found.broken is not None)

    def add_listener(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call the listener whenever something was found, good or bad; return how to end that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def check(self) -> None:
        """Raise LedgerUnproved or LedgerBroken unless the whole chain was proved."""
        if self.is_broken:
            raise LedgerBroken("The ledger was tampered with")
        if self._found is None:
            raise LedgerUnproved("The ledger is being verified")

    async def prove(self) -> Verification:
        """Verify the whole chain; raises LedgerUnavailable, and what was found before still holds then."""
        async with self._proving:
            found = await self._ledger.verify()
            self._found = found
        self._tell()
        return found

    async def prove_subject(self, subject: str, *, after: int = 0) -> list[Entry]:
        """Return the entries about a subject, each verified now; raises as `check` does, and LedgerUnavailable."""
        self.check()
        try:
            return await self._ledger.prove_subject(subject, after=after)
        except LedgerBroken:
            self.contradict()
            raise

    def contradict(self) -> LedgerError:
        """Note that the ledger is not what was read of it; return the error to raise."""
        self._contradicted = True
        self._tell()
        return LedgerBroken("The ledger was tampered with")

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()
