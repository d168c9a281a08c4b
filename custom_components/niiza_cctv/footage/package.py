"""The evidence package: one ZIP file that a recipient can check with nothing but standard tools.

Synchronous: for worker threads.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from ..device.model import ClockReading
from .clip import ClipFile, SealedClip
from .signing import Signer


class PackageInvalid(Exception):
    """A file for the package is not the one that was sealed, or cannot be put into one."""


@dataclass(frozen=True, kw_only=True)
class PackageStep:
    """Who did what in the case and when."""

    # "created", "requested", "approved", "released" (the table of labels; others are shown as they are).
    action: str
    # Name and Home Assistant user id.
    person: str
    person_id: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PackageCase:
    """What the package says of its case; the texts are shown as typed, so they may be anything."""

    id: str
    # As in `cases.kinds`: "police_inquiry", …
    kind: str
    section: str
    # The request's fields by their names in `cases.kinds`: legal_basis, document_number, …
    request: Mapping[str, str]
    steps: Sequence[PackageStep]
    released_at: datetime
    # Of the section: for the times that people read.
    time_zone: tzinfo
    # Name and version.
    software: str


@dataclass(frozen=True, kw_only=True)
class CameraFacts:
    """What the package says of a camera, as far as the camera told."""

    name: str
    manufacturer: str
    model: str
    serial: str
    firmware: str
    macs: tuple[str, ...] = ()
    # The measurement by which the clip's times were corrected; None: never measured.
    clock: ClockReading | None = None


def build_package(
    case: PackageCase,
    clips: Sequence[tuple[CameraFacts, SealedClip]],
    source: Path,
    target: Path,
    signer: Signer,
    *,
    passphrase: str | None = None,
    cancelled: Callable[[], bool],
    progress: Callable[[float], None],
) -> ClipFile:
    """Put the clips in the folder `source` and what belongs to them into the ZIP file `target`."""
    raise NotImplementedError
