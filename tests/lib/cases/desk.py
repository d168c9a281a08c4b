"""A section's desk for tests: people, a clock that can be put forward, a book on a real ledger."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
import hashlib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.niiza_cctv.lib.access.model import Actor, Role
from custom_components.niiza_cctv.lib.cases.book import CaseRegistry
from custom_components.niiza_cctv.lib.cases.kinds import KINDS
from custom_components.niiza_cctv.lib.cases.model import (
    Case,
    CaseClip,
    CaseCut,
    CaseKind,
    CaseMask,
    ClipState,
    Decided,
    Ground,
    Item,
    Network,
    Passage,
    Way,
)
from custom_components.niiza_cctv.lib.cases.rules import MaskAsked, Proposal, Seen
from custom_components.niiza_cctv.lib.footage.clip_model import ClipFile, SealedClip, Segment
from custom_components.niiza_cctv.lib.footage.cut import Cut, SealedCut
from custom_components.niiza_cctv.lib.footage.masking.fill import Fill
from custom_components.niiza_cctv.lib.footage.masking.order import MaskedClip, Rendered
from custom_components.niiza_cctv.lib.footage.masking.sealed import SealedMask
from custom_components.niiza_cctv.lib.footage.masking.source import Passage as MaskPassage
from custom_components.niiza_cctv.lib.footage.watched import Watched
from custom_components.niiza_cctv.lib.ledger.model import Entry, Person
from custom_components.niiza_cctv.lib.ledger.proof import LedgerProof
from custom_components.niiza_cctv.lib.ledger.store import Ledger

TOKYO = ZoneInfo("Asia/Tokyo")
KEEP_DAYS = 30
BIN_DAYS = 7

REQUESTS: dict[CaseKind, dict[str, str]] = {
    CaseKind.POLICE_INQUIRY: {
        "document_number": "新座刑発第123号",
        "document_date": "2026-11-02",
        "organisation": "埼玉県新座警察署刑事課",
        "requester": "巡査部長 北野一郎",
        "contact": "048-000-0000",
        "purpose": "窃盗被疑事件の捜査のため",
    },
    CaseKind.DISCLOSURE_REQUEST: {
        "document_number": "開示第7号",
        "document_date": "2026-11-02",
        "requester": "南沢花子",
        "contact": "090-0000-0000",
        "identity_checked": "運転免許証の提示",
        "event_time": "11月1日 17時ごろ",
        "event_place": "北口の階段の下",
    },
    CaseKind.BAR_INQUIRY: {
        "document_number": "埼弁照第45号",
        "document_date": "2026-11-02",
        "organisation": "埼玉弁護士会",
        "requester": "弁護士 東山二郎",
        "contact": "048-000-0001",
        "purpose": "交通事故の損害賠償請求訴訟の準備",
    },
    CaseKind.COURT_COMMISSION: {
        "legal_basis": "民事訴訟法第226条(文書送付嘱託)",
        "document_number": "令和8年(ワ)第99号",
        "document_date": "2026-11-02",
        "organisation": "さいたま地方裁判所",
        "requester": "書記官 西田三郎",
        "contact": "048-000-0002",
        "purpose": "証拠調べ",
    },
    CaseKind.INTERNAL_INSPECTION: {"purpose": "画角の点検"},
}


def actor(
    name: str, *roles: Role, human: bool = True, active: bool = True, direct: bool = True
) -> Actor:
    """Return somebody with these roles."""
    return Actor(
        person=Person(id=f"{name}-id", name=name),
        roles=frozenset(roles),
        human=human,
        active=active,
        direct=direct,
    )


SATO = actor("佐藤", Role.EXPORTER)
ITO = actor("伊藤", Role.EXPORTER)
SUZUKI = actor("鈴木", Role.APPROVER)
# Whoever may do both must not do both in one case.
TANAKA = actor("田中", Role.EXPORTER, Role.APPROVER)
VIEWER = actor("高橋", Role.VIEWER)


class Clock:
    """A clock that stands until it is put forward; the ledger's entries carry the time that runs."""

    def __init__(self) -> None:
        """Start at now."""
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.now

    def forward(self, **time: float) -> None:
        """Put it forward, as `timedelta` takes it."""
        self.now += timedelta(**time)


