"""Passages fetched from a virtual camera that is unplugged, watched, slow, full or lying meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
import threading
from typing import Any

import av
import pytest

from custom_components.niiza_cctv.lib.device.clock_history import ClockKnown
from custom_components.niiza_cctv.lib.device.errors import CameraAnswerInvalid, CameraError
from custom_components.niiza_cctv.lib.device.model import ClockReading
from custom_components.niiza_cctv.lib.footage import retrieval
from custom_components.niiza_cctv.lib.footage.archive import (
    Archive,
    FootageIndex,
    FootageStream,
    Picture,
    Stretch,
)
from custom_components.niiza_cctv.lib.footage.clip_model import SealedClip, WithheldReason
from custom_components.niiza_cctv.lib.footage.errors import CameraBusy, PlayRefused
from custom_components.niiza_cctv.lib.footage.gate import Use
from custom_components.niiza_cctv.lib.footage.retrieval import (
    Failure,
    Job,
    Retrievals,
    RetrievalState,
    RetrievalTiming,
)
from custom_components.niiza_cctv.lib.footage.spool import Spool
from custom_components.niiza_cctv.lib.footage.vault import Vault
from simulator.camera import CardFault, Faults, Quirk
from simulator.sei import read_time
from tests.lib.footage.archives import Filed, filed
from tests.section import PATIENCE, until

pytestmark = pytest.mark.usefixtures("socket_enabled")

SECOND = timedelta(seconds=1)
RATE = 5
CASE = "2026-0001"
QUICK = RetrievalTiming(
    retry_delay=(0.1, 0.4), busy_again=0.1, settle_again=0.2, index_age=0.5, patience=1.0, idle=1.0
)


@dataclass
class Desk:
    """Retrievals of one camera, and what became of them."""

    camera: Filed
    vault: Vault
    retrievals: Retrievals = field(init=False)
    sealed: dict[str, SealedClip] = field(default_factory=dict)
    failed: dict[str, Failure] = field(default_factory=dict)
    transient_failures: list[CameraError] = field(default_factory=list)
    states: list[RetrievalState] = field(default_factory=list)
    clock: ClockReading | None = None
    # Where passages were divided, and whether there is a clip for the rest.
    divided: list[tuple[str, datetime]] = field(default_factory=list)
    divides: bool = True
    hold_divided: asyncio.Event | None = None

    def __post_init__(self) -> None:
        """Begin with an empty queue."""
        self.restart()

    def restart(self, **changes: Any) -> None:
        """Begin anew, as after a restart; what is waited for between two tries is short."""

        async def sealed(job: Job, clip: SealedClip, clock: ClockReading | None) -> None:
            self.sealed[job.clip_id] = clip
            self.clock = clock

        async def failed(job: Job, failure: Failure) -> None:
            self.failed[job.clip_id] = failure

        async def transient_failure(_job: Job, err: CameraError) -> None:
            self.transient_failures.append(err)

        async def divided(job: Job, at: datetime) -> bool:
            self.divided += [(job.clip_id, at)]
            if self.hold_divided is not None:
                await self.hold_divided.wait()
            return self.divides

        def changed() -> None:
            if (progress := self.retrievals.progress(f"{CASE}-01")) is not None:
                self.states.append(progress.state)

        self.retrievals = Retrievals(
            self.vault,
            sealed=sealed,
            failed=failed,
            transient_failure=transient_failure,
            divided=divided,
            changed=changed,
            **{"timing": QUICK} | changes,
        )

    def job(self, start: datetime, seconds: float, number: int = 1, **changes: Any) -> Job:
        """Return the job of a passage."""
        job = Job(
            clip_id=f"{CASE}-{number:02d}",
            case_id=CASE,
            camera="kita",
            archive=lambda: self.camera.archive,
            start=start,
            end=start + seconds * SECOND,
            bit_rate=1_000_000,
        )
        return replace(job, **changes)

    def times(self, clip_id: str = f"{CASE}-01") -> list[datetime]:
        """Return the moments written into the pictures of a clip."""
        with av.open(self.vault.folder(CASE) / self.sealed[clip_id].master.name) as file:
            return [
                moment
                for packet in file.demux(file.streams.video[0])
                if packet.size and (moment := read_time(annex_b(bytes(packet)))) is not None
            ]

    def files(self) -> list[str]:
        """Return what lies in the case's folder."""
        return sorted(file.name for file in self.vault.folder(CASE).iterdir())


