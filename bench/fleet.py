"""A fleet of cameras on one Home Assistant, beside core's own `onvif` integration with the same cameras.

Both integrations get the same simulated station, one after the other, each in a Home Assistant of its own.
Counted is what the cameras add: memory, the CPU until every camera was read, the CPU afterwards, and the longest
time for which the event loop stood still. The last line is one JSON object.
"""

import argparse
import json
from pathlib import Path
import subprocess
import sys
import time
from typing import Any
from urllib.request import urlopen

REPOSITORY = Path(__file__).parents[1]
CONTROL_PORT = 18990
MAX_STALL_MS = 100.0
STATION = REPOSITORY / "bench" / "fleet_station.yaml"


def start_station(cameras: int) -> tuple[subprocess.Popen[bytes], list[dict[str, Any]]]:
    """Start the simulated station; return its process and what is needed to reach its cameras."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "simulator",
            "--config",
            str(STATION),
            "--cameras",
            str(cameras),
            "--control-port",
            str(CONTROL_PORT),
        ],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{CONTROL_PORT}/cameras", timeout=2) as answer:
                return process, json.load(answer)
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                sys.exit("The simulated station did not start")
            time.sleep(0.2)


def run_home(which: str, cameras: list[dict[str, Any]], seconds: float) -> dict[str, Any]:
    """Return the report of one Home Assistant that takes the cameras in."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.fleet_home", which, "--seconds", str(seconds)],
        input=json.dumps(cameras).encode(),
        capture_output=True,
        cwd=REPOSITORY,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"{which} failed:\n{done.stderr.decode(errors='replace')[-4000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Measure both, print what was found and the verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cameras", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=3, help="length of the steady state")
    options = parser.parse_args()
    process, cameras = start_station(options.cameras)
    try:
        core = run_home("core", cameras, options.seconds)
        ours = run_home("ours", cameras, options.seconds)
    finally:
        process.terminate()
        process.wait(10)
    ratios = {
        "memory": round(ours["memory_mib"] / core["memory_mib"], 3),
        "cpu": round(ours["cpu_seconds"] / core["cpu_seconds"], 3),
        "longest_stall": round(
            max(ours["start_stall_ms"], ours["steady_stall_ms"]) / MAX_STALL_MS, 3
        ),
    }
    # The aim for memory and CPU is a third; the limit is no more than the peer, although we watch more.
    limits = {"memory": 1.0, "cpu": 1.0, "longest_stall": 1.0}
    for name, report in (("core", core), ("ours", ours)):
        print(name, json.dumps({key: round(value, 3) for key, value in report.items()}))
    print(
        json.dumps(
            {
                "bench": "fleet",
                "cameras": options.cameras,
                "ratios": ratios,
                "limits": limits,
                "memory_per_camera_mib": round(ours["memory_mib"] / options.cameras, 3),
                "poll_cpu_ms": round(ours["poll_cpu_ms"], 2),
                "ok": all(ratios[key] <= limits[key] for key in limits),
            }
        )
    )


if __name__ == "__main__":
    main()
