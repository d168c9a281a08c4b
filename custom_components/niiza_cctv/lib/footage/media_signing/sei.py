"""The messages in which a camera signs (ONVIF Media Signing specification, "SEI"): bytes → values.

Everything in here came from whoever made the footage: lengths lie, values repeat, certificates are a megabyte long.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from ..nal import is_sei

UUID_ONVIF: Final = UUID("005bc93f-2d71-5e95-ada4-796f90877a6f").bytes
# Axis's own format of before: "Signed Video...0". Its presence is told, nothing of it is checked.
UUID_AXIS: Final = UUID("5369676e-6564-2056-6964-656f2e2e2e30").bytes

_USER_DATA_UNREGISTERED: Final = 5
_CERTIFICATE_MESSAGE: Final = 0x80
_HASHED_AS_ESCAPED: Final = 0x40
_GENERAL, _HASH_LIST, _SIGNATURE, _CRYPTO, _VENDOR, _CHAIN = range(1, 7)
# A chain has a handful of certificates; a TLV could carry 64 KiB of them in each message.
MAX_CHAIN: Final = 32 * 1024
_MAX_CHAINS: Final = 2
# Digests that a camera may name (DER of the whole OID → name in hashlib, size in bytes).
_DIGESTS: Final = {
    bytes.fromhex("0609608648016503040201"): "sha256",
    bytes.fromhex("0609608648016503040202"): "sha384",
    bytes.fromhex("0609608648016503040203"): "sha512",
    bytes.fromhex("0609608648016503040208"): "sha3_256",
    bytes.fromhex("0609608648016503040209"): "sha3_384",
    bytes.fromhex("060960864801650304020a"): "sha3_512",
}
# 100 ns since 1601, as Windows counts.
_EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)
_SANE: Final = (datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))


class SigningInvalid(Exception):
    """A message that cannot be read: it is of no use, and so are the pictures that only it could prove."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """What a message says about the pictures before it (tag 1).

    `start`, `end`: the camera's clock at the first picture of the group and of the next; None when it is no time.
    `units` were hashed; `digest` is over their digests; `link` is the digest of the group's first unit before.
    """

    partial: bool
    start: datetime | None
    end: datetime | None
    counter: int
    units: int
    digest: bytes
    link: bytes

    @property
    def begins_stream(self) -> bool:
        """Whether the camera says that it signed nothing before."""
        return not any(self.link)


@dataclass(frozen=True, kw_only=True, slots=True)
class Vendor:
    """What the camera calls itself (tag 5)."""

    firmware: str
    serial: str
    manufacturer: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SigningMessage:
    """One SEI of the camera's signing.

    `signed` is what the signature covers, as it was hashed; `whole` the unit as it counts for a later group when it
    has no signature of its own. `chain` is PEM, the key's own certificate first, without the root.
    """

    certificate_message: bool
    signed: bytes
    whole: bytes
    group: Group | None = None
    hashes: bytes | None = None
    signature: bytes | None = None
    digest_name: str | None = None
    vendor: Vendor | None = None
    chain: bytes | None = None
    unknown_digest: str | None = field(default=None)


def user_data(codec: str, unit: bytes) -> bytes | None:
    """Return the UUID of a unit whose first message is user data; None for any other unit."""
    header = _header(codec, unit)
    if header is None or header[0] != _USER_DATA_UNREGISTERED or header[1] < 16:
        return None
    return unit[header[2] : header[2] + 16]


def read_message(codec: str, unit: bytes) -> SigningMessage | None:
    """Read a NAL unit (without start code) as a message of the camera's signing; None if it is something else.

    Raises SigningInvalid when it is one and cannot be read.
    """
    if user_data(codec, unit) != UUID_ONVIF:
        return None
    header = _header(codec, unit)
    assert header is not None
    _, size, begin = header
    # Behind the stop bit nothing counts: FFmpeg adds a zero to H.265 in MP4.
    unit = unit.rstrip(b"\0")
    # The size is of the payload before escaping. Published samples are not escaped although they had to be, so
    # what was done is told by the lengths (the stop bit has a byte of its own).
    escaped = len(unit) - begin - size - 1
    if escaped < 0 or unit[-1:] != b"\x80":
        raise SigningInvalid("The message is shorter than it says")
    plain, taken_out = (unit, None) if escaped == 0 else _unescape(unit)
    if len(plain) != begin + size + 1 or begin + size < begin + 17:
        raise SigningInvalid("The message is longer than it says")
    flags = plain[begin + 16]
    values: dict[int, bytes] = {}
    chain = b""
    chains = 0
    signed_to: int | None = None
    at = begin + 17
    for tag, value, next_at in _values(plain, at, begin + size):
        if tag == _CHAIN:
            # May come twice: the factory's chain and one of the user's; the first is the key's that signs.
            chain = chain or value[2:]
            chains += 1
        elif tag in values:
            raise SigningInvalid("The message says a thing twice")
        else:
            values[tag] = value
        if chains > _MAX_CHAINS:
            raise SigningInvalid("The message has certificates without end")
        if tag == _SIGNATURE:
            if next_at != begin + size:
                raise SigningInvalid("Something follows the signature")
            signed_to = at
        at = next_at
    if len(chain) > MAX_CHAIN:
        raise SigningInvalid("The certificates are too long")
    as_hashed = unit if flags & _HASHED_AS_ESCAPED and taken_out is not None else plain
    to = signed_to if signed_to is not None else len(plain)
    if as_hashed is not plain and taken_out is not None and signed_to is not None:
        to += bisect_right(taken_out, to)
    elif as_hashed is not plain:
        to = len(unit)
    digest, unknown = _digest(values.get(_CRYPTO))
    return SigningMessage(
        certificate_message=bool(flags & _CERTIFICATE_MESSAGE),
        signed=as_hashed[:to],
        whole=as_hashed,
        group=_group(values[_GENERAL]) if _GENERAL in values else None,
        hashes=_versioned(values[_HASH_LIST]) if _HASH_LIST in values else None,
        signature=_signature(values[_SIGNATURE]) if _SIGNATURE in values else None,
        digest_name=digest,
        unknown_digest=unknown,
        vendor=_vendor(values[_VENDOR]) if _VENDOR in values else None,
        chain=chain or None,
    )


def _header(codec: str, unit: bytes) -> tuple[int, int, int] | None:
    """Return type, size and place of a unit's first SEI message; None for another unit."""
    length = 1 if codec == "h264" else 2
    if len(unit) <= length or not is_sei(codec, unit):
        return None
    at = length
    numbers = []
    for _ in range(2):
        number = 0
        while at < len(unit) and unit[at] == 0xFF:
            number += 0xFF
            at += 1
        if at >= len(unit):
            return None
        numbers.append(number + unit[at])
        at += 1
    return numbers[0], numbers[1], at