def annex_b(sample: bytes) -> bytes:
    """Return a sample of an MP4 (units with four bytes of length) as a byte stream."""
    units, at = [], 0
    while at < len(sample):
        size = int.from_bytes(sample[at : at + 4])
        units.append(b"\0\0\0\1" + sample[at + 4 : at + 4 + size])
        at += 4 + size
    return b"".join(units)


@asynccontextmanager
async def desk(folder: Path, *, quota: int = 10**9, **changes: Any) -> AsyncIterator[Desk]:
    """Run a camera and retrievals from it for the length of a block."""
    async with filed(**changes) as camera:
        vault = Vault(folder, quota)
        vault.prepare()
        it = Desk(camera, vault)
        try:
            yield it
        finally:
            # What failed leaves nothing behind that would fail with the next test.
            await it.retrievals.close()


def whole(moment: datetime) -> datetime:
    """Return a moment without its fraction of a second."""
    return moment.replace(microsecond=0)


def expected(start: datetime, seconds: int) -> list[datetime]:
    """Return the moments of the pictures of a passage that begins at a whole second."""
    return [start + at * SECOND / RATE for at in range(seconds * RATE)]


@pytest.mark.parametrize("offset", [0.0, -420.0])
async def test_every_picture_of_the_passage(tmp_path: Path, offset: float) -> None:
    """Asked for by our clock, whatever the camera's: each picture once, and nothing left but the clip."""
    async with desk(tmp_path) as it:
        it.camera.running.set(clock_offset=offset)
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        it.retrievals.add(it.job(start, 60))
        await until(lambda: it.sealed or it.failed)
        clip = it.sealed[f"{CASE}-01"]
        assert clip.first_picture == start
        assert clip.last_picture == start + 60 * SECOND - SECOND / RATE
        assert not clip.gaps
        assert it.clock is not None
        # Cameras tell whole seconds: on a busy machine one more or less is measured.
        ahead = round(it.clock.offset.total_seconds())
        assert abs(ahead - offset) <= 1
        # The camera stamped them by its own clock.
        assert it.times() == expected(start + ahead * SECOND, 60)
        await until(lambda: it.retrievals.progress(f"{CASE}-01") is None)
        assert it.files() == [clip.master.name]
        assert (tmp_path / CASE).stat().st_mode & 0o777 == 0o700


async def test_footage_from_before_the_clock_was_set_keeps_its_true_time(tmp_path: Path) -> None:
    """Seven minutes slow, then set right: the passage of two hours ago is the one that was asked for."""
    async with desk(tmp_path, faults=Faults(clock_offset=-420.0)) as it:
        await it.camera.archive.index()
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        it.camera.running.set(clock_offset=0.0)
        await it.camera.archive.index(max_age=timedelta())
        it.retrievals.add(it.job(start, 60))
        await until(lambda: it.sealed or it.failed)
        clip = it.sealed[f"{CASE}-01"]
        # Cameras tell whole seconds: on a busy machine one more or less is measured.
        ahead = clip.clock_offset
        assert abs(ahead + 420_000_000) <= 1_000_000
        assert it.times() == expected(start + ahead / 1e6 * SECOND, 60)
        assert clip.first_picture == start
        (clock,) = clip.clocks
        assert (clock.ahead, clock.ahead_until) == (ahead, ahead)
        assert clock.known is ClockKnown.BEFORE
        assert SealedClip.from_json(clip.as_json()) == clip


