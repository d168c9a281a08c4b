"""Two people at once, and a ledger that fails in the middle: the book never shows what the ledger does not carry."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Mapping
from datetime import datetime
from pathlib import Path
from typing import override

import pytest

from custom_components.niiza_cctv.lib.access.errors import CaseError, NotAllowed, WrongState
from custom_components.niiza_cctv.lib.cases.deadlines import Due
from custom_components.niiza_cctv.lib.cases.model import CaseKind, CaseState, ClipState
from custom_components.niiza_cctv.lib.ledger.errors import LedgerUnavailable
from custom_components.niiza_cctv.lib.ledger.model import Entry, Json, Person
from custom_components.niiza_cctv.lib.ledger.store import Ledger
from tests.lib.cases.desk import (
    ITO,
    REQUESTS,
    SATO,
    SUZUKI,
    TANAKA,
    Desk,
    open_desk,
    passage,
    sealed,
)


class Moody(Ledger):
    """A real ledger whose answers get lost on request, and that can be held up in the middle of an append."""

    lost_answers = 0
    held: asyncio.Event | None = None

    @override
    async def append(
        self,
        action: str,
        subject: str,
        details: Mapping[str, Json] | None = None,
        *,
        person: Person | None,
        patient: bool = False,
    ) -> Entry:
        if self.held is not None:
            await self.held.wait()
        entry = await super().append(action, subject, details, person=person, patient=patient)
        if self.lost_answers:
            self.lost_answers -= 1
            raise LedgerUnavailable("The connection broke before the answer")
        return entry


@pytest.fixture
async def moody(tmp_path: Path) -> AsyncGenerator[tuple[Desk, Moody]]:
    """Return a desk with a ledger of that kind."""
    async with open_desk(tmp_path, Moody) as desk:
        assert isinstance(desk.ledger, Moody)
        yield desk, desk.ledger


async def outcomes(*steps: Awaitable[object]) -> list[str]:
    """Take steps at once; return what became of each."""
    done = await asyncio.gather(*steps, return_exceptions=True)
    return [one.key if isinstance(one, CaseError) else type(one).__name__ for one in done]


async def test_two_approve_at_once(desk: Desk) -> None:
    """Let one of them, and tell the other."""
    case = await desk.preserved()
    assert await outcomes(desk.approve(SUZUKI, case.id), desk.approve(TANAKA, case.id)) == [
        "Case",
        "case_not_to_approve",
    ]
    assert len(await desk.entries("item_approved")) == 1


async def test_approve_and_a_new_clip_at_once(desk: Desk) -> None:
    """Whichever comes first, nothing is approved that was not sealed."""
    for first in ("approve", "request"):
        case = await desk.preserved()
        approve = desk.approve(SUZUKI, case.id)
        request = desk.book.request_clips(SATO, case.id, [(passage(9), None)])
        steps = (approve, request) if first == "approve" else (request, approve)
        done = await outcomes(*steps)
        assert done == (["Case", "tuple"] if first == "approve" else ["tuple", "clips_not_sealed"])
        case = desk.book.case(case.id)
        assert (case.state, case.approval) == (CaseState.RECEIVED, None)


async def test_release_and_a_new_clip_at_once(desk: Desk) -> None:
    """A package that was being built when a clip was asked for is not released."""
    case = await desk.approved()
    await desk.book.check_release(SATO, case.id)
    assert await outcomes(
        desk.book.request_clips(ITO, case.id, [(passage(9), None)]),
        desk.release(SATO, case.id),
    ) == ["tuple", "case_not_approved"]


async def test_cases_received_at_once_get_numbers_of_their_own(desk: Desk) -> None:
    """Number one after the other."""
    cases = await asyncio.gather(*(desk.received() for _ in range(8)))
    assert sorted(case.id[5:] for case in cases) == [f"{number:04}" for number in range(1, 9)]


async def test_nothing_is_done_while_the_ledger_is_away(desk: Desk) -> None:
    """Refuse each step, ask for nothing by the clock, and go on where it was when the ledger is back."""
    case = await desk.preserved()
    before = dict(desk.book.cases)
    await desk.ledger.close()
    for step in (
        desk.approve(SUZUKI, case.id),
        desk.received(),
        desk.book.check_release(SATO, case.id),
        desk.book.request_clips(SATO, case.id, [(passage(9), None)]),
    ):
        with pytest.raises((LedgerUnavailable, CaseError)):
            await step
    with pytest.raises(LedgerUnavailable):
        await desk.approve(SUZUKI, case.id)
    assert dict(desk.book.cases) == before
    desk.clock.forward(days=100)
    assert desk.book.due() == Due()
    await desk.ledger.open()
    assert (await desk.approve(SUZUKI, case.id)).state is CaseState.APPROVED


async def test_a_refusal_while_the_ledger_is_away_is_written_later(desk: Desk) -> None:
    """Refuse all the same; the first minute after the ledger is back has it on the record."""
    case = await desk.preserved()
    await desk.ledger.close()
    with pytest.raises(NotAllowed):
        await desk.approve(SATO, case.id)
    await desk.ledger.open()
    desk.clock.forward(minutes=2)
    with pytest.raises(NotAllowed):
        await desk.approve(SATO, case.id)
    assert len(await desk.entries("refused")) == 2


async def test_a_step_whose_answer_got_lost_is_found_in_the_ledger(
    moody: tuple[Desk, Moody],
) -> None:
    """Read what the ledger carries before the next step, rather than take it twice or deny it."""
    desk, ledger = moody
    case = await desk.preserved()
    ledger.lost_answers = 1
    with pytest.raises(LedgerUnavailable):
        await desk.approve(SUZUKI, case.id)
    assert desk.book.case(case.id).state is CaseState.PRESERVED
    assert desk.book.due() == Due()
    with pytest.raises(WrongState):
        await desk.approve(TANAKA, case.id)
    assert desk.book.case(case.id).approved_by == SUZUKI.person
    ledger.lost_answers = 1
    with pytest.raises(LedgerUnavailable):
        await desk.received()
    assert (await desk.received()).id.endswith("-0003")


async def test_a_clip_whose_answer_got_lost_is_told_again(moody: tuple[Desk, Moody]) -> None:
    """Let the retrieval repeat what it could not get confirmed."""
    desk, ledger = moody
    clip = await desk.requested()
    ledger.lost_answers = 1
    with pytest.raises(LedgerUnavailable):
        await desk.book.clip_sealed(clip.id, sealed(clip))
    await desk.book.clip_sealed(clip.id, sealed(clip))
    assert desk.book.clip(clip.id)[1].state is ClipState.SEALED
    assert len(await desk.entries("clip_sealed")) == 1


async def test_a_caller_who_gives_up_leaves_no_half_step(moody: tuple[Desk, Moody]) -> None:
    """Finish a step whose caller was cancelled, in the ledger and in the book."""
    desk, ledger = moody
    case = await desk.preserved()
    ledger.held = asyncio.Event()
    task = asyncio.create_task(desk.approve(SUZUKI, case.id))
    await asyncio.sleep(0)
    waiting = asyncio.create_task(desk.approve(TANAKA, case.id))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    ledger.held.set()
    with pytest.raises(WrongState):
        await waiting
    assert desk.book.case(case.id).approved_by == SUZUKI.person


async def test_close_waits_for_the_step_under_way(moody: tuple[Desk, Moody]) -> None:
    """Stop without losing what somebody was just doing."""
    desk, ledger = moody
    ledger.held = asyncio.Event()
    create = asyncio.create_task(desk.received())
    await asyncio.sleep(0)
    close = asyncio.create_task(desk.book.close())
    await asyncio.sleep(0)
    assert not close.done()
    ledger.held.set()
    await close
    assert (await create).request.items() >= REQUESTS[CaseKind.POLICE_INQUIRY].items()


async def test_a_book_that_was_not_loaded_reads_first(desk: Desk) -> None:
    """Number and judge by the whole ledger even when nobody called `load`."""
    case = await desk.preserved()
    book = desk.new_book()
    with pytest.raises(NotAllowed):
        await book.approve(SATO, case.id)
    desk.book = book
    assert (await desk.approve(SUZUKI, case.id)).approval
    await desk.book.load()


async def test_other_writers_of_the_ledger_do_not_disturb(desk: Desk) -> None:
    """Leave viewings and what else is recorded alone, before and between the steps."""
    await desk.ledger.append("viewed", "camera/kita", {"seconds": 20}, person=SATO.person)
    case = await desk.preserved()
    await desk.ledger.append("viewed", "camera/kita", {"seconds": 20}, person=SATO.person)
    assert (await desk.approve(SUZUKI, case.id)).state is CaseState.APPROVED
    assert isinstance(desk.book.case(case.id).last_step_at, datetime)
