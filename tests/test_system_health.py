"""The section on the system's health page."""

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.checks.model import Result
from simulator.running import RunningCamera
from tests.office import Office
from tests.section import poll_until, set_up, state, until


async def test_counts_the_cameras(hass: HomeAssistant, kita: RunningCamera) -> None:
    """A healthy camera, then a silent one."""
    assert await async_setup_component(hass, "system_health", {})
    entry = await set_up(hass, kita)
    await until(lambda: state(hass, kita.camera.config, "sd_problem").state == "off")
    camera = next(iter(entry.runtime_data.cameras.values()))
    before = camera.data.last_contact
    info = await get_system_health_info(hass, DOMAIN)
    assert (info["cameras"], info["alive"], info["sd_proved"]) == (1, 1, 1)
    # A poll may end meanwhile.
    assert before <= info["oldest_contact"] <= camera.data.last_contact
    assert info["ledger_available"] is True
    # That a check became due is entered meanwhile.
    assert 0 <= info["ledger_entries"] <= entry.runtime_data.evidence.ledger.head.number
    # Three of the camera, four of the section: nobody has confirmed any yet.
    assert (info["checks_due"], info["checks_failed"]) == (7, 0)
    assert (info["mail_receiver"], info["address_reports"]) == (False, False)
    free, unit = info["vault_free"].split()
    assert unit == "GB"
    assert 0 < float(free) <= 50


async def test_dead_camera_counts_as_neither(hass: HomeAssistant, kita: RunningCamera) -> None:
    """What does not answer is not alive, and its card not proved."""
    assert await async_setup_component(hass, "system_health", {})
    await set_up(hass, kita)
    kita.set(garbage="html")
    await poll_until(hass, lambda: state(hass, kita.camera.config, "sd_problem").state != "off")
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
    assert info["checks_due"] == 0
    assert info["vault_free"] == "-"


async def test_what_is_switched_on_and_what_is_confirmed_shows(
    hass: HomeAssistant, office: Office, unused_tcp_port: int
) -> None:
    """Mails and reports are taken as soon as the options say so; a confirmed check is due no more."""
    assert await async_setup_component(hass, "system_health", {})
    before = (await get_system_health_info(hass, DOMAIN))["checks_due"]
    hass.config_entries.async_update_entry(
        office.entry,
        options={
            "address": {"enabled": True, "port": 0},
            "mail": {"enabled": True, "port": unused_tcp_port},
        },
    )
    await until(lambda: office.entry.runtime_data.mail.receiver is not None)
    actor = await office.evidence.async_actor("sato", direct=True)
    checks = office.evidence.checks
    await checks.record(actor, "contractor:section:section", Result.PASSED)
    await checks.record(actor, "standard:section:section", Result.FAILED, note="改正に未対応")
    info = await get_system_health_info(hass, DOMAIN)
    assert (info["mail_receiver"], info["address_reports"]) == (True, True)
    assert (info["checks_due"], info["checks_failed"]) == (before - 1, 1)
