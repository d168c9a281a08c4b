"""What is proved of a journal, beside it: how each group of pictures was decoded, so that a restart need not do it again.

Records are only ever appended, each with its checksum; a file that was cut anywhere, or changed, is worth what is whole
of it in front. It is a convenience: without it everything is proved again. Synchronous: for worker threads.
"""

from dataclasses import dataclass
import os
from pathlib import Path
from struct import Struct
from typing import Final, Self
from zlib import crc32

SUFFIX: Final = ".proof"
_MAGIC: Final = b"niiza proof 1\r\n\x00"
# More is no file of ours: an hour has a few hundred kilobytes when every picture of it is damaged.
_MAX_SIZE: Final = 64 << 20
_HEAD: Final = Struct("<QIIIHHI")
_CHECK: Final = Struct("<I")
_NUMBER: Final = Struct("<I")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """Where a picture stands in its journal: the byte, the number, and the `chain` of all before (`SpoolTail`)."""

    place: int
    chain: int
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Pictures from a key picture on, whether each can be shown (1), and the largest size up to there."""

    mark: Mark
    intact: bytes
    width: int
    height: int


class ProofFile:
    """The file of a journal, which `open` reads."""

    def __init__(self, descriptor: int, groups: list[Group], size: int) -> None:
        """Take over an open file of `size` bytes, and what it says."""
        self.groups = groups
        self._descriptor = descriptor
        self._size = size

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a file, made if need be, and cut off what makes no sense; raises OSError."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            known = os.fstat(descriptor).st_size
            content = os.pread(descriptor, known, 0) if known <= _MAX_SIZE else b""
            groups, size = _read(content)
            os.ftruncate(descriptor, size)
            made = cls(descriptor, groups, size)
            if not size:
                made._write(_MAGIC)
        except BaseException:
            os.close(descriptor)
            raise
        return made

    def append(self, group: Group) -> None:
        """Add what was found of the next group; raises OSError, and is as it was before."""
        lost = [at for at, shown in enumerate(group.intact) if not shown]
        mark = group.mark
        record = _HEAD.pack(
            mark.place,
            mark.chain,
            mark.number,
            len(group.intact),
            group.width,
            group.height,
            len(lost),
        ) + b"".join(map(_NUMBER.pack, lost))
        self._write(record + _CHECK.pack(crc32(record)))

    def forget(self) -> None:
        """Forget everything: it is of another journal; raises OSError."""
        self.groups = []
        self._size = len(_MAGIC)
        os.ftruncate(self._descriptor, self._size)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def _write(self, data: bytes) -> None:
        try:
            written = 0
            while written < len(data):
                written += os.pwrite(self._descriptor, data[written:], self._size + written)
        except OSError:
            os.ftruncate(self._descriptor, self._size)
            raise
        self._size += len(data)


def _read(content: bytes) -> tuple[list[Group], int]:
    """Return what a file says, and how many bytes of it make sense."""
    if not content.startswith(_MAGIC):
        return [], 0
    groups: list[Group] = []
    at = len(_MAGIC)
    while len(content) - at >= _HEAD.size:
        place, chain, number, pictures, width, height, lost = _HEAD.unpack_from(content, at)
        end = at + _HEAD.size + lost * _NUMBER.size
        if lost > pictures or end + _CHECK.size > len(content):
            break
        if _CHECK.unpack_from(content, end)[0] != crc32(content[at:end]):
            break
        intact = bytearray(b"\1") * min(pictures, _MAX_SIZE)
        for (one,) in _NUMBER.iter_unpack(content[at + _HEAD.size : end]):
            if one >= len(intact):
                return groups, at
            intact[one] = 0
        before = groups[-1] if groups else None
        if before and (
            number != before.mark.number + len(before.intact) or place <= before.mark.place
        ):
            break
        mark = Mark(place=place, chain=chain, number=number)
        groups.append(Group(mark=mark, intact=bytes(intact), width=width, height=height))
        at = end + _CHECK.size
    return groups, at
