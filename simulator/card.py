"""What is on the SD card: computed from the clock and from what was broken when; nothing is stored.

All times are camera time in UTC and whole seconds: the camera writes one closed group of pictures a second, and a
group that is cut short is lost. A new day at a full card takes the oldest day out of the index.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
import io
import struct
from typing import Literal
from zoneinfo import ZoneInfo

from .camera import CardFault, VirtualCamera

RECORDING_TOKEN = "SD_1"
JOB_TOKEN = "JOB_1"
VIDEO_TRACK = "VIDEO001"
SECOND_TRACK = "VIDEO002"
AUDIO_TRACK = "AUDIO001"
METADATA_TRACK = "META001"

type Span = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class CardTrack:
    """One track; the bounds are None where nothing was ever recorded in it."""

    token: str
    kind: Literal["Video", "Audio", "Metadata"]
    data_from: datetime | None
    data_to: datetime | None


@dataclass(frozen=True, kw_only=True)
class CardRecording:
    """A recording as the index shows it; `state` is a tt:RecordingStatus."""

    token: str
    earliest: datetime | None
    latest: datetime | None
    state: str
    tracks: tuple[CardTrack, ...]


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Seconds of the epoch, [start, end), recorded without a gap; `growing` while it is being written."""

    start: int
    end: int
    growing: bool


@dataclass(kw_only=True)
class _Written:
    """One run of the recorder; `end` is None as long as it lasts."""

    start: int
    end: int | None
    audio: bool
    unreadable: bool = False


def posix_zone(text: str) -> tzinfo:
    """Return the zone of a POSIX TZ text such as JST-9, which is what ONVIF's TimeZone holds.

    The standard library reads such texts only as the last line of a compiled zone file (RFC 8536), so one is made.
    Raises ValueError when the text is no POSIX TZ.
    """
    block = (
        b"TZif2"
        + bytes(15)
        + struct.pack(">6l", 0, 0, 0, 0, 1, 4)
        + struct.pack(">lbB", 0, 0, 0)
        + b"UTC\0"
    )
    file = io.BytesIO(block * 2 + b"\n" + text.encode() + b"\n")
    if not text:
        raise ValueError("No POSIX time zone is given")
    try:
        return ZoneInfo.from_file(file)
    except ValueError as err:
        raise ValueError(f"{text!r} is no POSIX time zone: {err}") from err


