"""The section's dashboard in a browser, beside Home Assistant's own tiles with the same entities.

One Home Assistant with simulated cameras whose clocks change every second serves both dashboards to Chromium. Counted
is how long a cold browser takes until the last camera is there and the page answers, the longest task of the page's
thread while states change, and the part of the time for which it is busy. The last line is one JSON object.
"""

import argparse
import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
import json
import socket
from statistics import median
import subprocess
import sys
from typing import Any

from playwright.async_api import Browser, Page

from bench.dashboard_home import OURS, SHOWN, TILES
from bench.fleet import REPOSITORY, start_station
from scripts.look import chromium

# Seconds, and milliseconds.
INTERACTIVE, LONG_TASK = 2.0, 50.0
# In the page: how many cameras it shows, what it took to show so many, and the tasks that were long.
SCRIPT = """({ cameras, each }) => {
  const count = (root) => {
    let found = 0;
    for (const one of root.querySelectorAll("*")) {
      if (one.localName === "niiza-cctv-board") found += one.shadowRoot?.querySelectorAll(".camera").length ?? 0;
      else if (one.localName === "hui-tile-card") found += one.shadowRoot?.querySelector("ha-card") ? 1 / each : 0;
      else if (one.shadowRoot) found += count(one.shadowRoot);
    }
    return found;
  };
  window.bench = { tasks: [], shown: 0 };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.bench.tasks.push(duration);
  }).observe({ type: "longtask" });
  const look = () => {
    // Half a tile is none; the page answers once a timer does.
    if (count(document) + 0.01 >= cameras) setTimeout(() => { window.bench.shown = performance.now(); });
    else setTimeout(look, 50);
  };
  look();
}"""


@asynccontextmanager
async def home(cameras: list[dict[str, Any]], quiet: bool) -> AsyncGenerator[dict[str, Any]]:
    """Run a Home Assistant with these cameras; give its address and a log-in."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.dashboard_home", "--port", str(port), *(["--quiet"] if quiet else []),
        cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        if process.stdin is None or process.stdout is None:
            sys.exit("Home Assistant cannot be heard")
        process.stdin.write(json.dumps(cameras).encode())
        process.stdin.write_eof()
        line = await process.stdout.readline()
        if not line:
            sys.exit("Home Assistant did not start")
        yield dict(json.loads(line))
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@asynccontextmanager
async def opened(
    browser: Browser, known: dict[str, Any], dashboard: str, cameras: int
) -> AsyncGenerator[tuple[Page, float]]:
    """Open a dashboard in a browser that was never here; give the seconds until it was interactive."""
    context = await browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="ja-JP", service_workers="block"
    )
    try:
        page = await context.new_page()
        tokens = json.dumps(known["tokens"])
        await page.add_init_script(
            f"localStorage.setItem('hassTokens', {json.dumps(tokens)});"
            f"({SCRIPT})({json.dumps({'cameras': cameras, 'each': len(SHOWN)})})"
        )
        await page.goto(f"{known['url']}/{dashboard}", wait_until="commit")
        await page.wait_for_function("() => window.bench.shown > 0", timeout=60_000)
        yield page, await page.evaluate("() => window.bench.shown") / 1000
    finally:
        await context.close()


async def steady(page: Page, seconds: float) -> tuple[float, float]:
    """Return the longest task while states change, in milliseconds, and the part of the time the page is busy."""
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")

    async def busy() -> float:
        answer = await session.send("Performance.getMetrics")
        return float(next(m["value"] for m in answer["metrics"] if m["name"] == "TaskDuration"))

    # What opening leaves behind is no steady state.
    await asyncio.sleep(3)
    await page.evaluate("() => { window.bench.tasks.length = 0; }")
    before = await busy()
    await asyncio.sleep(seconds)
    after = await busy()
    longest = await page.evaluate("() => Math.max(0, ...window.bench.tasks)")
    return float(longest), (after - before) / seconds


async def measure(cameras: int, rounds: int, seconds: float) -> dict[str, dict[str, float]]:
    """Return what both dashboards took, their openings one after the other."""
    station, known_cameras = start_station(cameras)
    opening: dict[str, list[float]] = {OURS: [], TILES: []}
    found: dict[str, dict[str, float]] = {}
    try:
        async with home(known_cameras, quiet=False) as known, chromium() as browser:
            for number in range(rounds):
                for dashboard, times in opening.items():
                    async with opened(browser, known, dashboard, cameras) as (page, took):
                        times.append(took)
                        if number == rounds - 1:
                            longest, busy = await steady(page, seconds)
                            found[dashboard] = {"longest_task_ms": longest, "busy": busy}
    finally:
        station.terminate()
        station.wait(10)
    for dashboard, times in opening.items():
        found[dashboard] |= {"interactive_s": median(times), "quickest_s": min(times)}
    return found


def main() -> None:
    """Measure both, print what was found and the verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cameras", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=5, help="length of the steady state")
    options = parser.parse_args()
    found = asyncio.run(measure(options.cameras, options.rounds, options.seconds))
    ours, tiles = found[OURS], found[TILES]
    ratios = {
        # The quickest says what the page takes where nothing else is done.
        "interactive": round(ours["quickest_s"] / INTERACTIVE, 3),
        "interactive_beside_tiles": round(ours["interactive_s"] / tiles["interactive_s"], 3),
        "longest_task": round(ours["longest_task_ms"] / LONG_TASK, 3),
        "busy_beside_tiles": round(ours["busy"] / tiles["busy"], 3),
    }
    # Two openings differ by a fifth by themselves.
    limits = {**dict.fromkeys(ratios, 1.0), "interactive_beside_tiles": 1.25}
    for name, report in found.items():
        print(name, json.dumps({key: round(value, 3) for key, value in report.items()}))
    print(
        json.dumps(
            {
                "bench": "dashboard",
                "cameras": options.cameras,
                "ratios": ratios,
                "limits": limits,
                "ok": all(ratios[key] <= limits[key] for key in limits),
            }
        )
    )


if __name__ == "__main__":
    main()
