"""Whether H.264 pictures are missing altogether, by the numbers that they bear (ITU-T H.264, 7.4.3, frame_num).

FFmpeg shows what follows as if nothing were amiss: made of pictures of another time, and called undamaged.
"""

from collections.abc import Iterator
from typing import Final, Self

from .nal import unit_type

# Of these profiles the parameters say how colours are stored (7.3.2.1.1).
_HIGH: Final = frozenset({44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244})
# What comes before the number in a slice, and the number, takes fewer bytes.
_HEAD: Final = 32


class FrameNumbers:
    """Follows the pictures of one sealed clip in the order in which they decode, from any on."""

    def __init__(self, length_size: int, bits: int, planes: bool) -> None:
        """Make it of what `of` read."""
        self._length_size = length_size
        self._bits = bits
        self._planes = planes
        # Of the last picture that others are made of.
        self._latest: int | None = None

    @classmethod
    def of(cls, description: bytes) -> Self | None:
        """Return one for a clip that is described so (avcC, ISO/IEC 14496-15, 5.3.3.1); None where that does not say how."""
        try:
            sets = {_numbering(one) for one in _sequences(description)}
        except ValueError:
            return None
        if len(sets) != 1:
            return None
        bits, planes = sets.pop()
        return cls((description[4] & 3) + 1, bits, planes)

    def is_one_missing(self, sample: bytes) -> bool:
        """Return whether pictures are missing in front of the next one, or its number cannot be read."""
        for unit in _units(sample, self._length_size):
            kind = unit_type("h264", unit)
            if kind in {1, 2, 5}:
                break
        else:
            return True
        bits = _Bits(unit[1:_HEAD])
        try:
            for _ in range(3):
                bits.number()
            if self._planes:
                bits.take(2)
            number = bits.take(self._bits)
        except ValueError:
            return True
        latest, most = self._latest, 1 << self._bits
        missing = kind != 5 and latest is not None and (number - latest) % most > 1
        if unit[0] & 0x60:
            self._latest = number
        return missing


class _Bits:
    """Reads a NAL unit's content, without what keeps start codes out of it (7.3.1)."""

    def __init__(self, content: bytes) -> None:
        content = content.replace(b"\0\0\3", b"\0\0")
        self._left = 8 * len(content)
        self._value = int.from_bytes(content)

    def take(self, count: int) -> int:
        """Return so many bits; raises ValueError where it is cut off."""
        if count > self._left:
            raise ValueError("Cut off")
        self._left -= count
        return self._value >> self._left & ((1 << count) - 1)

    def number(self) -> int:
        """Return an Exp-Golomb number (9.1); raises ValueError."""
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > 32:
                raise ValueError("Not a number")
        return (1 << zeros) - 1 + self.take(zeros)


def _numbering(sequence: bytes) -> tuple[int, bool]:
    """Return how many bits a picture's number has, and whether colours come as planes; raises ValueError."""
    bits = _Bits(sequence[1:])
    profile = bits.take(8)
    bits.take(16)
    bits.number()
    planes = False
    if profile in _HIGH:
        colours = bits.number()
        if colours == 3:
            planes = bits.take(1) == 1
        bits.number()
        bits.number()
        bits.take(1)
        if bits.take(1):
            for place in range(12 if colours == 3 else 8):
                if bits.take(1):
                    _skip_scaling(bits, 16 if place < 6 else 64)
    length = bits.number() + 4
    if length > 16:
        raise ValueError("Not a length")
    return length, planes


def _skip_scaling(bits: _Bits, size: int) -> None:
    """Read over a scaling list (7.3.2.1.1.1); raises ValueError."""
    latest = 8
    for _ in range(size):
        code = bits.number()
        latest = (latest + (code + 1 >> 1 if code & 1 else -(code >> 1))) % 256
        if not latest:
            return


def _sequences(description: bytes) -> Iterator[bytes]:
    """Give the sequence parameter sets of a description; raises ValueError."""
    if len(description) < 7 or description[0] != 1:
        raise ValueError("Not a description")
    at = 6
    for _ in range(description[5] & 0x1F):
        end = at + 2 + int.from_bytes(description[at : at + 2])
        yield description[at + 2 : end]
        at = end


def _units(sample: bytes, length_size: int) -> Iterator[bytes]:
    """Give the NAL units of a sample, as far as they are whole."""
    at = 0
    while at + length_size < len(sample):
        end = at + length_size + int.from_bytes(sample[at : at + length_size])
        if unit := sample[at + length_size : end]:
            yield unit
        at = end
