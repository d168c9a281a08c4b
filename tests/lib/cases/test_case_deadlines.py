"""What the clock asks for: alarms before footage is overwritten, ends, and files to remove; also after a restart."""

from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from typing import Any, override

import pytest

from custom_components.niiza_cctv.lib.access.errors import NotAllowed, WrongState
from custom_components.niiza_cctv.lib.cases.deadlines import AtRisk, Due
from custom_components.niiza_cctv.lib.cases.kinds import KINDS
from custom_components.niiza_cctv.lib.cases.model import CaseClip, CaseKind, CaseState, ClipState
from custom_components.niiza_cctv.lib.ledger import store
from tests.lib.cases.desk import (
    BIN_DAYS,
    KEEP_DAYS,
    SATO,
    SUZUKI,
    TANAKA,
    VIEWER,
    Desk,
    passage,
    sealed,
)


async def requested(desk: Desk, hours: float | None) -> CaseClip:
    """Return a clip that the card will overwrite in so many hours."""
    case = await desk.received()
    moment = None if hours is None else desk.clock() + timedelta(hours=hours)
    (clip,) = await desk.book.request_clips(SATO, case.id, [(passage(), moment)])
    return clip


def alarm(clip: CaseClip, hours: int, moment: datetime | None = None) -> AtRisk:
    """Return the alarm of a clip."""
    moment = moment or clip.overwritten_at
    assert moment is not None
    return AtRisk(case_id=clip.id[:9], clip_id=clip.id, hours=hours, overwritten_at=moment)


async def restarted(desk: Desk) -> Due:
    """Return what the clock asks for after a restart, which is what it asks for before."""
    book = desk.new_book()
    assert book.due() == Due()
    await book.load()
    assert book.due() == desk.book.due()
    return book.due()


@pytest.mark.parametrize("failed", [False, True])
async def test_each_threshold_is_told_once(desk: Desk, failed: bool) -> None:
    """Tell 48 h and 12 h before, whether the footage is still to come or could not be fetched."""
    clip = await requested(desk, 72)
    if failed:
        await desk.book.clip_failed(clip.id, "no_room", final=True)
    assert (await restarted(desk)).at_risk == ()
    for ahead, hours in ((25, 48), (36, 12)):
        desk.clock.forward(hours=ahead)
        due = (await restarted(desk)).at_risk
        assert due == (alarm(clip, hours),)
        await desk.book.footage_at_risk(due[0])
        await desk.book.footage_at_risk(due[0])
        assert (await restarted(desk)).at_risk == ()
    desk.clock.forward(days=3)
    assert (await restarted(desk)).at_risk == ()
    entries = await desk.entries("footage_at_risk")
    assert [(one.details["hours"], one.person) for one in entries] == [(48, None), (12, None)]


async def test_the_urgent_alarm_covers_the_milder_one(desk: Desk) -> None:
    """Tell once only when there is little time from the beginning, or none is left."""
    for hours in (5, -5):
        clip = await requested(desk, hours)
        assert desk.book.due().at_risk == (alarm(clip, 12),)
        await desk.book.footage_at_risk(alarm(clip, 12))
        assert desk.book.due().at_risk == ()


async def test_what_is_sealed_or_given_up_is_no_alarm(desk: Desk) -> None:
    """Leave people alone about footage that is here, is not wanted, or has no known end."""
    one, two, three = [await requested(desk, 10) for _ in range(3)]
    await requested(desk, None)
    await desk.book.clip_sealed(one.id, sealed(one))
    await desk.book.cancel_clip(SATO, two.id)
    await desk.book.reject(SUZUKI, three.id[:9], "不備")
    assert (await restarted(desk)).at_risk == ()


async def test_a_better_estimate_counts(desk: Desk) -> None:
    """Take what a later look at the card says, earlier or later than before."""
    clip = await requested(desk, None)
    sooner = desk.clock() + timedelta(hours=40)
    desk.book.new_estimate(clip.id, sooner)
    assert desk.book.overwritten_at(clip.id) == sooner
    assert desk.book.due().at_risk == (alarm(clip, 48, sooner),)
    desk.book.new_estimate(clip.id, sooner + timedelta(days=5))
    assert desk.book.due().at_risk == ()
    desk.book.new_estimate(clip.id, sooner)
    await desk.book.footage_at_risk(desk.book.due().at_risk[0])
    # The estimate on which people were told outlives a restart.
    book = desk.new_book()
    await book.load()
    assert book.overwritten_at(clip.id) == sooner
    await desk.book.clip_sealed(clip.id, sealed(clip))
    desk.book.new_estimate(clip.id, sooner + timedelta(days=5))
    assert desk.book.overwritten_at(clip.id) == sooner