def _unescape(unit: bytes) -> tuple[bytes, list[int]]:
    """Take the emulation prevention out (H.264, 7.4.1); also return how much came before each byte taken out."""
    parts: list[bytes] = []
    taken_out: list[int] = []
    begin = size = 0
    while (found := unit.find(b"\0\0\3", begin)) >= 0:
        parts.append(unit[begin : found + 2])
        size += found + 2 - begin
        taken_out.append(size)
        begin = found + 3
    return b"".join([*parts, unit[begin:]]), taken_out


def _values(data: bytes, at: int, end: int) -> Iterator[tuple[int, bytes, int]]:
    """Return tag, value and what comes behind of each value."""
    while at < end:
        if at + 3 > end:
            raise SigningInvalid("A value is cut")
        length = int.from_bytes(data[at + 1 : at + 3])
        if at + 3 + length > end:
            raise SigningInvalid("A value is longer than the message")
        yield data[at], data[at + 3 : at + 3 + length], at + 3 + length
        at += 3 + length


def _versioned(value: bytes, version: int = 1) -> bytes:
    if value[:1] != bytes([version]):
        raise SigningInvalid("A value of a version that is not known")
    return value[1:]


def _group(value: bytes) -> Group:
    version = value[0] if value else 0
    if version not in {1, 2}:
        raise SigningInvalid("A group of a version that is not known")
    fixed = 5 + 8 * version
    if len(value) < fixed + 6:
        raise SigningInvalid("A group is cut")
    rest = value[fixed:]
    digests = rest[6:]
    size = len(digests) // 2
    if len(digests) % 2 or not 20 <= size <= 64:
        raise SigningInvalid("A group has no digests")
    start = _time(value[5:13])
    return Group(
        partial=bool(value[4]),
        start=start,
        end=_time(value[13:21]) if version == 2 else start,
        counter=int.from_bytes(rest[:4]),
        units=int.from_bytes(rest[4:6]),
        digest=digests[:size],
        link=digests[size:],
    )


def _time(value: bytes) -> datetime | None:
    """Return a time in 100 ns since 1601.

    The specification's text says little endian, the consortium's own code writes big endian: what is a sane year.
    """
    for ticks in (int.from_bytes(value, "big"), int.from_bytes(value, "little")):
        try:
            time = _EPOCH + timedelta(microseconds=ticks // 10)
        except OverflowError:
            continue
        if _SANE[0] <= time <= _SANE[1]:
            return time
    return None


def _signature(value: bytes) -> bytes:
    """Return the signature; the value is longer, filled up to the key's longest."""
    value = _versioned(value)
    size = int.from_bytes(value[:2])
    if not 0 < size <= len(value) - 2:
        raise SigningInvalid("The signature is cut")
    return value[2 : 2 + size]


def _digest(value: bytes | None) -> tuple[str | None, str | None]:
    """Return the name of the digest in hashlib, or, of one that nobody here has, its OID in DER as hexadecimal."""
    if value is None:
        return None, None
    value = _versioned(value)
    oid = value[1 : 1 + value[0]] if value else b""
    if not oid or len(oid) != value[0]:
        raise SigningInvalid("The digest has no name")
    name = _DIGESTS.get(oid)
    return name, None if name else oid.hex()


def _vendor(value: bytes) -> Vendor:
    rest = _versioned(value)
    texts = []
    for _ in range(3):
        size = rest[0] if rest else 0
        if len(rest) < 1 + size:
            raise SigningInvalid("The maker's values are cut")
        text = rest[1 : 1 + size].decode("utf-8", "replace").rstrip("\0")
        texts.append("".join(c if c.isprintable() else "�" for c in text))
        rest = rest[1 + size :]
    return Vendor(firmware=texts[0], serial=texts[1], manufacturer=texts[2])
