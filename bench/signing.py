"""Checking a camera's own signatures (ONVIF Media Signing), beside hashing the same bytes with SHA-256.

Footage of 1080p at 15 pictures a second, signed by the simulated camera: a group and a message each second. Nothing can be
checked for less than its hash costs, so the floor is one SHA-256 over all of it. Rounds alternate, the best of each counts.
Memory is the verifier's own, over one minute and over all. The last line is one JSON object.
"""

import argparse
import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
import hashlib
import json
import sys
import time
import tracemalloc

from custom_components.niiza_cctv.lib.footage.media_signing.report import Signing
from custom_components.niiza_cctv.lib.footage.media_signing.verifier import State, Verifier
from simulator.media_signing import MediaSigner, SigningHabits
from simulator.signed_stream import camera_chain, camera_key, maker_root
from simulator.video import SECONDS, Loops, LoopSpec

MAX_SECONDS = 2.0
MAX_RATIO = 4.0
MAX_GROWTH_MIB = 8.0
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
RATE = 15

type Footage = list[tuple[datetime, list[bytes]]]


def signed_footage(codec: str, minutes: int, *, hash_list: bool) -> Footage:
    """Return pictures as a camera that signs sends them; the slices of each minute are shared."""
    spec = LoopSpec(codec=codec, width=1920, height=1080, frame_rate=RATE, bitrate=4096)
    loop = asyncio.run(Loops().get(spec))

    def pictures() -> Iterator[tuple[datetime, list[bytes]]]:
        for index in range(minutes * SECONDS * RATE):
            unit = loop.units[index % len(loop.units)]
            yield BEGIN + index * timedelta(seconds=1) / RATE, list(unit.nals)

    signer = MediaSigner(
        "h264" if codec == "H264" else "hevc",
        camera_key("bench", 1),
        camera_chain("bench", 1),
        SigningHabits(list_of_digests=hash_list),
    )
    footage = list(signer.sign(pictures()))
    footage[0] = footage[0][0], [signer.certificate_message(), *footage[0][1]]
    return footage


def verify(codec: str, footage: Footage) -> Signing:
    """Check footage as a clip is checked."""
    verifier = Verifier("h264" if codec == "H264" else "hevc", roots=(maker_root(),))
    for at, units in footage:
        for unit in units:
            verifier.push(unit, at)
    return Signing.of(verifier.finish())


def floor(footage: Footage) -> float:
    """Return the seconds that one SHA-256 over all units takes."""
    before = time.process_time()
    digest = hashlib.sha256()
    for _, units in footage:
        for unit in units:
            digest.update(unit)
    digest.digest()
    return time.process_time() - before


def growth_mib(codec: str, footage: Footage, minutes: int) -> float:
    """Return how much more memory all of it takes at most than its first minute."""
    peaks = []
    for part in (footage[: len(footage) // minutes], footage):
        tracemalloc.start()
        verify(codec, part)
        peaks.append(tracemalloc.get_traced_memory()[1] / 2**20)
        tracemalloc.stop()
    return peaks[1] - peaks[0]


def main() -> int:
    """Measure and compare; return 1 when a limit is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--codec", choices=["H264", "H265"], default="H264")
    parser.add_argument("--minutes", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without-list", action="store_true", help="no list of digests")
    arguments = parser.parse_args()
    codec, minutes = arguments.codec, arguments.minutes
    footage = signed_footage(codec, minutes, hash_list=not arguments.without_list)
    size = sum(len(unit) for _, units in footage for unit in units)
    ours: list[float] = []
    floors: list[float] = []
    for _ in range(arguments.rounds):
        floors.append(floor(footage))
        before = time.process_time()
        signing = verify(codec, footage)
        ours.append(time.process_time() - before)
        if signing.state is not State.AUTHENTIC or signing.groups < minutes * SECONDS - 1:
            raise SystemExit(f"The footage was not found authentic: {signing}")
    growth = growth_mib(codec, footage, minutes)
    ratio = min(ours) / min(floors)
    print(
        f"{minutes} minutes, {len(footage)} pictures, {size / 2**20:.0f} MiB, {signing.groups} groups: "
        f"{min(ours):.2f} s of CPU, SHA-256 alone {min(floors):.2f} s"
    )
    scaled = min(ours) * 30 / minutes
    ok = scaled <= MAX_SECONDS and ratio <= MAX_RATIO and growth <= MAX_GROWTH_MIB
    print(
        json.dumps(
            {
                "bench": "signing",
                "codec": codec,
                "minutes": minutes,
                "seconds": round(min(ours), 3),
                "seconds_of_30_minutes": round(scaled, 3),
                "sha256_seconds": round(min(floors), 3),
                "ratios": {"over_sha256": round(ratio, 3)},
                "growth_mib": round(growth, 2),
                "limits": {
                    "seconds_of_30_minutes": MAX_SECONDS,
                    "over_sha256": MAX_RATIO,
                    "growth_mib": MAX_GROWTH_MIB,
                },
                "ok": ok,
            }
        )
    )
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
