"""Which packets belong to the passage asked for last, and what a camera may answer meanwhile."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from custom_components.niiza_cctv.lib.device.login import MAX_LOGINS
from custom_components.niiza_cctv.lib.footage.crossing import Crossing
from custom_components.niiza_cctv.lib.footage.depacketize import H264Depacketizer
from custom_components.niiza_cctv.lib.footage.errors import JumpFailure, JumpRefused
from custom_components.niiza_cctv.lib.footage.replay import Replay, replay
from tests.lib.footage.scripted_camera import (
    DISCONTINUITY,
    FRAME_RATE,
    VIEWER,
    Footage,
    Request,
    ScriptedCamera,
    answer,
    moment,
    scripted_camera,
)

pytestmark = pytest.mark.usefixtures("socket_enabled")

OLD, NEW = 7, 9
# Of a packet with the extension: the low byte of CSeq.
CSEQ_AT = 25


def crossing() -> Crossing:
    """Return one for which the newest PLAY is `NEW`, and the pictures 0 to 100 were asked for first."""
    return Crossing(lambda: H264Depacketizer(payload_type=96), lambda: NEW, moment(0), moment(100))


def feed(sink: Crossing, footage: Footage, number: int | None = None) -> None:
    """Push all packets, marked as those of a PLAY with that number."""
    for unit in footage.units():
        for packet in unit:
            data = bytearray(packet)
            if number is not None and data[0] & 0x10:
                data[CSEQ_AT] = number
            sink.push(data, 0, len(data))
            sink.keep()


def given(sink: Crossing) -> list[datetime]:
    """Return the times of all pictures of the newest passage, to the last."""
    sink.depacketizer.flush()
    return [unit.at for unit in sink.depacketizer.units]


def moments(numbers: Iterable[int]) -> list[datetime]:
    """Return the times of pictures."""
    return [moment(number) for number in numbers]


@pytest.mark.parametrize("number", [None, OLD])
def test_old_packets_are_dropped_and_new_ones_taken_by_their_time(number: int | None) -> None:
    """Whether or not the camera tells whose they are."""
    sink = crossing()
    feed(sink, Footage(count=30), number)
    sink.jump(moment(2000), moment(2060))
    feed(sink, Footage(first=30, count=20), number)
    assert sink.stale > 0
    assert not given(sink)
    feed(sink, Footage(first=2000, count=20), number)
    assert given(sink) == moments(range(2000, 2020))


def test_a_passage_that_follows_the_old_one_is_taken_without_any_sign() -> None:
    """As segments that are asked for one by one."""
    sink = crossing()
    feed(sink, Footage(count=20))
    sink.jump(moment(20), moment(60))
    feed(sink, Footage(first=20, count=30, first_sequence=7))
    assert given(sink) == moments(range(20, 50))


def test_old_packets_that_reach_the_passage_by_chance_are_replaced_by_its_own() -> None:
    """Once: what goes back and forth is the camera's affair."""
    sink = crossing()
    feed(sink, Footage(count=20))
    sink.jump(moment(30), moment(90))
    feed(sink, Footage(first=20, count=25))
    feed(sink, Footage(first=30, count=30, first_sequence=7))
    assert given(sink)[0] == moment(30)
    begun = sink.depacketizer
    assert given(sink) == moments(range(30, 60))
    feed(sink, Footage(first=30, count=10, first_sequence=99))
    assert sink.depacketizer is begun


def test_numbers_tell_the_passages_apart_where_times_cannot() -> None:
    """Old pictures of the time that was asked for are not taken twice."""
    sink = crossing()
    feed(sink, Footage(count=20), NEW)
    sink.jump(moment(30), moment(90))
    feed(sink, Footage(first=20, count=25), OLD)
    assert not given(sink)
    feed(sink, Footage(first=30, count=30, first_sequence=7), NEW)
    assert given(sink) == moments(range(30, 60))