class Card:
    """The card of one camera. The clock and the faults are looked at whenever the card is asked."""

    def __init__(self, camera: VirtualCamera) -> None:
        """Make a card that the camera has been writing to for as long as fits on it."""
        self._camera = camera
        self._zone = posix_zone(camera.config.time_zone)
        self._days = camera.config.days
        now = self._now()
        faults = camera.faults
        today = datetime.fromtimestamp(now, UTC).astimezone(self._zone).date()
        start = self._midnight(today - timedelta(days=self._days - 1))
        # What was recorded before this second has another size.
        self._resized = (
            None
            if camera.config.size_before is None
            else now - round(camera.config.size_before[0] * 3600)
        )
        # A microphone that is on in the configuration has been on all along.
        self._runs: list[_Written] = []
        for gap_start, gap_end in sorted(
            (now - round(hours * 3600), now - round(hours * 3600 - minutes * 60))
            for hours, minutes in camera.config.gaps
        ):
            if gap_start > start:
                self._runs.append(
                    _Written(start=start, end=min(gap_start, now), audio=faults.audio)
                )
            start = max(start, min(gap_end, now))
        self._runs.append(_Written(start=start, end=None, audio=faults.audio))
        # Recordings beside the one that is being written; they neither grow nor count as days of this card.
        self._others = {
            other.token: [
                _Written(
                    start=now - round(hours * 3600),
                    end=min(now - round(hours * 3600 - minutes * 60), now),
                    audio=False,
                )
                for hours, minutes in other.spans
            ]
            for other in camera.config.recordings
        }
        self._fault = CardFault.OK
        if faults.card in {CardFault.DEAD_GREEN, CardFault.FAILED}:
            self._end_run(now - round(camera.config.failed_hours * 3600))
        self._audio = camera.sends_audio("main")
        self._offset = faults.clock_offset
        self._settled: date | None = None
        camera.listeners.append(self._changed)
        self._refresh()

    def recordings(self) -> list[CardRecording]:
        """Return what the index lists: the recording that is being written first; none without a card."""
        self._refresh()
        if self._fault is CardFault.REMOVED:
            return []
        config = self._camera.config
        data = self._bounds(audio=False)
        audio = self._bounds(audio=True)
        state = "Stopped" if self._fault is CardFault.FAILED else "Recording"
        return [
            CardRecording(
                token=RECORDING_TOKEN,
                earliest=data[0],
                latest=data[1],
                state=state,
                tracks=(
                    *(
                        CardTrack(token=token, kind="Video", data_from=data[0], data_to=data[1])
                        for token in (VIDEO_TRACK, SECOND_TRACK)[: 1 + config.second_track]
                    ),
                    CardTrack(
                        token=AUDIO_TRACK, kind="Audio", data_from=audio[0], data_to=audio[1]
                    ),
                    CardTrack(
                        token=METADATA_TRACK, kind="Metadata", data_from=data[0], data_to=data[1]
                    ),
                ),
            ),
            *(self._other(token, runs) for token, runs in self._others.items() if runs),
        ]

    def _other(self, token: str, runs: list[_Written]) -> CardRecording:
        start = _moment(min(run.start for run in runs))
        end = _moment(max(run.end or run.start for run in runs))
        track = CardTrack(token=VIDEO_TRACK, kind="Video", data_from=start, data_to=end)
        return CardRecording(
            token=token, earliest=start, latest=end, state="Stopped", tracks=(track,)
        )

    def spans(
        self, token: str, start: datetime, end: datetime, *, track: str = VIDEO_TRACK
    ) -> list[Span]:
        """Return the stretches with data between two camera times, oldest first."""
        first, last = start.timestamp(), end.timestamp()
        return [
            (max(start, _moment(stretch.start)), min(end, _moment(stretch.end)))
            for stretch in self.stretches(token, audio=track == AUDIO_TRACK)
            if stretch.end > first and stretch.start < last
        ]

    def stretches(self, token: str, *, audio: bool = False) -> list[Stretch]:
        """Return all stretches without a gap, oldest first; with `audio` those with sound."""
        self._refresh()
        runs = self._runs if token == RECORDING_TOKEN else self._others.get(token, [])
        if self._fault is CardFault.REMOVED:
            return []
        now = self._now()
        joined: list[Stretch] = []
        for run in sorted(runs, key=lambda run: run.start):
            if audio and not run.audio:
                continue
            end = now if run.end is None else run.end
            if end <= run.start and run.end is not None:
                continue
            growing = run.end is None
            if joined and run.start <= joined[-1].end:
                last = joined.pop()
                joined.append(
                    Stretch(
                        start=last.start,
                        end=max(end, last.end),
                        growing=growing or last.growing,
                    )
                )
            else:
                joined.append(Stretch(start=run.start, end=end, growing=growing))
        return joined

    def stretch_at(self, token: str, second: int) -> Stretch | None:
        """Return the stretch that holds this second of the epoch, or else the next one; None behind the last."""
        stretches = self.stretches(token)
        at = bisect_right([stretch.end for stretch in stretches], second)
        return stretches[at] if at < len(stretches) else None

    def resized_after(self, second: int) -> bool:
        """Return whether this second of the epoch was recorded before the size of the picture was changed."""
        return self._resized is not None and second < self._resized

    def overwrite_oldest(self) -> date | None:
        """Take the oldest day out of the index at once, as if a new one had begun; None when only today is left."""
        self._refresh()
        today = self._day(self._now())
        oldest = min((self._day(run.start) for run in self._runs), default=today)
        if oldest >= today:
            return None
        self._drop(oldest)
        return oldest

    def _drop(self, day: date) -> None:
        """Take a day out of the index, of every recording."""
        now = self._now()
        start, end = self._midnight(day), self._midnight(day + timedelta(days=1))
        self._runs = [part for run in self._runs for part in _without(run, start, end, now)]
        self._others = {
            token: [part for run in runs for part in _without(run, start, end, now)]
            for token, runs in self._others.items()
        }

    def readable(self, token: str, second: int) -> bool:
        """Return whether the pictures of this second of the epoch can be read back."""
        if token != RECORDING_TOKEN:
            return True
        # The newest run wins: after the clock was set back two runs hold the same stamps.
        for run in reversed(self._runs):
            if run.start <= second and (run.end is None or second < run.end):
                return not run.unreadable
        return True

    @property
    def writing(self) -> bool:
        """Return whether the index moves on."""
        self._refresh()
        return self._fault in {CardFault.OK, CardFault.UNREADABLE}

    def job_state(self) -> Literal["Active", "Idle", "Error"]:
        """Return the recording job's state; a dead card that stays green says Active."""
        self._refresh()
        match self._fault:
            case CardFault.REMOVED:
                return "Idle"
            case CardFault.FAILED:
                return "Error"
            case _:
                return "Active"

    def _now(self) -> int:
        """Return the last whole second of the camera's clock: what has reached the card."""
        return int(self._camera.now().timestamp() // 1)

    def _midnight(self, day: date) -> int:
        """Return the second of the epoch at which a day begins at the camera's place."""
        return int(datetime.combine(day, time(), tzinfo=self._zone).timestamp())

    def _day(self, second: int) -> date:
        return datetime.fromtimestamp(second, UTC).astimezone(self._zone).date()

    def _changed(self, what: str) -> None:
        """Note the moment of a change, so that it is not taken for the moment of the next question."""
        if what == "video":
            self._resized = self._now()
        if what in {"card", "audio", "clock_offset"}:
            self._refresh()

    def _refresh(self) -> None:
        """Follow the clock and the faults up to now."""
        faults = self._camera.faults
        if (
            faults.card is not self._fault
            or self._camera.sends_audio("main") is not self._audio
            or faults.clock_offset != self._offset
        ):
            ago = int(faults.card_since) if faults.card is not self._fault else 0
            # The recorder's run ends by the clock that it was written with.
            self._end_run(int((self._camera.true_now().timestamp() + self._offset) // 1) - ago)
            if self._fault is CardFault.UNREADABLE and faults.card is not CardFault.UNREADABLE:
                # What never reached the card is a hole once the index is honest again.
                self._runs = [run for run in self._runs if not run.unreadable]
            self._fault = faults.card
            self._audio = self._camera.sends_audio("main")
            self._offset = faults.clock_offset
            if self._fault in {CardFault.OK, CardFault.UNREADABLE}:
                self._runs.append(
                    _Written(
                        start=self._now() - ago,
                        end=None,
                        audio=self._audio,
                        unreadable=self._fault is CardFault.UNREADABLE,
                    )
                )
            self._settled = None
        self._overwrite()

    def _end_run(self, end: int) -> None:
        if self._runs and self._runs[-1].end is None:
            run = self._runs[-1]
            run.end = end
            if end <= run.start:
                self._runs.pop()

    def _overwrite(self) -> None:
        """Take the oldest days out of the index until what is left fits on the card."""
        if not self._runs or self._runs[-1].end is not None:
            return
        now = self._now()
        today = self._day(now)
        # Only the first second of a new day can need room.
        if today == self._settled:
            return
        self._settled = today
        days: set[date] = set()
        for run in self._runs:
            end = now + 1 if run.end is None else run.end
            day = self._day(run.start)
            while self._midnight(day) < end:
                days.add(day)
                day += timedelta(days=1)
        # The day being written stays, even where a clock that fell back to 1970 makes it the oldest.
        for day in sorted(days - {today})[: max(0, len(days | {today}) - self._days)]:
            self._drop(day)

    def _bounds(self, *, audio: bool) -> tuple[datetime | None, datetime | None]:
        """Return the oldest stamp and the end of what was written last."""
        runs = [run for run in self._runs if run.audio or not audio]
        if not runs:
            return None, None
        last = self._now() if runs[-1].end is None else runs[-1].end
        return _moment(min(run.start for run in runs)), _moment(max(last, runs[-1].start))


def _without(run: _Written, start: int, end: int, now: int) -> list[_Written]:
    """Return a run, which has come to `now` if it lasts, without the seconds in [start, end)."""
    if run.start >= end or (now if run.end is None else run.end) <= start:
        return [run]
    parts = []
    if run.start < start:
        parts.append(replace(run, end=start))
    if run.end is None or run.end > end:
        parts.append(replace(run, start=end))
    return parts


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
