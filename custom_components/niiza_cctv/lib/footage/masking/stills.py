"""Single pictures of a clip: as it will be, and beside it as it is, for who draws the boxes and who looks at them.

Each picture is decoded from the one before it that stands for itself. A few of the last decoded are kept, so that going
on to the next picture, or back, takes no longer than drawing it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
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
from .source import Picture, ProvedMaster, microseconds, unreadable
from .track import Tracks

# Quantiser step: 2 is the finest, 31 the coarsest.
_STEP: Final = 4
# What the pictures that are kept hold at most (bytes); at 1080p that is twenty-one.
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


class Stills:
    """The pictures of one clip, or of the passage of it that was masked, one at a time for one person."""

    def __init__(self, masking: Masking, master: ProvedMaster) -> None:
        """Make it of what `open` read."""
        self._masking = masking
        self._master = master
        # By tick: those around the one that was asked for last.
        self._kept: dict[int, Picture] = {}
        # Requests are served one after the other: one person holds one thread.
        self._lock = asyncio.Lock()

    @classmethod
    async def open(cls, order: MaskOrder) -> Self:
        """Return the pictures of an order, after a look at all of the file.

        Raises MaskInvalid where the master is not what was sealed, or is no clip, OSError.
        """
        return await asyncio.to_thread(cls._opened, order)

    @property
    def form(self) -> Form:
        """Return how large they are, upright."""
        return self._masking.form

    @property
    def times(self) -> list[int]:
        """Return when each is shown."""
        return [*map(microseconds, self._masking.ticks)]

    @property
    def end(self) -> int:
        """Return when the last one goes."""
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

        Raises MaskInvalid, OSError.
        """

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
    def _opened(cls, order: MaskOrder) -> Self:
        master = ProvedMaster.of(order.master, order.source_sha256)
        return cls(Masking.of(order, master.index), master)

    def _made(self, time: int, draw: Callable[[Picture], VideoFrame]) -> Still:
        picture = self._picture(time)
        index = self._masking.index
        still = Still(
            jpeg=_jpeg(draw(picture)),
            start=microseconds(picture.tick),
            end=microseconds(index.after(picture.tick)),
            damaged=picture.damaged,
        )
        # Behind the reading: whatever was read is what was sealed.
        self._master.check()
        return still

    def _plain(self, picture: Picture) -> VideoFrame:
        return _frame(whole_planes(picture.frame, self.form), self.form)

    def _picture(self, time: int) -> Picture:
        """Return the picture that is shown at a time; raises MaskInvalid where there is none, or it does not decode."""
        index, passage = self._masking.index, self._masking.order.passage
        if not passage.start <= time <= passage.end:
            raise MaskInvalid(MaskProblem.NO_PICTURES)
        tick = index.shown(time)
        if tick not in self._kept:
            size = self.form.width * self.form.height * 3 // 2
            room = min(max(_MAX_KEPT // size, 1), _MAX_PICTURES_KEPT) - 1
            before = behind = min(_BESIDE, room // 2)
            # Who goes back wants those before it, which it is made of; none behind it has to be decoded again.
            if self._kept and tick < min(self._kept):
                before, behind = room, 0
            first, last = index.around(tick, before, behind)
            self._kept = {one.tick: one for one in index.pictures(first, last)}
        if (picture := self._kept.get(tick)) is None:
            raise MaskInvalid(MaskProblem.NO_PICTURES)
        return picture


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
