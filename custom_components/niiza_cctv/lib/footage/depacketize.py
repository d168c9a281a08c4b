"""RTP packets of a recording → access units with the camera's own time.

RFC 3550 (RTP), RFC 6184 (H.264), RFC 7798 (H.265), ONVIF Streaming specification, "Playback",
"RTP header extension" (0xABAC). Written by hand because FFmpeg drops the header extension.

Cameras break each of these rules. A picture that came is given out: where part of it is missing it is marked, and what
is no picture is left out and counted (`repairs`).
"""

from abc import ABC, abstractmethod
from collections import Counter
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from struct import Struct
from typing import NamedTuple, override

from ..device.errors import CameraAnswerInvalid, CameraOperationUnsupported
from ..device.quirks import Quirk
from .nal import divided, first_mb, without_padding
from .picture_times import MAX_INFERRED, MAX_REORDERED, AccessUnit, PictureTimes, Untimed
from .sdp import MediaDescription

__all__ = [
    "MAX_ACCESS_UNIT",
    "MAX_INFERRED",
    "MAX_MISORDER",
    "MAX_REORDERED",
    "START_CODE",
    "AccessUnit",
    "Depacketizer",
    "H264Depacketizer",
    "H265Depacketizer",
    "depacketizer_for",
    "ntp_to_utc",
]

MAX_ACCESS_UNIT = 8 * 1024 * 1024
START_CODE = b"\x00\x00\x00\x01"
# Packets this far behind are late or doubled (RFC 3550 A.1, MAX_MISORDER); farther, and the camera started anew.
MAX_MISORDER = 100
# Packets that overtook others wait for them, so many at most.
MAX_OVERTAKING = 32
# So many packets in a row that seem to be late are not: the camera does not number them.
_NOT_NUMBERED = 20

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


class _Aggregate(NamedTuple):
    """Where the NAL units of an aggregation packet start and end; whether the last is cut off, or zeros follow it."""

    units: list[tuple[int, int]]
    cut: bool
    padded: bool


def ntp_to_utc(seconds: int, fraction: int) -> datetime:
    """Return the moment of a 64-bit NTP time, rounded to the microsecond."""
    if seconds < 0x8000_0000:
        seconds += 1 << 32
    microseconds = (fraction * 1_000_000 + 0x8000_0000) >> 32
    return _EPOCH + timedelta(0, seconds - _NTP_TO_UNIX, microseconds)


class _Begin(Enum):
    """What a payload begins with, as far as it tells where a picture ends (H.264 7.4.1.2.3, H.265 7.4.2.4.4)."""

    # A later fragment of a NAL unit.
    FRAGMENT = auto()
    # The first slice of a picture, and another one.
    FIRST_SLICE = auto()
    SLICE = auto()
    # Parameter sets and delimiters stand in front of a picture only.
    HEAD = auto()
    # Other units in front of a picture; some cameras send them behind.
    FRONT = auto()
    # What follows a picture's slices.
    TAIL = auto()


