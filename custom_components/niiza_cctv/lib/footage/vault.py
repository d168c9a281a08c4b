"""The folder in which footage that was taken out lies until it is handed over or its time is over.

Synchronous: for worker threads.
"""

from pathlib import Path
import re
import shutil

# What the machine itself needs to go on; footage never fills the last of a disk.
RESERVE = 1 << 30
_CASE_ID = re.compile(r"\d{4}-\d{4,}")


class VaultError(Exception):
    """What keeps footage from being put into the vault."""


class VaultFull(VaultError):
    """There is no room: by the section's quota or on the disk."""

    def __init__(self, needed: int, free: int) -> None:
        """Say how many bytes were needed, and how many there are."""
        super().__init__(f"{needed} bytes are needed, {free} are free")
        self.needed = needed
        self.free = free


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
        for leftover in self.root.glob("*/*.part"):
            leftover.unlink(missing_ok=True)

    def folder(self, case_id: str) -> Path:
        """Return the folder of a case, made if need be; raises OSError."""
        folder = self._of(case_id)
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def free(self) -> int:
        """Return how many bytes may still be put in."""
        used = sum(file.stat().st_size for file in self.root.glob("*/*") if file.is_file())
        return max(0, min(self.quota - used, shutil.disk_usage(self.root).free - RESERVE))

    def check_room(self, needed: int) -> None:
        """Raise VaultFull unless so many bytes have room."""
        if needed > (free := self.free()):
            raise VaultFull(needed, free)

    def remove(self, case_id: str) -> None:
        """Remove everything that is kept of a case; nothing to remove is fine. Raises OSError."""
        folder = self._of(case_id)
        if folder.is_dir():
            shutil.rmtree(folder)

    def _of(self, case_id: str) -> Path:
        # The id becomes a path: nothing but an id may.
        if not _CASE_ID.fullmatch(case_id):
            raise ValueError("Not the id of a case")
        return self.root / case_id
