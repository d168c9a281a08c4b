"""The section's life: set-up, unload, and cameras that come, change and go without disturbing others."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
import errno
from functools import partial
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.const import EVENT_STATE_CHANGED, Platform
from homeassistant.core import Event, EventStateChangedData, HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.niiza_cctv.const import DOMAIN, SUBENTRY_CAMERA
from custom_components.niiza_cctv.lib.checks.model import Asset
from simulator.running import RunningCamera
from simulator.station import Station
from tests.section import (
    camera_data,
    entity_id,
    known,
    listening,
    new_subentry,
    section_entry,
    set_up,
    state,
    unique_id_of,
    until,
)
from tests.station import camera_config


@pytest.fixture
async def two(start_station: Callable[..., Awaitable[Station]]) -> Station:
    """Return a station with two cameras."""
    return await start_station(
        camera_config("kita"), camera_config("minami", serial="MINAMI02", mac="02:00:00:00:00:02")
    )


async def test_unplugged_camera_does_not_hold_up_anything(
    hass: HomeAssistant, two: Station, unused_tcp_port: int
) -> None:
    """All entities of a dead camera exist at once and are unknown; then alive says off."""
    kita, minami = two.cameras["kita"], two.cameras["minami"]
    entry = section_entry(kita, minami)
    await minami.soap.stop()
    entry.add_to_hass(hass)
    told: list[Event[EventStateChangedData]] = async_capture_events(hass, EVENT_STATE_CHANGED)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    dead = minami.camera.config
    first = {new.entity_id: new.state for one in reversed(told) if (new := one.data["new_state"])}
    for key in (
        "alive",
        "sd_problem",
        "audio_disabled",
        "recording_now",
        "retention_problem",
        "clock_problem",
        "resolution_within_limit",
        "default_password",
    ):
        assert first[entity_id(hass, dead, key)] == "unknown"
    await until(lambda: known(hass, dead, "alive"))
    assert state(hass, dead, "alive").state == "off"
    for key in ("sd_problem", "audio_disabled", "retention_problem", "recording_now"):
        assert state(hass, dead, key).state == "unknown"
    assert state(hass, dead, "sd_status", Platform.SENSOR).state == "unknown"
    await until(lambda: state(hass, kita.camera.config, "alive").state == "on")
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, unique_id_of(dead)), entry.entry_id
    )
    assert device
    assert device.name == "minami"
    assert device.manufacturer == dead.manufacturer
    assert device.model == dead.model
    assert device.serial_number == dead.serial
    assert (dr.CONNECTION_NETWORK_MAC, dead.mac.lower()) in device.connections


async def test_added_camera_disturbs_no_other(hass: HomeAssistant, two: Station) -> None:
    """The first camera keeps its coordinator, camera, subscription and live stream."""
    kita, minami = two.cameras["kita"], two.cameras["minami"]
    entry = await set_up(hass, kita)
    await listening(entry)
    (coordinator,) = entry.runtime_data.cameras.values()
    before = (coordinator, coordinator.camera, tuple(kita.soap.events.subscriptions))
    refreshes = state(hass, kita.camera.config, "alive").last_reported

    new = new_subentry(minami)
    hass.config_entries.async_add_subentry(entry, new)
    await until(
        lambda: (
            hass.states.get("binary_sensor.minami_alive") is not None
            and known(hass, minami.camera.config, "alive")
        )
    )
    assert state(hass, minami.camera.config, "alive").state == "on"
    registered = er.async_get(hass).async_get(entity_id(hass, minami.camera.config, "alive"))
    assert registered
    assert registered.config_subentry_id == new.subentry_id

    assert entry.state is ConfigEntryState.LOADED
    coordinator = next(iter(entry.runtime_data.cameras.values()))
    assert (coordinator, coordinator.camera, tuple(kita.soap.events.subscriptions)) == before
    assert state(hass, kita.camera.config, "alive").state == "on"
    assert state(hass, kita.camera.config, "alive").last_reported >= refreshes


async def test_removed_camera_is_gone_and_disturbs_no_other(
    hass: HomeAssistant, two: Station
) -> None:
    """Its entities, device and subscription end; the other's go on."""
    kita, minami = two.cameras["kita"], two.cameras["minami"]
    entry = await set_up(hass, kita, minami)
    await listening(entry)
    before = tuple(kita.soap.events.subscriptions)
    staying, going = entry.runtime_data.cameras.values()
    hass.config_entries.async_remove_subentry(entry, going.subentry.subentry_id)
    await until(lambda: not minami.soap.events.subscriptions)
    await hass.async_block_till_done()
    assert list(entry.runtime_data.cameras.values()) == [staying]
    assert tuple(kita.soap.events.subscriptions) == before
    assert hass.states.get("binary_sensor.minami_alive") is None
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert [device.name for device in devices] == ["交通防犯課", "kita"]


