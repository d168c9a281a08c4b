"""What a player is told of footage that was opened for somebody."""

from typing import TypedDict

from ..lib.footage.watched import Watched
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
    # How long a picture is shown as a rule (seconds); None where that is not known.
    picture: float | None
    # When each picture comes, and last when the last one goes (milliseconds of what plays), so that none is left out by
    # who goes through them one by one; None where that is not known.
    pictures: list[int] | None


class CounterOpened(FilmOpened):
    """Answer of `open_counter`."""

    # The number of its entry in the ledger, by which it is ended.
    showing: int


class WatchedShown(TypedDict):
    """How much of a sealed clip somebody watched: what their browser told, of what was served to them; each second once."""

    seconds: int
    # Of so many that it plays.
    of: int
    # At no more than double speed, at which browsers show every picture.
    every_picture: int
    # From where on that is missing first (seconds); None where it is all there.
    missing_from: float | None
    # The highest speed, in percent; 0 where nothing was watched.
    fastest: int


def show_watched(watched: Watched) -> WatchedShown:
    """Show it."""
    return WatchedShown(
        seconds=watched.seconds,
        of=watched.of,
        every_picture=watched.every_picture,
        missing_from=None if watched.missing_from is None else watched.missing_from / 1000,
        fastest=watched.fastest,
    )
