"""The search for where footage begins and ends, against cameras whose every answer the test writes."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
import time

import aiohttp
import pytest

from custom_components.niiza_cctv.lib.device.client import OnvifClient
from custom_components.niiza_cctv.lib.device.errors import (
    CameraAnswerInvalid,
    CameraError,
    CameraOperationUnsupported,
)
from custom_components.niiza_cctv.lib.device.model import CameraAddress, Credential, TrackEvent
from tests.lib.device.scripted_onvif import (
    Asked,
    Plain,
    ScriptedOnvif,
    fault,
    response,
    scripted,
    services_answer,
)

pytestmark = pytest.mark.usefixtures("socket_enabled")

START = datetime(2026, 11, 10, tzinfo=UTC)
END = datetime(2026, 11, 23, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
SEARCH = {
    "GetServices": services_answer(ver10_search="/s"),
    "FindEvents": response("FindEvents", "<SearchToken>s&lt;1</SearchToken>"),
    "EndSearch": response("EndSearch", "<Endpoint>2026-11-23T01:00:00Z</Endpoint>"),
}


@pytest.fixture
async def http() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session to borrow."""
    async with aiohttp.ClientSession() as session:
        yield session


async def client_of(
    http: aiohttp.ClientSession, camera: ScriptedOnvif, *, timeout: float = 2.0
) -> OnvifClient:
    """Return a connected client."""
    client = OnvifClient(
        http,
        CameraAddress(host="127.0.0.1", port=camera.port),
        Credential(username="viewer", password="viewer-pass"),
        timeout=timeout,
        search_pause=0.01,
    )
    await client.connect()
    return client


def result(
    at: str = "2026-11-12T03:00:00Z",
    *,
    recording: str = "R",
    track: str = "V",
    topic: str = "tns1:RecordingHistory/Track/State",
    item: str = "IsDataPresent",
    value: str = "true",
    utc: str = "2026-11-12T03:00:00Z",
    start_state: str = "false",
) -> str:
    """Return one result of a search for events."""
    return (
        f"<Result><RecordingToken>{recording}</RecordingToken><TrackToken>{track}</TrackToken><Time>{at}</Time>"
        f"<Event><Topic>{topic}</Topic><Message><Message UtcTime='{utc}'><Source/>"
        f"<Data><SimpleItem Name='{item}' Value='{value}'/></Data></Message></Message></Event>"
        f"<StartStateEvent>{start_state}</StartStateEvent></Result>"
    )


def page(state: str, *results: str) -> str:
    """Return a page of results."""
    return response(
        "GetEventSearchResults",
        f"<ResultList><SearchState>{state}</SearchState>{''.join(results)}</ResultList>",
    )


async def found(http: aiohttp.ClientSession, *results: str) -> tuple[TrackEvent, ...]:
    """Return what is made of these results."""
    async with scripted(**SEARCH, GetEventSearchResults=page("Completed", *results)) as camera:
        client = await client_of(http, camera)
        return await client.find_track_events(START, END)


async def test_pages_come_until_the_search_is_complete_and_it_is_given_back(
    http: aiohttp.ClientSession,
) -> None:
    """What comes twice counts once; an empty page is no end."""
    pages = iter(
        [
            page("Queued"),
            page("Searching", result(), result("2026-11-12T04:00:00Z", value="false")),
            page("Searching"),
            page("Completed", result(), result("2026-11-12T05:00:00Z", value="1")),
        ]
    )
    async with scripted(**SEARCH, GetEventSearchResults=lambda _: next(pages)) as camera:
        client = await client_of(http, camera)
        events = await client.find_track_events(START, END)
        assert [(event.at.hour, event.present) for event in events] == [
            (3, True),
            (4, False),
            (5, True),
        ]
        asked = next(item.body for item in camera.asked if item.operation == "FindEvents")
        assert "<StartPoint>2026-11-10T00:00:00Z</StartPoint>" in asked
        assert "<EndPoint>2026-11-23T01:00:00Z</EndPoint>" in asked
        assert "<IncludeStartState>true</IncludeStartState>" in asked
        assert camera.asked[-1].operation == "EndSearch"
        assert "<SearchToken>s&lt;1</SearchToken>" in camera.asked[-1].body


async def test_what_is_no_usable_event_is_left_out(http: aiohttp.ClientSession) -> None:
    """Motion, times that cannot be, values that say nothing, recordings without a name."""
    events = await found(
        http,
        result(topic="tns1:VideoSource/MotionAlarm", item="State"),
        result("1970-01-01T00:00:00Z"),
        result("2099-01-01T00:00:00Z"),
        result("no time", utc="neither"),
        result(value="perhaps"),
        result(recording=""),
        result("2026-11-13T00:00:00Z", value="FALSE"),
        result(topic="tns1:RecordingHistory/Recording/State", item="IsRecording"),
    )
    assert [(event.track, event.present) for event in events] == [("V", False), (None, True)]


async def test_the_state_at_the_start_is_of_the_start(http: aiohttp.ClientSession) -> None:
    """Whatever time the camera writes there."""
    (event,) = await found(http, result("1970-01-01T00:00:00Z", start_state="true"))
    assert event == TrackEvent(recording="R", track="V", at=START, present=True, start_state=True)


