"""The folder in which footage that was taken out lies until it is handed over or its time is over.

A folder per case; `bin/` has those whose time is over, for some days; `unknown/` has those of which the ledger knows
nothing, until a person removes them. Synchronous: for worker threads.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
import re
import shutil
from typing import Final

from .clip_files import sealed_files
from .clip_model import ClipFile
from .files import is_same, sync_folder

# What the machine itself needs to go on; footage never fills the last of a disk.
RESERVE = 1 << 30
BIN = "bin"
UNKNOWN = "unknown"
# Of a case, of a clip in it, of a cut of that or of a masked one.
_CASE_ID = re.compile(r"(\d{4}-\d{4,})(-\d{2,}(?:-[cm]\d{2,})?)?", re.ASCII)
# A folder of a case, and a further one that was set aside with the same name.
_SET_ASIDE = re.compile(r"\d{4}-\d{4,}(\.\d+)?", re.ASCII)


def package_name(case_id: str) -> str:
    """Return what the evidence package of a case is called."""
    return f"{case_id}.zip"


class VaultError(Exception):
    """What keeps footage from being put into the vault."""


class VaultFull(VaultError):
    """There is no room: by the section's quota or on the disk."""

    def __init__(self, needed: int, free: int) -> None:
        """Say how many bytes were needed, and how many there are."""
        super().__init__(f"{needed} bytes are needed, {free} are free")
        self.needed = needed
        self.free = free


