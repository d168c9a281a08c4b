"""What a poll told of a camera, in words and numbers that can be written down and compared: `tests/captured/`."""

from datetime import timedelta
from typing import TypedDict

from .model import CameraStatus, StorageReading


class ToldStorage(TypedDict):
    """What the camera says of its card; None is what it does not say."""

    source: str
    present: bool | None
    failed: bool | None
    writable: bool | None
    full: bool | None
    none_named: bool
    used_bytes: int | None
    total_bytes: int | None
    wear_percent: int | None


class ToldStatus(TypedDict):
    """One status; None, and an empty list, is what is not known."""

    alive: bool
    error: str | None
    unread: list[str]
    manufacturer: str | None
    model: str | None
    clock_ahead: int | None
    clock_mode: str | None
    profiles: int
    picture: str | None
    sd: str | None
    sd_evidence: str | None
    retention_days: int | None
    audio_disabled: bool | None
    audio_found: list[str]
    audio_read: list[str]
    storage: ToldStorage | None
    # How each source of it answered.
    storage_answers: dict[str, str]
    default_password: bool | None
    administrator: bool | None


def told(status: CameraStatus, *, later: timedelta = timedelta()) -> ToldStatus:
    """Return what a status says; `later` is how much later than its camera's answers it was made."""
    identity, clock, sd, audio = status.identity, status.clock, status.sd, status.audio
    picture = status.main_profile
    return ToldStatus(
        alive=status.alive,
        error=None if status.error is None else type(status.error).__name__.lstrip("_"),
        unread=list(status.unread),
        manufacturer=None if identity is None else identity.manufacturer,
        model=None if identity is None else identity.model,
        clock_ahead=None if clock is None else round((clock.offset + later).total_seconds()),
        clock_mode=None if clock is None else clock.mode.value,
        profiles=len(status.profiles),
        picture=None
        if picture is None
        else f"{picture.video_encoding} {picture.width or '?'}x{picture.height or '?'}",
        sd=None if sd is None else sd.status.value,
        sd_evidence=None if sd is None else sd.evidence.value,
        retention_days=None if status.retention is None else status.retention.days,
        audio_disabled=None if audio is None else audio.disabled,
        audio_found=[] if audio is None else sorted(place.value for place in audio.found),
        audio_read=[] if audio is None else sorted(place.value for place in audio.read),
        storage=None if status.storage is None else _storage(status.storage),
        storage_answers={source: answer.value for source, answer in status.storage_answers.items()},
        default_password=status.default_password,
        administrator=status.administrator,
    )


def _storage(reading: StorageReading) -> ToldStorage:
    return ToldStorage(
        source=reading.source,
        present=reading.card_present,
        failed=reading.card_failed,
        writable=reading.card_writable,
        full=reading.card_full,
        none_named=reading.none_named,
        used_bytes=reading.used_bytes,
        total_bytes=reading.total_bytes,
        wear_percent=reading.wear_percent,
    )
