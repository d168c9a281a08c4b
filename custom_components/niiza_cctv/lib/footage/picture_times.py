"""When each picture of a replay was recorded: the camera's stamps, and the RTP clock where they contradict it.

A stamp (ONVIF Streaming specification, "RTP header extension") can be missing, or hours off, once or for a while;
the RTP clock (RFC 3550 5.1) counts evenly but knows no date. Each is held against the other: a stamp that leaves the
RTP clock and comes back to it was wrong, one that stays away for `MAX_DOUBT` is a gap, or a clock that was set.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from ..device.errors import CameraAnswerInvalid
from ..device.quirks import Quirk

# Up to this distance on the RTP clock, a picture gets its time from another one.
MAX_INFERRED = timedelta(seconds=10)
# B pictures are sent after the later one that they refer to, at most 16 pictures (H.264 A.3, H.265 A.4) and never
# more than this behind; what goes farther back was recorded after the camera's clock was set back.
MAX_REORDERED = timedelta(seconds=2)
# How far before the start that was asked for a clean point may lie.
MAX_LEAD = timedelta(hours=1)
# Stamps and RTP clock agree when they are no farther apart: some stamps have whole seconds only.
_TOLERANCE = timedelta(seconds=1)
# Pictures whose time is doubtful wait so long (by the RTP clock) for those that decide, and take so much memory.
MAX_DOUBT = timedelta(seconds=10)
MAX_WAITING_BYTES = 8 * 1024 * 1024
MAX_WAITING = 512
# So many pictures in a row have shown that the RTP clock can be trusted.
_ENOUGH = 2
# After so many stamps at the beginning, of which no two agree with it, the RTP clock is not asked any more.
_UNDECIDED = 4


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
    # Part of it is known to be missing.
    damaged: bool = False


class Untimed(NamedTuple):
    """A picture as it came; `told` when the camera says that it does not follow the one before."""

    rtp_time: int
    stamp: datetime | None
    data: bytes
    keyframe: bool
    told: bool
    last: bool
    damaged: bool


@lru_cache(1024)
def _on_the_clock(ticks: int, clock_rate: int) -> timedelta:
    return timedelta(microseconds=round(ticks * 1_000_000 / clock_rate))


class PictureTimes:
    """Gives the pictures of one stream their times, in the order in which they come."""

    def __init__(self, clock_rate: int, repairs: Counter[Quirk]) -> None:
        """Start before the first picture; `clock_rate` is in RTP time units per second, `repairs` is counted up."""
        # What was asked for (camera time), where that is known.
        self.asked: tuple[datetime, datetime] | None = None
        # Camera time of the newest picture given out, since the camera's clock was set back, if it was.
        self.newest: datetime | None = None
        self._clock_rate = clock_rate
        self._repairs = repairs
        # The last picture given out: its RTP time, its time, its stamp.
        self._settled = False
        self._rtp_time = 0
        self._at = datetime.min.replace(tzinfo=UTC)
        self._stamp: datetime | None = None
        # So many pictures in a row agreed with the RTP clock.
        self._agreed = 0
        # Some came behind later ones.
        self._reordered = False
        # Pictures that wait for the time of another: at the beginning, or because of a stamp in doubt.
        self._waiting: list[Untimed] = []
        self._bytes = 0

    @property
    def waiting(self) -> bool:
        """Return whether pictures wait for their times."""
        return bool(self._waiting)

    @property
    def early(self) -> bool:
        """Return whether pictures wait for a first time that `release` would give them."""
        return not self._settled and any(one.stamp is not None for one in self._waiting)

    def reach_end(self, rtp_time: int, stamp: datetime | None) -> bool:
        """Return whether the picture that comes now is the last of what was asked for.

        One as far behind it as it is behind the one before would not lie in front of the end. Pictures that are sent in
        another order than shown tell nothing.
        """
        if stamp is None or self.asked is None or self._reordered or not self._settled:
            return False
        passed = self._passed(self._rtp_time, rtp_time)
        return (
            not self._waiting
            and abs(stamp - self._at - passed) <= _TOLERANCE
            and stamp + passed >= self.asked[1]
        )

    def place(self, picture: Untimed) -> list[AccessUnit]:
        """Return what can be given out now that this picture came.

        Raises CameraAnswerInvalid for pictures whose time nobody tells.
        """
        if not self._settled:
            self._wait(picture)
            return self._settle()
        passed = self._passed(self._rtp_time, picture.rtp_time)
        stamp = picture.stamp
        if stamp is None:
            return self._without_stamp(picture, passed)
        if -_TOLERANCE <= stamp - self._at - passed <= _TOLERANCE:
            given = self._stamps_were_wrong() if self._waiting else []
            self._agreed += 1
            given.append(self._give(picture, self._finer(picture, stamp)))
            return given
        if self._agreed < _ENOUGH and not self._waiting and not picture.told:
            # The RTP clock has proved nothing yet.
            self._agreed = 0
            return [self._give(picture, stamp, jumped=True)]
        return self._doubt(picture)

    def release(self) -> list[AccessUnit]:
        """Return what waits for a first time, now that nothing comes for the moment."""
        return self._settle(final=True) if self.early else []

    def flush(self) -> list[AccessUnit]:
        """Return what still waits, now that nothing comes any more: again and again, while anything is `waiting`.

        Raises CameraAnswerInvalid as `place` does.
        """
        if not self._waiting:
            return []
        if not self._settled:
            return self._settle(final=True)
        return self._decide()

    # --- The beginning ----------------------------------------------------------------------------------------

    def _settle(self, *, final: bool = False) -> list[AccessUnit]:
        """Give out what waits once two stamps agree, and lie within what was asked for."""
        stamped = [one for one in self._waiting if one.stamp is not None]
        enough = final or self._full()
        if not stamped:
            if enough and self._waiting:
                self._forget()
                raise CameraAnswerInvalid(
                    "The camera sent a picture without the time of its recording"
                )
            return []
        agreed = self._agree(stamped[-2:])
        if agreed and self._fits(stamped[-1]):
            return self._place_all(stamped[-1], by_rtp=True)
        if enough or (len(stamped) >= _UNDECIDED and all(map(self._fits, stamped))):
            sure = next((one for one in reversed(stamped) if self._fits(one)), stamped[-1])
            return self._place_all(sure, by_rtp=agreed)
        return []

    def _agree(self, pair: list[Untimed]) -> bool:
        if len(pair) < 2 or pair[0].stamp is None or pair[1].stamp is None:
            return False
        passed = self._passed(pair[0].rtp_time, pair[1].rtp_time)
        # Behind a gap the RTP clock need not agree; the stamps themselves do.
        return abs(pair[1].stamp - pair[0].stamp - passed) <= _TOLERANCE

    def _fits(self, picture: Untimed) -> bool:
        """Return whether a stamp lies within what was asked for, where that is known."""
        if self.asked is None or picture.stamp is None:
            return picture.stamp is not None
        start, end = self.asked
        return start - MAX_LEAD <= picture.stamp <= end + MAX_REORDERED

    def _place_all(self, sure: Untimed, *, by_rtp: bool) -> list[AccessUnit]:
        """Give out what waits: by its stamps, and from a sure one by the RTP clock what has none or a wrong one."""
        pictures = self._forget()
        self._settled = True
        assert sure.stamp is not None
        given = []
        for place, one in enumerate(pictures):
            if place and not self._settled:
                given += self.place(one)
                continue
            inferred = sure.stamp + (passed := self._passed(sure.rtp_time, one.rtp_time))
            if one.stamp is None and place and (one.told or abs(passed) > MAX_INFERRED):
                given += self.place(one)
                continue
            if one.stamp is None:
                right = False
            elif by_rtp and abs(passed) <= MAX_INFERRED:
                right = abs(one.stamp - inferred) <= _TOLERANCE
                self._agreed += right
            else:
                right = self._fits(one) or not self._fits(sure)
            if not right:
                self._repair(one)
            at = inferred
            if right and one.stamp is not None:
                at = self._finer(one, one.stamp) if by_rtp and place else one.stamp
            given.append(self._give(one, at))
        return given

    # --- Doubt ------------------------------------------------------------------------------------------------

    def _without_stamp(self, picture: Untimed, passed: timedelta) -> list[AccessUnit]:
        if self._waiting:
            self._wait(picture)
            return self._decide() if self._full() else []
        if picture.told or abs(passed) > MAX_INFERRED:
            # The one behind may tell.
            self._settled = False
            self._agreed = 0
            self._wait(picture)
            return []
        self._repair(picture)
        return [self._give(picture, self._at + passed)]

    def _doubt(self, picture: Untimed) -> list[AccessUnit]:
        """Let a picture wait whose stamp has left the RTP clock, until it comes back or has stayed away."""
        given: list[AccessUnit] = []
        doubtful = [one for one in self._waiting if one.stamp is not None]
        if doubtful and not self._agree([doubtful[-1], picture]):
            # Neither here nor there: what came before was no new time.
            given = self._stamps_were_wrong()
            doubtful = []
        self._wait(picture)
        first = (doubtful or [picture])[0]
        if (first.told and doubtful) or self._full():
            given += self._stamps_were_right()
        return given

    def _decide(self) -> list[AccessUnit]:
        """Say what the stamps in doubt are when nothing else will tell.

        Footage goes on behind a gap with a whole picture, and later, and within what was asked for.
        """
        first = next(one for one in self._waiting if one.stamp is not None)
        assert first.stamp is not None
        later = first.stamp > self._at
        if first.told or (first.keyframe and later and all(map(self._fits, self._waiting))):
            return self._stamps_were_right()
        return self._stamps_were_wrong()

    def _stamps_were_wrong(self) -> list[AccessUnit]:
        given = []
        for one in self._forget():
            self._repair(one)
            given.append(self._give(one, self._at + self._passed(self._rtp_time, one.rtp_time)))
        return given

    def _stamps_were_right(self) -> list[AccessUnit]:
        pictures = self._forget()
        first = next(place for place, one in enumerate(pictures) if one.stamp is not None)
        given = []
        for place, one in enumerate(pictures):
            at = one.stamp
            if at is None:
                self._repair(one)
                at = self._at + self._passed(self._rtp_time, one.rtp_time)
            given.append(self._give(one, at, jumped=place == first))
        return given

    # --- Both -------------------------------------------------------------------------------------------------

    def _passed(self, before: int, after: int) -> timedelta:
        """Return what the RTP clock says lies between two RTP times; signed, as pictures come in decoding order."""
        ticks = ((after - before + 0x8000_0000) & 0xFFFF_FFFF) - 0x8000_0000
        return _on_the_clock(ticks, self._clock_rate)

    def _finer(self, picture: Untimed, stamp: datetime) -> datetime:
        """Return the time of a picture that has the stamp of the one before: they are in whole seconds, mostly."""
        if stamp != self._stamp or picture.rtp_time == self._rtp_time:
            return stamp
        self._repairs[Quirk.REPLAY_STAMP] += 1
        return self._at + self._passed(self._rtp_time, picture.rtp_time)

    def _repair(self, picture: Untimed) -> None:
        kind = Quirk.REPLAY_STAMP_MISSING if picture.stamp is None else Quirk.REPLAY_STAMP
        self._repairs[kind] += 1

    def _wait(self, picture: Untimed) -> None:
        self._waiting.append(picture)
        self._bytes += len(picture.data)

    def _forget(self) -> list[Untimed]:
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        return waiting

    def _full(self) -> bool:
        if not self._waiting:
            return False
        span = self._passed(self._waiting[0].rtp_time, self._waiting[-1].rtp_time)
        return (
            len(self._waiting) >= MAX_WAITING
            or self._bytes > MAX_WAITING_BYTES
            or abs(span) >= MAX_DOUBT
        )

    def _give(self, picture: Untimed, at: datetime, *, jumped: bool = False) -> AccessUnit:
        moved = False
        if (newest := self.newest) is None or at >= newest:
            self.newest = at
        elif picture.keyframe or newest - at > MAX_REORDERED:
            # A picture that others may not cross, or one too far back to have been waiting for its turn.
            moved = True
            self.newest = at
        else:
            self._reordered = True
        if jumped and newest is not None and abs(at - newest) > MAX_REORDERED:
            moved = True
        self._rtp_time, self._at, self._stamp = picture.rtp_time, at, picture.stamp
        return AccessUnit(
            at=at,
            rtp_time=picture.rtp_time,
            data=picture.data,
            keyframe=picture.keyframe,
            discontinuity=picture.told or moved,
            last=picture.last,
            damaged=picture.damaged,
        )
