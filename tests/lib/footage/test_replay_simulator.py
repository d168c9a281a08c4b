"""The replay client on the virtual camera: every picture proves its time by itself."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from dataclasses import replace as changed
from datetime import UTC, datetime, timedelta
import time
from typing import Any

import pytest

from custom_components.niiza_cctv.lib.device.errors import (
    CameraAnswerInvalid,
    CameraRefused,
    CameraUnreachable,
)
from custom_components.niiza_cctv.lib.device.model import Credential, ReadBackOutcome
from custom_components.niiza_cctv.lib.device.quirks import Quirk as Put, Quirks
from custom_components.niiza_cctv.lib.footage import replay as replay_module
from custom_components.niiza_cctv.lib.footage.errors import CameraBusy, FootageMissing, PlayRefused
from custom_components.niiza_cctv.lib.footage.readback import ReadBackLimits, read_back
from custom_components.niiza_cctv.lib.footage.replay import AccessUnit, Replay, ReplayEnd, replay
from custom_components.niiza_cctv.lib.footage.rtsp import describe
from simulator.camera import CardFault, Quirk, VirtualCamera
from simulator.card import Card
from simulator.rtsp import RtspServer
from simulator.sei import read_time
from simulator.video import Loops
from tests.station import camera_config

pytestmark = pytest.mark.usefixtures("socket_enabled")

VIEWER = Credential(username="viewer", password="viewer-pass")
NOW = datetime(2026, 11, 23, 3, 0, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RATE = 5
# For cards that give nothing, or nothing more: their silence is not waited for longer than a test needs.
QUICK = ReadBackLimits(idle=1.0)


class Kita:
    """A virtual camera on whose clock the test stands."""

    def __init__(self, **changes: Any) -> None:
        """Make the camera; nothing is started."""
        self.true_now = NOW
        self.camera = VirtualCamera(camera_config(**changes), lambda: self.true_now)
        self.card = Card(self.camera)
        self.server = RtspServer(self.camera, self.card, Loops())

    @property
    def url(self) -> str:
        """Return where the recording is replayed."""
        return f"rtsp://127.0.0.1:{self.server.port}/replay/SD_1"

    def set(self, **faults: Any) -> None:
        """Break or fix."""
        for name, value in faults.items():
            setattr(self.camera.faults, name, value)
            self.camera.changed(name)

    async def replay(self, start: datetime, end: datetime, **options: Any) -> Replay:
        """Open a replay that does not wait long for silence."""
        options = {"idle_timeout": 0.5, "timeout": 2} | options
        return await replay(self.url, VIEWER, start, end, **options)

    async def units(self, start: datetime, end: datetime, **options: Any) -> list[AccessUnit]:
        """Return everything from there."""
        async with await self.replay(start, end, **options) as stream:
            return [unit async for unit in stream]


@contextlib.asynccontextmanager
async def kita(**changes: Any) -> AsyncIterator[Kita]:
    """Run the camera for the length of a block."""
    running = Kita(**changes)
    await running.server.start()
    try:
        yield running
    finally:
        await running.server.stop()


async def collect(stream: Replay, units: list[AccessUnit]) -> None:
    """Put every picture into `units`: what came before an error counts."""
    async with stream:
        async for unit in stream:
            units += [unit]


def expected(start: datetime, seconds: float) -> list[datetime]:
    """Return the times of the pictures from `start` on."""
    return [start + SECOND * number / RATE for number in range(round(seconds * RATE) + 1)]


def exact(units: list[AccessUnit]) -> bool:
    """Return whether each unit's time is that which its picture carries, to the millisecond."""
    return all(
        abs((read_time(unit.data) or NOW) - unit.at) < timedelta(milliseconds=1) for unit in units
    )


@pytest.mark.parametrize("codec", ["H264", "H265"])
async def test_every_picture_is_there_with_the_time_that_it_carries(codec: str) -> None:
    """None too many, none too few, over the borders of loops and days."""
    start = datetime(2026, 11, 21, 14, 59, 0, tzinfo=UTC)
    async with kita(codec=codec) as camera:
        async with await camera.replay(start, start + 150 * SECOND) as stream:
            units = [unit async for unit in stream]
            assert stream.codec == {"H264": "h264", "H265": "hevc"}[codec]
        assert [unit.at for unit in units] == expected(start, 150)[: len(units)]
        assert len(units) in {150 * RATE, 150 * RATE + 1}
        assert exact(units)
        assert [unit.keyframe for unit in units] == [n % RATE == 0 for n in range(len(units))]
        assert not any(unit.discontinuity for unit in units)
        assert camera.server.setups == ["replay/SD_1/video"]


