"""The ledger is proved: in full after every start and every night, in the ledger's own thread; trouble is told."""

from datetime import datetime
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_change

from ..const import LOGGER
from ..entry_data import async_spawn
from ..issues import ISSUE_LEDGER_BROKEN, ISSUE_STRAYS, async_close_issue, async_show_issue
from ..lib.ledger.actions import LedgerAction
from ..lib.ledger.errors import LedgerError
from ..paths import LEDGER_PATH
from .events import AlertKind, async_announce
from .evidence import Evidence

# Folders that a repair names.
_MAX_NAMED = 5


class ProofManager:
    """Has the ledger verified, and says what does not belong: broken entries, folders of no case."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], *, evidence: Evidence) -> None:
        """Make it; nothing is verified yet."""
        self._hass = hass
        self._entry = entry
        self._evidence = evidence
        self._proof = evidence.proof
        self._unsubscribe: list[CALLBACK_TYPE] = []
        self._was_broken = False
        self._proving = False

    async def async_start(self) -> None:
        """Verify as soon as the ledger is there, and every night."""
        self._unsubscribe = [
            self._proof.add_listener(self._on_found),
            self._evidence.async_add_listener(self._on_change),
            async_track_time_change(self._hass, self._on_night, hour=3, minute=17, second=0),
        ]
        self._on_change()

    async def async_close(self) -> None:
        """Follow nothing any more."""
        while self._unsubscribe:
            self._unsubscribe.pop()()

    @callback
    def _on_change(self) -> None:
        """Verify a ledger that is there for the first time."""
        self._show_strays()
        if self._proof.found is None and self._evidence.ledger.available:
            self._prove()

    @callback
    def _on_night(self, _now: datetime) -> None:
        self._prove()

    @callback
    def _prove(self) -> None:
        if not self._proving:
            self._proving = True
            async_spawn(self._hass, self._entry, self._async_prove(), "ledger proof", eager=False)

    async def _async_prove(self) -> None:
        try:
            await self._proof.prove()
        except LedgerError as err:
            # It says so itself, and comes back: until then nothing is released.
            LOGGER.debug("The ledger cannot be verified now: %s", err)
        finally:
            self._proving = False

    @callback
    def _on_found(self) -> None:
        """Say it once when the ledger is found broken, and take it back when it is whole again."""
        broken, self._was_broken = self._was_broken, self._proof.is_broken
        if broken != self._was_broken:
            # Whoever looks at a board sees it, too.
            self._evidence.async_changed()
        if not self._proof.is_broken:
            async_close_issue(self._hass, ISSUE_LEDGER_BROKEN)
            return
        found = self._proof.found
        number = None if found is None else found.broken
        async_show_issue(
            self._hass,
            ISSUE_LEDGER_BROKEN,
            placeholders={
                "number": "?" if number is None else str(number),
                "link": LEDGER_PATH,
            },
            link=LEDGER_PATH,
        )
        if not broken:
            LOGGER.error("The ledger was tampered with, at entry %s: nothing leaves", number)
            async_announce(self._hass, AlertKind.LEDGER_BROKEN, number=number)
            self._evidence.outbox.async_add(
                LedgerAction.LEDGER_BROKEN, "ledger", {"number": number}
            )

    @callback
    def _show_strays(self) -> None:
        """Say which folders no case knows, as long as there are any."""
        strays = self._evidence.strays
        if not strays:
            async_close_issue(self._hass, ISSUE_STRAYS)
            return
        names = ", ".join(stray.name for stray in strays[:_MAX_NAMED])
        async_show_issue(
            self._hass,
            ISSUE_STRAYS,
            warning=True,
            placeholders={
                "count": str(len(strays)),
                "folders": names + (" …" if len(strays) > _MAX_NAMED else ""),
                "link": LEDGER_PATH,
            },
            link=LEDGER_PATH,
        )
