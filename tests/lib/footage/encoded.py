"""Footage for the tests of clips, encoded here: small, real, with B-frames where asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
from av.video.codeccontext import VideoCodecContext
import numpy as np

from custom_components.niiza_cctv.lib.footage.archive import Picture
from custom_components.niiza_cctv.lib.footage.clip import seal
from custom_components.niiza_cctv.lib.footage.clip_model import SealedClip
from custom_components.niiza_cctv.lib.footage.spool import Spool
from custom_components.niiza_cctv.lib.footage.viewing_copy import is_due, make_viewing_copy

BEGIN = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
RATE = 10
INTERVAL = timedelta(seconds=1) / RATE
# What the camera's clock shows too much.
AHEAD = timedelta(seconds=3)


@cache
def encode(
    codec: str = "h264",
    *,
    pictures: int = 60,
    size: tuple[int, int] = (160, 120),
    b_frames: int = 0,
    headers: bool = True,
) -> tuple[tuple[int, bytes, bool], ...]:
    """Return (place in the order of showing, Annex B data, keyframe) in decoding order; a keyframe each second.

    Without `headers`, no keyframe but the first brings its parameter sets along.
    """
    encoder = av.CodecContext.create("libx264" if codec == "h264" else "libx265", "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.width, encoder.height = size
    encoder.pix_fmt = "yuv420p"
    encoder.time_base = Fraction(1, RATE)
    encoder.gop_size = RATE
    encoder.max_b_frames = b_frames
    groups = f"keyint={RATE}:min-keyint={RATE}:scenecut=0:open-gop=0:bframes={b_frames}:b-adapt=0"
    groups += f":repeat-headers={int(headers)}"
    encoder.options = {"preset": "ultrafast", "threads": "1"} | (
        {"x264-params": groups}
        if codec == "h264"
        else {"x265-params": groups + ":log-level=none:frame-threads=1:pools=none"}
    )
    still = np.random.default_rng(1).integers(0, 120, (size[1] * 3 // 2, size[0]), dtype=np.uint8)
    packets = []
    for index in range(pictures):
        frame = av.VideoFrame.from_ndarray(np.roll(still, 2 * index, 1), format="yuv420p")
        frame.pts = index
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    made = []
    for packet in packets:
        assert packet.pts is not None
        # Encoders also write start codes of three bytes; our depacketizer never does.
        units = [unit.removesuffix(b"\0") for unit in bytes(packet).split(b"\0\0\1")[1:]]
        units = [
            bytes(packet).split(b"\0\0\1")[-1] if i == len(units) - 1 else u
            for i, u in enumerate(units)
        ]
        made.append(
            (packet.pts, b"".join(b"\0\0\0\1" + unit for unit in units), packet.is_keyframe)
        )
    return tuple(made)


def footage(
    units: Sequence[tuple[int, bytes, bool]],
    begin: datetime = BEGIN,
    interval: timedelta = INTERVAL,
) -> Iterator[Picture]:
    """Return the pictures as the archive gives them: true times, and a camera whose clock is AHEAD."""
    for place, data, keyframe in units:
        at = begin + place * interval
        yield Picture(
            at=at, camera_at=at + AHEAD, data=data, keyframe=keyframe, discontinuity=False
        )


def spool_of(path: Path, pictures: Iterator[Picture], codec: str = "h264") -> Spool:
    """Return a journal with these pictures."""
    spool = Spool.open(path, codec=codec)
    spool.append([*pictures])
    return spool


def sealed(
    folder: Path, name: str = "2026-0001-01", *, codec: str = "h264", pictures: int = 60
) -> SealedClip:
    """Return a clip, sealed into the folder, with its copy for viewing."""
    units = encode(codec, pictures=pictures)
    with spool_of(folder / f"{name}.spool", footage(units), codec) as spool:
        clip = seal(
            spool,
            folder,
            name,
            start=BEGIN,
            end=BEGIN + pictures * INTERVAL,
            cancelled=lambda: False,
            progress=lambda _: None,
        )
    return with_copy(folder, name, clip)


def with_copy(folder: Path, name: str, clip: SealedClip) -> SealedClip:
    """Return a sealed clip with its copy for viewing, where one is due."""
    if not is_due(clip):
        return clip
    return replace(
        clip, viewing_copy=make_viewing_copy(folder, name, clip, cancelled=lambda: False)
    )
