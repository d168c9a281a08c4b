"""What may be seen of a clip, and when: the reveal track, as a person confirmed it.

Times are microseconds from the clip's first picture, coordinates millionths of the picture as it is displayed, so that
a track has one written form, and one hash. Between confirmed keys a box moves in a straight line; nothing else reveals:

    {"reveal": [{"shape": "box",                                    or "ellipse", which fills the box
                 "keys": [{"at_us": 0, "box": [left, top, right, bottom], "confirmed": true}, …],
                 "rejected": [[from_us, to_us], …]}],               both ends included
     "hide":   [{"keys": [{"at_us": 0, "box": [left, top, right, bottom]}, …]}]}
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
import hashlib
from itertools import pairwise
import math
from typing import Final, Self

from ...ledger.model import Json
from ...ledger.verify import canonical
from .errors import MaskInvalid, MaskProblem

# Coordinates count these parts of the picture's width and height.
WHOLE: Final = 1_000_000
MAX_TRACKS: Final = 20
# Of all tracks of a clip together: one for each picture of eleven minutes.
MAX_KEYS: Final = 10_000
MAX_REJECTED: Final = 1_000
# A box that hides does so this long (microseconds) before its first key and behind its last: a time that was rounded
# must not show what was to be hidden.
HIDE_MARGIN: Final = 100_000


class Shape(StrEnum):
    """What of a box is revealed."""

    BOX = "box"
    ELLIPSE = "ellipse"


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the picture, in millionths of its width and height."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of(cls, left: float, top: float, right: float, bottom: float) -> Self:
        """Return a box of coordinates 0–1; raises MaskInvalid for what is no number."""
        sides = (left, top, right, bottom)
        if not all(map(math.isfinite, sides)):
            raise MaskInvalid(MaskProblem.NOT_A_NUMBER, {"track": "1", "key": "1"})
        return cls(*(round(side * WHOLE) for side in sides))

    @property
    def sides(self) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom."""
        return self.left, self.top, self.right, self.bottom


@dataclass(frozen=True, slots=True)
class Key:
    """Where a box is at one time; a proposal is not confirmed, and reveals nothing."""

    at: int
    box: Box
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class BoxAt:
    """Where a box is between two keys: (early × (span − done) + late × done) / span, exactly."""

    early: Box
    late: Box
    done: int
    span: int

    def edges(self) -> Iterator[tuple[int, int]]:
        """Give left, top, right and bottom as fractions of the whole picture: numerator, denominator."""
        for early, late in zip(self.early.sides, self.late.sides, strict=True):
            yield early * (self.span - self.done) + late * self.done, self.span * WHOLE


@dataclass(frozen=True)
class RevealTrack:
    """One person to be seen."""

    keys: tuple[Key, ...]
    shape: Shape = Shape.BOX
    # From when to when nothing is revealed, whatever the keys say; both ends included.
    rejected: tuple[tuple[int, int], ...] = ()

    def at(self, time: int) -> BoxAt | None:
        """Return what is revealed at a time."""
        if any(start <= time <= end for start, end in self.rejected):
            return None
        after = bisect_right(self.keys, time, key=_time_of)
        if not after:
            return None
        early = self.keys[after - 1]
        if not early.confirmed:
            return None
        if early.at == time:
            return BoxAt(early.box, early.box, 0, 1)
        if after == len(self.keys) or not (late := self.keys[after]).confirmed:
            return None
        return BoxAt(early.box, late.box, time - early.at, late.at - early.at)


@dataclass(frozen=True)
class HideTrack:
    """What stays hidden inside all that is revealed."""

    keys: tuple[Key, ...]

    def at(self, time: int) -> BoxAt | None:
        """Return what is hidden at a time."""
        first, last = self.keys[0], self.keys[-1]
        if not first.at - HIDE_MARGIN <= time <= last.at + HIDE_MARGIN:
            return None
        if time <= first.at or time >= last.at:
            box = first.box if time <= first.at else last.box
            return BoxAt(box, box, 0, 1)
        after = bisect_right(self.keys, time, key=_time_of)
        early, late = self.keys[after - 1], self.keys[after]
        return BoxAt(early.box, late.box, time - early.at, late.at - early.at)


