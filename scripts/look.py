"""Look at the dashboard as a person would: start the demo, log in with Chromium, take pictures."""

import argparse
import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import os
from pathlib import Path
import re
import shutil
import signal
import sys
import time

from playwright.async_api import Browser, Page, async_playwright

from scripts.demo import DASHBOARD_PATH, ROOT, USERS, WORDS

WIDTHS = (1440, 1024, 390)
# Milliseconds for whatever a page is waited for, on a machine that does other things as well.
PATIENCE = 120_000
# What must be true before a picture says anything: every card is judged, and pictures have come.
SETTLED = """() => {
  const hass = document.querySelector("home-assistant")?.hass;
  if (!hass) return false;
  const known = (suffix) => Object.entries(hass.states)
    .filter(([id]) => id.startsWith("binary_sensor.") && id.endsWith(suffix))
    .map(([, state]) => state.state);
  const cards = known("_sd_problem");
  return cards.length > 1 && cards.every((state) => ["on", "off"].includes(state))
    && cards.includes("on") && cards.includes("off") && known("_alive").every((state) => state === "on");
}"""


class LookFailed(Exception):
    """What kept the pictures from being taken."""


@asynccontextmanager
async def chromium(language: str | None = None) -> AsyncGenerator[Browser]:
    """Lend the system's browser, whose own fields show dates in a language; raises LookFailed without one.

    Playwright's own build is a download that may not be had.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    if (path := next(filter(None, map(shutil.which, names)), None)) is None:
        raise LookFailed("No Chromium was found; scripts/setup --tests installs it")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            env=None if language is None else {**os.environ, "LANGUAGE": language},
        )
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def demo(language: str, port: int, simulator_port: int) -> AsyncGenerator[str]:
    """Run the demo and give its address."""
    command = [
        sys.executable,
        "-m",
        "scripts.demo",
        "--port",
        str(port),
        "--simulator-port",
        str(simulator_port),
    ]
    if language == "en":
        command.append("--english")
    started = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        if process.stdout is None:
            raise LookFailed("The demo cannot be heard")
        async for line in process.stdout:
            if found := re.search(rb"^\s+(http://\S+)\s*$", line):
                print(f"The demo answered after {time.monotonic() - started:.1f} s", flush=True)
                yield found[1].decode()
                break
        else:
            raise LookFailed("The demo ended before it answered")
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.wait()


async def log_in(page: Page, url: str) -> None:
    """Log in as a person does."""
    page.set_default_timeout(PATIENCE)
    name, password, _ = USERS[0]
    await page.goto(url)
    await page.locator("input[name=username]").fill(name)
    await page.locator("input[name=password]").fill(password)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/{DASHBOARD_PATH}/**")


async def photograph(page: Page, address: str, path: Path, width: int) -> None:
    """Take the whole view in one picture, however long it is."""
    # Loaded anew at its size: some cards do not draw themselves again when the window grows.
    height = 900
    for _ in range(2):
        await page.set_viewport_size({"width": width, "height": height})
        await page.goto(address)
        # The frontend does not say when its last card is drawn and its pictures have come.
        await page.wait_for_timeout(5000)
        length = await page.evaluate("() => Math.ceil(document.documentElement.scrollHeight)")
        height = max(900, min(int(length), 4000))
    await page.screenshot(path=path)
    print(path, flush=True)


async def look(
    browser: Browser, url: str, language: str, arguments: argparse.Namespace
) -> list[str]:
    """Take the pictures of one language; return what the browser complained of."""
    context = await browser.new_context(
        viewport={"width": WIDTHS[0], "height": 900},
        locale={"ja": "ja-JP", "en": "en-GB"}[language],
        timezone_id="Asia/Tokyo",
        color_scheme="dark" if arguments.dark else "light",
    )
    complaints: list[str] = []
    page = await context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await log_in(page, url)
    await page.wait_for_function(SETTLED, timeout=arguments.patience * 1000)
    # The states are settled; what the dashboard makes of them is drawn after that.
    await page.wait_for_timeout(4000)
    for view in ("overview", "checks", "cases", "history"):
        address = f"{url}/{DASHBOARD_PATH}/{view}"
        for width in WIDTHS:
            path = arguments.folder / f"{view}-{language}-{width}.png"
            await photograph(page, address, path, width)
    await context.close()
    return complaints


async def run(arguments: argparse.Namespace) -> int:
    """Take all pictures."""
    arguments.folder.mkdir(parents=True, exist_ok=True)
    complaints: list[str] = []
    async with chromium() as browser:
        for language in arguments.languages:
            if arguments.url:
                complaints += await look(browser, arguments.url, language, arguments)
            else:
                async with demo(language, arguments.port, arguments.simulator_port) as url:
                    complaints += await look(browser, url, language, arguments)
    for complaint in complaints:
        print(f"The browser complained: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


def main() -> int:
    """Read the options and look."""
    parser = argparse.ArgumentParser(prog="scripts/look", description=__doc__)
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=ROOT / ".local" / "look",
        help="where the pictures go (default: .local/look)",
    )
    parser.add_argument(
        "--url", help="look at a demo that runs already, in the one language that it speaks"
    )
    parser.add_argument(
        "--languages", nargs="+", choices=sorted(WORDS), default=sorted(WORDS, reverse=True)
    )
    parser.add_argument("--port", type=int, default=18123)
    parser.add_argument("--simulator-port", type=int, default=18180)
    parser.add_argument(
        "--patience",
        type=int,
        default=240,
        help="seconds until every card must be judged (default: 240)",
    )
    parser.add_argument("--dark", action="store_true", help="the dark theme")
    arguments = parser.parse_args()
    try:
        return asyncio.run(run(arguments))
    except LookFailed as err:
        print(f"scripts/look: {err}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
