"""Pictures as they came → samples as MP4 has them, and what a decoder must know before the first.

Synchronous: for worker threads.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO

import av
from av.container import InputContainer

from .decoding import open_described, open_pictures
from .nal import unit_type


def by_length(units: Iterable[bytes]) -> bytes:
    """Return NAL units as MP4 has them, each behind its length (ISO/IEC 14496-15, 5.3.2)."""
    return b"".join(len(unit).to_bytes(4) + unit for unit in units)


def parameter_sets(codec: str, data: bytes) -> set[bytes]:
    """Return the parameter sets in front of a picture's slices; none unless a sequence's is among them."""
    h264 = codec == "h264"
    sequence, kinds = (7, {7, 8}) if h264 else (33, {32, 33, 34})
    found: set[bytes] = set()
    seen: set[int] = set()
    begin = data.find(b"\0\0\1") + 3
    while 3 <= begin < len(data):
        kind = unit_type(codec, data[begin : begin + 1])
        # A slice: the rest is picture, and long.
        if 1 <= kind <= 5 if h264 else kind < 32:
            break
        after = data.find(b"\0\0\1", begin)
        if kind in kinds:
            seen.add(kind)
            found.add(data[begin : after if after >= 0 else len(data)].rstrip(b"\0"))
        begin = after + 3
    return found if sequence in seen else set()


@contextmanager
def described(sample: bytes, codec: str, tag: str) -> Iterator[InputContainer]:
    """Give an MP4 of one picture, for what it says of its parameters (avcC, hvcC); raises av.FFmpegError.

    With that FFmpeg takes units by their lengths and leaves them alone; a byte stream it would cut anew at whatever
    looks like a start code, inside a camera's signature, too.
    """
    made = BytesIO()
    with open_pictures(sample, codec) as pictures, av.open(made, "w", format="mp4") as container:
        video = pictures.streams.video[0]
        stream = container.add_stream_from_template(video)
        stream.codec_context.codec_tag = tag
        for packet in pictures.demux(video):
            if packet.size:
                packet.stream = stream
                packet.pts = packet.dts = 0
                container.mux_one(packet)
                break
    made.seek(0)
    with open_described(made) as known:
        yield known
