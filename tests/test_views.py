"""Links to recorded footage: whose they are, how long they live, and what they refuse."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from unittest.mock import patch

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.niiza_cctv.footage.gate import Use
from custom_components.niiza_cctv.ledger.errors import LedgerUnavailable
from custom_components.niiza_cctv.ledger.model import Entry
from simulator.station import RunningCamera
from tests.section import set_up, unique_id_of, until

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
async def served(hass: HomeAssistant) -> None:
    """Set up what serves something over HTTP before the first request freezes the routes."""
    hass.config.language = "ja"
    for component in ("http", "websocket_api", "media_source"):
        assert await async_setup_component(hass, component, {})


class Watcher:
    """Somebody at a browser, and their player, which sends no log-in."""

    def __init__(
        self, websocket: Any, client: TestClient[Any, Any], player: TestClient[Any, Any]
    ) -> None:
        """Sit down."""
        self.websocket = websocket
        self.client = client
        self.player = player

    async def ask(self, camera: str, start: datetime | str, end: datetime | str) -> dict[str, Any]:
        """Ask for a passage and return the whole answer."""
        await self.websocket.send_json_auto_id(
            {
                "type": "niiza_cctv/playback",
                "camera": camera,
                "start": start if isinstance(start, str) else start.isoformat(),
                "end": end if isinstance(end, str) else end.isoformat(),
            }
        )
        answer: dict[str, Any] = await self.websocket.receive_json()
        return answer

    async def open(self, camera: str, length: timedelta = MINUTE) -> str:
        """Open a passage of an hour ago; return where its parts are."""
        start = dt_util.utcnow().replace(microsecond=0) - HOUR
        answer = await self.ask(camera, start, start + length)
        assert answer["success"], answer
        url: str = answer["result"]["url"]
        return url.partition("index.m3u8")[0]

    async def get(self, url: str) -> tuple[int, str]:
        """Return status and text of what the player gets."""
        response = await self.player.get(url)
        return response.status, await response.text(errors="replace")


type SitDown = Callable[[MockUser], Awaitable[Watcher]]


@pytest.fixture
async def sit_down(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> AsyncGenerator[SitDown]:
    """Return what lets somebody log in."""
    sitting: list[Watcher] = []

    async def log_in(user: MockUser) -> Watcher:
        token = await hass.auth.async_create_refresh_token(user, "https://desk.example/")
        access = hass.auth.async_create_access_token(token)
        watcher = Watcher(
            await hass_ws_client(hass, access),
            await hass_client(access),
            await hass_client_no_auth(),
        )
        sitting.append(watcher)
        return watcher

    yield log_in
    for watcher in sitting:
        await watcher.websocket.close()


async def entries(section: MockConfigEntry) -> list[Entry]:
    """Return what the ledger holds."""
    return [entry async for entry in section.runtime_data.evidence.ledger.entries()]


@pytest.fixture
def camera(kita: RunningCamera) -> str:
    """Return the camera's unique id."""
    return unique_id_of(kita.camera.config)


