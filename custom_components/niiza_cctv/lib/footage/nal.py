"""What of NAL units and slice headers tells where pictures begin (H.264 7.3, 7.4.1.2 and annex B, H.265 the same).

Written by hand because FFmpeg's parsers take whole byte streams, and change what they take.
"""

from collections.abc import Iterable, Iterator

_CODE = b"\0\0\1"


def first_mb(data: bytes | bytearray, at: int, end: int) -> int:
    """Return first_mb_in_slice (H.264 7.3.3, an Exp-Golomb number of 9.1) at `at`; 0 where it is cut off.

    The first slice of a picture has 0. No level allows numbers so large that an emulation prevention byte is inside.
    """
    if at >= end or data[at] & 0x80:
        return 0
    bits = int.from_bytes(data[at : min(at + 5, end)]) << 8 * max(0, at + 5 - end)
    zeros = 40 - bits.bit_length()
    return (bits >> (39 - 2 * zeros)) - 1 if zeros < 20 else 0


def without_padding(data: bytes | bytearray, at: int, end: int) -> int:
    """Return where the NAL unit in `data[at:end]` ends: none ends in a zero byte (H.264 7.4.1, H.265 7.4.2.1)."""
    return at + len(bytes(data[at:end]).rstrip(b"\0"))


def divided(codec: str, unit: bytes) -> Iterator[bytes]:
    """Give the NAL units that came as one, with start codes between them (annex B), in front of them, or both.

    `codec` is "h264" or "hevc". A supplemental message is as long as it says: what looks like a start code inside is
    its content (cameras that sign leave emulation prevention out). So is everything inside a slice.
    """
    at = 0
    if unit.startswith((b"\0\0\1", b"\0\0\0")) or (codec == "h264" and not unit[0] & 0x1F):
        at = unit.find(_CODE) + 3
    while at < len(unit):
        after = _unit_end(codec, unit, at)
        if part := unit[at:after].rstrip(b"\0"):
            yield part
        at = after + 3


def units_of(codec: str, picture: bytes) -> list[bytes]:
    """Return the NAL units of a picture (annex B) with the lengths with which they came.

    What looks like a start code inside a supplemental message is its content: cameras that sign leave emulation
    prevention out. Zeros behind a unit are padding and not of it (no unit ends in one): MP4 has no place for them.
    """
    parts = [part for part in picture.split(_CODE)[1:] if part]
    if not any(is_sei(codec, part) for part in parts):
        return [unit for part in parts if (unit := part.rstrip(b"\0"))]
    units = []
    at = picture.find(_CODE) + 3
    while 3 <= at < len(picture):
        after = _next_code(picture, at)
        if is_sei(codec, picture[at : at + 1]):
            after = _sei_end(codec, picture, at)
        if unit := picture[at:after].rstrip(b"\0"):
            units.append(unit)
        at = after + 3
    return units


def unit_type(codec: str, unit: bytes) -> int:
    """Return nal_unit_type."""
    return unit[0] & 0x1F if codec == "h264" else unit[0] >> 1 & 0x3F


def needs_none_before(codec: str, units: Iterable[bytes]) -> bool:
    """Return whether a picture of these units needs no earlier one, nor does any behind it (an IDR picture)."""
    kinds = {5} if codec == "h264" else {19, 20}
    return any(unit_type(codec, unit) in kinds for unit in units)


def is_sei(codec: str, unit: bytes) -> bool:
    """Return whether a unit holds supplemental messages."""
    return unit_type(codec, unit) in ({6} if codec == "h264" else {39, 40})


def _unit_end(codec: str, unit: bytes, at: int) -> int:
    """Return where the start code behind the NAL unit at `at` stands, or the end."""
    kind = unit_type(codec, unit[at : at + 1])
    if 1 <= kind <= 5 if codec == "h264" else kind < 32:
        return len(unit)
    if is_sei(codec, unit[at : at + 1]):
        return _sei_end(codec, unit, at)
    return _next_code(unit, at)


def _sei_end(codec: str, unit: bytes, at: int) -> int:
    """Return where the start code behind the messages at `at` stands, by what they say themselves."""
    first = after = _next_code(unit, at)
    head = 1 if codec == "h264" else 2
    for _ in range(64):
        if _is_whole_sei(unit[at + head : after]):
            return after
        if after == len(unit):
            break
        after = _next_code(unit, after + 1)
    return first


def _next_code(unit: bytes, at: int) -> int:
    found = unit.find(_CODE, at)
    return len(unit) if found < 0 else found


def _is_whole_sei(content: bytes) -> bool:
    """Return whether messages (H.264 7.3.2.3.1, H.265 7.3.5) fill a unit, with emulation prevention or without."""
    content = content.rstrip(b"\0")
    return any(_messages_fill(one) for one in {content, content.replace(b"\0\0\3", b"\0\0")})


def _messages_fill(content: bytes) -> bool:
    at = 0
    while at < len(content):
        if at and content[at:] == b"\x80":
            return True
        # Type and size, each in bytes of which all but the last are 255.
        size = 0
        for _ in range(2):
            size = 0
            while at < len(content) and content[at] == 0xFF:
                size, at = size + 255, at + 1
            if at >= len(content):
                return False
            size, at = size + content[at], at + 1
        at += size
    return at == len(content)
