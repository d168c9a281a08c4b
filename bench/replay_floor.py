"""How fast footage comes over our replay client, beside a raw drain of the same camera's socket.

The virtual camera runs in a process of its own and sends as fast as TCP takes it. The floor logs in and plays like
the client, then only counts bytes with a blocking socket. Every picture's time is held against the one in its SEI.
The last line is one JSON object.
"""

import argparse
import asyncio
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import re
import resource
import socket
import subprocess
import sys
import time
from typing import Any

from custom_components.niiza_cctv.device.model import Credential
from custom_components.niiza_cctv.footage.login import Login
from custom_components.niiza_cctv.footage.replay import replay
from simulator.camera import CameraConfig, User, VirtualCamera
from simulator.card import Card
from simulator.rtsp import RtspServer
from simulator.sei import read_time
from simulator.video import Loops

VIEWER = Credential(username="viewer", password="viewer-pass")  # noqa: S106 - of the simulator
LONGEST_RATIO = 1.15
LONGEST_STALL_MS = 50.0


async def serve(codec: str) -> None:
    """Be the camera until standard input ends; print the port."""
    config = CameraConfig(
        name="bench",
        serial="NS200-bench",
        mac="02:00:00:00:be:ec",
        http_port=0,
        rtsp_port=0,
        users=(User(name=VIEWER.username, password=VIEWER.password),),
        codec=codec,
        width=1920,
        height=1080,
        frame_rate=20,
        bitrate=4096,
        replay_sessions=2,
    )
    camera = VirtualCamera(config)
    server = RtspServer(camera, Card(camera), Loops())
    await server.start()
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await server.stop()


def drain(url: str, port: int, start: datetime, end: datetime) -> tuple[float, int]:
    """Play like the client and count bytes; return seconds from PLAY to the last byte, and the bytes."""
    login = Login(VIEWER)
    session = ""
    count = 0
    with socket.create_connection(("127.0.0.1", port)) as connection:

        def ask(method: str, target: str, *headers: str) -> bytes:
            nonlocal count
            count += 1
            signed = login.header(method, target)
            lines = [f"{method} {target} RTSP/1.0", f"CSeq: {count}", *headers]
            lines += [f"Session: {session}"] if session else []
            lines += [f"Authorization: {signed}"] if signed else []
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            return connection.recv(65536)

        refused = ask("DESCRIBE", url).decode()
        login.learn(re.findall(r"(?i)www-authenticate: *(.+?)\r\n", refused))
        described = ask("DESCRIBE", url).decode()
        control = re.findall(r"a=control:(\S+)", described.partition("m=video")[2])[0]
        track = control if control.startswith("rtsp") else f"{url}/{control}"
        require = "Require: onvif-replay"
        transport = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"
        answered = ask("SETUP", track, require, transport).decode()
        session = re.findall(r"(?i)session: *([^;\s]+)", answered)[0]
        before = last = time.perf_counter()
        stretch = f"Range: clock={start:%Y%m%dT%H%M%S}.000Z-{end:%Y%m%dT%H%M%S}.000Z"
        size = len(ask("PLAY", url, require, stretch, "Rate-Control: no"))
        connection.settimeout(1)
        room = bytearray(256 * 1024)
        try:
            while taken := connection.recv_into(room):
                size += taken
                last = time.perf_counter()
        except TimeoutError:
            pass
    return last - before, size


async def fetch(url: str, start: datetime, end: datetime) -> dict[str, Any]:
    """Fetch over the client; return seconds from PLAY to the last picture, and what came."""
    worst = 0.0

    async def beat() -> None:
        nonlocal worst
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            worst = max(worst, time.perf_counter() - before)

    task = asyncio.create_task(beat())
    heads = []
    cpu = time.process_time()
    async with await replay(url, VIEWER, start, end) as stream:
        before = last = time.perf_counter()
        async for unit in stream:
            last = time.perf_counter()
            heads.append((unit.at, unit.data[:512]))
    cpu = time.process_time() - cpu
    task.cancel()
    wrong = sum(
        found is None or abs(found - at) >= timedelta(milliseconds=1)
        for at, found in ((at, read_time(head)) for at, head in heads)
    )
    return {
        "seconds": last - before,
        "pictures": len(heads),
        "wrong_times": wrong,
        "cpu_seconds": cpu,
        "longest_stall_ms": 1000 * worst,
        "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> int:
    """Run the comparison; return 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--codec", choices=["H264", "H265"], default="H264")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.codec))
        return 0
    camera = subprocess.Popen(
        [sys.executable, "-m", "bench.replay_floor", "--serve", "--codec", options.codec],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert camera.stdout is not None
    port = int(camera.stdout.readline())
    url = f"rtsp://127.0.0.1:{port}/replay/SD_1"
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    end = start + timedelta(minutes=options.minutes)
    try:
        # One minute first: the camera warms its caches, and memory is measured against it.
        warm = asyncio.run(fetch(url, start, start + timedelta(minutes=1)))
        floors = []
        rounds = []
        for _ in range(options.rounds):
            floors.append(drain(url, port, start, end))
            rounds.append(asyncio.run(fetch(url, start, end)))
    finally:
        camera.communicate()
    floor = min(seconds for seconds, _ in floors)
    best = min(rounds, key=lambda report: report["seconds"])
    report = {
        "codec": options.codec,
        "minutes": options.minutes,
        "bytes": floors[0][1],
        "floor_seconds": floor,
        "ratio": best["seconds"] / floor,
        "times_real_time": 60 * options.minutes / best["seconds"],
        "rss_growth_mib": rounds[-1]["peak_rss_mib"] - warm["peak_rss_mib"],
        **best,
    }
    print(json.dumps(report))
    stalled = best["longest_stall_ms"] > LONGEST_STALL_MS
    return int(report["ratio"] > LONGEST_RATIO or best["wrong_times"] > 0 or stalled)


if __name__ == "__main__":
    sys.exit(main())
