"""What a session sends: the live picture, or what was recorded (ONVIF Streaming specification, "Playback")."""

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
import functools
import math
import os
from typing import Protocol

from .camera import Quirk, VirtualCamera
from .card import Card, Stretch
from .rtp import (
    AUDIO_CLOCK,
    AUDIO_PACKETS,
    AUDIO_SAMPLES,
    CLEAN_POINT,
    CONTIGUOUS_END,
    DISCONTINUITY,
    TERMINAL,
    VIDEO_CLOCK,
    Second,
    Track,
    cut_second,
    fragments,
    replay_extension,
    tone,
)
from .signed_stream import SignedStream
from .temper import tempered
from .video import SECONDS, Loop

# A live viewer who takes nothing: pictures are left out up to the next clean point from here on.
_LIVE_BACKLOG = 2 * 1024 * 1024
_REPORT_SECONDS = 5.0
# How often a replay that has caught up looks for new data: the card gets one group a second.
_LOOK_AGAIN = 0.1

# The rest of a packet whose beginning nobody sent, with what begins like one inside.
_STRAY = b"\x13\x37\x00rest$\x00of a packet\xff$\x01"

_tone = functools.cache(tone)


class Dropped(Exception):
    """The connection is to be cut on purpose: at once, or with `flush` once all that was sent has left."""

    def __init__(self, *, flush: bool = False) -> None:
        """Say how."""
        super().__init__()
        self.flush = flush


class Wire(Protocol):
    """Where packets go."""

    def write(self, data: bytes) -> None:
        """Queue whole interleaved packets."""

    async def drain(self) -> None:
        """Wait until the network has taken enough."""

    def backlog(self) -> int:
        """Return how many bytes wait for the network."""


@dataclass(kw_only=True)
class Outlet:
    """A session's way out: its tracks, and the faults that sit between them and the network."""

    camera: VirtualCamera
    wire: Wire
    tracks: dict[str, Track] = field(default_factory=dict)
    # Media sent so far.
    seconds: float = 0.0
    pictures: int = 0
    octets: int = 0
    stalled: bool = False

    def send(self, data: bytes, seconds: float = 0.0, pictures: int = 0) -> None:
        """Send packets that last so many seconds. Raises Dropped when the connection is to be cut now."""
        faults = self.camera.faults
        if faults.drop_after is not None and self.seconds >= faults.drop_after:
            raise Dropped
        if faults.drop_after_pictures is not None and self.pictures >= faults.drop_after_pictures:
            raise Dropped(flush=True)
        if faults.drop_after_bytes is not None:
            room = max(0, int(faults.drop_after_bytes) - self.octets)
            if room < len(data):
                self.octets += room
                self.wire.write(data[:room])
                raise Dropped(flush=True)
        self.seconds += seconds
        self.pictures += pictures
        self.octets += len(data)
        if data and not faults.silent:
            self.wire.write(data)


