"""What the panel is told of drafts."""

from typing import TypedDict


class DraftSaved(TypedDict):
    """A draft that was saved: what an action takes, and for how many seconds."""

    draft_id: str
    seconds: int
