"""What Hikvision's cameras tell of their storages.

ISAPI, "Storage management": `GET /ISAPI/ContentMgmt/Storage` answers `storage` with a `hddList` of `hdd`: `status` (ok,
unformatted, error, idle, mismatch, offline, smartFailed, reparing, formating, notexist, unRecordHostFormatted), `capacity`
and `freeSpace` in MB, `property` (RW, RO, Redund); `nasList` is of shares and counts for nothing here.
The words with their misspellings are the documentation's, and no others are understood; https://tpp.hikvision.com/ (ISAPI Developer Guide).
Centreon's plugin for these devices, which reads the same page, lists the same eleven.
How far an SD card is worn is told in no place that is documented for cameras.
"""

from typing import Final, NoReturn, override

from ..errors import CameraAnswerInvalid, CameraOperationUnsupported, CameraRightMissing
from ..model import StorageReading
from ..soap import child, children, local_name, text
from ..xml import Element, read_tree
from .probe import MAX_STORAGES, PageProbe, Storage, bytes_of, told_of

_MEGABYTE: Final = 1024 * 1024
_WELL: Final = frozenset({"ok", "idle"})
_FAILED: Final = frozenset(
    {"unformatted", "error", "mismatch", "smartfailed", "unrecordhostformatted"}
)
_ABSENT: Final = frozenset({"notexist", "offline"})
# At work on itself: nothing is recorded meanwhile.
_SHUT: Final = frozenset({"reparing", "formating"})
_LACKS_RIGHT: Final = frozenset({"lowprivilege", "badauthorization", "invalidoperation"})


class HikvisionStorageProbe(PageProbe):
    """ISAPI's list of disks."""

    source = "hikvision"
    path = "/ISAPI/ContentMgmt/Storage"

    @classmethod
    @override
    def reading(cls, body: bytes) -> StorageReading:
        """Return what a list of disks says; an empty one names no card, and also comes where one is at work."""
        root = read_tree(body)
        match local_name(root).lower():
            case "storage":
                listed = next((one for one in root if local_name(one).lower() == "hddlist"), None)
                if listed is None:
                    raise CameraAnswerInvalid("the answer has no list of disks")
            case "hddlist":
                listed = root
            case "responsestatus":
                _raise_status(root)
            case name:
                raise CameraAnswerInvalid(f"not the answer that was asked for: {name[:60]!r}")
        disks = list(children(listed, "hdd"))[:MAX_STORAGES]
        return told_of(cls.source, [_storage(disk) for disk in disks])


def _raise_status(answer: Element) -> NoReturn:
    """Raise what ISAPI says in the place of an answer (ResponseStatus, with HTTP 200 at some cameras)."""
    said = (text(answer, "subStatusCode") or text(answer, "statusString")).lower().replace(" ", "")
    if said in _LACKS_RIGHT:
        raise CameraRightMissing("the user lacks the right for this page")
    raise CameraOperationUnsupported("the camera has no list of disks")


def _storage(disk: Element) -> Storage:
    status = text(disk, "status").lower().replace(" ", "").replace("_", "")
    if status in _ABSENT:
        return Storage(present=False)
    known = status in _WELL | _FAILED | _SHUT
    right = text(disk, "property").upper()
    total = bytes_of(text(disk, "capacity"), _MEGABYTE) or None
    free = bytes_of(text(disk, "freeSpace"), _MEGABYTE)
    return Storage(
        present=True if known else None,
        failed=status in _FAILED if known else None,
        writable=False if status in _SHUT or right == "RO" else True if right == "RW" else None,
        used_bytes=None
        if total is None or free is None or free > total or child(disk, "freeSpace") is None
        else total - free,
        total_bytes=total,
    )
