"""What a camera answers to a search on its card (Recording Search specification)."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import islice
from typing import Final

from ..errors import CameraAnswerInvalid
from ..model import Recording, TrackEvent
from ..soap import Envelope, child, open_envelope, text
from ..xml import Element
from .events import MAX_MESSAGES, parse_topic, read_event
from .fields import each_child, first_by_token, read_token
from .recording import MAX_RECORDINGS, plausible_bounds, read_recording
from .time import parse_time


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """One answer to GetRecordingSearchResults."""

    recordings: tuple[Recording, ...]
    completed: bool


@dataclass(frozen=True, kw_only=True)
class EventPage:
    """One answer to GetEventSearchResults."""

    events: tuple[TrackEvent, ...]
    completed: bool


# The data item that says whether there is footage, by topic (Recording Search, "Recording events").
_HISTORY: Final = {
    "RecordingHistory/Track/State": "IsDataPresent",
    "RecordingHistory/Recording/State": "IsRecording",
}


def parse_recording_information(
    envelope: Envelope, *, camera_now: datetime | None = None, zone: tzinfo | None = None
) -> Recording:
    """Return one recording of GetRecordingInformation (Recording Search, 5.3), bounds in camera time.

    `camera_now` is the camera's clock (UTC), `zone` its zone: with both, times without a zone are read as
    local where UTC would lie in the future. Implausible times are None: before 2001, more than a day ahead
    of the camera's clock, or a start after its end.
    """
    answer = open_envelope(envelope, "GetRecordingInformationResponse")
    if (information := child(answer, "RecordingInformation")) is None:
        raise CameraAnswerInvalid("the answer has no recording")
    return read_recording(information, camera_now, zone)


def parse_recording_search(
    envelope: Envelope, *, camera_now: datetime | None = None, zone: tzinfo | None = None
) -> SearchPage:
    """Return one page of GetRecordingSearchResults (Recording Search, 5.6); times as above.

    Raises CameraAnswerInvalid where none that was found has a token: that is no empty card.
    """
    answer = child(open_envelope(envelope, "GetRecordingSearchResultsResponse"), "ResultList")
    if answer is None:
        raise CameraAnswerInvalid("the answer has no result list")
    found = [
        read_recording(information, camera_now, zone)
        for information in islice(each_child(answer, "RecordingInformation"), MAX_RECORDINGS + 1)
    ]
    recordings = first_by_token(
        ((recording.token, recording) for recording in found), MAX_RECORDINGS + 1
    )
    if found and not recordings:
        raise CameraAnswerInvalid("no recording that was found has a token")
    return SearchPage(
        recordings=recordings,
        completed=text(answer, "SearchState").lower() not in {"queued", "searching"},
    )


def parse_search_token(envelope: Envelope) -> str:
    """Return the token of a search that FindRecordings or FindEvents began."""
    answer = open_envelope(envelope, "FindRecordingsResponse", "FindEventsResponse")
    if token := read_token(text(answer, "SearchToken")):
        return token
    raise CameraAnswerInvalid("the search has no token")


def parse_end_search(envelope: Envelope) -> None:
    """Take note that a search has ended; where it had come to is of no use here."""
    open_envelope(envelope, "EndSearchResponse")


def parse_event_search(envelope: Envelope, *, camera_now: datetime | None = None) -> EventPage:
    """Return one page of GetEventSearchResults (Recording Search, 5.9): where footage begins and ends, at most 1,000.

    Other events, and those whose times or tokens cannot be, are left out. A time without a zone gives way to that of
    the message, which is UTC by its definition.
    """
    answer = child(open_envelope(envelope, "GetEventSearchResultsResponse"), "ResultList")
    if answer is None:
        raise CameraAnswerInvalid("the answer has no result list")
    events: list[TrackEvent] = []
    for result in each_child(answer, "Result"):
        if len(events) == MAX_MESSAGES:
            break
        if (event := _track_event(result, camera_now)) is not None:
            events.append(event)
    return EventPage(
        events=tuple(events),
        completed=text(answer, "SearchState").lower() not in {"queued", "searching"},
    )


def _track_event(result: Element, camera_now: datetime | None) -> TrackEvent | None:
    topic = parse_topic(text(result, "Event", "Topic"))
    message = child(result, "Event", "Message", "Message")
    event = read_event(topic, message)
    present = event.data.get(_HISTORY.get(topic, ""), "").lower()
    recording = read_token(text(result, "RecordingToken")) or event.source.get("RecordingToken", "")
    at = parse_time(text(result, "Time"))
    if at is None or at.tzinfo is None:
        at = event.at or (at and at.replace(tzinfo=UTC))
    start_state = text(result, "StartStateEvent").lower() in {"true", "1"}
    if present not in {"true", "false", "1", "0"} or not recording or at is None:
        return None
    if not start_state and plausible_bounds(at, None, UTC, camera_now)[0] is None:
        return None
    track = read_token(text(result, "TrackToken")) or event.source.get("Track", "")
    return TrackEvent(
        recording=recording,
        track=track if topic == "RecordingHistory/Track/State" else None,
        at=at,
        present=present in {"true", "1"},
        start_state=start_state,
    )
