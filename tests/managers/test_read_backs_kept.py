"""What came of reading a card back: told as it is after a restart, until there is another sample."""

from datetime import timedelta
from typing import Any

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, State
from homeassistant.util import dt as dt_util

from custom_components.niiza_cctv.const import DOMAIN
from simulator.running import RunningCamera
from tests.section import entity_id, poll_until, set_up, state, unique_id_of, until

STORE = f"{DOMAIN}.read_backs"


def last(hass: HomeAssistant, kita: RunningCamera) -> State:
    """Return what is told of the last read-back."""
    return state(hass, kita.camera.config, "last_read_back", Platform.SENSOR)


async def read_back(hass: HomeAssistant, kita: RunningCamera) -> None:
    """Press the button of the camera."""
    button = entity_id(hass, kita.camera.config, "prove_recording", Platform.BUTTON)
    await hass.services.async_call("button", "press", {"entity_id": button}, blocking=True)


async def test_the_last_read_back_is_known_after_a_restart(
    hass: HomeAssistant, kita: RunningCamera, hass_storage: dict[str, Any]
) -> None:
    """As of when it was; before there ever was one it is unknown, and what is kept and unreadable is no sample."""
    config = kita.camera.config
    entry = await set_up(hass, kita)
    await poll_until(hass, lambda: state(hass, config, "sd_problem").state == "off")
    assert last(hass, kita).state == "unknown"
    await read_back(hass, kita)
    await until(lambda: last(hass, kita).state != "unknown")
    assert await hass.config_entries.async_unload(entry.entry_id)
    kept = hass_storage[STORE]["data"][unique_id_of(config)]
    assert kept["outcome"] == "decoded"
    # As after a restart: only what was stored is known.
    tried_at = dt_util.utcnow().replace(microsecond=0) - timedelta(days=3)
    kept["tried_at"] = tried_at.isoformat()
    await kita.soap.stop()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await poll_until(hass, lambda: state(hass, config, "alive").state == "off")
    shown = last(hass, kita)
    assert (shown.state, shown.attributes["outcome"]) == (tried_at.isoformat(), "decoded")

    assert await hass.config_entries.async_unload(entry.entry_id)
    hass_storage[STORE]["data"][unique_id_of(config)]["tried_at"] = "yesterday"
    assert await hass.config_entries.async_setup(entry.entry_id)
    await poll_until(hass, lambda: state(hass, config, "alive").state == "off")
    assert last(hass, kita).state == "unknown"
    await kita.soap.start()


async def test_a_card_that_gave_nothing_back_stays_red_over_a_restart(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """Its index moves on all the while; a sample of now, which is taken soon, takes it back."""
    config = kita.camera.config
    entry = await set_up(hass, kita)
    await poll_until(hass, lambda: state(hass, config, "sd_problem").state == "off")
    kita.set(card_since=28, card="unreadable")
    await read_back(hass, kita)
    await poll_until(hass, lambda: state(hass, config, "sd_problem").state == "on")
    kita.set(card="ok")
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await poll_until(hass, lambda: state(hass, config, "sd_problem").state == "on")
    await read_back(hass, kita)
    await poll_until(hass, lambda: state(hass, config, "sd_problem").state == "off")


async def test_nothing_is_kept_of_a_camera_or_a_section_that_is_gone(
    hass: HomeAssistant, kita: RunningCamera, hass_storage: dict[str, Any]
) -> None:
    """One that is added again is a new one."""
    config = kita.camera.config
    entry = await set_up(hass, kita)
    await poll_until(hass, lambda: state(hass, config, "alive").state == "on")
    await read_back(hass, kita)
    await until(lambda: last(hass, kita).state != "unknown")
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert unique_id_of(config) in hass_storage[STORE]["data"]
    assert await hass.config_entries.async_setup(entry.entry_id)
    (camera,) = entry.runtime_data.cameras.values()
    hass.config_entries.async_remove_subentry(entry, camera.subentry.subentry_id)
    await hass.async_block_till_done()
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert hass_storage[STORE]["data"] == {}
    await hass.config_entries.async_remove(entry.entry_id)
    assert STORE not in hass_storage
