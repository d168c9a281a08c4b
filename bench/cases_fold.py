"""Starting with a long history: ten thousand cases of ten entries each are read from the ledger and folded.

Folding is part of the start, so what counts is `CaseRegistry.load` on a real ledger, beside only reading those entries. Each measurement runs in a process of its own. The last line is one JSON object.
"""

import argparse
import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
import gc
import json
from pathlib import Path
import resource
import sqlite3
import subprocess
import sys
from tempfile import TemporaryDirectory
import time

from custom_components.niiza_cctv.lib.cases.book import CaseRegistry
from custom_components.niiza_cctv.lib.cases.fold import ACTIONS
from custom_components.niiza_cctv.lib.footage.clip_model import ClipFile, SealedClip, Segment
from custom_components.niiza_cctv.lib.ledger import verify
from custom_components.niiza_cctv.lib.ledger.model import Json
from custom_components.niiza_cctv.lib.ledger.proof import LedgerProof
from custom_components.niiza_cctv.lib.ledger.store import Ledger

REPOSITORY = Path(__file__).parents[1]
MAX_SECONDS = 2.0
FIRST = datetime(2020, 1, 6, tzinfo=UTC)
STAFF = [
    ("8f14e45fceea167a5a36dedd4bea2543", "佐藤 花子"),
    ("c9f0f895fb98ab9159f51fd0297e236d", "鈴木 一郎"),
]
REQUEST: Json = {
    "legal_basis": "刑事訴訟法第197条第2項",
    "document_number": "新座刑発第123号",
    "document_date": "2020-01-06",
    "organisation": "埼玉県新座警察署刑事課",
    "requester": "巡査部長 北野一郎",
    "contact": "048-000-0000",
    "purpose": "窃盗被疑事件の捜査のため",
}


def life(case_id: str, start: datetime) -> Iterator[tuple[str, int | None, dict[str, Json]]]:
    """Yield what the ledger holds of one case: action, who of the staff, details."""
    clip, end = f"{case_id}-01", start + timedelta(minutes=30)
    master = ClipFile(name=f"{clip}.mp4", sha256="ab" * 32, size=900_000_000)
    sealed = SealedClip(
        master=master,
        viewing_copy=None,
        codec="h264",
        width=1280,
        height=720,
        varies=False,
        pictures=27_000,
        damaged=0,
        duration=1_800_000_000,
        requested_start=start,
        requested_end=end,
        first_picture=start,
        last_picture=end,
        gaps=((start, start + timedelta(minutes=1)),),
        segments=(Segment(offset=0, start=start, end=end),) * 2,
        signed_by_camera=False,
    )
    asked: Json = {
        "clip": clip,
        "camera": "02:00:5e:10:00:01",
        "camera_name": "北口",
        "start": start.isoformat(),
        "end": end.isoformat(),
        "overwritten_at": (start + timedelta(days=14)).isoformat(),
    }
    package: Json = {
        **ClipFile(name=f"{case_id}.zip", sha256="cd" * 32, size=900_100_000).as_json()
    }
    yield "case_created", 0, {"kind": "police_inquiry", "request": REQUEST}
    yield "search_made", 0, {"cameras": ["02:00:5e:10:00:01"], "stretches": 3}
    yield "clip_requested", 0, {"clips": [asked]}
    yield "clip_sealed", None, {"clip": clip, "sealed": {**sealed.as_json()}}
    yield "case_approved", 1, {"note": "原本を確認した", "clips": {clip: master.sha256}}
    yield "case_released", 0, {"package": package, "encrypted": False, "clips": {clip: "ab" * 32}}
    yield "download_begun", 0, {"package": package}
    yield "package_downloaded", 0, {"package": package}
    yield "case_handed_over", 0, {"recipient": "北野一郎", "medium": "DVD-R", "serial": "A-1"}
    yield "case_purged", 0, {}
    yield "files_removed", None, {}


def rows(cases: int) -> Iterator[verify.Row]:
    """Yield the chain of so many cases, a thousand a year."""
    previous, number = verify.GENESIS, 0
    for place in range(cases):
        case_id = f"{2020 + place // 1000}-{place % 1000 + 1:04}"
        start = FIRST + timedelta(hours=8 * place)
        for step, (action, who, details) in enumerate(life(case_id, start)):
            number += 1
            at = start + timedelta(minutes=10 * step)
            row = verify.Row(
                chain="home",
                number=number,
                at=at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                person_id=None if who is None else STAFF[who][0],
                person_name=None if who is None else STAFF[who][1],
                action=action,
                subject=f"case/{case_id}",
                details=verify.canonical(details),
                previous=previous,
                hash="",
            )
            previous = verify.hash_of(row)
            yield row._replace(hash=previous)


