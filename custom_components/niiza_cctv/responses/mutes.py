"""What the actions answer that silence a camera's notices."""

from typing import TypedDict


class MuteResponse(TypedDict):
    """Of which camera nobody is told until when (ISO 8601); null: everybody is told."""

    camera: str
    until: str | None
