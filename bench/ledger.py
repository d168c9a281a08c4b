"""The ledger on SQLite: durable appends one by one and many at once, reading, and proving a long chain.

A single append is measured beside a bare INSERT with its COMMIT into the same kind of table with the same settings, turn
by turn, because a disk's speed changes from minute to minute. The last line is one JSON object.
"""

import argparse
import asyncio
from collections.abc import Iterator
import json
from pathlib import Path
import resource
import sqlite3
import statistics
import subprocess
import sys
from tempfile import TemporaryDirectory
import time

from custom_components.niiza_cctv.lib.ledger import verify
from custom_components.niiza_cctv.lib.ledger.model import Json, Person
from custom_components.niiza_cctv.lib.ledger.store import Ledger

REPOSITORY = Path(__file__).parents[1]
SATO = Person(id="8f14e45fceea167a5a36dedd4bea2543", name="佐藤 花子")
DETAILS: dict[str, Json] = {
    "camera": "02:00:5e:10:00:01",
    "start": "2026-11-20T08:15:00Z",
    "end": "2026-11-20T08:45:00Z",
    "reason": "捜査関係事項照会",
}
APPENDS_PER_SECOND = 1000
READ_ENTRIES = 100_000
GROWTH_MIB = 20.0
SINGLES = 300


def resident_mib() -> float:
    """Return the most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bare_database(path: Path) -> sqlite3.Connection:
    """Return a database with a table as small as one that keeps the same columns can be."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    columns = ", ".join(
        f"{name} {'INTEGER' if name == 'number' else 'TEXT'}" for name in verify.Row._fields
    )
    database.execute(f"CREATE TABLE bare ({columns}, PRIMARY KEY (chain, number)) WITHOUT ROWID")
    return database


def bare_insert(database: sqlite3.Connection, row: verify.Row) -> float:
    """Return the seconds that an INSERT takes until it is durable."""
    marks = ", ".join("?" * len(row))
    begun = time.perf_counter()
    database.execute("BEGIN IMMEDIATE")
    database.execute(f"INSERT INTO bare VALUES ({marks})", row)  # noqa: S608 (marks only)
    database.execute("COMMIT")
    return time.perf_counter() - begun


async def single(folder: Path) -> tuple[float, float]:
    """Return the medians of an append and of a bare INSERT, in milliseconds, measured in turns."""
    ledger = Ledger(f"sqlite:///{folder / 'single.db'}", "home")
    await ledger.open()
    database = bare_database(folder / "bare.db")
    ours, bare = [], []
    for number in range(1, SINGLES + 1):
        begun = time.perf_counter()
        entry = await ledger.append("footage_viewed", "camera/x", DETAILS, person=SATO)
        ours.append(time.perf_counter() - begun)
        row = verify.Row(
            chain="home",
            number=number,
            at=entry.at.isoformat(),
            person_id=SATO.id,
            person_name=SATO.name,
            action=entry.action,
            subject=entry.subject,
            details=verify.canonical(DETAILS),
            previous=entry.previous,
            hash=entry.hash,
        )
        bare.append(bare_insert(database, row))
    await ledger.close()
    database.close()
    return statistics.median(ours) * 1000, statistics.median(bare) * 1000


async def batched(folder: Path, count: int) -> float:
    """Return the durable appends per second when a hundred callers append at once."""
    ledger = Ledger(f"sqlite:///{folder / 'batched.db'}", "home")
    await ledger.open()

    async def caller() -> None:
        for _ in range(count // 100):
            await ledger.append("footage_viewed", "camera/x", DETAILS, person=SATO)

    begun = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(100)))
    seconds = time.perf_counter() - begun
    assert ledger.head.number == count // 100 * 100
    await ledger.close()
    return ledger.head.number / seconds


def chain_of(count: int) -> Iterator[verify.Row]:
    """Yield a long chain without the work of making it durable entry by entry."""
    previous, details = verify.GENESIS, verify.canonical(DETAILS)
    for number in range(1, count + 1):
        row = verify.Row(
            chain="home",
            number=number,
            at="2026-11-20T08:15:00.000000Z",
            person_id=SATO.id,
            person_name=SATO.name,
            action="footage_viewed",
            subject="camera/x",
            details=details,
            previous=previous,
            hash="",
        )
        previous = verify.hash_of(row)
        yield row._replace(hash=previous)