class Depacketizer(ABC):
    """Puts access units together from the RTP packets of one stream, in the order they arrive.

    Finished units wait in `units` for whoever feeds the packets. The marker bit is a hint: a unit ends where a packet
    begins another one by its RTP time and its slices, and what bears a marker waits for that packet, or for `release`.

    `push` takes any packet and knows all rules. `follow` takes plain fragments, which are nearly all packets there
    are, at a quarter of the cost; whatever it has the least doubt about it leaves to `push`.
    """

    codec: str
    # Bytes before the payload of a fragment in an interleaved frame: frame header (4), RTP header (12), payload
    # header, fragment header (1).
    _fragment_head: int
    # Bits of the first byte of a payload that tell its kind, and what they are in a fragment.
    _fragment_kind: tuple[int, int]
    # By the fragment header: whether it begins a slice.
    _slice_begins: bytes
    # Bytes of decoding order number behind it in the first fragment.
    _number = 0

    def __init__(self, clock_rate: int = 90000, *, payload_type: int | None = None) -> None:
        """Start before the first packet; `clock_rate` is in RTP time units per second."""
        self.units: list[AccessUnit] = []
        # Units seen to their end, those thrown away included: a sign of life.
        self.finished = 0
        # What was wrong and put right.
        self.repairs: Counter[Quirk] = Counter()
        # A payload came that carries pictures in a way that was not negotiated.
        self.unsupported = ""
        self.times = PictureTimes(clock_rate, self.repairs)
        # As announced, and as it comes.
        self._announced_type = -1 if payload_type is None else payload_type
        self._type = -1
        self._expected = -1
        # The number behind a packet that was left out, which may have been counted or not.
        self._left_out = -1
        self._late = 0
        self._numbered = True
        self._overtaking: dict[int, bytes] = {}
        # Habits of this camera: markers at all, such that were not at the end, ends without, units behind the marker;
        # fragments that begin and end.
        self._markers = False
        self._marks_slices = False
        self._unmarked = False
        self._trails = False
        self._begins = False
        self._ends = False
        # Before the first clean point.
        self._resync = True
        self._gap = False
        self._latest_rtp_time: int | None = None
        self._knows_random_access = False
        self._was_clean_point = self._was_discontinuity = self._was_end = False
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
        self._stamp: _Stamp | None = None
        self._flags = 0
        self._marked = False
        self._damaged = False
        # What the unit has so far: slices of a picture, the first among them, such that decoding can start with.
        self._slices = False
        self._first_slice = False
        self._place = self._next_place = 0
        self._random_access = False
        # A NAL unit that is not whole yet, one that an empty fragment ended, one whose rest is of no use, and where in the parts one begins that may be
        # several.
        self._fragment = False
        self._paused = False
        self._torn = False
        self._bundle: int | None = None

    @property
    def newest(self) -> datetime | None:
        """Return the camera time of the newest unit since the camera's clock was set back, if it was."""
        return self.times.newest

    @property
    def unfinished(self) -> bool:
        """Return whether the end of a unit is known to be missing."""
        return self._open and (
            self._torn_off or (self._markers and not self._marked and not self._unmarked)
        )

    @property
    def _torn_off(self) -> bool:
        """Return whether the unit's last fragment is not there: it has an end where fragments ever have."""
        return self._fragment and (self._ends or not self.finished)

    @property
    def held(self) -> bool:
        """Return whether a unit waits that may be whole: `release` gives it out when nothing comes for a moment."""
        if self._overtaking:
            return True
        if self._torn_off or not self._slices or not self._open:
            return False
        if self._flags & _TERMINAL and not self._markers:
            return True
        return self._marked and (not self._marks_slices or bool(self._flags & _TERMINAL))

    @property
    def over(self) -> bool:
        """Return whether the unit that is `held` is whole and the last of what was asked for.

        Its T bit alone does not tell that: cameras set it at the end of each file, or on every picture. Nor does its
        marker, where one has ever stood elsewhere.
        """
        return (
            bool(self._flags & _TERMINAL)
            and self._marked
            and not (self._marks_slices or self._unmarked or self._trails or self._overtaking)
            and self.held
            and self.times.reach_end(self._rtp_time, _moment(self._stamp))
        )

    def push(self, data: bytes | bytearray, start: int, end: int) -> bool:
        """Take the RTP packet in `data[start:end]`; return whether `follow` may go on with its picture.

        Raises CameraAnswerInvalid for a unit of more than `MAX_ACCESS_UNIT` bytes and where nobody tells a time.
        """
        if end - start < 12:
            self.repairs[Quirk.RTP_PACKET] += 1
            return False
        first, second, sequence, rtp_time = _FIXED_HEADER.unpack_from(data, start)
        at = start + 12
        stamp: _Stamp | None = None
        # All but the first packet of a picture have the plain header, mostly.
        if first != _PLAIN:
            if (header := _long_header(data, start, end)) is None:
                self.repairs[Quirk.RTP_PACKET] += 1
                self._leave_out(sequence)
                return False
            at, end, stamp, odd = header
            if odd:
                self.repairs[Quirk.RTP_PACKET] += 1
        if second & 0x7F != self._type and not self._is_ours(second & 0x7F):
            self.repairs[Quirk.RTP_PACKET] += 1
            self._leave_out(sequence)
            return False
        if (
            sequence != self._expected
            and self._expected >= 0
            and self._numbered
            and sequence != self._left_out
            and not self._in_order(data, start, end, sequence, rtp_time)
        ):
            return False
        self._late = 0
        self._expected = (sequence + 1) & 0xFFFF
        self._take(data, at, end, rtp_time, stamp, marked=second >= 0x80)
        if self._overtaking:
            if (waiting := self._overtaking.pop(self._expected, None)) is not None:
                return self.push(waiting, 0, len(waiting))
            return False
        return (
            self._open and not (self._marked or self._torn or self._paused) and self._bundle is None
        )

    def _take(
        self,
        data: bytes | bytearray,
        at: int,
        end: int,
        rtp_time: int,
        stamp: _Stamp | None,
        *,
        marked: bool,
    ) -> None:
        """Take the payload in `data[at:end]`."""
        begin = self._look(data, at, end)
        if begin is None:
            if at < end or not (marked or stamp):
                self.repairs[Quirk.RTP_PAYLOAD] += 1
            # Nothing of a picture, but a marker that comes late marks it.
            if marked and self._open and rtp_time == self._rtp_time:
                self._markers = self._marked = True
            return
        if (
            self._open
            and (rtp_time != self._rtp_time or self._slices)
            and not self._goes_on(begin, rtp_time, stamp)
        ):
            self._end()
        if self._marked:
            if begin is _Begin.TAIL:
                self._trails = True
            else:
                if self._slices:
                    self._marks_slices = True
                    self.repairs[Quirk.RTP_MARKER] += 1
                self._marked = False
        if stamp is not None:
            if not self._open or self._stamp is None:
                self._stamp = stamp
            self._flags |= stamp[2]
        if not self._open:
            self._open = True
            self._rtp_time = rtp_time
        self._add(data, at, end)
        self._size += end - at
        if self._size > MAX_ACCESS_UNIT:
            raise _too_large()
        if marked:
            self._markers = self._marked = True

    def follow(self, data: bytes | bytearray, frame: int, end: int, size: int) -> int:
        """Take the interleaved frames (RFC 2326 10.12) behind the one whose packet `push` took with True.

        `data[frame:end]` is that one, `size` the end of what may be read. Takes the plain fragments that carry its
        picture on, up to a marker; returns where the first other frame starts.
        """
        unpack, head, view = _FRAME.unpack_from, self._fragment_head, memoryview(data)
        mask, fragment_kind = self._fragment_kind
        ours = data[frame] << 8 | data[frame + 1]
        rtp_time, expected, fragment = self._rtp_time, self._expected, self._fragment
        kind_of_payload = self._type
        at, marked = end, False
        while size - at >= head and not marked:
            framing, length, first, second, number, time, kind = unpack(data, at)
            end = at + 4 + length
            if (
                end > size
                or framing != ours
                or first != _PLAIN
                or second & 0x7F != kind_of_payload
                or number != expected
                or time != rtp_time
                # An empty one says something else each time.
                or length <= head - 4
                or kind & mask != fragment_kind
            ):
                break
            part = data[at + head - 1]
            if fragment:
                if part & 0x80:
                    break
            elif (
                not self._slice_begins[part]
                or self._number
                or not self._begin_slice(data, at + 16, end)
            ):
                break
            self._parts.append(view[at + head : end])
            expected = (expected + 1) & 0xFFFF
            fragment, marked = not part & 0x40, second >= 0x80
            if not fragment:
                self._ends = True
                if not data[end - 1]:
                    self._trim()
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
            self._markers = self._marked = True
        return at

    def keep(self) -> None:
        """Copy what the unit at hand has of the bytes pushed, which are about to be overwritten."""
        if self._bundle is None:
            self._parts = [b"".join(self._parts)]
        else:
            self._parts = [
                b"".join(self._parts[: self._bundle]),
                b"".join(self._parts[self._bundle :]),
            ]
            self._bundle = 1

    def release(self, *, over: bool = False) -> None:
        """Give out a unit that is `held`, and such as wait for a time: nothing comes for the moment.

        With `over` nothing comes any more because the connection broke; then raises as `flush` does.
        """
        self._let_overtake()
        if self.held:
            self._end(final=True)
        if over:
            self._give_times()
        else:
            self.units += self.times.release()

    def flush(self) -> None:
        """Take what is pending for complete where nothing says otherwise: nothing comes any more.

        Raises CameraAnswerInvalid for units whose time nobody tells, and CameraOperationUnsupported when nothing
        came but what cannot be read.
        """
        self._let_overtake()
        if self._open and not self.unfinished:
            self._end(final=True)
        self._give_times()
        if self.unsupported and not self.finished:
            raise CameraOperationUnsupported(self.unsupported)

    def _give_times(self) -> None:
        while self.times.waiting:
            self.units += self.times.flush()

    # --- By codec ---------------------------------------------------------------------------------------------

    @abstractmethod
    def _look(self, data: bytes | bytearray, at: int, end: int) -> _Begin | None:
        """Return what a payload begins with, None for one that carries nothing; sets `_next_place` for slices."""

    @abstractmethod
    def _add(self, data: bytes | bytearray, at: int, end: int) -> None:
        """Append the NAL units, or the part of one, in a payload to the unit."""

    @abstractmethod
    def _begin(self, data: bytes | bytearray, at: int, end: int) -> None:
        """Append start code and header of the NAL unit whose first fragment is at `at`."""

    @abstractmethod
    def _note(self, data: bytes | bytearray, at: int, end: int) -> None:
        """Remember what the NAL unit that begins in `data[at:end]` says of the unit."""

    @abstractmethod
    def _may_be_several(self, data: bytes | bytearray, at: int) -> bool:
        """Return whether a NAL unit with such a header may have others inside: a parameter set, or no header at all."""

    # --- Packets ----------------------------------------------------------------------------------------------

    def _is_ours(self, kind: int) -> bool:
        """Return whether packets of a payload type carry our track: as announced, or as the first ones do."""
        if self._type >= 0 and kind != self._announced_type:
            return False
        self._type = kind
        return True

    def _leave_out(self, sequence: int) -> None:
        """Remember that the number of a packet that is none of ours may have been counted."""
        if self._expected >= 0 and sequence in {self._expected, self._left_out}:
            self._left_out = (sequence + 1) & 0xFFFF

    def _in_order(
        self, data: bytes | bytearray, start: int, end: int, sequence: int, rtp_time: int
    ) -> bool:
        """Return whether a packet is to be taken now that does not have the next number."""
        self.repairs[Quirk.RTP_NUMBERS] += 1
        ahead = (sequence - self._expected) & 0xFFFF
        if 0x10000 - ahead <= MAX_MISORDER and not self._is_later(rtp_time):
            self._late += 1
            if self._late < _NOT_NUMBERED:
                return False
            self._numbered = False
        if ahead < MAX_OVERTAKING and self._numbered and sequence not in self._overtaking:
            self._overtaking[sequence] = bytes(data[start:end])
            if len(self._overtaking) >= MAX_OVERTAKING:
                self._let_overtake()
            return False
        if self._numbered and sequence in self._overtaking:
            return False
        self._let_overtake()
        if sequence != self._expected:
            self._lose(rtp_time)
        return True

    def _is_later(self, rtp_time: int) -> bool:
        """Return whether an RTP time lies behind all before: no late packet has such a one."""
        latest = self._rtp_time if self._open else self._latest_rtp_time
        return latest is not None and 0 < (rtp_time - latest) & 0xFFFF_FFFF < 0x8000_0000

    def _let_overtake(self) -> None:
        """Give up the packets for which others wait."""
        while self._overtaking:
            waiting = self._overtaking
            nearest = min(waiting, key=lambda number: (number - self._expected) & 0xFFFF)
            packet = waiting.pop(nearest)
            self._lose(int.from_bytes(packet[4:8]))
            self._expected = nearest
            self.push(packet, 0, len(packet))

    def _lose(self, rtp_time: int) -> None:
        """Note that packets are missing in front of one with such an RTP time."""
        self.repairs[Quirk.RTP_LOST] += 1
        if self._open and (not self._marked or self._marks_slices):
            self._damaged = True
        if not self._open or rtp_time != self._rtp_time:
            # How many pictures, nobody knows.
            if self._open:
                self._end()
            self._gap = True
        self._unbundle()
        self._fragment, self._torn = False, True

    # --- Pictures ---------------------------------------------------------------------------------------------

    def _goes_on(self, begin: _Begin, rtp_time: int, stamp: _Stamp | None) -> bool:
        """Return whether a payload that begins so belongs to the unit at hand (H.264 7.4.1.2.3-4, RFC 7798 4.1)."""
        same = rtp_time == self._rtp_time
        if begin is _Begin.FRAGMENT:
            return same or self._fragment
        if not self._slices:
            return same
        told = stamp is not None and self._stamp is not None and stamp[:2] != self._stamp[:2]
        match begin:
            case _Begin.SLICE:
                # The slices of one picture may have different RTP times, but they come in order.
                return same or (
                    not told
                    and self._first_slice
                    and not self._damaged
                    and self._next_place > self._place
                )
            case _Begin.FIRST_SLICE:
                # Two fields may share a time.
                return same and not self._marked and not told
            case _Begin.HEAD:
                return False
            case _Begin.FRONT:
                return same and not self._marked and not told
            case _:
                return same

    def _slice(self, place: int, *, random_access: bool) -> None:
        """Note a slice; `place` is 0 for the first of a picture."""
        self._slices = True
        self._random_access |= random_access
        if place == 0:
            self._first_slice = True
        elif place > self._place:
            self._place = place

    def _begin_slice(self, data: bytes | bytearray, at: int, end: int) -> bool:
        """Begin a NAL unit with a first fragment at `at` where it carries the unit on; return whether it did."""
        if self._slices and self._look(data, at, end) is not _Begin.SLICE:
            return False
        self._begins = True
        self._begin(data, at, end)
        return True

    def _add_fragment(
        self, data: bytes | bytearray, at: int, payload: int, end: int, edges: int
    ) -> None:
        """Append a fragment, `at` of which is its header and `payload` its content."""
        if edges & 0x80:
            self._begins = True
            self._break_off()
            self._begin_fragment(data, at, end)
        elif self._paused and not self._torn:
            # The end that said nothing was none.
            self.repairs[Quirk.RTP_FRAGMENT] += 1
        elif not self._fragment:
            self.repairs[Quirk.RTP_FRAGMENT] += 1
            if self._torn:
                # What it carries on was lost.
                self._damaged = True
                return
            # Where no fragment ever has its beginning marked, nothing else is missing.
            self._damaged |= self._begins
            self._begin_fragment(data, at, end)
        self._paused = payload >= end and bool(edges & 0x40)
        self._fragment = not edges & 0x40
        if payload >= end:
            return
        self._parts.append(data[payload:end])
        if not self._fragment:
            self._ends = True
            if not data[end - 1]:
                self._trim()
            self._unbundle()

    def _begin_fragment(self, data: bytes | bytearray, at: int, end: int) -> None:
        self._torn = False
        if self._may_be_several(data, at):
            self._bundle = len(self._parts)
        self._begin(data, at, end)

    def _break_off(self) -> None:
        """Note that the NAL unit at hand has no end."""
        self._paused = False
        if self._fragment:
            self._fragment = False
            self.repairs[Quirk.RTP_FRAGMENT] += 1
            # Where no fragment ever has its end marked, nothing is missing.
            self._damaged |= self._ends
        self._unbundle()

    def _trim(self) -> None:
        """Take the zero bytes off the fragments that end a NAL unit: no unit ends in one, and no header."""
        self.repairs[Quirk.NAL_PADDED] += 1
        while not (rest := bytes(self._parts.pop()).rstrip(b"\0")):
            pass
        self._parts.append(rest)

    def _unbundle(self) -> None:
        """Take apart a NAL unit that came in fragments and may be several."""
        if (begin := self._bundle) is None:
            return
        self._bundle = None
        whole = b"".join(self._parts[begin:])
        del self._parts[begin:]
        self._append(whole, len(START_CODE), len(whole))

    def _add_aggregate(self, data: bytes | bytearray, aggregate: _Aggregate) -> None:
        for unit, after in aggregate.units:
            self._append(data, unit, after)
        if aggregate.cut:
            self.repairs[Quirk.RTP_PAYLOAD] += 1
            self._damaged = True
        elif aggregate.padded:
            self.repairs[Quirk.NAL_PADDED] += 1

    def _append(self, data: bytes | bytearray, at: int, end: int) -> None:
        """Append a whole NAL unit, or several where it holds start codes that are none of its content."""
        self._torn = False
        if at < end and not data[end - 1]:
            self.repairs[Quirk.NAL_PADDED] += 1
            end = without_padding(data, at, end)
        if at >= end:
            return
        if self._may_be_several(data, at) and data.find(b"\0\0\1", at, end) >= 0:
            self.repairs[Quirk.NAL_DIVIDED] += 1
            for unit in divided(self.codec, bytes(data[at:end])):
                self._parts += (START_CODE, unit)
                self._note(unit, 0, len(unit))
            return
        self._parts += (START_CODE, data[at:end])
        self._note(data, at, end)

    def _end(self, *, final: bool = False) -> None:
        if self._fragment or self._paused or self._bundle is not None:
            self._break_off()
        self._torn = False
        if not self._slices:
            # Parameter sets marked as if they were a picture: they belong to the one that follows.
            self._open = self._marked = False
            if self._damaged:
                self._gap = True
            return
        self.finished += 1
        if not self._marked and not final and not self._damaged:
            self._unmarked = True
        if not self._first_slice:
            self._damaged = True
        if self._latest_rtp_time is None or self._is_later_than(self._latest_rtp_time):
            self._latest_rtp_time = self._rtp_time
        flags = self._flags
        keyframe = self._random_access or self._clean_point(flags)
        if self._resync and not keyframe:
            self._gap = True
            self._clear()
            return
        discontinuity = bool(flags & _DISCONTINUITY)
        if discontinuity and self._was_discontinuity:
            # On every picture: it tells nothing.
            self.repairs[Quirk.REPLAY_BITS] += 1
        if flags & _TERMINAL and not final:
            self.repairs[Quirk.REPLAY_BITS] += 1
        self.units += self.times.place(
            Untimed(
                self._rtp_time,
                _moment(self._stamp),
                b"".join(self._parts),
                keyframe,
                self._gap or (discontinuity and not self._was_discontinuity),
                final and bool(flags & _TERMINAL),
                self._damaged,
            )
        )
        self._was_discontinuity = discontinuity
        self._resync = False
        end = bool(flags & _END_OF_SECTION)
        self._gap = end and not self._was_end
        if end and self._was_end:
            self.repairs[Quirk.REPLAY_BITS] += 1
        self._was_end = end
        self._clear()

    def _is_later_than(self, rtp_time: int) -> bool:
        return (self._rtp_time - rtp_time) & 0xFFFF_FFFF < 0x8000_0000

    def _clean_point(self, flags: int) -> bool:
        """Return whether the C bit makes a picture a clean point that does not show it by itself."""
        said = bool(flags & _CLEAN_POINT)
        everywhere = said and self._was_clean_point and self._knows_random_access
        self._was_clean_point = said and not self._random_access
        if everywhere:
            self.repairs[Quirk.REPLAY_BITS] += 1
        return said and not everywhere


