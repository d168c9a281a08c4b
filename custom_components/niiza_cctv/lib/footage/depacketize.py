"""RTP packets of a recording → access units with the camera's own time.

RFC 3550 (RTP), RFC 6184 (H.264), RFC 7798 (H.265), ONVIF Streaming specification, "Playback",
"RTP header extension" (0xABAC). Written by hand because FFmpeg drops the header extension.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import override

from ..device.errors import CameraAnswerInvalid, CameraOperationUnsupported
from .sdp import MediaDescription

MAX_ACCESS_UNIT = 8 * 1024 * 1024
START_CODE = b"\x00\x00\x00\x01"
# Packets this far behind are late or doubled (RFC 3550 A.1, MAX_MISORDER); farther, and the camera started anew.
MAX_MISORDER = 100
# Up to this distance, a unit without a time of its own gets it from its predecessor and the RTP clock.
MAX_INFERRED = timedelta(seconds=10)
# B pictures are sent after the later one that they refer to, at most 16 pictures (H.264 A.3, H.265 A.4) and never
# more than this behind; what goes farther back was recorded after the camera's clock was set back.
MAX_REORDERED = timedelta(seconds=2)

_FIXED_HEADER = Struct(">BBHI")
# Of an interleaved frame: `$` and channel, length; RTP flags, sequence number and time; first byte of the payload.
_FRAME = Struct(">HHBBHI4xB")
# Version 2; no padding, no extension, no contributing sources.
_PLAIN = 0x80
# A start code and the first byte of a NAL unit.
_BEGINNINGS = tuple(START_CODE + bytes((first,)) for first in range(256))
_EXTENSION = Struct(">HH")
_REPLAY_EXTENSION = Struct(">IIB")
_REPLAY_PROFILE = 0xABAC
_CLEAN_POINT, _END_OF_SECTION, _DISCONTINUITY, _TERMINAL = 0x80, 0x40, 0x20, 0x10
# 1900-01-01 to 1970-01-01; seconds below 2**31 belong to the era that starts in 2036 (RFC 4330 3).
_NTP_TO_UNIX = 2_208_988_800
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# What the replay extension says: NTP seconds, NTP fraction, flags.
type _Stamp = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessUnit:
    """One picture as the camera recorded it."""

    # UTC by the camera's clock, to the microsecond.
    at: datetime
    # 32 bits, in units of the track's clock rate.
    rtp_time: int
    # Annex B byte stream: every NAL unit as sent, behind a four-byte start code.
    data: bytes
    # Decoding can start here.
    keyframe: bool
    # Does not follow the unit before: footage is missing between, or was lost on the way.
    discontinuity: bool
    # The camera says that nothing comes after this.
    last: bool


def ntp_to_utc(seconds: int, fraction: int) -> datetime:
    """Return the moment of a 64-bit NTP time, rounded to the microsecond."""
    if seconds < 0x8000_0000:
        seconds += 1 << 32
    microseconds = (fraction * 1_000_000 + 0x8000_0000) >> 32
    return _EPOCH + timedelta(0, seconds - _NTP_TO_UNIX, microseconds)


class Depacketizer(ABC):
    """Puts access units together from the RTP packets of one stream, in the order they arrive.

    Finished units wait in `units` for whoever feeds the packets. A unit ends with the marker bit or
    where the RTP time changes. After a loss nothing is given out until the next clean point.

    `push` takes any packet and knows all rules. `follow` takes plain fragments, which are nearly all packets there
    are, at a quarter of the cost; whatever it has the least doubt about it leaves to `push`.
    """

    codec: str
    # Bytes before the payload of a fragment in an interleaved frame: frame header (4), RTP header (12), payload
    # header, fragment header (1).
    _fragment_head: int
    # Bits of the first byte of a payload that tell its kind, and what they are in a fragment.
    _fragment_kind: tuple[int, int]
    # Bytes of decoding order number behind it in the first fragment.
    _number = 0

    def __init__(self, clock_rate: int = 90000) -> None:
        """Start before the first packet; `clock_rate` is in RTP time units per second."""
        self.units: list[AccessUnit] = []
        # Units seen to their end, those thrown away included: a sign of life.
        self.finished = 0
        # Camera time of the newest unit since the camera's clock was set back, if it was.
        self.newest: datetime | None = None
        self._clock_rate = clock_rate
        self._expected = -1
        self._markers = False
        self._extension_repeats = False
        # Before the first clean point and after a loss.
        self._resync = True
        self._gap = False
        self._previous_rtp_time = 0
        self._previous_at: datetime | None = None
        # What the unit has so far; the views among them are of bytes that hold until `keep`.
        self._parts: list[bytes | bytearray | memoryview] = []
        self._size = 0
        self._open = False
        self._rtp_time = 0
        self._clear()

    def _clear(self) -> None:
        self._parts.clear()
        self._size = 0
        self._open = False
        self._at: datetime | None = None
        self._flags = 0
        self._broken = False
        # What the unit has so far: slices of a picture, among them such that decoding can start with.
        self._slices = False
        self._random_access = False
        self._fragment = False

    @property
    def unfinished(self) -> bool:
        """Return whether the end of a unit is known to be missing."""
        return self._open and (self._markers or self._fragment)

    def push(self, data: bytes | bytearray, start: int, end: int) -> bool:
        """Take the RTP packet in `data[start:end]`; return whether `follow` may go on with its picture.

        Raises CameraAnswerInvalid for what is not RTP, for a unit of more than `MAX_ACCESS_UNIT` bytes
        and for a unit without a time; CameraOperationUnsupported for packetizations not negotiated.
        """
        if end - start < 12:
            raise CameraAnswerInvalid("The camera sent a packet that is not RTP")
        first, second, sequence, rtp_time = _FIXED_HEADER.unpack_from(data, start)
        at = start + 12
        stamp: _Stamp | None = None
        # All but the first packet of a picture have the plain header, mostly.
        if first != _PLAIN:
            at, end, stamp = _long_header(data, start, end)

        if sequence != self._expected and self._expected >= 0:
            if (self._expected - sequence - 1) & 0xFFFF < MAX_MISORDER:
                return False
            self._lose(stamp)
        self._expected = (sequence + 1) & 0xFFFF

        if self._open and rtp_time != self._rtp_time:
            self._end()
        if stamp is not None:
            if not self._open or self._at is None:
                self._at = ntp_to_utc(stamp[0], stamp[1])
            else:
                self._extension_repeats = True
            self._flags |= stamp[2]
        self._open = True
        self._rtp_time = rtp_time

        if end > at and not self._broken:
            self._add(data, at, end)
            self._size += end - at
            if self._size > MAX_ACCESS_UNIT:
                raise _too_large()
        if second & 0x80:
            self._markers = True
            self._end()
        return self._open and not self._broken

    def follow(self, data: bytes | bytearray, frame: int, end: int, size: int) -> int:
        """Take the interleaved frames (RFC 2326 10.12) behind the one whose packet `push` took with True.

        `data[frame:end]` is that one, `size` the end of what may be read. Takes the plain fragments that carry its
        picture on, up to the picture's end; returns where the first other frame starts.
        """
        unpack, head, view = _FRAME.unpack_from, self._fragment_head, memoryview(data)
        mask, fragment_kind = self._fragment_kind
        ours = data[frame] << 8 | data[frame + 1]
        rtp_time, expected, fragment = self._rtp_time, self._expected, self._fragment
        at, marked = end, False
        while size - at >= head and not marked:
            framing, length, first, second, number, time, kind = unpack(data, at)
            end = at + 4 + length
            if (
                end > size
                or framing != ours
                or first != _PLAIN
                or number != expected
                or time != rtp_time
                or length < head - 4
                or kind & mask != fragment_kind
            ):
                break
            part = data[at + head - 1]
            if part & 0x80 and not self._number:
                self._begin(data, at + 16)
            elif part & 0x80 or not fragment:
                break
            self._parts.append(view[at + head : end])
            expected = (expected + 1) & 0xFFFF
            fragment, marked = not part & 0x40, second >= 0x80
            begun, stride = end, end - at
            if fragment and not marked:
                # Most packets there are: this one's header with the next number, and as long.
                header = bytearray(data[at : at + head])
                header[-1] &= 0x3F
                while end <= size - stride:
                    header[6], header[7] = expected >> 8, expected & 0xFF
                    if not data.startswith(header, end):
                        break
                    expected = (expected + 1) & 0xFFFF
                    end += stride
                self._parts += [view[at + head : at + stride] for at in range(begun, end, stride)]
            self._size += end - at
            at = end
        self._expected, self._fragment = expected, fragment
        if self._size > MAX_ACCESS_UNIT:
            raise _too_large()
        if marked:
            self._markers = True
            self._end()
        return at

    def keep(self) -> None:
        """Copy what the unit at hand has of the bytes pushed, which are about to be overwritten."""
        self._parts = [b"".join(self._parts)]

    def flush(self) -> None:
        """Take what is pending for complete: the camera sends no marker bits, and nothing comes any more."""
        if self._open and not self._markers and not self._fragment:
            self._end()

    @abstractmethod
    def _begin(self, data: bytes | bytearray, at: int) -> None:
        """Append start code and header of the NAL unit whose first fragment is at `at`."""

    @abstractmethod
    def _add(self, data: bytes | bytearray, at: int, end: int) -> None:
        """Append the NAL units, or the part of one, in a payload to the unit."""

    @abstractmethod
    def _note(self, kind: int) -> None:
        """Remember what a NAL unit's type says of the unit."""

    def _lose(self, stamp: _Stamp | None) -> None:
        """Give up the unit at hand; the next is good only if its first packet is the one that came."""
        self.finished += self._open
        self._clear()
        self._resync = self._gap = True
        self._broken = stamp is None or (self._extension_repeats and not stamp[2] & _DISCONTINUITY)

    def _end(self) -> None:
        if not self._slices and not self._broken:
            # Parameter sets marked as if they were a picture: they belong to the one that follows.
            self._open = False
            return
        self.finished += 1
        flags = self._flags
        keyframe = self._random_access or bool(flags & _CLEAN_POINT)
        if self._broken or (self._resync and not keyframe):
            self._resync = self._gap = True
            self._clear()
            return
        at = self._at or self._inferred()
        set_back = False
        if (newest := self.newest) is None or at >= newest:
            self.newest = at
        elif keyframe or newest - at > MAX_REORDERED:
            # A picture that others may not cross, or one too far back to have been waiting for its turn.
            set_back = True
            self.newest = at
        self.units.append(
            AccessUnit(
                at=at,
                rtp_time=self._rtp_time,
                data=b"".join(self._parts),
                keyframe=keyframe,
                discontinuity=self._gap or set_back or bool(flags & _DISCONTINUITY),
                last=bool(flags & _TERMINAL),
            )
        )
        self._previous_at, self._previous_rtp_time = at, self._rtp_time
        self._resync = False
        self._gap = bool(flags & _END_OF_SECTION)
        self._clear()

    def _inferred(self) -> datetime:
        """Return the time of a unit without extension, by the RTP clock since the one before."""
        # Signed: pictures are not always sent in the order of their times.
        ticks = (
            (self._rtp_time - self._previous_rtp_time + 0x8000_0000) & 0xFFFF_FFFF
        ) - 0x8000_0000
        passed = timedelta(microseconds=round(ticks * 1_000_000 / self._clock_rate))
        if self._previous_at is None or self._gap or abs(passed) > MAX_INFERRED:
            raise CameraAnswerInvalid("The camera sent a picture without the time of its recording")
        return self._previous_at + passed

    def _append(self, data: bytes | bytearray, at: int, end: int, kind: int) -> None:
        self._parts += (START_CODE, data[at:end])
        self._note(kind)


