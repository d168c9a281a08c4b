"""What a player is told of footage that was opened for somebody."""

from typing import TypedDict

from .base import SpanShown


class FilmOpened(TypedDict):
    """Answer of `playback` and `watch_clip`: where it plays, for minutes, and what of it is not there."""

    url: str
    mime_type: str
    # FFmpeg's name; None where it is not known.
    codec: str | None
    # Of a sealed clip the times of its first and last picture.
    start: str
    end: str
    gaps: list[SpanShown]
