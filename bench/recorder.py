"""What quiet cameras write into Home Assistant's history and show in its activity log.

One Home Assistant with its recorder on SQLite and a simulated station live through some time in a time lapse: whenever
nobody has anything to do, the clock jumps to the next thing that is due. So everything that happens in that time happens
here, by its own timers. Counted are the rows of the recorder afterwards. The last line is one JSON object.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
import json
from multiprocessing import get_context
from pathlib import Path
import selectors
import sqlite3
import sys
import tempfile
from typing import Any, override

import freezegun
from freezegun.api import TickingDateTimeFactory
from homeassistant import bootstrap, runner
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import get_instance

# Makes Home Assistant's own clock one that freezegun finds.
from pytest_homeassistant_custom_component import patch_time

from bench.fleet_home import PASSWORD, USERNAME, ours
from custom_components.niiza_cctv.const import DOMAIN, POLL_INTERVAL
from custom_components.niiza_cctv.lib.device.judge import sd_problem
from simulator.camera import CameraConfig, User, UserLevel
from simulator.station import Station

assert patch_time

REPOSITORY = Path(__file__).parents[1]
CONFIGURATION = """\
homeassistant:
  time_zone: Asia/Tokyo
recorder:
logbook:
history:
"""
# Rows of one quiet camera in an hour, and lines of the activity log, when this was measured first; and the part of them
# that is allowed.
ROWS_BEFORE, LINES_BEFORE, PART = 269.0, 131.0, 1 / 4
# Real seconds without anything to do before time goes on; answers come over sockets of this process.
QUIET = 0.002
# What jumps at once at most: whoever waits longer than this for something real is not cut short by a single jump.
MAX_JUMP = 5.0


class _TimeLapse(selectors.DefaultSelector):
    """Waits for nothing that does not happen: where nothing is ready, time goes on instead."""

    def __init__(self) -> None:
        """Begin as the real time does."""
        super().__init__()
        self.ahead = 0.0
        self.clock: TickingDateTimeFactory | None = None
        # Threads that somebody waits for.
        self.busy = 0

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready; let time go on where nothing is within a moment."""
        if self.clock is None or (timeout is not None and timeout <= 0):
            return super().select(timeout)
        found = super().select(QUIET if timeout is None else min(timeout, QUIET))
        if not found and not self.busy:
            jump = MAX_JUMP if timeout is None else min(timeout, MAX_JUMP)
            self.ahead += jump
            self.clock.tick(timedelta(seconds=jump))
        return found


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose time is that of the time lapse."""

    def __init__(self) -> None:
        """Make it; time goes as it does until `lapse` is entered."""
        self.lapse = _TimeLapse()
        super().__init__(self.lapse)

    @override
    def time(self) -> float:
        """Return the time of the timers."""
        return super().time() + self.lapse.ahead

    @override
    def run_in_executor[*Ts, T](
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """Count what runs elsewhere: time does not jump meanwhile."""
        self.lapse.busy += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._done)
        return future

    def _done(self, _future: asyncio.Future[Any]) -> None:
        self.lapse.busy -= 1

    @contextmanager
    def lapsing(self) -> Iterator[None]:
        """Let time jump wherever nobody has anything to do."""
        with freezegun.freeze_time(tick=True, real_asyncio=True) as clock:
            assert isinstance(clock, TickingDateTimeFactory)
            self.lapse.clock = clock
            try:
                yield
            finally:
                self.lapse.clock = None


def camera(number: int) -> CameraConfig:
    """Return a camera in which nothing is wrong."""
    return CameraConfig(
        name=f"cam{number:03}",
        location="bench",
        serial=f"NS200-Q{number:04}",
        mac=f"02:00:5e:00:{number >> 8:02x}:{number & 255:02x}",
        http_port=0,
        rtsp_port=0,
        users=(User(name=USERNAME, password=PASSWORD, level=UserLevel.ADMINISTRATOR),),
        width=640,
        height=360,
        frame_rate=5,
        bitrate=512,
    )


def count(database: Path) -> tuple[int, int]:
    """Return the rows of states and the bytes of the database."""
    with sqlite3.connect(database) as recorded:
        (rows,) = recorded.execute("SELECT count(*) FROM states").fetchone()
        (pages,) = recorded.execute("PRAGMA page_count").fetchone()
        (size,) = recorded.execute("PRAGMA page_size").fetchone()
    return rows, pages * size


def by_entity(database: Path, first: int) -> Counter[str]:
    """Return the rows of each kind of entity of those that follow the `first`."""
    kinds: Counter[str] = Counter()
    with sqlite3.connect(database) as recorded:
        for entity_id, rows in recorded.execute(
            "SELECT states_meta.entity_id, count(*) FROM states JOIN states_meta USING (metadata_id)"
            " WHERE state_id > ? GROUP BY states_meta.entity_id",
            (first,),
        ):
            domain, _, name = entity_id.partition(".")
            kinds[f"{domain}.{name.partition('_')[2] or 'live'}"] += rows
    return kinds


def watch_log(hass: HomeAssistant) -> Counter[str]:
    """Return what counts the lines that the activity log shows of our entities, by entity."""
    lines: Counter[str] = Counter()
    registry = er.async_get(hass)

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        new, old = event.data["new_state"], event.data["old_state"]
        known = registry.async_get(event.data["entity_id"])
        # As core's logbook sorts out what is continuous.
        if (
            new is not None
            and old is not None
            and new.state != old.state
            and known is not None
            and known.platform == DOMAIN
            and not {"unit_of_measurement", "state_class"} & new.attributes.keys()
        ):
            lines[new.entity_id] += 1

    hass.bus.async_listen("state_changed", changed)
    return lines


def recording(hass: HomeAssistant, cameras: int) -> bool:
    """Return whether every card is proved to record."""
    (section,) = hass.config_entries.async_loaded_entries(DOMAIN) or (None,)
    found = () if section is None else section.runtime_data.cameras.values()
    return len(found) == cameras and all(sd_problem(one.data.sd) is False for one in found)


async def settle(hass: HomeAssistant) -> None:
    """Wait until the recorder has written what happened."""
    await hass.async_block_till_done(wait_background_tasks=False)
    await get_instance(hass).async_block_till_done()


async def live_through(loop: Loop, cameras: int, minutes: float) -> dict[str, Any]:
    """Return what so many cameras wrote in so many minutes in which nothing happened."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder)
        (config / "configuration.yaml").write_text(CONFIGURATION, encoding="utf-8")
        (config / "custom_components").symlink_to(REPOSITORY / "custom_components")
        database = config / "home-assistant_v2.db"
        async with Station([camera(number) for number in range(cameras)]) as station:
            hass = await bootstrap.async_setup_hass(
                runner.RuntimeConfig(config_dir=str(config), skip_pip=True, log_no_color=True)
            )
            if hass is None:
                sys.exit("Home Assistant did not start")
            await hass.async_start()
            with loop.lapsing():
                reached = [
                    {"host": "127.0.0.1", "http_port": one.http_port, "name": name}
                    for name, one in station.cameras.items()
                ]
                for one in ours(reached):
                    await hass.config_entries.async_add(one)
                # That every card is proved to record has no event.
                while not recording(hass, cameras):  # noqa: ASYNC110 - see above
                    await asyncio.sleep(1)
                # What a start brings with it is no quiet hour: first polls, first read-backs.
                await asyncio.sleep(10 * POLL_INTERVAL.total_seconds())
                await settle(hass)
                rows, size = count(database)
                lines = watch_log(hass)
                await asyncio.sleep(minutes * 60)
                await settle(hass)
                after, bigger = count(database)
                kinds = by_entity(database, rows)
            await hass.async_stop(force=True)
    hours = cameras * minutes / 60
    return {
        "cameras": cameras,
        "minutes": minutes,
        "rows_per_camera_hour": round((after - rows) / hours, 1),
        "kib_per_camera_hour": round((bigger - size) / 1024 / hours, 1),
        "lines_per_camera_hour": round(lines.total() / hours, 1),
        "most": dict(kinds.most_common(6)),
    }


