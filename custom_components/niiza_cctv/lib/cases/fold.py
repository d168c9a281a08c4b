"""Ledger entries → cases: the only way in which a case comes to be.

Pure, and forgiving towards what it does not know: an action of a later version changes nothing, a detail of a later
version is kept in the history, and an entry whose details make no sense is history without effect. An effect is never
guessed: an approval that cannot be read is none.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
import re
from typing import Any

from ..footage.clip_model import ClipFile, SealedClip
from ..footage.cut import SealedCut
from ..footage.masking.burn_in import Marking
from ..footage.masking.fill import Fill
from ..footage.masking.sealed import SealedMask
from ..footage.masking.source import Passage as MaskPassage
from ..ledger.actions import LedgerAction
from ..ledger.model import Entry, Json, Person
from .kinds import FIELDS
from .model import (
    Approval,
    Case,
    CaseClip,
    CaseCut,
    CaseKind,
    CaseMask,
    CaseState,
    Choice,
    ClipState,
    Conclusion,
    CutShort,
    Decided,
    Decision,
    Ground,
    Handover,
    Item,
    ItemApproval,
    ManualCollection,
    Network,
    Outcome,
    Passage,
    Rejection,
    Release,
    Showing,
    ShownTo,
    Step,
    Way,
    Withdrawal,
)

# Fields of a Case → their new values.
type Changes = dict[str, Any]

_SUBJECT = re.compile(r"case/((\d{4})-(\d{4,}))", re.ASCII)


class InvalidDetails(Exception):
    """The entry's details are not what its action has."""


def case_number(subject: str) -> tuple[str, int, int] | None:
    """Return id, year and number of the case that a subject names; None for any other subject."""
    if (found := _SUBJECT.fullmatch(subject)) is None:
        return None
    return found[1], int(found[2]), int(found[3])


def fold(case: Case | None, entry: Entry) -> Case | None:
    """Return what the case is after this entry, which is about it; None while there is no case."""
    if case is None:
        return _created(entry)
    draft = Draft(case)
    draft.apply(entry)
    return draft.case()


# Returns what an entry by somebody changes in a case; raises InvalidDetails or ValueError for what is none.
type Effect = Callable[[Draft, Entry, Person | None], Changes]


class Draft:
    """A case in the making: at the start many entries are folded, and only their end is wanted."""

    def __init__(self, case: Case) -> None:
        """Go on from a case."""
        self._case = case
        self._changes: Changes = {}
        self._history = list(case.history)

    @property
    def state(self) -> CaseState:
        """Return where the case is now."""
        state: CaseState = self._changes.get("state", self._case.state)
        return state

    @property
    def clips(self) -> tuple[CaseClip, ...]:
        """Return the clips as they are now."""
        clips: tuple[CaseClip, ...] = self._changes.get("clips", self._case.clips)
        return clips

    @property
    def searches(self) -> int:
        """Return the searches so far."""
        searches: int = self._changes.get("searches", self._case.searches)
        return searches

    @property
    def downloads(self) -> int:
        """Return the downloads so far."""
        downloads: int = self._changes.get("downloads", self._case.downloads)
        return downloads

    @property
    def showings(self) -> tuple[Showing, ...]:
        """Return what was shown at the counter so far."""
        showings: tuple[Showing, ...] = self._changes.get("showings", self._case.showings)
        return showings

    @property
    def questions(self) -> int:
        """Return how often people were asked about it since its last step."""
        questions: int = self._changes.get("questions", self._case.questions)
        return questions

    @property
    def choice(self) -> Choice | None:
        """Return what was chosen for the release."""
        choice: Choice | None = self._changes.get("choice", self._case.choice)
        return choice

    @property
    def decision(self) -> Decision | None:
        """Return what was proposed."""
        decision: Decision | None = self._changes.get("decision", self._case.decision)
        return decision

    @property
    def approvals(self) -> Mapping[str, ItemApproval]:
        """Return what was agreed to of what is chosen now."""
        approvals: Mapping[str, ItemApproval] = self._changes.get("approvals", self._case.approvals)
        return approvals

    @property
    def approval(self) -> Approval | None:
        """Return the approval of all of it."""
        approval: Approval | None = self._changes.get("approval", self._case.approval)
        return approval

    @property
    def release(self) -> Release | None:
        """Return the newest package as it is now."""
        release: Release | None = self._changes.get("release", self._case.release)
        return release

    def apply(self, entry: Entry) -> None:
        """Take in the next entry, which is about the case."""
        person = _same(entry.person)
        action = entry.action
        if (known := _NAMED.get(action)) is not None:
            action, effect = known
            try:
                changes = effect(self, entry, person)
            except InvalidDetails, ValueError:
                pass
            else:
                if action in _STEPS:
                    changes |= {"last_step_at": entry.at, "questions": 0, "asked_about_at": None}
                self._changes |= changes
        self._history.append(_step(entry, person, action))

    def case(self) -> Case:
        """Return the case as it is now."""
        return replace(self._case, history=tuple(self._history), **self._changes)


