"""Subscriptions: states at once, events in time, renewal by the camera's clock, death noticed."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
import re
import time
from typing import Any

import aiohttp
from lxml import etree
import pytest

from custom_components.niiza_cctv.lib.device.client import OnvifClient
from custom_components.niiza_cctv.lib.device.errors import (
    CameraAnswerInvalid,
    CameraError,
    CameraOperationUnsupported,
    CameraUnreachable,
)
from custom_components.niiza_cctv.lib.device.model import CameraAddress, CameraEvent, Credential
from custom_components.niiza_cctv.lib.device.pullpoint import PullPoint
from custom_components.niiza_cctv.lib.device.quirks import Quirk
from simulator.camera import AuthMode, CardFault, Garbage, Quirk as Habit
from simulator.running import RunningCamera
from simulator.station import Station
from tests.lib.device.raw_http import identity_answer
from tests.lib.device.scripted_onvif import (
    Asked,
    Plain,
    ScriptedOnvif,
    challenge,
    fault,
    response,
    scripted,
    services_answer,
)
from tests.station import camera_config

VIEWER = Credential(username="viewer", password="viewer-pass")
FAILURE = "Device/HardwareFailure/StorageFailure"
ADDRESSING = "{http://www.w3.org/2005/08/addressing}"
SOON = timedelta(seconds=1)

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
async def http() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session to lend."""
    async with aiohttp.ClientSession() as session:
        yield session


@asynccontextmanager
async def simulated(
    http: aiohttp.ClientSession, **changes: Any
) -> AsyncGenerator[tuple[RunningCamera, OnvifClient]]:
    """Run one simulated camera and connect to it."""
    async with Station([camera_config(**changes)]) as station:
        camera = station.cameras["kita"]
        client = await connected(http, camera.http_port)
        yield camera, client


async def connected(http: aiohttp.ClientSession, port: int, *, timeout: float = 5.0) -> OnvifClient:
    """Return a client that has connected."""
    client = OnvifClient(http, CameraAddress(host="127.0.0.1", port=port), VIEWER, timeout=timeout)
    await client.connect()
    return client


def storage(events: tuple[CameraEvent, ...]) -> list[str]:
    """Return what the storage-failure events say."""
    return [event.data["Failed"] for event in events if event.topic == FAILURE]


# --- The simulated camera -----------------------------------------------------------------------------


@pytest.mark.parametrize("auth", [AuthMode.DIGEST, AuthMode.WSSE])
@pytest.mark.parametrize("skew", [0.0, -420.0, 86400.0 * 365])
@pytest.mark.parametrize(
    "quirks",
    [
        frozenset(),
        frozenset({Habit.SUBSCRIPTION_BY_PARAMETER}),
        frozenset({Habit.EMPTY_STORAGE_TOKEN, Habit.IDLE_LOWERCASE}),
    ],
    ids=lambda quirks: "+".join(sorted(quirks)) or "none",
)
async def test_states_come_at_once_and_changes_when_they_happen(
    http: aiohttp.ClientSession, auth: AuthMode, skew: float, quirks: frozenset[Habit]
) -> None:
    """Behind NAT, with the clock off, with subscriptions by address or by parameter."""
    async with simulated(http, auth=auth, quirks=quirks, advertised_host="192.168.77.7") as (
        camera,
        _,
    ):
        camera.set(clock_offset=skew)
        client = await connected(http, camera.http_port)
        pull_point = await client.pull_point()
        first = await pull_point.pull(SOON)
        assert set(storage(first)) == {"false"}
        assert {event.operation for event in first} == {"Initialized"}
        assert {"RecordingConfig/JobState", "RecordingHistory/Recording/State"} <= {
            event.topic for event in first
        }
        waiting = asyncio.create_task(pull_point.pull(timedelta(seconds=10)))
        await asyncio.sleep(0.1)
        started = time.monotonic()
        camera.set(card=CardFault.FAILED)
        events = await waiting
        # Before the time of the pull is up.
        assert time.monotonic() - started < 8
        while not storage(events):
            events = await pull_point.pull(SOON)
        assert storage(events) == ["true"]
        (at,) = {event.at for event in events if event.topic == FAILURE}
        assert at is not None
        assert abs(at - camera.camera.now()) < timedelta(seconds=10)
        await pull_point.renew()
        assert await pull_point.pull(SOON) is not None
        await pull_point.unsubscribe()
        with pytest.raises(CameraError):
            await pull_point.pull(SOON)


