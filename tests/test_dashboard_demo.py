"""The dashboard that builds itself, in Chromium: made in three clicks, loaded cold, and over a restart."""

import asyncio
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, Route, TimeoutError, WebError
import pytest

from scripts.demo import DASHBOARD_PATH
from scripts.look import PATIENCE, chromium, log_in
from tests.test_demo import demo, free_ports

pytestmark = [pytest.mark.usefixtures("socket_enabled"), pytest.mark.home_assistant]

COLD_LOADS = 5

# What a person reads on the board, wherever Home Assistant's elements have put it.
BOARD = """() => {
  const find = (root) => {
    for (const each of root.querySelectorAll("*")) {
      if (each.localName === "niiza-cctv-board") return each;
      const found = each.shadowRoot && find(each.shadowRoot);
      if (found) return found;
    }
    return null;
  };
  return find(document)?.shadowRoot?.textContent ?? "";
}"""
# What a person reads on the page, whatever it is.
PAGE = """() => {
  const texts = [];
  const look = (node) => {
    if (node.nodeType === Node.TEXT_NODE && node.textContent.trim()) texts.push(node.textContent.trim());
    if (["STYLE", "SCRIPT"].includes(node.nodeName)) return;
    for (const child of [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes]) look(child);
  };
  look(document.body);
  return texts.join(" | ");
}"""
ERRORS = """() => {
  const texts = [];
  const look = (root) => {
    for (const each of root.querySelectorAll("*")) {
      if (["hui-error-card", "hui-warning"].includes(each.localName)) texts.push(each.localName);
      if (each.shadowRoot) look(each.shadowRoot);
    }
  };
  look(document);
  return texts;
}"""


async def shows(page: Page, *texts: str) -> None:
    """Wait until the board shows all of these; say what stands there instead."""
    try:
        await page.wait_for_function(
            f"(texts) => {{ const text = ({BOARD})(); return texts.every((one) => text.includes(one)); }}",
            arg=list(texts),
        )
    except TimeoutError:
        pytest.fail(f"{page.url} shows no {texts}, but: {await page.evaluate(PAGE)}")


async def open_page(browser: Browser, url: str, complaints: list[str]) -> Page:
    """Log in on a browser that has never been here."""
    context = await browser.new_context(
        viewport={"width": 1440, "height": 900},
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        # Home Assistant's own reloads the page once it has come.
        service_workers="block",
    )
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()

    def complain(error: WebError) -> None:
        # Home Assistant's own misses its service worker.
        if "niiza_cctv_frontend" in (error.error.stack or ""):
            complaints.append(str(error.error))

    context.on("weberror", complain)
    await log_in(page, url)
    return page


async def call(page: Page, domain: str, service: str) -> None:
    """Call an action as the page's person; what ends with the connection is no failure."""
    await page.evaluate(
        """([domain, service]) => {
          document.querySelector("home-assistant").hass.callService(domain, service).catch(() => undefined);
        }""",
        [domain, service],
    )


async def test_dashboard_builds_itself(tmp_path: Path, home_assistant_python: str) -> None:
    """Offered by "add dashboard"; every cold load shows it without an error; a restart needs no reload."""
    first = free_ports(16)
    complaints: list[str] = []
    async with demo(tmp_path / "demo", first + 15, first, python=home_assistant_python) as running:
        url = await running.answers()
        async with chromium() as browser:
            page = await open_page(browser, url, complaints)
            await shows(page, "改札口", "時計が7分遅れです", "カメラの設定を開く")
            board = page.url
            page = await _make(page, url)
            await page.goto(board)
            await shows(page, "改札口")
            for _ in range(COLD_LOADS):
                await _load_cold(page)
            await _comes_too_late(page)
            await _survives_restart(page)
    assert complaints == []


async def _load_cold(page: Page) -> None:
    """Load the dashboard with nothing of it kept."""
    session = await page.context.new_cdp_session(page)
    await session.send("Network.clearBrowserCache")
    await page.goto(page.url)
    await shows(page, "改札口")
    found: Any = await page.evaluate(ERRORS)
    assert found == []


async def _comes_too_late(page: Page) -> None:
    """Mend itself where Home Assistant gave up on the strategy: a slow tablet on a wall is not reloaded."""
    gave_up = asyncio.Event()

    async def hold(route: Route) -> None:
        await gave_up.wait()
        await route.continue_()

    session = await page.context.new_cdp_session(page)
    await session.send("Network.clearBrowserCache")
    await page.route("**/niiza_cctv_frontend/**/dashboard.js", hold)
    await page.goto(page.url)
    await page.wait_for_function(f"() => ({PAGE})().includes('Timeout waiting')")
    gave_up.set()
    await shows(page, "改札口")
    await page.unroute_all()


async def _survives_restart(page: Page) -> None:
    """Say that what is shown is old, then show the faults again: nobody reloads a dashboard on a wall."""
    await page.evaluate("() => { window.sameAsBefore = true; }")
    await call(page, "homeassistant", "restart")
    await shows(page, "接続が切れています")
    await page.wait_for_function(
        f"() => {{ const text = ({BOARD})(); return text.includes('時計が7分遅れです') && !text.includes('接続が切れています'); }}",
        # Home Assistant ends, starts and asks every camera meanwhile.
        timeout=3 * PATIENCE,
    )
    assert await page.evaluate("() => window.sameAsBefore === true")


async def _make(page: Page, url: str) -> Page:
    """Make the section's dashboard as a newcomer does; the tab that shows it."""
    await page.goto(f"{url}/config/lovelace/dashboards")
    await page.get_by_text("ダッシュボードを追加").first.click(timeout=PATIENCE)
    await page.locator("dashboard-card", has_text="防犯カメラ").click(timeout=PATIENCE)
    await page.get_by_role("button", name="作成").click(timeout=PATIENCE)
    await page.wait_for_function(
        """() => Object.values(document.querySelector("home-assistant").hass.panels)
          .filter((one) => one.component_name === "lovelace" && one.title === "防犯カメラ").length === 1""",
    )
    path: str = await page.evaluate(
        """() => Object.values(document.querySelector("home-assistant").hass.panels)
          .find((one) => one.title === "防犯カメラ").url_path"""
    )
    assert path != DASHBOARD_PATH
    # Home Assistant makes the dashboard first and writes into it then: whoever leaves between finds it empty.
    await page.wait_for_function(
        """(path) => document.querySelector("home-assistant").hass.connection
          .sendMessagePromise({ type: "lovelace/config", url_path: path })
          .then(({ strategy }) => strategy.type === "custom:niiza-cctv", () => false)""",
        arg=path,
    )
    # A dialog of Home Assistant's goes back in its tab's history when it closes: after whoever left meanwhile.
    made = await page.context.new_page()
    await page.close()
    await made.goto(f"{url}/{path}")
    await shows(made, "改札口", "時計が7分遅れです")
    return made
