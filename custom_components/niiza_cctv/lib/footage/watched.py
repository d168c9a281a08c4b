"""How much of each sealed clip somebody watched, in the clip's own time.

What a picture on a screen was looked at, no server can know: a browser tells what it played. Of that only counts what
lies in fragments that were served to that person, so that nobody has watched what never left. It is still the
browser's word, and whoever records it says so.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
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
# What is missing of a clip when a player has come to its end (milliseconds).
_END: Final = 1000


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


class WatchedFootage:
    """What people watched of sealed clips, by person and clip; bounded."""

    def __init__(self) -> None:
        """Begin without anything."""
        self._viewings: OrderedDict[tuple[str, str], _Viewing] = OrderedDict()

    def served(self, person: str, clip: str, reach: Reach) -> None:
        """Note that a fragment of a clip is being served to somebody (the user's id)."""
        viewing = self._viewings.setdefault((person, clip), _Viewing())
        self._viewings.move_to_end((person, clip))
        viewing.served = _joined(viewing.served, [reach])
        while len(self._viewings) > _MAX_VIEWINGS:
            self._viewings.popitem(last=False)

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
        return Watched(
            seconds=_seconds(viewing.watched, length),
            of=length // 1000,
            every_picture=_seconds(viewing.every_picture, length),
            fastest=viewing.fastest,
        )

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
                "served": _as_json(viewing.served),
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
    """Return stretches without overlap, by start, joined where they touch; no more than are kept of one."""
    joined: list[Reach] = []
    for start, end in sorted((*reaches, *more)):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
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


def _seconds(reaches: Iterable[Reach], length: int) -> int:
    total = sum(max(0, min(end, length) - max(start, 0)) for start, end in reaches)
    return (length if total >= length - _END and total else total) // 1000


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
