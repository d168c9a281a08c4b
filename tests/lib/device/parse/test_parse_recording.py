"""What a camera says of its card; what cannot be true is unknown."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from custom_components.niiza_cctv.lib.device.errors import CameraAnswerInvalid
from custom_components.niiza_cctv.lib.device.model import JobState, RecordingState, TrackKind
from custom_components.niiza_cctv.lib.device.parse.recording import (
    MAX_RECORDINGS,
    parse_recording_job_state,
    parse_recording_jobs,
    parse_recordings,
)
from custom_components.niiza_cctv.lib.device.parse.search import (
    parse_recording_information,
    parse_recording_search,
    parse_search_token,
)
from tests.lib.device.parse.answers import JST, NOW, information, track
from tests.lib.device.scripted_onvif import response


def bounds(
    earliest: str, latest: str, tracks: str = "", **known: Any
) -> tuple[datetime | None, datetime | None]:
    """Return the bounds that a recording information is read as."""
    found = parse_recording_information(information(earliest, latest, tracks), **known)
    return found.earliest, found.latest


def test_more_recordings_than_are_kept_show() -> None:
    """One more than are kept is read, and no more: so whoever asks can say that there are others."""
    item = "<RecordingItem><RecordingToken>{}</RecordingToken></RecordingItem>"
    answer = response("GetRecordings", "".join(item.format(number) for number in range(2100)))
    assert len(parse_recordings(answer.encode())) == MAX_RECORDINGS + 1


def test_recordings_without_a_token_are_no_empty_card() -> None:
    """A list of what nobody can ask for tells nothing; an empty one says that there is nothing."""
    nameless = "<RecordingItem><RecordingToken> </RecordingToken></RecordingItem>"
    with pytest.raises(CameraAnswerInvalid):
        parse_recordings(response("GetRecordings", nameless * 2).encode())
    named = "<RecordingItem><RecordingToken>A</RecordingToken></RecordingItem>"
    found = parse_recordings(response("GetRecordings", nameless + named).encode())
    assert [one.token for one in found] == ["A"]
    page = "<ResultList><SearchState>Completed</SearchState>{}</ResultList>"
    with pytest.raises(CameraAnswerInvalid):
        parse_recording_search(
            response("GetRecordingSearchResults", page.format("<RecordingInformation/>")).encode()
        )
    empty = response("GetRecordingSearchResults", page.format("")).encode()
    assert parse_recording_search(empty).recordings == ()


def test_recordings_with_their_tracks() -> None:
    """Tokens once, tracks of the known kinds."""
    item = (
        "<RecordingItem><RecordingToken>{}</RecordingToken><Tracks>"
        "<Track><TrackToken>V</TrackToken><Configuration><TrackType>video</TrackType></Configuration></Track>"
        "<Track><TrackToken>V</TrackToken><Configuration><TrackType>Audio</TrackType></Configuration></Track>"
        "<Track><TrackToken>X</TrackToken><Configuration><TrackType>Extended</TrackType></Configuration></Track>"
        "</Tracks></RecordingItem>"
    )
    answer = response("GetRecordings", "".join(item.format(t) for t in ("a", "a", "", *range(100))))
    found = parse_recordings(answer.encode())
    assert len(found) == 101
    assert [recording.token for recording in found[:2]] == ["a", "0"]
    assert [(t.token, t.kind) for t in found[0].tracks] == [
        ("V", TrackKind.VIDEO),
        ("V", TrackKind.AUDIO),
    ]
    assert parse_recordings(response("GetRecordings").encode()) == ()


@pytest.mark.parametrize("token", ["T", "", "x" * 1000])
def test_no_audio_hides_behind_the_token_of_a_track(token: str) -> None:
    """A token shared with video, none, or one without end: the audio is there, from its first to its last."""
    tracks = (
        track(token, "Video", "2026-11-20T00:00:00Z", "2026-11-23T02:00:00Z")
        + track(token, "Audio", "2026-11-21T00:00:00Z", "2026-11-21T01:00:00Z")
        + track(token, "Audio", "2026-11-22T00:00:00", "2026-11-22T01:00:00")
        + track(token, "Audio", "1970-01-01T00:00:00Z", "")
    )
    answer = information("2026-11-20T00:00:00Z", "2026-11-23T02:00:00Z", tracks)
    found = parse_recording_information(answer, camera_now=NOW, zone=UTC)
    assert [(t.kind, t.data_from, t.data_to) for t in found.tracks] == [
        (
            TrackKind.VIDEO,
            datetime(2026, 11, 20, tzinfo=UTC),
            datetime(2026, 11, 23, 2, tzinfo=UTC),
        ),
        (
            TrackKind.AUDIO,
            datetime(2026, 11, 21, tzinfo=UTC),
            datetime(2026, 11, 22, 1, tzinfo=UTC),
        ),
    ]
    assert all(len(t.token) <= 256 for t in found.tracks)


def test_bounds_state_and_tracks_of_a_recording() -> None:
    """Audio with data is kept as such."""
    tracks = track("V", "Video", "2026-11-09T15:00:00Z", "2026-11-23T03:00:00Z") + track(
        "A", "AUDIO"
    )
    answer = information("2026-11-09T15:00:00Z", "2026-11-23T03:00:00Z", tracks, "recording")
    found = parse_recording_information(answer, camera_now=NOW, zone=JST)
    assert found.earliest == datetime(2026, 11, 9, 15, tzinfo=UTC)
    assert found.latest == NOW
    assert found.state is RecordingState.RECORDING
    assert [(t.kind, t.data_to) for t in found.tracks] == [
        (TrackKind.VIDEO, NOW),
        (TrackKind.AUDIO, None),
    ]
    assert (
        parse_recording_information(information("", "", status="Dancing")).state
        is RecordingState.UNKNOWN
    )


@pytest.mark.parametrize(
    ("earliest", "latest", "expected"),
    [
        ("1970-01-01T00:03:15Z", "2026-11-23T02:00:00Z", (False, True)),
        ("2026-11-20T00:00:00Z", "2036-01-01T00:00:00Z", (True, False)),
        ("2026-11-20T00:00:00Z", "2026-11-23T20:00:00Z", (True, True)),
        ("2026-11-22T00:00:00Z", "2026-11-20T00:00:00Z", (False, False)),
        ("2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z", (True, True)),
        ("", "", (False, False)),
        ("PT5S", "-P1D", (False, False)),
    ],
)
def test_bounds_that_cannot_be_true_are_unknown(
    earliest: str, latest: str, expected: tuple[bool, bool]
) -> None:
    """1970, more than a day ahead of the camera's clock, an end before its start."""
    found = bounds(earliest, latest, camera_now=NOW, zone=JST)
    assert (found[0] is not None, found[1] is not None) == expected


