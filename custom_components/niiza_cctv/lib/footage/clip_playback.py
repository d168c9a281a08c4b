"""A sealed clip for a browser: HTTP Live Streaming (RFC 8216) in fragments made on demand, never the file itself.

Whoever looks at footage before its release gets seconds of it at a time, with the camera's own pictures and without
the file around them: no header, no index, no name, so that nothing that leaves here is what was sealed.
"""

from array import array
import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Final, Self

import av
from av.container import InputContainer
from av.index import IndexEntries
from av.video.stream import VideoStream

from .clip_model import Segment as Stretch, true_time
from .decoding import open_clip
from .errors import FootageMissing
from .fragments import SCALE, TAGS, Listed, new_movie, playlist_of, split
from .playback import Segment

# As long as a segment of what is on a card, where the pictures let it be cut there.
_NOMINAL: Final = 5 * SCALE
# What one request gives at most: this long, and this large (bytes) but for a single picture that is larger.
MAX_SPAN: Final = timedelta(seconds=10)
_MAX_TICKS: Final = int(MAX_SPAN.total_seconds()) * SCALE
MAX_SIZE: Final = 16 * 1024 * 1024
# Cameras that send nothing but key pictures would fill the playlist with them (ticks between two that it names).
_KEYS_APART: Final = SCALE // 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """What one segment stands for: decoding times [start, end) in ticks of the file."""

    start: int
    end: int
    # Of pictures in it that decode by themselves.
    keys: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """How a clip is cut."""

    slots: tuple[_Slot, ...]
    # When the first picture is decoded and shown, in ticks of the file.
    first: int
    first_shown: int
    # When each picture is decoded and, last, when the last one goes, from the first in milliseconds.
    pictures: array[int]


