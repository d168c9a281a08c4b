"""Recorded footage in the media browser: found and opened by viewers, by nobody else."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.components.media_player.errors import BrowseError
from homeassistant.components.media_source import async_browse_media, async_resolve_media
from homeassistant.components.media_source.error import Unresolvable
from homeassistant.components.websocket_api.connection import current_connection
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.niiza_cctv.lib.ledger.model import Entry
from simulator.running import RunningCamera
from simulator.station import Station
from tests.section import BY_ITSELF, set_up, unique_id_of, until
from tests.station import camera_config

ROOT = "media-source://niiza_cctv"


@pytest.fixture(autouse=True)
async def served(hass: HomeAssistant) -> None:
    """Set up what serves something over HTTP before the first request freezes the routes."""
    await hass.config.async_set_time_zone("Asia/Tokyo")
    hass.config.language = "ja"
    for component in ("http", "websocket_api", "media_source"):
        assert await async_setup_component(hass, component, {})


@pytest.fixture
async def gappy(start_station: Callable[..., Awaitable[Station]]) -> RunningCamera:
    """Return a camera whose recording has a gap of seven and a half minutes, a day ago."""
    return (await start_station(camera_config("kita", days=3, gaps=((24.0, 7.5),)))).cameras["kita"]


class Person:
    """Somebody at a browser."""

    def __init__(self, websocket: Any, client: TestClient[Any, Any]) -> None:
        """Sit down."""
        self.websocket = websocket
        self.client = client

    async def ask(self, kind: str, **message: Any) -> dict[str, Any]:
        """Send a command and return the answer."""
        await self.websocket.send_json_auto_id({"type": kind, **message})
        answer: dict[str, Any] = await self.websocket.receive_json()
        return answer

    async def browse(self, identifier: str = "") -> dict[str, Any]:
        """Open a node of the media browser."""
        answer = await self.ask(
            "media_source/browse_media", media_content_id=f"{ROOT}/{identifier}".rstrip("/")
        )
        assert answer["success"], answer
        found: dict[str, Any] = answer["result"]
        return found


async def entries(section: MockConfigEntry) -> list[Entry]:
    """Return what the ledger holds beside what a new section has to look at."""
    return [
        entry
        async for entry in section.runtime_data.evidence.ledger.entries()
        if entry.action not in BY_ITSELF
    ]


async def refusals(section: MockConfigEntry) -> list[Entry]:
    """Return what was refused."""
    return [entry for entry in await entries(section) if entry.action == "refused"]


@pytest.fixture
async def at_desk(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, hass_client: ClientSessionGenerator
) -> Callable[[MockUser], Awaitable[Person]]:
    """Return what lets somebody log in."""

    async def log_in(user: MockUser) -> Person:
        token = await hass.auth.async_create_refresh_token(user, "https://desk.example/")
        access = hass.auth.async_create_access_token(token)
        return Person(await hass_ws_client(hass, access), await hass_client(access))

    return log_in


type AtDesk = Callable[[MockUser], Awaitable[Person]]


async def test_camera_day_hour(
    hass: HomeAssistant, gappy: RunningCamera, people: dict[str, MockUser], at_desk: AtDesk
) -> None:
    """Titles say what is missing and when it goes; an hour has a picture and plays."""
    section = await set_up(hass, gappy, viewers=["sato-id"])
    sato = await at_desk(people["sato"])
    camera = unique_id_of(gappy.camera.config)
    root = await sato.browse()
    assert root["title"] == "交通防犯課"
    assert [(one["title"], one["can_expand"]) for one in root["children"]] == [("kita", True)]
    days = (await sato.browse(camera))["children"]
    assert len(days) == 3
    today = dt_util.now()
    assert days[0]["title"].startswith(f"{today.year}年{today.month}月{today.day}日（")
    assert days[0]["title"].endswith("00:00に上書き")
    (index,) = [
        await coordinator.archive.index() for coordinator in section.runtime_data.cameras.values()
    ]
    ((lost, found),) = index.gaps(index.stretches[0].start, index.read_at - timedelta(minutes=1))
    assert found - lost == timedelta(minutes=7.5)
    lost_day = dt_util.as_local(lost).date().isoformat()
    hours = (await sato.browse(f"{camera}|{lost_day}"))["children"]
    missing = {one["title"].partition("（")[0]: one for one in hours if "欠落" in one["title"]}
    at = dt_util.as_local(lost)
    title = f"{at:%H}:00–{dt_util.as_local(lost + timedelta(hours=1)):%H}:00"
    assert title in missing
    # Half of it may lie in the hour after.
    assert 1 <= len(missing) <= 2
    assert all(one["can_play"] and not one["can_expand"] for one in hours)
    assert not await entries(section)
    found = await asyncio.gather(*(sato.client.get(one["thumbnail"]) for one in hours[:5]))
    assert {one.status for one in found} == {HTTPStatus.OK}
    picture = await sato.client.get(missing[title]["thumbnail"])
    assert picture.status == HTTPStatus.OK, await picture.text()
    assert picture.content_type == "image/jpeg"
    assert picture.headers["Cache-Control"] == "no-store"
    assert (await picture.read())[:2] == b"\xff\xd8"
    (entry,) = await entries(section)
    assert entry.action == "footage_viewed"
    assert entry.person is not None
    assert entry.person.id == "sato-id"
    assert entry.subject == f"camera/{camera}"
    assert entry.details["kinds"] == ["thumbnail"]


async def test_hour_plays_without_any_other_login(
    hass: HomeAssistant,
    kita: RunningCamera,
    people: dict[str, MockUser],
    at_desk: AtDesk,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """A player sends no log-in: the link is enough, is Home Assistant's own for no day, and is nobody else's."""
    section = await set_up(hass, kita, viewers=["sato-id"])
    sato = await at_desk(people["sato"])
    camera = unique_id_of(kita.camera.config)
    day = (await sato.browse(camera))["children"][-1]["media_content_id"]
    hour = (await sato.browse(day.removeprefix(f"{ROOT}/")))["children"][0]
    answer = await sato.ask("media_source/resolve_media", media_content_id=hour["media_content_id"])
    assert answer["result"]["mime_type"] == "application/x-mpegURL"
    url = answer["result"]["url"]
    assert "authSig" not in url
    player = await hass_client_no_auth()
    playlist = await player.get(url)
    assert playlist.status == HTTPStatus.OK
    assert playlist.headers["Cache-Control"] == "no-store"
    text = await playlist.text()
    base = url.partition("index.m3u8")[0]
    names = [line for line in text.splitlines() if line.endswith(".m4s")]
    assert len(names) >= 700
    header = await (await player.get(f"{base}0.mp4")).read()
    assert header[4:8] == b"ftyp"
    assert not await entries(section)
    segment = await player.get(f"{base}{names[0]}")
    assert segment.status == HTTPStatus.OK
    assert segment.headers["Cache-Control"] == "no-store"
    assert b"moof" in (await segment.read())[:16]
    (entry,) = await entries(section)
    assert entry.details["kinds"] == ["recorded"]
    assert set(kita.rtsp.setups) == {"replay/SD_1/video"}


async def test_administrator_without_the_role_is_refused_and_recorded(
    hass: HomeAssistant, kita: RunningCamera, at_desk: AtDesk
) -> None:
    """Whoever may do everything in Home Assistant sees no list and no footage."""
    chief = MockUser(name="chief", id="chief-id", is_owner=True).add_to_hass(hass)
    section = await set_up(hass, kita, viewers=["sato-id"])
    person = await at_desk(chief)
    camera = unique_id_of(kita.camera.config)
    reason = "not_allowed_needs_viewer"
    for identifier in ("", camera, f"{camera}|2026-11-23"):
        answer = await person.ask(
            "media_source/browse_media", media_content_id=f"{ROOT}/{identifier}".rstrip("/")
        )
        assert not answer["success"]
        assert "記録して拒否" in answer["error"]["message"]
    answer = await person.ask(
        "media_source/resolve_media",
        media_content_id=f"{ROOT}/{camera}|2026-11-23|20261123T0300Z",
    )
    assert not answer["success"]
    found = await refusals(section)
    assert {(entry.subject, entry.details["reason"]) for entry in found} == {
        ("section", reason),
        (f"camera/{camera}", reason),
    }
    assert all(entry.person is not None and entry.person.id == "chief-id" for entry in found)
    assert not kita.rtsp.setups


async def test_nobody_is_refused(hass: HomeAssistant, kita: RunningCamera) -> None:
    """An automation browses and resolves without a user: refused, and recorded as nobody's."""
    section = await set_up(hass, kita, viewers=["sato-id"])
    camera = unique_id_of(kita.camera.config)
    assert current_connection.get() is None
    with pytest.raises(BrowseError) as browsed:
        await async_browse_media(hass, f"{ROOT}/{camera}")
    assert browsed.value.translation_key == "not_allowed_nobody"
    with pytest.raises(Unresolvable) as resolved:
        await async_resolve_media(hass, f"{ROOT}/{camera}|2026-11-23|20261123T0300Z", None)
    assert resolved.value.translation_key == "not_allowed_nobody"
    (entry,) = await refusals(section)
    assert entry.person is None
    assert entry.subject == f"camera/{camera}"


