"""The mails that cameras send at regular intervals, and their silence.

Any mail proves that a camera lives. How long its silence may last is set by a person or learnt from the mails themselves:
those of one kind (one subject) that come regularly tell the interval, so that alarms, which come as they please, do not.
Alarms come regularly, too, as long as somebody walks about: a kind is believed against one with a longer interval only
when it has lasted for longer than that one's silence may, and no more once the camera sends other mails instead.

Silence is measured by a steady clock (monotonic seconds), never by the wall clock: a clock that is set must neither kill
a camera nor hide a dead one. Only what is kept over a restart goes by the wall clock, and can only ever prove life.
"""

from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
import hashlib
import itertools
import statistics
import time

from ..device.model import Heartbeat

type Kept = str | int | float | bool | list[Kept] | dict[str, Kept] | None

# Gaps that are remembered of each kind of mail. Few: a camera that was set to another interval is understood after five.
_GAPS = 9
_ENOUGH_GAPS = 3
# How far the usual gap strays from the interval; with more it is no interval.
_SPREAD = 0.2
# The same mail again (a second recipient, a repeated delivery) is no gap.
_SAME_MAIL = 5.0
_SAME_MAIL_SHARE = 0.1
# Mails are a little late now and then: a tenth of an interval is granted at the end of the last.
_LATE = 0.1
# Kinds of mail that are told apart per camera; a stranger's new subjects push only one another out.
_KINDS = 8
# A camera's counters and times in the subject make no new kind, and nobody needs the end of a long one.
_SUBJECT = 200
# Seconds; more cannot have been meant.
_MAX_GAP = 1e9


class Way(StrEnum):
    """How a mail came; a way that is closed makes nobody silent."""

    RECEIVER = "receiver"
    REPORTED = "reported"


@dataclass(kw_only=True)
class _Kind:
    """Mails with the same subject."""

    gaps: deque[float] = field(default_factory=lambda: deque(maxlen=_GAPS))
    # Steady; None: none since we listen, so that the time we were away is no gap.
    last: float | None = None
    # For how many seconds it has come regularly.
    lasted: float = 0.0

    def interval(self) -> tuple[float, float] | None:
        """Return the interval in seconds and how far the gaps stray from it, relative; None as long as there is none."""
        if len(self.gaps) < _ENOUGH_GAPS:
            return None
        # High and low: when every mail comes twice, half the gaps still are the interval.
        middle = statistics.median_high(self.gaps)
        spread = statistics.median_low(abs(gap - middle) for gap in self.gaps) / middle
        return (middle, spread) if spread <= _SPREAD else None

    def record(self, at: float, patience: float) -> None:
        """Count a mail; `patience` is in intervals."""
        if self.last is not None:
            gap = at - self.last
            known = self.interval()
            if gap < max(_SAME_MAIL, 0.0 if known is None else known[0] * _SAME_MAIL_SHARE):
                return
            if known is None or gap <= known[0] * patience:
                # Otherwise the camera was away, which says nothing of its interval.
                self.lasted += gap
            self.gaps.append(gap)
        self.last = at

    def missed(self, at: float, since: float, patience: float) -> None:
        """Notice that another mail has come; who did not come for so long before is not what tells the interval."""
        known = self.interval()
        if known and at - max(since, self.last or since) > known[0] * patience:
            self.gaps.clear()
            self.lasted = 0.0


@dataclass(kw_only=True)
class _Camera:
    """What is known of one camera's mails."""

    last: datetime | None = None
    way: Way = Way.RECEIVER
    # Steady; None: not since the start.
    heard: float | None = None
    silent: bool = False
    kinds: dict[str, _Kind] = field(default_factory=dict)


