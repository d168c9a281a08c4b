"""Recorded footage from a camera's card (ONVIF Streaming specification, "Playback").

The way in is `replay`; times are the camera's own, in and out.
"""

import asyncio
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import StrEnum
import math
from types import TracebackType
from typing import Self

from ..device.errors import (
    CameraAnswerInvalid,
    CameraError,
    CameraOperationUnsupported,
    CameraUnreachable,
)
from ..device.model import Credential
from ..device.quirks import Quirk, Quirks
from .crossing import LEAD_IN, Crossing
from .depacketize import START_CODE, AccessUnit, Depacketizer, depacketizer_for
from .errors import JumpFailure, JumpRefused, ReplayBroken
from .picture_times import MAX_LEAD, MAX_REORDERED
from .rtsp import RtspConnection, Sink, Tls
from .sdp import MediaDescription

__all__ = ["AccessUnit", "Replay", "ReplayEnd", "replay"]

# A stream that stops this close to the end that was asked for has been given in full.
NEAR_END = timedelta(seconds=2)
# Keep-alives are sent at a third of the camera's session timeout, within these bounds (seconds): one that
# is refused for a stale nonce leaves time for the next.
KEEP_ALIVE_BOUNDS = (1.0, 20.0)
# How often a camera that sends nothing more is asked whether it lives.
ALIVE_TRIES = 3
# Pictures that may be sent before an earlier one that refers to them (H.264 A.3.1, H.265 A.4: the largest
# decoded picture buffer).
MAX_AHEAD = 16
# No camera records more pictures a second; one that sends more repeats itself, or its clock stands.
MAX_RATE = 240
# How long a picture that may be whole waits for more of it, once nothing comes (seconds).
HOLD = 0.25
# The last of what was asked for, where the camera says that it is.
HOLD_LAST = 0.01
# How long a camera may search its card before the first picture: 6 s and more were seen (seconds).
PATIENCE = 30.0
# How long a jump within the session may take up to its first picture (seconds), and what of the old passage may come
# before: some 25 s at 20 Mbit/s, more than is ever on its way.
JUMP_PATIENCE = 5.0
MAX_STALE = 64 * 1024 * 1024
# What came less than so long ago is still coming (seconds).
_FLOWING = 1.0
# A camera that agreed to a jump may search its card for so many times the patience.
_SEARCHING = 3
# A connection that nobody read for so long (seconds) may have ended in this time.
_RESTED = 5.0
# A jump that leads this far behind what was asked for is not believed.
_MAX_LATE = timedelta(seconds=2)
# Silence in front of the first picture that is worth a mention (seconds).
_LATE = 5.0


class ReplayEnd(StrEnum):
    """Why a replay ended in good order."""

    # A picture later than the end that was asked for.
    PASSED = "passed"
    # The camera said so: T bit, or RTCP BYE.
    TERMINAL = "terminal"
    # The camera is alive but sends nothing more, as the specification has it.
    SILENT = "silent"
    # The camera closed the connection within NEAR_END of the end.
    CLOSED = "closed"


async def replay(
    url: str,
    credential: Credential,
    start: datetime,
    end: datetime,
    *,
    paced: bool = False,
    intra_only: bool = False,
    idle_timeout: float = 5,
    timeout: float = 10,
    patience: float = PATIENCE,
    stays: bool = False,
    tls: Tls | None = None,
    quirks: Quirks | None = None,
) -> Replay:
    """Open the replay of a recording from `start` to `end` (aware; the camera's clock).

    The first unit is a clean point at or before `start`, so that it can be decoded: units before
    `start` are given out too and known by their `at`. One later than `end` comes only where one that is
    not refers to it (B pictures are sent after what they refer to). `paced` asks for the
    speed of the recording instead of as fast as possible, `intra_only` for clean points only.
    `idle_timeout` (seconds without a picture) has to exceed the distance of pictures at the pace asked
    for, and the first picture may take `patience`, as long as the camera answers; `timeout` bounds connecting and each
    answer. With `stays` the session outlives the end of the passage, for `jump`. What had to be put right is noted in
    `quirks` at the end. Use the result as an asynchronous context manager.

    Raises CameraUnreachable, CameraRefused, CameraCertificateChanged, CameraAnswerInvalid,
    CameraOperationUnsupported, CameraBusy (all replay sessions taken), PlayRefused (a session is granted and does not
    play) or FootageMissing.
    """
    connection = RtspConnection(url, credential, timeout=timeout, tls=tls, quirks=quirks)
    try:
        await connection.connect()
        await connection.options()
        media = await connection.describe()
        video = _video(media)
        crossing = Crossing(
            lambda: depacketizer_for(video), lambda: connection.play_number, start, end
        )
        # Whose passage a packet belongs to is asked only where there may be several.
        sink = crossing if stays else crossing.depacketizer
        await connection.setup(video, {"Require": "onvif-replay"})
        headers = {
            "Require": "onvif-replay",
            "Rate-Control": "yes" if paced else "no",
            "Immediate": "yes",
        }
        if intra_only:
            headers["Frames"] = "intra"
        await connection.play(headers | _range(start, end), sink)
    except BaseException:
        await connection.close()
        raise
    return Replay(
        connection,
        crossing,
        sink,
        media=media,
        video=video,
        headers=headers,
        start=start,
        end=end,
        ahead=0 if intra_only else MAX_AHEAD,
        idle_timeout=idle_timeout,
        timeout=timeout,
        patience=patience,
        stays=stays,
        quirks=quirks,
    )


