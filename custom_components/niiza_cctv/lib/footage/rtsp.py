"""A small RTSP 1.0 client (RFC 2326) over one TCP connection, media interleaved, video only.

Written by hand because no library sends ONVIF's replay headers and keeps the RTP header extension.
Whatever a camera writes into its answers, only the host and port of the given URL are contacted.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
import contextlib
from dataclasses import dataclass
import hashlib
import re
import ssl
from typing import Final, Protocol
from urllib.parse import urlsplit

from yarl import URL

from ..device.errors import (
    CameraAnswerInvalid,
    CameraCertificateChanged,
    CameraError,
    CameraOperationUnsupported,
    CameraRefused,
    CameraUnreachable,
)
from ..device.login import MAX_LOGINS, Login, Signature
from ..device.model import Credential
from ..device.quirks import Quirk, Quirks
from ..device.session import Heard
from .errors import CameraBusy, FootageMissing, PlayRefused
from .rtsp_address import Addresses
from .rtsp_message import (
    MAX_BODY,
    MAX_HEADER,
    CameraRequest,
    Response,
    header_of,
    is_other_protocol,
    is_start,
    read_message,
)
from .sdp import MediaDescription, parse_sdp
from .wire import Wire, reason

# What one read takes at most; the socket is not read further until it has been worked through. Holds the longest
# message and the longest interleaved frame, and fits a processor's cache.
CAPACITY = 512 * 1024
GOODBYE_TIMEOUT = 2.0
# How long the rest of a body is waited for that was announced (seconds), and one that was not.
BODY_PATIENCE: Final = 2.0
REST_PATIENCE: Final = 0.3
# Bytes in a row that belong to nothing: more, and this is no RTSP.
MAX_STRAY: Final = 64 * 1024
# Packets and messages in a row that nobody asked for: more, and only our time is wanted.
MAX_NEEDLESS: Final = 4000
# Requests that wait for their answers; a camera that answers none of so many answers none.
_MAX_OPEN: Final = 8
# Signs of life, in the order in which they are tried (RFC 2326 10.8, 10.1, 10.9).
_ALIVE_METHODS: Final = ("GET_PARAMETER", "OPTIONS", "SET_PARAMETER")
# An answer takes no longer than this (seconds) where the socket is being read.
_ANSWER_TIME: Final = 1.0
# Refusals of an address rather than of what is asked there.
_ELSEWHERE: Final = frozenset({400, 404, 405, 410, 451, 454, 455, 459, 460})
_PLAY_ELSEWHERE: Final = frozenset({400, 404, 405, 454, 455, 459, 460})
_TRANSPORTS: Final = ("RTP/AVP/TCP;unicast;interleaved=0-1", "RTP/AVP/TCP;interleaved=0-1")

_LINE_BREAKS: Final = re.compile(rb"[\r\n]+")
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")
_MAGIC = 0x24
# What stands where something new begins: a packet, a message, a line break.
_BEGINNINGS: Final = b"$Rr\r\nADGOPST"
_RTCP_BYE = 203
# Of a packet with its frame, up to the identifier of its source (RFC 2326 10.12, RFC 3550 5.1).
_PACKET_HEAD: Final = 16


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


@dataclass(slots=True)
class _Sent:
    """A request of ours."""

    sequence: int
    method: str
    signature: Signature | None
    at: float
    keeps_alive: bool = False
    # Of one that has to be signed anew on the way.
    headers: Mapping[str, str] | None = None
    logins: int = 0


async def describe(
    url: str,
    credential: Credential,
    *,
    timeout: float = 10,
    tls: Tls | None = None,
    quirks: Quirks | None = None,
    listener: Callable[[Heard], None] | None = None,
) -> tuple[MediaDescription, ...]:
    """Return what a presentation offers (DESCRIBE, RFC 2326 10.2), audio included; nothing is set up.

    `timeout` is in seconds, for connecting and for each answer; `quirks` counts what was put right, `listener` is told
    of the answer as it came. Raises
    CameraUnreachable, CameraRefused, CameraCertificateChanged, CameraAnswerInvalid, CameraOperationUnsupported,
    CameraBusy or FootageMissing.
    """
    connection = RtspConnection(url, credential, timeout=timeout, tls=tls, quirks=quirks)
    connection.listener = listener
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
        self,
        url: str,
        credential: Credential,
        *,
        timeout: float = 10,
        tls: Tls | None = None,
        quirks: Quirks | None = None,
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
        self._addresses = Addresses(f"{parts.scheme}://{shown}:{port}", url)
        self._control = ""
        # Where the presentation is played as a whole; the stream that was set up.
        self._aggregate = self._stream = self._addresses.asked
        self._timeout = timeout
        self._quirks = quirks or Quirks()
        self._login = Login(credential, quirks=self._quirks)
        self._loop = asyncio.get_running_loop()
        self._wire: Wire | None = None
        self._at = 0
        # Up to here what came has been read as nothing; bytes of that kind in a row.
        self._stray = 0
        self._needless = 0
        # Whether the camera ever answered in RTSP; whether the body of its answer is still to come.
        self._spoke = False
        self._in_body = False
        self._impatient = False
        self._sequence = self._play_number = 0
        self._open: deque[_Sent] = deque(maxlen=_MAX_OPEN)
        # The newest PLAY that was sent while another one was running.
        self._jump: _Sent | None = None
        self._set_up = False
        self._session: str | None = None
        # A session that was named before any was set up.
        self._early_session: str | None = None
        # Interleaved channel of the video's RTP; its RTCP has the next one.
        self._channel = -1
        self._payload_type: int | None = None
        # Who sends the packets (SSRC, RFC 3550 8.1), once some came.
        self._source: bytes | None = None
        self._beginning: re.Pattern[bytes] | None = None
        self._heard = False
        # When packets of the picture came last, by the loop's clock.
        self._heard_at = 0.0
        self._alive_method = "OPTIONS"
        self._alive_refused: set[str] = set()
        # Seconds after which the camera forgets a session that it does not hear from (RFC 2326 12.37).
        self.session_timeout = 60.0
        # Answers heard while media flowed: rises when the camera is alive but has nothing to send.
        self.answers = 0
        # Whether `play_anew` was agreed to.
        self.play_answered = False
        # The camera said on RTCP that the stream is over (RFC 3550 6.6).
        self.goodbye = False
        # Is told of the answer to DESCRIBE.
        self.listener: Callable[[Heard], None] | None = None

    async def connect(self) -> None:
        """Open the connection."""
        try:
            async with asyncio.timeout(self._timeout):
                _, self._wire = await self._loop.create_connection(
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

    async def _reconnect(self) -> None:
        if self._wire is not None:
            self._wire.abort()
        self._wire = None
        self._at = self._stray = 0
        self._in_body = self._impatient = False
        self._open.clear()
        await self.connect()
        self._login.reconnected()

    async def options(self) -> None:
        """Learn which methods the camera offers; a camera that refuses to say is no error."""
        try:
            response = await self._request("OPTIONS", self._addresses.asked)
        except CameraUnreachable:
            if self._wire is None or not self._wire.over:
                raise
            # Some hang up on what they do not know.
            await self._reconnect()
            return
        if response.status == 200:
            offered = (response.header("public") or "").upper()
            self._alive_method = "GET_PARAMETER" if "GET_PARAMETER" in offered else "OPTIONS"

    async def describe(self) -> tuple[MediaDescription, ...]:
        """Return the media of the presentation."""
        response = await self._request(
            "DESCRIBE", self._addresses.asked, {"Accept": "application/sdp"}
        )
        _check(response)
        self._addresses.described(
            response.header("content-base"), response.header("content-location")
        )
        body = await self._whole_body(response.body)
        if self.listener is not None:
            path = URL(self._addresses.asked, encoded=True).raw_path_qs
            self.listener(
                Heard(
                    operation="DESCRIBE",
                    path=path,
                    asked="",
                    as_nobody=False,
                    status=response.status,
                    content_type=response.header("content-type") or "application/sdp",
                    body=body,
                    challenges=(),
                    knows_password=False,
                    took=0.0,
                )
            )
        session = parse_sdp(body, self._quirks)
        self._control = session.control
        return session.media

    async def setup(self, media: MediaDescription, headers: Mapping[str, str]) -> None:
        """Set up one video stream (RFC 2326 10.4, 10.12); anything else raises ValueError."""
        if media.kind != "video":
            raise ValueError("Only video is ever set up")
        readings = self._addresses.readings(media.control)
        if self._addresses.odd:
            self._quirks.note(Quirk.RTSP_BASE)
        first: Response | None = None
        for place, reading in enumerate(readings):
            try:
                response = await self._set_up_at(reading.stream, headers)
            except CameraUnreachable:
                if first is None:
                    raise
                # It hung up after it had said why.
                break
            first = first or response
            if response.status not in _ELSEWHERE:
                first = response
                if place:
                    self._quirks.note(Quirk.RTSP_BASE)
                self._stream = reading.stream
                self._aggregate = self._addresses.aggregate(self._control, reading.base)
                break
        assert first is not None
        _check(first)
        self._set_up = True
        self._adopt_session(first)
        if self._session is None:
            self._quirks.note(Quirk.RTSP_NO_SESSION)
            self._session = self._early_session
        transport = first.header("transport") or ""
        channel = re.search(r"(?i)interleaved *= *\"?([0-9]{1,3})", transport)
        if channel is None:
            self._quirks.note(Quirk.RTSP_TRANSPORT)
        self._channel = int(channel[1]) if channel else 0
        self._beginning = None
        self._payload_type = media.payload_type

    async def _set_up_at(self, url: str, headers: Mapping[str, str]) -> Response:
        for transport in _TRANSPORTS:
            response = await self._request("SETUP", url, {"Transport": transport, **headers})
            if response.status != 461:
                break
        return response

    async def play(self, headers: Mapping[str, str], sink: Sink) -> None:
        """Start the stream; return when the camera agrees or when media arrive, whichever is first.

        Packets that came with the answer have been given to `sink`. Raises PlayRefused where the session that was
        granted has no room.
        """
        self._jump = None
        urls = dict.fromkeys((self._aggregate, self._addresses.asked, self._stream))
        first: Response | None = None
        for url in urls:
            try:
                response = await self._exchange("PLAY", url, headers, sink, or_media=True)
            except CameraUnreachable:
                if first is None:
                    raise
                # It hung up after it had said why.
                break
            if response is not None and response.status in _PLAY_ELSEWHERE:
                first = first or response
                continue
            if first is not None:
                self._quirks.note(Quirk.RTSP_BASE)
            self._aggregate, first = url, response
            break
        if first is not None:
            self._check_play(first)
            self._take_all(sink)

    def play_anew(self, headers: Mapping[str, str], *, logins: int = 1) -> None:
        """Ask for another passage while one plays, or is over (ONVIF Streaming specification, "PLAY", Immediate).

        `receive` hears the answer and raises what it means, as `play` does; it may be late, or never come. Raises
        CameraUnreachable where the connection is over.
        """
        self.goodbye = self.play_answered = False
        self._jump = self._send("PLAY", self._aggregate, headers)
        self._jump.headers, self._jump.logins = headers, logins

    @property
    def play_number(self) -> int:
        """Return the CSeq of the newest PLAY."""
        return self._play_number

    @property
    def over(self) -> bool:
        """Return whether the connection has ended, as far as is known without reading."""
        return self._wire is None or self._wire.over

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

    def keep_alive(self, *, unanswered: bool = False) -> None:
        """Tell the camera that we are still here (RFC 2326 10.8); its answer is heard by `receive`.

        What it refused or left unanswered before is asked no more while there is another way; `unanswered`: whoever
        calls has waited for the last answer.
        """
        # A camera that does not read must not make us store what it does not take.
        if self._wire is None or self._wire.unsent > MAX_HEADER:
            return
        for sent in [one for one in self._open if one.keeps_alive]:
            # Where nobody reads the socket, its answer may lie there.
            if unanswered or (self._wire.waiting and self._loop.time() - sent.at >= _ANSWER_TIME):
                self._open.remove(sent)
                self._other_sign(sent.method)
        with contextlib.suppress(CameraError):
            self._send(self._alive_method, self._aggregate).keeps_alive = True

    def _other_sign(self, method: str) -> None:
        """Take in that a sign of life is refused or not answered."""
        self._quirks.note(Quirk.RTSP_KEEP_ALIVE)
        self._alive_refused.add(method)
        left = [one for one in _ALIVE_METHODS if one not in self._alive_refused]
        if not left:
            # None is taken: the request itself is what shows that we live.
            self._alive_refused.clear()
            left = ["OPTIONS"]
        self._alive_method = left[0]

    @property
    def strayed(self) -> bool:
        """Return whether the last bytes that came belong to nothing."""
        return self._stray > 0

    def abort(self) -> None:
        """Cut the connection: whoever waits for media gets CameraUnreachable."""
        if self._wire is not None:
            self._wire.abort()

    async def close(self) -> None:
        """End the session where there is one, and the connection; bounded, never raises CameraError."""
        if (wire := self._wire) is None:
            return
        try:
            if self._set_up:
                with contextlib.suppress(CameraError, TimeoutError):
                    async with asyncio.timeout(GOODBYE_TIMEOUT):
                        sent = self._send("TEARDOWN", self._aggregate)
                        # What is still in flight has to be read, or the answer never comes; a task that
                        # waits for media in another place keeps the socket to itself.
                        if not wire.waiting:
                            await self._answer(sent, _NOBODY)
        finally:
            self._wire = self._session = None
            self._set_up = False
            wire.abort()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_TIMEOUT):
                await wire.closed()

    # --- Asking -----------------------------------------------------------------------------------------------

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        response = await self._exchange(method, url, headers or {}, _NOBODY)
        assert response is not None
        if not self._set_up and (named := _session_of(response)):
            self._early_session = named
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
                for number in range(MAX_LOGINS):
                    try:
                        sent = self._send(method, url, headers)
                        response = await self._answer(sent, sink, or_media=or_media)
                    except CameraUnreachable:
                        if not number or self._set_up:
                            raise
                        self._quirks.note(Quirk.RTSP_CLOSED_BEHIND_401)
                        await self._reconnect()
                        sent = self._send(method, url, headers)
                        response = await self._answer(sent, sink, or_media=or_media)
                    if response is None or not self._to_repeat(sent, response):
                        return response
        except TimeoutError as err:
            if self._stray and not self._spoke:
                raise CameraAnswerInvalid("The camera sent bytes that are not RTSP") from err
            raise CameraUnreachable("The camera did not answer in time") from err
        raise CameraRefused("The camera asks for the password over and over")

    def _to_repeat(self, sent: _Sent, response: Response) -> bool:
        """Return whether the request is to be sent again, signed with what a 401 taught."""
        if response.status != 401:
            self._login.passed(
                sent.signature,
                successful=response.status == 200,
                info=response.header("authentication-info") or "",
            )
            return False
        asked = [value for key, value in response.headers if key == "www-authenticate"]
        if not self._login.learn(asked, sent.signature):
            raise CameraRefused("The camera refused the user or password")
        return True

    def _send(self, method: str, url: str, headers: Mapping[str, str] | None = None) -> _Sent:
        """Write a request and return it."""
        self._sequence += 1
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self._sequence}", "User-Agent: niiza_cctv"]
        if self._session is not None:
            lines.append(f"Session: {self._session}")
        if (signature := self._login.sign(method, url)) is not None:
            lines.append(f"Authorization: {signature.header}")
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if " " in url or any(_CONTROL_CHARACTER.search(line) for line in lines):
            raise CameraAnswerInvalid("What the camera gave us to send back is not fit to be sent")
        if self._wire is None:
            raise CameraUnreachable("The connection is closed")
        self._wire.write("\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape"))
        if method == "PLAY":
            self._play_number = self._sequence
        sent = _Sent(self._sequence, method, signature, self._loop.time())
        self._open.append(sent)
        return sent

    async def _answer(self, sent: _Sent, sink: Sink, *, or_media: bool = False) -> Response | None:
        self._heard = False
        while True:
            response = self._take(sink)
            if response is not None:
                if (answered := self._answered(response)) is sent:
                    return response
                self._hear(answered, response)
            elif or_media and self._heard:
                return None
            elif self._in_body:
                await self._fill_body(sink)
            else:
                await self._fill(sink)

    def _answered(self, response: Response) -> _Sent | None:
        """Return which of our requests a response answers, None for none.

        Answers come in the order of the requests (RFC 2326 1.4): one whose CSeq is missing, 0 or that of a request that
        was answered before belongs to the first that still waits.
        """
        number = response.sequence
        self._count_needless()
        for sent in self._open:
            if sent.sequence == number:
                self._needless = 0
                while self._open.popleft() is not sent:
                    # What comes before it will not be answered any more.
                    pass
                return sent
        if self._jump is not None and number == self._jump.sequence:
            # What was taken for its answer was that to another.
            self._quirks.note(Quirk.RTSP_SECOND_ANSWER)
            return self._jump
        if number is not None and number > self._sequence:
            return None
        if not self._open:
            self._quirks.note(Quirk.RTSP_SECOND_ANSWER)
            return None
        self._quirks.note(Quirk.RTSP_SEQUENCE)
        self._needless = 0
        return self._open.popleft()

    def _count_needless(self) -> None:
        """Count what nobody asked for; raises CameraAnswerInvalid for more than `MAX_NEEDLESS` in a row."""
        self._needless += 1
        if self._needless > MAX_NEEDLESS:
            raise CameraAnswerInvalid("The camera sends what nobody asked for, without end")

    def _hear(self, sent: _Sent | None, response: Response) -> None:
        """Take an answer that came among media: the late one to PLAY, or one to a sign of life."""
        # Who does not know the session says nothing of what it has to send.
        self.answers += response.status != 454
        if sent is None:
            return
        if sent.method == "PLAY":
            self._hear_play(sent, response)
        elif not sent.keeps_alive:
            return
        elif response.status == 401:
            # Media flow on: a sign of life that is refused does not end them, the next one is signed anew.
            with contextlib.suppress(CameraError):
                self._to_repeat(sent, response)
        elif response.status == 454 and self._loop.time() - self._heard_at > _ANSWER_TIME:
            raise CameraUnreachable("The camera has forgotten the session")
        elif response.status >= 400:
            self._other_sign(sent.method)
        else:
            self._to_repeat(sent, response)

    def _hear_play(self, sent: _Sent, response: Response) -> None:
        """Take an answer to PLAY that comes among media; one to a PLAY that another has replaced says nothing."""
        if self._jump is None:
            self._check_play(response)
        elif sent is self._jump and not self._sign_anew(sent, response):
            _check(response)
            self.play_answered = True
            self._adopt_session(response)

    def _sign_anew(self, sent: _Sent, response: Response) -> bool:
        """Repeat a PLAY whose log-in was too old; return whether that was it."""
        if sent.headers is None or not self._to_repeat(sent, response):
            return False
        if sent.logins == MAX_LOGINS:
            raise CameraRefused("The camera asks for the password over and over")
        self.play_anew(sent.headers, logins=sent.logins + 1)
        return True

    def _check_play(self, response: Response) -> None:
        """Raise what an answer to PLAY means; take over what it says of the session."""
        if response.status in {453, 503}:
            self._quirks.note(Quirk.RTSP_PLAY_REFUSED)
            raise PlayRefused("The camera grants a session and has no room to play")
        _check(response)
        self._adopt_session(response)

    def _adopt_session(self, response: Response) -> None:
        if (named := _session_of(response)) is None:
            return
        if len(named) > 256:
            raise CameraAnswerInvalid("The camera names its session at no believable length")
        if self._session is not None and self._session != named:
            self._quirks.note(Quirk.RTSP_SESSION_CHANGED)
        self._session = named
        match = re.search(r"(?i)timeout *= *\"?([0-9]{1,6})", response.header("session") or "")
        if match and int(match[1]):
            self.session_timeout = float(match[1])

    # --- Reading ----------------------------------------------------------------------------------------------

    async def _whole_body(self, body: bytes) -> bytes:
        """Return the body of the answer to DESCRIBE, with what its length left out: nothing else can come now."""
        while len(body) <= MAX_BODY and (wire := self._wire) is not None:
            rest = bytes(wire.data[self._at : wire.size])
            if rest and (rest[0] == _MAGIC or is_start(wire.data, self._at, wire.size)):
                break
            if rest:
                if rest.strip():
                    self._quirks.note(Quirk.RTSP_LENGTH)
                body += rest
                self._at = wire.size
            if body.endswith((b"\n", b"\r")) and not rest:
                break
            with contextlib.suppress(CameraUnreachable, TimeoutError):
                async with asyncio.timeout(REST_PATIENCE if body else BODY_PATIENCE):
                    await self._fill(_NOBODY)
                continue
            if wire.size == self._at:
                break
            # It came while this machine stood still: the time passed meanwhile.
        return body

    async def _fill(self, sink: Sink) -> None:
        if self._wire is None:
            raise CameraUnreachable("The connection is closed")
        sink.keep()
        taken, self._at = self._at, 0
        await self._wire.more(taken)

    async def _fill_body(self, sink: Sink) -> None:
        """Wait for the rest of a body; one that does not come was announced wrongly."""
        try:
            async with asyncio.timeout(BODY_PATIENCE):
                await self._fill(sink)
        except TimeoutError:
            self._impatient = True

    def _take_all(self, sink: Sink) -> None:
        while (response := self._take(sink)) is not None:
            self._hear(self._answered(response), response)

    def _take(self, sink: Sink) -> Response | None:
        """Work through the bytes read (RFC 2326 10.12) up to the next response; None when more are needed."""
        if self._wire is None:
            return None
        data, at, size, channel = self._wire.data, self._at, self._wire.size, self._channel
        # Where the last packet of the picture lies.
        seen = -1
        response: Response | None = None
        while size - at >= 4:
            if data[at] != _MAGIC:
                start = at
                at, response = self._take_message(at)
                if response is not None or at == start:
                    break
                continue
            end = at + 4 + (data[at + 2] << 8 | data[at + 3])
            if end > size:
                if self._is_begun(at, seen):
                    break
                at = self._pass_over(at, seen, begun=1)
                continue
            # What stands behind a packet shows that it is one.
            sure = end < size and data[end] in _BEGINNINGS
            if data[at + 1] == channel:
                if not self._is_whole(at, end, sure, seen):
                    at = self._pass_over(at, seen, begun=1)
                    continue
                seen = at
                self._heard = True
                self._needless = 0
                if sink.push(data, at + 4, end):
                    end = sink.follow(data, at, end, size)
            elif self._is_report(at, end):
                self.goodbye = self.goodbye or _says_goodbye(data, at + 4, end)
            elif self._is_our_picture(at, end):
                self._quirks.note(Quirk.RTSP_CHANNEL)
                channel = self._channel = data[at + 1]
                self._beginning = None
                continue
            elif end == size:
                # Nobody's packet, or stray bytes: the next one tells.
                break
            elif not sure or self._holds_ours(at + 4, end, seen):
                at = self._pass_over(at, seen, begun=1)
                continue
            else:
                self._count_needless()
            at = end
            self._stray = 0
        self._at = at
        if seen >= 0:
            self._know(seen)
            self._heard_at = self._loop.time()
        return response

    def _take_message(self, at: int) -> tuple[int, Response | None]:
        """Read what is no packet at `at`; return where to go on, `at` itself when more bytes are needed."""
        assert self._wire is not None
        data, size = self._wire.data, self._wire.size
        if breaks := _LINE_BREAKS.match(data, at, size):
            return breaks.end(), None
        begins = is_start(data, at, size)
        if begins is None:
            return at, None
        if not begins:
            if not self._spoke and is_other_protocol(data, at):
                raise CameraAnswerInvalid("What answers there does not speak RTSP")
            return self._pass_over(at), None
        impatient, self._impatient = self._impatient, False
        end, message, self._in_body = read_message(
            data, at, size, self._quirks, impatient=impatient
        )
        if message is None:
            return at, None
        self._spoke, self._stray = True, 0
        if isinstance(message, CameraRequest):
            self._reply(message)
            return end, None
        return end, message

    def _reply(self, asked: CameraRequest) -> None:
        """Answer a request of the camera's (RFC 2326 10): signs of life with 200, all else with 501."""
        self._count_needless()
        self._quirks.note(Quirk.RTSP_ASKS)
        number = header_of(asked.headers, "cseq") or ""
        if self._wire is None or self._wire.unsent > MAX_HEADER:
            return
        known = asked.method in {"OPTIONS", "GET_PARAMETER", "SET_PARAMETER", "PING"}
        lines = ["RTSP/1.0 200 OK" if known else "RTSP/1.0 501 Not Implemented"]
        lines += [f"CSeq: {number}"] if re.fullmatch(r"[0-9]{1,9}", number) else []
        lines += ["Public: OPTIONS, GET_PARAMETER, SET_PARAMETER"] if known else []
        with contextlib.suppress(CameraError):
            self._wire.write("\r\n".join([*lines, "", ""]).encode())

    def _pass_over(self, at: int, seen: int = -1, *, begun: int = 0) -> int:
        """Pass over bytes that belong to nothing, `begun` at least; return where a packet or message may begin.

        Raises CameraAnswerInvalid for more than `MAX_STRAY` of them in a row.
        """
        assert self._wire is not None
        data, size = self._wire.data, self._wire.size
        self._know(seen)
        found = self._beginnings().search(data, at + begun, size)
        # What begins at the very end may be the beginning of one.
        until = found.start() if found else max(at + begun, size - _PACKET_HEAD)
        if not self._stray:
            self._quirks.note(Quirk.RTSP_STRAY_BYTES)
        # What is looked at again when more has come counts once.
        self._stray += until - at or not self._stray
        if self._stray > MAX_STRAY:
            raise CameraAnswerInvalid("The camera sent bytes that are not RTSP")
        return until

    def _beginnings(self) -> re.Pattern[bytes]:
        """Return what the next packet or message looks like, as far as it is known."""
        if self._beginning is not None:
            return self._beginning
        starts = [rb"RTSP/\d\.\d[ \t]+\d{3}"]
        if 0 <= self._channel < 255:
            ours, reports = (re.escape(bytes((self._channel + more,))) for more in (0, 1))
            source = rb".{7}" + re.escape(self._source) if self._source else self._format()
            starts += [
                rb"\$" + ours + rb"..[\x80-\xbf]" + source,
                rb"\$" + reports + rb"..[\x80-\xbf][\xc8-\xcc]",
            ]
        self._beginning = re.compile(b"|".join(starts), re.DOTALL)
        return self._beginning

    def _format(self) -> bytes:
        """Return the second byte of a packet of ours: its marker, and the format that was announced."""
        if self._payload_type is None or self._payload_type > 127:
            return b""
        kinds = (self._payload_type, self._payload_type | 0x80)
        return b"[" + b"".join(rb"\x%02x" % kind for kind in kinds) + b"]"

    def _is_whole(self, at: int, end: int, sure: bool, seen: int) -> bool:
        """Return whether there is a packet of ours; `sure`: what stands behind it looks right."""
        assert self._wire is not None
        data, size = self._wire.data, self._wire.size
        if end - at < _PACKET_HEAD or data[at + 4] >> 6 != 2:
            return False
        self._know(seen)
        same = self._source is None or data[at + 12 : at + 16] == self._source
        if same and (sure or end == size):
            return True
        # A camera that could not write all of a packet goes on with the next: it is inside this one.
        return (same or sure) and not self._holds_ours(at + _PACKET_HEAD, end, seen)

    def _is_begun(self, at: int, seen: int) -> bool:
        """Return whether the packet at `at`, of which the end is not here, can be one."""
        assert self._wire is not None
        data, size = self._wire.data, self._wire.size
        self._know(seen)
        if data[at + 1] == self._channel:
            if size - at < _PACKET_HEAD:
                return True
            if data[at + 4] >> 6 != 2:
                return False
            if self._source is not None and data[at + 12 : at + 16] == self._source:
                return True
        return not self._holds_ours(at + 4, size, seen)

    def _holds_ours(self, start: int, end: int, seen: int) -> bool:
        """Return whether the beginning of a packet of ours, or of a message, lies between."""
        assert self._wire is not None
        self._know(seen)
        return self._channel >= 0 and bool(self._beginnings().search(self._wire.data, start, end))

    def _is_report(self, at: int, end: int) -> bool:
        """Return whether there is RTCP of the video's (RFC 3550 6.4)."""
        assert self._wire is not None
        data = self._wire.data
        return (
            data[at + 1] == self._channel + 1
            and end - at >= 8
            and data[at + 4] >> 6 == 2
            and 200 <= data[at + 5] <= 207
        )

    def _know(self, seen: int) -> None:
        """Remember the source of the packet at `seen`, if that is one."""
        if seen >= 0 and self._wire is not None:
            source = bytes(self._wire.data[seen + 12 : seen + 16])
            if source != self._source:
                self._source, self._beginning = source, None

    def _is_our_picture(self, at: int, end: int) -> bool:
        """Return whether a packet of another channel is the picture all the same: nothing else was ever set up."""
        assert self._wire is not None
        data = self._wire.data
        return (
            self._source is None
            and self._channel >= 0
            and end - at >= _PACKET_HEAD
            and data[at + 4] >> 6 == 2
            and self._payload_type is not None
            and data[at + 5] & 0x7F == self._payload_type
        )


def _session_of(response: Response) -> str | None:
    """Return the session that a response names (RFC 2326 12.37), None where it names none."""
    return re.split(r"[;\s]", (response.header("session") or "").strip(), maxsplit=1)[0] or None


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
