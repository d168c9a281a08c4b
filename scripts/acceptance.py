"""An acceptance test on the panel, and the camera's answers saved from it, as a person does it.

Needs a demo that runs: `scripts/demo`, then `.venv/bin/python -m scripts.acceptance http://127.0.0.1:8123`.
The file that is saved is a captured camera: put into `tests/captured/`, the suite polls it from then on.
"""

import argparse
import asyncio
from dataclasses import dataclass, field
from pathlib import Path
import sys

from playwright.async_api import Browser, expect

from scripts.axe import texts_of
from scripts.checks import DESK, context_of, open_panel
from scripts.demo import WORDS
from scripts.look import chromium

# A test ends within five minutes; a busy machine has its own moments.
PATIENCE = 420_000


@dataclass(kw_only=True)
class HandedOn:
    """What came of it."""

    file: Path
    # What of the report was read on the page, also after it was opened anew.
    verdict: str
    again: str
    complaints: list[str] = field(default_factory=list)


async def hand_on(
    browser: Browser, url: str, language: str, folder: Path, *, camera: str
) -> HandedOn:
    """Test one of the demo's cameras as staff, read its answers, and save them into a folder."""
    complaints: list[str] = []
    words = texts_of(language)["config_panel"]["acceptance"]
    title = WORDS[language].titles[camera]
    context = await context_of(browser, language, DESK)
    page = await open_panel(context, url, "settings", "staff", complaints)
    await page.locator("niiza-cctv-settings button.open", has_text=title).click()
    await page.locator("niiza-cctv-settings a[href*='/acceptance/']").click()
    test = page.locator("niiza-cctv-acceptance")
    await test.get_by_role("button", name=words["start"]).click()
    verdict = test.locator(".whole")
    await verdict.wait_for(timeout=PATIENCE)
    said = await verdict.inner_text()
    await test.get_by_role("button", name=words["look"]).click()
    await expect(test.locator("pre")).to_contain_text('"form": 1')
    await test.get_by_role("checkbox").check()
    async with page.expect_download() as started:
        await test.get_by_role("button", name=words["save"]).click()
    download = await started.value
    file = folder / download.suggested_filename
    await download.save_as(file)
    # Whoever comes back finds the report.
    await page.reload()
    await verdict.wait_for()
    again = await verdict.inner_text()
    await context.close()
    return HandedOn(file=file, verdict=said, again=again, complaints=complaints)


async def main() -> int:
    """Do it once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="where the demo answers")
    parser.add_argument(
        "--camera", choices=("kita", "minami", "kaisatsu", "churin"), default="kita"
    )
    parser.add_argument("--language", choices=("ja", "en"), default="ja")
    parser.add_argument("--folder", type=Path, default=Path(".local/captured"))
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    async with chromium(arguments.language) as browser:
        done = await hand_on(
            browser, arguments.url, arguments.language, arguments.folder, camera=arguments.camera
        )
    sys.stdout.write(f"{done.verdict}\n{done.file}\n")
    for complaint in done.complaints:
        sys.stderr.write(f"{complaint}\n")
    return 1 if done.complaints else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