class Heartbeats:
    """All cameras' mails. In the loop's thread only; nothing here waits."""

    def __init__(
        self, *, silent_after: float = 3, steady: Callable[[], float] = time.monotonic
    ) -> None:
        """Know nothing; `silent_after` is in intervals, `steady` a monotonic clock in seconds."""
        self.silent_after = silent_after
        self._steady = steady
        self._cameras: dict[str, _Camera] = {}
        # A person's word, by camera.
        self._set: dict[str, timedelta] = {}
        self._listening: dict[Way, float] = {}

    def expect(self, way: Way) -> None:
        """Begin to expect mails that come this way."""
        self._listening.setdefault(way, self._steady())

    def stop_expecting(self, way: Way) -> None:
        """Expect no mails any more that come this way: their silence is ours."""
        self._listening.pop(way, None)
        for camera in self._cameras.values():
            if camera.way is way:
                camera.heard = None
                for kind in camera.kinds.values():
                    kind.last = None

    def set_intervals(self, intervals: Mapping[str, timedelta]) -> None:
        """Take the intervals that a person has set; the other cameras' are learnt."""
        self._set = dict(intervals)

    def keep(self, cameras: Collection[str]) -> None:
        """Forget every camera that is not the section's any more."""
        self._cameras = {each: self._cameras[each] for each in self._cameras if each in cameras}

    def record(self, camera: str, at: datetime, subject: str = "", way: Way = Way.RECEIVER) -> None:
        """Count a mail of a camera; `at` is what is shown, the subject is only ever compared."""
        known = self._cameras.setdefault(camera, _Camera())
        known.last, known.way, known.heard, known.silent = at, way, self._steady(), False
        key = _kind_of(subject)
        # The newest is the last.
        kind = known.kinds.pop(key, None) or _Kind()
        known.kinds[key] = kind
        kind.record(known.heard, self._patience)
        since = self._listening.get(way, known.heard)
        for other in known.kinds.values():
            if other is not kind:
                other.missed(known.heard, since, self._patience)
        if len(known.kinds) > _KINDS:
            del known.kinds[self._least(known)]

    def interval(self, camera: str) -> timedelta | None:
        """Return the interval that is set, or else learnt; None as long as neither."""
        if (interval := self._set.get(camera)) is not None:
            return interval
        known = self._cameras.get(camera)
        regular = sorted(
            (found[0], kind.lasted)
            for kind in (() if known is None else known.kinds.values())
            if (found := kind.interval()) is not None
        )
        if not regular:
            return None
        enough = regular[-1][0] * self._patience
        # The longest needs no proof against another.
        return timedelta(
            seconds=round(
                next((gap for gap, lasted in regular if lasted >= enough), regular[-1][0])
            )
        )

    def heartbeat(self, camera: str, now: datetime) -> Heartbeat:
        """Return what is known of a camera's mails now."""
        known = self._cameras.get(camera) or _Camera()
        interval = self.interval(camera)
        silent = self._silent(known, interval, now)
        if silent is not None:
            self._cameras.setdefault(camera, known).silent = silent
        return Heartbeat(last=known.last, interval=interval, silent=silent)

    def next_change(self, camera: str) -> float | None:
        """Return in how many seconds a camera turns silent if nothing comes; None when it cannot."""
        known = self._cameras.get(camera) or _Camera()
        limit = self._limit(self.interval(camera))
        since = self._quiet_since(known)
        if limit is None or since is None:
            return None
        left = since + limit - self._steady()
        return left if left > 0 else None

    def as_json(self) -> dict[str, Kept]:
        """Return what is kept over a restart; nothing of a mail is in it."""
        return {
            name: {
                "last": None if camera.last is None else camera.last.isoformat(),
                "way": camera.way.value,
                "silent": camera.silent,
                "kinds": {
                    key: [round(gap, 1) for gap in kind.gaps] for key, kind in camera.kinds.items()
                },
                "lasted": {key: round(kind.lasted) for key, kind in camera.kinds.items()},
            }
            for name, camera in self._cameras.items()
        }

    def take_json(self, kept: Mapping[str, Kept]) -> None:
        """Take back what was kept; whatever of it cannot be read is not known."""
        for name, each in kept.items():
            if isinstance(each, dict):
                self._cameras[name] = _camera_of(each)

    def _limit(self, interval: timedelta | None) -> float | None:
        if interval is None:
            return None
        return interval.total_seconds() * self._patience

    @property
    def _patience(self) -> float:
        """Return after how many intervals silence is one."""
        return self.silent_after + _LATE

    def _quiet_since(self, camera: _Camera) -> float | None:
        """Return since when nothing has come although we listened."""
        listening = self._listening.get(camera.way)
        if listening is None or camera.heard is None:
            return listening
        return max(listening, camera.heard)

    def _silent(self, camera: _Camera, interval: timedelta | None, now: datetime) -> bool | None:
        limit, since = self._limit(interval), self._quiet_since(camera)
        if limit is None or since is None:
            return None
        if self._steady() - since >= limit:
            return True
        if camera.heard is not None:
            return False
        if camera.silent:
            # It was before the restart, and has sent nothing since.
            return True
        if camera.last is None:
            return None
        # Before the restart: fresh enough proves life, anything else is too early to tell.
        return False if 0 <= (now - camera.last).total_seconds() < limit else None

    @staticmethod
    def _least(camera: _Camera) -> str:
        """Return the kind that is worth least: of those without an interval the one not heard for longest, else of all."""
        others = [key for key, kind in camera.kinds.items() if kind.interval() is None]
        # Not the newest: every kind begins without an interval.
        return next(itertools.chain(others[:-1], camera.kinds))


def _kind_of(subject: str) -> str:
    """Return what tells kinds of mail apart, of which nothing can be read back."""
    words = "".join(
        letter for letter in subject[:_SUBJECT].casefold() if not letter.isdecimal()
    ).split()
    return hashlib.blake2b(" ".join(words).encode(errors="replace"), digest_size=8).hexdigest()


def _camera_of(kept: Mapping[str, Kept]) -> _Camera:
    camera = _Camera(silent=kept.get("silent") is True)
    try:
        camera.last = datetime.fromisoformat(str(kept.get("last"))).astimezone(UTC)
        camera.way = Way(str(kept.get("way")))
    except ValueError, OverflowError:
        return camera
    kinds, lasted = kept.get("kinds"), kept.get("lasted")
    for key, gaps in itertools.islice((kinds if isinstance(kinds, dict) else {}).items(), _KINDS):
        if isinstance(gaps, list):
            kind = camera.kinds[key] = _Kind()
            kind.gaps.extend(
                float(gap) for gap in gaps if isinstance(gap, int | float) and 0 < gap < _MAX_GAP
            )
            known = lasted.get(key) if isinstance(lasted, dict) else None
            kind.lasted = (
                float(known)
                if isinstance(known, int | float) and 0 <= known < _MAX_GAP
                else sum(kind.gaps)
            )
    return camera
