"""What footage a camera's card holds, and playing it: everything in true time.

A camera stamps its footage by its own clock. The clock is measured with every reading of the index, and what its
history says of a stretch's days is kept in each `Stretch`: the same seconds are taken off on the way out and put on
on the way back, so a passage asked for in true time comes back with the same true times, also after the next
measurement. Where the clock was set, one stretch ends and another begins.
"""

import asyncio
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import groupby
import logging
import time as clocks
from types import TracebackType
from typing import Final, Self
from weakref import WeakSet

from ..device.camera import StationCamera
from ..device.clock_history import ClockHistory, ClockLine, ClockPiece, pieces_between
from ..device.errors import (
    CameraAnswerInvalid,
    CameraError,
    CameraOperationUnsupported,
    CameraRightMissing,
    CameraUnreachable,
)
from ..device.model import ClockReading, Recording, RecordingState, TrackEvent, TrackKind
from .certificate_request import ask_certificate
from .depacketize import AccessUnit
from .errors import FootageMissing, JumpFailure
from .gate import ReplayGate
from .jumps import JumpMemory
from .replay import JUMP_PATIENCE, PATIENCE, Replay, ReplayEnd, replay
from .rtsp import Tls

_LOGGER = logging.getLogger(__name__)

type Span = tuple[datetime, datetime]

