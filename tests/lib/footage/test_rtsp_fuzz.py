"""Whatever bytes a camera sends: pictures or a typed error, in bounded time and memory. Begun from real conversations."""

import asyncio
import contextlib
import time
import tracemalloc

from hypothesis import HealthCheck, example, given, settings, strategies as st
import pytest

from custom_components.niiza_cctv.lib.device.errors import CameraAnswerInvalid, CameraError
from custom_components.niiza_cctv.lib.device.quirks import Quirks
from custom_components.niiza_cctv.lib.footage.replay import replay
from custom_components.niiza_cctv.lib.footage.rtsp_address import MAX_READINGS, Addresses
from custom_components.niiza_cctv.lib.footage.rtsp_message import MAX_BODY, is_start, read_message
from custom_components.niiza_cctv.lib.footage.sdp import MAX_MEDIA, parse_sdp
from tests.lib.footage.scripted_camera import TERMINAL, VIEWER, Footage, moment, sdp

pytestmark = pytest.mark.usefixtures("socket_enabled")

CLIP = Footage(count=6, size=400, flags={5: TERMINAL})
DESCRIPTION = sdp()
ANSWERS = [
    b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER\r\n\r\n",
    b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Base: rtsp://192.0.2.1/rec/\r\nContent-Length: %d\r\n\r\n"
    % len(DESCRIPTION)
    + DESCRIPTION,
    b"RTSP/1.0 200 OK\r\nCSeq: 3\r\nSession: 4711;timeout=60\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n\r\n",
    b"RTSP/1.0 200 OK\r\nCSeq: 4\r\nSession: 4711\r\nRTP-Info: url=rtsp://192.0.2.1/t;seq=1\r\n\r\n"
    + CLIP.wire(),
    b"RTSP/1.0 200 OK\r\nCSeq: 5\r\n\r\n",
]
# What the real cases put into a conversation.
PIECES = [
    b"\n",
    b"\r",
    b"\r\n\r\n",
    b" \r\n",
    b"$",
    b"$\x00",
    b"$\x00\x00\x04",
    b"$\x00\xff\xff",
    b"$\x01\x00\x08\x80\xc8\x00\x01",
    b"$\x07\x7f\xff",
    b"\x80\x60",
    b"RTSP/1.0 200 OK\r\n",
    b"RTSP/1.0 401 Unauthorized\r\n",
    b"RTSP/1.0 453 X\nCSeq: 0\n\n",
    b"CSeq: 0\r\n",
    b"Content-Length: 9999\r\n",
    b"Content-Base: rtsp://rtsp://x/\r\n",
    b'WWW-Authenticate: Basic realm="x", Digest\trealm="y" nonce=1\r\n',
    b"Session: \r\n",
    b"Transport: x\r\n",
    b"OPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\n",
    b"m=application/VENDOR 0 RTP/AVP smart/1/90000\r\n",
    b"m=audio -1\r\n",
    b"a=control:rtsp://rtsp://x/trackID=1\r\n",
    b"\xff\xfe\xc9\xe3",
]
# Where, how many bytes are taken out, and what is put there.
EDITS = st.lists(
    st.tuples(
        st.integers(0, len(ANSWERS) - 1),
        st.integers(0, 1 << 16),
        st.integers(0, 40),
        st.one_of(st.sampled_from(PIECES), st.binary(max_size=20)),
    ),
    min_size=1,
    max_size=4,
)


def edited(edits: list[tuple[int, int, int, bytes]]) -> list[bytes]:
    """Return the conversation with these edits."""
    answers = list(ANSWERS)
    for number, place, gone, piece in edits:
        text = answers[number]
        # Heads are short and packets many: half the edits go into the first bytes.
        at = place % max(1, min(len(text), 300) if place % 2 else len(text))
        answers[number] = text[:at] + piece + text[at + gone :]
    return answers


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(edits=EDITS)
def test_any_conversation_gives_pictures_or_a_typed_error(
    edits: list[tuple[int, int, int, bytes]],
) -> None:
    """Over a real socket, from log-in to good-bye."""
    answers = edited(edits)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            for data in answers:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(data)
                await writer.drain()
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        try:
            url = f"rtsp://127.0.0.1:{server.sockets[0].getsockname()[1]}/rec"
            async with asyncio.timeout(30):
                with contextlib.suppress(CameraError):
                    async with await replay(
                        url, VIEWER, moment(0), moment(5), idle_timeout=0.05, timeout=0.2
                    ) as stream:
                        assert len([unit async for unit in stream]) <= 12
        finally:
            server.close()
            server.close_clients()
            await server.wait_closed()

    asyncio.run(run())


