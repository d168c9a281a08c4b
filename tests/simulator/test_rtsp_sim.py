"""The virtual camera's RTSP against FFmpeg, and against the Streaming specification over a bare socket."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import hashlib
import io
from itertools import pairwise
import json
import struct
import time
from typing import Any

import av
import pytest

from simulator import rtsp
from simulator.camera import CameraConfig, CardFault, Quirk
from simulator.running import RunningCamera
from simulator.sei import read_time, split_annex_b
from simulator.station import Station
from simulator.video import nal_type
from tests.section import PATIENCE, until
from tests.station import camera_config

type Start = Callable[..., Awaitable[Station]]

RATE = 5
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
CODECS = ("H264", "H265")
# In so many steps silence is counted: a machine that stands still for long has let one of them pass.
_STEPS = 10
INTERLEAVED = "RTP/AVP/TCP;unicast;interleaved=0-1"
REPLAY = {"Require": "onvif-replay"}
FAST = REPLAY | {"Rate-Control": "no"}


@asynccontextmanager
async def one(start_station: Start, config: CameraConfig) -> AsyncIterator[RunningCamera]:
    """Run one camera."""
    station = await start_station(config)
    yield station.cameras[config.name]


@pytest.fixture
async def kita(start_station: Start) -> RunningCamera:
    """Return a camera with a gap: from 60 to 58 minutes ago."""
    station = await start_station(camera_config("kita", gaps=((1.0, 2.0),)))
    return station.cameras["kita"]


async def run(*command: str) -> tuple[int, bytes, str]:
    """Run a program, return its status and what it wrote."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(PATIENCE):
            out, error = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return process.returncode, out, error.decode()


async def ffprobe(url: str) -> dict[str, Any]:
    """Ask ffprobe what a stream holds."""
    status, out, error = await run(
        "ffprobe", "-v", "error", "-rtsp_transport", "tcp", "-analyzeduration", "500000",
        "-show_streams", "-of", "json", url
    )  # fmt: skip
    assert status == 0, error
    found: dict[str, Any] = json.loads(out)
    return found


async def record(url: str, codec: str, seconds: float) -> bytes:
    """Copy a stream's video with FFmpeg, return it as Annex B."""
    status, out, error = await run(
        "ffmpeg", "-v", "error", "-rtsp_transport", "tcp", "-analyzeduration", "500000",
        "-i", url, "-map", "0:v", "-c", "copy",
        "-t", str(seconds), "-f", "h264" if codec == "H264" else "hevc", "-",
    )  # fmt: skip
    assert status == 0, error
    return out


def times(codec: str, stream: bytes) -> list[datetime]:
    """Return the times in an Annex B stream's pictures."""
    sei = 6 if codec == "H264" else 39
    found = [read_time(nal) for nal in split_annex_b(stream) if nal_type(codec, nal) == sei]
    return [at for at in found if at is not None]


def live(running: RunningCamera, profile: str = "main", login: str = "viewer:viewer-pass") -> str:
    """Return the live address with a log-in."""
    return f"rtsp://{login}@127.0.0.1:{running.rtsp_port}/live/{profile}"


@dataclass(kw_only=True)
class Packet:
    """One RTP packet; the extension's fields are None where there is none."""

    channel: int
    marker: bool
    sequence: int
    time: int
    payload: bytes
    at: datetime | None = None
    bits: str = ""
    cseq: int | None = None


@dataclass(kw_only=True)
class Answer:
    """An answer to a request."""

    status: int
    headers: dict[str, str]
    body: str