class Live:
    """The live picture of one profile, from the last clean point on, by the camera's clock."""

    def __init__(self, outlet: Outlet, loop: Loop, signed: SignedStream | None = None) -> None:
        """Prepare; the camera's clock is followed whenever it is set."""
        self._outlet = outlet
        self._signed = signed
        # The second that is being sent, and how often a synchronization point had been asked for when it began.
        self._signed_second: Second | None = None
        self._sync_requests = 0
        self._camera = outlet.camera
        self._loop = loop
        self._rate = loop.spec.frame_rate
        # RTP times go on evenly, whatever the camera's clock does (RFC 3550 5.1).
        self._sent = 0
        self._anchor()

    def _anchor(self) -> None:
        """Begin at the clean point before what the clock shows now."""
        now = self._camera.now().timestamp()
        self._offset = self._camera.faults.clock_offset
        self._second = int(now // 1)
        self._unit = 0
        # The event loop's time at which the epoch began: pictures go on while a test holds the clock.
        self._zero = asyncio.get_running_loop().time() - now

    @property
    def ticks(self) -> dict[str, int]:
        """Return the next RTP time of each track since the media's zero."""
        return {
            kind: self._sent * track.clock // self._rate
            for kind, track in self._outlet.tracks.items()
        }

    async def run(self) -> None:
        """Send until cancelled. Raises Dropped."""
        loop = asyncio.get_running_loop()
        report_at = 0.0
        skipping = False
        while True:
            if self._camera.faults.clock_offset != self._offset:
                self._anchor()
            due = self._zero + self._second + self._unit / self._rate
            wait = due - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            elif wait < -2:
                # The machine was held up: a camera leaves pictures out rather than lag for good.
                self._anchor()
            if loop.time() >= report_at:
                report_at = loop.time() + _REPORT_SECONDS
                self._report()
            if self._unit == 0:
                skipping = self._outlet.wire.backlog() > _LIVE_BACKLOG
            skipping = skipping or self._outlet.wire.backlog() > 2 * _LIVE_BACKLOG
            self._outlet.send(b"" if skipping else self._packets(), 1 / self._rate, 1)
            self._sent += 1
            self._unit += 1
            if self._unit == self._rate:
                self._unit, self._second = 0, self._second + 1
            if wait <= 0:
                # Whoever catches up lets the others have their turn.
                await asyncio.sleep(0)

    def _packets(self) -> bytes:
        out = b""
        if video := self._outlet.tracks.get("video"):
            out = self._cut_second().render(
                video,
                self._second,
                self._rate,
                self._unit,
                self._unit + 1,
                ticks=self._sent * VIDEO_CLOCK // self._rate,
                tick_step=VIDEO_CLOCK / self._rate,
            )
            out = tempered(self._camera, out, video.channel)
        # Switched off while it is being listened to, a microphone falls silent at once.
        if (audio := self._outlet.tracks.get("audio")) and self._camera.faults.audio:
            for number in range(*_audio_between(self._sent, self._rate)):
                out += audio.packet(_sound(number), number * AUDIO_SAMPLES, last=self._sent == 0)
        return out

    def _cut_second(self) -> Second:
        if self._signed is None:
            return cut_second(self._loop, self._second, extension=False)
        if self._unit == 0 or self._signed_second is None:
            requests, begins = self._camera.sync_requests, self._signed_second is None
            self._signed_second = self._signed.second(
                self._second,
                lambda _: self._loop,
                begins=begins,
                asked=requests != self._sync_requests and not begins,
                extension=False,
            )
            self._sync_requests = requests
        return self._signed_second

    def _report(self) -> None:
        at = datetime.fromtimestamp(self._second, UTC) + timedelta(seconds=self._unit / self._rate)
        ticks = self.ticks
        self._outlet.send(
            b"".join(
                track.sender_report(at, ticks[kind], self._camera.config.serial)
                for kind, track in self._outlet.tracks.items()
            )
        )


@dataclass(kw_only=True)
class Play:
    """One PLAY of a replay: from a second of the epoch to a moment, in camera time."""

    start: int
    # Exclusive; None: on and on.
    end: float | None
    paced: bool
    scale: float
    # Clean points only, not closer than this many seconds; None: every picture.
    intra: float | None
    cseq: int
    # Another PLAY was cut off by this one: its first access unit follows nothing.
    discontinuity: bool = False
    # Seconds by which its pictures are stamped wrongly.
    stamped_by: int = 0


class Replay:
    """Sends what was recorded, one PLAY after the other; silent at the end of what there is."""

    def __init__(
        self,
        outlet: Outlet,
        card: Card,
        recording: str,
        loop: Loop,
        first: Play,
        *,
        earlier: Loop | None,
        sub: Loop,
        signed: SignedStream | None = None,
    ) -> None:
        """Prepare the first PLAY; `earlier` is what was seen before the picture's size was changed."""
        self._outlet = outlet
        self._signed = signed
        self._camera = outlet.camera
        self._card = card
        self._recording = recording
        self._loop = loop
        self._earlier = earlier or loop
        self._sub = sub
        self._rate = loop.spec.frame_rate
        # When the card has given the next piece, by the event loop's clock.
        self._given_at = 0.0
        self.queue = deque([first])
        # The second that comes next, where a PAUSE stops.
        self.position = first.start
        self.playing = first
        # It goes on behind the end of what was asked for.
        self.endless = False

    async def run(self) -> None:
        """Send until cancelled; the end is silence, never a closed connection. Raises Dropped."""
        while True:
            while self.queue:
                await self._play(self.queue.popleft())
            if self.endless:
                await self._play(replace(self.playing, start=self.position, end=None))
            await asyncio.sleep(_LOOK_AGAIN)

    async def _play(self, play: Play) -> None:
        self.playing = play
        self.position = play.start
        pace = _Pace(play)
        discontinuity = play.discontinuity
        previous_intra: int | None = None
        end = None if self._camera.has(Quirk.REPLAY_IGNORES_RANGE_END) else play.end
        sent = False
        if self._camera.faults.replay_silence:
            await asyncio.sleep(self._camera.faults.replay_silence)
        while end is None or self.position < end:
            if self.position == self._camera.faults.replay_breaks_at:
                raise Dropped(flush=True)
            stretch = self._card.stretch_at(self._recording, self.position)
            if stretch is None:
                # Should recording go on, so does delivery ("End of footage").
                if not self._card.writing and self.queue:
                    return
                await asyncio.sleep(_LOOK_AGAIN)
                continue
            if stretch.start > self.position:
                if end is not None and stretch.start >= end:
                    return
                discontinuity = discontinuity or sent
                self.position = stretch.start
            second = self.position
            units = self._rate
            if end is not None:
                # A picture belongs to the range when its moment does.
                units = self._decoded(
                    second, min(units, max(1, math.ceil((end - second) * self._rate - 1e-3)))
                )
            bits = self._last_bits(stretch, second, units, end, play)
            if play.intra is not None:
                near = previous_intra is not None and second - previous_intra < play.intra
                if near and not bits:
                    if play.paced:
                        await pace.wait(0.0, second)
                    self.position += 1
                    continue
                previous_intra = second
                units = 1
            if discontinuity:
                bits[0] = bits.get(0, 0) | DISCONTINUITY
                discontinuity = False
            if self._card.readable(self._recording, second):
                begins = second == stretch.start
                await self._second(second, units, bits, play, pace, begins=begins)
                sent = True
            else:
                await self._spoilt(second, play, pace)
            self.position += 1

    def _decoded(self, second: int, shown: int) -> int:
        """Return how many pictures of a second, in decoding order, the first so many that are shown take."""
        loop = self._loop_at(second)
        at = second % SECONDS * self._rate
        order = [unit.shown for unit in loop.units[at : at + self._rate]]
        return 1 + max(place for place, number in enumerate(order) if number < shown)

    def _last_bits(
        self, stretch: Stretch, second: int, units: int, end: float | None, play: Play
    ) -> dict[int, int]:
        """Return E and T by unit of this second."""
        bits = 0
        # While the recorder runs nobody knows which picture will have been the last ("Currently recording footage").
        at_end = second + 1 == stretch.end and not stretch.growing
        if at_end and (units == self._rate or play.intra is not None):
            bits = CONTIGUOUS_END
            later = self._card.stretch_at(self._recording, stretch.end)
            if later is None or (end is not None and later.start >= end):
                bits |= TERMINAL
        if end is not None and second + 1 >= end:
            bits |= TERMINAL
        return {0 if play.intra is not None else units - 1: bits} if bits else {}

    def _loop_at(self, second: int) -> Loop:
        return self._earlier if self._card.resized_after(second) else self._loop

    def _cut_second(self, second: int, *, begins: bool) -> Second:
        extension = not self._camera.has(Quirk.REPLAY_WITHOUT_EXTENSION)
        if self._signed is None:
            return cut_second(self._loop_at(second), second, extension=extension)
        asked = second in self._camera.sync_points
        return self._signed.second(
            second, self._loop_at, begins=begins, asked=asked, extension=extension
        )

    async def _second(
        self,
        second: int,
        units: int,
        bits: dict[int, int],
        play: Play,
        pace: _Pace,
        *,
        begins: bool,
    ) -> None:
        """Send one second: at once when only the network limits it, picture by picture otherwise."""
        others = self._outlet.tracks.keys() - {"video"}
        faults = self._camera.faults
        exactly = faults.drop_after_pictures is not None or (faults.replay_speed or 8) < 8
        step = units if not play.paced and not others and not exactly else 1
        for unit in range(0, units, step):
            if play.paced:
                await pace.wait(1.0 if play.intra is not None else unit / self._rate, second)
            ticks = pace.ticks(second, unit, self._rate)
            out = b""
            if video := self._outlet.tracks.get("video"):
                out = self._cut_second(second, begins=begins).render(
                    video,
                    second,
                    self._rate,
                    unit,
                    unit + step,
                    ticks=ticks,
                    tick_step=VIDEO_CLOCK / self._rate / pace.scale,
                    bits={at: value for at, value in bits.items() if unit <= at < unit + step},
                    cseq=play.cseq,
                )
            if others:
                out += self._others(second, unit, bits.get(unit, 0), play, pace)
            if video is not None:
                out = tempered(self._camera, out, video.channel, stamped_by=play.stamped_by)
            await self._card_gives(step / self._rate)
            if unit == 0 and self._camera.has(Quirk.RTSP_STRAY_BYTES):
                self._outlet.send(_STRAY)
            self._outlet.send(out, step / self._rate, step)
            await self._outlet.wire.drain()
        # drain() returns at once as long as there is room: the rest of the station has its turn too.
        await asyncio.sleep(0)

    async def _card_gives(self, seconds: float) -> None:
        """Wait until a slow card has given so many seconds of footage, and where it stalls."""
        faults = self._camera.faults
        if (
            faults.stall_after is not None
            and not self._outlet.stalled
            and self._outlet.seconds >= faults.stall_after
        ):
            self._outlet.stalled = True
            await asyncio.sleep(faults.stall_seconds)
        if faults.replay_speed is not None:
            now = asyncio.get_running_loop().time()
            self._given_at = max(self._given_at, now - 0.1) + seconds / max(
                faults.replay_speed, 0.01
            )
            await asyncio.sleep(max(0.0, self._given_at - now))

    def _others(self, second: int, unit: int, bits: int, play: Play, pace: _Pace) -> bytes:
        """Return second video, sound and metadata that belong with this picture, in the order of their times."""
        out = b""
        extended = not self._camera.has(Quirk.REPLAY_WITHOUT_EXTENSION)
        if second_video := self._outlet.tracks.get("video2"):
            out += cut_second(self._sub, second, extension=extended).render(
                second_video,
                second,
                self._rate,
                unit,
                unit + 1,
                ticks=pace.ticks(second, unit, self._rate),
                tick_step=VIDEO_CLOCK / self._rate / pace.scale,
                bits={unit: bits} if bits else None,
                cseq=play.cseq,
            )
        start = datetime.fromtimestamp(second, UTC)
        if (audio := self._outlet.tracks.get("audio")) and self._has_audio(second):
            first, last = _audio_between(unit, self._rate)
            for number in range(first, last):
                at = start + timedelta(seconds=number / AUDIO_PACKETS)
                ticks = pace.ticks(second, number, AUDIO_PACKETS) * AUDIO_CLOCK // VIDEO_CLOCK
                more = bits if number == last - 1 else 0
                extension = replay_extension(at, CLEAN_POINT | more, play.cseq)
                out += audio.packet(
                    _sound(number), ticks, extension if extended else b"", last=False
                )
        if (metadata := self._outlet.tracks.get("metadata")) and unit == 0:
            extension = replay_extension(start, CLEAN_POINT | bits, play.cseq)
            out += metadata.packet(
                _metadata(start),
                pace.ticks(second, 0, 1),
                extension if extended else b"",
                last=True,
            )
        return out

    def _has_audio(self, second: int) -> bool:
        return any(
            stretch.start <= second < stretch.end
            for stretch in self._card.stretches(self._recording, audio=True)
        )

    async def _spoilt(self, second: int, play: Play, pace: _Pace) -> None:
        """Let a second pass that the index knows and the card has lost: no packets, or packets of rubbish."""
        if play.paced:
            await pace.wait(1.0, second)
        video = self._outlet.tracks.get("video")
        if video is not None and self._camera.has(Quirk.UNREADABLE_GARBAGE):
            # Rightly framed and typed as an IDR slice, but what is inside was never a picture.
            head = b"\x65" if self._loop.spec.codec == "H264" else b"\x26\x01"
            nal = head + os.urandom(4000).replace(b"\0", b"\1")
            parts = fragments(self._loop.spec.codec, nal)
            at = datetime.fromtimestamp(second, UTC)
            for number, part in enumerate(parts):
                extension = replay_extension(at, CLEAN_POINT, play.cseq) if number == 0 else b""
                packet = video.packet(
                    part, pace.ticks(second, 0, 1), extension, last=number == len(parts) - 1
                )
                self._outlet.send(packet)
        self._outlet.send(b"", 1.0)
        await self._outlet.wire.drain()
        await asyncio.sleep(0)


class _Pace:
    """When things are due, and which RTP time they get, in one PLAY."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self.scale = play.scale if play.paced else 1.0
        self._started = asyncio.get_running_loop().time()
        self._last: int | None = None
        # Media seconds sent before the current one, gaps left out.
        self._before = -1

    async def wait(self, part: float, second: int) -> None:
        """Wait for a moment of that second; with Scale 2 it comes twice as early."""
        if second != self._last:
            self._last = second
            self._before += 1
        # A clean point alone stands for its second from the beginning.
        part = 0.0 if self._play.intra is not None else part
        due = self._started + (self._before + part) / self.scale
        await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))

    def ticks(self, second: int, number: int, rate: int) -> int:
        """Return the RTP time, in the video's clock, of the moment `number / rate` of that second.

        Without rate control it follows the recording's times, gaps included; with it, the times of delivery.
        """
        if not self._play.paced:
            return second * VIDEO_CLOCK + number * VIDEO_CLOCK // rate
        delivered = (max(0, self._before) + number / rate) / self.scale
        return self._play.start * VIDEO_CLOCK + int(delivered * VIDEO_CLOCK)


def _audio_between(picture: int, rate: int) -> tuple[int, int]:
    """Return which audio packets belong with a picture: from its time to the next one's."""
    return -(-picture * AUDIO_PACKETS // rate), -(-(picture + 1) * AUDIO_PACKETS // rate)


def _sound(number: int) -> bytes:
    at = number % AUDIO_PACKETS * AUDIO_SAMPLES
    return _tone()[at : at + AUDIO_SAMPLES]


def _metadata(at: datetime) -> bytes:
    """Return an empty metadata document (ONVIF Analytics specification, tt:MetadataStream)."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema">'
        f'<tt:VideoAnalytics><tt:Frame UtcTime="{at:%Y-%m-%dT%H:%M:%SZ}"/></tt:VideoAnalytics></tt:MetadataStream>'
    ).encode()