@pytest.mark.parametrize(("before", "after"), [(-420.0, 0.0), (600.0, 0.0), (4.0, 0.0), (0.0, 5.0)])
async def test_a_passage_in_which_the_clock_was_set_is_whole(
    tmp_path: Path, before: float, after: float
) -> None:
    """Set forward or back, by much or little: each moment is there, by the offset of its time, and both are stated."""
    async with desk(tmp_path, faults=Faults(clock_offset=before)) as it:
        await it.camera.archive.index()
        await it.camera.archive.index(max_age=timedelta())
        it.camera.running.set(clock_offset=after)
        set_at = datetime.now(UTC)
        await it.camera.archive.index(max_age=timedelta())
        start, end = whole(set_at) - 15 * SECOND, whole(set_at) + 5 * SECOND
        await until(lambda: datetime.now(UTC) > end + 2 * SECOND)
        it.retrievals.add(it.job(start, 20))
        await until(lambda: it.sealed or it.failed)
        clip = it.sealed[f"{CASE}-01"]
        # The moment itself lies between two measurements of whole seconds.
        assert all(
            abs(begin - set_at) < 4 * SECOND and abs(last - set_at) < 4 * SECOND
            for begin, last in clip.gaps
        )
        assert abs(clip.first_picture - start) <= SECOND
        assert abs(clip.last_picture - end) <= SECOND
        aheads = [clock.ahead / 1e6 for clock in clip.clocks]
        assert aheads[0] == pytest.approx(before, abs=1)
        assert aheads[-1] == pytest.approx(after, abs=1)
        stamped = it.times()
        assert abs(stamped[0] - (start + before * SECOND)) <= SECOND
        assert abs(stamped[-1] - (end + after * SECOND)) <= SECOND
        if before - after >= 20:
            assert all(clock.twice for clock in clip.clocks if clock.start > set_at + 2 * SECOND)


async def test_a_camera_that_goes_away_is_resumed(tmp_path: Path) -> None:
    """Cut again and again in mid-stream: the clip has each picture once, in order."""
    async with desk(tmp_path) as it:
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        it.camera.running.set(drop_after_pictures=170.0)
        it.retrievals.add(it.job(start, 120))
        await until(lambda: len(it.transient_failures) >= 1)
        await until(lambda: it.sealed or it.failed)
        assert it.times() == expected(start, 120)
        assert RetrievalState.RETRYING in it.states


async def test_a_camera_that_is_dead_for_a_while_is_waited_for(tmp_path: Path) -> None:
    """The failure is told once, and the retrieval goes on by itself."""
    async with desk(tmp_path) as it:
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        it.camera.running.set(replay_speed=20.0)
        it.retrievals.add(it.job(start, 60))
        await until(lambda: [*it.vault.folder(CASE).glob("*.spool")])
        await it.camera.running.soap.stop()
        await it.camera.running.rtsp.stop()
        await until(lambda: it.states[-1] is RetrievalState.RETRYING)
        # It is tried several times more, and told only once.
        await until(lambda: it.states.count(RetrievalState.RETRYING) > 3)
        assert len(it.transient_failures) == 1
        await it.camera.running.soap.start()
        await it.camera.running.rtsp.start()
        it.camera.running.set(replay_speed=None)
        await until(lambda: it.sealed or it.failed)
        assert it.times() == expected(start, 60)


async def test_a_restart_goes_on_where_it_was(tmp_path: Path) -> None:
    """What was fetched before is not fetched again."""
    async with desk(tmp_path) as it:
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        it.camera.running.set(replay_speed=30.0)
        it.retrievals.add(it.job(start, 60))
        await until(
            lambda: (
                (progress := it.retrievals.progress(f"{CASE}-01")) is not None
                and progress.percent > 20
            )
        )
        await it.retrievals.close()
        assert not it.sealed
        (journal,) = (tmp_path / CASE).glob(f"{CASE}-01.*.spool")
        assert journal.stat().st_size > 0
        it.camera.running.set(replay_speed=None)
        it.restart()
        it.retrievals.add(it.job(start, 60))
        await until(lambda: it.sealed or it.failed)
        assert it.times() == expected(start, 60)


