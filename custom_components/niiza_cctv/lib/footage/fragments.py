"""Fragmented MP4 for browsers (ISO/IEC 14496-12 8.8; RFC 8216 3.3): what every film that is watched has in common."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

import av
from av.container import OutputContainer

# Ticks of the media clock in a second.
SCALE: Final = 90_000
# Apple plays H.265 only where the parameter sets are in the header.
TAGS: Final = {"h264": "avc1", "hevc": "hvc1"}


class NoFilm(ValueError):
    """What was written has no fragment."""


@contextmanager
def new_movie(file: BytesIO) -> Generator[OutputContainer]:
    """Open a movie of one fragment, which keeps the times of its packets; raises av.FFmpegError."""
    options = {
        # Each fragment keeps its own time; nothing is written behind the last.
        "movflags": "cmaf+frag_discont+frag_custom+skip_trailer",
        "use_editlist": "0",
        "video_track_timescale": str(SCALE),
        "avoid_negative_ts": "disabled",
    }
    with av.open(file, "w", format="mp4", options=options) as movie:
        yield movie


def split(data: bytes) -> tuple[bytes, bytes]:
    """Return initialization segment and fragment of a movie (ISO/IEC 14496-12 4.2); raises NoFilm."""
    at = 0
    while at + 8 <= len(data):
        if data[at + 4 : at + 8] == b"moof":
            return data[:at], data[at:]
        at += max(8, int.from_bytes(data[at : at + 4]))
    raise NoFilm("There is no fragment")


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A segment as a playlist has it: the true time of its first picture, its ticks, and its key pictures' from there."""

    at: datetime
    length: int
    keys: Sequence[int] = ()


def playlist_of(segments: Sequence[Listed]) -> str:
    """Return the media playlist of a film that is whole; its addresses are `0.mp4` and `<number>.m4s`.

    A tag of our own names the key pictures of a segment, in seconds from its begin; players leave out what they do
    not know (RFC 8216, 6.3.1).
    """
    longest = max(segment.length for segment in segments)
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{-(-longest // SCALE)}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        '#EXT-X-MAP:URI="0.mp4"',
    ]
    for number, segment in enumerate(segments):
        moment = segment.at.astimezone(UTC).isoformat(timespec="milliseconds")
        keys = ",".join(f"{key / SCALE:.3f}" for key in segment.keys)
        lines += (
            f"#EXT-X-PROGRAM-DATE-TIME:{moment.replace('+00:00', 'Z')}",
            *([f"#EXT-X-NIIZA-KEYS:{keys}"] if keys else ()),
            f"#EXTINF:{segment.length / SCALE:.6f},",
            f"{number}.m4s",
        )
    return "\n".join((*lines, "#EXT-X-ENDLIST", ""))
