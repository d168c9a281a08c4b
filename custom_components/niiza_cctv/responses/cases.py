"""What the actions and the panel show of cases, clips and cards."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal, TypedDict

from homeassistant.util import dt as dt_util

from ..const import LINK_TIME
from ..coordinator import CameraCoordinator
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission, may
from ..lib.cases.kinds import decide_by
from ..lib.cases.model import (
    Case,
    CaseClip,
    CaseCut,
    CaseMask,
    ClipState,
    Decided,
    Ground,
    Item,
    ManualCollection,
    Outcome,
    Step,
    Way,
)
from ..lib.cases.offers import clip_offers, offers
from ..lib.cases.rules import WithdrawalStep, outcomes, waits_for_approval, withdrawal_steps
from ..lib.device.clock_history import ClockPiece
from ..lib.footage.archive import FootageIndex, Span
from ..lib.footage.clip_model import ClipFile, SealedClip
from ..lib.footage.cut import SealedCut
from ..lib.footage.masking.sealed import SealedMask
from ..lib.footage.media_signing.chain import Trust
from ..lib.footage.media_signing.report import Signing, Span as SignedSpan
from ..lib.footage.media_signing.verifier import Source, State, Verdict
from ..lib.ledger.actions import LedgerAction
from ..managers.evidence import Evidence
from .base import GapShown, PersonShown, SpanShown, show_person, show_span, show_time, time_or_none
from .playback import WatchedShown, show_watched


class FileShown(TypedDict):
    """A file that was sealed: its name, size in bytes and SHA-256."""

    name: str
    size: int
    sha256: str


class ProgressShown(TypedDict):
    """How far a clip is fetched."""

    # "queued", "retrieving", "waiting" (somebody watches the camera), "retrying" (the camera fails), "writing"
    state: str
    percent: float
    # Seconds that it still takes.
    remaining: int | None
    # Passages before this one at the same camera.
    place: int
    # The camera gives its footage no faster than it was recorded: half an hour takes half an hour.
    real_time: bool
    # Nothing more has come for so long that what there is may be sealed.
    stalled: bool


# Of one answer: a clock that jumps all day must not fill the page.
_MAX_CLOCKS: Final = 100


class ClockStretchShown(TypedDict):
    """By what clock a stretch of footage was placed in time, and how that is known."""

    start: str
    end: str
    # Seconds that the camera's clock was ahead, at both ends.
    ahead: float
    ahead_until: float
    # "measured", "between", "before", "never"
    known: str
    # The first and the last measurement that it rests on.
    measured: list[str] | None
    # Seconds that the times may be off by; zero: within the error of measuring (about one).
    doubt: float
    # The clock showed these times twice: the pictures may be of the other moment.
    twice: bool


class SignedSpanShown(TypedDict):
    """A stretch whose pictures are not simply as the camera signed them."""

    start: str
    end: str
    verdict: Verdict


class SigningShown(TypedDict):
    """What the camera's own signatures prove of a clip."""

    state: State
    # The last picture up to which all is proved.
    until: str | None
    spans: list[SignedSpanShown]
    more_spans: int
    # Of the key: what is known of it, its certificate's name and fingerprint.
    trust: Trust | None
    signer: str
    fingerprint: str
    # Where the certificate came from; None where there is none, or an earlier version did not tell.
    certificate_from: Source | None


class SealedShown(TypedDict):
    """A clip that was fetched, verified and sealed."""

    master: FileShown
    # H.264 copy of an H.265 clip, for viewing only.
    viewing_copy: FileShown | None
    # It is being made; the clip can be watched and released without.
    viewing_copy_due: bool
    codec: str
    width: int
    height: int
    pictures: int
    # Pictures that the card gave damaged.
    damaged: int
    # Pictures from after the requested end, for the camera's signature of those before.
    read_on: int
    # Seconds that the clip plays, its gaps closed.
    duration: float
    first_picture: str
    last_picture: str
    gaps: list[GapShown]
    clocks: list[ClockStretchShown]
    signed_by_camera: bool
    # None: no signatures, or sealed before they were checked.
    signing: SigningShown | None


class SealedEarlyShown(TypedDict):
    """Who decided to wait no longer for what a camera did not give."""

    by: PersonShown
    at: str


type ItemKind = Literal["clip", "cut", "viewing_copy", "masked", "by_hand"]


