"""Whether a camera lives: it answers, and where its mails are expected they come (F3)."""

from dataclasses import dataclass
from enum import StrEnum

from .model import CameraStatus, Heartbeat


class Sign(StrEnum):
    """A sign of life that may fail."""

    ONVIF = "onvif"
    MAIL = "mail"


@dataclass(frozen=True, kw_only=True)
class AliveVerdict:
    """Whether the camera lives; None as long as nothing is known. `failed` names the signs that are missing."""

    alive: bool | None
    failed: tuple[Sign, ...] = ()


def judge_alive(status: CameraStatus, heartbeat: Heartbeat) -> AliveVerdict:
    """Return whether the camera lives: one missing sign is enough for death, for it means trouble (F3)."""
    asked = status.alive or status.error is not None
    failed = []
    if asked and not status.alive:
        failed.append(Sign.ONVIF)
    if heartbeat.silent:
        failed.append(Sign.MAIL)
    if failed:
        return AliveVerdict(alive=False, failed=tuple(failed))
    return AliveVerdict(alive=True if asked else None)