def test_a_clean_point_long_before_is_believed_where_the_camera_says_that_it_jumped() -> None:
    """By the D bit; without it, what follows the old passage is the old passage."""
    for flags, expected in (({20: DISCONTINUITY}, range(20, 80)), ({}, range(60, 80))):
        sink = crossing()
        feed(sink, Footage(count=20))
        sink.jump(moment(20 + 6 * FRAME_RATE), moment(200))
        feed(sink, Footage(first=20, count=60, flags=flags))
        assert given(sink) == moments(expected)


def test_what_leaves_the_passage_again_is_not_taken() -> None:
    """The camera has gone back to the old one."""
    sink = crossing()
    feed(sink, Footage(count=20))
    sink.jump(moment(2000), moment(2100))
    feed(sink, Footage(first=2000, count=20, first_sequence=7))
    feed(sink, Footage(first=20, count=30, first_sequence=99))
    assert given(sink) == moments(range(2000, 2020))


def test_packets_without_a_time_belong_to_those_before() -> None:
    """And packets that are none are the depacketizer's business."""
    sink = crossing()
    feed(sink, Footage(count=20, extended="none"))
    sink.jump(moment(2000), moment(2100))
    feed(sink, Footage(first=20, count=20, extended="none"))
    feed(sink, Footage(first=2000, count=20, extended="first"))
    short = bytearray(b"\x90\x60" + bytes(14))
    sink.push(short, 0, len(short))
    assert given(sink) == moments(range(2000, 2020))


# --- Jumps at a camera that answers in its own way ----------------------------------------------------------------


async def opened(camera: ScriptedCamera) -> Replay:
    """Open a replay that stays, and look at its first picture."""
    stream = await replay(camera.url, VIEWER, moment(0), moment(59), stays=True)
    await anext(stream)
    return stream


def on_jump(camera: ScriptedCamera, *answers: bytes | None, media: bytes = b"") -> list[Request]:
    """Let the second PLAY be answered so (None: as it should be), and media come behind that; returns the PLAYs."""
    asked: list[Request] = []

    async def play(request: Request, writer: asyncio.StreamWriter) -> bytes:
        asked.append(request)
        if len(asked) == 1:
            return answer(request) + Footage(count=30).wire()
        return b"".join(answer(request) if one is None else one for one in answers) + media

    camera.steps["PLAY"] = play
    return asked


def wire(first: int, count: int) -> bytes:
    """Return another passage."""
    return Footage(first=first, count=count).wire()


REFUSAL = b"RTSP/1.0 457 Invalid Range\r\nCSeq: 0\r\n\r\n"


async def test_the_headers_ask_for_another_passage_at_once() -> None:
    """ONVIF Streaming specification, "Immediate"; the pictures of the old passage are forgotten."""
    async with scripted_camera() as camera:
        asked = on_jump(camera, None, media=wire(1200, 30))
        async with await opened(camera) as stream:
            await stream.jump(moment(1200), moment(1259))
            assert (await anext(stream)).at == moment(1200)
    assert asked[1].headers["immediate"] == "yes"
    assert asked[1].headers["range"] == "clock=20261120T093200.000Z-20261120T093205.900Z"


@pytest.mark.parametrize(
    ("answers", "passage", "failure"),
    [
        ((REFUSAL,), None, JumpFailure.REFUSED),
        # It agrees, and begins three seconds late; or plays something long before or behind, and then nothing.
        ((None,), (1230, 30), JumpFailure.LATE),
        ((None,), (0, 30), JumpFailure.SILENT),
        ((None,), (60_000, 30), JumpFailure.SILENT),
        # Bytes that nobody understands.
        ((None, bytes(70_000)), None, JumpFailure.REFUSED),
        # It agrees, and nothing comes; not even that.
        ((None,), None, JumpFailure.SILENT),
        ((), None, JumpFailure.SILENT),
    ],
)
async def test_a_jump_that_leads_nowhere_is_refused(
    answers: tuple[bytes | None, ...], passage: tuple[int, int] | None, failure: JumpFailure
) -> None:
    """And closes the session: nobody knows where it stands."""
    async with scripted_camera() as camera:
        on_jump(camera, *answers, media=wire(*passage) if passage else b"")
        async with await opened(camera) as stream:
            with pytest.raises(JumpRefused) as caught:
                await stream.jump(moment(1200), moment(1259), patience=0.5)
            assert caught.value.failure is failure
            assert not await stream.batch()
            with pytest.raises(JumpRefused) as again:
                await stream.jump(moment(1200), moment(1259))
            assert again.value.failure is JumpFailure.OVER


