"""What of an evidence package a program reads: `manifest.json` (docs/evidence-package.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
import json
import unicodedata

from ..device.model import ClockReading
from ..ledger.model import Json
from .clip_files import FileRole, Purpose, files_for
from .clip_model import ClipClock, SealedClip, Withheld
from .cut_files import cut_files
from .package_model import (
    FIELDS,
    INVISIBLE,
    MICROSECOND,
    CameraFacts,
    PackageCase,
    PackageDecision,
    PackedCut,
    TakenByHand,
)

_VERSION = 1


def manifest(
    case: PackageCase,
    clips: Sequence[tuple[CameraFacts, SealedClip]],
    by_hand: Sequence[TakenByHand],
    fingerprint: str,
    cuts: Sequence[PackedCut] = (),
) -> bytes:
    """Return the manifest; `fingerprint` is that of the section's certificate."""
    parts = _Parts(case.time_zone)
    return _encoded(
        {
            "format": "niiza_cctv evidence package",
            "format_version": _VERSION,
            "software": case.software,
            "released_at": parts.at(case.released_at),
            "section": {"name": case.section, "certificate_sha256": fingerprint},
            "case": parts.case(case),
            "clips": [parts.clip(camera, clip) for camera, clip in clips],
            "cuts": [parts.cut(cut) for cut in cuts],
            # Not in this package: on a medium of its own, and under no checksum but the one that is named.
            "by_hand": [parts.by_hand(footage) for footage in by_hand],
        }
    )


