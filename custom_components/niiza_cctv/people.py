"""Who may do what with footage: the section's own lists of Home Assistant users, and whose hand it was."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.components.websocket_api.connection import current_connection
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import ATTR_DOMAIN, ATTR_SERVICE, EVENT_CALL_SERVICE
from homeassistant.core import Context, Event, HomeAssistant, ServiceCall
from homeassistant.helpers.http import current_request

from .const import (
    CONF_APPROVERS,
    CONF_EXPORTERS,
    CONF_TABLETS,
    CONF_USER,
    CONF_VIEWERS,
    DOMAIN,
    ROLES,
    SUBENTRY_TABLET,
)
from .core_internals import runs_in_script
from .lib.access.appointments import Appointments, LastKnown
from .lib.access.model import Actor, Role
from .lib.ledger.model import Person

# The holders of each role, by user id.
type Holders = Mapping[str, list[str]]
# Who is known to hold what: by the ledger, or as it was last while that is away. None: there never was a record, the
# lists are all there is.
type Held = Appointments | LastKnown | None

ROLE_OF: Final = {
    CONF_VIEWERS: Role.VIEWER,
    CONF_EXPORTERS: Role.EXPORTER,
    CONF_APPROVERS: Role.APPROVER,
    CONF_TABLETS: Role.TABLET,
}


async def async_people(hass: HomeAssistant) -> dict[str, str]:
    """Return id and name of every user who is a person and may log in."""
    return {
        user.id: user.name or user.id
        for user in await hass.auth.async_get_users()
        if user.is_active and not user.system_generated
    }


def tablet_users(entry: ConfigEntry[Any], appointments: Held) -> tuple[str, ...]:
    """Return the users of the section's tablets, by its list and by its tablets, whether they may log in or not.

    The one place that says who is a tablet: such a user saves and decides nothing, whatever else they hold. Who was
    taken off the list past the product stays one.
    """
    recorded = () if appointments is None else appointments.holders(Role.TABLET)
    return tuple(dict.fromkeys([*entry.data[CONF_TABLETS], *users_of_tablets(entry), *recorded]))


def users_of_tablets(entry: ConfigEntry[Any]) -> list[str]:
    """Return the users of the tablets that were added to the section, whatever its list says."""
    return [tablet.data[CONF_USER] for tablet in entry.get_subentries_of_type(SUBENTRY_TABLET)]


async def async_listed(hass: HomeAssistant, data: Mapping[str, Any]) -> Holders:
    """Return whom each of the section's lists names, without people who left or were locked out."""
    people = await async_people(hass)
    return {role: [user_id for user_id in data[role] if user_id in people] for role in ROLES}