@pytest.mark.parametrize("stage", ["received", "preserved", "approved", "released"])
@pytest.mark.parametrize("kind", [kind for kind in CaseKind if KINDS[kind].by_law])
async def test_a_case_asked_for_by_law_never_ends_by_silence(
    desk: Desk, kind: CaseKind, stage: str
) -> None:
    """Three years without a word: people are asked again and again, and nothing of it goes."""
    case = await getattr(desk, stage)(kind)
    assert desk.book.kept_until(case) is None
    assert desk.book.asked_from(case) == case.last_step_at + timedelta(days=KEEP_DAYS)
    desk.clock.forward(days=KEEP_DAYS - 1)
    assert await restarted(desk) == Due()
    for _ in range(150):
        desk.clock.forward(days=7)
        assert await restarted(desk) == Due(ask=(case.id,))
        await desk.book.asked_about(case.id)
    await desk.book.expire(case.id)
    now = desk.book.case(case.id)
    assert (now.state, now.clips, now.questions) == (case.state, case.clips, 150)
    assert not await desk.entries("case_expired")
    # What ends it is a person.
    if case.sealed_clips:
        await desk.book.reject(TANAKA, case.id, "照会が取り下げられた")
        assert desk.book.case(case.id).state is CaseState.REJECTED


async def test_whoever_says_that_it_is_needed_is_not_asked_for_the_days(desk: Desk) -> None:
    """An answer puts everything off; only a person with a part in deciding gives it."""
    case = await desk.preserved(CaseKind.INTERNAL_INSPECTION)
    assert not await desk.silence(case.id, days=KEEP_DAYS + 20)
    assert desk.book.case(case.id).questions >= 3
    with pytest.raises(NotAllowed):
        await desk.book.keep_open(VIEWER, case.id)
    kept = await desk.book.keep_open(SUZUKI, case.id)
    assert (kept.questions, kept.asked_about_at, kept.state) == (0, None, CaseState.PRESERVED)
    desk.clock.now = kept.last_step_at + timedelta(days=KEEP_DAYS - 1)
    assert await restarted(desk) == Due()
    desk.clock.forward(days=1)
    assert await restarted(desk) == Due(ask=(case.id,))
    assert [one.person for one in await desk.entries("case_kept_open")] == [SUZUKI.person]
    ended = await desk.book.reject(SUZUKI, case.id, "不要")
    with pytest.raises(WrongState, match="case_ended"):
        await desk.book.keep_open(SATO, ended.id)


async def test_nobody_is_asked_by_a_doubtful_clock(desk: Desk) -> None:
    """Otherwise a jump would count as days of silence."""
    case = await desk.preserved(CaseKind.INTERNAL_INSPECTION)
    desk.clock.forward(days=10 * KEEP_DAYS)
    desk.trusted = False
    assert await restarted(desk) == Due()
    await desk.book.asked_about(case.id)
    assert desk.book.case(case.id).questions == 0
    assert desk.book.waits_for_time()
    desk.trusted = True
    # Not without having been asked, however long it lasted.
    for count in range(3):
        assert desk.book.due() == Due(ask=(case.id,)), count
        await desk.book.asked_about(case.id)
    assert desk.book.due() == Due(expire=(case.id,))


@pytest.mark.parametrize("stage", ["received", "preserved", "approved", "released"])
async def test_an_inspection_of_its_own_expires_after_the_questions(desk: Desk, stage: str) -> None:
    """Twice the section's days of silence and three questions; then ask for its files to be removed."""
    case = await getattr(desk, stage)(CaseKind.INTERNAL_INSPECTION)
    until = desk.book.kept_until(case)
    assert until == case.last_step_at + timedelta(days=2 * KEEP_DAYS)
    assert (await restarted(desk)).expire == ()
    await desk.book.expire(case.id)
    assert desk.book.case(case.id) is case
    desk.clock.now = until
    assert (await restarted(desk)).expire == ()
    assert await desk.silence(case.id)
    assert desk.clock() >= until
    assert desk.book.case(case.id).questions >= 3
    assert (await restarted(desk)).expire == (case.id,)
    await desk.book.expire(case.id)
    await desk.book.expire(case.id)
    due = await restarted(desk)
    if stage == "received":
        assert due == Due()
        return
    assert due == Due(to_bin=(case.id,))
    await desk.binned(case.id)
    await desk.binned(case.id)
    await desk.book.files_removed(case.id)
    assert await restarted(desk) == Due()
    desk.clock.forward(days=BIN_DAYS)
    assert await restarted(desk) == Due(remove_files=(case.id,))
    await desk.book.files_removed(case.id)
    assert await restarted(desk) == Due()
    assert [len(await desk.entries(f"files_{how}")) for how in ("binned", "removed")] == [1, 1]
    assert desk.book.case(case.id).state is CaseState.EXPIRED
    assert all(clip.state is ClipState.REMOVED for clip in desk.book.case(case.id).clips)


async def test_a_step_puts_the_end_off_a_refusal_does_not(desk: Desk) -> None:
    """Count from the last step that was taken."""
    case = await desk.preserved()
    await desk.book.refuse(SATO, "viewing", f"case/{case.id}", "not_allowed_tablet")
    (clip,) = await desk.book.request_clips(SATO, case.id, [(passage(9), None)])
    before = desk.book.case(case.id).last_step_at
    assert before == clip.asked_at > case.last_step_at
    await desk.book.clip_failed(clip.id, "busy", final=False)
    await desk.book.footage_at_risk(alarm(clip, 48, desk.clock()))
    await desk.book.refuse(SATO, "viewing", f"case/{case.id}", "not_allowed_tablet")
    assert desk.book.case(case.id).last_step_at == before


