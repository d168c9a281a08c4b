"""How long a jump takes within the open replay session, beside a new session, at a camera whose SETUP takes 2 s.

The camera (1080p, 4 Mbit/s) is a process of its own, reached directly and over a link of 64 Mbit/s. Three kinds of jumps
are timed: of somebody who watches and jumps about, who is given segment by segment, up to the first picture; the same up
to a whole segment for the browser (`Playback`); and out of a replay at full speed, when all buffers hold the old passage,
as the first jump after opening. A third client knows nothing but a socket: it logs in, plays, asks for another passage
and looks for its time in the bytes. What our jump out of the full stream takes beyond that is ours. Medians count. The
last line is one JSON object.
"""

import argparse
import asyncio
from collections.abc import Iterator
import contextlib
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import re
import socket
from statistics import median
import struct
import subprocess
import sys
import time
from typing import override

import aiohttp

from custom_components.niiza_cctv.lib.device.camera import StationCamera
from custom_components.niiza_cctv.lib.device.clock_history import ClockLine
from custom_components.niiza_cctv.lib.device.login import Login
from custom_components.niiza_cctv.lib.device.model import CameraAddress, Credential
from custom_components.niiza_cctv.lib.device.policy import SectionPolicy
from custom_components.niiza_cctv.lib.footage.archive import Archive, FootageStream, Stretch
from custom_components.niiza_cctv.lib.footage.errors import JumpFailure
from custom_components.niiza_cctv.lib.footage.gate import ReplayGate
from custom_components.niiza_cctv.lib.footage.playback import SEGMENT, Playback
from custom_components.niiza_cctv.lib.footage.readback import read_back
from custom_components.niiza_cctv.lib.footage.replay import PATIENCE, replay

VIEWER = Credential(username="viewer", password="viewer-pass")  # noqa: S106 - of the simulator
SETUP_SECONDS = 2.0
LINK_MEGABITS = 64
NTP_TO_UNIX = 2_208_988_800
# In segments: far and near, on and back.
JUMPS = (60, 20, 100, 40, 140, 10, 80, 120)
LIMITS = {
    "segment": 0.1,
    "picture": 0.1,
    "picture_over_link": 0.1,
    "full_stream": 0.1,
    "ours_ms": 300.0,
    "ours_over_link_ms": 300.0,
}
NOT_AHEAD = ClockLine.constant(timedelta())


class BenchArchive(Archive):
    """The card of a camera of which nothing is asked but replay."""

    url = ""

    @override
    async def play(
        self,
        part: Stretch,
        *,
        intra_only: bool = False,
        paced: bool = False,
        idle_timeout: float = 5,
        patience: float = PATIENCE,
        stays: bool = False,
    ) -> FootageStream:
        """Open the replay of a part."""
        return FootageStream(
            await replay(self.url, VIEWER, part.start, part.end, stays=stays), NOT_AHEAD
        )


class Raw:
    """A client that knows sockets only."""

    def __init__(self, url: str) -> None:
        """Log in and set a session up."""
        self._url = url
        self._login = Login(VIEWER)
        self._session = ""
        self._count = 0
        self._socket = socket.create_connection(("127.0.0.1", int(re.findall(r":(\d+)/", url)[0])))
        described = self._ask("DESCRIBE", url)
        if described.startswith("RTSP/1.0 401"):
            self._login.learn(re.findall(r"(?i)www-authenticate: *(.+?)\r\n", described), None)
            described = self._ask("DESCRIBE", url)
        control = re.findall(r"a=control:(\S+)", described.partition("m=video")[2])[0]
        track = control if control.startswith("rtsp") else f"{url}/{control}"
        answered = self._ask(
            "SETUP",
            track,
            "Require: onvif-replay",
            "Transport: RTP/AVP/TCP;unicast;interleaved=0-1",
        )
        self._session = re.findall(r"(?i)session: *([^;\s]+)", answered)[0]

    def close(self) -> None:
        """Hang up."""
        self._send("TEARDOWN", self._url)
        self._socket.close()

    def _send(self, method: str, target: str, *headers: str) -> None:
        self._count += 1
        signed = self._login.sign(method, target)
        lines = [f"{method} {target} RTSP/1.0", f"CSeq: {self._count}", *headers]
        lines += [f"Session: {self._session}"] if self._session else []
        lines += [f"Authorization: {signed.header}"] if signed else []
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())

    def _ask(self, method: str, target: str, *headers: str) -> str:
        self._send(method, target, *headers)
        return self._socket.recv(65536).decode()

    def play(self, start: datetime, end: datetime) -> float:
        """Ask for a passage; return how many seconds it takes until a picture of its second second comes."""
        before = time.perf_counter()
        self._send(
            "PLAY",
            self._url,
            "Require: onvif-replay",
            f"Range: clock={start:%Y%m%dT%H%M%S}.000Z-{end:%Y%m%dT%H%M%S}.000Z",
            "Rate-Control: no",
            "Immediate: yes",
        )
        wanted = struct.pack(">HHI", 0xABAC, 3, int(start.timestamp()) + NTP_TO_UNIX)
        rest = b""
        while wanted not in (data := rest + self._socket.recv(1 << 20)):
            rest = data[-len(wanted) :]
        return time.perf_counter() - before


@contextlib.contextmanager
def process(module: str, *arguments: str) -> Iterator[int]:
    """Run something that listens for the length of a block; return its port."""
    running = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert running.stdout is not None
    try:
        yield int(running.stdout.readline())
    finally:
        running.communicate()