_SECOND: Final = timedelta(seconds=1)
_DAY: Final = timedelta(days=1)
# A card that drops whole days begins with the first picture after its midnight.
_AFTER_MIDNIGHT: Final = timedelta(minutes=2)
# Where a camera does not tell where a recording begins, its footage is looked for this far back.
_UNKNOWN_REACH: Final = timedelta(days=31)
# Cameras that write in chunks let their index lag; one that lags more is wrong.
_INDEX_LAG: Final = timedelta(minutes=10)
# What a clock showed before it was set back is later than now by more than the error of measuring.
_SET_BACK: Final = timedelta(seconds=2)
# A reading of the index ends, however a camera draws it out; seconds.
_MAX_READING: Final = 60.0
# A camera whose search for events had no end is spared the next for so long; seconds.
_SEARCH_AGAIN: Final = 600.0


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Footage without a known gap in one recording, [start, end) in true time.

    To play a piece of it, `dataclasses.replace` start and end and keep the rest. `clock` is how the camera's time lay
    to true time then; None: what the archive knows of it.
    """

    recording: str
    start: datetime
    end: datetime
    clock: ClockLine | None = None


@dataclass(frozen=True, kw_only=True)
class FootageDay:
    """One day with footage: from local midnight to the next (23 to 25 hours), with what of it is on the card.

    `overwritten_at` is the estimate of `FootageIndex.overwritten_at` for the day's first footage.
    """

    day: date
    start: datetime
    end: datetime
    stretches: tuple[Stretch, ...]
    overwritten_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class FootageIndex:
    """What was on the card at `read_at`: stretches by start, those of several recordings may overlap.

    `exact`: gaps come from the camera's search for events; otherwise there are only the recordings' bounds, and
    footage may be missing inside. `offset` is what the camera's clock was ahead at `read_at`, in whole seconds;
    `pieces` is what was known of earlier times. `growing` names the recordings that are being written. `moved`: the
    oldest footage was seen to go.
    """

    read_at: datetime
    clock: ClockReading | None
    offset: timedelta
    stretches: tuple[Stretch, ...]
    exact: bool
    growing: frozenset[str] = frozenset()
    moved: bool = False
    pieces: tuple[ClockPiece, ...] = ()

    def parts(self, start: datetime, end: datetime) -> tuple[Stretch, ...]:
        """Return what to play for [start, end), in order and without overlap; empty when nothing is there.

        A recording is left only where its footage ends, for the one that then reaches furthest: each part but the
        first begins at a clean point or at the seam, where pictures before its start are needed for decoding only.
        """
        found: list[Stretch] = []
        at = start
        best: Stretch | None = None
        ahead = deque(self.stretches)
        while at < end:
            while ahead and ahead[0].start <= at:
                begun = ahead.popleft()
                if best is None or begun.end > best.end:
                    best = begun
            if best is not None and best.end > at:
                found.append(replace(best, start=at, end=min(best.end, end)))
                at = best.end
            elif ahead:
                at = ahead[0].start
            else:
                break
        return tuple(found)

    def gaps(self, start: datetime, end: datetime) -> tuple[Span, ...]:
        """Return the stretches of [start, end) of which no recording has footage, as far as the index tells."""
        found: list[Span] = []
        at = start
        for part in self.parts(start, end):
            if part.start > at:
                found.append((at, part.start))
            at = part.end
        if at < end:
            found.append((at, end))
        return tuple(found)

    def clocks(self, start: datetime, end: datetime) -> tuple[ClockPiece, ...]:
        """Return what is known of the camera's clock for the footage of [start, end), by start."""
        return tuple(
            piece
            for part in self.parts(start, end)
            for piece in pieces_between(self.pieces, part.start, part.end)
            if piece.line == part.clock
        )

    def camera_span(self, stretch: Stretch) -> Span:
        """Return a stretch in camera time."""
        if stretch.clock is None:
            return stretch.start + self.offset, stretch.end + self.offset
        return stretch.clock.to_camera(stretch.start), stretch.clock.to_camera(stretch.end)

    def camera_time(self, moment: datetime) -> datetime:
        """Return what the camera's clock showed at a true moment of which there is footage."""
        clock = next((one.clock for one in self.stretches if one.start <= moment < one.end), None)
        return moment + self.offset if clock is None else clock.to_camera(moment)

    def days(self, time_zone: tzinfo) -> tuple[FootageDay, ...]:
        """Return the days with footage, oldest first, by true time in that zone."""
        by_day: dict[date, list[Stretch]] = {}
        for stretch in self.stretches:
            for day, start, end in _days_of(stretch.start, stretch.end, time_zone):
                by_day.setdefault(day, []).append(replace(stretch, start=start, end=end))
        estimate = self._estimate(time_zone)
        return tuple(
            FootageDay(
                day=day,
                start=_midnight(day, time_zone),
                end=_midnight(day + _DAY, time_zone),
                stretches=tuple(stretches),
                overwritten_at=estimate.of(min(item.start for item in stretches)),
            )
            for day, stretches in sorted(by_day.items())
        )

    def overwritten_at(self, moment: datetime, time_zone: tzinfo) -> datetime | None:
        """Return when the camera's index will drop the footage of a moment: an estimate, rather early than late.

        None as long as the card has not shown that it is full, and where it holds no footage of that day. A full
        card drops its oldest day when the first second of a new one arrives, by the camera's clock in that zone:
        each coming midnight takes one day with footage. That a card is full shows in a recording that begins at a
        midnight (whole days were dropped), or in an oldest footage that was seen to go. In the latter case,
        where that is not at a midnight, footage lives as long as the oldest does now.
        """
        return self._estimate(time_zone).of(moment)

    def _estimate(self, time_zone: tzinfo) -> _Overwriting:
        return _Overwriting(self, time_zone)


