"""Whether each picture of a passage can be shown: decoded one after the other, as a player of the clip does.

Pictures up to the next that needs none before it (an IDR picture) are a group. Two groups are decoded side by side, each on
one thread, which tells damaged pictures for certain (`decoding`). Who decodes what follows from the pictures alone, so
the result does not depend on how fast they come.

Synchronous: for worker threads.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import av
from av.stream import Stream
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from .decoding import decoder_of_samples, rest
from .nal import needs_none_before, unit_type, units_of
from .samples import by_length, described, parameter_sets
from .spool import Unit

# A decoder has given everything of a picture after so many further ones: 16 may be put in order.
SETTLED: Final = 64
# Bytes of pictures that wait for a decoder: of two groups of 4K, so that neither is waited for.
_AHEAD: Final = 6 * 2**20
# What one costs besides its own bytes, at most: a camera may send any number of empty ones.
_EACH: Final = 4096


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """What a decoder made of pictures: the size of the largest, and how many it could show undamaged."""

    width: int
    height: int
    intact: int


class PictureDecoder:
    """Takes the pictures of a journal in its order, by their numbers.

    It may begin at any key picture, end and begin again at an earlier one: what was once intact stays so.
    """

    def __init__(self) -> None:
        """Begin without a picture."""
        # The picture that the results begin with.
        self.first = 0
        # 1 for each picture that was shown undamaged.
        self.intact = bytearray()
        # The first picture of each size that was seen.
        self._sizes: dict[tuple[int, int], int] = {}
        self._codec = ""
        self._announced = self._sets = b""
        # The first decodes the group that was begun last.
        self._lanes = [_Lane(self._found), _Lane(self._found)]
        self._group = 0
        self._waiting: deque[_Waiting] = deque()
        self._ahead = 0

    def announce(self, codec: str, sets: bytes) -> None:
        """Take over what the camera announced (Annex B, may be empty): it holds from the next picture on."""
        if codec != self._codec:
            self.flush()
        self._codec, self._announced = codec, sets
        self._sets = sets or self._sets

    def begin(self, first: int) -> None:
        """Begin anew at a key picture, and forget what was before."""
        self.drop()
        self.first = first
        self.intact.clear()
        self._sizes.clear()

    def know(self, number: int, intact: bytes, size: tuple[int, int]) -> None:
        """Take over what an earlier run found of pictures from a number on."""
        self._reserve(number + len(intact))
        at = number - self.first
        self.intact[at : at + len(intact)] = intact
        self._seen(number, *size)

    def follow(self, unit: Unit) -> None:
        """Take over the parameter sets of a picture that is not decoded."""
        if unit.keyframe and (own := parameter_sets(self._codec, unit.data)):
            # In the order of their types, which is that in which they need one another.
            ordered = sorted(own, key=lambda one: (unit_type(self._codec, one), one))
            self._sets = b"".join(b"\0\0\0\1" + one for one in ordered)

    def feed(self, number: int, unit: Unit) -> None:
        """Have the next picture decoded; one without anything to decode it by is not intact."""
        self._reserve(number + 1)
        data = unit.data
        if unit.keyframe:
            self.follow(unit)
            if not parameter_sets(self._codec, data):
                # What came with an earlier key picture the other lane has.
                data = (self._announced or self._sets) + data
        units = units_of(self._codec, data)
        if unit.keyframe and needs_none_before(self._codec, units):
            self._end_group(number)
            self._lanes.reverse()
            self._group = number
        lane = self._lanes[0]
        if unit.keyframe and not lane.is_open and (described_by := self._description(data)):
            lane.open(self._codec, described_by)
        packet = av.Packet(by_length(units))
        packet.pts = packet.dts = number
        if lane.is_open and packet.size:
            final = max(number - SETTLED, self._group)
            self._hand_over(packet.size, final, lambda: lane.decode(packet, number))

    def settle(self, number: int) -> None:
        """Wait until everything is found of pictures up to a number; of its group come `SETTLED` more, or it has ended."""
        while self._waiting and self._waiting[0].final <= number:
            self._take_back()

    def flush(self) -> None:
        """Wait until everything is found, and end the decoders."""
        self._end_group(self.first + len(self.intact))
        while self._waiting:
            self._take_back()
        self.drop()

    def drop(self) -> None:
        """End the decoders; the next key picture begins a new one."""
        for lane in self._lanes:
            lane.close()
        self._waiting.clear()
        self._ahead = 0

    def size(self, numbers: range) -> tuple[int, int]:
        """Return the largest size among pictures and those before them."""
        return max(
            (size for size, at in self._sizes.items() if at < numbers.stop),
            key=lambda size: size[0] * size[1],
            default=(0, 0),
        )

    def decoded(self, first: int, pictures: int) -> Decoded | None:
        """Return what became of pictures; None where they do not begin where decoding began."""
        if first != self.first:
            return None
        width, height = self.size(range(first, first + pictures))
        return Decoded(width=width, height=height, intact=sum(self.intact[:pictures]))

    def _description(self, data: bytes) -> bytes:
        """Return what a decoder has to know before a key picture; nothing where that cannot be said."""
        sample = data if parameter_sets(self._codec, data) else self._sets + data
        tag = "hev1" if self._codec == "hevc" else "avc1"
        try:
            with described(sample, self._codec, tag) as known:
                return known.streams.video[0].codec_context.extradata or b""
        except av.FFmpegError, ValueError, IndexError:
            return b""

    def _end_group(self, stop: int) -> None:
        """Have the decoder of the group that ends before a number give what it holds back."""
        if (lane := self._lanes[0]).is_open:
            self._hand_over(0, stop - 1, lambda: lane.end_group(stop - 1))

    def _hand_over(self, data: int, final: int, work: Callable[[], None]) -> None:
        """Have the current lane do something with so many bytes, after which the pictures up to `final` are found."""
        size = data + _EACH
        while self._waiting and self._ahead + size > _AHEAD:
            self._take_back()
        self._ahead += size
        done = self._lanes[0].submit(work)
        self._waiting.append(_Waiting(final=final, size=size, done=done))

    def _take_back(self) -> None:
        oldest = self._waiting.popleft()
        self._ahead -= oldest.size
        oldest.done.result()

    def _found(self, number: int, frame: VideoFrame) -> None:
        """Note a picture that was decoded, in the thread of its lane."""
        at = number if frame.pts is None else frame.pts
        if not frame.is_corrupt and 0 <= at - self.first < len(self.intact):
            self.intact[at - self.first] = 1
        self._seen(at, frame.width, frame.height)

    def _seen(self, number: int, width: int, height: int) -> None:
        size = width, height
        self._sizes[size] = min(number, self._sizes.get(size, number))

    def _reserve(self, stop: int) -> None:
        more = stop - self.first - len(self.intact)
        self.intact.extend(bytes(max(more, 0)))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Waiting:
    """What was handed over to a lane; once it is done, everything of the pictures up to `final` is found."""

    final: int
    size: int
    done: Future[None]


class _Lane:
    """A decoder and its thread. `decode` and `end_group` are for that thread."""

    def __init__(self, found: Callable[[int, VideoFrame], None]) -> None:
        self._found = found
        self._decoder: VideoCodecContext | None = None
        self._thread: ThreadPoolExecutor | None = None

    @property
    def is_open(self) -> bool:
        return self._decoder is not None

    def open(self, codec: str, described_by: bytes) -> None:
        self._decoder = decoder_of_samples(codec, described_by)
        # As far behind everything else as whoever begins it.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="niiza_cctv proof of pictures")

    def submit(self, work: Callable[[], None]) -> Future[None]:
        assert self._thread is not None
        return self._thread.submit(work)

    def close(self) -> None:
        """Wait for no more than the picture that is being decoded."""
        if self._thread is not None:
            self._thread.shutdown(wait=True, cancel_futures=True)
        if self._decoder is not None:
            rest(self._decoder)
        self._thread = self._decoder = None

    def decode(self, packet: av.Packet[Stream] | None, number: int) -> None:
        assert self._decoder is not None
        try:
            frames = self._decoder.decode(packet)
        except av.FFmpegError, ValueError:
            return
        for frame in frames:
            self._found(number, frame)

    def end_group(self, last: int) -> None:
        """Take what is held back; the next group begins as if there had been none, so that none shows through."""
        assert self._decoder is not None
        self.decode(None, last)
        rest(self._decoder)