class WithdrawalShown(TypedDict):
    """That somebody wants a sealed clip or cut out of its case; another person confirms."""

    by: PersonShown
    at: str


class CutShown(TypedDict):
    """A part of a sealed clip."""

    cut: str
    # As asked for: pictures of start <= t < end.
    start: str
    end: str
    # Wanted without hidden pictures: encoded anew, for viewing, and not the original.
    encode_anew: bool
    # "requested", "sealed", "failed", "cancelled", "withdrawn", "removed"
    state: str
    asked_by: PersonShown
    asked_at: str
    # While it is being made.
    percent: float | None
    # The key of the message why it was not made.
    error: str | None
    sealed: SealedCutShown | None
    # What an approval of it names; None as long as it is not sealed.
    digest: str | None
    withdrawal: WithdrawalShown | None
    # As of a clip.
    watched: WatchedShown | None
    # "cancel_clip", where this person may give it up now.
    offers: list[Permission]
    # What this person may do about withdrawing it now.
    withdrawal_steps: list[WithdrawalStep]


class SealedCutShown(TypedDict):
    """A cut that was made, proved and sealed."""

    file: FileShown
    viewing_copy: FileShown | None
    # SHA-256 of the master that it was cut from.
    source_sha256: str
    # Of what is shown.
    first_picture: str
    last_picture: str
    pictures: int
    # In the file and not shown.
    hidden_pictures: int
    duration: float
    encoded_anew: bool
    signing: SigningShown | None


class MaskShown(TypedDict):
    """A masked part of a sealed clip: all is hidden but what its track reveals."""

    mask: str
    # As asked for, in microseconds of the clip, both included.
    passage_us: list[int]
    track_sha256: str
    # "solid", "picture", "median"
    fill: str
    # What is written over the picture: "閲覧用", "写し"; None: nothing.
    marking: str | None
    # "requested", "sealed", "failed", "cancelled", "withdrawn", "removed"
    state: str
    asked_by: PersonShown
    asked_at: str
    # While it waits and is rendered.
    percent: float | None
    # The key of the message why it was not made, and what that speaks of.
    error: str | None
    error_placeholders: dict[str, str]
    sealed: SealedMaskShown | None
    # What an approval of it names; None as long as it is not sealed.
    digest: str | None
    withdrawal: WithdrawalShown | None
    # As of a clip.
    watched: WatchedShown | None
    # "cancel_clip", where this person may give it up now.
    offers: list[Permission]
    # What this person may do about withdrawing it now.
    withdrawal_steps: list[WithdrawalStep]


class SealedMaskShown(TypedDict):
    """A masked clip that passed the leak gate."""

    file: FileShown
    # SHA-256 of the master that it was made of.
    source_sha256: str
    first_picture: str
    last_picture: str
    width: int
    height: int
    pictures: int
    # Of them those in which something is revealed, and those of which nothing is because they came damaged.
    revealed: int
    damaged: int
    duration: float


class ReleaseItemShown(TypedDict):
    """A clip or a part of one that is to be released."""

    item: str
    # A viewing copy is a cut that was encoded anew.
    kind: ItemKind
    # The clip itself, or what it was cut from.
    clip: str
    camera_name: str
    # As asked for, and what it shows; None of what was taken by hand.
    start: str
    end: str
    granted_start: str | None
    granted_end: str | None
    hidden_pictures: int
    digest: str
    # Bytes; None of what was taken by hand.
    size: int | None
    approved_by: PersonShown | None
    approved_at: str | None


class ClipShown(TypedDict):
    """One passage of one camera, asked for in a case or taken by hand for it."""

    clip: str
    camera: str
    camera_name: str
    start: str
    end: str
    # "requested", "sealed", "failed", "cancelled", "withdrawn", "removed"
    state: str
    asked_by: PersonShown
    asked_at: str
    # When the card is expected to overwrite it.
    overwritten_at: str | None
    attempts: int
    error: str | None
    # None once there is nothing more to be fetched.
    progress: ProgressShown | None
    # Of a sealed clip one of these two.
    sealed: SealedShown | None
    by_hand: ByHandShown | None
    # What an approval of it names; None as long as it is not sealed.
    digest: str | None
    # Parts of it, the oldest first.
    cuts: list[CutShown]
    # Masked parts of it, the oldest first.
    masks: list[MaskShown]
    withdrawal: WithdrawalShown | None
    # By whoever asks, as their browser told it; None where it cannot be watched here.
    watched: WatchedShown | None
    # "cancel_clip", where this person may give it up or withdraw it now; "cut_clip", "mask_clip", where they may have that done; "seal_early", where they may have it sealed
    # with what its camera has given.
    offers: list[Permission]
    # Who decided that, and when; what is missing stands in the gaps of `sealed`.
    sealed_early: SealedEarlyShown | None
    # The clip that this is the rest of, from where its camera changed the codec.
    rest_of: str | None
    # What this person may do about withdrawing it now, once it is sealed.
    withdrawal_steps: list[WithdrawalStep]


