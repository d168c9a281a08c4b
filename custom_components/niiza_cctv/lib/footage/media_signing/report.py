"""What a camera's signatures prove of a clip, as the ledger, the papers and the panel tell it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final, Self, TypedDict

from ...ledger.model import Json
from ..time_text import from_text, text_of
from .chain import Signer, Trust
from .verifier import GroupProof, Reason, SigningReport, Source, State, Verdict

# Certificates longer than this are not told: a recipient finds them at the camera.
_MAX_TOLD: Final = 16 * 1024
# Stretches that are told one by one; of more the number is.
MAX_SPANS: Final = 50


@dataclass(frozen=True, kw_only=True)
class Span:
    """Groups in a row that are not simply authentic, of one verdict and reason; true times."""

    start: datetime
    end: datetime
    verdict: Verdict
    reason: Reason
    groups: int
    missing: int

    def as_json(self) -> dict[str, Json]:
        """Return what the ledger keeps."""
        return {
            "start": text_of(self.start),
            "end": text_of(self.end),
            "verdict": self.verdict.value,
            "reason": self.reason.value,
            "groups": self.groups,
            "missing": self.missing,
        }

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError for anything else."""
        match value:
            case {
                "start": str(start),
                "end": str(end),
                "verdict": str(verdict),
                "reason": str(reason),
                "groups": int(groups),
                "missing": int(missing),
            }:
                return cls(
                    start=from_text(start),
                    end=from_text(end),
                    verdict=Verdict(verdict),
                    reason=Reason(reason),
                    groups=groups,
                    missing=missing,
                )
        raise ValueError("Not a stretch of signatures")


@dataclass(frozen=True, kw_only=True)
class Signing:
    """What the signatures of a clip prove.

    `until`: the last picture up to which all from the start on is proved; None when nothing is. `spans` are what is not
    simply authentic, `more_spans` how many are left out. `maker` is what the camera calls itself (maker, serial
    number, firmware). `older_format`: signatures in Axis's format of before are there, and unchecked. `source`: where the
    certificate came from; one that is not among the pictures is in `certificates` (PEM), for whoever checks on.
    """

    state: State
    until: datetime | None
    groups: int
    spans: tuple[Span, ...]
    more_spans: int
    signers: tuple[Signer, ...]
    maker: tuple[str, str, str] | None
    unreadable: int
    older_format: bool
    source: Source | None = None
    certificates: str = ""

    @property
    def unproved_end(self) -> Span | None:
        """Return the groups at the end whose signature lies behind it; None where the end is proved."""
        last = self.spans[-1] if self.spans and not self.more_spans else None
        return last if last is not None and last.reason is Reason.NO_SIGNATURE else None

    @property
    def trust(self) -> Trust | None:
        """Return the worst that is known of the keys; None when there is none."""
        order = list(Trust)
        return max((one.trust for one in self.signers), key=order.index, default=None)

    @classmethod
    def of(cls, report: SigningReport) -> Self:
        """Return a report as it is told."""
        spans = list(_spans(report.groups))
        vendor = report.vendor
        return cls(
            state=report.state,
            until=report.until,
            groups=len(report.groups),
            spans=tuple(spans[:MAX_SPANS]),
            more_spans=max(len(spans) - MAX_SPANS, 0),
            signers=report.signers,
            maker=(vendor.manufacturer, vendor.serial, vendor.firmware) if vendor else None,
            unreadable=report.unreadable,
            older_format=report.older_format,
            source=report.source,
            certificates=_certificates(report),
        )

    def as_json(self) -> dict[str, Json]:
        """Return what the ledger keeps."""
        return {
            "state": self.state.value,
            "until": None if self.until is None else text_of(self.until),
            "groups": self.groups,
            "spans": [span.as_json() for span in self.spans],
            "more_spans": self.more_spans,
            "signers": [
                {
                    "subject": one.subject,
                    "fingerprint": one.fingerprint,
                    "root": one.root,
                    "trust": one.trust.value,
                }
                for one in self.signers
            ],
            "maker": None if self.maker is None else [*self.maker],
            "unreadable": self.unreadable,
            "older_format": self.older_format,
            "certificate_from": None if self.source is None else self.source.value,
            "certificates": self.certificates,
        }

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError for anything else."""
        match value:
            case {
                "state": str(state),
                "until": None | str() as until,
                "groups": int(groups),
                "spans": [*spans],
                "more_spans": int(more),
                "signers": [*signers],
                "maker": maker,
                "unreadable": int(unreadable),
                "older_format": bool(older),
            }:
                return cls(
                    state=State(state),
                    until=None if until is None else from_text(until),
                    groups=groups,
                    spans=tuple(Span.from_json(one) for one in spans),
                    more_spans=more,
                    signers=tuple(_signer(one) for one in signers),
                    maker=_maker(maker),
                    unreadable=unreadable,
                    older_format=older,
                    **_where_from(value),
                )
        raise ValueError("Not what signatures prove")


class _WhereFrom(TypedDict):
    source: Source | None
    certificates: str


def _where_from(value: Json) -> _WhereFrom:
    """Return what older versions did not tell."""
    match value:
        case {"certificate_from": None | str() as source, "certificates": str(certificates)}:
            known = None if source is None else Source(source)
            return _WhereFrom(source=known, certificates=certificates)
    return _WhereFrom(source=None, certificates="")


def _certificates(report: SigningReport) -> str:
    if report.source is not Source.CAMERA or not report.chain or len(report.chain) > _MAX_TOLD:
        return ""
    return report.chain.decode("ascii", "replace")


def _spans(groups: tuple[GroupProof, ...]) -> Iterator[Span]:
    for (verdict, reason), run in groupby(groups, lambda one: (one.verdict, one.reason)):
        if verdict is Verdict.AUTHENTIC:
            continue
        together = list(run)
        yield Span(
            start=min(one.first for one in together),
            end=max(one.last for one in together),
            verdict=verdict,
            reason=reason,
            groups=len(together),
            missing=sum(one.missing for one in together),
        )


def _signer(value: Json) -> Signer:
    match value:
        case {
            "subject": str(subject),
            "fingerprint": str(fingerprint),
            "root": str(root),
            "trust": str(trust),
        }:
            return Signer(subject=subject, fingerprint=fingerprint, root=root, trust=Trust(trust))
    raise ValueError("Not who signed")


def _maker(value: Json) -> tuple[str, str, str] | None:
    match value:
        case None:
            return None
        case [str(maker), str(serial), str(firmware)]:
            return maker, serial, firmware
    raise ValueError("Not what a camera calls itself")