class _Overwriting:
    """When the days of one index go, worked out once."""

    def __init__(self, index: FootageIndex, time_zone: tzinfo) -> None:
        self._index = index
        self._zone = time_zone
        by_recording: dict[str, list[Stretch]] = {}
        for stretch in index.stretches:
            by_recording.setdefault(stretch.recording, []).append(stretch)
        # The camera's calendar days on which each recording has footage, sorted.
        self._days = {
            token: sorted(
                {
                    day
                    for stretch in stretches
                    for day, _, _ in _days_of(*index.camera_span(stretch), time_zone)
                }
            )
            for token, stretches in by_recording.items()
        }
        starts = [min(item.start for item in stretches) for stretches in by_recording.values()]
        self._by_day = any(
            self._begins_a_day(min(index.camera_span(item)[0] for item in stretches))
            for stretches in by_recording.values()
        )
        self._reach = index.read_at - min(starts, default=index.read_at)

    def _begins_a_day(self, camera_time: datetime) -> bool:
        midnight = _midnight(camera_time.astimezone(self._zone).date(), self._zone)
        today = _midnight(self._today(), self._zone)
        # Footage of today alone shows nothing: the card may have been put in at midnight.
        return midnight < today and camera_time - midnight < _AFTER_MIDNIGHT

    def _today(self) -> date:
        return (self._index.read_at + self._index.offset).astimezone(self._zone).date()

    def of(self, moment: datetime) -> datetime | None:
        """Return when the footage of a moment goes, None where that is not known."""
        day = self._index.camera_time(moment).astimezone(self._zone).date()
        places = [
            place
            for days in self._days.values()
            if (place := bisect_left(days, day)) < len(days) and days[place] == day
        ]
        if not places:
            return None
        if self._by_day:
            gone = self._today() + (min(places) + 1) * _DAY
            return _midnight(gone, self._zone) - self._index.offset
        return moment + self._reach if self._index.moved else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """One picture as recorded; `data` is Annex B. Pictures come in decoding order."""

    # True time; and the camera's own.
    at: datetime
    camera_at: datetime
    data: bytes
    keyframe: bool
    # Does not follow the picture before: footage is missing between.
    discontinuity: bool
    # Part of it is known to be missing.
    damaged: bool = False


class FootageStream:
    """A running replay in true time: an asynchronous context manager and iterator over pictures.

    Ends, and raises `CameraError`, as `footage.replay.Replay` does. Pictures before the part's start come first
    where the camera's clean point lies before it: they are needed for decoding.
    """

    def __init__(self, footage: Replay, clock: ClockLine) -> None:
        """Take over a replay; `clock` is how the camera's time lay to true time."""
        self._footage = footage
        self.clock = clock
        # FFmpeg's name of the codec: "h264" or "hevc".
        self.codec = footage.codec
        # Annex B, from the SDP; empty where the camera sends them in the stream only.
        self.parameter_sets = footage.parameter_sets
        # Whether its session outlives the part, for `jump`.
        self.stays = footage.stays

    @property
    def ended(self) -> ReplayEnd | None:
        """Return why the stream ended in good order; None while it runs, and after an error."""
        return self._footage.ended

    async def __aenter__(self) -> Self:
        """Return the stream itself."""
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the replay."""
        await self.aclose()

    def __aiter__(self) -> Self:
        """Return the iterator itself."""
        return self

    async def __anext__(self) -> Picture:
        """Return the next picture; raises CameraError subclasses."""
        return self._picture(await anext(self._footage))

    async def batch(self) -> list[Picture]:
        """Return all pictures that are there, waiting for one; empty at the end. Raises CameraError subclasses."""
        return [self._picture(unit) for unit in await self._footage.batch()]

    async def pause(self) -> None:
        """Ask the camera to hold the stream; the next picture waited for makes it go on. Raises CameraError."""
        await self._footage.pause()

    async def jump(self, start: datetime, end: datetime, clock: ClockLine, patience: float) -> None:
        """Go on with [start, end) of the same recording, by its clock; ends and raises as `Replay.jump` does."""
        self.clock = clock
        await self._footage.jump(clock.to_camera(start), clock.to_camera(end), patience=patience)

    def abort(self) -> None:
        """Cut the stream off, as when the network breaks."""
        self._footage.abort()

    async def aclose(self) -> None:
        """Free the camera's session, within seconds; never raises CameraError."""
        await self._footage.aclose()

    def _picture(self, unit: AccessUnit) -> Picture:
        return Picture(
            at=self.clock.to_true(unit.at),
            camera_at=unit.at,
            data=unit.data,
            keyframe=unit.keyframe,
            discontinuity=unit.discontinuity,
            damaged=unit.damaged,
        )


