"""What cameras and people send in: checks at the start, heartbeat mails, and address updates with wrong passwords.

Folding 10,000 checks is measured beside only reading their entries; mails are sent over real sockets by a process of
their own while the loop's longest stall is watched; wrong passwords come from more sources than are remembered. The last
line is one JSON object.
"""

import argparse
import asyncio
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
import gc
import hashlib
import json
from pathlib import Path
import smtplib
import sqlite3
import sys
from tempfile import TemporaryDirectory
import time
import tracemalloc

from custom_components.niiza_cctv.lib.access.model import Actor
from custom_components.niiza_cctv.lib.checks.book import CheckBook
from custom_components.niiza_cctv.lib.checks.kinds import KINDS
from custom_components.niiza_cctv.lib.checks.model import Asset, AssetKind
from custom_components.niiza_cctv.lib.inbound import address
from custom_components.niiza_cctv.lib.inbound.address import Account, AddressServer, Report
from custom_components.niiza_cctv.lib.inbound.heartbeat import Heartbeats, Way
from custom_components.niiza_cctv.lib.inbound.mail import Mail, MailReceiver, MailSettings
from custom_components.niiza_cctv.lib.inbound.passwords import verify_password
from custom_components.niiza_cctv.lib.ledger import verify
from custom_components.niiza_cctv.lib.ledger.actions import LedgerAction
from custom_components.niiza_cctv.lib.ledger.store import Ledger

SENDER = Path(__file__).with_name("intake_mails.py")
CHECKS = 10_000
FOLD_SECONDS = 1.0
MAILS_PER_MINUTE = 1000
STALL_MS = 100.0
# Cameras, each with an address of its own on loopback.
CAMERAS = 50
MAILS = 1000
UPDATES = 10_000
UPDATE_GROWTH_MIB = 8.0
FIRST = datetime(2020, 1, 6, tzinfo=UTC)
STAFF = ("8f14e45fceea167a5a36dedd4bea2543", "佐藤 花子")


async def stalls(until: asyncio.Event) -> float:
    """Return the longest time in milliseconds for which the loop let nobody else run."""
    longest = 0.0
    while not until.is_set():
        before = time.perf_counter()
        await asyncio.sleep(0.001)
        longest = max(longest, time.perf_counter() - before - 0.001)
    return longest * 1000


# --- Checks -------------------------------------------------------------------------------------------------------


def rows(checks: int) -> Iterator[verify.Row]:
    """Yield the chain of so many checks of a hundred cameras, each fallen due before."""
    previous, number = verify.GENESIS, 0
    for place in range(checks):
        camera = f"acme-{place % 100:04}"
        named = {
            "kind": "signage",
            "object_kind": "camera",
            "object": camera,
            "object_name": f"防犯カメラ{place % 100}",
        }
        recorded = {
            "result": "passed",
            "note": "表示板に汚れなし",
            "photo": {"name": f"{place:032x}.jpg", "sha256": "ab" * 32, "size": 180_000},
            "fields": {},
        }
        for action, details in (
            (LedgerAction.CHECK_DUE.value, named),
            (LedgerAction.CHECK_RECORDED.value, named | recorded),
        ):
            number += 1
            person = STAFF if action == LedgerAction.CHECK_RECORDED else (None, None)
            row = verify.Row(
                chain="home",
                number=number,
                at=(FIRST + timedelta(hours=3 * place)).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                person_id=person[0],
                person_name=person[1],
                action=action,
                subject=f"camera/{camera}",
                details=verify.canonical(details),
                previous=previous,
                hash="",
            )
            previous = verify.hash_of(row)
            yield row._replace(hash=previous)


async def fill(path: Path) -> None:
    """Write the chain into a ledger's own table."""
    ledger = Ledger(f"sqlite:///{path}", "home")
    await ledger.open()
    await ledger.close()
    names = verify.Row._fields
    with sqlite3.connect(path) as database:
        database.executemany(
            f"INSERT INTO {verify.TABLE} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608 (constants)
            rows(CHECKS),
        )
    database.close()


