"""What a camera's clock was ahead of true time, and when: how footage of any day gets its true time.

A clock is measured every few minutes while the camera answers. Measurements that agree make an *era* of one offset in
whole seconds (ONVIF tells whole seconds; the measuring error would otherwise turn 419 s into 420 s and back). Between
two eras the clock either drifted, which two measurements tell from a clock that was set, or it was set at a moment
that nobody saw. What was once said of the past stays: a new measurement adds an era, it never changes an older one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final, Self

from .model import ClockReading

_ZERO: Final = timedelta()
_SECOND: Final = timedelta(seconds=1)
# Quartz is off by 20 to 100 ppm; what changes faster between two measurements was set.
_MAX_DRIFT: Final = 300e-6
# A clock that jumps all day must not fill the memory; what is older than the oldest kept era is "before".
MAX_ERAS: Final = 100
# Footage from longer before the first measurement than this is the work of a clock that was reset, where a later era
# explains it.
_BEFORE: Final = timedelta(days=400)
# Bounds of what is computed with: the eras at both ends have none of their own.
_PAST: Final = datetime(1900, 1, 1, tzinfo=UTC)
_FUTURE: Final = datetime(2300, 1, 1, tzinfo=UTC)
_MAX_AHEAD: Final = timedelta(days=300 * 365)
# Our own clock was set back by more than this: what it measured in the meantime is not true time.
_OURS_SET_BACK: Final = timedelta(minutes=3)


class ClockKnown(StrEnum):
    """How the offset of a stretch of time is known."""

    # Measurements of before and after agree on it; or it is what was measured last.
    MEASURED = "measured"
    # Measurements of before and after differ: it changed somewhere between.
    BETWEEN = "between"
    # From before the first measurement: nobody knows it, that of the first is taken.
    BEFORE = "before"
    # The clock was never measured; it is taken to be right.
    NEVER = "never"


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockLine:
    """How camera time and true time lie to each other: `ahead` at the true moment `at`, changing evenly to `until`."""

    ahead: timedelta
    ahead_until: timedelta
    at: datetime = _PAST
    until: datetime = _FUTURE

    @classmethod
    def constant(cls, ahead: timedelta) -> Self:
        """Return the line of a clock that is always as far ahead."""
        return cls(ahead=ahead, ahead_until=ahead)

    @property
    def is_constant(self) -> bool:
        """Return whether the clock goes as fast as ours."""
        return self.ahead == self.ahead_until

    def to_true(self, camera_at: datetime) -> datetime:
        """Return the true time of a moment that the camera's clock stamped."""
        if self.is_constant:
            return camera_at - self.ahead
        begin, end = self.at + self.ahead, self.until + self.ahead_until
        return self.at + (self.until - self.at) * ((camera_at - begin) / (end - begin))

    def to_camera(self, at: datetime) -> datetime:
        """Return what the camera's clock shows at a true moment."""
        if self.is_constant:
            return at + self.ahead
        begin, end = self.at + self.ahead, self.until + self.ahead_until
        return begin + (end - begin) * ((at - self.at) / (self.until - self.at))


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockPiece:
    """What is known of the clock for [start, end) in true time. Pieces overlap where a clock was set unseen."""

    start: datetime
    end: datetime
    line: ClockLine
    known: ClockKnown
    # The first and the last measurement that it rests on.
    measured: tuple[datetime, datetime] | None
    # How far the offset may be from what it really was; zero: within the error of measuring (about a second).
    doubt: timedelta = _ZERO
    # The clock showed these times more than once: pictures stamped so may be of another moment.
    twice: bool = False

    @property
    def camera_start(self) -> datetime:
        """Return the camera time at the beginning."""
        return self.line.to_camera(self.start)

    @property
    def camera_end(self) -> datetime:
        """Return the camera time at the end."""
        return self.line.to_camera(self.end)

    def cut(self, start: datetime, end: datetime) -> Self:
        """Return what of it lies in [start, end) of true time."""
        return replace(self, start=max(self.start, start), end=min(self.end, end))


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A span of camera time in true time, [start, end)."""

    start: datetime
    end: datetime
    line: ClockLine


@dataclass(frozen=True, kw_only=True, slots=True)
class Era:
    """Measurements that agree: the first at `start`, the last so far at `end`.

    `was_set`: the clock was set between the era before and this one; otherwise it drifted.
    """

    start: datetime
    end: datetime
    ahead: timedelta
    was_set: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return what is kept over a restart."""
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "ahead": round(self.ahead.total_seconds()),
            "was_set": self.was_set,
        }

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """Return what `as_json` gave; raises ValueError for anything else."""
        match value:
            case {
                "start": str(start),
                "end": str(end),
                "ahead": int(ahead),
                "was_set": bool(was_set),
            }:
                begin, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
                if begin.tzinfo is not None and last.tzinfo is not None and begin <= last:
                    return cls(
                        start=begin, end=last, ahead=timedelta(seconds=ahead), was_set=was_set
                    )
        raise ValueError("Not an era of a clock")


