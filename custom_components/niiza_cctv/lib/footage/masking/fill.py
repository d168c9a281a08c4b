"""What lies behind all that is not revealed: one colour, or the look of a mosaic made once from a plate without people.

Never a mosaic of each picture, and never a blur: what moves under a mosaic that stays shows its detail in time (80 pixels
of a head under blocks of 20 correlate to 0.70 after 45 pictures; docs/disclosure.md has the sources). A plate is made
once, so that it says of all pictures what it says of one.
"""

from array import array
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from ...ledger.model import Json
from .errors import MaskInvalid, MaskProblem
from .painting import Form, Plane, Planes, whole_planes
from .source import Index

# Grey, so that the edge of what is revealed is seen on dark clothes, too.
SOLID: Final = (64, 128, 128)
# A block of the mosaic: at least this many pixels, a multiple of it, and about so many in the picture's height.
_BLOCK, _BLOCKS_HIGH = 16, 20
# Who moves is gone from the median of so many pictures; with fewer than the second, it is nobody's median.
_SAMPLES, _FEWEST_SAMPLES = 15, 9


class FillKind(StrEnum):
    """How what is hidden looks."""

    SOLID = "solid"
    # The look of a mosaic, of a picture on which a person saw nobody.
    PICTURE = "picture"
    # The same, of the median of pictures spread over the passage.
    MEDIAN = "median"


@dataclass(frozen=True, slots=True)
class Fill:
    """How what is hidden looks; `at` is when the chosen picture is shown (microseconds), None for other kinds."""

    kind: FillKind = FillKind.SOLID
    at: int | None = None

    def as_json(self) -> dict[str, Json]:
        """Return what the renderer is given."""
        return {"kind": self.kind.value, "at_us": self.at}

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError for anything else."""
        match value:
            case {"kind": str(kind), "at_us": int() | None as at}:
                return cls(FillKind(kind), at)
        raise ValueError("Not a fill")


SOLID_FILL: Final = Fill()


def backdrop(fill: Fill, index: Index, ticks: array[int], form: Form) -> Planes:
    """Return the planes behind a passage's pictures; raises MaskInvalid where there is no such plate."""
    match fill:
        case Fill(FillKind.SOLID, None):
            y, u, v = (
                np.full(shape, value, dtype=np.uint8)
                for shape, value in zip(_shapes(form), SOLID, strict=True)
            )
            return y, u, v
        case Fill(FillKind.PICTURE, int() as at):
            chosen = index.picture(at)
            if chosen.damaged:
                raise MaskInvalid(MaskProblem.NO_PLATE, why="the chosen picture is damaged")
            return _enlarged(_mosaic(whole_planes(chosen.frame, form), form), form)
        case Fill(FillKind.MEDIAN, None):
            return _enlarged(_median(index, ticks, form), form)
    raise MaskInvalid(MaskProblem.NO_PLATE, why="no such fill")


def _median(index: Index, ticks: array[int], form: Form) -> list[NDArray[np.uint8]]:
    count = min(_SAMPLES, len(ticks))
    chosen = (ticks[place * (len(ticks) - 1) // max(count - 1, 1)] for place in range(count))
    samples = [
        _mosaic(whole_planes(picture.frame, form), form)
        for tick in chosen
        for picture in index.pictures(tick, tick)
        if not picture.damaged
    ]
    if len(samples) < _FEWEST_SAMPLES:
        raise MaskInvalid(MaskProblem.NO_PLATE, why="too few pictures for a median")
    # As a mosaic, not as pictures: fifteen small ones fit into any memory.
    return [
        np.asarray(np.median(np.stack(planes), axis=0), dtype=np.uint8)
        for planes in zip(*samples, strict=True)
    ]


def _mosaic(planes: Planes, form: Form) -> list[Plane]:
    """Return the mean of each block."""
    size = block_size(form)
    found = []
    for plane, block in zip(planes, (size, size // 2, size // 2), strict=True):
        height, width = plane.shape
        rows, columns = np.arange(0, height, block), np.arange(0, width, block)
        sums = np.add.reduceat(plane, rows, axis=0, dtype=np.uint32)
        sums = np.add.reduceat(sums, columns, axis=1)
        counts = np.outer(np.diff(rows, append=height), np.diff(columns, append=width))
        found.append(np.asarray(sums // counts, dtype=np.uint8))
    return found


def _enlarged(blocks: list[Plane], form: Form) -> Planes:
    size = block_size(form)
    y, u, v = (
        np.ascontiguousarray(small.repeat(block, 0).repeat(block, 1)[: shape[0], : shape[1]])
        for small, block, shape in zip(
            blocks, (size, size // 2, size // 2), _shapes(form), strict=True
        )
    )
    return y, u, v


def block_size(form: Form) -> int:
    """Return how wide and high a block of a mosaic is in pixels of a form: whole macroblocks of H.264."""
    return _BLOCK * max(1, round(form.height / _BLOCKS_HIGH / _BLOCK))


def _shapes(form: Form) -> tuple[tuple[int, int], ...]:
    half = (form.height // 2, form.width // 2)
    return (form.height, form.width), half, half
