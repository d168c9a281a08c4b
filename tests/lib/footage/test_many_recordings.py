"""Cameras that begin a new recording each minute: a thousand of them, and more than are read."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from custom_components.niiza_cctv.lib.device.parse.recording import MAX_RECORDINGS
from custom_components.niiza_cctv.lib.device.quirks import Quirk
from custom_components.niiza_cctv.lib.footage.clip_model import WithheldReason
from custom_components.niiza_cctv.lib.footage.retrieval import Failure
from simulator.camera import OtherRecording, Quirk as Temper
from tests.lib.footage.archives import filed
from tests.lib.footage.test_retrieval import CASE, RATE, SECOND, desk, expected
from tests.section import until

pytestmark = pytest.mark.usefixtures("socket_enabled")

HOUR = timedelta(hours=1)


def pieces(number: int, seconds: int, hours_ago: float) -> dict[str, Any]:
    """Return a card on which so many pieces of footage, from so many hours ago on, are a recording each."""
    return {
        "gaps": ((hours_ago, number * seconds / 60),),
        "recordings": tuple(
            OtherRecording(
                token=f"M_{at:04}", spans=((hours_ago - at * seconds / 3600, seconds / 60),)
            )
            for at in range(number)
        ),
    }


def ago(hours: float) -> datetime:
    """Return a whole second so many hours ago."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(hours=hours)


@pytest.mark.parametrize(
    "tempers",
    [
        (),
        # Only bounds are known then, and the running recording's span those of all.
        (Temper.NO_EVENT_SEARCH,),
        # What cannot be asked for one by one is looked for.
        (Temper.NO_RECORDING_INFORMATION,),
    ],
)
async def test_a_thousand_recordings_are_all_found(tempers: tuple[Temper, ...]) -> None:
    """With some dozen calls, however the camera answers: not one call for each of them."""
    async with filed(**pieces(1000, 60, 30.0), quirks=frozenset(tempers)) as kita:
        begun = len(kita.running.soap.calls)
        index = await kita.archive.index()
        asked = Counter(kita.running.soap.calls[begun:])
        assert index.complete
        assert not kita.camera.quirks.met(Quirk.RECORDINGS_CUT)
    assert len({one.recording for one in index.stretches}) == 1001
    assert sum(asked.values()) <= 50, asked
    if index.exact:
        start = ago(30.0) + 2 * SECOND
        parts = index.parts(start, start + 900 * 60 * SECOND)
        assert len(parts) >= 900
        assert all(one.end == two.start for one, two in pairwise(parts))


async def test_a_search_that_a_camera_refuses_leaves_each_to_be_asked_for() -> None:
    """As before, only longer; none is lost."""
    async with filed(**pieces(80, 60, 30.0)) as kita:
        kita.running.set(unreadable="FindRecordings")
        index = await kita.archive.index()
        assert len({one.recording for one in index.stretches}) == 81


async def test_a_passage_of_more_than_sixty_four_recordings_is_whole(tmp_path: Path) -> None:
    """Each picture once, over every seam."""
    async with desk(tmp_path, **pieces(66, 2, 2.0)) as it:
        index = await it.camera.archive.index()
        start = next(one.start for one in index.stretches if one.recording == "M_0000")
        it.retrievals.add(it.job(start, 132))
        await until(lambda: it.sealed or it.failed)
        clip = it.sealed[f"{CASE}-01"]
        assert not clip.gaps
        assert it.times() == expected(start, 132)


async def test_what_is_not_read_is_never_called_missing(tmp_path: Path) -> None:
    """A card with more recordings than are read says so: of what lies there nobody claims that it was not recorded."""
    async with desk(tmp_path, **pieces(MAX_RECORDINGS + 60, 20, 30.0)) as it:
        index = await it.camera.archive.index()
        assert not index.complete
        assert it.camera.camera.quirks.met(Quirk.RECORDINGS_CUT)
        listed = [one for one in index.stretches if one.recording.startswith("M_")]
        assert len(index.stretches) <= MAX_RECORDINGS + 1
        last = listed[-1].end
        it.retrievals.add(it.job(last - 10 * SECOND, 60))
        it.retrievals.add(it.job(last + 20 * SECOND, 30, 2))
        await until(lambda: it.sealed and it.failed)
        assert it.failed == {f"{CASE}-02": Failure.NOT_GIVEN}
        clip = it.sealed[f"{CASE}-01"]
        assert clip.pictures == 10 * RATE
        (gap,) = clip.gaps
        assert clip.reason(gap) is WithheldReason.NOT_READ
        assert gap[1] - gap[0] >= 49 * SECOND