class ByHandShown(TypedDict):
    """How footage was taken at the station; nothing of it lies here."""

    # Who was there beside the one who registered it (`asked_by`).
    second_person: PersonShown
    medium: str
    medium_serial: str
    # Of the file, where somebody computed it.
    sha256: str | None
    # Seconds that the camera's clock was ahead, as seen by eye.
    clock_offset: int | None
    note: str
    # "none" (the camera has none), "down", "up" (it answered when this was registered)
    network: str


class StepShown(TypedDict):
    """One step of a case, as the ledger has it."""

    at: str
    # None: the section's system by itself.
    person: PersonShown | None
    # Number of the ledger's entry.
    number: int
    # The ledger's words: "case_created", "clip_requested", "clip_sealed", "case_approved", "refused", …
    action: str
    details: dict[str, object]


class PackingShown(TypedDict):
    """An evidence package that is being made."""

    # Who released it: link and passphrase are shown on their page alone.
    by: PersonShown
    encrypted: bool
    percent: float
    # Seconds that it still takes, encryption and reading back included; None while that is not known.
    remaining: int | None


class ReleasedShown(TypedDict):
    """The newest evidence package: its link and its passphrase were shown once, to who released it."""

    by: PersonShown
    at: str
    encrypted: bool
    # When its link ends; a restart of Home Assistant ends it, too.
    link_until: str
    # Whether its link was used, and whether the whole of it arrived.
    download_begun: bool
    downloaded: bool


class HandoverShown(TypedDict):
    """Who got the package, on what."""

    by: PersonShown
    at: str
    recipient: str
    medium: str
    medium_serial: str


class ConclusionShown(TypedDict):
    """How a case ended without a hand-over."""

    by: PersonShown
    at: str
    outcome: str
    reasons: str


class DecisionShown(TypedDict):
    """How a request for disclosure is to be answered; another person approves exactly that."""

    by: PersonShown
    at: str
    outcome: Decided
    # None where nothing is disclosed.
    way: Way | None
    # Numbers of the masked clips that are shown or given; `release_items` says what each is.
    items: list[str]
    grounds: list[Ground]
    reasons: str
    # What an approval names.
    digest: str
    # Who approved exactly this, and when; None as long as nobody did, or once it was proposed anew.
    approved_by: PersonShown | None
    approved_at: str | None


class DayShown(TypedDict):
    """One day with footage, and when the card is expected to overwrite it."""

    day: str
    start: str
    end: str
    overwritten_at: str | None


class CaseListed(TypedDict):
    """A case in the list of cases."""

    case: str
    kind: str
    # "received", "preserved", "approved", "released", "handed_over", "concluded", "rejected", "expired", "purged"
    state: str
    document_number: str
    organisation: str
    created_by: PersonShown
    created_at: str
    clips: int
    sealed: int
    # Clips that are still to come, and those that were given up.
    fetching: int
    failed: int
    # All that is sealed was taken by hand: there is no package, it is handed over as it is.
    only_by_hand: bool
    # The mean over the clips that are being fetched; None when there is none.
    percent: float | None
    # The earliest moment at which footage that is not sealed will be overwritten.
    overwritten_at: str | None
    # How often people were asked, without an answer, whether this open case is still needed.
    questions: int
    # It is another person's turn to approve what is there.
    waits_for_approval: bool
    # Of the newest proposed decision: how it is carried out; None: nothing is disclosed, or nothing is proposed.
    way: Way | None
    # The last day on which the law lets an open request be decided (a date); None: it names none, or it is decided.
    decide_by: str | None
    # The steps that this person may take now.
    offers: list[Permission]


