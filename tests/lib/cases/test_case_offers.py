"""What is offered is what is granted: each step offered to somebody succeeds, and each other one is refused."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from custom_components.niiza_cctv.lib.access.errors import CaseError, NotAllowed
from custom_components.niiza_cctv.lib.access.model import Actor, Role
from custom_components.niiza_cctv.lib.access.permissions import Permission
from custom_components.niiza_cctv.lib.cases.model import (
    Case,
    CaseKind,
    ClipState,
    Decided,
    Network,
    Outcome,
)
from custom_components.niiza_cctv.lib.cases.offers import STEPS, offers
from custom_components.niiza_cctv.lib.cases.rules import (
    STATES,
    WithdrawalStep,
    may_cancel,
    may_cut,
    outcomes,
)
from tests.lib.cases.desk import (
    ITO,
    SATO,
    SUZUKI,
    TANAKA,
    VIEWER,
    Desk,
    actor,
    open_desk,
    passage,
    sealed,
)

type Life = Callable[[Desk], Awaitable[Case]]

# Sees everything, decides nothing by a script.
SCRIPT = actor("佐藤", Role.EXPORTER, Role.APPROVER, direct=False)
TABLET = actor("北口", Role.EXPORTER, Role.APPROVER, Role.TABLET)
GONE = actor("古田", Role.EXPORTER, Role.APPROVER, active=False)
STRANGER = actor("黒木")
NOBODY = Actor(person=None)
PEOPLE = (SATO, ITO, SUZUKI, TANAKA, VIEWER, SCRIPT, TABLET, GONE, STRANGER, NOBODY)


async def fetching(desk: Desk) -> Case:
    """Return a case whose footage is still to come."""
    return desk.book.clip((await desk.requested()).id)[0]


async def lost(desk: Desk) -> Case:
    """Return a case whose footage was given up."""
    clip = await desk.requested()
    await desk.book.clip_failed(clip.id, "nothing_found", final=True)
    return desk.book.clip(clip.id)[0]


async def one_more(desk: Desk) -> Case:
    """Return a case of which one clip is sealed, and another one is still to come."""
    case = await desk.preserved()
    await desk.book.request_clips(SATO, case.id, [(passage(9), None)])
    return desk.book.case(case.id)


async def own(desk: Desk) -> Case:
    """Return a case in which Tanaka, who may approve as well, asked for something."""
    case = await desk.preserved()
    (clip,) = await desk.book.request_clips(TANAKA, case.id, [(passage(9), None)])
    await desk.book.clip_sealed(clip.id, sealed(clip))
    return desk.book.case(case.id)


async def approved_by_both(desk: Desk) -> Case:
    """Return a case that Tanaka approved, who may release as well."""
    return await desk.approve(TANAKA, (await desk.preserved()).id)


async def taken_and_approved(desk: Desk) -> Case:
    """Return a case of which all was taken by hand, approved by Tanaka."""
    return await desk.approve(TANAKA, (await desk.taken()).id)


async def outdated(desk: Desk) -> Case:
    """Return a case whose approval is void: there is more now than was approved."""
    case = await desk.approved()
    (clip,) = await desk.book.request_clips(SATO, case.id, [(passage(9), None)])
    await desk.book.clip_sealed(clip.id, sealed(clip))
    return desk.book.case(case.id)


async def decided(desk: Desk, outcome: Decided = Decided.REFUSED) -> Case:
    """Return a request for disclosure that two people refused, or found nothing for."""
    case = await desk.received(CaseKind.DISCLOSURE_REQUEST)
    await desk.book.record_search(SATO, case.id, {})
    case = await desk.propose(case, outcome=outcome)
    return await desk.approve(TANAKA, case.id)


async def searched(desk: Desk) -> Case:
    """Return a case for which the cards were searched."""
    case = await desk.received()
    await desk.book.record_search(SATO, case.id, {})
    return desk.book.case(case.id)


async def rejected(desk: Desk) -> Case:
    """Return a case that was rejected."""
    return await desk.book.reject(SUZUKI, (await desk.preserved()).id, "根拠がない")


async def expired(desk: Desk) -> Case:
    """Return a case that nobody went on with."""
    case = await desk.preserved(CaseKind.INTERNAL_INSPECTION)
    assert await desk.silence(case.id)
    await desk.book.expire(case.id)
    return desk.book.case(case.id)


async def purged(desk: Desk) -> Case:
    """Return a case whose footage is gone."""
    return await desk.book.purge(SATO, (await desk.handed_over()).id)


LIVES: dict[str, Life] = {
    "received": Desk.received,
    "disclosure": lambda desk: desk.received(CaseKind.DISCLOSURE_REQUEST),
    "searched": searched,
    "fetching": fetching,
    "lost": lost,
    "one more": one_more,
    "preserved": Desk.preserved,
    "own": own,
    "taken": Desk.taken,
    "approved": Desk.approved,
    "approved by both": approved_by_both,
    "proposed": Desk.proposed,
    "refused": decided,
    "nothing found": lambda desk: decided(desk, Decided.NOTHING_FOUND),
    "approved disclosure": lambda desk: desk.approved(CaseKind.DISCLOSURE_REQUEST),
    "taken and approved": taken_and_approved,
    "outdated": outdated,
    "released": Desk.released,
    "downloaded": Desk.downloaded,
    "handed over": Desk.handed_over,
    "rejected": rejected,
    "expired": expired,
    "purged": purged,
}


async def take(desk: Desk, who: Actor, case: Case, step: Permission) -> None:
    """Take a step as the actions do, with everything filled in."""
    book, witness = desk.book, VIEWER if who is not VIEWER else SUZUKI
    match step:
        case Permission.REQUEST_CLIPS:
            await book.request_clips(who, case.id, [(passage(20, "minami"), None)])
        case Permission.REGISTER_FOOTAGE:
            await book.register_footage(
                who,
                case.id,
                passage(20, "offline-02k"),
                witness=witness,
                network=Network.NONE,
                medium="USBメモリ",
                serial="SN-2",
            )
        case Permission.CANCEL_CLIP:
            clips = [clip for clip in case.clips if may_cancel(case, clip)] or case.clips
            await book.cancel_clip(who, clips[0].id if clips else "none")
        case Permission.CUT_CLIP:
            clips = [clip for clip in case.clips if may_cut(case, clip)] or case.clips
            start = clips[0].passage.start if clips else datetime.now(UTC)
            end = start + timedelta(minutes=3)
            clip_id = clips[0].id if clips else "none"
            await book.cut_clip(who, clip_id, start, end, encode_anew=True)
        case Permission.WITHDRAW_CLIP:
            item = case.items[0].id if case.items else "none"
            await book.withdraw_clip(who, item, WithdrawalStep.REQUEST)
        case Permission.CHOOSE_FOR_RELEASE:
            items = [item.id for item in case.items if item.state is ClipState.SEALED]
            await book.choose_for_release(who, case.id, items)
        case Permission.PROPOSE_DECISION:
            await desk.propose(case, who, Decided.REFUSED, reasons="別の理由")
        case Permission.APPROVE:
            await desk.approve(who, case.id)
        case Permission.RELEASE:
            await desk.release(who, case.id)
        case Permission.HAND_OVER:
            await book.hand_over(who, case.id, "北野一郎", "DVD-R", "A-1")
        case Permission.CONCLUDE:
            person = who.person
            may_be = outcomes(case, person) if person is not None else ()
            errors: list[CaseError] = []
            for outcome in may_be or Outcome:
                try:
                    await book.conclude(who, case.id, outcome, "" if case.decided else "理由")
                except CaseError as err:
                    errors.append(err)
                else:
                    return
            raise next((err for err in errors if isinstance(err, NotAllowed)), errors[0])
        case Permission.REJECT:
            await book.reject(who, case.id, "根拠がない")
        case Permission.KEEP_OPEN:
            await book.keep_open(who, case.id)
        case Permission.PURGE:
            await book.purge(who, case.id)
        case _:
            pytest.fail(f"{step} is no step of a case")


@pytest.mark.parametrize("life", LIVES)
async def test_what_is_not_offered_is_refused(desk: Desk, life: str) -> None:
    """To everybody, whatever state the case is in, and where it is for what they are or did, for that reason."""
    case = await LIVES[life](desk)
    for who in PEOPLE:
        for offer in offers(who, case):
            if offer.refusal is None:
                continue
            with pytest.raises(CaseError) as caught:
                await take(desk, who, case, offer.step)
            if isinstance(offer.refusal, NotAllowed):
                assert caught.value.key == offer.refusal.key, offer.step
            after = desk.book.case(case.id)
            assert (after.state, after.clips, after.approval) == (
                case.state,
                case.clips,
                case.approval,
            )


@pytest.mark.parametrize("life", LIVES)
async def test_what_is_offered_is_granted(tmp_path: Path, life: str) -> None:
    """Each from the same beginning, so that no step makes room for another."""
    async with open_desk_in(tmp_path / "first") as desk:
        case = await LIVES[life](desk)
        offered = [
            (who, offer.step)
            for who in PEOPLE
            for offer in offers(who, case)
            if offer.refusal is None
        ]
    for number, (who, step) in enumerate(offered):
        async with open_desk_in(tmp_path / str(number)) as desk:
            case = await LIVES[life](desk)
            await take(desk, who, case, step)
            assert desk.book.case(case.id) != case


def open_desk_in(folder: Path) -> AbstractAsyncContextManager[Desk]:
    """Open a desk of its own."""
    folder.mkdir()
    return open_desk(folder)


async def test_every_outcome_that_may_be_chosen_is_granted(tmp_path: Path) -> None:
    """And every other one is refused, on the same case."""
    for number, life in enumerate(LIVES):
        async with open_desk_in(tmp_path / str(number)) as desk:
            case = await LIVES[life](desk)
            assert SATO.person is not None
            granted = outcomes(case, SATO.person)
            for outcome in Outcome:
                if outcome not in granted:
                    with pytest.raises(CaseError):
                        await desk.book.conclude(SATO, case.id, outcome, "理由")
            if granted:
                reasons = "" if case.decided else "理由"
                case = await desk.book.conclude(SATO, case.id, granted[-1], reasons)
                assert case.conclusion is not None
                assert case.conclusion.outcome is granted[-1]


def test_every_step_with_a_state_is_offered() -> None:
    """A new step of a case is offered, or it is named here why it is none."""
    # Looking for footage belongs to the step before; the link to a package is given when it is made; and sealing what
    # came of a clip is offered there, by how its retrieval stands.
    # So is masking, in an editor of its own, and what is shown at the counter is one masked clip.
    elsewhere = {
        Permission.SEARCH, Permission.DOWNLOAD, Permission.SEAL_EARLY, Permission.MASK_CLIP,
        Permission.SHOW_AT_COUNTER,
    }  # fmt: skip
    assert set(STATES) - set(STEPS) == elsewhere
    assert set(STEPS) <= set(STATES)


async def test_what_only_somebody_else_may_do_says_why(desk: Desk) -> None:
    """The panel can tell whoever looks that they asked themselves, or approved."""
    case = await own(desk)
    why = {offer.step: offer.refusal and offer.refusal.key for offer in offers(TANAKA, case)}
    assert why[Permission.APPROVE] == why[Permission.REJECT] == "not_allowed_own_case"
    assert why[Permission.RELEASE] == "case_not_approved"
    other = await approved_by_both(desk)
    why = {offer.step: offer.refusal and offer.refusal.key for offer in offers(TANAKA, other)}
    assert why[Permission.RELEASE] == why[Permission.CONCLUDE] == "not_allowed_own_approval"