@dataclass(kw_only=True)
class Client:
    """A client that is as bare as can be, to see every byte."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    url: str
    authorization: str | None = None
    session: str | None = None
    cseq: int = 250
    # Media that came while an answer was waited for.
    early: list[Packet] = field(default_factory=list)

    async def ask(self, method: str, path: str = "", **more: Any) -> Answer:
        """Send a request (`headers` to add), return the answer."""
        self.cseq += 1
        headers = {"CSeq": str(self.cseq)}
        if self.authorization:
            headers["Authorization"] = self.authorization
        if self.session:
            headers["Session"] = self.session
        headers |= more.get("headers", {})
        lines = [f"{method} {self.url}{path} RTSP/1.0", *(f"{k}: {v}" for k, v in headers.items())]
        self.writer.write("\r\n".join([*lines, "", ""]).encode())
        while (first := await self.reader.readexactly(1)) == b"$":
            if packet := await self._packet():
                self.early.append(packet)
        text = (first + await self.reader.readuntil(b"\r\n\r\n")).decode()
        start, *rest = text.strip().split("\r\n")
        found = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in rest)}
        if "session" in found:
            self.session = found["session"].partition(";")[0]
        body = await self.reader.readexactly(int(found.get("content-length", "0")))
        return Answer(status=int(start.split()[1]), headers=found, body=body.decode())

    async def packet(self, seconds: float = 3.0) -> Packet | None:
        """Return the next RTP packet, None after that much silence."""
        if self.early:
            return self.early.pop(0)
        left = _STEPS
        while left:
            try:
                # Only between packets: whoever is called off within one has lost it.
                async with asyncio.timeout(seconds / _STEPS):
                    first = await self.reader.readexactly(1)
            except TimeoutError:
                left -= 1
                continue
            assert first == b"$"
            if packet := await self._packet():
                return packet
        return None

    async def media(self, seconds: float = 1.5) -> list[Packet]:
        """Return all packets up to that much silence."""
        found = []
        while packet := await self.packet(seconds):
            found.append(packet)
        return found

    async def until_cut(self) -> list[Packet]:
        """Return all packets up to where the connection is cut; silence fails."""
        found = []
        try:
            while packet := await self.packet():
                found.append(packet)
        except asyncio.IncompleteReadError, ConnectionError:
            return found
        raise AssertionError("the connection was not cut")

    async def _packet(self) -> Packet | None:
        channel, length = struct.unpack(">BH", await self.reader.readexactly(3))
        data = await self.reader.readexactly(length)
        if channel % 2:
            return None
        first, second, sequence, stamp, _ = struct.unpack(">BBHII", data[:12])
        assert first & 0xEF == 0x80
        packet = Packet(
            channel=channel, marker=second >= 128, sequence=sequence, time=stamp, payload=data[12:]
        )
        if first & 0x10:
            kind, words, seconds, fraction, bits, cseq, padding = struct.unpack(
                ">HHIIBBH", data[12:28]
            )
            assert (kind, words, bits & 0x0F, padding) == (0xABAC, 3, 0, 0)
            packet.at = datetime.fromtimestamp(seconds - 2_208_988_800, UTC) + timedelta(
                microseconds=round(fraction / 2**32 * 1e6)
            )
            packet.bits = "".join(
                name for name, bit in zip("CEDT", (128, 64, 32, 16), strict=True) if bits & bit
            )
            packet.cseq = cseq
            packet.payload = data[28:]
        return packet


@asynccontextmanager
async def client(running: RunningCamera, path: str = "/replay/SD_1") -> AsyncIterator[Client]:
    """Connect a client that logs in with Basic."""
    reader, writer = await asyncio.open_connection("127.0.0.1", running.rtsp_port)
    basic = base64.b64encode(b"viewer:viewer-pass").decode()
    try:
        yield Client(
            reader=reader,
            writer=writer,
            url=f"rtsp://127.0.0.1:{running.rtsp_port}{path}",
            authorization=f"Basic {basic}",
        )
    finally:
        writer.transport.abort()


async def play(found: Client, start: datetime, end: datetime | None, **headers: str) -> Answer:
    """Set video up and play a range as fast as possible."""
    setup = await found.ask(
        "SETUP", "/video", headers=REPLAY | {"Transport": INTERLEAVED, "Session": ""}
    )
    assert setup.status == 200
    return await found.ask("PLAY", headers=FAST | {"Range": clock(start, end)} | headers)


def clock(start: datetime, end: datetime | None) -> str:
    """Return a Range in UTC with milliseconds."""
    texts = (f"{at:%Y%m%dT%H%M%S}.{at.microsecond // 1000:03}Z" for at in (start, end) if at)
    return f"clock={'-'.join(texts)}{'' if end else '-'}"


def units(packets: list[Packet]) -> list[tuple[datetime, str]]:
    """Return time and bits of each access unit, in order."""
    return [(packet.at, packet.bits) for packet in packets if packet.at is not None]


def stream(codec: str, packets: list[Packet]) -> bytes:
    """Put fragments together again (RFC 6184 5.8, RFC 7798 4.4.3), return Annex B."""
    out = b""
    for payload in (packet.payload for packet in packets):
        assert len(payload) <= 1400
        if codec == "H264" and payload[0] & 31 == 28:
            head, body = bytes([payload[0] & 0xE0 | payload[1] & 31]), payload[2:]
            start = payload[1] & 128
        elif codec == "H265" and payload[0] >> 1 & 63 == 49:
            head = bytes([payload[0] & 0x81 | (payload[2] & 63) << 1, payload[1]])
            body, start = payload[3:], payload[2] & 128
        else:
            head, body, start = b"", payload, 1
        out += (b"\0\0\0\1" + head if start else b"") + body
    return out


def decode(codec: str, data: bytes) -> int:
    """Return how many pictures FFmpeg decodes from a stream."""
    name = "h264" if codec == "H264" else "hevc"
    with av.open(io.BytesIO(data), "r", format=name) as file:
        return sum(1 for _ in file.decode(video=0))


def whole(at: datetime) -> datetime:
    """Return the beginning of that second."""
    return at.replace(microsecond=0)


@pytest.mark.parametrize("codec", CODECS)
async def test_ffmpeg_plays_live_and_every_picture_proves_the_cameras_time(
    start_station: Start, codec: str
) -> None:
    """The clock is seven minutes slow, and so are the pictures."""
    config = camera_config("kita", codec=codec)
    async with one(start_station, config) as kita:
        kita.set(clock_offset=-420.0)
        (found,) = (await ffprobe(live(kita)))["streams"]
        assert found["codec_name"] == ("h264" if codec == "H264" else "hevc")
        assert (found["width"], found["height"]) == (640, 360)

        before = kita.camera.now()
        data = await record(live(kita), codec, 3)
        after = kita.camera.now()

    stamps = times(codec, data)
    assert decode(codec, data) == len(stamps) >= 2 * RATE
    # From the last clean point before the log-in, five pictures a second, none missing.
    assert before - 2 * SECOND < stamps[0] <= stamps[-1] <= after
    assert {later - at for at, later in pairwise(stamps)} == {SECOND / RATE}
    assert set(kita.rtsp.setups) == {"live/main/video"}


async def test_sound_is_offered_only_while_the_microphone_is_on(kita: RunningCamera) -> None:
    """FFprobe sets up what it finds."""
    assert [x["codec_type"] for x in (await ffprobe(live(kita, "sub")))["streams"]] == ["video"]
    kita.set(audio=True)
    video, audio = (await ffprobe(live(kita, "sub")))["streams"]
    assert (video["codec_type"], audio["codec_name"]) == ("video", "pcm_mulaw")
    assert kita.rtsp.setups == ["live/sub/video", "live/sub/video", "live/sub/audio"]


async def test_the_sound_is_a_tone(kita: RunningCamera) -> None:
    """What FFmpeg decodes crosses zero 440 times a second in each direction."""
    kita.set(audio=True)
    status, out, error = await run(
        "ffmpeg", "-v", "error", "-rtsp_transport", "tcp", "-analyzeduration", "500000",
        "-i", live(kita), "-map", "0:a",
        "-t", "1", "-f", "s16le", "-",
    )  # fmt: skip
    assert status == 0, error
    samples = struct.unpack(f"<{len(out) // 2}h", out)
    crossings = sum(a < 0 <= b for a, b in pairwise(samples))
    assert crossings / (len(samples) / 8000) == pytest.approx(440, abs=3)
    assert 7000 < max(samples) < 9000


@pytest.mark.parametrize("quirks", [frozenset[Quirk](), frozenset({Quirk.RTSP_QOP})])
async def test_ffmpeg_logs_in_with_digest_of_either_age_and_not_with_a_wrong_password(
    start_station: Start, quirks: frozenset[Quirk]
) -> None:
    """RFC 2069 without qop, RFC 2617 with qop="auth"."""
    async with one(start_station, camera_config("kita", quirks=quirks)) as kita:
        assert (await ffprobe(live(kita)))["streams"]
        status, _, error = await run(
            "ffprobe", "-v", "error", "-rtsp_transport", "tcp", live(kita, login="viewer:wrong")
        )
        assert status != 0
        assert "401" in error
        kita.set(refuse_logins=True)
        status, _, error = await run("ffprobe", "-v", "error", "-rtsp_transport", "tcp", live(kita))
        assert status != 0
        assert "401" in error


async def test_digest_is_offered_first_and_checked_to_the_letter(kita: RunningCamera) -> None:
    """Response, nonce, user and address all count."""
    async with client(kita, "/live/main") as found:
        found.authorization = None
        refused = await found.ask("DESCRIBE")
        assert refused.status == 401
        # The client's dictionary keeps the last of two: Basic comes second.
        assert refused.headers["www-authenticate"] == 'Basic realm="ONVIF"'

    async with client(kita, "/live/main") as found:
        text = f"DESCRIBE {found.url} RTSP/1.0\r\nCSeq: 1\r\n\r\n"
        found.writer.write(text.encode())
        head = (await found.reader.readuntil(b"\r\n\r\n")).decode()
        offers = [x for x in head.split("\r\n") if x.startswith("WWW-Authenticate")]
        assert offers[0].startswith("WWW-Authenticate: Digest")
        nonce = offers[0].partition('nonce="')[2].partition('"')[0]

        def digest(password: str, uri: str, nonce: str) -> str:
            def md5(text: str) -> str:
                return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

            secret = md5(f"viewer:ONVIF:{password}")
            response = md5(f"{secret}:{nonce}:{md5(f'DESCRIBE:{uri}')}")
            return (
                f'Digest username="viewer", realm="ONVIF", nonce="{nonce}", uri="{uri}", '
                f'response="{response}"'
            )

        for wrong in (
            digest("wrong", found.url, nonce),
            digest("viewer-pass", found.url, "0" * 32),
            digest("viewer-pass", found.url + "/elsewhere", nonce),
            digest("viewer-pass", found.url, nonce).replace("viewer", "nobody"),
            "Basic " + base64.b64encode(b"viewer:wrong").decode(),
            "Basic !",
            "Bearer x",
        ):
            found.authorization = wrong
            assert (await found.ask("DESCRIBE")).status == 401
        found.authorization = digest("viewer-pass", found.url, nonce)
        assert (await found.ask("DESCRIBE")).status == 200


async def test_describing_a_recording_maps_its_tracks(kita: RunningCamera) -> None:
    """ONVIF Streaming, "RTSP describe": a=x-onvif-track; sound only where it was recorded."""
    async with client(kita) as found:
        body = (await found.ask("DESCRIBE")).body
        assert "a=x-onvif-track:VIDEO001\r\n" in body
        assert "a=x-onvif-track:META001\r\n" in body
        assert "AUDIO001" not in body
        kita.set(audio=True)
        # What is shorter than a second never reaches the card.
        await until(lambda: any(x.end > x.start for x in kita.card.stretches("SD_1", audio=True)))
        body = (await found.ask("DESCRIBE")).body
        assert "a=x-onvif-track:AUDIO001\r\n" in body
        # What was recorded stays, whether the microphone is on now or not.
        kita.set(audio=False)
        assert "AUDIO001" in (await found.ask("DESCRIBE")).body


@pytest.mark.parametrize("codec", CODECS)
async def test_a_replay_is_what_was_recorded(start_station: Start, codec: str) -> None:
    """From the clean point at or before the start, up to the end, T on the last, then silence."""
    async with (
        one(start_station, camera_config("kita", codec=codec)) as kita,
        client(kita) as found,
    ):
        start = whole(kita.camera.now()) - timedelta(hours=30) + timedelta(milliseconds=700)
        end = start + timedelta(seconds=4.7)
        answer = await play(found, start, end)
        assert answer.status == 200
        packets = await found.media()
        # Silence, not the end of the connection.
        assert (await found.ask("OPTIONS")).status == 200

    # 4.7 s after .7 is .4: the pictures of .0 and .2 belong to the last second.
    expected = [whole(start) + at * SECOND / RATE for at in range(5 * RATE + 2)]
    assert [at for at, _ in units(packets)] == expected
    bits = [bits for _, bits in units(packets)]
    assert bits == ["C" if at % RATE == 0 else "" for at in range(5 * RATE + 1)] + ["T"]
    assert {packet.cseq for packet in packets if packet.at} == {found.cseq - 1 & 255}
    first = packets[0].sequence
    assert [x.sequence for x in packets] == [first + at & 0xFFFF for at in range(len(packets))]
    # One extension and one marker to an access unit; RTP time by the recording's clock.
    assert sum(packet.marker for packet in packets) == len(expected)
    ticks = [x.time - packets[0].time & 0xFFFFFFFF for x in packets if x.at is not None]
    assert ticks == [at * 90_000 // RATE for at in range(len(expected))]
    info = answer.headers["rtp-info"]
    assert f"seq={first};rtptime={packets[0].time}" in info
    data = stream(codec, packets)
    assert times(codec, data) == expected
    assert decode(codec, data) == len(expected)


async def test_a_gap_is_marked_on_both_sides(kita: RunningCamera) -> None:
    """E on the last before, D on the first after; RTP time goes on by the clock."""
    stretches = kita.card.stretches("SD_1")
    ends = datetime.fromtimestamp(stretches[0].end, UTC)
    goes_on = datetime.fromtimestamp(stretches[1].start, UTC)
    assert goes_on - ends == timedelta(minutes=2)
    async with client(kita) as found:
        await play(found, ends - 2 * SECOND, goes_on + 2 * SECOND)
        packets = await found.media()

    got = units(packets)
    assert len(got) == 4 * RATE
    assert got[2 * RATE - 1] == (ends - SECOND / RATE, "E")
    assert got[2 * RATE] == (goes_on, "CD")
    assert got[-1] == (goes_on + 2 * SECOND - SECOND / RATE, "T")
    assert [bits for _, bits in got].count("C") == 3
    ticks = next(packet.time for packet in packets if packet.at == goes_on) - packets[0].time
    assert ticks & 0xFFFFFFFF == (2 + 120) * 90_000


async def test_a_start_inside_a_gap_begins_behind_it_and_an_end_inside_is_the_end(
    kita: RunningCamera,
) -> None:
    """The first picture is not marked as a jump: nothing was sent before it."""
    goes_on = datetime.fromtimestamp(kita.card.stretches("SD_1")[1].start, UTC)
    async with client(kita) as found:
        answer = await play(found, goes_on - timedelta(minutes=1), goes_on + SECOND)
        assert answer.headers["range"].startswith(f"clock={goes_on:%Y%m%dT%H%M%SZ}-")
        assert units(await found.media())[0] == (goes_on, "C")
        ends = goes_on - timedelta(minutes=2)
        await found.ask(
            "PLAY",
            headers=FAST
            | {"Range": clock(ends - SECOND, ends + timedelta(minutes=1)), "Immediate": "yes"},
        )
        got = units(await found.media())
    assert got[0] == (ends - SECOND, "CD")
    assert got[-1] == (ends - SECOND / RATE, "ET")


async def test_the_end_of_a_dead_card_is_the_end_of_footage(kita: RunningCamera) -> None:
    """E and T on the very last picture, then silence; fixed, delivery goes on by itself."""
    kita.set(card=CardFault.DEAD_GREEN)
    end = kita.card.recordings()[0].latest
    assert end is not None
    async with client(kita) as found:
        await play(found, end - 2 * SECOND, None)
        got = units(await found.media())
        assert got[-1] == (end - SECOND / RATE, "ET")
        kita.set(card=CardFault.OK)
        packet = await found.packet(4)
        assert packet is not None
        assert packet.at is not None
        # Fixed within the second in which it died, the first picture is the one at the end.
        assert packet.at >= end
        assert packet.bits == ("C" if packet.at == end else "CD")


async def test_footage_is_followed_while_it_is_being_recorded(kita: RunningCamera) -> None:
    """No E on what happens to be the newest ("Currently recording footage"), and no jumps."""
    async with client(kita) as found:
        start = whole(kita.camera.now()) - 3 * SECOND
        await play(found, start, None)
        packets = []
        until = time.monotonic() + 3.5
        while time.monotonic() < until:
            if packet := await found.packet(0.2):
                packets.append(packet)
    got = units(packets)
    assert len(got) >= 5 * RATE
    assert [at for at, _ in got] == [start + at * SECOND / RATE for at in range(len(got))]
    assert {bits for _, bits in got} == {"C", ""}


async def test_only_clean_points_on_request(kita: RunningCamera) -> None:
    """Frames: intra, and with a least distance in milliseconds."""
    start = whole(kita.camera.now()) - timedelta(hours=3)
    async with client(kita) as found:
        await play(found, start, start + 6 * SECOND, Frames="intra")
        packets = await found.media()
        got = units(packets)
        assert [at for at, _ in got] == [start + at * SECOND for at in range(6)]
        assert [bits for _, bits in got] == ["C"] * 5 + ["CT"]
        assert decode("H264", stream("H264", packets)) == 6
        await found.ask(
            "PLAY",
            headers=FAST
            | {"Range": clock(start, start + 9 * SECOND), "Frames": "intra/4000"}
            | {"Immediate": "yes"},
        )
        got = units(await found.media())
        assert [at for at, _ in got] == [start, start + 4 * SECOND, start + 8 * SECOND]


async def test_rate_control_decides_who_sets_the_pace(kita: RunningCamera) -> None:
    """Without it a minute takes a moment; with it a second takes one, with Scale 4 a quarter."""
    start = whole(kita.camera.now()) - timedelta(hours=3)

    async def timed(found: Client, seconds: int, **headers: str) -> tuple[float, int]:
        wanted = {"Range": clock(start, start + seconds * SECOND), "Immediate": "yes"}
        began = time.monotonic()
        await found.ask("PLAY", headers=REPLAY | wanted | headers)
        count = 0
        while packet := await found.packet(PATIENCE):
            count += packet.at is not None
            if "T" in packet.bits:
                return time.monotonic() - began, count
        raise AssertionError("the end never came")

    async with client(kita) as found:
        await play(found, start, start + SECOND)
        await found.media(0.3)
        took, count = await timed(found, 60, **{"Rate-Control": "no"})
        assert count == 60 * RATE
        assert took < 50
        took, count = await timed(found, 2)
        assert count == 2 * RATE
        assert took > 1.7
        took, count = await timed(found, 12, Scale="4")
        assert count == 12 * RATE
        # Quicker than it was recorded, however busy the machine is.
        assert 2.6 < took < 11


async def test_a_slow_reader_is_waited_for_with_little_in_hand(start_station: Start) -> None:
    """Whole hours are asked for; what waits for the network stays below a few megabytes."""
    config = camera_config("kita")
    async with one(start_station, config) as kita, client(kita) as found:
        await play(found, kita.camera.now() - timedelta(hours=10), None)
        await asyncio.sleep(0.5)
        (connection,) = kita.rtsp.connections
        assert connection.backlog() < 4_000_000
        # Others are served meanwhile.
        async with client(kita, "/live/main") as other:
            assert (await other.ask("DESCRIBE")).status == 200


async def test_a_replay_needs_the_feature_tag_and_unknown_features_are_named(
    kita: RunningCamera,
) -> None:
    """RFC 2326 12.32: 551 with Unsupported."""
    async with client(kita) as found:
        setup = {"Transport": INTERLEAVED}
        assert (await found.ask("SETUP", "/video", headers=setup)).status == 400
        backchannel = "www.onvif.org/ver20/backchannel"
        answer = await found.ask("SETUP", "/video", headers=setup | {"Require": backchannel})
        assert (answer.status, answer.headers["unsupported"]) == (551, backchannel)
        assert (await found.ask("SETUP", "/video", headers=setup | REPLAY)).status == 200
        wanted = {"Range": clock(kita.camera.now() - timedelta(hours=1), None)}
        assert (await found.ask("PLAY", headers=wanted)).status == 400
        assert (await found.ask("PLAY", headers=wanted | REPLAY)).status == 200
    async with client(kita, "/live/main") as found:
        answer = await found.ask("SETUP", "/video", headers=setup | REPLAY)
        assert (answer.status, answer.headers["unsupported"]) == (551, "onvif-replay")


async def test_what_cannot_be_played_is_refused_and_the_session_lives_on(
    kita: RunningCamera,
) -> None:
    """Each in RTSP's own words."""
    now = whole(kita.camera.now())
    good = clock(now - 60 * SECOND, now - 55 * SECOND)
    async with client(kita) as found:
        await found.ask("SETUP", "/video", headers=REPLAY | {"Transport": INTERLEAVED})
        for headers, status in (
            ({"Range": clock(now + 60 * SECOND, None)}, 457),
            ({"Range": clock(now - timedelta(days=30), now - timedelta(days=29))}, 457),
            ({"Range": clock(now - SECOND, now - 2 * SECOND)}, 457),
            ({"Range": "npt=0-"}, 457),
            ({"Range": "clock=yesterday-"}, 400),
            ({"Range": "clock=20261340T000000Z-"}, 400),
            ({"Range": good, "Scale": "-1.0"}, 501),
            ({"Range": good, "Scale": "nan"}, 400),
            ({"Range": good, "Rate-Control": "maybe"}, 400),
            ({"Range": good, "Frames": "some"}, 451),
            ({"Range": good, "Session": "0"}, 454),
        ):
            assert (await found.ask("PLAY", headers=FAST | headers)).status == status, headers
        assert (await found.ask("PLAY", headers=FAST | {"Range": good})).status == 200
        assert len(units(await found.media())) == 5 * RATE


