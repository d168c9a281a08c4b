"""Requests for disclosure from the counter to their end, as two people answer them on the panel, with pictures on the way.

One by a copy, one by showing it at the counter, one refused. Needs a demo that runs: `scripts/demo`, then
`.venv/bin/python -m scripts.disclosure http://127.0.0.1:8123`.
"""

import argparse
import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from scripts.inquiry import (
    PANEL,
    TIME_ZONE,
    Answered,
    Photographer,
    act,
    download,
    log_in,
    moves,
    new_context,
    photographer,
    state,
    take,
    wall_clock,
)
from scripts.look import LookFailed, chromium
from simulator.video import FIGURES

# In each minute the first figure crosses the picture from its beginning on, the second comes towards it from its fifth
# second on; in the eleventh they meet. A clip ends with a whole group of pictures.
BEGIN, SECONDS = 6, 3
REQUEST = {
    "ja": {
        "document_number": "開示第7号",
        "requester": "南沢花子",
        "contact": "090-0000-0000",
        "identity_checked": "運転免許証の提示",
        "event_time": "きょうの昼前",
        "event_place": "北口のホーム、右へ歩いた",
    },
    "en": {
        "document_number": "No. 7",
        "requester": "Hanako Minamisawa",
        "contact": "090-0000-0000",
        "identity_checked": "Driving licence shown",
        "event_time": "Today before noon",
        "event_place": "On the platform, walking to the right",
    },
}
REASONS = {
    "ja": "請求者のほかに1人が写っている。その人を除いて開示する。",
    "en": "One other person is on it, and is taken out.",
}
REFUSAL = {
    "ja": "請求の日時に、ほかの人だけが写っている。",
    "en": "Only other people are on it at that time.",
}
# Who of the section is there when it is shown.
PRESENT = "課長"
RECIPIENT = {
    "ja": {"recipient": "南沢花子", "medium": "DVD-R", "medium_serial": "K-0007"},
    "en": {"recipient": "Hanako Minamisawa", "medium": "DVD-R", "medium_serial": "K-0007"},
}

# Where all of the page would be too long for a manual.
PARTS = {
    "3-proposal": "niiza-cctv-case-step",
    "4-approve": "niiza-cctv-case-step",
    "7-handed-over": "niiza-cctv-case ha-card",
    "8-counter-on-the-screen": "niiza-cctv-counter",
}


async def receive(page: Page, language: str, camera: str, photo: Photographer, name: str) -> str:
    """Receive a request and start the preservation of what may show the person; return the case's number."""
    await page.goto(page.url.split(f"/{PANEL}")[0] + f"/{PANEL}/cases")
    await page.locator("niiza-cctv-cases a[href$='/new']").click()
    await page.locator("niiza-cctv-new input[name=kind]").nth(1).check()
    for field, text in REQUEST[language].items():
        await page.locator(f"niiza-cctv-new #{field}").fill(text)
    now = datetime.now(TIME_ZONE)
    await page.locator("niiza-cctv-new #document_date").fill(now.date().isoformat())
    start = now.replace(second=BEGIN, microsecond=0) - timedelta(minutes=20)
    passage = page.locator("niiza-cctv-passage")
    await passage.get_by_label(camera, exact=True).check()
    await passage.locator("#start").fill(wall_clock(start))
    await passage.locator("#end").fill(wall_clock(start + timedelta(seconds=SECONDS)))
    await passage.locator("#margin").select_option("0")
    await photo(page, name)
    await page.locator("niiza-cctv-new button[type=submit]").click()
    await page.wait_for_url(f"**/{PANEL}/case/*")
    await state(page, "mdi:lock-check")
    return page.url.rsplit("/", 1)[1]


def icon(page: Page, within: str, name: str) -> str:
    """Return the selector of a button or a link by its icon."""
    return f"{within} :is(button, a):has(ha-icon[icon='mdi:{name}'])"