class Replay:
    """A running replay: an asynchronous iterator over access units, made by `replay`.

    The socket is read only while a unit is waited for: memory stays flat however slow the reader is,
    and the session is kept alive meanwhile. The iteration ends in good order (`ended` says why) or
    raises a CameraError, after all that came before it was given out; waiting may be cancelled and taken up again. `aclose` frees the camera's
    session; so do the end of the iteration (but with `stays`) and leaving the `async with` block.
    """

    def __init__(
        self,
        connection: RtspConnection,
        crossing: Crossing,
        sink: Sink,
        *,
        media: tuple[MediaDescription, ...],
        video: MediaDescription,
        headers: dict[str, str],
        start: datetime,
        end: datetime,
        ahead: int,
        idle_timeout: float,
        timeout: float,
        patience: float,
        stays: bool,
        quirks: Quirks | None,
    ) -> None:
        """Take over a connection that plays."""
        self._connection = connection
        self._crossing = crossing
        self._sink = sink
        self.stays = stays
        self._headers = headers
        self._start = start
        self._end = end
        self._ahead = ahead
        self._idle_timeout = idle_timeout
        self._timeout = timeout
        self._hold = min(HOLD, idle_timeout / 2)
        self._quirks = quirks
        self._paused = False
        self._ready: deque[AccessUnit] = deque()
        # Later than the end, in case that one follows which is not.
        self._beyond: list[AccessUnit] = []
        # How many units the stretch can hold; None before the first.
        self._room: int | None = None
        self._failure: CameraError | None = None
        # All that the presentation offers; only `video` was set up.
        self.media = media
        self.video = video
        # FFmpeg's name of the codec: "h264" or "hevc".
        self.codec = crossing.depacketizer.codec
        # Annex B, from the SDP; empty where the camera sends them in the stream only.
        self.parameter_sets = b"".join(START_CODE + unit for unit in video.parameter_sets)
        self._ended: ReplayEnd | None = None
        self._loop = asyncio.get_running_loop()
        # When the camera began, and until when its first picture is waited for.
        self._began = self._loop.time()
        self._patient_until = self._began + patience
        self._heard = self._began
        # Bytes came that belong to nothing; also together with the answer to PLAY.
        self._strayed = connection.strayed
        # Bytes of the old passage since the last jump, and when the last of them came.
        self._stale, self._stale_at = 0, -math.inf
        self._first = True
        low, high = KEEP_ALIVE_BOUNDS
        self._interval = min(max(connection.session_timeout / 3, low), high)
        self._timer = self._loop.call_later(self._interval, self._keep_alive)

    async def __aenter__(self) -> Self:
        """Return the iterator itself."""
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the replay."""
        await self.aclose()

    def __aiter__(self) -> Self:
        """Return the iterator itself."""
        return self

    async def __anext__(self) -> AccessUnit:
        """Return the next unit in the order the camera sent them; raises CameraError subclasses."""
        if not self._ready:
            await self._wait()
        if self._ready:
            return self._ready.popleft()
        raise StopAsyncIteration

    async def batch(self) -> list[AccessUnit]:
        """Return all units that are ready, at least one; none at the end. Raises CameraError subclasses."""
        if not self._ready:
            await self._wait()
        units = list(self._ready)
        self._ready.clear()
        return units

    @property
    def _depacketizer(self) -> Depacketizer:
        return self._crossing.depacketizer

    @property
    def ended(self) -> ReplayEnd | None:
        """Return why the replay ended in good order; None while it runs, after an error, and when left early."""
        return None if self._ready else self._ended

    async def pause(self) -> None:
        """Ask the camera to hold the stream; the next unit waited for makes it go on where it stopped.

        Nothing is lost and the session stays; without it, a reader that rests fills the camera's
        socket, which some cameras take for a dead client. Raises CameraError subclasses.
        """
        if self._ended is None and not self._paused:
            self._paused = True
            await self._connection.pause(self._sink)

    async def jump(
        self, start: datetime, end: datetime, *, patience: float = JUMP_PATIENCE
    ) -> None:
        """Go on with another passage of the recording on the open session of a replay that `stays`.

        ONVIF Streaming specification, "PLAY": a new Range, `Immediate: yes`. When it returns, the passage's first picture
        is ready, a clean point at or before `start`; nothing of the old one comes any more. Waits `patience` seconds for
        it, longer for a camera that agrees and then sends nothing. Cancelled, it may be asked for another passage. Raises JumpRefused, and the session is closed.
        """
        failure = await self._cross(start, end, patience)
        if failure is None:
            return
        await self.aclose()
        if failure is not JumpFailure.OVER and self._quirks is not None:
            self._quirks.note(Quirk.REPLAY_JUMP)
        raise JumpRefused(failure)

    async def _cross(self, start: datetime, end: datetime, patience: float) -> JumpFailure | None:
        """Ask for another passage and wait for its first picture; return what came instead."""
        if self._timer.cancelled() or self._connection.over:
            return JumpFailure.OVER
        rested = self._loop.time() - self._heard > _RESTED
        self._forget(start, end)
        self._crossing.jump(start, end)
        try:
            self._connection.play_anew(self._headers | _range(start, end))
            while not self._collect():
                if (failure := await self._read_through(patience)) is not None:
                    return failure
        except CameraUnreachable:
            # Nobody listened for its end meanwhile.
            return JumpFailure.OVER if rested else JumpFailure.CLOSED
        except CameraError:
            return JumpFailure.REFUSED
        if not self._ready or self._ready[0].at < start - LEAD_IN:
            return JumpFailure.ASTRAY
        return JumpFailure.LATE if self._ready[0].at > start + _MAX_LATE else None

    async def _read_through(self, patience: float) -> JumpFailure | None:
        """Take more of what comes; return what a jump is that came to nothing by now."""
        now, stale = self._loop.time(), self._crossing.stale
        if stale > self._stale:
            self._stale, self._stale_at = stale, now
        flowing = min(_FLOWING, patience / 2)
        flows = now - self._stale_at < flowing
        # Who agreed and sends nothing looks for it.
        searches = self._connection.play_answered and not flows
        until = self._began + patience * (_SEARCHING if searches else 1)
        if now >= until or stale > MAX_STALE:
            return JumpFailure.ASTRAY if flows else JumpFailure.SILENT
        if flows:
            until = min(until, now + flowing)
        held = self._depacketizer.held or self._depacketizer.times.early
        try:
            async with asyncio.timeout_at(min(until, self._heard + self._hold) if held else until):
                await self._connection.receive(self._sink)
            self._heard = self._loop.time()
        except TimeoutError:
            if held:
                self._depacketizer.release()
        return None

    def _forget(self, start: datetime, end: datetime) -> None:
        """Forget the old passage."""
        self._start, self._end = start, end
        self._ready.clear()
        self._beyond.clear()
        self._room = self._failure = self._ended = None
        self._paused = False
        self._began = self._heard = self._loop.time()
        self._stale, self._stale_at = 0, -math.inf
        self._strayed = False
        self._first = True

    async def aclose(self) -> None:
        """Tear the session down and close the connection, within seconds; never raises CameraError."""
        self._timer.cancel()
        if self._ready:
            self._ended = None
            self._ready.clear()
        if self._quirks is not None:
            for quirk, count in self._depacketizer.repairs.items():
                self._quirks.note(quirk, count)
            self._depacketizer.repairs.clear()
        await self._connection.close()

    def abort(self) -> None:
        """Cut the connection: the next unit waited for is CameraUnreachable, as when the network breaks."""
        self._connection.abort()

    def _keep_alive(self) -> None:
        self._connection.keep_alive()
        self._timer = self._loop.call_later(self._interval, self._keep_alive)

    async def _resume(self) -> None:
        if self._paused:
            self._paused = False
            await self._connection.play(self._headers, self._sink)

    async def _wait(self) -> None:
        """Wait until units are ready; without any the replay is over: return, or raise CameraError."""
        while not (self._ready or self._failure or self._ended or self._timer.cancelled()):
            try:
                await self._resume()
                await self._receive()
            except CameraError as err:
                # What came before the error counts.
                self._failure = err
                with suppress(CameraError):
                    self._depacketizer.release(over=True)
                self._collect()
        if self._ready or self._timer.cancelled():
            return
        if self.stays and self._failure is None:
            return
        await self.aclose()
        if self._failure and self._ended is None:
            raise self._failure

    async def _receive(self) -> None:
        """Wait until units are ready or the replay has ended."""
        if self._room is not None and self._room < 0:
            raise CameraAnswerInvalid("The camera sent more pictures than the time can hold")
        finished = -1
        deadline = 0.0
        while not self._collect():
            if self._connection.goodbye:
                self._finish(ReplayEnd.TERMINAL)
                return
            if finished != self._depacketizer.finished:
                finished = self._depacketizer.finished
                deadline = self._loop.time() + self._idle_timeout
            until = deadline
            if self._depacketizer.held or self._depacketizer.times.early:
                hold = HOLD_LAST if self._depacketizer.over else self._hold
                until = min(deadline, self._heard + hold)
            try:
                async with asyncio.timeout_at(until):
                    await self._connection.receive(self._sink)
                    self._heard = self._loop.time()
                    self._strayed |= self._connection.strayed
            except TimeoutError:
                if until < deadline:
                    self._depacketizer.release()
                elif self._first and await self._is_searching():
                    deadline = self._loop.time() + self._idle_timeout
                elif self._given_in_full() or await self._alive():
                    if self._depacketizer.unfinished and not self._given_in_full():
                        raise ReplayBroken(
                            "The camera stopped in the middle of a picture"
                        ) from None
                    self._finish(ReplayEnd.SILENT)
                    return
            except CameraUnreachable as err:
                self._depacketizer.release(over=True)
                if not self._given_in_full():
                    raise ReplayBroken(str(err)) from err
                self._finish(ReplayEnd.CLOSED)
                return

    async def _is_searching(self) -> bool:
        """Return whether a camera that has sent nothing yet is alive and may take longer."""
        return (
            not self._depacketizer.finished
            and self._loop.time() < self._patient_until
            and await self._alive()
        )

    def _collect(self) -> bool:
        """Take over what is finished; return whether units are ready or nothing more is to come."""
        units = self._depacketizer.units
        if units and self._first:
            self._first = False
            if self._loop.time() - self._began >= _LATE:
                self._depacketizer.repairs[Quirk.REPLAY_LATE] += 1
        if units and self._room is None:
            lead = max(min(units[0].at, self._start), self._start - MAX_LEAD)
            self._room = MAX_RATE * (60 + round((self._end - lead).total_seconds()))
        for unit in units:
            if unit.at <= self._end:
                if self._beyond:
                    self._ready.extend(self._beyond)
                    self._beyond.clear()
                self._ready.append(unit)
            else:
                self._beyond.append(unit)
                # One alone may have a wrong time.
                if len(self._beyond) > self._ahead or (
                    len(self._beyond) > 1 and unit.at - self._end > MAX_REORDERED
                ):
                    self._ended = ReplayEnd.PASSED
            if unit.last:
                self._ended = ReplayEnd.TERMINAL
            if self._ended:
                break
        if self._room is not None:
            self._room -= len(units)
        units.clear()
        return bool(self._ready or self._ended)

    def _finish(self, how: ReplayEnd) -> None:
        self._depacketizer.flush()
        self._collect()
        if self._first and (self._strayed or self._depacketizer.repairs):
            # Something came: an empty card sends nothing.
            raise CameraAnswerInvalid("The camera sent nothing that can be read")
        if self._ended is None:
            self._ended = how

    def _given_in_full(self) -> bool:
        newest = self._depacketizer.newest
        return newest is not None and newest >= self._end - NEAR_END

    async def _alive(self) -> bool:
        """Return whether a camera that fell silent still answers: True the end, False more media came."""
        answers, finished = self._connection.answers, self._depacketizer.finished
        # Each kind of sign has its time: some cameras announce one and never answer it.
        for number in range(ALIVE_TRIES):
            self._connection.keep_alive(unanswered=number > 0)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._timeout / ALIVE_TRIES):
                    while answers == self._connection.answers:
                        await self._connection.receive(self._sink)
                        if finished != self._depacketizer.finished:
                            return False
                return finished == self._depacketizer.finished
        raise ReplayBroken("The camera fell silent in the middle of a replay")


def _video(media: tuple[MediaDescription, ...]) -> MediaDescription:
    """Return the recording's video: a track of the recording where the camera names them."""
    videos = [item for item in media if item.kind == "video"]
    if not videos:
        raise CameraOperationUnsupported("The recording has no video")
    return next((item for item in videos if item.onvif_track), videos[0])


def _range(start: datetime, end: datetime) -> dict[str, str]:
    return {"Range": f"clock={_clock(start)}-{_clock(end, up=True)}"}


def _clock(moment: datetime, *, up: bool = False) -> str:
    """Return a UTC time for the Range header (RFC 2326 3.7), in milliseconds, rounded outwards."""
    moment = moment.astimezone(UTC)
    if up:
        moment += timedelta(microseconds=-moment.microsecond % 1000)
    return f"{moment:%Y%m%dT%H%M%S}.{moment.microsecond // 1000:03d}Z"
