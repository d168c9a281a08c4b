"""By what clock the pictures of a clip were placed in time, stretch by stretch.

Synchronous: for worker threads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ..device.clock_history import ClockPiece
from .clip_model import ClipClock
from .spool import Head, microseconds, moment

# A passage that was taken up again may be kept by the whole second that it began with.
_NEAR = 1_000_000


@dataclass(slots=True)
class _Seen:
    """The earliest and the latest picture of a stretch."""

    first: Head
    last: Head


def clocks_of(heads: Iterable[Head], pieces: Sequence[ClockPiece]) -> tuple[ClipClock, ...]:
    """Return the stretches of a clip's pictures by what is known of the clock, by start; memory is flat.

    Without any pieces there is nothing to say.
    """
    if not pieces:
        return ()
    known = [_Piece(piece) for piece in pieces]
    seen: dict[_Piece, _Seen] = {}
    now = known[0]
    for head in heads:
        if not now.holds(head):
            now = _placed_by(known, head)
        if (stretch := seen.get(now)) is None:
            seen[now] = _Seen(head, head)
        elif head.at < stretch.first.at:
            stretch.first = head
        elif head.at >= stretch.last.at:
            stretch.last = head
    return tuple(
        sorted(
            (_clock(key.piece, one) for key, one in seen.items()),
            key=lambda one: one.start,
        )
    )


class _Piece:
    """A piece in microseconds, as journals have their times."""

    __slots__ = ("_ahead", "_begin", "_end", "piece")

    def __init__(self, piece: ClockPiece) -> None:
        self.piece = piece
        self._begin, self._end = microseconds(piece.camera_start), microseconds(piece.camera_end)
        self._ahead = (
            piece.line.ahead // timedelta(microseconds=1) if piece.line.is_constant else None
        )

    def holds(self, head: Head) -> bool:
        """Return whether a picture was placed by this."""
        return self._begin <= head.camera_at < self._end and self._off(head) <= _NEAR

    def distance(self, head: Head) -> int:
        """Return how far a picture is from this."""
        away = max(self._begin - head.camera_at, head.camera_at - self._end, 0)
        return away + self._off(head)

    def _off(self, head: Head) -> int:
        ahead = self._ahead
        if ahead is None:
            ahead = head.camera_at - microseconds(self.piece.line.to_true(moment(head.camera_at)))
        return abs(head.camera_at - head.at - ahead)


def _placed_by(known: Sequence[_Piece], head: Head) -> _Piece:
    """Return what a picture was placed by; the nearest where it is none of them."""
    held = next((one for one in known if one.holds(head)), None)
    return held or min(known, key=lambda one: one.distance(head))


def _clock(piece: ClockPiece, seen: _Seen) -> ClipClock:
    return ClipClock(
        start=moment(seen.first.at),
        end=moment(seen.last.at),
        ahead=seen.first.camera_at - seen.first.at,
        ahead_until=seen.last.camera_at - seen.last.at,
        known=piece.known,
        measured=piece.measured,
        doubt=piece.doubt // timedelta(microseconds=1),
        twice=piece.twice,
    )