class Archive:
    """The footage on one camera's card."""

    def __init__(
        self,
        camera: StationCamera,
        *,
        time_zone: tzinfo,
        tls: Tls | None,
        gate: ReplayGate,
        jumps: JumpMemory | None = None,
    ) -> None:
        """Make the archive; nothing is contacted.

        `tls` is for rtsps, `gate` the camera's one replay session, `jumps` what is known of jumps within it.
        """
        self.gate = gate
        self.jumps = jumps or JumpMemory()
        self.clock_history: ClockHistory = camera.clock_history
        self.time_zone = time_zone
        self._camera = camera
        self._tls = tls
        self._index: FootageIndex | None = None
        self._index_read = 0.0
        self._failure: CameraError | None = None
        self._failed_at = 0.0
        self._reading = asyncio.Lock()
        self._no_search_before = 0.0
        self._earliest: Mapping[str, datetime] = {}
        self._moved = False
        self._streams: WeakSet[FootageStream] = WeakSet()

    def abandon(self) -> None:
        """Cut what still plays: the camera is elsewhere now, and another archive reads its card."""
        for stream in tuple(self._streams):
            stream.abort()

    async def index(self, *, max_age: timedelta = timedelta(seconds=60)) -> FootageIndex:
        """Return what is on the card, read at most `max_age` ago; calls that overlap share one reading.

        Raises CameraError subclasses.
        """
        asked = clocks.monotonic()
        async with self._reading:
            if self._index is not None and (
                self._index_read >= asked
                or clocks.monotonic() - self._index_read <= max_age.total_seconds()
            ):
                return self._index
            if self._failure is not None and self._failed_at >= asked:
                raise self._failure
            try:
                async with asyncio.timeout(_MAX_READING):
                    self._index = await self._read()
            except TimeoutError as err:
                self._failure = CameraUnreachable("the camera draws its answers out")
                self._failed_at = clocks.monotonic()
                raise self._failure from err
            except CameraError as err:
                self._failure, self._failed_at = err, clocks.monotonic()
                raise
            self._index_read, self._failure = clocks.monotonic(), None
            return self._index

    async def play(
        self,
        part: Stretch,
        *,
        intra_only: bool = False,
        paced: bool = False,
        idle_timeout: float = 5,
        patience: float = PATIENCE,
        stays: bool = False,
    ) -> FootageStream:
        """Open the replay of a part, inside a turn of `gate`; the first picture is a clean point at or before its start.

        With `stays` its session outlives the part, for `jump`. Raises CameraError subclasses, among them CameraBusy (the camera's replay session is taken: try again
        soon) and FootageMissing (what was asked for is gone).
        """
        clock = self._clock_of(part)
        await self._camera.confirm()
        try:
            url = await self._camera.replay_uri(part.recording)
        except CameraAnswerInvalid as err:
            # A fault is all that tells of a recording that is gone; the list of recordings decides.
            if any(item.token == part.recording for item in await self._camera.recordings()):
                raise
            raise FootageMissing("The recording is no longer on the card") from err
        footage = await replay(
            url,
            self._camera.credential,
            clock.to_camera(part.start),
            clock.to_camera(part.end),
            paced=paced,
            intra_only=intra_only,
            idle_timeout=idle_timeout,
            patience=patience,
            stays=stays,
            tls=self._tls,
            quirks=self._camera.quirks,
        )
        stream = FootageStream(footage, clock)
        self._streams.add(stream)
        return stream

    async def signing_certificate(self) -> bytes | None:
        """Ask the camera for the certificate that it signs with, as `ask_certificate` does; raises CameraError."""
        return await ask_certificate(self._camera, self._tls)

    @property
    def may_jump(self) -> bool:
        """Return whether the camera may know jumps within an open session."""
        return self.jumps.allowed(self._camera.status.identity)

    async def jump(
        self, stream: FootageStream, part: Stretch, *, patience: float = JUMP_PATIENCE
    ) -> None:
        """Go on with another part of the same recording on the session of a stream that stays.

        Raises JumpRefused; the stream is closed then. Whether that is the camera's habit shows when a new session
        plays the part: tell `no_jump`.
        """
        await stream.jump(part.start, part.end, self._clock_of(part), patience)
        self.jumps.worked()

    def no_jump(self, failure: JumpFailure) -> None:
        """Take in that what a jump did not lead to was played by a new session."""
        self.jumps.failed(failure, self._camera.status.identity)

    def _clock_of(self, part: Stretch) -> ClockLine:
        return part.clock or self.clock_history.line_at(part.start)

    async def _read(self) -> FootageIndex:
        """Read clock, recordings and events."""
        await self._camera.confirm()
        clock: ClockReading | None = None
        with suppress(CameraAnswerInvalid, CameraOperationUnsupported):
            clock = await self._camera.read_clock()
            self._camera.note_clock(clock)
        recordings = [item for item in await self._camera.recordings() if _playable(item)]
        read_at = datetime.now(UTC)
        history = self.clock_history
        # What was stamped before the clock was set back lies in the camera's future.
        camera_now = read_at + (history.ahead if clock is None else clock.offset)
        latest = max(camera_now, history.latest_shown(read_at))
        now = history.line_at(read_at).to_true(camera_now)
        bounds = {item.token: _bounds(item, camera_now, latest) for item in recordings}
        events = await self._events(bounds, camera_now, latest)
        by_recording: dict[str, list[TrackEvent]] = {}
        for event in events or ():
            by_recording.setdefault(event.recording, []).append(event)
        stretches: list[Stretch] = []
        exact = bool(recordings) and not _SET_BACK < latest - camera_now <= _DAY
        for recording in recordings:
            known = bounds[recording.token]
            spans = _present(recording, by_recording.get(recording.token, ()), known)
            if spans is None:
                exact = False
                spans = known.spans()
            stretches += (
                Stretch(
                    recording=recording.token,
                    start=placed.start,
                    end=min(placed.end, now),
                    clock=placed.line,
                )
                for start, end in spans
                for placed in history.place(start, end)
                if placed.start < now
            )
        self._watch_oldest(
            {token: known.earliest for token, known in bounds.items() if known.earliest}
        )
        return FootageIndex(
            read_at=read_at,
            clock=clock,
            offset=history.ahead,
            stretches=tuple(sorted(stretches, key=lambda item: (item.start, item.end))),
            exact=exact,
            growing=frozenset(
                item.token for item in recordings if item.state is RecordingState.RECORDING
            ),
            moved=self._moved,
            pieces=history.pieces(),
        )

    async def _events(
        self, bounds: Mapping[str, _Bounds], camera_now: datetime, latest: datetime
    ) -> tuple[TrackEvent, ...] | None:
        """Return where data begins and ends, None where the camera does not tell (usably)."""
        if not bounds or clocks.monotonic() < self._no_search_before:
            return None
        start = min(item.earliest or camera_now - _UNKNOWN_REACH for item in bounds.values())
        try:
            return await self._camera.track_events(start - _SECOND, latest)
        except (
            CameraOperationUnsupported,
            CameraAnswerInvalid,
            CameraRightMissing,
            CameraUnreachable,
        ) as err:
            # The bounds have just been told: what the camera cannot answer is this search.
            _LOGGER.debug("Gaps of the footage cannot be read: %s", err)
            if isinstance(err, CameraAnswerInvalid | CameraUnreachable):
                self._no_search_before = clocks.monotonic() + _SEARCH_AGAIN
            return None

    def _watch_oldest(self, earliest: Mapping[str, datetime]) -> None:
        """Notice, in camera time, that the oldest footage of a recording goes: only a full card lets it go."""
        self._moved = self._moved or any(
            at > self._earliest.get(token, at) + _INDEX_LAG for token, at in earliest.items()
        )
        self._earliest = earliest


