"""Masking a passage, beside decoding and encoding it with PyAV and nothing else, in the same run.

Both read the same clip (1080p, 15 pictures a second, two walking figures, one of them revealed) and give it to an encoder with
the same settings; who masks decodes on one thread, which tells damage for certain. Rounds alternate, and the best of each counts, by CPU time: other
work on the machine shows in the clock. Memory is that of the renderer's process, of a clip and of one four times as long. Then
the masking of a picture alone, the first segment of a counter disclosure, a proposal, and how long Home Assistant's event
loop was held up while the renderer's process worked. The last line is one JSON object.
"""

import argparse
import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
import hashlib
import json
import os
from pathlib import Path
import sys
import tempfile
import time

import av
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream
import psutil

from custom_components.niiza_cctv.lib.footage.clip import ENCODER, ENCODER_OPTIONS, stream_decoder
from custom_components.niiza_cctv.lib.footage.clip_model import Segment
from custom_components.niiza_cctv.lib.footage.clip_plan import TIME_BASE
from custom_components.niiza_cctv.lib.footage.decoding import open_clip
from custom_components.niiza_cctv.lib.footage.masking.job import render_masked
from custom_components.niiza_cctv.lib.footage.masking.order import MaskOrder
from custom_components.niiza_cctv.lib.footage.masking.propose import propose
from custom_components.niiza_cctv.lib.footage.masking.render import Masking, render
from custom_components.niiza_cctv.lib.footage.masking.segments import MaskedPlayback
from custom_components.niiza_cctv.lib.footage.masking.source import Passage
from custom_components.niiza_cctv.lib.footage.masking.track import Box, Key, RevealTrack, Tracks
from simulator.video import FIGURES, Scene

WIDTH, HEIGHT, RATE = 1920, 1080, 15
SECOND = 1_000_000
# Where in the minute of the simulated platform the clip begins: both figures are in the picture.
BEGIN = 6
LIMITS = {
    "mask_to_decode_encode": 1.10,
    "mask_ms": 2.5,
    "gate_to_render": 0.25,
    "rss_mib": 300.0,
    "rss_growth": 0.02,
    "counter_seconds": 2.0,
    "loop_ms": 50.0,
}
MIN_REAL_TIME = 4.0
LONGER = 4


