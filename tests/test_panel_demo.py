"""The demo in Chromium: a police inquiry and disclosures by two people; a round of checks on a telephone; a setting; a camera handed on."""

import asyncio
import os
from pathlib import Path
import subprocess
import sys
import zipfile

import aiohttp
from PIL import Image
from playwright.async_api import Page
import pytest

from custom_components.niiza_cctv.const import DOMAIN
from scripts.acceptance import hand_on
from scripts.axe import PAGES, Fault, faults_of, looker, walk
from scripts.checks import go_round, set_camera
from scripts.demo import ROOT
from scripts.disclosure import REASONS, RECIPIENT, REFUSAL, REQUEST, disclose
from scripts.inquiry import LETTER, answer
from scripts.look import chromium
from tests.test_demo import demo, free_ports

pytestmark = [pytest.mark.usefixtures("socket_enabled"), pytest.mark.home_assistant]


async def no_picture(page: Page, name: str) -> None:
    """Take no pictures in a test."""


async def test_police_inquiry_by_two_people(tmp_path: Path, home_assistant_python: str) -> None:
    """Found, watched, preserved, approved by the other person, downloaded once, verified, handed over, purged."""
    first = free_ports(16)
    saved = tmp_path / "saved"
    saved.mkdir()
    async with demo(tmp_path / "demo", first + 15, first, python=home_assistant_python) as running:
        url = await running.answers()
        async with chromium() as browser:
            answered = await answer(
                browser, url, "ja", saved, camera="北口", seconds=6, photo=no_picture
            )
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
        ("ブラウザーの申告", "課長"),
        ("職員のリンクで最後までダウンロードされた", "職員"),
        ("引き渡した", "職員"),
        ("映像を消去した", "職員"),
    ):
        assert any(step in one and person in one for one in answered.history), steps

    assert answered.package
    assert_verifies(answered.package, saved)
    # What was typed went nowhere but into the ledger and the folder of the case, which is purged.
    letter = LETTER["ja"]
    written = [*letter.fields.values(), letter.note, letter.recipient, letter.medium, letter.serial]
    assert {path.name for path in holding(tmp_path / "demo", written)} <= {
        f"{DOMAIN}.db", f"{DOMAIN}.db-wal",
    }  # fmt: skip
    assert holding(tmp_path / "demo", ["call_service"])


async def test_disclosures_by_two_people(tmp_path: Path, home_assistant_python: str) -> None:
    """One of two walking figures is revealed: as a copy, at the counter; and a third request is refused.

    At every step axe looks at the page: at editor, decision, dialogs and counter.
    """
    first = free_ports(16)
    hindered: list[Fault] = []
    saved = tmp_path / "saved"
    saved.mkdir()
    async with demo(tmp_path / "demo", first + 15, first, python=home_assistant_python) as running:
        url = await running.answers()
        async with chromium() as browser:
            copy, view, refusal = await disclose(
                browser, url, "ja", saved, camera="北口", photo=looker(hindered)
            )

    assert not [line for one in (copy, view, refusal) for line in one.complaints]
    assert not hindered, "\n".join(map(str, hindered))
    decided = (("マスキングした映像を作って保全した", "システム"), ("決定案を作成した", "職員"))
    for history, steps in (
        (copy.history, (*decided, ("ブラウザーの申告", "課長"), ("引き渡した", "職員"))),
        (
            view.history,
            (
                *decided,
                ("ブラウザーの申告", "課長"),
                ("立ち会った人：課長", "職員"),
                ("画面に出した範囲", "システム"),
                ("本人に見せた", "職員"),
            ),
        ),
        (refusal.history, (decided[1], ("承認した", "課長"), ("開示しない", "職員"))),
    ):
        for step, person in steps:
            assert any(step in one and person in one for one in history), (step, history)

    assert copy.package
    assert_verifies(copy.package, saved)
    with zipfile.ZipFile(copy.package) as files:
        films = [name for name in files.namelist() if name.endswith(".mp4")]
    assert films == [f"{copy.case}-01-m01.masked.mp4"]
    # What the requester said went nowhere but into the ledger, and into the folders of cases that are not purged yet.
    words = [*REQUEST["ja"].values(), *RECIPIENT["ja"].values(), REASONS["ja"], REFUSAL["ja"]]
    found = holding(tmp_path / "demo", [text for text in words if len(text) > 5])
    assert {path.name for path in found} <= {
        f"{DOMAIN}.db", f"{DOMAIN}.db-wal", "case-entries.jsonl", copy.package.name,
    }  # fmt: skip
    cases = {one.case for one in (copy, view, refusal)}
    assert {path.parent.name for path in found if path.name == "case-entries.jsonl"} == cases


