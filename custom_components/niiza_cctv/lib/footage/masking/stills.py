"""Single pictures of a clip: as it will be, and beside it as it is, for who draws the boxes and who looks at them.

Of a masked file that was made, what "will be" is what is in that file: who approves it sees what leaves, and no likeness.

Each picture is decoded from the one before it that stands for itself. A few of the last decoded are kept, so that going
on to the next picture, or back, takes no longer than drawing it.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Final, Self

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
import numpy as np

from .errors import MaskInvalid, MaskProblem
from .fill import Fill
from .order import MaskOrder
from .painting import Form, Planes, whole_planes
from .render import Masking
from .source import Index, Picture, ProvedMaster, microseconds, unreadable
from .track import Tracks

# Quantiser step: 2 is the finest, 31 the coarsest.
_STEP: Final = 4
# What the pictures that are kept hold at most (bytes); at 1080p that is twenty-one, or ten of each of two files.
_MAX_KEPT: Final = 64 * 2**20
_MAX_PICTURES_KEPT: Final = 60
# Of them on each side of one that somebody went to or on to: who asked waits for those behind it, too.
_BESIDE: Final = 4


@dataclass(frozen=True, kw_only=True)
class Still:
    """A picture as a JPEG, and from when to before when the clip shows it (microseconds)."""

    jpeg: bytes
    start: int
    end: int
    # It came damaged: what it shows may be of another time.
    damaged: bool
    # From when to before when the masked file plays it (milliseconds); None where it is not of that file.
    plays: tuple[int, int] | None = None


@dataclass(frozen=True)
class MadeFile:
    """A masked file that was made of a passage."""

    path: Path
    sha256: str


class _Kept:
    """The pictures of one file, of which those around the one that was asked for last are kept decoded."""

    def __init__(self, index: Index, form: Form, share: int) -> None:
        """Keep a part of what may be kept: one in `share`."""
        self._index = index
        room = _MAX_KEPT // share // (form.width * form.height * 3 // 2)
        # Besides the one that was asked for.
        self._room = min(max(room, 1), _MAX_PICTURES_KEPT) - 1
        self._pictures: dict[int, Picture] = {}

    def picture(self, tick: int) -> Picture:
        """Return the picture of a tick; raises MaskInvalid where it does not decode, OSError."""
        if tick not in self._pictures:
            before = behind = min(_BESIDE, self._room // 2)
            # Who goes back wants those before it, which it is made of; none behind it has to be decoded again.
            if self._pictures and tick < min(self._pictures):
                before, behind = self._room, 0
            first, last = self._index.around(tick, before, behind)
            self._pictures = {one.tick: one for one in self._index.pictures(first, last)}
        if (picture := self._pictures.get(tick)) is None:
            raise MaskInvalid(MaskProblem.NO_PICTURES)
        return picture


class _Made:
    """The pictures of the masked file, by the time of the clip that it was made of."""

    def __init__(self, proved: ProvedMaster, first: int, form: Form) -> None:
        """Take the file, and the tick of the clip at which its clock begins."""
        self.proved = proved
        self.index = proved.index
        # Where the passage's first picture did not decode, the file's first one is a later one.
        self._ahead = first + int(self.index.first * self.index.scale)
        self._kept = _Kept(self.index, form, 2)

    def time(self, tick: int) -> int:
        """Return the time of the clip of one of the file's own ticks."""
        return microseconds(tick + self._ahead)

    def still(self, time: int) -> Still:
        """Return what the file shows at a time of the clip; raises MaskInvalid, OSError."""
        ticks = self.index.ticks
        if not (at := bisect_right(ticks, time, key=self.time)):
            raise MaskInvalid(MaskProblem.NO_PICTURES)
        tick, after = ticks[at - 1], self.index.after(ticks[at - 1])
        picture = self._kept.picture(tick)
        return Still(
            jpeg=_jpeg(picture.frame),
            start=self.time(tick),
            end=self.time(after),
            damaged=picture.damaged,
            plays=(microseconds(tick) // 1000, microseconds(after) // 1000),
        )


class Stills:
    """The pictures of one clip, or of the passage of it that was masked, one at a time for one person."""

    def __init__(self, masking: Masking, master: ProvedMaster, made: _Made | None) -> None:
        """Make it of what `open` read."""
        self._masking = masking
        self._master = master
        self._made_file = made
        self._kept = _Kept(masking.index, masking.form, 1 if made is None else 2)
        # Requests are served one after the other: one person holds one thread.
        self._lock = asyncio.Lock()

    @classmethod
    async def open(cls, order: MaskOrder, made: MadeFile | None = None) -> Self:
        """Return the pictures of an order, and of the file that was made by it, after a look at all of the files.

        Raises MaskInvalid where one of them is not what was sealed, or is no clip, OSError.
        """
        return await asyncio.to_thread(cls._opened, order, made)

    @property
    def form(self) -> Form:
        """Return how large they are, upright."""
        return self._masking.form

    @property
    def times(self) -> list[int]:
        """Return when each is shown; of a masked file those that it has."""
        if (made := self._made_file) is not None:
            return [*map(made.time, made.index.ticks)]
        return [*map(microseconds, self._masking.ticks)]

    @property
    def end(self) -> int:
        """Return when the last one goes."""
        if (made := self._made_file) is not None:
            return made.time(made.index.end)
        return microseconds(self._masking.index.after(self._masking.ticks[-1]))

    @property
    def keys(self) -> list[int]:
        """Return which of them decode by themselves."""
        keys = {*self._masking.index.key_ticks()}
        return [microseconds(tick) for tick in self._masking.ticks if tick in keys]

    async def source(self, time: int) -> Still:
        """Return what the clip shows at a time, unmasked; raises MaskInvalid, OSError."""
        return await self._still(time, self._plain)

    async def masked(
        self, time: int, tracks: Tracks | None = None, fill: Fill | None = None
    ) -> Still:
        """Return what the masked clip will show at a time, by these tracks and fill where they are given.

        Where it was made and none are given, what its file shows. Raises MaskInvalid, OSError.
        """
        if (made := self._made_file) is not None and tracks is None:
            async with self._lock:
                return await asyncio.to_thread(self._seen, made, time)

        def paint(picture: Picture) -> VideoFrame:
            masking = self._masking
            if fill is not None and fill != masking.order.fill:
                masking = Masking.of(replace(masking.order, fill=fill), masking.index)
                # A plate takes many pictures; who looks at one goes on with it.
                self._masking = masking
            if tracks is not None:
                masking = masking.by(tracks)
            return masking.painter().paint(picture)[0]

        return await self._still(time, paint)

    async def _still(self, time: int, draw: Callable[[Picture], VideoFrame]) -> Still:
        async with self._lock:
            return await asyncio.to_thread(self._made, time, draw)

    # --- In a thread ------------------------------------------------------------------------------------------

    @classmethod
    def _opened(cls, order: MaskOrder, made: MadeFile | None) -> Self:
        master = ProvedMaster.of(order.master, order.source_sha256)
        masking = Masking.of(order, master.index)
        if made is None:
            return cls(masking, master, None)
        proved = ProvedMaster.of(made.path, made.sha256)
        return cls(masking, master, _Made(proved, masking.ticks[0], masking.form))

    def _made(self, time: int, draw: Callable[[Picture], VideoFrame]) -> Still:
        self._check(time)
        index = self._masking.index
        picture = self._kept.picture(index.shown(time))
        still = Still(
            jpeg=_jpeg(draw(picture)),
            start=microseconds(picture.tick),
            end=microseconds(index.after(picture.tick)),
            damaged=picture.damaged,
        )
        # Behind the reading: whatever was read is what was sealed.
        self._master.check()
        return still

    def _seen(self, made: _Made, time: int) -> Still:
        self._check(time)
        still = made.still(time)
        made.proved.check()
        return still

    def _check(self, time: int) -> None:
        passage = self._masking.order.passage
        if not passage.start <= time <= passage.end:
            raise MaskInvalid(MaskProblem.NO_PICTURES)

    def _plain(self, picture: Picture) -> VideoFrame:
        return _frame(whole_planes(picture.frame, self.form), self.form)


def _frame(planes: Planes, form: Form) -> VideoFrame:
    frame = VideoFrame(form.width, form.height, "yuv420p")
    for target, plane in zip(frame.planes, planes, strict=True):
        rows = np.frombuffer(target, np.uint8).reshape(target.height, target.line_size)
        rows[:, : target.width] = plane
    return frame


def _jpeg(frame: VideoFrame) -> bytes:
    with unreadable():
        encoder = av.CodecContext.create("mjpeg", "w")
        assert isinstance(encoder, VideoCodecContext)
        encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, "yuvj420p"
        encoder.time_base = Fraction(1)
        encoder.qmin = encoder.qmax = _STEP
        picture = frame.reformat(format="yuvj420p")
        picture.pts = 0
        return b"".join(map(bytes, (*encoder.encode(picture), *encoder.encode(None))))
