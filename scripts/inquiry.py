"""A police inquiry from receipt to purge, as two people do it on the panel; pictures on the way for the manual.

Needs a demo that runs: `scripts/demo`, then `.venv/bin/python -m scripts.inquiry http://127.0.0.1:8123`.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, expect

from scripts.demo import USERS
from scripts.look import PATIENCE, LookFailed, chromium

PANEL = "niiza-cctv"
# In which the demo's section lives.
TIME_ZONE = ZoneInfo("Asia/Tokyo")
# What is expected to come is waited for as long as what is clicked on, not for five seconds.
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """What stands in the letter of the police, and what becomes of it."""

    fields: dict[str, str]
    note: str
    recipient: str
    medium: str
    serial: str


LETTER = {
    "ja": Inquiry(
        fields={
            "document_number": "新捜第123号",
            "organisation": "新座警察署",
            "requester": "巡査部長 山田太郎",
            "contact": "048-000-0000(代表)",
            "purpose": "北口駐輪場付近で発生した自転車盗の捜査",
            "identity_checked": "職員証を確認、署の代表番号へ折り返し",
        },
        note="文書と映像を確かめた",
        recipient="巡査部長 山田太郎",
        medium="警察が持参したUSBメモリー",
        serial="AB-1234",
    ),
    "en": Inquiry(
        fields={
            "document_number": "No. 123",
            "organisation": "Niiza Police Station",
            "requester": "Sergeant Taro Yamada",
            "contact": "048-000-0000",
            "purpose": "Investigation of a bicycle theft at the north exit",
            "identity_checked": "Badge seen, called back at the station's main number",
        },
        note="Papers and footage checked",
        recipient="Sergeant Taro Yamada",
        medium="USB stick brought by the police",
        serial="AB-1234",
    ),
}


@dataclass(kw_only=True)
class Answered:
    """What came of the inquiry, for whoever checks it."""

    case: str = ""
    package: Path | None = None
    # The link that was used, which must not work again.
    link: str = ""
    passphrase: str = ""
    history: list[str] = field(default_factory=list)
    # What the browser complained of.
    complaints: list[str] = field(default_factory=list)


type Photographer = Callable[[Page, str], Awaitable[None]]


async def new_context(
    browser: Browser, language: str, viewport: ViewportSize | None
) -> BrowserContext:
    """Return the browser of another person, in the office's time zone."""
    return await browser.new_context(
        viewport=viewport or {"width": 1440, "height": 900},
        locale={"ja": "ja-JP", "en": "en-GB"}[language],
        timezone_id="Asia/Tokyo",
        accept_downloads=True,
    )


async def log_in(context: BrowserContext, url: str, name: str, answered: Answered) -> Page:
    """Open the panel as one of the demo's users."""
    password = next(password for user, password, _ in USERS if user == name)
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: answered.complaints.append(f"{name}: {error}"))
    await page.goto(f"{url}/{PANEL}/cases")
    await page.locator("input[name=username]").fill(name)
    await page.locator("input[name=password]").fill(password)
    await page.keyboard.press("Enter")
    await page.locator("niiza-cctv-cases h1").wait_for()
    return page


def wall_clock(moment: datetime) -> str:
    """Return what a field of date and time takes."""
    return moment.astimezone(TIME_ZONE).strftime("%Y-%m-%dT%H:%M:%S")


async def receive(
    page: Page, letter: Inquiry, camera: str, seconds: int, photo: Photographer
) -> str:
    """Receive the letter, look at the footage, and start its preservation; return the case's number."""
    await page.locator("niiza-cctv-cases a[href$='/new']").click()
    await page.locator("niiza-cctv-new input[name=kind]").first.check()
    for name, text in letter.fields.items():
        await page.locator(f"niiza-cctv-new #{name}").fill(text)
    now = datetime.now(TIME_ZONE)
    await page.locator("niiza-cctv-new #document_date").fill(now.date().isoformat())
    start = now.replace(microsecond=0) - timedelta(minutes=20)
    passage = page.locator("niiza-cctv-passage")
    await passage.get_by_label(camera, exact=True).check()
    await passage.locator("#start").fill(wall_clock(start))
    await passage.locator("#end").fill(wall_clock(start + timedelta(seconds=seconds)))
    await passage.locator("#margin").select_option("0")
    await passage.locator("button", has=page.locator("ha-icon[icon='mdi:movie-search']")).click()
    found = passage.locator(".found")
    await found.wait_for()
    await found.locator("button").first.click()
    await watch(page)
    await photo(page, "2-new-case")
    await found.locator("button").first.click()
    await page.locator("niiza-cctv-new button[type=submit]").click()
    await page.wait_for_url(f"**/{PANEL}/case/*")
    return page.url.rsplit("/", 1)[1]


