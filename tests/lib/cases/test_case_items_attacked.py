"""Slips and races around what is chosen, approved, packed and withdrawn."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest

from custom_components.niiza_cctv.lib.access.errors import CaseError, CaseUnknown
from custom_components.niiza_cctv.lib.cases.model import Case, CaseState, ClipState, Outcome
from custom_components.niiza_cctv.lib.cases.rules import Seen, WithdrawalStep
from tests.lib.cases.desk import ITO, SATO, SUZUKI, TANAKA, Desk, file, passage, sealed


async def refused(step: Awaitable[Any]) -> str:
    """Return why a step is refused."""
    with pytest.raises(CaseError) as caught:
        await step
    return caught.value.key


async def two_clips(desk: Desk) -> Case:
    """Return a case with two sealed clips."""
    case = await desk.preserved()
    (clip,) = await desk.book.request_clips(SATO, case.id, [(passage(9), None)])
    await desk.book.clip_sealed(clip.id, sealed(clip))
    return desk.book.case(case.id)


async def test_a_package_of_another_choice_is_not_released(desk: Desk) -> None:
    """It was begun when one clip was approved, and is ready when it is the other one: it holds the first."""
    case = await two_clips(desk)
    one, other = (clip.id for clip in case.clips)
    await desk.book.choose_for_release(SATO, case.id, [one])
    await desk.approve(SUZUKI, case.id)
    packed = await desk.book.check_release(ITO, case.id)
    await desk.book.choose_for_release(SATO, case.id, [other])
    await desk.approve(SUZUKI, case.id)
    late = desk.book.release(ITO, case.id, file("package.zip"), encrypted=False, packed=packed)
    assert await refused(late) == "clips_changed"
    assert desk.book.case(case.id).release is None
    assert (await desk.release(ITO, case.id)).state is CaseState.RELEASED
    (entry,) = await desk.entries("case_released")
    assert entry.details["clips"] == {other: file(f"{other}.mp4").sha256}


async def test_a_package_that_names_another_approver_is_not_released(desk: Desk) -> None:
    """The choice changed and came back, and somebody else approved it: its papers name who does not answer for it."""
    case = await two_clips(desk)
    one, other = (clip.id for clip in case.clips)
    await desk.book.choose_for_release(SATO, case.id, [one])
    await desk.approve(SUZUKI, case.id)
    packed = await desk.book.check_release(ITO, case.id)
    await desk.book.choose_for_release(SATO, case.id, [other])
    await desk.book.choose_for_release(SATO, case.id, [one])
    await desk.approve(TANAKA, case.id)
    late = desk.book.release(ITO, case.id, file("package.zip"), encrypted=False, packed=packed)
    assert await refused(late) == "clips_changed"


async def test_a_cut_waits_for_the_decision_about_its_clip(desk: Desk) -> None:
    """The withdrawal of a clip takes its cuts with it: until it is decided, they are neither approved nor released."""
    case = await desk.cut(await desk.preserved())
    (clip,) = case.clips
    (cut,) = clip.cuts
    await desk.book.choose_for_release(SATO, case.id, [cut.id])
    await desk.book.withdraw_clip(ITO, clip.id, WithdrawalStep.REQUEST)
    assert await refused(desk.approve(SUZUKI, case.id)) == "withdrawal_pending"
    await desk.book.withdraw_clip(ITO, clip.id, WithdrawalStep.DECLINE)
    await desk.approve(SUZUKI, case.id)
    await desk.book.withdraw_clip(ITO, clip.id, WithdrawalStep.REQUEST)
    assert await refused(desk.release(SATO, case.id)) == "withdrawal_pending"
    assert await refused(desk.book.choose_for_release(SATO, case.id, [cut.id])) == (
        "withdrawal_pending"
    )


async def test_a_package_stays_here_while_somebody_wants_a_clip_of_it_out(desk: Desk) -> None:
    """It was made before that: it is neither fetched nor handed over until another person decided."""
    case = await desk.released()
    package = file("package.zip")
    clip = case.clips[0].id
    await desk.book.withdraw_clip(ITO, clip, WithdrawalStep.REQUEST)
    for step in (desk.book.download_begun, desk.book.downloaded):
        assert await refused(step(SATO, case.id, package)) == "withdrawal_pending"
    await desk.book.withdraw_clip(SUZUKI, clip, WithdrawalStep.DECLINE)
    await desk.book.download_begun(SATO, case.id, package)
    await desk.book.downloaded(SATO, case.id, package)
    await desk.book.withdraw_clip(ITO, clip, WithdrawalStep.REQUEST)
    assert await refused(desk.book.hand_over(SATO, case.id, "北野", "DVD-R", "1")) == (
        "withdrawal_pending"
    )
    await desk.book.withdraw_clip(SUZUKI, clip, WithdrawalStep.CONFIRM)
    for step in (desk.book.download_begun, desk.book.downloaded):
        assert await refused(step(SATO, case.id, package)) == "case_not_released"
    assert await refused(desk.book.hand_over(SATO, case.id, "北野", "DVD-R", "1")) == (
        "case_not_released"
    )


async def test_what_is_left_when_something_taken_by_hand_is_given_up_is_approved_anew(
    desk: Desk,
) -> None:
    """One of two was approved, the other was a slip and is withdrawn: the case goes on, and is not stuck."""
    case = await desk.preserved()
    (clip,) = case.clips
    case = await desk.by_hand(case.id)
    slip = case.clips[-1].id
    await desk.approve(SUZUKI, case.id, seen={clip.id: clip.digest or ""})
    assert desk.book.case(case.id).state is CaseState.PRESERVED
    await desk.book.cancel_clip(SATO, slip)
    assert (await desk.approve(SUZUKI, case.id)).state is CaseState.APPROVED
    assert (await desk.release(ITO, case.id)).state is CaseState.RELEASED


async def test_there_is_no_cut_of_a_cut(desk: Desk) -> None:
    """Its master is a clip; what is to be narrower is cut from that again."""
    case = await desk.cut(await desk.preserved())
    (cut,) = case.clips[0].cuts
    with pytest.raises(CaseUnknown):
        await desk.book.cut_clip(
            SATO, cut.id, cut.start, cut.start + timedelta(minutes=1), encode_anew=False
        )


async def test_items_of_another_case_are_none_of_this_one(desk: Desk) -> None:
    """Neither chosen nor approved in it, whatever their digest is."""
    case, other = await desk.preserved(), await desk.cut(await desk.preserved())
    for item in other.items:
        assert await refused(desk.book.choose_for_release(SATO, case.id, [item.id])) == (
            "clip_unknown"
        )
        seen = [Seen(item=item.id, digest=item.digest or "", hidden=item.hidden)]
        assert await refused(desk.book.approve(SUZUKI, case.id, seen=seen)) == "clips_changed"


async def test_the_choice_changes_between_look_and_approval(desk: Desk) -> None:
    """What was looked at is no part of what leaves now; what leaves now was not looked at."""
    case = await desk.cut(await desk.preserved())
    (clip,) = case.clips
    (cut,) = clip.cuts
    looked_at = [Seen(item=clip.id, digest=clip.digest or "")]
    await desk.book.choose_for_release(SATO, case.id, [cut.id])
    assert await refused(desk.book.approve(SUZUKI, case.id, seen=looked_at)) == "clips_changed"
    blind = [Seen(item=cut.id, digest=cut.digest or "", hidden=cut.hidden - 1)]
    assert await refused(desk.book.approve(SUZUKI, case.id, seen=blind)) == "clips_changed"
    assert desk.book.case(case.id).approvals == {}


async def test_whoever_had_something_cut_approves_nothing_of_the_case(desk: Desk) -> None:
    """Also where the cut does not leave, and was given up: it was their will what may be needed."""
    case = await desk.preserved()
    clip = case.clips[0]
    await desk.book.cut_clip(
        TANAKA, clip.id, clip.passage.start, clip.passage.end, encode_anew=True
    )
    assert await refused(desk.approve(TANAKA, case.id)) == "not_allowed_own_case"


async def test_an_approver_neither_cuts_nor_chooses_until_a_further_copy(desk: Desk) -> None:
    """Of a further copy they may choose, and are no approver of it then."""
    case = await two_clips(desk)
    one, other = (clip.id for clip in case.clips)
    await desk.book.choose_for_release(SATO, case.id, [one])
    await desk.approve(TANAKA, case.id)
    clip = case.clips[0]
    span = clip.passage.start, clip.passage.end
    for step in (
        desk.book.choose_for_release(TANAKA, case.id, [one, other]),
        desk.book.cut_clip(TANAKA, clip.id, *span, encode_anew=False),
    ):
        assert await refused(step) == "not_allowed_own_approval"
    await desk.release(SATO, case.id)
    await desk.book.downloaded(SATO, case.id, file("package.zip"))
    await desk.book.hand_over(SATO, case.id, "北野", "DVD-R", "1")
    await desk.book.choose_for_release(TANAKA, case.id, [other])
    assert await refused(desk.approve(TANAKA, case.id)) == "not_allowed_own_case"
    assert await refused(desk.release(SATO, case.id)) == "case_not_approved"
    await desk.approve(SUZUKI, case.id)
    again = await desk.release(TANAKA, case.id)
    assert again.release is not None
    assert not again.release.downloaded
    # The copy of before is another one.
    assert await refused(desk.book.hand_over(SATO, case.id, "北野", "DVD-R", "1")) == (
        "case_not_downloaded"
    )


async def test_an_approval_of_a_whole_case_covers_no_cut_made_later(desk: Desk) -> None:
    """As an older version approved, all clips at once by one entry: that stays, and the cut is a decision of its own."""
    case = await desk.preserved()
    (clip,) = case.clips
    await desk.ledger.append(
        "case_approved",
        f"case/{case.id}",
        {"note": "", "clips": {clip.id: clip.digest}},
        person=SUZUKI.person,
    )
    await desk.book.load()
    assert desk.book.case(case.id).state is CaseState.APPROVED
    case = await desk.cut(desk.book.case(case.id))
    (cut,) = case.clips[0].cuts
    assert case.state is CaseState.APPROVED
    case = await desk.book.choose_for_release(SATO, case.id, [cut.id])
    assert (case.state, case.approval) == (CaseState.PRESERVED, None)
    assert await refused(desk.release(SATO, case.id)) == "case_not_approved"
    assert await refused(
        desk.book.conclude(SATO, case.id, Outcome.SHOWN_IN_PERSON, "閲覧した")
    ) == "outcome_needs_approval"  # fmt: skip


async def test_a_withdrawal_is_confirmed_by_another_and_taken_back_by_whoever(desk: Desk) -> None:
    """Whoever asked for it may have it stay; only another person lets it go, with its cuts."""
    case = await desk.cut(await desk.preserved())
    (clip,) = case.clips
    await desk.book.withdraw_clip(TANAKA, clip.id, WithdrawalStep.REQUEST)
    assert await refused(desk.book.withdraw_clip(TANAKA, clip.id, WithdrawalStep.CONFIRM)) == (
        "not_allowed_own_withdrawal"
    )
    await desk.book.withdraw_clip(TANAKA, clip.id, WithdrawalStep.DECLINE)
    # A further request is another person's, and the first one may confirm that.
    await desk.book.withdraw_clip(SATO, clip.id, WithdrawalStep.REQUEST)
    case = await desk.book.withdraw_clip(TANAKA, clip.id, WithdrawalStep.CONFIRM)
    assert {item.state for item in case.items} == {ClipState.WITHDRAWN}
    assert case.state is CaseState.RECEIVED