async def async_named(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Holders:
    """Return who is named for each role, confirmed or not, and the users of the tablets."""
    return await async_listed(hass, {**entry.data, CONF_TABLETS: tablet_users(entry, None)})


async def async_holders(
    hass: HomeAssistant, entry: ConfigEntry[Any], appointments: Held
) -> Holders:
    """Return who really holds each role: whom the lists name and the ledger has confirmed, and the users of the tablets."""
    held = {
        key: [one for one in entry.data[key] if _is_in_effect(role, one, appointments)]
        for key, role in ROLE_OF.items()
    }
    held[CONF_TABLETS] = [*tablet_users(entry, appointments)]
    return await async_listed(hass, held)


def _is_in_effect(role: Role, user_id: str, appointments: Held) -> bool:
    """Return whether somebody whom a list names holds the role."""
    return appointments is None or appointments.holds(role, user_id)


def tablet_decides(entry: ConfigEntry[Any], lists: Mapping[str, Any]) -> bool:
    """Return whether these lists would let the user of one of the section's tablets take out or approve footage."""
    return has_deciding_role(lists, users_of_tablets(entry))


def differs_in_roles(entry: ConfigEntry[Any], lists: Mapping[str, Any]) -> bool:
    """Return whether these lists name others than the section's do."""
    return any(set(lists[role]) != set(entry.data[role]) for role in ROLES)


def has_deciding_role(lists: Mapping[str, Any], user_ids: Iterable[str]) -> bool:
    """Return whether these lists let any of these users take out or approve footage."""
    return not {*lists[CONF_EXPORTERS], *lists[CONF_APPROVERS]}.isdisjoint(user_ids)


def lacks_second_person(holders: Holders) -> bool:
    """Return whether the only person who asks would also be the only one to approve."""
    asking, approving = set(holders[CONF_EXPORTERS]), set(holders[CONF_APPROVERS])
    return len(asking) == 1 and asking == approving


async def async_actor(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    user_id: str | None,
    appointments: Held,
    *,
    direct: bool = False,
) -> Actor:
    """Return who stands behind a user id, by what is true of them now.

    `direct`: they do it themselves, at this moment; who does not say so is refused what is done by own hand.
    """
    user = None if user_id is None else await hass.auth.async_get_user(user_id)
    if user is None:
        return Actor(person=None)
    # Not `async_holders`: somebody who is inactive is refused for that, not for lack of a role.
    named = {
        role
        for key, role in ROLE_OF.items()
        if role is not Role.TABLET and user.id in entry.data[key]
    }
    roles = {role for role in named if _is_in_effect(role, user.id, appointments)}
    tablet = {Role.TABLET} if user.id in tablet_users(entry, appointments) else set()
    return Actor(
        person=_person_of(user),
        roles=frozenset(roles | tablet),
        unconfirmed=frozenset(named - roles),
        owner=user.is_owner,
        human=not user.system_generated,
        active=user.is_active,
        direct=direct,
    )


def _person_of(user: User) -> Person:
    return Person(id=user.id, name=user.name or user.id)


# --- Whose hand it was ----------------------------------------------------------------------------------------


def is_direct_call(call: ServiceCall) -> bool:
    """Return whether the person made this very call: no script did, and no earlier call.

    An automation's context names no person, only its cause as a parent. A script, a scene or a template entity passes
    on the context of whoever pressed it; there the origin of the context is that other call, not this one. What a
    sentence to an assistant sets off (`intent_script`) begins with no call at all: there its script tells.
    """
    origin = call.context.origin_event
    return (
        not runs_in_script()
        and call.context.parent_id is None
        and origin is not None
        and origin.event_type == EVENT_CALL_SERVICE
        and origin.data[ATTR_DOMAIN] == call.domain
        and origin.data[ATTR_SERVICE] == call.service
    )


def is_direct_event(event: Event[Any]) -> bool:
    """Return whether the person to whom an event's context belongs caused this very event.

    A script that fires the event has the person's context, but is not their hand.
    """
    context = event.context
    return not runs_in_script() and context.parent_id is None and context.origin_event is event


def called_with(context: Context | None) -> dict[str, Any]:
    """Return what the call at the beginning of a context named."""
    origin = None if context is None else context.origin_event
    return {} if origin is None else dict(origin.data.get("service_data") or {})


# --- Who changes the settings -------------------------------------------------------------------------------------

# Whether it is the product itself that acts, whoever set it going.
_BY_ITSELF: ContextVar[bool] = ContextVar(f"{DOMAIN}_by_itself", default=False)


@contextmanager
def by_itself() -> Iterator[None]:
    """Let nobody stand behind what is done: neither now nor by what is started here and goes on."""
    token = _BY_ITSELF.set(True)
    try:
        yield
    finally:
        _BY_ITSELF.reset(token)


def acting_person() -> Person | None:
    """Return whose request this is part of; None: nobody's, something happens by itself.

    What a request starts in the background inherits it, so the product's own work is done `by_itself`.
    """
    if _BY_ITSELF.get():
        return None
    if (connection := current_connection.get()) is not None:
        user: User | None = connection.user
    else:
        request = current_request.get()
        user = None if request is None else request.get(KEY_HASS_USER)
    return None if user is None or user.system_generated else _person_of(user)