class ClockHistory:
    """The history of one camera's clock. Not for several threads; `pieces` is a value that may be passed on."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._eras: list[Era] = []
        # The last measurement as it was, not in whole seconds.
        self._last: ClockReading | None = None
        self._pieces: tuple[ClockPiece, ...] | None = None

    @property
    def eras(self) -> tuple[Era, ...]:
        """Return the eras, oldest first."""
        return tuple(self._eras)

    @property
    def last(self) -> ClockReading | None:
        """Return the last measurement since the start."""
        return self._last

    @property
    def ahead(self) -> timedelta:
        """Return what the clock is ahead now, in whole seconds; zero where it was never measured."""
        return self._eras[-1].ahead if self._eras else _ZERO

    def measure(self, reading: ClockReading) -> Era | None:
        """Take a measurement; returns the era that it begins, None where it says nothing new."""
        if abs(reading.offset) > _MAX_AHEAD:
            return None
        self._forget_after(reading.measured_at)
        last, before = (self._eras[-1] if self._eras else None), self._last
        if last is not None and reading.measured_at <= last.end:
            return None
        self._last, self._pieces = reading, None
        if last is not None and abs(reading.offset - last.ahead) <= reading.uncertainty + _SECOND:
            self._eras[-1] = replace(last, end=reading.measured_at)
            return None
        era = Era(
            start=reading.measured_at,
            end=reading.measured_at,
            ahead=reading.seconds_ahead,
            was_set=last is not None and not _drifted(last, before, reading),
        )
        self._eras.append(era)
        del self._eras[:-MAX_ERAS]
        return era

    def resume(self, eras: Iterable[Era]) -> None:
        """Take up the eras that were kept, oldest first, before anything is measured."""
        self._eras = sorted(eras, key=lambda era: era.start)[-MAX_ERAS:]
        self._last, self._pieces = None, None

    def recall(self, readings: Iterable[ClockReading]) -> None:
        """Take older measurements, as a ledger keeps them: those from before the first era that is known."""
        older = ClockHistory()
        first = self._eras[0] if self._eras else None
        for reading in sorted(readings, key=lambda one: one.measured_at):
            if first is None or reading.measured_at < first.start:
                older.measure(reading)
        if not older.eras:
            return
        if first is None:
            self._eras, self._last = list(older.eras), older.last
        else:
            joint = older.eras[-1]
            if joint.ahead == first.ahead:
                self._eras = [*older.eras[:-1], replace(joint, end=first.end), *self._eras[1:]]
            else:
                passed = first.start - joint.end
                was_set = abs(first.ahead - joint.ahead) > 2 * _SECOND + passed * _MAX_DRIFT
                self._eras = [*older.eras, replace(first, was_set=was_set), *self._eras[1:]]
            del self._eras[:-MAX_ERAS]
        self._pieces = None

    def _forget_after(self, now: datetime) -> None:
        """Forget what our own clock measured before somebody set it back."""
        if not self._eras or self._eras[-1].end - now <= _OURS_SET_BACK:
            return
        self._eras = [replace(era, end=min(era.end, now)) for era in self._eras if era.start <= now]
        self._last, self._pieces = None, None

    # --- What follows from it -----------------------------------------------------------------------------------

    def pieces(self) -> tuple[ClockPiece, ...]:
        """Return what is known of all times, by start."""
        if self._pieces is None:
            self._pieces = tuple(sorted(_mark(_pieces(self._eras)), key=lambda one: one.start))
        return self._pieces

    def place(self, camera_start: datetime, camera_end: datetime) -> tuple[Placed, ...]:
        """Return when [camera_start, camera_end) of camera time was, by start.

        More than once where the clock was set back over it; never (nothing) where it was set forward over it.
        """
        found: list[Placed] = []
        for piece in self.pieces():
            low, high = max(camera_start, piece.camera_start), min(camera_end, piece.camera_end)
            if low >= high:
                continue
            start, end = piece.line.to_true(low), piece.line.to_true(high)
            last = next(
                (one for one in reversed(found) if one.line == piece.line and one.end == start),
                None,
            )
            if last is not None:
                found[found.index(last)] = replace(last, end=end)
            elif start < end:
                found.append(Placed(start=start, end=end, line=piece.line))
        return tuple(sorted(found, key=lambda one: one.start))

    def spans(self, start: datetime, end: datetime) -> tuple[ClockPiece, ...]:
        """Return what is known of [start, end) of true time, by start: where to look for it in camera time."""
        return pieces_between(self.pieces(), start, end)

    def latest_shown(self, now: datetime) -> datetime:
        """Return the latest camera time that the clock has shown: later than that of now where it was set back."""
        return max(piece.camera_end for piece in pieces_between(self.pieces(), _PAST, now))

    def line_at(self, at: datetime) -> ClockLine:
        """Return how camera time lies to a true moment; where two are possible, that of the newer measurement."""
        return self.spans(at, at + timedelta(microseconds=1))[-1].line

    def to_true(self, camera_at: datetime) -> datetime:
        """Return the true time of a camera time: the last one where it came more than once."""
        placed = self.place(camera_at, camera_at + timedelta(microseconds=1))
        return placed[-1].start if placed else camera_at - self.ahead


def pieces_between(
    pieces: Sequence[ClockPiece], start: datetime, end: datetime
) -> tuple[ClockPiece, ...]:
    """Return what of the pieces lies in [start, end) of true time."""
    return tuple(
        piece.cut(start, end) for piece in pieces if piece.start < end and piece.end > start
    )


def _drifted(era: Era, before: ClockReading | None, reading: ClockReading) -> bool:
    """Return whether a clock may have gone from what it was last to this by itself."""
    # After a restart the whole seconds of the era are what is known.
    known, error = (era.ahead, _SECOND) if before is None else (before.offset, before.uncertainty)
    passed = reading.measured_at - era.end
    return abs(reading.offset - known) <= error + reading.uncertainty + passed * _MAX_DRIFT


def _pieces(eras: Sequence[Era]) -> list[ClockPiece]:
    """Return the pieces of all true time, as the eras give them."""
    if not eras:
        whole = ClockLine.constant(_ZERO)
        return [
            ClockPiece(start=_PAST, end=_FUTURE, line=whole, known=ClockKnown.NEVER, measured=None)
        ]
    first = eras[0]
    line = ClockLine.constant(first.ahead)
    found = [
        ClockPiece(
            start=start,
            end=end,
            line=line,
            known=ClockKnown.BEFORE,
            measured=(first.start, first.start),
        )
        for start, end in ((_PAST, first.start - _BEFORE), (first.start - _BEFORE, first.start))
    ]
    for number, era in enumerate(eras):
        last = number == len(eras) - 1
        end = _FUTURE if last else era.end
        if era.start < end:
            found.append(
                ClockPiece(
                    start=era.start,
                    end=end,
                    line=ClockLine.constant(era.ahead),
                    known=ClockKnown.MEASURED,
                    measured=(era.start, era.end),
                )
            )
    for era, after in pairwise(eras):
        found += _between(era, after)
    return found


def _between(era: Era, after: Era) -> list[ClockPiece]:
    """Return what is known of the time between the last measurement of one era and the first of the next."""
    begin, end = era.end, after.start
    width, jump = end - begin, after.ahead - era.ahead
    measured = (begin, end)
    # A ramp on which the camera's time would run backwards is none.
    if not after.was_set and -jump < width / 2:
        line = ClockLine(ahead=era.ahead, ahead_until=after.ahead, at=begin, until=end)
        return [
            ClockPiece(
                start=begin,
                end=end,
                line=line,
                known=ClockKnown.BETWEEN,
                measured=measured,
                doubt=abs(jump),
            )
        ]
    # Set at a moment that nobody saw. Where the jump is longer than the time in question, no camera time fits both
    # offsets: each is tried, and the card tells which it was. A shorter one is put into the middle, so that no camera
    # time is left out where it was set forward.
    middle = begin + width / 2
    reach = width / 2 if abs(jump) >= width else max(jump, _ZERO) / 2
    return [
        ClockPiece(
            start=start,
            end=stop,
            line=ClockLine.constant(ahead),
            known=ClockKnown.BETWEEN,
            measured=measured,
            doubt=abs(jump),
        )
        for start, stop, ahead in (
            (begin, middle + reach, era.ahead),
            (middle - reach, end, after.ahead),
        )
        if start < stop
    ]


def _mark(pieces: list[ClockPiece]) -> list[ClockPiece]:
    """Cut pieces where the camera times of others begin and end, and mark what the clock showed more than once."""
    bounds = [(one.camera_start, one.camera_end) for one in pieces]
    found: list[ClockPiece] = []
    for number, piece in enumerate(pieces):
        low, high = bounds[number]
        others = [
            other
            for place, other in enumerate(bounds)
            if place != number and other[0] < high and other[1] > low
        ]
        cuts = sorted({low, high, *(at for other in others for at in other if low < at < high)})
        for begin, end in pairwise(cuts):
            twice = any(other[0] < end and other[1] > begin for other in others)
            if twice and piece.end <= pieces[0].end:
                # From long before the first measurement, and a later era explains it.
                continue
            start = piece.start if begin == low else piece.line.to_true(begin)
            stop = piece.end if end == high else piece.line.to_true(end)
            if start < stop:
                found.append(replace(piece, start=start, end=stop, twice=twice))
    return found