async def test_answers_of_a_camera_are_saved_and_run_in_the_suite(
    tmp_path: Path, home_assistant_python: str
) -> None:
    """As whoever tries the demo hands its oddest camera on: by the browser's own download, and nobody touches the file."""
    first = free_ports(16)
    saved = tmp_path / "saved"
    saved.mkdir()
    folder = tmp_path / "demo"
    async with demo(folder, first + 15, first, python=home_assistant_python) as running:
        url = await running.answers()
        async with chromium() as browser:
            done = await hand_on(browser, url, "ja", saved, camera="churin")
    assert not done.complaints
    assert done.again == done.verdict
    # The report is on the disk, without the log-in that it was made with.
    (kept,) = folder.rglob(f".storage/{DOMAIN}.acceptance")
    assert b"viewer-demo" not in kept.read_bytes()
    # The suite's own tests of captured cameras: the poll, and the report.
    suite = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/captured", "-k", done.file.stem,
        cwd=ROOT,
        env={**os.environ, "NIIZA_CAPTURED": str(saved)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await suite.communicate()
    assert suite.returncode == 0, said.decode()
    assert b"2 passed" in said


def holding(folder: Path, texts: list[str]) -> list[Path]:
    """Return the files that hold any of some texts."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and any(text.encode() in path.read_bytes() for text in texts)
    ]


async def test_checks_and_settings_on_a_telephone(
    tmp_path: Path, home_assistant_python: str
) -> None:
    """A sign from due to confirmed with a photo, on a tablet's 390 pixels; audio off by the chief's password, read back.

    Nothing is to be scrolled sideways, nothing too small for a finger: the walk itself raises. And axe finds nothing on
    the dashboard and any page of the panel, whoever looks, also without a role.
    """
    first = free_ports(16)
    hindered: list[Fault] = []
    folder = tmp_path / "demo"
    async with demo(folder, first + 15, first, python=home_assistant_python) as running:
        url = await running.answers()
        async with chromium() as browser:
            complaints = await go_round(browser, url, "ja", photo=looker(hindered))
            complaints += await set_camera(browser, url, "ja", photo=looker(hindered))
            for name in PAGES:
                found, _ = await walk(browser, url, name)
                hindered += found
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{first}/cameras/kaisatsu") as answered,
        ):
            camera = await answered.json()
    assert not complaints
    assert not hindered, "\n".join(map(str, hindered))
    assert not camera["faults"]["audio"]
    # The photo was drawn anew on the telephone and again here: upright, small, and nothing but the picture.
    (kept,) = (folder / "ja" / "config" / ".cache" / "niiza_cctv" / "checks").rglob("*.jpg")
    with Image.open(kept) as picture:
        assert picture.width < picture.height <= 1600
        assert not picture.getexif()
    for file in folder.rglob("*"):
        if file.is_file() and file.name != "station.yaml":
            assert b"chief-settings-demo" not in file.read_bytes(), file


async def test_axe_finds_what_cannot_be_read() -> None:
    """A card of ours in grey on grey is found, and what is Home Assistant's is not taken for ours."""
    async with chromium() as browser:
        page = await browser.new_page()
        await page.set_content(
            "<html lang=en><p style='color: #999'>Theirs</p><niiza-cctv-board></niiza-cctv-board></html>"
        )
        await page.evaluate(
            """() => {
              const board = document.querySelector("niiza-cctv-board").attachShadow({ mode: "open" });
              board.innerHTML = "<p style='color: #999'>Ours</p>";
            }"""
        )
        ours = await faults_of(page, "board")
        theirs = await faults_of(page, "page", ours=False)
    assert [(fault.rule, "Ours" in fault.text) for fault in ours] == [("color-contrast", True)]
    assert [("Theirs" in fault.text) for fault in theirs if fault.rule == "color-contrast"] == [
        True
    ]


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
