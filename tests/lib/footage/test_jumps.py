"""Jumps within the open session, at cameras that know them, that do not, and that lie about them."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from custom_components.niiza_cctv.lib.device.model import CameraIdentity
from custom_components.niiza_cctv.lib.device.quirks import Quirk as PutRight
from custom_components.niiza_cctv.lib.footage.errors import JumpFailure, JumpRefused
from custom_components.niiza_cctv.lib.footage.gate import Use
from custom_components.niiza_cctv.lib.footage.jumps import JumpMemory, NoJumps
from custom_components.niiza_cctv.lib.footage.playback import Playback, PlaybackTiming
from simulator.camera import Quirk
from tests.lib.footage.archives import Filed, filed
from tests.section import until

pytestmark = pytest.mark.usefixtures("socket_enabled")

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
# Where people jump: far ahead, back, a little ahead, a little back, the same again.
JUMPS = (200, 1, 4, 2, 2)


@contextlib.asynccontextmanager
async def opened(kita: Filed, start: datetime, **timing: float) -> AsyncIterator[Playback]:
    """Open half an hour for the length of a block."""
    parts = (await kita.archive.index()).parts(start, start + HOUR / 2)
    playback = Playback(
        lambda: kita.archive, parts, start, start + HOUR / 2, timing=PlaybackTiming(**timing)
    )
    try:
        yield playback
    finally:
        await playback.aclose()


async def an_hour_ago(kita: Filed) -> datetime:
    """Return half a second behind a clean point."""
    now = (await kita.archive.index()).read_at.replace(microsecond=0)
    return now - HOUR + 0.5 * SECOND


async def straight(kita: Filed, start: datetime, number: int) -> bytes:
    """Return a segment as a session gives it that was opened for it."""
    async with opened(kita, start) as playback:
        return (await playback.segment(number)).data


@pytest.mark.parametrize(
    "quirks",
    [
        frozenset(),
        frozenset({Quirk.REPLAY_WITHOUT_HINTS}),
        frozenset({Quirk.JUMP_RENUMBERS}),
        frozenset({Quirk.JUMP_WRONG_CSEQ}),
        frozenset({Quirk.JUMP_WRONG_CSEQ, Quirk.REPLAY_WITHOUT_HINTS}),
        frozenset({Quirk.JUMP_ANSWERED_TWICE}),
        frozenset({Quirk.JUMP_EARLY, Quirk.REPLAY_WITHOUT_HINTS, Quirk.JUMP_RENUMBERS}),
        frozenset({Quirk.JUMP_WITHOUT_ANSWER}),
        frozenset({Quirk.REPLAY_IGNORES_RANGE_END}),
        frozenset({Quirk.REPLAY_WRONG_STAMPS}),
        frozenset({Quirk.RTP_WITHOUT_MARKERS, Quirk.REPLAY_WITHOUT_HINTS}),
    ],
    ids=lambda quirks: "+".join(sorted(quirks)) or "by the book",
)
async def test_a_jump_gives_what_a_new_session_would(quirks: frozenset[Quirk]) -> None:
    """Whatever is still on its way, however answers and packets are numbered."""
    async with filed(quirks=quirks) as kita:
        start = await an_hour_ago(kita)
        expected = {number: await straight(kita, start, number) for number in {0, *JUMPS}}
        setups = len(kita.running.rtsp.setups)
        async with opened(kita, start, jump=30, patience=3600) as playback:
            assert (await playback.segment(0)).data == expected[0]
            for number in JUMPS:
                assert (await playback.segment(number)).data == expected[number]
        assert len(kita.running.rtsp.setups) == setups + 1
        assert kita.archive.jumps.refused is None
        assert PutRight.REPLAY_JUMP not in kita.camera.quirks.counts()


@pytest.mark.parametrize(
    ("quirk", "failure", "tries"),
    [
        (Quirk.JUMP_REFUSED, JumpFailure.REFUSED, 1),
        (Quirk.JUMP_UNAVAILABLE, JumpFailure.REFUSED, 1),
        (Quirk.JUMP_UNANSWERED, JumpFailure.ASTRAY, 1),
        (Quirk.JUMP_IGNORED, JumpFailure.ASTRAY, 1),
        (Quirk.JUMP_RESTARTS, JumpFailure.ASTRAY, 1),
        (Quirk.JUMP_ELSEWHERE, JumpFailure.ASTRAY, 1),
        # The network may have been at fault.
        (Quirk.JUMP_SILENT, JumpFailure.SILENT, 2),
        (Quirk.JUMP_CLOSES, JumpFailure.CLOSED, 2),
    ],
)
async def test_a_camera_that_does_not_jump_is_found_out_and_remembered(
    quirk: Quirk, failure: JumpFailure, tries: int
) -> None:
    """The right pictures come from a new session; later jumps lose no time."""
    async with filed(quirks=frozenset({quirk})) as kita:
        start = await an_hour_ago(kita)
        expected = {number: await straight(kita, start, number) for number in {0, *JUMPS}}
        setups = len(kita.running.rtsp.setups)
        # What is silent is silent for ever, what goes astray takes the time it takes.
        patience = 1.0 if failure is JumpFailure.SILENT else 30.0
        async with opened(kita, start, jump=patience, patience=3600) as playback:
            assert (await playback.segment(0)).data == expected[0]
            for place, number in enumerate(JUMPS, start=1):
                assert (await playback.segment(number)).data == expected[number]
                known = kita.archive.jumps.refused
                assert (known is not None) == (place >= tries)
        assert known is not None
        assert known.failure is failure
        # The first, and each jump but the last, which is where one is already.
        assert len(kita.running.rtsp.setups) == setups + len(JUMPS)
        assert kita.camera.quirks.counts()[PutRight.REPLAY_JUMP].count == tries


async def test_no_jump_is_tried_where_it_is_known_to_fail() -> None:
    """A camera that would not answer is not asked."""
    async with filed(quirks=frozenset({Quirk.JUMP_SILENT})) as kita:
        start = await an_hour_ago(kita)
        kita.archive.jumps.failed(JumpFailure.REFUSED, None)
        async with opened(kita, start, jump=3600, patience=3600) as playback:
            await playback.segment(0)
            await playback.segment(100)
        assert len(kita.running.rtsp.setups) == 2


async def test_whoever_jumps_gets_the_next_segments_one_by_one_from_the_same_session() -> None:
    """Every picture once, in order, as from one running replay."""
    async with filed() as kita:
        start = await an_hour_ago(kita)
        async with opened(kita, start) as playback:
            expected = [(await playback.segment(number)).data for number in range(12)]
        kita.archive.jumps.quick = True
        setups = len(kita.running.rtsp.setups)
        async with opened(kita, start, jump=30, patience=3600) as playback:
            await playback.segment(100)
            for number, data in enumerate(expected):
                kita.archive.jumps.quick = True
                assert (await playback.segment(number)).data == data
        assert len(kita.running.rtsp.setups) == setups + 1


def more_than(plays: list[int], asked: int) -> bool:
    """Return whether more replays were asked for."""
    return len(plays) > asked


async def test_jumps_that_follow_one_another_before_the_first_is_done_lead_to_the_last() -> None:
    """Somebody drags the slider: the browser leaves each request for the next."""
    async with filed() as kita:
        start = await an_hour_ago(kita)
        expected = await straight(kita, start, 300)
        setups = len(kita.running.rtsp.setups)
        async with opened(kita, start, jump=30, patience=3600) as playback:
            await playback.segment(0)
            kita.running.set(replay_silence=3600.0)
            plays = kita.running.rtsp.plays
            for number in (50, 100, 150, 200):
                asked = len(plays)
                left = asyncio.create_task(playback.segment(number))
                await until(partial(more_than, plays, asked))
                left.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await left
            kita.running.set(replay_silence=0.0)
            assert (await playback.segment(300)).data == expected
        assert len(kita.running.rtsp.setups) == setups + 1


async def test_an_export_gets_its_turn_between_jumps_and_a_session_that_rests() -> None:
    """The camera's one session is not kept from anybody who waits for it."""
    async with filed() as kita:
        start = await an_hour_ago(kita)
        gate = kita.archive.gate
        async with opened(kita, start, jump=30, give_up=3600) as playback:
            await playback.segment(0)
            await playback.segment(200)
            assert gate.holder is Use.VIEWING
            async with gate.turn(Use.EXPORT):
                waiting = asyncio.create_task(playback.segment(50))
                await until(lambda: gate.waiting)
            assert (await waiting).data == await straight_after(playback, kita, start, 50)