async def test_one_replay_at_a_time_until_it_is_torn_down_or_gone(kita: RunningCamera) -> None:
    """453 for the second; live pictures are not counted."""
    now = kita.camera.now()
    setup = REPLAY | {"Transport": INTERLEAVED}
    async with client(kita) as first, client(kita) as second:
        await play(first, now - timedelta(hours=1), now - timedelta(minutes=59))
        assert (await second.ask("SETUP", "/video", headers=setup)).status == 453
        async with client(kita, "/live/main") as other:
            plain = {"Transport": INTERLEAVED}
            assert (await other.ask("SETUP", "/video", headers=plain)).status == 200
        assert (await first.ask("TEARDOWN")).status == 200
        assert (await second.ask("SETUP", "/video", headers=setup)).status == 200
    # It was gone without a word.
    await until(lambda: not kita.rtsp.replays)
    async with client(kita) as third:
        assert (await third.ask("SETUP", "/video", headers=setup)).status == 200


async def test_pause_stops_and_play_goes_on_from_there(kita: RunningCamera) -> None:
    """Nothing is lost between the two but the rest of a second that is sent again."""
    start = whole(kita.camera.now()) - timedelta(hours=2)
    async with client(kita) as found:
        await play(found, start, start + 5 * SECOND, **{"Rate-Control": "yes"})
        played: list[Packet] = []
        while not (played and played[-1].at and played[-1].at > start + SECOND):
            packet = await found.packet()
            assert packet
            played.append(packet)
        assert (await found.ask("PAUSE")).status == 200
        before = units(played + await found.media())
        assert SECOND < before[-1][0] - start < 2 * SECOND
        assert (await found.ask("PLAY", headers=FAST)).status == 200
        after = units(await found.media())
    assert after[0] == (start + SECOND, "C")
    assert after[-1][0] == start + 5 * SECOND - SECOND / RATE


