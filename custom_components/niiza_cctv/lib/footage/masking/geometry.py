"""Which pixels of a picture a track reveals: whole cells of 2 × 2, of which a chroma sample stands for four pixels.

What is revealed is rounded inwards and what is hidden outwards, in whole numbers, so that no rounding shows a pixel more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .track import BoxAt, Shape, Tracks


@dataclass(frozen=True, slots=True)
class Cells:
    """A rectangle of cells: from `left` to before `right`, from `top` to before `bottom`."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Region:
    """What is revealed of a picture: these cells, all of them or those of the ellipse that fills them."""

    cells: Cells
    shape: Shape

    def inside(self) -> NDArray[np.bool_] | None:
        """Return which cells are revealed, by row and column; None: all."""
        if self.shape is Shape.BOX:
            return None
        return _ellipse(self.cells.right - self.cells.left, self.cells.bottom - self.cells.top)


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a picture is revealed, and what of that is hidden again."""

    regions: tuple[Region, ...]
    hidden: tuple[Cells, ...]


def shown_at(tracks: Tracks, time: int, width: int, height: int) -> Shown:
    """Return what tracks reveal at a time (microseconds) of a picture of that many pixels, both even."""
    columns, rows = width // 2, height // 2
    regions = (
        Region(cells, track.shape)
        for track in tracks.reveal
        if (box := track.at(time)) and (cells := _inwards(box, columns, rows))
    )
    hidden = (
        _outwards(box, columns, rows)
        for track in tracks.hide
        if (box := track.at(time)) is not None
    )
    return Shown(tuple(regions), tuple(hidden))


def _inwards(box: BoxAt, columns: int, rows: int) -> Cells | None:
    (left, whole), (top, _), (right, _), (bottom, _) = box.edges()
    cells = Cells(
        max(-(-left * columns // whole), 0),
        max(-(-top * rows // whole), 0),
        min(right * columns // whole, columns),
        min(bottom * rows // whole, rows),
    )
    return cells if cells.left < cells.right and cells.top < cells.bottom else None


def _outwards(box: BoxAt, columns: int, rows: int) -> Cells:
    (left, whole), (top, _), (right, _), (bottom, _) = box.edges()
    return Cells(
        max(left * columns // whole, 0),
        max(top * rows // whole, 0),
        min(-(-right * columns // whole), columns),
        min(-(-bottom * rows // whole), rows),
    )


@lru_cache(maxsize=32)
def _ellipse(width: int, height: int) -> NDArray[np.bool_]:
    """Return the cells of which all four corners are inside."""

    def farthest(size: int) -> NDArray[np.int64]:
        edges = np.abs(2 * np.arange(size + 1, dtype=np.int64) - size)
        return np.asarray(np.maximum(edges[:-1], edges[1:]) ** 2, dtype=np.int64)

    inside = farthest(height)[:, None] * width**2 + farthest(width)[None] * height**2
    found = np.asarray(inside <= width**2 * height**2, dtype=np.bool_)
    found.flags.writeable = False
    return found


def all_cells(shown: Shown, width: int, height: int) -> NDArray[np.bool_]:
    """Return for each cell of a picture whether it is revealed, by row and column."""
    found = np.zeros((height // 2, width // 2), dtype=np.bool_)
    for region in shown.regions:
        part = found[_rows_columns(region.cells)]
        inside = region.inside()
        part |= True if inside is None else inside
    for cells in shown.hidden:
        found[_rows_columns(cells)] = False
    return found


def _rows_columns(cells: Cells) -> tuple[slice, slice]:
    return slice(cells.top, cells.bottom), slice(cells.left, cells.right)


def slices(cells: Cells) -> Iterator[tuple[slice, slice]]:
    """Give rows and columns of cells in Y, U and V of a 4:2:0 picture."""
    yield slice(2 * cells.top, 2 * cells.bottom), slice(2 * cells.left, 2 * cells.right)
    yield _rows_columns(cells)
    yield _rows_columns(cells)
