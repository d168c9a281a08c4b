"""Decoders and readers of footage, made here and nowhere else: what a camera sends says itself how large its pictures are.

A few hundred kilobytes can announce a picture of half a gigabyte; FFmpeg would allocate it before it looks further.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
import os
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext

# Above 4K (8.3 million), below 8K: no station camera records more.
MAX_PIXELS: Final = 16_000_000
# A decoder keeps some pictures for each of its threads.
MAX_THREADS: Final = 8


def new_decoder(codec: str, max_pixels: int = MAX_PIXELS) -> VideoCodecContext:
    """Return a decoder of `h264` or `hevc` on one thread; too large pictures raise av.FFmpegError."""
    decoder = av.CodecContext.create(codec, "r")
    assert isinstance(decoder, VideoCodecContext)
    return _careful(decoder, max_pixels)


def decoder_of_samples(codec: str, described: bytes) -> VideoCodecContext:
    """Return a decoder of samples as MP4 has them, which tells those that came damaged; `described` is their avcC or hvcC."""
    decoder = new_decoder(codec)
    decoder.extradata = described
    return decoder


@contextmanager
def decoder_on_all_processors(decoder: VideoCodecContext) -> Iterator[VideoCodecContext]:
    """Lend a stream's own decoder for a whole clip: an hour has some hundred thousand pictures."""
    try:
        yield _on_all_processors(decoder)
    finally:
        rest(decoder)


@contextmanager
def decoder_on_one_processor(decoder: VideoCodecContext) -> Iterator[VideoCodecContext]:
    """Lend a stream's own decoder to who has to know which pictures came damaged."""
    try:
        yield _careful(decoder, MAX_PIXELS)
    finally:
        rest(decoder)


def rest(decoder: VideoCodecContext) -> None:
    """Have a decoder's threads rest, and forget what it still holds; to be called before it is let go.

    To free it holds the interpreter until its threads ended, and they need the interpreter to log a damaged picture:
    each would wait for the other for ever.
    """
    decoder.flush_buffers()


def _on_all_processors(decoder: VideoCodecContext) -> VideoCodecContext:
    decoder.thread_type = "FRAME"
    decoder.thread_count = min(os.process_cpu_count() or 1, MAX_THREADS)
    return _bounded(decoder, MAX_PIXELS)


def _careful(decoder: VideoCodecContext, max_pixels: int) -> VideoCodecContext:
    """Have one thread decode.

    With several FFmpeg copies what it says of a picture before it is decoded to its end: it is luck, then, whether a
    damaged one is called so.
    """
    decoder.thread_count = 1
    return _bounded(decoder, max_pixels)


def open_pictures(sample: bytes, codec: str) -> InputContainer:
    """Open pictures as they came (Annex B) to read what they are; raises av.FFmpegError."""
    return av.open(BytesIO(sample), mode="r", format=codec, options=_limits())


def open_clip(path: Path) -> InputContainer:
    """Open a clip that was made here from what a camera sent; raises av.FFmpegError."""
    return av.open(path, mode="r", options=_limits())


def open_described(clip: BytesIO) -> InputContainer:
    """Open a clip that is in memory, to read what its pictures are; raises av.FFmpegError."""
    return av.open(clip, mode="r", format="mp4", options=_limits())


def _limits() -> dict[str, str]:
    # To find out what a stream is, FFmpeg decodes its first pictures.
    return {"max_pixels": str(MAX_PIXELS), "threads": "1"}


def _bounded(decoder: VideoCodecContext, max_pixels: int) -> VideoCodecContext:
    decoder.options = {"max_pixels": str(max_pixels)}
    return decoder
