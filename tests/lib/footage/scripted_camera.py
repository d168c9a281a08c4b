"""A camera's RTSP replay server that follows the specification, each step of which a test can replace.

It shares nothing with the client: RTP and the replay extension are written here from the RFCs and the ONVIF
Streaming specification. Well-behaved cameras are the simulator's business; this one is for the hostile cases.
"""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
import contextlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
import hashlib
import re
import ssl
import struct

import av

from custom_components.niiza_cctv.lib.device.model import Credential

VIEWER = Credential(username="viewer", password="viewer-pass")
START = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
FRAME_RATE = 10
GROUP = 10
NTP_1900 = datetime(1900, 1, 1, tzinfo=UTC)

CLEAN, END_OF_SECTION, DISCONTINUITY, TERMINAL = 0x80, 0x40, 0x20, 0x10


def moment(index: int) -> datetime:
    """Return the time of a picture by its number."""
    return START + index * timedelta(seconds=1) / FRAME_RATE


@cache
def pictures(codec: str = "H264", count: int = 60) -> tuple[tuple[bytes, ...], ...]:
    """Return a small encoded clip: per picture its NAL units, a clean point every `GROUP` pictures."""
    context = av.CodecContext.create("libx264" if codec == "H264" else "libx265", "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.pix_fmt = 320, 192, "yuv420p"
    context.time_base = Fraction(1, FRAME_RATE)
    context.gop_size = GROUP
    context.max_b_frames = 0
    if codec == "H264":
        context.options = {
            "preset": "ultrafast",
            "x264-params": f"keyint={GROUP}:scenecut=0:repeat-headers=1",
        }
    else:
        context.options = {
            "preset": "ultrafast",
            "x265-params": f"keyint={GROUP}:scenecut=0:bframes=0:repeat-headers=1:log-level=none:open-gop=0",
        }
    packets = []
    for index in range(count):
        frame = av.VideoFrame(320, 192, "yuv420p")
        for plane in frame.planes:
            noise = hashlib.shake_128(bytes([index, plane.line_size % 251])).digest(64)
            plane.update((noise * (plane.buffer_size // 64 + 1))[: plane.buffer_size])
        frame.pts = index
        packets += context.encode(frame)
    packets += context.encode(None)
    return tuple(nal_units(bytes(packet)) for packet in packets)


def nal_units(data: bytes) -> tuple[bytes, ...]:
    """Split an Annex B byte stream."""
    return tuple(part.rstrip(b"\0") for part in data.split(b"\0\0\1")[1:])


def annex_b(nals: Iterable[bytes]) -> bytes:
    """Join NAL units behind four-byte start codes."""
    return b"".join(b"\0\0\0\1" + nal for nal in nals)


def is_clean(codec: str, nals: Iterable[bytes]) -> bool:
    """Return whether one of the NAL units is of an IRAP picture."""
    if codec == "H264":
        return any(nal[0] & 0x1F == 5 for nal in nals)
    return any(16 <= nal[0] >> 1 & 0x3F <= 23 for nal in nals)


def extension(at: datetime, flags: int, sequence: int = 0) -> bytes:
    """Return the replay header extension (0xABAC)."""
    since = at - NTP_1900
    seconds = since // timedelta(seconds=1)
    fraction = (
        (since - timedelta(seconds=seconds)) // timedelta(microseconds=1) << 32
    ) // 1_000_000
    return struct.pack(">HHIIBBH", 0xABAC, 3, seconds & 0xFFFF_FFFF, fraction, flags, sequence, 0)


def rtp(
    payload: bytes, sequence: int, rtp_time: int, *, marker: bool = False, extended: bytes = b""
) -> bytes:
    """Return one RTP packet."""
    first = 0x90 if extended else 0x80
    second = 96 | (0x80 if marker else 0)
    return (
        struct.pack(">BBHII", first, second, sequence & 0xFFFF, rtp_time & 0xFFFF_FFFF, 0x5EED)
        + extended
        + payload
    )


def interleaved(packet: bytes, channel: int = 0) -> bytes:
    """Return a packet as it goes over the RTSP connection (RFC 2326 10.12)."""
    return struct.pack(">cBH", b"$", channel, len(packet)) + packet


def payloads(codec: str, nal: bytes, size: int) -> Iterator[bytes]:
    """Return a NAL unit as payloads: whole, or in fragments."""
    if len(nal) <= size:
        yield nal
        return
    head = 1 if codec == "H264" else 2
    body = nal[head:]
    for at in range(0, len(body), size):
        edge = (0x80 if at == 0 else 0) | (0x40 if at + size >= len(body) else 0)
        if codec == "H264":
            yield bytes([nal[0] & 0xE0 | 28, edge | nal[0] & 0x1F]) + body[at : at + size]
        else:
            yield (
                bytes([nal[0] & 0x81 | 49 << 1, nal[1], edge | nal[0] >> 1 & 0x3F])
                + body[at : at + size]
            )


@dataclass(kw_only=True)
class Footage:
    """A clip on its way: how its pictures become packets, one list of RTP packets per picture."""

    codec: str = "H264"
    first: int = 0
    count: int = 60
    size: int = 1200
    markers: bool = True
    # On which packets of a picture the extension is: "first", "each" or "none".
    extended: str = "first"
    first_sequence: int = 65500
    # Flags besides the clean point, by picture number.
    flags: dict[int, int] = field(default_factory=dict)

    def units(self) -> list[list[bytes]]:
        """Return the RTP packets of each picture."""
        clip = pictures(self.codec)
        sequence = self.first_sequence
        units = []
        for index in range(self.first, self.first + self.count):
            nals = clip[index % len(clip)]
            flags = self.flags.get(index, 0) | (CLEAN if is_clean(self.codec, nals) else 0)
            parts = [part for nal in nals for part in payloads(self.codec, nal, self.size)]
            packets = []
            for number, part in enumerate(parts):
                told = self.extended == "each" or (self.extended == "first" and number == 0)
                packets.append(
                    rtp(
                        part,
                        sequence,
                        90000 * index // FRAME_RATE + 0xFFFF_0000,
                        marker=self.markers and number == len(parts) - 1,
                        extended=extension(moment(index), flags) if told else b"",
                    )
                )
                sequence += 1
            units.append(packets)
        return units

    def wire(self) -> bytes:
        """Return everything as interleaved frames."""
        return b"".join(interleaved(packet) for unit in self.units() for packet in unit)


@dataclass
class Request:
    """A request as the camera got it."""

    method: str
    url: str
    headers: dict[str, str]

    @property
    def sequence(self) -> int:
        """Return its CSeq."""
        return int(self.headers["cseq"])


def answer(
    request: Request, status: str = "200 OK", headers: Iterable[str] = (), body: bytes = b""
) -> bytes:
    """Return a response."""
    lines = [f"RTSP/1.0 {status}", f"CSeq: {request.headers['cseq']}", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def sdp(codec: str = "H264", *, sets: bool = True, control: str = "trackID=video") -> bytes:
    """Return the description of a recording with video, audio and metadata."""
    nals = pictures(codec)[0]
    if codec == "H264":
        known = [nal for nal in nals if nal[0] & 0x1F in {7, 8}]
        sprop = "sprop-parameter-sets=" + ",".join(b64encode(nal).decode() for nal in known)
    else:
        names = {32: "sprop-vps", 33: "sprop-sps", 34: "sprop-pps"}
        sprop = ";".join(
            f"{name}={b64encode(nal).decode()}"
            for nal in nals
            if (name := names.get(nal[0] >> 1 & 0x3F))
        )
    return "\r\n".join(
        [
            "v=0",
            "o=- 1 1 IN IP4 192.0.2.7",
            "s=Recording",
            "t=0 0",
            "a=control:*",
            "m=audio 0 RTP/AVP 0",
            "a=control:trackID=audio",
            "a=x-onvif-track:AUDIO001",
            "m=video 0 RTP/AVP 96",
            f"a=rtpmap:96 {codec}/90000",
            *([f"a=fmtp:96 packetization-mode=1;{sprop}"] if sets else []),
            f"a=control:{control}",
            "a=x-onvif-track:VIDEO001",
            "m=application 0 RTP/AVP 107",
            "a=rtpmap:107 vnd.onvif.metadata/90000",
            "a=control:trackID=meta",
            "",
        ]
    ).encode()


type Step = Callable[[Request, asyncio.StreamWriter], Awaitable[bytes | None]]


class ScriptedCamera:
    """The server; `steps` replaces how a method is answered, `media` is what PLAY sends."""

    def __init__(self, *, codec: str = "H264", media: bytes = b"") -> None:
        """Make the camera; `start` opens its port."""
        self.codec = codec
        self.media = media
        self.description = sdp(codec)
        self.steps: dict[str, Step] = {}
        self.requests: list[Request] = []
        self.public = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, TEARDOWN"
        self.session = "4711;timeout=60"
        self.transport = "RTP/AVP/TCP;unicast;interleaved=0-1"
        # Schemes offered, best last on purpose: "basic", "md5", "sha256", "md5-noqop".
        self.schemes: tuple[str, ...] = ()
        self.password = VIEWER.password
        self.nonce = 1
        # How many 401s end their connection.
        self.closing = 0
        # Whether each 401, or each connection, brings another nonce; whether a nonce holds for one request.
        self.nonce_moves = False
        self.nonce_by_connection = False
        self.nonce_holds_once = False
        self.connections = 0
        self.port = 0
        self.open = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Return the address of the recording."""
        return f"rtsp://127.0.0.1:{self.port}/replay/SD_1"

    def methods(self) -> list[str]:
        """Return the methods of all requests so far."""
        return [request.method for request in self.requests]

    async def start(self, context: ssl.SSLContext | None = None) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close everything."""
        assert self._server is not None
        self._server.close()
        self._server.close_clients()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.connections += 1
        self.nonce += self.nonce_by_connection
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while request := await self._read(reader):
                self.requests.append(request)
                refusal = self._refusal(request)
                step = self.steps.get(request.method, self._answer)
                if (reply := refusal or await step(request, writer)) is None:
                    continue
                writer.write(reply)
                await writer.drain()
                if refusal and self.closing:
                    self.closing -= 1
                    break
                if request.method == "PLAY" and not refusal and "PLAY" not in self.steps:
                    player = asyncio.create_task(self._play(writer))
                    self._tasks.add(player)
                    player.add_done_callback(self._tasks.discard)
        except ConnectionError, asyncio.IncompleteReadError:
            pass
        finally:
            self.open -= 1
            self._tasks.discard(task)
            writer.close()

    async def _play(self, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            writer.write(self.media)
            await writer.drain()

    @staticmethod
    async def _read(reader: asyncio.StreamReader) -> Request | None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None
        first, *lines = head.decode().strip().split("\r\n")
        method, url, version = first.split(" ")
        assert version == "RTSP/1.0"
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        return Request(method, url, headers)

    async def _answer(self, request: Request, _writer: asyncio.StreamWriter) -> bytes:
        return self.answered(request)

    def answered(self, request: Request) -> bytes:
        """Return how the specification has a request answered."""
        match request.method:
            case "OPTIONS":
                return answer(request, headers=[f"Public: {self.public}"])
            case "DESCRIBE":
                # Names an address behind NAT, as real cameras do.
                base = "Content-Base: rtsp://192.0.2.7/replay/SD_1/"
                kind = "Content-Type: application/sdp"
                return answer(request, headers=[base, kind], body=self.description)
            case "SETUP":
                return answer(
                    request, headers=[f"Session: {self.session}", f"Transport: {self.transport}"]
                )
            case _:
                return answer(request, headers=[f"Session: {self.session}"])

    def _refusal(self, request: Request) -> bytes | None:
        """Return the 401 that a request deserves, None when it proves the password."""
        if not self.schemes:
            return None
        given = request.headers.get("authorization", "")
        stale = ""
        if given.startswith("Basic ") and "basic" in self.schemes:
            if b64decode(given[6:]).decode() == f"{VIEWER.username}:{self.password}":
                return None
        elif given.startswith("Digest "):
            values = dict(re.findall(r'(\w+)="?([^",]+)"?', given[7:]))
            if values["nonce"] != f"nonce{self.nonce}":
                # Who forgets nonces at once does not say so.
                silent = self.nonce_moves or self.nonce_by_connection or self.nonce_holds_once
                stale = "" if silent else ", stale=true"
            elif values["response"] == self._expected(request, values):
                self.nonce += self.nonce_holds_once
                return None
        self.nonce += self.nonce_moves
        offers = {
            "basic": 'WWW-Authenticate: Basic realm="camera"',
            "md5": f'WWW-Authenticate: Digest realm="camera", nonce="nonce{self.nonce}", qop="auth,auth-int", opaque="o1"{stale}',
            "sha256": f'WWW-Authenticate: Digest realm="camera", nonce="nonce{self.nonce}", qop="auth", algorithm=SHA-256{stale}',
            "md5-noqop": f'WWW-Authenticate: Digest realm="camera", nonce="nonce{self.nonce}"{stale}',
        }
        return answer(request, "401 Unauthorized", [offers[scheme] for scheme in self.schemes])

    def _expected(self, request: Request, values: dict[str, str]) -> str:
        """Return the digest that the right password gives (RFC 7616 3.4.1, RFC 2069)."""
        digest = hashlib.sha256 if values.get("algorithm") == "SHA-256" else hashlib.md5
        one = digest(f"{values['username']}:camera:{self.password}".encode()).hexdigest()
        two = digest(f"{request.method}:{request.url}".encode()).hexdigest()
        middle = f":{values['nc']}:{values['cnonce']}:auth:" if "qop" in values else ":"
        return digest(f"{one}:{values['nonce']}{middle}{two}".encode()).hexdigest()


@contextlib.asynccontextmanager
async def scripted_camera(
    *, codec: str = "H264", media: bytes = b"", context: ssl.SSLContext | None = None
) -> AsyncIterator[ScriptedCamera]:
    """Run a camera for the length of a block."""
    camera = ScriptedCamera(codec=codec, media=media)
    await camera.start(context)
    try:
        yield camera
    finally:
        await camera.stop()