def file(name: str) -> ClipFile:
    """Return a file whose hash is its name's."""
    return ClipFile(name=name, sha256=hashlib.sha256(name.encode()).hexdigest(), size=1000)


def passage(hours: float = 5, camera: str = "kita") -> Passage:
    """Return an hour that began so many hours ago."""
    start = datetime.now(UTC) - timedelta(hours=hours)
    return Passage(
        camera=camera, camera_name="北口", start=start, end=start + timedelta(minutes=30)
    )


def sealed(clip: CaseClip) -> SealedClip:
    """Return what a clip is when it was fetched."""
    start, end = clip.passage.start, clip.passage.end
    return SealedClip(
        master=file(f"{clip.id}.mp4"),
        viewing_copy=None,
        codec="h264",
        width=1280,
        height=720,
        varies=False,
        pictures=27_000,
        damaged=0,
        duration=1_800_000_000,
        requested_start=start,
        requested_end=end,
        first_picture=start,
        last_picture=end,
        gaps=(),
        segments=(Segment(offset=0, start=start, end=end),),
        signed_by_camera=False,
    )


def sealed_cut(case: Case, cut: CaseCut) -> SealedCut:
    """Return what a cut is when it was made."""
    clip = next(one for one in case.clips if one.id == cut.clip_id)
    segment = Segment(offset=0, start=cut.start, end=cut.end)
    return SealedCut(
        cut=Cut(
            file=file(f"{cut.id}.cut.mp4"),
            source_sha256=clip.digest or "",
            start=cut.start,
            end=cut.end,
            first_picture=cut.start,
            last_picture=cut.end,
            pictures=100,
            hidden_before=0 if cut.encode_anew else 7,
            hidden_after=0,
            duration=10_000_000,
            segments=(segment,),
            contents=(segment,),
            encoded_anew=cut.encode_anew,
        ),
        viewing_copy=None,
        signing=None,
    )


def sealed_mask(case: Case, mask: CaseMask) -> SealedMask:
    """Return what a masked part is when it was rendered and passed the leak gate."""
    clip = next(one for one in case.clips if one.id == mask.clip_id)
    start = clip.passage.start + timedelta(microseconds=mask.passage.start)
    end = clip.passage.start + timedelta(microseconds=mask.passage.end)
    return SealedMask(
        masked=MaskedClip(
            file=file(f"{mask.id}.masked.mp4"),
            source_sha256=clip.digest or "",
            track_sha256=mask.track_sha256,
            passage=mask.passage,
            rendered=Rendered(
                width=1280, height=720, pictures=100, revealed=90, damaged=0, duration=10_000_000
            ),
        ),
        segments=(Segment(offset=0, start=start, end=end),),
    )


