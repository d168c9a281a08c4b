"""What happened while the ledger was away: written as soon as it is back, also after a restart.

For what cannot be refused any more because it has happened: a camera fell silent, was followed, has another setting.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, LOGGER
from ..entry_data import async_spawn
from ..lib.ledger.actions import LedgerAction
from ..lib.ledger.errors import EntryInvalid, LedgerError
from ..lib.ledger.model import Json, Person
from ..lib.ledger.store import Ledger

_STORE_VERSION: Final = 1
_STORE_KEY: Final = f"{DOMAIN}.unwritten"
# Seconds until a ledger that is away is tried again.
RETRY_DELAY: Final = 10.0
# A ledger that is away for so long that more happens is a disaster of its own; the oldest is what matters then.
_MAX_WAITING: Final = 1000

# Called when an entry was written.
type Written = Callable[[], Awaitable[None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Waiting:
    """An entry to be written."""

    action: str
    subject: str
    details: Mapping[str, Json]
    person: Person | None
    happened_at: str
    written: Written | None = None


class LedgerOutbox:
    """Writes into the ledger what happened, in that order."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        ledger: Ledger,
        *,
        retry_delay: float = RETRY_DELAY,
    ) -> None:
        """Make it; nothing is read or written."""
        self._hass = hass
        self._entry = entry
        self._ledger = ledger
        self._retry_delay = retry_delay
        self._store: Store[list[dict[str, Any]]] = Store(hass, _STORE_VERSION, _STORE_KEY)
        self._waiting: deque[_Waiting] = deque()
        self._stored = False
        self._wake = asyncio.Event()
        # Set while nothing waits.
        self._drained = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None

    async def async_start(self) -> None:
        """Take up what an earlier start left, and begin to write."""
        for kept in await self._store.async_load() or ():
            person = kept["person"]
            self._waiting.append(
                _Waiting(**{**kept, "person": None if person is None else Person(**person)})
            )
            self._stored = True
        if not self._waiting:
            self._drained.set()
        self._writer = async_spawn(self._hass, self._entry, self._write(), "unwritten entries")

    async def async_close(self) -> None:
        """Stop; what is not written is kept for the next start."""
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)
            self._writer = None
        await self._keep()

    async def async_drained(self) -> None:
        """Wait until everything was written that was given to it."""
        await self._drained.wait()

    @callback
    def async_add(
        self,
        action: LedgerAction,
        subject: str,
        details: Mapping[str, Json],
        person: Person | None = None,
        *,
        written: Written | None = None,
    ) -> None:
        """Have something written that has happened just now; `written` is called when it was, in this start."""
        if len(self._waiting) >= _MAX_WAITING:
            LOGGER.error("The ledger is away for so long that %s is not recorded", action)
            return
        self._waiting.append(
            _Waiting(
                action=action.value,
                subject=subject,
                details=details,
                person=person,
                happened_at=dt_util.utcnow().isoformat(),
                written=written,
            )
        )
        self._drained.clear()
        self._wake.set()

    async def _write(self) -> None:
        while True:
            while self._waiting:
                if not await self._write_first():
                    await self._keep()
                    await asyncio.sleep(self._retry_delay)
            await self._keep()
            if not self._waiting:
                self._drained.set()
            await self._wake.wait()
            self._wake.clear()

    async def _write_first(self) -> bool:
        """Write the oldest entry; return whether it is done with."""
        first = self._waiting[0]
        details = {**first.details}
        if self._stored:
            # The entry's own time is later.
            details["happened_at"] = first.happened_at
        try:
            await self._ledger.append(
                first.action, first.subject, details, person=first.person, patient=True
            )
        except EntryInvalid:
            LOGGER.exception("The ledger takes no entry %s", first.action)
        except LedgerError:
            return False
        self._waiting.popleft()
        if first.written is not None:
            try:
                await first.written()
            except LedgerError as err:
                LOGGER.debug("The ledger went again: %s", err)
        return True

    async def _keep(self) -> None:
        """Keep over a restart what waits; nothing is on the disk as long as the ledger takes everything."""
        if self._waiting:
            await self._store.async_save(
                [
                    {
                        "action": each.action,
                        "subject": each.subject,
                        "details": {**each.details},
                        "person": None
                        if each.person is None
                        else {"id": each.person.id, "name": each.person.name},
                        "happened_at": each.happened_at,
                    }
                    for each in self._waiting
                ]
            )
            self._stored = True
        elif self._stored:
            await self._store.async_remove()
            self._stored = False