async def test_a_start_between_clean_points_begins_at_the_one_before() -> None:
    """Everything asked for can be decoded."""
    start = NOW - timedelta(hours=5)
    async with kita() as camera:
        units = await camera.units(start + 0.5 * SECOND, start + 1.5 * SECOND)
    assert units[0].at == start
    assert units[0].keyframe
    assert units[-1].at == start + 1.4 * SECOND
    assert exact(units)


async def test_a_gap_shows_as_a_discontinuity_and_in_the_times() -> None:
    """Footage before and behind it is complete."""
    async with kita(gaps=((2.0, 10.0),)) as camera:
        gap = NOW - timedelta(hours=2)
        units = await camera.units(gap - 20 * SECOND, gap + 620 * SECOND)
    broken = [unit for unit in units if unit.discontinuity]
    assert [unit.at for unit in broken] == [gap + 600 * SECOND]
    before = units[units.index(broken[0]) - 1]
    assert before.at == gap - SECOND / RATE
    assert len(units) in {40 * RATE, 40 * RATE + 1}
    assert exact(units)


async def test_times_are_the_cameras_own() -> None:
    """A clock seven minutes slow is neither hidden nor corrected here."""
    async with kita() as camera:
        camera.set(clock_offset=-420.0)
        slow = NOW - 420 * SECOND
        units = await camera.units(slow - 10 * SECOND, slow - 5 * SECOND)
    assert units[0].at == slow - 10 * SECOND
    assert exact(units)


async def test_clean_points_alone_can_be_asked_for() -> None:
    """For a strip of thumbnails."""
    start = NOW - timedelta(hours=3)
    async with kita() as camera:
        units = await camera.units(start, start + 20 * SECOND, intra_only=True)
    assert [unit.at for unit in units[:20]] == [start + number * SECOND for number in range(20)]
    assert all(unit.keyframe for unit in units)


async def test_the_pace_of_the_recording_can_be_asked_for() -> None:
    """Two seconds take two seconds."""
    start = NOW - timedelta(hours=3)
    async with kita() as camera:
        before = time.monotonic()
        units = await camera.units(start, start + 2 * SECOND, paced=True)
        assert time.monotonic() - before > 1.5
    assert exact(units)
    assert len(units) >= 2 * RATE


async def test_a_camera_that_ignores_the_end_is_ended_by_time() -> None:
    """Not one picture too many."""
    start = NOW - timedelta(hours=3)
    async with kita(quirks=frozenset({Quirk.REPLAY_IGNORES_RANGE_END})) as camera:
        async with await camera.replay(start, start + 4 * SECOND) as stream:
            units = [unit async for unit in stream]
        assert stream.ended is ReplayEnd.PASSED
        assert [unit.at for unit in units] == expected(start, 4)
        # The session is free again.
        assert await camera.units(start, start + SECOND)


async def test_a_camera_that_ignores_the_pace_is_only_slower() -> None:
    """Everything arrives all the same."""
    start = NOW - timedelta(hours=3)
    async with kita(quirks=frozenset({Quirk.REPLAY_IGNORES_RATE_CONTROL})) as camera:
        units = await camera.units(start, start + 2 * SECOND)
    assert len(units) >= 2 * RATE
    assert exact(units)


async def test_the_footage_that_is_being_written_ends_in_silence() -> None:
    """An end in the future of the card is no error and takes no longer than the idle time."""
    async with kita() as camera:
        async with await camera.replay(NOW - 5 * SECOND, NOW + 3600 * SECOND) as stream:
            units = [unit async for unit in stream]
        assert stream.ended is ReplayEnd.SILENT
    assert [unit.at for unit in units] == expected(NOW - 5 * SECOND, 5)[: len(units)]
    assert len(units) >= 4 * RATE
    assert exact(units)


async def test_a_drop_in_mid_stream_can_be_resumed_without_a_hole() -> None:
    """An export goes on from the last complete picture."""
    start = NOW - timedelta(hours=3)
    end = start + 30 * SECOND
    async with kita() as camera:
        camera.set(drop_after=10.0)
        units: list[AccessUnit] = []
        with pytest.raises(CameraUnreachable):
            await collect(await camera.replay(start, end), units)
        assert len(units) >= 5 * RATE
        camera.set(drop_after=None)
        last = units[-1].at
        units += [unit for unit in await camera.units(last, end) if unit.at > last]
    assert [unit.at for unit in units] == expected(start, 30)[: len(units)]
    assert len(units) >= 30 * RATE
    assert exact(units)


