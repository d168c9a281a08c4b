"""Footage while a camera changes its address: exports and playback go on from where it is now, without a reload."""

from base64 import b64encode
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator
import pytest_socket

from custom_components.niiza_cctv.lib.footage.retrieval import RetrievalTiming
from custom_components.niiza_cctv.lib.inbound.passwords import ScryptCost, hash_password
from simulator.running import RunningCamera
from simulator.station import Station
from tests.office import open_office
from tests.section import set_up, unique_id_of, until, waiting

PASSWORD = "reports-its-address"
ELSEWHERE = "127.0.0.2"
LOGIN = {"Authorization": f"Basic {b64encode(f'kita:{PASSWORD}'.encode()).decode()}"}


@pytest.fixture(autouse=True)
async def served(hass: HomeAssistant, socket_enabled: None) -> None:
    """Let cameras be at other addresses, and set up what serves something over HTTP."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", ELSEWHERE])
    for component in ("http", "websocket_api", "stream", "media_source"):
        assert await async_setup_component(hass, component, {})


async def let_report(hass: HomeAssistant, entry: Any) -> None:
    """Switch the address server on for the only camera."""
    hashed = hash_password(PASSWORD, ScryptCost(log_n=4, p=1))
    (subentry,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(
        entry,
        subentry,
        data={**subentry.data, "address_id": "kita", "address_password": hashed},
    )
    hass.config_entries.async_update_entry(entry, options={"address": {"enabled": True}})
    await hass.async_block_till_done()


async def move_and_report(
    station: Station, kita: RunningCamera, client: TestClient[Any, Any]
) -> None:
    """Take the camera to another address, from where it reports."""
    await station.move("kita", host=ELSEWHERE)
    async with client.get(f"/nic/update?hostname=kita&myip={ELSEWHERE}", headers=LOGIN) as answer:
        assert (await answer.text()).strip() == f"good {ELSEWHERE}"


async def test_export_goes_on_from_the_new_address(
    hass: HomeAssistant,
    station: Station,
    kita: RunningCamera,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """An export that is under way is fetched further within ten seconds, and becomes one whole clip."""
    office = await open_office(hass, kita)
    await let_report(hass, office.entry)
    client = await hass_client_no_auth()
    kita.set(replay_speed=4.0)
    case = await office.create("sato", **office.passage(60))
    await until(lambda: kita.rtsp.replays)
    await move_and_report(station, kita, client)
    with waiting() as waited:
        await until(lambda: kita.rtsp.replays)
    # Long before the next poll would have noticed.
    assert waited() < 25
    kita.set(replay_speed=None)
    await office.until_state(case, "preserved")
    (clip,) = office.evidence.cases.case(case).clips
    assert clip.sealed.gaps == ()


async def test_export_that_waits_long_for_a_dead_camera_wakes_up(
    hass: HomeAssistant,
    station: Station,
    kita: RunningCamera,
    hass_client_no_auth: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between its tries an export may pause for a minute: not when the camera was found elsewhere."""
    office = await open_office(hass, kita)
    office.evidence.retrievals.timing = RetrievalTiming(retry_delay=(600.0, 600.0))
    await let_report(hass, office.entry)
    client = await hass_client_no_auth()
    port = kita.http_port
    await kita.soap.stop()
    case = await office.create("sato", **office.passage(5))
    clip = f"{case}-01"
    await until(lambda: office.evidence.retrievals.progress(clip).state == "retrying")
    await kita.soap.start()
    await station.move("kita", host=ELSEWHERE, http_port=port)
    async with client.get(f"/nic/update?hostname=kita&myip={ELSEWHERE}", headers=LOGIN):
        pass
    await office.until_state(case, "preserved")


async def test_playback_goes_on_from_the_new_address(  # noqa: PLR0917 - fixtures
    hass: HomeAssistant,
    station: Station,
    kita: RunningCamera,
    people: dict[str, MockUser],
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Who watches a passage gets the next segments from the new address by the same link."""
    entry = await set_up(hass, kita, viewers=["sato-id"])
    await let_report(hass, entry)
    player = await hass_client_no_auth()
    token = await hass.auth.async_create_refresh_token(people["sato"], "https://desk.example/")
    websocket = await hass_ws_client(hass, hass.auth.async_create_access_token(token))
    start = dt_util.utcnow().replace(microsecond=0) - timedelta(hours=1)
    await websocket.send_json_auto_id(
        {
            "type": "niiza_cctv/playback",
            "camera": unique_id_of(kita.camera.config),
            "start": start.isoformat(),
            "end": (start + timedelta(minutes=1)).isoformat(),
        }
    )
    answer = await websocket.receive_json()
    assert answer["success"], answer
    passage = answer["result"]["url"].partition("index.m3u8")[0]
    assert (await player.get(f"{passage}0.m4s")).status == HTTPStatus.OK
    await move_and_report(station, kita, player)
    (subentry,) = entry.subentries.values()
    with waiting() as waited:
        await until(lambda: subentry.data["host"] == ELSEWHERE)
        segment = await player.get(f"{passage}1.m4s")
        assert segment.status == HTTPStatus.OK
        assert len(await segment.read()) > 1000
    # Long before the next poll would have noticed.
    assert waited() < 25
    await websocket.close()