class H264Depacketizer(Depacketizer):
    """RFC 6184, packetization modes 0 and 1: single NAL unit, STAP-A, FU-A."""

    codec = "h264"
    _fragment_head = 18
    _fragment_kind = (0x1F, 28)
    # Type 1 and 5; data partitions are too seldom.
    _slice_begins = bytes(header & 0x80 and header & 0x1F in {1, 5} for header in range(256))

    @override
    def _look(self, data: bytes | bytearray, at: int, end: int) -> _Begin | None:
        if at >= end:
            return None
        kind, body = data[at] & 0x1F, at + 1
        if kind == 28:
            if end - at < 2:
                return None
            if not data[at + 1] & 0x80:
                return _Begin.FRAGMENT if self._fragment or end - at > 2 else None
            kind, body = data[at + 1] & 0x1F, at + 2
        elif kind == 24:
            if not (units := _aggregated(data, at + 1, end).units):
                return None
            at = units[0][0]
            kind, body = data[at] & 0x1F, at + 1
        if kind == 0:
            # A start code where the header should be: what stands behind it counts.
            found = (b"\0" + bytes(data[body : body + 16])).find(b"\0\0\1")
            if found < 0 or body + found + 2 >= end:
                return None
            body = body + found + 3
            kind = data[body - 1] & 0x1F
        if kind in {1, 2, 5}:
            self._next_place = first_mb(data, body, end)
            return _Begin.SLICE if self._next_place else _Begin.FIRST_SLICE
        if kind in {7, 8, 9}:
            return _Begin.HEAD
        if kind == 6 or 14 <= kind <= 18:
            return _Begin.FRONT
        if kind < 24:
            return _Begin.TAIL
        if kind < 30:
            self.unsupported = f"H.264 packets of type {kind} are not supported"
        return None

    @override
    def _begin(self, data: bytes | bytearray, at: int, end: int) -> None:
        first = data[at] & 0xE0 | data[at + 1] & 0x1F
        self._parts.append(_BEGINNINGS[first])
        if self._bundle is None:
            self._note_kind(first & 0x1F, data, at + 2, end)

    @override
    def _may_be_several(self, data: bytes | bytearray, at: int) -> bool:
        kind = data[at] & 0x1F
        if kind == 28:
            kind = data[at + 1] & 0x1F
        return kind in {0, 7, 8}

    @override
    def _add(self, data: bytes | bytearray, at: int, end: int) -> None:
        kind = data[at] & 0x1F
        if kind == 28:
            self._add_fragment(data, at, at + 2, end, data[at + 1])
            return
        self._break_off()
        if kind == 24:
            self._add_aggregate(data, _aggregated(data, at + 1, end))
        else:
            self._append(data, at, end)

    @override
    def _note(self, data: bytes | bytearray, at: int, end: int) -> None:
        self._note_kind(data[at] & 0x1F, data, at + 1, end)

    def _note_kind(self, kind: int, data: bytes | bytearray, body: int, end: int) -> None:
        if kind in {1, 2, 5}:
            self._slice(first_mb(data, body, end), random_access=kind == 5)
            self._knows_random_access |= kind == 5
        elif kind in {3, 4}:
            self._slices = True


