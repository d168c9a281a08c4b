"""Counter disclosure: a masked passage for a browser, straight from the sealed clip, without a file being made.

HTTP Live Streaming as of `clip_playback`; each segment is painted, encoded and held against the leak gate when it is
asked for, and a segment that does not pass is not served.
"""

import asyncio
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final, Self

from av.video.frame import VideoFrame

from ..clip_model import Segment as Stretch, true_time
from ..decoding import open_described
from ..fragments import SCALE, Listed, new_movie, playlist_of, split
from ..playback import Segment
from .errors import MaskInvalid, MaskProblem
from .leak_gate import check_pictures
from .order import MaskOrder
from .render import Masking
from .source import ProvedMaster, microseconds, unreadable

# A segment is this long, as far as its pictures allow: the first is there before anybody grows impatient.
_NOMINAL: Final = SCALE
# The most pictures of a segment, however close they are.
_MAX_PICTURES: Final = 120


@dataclass(frozen=True, slots=True)
class _Slot:
    """What one segment stands for: pictures shown from `start` to before `end`, in ticks of the clip."""

    start: int
    end: int


class MaskedPlayback:
    """One masked passage for one screen; the clip is opened for each request and held by none."""

    def __init__(
        self, masking: Masking, stretches: Sequence[Stretch], master: ProvedMaster
    ) -> None:
        """Make it of what `open` read."""
        self._masking = masking
        self._master = master
        self._stretches = tuple(stretches)
        self._slots = tuple(_slots(masking))
        self._header = b""
        # What was made last: the header comes with the first segment, which is asked for next.
        self._latest: tuple[int, Segment] | None = None
        # Requests are served one after the other: one screen holds one thread.
        self._lock = asyncio.Lock()

    @classmethod
    async def open(cls, order: MaskOrder, stretches: Sequence[Stretch]) -> Self:
        """Return the playback of an order, after a look at all of the file; `stretches` say what true time the clip shows.

        Raises MaskInvalid where the master is not what was sealed, or cannot be masked so, OSError.
        """
        return await asyncio.to_thread(cls._opened, order, stretches)

    def playlist(self) -> str:
        """Return the media playlist, as `playlist_of` does."""
        return playlist_of(
            [
                Listed(at=self._true_time(slot.start), length=slot.end - slot.start)
                for slot in self._slots
            ]
        )

    async def header(self, part: int) -> bytes:
        """Return the initialization segment; raises LookupError for another than 0, MaskInvalid, OSError."""
        if part != 0:
            raise LookupError(part)
        async with self._lock:
            if not self._header:
                await self._make(0)
            return self._header

    async def segment(self, number: int) -> Segment:
        """Return a segment that passed the leak gate.

        Raises LookupError where the playlist has no such segment, MaskInvalid, OSError.
        """
        if not 0 <= number < len(self._slots):
            raise LookupError(number)
        async with self._lock:
            if self._latest is None or self._latest[0] != number:
                return await self._make(number)
            return self._latest[1]

    async def _make(self, number: int) -> Segment:
        self._header, segment = await asyncio.to_thread(self._made, number)
        self._latest = (number, segment)
        return segment

    async def aclose(self) -> None:
        """Wait for what is made now; nothing else is held."""
        async with self._lock:
            pass

    # --- In a thread ------------------------------------------------------------------------------------------

    @classmethod
    def _opened(cls, order: MaskOrder, stretches: Sequence[Stretch]) -> Self:
        with ProvedMaster.being_read(order.master, order.source_sha256) as master:
            playback = cls(Masking.of(order, master.index), stretches, master)
            # Asked for next. Where it does not pass, whoever asks is told.
            with suppress(MaskInvalid, OSError):
                playback._header, segment = playback._made(0)
                playback._latest = (0, segment)
        return playback

    def _made(self, number: int) -> tuple[bytes, Segment]:
        """Return header and segment of that number."""
        slot, masking = self._slots[number], self._masking
        painter = masking.painter()
        painted: list[int] = []

        def frames() -> Iterator[VideoFrame]:
            for picture in masking.pictures(slot.start, slot.end - 1):
                frame, _ = painter.paint(picture)
                painted.append(picture.tick)
                yield frame

        file = BytesIO()
        with unreadable(), new_movie(file) as movie:
            masking.encode(movie, frames(), slot.end)
        if not painted:
            raise MaskInvalid(MaskProblem.NO_PICTURES)
        try:
            header, fragment = split(file.getvalue())
        except ValueError as err:
            raise MaskInvalid(MaskProblem.FILE_NOT_CLEAN, why=str(err)) from err
        with unreadable(), open_described(BytesIO(header + fragment)) as clip:
            check_pictures(clip, masking.gate(), painted, masking.ticks[0], _nothing)
        # Behind the reading: whatever was read is what was sealed.
        self._master.check()
        span = (self._true_time(painted[0]), self._true_time(painted[-1]))
        return header, Segment(data=fragment, span=(min(span), max(span)))

    def _true_time(self, tick: int) -> datetime:
        """Return what true time the clip shows there."""
        return true_time(self._stretches, microseconds(tick))


def _slots(masking: Masking) -> Iterator[_Slot]:
    """Give the segments of a passage: whole pictures, about as long as is nominal."""
    ticks = masking.ticks
    at = 0
    while at < len(ticks):
        after = max(bisect_left(ticks, ticks[at] + _NOMINAL), at + 1)
        after = min(after, at + _MAX_PICTURES, len(ticks))
        end = ticks[after] if after < len(ticks) else masking.index.after(ticks[-1])
        yield _Slot(ticks[at], end)
        at = after


def _nothing(_share: float) -> None:
    """Be told how far the gate is; nobody waits for a segment long enough to ask."""
