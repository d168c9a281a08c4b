"""A ledger on a disk that is full, or read-only: run as a program, because it changes limits and the user of its process."""

import asyncio
from importlib import import_module
import os
from pathlib import Path
import pwd
import resource
import sys
import tempfile
from typing import Any

from sqlalchemy import Engine, event

# The ledger stands alone; without the integration around it, this program starts ten times as fast.
sys.path.append(str(Path(__file__).parents[3] / "custom_components" / "niiza_cctv" / "lib"))
Ledger: Any = import_module("ledger.store").Ledger
LedgerUnavailable: Any = import_module("ledger.errors").LedgerUnavailable


async def refused(ledger: Ledger) -> None:
    """Append until it is refused, and that at once: no entry is tried over more than one new connection."""
    connected: list[object] = []

    def note(connection: object) -> None:
        connected.append(connection)

    event.listen(Engine, "engine_connect", note)
    for _ in range(1000):
        connected.clear()
        try:
            await ledger.append("action", "section", {"text": "x" * 5000}, person=None)
        except LedgerUnavailable:
            assert not ledger.available
            assert len(connected) <= 1
            event.remove(Engine, "engine_connect", note)
            return
    raise AssertionError("Nothing was refused")


async def full(ledger: Ledger, path: Path) -> None:
    """Let no byte more fit on the disk."""
    size = path.with_name(f"{path.name}-wal").stat().st_size
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # In the middle of an entry, and of a page.
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 31_000, hard))
    await refused(ledger)
    await refused(ledger)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


async def read_only(ledger: Ledger, path: Path) -> None:
    """Let the file be read and not written."""
    await ledger.close()
    path.chmod(0o400)
    await ledger.open()
    await refused(ledger)
    assert [entry.number async for entry in ledger.entries(limit=1)] == [1]
    # SQLite made the others in the likeness of the first.
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").chmod(0o600)


async def main(trouble: str) -> None:
    """Append, meet the trouble, and go on when it is over."""
    if os.getuid() == 0:
        # Root may write everything.
        os.setuid(pwd.getpwnam("nobody").pw_uid)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ledger.db")
        ledger = Ledger(f"sqlite:///{path}", "home")
        await ledger.open()
        kept = [await ledger.append("action", "section", person=None) for _ in range(3)]
        await {"full": full, "read-only": read_only}[trouble](ledger, path)
        after = await ledger.append("after", "section", person=None)
        assert ledger.available
        found = await ledger.verify()
        assert (found.broken, found.entries) == (None, after.number)
        assert [entry async for entry in ledger.entries(limit=3)] == kept
        await ledger.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
