"""How much of each sealed clip somebody watched, in the clip's own time: played, or picture by picture.

What a picture on a screen was looked at, no server can know: a browser tells what it played. Of that only counts what
lies in fragments that were served to that person, so that nobody has watched what never left; and of "every picture"
only what was fetched at a pace at which every picture can be shown. It is still the browser's word, and whoever records
it says so.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..ledger.model import Json

# [start, end) in milliseconds of what a clip plays, its gaps closed.
type Reach = tuple[int, int]

# Up to this speed (percent) browsers show every picture; above it they leave some out.
EVERY_PICTURE: Final = 200
# People times clips; the one that was left alone longest goes.
_MAX_VIEWINGS: Final = 300
# Stretches of one union: of more the last do not count, so that it is never too much.
_MAX_REACHES: Final = 200
# Fragments fetched ahead of whoever looks; of more nothing counts.
_MAX_EARLY: Final = 1000
# Between stretches that follow one another: where a picture begins is rounded differently here and there. Less than any
# picture is shown (milliseconds).
_ROUNDED: Final = 2
# What may be missing of a clip when a player has come to its end (milliseconds), and of a short one no more than a part.
_END: Final = 500
_END_PART: Final = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """What a browser told that somebody watched of a clip; whole seconds of footage, each counted once."""

    seconds: int
    # Of so many.
    of: int
    # At a speed at which every picture is shown.
    every_picture: int
    # The highest speed, in percent; 0 where nothing was watched.
    fastest: int
    # Where the first stretch begins of which not every picture was watched (milliseconds); None where there is none.
    missing_from: int | None

    @property
    def missing(self) -> int:
        """How many seconds were not watched picture by picture; a single picture is one, wherever it is."""
        return 0 if self.missing_from is None else max(self.of - self.every_picture, 1)

    def as_json(self) -> dict[str, Json]:
        """Return it as the ledger has it."""
        return {
            "seconds": self.seconds,
            "of_seconds": self.of,
            "seconds_up_to_double_speed": self.every_picture,
            "fastest_percent": self.fastest,
        }


@dataclass(kw_only=True, slots=True)
class _Viewing:
    served: list[Reach] = field(default_factory=list)
    watched: list[Reach] = field(default_factory=list)
    every_picture: list[Reach] = field(default_factory=list)
    fastest: int = 0
    # Fetched sooner than it can have been looked at, with the moment (seconds of the steady clock) from which on it can.
    early: list[tuple[float, Reach]] = field(default_factory=list)
    # When all that was fetched can have been looked at.
    ready: float = 0.0


class WatchedFootage:
    """What people watched of sealed clips, by person and clip; bounded."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Begin without anything; `monotonic` gives the seconds of a clock that nobody sets."""
        self._monotonic = monotonic
        self._viewings: OrderedDict[tuple[str, str], _Viewing] = OrderedDict()

    def served(self, person: str, clip: str, reach: Reach) -> None:
        """Note that a fragment or a single picture of a clip is being served to somebody (the user's id)."""
        viewing = self._viewings.setdefault((person, clip), _Viewing())
        self._viewings.move_to_end((person, clip))
        if self._paced(viewing, reach):
            viewing.served = _joined(viewing.served, [reach])
        while len(self._viewings) > _MAX_VIEWINGS:
            self._viewings.popitem(last=False)

    def _paced(self, viewing: _Viewing, reach: Reach) -> bool:
        """Note from when on what is served for the first time can have been looked at, picture by picture; False where too much waits."""
        now = self._monotonic()
        viewing.early = [one for one in viewing.early if one[0] > now]
        for new in _without([reach], viewing.served):
            if len(viewing.early) >= _MAX_EARLY:
                return False
            viewing.ready = max(viewing.ready, now) + (new[1] - new[0]) / 10 / EVERY_PICTURE
            viewing.early.append((viewing.ready, new))
        return True

    def told(self, person: str, clip: str, reaches: Iterable[Reach], speed: int) -> None:
        """Note what somebody's browser says that it played, at a speed in percent; what was never served is left out."""
        viewing = self._viewings.get((person, clip))
        if viewing is None or not (played := _common(_joined([], reaches), viewing.served)):
            return
        viewing.watched = _joined(viewing.watched, played)
        if speed <= EVERY_PICTURE:
            viewing.every_picture = _joined(viewing.every_picture, played)
        viewing.fastest = max(viewing.fastest, speed)

    def of(self, person: str, clip: str, length: int) -> Watched:
        """Return what somebody watched of a clip that plays for so many milliseconds."""
        viewing = self._viewings.get((person, clip), _Viewing())
        every_picture = _to_end(self._every_picture(viewing), length)
        missing = _without([(0, length)], every_picture)
        return Watched(
            seconds=_seconds(_to_end(viewing.watched, length), length),
            of=length // 1000,
            every_picture=_seconds(every_picture, length, 1 if missing else 0),
            fastest=viewing.fastest,
            missing_from=missing[0][0] if missing else None,
        )

    def _every_picture(self, viewing: _Viewing) -> list[Reach]:
        """Return of what every picture was looked at, and can have been by now."""
        return _without(viewing.every_picture, self._early(viewing))

    def _early(self, viewing: _Viewing) -> list[Reach]:
        """Return what cannot have been looked at yet."""
        now = self._monotonic()
        return sorted(reach for ready, reach in viewing.early if ready > now)

    def forget(self, clips: Iterable[str]) -> None:
        """Forget what was watched of clips that are gone."""
        gone = set(clips)
        for key in [key for key in self._viewings if key[1] in gone]:
            del self._viewings[key]

    # --- Over a restart -------------------------------------------------------------------------------------------

    def as_json(self) -> list[Json]:
        """Return everything, for `restore`."""
        return [
            {
                "person": person,
                "clip": clip,
                # The steady clock begins anew: what was fetched too soon has to be fetched again.
                "served": _as_json(_without(viewing.served, self._early(viewing))),
                "watched": _as_json(viewing.watched),
                "every_picture": _as_json(viewing.every_picture),
                "fastest": viewing.fastest,
            }
            for (person, clip), viewing in self._viewings.items()
        ]

    def restore(self, stored: object) -> None:
        """Take in what `as_json` gave; what makes no sense was not watched."""
        for one in stored if isinstance(stored, list) else ():
            if not isinstance(one, Mapping):
                continue
            person, clip, fastest = one.get("person"), one.get("clip"), one.get("fastest")
            if not isinstance(person, str) or not isinstance(clip, str):
                continue
            served = _from_json(one.get("served"))
            viewing = self._viewings.setdefault((person, clip), _Viewing())
            viewing.served = _joined(viewing.served, served)
            viewing.watched = _common(_from_json(one.get("watched")), viewing.served)
            viewing.every_picture = _common(_from_json(one.get("every_picture")), viewing.watched)
            viewing.fastest = fastest if isinstance(fastest, int) else 0


