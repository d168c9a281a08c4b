"""What ONVIF itself tells of a card."""

import time
from typing import Final, override

from ..errors import CameraAnswerInvalid, CameraLockedOut, CameraOperationUnsupported, CameraRefused
from ..model import StorageReading
from ..parse.device import parse_storage_configurations
from ..session import OnvifSession
from .probe import StorageProbe

# Configuration hardly ever changes.
_ASK_EVERY: Final = 60 * 60.0


class OnvifStorageProbe(StorageProbe):
    """That storage is configured, never how it fares.

    GetStorageConfigurations (Device specification, 8.6) is configuration only. A reading without any fact means
    that local storage is configured; None that nothing is known, which proves neither a card nor its absence:
    many cameras record to a card that they list nowhere, or tell administrators only.
    """

    @override
    def __init__(self, session: OnvifSession) -> None:
        """Probe this camera."""
        self.source = "onvif"
        self._session = session
        self._reading: StorageReading | None = None
        self._ask_at = 0.0

    @override
    async def read(self) -> StorageReading | None:
        """Return a reading without facts where local storage is configured, else None."""
        if time.monotonic() < self._ask_at:
            return self._reading
        try:
            types = await self._session.ask(
                self._session.device_call("GetStorageConfigurations", parse_storage_configurations)
            )
        except CameraLockedOut:
            raise
        except CameraRefused, CameraAnswerInvalid, CameraOperationUnsupported:
            types = ()
        self._ask_at = time.monotonic() + _ASK_EVERY
        local = any("localstorage" in kind.lower() for kind in types)
        self._reading = StorageReading(source=self.source) if local else None
        return self._reading
