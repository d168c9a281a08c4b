"""SD status: proved, not believed.

Real cards die with every status still green, so what the camera *says* (job state, recording state) can
only make the verdict worse. Green needs data: the newest recording's end keeps up with the clock, or a
sample of the card was read back and decoded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .model import (
    ClockReading,
    JobState,
    ReadBack,
    ReadBackOutcome,
    Recording,
    RecordingJob,
    SdEvidence,
    SdStatus,
    SdVerdict,
    StorageReading,
    TrackKind,
)

# Cameras that write in chunks let the index stand for a chunk; no chunk is longer than this.
_MAX_CHUNK = timedelta(minutes=5)
# An index that runs ahead of the camera's own clock by more than this is no evidence of anything.
_AHEAD = timedelta(minutes=1)
# Without a usable index a read-back proves recording until the next nightly one, and a little.
_READ_BACK_HOLDS = timedelta(hours=26)
# So many alike make a habit, and so many looks without it end one.
_HABIT, _HABIT_ENDS = 3, 20


@dataclass(frozen=True, kw_only=True)
class SdObservation:
    """All evidence of one moment; None is what could not be read."""

    now: datetime
    clock: ClockReading
    recordings: tuple[Recording, ...] | None
    jobs: tuple[RecordingJob, ...] | None = None
    # From events about the card: None where the camera does not announce it.
    storage_failed: bool | None = None
    storage_missing: bool = False
    storage_full: bool = False
    storage: StorageReading | None = None
    read_back: ReadBack | None = None
    # When the camera's own mail said that its card fails, as far as nothing has taken it back since.
    mail_error: datetime | None = None


def newest_video(recordings: Iterable[Recording]) -> datetime | None:
    """Return the end of the newest video in camera time; other tracks may run on without pictures."""
    ends = [_video_bounds(recording)[1] for recording in recordings]
    return max((end for end in ends if end is not None), default=None)


def oldest_video(recordings: Iterable[Recording]) -> datetime | None:
    """Return the start of the oldest video in camera time."""
    starts = [_video_bounds(recording)[0] for recording in recordings]
    return min((start for start in starts if start is not None), default=None)


def written(
    recordings: tuple[Recording, ...], jobs: tuple[RecordingJob, ...] | None
) -> tuple[Recording, ...]:
    """Return the recordings that must grow: those that active jobs name, otherwise the newest one."""
    named = {job.recording_token for job in jobs or () if job.state is JobState.ACTIVE}
    growing = tuple(recording for recording in recordings if recording.token in named)
    if growing:
        return growing
    newest = newest_video(recordings)
    return tuple(item for item in recordings if newest_video((item,)) == newest)[:1]


def _video_bounds(recording: Recording) -> tuple[datetime | None, datetime | None]:
    """Return the bounds of a recording's video, its own only where no track tells any."""
    if not any(track.data_from or track.data_to for track in recording.tracks):
        return recording.earliest, recording.latest
    tracks = [track for track in recording.tracks if track.kind is TrackKind.VIDEO]
    start = min((t.data_from for t in tracks if t.data_from is not None), default=None)
    end = max((t.data_to for t in tracks if t.data_to is not None), default=None)
    return start, end


class _Index:
    """How the end of one recording moves from look to look.

    A dead card must show by the second poll, so an index that did not move from one look to the next is
    standing, by our clock and whatever the camera's says. A camera that was found standing equally long
    three times in a row, and moved on each time, simply writes in chunks: it is granted its habit and half a
    poll more. Outages teach no patience: the ordinary looks between them break the row.
    """

    def __init__(self, poll_interval: timedelta) -> None:
        """Start without a look."""
        self._poll_interval = poll_interval
        self._newest: datetime | None = None
        self._advanced_at = datetime.min.replace(tzinfo=UTC)
        self._has_advanced = False
        self._stood_for = timedelta(0)
        self._late: list[timedelta] = []
        self._habit: timedelta | None = None
        self._ordinary = 0

    def look(self, newest: datetime, camera_now: datetime, now: datetime) -> bool | None:
        """Return whether the index moves: None when this look cannot tell. Times: camera, camera, ours."""
        first = False
        if self._newest is None or newest < self._newest:
            first, self._advanced_at = True, now
        elif newest > self._newest:
            self._learn()
            self._advanced_at, self._has_advanced = now, True
        self._newest = newest
        self._stood_for = now - self._advanced_at
        allowed = self._poll_interval * 0.9
        if self._habit is not None:
            allowed = max(allowed, self._habit + self._poll_interval * 1.5)
        lag = camera_now - newest
        if first and lag > allowed:
            # A restart in the middle of a chunk is no alarm, old footage is.
            return False if lag > _MAX_CHUNK else None
        if lag < -_AHEAD and not self._has_advanced:
            return None
        return self._stood_for <= allowed and lag <= _MAX_CHUNK + allowed

    def _learn(self) -> None:
        """Take in how long the index had stood at the last look before it moved on."""
        if self._stood_for <= self._poll_interval * 0.9:
            self._late.clear()
            self._ordinary += 1
            if self._ordinary >= _HABIT_ENDS:
                self._habit = None
            return
        self._ordinary = 0
        self._late = [*self._late, self._stood_for][-_HABIT:]
        alike = max(self._late) - min(self._late) <= self._poll_interval * 1.2
        if len(self._late) == _HABIT and alike and max(self._late) <= _MAX_CHUNK:
            self._habit = max(self._late)


