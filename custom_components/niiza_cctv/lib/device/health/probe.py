"""What every source of a camera's storage status is."""

from typing import Protocol

from ..model import StorageReading


class StorageProbe(Protocol):
    """Asks one source for the state of a camera's storage."""

    # Names the probe in a reading: "onvif", or a maker.
    source: str

    async def read(self) -> StorageReading | None:
        """Return what the source tells of the card, None where it tells nothing; raises CameraError.

        What the user may not ask, and what the camera does not offer or answers with nonsense, may be raised: it
        counts as nothing told.
        """
