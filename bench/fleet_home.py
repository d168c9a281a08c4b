"""One Home Assistant of the fleet benchmark: takes cameras in and reports what they cost.

A process of its own for each integration, so that neither pays for the other's memory. Prints one JSON line.
"""

import argparse
import asyncio
from collections.abc import Mapping, Sequence
import gc
import json
from pathlib import Path
import resource
import sys
import tempfile
import time
from types import MappingProxyType
from typing import Any

from homeassistant import bootstrap, config_entries, loader, runner
from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from custom_components.niiza_cctv import const

REPOSITORY = Path(__file__).parents[1]
# What both integrations need is loaded before anything is counted, so that only their own cost shows.
CONFIGURATION = """\
homeassistant:
  time_zone: Asia/Tokyo
stream:
camera:
binary_sensor:
sensor:
button:
switch:
"""
# The station's only account (fleet_station.yaml): core's integration wants more rights than a viewer has.
USERNAME, PASSWORD = "viewer", "viewer-pass"
READY_TIMEOUT = 90.0
TICK = 0.005
IDLE_SECONDS = 3.0


class Stalls:
    """The longest time for which the event loop did nothing else, in seconds."""

    def __init__(self) -> None:
        """Count from now."""
        self.longest = 0.0
        self.over_100_ms = 0

    def reset(self) -> None:
        """Count from now."""
        self.longest, self.over_100_ms = 0.0, 0

    async def watch(self) -> None:
        """Sleep briefly, over and over; what is slept too long is a stall."""
        while True:
            before = time.perf_counter()
            await asyncio.sleep(TICK)
            late = time.perf_counter() - before - TICK
            self.longest = max(self.longest, late)
            self.over_100_ms += late > 0.1


def cpu() -> float:
    """Return the CPU seconds of this process, all threads."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def rss() -> float:
    """Return the resident memory of this process in MiB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def entry(domain: str, title: str, data: Mapping[str, Any], **more: Any) -> ConfigEntry:
    """Return a config entry as its flow would have made it."""
    return ConfigEntry(
        **{
            "version": 1,
            "minor_version": 1,
            "domain": domain,
            "title": title,
            "data": data,
            "options": {},
            "source": config_entries.SOURCE_USER,
            "unique_id": None,
            "discovery_keys": MappingProxyType({}),
            "subentries_data": None,
            **more,
        }
    )


def ours(cameras: list[dict[str, Any]], people: Sequence[str] = ()) -> list[ConfigEntry]:
    """Return the section with all cameras, and with these users in every role but the tablets'."""
    return [
        entry(
            const.DOMAIN,
            "Section",
            {
                "name": "Section",
                const.CONF_RETENTION_DAYS: 14,
                const.CONF_RETENTION_TOLERANCE: 1,
                const.CONF_AUDIO_ALLOWED: False,
                const.CONF_CLOCK_TOLERANCE: 2.0,
                const.CONF_MAX_HEIGHT: 720,
                **{role: list(people) for role in const.ROLES},
                const.CONF_TABLETS: [],
            },
            subentries_data=[
                ConfigSubentry(
                    data=MappingProxyType(
                        {
                            "host": camera["host"],
                            "port": camera["http_port"],
                            "ssl": False,
                            "verify_ssl": True,
                            "username": USERNAME,
                            "password": PASSWORD,
                            const.CONF_MANUFACTURER: "",
                            const.CONF_SERIAL: camera["name"],
                            const.CONF_FIRMWARE: "",
                            const.CONF_MACS: [],
                            "model": "",
                        }
                    ),
                    subentry_type=const.SUBENTRY_CAMERA,
                    title=camera["name"],
                    unique_id=None,
                ).as_dict()
                for camera in cameras
            ],
        )
    ]


def core(cameras: list[dict[str, Any]]) -> list[ConfigEntry]:
    """Return one entry of core's own integration per camera."""
    return [
        entry(
            "onvif",
            camera["name"],
            {
                "name": camera["name"],
                "host": camera["host"],
                "port": camera["http_port"],
                "username": USERNAME,
                "password": PASSWORD,
            },
            unique_id=camera["name"],
        )
        for camera in cameras
    ]