class SdProof:
    """The running proof for one camera: remembers how its index usually moves."""

    def __init__(self, poll_interval: timedelta) -> None:
        """Start without knowledge; `poll_interval` is the time between two observations."""
        self._poll_interval = poll_interval
        self._indexes: dict[str, _Index] = {}
        self._had_recordings = False
        self._seen: dict[SdEvidence, datetime] = {}

    def judge(self, observation: SdObservation) -> SdVerdict:
        """Weigh the evidence of one moment: what proves a fault first, then what proves recording."""
        self._note_seen(observation)
        status, evidence = self._weigh(observation)
        return SdVerdict(status=status, evidence=evidence, seen=dict(self._seen))

    def _weigh(self, seen: SdObservation) -> tuple[SdStatus, SdEvidence]:
        """Return the status and the evidence that decides it."""
        moves = self._index_moves(seen)
        if seen.storage_failed:
            return SdStatus.CARD_ERROR, SdEvidence.STORAGE_FAILURE_EVENT
        if seen.storage_missing:
            return SdStatus.CARD_MISSING, SdEvidence.STORAGE_FAILURE_EVENT
        if seen.mail_error is not None:
            return SdStatus.CARD_ERROR, SdEvidence.MAIL
        if seen.storage is not None and seen.storage.card_failed:
            return SdStatus.CARD_ERROR, SdEvidence.STORAGE_PROBE
        if seen.storage is not None and seen.storage.card_present is False:
            return SdStatus.CARD_MISSING, SdEvidence.STORAGE_PROBE
        if seen.storage is not None and seen.storage.card_writable is False:
            return SdStatus.NOT_RECORDING, SdEvidence.STORAGE_PROBE
        if seen.recordings:
            self._had_recordings = True
        elif seen.recordings is not None and (self._had_recordings or seen.jobs):
            return SdStatus.CARD_MISSING, SdEvidence.NO_RECORDINGS
        if seen.read_back is not None and seen.read_back.failed:
            return SdStatus.CARD_ERROR, SdEvidence.READ_BACK
        states = {job.state for job in seen.jobs or ()}
        if JobState.ERROR in states:
            return SdStatus.CARD_ERROR, SdEvidence.JOB_STATE
        if moves:
            return SdStatus.RECORDING, SdEvidence.NEWEST_MOVES
        if seen.storage_full:
            # A card that overwrites is full, too, and moves.
            return SdStatus.NOT_RECORDING, SdEvidence.STORAGE_FAILURE_EVENT
        if moves is False and seen.storage is not None and seen.storage.card_full:
            return SdStatus.NOT_RECORDING, SdEvidence.STORAGE_PROBE
        if states == {JobState.IDLE}:
            return SdStatus.NOT_RECORDING, SdEvidence.JOB_STATE
        none_named = seen.storage is not None and seen.storage.none_named
        if moves is False and not none_named:
            return SdStatus.STALE, SdEvidence.NEWEST_STANDS
        if self._read_back_holds(seen):
            return SdStatus.RECORDING, SdEvidence.READ_BACK
        if none_named:
            return SdStatus.CARD_MISSING, SdEvidence.STORAGE_PROBE
        return SdStatus.UNPROVEN, SdEvidence.NONE

    def _index_moves(self, seen: SdObservation) -> bool | None:
        """Return whether every recording that must grow does, None when that cannot be told."""
        if seen.recordings is None:
            return None
        camera_now = seen.clock.to_camera(seen.now)
        growing = written(seen.recordings, seen.jobs)
        indexes, self._indexes = self._indexes, {}
        moves: set[bool | None] = set()
        for recording in growing:
            if (newest := newest_video((recording,))) is None:
                moves.add(None)
            else:
                index = indexes.setdefault(recording.token, _Index(self._poll_interval))
                moves.add(index.look(newest, camera_now, seen.now))
            if recording.token in indexes:
                self._indexes[recording.token] = indexes[recording.token]
        if False in moves:
            self._seen[SdEvidence.NEWEST_STANDS] = seen.now
            return False
        if None in moves or not moves:
            return None
        self._seen[SdEvidence.NEWEST_MOVES] = seen.now
        return True

    def _read_back_holds(self, seen: SdObservation) -> bool:
        """Return whether a decoded sample is recent enough to stand in for an index that tells nothing."""
        sample = seen.read_back
        return (
            sample is not None
            and sample.outcome is ReadBackOutcome.DECODED
            and sample.picture_at is not None
            and seen.now - seen.clock.to_true(sample.picture_at) <= _READ_BACK_HOLDS
            and seen.recordings is not None
            and newest_video(seen.recordings) is None
        )

    def _note_seen(self, seen: SdObservation) -> None:
        """Remember when each kind of evidence last spoke."""
        if seen.storage_failed or seen.storage_missing or seen.storage_full:
            self._seen[SdEvidence.STORAGE_FAILURE_EVENT] = seen.now
        if seen.mail_error is not None:
            self._seen[SdEvidence.MAIL] = seen.mail_error
        if seen.storage is not None:
            self._seen[SdEvidence.STORAGE_PROBE] = seen.now
        if seen.jobs:
            self._seen[SdEvidence.JOB_STATE] = seen.now
        if seen.recordings is not None and not seen.recordings:
            self._seen[SdEvidence.NO_RECORDINGS] = seen.now
        if (
            seen.read_back is not None
            and seen.read_back.outcome is not ReadBackOutcome.NOT_POSSIBLE
        ):
            self._seen[SdEvidence.READ_BACK] = seen.read_back.tried_at
