"""What is learnt of a camera's jumps: told, kept over restarts, and forgotten with its firmware."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.niiza_cctv.coordinator import CameraCoordinator
from custom_components.niiza_cctv.views.passages import async_playback
from simulator.camera import Quirk
from simulator.running import RunningCamera
from tests.section import poll, set_up, unique_id_of
from tests.views.test_playback_views import HOUR, MINUTE


@pytest.fixture(autouse=True)
async def served(hass: HomeAssistant) -> None:
    """Set up what serves footage before the first request freezes the routes."""
    for component in ("http", "websocket_api", "media_source", "diagnostics"):
        assert await async_setup_component(hass, component, {})


def camera_of(section: MockConfigEntry) -> CameraCoordinator:
    """Return the section's one camera."""
    (camera,) = section.runtime_data.cameras.values()
    assert isinstance(camera, CameraCoordinator)
    return camera


async def jump(hass: HomeAssistant, section: MockConfigEntry, user: MockUser, client: Any) -> None:
    """Open a minute of an hour ago, look at its beginning and jump to its end."""
    camera = camera_of(section)
    start = (await camera.archive.index()).read_at.replace(microsecond=0) - HOUR
    opened = await async_playback(
        hass, section, user.id, camera.unique_id, start=start, end=start + MINUTE
    )
    base = opened.path.partition("index.m3u8")[0]
    for name in ("0.mp4", "0.m4s", "9.m4s"):
        answer = await client.get(base + name)
        assert answer.status == HTTPStatus.OK, await answer.text()
        assert len(await answer.read()) > 500


async def test_a_camera_that_refuses_jumps_is_remembered_until_it_has_another_firmware(
    hass: HomeAssistant,
    kita: RunningCamera,
    people: dict[str, MockUser],
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """It is tried once; the diagnostics and the count of quirks say so."""
    kita.set(quirks=frozenset({Quirk.JUMP_REFUSED}))
    section = await set_up(hass, kita, viewers=["sato-id"])
    await poll(hass)
    client = await hass_client_no_auth()
    plays, setups = kita.rtsp.plays, kita.rtsp.setups

    async def shown() -> dict[str, Any]:
        told = await get_diagnostics_for_config_entry(hass, hass_client, section)
        (camera,) = told["cameras"]
        assert isinstance(camera, dict)
        return camera

    assert (await shown())["jump_within_session_refused"] is None
    await jump(hass, section, people["sato"], client)
    assert len(setups) == 2
    assert (await shown())["jump_within_session_refused"]["how"] == "refused"
    assert (await shown())["quirks"]["replay_jump"]["count"] == 1

    assert await hass.config_entries.async_unload(section.entry_id)
    await hass.async_block_till_done()
    assert await hass.config_entries.async_setup(section.entry_id)
    await poll(hass)
    del plays[:], setups[:]
    await jump(hass, section, people["sato"], client)
    assert len(setups) == len(plays) == 2
    assert (await shown())["jump_within_session_refused"]["how"] == "refused"

    kita.set(quirks=frozenset())
    kita.camera.config = replace(kita.camera.config, firmware="1.5.0")
    camera_of(section).camera.look_again()
    await poll(hass)
    identity = camera_of(section).data.identity
    assert identity is not None
    assert identity.firmware == "1.5.0"
    del plays[:], setups[:]
    await jump(hass, section, people["sato"], client)
    assert (len(setups), len(plays)) == (1, 2)
    assert (await shown())["jump_within_session_refused"] is None
    assert unique_id_of(kita.camera.config) == camera_of(section).unique_id


async def test_what_was_kept_and_cannot_be_read_is_learnt_again(
    hass: HomeAssistant, kita: RunningCamera, hass_storage: dict[str, Any]
) -> None:
    """The section starts all the same."""
    camera = unique_id_of(kita.camera.config)
    for number, spoilt in enumerate(({"failure": "?"}, 7, {"failure": "refused", "since": "x"})):
        hass_storage["niiza_cctv.jumps"] = {
            "version": 1,
            "key": "niiza_cctv.jumps",
            "data": {camera: spoilt},
        }
        if number:
            (section,) = hass.config_entries.async_entries("niiza_cctv")
            assert await hass.config_entries.async_reload(section.entry_id)
        else:
            section = await set_up(hass, kita)
        assert camera_of(section).jumps.refused is None
    assert await hass.config_entries.async_remove(section.entry_id)
    assert "niiza_cctv.jumps" not in hass_storage