async def test_a_time_without_a_zone_gives_way_to_the_messages(
    http: aiohttp.ClientSession,
) -> None:
    """Local times without a zone have been seen; the message's own is UTC by definition."""
    (event,) = await found(http, result("2026-11-12T12:00:00", utc="2026-11-12T03:00:00Z"))
    assert event.at == datetime(2026, 11, 12, 3, tzinfo=UTC)
    (event,) = await found(http, result("2026-11-12T12:00:00", utc=""))
    assert event.at == datetime(2026, 11, 12, 12, tzinfo=UTC)


async def test_a_search_that_never_ends_is_left_and_given_back(
    http: aiohttp.ClientSession,
) -> None:
    """Repeating itself, drawing its answers out, or finding more than a card can hold."""
    async with scripted(**SEARCH, GetEventSearchResults=page("Searching", result())) as camera:
        client = await client_of(http, camera)
        with pytest.raises(CameraAnswerInvalid):
            await client.find_track_events(START, END)
        assert camera.count("GetEventSearchResults") <= 20
        assert camera.asked[-1].operation == "EndSearch"

    async def slow(_: Asked) -> str:
        await asyncio.sleep(0.3)
        return page("Searching")

    async with scripted(**SEARCH, GetEventSearchResults=slow) as camera:
        client = await client_of(http, camera)
        client.session.timeout = 1.5
        started = time.monotonic()
        with pytest.raises(CameraError):
            await client.find_track_events(START, END)
        # It would go on for ever.
        assert time.monotonic() - started < 20
        assert camera.asked[-1].operation == "EndSearch"

    count = iter(range(10**9))

    def flood(_: Asked) -> str:
        moments = (START + timedelta(seconds=next(count)) for _ in range(750))
        return page("Searching", *(result(f"{at:%Y-%m-%dT%H:%M:%SZ}") for at in moments))

    async with scripted(**SEARCH, GetEventSearchResults=flood) as camera:
        client = await client_of(http, camera, timeout=20)
        with pytest.raises(CameraAnswerInvalid, match="no end"):
            await client.find_track_events(START, END)
        # A page gives at most a thousand of what it holds.
        assert 20 <= camera.count("GetEventSearchResults") <= 32


async def test_a_search_that_is_abandoned_is_given_back(http: aiohttp.ClientSession) -> None:
    """Cameras keep few at a time: cancelling must not leave one behind."""
    reached = asyncio.Event()

    async def hang(_: Asked) -> str:
        reached.set()
        await asyncio.Event().wait()
        return page("Completed")

    async with scripted(**SEARCH, GetEventSearchResults=hang) as camera:
        client = await client_of(http, camera, timeout=20)
        task = asyncio.create_task(client.find_track_events(START, END))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert camera.asked[-1].operation == "EndSearch"


async def test_cameras_that_cannot_search_say_so(http: aiohttp.ClientSession) -> None:
    """An unknown operation is unsupported; a filter that is refused is left away."""
    async with scripted(GetServices=SEARCH["GetServices"]) as camera:
        client = await client_of(http, camera)
        with pytest.raises(CameraOperationUnsupported):
            await client.find_track_events(START, END)
        assert camera.count("EndSearch") == 0

    def picky(asked: Asked) -> str | Plain:
        if "TopicExpression" in asked.body:
            return fault("ter:InvalidFilterFault")
        return response("FindEvents", "<SearchToken>s</SearchToken>")

    async with scripted(
        GetServices=SEARCH["GetServices"],
        FindEvents=picky,
        GetEventSearchResults=page("Completed", result()),
    ) as camera:
        client = await client_of(http, camera)
        assert len(await client.find_track_events(START, END)) == 1


async def test_an_end_of_search_that_fails_spoils_nothing(http: aiohttp.ClientSession) -> None:
    """What was found was found."""
    for answer in (fault("ter:InvalidToken"), "<html/>", ""):
        async with scripted(
            GetServices=SEARCH["GetServices"],
            FindEvents=SEARCH["FindEvents"],
            EndSearch=answer,
            GetEventSearchResults=page("Completed", result()),
        ) as camera:
            client = await client_of(http, camera)
            assert len(await client.find_track_events(START, END)) == 1


async def test_the_history_of_recordings_serves_where_tracks_have_none(
    http: aiohttp.ClientSession,
) -> None:
    """Asked for only then; each search is given back."""

    def find(asked: Asked) -> str:
        token = "tracks" if "Track/State<" in asked.body else "whole"
        return response("FindEvents", f"<SearchToken>{token}</SearchToken>")

    def results(asked: Asked) -> str:
        if "<SearchToken>tracks</SearchToken>" in asked.body:
            return page("Completed")
        return page(
            "Completed",
            result(topic="tns1:RecordingHistory/Recording/State", item="IsRecording"),
        )

    async with scripted(
        GetServices=SEARCH["GetServices"],
        FindEvents=find,
        EndSearch=SEARCH["EndSearch"],
        GetEventSearchResults=results,
    ) as camera:
        client = await client_of(http, camera)
        (event,) = await client.find_track_events(START, END)
        assert event.track is None
        topics = [item.body for item in camera.asked if item.operation == "FindEvents"]
        assert ["Recording/State<" in body for body in topics][-2:] == [False, True]
        ended = [item.body for item in camera.asked if item.operation == "EndSearch"]
        assert ["tracks" in body for body in ended] == [True, False]