def test_the_future_is_judged_by_the_cameras_own_clock() -> None:
    """A clock of 2030 makes times of 2030 plausible; without a clock nothing is of the future."""
    ahead = "2030-05-01T00:00:00Z"
    assert bounds("", ahead, camera_now=datetime(2030, 5, 1, tzinfo=UTC))[1] is not None
    assert bounds("", ahead)[1] is not None
    assert bounds("", ahead, camera_now=NOW)[1] is None


def test_a_missing_bound_is_taken_from_the_video() -> None:
    """Both bounds are optional; audio and metadata do not stand in for video."""
    tracks = track("V", "Video", "2026-11-10T00:00:00Z", "2026-11-23T02:00:00Z") + track(
        "M", "Metadata", "2026-11-01T00:00:00Z", "2026-11-23T02:30:00Z"
    )
    video = (datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 11, 23, 2, tzinfo=UTC))
    assert bounds("", "", tracks) == video
    assert bounds("1970-01-01T00:00:00Z", "2026-11-23T02:00:00Z", tracks) == video


@pytest.mark.parametrize(
    ("latest", "zone", "expected"),
    [
        # Japan, local time written: as UTC it would lie nine hours ahead.
        ("2026-11-23T12:00:00", JST, NOW),
        # Japan, UTC written without its Z.
        ("2026-11-23T02:59:30", JST, datetime(2026, 11, 23, 2, 59, 30, tzinfo=UTC)),
        # West of Greenwich, local time written: as UTC it would look hours old.
        ("2026-11-22T20:00:00", timezone(timedelta(hours=-7)), NOW),
        # Further ahead than any zone: UTC, and so more than plausible or not at all.
        ("2026-11-23T23:00:00", JST, datetime(2026, 11, 23, 23, tzinfo=UTC)),
        ("2026-11-23T02:00:00", None, datetime(2026, 11, 23, 2, tzinfo=UTC)),
        # Local time of a zone that nobody told: as UTC it would lie in the future, so it is not known.
        ("2026-11-23T12:00:00", None, None),
    ],
)
def test_times_without_a_zone_are_read_where_they_make_sense(
    latest: str, zone: timezone | None, expected: datetime | None
) -> None:
    """They should be UTC, and some are local; footage that is being written ends now."""
    assert bounds("", latest, camera_now=NOW, zone=zone)[1] == expected


