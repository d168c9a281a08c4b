"""What Axis' cameras tell of their storages.

VAPIX, "Edge storage API", Disk management: `disks/list.cgi` ("List disks": sizes in kB, `status` one of disconnected,
connected, OK, failed, no passphrase, wrong passphrase, not encrypted; some attributes are yes/no, some true/false) and
`disks/gethealth.cgi` ("wear": percent, negative where the card does not tell).
https://developer.axis.com/vapix/network-video/edge-storage-api/
Both are for administrators and operators: to a viewer nothing is told.
"""

from collections.abc import Iterator
from dataclasses import replace
import time
from typing import Final, override

from ..errors import CameraAnswerInvalid, CameraError, CameraLockedOut
from ..model import StorageReading
from ..session import OnvifSession
from ..soap import local_name
from ..xml import Element, read_tree
from .probe import MAX_STORAGES, PageProbe, Storage, bytes_of, told_of

_HEALTH: Final = "/axis-cgi/disks/gethealth.cgi"
# Wear moves in weeks.
_HEALTH_EVERY: Final = 6 * 60 * 60.0
_KILOBYTE: Final = 1024
# Not in the camera.
_SHARES: Final = ("networkshare",)
_SHARE_SYSTEMS: Final = frozenset({"cifs", "nfs"})
# There, but nothing is written: not mounted, or its encryption is in the way.
_NOT_IN_USE: Final = frozenset({"connected", "no passphrase", "wrong passphrase", "not encrypted"})
_YES: Final = frozenset({"yes", "true", "1"})
_NO: Final = frozenset({"no", "false", "0"})


class AxisStorageProbe(PageProbe):
    """VAPIX' list of disks, and what it knows of their wear."""

    source = "axis"
    path = "/axis-cgi/disks/list.cgi?diskid=all"

    @override
    def __init__(self, session: OnvifSession) -> None:
        """Probe this camera."""
        super().__init__(session)
        self._wear: int | None = None
        self._wear_at = 0.0

    @override
    async def read(self) -> StorageReading | None:
        """Return what the list of disks says, with the wear of a card that is there."""
        reading = await super().read()
        if reading is None or not reading.card_present:
            return reading
        return replace(reading, wear_percent=await self._read_wear())

    @classmethod
    @override
    def reading(cls, body: bytes) -> StorageReading:
        """Return what a list of disks says."""
        disks = list(_local(_attributes(body, "root", "disk")))
        # A camera's slot for a card counts before what else is built in.
        cards = [disk for disk in disks if disk.get("diskid", "").upper().startswith("SD_DISK")]
        return told_of(cls.source, [_storage(disk) for disk in cards or disks])

    async def _read_wear(self) -> int | None:
        if time.monotonic() >= self._wear_at:
            self._wear_at, self._wear = time.monotonic() + _HEALTH_EVERY, None
            try:
                self._wear = await self.page(_HEALTH, _worn)
            except CameraLockedOut:
                raise
            except CameraError:
                # Older cameras, and many cards, do not tell.
                return None
        return self._wear


def _attributes(body: bytes, root_name: str, name: str) -> Iterator[dict[str, str]]:
    """Yield the attributes of each element of a name, of an answer whose root has its own."""
    root = read_tree(body)
    if local_name(root).lower() != root_name.lower():
        raise CameraAnswerInvalid(f"not the answer that was asked for: {local_name(root)[:60]!r}")
    found = [one for one in root.iter() if local_name(one).lower() == name.lower()]
    return (_lower(one) for one in found[:MAX_STORAGES])


def _lower(element: Element) -> dict[str, str]:
    return {key.lower(): value.strip() for key, value in element.attrib.items()}


def _local(disks: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    return (
        disk
        for disk in disks
        if not disk.get("diskid", "").lower().startswith(_SHARES)
        and disk.get("filesystem", "").lower() not in _SHARE_SYSTEMS
    )


def _storage(disk: dict[str, str]) -> Storage:
    status = disk.get("status", "").lower()
    if status == "disconnected":
        return Storage(present=False)
    known = status in {"ok", "failed"} | _NOT_IN_USE
    total = bytes_of(disk.get("totalsize", ""), _KILOBYTE) or None
    free = bytes_of(disk.get("freesize", ""), _KILOBYTE)
    shut = status in _NOT_IN_USE or any(_flag(disk, name) for name in ("locked", "readonly"))
    open_ = any(_flag(disk, name) is False for name in ("locked", "readonly"))
    return Storage(
        present=True if known else None,
        failed=status == "failed" if known else None,
        writable=False if shut else True if open_ else None,
        full=_flag(disk, "full"),
        used_bytes=None if total is None or free is None or free > total else total - free,
        total_bytes=total,
    )


def _flag(disk: dict[str, str], name: str) -> bool | None:
    value = disk.get(name, "").lower()
    return True if value in _YES else False if value in _NO else None


def _worn(body: bytes) -> int | None:
    """Return the wear of the card that is worn most, None where none tells."""
    told = [
        int(wear)
        for disk in _attributes(body, "HealthStatusResponse", "HealthStatus")
        if not disk.get("diskid", "").lower().startswith(_SHARES)
        and (wear := disk.get("wear", "")).isascii()
        and wear.isdigit()
        and len(wear) <= 3
    ]
    return max(told, default=None)
