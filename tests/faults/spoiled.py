"""Spoils what a section left on its disk in each way that a round must find, and prints what was found, a line each.

A program, because looking at a section forks a process that must have one thread.
"""

from collections.abc import Callable
import json
import logging
from pathlib import Path
import shutil
import sqlite3
import sys
import tempfile

from bench.chaos_round import LIVES, Fault, OnLibrary, Run, World, camera_running, inspect, life_of

DATABASE = "niiza_cctv.db"
VAULT = Path(".cache") / "niiza_cctv"
GUARDS = ("no_update", "no_delete", "next_only")


def clip_of(folder: Path) -> Path:
    """Return the sealed file of the case."""
    (clip,) = (folder / VAULT).rglob("*.mp4")
    return clip


def in_ledger(folder: Path, statement: str) -> None:
    """Change the ledger as its file's owner can."""
    with sqlite3.connect(folder / DATABASE) as database:
        for guard in GUARDS:
            database.execute(f"DROP TRIGGER IF EXISTS niiza_cctv_ledger_{guard}")
        database.execute(statement)
    database.close()


def change(path: Path) -> None:
    """Change one bit in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


SPOILS: dict[str, Callable[[Path], object]] = {
    "nothing": lambda folder: None,
    "footage removed": lambda folder: clip_of(folder).unlink(),
    "footage changed": lambda folder: change(clip_of(folder)),
    "footage elsewhere": lambda folder: clip_of(folder).rename(folder / VAULT / "other.mp4"),
    "last entry removed": lambda folder: in_ledger(
        folder,
        "DELETE FROM niiza_cctv_ledger WHERE number = (SELECT max(number) FROM niiza_cctv_ledger)",
    ),
    "entry changed": lambda folder: in_ledger(
        folder, "UPDATE niiza_cctv_ledger SET at = '2020-01-01T00:00:00.000000Z' WHERE number = 2"
    ),
    "ledger removed": lambda folder: (folder / DATABASE).unlink(),
    "entries beside the footage changed": lambda folder: change(
        clip_of(folder).parent / "case-entries.jsonl"
    ),
    "kept by Home Assistant, damaged": lambda folder: (
        folder / ".storage" / "core.uuid"
    ).write_text("{"),
}


def main() -> None:
    """Take a case to its approval, then spoil copies of what is there."""
    logging.basicConfig(level=logging.ERROR)
    with tempfile.TemporaryDirectory() as place, camera_running() as camera:
        folder = Path(place).resolve() / "section"
        world = World(folder=folder)
        folder.mkdir()
        body = OnLibrary(life_of(LIVES[-1], camera))
        # Left in order when it would be rejected: sealed, and nothing of it has ended.
        stop = Fault(what="kill", phase="create", kind="never")
        Run(world, body, stop, camera, calm=False, until="approve")()
        inspect(world, over=False, when="Before")
        kept = Path(place) / "kept"
        shutil.copytree(folder, kept)
        for name, spoil in SPOILS.items():
            shutil.rmtree(folder)
            shutil.copytree(kept, folder)
            found = World(folder=folder, heads=dict(world.heads), sealed=dict(world.sealed))
            spoil(folder)
            inspect(found, over=False, when=name)
            say(name, world.violations + found.violations)
        shutil.rmtree(folder)
        folder.mkdir()
        handed = World(folder=folder)
        body = OnLibrary(life_of(LIVES[1], camera))
        Run(handed, body, stop, camera, calm=False, until="purge")()
        say("package as it was released", handed.violations)
        (package,) = (folder / VAULT).rglob("*.zip")
        change(package)
        Run(handed, body, stop, camera, calm=False, until="start")()
        say("package changed", handed.violations)


def say(name: str, found: list[str]) -> None:
    """Print a line."""
    sys.stdout.write(f"{json.dumps([name, found])}\n")


if __name__ == "__main__":
    main()
