"""How fast footage comes over our replay client, beside a raw drain of the same server's socket.

Each server runs in a process of its own: the virtual camera, which renders while it sends (the limit counts here), and
one that sends a recording of the camera's bytes (harder than any camera; FFmpeg's own client takes its turn there, too). The floor logs in and plays like
the client, then only counts bytes with a blocking socket. Floor and client take turns in one process, each timed from
connecting to the last byte or picture; medians are compared. Every picture's time is held against the one in its
SEI message, and memory measured, in processes of their own that are not timed.
"""

import argparse
import asyncio
from collections.abc import Iterator
import contextlib
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import re
import resource
import socket
from statistics import median
import subprocess
import sys
import tempfile
import time
from typing import Any

from custom_components.niiza_cctv.lib.device.login import Login
from custom_components.niiza_cctv.lib.device.model import Credential
from custom_components.niiza_cctv.lib.footage.replay import replay

VIEWER = Credential(username="viewer", password="viewer-pass")  # noqa: S106 - of the simulator
FRAME_RATE = 20
LIMITS = {
    "time": 1.75,
    "cpu_beside_ffmpeg": 0.35,
    "stall_ms": 50.0,
    "rss_growth_mib": 20.0,
    "wrong_times": 0.0,
    "missing_pictures": 0.0,
}


def drain(url: str, start: datetime, end: datetime, keep: Path | None) -> dict[str, Any]:
    """Play like the client and count bytes; `keep` takes what came, and the description beside it."""
    login = Login(VIEWER)
    session = ""
    count = size = 0
    port = int(url.split(":")[2].split("/", maxsplit=1)[0])
    before = time.perf_counter()
    connection = socket.create_connection(("127.0.0.1", port))

    def ask(method: str, target: str, *headers: str) -> bytes:
        nonlocal count
        count += 1
        signed = login.sign(method, target)
        lines = [f"{method} {target} RTSP/1.0", f"CSeq: {count}", *headers]
        lines += [f"Session: {session}"] if session else []
        lines += [f"Authorization: {signed.header}"] if signed else []
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return connection.recv(65536)

    with connection, contextlib.ExitStack() as stack:
        described = ask("DESCRIBE", url).decode()
        if described.startswith("RTSP/1.0 401"):
            login.learn(re.findall(r"(?i)www-authenticate: *(.+?)\r\n", described), None)
            described = ask("DESCRIBE", url).decode()
        control = re.findall(r"a=control:(\S+)", described.partition("m=video")[2])[0]
        track = control if control.startswith("rtsp") else f"{url}/{control}"
        require = "Require: onvif-replay"
        transport = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"
        answered = ask("SETUP", track, require, transport).decode()
        session = re.findall(r"(?i)session: *([^;\s]+)", answered)[0]
        stretch = f"Range: clock={start:%Y%m%dT%H%M%S}.000Z-{end:%Y%m%dT%H%M%S}.000Z"
        first = ask("PLAY", url, require, stretch, "Rate-Control: no")
        size, last = len(first), time.perf_counter()
        file = stack.enter_context(keep.open("wb")) if keep else None
        if keep and file:
            keep.with_suffix(".sdp").write_text(described.partition("\r\n\r\n")[2])
            file.write(first.partition(b"\r\n\r\n")[2])
        connection.settimeout(1)
        room = bytearray(512 * 1024)
        view = memoryview(room)
        with contextlib.suppress(TimeoutError):
            while taken := connection.recv_into(room):
                size += taken
                last = time.perf_counter()
                if file:
                    file.write(view[:taken])
    return {"seconds": last - before, "bytes": size}


async def fetch(url: str, start: datetime, end: datetime, *, check: bool) -> dict[str, Any]:
    """Fetch over the client; `check` holds each picture's time against its SEI message."""
    worst = 0.0
    pause = 0.002

    async def beat() -> None:
        nonlocal worst
        while True:
            before = time.perf_counter()
            await asyncio.sleep(pause)
            worst = max(worst, time.perf_counter() - before - pause)

    task = asyncio.create_task(beat())
    pictures = wrong = size = 0
    if check:
        from simulator.sei import read_time  # noqa: PLC0415 - the timed runs do without

    cpu = time.process_time()
    before = last = time.perf_counter()
    async with await replay(url, VIEWER, start, end) as stream:
        while units := await stream.batch():
            pictures += len(units)
            last = time.perf_counter()
            for unit in units if check else ():
                size += len(unit.data)
                found = read_time(unit.data[:512])
                wrong += found is None or abs(found - unit.at) >= timedelta(milliseconds=1)
    task.cancel()
    return {
        "seconds": last - before,
        "pictures": pictures,
        "wrong_times": wrong,
        "cpu_seconds": time.process_time() - cpu,
        "stall_ms": 1000 * worst,
    }


