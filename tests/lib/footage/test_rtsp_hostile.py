"""The RTSP client against cameras that answer wrongly, late, endlessly or not at all."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from datetime import UTC, datetime, timedelta
import hashlib
import ipaddress
from pathlib import Path
import socket
import ssl
import time
import tracemalloc

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.niiza_cctv.lib.device.errors import (
    CameraAnswerInvalid,
    CameraCertificateChanged,
    CameraError,
    CameraOperationUnsupported,
    CameraRefused,
    CameraUnreachable,
)
from custom_components.niiza_cctv.lib.footage.errors import CameraBusy, FootageMissing
from custom_components.niiza_cctv.lib.footage.replay import replay
from custom_components.niiza_cctv.lib.footage.rtsp import RtspConnection, Tls, describe
from tests.lib.footage.scripted_camera import (
    TERMINAL,
    VIEWER,
    Footage,
    Request,
    answer,
    moment,
    scripted_camera,
    sdp,
)
from tests.section import until

pytestmark = pytest.mark.usefixtures("socket_enabled")


@contextlib.asynccontextmanager
async def raw_camera(*answers: bytes, then: str = "hold") -> AsyncIterator[str]:
    """Run a server that sends fixed bytes after each request, whatever it says; then holds, ends or floods."""
    held = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            for data in answers:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(data)
                await writer.drain()
            while then == "flood":
                writer.write(b"X-Filler: " + b"x" * 60000 + b"\r\n")
                await writer.drain()
            if then == "hold":
                await held.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"rtsp://127.0.0.1:{server.sockets[0].getsockname()[1]}/live"
    finally:
        held.set()
        server.close()
        server.close_clients()
        await server.wait_closed()


async def test_a_camera_that_says_nothing_is_given_up_in_time() -> None:
    """The wait is bounded, also for one that takes connections only."""
    async with raw_camera() as url:
        before = time.monotonic()
        with pytest.raises(CameraUnreachable, match="in time"):
            await describe(url, VIEWER, timeout=0.2)
        # It would wait for ever.
        assert time.monotonic() - before < 10


async def test_a_closed_port_and_an_unknown_host_are_unreachable() -> None:
    """The message names neither."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(CameraUnreachable) as caught:
        await describe(f"rtsp://127.0.0.1:{port}/live", VIEWER)
    assert "127.0.0.1" not in str(caught.value)
    assert str(port) not in str(caught.value)


async def test_a_connection_that_nobody_takes_is_given_up_in_time() -> None:
    """A full backlog looks like a camera behind a broken line."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        port = server.getsockname()[1]
        with contextlib.ExitStack() as fillers:
            for _ in range(3):
                filler = fillers.enter_context(socket.socket())
                filler.setblocking(False)
                filler.connect_ex(("127.0.0.1", port))
            with pytest.raises(CameraUnreachable):
                await describe(f"rtsp://127.0.0.1:{port}/live", VIEWER, timeout=0.3)


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\x01\x02\x03 nothing like it",
        b"<html><body>400 Bad Request</body></html>",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"RTSP/1.0 OK\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: -5\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 99999999\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 1e3\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n",
        b"RTSP/1.0 302 Moved\r\nCSeq: 1\r\nLocation: rtsp://192.0.2.1/\r\n\r\n",
        b"RTSP/1.0 500 Oops\r\nCSeq: 1\r\n\r\n",
        b"RTSP/1.0 500 No sequence\r\n\r\n",
    ],
)
async def test_garbage_is_an_invalid_answer(garbage: bytes) -> None:
    """HTML, HTTP, impossible lengths, no SDP, redirects."""
    async with raw_camera(garbage) as url:
        with pytest.raises(CameraAnswerInvalid):
            await describe(url, VIEWER, timeout=2)


async def test_headers_without_an_end_are_cut_off() -> None:
    """Sixteen kilobytes are enough for any honest camera."""
    async with raw_camera(b"RTSP/1.0 200 OK\r\n", then="flood") as url:
        tracemalloc.start()
        with pytest.raises(CameraAnswerInvalid, match="without an end"):
            await describe(url, VIEWER, timeout=5)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 8 * 1024 * 1024


@pytest.mark.parametrize("sent", [b"", b"RTSP/1.0 200 OK\r\nCSe", b"$\x00\x10\x00half"])
async def test_a_connection_cut_in_an_answer_is_unreachable(sent: bytes) -> None:
    """Wherever the cut falls."""
    async with raw_camera(sent, then="end") as url:
        with pytest.raises(CameraUnreachable, match="closed"):
            await describe(url, VIEWER, timeout=2)


async def test_what_comes_between_answers_is_passed_over() -> None:
    """The camera's own requests, answers to nothing, line breaks, packets nobody set up."""
    body = sdp()
    async with raw_camera(
        b"\r\n\r\nOPTIONS * RTSP/1.0\r\nCSeq: 77\r\n\r\n"
        b"RTSP/1.0 200 OK\r\nCSeq: 99\r\n\r\n$\x00\x00\x04abcd$\x07\xff\xff"
        + bytes(65535)
        + b"\r\n"
        b"RTSP/1.0 200 OK\r\ncseq:1\r\nContent-Base: /replay\r\ncontent-length: %d\r\n\r\n%s"
        % (len(body), body)
    ) as url:
        assert len(await describe(url, VIEWER, timeout=2)) == 3


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("403 Forbidden", CameraRefused),
        ("404 Not Found", FootageMissing),
        ("457 Invalid Range", FootageMissing),
        ("453 Not Enough Bandwidth", CameraBusy),
        ("503 Service Unavailable", CameraBusy),
        ("551 Option not supported", CameraOperationUnsupported),
        ("461 Unsupported Transport", CameraOperationUnsupported),
        ("454 Session Not Found", CameraAnswerInvalid),
    ],
)
@pytest.mark.parametrize("method", ["DESCRIBE", "SETUP", "PLAY"])
async def test_each_refusal_has_its_own_error(
    status: str, error: type[CameraError], method: str
) -> None:
    """Every remedy is another; the connection is closed each time."""
    async with scripted_camera() as camera:

        async def refuse(request: Request, _writer: object) -> bytes:
            return answer(request, status)

        camera.steps[method] = refuse
        with pytest.raises(error):
            await replay(camera.url, VIEWER, moment(0), moment(9))
        await until(lambda: camera.open == 0)
        assert ("TEARDOWN" in camera.methods()) is (method == "PLAY")


