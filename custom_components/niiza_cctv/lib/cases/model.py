"""What a case is, as immutable values; every time is true time (aware, UTC)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ..footage.clip_model import ClipFile, SealedClip
from ..footage.cut import SealedCut
from ..footage.masking.burn_in import Marking
from ..footage.masking.fill import Fill
from ..footage.masking.sealed import SealedMask
from ..footage.masking.source import Passage as MaskPassage
from ..ledger.model import Json, Person


class CaseKind(StrEnum):
    """Who asks for footage, by what law; `kinds.py` says what each needs."""

    POLICE_INQUIRY = "police_inquiry"
    DISCLOSURE_REQUEST = "disclosure_request"
    BAR_INQUIRY = "bar_inquiry"
    COURT_COMMISSION = "court_commission"
    INTERNAL_INSPECTION = "internal_inspection"


class CaseState(StrEnum):
    """Where a case is in its life; `rules.py` says what may be done in each."""

    RECEIVED = "received"
    # Every clip that was asked for is sealed: the card may overwrite what it likes.
    PRESERVED = "preserved"
    APPROVED = "approved"
    RELEASED = "released"
    HANDED_OVER = "handed_over"
    # Ended by its outcome without anything leaving the section.
    CONCLUDED = "concluded"
    REJECTED = "rejected"
    # Nobody went on with it for the section's number of days.
    EXPIRED = "expired"
    # Ended, and its footage is removed.
    PURGED = "purged"


class ClipState(StrEnum):
    """Where a clip is in its life."""

    REQUESTED = "requested"
    # Fetched and verified; or taken by hand (`CaseClip.by_hand`) and registered as it is.
    SEALED = "sealed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    # It was sealed, and two people took it out of the case; its files go with the case's.
    WITHDRAWN = "withdrawn"
    # It was sealed, and its files are gone.
    REMOVED = "removed"


class Outcome(StrEnum):
    """How a case ends without a hand-over."""

    SHOWN_IN_PERSON = "shown_in_person"
    # Written by earlier versions: what is given or shown in part ends by that now (`Decided.IN_PART`).
    PARTLY_REFUSED = "partly_refused"
    REFUSED = "refused"
    NOTHING_FOUND = "nothing_found"


class Decided(StrEnum):
    """What the law lets a request for disclosure be answered with (個人情報保護法第82条)."""

    # 全部開示, 一部開示, 不開示, 不存在
    IN_FULL = "disclosed_in_full"
    IN_PART = "disclosed_in_part"
    REFUSED = "refused"
    NOTHING_FOUND = "nothing_found"

    @property
    def discloses(self) -> bool:
        """Whether anything is shown or given."""
        return self in {Decided.IN_FULL, Decided.IN_PART}

    @property
    def refuses(self) -> bool:
        """Whether something that is there is kept back: that rests on a ground of the law."""
        return self in {Decided.IN_PART, Decided.REFUSED}


class Way(StrEnum):
    """How somebody gets to see what is disclosed to them (同第87条)."""

    # 写しの交付, 視聴
    COPY = "copy"
    VIEW = "view"


class Ground(StrEnum):
    """What a refusal in whole or in part rests on; `kinds.py` has the words of the law."""

    REQUESTERS_OWN_HARM = "article_78_1_1"
    OTHER_PEOPLE = "article_78_1_2"
    CORPORATIONS = "article_78_1_3"
    DELIBERATION = "article_78_1_6"
    ADMINISTRATION = "article_78_1_7"
    EXISTENCE = "article_81"


class ShownTo(StrEnum):
    """Who sees footage at the counter; by name they stand in the request."""

    REQUESTER = "requester"
    REPRESENTATIVE = "representative"


# The error of a clip of which the card has nothing (`footage.retrieval.Failure`).
NOTHING_THERE = "nothing_found"


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """What to take out of one camera: true time, any margin added already."""

    # The camera's unique id, and its name at the time of asking.
    camera: str
    camera_name: str
    start: datetime
    end: datetime


class Network(StrEnum):
    """How the camera of footage that was taken by hand stood when it was registered."""

    # It has no network at all.
    NONE = "none"
    DOWN = "down"
    # It answered: why it was taken by hand is for the approver to ask.
    UP = "up"


@dataclass(frozen=True, kw_only=True, slots=True)
class ManualCollection:
    """How two people took footage at the station: it lies on a medium, and nothing of it here."""

    # Who was there beside the one who registered it.
    witness: Person
    medium: str
    serial: str
    # Of the file, in lower-case hexadecimal digits, where somebody computed it.
    sha256: str | None
    # Seconds that the camera's clock was ahead of true time, as seen by eye.
    clock_offset: int | None
    note: str
    network: Network
    # What an approval names: the file's SHA-256, or else the hash of the ledger's entry, which describes it.
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CutShort:
    """That a clip is sealed with what its camera had given by then."""

    by: Person
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Withdrawal:
    """That somebody wants a sealed clip or cut out of its case; another person decides."""

    by: Person
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseCut:
    """A part of a sealed clip, asked for in a case."""

    # "2026-0001-01-c01"
    id: str
    clip_id: str
    # As asked for; `lib/footage/cut.py` has the rule of which pictures that are.
    start: datetime
    end: datetime
    encode_anew: bool
    state: ClipState
    asked_by: Person
    asked_at: datetime
    sealed: SealedCut | None = None
    # Why it was not made, as a message is called.
    error: str | None = None
    withdrawal: Withdrawal | None = None

    @property
    def digest(self) -> str | None:
        """What an approval of it names; None as long as it is not there."""
        return None if self.sealed is None else self.sealed.cut.file.sha256

    @property
    def hidden(self) -> int:
        """How many pictures leave with it that were not asked for."""
        return 0 if self.sealed is None else self.sealed.cut.hidden


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseMask:
    """A masked part of a sealed clip, asked for in a case: all is hidden but what its track reveals."""

    # "2026-0001-01-m01"
    id: str
    clip_id: str
    passage: MaskPassage
    # Of the track that it was asked for with (`Tracks.sha256`); it lies beside the clip.
    track_sha256: str
    fill: Fill
    # None: nothing is written over the picture.
    marking: Marking | None
    state: ClipState
    asked_by: Person
    asked_at: datetime
    # Everybody who had a hand in its track; the ledger tells it since they may not approve what came of it.
    drawn_by: tuple[Person, ...] = ()
    sealed: SealedMask | None = None
    # Why it was not made, as a message is called, and what that speaks of.
    error: str | None = None
    error_placeholders: Mapping[str, str] = field(default_factory=dict)
    withdrawal: Withdrawal | None = None

    @property
    def digest(self) -> str | None:
        """What an approval of it names; None as long as it is not there."""
        return None if self.sealed is None else self.sealed.file.sha256

    @property
    def hidden(self) -> int:
        """How many pictures leave with it that were not asked for: none."""
        return 0


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseClip:
    """One passage that was asked for in a case."""

    # "2026-0001-01"
    id: str
    passage: Passage
    state: ClipState
    asked_by: Person
    asked_at: datetime
    # When the card is expected to overwrite it; None when that is not known.
    overwritten_at: datetime | None = None
    sealed: SealedClip | None = None
    by_hand: ManualCollection | None = None
    # What was known of the camera when it was sealed or registered (`CameraFacts.as_json`).
    origin: Mapping[str, Json] = field(default_factory=dict)
    # The last failure, as `clip_failed` was told it; None once sealed.
    error: str | None = None
    # Failures so far, and when the last one was.
    attempts: int = 0
    failed_at: datetime | None = None
    # Thresholds (hours before overwriting) whose alarm was raised.
    alarms: frozenset[int] = frozenset()
    # Somebody said that it is sealed with what was fetched until then.
    cut_short: CutShort | None = None
    # With which end it was asked for, where the rest became a clip of its own; and of which clip it is such a rest.
    asked_end: datetime | None = None
    rest_of: str | None = None
    cuts: tuple[CaseCut, ...] = ()
    masks: tuple[CaseMask, ...] = ()
    withdrawal: Withdrawal | None = None

    @property
    def items(self) -> tuple[CaseClip | CaseCut | CaseMask, ...]:
        """The clip with its cuts and its masked parts behind it."""
        return (self, *self.cuts, *self.masks)

    @property
    def hidden(self) -> int:
        """How many pictures leave with it that its manifest calls hidden: of a whole clip all are shown."""
        return 0

    @property
    def digest(self) -> str | None:
        """What an approval of it names; None as long as it is not here."""
        if self.by_hand is not None:
            return self.by_hand.digest
        return self.sealed.master.sha256 if self.sealed is not None else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One entry of the ledger about the case; person None is the system by itself."""

    number: int
    at: datetime
    person: Person | None
    action: str
    details: Mapping[str, Json]


