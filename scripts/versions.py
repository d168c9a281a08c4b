"""Try the integration on another Home Assistant than the one that the test plugin exists for.

    scripts/test --home-assistant newest    the newest release, as locked in home_assistant/newest.txt
    scripts/test --home-assistant beta      the newest beta, if there is one behind the newest release: watched only
    .venv/bin/python -m scripts.versions lock [VERSION]    write home_assistant/newest.txt anew

Each has an environment of its own in .local/home_assistant. Home Assistant and what its own integrations need come
from the lock; what this integration needs is installed as Home Assistant installs it, with its constraints.
"""

import argparse
from collections.abc import Sequence
from enum import IntEnum
import json
import os
from pathlib import Path
import re
import subprocess
import sys
from typing import Final

from awesomeversion import AwesomeVersion

ROOT: Final = Path(__file__).parent.parent
LOCK: Final = ROOT / "home_assistant" / "newest.txt"
LOCAL: Final = ROOT / ".local" / "home_assistant"
MANIFEST: Final = ROOT / "custom_components" / "niiza_cctv" / "manifest.json"
# What mypy and the simulated station need beside Home Assistant itself; the versions are the lock's, too.
TOOLS: Final = ("mypy", "lxml", "lxml-stubs", "types-PyYAML")
# What a demo's Home Assistant sets up beyond what it sets up by itself.
DEMO: Final = (
    *("frontend", "history", "logbook", "media_source", "person", "recorder", "stream"),
    *("system_health", "automation", "script", "lovelace", "mobile_app"),
)
# Voice packages that exist as source only. Home Assistant's images have them; a demo goes without.
COMPILED: Final = ("pymicro-vad", "pyspeex-noise")


class Outcome(IntEnum):
    """How it went; the number is the exit code."""

    OK = 0
    FAILED = 1
    # The package index could not be reached, say: nothing was proved.
    NOT_TESTED = 3


class NotTested(Exception):
    """Nothing can be said of this Home Assistant, and why."""


def say(text: str) -> None:
    """Print a line at once, between the lines of the programs that are run."""
    print(text, flush=True)


