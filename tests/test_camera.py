"""The live picture: video only, without the credential anywhere, and undisturbed by other cameras."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from http import HTTPStatus
import logging
from typing import Any, override
from unittest.mock import patch

from homeassistant.components.camera import Camera, async_get_stream_source
from homeassistant.components.camera.helper import get_camera_from_entity_id
from homeassistant.components.camera.webrtc import (
    CameraWebRTCProvider,
    WebRTCSendMessage,
    async_register_webrtc_provider,
)
from homeassistant.components.stream import Stream
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED, Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    snapshot_platform,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator
import pytest_socket
from syrupy.assertion import SnapshotAssertion
from syrupy.types import PropertyPath
from webrtc_models import RTCIceCandidateInit

from custom_components.niiza_cctv import coordinator
from custom_components.niiza_cctv.lib.ledger.errors import LedgerUnavailable
from simulator.camera import Quirk
from simulator.running import RunningCamera
from simulator.station import Station
from tests.section import PATIENCE, camera_data, entity_id, new_subentry, set_up, state, until
from tests.station import camera_config


@pytest.fixture(autouse=True)
async def served(hass: HomeAssistant) -> None:
    """Set up what serves something over HTTP before the first request freezes the routes."""
    for component in ("http", "stream", "camera"):
        assert await async_setup_component(hass, component, {})


def live(hass: HomeAssistant, camera: RunningCamera) -> str:
    """Return the live entity of a camera."""
    return entity_id(hass, camera.camera.config, "live", Platform.CAMERA)


async def watch(
    hass: HomeAssistant,
    camera: RunningCamera,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> Stream:
    """Watch a camera as the frontend does, until the first picture is there."""
    websocket = await hass_ws_client(hass)
    await websocket.send_json_auto_id({"type": "camera/stream", "entity_id": live(hass, camera)})
    answer = await websocket.receive_json()
    assert answer["success"], answer
    client = await hass_client()
    response = await client.get(answer["result"]["url"])
    assert response.status == HTTPStatus.OK
    playlist = answer["result"]["url"].replace("master_playlist", "playlist")
    response = await client.get(playlist)
    assert response.status == HTTPStatus.OK
    assert "#EXTM3U" in await response.text()
    stream = get_camera_from_entity_id(hass, live(hass, camera)).stream
    assert stream is not None
    return stream


def no_secrets(data: Any, path: PropertyPath) -> Any:
    """Replace what differs from run to run."""
    if path and path[-1][0] == "access_token":
        return "<token>"
    if path and path[-1][0] == "entity_picture":
        return "<picture>"
    return data


async def test_camera(
    hass: HomeAssistant,
    kita: RunningCamera,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A healthy camera shows what it is."""
    with patch("custom_components.niiza_cctv.PLATFORMS", [Platform.BINARY_SENSOR, Platform.CAMERA]):
        entry = await set_up(hass, kita)
    await until(lambda: state(hass, kita.camera.config, "recording_now").state == "on")
    for entity in er.async_entries_for_config_entry(entity_registry, entry.entry_id):
        if entity.domain == Platform.BINARY_SENSOR:
            entity_registry.async_remove(entity.entity_id)
    await snapshot_platform(
        hass, entity_registry, snapshot.with_defaults(matcher=no_secrets), entry.entry_id
    )


