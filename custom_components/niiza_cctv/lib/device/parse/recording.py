"""What a camera answers of its card: recordings, their tracks and times, and the jobs that write them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from ..errors import CameraAnswerInvalid
from ..model import JobState, Recording, RecordingJob, RecordingState, RecordingTrack, TrackKind
from ..soap import Envelope, child, open_envelope, text
from ..xml import Element
from .fields import MAX_ITEMS, each_child, first_by_token, listed_items, read_token
from .time import parse_time

# A camera that begins a recording each minute has 1,440 of a day.
MAX_RECORDINGS: Final = 2000
_MAX_JOBS: Final = 64
_EARLIEST_PLAUSIBLE: Final = datetime(2001, 1, 1, tzinfo=UTC)
_FUTURE: Final = timedelta(days=1)
# A zone-less time further ahead of the camera's own clock than this cannot be UTC.
_AHEAD: Final = timedelta(minutes=10)
_KINDS: Final = {kind.value: kind for kind in TrackKind}
_STATES: Final = {state.value: state for state in RecordingState}
_JOB_STATES: Final = {state.value: state for state in JobState}


def parse_recordings(envelope: Envelope) -> tuple[Recording, ...]:
    """Return the recordings of GetRecordings (Recording Control, 5.14): tokens and tracks, no times yet.

    At most one more than MAX_RECORDINGS, which shows that there are more. Raises CameraAnswerInvalid where none that is
    listed has a token: that is no empty card.
    """
    items = listed_items(envelope, "GetRecordings", "RecordingItem")
    recordings = first_by_token(
        (
            (
                token := read_token(text(item, "RecordingToken")),
                Recording(
                    token=token,
                    earliest=None,
                    latest=None,
                    state=RecordingState.UNKNOWN,
                    tracks=_merged(
                        track
                        for element in each_child(child(item, "Tracks"), "Track")
                        if (track := _track(element, child(element, "Configuration")))
                    ),
                ),
            )
            for item in items
        ),
        MAX_RECORDINGS + 1,
    )
    if items and not recordings:
        raise CameraAnswerInvalid("no recording has a token")
    return recordings


def _track(element: Element, details: Element | None) -> RecordingTrack | None:
    """Return a track of a known kind; without a token it is of no use to us, but it is there."""
    if (kind := _KINDS.get(text(details, "TrackType").lower())) is None:
        return None
    return RecordingTrack(
        token=read_token(text(element, "TrackToken")),
        kind=kind,
        data_from=parse_time(text(element, "DataFrom")),
        data_to=parse_time(text(element, "DataTo")),
    )


def _merged(tracks: Iterable[RecordingTrack]) -> tuple[RecordingTrack, ...]:
    """Return the tracks, those of one kind and token as one from the first of their data to the last.

    Cameras give one token to video and audio, and list a track once for each stretch of data.
    """
    merged: dict[tuple[TrackKind, str], RecordingTrack] = {}
    for track in tracks:
        key = (track.kind, track.token)
        if (known := merged.get(key)) is None:
            if len(merged) < MAX_ITEMS:
                merged[key] = track
            continue
        starts = [at for at in (known.data_from, track.data_from) if at is not None]
        ends = [at for at in (known.data_to, track.data_to) if at is not None]
        merged[key] = replace(
            known, data_from=min(starts, default=None), data_to=max(ends, default=None)
        )
    return tuple(merged.values())


def read_recording(
    information: Element, camera_now: datetime | None, zone: tzinfo | None
) -> Recording:
    """Return a tt:RecordingInformation; how times are read is told at `parse_recording_information`."""
    listed = [
        track for element in each_child(information, "Track") if (track := _track(element, element))
    ]
    earliest = parse_time(text(information, "EarliestRecording"))
    latest = parse_time(text(information, "LatestRecording"))
    times = [earliest, latest, *(t.data_from for t in listed), *(t.data_to for t in listed)]
    bare = _zone_of_bare_times(times, camera_now, zone)
    # Merged only now: what a camera writes without a zone cannot be compared with what it writes with one.
    tracks = _merged(
        replace(track, data_from=bounds[0], data_to=bounds[1])
        for track in listed
        if (bounds := plausible_bounds(track.data_from, track.data_to, bare, camera_now))
    )
    earliest, latest = plausible_bounds(earliest, latest, bare, camera_now)
    # A bound that is missing, or was no time at all, its video may tell.
    video = [track for track in tracks if track.kind is TrackKind.VIDEO]
    if earliest is None:
        earliest = min((track.data_from for track in video if track.data_from), default=None)
    if latest is None:
        latest = max((track.data_to for track in video if track.data_to), default=None)
    earliest, latest = plausible_bounds(earliest, latest, UTC, camera_now)
    return Recording(
        token=read_token(text(information, "RecordingToken")),
        earliest=earliest,
        latest=latest,
        state=_STATES.get(text(information, "RecordingStatus").lower(), RecordingState.UNKNOWN),
        tracks=tracks,
    )


def _zone_of_bare_times(
    times: Iterable[datetime | None], camera_now: datetime | None, zone: tzinfo | None
) -> tzinfo | None:
    """Return the zone in which an answer's zone-less times make sense: they should be UTC, some are local.

    None where they lie in the future as UTC, and the camera's zone is not known.
    """
    bare = [moment for moment in times if moment and moment.tzinfo is None]
    if not bare or camera_now is None:
        return UTC
    # Of UTC and local time the later one that is not in the future: footage that is being written ends now.
    newest = max(bare)
    candidates = {tz: _aware(newest, tz) for tz in (UTC, zone) if tz is not None}
    possible = {
        tz: moment for tz, moment in candidates.items() if moment and moment <= camera_now + _AHEAD
    }
    return max(possible, key=lambda tz: possible[tz], default=None if zone is None else UTC)


def _aware(moment: datetime, zone: tzinfo) -> datetime | None:
    try:
        return moment.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError, ValueError:
        return None


def plausible_bounds(
    start: datetime | None,
    end: datetime | None,
    bare: tzinfo | None,
    camera_now: datetime | None,
) -> tuple[datetime | None, datetime | None]:
    """Return a pair of bounds in UTC with what cannot be true left out; `bare` is the zone of those without one."""
    bounds: list[datetime | None] = []
    for bound in (start, end):
        moment = bound
        if bound is not None and bound.tzinfo is None:
            moment = None if bare is None else _aware(bound, bare)
        if moment is not None and (
            moment < _EARLIEST_PLAUSIBLE
            or (camera_now is not None and moment - camera_now > _FUTURE)
        ):
            moment = None
        bounds.append(moment)
    first, last = bounds
    if first is not None and last is not None and first > last:
        return None, None
    return first, last


def parse_recording_jobs(envelope: Envelope) -> tuple[RecordingJob, ...]:
    """Return the jobs of GetRecordingJobs (Recording Control, 5.21); their states are asked for one by one."""
    return first_by_token(
        (
            (
                token := read_token(text(item, "JobToken")),
                RecordingJob(
                    token=token,
                    recording_token=read_token(text(item, "JobConfiguration", "RecordingToken")),
                    state=JobState.UNKNOWN,
                    sources=tuple(
                        source
                        for element in each_child(child(item, "JobConfiguration"), "Source")
                        if (source := read_token(text(element, "SourceToken", "Token")))
                    )[:MAX_ITEMS],
                ),
            )
            for item in listed_items(envelope, "GetRecordingJobs", "JobItem")
        ),
        _MAX_JOBS,
    )


def parse_recording_job_state(envelope: Envelope) -> JobState:
    """Return the state of GetRecordingJobState (Recording Control, 5.25), whatever case it is written in."""
    answer = open_envelope(envelope, "GetRecordingJobStateResponse")
    return _JOB_STATES.get(
        text(answer, "State", "State").lower().replace(" ", ""), JobState.UNKNOWN
    )


def parse_replay_uri(envelope: Envelope) -> str:
    """Return the address of GetReplayUri (Replay Control, 5.2), as the camera wrote it."""
    if uri := text(open_envelope(envelope, "GetReplayUriResponse"), "Uri"):
        return uri
    raise CameraAnswerInvalid("the answer has no address")