def _joined(reaches: Sequence[Reach], more: Iterable[Reach]) -> list[Reach]:
    """Return stretches without overlap, by start, joined where they follow one another; no more than are kept of one."""
    joined: list[Reach] = []
    for start, end in sorted((*reaches, *more)):
        if end <= start:
            continue
        if joined and start <= joined[-1][1] + _ROUNDED:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        elif len(joined) < _MAX_REACHES:
            joined.append((start, end))
    return joined


def _common(some: Sequence[Reach], others: Sequence[Reach]) -> list[Reach]:
    """Return what is in both, each of them without overlap and by start."""
    common: list[Reach] = []
    here = there = 0
    while here < len(some) and there < len(others):
        start = max(some[here][0], others[there][0])
        end = min(some[here][1], others[there][1])
        if start < end:
            common.append((start, end))
        if some[here][1] < others[there][1]:
            here += 1
        else:
            there += 1
    return common


def _without(some: Sequence[Reach], others: Sequence[Reach]) -> list[Reach]:
    """Return what is in the first and not in the others, each of them without overlap and by start."""
    left: list[Reach] = []
    for begin, end in some:
        at = begin
        for other_start, other_end in others:
            if other_end <= at or other_start >= end:
                continue
            if at < other_start:
                left.append((at, other_start))
            at = max(at, other_end)
        if at < end:
            left.append((at, end))
    return left


def _to_end(reaches: Sequence[Reach], length: int) -> list[Reach]:
    """Return stretches of a clip to its end where they come close: a player stops a little earlier."""
    if not reaches or reaches[-1][1] < length - min(_END, length // _END_PART):
        return [*reaches]
    return [*reaches[:-1], (reaches[-1][0], max(reaches[-1][1], length))]


def _seconds(reaches: Iterable[Reach], length: int, missing: int = 0) -> int:
    """Return the whole seconds in stretches of a clip, of which so many are not whole."""
    total = sum(max(0, min(end, length) - max(start, 0)) for start, end in reaches)
    return min(total // 1000, max(length // 1000 - missing, 0))


def _as_json(reaches: Iterable[Reach]) -> list[Json]:
    return [[start, end] for start, end in reaches]


def _from_json(stored: object) -> list[Reach]:
    match stored:
        case [*pairs]:
            return _joined([], (pair for one in pairs if (pair := _pair(one)) is not None))
    return []


def _pair(stored: object) -> Reach | None:
    match stored:
        case [int(start), int(end)]:
            return start, end
    return None