def _step(entry: Entry, person: Person | None, action: str) -> Step:
    return Step(
        number=entry.number,
        at=entry.at,
        person=person,
        action=action,
        details=_kept(action, entry.details),
    )


@lru_cache(maxsize=1024)
def _same(person: Person | None) -> Person | None:
    """Return one and the same object for the same person: there are few people and many entries."""
    return person


_NOTHING: Mapping[str, Json] = {}


def _kept(action: str, details: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what the history keeps: not once more what stands in the clip or in the request."""
    match action:
        case LedgerAction.CLIP_SEALED:
            sealed = details.get("sealed")
            master = sealed.get("master") if isinstance(sealed, dict) else None
            rest = {k: v for k, v in details.items() if k not in {"sealed", "origin"}}
            return {**rest, "master": master}
        case LedgerAction.CLIP_CUT_SEALED | LedgerAction.CLIP_MASK_SEALED:
            return {k: v for k, v in details.items() if k != "sealed"}
        case LedgerAction.FOOTAGE_REGISTERED:
            return {k: v for k, v in details.items() if k != "origin"}
        case LedgerAction.CASE_CREATED:
            return {k: v for k, v in details.items() if k != "request"} or _NOTHING
    return details or _NOTHING


# --- Reading details ------------------------------------------------------------------------------------------------


def _text(details: Mapping[str, Json], name: str) -> str:
    if isinstance(value := details.get(name), str):
        return value
    raise InvalidDetails


def _texts(details: Mapping[str, Json], name: str) -> dict[str, str]:
    value = details.get(name)
    if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()):
        return {key: str(one) for key, one in value.items()}
    raise InvalidDetails


def _number(details: Mapping[str, Json], name: str) -> int:
    value = details.get(name)
    # Python takes a truth for a number.
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise InvalidDetails


def _person(details: Mapping[str, Json], name: str) -> Person:
    person = _texts(details, name)
    return Person(id=_text(person, "id"), name=_text(person, "name"))


def _people(details: Mapping[str, Json], name: str) -> tuple[Person, ...]:
    """Return people; none where an older version did not write them."""
    people = details.get(name, [])
    if not isinstance(people, list) or not all(isinstance(one, dict) for one in people):
        raise InvalidDetails
    return tuple(_person({name: one}, name) for one in people)


def _time(details: Mapping[str, Json], name: str) -> datetime:
    time = datetime.fromisoformat(_text(details, name))
    if time.tzinfo is None:
        raise InvalidDetails
    return time


def _time_or_none(details: Mapping[str, Json], name: str) -> datetime | None:
    return None if details.get(name) is None else _time(details, name)


def _by(person: Person | None) -> Person:
    """Return who did it; what only a person can do was not done by nobody."""
    if person is None:
        raise InvalidDetails
    return person


# --- What each action does ------------------------------------------------------------------------------------------


def _created(entry: Entry) -> Case | None:
    """Make the case; None for another entry, and for a kind that this version does not know."""
    named = case_number(entry.subject)
    if entry.action != LedgerAction.CASE_CREATED or named is None:
        return None
    person = _same(entry.person)
    try:
        return Case(
            id=named[0],
            kind=CaseKind(_text(entry.details, "kind")),
            state=CaseState.RECEIVED,
            request=_in_order(_texts(entry.details, "request")),
            created_by=_by(person),
            created_at=entry.at,
            last_step_at=entry.at,
            history=(_step(entry, person, LedgerAction.CASE_CREATED.value),),
        )
    except InvalidDetails, ValueError:
        return None


def _in_order(request: dict[str, str]) -> dict[str, str]:
    """Return a request in the order of the table; the ledger's is the alphabet's."""
    return {name: request[name] for name in FIELDS if name in request} | request


def _searched(case: Draft, _entry: Entry, person: Person | None) -> Changes:
    _by(person)
    return {"searches": case.searches + 1}


def _requested(case: Draft, entry: Entry, person: Person | None) -> Changes:
    given = entry.details.get("clips")
    if not isinstance(given, list):
        raise InvalidDetails
    clips = []
    for one in given:
        if not isinstance(one, dict):
            raise InvalidDetails
        clips.append(
            CaseClip(
                id=_text(one, "clip"),
                passage=_passage(one),
                state=ClipState.REQUESTED,
                asked_by=_by(person),
                asked_at=entry.at,
                overwritten_at=_time_or_none(one, "overwritten_at"),
            )
        )
    return {**_VOID, **_clips(case, (*case.clips, *clips))}


# What is another release than before is approved by nobody yet.
_VOID: Mapping[str, Any] = {"approval": None, "approvals": {}}


def _registered(case: Draft, entry: Entry, person: Person | None) -> Changes:
    details = entry.details
    sha256, offset, origin = (details.get(name) for name in ("sha256", "clock_offset", "origin"))
    clip = CaseClip(
        id=_text(details, "clip"),
        passage=_passage(details),
        state=ClipState.SEALED,
        asked_by=_by(person),
        asked_at=entry.at,
        by_hand=ManualCollection(
            witness=_person(details, "witness"),
            medium=_text(details, "medium"),
            serial=_text(details, "serial"),
            sha256=None if sha256 is None else _text(details, "sha256"),
            clock_offset=None if offset is None else _number(details, "clock_offset"),
            note=_text(details, "note"),
            network=Network(_text(details, "network")),
            digest=entry.hash if sha256 is None else _text(details, "sha256"),
        ),
        origin=origin if isinstance(origin, dict) else {},
    )
    if any(clip.id == other.id for other in case.clips):
        raise InvalidDetails
    changes: Changes = {**_VOID, **_clips(case, (*case.clips, clip))}
    if case.state is CaseState.APPROVED:
        # Nothing has to be fetched, but what was approved was less.
        changes.setdefault("state", CaseState.PRESERVED)
    return changes


def _passage(details: Mapping[str, Json]) -> Passage:
    return Passage(
        camera=_text(details, "camera"),
        camera_name=_text(details, "camera_name"),
        start=_time(details, "start"),
        end=_time(details, "end"),
    )


def _clips(case: Draft, clips: tuple[CaseClip, ...]) -> Changes:
    """Return a case's new clips, and the state that follows from them while nothing was decided."""
    changes: Changes = {"clips": clips}
    states = {clip.state for clip in clips}
    if ClipState.REQUESTED in states or ClipState.FAILED in states:
        # An approval was of other clips.
        if case.state in {CaseState.PRESERVED, CaseState.APPROVED}:
            changes |= {"state": CaseState.RECEIVED, **_VOID}
    elif case.state in {CaseState.RECEIVED, CaseState.PRESERVED}:
        sealed = ClipState.SEALED in states
        changes["state"] = CaseState.PRESERVED if sealed else CaseState.RECEIVED
    return changes


def _changed_clip(case: Draft, entry: Entry, **fields: Any) -> tuple[CaseClip, ...]:
    """Return the case's clips with the one that the entry names changed."""
    named = _text(entry.details, "clip")
    if all(clip.id != named for clip in case.clips):
        raise InvalidDetails
    return tuple(replace(clip, **fields) if clip.id == named else clip for clip in case.clips)


def _sealed(case: Draft, entry: Entry, _person: Person | None) -> Changes:
    sealed = SealedClip.from_json(entry.details.get("sealed"))
    origin = entry.details.get("origin")
    return _clips(
        case,
        _changed_clip(
            case,
            entry,
            state=ClipState.SEALED,
            sealed=sealed,
            origin=origin if isinstance(origin, dict) else {},
            error=None,
        ),
    )


def _copied(case: Draft, entry: Entry, _person: Person | None) -> Changes:
    named = _text(entry.details, "clip")
    sealed = next((clip.sealed for clip in case.clips if clip.id == named), None)
    if sealed is None:
        raise InvalidDetails
    copy = ClipFile.from_json(entry.details.get("file"))
    return {"clips": _changed_clip(case, entry, sealed=replace(sealed, viewing_copy=copy))}


def _failed(case: Draft, entry: Entry, _person: Person | None) -> Changes:
    error = _text(entry.details, "error")
    final = entry.details.get("final")
    if not isinstance(final, bool):
        raise InvalidDetails
    named = _text(entry.details, "clip")
    attempts = next((clip.attempts for clip in case.clips if clip.id == named), 0) + 1
    fields: dict[str, Any] = {"error": error, "attempts": attempts, "failed_at": entry.at}
    if final:
        fields["state"] = ClipState.FAILED
    return _clips(case, _changed_clip(case, entry, **fields))


def _cancelled(case: Draft, entry: Entry, _person: Person | None) -> Changes:
    clips = _changed_clip(case, entry, state=ClipState.CANCELLED)
    changes = _clips(case, clips)
    if _chosen(clips, case.choice) != _chosen(case.clips, case.choice):
        # Taken by hand, and withdrawn: what is left is another release, which nobody approved as a whole.
        changes |= _VOID
    return changes


def _cut_short(case: Draft, entry: Entry, person: Person | None) -> Changes:
    cut_short = CutShort(by=_by(person), at=entry.at)
    return {"clips": _changed_clip(case, entry, cut_short=cut_short)}


def _divided(case: Draft, entry: Entry, _person: Person | None) -> Changes:
    """Let a clip end where its camera changed the codec, and make a clip of the rest."""
    named, new, at = (
        _text(entry.details, "clip"),
        _text(entry.details, "rest"),
        _time(entry.details, "at"),
    )
    whole = next((clip for clip in case.clips if clip.id == named), None)
    if whole is None or any(clip.id == new for clip in case.clips):
        raise InvalidDetails
    passage = whole.passage
    if not passage.start < at < passage.end:
        raise InvalidDetails
    rest = CaseClip(
        id=new,
        passage=replace(passage, start=at),
        state=ClipState.REQUESTED,
        asked_by=whole.asked_by,
        asked_at=whole.asked_at,
        overwritten_at=whole.overwritten_at,
        rest_of=whole.rest_of or whole.id,
    )
    first = _changed_clip(
        case,
        entry,
        passage=replace(passage, end=at),
        asked_end=whole.asked_end or passage.end,
    )
    return _clips(case, (*first, rest))


def _approved(case: Draft, entry: Entry, person: Person | None) -> Changes:
    """Take the approval of all at once; an earlier version named no proposal."""
    named = entry.details.get("decision")
    if named is not None and (case.decision is None or named != case.decision.digest):
        raise InvalidDetails
    approval = Approval(
        by=_by(person),
        at=entry.at,
        note=_text(entry.details, "note"),
        clips=_texts(entry.details, "clips"),
        decision=None if named is None else _text(entry.details, "decision"),
    )
    approvals = {
        item: ItemApproval(by=approval.by, at=approval.at, digest=digest)
        for item, digest in approval.clips.items()
    }
    return {"state": CaseState.APPROVED, "approval": approval, "approvals": approvals}


def _item_approved(case: Draft, entry: Entry, person: Person | None) -> Changes:
    """Take the approval of one clip or cut; with the last of them everything is approved."""
    named, note = _text(entry.details, "item"), _text(entry.details, "note")
    approval = ItemApproval(by=_by(person), at=entry.at, digest=_text(entry.details, "sha256"))
    changes: Changes = {"approvals": {**case.approvals, named: approval}}
    if (whole := _whole(_chosen(case.clips, case.choice), changes["approvals"], note)) is None:
        return changes
    return {**changes, "approval": whole, "state": CaseState.APPROVED}


def _chosen(clips: tuple[CaseClip, ...], choice: Choice | None) -> dict[str, str]:
    """Return what is to be released, with what an approval of each names (`Case.chosen`)."""
    return {
        item.id: item.digest
        for clip in clips
        for item in (clip.items if choice is not None else clip.items[:1])
        if item.state is ClipState.SEALED
        and item.digest is not None
        and (choice is None or item.id in choice.items)
    }


def _whole(
    chosen: Mapping[str, str], approvals: Mapping[str, ItemApproval], note: str
) -> Approval | None:
    """Return the approval of all that is chosen, which the last one completes; None while one is missing."""
    if not chosen or any(
        (known := approvals.get(item)) is None or known.digest != digest
        for item, digest in chosen.items()
    ):
        return None
    last = max((approvals[item] for item in chosen), key=lambda one: one.at)
    return Approval(by=last.by, at=last.at, note=note, clips=chosen)


def _release_chosen(case: Draft, entry: Entry, person: Person | None) -> Changes:
    """Take another choice: what was approved of it stays approved, what is new in it is not, and no package holds."""
    items = entry.details.get("items")
    if not isinstance(items, list) or not all(isinstance(one, str) for one in items):
        raise InvalidDetails
    choice = Choice(by=_by(person), at=entry.at, items=tuple(str(one) for one in items))
    before = _chosen(case.clips, case.choice)
    chosen = _chosen(case.clips, choice)
    if chosen == before:
        return {"choice": choice}
    approvals = {
        item: approval
        for item, approval in case.approvals.items()
        if chosen.get(item) == approval.digest
    }
    changes: Changes = {"choice": choice, "approvals": approvals}
    if case.state in {CaseState.PRESERVED, CaseState.APPROVED, CaseState.RELEASED}:
        note = "" if case.approval is None else case.approval.note
        whole = _whole(chosen, approvals, note)
        changes |= {
            "approval": whole,
            "state": CaseState.PRESERVED if whole is None else CaseState.APPROVED,
            "release": None,
        }
    return changes


def _proposed(case: Draft, entry: Entry, person: Person | None) -> Changes:
    """Take how the request is to be answered in the place of what was chosen, proposed, approved or packed before."""
    details = entry.details
    grounds = details.get("grounds")
    if not isinstance(grounds, list):
        raise InvalidDetails
    decision = Decision(
        by=_by(person),
        at=entry.at,
        outcome=Decided(_text(details, "outcome")),
        way=None if details.get("way") is None else Way(_text(details, "way")),
        items=_texts(details, "items"),
        grounds=tuple(Ground(str(one)) for one in grounds),
        reasons=_text(details, "reasons"),
        digest=entry.hash,
    )
    if (decision.way is not None) is not decision.outcome.discloses:
        raise InvalidDetails
    choice = Choice(by=decision.by, at=decision.at, items=tuple(decision.items))
    changes: Changes = {"decision": decision, "choice": choice, **_VOID, "release": None}
    if case.state in {CaseState.APPROVED, CaseState.RELEASED}:
        sealed = any(clip.state is ClipState.SEALED for clip in case.clips)
        changes["state"] = CaseState.PRESERVED if sealed else CaseState.RECEIVED
    return changes


def _changed_item(
    clips: tuple[CaseClip, ...], named: str, change: Callable[[Item], Item]
) -> tuple[CaseClip, ...]:
    """Return a case's clips with one of them, or one of their cuts, changed; raises InvalidDetails where there is none."""
    found = False
    changed: list[CaseClip] = []
    for clip in clips:
        if clip.id == named:
            found, one = True, change(clip)
            assert isinstance(one, CaseClip)
            changed.append(one)
            continue
        parts = tuple(change(part) if part.id == named else part for part in clip.items[1:])
        found = found or any(part.id == named for part in parts)
        changed.append(_with_parts(clip, parts))
    if not found:
        raise InvalidDetails
    return tuple(changed)


def _with_parts(clip: CaseClip, parts: Iterable[Item]) -> CaseClip:
    """Return a clip with these parts in the place of its own."""
    kept = tuple(parts)
    return replace(
        clip,
        cuts=tuple(part for part in kept if isinstance(part, CaseCut)),
        masks=tuple(part for part in kept if isinstance(part, CaseMask)),
    )


def _with_states(clip: CaseClip, change: Callable[[ClipState], ClipState]) -> CaseClip:
    """Return a clip of whose parts the state is changed."""
    return _with_parts(clip, (replace(part, state=change(part.state)) for part in clip.items[1:]))


def _cut_requested(case: Draft, entry: Entry, person: Person | None) -> Changes:
    anew = entry.details.get("encode_anew")
    named, cut_id = _text(entry.details, "clip"), _text(entry.details, "cut_id")
    known = next((clip for clip in case.clips if clip.id == named), None)
    if not isinstance(anew, bool) or known is None or any(cut.id == cut_id for cut in known.cuts):
        raise InvalidDetails
    cut = CaseCut(
        id=cut_id,
        clip_id=named,
        start=_time(entry.details, "start"),
        end=_time(entry.details, "end"),
        encode_anew=anew,
        state=ClipState.REQUESTED,
        asked_by=_by(person),
        asked_at=entry.at,
    )
    return {"clips": _changed_clip(case, entry, cuts=(*known.cuts, cut))}


def _changed_cut(case: Draft, entry: Entry, **fields: Any) -> Changes:
    """Return the change of a cut that is still to come."""

    def change(item: Item) -> Item:
        if not isinstance(item, CaseCut) or item.state is not ClipState.REQUESTED:
            raise InvalidDetails
        return replace(item, **fields)

    return {"clips": _changed_item(case.clips, _text(entry.details, "cut_id"), change)}


def _cut_sealed(case: Draft, entry: Entry, _person: Person | None) -> Changes:
    sealed = SealedCut.from_json(entry.details.get("sealed"))
    return _changed_cut(case, entry, state=ClipState.SEALED, sealed=sealed, error=None)


def _cut_failed(case: Draft, entry: Entry, _person: Person | None) -> Changes:
    return _changed_cut(case, entry, state=ClipState.FAILED, error=_text(entry.details, "error"))


def _cut_cancelled(case: Draft, entry: Entry, person: Person | None) -> Changes:
    _by(person)
    return _changed_cut(case, entry, state=ClipState.CANCELLED)


def _mask_requested(case: Draft, entry: Entry, person: Person | None) -> Changes:
    details = entry.details
    named, mask_id, marking = (
        _text(details, "clip"),
        _text(details, "mask_id"),
        details.get("marking"),
    )
    known = next((clip for clip in case.clips if clip.id == named), None)
    if known is None or any(mask.id == mask_id for mask in known.masks):
        raise InvalidDetails
    match details.get("passage_us"):
        case [int(start), int(end)]:
            passage = MaskPassage(start, end)
        case _:
            raise InvalidDetails
    mask = CaseMask(
        id=mask_id,
        clip_id=named,
        passage=passage,
        track_sha256=_text(details, "track_sha256"),
        fill=Fill.from_json(details.get("fill")),
        marking=None if marking is None else Marking(_text(details, "marking")),
        state=ClipState.REQUESTED,
        asked_by=_by(person),
        asked_at=entry.at,
        drawn_by=_people(details, "drawn_by"),
    )
    return {"clips": _changed_clip(case, entry, masks=(*known.masks, mask))}


def _changed_mask(case: Draft, entry: Entry, **fields: Any) -> Changes:
    """Return the change of a masked clip that is still to come."""

    def change(item: Item) -> Item:
        if not isinstance(item, CaseMask) or item.state is not ClipState.REQUESTED:
            raise InvalidDetails
        return replace(item, **fields)

    return {"clips": _changed_item(case.clips, _text(entry.details, "mask_id"), change)}


def _mask_sealed(case: Draft, entry: Entry, _person: Person | None) -> Changes:
    sealed = SealedMask.from_json(entry.details.get("sealed"))
    return _changed_mask(case, entry, state=ClipState.SEALED, sealed=sealed)


def _mask_failed(case: Draft, entry: Entry, _person: Person | None) -> Changes:
    return _changed_mask(
        case,
        entry,
        state=ClipState.FAILED,
        error=_text(entry.details, "error"),
        error_placeholders=_texts(entry.details, "placeholders"),
    )


def _mask_cancelled(case: Draft, entry: Entry, person: Person | None) -> Changes:
    _by(person)
    return _changed_mask(case, entry, state=ClipState.CANCELLED)


def _withdrawal_requested(case: Draft, entry: Entry, person: Person | None) -> Changes:
    withdrawal = Withdrawal(by=_by(person), at=entry.at)

    def change(item: Item) -> Item:
        return replace(item, withdrawal=withdrawal)

    return {"clips": _changed_item(case.clips, _text(entry.details, "item"), change)}


def _withdrawal_declined(case: Draft, entry: Entry, person: Person | None) -> Changes:
    _by(person)

    def change(item: Item) -> Item:
        return replace(item, withdrawal=None)

    return {"clips": _changed_item(case.clips, _text(entry.details, "item"), change)}


def _withdrawn(case: Draft, entry: Entry, person: Person | None) -> Changes:
    """Take an item out of the case, and the cuts of a clip with it; a release that it was in is void."""
    _by(person)
    before = _chosen(case.clips, case.choice)

    def change(item: Item) -> Item:
        out = replace(item, state=ClipState.WITHDRAWN)
        return _with_states(out, _out_with_clip) if isinstance(out, CaseClip) else out

    clips = _changed_item(case.clips, _text(entry.details, "item"), change)
    changes = _clips(case, clips)
    if _chosen(clips, case.choice) == before:
        return changes
    changes |= {**_VOID, "release": None}
    if case.state in {CaseState.APPROVED, CaseState.RELEASED}:
        sealed = any(clip.state is ClipState.SEALED for clip in clips)
        changes["state"] = CaseState.PRESERVED if sealed else CaseState.RECEIVED
    return changes


def _out_with_clip(state: ClipState) -> ClipState:
    """Return where a cut or a masked part is whose clip is withdrawn."""
    match state:
        case ClipState.SEALED:
            return ClipState.WITHDRAWN
        case ClipState.REQUESTED:
            return ClipState.CANCELLED
    return state


def _ended(case: Draft, state: CaseState) -> Changes:
    """Return an end of the case: nothing is fetched for it any more."""
    clips = tuple(
        replace(_with_states(clip, _given_up), state=_given_up(clip.state)) for clip in case.clips
    )
    return {"state": state, "clips": clips}


def _given_up(state: ClipState) -> ClipState:
    return ClipState.CANCELLED if state is ClipState.REQUESTED else state


def _rejected(case: Draft, entry: Entry, person: Person | None) -> Changes:
    rejection = Rejection(by=_by(person), at=entry.at, reason=_text(entry.details, "reason"))
    return {"rejection": rejection, **_ended(case, CaseState.REJECTED)}


def _released(_case: Draft, entry: Entry, person: Person | None) -> Changes:
    encrypted = entry.details.get("encrypted")
    if not isinstance(encrypted, bool):
        raise InvalidDetails
    release = Release(
        by=_by(person),
        at=entry.at,
        package=ClipFile.from_json(entry.details.get("package")),
        encrypted=encrypted,
    )
    return {"state": CaseState.RELEASED, "release": release}


def _downloaded(case: Draft, _entry: Entry, _person: Person | None) -> Changes:
    release = case.release
    return {
        "downloads": case.downloads + 1,
        "release": None if release is None else replace(release, downloaded=True),
    }


def _shown(case: Draft, entry: Entry, person: Person | None) -> Changes:
    details = entry.details
    showing = Showing(
        number=entry.number,
        by=_by(person),
        at=entry.at,
        item=_text(details, "item"),
        shown_to=ShownTo(_text(details, "shown_to")),
        present=_text(details, "present"),
    )
    return {"showings": (*case.showings, showing)}


def _showing_ended(case: Draft, entry: Entry, _person: Person | None) -> Changes:
    """Take what was served of a showing; one that the case does not know, or that ended, stays as it is."""
    number, served = entry.details.get("showing"), entry.details.get("served")
    if not isinstance(served, list):
        raise InvalidDetails
    spans = tuple(_span_of(one) for one in served)
    if not any(one.number == number and one.ended_at is None for one in case.showings):
        raise InvalidDetails
    return {
        "showings": tuple(
            replace(one, ended_at=entry.at, served=spans) if one.number == number else one
            for one in case.showings
        )
    }


def _span_of(value: Json) -> tuple[datetime, datetime]:
    if not isinstance(value, dict):
        raise InvalidDetails
    return _time(value, "start"), _time(value, "end")


def _handed_over(case: Draft, entry: Entry, person: Person | None) -> Changes:
    handover = Handover(
        by=_by(person),
        at=entry.at,
        recipient=_text(entry.details, "recipient"),
        medium=_text(entry.details, "medium"),
        serial=_text(entry.details, "serial"),
    )
    # A further copy is approved again.
    return {"handover": handover, "approvals": {}, **_ended(case, CaseState.HANDED_OVER)}


def _concluded(case: Draft, entry: Entry, person: Person | None) -> Changes:
    conclusion = Conclusion(
        by=_by(person),
        at=entry.at,
        outcome=Outcome(_text(entry.details, "outcome")),
        reasons=_text(entry.details, "reasons"),
    )
    return {"conclusion": conclusion, **_ended(case, CaseState.CONCLUDED)}


def _purged(case: Draft, _entry: Entry, _person: Person | None) -> Changes:
    return _ended(case, CaseState.PURGED)


def _asked_about(case: Draft, entry: Entry, _person: Person | None) -> Changes:
    return {"questions": case.questions + 1, "asked_about_at": entry.at}


def _kept_open(_case: Draft, _entry: Entry, person: Person | None) -> Changes:
    _by(person)
    return {}


def _expired(case: Draft, _entry: Entry, _person: Person | None) -> Changes:
    return _ended(case, CaseState.EXPIRED)


def _binned(_case: Draft, entry: Entry, _person: Person | None) -> Changes:
    return {"binned_until": _time(entry.details, "until")}


def _restored(case: Draft, _entry: Entry, person: Person | None) -> Changes:
    _by(person)
    changes: Changes = {"binned_until": None}
    if case.state is CaseState.EXPIRED:
        # Whoever takes it up again has it approved again.
        sealed = any(clip.state is ClipState.SEALED for clip in case.clips)
        state = CaseState.PRESERVED if sealed else CaseState.RECEIVED
        changes |= {"state": state, **_VOID}
    return changes


def _removed(case: Draft, entry: Entry, _person: Person | None) -> Changes:
    clips = tuple(
        replace(
            _with_states(clip, _gone),
            state=clip.state if clip.by_hand is not None else _gone(clip.state),
        )
        for clip in case.clips
    )
    changes: Changes = {"clips": clips, "binned_until": None, "files_removed_at": entry.at}
    # How a case ended otherwise is told by its state still.
    if case.state in {CaseState.HANDED_OVER, CaseState.CONCLUDED}:
        changes["state"] = CaseState.PURGED
    return changes


def _gone(state: ClipState) -> ClipState:
    return ClipState.REMOVED if state is ClipState.SEALED else state


def _at_risk(case: Draft, entry: Entry, _person: Person | None) -> Changes:
    hours = entry.details.get("hours")
    if not isinstance(hours, int):
        raise InvalidDetails
    named = _text(entry.details, "clip")
    raised = next((clip.alarms for clip in case.clips if clip.id == named), frozenset[int]())
    return {
        "clips": _changed_clip(
            case,
            entry,
            alarms=raised | {hours},
            overwritten_at=_time(entry.details, "overwritten_at"),
        )
    }


def _told(_case: Draft, _entry: Entry, _person: Person | None) -> Changes:
    """Keep in the history what changes nothing."""
    return {}


_EFFECTS: Mapping[LedgerAction, Effect] = {
    LedgerAction.SEARCH_MADE: _searched,
    LedgerAction.CLIP_REQUESTED: _requested,
    LedgerAction.FOOTAGE_REGISTERED: _registered,
    LedgerAction.CLIP_SEALED: _sealed,
    LedgerAction.VIEWING_COPY_MADE: _copied,
    LedgerAction.CLIP_FAILED: _failed,
    LedgerAction.CLIP_CANCELLED: _cancelled,
    LedgerAction.CLIP_CUT_SHORT: _cut_short,
    LedgerAction.CLIP_DIVIDED: _divided,
    LedgerAction.CLIP_CUT_REQUESTED: _cut_requested,
    LedgerAction.CLIP_CUT_SEALED: _cut_sealed,
    LedgerAction.CLIP_CUT_FAILED: _cut_failed,
    LedgerAction.CLIP_CUT_CANCELLED: _cut_cancelled,
    LedgerAction.CLIP_MASK_REQUESTED: _mask_requested,
    LedgerAction.CLIP_MASK_SEALED: _mask_sealed,
    LedgerAction.CLIP_MASK_FAILED: _mask_failed,
    LedgerAction.CLIP_MASK_CANCELLED: _mask_cancelled,
    LedgerAction.CLIP_WITHDRAWAL_REQUESTED: _withdrawal_requested,
    LedgerAction.CLIP_WITHDRAWAL_DECLINED: _withdrawal_declined,
    LedgerAction.CLIP_WITHDRAWN: _withdrawn,
    LedgerAction.RELEASE_CHOSEN: _release_chosen,
    LedgerAction.DECISION_PROPOSED: _proposed,
    LedgerAction.ITEM_APPROVED: _item_approved,
    LedgerAction.CASE_APPROVED: _approved,
    LedgerAction.CASE_REJECTED: _rejected,
    LedgerAction.SHOWN_AT_COUNTER: _shown,
    LedgerAction.COUNTER_SHOWING_ENDED: _showing_ended,
    LedgerAction.CASE_RELEASED: _released,
    LedgerAction.DOWNLOAD_BEGUN: _told,
    LedgerAction.PACKAGE_DOWNLOADED: _downloaded,
    LedgerAction.CASE_HANDED_OVER: _handed_over,
    LedgerAction.CASE_CONCLUDED: _concluded,
    LedgerAction.CASE_PURGED: _purged,
    LedgerAction.CASE_ASKED_ABOUT: _asked_about,
    LedgerAction.CASE_KEPT_OPEN: _kept_open,
    LedgerAction.CASE_EXPIRED: _expired,
    LedgerAction.FILES_BINNED: _binned,
    LedgerAction.FILES_RESTORED: _restored,
    LedgerAction.FILES_REMOVED: _removed,
    LedgerAction.FOOTAGE_AT_RISK: _at_risk,
    LedgerAction.REFUSED: _told,
}
# Each with its own name again: a hundred thousand steps then hold one text each, not a hundred thousand.
_NAMED: Mapping[str, tuple[str, Effect]] = {
    action.value: (action.value, effect) for action, effect in _EFFECTS.items()
}

# What moves a case on; a refusal, a failure, an alarm, a copy and a question do not put its deadlines off.
_STEPS = _EFFECTS.keys() - {
    LedgerAction.CASE_ASKED_ABOUT,
    LedgerAction.CLIP_CUT_FAILED,
    LedgerAction.CLIP_FAILED,
    LedgerAction.CLIP_MASK_FAILED,
    LedgerAction.COUNTER_SHOWING_ENDED,
    LedgerAction.FILES_BINNED,
    LedgerAction.FILES_REMOVED,
    LedgerAction.FOOTAGE_AT_RISK,
    LedgerAction.REFUSED,
    LedgerAction.VIEWING_COPY_MADE,
}

# All that a case is made of.
ACTIONS = frozenset({LedgerAction.CASE_CREATED, *_EFFECTS})
