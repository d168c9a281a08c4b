"""A writer to be killed: prints NUMBER:HASH of each entry once it is confirmed."""

import asyncio
from importlib import import_module
import os
from pathlib import Path
import sys
from typing import Any

# The ledger stands alone; without the integration around it, this program starts ten times as fast.
sys.path.append(str(Path(__file__).parents[2] / "custom_components" / "niiza_cctv"))
Ledger: Any = import_module("ledger.store").Ledger


async def main(url: str) -> None:
    """Append from several tasks at once until killed."""
    ledger = Ledger(url, "home")
    await ledger.open()

    async def write(task: int) -> None:
        while True:
            entry = await ledger.append("action", "section", {"task": task}, person=None)
            # One write: a line is there completely or not at all.
            os.write(1, f"{entry.number}:{entry.hash}\n".encode())

    await asyncio.gather(*map(write, range(8)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
