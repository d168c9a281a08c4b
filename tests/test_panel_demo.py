"""A police inquiry in the demo, from receipt to purge, by two people in Chromium."""

from pathlib import Path
import subprocess
import zipfile

import aiohttp
from playwright.async_api import Page, async_playwright
import pytest

from scripts.inquiry import answer
from scripts.look import browser_path
from tests.test_demo import demo, free_ports

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def no_picture(page: Page, name: str) -> None:
    """Take no pictures in a test."""


async def test_police_inquiry_by_two_people(tmp_path: Path) -> None:
    """Found, watched, preserved, approved by the other person, downloaded once, verified, handed over, purged."""
    first = free_ports(16)
    saved = tmp_path / "saved"
    saved.mkdir()
    async with demo(tmp_path / "demo", first + 15, first) as running:
        url = await running.answers()
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=browser_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
            )
            try:
                answered = await answer(
                    browser, url, "ja", saved, camera="北口", seconds=6, photo=no_picture
                )
            finally:
                await browser.close()
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{url}{answered.link}") as again,
        ):
            assert again.status == 410

    assert not answered.complaints
    steps = "\n".join(answered.history)
    for step, person in (
        ("受け付けた", "職員"),
        ("映像を保全した", "システム"),
        ("承認した", "課長"),
        ("職員のリンクでダウンロードされた", "職員"),
        ("引き渡した", "職員"),
        ("映像を消去した", "職員"),
    ):
        assert any(step in one and person in one for one in answered.history), steps

    assert answered.package
    assert_verifies(answered.package, saved)


def assert_verifies(package: Path, folder: Path) -> None:
    """Verify as the recipient does: every hash, and the section's signature with OpenSSL alone."""
    with zipfile.ZipFile(package) as files:
        files.extractall(folder / "package")
    sums = next((folder / "package").rglob("SHA256SUMS"))
    assert list(sums.parent.rglob("*.mp4"))
    key = folder / "key.pem"
    key.write_text(
        run(
            "openssl",
            "x509",
            "-in",
            "section-certificate.pem",
            "-noout",
            "-pubkey",
            cwd=sums.parent,
        )
    )
    run("sha256sum", "--check", "--strict", "SHA256SUMS", cwd=sums.parent)
    said = run(
        *("openssl", "dgst", "-sha256", "-verify", str(key)),
        *("-signature", "SHA256SUMS.sig", "SHA256SUMS"),
        cwd=sums.parent,
    )
    assert said.strip() == "Verified OK"


def run(*command: str, cwd: Path) -> str:
    """Run one of the system's tools; it must succeed."""
    return subprocess.run(  # noqa: S603 (the test's own words)
        command, cwd=cwd, check=True, capture_output=True, text=True
    ).stdout
