"""The time of a picture inside the picture: a user_data_unregistered SEI message with the camera's UTC time.

Payload (ITU-T H.264 and H.265, payloadType 5): the UUID below, then the capture time as 27 ASCII characters,
`2026-11-23T12:24:54.066666Z`, microseconds rounded down. Text instead of a number, so that a hex dump is enough
to read it and its length never changes. Hand-written because no library writes a SEI without encoding again.
"""

from datetime import UTC, datetime
from uuid import UUID

# Drawn at random for this program; it marks the message as ours.
SEI_UUID = UUID("b7c3f1d2-5e8a-4c69-9f4e-3a61d8e27b95")
TIME_LENGTH = 27
# Behind it, what no other camera has: the noise of this camera's sensor, as it were. Without it two cameras with one
# loop would record the same bytes, which no real ones do.
NOISE_LENGTH = 16
NO_NOISE = b"0" * NOISE_LENGTH

_PAYLOAD_TYPE = 5
_H264_SEI = b"\x06"
# nal_unit_type 39 (prefix SEI), layer 0, temporal id 1.
_H265_SEI = b"\x4e\x01"


def escape(rbsp: bytes) -> bytes:
    """Put in emulation prevention bytes (H.264 7.4.1, H.265 7.4.2)."""
    out = bytearray()
    zeros = 0
    for byte in rbsp:
        if zeros >= 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(out)


def unescape(nal: bytes) -> bytes:
    """Take out emulation prevention bytes."""
    return nal.replace(b"\0\0\3", b"\0\0") if b"\0\0\3" in nal else nal


def write_sei(codec: str, uuid: UUID, data: bytes) -> bytes:
    """Return one SEI NAL unit without start code; `codec` is "H264" or "H265"."""
    payload = uuid.bytes + data
    size = b"\xff" * (len(payload) // 255) + bytes([len(payload) % 255])
    head = _H264_SEI if codec == "H264" else _H265_SEI
    return head + escape(bytes([_PAYLOAD_TYPE]) + size + payload + b"\x80")


def time_text(at: datetime) -> bytes:
    """Return the time as it stands in the message; `at` is aware."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").encode()


def write_time(codec: str, at: datetime, noise: bytes = b"") -> bytes:
    """Return the SEI NAL unit that proves `at`, with the camera's noise where one is given."""
    return write_sei(codec, SEI_UUID, time_text(at) + noise)


def split_annex_b(data: bytes) -> list[bytes]:
    """Split an Annex B byte stream into its NAL units, without start codes."""
    # Zero bytes before a start code belong to the start code; a NAL unit never ends in one.
    return [nal for part in data.split(b"\0\0\1")[1:] if (nal := part.rstrip(b"\0"))]


def read_sei(nal: bytes) -> dict[UUID, bytes]:
    """Return the unregistered user data of one NAL unit of either codec, by UUID; empty when it is no such SEI."""
    if not nal:
        return {}
    if nal[0] == _H264_SEI[0]:
        rbsp = unescape(nal[1:])
    elif nal[:2] == _H265_SEI:
        rbsp = unescape(nal[2:])
    else:
        return {}
    found = {}
    at = 0
    # Two bytes are the least a message takes; what is left below that are the trailing bits.
    while at + 2 <= len(rbsp):
        kind, at = _read_number(rbsp, at)
        size, at = _read_number(rbsp, at)
        if kind == _PAYLOAD_TYPE and size >= 16 and at + size <= len(rbsp):
            found[UUID(bytes=rbsp[at : at + 16])] = rbsp[at + 16 : at + size]
        at += size
    return found


def read_time(unit: bytes) -> datetime | None:
    """Return the time proved by an access unit (Annex B, or a bare NAL unit), None when it carries none."""
    nals = split_annex_b(unit) if unit.startswith((b"\0\0\1", b"\0\0\0\1")) else [unit]
    for nal in nals:
        if text := read_sei(nal).get(SEI_UUID):
            return read_time_text(text)
    return None


def read_time_text(text: bytes) -> datetime | None:
    """Return the time written by `time_text`, None when it is not one."""
    try:
        return datetime.strptime(
            text[:TIME_LENGTH].decode("ascii"), "%Y-%m-%dT%H:%M:%S.%fZ"
        ).replace(tzinfo=UTC)
    except UnicodeDecodeError, ValueError:
        return None


def _read_number(rbsp: bytes, at: int) -> tuple[int, int]:
    """Read a payload type or size (H.264 7.3.2.3.1), return it and the position behind it."""
    number = 0
    while at < len(rbsp):
        byte = rbsp[at]
        at += 1
        number += byte
        if byte != 255:
            break
    return number, at