class H265Depacketizer(Depacketizer):
    """RFC 7798: single NAL unit, aggregation packet, fragmentation unit.

    With `numbered`, payloads carry decoding order numbers (4.4, sprop-max-don-diff > 0), which are left out.
    """

    codec = "hevc"
    _fragment_head = 19
    _fragment_kind = (0x7E, 49 << 1)
    # Type 0 looks like a start code.
    _slice_begins = bytes(header & 0x80 and 0 < header & 0x3F < 32 for header in range(256))

    def __init__(
        self,
        clock_rate: int = 90000,
        *,
        payload_type: int | None = None,
        numbered: bool = False,
    ) -> None:
        """Start before the first packet."""
        super().__init__(clock_rate, payload_type=payload_type)
        self._number = 2 if numbered else 0

    @override
    def _look(self, data: bytes | bytearray, at: int, end: int) -> _Begin | None:
        if end - at < 2:
            return None
        kind, body = data[at] >> 1 & 0x3F, at + 2 + self._number
        if kind == 49:
            if end - at < 3:
                return None
            if not data[at + 2] & 0x80:
                return _Begin.FRAGMENT if self._fragment or end - at > 3 else None
            kind, body = data[at + 2] & 0x3F, at + 3 + self._number
            if self._has_no_header(data, at, end):
                found = (bytes((kind << 1, data[at + 1])) + bytes(data[body : body + 16])).find(
                    b"\0\0\1"
                )
                body += found + 1
        elif kind == 48:
            first, between = at + 2 + self._number, self._number // 2
            if not (units := _aggregated(data, first, end, between, 2).units):
                return None
            at = units[0][0]
            kind, body = data[at] >> 1 & 0x3F, at + 2
        if kind == 0 and data.startswith((b"\0\0\1", b"\0\0\0"), at):
            found = data.find(b"\0\0\1", at, end)
            if found < 0 or found + 5 > end:
                return None
            kind, body = data[found + 3] >> 1 & 0x3F, found + 5
        if kind < 32:
            # Where the slice lies stands behind what only the parameter sets explain.
            self._next_place = int(body >= end or not data[body] & 0x80)
            self._next_place *= self._place + 1
            return _Begin.SLICE if self._next_place else _Begin.FIRST_SLICE
        if kind <= 35:
            return _Begin.HEAD
        if kind == 39 or 41 <= kind <= 44:
            return _Begin.FRONT
        if kind < 48:
            return _Begin.TAIL
        if kind == 50:
            self.unsupported = "H.265 packets of type 50 are not supported"
        return None

    @override
    def _begin(self, data: bytes | bytearray, at: int, end: int) -> None:
        kind = data[at + 2] & 0x3F
        self._parts += (START_CODE, bytes((data[at] & 0x81 | kind << 1, data[at + 1])))
        if self._bundle is None:
            self._note_kind(kind, data, at + 3 + self._number, end)

    @override
    def _may_be_several(self, data: bytes | bytearray, at: int) -> bool:
        kind = data[at] >> 1 & 0x3F
        if kind == 49:
            kind = data[at + 2] & 0x3F
        # Temporal id 0 is forbidden (H.265 7.4.2.2).
        return 32 <= kind <= 34 or (kind == 0 and data[at + 1] & 0x07 == 0)

    @override
    def _add(self, data: bytes | bytearray, at: int, end: int) -> None:
        kind = data[at] >> 1 & 0x3F
        if kind == 49:
            payload = at + 3 + (self._number if data[at + 2] & 0x80 else 0)
            self._add_fragment(data, at, min(payload, end), end, data[at + 2])
            return
        self._break_off()
        if kind == 48:
            # From the second unit on, the number is one byte of difference.
            first, between = at + 2 + self._number, self._number // 2
            self._add_aggregate(data, _aggregated(data, first, end, between, 2))
        elif self._number:
            unit = bytes(data[at : at + 2]) + bytes(data[at + 2 + self._number : end])
            self._append(unit, 0, len(unit))
        else:
            self._append(data, at, end)

    @override
    def _note(self, data: bytes | bytearray, at: int, end: int) -> None:
        self._note_kind(data[at] >> 1 & 0x3F, data, at + 2, end)

    def _note_kind(self, kind: int, data: bytes | bytearray, body: int, end: int) -> None:
        if kind < 32:
            first = body < end and bool(data[body] & 0x80)
            self._slice(0 if first else self._place + 1, random_access=16 <= kind <= 23)
            self._knows_random_access |= 16 <= kind <= 23

    def _has_no_header(self, data: bytes | bytearray, at: int, end: int) -> bool:
        """Return whether a first fragment carries a start code where its NAL unit's header should be."""
        return self._may_be_several(data, at) and not data[at + 2] & 0x3F and end - at > 5