class H264Depacketizer(Depacketizer):
    """RFC 6184, packetization modes 0 and 1: single NAL unit, STAP-A, FU-A."""

    codec = "h264"
    _fragment_head = 18
    _fragment_kind = (0x1F, 28)

    @override
    def _begin(self, data: bytes | bytearray, at: int) -> None:
        kind = data[at + 1] & 0x1F
        self._parts.append(_BEGINNINGS[data[at] & 0xE0 | kind])
        self._note(kind)

    @override
    def _add(self, data: bytes | bytearray, at: int, end: int) -> None:
        kind = data[at] & 0x1F
        if kind == 28:
            if end - at < 2:
                raise CameraAnswerInvalid("The camera sent a cut fragment")
            header = data[at + 1]
            if header & 0x80:
                self._begin(data, at)
            elif not self._fragment:
                self._broken = True
                return
            self._parts.append(data[at + 2 : end])
            self._fragment = not header & 0x40
        elif 1 <= kind <= 23:
            self._append(data, at, end, kind)
        elif kind == 24:
            at += 1
            while at < end:
                at, after = _aggregated(data, at, end)
                self._append(data, at, after, data[at] & 0x1F)
                at = after
        else:
            raise CameraOperationUnsupported(f"H.264 packets of type {kind} are not supported")

    @override
    def _note(self, kind: int) -> None:
        if 1 <= kind <= 5:
            self._slices = True
            self._random_access |= kind == 5