class CasesResponse(TypedDict):
    """Answer of `list_cases`: the newest first."""

    cases: list[CaseListed]


class CaseShown(CaseListed):
    """Answer of `get_case`: all that is known of one case."""

    # The fields of `create_case` that were filled in.
    request: dict[str, str]
    passages: list[ClipShown]
    # What is to be released, and who said so; None: nobody chose, and it is every sealed clip.
    release_items: list[ReleaseItemShown]
    chosen_by: PersonShown | None
    # What was proposed last, for a kind that is decided so.
    decision: DecisionShown | None
    approved_by: PersonShown | None
    package: FileShown | None
    # A package that is being made now; the newest that was made, also after its files are gone.
    packing: PackingShown | None
    release: ReleasedShown | None
    history: list[StepShown]
    # How often the cards were searched for it, and the package was fetched.
    searches: int
    downloads: int
    # What was written down at each step; None until then.
    approval_note: str | None
    rejection_reason: str | None
    handover: HandoverShown | None
    conclusion: ConclusionShown | None
    # The earliest moment at which silence ends an open case, or an ended one's footage is removed; None: a person decides.
    kept_until: str | None
    # By each step that is not offered, the key of the message that says why.
    refusals: dict[str, str]
    # By what this person may conclude it now.
    outcomes: list[Outcome]


class RecordingsShown(TypedDict):
    """What one camera's card holds of the time asked for."""

    camera: str
    camera_name: str
    # The translation key of what keeps the card from being read; everything below is then empty.
    error: str | None
    read_at: str | None
    # Seconds that the camera's clock is ahead.
    clock_offset: int | None
    # Whether gaps come from the camera's own search; otherwise footage may be missing inside a stretch.
    exact: bool
    stretches: list[SpanShown]
    gaps: list[SpanShown]
    # By what clock the stretches were placed; the first hundred where there are more.
    clocks: list[ClockStretchShown]
    days: list[DayShown]
    # When the oldest of the footage found will be overwritten.
    overwritten_at: str | None


class RecordingsResponse(TypedDict):
    """Answer of `find_recordings`."""

    cameras: list[RecordingsShown]


class LinkResponse(TypedDict):
    """Answer of `release_case` and `export_ledger`: a link that works once, for a quarter of an hour."""

    link: str
    expires: str
    file: FileShown


class ReleaseResponse(LinkResponse):
    """Answer of `release_case`."""

    case: str
    # Shown this one time; None for a package without encryption.
    passphrase: str | None


def show_file(file: ClipFile) -> FileShown:
    """Show a file."""
    return FileShown(name=file.name, size=file.size, sha256=file.sha256)


def show_link(link: str, expires: datetime, file: ClipFile) -> LinkResponse:
    """Show a link that works once."""
    return LinkResponse(link=link, expires=show_time(expires), file=show_file(file))


def _signing(signing: Signing | None, spans: Sequence[SignedSpan]) -> SigningShown | None:
    if signing is None or signing.state is State.NOT_SIGNED:
        return None
    last = signing.signers[-1] if signing.signers else None
    return SigningShown(
        state=signing.state,
        until=None if signing.until is None else show_time(signing.until),
        spans=[
            SignedSpanShown(**show_span(one.start, one.end), verdict=one.verdict) for one in spans
        ],
        more_spans=signing.more_spans,
        trust=signing.trust,
        signer="" if last is None else last.subject,
        fingerprint="" if last is None else last.fingerprint,
        certificate_from=signing.source,
    )


def _gap(sealed: SealedClip, gap: Span) -> GapShown:
    """Show a gap, and what is known of why it is there."""
    known = sealed.known_of(gap)
    return GapShown(
        **show_span(*gap),
        reason=None if known is None else known.reason,
        decided_at=None if known is None else time_or_none(known.decided_at),
    )


