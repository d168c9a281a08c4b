"""The life of a case, each way it can go, and what the ledger carries of it."""

import asyncio
from datetime import UTC, datetime

import pytest

from custom_components.niiza_cctv.lib.access.errors import FieldsInvalid, NotAllowed, WrongState
from custom_components.niiza_cctv.lib.cases.model import (
    Case,
    CaseKind,
    CaseState,
    ClipState,
    Outcome,
    Step,
)
from tests.lib.cases.desk import (
    BIN_DAYS,
    ITO,
    KEEP_DAYS,
    REQUESTS,
    SATO,
    SUZUKI,
    TANAKA,
    VIEWER,
    Desk,
    file,
    passage,
    sealed,
)


async def test_from_receipt_to_purge(desk: Desk) -> None:
    """Walk a police inquiry through its life; every step names its person."""
    book = desk.book
    case = await desk.received()
    assert case.state is CaseState.RECEIVED
    assert case.request == {"legal_basis": "刑事訴訟法第197条第2項", **REQUESTS[case.kind]}
    assert list(case.request)[:2] == ["legal_basis", "document_number"]
    await book.record_search(VIEWER, case.id, {"camera": "kita"})
    one, two = await book.request_clips(
        SATO, case.id, [(passage(), None), (passage(camera="minami"), None)]
    )
    assert (one.id, two.id) == (f"{case.id}-01", f"{case.id}-02")
    await book.clip_sealed(one.id, sealed(one))
    assert book.case(case.id).state is CaseState.RECEIVED
    await book.clip_sealed(two.id, sealed(two))
    assert book.case(case.id).state is CaseState.PRESERVED
    approved = await desk.approve(SUZUKI, case.id, "照会書の原本を確認した")
    assert (approved.state, approved.approved_by) == (CaseState.APPROVED, SUZUKI.person)
    assert (await book.check_release(SATO, case.id)) is approved
    released = await desk.release(SATO, case.id, encrypted=True)
    assert (released.state, released.package) == (CaseState.RELEASED, file("package.zip"))
    await book.downloaded(SATO, case.id, file("package.zip"))
    handed = await book.hand_over(ITO, case.id, "北野一郎", "DVD-R", "A-1")
    assert handed.handover is not None
    assert (handed.handover.recipient, handed.handover.by) == ("北野一郎", ITO.person)
    purged = await book.purge(SATO, case.id)
    assert purged.state is CaseState.PURGED
    assert book.due().remove_files == (case.id,)
    await book.files_removed(case.id)
    assert book.due().remove_files == ()
    case = book.case(case.id)
    assert {clip.state for clip in case.clips} == {ClipState.REMOVED}
    # What left stays known by its hash.
    assert case.clips[0].sealed == sealed(one)
    assert [(step.action, step.person) for step in case.history] == [
        ("case_created", SATO.person),
        ("search_made", VIEWER.person),
        ("clip_requested", SATO.person),
        ("clip_sealed", None),
        ("clip_sealed", None),
        ("item_approved", SUZUKI.person),
        ("item_approved", SUZUKI.person),
        ("case_released", SATO.person),
        ("package_downloaded", SATO.person),
        ("case_handed_over", ITO.person),
        ("case_purged", SATO.person),
        ("files_removed", None),
    ]
    assert (await desk.ledger.verify()).broken is None


@pytest.mark.parametrize("kind", CaseKind)
async def test_every_kind_is_received_with_its_own_fields(desk: Desk, kind: CaseKind) -> None:
    """Take each kind as its table asks for it."""
    case = await desk.received(kind)
    assert case.kind is kind
    assert case.request.items() >= REQUESTS[kind].items()


async def test_numbers_begin_again_with_the_sections_year(desk: Desk) -> None:
    """Count by the year of the section's clock, which is ahead of UTC."""
    desk.clock.now = datetime(2026, 12, 31, 14, 59, tzinfo=UTC)
    ids = [(await desk.received()).id, (await desk.received()).id]
    desk.clock.forward(minutes=1)
    ids.append((await desk.received()).id)
    desk.clock.forward(minutes=-1)
    ids.append((await desk.received()).id)
    assert ids == ["2026-0001", "2026-0002", "2027-0001", "2026-0003"]


async def test_a_number_is_never_given_twice(desk: Desk) -> None:
    """Step over a case that this version cannot read."""
    first = await desk.received()
    year = int(first.id[:4])
    await desk.ledger.append(
        "case_created", f"case/{year}-0007", {"kind": "of_a_later_version"}, person=SATO.person
    )
    book = desk.new_book()
    await book.load()
    case = await book.create(SATO, first.kind, REQUESTS[first.kind])
    assert case.id == f"{year}-0008"
    assert book.cases.keys() == {first.id, case.id}


