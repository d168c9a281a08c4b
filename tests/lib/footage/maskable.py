"""Clips for the tests of masking: any pictures, at any times, in any format; and what is said of them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
import hashlib
from pathlib import Path
from typing import Any

import av
from av.video.stream import VideoStream
import numpy as np
from numpy.typing import NDArray

from custom_components.niiza_cctv.lib.footage.clip_model import Segment
from custom_components.niiza_cctv.lib.footage.masking.burn_in import BurnIn, Word
from custom_components.niiza_cctv.lib.footage.masking.order import MaskOrder
from custom_components.niiza_cctv.lib.footage.masking.source import Index, Passage
from custom_components.niiza_cctv.lib.footage.masking.track import (
    Box,
    HideTrack,
    Key,
    RevealTrack,
    Shape,
    Tracks,
)

type Picture = NDArray[Any]

BEGIN = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
SECOND = 1_000_000
# Ticks of the media clock.
RATE = 10
STEP = 90_000 // RATE
WHOLE_CLIP = Passage(0, 3600 * SECOND)
EXACT = {"preset": "ultrafast", "qp": "0", "g": "10", "threads": "1"}
CLOSE = {"preset": "ultrafast", "crf": "4", "g": "10", "threads": "1"}


def noise(width: int, height: int, seed: int = 1) -> Picture:
    """Return a picture in 4:2:0 of which no two blocks are alike."""
    values = np.random.default_rng(seed).integers(30, 220, (height * 3 // 2, width))
    return np.asarray(values, dtype=np.uint8)


def write(
    path: Path,
    pictures: Iterable[Picture],
    *,
    ticks: Sequence[int] | None = None,
    codec: str = "libx264",
    form: str = "yuv420p",
    stored: str | None = None,
    options: dict[str, str] | None = None,
    full_range: bool = False,
) -> Path:
    """Write pictures of a format into an MP4 file (`stored` in another one), at these ticks or ten a second."""
    with av.open(path, "w", format="mp4", options={"video_track_timescale": "90000"}) as movie:
        stream: VideoStream | None = None
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format=form)
            if stored:
                frame = frame.reformat(format=stored)
            if stream is None:
                made = movie.add_stream(codec, rate=RATE, options=options or CLOSE)
                assert isinstance(made, VideoStream)
                stream = made
                stream.width, stream.height = frame.width, frame.height
                stream.pix_fmt = stored or form
                stream.time_base = stream.codec_context.time_base = Fraction(1, 90_000)
                if full_range:
                    stream.codec_context.color_range = 2
            frame.pts = number * STEP if ticks is None else ticks[number]
            frame.time_base = Fraction(1, 90_000)
            movie.mux(stream.encode(frame))
        assert stream is not None
        movie.mux(stream.encode(None))
    return path


def shown(path: Path) -> Iterator[tuple[int, Picture]]:
    """Give when each picture of a file is shown, in ticks, and its planes as 4:2:0."""
    with av.open(path) as movie:
        for frame in movie.decode(video=0):
            assert frame.pts is not None
            yield frame.pts, np.asarray(frame.to_ndarray(format="yuv420p"), dtype=np.uint8)


def box_track(
    *keys: tuple[int, tuple[float, float, float, float]], shape: Shape = Shape.BOX
) -> RevealTrack:
    """Return a track of confirmed keys: when (microseconds), and the box in coordinates 0–1."""
    return RevealTrack(tuple(Key(at, Box.of(*box)) for at, box in keys), shape)


def hide_track(*keys: tuple[int, tuple[float, float, float, float]]) -> HideTrack:
    """Return what hides."""
    return HideTrack(tuple(Key(at, Box.of(*box)) for at, box in keys))


def held(path: Path, *sides: float, shape: Shape = Shape.BOX) -> RevealTrack:
    """Return a box that stays from the first to the last picture of a clip."""
    left, top, right, bottom = sides
    box = Box.of(left, top, right, bottom)
    return RevealTrack((Key(0, box), Key(Index.of(path).duration, box)), shape)


def order(
    path: Path,
    tracks: Tracks | tuple[float, float, float, float],
    passage: Passage = WHOLE_CLIP,
    **changes: Any,
) -> MaskOrder:
    """Return the order to mask a clip so; four coordinates are a box that stays."""
    if not isinstance(tracks, Tracks):
        tracks = Tracks((held(path, *tracks),))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    given: dict[str, Any] = {
        "master": path, "source_sha256": digest, "passage": passage, "tracks": tracks,
    }  # fmt: skip
    return MaskOrder(**(given | changes))


def burnt_in(**changes: Any) -> BurnIn:
    """Return what is written over pictures."""
    segments = (Segment(offset=0, start=BEGIN, end=BEGIN + timedelta(hours=1)),)
    given: dict[str, Any] = {
        "case": "2026-0001",
        "word": Word.COPY,
        "segments": segments,
        "zone": "Asia/Tokyo",
    }
    return BurnIn(**(given | changes))