async def draw(page: Page, frame: Locator) -> None:
    """Draw a box around the first figure, once the page has settled."""
    before, now = None, await frame.bounding_box()
    while now is None or now != before:
        await page.wait_for_timeout(250)
        before, now = now, await frame.bounding_box()
    size = (1600, 900)
    left, top, right, bottom = FIGURES[0].box(BEGIN, *size)
    across, down = now["width"] / size[0], now["height"] / size[1]
    await page.mouse.move(now["x"] + left * across, now["y"] + (top - 10) * down)
    await page.mouse.down()
    await page.mouse.move(now["x"] + right * across, now["y"] + (bottom + 10) * down, steps=8)
    await page.mouse.up()


async def mask(page: Page, marking: str, photo: Photographer, name: str) -> None:
    """Reveal the first figure alone, by one box and a proposal, and have that made."""
    case = page.url
    editor = "niiza-cctv-mask-editor"
    await page.locator(icon(page, "niiza-cctv-case-clip", "account-eye")).click()
    frame = page.locator("niiza-cctv-mask-stage .frame")
    await expect(frame.locator("img").first).to_be_visible()
    await photo(page, f"{name}-all-hidden")
    # Where nothing is drawn yet, the page waits for a box by itself.
    await expect(page.locator(icon(page, editor, "account-plus"))).to_have_attribute(
        "aria-pressed", "true"
    )
    await frame.scroll_into_view_if_needed()
    await draw(page, frame)
    await page.locator(icon(page, editor, "motion-sensor")).click()
    confirm = page.locator(icon(page, editor, "check-all"))
    await expect(confirm).to_be_enabled()
    await photo(page, f"{name}-proposed")
    await confirm.click()
    await expect(page.locator(f"{editor} [data-kept=saved]")).to_be_visible()
    await photo(page, f"{name}-confirmed")
    form = page.locator("niiza-cctv-mask-form")
    await form.locator(f"input[name=marking][value={marking}]").check()
    await form.locator("button[type=submit]").click()
    # The panel goes there by itself, once it is answered: whoever leaves before may have asked for nothing.
    await page.wait_for_url(case)
    await page.locator(icon(page, "niiza-cctv-case-clip", "compare")).wait_for()
    await photo(page, f"{name}-made")


async def propose(
    page: Page, chosen: dict[str, str], reasons: str, photo: Photographer, name: str
) -> None:
    """Propose how the request is answered."""
    await page.locator(f"niiza-cctv-case .offers {act(page, 'propose')}").click()
    form = page.locator("niiza-cctv-decision-form")
    for field, value in chosen.items():
        await form.locator(f"input[name={field}][value={value}]").check()
    item = form.locator("input[name=item]")
    if await item.count():
        await item.first.check()
    await form.locator("#reasons").fill(reasons)
    await photo(page, name)
    await page.locator("niiza-cctv-case-step button[type=submit]").click()
    await state(page, "mdi:scale-balance")


async def approve(page: Page, case: str, masked: bool, photo: Photographer, name: str) -> None:
    """Watch what is proposed to its end, as the other person, and approve."""
    await page.goto(page.url.split(f"/{PANEL}")[0] + f"/{PANEL}/case/{case}")
    await state(page, "mdi:scale-balance")
    await page.locator(f"niiza-cctv-case .offers {act(page, 'approve')}").click()
    step = "niiza-cctv-case-step"
    if masked:
        await page.locator(icon(page, step, "play-box-lock")).click()
        await page.locator(f"{step} niiza-cctv-sealed #speed").select_option("2")
        await moves(page)
        await expect(page.locator(f"{step} niiza-cctv-sealed .watched")).to_contain_text("100")
    await photo(page, f"{name}-approve")
    # The player on the page has a form of its own.
    await page.locator(f"{step} {act(page, 'approve')}[type=submit]").click()
    await state(page, "mdi:gavel")


