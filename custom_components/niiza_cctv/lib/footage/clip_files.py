"""Which files a clip has, and which of them is meant: whoever packs, shows or removes one chooses here.

A *derived file* is one that was made of the master and stands beside it. A further kind is one more role: what it is
called on the disk, and what it is for.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from pathlib import Path

from .clip_model import ClipFile, SealedClip
from .proof_file import SUFFIX as PROOF_SUFFIX


class FileRole(StrEnum):
    """What a file is to its clip, as the manifest of a package calls it."""

    # The camera's own bytes: the evidence.
    MASTER = "master"
    # The same picture in H.264, encoded anew.
    VIEWING_COPY = "viewing_copy"
    # A part of a master, the camera's own bytes still.
    CUT = "cut"
    # A part of a master of which all but what was approved is hidden, encoded anew.
    MASKED = "masked"


class Purpose(Enum):
    """What somebody wants the files of a clip for."""

    # To put all that a recipient gets into a package, the master first.
    HANDOVER = auto()
    # To look at one of them, in a browser.
    VIEWING = auto()


@dataclass(frozen=True, kw_only=True)
class RoleFile:
    """A file of a clip, and what it is to it."""

    role: FileRole
    file: ClipFile
    # "h264" or "hevc".
    codec: str


_SUFFIXES = {
    FileRole.MASTER: ".mp4",
    FileRole.VIEWING_COPY: ".viewing-copy-reencoded.mp4",
    FileRole.CUT: ".cut.mp4",
    FileRole.MASKED: ".masked.mp4",
}


def path_of(folder: Path, clip_id: str, role: FileRole) -> Path:
    """Return where a clip's file of this role lies; every name begins with the clip's id and a point."""
    return folder / f"{clip_id}{_SUFFIXES[role]}"


def files_for(clip: SealedClip, purpose: Purpose) -> tuple[RoleFile, ...]:
    """Return the files of a clip that are meant; for viewing it is one."""
    files = [RoleFile(role=FileRole.MASTER, file=clip.master, codec=clip.codec)]
    if clip.viewing_copy is not None:
        copy = RoleFile(role=FileRole.VIEWING_COPY, file=clip.viewing_copy, codec="h264")
        files.append(copy)
    return tuple(files[-1:] if purpose is Purpose.VIEWING else files)


# What is written while a clip is fetched: its journal, what is proved of it, and files that have no final name yet.
UNFINISHED = frozenset({".spool", PROOF_SUFFIX, ".part"})


def remove_unfinished(folder: Path, clip_id: str) -> None:
    """Remove what was written of a clip that is not sealed, and no sealed file; raises OSError."""
    for file in folder.glob(f"{clip_id}.*"):
        if file.suffix in UNFINISHED:
            file.unlink(missing_ok=True)


def sealed_files(folder: Path, clip_id: str) -> list[Path]:
    """Return the files that have a final name of a clip; raises OSError."""
    return [file for file in folder.glob(f"{clip_id}.*") if file.suffix not in UNFINISHED]