class H265Depacketizer(Depacketizer):
    """RFC 7798: single NAL unit, aggregation packet, fragmentation unit.

    With `numbered`, payloads carry decoding order numbers (4.4, sprop-max-don-diff > 0), which are left out.
    """

    codec = "hevc"
    _fragment_head = 19
    _fragment_kind = (0x7E, 49 << 1)

    def __init__(self, clock_rate: int = 90000, *, numbered: bool = False) -> None:
        """Start before the first packet."""
        super().__init__(clock_rate)
        self._number = 2 if numbered else 0

    @override
    def _begin(self, data: bytes | bytearray, at: int) -> None:
        kind = data[at + 2] & 0x3F
        self._parts += (START_CODE, bytes((data[at] & 0x81 | kind << 1, data[at + 1])))
        self._note(kind)

    @override
    def _add(self, data: bytes | bytearray, at: int, end: int) -> None:
        if end - at < 3 + self._number:
            raise CameraAnswerInvalid("The camera sent a cut H.265 packet")
        kind = data[at] >> 1 & 0x3F
        if kind == 49:
            header = data[at + 2]
            payload = at + 3
            if header & 0x80:
                payload += self._number
                self._begin(data, at)
            elif not self._fragment:
                self._broken = True
                return
            self._parts.append(data[payload:end])
            self._fragment = not header & 0x40
        elif kind < 48:
            self._parts += (START_CODE, data[at : at + 2], data[at + 2 + self._number : end])
            self._note(kind)
        elif kind == 48:
            at += 2 + self._number
            while at < end:
                at, after = _aggregated(data, at, end)
                self._append(data, at, after, data[at] >> 1 & 0x3F)
                # From the second unit on, the number is one byte of difference.
                at = after + self._number // 2
        else:
            raise CameraOperationUnsupported(f"H.265 packets of type {kind} are not supported")

    @override
    def _note(self, kind: int) -> None:
        if kind < 32:
            self._slices = True
            self._random_access |= 16 <= kind <= 23


