"""Clips that are sealed with what came, and clips that end where their camera changed the codec."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.niiza_cctv.lib.access.errors import CaseError, FieldsInvalid, NotAllowed
from custom_components.niiza_cctv.lib.access.permissions import Permission
from custom_components.niiza_cctv.lib.cases.book import MAX_RESTS
from custom_components.niiza_cctv.lib.cases.model import CaseClip, CaseState, ClipState
from custom_components.niiza_cctv.lib.cases.offers import clip_offers
from custom_components.niiza_cctv.lib.cases.sealing_early import Fetch
from tests.lib.cases.desk import SATO, SUZUKI, VIEWER, Desk, passage

STUCK = Fetch(came=True, stalled=True, minutes=10)
SECOND = timedelta(seconds=1)


async def refused(step: Any) -> str:
    """Return why a step is refused."""
    with pytest.raises(CaseError) as caught:
        await step
    return caught.value.key


def clip_of(desk: Desk, clip: CaseClip) -> CaseClip:
    """Return a clip as it is now."""
    return desk.book.clip(clip.id)[1]


@pytest.mark.parametrize(
    ("fetch", "reason"),
    [
        (Fetch(came=True, stalled=False, minutes=10), "clip_still_comes"),
        (Fetch(came=False, stalled=False, minutes=10), "clip_still_comes"),
        (Fetch(came=False, stalled=True, minutes=10), "clip_nothing_came"),
    ],
)
async def test_only_what_is_stuck_and_there_is_sealed(
    desk: Desk, fetch: Fetch, reason: str
) -> None:
    """What is refused is not offered, and nothing is written but the refusal."""
    clip = await desk.requested()
    case = desk.book.clip(clip.id)[0]
    assert Permission.SEAL_EARLY not in clip_offers(SATO, case, clip, fetch)
    assert await refused(desk.book.seal_early(SATO, clip.id, fetch)) == reason
    assert clip_of(desk, clip).cut_short is None
    assert await desk.entries("clip_cut_short") == []


async def test_a_clip_is_sealed_early_once_and_by_whom_it_says(desk: Desk) -> None:
    """It is theirs who may ask for clips, and they may not approve it then."""
    clip = await desk.requested()
    case = desk.book.clip(clip.id)[0]
    assert clip_offers(SATO, case, clip, STUCK) == [Permission.SEAL_EARLY, Permission.CANCEL_CLIP]
    assert clip_offers(SATO, case, clip, None) == [Permission.CANCEL_CLIP]
    assert clip_offers(VIEWER, case, clip, STUCK) == []
    case = await desk.book.seal_early(SATO, clip.id, STUCK)
    (clip,) = case.clips
    assert clip.cut_short is not None
    assert clip.cut_short.by == SATO.person
    assert clip.state is ClipState.REQUESTED
    assert SATO.person is not None
    assert SATO.person.id in case.askers
    assert await refused(desk.book.seal_early(SATO, clip.id, STUCK)) == "clip_not_pending"
    assert await refused(desk.book.seal_early(SATO, "2026-0099-01", STUCK)) == "clip_unknown"
    with pytest.raises(NotAllowed):
        await desk.book.seal_early(SUZUKI, clip.id, STUCK)


async def test_what_was_sealed_early_may_be_asked_for_again(desk: Desk) -> None:
    """The same passage is refused otherwise."""
    clip = await desk.requested()
    case = desk.book.clip(clip.id)[0]
    with pytest.raises(FieldsInvalid):
        await desk.book.request_clips(SATO, case.id, [(clip.passage, None)])
    await desk.book.seal_early(SATO, clip.id, STUCK)
    (again,) = await desk.book.request_clips(SATO, case.id, [(clip.passage, None)])
    assert again.passage == clip.passage


async def test_a_clip_is_divided_where_its_camera_changed_the_codec(desk: Desk) -> None:
    """The rest is asked for by the same person; told twice, it is divided once."""
    clip = await desk.requested()
    at = clip.passage.start + 20 * SECOND
    rest = await desk.book.clip_divided(clip.id, at)
    assert rest is not None
    assert await desk.book.clip_divided(clip.id, at) == rest
    first = clip_of(desk, clip)
    assert (first.passage.end, first.asked_end) == (at, clip.passage.end)
    assert (rest.passage.start, rest.passage.end) == (at, clip.passage.end)
    assert (rest.asked_by, rest.asked_at, rest.rest_of) == (clip.asked_by, clip.asked_at, clip.id)
    assert rest.state is ClipState.REQUESTED
    later = await desk.book.clip_divided(rest.id, at + 10 * SECOND)
    assert later is not None
    assert later.rest_of == clip.id
    assert (await desk.entries("clip_divided"))[0].person is None
    assert desk.book.clip(clip.id)[0].state is CaseState.RECEIVED


async def test_nobody_divides_what_is_given_up(desk: Desk) -> None:
    """And a moment outside the passage divides nothing."""
    clip = await desk.requested()
    assert await desk.book.clip_divided(clip.id, clip.passage.end) is None
    assert clip_of(desk, clip).passage == clip.passage
    await desk.book.cancel_clip(SATO, clip.id)
    at = clip.passage.start + SECOND
    assert await refused(desk.book.clip_divided(clip.id, at)) == "clip_not_pending"


async def test_a_camera_that_changes_all_the_time_fills_no_case(desk: Desk) -> None:
    """Behind so many rests there is no further one."""
    case = await desk.received()
    (clip,) = await desk.book.request_clips(SATO, case.id, [(passage(), None)])
    last: CaseClip | None = clip
    for number in range(MAX_RESTS):
        assert last is not None
        last = await desk.book.clip_divided(last.id, clip.passage.start + (number + 1) * SECOND)
    assert last is not None
    end = clip.passage.start + (MAX_RESTS + 1) * SECOND
    assert await desk.book.clip_divided(last.id, end) is None
    assert len(desk.book.case(case.id).clips) == MAX_RESTS + 1
