"""The packets of the passage that was asked for last, told from those of one before on the same session.

A camera that jumps (ONVIF Streaming specification, "PLAY", Immediate) has sent packets of the old passage that are
still on their way, and may send the first of the new one before it answers. The time in the header extension decides.
The extension's low byte of CSeq and its D bit are hints: cameras leave them 0, or as they were.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from struct import Struct
from typing import Final, NamedTuple

from .depacketize import Depacketizer, ntp_to_utc
from .picture_times import MAX_REORDERED

# How far before what was asked for the clean point may lie; farther is another passage.
LEAD_IN: Final = timedelta(minutes=1)
# Without a break in the times, pictures so far before what was asked for are those of the old passage.
_NEAR: Final = timedelta(seconds=2)
# Pictures farther apart than this do not follow one another.
_BREAK: Final = timedelta(seconds=2)
_STAMP: Final = Struct(">HHIIBB")
_PROFILE: Final = 0xABAC
_EXTENDED: Final = 0x10
_CLEAN_POINT: Final = 0x80
_DISCONTINUITY: Final = 0x20


class _Stamp(NamedTuple):
    """What the replay extension of a packet says."""

    at: datetime
    flags: int
    number: int


class Crossing:
    """A sink of RTP packets in front of a depacketizer, a new one for each passage.

    Until the first jump everything belongs to the passage. From a jump on, what is of another time is dropped, until
    packets of the new passage come.
    """

    def __init__(
        self,
        make: Callable[[], Depacketizer],
        number: Callable[[], int],
        start: datetime,
        end: datetime,
    ) -> None:
        """Begin with a first passage (camera time); `number` tells the CSeq of the newest PLAY."""
        self.depacketizer = make()
        self.depacketizer.times.asked = (start, end)
        # Bytes dropped since the last jump.
        self.stale = 0
        self._make = make
        self._number = number
        self._asked: tuple[datetime, datetime] | None = None
        self._taking = True
        # Whether the passage began twice.
        self._again = False
        # The last stamp that came, and whether it bore the number of the newest PLAY.
        self._last: datetime | None = None
        self._ours = False
        # Whether the camera is seen to tell which PLAY a picture belongs to.
        self._tells = False

    def jump(self, start: datetime, end: datetime) -> None:
        """Another passage is asked for (camera time): take nothing until it comes."""
        self._asked = start, end
        self._taking = self._ours = self._again = False
        self.stale = 0
        self._begin_anew()

    def push(self, data: bytes | bytearray, start: int, end: int) -> bool:
        """Take the RTP packet in `data[start:end]`; return whether `follow` may go on with its picture."""
        if data[start] & _EXTENDED and (stamp := _stamp_of(data, start, end)) is not None:
            self._look(stamp)
        if self._taking:
            return self.depacketizer.push(data, start, end)
        self.stale += end - start
        return False

    def follow(self, data: bytes | bytearray, frame: int, end: int, size: int) -> int:
        """Take what carries the picture on."""
        return self.depacketizer.follow(data, frame, end, size)

    def keep(self) -> None:
        """Copy what is still needed of the bytes given."""
        self.depacketizer.keep()

    def _look(self, stamp: _Stamp) -> None:
        """Decide whose the packets are that begin with this one."""
        last, self._last = self._last, stamp.at
        ours = stamp.number == self._number() & 0xFF
        turned, self._ours = ours and not self._ours, ours
        if self._asked is None:
            # One number in 256 is ours by chance, but not where it is the first.
            self._tells = self._tells or turned
            return
        if turned and self._tells:
            # Whatever its time: where a passage begins with a wrong one, the next ones tell.
            if self._taking:
                self._begin_anew()
            self._taking = True
            return
        if ours and self._tells:
            return
        start, end = self._asked
        ahead = last is not None and stamp.at - last > _BREAK
        behind = last is not None and (
            last - stamp.at > MAX_REORDERED
            or (stamp.at < last and stamp.at <= start and bool(stamp.flags & _CLEAN_POINT))
        )
        broken = last is None or ahead or behind or bool(stamp.flags & _DISCONTINUITY)
        if broken and start - LEAD_IN <= stamp.at <= end:
            if not self._taking:
                self._taking = True
            elif behind and not self._again:
                # What was taken led to the passage by chance, and here it begins.
                self._again = True
                self._begin_anew()
        elif broken:
            self._taking = self._taking and stamp.at > end
        elif not self._taking and not self._tells:
            # Nothing says that it is another passage, but it is the time that was asked for.
            self._taking = start - _NEAR <= stamp.at <= end

    def _begin_anew(self) -> None:
        repairs = self.depacketizer.repairs
        self.depacketizer = self._make()
        self.depacketizer.repairs.update(repairs)
        self.depacketizer.times.asked = self._asked


def _stamp_of(data: bytes | bytearray, start: int, end: int) -> _Stamp | None:
    """Read the replay extension of a packet that has one (RFC 3550 5.3.1); None where it tells no time."""
    at = start + 12 + 4 * (data[start] & 0x0F)
    if end - at < _STAMP.size:
        return None
    profile, _, seconds, fraction, flags, number = _STAMP.unpack_from(data, at)
    if profile != _PROFILE or not seconds:
        return None
    return _Stamp(ntp_to_utc(seconds, fraction), flags, number)
