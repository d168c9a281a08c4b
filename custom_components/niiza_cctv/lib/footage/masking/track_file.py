"""Tracks on the disk, beside the files of their case: they go where those go, and are gone with them.

`<clip>.track-draft.json` is what people draw, and changes; `<clip>-m01.track.json` is what a masked clip was asked for
with, and its bytes are the track's one written form: its SHA-256 stands in the ledger. Synchronous: for worker threads.
"""

from dataclasses import dataclass
from datetime import datetime
import json
import os
from pathlib import Path
from typing import Final, Self

from ...ledger.model import Json, Person
from ...ledger.verify import canonical
from ..files import finish, new_file, part_of
from ..time_text import from_text, text_of
from .errors import MaskInvalid, MaskProblem
from .track import Tracks

# 10,000 keys and all stretches that may be rejected come to less than half of it.
MAX_SIZE: Final = 4 * 2**20


@dataclass(frozen=True, kw_only=True)
class TrackDraft:
    """The track of a clip as somebody left it; it is in no ledger."""

    tracks: Tracks
    saved_by: Person
    saved_at: datetime
    # Everybody who saved it or one before it, in that order: none of them looks at what came of it for the other person.
    drawn_by: tuple[Person, ...]

    @classmethod
    def saved(cls, tracks: Tracks, by: Person, at: datetime, before: Self | None) -> Self:
        """Return what somebody saved in the place of what was there before."""
        drawn_by = () if before is None else before.drawn_by
        if by.id not in {person.id for person in drawn_by}:
            drawn_by = (*drawn_by, by)
        return cls(tracks=tracks, saved_by=by, saved_at=at, drawn_by=drawn_by)

    def as_json(self) -> dict[str, Json]:
        """Return the written form."""
        return {
            "tracks": self.tracks.as_json(),
            "saved_by": _written(self.saved_by),
            "saved_at": text_of(self.saved_at),
            "drawn_by": [_written(person) for person in self.drawn_by],
        }

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError or MaskInvalid for anything else."""
        match value:
            case {"tracks": tracks, "saved_by": saved_by, "saved_at": str(saved_at)} if isinstance(
                value, dict
            ):
                return cls(
                    tracks=Tracks.from_json(tracks),
                    saved_by=_read_person(saved_by),
                    saved_at=from_text(saved_at),
                    # Drafts of older versions name but one.
                    drawn_by=_read_people(value.get("drawn_by", [saved_by])),
                )
        raise ValueError("Not the draft of a track")


def _written(person: Person) -> Json:
    return {"id": person.id, "name": person.name}


def _read_people(value: Json) -> tuple[Person, ...]:
    match value:
        case [_, *_]:
            return tuple(map(_read_person, value))
    raise ValueError("Not people")


def _read_person(value: Json) -> Person:
    match value:
        case {"id": str(person_id), "name": str(name)}:
            return Person(id=person_id, name=name)
    raise ValueError("Not a person")


def draft_path(folder: Path, clip_id: str) -> Path:
    """Return where the draft of a clip's track lies."""
    return folder / f"{clip_id}.track-draft.json"


def track_path(folder: Path, mask_id: str) -> Path:
    """Return where the track of a masked clip lies."""
    return folder / f"{mask_id}.track.json"


def read_draft(path: Path) -> TrackDraft | None:
    """Return the draft; None where there is none, or none that can be read. Raises OSError."""
    try:
        return TrackDraft.from_json(json.loads(_read(path)))
    except FileNotFoundError, ValueError, RecursionError, MaskInvalid:
        return None


def write_draft(path: Path, draft: TrackDraft) -> None:
    """Put a draft in the place of the one before; raises OSError."""
    _write(path, json.dumps(draft.as_json(), ensure_ascii=False).encode())


def read_track(path: Path, sha256: str) -> Tracks:
    """Return the track of that hash; raises MaskInvalid where it is gone or is another one, OSError."""
    try:
        tracks = Tracks.from_json(json.loads(_read(path)))
    except (FileNotFoundError, ValueError, RecursionError, MaskInvalid) as err:
        raise MaskInvalid(MaskProblem.TRACK_GONE, why=f"{path.name}: {err}") from err
    if tracks.sha256 != sha256:
        raise MaskInvalid(MaskProblem.TRACK_GONE, why=f"{path.name} is another track")
    return tracks


def write_track(path: Path, tracks: Tracks) -> None:
    """Keep the track that a masked clip is asked for with; raises OSError."""
    _write(path, canonical(tracks.as_json()).encode())


def _read(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(MAX_SIZE + 1)
    if len(data) > MAX_SIZE:
        raise ValueError("Larger than any track")
    return data


def _write(path: Path, data: bytes) -> None:
    part = part_of(path)
    try:
        with new_file(part) as file:
            file.write(data)
        finish(part, path, replace=True)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
