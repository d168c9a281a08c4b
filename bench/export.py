"""From "export" to "sealed" and "package ready", beside what nobody can do without.

Virtual cameras run in a process of their own. Each run goes through everything a real export does: index, replay,
journal, decoding of every picture, clip, comparison, hash, evidence package. Two floors, measured in the same run:

- delivery: a camera that gives so many seconds of footage a second (16) gives the short passage, and it is thrown away.
  Such a camera takes as long for each minute of a longer one.
- decoding: of a camera without a limit, all pictures of the passage decoded from the sealed clip on the same processors,
  and nothing else.

With `--rounds` each is measured so often, and the best of each counts: other work on the machine only adds. The last
line is one JSON object.
"""

import argparse
import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
import json
import os
from pathlib import Path
import resource
import subprocess
import sys
import tempfile
import time
from typing import Any
from urllib.request import Request, urlopen

import aiohttp

from custom_components.niiza_cctv.lib.device.camera import StationCamera
from custom_components.niiza_cctv.lib.device.errors import CameraError
from custom_components.niiza_cctv.lib.device.model import CameraAddress, ClockReading, Credential
from custom_components.niiza_cctv.lib.device.policy import SectionPolicy
from custom_components.niiza_cctv.lib.footage.archive import Archive
from custom_components.niiza_cctv.lib.footage.clip import stream_decoder
from custom_components.niiza_cctv.lib.footage.clip_model import SealedClip
from custom_components.niiza_cctv.lib.footage.decoding import open_clip
from custom_components.niiza_cctv.lib.footage.gate import ReplayGate
from custom_components.niiza_cctv.lib.footage.package import build_package
from custom_components.niiza_cctv.lib.footage.package_model import CameraFacts, PackageCase
from custom_components.niiza_cctv.lib.footage.readback import read_back
from custom_components.niiza_cctv.lib.footage.retrieval import Failure, Job, Retrievals
from custom_components.niiza_cctv.lib.footage.rtsp import describe
from custom_components.niiza_cctv.lib.footage.signing import Signer
from custom_components.niiza_cctv.lib.footage.vault import Vault

REPOSITORY = Path(__file__).parents[1]
CONTROL_PORT = 18994
VIEWER = Credential(username="viewer", password="viewer-pass")  # noqa: S106 - of the simulator
CASE = "2026-0001"
# Of the time in which the footage plays: a desk, not an afternoon on site.
MAX_SHARE = 0.25
MAX_STALL_MS = 50.0
MAX_OVER_DELIVERY = 1.10
MAX_OVER_DECODING = 1.30
MAX_GROWTH_MIB = 20.0


@contextmanager
def station(cameras: int) -> Iterator[list[dict[str, Any]]]:
    """Run the simulated station for the length of a block; yield what is needed to reach its cameras."""
    command = [sys.executable, "-m", "simulator", "--cameras", str(cameras)]
    command += ["--config", str(REPOSITORY / "bench" / "export_station.yaml")]
    command += ["--control-port", str(CONTROL_PORT)]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{CONTROL_PORT}/cameras", timeout=2) as answer:
                    found = json.load(answer)
                    break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    sys.exit("The simulated station did not start")
                time.sleep(0.2)
        yield found
    finally:
        process.terminate()
        process.wait()


def set_speed(name: str, speed: float | None) -> None:
    """Let a camera give back at most so many seconds of footage in a second."""
    request = Request(
        f"http://127.0.0.1:{CONTROL_PORT}/cameras/{name}",
        data=json.dumps({"replay_speed": speed}).encode(),
        method="POST",
    )
    with urlopen(request, timeout=5):  # noqa: S310 - http, above
        pass


async def media_kinds(url: str, credential: Credential) -> frozenset[str]:
    """Return what an SDP offers."""
    return frozenset(media.kind for media in await describe(url, credential))


def _itself(archive: Archive) -> Archive:
    return archive


