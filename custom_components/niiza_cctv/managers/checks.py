"""The section's checks as Home Assistant shows them: which there are, how each stands, and when that changes.

Which checks there are follows from the section's things and its options, so their entities exist whether or not the ledger
can be read. How they stand is what the ledger says; it changes by what people record and by the clock.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.translation import async_get_cached_translations
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, LOGGER
from ..coordinator import NiizaConfigEntry
from ..lib.checks.book import CheckBook
from ..lib.checks.model import Check, CheckKind, CheckObject, Record, Result, check_id
from ..lib.ledger.errors import LedgerError
from .alerts import AlertKind, async_announce

if TYPE_CHECKING:
    from ..check_entity import CheckEntity

ISSUE_CHECK_FAILED: Final = "check_failed"
# A machine that slept, or whose clock was set, is late by this at most.
_LOOK_AGAIN: Final = timedelta(hours=1)
# Of the unique ids of all entities of checks.
_MARK: Final = "_check_"

# Gives a platform one check: what is looked at, and on what.
type Adder = Callable[[CheckKind, CheckObject], None]


def check_key(kind: CheckKind) -> str:
    """Return what tells the entities of a check from others of their object."""
    return f"check_{kind.key}"


def check_label(hass: HomeAssistant, kind: str, name: str | None = None) -> str:
    """Return what a kind is called in the language of this Home Assistant; `name` is that of the section's own."""
    texts = async_get_cached_translations(hass, hass.config.language, "selector", DOMAIN)
    return name or texts.get(f"component.{DOMAIN}.selector.check_kind.options.{kind}", kind)


def check_text(hass: HomeAssistant, key: str, **placeholders: str) -> str:
    """Return a text of checks in the language of this Home Assistant."""
    texts = async_get_cached_translations(hass, hass.config.language, "common", DOMAIN)
    return texts.get(f"component.{DOMAIN}.common.{key}", key).format(**placeholders)


def check_path(check: str) -> str:
    """Return where the panel shows a check."""
    # What identifies a camera may hold a blank.
    return f"/niiza-cctv/check/{quote(check, safe='')}"


class CheckWatch:
    """Follows the checks of one section while its entry is loaded."""

    def __init__(self, hass: HomeAssistant, entry: NiizaConfigEntry) -> None:
        """Make it; nothing is followed yet."""
        self._hass = hass
        self._entry = entry
        self._section = entry.runtime_data
        self._evidence = entry.runtime_data.evidence
        # How each stands, by id; empty until the ledger was read.
        self.checks: Mapping[str, Check] = {}
        # What the platforms know.
        self._there: dict[str, tuple[CheckKind, CheckObject]] = {}
        self._adders: list[Adder] = []
        self._entities: dict[str, list[CheckEntity]] = {}
        self._listeners: list[CALLBACK_TYPE] = []
        self._following = asyncio.Lock()
        self._noting = asyncio.Lock()
        self._book: CheckBook | None = None
        # What was announced, each with the entry of its last pass: never twice, whatever a clock that was set back says.
        self._noted: set[tuple[str, int]] = set()
        self._started = False
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
    def async_add_entity(self, entity: CheckEntity) -> CALLBACK_TYPE:
        """Let an entity show its check whenever that stands otherwise; returns what ends that."""
        entities = self._entities.setdefault(entity.check, [])
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
            # What becomes due is news for automations, which are there by then.
            async_at_started(self._hass, self._on_started),
        ]
        self._look()

    @callback
    def async_stop(self) -> None:
        """Follow nothing any more."""
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
            self._entry.async_create_background_task(
                self._hass, self._async_follow(), f"{DOMAIN} checks"
            )
        self._look()

    # --- Which there are ----------------------------------------------------------------------------------------

    def _wanted(self) -> dict[str, tuple[CheckKind, CheckObject]]:
        kinds = self._evidence.check_kinds()
        return {
            check_id(kind.key, of): (kind, of)
            for of in self._section.objects()
            for kind in kinds
            if kind.interval_days and of.kind in kind.objects
        }

    async def _async_follow(self) -> None:
        """Give the platforms what is new, and let go of what is no longer looked at."""
        async with self._following:
            wanted = self._wanted()
            known, self._there = self._there, wanted
            gone = {_unique_id(*each) for name, each in known.items() if name not in wanted}
            if gone:
                await self._async_remove_entities(gone.__contains__)
            for name, (kind, of) in wanted.items():
                if name in known:
                    if known[name][0].name == kind.name:
                        continue
                    # An entity takes its name when it is added.
                    for entity in tuple(self._entities.get(name, ())):
                        await entity.async_remove()
                for add in self._adders:
                    add(kind, of)
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
                and entity.entity_id in registry.entities
            ):
                registry.async_remove(entity.entity_id)
                await asyncio.sleep(0)

    # --- How they stand -----------------------------------------------------------------------------------------

    @callback
    def _look(self, _now: datetime | None = None) -> None:
        """See how the checks stand now, tell whom it concerns, and wait for the moment at which that changes."""
        try:
            book = self._evidence.checks
        except LedgerError:
            return
        if self._book is not book:
            self._book = book
            self._unsubscribe.append(book.add_listener(self._on_record))
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
            self._entry.async_create_background_task(
                self._hass, self._async_note_due(), f"{DOMAIN} due checks", eager_start=False
            )
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
            obj=check.object,
            check=check.id,
            check_kind=check.kind.key,
            check_name=check_label(self._hass, check.kind.key, check.kind.name),
            path=check_path(check.id),
        )

    @callback
    def _show_failed(self) -> None:
        """Open a repair for every check that failed, and close those that were mended."""
        called_for = {issue_check(check.id) for check in self.checks.values() if check.failed}
        for check in self.checks.values():
            if check.failed:
                ir.async_create_issue(
                    self._hass,
                    DOMAIN,
                    issue_check(check.id),
                    is_fixable=False,
                    severity=ir.IssueSeverity.ERROR,
                    translation_key=ISSUE_CHECK_FAILED,
                    translation_placeholders={
                        "object": check.object.name,
                        "check": check_label(self._hass, check.kind.key, check.kind.name),
                        "link": check_path(check.id),
                    },
                )
        async_remove_check_issues(self._hass, but=called_for)


@callback
def async_remove_check_issues(hass: HomeAssistant, *, but: Collection[str] = ()) -> None:
    """Close the repairs of checks, but for those named."""
    for domain, issue_id in tuple(ir.async_get(hass).issues):
        ours = domain == DOMAIN and issue_id.startswith(f"{ISSUE_CHECK_FAILED}_")
        if ours and issue_id not in but:
            ir.async_delete_issue(hass, DOMAIN, issue_id)


def issue_check(check: str) -> str:
    """Return the id of the repair that speaks of a check."""
    return f"{ISSUE_CHECK_FAILED}_{check}"


def _unique_id(kind: CheckKind, of: CheckObject) -> str:
    return f"{of.id}_{check_key(kind)}"


def _noted(check: Check) -> tuple[str, int]:
    return check.id, 0 if check.passed is None else check.passed.number