async def test_a_pull_without_news_is_an_empty_answer(http: aiohttp.ClientSession) -> None:
    """It comes after the time that was asked for, not before."""
    async with simulated(http) as (_, client):
        pull_point = await client.pull_point()
        await pull_point.pull(SOON)
        started = time.monotonic()
        assert await pull_point.pull(timedelta(seconds=2)) == ()
        # Sooner than the grace for a slow answer, too.
        assert 1.5 < time.monotonic() - started < 10
        await pull_point.unsubscribe()


async def test_a_subscription_that_dies_without_a_word_is_noticed(
    http: aiohttp.ClientSession,
) -> None:
    """The next pull says so, and a new subscription has the states again."""
    async with simulated(http) as (camera, client):
        pull_point = await client.pull_point()
        await pull_point.pull(SOON)
        camera.set(subscriptions_die=True)
        with pytest.raises(CameraError):
            await pull_point.pull(SOON)
        camera.set(subscriptions_die=False)
        await pull_point.unsubscribe()
        again = await client.pull_point()
        assert storage(await again.pull(SOON))
        await again.unsubscribe()


async def test_a_reboot_ends_a_subscription(http: aiohttp.ClientSession) -> None:
    """Connections break, and afterwards nobody knows of it."""
    async with simulated(http) as (camera, client):
        pull_point = await client.pull_point()
        await pull_point.pull(SOON)
        waiting = asyncio.create_task(pull_point.pull(timedelta(seconds=20)))
        await asyncio.sleep(0.1)
        port = camera.http_port
        await camera.soap.stop()
        with pytest.raises(CameraError):
            await waiting
        with pytest.raises(CameraUnreachable):
            await pull_point.pull(SOON)
        camera.camera.config = replace(camera.camera.config, http_port=port)
        await camera.soap.start()
        with pytest.raises(CameraError):
            await pull_point.pull(SOON)
        await pull_point.unsubscribe()


@pytest.mark.parametrize("garbage", [kind for kind in Garbage if kind is not Garbage.NONE])
async def test_garbage_ends_a_subscription(http: aiohttp.ClientSession, garbage: Garbage) -> None:
    """Whatever comes instead of events, the caller hears of it."""
    async with simulated(http) as (camera, client):
        pull_point = await client.pull_point()
        await pull_point.pull(SOON)
        camera.set(garbage=garbage)
        with pytest.raises((CameraAnswerInvalid, CameraUnreachable)):
            await pull_point.pull(SOON)
        await pull_point.unsubscribe()


async def test_one_unsubscribe_may_cancel_all(http: aiohttp.ClientSession) -> None:
    """Of another client's subscription; ours is noticed to be gone."""
    async with simulated(http, quirks=frozenset({Habit.CANCEL_ALL_ON_UNSUBSCRIBE})) as (_, client):
        ours, other = await client.pull_point(), await client.pull_point()
        await ours.pull(SOON)
        await other.unsubscribe()
        with pytest.raises(CameraError):
            await ours.pull(SOON)


# --- Scripted cameras ---------------------------------------------------------------------------------


def times(seconds: int) -> str:
    """Return the two times of an answer, in a year of the camera's own."""
    end = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return (
        "<CurrentTime>1999-12-31T00:00:00Z</CurrentTime>"
        f"<TerminationTime>1999-12-31T{end}Z</TerminationTime>"
    )


def subscription(
    seconds: int = 300, address: str = "http://10.0.0.9/sub/1", reference: str = ""
) -> str:
    """Return a CreatePullPointSubscription answer."""
    parameters = f"<ReferenceParameters>{reference}</ReferenceParameters>" if reference else ""
    return response(
        "CreatePullPointSubscription",
        f"<SubscriptionReference><Address>{address}</Address>{parameters}</SubscriptionReference>"
        + times(seconds),
    )