async def test_rejected(desk: Desk) -> None:
    """End a case by its approver; what is under way is called off, its footage is kept for the days."""
    clip = await desk.requested()
    case = desk.book.clip(clip.id)[0]
    rejected = await desk.book.reject(SUZUKI, case.id, "照会書に公印がない")
    assert (rejected.state, rejected.clips[0].state) == (CaseState.REJECTED, ClipState.CANCELLED)
    assert rejected.rejection is not None
    assert rejected.rejection.reason == "照会書に公印がない"
    # The retrieval that ends at this moment comes too late.
    with pytest.raises(WrongState):
        await desk.book.clip_sealed(clip.id, sealed(clip))
    desk.clock.forward(days=KEEP_DAYS + 1)
    assert desk.book.due().to_bin == (case.id,)
    await desk.binned(case.id)
    desk.clock.forward(days=BIN_DAYS)
    assert desk.book.due().remove_files == (case.id,)
    await desk.book.files_removed(case.id)
    assert desk.book.case(case.id).state is CaseState.REJECTED


async def test_nothing_found_needs_the_search_that_was_made(desk: Desk) -> None:
    """Conclude without an approval: nothing was found, so nothing is decided."""
    case = await desk.received()
    with pytest.raises(WrongState):
        await desk.book.conclude(SATO, case.id, Outcome.NOTHING_FOUND, "録画がない")
    await desk.book.record_search(SATO, None, {"camera": "kita"})
    with pytest.raises(WrongState):
        await desk.book.conclude(SATO, case.id, Outcome.NOTHING_FOUND, "録画がない")
    await desk.book.record_search(SATO, case.id, {"camera": "kita", "stretches": 0})
    concluded = await desk.book.conclude(SATO, case.id, Outcome.NOTHING_FOUND, "録画がない")
    assert concluded.state is CaseState.CONCLUDED


async def test_footage_that_was_fetched_is_not_nothing(desk: Desk) -> None:
    """Refuse to end by one person's word what two must decide."""
    case = await desk.preserved()
    await desk.book.record_search(SATO, case.id, {"camera": "kita"})
    with pytest.raises(WrongState) as refused:
        await desk.book.conclude(SATO, case.id, Outcome.NOTHING_FOUND, "写っていない")
    assert refused.value.key == "outcome_has_clips"


async def test_police_are_refused_by_rejecting(desk: Desk) -> None:
    """Offer a kind only its own outcomes."""
    case = await desk.approved()
    with pytest.raises(FieldsInvalid) as refused:
        await desk.book.conclude(SATO, case.id, Outcome.REFUSED, "不備")
    assert refused.value.key == "outcome_not_for_kind"
    assert await desk.book.reject(TANAKA, case.id, "不備")


async def test_what_was_never_downloaded_was_not_handed_over(desk: Desk) -> None:
    """Of the newest package, each time anew: what an earlier download gave is another file."""
    case = await desk.released()
    for known, anew in (("package.zip", "second.zip"), ("second.zip", "third.zip")):
        with pytest.raises(WrongState, match="case_not_downloaded"):
            await desk.book.hand_over(SATO, case.id, "北野一郎", "DVD-R", "A-1")
        await desk.book.downloaded(SATO, case.id, file(known))
        await desk.release(SATO, case.id, anew)
        # A link to the one of before, whose file is not there any more, downloads nothing.
        for late in (desk.book.download_begun, desk.book.downloaded):
            with pytest.raises(WrongState, match="link_used"):
                await late(SATO, case.id, file(known))
    assert [entry.details["reason"] for entry in await desk.entries("refused")] == [
        "case_not_downloaded",
        "link_used",
    ]
    # That it began is no download.
    await desk.book.download_begun(SATO, case.id, file("third.zip"))
    with pytest.raises(WrongState, match="case_not_downloaded"):
        await desk.book.hand_over(SATO, case.id, "北野一郎", "DVD-R", "A-1")
    await desk.book.downloaded(SATO, case.id, file("third.zip"))
    assert (await desk.book.hand_over(SATO, case.id, "北野一郎", "DVD-R", "A-1")).handover
    # A further copy is a package of its own.
    await desk.approve(SUZUKI, case.id)
    await desk.release(SATO, case.id, "copy.zip")
    with pytest.raises(WrongState, match="case_not_downloaded"):
        await desk.book.hand_over(SATO, case.id, "南沢花子", "DVD-R", "A-2")


async def test_an_older_package_is_not_the_one_that_was_downloaded(desk: Desk) -> None:
    """What is on its way while the package is made anew counts for nothing, and the newer one waits."""
    case = await desk.released()
    await desk.release(SATO, case.id, "second.zip")
    with pytest.raises(WrongState, match="link_used"):
        await desk.book.downloaded(SATO, case.id, file("package.zip"))
    with pytest.raises(WrongState, match="case_not_downloaded"):
        await desk.book.hand_over(SATO, case.id, "北野一郎", "DVD-R", "A-1")
    await desk.book.downloaded(SATO, case.id, file("second.zip"))
    assert (await desk.book.hand_over(SATO, case.id, "北野一郎", "DVD-R", "A-1")).handover


