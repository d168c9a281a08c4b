"""A section with virtual cameras, as Home Assistant keeps it, and what tests ask about it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from inspect import isawaitable
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigSubentry, ConfigSubentryData
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.niiza_cctv import runtime
from custom_components.niiza_cctv.const import DOMAIN, POLL_INTERVAL, SUBENTRY_CAMERA
from custom_components.niiza_cctv.coordinator import Limits
from custom_components.niiza_cctv.lib.device.camera import CameraTiming
from simulator.camera import CameraConfig
from simulator.running import RunningCamera

POLICY = {
    "retention_days": 14,
    "retention_tolerance_days": 1,
    "audio_allowed": False,
    "clock_tolerance": 2,
    "max_everyday_height": 720,
}
# What a section's ledger holds without anybody's doing.
BY_ITSELF = frozenset(
    {"check_due", "taken_over", "camera_clock_changed", "digest_learnt", "viewing_copy_made"}
)
# Seconds after which what a test waits for does not come any more; below the time after which pytest ends the run.
PATIENCE = 120
STEP = 0.05
# Nothing here is so slow that it has to be left alone.
QUICK = CameraTiming(second_try=0.2, pull_pause=0.1, watch_again=(0.2, 300.0), search_pause=0.01)
NO_ROLES: dict[str, list[str]] = {
    "viewers": [],
    "exporters": [],
    "approvers": [],
    "tablets": [],
}


def quick_limits(**values: Any) -> Limits:
    """Return what a section allows itself at cameras that are neither slow nor busy."""
    return replace(Limits(poll_cooldown=timedelta(seconds=0.1), timing=QUICK), **values)


def unique_id_of(config: CameraConfig) -> str:
    """Return what identifies a virtual camera, written out here so that a change of the rule shows."""
    return f"{config.manufacturer.lower()}-{config.serial.lower().replace('-', '')}"


def camera_data(running: RunningCamera, **changes: Any) -> dict[str, Any]:
    """Return the data of the subentry of a virtual camera."""
    config = running.camera.config
    return {
        "host": "127.0.0.1",
        "port": running.http_port,
        "ssl": False,
        "verify_ssl": True,
        "fingerprint": None,
        "username": "viewer",
        "password": "viewer-pass",
        "manufacturer": config.manufacturer,
        "model": config.model,
        "firmware": config.firmware,
        "serial": config.serial,
        "macs": [config.mac.lower()],
    } | changes


def camera_subentry(running: RunningCamera, **changes: Any) -> ConfigSubentryData:
    """Return the subentry of a virtual camera, with changes of its data."""
    return ConfigSubentryData(
        data=camera_data(running, **changes),
        subentry_type=SUBENTRY_CAMERA,
        title=running.camera.config.name,
        unique_id=unique_id_of(running.camera.config),
    )


def new_subentry(running: RunningCamera) -> ConfigSubentry:
    """Return the subentry of a virtual camera, to be added to a section that runs."""
    data = camera_subentry(running)
    return ConfigSubentry(
        data=MappingProxyType(data["data"]),
        subentry_type=data["subentry_type"],
        title=data["title"],
        unique_id=data["unique_id"],
    )


def section_entry(
    *cameras: RunningCamera | ConfigSubentryData,
    options: Any = None,
    **changes: Any,
) -> MockConfigEntry:
    """Return the config entry of a section with these cameras, given as subentries where more is to be said of them."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="交通防犯課",
        unique_id=DOMAIN,
        data=POLICY | NO_ROLES | changes,
        options=options or {},
        subentries_data=[
            camera_subentry(camera) if isinstance(camera, RunningCamera) else camera
            for camera in cameras
        ],
    )


def pass_in(monkeypatch: pytest.MonkeyPatch, part: type, **values: Any) -> None:
    """Let the sections of this test make a part with these arguments: times that tests need not wait for."""
    made = getattr(runtime, part.__name__)
    monkeypatch.setattr(runtime, part.__name__, partial(made, **values))


