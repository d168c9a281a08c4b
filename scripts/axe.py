"""Ask axe whether everybody can read and use the pages: dashboard and panel, as each role and as nobody, in both languages, light and dark, at three widths.

Needs a demo that runs: `scripts/demo --fresh`, then `.venv/bin/python -m scripts.axe http://127.0.0.1:8123`.
"""

import argparse
import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
import json
import sys
from typing import Any

from playwright.async_api import Browser, Page, TimeoutError, expect

from custom_components.niiza_cctv.const import DOMAIN
from scripts.demo import DASHBOARD_PATH, ROOT, USERS
from scripts.inquiry import PANEL, Photographer
from scripts.look import PATIENCE, LookFailed, chromium

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# WCAG 2.2 to level AA, and what axe knows beyond it that hurts somebody.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Home Assistant's own: its shell has no landmarks of its kind, and its menu button's icon is its own to name.
NOT_OURS = ["landmark-one-main", "page-has-heading-one", "region"]
# So often Tab is pressed on a page, forth and back.
STEPS = 40
WIDTHS = (1440, 1024, 390)
BOARD = f"{DASHBOARD_PATH}/overview"
# Somebody whom the section gave no role; the walk makes them, the demo has none.
GUEST = ("guest", "guest-demo")
PAGES = {
    "chief": ("", "cases", "checks", "board", "settings", "ledger", "people"),
    "staff": ("", "cases", "new", "checks", "board", "settings", "ledger"),
    "tablet": ("", "checks", "board"),
    GUEST[0]: ("", "cases"),
}
# Gives the elements that are ours; the rest of the page is Home Assistant's. What is not in sight is laid out, too.
OURS = """() => {
  const found = [];
  const look = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (["niiza-cctv-panel", "niiza-cctv-board", "niiza-cctv-live"].includes(one.localName)) found.push(one);
      else if (one.shadowRoot) look(one.shadowRoot);
    }
  };
  look(document);
  return found;
}"""
# Gives everything that they show, as text.
TEXT = f"""() => {{
  const within = (root) => root.textContent + [...root.querySelectorAll("*")]
    .map((one) => one.shadowRoot ? within(one.shadowRoot) : "").join(" ");
  return ({OURS})().map((one) => one.shadowRoot ? within(one.shadowRoot) : "").join(" ");
}}"""
# Resolves when what is ours has taken on light or dark colours: Home Assistant's cards change slowly from one to the other.
SETTLED = f"""async (dark) => {{
  const bright = (colour) => Number(/\\d+/.exec(colour)?.[0]) > 127;
  const within = (root) => [...root.querySelectorAll("*")]
    .flatMap((one) => one.shadowRoot ? [...one.shadowRoot.querySelectorAll("ha-card"), ...within(one.shadowRoot)] : []);
  const colours = () => ({OURS})().flatMap((one) => [one, ...within(one.parentNode)])
    .map((one) => getComputedStyle(one)).map((style) => [style.color, style.backgroundColor]);
  for (let same = 0, before = ""; same < 3; ) {{
    await new Promise(requestAnimationFrame);
    const now = colours();
    const right = document.querySelector("home-assistant")?.hass?.themes?.darkMode === dark
      && now.length > 0 && now.every(([letters]) => bright(letters) === dark);
    same = right && now.join() === before ? same + 1 : 0;
    before = now.join();
  }}
  scrollTo(0, 0);
}}"""
# Says what has the focus, if it is ours and cannot be seen to have it: nothing around it, or something over it.
FOCUS = f"""() => {{
  let has = document.activeElement;
  while (has?.shadowRoot?.activeElement) has = has.shadowRoot.activeElement;
  const within = (one, outer) => {{
    for (let at = one; at; at = at.parentNode ?? at.host) if (at === outer) return true;
    return false;
  }};
  if (!has || !({OURS})().some((one) => within(has, one))) return null;
  const top = (x, y) => {{
    let at = document.elementFromPoint(x, y);
    for (let inner = at; inner?.shadowRoot; ) {{
      inner = inner.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === at) break;
      at = inner;
    }}
    return at;
  }};
  const {{ left, right, top: above }} = has.getBoundingClientRect();
  // What is long may reach below the page, as far as the browser is concerned.
  const seen = within(top((left + right) / 2, above + 2), has);
  const marked = getComputedStyle(has).outlineStyle !== "none" || has.matches("input[type=file]");
  return seen && marked ? null : `${{seen ? "unmarked" : "covered"}}: ${{has.outerHTML.slice(0, 160)}}`;
}}"""
ASK = f"""async ([rules, skipped, ours]) => {{
  const found = ({OURS})();
  if (!found.length) throw new Error("Nothing of ours is there");
  const answer = await axe.run(ours ? {{ include: found }} : {{ include: document, exclude: found }}, {{
    runOnly: rules,
    rules: Object.fromEntries(skipped.map((name) => [name, {{ enabled: false }}])),
    resultTypes: ["violations"],
  }});
  return answer.violations.map(({{ id, nodes }}) => ({{
    id,
    nodes: nodes.map(({{ target, html, failureSummary }}) => ({{
      target: target.flat().slice(-1)[0],
      html: html.slice(0, 160),
      why: failureSummary.split("\\n").slice(1).join(" ").slice(0, 240),
    }})),
  }}));
}}"""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What axe says of one place on one page."""

    where: str
    rule: str
    text: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.where}: {self.rule}: {self.text}"


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a page is looked at."""

    language: str
    dark: bool
    width: int

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.language}, {'dark' if self.dark else 'light'}, {self.width}"


