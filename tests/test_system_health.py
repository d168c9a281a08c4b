"""The section on the system's health page."""

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.niiza_cctv.const import DOMAIN
from simulator.station import RunningCamera
from tests.section import poll, set_up, state, until


async def test_counts_the_cameras(hass: HomeAssistant, kita: RunningCamera) -> None:
    """A healthy camera, then a silent one."""
    assert await async_setup_component(hass, "system_health", {})
    entry = await set_up(hass, kita)
    await until(lambda: state(hass, kita.camera.config, "sd_problem").state == "off")
    info = await get_system_health_info(hass, DOMAIN)
    assert (info["cameras"], info["alive"], info["sd_proved"]) == (1, 1, 1)
    assert info["oldest_contact"] == entry.runtime_data.cameras.popitem()[1].data.last_contact
    assert (info["ledger_available"], info["ledger_entries"]) == (True, 0)


async def test_dead_camera_counts_as_neither(hass: HomeAssistant, kita: RunningCamera) -> None:
    """What does not answer is not alive, and its card not proved."""
    assert await async_setup_component(hass, "system_health", {})
    await set_up(hass, kita)
    kita.set(garbage="html")
    await poll(hass)
    await until(lambda: state(hass, kita.camera.config, "sd_problem").state != "off")
    info = await get_system_health_info(hass, DOMAIN)
    assert (info["cameras"], info["sd_proved"]) == (1, 0)


async def test_nothing_to_tell_without_a_loaded_section(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """An unloaded section is no reason to fail."""
    assert await async_setup_component(hass, "system_health", {})
    entry = await set_up(hass, kita)
    assert await hass.config_entries.async_unload(entry.entry_id)
    info = await get_system_health_info(hass, DOMAIN)
    assert info["cameras"] == 0
    assert info["oldest_contact"] == "-"