async def test_a_lost_link_is_made_again_a_further_copy_approved_again(desk: Desk) -> None:
    """Release twice before the hand-over; after it, only with a further approval."""
    case = await desk.released()
    again = await desk.release(SATO, case.id, "second.zip", encrypted=True)
    assert again.package == file("second.zip")
    await desk.book.downloaded(SATO, case.id, file("second.zip"))
    await desk.book.hand_over(SATO, case.id, "北野一郎", "DVD-R", "A-1")
    with pytest.raises(NotAllowed):
        await desk.approve(TANAKA.__class__(person=None), case.id)
    assert (await desk.approve(SUZUKI, case.id)).state is CaseState.APPROVED
    await desk.release(SATO, case.id, "third.zip", encrypted=True)
    await desk.book.downloaded(SATO, case.id, file("third.zip"))
    case = await desk.book.hand_over(SATO, case.id, "北野一郎", "USB", "B-2")
    assert case.handover is not None
    assert case.handover.medium == "USB"
    assert sum(step.action == "case_handed_over" for step in case.history) == 2


async def test_a_clip_is_given_up_and_asked_for_again(desk: Desk) -> None:
    """Cancel a failed clip and ask anew; failures alike or close together are one entry."""
    clip = await desk.requested()
    book = desk.book
    await book.clip_failed(clip.id, "unreachable", final=False)
    await book.clip_failed(clip.id, "unreachable", final=False)
    await book.clip_failed(clip.id, "busy", final=False)
    desk.clock.forward(minutes=11)
    await book.clip_failed(clip.id, "busy", final=False)
    await book.clip_failed(clip.id, "no_room", final=True)
    await book.clip_failed(clip.id, "no_room", final=True)
    assert [entry.details["error"] for entry in await desk.entries("clip_failed")] == [
        "unreachable",
        "busy",
        "no_room",
    ]
    case, failed = book.clip(clip.id)
    assert (failed.state, failed.error, failed.attempts) == (ClipState.FAILED, "no_room", 3)
    with pytest.raises(WrongState):
        await book.clip_sealed(clip.id, sealed(clip))
    (again,) = await book.request_clips(SATO, case.id, [(clip.passage, None)])
    assert again.id == f"{case.id}-02"
    await book.cancel_clip(SATO, clip.id)
    await book.clip_sealed(again.id, sealed(again))
    assert book.case(case.id).state is CaseState.PRESERVED
    with pytest.raises(WrongState) as refused:
        await book.cancel_clip(SATO, again.id)
    assert refused.value.key == "clip_not_pending"


async def test_a_clip_told_of_twice_is_sealed_once(desk: Desk) -> None:
    """Take the retrieval's word again, as after an answer of the database that got lost."""
    clip = await desk.requested()
    for _ in range(2):
        await desk.book.clip_sealed(clip.id, sealed(clip))
    assert len(await desk.entries("clip_sealed")) == 1


async def test_a_copy_for_viewing_comes_after_the_clip(desk: Desk) -> None:
    """It voids no approval and puts nothing off; a case that has ended takes none."""
    book = desk.book
    case = await desk.approved()
    (clip,) = case.clips
    copy = file(f"{clip.id}.viewing-copy-reencoded.mp4")
    for _ in range(2):
        await book.viewing_copy_made(clip.id, copy)
    assert len(await desk.entries("viewing_copy_made")) == 1
    after, copied = book.clip(clip.id)
    assert copied.sealed is not None
    assert (copied.sealed.viewing_copy, copied.digest) == (copy, clip.digest)
    assert (after.approval, after.last_step_at) == (case.approval, case.last_step_at)
    with pytest.raises(WrongState):
        await book.viewing_copy_made((await desk.requested()).id, copy)
    await book.reject(SUZUKI, case.id, "なし")
    with pytest.raises(WrongState):
        await book.viewing_copy_made(clip.id, file("another.mp4"))


async def test_files_of_an_open_case_are_not_removed(desk: Desk) -> None:
    """Refuse to record it: the footage may be all that is left."""
    case = await desk.preserved()
    with pytest.raises(WrongState):
        await desk.book.files_removed(case.id)


async def test_listeners_hear_of_each_step_and_break_none(desk: Desk) -> None:
    """Call listeners after the step; one that fails does not make the step fail."""
    heard: list[tuple[Case, Step]] = []
    loop = asyncio.get_running_loop()
    failures = []
    loop.set_exception_handler(lambda _, context: failures.append(context["exception"]))

    def broken(_case: Case, _step: Step) -> None:
        raise RuntimeError

    remove = desk.book.add_listener(broken)
    desk.book.add_listener(lambda case, step: heard.append((case, step)))
    case = await desk.received()
    remove()
    await desk.book.request_clips(SATO, case.id, [(passage(), None)])
    await asyncio.sleep(0)
    loop.set_exception_handler(None)
    assert [step.action for _, step in heard] == ["case_created", "clip_requested"]
    assert heard[0][0] == case
    assert [type(one) for one in failures] == [RuntimeError]
