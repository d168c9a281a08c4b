"""A small RTSP 1.0 client (RFC 2326) over one TCP connection, media interleaved, video only.

Written by hand because no library sends ONVIF's replay headers and keeps the RTP header extension.
Whatever a camera writes into its answers, only the host and port of the given URL are contacted.
"""

import asyncio
from collections.abc import Mapping
import contextlib
from dataclasses import dataclass
import hashlib
import re
import ssl
from typing import Protocol
from urllib.parse import urlsplit

from ..device.errors import (
    CameraAnswerInvalid,
    CameraCertificateChanged,
    CameraError,
    CameraOperationUnsupported,
    CameraRefused,
    CameraUnreachable,
)
from ..device.model import Credential
from .errors import CameraBusy, FootageMissing
from .login import Login
from .sdp import MediaDescription, parse_sdp
from .wire import Wire, reason

MAX_HEADER = 16 * 1024
MAX_BODY = 256 * 1024
# What one read takes at most; the socket is not read further until it has been worked through. Holds the longest
# message and the longest interleaved frame, and fits a processor's cache.
CAPACITY = 512 * 1024
GOODBYE_TIMEOUT = 2.0
# Unsigned, signed, signed again with a fresh nonce.
MAX_LOGINS = 3

_STATUS = re.compile(r"RTSP/1\.\d (\d{3})(?: .*)?")
_REQUEST = re.compile(r"[A-Z_]{3,20} \S+ RTSP/1\.\d")
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")
_MAGIC = 0x24
_RTCP_BYE = 203


class Sink(Protocol):
    """Who takes the RTP packets of the video; the bytes given hold until `keep`."""

    def push(self, data: bytes | bytearray, start: int, end: int) -> bool:
        """Take the packet in `data[start:end]`; return whether `follow` may go on with its picture."""

    def follow(self, data: bytes | bytearray, frame: int, end: int, size: int) -> int:
        """Take interleaved frames behind `data[frame:end]`, that of the packet just pushed, below `size`.

        Stops at the first that is not known to carry the picture on; returns where that one starts.
        """

    def keep(self) -> None:
        """Copy what is still needed of the bytes given."""


