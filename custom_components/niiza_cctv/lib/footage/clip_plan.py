"""Which pictures of a journal make a clip, and when each is shown.

Synchronous: for worker threads.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import islice, pairwise
from operator import le, sub
from statistics import median_low
from typing import Self

from .clip_model import ClipInvalid, Segment, Withheld
from .spool import Head, Spool, Unit, microseconds, moment

TIME_BASE = Fraction(1, 90_000)
# Without a picture for longer than this (microseconds), and than this many usual distances, footage is missing.
GAP = 2_000_000
GAP_INTERVALS = 3
# How long a single picture is shown, in microseconds.
ALONE = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Which pictures of a journal make a clip, and when each is shown."""

    # The journal's pictures from `first` on, as many as there are times.
    first: int
    # For each picture, in the order of the camera, in TIME_BASE.
    pts: array[int]
    dts: array[int]
    # The usual distance of two pictures, also shown for the last one before a gap; in microseconds.
    interval: int
    # Microseconds.
    duration: int
    segments: tuple[Segment, ...]
    gaps: tuple[tuple[datetime, datetime], ...]
    # Bytes of footage.
    size: int
    # Pictures that came with parts missing.
    damaged: int
    # As in SealedClip.
    clock_offset: int
    withheld: tuple[Withheld, ...]
    # Pictures from behind `end`, with the signature of those before.
    read_on: int

    @classmethod
    def of(
        cls, spool: Spool, start: datetime, end: datetime, *, read_on_to: datetime | None = None
    ) -> Self:
        """Choose the pictures from `start` to `end` and what is needed to decode them.

        That is everything from the keyframe at or before the first picture asked for. Where pictures are missing for
        longer than GAP, the clip goes on after one `interval`; footage of a clock that was set back follows what
        came before it. Raises ClipInvalid when no picture is between `start` and `end`, and OSError.
        """
        low, high = microseconds(start), microseconds(end)
        heads = _Heads(spool)
        first, asked_to = heads.needed(low, high)
        stop = asked_to if read_on_to is None else heads.to(asked_to, microseconds(read_on_to))
        times, keyframes = heads.times[first:stop], heads.keyframes[first:stop]
        runs = [_in_order(times, a, b) for a, b in pairwise([*_runs(times, keyframes), len(times)])]
        interval = _usual_distance(times, runs)
        gap = max(GAP, GAP_INTERVALS * interval)
        pts = array("q", bytes(8 * len(times)))
        segments: list[tuple[int, int, int]] = []
        clock, tick = -interval, -1
        for run in runs:
            before: int | None = None
            for index in run:
                at = times[index]
                if before is None or at - before > gap:
                    clock += interval
                    segments.append((clock, at, at))
                else:
                    clock += at - before
                    segments[-1] = (*segments[-1][:2], at)
                # Two pictures of one time are shown one after the other.
                tick = pts[index] = max(tick + 1, ticks(clock))
                before = at
        dts = array("q", sorted(pts))
        gaps = tuple(
            (moment(begin), moment(last))
            for begin, last in _uncovered(segments, low, high)
            if last - begin > gap
        )
        withheld = tuple(
            replace(one, start=max(one.start, start), end=min(one.end, end))
            for one in spool.withheld
            if one.start < end and one.end > start
        )
        # B-frames: no picture may be decoded after it is shown.
        shift = max(map(sub, dts, pts, strict=True))
        return cls(
            first=first,
            pts=pts,
            dts=array("q", (at - shift for at in dts)) if shift else dts,
            interval=interval,
            duration=clock + interval,
            segments=tuple(
                Segment(offset=offset, start=moment(begin), end=moment(last))
                for offset, begin, last in segments
            ),
            gaps=_with(withheld, gaps),
            withheld=withheld,
            damaged=sum(heads.damaged[first:stop]),
            size=sum(heads.sizes[first:stop]),
            clock_offset=heads.camera_times[first] - times[0],
            read_on=stop - asked_to,
        )

    def heads(self, spool: Spool) -> Iterator[Head]:
        """Return the pictures without their data."""
        return islice(spool.heads(), self.first, self.first + len(self.pts))

    def pictures(self, spool: Spool, *, checked: bool) -> Iterator[Unit]:
        """Return the pictures, as `Spool.units` does."""
        return islice(spool.units(checked=checked), self.first, self.first + len(self.pts))


