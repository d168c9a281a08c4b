"""What may be done to a case when, and by whom of those who have the permission (`access/permissions.py`).

Asking and approving are two different people, and so are approving and releasing; with that, no footage leaves by
the will of one person, whatever roles somebody holds at once.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from ..access.errors import (
    CaseError,
    CaseUnknown,
    FieldsInvalid,
    MaskingNeeded,
    NotAllowed,
    WrongState,
)
from ..access.model import Actor
from ..access.permissions import Permission, may
from ..footage.masking.burn_in import Marking
from ..footage.masking.fill import Fill
from ..footage.masking.source import Passage as MaskPassage
from ..footage.watched import Watched
from ..ledger.model import Person
from .fields import MAX_CLIPS
from .kinds import KINDS
from .model import (
    OPEN,
    Case,
    CaseClip,
    CaseMask,
    CaseState,
    ClipState,
    Decided,
    Decision,
    Ground,
    Item,
    Outcome,
    Way,
)


@dataclass(frozen=True, kw_only=True)
class StateRule:
    """In which states of a case something can be done."""

    states: frozenset[CaseState]
    # The message that says what comes first.
    otherwise: str


_ENDED = frozenset(
    {CaseState.HANDED_OVER, CaseState.CONCLUDED, CaseState.REJECTED, CaseState.EXPIRED}
)
_TAKES_CLIPS = StateRule(states=OPEN - {CaseState.RELEASED}, otherwise="case_takes_no_clips")
_OPEN = StateRule(states=OPEN, otherwise="case_ended")
_RELEASED = StateRule(states=frozenset({CaseState.RELEASED}), otherwise="case_not_released")

# What is not here needs no case, or leaves it where it is.
STATES: Mapping[Permission, StateRule] = MappingProxyType(
    {
        # In an ended case a search would put off the removal of its footage.
        Permission.SEARCH: _OPEN,
        Permission.REQUEST_CLIPS: _TAKES_CLIPS,
        Permission.REGISTER_FOOTAGE: _TAKES_CLIPS,
        # Cuts are given up in any open case; of clips `check_cancel` asks for more.
        Permission.CANCEL_CLIP: StateRule(states=OPEN, otherwise=_TAKES_CLIPS.otherwise),
        Permission.CUT_CLIP: _OPEN,
        Permission.MASK_CLIP: _OPEN,
        Permission.WITHDRAW_CLIP: _OPEN,
        # Of a case that was handed over, for a further copy.
        Permission.CHOOSE_FOR_RELEASE: StateRule(
            states=OPEN | {CaseState.HANDED_OVER}, otherwise="case_ended"
        ),
        Permission.PROPOSE_DECISION: _OPEN,
        Permission.SEAL_EARLY: _TAKES_CLIPS,
        # A received case has nothing sealed yet (only a refusal is approved so); one that was handed over may be
        # approved for a further copy.
        Permission.APPROVE: StateRule(
            states=frozenset({CaseState.RECEIVED, CaseState.PRESERVED, CaseState.HANDED_OVER}),
            otherwise="case_not_to_approve",
        ),
        Permission.REJECT: _OPEN,
        Permission.SHOW_AT_COUNTER: StateRule(
            states=frozenset({CaseState.APPROVED}), otherwise="case_not_approved"
        ),
        # Until the hand-over the package may be made again, as for a lost link.
        Permission.RELEASE: StateRule(
            states=frozenset({CaseState.APPROVED, CaseState.RELEASED}),
            otherwise="case_not_approved",
        ),
        Permission.DOWNLOAD: _RELEASED,
        # What was taken by hand only leaves without a package: `check_hand_over`.
        Permission.HAND_OVER: _RELEASED,
        Permission.CONCLUDE: _OPEN,
        Permission.KEEP_OPEN: _OPEN,
        Permission.PURGE: StateRule(states=_ENDED, otherwise="case_not_ended"),
    }
)


def check_state(case: Case, permission: Permission) -> None:
    """Raise WrongState unless the case is where this can be done."""
    rule = STATES.get(permission)
    if rule is not None and case.state not in rule.states:
        raise WrongState(rule.otherwise, {"case": case.id})


def check_cancel(case: Case, clip: Item) -> None:
    """Raise WrongState unless the clip is still to come, was given up, or was registered by hand and not approved.

    Of cuts and masked parts it is those that are still to come.
    """
    check_state(case, Permission.CANCEL_CLIP)
    if not isinstance(clip, CaseClip):
        if clip.state is not ClipState.REQUESTED:
            raise WrongState("clip_not_pending", {"clip": clip.id})
        return
    if case.state not in _TAKES_CLIPS.states:
        raise WrongState(_TAKES_CLIPS.otherwise, {"case": case.id})
    if clip.by_hand is not None and clip.state is ClipState.SEALED:
        if case.state is CaseState.APPROVED:
            raise WrongState("by_hand_approved", {"case": case.id, "clip": clip.id})
    elif clip.state not in {ClipState.REQUESTED, ClipState.FAILED}:
        raise WrongState("clip_not_pending", {"clip": clip.id})


def _check_approved_nothing(case: Case, person: Person) -> None:
    """Raise NotAllowed for who approved what is to be released, or that nothing is: they ask for nothing besides."""
    approvals = {approval.by.id for approval in case.approvals.values()}
    # A refusal is approved without any item.
    decided = {case.approval.by.id} if case.decision and case.approval else set()
    if person.id in approvals | decided:
        raise NotAllowed("not_allowed_own_approval", {"case": case.id})


def check_cut(
    case: Case, clip: CaseClip, person: Person, start: datetime, end: datetime, *, encode_anew: bool
) -> None:
    """Raise unless this person may have a cut from `start` to before `end` made; `lib/footage/cut.py` looks closer."""
    check_state(case, Permission.CUT_CLIP)
    _check_approved_nothing(case, person)
    _check_sealed_here(case, clip)
    assert clip.sealed is not None
    if end <= start:
        raise FieldsInvalid("cut_backwards", {"clip": clip.id})
    if end <= clip.sealed.first_picture or start > clip.sealed.last_picture:
        raise FieldsInvalid("cut_outside_clip", {"clip": clip.id})
    if len(clip.cuts) >= MAX_CLIPS:
        raise FieldsInvalid("too_many_cuts", {"clip": clip.id, "limit": str(MAX_CLIPS)})
    asked = {ClipState.REQUESTED, ClipState.SEALED}
    if any(
        (cut.start, cut.end, cut.encode_anew) == (start, end, encode_anew)
        for cut in clip.cuts
        if cut.state in asked
    ):
        raise FieldsInvalid("cut_asked_already", {"clip": clip.id})


def check_mask(case: Case, clip: CaseClip, person: Person) -> None:
    """Raise unless this person may draw a track for the clip, and have it proposed and tried."""
    check_state(case, Permission.MASK_CLIP)
    _check_approved_nothing(case, person)
    _check_sealed_here(case, clip)


def check_render(case: Case, clip: CaseClip, person: Person, asked: MaskAsked) -> None:
    """Raise unless this person may have a masked part of the clip made so; `check_mask` says the rest."""
    check_mask(case, clip, person)
    if len(clip.masks) >= MAX_CLIPS:
        raise FieldsInvalid("too_many_masks", {"clip": clip.id, "limit": str(MAX_CLIPS)})
    if any(
        MaskAsked.of(mask) == asked
        for mask in clip.masks
        if mask.state in {ClipState.REQUESTED, ClipState.SEALED}
    ):
        raise FieldsInvalid("mask_asked_already", {"clip": clip.id})


@dataclass(frozen=True, kw_only=True, slots=True)
class MaskAsked:
    """What of a clip is to be masked, by which track, and how the rest looks."""

    passage: MaskPassage
    track_sha256: str
    fill: Fill
    marking: Marking | None

    @classmethod
    def of(cls, mask: CaseMask) -> Self:
        """Return what a masked part was asked for with."""
        return cls(
            passage=mask.passage,
            track_sha256=mask.track_sha256,
            fill=mask.fill,
            marking=mask.marking,
        )


def _check_sealed_here(case: Case, clip: CaseClip) -> None:
    """Raise WrongState unless the clip's file lies here."""
    if case.binned_until is not None:
        raise WrongState("footage_in_bin", {"case": case.id})
    if clip.by_hand is not None:
        raise WrongState("clip_by_hand", {"clip": clip.id, "medium": clip.by_hand.medium})
    if clip.state is not ClipState.SEALED or clip.sealed is None:
        raise WrongState("clip_not_sealed", {"clip": clip.id})
    _check_not_leaving(case, clip)


