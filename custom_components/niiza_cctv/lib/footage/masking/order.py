"""What is to be masked and how, and what came of it, in the form in which the renderer's process takes and gives it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ...ledger.model import Json
from ..clip_model import ClipFile
from .burn_in import BurnIn
from .fill import SOLID_FILL, Fill
from .source import Passage
from .track import Tracks


@dataclass(frozen=True, kw_only=True)
class MaskOrder:
    """A part of a sealed clip, what of it is revealed, and how the rest looks."""

    master: Path
    # Of the master, as it was sealed, in lower-case hexadecimal.
    source_sha256: str
    passage: Passage
    tracks: Tracks
    fill: Fill = SOLID_FILL
    burn_in: BurnIn | None = None
    # Width and height of the clip's largest picture (`SealedClip`); None: all are as large as the passage's first.
    size: tuple[int, int] | None = None

    def as_json(self) -> dict[str, Json]:
        """Return what the renderer's process is given."""
        return {
            "master": str(self.master),
            "source_sha256": self.source_sha256,
            "passage": [self.passage.start, self.passage.end],
            "tracks": self.tracks.as_json(),
            "fill": self.fill.as_json(),
            "burn_in": None if self.burn_in is None else self.burn_in.as_json(),
            "size": None if self.size is None else [*self.size],
        }

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError or MaskInvalid for anything else."""
        match value:
            case {
                "master": str(master),
                "source_sha256": str(source),
                "passage": [int(start), int(end)],
                "tracks": tracks,
                "fill": fill,
                "burn_in": burn_in,
                "size": None | [int(), int()] as size,
            }:
                return cls(
                    master=Path(master),
                    source_sha256=source,
                    passage=Passage(start, end),
                    tracks=Tracks.from_json(tracks),
                    fill=Fill.from_json(fill),
                    burn_in=None if burn_in is None else BurnIn.from_json(burn_in),
                    size=None if size is None else _size_of(size),
                )
        raise ValueError("Not what is to be masked")


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """What was rendered and passed the leak gate."""

    # As stored in the result.
    width: int
    height: int
    pictures: int
    # Of them those in which something is revealed, and those of which nothing is because they came damaged.
    revealed: int
    damaged: int
    # From its first picture's time to when its last one goes, in microseconds.
    duration: int

    def as_json(self) -> dict[str, Json]:
        """Return what the ledger keeps."""
        return {
            "width": self.width,
            "height": self.height,
            "pictures": self.pictures,
            "revealed": self.revealed,
            "damaged": self.damaged,
            "duration_us": self.duration,
        }

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError for anything else."""
        match value:
            case {
                "width": int(width),
                "height": int(height),
                "pictures": int(pictures),
                "revealed": int(revealed),
                "damaged": int(damaged),
                "duration_us": int(duration),
            }:
                return cls(
                    width=width,
                    height=height,
                    pictures=pictures,
                    revealed=revealed,
                    damaged=damaged,
                    duration=duration,
                )
        raise ValueError("Nothing that was rendered")


@dataclass(frozen=True, kw_only=True)
class MaskedClip:
    """A masked clip under its final name: the hashes tell of what, by what, and what it is."""

    file: ClipFile
    source_sha256: str
    track_sha256: str
    passage: Passage
    rendered: Rendered

    def as_json(self) -> dict[str, Json]:
        """Return what the ledger keeps."""
        return {
            "file": self.file.as_json(),
            "source_sha256": self.source_sha256,
            "track_sha256": self.track_sha256,
            "passage_us": [self.passage.start, self.passage.end],
            "rendered": self.rendered.as_json(),
        }

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError for anything else."""
        match value:
            case {
                "file": file,
                "source_sha256": str(source),
                "track_sha256": str(track),
                "passage_us": [int(start), int(end)],
                "rendered": rendered,
            }:
                return cls(
                    file=ClipFile.from_json(file),
                    source_sha256=source,
                    track_sha256=track,
                    passage=Passage(start, end),
                    rendered=Rendered.from_json(rendered),
                )
        raise ValueError("Not a masked clip")


def _size_of(value: Json) -> tuple[int, int]:
    match value:
        case [int(width), int(height)]:
            return width, height
    raise ValueError("Not a size")


def placeholders_of(value: Json) -> Mapping[str, str]:
    """Return what a message speaks of; raises ValueError for what says nothing of the kind."""
    match value:
        case dict():
            return {key: str(each) for key, each in value.items()}
    raise ValueError("Not what a message speaks of")
