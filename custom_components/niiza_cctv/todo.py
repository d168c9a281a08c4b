"""What the section has to look at now, as a list to tick off; ticking is confirming, of kinds that one tap confirms."""

from collections.abc import Iterator
from datetime import timedelta
from typing import override

from homeassistant.components.todo.const import (
    ATTR_ITEM,
    DOMAIN as TODO_DOMAIN,
    TodoItemStatus,
    TodoListEntityFeature,
    TodoServices,
)
from homeassistant.components.todo.entity import TodoItem, TodoListEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .check_entity import ConfirmingEntity, async_confirm
from .const import DOMAIN, SIGNAL_CHANGED
from .entity import SectionEntity
from .lib.checks.model import Check
from .lib.ledger.errors import LedgerError
from .people import called_with
from .runtime import NiizaConfigEntry
from .texts import check_label, check_text

# The book takes one step at a time itself
PARALLEL_UPDATES = 0

# For so long what was confirmed is shown as done.
_SHOWN_DONE = timedelta(days=1)
# Before the number of a case about which people are asked.
_CASE = "case:"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NiizaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the section's list."""
    async_add_entities([CheckList(entry)])


class CheckList(ConfirmingEntity, SectionEntity, TodoListEntity):
    """The checks that are due, and what was confirmed within a day.

    Nothing can be added or removed: what is to be looked at follows from the section's things and its options.
    """

    _attr_translation_key = "checks"
    _attr_supported_features = TodoListEntityFeature.UPDATE_TODO_ITEM

    def __init__(self, entry: NiizaConfigEntry) -> None:
        """Make the entity."""
        super().__init__(entry, "checks")
        self.entry = entry
        self.manager = entry.runtime_data.checks

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the checks."""
        self._make_items()
        self.async_on_remove(self.manager.async_add_listener(self._on_change))
        # Of the cases.
        self.async_on_remove(async_dispatcher_connect(self.hass, SIGNAL_CHANGED, self._on_change))

    @override
    async def async_update_todo_item(self, item: TodoItem) -> None:
        """Confirm the check that somebody ticked; nothing else can be done to it."""
        context = self.take_context()
        known = next((one for one in self.todo_items or () if one.uid == item.uid), None)
        if known is None or known.uid is None or item.summary != known.summary:
            raise _refused("check_list_only_ticks")
        if known.uid.startswith(_CASE):
            raise _refused("case_not_by_tap")
        # The action gives it as plain text.
        if item.status != TodoItemStatus.COMPLETED:
            raise _refused("check_list_no_way_back")
        await async_confirm(
            self.hass,
            self.entry,
            known.uid,
            context,
            (TODO_DOMAIN, TodoServices.UPDATE_ITEM),
            named=called_with(context).get(ATTR_ITEM) in (known.uid, known.summary),
        )

    @callback
    def _on_change(self) -> None:
        self._make_items()
        self.async_write_ha_state()

    def _make_items(self) -> None:
        """Show what is due, the most urgent first; None until the ledger was read."""
        if not self.manager.read:
            self._attr_todo_items = None
            return
        checks = self.manager.checks.values()
        now = dt_util.utcnow()
        due = sorted((check for check in checks if check.due), key=_urgency)
        done = [
            check
            for check in checks
            if not check.due and check.passed is not None and check.passed.at > now - _SHOWN_DONE
        ]
        self._attr_todo_items = [
            *self._questions(),
            *(self._item(check) for check in (*due, *done)),
        ]

    def _questions(self) -> Iterator[TodoItem]:
        """Give the open cases that somebody must decide about; everybody who logs in sees the list: no more than numbers."""
        try:
            cases = self.entry.runtime_data.evidence.cases.cases.values()
        except LedgerError:
            return
        for case in cases:
            if case.is_open and case.questions:
                yield TodoItem(
                    uid=f"{_CASE}{case.id}",
                    summary=check_text(self.hass, "case_still_needed", case=case.id),
                    status=TodoItemStatus.NEEDS_ACTION,
                    description=check_text(self.hass, "case_open_it"),
                )

    def _item(self, check: Check) -> TodoItem:
        label = check_label(self.hass, check.kind.key, check.kind.name)
        text = None
        if check.due:
            text = "check_never" if check.passed is None else "check_overdue"
            text = check_text(self.hass, "check_failed" if check.failed else text)
            if not check.kind.by_tap:
                text = f"{text} {check_text(self.hass, 'check_open_it')}"
        return TodoItem(
            uid=check.id,
            summary=check_text(self.hass, "check_of_object", object=check.asset.name, check=label),
            status=TodoItemStatus.NEEDS_ACTION if check.due else TodoItemStatus.COMPLETED,
            due=None if check.due_at is None else dt_util.as_local(check.due_at),
            description=text,
            completed=None if check.due or check.passed is None else check.passed.at,
        )


def _urgency(check: Check) -> tuple[bool, bool, float]:
    """Sort what failed first, then by how long it is due, then what was never looked at."""
    moment = check.due_at
    return not check.failed, moment is None, 0.0 if moment is None else moment.timestamp()


def _refused(key: str) -> ServiceValidationError:
    return ServiceValidationError(translation_domain=DOMAIN, translation_key=key)