def depacketizer_for(media: MediaDescription) -> Depacketizer:
    """Return the depacketizer of a video track; CameraOperationUnsupported for other codecs."""
    match media.encoding:
        case "H264":
            return H264Depacketizer(media.clock_rate, payload_type=media.payload_type)
        case "H265":
            numbered = media.parameters.get("sprop-max-don-diff", "0") != "0"
            return H265Depacketizer(
                media.clock_rate, payload_type=media.payload_type, numbered=numbered
            )
    raise CameraOperationUnsupported("The recording is neither H.264 nor H.265")


def _too_large() -> CameraAnswerInvalid:
    return CameraAnswerInvalid("The camera sent a picture of no believable size")


def _moment(stamp: _Stamp | None) -> datetime | None:
    """Return the time that a stamp tells; 0 means that there is none (RFC 5905 6)."""
    return ntp_to_utc(stamp[0], stamp[1]) if stamp is not None and stamp[0] else None


def _long_header(
    data: bytes | bytearray, start: int, end: int
) -> tuple[int, int, _Stamp | None, bool] | None:
    """Read an RTP header with options (RFC 3550 5.1); None for what is no RTP.

    Returns where the payload starts and ends, the stamp, and whether something had to be put right.
    """
    first = data[start]
    if first >> 6 != 2:
        return None
    at = start + 12 + 4 * (first & 0x0F)
    stamp: _Stamp | None = None
    odd = False
    if first & 0x10:
        if end - at < 4:
            return None
        profile, words = _EXTENSION.unpack_from(data, at)
        length = 4 * words
        if profile == _REPLAY_PROFILE and end - at >= 16:
            # Some count their three words wrongly: the content is of a known length.
            odd = not 12 <= length <= end - at - 4
            length = 12 if odd else length
            stamp = _REPLAY_EXTENSION.unpack_from(data, at + 4)
        at += 4 + length
    if first & 0x20 and end > at:
        padding = data[end - 1]
        if 0 < padding <= end - at:
            end -= padding
        else:
            # The bit alone makes no padding.
            odd = True
    return None if at > end else (at, end, stamp, odd)


def _aggregated(
    data: bytes | bytearray, at: int, end: int, between: int = 0, shortest: int = 1
) -> _Aggregate:
    """Read the NAL units that stand behind two-byte sizes, `between` bytes apart.

    Those of no size are left out; one that is cut off ends with the packet.
    """
    units = []
    cut = False
    while end - at >= 2:
        size = data[at] << 8 | data[at + 1]
        at += 2
        after = min(at + size, end)
        if after - at >= shortest:
            units.append((at, after))
        cut = cut or size > after - at
        at = after + between if size else at
    last = units[-1][1] if units else end
    return _Aggregate(units, cut=cut, padded=last + between < end)
