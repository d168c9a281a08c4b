"""Replays of cameras whose times, ranges and endings are not what they should be."""

import asyncio
from datetime import timedelta
import time

import pytest

from custom_components.niiza_cctv.lib.device.errors import CameraAnswerInvalid, CameraUnreachable
from custom_components.niiza_cctv.lib.footage import replay as replay_module
from custom_components.niiza_cctv.lib.footage.replay import AccessUnit, Replay, ReplayEnd, replay
from tests.lib.footage.scripted_camera import (
    TERMINAL,
    VIEWER,
    Footage,
    Request,
    answer,
    interleaved,
    moment,
    scripted_camera,
)

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def all_of(stream: Replay, got: list[AccessUnit]) -> None:
    """Put every picture into `got`, batch by batch: what came before an error counts."""
    async with stream:
        while units := await stream.batch():
            got += units


def followed(*clips: Footage) -> bytes:
    """Return clips one after the other, numbered on."""
    wire, sequence = b"", 100
    for clip in clips:
        clip.first_sequence = sequence
        packets = [packet for unit in clip.units() for packet in unit]
        sequence += len(packets)
        wire += b"".join(interleaved(packet) for packet in packets)
    return wire


async def test_batches_hold_every_picture_once() -> None:
    """And an empty one is the end."""
    async with scripted_camera(media=Footage(flags={59: TERMINAL}).wire()) as camera:
        got: list[AccessUnit] = []
        stream = await replay(camera.url, VIEWER, moment(0), moment(59))
        await all_of(stream, got)
        assert [unit.at for unit in got] == [moment(index) for index in range(60)]
        assert stream.ended is ReplayEnd.TERMINAL
        assert await stream.batch() == []


async def test_a_clock_that_was_set_back_is_a_discontinuity_and_no_end() -> None:
    """The footage goes on; what was recorded twice at the same hour comes twice."""
    media = followed(Footage(first=20, count=20), Footage(count=40, flags={39: TERMINAL}))
    async with scripted_camera(media=media) as camera:
        got: list[AccessUnit] = []
        await all_of(await replay(camera.url, VIEWER, moment(0), moment(59)), got)
    assert [unit.at for unit in got] == [moment(i) for i in [*range(20, 40), *range(40)]]
    assert [unit.at for unit in got if unit.discontinuity] == [moment(0)]


async def test_times_that_never_reach_the_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A camera that plays the same seconds over and over would fill every disk."""
    monkeypatch.setattr(replay_module, "MAX_RATE", 2)
    clip = Footage(count=60)
    async with scripted_camera() as camera:

        async def play(request: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(answer(request))
            while True:
                writer.write(clip.wire())
                await writer.drain()

        camera.steps["PLAY"] = play
        got: list[AccessUnit] = []
        with pytest.raises(CameraAnswerInvalid, match="more pictures"):
            await all_of(await replay(camera.url, VIEWER, moment(0), moment(600)), got)
    assert len(got) < 1000


@pytest.mark.parametrize(
    "text", ["clock=20261120T093001.5Z-20261120T100000Z", "npt=0-", "clock=20261399T000000Z-"]
)
async def test_what_the_camera_says_of_the_range_is_not_believed(text: str) -> None:
    """The pictures' own times count."""
    async with scripted_camera() as camera:

        async def play(request: Request, _writer: object) -> bytes:
            headers = ["Session: 4711", f"Range: {text}"]
            return answer(request, headers=headers) + Footage(flags={59: TERMINAL}).wire()

        camera.steps["PLAY"] = play
        asked = moment(0) - timedelta(minutes=5)
        async with await replay(camera.url, VIEWER, asked, moment(59)) as stream:
            assert len([unit async for unit in stream]) == 60


async def test_a_camera_that_stops_in_the_middle_of_a_picture_is_not_at_the_end() -> None:
    """It answers, but what it began is missing: footage is there that was not sent."""
    units = Footage(count=30, size=100).units()
    media = b"".join(interleaved(packet) for unit in units[:20] for packet in unit)
    media += b"".join(interleaved(packet) for packet in units[20][:3])
    async with scripted_camera(media=media) as camera:
        got: list[AccessUnit] = []
        stream = await replay(camera.url, VIEWER, moment(0), moment(600), idle_timeout=0.1)
        with pytest.raises(CameraUnreachable, match="middle"):
            await all_of(stream, got)
        assert len(got) == 20
        assert stream.ended is None


@pytest.mark.parametrize(
    "spoilt", [bytes(70_000), b"RTSP/1.0 200 OK\r\nContent-Length: 999999\r\n\r\n"]
)
async def test_what_came_before_an_error_is_given_out(spoilt: bytes) -> None:
    """Although it was read in the same moment."""
    async with scripted_camera(media=Footage(count=25).wire() + spoilt) as camera:
        got: list[AccessUnit] = []
        stream = await replay(camera.url, VIEWER, moment(0), moment(600))
        with pytest.raises(CameraAnswerInvalid):
            await all_of(stream, got)
        assert [unit.at for unit in got] == [moment(index) for index in range(25)]
        assert await stream.batch() == []
        assert stream.ended is None


async def test_a_drop_is_told_at_once_and_the_rest_can_be_fetched() -> None:
    """Without waiting for any time-out: an export resumes from the last complete picture."""
    clip = Footage(count=60, size=100, flags={59: TERMINAL})
    wire = clip.wire()
    async with scripted_camera() as camera:

        async def drop(request: Request, writer: asyncio.StreamWriter) -> bytes:
            writer.write(answer(request) + wire[: len(wire) * 6 // 10])
            await writer.drain()
            writer.transport.abort()
            return b""

        camera.steps["PLAY"] = drop
        got: list[AccessUnit] = []
        stream = await replay(
            camera.url, VIEWER, moment(0), moment(59), idle_timeout=30, timeout=30
        )
        before = time.monotonic()
        with pytest.raises(CameraUnreachable):
            await all_of(stream, got)
        assert time.monotonic() - before < 15
        del camera.steps["PLAY"]
        camera.media = wire
        last = got[-1].at
        rest: list[AccessUnit] = []
        await all_of(await replay(camera.url, VIEWER, last, moment(59)), rest)
        got += [unit for unit in rest if unit.at > last]
    assert [unit.at for unit in got] == [moment(index) for index in range(60)]


async def test_leaving_with_pictures_unread_is_no_good_end() -> None:
    """`ended` does not claim what nobody was given."""
    async with scripted_camera(media=Footage(flags={59: TERMINAL}).wire()) as camera:
        async with await replay(camera.url, VIEWER, moment(0), moment(59)) as stream:
            await anext(stream)
            assert stream.ended is None
        assert stream.ended is None
