"""Which sources tell of the storage of which camera, and what they tell together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from ..errors import CameraAnswerInvalid, CameraOperationUnsupported, CameraRightMissing
from ..model import CameraIdentity, StorageReading
from ..session import OnvifSession
from .onvif import OnvifStorageProbe
from .probe import StorageProbe

# A maker's own status: how the name that its cameras give begins, in lower case, and the probe.
MAKERS: Final[Mapping[str, Callable[[OnvifSession], StorageProbe]]] = {}


def probes_for(
    identity: CameraIdentity,
    session: OnvifSession,
    makers: Mapping[str, Callable[[OnvifSession], StorageProbe]] = MAKERS,
) -> tuple[StorageProbe, ...]:
    """Return the probes for a camera: what its maker tells more than ONVIF does comes first."""
    manufacturer = identity.manufacturer.strip().lower()
    theirs = (probe(session) for name, probe in makers.items() if manufacturer.startswith(name))
    return (*theirs, OnvifStorageProbe(session))


async def read_storage(probes: Iterable[StorageProbe]) -> StorageReading | None:
    """Return what all probes tell together, None where none tells anything.

    One that says failed, or absent, is enough: what a camera says can only make the verdict worse.
    """
    readings: list[StorageReading] = []
    for probe in probes:
        try:
            reading = await probe.read()
        except CameraRightMissing, CameraAnswerInvalid, CameraOperationUnsupported:
            continue
        if reading is not None:
            readings.append(reading)
    return _combined(readings) if readings else None


def _combined(readings: Sequence[StorageReading]) -> StorageReading:
    failed = {reading.card_failed for reading in readings} - {None}
    present = {reading.card_present for reading in readings} - {None}
    return StorageReading(
        source="+".join(reading.source for reading in readings),
        card_failed=True in failed if failed else None,
        card_present=False not in present if present else None,
        used_bytes=_first(reading.used_bytes for reading in readings),
        total_bytes=_first(reading.total_bytes for reading in readings),
    )


def _first(numbers: Iterable[int | None]) -> int | None:
    return next((number for number in numbers if number is not None), None)