def scripted_events(**answers: Any) -> Any:
    """Run a camera that has events; everything but the answers given is as it should be."""
    return scripted(
        **{
            "GetServices": services_answer(ver10_events="http://10.0.0.9/onvif/events"),
            "CreatePullPointSubscription": subscription(),
            "SetSynchronizationPoint": response("SetSynchronizationPoint"),
            "PullMessages": response("PullMessages", times(300)),
            "Renew": response("Renew", times(300)),
            "Unsubscribe": response("Unsubscribe"),
        }
        | answers
    )


async def subscribed(
    http: aiohttp.ClientSession, camera: ScriptedOnvif, *, timeout: float = 5.0
) -> PullPoint:
    """Return a subscription to a scripted camera."""
    return await (await connected(http, camera.port, timeout=timeout)).pull_point()


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let time pass on our own clock."""
    real = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real() + seconds)


async def test_what_a_subscription_is_asked_goes_to_its_own_address(
    http: aiohttp.ClientSession,
) -> None:
    """WS-Addressing: To as the camera wrote it, the action, and the parameters echoed; on the wire our host."""
    created = subscription(
        address="http://user:secret@10.0.0.9:8000/sub?id=1&amp;x=2",
        reference='<v:Id xmlns:v="urn:v">7</v:Id>',
    )
    async with scripted_events(CreatePullPointSubscription=created) as camera:
        pull_point = await subscribed(http, camera)
        await pull_point.pull(SOON)
        await pull_point.renew()
        await pull_point.unsubscribe()
        actions = {}
        for asked in camera.asked:
            if asked.operation in {
                "SetSynchronizationPoint",
                "PullMessages",
                "Renew",
                "Unsubscribe",
            }:
                assert asked.path == "/sub"
                header = etree.fromstring(asked.body.encode())[0]
                assert header.findtext(f"{ADDRESSING}To") == "http://10.0.0.9:8000/sub?id=1&x=2"
                assert header.findtext("{urn:v}Id") == "7"
                action = header.findtext(f"{ADDRESSING}Action")
                assert f'action="{action}"' in asked.headers["Content-Type"]
                actions[asked.operation] = (action or "").rpartition("/")[2]
        assert actions == {name: f"{name}Request" for name in actions}
        assert len(actions) == 4


async def test_a_subscription_is_renewed_in_time_and_not_before(
    http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the difference of the camera's own two times: it may live in 1999."""
    async with scripted_events() as camera:
        pull_point = await subscribed(http, camera)
        await pull_point.pull()
        assert camera.count("Renew") == 0
        camera.answers["PullMessages"] = response("PullMessages", times(240))
        later(monkeypatch, 200)
        await pull_point.pull()
        assert camera.count("Renew") == 0, "100 s are left for a pull of 60 s"
        later(monkeypatch, 180)
        await pull_point.pull()
        assert camera.count("Renew") == 1
        camera.answers["Renew"] = response("Renew")
        await pull_point.renew()
        await pull_point.pull()
        assert camera.count("Renew") == 2, "without a word on it, it lives as long as was asked"
        assert camera.count("CreatePullPointSubscription") == 1 + 1, (
            "the first was without a log-in"
        )


