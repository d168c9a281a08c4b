"""What is written over a masked picture: when it was taken, the case's number, and that it is for viewing or a copy.

The glyphs come from a sheet that ships with us (`scripts/glyphs.py` draws it): it has no letters for names of people,
nobody's text goes in, and no font has to be installed. Under the writing everything is hidden.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
import json
from pathlib import Path
import re
from typing import Final, Self
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from ...ledger.model import Json
from ..clip_model import Segment
from .errors import MaskInvalid, MaskProblem
from .geometry import Cells, slices

type Plane = NDArray[np.uint8]

_CASE: Final = re.compile(r"\d{4}-\d{4,9}(-\d{2,4})?", re.ASCII)
# One line for each so many lines of the picture.
_LINES: Final = 32
# The sheet is divided by one of these.
_FACTORS: Final = (1, 2, 3, 4, 5, 6, 8)
_PAPER, _INK, _NO_COLOUR = 16, 235, 128
_BETWEEN: Final = "  "


class Word(StrEnum):
    """What the clip is, as it is written."""

    FOR_VIEWING = "閲覧用"
    COPY = "写し"


@dataclass(frozen=True, kw_only=True)
class BurnIn:
    """What is written; a case's or a clip's number and no other text."""

    case: str
    word: Word
    # Of the clip, by which its pictures are placed in time.
    segments: tuple[Segment, ...]
    # Its name in the time zone database.
    zone: str

    def as_json(self) -> dict[str, Json]:
        """Return what the renderer is given."""
        return {
            "case": self.case,
            "word": self.word.value,
            "segments": [one.as_json() for one in self.segments],
            "zone": self.zone,
        }

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError for anything else."""
        match value:
            case {
                "case": str(case),
                "word": str(word),
                "segments": [*segments],
                "zone": str(zone),
            }:
                return cls(
                    case=case,
                    word=Word(word),
                    segments=tuple(map(Segment.from_json, segments)),
                    zone=zone,
                )
        raise ValueError("Nothing that is burnt in")

    def items(self, time: int) -> tuple[str, str, str]:
        """Return the parts of the writing at a time of the clip (microseconds)."""
        segment = next(
            # Where a segment begins is rounded to a tick.
            (one for one in reversed(self.segments) if one.offset <= time + 12),
            self.segments[0],
        )
        at = segment.start + timedelta(microseconds=time - segment.offset)
        local: datetime = at.astimezone(_zone(self.zone))
        return f"{local:%Y-%m-%d %H:%M:%S}", self.case, self.word.value


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


class Banner:
    """The writing on pictures of one size, top left, in as many lines as it needs."""

    def __init__(self, burn_in: BurnIn, width: int, height: int) -> None:
        """Lay it out; raises MaskInvalid where the picture has no room or the number is none."""
        if not _CASE.fullmatch(burn_in.case) or not burn_in.segments:
            raise MaskInvalid(MaskProblem.TEXT_NOT_SHOWN)
        self._burn_in = burn_in
        # Every digit is as wide as any other: the layout of one time is that of all.
        items = burn_in.items(0)
        wanted = max(height // _LINES, 1)
        sheet, _ = _glyphs(1)
        for factor in _FACTORS:
            lines = _layout(items, factor, width)
            if lines and sheet.shape[0] // factor <= max(wanted, sheet.shape[0] // _FACTORS[-1]):
                break
        else:
            raise MaskInvalid(MaskProblem.TEXT_NOT_SHOWN)
        self._factor, self._lines = factor, lines
        line = sheet.shape[0] // factor
        across = max(sum(_width(factor, one) for one in self._line(items, each)) for each in lines)
        if line * len(lines) > height:
            raise MaskInvalid(MaskProblem.TEXT_NOT_SHOWN)
        self.cells = Cells(0, 0, -(-across // 2), -(-line * len(lines) // 2))
        self._written: tuple[tuple[str, ...], Plane] | None = None

    def write(self, canvas: Sequence[Plane], time: int) -> None:
        """Write over the planes of a 4:2:0 picture what holds at a time of the clip."""
        for number, part in enumerate(slices(self.cells)):
            canvas[number][part] = _NO_COLOUR if number else self._luma(time)

    def _luma(self, time: int) -> Plane:
        items = self._burn_in.items(time)
        if self._written is None or self._written[0] != items:
            self._written = (items, self._drawn(items))
        return self._written[1]

    def _drawn(self, items: Sequence[str]) -> Plane:
        cells = self.cells
        luma = np.full((2 * cells.bottom, 2 * cells.right), _PAPER, dtype=np.uint8)
        sheet, places = _glyphs(self._factor)
        height = sheet.shape[0]
        for number, line in enumerate(self._lines):
            left = 0
            for text in self._line(items, line):
                for character in text:
                    at, width = places[character]
                    glyph = sheet[:, at : at + width].astype(np.uint16)
                    inked = _PAPER + glyph * (_INK - _PAPER) // 255
                    luma[number * height : (number + 1) * height, left : left + width] = inked
                    left += width
        return luma

    @staticmethod
    def _line(items: Sequence[str], line: Sequence[int]) -> Iterator[str]:
        for place, number in enumerate(line):
            if place:
                yield _BETWEEN
            yield items[number]


def _layout(items: Sequence[str], factor: int, width: int) -> tuple[tuple[int, ...], ...]:
    """Return which items stand in each line; nothing where one is wider than the picture."""
    lines: list[list[int]] = []
    used = 0
    for number, text in enumerate(items):
        wide = _width(factor, text)
        if wide > width:
            return ()
        if lines and used + _width(factor, _BETWEEN) + wide <= width:
            lines[-1].append(number)
            used += _width(factor, _BETWEEN) + wide
        else:
            lines.append([number])
            used = wide
    return tuple(map(tuple, lines))


def _width(factor: int, text: str) -> int:
    _, places = _glyphs(factor)
    return sum(places[character][1] for character in text)


@cache
def _glyphs(factor: int) -> tuple[Plane, dict[str, tuple[int, int]]]:
    """Return the sheet divided by a factor, and where each character is: its first column and its width."""
    folder = Path(__file__).parent
    whole: Plane = np.load(folder / "glyphs.npy", allow_pickle=False)
    places: dict[str, list[int]] = json.loads((folder / "glyphs.json").read_text(encoding="utf-8"))
    height = whole.shape[0] // factor
    columns: list[Plane] = []
    found: dict[str, tuple[int, int]] = {}
    at = 0
    for character, (left, width) in places.items():
        small = max(width // factor, 1)
        glyph = whole[: height * factor, left : left + width]
        if pad := max(small * factor - width, 0):
            glyph = np.pad(glyph, ((0, 0), (0, pad)))
        glyph = glyph[:, : small * factor].reshape(height, factor, small, factor)
        columns.append(np.asarray(glyph.mean(axis=(1, 3)), dtype=np.uint8))
        found[character] = (at, small)
        at += small
    sheet: Plane = np.concatenate(columns, axis=1)
    return sheet, found
