"""Files that appear whole and durable, or not at all.

Synchronous: for worker threads.
"""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from .clip_model import ClipFile


def part_of(path: Path) -> Path:
    """Return the name under which a file is written until it is whole."""
    return path.with_name(f"{path.name}.part")


def new_file(path: Path) -> BinaryIO:
    """Open a new file for its owner only, in place of what an earlier try left; raises OSError."""
    path.unlink(missing_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o600), "w+b")


def finish(part: Path, path: Path) -> ClipFile:
    """Give a whole file its final name, durably; raises OSError."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
        size = os.fstat(file.fileno()).st_size
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    part.rename(path)
    sync_folder(path.parent)
    return ClipFile(name=path.name, sha256=digest, size=size)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk; raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
