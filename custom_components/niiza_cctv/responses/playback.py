"""What a player is told of footage that was opened for somebody."""

from typing import TypedDict

from .base import SpanShown


class PassageOpened(TypedDict):
    """Answer of `playback`: where the passage is, for minutes, and what of it is not there."""

    url: str
    mime_type: str
    # FFmpeg's name; None where it is not known.
    codec: str | None
    start: str
    end: str
    gaps: list[SpanShown]


class ClipOpened(TypedDict):
    """Answer of `watch_clip`: where the clip is, for minutes, and the times of its first and last picture."""

    path: str
    codec: str
    start: str
    end: str