async def test_an_export_yields_to_people_who_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who watches gets the camera in the middle of a slow export, which then goes on."""
    monkeypatch.setattr(retrieval, "SLICE", 0.2)
    async with desk(tmp_path) as it:
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        it.camera.running.set(replay_speed=20.0)
        gate = it.camera.archive.gate
        it.retrievals.add(it.job(start, 60))
        watched = 0
        for number in range(3):
            await until(lambda: gate.holder is Use.EXPORT)
            async with asyncio.timeout(PATIENCE), gate.turn(Use.VIEWING):
                assert not it.sealed
                await until(lambda: it.states[-1] is RetrievalState.WAITING)
                part = (await it.camera.archive.index()).parts(
                    start + number * SECOND, start + (number + 2) * SECOND
                )
                watched += len(await it.camera.pictures(part[0]))
        it.camera.running.set(replay_speed=None)
        await until(lambda: it.sealed or it.failed)
        assert watched >= 3 * 2 * RATE
        assert it.times() == expected(start, 60)
        assert not it.transient_failures


async def test_one_after_the_other(tmp_path: Path) -> None:
    """Passages of one camera queue up, and each knows its place."""
    async with desk(tmp_path) as it:
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        it.camera.running.set(replay_speed=20.0)
        for number in (1, 2, 3):
            it.retrievals.add(it.job(start, 20, number))
        await until(lambda: it.camera.archive.gate.holder is Use.EXPORT)
        places = [
            progress.place
            for number in (1, 2, 3)
            if (progress := it.retrievals.progress(f"{CASE}-{number:02d}")) is not None
        ]
        assert places == [0, 1, 2]
        it.camera.running.set(replay_speed=None)
        await until(lambda: len(it.sealed) == 3)


async def test_a_gap_is_a_gap(tmp_path: Path) -> None:
    """Footage that the card does not have is listed, what lies on both sides is one clip."""
    async with desk(tmp_path, gaps=((5.0, 2.0),)) as it:
        ends, goes_on = it.camera.running.card.stretches("SD_1")[:2]
        gap = datetime.fromtimestamp(ends.end, UTC), datetime.fromtimestamp(goes_on.start, UTC)
        it.retrievals.add(it.job(gap[0] - 10 * SECOND, 20 + 120))
        await until(lambda: it.sealed or it.failed)
        clip = it.sealed[f"{CASE}-01"]
        assert len(clip.gaps) == 1
        assert abs(clip.gaps[0][0] - gap[0]) <= SECOND / RATE
        assert clip.gaps[0][1] == gap[1]
        assert it.times() == expected(gap[0] - 10 * SECOND, 10) + expected(gap[1], 10)


async def test_a_journal_of_another_passage_is_not_taken_up(tmp_path: Path) -> None:
    """A ledger that was put back gives a clip's number again: what lies there of the other one stays out."""
    async with desk(tmp_path) as it:
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        it.camera.running.set(replay_speed=30.0)
        it.retrievals.add(it.job(start, 60))
        await until(
            lambda: (
                (progress := it.retrievals.progress(f"{CASE}-01")) is not None
                and progress.percent > 20
            )
        )
        await it.retrievals.close()
        it.camera.running.set(replay_speed=None)
        it.restart()
        it.retrievals.add(it.job(start - 30 * SECOND, 35))
        await until(lambda: it.sealed or it.failed)
        assert it.times() == expected(start - 30 * SECOND, 35)
        await until(lambda: it.retrievals.progress(f"{CASE}-01") is None)
        assert it.files() == [it.sealed[f"{CASE}-01"].master.name]


async def test_a_passage_that_fails_holds_up_none_that_does_not(tmp_path: Path) -> None:
    """One passage can never be had of the camera; the one behind it is fetched all the same."""

    def unusable() -> Any:
        raise CameraAnswerInvalid("no sense")

    async with desk(tmp_path) as it:
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        it.retrievals.add(it.job(start, 10, archive=unusable))
        it.retrievals.add(it.job(start, 10, 2))
        await until(lambda: it.sealed or it.failed)
        assert it.times(f"{CASE}-02") == expected(start, 10)
        progress = it.retrievals.progress(f"{CASE}-01")
        assert progress
        assert progress.state is RetrievalState.RETRYING


async def test_a_camera_that_sends_without_end_is_given_up(tmp_path: Path) -> None:
    """More than video can be: it is not asked again and again until the disk is full."""
    async with desk(tmp_path) as it:
        it.restart(max_bits=1000)
        it.retrievals.add(it.job(whole(datetime.now(UTC)) - timedelta(hours=2), 60))
        await until(lambda: it.failed)
        assert it.failed == {f"{CASE}-01": Failure.INVALID}
        assert not it.files()


