"""The certificates that each camera was seen to sign with: a clip out of the middle of a recording brings none along."""

from hashlib import sha256
from pathlib import Path

from ..files import finish, new_file, part_of
from .chain import ChainInvalid, SigningKey
from .sei import MAX_CHAIN
from .verifier import MAX_KNOWN


class KnownChains:
    """A folder with a few certificates (PEM chains) per camera, the last seen last; for worker threads.

    They vouch for nothing by themselves: a signature proves which of them is of its key, and a root whose key it is.
    """

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made with the first certificate."""
        self._folder = folder

    def of(self, camera: str) -> list[bytes]:
        """Return what is known of a camera, the newest first; nothing where it cannot be read."""
        chains = []
        for file in reversed(self._files(camera)):
            try:
                with file.open("rb") as opened:
                    chains.append(opened.read(MAX_CHAIN))
            except OSError:
                continue
        return chains

    def add(self, camera: str, chain: bytes) -> None:
        """Keep a certificate of a camera; one that is kept already becomes the newest. Raises OSError.

        What is no certificate is left out, and the oldest goes where there are many.
        """
        try:
            key = SigningKey(chain)
        except ChainInvalid:
            return
        files = self._files(camera)
        number = int(files[-1].name.partition("-")[0]) + 1 if files else 1
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path = self._folder / _name(camera) / f"{number:09}-{key.fingerprint[:32]}.pem"
        path.parent.mkdir(mode=0o700, exist_ok=True)
        part = part_of(path)
        try:
            with new_file(part) as opened:
                opened.write(chain)
            finish(part, path)
        finally:
            part.unlink(missing_ok=True)
        same = [file for file in files if file.stem.endswith(path.stem.partition("-")[2])]
        others = [file for file in files if file not in same]
        for file in same + others[: max(len(others) - MAX_KNOWN + 1, 0)]:
            file.unlink(missing_ok=True)

    def _files(self, camera: str) -> list[Path]:
        try:
            return sorted((self._folder / _name(camera)).glob("[0-9]*-*.pem"))
        except OSError:
            return []


def _name(camera: str) -> str:
    """Return a folder's name for a camera's id, which is anything."""
    return sha256(camera.encode()).hexdigest()[:32]
