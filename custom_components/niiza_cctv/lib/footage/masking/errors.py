"""Why a clip was not masked; each reason is one translated message."""

from collections.abc import Mapping
from enum import StrEnum

from ..clip_model import ClipInvalid


class MaskProblem(StrEnum):
    """Keys of messages, with the placeholders of each."""

    # Of a track: `track` and `key` count from 1.
    FORM = "mask_form"
    TOO_MANY_TRACKS = "mask_too_many_tracks"  # limit
    TOO_MANY_KEYS = "mask_too_many_keys"  # limit
    NO_KEYS = "mask_no_keys"  # track
    NOT_A_NUMBER = "mask_not_a_number"  # track, key
    OUTSIDE = "mask_outside"  # track, key
    NO_AREA = "mask_no_area"  # track, key
    TIMES_NOT_RISING = "mask_times_not_rising"  # track, key
    BEYOND_CLIP = "mask_beyond_clip"  # track, key
    STRETCH_INVALID = "mask_stretch_invalid"  # track
    NOTHING_REVEALED = "mask_nothing_revealed"
    # Of the passage, the clip, the look.
    NO_PICTURES = "mask_no_pictures"
    NOT_THE_CLIP = "mask_not_the_clip"
    UNREADABLE = "mask_unreadable"
    NO_ENCODER = "mask_no_encoder"
    NO_PLATE = "mask_no_plate"
    TEXT_NOT_SHOWN = "mask_text_not_shown"
    # Of the result.
    LEAK = "mask_leak"  # picture
    FILE_NOT_CLEAN = "mask_file_not_clean"
    # Of the rendering.
    OUT_OF_MEMORY = "mask_out_of_memory"
    OUT_OF_TIME = "mask_out_of_time"
    RENDERER_ENDED = "mask_renderer_ended"
    NO_ROOM = "mask_no_room"
    NOT_WRITTEN = "mask_not_written"
    # Of what a case keeps.
    TRACK_GONE = "mask_track_gone"


class MaskInvalid(ClipInvalid):
    """A clip cannot be masked so, or the result may not leave; `problem` is the message's key."""

    def __init__(
        self, problem: MaskProblem, placeholders: Mapping[str, str] | None = None, why: str = ""
    ) -> None:
        """Name the message and what it speaks of; `why` is for the log."""
        super().__init__(f"{problem}: {why}" if why else str(problem))
        self.problem = problem
        self.placeholders = dict(placeholders or {})
        self.why = why