# The demo's own language last: it is left as it was found.
EVERY = [
    Look(language=language, dark=dark, width=width)
    for language in ("en", "ja")
    for dark in (False, True)
    for width in WIDTHS
]
# Each colour in each language and at each width, and each language at each width: contrast is the colours', and places
# are the words' and the width's.
PAIRS = [look for look in EVERY if look.dark == ((look.language == "en") == (look.width == 1024))]


def texts_of(language: str) -> dict[str, Any]:
    """Return what the integration says in a language."""
    path = ROOT / "custom_components" / DOMAIN / "translations" / f"{language}.json"
    texts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return texts


async def faults_of(page: Page, where: str, *, ours: bool = True) -> list[Fault]:
    """Return what axe finds in what is ours on the page as it stands, or in what is Home Assistant's."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    answer: list[dict[str, Any]] = await page.evaluate(ASK, [RULES, NOT_OURS if ours else [], ours])
    return [
        Fault(where=where, rule=one["id"], text=f"{node['target']} {node['why']} {node['html']}")
        for one in answer
        for node in one["nodes"]
    ]


async def see(page: Page, *, dark: bool, width: int | None = None) -> None:
    """Let the page be light or dark, and so wide, and wait until it is drawn so."""
    await page.emulate_media(color_scheme="dark" if dark else "light")
    if width is not None:
        await page.set_viewport_size({"width": width, "height": 900})
    await page.evaluate(SETTLED, dark)


async def read_in(page: Page, language: str, name: str, path: str) -> None:
    """Have Home Assistant speak a language, and wait until what is ours does."""
    texts = texts_of(language)
    panel = texts["config_panel"]
    refused = texts["exceptions"]
    if name == GUEST[0]:
        key = "not_allowed_needs_viewer" if path else "not_allowed_see_board"
        wanted = refused[key]["message"]
    else:
        wanted = panel["nav"]["title"] if path else panel["board"]["heading"]
    await page.evaluate(
        """(language) => {
          const assistant = document.querySelector("home-assistant");
          if (assistant.hass.language !== language)
            assistant.dispatchEvent(new CustomEvent("hass-language-select", { detail: language }));
        }""",
        language,
    )
    await page.wait_for_function(
        f"""([wanted, waiting]) => {{
          const text = ({TEXT})();
          return text.includes(wanted) && !waiting.some((one) => text.includes(one));
        }}""",
        arg=[wanted, [panel["common"]["loading"], panel["board"]["reading"]]],
    )


def looker(found: list[Fault]) -> Photographer:
    """Return who asks axe about a page, light and dark, where others take pictures of it."""

    async def look(page: Page, name: str) -> None:
        for dark in (True, False):
            await see(page, dark=dark)
            found.extend(await faults_of(page, f"{name}, {'dark' if dark else 'light'}"))

    return look


async def fill_wrongly(page: Page) -> None:
    """Send a form in which everything is missing: it says so at each field, and leads to the first."""
    await page.locator("niiza-cctv-new input[name=kind]").first.click()
    await page.locator("niiza-cctv-new button[type=submit]").click()
    wrong = page.locator("niiza-cctv-new .wrong:visible")
    await wrong.first.wait_for()
    if await wrong.count() < 3:
        raise LookFailed("The form says only once what is missing")
    await expect(page.locator("niiza-cctv-new [aria-invalid]").first).to_be_focused()


async def go_through(page: Page, where: str) -> list[Fault]:
    """Go through the page by Tab and back, as long as it is ours; return where the focus is not to be seen."""
    found: dict[str, Fault] = {}
    for key in ("Tab", "Shift+Tab"):
        for _ in range(STEPS):
            await page.keyboard.press(key)
            hidden: str | None = await page.evaluate(FOCUS)
            if hidden is not None:
                found[hidden] = Fault(where=where, rule="focus", text=f"{key}: {hidden}")
    return list(found.values())


async def open_up(page: Page, name: str, path: str) -> None:
    """Bring a page to where most is on it."""
    if path == "new":
        await fill_wrongly(page)
    elif not path and name != GUEST[0]:
        await open_board(page)


async def open_board(page: Page) -> None:
    """Open on the board what opens there: a still of a camera, and the form that silences its notices."""
    board = page.locator("niiza-cctv-board")
    closed = "button[aria-expanded=false]:has(ha-icon[icon='mdi:{}'])"
    still = board.locator("niiza-cctv-tile").first
    while not await still.is_visible():
        # In another language the dashboard is built anew, which closes what was opened a moment before.
        await board.locator(closed.format("image")).first.click()
        with suppress(TimeoutError):
            await still.wait_for(timeout=3000)
    silence = board.locator(closed.format("bell-off"))
    if await silence.count():
        await silence.first.click()


@asynccontextmanager
async def visit(
    browser: Browser, url: str, name: str, password: str, complaints: list[str]
) -> AsyncGenerator[Page]:
    """Log a person in, on a browser of their own."""
    context = await browser.new_context(
        viewport={"width": WIDTHS[0], "height": 900},
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        reduced_motion="reduce",
        # Home Assistant's own reloads the page once it has come.
        service_workers="block",
    )
    try:
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: complaints.append(f"{name}: {error}"))
        await page.goto(f"{url}/{BOARD}")
        await page.locator("input[name=username]").fill(name)
        await page.locator("input[name=password]").fill(password)
        await page.keyboard.press("Enter")
        await page.locator("niiza-cctv-board ha-card").wait_for()
        yield page
    finally:
        await context.close()


async def make_guest(page: Page) -> None:
    """Make the person without a role, unless an earlier walk did; asked of whoever administers."""
    await page.evaluate(
        """async ([name, password]) => {
          const { hass } = document.querySelector("home-assistant");
          const users = await hass.callWS({ type: "config/auth/list" });
          if (users.some((one) => one.username === name)) return;
          const { user } = await hass.callWS({ type: "config/auth/create", name, group_ids: ["system-users"] });
          const made = { user_id: user.id, username: name, password };
          await hass.callWS({ type: "config/auth_provider/homeassistant/create", ...made });
        }""",
        list(GUEST),
    )


async def walk(
    browser: Browser, url: str, name: str, looks: Sequence[Look] = PAIRS
) -> tuple[list[Fault], list[Fault]]:
    """Look at all pages of one person in several ways; return what axe finds, and what it finds in Home Assistant's part.

    Nothing is loaded anew: language, colours and width change on the page that stands there. What the browser complains
    of is ours.
    """
    theirs: list[Fault] = []
    complaints: list[str] = []
    found: list[Fault] = []
    password = dict([*(user[:2] for user in USERS), GUEST])[name]
    async with visit(browser, url, name, password, complaints) as page:
        if name == USERS[0][0]:
            await make_guest(page)
        for path in PAGES[name]:
            await page.evaluate(
                """(path) => {
                  history.pushState(null, "", path);
                  window.dispatchEvent(new CustomEvent("location-changed"));
                }""",
                f"/{PANEL}/{path}" if path else f"/{BOARD}",
            )
            if name != GUEST[0]:
                # What is waited for next stands on the page before, too.
                await page.locator(f"niiza-cctv-{path or 'board'}").first.wait_for(state="attached")
            opened = ""
            for look in looks:
                await read_in(page, look.language, name, path)
                if opened != path + look.language:
                    opened = path + look.language
                    await open_up(page, name, path)
                await see(page, dark=look.dark, width=look.width)
                if look is looks[0]:
                    found += await go_through(page, f"{path or BOARD} as {name}, {look}")
                    await see(page, dark=look.dark)
                found += await faults_of(page, f"{path or BOARD} as {name}, {look}")
            theirs += await faults_of(page, f"{path or BOARD} as {name}", ours=False)
    return [*found, *(Fault(where=name, rule="console", text=one) for one in complaints)], theirs


async def run(url: str, *, every: bool) -> int:
    """Walk as everybody; print what was found."""
    found: list[Fault] = []
    theirs: list[Fault] = []
    async with chromium() as browser:
        for name in PAGES:
            ours, rest = await walk(browser, url, name, EVERY if every else PAIRS)
            found += ours
            theirs += rest
    for rule in sorted({fault.rule for fault in theirs}):
        places = sorted({fault.where for fault in theirs if fault.rule == rule})
        print(
            f"Home Assistant's own, not counted: {rule} ({len(places)} pages, such as {places[0]})"
        )
    for fault in found:
        print(fault)
    return 1 if found else 0


def main() -> int:
    """Read the options and ask."""
    parser = argparse.ArgumentParser(prog="scripts/axe", description=__doc__)
    parser.add_argument("url", help="a demo that runs")
    parser.add_argument(
        "--every", action="store_true", help="every language with every colour at every width"
    )
    arguments = parser.parse_args()
    return asyncio.run(run(arguments.url, every=arguments.every))


if __name__ == "__main__":
    sys.exit(main())
