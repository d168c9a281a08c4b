"""Who wants to do something, by what is true of them at this moment."""

from dataclasses import dataclass
from enum import StrEnum

from ..ledger.model import Person


class Role(StrEnum):
    """What the section lets somebody do."""

    VIEWER = "viewer"
    EXPORTER = "exporter"
    APPROVER = "approver"
    # Takes rights away: what only shows pictures saves and decides nothing.
    TABLET = "tablet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who wants to do something."""

    # None: nobody is known, as with an automation.
    person: Person | None
    # What is in effect.
    roles: frozenset[Role] = frozenset()
    # What they are named for, and nobody has confirmed.
    unconfirmed: frozenset[Role] = frozenset()
    # Of Home Assistant itself: confirms appointments while nobody else can, and nothing besides.
    owner: bool = False
    # Not made by Home Assistant for itself.
    human: bool = False
    active: bool = False
    # Whether the person does it themselves, at this moment; a way in that does not know it has not shown it.
    direct: bool = False
