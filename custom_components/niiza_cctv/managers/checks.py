"""The section's checks as Home Assistant shows them: which there are, how each stands, and when that changes.

Which checks there are follows from the section's things and its options, so their entities exist whether or not the ledger
can be read. How they stand is what the ledger says; it changes by what people record and by the clock.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from ..cameras import Cameras
from ..const import LOGGER
from ..entry_data import async_spawn
from ..issues import ISSUE_CHECK_FAILED, async_close_issues, async_show_issue, issue_id
from ..lib.checks.book import CheckBook
from ..lib.checks.model import Asset, Check, CheckKind, Record, Result, check_id
from ..lib.ledger.errors import LedgerError
from ..paths import check_path
from ..texts import check_label
from .events import AlertKind, async_announce
from .evidence import Evidence

# A machine that slept, or whose clock was set, is late by this at most.
_LOOK_AGAIN: Final = timedelta(hours=1)
# Of the unique ids of all entities of checks.
_MARK: Final = "_check_"

# Gives a platform one check: what is looked at, and on what.
type Adder = Callable[[CheckKind, Asset], None]


class ShownCheck(Protocol):
    """What shows a check, as far as it must be told of it."""

    def async_write_ha_state(self) -> None:
        """Show how it stands now."""

    async def async_remove(self) -> None:
        """Show it no more."""


def check_key(kind: CheckKind) -> str:
    """Return what tells the entities of a check from others of their object."""
    return f"check_{kind.key}"


class CheckManager:
    """Follows the checks of one section while its entry is loaded."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], *, cameras: Cameras, evidence: Evidence
    ) -> None:
        """Make it; nothing is followed yet."""
        self._hass = hass
        self._entry = entry
        self._cameras = cameras
        self._evidence = evidence
        # How each stands, by id; empty until the ledger was read.
        self.checks: Mapping[str, Check] = {}
        # What the platforms know.
        self._there: dict[str, tuple[CheckKind, Asset]] = {}
        self._adders: list[Adder] = []
        self._entities: dict[str, list[ShownCheck]] = {}
        self._listeners: list[CALLBACK_TYPE] = []
        self._following = asyncio.Lock()
        self._noting = asyncio.Lock()
        self._book: CheckBook | None = None
        # What was announced, each with the entry of its last pass: never twice, whatever a clock that was set back says.
        self._noted: set[tuple[str, int]] = set()
        self._started = self._closed = False
        self._unsubscribe: list[CALLBACK_TYPE] = []
        self._stop_waiting: CALLBACK_TYPE | None = None

    @property
    def read(self) -> bool:
        """Return whether the ledger was read."""
        return self._book is not None

    # --- For the platforms --------------------------------------------------------------------------------------

    @callback
    def async_for_each_check(self, add: Adder) -> None:
        """Call `add` for every check that there is or comes to be; the platforms come before the checks."""
        self._adders.append(add)

    @callback
    def async_add_listener(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `listener` when any check stands otherwise; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def async_add_entity(self, check: str, entity: ShownCheck) -> CALLBACK_TYPE:
        """Let an entity show a check whenever that stands otherwise; returns what ends that."""
        entities = self._entities.setdefault(check, [])
        entities.append(entity)
        return lambda: entities.remove(entity)

    # --- Life ---------------------------------------------------------------------------------------------------

    async def async_start(self) -> None:
        """Give the platforms their checks and begin to follow them."""
        await self._async_follow()
        wanted = {_unique_id(*each) for each in self._there.values()}
        # Of checks that went while the section was not loaded.
        await self._async_remove_entities(lambda unique_id: unique_id not in wanted)
        self._unsubscribe = [
            self._evidence.async_add_listener(self._on_change),
            self._evidence.async_on_record(self._on_record),
            # What becomes due is news for automations, which are there by then.
            async_at_started(self._hass, self._on_started),
        ]
        self._look()

    async def async_close(self) -> None:
        """Follow nothing any more."""
        self._closed = True
        while self._unsubscribe:
            self._unsubscribe.pop()()
        if self._stop_waiting is not None:
            self._stop_waiting()
            self._stop_waiting = None

    @callback
    def _on_started(self, _hass: HomeAssistant) -> None:
        self._started = True
        self._look()

    @callback
    def _on_change(self) -> None:
        """Follow the section's things and options, then the ledger."""
        if self._wanted() != self._there:
            async_spawn(self._hass, self._entry, self._async_follow(), "checks")
        self._look()

    # --- Which there are ----------------------------------------------------------------------------------------

    def _wanted(self) -> dict[str, tuple[CheckKind, Asset]]:
        kinds = self._evidence.check_kinds()
        return {
            check_id(kind.key, asset): (kind, asset)
            for asset in self._cameras.assets()
            for kind in kinds
            if kind.interval_days and asset.kind in kind.assets
        }

    async def _async_follow(self) -> None:
        """Give the platforms what is new, and let go of what is no longer looked at."""
        async with self._following:
            wanted = self._wanted()
            known, self._there = self._there, wanted
            gone = {_unique_id(*each) for name, each in known.items() if name not in wanted}
            if gone:
                await self._async_remove_entities(gone.__contains__)
            for name, (kind, asset) in wanted.items():
                if name in known:
                    if known[name][0].name == kind.name:
                        continue
                    # An entity takes its name when it is added.
                    for entity in tuple(self._entities.get(name, ())):
                        await entity.async_remove()
                for add in self._adders:
                    add(kind, asset)
                # A hundred cameras never hold the loop up.
                await asyncio.sleep(0)

    async def _async_remove_entities(self, called_for: Callable[[str], bool]) -> None:
        """Remove entities of checks, by their unique id, also from the registry."""
        registry = er.async_get(self._hass)
        for entity in er.async_entries_for_config_entry(registry, self._entry.entry_id):
            if (
                _MARK in entity.unique_id
                and called_for(entity.unique_id)
                # Not removed meanwhile, with its subentry.
                and registry.async_get(entity.entity_id) is not None
            ):
                registry.async_remove(entity.entity_id)
                await asyncio.sleep(0)

    # --- How they stand -----------------------------------------------------------------------------------------

    @callback
    def _look(self, _now: datetime | None = None) -> None:
        """See how the checks stand now, tell whom it concerns, and wait for the moment at which that changes."""
        if self._closed:
            return
        try:
            book = self._evidence.checks
        except LedgerError:
            return
        self._book = book
        checks = {check.id: check for check in book.checks()}
        known, self.checks = self.checks, checks
        for name in known.keys() | checks.keys():
            if known.get(name) != checks.get(name):
                for entity in self._entities.get(name, ()):
                    entity.async_write_ha_state()
        if known != checks:
            self._show_failed()
            for listener in tuple(self._listeners):
                listener()
        if self._started and any(self._is_news(check) for check in checks.values()):
            async_spawn(self._hass, self._entry, self._async_note_due(), "due checks", eager=False)
        self._wait()

    @callback
    def _wait(self) -> None:
        if self._stop_waiting is not None:
            self._stop_waiting()
        moments = [dt_util.utcnow() + _LOOK_AGAIN]
        moments += [
            check.due_at
            for check in self.checks.values()
            if check.due_at is not None and not check.due
        ]
        self._stop_waiting = async_track_point_in_utc_time(self._hass, self._look, min(moments))

    def _is_news(self, check: Check) -> bool:
        """Return whether nobody was told yet that a check is due."""
        return (
            check.due
            and check.due_since is None
            and not check.failed
            and _noted(check) not in self._noted
        )

    async def _async_note_due(self) -> None:
        """Announce what became due, once: the ledger knows what was announced."""
        if self._noting.locked() or self._book is None:
            return
        async with self._noting:
            try:
                noted = await self._book.note_due()
            except LedgerError as err:
                # It says so itself, and its next change brings us here again.
                LOGGER.debug("The checks that became due wait for the ledger: %s", err)
                return
            self._noted.update(_noted(check) for check in noted)
            for check in noted:
                self._announce(AlertKind.CHECK_DUE, check)
        self._look()

    @callback
    def _on_record(self, check: Check, record: Record) -> None:
        """Announce what somebody found."""
        passed = record.result is Result.PASSED
        self._announce(AlertKind.CHECK_PASSED if passed else AlertKind.CHECK_FAILED, check)

    @callback
    def _announce(self, alert: AlertKind, check: Check) -> None:
        async_announce(
            self._hass,
            alert,
            asset=check.asset,
            check=check.id,
            check_kind=check.kind.key,
            check_name=check_label(self._hass, check.kind.key, check.kind.name),
            path=check_path(check.id),
        )

    @callback
    def _show_failed(self) -> None:
        """Open a repair for every check that failed, and close those that were fixed."""
        failed = [check for check in self.checks.values() if check.failed]
        for check in failed:
            async_show_issue(
                self._hass,
                ISSUE_CHECK_FAILED,
                check.id,
                placeholders={
                    "object": check.asset.name,
                    "check": check_label(self._hass, check.kind.key, check.kind.name),
                    "link": check_path(check.id),
                },
            )
        async_close_issues(
            self._hass,
            [ISSUE_CHECK_FAILED],
            but={issue_id(ISSUE_CHECK_FAILED, check.id) for check in failed},
        )


def _unique_id(kind: CheckKind, asset: Asset) -> str:
    return f"{asset.id}_{check_key(kind)}"


def _noted(check: Check) -> tuple[str, int]:
    return check.id, 0 if check.passed is None else check.passed.number
