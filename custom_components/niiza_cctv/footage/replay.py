"""Recorded footage from a camera's card (ONVIF Streaming specification, "Playback").

The way in is `replay`; times are the camera's own, in and out.
"""

import asyncio
from collections import deque
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import TracebackType
from typing import Self

from ..device.errors import CameraError, CameraOperationUnsupported, CameraUnreachable
from ..device.model import Credential
from .depacketize import START_CODE, AccessUnit, Depacketizer, depacketizer_for
from .rtsp import RtspConnection, Tls
from .sdp import MediaDescription

__all__ = ["AccessUnit", "Replay", "ReplayEnd", "replay"]

# A stream that stops this close to the end that was asked for has been given in full.
NEAR_END = timedelta(seconds=2)
# Keep-alives are sent at a third of the camera's session timeout, within these bounds (seconds): one that
# is refused for a stale nonce leaves time for the next.
KEEP_ALIVE_BOUNDS = (1.0, 20.0)


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
    tls: Tls | None = None,
) -> Replay:
    """Open the replay of a recording from `start` to `end` (aware; the camera's clock).

    The first unit is a clean point at or before `start`, so that it can be decoded: units before
    `start` are given out too and known by their `at`. None is later than `end`. `paced` asks for the
    speed of the recording instead of as fast as possible, `intra_only` for clean points only.
    `idle_timeout` (seconds without a picture) has to exceed the distance of pictures at the pace asked
    for; `timeout` bounds connecting and each answer. Use the result as an asynchronous context manager.

    Raises CameraUnreachable, CameraRefused, CameraCertificateChanged, CameraAnswerInvalid,
    CameraOperationUnsupported, CameraBusy (all replay sessions taken) or FootageMissing.
    """
    connection = RtspConnection(url, credential, timeout=timeout, tls=tls)
    try:
        await connection.connect()
        await connection.options()
        media = await connection.describe()
        video = _video(media)
        depacketizer = depacketizer_for(video)
        await connection.setup(video, {"Require": "onvif-replay"})
        headers = {
            "Require": "onvif-replay",
            "Rate-Control": "yes" if paced else "no",
            "Immediate": "yes",
        }
        if intra_only:
            headers["Frames"] = "intra"
        stretch = {"Range": f"clock={_clock(start)}-{_clock(end, up=True)}"}
        await connection.play(headers | stretch, depacketizer)
    except BaseException:
        await connection.close()
        raise
    return Replay(
        connection,
        depacketizer,
        media=media,
        video=video,
        headers=headers,
        end=end,
        idle_timeout=idle_timeout,
        timeout=timeout,
    )


