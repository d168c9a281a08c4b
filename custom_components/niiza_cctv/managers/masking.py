"""Masking the clips of cases: tracks that people draw, where a figure goes, what it will look like, and the rendering."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..const import LOGGER
from ..lib.access.errors import FieldsInvalid, WrongState
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission
from ..lib.cases.model import Case, CaseClip, CaseMask
from ..lib.cases.rules import MaskAsked
from ..lib.footage.clip_model import SealedClip
from ..lib.footage.masking.burn_in import Marking
from ..lib.footage.masking.errors import MaskInvalid, MaskProblem
from ..lib.footage.masking.fill import SOLID_FILL, Fill
from ..lib.footage.masking.order import MaskOrder
from ..lib.footage.masking.propose import Proposal, propose
from ..lib.footage.masking.renderings import MaskJob, order_of
from ..lib.footage.masking.segments import MaskedPlayback
from ..lib.footage.masking.source import Passage
from ..lib.footage.masking.stills import MadeFile, Stills
from ..lib.footage.masking.track import Box, Tracks
from ..lib.footage.masking.track_file import (
    TrackDraft,
    draft_path,
    read_draft,
    read_track,
    track_path,
    write_draft,
    write_track,
)
from ..lib.ledger.model import Json
from .evidence import Evidence, mask_job, to_watch


def as_refusal(err: MaskInvalid) -> FieldsInvalid:
    """Return what is wrong with a track or a passage, for the person who asked."""
    return FieldsInvalid(err.problem.value, err.placeholders)


class MaskManager:
    """What people do to have clips masked. Each step is the book's to allow; its errors are CaseError and LedgerError."""

    def __init__(self, hass: HomeAssistant, *, evidence: Evidence) -> None:
        """Begin with nothing under way."""
        self._hass = hass
        self._evidence = evidence
        # One draft is written, and one proposal made, at a time.
        self._drawing = asyncio.Lock()
        self._looking = asyncio.Lock()

    # --- Tracks -------------------------------------------------------------------------------------------------------

    async def async_drawn(self, actor: Actor, item_id: str) -> TrackDraft | Tracks | None:
        """Return the track of a clip as somebody left it, or that of a masked clip, to whoever may see the case."""
        # The person first: strangers do not learn which clips there are.
        await self._evidence.cases.check(actor, Permission.SEE_CASES)
        case, item = self._evidence.cases.item(item_id)
        if case.binned_until is not None:
            raise WrongState("footage_in_bin", {"case": case.id})
        folder = self._folder(case)
        if isinstance(item, CaseMask):
            return await self._async_done(
                read_track, track_path(folder, item.id), item.track_sha256
            )
        return await self._async_done(read_draft, draft_path(folder, item.id))

    async def async_save_draft(
        self, actor: Actor, clip_id: str, track: Json, based_on: str | None
    ) -> TrackDraft:
        """Keep a track in the place of the one whose hash is `based_on` (None: of none).

        Raises FieldsInvalid where it is no track for this clip, or somebody else has changed it meanwhile.
        """
        case, clip, person = await self._evidence.cases.check_mask(actor, clip_id)
        duration = _sealed(clip).duration
        path = draft_path(self._folder(case), clip.id)

        def save() -> TrackDraft:
            tracks = Tracks.from_json(track)
            tracks.check(duration)
            known = read_draft(path)
            if (None if known is None else known.tracks.sha256) != based_on:
                raise FieldsInvalid("mask_track_changed", {"clip": clip.id})
            draft = TrackDraft.saved(tracks, person, dt_util.utcnow(), known)
            write_draft(path, draft)
            return draft

        async with self._drawing:
            return await self._async_done(save)

    # --- Masked clips -------------------------------------------------------------------------------------------------

    async def async_render(
        self,
        actor: Actor,
        clip_id: str,
        track_sha256: str,
        *,
        span: tuple[datetime | None, datetime | None] = (None, None),
        fill: Fill,
        marking: Marking | None,
    ) -> CaseMask:
        """Have a masked part of a clip rendered in the background, by the track that was saved for it.

        `span` is from when to before when, in true time; None: as far as the clip goes.
        """
        case, clip, _ = await self._evidence.cases.check_mask(actor, clip_id)
        sealed = _sealed(clip)
        draft = await self._async_saved(case, clip, track_sha256)
        try:
            asked = MaskAsked(
                passage=_passage(sealed, *span),
                track_sha256=track_sha256,
                fill=fill,
                marking=marking,
            )
        except MaskInvalid as err:
            raise as_refusal(err) from err

        async def keep(mask_id: str) -> None:
            path = track_path(self._folder(case), mask_id)
            await self._async_done(write_track, path, draft.tracks)

        # What was asked for is begun by the step itself (`Evidence`), whoever has asked.
        return await self._evidence.cases.mask_clip(actor, clip_id, asked, draft.drawn_by, keep)

    async def async_propose(
        self, actor: Actor, clip_id: str, at: int, box: Box, until: int
    ) -> Proposal:
        """Return where what is in a box seems to go; nothing of it is kept, and it reveals nothing. Times in microseconds."""
        case, clip, _ = await self._evidence.cases.check_mask(actor, clip_id)
        master = self._folder(case) / _sealed(clip).master.name
        async with self._looking:
            return await self._async_done(propose, master, at, box, until)

    # --- Pictures -----------------------------------------------------------------------------------------------------

    async def async_stills(self, case: Case, clip: CaseClip, mask: CaseMask | None) -> Stills:
        """Open the pictures of a clip, or of a masked clip and what it was made of; the caller has let the person through.

        Raises FieldsInvalid where a file is not what was sealed.
        """
        made: MadeFile | None = None
        if mask is not None and (shown := to_watch(self._evidence, case, mask)) is not None:
            assert mask.sealed is not None
            made = MadeFile(shown.path, mask.sealed.file.sha256)

        def opened(order: MaskOrder) -> Awaitable[Stills]:
            return Stills.open(order, made)

        return await self._async_opened(opened, await self._async_order(case, clip, mask))

    async def async_counter(self, case: Case, clip: CaseClip, mask: CaseMask) -> MaskedPlayback:
        """Open a masked clip to be shown straight from its sealed clip; the caller has let the person through.

        Raises FieldsInvalid where the master is not what was sealed, or the track not the one that was approved.
        """

        def opened(order: MaskOrder) -> Awaitable[MaskedPlayback]:
            return MaskedPlayback.open(order, _sealed(clip).segments)

        return await self._async_opened(opened, await self._async_order(case, clip, mask))

    async def _async_order(self, case: Case, clip: CaseClip, mask: CaseMask | None) -> MaskOrder:
        """Return how a masked clip is made; without one, all of a clip of which nothing is revealed."""
        folder, sealed = self._folder(case), _sealed(clip)
        if mask is not None:
            tracks = await self._async_done(
                read_track, track_path(folder, mask.id), mask.track_sha256
            )
            return order_of(folder, mask_job(clip, sealed, mask), tracks)
        nothing = MaskJob(
            mask_id=clip.id,
            case_id=case.id,
            clip=sealed,
            passage=Passage(0, sealed.duration),
            track_sha256="",
            fill=SOLID_FILL,
            burn_in=None,
        )
        return order_of(folder, nothing, Tracks(()))

    async def async_drawn_as(self, clip_id: str, sha256: str) -> Tracks:
        """Return the draft of a clip's track by its hash, for somebody who was let through; raises FieldsInvalid where it is another."""
        case, clip = self._evidence.cases.clip(clip_id)
        return (await self._async_saved(case, clip, sha256)).tracks

    # ------------------------------------------------------------------------------------------------------------------

    async def _async_saved(self, case: Case, clip: CaseClip, sha256: str) -> TrackDraft:
        """Return the draft that was named; raises FieldsInvalid where it is not as it was."""
        draft = await self._async_done(read_draft, draft_path(self._folder(case), clip.id))
        if draft is None or draft.tracks.sha256 != sha256:
            raise FieldsInvalid("mask_track_changed", {"clip": clip.id})
        return draft

    @staticmethod
    async def _async_opened[T](opened: Callable[[MaskOrder], Awaitable[T]], order: MaskOrder) -> T:
        try:
            return await opened(order)
        except MaskInvalid as err:
            raise as_refusal(err) from err
        except OSError as err:
            raise FieldsInvalid(MaskProblem.NOT_THE_CLIP.value) from err

    async def _async_done[*Given, T](self, work: Callable[[*Given], T], *given: *Given) -> T:
        """Do something in a worker thread; raises what it says as CaseError."""
        try:
            return await self._hass.async_add_executor_job(work, *given)
        except MaskInvalid as err:
            raise as_refusal(err) from err
        except FileNotFoundError as err:
            raise FieldsInvalid(MaskProblem.NOT_THE_CLIP.value) from err
        except OSError as err:
            LOGGER.warning("Nothing was masked: %s", err)
            raise FieldsInvalid(MaskProblem.NOT_WRITTEN.value) from err

    def _folder(self, case: Case) -> Path:
        return self._evidence.vault.root / case.id


def _sealed(clip: CaseClip) -> SealedClip:
    """Return the clip that lies here; the book let nobody through otherwise."""
    assert clip.sealed is not None
    return clip.sealed


def _passage(clip: SealedClip, start: datetime | None, end: datetime | None) -> Passage:
    """Return a part of a clip, to before `end`; raises MaskInvalid where it has none."""
    if start is None and end is None:
        return Passage(0, clip.duration)
    begin = clip.first_picture if start is None else start
    # First of all: before the first of all times there is none.
    if end is not None and end <= max(begin, clip.first_picture):
        raise MaskInvalid(MaskProblem.NO_PICTURES)
    last = clip.last_picture if end is None else end - timedelta(microseconds=1)
    if last < begin:
        raise MaskInvalid(MaskProblem.NO_PICTURES)
    return Passage.of(clip, begin, last)
