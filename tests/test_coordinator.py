"""Polling: in turn, by night, and on the camera's word."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.niiza_cctv.cameras import Cameras
from custom_components.niiza_cctv.const import DOMAIN
from simulator.running import RunningCamera
from simulator.station import Station
from tests.section import (
    camera_subentry,
    listening,
    pass_in,
    poll_until,
    quick_limits,
    section_entry,
    set_up,
    state,
    time_of_poll,
    unique_id_of,
    until,
)
from tests.station import camera_config


async def test_event_is_told_before_the_next_poll(hass: HomeAssistant, kita: RunningCamera) -> None:
    """A card that reports its failure is red within seconds, not at the next poll."""
    config = kita.camera.config
    entry = await set_up(hass, kita)
    await listening(entry)
    kita.set(card="failed")
    await until(lambda: state(hass, config, "sd_problem").state == "on")
    assert state(hass, config, "sd_status", Platform.SENSOR).state == "card_error"


async def test_subscription_that_dies_is_made_again(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """A camera that forgets its subscribers is subscribed to again."""
    entry = await set_up(hass, kita)
    await listening(entry)
    before = set(kita.soap.events.subscriptions)
    kita.soap.events.reset()
    await until(lambda: set(kita.soap.events.subscriptions) - before)


async def test_card_is_read_back_at_night(hass: HomeAssistant, kita: RunningCamera) -> None:
    """Once between two and four, at the camera's own minute, a sample proves the card."""
    await hass.config.async_set_time_zone("Asia/Tokyo")
    await set_up(hass, kita)
    sensor = "last_read_back"
    assert state(hass, kita.camera.config, sensor, Platform.SENSOR).state == "unknown"
    tonight = datetime.combine(datetime.now(ZoneInfo("Asia/Tokyo")).date(), time(2)) + timedelta(
        days=1
    )
    start = tonight.replace(tzinfo=ZoneInfo("Asia/Tokyo"))
    assert not kita.rtsp.setups
    async_fire_time_changed(hass, start + timedelta(hours=2))
    await until(lambda: state(hass, kita.camera.config, sensor, Platform.SENSOR).state != "unknown")
    assert (
        state(hass, kita.camera.config, sensor, Platform.SENSOR).attributes["outcome"] == "decoded"
    )


async def test_camera_is_polled_although_every_entity_is_disabled(
    hass: HomeAssistant, kita: RunningCamera, entity_registry: er.EntityRegistry
) -> None:
    """Repairs and the log need the polls, whatever the dashboard shows."""
    entry = await set_up(hass, kita)
    for entity in er.async_entries_for_config_entry(entity_registry, entry.entry_id):
        entity_registry.async_update_entity(
            entity.entity_id, disabled_by=er.RegistryEntryDisabler.USER
        )
    await hass.config_entries.async_reload(entry.entry_id)
    (coordinator,) = entry.runtime_data.cameras.values()
    await until(lambda: coordinator.data.alive)
    before = coordinator.data.last_contact
    time_of_poll(hass)
    await until(lambda: coordinator.data.last_contact > before)


async def test_firmware_of_the_device_follows_the_camera(
    hass: HomeAssistant, kita: RunningCamera, device_registry: dr.DeviceRegistry
) -> None:
    """What was typed in long ago is not what runs now."""
    entry = section_entry(camera_subentry(kita, firmware="0.9"))
    entry.add_to_hass(hass)
    # Nobody answers before it was looked at what was typed in.
    await kita.soap.stop()
    assert await hass.config_entries.async_setup(entry.entry_id)

    def firmware() -> str | None:
        device = device_registry.async_get_device_by_identifier(
            (DOMAIN, unique_id_of(kita.camera.config)), entry.entry_id
        )
        return None if device is None else device.sw_version

    assert firmware() == "0.9"
    await kita.soap.start()
    await poll_until(hass, lambda: firmware() == kita.camera.config.firmware)


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a section ask one camera at a time, so that a few cameras show what a hundred would."""
    pass_in(monkeypatch, Cameras, limits=quick_limits(polls=asyncio.Semaphore(1)))


@pytest.mark.usefixtures("one_at_a_time")
async def test_cameras_are_asked_in_turn(
    hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]]
) -> None:
    """A hundred cameras that answer at the same moment would stall everything else."""
    station = await start_station(camera_config("kita"), camera_config("minami"))
    entry = await set_up(hass, *station.cameras.values())
    await listening(entry)
    for running in station.cameras.values():
        running.set(slow=0.1)
    coordinators = list(entry.runtime_data.cameras.values())
    before = [coordinator.data.last_contact for coordinator in coordinators]
    asked: list[list[bool]] = []

    def note() -> None:
        now = [coordinator.data.last_contact for coordinator in coordinators]
        asked.append([one != other for one, other in zip(before, now, strict=True)])

    stop = [coordinator.async_add_listener(note) for coordinator in coordinators]
    await poll_until(hass, lambda: [True, True] in asked)
    # When the first had answered, the other was still waiting for its turn.
    assert asked.index([True, True]) > min(
        asked.index(one) for one in ([True, False], [False, True]) if one in asked
    )
    for unsubscribe in stop:
        unsubscribe()


@pytest.mark.usefixtures("one_at_a_time")
async def test_silent_cameras_hold_up_no_other(
    hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]]
) -> None:
    """Cameras that take a connection and say nothing keep nobody from their turn."""
    station = await start_station(*(camera_config(name) for name in ("kita", "a", "b", "c")))
    entry = await set_up(hass, *station.cameras.values())
    await listening(entry)
    kita = station.cameras["kita"]
    for name in "abc":
        await station.cameras[name].soap.stop()
    await poll_until(
        hass, lambda: not any(c.data.alive for c in list(entry.runtime_data.cameras.values())[1:])
    )
    for name in "abc":
        station.cameras[name].set(silent=True)
        await station.cameras[name].soap.start()
    kita.set(clock_offset=-420.0)
    silent = list(entry.runtime_data.cameras.values())[1:]
    before = [one.data for one in silent]
    time_of_poll(hass)
    await until(lambda: state(hass, kita.camera.config, "clock_problem").state == "on")
    # The silent ones are still being asked.
    assert all(one.data is known for one, known in zip(silent, before, strict=True))
    # They take more than a minute, one after the other.
    async with asyncio.timeout(30):
        assert await hass.config_entries.async_unload(entry.entry_id)
