"""How a request for disclosure is answered: proposed by one person, approved by another, and then nothing else."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from custom_components.niiza_cctv.lib.access.errors import CaseError, FieldsMissing
from custom_components.niiza_cctv.lib.access.model import Actor
from custom_components.niiza_cctv.lib.cases.kinds import decide_by
from custom_components.niiza_cctv.lib.cases.model import (
    Case,
    CaseKind,
    CaseState,
    Decided,
    Ground,
    Outcome,
    ShownTo,
    Way,
)
from custom_components.niiza_cctv.lib.cases.rules import (
    Proposal,
    Seen,
    WithdrawalStep,
    ends_by,
    waits_for_approval,
)
from tests.lib.cases.desk import ITO, SATO, SUZUKI, TANAKA, Desk, file, passage, sealed

DISCLOSURE = CaseKind.DISCLOSURE_REQUEST
REASONS = "本人以外の人が写っている"


async def refused(step: Awaitable[Any]) -> str:
    """Return why a step is refused."""
    with pytest.raises(CaseError) as caught:
        await step
    return caught.value.key


def seen(case: Case) -> list[Seen]:
    """Return what somebody looked at who looked at all that is proposed."""
    return [Seen(item=item.id, digest=item.digest or "") for item in case.chosen]


def digest(case: Case) -> str:
    """Return what an approval of the proposal names."""
    assert case.decision is not None
    return case.decision.digest


async def test_a_copy_in_part_leaves_as_it_was_decided(desk: Desk) -> None:
    """Proposed, approved in one entry with every masked clip, released and handed over."""
    case = await desk.proposed()
    (mask,) = case.clips[0].masks
    (proposed,) = await desk.entries("decision_proposed")
    assert proposed.details == {
        "outcome": "disclosed_in_part",
        "way": "copy",
        "items": {mask.id: mask.digest},
        "grounds": ["article_78_1_2"],
        "reasons": REASONS,
    }
    assert case.decision is not None
    assert (case.decision.by, case.decision.digest) == (SATO.person, proposed.hash)
    assert (case.state, case.decided, case.chosen) == (CaseState.PRESERVED, None, (mask,))
    assert await refused(desk.release(SATO, case.id)) == "case_not_approved"

    case = await desk.approve(SUZUKI, case.id, "確かめた")
    assert (case.state, case.decided) == (CaseState.APPROVED, case.decision)
    (approved,) = await desk.entries("case_approved")
    assert approved.details["decision"] == proposed.hash
    assert approved.details["clips"] == {mask.id: mask.digest}
    looked_at = approved.details["items"]
    assert isinstance(looked_at, list)
    (told,) = looked_at
    assert isinstance(told, dict)
    assert (told["item"], told["track_sha256"]) == (mask.id, mask.track_sha256)
    assert "watched_as_told_by_browser" in told
    assert not await desk.entries("item_approved")

    assert await refused(desk.release(SUZUKI, case.id)) == "not_allowed_needs_exporter"
    await desk.release(SATO, case.id)
    await desk.book.downloaded(SATO, case.id, file("package.zip"))
    case = await desk.book.hand_over(SATO, case.id, "南沢花子", "DVD-R", "A-1")
    assert case.state is CaseState.HANDED_OVER
    # A further copy is approved again: by the same decision, and by somebody who looks at it again.
    assert (await desk.approve(SUZUKI, case.id)).state is CaseState.APPROVED


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_a_copy_does_not_end_by_an_outcome(desk: Desk, outcome: Outcome) -> None:
    """It ends by its hand-over."""
    case = await desk.approved(DISCLOSURE)
    assert await refused(desk.book.conclude(SATO, case.id, outcome)) in {
        "outcome_not_decided",
        "outcome_not_for_kind",
    }


async def test_what_is_shown_does_not_leave(desk: Desk) -> None:
    """A copy of what is to be viewed is another decision."""
    case = await desk.proposed(Way.VIEW)
    await desk.approve(SUZUKI, case.id)
    for step in (desk.book.check_release(SATO, case.id), desk.release(SATO, case.id)):
        assert await refused(step) == "decision_not_copy"
    conclude = desk.book.conclude
    assert await refused(conclude(SATO, case.id, Outcome.REFUSED)) == "outcome_not_decided"
    # And it does not end as if it had been shown before it was.
    shown = Outcome.SHOWN_IN_PERSON
    assert await refused(conclude(SATO, case.id, shown)) == "outcome_needs_showing"
    (mask,) = case.clips[0].masks
    await desk.book.show_at_counter(SATO, mask.id, ShownTo.REQUESTER, "本人と課長")
    # What was shown by another decision was not shown by this one.
    await desk.propose(desk.book.case(case.id), way=Way.VIEW, reasons="別の理由")
    await desk.approve(SUZUKI, case.id)
    assert await refused(conclude(SATO, case.id, shown)) == "outcome_needs_showing"
    await desk.book.show_at_counter(SATO, mask.id, ShownTo.REQUESTER, "本人と課長")
    case = await conclude(SATO, case.id, shown)
    assert case.state is CaseState.CONCLUDED


async def test_a_refusal_is_proposed_without_having_been_fetched(desk: Desk) -> None:
    """Two people refuse, and the reasons that end it are those that were approved."""
    case = await desk.received(DISCLOSURE)
    conclude = desk.book.conclude
    assert await refused(desk.approve(SUZUKI, case.id)) == "decision_not_proposed"
    assert await refused(conclude(SATO, case.id, Outcome.REFUSED, "理由")) == (
        "decision_not_proposed"
    )
    case = await desk.propose(case, outcome=Decided.REFUSED)
    assert case.state is CaseState.RECEIVED
    assert await refused(conclude(SATO, case.id, Outcome.REFUSED)) == "decision_not_approved"
    assert await refused(desk.approve(SATO, case.id)) == "not_allowed_needs_approver"
    case = await desk.approve(SUZUKI, case.id)
    assert case.state is CaseState.APPROVED
    assert await refused(conclude(SATO, case.id, Outcome.NOTHING_FOUND)) == "outcome_not_decided"
    assert await refused(conclude(SATO, case.id, Outcome.REFUSED, "別の理由")) == "reasons_decided"
    case = await conclude(SATO, case.id, Outcome.REFUSED)
    assert case.conclusion is not None
    assert (case.state, case.conclusion.reasons) == (CaseState.CONCLUDED, REASONS)
    (entry,) = await desk.entries("case_concluded")
    assert entry.details == {
        "outcome": "refused",
        "reasons": REASONS,
        "decision": digest(case),
    }


async def test_whoever_approved_does_not_carry_it_out(desk: Desk) -> None:
    """Nothing was chosen, and still its approver is another one than who ends it."""
    case = await desk.propose(await desk.received(DISCLOSURE), outcome=Decided.REFUSED)
    await desk.approve(TANAKA, case.id)
    step = desk.book.conclude(TANAKA, case.id, Outcome.REFUSED)
    assert await refused(step) == "not_allowed_own_approval"


async def test_whoever_approved_a_refusal_asks_for_nothing_besides(desk: Desk) -> None:
    """Otherwise one of those who asked would have agreed to what ends the case."""
    case = await desk.propose(await desk.preserved(DISCLOSURE), outcome=Decided.REFUSED)
    case = await desk.approve(TANAKA, case.id)
    assert await refused(desk.cut(case, TANAKA)) == "not_allowed_own_approval"
    assert (await desk.book.conclude(SATO, case.id, Outcome.REFUSED)).state is CaseState.CONCLUDED


async def test_nothing_found_is_decided_by_two_and_needs_the_search(desk: Desk) -> None:
    """And holds only as long as nothing is there."""
    case = await desk.received(DISCLOSURE)
    assert await refused(desk.propose(case, outcome=Decided.NOTHING_FOUND)) == (
        "outcome_needs_search"
    )
    await desk.book.record_search(SATO, case.id, {"camera": "kita", "stretches": 0})
    case = await desk.propose(case, outcome=Decided.NOTHING_FOUND, reasons="録画がない")
    approved = await desk.approve(SUZUKI, case.id)
    assert approved.decided is not None
    # Somebody looks once more, and there it is.
    (clip,) = await desk.book.request_clips(SATO, case.id, [(passage(), None)])
    await desk.book.clip_sealed(clip.id, sealed(clip))
    assert desk.book.case(case.id).decided is None
    assert await refused(desk.approve(SUZUKI, case.id)) == "outcome_has_clips"
    step = desk.book.conclude(SATO, case.id, Outcome.NOTHING_FOUND)
    assert await refused(step) == "outcome_has_clips"


async def test_a_decision_that_nothing_was_found_ends_the_case(desk: Desk) -> None:
    """Two people say so."""
    case = await desk.received(DISCLOSURE)
    await desk.book.record_search(SATO, case.id, {})
    await desk.propose(case, outcome=Decided.NOTHING_FOUND, reasons="録画がない")
    await desk.approve(SUZUKI, case.id)
    case = await desk.book.conclude(SATO, case.id, Outcome.NOTHING_FOUND)
    assert case.conclusion is not None
    assert case.conclusion.reasons == "録画がない"


async def test_the_proposer_is_one_who_asks(desk: Desk) -> None:
    """Whoever proposed approves nothing of it, whatever roles they hold and whoever else asked."""
    case = await desk.propose(await desk.received(DISCLOSURE), TANAKA, Decided.REFUSED)
    assert await refused(desk.approve(TANAKA, case.id)) == "not_allowed_own_case"
    # Who proposes the same once more is not in their place.
    again = await desk.propose(case, SATO, Decided.REFUSED)
    assert again.decision == case.decision
    assert (await desk.approve(SUZUKI, case.id)).decided is not None


@pytest.mark.parametrize("way", list(Way))
async def test_whatever_changes_voids_the_approval(desk: Desk, way: Way) -> None:
    """Way, part, reasons and grounds alike; what was packed by the old one does not leave."""
    case = await desk.approve(SUZUKI, (await desk.proposed(way)).id)
    assert case.decision is not None
    decided = Proposal.of(case.decision)
    other = Way.VIEW if way is Way.COPY else Way.COPY
    for changed, reasons in (
        (replace(decided, way=other), REASONS),
        (decided, "別の理由"),
        (replace(decided, grounds=(*decided.grounds, Ground.ADMINISTRATION)), REASONS),
        (Proposal(outcome=Decided.REFUSED, grounds=decided.grounds), REASONS),
    ):
        old = digest(desk.book.case(case.id))
        now = await desk.book.propose_decision(ITO, case.id, changed, reasons)
        assert (now.state, now.approval, now.decided) == (CaseState.PRESERVED, None, None)
        step = desk.book.approve(SUZUKI, case.id, seen=seen(now), decision=old)
        assert await refused(step) == "decision_changed"
        assert (await desk.approve(SUZUKI, case.id)).decided is not None
    assert await refused(desk.release(SATO, case.id)) == "decision_not_copy"


async def test_a_package_of_another_decision_does_not_leave(desk: Desk) -> None:
    """It was begun, or made, before the decision changed."""
    case = await desk.approved(DISCLOSURE)
    packed = await desk.book.check_release(ITO, case.id)
    await desk.propose(case, ITO, reasons="別の理由")
    await desk.approve(SUZUKI, case.id)
    late = desk.book.release(ITO, case.id, file("package.zip"), encrypted=False, packed=packed)
    assert await refused(late) == "clips_changed"
    case = await desk.release(SATO, case.id)
    case = await desk.propose(case, SATO, reasons="また別の理由")
    assert (case.state, case.release) == (CaseState.PRESERVED, None)
    assert await refused(desk.book.downloaded(SATO, case.id, file("package.zip"))) == (
        "case_not_released"
    )


async def test_all_of_it_is_approved_or_nothing(desk: Desk) -> None:
    """Each masked clip is named as it was seen, and the proposal that it belongs to."""
    case = await desk.proposed()
    case = await desk.propose(await desk.mask(case, seconds=20))
    one, other = seen(case)
    for named, told, why in (
        ([one], digest(case), "items_not_named"),
        ([], digest(case), "items_not_named"),
        ([one, replace(other, digest="0" * 64)], digest(case), "clips_changed"),
        ([one, other, other], digest(case), "clips_changed"),
        ([one, other, replace(one, item="2026-0001-99")], digest(case), "items_not_named"),
        ([one, other], None, "decision_changed"),
        ([one, other], "0" * 64, "decision_changed"),
    ):
        step = desk.book.approve(SUZUKI, case.id, seen=named, decision=told)
        assert await refused(step) == why
    assert (await desk.approve(SUZUKI, case.id)).decided is not None
    # A case of another kind has no proposal that could be approved.
    police = await desk.preserved()
    step = desk.book.approve(SUZUKI, police.id, seen=seen(police), decision="0" * 64)
    assert await refused(step) == "decision_not_for_kind"
    assert await refused(desk.propose(police)) == "decision_not_for_kind"


async def test_what_was_withdrawn_is_not_disclosed(desk: Desk) -> None:
    """The proposal speaks of what is not there any more: nobody approves it, nothing leaves by it."""
    case = await desk.approved(DISCLOSURE)
    (mask,) = case.clips[0].masks
    await desk.book.withdraw_clip(SATO, mask.id, WithdrawalStep.REQUEST)
    assert await refused(desk.release(SATO, case.id)) == "withdrawal_pending"
    case = await desk.book.withdraw_clip(SUZUKI, mask.id, WithdrawalStep.CONFIRM)
    assert (case.state, case.decided) == (CaseState.PRESERVED, None)
    assert not waits_for_approval(case)
    assert await refused(desk.approve(SUZUKI, case.id)) == "decision_outdated"
    # Not by a name that another masked part has, either.
    case = await desk.mask(case)
    assert await refused(desk.approve(SUZUKI, case.id)) == "decision_outdated"


async def test_what_may_be_proposed(desk: Desk) -> None:
    """Say what is missing, or what does not go together, before anything is recorded."""
    case = await desk.mask(await desk.preserved(DISCLOSURE))
    (clip,) = case.clips
    (mask,) = clip.masks
    full, part, no = Decided.IN_FULL, Decided.IN_PART, Decided.REFUSED
    ground = (Ground.OTHER_PEOPLE,)
    for proposal, why in (
        (Proposal(outcome=full, items=(mask.id,)), "decision_needs_way"),
        (Proposal(outcome=full, way=Way.COPY), "decision_needs_items"),
        (Proposal(outcome=part, way=Way.VIEW, items=(mask.id,)), "decision_needs_grounds"),
        (Proposal(outcome=no), "decision_needs_grounds"),
        (Proposal(outcome=no, grounds=ground, way=Way.COPY), "decision_discloses_nothing"),
        (Proposal(outcome=no, grounds=ground, items=(mask.id,)), "decision_discloses_nothing"),
        (
            Proposal(outcome=full, way=Way.COPY, items=(mask.id,), grounds=ground),
            "decision_refuses_nothing",
        ),
        (
            Proposal(outcome=part, way=Way.COPY, items=(mask.id,), grounds=(Ground.EXISTENCE,)),
            "decision_tells_existence",
        ),
        (Proposal(outcome=Decided.NOTHING_FOUND), "outcome_has_clips"),
        (Proposal(outcome=full, way=Way.COPY, items=(clip.id,)), "masking_needed"),
        (Proposal(outcome=full, way=Way.COPY, items=("2026-0001-99",)), "clip_unknown"),
    ):
        assert await refused(desk.book.propose_decision(SATO, case.id, proposal, "理由")) == why
    for proposal in (
        Proposal(outcome=no, grounds=ground),
        Proposal(outcome=part, way=Way.COPY, items=(mask.id,), grounds=ground),
    ):
        with pytest.raises(FieldsMissing) as missing:
            await desk.book.propose_decision(SATO, case.id, proposal, " ")
        assert missing.value.fields == ("reasons",)
    assert not await desk.entries("decision_proposed")
    # What keeps nothing back needs no reasons; what is named twice or in another order is the same.
    proposal = Proposal(outcome=full, way=Way.VIEW, items=(mask.id, mask.id))
    case = await desk.book.propose_decision(SATO, case.id, proposal)
    assert case.decision is not None
    assert (case.decision.reasons, [*case.decision.items]) == ("", [mask.id])
    assert await refused(desk.book.choose_for_release(SATO, case.id, [clip.id])) == (
        "choice_by_proposal"
    )


async def test_nothing_is_decided_while_footage_is_on_its_way(desk: Desk) -> None:
    """What comes may change the decision; and the approval that was there is void."""
    case = await desk.approved(DISCLOSURE)
    (clip,) = await desk.book.request_clips(SATO, case.id, [(passage(9), None)])
    case = desk.book.case(case.id)
    assert (case.state, case.decided) == (CaseState.RECEIVED, None)
    assert not waits_for_approval(case)
    for step in (desk.propose(case, outcome=Decided.REFUSED), desk.approve(SUZUKI, case.id)):
        assert await refused(step) == "clips_not_sealed"
    await desk.book.clip_sealed(clip.id, sealed(clip))
    case = desk.book.case(case.id)
    # What was proposed is there still, for another approval.
    assert waits_for_approval(case)
    assert (await desk.approve(SUZUKI, case.id)).decided is not None


async def test_who_waits_for_an_approval(desk: Desk) -> None:
    """What is preserved; a request for disclosure only once there is something to approve."""
    assert waits_for_approval(await desk.preserved())
    assert not waits_for_approval(await desk.approved())
    case = await desk.preserved(DISCLOSURE)
    assert not waits_for_approval(case)
    case = await desk.propose(case, outcome=Decided.REFUSED)
    assert waits_for_approval(case)
    assert not waits_for_approval(await desk.approve(SUZUKI, case.id))
    received = await desk.propose(await desk.received(DISCLOSURE), outcome=Decided.REFUSED)
    assert waits_for_approval(received)


async def told(desk: Desk, who: Actor, action: str, case: Case, **details: Any) -> Case:
    """Return a case after an entry as an earlier version wrote it."""
    await desk.ledger.append(action, f"case/{case.id}", details, person=who.person)
    await desk.book.load()
    return desk.book.case(case.id)


async def test_what_an_earlier_version_approved_stays_so_and_is_decided_now(desk: Desk) -> None:
    """It chose masked clips, and approved them one by one, without a word of the decision."""
    case = await desk.mask(await desk.preserved(DISCLOSURE))
    (mask,) = case.clips[0].masks
    choice = {"items": [mask.id], "sha256": {mask.id: mask.digest}}
    case = await told(desk, SATO, "release_chosen", case, **choice)
    approval = {"note": "", "item": mask.id, "sha256": mask.digest, "hidden_pictures": 0}
    case = await told(desk, SUZUKI, "item_approved", case, **approval)
    assert (case.state, case.approved_by, case.decided) == (
        CaseState.APPROVED,
        SUZUKI.person,
        None,
    )
    conclude = desk.book.conclude
    for step in (
        desk.release(SATO, case.id),
        conclude(SATO, case.id, Outcome.REFUSED, "理由"),
        conclude(SATO, case.id, Outcome.SHOWN_IN_PERSON, "閲覧した"),
    ):
        assert await refused(step) == "decision_not_proposed"
    case = await desk.propose(case)
    assert case.state is CaseState.PRESERVED
    await desk.approve(SUZUKI, case.id)
    assert (await desk.release(SATO, case.id)).state is CaseState.RELEASED


@pytest.mark.parametrize("outcome", ["shown_in_person", "partly_refused", "refused"])
async def test_what_an_earlier_version_concluded_stays_so(desk: Desk, outcome: str) -> None:
    """Its outcome and its reasons were picked after the approval."""
    case = await desk.preserved(DISCLOSURE)
    clips = {clip.id: clip.digest for clip in case.clips}
    case = await told(desk, SUZUKI, "case_approved", case, note="", clips=clips)
    case = await told(desk, SATO, "case_concluded", case, outcome=outcome, reasons="理由")
    assert case.conclusion is not None
    assert (case.state, case.conclusion.outcome, case.conclusion.reasons) == (
        CaseState.CONCLUDED,
        outcome,
        "理由",
    )
    assert case.decision is None


async def test_what_an_earlier_version_released_is_handed_over(desk: Desk) -> None:
    """Its package holds masked clips that two people agreed to."""
    case = await desk.mask(await desk.preserved(DISCLOSURE))
    (mask,) = case.clips[0].masks
    clips = {mask.id: mask.digest}
    await told(desk, SATO, "release_chosen", case, items=[mask.id], sha256=clips)
    await told(desk, SUZUKI, "item_approved", case, note="", item=mask.id, sha256=mask.digest)
    package = file("package.zip")
    await told(
        desk,
        SATO,
        "case_released",
        case,
        package=package.as_json(),
        encrypted=False,
        clips=clips,
    )
    await desk.book.downloaded(SATO, case.id, package)
    handed = await desk.book.hand_over(SATO, case.id, "南沢花子", "DVD-R", "A-1")
    assert handed.state is CaseState.HANDED_OVER


async def test_the_law_gives_thirty_days(desk: Desk) -> None:
    """From the day after the request; of other kinds it names none."""
    case = await desk.received(DISCLOSURE)
    asked = date.fromisoformat(case.request["document_date"])
    assert decide_by(case) == asked + timedelta(days=30)
    assert decide_by(replace(case, request={})) is None
    assert decide_by(await desk.received()) is None


def test_every_decision_has_its_end() -> None:
    """By a hand-over alone where a copy is given."""
    ends = {
        (outcome, way): ends_by(outcome, way)
        for outcome in Decided
        for way in (list(Way) if outcome.discloses else [None])
    }
    assert {pair for pair, end in ends.items() if end is None} == {
        (Decided.IN_FULL, Way.COPY),
        (Decided.IN_PART, Way.COPY),
    }
    assert ends[Decided.IN_PART, Way.VIEW] is Outcome.SHOWN_IN_PERSON
    assert ends[Decided.REFUSED, None] is Outcome.REFUSED
    assert ends[Decided.NOTHING_FOUND, None] is Outcome.NOTHING_FOUND
