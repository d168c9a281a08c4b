"""A round of checks and a change of a camera's setting, as people do them on the panel; pictures on the way for the manual.

Needs a demo that runs: `scripts/demo --fresh`, then `.venv/bin/python -m scripts.checks http://127.0.0.1:8123`.
"""

import argparse
import asyncio
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.async_api import Browser, BrowserContext, FilePayload, Locator, Page, expect

from scripts.demo import USERS, WORDS
from scripts.inquiry import PANEL, Photographer
from scripts.look import PATIENCE, LookFailed, chromium

# A telephone of the usual size, and a PC.
PHONE = (390, 844)
DESK = (1280, 900)
# How often a page that is still being laid out is looked at again.
SETTLING = 100
# What is written at the sign that was torn off.
TORN_OFF = {
    "ja": "表示がはがれて落ちていた。予備を貼る。",
    "en": "The sign had come off. A spare one is needed.",
}


def sticker() -> FilePayload:
    """Return the photo that a telephone would take of a sign: large, turned, and with the place in it."""
    picture = Image.new("RGB", (4000, 3000), "#7d8b93")
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((900, 800, 3100, 2200), 120, fill="#f4c430", outline="#222222", width=40)
    draw.ellipse((1150, 1150, 1850, 1850), fill="#222222")
    draw.ellipse((1350, 1350, 1650, 1650), fill="#f4c430")
    draw.rectangle((2000, 1300, 2900, 1420), fill="#222222")
    draw.rectangle((2000, 1580, 2700, 1700), fill="#222222")
    exif = Image.Exif()
    # Orientation: to be turned by a quarter.
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    file = BytesIO()
    picture.save(file, "JPEG", quality=92, exif=exif)
    return FilePayload(name="IMG_0001.jpg", mimeType="image/jpeg", buffer=file.getvalue())


async def open_panel(
    context: BrowserContext, url: str, path: str, name: str, complaints: list[str]
) -> Page:
    """Log one of the demo's users in and open a page of the panel."""
    password = next(password for user, password, _ in USERS if user == name)
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: complaints.append(f"{name}: {error}"))
    await page.goto(f"{url}/{PANEL}/{path}")
    await page.locator("input[name=username]").fill(name)
    await page.locator("input[name=password]").fill(password)
    await page.keyboard.press("Enter")
    await page.locator("niiza-cctv-panel h1").first.wait_for()
    return page


async def narrow_enough(page: Page) -> None:
    """Raise when something has to be scrolled sideways, or is too small for a finger, once the page has settled."""
    for _ in range(SETTLING):
        if not (problems := await too_wide_or_small(page)):
            return
        await asyncio.sleep(0.1)
    raise LookFailed(f"{page.url}: {'; '.join(problems)}")


async def too_wide_or_small(page: Page) -> list[str]:
    """Return what has to be scrolled sideways, or is too small for a finger, at this moment."""
    problems: list[str] = await page.evaluate(
        """() => {
          const found = [];
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth > width) found.push("the page is wider than the screen");
          const walk = (root) => {
            for (const one of root.querySelectorAll("*")) {
              if (one.shadowRoot) walk(one.shadowRoot);
              const box = one.getBoundingClientRect();
              if (!box.width || !box.height) continue;
              if (box.right > width + 1 || box.left < -1) found.push(`${one.localName}.${one.className} reaches outside`);
              if (one.matches("button, .button, .choice, nav a, .look") && box.height < 44)
                found.push(`${one.localName}.${one.className} is ${box.height} px high`);
            }
          };
          walk(document.querySelector("home-assistant").shadowRoot.querySelector("home-assistant-main").shadowRoot
            .querySelector("partial-panel-resolver"));
          return [...new Set(found)];
        }"""
    )
    return problems


def check_of(page: Page, camera: str, kind: str) -> Locator:
    """Return a line of the list, due or not: one kind of check on one camera."""
    look = page.locator(f"a[href*='/{kind}%3A']")
    due = page.locator("niiza-cctv-checks li", has=look).filter(
        has=page.get_by_text(camera, exact=True)
    )
    card = page.locator(
        "niiza-cctv-checks ha-card", has=page.get_by_role("heading", name=camera, exact=True)
    )
    return due.or_(card.locator("li", has=look))