@dataclass(frozen=True)
class Tracks:
    """All that is revealed of a clip, and what inside it is not."""

    reveal: tuple[RevealTrack, ...]
    hide: tuple[HideTrack, ...] = ()

    @property
    def sha256(self) -> str:
        """Return the hash of the one written form, in lower-case hexadecimal."""
        return hashlib.sha256(canonical(self.as_json()).encode()).hexdigest()

    def check(self, duration: int) -> None:
        """Raise MaskInvalid unless a clip of that length (microseconds) can be masked so."""
        if len(self.reveal) + len(self.hide) > MAX_TRACKS:
            raise MaskInvalid(MaskProblem.TOO_MANY_TRACKS, {"limit": str(MAX_TRACKS)})
        all_keys = [one.keys for one in self.reveal] + [one.keys for one in self.hide]
        if sum(map(len, all_keys)) > MAX_KEYS:
            raise MaskInvalid(MaskProblem.TOO_MANY_KEYS, {"limit": str(MAX_KEYS)})
        for number, keys in enumerate(all_keys, 1):
            _check_keys(number, keys, duration)
        for number, shown in enumerate(self.reveal, 1):
            if len(shown.rejected) > MAX_REJECTED or any(
                not 0 <= start <= end <= duration for start, end in shown.rejected
            ):
                raise MaskInvalid(MaskProblem.STRETCH_INVALID, {"track": str(number)})

    def as_json(self) -> dict[str, Json]:
        """Return the written form."""
        return {
            "reveal": [
                {
                    "shape": track.shape.value,
                    "keys": [
                        {"at_us": key.at, "box": [*key.box.sides], "confirmed": key.confirmed}
                        for key in track.keys
                    ],
                    "rejected": [[start, end] for start, end in track.rejected],
                }
                for track in self.reveal
            ],
            "hide": [
                {"keys": [{"at_us": key.at, "box": [*key.box.sides]} for key in track.keys]}
                for track in self.hide
            ],
        }

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises MaskInvalid for anything else, before much of it is read."""
        match value:
            case {"reveal": [*reveal], "hide": [*hide], **rest} if not rest:
                if len(reveal) + len(hide) > MAX_TRACKS:
                    raise MaskInvalid(MaskProblem.TOO_MANY_TRACKS, {"limit": str(MAX_TRACKS)})
                return cls(tuple(map(_reveal_of, reveal)), tuple(map(_hide_of, hide)))
        raise MaskInvalid(MaskProblem.FORM)


def _time_of(key: Key) -> int:
    return key.at


def _check_keys(number: int, keys: Sequence[Key], duration: int) -> None:
    track = {"track": str(number)}
    if not keys:
        raise MaskInvalid(MaskProblem.NO_KEYS, track)
    for place, key in enumerate(keys, 1):
        box = key.box
        which = track | {"key": str(place)}
        if not 0 <= key.at <= duration:
            raise MaskInvalid(MaskProblem.BEYOND_CLIP, which)
        if not all(0 <= side <= WHOLE for side in box.sides):
            raise MaskInvalid(MaskProblem.OUTSIDE, which)
        if box.left >= box.right or box.top >= box.bottom:
            raise MaskInvalid(MaskProblem.NO_AREA, which)
    for place, (early, late) in enumerate(pairwise(keys), 2):
        if early.at >= late.at:
            raise MaskInvalid(MaskProblem.TIMES_NOT_RISING, track | {"key": str(place)})


def _reveal_of(value: Json) -> RevealTrack:
    match value:
        case {"shape": str(shape), "keys": [*keys], "rejected": [*rejected], **rest} if (
            not rest and shape in set(Shape) and len(rejected) <= MAX_REJECTED
        ):
            return RevealTrack(
                keys=_keys_of(keys, _reveal_key),
                shape=Shape(shape),
                rejected=tuple(map(_stretch_of, rejected)),
            )
    raise MaskInvalid(MaskProblem.FORM)


def _hide_of(value: Json) -> HideTrack:
    match value:
        case {"keys": [*keys], **rest} if not rest:
            return HideTrack(keys=_keys_of(keys, _hide_key))
    raise MaskInvalid(MaskProblem.FORM)


def _keys_of(values: Sequence[Json], read: Callable[[Json], Key]) -> tuple[Key, ...]:
    if len(values) > MAX_KEYS:
        raise MaskInvalid(MaskProblem.TOO_MANY_KEYS, {"limit": str(MAX_KEYS)})
    return tuple(map(read, values))


def _reveal_key(value: Json) -> Key:
    match value:
        case {"at_us": at, "box": box, "confirmed": bool(confirmed), **rest} if not rest:
            return Key(_whole(at), _box_of(box), confirmed)
    raise MaskInvalid(MaskProblem.FORM)


def _hide_key(value: Json) -> Key:
    match value:
        case {"at_us": at, "box": box, **rest} if not rest:
            return Key(_whole(at), _box_of(box))
    raise MaskInvalid(MaskProblem.FORM)


def _box_of(value: Json) -> Box:
    match value:
        case [left, top, right, bottom]:
            return Box(_whole(left), _whole(top), _whole(right), _whole(bottom))
    raise MaskInvalid(MaskProblem.FORM)


def _stretch_of(value: Json) -> tuple[int, int]:
    match value:
        case [start, end]:
            return _whole(start), _whole(end)
    raise MaskInvalid(MaskProblem.FORM)


def _whole(value: Json) -> int:
    # A truth value is an int to Python.
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise MaskInvalid(MaskProblem.FORM)
