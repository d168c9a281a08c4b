"""Which sources tell of the storage of which camera, and what they tell together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from ..errors import (
    CameraAnswerInvalid,
    CameraAsksForBasic,
    CameraOperationUnsupported,
    CameraRightMissing,
)
from ..model import CameraIdentity, StorageAnswer, StorageReading
from ..session import OnvifSession
from .axis import AxisStorageProbe
from .dahua import DahuaStorageProbe
from .hikvision import HikvisionStorageProbe
from .onvif import OnvifStorageProbe
from .probe import StorageProbe, worst

# A maker's own status: how the name that its cameras give begins, in lower case, and the probe. A brand stands here only
# where its maker's own documentation says that its cameras answer so.
MAKERS: Final[Mapping[str, Callable[[OnvifSession], StorageProbe]]] = {
    "axis": AxisStorageProbe,
    "dahua": DahuaStorageProbe,
    "hikvision": HikvisionStorageProbe,
}


def probes_for(
    identity: CameraIdentity,
    session: OnvifSession,
    makers: Mapping[str, Callable[[OnvifSession], StorageProbe]] = MAKERS,
) -> tuple[StorageProbe, ...]:
    """Return the probes for a camera: what its maker tells more than ONVIF does comes first."""
    manufacturer = identity.manufacturer.strip().lower()
    theirs = (probe(session) for name, probe in makers.items() if manufacturer.startswith(name))
    return (*theirs, OnvifStorageProbe(session))


async def read_storage(
    probes: Iterable[StorageProbe], answers: dict[str, StorageAnswer] | None = None
) -> StorageReading | None:
    """Return what all probes tell together, None where none tells anything; how each answered goes to `answers`.

    One that says failed, or absent, is enough: what a camera says can only make the verdict worse.
    """
    readings: list[StorageReading] = []
    answered: dict[str, StorageAnswer] = {} if answers is None else answers
    for probe in probes:
        try:
            reading = await probe.read()
        except CameraRightMissing:
            answered[probe.source] = StorageAnswer.NOT_ALLOWED
        except CameraAsksForBasic:
            answered[probe.source] = StorageAnswer.ASKS_FOR_BASIC
        except CameraOperationUnsupported:
            answered[probe.source] = StorageAnswer.NOT_OFFERED
        except CameraAnswerInvalid:
            answered[probe.source] = StorageAnswer.UNREADABLE
        else:
            answered[probe.source] = (
                StorageAnswer.NOTHING if reading is None else StorageAnswer.TOLD
            )
            if reading is not None:
                readings.append(reading)
    return _combined(readings) if readings else None


def _combined(readings: Sequence[StorageReading]) -> StorageReading:
    return StorageReading(
        source="+".join(reading.source for reading in readings),
        card_failed=worst((reading.card_failed for reading in readings), bad=True),
        card_present=worst((reading.card_present for reading in readings), bad=False),
        card_writable=worst((reading.card_writable for reading in readings), bad=False),
        card_full=worst((reading.card_full for reading in readings), bad=True),
        none_named=any(reading.none_named for reading in readings),
        used_bytes=_first(reading.used_bytes for reading in readings),
        total_bytes=_first(reading.total_bytes for reading in readings),
        wear_percent=_first(reading.wear_percent for reading in readings),
    )


def _first(numbers: Iterable[int | None]) -> int | None:
    return next((number for number in numbers if number is not None), None)