async def fold(path: Path) -> dict[str, float]:
    """Read the entries, then read and fold them; return the seconds of each and the longest stall."""

    async def refuse(_actor: Actor, _what: str, _subject: str, _reason: str) -> None:
        """Nobody is refused here."""

    cameras = [
        Asset(kind=AssetKind.CAMERA, id=f"acme-{each:04}", name=str(each)) for each in range(100)
    ]
    ledger = Ledger(f"sqlite:///{path}", "home")
    await ledger.open()
    book = CheckBook(
        ledger,
        time_zone=UTC,
        now=lambda: datetime.now(UTC),
        kinds=KINDS.values,
        assets=lambda: cameras,
        refuse=refuse,
    )
    gc.collect()
    begun = time.perf_counter()
    async for _ in ledger.entries(actions=(LedgerAction.CHECK_RECORDED, LedgerAction.CHECK_DUE)):
        pass
    read = time.perf_counter() - begun
    done = asyncio.Event()
    watch = asyncio.create_task(stalls(done))
    begun, worked = time.perf_counter(), time.process_time()
    await book.load()
    seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    done.set()
    stall = await watch
    signs = [check for check in book.checks() if check.kind.key == "signage"]
    assert len(signs) == 100
    assert all(check.last is not None and check.last.number > 2 * CHECKS - 200 for check in signs)
    await ledger.close()
    return {"read": read, "fold": seconds, "cpu": cpu, "stall": stall}


# --- Mails --------------------------------------------------------------------------------------------------------


async def receive() -> dict[str, float]:
    """Take the mails of another process; return seconds, how many came and the longest stall."""
    beats = Heartbeats()
    beats.expect(Way.RECEIVER)
    heard: list[Mail] = []
    begin = asyncio.Event()

    def received(mail: Mail) -> None:
        heard.append(mail)
        begin.set()
        beats.record(mail.camera, mail.at, mail.subject)
        beats.heartbeat(mail.camera, mail.at)

    receiver = MailReceiver(
        MailSettings(port=0, host="127.0.0.1"),
        lambda: {f"camera{each}": f"acme-{each:04}" for each in range(CAMERAS)},
        received,
    )
    await receiver.start()
    # Imports of the first mail are no part of it.
    client = smtplib.SMTP
    await asyncio.to_thread(_first, client, receiver.port)
    heard.clear()
    begin.clear()
    done = asyncio.Event()
    watch = asyncio.create_task(stalls(done))
    sender = await asyncio.create_subprocess_exec(
        sys.executable, str(SENDER), str(receiver.port), str(MAILS), str(CAMERAS)
    )
    # Not the start of the other process.
    ended = asyncio.create_task(sender.wait())
    await asyncio.wait({ended, asyncio.create_task(begin.wait())}, return_when="FIRST_COMPLETED")
    begun = time.perf_counter()
    assert await ended == 0
    seconds = time.perf_counter() - begun
    done.set()
    stall = await watch
    refused = dict(receiver.refused)
    await receiver.stop()
    assert len(heard) == MAILS, (len(heard), refused)
    return {"seconds": seconds, "mails": len(heard), "stall": stall}


def _first(client: type[smtplib.SMTP], port: int) -> None:
    with client("127.0.0.1", port, local_hostname="camera", timeout=30) as one:
        one.sendmail("a@b.example", ["camera0@cctv.example"], b"Subject: a\r\n\r\nb\r\n")


# --- Addresses ----------------------------------------------------------------------------------------------------