def _open_files(part: str) -> list[str]:
    """Return the names of this process's open files that have this in them."""
    names = []
    for one in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            names.append(one.readlink().name)
    return [name for name in names if part in name]


async def test_giving_up_a_clip_that_waits_to_be_sealed_frees_its_room(tmp_path: Path) -> None:
    """A journal that is removed but still open would go on filling the disk."""
    async with desk(tmp_path) as it, it.retrievals._sealing:
        it.retrievals.add(it.job(whole(datetime.now(UTC)) - timedelta(hours=2), 10))
        await until(lambda: it.files() and not it.retrievals._cameras["kita"].locked())
        assert _open_files(".spool")
        await it.retrievals.cancel(f"{CASE}-01")
        assert not it.files()
        assert not _open_files(".spool")


async def test_nothing_there(tmp_path: Path) -> None:
    """A passage before the card begins is given up at once, with nothing left behind."""
    async with desk(tmp_path, days=2) as it:
        it.retrievals.add(it.job(whole(datetime.now(UTC)) - timedelta(days=9), 20))
        await until(lambda: it.failed)
        assert it.failed == {f"{CASE}-01": Failure.NOTHING_FOUND}
        assert not it.files()


async def test_no_room_is_said_before_anything_is_fetched(tmp_path: Path) -> None:
    """The section's quota holds."""
    async with desk(tmp_path, quota=1_000_000) as it:
        setups = len(it.camera.running.rtsp.setups)
        it.retrievals.add(it.job(whole(datetime.now(UTC)) - timedelta(hours=2), 60))
        await until(lambda: it.failed)
        assert it.failed == {f"{CASE}-01": Failure.NO_ROOM}
        assert len(it.camera.running.rtsp.setups) == setups
        assert not it.files()


async def test_a_camera_that_sends_more_than_it_said_ends_at_the_quota(tmp_path: Path) -> None:
    """The room that runs out in the middle leaves nothing half done."""
    async with desk(tmp_path, quota=1_200_000) as it:
        it.camera.running.set(replay_speed=60.0)
        it.retrievals.add(it.job(whole(datetime.now(UTC)) - timedelta(hours=2), 600, bit_rate=1000))
        await until(lambda: it.failed)
        assert it.failed == {f"{CASE}-01": Failure.NO_ROOM}
        assert not it.files()


async def test_cancelled(tmp_path: Path) -> None:
    """What was fetched of it is removed, and the next passage gets its turn."""
    async with desk(tmp_path) as it:
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        it.camera.running.set(replay_speed=5.0)
        it.retrievals.add(it.job(start, 600))
        it.retrievals.add(it.job(start, 10, 2))
        await until(lambda: it.files() != [])
        await it.retrievals.cancel(f"{CASE}-01")
        assert it.retrievals.progress(f"{CASE}-01") is None
        it.camera.running.set(replay_speed=None)
        await until(lambda: it.sealed)
        assert list(it.sealed) == [f"{CASE}-02"]
        await until(lambda: it.retrievals.progress(f"{CASE}-02") is None)
        assert it.files() == [it.sealed[f"{CASE}-02"].master.name]


@pytest.mark.parametrize("times", [1, 3])
async def test_a_slow_disk_is_waited_for_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """Whoever stops it, and however often: what is just being written is whole before the journal is closed."""
    writes, goes_on = threading.Event(), threading.Event()
    append = Spool.append
    written: list[int] = []

    def slow(spool: Spool, pictures: Sequence[Picture]) -> None:
        writes.set()
        assert goes_on.wait(30)
        append(spool, pictures)
        written.append(spool.pictures)

    async with desk(tmp_path) as it:
        it.camera.running.set(replay_speed=20.0)
        monkeypatch.setattr(Spool, "append", slow)
        it.retrievals.add(it.job(whole(datetime.now(UTC)) - timedelta(hours=2), 600))
        await until(writes.is_set)
        # More comes meanwhile, which waits for the disk.
        await asyncio.sleep(0.5)
        (task,) = it.retrievals._tasks.values()
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0.05)
        goes_on.set()
        await asyncio.wait({task})
        await until(lambda: bool(written))
        (path,) = (tmp_path).rglob("*.spool")
        await until(lambda: not _open_files(".spool"))
        with Spool.open(path) as spool:
            assert spool.pictures == written[-1] == len([*spool])