async def fill(path: Path, cases: int) -> None:
    """Write the chain into a ledger's own table."""
    ledger = Ledger(f"sqlite:///{path}", "home")
    await ledger.open()
    await ledger.close()
    names = verify.Row._fields
    with sqlite3.connect(path) as database:
        database.executemany(
            f"INSERT INTO {verify.TABLE} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608 (constants)
            rows(cases),
        )
    database.close()


async def stalls(until: asyncio.Event) -> float:
    """Return the longest time in milliseconds for which the loop let nobody else run."""
    longest = 0.0
    while not until.is_set():
        before = time.perf_counter()
        await asyncio.sleep(0)
        longest = max(longest, time.perf_counter() - before)
    return longest * 1000


def resident_mib() -> float:
    """Return the memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


async def _is_not_taken(_named: str) -> bool:
    """Have an empty vault."""
    return False


async def measure(path: Path, what: str) -> dict[str, float]:
    """Read or load once; return seconds, the longest stall and what memory stays."""
    ledger = Ledger(f"sqlite:///{path}", "home")
    await ledger.open()
    book = CaseRegistry(
        ledger,
        proof=LedgerProof(ledger),
        time_zone=UTC,
        now=lambda: datetime.now(UTC),
        is_trusted=lambda: True,
        keep_days=30,
        bin_days=7,
        is_taken=_is_not_taken,
    )
    done = asyncio.Event()
    watch = asyncio.create_task(stalls(done)) if what == "stall" else None
    gc.collect()
    memory = resident_mib()
    begun, worked = time.perf_counter(), time.process_time()
    if what == "read":
        async for _ in ledger.entries(actions=ACTIONS):
            pass
    else:
        await book.load()
    seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    done.set()
    stall = 0.0 if watch is None else await watch
    gc.collect()
    kept = resident_mib() - memory
    cases = len(book.cases)
    await ledger.close()
    return {"seconds": seconds, "cpu": cpu, "stall": stall, "kept": kept, "cases": cases}


def in_own_process(path: Path, what: str) -> dict[str, float]:
    """Measure in a process of its own, whose memory nothing else has filled."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.cases_fold", "--measure", what, "--path", str(path)],
        capture_output=True,
        cwd=REPOSITORY,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(done.stderr.decode(errors="replace"))
    return dict(json.loads(done.stdout.splitlines()[-1]))


def fold(cases: int) -> dict[str, float]:
    """Return the seconds of reading and of loading, its CPU, the longest stall in ms, the memory kept in MiB."""
    with TemporaryDirectory() as name:
        path = Path(name) / "ledger.db"
        asyncio.run(fill(path, cases))
        read, load, stall = (in_own_process(path, what) for what in ("read", "load", "stall"))
    assert load["cases"] == cases
    return {
        "read": read["seconds"],
        "load": load["seconds"],
        "cpu": load["cpu"],
        "stall": stall["stall"],
        "kept": load["kept"],
    }


def main() -> None:
    """Measure, print what was found and the verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="cases of ten entries each")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(asyncio.run(measure(options.path, options.measure))))
        return
    found = fold(options.cases)
    entries = 10 * options.cases
    print(
        f"{entries:,} entries of {options.cases:,} cases: read in {found['read']:.2f} s, read and folded in"
        f" {found['load']:.2f} s ({found['cpu']:.2f} s of CPU), loop stalled at most {found['stall']:.0f} ms, {found['kept']:.0f} MiB kept"
    )
    # By CPU: on a machine that is busy with something else the clock tells of that.
    ratios = {"load": round(found["cpu"] / MAX_SECONDS * 100_000 / entries, 3)}
    limits = {"load": 1.0}
    passed = ratios["load"] <= limits["load"]
    print(
        json.dumps(
            {
                "bench": "cases_fold",
                "ratios": ratios,
                "limits": limits,
                "stall_ms": round(found["stall"]),
                "kept_mib": round(found["kept"]),
                "ok": passed,
            }
        )
    )
    sys.exit(not passed)


if __name__ == "__main__":
    main()