class Desk:
    """A book of cases on a real ledger."""

    def __init__(self, ledger: Ledger) -> None:
        """Stand on an open ledger."""
        self.ledger = ledger
        self.proof = LedgerProof(ledger)
        self.clock = Clock()
        self.trusted = True
        # Ids under which something lies in the vault.
        self.occupied: set[str] = set()
        # What nobody watched.
        self.unwatched: set[str] = set()
        self.book = self.new_book()

    def new_book(self) -> CaseRegistry:
        """Return a book as after a restart, not loaded."""
        return CaseRegistry(
            self.ledger,
            proof=self.proof,
            time_zone=TOKYO,
            now=self.clock,
            is_trusted=lambda: self.trusted,
            keep_days=KEEP_DAYS,
            bin_days=BIN_DAYS,
            is_taken=self._is_taken,
            watched=self._watched,
        )

    def _watched(self, _person: Person, items: Sequence[Item]) -> dict[str, Watched]:
        """Everybody watches everything through, unless they are too quick."""
        whole = Watched(seconds=5, of=5, every_picture=5, fastest=100, missing_from=None)
        return {item.id: whole for item in items if item.id not in self.unwatched}

    async def _is_taken(self, named: str) -> bool:
        return named in self.occupied

    async def entries(self, action: str | None = None) -> list[Entry]:
        """Return what the ledger holds, of one action only if it is named."""
        actions = None if action is None else {action}
        return [entry async for entry in self.ledger.entries(actions=actions)]

    async def received(self, kind: CaseKind = CaseKind.POLICE_INQUIRY) -> Case:
        """Return a case that Sato received."""
        return await self.book.create(SATO, kind, REQUESTS[kind])

    async def requested(self, kind: CaseKind = CaseKind.POLICE_INQUIRY) -> CaseClip:
        """Return a clip that Sato asked for in a case of its own."""
        case = await self.received(kind)
        (clip,) = await self.book.request_clips(SATO, case.id, [(passage(), None)])
        return clip

    async def by_hand(
        self, case_id: str, who: Actor = SATO, witness: Actor = VIEWER, **said: Any
    ) -> Case:
        """Return a case with footage that two people copied at a station without a network."""
        given: dict[str, Any] = {
            "passage": passage(camera="offline-01j"),
            "network": Network.NONE,
            "medium": "USBメモリ",
            "serial": "SN-1",
        }
        given |= said
        return await self.book.register_footage(
            who, case_id, given.pop("passage"), witness=witness, **given
        )

    async def taken(self, kind: CaseKind = CaseKind.POLICE_INQUIRY) -> Case:
        """Return a case of which all footage was taken by hand, by Sato and with Takahashi."""
        return await self.by_hand((await self.received(kind)).id)

    async def preserved(self, kind: CaseKind = CaseKind.POLICE_INQUIRY) -> Case:
        """Return a case with one sealed clip."""
        clip = await self.requested(kind)
        await self.book.clip_sealed(clip.id, sealed(clip))
        return self.book.clip(clip.id)[0]

    async def cut(self, case: Case, who: Actor = SATO, *, minutes: int = 5) -> Case:
        """Return a case with so many minutes cut from its first clip, and sealed."""
        clip = case.clips[0]
        start = clip.passage.start
        cut = await self.book.cut_clip(
            who, clip.id, start, start + timedelta(minutes=minutes), encode_anew=False
        )
        await self.book.cut_sealed(cut.id, sealed_cut(self.book.case(case.id), cut))
        return self.book.case(case.id)

    async def ask_for_mask(
        self, clip: CaseClip, who: Actor = SATO, *, seconds: int = 10
    ) -> CaseMask:
        """Return a masked part of so many seconds that somebody asked for."""
        asked = MaskAsked(
            passage=MaskPassage(0, seconds * 1_000_000),
            track_sha256="0" * 64,
            fill=Fill(),
            marking=None,
        )

        async def keep(_mask_id: str) -> None:
            """Keep no track: nothing is rendered here."""

        return await self.book.mask_clip(who, clip.id, asked, (), keep)

    async def mask(self, case: Case, who: Actor = SATO, *, seconds: int = 10) -> Case:
        """Return a case with so many seconds of its first clip masked, and sealed."""
        mask = await self.ask_for_mask(case.clips[0], who, seconds=seconds)
        await self.book.mask_sealed(mask.id, sealed_mask(self.book.case(case.id), mask))
        return self.book.case(case.id)

    async def approved(self, kind: CaseKind = CaseKind.POLICE_INQUIRY) -> Case:
        """Return a case that Suzuki approved: a request for disclosure by Sato's proposal of a masked copy."""
        case = await self.preserved(kind)
        if KINDS[kind].decided_by_proposal:
            case = await self.propose(await self.mask(case))
        return await self.approve(SUZUKI, case.id)

    async def proposed(self, way: Way = Way.COPY) -> Case:
        """Return a request for disclosure that Sato wants to be answered by a part, masked."""
        return await self.propose(
            await self.mask(await self.preserved(CaseKind.DISCLOSURE_REQUEST)), way=way
        )

    async def propose(
        self,
        case: Case,
        who: Actor = SATO,
        outcome: Decided = Decided.IN_PART,
        way: Way = Way.COPY,
        reasons: str = "本人以外の人が写っている",
    ) -> Case:
        """Propose to answer a request so, with all that is masked where anything is disclosed."""
        masked = (
            item.id
            for item in case.items
            if isinstance(item, CaseMask) and item.state is ClipState.SEALED
        )
        proposal = Proposal(
            outcome=outcome,
            way=way if outcome.discloses else None,
            items=tuple(masked) if outcome.discloses else (),
            grounds=(Ground.OTHER_PEOPLE,) if outcome.refuses else (),
        )
        return await self.book.propose_decision(who, case.id, proposal, reasons)

    async def approve(
        self, who: Actor, case_id: str, note: str = "", *, seen: Mapping[str, str] | None = None
    ) -> Case:
        """Let somebody approve all that is chosen or proposed, or what they saw: clip or cut by its digest."""
        case = self.book.cases.get(case_id)
        chosen = () if case is None else case.chosen
        digests = {item.id: item.digest or "" for item in chosen} if seen is None else seen
        hidden = {item.id: item.hidden for item in chosen}
        looked_at = [
            Seen(item=item, digest=digest, hidden=hidden.get(item, 0))
            for item, digest in digests.items()
        ]
        decision = None if case is None or case.decision is None else case.decision.digest
        return await self.book.approve(who, case_id, note, seen=looked_at, decision=decision)

    async def released(self, kind: CaseKind = CaseKind.POLICE_INQUIRY) -> Case:
        """Return a case whose package Sato made."""
        case = await self.approved(kind)
        return await self.release(SATO, case.id)

    async def release(
        self, who: Actor, case_id: str, name: str = "package.zip", *, encrypted: bool = False
    ) -> Case:
        """Pack what is approved now and release it, with nobody in between."""
        packed = self.book.case(case_id)
        return await self.book.release(who, case_id, file(name), encrypted=encrypted, packed=packed)

    async def silence(self, case_id: str, *, days: int = 4 * KEEP_DAYS) -> bool:
        """Let days go by in which people are asked and nobody answers; return whether that would end the case."""
        for _ in range(days):
            self.clock.forward(days=1)
            due = self.book.due()
            if case_id in due.expire:
                return True
            if case_id in due.ask:
                await self.book.asked_about(case_id)
        return False

    async def binned(self, case_id: str) -> None:
        """Put the footage of a case whose time is over into the bin."""

        async def move() -> None:
            pass

        await self.book.files_binned(case_id, move)

    async def downloaded(self) -> Case:
        """Return a case whose package Sato has on a medium."""
        case = await self.released()
        assert case.package is not None
        await self.book.download_begun(SATO, case.id, case.package)
        return await self.book.downloaded(SATO, case.id, case.package)

    async def handed_over(self) -> Case:
        """Return a case whose package the police have."""
        case = await self.downloaded()
        return await self.book.hand_over(SATO, case.id, "北野一郎", "DVD-R", "A-1")


@asynccontextmanager
async def open_desk(folder: Path, ledger_class: type[Ledger] = Ledger) -> AsyncGenerator[Desk]:
    """Open a desk whose ledger lies in the folder; at the end the book must be what the ledger folds to."""
    ledger = ledger_class(f"sqlite:///{folder}/ledger.db", "desk")
    await ledger.open()
    desk = Desk(ledger)
    await desk.proof.prove()
    await desk.book.load()
    try:
        yield desk
        await desk.book.load()
        again = desk.new_book()
        await again.load()
        assert dict(again.cases) == dict(desk.book.cases)
    finally:
        await ledger.close()