async def form_of(page: Page, camera: str, kind: str) -> Locator:
    """Return the form of a check that is due, opened."""
    line = check_of(page, camera, kind)
    form = line.locator("niiza-cctv-check-form")
    opener = line.locator("button[aria-expanded]")
    if await opener.get_attribute("aria-expanded") == "false":
        await opener.click()
    await form.wait_for()
    return form


async def choose(form: Locator, result: str) -> None:
    """Say what was found."""
    await form.locator(f"label.{result}").click()


async def confirm_sign(page: Page, camera: str, photo: Photographer) -> None:
    """Take the check of a camera's sign from due to confirmed, with a photo."""
    line = check_of(page, camera, "signage")
    await expect(line.locator(".chip.risk")).to_be_visible()
    await narrow_enough(page)
    await photo(page, "1-due")
    form = await form_of(page, camera, "signage")
    await choose(form, "passed")
    await form.locator("input[type=file]").set_input_files(sticker())
    await form.locator("figure img").wait_for()
    await form.locator("figure img").scroll_into_view_if_needed()
    await narrow_enough(page)
    await photo(page, "2-photo")
    await form.locator("button[type=submit]").click()
    await page.locator("niiza-cctv-checks #said").wait_for()
    line = check_of(page, camera, "signage")
    await expect(line.locator(".chip.done")).to_be_visible()
    await photo(page, "3-recorded")


async def report_torn_off(page: Page, camera: str, language: str, photo: Photographer) -> None:
    """Record that a sign is missing: only with words."""
    form = await form_of(page, camera, "signage")
    await choose(form, "failed")
    send = form.locator("button[type=submit]")
    await send.click()
    # The browser asks for the note; nothing was sent.
    await expect(form.locator("#note")).to_be_focused()
    await form.locator("#note").fill(TORN_OFF[language])
    await photo(page, "4-torn-off")
    await send.click()
    await expect(
        check_of(page, camera, "signage").locator("ha-icon[icon='mdi:alert-octagon']").first
    ).to_be_visible()


async def see_history(page: Page, camera: str, photo: Photographer) -> None:
    """Look at one check with everything that was found."""
    await check_of(page, camera, "signage").locator("a.look").click()
    picture = page.locator("niiza-cctv-check .history img")
    await picture.scroll_into_view_if_needed()
    # An image without a source is complete, too.
    await expect(picture).not_to_have_js_property("naturalWidth", 0)
    # What came back is upright and small.
    width, height = await picture.evaluate("(image) => [image.naturalWidth, image.naturalHeight]")
    if not 0 < width < height <= 1600:
        raise LookFailed(f"The photo came back with {width}x{height}")
    await narrow_enough(page)
    await photo(page, "5-history")


async def change_audio(page: Page, camera: str, password: str, photo: Photographer) -> None:
    """Switch a camera's audio off with the chief's settings password."""
    settings = page.locator("niiza-cctv-settings")
    card = settings.locator("ha-card", has=page.get_by_role("heading", name=camera, exact=True))
    await expect(card.locator(".chip.risk").first).to_be_visible()
    await card.locator("button.open").click()
    await card.locator("form").first.wait_for()
    await narrow_enough(page)
    await card.evaluate("(card) => card.scrollIntoView()")
    await page.mouse.wheel(0, -140)
    await photo(page, "6-settings")
    await card.locator("button", has=page.locator("ha-icon[icon='mdi:microphone-off']")).click()
    confirm = page.locator("niiza-cctv-settings-confirm")
    await confirm.locator("#camera-user").fill("chief")
    secret = confirm.locator("#camera-secret")
    await secret.fill("not-the-password")
    await confirm.locator("button[type=submit]").click()
    await confirm.locator("ha-alert[alert-type=error]").wait_for()
    await expect(secret).to_have_value("")
    await secret.fill(password)
    await narrow_enough(page)
    await photo(page, "7-confirm")
    await confirm.locator("button[type=submit]").click()
    await confirm.locator("#outcome ha-icon[icon='mdi:check-decagram']").wait_for()
    await narrow_enough(page)
    await photo(page, "8-done")