# What is chosen for a release, approved and packed, one by one.
type Item = CaseClip | CaseCut | CaseMask


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """What of a case is to be released."""

    by: Person
    at: datetime
    # Ids of clips, cuts and masked clips.
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """How a request is to be answered, as one person proposed it and another one approves it."""

    by: Person
    at: datetime
    outcome: Decided
    # None where nothing is disclosed.
    way: Way | None
    # Masked clip → its digest: what of the footage is shown or given.
    items: Mapping[str, str]
    grounds: tuple[Ground, ...]
    reasons: str
    # What an approval names: the hash of the ledger's entry that proposes it.
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemApproval:
    """That somebody else looked at one clip, cut or masked clip and agreed that it leaves."""

    by: Person
    at: datetime
    # `digest` of the item.
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """That everything to be released was looked at and agreed to; by whom and when the last of it was."""

    by: Person
    at: datetime
    note: str
    # Clip or cut → its digest.
    clips: Mapping[str, str]
    # Of the proposal that was approved with them, where the kind of the case has one.
    decision: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Showing:
    """That masked footage was shown on the section's screen, without leaving it."""

    # Of the ledger's entry.
    number: int
    by: Person
    at: datetime
    # The masked clip.
    item: str
    shown_to: ShownTo
    # Who was there, as it was written down.
    present: str
    # None: it was not ended, or that was not recorded.
    ended_at: datetime | None = None
    # From when to when it was served, in true time.
    served: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """The evidence package that was made of the approved clips."""

    by: Person
    at: datetime
    package: ClipFile
    encrypted: bool
    # Whether its package, and not only an earlier one, left the section's disk.
    downloaded: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Handover:
    """Who got the package, on what."""

    by: Person
    at: datetime
    recipient: str
    medium: str
    serial: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Conclusion:
    """How a case ended without a hand-over."""

    by: Person
    at: datetime
    outcome: Outcome
    reasons: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejection:
    """Who rejected a case, and why."""

    by: Person
    at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One request for footage: what folding its ledger entries gives."""

    # "2026-0001"
    id: str
    kind: CaseKind
    state: CaseState
    # Field of `kinds.FIELDS` → text.
    request: Mapping[str, str]
    created_by: Person
    created_at: datetime
    clips: tuple[CaseClip, ...] = ()
    # Searches of the cards that were recorded in it.
    searches: int = 0
    # None: nobody chose, and every sealed clip is meant.
    choice: Choice | None = None
    # What was proposed last, with what is there still; it is the choice as well (`kinds.KindRule.decided_by_proposal`).
    decision: Decision | None = None
    # Clip or cut → who agreed to it since it was chosen.
    approvals: Mapping[str, ItemApproval] = field(default_factory=dict)
    # None as well when a clip was asked for after it.
    approval: Approval | None = None
    # The newest package; it stays known after its file is removed.
    release: Release | None = None
    downloads: int = 0
    # At the counter.
    showings: tuple[Showing, ...] = ()
    handover: Handover | None = None
    conclusion: Conclusion | None = None
    rejection: Rejection | None = None
    # Its footage lies in the bin, until then.
    binned_until: datetime | None = None
    files_removed_at: datetime | None = None
    # The last step that a person took or that brought footage; deadlines count from it.
    last_step_at: datetime
    # How often people were asked since then whether it is still needed, and when they were the last time.
    questions: int = 0
    asked_about_at: datetime | None = None
    # Everything the ledger says about it, refusals included.
    history: tuple[Step, ...] = field(default=(), repr=False)

    @property
    def approved_by(self) -> Person | None:
        """Who approved what is there now."""
        return self.approval.by if self.approval else None

    @property
    def package(self) -> ClipFile | None:
        """The newest evidence package."""
        return self.release.package if self.release else None

    @property
    def sealed_clips(self) -> tuple[CaseClip, ...]:
        """The clips that the card can no longer lose: fetched, or taken by hand."""
        return tuple(clip for clip in self.clips if clip.state is ClipState.SEALED)

    @property
    def items(self) -> tuple[Item, ...]:
        """Every clip with its cuts and masked parts behind it, whatever became of them."""
        return tuple(item for clip in self.clips for item in clip.items)

    @property
    def chosen(self) -> tuple[Item, ...]:
        """What is to be released: the sealed clips, unless somebody chose among them and their parts."""
        if self.choice is None:
            return self.sealed_clips
        named = {*self.choice.items}
        return tuple(
            item for item in self.items if item.id in named and item.state is ClipState.SEALED
        )

    @property
    def decided(self) -> Decision | None:
        """What two people decided: the proposal, once another person approved exactly that."""
        if self.decision is None or self.approval is None:
            return None
        return self.decision if self.approval.decision == self.decision.digest else None

    @property
    def only_by_hand(self) -> bool:
        """Whether all that is to be released was taken by hand: then there is nothing here to make a package of."""
        return bool(self.chosen) and all(
            isinstance(item, CaseClip) and item.by_hand for item in self.chosen
        )

    @property
    def had_footage(self) -> bool:
        """Whether anything of it was ever secured and not given up: what two people withdrew was found."""
        return any(clip.state in {ClipState.SEALED, ClipState.WITHDRAWN} for clip in self.clips)

    @property
    def approvers(self) -> frozenset[str]:
        """The ids of everybody who agreed to something that is to be released."""
        named = frozenset(approval.by.id for approval in self.approvals.values())
        return named if self.approval is None else named | {self.approval.by.id}

    @property
    def was_searched(self) -> bool:
        """Whether the ledger shows that somebody looked: by a search, or by a passage of which the card had nothing."""
        return self.searches > 0 or any(clip.error == NOTHING_THERE for clip in self.clips)

    @property
    def askers(self) -> frozenset[str]:
        """The ids of everybody who asked for something in it or was there when it was taken: none of them may approve."""
        return frozenset(
            {
                self.created_by.id,
                *(item.asked_by.id for item in self.items),
                # What is revealed was chosen by who drew it, whoever had it made.
                *(one.id for clip in self.clips for mask in clip.masks for one in mask.drawn_by),
                # What is missing from a clip is looked at by somebody else than who let it go.
                *(clip.cut_short.by.id for clip in self.clips if clip.cut_short),
                *((self.choice.by.id,) if self.choice is not None else ()),
                # Of what was taken by hand nothing can be looked at here: somebody without a part in it decides.
                *(clip.by_hand.witness.id for clip in self.clips if clip.by_hand),
            }
        )

    @property
    def may_hold_files(self) -> bool:
        """Whether footage of it may be here: fetched, half fetched, or packed."""
        return self.files_removed_at is None and not all(clip.by_hand for clip in self.clips)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to go on with it."""
        return self.state in OPEN


OPEN = frozenset({CaseState.RECEIVED, CaseState.PRESERVED, CaseState.APPROVED, CaseState.RELEASED})
