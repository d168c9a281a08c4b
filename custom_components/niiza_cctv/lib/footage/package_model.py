"""What an evidence package says of its case, its cameras and what was taken by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import Self
import unicodedata

from ..device.model import ClockMode, ClockReading
from ..ledger.model import Json
from .clip_model import SealedClip
from .cut import SealedCut

KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "police_inquiry": ("捜査関係事項照会", "Police inquiry"),
        "disclosure_request": ("開示請求", "Disclosure request"),
        "bar_inquiry": ("弁護士会照会", "Bar inquiry"),
        "court_commission": ("文書送付嘱託・調査嘱託", "Court commission"),
        "internal_inspection": ("内部点検", "Internal inspection"),
    }
)
# What of a request is handed over with the footage; remarks that the section wrote for itself are not.
FIELDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "legal_basis": ("法的根拠", "Legal basis"),
        "document_number": ("文書番号", "Document number"),
        "document_date": ("文書の日付", "Document date"),
        "organisation": ("請求者の所属", "Organisation"),
        "requester": ("請求者の氏名", "Requester"),
        "contact": ("連絡先", "Contact"),
        "purpose": ("目的", "Purpose"),
        "event_time": ("請求者が示した日時", "Time named by the requester"),
        "event_place": ("請求者が示した場所", "Place named by the requester"),
    }
)
DECIDED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "disclosed_in_full": ("全部開示", "Disclosed in full"),
        "disclosed_in_part": ("一部開示", "Disclosed in part"),
    }
)
WAYS: Mapping[str, tuple[str, str]] = MappingProxyType({"copy": ("写しの交付", "by a copy")})
MICROSECOND = timedelta(microseconds=1)
# Format, surrogate and unassigned; private use stays, names are written with such characters.
INVISIBLE = frozenset({"Cf", "Cs", "Cn"})


class PackageInvalid(Exception):
    """A file for the package is not the one that was sealed, or cannot be put into one."""


@dataclass(frozen=True, kw_only=True)
class PackageStep:
    """Who did what in the case and when."""

    # "created", "requested", "cut", "masked", "registered" and "witnessed" (of what was taken by hand), "chosen", "proposed" (the decision), "approved", "released"
    action: str
    # Name and Home Assistant user id.
    person: str
    person_id: str
    at: datetime
    # The clip or cut that was approved; empty of what is about the whole case.
    item: str = ""


@dataclass(frozen=True, kw_only=True)
class PackageDecision:
    """How a request for disclosure was answered; its part is what the package holds."""

    # As in `cases.model`: a key of `DECIDED`, and one of `WAYS`.
    outcome: str
    way: str
    # What is not disclosed rests on these, in the words of the law.
    grounds: tuple[str, ...]


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
    # Whether Japanese papers count years as 令和 does; what programs read never does.
    japanese_era: bool = False
    # Name and version.
    software: str
    # None of a kind that has none.
    decision: PackageDecision | None = None


@dataclass(frozen=True, kw_only=True)
class CameraFacts:
    """What the package says of a camera, as far as the camera told."""

    name: str
    manufacturer: str
    model: str
    serial: str
    firmware: str
    macs: tuple[str, ...] = ()
    # The last measurement of its clock against ours; None: never measured.
    clock: ClockReading | None = None

    def as_json(self) -> dict[str, Json]:
        """Return what the ledger keeps."""
        clock: dict[str, Json] | None = None
        if self.clock is not None:
            clock = {
                "offset_us": self.clock.offset // MICROSECOND,
                "uncertainty_us": self.clock.uncertainty // MICROSECOND,
                "mode": self.clock.mode.value,
                "measured_at": self.clock.measured_at.isoformat(),
            }
        return {
            "name": self.name,
            "manufacturer": self.manufacturer,
            "model": self.model,
            "serial": self.serial,
            "firmware": self.firmware,
            "macs": [*self.macs],
            "clock": clock,
        }

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError for anything else."""
        match value:
            case {
                "name": str(name),
                "manufacturer": str(manufacturer),
                "model": str(model),
                "serial": str(serial),
                "firmware": str(firmware),
                "macs": list(macs),
                "clock": clock,
            }:
                return cls(
                    name=name,
                    manufacturer=manufacturer,
                    model=model,
                    serial=serial,
                    firmware=firmware,
                    macs=tuple(str(mac) for mac in macs),
                    clock=_clock_reading(clock),
                )
        raise ValueError("Not what is known of a camera")


def _clock_reading(value: Json) -> ClockReading | None:
    match value:
        case None:
            return None
        case {
            "offset_us": int(offset),
            "uncertainty_us": int(uncertainty),
            "mode": str(mode),
            "measured_at": str(measured_at),
        }:
            return ClockReading(
                offset=offset * MICROSECOND,
                uncertainty=uncertainty * MICROSECOND,
                mode=ClockMode(mode),
                measured_at=datetime.fromisoformat(measured_at),
            )
    raise ValueError("Not a measurement of a clock")


@dataclass(frozen=True, kw_only=True)
class PackedCut:
    """A part of a sealed clip that leaves in place of it."""

    id: str
    camera: CameraFacts
    # What it was cut from; that stays at the section.
    clip_id: str
    clip: SealedClip
    cut: SealedCut
    # SHA-256 of the track by which all else is hidden; None where nothing is.
    masked_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class TakenByHand:
    """Footage that people copied at the station: the package names it, but it lies on a medium of its own."""

    id: str
    camera: CameraFacts
    # True time, as far as it is known.
    start: datetime
    end: datetime
    medium: str
    serial: str
    # Of the copied file, where somebody computed it.
    sha256: str | None
    # Seconds that the camera's clock was ahead, as seen by eye.
    clock_offset: int | None


def plain_text(text: str) -> str:
    """Return a text on one line, without signs that cannot be seen."""
    spaced = "".join(
        " " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in text
    )
    return "".join(sign for sign in spaced if unicodedata.category(sign) not in INVISIBLE).strip()
