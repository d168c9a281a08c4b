"""Makers' own pages of storages, after their published documentation.

Axis: VAPIX, "Edge storage API" (disks/list.cgi, disks/gethealth.cgi). Hikvision: ISAPI, ContentMgmt/Storage. Dahua: "HTTP
API", storageDevice.cgi?action=getDeviceAllInfo; without a card 400, as cameras answer in the field.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .camera import CardFault, CardWord, StorageStatus, VirtualCamera

# What `unreadable`, `unanswered` and the list of calls name it.
STORAGE_PAGE = "MakerStorage"
_GIB = 1024**3
_FULL = 0.97


@dataclass(frozen=True, kw_only=True)
class Page:
    """An answer over HTTP."""

    body: str
    content_type: str = "text/xml"
    status: int = 200


def maker_pages(camera: VirtualCamera) -> Mapping[str, Page]:
    """Return what a camera's pages say just now, by path and query."""
    if camera.config.storage_status is StorageStatus.NONE:
        return MappingProxyType({})
    return _PAGES[camera.config.storage_status](camera, _word(camera))


def _word(camera: VirtualCamera) -> CardWord:
    """Return what the camera says of its card."""
    if camera.faults.card_word is not CardWord.TRUE:
        return camera.faults.card_word
    return {CardFault.REMOVED: CardWord.ABSENT, CardFault.FAILED: CardWord.ERROR}.get(
        camera.faults.card, CardWord.WELL
    )


def _sizes(camera: VirtualCamera, unit: int) -> tuple[int, int]:
    """Return the size of the card and what of it is free: one that overwrites its oldest day is nearly full."""
    total = int(camera.config.card_size * _GIB)
    return total // unit, int(total * (1 - _FULL)) // unit


def _axis(camera: VirtualCamera, word: CardWord) -> dict[str, Page]:
    status = {
        CardWord.ERROR: "failed",
        CardWord.UNFORMATTED: "connected",
        CardWord.ABSENT: "disconnected",
    }.get(word, "OK")
    there = word is not CardWord.ABSENT
    total, free = _sizes(camera, 1024) if there else (0, 0)
    flags = " ".join(
        f'{name}="{"yes" if is_so else "no"}"'
        for name, is_so in (
            ("locked", word is CardWord.LOCKED),
            ("full", word is CardWord.FULL),
            ("readonly", False),
        )
    )
    disk = (
        f'<disk diskid="SD_DISK" name="" totalsize="{total}" freesize="{free}" cleanuplevel="99" cleanupmaxage="0"'
        f' cleanuppolicy="fifo" {flags} status="{status}" filesystem="{"ext4" if there else ""}" group="S0"'
        ' requiredfilesystem="none" encryptionenabled="false" diskencrypted="false"/>'
    )
    share = (
        '<disk diskid="NetworkShare" name="" totalsize="0" freesize="0" cleanuppolicy="fifo" locked="no" full="no"'
        ' readonly="no" status="disconnected" filesystem="cifs" group="S1"/>'
    )
    if word is CardWord.UNNAMED:
        disk = ""
    wear = camera.config.card_wear if there else None
    health = (
        f'<HealthStatus diskid="SD_DISK" wear="{-1 if wear is None else wear}"/>'
        '<HealthStatus diskid="NetworkShare" wear="-3"/>'
    )
    return {
        "/axis-cgi/disks/list.cgi?diskid=all": Page(
            body=f'<?xml version="1.0" encoding="UTF-8"?>\n<root><disks numberofdisks="2">{disk}{share}</disks></root>'
        ),
        "/axis-cgi/disks/gethealth.cgi": Page(
            body='<?xml version="1.0" encoding="UTF-8"?>\n<HealthStatusResponse><HealthStatusSuccess>'
            f"{health}</HealthStatusSuccess></HealthStatusResponse>"
        ),
    }


def _hikvision(camera: VirtualCamera, word: CardWord) -> dict[str, Page]:
    total, free = _sizes(camera, 1024**2)
    status = {
        CardWord.ERROR: "error",
        CardWord.UNFORMATTED: "unformatted",
        CardWord.ABSENT: "notexist",
    }.get(word, "ok")
    right = "RO" if word is CardWord.LOCKED else "RW"
    disk = (
        f"<hdd><id>1</id><hddName>hdda</hddName><hddPath></hddPath><hddType>SD</hddType><status>{status}</status>"
        f"<capacity>{total}</capacity><freeSpace>{free}</freeSpace><property>{right}</property></hdd>"
    )
    listed = "" if word is CardWord.UNNAMED else disk
    return {
        "/ISAPI/ContentMgmt/Storage": Page(
            content_type="application/xml",
            body='<?xml version="1.0" encoding="UTF-8"?>\n'
            '<storage version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">'
            f'<hddList version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema" size="{1 if listed else 0}">'
            f'{listed}</hddList><nasList size="0"></nasList></storage>',
        )
    }


def _dahua(camera: VirtualCamera, word: CardWord) -> dict[str, Page]:
    path = "/cgi-bin/storageDevice.cgi?action=getDeviceAllInfo"
    if word in {CardWord.ABSENT, CardWord.UNNAMED}:
        return {path: Page(status=400, content_type="text/plain", body="Error\r\nBad Request!\r\n")}
    total, free = _sizes(camera, 1)
    state = {CardWord.ERROR: "Error", CardWord.UNFORMATTED: "Unformatted"}.get(word, "Success")
    right = "ReadOnly" if word is CardWord.LOCKED else "ReadWrite"
    lines = (
        f"Detail[0].IsError={'true' if word is CardWord.ERROR else 'false'}",
        "Detail[0].Path=/mnt/sd",
        f"Detail[0].TotalBytes={total}.000000",
        f"Detail[0].Type={right}",
        f"Detail[0].UsedBytes={total - free}.000000",
        "Name=/dev/mmc0",
        f"State={state}",
    )
    body = "".join(f"list.info[0].{line}\r\n" for line in lines)
    return {path: Page(content_type="text/plain", body=body)}


_PAGES: Mapping[StorageStatus, Callable[[VirtualCamera, CardWord], dict[str, Page]]] = {
    StorageStatus.AXIS: _axis,
    StorageStatus.HIKVISION: _hikvision,
    StorageStatus.DAHUA: _dahua,
}
