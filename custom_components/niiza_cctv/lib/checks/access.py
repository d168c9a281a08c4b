"""Which checks somebody with the permission may see and confirm: a tablet shows what its user can confirm there."""

from ..access.errors import NotAllowed
from ..access.model import Actor, Role
from ..access.permissions import Permission, check_person
from ..ledger.model import Person
from .model import Check


def may_see(actor: Actor, check: Check) -> bool:
    """Return whether a reader sees this check."""
    return Role.TABLET not in actor.roles or check.kind.tablet


def check_recorder(actor: Actor, check: Check) -> Person:
    """Return the person if they may say how a check stands; raises NotAllowed."""
    person = check_person(actor, Permission.RECORD_CHECK)
    if not may_see(actor, check):
        raise NotAllowed("not_allowed_tablet_check")
    return person
