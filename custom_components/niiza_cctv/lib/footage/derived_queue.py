"""Files derived from sealed clips, made one after the other while the section goes on with its work.

One is asked for in the ledger; until it is sealed there, a restart begins it anew. What lies under a final name is whole
and proved, whoever was killed meanwhile.
"""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
import logging
import time
from typing import Final

_LOGGER = logging.getLogger(__name__)

# Progress is shown this often (seconds).
_SHOW_EVERY: Final = 1.0


@dataclass(kw_only=True)
class Making[Job]:
    """A file that waits to be made, or is made."""

    job: Job
    changed: Callable[[], object]
    cancelled: bool = False
    percent: float = 0.0
    # What the maker wants to have called when the file is given up; it may look at `cancelled` instead.
    on_cancel: Callable[[], object] = field(default=lambda: None)
    _shown: float = 0.0

    def progress(self, share: float) -> None:
        """Take how much is done (0 to 1), on the event loop or in a thread of its own."""
        self.percent = 100 * share
        if (now := time.monotonic()) - self._shown > _SHOW_EVERY:
            self._shown = now
            self.changed()

    def cancel(self) -> None:
        """Have it given up."""
        self.cancelled = True
        self.on_cancel()


class DerivedQueue[Job, Made](ABC):
    """Makes what was asked for, one at a time, and tells what came of each."""

    def __init__(self, *, changed: Callable[[], None]) -> None:
        """Begin with nothing to do; `changed` is called on the event loop."""
        self._changed = changed
        self._waiting: dict[str, Making[Job]] = {}
        self._worker: asyncio.Task[None] | None = None
        # What came of a file is being told, which waits for as long as the ledger is away.
        self._telling = False
        self._closing = False

    def add(self, job: Job) -> None:
        """Make a file when those before it are made; one that is waited for already is not made twice."""
        name = self._name(job)
        if self._closing or name in self._waiting:
            return
        loop = asyncio.get_running_loop()
        self._waiting[name] = Making(
            job=job, changed=partial(loop.call_soon_threadsafe, self._changed)
        )
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())

    def percent(self, name: str) -> float | None:
        """Return how far a file is; None when it neither waits nor is made."""
        making = self._waiting.get(name)
        return None if making is None else making.percent

    def cancel(self, name: str) -> None:
        """Give a file up; nothing is left of it."""
        if (making := self._waiting.get(name)) is not None:
            making.cancel()

    async def close(self) -> None:
        """Stop where it is: whatever is not sealed is begun anew by the next start."""
        self._closing = True
        for making in self._waiting.values():
            making.cancel()
        if self._worker is not None:
            if self._telling:
                self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
        self._waiting.clear()

    async def _work(self) -> None:
        while self._waiting and not self._closing:
            name, making = next(iter(self._waiting.items()))
            try:
                await self._make_and_tell(making)
            except Exception:
                _LOGGER.exception("Nobody was told of %s", name)
            finally:
                self._waiting.pop(name, None)
            self._changed()

    async def _make_and_tell(self, making: Making[Job]) -> None:
        made = None if making.cancelled else await self._make(making)
        if self._closing:
            # What lies there is whole, and known by the next start for what it is.
            return
        if made is None:
            await asyncio.to_thread(self._set_aside, making.job)
            return
        self._telling = True
        try:
            await self._tell(making.job, made)
        finally:
            self._telling = False

    @abstractmethod
    def _name(self, job: Job) -> str:
        """Return what a file is called in the ledger."""

    @abstractmethod
    async def _make(self, making: Making[Job]) -> Made | None:
        """Make a file, or return why there is none; None once it was given up. Raises nothing."""

    @abstractmethod
    async def _tell(self, job: Job, made: Made) -> None:
        """Tell what came of a file; one that nobody waits for any more is removed."""

    @abstractmethod
    def _set_aside(self, job: Job) -> None:
        """Keep elsewhere what lies there of a start that was killed, or of a ledger that was lost; in a thread."""