@dataclass(frozen=True, kw_only=True)
class _Bounds:
    """Where a recording begins and ends, in camera time; the widest that the camera tells."""

    earliest: datetime | None
    latest: datetime | None
    growing: bool
    # What the camera's clock shows, and the latest that it has ever shown.
    now: datetime
    latest_shown: datetime

    def spans(self) -> tuple[Span, ...]:
        """Return the whole recording as one span, none where it is empty."""
        end = self.latest or self.now
        start = self.earliest or end - _UNKNOWN_REACH
        return ((start, end),) if start < end else ()

    @property
    def open_end(self) -> datetime:
        """Return where data ends that no event ended: at the index' end, unless that lags far too much."""
        if self.latest is None or (self.growing and self.now - self.latest > _INDEX_LAG):
            return self.now
        return self.latest


def _playable(recording: Recording) -> bool:
    """Return whether a recording can be asked for and has video; one without listed tracks may have some."""
    return (
        bool(recording.token)
        and recording.state is not RecordingState.REMOVED
        and (
            not recording.tracks or any(track.kind is TrackKind.VIDEO for track in recording.tracks)
        )
    )


def _bounds(recording: Recording, camera_now: datetime, latest_shown: datetime) -> _Bounds:
    """Return a recording's bounds: too wide costs a gap in the replay, too narrow hides footage."""
    video = [track for track in recording.tracks if track.kind is TrackKind.VIDEO]
    starts = [at for at in (recording.earliest, *(track.data_from for track in video)) if at]
    growing = recording.state is RecordingState.RECORDING
    ends = [at for at in (recording.latest, *(track.data_to for track in video)) if at]
    return _Bounds(
        earliest=min(starts, default=None),
        # A recorder whose clock was set back tells where it writes, not what it wrote before with later times.
        latest=latest_shown
        if growing and _SET_BACK < latest_shown - camera_now <= _DAY
        else min(max(ends), latest_shown)
        if ends
        else None,
        growing=growing,
        now=camera_now,
        latest_shown=latest_shown,
    )


