"""Who holds which role: named by somebody, and where it lets footage out confirmed by a second person; from the ledger.

Viewers and tablets hold their role from when they are named. Exporters and approvers hold theirs once a second person
confirms: `check_confirms`. A viewer who was found at a start, named past the product, waits likewise. Dismissal takes
effect at once.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, override

from ..ledger.actions import LedgerAction
from ..ledger.model import Entry, Json, Person
from ..ledger.projection import Projection
from ..ledger.store import Ledger
from .errors import CaseUnknown, NotAllowed
from .model import Actor, Role
from .permissions import Permission, check_person

# Who holds one of these lets footage out.
DECIDING: Final = frozenset({Role.EXPORTER, Role.APPROVER})

# Whom the section names, by role.
type Named = Mapping[Role, Iterable[Person]]

_ACTIONS: Final = frozenset(
    {
        LedgerAction.TAKEN_OVER,
        LedgerAction.SECTION_SET_UP,
        LedgerAction.APPOINTED,
        LedgerAction.APPOINTMENT_CONFIRMED,
        LedgerAction.APPOINTMENT_DECLINED,
        LedgerAction.DISMISSED,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Appointment:
    """Somebody who is named for a role."""

    # Of the entry by which they were named: a later naming of the same person is another appointment.
    number: int
    role: Role
    user: Person
    # None: found in the settings, where nobody is known to have put it.
    named_by: Person | None
    named_at: datetime
    in_effect: bool
    # Held before there was a record: in effect, and confirmed by nobody.
    inherited: bool = False
    confirmed_by: Person | None = None


def check_confirms(actor: Actor, appointment: Appointment, deciding: AbstractSet[str]) -> Person:
    """Return who confirms an appointment if they may; raises NotAllowed. The one rule of who may confirm whom.

    `deciding`: the ids of those who hold a role of `DECIDING` in effect, may log in, and are no tablets. One of them
    confirms, neither the named person nor whoever named them. Where there is no such second person (at the beginning,
    or when all others left) Home Assistant's owner does, also what they proposed themselves, but never themselves.
    """
    person = check_person(actor, Permission.CONFIRM_APPOINTMENT)
    if person.id == appointment.user.id:
        raise NotAllowed("not_allowed_own_appointment")
    others = _second_people(appointment, deciding)
    if person.id in others or (actor.owner and not others):
        return person
    if appointment.named_by is not None and person.id == appointment.named_by.id:
        raise NotAllowed("not_allowed_appointed_by_you")
    raise NotAllowed("not_allowed_needs_deciding")


def may_be_confirmed(
    appointment: Appointment, deciding: AbstractSet[str], owners: AbstractSet[str]
) -> bool:
    """Return whether there is anybody at all whom `check_confirms` lets through; `owners` may log in."""
    return bool(_second_people(appointment, deciding) or owners - {appointment.user.id})


def _second_people(appointment: Appointment, deciding: AbstractSet[str]) -> AbstractSet[str]:
    return deciding - {appointment.user.id, appointment.named_by and appointment.named_by.id}


class LastKnown:
    """Who held which role when the ledger was there last: for as long as it cannot be read."""

    def __init__(self, held: Mapping[str, Iterable[str]]) -> None:
        """Take the ids of the holders by role."""
        self._held = {role: frozenset(held.get(role, ())) for role in Role}

    def holds(self, role: Role, user_id: str) -> bool:
        """Return whether somebody held a role in effect."""
        return user_id in self._held[role]

    def holders(self, role: Role) -> list[str]:
        """Return who held a role in effect."""
        return sorted(self._held[role])


class Appointments(Projection):
    """The section's appointments, as the ledger has them."""

    def __init__(self, ledger: Ledger) -> None:
        """Stand on a ledger, of which nothing is read yet: nobody holds anything."""
        super().__init__(ledger, _ACTIONS)
        self._last = 0
        self._all: dict[tuple[Role, str], Appointment] = {}
        # Whether the ledger says at all who holds what.
        self.begun = False

    # --- Who ------------------------------------------------------------------------------------------------------

    def all(self) -> list[Appointment]:
        """Return everybody who is named, in the order in which they were."""
        return sorted(self._all.values(), key=lambda one: (one.number, one.role, one.user.id))

    def pending(self) -> list[Appointment]:
        """Return who waits for a second person."""
        return [one for one in self.all() if not one.in_effect]

    def holds(self, role: Role, user_id: str) -> bool:
        """Return whether somebody holds a role in effect."""
        found = self._all.get((role, user_id))
        return found is not None and found.in_effect

    def holders(self, role: Role) -> list[str]:
        """Return who holds a role in effect."""
        return [one.user.id for one in self.all() if one.role is role and one.in_effect]

    def in_effect(self) -> dict[str, list[str]]:
        """Return who holds what, as `LastKnown` takes it."""
        return {role.value: sorted(self.holders(role)) for role in Role}

    def deciding(self, people: Collection[str]) -> frozenset[str]:
        """Return who of these people lets footage out: a tablet does not."""
        return frozenset(
            one.user.id
            for one in self._all.values()
            if one.in_effect
            and one.role in DECIDING
            and one.user.id in people
            and not self.holds(Role.TABLET, one.user.id)
        )

    # --- Steps ----------------------------------------------------------------------------------------------------

    async def take_over(self, named: Named, details: Mapping[str, Json]) -> None:
        """Record once that these people held their roles before there was a record; raises LedgerError."""
        roles: dict[str, Json] = {
            role: [_json_of(user) for user in users] for role, users in named.items()
        }
        async with self._turn():
            if not self.begun:
                await self._append(
                    LedgerAction.TAKEN_OVER, "section", {**details, "roles": roles}, None
                )

    async def set_up(
        self, person: Person | None, named: Named, details: Mapping[str, Json]
    ) -> None:
        """Record who set the section up, and whom they named: nobody holds what they held before. Raises LedgerError."""
        async with self._turn():
            await self._append(LedgerAction.SECTION_SET_UP, "section", details, person)
        await self.name(person, lambda: named)

    async def name(
        self, person: Person | None, named: Callable[[], Named], *, found: bool = False
    ) -> list[tuple[LedgerAction, Role, Person]]:
        """Name and dismiss people until these are named, and return who was; `named` is asked when it is this step's turn.

        `found`: it was so when the product started, and nobody is known to have done it. Then nobody gets a role by it,
        and nobody is taken off a tablet's restrictions.
        Raises LedgerError, after which part of it may be done.
        """
        done = []
        async with self._turn():
            wanted = {(role, user.id): user for role, users in named().items() for user in users}
            for (role, user_id), known in list(self._all.items()):
                if (role, user_id) in wanted or (found and role is Role.TABLET):
                    continue
                await self._write(LedgerAction.DISMISSED, role, known.user, person)
                done.append((LedgerAction.DISMISSED, role, known.user))
            for (role, user_id), user in wanted.items():
                if (role, user_id) not in self._all:
                    pending = role in DECIDING or (found and role is Role.VIEWER)
                    await self._write(LedgerAction.APPOINTED, role, user, person, pending=pending)
                    done.append((LedgerAction.APPOINTED, role, user))
        return done

    async def confirm(self, actor: Actor, number: int, people: Collection[str]) -> Appointment:
        """Let an appointment take effect; `people`: who may log in. Raises CaseError, LedgerError."""
        async with self._turn():
            check_person(actor, Permission.CONFIRM_APPOINTMENT)
            appointment = self._pending(number)
            person = check_confirms(actor, appointment, self.deciding(people))
            await self._decide(LedgerAction.APPOINTMENT_CONFIRMED, appointment, person)
        return appointment

    async def decline(self, actor: Actor, number: int) -> Appointment:
        """Let an appointment come to nothing; raises CaseError, LedgerError."""
        async with self._turn():
            person = check_person(actor, Permission.DECLINE_APPOINTMENT)
            appointment = self._pending(number)
            await self._decide(LedgerAction.APPOINTMENT_DECLINED, appointment, person)
        return appointment

    def _pending(self, number: int) -> Appointment:
        for one in self.pending():
            if one.number == number:
                return one
        raise CaseUnknown("appointment_unknown")

    async def _write(
        self,
        action: LedgerAction,
        role: Role,
        user: Person,
        person: Person | None,
        **details: Json,
    ) -> None:
        await self._append(
            action,
            f"person/{user.id}",
            {"role": role, "user": _json_of(user), **details},
            person,
        )

    async def _decide(self, action: LedgerAction, appointment: Appointment, person: Person) -> None:
        await self._write(
            action, appointment.role, appointment.user, person, appointment=appointment.number
        )

    # --- Folding --------------------------------------------------------------------------------------------------

    @override
    def _fold(self, entry: Entry) -> None:
        # After a reading that was broken off the same ones come again.
        if entry.number <= self._last:
            return
        self._last = entry.number
        match entry.action, entry.details:
            case LedgerAction.SECTION_SET_UP, _:
                self.begun = True
                self._all.clear()
            case LedgerAction.TAKEN_OVER, {"roles": dict(roles)}:
                self._take_over(entry, roles)
            case LedgerAction.APPOINTED, {
                "role": str(role),
                "user": user,
                "pending": bool(pending),
            }:
                self._add(entry, role, user, in_effect=not pending)
            case LedgerAction.DISMISSED, {"role": str(role), "user": {"id": str(user_id)}}:
                if role in Role:
                    self._all.pop((Role(role), user_id), None)
            case _, {"appointment": int(number)}:
                self._settle(entry, number)

    def _take_over(self, entry: Entry, roles: Mapping[str, Json]) -> None:
        # A second one would be somebody's way to a role.
        if self.begun:
            return
        self.begun = True
        for role, users in roles.items():
            for user in users if isinstance(users, list) else ():
                self._add(entry, role, user, in_effect=True, inherited=True)

    def _add(
        self, entry: Entry, role: str, user: Json, *, in_effect: bool, inherited: bool = False
    ) -> None:
        match user:
            case {"id": str(user_id), "name": str(name)} if role in Role:
                self._all[Role(role), user_id] = Appointment(
                    number=entry.number,
                    role=Role(role),
                    user=Person(id=user_id, name=name),
                    named_by=entry.person,
                    named_at=entry.at,
                    in_effect=in_effect,
                    inherited=inherited,
                )

    def _settle(self, entry: Entry, number: int) -> None:
        for key, one in list(self._all.items()):
            if one.number != number or one.in_effect:
                continue
            if entry.action == LedgerAction.APPOINTMENT_CONFIRMED:
                self._all[key] = replace(one, in_effect=True, confirmed_by=entry.person)
            elif entry.action == LedgerAction.APPOINTMENT_DECLINED:
                del self._all[key]


def _json_of(person: Person) -> dict[str, Json]:
    return {"id": person.id, "name": person.name}