async def test_footage_that_was_handed_over_goes_after_the_days(desk: Desk) -> None:
    """Remove without anybody purging; the case is purged then."""
    case = await desk.handed_over()
    desk.clock.forward(days=KEEP_DAYS - 1)
    assert await restarted(desk) == Due()
    desk.clock.forward(days=2)
    assert await restarted(desk) == Due(to_bin=(case.id,))
    # Not without having been in the bin.
    await desk.book.files_removed(case.id)
    assert not await desk.entries("files_removed")
    await desk.binned(case.id)
    assert await restarted(desk) == Due()
    desk.clock.forward(days=BIN_DAYS)
    assert await restarted(desk) == Due(remove_files=(case.id,))
    await desk.book.files_removed(case.id)
    await desk.book.files_removed(case.id)
    assert await restarted(desk) == Due()
    assert desk.book.case(case.id).state is CaseState.PURGED
    assert len(await desk.entries("files_removed")) == 1


async def test_what_no_time_can_be_trusted_for_stays(desk: Desk) -> None:
    """Nothing expires, goes to the bin or out of it by a doubtful clock; what a person purged goes all the same."""
    opened, ended, binned, purged = (
        await desk.preserved(CaseKind.INTERNAL_INSPECTION),
        await desk.handed_over(),
        await desk.handed_over(),
        await desk.handed_over(),
    )
    await desk.book.purge(SATO, purged.id)
    desk.clock.forward(days=KEEP_DAYS + 1)
    await desk.binned(binned.id)
    desk.clock.forward(days=400)
    for _ in range(3):
        await desk.book.asked_about(opened.id)
    desk.trusted = False
    assert desk.book.waits_for_time()
    assert desk.book.due() == Due(remove_files=(purged.id,))
    await desk.book.expire(opened.id)
    await desk.binned(ended.id)
    for case in (opened, ended, binned):
        with suppress(WrongState):
            await desk.book.files_removed(case.id)
    await desk.book.files_removed(purged.id)
    assert not await desk.entries("case_expired")
    assert [one.subject for one in await desk.entries("files_binned")] == [f"case/{binned.id}"]
    assert [one.subject for one in await desk.entries("files_removed")] == [f"case/{purged.id}"]
    desk.trusted = True
    assert not desk.book.waits_for_time()
    assert desk.book.due() == Due(
        expire=(opened.id,), to_bin=(ended.id,), remove_files=(binned.id,)
    )


@pytest.mark.parametrize(
    ("jump", "kept"), [(31 * 86400, True), (0, True), (-600, False), (None, False)]
)
async def test_what_was_done_by_a_clock_that_was_behind_is_not_over_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, jump: int | None, kept: bool
) -> None:
    """Steps carry dates of a month ago; when a person confirms the clock that is right again, the days begin anew."""

    class Behind(datetime):
        """A clock that is a month behind."""

        @override
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return datetime.now(tz) - timedelta(days=KEEP_DAYS + 1)

    with monkeypatch.context() as behind:
        behind.setattr(store, "datetime", Behind)
        opened, ended = await desk.preserved(), await desk.handed_over()
    await desk.book.confirm_clock(SATO, {"jump": jump})
    due = Due() if kept else Due(ask=(opened.id,), to_bin=(ended.id,))
    assert desk.book.due() == due
    assert await restarted(desk) == due
    # Begun anew, not kept for ever.
    desk.clock.forward(days=KEEP_DAYS + 1)
    assert desk.book.due() == Due(ask=(opened.id,), to_bin=(ended.id,))


async def test_a_case_is_taken_out_of_the_bin_by_a_person(desk: Desk) -> None:
    """An expired case is open again, for as long as any, and is approved anew."""
    moved = []

    async def move() -> None:
        moved.append(1)

    case = await desk.approved(CaseKind.INTERNAL_INSPECTION)
    with pytest.raises(WrongState, match="footage_not_in_bin"):
        await desk.book.restore(SATO, case.id, move)
    assert await desk.silence(case.id)
    await desk.book.expire(case.id)
    await desk.binned(case.id)
    back = await desk.book.restore(SATO, case.id, move)
    assert moved == [1]
    assert (back.state, back.approval, back.binned_until) == (CaseState.PRESERVED, None, None)
    desk.clock.now = back.last_step_at
    assert await restarted(desk) == Due()
    handed = await desk.handed_over()
    desk.clock.forward(days=KEEP_DAYS + 1)
    await desk.binned(handed.id)
    with pytest.raises(WrongState, match="footage_in_bin"):
        await desk.approve(SUZUKI, handed.id)
    assert (await desk.book.restore(SATO, handed.id, move)).state is CaseState.HANDED_OVER
