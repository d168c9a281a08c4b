"""The book of cases: the only one that writes about cases into the ledger.

One step at a time: check → append, durable → fold. What the book shows is therefore never more than what the
ledger carries, whatever fails in between.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from ..ledger.model import Json
from ..ledger.store import Ledger
from .model import Actor, Case, CaseClip, CaseKind, Outcome, Passage, Step

if TYPE_CHECKING:
    from ..footage.clip import ClipFile, SealedClip

# Called in the loop after a step of a case was taken.
type Listener = Callable[[Case, Step], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class AtRisk:
    """A clip of an open case that the card will overwrite before it is sealed."""

    case_id: str
    clip_id: str
    # The threshold that was passed: hours before `overwritten_at`.
    hours: int
    overwritten_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """What the clock asks for now; it is asked for again until the book was told that it is done."""

    # Tell people, then `footage_at_risk`.
    at_risk: tuple[AtRisk, ...]
    # `expire`.
    expire: tuple[str, ...]
    # Remove the footage of these, then `files_removed`.
    remove_files: tuple[str, ...]


class CaseBook:
    """The section's cases; every method raises CaseError, and LedgerError with nothing done."""

    def __init__(
        self, ledger: Ledger, *, time_zone: tzinfo, now: Callable[[], datetime], keep_days: int
    ) -> None:
        """Stand on an open ledger; `now` gives aware times."""
        raise NotImplementedError

    cases: Mapping[str, Case]

    async def load(self) -> None:
        """Fold the ledger."""
        raise NotImplementedError

    async def close(self) -> None:
        """Write down the refusals that were only counted so far."""
        raise NotImplementedError

    def add_listener(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each step; returns what ends that."""
        raise NotImplementedError

    def case(self, case_id: str) -> Case:
        """Return a case; raises CaseUnknown."""
        raise NotImplementedError

    def clip(self, clip_id: str) -> tuple[Case, CaseClip]:
        """Return a clip and its case; raises CaseUnknown."""
        raise NotImplementedError

    async def create(self, actor: Actor, kind: CaseKind, request: Mapping[str, str]) -> Case:
        """Receive a request; raises FieldsInvalid with the field and what to do."""
        raise NotImplementedError

    async def record_search(
        self, actor: Actor, case_id: str | None, details: Mapping[str, Json]
    ) -> None:
        """Record that the cards were searched, in a case or without one."""
        raise NotImplementedError

    async def request_clips(
        self, actor: Actor, case_id: str, passages: Sequence[tuple[Passage, datetime | None]]
    ) -> tuple[CaseClip, ...]:
        """Ask for passages, each with the moment of its overwriting; an approval before this is void."""
        raise NotImplementedError

    async def clip_sealed(self, clip_id: str, sealed: SealedClip) -> None:
        """Record that a clip was fetched and verified."""
        raise NotImplementedError

    async def clip_failed(self, clip_id: str, error: str, *, final: bool) -> None:
        """Record a setback of a clip (the same one again only once); `final`: it is given up."""
        raise NotImplementedError

    async def cancel_clip(self, actor: Actor, clip_id: str) -> Case:
        """Give up a clip that is not sealed."""
        raise NotImplementedError

    async def approve(self, actor: Actor, case_id: str, note: str = "") -> Case:
        """Approve the clips that are sealed now."""
        raise NotImplementedError

    async def reject(self, actor: Actor, case_id: str, reason: str) -> Case:
        """End a case because it may not be answered; its footage is kept for the section's days."""
        raise NotImplementedError

    async def check_release(self, actor: Actor, case_id: str) -> Case:
        """Return the case if it may be released by this person now; raises as `release` does."""
        raise NotImplementedError

    async def release(
        self, actor: Actor, case_id: str, package: ClipFile, *, encrypted: bool
    ) -> Case:
        """Record the evidence package of the approved clips; may be repeated until the hand-over."""
        raise NotImplementedError

    async def downloaded(self, actor: Actor, case_id: str) -> Case:
        """Record that the package is being served, before it is."""
        raise NotImplementedError

    async def hand_over(
        self, actor: Actor, case_id: str, recipient: str, medium: str, serial: str
    ) -> Case:
        """Record who got the package on what medium."""
        raise NotImplementedError

    async def conclude(self, actor: Actor, case_id: str, outcome: Outcome, reasons: str) -> Case:
        """End a case by its outcome, with nothing handed over."""
        raise NotImplementedError

    async def purge(self, actor: Actor, case_id: str) -> Case:
        """End the keeping of an ended case's footage; the files are due for removal at once."""
        raise NotImplementedError

    async def expire(self, case_id: str) -> None:
        """End an open case that nobody went on with."""
        raise NotImplementedError

    async def files_removed(self, case_id: str) -> None:
        """Record that no footage of the case is here any more."""
        raise NotImplementedError

    async def footage_at_risk(self, alarm: AtRisk) -> None:
        """Record that people were told; the same alarm is not due again."""
        raise NotImplementedError

    async def refuse(self, actor: Actor, what: str, subject: str, reason: str) -> None:
        """Record a refusal; like ones within a minute become one further entry with their number."""
        raise NotImplementedError

    def new_estimate(self, clip_id: str, overwritten_at: datetime | None) -> None:
        """Take a better estimate of when a clip's footage is overwritten."""
        raise NotImplementedError

    def overwritten_at(self, clip_id: str) -> datetime | None:
        """Return when a clip's footage is overwritten, by the newest estimate."""
        raise NotImplementedError

    def kept_until(self, case: Case) -> datetime | None:
        """Return when an open case expires, or an ended one's footage is removed; None without either."""
        raise NotImplementedError

    def due(self) -> Due:
        """Return what the clock asks for now."""
        raise NotImplementedError