def _sealed(sealed: SealedClip, *, copy_due: bool) -> SealedShown:
    """Show what a clip turned out to be."""
    return SealedShown(
        master=show_file(sealed.master),
        viewing_copy=None if sealed.viewing_copy is None else show_file(sealed.viewing_copy),
        viewing_copy_due=copy_due,
        codec=sealed.codec,
        width=sealed.width,
        height=sealed.height,
        pictures=sealed.pictures,
        damaged=sealed.damaged,
        read_on=sealed.read_on,
        duration=sealed.duration / 1_000_000,
        first_picture=show_time(sealed.first_picture),
        last_picture=show_time(sealed.last_picture),
        gaps=[_gap(sealed, gap) for gap in sealed.gaps],
        clocks=[
            ClockStretchShown(
                start=show_time(one.start),
                end=show_time(one.end),
                ahead=one.ahead / 1_000_000,
                ahead_until=one.ahead_until / 1_000_000,
                known=one.known.value,
                measured=None if one.measured is None else [show_time(at) for at in one.measured],
                doubt=one.doubt / 1_000_000,
                twice=one.twice,
            )
            for one in sealed.clocks
        ],
        signed_by_camera=sealed.signed_by_camera,
        signing=_signing(sealed.signing, sealed.signed_spans),
    )


def _progress(evidence: Evidence, clip: CaseClip) -> ProgressShown | None:
    """Show how far a clip is fetched."""
    progress = evidence.retrievals.progress(clip.id)
    # Of a clip that is sealed only the journal is being tidied away.
    if progress is None or clip.state is not ClipState.REQUESTED:
        return None
    remaining = progress.remaining
    return ProgressShown(
        state=progress.state,
        percent=round(progress.percent, 1),
        remaining=None if remaining is None else round(remaining.total_seconds()),
        place=progress.place,
        real_time=progress.real_time,
        stalled=progress.stalled,
    )


def _by_hand(taken: ManualCollection) -> ByHandShown:
    """Show how a clip was taken by hand."""
    return ByHandShown(
        second_person=show_person(taken.witness),
        medium=taken.medium,
        medium_serial=taken.serial,
        sha256=taken.sha256,
        clock_offset=taken.clock_offset,
        note=taken.note,
        network=taken.network,
    )


def _watched(evidence: Evidence, clip: Item, actor: Actor) -> WatchedShown | None:
    """Show how much of a clip whoever asks watched."""
    if actor.person is None or not actor.direct:
        return None
    watched = evidence.watched_by(actor.person, [clip]).get(clip.id)
    return None if watched is None else show_watched(watched)


def _packing(evidence: Evidence, case: Case) -> PackingShown | None:
    """Show a package that is being made."""
    if (packing := evidence.packings.of(case.id)) is None:
        return None
    remaining = packing.remaining
    return PackingShown(
        by=show_person(packing.by),
        encrypted=packing.encrypted,
        percent=round(packing.share * 100, 1),
        remaining=None if remaining is None else round(remaining.total_seconds()),
    )


def _release(case: Case) -> ReleasedShown | None:
    """Show the newest package and what became of its link."""
    if (release := case.release) is None:
        return None
    begun = any(
        step.action == LedgerAction.DOWNLOAD_BEGUN and step.at >= release.at
        for step in case.history
    )
    return ReleasedShown(
        by=show_person(release.by),
        at=show_time(release.at),
        encrypted=release.encrypted,
        link_until=show_time(release.at + LINK_TIME),
        download_begun=begun,
        downloaded=release.downloaded,
    )


def _clip(evidence: Evidence, case: Case, clip: CaseClip, actor: Actor) -> ClipShown:
    """Show a clip."""
    return ClipShown(
        clip=clip.id,
        camera=clip.passage.camera,
        camera_name=clip.passage.camera_name,
        start=show_time(clip.passage.start),
        end=show_time(clip.passage.end),
        state=clip.state,
        asked_by=show_person(clip.asked_by),
        asked_at=show_time(clip.asked_at),
        overwritten_at=time_or_none(evidence.cases.overwritten_at(clip.id)),
        attempts=clip.attempts,
        error=clip.error,
        progress=_progress(evidence, clip),
        sealed=None
        if clip.sealed is None
        else _sealed(clip.sealed, copy_due=evidence.viewing_copies.is_making(clip.id)),
        by_hand=None if clip.by_hand is None else _by_hand(clip.by_hand),
        digest=clip.digest,
        cuts=[_cut(evidence, case, cut, actor) for cut in clip.cuts],
        masks=[_mask(evidence, case, mask, actor) for mask in clip.masks],
        withdrawal=_withdrawal(clip),
        watched=_watched(evidence, clip, actor),
        offers=clip_offers(actor, case, clip, evidence.fetch_of(clip)),
        sealed_early=None
        if clip.cut_short is None
        else SealedEarlyShown(by=show_person(clip.cut_short.by), at=show_time(clip.cut_short.at)),
        rest_of=clip.rest_of,
        withdrawal_steps=_withdrawal_steps(case, clip, actor),
    )


