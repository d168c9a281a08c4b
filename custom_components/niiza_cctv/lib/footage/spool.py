"""The journal of the pictures that a retrieval has fetched so far.

Records are only ever appended, each behind its own checksum. A process may die at any byte of a write: opening the
journal cuts an incomplete last record off, and the retrieval goes on behind the last whole picture.
Written by hand because no container format keeps a camera's bytes and times untouched and can be cut anywhere.

Synchronous: for worker threads.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
from struct import Struct
import threading
from types import TracebackType
from typing import NamedTuple, Self
from zlib import crc32

from .archive import Picture
from .clip_model import Withheld, WithheldReason

MAGIC = b"niiza spool 1\r\n\x00"
# A picture has at most 8 MiB (depacketize.MAX_ACCESS_UNIT): a longer record is damage, not to be read into memory.
MAX_DATA = 16 << 20

# Kind, flags, length of the data, true and camera time in microseconds of the Unix epoch; then the CRC-32 of
# these and the data; then the data. What the camera did not give has its bounds for the two times, its reason for data.
_HEAD = Struct("<BBIqq")
_CHECK = Struct("<I")
_OVERHEAD = _HEAD.size + _CHECK.size
_STREAM, _PICTURE, _WITHHELD = 1, 2, 3
_KEYFRAME, _DISCONTINUITY, _DAMAGED = 1, 2, 4
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class SpoolDamaged(Exception):
    """The file is not a journal of pictures, or not of this recording: it is left as it is."""


class Unit(NamedTuple):
    """A picture without its times: Annex B, and whether decoding can start here."""

    data: bytes
    keyframe: bool


class Head(NamedTuple):
    """What a picture is, without its data."""

    # True time and the camera's own, in microseconds of the Unix epoch.
    at: int
    camera_at: int
    keyframe: bool
    size: int
    damaged: bool


class Spool:
    """A journal, opened by `Spool.open`; one process and one thread at a time writes it."""

    def __init__(self, path: Path, descriptor: int) -> None:
        """Take over an open file, whose records `open` reads."""
        self.path = path
        self._descriptor = descriptor
        # Who closes it may be another thread than who writes.
        self._lock = threading.Lock()
        # FFmpeg's name: "h264" or "hevc".
        self.codec = ""
        # As the camera announced them (Annex B), first and whenever they changed, each with the number of the
        # picture from which on it holds.
        self.announced: list[tuple[int, bytes]] = []
        # What the camera lists and did not give, in the order in which it was given up.
        self.withheld: list[Withheld] = []
        self.pictures = 0
        # In bytes, of the journal.
        self.size = 0
        # True time; the last one in the order of the camera.
        self.first_at: datetime | None = None
        self.last_at: datetime | None = None

    @classmethod
    def open(cls, path: Path, *, codec: str | None = None, parameter_sets: bytes = b"") -> Self:
        """Open a journal to read it and to go on writing, cutting off what a kill left incomplete.

        With `codec` ("h264", "hevc") a journal that does not exist is made, readable to its owner only;
        `parameter_sets` (Annex B) are what the camera announced: where they differ from the last ones, they
        hold from the next picture on. Reads the whole file once, with flat memory.

        Raises OSError (FileNotFoundError without `codec`) and SpoolDamaged, also when the codec is another.
        """
        flags = os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if codec else 0)
        spool = cls(path, os.open(path, flags, 0o600))
        try:
            spool._recover()
            spool._check_codec(codec)
            if codec and (
                not spool.codec or (parameter_sets and parameter_sets != spool.parameter_sets)
            ):
                spool._announce(codec, parameter_sets)
        except BaseException:
            spool.close()
            raise
        return spool

    def __enter__(self) -> Self:
        """Return the journal itself."""
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    @property
    def parameter_sets(self) -> bytes:
        """Return what the camera announced last (Annex B, may be empty)."""
        return self.announced[-1][1]

    def append(self, pictures: Sequence[Picture]) -> None:
        """Write pictures in the order of the camera.

        Raises OSError, for instance when the disk is full: the journal is then as it was before.
        """
        if not pictures:
            return
        parts: list[bytes] = []
        for picture in pictures:
            flags = (
                _KEYFRAME * picture.keyframe
                | _DISCONTINUITY * picture.discontinuity
                | _DAMAGED * picture.damaged
            )
            at, camera_at = microseconds(picture.at), microseconds(picture.camera_at)
            parts += _record(_PICTURE, flags, at, camera_at, picture.data)
        self._write(b"".join(parts))
        self.pictures += len(pictures)
        self.first_at = self.first_at or pictures[0].at
        self.last_at = pictures[-1].at

    def withhold(self, withheld: Withheld) -> None:
        """Write down what the camera did not give; raises OSError."""
        start, end = microseconds(withheld.start), microseconds(withheld.end)
        reason = withheld.reason.encode("ascii")
        if withheld.decided_at is not None:
            reason += b" %d" % microseconds(withheld.decided_at)
        self._write(b"".join(_record(_WITHHELD, 0, start, end, reason)))
        self.withheld.append(withheld)

    def sync(self) -> None:
        """Have everything on the disk; raises OSError."""
        os.fsync(self._descriptor)

    def close(self) -> None:
        """Close the file, once what is being written is; may be called again."""
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1

    def __iter__(self) -> Iterator[Picture]:
        """Return the pictures from the first on; raises OSError, and SpoolDamaged for damage since opening."""
        for flags, at, camera_at, data in self._pictures(checked=True):
            yield Picture(
                at=moment(at),
                camera_at=moment(camera_at),
                data=data,
                keyframe=bool(flags & _KEYFRAME),
                discontinuity=bool(flags & _DISCONTINUITY),
                damaged=bool(flags & _DAMAGED),
            )

    def units(self, *, checked: bool) -> Iterator[Unit]:
        """Return the pictures without their times, which costs a third; raises as iterating does.

        `checked=False` leaves the checksums out, for what is compared with a checked reading later.
        """
        for flags, _, _, data in self._pictures(checked=checked):
            yield Unit(data, bool(flags & _KEYFRAME))

    def _pictures(self, *, checked: bool) -> Iterator[tuple[int, int, int, bytes]]:
        place = len(MAGIC)
        while place < self.size:
            kind, flags, at, camera_at, data = self._read(place, checked=checked)
            place += _OVERHEAD + len(data)
            if kind == _PICTURE:
                yield flags, at, camera_at, data

    def heads(self) -> Iterator[Head]:
        """Return the pictures without their data, unchecked; raises OSError."""
        at = len(MAGIC)
        while at < self.size:
            kind, flags, size, true, camera = _HEAD.unpack(
                os.pread(self._descriptor, _HEAD.size, at)
            )
            at += _OVERHEAD + size
            if kind == _PICTURE:
                yield Head(true, camera, bool(flags & _KEYFRAME), size, bool(flags & _DAMAGED))

    def _read(self, place: int, *, checked: bool = True) -> tuple[int, int, int, int, bytes]:
        """Return the record at some byte; raises SpoolDamaged for one that is incomplete or damaged."""
        return _read_record(self._descriptor, place, checked=checked)

    def _recover(self) -> None:
        """Read what is there and cut off what is not whole."""
        magic = os.pread(self._descriptor, len(MAGIC), 0)
        if magic != MAGIC:
            if not MAGIC.startswith(magic):
                raise SpoolDamaged("The file is not a journal of pictures")
            os.ftruncate(self._descriptor, 0)
            self._write(MAGIC)
            return
        self.size = len(MAGIC)
        while True:
            try:
                kind, _, at, other, data = self._read(self.size)
            except SpoolDamaged:
                break
            self.size += _OVERHEAD + len(data)
            if kind == _STREAM:
                codec, _, parameter_sets = data.partition(b"\0")
                self.codec = codec.decode("ascii")
                self.announced.append((self.pictures, parameter_sets))
                continue
            if kind == _WITHHELD:
                reason, _, decided_at = data.decode("ascii").partition(" ")
                withheld = Withheld(
                    start=moment(at),
                    end=moment(other),
                    reason=WithheldReason(reason),
                    decided_at=moment(int(decided_at)) if decided_at else None,
                )
                self.withheld.append(withheld)
                continue
            self.pictures += 1
            self.last_at = moment(at)
            self.first_at = self.first_at or self.last_at
        os.ftruncate(self._descriptor, self.size)

    def _check_codec(self, codec: str | None) -> None:
        if codec is None and not self.codec:
            raise SpoolDamaged("The journal holds nothing")
        if codec and self.codec not in {"", codec}:
            raise SpoolDamaged("The camera records with another codec than before")

    def _announce(self, codec: str, parameter_sets: bytes) -> None:
        data = codec.encode("ascii") + b"\0" + parameter_sets
        self._write(b"".join(_record(_STREAM, 0, 0, 0, data)))
        self.codec = codec
        self.announced.append((self.pictures, parameter_sets))

    def _write(self, data: bytes) -> None:
        """Write at the end, all or nothing; nothing where it is closed, whose number another file may have by now."""
        rest = memoryview(data)
        at = self.size
        with self._lock:
            try:
                while rest:
                    written = os.pwrite(self._descriptor, rest, at)
                    at += written
                    rest = rest[written:]
            except OSError:
                if self._descriptor >= 0:
                    os.ftruncate(self._descriptor, self.size)
                raise
        self.size = at


class Arrived(NamedTuple):
    """A record of a journal that is still being written."""

    # The picture, or None for what is none.
    unit: Unit | None
    # True time of a picture, in microseconds of the Unix epoch.
    at: int
    # Codec and parameter sets, where the camera announced them.
    announced: tuple[str, bytes] | None
    # Stands for everything up to here: a journal that differs before has another one.
    chain: int


class SpoolTail:
    """Reads a journal while another thread writes it, through a file of its own.

    `place` (bytes of the journal) and `chain` are where it goes on; it asks for nothing behind what is written whole.
    """

    def __init__(self, path: Path, place: int = len(MAGIC), chain: int = 0) -> None:
        """Open it to read; raises OSError."""
        self.place, self.chain = place, chain
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)

    def read(self) -> Arrived:
        """Return the next record; raises OSError and SpoolDamaged."""
        kind, flags, at, other, data = _read_record(self._descriptor, self.place)
        self.place += _OVERHEAD + len(data)
        self.chain = crc32(_HEAD.pack(kind, flags, len(data), at, other), crc32(data, self.chain))
        announced = None
        if kind == _STREAM:
            codec, _, parameter_sets = data.partition(b"\0")
            announced = codec.decode("ascii"), parameter_sets
        unit = Unit(data, bool(flags & _KEYFRAME)) if kind == _PICTURE else None
        return Arrived(unit, at, announced, self.chain)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


def _read_record(
    descriptor: int, place: int, *, checked: bool = True
) -> tuple[int, int, int, int, bytes]:
    head = os.pread(descriptor, _OVERHEAD, place)
    if len(head) == _OVERHEAD:
        kind, flags, size, at, camera_at = _HEAD.unpack_from(head)
        if size <= MAX_DATA and kind in {_STREAM, _PICTURE, _WITHHELD}:
            data = os.pread(descriptor, size, place + _OVERHEAD)
            if len(data) == size and (
                not checked
                or _CHECK.unpack_from(head, _HEAD.size)[0] == crc32(data, crc32(head[: _HEAD.size]))
            ):
                return kind, flags, at, camera_at, data
    raise SpoolDamaged("The journal is damaged")


def _record(kind: int, flags: int, at: int, camera_at: int, data: bytes) -> tuple[bytes, ...]:
    if len(data) > MAX_DATA:
        raise ValueError("A picture is larger than any camera makes")
    head = _HEAD.pack(kind, flags, len(data), at, camera_at)
    return head, _CHECK.pack(crc32(data, crc32(head))), data


def microseconds(at: datetime) -> int:
    """Return a moment in microseconds of the Unix epoch."""
    return (at - _EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    """Return the moment at some microseconds of the Unix epoch, in UTC."""
    return _EPOCH + timedelta(microseconds=at)
