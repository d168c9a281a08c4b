"""What is answered to an automation that tells people something."""

from typing import TypedDict


class NotifyResponse(TypedDict):
    """Answer of `notify`."""

    told: int
    # How many of them no phone reached.
    unreached: int