def raw_jumps(url: str, start: datetime, end: datetime) -> list[float]:
    """Return what jumps take that know nothing but a socket, the old passage coming at full speed."""
    client = Raw(url)
    try:
        client.play(start, end)
        times = []
        for number in JUMPS:
            # The buffers fill again.
            time.sleep(0.1)
            times.append(client.play(start + number * SEGMENT, end))
        return times
    finally:
        client.close()


async def picture_jumps(
    archive: Archive, whole: Stretch, *, segment: timedelta | None
) -> tuple[float, list[float]]:
    """Return what a new session takes up to its first picture, and jumps.

    `segment`: so much is asked for with each jump, and taken; None: all that there is, so that buffers are full.
    """
    before = time.perf_counter()
    async with await archive.play(whole, stays=True) as stream:
        await anext(stream)
        new = time.perf_counter() - before
        times = []
        # The first is out of the full stream.
        for number in JUMPS if segment is None else (0, *JUMPS):
            await asyncio.sleep(0.1)
            at = whole.start + number * SEGMENT
            # As `Playback` asks for a segment.
            end = whole.end if segment is None else at + segment + timedelta(seconds=1)
            part = Stretch(recording="SD_1", start=at, end=end, clock=NOT_AHEAD)
            before = time.perf_counter()
            await archive.jump(stream, part)
            picture = await anext(stream)
            times.append(time.perf_counter() - before)
            if picture.at != at:
                sys.exit(f"Jumped to {picture.at} instead of {at}")
            while segment is not None and picture.at < at + segment:
                picture = await anext(stream)
    return new, times if segment is None else times[1:]


async def segments(archive: Archive, whole: Stretch, numbers: tuple[int, ...]) -> list[float]:
    """Return what whole segments take somebody who jumps about."""
    playback = Playback(lambda: archive, [whole], whole.start, whole.end)
    try:
        await playback.segment(0)
        times = []
        for number in numbers:
            before = time.perf_counter()
            await playback.segment(number)
            times.append(time.perf_counter() - before)
        return times
    finally:
        await playback.aclose()


async def measure(port: int, start: datetime, rounds: int) -> dict[str, float]:
    """Time all kinds of jumps at a camera; medians, in seconds."""
    url = f"rtsp://127.0.0.1:{port}/replay/SD_1"
    end = start + timedelta(minutes=20)
    whole = Stretch(recording="SD_1", start=start, end=end, clock=NOT_AHEAD)
    new_pictures, pictures, flooded, raw, jumped = [], [], [], [], []
    async with aiohttp.ClientSession() as http:

        def archive() -> BenchArchive:
            made = BenchArchive(
                StationCamera(
                    http,
                    CameraAddress(host="127.0.0.1", port=port),
                    VIEWER,
                    SectionPolicy(),
                    known_as=None,
                    poll_interval=timedelta(seconds=30),
                    time_zone=UTC,
                    media_kinds=_no_media,
                    read_back=read_back,
                    on_change=lambda: None,
                ),
                time_zone=UTC,
                tls=None,
                gate=ReplayGate(),
            )
            made.url = url
            return made

        for _ in range(rounds):
            raw += await asyncio.to_thread(raw_jumps, url, start, end)
            for segment, found in ((SEGMENT, pictures), (None, flooded)):
                new, times = await picture_jumps(archive(), whole, segment=segment)
                new_pictures.append(new)
                found.extend(times)
            jumped += await segments(archive(), whole, JUMPS)
        stubborn = archive()
        stubborn.jumps.failed(JumpFailure.REFUSED, None)
        new_segments = await segments(stubborn, whole, JUMPS[: rounds + 1])
    return {
        "new_picture": median(new_pictures),
        "picture": median(pictures),
        "full_stream": median(flooded),
        "raw_full_stream": median(raw),
        "new_segment": median(new_segments),
        "segment": median(jumped),
    }


async def _no_media(_url: str, _credential: Credential) -> frozenset[str]:
    return frozenset()


def main() -> int:
    """Run the comparison; return 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--codec", choices=["H264", "H265"], default="H264")
    options = parser.parse_args()
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    with (
        process("bench.replay_server", "simulator", options.codec, str(SETUP_SECONDS)) as port,
        process("bench.seek_link", str(port), str(LINK_MEGABITS)) as link,
    ):
        near = asyncio.run(measure(port, start, options.rounds))
        far = asyncio.run(measure(link, start, options.rounds))
    for name, found in (("direct", near), (f"{LINK_MEGABITS} Mbit/s", far)):
        print(f"{name}:", ", ".join(f"{key} {1000 * took:.0f} ms" for key, took in found.items()))
    ratios = {
        "segment": near["segment"] / near["new_segment"],
        "picture": near["picture"] / near["new_picture"],
        "picture_over_link": far["picture"] / far["new_picture"],
        "full_stream": near["full_stream"] / near["new_picture"],
        "ours_ms": max(0.0, 1000 * (near["full_stream"] - near["raw_full_stream"])),
        "ours_over_link_ms": max(0.0, 1000 * (far["full_stream"] - far["raw_full_stream"])),
    }
    ok = all(ratios[name] <= limit for name, limit in LIMITS.items())
    print(
        json.dumps(
            {
                "bench": "seek",
                "ratios": {name: round(found, 3) for name, found in ratios.items()},
                "limits": LIMITS,
                "ok": ok,
                "segment_over_link": round(far["segment"] / far["new_segment"], 3),
                "full_stream_over_link": round(far["full_stream"] / far["new_picture"], 3),
            }
        )
    )
    return int(not ok)


if __name__ == "__main__":
    sys.exit(main())