def ready(hass: HomeAssistant, domain: str, cameras: int) -> bool:
    """Return whether every camera has been read."""
    if domain != const.DOMAIN:
        return all(
            entry.state is ConfigEntryState.LOADED
            for entry in hass.config_entries.async_entries(domain)
        )
    registry = er.async_get(hass)
    on = sum(
        state.state == "on"
        for state in hass.states.async_all("binary_sensor")
        if (known := registry.async_get(state.entity_id)) is not None
        and known.platform == const.DOMAIN
        and known.translation_key == "alive"
    )
    return on == cameras


async def poll_cost(hass: HomeAssistant) -> float:
    """Return the CPU of one poll, entities included, in milliseconds, averaged over one round of all cameras."""
    section = hass.config_entries.async_entries(const.DOMAIN)[0].runtime_data
    busy = cpu()
    for camera in section.cameras.values():
        await camera.async_refresh()
    return (cpu() - busy) / len(section.cameras) * 1000


async def measure(which: str, cameras: list[dict[str, Any]], seconds: float) -> dict[str, Any]:
    """Return what the cameras cost one Home Assistant, over its cost without them."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder)
        (config / "configuration.yaml").write_text(CONFIGURATION, encoding="utf-8")
        (config / "custom_components").symlink_to(REPOSITORY / "custom_components")
        hass = await bootstrap.async_setup_hass(
            runner.RuntimeConfig(config_dir=str(config), skip_pip=True, log_no_color=True)
        )
        if hass is None:
            sys.exit("Home Assistant did not start")
        await hass.async_start()
        await hass.async_block_till_done()
        domain = const.DOMAIN if which == "ours" else "onvif"
        integration = await loader.async_get_integration(hass, domain)
        await integration.async_get_component()
        await integration.async_get_platforms(("camera", "binary_sensor", "sensor", "button"))
        await asyncio.sleep(1)
        stalls = Stalls()
        watcher = asyncio.create_task(stalls.watch())
        memory = rss()
        # What Home Assistant and this measuring cost by themselves is not the cameras'.
        await asyncio.sleep(0.1)
        busy = cpu()
        await asyncio.sleep(IDLE_SECONDS)
        idle = (cpu() - busy) / IDLE_SECONDS
        stalls.reset()
        busy = whole = cpu()
        began = time.monotonic()
        entries = (ours if which == "ours" else core)(cameras)
        await asyncio.gather(*(hass.config_entries.async_add(one) for one in entries))
        while not ready(hass, domain, len(cameras)):
            if time.monotonic() - began > READY_TIMEOUT:
                sys.exit(f"Not all cameras became available with {which}")
            await asyncio.sleep(0.1)
        report: dict[str, Any] = {
            "start_seconds": time.monotonic() - began,
            "start_cpu": cpu() - busy - idle * (time.monotonic() - began),
            "start_stall_ms": stalls.longest * 1000,
        }
        # What a start leaves behind (first polls, garbage) belongs to the start.
        await asyncio.sleep(2)
        rss()
        await asyncio.sleep(0.1)
        stalls.reset()
        busy = cpu()
        await asyncio.sleep(seconds)
        report |= {
            "steady_cpu_percent": ((cpu() - busy) / seconds - idle) * 100,
            "steady_stall_ms": stalls.longest * 1000,
            "stalls_over_100_ms": stalls.over_100_ms,
            # Polls come every half minute, too seldom for a short window: one round of them is made here.
            "poll_cpu_ms": await poll_cost(hass) if which == "ours" else 0.0,
            "memory_mib": rss() - memory,
            "entities": len(er.async_get(hass).entities),
            "cpu_seconds": cpu() - whole - idle * (time.monotonic() - began),
        }
        watcher.cancel()
        await hass.async_stop(force=True)
    return report


def main() -> None:
    """Read the cameras from standard input, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", choices=("ours", "core"))
    parser.add_argument("--seconds", type=float, default=15)
    options = parser.parse_args()
    cameras = json.load(sys.stdin)
    print(json.dumps(asyncio.run(measure(options.which, cameras, options.seconds))))


if __name__ == "__main__":
    main()