def _withdrawal(item: Item) -> WithdrawalShown | None:
    if item.withdrawal is None:
        return None
    return WithdrawalShown(by=show_person(item.withdrawal.by), at=show_time(item.withdrawal.at))


def _withdrawal_steps(case: Case, item: Item, actor: Actor) -> list[WithdrawalStep]:
    if actor.person is None or not may(actor, Permission.WITHDRAW_CLIP):
        return []
    return [*withdrawal_steps(case, item, actor.person)]


def _cut(evidence: Evidence, case: Case, cut: CaseCut, actor: Actor) -> CutShown:
    """Show a part of a clip."""
    percent = evidence.cuttings.percent(cut.id) if cut.state is ClipState.REQUESTED else None
    return CutShown(
        cut=cut.id,
        start=show_time(cut.start),
        end=show_time(cut.end),
        encode_anew=cut.encode_anew,
        state=cut.state,
        asked_by=show_person(cut.asked_by),
        asked_at=show_time(cut.asked_at),
        percent=None if percent is None else round(percent, 1),
        error=cut.error,
        sealed=None if cut.sealed is None else _sealed_cut(cut.sealed),
        digest=cut.digest,
        withdrawal=_withdrawal(cut),
        watched=_watched(evidence, cut, actor),
        offers=clip_offers(actor, case, cut, None),
        withdrawal_steps=_withdrawal_steps(case, cut, actor),
    )


def _sealed_cut(sealed: SealedCut) -> SealedCutShown:
    cut = sealed.cut
    return SealedCutShown(
        file=show_file(cut.file),
        viewing_copy=None if sealed.viewing_copy is None else show_file(sealed.viewing_copy),
        source_sha256=cut.source_sha256,
        first_picture=show_time(cut.first_picture),
        last_picture=show_time(cut.last_picture),
        pictures=cut.pictures,
        hidden_pictures=cut.hidden,
        duration=cut.duration / 1_000_000,
        encoded_anew=cut.encoded_anew,
        signing=_signing(sealed.signing, () if sealed.signing is None else sealed.signing.spans),
    )


def _mask(evidence: Evidence, case: Case, mask: CaseMask, actor: Actor) -> MaskShown:
    """Show a masked part of a clip."""
    percent = evidence.renderings.percent(mask.id) if mask.state is ClipState.REQUESTED else None
    return MaskShown(
        mask=mask.id,
        passage_us=[mask.passage.start, mask.passage.end],
        track_sha256=mask.track_sha256,
        fill=mask.fill.kind,
        marking=mask.marking,
        state=mask.state,
        asked_by=show_person(mask.asked_by),
        asked_at=show_time(mask.asked_at),
        percent=None if percent is None else round(percent, 1),
        error=mask.error,
        error_placeholders={**mask.error_placeholders},
        sealed=None if mask.sealed is None else _sealed_mask(mask.sealed),
        digest=mask.digest,
        withdrawal=_withdrawal(mask),
        watched=_watched(evidence, mask, actor),
        offers=clip_offers(actor, case, mask, None),
        withdrawal_steps=_withdrawal_steps(case, mask, actor),
    )


def _sealed_mask(sealed: SealedMask) -> SealedMaskShown:
    rendered = sealed.masked.rendered
    return SealedMaskShown(
        file=show_file(sealed.file),
        source_sha256=sealed.masked.source_sha256,
        first_picture=show_time(sealed.first_picture),
        last_picture=show_time(sealed.last_picture),
        width=rendered.width,
        height=rendered.height,
        pictures=rendered.pictures,
        revealed=rendered.revealed,
        damaged=rendered.damaged,
        duration=rendered.duration / 1_000_000,
    )