async def test_live_view_sets_up_video_only(
    hass: HomeAssistant,
    kita: RunningCamera,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The camera offers audio, and no audio track is ever set up; the password shows nowhere."""
    caplog.set_level(logging.DEBUG)
    kita.set(audio=True)
    await set_up(hass, kita)
    stream = await watch(hass, kita, hass_ws_client, hass_client)
    assert stream.get_diagnostics()["video_codec"] == "h264"
    assert "audio_codec" not in stream.get_diagnostics()
    assert kita.rtsp.setups
    assert not [track for track in kita.rtsp.setups if "audio" in track.lower()]
    assert not [one for one in hass.states.async_all() if "viewer-pass" in str(one.as_dict())]
    assert "viewer-pass" not in caplog.text


async def test_nobody_else_gets_the_source(hass: HomeAssistant, kita: RunningCamera) -> None:
    """A WebRTC provider (go2rtc) would open audio too and learn the password: it gets nothing."""

    class Provider(CameraWebRTCProvider):
        """Takes every source that it can get."""

        @property
        @override
        def domain(self) -> str:
            return "greedy"

        @override
        def async_is_supported(self, stream_source: str) -> bool:
            return True

        @override
        async def async_handle_async_webrtc_offer(
            self, camera: Camera, offer_sdp: str, session_id: str, send_message: WebRTCSendMessage
        ) -> None:
            raise NotImplementedError

        @override
        async def async_on_webrtc_candidate(
            self, session_id: str, candidate: RTCIceCandidateInit
        ) -> None:
            raise NotImplementedError

    async_register_webrtc_provider(hass, Provider())
    await set_up(hass, kita)
    camera = get_camera_from_entity_id(hass, live(hass, kita))
    assert {str(kind) for kind in camera.camera_capabilities.frontend_stream_types} == {"hls"}
    assert camera.webrtc_provider is None
    assert await async_get_stream_source(hass, live(hass, kita)) is None


async def test_still_picture(
    hass: HomeAssistant, kita: RunningCamera, hass_client: ClientSessionGenerator
) -> None:
    """A still is the camera's own JPEG; a camera that offers none or is dead is an error, not a wait."""
    await set_up(hass, kita)
    client = await hass_client()
    url = f"/api/camera_proxy/{live(hass, kita)}"
    response = await client.get(url)
    assert response.status == HTTPStatus.OK
    assert (await response.read()).startswith(b"\xff\xd8")
    await kita.soap.stop()
    assert (await client.get(url)).status == HTTPStatus.INTERNAL_SERVER_ERROR
    await kita.soap.start()
    assert (await client.get(url)).status == HTTPStatus.OK
    kita.set(quirks=[Quirk.NO_SNAPSHOT])
    assert (await client.get(url)).status == HTTPStatus.INTERNAL_SERVER_ERROR


async def test_live_view_of_a_dead_camera_says_why(
    hass: HomeAssistant, kita: RunningCamera, hass_ws_client: WebSocketGenerator
) -> None:
    """The person who taps gets a sentence, not a spinner."""
    await set_up(hass, kita)
    await kita.soap.stop()
    camera = get_camera_from_entity_id(hass, live(hass, kita))
    with pytest.raises(HomeAssistantError) as raised:
        await camera.async_create_stream()
    assert raised.value.translation_key == "unreachable"
    assert raised.value.translation_placeholders == {"camera": "kita"}


async def test_dead_camera_does_not_keep_others_from_preloading(
    hass: HomeAssistant,
    start_station: Callable[..., Awaitable[Station]],
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """At start core opens the streams kept ready; the dead one is left out, and a person still hears why."""
    station = await start_station(camera_config("kita"), camera_config("minami"))
    dead, well = station.cameras["kita"], station.cameras["minami"]
    await set_up(hass, dead, well)
    websocket = await hass_ws_client(hass)
    for camera in (dead, well):
        await websocket.send_json_auto_id(
            {"type": "camera/update_prefs", "entity_id": live(hass, camera), "preload_stream": True}
        )
        assert (await websocket.receive_json())["success"]
    await dead.soap.stop()
    caplog.clear()
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await until(lambda: get_camera_from_entity_id(hass, live(hass, well)).stream is not None)
    await until(lambda: well.rtsp.setups)
    assert get_camera_from_entity_id(hass, live(hass, dead)).stream is None
    # A poll that meets the dead one says so, once; a busy machine makes asyncio complain.
    said = ("answers, but not readable", "Camera kita fails")
    assert not [
        one
        for one in caplog.records
        if one.levelno >= logging.WARNING
        and one.name != "asyncio"
        and not any(words in one.message for words in said)
    ]
    await websocket.send_json_auto_id({"type": "camera/stream", "entity_id": live(hass, dead)})
    answer = await websocket.receive_json()
    assert not answer["success"]
    assert "kita" in answer["error"]["message"]


async def test_live_view_goes_on_while_another_camera_comes_and_goes(
    hass: HomeAssistant,
    start_station: Callable[..., Awaitable[Station]],
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    """Nothing interrupts the picture that somebody is looking at."""
    station = await start_station(camera_config("kita"), camera_config("minami"))
    kita, minami = station.cameras["kita"], station.cameras["minami"]
    entry = await set_up(hass, kita)
    stream = await watch(hass, kita, hass_ws_client, hass_client)
    setups = len(kita.rtsp.setups)
    new = new_subentry(minami)
    hass.config_entries.async_add_subentry(entry, new)
    await until(lambda: hass.states.get("binary_sensor.minami_alive") is not None)
    hass.config_entries.async_update_subentry(entry, new, title="南口")
    await until(lambda: entry.runtime_data.cameras[new.subentry_id].name == "南口")
    hass.config_entries.async_remove_subentry(entry, new.subentry_id)
    await until(lambda: len(entry.runtime_data.cameras) == 1)
    (kept,) = entry.runtime_data.cameras.values()
    await kept.async_refresh()
    assert get_camera_from_entity_id(hass, live(hass, kita)).stream is stream
    assert stream.available
    assert stream.outputs()
    assert len(kita.rtsp.setups) == setups


async def test_live_view_is_back_as_soon_as_somebody_asks_again(
    hass: HomeAssistant,
    kita: RunningCamera,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    """A stream that failed would wait for its next try by itself, longer each time."""
    await set_up(hass, kita)
    kita.set(drop_after=4.0)
    failed = await watch(hass, kita, hass_ws_client, hass_client)
    await until(lambda: not failed.available)
    kita.set(drop_after=None)
    again = await watch(hass, kita, hass_ws_client, hass_client)
    assert again is not failed
    assert again.available
    assert not failed.outputs()


async def test_live_view_follows_a_move_and_ends_with_the_entry(  # noqa: PLR0917 - fixtures
    hass: HomeAssistant,
    station: Station,
    kita: RunningCamera,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When the old address went dead, whoever watches gets the picture from the new one; unload closes the stream."""
    # No poll comes that would notice.
    monkeypatch.setattr(coordinator, "POLL_INTERVAL", timedelta(days=1))
    entry = await set_up(hass, kita)
    old = await watch(hass, kita, hass_ws_client, hass_client)
    await station.move("kita")
    (subentry,) = entry.subentries.values()
    before = old.source
    hass.config_entries.async_update_subentry(entry, subentry, data=camera_data(kita))
    await until(lambda: old.source != before or not old.outputs())
    await until(lambda: entry.runtime_data.cameras[subentry.subentry_id].data.alive)
    new = await watch(hass, kita, hass_ws_client, hass_client)
    assert kita.rtsp.setups
    assert not [track for track in kita.rtsp.setups if "audio" in track.lower()]
    # Kept running for a quick start, and closed all the same.
    new.dynamic_stream_settings.preload_stream = True
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert not new.outputs()
    assert new.dynamic_stream_settings.preload_stream


async def test_running_live_view_goes_on_from_the_new_address(
    hass: HomeAssistant,
    start_station: Callable[..., Awaitable[Station]],
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    """A stream that still runs when the camera is followed is given the new source; nobody has to ask anew."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "127.0.0.2"])
    station = await start_station(camera_config("kita", host="0.0.0.0"))  # noqa: S104 - both addresses are its own
    kita = station.cameras["kita"]
    entry = await set_up(hass, kita)
    stream = await watch(hass, kita, hass_ws_client, hass_client)
    setups = len(kita.rtsp.setups)
    (subentry,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(
        entry, subentry, data=camera_data(kita, host="127.0.0.2")
    )
    await until(lambda: len(kita.rtsp.setups) > setups)
    assert entry.runtime_data.cameras[subentry.subentry_id].camera.address.host == "127.0.0.2"
    assert get_camera_from_entity_id(hass, live(hass, kita)).stream is stream
    segments = stream.outputs()["hls"].last_sequence
    await until(lambda: stream.outputs()["hls"].last_sequence > segments)


async def test_live_view_ends_where_the_camera_is_not(
    hass: HomeAssistant,
    kita: RunningCamera,
    unused_tcp_port: int,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    """Led to an address where no camera is, the stream from the old one is not kept."""
    entry = await set_up(hass, kita)
    stream = await watch(hass, kita, hass_ws_client, hass_client)
    (subentry,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(
        entry, subentry, data=camera_data(kita, port=unused_tcp_port)
    )
    await until(lambda: not stream.outputs())
    assert get_camera_from_entity_id(hass, live(hass, kita)).stream is None


async def watchings(entry: MockConfigEntry) -> list[tuple[str | None, list[str]]]:
    """Return whose viewings the ledger holds, and of what kinds."""
    return [
        (one.person and one.person.id, one.details["kinds"])
        async for one in entry.runtime_data.evidence.ledger.entries(actions={"footage_viewed"})
    ]


async def test_stills_are_accounted_for(
    hass: HomeAssistant,
    kita: RunningCamera,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_admin_user: MockUser,
) -> None:
    """One entry per person and session, as far as Home Assistant tells who looks; nobody is held up by it."""
    entry = await set_up(hass, kita)
    nobody = await hass_client_no_auth()
    picture = state(hass, kita.camera.config, "live", Platform.CAMERA).attributes["entity_picture"]
    assert (await nobody.get(picture)).status == HTTPStatus.OK
    client = await hass_client()
    url = f"/api/camera_proxy/{live(hass, kita)}"
    for _ in range(3):
        assert (await client.get(url)).status == HTTPStatus.OK
    # Checks that are due are entered as well.
    async with asyncio.timeout(PATIENCE):
        while not (seen := await watchings(entry)):  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.02)
    assert seen == [(hass_admin_user.id, ["still"])]


async def test_live_view_goes_on_without_the_ledger(
    hass: HomeAssistant,
    kita: RunningCamera,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
) -> None:
    """Monitoring comes first; what was seen is entered when the ledger is back."""
    entry = await set_up(hass, kita)
    evidence = entry.runtime_data.evidence
    with patch.object(evidence.ledger, "append", side_effect=LedgerUnavailable("away")):
        await watch(hass, kita, hass_ws_client, hass_client)
        await evidence.viewing_sessions.tend()
    assert await watchings(entry) == []
    await evidence.viewing_sessions.tend()
    assert await watchings(entry) == [(hass_admin_user.id, ["live"])]