async def test_a_second_play_waits_its_turn_unless_it_is_immediate(kita: RunningCamera) -> None:
    """The extension tells by CSeq whose picture it is."""
    start = whole(kita.camera.now()) - timedelta(hours=2)
    async with client(kita) as found:
        await play(found, start, start + 2 * SECOND, **{"Rate-Control": "yes"})
        first = found.cseq & 255
        later = start + timedelta(minutes=10)
        await found.ask("PLAY", headers=FAST | {"Range": clock(later, later + SECOND)})
        packets = await found.media(2.5)
        got = [(packet.at, packet.cseq) for packet in packets if packet.at]
        assert [cseq for _, cseq in got] == [first] * 2 * RATE + [first + 1] * RATE
        assert got[2 * RATE][0] == later


async def test_an_immediate_play_cuts_the_first_off(kita: RunningCamera) -> None:
    """What was sent before its answer is of the old passage, the first picture behind it bears D and the new CSeq."""
    start = whole(kita.camera.now()) - timedelta(hours=2)
    later = start + timedelta(minutes=10)
    async with client(kita) as found:
        await play(found, start, start + HOUR)
        answer = await found.ask("PLAY", headers=jump_to(later))
        assert answer.status == 200
        number = found.cseq & 255
        got = [packet for packet in await found.media() if packet.at]
        new = [packet for packet in got if packet.cseq == number]
        assert [packet.at for packet in new] == [
            later + index * SECOND / RATE for index in range(2 * RATE)
        ]
        assert got[-len(new) :] == new
        assert "D" in new[0].bits
        assert not any("D" in packet.bits for packet in new[1:])