def measured(cameras: int, minutes: float) -> dict[str, Any]:
    """Return what so many cameras wrote in so many minutes."""
    with asyncio.Runner(loop_factory=Loop) as run:
        loop = run.get_loop()
        assert isinstance(loop, Loop)
        return run.run(live_through(loop, cameras, minutes))


def main() -> None:
    """Measure few and many cameras, print what was found and the verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cameras", type=int, nargs="+", default=[4])
    parser.add_argument(
        "--minutes", type=float, nargs="+", default=[15], help="one for each number of cameras"
    )
    options = parser.parse_args()
    reports = []
    # Home Assistant starts once in a process.
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as processes:
        for cameras, minutes in zip(options.cameras, options.minutes, strict=True):
            reports.append(processes.submit(measured, cameras, minutes).result())
            print(json.dumps(reports[-1]), flush=True)
    ratios = {
        f"rows_{one['cameras']}": round(one["rows_per_camera_hour"] / (ROWS_BEFORE * PART), 3)
        for one in reports
    } | {
        f"log_{one['cameras']}": round(one["lines_per_camera_hour"] / (LINES_BEFORE * PART), 3)
        for one in reports
    }
    limits = dict.fromkeys(ratios, 1.0)
    print(
        json.dumps(
            {
                "bench": "recorder",
                "ratios": ratios,
                "limits": limits,
                "ok": all(ratios[key] <= limits[key] for key in limits),
            }
        )
    )


if __name__ == "__main__":
    main()