def fetch_by_ffmpeg(url: str, pictures: int) -> float:
    """Let FFmpeg's own client fetch so many pictures, copied and thrown away; return its seconds of CPU."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-rtsp_transport", "tcp", "-i", url]
    command += ["-map", "0:v", "-c", "copy", "-frames:v", str(pictures), "-f", "null", "-"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


@contextlib.contextmanager
def server(*arguments: str) -> Iterator[str]:
    """Run a server for the length of a block; return the recording's URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.replay_server", *arguments],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield f"rtsp://127.0.0.1:{int(process.stdout.readline())}/replay/SD_1"
    finally:
        process.communicate()


def check(url: str, start: datetime, minutes: float) -> dict[str, Any]:
    """Return the report of one run with each picture's time checked, in a process of its own."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "bench.replay",
            f"--check={url}",
            f"--start={start.isoformat()}",
            f"--minutes={minutes}",
        ],
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        check=True,
    )
    return dict(json.loads(done.stdout))


def compare(
    name: str, url: str, start: datetime, options: argparse.Namespace
) -> tuple[float, list[dict[str, Any]]]:
    """Let floor and client take turns; return the ratio of their medians, and the client's reports."""
    floors, rounds = [], []
    for _ in range(options.rounds):
        end = start + timedelta(minutes=options.minutes)
        floors.append(drain(url, start, end, None))
        rounds.append(asyncio.run(fetch(url, start, end, check=False)))
    floor = median(report["seconds"] for report in floors)
    ours = median(report["seconds"] for report in rounds)
    print(
        f"{name}: {floors[0]['bytes'] / 1e6:.0f} MB; drained in {floor:.3f} s, fetched in {ours:.3f} s"
        f" ({60 * options.minutes / ours:.0f} x real time, {median(report['cpu_seconds'] for report in rounds):.2f} s of CPU)"
    )
    return ours / floor, rounds


def main() -> int:
    """Run the comparison; return 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--long", type=float, default=0, help="minutes of one more run, e.g. 60")
    parser.add_argument("--codec", choices=["H264", "H265"], default="H264")
    for hidden in ("--check", "--start"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.check:
        start = datetime.fromisoformat(options.start)
        end = start + timedelta(minutes=options.minutes)
        # The peak so far, of the imports, is forgotten (proc(5), clear_refs).
        Path("/proc/self/clear_refs").write_text("5")
        report = asyncio.run(fetch(options.check, start, end, check=True))
        peak = re.findall(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())
        print(json.dumps(report | {"peak_rss_mib": int(peak[0]) / 1024}))
        return 0

    start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    with tempfile.TemporaryDirectory() as folder, server("simulator", options.codec) as url:
        # The camera fills its caches.
        drain(url, start, start + timedelta(minutes=1), None)
        ratio, rounds = compare("virtual camera", url, start, options)
        short = check(url, start, 1)
        checked = check(url, start, options.long or options.minutes)
        print("checked:", json.dumps(checked))
        if options.long:
            long = argparse.Namespace(minutes=options.long, rounds=1)
            ratio = max(ratio, compare("virtual camera, long", url, start, long)[0])
        stream = Path(folder) / "stream"
        drain(url, start, start + timedelta(minutes=options.minutes), stream)
        with server("rendered", str(stream.with_suffix(".sdp")), str(stream)) as rendered:
            hard, ours = compare("rendered beforehand", rendered, start, options)
            # The last pictures are left out: FFmpeg waits for the next to know where one ends.
            pictures = int(60 * options.minutes * FRAME_RATE) - FRAME_RATE
            theirs = [fetch_by_ffmpeg(rendered, pictures) for _ in range(options.rounds)]
        cpu = median(report["cpu_seconds"] for report in ours)
        gigabytes = stream.stat().st_size / 1e9
        print(
            f"CPU for a GB, bytes rendered beforehand: {cpu / gigabytes:.2f} s, FFmpeg's own client"
            f" {median(theirs) / gigabytes:.2f} s"
        )
    wanted = 60 * (options.long or options.minutes) * FRAME_RATE
    ratios = {
        "time": round(ratio, 3),
        "cpu_beside_ffmpeg": round(cpu / median(theirs), 3),
        "stall_ms": round(max(report["stall_ms"] for report in [*rounds, checked]), 1),
        "rss_growth_mib": round(checked["peak_rss_mib"] - short["peak_rss_mib"], 1),
        "wrong_times": checked["wrong_times"],
        "missing_pictures": max(0, wanted - checked["pictures"]),
    }
    ok = all(ratios[name] <= limit for name, limit in LIMITS.items())
    print(
        json.dumps(
            {
                "bench": "replay",
                "ratios": ratios,
                "limits": LIMITS,
                "ok": ok,
                "time_rendered_beforehand": round(hard, 3),
                "pictures": checked["pictures"],
            }
        )
    )
    return int(not ok)


if __name__ == "__main__":
    sys.exit(main())