async def make_chain(path: Path, count: int) -> None:
    """Fill a ledger's own tables."""
    ledger = Ledger(f"sqlite:///{path}", "home")
    await ledger.open()
    await ledger.close()
    database = sqlite3.connect(path)
    marks = ", ".join("?" * len(verify.Row._fields))
    database.executemany(
        f"INSERT INTO {verify.TABLE} ({', '.join(verify.Row._fields)}) VALUES ({marks})",  # noqa: S608 (constants)
        chain_of(count),
    )
    database.commit()
    database.close()


async def prove(path: Path, entries: int) -> None:
    """Prove, then read, in this process, and print what it took; the parent starts one process for each size."""
    ledger = Ledger(f"sqlite:///{path}", "home")
    await ledger.open()
    begun = time.perf_counter()
    found = await ledger.verify()
    verified = time.perf_counter() - begun
    assert found.broken is None
    assert found.entries == entries
    memory = resident_mib()
    begun = time.perf_counter()
    count = 0
    async for _ in ledger.entries(limit=READ_ENTRIES):
        count += 1
    read = time.perf_counter() - begun
    await ledger.close()
    print(json.dumps({"verify": verified, "memory": memory, "read": read / count}))


def in_own_process(path: Path, entries: int) -> dict[str, float]:
    """Return what proving took in a process of its own, whose memory nothing else has filled."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.ledger", "--prove", str(path), "--entries", str(entries)],
        capture_output=True,
        cwd=REPOSITORY,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(done.stderr.decode(errors="replace"))
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Measure, print what was found and the verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=200_000, help="length of the long chain")
    parser.add_argument("--full", action="store_true", help="a long chain of 1,000,000 entries")
    parser.add_argument("--prove", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.prove:
        asyncio.run(prove(options.prove, options.entries))
        return
    entries = 1_000_000 if options.full else options.entries
    with TemporaryDirectory() as name:
        folder = Path(name)
        ours, bare = asyncio.run(single(folder))
        print(f"Single append: median {ours:.2f} ms, bare INSERT {bare:.2f} ms")
        rate = asyncio.run(batched(folder, 20_000))
        print(f"A hundred callers at once: {rate:,.0f} durable appends/s")
        reports = {}
        for count in (entries // 20, entries):
            path = folder / f"{count}.db"
            asyncio.run(make_chain(path, count))
            report = reports[count] = in_own_process(path, count)
            print(
                f"{count:,} entries proved in {report['verify']:.1f} s ({count / report['verify']:,.0f}/s),"
                f" memory at most {report['memory']:.1f} MiB, file {path.stat().st_size / 2**20:.0f} MiB"
            )
    # What folding them costs besides is bench/cases_fold.py.
    print(f"Reading: {1 / reports[entries]['read']:,.0f} entries/s")
    growth = reports[entries]["memory"] - reports[entries // 20]["memory"]
    ratios = {
        "appends": round(APPENDS_PER_SECOND / rate, 3),
        "single": round(ours / bare, 3),
        "memory_growth": round(growth / GROWTH_MIB, 3),
    }
    # A single append crosses two threads, compares heads and writes a hash: half a millisecond, which counts only beside
    # a disk that is as fast. What the bare INSERT lacks is what a ledger is for.
    limits = {"appends": 1.0, "single": 4.0, "memory_growth": 1.0}
    print(
        json.dumps(
            {
                "bench": "ledger",
                "entries": entries,
                "ratios": ratios,
                "limits": limits,
                "appends_per_second": round(rate),
                "single_ms": round(ours, 2),
                "bare_ms": round(bare, 2),
                "verify_per_second": round(entries / reports[entries]["verify"]),
                "memory_growth_mib": round(growth, 1),
                "ok": all(ratios[key] <= limits[key] for key in limits),
            }
        )
    )


if __name__ == "__main__":
    main()