async def straight_after(playback: Playback, kita: Filed, start: datetime, number: int) -> bytes:
    """Return a segment of another playback, for which the first gives the camera back."""
    data = await straight(kita, start, number)
    assert kita.archive.gate.holder is None
    await playback.aclose()
    return data


async def test_a_session_that_nobody_uses_is_given_back() -> None:
    """Also the one that stays behind the last segment."""
    async with filed() as kita:
        start = await an_hour_ago(kita)
        async with opened(kita, start, rest=0.05, give_up=0.5, jump=30) as playback:
            await playback.segment(0)
            await playback.segment(len(playback.slots) - 1)
            assert kita.archive.gate.holder is Use.VIEWING
            await until(lambda: kita.archive.gate.holder is None)
            await until(lambda: not kita.running.rtsp.replays)


async def test_a_connection_that_ended_meanwhile_says_nothing_of_jumps() -> None:
    """A new session is opened, and the next jump is tried."""
    async with filed() as kita:
        start = await an_hour_ago(kita)
        part = (await kita.archive.index()).parts(start, start + HOUR / 2)[0]
        async with await kita.archive.play(part, stays=True) as stream:
            await anext(stream)
            stream.abort()
            with pytest.raises(JumpRefused) as caught:
                await kita.archive.jump(stream, part)
        assert caught.value.failure is JumpFailure.OVER
        assert not kita.camera.quirks.counts()