async def test_passage_says_what_of_it_is_missing(
    hass: HomeAssistant,
    kita: RunningCamera,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """The panel gets everything it shows; times without an offset are the section's."""
    await hass.config.async_set_time_zone("Asia/Tokyo")
    await set_up(hass, kita, viewers=["sato-id"])
    sato = await sit_down(people["sato"])
    camera = unique_id_of(kita.camera.config)
    start = dt_util.now().replace(microsecond=0) - HOUR
    naive = start.replace(tzinfo=None)
    answer = await sato.ask(camera, naive.isoformat(), (naive + 2 * HOUR).isoformat())
    result = answer["result"]
    assert result["mime_type"] == "application/x-mpegURL"
    assert result["codec"] == "h264"
    assert result["start"] == start.isoformat()
    ((first, last),) = [(gap["start"], gap["end"]) for gap in result["gaps"]]
    # What is still to come.
    assert abs(datetime.fromisoformat(first) - dt_util.now()) < MINUTE
    assert last == (start + 2 * HOUR).isoformat()


async def test_what_cannot_be_opened_is_said(
    hass: HomeAssistant,
    kita: RunningCamera,
    camera: str,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """Wrong times, no footage, another camera: each with its own sentence."""
    await set_up(hass, kita, viewers=["sato-id"])
    sato = await sit_down(people["sato"])
    now = dt_util.utcnow()
    for name, start, end, key in (
        (camera, now - HOUR, now - 2 * HOUR, "passage_backwards"),
        (camera, now - 26 * HOUR, now, "passage_too_long"),
        (camera, now - 900 * HOUR, now - 899 * HOUR, "footage_missing"),
        (camera, "yesterday", now, "time_invalid"),
        ("minami", now - HOUR, now, "camera_unknown"),
    ):
        answer = await sato.ask(name, start, end)
        assert answer["error"]["translation_key"] == key


async def test_only_viewers_open_passages(
    hass: HomeAssistant,
    kita: RunningCamera,
    camera: str,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """Whoever is no viewer is refused, and the ledger names them; made-up cameras do not get into it."""
    section = await set_up(hass, kita, viewers=["sato-id"], exporters=["suzuki-id"])
    suzuki = await sit_down(people["suzuki"])
    now = dt_util.utcnow()
    for name in (camera, "x" * 500):
        answer = await suzuki.ask(name, now - HOUR, now)
        assert answer["error"]["translation_key"] == "not_allowed_needs_viewer"
    assert [
        (entry.action, entry.person and entry.person.id, entry.subject)
        for entry in await entries(section)
    ] == [
        ("refused", "suzuki-id", f"camera/{camera}"),
        ("refused", "suzuki-id", "section"),
    ]


async def test_right_that_is_taken_away_ends_the_playback(
    hass: HomeAssistant,
    kita: RunningCamera,
    camera: str,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """With the very next request, whether the role goes or the person."""
    section = await set_up(hass, kita, viewers=["sato-id", "suzuki-id"])
    sato = await sit_down(people["sato"])
    suzuki = await sit_down(people["suzuki"])
    his, hers = await sato.open(camera), await suzuki.open(camera)
    for watcher, url in ((sato, his), (suzuki, hers)):
        assert (await watcher.get(f"{url}0.m4s"))[0] == HTTPStatus.OK
    hass.config_entries.async_update_entry(section, data={**section.data, "viewers": ["suzuki-id"]})
    await hass.async_block_till_done()
    # The player goes on by itself, so it is the link that has to end.
    await suzuki.websocket.close()
    await hass.auth.async_update_user(people["suzuki"], is_active=False)
    for watcher, url, words in (
        (sato, his, "映像を見る役割がない"),
        (suzuki, hers, "無効になっている"),
    ):
        for name in ("index.m3u8", "0.mp4", "1.m4s"):
            status, text = await watcher.get(f"{url}{name}")
            assert status == HTTPStatus.FORBIDDEN
            assert words in text
    reasons = [
        entry.details["reason"] for entry in await entries(section) if "refused" in entry.action
    ]
    assert reasons == ["not_allowed_needs_viewer", "not_allowed_inactive"]


async def test_link_of_another_is_refused(
    hass: HomeAssistant,
    kita: RunningCamera,
    camera: str,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """Somebody who is known to be another gets nothing, though a viewer."""
    section = await set_up(hass, kita, viewers=["sato-id", "suzuki-id"])
    sato = await sit_down(people["sato"])
    suzuki = await sit_down(people["suzuki"])
    url = await sato.open(camera)
    response = await suzuki.client.get(f"{url}0.m4s")
    assert response.status == HTTPStatus.FORBIDDEN
    assert "別の人" in await response.text()
    (entry,) = await entries(section)
    assert entry.person is not None
    assert (entry.person.id, entry.details["reason"]) == ("suzuki-id", "link_of_another")
    assert (await sato.client.get(f"{url}0.m4s")).status == HTTPStatus.OK


async def test_made_up_links_lead_nowhere(
    hass: HomeAssistant,
    kita: RunningCamera,
    camera: str,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """Tokens, names and numbers that were never given out."""
    await set_up(hass, kita, viewers=["sato-id"])
    sato = await sit_down(people["sato"])
    url = await sato.open(camera)
    token = url.split("/")[-2]
    for path in (
        f"/api/niiza_cctv/playback/{'a' * 43}/index.m3u8",
        f"/api/niiza_cctv/still/{token}.jpg",
        f"/api/niiza_cctv/still/{'a' * 43}.jpg",
        *(
            f"{url}{name}"
            for name in ("999999.m4s", "1.mp4", "-1.m4s", "1.M4S", "index.m3u", "%2e%2e", "١.m4s")
        ),
    ):
        status, _ = await sato.get(path)
        assert status == HTTPStatus.NOT_FOUND, path
    assert (await sato.get(f"{url}index.m3u8"))[0] == HTTPStatus.OK


async def test_link_lives_while_it_is_watched_and_not_for_ever(
    hass: HomeAssistant,
    kita: RunningCamera,
    people: dict[str, MockUser],
    sit_down: SitDown,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A quarter of an hour after the last request it is dead, and after four hours anyway."""
    camera = unique_id_of(kita.camera.config)
    await set_up(hass, kita, viewers=["sato-id"])
    sato = await sit_down(people["sato"])
    left, watched = await sato.open(camera), await sato.open(camera)
    now = dt_util.utcnow()
    monkeypatch.setattr("custom_components.niiza_cctv.views.utcnow", lambda: now)
    for _ in range(17):
        now += 14 * MINUTE
        status, _ = await sato.get(f"{watched}index.m3u8")
        assert status == HTTPStatus.OK
    assert (await sato.get(f"{left}index.m3u8"))[0] == HTTPStatus.NOT_FOUND
    now += 3 * MINUTE
    status, text = await sato.get(f"{watched}index.m3u8")
    assert status == HTTPStatus.NOT_FOUND
    assert "再生は終わりました" in text


async def test_nothing_leaves_that_the_ledger_does_not_take(
    hass: HomeAssistant,
    kita: RunningCamera,
    camera: str,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """Not a picture; and all goes on when it is back."""
    section = await set_up(hass, kita, viewers=["sato-id"])
    ledger = section.runtime_data.evidence.ledger
    sato = await sit_down(people["sato"])
    url = await sato.open(camera)
    with patch.object(ledger, "append", side_effect=LedgerUnavailable("away")):
        status, text = await sato.get(f"{url}0.m4s")
        assert status == HTTPStatus.SERVICE_UNAVAILABLE
        assert "記録簿に書き込めない" in text
    with patch.object(type(ledger), "available", False):
        now = dt_util.utcnow()
        answer = await sato.ask(camera, now - HOUR, now)
        assert answer["error"]["translation_key"] == "ledger_unavailable"
    assert not await entries(section)
    assert (await sato.get(f"{url}0.m4s"))[0] == HTTPStatus.OK
    assert len(await entries(section)) == 1


async def test_camera_that_others_have_is_asked_for_again(
    hass: HomeAssistant,
    kita: RunningCamera,
    people: dict[str, MockUser],
    sit_down: SitDown,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A player is told to come again instead of waiting for ever; a camera that is away is another sentence."""
    camera = unique_id_of(kita.camera.config)
    monkeypatch.setattr("custom_components.niiza_cctv.footage.playback._PATIENCE", 0.3)
    section = await set_up(hass, kita, viewers=["sato-id"])
    (coordinator,) = section.runtime_data.cameras.values()
    sato = await sit_down(people["sato"])
    url = await sato.open(camera)
    async with coordinator.gate.turn(Use.EXPORT):
        response = await sato.player.get(f"{url}0.m4s")
        assert response.status == HTTPStatus.SERVICE_UNAVAILABLE
        assert response.headers["Retry-After"] == "2"
        assert "読み出しています" in await response.text()
    monkeypatch.setattr("custom_components.niiza_cctv.footage.playback._PATIENCE", 25.0)
    await kita.soap.stop()
    status, text = await sato.get(f"{url}0.m4s")
    assert status == HTTPStatus.BAD_GATEWAY
    assert "kitaにつながりません" in text
    await kita.soap.start()
    assert (await sato.get(f"{url}0.m4s"))[0] == HTTPStatus.OK


async def test_playbacks_are_few(
    hass: HomeAssistant,
    kita: RunningCamera,
    people: dict[str, MockUser],
    sit_down: SitDown,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A person's oldest tab makes room for the fifth; others wait until somebody has stopped watching."""
    camera = unique_id_of(kita.camera.config)
    monkeypatch.setattr("custom_components.niiza_cctv.views.MAX_PLAYBACKS", 4)
    await set_up(hass, kita, viewers=["sato-id", "suzuki-id"])
    sato = await sit_down(people["sato"])
    suzuki = await sit_down(people["suzuki"])
    urls = [await sato.open(camera) for _ in range(5)]
    found = [(await sato.get(f"{url}index.m3u8"))[0] for url in urls]
    assert found == [HTTPStatus.NOT_FOUND, *[HTTPStatus.OK] * 4]
    now = dt_util.utcnow()
    answer = await suzuki.ask(camera, now - HOUR, now)
    assert answer["error"]["translation_key"] == "too_many_playbacks"
    monkeypatch.setattr("custom_components.niiza_cctv.views._QUIET", timedelta())
    url = await suzuki.open(camera)
    assert (await suzuki.get(f"{url}index.m3u8"))[0] == HTTPStatus.OK
    assert (await sato.get(f"{urls[1]}index.m3u8"))[0] == HTTPStatus.NOT_FOUND


async def test_unloading_gives_the_camera_back(
    hass: HomeAssistant,
    kita: RunningCamera,
    camera: str,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """No session, no task, no link is left; what was watched is told at the end."""
    section = await set_up(hass, kita, viewers=["sato-id"])
    (coordinator,) = section.runtime_data.cameras.values()
    sato = await sit_down(people["sato"])
    url = await sato.open(camera)
    assert (await sato.get(f"{url}0.m4s"))[0] == HTTPStatus.OK
    assert coordinator.gate.holder is Use.VIEWING
    assert await hass.config_entries.async_unload(section.entry_id)
    await until(lambda: coordinator.gate.holder is None)
    assert (await sato.get(f"{url}index.m3u8"))[0] == HTTPStatus.NOT_FOUND