async def test_one_replay_session_at_a_time() -> None:
    """The second is told so, and gets it as soon as the first has left."""
    start = NOW - timedelta(hours=3)
    async with kita() as camera:
        async with await camera.replay(start, start + 600 * SECOND) as stream:
            await anext(stream)
            with pytest.raises(CameraBusy):
                await camera.replay(start, start + SECOND)
        assert await camera.units(start, start + SECOND)


@pytest.mark.parametrize("quirks", [frozenset(), frozenset({Quirk.RTSP_QOP})])
async def test_the_password_decides(quirks: frozenset[Quirk]) -> None:
    """With either kind of digest."""
    start = NOW - timedelta(hours=3)
    wrong = changed(VIEWER, password="guess")
    async with kita(quirks=quirks) as camera:
        assert await camera.units(start, start + SECOND)
        with pytest.raises(CameraRefused):
            await replay(camera.url, wrong, start, start + SECOND)
        camera.set(refuse_logins=True)
        with pytest.raises(CameraRefused):
            await camera.replay(start, start + SECOND)


async def test_audio_is_reported_and_never_set_up() -> None:
    """Neither live nor recorded."""
    async with kita() as camera:
        live = f"rtsp://127.0.0.1:{camera.server.port}/live/main"
        assert {item.kind for item in await describe(live, VIEWER)} == {"video"}
        camera.set(audio=True)
        camera.true_now += 60 * SECOND
        assert {item.kind for item in await describe(live, VIEWER)} == {"video", "audio"}
        async with await camera.replay(NOW, NOW + 10 * SECOND) as stream:
            assert "audio" in {item.kind for item in stream.media}
            assert exact([unit async for unit in stream])
        assert camera.server.setups == ["replay/SD_1/video"]


async def test_a_silent_camera_is_unreachable() -> None:
    """It takes the connection and says nothing."""
    async with kita() as camera:
        camera.set(silent=True)
        with pytest.raises(CameraUnreachable):
            await camera.replay(NOW - 60 * SECOND, NOW, timeout=0.3)


async def test_footage_without_times_is_refused() -> None:
    """Nobody vouches for it."""
    async with kita(quirks=frozenset({Quirk.REPLAY_WITHOUT_EXTENSION})) as camera:
        with pytest.raises(CameraAnswerInvalid):
            await camera.units(NOW - 60 * SECOND, NOW)
        result = await read_back(camera.url, VIEWER, NOW - 60 * SECOND)
    assert result.outcome is ReadBackOutcome.NOT_POSSIBLE


@pytest.mark.parametrize("codec", ["H264", "H265"])
async def test_a_healthy_card_is_read_back(codec: str) -> None:
    """Shortly before now, and from two weeks ago."""
    async with kita(codec=codec) as camera:
        for around in (NOW - 2 * SECOND, NOW - timedelta(days=12)):
            result = await read_back(camera.url, VIEWER, around)
            assert result.outcome is ReadBackOutcome.DECODED
            assert result.picture_at == around - 5 * SECOND
            assert result.pictures >= 5 * RATE
            assert (result.width, result.height) == (640, 360)


@pytest.mark.parametrize(
    ("fault", "quirks", "outcome"),
    [
        (CardFault.REMOVED, frozenset(), ReadBackOutcome.NO_DATA),
        (CardFault.DEAD_GREEN, frozenset(), ReadBackOutcome.NO_DATA),
        (CardFault.UNREADABLE, frozenset(), ReadBackOutcome.NO_DATA),
        (
            CardFault.UNREADABLE,
            frozenset({Quirk.UNREADABLE_GARBAGE}),
            ReadBackOutcome.UNDECODABLE,
        ),
    ],
)
async def test_a_dead_card_gives_nothing_back(
    fault: CardFault, quirks: frozenset[Quirk], outcome: ReadBackOutcome
) -> None:
    """Whatever its status says; what was written before the fault is still proved."""
    async with kita(quirks=quirks) as camera:
        camera.set(card=fault)
        camera.true_now += 600 * SECOND
        result = await read_back(camera.url, VIEWER, camera.true_now - 2 * SECOND, limits=QUICK)
        assert result.outcome is outcome
        if fault is not CardFault.REMOVED:
            result = await read_back(camera.url, VIEWER, NOW - 60 * SECOND)
            assert result.outcome is ReadBackOutcome.DECODED
        else:
            with pytest.raises(FootageMissing):
                await camera.replay(NOW - 60 * SECOND, NOW)