async def test_changed_camera_keeps_its_entities_and_disturbs_no_other(
    hass: HomeAssistant, two: Station
) -> None:
    """A camera that moved is watched at its new port under its new name."""
    kita, minami = two.cameras["kita"], two.cameras["minami"]
    entry = await set_up(hass, kita, minami)
    await listening(entry)
    staying, moving = entry.runtime_data.cameras.values()
    before = (staying.camera, tuple(kita.soap.events.subscriptions))
    await two.move("minami")
    hass.config_entries.async_update_subentry(
        entry, moving.subentry, data=camera_data(minami), title="南口"
    )
    await until(lambda: minami.soap.events.subscriptions)
    assert (staying.camera, tuple(kita.soap.events.subscriptions)) == before
    assert list(entry.runtime_data.cameras.values()) == [staying, moving]
    await until(lambda: state(hass, minami.camera.config, "alive").state == "on")
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert {device.name for device in devices} == {"交通防犯課", "kita", "南口"}


async def test_unload_and_reload_leave_nothing_behind(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """No task, socket or subscription survives an unload; the reload works as the first set-up."""
    entry = await set_up(hass, kita)
    await listening(entry)
    for _ in range(2):
        assert await hass.config_entries.async_unload(entry.entry_id)
        assert entry.state is ConfigEntryState.NOT_LOADED
        await until(lambda: not kita.soap.events.subscriptions)
        assert not [task for task in asyncio.all_tasks() if DOMAIN in task.get_name()]
        assert await hass.config_entries.async_setup(entry.entry_id)
        await listening(entry)
        await until(lambda: state(hass, kita.camera.config, "alive").state == "on")


async def test_stop_ends_the_subscriptions(hass: HomeAssistant, kita: RunningCamera) -> None:
    """A camera holds few subscriptions, and a restarted Home Assistant wants its own."""
    entry = await set_up(hass, kita)
    await listening(entry)
    assert kita.soap.events.subscriptions
    await hass.async_stop()
    assert not kita.soap.events.subscriptions


async def test_change_after_the_stop_starts_nothing(hass: HomeAssistant, two: Station) -> None:
    """A camera that is added while Home Assistant goes down is left for the next start."""
    kita, minami = two.cameras["kita"], two.cameras["minami"]
    entry = await set_up(hass, kita)
    await entry.runtime_data.async_close()
    hass.config_entries.async_add_subentry(entry, new_subentry(minami))
    await hass.async_block_till_done()
    assert len(entry.runtime_data.cameras) == 1
    assert len(entry.get_subentries_of_type(SUBENTRY_CAMERA)) == 2


async def test_what_is_removed_while_it_is_added_leaves_nothing(
    hass: HomeAssistant,
    start_station: Callable[..., Awaitable[Station]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A camera that goes while the ones before it get their entities gets none itself."""
    names = ("kita", "minami", "kaisatsu", "churin")
    station = await start_station(*(camera_config(name) for name in names))
    kita, *others = station.cameras.values()
    entry = await set_up(hass, kita)
    new = [new_subentry(camera) for camera in others]

    def remove_the_next(added: Asset) -> None:
        # The first one is being added while the other two come.
        if added.subentry_id == new[1].subentry_id:
            hass.config_entries.async_remove_subentry(entry, new[2].subentry_id)

    def is_there(added: ConfigSubentry) -> bool:
        return added.subentry_id in entry.runtime_data.cameras

    entry.runtime_data.cameras.async_for_each_asset(remove_the_next)
    for subentry in new:
        hass.config_entries.async_add_subentry(entry, subentry)
    await until(lambda: new[2].subentry_id not in entry.subentries)
    for subentry in new[:2]:
        await until(partial(is_there, subentry))
        hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
    await until(lambda: len(entry.runtime_data.cameras) == 1)
    await hass.async_block_till_done()
    assert "unknown subentry" not in caplog.text
    assert not any(
        found.config_subentry_id in {each.subentry_id for each in new}
        for found in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    )


async def test_disk_that_fails_at_the_start_is_waited_for(
    hass: HomeAssistant, two: Station
) -> None:
    """What the section keeps beside its ledger cannot be written: it says so, closes everything, and is tried again."""
    true_write = Store._async_write_data
    failing = True

    async def write(store: Store[Any], data: dict[str, Any]) -> None:
        if failing and store.key.startswith(DOMAIN):
            raise OSError(errno.EROFS, "Read-only file system")
        await true_write(store, data)

    with patch.object(Store, "_async_write_data", write):
        entry = section_entry(*two.cameras.values())
        entry.add_to_hass(hass)
        assert not await hass.config_entries.async_setup(entry.entry_id)
        assert entry.state is ConfigEntryState.SETUP_RETRY
        assert entry.error_reason_translation_key == "not_started"
        failing = False
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=1))
        await until(lambda: entry.state is ConfigEntryState.LOADED)