def _check_not_leaving(case: Case, *items: Item) -> None:
    """Raise WrongState for what somebody wants out of the case: first another person decides about that.

    What was made of a clip goes out with it.
    """
    leaving = {
        clip.id
        for clip in case.items
        if clip.withdrawal is not None and clip.state is ClipState.SEALED
    }
    for item in items:
        named = {item.id} if isinstance(item, CaseClip) else {item.id, item.clip_id}
        if found := named & leaving:
            raise WrongState("withdrawal_pending", {"clip": min(found)})


class WithdrawalStep(StrEnum):
    """What is done about taking a sealed clip or cut out of its case."""

    REQUEST = "request"
    CONFIRM = "confirm"
    DECLINE = "decline"


def check_withdraw(case: Case, item: Item, person: Person, step: WithdrawalStep) -> None:
    """Raise unless this person may ask for the withdrawal, confirm what another asked for, or have it stay."""
    check_state(case, Permission.WITHDRAW_CLIP)
    if item.state is not ClipState.SEALED:
        raise WrongState("clip_not_sealed", {"clip": item.id})
    if step is WithdrawalStep.REQUEST:
        _check_not_leaving(case, item)
        return
    if item.withdrawal is None:
        raise WrongState("withdrawal_not_requested", {"clip": item.id})
    if step is WithdrawalStep.CONFIRM and item.withdrawal.by.id == person.id:
        raise NotAllowed("not_allowed_own_withdrawal", {"clip": item.id})