async def test_rubbish_is_no_picture_in_h265_either() -> None:
    """What a card returns instead of footage has no slice headers."""
    async with kita(codec="H265", quirks=frozenset({Quirk.UNREADABLE_GARBAGE})) as camera:
        camera.set(card=CardFault.UNREADABLE)
        camera.true_now += 600 * SECOND
        result = await read_back(camera.url, VIEWER, camera.true_now - 2 * SECOND, limits=QUICK)
    assert result.outcome is ReadBackOutcome.UNDECODABLE


async def test_fast_footage_does_not_hold_up_the_event_loop() -> None:
    """Two minutes of footage at full speed: between two turns of the loop little is done, simulator included."""
    worst = 0.0

    async def beat() -> None:
        nonlocal worst
        while True:
            # Of this thread's work only: how busy the machine is does not matter.
            before = time.thread_time()
            await asyncio.sleep(0)
            worst = max(worst, time.thread_time() - before)

    start = NOW - timedelta(hours=3)
    async with kita() as camera, await camera.replay(start, start + 120 * SECOND) as stream:
        await anext(stream)
        task = asyncio.create_task(beat())
        count = 1 + len([unit async for unit in stream])
        task.cancel()
    assert count >= 120 * RATE
    # The simulator runs in the same loop; it renders a second of footage at a time.
    assert worst < 0.1


HABITS = {
    Quirk.BASIC_BEFORE_DIGEST: Put.LOGIN_CHALLENGE,
    Quirk.RTSP_BARE_LF: Put.RTSP_LINE_ENDS,
    Quirk.RTSP_CSEQ_ZERO: Put.RTSP_SEQUENCE,
    Quirk.RTSP_NO_SESSION: Put.RTSP_NO_SESSION,
    Quirk.RTSP_CLOSES_BEHIND_401: Put.RTSP_CLOSED_BEHIND_401,
    Quirk.RTSP_BASE_DOUBLED: Put.RTSP_BASE,
    Quirk.RTSP_STRAY_BYTES: Put.RTSP_STRAY_BYTES,
    Quirk.RTSP_KEEP_ALIVE_REFUSED: Put.RTSP_KEEP_ALIVE,
    Quirk.SDP_OWN_MEDIUM: Put.SDP_MEDIA,
}


@pytest.mark.parametrize("habit", [*HABITS, None], ids=str)
async def test_habits_of_cameras_cost_no_picture_and_are_counted(
    habit: Quirk | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each alone, and all at once."""
    monkeypatch.setattr(replay_module, "KEEP_ALIVE_BOUNDS", (0.2, 0.2))
    habits = frozenset(HABITS) if habit is None else frozenset({habit})
    start = NOW - timedelta(hours=2)
    async with kita(quirks=habits) as camera:
        quirks = Quirks()
        # A card that takes its time: the session is kept alive meanwhile.
        camera.set(replay_speed=5.0)
        units = await camera.units(start, start + 5 * SECOND, quirks=quirks, idle_timeout=2)
        assert [unit.at for unit in units] == expected(start, 5)[:-1]
        assert exact(units)
        kinds = {media.kind for media in await describe(camera.url, VIEWER)}
        assert "audio" not in kinds
        assert "video" in kinds
    assert quirks.counts().keys() >= {HABITS[one] for one in habits}
    if habit is not None and habit is not Quirk.RTSP_KEEP_ALIVE_REFUSED:
        assert set(quirks.counts()) == {HABITS[habit]}


async def test_a_camera_that_looks_through_its_card_first_is_waited_for() -> None:
    """SETUP may take as long as any answer."""
    start = NOW - timedelta(hours=2)
    async with kita() as camera:
        camera.set(setup_seconds=1.0)
        assert len(await camera.units(start, start + 2 * SECOND)) == 2 * RATE


async def test_a_replay_without_room_is_told_apart_from_one_that_is_taken() -> None:
    """503 to PLAY once SETUP was granted; it plays again when the fault is gone."""
    start = NOW - timedelta(hours=2)
    async with kita() as camera:
        camera.set(play_busy=True)
        with pytest.raises(PlayRefused):
            await camera.units(start, start + 2 * SECOND)
        camera.set(play_busy=False)
        assert len(await camera.units(start, start + 2 * SECOND)) == 2 * RATE