def _present(
    recording: Recording,
    events: Iterable[TrackEvent],
    bounds: _Bounds,
) -> tuple[Span, ...] | None:
    """Return where a recording has data by its events, in camera time; None where they tell nothing usable."""
    others = {track.token for track in recording.tracks if track.kind is not TrackKind.VIDEO}
    video = {track.token for track in recording.tracks if track.kind is TrackKind.VIDEO}
    of_tracks = [
        event
        for event in events
        # Cameras give one token to video and audio, too.
        if event.track is not None and (event.track in video or event.track not in others)
    ]
    told = of_tracks or [event for event in events if event.track is None]
    if not told:
        return None
    spans: list[Span] = []
    for _, of_track in groupby(
        sorted(told, key=lambda event: event.track or ""), key=lambda event: event.track
    ):
        spans += _spans(list(of_track), bounds)
    # Nothing at all, where the index knows of footage: such a search is not believed.
    return tuple(_merged(spans)) if spans or not bounds.spans() else None


def _spans(events: list[TrackEvent], bounds: _Bounds) -> Iterator[Span]:
    """Give the spans between the events of one track, in whatever order the camera told them."""
    floor = bounds.earliest or bounds.now - _UNKNOWN_REACH
    changes = [(event.at, event.present) for event in events if not event.start_state]
    if changes and changes[0][0] > changes[-1][0]:
        changes.reverse()
    # Stable: what happened in the same second stays in order.
    changes.sort(key=lambda change: change[0])
    initial = next((event for event in events if event.start_state), None)
    present = not changes[0][1] if initial is None else initial.present
    began = floor
    for at, now_present in changes:
        if present and not now_present and at > max(began, floor):
            yield max(began, floor), min(at, bounds.latest_shown)
        if now_present and not present:
            began = at
        present = now_present
    if present and (end := bounds.open_end) > max(began, floor):
        yield max(began, floor), end


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Give spans that overlap or touch as one, by start."""
    last: Span | None = None
    for start, end in sorted(spans):
        if last is not None and start <= last[1]:
            last = last[0], max(last[1], end)
            continue
        if last is not None:
            yield last
        last = start, end
    if last is not None:
        yield last


def _midnight(day: date, time_zone: tzinfo) -> datetime:
    """Return when a day begins there, in UTC; where clocks skip midnight, the moment of the skip."""
    return datetime.combine(day, time(), tzinfo=time_zone).astimezone(UTC)


def _days_of(
    start: datetime, end: datetime, time_zone: tzinfo
) -> Iterator[tuple[date, datetime, datetime]]:
    """Give the days that [start, end) touches, each with its share."""
    at = start
    day = start.astimezone(time_zone).date()
    while at < end:
        after = _midnight(day + _DAY, time_zone)
        if after > at:
            yield day, at, min(after, end)
            at = min(after, end)
        day += _DAY
