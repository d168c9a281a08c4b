"""One Home Assistant of the dashboard benchmark: a section whose cameras change every second, and two dashboards of it.

`/bench-ours` is the section's dashboard, `/bench-tiles` shows the same entities on Home Assistant's own cards. Reads the
cameras from standard input, prints one JSON line once every camera was read (its address, and what a browser keeps of a
log-in), and runs until it is terminated.
"""

import argparse
import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import count
import json
from pathlib import Path
import signal
import sys
import tempfile
import time
from typing import Any

from homeassistant import bootstrap, runner
from homeassistant.auth.const import GROUP_ID_ADMIN
from homeassistant.auth.models import User
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from bench.fleet_home import READY_TIMEOUT, REPOSITORY, ours, ready
from custom_components.niiza_cctv import const
from scripts.demo import store
from scripts.home_assistant import leave_out_voice, stand_in_for_compiled

OURS, TILES = "bench-ours", "bench-tiles"
CONFIGURATION = f"""\
homeassistant:
  time_zone: Asia/Tokyo
frontend:
recorder:
stream:
lovelace:
  dashboards:
    {OURS}: {{mode: yaml, title: Ours, filename: ours.yaml}}
    {TILES}: {{mode: yaml, title: Tiles, filename: tiles.yaml}}
"""
# What the board says of each camera, as entities that Home Assistant's own tiles show.
SHOWN = ("sd_problem", "alive", "audio_disabled", "retention_problem", "clock_problem")
EVERY = 1.0
# One camera's clock goes wrong and another's comes right each second: the board is sorted anew each time.
WRONG_FOR = 5


def prepare(config: Path, port: int) -> None:
    """Write a configuration folder that nobody need be welcomed to."""
    (config / "configuration.yaml").write_text(CONFIGURATION, encoding="utf-8")
    (config / "custom_components").symlink_to(REPOSITORY / "custom_components")
    (config / "ours.yaml").symlink_to(REPOSITORY / "config_examples" / "strategy.yaml")
    (config / "tiles.yaml").write_text("views: []\n", encoding="utf-8")
    done = ["user", "core_config", "analytics", "integration"]
    store(config, "onboarding", {"done": done}, 4)
    http = {
        "server_host": ["127.0.0.1"],
        "server_port": port,
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": True,
        "ssl_profile": "modern",
        "use_x_frame_options": True,
        "created_at": "2026-01-01T00:00:00+00:00",
        "error": None,
        "error_message": None,
    }
    store(config, "http", {"stable": http, "pending": None, "yaml_migration_done": True}, 2, 2)


def tiles(hass: HomeAssistant) -> dict[str, Any]:
    """Return a dashboard of Home Assistant's own cards: a heading and the same entities for each camera."""
    registry = er.async_get(hass)
    by_device: dict[str, list[str]] = {}
    for key in SHOWN:
        for entity in registry.entities.values():
            if (
                entity.platform == const.DOMAIN
                and entity.translation_key == key
                and entity.device_id
            ):
                by_device.setdefault(entity.device_id, []).append(entity.entity_id)
    sections = [
        {
            "type": "grid",
            "cards": [
                {"type": "heading", "heading": device},
                *({"type": "tile", "entity": entity} for entity in entities),
            ],
        }
        for device, entities in by_device.items()
    ]
    return {"views": [{"title": "Tiles", "type": "sections", "sections": sections}]}


async def log_in(hass: HomeAssistant, user: User, url: str) -> dict[str, Any]:
    """Return what Home Assistant's page keeps of a log-in in `localStorage.hassTokens`."""
    refresh = await hass.auth.async_create_refresh_token(user, f"{url}/")
    lasts = refresh.access_token_expiration.total_seconds()
    return {
        "hassUrl": url,
        "clientId": f"{url}/",
        "access_token": hass.auth.async_create_access_token(refresh),
        "refresh_token": refresh.token,
        "token_type": "Bearer",
        "expires_in": lasts,
        "expires": (time.time() + lasts) * 1000,
    }


async def change(entry: ConfigEntry[Any]) -> None:
    """Have every camera's clock read anew each second, some of them wrong."""
    for second in count():
        cameras = list(entry.runtime_data.cameras.values())
        for number, camera in enumerate(cameras):
            clock = camera.data.clock
            wrong = (number - second) % max(len(cameras), 1) < WRONG_FOR
            offset = timedelta(seconds=300 + second % 60 if wrong else second % 2)
            if clock is not None:
                camera.async_set_updated_data(
                    replace(camera.data, clock=replace(clock, offset=offset))
                )
        await asyncio.sleep(EVERY)


async def run(cameras: list[dict[str, Any]], options: argparse.Namespace) -> None:
    """Start, say so, and change until told to stop."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder)
        prepare(config, options.port)
        hass = await bootstrap.async_setup_hass(
            runner.RuntimeConfig(config_dir=folder, skip_pip=True, log_no_color=True)
        )
        if hass is None:
            sys.exit("Home Assistant did not start")
        user = await hass.auth.async_create_user("Chief", group_ids=[GROUP_ID_ADMIN])
        (entry,) = ours(cameras, [user.id])
        await hass.async_start()
        await hass.config_entries.async_add(entry)
        began = time.monotonic()
        while not ready(hass, const.DOMAIN, len(cameras)):
            if time.monotonic() - began > READY_TIMEOUT:
                sys.exit("Not all cameras became available")
            await asyncio.sleep(0.1)
        await hass.async_add_executor_job(
            (config / "tiles.yaml").write_text, json.dumps(tiles(hass))
        )
        url = f"http://127.0.0.1:{options.port}"
        print(json.dumps({"url": url, "tokens": await log_in(hass, user, url)}), flush=True)
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        changes = asyncio.create_task(asyncio.sleep(0) if options.quiet else change(entry))
        await stop.wait()
        changes.cancel()
        await hass.async_stop(force=True)


def main() -> None:
    """Read the cameras from standard input and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--quiet", action="store_true", help="change nothing")
    leave_out_voice()
    stand_in_for_compiled()
    asyncio.run(run(json.load(sys.stdin), parser.parse_args()))


if __name__ == "__main__":
    main()
