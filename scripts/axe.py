"""Ask axe whether everybody can read and use the panel: each page, as each role, light and dark, at three widths.

Needs a demo that runs: `scripts/demo --fresh`, then `.venv/bin/python -m scripts.axe http://127.0.0.1:8123`.
"""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
import sys
from typing import Any

from playwright.async_api import Browser, Page, async_playwright, expect

from scripts.checks import open_panel
from scripts.demo import ROOT, WORDS
from scripts.inquiry import PANEL
from scripts.look import LookFailed, browser_path

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# WCAG 2.2 to level AA, and what axe knows beyond it that hurts somebody.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Home Assistant's own: its shell has no landmarks of its kind, and its menu button's icon is its own to name.
NOT_OURS = {"region", "landmark-one-main", "page-has-heading-one"}
WIDTHS = (1440, 1024, 390)
PAGES = {
    "chief": ("cases", "checks", "settings", "ledger", "people"),
    "staff": ("cases", "new", "checks", "settings", "ledger"),
    "tablet": ("checks",),
}
# Only what is ours: the rest of the page is Home Assistant's.
ASK = """async ([rules, skipped]) => {
  const found = [];
  const panel = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.localName === "niiza-cctv-panel") found.push(one);
      if (one.shadowRoot) panel(one.shadowRoot);
    }
  };
  panel(document);
  if (found.length !== 1) throw new Error(`The panel is there ${found.length} times`);
  const answer = await axe.run(found[0], {
    runOnly: rules,
    rules: Object.fromEntries(skipped.map((name) => [name, { enabled: false }])),
    resultTypes: ["violations"],
  });
  return answer.violations.map(({ id, help, nodes }) => ({
    id,
    help,
    nodes: nodes.map(({ target, html, failureSummary }) => ({
      target: target.flat().slice(-1)[0],
      html: html.slice(0, 160),
      why: failureSummary.split("\\n").slice(1).join(" ").slice(0, 240),
    })),
  }));
}"""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What axe says of one place on one page."""

    where: str
    rule: str
    text: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.where}: {self.rule}: {self.text}"


async def faults_of(page: Page, where: str) -> list[Fault]:
    """Return what axe finds on the page as it stands."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    answer: list[dict[str, Any]] = await page.evaluate(ASK, [RULES, sorted(NOT_OURS)])
    return [
        Fault(where=where, rule=one["id"], text=f"{node['target']} {node['why']} {node['html']}")
        for one in answer
        for node in one["nodes"]
    ]


async def fill_wrongly(page: Page) -> None:
    """Send a form in which everything is missing: it says so at each field, and leads to the first."""
    await page.locator("niiza-cctv-new input[name=kind]").first.click()
    await page.locator("niiza-cctv-new button[type=submit]").click()
    wrong = page.locator("niiza-cctv-new .wrong:visible")
    await wrong.first.wait_for()
    if await wrong.count() < 3:
        raise LookFailed("The form says only once what is missing")
    await expect(page.locator("niiza-cctv-new [aria-invalid]").first).to_be_focused()


async def walk(
    browser: Browser,
    url: str,
    language: str,
    name: str,
    *,
    dark: bool,
    widths: Sequence[int] = WIDTHS,
) -> list[Fault]:
    """Look at all pages of one of the demo's users, the width going round; return what axe finds, and what the browser complained of."""
    context = await browser.new_context(
        viewport={"width": WIDTHS[0], "height": 900},
        locale={"ja": "ja-JP", "en": "en-GB"}[language],
        timezone_id="Asia/Tokyo",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    complaints: list[str] = []
    found: list[Fault] = []
    try:
        page = await open_panel(context, url, PAGES[name][0], name, complaints)
        for number, path in enumerate(PAGES[name]):
            width = widths[number % len(widths)]
            await page.set_viewport_size({"width": width, "height": 900})
            await page.goto(f"{url}/{PANEL}/{path}")
            await page.locator("niiza-cctv-panel h1").first.wait_for()
            await page.wait_for_load_state("networkidle")
            if path == "new":
                await fill_wrongly(page)
            where = f"{path} as {name}, {'dark' if dark else 'light'}, {width}"
            found += await faults_of(page, where)
    finally:
        await context.close()
    return found + [Fault(where=name, rule="console", text=one) for one in complaints]


async def run(url: str, language: str) -> int:
    """Walk as everybody, light and dark; print what was found."""
    found: list[Fault] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=browser_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        for name in PAGES:
            for dark in (False, True):
                found += await walk(browser, url, language, name, dark=dark)
        await browser.close()
    for fault in found:
        print(fault)
    return 1 if found else 0


def main() -> int:
    """Read the options and ask."""
    parser = argparse.ArgumentParser(prog="scripts/axe", description=__doc__)
    parser.add_argument("url", help="a demo that runs")
    parser.add_argument("--language", choices=sorted(WORDS), default="ja")
    arguments = parser.parse_args()
    return asyncio.run(run(arguments.url, arguments.language))


if __name__ == "__main__":
    sys.exit(main())