def withdrawal_steps(case: Case, item: Item, person: Person) -> tuple[WithdrawalStep, ...]:
    """Return what this person may do about withdrawing it now."""
    found = []
    for step in WithdrawalStep:
        with suppress(CaseError):
            check_withdraw(case, item, person, step)
            found.append(step)
    return tuple(found)


def check_choice(case: Case, named: Sequence[str]) -> tuple[str, ...]:
    """Return the clips, cuts and masked parts that are chosen for the release, in the case's order; raises unless each may be."""
    items = {item.id: item for item in case.items}
    for one in named:
        if (item := items.get(one)) is None:
            raise CaseUnknown("clip_unknown", {"clip": one})
        if item.state is not ClipState.SEALED:
            raise WrongState("clip_not_sealed", {"clip": one})
        _check_not_leaving(case, item)
    if not named:
        raise FieldsInvalid("nothing_chosen", {"case": case.id})
    return tuple(one for one in items if one in {*named})


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """How somebody wants a request to be answered; the reasons are a text, and `fields.py` looks at those."""

    outcome: Decided
    way: Way | None = None
    # Masked clips.
    items: tuple[str, ...] = ()
    grounds: tuple[Ground, ...] = ()

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """Return what was proposed."""
        return cls(
            outcome=decision.outcome,
            way=decision.way,
            items=tuple(decision.items),
            grounds=decision.grounds,
        )


def check_propose(case: Case, _person: Person) -> None:
    """Raise unless a decision may be proposed now."""
    if not KINDS[case.kind].decided_by_proposal:
        raise WrongState("decision_not_for_kind", {"case": case.id})
    check_state(case, Permission.PROPOSE_DECISION)
    _check_settled(case)


