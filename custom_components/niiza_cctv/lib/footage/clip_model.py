"""What is known of a clip that was sealed, as the ledger keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from ..device.clock_history import ClockKnown
from ..ledger.model import Json
from .media_signing.report import Signing, Span
from .time_text import from_text, text_of


class ClipInvalid(Exception):
    """The clip is not what was asked for, or not whole; the message says why."""


class ClipCancelled(Exception):
    """The work was called off; nothing of it is left."""


@dataclass(frozen=True, kw_only=True)
class ClipFile:
    """A finished file: its name without folder, SHA-256 in lower-case hexadecimal, bytes."""

    name: str
    sha256: str
    size: int

    def as_json(self) -> dict[str, Json]:
        """Return what the ledger keeps."""
        return {"name": self.name, "sha256": self.sha256, "size": self.size}

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError for anything else."""
        match value:
            case {"name": str(name), "sha256": str(sha256), "size": int(size)}:
                return cls(name=name, sha256=sha256, size=size)
        raise ValueError("Not a finished file")


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A stretch of a clip without a gap: where it begins in the clip, and what true time it shows."""

    # Microseconds from the clip's first picture.
    offset: int
    # Of the first and the last picture.
    start: datetime
    end: datetime

    def as_json(self) -> dict[str, Json]:
        """Return what the ledger keeps."""
        return {"offset_us": self.offset, "start": text_of(self.start), "end": text_of(self.end)}

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError for anything else."""
        match value:
            case {"offset_us": int(offset), "start": str(start), "end": str(end)}:
                return cls(offset=offset, start=from_text(start), end=from_text(end))
        raise ValueError("Not a segment")


def true_time(stretches: Sequence[Segment], offset: int) -> datetime:
    """Return what true time a clip shows so many microseconds behind its first picture."""
    stretch = next(
        # Where a stretch begins is rounded to a tick of the media clock.
        (one for one in reversed(stretches) if one.offset <= offset + 100),
        stretches[0],
    )
    return stretch.start + timedelta(microseconds=offset - stretch.offset)


class WithheldReason(StrEnum):
    """Why a camera did not give what it lists."""

    # It failed there each time it was asked.
    CAMERA_FAILS = "camera_fails"
    # It lists footage there and gives none.
    LISTED_NOT_GIVEN = "listed_not_given"
    # It lists more recordings than are read: what is there nobody knows.
    NOT_READ = "not_read"
    # It had not given it when somebody decided to seal what had come.
    SEALED_EARLY = "sealed_early"


@dataclass(frozen=True, kw_only=True)
class Withheld:
    """A gap that need not be one in the recording: asked for, and not given."""

    start: datetime
    end: datetime
    reason: WithheldReason
    # When somebody decided to wait no longer, for SEALED_EARLY.
    decided_at: datetime | None = None

    def as_json(self) -> dict[str, Json]:
        """Return what the ledger keeps."""
        known: dict[str, Json] = {
            "start": text_of(self.start),
            "end": text_of(self.end),
            "reason": self.reason.value,
        }
        if self.decided_at is not None:
            known["decided_at"] = text_of(self.decided_at)
        return known

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError for anything else."""
        match value:
            case {"start": str(start), "end": str(end), "reason": str(reason)}:
                return cls(
                    start=from_text(start),
                    end=from_text(end),
                    reason=WithheldReason(reason),
                    decided_at=_decided_at(value),
                )
        raise ValueError("Not a gap with a reason")


@dataclass(frozen=True, kw_only=True)
class ClipClock:
    """By what clock a stretch of a clip was placed in time, and how that is known."""

    # Of the first and the last picture, in true time.
    start: datetime
    end: datetime
    # What the camera's clock showed at them, less true time; microseconds.
    ahead: int
    ahead_until: int
    known: ClockKnown
    # The first and the last measurement that it rests on.
    measured: tuple[datetime, datetime] | None
    # How far the offset may be from what it was, in microseconds; zero: within the error of measuring.
    doubt: int
    # The clock showed these times more than once: the pictures may be of another moment.
    twice: bool

    def as_json(self) -> dict[str, Json]:
        """Return what the ledger keeps."""
        return {
            "start": text_of(self.start),
            "end": text_of(self.end),
            "ahead_us": self.ahead,
            "ahead_until_us": self.ahead_until,
            "known": self.known.value,
            "measured": None if self.measured is None else [text_of(at) for at in self.measured],
            "doubt_us": self.doubt,
            "twice": self.twice,
        }

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError for anything else."""
        match value:
            case {
                "start": str(start),
                "end": str(end),
                "ahead_us": int(ahead),
                "ahead_until_us": int(ahead_until),
                "known": str(known),
                "measured": measured,
                "doubt_us": int(doubt),
                "twice": bool(twice),
            }:
                return cls(
                    start=from_text(start),
                    end=from_text(end),
                    ahead=ahead,
                    ahead_until=ahead_until,
                    known=ClockKnown(known),
                    measured=None if measured is None else _gap(measured),
                    doubt=doubt,
                    twice=twice,
                )
        raise ValueError("Not the clock of a stretch")