async def test_what_a_viewers_command_sets_off_is_nobody(
    hass: HomeAssistant, kita: RunningCamera, people: dict[str, MockUser], at_desk: AtDesk
) -> None:
    """A viewer presses a switch, which sets off an automation: it gets no footage in their name."""
    section = await set_up(hass, kita, viewers=["sato-id"])
    people["sato"].mock_policy({"entities": True})
    sato = await at_desk(people["sato"])
    hour = f"{unique_id_of(kita.camera.config)}|2026-11-23|20261123T0300Z"
    caught: list[Unresolvable] = []

    async def show(_call: ServiceCall) -> None:
        try:
            await async_resolve_media(hass, f"{ROOT}/{hour}", None)
        except Unresolvable as err:
            caught.append(err)

    hass.services.async_register("test", "show", show)
    assert await async_setup_component(hass, "input_boolean", {"input_boolean": {"light": None}})
    automation = {
        "triggers": {"trigger": "state", "entity_id": "input_boolean.light"},
        "actions": {"action": "test.show"},
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await sato.ask(
        "call_service",
        domain="input_boolean",
        service="turn_on",
        service_data={"entity_id": "input_boolean.light"},
    )
    await until(lambda: caught)
    assert caught[0].translation_key == "not_allowed_nobody"
    assert [entry.person for entry in await refusals(section)] == [None]


async def test_tablet_may_watch(
    hass: HomeAssistant, kita: RunningCamera, people: dict[str, MockUser], at_desk: AtDesk
) -> None:
    """It is for looking, so it may look."""
    await set_up(hass, kita, viewers=["sato-id"], tablets=["sato-id"])
    sato = await at_desk(people["sato"])
    assert (await sato.browse(unique_id_of(kita.camera.config)))["children"]


async def test_what_does_not_exist_is_said(
    hass: HomeAssistant, kita: RunningCamera, people: dict[str, MockUser], at_desk: AtDesk
) -> None:
    """Old bookmarks and made-up names end in a sentence."""
    await set_up(hass, kita, viewers=["sato-id"])
    sato = await at_desk(people["sato"])
    camera = unique_id_of(kita.camera.config)
    for identifier, words in (
        ("minami", "カメラはありません"),
        (f"{camera}|2001-01-01", "録画がありません"),
    ):
        answer = await sato.ask(
            "media_source/browse_media", media_content_id=f"{ROOT}/{identifier}"
        )
        assert words in answer["error"]["message"]
    for identifier, words in (
        (camera, "録画の一覧"),
        (f"{camera}|never|ever", "録画の一覧"),
        (f"{camera}|2001-01-01|20010101T0000Z", "録画がありません"),
        ("minami|2001-01-01|20010101T0000Z", "カメラはありません"),
    ):
        answer = await sato.ask(
            "media_source/resolve_media", media_content_id=f"{ROOT}/{identifier}"
        )
        assert words in answer["error"]["message"]


async def test_camera_that_is_away_is_said_and_comes_back(
    hass: HomeAssistant,
    station: Station,
    kita: RunningCamera,
    people: dict[str, MockUser],
    at_desk: AtDesk,
) -> None:
    """A sentence that names the camera, and the list again as soon as it answers."""
    await set_up(hass, kita, viewers=["sato-id"])
    sato = await at_desk(people["sato"])
    camera = unique_id_of(kita.camera.config)
    kita.set(silent=True)
    answer = await sato.ask("media_source/browse_media", media_content_id=f"{ROOT}/{camera}")
    assert "kitaにつながりません" in answer["error"]["message"]
    kita.set(silent=False)
    assert (await sato.browse(camera))["children"]


async def test_section_that_is_not_loaded(
    hass: HomeAssistant, kita: RunningCamera, people: dict[str, MockUser], at_desk: AtDesk
) -> None:
    """A sentence, and links of before are dead."""
    section = await set_up(hass, kita, viewers=["sato-id"])
    sato = await at_desk(people["sato"])
    camera = unique_id_of(kita.camera.config)
    end = dt_util.utcnow() - timedelta(hours=1)
    answer = await sato.ask(
        "niiza_cctv/playback",
        camera=camera,
        start=(end - timedelta(minutes=1)).isoformat(),
        end=end.isoformat(),
    )
    url = answer["result"]["url"]
    assert (await sato.client.get(url)).status == HTTPStatus.OK
    assert await hass.config_entries.async_unload(section.entry_id)
    assert (await sato.client.get(url)).status == HTTPStatus.NOT_FOUND
    answer = await sato.ask("media_source/browse_media", media_content_id=ROOT)
    assert "読み込まれていません" in answer["error"]["message"]
