"""Whether a masked clip may leave: it is decoded again, and nothing is where nothing was revealed.

The gate trusts neither painter nor encoder. It works out from the tracks which pixels may show anything, takes whole
macroblocks for them and what the deblocking filter reaches behind (ITU-T H.264, 8.7), and compares every other pixel
with the fill. That is more than flatness: a flat coat is flat, too. And nothing is in the file but these pictures.

Synchronous: for worker threads and for the renderer's process.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import batched, zip_longest
import os
from pathlib import Path
from typing import BinaryIO, Final

from av.container import InputContainer
from av.video.frame import VideoFrame
import numpy as np
from numpy.typing import NDArray

from ..clip import check_boxes, stream_decoder
from ..clip_model import ClipInvalid
from ..decoding import open_clip
from .burn_in import Banner
from .errors import MaskInvalid, MaskProblem
from .geometry import Cells, all_cells, shown_at, slices
from .painting import Form, Planes
from .source import microseconds, unreadable
from .track import Tracks

# How far apart values may be where all should be one: in a solid fill, in a block of a plate, under the writing.
SOLID_SPREAD: Final = 8
PLATE_SPREAD: Final = 32
WRITING_SPREAD: Final = 160
# Cells (2 × 2 pixels) in a macroblock, and pixels that the deblocking filter changes beyond its edge.
_BLOCK, _REACH = 8, 4
# What an MP4 file of one stream without reordering is made of (ISO/IEC 14496-12; FFmpeg leaves `free` empty).
_CONTAINERS: Final = {b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl"}
# What they hold begins with this; each is as long as its fields (of tables: as their entries) take and no longer.
_BEGINNINGS: Final = {
    b"ftyp": b"isom\0\0\2\0isomiso2avc1mp41",
    # Made at no time.
    b"mvhd": bytes(12),
    b"tkhd": b"\0\0\0\3" + bytes(8),
    b"mdhd": bytes(12),
    b"hdlr": bytes(8) + b"vide" + bytes(12) + b"VideoHandler\0",
    b"vmhd": b"\0\0\0\1" + bytes(8),
    b"dref": bytes(7) + b"\1\0\0\0\x0curl \0\0\0\1",
    b"free": b"",
}
_SIZES: Final = {b"mvhd": 100, b"tkhd": 84, b"mdhd": 24}
# Before their number of entries, and of each.
_TABLES: Final = {
    b"stts": (4, 8), b"stss": (4, 4), b"stsc": (4, 12), b"stsz": (8, 4), b"stco": (4, 4), b"co64": (4, 8),
}  # fmt: skip
# FFmpeg writes an empty list of descriptions, whether or not there are any.
_NO_DESCRIPTION: Final = (
    b"\0\0\0\x35meta\0\0\0\0\0\0\0\x21hdlr\0\0\0\0\0\0\0\0mdirappl" + bytes(9) + b"\0\0\0\x08ilst"
)
# What the sample entry may hold beside its fixed fields: parameter sets, pixel shape, colours, bit rates.
_ENTRY: Final = {b"avcC", b"pasp", b"colr", b"btrt"}
# What fragments say of themselves besides; a file is read box by box.
_BRANDS: Final = {"major_brand", "minor_version", "compatible_brands", "encoder"}
_MAX_FIELDS: Final = 128
# Slices (ITU-T H.264, table 7-1): no supplemental message, and parameter sets only where the clip says how it is.
_UNITS: Final = {1, 5}


class LeakGate:
    """Judges decoded pictures of one masked clip, one after the other."""

    def __init__(
        self, tracks: Tracks, form: Form, backdrop: Planes, banner: Banner | None, *, solid: bool
    ) -> None:
        """Take over what may be shown, and what has to be everywhere else."""
        self._tracks = tracks
        self._form = form
        self._banner = banner
        # Half to each side of what should be there.
        self._allowed = (SOLID_SPREAD if solid else PLATE_SPREAD) // 2
        y, u, v = (plane.copy() for plane in backdrop)
        self._expected: Planes = (y, u, v)
        # The least that may be anywhere; what is more than twice what is allowed above it is wrong.
        self._least = [
            np.clip(plane, self._allowed, 255 - self._allowed) - np.uint8(self._allowed)
            for plane in backdrop
        ]
        self._above = [np.empty_like(plane) for plane in backdrop]

    def check(self, frame: VideoFrame, tick: int) -> None:
        """Raise MaskInvalid where a picture shows more than is revealed at its time (as the source counts it)."""
        form, time = self._form, microseconds(tick)
        size = (form.width, form.height)
        if (frame.width, frame.height) != size or frame.is_corrupt:
            raise MaskInvalid(MaskProblem.FILE_NOT_CLEAN, why="a picture of another kind")
        if self._banner is not None:
            self._banner.write(self._expected, time)
        shown = all_cells(shown_at(self._tracks, time, *size), *size)
        may_differ = [*_runs(_blocks(shown))]
        for number, plane in enumerate(frame.planes):
            rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
            values = rows[:, : plane.width]
            # Below the least wraps around, and is far above.
            above = np.subtract(values, self._least[number], out=self._above[number])
            for top, left, right in may_differ:
                above[_reached(number, top, top + 1, left, right)] = 0
            if self._banner is not None:
                self._check_writing(number, values, self._banner.cells, time)
                bottom, right = (
                    -(-side // _BLOCK)
                    for side in (self._banner.cells.bottom, self._banner.cells.right)
                )
                above[_reached(number, 0, bottom, 0, right)] = 0
            if int(above.max()) > 2 * self._allowed:
                raise MaskInvalid(
                    MaskProblem.LEAK, {"picture": str(time)}, why=f"more in plane {number}"
                )

    def _check_writing(
        self, number: int, values: NDArray[np.uint8], cells: Cells, time: int
    ) -> None:
        """Refuse what is not the writing: it has edges that no encoder leaves as they are, so much may be off."""
        part = [*slices(cells)][number]
        apart = np.abs(values[part].astype(np.int16) - self._expected[number][part])
        if apart.max() > WRITING_SPREAD // 2:
            raise MaskInvalid(MaskProblem.LEAK, {"picture": str(time)}, why="under the writing")


def _reached(number: int, top: int, bottom: int, left: int, right: int) -> tuple[slice, slice]:
    """Return rows and columns of macroblocks in a plane, and of what their filter changes around them."""
    size, reach = (_BLOCK, _REACH // 2) if number else (2 * _BLOCK, _REACH)
    return (
        slice(max(top * size - reach, 0), bottom * size + reach),
        slice(max(left * size - reach, 0), right * size + reach),
    )


def _blocks(cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which macroblocks have a cell that is revealed."""
    rows, columns = cells.shape
    down, across = -(-rows // _BLOCK), -(-columns // _BLOCK)
    padded = np.zeros((down * _BLOCK, across * _BLOCK), dtype=np.bool_)
    padded[:rows, :columns] = cells
    # A macroblock's row of cells is one number: ten times as quick as cell by cell.
    rows_of_blocks = padded.view(np.uint64).reshape(down, _BLOCK, across)
    return np.asarray(rows_of_blocks.any(axis=1), dtype=np.bool_)


def _runs(blocks: NDArray[np.bool_]) -> Iterator[tuple[int, int, int]]:
    """Give row, first and behind the last of neighbouring macroblocks."""
    edges = np.argwhere(np.diff(blocks, axis=1, prepend=False, append=False)).tolist()
    for (row, left), (_, right) in batched(edges, 2, strict=True):
        yield row, left, right


def check_pictures(
    clip: InputContainer,
    gate: LeakGate,
    ticks: Sequence[int],
    first: int,
    step: Callable[[float], None],
) -> int:
    """Hold a masked clip against the gate; return the bytes of its pictures.

    `ticks` are the times of all its pictures as the source counts them, and the clip shows `first` at 0. Raises
    MaskInvalid unless these, all of these and nothing else are in it, and what `step` raises.
    """
    with unreadable():
        if [stream.type for stream in clip.streams] != ["video"]:
            raise MaskInvalid(MaskProblem.FILE_NOT_CLEAN, why="not one video stream")
        video = clip.streams.video[0]
        with stream_decoder(video, careful=True) as decoder:
            if not clip.metadata.keys() <= _BRANDS or decoder.name != "h264":
                raise MaskInvalid(MaskProblem.FILE_NOT_CLEAN, why="a description, or another codec")
            _check_sets(bytes(decoder.extradata or b""))
            size = 0

            def frames() -> Iterator[VideoFrame]:
                nonlocal size
                for packet in clip.demux(video):
                    data = bytes(packet)
                    if any(kind not in _UNITS for kind in _kinds(data)):
                        raise MaskInvalid(
                            MaskProblem.FILE_NOT_CLEAN, why="a message beside pictures"
                        )
                    size += len(data)
                    yield from decoder.decode(packet)

            for number, (frame, tick) in enumerate(zip_longest(frames(), ticks)):
                if frame is None or tick is None or frame.pts != tick - first:
                    raise MaskInvalid(MaskProblem.FILE_NOT_CLEAN, why="other pictures than painted")
                gate.check(frame, tick)
                step(number / len(ticks))
    return size


def check_file(
    path: Path, gate: LeakGate, ticks: Sequence[int], step: Callable[[float], None]
) -> None:
    """Raise MaskInvalid unless the MP4 file may leave; see `check_pictures`."""
    try:
        check_boxes(path)
    except ClipInvalid as err:
        raise MaskInvalid(MaskProblem.FILE_NOT_CLEAN, why=str(err)) from err
    with path.open("rb") as file:
        room = _check_inside(file, 0, os.fstat(file.fileno()).st_size)
    with unreadable(), open_clip(path) as clip:
        if check_pictures(clip, gate, ticks, ticks[0], step) != room:
            raise MaskInvalid(MaskProblem.FILE_NOT_CLEAN, why="something between the pictures")


def _check_inside(file: BinaryIO, at: int, end: int) -> int:
    """Refuse boxes that a masked clip does not need; return the bytes that pictures may take."""
    room = 0
    while at < end:
        file.seek(at)
        head = file.read(16)
        size, kind, header = int.from_bytes(head[:4]), head[4:8], 8
        if size == 1:
            size, header = int.from_bytes(head[8:]), 16
        if size < header or at + size > end:
            raise MaskInvalid(MaskProblem.FILE_NOT_CLEAN, why="a box without an end")
        if kind in _CONTAINERS:
            room += _check_inside(file, at + header, at + size)
        elif kind == b"udta":
            file.seek(at + header)
            if file.read(size - header) != _NO_DESCRIPTION:
                raise MaskInvalid(MaskProblem.FILE_NOT_CLEAN, why="a description")
        elif kind == b"mdat":
            room += size - header
        elif kind == b"stsd":
            file.seek(at + header)
            _check_entry(file.read(size - header))
        else:
            file.seek(at + header)
            _check_leaf(kind, file.read(min(size - header, _MAX_FIELDS)), size - header)
        at += size
    return room


def _check_leaf(kind: bytes, begins: bytes, size: int) -> None:
    """Refuse a box that FFmpeg writes otherwise, or that has room for more than it says."""
    if kind in _TABLES:
        fields, each = _TABLES[kind]
        allowed = fields + 4 + each * int.from_bytes(begins[fields : fields + 4])
        is_as_written = begins[:fields] == bytes(fields)
        if kind == b"stsz" and begins[4:8] != bytes(4):
            # Where all pictures have one size, as of a single one, it stands there once and no table follows (8.7.3).
            allowed, is_as_written = fields + 4, begins[:4] == bytes(4)
    elif (beginning := _BEGINNINGS.get(kind)) is not None:
        allowed = _SIZES.get(kind, len(beginning))
        is_as_written = begins.startswith(beginning)
    else:
        raise MaskInvalid(MaskProblem.FILE_NOT_CLEAN, why=f"a box {kind!r}")
    if not is_as_written or size != allowed:
        raise MaskInvalid(MaskProblem.FILE_NOT_CLEAN, why=f"more in a box {kind!r}")


def _check_entry(content: bytes) -> None:
    """Refuse more than one sample entry (8.5.2), and in it what a masked clip does not need."""
    entry = content[8:]
    if content[4:8] != b"\0\0\0\1" or int.from_bytes(entry[:4]) != len(entry):
        raise MaskInvalid(MaskProblem.FILE_NOT_CLEAN, why="more than one kind of pictures")
    # A VisualSampleEntry (12.1.3) has 78 bytes of fields behind size and type; among them the name of a codec's maker,
    # which FFmpeg leaves empty.
    if any(entry[50:82]):
        raise MaskInvalid(MaskProblem.FILE_NOT_CLEAN, why="a name of a codec")
    at = 86
    while at < len(entry):
        size = int.from_bytes(entry[at : at + 4])
        if size < 8 or entry[at + 4 : at + 8] not in _ENTRY:
            raise MaskInvalid(MaskProblem.FILE_NOT_CLEAN, why="something beside parameter sets")
        at += size


def _check_sets(record: bytes) -> None:
    """Refuse anything but parameter sets in the decoder configuration (ISO/IEC 14496-15, 5.3.3.1)."""
    at = 5
    for wanted, mask in ((7, 0x1F), (8, 0xFF)):
        count, length = record[at : at + 1], int.from_bytes(record[at + 1 : at + 3])
        kind = record[at + 3 : at + 4]
        if not count or count[0] & mask != 1 or not kind or kind[0] & 0x1F != wanted:
            raise MaskInvalid(MaskProblem.FILE_NOT_CLEAN, why="not one parameter set of each kind")
        at += 3 + length
    # Chroma format and depths, of the High profiles.
    if not len(record) - 4 <= at <= len(record):
        raise MaskInvalid(MaskProblem.FILE_NOT_CLEAN, why="something behind the parameter sets")


def _kinds(data: bytes) -> Iterator[int]:
    """Give the types of the NAL units of a sample, each behind its length; 0 where the lengths are wrong."""
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4])
        if not length or at + 4 + length > len(data):
            yield 0
            return
        yield data[at + 4] & 0x1F
        at += 4 + length
