"""SD status: proved, not believed.

Real cards die with every status still green, so what the camera *says* (job state, recording state) can
only make the verdict worse. Green needs data: the newest recording's end keeps up with the clock, or a
sample of the card was read back and decoded.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

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

# Cameras that write in chunks let the index lag by a chunk; no chunk is longer than this.
_LONGEST_CHUNK = timedelta(minutes=15)
# An index that runs ahead of the camera's own clock by more than this is no evidence of anything.
_AHEAD = timedelta(minutes=1)
# Without a usable index a read-back proves recording until the next nightly one, and a little.
_READ_BACK_HOLDS = timedelta(hours=26)
# So many advances make a habit.
_LEARN_FROM = 3


@dataclass(frozen=True, kw_only=True)
class SdObservation:
    """All evidence of one moment; None is what could not be read."""

    now: datetime
    clock: ClockReading
    recordings: tuple[Recording, ...] | None
    jobs: tuple[RecordingJob, ...] | None = None
    # From the StorageFailure event: None where the camera does not announce it.
    storage_failed: bool | None = None
    storage: StorageReading | None = None
    read_back: ReadBack | None = None


def newest_video(recordings: Iterable[Recording]) -> datetime | None:
    """Return the end of the newest video in camera time; other tracks may run on without pictures."""
    ends = [_video_bounds(recording)[1] for recording in recordings]
    return max((end for end in ends if end is not None), default=None)


def oldest_video(recordings: Iterable[Recording]) -> datetime | None:
    """Return the start of the oldest video in camera time."""
    starts = [_video_bounds(recording)[0] for recording in recordings]
    return min((start for start in starts if start is not None), default=None)


def _video_bounds(recording: Recording) -> tuple[datetime | None, datetime | None]:
    """Return the bounds of a recording's video tracks, or the recording's own where they tell none."""
    tracks = [track for track in recording.tracks if track.kind is TrackKind.VIDEO]
    start = min((t.data_from for t in tracks if t.data_from is not None), default=None)
    end = max((t.data_to for t in tracks if t.data_to is not None), default=None)
    return start or recording.earliest, end or recording.latest


class SdProof:
    """The running proof for one camera: remembers how its index usually moves."""

    def __init__(self, poll_interval: timedelta) -> None:
        """Start without knowledge; `poll_interval` is the time between two observations."""
        self._poll_interval = poll_interval
        self._newest: datetime | None = None
        self._lag_before = timedelta(0)
        self._stood = False
        self._had_recordings = False
        self._lags: deque[timedelta] = deque(maxlen=20)
        self._late: list[timedelta] = []
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
        if seen.storage is not None and seen.storage.card_failed:
            return SdStatus.CARD_ERROR, SdEvidence.STORAGE_PROBE
        if seen.storage is not None and seen.storage.card_present is False:
            return SdStatus.CARD_MISSING, SdEvidence.STORAGE_PROBE
        if seen.recordings:
            self._had_recordings = True
        elif seen.recordings is not None and (self._had_recordings or seen.jobs):
            return SdStatus.CARD_MISSING, SdEvidence.NO_RECORDINGS
        if seen.read_back is not None and seen.read_back.outcome in (
            ReadBackOutcome.NO_DATA,
            ReadBackOutcome.UNDECODABLE,
        ):
            return SdStatus.CARD_ERROR, SdEvidence.READ_BACK
        states = {job.state for job in seen.jobs or ()}
        if JobState.ERROR in states:
            return SdStatus.CARD_ERROR, SdEvidence.JOB_STATE
        if moves:
            return SdStatus.RECORDING, SdEvidence.NEWEST_MOVES
        if states == {JobState.IDLE}:
            return SdStatus.NOT_RECORDING, SdEvidence.JOB_STATE
        if moves is False:
            return SdStatus.STALE, SdEvidence.NEWEST_STANDS
        if self._read_back_holds(seen):
            return SdStatus.RECORDING, SdEvidence.READ_BACK
        return SdStatus.UNPROVEN, SdEvidence.NONE

    def _index_moves(self, seen: SdObservation) -> bool | None:
        """Return whether the newest recording keeps up with the clock, None when that cannot be told.

        The index of a healthy camera lags by the chunk that is being written. How long that is shows in
        the lag just before each advance; the second largest of the last 20 is taken. What is too late is
        called standing, so that a dead card shows by the second poll; a camera that was found standing
        three times in a row, and moved on each time at once, simply writes in longer chunks. An outage
        that ended teaches no patience: the ordinary advances after it break the row.
        """
        if seen.recordings is None:
            return None
        camera_now = seen.clock.to_camera(seen.now)
        newest = newest_video(seen.recordings)
        if newest is None or newest > camera_now + seen.clock.uncertainty + _AHEAD:
            return None
        if self._newest is not None and newest > self._newest:
            if not self._stood:
                self._lags.append(self._lag_before)
                self._late.clear()
            elif self._lag_before <= _LONGEST_CHUNK:
                self._late.append(self._lag_before)
                if len(self._late) >= _LEARN_FROM:
                    self._lags.extend(self._late)
            self._seen[SdEvidence.NEWEST_MOVES] = seen.now
        allowed = self._poll_interval * 0.9
        if len(self._lags) >= _LEARN_FROM:
            allowed = max(allowed, min(sorted(self._lags)[-2] * 1.25, _LONGEST_CHUNK))
        lag = camera_now - newest - seen.clock.uncertainty
        first_look = self._newest is None
        self._newest = newest
        self._lag_before = lag
        self._stood = lag > allowed
        if not self._stood:
            return True
        if first_look and lag <= _LONGEST_CHUNK:
            return None
        self._seen[SdEvidence.NEWEST_STANDS] = seen.now
        return False

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
        if seen.storage_failed:
            self._seen[SdEvidence.STORAGE_FAILURE_EVENT] = seen.now
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
