"""The live picture for FFmpeg, fetched by our own RTSP client and passed on inside this machine.

FFmpeg sends a password in readable form to whoever asks for it, follows a redirect to wherever it leads, with the
password, and looks at no pinned certificate. So it never gets to know where the camera is or who logs in there: it
reads from us (RFC 2326, interleaved), and we read from the configured host alone. Only the video is passed on.
"""

import asyncio
import logging
import re
import secrets
from typing import Final

from ..device.errors import CameraError, CameraOperationUnsupported
from ..device.model import Credential
from ..device.quirks import Quirks
from ..listening import stop_listening
from .rtsp import RtspConnection, Tls
from .sdp import MediaDescription

_LOGGER = logging.getLogger(__name__)

_MAX_REQUEST: Final = 16 * 1024
# What FFmpeg leaves unsaid for so long (seconds) before it plays is not FFmpeg.
_PATIENCE: Final = 15.0
_SESSION: Final = "live"
_PUBLIC: Final = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN"
_REQUEST: Final = re.compile(r"([A-Z_]{3,20}) rtsp://[^/\s]{1,64}/(\S{1,200}) RTSP/1\.\d")
# What of a format a decoder needs (RFC 6184 8.1, RFC 7798 7.1).
_PARAMETERS: Final = (
    "packetization-mode",
    "profile-level-id",
    "sprop-parameter-sets",
    "sprop-vps",
    "sprop-sps",
    "sprop-pps",
)
_VALUE: Final = re.compile(r"[A-Za-z0-9+/=,.-]{1,4096}")
_ENCODINGS: Final = frozenset({"H264", "H265"})


