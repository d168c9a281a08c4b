"""Replays of cameras that send B pictures: the order of sending is not that of the times."""

from fractions import Fraction
from functools import cache
import hashlib

import av
from av.stream import Stream
import pytest

from custom_components.niiza_cctv.lib.footage.replay import AccessUnit, ReplayEnd, replay
from tests.lib.footage.scripted_camera import (
    CLEAN,
    FRAME_RATE,
    TERMINAL,
    VIEWER,
    extension,
    interleaved,
    is_clean,
    moment,
    nal_units,
    payloads,
    rtp,
    scripted_camera,
)

pytestmark = pytest.mark.usefixtures("socket_enabled")

COUNT = 60


@cache
def coded(codec: str) -> tuple[tuple[int, tuple[bytes, ...]], ...]:
    """Return a clip with B pictures in the order of sending: the number of each picture, and its NAL units."""
    context = av.CodecContext.create("libx264" if codec == "H264" else "libx265", "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.pix_fmt = 320, 192, "yuv420p"
    context.time_base = Fraction(1, FRAME_RATE)
    parameters = "keyint=20:bframes=3:b-adapt=0:scenecut=0:repeat-headers=1"
    if codec == "H264":
        context.options = {"preset": "fast", "x264-params": parameters}
    else:
        context.options = {"preset": "fast", "x265-params": f"{parameters}:log-level=none"}
    packets = []
    for index in range(COUNT):
        frame = av.VideoFrame(320, 192, "yuv420p")
        for plane in frame.planes:
            noise = hashlib.shake_128(bytes([index, plane.line_size % 251])).digest(64)
            plane.update((noise * (plane.buffer_size // 64 + 1))[: plane.buffer_size])
        frame.pts = index
        packets += context.encode(frame)
    packets += context.encode(None)
    return tuple((packet.pts or 0, nal_units(bytes(packet))) for packet in packets)


def wire(codec: str, *, last: int | None = None) -> bytes:
    """Return the clip as a camera sends it; the T bit is on the picture with the number `last`."""
    out, sequence = b"", 7
    for number, nals in coded(codec):
        flags = (CLEAN if is_clean(codec, nals) else 0) | (TERMINAL if number == last else 0)
        parts = [part for nal in nals for part in payloads(codec, nal, 300)]
        for at, part in enumerate(parts):
            told = extension(moment(number), flags) if at == 0 else b""
            ends = at == len(parts) - 1
            out += interleaved(
                rtp(part, sequence, 9000 * number + 50000, marker=ends, extended=told)
            )
            sequence += 1
    return out


def decoded(codec: str, units: list[AccessUnit]) -> set[int]:
    """Return the numbers of the pictures that decode without a flaw."""
    context = av.CodecContext.create("h264" if codec == "H264" else "hevc", "r")
    assert isinstance(context, av.VideoCodecContext)
    context.thread_count = 1
    found = set()
    packets: list[av.Packet[Stream] | None] = []
    for unit in units:
        packet = av.Packet(unit.data)
        packet.pts = packet.dts = round((unit.at - moment(0)).total_seconds() * FRAME_RATE)
        packets.append(packet)
    for item in [*packets, None]:
        for frame in context.decode(item):
            if frame.pts is not None and not frame.is_corrupt:
                found.add(frame.pts)
    return found


@pytest.mark.parametrize("codec", ["H264", "H265"])
@pytest.mark.parametrize("end", [0, 1, 2, 3, 17, 18, 19, 20, 21, 22, 37])
async def test_every_picture_up_to_the_end_comes_and_decodes(codec: str, end: int) -> None:
    """Also those that are sent after a later one, wherever the end falls; the camera ignores the range's end."""
    order = [number for number, _ in coded(codec)]
    assert order != sorted(order)
    async with (
        scripted_camera(codec=codec, media=wire(codec)) as camera,
        await replay(camera.url, VIEWER, moment(0), moment(end)) as stream,
    ):
        units = [unit async for unit in stream]
        assert stream.ended is ReplayEnd.PASSED
    numbers = [round((unit.at - moment(0)).total_seconds() * FRAME_RATE) for unit in units]
    assert numbers == order[: len(numbers)]
    assert set(range(end + 1)) <= set(numbers)
    # Nothing beyond the end that no picture up to the end was sent after.
    assert numbers[-1] <= end
    assert set(range(end + 1)) <= decoded(codec, units)
    assert not any(unit.discontinuity for unit in units)


@pytest.mark.parametrize("codec", ["H264", "H265"])
async def test_the_terminal_bit_on_an_earlier_picture_ends_the_stream(codec: str) -> None:
    """The last sent need not be the latest."""
    last = coded(codec)[-1][0]
    media = wire(codec, last=last)
    async with scripted_camera(codec=codec, media=media) as camera:
        for end in (COUNT - 1, 600):
            stream = await replay(camera.url, VIEWER, moment(0), moment(end), idle_timeout=30)
            async with stream:
                assert len([unit async for unit in stream]) == COUNT
            assert stream.ended is ReplayEnd.TERMINAL
