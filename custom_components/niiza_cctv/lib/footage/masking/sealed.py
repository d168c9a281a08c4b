"""A masked clip in the record of its case: what was made, of what, by which track, and what true times it shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Self

from ...ledger.model import Json
from ..clip_model import ClipFile, SealedClip, Segment
from ..cut import Cut
from .order import MaskedClip
from .source import Index, Passage, microseconds

_MICROSECOND: Final = timedelta(microseconds=1)
# Of the media clock, in microseconds, rounded up.
_TICK: Final = 12


@dataclass(frozen=True, kw_only=True)
class SealedMask:
    """A masked clip that passed the leak gate, and the stretches of true time that it shows."""

    masked: MaskedClip
    segments: tuple[Segment, ...]

    @property
    def file(self) -> ClipFile:
        """Return the file."""
        return self.masked.file

    @property
    def first_picture(self) -> datetime:
        """Return when its first picture was taken (true time)."""
        return self.segments[0].start

    @property
    def last_picture(self) -> datetime:
        """Return when its last picture was taken (true time)."""
        return self.segments[-1].end

    def as_cut(self) -> Cut:
        """Return it as what it is to a player and to a package: a part of the clip, encoded anew, nothing hidden in it."""
        return Cut(
            file=self.file,
            source_sha256=self.masked.source_sha256,
            start=self.first_picture,
            end=self.last_picture,
            first_picture=self.first_picture,
            last_picture=self.last_picture,
            pictures=self.masked.rendered.pictures,
            hidden_before=0,
            hidden_after=0,
            duration=self.masked.rendered.duration,
            segments=self.segments,
            contents=self.segments,
            encoded_anew=True,
        )

    def as_json(self) -> dict[str, Json]:
        """Return what the ledger keeps."""
        return {
            "masked": self.masked.as_json(),
            "segments": [segment.as_json() for segment in self.segments],
        }

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError for anything else."""
        match value:
            case {"masked": masked, "segments": [*segments]} if segments:
                return cls(
                    masked=MaskedClip.from_json(masked),
                    segments=tuple(map(Segment.from_json, segments)),
                )
        raise ValueError("Not a masked clip")


def shown_segments(master: Path, clip: SealedClip, passage: Passage) -> tuple[Segment, ...]:
    """Return the stretches of true time that a passage shows, from its first picture to its last.

    Synchronous: for worker threads. Raises MaskInvalid, OSError.
    """
    ticks = Index.of(master).within(passage)
    low, high = microseconds(ticks[0]), microseconds(ticks[-1])
    found = []
    for segment in clip.segments:
        first = max(low, segment.offset)
        stop = min(high, segment.offset + (segment.end - segment.start) // _MICROSECOND)
        if first <= stop + _TICK:
            found.append(
                Segment(
                    offset=first - low,
                    start=segment.start + (first - segment.offset) * _MICROSECOND,
                    end=segment.start + max(stop - segment.offset, 0) * _MICROSECOND,
                )
            )
    return tuple(found)
