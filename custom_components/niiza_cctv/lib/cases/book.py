"""The section's cases, and the only one that writes about them into the ledger."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import override

from ..access.errors import CaseError, CaseUnknown, FieldsInvalid, WrongState
from ..access.model import Actor
from ..access.permissions import Permission, check_person
from ..access.refusals import Refusal, Refusals
from ..footage.clip_model import ClipFile, SealedClip
from ..footage.cut import SealedCut
from ..footage.masking.errors import MaskInvalid
from ..footage.masking.sealed import SealedMask
from ..footage.watched import Watched
from ..ledger.actions import LedgerAction
from ..ledger.model import Entry, Json, Person
from ..ledger.projection import PORTION, Projection
from ..ledger.proof import LedgerProof
from ..ledger.store import Ledger
from . import rules
from .deadlines import AtRisk, Deadlines, Due
from .fields import check_passages, check_taken, clean_request, clean_sha256, clean_step
from .fold import ACTIONS, Draft, case_number, fold
from .model import (
    Case,
    CaseClip,
    CaseCut,
    CaseKind,
    CaseMask,
    ClipState,
    Decided,
    Item,
    Network,
    Outcome,
    Passage,
    Showing,
    ShownTo,
    Step,
)
from .sealing_early import Fetch, check_seal_early

# Called in the loop after a step of a case was taken.
type Listener = Callable[[Case, Step], None]
# What somebody watched of clips, by clip: what the server counted of what their browser told.
type WatchedBy = Callable[[Person, Sequence[Item]], Mapping[str, Watched]]

# A camera that comes and goes fails its clip no more often than this, as the ledger tells it.
_FAILURES_APART = timedelta(minutes=10)
# Of what was asked about, as the ledger keeps it.
_MAX_SUBJECT = 100
# A camera that changes its codec all day fills no case: what comes behind so many clips of one passage is left out.
MAX_RESTS = 20


class CaseRegistry(Projection):
    """The section's cases.

    Every step raises CaseError when it is refused (on the record) and LedgerError when it cannot be recorded; nothing
    is done then. Once begun, a step is finished even when its caller is cancelled.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        proof: LedgerProof,
        time_zone: tzinfo,
        now: Callable[[], datetime],
        is_trusted: Callable[[], bool],
        keep_days: int,
        bin_days: int,
        is_taken: Callable[[str], Awaitable[bool]],
        watched: WatchedBy = lambda _person, _clips: {},
    ) -> None:
        """Stand on an open ledger; `now` gives aware times, years of case ids are of `time_zone`.

        `is_trusted` tells whether something may end by the time of now, `is_taken` whether a folder or a file lies there
        already under the id of a new case or clip, `watched` what an approver watched. Nothing is let out or removed before `proof` has proved the ledger.
        """
        super().__init__(ledger, ACTIONS | {LedgerAction.CLOCK_CONFIRMED})
        self._proof = proof
        self._time_zone = time_zone
        self._now = now
        self._is_trusted = is_trusted
        self._is_taken = is_taken
        self._watched = watched
        self._deadlines = Deadlines(timedelta(days=keep_days), timedelta(days=bin_days))
        self._cases: dict[str, Case] = {}
        # Also of cuts and masked parts.
        self._clips: dict[str, str] = {}
        # Also of cases that this version cannot read.
        self._ids: set[str] = set()
        # Year → the highest number that a case of it got.
        self._numbers: dict[int, int] = {}
        self._steps: set[asyncio.Task[object]] = set()
        self._refusals = Refusals(self._append, now)
        self._listeners: list[Listener] = []

    # --- What there is --------------------------------------------------------------------------------------------

    @property
    def cases(self) -> Mapping[str, Case]:
        """Return every case by its id."""
        return MappingProxyType(self._cases)

    def case(self, case_id: str) -> Case:
        """Return a case; raises CaseUnknown."""
        if (case := self._cases.get(case_id)) is None:
            raise CaseUnknown("case_unknown", {"case": case_id[:_MAX_SUBJECT]})
        return case

    def knows(self, case_id: str) -> bool:
        """Return whether the ledger has a case of that number, be it one that this version cannot read."""
        return case_id in self._ids

    def clip(self, clip_id: str) -> tuple[Case, CaseClip]:
        """Return a clip after its case; raises CaseUnknown."""
        case, item = self.item(clip_id)
        if isinstance(item, CaseClip):
            return case, item
        raise CaseUnknown("clip_unknown", {"clip": clip_id[:_MAX_SUBJECT]})

    def item(self, item_id: str) -> tuple[Case, Item]:
        """Return a clip, a cut or a masked part after its case; raises CaseUnknown."""
        if (case_id := self._clips.get(item_id)) is not None:
            case = self._cases[case_id]
            return case, next(item for item in case.items if item.id == item_id)
        raise CaseUnknown("clip_unknown", {"clip": item_id[:_MAX_SUBJECT]})

    def add_listener(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each step; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def close(self) -> None:
        """Finish the steps under way, and write down the refusals that were only counted so far."""
        await asyncio.gather(*self._steps, return_exceptions=True)
        async with self._lock:
            await self._refusals.settle(everything=True)

    # --- What people do -------------------------------------------------------------------------------------------

    async def check(self, actor: Actor, permission: Permission, case_id: str | None = None) -> None:
        """Raise what would refuse this person such a thing at all, on the record."""

        async def step() -> None:
            self._may(actor, permission, case_id)

        await self._step(actor, permission, _subject(case_id), step)

    async def record_search(
        self, actor: Actor, case_id: str | None, details: Mapping[str, Json]
    ) -> None:
        """Record that the cards were searched, in a case or without one."""

        async def step() -> None:
            person, _ = self._may(actor, Permission.SEARCH, case_id)
            await self._append(LedgerAction.SEARCH_MADE, _subject(case_id), details, person)

        await self._step(actor, Permission.SEARCH, _subject(case_id), step)

    async def ledger_exported(self, actor: Actor, file: ClipFile) -> None:
        """Record that a copy of the ledger is being served, before it is."""

        async def step() -> None:
            person, _ = self._may(actor, Permission.EXPORT_LEDGER)
            await self._append(
                LedgerAction.LEDGER_EXPORTED, "ledger", {"file": {**file.as_json()}}, person
            )

        await self._step(actor, Permission.EXPORT_LEDGER, "ledger", step)

    async def create(self, actor: Actor, kind: CaseKind, request: Mapping[str, str]) -> Case:
        """Receive a request; raises FieldsInvalid with the field and what to do."""

        async def step() -> Case:
            person, _ = self._may(actor, Permission.CREATE)
            today = self._today()
            fields = clean_request(kind, request, today)
            case_id = await self._new_id(today.year)
            return await self._write(
                LedgerAction.CASE_CREATED,
                case_id,
                {"kind": str(kind), "request": {**fields}},
                person,
            )

        return await self._step(actor, Permission.CREATE, "section", step)

    async def request_clips(
        self, actor: Actor, case_id: str, passages: Sequence[tuple[Passage, datetime | None]]
    ) -> tuple[CaseClip, ...]:
        """Ask for passages, each with the moment of its overwriting; an approval before this is void.

        All of them or none: they are one entry of the ledger.
        """

        async def step() -> tuple[CaseClip, ...]:
            person, case = self._at(actor, Permission.REQUEST_CLIPS, case_id)
            check_passages([passage for passage, _ in passages], case.clips, self._now())
            ids = await self._new_clip_ids(case, len(passages))
            asked: list[Json] = [
                {
                    "clip": clip_id,
                    **_passage(passage),
                    "overwritten_at": None if moment is None else _text(moment),
                }
                for clip_id, (passage, moment) in zip(ids, passages, strict=True)
            ]
            case = await self._write(LedgerAction.CLIP_REQUESTED, case.id, {"clips": asked}, person)
            return case.clips[-len(passages) :]

        return await self._step(actor, Permission.REQUEST_CLIPS, _subject(case_id), step)

    async def register_footage(
        self,
        actor: Actor,
        case_id: str,
        passage: Passage,
        *,
        witness: Actor,
        network: Network,
        medium: str,
        serial: str,
        sha256: str = "",
        clock_offset: int | None = None,
        note: str = "",
        origin: Mapping[str, Json] | None = None,
    ) -> Case:
        """Take footage that two people copied at the station into a case; an approval before this is void.

        It lies on the medium, and nothing of it here. `clock_offset` is in seconds, ahead of true time; `origin` is
        what is known of the camera (`CameraFacts.as_json`).
        """

        async def step() -> Case:
            person, case = self._at(actor, Permission.REGISTER_FOOTAGE, case_id)
            other = rules.check_witness(person, witness)
            check_taken(passage, case.clips, self._now())
            fields = clean_step(
                self._today(), optional=("note",), medium=medium, serial=serial, note=note
            )
            (clip_id,) = await self._new_clip_ids(case, 1)
            details: dict[str, Json] = {
                "clip": clip_id,
                **_passage(passage),
                **fields,
                "sha256": clean_sha256(sha256),
                "clock_offset": clock_offset,
                "witness": {"id": other.id, "name": other.name},
                "network": str(network),
                "origin": {**(origin or {})},
            }
            return await self._write(LedgerAction.FOOTAGE_REGISTERED, case.id, details, person)

        return await self._step(actor, Permission.REGISTER_FOOTAGE, _subject(case_id), step)

    async def searched_by_hand(
        self,
        actor: Actor,
        case_id: str,
        passage: Passage,
        *,
        witness: Actor,
        network: Network,
        note: str = "",
    ) -> Case:
        """Record that two people looked at the station for a passage and that it was not there."""

        async def step() -> Case:
            person, case = self._at(actor, Permission.REGISTER_FOOTAGE, case_id)
            other = rules.check_witness(person, witness)
            check_taken(passage, case.clips, self._now())
            details: dict[str, Json] = {
                "cameras": [passage.camera],
                "start": _text(passage.start),
                "end": _text(passage.end),
                "stretches": 0,
                "by_hand": {
                    "witness": {"id": other.id, "name": other.name},
                    "network": str(network),
                },
                **clean_step(self._today(), optional=("note",), note=note),
            }
            return await self._write(LedgerAction.SEARCH_MADE, case.id, details, person)

        return await self._step(actor, Permission.REGISTER_FOOTAGE, _subject(case_id), step)

    async def cancel_clip(self, actor: Actor, clip_id: str) -> Case:
        """Give up a clip or a part that is not sealed, or withdraw one that was registered by hand and is not approved."""

        async def step() -> Case:
            person, _ = self._may(actor, Permission.CANCEL_CLIP)
            case, clip = self.item(clip_id)
            rules.check_cancel(case, clip)
            if isinstance(clip, CaseCut):
                details: dict[str, Json] = {"clip": clip.clip_id, "cut_id": clip.id}
                return await self._write(LedgerAction.CLIP_CUT_CANCELLED, case.id, details, person)
            if isinstance(clip, CaseMask):
                details = {"clip": clip.clip_id, "mask_id": clip.id}
                return await self._write(LedgerAction.CLIP_MASK_CANCELLED, case.id, details, person)
            return await self._write(
                LedgerAction.CLIP_CANCELLED, case.id, {"clip": clip.id}, person
            )

        subject = _subject(self._clips.get(clip_id))
        return await self._step(actor, Permission.CANCEL_CLIP, subject, step)

    async def seal_early(self, actor: Actor, clip_id: str, fetch: Fetch) -> Case:
        """Have a clip sealed with what was fetched of it so far; `fetch` is how that stands."""

        async def step() -> Case:
            person, _ = self._may(actor, Permission.SEAL_EARLY)
            case, clip = self.clip(clip_id)
            check_seal_early(case, clip, fetch)
            return await self._write(
                LedgerAction.CLIP_CUT_SHORT, case.id, {"clip": clip.id}, person
            )

        subject = _subject(self._clips.get(clip_id))
        return await self._step(actor, Permission.SEAL_EARLY, subject, step)

    # --- What leaves --------------------------------------------------------------------------------------------------

    async def cut_clip(
        self, actor: Actor, clip_id: str, start: datetime, end: datetime, *, encode_anew: bool
    ) -> CaseCut:
        """Ask for a part of a sealed clip, from `start` to before `end` (true times); no approval is touched by it."""

        async def step() -> CaseCut:
            person, _ = self._may(actor, Permission.CUT_CLIP)
            case, clip = self.clip(clip_id)
            rules.check_cut(case, clip, person, start, end, encode_anew=encode_anew)
            number = max((int(cut.id.rsplit("-c", 1)[1]) for cut in clip.cuts), default=0) + 1
            while await self._is_taken(cut_id := f"{clip.id}-c{number:02}"):
                number += 1
            details: dict[str, Json] = {
                "clip": clip.id,
                "cut_id": cut_id,
                "start": _text(start),
                "end": _text(end),
                "encode_anew": encode_anew,
                "source_sha256": clip.digest,
            }
            case = await self._write(LedgerAction.CLIP_CUT_REQUESTED, case.id, details, person)
            return next(
                item for item in case.items if isinstance(item, CaseCut) and item.id == cut_id
            )

        subject = _subject(self._clips.get(clip_id))
        return await self._step(actor, Permission.CUT_CLIP, subject, step)

    async def check_mask(self, actor: Actor, clip_id: str) -> tuple[Case, CaseClip, Person]:
        """Return the clip if this person may draw a track for it now; raises what refuses them, on the record."""

        async def step() -> tuple[Case, CaseClip, Person]:
            person, _ = self._may(actor, Permission.MASK_CLIP)
            case, clip = self.clip(clip_id)
            rules.check_mask(case, clip, person)
            return case, clip, person

        subject = _subject(self._clips.get(clip_id))
        return await self._step(actor, Permission.MASK_CLIP, subject, step)

    async def mask_clip(
        self,
        actor: Actor,
        clip_id: str,
        asked: rules.MaskAsked,
        drawn_by: Sequence[Person],
        keep: Callable[[str], Awaitable[None]],
    ) -> CaseMask:
        """Ask for a masked part of a sealed clip by a track that these people drew.

        `keep` is awaited with its id before, and keeps its track.
        """

        async def step() -> CaseMask:
            person, _ = self._may(actor, Permission.MASK_CLIP)
            case, clip = self.clip(clip_id)
            rules.check_render(case, clip, person, asked)
            number = max((int(mask.id.rsplit("-m", 1)[1]) for mask in clip.masks), default=0) + 1
            while await self._is_taken(mask_id := f"{clip.id}-m{number:02}"):
                number += 1
            await keep(mask_id)
            details: dict[str, Json] = {
                "clip": clip.id,
                "mask_id": mask_id,
                "passage_us": [asked.passage.start, asked.passage.end],
                "track_sha256": asked.track_sha256,
                "drawn_by": [{"id": one.id, "name": one.name} for one in drawn_by],
                "fill": asked.fill.as_json(),
                "marking": None if asked.marking is None else asked.marking.value,
                "source_sha256": clip.digest,
            }
            await self._write(LedgerAction.CLIP_MASK_REQUESTED, case.id, details, person)
            return self._mask(mask_id)[1]

        subject = _subject(self._clips.get(clip_id))
        return await self._step(actor, Permission.MASK_CLIP, subject, step)

    async def withdraw_clip(
        self, actor: Actor, item_id: str, decision: rules.WithdrawalStep
    ) -> Case:
        """Ask that a sealed clip or cut leaves its case, confirm that as another person, or have it stay."""

        async def step() -> Case:
            person, _ = self._may(actor, Permission.WITHDRAW_CLIP)
            case, item = self.item(item_id)
            rules.check_withdraw(case, item, person, decision)
            details: dict[str, Json] = {"item": item.id, "sha256": item.digest}
            if decision is not rules.WithdrawalStep.REQUEST and item.withdrawal is not None:
                by = item.withdrawal.by
                details["requested_by"] = {"id": by.id, "name": by.name}
            return await self._write(_WITHDRAWAL[decision], case.id, details, person)

        subject = _subject(self._clips.get(item_id))
        return await self._step(actor, Permission.WITHDRAW_CLIP, subject, step)

    async def choose_for_release(self, actor: Actor, case_id: str, items: Sequence[str]) -> Case:
        """Say which sealed clips and cuts are to be released; nothing else is, and what is new among them is not approved."""

        async def step() -> Case:
            person, case = self._at(actor, Permission.CHOOSE_FOR_RELEASE, case_id)
            chosen = rules.check_choice(case, items)
            if case.choice is not None and case.choice.items == chosen:
                return case
            digests = {item.id: item.digest for item in case.items if item.id in chosen}
            details: dict[str, Json] = {"items": [*chosen], "sha256": {**digests}}
            return await self._write(LedgerAction.RELEASE_CHOSEN, case.id, details, person)

        return await self._step(actor, Permission.CHOOSE_FOR_RELEASE, _subject(case_id), step)

    async def propose_decision(
        self, actor: Actor, case_id: str, proposal: rules.Proposal, reasons: str = ""
    ) -> Case:
        """Say how a request is to be answered, for another person to approve; what was proposed or approved before is void."""

        async def step() -> Case:
            person, case = self._at(actor, Permission.PROPOSE_DECISION, case_id)
            proposed = rules.check_proposal(case, proposal)
            # The law wants reasons for whatever is not disclosed.
            optional = ("reasons",) if proposed.outcome is Decided.IN_FULL else ()
            fields = clean_step(self._today(), optional=optional, reasons=reasons)
            if case.decision is not None and (
                rules.Proposal.of(case.decision),
                case.decision.reasons,
            ) == (proposed, fields["reasons"]):
                return case
            digests = {item.id: item.digest for item in case.items if item.id in proposed.items}
            details: dict[str, Json] = {
                "outcome": proposed.outcome.value,
                "way": None if proposed.way is None else proposed.way.value,
                "items": {**digests},
                "grounds": [ground.value for ground in proposed.grounds],
                **fields,
            }
            return await self._write(LedgerAction.DECISION_PROPOSED, case.id, details, person)

        return await self._step(actor, Permission.PROPOSE_DECISION, _subject(case_id), step)

    async def approve(
        self,
        actor: Actor,
        case_id: str,
        note: str = "",
        *,
        seen: Sequence[rules.Seen] = (),
        decision: str | None = None,
    ) -> Case:
        """Approve the clips and cuts that the approver looked at, each a decision and an entry of its own.

        Where a decision was proposed, `decision` is its digest, and it is approved with all that it discloses: one
        decision, one entry.
        """

        async def step() -> Case:
            person, case = self._at(actor, Permission.APPROVE, case_id)
            rules.check_seen(case, seen, decision)
            fields = clean_step(self._today(), optional=("note",), note=note)
            items = {item.id: item for item in case.items}
            watched = self._watched(person, [items[one.item] for one in seen])
            rules.check_watched(case, seen, watched)
            looked_at: list[dict[str, Json]] = [
                {
                    **_approved(items[one.item]),
                    "watched_as_told_by_browser": {
                        clip: told.as_json() for clip, told in watched.items() if clip == one.item
                    },
                }
                for one in seen
            ]
            if decision is not None:
                details: dict[str, Json] = {
                    **fields,
                    "decision": decision,
                    "clips": {**rules.chosen_digests(case)},
                    "items": [*looked_at],
                }
                return await self._write(LedgerAction.CASE_APPROVED, case.id, details, person)
            for one in looked_at:
                case = await self._write(
                    LedgerAction.ITEM_APPROVED, case.id, {**fields, **one}, person
                )
            return case

        return await self._step(actor, Permission.APPROVE, _subject(case_id), step)

    async def reject(self, actor: Actor, case_id: str, reason: str) -> Case:
        """End a case because it may not be answered; its footage is kept for the section's days."""

        async def step() -> Case:
            person, case = self._at(actor, Permission.REJECT, case_id)
            fields = clean_step(self._today(), reason=reason)
            return await self._write(LedgerAction.CASE_REJECTED, case.id, fields, person)

        return await self._step(actor, Permission.REJECT, _subject(case_id), step)

    async def check_show_at_counter(self, actor: Actor, item_id: str) -> tuple[Case, CaseMask]:
        """Return the masked clip if this person may show it at the counter now; raises as `show_at_counter` does."""

        async def step() -> tuple[Case, CaseMask]:
            _, case, mask = self._showable(actor, item_id)
            return case, mask

        return await self._step(
            actor, Permission.SHOW_AT_COUNTER, _subject(self._clips.get(item_id)), step
        )

    async def show_at_counter(
        self, actor: Actor, item_id: str, shown_to: ShownTo, present: str
    ) -> Showing:
        """Record that a masked clip is being shown at the counter, before its first picture is: to whom, with whom present."""

        async def step() -> Showing:
            person, case, mask = self._showable(actor, item_id)
            assert mask.sealed is not None
            await self._prove(case)
            fields = clean_step(self._today(), present=present)
            details: dict[str, Json] = {
                "item": mask.id,
                "source_sha256": mask.sealed.masked.source_sha256,
                "track_sha256": mask.track_sha256,
                "sha256": mask.digest,
                "granted": [_text(mask.sealed.first_picture), _text(mask.sealed.last_picture)],
                "shown_to": shown_to.value,
                **fields,
            }
            case = await self._write(LedgerAction.SHOWN_AT_COUNTER, case.id, details, person)
            return case.showings[-1]

        return await self._step(
            actor, Permission.SHOW_AT_COUNTER, _subject(self._clips.get(item_id)), step
        )

    def _showable(self, actor: Actor, item_id: str) -> tuple[Person, Case, CaseMask]:
        # The person first: strangers do not learn which clips there are.
        person = check_person(actor, Permission.SHOW_AT_COUNTER)
        case, item = self.item(item_id)
        return person, case, rules.check_show_at_counter(case, person, item)

    async def showing_ended(
        self, case_id: str, number: int, served: Sequence[tuple[datetime, datetime]]
    ) -> None:
        """Record what of a showing was served until it ended; one that ended already is not recorded again."""

        async def step() -> None:
            case = self.case(case_id)
            if any(one.number == number and one.ended_at is None for one in case.showings):
                spans: list[Json] = [
                    {"start": _text(start), "end": _text(end)} for start, end in served
                ]
                details: dict[str, Json] = {"showing": number, "served": spans}
                await self._write(LedgerAction.COUNTER_SHOWING_ENDED, case.id, details, None)

        await self._run(step)

    async def check_release(self, actor: Actor, case_id: str) -> Case:
        """Return the case if it may be released by this person now; raises as `release` does."""

        async def step() -> Case:
            _, case = self._at(actor, Permission.RELEASE, case_id)
            await self._prove(case)
            return case

        return await self._step(actor, Permission.RELEASE, _subject(case_id), step)

    async def release(
        self, actor: Actor, case_id: str, package: ClipFile, *, encrypted: bool, packed: Case
    ) -> Case:
        """Record the evidence package of the approved clips; may be repeated until the hand-over.

        `packed` is the case as `check_release` gave it before the package was made, which takes its time.
        """

        async def step() -> Case:
            person, case = self._at(actor, Permission.RELEASE, case_id)
            rules.check_packed(case, packed)
            await self._prove(case)
            details: dict[str, Json] = {
                "package": {**package.as_json()},
                "encrypted": encrypted,
                "clips": {**rules.chosen_digests(case)},
            }
            return await self._write(LedgerAction.CASE_RELEASED, case.id, details, person)

        return await self._step(actor, Permission.RELEASE, _subject(case_id), step)

    async def download_begun(self, actor: Actor, case_id: str, package: ClipFile) -> Case:
        """Record that the package is being served, before its first byte is; one that was made anew meanwhile is not."""
        return await self._download(actor, case_id, package, LedgerAction.DOWNLOAD_BEGUN)

    async def downloaded(self, actor: Actor, case_id: str, package: ClipFile) -> Case:
        """Record that somebody was given the whole of the newest package; a part of it is no download."""
        return await self._download(actor, case_id, package, LedgerAction.PACKAGE_DOWNLOADED)

    async def _download(
        self, actor: Actor, case_id: str, package: ClipFile, action: LedgerAction
    ) -> Case:
        async def step() -> Case:
            person, case = self._at(actor, Permission.DOWNLOAD, case_id)
            if case.package != package:
                raise WrongState("link_used")
            await self._prove(case)
            return await self._write(action, case.id, {"package": {**package.as_json()}}, person)

        return await self._step(actor, Permission.DOWNLOAD, _subject(case_id), step)

    async def hand_over(
        self, actor: Actor, case_id: str, recipient: str, medium: str, serial: str
    ) -> Case:
        """Record who got the package, or what was taken by hand, on what medium."""

        async def step() -> Case:
            person, case = self._at(actor, Permission.HAND_OVER, case_id)
            await self._prove(case)
            fields = clean_step(self._today(), recipient=recipient, medium=medium, serial=serial)
            return await self._write(LedgerAction.CASE_HANDED_OVER, case.id, fields, person)

        return await self._step(actor, Permission.HAND_OVER, _subject(case_id), step)

    async def conclude(
        self, actor: Actor, case_id: str, outcome: Outcome, reasons: str = ""
    ) -> Case:
        """End a case by its outcome, with nothing handed over; what was decided has its reasons already."""

        async def step() -> Case:
            person, case = self._may_in(actor, Permission.CONCLUDE, case_id)
            rules.check_conclude(case, person, outcome)
            await self._prove(case)
            details: dict[str, Json] = {"outcome": outcome.value}
            if (decided := case.decided) is None:
                details |= clean_step(self._today(), reasons=reasons)
            elif reasons:
                raise FieldsInvalid("reasons_decided", {"case": case.id})
            else:
                details |= {"reasons": decided.reasons, "decision": decided.digest}
            return await self._write(LedgerAction.CASE_CONCLUDED, case.id, details, person)

        return await self._step(actor, Permission.CONCLUDE, _subject(case_id), step)

    async def keep_open(self, actor: Actor, case_id: str) -> Case:
        """Record that an open case is still needed; its deadlines count from now."""

        async def step() -> Case:
            person, case = self._at(actor, Permission.KEEP_OPEN, case_id)
            return await self._write(LedgerAction.CASE_KEPT_OPEN, case.id, {}, person)

        return await self._step(actor, Permission.KEEP_OPEN, _subject(case_id), step)

    async def purge(self, actor: Actor, case_id: str) -> Case:
        """End the keeping of an ended case's footage; the files are due for removal at once."""

        async def step() -> Case:
            person, case = self._at(actor, Permission.PURGE, case_id)
            await self._prove(case)
            return await self._write(LedgerAction.CASE_PURGED, case.id, {}, person)

        return await self._step(actor, Permission.PURGE, _subject(case_id), step)

    async def restore(
        self, actor: Actor, case_id: str, restore: Callable[[], Awaitable[None]]
    ) -> Case:
        """Take a case's footage out of the bin; `restore` is awaited before that is recorded."""

        async def step() -> Case:
            person, case = self._at(actor, Permission.RESTORE, case_id)
            await restore()
            return await self._write(LedgerAction.FILES_RESTORED, case.id, {}, person)

        return await self._step(actor, Permission.RESTORE, _subject(case_id), step)

    async def confirm_clock(self, actor: Actor, details: Mapping[str, Json]) -> None:
        """Record that a person vouches for the time of now."""

        async def step() -> None:
            person, _ = self._may(actor, Permission.CONFIRM_CLOCK)
            await self._append(LedgerAction.CLOCK_CONFIRMED, "clock", details, person)

        await self._step(actor, Permission.CONFIRM_CLOCK, "clock", step)

    async def remove_folder(
        self, actor: Actor, folder: str, remove: Callable[[], Awaitable[Mapping[str, Json]]]
    ) -> None:
        """Remove a folder that no case knows, which `remove` does and tells about, and record by whom."""

        async def step() -> None:
            person, _ = self._may(actor, Permission.REMOVE_FOLDER)
            self._proof.check()
            details = await remove()
            await self._append(
                LedgerAction.FOLDER_REMOVED, "section", {"folder": folder, **details}, person
            )

        await self._step(actor, Permission.REMOVE_FOLDER, "section", step)

    async def refuse(self, actor: Actor, what: str, subject: str, reason: str) -> None:
        """Record a refusal; like ones within a minute become one further entry with their number."""

        async def step() -> None:
            await self._refuse(actor, what, subject, reason)

        await self._run(step)

    # --- What happens by itself -------------------------------------------------------------------------------------

    async def clip_sealed(
        self, clip_id: str, sealed: SealedClip, origin: Mapping[str, Json] | None = None
    ) -> None:
        """Record that a clip was fetched and verified; raises WrongState when nobody waits for it.

        `origin` is what was known of the camera then; it may be another one when the package is made.
        """

        async def step() -> None:
            case, clip = self.clip(clip_id)
            if clip.state is ClipState.SEALED and clip.sealed == sealed:
                # Told again because the answer of the database got lost.
                return
            self._check_pending(clip)
            details: dict[str, Json] = {"clip": clip_id, "sealed": {**sealed.as_json()}}
            if origin is not None:
                details["origin"] = {**origin}
            await self._write(LedgerAction.CLIP_SEALED, case.id, details, None)

        await self._run(step)

    async def viewing_copy_made(self, clip_id: str, file: ClipFile) -> None:
        """Record that a sealed clip has a copy for viewing now; raises WrongState when its case has ended."""

        async def step() -> None:
            case, clip = self.clip(clip_id)
            if clip.sealed is None or clip.state is not ClipState.SEALED or not case.is_open:
                raise WrongState("clip_not_pending", {"clip": clip_id})
            if clip.sealed.viewing_copy == file:
                return
            details: dict[str, Json] = {"clip": clip_id, "file": file.as_json()}
            await self._write(LedgerAction.VIEWING_COPY_MADE, case.id, details, None)

        await self._run(step)

    async def clip_divided(self, clip_id: str, at: datetime) -> CaseClip | None:
        """Make a clip of what its camera recorded in another way from a moment on; None where there are too many already.

        Raises WrongState when nobody waits for it.
        """

        async def step() -> CaseClip | None:
            case, clip = self.clip(clip_id)
            if (
                known := next((one for one in case.clips if _is_rest(one, clip, at)), None)
            ) is not None:
                # Told again because the answer of the database got lost.
                return known
            self._check_pending(clip)
            whole = clip.rest_of or clip.id
            inside = clip.passage.start < at < clip.passage.end
            if not inside or sum(one.rest_of == whole for one in case.clips) >= MAX_RESTS:
                return None
            (rest,) = await self._new_clip_ids(case, 1)
            details: dict[str, Json] = {"clip": clip.id, "rest": rest, "at": _text(at)}
            case = await self._write(LedgerAction.CLIP_DIVIDED, case.id, details, None)
            return case.clips[-1]

        return await self._run(step)

    async def clip_failed(self, clip_id: str, error: str, *, final: bool) -> None:
        """Record a failure of a clip; `final`: it is given up. Raises WrongState when nobody waits for it.

        A passing failure like the one before, or soon after it, is not recorded again.
        """

        async def step() -> None:
            case, clip = self.clip(clip_id)
            if final and clip.state is ClipState.FAILED and clip.error == error:
                return
            self._check_pending(clip)
            if not final and clip.failed_at is not None:
                soon = abs(self._now() - clip.failed_at) < _FAILURES_APART
                if clip.error == error or soon:
                    return
            details: dict[str, Json] = {"clip": clip_id, "error": error, "final": final}
            await self._write(LedgerAction.CLIP_FAILED, case.id, details, None)

        await self._run(step)

    async def cut_sealed(self, cut_id: str, sealed: SealedCut) -> None:
        """Record that a cut was made and proved; raises WrongState when nobody waits for it."""

        async def step() -> None:
            case, cut = self._cut(cut_id)
            if cut.sealed == sealed:
                # Told again because the answer of the database got lost.
                return
            self._check_pending(cut)
            made = sealed.cut
            details: dict[str, Json] = {
                "clip": cut.clip_id,
                "cut_id": cut.id,
                "source_sha256": made.source_sha256,
                "sha256": made.file.sha256,
                "granted_start": _text(made.first_picture),
                "granted_end": _text(made.last_picture),
                "pictures": made.pictures,
                "hidden_pictures": made.hidden,
                "encoded_anew": made.encoded_anew,
                "sealed": {**sealed.as_json()},
            }
            await self._write(LedgerAction.CLIP_CUT_SEALED, case.id, details, None)

        await self._run(step)

    async def cut_failed(self, cut_id: str, error: str) -> None:
        """Record that a cut could not be made, by the key of the message why; raises WrongState when nobody waits for it."""

        async def step() -> None:
            case, cut = self._cut(cut_id)
            if cut.state is ClipState.FAILED and cut.error == error:
                return
            self._check_pending(cut)
            details: dict[str, Json] = {"clip": cut.clip_id, "cut_id": cut.id, "error": error}
            await self._write(LedgerAction.CLIP_CUT_FAILED, case.id, details, None)

        await self._run(step)

    def _cut(self, cut_id: str) -> tuple[Case, CaseCut]:
        case, item = self.item(cut_id)
        if isinstance(item, CaseCut):
            return case, item
        raise CaseUnknown("clip_unknown", {"clip": cut_id[:_MAX_SUBJECT]})

    async def mask_sealed(self, mask_id: str, sealed: SealedMask) -> None:
        """Record that a clip was masked and passed the leak gate; raises WrongState when nobody waits for it."""

        async def step() -> None:
            case, mask = self._mask(mask_id)
            if mask.sealed == sealed:
                # Told again because the answer of the database got lost.
                return
            self._check_pending(mask)
            masked = sealed.masked
            details: dict[str, Json] = {
                "clip": mask.clip_id,
                "mask_id": mask.id,
                "source_sha256": masked.source_sha256,
                "track_sha256": masked.track_sha256,
                "sha256": masked.file.sha256,
                "granted_start": _text(sealed.first_picture),
                "granted_end": _text(sealed.last_picture),
                "pictures": masked.rendered.pictures,
                "revealed_pictures": masked.rendered.revealed,
                "sealed": {**sealed.as_json()},
            }
            await self._write(LedgerAction.CLIP_MASK_SEALED, case.id, details, None)

        await self._run(step)

    async def mask_failed(self, mask_id: str, problem: MaskInvalid) -> None:
        """Record why a clip could not be masked; raises WrongState when nobody waits for it."""

        async def step() -> None:
            case, mask = self._mask(mask_id)
            if mask.state is ClipState.FAILED and mask.error == problem.problem:
                return
            self._check_pending(mask)
            details: dict[str, Json] = {
                "clip": mask.clip_id,
                "mask_id": mask.id,
                "error": problem.problem.value,
                "placeholders": {**problem.placeholders},
            }
            await self._write(LedgerAction.CLIP_MASK_FAILED, case.id, details, None)

        await self._run(step)

    def _mask(self, mask_id: str) -> tuple[Case, CaseMask]:
        case, item = self.item(mask_id)
        if isinstance(item, CaseMask):
            return case, item
        raise CaseUnknown("clip_unknown", {"clip": mask_id[:_MAX_SUBJECT]})

    async def asked_about(self, case_id: str) -> None:
        """Record that people were asked whether an open case is still needed; the question is not due again at once."""

        async def step() -> None:
            if case_id in self.due().ask:
                await self._write(LedgerAction.CASE_ASKED_ABOUT, case_id, {}, None)

        await self._run(step)

    async def expire(self, case_id: str) -> None:
        """End an open case that nobody went on with; does nothing when somebody did meanwhile."""

        async def step() -> None:
            if case_id in self.due().expire:
                await self._prove(self.case(case_id))
                await self._write(LedgerAction.CASE_EXPIRED, case_id, {}, None)

        await self._run(step)

    async def files_binned(self, case_id: str, move: Callable[[], Awaitable[None]]) -> None:
        """Record that the footage of an ended case whose time is over lies in the bin; `move` is awaited before that.

        Does nothing when its time is not over, or nobody knows whether it is.
        """

        async def step() -> None:
            if case_id in self.due().to_bin:
                await self._prove(self.case(case_id))
                await move()
                until = self._deadlines.end_in_bin(self._now())
                await self._write(LedgerAction.FILES_BINNED, case_id, {"until": _text(until)}, None)

        await self._run(step)

    async def files_removed(
        self, case_id: str, remove: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Record that no footage of the case is here any more; raises WrongState for an open case.

        `remove` is awaited before that, while nobody can take the case up again. Where no person purged it, nothing
        happens before its time in the bin is over.
        """

        async def step() -> None:
            case = self.case(case_id)
            if case.is_open:
                raise WrongState("case_not_ended", {"case": case.id})
            if case.may_hold_files and case_id not in self.due().remove_files:
                return
            await self._prove(case)
            if remove is not None:
                await remove()
            if case.may_hold_files:
                await self._write(LedgerAction.FILES_REMOVED, case.id, {}, None)

        await self._run(step)

    async def footage_at_risk(self, alarm: AtRisk) -> None:
        """Record that people were told; the same alarm is not due again."""

        async def step() -> None:
            case, clip = self.clip(alarm.clip_id)
            if alarm.hours in clip.alarms:
                return
            details: dict[str, Json] = {
                "clip": clip.id,
                "hours": alarm.hours,
                "overwritten_at": _text(alarm.overwritten_at),
            }
            await self._write(LedgerAction.FOOTAGE_AT_RISK, case.id, details, None)

        await self._run(step)

    # --- What the clock asks for --------------------------------------------------------------------------------------

    def new_estimate(self, clip_id: str, overwritten_at: datetime | None) -> None:
        """Take a better estimate of when a clip's footage is overwritten, as long as it is not sealed.

        It is not recorded before it raises an alarm: estimates change with every look at a card.
        """
        _, clip = self.clip(clip_id)
        self._deadlines.estimate(clip, overwritten_at)

    def overwritten_at(self, clip_id: str) -> datetime | None:
        """Return when a clip's footage is overwritten, by the newest estimate; raises CaseUnknown."""
        _, clip = self.clip(clip_id)
        return self._deadlines.overwritten_at(clip)

    def asked_from(self, case: Case) -> datetime | None:
        """Return from when on people are asked whether an open case is still needed; None for an ended one."""
        return self._deadlines.asked_from(case)

    def kept_until(self, case: Case) -> datetime | None:
        """Return the earliest moment at which silence ends an open case, or an ended one's footage goes on; None: never."""
        return self._deadlines.kept_until(case)

    def due(self) -> Due:
        """Return what the clock asks for now; nothing while it is not sure what the ledger carries."""
        if self._unsure:
            return Due()
        return self._deadlines.due(self._now(), trusted=self._is_trusted())

    def waits_for_time(self) -> bool:
        """Return whether something would end now if the time could be trusted."""
        if self._unsure or self._is_trusted():
            return False
        due = self._deadlines.due(self._now(), trusted=True)
        return bool(due.ask or due.expire or due.to_bin or due.remove_files)

    # --- One step -----------------------------------------------------------------------------------------------------

    def _today(self) -> date:
        return self._now().astimezone(self._time_zone).date()

    def _may(
        self, actor: Actor, permission: Permission, case_id: str | None = None
    ) -> tuple[Person, Case | None]:
        """Return who it is, and the case if one is named; the person is asked first: strangers learn nothing."""
        if case_id is None:
            return check_person(actor, permission), None
        return self._at(actor, permission, case_id)

    def _may_in(self, actor: Actor, permission: Permission, case_id: str) -> tuple[Person, Case]:
        return check_person(actor, permission), self.case(case_id)

    def _at(self, actor: Actor, permission: Permission, case_id: str) -> tuple[Person, Case]:
        """Return who it is and the case, in which this person may take such a step now."""
        person, case = self._may_in(actor, permission, case_id)
        rules.check_step(case, person, permission)
        return person, case

    async def _prove(self, case: Case) -> None:
        """Raise LedgerUnproved or LedgerBroken unless the ledger is proved, and says of the case what we know."""
        told = await self._proof.prove_subject(f"case/{case.id}", after=case.history[0].number - 1)
        again: Draft | None = None
        for entry in told:
            if entry.action not in ACTIONS:
                continue
            if again is not None:
                again.apply(entry)
            elif (begun := fold(None, entry)) is not None:
                again = Draft(begun)
        if again is None or again.case() != case:
            raise self._proof.contradict()

    async def _new_id(self, year: int) -> str:
        """Return the next number of a year under which nothing lies here: the ledger may be an older or a new one."""
        number = self._numbers.get(year, 0) + 1
        while await self._is_taken(case_id := f"{year:04}-{number:04}"):
            number += 1
        return case_id

    async def _new_clip_ids(self, case: Case, count: int) -> list[str]:
        """Return the next ids of a case's clips under which nothing lies here; those given up are not given again."""
        number = max((int(clip.id.rsplit("-", 1)[1]) for clip in case.clips), default=0)
        ids: list[str] = []
        while len(ids) < count:
            number += 1
            if not await self._is_taken(clip_id := f"{case.id}-{number:02}"):
                ids.append(clip_id)
        return ids

    @staticmethod
    def _check_pending(clip: Item) -> None:
        if clip.state is not ClipState.REQUESTED:
            raise WrongState("clip_not_pending", {"clip": clip.id})

    async def _step[T](
        self, actor: Actor, permission: Permission, subject: str, step: Callable[[], Awaitable[T]]
    ) -> T:
        """Take a step of a person; what refuses it is recorded before it is raised."""

        async def recorded() -> T:
            try:
                return await step()
            except CaseError as err:
                if err.recorded:
                    await self._refuse(actor, permission, subject, err.key)
                raise

        return await self._run(recorded)

    async def _run[T](self, step: Callable[[], Awaitable[T]]) -> T:
        """Take a step when the one before is done; a cancelled caller does not leave it half done."""

        async def alone() -> T:
            async with self._turn():
                return await step()

        def done(task: asyncio.Task[T]) -> None:
            self._steps.discard(task)
            if not task.cancelled():
                # Its caller may have gone: then nobody else asks.
                task.exception()

        task = asyncio.create_task(alone())
        self._steps.add(task)
        task.add_done_callback(done)
        # Not `shield`, which reports what fails after its caller went as an error of ours.
        await asyncio.wait({task})
        return task.result()

    @override
    async def _fold_all(self, portions: AsyncIterator[list[Entry]]) -> None:
        """Take in all of them or nothing."""
        drafts = dict[str, Draft]()
        async for portion in portions:
            for entry in portion:
                self._fold_into(drafts, entry)
        cases = []
        for draft in drafts.values():
            cases.append(draft.case())
            if len(cases) % PORTION == 0:
                # Thousands of cases at once would hold everything else up.
                await asyncio.sleep(0)
        # Without a pause: a load that is cancelled leaves the cases as they were.
        for case in cases:
            self._put(case)

    async def _write(
        self, action: LedgerAction, case_id: str, details: Mapping[str, Json], person: Person | None
    ) -> Case:
        """Append an entry about a case and return the case after it."""
        await self._append(action, f"case/{case_id}", details, person)
        return self._cases[case_id]

    async def _refuse(self, actor: Actor, what: str, subject: str, reason: str) -> None:
        # What somebody typed as a case and is none must not become a subject of the ledger.
        if subject.startswith("case/") and subject.removeprefix("case/") not in self._cases:
            subject = "section"
        refusal = Refusal(
            person=actor.person,
            what=str(what),
            subject=subject[:_MAX_SUBJECT],
            reason=reason,
        )
        await self._refusals.add(refusal)

    def _fold_into(self, drafts: dict[str, Draft], entry: Entry) -> None:
        """Take an entry into the draft of its case."""
        self._follow_clock(entry)
        if (draft := drafts.get(entry.subject)) is not None:
            draft.apply(entry)
        elif (named := case_number(entry.subject)) is not None:
            self._count(named, entry)
            if (case := self._cases.get(named[0])) is not None:
                draft = drafts[entry.subject] = Draft(case)
                draft.apply(entry)
            elif (case := fold(None, entry)) is not None:
                drafts[entry.subject] = Draft(case)

    @override
    def _fold(self, entry: Entry) -> None:
        self._follow_clock(entry)
        if (named := case_number(entry.subject)) is None:
            return
        self._count(named, entry)
        if (case := fold(self._cases.get(named[0]), entry)) is None:
            return
        self._put(case)
        for listener in tuple(self._listeners):
            # A listener that fails does not make the step one that failed.
            asyncio.get_running_loop().call_soon(listener, case, case.history[-1])

    def _follow_clock(self, entry: Entry) -> None:
        """Notice that a person vouched for a clock that had been set forward, or nobody knows which way."""
        if entry.action == LedgerAction.CLOCK_CONFIRMED:
            jump = entry.details.get("jump")
            if isinstance(jump, int) and jump >= 0:
                self._deadlines.begin_again(entry.at)

    def _count(self, named: tuple[str, int, int], entry: Entry) -> None:
        """Keep the numbers that are used up, by cases that this version cannot read as well."""
        _, year, number = named
        if entry.action == LedgerAction.CASE_CREATED:
            self._ids.add(named[0])
            self._numbers[year] = max(number, self._numbers.get(year, 0))

    def _put(self, case: Case) -> None:
        """Put a case in the place of what it was before."""
        self._cases[case.id] = case
        for item in case.items:
            self._clips[item.id] = case.id
        self._deadlines.follow(case)


def _is_rest(one: CaseClip, of: CaseClip, at: datetime) -> bool:
    """Return whether a clip is what was left of another from a moment on."""
    return (
        one.rest_of == (of.rest_of or of.id)
        and (one.passage.start, of.passage.end) == (at, at)
        and one.passage.camera == of.passage.camera
    )


def _subject(case_id: str | None) -> str:
    return "section" if case_id is None else f"case/{case_id[:_MAX_SUBJECT]}"


_WITHDRAWAL = MappingProxyType(
    {
        rules.WithdrawalStep.REQUEST: LedgerAction.CLIP_WITHDRAWAL_REQUESTED,
        rules.WithdrawalStep.CONFIRM: LedgerAction.CLIP_WITHDRAWN,
        rules.WithdrawalStep.DECLINE: LedgerAction.CLIP_WITHDRAWAL_DECLINED,
    }
)


def _approved(item: Item) -> dict[str, Json]:
    """Return what the ledger says of a clip or a cut that was approved: what was asked for beside what leaves."""
    if isinstance(item, CaseCut):
        assert item.sealed is not None
        asked, made = (item.start, item.end), item.sealed.cut
        granted = made.first_picture, made.last_picture
    elif isinstance(item, CaseMask):
        assert item.sealed is not None
        asked = granted = item.sealed.first_picture, item.sealed.last_picture
    else:
        asked = item.passage.start, item.passage.end
        granted = (
            asked if item.sealed is None else (item.sealed.first_picture, item.sealed.last_picture)
        )
    return {
        "item": item.id,
        "sha256": item.digest,
        "requested": [_text(at) for at in asked],
        "granted": [_text(at) for at in granted],
        "hidden_pictures": item.hidden,
        **({"track_sha256": item.track_sha256} if isinstance(item, CaseMask) else {}),
    }


def _passage(passage: Passage) -> dict[str, Json]:
    return {
        "camera": passage.camera,
        "camera_name": passage.camera_name,
        "start": _text(passage.start),
        "end": _text(passage.end),
    }


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