def depacketizer_for(media: MediaDescription) -> Depacketizer:
    """Return the depacketizer of a video track; CameraOperationUnsupported for other codecs."""
    match media.encoding:
        case "H264":
            return H264Depacketizer(media.clock_rate)
        case "H265":
            numbered = media.parameters.get("sprop-max-don-diff", "0") != "0"
            return H265Depacketizer(media.clock_rate, numbered=numbered)
    raise CameraOperationUnsupported("The recording is neither H.264 nor H.265")


def _too_large() -> CameraAnswerInvalid:
    return CameraAnswerInvalid("The camera sent a picture of no believable size")


def _long_header(data: bytes | bytearray, start: int, end: int) -> tuple[int, int, _Stamp | None]:
    """Read an RTP header with options (RFC 3550 5.1); return where the payload starts and ends, and the stamp."""
    first = data[start]
    if first >> 6 != 2:
        raise CameraAnswerInvalid("The camera sent a packet that is not RTP")
    at = start + 12 + 4 * (first & 0x0F)
    stamp: _Stamp | None = None
    if first & 0x10:
        if end - at < 4:
            raise CameraAnswerInvalid("The camera sent a cut RTP header extension")
        profile, words = _EXTENSION.unpack_from(data, at)
        length = 4 * words
        if profile == _REPLAY_PROFILE and 12 <= length <= end - at - 4:
            stamp = _REPLAY_EXTENSION.unpack_from(data, at + 4)
        at += 4 + length
    if first & 0x20 and end > at:
        end -= data[end - 1]
    if at > end:
        raise CameraAnswerInvalid("The camera sent an RTP packet shorter than its header says")
    return at, end, stamp


def _aggregated(data: bytes | bytearray, at: int, end: int) -> tuple[int, int]:
    """Return where the NAL unit behind a two-byte size starts and ends."""
    size = data[at] << 8 | data[at + 1] if end - at > 2 else 0
    if not 0 < size <= end - at - 2:
        raise CameraAnswerInvalid("The camera sent an aggregation packet that contradicts itself")
    return at + 2, at + 2 + size