def fill(path: Path, seconds: int) -> None:
    """Write the clip, with a key picture each second."""
    scene = Scene(WIDTH, HEIGHT)
    options = {"preset": "ultrafast", "bf": "0", "g": str(RATE), "sc_threshold": "0"}
    with av.open(path, "w", format="mp4") as movie:
        stream = movie.add_stream(ENCODER, rate=RATE, options=options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.bit_rate = 3_000_000
        stream.codec_context.time_base = TIME_BASE
        for number in range(seconds * RATE):
            picture = scene.draw(BEGIN + Fraction(number, RATE))
            frame = VideoFrame.from_ndarray(picture, format="yuv420p")
            frame.pts, frame.time_base = number * 90_000 // RATE, TIME_BASE
            movie.mux(stream.encode(frame))
        movie.mux(stream.encode(None))


def repeat(source: Path, target: Path, times: int) -> None:
    """Write a clip several times, one behind the other."""
    with av.open(target, "w", format="mp4") as movie:
        stream: VideoStream | None = None
        begin = 0
        for _ in range(times):
            with open_clip(source) as clip:
                video = clip.streams.video[0]
                stream = stream or movie.add_stream_from_template(video)
                stream.time_base = TIME_BASE
                for packet in clip.demux(video):
                    if packet.size and packet.pts is not None:
                        packet.stream = stream
                        packet.pts = packet.dts = packet.pts + begin
                        movie.mux(packet)
                begin += (video.duration or 0) * TIME_BASE.denominator // 90_000


def order_of(path: Path, seconds: int, times: int = 1) -> MaskOrder:
    """Return the order to reveal the first figure in every picture, with a key each second."""
    keys = []
    for number in range(times):
        for second in range(seconds + 1):
            left, top, right, bottom = FIGURES[0].box(BEGIN + second, WIDTH, HEIGHT)
            box = Box.of(left / WIDTH, top / HEIGHT, right / WIDTH, bottom / HEIGHT)
            # The clip begins anew where the figure's way ends.
            at = (number * seconds + second) * SECOND - (second == seconds)
            keys.append(Key(at, box))
    return MaskOrder(
        master=path,
        source_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        passage=Passage(0, 3600 * SECOND),
        tracks=Tracks((RevealTrack(tuple(keys)),)),
    )


def floor(path: Path, target: Path) -> dict[str, float]:
    """Decode and encode, and nothing else."""
    options = ENCODER_OPTIONS | {"bf": "0"}
    begun, cpu = time.perf_counter(), time.process_time()
    with (
        open_clip(path) as clip,
        av.open(target, "w", format="mp4") as movie,
        stream_decoder(video := clip.streams.video[0]) as decoder,
    ):
        stream = movie.add_stream(ENCODER, rate=RATE, options=options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = TIME_BASE
        stream.codec_context.gop_size = 2 * RATE
        stream.codec_context.thread_type, stream.codec_context.thread_count = "FRAME", 3
        for packet in clip.demux(video):
            for frame in decoder.decode(packet):
                frame.pict_type = PictureType.NONE
                movie.mux(stream.encode(frame))
        movie.mux(stream.encode(None))
    return {"seconds": time.perf_counter() - begun, "cpu": time.process_time() - cpu}


def mask(path: Path, target: Path, seconds: int, times: int = 1) -> dict[str, float]:
    """Render, and say what painting and encoding and what the gate took."""
    order = order_of(path, seconds, times)
    painted: list[tuple[float, float]] = []

    def paint(_share: float) -> None:
        pass

    def prove(_share: float) -> None:
        if not painted:
            painted.append((time.perf_counter(), time.process_time()))

    begun, cpu = time.perf_counter(), time.process_time()
    done = render(order, target, paint, prove)
    ended, cpu_ended = time.perf_counter(), time.process_time()
    assert done.pictures == done.revealed == seconds * times * RATE
    return {
        "seconds": painted[0][0] - begun,
        "cpu": painted[0][1] - cpu,
        "gate_seconds": ended - painted[0][0],
        "gate_cpu": cpu_ended - painted[0][1],
    }


def paint(path: Path, seconds: int) -> float:
    """Paint pictures that are decoded already; return milliseconds of CPU for each, of the best round."""
    masking = Masking.of(order_of(path, seconds))
    pictures = list(masking.pictures(0, 20 * 6_000))
    painter = masking.painter()

    def work() -> None:
        for picture in pictures:
            painter.paint(picture)

    return min(_timed(work) for _ in range(5)) / len(pictures) * 1000


def follow(path: Path) -> float:
    """Propose three seconds; return milliseconds of CPU for each picture, decoding included."""
    left, top, right, bottom = FIGURES[0].box(BEGIN, WIDTH, HEIGHT)
    box = Box.of(left / WIDTH, top / HEIGHT, right / WIDTH, bottom / HEIGHT)
    cpu = time.process_time()
    found = propose(path, 0, box, 3 * SECOND)
    return (time.process_time() - cpu) / len(found.path) * 1000


def counter(path: Path, seconds: int) -> dict[str, float]:
    """Open a counter disclosure; return the seconds until its first segment is there, and those of the next."""

    async def play() -> tuple[float, float, float]:
        begun, cpu = time.perf_counter(), time.process_time()
        at = datetime(2026, 11, 1, tzinfo=UTC)
        stretch = Segment(offset=0, start=at, end=at + timedelta(seconds=seconds))
        playback = await MaskedPlayback.open(order_of(path, seconds), [stretch])
        await playback.header(0)
        await playback.segment(0)
        first, first_cpu = time.perf_counter() - begun, time.process_time() - cpu
        begun = time.perf_counter()
        await playback.segment(1)
        return first, first_cpu, time.perf_counter() - begun

    first, cpu, following = asyncio.run(play())
    return {"seconds": first, "cpu": cpu, "next": following}


def job(path: Path, seconds: int, times: int) -> dict[str, float]:
    """Render in the product's own process: its most memory, and how long a loop was held up meanwhile, in ms."""

    async def beside() -> dict[str, float]:
        until = time.perf_counter() + 1
        idle, _ = await _held_up(lambda: time.perf_counter() < until)
        order = order_of(path, seconds, times)
        task = asyncio.create_task(render_masked(order, path.with_name(f"job{times}.mp4")))
        busy, memory = await _held_up(lambda: not task.done())
        await task
        return {"idle_ms": idle, "busy_ms": busy, "rss_mib": memory}

    return asyncio.run(beside())


async def _held_up(during: Callable[[], bool]) -> tuple[float, float]:
    """Return the longest time for which the loop let nobody run (ms), and the most memory of a child (MiB)."""
    longest = memory = 0.0
    before = looked = time.perf_counter()
    while during():
        await asyncio.sleep(0.005)
        now = time.perf_counter()
        longest, before = max(longest, now - before), now
        if now > looked + 0.25:
            for child in psutil.Process().children():
                memory = max(memory, peak_mib(child.pid))
            looked = before = time.perf_counter()
    return longest * 1000, memory


def _timed(work: Callable[[], object]) -> float:
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


def peak_mib(process: int) -> float:
    """Return the most memory that a process had; 0 for one that is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    most = status.partition("VmHWM:")[2].split()
    return int(most[0]) / 1024 if most else 0.0


def main() -> int:
    """Run the comparison; return 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--seconds", type=int, default=6, choices=range(2, 14), help="length of the clip"
    )
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    seconds = options.seconds
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        path, longer = Path(folder) / "clip.mp4", Path(folder) / "longer.mp4"
        fill(path, seconds)
        repeat(path, longer, LONGER)
        floors, masks = [], []
        for _ in range(options.rounds):
            masks.append(mask(path, path.with_name("mask.mp4"), seconds))
            floors.append(floor(path, path.with_name("floor.mp4")))
        short, long = job(path, seconds, 1), job(longer, seconds, LONGER)
        painted, followed, shown = paint(path, seconds), follow(path), counter(path, seconds)

    def best(found: list[dict[str, float]], kind: str) -> float:
        return min(one[kind] for one in found)

    whole = {kind: best(masks, kind) + best(masks, f"gate_{kind}") for kind in ("seconds", "cpu")}
    # A machine that does other things tells by its clock how busy it is: then CPU time, shared by two, has to do.
    free = load < (os.process_cpu_count() or 1)
    ratios = {
        "mask_to_decode_encode": best(masks, "cpu") / best(floors, "cpu"),
        "mask_ms": painted,
        "gate_to_render": best(masks, "gate_cpu") / best(masks, "cpu"),
        "rss_mib": max(short["rss_mib"], long["rss_mib"]),
        "rss_growth": long["rss_mib"] / short["rss_mib"] - 1,
        "counter_seconds": shown["seconds" if free else "cpu"],
    }
    held_up = max(short["busy_ms"], long["busy_ms"])
    if free:
        # Else it is what the machine's other work does to any loop.
        ratios["loop_ms"] = held_up
    times = seconds / (whole["seconds"] if free else whole["cpu"] / 2)
    passed = times >= MIN_REAL_TIME and all(value <= LIMITS[name] for name, value in ratios.items())
    print(json.dumps({"floor": floors, "mask": masks, "job": [short, long], "counter": shown}))
    print(
        json.dumps(
            {
                "bench": "mask",
                "load": round(load, 1),
                "judged_by": "clock" if free else "cpu",
                "ratios": {name: round(value, 3) for name, value in ratios.items()},
                "limits": LIMITS,
                "times_real_time": round(times, 1),
                "times_real_time_by_clock": round(seconds / whole["seconds"], 1),
                "min_times_real_time": MIN_REAL_TIME,
                "loop_held_up_ms": round(held_up),
                "loop_held_up_before_ms": round(max(short["idle_ms"], long["idle_ms"])),
                "next_segment_seconds": round(shown["next"], 2),
                "propose_ms": round(followed, 1),
                "ok": passed,
            }
        )
    )
    return int(not passed)


if __name__ == "__main__":
    sys.exit(main())