async def test_a_pull_that_tells_no_times_changes_nothing(
    http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The subscription lives as long as was granted before."""
    async with scripted_events(PullMessages=response("PullMessages")) as camera:
        pull_point = await subscribed(http, camera)
        later(monkeypatch, 200)
        assert await pull_point.pull() == ()
        assert camera.count("Renew") == 0
        later(monkeypatch, 100)
        assert await pull_point.pull() == ()
        assert camera.count("Renew") == 1


async def test_a_pull_does_not_outlive_a_short_subscription(http: aiohttp.ClientSession) -> None:
    """A camera that grants ten seconds is renewed at each pull, and asked for no more than half of them."""
    async with scripted_events(
        CreatePullPointSubscription=subscription(10), Renew=response("Renew", times(10))
    ) as camera:
        pull_point = await subscribed(http, camera)
        await pull_point.pull()
        assert camera.count("Renew") == 1
        seconds = re.search(r"<Timeout>PT(\d+)S", camera.asked[-1].body)
        assert seconds is not None
        assert 1 <= int(seconds[1]) <= 5


@pytest.mark.parametrize(
    "renew", [fault("ter:ActionNotSupported"), fault(reason="Renew not implemented")]
)
async def test_a_camera_that_cannot_renew_makes_a_new_subscription(
    http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch, renew: Plain
) -> None:
    """With the states again; the old one is left to end by itself, since unsubscribing may cancel both."""
    number = 0

    def create(asked: Asked) -> str:
        nonlocal number
        number += asked.by_token
        return subscription(address=f"/sub/{number}")

    async with scripted_events(Renew=renew, CreatePullPointSubscription=create) as camera:
        pull_point = await subscribed(http, camera)
        for second in range(2, 4):
            later(monkeypatch, 290)
            await pull_point.pull()
            assert camera.asked[-1].path == f"/sub/{second}"
            assert camera.count("SetSynchronizationPoint") == second
        assert camera.count("Renew") == 1, "what it cannot do is not asked again"
        assert camera.count("Unsubscribe") == 0


async def test_a_renewal_that_fails_tells_that_the_subscription_is_gone(
    http: aiohttp.ClientSession,
) -> None:
    """A fault of another kind is news to the caller."""
    async with scripted_events(
        CreatePullPointSubscription=subscription(5), Renew=fault("wsrf-r:ResourceUnknownFault")
    ) as camera:
        pull_point = await subscribed(http, camera)
        with pytest.raises(CameraAnswerInvalid, match="ResourceUnknownFault"):
            await pull_point.pull()
        assert camera.count("PullMessages") == 0


async def test_a_camera_that_takes_no_wish_as_to_how_long(http: aiohttp.ClientSession) -> None:
    """Asked without one it subscribes, and without a synchronisation point it does, too."""

    def create(asked: Asked) -> Plain | str:
        wish = "InitialTerminationTime" in asked.body
        return fault("wsnt:UnacceptableInitialTerminationTimeFault") if wish else subscription()

    async with scripted_events(
        CreatePullPointSubscription=create, SetSynchronizationPoint=fault("ter:ActionNotSupported")
    ) as camera:
        pull_point = await subscribed(http, camera)
        assert await pull_point.pull() == ()


async def test_a_camera_without_subscriptions(http: aiohttp.ClientSession) -> None:
    """It says so, once, and is polled."""
    async with scripted_events(
        CreatePullPointSubscription=fault("ter:ActionNotSupported")
    ) as camera:
        with pytest.raises(CameraOperationUnsupported):
            await subscribed(http, camera)
    async with scripted_events(CreatePullPointSubscription=fault("ter:TooMany")) as camera:
        with pytest.raises(CameraAnswerInvalid, match="TooMany"):
            await subscribed(http, camera)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Plain(status=404), CameraAnswerInvalid),
        (Plain(status=500, body="oops"), CameraAnswerInvalid),
        (fault("wsrf-r:ResourceUnknownFault"), CameraAnswerInvalid),
        (response("Other"), CameraAnswerInvalid),
    ],
)
async def test_a_dead_subscription_is_noticed(
    http: aiohttp.ClientSession, answer: Plain | str, kind: type[CameraError]
) -> None:
    """By fault, by 404, by nonsense."""
    async with scripted_events(PullMessages=answer) as camera:
        pull_point = await subscribed(http, camera)
        with pytest.raises(kind):
            await pull_point.pull(SOON)


async def test_silence_beyond_the_time_of_a_pull_is_noticed(
    http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The camera has the time asked for and some grace, no more; closing does not wait for it either."""

    async def silent(_: Asked) -> str:
        await asyncio.Event().wait()
        return ""

    async with scripted_events(PullMessages=silent, Unsubscribe=silent) as camera:
        pull_point = await subscribed(http, camera)
        pull_point.grace = timedelta(seconds=0.3)
        pull_point.unsubscribe_timeout = 0.3
        started = time.monotonic()
        with pytest.raises(CameraUnreachable):
            await pull_point.pull(SOON)
        assert 1.2 < time.monotonic() - started < 8
        started = time.monotonic()
        await pull_point.unsubscribe()
        assert 0.2 < time.monotonic() - started < 2.5
        assert camera.count("Unsubscribe") == 1


async def test_a_subscription_that_nobody_gets_is_given_back(http: aiohttp.ClientSession) -> None:
    """Cameras keep about ten; one that was made and then not handed out would take a place for minutes."""

    async def silent(_: Asked) -> str:
        await asyncio.Event().wait()
        return ""

    async with scripted_events(SetSynchronizationPoint=silent) as camera:
        creating = asyncio.create_task(subscribed(http, camera))
        while not camera.count("SetSynchronizationPoint"):  # noqa: ASYNC110 - at the other end
            await asyncio.sleep(0.02)
        creating.cancel()
        with pytest.raises(asyncio.CancelledError):
            await creating
        assert camera.count("Unsubscribe") == 1
        assert camera.asked[-1].path == "/sub/1"


@pytest.mark.parametrize(
    "answer",
    [
        fault("ter:NotAuthorized", reason="Sender not authorized"),
        fault("ter:InvalidArgVal"),
        Plain(status=403),
        Plain(status=400),
        Plain(status=200),
        Plain(status=500, body="<html>Internal error</html>"),
        fault("ter:ActionNotSupported"),
    ],
    ids=["not authorized", "bad", "403", "400", "nothing", "a page", "not there"],
)
async def test_events_come_although_the_states_cannot_be_asked_for(
    http: aiohttp.ClientSession, answer: Plain
) -> None:
    """The log-in is not called wrong for it, and what was made is used."""
    async with scripted_events(
        GetDeviceInformation=identity_answer(), SetSynchronizationPoint=answer
    ) as camera:
        client = await connected(http, camera.port)
        pull_point = await client.pull_point()
        assert await pull_point.pull(SOON) == ()
        assert client.session.quirks.counts()[Quirk.EVENTS_NO_SYNC].count == 1
        client.session.check()
        await pull_point.unsubscribe()


@pytest.mark.parametrize("refused", ["SetSynchronizationPoint", "Renew"])
async def test_one_door_that_stays_shut_to_a_digest_is_no_wrong_password(
    http: aiohttp.ClientSession, refused: str
) -> None:
    """HTTP 401 for that alone, although the log-in is the right one: events come, and nothing is held back."""

    def only_by_digest(answer: str) -> Any:
        return lambda asked: answer if asked.by_digest else challenge()

    async with scripted_events(
        **{
            "GetDeviceInformation": only_by_digest(identity_answer()),
            "CreatePullPointSubscription": only_by_digest(subscription(60)),
            "PullMessages": only_by_digest(response("PullMessages", times(60))),
            refused: challenge(),
        }
    ) as camera:
        client = await connected(http, camera.port)
        await client.identity()
        pull_point = await client.pull_point()
        assert await pull_point.pull() == ()
        client.session.check()
        assert client.session.takes_digest


async def test_events_come_although_nobody_answers_the_question_for_the_states(
    http: aiohttp.ClientSession,
) -> None:
    """It hangs there and nowhere else: pulling goes on."""

    async def silent(_: Asked) -> str:
        await asyncio.Event().wait()
        return ""

    async with scripted_events(SetSynchronizationPoint=silent) as camera:
        pull_point = await subscribed(http, camera, timeout=3)
        assert await pull_point.pull(SOON) == ()
        assert camera.count("Unsubscribe") == 0


@pytest.mark.parametrize(
    "renew",
    [
        fault("ter:NotAuthorized", reason="Sender not authorized"),
        fault("ter:InvalidArgVal"),
        Plain(status=400),
        Plain(status=404),
        "nonsense",
        fault("ter:ActionNotSupported"),
    ],
    ids=["not authorized", "bad", "400", "404", "nonsense", "not there"],
)
async def test_a_refused_renewal_is_no_reason_not_to_pull(
    http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch, renew: Plain | str
) -> None:
    """Core specification, 9.1: pulling keeps it. It is asked once, and not at each pull."""
    async with scripted_events(
        GetDeviceInformation=identity_answer(),
        CreatePullPointSubscription=subscription(60),
        PullMessages=response("PullMessages", times(60)),
        Renew=renew,
    ) as camera:
        client = await connected(http, camera.port)
        pull_point = await client.pull_point()
        made = camera.count("CreatePullPointSubscription")
        for _ in range(4):
            assert await pull_point.pull() == ()
            later(monkeypatch, 45)
        assert client.session.quirks.counts()[Quirk.EVENTS_NO_RENEW].count == 1
        assert camera.count("PullMessages") == 4
        assert camera.count("CreatePullPointSubscription") == made
        client.session.check()


async def test_a_subscription_that_pulling_does_not_keep_is_made_anew_before_it_ends(
    http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither renewed nor kept: a new one, and not one for each pull."""
    async with scripted_events(
        CreatePullPointSubscription=subscription(60),
        PullMessages=response("PullMessages"),
        Renew=fault("ter:InvalidArgVal"),
    ) as camera:
        pull_point = await subscribed(http, camera)
        made = camera.count("CreatePullPointSubscription")
        await pull_point.pull()
        assert camera.count("CreatePullPointSubscription") == made
        later(monkeypatch, 55)
        await pull_point.pull()
        await pull_point.pull()
        assert camera.count("CreatePullPointSubscription") == made + 1


@pytest.mark.parametrize(
    ("address", "path", "odd"),
    [
        ("http://10.0.0.9:8899/onvif/sub?id=1", "/onvif/sub", False),
        ("https://10.0.0.9/sub/1", "/sub/1", False),
        ("/sub/1", "/sub/1", False),
        ("http:///onvif/events_service?session=392", "/onvif/events_service", False),
        ("http://10.0.0.9", "/onvif/events", True),
        ("http://10.0.0.9:8899/", "/onvif/events", True),
        ("urn:uuid:1419d68a-1dd2-11b2-a105-f00000875d9b", "/onvif/events", True),
        ("", "/onvif/events", True),
        ("http://10.0.0.9:99999/sub", "/onvif/events", True),
        ("not an address", "/onvif/events", True),
        ("ftp://10.0.0.9/sub", "/onvif/events", True),
    ],
)
async def test_a_subscription_is_asked_at_the_configured_host_wherever_it_says_to_be(
    http: aiohttp.ClientSession, address: str, path: str, odd: bool
) -> None:
    """Never another host; where the address leads nowhere, the service's own, and To says what the camera wrote."""
    async with scripted_events(CreatePullPointSubscription=subscription(300, address)) as camera:
        client = await connected(http, camera.port)
        pull_point = await client.pull_point()
        assert await pull_point.pull(SOON) == ()
        asked = camera.asked[-1]
        assert (asked.operation, asked.path) == ("PullMessages", path)
        header = etree.fromstring(asked.body.encode())[0]
        assert (header.findtext(f"{ADDRESSING}To") or "") == address
        assert (Quirk.EVENTS_ADDRESS in client.session.quirks.counts()) is odd


@pytest.mark.parametrize(
    "told",
    [
        "<CurrentTime>2026-11-23T03:00:00Z</CurrentTime><TerminationTime>1970-01-01T00:00:00Z</TerminationTime>",
        "<CurrentTime>2026-11-23T12:00:00+09:00</CurrentTime><TerminationTime>2026-11-23T03:00:00Z</TerminationTime>",
        "<CurrentTime>2026-11-23T03:00:00Z</CurrentTime><TerminationTime>2106-02-07T06:28:15Z</TerminationTime>",
        "<TerminationTime>PT300S</TerminationTime>",
    ],
    ids=["1970", "now", "2106", "a duration"],
)
async def test_times_that_make_no_sense_are_not_gone_by(
    http: aiohttp.ClientSession, told: str
) -> None:
    """Neither is a subscription given up for gone, nor is it renewed at each pull."""
    created = response(
        "CreatePullPointSubscription",
        f"<SubscriptionReference><Address>/sub/1</Address></SubscriptionReference>{told}",
    )
    async with scripted_events(
        CreatePullPointSubscription=created, PullMessages=response("PullMessages", told)
    ) as camera:
        client = await connected(http, camera.port)
        pull_point = await client.pull_point()
        for _ in range(3):
            assert await pull_point.pull() == ()
        assert camera.count("Renew") == 0
        assert client.session.quirks.counts()[Quirk.EVENTS_LIFETIME].count == 4


async def test_unsubscribing_never_raises(http: aiohttp.ClientSession) -> None:
    """Whatever the camera says to it, it is said once."""
    for answer in (fault("ter:NotAuthorized"), Plain(status=404), "nonsense", fault()):
        async with scripted_events(Unsubscribe=answer) as camera:
            pull_point = await subscribed(http, camera)
            await pull_point.unsubscribe()
    await pull_point.unsubscribe()