async def show(page: Page, photo: Photographer, name: str) -> None:
    """Show at the counter what was decided, from what was sealed, with somebody there."""
    await state(page, "mdi:gavel")
    await page.locator(icon(page, "niiza-cctv-case-mask", "monitor-eye")).click()
    form = page.locator("niiza-cctv-counter-form")
    await form.locator("input[name=shown_to]").first.check()
    await form.locator("#present").fill(PRESENT)
    await photo(page, f"{name}-asked")
    await form.locator("button[type=submit]").click()
    await moves(page)
    await photo(page, f"{name}-on-the-screen")
    await page.locator(icon(page, "niiza-cctv-counter", "stop-circle")).click()
    await form.wait_for(state="detached")


async def conclude(page: Page, photo: Photographer, name: str) -> None:
    """End the case as it was decided."""
    await state(page, "mdi:gavel")
    await take(page, "conclude", {}, lambda: photo(page, name))


async def disclose(
    browser: Browser,
    url: str,
    language: str,
    folder: Path,
    *,
    camera: str,
    photo: Photographer,
    viewport: ViewportSize | None = None,
) -> list[Answered]:
    """Answer three requests as staff and chief: by a copy, by showing it, by a refusal; the package is saved."""
    done = [Answered() for _ in range(3)]
    copy, view, refusal = done
    contexts = [await new_context(browser, language, viewport) for _ in range(2)]
    staff = await log_in(contexts[0], url, "staff", copy)
    chief = await log_in(contexts[1], url, "chief", copy)
    in_part = {"outcome": "disclosed_in_part", "ground": "article_78_1_2"}

    copy.case = await receive(staff, language, camera, photo, "1-request")
    await mask(staff, "copy", photo, "2-mask")
    await propose(staff, in_part | {"way": "copy"}, REASONS[language], photo, "3-proposal")
    await approve(chief, copy.case, True, photo, "4")
    await state(staff, "mdi:gavel")
    await take(staff, "release", {}, lambda: photo(staff, "5-release"))
    await staff.locator("niiza-cctv-case #package").wait_for()
    await download(staff, copy, folder)
    await take(staff, "hand_over", RECIPIENT[language], lambda: photo(staff, "6-hand-over"))
    await state(staff, "mdi:handshake")
    await photo(staff, "7-handed-over")
    copy.history = await staff.locator("niiza-cctv-case .history li").all_inner_texts()

    view.case = await receive(staff, language, camera, photo, "8-request")
    await mask(staff, "for_viewing", photo, "8-mask")
    await propose(staff, in_part | {"way": "view"}, REASONS[language], photo, "8-proposal")
    await approve(chief, view.case, True, photo, "8")
    await show(staff, photo, "8-counter")
    await conclude(staff, photo, "8-shown")
    await state(staff, "mdi:eye-check")
    view.history = await staff.locator("niiza-cctv-case .history li").all_inner_texts()

    refusal.case = await receive(staff, language, camera, photo, "9-request")
    chosen = {"outcome": "refused", "ground": "article_78_1_2"}
    await propose(staff, chosen, REFUSAL[language], photo, "9-proposal")
    await approve(chief, refusal.case, False, photo, "9")
    await conclude(staff, photo, "9-refused")
    await state(staff, "mdi:flag-checkered")
    refusal.history = await staff.locator("niiza-cctv-case .history li").all_inner_texts()
    for context in contexts:
        await context.close()
    return done


async def main() -> None:
    """Do it once, with pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="where the demo answers")
    parser.add_argument("--language", choices=("ja", "en"), default="ja")
    parser.add_argument("--camera", default="北口", help="the camera's name (default: 北口)")
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--folder", type=Path, default=Path(".local/disclosure"))
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    async with chromium(arguments.language) as browser:
        done = await disclose(
            browser,
            arguments.url,
            arguments.language,
            arguments.folder,
            camera=arguments.camera,
            photo=photographer(arguments.folder, arguments.language, arguments.width, PARTS),
            viewport={"width": arguments.width, "height": 900},
        )
    for one in done:
        print(f"{one.case}: {one.package}")
    if complaints := [line for one in done for line in one.complaints]:
        raise LookFailed("\n".join(complaints))


if __name__ == "__main__":
    asyncio.run(main())
