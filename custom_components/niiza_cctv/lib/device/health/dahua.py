"""What Dahua's cameras tell of their storages.

"HTTP API of IPC" (Dahua), "Get all the storage devices information": `storageDevice.cgi?action=getDeviceAllInfo`
answers lines `list.info[0].State=Success`, `list.info[0].Detail[0].IsError=false`, `….Type=ReadWrite`,
`….TotalBytes=63989415936.000000`, `….UsedBytes=…`. Some leave out `list.` or `info`.
Cameras without a card answer HTTP 400 and the words "Error", "Bad Request!", as they do to a request that they do not know
(github.com/dchesterton/amcrest2mqtt, issues 17 and 47): no card is named, which alone is no proof that there is none.
Of `State` the documentation shows examples, and no list; the other words are those that published programs for these
cameras read: whatever else a camera says there says nothing.
Two more lines come from cameras and count for nothing here: of `HealthDataFlag` published programs say both that 0 is well
and that "true" is, and whether `LifePercent` counts what is used up or what is left is documented nowhere.
"""

from collections.abc import Iterator
import re
from typing import Final, override

from ..errors import CameraAnswerInvalid
from ..model import StorageReading
from .probe import MAX_STORAGES, PageProbe, Storage, bytes_of, told_of, worst

_LINE: Final = re.compile(
    r"(?:list\.?)?(?:info)?\[(\d{1,3})\]\.(?:Detail\[(\d{1,3})\]\.)?(\w{1,40})\s*=\s*(.{0,200})",
    re.ASCII,
)
_NO_CARD: Final = re.compile(r"\s*Error\s+Bad Request!?\s*", re.IGNORECASE)
_NONE_LISTED: Final = re.compile(r"\s*(?:list\.?)?(?:info)?(?:\[\])?\s*=\s*(?:0|null|\[\])?\s*")
_MAX_LINES: Final = 2000
_ELSEWHERE: Final = ("nas", "nfs", "smb", "cifs", "ftp", "share")
_WELL: Final = frozenset({"success", "running", "active"})
_FAILED: Final = frozenset({"error", "failure", "unformatted"})
_ABSENT: Final = frozenset({"absent"})
_SHUT: Final = frozenset({"initializing"})


class DahuaStorageProbe(PageProbe):
    """The list of storage devices of Dahua's HTTP interface."""

    source = "dahua"
    path = "/cgi-bin/storageDevice.cgi?action=getDeviceAllInfo"
    telling = frozenset({400})

    @classmethod
    @override
    def reading(cls, body: bytes) -> StorageReading:
        """Return what a list of devices says."""
        text = body.decode("utf-8", "replace").removeprefix("\ufeff")
        if _NO_CARD.fullmatch(text[:200]) or _NONE_LISTED.fullmatch(text[:200]):
            return told_of(cls.source, ())
        devices: list[_Device] = []
        of_number: dict[str, _Device] = {}
        for found in _lines(text):
            device = of_number.get(found[1])
            if device is not None and device.take(found):
                continue
            if len(devices) >= MAX_STORAGES:
                break
            # Two that have the same number are two: one of them may be well, and the other not.
            device = of_number[found[1]] = _Device()
            device.take(found)
            devices.append(device)
        if not devices:
            raise CameraAnswerInvalid("the answer lists no storage devices")
        return told_of(
            cls.source,
            [device.storage() for device in devices if not device.is_elsewhere()],
        )


def _lines(text: str) -> Iterator[re.Match[str]]:
    for line in text.splitlines()[:_MAX_LINES]:
        if (found := _LINE.fullmatch(line.strip())) is not None:
            yield found


class _Device:
    """What the lines of one device say, and those of its partitions."""

    def __init__(self) -> None:
        self._own: dict[str, str] = {}
        self._parts: dict[str, dict[str, str]] = {}

    def take(self, line: re.Match[str]) -> bool:
        """Take one line in; return False for one that contradicts what was taken, which is another device's."""
        _, part, name, value = line.groups()
        into = self._own if part is None else self._parts.setdefault(part, {})
        return into.setdefault(name.lower(), value.strip()) == value.strip()

    def is_elsewhere(self) -> bool:
        """Return whether it is a share rather than in the camera."""
        names = (
            self._own.get("name", ""),
            *(part.get("path", "") for part in self._parts.values()),
        )
        return any(word in name.lower() for name in names for word in _ELSEWHERE)

    def storage(self) -> Storage:
        """Return what is said of it."""
        state = re.sub(r"[\s_-]", "", self._own.get("state", "")).lower()
        if state in _ABSENT:
            return Storage(present=False)
        parts = list(self._parts.values())
        kinds = {re.sub(r"[\s/_-]", "", part.get("type", "")).lower() for part in parts}
        errors = worst((_flag(part.get("iserror", "")) for part in parts), bad=True)
        said = state in _FAILED if state in _WELL | _FAILED | _SHUT else None
        failed = worst((said, errors), bad=True)
        total = [bytes_of(part.get("totalbytes", "")) for part in parts]
        used = [bytes_of(part.get("usedbytes", "")) for part in parts]
        return Storage(
            present=None if failed is None else True,
            failed=failed,
            writable=False
            if state in _SHUT or "readonly" in kinds
            else True
            if "readwrite" in kinds
            else None,
            used_bytes=_sum(used),
            total_bytes=_sum(total) or None,
        )


def _flag(value: str) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(value.lower())


def _sum(sizes: list[int | None]) -> int | None:
    """Return the sum of all, None where one is not told."""
    known = [size for size in sizes if size is not None]
    return sum(known) if known and len(known) == len(sizes) else None
