"""Answers that no HTTP library takes are read all the same, each repair is counted, and nothing that protects is loosened."""

import asyncio
from collections.abc import AsyncGenerator, Callable
import ssl
import time
from typing import Any

import aiohttp
from hypothesis import given, settings, strategies as st
from multidict import CIMultiDict
import pytest
from yarl import URL

from custom_components.niiza_cctv.lib.device import lenient_http
from custom_components.niiza_cctv.lib.device.client import OnvifClient
from custom_components.niiza_cctv.lib.device.errors import (
    CameraAnswerInvalid,
    CameraCertificateChanged,
    CameraError,
    CameraRefused,
    CameraUnreachable,
)
from custom_components.niiza_cctv.lib.device.model import CameraAddress, Credential
from custom_components.niiza_cctv.lib.device.quirks import Quirk, Quirks
from simulator.soap import make_tls
from tests.lib.device.raw_http import JPEG, RawCamera, identity_answer, raw, raw_camera

VIEWER = Credential(username="viewer", password="viewer-pass")
GOOD = identity_answer()
LENGTH, HEADER, STATUS, CHUNKS = (
    Quirk.HTTP_LENGTH,
    Quirk.HTTP_HEADER,
    Quirk.HTTP_STATUS,
    Quirk.HTTP_CHUNKS,
)

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
async def http() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session to lend."""
    async with aiohttp.ClientSession() as session:
        yield session


def client_of(
    http: aiohttp.ClientSession, camera: RawCamera, quirks: Quirks, *, timeout: float = 5.0
) -> OnvifClient:
    """Return a client of a raw camera."""
    address = CameraAddress(host="127.0.0.1", port=camera.port)
    return OnvifClient(http, address, VIEWER, timeout=timeout, quirks=quirks)


def chunked(*pieces: bytes, end: bytes = b"0\r\n\r\n", ends: str = "\r\n") -> bytes:
    """Return an answer whose body is these pieces as they stand, sizes included."""
    head = raw(b"", "Transfer-Encoding: chunked", length=None, end=ends)
    return head + b"".join(pieces) + end


def chunk(body: str, size: str | None = None, eol: bytes = b"\r\n") -> bytes:
    """Return one chunk, with a size of its own where one is given."""
    data = body.encode()
    return (size or f"{len(data):x}").encode() + eol + data + eol


SINS: dict[str, tuple[Callable[[str | bytes], bytes | tuple[bytes, ...]], Quirk]] = {
    "length too large, then closed": (
        lambda body: raw(body, "Connection: close", length=len(body) + 48), LENGTH),
    "length too small": (lambda body: raw(body, length=len(body) - 5), LENGTH),
    "length too small, the rest in another packet": (
        lambda body: (raw(body, length=50)[: -len(body) + 50], raw(body)[-len(body) + 50 :]), LENGTH),
    "length too large, and left open": (lambda body: raw(body, length=len(body) + 7), LENGTH),
    "length negative": (lambda body: raw(body, length=-12), LENGTH),
    "length no number": (lambda body: raw(body, length="about 300"), LENGTH),
    "length twice, two numbers": (
        lambda body: raw(body, f"Content-Length: {len(body) + 9}"), LENGTH),
    "length twice in one line": (
        lambda body: raw(body, length=f"{len(body)}, {len(body)}"), LENGTH),
    "a header line without a name": (
        lambda body: raw(body, "Tue, 12 Jun 2012 01:56:34 GMT"), HEADER),
    "a header line without a colon": (lambda body: raw(body, "GoAhead-Webs"), HEADER),
    "a header line with nothing before its colon": (lambda body: raw(body, ": yes"), HEADER),
    "control characters in a header": (lambda body: raw(body, "X-\x01Id: 7"), HEADER),
    "a status without a version": (lambda body: raw(body, status="HTTP 200 OK"), STATUS),
    "a status that runs into its word": (lambda body: raw(body, status="HTTP/1.1 200OK"), STATUS),
    "a status of another protocol": (lambda body: raw(body, status="ICY 200 OK"), STATUS),
    "a number and nothing else": (lambda body: raw(body, status="200 OK"), STATUS),
    "no head at all": (
        lambda body: body.encode() if isinstance(body, str) else body, STATUS),
}  # fmt: skip


@pytest.mark.parametrize("sin", SINS)
async def test_a_wrong_head_costs_nothing_and_is_counted(
    http: aiohttp.ClientSession, sin: str
) -> None:
    """SOAP and pictures alike, each with the right value, and from the second time on without asking twice."""
    spoil, quirk = SINS[sin]

    def soap(_: str) -> bytes | tuple[bytes, ...]:
        return spoil(GOOD)

    def picture(_: str) -> bytes | tuple[bytes, ...]:
        found = spoil(JPEG)
        return (
            found
            if isinstance(found, tuple)
            else found.replace(b"application/soap+xml", b"image/jpeg")
        )

    async with raw_camera(GetDeviceInformation=soap, GET=picture) as camera:
        quirks = Quirks()
        client = client_of(http, camera, quirks, timeout=1.5 if "left open" in sin else 5.0)
        await client.connect()
        assert not quirks.counts()
        assert (await client.identity()).manufacturer == "Cam Works"
        assert set(quirks.counts()) == {quirk}
        assert await client.snapshot(f"http://127.0.0.1:{camera.port}/s.jpg") == JPEG
        before, met = camera.asked.count("GetDeviceInformation"), quirks.counts()[quirk].count
        assert (await client.identity()).serial == "S0001"
        assert camera.asked.count("GetDeviceInformation") == before + 1
        assert quirks.counts()[quirk].count == met + 1


@pytest.mark.parametrize(
    "answer",
    [
        chunked(chunk(GOOD), end=b""),
        chunked(chunk(GOOD), end=b"0\r\n"),
        chunked(chunk(GOOD, f" {len(GOOD):X}  ")),
        chunked(chunk(GOOD, f"0x{len(GOOD):x}")),
        chunked(chunk(GOOD[:100]), chunk(GOOD[100:]), end=b"\r\n"),
        chunked(chunk(GOOD, f"{len(GOOD) + 40:x}")),
        chunked(GOOD.encode(), end=b""),
        chunked(chunk(GOOD[:90], eol=b"\n"), chunk(GOOD[90:], eol=b"\n"), end=b"0\n\n"),
    ],
    ids=["no end", "half an end", "blanks", "0x", "an end without its zero", "more than there is", "no chunks", "bare LF"],
)  # fmt: skip
async def test_chunks_that_are_none_are_the_body_all_the_same(
    http: aiohttp.ClientSession, answer: bytes
) -> None:
    """What came is whole: the envelope says so itself."""
    async with raw_camera(
        GetDeviceInformation=answer.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)
    ) as camera:
        client = client_of(http, camera, Quirks())
        await client.connect()
        assert (await client.identity()).model == "M1"


@pytest.mark.parametrize(
    "answer",
    [
        raw(GOOD, "Connection: close", length=len(GOOD))[:-30],
        raw(GOOD, "Connection: close", length=len(GOOD) + 100)[:-30],
        chunked(chunk(GOOD)[:-60], end=b"").replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1),
        raw("", "Connection: close", status="HTTP/1.1"),
        b"\0\1\2\3 garbage without an end\r\n\r\nConnection: close",
    ],
    ids=["cut", "cut, and a wrong length", "cut in a chunk", "no status", "garbage"],
)  # fmt: skip
async def test_half_an_answer_stays_none(http: aiohttp.ClientSession, answer: bytes) -> None:
    """Leniency must not let half an answer pass for a whole one; and the camera is not asked again for long."""
    async with raw_camera(GetDeviceInformation=answer) as camera:
        client = client_of(http, camera, Quirks())
        await client.connect()
        with pytest.raises((CameraUnreachable, CameraAnswerInvalid)):
            await client.identity()
        before = len(camera.asked)
        with pytest.raises((CameraUnreachable, CameraAnswerInvalid)):
            await client.identity()
        assert len(camera.asked) - before <= 2
        assert client.session.answered_since(time.monotonic() - 60)


async def test_a_log_in_goes_over_a_connection_that_is_read_leniently(
    http: aiohttp.ClientSession,
) -> None:
    """The digest is the same, no more is shown, and a refusal stays one."""

    def answer(request: str) -> bytes:
        # Content-Length twice: aiohttp takes none of this.
        if "Authorization: Digest" in request and 'username="viewer"' in request:
            return raw(GOOD, "Content-Length: 7")
        challenge = 'WWW-Authenticate: Digest realm="r", nonce="n1", qop="auth"'
        return raw("", challenge, "Content-Length: 7", status="HTTP/1.1 401 Unauthorized")

    async with raw_camera(GetDeviceInformation=answer) as camera:
        client = client_of(http, camera, Quirks())
        await client.connect()
        assert (await client.identity()).manufacturer == "Cam Works"
        assert client.session.takes_digest
    async with raw_camera(
        GetDeviceInformation=lambda _: raw("", "X", status="HTTP/1.1 401 Unauthorized")
    ) as camera:
        client = client_of(http, camera, Quirks())
        await client.connect()
        with pytest.raises(CameraRefused):
            await client.identity()


async def test_what_is_too_large_is_refused_however_it_is_sent(
    http: aiohttp.ClientSession,
) -> None:
    """Without a length, with a wrong one, in chunks: memory is bounded."""
    much = b"<a>" + b"x" * (3 * 1024 * 1024)
    for answer in (
        raw(much, "no name", length=None),
        raw(much, length="many"),
        chunked(b"fffffff\r\n" + much, end=b""),
        raw("", *(["X" * 8000] * 20), length=None),
    ):
        async with raw_camera(GetDeviceInformation=answer) as camera:
            client = client_of(http, camera, Quirks())
            await client.connect()
            with pytest.raises(CameraError):
                await client.identity()


async def test_an_answer_that_drips_ends_in_time(http: aiohttp.ClientSession) -> None:
    """Byte by byte, for ever: also where it is read leniently."""
    dripping: list[asyncio.Task[Any]] = []

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        dripping.append(task)
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nno name\r\nContent-Length: 999999\r\n\r\n")
            while True:
                writer.write(b"<")
                await writer.drain()
                await asyncio.sleep(0.02)
        except ConnectionError, asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        client = OnvifClient(http, CameraAddress(host="127.0.0.1", port=port), VIEWER, timeout=0.5)
        started = time.monotonic()
        with pytest.raises(CameraUnreachable):
            await client.connect()
        assert time.monotonic() - started < 30
        server.close_clients()
        await asyncio.gather(*dripping, return_exceptions=True)


async def test_whoever_is_asked_is_the_host_that_was_named(http: aiohttp.ClientSession) -> None:
    """A redirect, or another host in the answer, is not followed by the lenient reader either."""
    moved = raw("", "Location: http://127.0.0.2:1/", "no name", status="HTTP/1.1 302 Found")
    async with raw_camera(GetDeviceInformation=moved) as camera:
        client = client_of(http, camera, Quirks())
        await client.connect()
        with pytest.raises(CameraAnswerInvalid, match="redirects"):
            await client.identity()


async def test_a_pinned_certificate_is_asked_for_by_the_lenient_reader_too(
    http: aiohttp.ClientSession,
) -> None:
    """What HTTP gets wrong loosens nothing of TLS."""
    context, fingerprint = await asyncio.to_thread(make_tls, "127.0.0.1")
    answer = raw(GOOD, "no name")
    async with raw_camera(context, GetDeviceInformation=answer) as camera:
        address = CameraAddress(
            host="127.0.0.1",
            port=camera.port,
            tls=True,
            verify_tls=False,
            fingerprint=fingerprint.hex(),
        )
        client = OnvifClient(http, address, VIEWER, timeout=5.0)
        await client.connect()
        assert (await client.identity()).manufacturer == "Cam Works"
        assert Quirk.HTTP_HEADER in client.session.quirks.counts()
        bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        with pytest.raises(CameraCertificateChanged, match="not trusted"):
            await ask(camera.port, bare, None)
        bare.check_hostname = False
        bare.verify_mode = ssl.CERT_NONE
        before = len(camera.asked)
        with pytest.raises(CameraCertificateChanged, match="pinned"):
            await ask(camera.port, bare, b"\0" * 32)
        assert len(camera.asked) == before, "nothing was asked, and so no log-in shown"


async def ask(port: int, tls: ssl.SSLContext, fingerprint: bytes | None) -> None:
    """Ask over TLS."""
    await lenient_http.exchange(
        "GET",
        URL(f"https://127.0.0.1:{port}/"),
        headers={},
        body=b"",
        tls=tls,
        fingerprint=fingerprint,
        server_hostname=None,
        limit=100,
    )


class _Bytes:
    """A reader that has nothing but these bytes."""

    def __init__(self, data: bytes, piece: int) -> None:
        self._data, self._piece = data, piece

    async def read(self, limit: int) -> bytes:
        found, self._data = self._data[: self._piece], self._data[self._piece :]
        assert len(found) <= limit
        return found


HEADS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"Content-Length: 5\r\n", b"Content-Length: -1\r\n",
        b"Transfer-Encoding: chunked\r\n", b"\r\n", b"\n", b"\r", b"5\r\nabcde\r\n", b"0\r\n\r\n", b"ffffffff\r\n", b"<a/>",
        b"</Envelope>", b" folded\r\n", b": \r\n", b"\xff\xd8\xff", b"\xff\xd9", b"HTTP/1.1 401\r\n", b"\0",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(HEADS | st.binary(max_size=20), max_size=25), st.integers(1, 64))
def test_no_bytes_raise_anything_but_our_errors(parts: list[bytes], piece: int) -> None:
    """However they come in; and what is made of them ends, within its bound."""

    async def read() -> lenient_http.LenientAnswer:
        reader: Any = _Bytes(b"".join(parts), piece)
        async with asyncio.timeout(20):
            return await lenient_http.read_answer(reader, 100)

    try:
        answer = asyncio.run(read())
    except CameraError:
        return
    assert len(answer.body) <= 100 + 64 * 1024
    assert 100 <= answer.status < 600


async def test_what_came_while_the_machine_stood_still_is_not_left_out() -> None:
    """The time in which nothing more has to come passed meanwhile, and the rest is there."""
    reader = asyncio.StreamReader()
    answer = raw(GOOD, length=50)
    reader.feed_data(answer[: -len(GOOD) + 50])

    def stand_still() -> None:
        time.sleep(2 * lenient_http._QUIET)  # as a loop does that something else holds up
        reader.feed_data(answer[-len(GOOD) + 50 :])

    asyncio.get_running_loop().call_later(0.05, stand_still)
    found = await lenient_http.read_answer(reader, 100_000)
    assert found.body == GOOD.encode()
    assert found.quirks == {Quirk.HTTP_LENGTH}


async def test_a_request_cannot_be_made_two(http: aiohttp.ClientSession) -> None:
    """A header that holds a line end is not sent."""
    async with raw_camera() as camera:
        with pytest.raises(CameraAnswerInvalid):
            await lenient_http.exchange(
                "GET",
                URL(f"http://127.0.0.1:{camera.port}/"),
                headers=CIMultiDict({"X": "a\nY: b"}),
                body=b"",
                tls=None,
                fingerprint=None,
                server_hostname=None,
                limit=100,
            )
        assert camera.asked == []
