"""Whether each picture of a passage can be shown: decoded one after the other, as a player of the clip does.

Synchronous: for worker threads.
"""

from dataclasses import dataclass

import av
from av.stream import Stream
from av.video.codeccontext import VideoCodecContext

from .decoding import decoder_of_samples, rest
from .nal import unit_type, units_of
from .samples import by_length, described, parameter_sets
from .spool import Unit


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
        # The number from which on pictures are at least so large, rising.
        self.sizes: list[tuple[int, int, int]] = []
        self._codec = ""
        self._announced = self._sets = b""
        self._decoder: VideoCodecContext | None = None

    def announce(self, codec: str, sets: bytes) -> None:
        """Take over what the camera announced (Annex B, may be empty): it holds from the next picture on."""
        if codec != self._codec:
            self.drop()
        self._codec, self._announced = codec, sets
        self._sets = sets or self._sets

    def begin(self, first: int) -> None:
        """Begin anew at a key picture, and forget what was before."""
        self.drop()
        self.first = first
        self.intact.clear()
        self.sizes.clear()

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
        """Decode the next picture; one without anything to decode it by is not intact."""
        self._reserve(number + 1)
        data = unit.data
        if unit.keyframe:
            self.follow(unit)
            if not parameter_sets(self._codec, data):
                data = self._announced + data
            if self._decoder is None:
                self._open(data)
        if self._decoder is None:
            return
        packet = av.Packet(by_length(units_of(self._codec, data)))
        packet.pts = packet.dts = number
        if packet.size:
            self._look(packet, number)

    def flush(self) -> None:
        """Have the decoder give what it still holds back, and end it."""
        self._look(None, self.first + len(self.intact) - 1)
        self.drop()

    def drop(self) -> None:
        """End the decoder; the next key picture begins a new one."""
        if self._decoder is not None:
            rest(self._decoder)
            self._decoder = None

    def size(self, numbers: range) -> tuple[int, int]:
        """Return the largest size among pictures; none larger came before them."""
        return next(
            ((w, h) for at, w, h in reversed(self.sizes) if at < numbers.stop),
            (0, 0),
        )

    def decoded(self, first: int, pictures: int) -> Decoded | None:
        """Return what became of pictures; None where they do not begin where decoding began."""
        if first != self.first:
            return None
        width, height = self.size(range(first, first + pictures))
        return Decoded(width=width, height=height, intact=sum(self.intact[:pictures]))

    def _open(self, data: bytes) -> None:
        sample = data if parameter_sets(self._codec, data) else self._sets + data
        tag = "hev1" if self._codec == "hevc" else "avc1"
        try:
            with described(sample, self._codec, tag) as known:
                described_by = known.streams.video[0].codec_context.extradata
        except av.FFmpegError, ValueError, IndexError:
            return
        if described_by:
            self._decoder = decoder_of_samples(self._codec, described_by)

    def _look(self, packet: av.Packet[Stream] | None, number: int) -> None:
        if self._decoder is None:
            return
        try:
            frames = self._decoder.decode(packet)
        except av.FFmpegError, ValueError:
            return
        for frame in frames:
            at = number if frame.pts is None else frame.pts
            if not frame.is_corrupt and 0 <= at - self.first < len(self.intact):
                self.intact[at - self.first] = 1
            self._seen(at, frame.width, frame.height)

    def _seen(self, number: int, width: int, height: int) -> None:
        known = self.sizes[-1][1] * self.sizes[-1][2] if self.sizes else 0
        if width * height > known:
            self.sizes.append((number, width, height))

    def _reserve(self, stop: int) -> None:
        more = stop - self.first - len(self.intact)
        self.intact.extend(bytes(max(more, 0)))