def uv(*arguments: str, stdin: str | None = None) -> str:
    """Run uv; raises NotTested with what it said."""
    local = ROOT / ".local" / "uv" / "bin" / "uv"
    environment = {"UV_CACHE_DIR": str(ROOT / ".local" / "cache" / "uv"), **os.environ}
    environment.pop("VIRTUAL_ENV", None)
    done = subprocess.run(
        [str(local) if local.exists() else "uv", *arguments],
        cwd=ROOT, env=environment, input=stdin, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise NotTested(done.stderr.strip() or f"uv {arguments[0]} ended with {done.returncode}")
    return done.stdout


# --- Which ---------------------------------------------------------------------------------------------------------


def locked_version(lock: str) -> str:
    """Return the Home Assistant that a lock names; raises LookupError where it names none."""
    if found := re.search(r"^homeassistant==(\S+)", lock, re.MULTILINE):
        return found[1]
    raise LookupError("the lock names no Home Assistant")


def released_version(*, beta: bool = False) -> str:
    """Ask the package index for the newest release, or the newest of all with `beta`; raises NotTested."""
    prerelease = ("--prerelease", "allow") if beta else ()
    answer = uv(
        *("pip", "compile", "--quiet", "--no-deps", "--no-header", "--no-annotate"),
        *("--refresh-package", "homeassistant", "--python", sys.executable, *prerelease, "-"),
        stdin="homeassistant\n",
    )
    return locked_version(answer)


def is_newer(version: str, than: str) -> bool:
    """Return whether a version of Home Assistant came after another."""
    return AwesomeVersion(version) > AwesomeVersion(than)


# --- The environment -----------------------------------------------------------------------------------------------


def folder_of(which: str) -> Path:
    """Return where an environment lies."""
    return LOCAL / which


def python_of(which: str) -> Path:
    """Return the interpreter of an environment, which must not be resolved: its own packages hang on the link."""
    return folder_of(which) / "bin" / "python"


def site_packages(python: Path) -> Path:
    """Return where an environment keeps its packages."""
    return next(python.parent.parent.glob("lib/python3*/site-packages"))


def new_environment(which: str) -> Path:
    """Make an environment that is empty or was used before; returns its interpreter."""
    python = python_of(which)
    if not python.exists():
        uv("venv", "--quiet", "--clear", "--python", sys.executable, str(folder_of(which)))
    return python


_ASK_DOMAINS: Final = """
from homeassistant import bootstrap
print(*bootstrap.DEFAULT_INTEGRATIONS, *bootstrap.CRITICAL_INTEGRATIONS, *bootstrap.BASE_PLATFORMS)
"""


def core_requirements(components: Path) -> list[str]:
    """Return what Home Assistant's own integrations need that a demo sets up, all that they depend on included.

    `components` is the folder of Home Assistant's integrations in the environment that is asked.
    """
    asked = subprocess.run(
        [
            *(str(components.parents[4] / "bin" / "python"), "-c"),
            _ASK_DOMAINS,
        ],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    ours = json.loads(MANIFEST.read_text())["dependencies"]
    open_, seen, found = [*asked.stdout.split(), *DEMO, *ours], set[str](), set[str]()
    while open_:
        domain = open_.pop()
        file = components / domain / "manifest.json"
        if domain in seen or not file.exists():
            continue
        seen.add(domain)
        manifest = json.loads(file.read_text())
        # As Home Assistant itself does: what is set up before, if at all, is imported all the same.
        open_ += [*manifest.get("dependencies", []), *manifest.get("after_dependencies", [])]
        found.update(manifest.get("requirements", []))
    return sorted(one for one in found if not one.startswith(COMPILED))


def resolved(version: str, *prerelease: str) -> str:
    """Return the lock of a version: what its own integrations need in a demo, known once it is there, and the tools."""
    python = new_environment("lock")
    release = f"homeassistant=={version}"
    uv("pip", "install", "--quiet", *prerelease, "--python", str(python), release)
    package = site_packages(python) / "homeassistant"
    return uv(
        *("pip", "compile", "--quiet", "--no-header", "--no-annotate", *prerelease),
        *("--python", str(python), "--constraint", str(package / "package_constraints.txt"), "-"),
        stdin="\n".join((release, *core_requirements(package / "components"), *TOOLS)),
    )


def write_lock(version: str) -> None:
    """Lock a release with everything that its own integrations need in a demo, and the tools."""
    locked = resolved(version)
    LOCK.parent.mkdir(exist_ok=True)
    LOCK.write_text(
        f"# Written by `python -m scripts.versions lock {version}`.\n{locked}",
        encoding="utf-8",
    )
    say(f"{LOCK.relative_to(ROOT)}: Home Assistant {version}")


def install_locked(which: str, lock: str) -> Path:
    """Bring an environment to exactly what a lock says; returns its interpreter. Raises NotTested."""
    python = new_environment(which)
    file = folder_of(which) / "lock.txt"
    file.write_text(lock, encoding="utf-8")
    uv("pip", "sync", "--quiet", "--python", str(python), str(file))
    return python


# What Home Assistant does at a start with the requirements of a custom integration.
_INSTALL: Final = """
import asyncio, json, sys
from homeassistant.core import HomeAssistant
from homeassistant.requirements import RequirementsNotFound, async_process_requirements

async def main():
    hass = HomeAssistant(sys.argv[1])
    try:
        await async_process_requirements(hass, "niiza_cctv", json.load(open(sys.argv[2]))["requirements"])
    except RequirementsNotFound as err:
        print(err)
        return 1
    finally:
        await hass.async_stop(force=True)
    return 0

sys.exit(asyncio.run(main()))
"""


def install_requirements(which: str, python: Path) -> None:
    """Install what the integration needs as Home Assistant does; raises subprocess.CalledProcessError."""
    environment = {"UV_CACHE_DIR": str(ROOT / ".local" / "cache" / "uv"), **os.environ}
    environment.pop("VIRTUAL_ENV", None)
    subprocess.run(
        [str(python), "-c", _INSTALL, str(folder_of(which)), str(MANIFEST)],
        cwd=folder_of(which), env=environment, check=True,
    )  # fmt: skip


# --- The steps -----------------------------------------------------------------------------------------------------


def run(name: str, *command: str) -> None:
    """Run one step, its output shown; raises subprocess.CalledProcessError."""
    say(f"\n== {name}")
    subprocess.run(command, cwd=ROOT, check=True)


def sources() -> list[str]:
    """Return the integration's Python files."""
    return [str(path.relative_to(ROOT)) for path in sorted(MANIFEST.parent.rglob("*.py"))]


def lock_of(which: str) -> str:
    """Return what to install; raises NotTested where there is nothing to try or nobody to ask."""
    locked = LOCK.read_text(encoding="utf-8")
    if which == "newest":
        return locked
    newest = released_version(beta=True)
    if not is_newer(newest, locked_version(locked)):
        raise NotTested(f"there is no beta behind {locked_version(locked)} at the moment")
    return resolved(newest, "--prerelease", "allow")


def try_on(which: str, pytest: Sequence[str]) -> None:
    """Take every step on one Home Assistant; raises NotTested or subprocess.CalledProcessError."""
    say(f"\n== Home Assistant, {which}: its environment")
    lock = lock_of(which)
    say(f"Home Assistant {locked_version(lock)}")
    python = install_locked(which, lock)
    say("\n== what the integration needs, installed as Home Assistant does it")
    install_requirements(which, python)
    cache = folder_of(which) / "mypy"
    run(
        "types of the integration",
        *(str(ROOT / ".venv" / "bin" / "mypy"), "--strict", "--python-executable", str(python)),
        *("--cache-dir", str(cache), *sources()),
    )
    run(
        "demo, walks, entities, upgrade and back",
        *(*pytest, "-m", "home_assistant", "--home-assistant-python", str(python), "tests"),
    )


def check(which: str, *, fail_on_newer: bool, pytest: Sequence[str]) -> Outcome:
    """Try the integration on one Home Assistant and say how it went."""
    try:
        try_on(which, pytest)
    except NotTested as err:
        say(f"\nHome Assistant, {which}: NOT TESTED. {err}")
        # No beta is no news; a release that could not be had is no success.
        return Outcome.OK if which == "beta" else Outcome.NOT_TESTED
    except subprocess.CalledProcessError as err:
        say(f"\nHome Assistant, {which}: FAILED ({' '.join(map(str, err.cmd[:3]))} …)")
        if which == "beta":
            say("::warning::The next Home Assistant breaks something; it is watched only.")
            return Outcome.OK
        return Outcome.FAILED
    say(f"\nHome Assistant, {which}: ok")
    if which == "newest":
        return newer_than_lock(fail=fail_on_newer)
    return Outcome.OK


def newer_than_lock(*, fail: bool) -> Outcome:
    """Report a release that the lock does not know yet."""
    locked = locked_version(LOCK.read_text(encoding="utf-8"))
    try:
        released = released_version()
    except NotTested as err:
        say(f"Whether there is a newer release is not known: {err}")
        return Outcome.NOT_TESTED if fail else Outcome.OK
    if not is_newer(released, locked):
        return Outcome.OK
    say(f"::warning::Home Assistant {released} is out; NOT TESTED. The lock has {locked}.")
    say(f"Lock it: .venv/bin/python -m scripts.versions lock {released}")
    return Outcome.FAILED if fail else Outcome.OK


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="scripts.versions", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    lock = commands.add_parser("lock", help="write the lock anew")
    lock.add_argument("version", nargs="?", help="default: the newest release")
    trial = commands.add_parser("check", help="try the integration")
    trial.add_argument("which", choices=("newest", "beta"))
    trial.add_argument(
        "--fail-on-newer", action="store_true", help="fail where a release is newer than the lock"
    )
    trial.add_argument("pytest", nargs=argparse.REMAINDER, help="how pytest is started")
    arguments = parser.parse_args()
    if arguments.command == "lock":
        try:
            write_lock(arguments.version or released_version())
        except NotTested as err:
            say(f"Not locked. {err}")
            return Outcome.FAILED
        return Outcome.OK
    return check(
        arguments.which,
        fail_on_newer=arguments.fail_on_newer,
        pytest=arguments.pytest or [sys.executable, "-m", "pytest", "-q"],
    )


if __name__ == "__main__":
    sys.exit(main())