# --- What is remembered ---------------------------------------------------------------------------------------------

BEFORE = CameraIdentity(manufacturer="i", model="m", firmware="1.0", serial="7")
AFTER = CameraIdentity(manufacturer="i", model="m", firmware="1.1", serial="7")
NOW = datetime(2026, 11, 29, 10, tzinfo=UTC)


def test_a_refusal_holds_for_the_firmware_that_refused() -> None:
    """A new firmware may know it; whoever is not known is taken for the same."""
    changes: list[NoJumps | None] = []
    memory = JumpMemory(on_change=lambda: changes.append(memory.refused), now=lambda: NOW)
    assert memory.allowed(None)
    memory.failed(JumpFailure.REFUSED, BEFORE)
    assert not memory.allowed(BEFORE)
    assert not memory.allowed(None)
    memory.failed(JumpFailure.ASTRAY, BEFORE)
    assert memory.allowed(AFTER)
    assert memory.refused is None
    assert [None if each is None else each.failure for each in changes] == ["refused", None]


def test_a_refusal_of_a_camera_that_nobody_knew_is_its_own_from_when_it_is_known() -> None:
    """Footage may be watched before the first poll is over."""
    memory = JumpMemory(now=lambda: NOW)
    memory.failed(JumpFailure.ASTRAY, None)
    assert not memory.allowed(BEFORE)
    assert memory.allowed(AFTER)


@pytest.mark.parametrize("failure", [JumpFailure.CLOSED, JumpFailure.SILENT])
def test_what_the_network_may_have_done_counts_twice_in_a_row(failure: JumpFailure) -> None:
    """A jump that works in between proves that the camera can."""
    memory = JumpMemory(now=lambda: NOW)
    for _ in range(3):
        memory.failed(failure, BEFORE)
        assert memory.allowed(BEFORE)
        memory.worked()
    memory.failed(failure, BEFORE)
    memory.failed(failure, BEFORE)
    assert not memory.allowed(BEFORE)


def test_what_is_known_outlives_a_restart() -> None:
    """As JSON; what cannot be read is an error."""
    memory = JumpMemory(now=lambda: NOW)
    memory.failed(JumpFailure.ASTRAY, BEFORE)
    assert memory.refused is not None
    kept = memory.refused.as_json()
    again = JumpMemory()
    again.resume(NoJumps.from_json(kept))
    assert again.refused == memory.refused
    assert not again.allowed(BEFORE)
    for spoilt in ({}, {**kept, "failure": "?"}, {**kept, "since": "2026-11-29T10:00:00"}):
        with pytest.raises((KeyError, ValueError)):
            NoJumps.from_json(spoilt)