@dataclass(frozen=True, kw_only=True)
class SealedClip:
    """What is known of a passage that was written and proved. All times are true times."""

    # The camera's own bytes.
    master: ClipFile
    # Derived, where ordinary players may not show the master (`clip_files`).
    viewing_copy: ClipFile | None
    # "h264" or "hevc".
    codec: str
    # Of the largest picture; `varies` where the camera changed its settings on the way.
    width: int
    height: int
    varies: bool
    pictures: int
    # Pictures that the decoder found damaged or left out, or that came with parts missing: so the camera gave them.
    damaged: int
    # Of the clip as it plays, gaps closed, in microseconds.
    duration: int
    requested_start: datetime
    requested_end: datetime
    # The first lies before `requested_start` where pictures are needed to decode those asked for (lead-in).
    first_picture: datetime
    last_picture: datetime
    # Within what was requested.
    gaps: tuple[tuple[datetime, datetime], ...]
    segments: tuple[Segment, ...]
    # Whether signed-video SEI messages are inside (ONVIF Media Signing), and what they prove.
    signed_by_camera: bool
    # What the camera's clock showed at the first picture, less its true time, in microseconds.
    clock_offset: int = 0
    # Those of the gaps that the camera lists as footage.
    withheld: tuple[Withheld, ...] = ()

    def reason(self, gap: tuple[datetime, datetime]) -> WithheldReason | None:
        """Return why a gap is there, as far as more is known than that no picture came."""
        known = self.known_of(gap)
        return None if known is None else known.reason

    def known_of(self, gap: tuple[datetime, datetime]) -> Withheld | None:
        """Return what is known of why a gap is there."""
        return max(
            (one for one in self.withheld if one.start < gap[1] and one.end > gap[0]),
            key=lambda one: min(one.end, gap[1]) - max(one.start, gap[0]),
            default=None,
        )

    # Empty for clips of before there was a history: then the offset holds for the whole clip, as measured when sealed.
    clocks: tuple[ClipClock, ...] = ()
    # None: of clips of before signatures were checked.
    signing: Signing | None = None
    # Pictures from behind `requested_end`, fetched for the signature that they hold.
    read_on: int = 0

    @property
    def signed_spans(self) -> tuple[Span, ...]:
        """Return the stretches of what was asked for that are not simply authentic; what was read on has no signature."""
        spans = () if self.signing is None else self.signing.spans
        return tuple(one for one in spans if not self.read_on or one.start <= self.requested_end)

    @property
    def lead_in(self) -> timedelta:
        """Return how long the clip shows pictures from before what was asked for."""
        return max(self.requested_start - self.first_picture, timedelta())

    def as_json(self) -> dict[str, Json]:
        """Return what the ledger keeps."""
        return {
            "master": self.master.as_json(),
            "viewing_copy": self.viewing_copy.as_json() if self.viewing_copy else None,
            "codec": self.codec,
            "width": self.width,
            "height": self.height,
            "varies": self.varies,
            "pictures": self.pictures,
            "damaged": self.damaged,
            "duration_us": self.duration,
            "requested_start": text_of(self.requested_start),
            "requested_end": text_of(self.requested_end),
            "first_picture": text_of(self.first_picture),
            "last_picture": text_of(self.last_picture),
            "gaps": [[text_of(start), text_of(end)] for start, end in self.gaps],
            "segments": [segment.as_json() for segment in self.segments],
            "signed_by_camera": self.signed_by_camera,
            "clock_offset_us": self.clock_offset,
            "withheld": [one.as_json() for one in self.withheld],
            "clocks": [clock.as_json() for clock in self.clocks],
            "signing": None if self.signing is None else self.signing.as_json(),
            "read_on": self.read_on,
        }

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError for anything else."""
        match value:
            case {
                "master": master,
                "viewing_copy": viewing_copy,
                "codec": str(codec),
                "width": int(width),
                "height": int(height),
                "varies": bool(varies),
                "pictures": int(pictures),
                "damaged": int(damaged),
                "duration_us": int(duration),
                "requested_start": str(requested_start),
                "requested_end": str(requested_end),
                "first_picture": str(first_picture),
                "last_picture": str(last_picture),
                "gaps": [*gaps],
                "segments": [*segments],
                "signed_by_camera": bool(signed_by_camera),
                "clock_offset_us": int(clock_offset),
            }:
                return cls(
                    master=ClipFile.from_json(master),
                    viewing_copy=ClipFile.from_json(viewing_copy) if viewing_copy else None,
                    codec=codec,
                    width=width,
                    height=height,
                    varies=varies,
                    pictures=pictures,
                    damaged=damaged,
                    duration=duration,
                    requested_start=from_text(requested_start),
                    requested_end=from_text(requested_end),
                    first_picture=from_text(first_picture),
                    last_picture=from_text(last_picture),
                    gaps=tuple(_gap(gap) for gap in gaps),
                    segments=tuple(Segment.from_json(segment) for segment in segments),
                    signed_by_camera=signed_by_camera,
                    clock_offset=clock_offset,
                    withheld=_withheld(value),
                    clocks=_clocks(value),
                    signing=_signing(value),
                    read_on=_read_on(value),
                )
        raise ValueError("Not a sealed clip")


def _decided_at(value: Json) -> datetime | None:
    match value:
        case {"decided_at": str(decided_at)}:
            return from_text(decided_at)
    return None


def _withheld(value: Json) -> tuple[Withheld, ...]:
    """Return what older versions did not know."""
    match value:
        case {"withheld": [*withheld]}:
            return tuple(Withheld.from_json(one) for one in withheld)
    return ()


def _signing(value: Json) -> Signing | None:
    match value:
        case {"signing": dict() as signing}:
            return Signing.from_json(signing)
    return None


def _read_on(value: Json) -> int:
    match value:
        case {"read_on": int(read_on)}:
            return read_on
    return 0


def _clocks(value: Json) -> tuple[ClipClock, ...]:
    match value:
        case {"clocks": [*clocks]}:
            return tuple(ClipClock.from_json(clock) for clock in clocks)
        case {"clocks": _}:
            raise ValueError("Not the clocks of a clip")
    return ()


def _gap(value: Json) -> tuple[datetime, datetime]:
    match value:
        case [str(start), str(end)]:
            return from_text(start), from_text(end)
    raise ValueError("Not a gap")