def _with(
    withheld: Iterable[Withheld], gaps: tuple[tuple[datetime, datetime], ...]
) -> tuple[tuple[datetime, datetime], ...]:
    """Return the gaps and, however short, what the camera did not give besides."""
    more = (
        (one.start, one.end)
        for one in withheld
        if not any(one.start < end and one.end > start for start, end in gaps)
    )
    return tuple(sorted((*gaps, *more)))


class _Heads:
    """What a journal's pictures are, without their data; an hour has some hundred thousand."""

    def __init__(self, spool: Spool) -> None:
        # In microseconds of the Unix epoch.
        self.times, self.camera_times = array("q"), array("q")
        self.keyframes, self.sizes, self.damaged = bytearray(), array("q"), bytearray()
        for head in spool.heads():
            self.times.append(head.at)
            self.camera_times.append(head.camera_at)
            self.keyframes.append(head.keyframe)
            self.sizes.append(head.size)
            self.damaged.append(head.damaged)

    def needed(self, low: int, high: int) -> tuple[int, int]:
        """Return where the pictures from `low` to `high` begin, with what is needed to decode them, and where they end."""
        times = self.times
        wanted = next((index for index, at in enumerate(times) if low <= at <= high), None)
        if wanted is None:
            raise ClipInvalid("No picture of the passage was found")
        first = self.keyframes.rfind(1, 0, wanted + 1)
        if first < 0:
            raise ClipInvalid("The footage does not begin with a whole picture")
        stop = next(index for index in range(len(times), 0, -1) if low <= times[index - 1] <= high)
        return first, stop

    def to(self, behind: int, last: int) -> int:
        """Return where the pictures from number `behind` on end that are not later than `last`."""
        times = self.times
        return next(
            (index for index in range(len(times), behind, -1) if times[index - 1] <= last), behind
        )


def _runs(times: array[int], keyframes: bytearray) -> Iterator[int]:
    """Return where the pictures begin anew because the camera's clock was set back.

    Pictures come in decoding order, so a time may step back behind B-frames' references: never before what came before
    the keyframe, and never far.
    """
    yield 0
    latest, before_keyframe = times[0], -1
    for index in range(1, len(times)):
        at = times[index]
        if keyframes[index]:
            before_keyframe = latest
        if at < before_keyframe or at < latest - GAP:
            yield index
            latest, before_keyframe = at, -1
        latest = max(latest, at)


def _in_order(times: array[int], begin: int, stop: int) -> Sequence[int]:
    """Return the numbers of pictures in the order in which they are shown."""
    run = times[begin:stop]
    if all(map(le, run, run[1:], strict=False)):
        return range(begin, stop)
    return sorted(range(begin, stop), key=times.__getitem__)


def _usual_distance(times: array[int], runs: Iterable[Sequence[int]]) -> int:
    """Return the median distance of two pictures in microseconds, by the first ten thousand."""
    distances = (
        times[after] - times[before]
        for run in runs
        for before, after in pairwise(run)
        if times[after] > times[before]
    )
    some = array("q", islice(distances, 10_000))
    return median_low(some) if some else ALONE


def _uncovered(
    segments: Iterable[tuple[int, int, int]], low: int, high: int
) -> Iterator[tuple[int, int]]:
    """Return the stretches between `low` and `high` without pictures."""
    for begin, last in sorted((begin, last) for _, begin, last in segments):
        if begin > low:
            yield low, min(begin, high)
        low = max(low, last)
    if low < high:
        yield low, high


def ticks(clock: int) -> int:
    """Return microseconds in TIME_BASE."""
    return (clock * 9 + 50) // 100