class FolderUnknown(VaultError):
    """No such folder was set aside."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StrayFolder:
    """A folder that was set aside because the ledger does not know it."""

    name: str
    files: int
    size: int


# Beside the cases: root certificates (PEM, `*.pem`) of cameras' makers that the section trusts.
CAMERA_ROOTS: Final = "camera-roots"
# Beside them: certificates that the cameras themselves gave; these vouch for nothing.
CAMERA_CERTIFICATES: Final = "camera-certificates"


class Vault:
    """A folder per case, readable to Home Assistant's own user only."""

    def __init__(self, root: Path, quota: int) -> None:
        """Name the folder; `quota` is in bytes, over all cases. Nothing is made yet."""
        self.root = root
        self.quota = quota

    def prepare(self) -> None:
        """Make the folder, and remove what a killed process left half written; raises OSError."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root.chmod(0o700)
        for folders in ("*", f"{BIN}/*", f"{UNKNOWN}/*"):
            for leftover in self.root.glob(f"{folders}/*.part"):
                leftover.unlink(missing_ok=True)

    def is_taken(self, named: str) -> bool:
        """Return whether something lies here under the id of a case, a clip or a cut, whatever the ledger knows of it."""
        if (found := _CASE_ID.fullmatch(named)) is None:
            raise ValueError("Not the id of a case, a clip or a cut")
        folders = list(self._folders(found[1]))
        if found[2] is None:
            return bool(folders)
        return any(sealed_files(folder, named) for folder in folders)

    def _folders(self, case_id: str) -> Iterator[Path]:
        """Yield every folder of that case, wherever it lies."""
        for folder in (self._of(case_id), self.root / BIN / case_id):
            if folder.exists():
                yield folder
        yield from (self.root / UNKNOWN).glob(case_id)
        yield from (self.root / UNKNOWN).glob(f"{case_id}.*")

    def folder(self, case_id: str) -> Path:
        """Return the folder of a case, made if need be; raises OSError."""
        folder = self._of(case_id)
        if not folder.is_dir():
            folder.mkdir(mode=0o700, exist_ok=True)
            # What is sealed in it is only as durable as its name.
            sync_folder(self.root)
        return folder

    def free(self) -> int:
        """Return how many bytes may still be put in."""
        used = sum(_size(file) for file in self.root.rglob("*"))
        return max(0, min(self.quota - used, shutil.disk_usage(self.root).free - RESERVE))

    def check_room(self, needed: int) -> None:
        """Raise VaultFull unless so many bytes have room."""
        if needed > (free := self.free()):
            raise VaultFull(needed, free)

    def remove(self, case_id: str) -> None:
        """Remove everything that is kept of a case; nothing to remove is fine. Raises OSError."""
        self._check_there()
        for folder in (self._of(case_id), self.root / BIN / case_id):
            if folder.is_dir():
                shutil.rmtree(folder)

    def remove_other_package(self, case_id: str, released: ClipFile | None) -> None:
        """Remove a package of a case that is not the one which was released; raises OSError.

        The ledger knows of no other: a kill came between its last byte and its entry.
        """
        package = self._of(case_id) / package_name(case_id)
        if package.exists() and (released is None or not is_same(package, released)):
            package.unlink()
            sync_folder(package.parent)

    # --- The bin --------------------------------------------------------------------------------------------------

    def to_bin(self, case_id: str) -> None:
        """Put what is kept of a case into the bin; what lies there already is fine. Raises OSError."""
        self._move(self._of(case_id), self.root / BIN / case_id)

    def out_of_bin(self, case_id: str) -> None:
        """Put what is kept of a case back to where it was; what lies there already is fine. Raises OSError."""
        self._move(self.root / BIN / case_id, self._of(case_id))

    def _check_there(self) -> None:
        """Raise OSError where the whole folder is away, as a share is: what it holds is neither moved nor gone."""
        self.root.stat()

    def _move(self, source: Path, target: Path) -> None:
        self._check_there()
        if not source.is_dir():
            return
        if target.exists() and any(target.iterdir()):
            # Two of one number: neither is written over.
            self._set_aside(target)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        source.rename(target)
        sync_folder(source.parent)
        sync_folder(target.parent)

    # --- What the ledger does not know --------------------------------------------------------------------------------

    def set_aside(self, is_known: Callable[[str, Path], bool]) -> list[StrayFolder]:
        """Set aside the folders that are no case's, by id and folder; return them as they lie then. Raises OSError."""
        found = []
        for place in (self.root, self.root / BIN):
            for folder in sorted(place.glob("*")):
                known_as = _CASE_ID.fullmatch(folder.name)
                if known_as is None or known_as[2] is not None or is_known(folder.name, folder):
                    continue
                found.append(_stray(self._set_aside(folder)))
        return found

    def take_back(self, is_known: Callable[[str, Path], bool]) -> list[str]:
        """Put folders back that turned out to be a case's, as when the right ledger is there again; return their ids."""
        back = []
        for folder in sorted((self.root / UNKNOWN).glob("*")):
            case_id = folder.name.partition(".")[0]
            if not _SET_ASIDE.fullmatch(folder.name) or self._of(case_id).exists():
                continue
            if is_known(case_id, folder):
                self._move(folder, self._of(case_id))
                back.append(case_id)
        return back

    def strays(self) -> list[StrayFolder]:
        """Return the folders that were set aside; raises OSError."""
        return [
            _stray(folder)
            for folder in sorted((self.root / UNKNOWN).glob("*"))
            if _SET_ASIDE.fullmatch(folder.name)
        ]

    def remove_stray(self, name: str) -> StrayFolder:
        """Remove a folder that was set aside and return what it was; raises FolderUnknown and OSError."""
        folder = self.root / UNKNOWN / name
        if not _SET_ASIDE.fullmatch(name) or not folder.is_dir():
            raise FolderUnknown(name)
        stray = _stray(folder)
        shutil.rmtree(folder)
        return stray

    def _set_aside(self, folder: Path) -> Path:
        """Move a folder to where no case looks for it; raises OSError."""
        aside = self.root / UNKNOWN
        aside.mkdir(mode=0o700, exist_ok=True)
        target, number = aside / folder.name, 1
        while target.exists():
            number += 1
            target = aside / f"{folder.name}.{number}"
        folder.rename(target)
        sync_folder(folder.parent)
        sync_folder(aside)
        return target

    def set_file_aside(self, case_id: str, file: Path) -> None:
        """Move a file whose name another one is to get to where no case looks for it; raises OSError."""
        aside = self.root / UNKNOWN / case_id
        aside.mkdir(mode=0o700, parents=True, exist_ok=True)
        target, number = aside / file.name, 1
        while target.exists():
            number += 1
            target = aside / f"{file.stem}.{number}{file.suffix}"
        file.rename(target)
        sync_folder(file.parent)
        sync_folder(aside)

    def _of(self, case_id: str) -> Path:
        # The id becomes a path: nothing but an id may.
        found = _CASE_ID.fullmatch(case_id)
        if found is None or found[2] is not None:
            raise ValueError("Not the id of a case")
        return self.root / case_id


def _size(path: Path) -> int:
    """Return how large a file is; nothing for what is none, or is gone meanwhile."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0


def _stray(folder: Path) -> StrayFolder:
    sizes = [_size(file) for file in folder.rglob("*") if file.is_file()]
    return StrayFolder(name=folder.name, files=len(sizes), size=sum(sizes))