async def watch(page: Page) -> None:
    """Wait until the picture moves and its time is told."""
    await moves(page)
    await expect(page.locator("niiza-cctv-watch .time")).to_contain_text(":")


async def moves(page: Page) -> None:
    """Wait until a picture moves."""
    # Chromium plays and draws nothing in a page behind another.
    await page.bring_to_front()
    await page.wait_for_function(
        """() => {
          const within = (root) => root.querySelector("video")
            ?? [...root.querySelectorAll("*")].map((one) => one.shadowRoot && within(one.shadowRoot)).find(Boolean);
          const video = within(document);
          return video && video.currentTime > 0.5 && video.videoWidth > 0;
        }"""
    )


async def watch_sealed(page: Page, photo: Photographer) -> None:
    """Watch what was preserved, with the viewer's name over the picture, and close it again."""
    button = page.locator("niiza-cctv-case-clip button:has(ha-icon[icon='mdi:play-box-lock'])")
    await button.click()
    player = page.locator("niiza-cctv-sealed")
    await moves(page)
    await expect(player.locator(".time")).to_contain_text(":")
    await expect(player.locator("niiza-cctv-overlay span").first).to_contain_text(":")
    # The server has counted some of it.
    await expect(player.locator(".watched")).to_contain_text("%")
    # The browser's own way to save it is not offered.
    assert await player.locator("video[controls]").count() == 0
    await photo(page, "5-watch-preserved")
    await page.locator("niiza-cctv-case-clip button[aria-expanded=true]").click()


def act(page: Page, name: str) -> str:
    """Return the selector of the button of a step, by its icon: the words are those of the language."""
    icons = {
        "propose": "mdi:scale-balance",
        "approve": "mdi:check-decagram",
        "conclude": "mdi:flag-checkered",
        "release": "mdi:package-variant-closed-check",
        "hand_over": "mdi:handshake",
        "purge": "mdi:delete",
    }
    return f"button:has(ha-icon[icon='{icons[name]}'])"


async def state(page: Page, icon: str) -> None:
    """Wait until the case is in a state, known by its icon."""
    await page.locator(f"niiza-cctv-case h2 ha-icon[icon='{icon}']").wait_for()


async def take(
    page: Page, name: str, typed: dict[str, str], photo: Callable[[], Awaitable[None]]
) -> None:
    """Press the button of a step, fill in what it asks, confirm."""
    await page.locator(f"niiza-cctv-case .offers {act(page, name)}").click()
    dialog = page.locator("niiza-cctv-dialog")
    for field_name, text in typed.items():
        await dialog.locator(f"#{field_name}").fill(text)
    await photo()
    await dialog.locator("button[type=submit]").click()
    await dialog.wait_for(state="detached")


async def download(page: Page, answered: Answered, folder: Path) -> None:
    """Fetch the package by its link."""
    link = page.locator("niiza-cctv-case #package a")
    answered.link = await link.get_attribute("href") or ""
    async with page.expect_download() as started:
        await link.click()
    package = await started.value
    answered.package = folder / package.suggested_filename
    await package.save_as(answered.package)


