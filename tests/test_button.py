"""Buttons: a read-back and a poll when a person wants them."""

from unittest.mock import patch

from homeassistant.components.button.const import DOMAIN as BUTTON, SERVICE_PRESS
from homeassistant.const import ATTR_ENTITY_ID, Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import snapshot_platform
from syrupy.assertion import SnapshotAssertion

from custom_components.niiza_cctv.cameras import Cameras
from custom_components.niiza_cctv.lib.footage.readback import ReadBackLimits
from simulator.running import RunningCamera
from tests.section import entity_id, pass_in, quick_limits, section_entry, set_up, state, until


async def press(hass: HomeAssistant, camera: RunningCamera, key: str) -> None:
    """Press a button of a camera."""
    await hass.services.async_call(
        BUTTON,
        SERVICE_PRESS,
        {ATTR_ENTITY_ID: entity_id(hass, camera.camera.config, key, Platform.BUTTON)},
        blocking=True,
    )


async def test_buttons(
    hass: HomeAssistant,
    kita: RunningCamera,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A camera has its buttons."""
    with patch("custom_components.niiza_cctv.PLATFORMS", [Platform.BUTTON]):
        entry = section_entry(kita)
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


async def test_prove_reads_the_card_back(hass: HomeAssistant, kita: RunningCamera) -> None:
    """A picture decoded from the card turns the status green; only video was set up."""
    config = kita.camera.config
    await set_up(hass, kita)
    await press(hass, kita, "prove_recording")
    await until(
        lambda: (
            state(hass, config, "last_read_back", Platform.SENSOR).attributes.get("outcome")
            == "decoded"
        )
    )
    assert state(hass, config, "sd_problem").state == "off"
    assert state(hass, config, "sd_status", Platform.SENSOR).state == "recording"
    assert kita.rtsp.setups
    assert not [track for track in kita.rtsp.setups if "audio" in track.lower()]


async def test_prove_finds_the_card_that_gives_nothing_back(
    hass: HomeAssistant, kita: RunningCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A card whose index moves on but whose footage cannot be read turns red."""
    pass_in(monkeypatch, Cameras, limits=quick_limits(read_back=ReadBackLimits(idle=0.5)))
    config = kita.camera.config
    await set_up(hass, kita)
    # What was written before can still be read: both tries must be of later.
    kita.set(card_since=28, card="unreadable")
    await press(hass, kita, "prove_recording")
    await until(lambda: state(hass, config, "sd_problem").state == "on")
    assert state(hass, config, "last_read_back", Platform.SENSOR).attributes["outcome"] in (
        "no_data",
        "undecodable",
    )


async def test_prove_says_when_it_cannot_be_tried(hass: HomeAssistant, kita: RunningCamera) -> None:
    """A dead camera gives no evidence, and the person who pressed is told so."""
    await set_up(hass, kita)
    await kita.soap.stop()
    await kita.rtsp.stop()
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, kita, "prove_recording")
    assert raised.value.translation_key == "read_back_not_possible"
    assert raised.value.translation_placeholders == {"camera": "kita"}


async def test_refresh_asks_the_camera_now(hass: HomeAssistant, kita: RunningCamera) -> None:
    """What was broken since the last poll shows at once."""
    await set_up(hass, kita)
    kita.set(clock_offset=-420.0)
    await press(hass, kita, "refresh")
    await until(lambda: state(hass, kita.camera.config, "clock_problem").state == "on")
