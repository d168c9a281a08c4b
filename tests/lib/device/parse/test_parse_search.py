"""What a search for events tells: where footage begins and ends, track by track, as real cameras write it."""

from datetime import UTC, datetime

import pytest

from custom_components.niiza_cctv.lib.device.model import TrackEvent
from custom_components.niiza_cctv.lib.device.parse.search import EventPage, parse_event_search
from tests.lib.device.scripted_onvif import response

NOW = datetime(2026, 9, 6, tzinfo=UTC)
MORNING = datetime(2026, 9, 5, 9, 5, 12, tzinfo=UTC)


def result(
    track: str,
    at: str,
    present: str,
    start: str,
    *,
    topic: str = "tns1:RecordingHistory/Track/State",
    recording: str = "<RecordingToken>REC_1</RecordingToken>",
    name: str = "IsDataPresent",
) -> str:
    """Return one result, elements closed by tags of their own as the real one has them."""
    return (
        f"<Result>{recording}<TrackToken>{track}</TrackToken><Time>{at}</Time><Event>"
        f'<Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">{topic}</Topic>'
        f'<Message><Message UtcTime="2026-09-05T09:05:12Z" PropertyOperation="Changed"><Source>'
        f'<SimpleItem Name="RecordingToken" Value="REC_1"></SimpleItem>'
        f'<SimpleItem Name="Track" Value="{track}"></SimpleItem></Source>'
        f'<Data><SimpleItem Name="{name}" Value="{present}"></SimpleItem></Data></Message></Message></Event>'
        f"<StartStateEvent>{start}</StartStateEvent></Result>"
    )


def page(*results: str, state: str = "Completed") -> EventPage:
    """Return what an answer with these results says."""
    inside = f"<ResultList><SearchState>{state}</SearchState>{''.join(results)}</ResultList>"
    return parse_event_search(response("GetEventSearchResults", inside).encode(), camera_now=NOW)


def test_start_states_and_changes_of_each_track() -> None:
    """As onvif/specs#380 has them: how each track stood where the search began, then where it changed."""
    found = page(
        result("REC_VIDEO", "2026-09-05T09:05:12Z", "false", "true"),
        result("REC_AUDIO", "2026-09-05T09:05:12Z", "false", "true"),
        result("REC_VIDEO", "2026-09-05T09:06:00Z", "true", "false"),
        result("REC_VIDEO", "2026-09-05T10:00:00Z", "false", "false"),
    )
    assert found.completed
    assert found.events == tuple(
        TrackEvent(recording="REC_1", track=track, at=at, present=present, start_state=start)
        for track, at, present, start in (
            ("REC_VIDEO", MORNING, False, True),
            ("REC_AUDIO", MORNING, False, True),
            ("REC_VIDEO", datetime(2026, 9, 5, 9, 6, tzinfo=UTC), True, False),
            ("REC_VIDEO", datetime(2026, 9, 5, 10, tzinfo=UTC), False, False),
        )
    )


@pytest.mark.parametrize(
    ("changes", "present", "at"),
    [
        ({"present": "TRUE"}, True, MORNING),
        ({"present": "1", "start": "1"}, True, MORNING),
        ({"present": "0"}, False, MORNING),
        # A time without a zone gives way to the message's, which is UTC by its definition.
        ({"at": "2026-09-05T18:05:12"}, True, MORNING),
        ({"at": ""}, True, MORNING),
        ({"at": "2026-09-05T18:05:12+09:00"}, True, MORNING),
        ({"recording": ""}, True, MORNING),
        ({"topic": "tns1:RecordingHistory/tns1:Track/tns1:State"}, True, MORNING),
    ],
)
def test_an_event_in_other_spellings(changes: dict[str, str], present: bool, at: datetime) -> None:
    """Each says the same."""
    values = {"track": "V", "at": "2026-09-05T09:05:12Z", "present": "true", "start": "false"}
    (event,) = page(result(**values | changes)).events
    assert (event.recording, event.track, event.present, event.at) == ("REC_1", "V", present, at)


@pytest.mark.parametrize(
    "changes",
    [
        {"present": ""},
        {"present": "perhaps"},
        {"name": "IsRecording"},
        {"topic": "tns1:VideoSource/MotionAlarm"},
        {"at": "1970-01-01T00:00:00Z"},
        {"at": "2099-01-01T00:00:00Z"},
    ],
)
def test_what_tells_of_no_footage_is_left_out(changes: dict[str, str]) -> None:
    """A gap, or footage, is never made of it."""
    values = {"track": "V", "at": "2026-09-05T09:05:12Z", "present": "true", "start": "false"}
    assert page(result(**values | changes)).events == ()


def test_a_search_that_goes_on_says_so() -> None:
    """Whatever else the state is called, it is the end."""
    assert not page(state="Searching").completed
    assert not page(state="queued").completed
    assert page(state="Completed").completed
    assert page(state="").completed