async def answer(
    browser: Browser,
    url: str,
    language: str,
    folder: Path,
    *,
    camera: str,
    seconds: int = 20,
    encrypt: bool = False,
    photo: Photographer,
    viewport: ViewportSize | None = None,
) -> Answered:
    """Handle a police inquiry as staff and chief; the package is saved into `folder`."""
    letter = LETTER[language]
    answered = Answered()
    contexts = [await new_context(browser, language, viewport) for _ in range(2)]
    staff = await log_in(contexts[0], url, "staff", answered)
    chief = await log_in(contexts[1], url, "chief", answered)
    await photo(staff, "1-cases")

    answered.case = await receive(staff, letter, camera, seconds, photo)
    await photo(staff, "3-retrieving")
    await state(staff, "mdi:lock-check")
    # Whoever asked is told why they cannot approve.
    await expect(staff.locator("niiza-cctv-case #why-approve")).to_be_visible()
    await expect(staff.locator(f"niiza-cctv-case .offers {act(staff, 'approve')}")).to_be_disabled()
    await photo(staff, "4-preserved")

    # The list of the other person came by itself.
    line = chief.locator(f"niiza-cctv-cases a[href$='{answered.case}']")
    await expect(line.locator(".chip.turn")).to_be_visible()
    await photo(chief, "5-your-turn")
    await line.click()
    await state(chief, "mdi:lock-check")
    await watch_sealed(chief, photo)
    await take(chief, "approve", {"note": letter.note}, lambda: photo(chief, "6-approve"))
    await state(chief, "mdi:check-decagram")

    await state(staff, "mdi:check-decagram")
    await staff.locator(f"niiza-cctv-case .offers {act(staff, 'release')}").click()
    dialog = staff.locator("niiza-cctv-dialog")
    if encrypt:
        await dialog.locator("input[name=encrypt]").nth(1).check()
    await photo(staff, "7-release")
    await dialog.locator("button[type=submit]").click()
    package = staff.locator("niiza-cctv-case #package")
    await package.wait_for()
    await photo(staff, "8-package")
    if encrypt:
        answered.passphrase = await package.locator(".passphrase").inner_text()
    await download(staff, answered, folder)

    await take(
        staff,
        "hand_over",
        {"recipient": letter.recipient, "medium": letter.medium, "medium_serial": letter.serial},
        lambda: photo(staff, "9-hand-over"),
    )
    await state(staff, "mdi:handshake")
    await photo(staff, "10-handed-over")

    async def nothing() -> None:
        """Take no picture."""

    await take(staff, "purge", {}, nothing)
    await state(staff, "mdi:delete-empty")
    answered.history = await staff.locator("niiza-cctv-case .history li").all_inner_texts()
    await photo(staff, "11-purged")

    await staff.locator("niiza-cctv-panel nav a[href$='/ledger']").click()
    await staff.locator("niiza-cctv-ledger button.main").click()
    await staff.locator("niiza-cctv-ledger ha-alert[alert-type=success]").wait_for()
    await photo(staff, "12-ledger")
    for context in contexts:
        await context.close()
    return answered


def photographer(
    folder: Path, language: str, width: int, parts: Mapping[str, str] | None = None
) -> Photographer:
    """Return who takes pictures of whole pages into a folder; of some, by name, only the part of a selector."""

    async def photo(page: Page, name: str) -> None:
        await page.bring_to_front()
        size = page.viewport_size or {"width": width, "height": 900}
        # The panel scrolls inside the page: only a window as long as it shows all of it.
        length = await page.evaluate("() => document.documentElement.scrollHeight")
        await page.set_viewport_size(
            {"width": size["width"], "height": max(900, min(length, 3000))}
        )
        await page.wait_for_timeout(500)
        path = folder / f"{name}-{language}-{width}.png"
        part = (parts or {}).get(name)
        await (page.locator(part).first if part else page).screenshot(path=path)
        await page.set_viewport_size(size)
        print(path, flush=True)

    return photo


async def main() -> None:
    """Do it once, with pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="where the demo answers")
    parser.add_argument("--language", choices=("ja", "en"), default="ja")
    parser.add_argument("--camera", default="北口", help="the camera's name (default: 北口)")
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--encrypt", action="store_true")
    parser.add_argument("--folder", type=Path, default=Path(".local/inquiry"))
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)

    photo = photographer(arguments.folder, arguments.language, arguments.width)

    async with chromium(arguments.language) as browser:
        answered = await answer(
            browser,
            arguments.url,
            arguments.language,
            arguments.folder,
            camera=arguments.camera,
            encrypt=arguments.encrypt,
            photo=photo,
            viewport={"width": arguments.width, "height": 900},
        )
    print(f"{answered.case}: {answered.package}")
    if answered.complaints:
        raise LookFailed("\n".join(answered.complaints))


if __name__ == "__main__":
    asyncio.run(main())