def check_proposal(case: Case, proposal: Proposal) -> Proposal:
    """Return a proposal in the order of the case and of the law; raises unless the request may be answered so."""
    outcome, named = proposal.outcome, {"case": case.id}
    if outcome.discloses:
        if proposal.way is None:
            raise FieldsInvalid("decision_needs_way", named)
        if not proposal.items:
            raise FieldsInvalid("decision_needs_items", named)
        if Ground.EXISTENCE in proposal.grounds:
            raise FieldsInvalid("decision_tells_existence", named)
    elif proposal.way is not None or proposal.items:
        raise FieldsInvalid("decision_discloses_nothing", named)
    if outcome.refuses and not proposal.grounds:
        raise FieldsInvalid("decision_needs_grounds", named)
    if proposal.grounds and not outcome.refuses:
        raise FieldsInvalid("decision_refuses_nothing", named)
    if outcome is Decided.NOTHING_FOUND:
        _check_nothing_found(case)
    items = check_choice(case, proposal.items) if proposal.items else ()
    if any(not isinstance(item, CaseMask) for item in case.items if item.id in items):
        raise MaskingNeeded("masking_needed", named)
    grounds = tuple(ground for ground in Ground if ground in proposal.grounds)
    return replace(proposal, items=items, grounds=grounds)


def check_decision(case: Case) -> Decision:
    """Return what was proposed last; raises WrongState where that is nothing, or what is not so any more."""
    if (decision := case.decision) is None:
        raise WrongState("decision_not_proposed", {"case": case.id})
    if decision.outcome is Decided.NOTHING_FOUND:
        _check_nothing_found(case)
    if dict(decision.items) != chosen_digests(case):
        raise WrongState("decision_outdated", {"case": case.id})
    return decision


def ends_by(outcome: Decided, way: Way | None) -> Outcome | None:
    """Return by what a case ends that was decided so; None: by the hand-over of a copy."""
    match outcome:
        case Decided.REFUSED:
            return Outcome.REFUSED
        case Decided.NOTHING_FOUND:
            return Outcome.NOTHING_FOUND
    return Outcome.SHOWN_IN_PERSON if way is Way.VIEW else None


def waits_for_approval(case: Case) -> bool:
    """Return whether it is somebody else's turn to approve: what is preserved, or what was proposed."""
    if not KINDS[case.kind].decided_by_proposal:
        return case.state is CaseState.PRESERVED
    if case.state not in {CaseState.RECEIVED, CaseState.PRESERVED}:
        return False
    with suppress(CaseError):
        _check_settled(case)
        check_decision(case)
        return True
    return False


def check_witness(person: Person, witness: Actor) -> Person:
    """Return the second person who was there; raises NotAllowed unless it is another one of the section's people.

    Whoever may see cases is one of them; a tablet is no person's own.
    """
    if witness.person is None or not may(witness, Permission.SEE_CASES):
        raise NotAllowed("second_person_unknown")
    if witness.person.id == person.id:
        raise NotAllowed("second_person_is_you")
    return witness.person


def check_decider(case: Case, person: Person) -> None:
    """Raise NotAllowed if the person asked for anything in the case, or was there when it was taken by hand."""
    if person.id in case.askers:
        raise NotAllowed("not_allowed_own_case", {"case": case.id})


def check_approve(case: Case, person: Person) -> None:
    """Raise unless this person may approve what the case holds now."""
    check_decider(case, person)
    check_state(case, Permission.APPROVE)
    _check_settled(case)
    if KINDS[case.kind].decided_by_proposal:
        check_decision(case)
        return
    if case.choice is not None and not case.chosen and case.sealed_clips:
        raise WrongState("nothing_chosen", {"case": case.id})
    if not case.sealed_clips:
        raise WrongState("nothing_preserved", {"case": case.id})