def jump_to(start: datetime) -> dict[str, str]:
    """Return the headers of a PLAY for two seconds, at once."""
    return FAST | {"Range": clock(start, start + 2 * SECOND), "Immediate": "yes"}


@pytest.mark.parametrize(
    ("quirk", "status"), [(Quirk.JUMP_REFUSED, 455), (Quirk.JUMP_UNAVAILABLE, 503)]
)
async def test_cameras_that_refuse_another_play(
    start_station: Start, quirk: Quirk, status: int
) -> None:
    """The first is played as by any other."""
    station = await start_station(camera_config(quirks=frozenset({quirk})))
    running = next(iter(station.cameras.values()))
    start = whole(running.camera.now()) - timedelta(hours=2)
    async with client(running) as found:
        assert (await play(found, start, start + SECOND)).status == 200
        assert (await found.ask("PLAY", headers=jump_to(start))).status == status


@pytest.mark.parametrize(
    ("quirk", "seconds"),
    [
        # From where the old passage ends; from the beginning of the recording; a day later than it was.
        (Quirk.JUMP_IGNORED, lambda start, _first: start + SECOND),
        (Quirk.JUMP_RESTARTS, lambda _start, first: first),
        (Quirk.JUMP_ELSEWHERE, lambda start, _first: start + HOUR + timedelta(days=1)),
        (Quirk.JUMP_RENUMBERS, lambda start, _first: start + HOUR),
        (Quirk.REPLAY_WITHOUT_HINTS, lambda start, _first: start + HOUR),
    ],
)
async def test_cameras_that_play_something_else_or_otherwise(
    start_station: Start, quirk: Quirk, seconds: Callable[[datetime, datetime], datetime]
) -> None:
    """They agree to another passage."""
    station = await start_station(camera_config(quirks=frozenset({quirk})))
    running = next(iter(station.cameras.values()))
    earliest = running.card.recordings()[0].earliest
    assert earliest is not None
    start = whole(running.camera.now()) - timedelta(hours=2)
    async with client(running) as found:
        await play(found, start, start + SECOND)
        await found.media()
        answer = await found.ask("PLAY", headers=jump_to(start + HOUR))
        assert answer.status == 200
        while (packet := await found.packet()) is None or not packet.at:
            pass
        assert packet.at == seconds(start, earliest)
        if quirk is Quirk.REPLAY_WITHOUT_HINTS:
            assert (packet.cseq, "D" in packet.bits) == (0, False)
        if quirk is Quirk.JUMP_RENUMBERS:
            assert f"seq={packet.sequence};" not in answer.headers["rtp-info"]


