"""Files that appear whole and durable, or not at all.

Synchronous: for worker threads.
"""

from collections.abc import Callable
import errno
import fcntl
import hashlib
from io import BufferedReader
import os
from pathlib import Path
from typing import BinaryIO

from .clip_model import ClipFile

# How file systems say that they have no hard links.
_NO_HARD_LINKS = frozenset(
    {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
)

_CHUNK = 1 << 20


def part_of(path: Path) -> Path:
    """Return the name under which a file is written until it is whole."""
    return path.with_name(f"{path.name}.part")


def new_file(path: Path) -> BinaryIO:
    """Open a new file for its owner only, in place of what an earlier try left; raises OSError."""
    path.unlink(missing_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o600), "w+b")


def finish(
    part: Path, path: Path, *, replace: bool = False, step: Callable[[float], None] | None = None
) -> ClipFile:
    """Give a whole file its final name, durably; raises OSError, FileExistsError where another file has that name.

    `replace`: the file of that name was made of what is still here, and may be made anew. `step` is called with the
    share that was read back, and may raise to call it off.
    """
    with part.open("rb") as file:
        os.fsync(file.fileno())
        size = os.fstat(file.fileno()).st_size
        digest = _digest(file, size, step)
    finished = ClipFile(name=path.name, sha256=digest, size=size)
    if replace:
        part.replace(path)
    elif is_same(path, finished):
        # Given by a process that was killed before it could say so.
        part.unlink()
    else:
        _give_name(part, path)
    sync_folder(path.parent)
    return finished


def _digest(file: BufferedReader, size: int, step: Callable[[float], None] | None) -> str:
    if step is None:
        return hashlib.file_digest(file, "sha256").hexdigest()
    digest = hashlib.sha256()
    done = 0
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        done += len(chunk)
        step(done / max(size, 1))
    return digest.hexdigest()


def is_same(path: Path, known: ClipFile) -> bool:
    """Return whether a file is there and has these bytes; it is read only where it has as many."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    with os.fdopen(descriptor, "rb") as file:
        if os.fstat(file.fileno()).st_size != known.size:
            return False
        return hashlib.file_digest(file, "sha256").hexdigest() == known.sha256


def _give_name(part: Path, path: Path) -> None:
    """Rename a file, never over another one: a rename would not ask."""
    try:
        path.hardlink_to(part)
    except OSError as err:
        if err.errno not in _NO_HARD_LINKS:
            raise
        _rename_locked(part, path)
    else:
        part.unlink()


def _rename_locked(part: Path, path: Path) -> None:
    """Rename where the file system has no hard links; the lock keeps others of us from the name meanwhile."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        part.rename(path)
    finally:
        os.close(folder)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk; raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