async def test_a_refusal_behind_the_old_answer_is_heard() -> None:
    """The old answer came twice: what was taken for this one's was none."""
    async with scripted_camera() as camera:
        asked: list[Request] = []

        async def play(request: Request, _writer: asyncio.StreamWriter) -> bytes:
            asked.append(request)
            if len(asked) == 1:
                return answer(request) + Footage(count=30).wire()
            return answer(asked[0]) + answer(request, "457 Invalid Range")

        camera.steps["PLAY"] = play
        async with await opened(camera) as stream:
            with pytest.raises(JumpRefused) as caught:
                await stream.jump(moment(1200), moment(1259), patience=3600)
    assert caught.value.failure is JumpFailure.REFUSED


async def test_a_jump_is_signed_anew_where_the_nonce_is_too_old() -> None:
    """As any request."""
    async with scripted_camera() as camera:
        camera.schemes = ("md5",)
        asked = on_jump(camera, None, media=wire(1200, 30))
        async with await opened(camera) as stream:
            camera.nonce += 1
            await stream.jump(moment(1200), moment(1259))
            assert (await anext(stream)).at == moment(1200)
        assert len(asked) == 2


async def test_a_camera_that_wants_the_password_over_and_over_gets_it_a_few_times() -> None:
    """Each time by another nonce, as if the one before had been too old."""
    async with scripted_camera() as camera:
        asked: list[Request] = []

        async def play(request: Request, _writer: asyncio.StreamWriter) -> bytes:
            asked.append(request)
            if len(asked) == 1:
                return answer(request) + Footage(count=30).wire()
            challenge = f'Digest realm="camera", nonce="{len(asked)}", stale=true'
            return answer(request, "401 Unauthorized", [f"WWW-Authenticate: {challenge}"])

        camera.steps["PLAY"] = play
        async with await opened(camera) as stream:
            with pytest.raises(JumpRefused) as caught:
                await stream.jump(moment(1200), moment(1259), patience=3600)
        assert caught.value.failure is JumpFailure.REFUSED
        assert len(asked) == 1 + MAX_LOGINS


async def test_a_passage_of_one_picture_is_there_when_nothing_follows() -> None:
    """A marked picture waits for the next packet only for a moment."""
    async with scripted_camera() as camera:
        on_jump(camera, None, media=wire(1200, 1))
        async with await opened(camera) as stream:
            await stream.jump(moment(1200), moment(1200) + timedelta(milliseconds=50))
            assert (await anext(stream)).at == moment(1200)


async def test_a_passage_may_be_asked_for_behind_the_end_of_another() -> None:
    """The session outlives it; a replay that does not stay is over."""
    async with scripted_camera() as camera:
        on_jump(camera, None, media=wire(1200, 30))
        stream = await replay(
            camera.url, VIEWER, moment(0), moment(29), stays=True, idle_timeout=0.1
        )
        async with stream:
            assert len([unit async for unit in stream]) == 30
            assert stream.ended is not None
            await stream.jump(moment(1200), moment(1229))
            assert stream.ended is None
            assert [unit.at async for unit in stream] == moments(range(1200, 1230))
    assert camera.methods().count("SETUP") == 1
