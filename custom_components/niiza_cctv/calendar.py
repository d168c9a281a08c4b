"""When something is to be looked at, and when somebody did: the section's checks as a calendar."""

from datetime import date, datetime, timedelta
from typing import override

from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .entity import SectionEntity
from .errors import translated
from .lib.checks.model import Check, Result
from .lib.ledger.actions import LedgerAction
from .lib.ledger.errors import LedgerError
from .lib.ledger.model import Entry
from .runtime import NiizaConfigEntry
from .texts import check_label, check_text

# Nothing is sent anywhere
PARALLEL_UPDATES = 0

# A calendar that asks for a century gets the newest of it.
_MOST = 2000
_SHORT = timedelta(minutes=1)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NiizaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the section's calendar."""
    async_add_entities([CheckCalendar(entry)])


class CheckCalendar(SectionEntity, CalendarEntity):
    """Ahead the days on which checks become due, behind what people found.

    Every user of Home Assistant sees a calendar: it says what and when, never who, and no note.
    """

    _attr_translation_key = "checks"

    def __init__(self, entry: NiizaConfigEntry) -> None:
        """Make the entity."""
        super().__init__(entry, "checks")
        self.manager = entry.runtime_data.checks

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the checks."""
        self.async_on_remove(self.manager.async_add_listener(self._on_change))

    @callback
    def _on_change(self) -> None:
        self.async_write_ha_state()
        self.async_update_event_listeners()

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """Return what is to be done today or next."""
        checks = sorted(self.manager.checks.values(), key=_day)
        return self._due(checks[0]) if checks else None

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return what is due and what was found in a time."""
        first, last = dt_util.as_local(start_date).date(), dt_util.as_local(end_date)
        events = [
            self._due(check)
            for check in self.manager.checks.values()
            if first <= _day(check) and dt_util.start_of_local_day(_day(check)) < last
        ]
        try:
            async for entry in self.evidence.ledger.entries(
                actions=(LedgerAction.CHECK_RECORDED,), newest_first=True
            ):
                if entry.at < start_date or len(events) >= _MOST:
                    break
                if entry.at < end_date:
                    events.append(self._found(entry))
        except LedgerError as err:
            raise translated(err) from err
        return events

    def _due(self, check: Check) -> CalendarEvent:
        day = _day(check)
        text = None
        if check.due:
            text = "check_never" if check.passed is None else "check_overdue"
            text = check_text(self.hass, "check_failed" if check.failed else text)
        return CalendarEvent(
            uid=check.id,
            start=day,
            end=day + timedelta(days=1),
            summary=self._name(check.asset.name, check.kind.key, check.kind.name),
            description=text,
        )

    def _found(self, entry: Entry) -> CalendarEvent:
        told = {key: text for key, text in entry.details.items() if isinstance(text, str)}
        passed = told.get("result") == Result.PASSED
        name = self._name(told.get("object_name", ""), told.get("kind", ""), told.get("kind_name"))
        return CalendarEvent(
            uid=f"{DOMAIN}-{entry.number}",
            start=dt_util.as_local(entry.at),
            end=dt_util.as_local(entry.at) + _SHORT,
            summary=check_text(
                self.hass, "check_was_passed" if passed else "check_was_failed", what=name
            ),
        )

    def _name(self, of: str, kind: str, own: str | None) -> str:
        label = check_label(self.hass, kind, own)
        return check_text(self.hass, "check_of_object", object=of, check=label)


def _day(check: Check) -> date:
    """Return the day on which somebody has to look; what is due is a matter of today."""
    if check.due or check.due_at is None:
        return dt_util.now().date()
    return dt_util.as_local(check.due_at).date()
