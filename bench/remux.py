"""Writing a clip from its journal, beside `ffmpeg -c copy` of the same footage.

Both copy packets into an MP4 file. FFmpeg reads an MP4 file; ours reads the journal and plans the times. Rounds alternate, the best of each counts. Then the rest of sealing is measured:
hash and fsync, and the proof, in which every NAL unit is compared and every picture decoded. Memory is measured in a
process of its own per length. The ratio of CPU times says more on a machine that does other things meanwhile.
The last line is one JSON object.
"""

import argparse
import asyncio
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import resource
import subprocess
import sys
import tempfile
import time
from typing import Any

from custom_components.niiza_cctv.lib.footage.archive import Picture
from custom_components.niiza_cctv.lib.footage.clip import decode_journal, verify_clip, write_clip
from custom_components.niiza_cctv.lib.footage.clip_plan import Plan
from custom_components.niiza_cctv.lib.footage.files import finish, part_of
from custom_components.niiza_cctv.lib.footage.spool import Spool
from simulator.video import Loops, LoopSpec

REPOSITORY = Path(__file__).parents[1]
MAX_RATIO = 1.35
MAX_GROWTH_MIB = 20.0
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
RATE = 20
SHORT_MINUTES = 1.0


def fill(path: Path, codec: str, minutes: float) -> None:
    """Write the journal that a retrieval of so many minutes at 1080p leaves."""
    spec = LoopSpec(codec=codec, width=1920, height=1080, frame_rate=RATE, bitrate=4096)
    loop = asyncio.run(Loops().get(spec))
    with Spool.open(path, codec="h264" if codec == "H264" else "hevc") as spool:
        batch: list[Picture] = []
        for index in range(round(minutes * 60 * RATE)):
            unit = loop.units[index % len(loop.units)]
            at = BEGIN + index * timedelta(seconds=1) / RATE
            data = b"".join(b"\0\0\0\1" + nal for nal in unit.nals)
            batch.append(
                Picture(at=at, camera_at=at, data=data, keyframe=unit.keyframe, discontinuity=False)
            )
            if len(batch) == RATE:
                spool.append(batch)
                batch.clear()
        spool.append(batch)
        spool.sync()


def write(path: Path, minutes: float) -> dict[str, Any]:
    """Write and prove the clip of a journal's first minutes; return what that took."""
    target = path.with_suffix(".mp4")
    part = part_of(target)
    with Spool.open(path) as spool:
        marks = [time.perf_counter()]
        plan = Plan.of(spool, BEGIN, BEGIN + timedelta(minutes=minutes) - timedelta(seconds=0.01))
        write_clip(spool, plan, part, lambda _: None)
        marks.append(time.perf_counter())
        decoded = decode_journal(spool, plan, lambda _: None)
        verify_clip(part, spool, plan, lambda _: None, varies=False)
        marks.append(time.perf_counter())
        finish(part, target)
        marks.append(time.perf_counter())
    return {
        "pictures": len(plan.pts),
        "bytes": target.stat().st_size,
        "damaged": len(plan.pts) - decoded.intact,
        "write_seconds": marks[1] - marks[0],
        "prove_seconds": marks[2] - marks[1],
        "finish_seconds": marks[3] - marks[2],
        "rss_mib": peak_mib(),
    }


def peak_mib() -> float:
    """Return the most memory that this program had (getrusage would count what its parent had, too)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def child(path: Path, minutes: float) -> dict[str, Any]:
    """Return what `write` takes in a process of its own."""
    command = [sys.executable, "-m", "bench.remux", "--child", str(path), "--minutes", str(minutes)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def write_only(path: Path, minutes: float) -> tuple[float, float]:
    """Return the seconds and the CPU seconds that planning and writing take."""
    # Opened before, as a retrieval has it.
    with Spool.open(path) as spool:
        before, cpu = time.perf_counter(), time.process_time()
        plan = Plan.of(spool, BEGIN, BEGIN + timedelta(minutes=minutes))
        write_clip(spool, plan, part_of(path), lambda _: None)
        return time.perf_counter() - before, time.process_time() - cpu


def copy(source: Path, *options: str) -> tuple[float, float]:
    """Return the seconds and the CPU seconds that `ffmpeg -c copy` takes."""
    target = source.with_name("copy.mp4")
    before, cpu = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-i", source, *options, "-c", "copy", target], check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - cpu.ru_utime - cpu.ru_stime
    return time.perf_counter() - before, used


def main() -> int:
    """Run the comparison; return 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--codec", choices=["H264", "H265"], default="H264")
    parser.add_argument("--folder", type=Path, help="where the files are written")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(write(options.child, options.minutes)))
        return 0
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder) / "clip.spool"
        fill(path, options.codec, options.minutes)
        short = child(path, SHORT_MINUTES)
        whole = child(path, options.minutes)
        source = path.with_suffix(".mp4")
        ours, theirs, starts = [], [], []
        for _ in range(options.rounds):
            starts.append(copy(source, "-t", "0.1"))
            theirs.append(copy(source))
            ours.append(write_only(path, options.minutes))

    def best(rounds: list[tuple[float, float]], kind: int) -> float:
        return min(one[kind] for one in rounds)

    ratios = {
        "remux": best(ours, 0) / best(theirs, 0),
        # Against what copying alone takes FFmpeg, its start taken off; and in CPU time.
        "remux_without_start": best(ours, 0) / (best(theirs, 0) - best(starts, 0)),
        "remux_cpu": best(ours, 1) / best(theirs, 1),
    }
    growth = whole["rss_mib"] - short["rss_mib"]
    print(json.dumps({"ffmpeg_start": starts, "ffmpeg_copy": theirs, "write": ours}))
    ok = ratios["remux"] <= MAX_RATIO and growth <= MAX_GROWTH_MIB and not whole["damaged"]
    print(
        json.dumps(
            {
                "bench": "remux",
                "codec": options.codec,
                "minutes": options.minutes,
                **whole,
                "write_seconds": best(ours, 0),
                "ffmpeg_copy_seconds": best(theirs, 0),
                "proof_times_real_time": 60 * options.minutes / whole["prove_seconds"],
                "ratios": {name: round(ratio, 3) for name, ratio in ratios.items()},
                "limits": {"remux": MAX_RATIO, "rss_growth_mib": MAX_GROWTH_MIB},
                "rss_growth_mib": round(growth, 1),
                "ok": ok,
            }
        )
    )
    return int(not ok)


if __name__ == "__main__":
    sys.exit(main())