@pytest.mark.parametrize(
    ("quirk", "expected"), [(None, set[str]()), (Quirk.UNREADABLE_GARBAGE, {"C"})]
)
async def test_an_unreadable_card_gives_no_picture_from_when_it_broke(
    start_station: Start, quirk: Quirk | None, expected: set[str]
) -> None:
    """The index goes on, replay does not: nothing comes, or rubbish that no decoder takes."""
    quirks = frozenset({quirk} if quirk else ())
    async with (
        one(start_station, camera_config("kita", quirks=quirks)) as kita,
        client(kita) as found,
    ):
        kita.set(card=CardFault.UNREADABLE)
        broke = whole(kita.camera.now())
        await until(lambda: (at := kita.card.recordings()[0].latest) and at >= broke + 2 * SECOND)
        answer = await play(found, broke - SECOND, broke + 2 * SECOND)
        assert answer.status == 200
        packets = await found.media()
    good = [packet for packet in packets if times("H264", stream("H264", [packet]))]
    assert len(good) == RATE
    assert {bits for at, bits in units(packets) if at >= broke} == expected
    if expected:
        first = next(i for i, x in enumerate(packets) if x.at is not None and x.at >= broke)
        with pytest.raises(av.FFmpegError):
            decode("H264", stream("H264", packets[first:]))