@settings(max_examples=400, deadline=None)
@given(
    data=st.one_of(
        EDITS.map(lambda edits: b"".join(edited(edits)[:3])),
        st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join),
        st.binary(max_size=200),
    ),
    impatient=st.booleans(),
)
@example(data=b"RTSP/1.0 200\r\r\r\r", impatient=False)
@example(data=b"RTSP 999 \n\n", impatient=True)
def test_a_message_is_read_waited_for_or_refused(data: bytes, impatient: bool) -> None:
    """Nothing but the typed error leaves the reader, and what it read lies inside what came."""
    room = bytearray(data)
    begins = is_start(room, 0, len(data))
    assert begins in {True, False, None}
    if not begins:
        return
    try:
        end, message, in_body = read_message(room, 0, len(data), Quirks(), impatient=impatient)
    except CameraAnswerInvalid:
        return
    assert (end > 0) is (message is not None)
    assert end <= len(data)
    assert not (in_body and (impatient or message))


@settings(max_examples=300, deadline=None)
@given(
    base=st.one_of(
        st.none(), st.text(max_size=80), st.sampled_from(["rtsp://rtsp://x/a", "x:1/a"])
    ),
    location=st.one_of(st.none(), st.text(max_size=80)),
    control=st.one_of(st.text(max_size=80), st.sampled_from(["*", "", "rtsp://rtsp://h/a", "?x"])),
)
def test_no_address_leads_to_another_host(
    base: str | None, location: str | None, control: str
) -> None:
    """Whatever the camera writes, and not to many."""
    addresses = Addresses("rtsp://camera:554", "rtsp://camera:554/rec")
    addresses.described(base, location)
    readings = addresses.readings(control)
    assert 0 < len(readings) <= MAX_READINGS
    for reading in readings:
        for url in (reading.stream, reading.base, addresses.aggregate(control, reading.base)):
            assert url == "rtsp://camera:554" or url.startswith(
                ("rtsp://camera:554/", "rtsp://camera:554?")
            )


@settings(max_examples=300, deadline=None)
@given(
    lines=st.lists(
        st.one_of(
            st.sampled_from(DESCRIPTION.split(b"\r\n")),
            st.sampled_from(PIECES),
            st.binary(max_size=40).map(lambda text: b"m=" + text),
            st.binary(max_size=40).map(lambda text: b"a=rtpmap:" + text),
        ),
        max_size=40,
    )
)
def test_a_description_gives_media_or_the_typed_error(lines: list[bytes]) -> None:
    """And every line of sound is seen as that."""
    body = b"\r\n".join(lines)
    try:
        media = parse_sdp(body).media
    except CameraAnswerInvalid:
        return
    assert len(media) <= MAX_MEDIA
    if b"m=audio 0 RTP/AVP 0" in lines:
        assert "audio" in {item.kind for item in media}


@pytest.mark.parametrize(
    "text",
    [
        b"RTSP/1.0 200 OK\r\n" + b"a: b\r\n" * 2600,
        b"RTSP/1.0 200 OK\r" + b"\n\r" * 8000,
        b"RTSP/1.0 200" + b" " * 16000,
        b"OPTIONS " + b" \t" * 8000,
        b"RTSP/1.0 200 OK\n" + b" x\n" * 5000,
    ],
)
def test_long_heads_take_no_time(text: bytes) -> None:
    """Also where their end is looked for again with each byte."""
    before = time.process_time()
    for size in range(16, len(text), 256):
        with contextlib.suppress(CameraAnswerInvalid):
            read_message(bytearray(text), 0, size, Quirks())
    assert time.process_time() - before < 2.0


@pytest.mark.parametrize(
    "piece",
    [
        b"$\x05\x00\x00",
        b"$\x00\x00\x00",
        b"$\x00\x00\x01\x80\x60",
        b"$\x01\x00\x00",
        b"\r\n",
        b"RTSP/1.0 200\n\n",
        b"OPTIONS * RTSP/1.0\n\n",
        b"$",
        b"\x00",
        b"R",
    ],
)
async def test_floods_neither_hold_the_loop_up_nor_fill_memory(piece: bytes) -> None:
    """Megabytes of what nobody asked for end as a typed error, or go by."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            for data in ANSWERS[:3]:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(data)
            await reader.readuntil(b"\r\n\r\n")
            writer.write(ANSWERS[3].partition(b"$")[0] + CLIP.wire()[:900])
            for _ in range(16):
                writer.write(piece * (MAX_BODY // len(piece)))
                await writer.drain()
        writer.close()

    worst = 0.0

    async def beat() -> None:
        nonlocal worst
        while True:
            before = time.process_time()
            await asyncio.sleep(0.001)
            worst = max(worst, time.process_time() - before)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    watch = asyncio.create_task(beat())
    try:
        url = f"rtsp://127.0.0.1:{server.sockets[0].getsockname()[1]}/rec"
        tracemalloc.start()
        with contextlib.suppress(CameraError):
            async with await replay(
                url, VIEWER, moment(0), moment(59), idle_timeout=1, timeout=5
            ) as stream:
                async for _ in stream:
                    pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        watch.cancel()
        server.close()
        server.close_clients()
        await server.wait_closed()
    assert peak < 12 * 1024 * 1024
    # Traced memory makes everything several times as slow.
    assert worst < 1.0
