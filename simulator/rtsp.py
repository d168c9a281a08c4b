"""The camera's RTSP server: live pictures and replay, over TCP interleaved (RFC 2326; ONVIF Streaming specification).

Deliberately left out, and refused in so many words: UDP, multicast, HTTP tunnels, reverse playback.
Hand-written because no server in Python knows the replay extensions.
"""

import asyncio
import base64
import binascii
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
import hashlib
import hmac
import logging
import re
import secrets
from urllib.parse import unquote, urlsplit

from .camera import Quirk, VirtualCamera, in_url
from .card import AUDIO_TRACK, METADATA_TRACK, SECOND_TRACK, VIDEO_TRACK, Card, CardRecording
from .listening import stop_listening
from .playback import Dropped, Live, Outlet, Play, Replay
from .rtp import (
    AUDIO_CLOCK,
    AUDIO_PAYLOAD_TYPE,
    METADATA_PAYLOAD_TYPE,
    VIDEO_CLOCK,
    VIDEO_PAYLOAD_TYPE,
    new_track,
)
from .sdp import Media, session_description
from .signed_stream import SignedStream
from .video import Loop, Loops, earlier_spec, main_spec, profile_spec, recorded_spec, sub_spec

REALM = "ONVIF"
SESSION_TIMEOUT = 60.0

_LOGGER = logging.getLogger(__name__)
_MAX_HEAD = 64 * 1024
_MAX_BODY = 64 * 1024
# What waits for a slow network per connection before the sender has to wait too.
_HIGH_WATER = 1024 * 1024
_MAX_QUEUE = 16
# How long a network may take the last bytes before a connection is cut on purpose.
_FLUSH_SECONDS = 10.0
_MAX_SCALE = 64.0
# How long before the answer to it the first pictures of another passage come, where a camera has that habit.
_EARLY_SECONDS = 0.05
_FEATURE = "onvif-replay"
_METHODS = (
    "OPTIONS",
    "DESCRIBE",
    "SETUP",
    "PLAY",
    "PAUSE",
    "GET_PARAMETER",
    "SET_PARAMETER",
    "TEARDOWN",
)
_REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Request Entity Too Large",
    451: "Parameter Not Understood",
    453: "Not Enough Bandwidth",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    457: "Invalid Range",
    461: "Unsupported Transport",
    501: "Not Implemented",
    503: "Service Unavailable",
    505: "RTSP Version Not Supported",
    551: "Option not supported",
}
_CLOCKS = {
    "video": (VIDEO_CLOCK, VIDEO_PAYLOAD_TYPE),
    "video2": (VIDEO_CLOCK, VIDEO_PAYLOAD_TYPE),
    "audio": (AUDIO_CLOCK, AUDIO_PAYLOAD_TYPE),
    "metadata": (VIDEO_CLOCK, METADATA_PAYLOAD_TYPE),
}
_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')
_CLOCK_TIME = re.compile(r"(\d{8}T\d{6})(?:\.(\d{1,9}))?Z")

type Headers = dict[str, str]