def _check_settled(case: Case) -> None:
    """Raise WrongState while something of the case is still to come or was given up, or its footage lies in the bin."""
    if case.binned_until is not None:
        raise WrongState("footage_in_bin", {"case": case.id})
    unsealed = [clip.id for clip in case.clips if clip.state is ClipState.REQUESTED]
    if unsealed:
        raise WrongState("clips_not_sealed", {"case": case.id, "clips": ", ".join(unsealed)})
    failed = [clip.id for clip in case.clips if clip.state is ClipState.FAILED]
    if failed:
        raise WrongState("clips_failed", {"case": case.id, "clips": ", ".join(failed)})


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What an approver looked at: a clip or a cut by its digest, and the hidden pictures that were named to them."""

    item: str
    digest: str
    hidden: int = 0


def check_seen(case: Case, seen: Sequence[Seen], decision: str | None = None) -> None:
    """Raise unless each of these is to be released, is as the approver saw it, and waits for approval.

    Each is a decision of its own, and nothing is approved that is not named. A proposal (`decision` is its digest) is
    approved with all that it discloses.
    """
    chosen = {item.id: item for item in case.chosen}
    if KINDS[case.kind].decided_by_proposal:
        if check_decision(case).digest != decision:
            raise WrongState("decision_changed", {"case": case.id})
        if {one.item for one in seen} != chosen.keys():
            raise WrongState("items_not_named", {"case": case.id})
    elif decision is not None:
        raise WrongState("decision_not_for_kind", {"case": case.id})
    if not seen and chosen:
        raise WrongState("items_not_named", {"case": case.id})
    for one in seen:
        item = chosen.get(one.item)
        if item is None or (item.digest, item.hidden) != (one.digest, one.hidden):
            raise WrongState("clips_changed", {"case": case.id})
        _check_not_leaving(case, item)
        if (known := case.approvals.get(one.item)) is not None and known.digest == one.digest:
            raise WrongState("item_approved_already", {"clip": one.item})
    if len({one.item for one in seen}) < len(seen):
        raise WrongState("clips_changed", {"case": case.id})


def check_watched(case: Case, seen: Sequence[Seen], watched: Mapping[str, Watched]) -> None:
    """Raise WrongState unless who approves a masked clip watched all of it, at a speed that shows every picture.

    By the word of their browser: nobody else can know. What one missed picture shows of somebody stays shown.
    """
    named = {one.item for one in seen}
    for item in case.chosen:
        if not isinstance(item, CaseMask) or item.id not in named:
            continue
        known = watched.get(item.id)
        missing = 1 if known is None else known.missing
        if missing:
            raise WrongState("mask_not_watched", {"clip": item.id, "seconds": str(missing)})


def check_reject(case: Case, person: Person) -> None:
    """Raise unless this person may end the case because it may not be answered."""
    check_decider(case, person)
    check_state(case, Permission.REJECT)


def check_show_at_counter(case: Case, person: Person, item: Item) -> CaseMask:
    """Return the masked clip if this person may show it at the counter now: another one approved exactly that, to be seen."""
    check_state(case, Permission.SHOW_AT_COUNTER)
    if case.binned_until is not None:
        raise WrongState("footage_in_bin", {"case": case.id})
    if not isinstance(item, CaseMask):
        raise MaskingNeeded("masking_needed", {"case": case.id})
    if item.state is not ClipState.SEALED:
        raise WrongState("clip_not_sealed", {"clip": item.id})
    if KINDS[case.kind].decided_by_proposal and _check_decided(case).way is not Way.VIEW:
        raise WrongState("decision_not_view", {"case": case.id})
    _check_approval(case, person)
    if item.id not in chosen_digests(case):
        raise WrongState("case_not_approved", {"case": case.id})
    return item


def may_show(case: Case, person: Person, item: Item) -> bool:
    """Return whether this person may show it at the counter now."""
    with suppress(CaseError):
        check_show_at_counter(case, person, item)
        return True
    return False


def _check_any_showing(case: Case, person: Person) -> None:
    check_state(case, Permission.SHOW_AT_COUNTER)
    for item in case.chosen:
        if isinstance(item, CaseMask):
            check_show_at_counter(case, person, item)
            return
    raise MaskingNeeded("masking_needed", {"case": case.id})


def check_release(case: Case, person: Person) -> None:
    """Raise unless this person may take the approved clips out now."""
    _check_may_leave(case, person)
    if case.only_by_hand:
        raise WrongState("nothing_to_pack", {"case": case.id})


def check_packed(case: Case, packed: Case) -> None:
    """Raise WrongState unless a package that was made of the case as it was is one of the case as it is.

    Whatever was chosen or approved meanwhile, its file holds and names what was chosen and approved before.
    """
    if chosen_digests(case) != chosen_digests(packed) or (case.choice, case.approvals) != (
        packed.choice,
        packed.approvals,
    ):
        raise WrongState("clips_changed", {"case": case.id})


def check_download(case: Case, _person: Person) -> None:
    """Raise unless the package may be fetched now."""
    check_state(case, Permission.DOWNLOAD)
    _check_not_leaving(case, *case.chosen)


def check_hand_over(case: Case, person: Person) -> None:
    """Raise unless this person may record now that the footage was handed over."""
    if not case.only_by_hand:
        check_state(case, Permission.HAND_OVER)
        # Until then nothing is on any medium.
        if case.release is None or not case.release.downloaded:
            raise WrongState("case_not_downloaded", {"case": case.id})
        _check_not_leaving(case, *case.chosen)
        return
    # There is no package whose release would have needed two people.
    _check_may_leave(case, person)


def _check_may_leave(case: Case, person: Person) -> None:
    """Raise unless the case's clips may leave as they are, by the will of this person and another."""
    rule, decision = KINDS[case.kind], case.decision
    if decision is not None and decision.way is not Way.COPY:
        raise WrongState("decision_not_copy", {"case": case.id})
    if not rule.may_release_unmasked and not _is_masked(case):
        raise MaskingNeeded("masking_needed", {"case": case.id})
    check_state(case, Permission.RELEASE)
    if rule.decided_by_proposal:
        _check_decided(case)
    _check_approval(case, person)


