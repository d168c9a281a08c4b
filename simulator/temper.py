"""Habits of real cameras' packets, put on what a well-behaved one sends (RFC 3550, RFC 6184, RFC 7798)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
import struct

from .camera import Quirk, VirtualCamera
from .rtp import DISCONTINUITY, is_coded, ntp

_HABITS = (
    Quirk.RTP_MARKS_SLICES,
    Quirk.RTP_WITHOUT_MARKERS,
    Quirk.RTP_PADDED,
    Quirk.REPLAY_WRONG_STAMPS,
    Quirk.REPLAY_WITHOUT_HINTS,
)
# What a replay with wrong stamps adds, and in which seconds of the minute.
WRONG_BY = timedelta(hours=3)
WRONG_SECONDS = range(20, 25)


def tempered(camera: VirtualCamera, data: bytes, channel: int, *, stamped_by: int = 0) -> bytes:
    """Return interleaved frames of a video track with the habits of a camera; other channels stay as they are.

    `stamped_by` is in seconds: so much later the pictures are stamped than they were recorded.
    """
    if not stamped_by and not any(camera.has(habit) for habit in _HABITS):
        return data
    return b"".join(
        _tempered(camera, packet, stamped_by) if packet[1] == channel else packet
        for packet in _frames(data)
    )


def _frames(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at + 2 : at + 4])
        yield data[at:end]
        at = end


def _tempered(camera: VirtualCamera, frame: bytes, stamped_by: int) -> bytes:
    packet = bytearray(frame[4:])
    head = 28 if packet[0] & 0x10 else 12
    payload = bytes(packet[head:])
    codec = camera.config.codec
    fragment = payload[0] & 0x1F == 28 if codec == "H264" else payload[0] >> 1 & 0x3F == 49
    edges = payload[1 if codec == "H264" else 2] if fragment else 0xC0
    ends = bool(edges & 0x40)
    kind = edges & (0x1F if codec == "H264" else 0x3F)
    slices = (
        (1 <= kind <= 5 if codec == "H264" else kind < 32) if fragment else is_coded(codec, payload)
    )
    if camera.has(Quirk.RTP_WITHOUT_MARKERS):
        packet[1] &= 0x7F
    elif camera.has(Quirk.RTP_MARKS_SLICES):
        packet[1] = packet[1] & 0x7F | (0x80 if ends and slices else 0)
    if camera.has(Quirk.RTP_PADDED) and ends:
        number = packet[3]
        packet += bytes(number % 4)
        if number % 3 == 0:
            # By the rules, too.
            packet[0] |= 0x20
            packet += bytes(3) + b"\4"
    if camera.has(Quirk.REPLAY_WRONG_STAMPS) and head == 28:
        seconds, fraction = struct.unpack_from(">II", packet, 16)
        at = datetime(1900, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        if at.second in WRONG_SECONDS:
            struct.pack_into(">II", packet, 16, ntp(at + WRONG_BY)[0], fraction)
    if stamped_by and head == 28:
        (seconds,) = struct.unpack_from(">I", packet, 16)
        struct.pack_into(">I", packet, 16, seconds + stamped_by & 0xFFFF_FFFF)
    if camera.has(Quirk.REPLAY_WITHOUT_HINTS) and head == 28:
        packet[24] &= ~DISCONTINUITY & 0xFF
        packet[25] = 0
    return struct.pack(">cBH", b"$", frame[1], len(packet)) + bytes(packet)