def passage(minutes: float) -> tuple[datetime, datetime]:
    """Return the passage of so many minutes that is asked for."""
    end = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    return end - timedelta(minutes=minutes), end


def archive_of(http: aiohttp.ClientSession, camera: dict[str, Any]) -> Archive:
    """Return the archive of a camera of the station."""
    reached = StationCamera(
        http,
        CameraAddress(host="127.0.0.1", port=camera["http_port"]),
        VIEWER,
        SectionPolicy(),
        known_as=None,
        poll_interval=timedelta(seconds=30),
        time_zone=UTC,
        media_kinds=media_kinds,
        read_back=read_back,
        on_change=lambda: None,
    )
    return Archive(reached, time_zone=UTC, tls=None, gate=ReplayGate())


async def deliver(camera: dict[str, Any], minutes: float) -> float:
    """Have a camera give a passage, and throw it away; return the seconds that it took."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        began = time.perf_counter()
        archive = archive_of(http, camera)
        for part in (await archive.index()).parts(*passage(minutes)):
            async with await archive.play(part, idle_timeout=5) as stream:
                while await stream.batch():
                    pass
        return time.perf_counter() - began


def decode(path: Path) -> float:
    """Decode every picture of a clip on all processors; return the seconds that it took."""
    began = time.perf_counter()
    with (
        open_clip(path) as container,
        stream_decoder(video := container.streams.video[0]) as decoder,
    ):
        for packet in container.demux(video):
            decoder.decode(packet)
    return time.perf_counter() - began


async def export(cameras: list[dict[str, Any]], minutes: float, folder: Path) -> dict[str, Any]:
    """Export the same minutes of every camera into one package; return what it took."""
    loop = asyncio.get_running_loop()
    vault = Vault(folder, 1 << 40)
    vault.prepare()
    start, end = passage(minutes)
    clips: list[SealedClip] = []
    done = asyncio.Event()

    async def sealed(_job: Job, clip: SealedClip, _clock: ClockReading | None) -> None:
        clips.append(clip)
        if len(clips) == len(cameras):
            done.set()

    async def failed(job: Job, failure: Failure) -> None:
        sys.exit(f"{job.clip_id}: {failure}")

    async def transient_failure(_job: Job, _err: CameraError) -> None:
        pass

    async def divided(_job: Job, _at: datetime) -> bool:
        return False

    worst = 0.0

    async def beat() -> None:
        nonlocal worst
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            worst = max(worst, time.perf_counter() - before)

    retrievals = Retrievals(
        vault,
        sealed=sealed,
        failed=failed,
        transient_failure=transient_failure,
        divided=divided,
        changed=lambda: None,
    )
    beating = asyncio.create_task(beat())
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        began = time.perf_counter()
        cpu = time.process_time()
        for number, camera in enumerate(cameras, 1):
            archive = archive_of(http, camera)
            retrievals.add(
                Job(
                    clip_id=f"{CASE}-{number:02d}",
                    case_id=CASE,
                    camera=camera["name"],
                    archive=partial(_itself, archive),
                    start=start,
                    end=end,
                    bit_rate=6_000_000,
                )
            )
        await done.wait()
        clips_ready = time.perf_counter() - began
        case = PackageCase(
            id=CASE,
            kind="police_inquiry",
            section="bench",
            request={},
            steps=[],
            released_at=datetime.now(UTC),
            time_zone=UTC,
            software="bench",
        )
        facts = CameraFacts(name="bench", manufacturer="", model="", serial="", firmware="")
        signer = await asyncio.to_thread(Signer.load_or_create, folder / "key", "bench")
        package = await loop.run_in_executor(
            None,
            partial(
                build_package,
                case,
                [(facts, clip) for clip in clips],
                vault.folder(CASE),
                vault.folder(CASE) / f"{CASE}.zip",
                signer,
                cancelled=lambda: False,
                progress=lambda _: None,
            ),
        )
        ready = time.perf_counter() - began
        cpu = time.process_time() - cpu
        await retrievals.close()
    beating.cancel()
    wanted = len(cameras) * round(minutes * 60 * 15)
    return {
        "cameras": len(cameras),
        "minutes": minutes,
        "mib": round(package.size / 2**20),
        "master": str(vault.folder(CASE) / clips[0].master.name),
        "sealed_seconds": round(clips_ready, 2),
        "ready_seconds": round(ready, 2),
        "cpu_seconds": round(cpu, 2),
        "share_of_playing": round(ready / (minutes * 60 * len(cameras)), 4),
        "pictures": sum(clip.pictures for clip in clips),
        "pictures_wanted": wanted,
        "longest_stall_ms": round(1000 * worst, 1),
        "peak_rss_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "load": round(os.getloadavg()[0], 1),
    }


class Measured:
    """The runs of one benchmark, each told as it ends."""

    def __init__(self, folder: Path) -> None:
        """Begin without any."""
        self._folder = folder
        self.runs: list[dict[str, Any]] = []

    def export(self, cameras: list[dict[str, Any]], minutes: float) -> dict[str, Any]:
        """Export, and keep what it took."""
        run = asyncio.run(export(cameras, minutes, self._folder / str(len(self.runs))))
        self.runs.append(run)
        print(json.dumps(run), flush=True)
        return run

    def sealed(self, cameras: list[dict[str, Any]], minutes: float, rounds: int) -> float:
        """Return the seconds of the best export."""
        return min(float(self.export(cameras, minutes)["sealed_seconds"]) for _ in range(rounds))


def main() -> int:
    """Run the exports; return 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, nargs="+", default=[2, 8], help="shortest first")
    parser.add_argument("--fast-minutes", type=float, default=1, help="without a limit; 0: none")
    parser.add_argument("--cameras", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--speed", type=float, default=16, help="footage per second")
    options = parser.parse_args()
    short = options.minutes[0]
    ratios: dict[str, float] = {}
    limits: dict[str, float] = {"share_of_playing": MAX_SHARE, "longest_stall_ms": MAX_STALL_MS}
    with station(options.cameras) as cameras, tempfile.TemporaryDirectory() as folder:
        measured = Measured(Path(folder))
        for camera in cameras:
            set_speed(camera["name"], options.speed)
        delivery = min(asyncio.run(deliver(cameras[0], short)) for _ in range(options.rounds))
        print(json.dumps({"minutes": short, "delivery_seconds": round(delivery, 2)}), flush=True)
        for minutes in options.minutes:
            name = f"sealed_over_delivery_{minutes:g}min"
            sealed = measured.sealed(cameras[:1], minutes, options.rounds)
            ratios[name] = round(sealed / (delivery * minutes / short), 3)
            limits[name] = MAX_OVER_DELIVERY
        growth = measured.runs[-1]["peak_rss_mib"] - measured.runs[0]["peak_rss_mib"]
        ratios["memory_growth_mib"] = round(growth, 1)
        limits["memory_growth_mib"] = MAX_GROWTH_MIB
        if options.cameras > 1:
            measured.export(cameras, short)
        if options.fast_minutes:
            set_speed(cameras[0]["name"], None)
            sealed = measured.sealed(cameras[:1], options.fast_minutes, options.rounds)
            master = Path(measured.runs[-1]["master"])
            decoding = min(decode(master) for _ in range(options.rounds))
            print(json.dumps({"decoding_seconds": round(decoding, 2)}), flush=True)
            ratios["fast_over_decoding"] = round(sealed / decoding, 3)
            limits["fast_over_decoding"] = MAX_OVER_DECODING
    ratios["share_of_playing"] = max(run["share_of_playing"] for run in measured.runs)
    ratios["longest_stall_ms"] = max(run["longest_stall_ms"] for run in measured.runs)
    whole = all(run["pictures"] == run["pictures_wanted"] for run in measured.runs)
    good = whole and all(ratios[name] <= limit for name, limit in limits.items())
    print(json.dumps({"bench": "export", "ratios": ratios, "limits": limits, "ok": good}))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
