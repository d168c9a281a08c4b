"""How a camera gives recorded footage, found out by trying; one turn at its replay session for each try."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
import time
from typing import Final

from ..device.errors import CameraError
from ..device.model import Credential
from ..device.quirks import Quirks
from ..footage.depacketize import AccessUnit
from ..footage.errors import CameraBusy, FootageMissing, JumpRefused
from ..footage.gate import ReplayGate, Use
from ..footage.media_signing.coverage import Coverage
from ..footage.replay import Replay, replay
from ..footage.rtsp import Tls
from .errors import trouble_of
from .model import Opening, ReplayFound, Trouble

# Footage that is asked for to measure the speed, and the seconds after which that is known.
_MEASURED: Final = timedelta(minutes=3)
_MEASURING: Final = 8.0
# The jump leads so far back on the same recording.
_JUMP: Final = timedelta(seconds=45)
# How far over its end, and before its beginning, footage is asked for.
_OVER: Final = timedelta(seconds=20)
_BEFORE: Final = timedelta(seconds=60)
# What a camera that sends on is listened to at its end (seconds).
LISTENING: Final = 12.0
# More sessions at once than this nobody needs.
_SESSIONS: Final = 3
_IDLE: Final = 3.0
_PATIENCE: Final = 15.0
# What one try may take (seconds).
_TRY: Final = 40.0


@dataclass(frozen=True, kw_only=True)
class Source:
    """A recording to try on: where it is replayed, and its bounds in camera time."""

    url: str
    credential: Credential
    tls: Tls | None
    oldest: datetime | None
    newest: datetime


class ReplayTrial:
    """Tries one recording."""

    def __init__(
        self,
        source: Source,
        gate: ReplayGate,
        quirks: Quirks,
        found: ReplayFound,
        *,
        listening: float = LISTENING,
    ) -> None:
        """Take the recording, the camera's one replay session, and where to write what is found.

        A camera that sends on at the end of its footage is listened to for `listening` seconds.
        """
        self._listening = listening
        self._source = source
        self._gate = gate
        self._quirks = quirks
        self._found = found
        # Nothing is asked at the very end of the footage: what was written last may not be readable yet.
        oldest = source.oldest or source.newest - timedelta(hours=1)
        self._end = max(oldest, source.newest - timedelta(seconds=30))
        self._start = max(oldest, self._end - _MEASURED)

    async def run(self, progress: Callable[[float], None]) -> None:
        """Try everything, one after the other; what fails costs none of the others, but for a camera that is gone."""
        tries = (
            ("speed", self._speed),
            ("jump", self._jump),
            ("end", self._at_end),
            ("before", self._before_first),
            ("sessions", self._several),
        )
        for number, (name, attempt) in enumerate(tries):
            progress(number / len(tries))
            try:
                async with self._gate.turn(Use.PROOF), asyncio.timeout(_TRY):
                    await attempt()
            except CameraError as err:
                self._found.troubles[name] = trouble_of(err)
            except TimeoutError:
                self._found.troubles[name] = Trouble.SLOW

    @asynccontextmanager
    async def _playing(
        self, start: datetime, end: datetime, *, paced: bool = False, stays: bool = False
    ) -> AsyncGenerator[Replay]:
        async with await replay(
            self._source.url,
            self._source.credential,
            start,
            end,
            paced=paced,
            stays=stays,
            idle_timeout=_IDLE,
            patience=_PATIENCE,
            tls=self._source.tls,
            quirks=self._quirks,
        ) as playing:
            yield playing

    async def _speed(self) -> None:
        """Measure how fast footage comes, and look at what it is; nothing of it is kept."""
        found, asked = self._found, time.monotonic()
        coverage = Coverage(self._end)
        async with self._playing(self._start, self._end) as playing:
            found.opened = time.monotonic() - asked
            found.codec = playing.codec
            began: float | None = None
            first: datetime | None = None
            newest: datetime | None = None
            async for unit in playing:
                now = time.monotonic()
                if began is None or first is None:
                    found.first_picture = now - asked
                    began, first = now, unit.at
                newest = unit.at if newest is None else max(newest, unit.at)
                self._look(unit, coverage, playing.codec)
                passed = now - began
                if passed >= _MEASURING:
                    break
            if began is not None and first is not None and newest is not None:
                found.measured = (newest - first).total_seconds()
                # All that there is at once is fast, too; too little of it tells nothing.
                if found.measured >= 4:
                    passed = max(time.monotonic() - began, 0.05)
                    found.speed = found.measured / passed
        if found.pictures:
            found.signed, found.certificate = coverage.is_signed, coverage.has_chain

    def _look(self, unit: AccessUnit, coverage: Coverage, codec: str) -> None:
        self._found.pictures += 1
        self._found.damaged += unit.damaged
        coverage.push(codec, unit.data, unit.at, unit.at, keyframe=unit.keyframe)

    async def _jump(self) -> None:
        """Ask for another passage on the open session."""
        there = max(self._start, self._end - 2 * _JUMP)
        if self._end - there < timedelta(seconds=20):
            return
        middle = there + (self._end - there) / 2
        async with self._playing(middle, middle + timedelta(seconds=5), stays=True) as playing:
            async for _unit in playing:
                break
            else:
                raise FootageMissing("nothing came to jump from")
            asked = time.monotonic()
            try:
                await playing.jump(there, there + timedelta(seconds=5))
            except JumpRefused as err:
                self._found.jump_failure = err.failure.value
            else:
                self._found.jump = time.monotonic() - asked

    async def _at_end(self) -> None:
        """Play over the end of the footage."""
        newest = self._source.newest
        async with self._playing(newest - timedelta(seconds=5), newest + _OVER) as playing:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._listening):
                    async for _unit in playing:
                        pass
            self._found.at_end = "goes_on" if playing.ended is None else playing.ended.value

    async def _before_first(self) -> None:
        """Ask for what was before the first picture."""
        if self._source.oldest is None:
            return
        start = self._source.oldest - _BEFORE
        try:
            async with self._playing(start, start + _BEFORE / 2) as playing:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_PATIENCE):
                        async for unit in playing:
                            there = unit.at >= self._source.oldest - timedelta(seconds=1)
                            self._found.before_first = (
                                Opening.FIRST_THERE_IS if there else Opening.PLAYS
                            )
                            return
                self._found.before_first = Opening.SENDS_NOTHING
        except FootageMissing:
            self._found.before_first = Opening.SAYS_NONE

    async def _several(self) -> None:
        """Open sessions until one more is refused; all of them are closed at once."""
        async with AsyncExitStack() as open_ones:
            for _ in range(_SESSIONS):
                try:
                    playing = await open_ones.enter_async_context(
                        self._playing(self._start, self._start + timedelta(seconds=10), paced=True)
                    )
                    await anext(playing)
                except CameraBusy, StopAsyncIteration:
                    self._found.more_refused = True
                    return
                except CameraError:
                    if not self._found.sessions:
                        raise
                    # Who has no room may also hang up.
                    self._found.more_refused = True
                    return
                self._found.sessions += 1