async def test_a_connection_is_cut_in_mid_stream(kita: RunningCamera) -> None:
    """After so many seconds of media, live or not."""
    kita.set(drop_after=1.0)
    start = kita.camera.now() - timedelta(hours=2)
    async with client(kita) as found:
        await play(found, start, None)
        assert len(units(await found.until_cut())) <= RATE
    async with client(kita, "/live/main") as found:
        await found.ask("SETUP", "/video", headers={"Transport": INTERLEAVED})
        await found.ask("PLAY")
        assert sum(packet.marker for packet in await found.until_cut()) <= 2 * RATE


async def test_a_silent_camera_takes_connections_and_says_nothing(kita: RunningCamera) -> None:
    """Fixed, it answers again."""
    kita.set(silent=True)
    async with client(kita) as found:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await found.ask("OPTIONS")
    kita.set(silent=False)
    async with client(kita) as found:
        assert (await found.ask("OPTIONS")).status == 200


async def test_without_a_card_there_is_nothing_to_replay(kita: RunningCamera) -> None:
    """404 for what is not listed; live pictures go on."""
    kita.set(card=CardFault.REMOVED)
    async with client(kita) as found:
        assert (await found.ask("DESCRIBE")).status == 404
    async with client(kita, "/replay/SD_2") as found:
        assert (await found.ask("DESCRIBE")).status == 404
    assert (await ffprobe(live(kita)))["streams"]


@pytest.mark.parametrize(
    ("quirk", "check"),
    [
        (Quirk.REPLAY_IGNORES_RANGE_END, lambda got: len(units(got)) > 10 * RATE),
        (Quirk.REPLAY_IGNORES_RATE_CONTROL, lambda got: len(units(got)) < 2 * RATE),
        (Quirk.REPLAY_WITHOUT_EXTENSION, lambda got: got and not units(got)),
    ],
)
async def test_quirks_of_real_cameras(
    start_station: Start, quirk: Quirk, check: Callable[[list[Packet]], bool]
) -> None:
    """Five seconds are asked for, as fast as possible, and half a second is looked at, or what a busy machine takes for it."""
    config = camera_config("kita", quirks=frozenset({quirk}))
    async with one(start_station, config) as kita, client(kita) as found:
        start = kita.camera.now() - timedelta(hours=2)
        await play(found, start, start + 5 * SECOND)
        got: list[Packet] = []
        begun = time.monotonic()
        while (passed := time.monotonic() - begun) < 0.5 or not check(got):
            assert passed < PATIENCE
            if packet := await found.packet(0.1):
                got.append(packet)


async def test_sound_and_metadata_are_replayed_in_the_order_of_their_times(
    kita: RunningCamera,
) -> None:
    """Tracks of one PLAY are multiplexed as recorded."""
    kita.set(audio=True)
    begins = whole(kita.camera.now()) + SECOND
    await until(lambda: kita.camera.now() >= begins + 2 * SECOND)
    async with client(kita) as found:
        for number, kind in enumerate(("video", "audio", "metadata")):
            transport = f"RTP/AVP/TCP;unicast;interleaved={number * 2}-{number * 2 + 1}"
            answer = await found.ask("SETUP", f"/{kind}", headers=REPLAY | {"Transport": transport})
            assert answer.status == 200
        await found.ask("PLAY", headers=FAST | {"Range": clock(begins, begins + SECOND)})
        packets = await found.media()
    assert [sum(1 for x in packets if x.at and x.channel == c) for c in (0, 2, 4)] == [RATE, 50, 1]
    stamps = [packet.at for packet in packets if packet.at and packet.channel == 2]
    assert stamps == [begins + at * SECOND / 50 for at in range(50)]
    assert all(len(packet.payload) == 160 for packet in packets if packet.channel == 2)
    ticks = [packet.time for packet in packets if packet.channel == 2]
    assert {b - a & 0xFFFFFFFF for a, b in pairwise(ticks)} == {160}
    order = [packet.at for packet in packets if packet.at]
    # A picture comes before the sound and the metadata that begin with it or after it.
    assert all(b - a > -SECOND / RATE for a, b in pairwise(order))
    assert kita.rtsp.setups == ["replay/SD_1/video", "replay/SD_1/audio", "replay/SD_1/metadata"]


