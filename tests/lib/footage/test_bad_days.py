"""Passages of cameras that keep to real time, die for good, or change how they record."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import pytest

from custom_components.niiza_cctv.lib.device.model import ReadBackOutcome
from custom_components.niiza_cctv.lib.device.quirks import Quirk as OurQuirk
from custom_components.niiza_cctv.lib.footage import retrieval
from custom_components.niiza_cctv.lib.footage.archive import Archive
from custom_components.niiza_cctv.lib.footage.clip_model import SealedClip, Withheld, WithheldReason
from custom_components.niiza_cctv.lib.footage.gate import ReplayGate, Use
from custom_components.niiza_cctv.lib.footage.readback import read_back
from custom_components.niiza_cctv.lib.footage.retrieval import Failure, RetrievalState
from custom_components.niiza_cctv.lib.footage.viewing_copy import is_due
from simulator.camera import OtherRecording, Quirk
from tests.lib.footage.archives import TOKYO, filed
from tests.lib.footage.test_retrieval import CASE, QUICK, RATE, SECOND, desk, expected, whole
from tests.section import PATIENCE, until

pytestmark = pytest.mark.usefixtures("socket_enabled")

# Long enough for a stutter of this machine to be one of the camera's.
QUICK_PACE = replace(QUICK, pace_window=1.5)
QUICK_STALL = replace(QUICK, stalled=1.0)
PACES = frozenset({Quirk.REPLAY_IGNORES_RATE_CONTROL})
FIRST, SECOND_CLIP = f"{CASE}-01", f"{CASE}-02"


def hours_ago(hours: float) -> datetime:
    """Return a whole second so many hours ago."""
    return whole(datetime.now(UTC)) - timedelta(hours=hours)


# --- Real time ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("speed", [None, 0.9])
async def test_a_camera_that_keeps_to_real_time_is_recognised_and_not_given_up(
    tmp_path: Path, speed: float | None
) -> None:
    """At its pace or a little below, the passage is whole; who waits behind it is told how long that takes."""
    quirks = frozenset() if speed else PACES
    async with desk(tmp_path, quirks=quirks) as it:
        it.camera.running.set(replay_speed=speed)
        it.restart(timing=QUICK_PACE)
        start = hours_ago(2)
        it.retrievals.add(it.job(start, 40))
        it.retrievals.add(it.job(start + 60 * SECOND, 600, 2))
        await until(lambda: it.camera.archive.keeps_to_real_time)
        assert it.camera.camera.quirks.counts()
        first = it.retrievals.progress(FIRST)
        assert first is not None
        assert first.real_time
        second = it.retrievals.progress(SECOND_CLIP)
        assert second is not None
        assert (second.state, second.place, second.real_time) == (RetrievalState.QUEUED, 1, True)
        assert second.remaining == 640 * SECOND
        await until(lambda: FIRST in it.sealed)
        assert not it.sealed[FIRST].gaps
        assert it.times() == expected(start, 40)
        assert not it.transient_failures


async def test_cameras_that_keep_to_real_time_hold_up_no_other(tmp_path: Path) -> None:
    """However many of them there are: they take long and cost little."""
    async with (
        desk(tmp_path, quirks=PACES, replay_sessions=8) as it,
        filed() as other,
    ):
        it.restart(timing=QUICK_PACE)
        start = hours_ago(2)
        archives = [
            Archive(it.camera.camera, time_zone=TOKYO, tls=None, gate=ReplayGate())
            for _ in range(retrieval.PARALLEL_FETCHES)
        ]
        for number, archive in enumerate(archives, 1):
            it.retrievals.add(
                it.job(start, 600, number, camera=f"slow {number}", archive=lambda at=archive: at)
            )
        await until(lambda: it.camera.archive.keeps_to_real_time)
        it.retrievals.add(it.job(start, 30, 9, camera="fast", archive=lambda: other.archive))
        await until(lambda: f"{CASE}-09" in it.sealed)
        assert [*it.sealed] == [f"{CASE}-09"]
        await it.retrievals.close()


async def test_a_card_is_proved_at_the_pace_of_the_camera(tmp_path: Path) -> None:
    """A few seconds of footage that take a few seconds, and a little more, are no dead card."""
    async with desk(tmp_path) as it:
        it.camera.running.set(replay_speed=0.9)
        await it.camera.archive.index()
        camera = it.camera.camera
        url = await camera.replay_uri("SD_1")
        found = await read_back(url, camera.credential, hours_ago(2))
        assert (found.outcome, found.detail) == (ReadBackOutcome.DECODED, "")


async def test_a_camera_that_is_fast_again_is_believed(tmp_path: Path) -> None:
    """A habit holds until it is measured otherwise."""
    async with desk(tmp_path) as it:
        it.camera.camera.quirks.note(OurQuirk.REPLAY_PACED)
        assert it.camera.archive.keeps_to_real_time
        it.camera.running.set(replay_speed=4.0)
        it.restart(timing=QUICK_PACE)
        it.retrievals.add(it.job(hours_ago(2), 120))
        await until(lambda: not it.camera.archive.keeps_to_real_time)


async def test_people_get_turns_at_a_camera_that_keeps_to_real_time(tmp_path: Path) -> None:
    """And the export comes on between them, although each turn begins with what it has already."""
    async with desk(tmp_path, quirks=PACES) as it:
        start = hours_ago(2)
        gate = it.camera.archive.gate
        it.retrievals.add(it.job(start, 10))
        turns = 0
        while not it.sealed and not it.failed:
            await until(lambda: gate.holder is Use.EXPORT or it.sealed or it.failed)
            async with asyncio.timeout(PATIENCE), gate.turn(Use.VIEWING):
                turns += 1
        assert it.times() == expected(start, 10)
        assert turns >= 3


# --- Sealed early ---------------------------------------------------------------------------------------------


async def test_what_came_of_a_dead_camera_is_sealed_when_somebody_says_so(tmp_path: Path) -> None:
    """Also after a restart: the rest is named with the moment of the decision, once."""
    async with desk(tmp_path) as it:
        start = hours_ago(2)
        it.camera.running.set(replay_speed=10.0)
        it.restart(timing=QUICK_STALL)
        it.retrievals.add(it.job(start, 60))
        await until(lambda: (one := it.retrievals.progress(FIRST)) is not None and one.percent > 5)
        assert (one := it.retrievals.progress(FIRST)) is not None
        assert one.came
        await it.camera.running.soap.stop()
        await it.camera.running.rtsp.stop()
        await until(lambda: (one := it.retrievals.progress(FIRST)) is not None and one.stalled)
        await it.retrievals.close()
        it.restart(timing=QUICK_STALL)
        it.retrievals.add(it.job(start, 60))
        decided_at = whole(datetime.now(UTC))
        it.retrievals.finish(FIRST, decided_at)
        await until(lambda: it.sealed or it.failed)
        clip = it.sealed[FIRST]
        (gap,) = clip.gaps
        assert gap == (clip.last_picture, start + 60 * SECOND)
        known = clip.known_of(gap)
        assert known is not None
        assert (known.reason, known.decided_at) == (WithheldReason.SEALED_EARLY, decided_at)
        assert SealedClip.from_json(clip.as_json()) == clip
        await it.camera.running.soap.start()
        await it.camera.running.rtsp.start()


async def test_of_nothing_no_clip_is_made(tmp_path: Path) -> None:
    """Nobody may read that nothing was recorded."""
    async with desk(tmp_path) as it:
        await it.camera.running.soap.stop()
        await it.camera.running.rtsp.stop()
        it.restart(timing=QUICK_STALL)
        it.retrievals.add(it.job(hours_ago(2), 60))
        await until(lambda: (one := it.retrievals.progress(FIRST)) is not None and one.stalled)
        assert (one := it.retrievals.progress(FIRST)) is not None
        assert not one.came
        it.retrievals.finish(FIRST, datetime.now(UTC))
        await until(lambda: it.sealed or it.failed)
        assert it.failed == {FIRST: Failure.NOT_GIVEN}
        await it.camera.running.soap.start()
        await it.camera.running.rtsp.start()


# --- Another way of recording ---------------------------------------------------------------------------------


def changed_way(second: dict[str, Any], *, overlap: float = 0.0) -> dict[str, Any]:
    """Return a card whose camera went on in another way, from twenty seconds into the gap of its own recording on."""
    first = OtherRecording(token="W_1", spans=((2.0, 20 / 60),))
    rest = OtherRecording(token="W_2", spans=((2.0 - (20 - overlap) / 3600, 40 / 60),), **second)
    return {"gaps": ((2.0, 1.0),), "recordings": (first, rest)}


async def test_another_codec_is_left_to_another_clip(tmp_path: Path) -> None:
    """The first file ends where it begins, and each plays."""
    async with desk(tmp_path, **changed_way({"codec": "H265"})) as it:
        index = await it.camera.archive.index()
        (start,) = [one.start for one in index.stretches if one.recording == "W_1"]
        it.retrievals.add(it.job(start, 50))
        await until(lambda: FIRST in it.sealed)
        assert it.divided == [(FIRST, start + 20 * SECOND)]
        clip = it.sealed[FIRST]
        assert (clip.codec, clip.pictures, clip.gaps) == ("h264", 20 * RATE, ())
        assert clip.requested_end == start + 20 * SECOND
        it.retrievals.add(it.job(start + 20 * SECOND, 30, 2))
        await until(lambda: SECOND_CLIP in it.sealed)
        rest = it.sealed[SECOND_CLIP]
        assert (rest.codec, rest.pictures, rest.gaps) == ("hevc", 30 * RATE, ())
        assert it.times(FIRST) + it.times(SECOND_CLIP) == expected(start, 50)


async def test_the_rest_is_named_where_nobody_takes_it(tmp_path: Path) -> None:
    """A camera that changes its codec all day makes no hundred clips; what is left out is said."""
    async with desk(tmp_path, **changed_way({"codec": "H265"})) as it:
        index = await it.camera.archive.index()
        (start,) = [one.start for one in index.stretches if one.recording == "W_1"]
        it.divides = False
        it.retrievals.add(it.job(start, 50))
        await until(lambda: FIRST in it.sealed)
        clip = it.sealed[FIRST]
        rest = Withheld(
            start=start + 20 * SECOND, end=start + 50 * SECOND, reason=WithheldReason.NOT_READ
        )
        assert clip.withheld == (rest,)
        assert clip.requested_end == start + 50 * SECOND


async def test_a_restart_behind_the_division_goes_on_with_what_was_fetched(tmp_path: Path) -> None:
    """The journal is that of the passage as it was asked for: the card may hold it no longer."""
    async with desk(tmp_path, **changed_way({"codec": "H265"})) as it:
        index = await it.camera.archive.index()
        (start,) = [one.start for one in index.stretches if one.recording == "W_1"]
        it.hold_divided = asyncio.Event()
        it.retrievals.add(it.job(start, 50))
        await until(lambda: it.divided)
        await it.retrievals.close()
        (journal,) = it.vault.folder(CASE).glob("*.spool")
        size = journal.stat().st_size
        it.camera.running.set(play_busy=True)
        it.restart()
        it.retrievals.add(it.job(start, 20, asked_end=start + 50 * SECOND))
        await until(lambda: it.states[-1] is RetrievalState.RETRYING)
        assert (one := it.retrievals.progress(FIRST)) is not None
        assert one.came
        assert [*it.vault.folder(CASE).glob("*.spool")] == [journal]
        assert journal.stat().st_size == size
        it.camera.running.set(play_busy=False)
        await until(lambda: FIRST in it.sealed)
        assert it.times() == expected(start, 20)


@pytest.mark.parametrize("codec", ["H264", "H265"])
async def test_another_size_stays_in_one_file(tmp_path: Path, codec: str) -> None:
    """The file carries both kinds of parameters, and a copy of one size besides for players that stumble."""
    changes = changed_way({"size": (320, 180)})
    async with desk(tmp_path, codec=codec, **changes) as it:
        index = await it.camera.archive.index()
        (start,) = [one.start for one in index.stretches if one.recording == "W_1"]
        it.retrievals.add(it.job(start, 50))
        await until(lambda: it.sealed or it.failed)
        clip = it.sealed[FIRST]
        assert clip.varies
        assert not it.divided
        assert is_due(clip)
        assert it.times() == expected(start, 50)
        with av.open(it.vault.folder(CASE) / clip.master.name) as file:
            sizes = {(frame.width, frame.height) for frame in file.decode(video=0)}
        assert sizes == {(640, 360), (320, 180)}
