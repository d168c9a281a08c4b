"""What the panel shows of who holds which role."""

from typing import TypedDict

from homeassistant.core import HomeAssistant

from ..lib.access.appointments import Appointment, check_confirms, may_be_confirmed
from ..lib.access.errors import NotAllowed
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission, may
from ..people import async_people
from ..runtime import NiizaConfigEntry
from .base import PersonShown, show_person, show_time


class AppointmentShown(TypedDict):
    """Somebody who is named for a role."""

    # By which the actions take it.
    number: int
    # Of "viewer", "exporter", "approver", "tablet".
    role: str
    user: PersonShown
    # Whether they may log in.
    active: bool
    # None: found in the settings, nobody knows who put it there; or held before there was a record.
    named_by: PersonShown | None
    named_at: str
    in_effect: bool
    # Held before there was a record, confirmed by nobody.
    inherited: bool
    confirmed_by: PersonShown | None
    # Whether who asks may confirm it, or the key of the message why not.
    may_confirm: bool
    why_not: str | None


class PeopleResponse(TypedDict):
    """Who is named for which role."""

    appointments: list[AppointmentShown]
    may_decline: bool
    # Whether somebody waits whom nobody of this Home Assistant may confirm: another person is needed first.
    nobody_may_confirm: bool


async def show_people(hass: HomeAssistant, entry: NiizaConfigEntry, actor: Actor) -> PeopleResponse:
    """Return who is named for which role, and what who asks may do about it; raises LedgerError."""
    appointments = entry.runtime_data.record.appointments
    people = await async_people(hass)
    deciding = appointments.deciding(people)
    owners = {
        user.id for user in await hass.auth.async_get_users() if user.is_owner and user.id in people
    }
    return PeopleResponse(
        appointments=[_shown(one, actor, deciding, people) for one in appointments.all()],
        may_decline=may(actor, Permission.DECLINE_APPOINTMENT),
        nobody_may_confirm=any(
            not may_be_confirmed(one, deciding, owners) for one in appointments.pending()
        ),
    )


def _shown(
    one: Appointment, actor: Actor, deciding: frozenset[str], people: dict[str, str]
) -> AppointmentShown:
    why_not = None
    if not one.in_effect:
        try:
            check_confirms(actor, one, deciding)
        except NotAllowed as err:
            why_not = err.key
    return AppointmentShown(
        number=one.number,
        role=one.role,
        user=show_person(one.user),
        active=one.user.id in people,
        named_by=None if one.named_by is None else show_person(one.named_by),
        named_at=show_time(one.named_at),
        in_effect=one.in_effect,
        inherited=one.inherited,
        confirmed_by=None if one.confirmed_by is None else show_person(one.confirmed_by),
        may_confirm=not one.in_effect and why_not is None,
        why_not=why_not,
    )