def _is_masked(case: Case) -> bool:
    """Return whether all that is to be released was masked; what nobody chose are the clips themselves."""
    return bool(case.chosen) and all(isinstance(item, CaseMask) for item in case.chosen)


def _check_decided(case: Case) -> Decision:
    """Return what two people decided; raises WrongState while it is only proposed, or not even that."""
    decision = check_decision(case)
    if case.decided is None:
        raise WrongState("decision_not_approved", {"case": case.id})
    return decision


def check_conclude(case: Case, person: Person, outcome: Outcome) -> None:
    """Raise unless the case may end by this outcome now."""
    check_state(case, Permission.CONCLUDE)
    rule = KINDS[case.kind]
    if outcome not in rule.outcomes:
        raise FieldsInvalid("outcome_not_for_kind", {"kind": rule.label})
    if rule.decided_by_proposal:
        decision = _check_decided(case)
        if ends_by(decision.outcome, decision.way) is not outcome:
            raise WrongState("outcome_not_decided", {"case": case.id})
        if outcome is Outcome.SHOWN_IN_PERSON and not _was_shown(case, decision):
            raise WrongState("outcome_needs_showing", {"case": case.id})
        _check_approval(case, person)
        return
    if outcome is Outcome.NOTHING_FOUND:
        _check_nothing_found(case)
        return
    if case.state not in {CaseState.APPROVED, CaseState.RELEASED}:
        raise WrongState("outcome_needs_approval", {"case": case.id})
    if not case.sealed_clips:
        raise WrongState("outcome_needs_clips", {"case": case.id})
    _check_approval(case, person)


def _was_shown(case: Case, decision: Decision) -> bool:
    """Return whether something of a decision was shown at the counter since."""
    return any(one.item in decision.items and one.at >= decision.at for one in case.showings)


def _check_nothing_found(case: Case) -> None:
    """Raise WrongState unless somebody looked, and nothing was there."""
    # Footage that was fetched is something found: not giving it is a refusal, and needs two people.
    if case.had_footage:
        raise WrongState("outcome_has_clips", {"case": case.id})
    if not case.was_searched:
        raise WrongState("outcome_needs_search", {"case": case.id})


def chosen_digests(case: Case) -> dict[str, str]:
    """Return the chosen clips and cuts by id with the digest of each: what is approved and released."""
    return {item.id: item.digest for item in case.chosen if item.digest is not None}


def _check_approval(case: Case, person: Person) -> None:
    """Raise unless somebody else approved exactly what is chosen now."""
    approval = case.approval
    if approval is None or dict(approval.clips) != chosen_digests(case):
        raise WrongState("case_not_approved", {"case": case.id})
    _check_not_leaving(case, *case.chosen)
    approvals = {approval.by.id for approval in case.approvals.values()}
    # A refusal is approved without any item.
    decided = {case.approval.by.id} if case.decision and case.approval else set()
    if person.id in approvals | decided:
        raise NotAllowed("not_allowed_own_approval", {"case": case.id})


def may_cancel(case: Case, clip: Item) -> bool:
    """Return whether a clip may be given up, or withdrawn, now."""
    with suppress(CaseError):
        check_cancel(case, clip)
        return True
    return False


