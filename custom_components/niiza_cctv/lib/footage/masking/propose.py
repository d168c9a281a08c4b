"""Where a figure goes from one box: a proposal for a person to correct, which reveals nothing until it is confirmed.

No detector: the box's own picture is looked for in the next one, on a quarter of the luma in each direction (sum of
absolute differences, coarse, then fine). It follows a figure that keeps its size, and gives up rather than guess.

Synchronous: for worker threads.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from .errors import MaskInvalid, MaskProblem
from .geometry import shown_at
from .painting import Form, whole_planes
from .source import Index, Passage, microseconds
from .track import WHOLE, Box, Key, RevealTrack, Tracks

type Luma = NDArray[np.uint8]

# One value of so many, across and down, beginning inside.
_STEP: Final = 4
# How far it may be from where its last movement leads, in such values; and in which steps that is searched first.
_REACH, _COARSE = 6, 2
# A template has at least so many values, or anything looks like it.
_FEWEST_VALUES: Final = 24
# A difference above this counts as this: what passes in front of a figure must not outweigh all of the rest.
_MAX_APART: Final = 40
# It is lost where the best place differs by as much as this share of what the picture beside it did at first, or of
# what any place around does. A stride's legs and what passes behind differ by up to 0.75 and 0.75.
_LOST_BESIDE, _LOST_AROUND = 0.9, 0.88
# Of flat footage all is alike: noise alone is no loss.
_NOISE: Final = 6.0
# The longest proposal, in microseconds; and the time from one key to the next.
MAX_PROPOSAL: Final = 10_000_000
_KEY_EVERY: Final = 500_000


class ProposalEnd(StrEnum):
    """Why a proposal goes no further."""

    # As far as was asked for, or as a proposal may go.
    DONE = "done"
    # Nothing looks enough like it.
    LOST = "lost"
    # It left the picture.
    LEFT = "left"
    # Pictures came damaged.
    DAMAGED = "damaged"


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Where a figure seems to go: keys that are not confirmed, the first of them the box it began with."""

    keys: tuple[Key, ...]
    end: ProposalEnd
    # Of each picture, for comparisons: when it is shown (microseconds) and where the figure seems to be.
    path: tuple[tuple[int, Box], ...]


