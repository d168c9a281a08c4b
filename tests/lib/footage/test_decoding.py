"""Decoders: what a camera sends may claim pictures of any size, and costs no more than a picture of a camera."""

import ast
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path
import subprocess
import sys
import tempfile

import av
from av.video.codeccontext import VideoCodecContext
import pytest

from custom_components.niiza_cctv.lib.footage import decoding
from custom_components.niiza_cctv.lib.footage.decoding import (
    MAX_PIXELS,
    decoder_of_samples,
    decoder_on_all_processors,
    decoder_on_one_processor,
    new_decoder,
    open_clip,
    open_pictures,
)

FOOTAGE = Path(decoding.__file__).parent


@cache
def picture(width: int, height: int) -> bytes:
    """Return a black picture in H.264, which is small however large it is."""
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base = Fraction(1, 25)
    encoder.options = {"preset": "ultrafast"}
    frame = av.VideoFrame(width, height, "yuv420p")
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    frame.pts = 0
    return b"".join(bytes(packet) for packet in (*encoder.encode(frame), *encoder.encode(None)))


def test_a_camera_of_today_is_read() -> None:
    """4K is below the limit."""
    sample = picture(3840, 2160)
    decoder = new_decoder("h264")
    frames = [*decoder.decode(av.Packet(sample)), *decoder.decode(None)]
    assert [(frame.width, frame.height) for frame in frames] == [(3840, 2160)]
    with open_pictures(sample, "h264") as container:
        assert container.streams.video[0].codec_context.width == 3840


def test_a_picture_beyond_the_limit_is_not_decoded(tmp_path: Path) -> None:
    """Neither alone nor from a file."""
    sample = picture(8192, 2048)
    assert MAX_PIXELS < 8192 * 2048
    decoder = new_decoder("h264")
    with pytest.raises(av.FFmpegError):
        [*decoder.decode(av.Packet(sample)), *decoder.decode(None)]
    file = tmp_path / "clip.mp4"
    # Without our limits: whoever makes such a file has none.
    with (
        av.open(BytesIO(sample), "r", format="h264") as container,
        av.open(file, "w", format="mp4") as movie,
    ):
        stream = movie.add_stream_from_template(container.streams.video[0])
        for packet in container.demux(video=0):
            if packet.size:
                packet.pts = packet.dts = 0
                packet.stream = stream
                movie.mux(packet)
    with open_clip(file) as container:
        video = container.streams.video[0]
        assert video.codec_context is not None
        with decoder_on_all_processors(video.codec_context) as decoder:
            frames = 0
            for packet in container.demux(video):
                try:
                    frames += len(decoder.decode(packet))
                except av.FFmpegError, ValueError:
                    continue
        assert frames == 0


def test_who_counts_damaged_pictures_decodes_on_one_thread() -> None:
    """On four, FFmpeg called four or five of the same ninety pictures damaged, as luck would have it."""
    assert decoder_of_samples("h264", b"").thread_count == 1
    with (
        open_pictures(picture(64, 64), "h264") as container,
        decoder_on_one_processor(container.streams.video[0].codec_context) as decoder,
    ):
        assert decoder.thread_count == 1


@pytest.mark.parametrize(
    "way",
    [
        "open_pictures(sample, 'h264').close()",
        "decoder = new_decoder('h264'); decoder.decode(av.Packet(sample))",
    ],
)
def test_a_claim_of_half_a_gigabyte_costs_nothing(way: str) -> None:
    """67 million pixels in 200 kB: each picture would take 100 MB, several are kept. Memory of a process of its own."""
    with tempfile.NamedTemporaryFile(suffix=".h264") as file:
        file.write(picture(8192, 8192))
        file.flush()
        used = [
            int(
                subprocess.run(  # noqa: S603 (the test's own words)
                    [sys.executable, "-c", _PEAK.format(way=what), file.name, str(FOOTAGE)],
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout
            )
            for what in ("pass", way)
        ]
    assert used[1] - used[0] < 24 * 1024


_PEAK = """
import resource, sys
sys.path.insert(0, sys.argv[2])
import av
from decoding import new_decoder, open_pictures
sample = open(sys.argv[1], "rb").read()
try:
    {way}
except av.FFmpegError:
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_nothing_else_makes_a_decoder() -> None:
    """A new use of footage gets its limits by itself."""
    found = []
    for file in FOOTAGE.parents[1].rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            modes = [
                one.value
                for one in (*node.args, *(word.value for word in node.keywords))
                if isinstance(one, ast.Constant)
            ]
            name = ast.unparse(node.func)
            opens = name == "av.open" and "w" not in modes
            if opens or (name.endswith("CodecContext.create") and "w" not in modes):
                found.append(file.name)
    assert set(found) == {"decoding.py"}
