"""What becomes of the section itself on the record: who holds which role, its standard, its cameras; and by whom."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
import secrets
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import instance_id
from homeassistant.helpers.storage import Store

from ..const import (
    CONF_SET_UP_BY,
    DOMAIN,
    LOGGER,
    MINOR_VERSION,
    ROLES,
    SUBENTRY_CAMERA,
    SUBENTRY_OFFLINE_CAMERA,
    SUBENTRY_TABLET,
)
from ..entry_data import async_ledger, async_spawn
from ..issues import ISSUE_APPOINTMENTS, ISSUE_CHANGED_OUTSIDE, async_close_issue, async_show_issue
from ..lib.access.appointments import Appointment, Appointments, LastKnown, Named
from ..lib.access.model import Actor
from ..lib.access.section_changes import (
    ACTIONS,
    NAME,
    SECTION,
    Change,
    Hider,
    Things,
    as_kept,
    changes,
    fold,
    outside,
)
from ..lib.ledger.actions import LedgerAction
from ..lib.ledger.errors import LedgerError, LedgerUnavailable
from ..lib.ledger.model import Json, Person
from ..lib.ledger.store import Ledger
from ..paths import PEOPLE_PATH
from ..people import ROLE_OF, Held, acting_person, async_people, by_itself
from .outbox import RETRY_DELAY, LedgerOutbox

_STORE_VERSION: Final = 1
_STORE_KEY: Final = f"{DOMAIN}.record_key"
_KEY_BYTES: Final = 32
# Seconds for the last entry of a section that is switched off; what is not written by then is at the next start.
_WRITE_PATIENCE: Final = 5
_IN_EFFECT: Final = "in_effect"
_KINDS: Final = {
    SUBENTRY_CAMERA: "camera",
    SUBENTRY_OFFLINE_CAMERA: "camera",
    SUBENTRY_TABLET: "tablet",
}
_OUTSIDE: Final = frozenset({LedgerAction.CHANGED_OUTSIDE, LedgerAction.CHANGES_SEEN})


class SectionRecord:
    """Writes down what is changed in the settings of the section, and finds what was changed past them.

    Roles are written before they are kept: while the ledger is away they cannot be changed. Everything else has
    happened when it is noticed, and is written as soon as it can be.
    """

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], *, ledger: Ledger, outbox: LedgerOutbox
    ) -> None:
        """Make it; nothing is read."""
        self._hass = hass
        self._entry = entry
        self._ledger = ledger
        self._outbox = outbox
        self._appointments = Appointments(ledger)
        self._store: Store[dict[str, Any]] = Store(hass, _STORE_VERSION, _STORE_KEY, private=True)
        self._hider = Hider(b"")
        # What is kept beside the ledger: the key, and who held what last.
        self._kept: dict[str, Any] = {}
        self._seen: Things = {}
        # How often something was changed in this start.
        self._changes = 0
        self._opened = asyncio.Event()
        # Set once it is known whether anything was changed while the product did not run.
        self.compared = asyncio.Event()

    @property
    def held(self) -> Held:
        """Return who holds what; while the ledger was not read yet, who did when it was there last."""
        if self._opened.is_set():
            return self._appointments
        return LastKnown(self._kept[_IN_EFFECT]) if _IN_EFFECT in self._kept else None

    @property
    def appointments(self) -> Appointments:
        """Return who is named and confirmed; raises LedgerError as long as the ledger was never read."""
        if not self._opened.is_set():
            raise LedgerUnavailable("The ledger has not been read yet")
        return self._appointments

    # --- Life -----------------------------------------------------------------------------------------------------

    async def async_load(self) -> None:
        """Take up how the section stands, before anything changes it."""
        self._kept = await self._store.async_load() or {}
        if "key" not in self._kept:
            self._kept["key"] = secrets.token_hex(_KEY_BYTES)
            await self._store.async_save(self._kept)
        self._hider = Hider(bytes.fromhex(self._kept["key"]))
        self._seen = self._things()

    async def async_open(self) -> None:
        """Read who holds what from a ledger that was opened; what no ledger says is taken over once. Raises LedgerError."""
        await self._async_record_continued()
        await self._appointments.load()
        if CONF_SET_UP_BY in self._entry.data or not self._appointments.begun:
            await self._async_begin()
        else:
            await self._async_sort_roles()
        self._opened.set()
        await self._async_keep()

    async def async_start(self) -> None:
        """Look for what was changed while the product did not run, as soon as the ledger says how it was left."""
        async_spawn(self._hass, self._entry, self._async_compare(), "section record", eager=False)

    async def _async_record_continued(self) -> None:
        """Have it on the record, once, that the chain goes on although this Home Assistant has another id than it was named after."""
        instance = await instance_id.async_get(self._hass)
        if self._ledger.chain == instance:
            return
        async for entry in self._ledger.entries(
            actions=[LedgerAction.LEDGER_CONTINUED], newest_first=True, limit=1
        ):
            if entry.details["instance"] == instance:
                return
        LOGGER.warning("Home Assistant has another id than before; the ledger goes on")
        await self._ledger.append(
            LedgerAction.LEDGER_CONTINUED, "ledger", {"instance": instance}, person=None
        )

    async def _async_begin(self) -> None:
        """Begin the record: of a section of before there was one, of a new one, or in a ledger that is new."""
        details: dict[str, Json] = {"things": as_kept(self._things())}
        data = dict(self._entry.data)
        set_up_by = data.pop(CONF_SET_UP_BY, None)
        named = await self._async_named(data)
        if CONF_SET_UP_BY in self._entry.data or (
            self._entry.minor_version >= MINOR_VERSION and _IN_EFFECT not in self._kept
        ):
            await self._appointments.set_up(await self._async_person(set_up_by), named, details)
        else:
            # Of before there was a record, or another ledger than before: what was in effect stays so.
            held = self.held
            await self._appointments.take_over(
                {
                    role: [one for one in users if held is None or held.holds(role, one.id)]
                    for role, users in named.items()
                },
                details,
            )
            await self._async_sort_roles()
        with by_itself():
            self._hass.config_entries.async_update_entry(
                self._entry, data=data, minor_version=MINOR_VERSION
            )

    # --- Roles ----------------------------------------------------------------------------------------------------

    async def async_name(self, lists: Mapping[str, Any]) -> None:
        """Write down whom the lists of a form name, before they are kept; raises LedgerError.

        What is kept behind it must follow without a pause.
        """
        appointments, named = self.appointments, await self._async_named(lists)
        await appointments.name(acting_person(), lambda: named)

    async def async_confirm(self, actor: Actor, number: int) -> Appointment:
        """Let an appointment take effect; raises CaseError, LedgerError."""
        people = await async_people(self._hass)
        confirmed = await self.appointments.confirm(actor, number, people)
        await self._async_keep()
        self.async_show()
        return confirmed

    async def async_decline(self, actor: Actor, number: int) -> Appointment:
        """Let an appointment come to nothing, and take the person off the list; raises CaseError, LedgerError."""
        declined = await self.appointments.decline(actor, number)
        for key, role in ROLE_OF.items():
            if role is declined.role:
                kept = [one for one in self._entry.data[key] if one != declined.user.id]
                self._hass.config_entries.async_update_entry(
                    self._entry, data={**self._entry.data, key: kept}
                )
        self.async_show()
        return declined

    def waits(self) -> bool:
        """Return whether somebody waits to be confirmed."""
        return bool(self._appointments.pending())

    async def _async_keep(self) -> None:
        """Keep who holds what for a start without the ledger, or with another one."""
        in_effect = self._appointments.in_effect()
        if self._kept.get(_IN_EFFECT) != in_effect:
            self._kept[_IN_EFFECT] = in_effect
            await self._store.async_save(self._kept)

    async def _async_sort_roles(self) -> None:
        """Have the ledger name whom the lists name; raises LedgerError. Nobody gets a role by that."""
        names = await self._async_names()
        done = await self._appointments.name(
            None, lambda: _named(self._entry.data, names), found=True
        )
        for change, role, user in done:
            self._outbox.async_add(
                LedgerAction.CHANGED_OUTSIDE,
                f"person/{user.id}",
                {"change": change, "role": role, NAME: user.name},
            )
        if done:
            self._show_outside()

    async def _async_named(self, lists: Mapping[str, Any]) -> Named:
        """Return whom lists name, by role."""
        return _named(lists, await self._async_names())

    async def _async_names(self) -> dict[str, str]:
        return {user.id: user.name or user.id for user in await self._hass.auth.async_get_users()}

    async def _async_person(self, user_id: str | None) -> Person | None:
        user = None if user_id is None else await self._hass.auth.async_get_user(user_id)
        return None if user is None else Person(id=user.id, name=user.name or user.id)

    # --- Everything else ------------------------------------------------------------------------------------------

    @callback
    def async_follow_entry(self) -> None:
        """Write down what was just changed, and by whom."""
        person = acting_person()
        for change in self._changed():
            self._add(change, person)

    async def async_follow_roles(self) -> None:
        """Notice people who were named past the forms while the section is loaded, by another integration for example."""
        if not self._opened.is_set():
            return
        names = await self._async_names()
        try:
            await self._appointments.name(None, lambda: _named(self._entry.data, names))
        except LedgerError as err:
            LOGGER.debug("The roles are compared when the ledger is back: %s", err)
        await self._async_keep()
        self.async_show()

    def _changed(self) -> list[Change]:
        before, self._seen = self._seen, self._things()
        found = changes(before, self._seen)
        self._changes += len(found)
        return found

    def _add(self, change: Change, person: Person | None) -> None:
        self._outbox.async_add(change.action, change.subject, change.details, person)

    async def _async_compare(self) -> None:
        """Find what was changed past the product: how it stands now is not how the ledger says that it was left."""
        await self._opened.wait()
        while True:
            await self._outbox.async_drained()
            counted = self._changes
            try:
                recorded: Things = {}
                async for entry in self._ledger.entries(actions=ACTIONS):
                    fold(recorded, entry)
                if counted != self._changes:
                    # Something was changed meanwhile, and is on its way into the ledger.
                    continue
                for change in changes(recorded, self._seen):
                    self._add(outside(change), None)
                await self._outbox.async_drained()
                await self._async_show_outside()
            except LedgerError:
                await asyncio.sleep(RETRY_DELAY)
            else:
                break
        self.compared.set()
        self.async_show()

    def _things(self) -> Things:
        """Return how everything of the section stands."""
        entry = self._entry
        section: dict[str, object] = {
            name: value
            for name, value in entry.data.items()
            if name not in ROLES and name != CONF_SET_UP_BY
        }
        for name, value in entry.options.items():
            if name in {"mail", "address"} and isinstance(value, Mapping):
                section |= {f"{name}.{field}": one for field, one in value.items()}
            else:
                section[name] = value
        things = {SECTION: self._hider.fields({**section, NAME: entry.title})}
        for subentry in entry.subentries.values():
            if (kind := _KINDS.get(subentry.subentry_type)) is not None:
                subject = f"{kind}/{subentry.unique_id or subentry.subentry_id}"
                things[subject] = self._hider.fields({**subentry.data, NAME: subentry.title})
        return things

    # --- What people see ------------------------------------------------------------------------------------------

    @callback
    def async_show(self) -> None:
        """Say who waits to be confirmed, as long as somebody does."""
        pending = self._appointments.pending()
        if not pending:
            async_close_issue(self._hass, ISSUE_APPOINTMENTS)
            return
        async_show_issue(
            self._hass,
            ISSUE_APPOINTMENTS,
            warning=True,
            placeholders={
                "people": ", ".join(dict.fromkeys(one.user.name for one in pending)),
                "link": PEOPLE_PATH,
            },
            link=PEOPLE_PATH,
        )

    async def async_disabled(self) -> None:
        """Record that the section is switched off, and by whom: nobody watches its cameras from now on."""
        self._outbox.async_add(LedgerAction.SECTION_DISABLED, SECTION, {}, acting_person())
        with suppress(TimeoutError):
            async with asyncio.timeout(_WRITE_PATIENCE):
                await self._outbox.async_drained()

    async def async_see_changes(self, person: Person) -> None:
        """Record that a person knows what was changed past the product; raises LedgerError."""
        await self._ledger.append(LedgerAction.CHANGES_SEEN, SECTION, {}, person=person)
        async_close_issue(self._hass, ISSUE_CHANGED_OUTSIDE)

    async def _async_show_outside(self) -> None:
        """Say that something was changed past the product, until a person knows."""
        async for entry in self._ledger.entries(actions=_OUTSIDE, newest_first=True, limit=1):
            if entry.action == LedgerAction.CHANGED_OUTSIDE:
                self._show_outside()

    @callback
    def _show_outside(self) -> None:
        async_show_issue(
            self._hass,
            ISSUE_CHANGED_OUTSIDE,
            fixable=True,
            data={"entry_id": self._entry.entry_id},
        )


def _named(lists: Mapping[str, Any], names: Mapping[str, str]) -> Named:
    """Return whom lists name; somebody who was removed from Home Assistant keeps their id."""
    return {
        role: [Person(id=one, name=names.get(one, one)) for one in lists[key]]
        for key, role in ROLE_OF.items()
    }


async def async_remove_record(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Record that the section was removed, and by whom, and forget the key of its record."""
    ledger: Ledger | None = None
    try:
        ledger = await async_ledger(hass, entry.data)
        await ledger.open()
        await ledger.append(
            LedgerAction.SECTION_REMOVED, SECTION, {NAME: entry.title}, person=acting_person()
        )
    except LedgerError as err:
        LOGGER.error("It is not on the record that the section was removed: %s", err)
    finally:
        if ledger is not None:
            await ledger.close()
    store: Store[dict[str, str]] = Store(hass, _STORE_VERSION, _STORE_KEY)
    await store.async_remove()