async def test_only_the_given_host_is_contacted_and_only_video_is_set_up() -> None:
    """Addresses in Content-Base and control attributes are those of the camera's own network."""
    media = Footage(count=3, flags={2: TERMINAL}).wire()
    async with scripted_camera(media=media) as camera:
        camera.description = sdp(control="rtsp://user:secret@192.0.2.9:8554/deep/trackID=video?x=1")
        url = camera.url.replace("rtsp://", "rtsp://admin:hunter2@")
        async with await replay(url, VIEWER, moment(0), moment(9)) as stream:
            assert [unit.at async for unit in stream] == [moment(0), moment(1), moment(2)]
    here = f"rtsp://127.0.0.1:{camera.port}"
    urls = {request.method: request.url for request in camera.requests}
    assert urls["SETUP"] == f"{here}/deep/trackID=video?x=1"
    assert urls["DESCRIBE"] == f"{here}/replay/SD_1"
    assert urls["PLAY"] == urls["TEARDOWN"] == f"{here}/replay/SD_1/"
    assert camera.methods().count("SETUP") == 1
    assert not any("hunter2" in request.url for request in camera.requests)


@pytest.mark.parametrize(
    ("control", "path"),
    [
        ("trackID=1", "/replay/SD_1/trackID=1"),
        ("/track/1", "/track/1"),
        ("*", "/replay/SD_1/"),
        ("", "/replay/SD_1/"),
    ],
)
async def test_controls_are_resolved_as_cameras_mean_them(control: str, path: str) -> None:
    """RFC 2326 C.1.1, with bases that lack the final slash."""
    async with scripted_camera(media=Footage(count=1, flags={0: TERMINAL}).wire()) as camera:
        camera.description = sdp(control=control)
        async with await replay(camera.url, VIEWER, moment(0), moment(9)):
            pass
    (setup,) = [request for request in camera.requests if request.method == "SETUP"]
    assert setup.url.endswith(f":{camera.port}{path}")


@pytest.mark.parametrize("control", ["track 1", "track\x0b1", "track\x7f"])
async def test_a_control_that_would_break_our_request_is_an_invalid_answer(control: str) -> None:
    """A camera cannot write our requests."""
    async with scripted_camera() as camera:
        camera.description = sdp().replace(b"trackID=video", control.encode())
        camera.description = camera.description.replace(b"\x0b", b"\x1b")
        with pytest.raises(CameraAnswerInvalid):
            await replay(camera.url, VIEWER, moment(0), moment(9))


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "rtsp:///x", "rtsp://[::1/", "rtsp://h:99999/", "rtsp://h:x/", "", "x"],
)
async def test_a_url_that_is_not_rtsp_is_an_invalid_answer(url: str) -> None:
    """It came from a camera, too."""
    with pytest.raises(CameraAnswerInvalid):
        await describe(url, VIEWER)


async def test_a_connection_that_is_gone_is_told_as_such() -> None:
    """Keep-alives are silent about it, requests are not."""
    async with scripted_camera() as camera:
        connection = RtspConnection(camera.url, VIEWER)
        await connection.connect()
        await connection.close()
        connection.keep_alive()
        with pytest.raises(CameraUnreachable, match="closed"):
            await connection.describe()