@dataclass(frozen=True, kw_only=True)
class Tls:
    """How rtsps:// is trusted: a context made outside the event loop, and a pinned certificate."""

    context: ssl.SSLContext
    # SHA-256 of the DER certificate, lower-case hex.
    fingerprint: str | None = None
    # Who the certificate is for, where that is not the host of the URL.
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """A response; header names are in lower case, in the order in which they came."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the first header of that name (lower case)."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def sequence(self) -> int | None:
        """Return the CSeq of the request that this answers, None where the server left it out."""
        text = self.header("cseq") or ""
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


async def describe(
    url: str, credential: Credential, *, timeout: float = 10, tls: Tls | None = None
) -> tuple[MediaDescription, ...]:
    """Return what a presentation offers (DESCRIBE, RFC 2326 10.2), audio included; nothing is set up.

    `timeout` is in seconds, for connecting and for each answer. Raises CameraUnreachable,
    CameraRefused, CameraCertificateChanged, CameraAnswerInvalid, CameraOperationUnsupported,
    CameraBusy or FootageMissing.
    """
    connection = RtspConnection(url, credential, timeout=timeout, tls=tls)
    try:
        await connection.connect()
        return await connection.describe()
    finally:
        await connection.close()


class RtspConnection:
    """One RTSP connection with at most one session, which carries one video stream.

    Every method raises CameraError subclasses only. Nothing is read from the socket unless a method
    is waiting, so a slow reader slows the camera down instead of filling memory.
    """

    def __init__(
        self, url: str, credential: Credential, *, timeout: float = 10, tls: Tls | None = None
    ) -> None:
        """Take apart the URL; a user or password inside it is dropped."""
        try:
            parts = urlsplit(url)
            secure = parts.scheme == "rtsps"
            host, port = parts.hostname, parts.port or (322 if secure else 554)
        except ValueError as err:
            raise CameraAnswerInvalid("The RTSP URL cannot be read") from err
        if parts.scheme not in {"rtsp", "rtsps"} or not host:
            raise CameraAnswerInvalid("The URL is not one of RTSP")
        if secure and tls is None:
            raise CameraOperationUnsupported(
                "The camera asks for RTSP over TLS, which is switched off"
            )
        self._host, self._port = host, port
        self._tls = tls if secure else None
        shown = f"[{host}]" if ":" in host else host
        self._root = f"{parts.scheme}://{shown}:{port}"
        self._base = self._here(url)
        self._timeout = timeout
        self._login = Login(credential)
        self._wire: Wire | None = None
        self._at = 0
        self._sequence = 0
        self._aggregate = self._base
        self._session: str | None = None
        # Interleaved channel of the video's RTP; its RTCP has the next one.
        self._channel = -1
        self._heard = False
        self._play_sequence = -1
        self._alive_sequence = -1
        self._alive_method = "OPTIONS"
        # Seconds after which the camera forgets a session that it does not hear from (RFC 2326 12.37).
        self.session_timeout = 60.0
        # Answers heard while media flowed: rises when the camera is alive but has nothing to send.
        self.answers = 0
        # What the camera answered to the first PLAY that named a range (RFC 2326 12.29).
        # The camera said on RTCP that the stream is over (RFC 3550 6.6).
        self.goodbye = False

    async def connect(self) -> None:
        """Open the connection."""
        try:
            async with asyncio.timeout(self._timeout):
                _, self._wire = await asyncio.get_running_loop().create_connection(
                    lambda: Wire(CAPACITY),
                    self._host,
                    self._port,
                    ssl=self._tls.context if self._tls else None,
                    server_hostname=self._tls.name if self._tls else None,
                )
        except TimeoutError as err:
            raise CameraUnreachable("The camera did not take the connection in time") from err
        except ssl.SSLCertVerificationError as err:
            raise CameraCertificateChanged("The camera's certificate is not trusted") from err
        except (OSError, UnicodeError) as err:
            raise CameraUnreachable(f"No connection: {reason(err)}") from err
        pinned = self._tls.fingerprint if self._tls else None
        if pinned and hashlib.sha256(self._wire.certificate()).hexdigest() != pinned:
            raise CameraCertificateChanged("The camera's certificate is not the pinned one")

    async def options(self) -> None:
        """Learn which methods the camera offers; a camera that refuses to say is no error."""
        response = await self._request("OPTIONS", self._base)
        if response.status == 200:
            offered = (response.header("public") or "").upper()
            self._alive_method = "GET_PARAMETER" if "GET_PARAMETER" in offered else "OPTIONS"

    async def describe(self) -> tuple[MediaDescription, ...]:
        """Return the media of the presentation."""
        response = await self._request("DESCRIBE", self._base, {"Accept": "application/sdp"})
        _check(response)
        base = response.header("content-base") or response.header("content-location")
        if base and base.strip().lower().startswith(("rtsp://", "rtsps://")):
            self._base = self._here(base.strip())
        session = parse_sdp(response.body)
        self._aggregate = self._resolve(session.control)
        return session.media

    async def setup(self, media: MediaDescription, headers: Mapping[str, str]) -> None:
        """Set up one video stream (RFC 2326 10.4, 10.12); anything else raises ValueError."""
        if media.kind != "video":
            raise ValueError("Only video is ever set up")
        response = await self._request(
            "SETUP",
            self._resolve(media.control),
            {"Transport": "RTP/AVP/TCP;unicast;interleaved=0-1", **headers},
        )
        _check(response)
        session, _, rest = (response.header("session") or "").partition(";")
        if not session.strip() or len(session) > 256:
            raise CameraAnswerInvalid("The camera set up a stream without a session")
        self._session = session.strip()
        if match := re.search(r"timeout *= *([0-9]{1,6})", rest):
            self.session_timeout = float(match[1])
        transport = response.header("transport") or ""
        channel = re.search(r"interleaved *= *([0-9]{1,3})", transport)
        self._channel = int(channel[1]) if channel else 0

    async def play(self, headers: Mapping[str, str], sink: Sink) -> None:
        """Start the stream; return when the camera agrees or when media arrive, whichever is first.

        Packets that came with the answer have been given to `sink`.
        """
        response = await self._exchange("PLAY", self._aggregate, headers, sink, or_media=True)
        self._play_sequence = self._sequence
        if response is not None:
            _check(response)
            self._take_all(sink)

    async def pause(self, sink: Sink) -> None:
        """Ask the camera to hold the stream (RFC 2326 10.6); `play` without a range goes on from there.

        Returns like `play`; a camera that cannot pause is held by its full socket anyway.
        """
        await self._exchange("PAUSE", self._aggregate, {}, sink, or_media=True)

    async def receive(self, sink: Sink) -> None:
        """Wait for more bytes and give the RTP packets in them to `sink`.

        Waits without limit, so that the caller sets it; safe to cancel. Raises CameraUnreachable when
        the connection ends, CameraAnswerInvalid on bytes that are not RTSP.
        """
        await self._fill(sink)
        self._take_all(sink)

    def keep_alive(self) -> None:
        """Tell the camera that we are still here (RFC 2326 10.8); its answer is heard by `receive`."""
        # A camera that does not read must not make us store what it does not take.
        if self._wire is None or self._wire.unsent > MAX_HEADER:
            return
        with contextlib.suppress(CameraError):
            self._alive_sequence = self._send(self._alive_method, self._aggregate)

    def abort(self) -> None:
        """Cut the connection: whoever waits for media gets CameraUnreachable."""
        if self._wire is not None:
            self._wire.abort()

    async def close(self) -> None:
        """End the session where there is one, and the connection; bounded, never raises CameraError."""
        if (wire := self._wire) is None:
            return
        try:
            if self._session is not None:
                with contextlib.suppress(CameraError, TimeoutError):
                    async with asyncio.timeout(GOODBYE_TIMEOUT):
                        sequence = self._send("TEARDOWN", self._aggregate)
                        # What is still in flight has to be read, or the answer never comes; a task that
                        # waits for media in another place keeps the socket to itself.
                        if not wire.waiting:
                            await self._answer(sequence, _NOBODY)
        finally:
            self._wire = self._session = None
            wire.abort()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_TIMEOUT):
                await wire.closed()

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        response = await self._exchange(method, url, headers or {}, _NOBODY)
        assert response is not None
        return response

    async def _exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        sink: Sink,
        *,
        or_media: bool = False,
    ) -> Response | None:
        """Send a request until its log-in is settled; None when media came before the answer."""
        try:
            async with asyncio.timeout(self._timeout):
                for _ in range(MAX_LOGINS):
                    sequence = self._send(method, url, headers)
                    response = await self._answer(sequence, sink, or_media=or_media)
                    if response is None or not self._to_repeat(response):
                        return response
        except TimeoutError as err:
            raise CameraUnreachable("The camera did not answer in time") from err
        raise CameraRefused("The camera asks for the password over and over")

    def _to_repeat(self, response: Response) -> bool:
        """Return whether the request is to be sent again, signed with what a 401 taught."""
        if response.status != 401:
            self._login.accepted = True
            return False
        asked = [value for key, value in response.headers if key == "www-authenticate"]
        if not self._login.learn(asked):
            raise CameraRefused("The camera refused the user or password")
        return True

    def _send(self, method: str, url: str, headers: Mapping[str, str] | None = None) -> int:
        """Write a request; return its CSeq."""
        self._sequence += 1
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self._sequence}", "User-Agent: niiza_cctv"]
        if self._session is not None:
            lines.append(f"Session: {self._session}")
        if (login := self._login.header(method, url)) is not None:
            lines.append(f"Authorization: {login}")
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if " " in url or any(_CONTROL_CHARACTER.search(line) for line in lines):
            raise CameraAnswerInvalid("What the camera gave us to send back is not fit to be sent")
        if self._wire is None:
            raise CameraUnreachable("The connection is closed")
        self._wire.write("\r\n".join([*lines, "", ""]).encode())
        return self._sequence

    async def _answer(
        self, sequence: int, sink: Sink, *, or_media: bool = False
    ) -> Response | None:
        self._heard = False
        while True:
            response = self._take(sink)
            if response is not None:
                # Some cameras leave CSeq out of their errors.
                if response.sequence in {sequence, None}:
                    return response
            elif or_media and self._heard:
                return None
            else:
                await self._fill(sink)

    def _hear(self, response: Response) -> None:
        """Take an answer that came among media: the late one to PLAY, or one to a keep-alive."""
        self.answers += 1
        if response.sequence == self._play_sequence:
            _check(response)
        elif response.sequence != self._alive_sequence:
            return
        elif response.status == 454:
            raise CameraUnreachable("The camera has forgotten the session")
        elif response.status == 401:
            # Media flow on: a keep-alive that is refused does not end them, the next one is signed anew.
            with contextlib.suppress(CameraError):
                self._to_repeat(response)
        elif response.status >= 400:
            self._alive_method = "OPTIONS"

    async def _fill(self, sink: Sink) -> None:
        if self._wire is None:
            raise CameraUnreachable("The connection is closed")
        sink.keep()
        taken, self._at = self._at, 0
        await self._wire.more(taken)

    def _take_all(self, sink: Sink) -> None:
        while (response := self._take(sink)) is not None:
            self._hear(response)

    def _take(self, sink: Sink) -> Response | None:
        """Work through the bytes read (RFC 2326 10.12) up to the next response; None when more are needed."""
        if self._wire is None:
            return None
        data, at, size, channel = self._wire.data, self._at, self._wire.size, self._channel
        while size - at >= 4:
            if data[at] != _MAGIC:
                start, at, response = at, *_message(data, at, size)
                self._at = at
                if response is not None:
                    return response
                if at == start:
                    return None
                continue
            end = at + 4 + (data[at + 2] << 8 | data[at + 3])
            if end > size:
                break
            if data[at + 1] == channel:
                self._heard = True
                if sink.push(data, at + 4, end):
                    end = sink.follow(data, at, end, size)
            elif data[at + 1] == channel + 1 and _says_goodbye(data, at + 4, end):
                self.goodbye = True
            at = end
        self._at = at
        return None

    def _here(self, url: str) -> str:
        """Return the URL with its host and port replaced by ours."""
        return self._root + re.sub(r"\A(?i:rtsps?)://[^/?]*", "", url)

    def _resolve(self, control: str) -> str:
        """Return the URL of a control attribute (RFC 2326 C.1.1), on our host."""
        if control in {"", "*"}:
            return self._base
        if control.lower().startswith(("rtsp://", "rtsps://")):
            return self._here(control)
        if control.startswith("/"):
            return self._root + control
        # Appended, not merged as RFC 3986 would: bases without a final slash, or with a query, are common.
        return self._base.removesuffix("/") + "/" + control


def _message(data: bytearray, at: int, size: int) -> tuple[int, Response | None]:
    """Read the message at `at`, below `size`; return where the next one starts (`at` itself when bytes are missing).

    Without a response it was a line break between messages or a request from the camera: passed over.
    """
    if data[at] in b"\r\n":
        return at + 1, None
    if not 0x41 <= data[at] <= 0x5A:
        raise CameraAnswerInvalid("The camera sent bytes that are not RTSP")
    end = data.find(b"\r\n\r\n", at, min(size, at + MAX_HEADER))
    if end < 0:
        if size - at >= MAX_HEADER:
            raise CameraAnswerInvalid("The camera sent headers without an end")
        return at, None
    first, *lines = data[at:end].decode("utf-8", "replace").split("\r\n")
    status = _STATUS.fullmatch(first)
    if status is None and not _REQUEST.fullmatch(first):
        raise CameraAnswerInvalid("The camera does not speak RTSP 1.0")
    pairs = (line.partition(":") for line in lines)
    headers = tuple((name.strip().lower(), value.strip()) for name, _, value in pairs)
    length = next((value for name, value in headers if name == "content-length"), "0")
    if not re.fullmatch(r"[0-9]{1,9}", length) or int(length) > MAX_BODY:
        raise CameraAnswerInvalid("The camera announced a body of no believable size")
    start, end = end + 4, end + 4 + int(length)
    if end > size:
        return at, None
    return end, Response(int(status[1]), headers, bytes(data[start:end])) if status else None


def _check(response: Response) -> None:
    """Raise what a response's status means; return on 2xx."""
    match response.status:
        case status if 200 <= status < 300:
            return
        case status if 300 <= status < 400:
            raise CameraAnswerInvalid(
                "The camera redirected the stream elsewhere, which is refused"
            )
        case 401 | 403:
            raise CameraRefused("The camera does not let this user see the stream")
        case 404 | 457:
            raise FootageMissing("The camera has nothing there")
        case 453 | 503:
            raise CameraBusy("All of the camera's sessions are taken")
        case 405 | 461 | 501 | 505 | 551 as status:
            raise CameraOperationUnsupported(f"The camera does not support this (RTSP {status})")
        case status:
            raise CameraAnswerInvalid(f"The camera answered with an error (RTSP {status})")


def _says_goodbye(data: bytearray, at: int, end: int) -> bool:
    """Return whether a compound RTCP packet contains a BYE (RFC 3550 6.6)."""
    while end - at >= 4:
        if data[at + 1] == _RTCP_BYE:
            return True
        at += 4 + 4 * (data[at + 2] << 8 | data[at + 3])
    return False


class _Nobody:
    """Passes over packets that nobody waits for."""

    def push(self, data: bytes | bytearray, start: int, end: int) -> bool:
        """Take nothing."""
        return False

    def follow(self, data: bytes | bytearray, frame: int, end: int, size: int) -> int:
        """Take nothing."""
        return end

    def keep(self) -> None:
        """Need nothing."""


_NOBODY = _Nobody()