class Replay:
    """A running replay: an asynchronous iterator over access units, made by `replay`.

    The socket is read only while a unit is waited for: memory stays flat however slow the reader is,
    and the session is kept alive meanwhile. The iteration ends in good order (`ended` says why) or
    raises a CameraError; waiting may be cancelled and taken up again. `aclose` frees the camera's
    session; so do the end of the iteration and leaving the `async with` block.
    """

    def __init__(
        self,
        connection: RtspConnection,
        depacketizer: Depacketizer,
        *,
        media: tuple[MediaDescription, ...],
        video: MediaDescription,
        headers: dict[str, str],
        end: datetime,
        idle_timeout: float,
        timeout: float,
    ) -> None:
        """Take over a connection that plays."""
        self._connection = connection
        self._depacketizer = depacketizer
        self._headers = headers
        self._end = end
        self._idle_timeout = idle_timeout
        self._timeout = timeout
        self._paused = False
        self._ready: deque[AccessUnit] = deque()
        # All that the presentation offers; only `video` was set up.
        self.media = media
        self.video = video
        # FFmpeg's name of the codec: "h264" or "hevc".
        self.codec = depacketizer.codec
        # Annex B, from the SDP; empty where the camera sends them in the stream only.
        self.parameter_sets = b"".join(START_CODE + unit for unit in video.parameter_sets)
        # None while it runs, and after an error.
        self.ended: ReplayEnd | None = None
        self._loop = asyncio.get_running_loop()
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
        if self._timer.cancelled():
            raise StopAsyncIteration
        if not self._ready and self.ended is None:
            try:
                await self._resume()
                await self._receive()
            except CameraError:
                if self._timer.cancelled():
                    # Closed by another task while this one waited.
                    raise StopAsyncIteration from None
                await self.aclose()
                raise
        if self._ready:
            unit = self._ready.popleft()
            if unit.at <= self._end:
                if unit.last:
                    self.ended = ReplayEnd.TERMINAL
                    self._ready.clear()
                return unit
            self.ended = ReplayEnd.PASSED
            self._ready.clear()
        await self.aclose()
        raise StopAsyncIteration

    async def pause(self) -> None:
        """Ask the camera to hold the stream; the next unit waited for makes it go on where it stopped.

        Nothing is lost and the session stays; without it, a reader that rests fills the camera's
        socket, which some cameras take for a dead client. Raises CameraError subclasses.
        """
        if self.ended is None and not self._paused:
            self._paused = True
            await self._connection.pause(self._depacketizer)

    async def aclose(self) -> None:
        """Tear the session down and close the connection, within seconds; never raises CameraError."""
        self._timer.cancel()
        await self._connection.close()

    def _keep_alive(self) -> None:
        self._connection.keep_alive()
        self._timer = self._loop.call_later(self._interval, self._keep_alive)

    async def _resume(self) -> None:
        if self._paused:
            self._paused = False
            await self._connection.play(self._headers, self._depacketizer)

    async def _receive(self) -> None:
        """Wait until units are ready or the replay has ended."""
        finished = -1
        deadline = 0.0
        while not self._collect():
            if self._connection.goodbye:
                self._finish(ReplayEnd.TERMINAL)
                return
            if finished != self._depacketizer.finished:
                finished = self._depacketizer.finished
                deadline = self._loop.time() + self._idle_timeout
            try:
                async with asyncio.timeout_at(deadline):
                    await self._connection.receive(self._depacketizer)
            except TimeoutError:
                if self._given_in_full() or await self._alive():
                    self._finish(ReplayEnd.SILENT)
                    return
            except CameraUnreachable:
                if not self._given_in_full():
                    raise
                self._finish(ReplayEnd.CLOSED)
                return

    def _collect(self) -> bool:
        if units := self._depacketizer.units:
            self._ready.extend(units)
            units.clear()
        return bool(self._ready)

    def _finish(self, how: ReplayEnd) -> None:
        self._depacketizer.flush()
        self._collect()
        self.ended = how

    def _given_in_full(self) -> bool:
        newest = self._depacketizer.newest
        return newest is not None and newest >= self._end - NEAR_END

    async def _alive(self) -> bool:
        """Return whether a camera that fell silent still answers: True the end, False more media came."""
        answers, finished = self._connection.answers, self._depacketizer.finished
        self._connection.keep_alive()
        try:
            async with asyncio.timeout(self._timeout):
                while answers == self._connection.answers:
                    await self._connection.receive(self._depacketizer)
                    if finished != self._depacketizer.finished:
                        return False
        except TimeoutError as err:
            raise CameraUnreachable("The camera fell silent in the middle of a replay") from err
        return finished == self._depacketizer.finished


def _video(media: tuple[MediaDescription, ...]) -> MediaDescription:
    """Return the recording's video: a track of the recording where the camera names them."""
    videos = [item for item in media if item.kind == "video"]
    if not videos:
        raise CameraOperationUnsupported("The recording has no video")
    return next((item for item in videos if item.onvif_track), videos[0])


def _clock(moment: datetime, *, up: bool = False) -> str:
    """Return a UTC time for the Range header (RFC 2326 3.7), in milliseconds, rounded outwards."""
    moment = moment.astimezone(UTC)
    if up:
        moment += timedelta(microseconds=-moment.microsecond % 1000)
    return f"{moment:%Y%m%dT%H%M%S}.{moment.microsecond // 1000:03d}Z"