class ClipPlayback:
    """One sealed clip for one person; the file is opened for each request and held by none."""

    def __init__(self, path: Path, stretches: Sequence[Stretch], plan: _Plan) -> None:
        """Make it of what `open` read."""
        self._path = path
        self._stretches = tuple(stretches)
        self._plan = plan
        self._header = b""
        # Requests are served one after the other: one person holds one thread.
        self._lock = asyncio.Lock()

    @classmethod
    async def open(cls, path: Path, stretches: Sequence[Stretch]) -> Self:
        """Return the playback of an MP4 file that was made here, after a look at its index.

        `stretches` say what true time the clip shows. Raises FootageMissing where the file is not there or no clip.
        """
        return cls(path, stretches, await asyncio.to_thread(_read_plan, path, stretches))

    def playlist(self) -> str:
        """Return the media playlist, as `playlist_of` does."""
        plan = self._plan
        return playlist_of(
            [
                Listed(
                    at=self._true_time(slot.start - plan.first),
                    length=slot.end - slot.start,
                    keys=[key - slot.start for key in slot.keys],
                )
                for slot in plan.slots
            ]
        )

    async def header(self, part: int) -> bytes:
        """Return the initialization segment; raises LookupError for another than 0, FootageMissing."""
        if part != 0:
            raise LookupError(part)
        async with self._lock:
            if not self._header:
                self._header, _ = await asyncio.to_thread(self._made, 0)
            return self._header

    async def segment(self, number: int) -> Segment:
        """Return a media segment; raises LookupError where the playlist has no such segment, FootageMissing."""
        if not 0 <= number < len(self._plan.slots):
            raise LookupError(number)
        async with self._lock:
            return (await asyncio.to_thread(self._made, number))[1]

    @property
    def pictures(self) -> Sequence[int]:
        """Return when each picture is decoded and, last, when the last one goes, in milliseconds of the playlist."""
        return self._plan.pictures

    def reach(self, number: int) -> tuple[int, int]:
        """Return from when to when a segment plays, in milliseconds of the playlist; raises LookupError."""
        if not 0 <= number < len(self._plan.slots):
            raise LookupError(number)
        slot, first = self._plan.slots[number], self._plan.first
        return (slot.start - first) * 1000 // SCALE, (slot.end - first) * 1000 // SCALE

    async def aclose(self) -> None:
        """Wait for what is read now; nothing else is held."""
        async with self._lock:
            pass

    # --- In a thread ------------------------------------------------------------------------------------------

    def _made(self, number: int) -> tuple[bytes, Segment]:
        """Return header and segment of that number."""
        plan = self._plan
        slot = plan.slots[number]
        file = BytesIO()
        shown: list[int] = []
        try:
            with open_clip(self._path) as clip, new_movie(file) as movie:
                source = clip.streams.video[0]
                stream = movie.add_stream_from_template(source)
                tag = source.codec_context.codec_tag
                # Parameter sets that change inside the stream keep the tag that says so.
                stream.codec_context.codec_tag = (
                    tag if tag == "avc3" else TAGS[source.codec_context.name]
                )
                stream.time_base = source.time_base
                for packet, pts, dts in _packets(clip, source, slot):
                    shown.append(pts - plan.first_shown)
                    packet.pts, packet.dts = pts - plan.first, dts - plan.first
                    packet.stream = stream
                    movie.mux(packet)
            header, fragment = split(file.getvalue())
        except (av.FFmpegError, OSError, ValueError, IndexError, KeyError) as err:
            raise FootageMissing("The sealed clip cannot be read") from err
        span = (self._true_time(min(shown)), self._true_time(max(shown)))
        return header, Segment(data=fragment, span=(min(span), max(span)))

    def _true_time(self, clock: int) -> datetime:
        """Return what true time the clip shows, so many ticks behind its first picture."""
        return true_time(self._stretches, clock * 100 // 9)


def _read_plan(path: Path, stretches: Sequence[Stretch]) -> _Plan:
    """Read how a file is cut; raises FootageMissing."""
    try:
        with open_clip(path) as clip:
            return _plan(clip, clip.streams.video[0], stretches)
    except (av.FFmpegError, OSError, ValueError, IndexError, StopIteration) as err:
        raise FootageMissing("The sealed clip cannot be read") from err


def _plan(clip: InputContainer, stream: VideoStream, stretches: Sequence[Stretch]) -> _Plan:
    """Read from the file's index how it is cut: at a picture that decodes by itself, and where footage is missing."""
    index = stream.index_entries
    first = index[0].timestamp
    packet = next(packet for packet in clip.demux(stream) if packet.size)
    if packet.pts is None or packet.dts != first or stream.time_base is None:
        raise ValueError("The clip has no times")
    if stream.time_base.denominator != SCALE or stream.time_base.numerator != 1:
        raise ValueError("The clip has another clock")
    anew = [first + one.offset * 9 // 100 for one in stretches[1:]]
    starts = list(_starts(index, anew))
    keys = deque(_keys(index))
    last = index[len(index) - 1].timestamp
    # The last picture stays as long as the one before; a single one for a second.
    before = index[len(index) - 2].timestamp if len(index) > 1 else last - SCALE
    ends = [*starts[1:], last + max(1, last - before)]
    return _Plan(
        slots=tuple(
            _Slot(start=a, end=b, keys=tuple(_before(keys, b)))
            for a, b in zip(starts, ends, strict=True)
        ),
        first=first,
        first_shown=packet.pts,
        pictures=array(
            "q",
            (
                (at - first) * 1000 // SCALE
                for at in (*(entry.timestamp for entry in index), ends[-1])
            ),
        ),
    )


def _keys(index: IndexEntries) -> Iterator[int]:
    """Give the decoding times of pictures that decode by themselves, none too close to the one before."""
    last: int | None = None
    for entry in index:
        if entry.is_keyframe and (last is None or entry.timestamp - last >= _KEYS_APART):
            last = entry.timestamp
            yield last


def _before(keys: deque[int], end: int) -> Iterator[int]:
    """Take what comes before a time."""
    while keys and keys[0] < end:
        yield keys.popleft()


def _starts(index: IndexEntries, anew: Sequence[int]) -> Iterator[int]:
    """Give the decoding time at which each segment begins."""
    due = iter(anew)
    gap = next(due, None)
    start = index[0].timestamp
    size = 0
    yield start
    # One after the other: an hour has a hundred thousand.
    for entry in index:
        at = entry.timestamp
        long = at - start
        missing = gap is not None and at >= gap
        while gap is not None and at >= gap:
            gap = next(due, None)
        if at > start and (
            missing
            or (entry.is_keyframe and long >= _NOMINAL)
            or long >= _MAX_TICKS
            or size + entry.size > MAX_SIZE
        ):
            start, size = at, 0
            yield at
        size += entry.size


def _packets(
    clip: InputContainer, stream: VideoStream, slot: _Slot
) -> Iterator[tuple[av.Packet[VideoStream], int, int]]:
    """Give the pictures of a slot in decoding order, with when each is shown and decoded."""
    clip.seek(slot.start, stream=stream, backward=True, any_frame=True)
    for packet in clip.demux(stream):
        if not packet.size or packet.dts is None or packet.pts is None:
            continue
        if packet.dts >= slot.end:
            return
        if packet.dts >= slot.start:
            yield packet, packet.pts, packet.dts