async def update() -> dict[str, float]:
    """Answer updates with wrong passwords, half of them from ever new sources; return what stays of them."""
    # Each real hash takes a quarter of a second of one core, two at a time, whoever asks; what is bounded here is the rest.
    salt = b"s" * 16
    digest = hashlib.scrypt(b"right", salt=salt, n=16, r=8, p=1, dklen=32)
    kept = [b64encode(each).rstrip(b"=").decode() for each in (salt, digest)]
    hashed = f"$scrypt$ln=4,r=8,p=1${kept[0]}${kept[1]}"
    assert verify_password("right", hashed)
    accounts = {
        f"camera{each}": Account(camera=f"acme-{each:04}", hashed=hashed, host="192.0.2.1", port=80)
        for each in range(CAMERAS)
    }
    server = AddressServer(lambda: accounts, tuple)
    gc.collect()
    tracemalloc.start()
    before, words, offers = tracemalloc.get_traced_memory()[0], Counter[str](), 0
    done = asyncio.Event()
    watch = asyncio.create_task(stalls(done))
    begun = time.perf_counter()
    for number in range(UPDATES):
        source = f"2001:db8:{number // 2:x}::1" if number % 2 else f"192.0.2.{number % 7}"
        login = b64encode(f"camera{number % CAMERAS}:guess{number}".encode()).decode()
        verdict = await server.answer(
            Report(
                method="GET",
                authorization=f"Basic {login}",
                hostname=f"camera{number % CAMERAS}.example.com",
                myip="198.51.100.7",
                port=None,
                agent="bench",
                source=source,
            )
        )
        words[verdict.text] += 1
        offers += verdict.candidate is not None
    seconds = time.perf_counter() - begun
    done.set()
    stall = await watch
    gc.collect()
    growth = (tracemalloc.get_traced_memory()[0] - before) / 2**20
    tracemalloc.stop()
    await server.close()
    assert offers == 0
    assert set(words) == {address.DynDnsReply.BADAUTH, address.DynDnsReply.TROUBLE}, words
    return {
        "seconds": seconds,
        "growth": growth,
        "looked_at": words[address.DynDnsReply.BADAUTH],
        "stall": stall,
    }


# --- All ----------------------------------------------------------------------------------------------------------


def main() -> None:
    """Measure, print what was found and the verdict."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with TemporaryDirectory() as name:
        path = Path(name) / "ledger.db"
        asyncio.run(fill(path))
        folded = asyncio.run(fold(path))
    print(
        f"{CHECKS:,} checks: entries read in {folded['read']:.2f} s, read and folded in {folded['fold']:.2f} s"
        f" ({folded['cpu']:.2f} s of CPU), loop stalled at most {folded['stall']:.0f} ms"
    )
    mails = asyncio.run(receive())
    rate = mails["mails"] / mails["seconds"] * 60
    print(
        f"{MAILS:,} mails of {CAMERAS} cameras in {mails['seconds']:.1f} s: {rate:,.0f} a minute held,"
        f" loop stalled at most {mails['stall']:.0f} ms"
    )
    updates = asyncio.run(update())
    print(
        f"{UPDATES:,} address updates with wrong passwords in {updates['seconds']:.1f} s: nothing changed, {updates['looked_at']:,.0f}"
        f" were looked at, {updates['growth']:.1f} MiB more in memory, loop stalled at most {updates['stall']:.0f} ms"
    )
    ratios = {
        # By CPU: on a machine that is busy with something else the clock tells of that.
        "fold": round(folded["cpu"] / FOLD_SECONDS, 3),
        "fold_to_read": round(folded["fold"] / folded["read"], 3),
        "mails": round(MAILS_PER_MINUTE / rate, 3),
        "mail_stall": round(mails["stall"] / STALL_MS, 3),
        "update_memory": round(updates["growth"] / UPDATE_GROWTH_MIB, 3),
    }
    limits = {
        "fold": 1.0,
        "fold_to_read": 2.0,
        "mails": 1.0,
        "mail_stall": 1.0,
        "update_memory": 1.0,
    }
    passed = all(ratios[key] <= limits[key] for key in limits)
    print(
        json.dumps(
            {
                "bench": "intake",
                "ratios": ratios,
                "limits": limits,
                "fold_seconds": round(folded["fold"], 2),
                "mails_per_minute": round(rate),
                "mail_stall_ms": round(mails["stall"]),
                "update_growth_mib": round(updates["growth"], 2),
                "ok": passed,
            }
        )
    )
    sys.exit(not passed)


if __name__ == "__main__":
    main()