class LiveRelay:
    """One camera's live picture on a port of this machine, for one reader at a time.

    `url` is what FFmpeg is given: it leads to this machine and holds a secret, not the camera's.
    """

    def __init__(
        self,
        url: str,
        credential: Credential,
        *,
        tls: Tls | None = None,
        quirks: Quirks | None = None,
    ) -> None:
        """Take where the camera's stream is; nothing is opened. `quirks` counts what was put right."""
        self._camera_url = url
        self._credential = credential
        self._tls = tls
        self._quirks = quirks
        self._path = secrets.token_urlsafe(24)
        self._server: asyncio.Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self.url = ""

    async def start(self) -> str:
        """Open the port and return `url`; the camera is asked once somebody reads."""
        self._server = await asyncio.start_server(
            self._take, "127.0.0.1", 0, limit=_MAX_REQUEST, backlog=4
        )
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"rtsp://127.0.0.1:{port}/{self._path}"
        return self.url

    async def close(self) -> None:
        """Close the port and the connection to the camera; may be called more than once."""
        server, self._server = self._server, None
        if server is not None:
            await stop_listening(server)
        await self._end()

    async def _end(self) -> None:
        if (serving := self._serving) is not None:
            self._serving = None
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a reader; the one before has gone, whether or not it said so, and cameras have few sessions."""
        session = _Session(self, reader, writer)
        try:
            if not await session.knows_path():
                return
            await self._end()
            self._serving = asyncio.current_task()
            await session.serve()
        except (CameraError, OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as err:
            _LOGGER.debug("A live picture ended: %s", type(err).__name__)
        finally:
            writer.transport.abort()

    def connection(self) -> RtspConnection:
        """Return a new connection to the camera."""
        return RtspConnection(
            self._camera_url, self._credential, tls=self._tls, quirks=self._quirks
        )

    def leads(self, path: str) -> bool:
        """Return whether a request names our path."""
        return secrets.compare_digest(path.partition("/")[0], self._path)


class _Session:
    """One reader's connection."""

    def __init__(
        self, relay: LiveRelay, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._relay = relay
        self._reader = reader
        self._writer = writer
        self._first: tuple[str, dict[str, str]] | None = None

    async def knows_path(self) -> bool:
        """Return whether the first request names the path that only our FFmpeg knows."""
        async with asyncio.timeout(_PATIENCE):
            self._first = await self._request()
        return self._first is not None

    async def serve(self) -> None:
        """Answer the reader until the picture plays, then pass it on; raises CameraError."""
        camera = self._relay.connection()
        try:
            async with asyncio.timeout(_PATIENCE):
                if not await self._prepare(camera):
                    return
            await self._play(camera)
        finally:
            await camera.close()

    async def _prepare(self, camera: RtspConnection) -> bool:
        """Answer requests up to PLAY; return whether it came."""
        video: MediaDescription | None = None
        request = self._first
        while request is not None:
            method, headers = request
            match method:
                case "DESCRIBE":
                    await camera.connect()
                    await camera.options()
                    video = _video(await camera.describe())
                    self._reply(headers, {"Content-Type": "application/sdp"}, _sdp(video))
                case "SETUP" if video is not None:
                    if "tcp" not in headers.get("transport", "").lower():
                        self._reply(headers, status="461 Unsupported Transport")
                    else:
                        await camera.setup(video, {})
                        self._reply(headers, {"Transport": "RTP/AVP/TCP;unicast;interleaved=0-1"})
                case "PLAY" if video is not None:
                    self._play_headers = headers
                    return True
                case "TEARDOWN":
                    self._reply(headers)
                    return False
                case _:
                    self._reply(headers, {"Public": _PUBLIC})
            request = await self._request()
        return False

    async def _play(self, camera: RtspConnection) -> None:
        """Pass the picture on until one of both ends it; a slow reader slows the camera down."""
        sink = _Packets()
        await camera.play({"Range": "npt=0.000-"}, sink)
        self._reply(self._play_headers)
        # Whichever ends first ends the others: a camera that says nothing keeps no reader that went.
        tasks = {
            asyncio.create_task(work, name="niiza_cctv live")
            for work in (
                self._answer_while_playing(),
                self._pass_on(camera, sink),
                _keep_alive(camera),
            )
        }
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _pass_on(self, camera: RtspConnection, sink: _Packets) -> None:
        """Pass packets on until the camera ends; raises CameraError or OSError."""
        while True:
            self._writer.write(sink.take())
            await self._writer.drain()
            await camera.receive(sink)

    async def _answer_while_playing(self) -> None:
        """Answer what FFmpeg asks besides, until it goes or asks for the end."""
        while (request := await self._request()) is not None:
            method, headers = request
            self._reply(headers, {"Public": _PUBLIC})
            if method == "TEARDOWN":
                break

    async def _request(self) -> tuple[str, dict[str, str]] | None:
        """Return the next request's method and headers; None at the end, or for what is none of ours."""
        while True:
            first = await self._reader.readexactly(1)
            if first != b"$":
                break
            # Its reports of how the picture arrives (RTCP) are nobody's.
            head = await self._reader.readexactly(3)
            await self._reader.readexactly(int.from_bytes(head[1:]))
        try:
            head = first + await self._reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            return None
        line, *lines = head.decode("latin-1").split("\r\n")
        if (match := _REQUEST.fullmatch(line)) is None or not self._relay.leads(match[2]):
            return None
        pairs = (text.partition(":") for text in lines if text)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        length = headers.get("content-length", "0")
        if not re.fullmatch(r"[0-9]{1,4}", length):
            return None
        await self._reader.readexactly(int(length))
        return match[1], headers

    def _reply(
        self,
        request: dict[str, str],
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        *,
        status: str = "200 OK",
    ) -> None:
        lines = [f"RTSP/1.0 {status}", f"CSeq: {request.get('cseq', '0')}", f"Session: {_SESSION}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self._writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)


class _Packets:
    """Keeps the RTP packets of one read as the frames that the reader gets (RFC 2326 10.12)."""

    def __init__(self) -> None:
        self._frames = bytearray()

    def push(self, data: bytes | bytearray, start: int, end: int) -> bool:
        """Take one packet."""
        self._frames += b"$\x00" + (end - start).to_bytes(2) + data[start:end]
        return False

    def follow(self, data: bytes | bytearray, frame: int, end: int, size: int) -> int:
        """Take nothing more than `push` does."""
        return end

    def keep(self) -> None:
        """Need nothing of what was given: it was copied."""

    def take(self) -> bytes:
        """Return what was kept."""
        frames = bytes(self._frames)
        self._frames.clear()
        return frames


async def _keep_alive(camera: RtspConnection) -> None:
    """Tell the camera that somebody still looks, until cancelled."""
    while True:
        await asyncio.sleep(min(max(camera.session_timeout / 3, 1.0), 20.0))
        camera.keep_alive()


def _video(media: tuple[MediaDescription, ...]) -> MediaDescription:
    for one in media:
        if one.kind == "video" and one.encoding in _ENCODINGS and one.payload_type is not None:
            return one
    raise CameraOperationUnsupported("The camera's live stream has no video that can be shown")


def _sdp(video: MediaDescription) -> bytes:
    """Describe the video alone, in our own words."""
    number = video.payload_type
    known = ((name, video.parameters.get(name, "")) for name in _PARAMETERS)
    parameters = ";".join(f"{name}={value}" for name, value in known if _VALUE.fullmatch(value))
    lines = [
        "v=0",
        "o=- 0 0 IN IP4 127.0.0.1",
        "s=live",
        "c=IN IP4 127.0.0.1",
        "t=0 0",
        "a=control:*",
        f"m=video 0 RTP/AVP {number}",
        f"a=rtpmap:{number} {video.encoding}/{video.clock_rate}",
        *([f"a=fmtp:{number} {parameters}"] if parameters else []),
        "a=control:video",
    ]
    return ("\r\n".join(lines) + "\r\n").encode()
