"""A picture from nothing: a blank one, into which only what is revealed is copied.

What is not copied cannot leak: neither a scaler nor an encoder is ever given a pixel from outside the boxes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Self

from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange
import numpy as np
from numpy.typing import NDArray

from ..clip_plan import TIME_BASE
from .burn_in import Banner
from .errors import MaskInvalid, MaskProblem
from .geometry import Shown, shown_at, slices
from .source import Picture, microseconds
from .track import Tracks

type Plane = NDArray[np.uint8]
type Planes = tuple[Plane, Plane, Plane]

_OUTPUT: Final = "yuv420p"
_DIRECT: Final = {"yuv420p", "yuvj420p"}
# Black of limited range, and no colour, in eight bits.
_BLACK, _NO_COLOUR = 16, 128


@dataclass(frozen=True, slots=True)
class Form:
    """How all pictures of a result are: pixels, both even, and whether luma uses all of its 256 values."""

    width: int
    height: int
    full_range: bool

    @classmethod
    def of(cls, frame: VideoFrame, size: tuple[int, int] | None = None) -> Self:
        """Return that of a picture as it is displayed; `size` is the largest of the clip, as it is stored."""
        width, height = size or (frame.width, frame.height)
        if _turns(frame) % 2:
            width, height = height, width
        if width < 2 or height < 2:
            raise MaskInvalid(MaskProblem.UNREADABLE, why="a picture without room for a cell")
        return cls(width & ~1, height & ~1, is_full_range(frame))


class Painter:
    """Paints the pictures of one clip, one after the other."""

    def __init__(
        self, tracks: Tracks, form: Form, backdrop: Planes, banner: Banner | None = None
    ) -> None:
        """Take over what is revealed, what lies behind all that is not, and what is written over it."""
        self._tracks = tracks
        self._form = form
        self._backdrop = backdrop
        self._banner = banner

    def paint(self, picture: Picture) -> tuple[VideoFrame, bool]:
        """Return a new picture, shown at the same time, and whether anything is revealed in it.

        Nothing is of a picture that the decoder took damaged: what it stands in with is of another time.
        """
        form, time = self._form, microseconds(picture.tick)
        shown = Shown((), ())
        if not picture.damaged:
            shown = shown_at(self._tracks, time, form.width, form.height)
        painted = VideoFrame(form.width, form.height, _OUTPUT)
        painted.pts, painted.time_base = picture.tick, TIME_BASE
        canvas = _planes(painted)
        for plane, behind in zip(canvas, self._backdrop, strict=True):
            np.copyto(plane, behind)
        if shown.regions:
            self._reveal(canvas, picture.frame, shown, time)
        if self._banner is not None:
            self._banner.write(canvas, time)
        return painted, bool(shown.regions)

    def _reveal(self, canvas: Planes, frame: VideoFrame, shown: Shown, time: int) -> None:
        source = _upright(frame, self._form, lambda: _isolated(frame, self._tracks, time))
        for region in shown.regions:
            inside = region.inside()
            for number, part in enumerate(slices(region.cells)):
                if inside is None:
                    canvas[number][part] = source[number][part]
                    continue
                kept = inside if number else inside.repeat(2, 0).repeat(2, 1)
                np.copyto(canvas[number][part], source[number][part], where=kept)
        for cells in shown.hidden:
            for number, part in enumerate(slices(cells)):
                canvas[number][part] = self._backdrop[number][part]


def whole_planes(frame: VideoFrame, form: Form) -> Planes:
    """Return all of a picture in the form of the result: for plates and proposals, never for a result."""
    return _upright(frame, form, lambda: frame)


def is_full_range(frame: VideoFrame) -> bool:
    """Return whether luma uses all of its values."""
    return frame.format.name.startswith("yuvj") or frame.color_range == ColorRange.JPEG


def _upright(frame: VideoFrame, form: Form, given: Callable[[], VideoFrame]) -> Planes:
    """Return a picture's planes in the form of the result; what has to be converted is `given`."""
    turns = _turns(frame)
    width, height = (form.height, form.width) if turns % 2 else (form.width, form.height)
    direct = (
        frame.format.name in _DIRECT
        and (frame.width, frame.height) == (width, height)
        and is_full_range(frame) == form.full_range
    )
    if not direct:
        frame = given().reformat(
            width,
            height,
            _OUTPUT,
            src_color_range=_range(full=is_full_range(frame)),
            dst_color_range=_range(full=form.full_range),
        )
    y, u, v = (np.rot90(plane, turns) for plane in _planes(frame))
    return y, u, v


def _range(*, full: bool) -> ColorRange:
    return ColorRange.JPEG if full else ColorRange.MPEG


def _turns(frame: VideoFrame) -> int:
    """Return how many quarter turns counter-clockwise make a picture upright; what is no quarter stays as it is."""
    return frame.rotation // 90 % 4 if frame.rotation % 90 == 0 else 0


def _isolated(frame: VideoFrame, tracks: Tracks, time: int) -> VideoFrame:
    """Return a picture in its own format and size that holds what is revealed and no more, for the scaler."""
    alone = VideoFrame(frame.width, frame.height, frame.format.name)
    alone.color_range, alone.colorspace = frame.color_range, frame.colorspace
    turns = _turns(frame)
    width, height = frame.width, frame.height
    if turns % 2:
        width, height = height, width
    shown = shown_at(tracks, time, width & ~1, height & ~1)
    for (blank, target), (_, source) in zip(_components(alone), _components(frame), strict=True):
        target[...] = blank
        canvas, upright = np.rot90(target, turns), np.rot90(source, turns)
        across, down = _per_cell(width, upright.shape[1]), _per_cell(height, upright.shape[0])
        for region in shown.regions:
            cells = region.cells
            part = (
                slice(cells.top * down, cells.bottom * down),
                slice(cells.left * across, cells.right * across),
            )
            if (inside := region.inside()) is None:
                canvas[part] = upright[part]
            else:
                kept = inside.repeat(down, 0).repeat(across, 1)
                np.copyto(canvas[part], upright[part], where=kept)
        for cells in shown.hidden:
            canvas[
                cells.top * down : cells.bottom * down, cells.left * across : cells.right * across
            ] = blank
    return alone


def _per_cell(pixels: int, samples: int) -> int:
    """Return how many samples of a plane there are across a cell of two pixels."""
    if samples == pixels:
        return 2
    if samples * 2 == pixels:
        return 1
    raise MaskInvalid(MaskProblem.UNREADABLE, why=f"{samples} samples for {pixels} pixels")


def _components(frame: VideoFrame) -> Iterator[tuple[int, NDArray[np.uint8] | NDArray[np.uint16]]]:
    """Give the planes of any planar format, each with what is black or colourless in it."""
    components = frame.format.components
    if len({one.plane for one in components}) != len(components):
        raise MaskInvalid(MaskProblem.UNREADABLE, why=f"pictures in {frame.format.name}")
    for one in components:
        plane = frame.planes[one.plane]
        deep = one.bits > 8
        values: NDArray[np.uint8] | NDArray[np.uint16]
        values = np.frombuffer(plane, np.uint16) if deep else np.frombuffer(plane, np.uint8)
        rows = values.reshape(plane.height, -1)[:, : plane.width]
        blank = 0 if frame.format.is_rgb else _NO_COLOUR if one.index else _BLACK
        yield blank << one.bits - 8, rows


def _planes(frame: VideoFrame) -> Planes:
    y, u, v = (
        np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        for plane in frame.planes
    )
    return y, u, v