def _release_item(case: Case, item: Item) -> ReleaseItemShown:
    """Show what is to be released: what was asked for beside what leaves."""
    approval = case.approvals.get(item.id)
    if approval is not None and approval.digest != item.digest:
        approval = None
    clip = next(
        one
        for one in case.clips
        if one.id == (item.id if isinstance(item, CaseClip) else item.clip_id)
    )
    granted: tuple[datetime, datetime] | None = None
    size: int | None = None
    kind: ItemKind
    if isinstance(item, CaseCut):
        start, end = item.start, item.end
        kind = "viewing_copy" if item.encode_anew else "cut"
        if item.sealed is not None:
            made = item.sealed.cut
            granted, size = (made.first_picture, made.last_picture), made.file.size
    elif isinstance(item, CaseMask):
        kind = "masked"
        # Chosen are only those that were made.
        assert item.sealed is not None
        start, end = granted = item.sealed.first_picture, item.sealed.last_picture
        size = item.sealed.file.size
    else:
        start, end = item.passage.start, item.passage.end
        kind = "clip" if item.by_hand is None else "by_hand"
        if item.sealed is not None:
            granted = item.sealed.first_picture, item.sealed.last_picture
            size = item.sealed.master.size
    return ReleaseItemShown(
        item=item.id,
        kind=kind,
        clip=clip.id,
        camera_name=clip.passage.camera_name,
        start=show_time(start),
        end=show_time(end),
        granted_start=None if granted is None else show_time(granted[0]),
        granted_end=None if granted is None else show_time(granted[1]),
        hidden_pictures=item.hidden,
        digest=item.digest or "",
        size=size,
        approved_by=None if approval is None else show_person(approval.by),
        approved_at=None if approval is None else show_time(approval.at),
    )


def _decision(case: Case) -> DecisionShown | None:
    """Show what was proposed last, and whether it was approved."""
    if (decision := case.decision) is None:
        return None
    approval = case.approval if case.decided is not None else None
    return DecisionShown(
        by=show_person(decision.by),
        at=show_time(decision.at),
        outcome=decision.outcome,
        way=decision.way,
        items=[*decision.items],
        grounds=[*decision.grounds],
        reasons=decision.reasons,
        digest=decision.digest,
        approved_by=None if approval is None else show_person(approval.by),
        approved_at=None if approval is None else show_time(approval.at),
    )


def _decide_by(case: Case) -> str | None:
    """Show the last day for the decision, as long as there is none."""
    day = decide_by(case)
    return None if day is None or case.decided is not None or not case.is_open else day.isoformat()


def _step(step: Step) -> StepShown:
    """Show a step."""
    return StepShown(
        number=step.number,
        at=show_time(step.at),
        person=None if step.person is None else show_person(step.person),
        action=step.action,
        details=dict(step.details),
    )


def _for(actor: Actor, case: Case) -> Case:
    """Return a case as it is shown to whoever asks themselves; for anything else, without what somebody wrote.

    What an automation or a script is answered stands in its trace, which is kept and read by others.
    """
    if actor.direct:
        return case
    return replace(
        case,
        request={},
        clips=tuple(
            clip
            if clip.by_hand is None
            else replace(clip, by_hand=replace(clip.by_hand, medium="", serial="", note=""))
            for clip in case.clips
        ),
        approval=case.approval and replace(case.approval, note=""),
        decision=case.decision and replace(case.decision, reasons=""),
        handover=case.handover and replace(case.handover, recipient="", medium="", serial=""),
        conclusion=case.conclusion and replace(case.conclusion, reasons=""),
        rejection=case.rejection and replace(case.rejection, reason=""),
        history=tuple(replace(step, details={}) for step in case.history),
    )


def list_case(evidence: Evidence, case: Case, actor: Actor) -> CaseListed:
    """Show a case in a line, as somebody sees it."""
    case = _for(actor, case)
    open_clips = [clip for clip in case.clips if clip.state is ClipState.REQUESTED]
    fetched = [
        progress.percent
        for clip in open_clips
        if (progress := evidence.retrievals.progress(clip.id)) is not None
    ]
    risks = [
        moment
        for clip in open_clips
        if (moment := evidence.cases.overwritten_at(clip.id)) is not None
    ]
    return CaseListed(
        case=case.id,
        kind=case.kind,
        state=case.state,
        document_number=case.request.get("document_number", ""),
        organisation=case.request.get("organisation", ""),
        created_by=show_person(case.created_by),
        created_at=show_time(case.created_at),
        clips=len(case.clips),
        sealed=len(case.sealed_clips),
        fetching=len(open_clips),
        failed=sum(clip.state is ClipState.FAILED for clip in case.clips),
        only_by_hand=case.only_by_hand,
        percent=round(sum(fetched) / len(fetched), 1) if fetched else None,
        overwritten_at=time_or_none(min(risks, default=None)),
        questions=case.questions if case.is_open else 0,
        waits_for_approval=waits_for_approval(case),
        way=None if case.decision is None else case.decision.way,
        decide_by=_decide_by(case),
        offers=[one.step for one in offers(actor, case) if one.refusal is None],
    )