async def set_up(hass: HomeAssistant, *cameras: RunningCamera, **changes: Any) -> MockConfigEntry:
    """Set the section up and wait until every camera has been asked once."""
    entry = section_entry(*cameras, **changes)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    for camera in cameras:
        await until(partial(known, hass, camera.camera.config, "alive"))
    await hass.async_block_till_done()
    return entry


async def listening(entry: MockConfigEntry) -> None:
    """Wait until the events of every camera come."""
    cameras = entry.runtime_data.cameras
    await until(lambda: all(coordinator.data.events_alive for coordinator in cameras.values()))


async def due_noted(entry: MockConfigEntry) -> None:
    """Wait until it is noted in the ledger what a new section has to look at."""
    checks = entry.runtime_data.checks
    await until(lambda: checks.checks and all(check.due_since for check in checks.checks.values()))


async def until(condition: Callable[[], Any]) -> None:
    """Wait for something that happens in the background or at the other end of a socket; the condition may be a coroutine.

    The bound is there only to end a test that would hang: a busy machine takes its time.
    """
    async with asyncio.timeout(PATIENCE):
        # What is waited for may be the camera's, and has no event of ours.
        while not (await met if isawaitable(met := condition()) else met):  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.02)


@contextmanager
def waiting() -> Iterator[Callable[[], float]]:
    """Count the seconds that pass, in steps in which the event loop has its turn: waiting counts, a busy machine does not."""
    loop = asyncio.get_running_loop()
    steps = 0
    timer: asyncio.TimerHandle

    def pass_on() -> None:
        nonlocal steps, timer
        steps += 1
        timer = loop.call_later(STEP, pass_on)

    timer = loop.call_later(STEP, pass_on)
    try:
        yield lambda: steps * STEP
    finally:
        timer.cancel()


def entity_id(
    hass: HomeAssistant,
    config: CameraConfig,
    key: str,
    platform: Platform = Platform.BINARY_SENSOR,
) -> str:
    """Return the entity of a camera."""
    found = er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, f"{unique_id_of(config)}_{key}"
    )
    assert found, key
    return found


def state(
    hass: HomeAssistant,
    config: CameraConfig,
    key: str,
    platform: Platform = Platform.BINARY_SENSOR,
) -> State:
    """Return the state of an entity of a camera."""
    found = hass.states.get(entity_id(hass, config, key, platform))
    assert found, key
    return found


def known(hass: HomeAssistant, config: CameraConfig, key: str) -> bool:
    """Return whether a binary sensor has told something."""
    return state(hass, config, key).state in ("on", "off")


async def ask_cameras(hass: HomeAssistant) -> None:
    """Read everything from every camera now and wait for the end of it, whether they answer or not.

    A poll of the product's own reads little as long as the card's index moves, which takes a second.
    """
    coordinators = [
        coordinator
        for entry in hass.config_entries.async_loaded_entries(DOMAIN)
        for coordinator in entry.runtime_data.cameras.values()
    ]
    for coordinator in coordinators:
        coordinator.camera.look_again()
    await asyncio.gather(*(coordinator.async_refresh() for coordinator in coordinators))


async def poll(hass: HomeAssistant) -> None:
    """Poll every camera now; when this returns, what was found is shown and has had its consequences."""
    await ask_cameras(hass)
    await hass.async_block_till_done()


async def poll_until(hass: HomeAssistant, condition: Callable[[], Any]) -> None:
    """Poll every camera, again and again until something is so."""

    async def is_so() -> bool:
        await poll(hass)
        return bool(condition())

    await until(is_so)


def time_of_poll(hass: HomeAssistant) -> None:
    """Let the time of the next poll come; nothing is waited for.

    Firing the time runs out every clock of the loop, those of requests under way, too.
    """
    async_fire_time_changed(hass, dt_util.utcnow() + POLL_INTERVAL * 1.1, fire_all=False)