@dataclass(frozen=True)
class _Parts:
    """The parts of a manifest, with the times of one zone."""

    zone: tzinfo

    def at(self, moment: datetime) -> str:
        return moment.astimezone(self.zone).isoformat(timespec="microseconds")

    def span(self, start: datetime, end: datetime) -> dict[str, Json]:
        return {"start": self.at(start), "end": self.at(end)}

    def case(self, case: PackageCase) -> dict[str, Json]:
        return {
            "id": case.id,
            "kind": case.kind,
            "request": {name: case.request[name] for name in FIELDS if case.request.get(name)},
            "steps": [
                {
                    "action": step.action,
                    "person": step.person,
                    "person_id": step.person_id,
                    "at": self.at(step.at),
                    **({"item": step.item} if step.item else {}),
                }
                for step in case.steps
            ],
            **({} if case.decision is None else {"decision": _decision(case.decision)}),
        }

    def clock(self, reading: ClockReading | None) -> Json:
        if reading is None:
            return None
        return {
            "camera_minus_true_us": reading.offset // MICROSECOND,
            "uncertainty_us": reading.uncertainty // MICROSECOND,
            "measured_at": self.at(reading.measured_at),
            "method": "ONVIF GetSystemDateAndTime, half the round trip taken off",
            "camera_sets_its_clock_by": reading.mode.value,
        }

    def clip_clock(self, camera: CameraFacts, clip: SealedClip) -> dict[str, Json]:
        """By what clock the pictures stand; clips of before there was a history have the one offset alone."""
        known: dict[str, Json] = {
            "camera_minus_true_in_clip_us": clip.clock_offset,
            "last_measurement": self.clock(camera.clock),
        }
        if clip.clocks:
            known["stretches"] = [self.stretch(clock) for clock in clip.clocks]
        return known

    def stretch(self, clock: ClipClock) -> dict[str, Json]:
        """By what clock a stretch was placed; `known` is a word of `ClockKnown`."""
        return {
            **self.span(clock.start, clock.end),
            "camera_minus_true_us": clock.ahead,
            "camera_minus_true_at_end_us": clock.ahead_until,
            "known": clock.known.value,
            "measured": None if clock.measured is None else [self.at(at) for at in clock.measured],
            "may_be_off_us": clock.doubt,
            "clock_showed_these_times_twice": clock.twice,
        }

    def why(self, withheld: Withheld | None) -> dict[str, Json]:
        """Return what is known of a gap besides that there is one."""
        if withheld is None:
            return {}
        known: dict[str, Json] = {"reason": withheld.reason.value}
        if withheld.decided_at is not None:
            known |= {"not_given_until": self.at(withheld.decided_at), "decided_by": "exporter"}
        return known

    def clip(self, camera: CameraFacts, clip: SealedClip) -> dict[str, Json]:
        return {
            "camera": _camera(camera),
            "clock": self.clip_clock(camera, clip),
            "requested": self.span(clip.requested_start, clip.requested_end),
            "actual": self.span(clip.first_picture, clip.last_picture),
            "lead_in_us": clip.lead_in // MICROSECOND,
            # Pictures from behind the end requested: they hold the signature of those before.
            "read_on_pictures": clip.read_on,
            "duration_us": clip.duration,
            "gaps": [{**self.span(*gap), **self.why(clip.known_of(gap))} for gap in clip.gaps],
            "segments": [
                {"offset_us": segment.offset, **self.span(segment.start, segment.end)}
                for segment in clip.segments
            ],
            **_pictures(clip),
            "files": [
                {**one.file.as_json(), "role": one.role.value}
                for one in files_for(clip, Purpose.HANDOVER)
            ],
        }

    def cut(self, packed: PackedCut) -> dict[str, Json]:
        """Tell of a part of a clip what was asked for, what it shows, and what else lies in the file."""
        cut, clip = packed.cut.cut, packed.clip
        signing = packed.cut.signing
        return {
            "id": packed.id,
            "camera": _camera(packed.camera),
            "clock": self.clip_clock(packed.camera, clip),
            # Pictures of start <= t < end.
            "requested": self.span(cut.start, cut.end),
            "granted": self.span(cut.first_picture, cut.last_picture),
            "pictures": cut.pictures,
            "hidden_pictures": cut.hidden,
            "hidden_pictures_before": cut.hidden_before,
            "hidden_pictures_after": cut.hidden_after,
            "encoded_anew": cut.encoded_anew,
            "original": not cut.encoded_anew,
            **({} if packed.masked_by is None else {"masked_by_track_sha256": packed.masked_by}),
            "cut_from": {
                "clip": packed.clip_id,
                "sha256": cut.source_sha256,
                "requested": self.span(clip.requested_start, clip.requested_end),
                "actual": self.span(clip.first_picture, clip.last_picture),
            },
            "duration_us": cut.duration,
            "segments": [
                {"offset_us": segment.offset, **self.span(segment.start, segment.end)}
                for segment in cut.segments
            ],
            "codec": "h264" if cut.encoded_anew else clip.codec,
            "width": clip.width,
            "height": clip.height,
            "audio": False,
            **({} if signing is None else {"camera_signature": signing.as_json()}),
            "files": [
                {
                    **one.file.as_json(),
                    "role": one.role.value if packed.masked_by is None else FileRole.MASKED.value,
                }
                for one in cut_files(packed.cut, clip.codec, Purpose.HANDOVER)
            ],
        }

    def by_hand(self, footage: TakenByHand) -> dict[str, Json]:
        return {
            "id": footage.id,
            "camera": _camera(footage.camera),
            "clock": {
                "camera_minus_true_s": footage.clock_offset,
                "method": None if footage.clock_offset is None else "by eye",
            },
            "passage": self.span(footage.start, footage.end),
            "medium": footage.medium,
            "medium_serial": footage.serial,
            "sha256": footage.sha256,
        }


def _decision(decision: PackageDecision) -> dict[str, Json]:
    return {
        "outcome": decision.outcome,
        "way": decision.way,
        "grounds": [*decision.grounds],
    }


def _camera(camera: CameraFacts) -> dict[str, Json]:
    return {
        "name": camera.name,
        "manufacturer": camera.manufacturer,
        "model": camera.model,
        "serial": camera.serial,
        "firmware": camera.firmware,
        "macs": [*camera.macs],
    }


def _pictures(clip: SealedClip) -> dict[str, Json]:
    return {
        "codec": clip.codec,
        "width": clip.width,
        "height": clip.height,
        "parameters_vary": clip.varies,
        "pictures": clip.pictures,
        "pictures_damaged": clip.damaged,
        "audio": False,
        "camera_signature_present": clip.signed_by_camera,
        # ONVIF Media Signing; clips that were sealed before signatures were checked have none.
        **({} if clip.signing is None else {"camera_signature": clip.signing.as_json()}),
    }


def _encoded(value: Json) -> bytes:
    """Return JSON that can be read as it is, signs that play tricks on the reader (direction and the like) escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return "".join(
        json.dumps(sign)[1:-1] if unicodedata.category(sign) in INVISIBLE else sign for sign in text
    ).encode()