def propose(master: Path, start: int, box: Box, until: int) -> Proposal:
    """Follow what is in a box at `start` (microseconds of the clip) until a later time at most.

    Raises MaskInvalid where the box is none or too small to be followed, or the clip cannot be read; OSError.
    """
    index = Index.of(master)
    Tracks((RevealTrack((Key(start, box),)),)).check(index.duration)
    ticks = index.within(Passage(start, max(start, min(until, start + MAX_PROPOSAL))))
    path: list[tuple[int, Box]] = []
    figure: _Figure | None = None
    end = ProposalEnd.DONE
    for picture in index.pictures(ticks[0], ticks[-1]):
        if picture.damaged:
            end = ProposalEnd.DAMAGED
            break
        time = microseconds(picture.tick)
        form = Form.of(picture.frame)
        luma = whole_planes(picture.frame, form)[0][_STEP // 2 :: _STEP, _STEP // 2 :: _STEP]
        if figure is None:
            figure = _Figure(luma, form, box, start)
        elif (lost := figure.follow(luma)) is not None:
            end = lost
            break
        path.append((time, figure.box))
    if not path:
        raise MaskInvalid(MaskProblem.NO_PICTURES)
    return Proposal(keys=tuple(_keys(path)), end=end, path=tuple(path))


def _keys(path: list[tuple[int, Box]]) -> Iterator[Key]:
    latest = path[0][0] - _KEY_EVERY
    for number, (time, box) in enumerate(path):
        if time >= latest + _KEY_EVERY or number == len(path) - 1:
            latest = time
            yield Key(time, box, confirmed=False)


class _Figure:
    """What is followed, on the small plane: where it is, how it looks, how it moves."""

    def __init__(self, luma: Luma, form: Form, box: Box, time: int) -> None:
        self._box = box
        self._first = box
        shown = shown_at(Tracks((RevealTrack((Key(time, box),)),)), time, form.width, form.height)
        if not shown.regions:
            raise MaskInvalid(MaskProblem.NO_AREA, {"track": "1", "key": "1"})
        cells = shown.regions[0].cells
        half = _STEP // 2
        self._top, self._left = cells.top // half, cells.left // half
        self._height = min(cells.bottom // half, luma.shape[0]) - self._top
        self._width = min(cells.right // half, luma.shape[1]) - self._left
        if self._height * self._width < _FEWEST_VALUES or min(self._height, self._width) < _COARSE:
            raise MaskInvalid(MaskProblem.NO_AREA, {"track": "1", "key": "1"})
        self._template = self._part(luma, self._top, self._left).copy()
        self._first_at = (self._top, self._left)
        self._moves = (0.0, 0.0)
        self._at = (float(self._top), float(self._left))
        self._scale = (_STEP * WHOLE / form.height, _STEP * WHOLE / form.width)
        self._lost_above = max(_NOISE, _LOST_BESIDE * self._apart_from_beside(luma))

    @property
    def box(self) -> Box:
        """Return where it is, cut off at the picture's edges."""
        down = round((self._at[0] - self._first_at[0]) * self._scale[0])
        across = round((self._at[1] - self._first_at[1]) * self._scale[1])
        first = self._first
        return Box(
            max(first.left + across, 0),
            max(first.top + down, 0),
            min(first.right + across, WHOLE),
            min(first.bottom + down, WHOLE),
        )

    def follow(self, luma: Luma) -> ProposalEnd | None:
        """Find it in the next picture; return why it is not found."""
        wanted = (
            round(self._at[0] + self._moves[0]) - _REACH,
            round(self._at[1] + self._moves[1]) - _REACH,
        )
        tops = _places(wanted[0], luma.shape[0] - self._height)
        lefts = _places(wanted[1], luma.shape[1] - self._width)
        if not tops or not lefts:
            return ProposalEnd.LEFT
        coarse = self._differences(luma, tops, lefts, _COARSE)
        row, column = np.unravel_index(coarse.argmin(), coarse.shape)
        top, left = tops[int(row)], lefts[int(column)]
        tops = range(max(top - 1, 0), min(top + 1, luma.shape[0] - self._height) + 1)
        lefts = range(max(left - 1, 0), min(left + 1, luma.shape[1] - self._width) + 1)
        fine = self._differences(luma, tops, lefts, 1)
        row, column = np.unravel_index(fine.argmin(), fine.shape)
        around = max(_NOISE, _LOST_AROUND * float(np.median(coarse)))
        if float(fine[row, column]) > min(self._lost_above, around):
            return ProposalEnd.LOST
        found = (float(tops[int(row)]), float(lefts[int(column)]))
        self._moves = (
            0.6 * self._moves[0] + 0.4 * (found[0] - self._at[0]),
            0.6 * self._moves[1] + 0.4 * (found[1] - self._at[1]),
        )
        self._at = found
        if self._is_at_edge(luma):
            return ProposalEnd.LEFT
        return None

    def _is_at_edge(self, luma: Luma) -> bool:
        """Return whether it moves out of the picture, where its own picture is no longer whole."""
        down, across = self._moves
        return (
            (self._at[0] <= 0 and down < -0.5)
            or (self._at[1] <= 0 and across < -0.5)
            or (self._at[0] >= luma.shape[0] - self._height and down > 0.5)
            or (self._at[1] >= luma.shape[1] - self._width and across > 0.5)
        )

    def _differences(self, luma: Luma, tops: range, lefts: range, thin: int) -> NDArray[np.float64]:
        """Return the mean difference at each place, of one value in `thin` across and down."""
        area = luma[tops[0] : tops[-1] + self._height, lefts[0] : lefts[-1] + self._width]
        windows = sliding_window_view(area, self._template.shape)
        windows = windows[:: tops.step, :: lefts.step, ::thin, ::thin]
        template = self._template[::thin, ::thin]
        apart = np.maximum(windows, template) - np.minimum(windows, template)
        np.minimum(apart, _MAX_APART, out=apart)
        found: NDArray[np.float64] = apart.mean(axis=(2, 3))
        return found

    def _apart_from_beside(self, luma: Luma) -> float:
        """Return how different the template is from what is beside it: what losing it would look like."""
        found = []
        for left in (self._left - self._width, self._left + self._width):
            part = self._part(luma, self._top, left) if left >= 0 else luma[:0, :0]
            if part.shape == self._template.shape:
                apart = np.maximum(part, self._template) - np.minimum(part, self._template)
                found.append(float(np.minimum(apart, _MAX_APART).mean()))
        return min(found, default=2 * _NOISE)

    def _part(self, luma: Luma, top: int, left: int) -> Luma:
        return luma[top : top + self._height, left : left + self._width]


def _places(first: int, last: int) -> range:
    """Return where to look first, in steps from one end of what is in reach; the middle of it is among them."""
    begin = first if first >= 0 else first % _COARSE
    return range(begin, min(first + 2 * _REACH, last) + 1, _COARSE)
