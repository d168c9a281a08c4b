"""The pictures of a sealed clip, from one time to another, and nothing of those around them.

Synchronous: for worker threads and for the renderer's process.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict, deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
import hashlib
import os
from pathlib import Path
from statistics import median_low
import threading
from typing import Final, Self

import av
from av.sidedata.sidedata import Type as SideData
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream
import numpy as np

from ..clip import stream_decoder
from ..clip_model import ClipInvalid, SealedClip
from ..clip_plan import TIME_BASE
from ..cut import CutInvalid, places
from ..decoding import open_clip
from ..frame_num import FrameNumbers
from .errors import MaskInvalid, MaskProblem

# How long a picture is shown that has no other behind it, where the file does not say.
_ALONE: Final = 90_000
# Pictures may be shown that many before one that they are made of (ITU-T H.264, A.3.1: a decoder holds no more).
_REORDERED: Final = 16


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a clip: from and until when, in microseconds from its first picture, both included."""

    start: int
    end: int

    @classmethod
    def of(cls, clip: SealedClip, start: datetime, end: datetime) -> Self:
        """Return the part that shows these true times; raises MaskInvalid where the clip has none of it."""
        try:
            low, high = places(clip, start, end + timedelta(microseconds=1))
        except CutInvalid as err:
            raise MaskInvalid(MaskProblem.NO_PICTURES) from err
        return cls(microseconds(max(low - 1, 0)), microseconds(high))


def microseconds(tick: int) -> int:
    """Return the place of a picture in its clip as tracks and passages say it."""
    return tick * 100 // 9


@dataclass(frozen=True, slots=True)
class ProvedMaster:
    """A sealed file whose bytes were held against their hash, and what the disk says of it since."""

    path: Path
    state: tuple[int, ...]
    index: Index

    @classmethod
    def of(cls, path: Path, sha256: str) -> Self:
        """Read all of it, once as long as nobody writes it; raises MaskInvalid where it is not what was sealed, OSError."""
        with cls.being_read(path, sha256) as proved:
            pass
        return proved

    @classmethod
    @contextmanager
    def being_read(cls, path: Path, sha256: str) -> Iterator[Self]:
        """Lend it to who makes something of it meanwhile; who leaves this may show that, and nobody before.

        Raises what `of` does, whatever else went wrong: what was made of another file is nothing.
        """
        state = _state(path.stat())
        which = (path, sha256, state)
        if (index := _proved.get(which)) is not None:
            yield (proved := cls(path, state, index))
            proved.check()
            return
        with ThreadPoolExecutor(1, thread_name_prefix="niiza_cctv hash") as beside:
            hashing = beside.submit(_sha256, path)
            try:
                yield (proved := cls(path, state, Index.of(path)))
            finally:
                # What was written meanwhile is not remembered as what was read.
                if hashing.result() != sha256 or _state(path.stat()) != state:
                    raise MaskInvalid(MaskProblem.NOT_THE_CLIP)
        _proved.keep(which, proved.index)

    def check(self) -> None:
        """Raise MaskInvalid where it was written since, or is another file; OSError where it is gone."""
        if _state(self.path.stat()) != self.state:
            raise MaskInvalid(MaskProblem.NOT_THE_CLIP)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _state(found: os.stat_result) -> tuple[int, ...]:
    # A file can be written and have its time of writing set back, but not its time of change.
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture; `tick` counts from the clip's first picture, in TIME_BASE."""

    tick: int
    frame: VideoFrame
    # What stands in for what is missing is of another time, or of another place; and so is all that builds on it.
    damaged: bool = False