async def test_nonsense_is_answered_or_hung_up_on_and_harms_nobody(kita: RunningCamera) -> None:
    """Garbage, floods, unknown methods and versions."""
    for text, answer in (
        (b"HELLO\r\n\r\n", b"RTSP/1.0 400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"RTSP/1.0 400"),
        (b"OPTIONS * RTSP/2.0\r\nCSeq: 1\r\n\r\n", b"RTSP/1.0 505"),
        (b"OPTIONS * RTSP/1.0\r\n\r\n", b"RTSP/1.0 400"),
        (b"RECORD * RTSP/1.0\r\nCSeq: 1\r\n\r\n", b"RTSP/1.0 501"),
        (b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 99999999\r\n\r\n", b"RTSP/1.0 413"),
        (b"OPTIONS * RTSP/1.0\r\nX: " + b"x" * 100_000, b""),
        (b"\xff\xfe\0\1\r\n\r\n", b"RTSP/1.0 400"),
    ):
        async with client(kita) as found:
            found.writer.write(text)
            got = b""
            try:
                async with asyncio.timeout(PATIENCE):
                    got = await found.reader.read(12)
            except ConnectionError:
                pass
            assert got == answer, text
    async with client(kita) as found:
        udp = {"Transport": "RTP/AVP;unicast;client_port=5000-5001"} | REPLAY
        assert (await found.ask("SETUP", "/video", headers=udp)).status == 461
        assert (await found.ask("SETUP", "/nothing", headers=udp)).status == 404
        assert (await found.ask("OPTIONS")).status == 200


async def test_live_reports_tie_rtp_time_to_the_cameras_clock(kita: RunningCamera) -> None:
    """RFC 3550 6.4.1: the sender report's NTP time and RTP time are the same moment."""
    async with client(kita, "/live/main") as found:
        await found.ask("SETUP", "/video", headers={"Transport": INTERLEAVED})
        await found.ask("PLAY")
        assert await found.reader.readexactly(2) == b"$\1"
        data = await found.reader.readexactly(int.from_bytes(await found.reader.readexactly(2)))
        head, kind, words, _, seconds, _, stamp = struct.unpack(">BBHIIII", data[:20])
        assert (head, kind, words) == (0x80, 200, 6)
        # A report never goes alone (RFC 3550 6.1).
        assert data[28:30] == b"\x81\xca"
        packet = await found.packet()
        assert packet is not None
        assert packet.time == stamp
        at = datetime.fromtimestamp(seconds - 2_208_988_800, UTC)
        assert abs(at - kita.camera.now()) < 2 * SECOND


async def test_a_clock_that_is_set_shows_in_the_pictures_and_not_in_the_rtp_time(
    kita: RunningCamera,
) -> None:
    """The picture jumps to a clean point of the new time; RTP time goes on evenly (RFC 3550 5.1)."""
    async with client(kita, "/live/main") as found:
        await found.ask("SETUP", "/video", headers={"Transport": INTERLEAVED})
        await found.ask("PLAY")
        packets = [await found.packet() for _ in range(20)]
        kita.set(clock_offset=3600.0)
        packets += [await found.packet() for _ in range(40)]
    media = [packet for packet in packets if packet is not None]
    stamps = times("H264", stream("H264", media))
    jumps = [later - at for at, later in pairwise(stamps) if later - at != SECOND / RATE]
    assert len(jumps) == 1
    assert abs(jumps[0] - timedelta(hours=1)) <= SECOND
    steps = {later.time - at.time & 0xFFFFFFFF for at, later in pairwise(media)}
    assert steps == {0, 90_000 // RATE}


async def test_a_session_lives_as_long_as_it_is_fed(
    kita: RunningCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By requests or RTCP; then it is freed for the next one."""
    monkeypatch.setattr(rtsp, "SESSION_TIMEOUT", 4.0)
    async with client(kita) as found:
        answer = await found.ask(
            "SETUP", "/video", headers=REPLAY | {"Transport": INTERLEAVED, "Session": ""}
        )
        assert answer.headers["session"].endswith(";timeout=4")
        # Receiver reports (RFC 3550 6.4.2) until it had ended without them, then a request.
        for _ in range(7):
            await asyncio.sleep(0.7)
            found.writer.write(b"$\1\0\x08" + struct.pack(">BBHI", 0x80, 201, 1, 7))
        assert (await found.ask("GET_PARAMETER")).status == 200
        assert kita.rtsp.replays
        await until(lambda: not kita.rtsp.replays)
        assert await found.until_cut() == []


async def test_stopping_leaves_nothing_behind(kita: RunningCamera) -> None:
    """Connections are cut, sessions freed; the camera can be started again."""
    async with client(kita) as found:
        await play(found, kita.camera.now() - timedelta(hours=5), None)
        await kita.rtsp.stop()
        await found.until_cut()
        await kita.rtsp.start()
    async with client(kita) as found:
        setup = REPLAY | {"Transport": INTERLEAVED}
        assert (await found.ask("SETUP", "/video", headers=setup)).status == 200
