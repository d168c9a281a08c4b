"""The first minute: what the commands of the README need, on a machine that has next to nothing."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
import os
from pathlib import Path
import shutil
import signal
import socket
import subprocess
import sys
import time

from homeassistant import bootstrap
import psutil
import pytest

from scripts import home_assistant
from scripts.demo import ROOT
from scripts.look import SETTLED, chromium, log_in
from tests.test_demo import Demo, free_ports

KEPT = ROOT / ".local" / "cache" / "bare"
# What scripts/bare ends with where the machine gives no root folder.
UNABLE = 75
on_a_bare_machine = pytest.mark.skipif(
    not os.environ.get("NIIZA_BARE"), reason="takes minutes: scripts/test --bare runs it"
)
# Everything that set-up and demo may say before the address.
SAID = (
    "Waiting for another scripts/bare …",
    "Fetching uv into .local/uv …",
    "Fetching Python 3.14 …",
    "Unpacking Debian's Python 3.14 into .local/cpython …",
    "Installing the locked packages with ",
    "Starting the simulated station …",
    "Starting Home Assistant …",
)
# What Home Assistant says of any demo: its packages come from the lock; it did not test us; a faster zlib exists.
WARNINGS = (
    "Skipping pip installation of required modules",
    "We found a custom integration niiza_cctv which has not been tested by Home Assistant",
    "zlib_ng and isal are not available",
)


# --- what is missing, is said in one line -----------------------------------------------------------------------


def programs(folder: Path, *names: str) -> Path:
    """Make a PATH on which somebody who is not root finds what every Debian has, and these programs."""
    folder.mkdir()
    for name in ("bash", "dirname", "env", "python3"):
        (folder / name).symlink_to(shutil.which(name) or pytest.fail(name))
    for name in names:
        (folder / name).write_text("#!/bin/sh\necho a font\n")
    (folder / "id").write_text("#!/bin/sh\necho 1000\n")
    for name in ("id", *names):
        (folder / name).chmod(0o755)
    return folder


def refused(path: Path) -> str:
    """Set the tests up with this PATH alone; return the one line that is said."""
    ended = subprocess.run(  # noqa: S603 (our own script)
        [ROOT / "scripts" / "setup", "--tests"],
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert not ended.stdout
    (line,) = ended.stderr.splitlines()
    return line.partition("(names of Debian's packages): ")[2]


def test_missing_programs_are_named_in_one_line(tmp_path: Path) -> None:
    """By the names under which they can be installed."""
    # PostgreSQL's server is found also outside of the PATH.
    missing = [name for name in refused(programs(tmp_path / "bin")).split() if name != "postgresql"]
    assert missing == ["ffmpeg", "chromium", "fonts-noto-cjk", "nodejs", "npm"]


def test_only_what_is_missing_is_named(tmp_path: Path) -> None:
    """What is there, under whichever name, is not asked for; half of a package is a missing package."""
    path = programs(tmp_path / "bin", "ffmpeg", "google-chrome", "fc-list", "node", "postgres")
    assert refused(path) == "ffmpeg npm"


# --- Home Assistant without its voice ---------------------------------------------------------------------------


def test_voice_is_not_among_what_always_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """With it, neither FFmpeg nor the packages that would have to be compiled."""
    always = set(bootstrap.DEFAULT_INTEGRATIONS)
    monkeypatch.setattr(bootstrap, "DEFAULT_INTEGRATIONS", always)
    assert always > home_assistant.VOICE
    home_assistant.leave_out_voice()
    assert always
    assert not always & home_assistant.VOICE


def test_demo_starts_where_the_list_moved(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The list is no part of Home Assistant's API."""
    monkeypatch.delattr(bootstrap, "DEFAULT_INTEGRATIONS")
    home_assistant.leave_out_voice()
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_stand_ins_are_only_for_what_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has the real package keeps it."""
    monkeypatch.setattr(home_assistant, "COMPILED", {"no_such_package": "Thing", "yaml": "Thing"})
    monkeypatch.delitem(sys.modules, "no_such_package", raising=False)
    home_assistant.stand_in_for_compiled()
    assert isinstance(sys.modules.pop("no_such_package").Thing(), object)
    assert not hasattr(sys.modules["yaml"], "Thing")


# --- on a bare machine ------------------------------------------------------------------------------------------


@asynccontextmanager
async def bare(*command: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Start a command on a bare machine; afterwards nothing of it is left."""
    process = await asyncio.create_subprocess_exec(
        ROOT / "scripts" / "bare",
        *command,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        # Of its own, so that it can be told to stop as by Ctrl-C.
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    kept = str(KEPT.resolve())
    assert not list(KEPT.glob("run.*"))
    assert kept not in Path("/proc/self/mounts").read_text()
    for other in psutil.process_iter():
        try:
            assert not str(Path(f"/proc/{other.pid}/root").readlink()).startswith(kept), other
        except OSError:
            continue


async def ended(process: asyncio.subprocess.Process, seconds: int = 900) -> str:
    """Wait for the command's end; return what it said. Skip the test where the machine is unable."""
    said, _ = await asyncio.wait_for(process.communicate(), seconds)
    text = said.decode()
    if process.returncode == UNABLE:
        pytest.skip(text.strip().splitlines()[-1])
    return text


async def looked_at(url: str) -> list[str]:
    """Log in as a person does and see every camera judged; return what the browser complained of."""
    complaints: list[str] = []
    async with chromium() as browser:
        page = await browser.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await log_in(page, url)
        await page.wait_for_function(SETTLED, timeout=240_000)
    return complaints


@on_a_bare_machine
@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("who", ["root", "user"])
async def test_demo_on_a_bare_machine(who: str) -> None:
    """It sets itself up, says nothing but what it does, shows its page, and has no error in its log."""
    first = free_ports(16)
    options = ["--user"] if who == "user" else []
    command = ("scripts/demo", "--port", str(first + 15), "--simulator-port", str(first))
    async with bare(*options, *command) as process:
        running = Demo(process, first + 15, first)
        try:
            url = await asyncio.wait_for(running.answers(), 900)
        except AssertionError as err:
            await process.wait()
            if process.returncode == UNABLE:
                pytest.skip(str(err).strip().splitlines()[-1])
            raise
        started = time.monotonic()
        said = [line for line in running.output.splitlines() if line.strip()]
        assert not [line for line in said[:-1] if not line.startswith(SAID)]

        assert not await looked_at(url)
        # Long enough for every camera to be polled several times, and every card to be read back.
        await asyncio.sleep(max(0.0, 100 - (time.monotonic() - started)))
        (run,) = KEPT.glob("run.*")
        log = run / "root" / "srv" / "niiza_cctv" / ".local" / "demo" / "ja" / "home-assistant.log"
        lines = log.read_text().splitlines()
        assert not [line for line in lines if " ERROR " in line or "Traceback" in line]
        warnings = [line for line in lines if " WARNING " in line]
        assert not [line for line in warnings if not any(known in line for known in WARNINGS)]

        os.killpg(process.pid, signal.SIGINT)
        await ended(process, 120)
        assert process.returncode == 0
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", first + 15))


@on_a_bare_machine
async def test_tests_set_themselves_up_on_a_bare_machine() -> None:
    """Root gets the missing programs installed; then a test runs, and set-up has nothing left to do."""
    script = """
        scripts/setup --tests && echo "== second" && scripts/setup --tests && echo "== test" &&
        .venv/bin/python -m pytest -q tests/test_demo.py -k "station or ports"
    """
    async with bare("bash", "-c", script) as process:
        said = await ended(process)
        assert process.returncode == 0, said
    first, _, rest = said.partition("== second\n")
    allowed = (*SAID, "Installing with apt-get: ", "Installing the Node packages of ")
    assert not [line for line in first.splitlines() if not line.startswith(allowed)]
    assert rest.startswith("== test\n")
    assert " passed" in rest


@on_a_bare_machine
async def test_who_is_not_root_is_told_what_to_install() -> None:
    """One line."""
    async with bare("--user", "scripts/setup", "--tests") as process:
        said = await ended(process)
        assert process.returncode == 1, said
    (line,) = said.splitlines()
    assert line.endswith(": ffmpeg chromium fonts-noto-cjk nodejs npm postgresql")