async def test_the_last_seconds_are_waited_for(tmp_path: Path) -> None:
    """A passage that ends now is whole although its end was still being written."""
    async with desk(tmp_path) as it:
        start = whole(datetime.now(UTC)) - 5 * SECOND
        it.retrievals.add(it.job(start, 8))
        await until(lambda: it.sealed or it.failed)
        assert it.sealed[f"{CASE}-01"].last_picture >= start + 7 * SECOND


async def test_a_camera_that_grants_sessions_and_plays_nothing_holds_nobody_up(
    tmp_path: Path,
) -> None:
    """It lists the footage and gives none: after a few patient tries that is said, and the next has its turn meanwhile."""
    async with desk(tmp_path) as it:
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        it.camera.running.set(play_busy=True)
        it.retrievals.add(it.job(start, 10))
        it.retrievals.add(it.job(start + 60 * SECOND, 10, 2))
        await until(lambda: len(it.failed) == 2)
        assert set(it.failed.values()) == {Failure.NOT_GIVEN}
        assert it.camera.archive.gate.holder is None


async def test_a_replay_that_had_no_room_for_a_moment_is_whole(tmp_path: Path) -> None:
    """Refused once, asked again, given in full."""
    async with desk(tmp_path) as it:
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        it.camera.running.set(play_busy=True)
        it.retrievals.add(it.job(start, 10))
        await until(lambda: RetrievalState.RETRYING in it.states)
        it.camera.running.set(play_busy=False)
        await until(lambda: it.sealed or it.failed)
        assert it.times() == expected(start, 10)
        assert not it.sealed[f"{CASE}-01"].gaps


async def test_what_one_recording_does_not_give_is_a_gap_between_what_others_give(
    tmp_path: Path,
) -> None:
    """The stretch in the middle is listed and refused: the clip has both ends, and says what is missing."""
    async with desk(tmp_path) as it:
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        archive = Refusing(it.camera.archive, start + 10 * SECOND, start + 20 * SECOND)
        it.retrievals.add(it.job(start, 30, archive=lambda: archive))
        await until(lambda: it.sealed or it.failed)
        assert it.times() == expected(start, 10) + expected(start + 20 * SECOND, 10)
        assert len(it.sealed[f"{CASE}-01"].gaps) == 1
        # With patience at the place, then further and further behind it.
        assert 3 <= archive.refused <= 12


async def test_a_passage_that_finds_the_camera_busy_for_ever_leaves_it_to_the_next(
    tmp_path: Path,
) -> None:
    """Whoever has the sessions has them for that passage only: the other is sealed, the first goes on waiting."""
    async with desk(tmp_path) as it:
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        archive = Refusing(it.camera.archive, start, start + 10 * SECOND, CameraBusy)
        it.retrievals.add(it.job(start, 10, archive=lambda: archive))
        await until(lambda: archive.refused > 0)
        it.retrievals.add(it.job(start + 60 * SECOND, 10, 2))
        await until(lambda: f"{CASE}-02" in it.sealed)
        assert it.retrievals.progress(f"{CASE}-01") is not None
        archive.until = start
        await until(lambda: f"{CASE}-01" in it.sealed)
        assert it.times() == expected(start, 10)