def test_all_times_of_an_answer_are_read_in_one_zone() -> None:
    """The newest decides for the oldest, too."""
    found = bounds("2026-11-10T00:00:00", "2026-11-23T12:00:00", camera_now=NOW, zone=JST)
    assert found == (datetime(2026, 11, 9, 15, tzinfo=UTC), NOW)
    assert bounds("0001-01-01T00:00:00", "0001-01-01T00:00:00", camera_now=NOW, zone=JST) == (
        None,
        None,
    )


def test_a_recording_information_without_a_recording_is_useless() -> None:
    """There is nothing to go by."""
    with pytest.raises(CameraAnswerInvalid):
        parse_recording_information(response("GetRecordingInformation").encode())


def test_pages_of_a_search() -> None:
    """States in any case; queued and searching go on, anything else is the end."""
    inside = (
        "<ResultList><SearchState>{}</SearchState><RecordingInformation><RecordingToken>a</RecordingToken>"
        "<LatestRecording>2026-11-23T02:00:00Z</LatestRecording></RecordingInformation></ResultList>"
    )
    for state, completed in (
        ("searching", False),
        ("Queued", False),
        ("Completed", True),
        ("", True),
    ):
        answer = response("GetRecordingSearchResults", inside.format(state)).encode()
        page = parse_recording_search(answer, camera_now=NOW)
        assert page.completed is completed
        assert [recording.token for recording in page.recordings] == ["a"]
    with pytest.raises(CameraAnswerInvalid):
        parse_recording_search(response("GetRecordingSearchResults").encode())
    assert (
        parse_search_token(response("FindRecordings", "<SearchToken>s</SearchToken>").encode())
        == "s"
    )
    with pytest.raises(CameraAnswerInvalid):
        parse_search_token(response("FindRecordings").encode())


def test_jobs_and_their_states() -> None:
    """A priority out of its mind does no harm, and states come in any case."""
    answer = response(
        "GetRecordingJobs",
        "<JobItem><JobToken>j</JobToken><JobConfiguration><RecordingToken>SD_1</RecordingToken>"
        "<Mode>Active</Mode><Priority>-567564259</Priority></JobConfiguration></JobItem><JobItem/>",
    )
    (job,) = parse_recording_jobs(answer.encode())
    assert (job.token, job.recording_token, job.state) == ("j", "SD_1", JobState.UNKNOWN)
    for text, state in {
        "idle": JobState.IDLE,
        "Active": JobState.ACTIVE,
        "PartiallyActive": JobState.PARTIALLY_ACTIVE,
        "Partially Active": JobState.PARTIALLY_ACTIVE,
        "ERROR": JobState.ERROR,
        "": JobState.UNKNOWN,
        "Resting": JobState.UNKNOWN,
    }.items():
        answer = response(
            "GetRecordingJobState", f"<State><RecordingToken/><State>{text}</State></State>"
        )
        assert parse_recording_job_state(answer.encode()) is state
