"""What cameras announce of their card beside ONVIF's one topic: which event tells what, and for how long.

Sources: ONVIF Core, "Device/HardwareFailure/StorageFailure" (data `Failed`); Axis' event declaration (`tnsaxis:Storage/
Disruption` and its own StorageFailure: data `disruption`, by `disk_id`); Hikvision's topics (`tnshik:HardDiskError`,
`HardDiskFull`, `HardDiskUnformat`: mostly without data); the names of Dahua's event codes (`StorageFailure`,
`StorageNotExist`, `StorageLowSpace`). Only the last parts of a topic count, for makers hang them up in different places.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .model import CameraEvent


class StorageWord(StrEnum):
    """What a camera says of its card."""

    FAILED = "failed"
    MISSING = "missing"
    # A card that overwrites its oldest day is always full: it counts only where nothing is written any more.
    FULL = "full"


@dataclass(frozen=True, kw_only=True)
class StorageEvent:
    """One event about one storage; `holds` is None for one that tells no state: something happened, once."""

    word: StorageWord
    # What it is about: topic and source, so that one storage does not speak for another.
    key: str
    holds: bool | None


_WORDS: Final[dict[str, StorageWord]] = {
    "storagefailure": StorageWord.FAILED,
    "harddiskerror": StorageWord.FAILED,
    "harddiskfailure": StorageWord.FAILED,
    "diskerror": StorageWord.FAILED,
    "harddiskunformat": StorageWord.FAILED,
    "harddiskunformatted": StorageWord.FAILED,
    "storagenotexist": StorageWord.MISSING,
    "harddiskfull": StorageWord.FULL,
    "diskfull": StorageWord.FULL,
    "storagelowspace": StorageWord.FULL,
    "storagefull": StorageWord.FULL,
}
# The same, for names that say it only behind another.
_WORDS_BEHIND: Final[dict[tuple[str, str], StorageWord]] = {
    ("storage", "disruption"): StorageWord.FAILED,
}
# Data that are a state, in the order in which they count.
_STATES: Final = (
    "failed",
    "disruption",
    "state",
    "status",
    "error",
    "active",
    "value",
    "logicalstate",
)
_YES: Final = frozenset(
    {"true", "1", "yes", "on", "active", "failed", "error", "abnormal", "alarm"}
)
_NO: Final = frozenset({"false", "0", "no", "off", "inactive", "ok", "normal", "none"})
# Storages that are not in the camera (Axis tells a share that nobody set up as disrupted).
_ELSEWHERE: Final = ("networkshare", "nas", "nfs", "smb", "cifs", "ftp", "share")


def storage_event(event: CameraEvent) -> StorageEvent | None:
    """Return what an event tells of the card, None where it is about something else or says nothing that is known.

    A property that is deleted no longer holds; one that is announced without a state says only that there is such a
    property.
    """
    parts = event.topic.lower().split("/")
    word = _WORDS.get(parts[-1]) or _WORDS_BEHIND.get((parts[-2] if parts[1:] else "", parts[-1]))
    if word is None:
        return None
    source = "/".join(event.source.values())
    if any(name in source.lower().replace("_", "") for name in _ELSEWHERE):
        return None
    told = {name.lower(): value.strip().lower() for name, value in event.data.items()}
    values = [told[name] for name in _STATES if name in told]
    if not values and len(told) == 1:
        # One value can be nothing else, whatever its name.
        values = list(told.values())
    state = next((value in _YES for value in values if value in _YES or value in _NO), None)
    if event.operation == "Deleted":
        state = False
    elif state is None and (values or event.operation == "Initialized"):
        return None
    return StorageEvent(word=word, key=f"{parts[-1]} {source}"[:200], holds=state)
