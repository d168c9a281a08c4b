"""Who may see and say what of the checks; fail closed.

A tablet lies on a table or goes to the station: it shows what its user can confirm there, and no photos.
"""

from ..access.errors import NotAllowed
from ..cases.model import Actor, Role
from ..ledger.model import Person
from .model import Check


def check_member(actor: Actor, otherwise: str) -> Person:
    """Return the person if they have a role in the section; raises NotAllowed, for want of a role with `otherwise`."""
    if actor.person is None:
        raise NotAllowed("not_allowed_nobody")
    if not actor.human:
        raise NotAllowed("not_allowed_not_human")
    if not actor.active:
        raise NotAllowed("not_allowed_inactive")
    if not actor.roles:
        raise NotAllowed(otherwise)
    return actor.person


def check_reader(actor: Actor) -> Person:
    """Return the person if they may see checks at all; raises NotAllowed."""
    return check_member(actor, "not_allowed_see_checks")


def may_see(actor: Actor, check: Check) -> bool:
    """Return whether a reader sees this check."""
    return Role.TABLET not in actor.roles or check.kind.tablet


def check_recorder(actor: Actor, check: Check) -> Person:
    """Return the person if they may say how a check stands; raises NotAllowed."""
    person = check_member(actor, "not_allowed_needs_role")
    if not may_see(actor, check):
        raise NotAllowed("not_allowed_tablet_check")
    return person


def check_photo_reader(actor: Actor) -> Person:
    """Return the person if they may see photos of checks; raises NotAllowed."""
    person = check_reader(actor)
    if Role.TABLET in actor.roles:
        raise NotAllowed("not_allowed_photo_tablet")
    return person