async def see_ledger(page: Page, photo: Photographer) -> None:
    """Look at what the ledger says of all that."""
    await page.locator("niiza-cctv-panel nav a[href$='/ledger']").click()
    await page.locator("niiza-cctv-ledger .entries li").first.wait_for()
    await narrow_enough(page)
    await page.locator("niiza-cctv-ledger .entries").evaluate(
        "(entries) => entries.previousElementSibling.scrollIntoView()"
    )
    # Below the head, which stays in place.
    await page.mouse.wheel(0, -140)
    await photo(page, "9-ledger")


async def context_of(browser: Browser, language: str, size: tuple[int, int]) -> BrowserContext:
    """Return a browser of somebody else's, at this size of a screen."""
    return await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale={"ja": "ja-JP", "en": "en-GB"}[language],
        timezone_id="Asia/Tokyo",
        is_mobile=size[0] < 600,
        has_touch=size[0] < 600,
    )


async def go_round(
    browser: Browser,
    url: str,
    language: str,
    *,
    photo: Photographer,
    size: tuple[int, int] = PHONE,
    cameras: tuple[str, str] = ("kita", "minami"),
) -> list[str]:
    """Check the signs of two cameras as a tablet's user and as staff; returns what the browsers complained of."""
    complaints: list[str] = []
    titles = WORDS[language].titles
    tablet = await context_of(browser, language, size)
    page = await open_panel(tablet, url, "checks", "tablet", complaints)
    # A tablet is shown what can be confirmed on it and how the cameras stand, and no other page.
    await expect(page.locator("niiza-cctv-panel nav a")).to_have_count(2)
    await confirm_sign(page, titles[cameras[0]], photo)
    await tablet.close()

    staff = await context_of(browser, language, size)
    page = await open_panel(staff, url, "checks", "staff", complaints)
    await report_torn_off(page, titles[cameras[1]], language, photo)
    await see_history(page, titles[cameras[0]], photo)
    await staff.close()
    return complaints


async def set_camera(
    browser: Browser,
    url: str,
    language: str,
    *,
    photo: Photographer,
    size: tuple[int, int] = PHONE,
    camera: str = "kaisatsu",
    password: str = "chief-settings-demo",  # noqa: S107 (the simulated station's)
) -> list[str]:
    """Switch a camera's audio off as the chief; returns what the browser complained of."""
    complaints: list[str] = []
    chief = await context_of(browser, language, size)
    page = await open_panel(chief, url, "settings", "chief", complaints)
    await change_audio(page, WORDS[language].titles[camera], password, photo)
    await see_ledger(page, photo)
    await chief.close()
    return complaints


async def main() -> None:
    """Do it once, with pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="where the demo answers")
    parser.add_argument("--language", choices=("ja", "en"), default="ja")
    parser.add_argument("--folder", type=Path, default=Path(".local/checks"))
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)

    async def photo(page: Page, name: str) -> None:
        await page.wait_for_timeout(500)
        width = (page.viewport_size or {"width": 0})["width"]
        path = arguments.folder / f"{name}-{arguments.language}-{width}.png"
        with Image.open(BytesIO(await page.screenshot())) as picture:
            # 256 colours are enough for a page, and a third of the size.
            picture.convert("RGB").quantize(256).save(path, optimize=True)
        print(path, flush=True)

    async with chromium(arguments.language) as browser:
        url, language = arguments.url, arguments.language
        # Other cameras at the desk: what was confirmed is not due again.
        complaints = await go_round(browser, url, language, photo=photo)
        complaints += await go_round(
            browser, url, language, photo=photo, size=DESK, cameras=("kaisatsu", "churin")
        )
        complaints += await set_camera(browser, url, language, photo=photo)
    if complaints:
        raise LookFailed("\n".join(complaints))


if __name__ == "__main__":
    asyncio.run(main())