class Refusal(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, headers: Headers | None = None) -> None:
        """Keep the status and what else the answer says."""
        super().__init__(status)
        self.status = status
        self.headers = headers or {}


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request; header names are in lower case."""

    method: str
    uri: str
    headers: Headers

    @property
    def path(self) -> str:
        """Return the path without the slashes around it."""
        return unquote(urlsplit(self.uri).path).strip("/")

    def require(self) -> set[str]:
        """Return the features that the client insists on."""
        return {part.strip() for part in self.headers.get("require", "").split(",") if part.strip()}


@dataclass(kw_only=True)
class Session:
    """What was set up on a connection; one at a time, since TCP binds it to the connection."""

    id: str
    # "live/main" or "replay/SD_1".
    presentation: str
    loop: Loop
    outlet: Outlet
    task: asyncio.Task[None] | None = None
    replay: Replay | None = None
    # Where a PAUSE stopped a replay.
    paused_at: int | None = None
    # The last PLAY of a replay that was granted.
    played: Request | None = None
    channels: set[int] = field(default_factory=set)

    @property
    def recording(self) -> str:
        """Return the token of the recording that is replayed."""
        return self.presentation.removeprefix("replay/")

    @property
    def is_replay(self) -> bool:
        """Tell replay from live."""
        return self.presentation.startswith("replay/")


class RtspServer:
    """Serves /live/<profile token> and /replay/<recording token>."""

    def __init__(self, camera: VirtualCamera, card: Card, loops: Loops) -> None:
        """Make the server; `start` listens on the configured port."""
        self.camera = camera
        self.card = card
        signing = camera.config.signing
        self.signed = None if signing is None else SignedStream(camera, signing)
        self.setups: list[str] = []
        # The methods that were asked for, answered or not.
        self.asked: set[str] = set()
        # From where replays were asked for, by the camera's clock, in seconds of the epoch.
        self.plays: list[int] = []
        self.replays: set[str] = set()
        self.nonce = secrets.token_hex(16)
        # Sessions that are still counted although their client is gone.
        self.lingering: set[asyncio.TimerHandle] = set()
        self._loops = loops
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.connections: set[Connection] = set()

    @property
    def port(self) -> int:
        """Return the port in use."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self) -> None:
        """Listen, with the pictures at hand. Raises OSError when the port is taken."""
        config = self.camera.config
        server = await asyncio.start_server(
            self._accept, config.host, config.rtsp_port, limit=_MAX_HEAD, start_serving=False
        )
        try:
            recorded = {recorded_spec(config, other.token) for other in config.recordings}
            for spec in (main_spec(config), sub_spec(config), earlier_spec(config), *recorded):
                if spec is not None:
                    await self._loops.get(spec)
            await server.start_serving()
        except BaseException:
            server.close()
            raise
        self._server = server

    async def stop(self) -> None:
        """Cut every connection and stop listening."""
        server, self._server = self._server, None
        if server is None:
            return
        await stop_listening(server)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for timer in self.lingering:
            timer.cancel()
        self.lingering.clear()
        self.replays.clear()
        await server.wait_closed()

    async def loop(self, presentation: str) -> Loop:
        """Return the pictures of a presentation. Raises Refusal for one that does not exist."""
        match presentation.split("/"):
            case ["live", token] if token in self.camera.profile_tokens():
                return await self._loops.get(profile_spec(self.camera.config, token))
            case ["replay", token] if self.recording(token) is not None:
                return await self._loops.get(recorded_spec(self.camera.config, token))
            case _:
                raise Refusal(404)

    def forget_later(self, session: str, seconds: float) -> None:
        """Count a replay session for so long although its client is gone."""

        def forget() -> None:
            self.replays.discard(session)
            self.lingering.discard(timer)

        timer = asyncio.get_running_loop().call_later(seconds, forget)
        self.lingering.add(timer)

    def recording(self, token: str) -> CardRecording | None:
        """Return a recording that is on the card."""
        return next((item for item in self.card.recordings() if item.token == token), None)

    async def other_loops(self) -> tuple[Loop | None, Loop]:
        """Return what was seen before the picture's size was changed, and the second video track."""
        config = self.camera.config
        spec = earlier_spec(config)
        return (
            None if spec is None else await self._loops.get(spec),
            await self._loops.get(sub_spec(config)),
        )

    async def media(self, presentation: str) -> list[Media]:
        """Return the media of a presentation, as they are at this moment. Raises Refusal."""
        loop = await self.loop(presentation)
        kind, _, token = presentation.partition("/")
        if kind == "live":
            audio = [Media(kind="audio")] if self.camera.sends_audio(token) else []
            return [Media(kind="video", loop=loop), *audio]
        _, sub = await self.other_loops()
        names: dict[str, tuple[str, Loop | None]] = {
            VIDEO_TRACK: ("video", loop),
            SECOND_TRACK: ("video2", sub),
            AUDIO_TRACK: ("audio", None),
            METADATA_TRACK: ("metadata", None),
        }
        recording = self.recording(token)
        return [
            Media(kind=names[track.token][0], track=track.token, loop=names[track.token][1])
            for track in (recording.tracks if recording else ())
            if track.data_from is not None
        ]

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        connection = Connection(self, reader, writer)
        self.connections.add(connection)
        writer.transport.set_write_buffer_limits(high=_HIGH_WATER)
        try:
            await connection.run()
        except asyncio.CancelledError:
            # stop() waits for us; for asyncio's own callback a cancelled task would be an error to log.
            pass
        finally:
            self._tasks.discard(task)
            self.connections.discard(connection)
            writer.transport.abort()