def show_case(evidence: Evidence, case: Case, actor: Actor) -> CaseShown:
    """Show everything of a case, as somebody sees it."""
    case = _for(actor, case)
    handover, conclusion = case.handover, case.conclusion
    return CaseShown(
        **list_case(evidence, case, actor),
        request=dict(case.request),
        passages=[_clip(evidence, case, clip, actor) for clip in case.clips],
        release_items=[_release_item(case, item) for item in case.chosen],
        chosen_by=None if case.choice is None else show_person(case.choice.by),
        decision=_decision(case),
        approved_by=None if case.approved_by is None else show_person(case.approved_by),
        package=None if case.package is None else show_file(case.package),
        packing=_packing(evidence, case),
        release=_release(case),
        history=[_step(step) for step in case.history],
        searches=case.searches,
        downloads=case.downloads,
        approval_note=None if case.approval is None else case.approval.note,
        rejection_reason=None if case.rejection is None else case.rejection.reason,
        handover=None
        if handover is None
        else HandoverShown(
            by=show_person(handover.by),
            at=show_time(handover.at),
            recipient=handover.recipient,
            medium=handover.medium,
            medium_serial=handover.serial,
        ),
        conclusion=None
        if conclusion is None
        else ConclusionShown(
            by=show_person(conclusion.by),
            at=show_time(conclusion.at),
            outcome=conclusion.outcome,
            reasons=conclusion.reasons,
        ),
        kept_until=time_or_none(evidence.cases.kept_until(case)),
        refusals={
            str(one.step): one.refusal.key for one in offers(actor, case) if one.refusal is not None
        },
        outcomes=list(outcomes(case, actor.person))
        if actor.person is not None and may(actor, Permission.CONCLUDE)
        else [],
    )


def show_recordings(
    camera: CameraCoordinator, index: FootageIndex, start: datetime | None, end: datetime | None
) -> RecordingsShown:
    """Show what an index has of a time."""
    zone = dt_util.get_default_time_zone()
    start = start or min((one.start for one in index.stretches), default=index.read_at)
    end = end or max((one.end for one in index.stretches), default=index.read_at)
    parts = index.parts(start, end)
    return RecordingsShown(
        camera=camera.unique_id,
        camera_name=camera.name,
        error=None,
        read_at=show_time(index.read_at),
        clock_offset=round(index.offset.total_seconds()),
        exact=index.exact,
        stretches=[show_span(part.start, part.end) for part in parts],
        gaps=[show_span(*gap) for gap in index.gaps(start, end)],
        clocks=[_clock(piece) for piece in index.clocks(start, end)[:_MAX_CLOCKS]],
        days=[
            DayShown(
                day=day.day.isoformat(),
                start=show_time(max(start, min(part.start for part in day.stretches))),
                end=show_time(min(end, max(part.end for part in day.stretches))),
                overwritten_at=time_or_none(day.overwritten_at),
            )
            for day in index.days(zone)
            if any(part.start < end and part.end > start for part in day.stretches)
        ],
        overwritten_at=time_or_none(index.overwritten_at(parts[0].start, zone)) if parts else None,
    )


def _clock(piece: ClockPiece) -> ClockStretchShown:
    """Show what is known of a camera's clock for a stretch."""
    return ClockStretchShown(
        start=show_time(piece.start),
        end=show_time(piece.end),
        ahead=(piece.camera_start - piece.start).total_seconds(),
        ahead_until=(piece.camera_end - piece.end).total_seconds(),
        known=piece.known.value,
        measured=None if piece.measured is None else [show_time(at) for at in piece.measured],
        doubt=piece.doubt.total_seconds(),
        twice=piece.twice,
    )


def show_unread(camera: CameraCoordinator, error: str) -> RecordingsShown:
    """Show that a card could not be read, and why."""
    return RecordingsShown(
        camera=camera.unique_id,
        camera_name=camera.name,
        error=error,
        read_at=None,
        clock_offset=None,
        exact=False,
        stretches=[],
        gaps=[],
        clocks=[],
        days=[],
        overwritten_at=None,
    )
