"""Ten thousand address updates with wrong passwords: what they change, and what they cost.

`wrong_updates` is called by `bench/intake.py`; alone: python -m bench.intake_addresses
"""

import asyncio
from base64 import b64encode
from dataclasses import dataclass
import gc
from ipaddress import ip_address
import secrets
import time
import tracemalloc

from custom_components.niiza_cctv.lib.inbound.address import Account, AddressServer, Report
from custom_components.niiza_cctv.lib.inbound.passwords import hash_password

UPDATES = 10_000
# A flood: all of them knock before the first is answered.
AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class WrongUpdates:
    """What came of them."""

    updates: int
    # Updates that would have led a camera elsewhere: must be none.
    offers: int
    # How many passwords were hashed; the rest was answered before.
    hashed: int
    seconds: float
    # The longest time for which the event loop stood still, in seconds.
    longest_stall: float
    # Bytes that are held more than before, and at most meanwhile.
    kept: int
    peak: int


async def wrong_updates(*, sources: int, updates: int = UPDATES) -> WrongUpdates:
    """Send updates with wrong passwords from so many sources, half of them for the camera that there is."""
    account = Account(
        camera="niiza-1",
        hashed=await asyncio.to_thread(hash_password, secrets.token_urlsafe(16)),
        host="192.168.7.20",
        port=80,
    )
    server = AddressServer(lambda: {"kita": account}, lambda: ())
    offers = hashed = 0
    turns = asyncio.Semaphore(AT_ONCE)

    async def update(number: int) -> None:
        nonlocal offers, hashed
        name = "kita" if number % 2 else f"id-{number}"
        login = b64encode(f"{name}:{'x' * 100}{number}".encode()).decode()
        async with turns:
            verdict = await server.answer(
                Report(
                    method="GET",
                    authorization=f"Basic {login}",
                    hostname=name,
                    myip="198.51.100.7",
                    port=None,
                    agent="bench",
                    source=str(ip_address(0x0A000000 + number % sources)),
                )
            )
        offers += verdict.candidate is not None
        hashed += verdict.wrong_login

    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    stalls = _Stalls()
    watching = asyncio.create_task(stalls.watch())
    began = time.perf_counter()
    try:
        for first in range(0, updates, AT_ONCE):
            await asyncio.gather(
                *(update(number) for number in range(first, min(first + AT_ONCE, updates)))
            )
        seconds = time.perf_counter() - began
        await server.close()
        gc.collect()
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        watching.cancel()
    return WrongUpdates(
        updates=updates,
        offers=offers,
        hashed=hashed,
        seconds=seconds,
        longest_stall=stalls.longest,
        kept=kept - before,
        peak=peak - before,
    )


class _Stalls:
    """The longest time for which the loop did not come round."""

    longest = 0.0

    async def watch(self) -> None:
        """Measure until cancelled."""
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            self.longest = max(self.longest, time.perf_counter() - began - 0.005)


async def main() -> None:
    """Print the figures for one source and for many."""
    for sources in (1, 10_000):
        found = await wrong_updates(sources=sources)
        print(
            f"{found.updates} updates from {sources} sources: {found.offers} followed, {found.hashed} hashed, "
            f"{found.seconds:.1f} s, loop stalled {found.longest_stall * 1000:.0f} ms at most, "
            f"{found.kept / 1024:.0f} KiB kept, {found.peak / 1024:.0f} KiB at most"
        )


if __name__ == "__main__":
    asyncio.run(main())