async def test_a_camera_that_reads_nothing_is_not_written_to_without_end() -> None:
    """Keep-alives stop when they are not taken."""
    async with raw_camera() as url:
        connection = RtspConnection(url, VIEWER)
        await connection.connect()
        assert connection._wire is not None
        connection._wire.write(bytes(32 * 1024 * 1024))
        before = connection._wire.unsent
        assert before > 0
        connection.keep_alive()
        assert connection._wire.unsent == before
        await connection.close()


async def test_addresses_of_version_6_keep_their_brackets() -> None:
    """In requests as in URLs."""
    connection = RtspConnection("rtsp://[::1]/x?y", VIEWER)
    assert connection._addresses.base == "rtsp://[::1]:554/x?y"


async def test_a_session_of_no_believable_length_is_an_invalid_answer() -> None:
    """Each request would carry it."""
    async with scripted_camera() as camera:
        camera.session = "x" * 300
        with pytest.raises(CameraAnswerInvalid, match="session"):
            await replay(camera.url, VIEWER, moment(0), moment(9))


async def test_audio_cannot_be_set_up_by_mistake() -> None:
    """Audio never leaves the camera."""
    async with scripted_camera() as camera:
        connection = RtspConnection(camera.url, VIEWER)
        await connection.connect()
        media = await connection.describe()
        for item in media:
            if item.kind != "video":
                with pytest.raises(ValueError, match="video"):
                    await connection.setup(item, {})
        await connection.close()
        await connection.close()
    assert "SETUP" not in camera.methods()


async def test_the_channel_that_the_camera_chose_is_listened_to() -> None:
    """Transport may answer with other channels; without any, the first is meant."""
    packets = [p for unit in Footage(count=3, flags={2: TERMINAL}).units() for p in unit]
    for channel, transport in ((4, "RTP/AVP/TCP;interleaved=4-5"), (0, "RTP/AVP/TCP")):
        wire = b"".join(bytes([36, channel, *divmod(len(p), 256)]) + p for p in packets)
        noise = bytes([36, channel ^ 2, 0, 4]) + b"junk"
        async with scripted_camera(media=noise + wire) as camera:
            camera.transport = transport
            async with await replay(camera.url, VIEWER, moment(0), moment(9)) as stream:
                assert len([unit async for unit in stream]) == 3


@pytest.fixture(name="certificate", scope="module")
def certificate_fixture(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Make a self-signed certificate of 127.0.0.1; return its file and fingerprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "camera")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "camera.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    der = made.public_bytes(serialization.Encoding.DER)
    return path, hashlib.sha256(der).hexdigest()


async def test_rtsps_trusts_what_it_was_told_to_trust(certificate: tuple[Path, str]) -> None:
    """Verified, or pinned; neither is silently skipped."""
    path, fingerprint = certificate
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(path)
    trusting = ssl.create_default_context(cafile=path)
    strict = ssl.create_default_context()
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    media = Footage(count=3, flags={2: TERMINAL}).wire()
    async with scripted_camera(media=media, context=serving) as camera:
        url = camera.url.replace("rtsp:", "rtsps:")
        with pytest.raises(CameraOperationUnsupported):
            await describe(url, VIEWER)
        with pytest.raises(CameraCertificateChanged):
            await describe(url, VIEWER, tls=Tls(context=strict))
        with pytest.raises(CameraCertificateChanged):
            await describe(url, VIEWER, tls=Tls(context=blind, fingerprint="00" * 32))
        assert camera.requests == []
        for tls in (Tls(context=trusting), Tls(context=blind, fingerprint=fingerprint)):
            async with await replay(url, VIEWER, moment(0), moment(9), tls=tls) as stream:
                assert len([unit async for unit in stream]) == 3


async def test_rtsps_to_a_plain_port_is_unreachable(certificate: tuple[Path, str]) -> None:
    """A handshake that fails is no certificate problem."""
    async with raw_camera(then="end") as url:
        with pytest.raises(CameraUnreachable):
            await describe(
                url.replace("rtsp:", "rtsps:"),
                VIEWER,
                tls=Tls(context=ssl.create_default_context(cafile=certificate[0])),
                timeout=2,
            )


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    chunks=st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.sampled_from(
                [
                    b"RTSP/1.0 200 OK\r\n",
                    b"RTSP/1.0 401 Unauthorized\r\n",
                    b"CSeq: 1\r\n",
                    b'WWW-Authenticate: Digest nonce="1", realm="x"\r\n',
                    b"Content-Length: 3\r\n",
                    b"\r\n",
                    b"v=0\r\nm=video 0 RTP/AVP 96\r\n",
                    b"$\x00\x00\x02ab",
                ]
            ),
        ),
        max_size=8,
    )
)
def test_any_bytes_give_an_answer_or_a_typed_error(chunks: list[bytes]) -> None:
    """Nothing else ever leaves the client."""

    async def run() -> None:
        async with raw_camera(b"".join(chunks), then="end") as url:
            with contextlib.suppress(CameraError):
                await describe(url, VIEWER, timeout=1)

    asyncio.run(run())