def outcomes(case: Case, person: Person) -> tuple[Outcome, ...]:
    """Return by what the case may end now, at the will of this person."""
    found = []
    for outcome in Outcome:
        with suppress(CaseError):
            check_conclude(case, person, outcome)
            found.append(outcome)
    return tuple(found)


def _check_any_clip(case: Case, _person: Person) -> None:
    check_state(case, Permission.CANCEL_CLIP)
    if not any(may_cancel(case, item) for item in case.items):
        if case.state not in _TAKES_CLIPS.states:
            raise WrongState(_TAKES_CLIPS.otherwise, {"case": case.id})
        raise WrongState("clip_not_pending", {"clip": case.id})


def may_cut(case: Case, clip: CaseClip) -> bool:
    """Return whether a part of this clip may be asked for now."""
    with suppress(CaseError):
        check_state(case, Permission.CUT_CLIP)
        _check_sealed_here(case, clip)
        return True
    return False


def may_mask(case: Case, clip: CaseClip) -> bool:
    """Return whether a masked part of this clip may be asked for now."""
    with suppress(CaseError):
        check_state(case, Permission.MASK_CLIP)
        _check_sealed_here(case, clip)
        return True
    return False


def _check_any_cut(case: Case, person: Person) -> None:
    check_state(case, Permission.CUT_CLIP)
    _check_approved_nothing(case, person)
    if not any(may_cut(case, clip) for clip in case.clips):
        raise WrongState("nothing_preserved", {"case": case.id})


def _check_any_withdrawal(case: Case, person: Person) -> None:
    check_state(case, Permission.WITHDRAW_CLIP)
    if not any(withdrawal_steps(case, item, person) for item in case.items):
        raise WrongState("nothing_preserved", {"case": case.id})


def _check_any_choice(case: Case, person: Person) -> None:
    if KINDS[case.kind].decided_by_proposal:
        raise WrongState("choice_by_proposal", {"case": case.id})
    check_state(case, Permission.CHOOSE_FOR_RELEASE)
    _check_approved_nothing(case, person)
    if case.binned_until is not None:
        raise WrongState("footage_in_bin", {"case": case.id})
    if not any(item.state is ClipState.SEALED for item in case.items):
        raise WrongState("nothing_preserved", {"case": case.id})


def _check_any_outcome(case: Case, person: Person) -> None:
    """Raise unless there is an outcome, what speaks against the person before what speaks against the case."""
    errors: list[CaseError] = []
    for outcome in Outcome:
        try:
            check_conclude(case, person, outcome)
        except CaseError as err:
            errors.append(err)
        else:
            return
    kinds = (NotAllowed, WrongState, CaseError)
    raise next(error for kind in kinds for error in errors if isinstance(error, kind))


def _check_restore(case: Case, _person: Person) -> None:
    if case.binned_until is None:
        raise WrongState("footage_not_in_bin", {"case": case.id})


# What decides a step; what is not here is decided by the state alone.
_DECIDED_BY: Mapping[Permission, Callable[[Case, Person], None]] = MappingProxyType(
    {
        Permission.CANCEL_CLIP: _check_any_clip,
        Permission.CUT_CLIP: _check_any_cut,
        Permission.WITHDRAW_CLIP: _check_any_withdrawal,
        Permission.CHOOSE_FOR_RELEASE: _check_any_choice,
        Permission.PROPOSE_DECISION: check_propose,
        Permission.APPROVE: check_approve,
        Permission.REJECT: check_reject,
        Permission.SHOW_AT_COUNTER: _check_any_showing,
        Permission.RELEASE: check_release,
        Permission.DOWNLOAD: check_download,
        Permission.HAND_OVER: check_hand_over,
        Permission.CONCLUDE: _check_any_outcome,
        Permission.RESTORE: _check_restore,
    }
)


def check_step(case: Case, person: Person, step: Permission) -> None:
    """Raise unless this person, who has the permission, may take this step now: with some clip, by some outcome."""
    if (check := _DECIDED_BY.get(step)) is not None:
        check(case, person)
    else:
        check_state(case, step)