class Refusing:
    """An archive whose camera refuses to play what lies in a stretch; all else is the archive's own."""

    def __init__(
        self,
        archive: Archive,
        start: datetime,
        end: datetime,
        error: type[CameraError] = PlayRefused,
    ) -> None:
        """Refuse [start, end)."""
        self._archive = archive
        self.gate = archive.gate
        self.clock_history = archive.clock_history
        self.keeps_to_real_time = archive.keeps_to_real_time
        self.note_pace = archive.note_pace
        self.start, self.until, self._error = start, end, error
        self.refused = 0

    async def index(self, **options: Any) -> FootageIndex:
        """Return the archive's index, cut where the refused stretch begins and ends."""
        index = await self._archive.index(**options)
        cuts = (self.start, self.until)
        stretches: list[Stretch] = []
        for one in index.stretches:
            bounds = [one.start, *(at for at in cuts if one.start < at < one.end), one.end]
            stretches += [replace(one, start=a, end=b) for a, b in pairwise(bounds)]
        return replace(index, stretches=tuple(stretches))

    async def play(self, part: Stretch, **options: Any) -> FootageStream:
        """Play what is not refused."""
        if self.start <= part.start < self.until:
            self.refused += 1
            raise self._error("refused")
        return await self._archive.play(part, **options)


@pytest.mark.parametrize("codec", ["H264", "H265"])
@pytest.mark.parametrize(
    "quirks",
    [
        frozenset({Quirk.RTP_MARKS_SLICES}),
        frozenset({Quirk.RTP_WITHOUT_MARKERS, Quirk.RTP_PADDED}),
        frozenset({Quirk.REPLAY_WRONG_STAMPS}),
    ],
)
async def test_the_habits_of_cameras_lose_no_picture(
    tmp_path: Path, codec: str, quirks: frozenset[Quirk]
) -> None:
    """Four slices a picture, marked each or none, padded, stamped hours off for a while."""
    async with desk(tmp_path, codec=codec, slices=4, quirks=quirks) as it:
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        it.retrievals.add(it.job(start, 60))
        await until(lambda: it.sealed or it.failed)
        clip = it.sealed[f"{CASE}-01"]
        assert it.times() == expected(start, 60)
        assert (clip.pictures, clip.damaged, clip.gaps) == (60 * RATE, 0, ())
        assert clip.first_picture == start
        assert clip.last_picture == start + 60 * SECOND - SECOND / RATE


async def test_a_place_at_which_the_camera_fails_is_named_and_gone_around(tmp_path: Path) -> None:
    """Cut off at the same second each time: everything before and behind is there, and the gap says why."""
    async with desk(tmp_path) as it:
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        place = start + 20 * SECOND
        it.camera.running.set(replay_breaks_at=place.timestamp())
        it.retrievals.add(it.job(start, 60))
        await until(lambda: it.sealed or it.failed)
        clip = it.sealed[f"{CASE}-01"]
        assert it.times() == [at for at in expected(start, 60) if not place <= at < place + SECOND]
        before = place - SECOND / RATE
        assert clip.gaps == ((before, place + SECOND),)
        (withheld,) = clip.withheld
        assert (withheld.start, withheld.end) == (before, place + SECOND)
        assert withheld.reason is WithheldReason.CAMERA_FAILS
        assert SealedClip.from_json(clip.as_json()) == clip


async def test_what_the_camera_lists_and_never_gives_is_no_gap_in_the_recording(
    tmp_path: Path,
) -> None:
    """From a place on the card gives nothing, although its index moves on: a fact of its own."""
    async with desk(tmp_path) as it:
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        it.camera.running.set(card_since=7170.0, card=CardFault.UNREADABLE)
        it.retrievals.add(it.job(start, 40))
        await until(lambda: it.sealed or it.failed)
        clip = it.sealed[f"{CASE}-01"]
        (gap,) = clip.gaps
        assert clip.reason(gap) is WithheldReason.LISTED_NOT_GIVEN
        assert clip.last_picture < gap[1]
        it.retrievals.add(it.job(start + 60 * SECOND, 20, 2))
        await until(lambda: it.failed)
        assert it.failed == {f"{CASE}-02": Failure.NOT_GIVEN}


async def test_silence_before_the_first_picture_is_waited_out(tmp_path: Path) -> None:
    """Longer than between two pictures."""
    async with desk(tmp_path) as it:
        it.restart(timing=replace(QUICK, patience=30.0))
        it.camera.running.set(replay_silence=6.0)
        start = whole(datetime.now(UTC)) - timedelta(hours=2)
        it.retrievals.add(it.job(start, 20))
        await until(lambda: it.sealed or it.failed)
        assert it.times() == expected(start, 20)
        assert not it.sealed[f"{CASE}-01"].gaps
