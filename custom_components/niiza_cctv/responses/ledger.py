"""What the actions and the panel show of the ledger."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from ..lib.footage.vault import StrayFolder
from ..lib.ledger.actions import LedgerAction
from ..lib.ledger.model import Entry, Verification
from .base import PersonShown, show_person, show_time


class RefusedShown(TypedDict):
    """What somebody was refused, and why."""

    # A permission ("approve"), an action ("notify"), or "several": one sum of many different ones.
    what: str
    # The key of the message that was shown.
    reason: str
    # How often within a minute.
    count: int


class EntryShown(TypedDict):
    """One entry of the ledger, as people read it."""

    number: int
    at: str
    # None: the section's system by itself.
    person: PersonShown | None
    action: str
    # The case it is about, or the name of the camera or tablet, where it is about one.
    case: str | None
    camera: str | None
    # Of a refusal, whose action is "refused".
    refused: RefusedShown | None
    details: dict[str, object]


class StrayShown(TypedDict):
    """A folder of footage that no case knows, set aside."""

    folder: str
    files: int
    # In bytes.
    size: int


class EntriesResponse(TypedDict):
    """A page of the ledger, the newest entry first, and the folders of footage that no case of it knows."""

    entries: list[EntryShown]
    folders: list[StrayShown]


class FoldersResponse(TypedDict):
    """The folders that were set aside."""

    folders: list[StrayShown]


class VerificationResponse(TypedDict):
    """Answer of `verify_ledger`: `broken` is the number of the first entry that does not fit."""

    intact: bool
    entries: int
    number: int
    hash: str
    broken: int | None
    reason: str


def show_entry(entry: Entry, names: Mapping[str, str]) -> EntryShown:
    """Show an entry; a camera or a tablet that left the section keeps its id."""
    kind, _, named = entry.subject.partition("/")
    return EntryShown(
        number=entry.number,
        at=show_time(entry.at),
        person=None if entry.person is None else show_person(entry.person),
        action=entry.action,
        case=named if kind == "case" else None,
        camera=names.get(entry.subject, named) if kind in {"camera", "tablet"} else None,
        refused=_refused(entry),
        details={**entry.details},
    )


def _refused(entry: Entry) -> RefusedShown | None:
    """Show what was refused; None of any other entry."""
    if entry.action != LedgerAction.REFUSED:
        return None
    match entry.details:
        case {"what": str(what), "reason": str(reason), **rest}:
            count = rest.get("count")
            return RefusedShown(
                what=what, reason=reason, count=count if isinstance(count, int) else 1
            )
    return None


def show_strays(strays: Sequence[StrayFolder]) -> list[StrayShown]:
    """Show the folders that were set aside."""
    return [StrayShown(folder=one.name, files=one.files, size=one.size) for one in strays]


def show_verification(found: Verification) -> VerificationResponse:
    """Show whether the chain is whole."""
    return VerificationResponse(
        intact=found.broken is None,
        entries=found.entries,
        number=found.head.number,
        hash=found.head.hash,
        broken=found.broken,
        reason=found.reason,
    )