class Connection:
    """One client."""

    def __init__(
        self, server: RtspServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Take over a connection."""
        self._server = server
        self._camera = server.camera
        self._reader = reader
        self._writer = writer
        # By connection, but where each 401 ends one.
        self._nonce = (
            server.nonce
            if server.camera.has(Quirk.RTSP_CLOSES_BEHIND_401)
            else secrets.token_hex(16)
        )
        self._session: Session | None = None

    async def run(self) -> None:
        """Answer until the client goes, breaks the protocol or falls silent for the session's time-out."""
        try:
            while True:
                async with asyncio.timeout(SESSION_TIMEOUT):
                    request = await self._read()
                if request is None or self._camera.faults.silent:
                    continue
                if not await self._answer(request):
                    return
        except (
            TimeoutError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            ConnectionError,
        ) as err:
            _LOGGER.debug("RTSP connection ended: %s", type(err).__name__)
        finally:
            await self._end_session()

    def write(self, data: bytes) -> None:
        """Queue whole interleaved packets."""
        self._writer.write(data)

    async def drain(self) -> None:
        """Wait until the network has taken enough."""
        await self._writer.drain()

    def backlog(self) -> int:
        """Return how many bytes wait for the network."""
        return self._writer.transport.get_write_buffer_size()

    async def _read(self) -> Request | None:
        """Read one request; None for an RTCP packet, which only shows that the client lives."""
        first = await self._reader.readexactly(1)
        if first == b"$":
            head = await self._reader.readexactly(3)
            await self._reader.readexactly(int.from_bytes(head[1:]))
            return None
        text = (first + await self._reader.readuntil(b"\r\n\r\n")).decode("utf-8", "replace")
        start, *lines = text.lstrip("\r\n").split("\r\n")
        headers = {}
        for line in lines:
            name, colon, value = line.partition(":")
            if colon:
                headers[name.strip().lower()] = value.strip()
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > _MAX_BODY:
            self._reply(Request(method="", uri="", headers=headers), 413)
            raise ConnectionAbortedError
        await self._reader.readexactly(int(length))
        parts = start.split()
        if len(parts) != 3 or not parts[2].startswith("RTSP/"):
            self._reply(Request(method="", uri="", headers=headers), 400)
            raise ConnectionAbortedError
        if parts[2] != "RTSP/1.0":
            return Request(method="", uri=parts[1], headers=headers)
        return Request(method=parts[0], uri=parts[1], headers=headers)

    async def _answer(self, request: Request) -> bool:
        """Answer one request; False ends the connection."""
        try:
            self._check(request)
            match request.method:
                case "OPTIONS":
                    self._reply(request, 200, {"Public": ", ".join(_METHODS)})
                case "DESCRIBE":
                    await self._describe(request)
                case "SETUP":
                    await self._setup(request)
                case "PLAY":
                    await self._play(request)
                case "PAUSE":
                    await self._pause(request)
                case "GET_PARAMETER" | "SET_PARAMETER":
                    self._keep_alive(request)
                case _:
                    session = self._required(request)
                    await self._end_session(torn_down=True)
                    self._reply(request, 200, {"Session": session.id})
        except Refusal as refusal:
            self._reply(request, refusal.status, refusal.headers)
            if refusal.status == 401 and self._camera.has(Quirk.RTSP_CLOSES_BEHIND_401):
                with suppress(ConnectionError):
                    await self._writer.drain()
                return False
        with suppress(ConnectionError):
            await self._writer.drain()
        return not self._writer.is_closing()

    def _check(self, request: Request) -> None:
        """Refuse what is wrong whatever is asked for."""
        if not request.method:
            raise Refusal(505)
        self._server.asked.add(request.method)
        if not request.headers.get("cseq", "").isdigit():
            raise Refusal(400)
        if request.method not in _METHODS:
            raise Refusal(501, {"Public": ", ".join(_METHODS)})
        known = {_FEATURE} if request.path.startswith("replay/") else set[str]()
        if request.method != "OPTIONS" and (unknown := request.require() - known):
            raise Refusal(551, {"Unsupported": ", ".join(sorted(unknown))})
        if request.method != "OPTIONS":
            self._log_in(request)

    def _log_in(self, request: Request) -> None:
        camera = self._camera
        if camera.has(Quirk.OPEN_WITHOUT_LOGIN):
            return
        scheme, _, rest = request.headers.get("authorization", "").partition(" ")
        right = {"digest": self._digest_right, "basic": self._basic_right}.get(scheme.lower())
        if right is None or camera.faults.refuse_logins or not right(request, rest):
            raise Refusal(401)

    def _digest_right(self, request: Request, text: str) -> bool:
        """Check a digest, MD5, with qop=auth or without any (RFC 2617 3.2.2, RFC 2069)."""
        given = {
            match[1].lower(): match[2] if match[2] is not None else match[3]
            for match in _PARAMETER.finditer(text)
        }
        user = self._camera.user(given.get("username", ""))
        uri = given.get("uri", "")
        same = urlsplit(uri).path.rstrip("/") == urlsplit(request.uri).path.rstrip("/")
        if (
            user is None
            or not same
            or given.get("nonce") != self._nonce
            or given.get("realm") != REALM
            or given.get("algorithm", "MD5").upper() != "MD5"
        ):
            return False
        secret = _md5(f"{user.name}:{REALM}:{user.password}")
        what = _md5(f"{request.method}:{uri}")
        if (qop := given.get("qop")) is None:
            if self._camera.has(Quirk.RTSP_QOP):
                return False
            wanted = _md5(f"{secret}:{self._nonce}:{what}")
        elif qop == "auth":
            middle = f"{given.get('nc', '')}:{given.get('cnonce', '')}:auth"
            wanted = _md5(f"{secret}:{self._nonce}:{middle}:{what}")
        else:
            return False
        return hmac.compare_digest(wanted.encode(), given.get("response", "").lower().encode())

    def _basic_right(self, _request: Request, text: str) -> bool:
        try:
            name, _, password = base64.b64decode(text, validate=True).decode().partition(":")
        except binascii.Error, UnicodeDecodeError:
            return False
        user = self._camera.user(name)
        return user is not None and hmac.compare_digest(user.password.encode(), password.encode())

    async def _describe(self, request: Request) -> None:
        presentation = request.path
        media = await self._server.media(presentation)
        host = self._camera.config.advertised_host or self._host()
        clock_range = None
        if presentation.startswith("replay/"):
            recording = self._server.recording(presentation.removeprefix("replay/"))
            if recording is None or recording.earliest is None or recording.latest is None:
                raise Refusal(404)
            clock_range = f"clock={_clock(recording.earliest)}-{_clock(recording.latest)}"
        sdp = session_description(
            self._camera.config.location or self._camera.config.name,
            host,
            media,
            clock_range,
            own_medium=self._camera.has(Quirk.SDP_OWN_MEDIUM),
        ).encode()
        doubled = "rtsp://" if self._camera.has(Quirk.RTSP_BASE_DOUBLED) else ""
        base = (
            f"{doubled}rtsp://{in_url(host)}:{self._camera.config.rtsp_port or self._server.port}"
        )
        self._reply(
            request,
            200,
            {"Content-Base": f"{base}/{presentation}/", "Content-Type": "application/sdp"},
            sdp,
        )

    async def _setup(self, request: Request) -> None:
        presentation, _, control = request.path.rpartition("/")
        await asyncio.sleep(self._camera.faults.setup_seconds)
        loop = await self._server.loop(presentation)
        if control not in {media.control for media in await self._server.media(presentation)}:
            raise Refusal(404)
        session = self._session
        if session is not None:
            self._required(request, optional=True)
            if session.presentation != presentation or session.task is not None:
                raise Refusal(455)
        replay = presentation.startswith("replay/")
        if replay:
            _require_replay(request)
        transport, channel = self._transport(request, session)
        if session is None:
            session = Session(
                id=secrets.token_hex(8),
                presentation=presentation,
                loop=loop,
                outlet=Outlet(camera=self._camera, wire=self),
            )
            if replay:
                if len(self._server.replays) >= self._camera.config.replay_sessions:
                    raise Refusal(453)
                self._server.replays.add(session.id)
            self._session = session
        session.channels |= {channel, channel + 1}
        clock, payload_type = _CLOCKS[control]
        track = new_track(control, request.uri, clock, payload_type, channel)
        track.noise = self._camera.noise
        session.outlet.tracks[control] = track
        self._server.setups.append(f"{presentation}/{control}")
        answer = {"Session": f"{session.id};timeout={SESSION_TIMEOUT:.0f}"}
        if self._camera.has(Quirk.RTSP_NO_SESSION):
            answer = {}
        self._reply(request, 200, answer | {"Transport": f"{transport};ssrc={track.source:08X}"})

    def _transport(self, request: Request, session: Session | None) -> tuple[str, int]:
        """Choose the first transport that is spoken here: its text for the answer, and the channel."""
        taken = session.channels if session else set()
        for offer in request.headers.get("transport", "").split(","):
            protocol, *parameters = (part.strip() for part in offer.split(";"))
            if protocol.upper() != "RTP/AVP/TCP" or "multicast" in parameters:
                continue
            named = dict(part.partition("=")[::2] for part in parameters)
            low = named.get("interleaved", "").partition("-")[0]
            channel = int(low) if low.isascii() and low.isdigit() and int(low) < 255 else None
            if channel is None or taken & {channel, channel + 1}:
                channel = next(at for at in range(0, 255, 2) if not taken & {at, at + 1})
            return f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}", channel
        raise Refusal(461)

    async def _play(self, request: Request) -> None:
        session = self._required(request)
        if session.is_replay:
            await self._play_replay(request, session)
            return
        if session.task is not None:
            # Playing already: nothing changes (RFC 2326 10.5 lets clients send PLAY to keep alive).
            self._reply(request, 200, {"Session": session.id, "Range": "npt=now-"})
            return
        signed = self._server.signed if session.presentation == "live/main" else None
        live = Live(session.outlet, session.loop, signed)
        self._reply(
            request,
            200,
            {
                "Session": session.id,
                "Range": "npt=now-",
                "RTP-Info": self._rtp_info(session, live.ticks),
            },
        )
        session.task = asyncio.create_task(self._send(live))

    async def _play_replay(self, request: Request, session: Session) -> None:
        _require_replay(request)
        if self._camera.faults.play_busy:
            raise Refusal(503)
        play = self._wanted(request, session)
        self._server.plays.append(play.start)
        replay = session.replay
        another = replay is not None and "range" in request.headers
        if another and not await self._jumps(request, session, play):
            return
        at_once = request.headers.get("immediate", "no").lower() == "yes"
        if session.task is not None and replay is not None and not at_once:
            # RFC 2326 10.5: a PLAY without more ado waits for its turn.
            if len(replay.queue) >= _MAX_QUEUE:
                raise Refusal(453)
            replay.queue.append(play)
        else:
            if session.task is not None:
                await _cancel(session.task)
                play.discontinuity = True
            earlier, sub = await self._server.other_loops()
            replay = Replay(
                session.outlet,
                self._server.card,
                session.recording,
                session.loop,
                play,
                earlier=earlier,
                sub=sub,
                signed=self._server.signed,
            )
            session.replay = replay
            session.task = None
        ticks = {kind: play.start * track.clock for kind, track in session.outlet.tracks.items()}
        start = datetime.fromtimestamp(play.start, UTC)
        end = "" if play.end is None else _clock(datetime.fromtimestamp(play.end, UTC))
        answer = {
            "Session": session.id,
            "Range": f"clock={_clock(start)}-{end}",
            "RTP-Info": self._rtp_info(session, ticks),
            "Rate-Control": "yes" if play.paced else "no",
        }
        if play.paced and play.scale != 1.0:
            answer["Scale"] = f"{play.scale:g}"
        early = session.played and self._camera.has(Quirk.JUMP_EARLY)
        if not early:
            self._reply_to_play(request, session, answer)
        session.paused_at = None
        if session.task is None:
            session.task = asyncio.create_task(self._send(replay))
        if early:
            await asyncio.sleep(_EARLY_SECONDS)
            self._reply_to_play(request, session, answer)
        session.played = request

    async def _jumps(self, request: Request, session: Session, play: Play) -> bool:
        """Return whether a PLAY for another passage is played, as it should be or nearly so. Raises Refusal."""
        camera = self._camera
        if camera.has(Quirk.JUMP_REFUSED):
            raise Refusal(455)
        if camera.has(Quirk.JUMP_UNAVAILABLE):
            raise Refusal(503)
        if camera.has(Quirk.JUMP_CLOSES):
            raise ConnectionAbortedError
        if camera.has(Quirk.JUMP_SILENT) and session.task is not None:
            await _cancel(session.task)
        if camera.has(Quirk.JUMP_IGNORED):
            self._reply(request, 200, {"Session": session.id})
        if any(map(camera.has, (Quirk.JUMP_SILENT, Quirk.JUMP_UNANSWERED, Quirk.JUMP_IGNORED))):
            if session.replay is not None:
                session.replay.endless = True
            return False
        if camera.has(Quirk.JUMP_RESTARTS):
            play.start = self._server.card.stretches(session.recording)[0].start
            play.end = None
        if camera.has(Quirk.JUMP_ELSEWHERE):
            play.stamped_by = 24 * 3600
        if camera.has(Quirk.JUMP_RENUMBERS):
            for track in session.outlet.tracks.values():
                track.sequence = track.sequence + 12_345 & 0xFFFF
                track.base = secrets.randbits(32)
        return True

    def _reply_to_play(self, request: Request, session: Session, answer: Headers) -> None:
        """Answer a PLAY, the second in a session by the camera's habits."""
        if (before := session.played) is not None:
            if self._camera.has(Quirk.JUMP_WITHOUT_ANSWER):
                return
            if self._camera.has(Quirk.JUMP_ANSWERED_TWICE):
                self._reply(before, 200, answer)
            if self._camera.has(Quirk.JUMP_WRONG_CSEQ):
                number = int(request.headers["cseq"]) + 1000
                request = replace(request, headers={**request.headers, "cseq": str(number)})
            if self._camera.has(Quirk.JUMP_RENUMBERS):
                answer["RTP-Info"] = re.sub(
                    r"(seq|rtptime)=\d+", lambda found: f"{found[1]}=1", answer["RTP-Info"]
                )
        self._reply(request, 200, answer)

    def _wanted(self, request: Request, session: Session) -> Play:
        """Read what a PLAY asks for. Raises Refusal."""
        headers = request.headers
        rate_control = headers.get("rate-control", "yes").lower()
        if rate_control not in {"yes", "no"}:
            raise Refusal(400)
        paced = rate_control == "yes" or self._camera.has(Quirk.REPLAY_IGNORES_RATE_CONTROL)
        try:
            scale = float(headers.get("scale", "1"))
        except ValueError:
            raise Refusal(400) from None
        if scale < 0:
            # GetServiceCapabilities says that there is no reverse playback.
            raise Refusal(501)
        if not 0 < scale <= _MAX_SCALE:
            raise Refusal(400)
        intra: float | None = None
        if frames := headers.get("frames"):
            match frames.lower().replace(" ", "").split("/"):
                case ["all"] | ["predicted"]:
                    # There are no bidirectionally predicted pictures to leave out.
                    pass
                case ["intra"]:
                    intra = 0.0
                case ["intra", interval] if interval.isascii() and interval.isdigit():
                    intra = int(interval) / 1000
                case _:
                    raise Refusal(451)
        start, end = self._range(headers.get("range"), session)
        return Play(
            start=start,
            end=end,
            paced=paced,
            scale=scale if rate_control == "yes" else 1.0,
            intra=intra,
            cseq=int(headers["cseq"]),
        )

    def _range(self, text: str | None, session: Session) -> tuple[int, float | None]:
        """Return the clean point at which to start, and the end. Raises Refusal."""
        card = self._server.card
        stretches = card.stretches(session.recording)
        if not stretches:
            raise Refusal(457)
        if text is None:
            if session.paused_at is not None and session.replay is not None:
                return session.paused_at, session.replay.playing.end
            return stretches[0].start, None
        unit, _, times = text.partition(";")[0].partition("=")
        if unit.strip().lower() != "clock":
            raise Refusal(457)
        start_text, dash, end_text = times.strip().partition("-")
        if not dash:
            raise Refusal(400)
        start = _read_clock(start_text)
        end = _read_clock(end_text) if end_text else None
        # The newest data may be a second old: who starts "now" is let in and gets what comes.
        latest = stretches[-1].end + (2 if stretches[-1].growing else 0)
        if start >= latest or (end is not None and (end <= start or end <= stretches[0].start)):
            raise Refusal(457)
        found = card.stretch_at(session.recording, int(start))
        # Every second begins with a clean point; nothing recorded then: the next that was.
        return max(int(start), found.start) if found else int(start), end

    async def _pause(self, request: Request) -> None:
        session = self._required(request)
        if session.task is not None:
            await _cancel(session.task)
            session.task = None
            if session.replay is not None:
                session.paused_at = session.replay.position
        self._reply(request, 200, {"Session": session.id})

    def _keep_alive(self, request: Request) -> None:
        """Answer GET_PARAMETER and SET_PARAMETER: without a body they feed the session, parameters there are none."""
        if self._camera.has(Quirk.RTSP_KEEP_ALIVE_REFUSED):
            request.headers["cseq"] = str(int(request.headers["cseq"]) - 1)
            raise Refusal(400)
        answer = {}
        if self._session is not None or "session" in request.headers:
            answer["Session"] = self._required(request).id
        if request.headers.get("content-length", "0") != "0":
            raise Refusal(451)
        self._reply(request, 200, answer)

    def _required(self, request: Request, *, optional: bool = False) -> Session:
        """Return the session that the request names. Raises Refusal."""
        named = request.headers.get("session", "").partition(";")[0].strip()
        session = self._session
        unnamed = optional or self._camera.has(Quirk.RTSP_NO_SESSION)
        if session is None or not (named == session.id or (unnamed and not named)):
            raise Refusal(454)
        return session

    async def _send(self, sender: Live | Replay) -> None:
        try:
            await sender.run()
        except Dropped as dropped:
            if dropped.flush:
                # With no room left to wait in, drain() waits until everything has left.
                self._writer.transport.set_write_buffer_limits(high=0)
                with suppress(TimeoutError, ConnectionError):
                    async with asyncio.timeout(_FLUSH_SECONDS):
                        await self._writer.drain()
            self._writer.transport.abort()
        except ConnectionError:
            self._writer.transport.abort()

    async def _end_session(self, *, torn_down: bool = False) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        linger = 0.0 if torn_down else self._camera.faults.replay_linger
        if linger and session.is_replay:
            # The camera has not noticed yet that its client is gone.
            self._server.forget_later(session.id, linger)
        else:
            self._server.replays.discard(session.id)
        if session.task is not None:
            await _cancel(session.task)

    def _rtp_info(self, session: Session, ticks: dict[str, int]) -> str:
        return ",".join(
            f"url={track.control};seq={track.sequence};rtptime={track.stamp(ticks[kind])}"
            for kind, track in session.outlet.tracks.items()
        )

    def _host(self) -> str:
        host: str = self._writer.get_extra_info("sockname")[0]
        return host

    def _reply(
        self, request: Request, status: int, headers: Headers | None = None, body: bytes = b""
    ) -> None:
        lines = [f"RTSP/1.0 {status} {_REASONS[status]}"]
        if (cseq := request.headers.get("cseq", "")).isdigit():
            lines.append(f"CSeq: {0 if self._camera.has(Quirk.RTSP_CSEQ_ZERO) else cseq}")
        lines.append(f"Date: {self._camera.now():%a, %d %b %Y %H:%M:%S GMT}")
        lines.append(f"Server: {self._camera.config.model}")
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if status == 401:
            lines += [f"WWW-Authenticate: {one}" for one in self._challenges()]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        end = "\n" if self._camera.has(Quirk.RTSP_BARE_LF) else "\r\n"
        self._writer.write(end.join([*lines, "", ""]).encode() + body)

    def _challenges(self) -> list[str]:
        """Return what a log-in is asked for by."""
        basic = f'Basic realm="{REALM}"'
        if self._camera.has(Quirk.RTSP_BASIC):
            return [basic]
        qop = ', qop="auth"' if self._camera.has(Quirk.RTSP_QOP) else ""
        digest = f'realm="{REALM}", nonce="{self._nonce}", algorithm=MD5{qop}'
        if self._camera.has(Quirk.BASIC_BEFORE_DIGEST):
            return ["Negotiate", f"{basic}, Digest\t{digest}"]
        return [f"Digest {digest}", basic]


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _require_replay(request: Request) -> None:
    """Refuse a SETUP or PLAY of a recording without `Require: onvif-replay` ("RTSP Feature Tag")."""
    if _FEATURE not in request.require():
        raise Refusal(400)


def _clock(at: datetime) -> str:
    """Write a moment as RFC 2326 3.7 does."""
    text = f"{at:%Y%m%dT%H%M%S}"
    return f"{text}.{at.microsecond // 1000:03}Z" if at.microsecond else f"{text}Z"


def _read_clock(text: str) -> float:
    """Read a moment as RFC 2326 3.7 writes it, as seconds of the epoch. Raises Refusal."""
    if (found := _CLOCK_TIME.fullmatch(text.strip())) is None:
        raise Refusal(400)
    try:
        at = datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise Refusal(400) from None
    return at.timestamp() + (float(f"0.{found[2]}") if found[2] else 0.0)


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