@dataclass(frozen=True)
class Index:
    """When a clip shows its pictures, in TIME_BASE from the first one, and where it can be entered."""

    path: Path
    ticks: array[int]
    # When each key picture is shown, and its decoding time in the file's own clock.
    keys: tuple[tuple[int, int], ...]
    # When the last picture goes.
    end: int
    # In the file's own clock.
    first: int
    scale: Fraction

    @classmethod
    def of(cls, path: Path) -> Self:
        """Read it from the file, without decoding; raises MaskInvalid, OSError."""
        shown, lengths = array("q"), array("q")
        keys: list[tuple[int, int]] = []
        with unreadable(), open_clip(path) as clip:
            video = next(iter(clip.streams.video), None)
            if video is None or not video.time_base:
                raise MaskInvalid(MaskProblem.UNREADABLE, why="no video stream")
            base = video.time_base
            scale = Fraction(base.numerator, base.denominator) / TIME_BASE
            for packet in clip.demux(video):
                if not packet.size or packet.pts is None or packet.dts is None:
                    continue
                shown.append(packet.pts)
                lengths.append(packet.duration or 0)
                if packet.is_keyframe:
                    keys.append((packet.pts, packet.dts))
        if not keys:
            raise MaskInvalid(MaskProblem.UNREADABLE, why="no picture to begin with")
        first = min(shown)
        ticks = array(
            "q", sorted({(at - first) * scale.numerator // scale.denominator for at in shown})
        )
        length = lengths[-1] * scale.numerator // scale.denominator
        if not length:
            length = ticks[-1] - ticks[-2] if len(ticks) > 1 else _ALONE
        return cls(
            path=path,
            ticks=ticks,
            keys=tuple(keys),
            end=ticks[-1] + max(length, 1),
            first=first,
            scale=scale,
        )

    @property
    def duration(self) -> int:
        """Return how long the clip plays, in microseconds."""
        return microseconds(self.end)

    def within(self, passage: Passage) -> array[int]:
        """Return when the pictures of a passage are shown; raises MaskInvalid where it has none."""
        low = bisect_left(self.ticks, passage.start, key=microseconds)
        high = bisect_right(self.ticks, passage.end, key=microseconds)
        if low >= high:
            raise MaskInvalid(MaskProblem.NO_PICTURES)
        return self.ticks[low:high]

    def after(self, tick: int) -> int:
        """Return when the next picture comes, or the last one goes."""
        at = bisect_right(self.ticks, tick)
        return self.ticks[at] if at < len(self.ticks) else self.end

    def rate(self) -> int:
        """Return how many pictures a second the clip has as a rule."""
        gaps = [late - early for early, late in zip(self.ticks, self.ticks[1:], strict=False)]
        return max(1, min(120, round(1 / (TIME_BASE * median_low(gaps))))) if gaps else 1

    def pictures(self, first: int, last: int) -> Iterator[Picture]:
        """Give the pictures from one tick to another as they are shown; those that do not decode are left out.

        Raises MaskInvalid where the file cannot be read.
        """
        for picture in self._decoded(first):
            if picture.tick > last:
                return
            if picture.tick >= first:
                yield picture

    def _decoded(self, first: int) -> Iterator[Picture]:
        """Give the pictures from a key picture on, so that those from a tick on decode.

        The decoder calls damaged what it filled in itself, but not what was made of that: after damage every picture is
        damaged until the next key picture, and with pictures out of order also some before.
        """
        latest, damaged = -1, False
        held: deque[Picture] = deque()
        begin = self._in_file(first)
        enter = [dts for pts, dts in self.keys if pts <= begin]
        with (
            unreadable(),
            open_clip(self.path) as clip,
            stream_decoder(video := clip.streams.video[0], careful=True) as decoder,
        ):
            stale = _Stale(decoder)
            clip.seek(enter[-1] if enter else self.keys[0][1], stream=video, backward=True)
            for packet in clip.demux(video):
                stale.note(packet)
                try:
                    frames = decoder.decode(packet)
                except av.FFmpegError, ValueError:
                    damaged = True
                    continue
                for frame in frames:
                    if frame.pts is None:
                        continue
                    if latest < 0:
                        _check_no_mirror(frame)
                    if frame.is_corrupt:
                        damaged = True
                        held = deque(replace(one, damaged=True) for one in held)
                    elif frame.key_frame and frame.pict_type == PictureType.I:
                        damaged = False
                    tick = (frame.pts - self.first) * self.scale.numerator // self.scale.denominator
                    if tick > latest:
                        latest = tick
                        held.append(Picture(tick, frame, damaged or frame.pts in stale))
                while len(held) > (_REORDERED if decoder.has_b_frames else 0):
                    yield held.popleft()
            yield from held

    def picture(self, time: int) -> Picture:
        """Return the picture that is shown at a time (microseconds); raises MaskInvalid where it does not decode."""
        tick = self.shown(time)
        for picture in self.pictures(tick, tick):
            return picture
        raise MaskInvalid(MaskProblem.NO_PICTURES)

    def shown(self, time: int) -> int:
        """Return the tick of the picture that is shown at a time; raises MaskInvalid before the first."""
        at = bisect_right(self.ticks, time, key=microseconds)
        if not at:
            raise MaskInvalid(MaskProblem.NO_PICTURES)
        return self.ticks[at - 1]

    def around(self, tick: int, before: int, behind: int) -> tuple[int, int]:
        """Return first and last of so many pictures beside one, none of them before the key picture that it needs."""
        at = bisect_left(self.ticks, tick)
        first = self.ticks[max(at - before, 0)]
        last = self.ticks[min(at + behind, len(self.ticks) - 1)]
        key = max((one for one in self.key_ticks() if one <= tick), default=first)
        return max(first, key), last

    def key_ticks(self) -> Iterator[int]:
        """Give when the key pictures are shown."""
        scale = self.scale
        return ((pts - self.first) * scale.numerator // scale.denominator for pts, _ in self.keys)

    def _in_file(self, tick: int) -> int:
        return self.first + -(-tick * self.scale.denominator // self.scale.numerator)


def _check_no_mirror(frame: VideoFrame) -> None:
    """Raise MaskInvalid for what is to be shown as in a mirror: no box would lie where it was drawn.

    For the first picture of a run: a frame whose side data was looked at is a cycle, which is freed late.
    """
    if (matrix := frame.side_data.get(SideData.DISPLAYMATRIX)) is not None:
        across, down = np.frombuffer(matrix, np.int32).reshape(3, 3)[:2, :2].astype(np.float64)
        if across[0] * down[1] < across[1] * down[0]:
            raise MaskInvalid(MaskProblem.UNREADABLE, why="mirrored pictures")


class _Stale:
    """Which pictures are made of others that are missing altogether, of H.264; of H.265 the decoder shows none of them."""

    def __init__(self, decoder: VideoCodecContext) -> None:
        h264 = decoder.name == "h264" and decoder.extradata
        self._numbers = FrameNumbers.of(decoder.extradata or b"") if h264 else None
        # By when they are shown, of those that went into the decoder last.
        self._found: deque[int] = deque(maxlen=4 * _REORDERED)
        self._missing = False
        # Pictures shown before the key picture that they follow are made of those before it, too.
        self._clean_from: int | None = None

    def note(self, packet: av.Packet[VideoStream]) -> None:
        """Take over the next picture in the order in which they decode."""
        if self._numbers is None or not packet.size or packet.pts is None:
            return
        missing = self._numbers.is_one_missing(bytes(packet))
        if packet.is_keyframe:
            self._clean_from = packet.pts if self._missing or missing else None
            self._missing = False
        else:
            self._missing = self._missing or missing
        early = self._clean_from is not None and packet.pts < self._clean_from
        if self._missing or early:
            self._found.append(packet.pts)

    def __contains__(self, pts: int) -> bool:
        return pts in self._found


class _Proved:
    """When sealed files that were read through show their pictures; a file in another state is another one."""

    # An hour took seconds to read, and takes half a megabyte.
    _MAX: Final = 16

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[Path, str, tuple[int, ...]], Index] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, which: tuple[Path, str, tuple[int, ...]]) -> Index | None:
        with self._lock:
            if which in self._known:
                self._known.move_to_end(which)
            return self._known.get(which)

    def keep(self, which: tuple[Path, str, tuple[int, ...]], index: Index) -> None:
        with self._lock:
            self._known[which] = index
            if len(self._known) > self._MAX:
                self._known.popitem(last=False)


_proved = _Proved()


@contextmanager
def unreadable() -> Iterator[None]:
    """Raise FFmpeg's errors as MaskInvalid, what the disk says as OSError."""
    try:
        yield
    except MaskInvalid:
        raise
    except ClipInvalid as err:
        raise MaskInvalid(MaskProblem.UNREADABLE, why=str(err)) from err
    except av.FFmpegError as err:
        if isinstance(err, OSError) and not isinstance(err, ValueError):
            raise OSError(err.errno, err.strerror) from err
        raise MaskInvalid(MaskProblem.UNREADABLE, why=str(err)) from err
