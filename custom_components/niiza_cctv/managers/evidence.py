"""What the section has taken out of its cameras, and the record of it, while its entry is loaded."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
import time
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util import dt as dt_util

from ..cameras import Cameras
from ..const import DOMAIN, LOGGER, OPTION_CHECK_INTERVALS, OPTION_OWN_CHECKS
from ..entry_data import async_spawn, evidence_settings
from ..errors import error_key
from ..lib.access.errors import CaseError, CaseUnknown
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission, check_person
from ..lib.cases.book import CaseRegistry
from ..lib.cases.case_file import says_otherwise, says_so, says_up_to, write_case_file
from ..lib.cases.model import Case, CaseClip, CaseCut, CaseMask, CaseState, ClipState, Item, Step
from ..lib.cases.sealing_early import Fetch
from ..lib.cases.trusted_time import TrustedTime
from ..lib.checks.book import CheckBook
from ..lib.checks.kinds import kinds_of
from ..lib.checks.model import Check, CheckKind, Record
from ..lib.device.errors import CameraError
from ..lib.device.model import ClockReading
from ..lib.footage.clip_files import FileRole, Purpose, RoleFile, files_for
from ..lib.footage.clip_model import ClipFile, SealedClip, Segment
from ..lib.footage.cut import SealedCut
from ..lib.footage.cut_files import cut_files
from ..lib.footage.cutting import CutJob, Cuttings
from ..lib.footage.masking.burn_in import Caption
from ..lib.footage.masking.errors import MaskInvalid
from ..lib.footage.masking.renderings import MaskJob, Renderings
from ..lib.footage.masking.sealed import SealedMask
from ..lib.footage.packing import Packings
from ..lib.footage.retrieval import Failure, Job, Retrievals
from ..lib.footage.signing import Signer, SigningKeyInvalid
from ..lib.footage.vault import BIN, FolderUnknown, StrayFolder, Vault
from ..lib.footage.viewing_copy import ViewingCopies
from ..lib.footage.viewing_sessions import ViewingSessions
from ..lib.footage.watched import Reach, Watched
from ..lib.ledger.actions import LedgerAction
from ..lib.ledger.errors import EntryInvalid, LedgerError, LedgerUnavailable
from ..lib.ledger.model import Entry, Head, Json, Person
from ..lib.ledger.proof import LedgerProof
from ..lib.ledger.store import Ledger
from ..lib.settings.book import SettingsBook
from ..lib.settings.mutes import MuteBook
from ..people import async_actor
from .outbox import RETRY_DELAY, LedgerOutbox
from .section_record import SectionRecord
from .watched import WatchedStore

_DEFAULT_BIT_RATE = 8_000_000
# Cameras exceed the bit rate they are set to.
_BIT_RATE_MARGIN = 1.3
# Of what was named as a folder, as messages and the ledger keep it.
_MAX_SHOWN = 100
# Of a clip that nobody fetches: it is refused for that.
_NO_FETCH = Fetch(came=False, stalled=True, minutes=0)
# After these, cuts are begun or given up; after those, a package may hold no longer.
_VOIDS_PACKAGE = frozenset({LedgerAction.RELEASE_CHOSEN, LedgerAction.CLIP_WITHDRAWN})
_OF_CUTS = frozenset({LedgerAction.CLIP_CUT_REQUESTED, LedgerAction.CLIP_WITHDRAWN})
_OF_MASKS = frozenset({LedgerAction.CLIP_MASK_REQUESTED, LedgerAction.CLIP_WITHDRAWN})
_CLOCK_ACTIONS = frozenset({LedgerAction.CLOCK_JUMPED, LedgerAction.CLOCK_CONFIRMED})


def photo_folder(evidence: Evidence) -> Path:
    """Return where the pictures of checks lie, beside the folders of the cases."""
    return evidence.vault.root / "checks"


@dataclass(frozen=True, kw_only=True)
class ToWatch:
    """A sealed file to be looked at, and what true times it shows."""

    path: Path
    codec: str
    segments: tuple[Segment, ...]
    gaps: tuple[tuple[datetime, datetime], ...]
    # How long a picture is shown as a rule (seconds).
    picture: float


def to_watch(evidence: Evidence, case: Case, item: Item) -> ToWatch | None:
    """Return the file of a clip or a cut to look at; None where it is not here or is to be removed.

    Of a cut that is everything in its file: an approver sees hidden pictures, too.
    """
    if item.state is not ClipState.SEALED or item.sealed is None:
        return None
    if case.state is CaseState.PURGED or case.binned_until is not None:
        return None
    folder = evidence.vault.root / case.id
    if isinstance(item, CaseClip):
        assert item.sealed is not None
        file, segments = files_for(item.sealed, Purpose.VIEWING)[0], item.sealed.segments
        gaps = item.sealed.gaps
        pictures, duration = item.sealed.pictures, item.sealed.duration
    elif isinstance(item, CaseMask):
        file = RoleFile(role=FileRole.MASKED, file=item.sealed.file, codec="h264")
        segments = item.sealed.segments
        pictures = item.sealed.masked.rendered.pictures
        duration = item.sealed.masked.rendered.duration
        gaps = tuple((one.end, other.start) for one, other in pairwise(segments))
    else:
        _, clip = evidence.cases.clip(item.clip_id)
        codec = "h264" if clip.sealed is None else clip.sealed.codec
        assert item.sealed is not None
        file = cut_files(item.sealed, codec, Purpose.VIEWING)[0]
        cut = item.sealed.cut
        # The copy for viewing has nothing hidden.
        pictures, duration = cut.pictures, cut.duration
        segments = cut.contents if file.role is FileRole.CUT else cut.segments
        gaps = tuple((one.end, other.start) for one, other in pairwise(segments))
    path = folder / file.file.name
    # The name comes from a database: it leads nowhere else.
    if path.parent != folder:
        return None
    return ToWatch(
        path=path,
        codec=file.codec,
        segments=segments,
        gaps=gaps,
        picture=duration / max(pictures, 1) / 1_000_000,
    )


def _length(item: Item) -> int:
    """Return how long a clip or cut plays here (milliseconds), its gaps closed; 0 where nothing of it is here."""
    if item.sealed is None:
        return 0
    if isinstance(item, CaseClip):
        assert item.sealed is not None
        return item.sealed.duration // 1000
    if isinstance(item, CaseMask):
        return item.sealed.masked.rendered.duration // 1000
    cut = item.sealed.cut
    if item.sealed.viewing_copy is not None:
        return cut.duration // 1000
    # Hidden pictures play, too.
    last = cut.contents[-1]
    return last.offset // 1000 + (last.end - last.start) // timedelta(milliseconds=1)


def mask_job(clip: CaseClip, sealed: SealedClip, mask: CaseMask) -> MaskJob:
    """Return what is rendered for a masked part of a clip."""
    caption = None
    if mask.marking is not None:
        caption = Caption(
            case=clip.id,
            marking=mask.marking,
            segments=sealed.segments,
            zone=str(dt_util.get_default_time_zone()),
        )
    return MaskJob(
        mask_id=mask.id,
        case_id=clip.id.rsplit("-", 1)[0],
        clip=sealed,
        passage=mask.passage,
        track_sha256=mask.track_sha256,
        fill=mask.fill,
        burn_in=caption,
    )


def steady_seconds() -> float:
    """Return the seconds of a clock that nobody sets, and that goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Evidence:
    """The section's ledger, cases, vault and retrievals.

    The ledger (or the folder) may be away: then nothing may be done with footage (`cases` raises LedgerError), and all
    goes on by itself when it is back.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        cameras: Cameras,
        ledger: Ledger,
        outbox: LedgerOutbox,
        record: SectionRecord,
        now: Callable[[], datetime] = dt_util.utcnow,
        monotonic: Callable[[], float] = steady_seconds,
    ) -> None:
        """Make it; nothing is opened."""
        self.hass = hass
        self.entry = entry
        self.ledger = ledger
        self.outbox = outbox
        self.record = record
        self.viewing_sessions = ViewingSessions(ledger)
        self.watched = WatchedStore(hass, monotonic)
        self.packings = Packings(self.async_changed)
        self._cameras = cameras
        self._now = now
        self.proof = LedgerProof(ledger)
        self.time = TrustedTime(now, monotonic)
        # The folders that no case of the ledger knows.
        self.strays: list[StrayFolder] = []
        # What lies in the folders of cases changes for one reason at a time.
        self._folders = asyncio.Lock()
        self._to_write: set[str] = set()
        self._writing: asyncio.Task[None] | None = None
        self.settings = evidence_settings(entry.data)
        folder = self.settings.evidence_folder
        self.vault = Vault(
            Path(folder) if folder else Path(hass.config.path(".cache", DOMAIN)),
            int(self.settings.quota_gb * 1_000_000_000),
        )
        self.retrievals = Retrievals(
            self.vault,
            sealed=self._async_sealed,
            failed=self._async_failed,
            transient_failure=self._async_transient_failure,
            divided=self._async_divided,
            changed=self.async_changed,
            kept=lambda job, clip: self.viewing_copies.add(job.case_id, job.clip_id, clip),
        )
        self.viewing_copies = ViewingCopies(
            self.vault, made=self._async_copied, changed=self.async_changed
        )
        self.cuttings = Cuttings(
            self.vault,
            sealed=self._async_cut_sealed,
            failed=self._async_cut_failed,
            changed=self.async_changed,
        )
        self.renderings = Renderings(
            self.vault,
            sealed=self._async_mask_sealed,
            failed=self._async_mask_failed,
            changed=self.async_changed,
        )
        cameras.async_on_moved(self.retrievals.moved)
        self.signer: Signer
        self._book: CaseRegistry | None = None
        self._checks: CheckBook | None = None
        self._settings_book = SettingsBook(ledger)
        self._mute_book = MuteBook(ledger)
        # What has kept the ledger from being read.
        self._unread_because: type[LedgerError] = LedgerUnavailable
        self._listeners: list[CALLBACK_TYPE] = []
        self._wait_for_books: list[CALLBACK_TYPE] = []
        self._step_listeners: list[Callable[[Case, Step], None]] = []
        self._record_listeners: list[Callable[[Check, Record], None]] = []
        self._opening: asyncio.Task[None] | None = None
        self._closing = False

    @property
    def cases(self) -> CaseRegistry:
        """Return the book of cases; raises LedgerError as long as the ledger was never read."""
        if self._book is None:
            raise self._not_read()
        return self._book

    @property
    def checks(self) -> CheckBook:
        """Return the book of checks; raises LedgerError as long as the ledger was never read."""
        if self._checks is None:
            raise self._not_read()
        return self._checks

    @property
    def settings_book(self) -> SettingsBook:
        """Return the book of cameras' settings; raises LedgerError as long as the ledger was never read."""
        if not self.is_read:
            raise self._not_read()
        return self._settings_book

    @property
    def mute_book(self) -> MuteBook:
        """Return the book of silenced notices; raises LedgerError as long as the ledger was never read."""
        if not self.is_read:
            raise self._not_read()
        return self._mute_book

    @property
    def is_read(self) -> bool:
        """Return whether the ledger was read."""
        return self._book is not None

    def _not_read(self) -> LedgerError:
        """Return why the books are not there."""
        return self._unread_because("The ledger has not been read yet")

    def check_kinds(self) -> tuple[CheckKind, ...]:
        """Return what the section looks at, by its options of now."""
        options = self.entry.options
        return kinds_of(options.get(OPTION_CHECK_INTERVALS, {}), options.get(OPTION_OWN_CHECKS, ()))

    async def async_start(self) -> None:
        """Open the ledger and take up the retrievals; a ledger that is away is waited for in the background."""
        self.ledger.add_listener(self.async_changed)
        await self.watched.async_load()
        if not await self._async_open():
            self._opening = async_spawn(self.hass, self.entry, self._async_keep_opening(), "ledger")
        await self.outbox.async_start()

    async def async_close(self) -> None:
        """Stop everything where it is; what was fetched stays for the next start."""
        if self._closing:
            return
        self._closing = True
        if self._opening is not None:
            self._opening.cancel()
        await asyncio.gather(
            self.cuttings.close(),
            self.renderings.close(),
            self.retrievals.close(),
            self.viewing_copies.close(),
        )
        for entry in await self.viewing_sessions.close():
            # Kept on the disk, and written with the next start.
            self.outbox.async_add(entry.action, entry.subject, entry.details, entry.person)
        if self._book is not None:
            await self._book.close()
        await self.watched.async_close()
        await self.outbox.async_close()
        await self.ledger.close()

    @property
    def closing(self) -> bool:
        """Return whether the section ends, so that its ledger is closed, or will be in a moment."""
        return self._closing

    @callback
    def async_add_listener(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `listener` whenever cases, progress or the ledger's head changed; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def async_when_read(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `listener` once the ledger is read: now, if it was; returns what ends the waiting."""
        if self.is_read:
            listener()
        else:
            self._wait_for_books.append(listener)

        def end() -> None:
            if listener in self._wait_for_books:
                self._wait_for_books.remove(listener)

        return end

    @callback
    def async_on_step(self, listener: Callable[[Case, Step], None]) -> CALLBACK_TYPE:
        """Call `listener` with every step of a case from when the ledger was read; returns what ends that."""
        self._step_listeners.append(listener)
        return lambda: self._step_listeners.remove(listener)

    @callback
    def async_on_record(self, listener: Callable[[Check, Record], None]) -> CALLBACK_TYPE:
        """Call `listener` with everything that somebody finds, from when the ledger was read; returns what ends that."""
        self._record_listeners.append(listener)
        return lambda: self._record_listeners.remove(listener)

    async def async_actor(self, user_id: str | None, *, direct: bool = False) -> Actor:
        """Return who stands behind a user id, by what is true of them now; `direct` as `people.async_actor` has it."""
        return await async_actor(self.hass, self.entry, user_id, self.record.held, direct=direct)

    # --- People -----------------------------------------------------------------------------------------------

    async def async_confirm_appointment(self, actor: Actor, number: int) -> None:
        """Let a second person confirm an appointment, on the record; raises CaseError, LedgerError."""
        async with self._refused_on_record(actor, Permission.CONFIRM_APPOINTMENT):
            await self.record.async_confirm(actor, number)
        self.async_changed()

    async def async_decline_appointment(self, actor: Actor, number: int) -> None:
        """Let an appointment come to nothing, on the record; raises CaseError, LedgerError."""
        async with self._refused_on_record(actor, Permission.DECLINE_APPOINTMENT):
            await self.record.async_decline(actor, number)
        self.async_changed()

    @asynccontextmanager
    async def _refused_on_record(
        self, actor: Actor, permission: Permission
    ) -> AsyncGenerator[None]:
        try:
            yield
        except CaseError as err:
            await self.cases.refuse(actor, permission, "section", err.key)
            raise

    # --- Clips ------------------------------------------------------------------------------------------------

    @callback
    def async_start_clips(self, clips: Iterable[CaseClip]) -> None:
        """Fetch what was asked for, camera by camera."""
        for clip in clips:
            if clip.state is not ClipState.REQUESTED:
                continue
            passage = clip.passage
            self.retrievals.add(
                Job(
                    clip_id=clip.id,
                    case_id=clip.id.rsplit("-", 1)[0],
                    camera=passage.camera,
                    archive=partial(self._cameras.archive, passage.camera),
                    start=passage.start,
                    end=passage.end,
                    bit_rate=self._bit_rate(passage.camera),
                    asked_end=clip.asked_end,
                )
            )
            if clip.cut_short:
                self.retrievals.finish(clip.id, clip.cut_short.at)

    @callback
    def async_start_cuts(self, case: Case) -> None:
        """Make the cuts of a case that somebody waits for."""
        for clip in case.clips:
            for cut in clip.cuts:
                if cut.state is ClipState.REQUESTED and clip.sealed is not None:
                    self.cuttings.add(
                        CutJob(
                            cut_id=cut.id,
                            case_id=case.id,
                            clip=clip.sealed,
                            start=cut.start,
                            end=cut.end,
                            encode_anew=cut.encode_anew,
                        )
                    )
                elif cut.state is not ClipState.SEALED:
                    self.cuttings.cancel(cut.id)

    @callback
    def async_start_masks(self, case: Case) -> None:
        """Render the masked clips of a case that somebody waits for; give up the others."""
        for clip in case.clips:
            for mask in clip.masks:
                if mask.state is ClipState.REQUESTED and clip.sealed is not None:
                    self.renderings.add(mask_job(clip, clip.sealed, mask))
                elif mask.state is not ClipState.SEALED:
                    self.renderings.cancel(mask.id)

    async def async_cut_clip(
        self, actor: Actor, clip_id: str, start: datetime, end: datetime, *, encode_anew: bool
    ) -> CaseCut:
        """Have a part of a sealed clip made, in the background; raises CaseError, LedgerError."""
        # What was asked for is begun by the step itself (`_async_stepped`), whoever has asked.
        return await self.cases.cut_clip(actor, clip_id, start, end, encode_anew=encode_anew)

    async def async_cancel_clip(self, actor: Actor, clip_id: str) -> Case:
        """Give up a clip or a cut that is not sealed, and what there is of it."""
        case = await self.cases.cancel_clip(actor, clip_id)
        self.cuttings.cancel(clip_id)
        self.renderings.cancel(clip_id)
        await self.retrievals.cancel(clip_id)
        return case

    @callback
    def _async_copy_clips(self, case: Case) -> None:
        """Make the copies for viewing that are still due."""
        for clip in case.clips:
            if clip.state is ClipState.SEALED and clip.sealed is not None:
                self.viewing_copies.add(case.id, clip.id, clip.sealed)

    async def _async_stop(self, clip_id: str) -> None:
        """Do nothing more for a clip: neither fetch it nor copy it."""
        await self.retrievals.cancel(clip_id)
        await self.viewing_copies.cancel(clip_id)

    def fetch_of(self, clip: CaseClip) -> Fetch | None:
        """Return how the retrieval of a clip stands, None where there is none."""
        if (progress := self.retrievals.progress(clip.id)) is None:
            return None
        # What a camera that was removed had given shows only when that is sealed.
        gone = self._cameras.find(clip.passage.camera) is None
        return Fetch(
            came=progress.came or gone,
            stalled=progress.stalled or gone,
            minutes=round(self.retrievals.timing.stalled / 60),
        )

    async def async_seal_early(self, actor: Actor, clip_id: str) -> Case:
        """Seal a clip with what was fetched of it; raises CaseError, LedgerError."""
        clip = None
        with suppress(CaseUnknown):
            _, clip = self.cases.clip(clip_id)
        fetch = None if clip is None else self.fetch_of(clip)
        case = await self.cases.seal_early(actor, clip_id, fetch or _NO_FETCH)
        _, clip = self.cases.clip(clip_id)
        if clip.cut_short is not None:
            self.retrievals.finish(clip_id, clip.cut_short.at)
        return case

    async def async_told_watched(
        self, actor: Actor, clip_id: str, reaches: Iterable[Reach], speed: int
    ) -> Watched:
        """Note what somebody's browser says that it played of a clip, and return what that comes to.

        `reaches` are milliseconds of what it plays, `speed` percent. Raises CaseError, LedgerError.
        """
        # The person first: strangers do not learn which clips there are.
        await self.cases.check(actor, Permission.SEE_CASES)
        person = check_person(actor, Permission.SEE_CASES)
        _, clip = self.cases.item(clip_id)
        self.watched.told(person.id, clip_id, reaches, speed)
        return self.watched.of(person.id, clip_id, _length(clip))

    async def async_showing_ended(
        self, case_id: str, number: int, served: Sequence[tuple[datetime, datetime]]
    ) -> None:
        """Record what of a showing at the counter was served; while the ledger is away, in the background."""
        try:
            await self.cases.showing_ended(case_id, number, served)
        except LedgerError:
            async_spawn(
                self.hass,
                self.entry,
                self._async_record(lambda: self.cases.showing_ended(case_id, number, served)),
                "showing",
            )

    def watched_by(self, person: Person, clips: Iterable[Item]) -> dict[str, Watched]:
        """Return what somebody watched of the clips that can be watched here, by their browser's word."""
        return {
            clip.id: self.watched.of(person.id, clip.id, _length(clip))
            for clip in clips
            if clip.sealed is not None
        }

    async def async_remove_files(self, case_id: str) -> None:
        """Remove everything that is kept of an ended case, and record it; raises CaseError, LedgerError, OSError."""
        clips = self.cases.case(case_id).clips
        for clip in clips:
            await self._async_stop(clip.id)

        async def remove() -> None:
            await self.hass.async_add_executor_job(self.vault.remove, case_id)

        async with self._folders:
            await self.cases.files_removed(case_id, remove)
        self.watched.forget(item.id for clip in clips for item in clip.items)

    async def async_bin_files(self, case_id: str) -> None:
        """Put everything that is kept of an ended case into the bin, and record it; raises as `async_remove_files`."""
        for clip in self.cases.case(case_id).clips:
            await self._async_stop(clip.id)

        async def move() -> None:
            await self.hass.async_add_executor_job(self.vault.to_bin, case_id)

        async with self._folders:
            await self.cases.files_binned(case_id, move)

    async def async_restore_files(self, actor: Actor, case_id: str) -> Case:
        """Take the footage of a case out of the bin, and record by whom; raises CaseError, LedgerError, OSError."""

        async def move() -> None:
            await self.hass.async_add_executor_job(self.vault.out_of_bin, case_id)

        async with self._folders:
            case = await self.cases.restore(actor, case_id, move)
        if case.is_open:
            self._async_copy_clips(case)
        return case

    # --- Folders ----------------------------------------------------------------------------------------------

    async def async_remove_folder(self, actor: Actor, folder: str) -> None:
        """Remove a folder that no case knows, and record by whom; raises CaseError, LedgerError, OSError."""

        async def remove() -> Mapping[str, Json]:
            try:
                gone = await self.hass.async_add_executor_job(self.vault.remove_stray, folder)
            except FolderUnknown as err:
                raise CaseUnknown("folder_unknown", {"folder": folder[:_MAX_SHOWN]}) from err
            return {"files": gone.files, "size": gone.size}

        async with self._folders:
            await self.cases.remove_folder(actor, folder[:_MAX_SHOWN], remove)
            self.strays = await self.hass.async_add_executor_job(self.vault.strays)
        self.async_changed()

    async def _async_sort_folders(self, book: CaseRegistry) -> None:
        """Have every folder lie where the ledger says; what it does not know is set aside. Raises OSError."""
        async with self._folders:
            set_aside = await self.hass.async_add_executor_job(self._sort_folders, book)
        for stray in set_aside:
            self.outbox.async_add(
                LedgerAction.FOLDER_SET_ASIDE,
                "section",
                {"folder": stray.name, "files": stray.files, "size": stray.size},
            )

    def _sort_folders(self, book: CaseRegistry) -> list[StrayFolder]:
        """Sort the folders, for a worker thread; return those that were set aside now."""

        def is_known(case_id: str, folder: Path) -> bool:
            if (case := book.cases.get(case_id)) is None:
                return book.knows(case_id)
            # What was removed and is here again came with a share that was away, or out of a backup.
            return case.files_removed_at is None and not says_otherwise(folder, case.history[0])

        def is_certain(case_id: str, folder: Path) -> bool:
            case = book.cases.get(case_id)
            return (
                case is not None
                and case.files_removed_at is None
                and says_so(folder, case.history[0])
            )

        set_aside = self.vault.set_aside(is_known)
        self.vault.take_back(is_certain)
        for case in book.cases.values():
            # A kill may have come between the move and its entry.
            if case.binned_until is None and case.may_hold_files:
                self.vault.out_of_bin(case.id)
            elif case.binned_until is not None:
                self.vault.to_bin(case.id)
            if case.is_open or case.release is None:
                self.vault.remove_other_package(case.id, case.package)
        self.strays = self.vault.strays()
        return set_aside

    @callback
    def _async_write_case_file(self, case_id: str) -> None:
        """Have the folder of a case say what the ledger says of it."""
        self._to_write.add(case_id)
        if self._writing is None or self._writing.done():
            self._writing = async_spawn(
                self.hass, self.entry, self._async_write_case_files(), "case files", eager=False
            )

    async def _async_write_case_files(self) -> None:
        """Write what waits; what cannot be written now is written with the case's next step, or at the next start."""
        while self._to_write:
            case_id = self._to_write.pop()
            try:
                await self._async_write_one(case_id)
            except (LedgerError, OSError) as err:
                LOGGER.warning(
                    "The entries of case %s are not beside its footage: %s", case_id, err
                )

    async def _async_write_one(self, case_id: str) -> None:
        async with self._folders:
            case = self.cases.case(case_id)
            if not case.may_hold_files:
                return
            if await self.hass.async_add_executor_job(self._is_written, case):
                return
            entries = [
                entry
                async for entry in self.ledger.entries(
                    after=case.history[0].number - 1, subject=f"case/{case_id}"
                )
            ]
            await self.hass.async_add_executor_job(
                self._write_case_file, case, entries, self.ledger.head
            )

    def _folder_of(self, case: Case) -> Path:
        """Return where the folder of a case lies, for a worker thread; made if need be."""
        if case.binned_until is None:
            return self.vault.folder(case.id)
        return self.vault.root / BIN / case.id

    def _is_written(self, case: Case) -> bool:
        return says_up_to(self._folder_of(case), case.history[-1])

    def _write_case_file(self, case: Case, entries: list[Entry], head: Head) -> None:
        if (folder := self._folder_of(case)).is_dir():
            write_case_file(folder, entries, head)

    def _bit_rate(self, camera: str) -> int:
        """Return what a camera sends at most, in bits per second."""
        found = self._cameras.find(camera)
        profile = None if found is None else found.data.main_profile
        if profile is None or not profile.bitrate:
            return _DEFAULT_BIT_RATE
        return int(profile.bitrate * 1000 * _BIT_RATE_MARGIN)

    async def _async_sealed(self, job: Job, clip: SealedClip, clock: ClockReading | None) -> None:
        origin = self._cameras.facts(job.camera, clock)
        await self._async_record(
            lambda: self.cases.clip_sealed(
                job.clip_id, clip, None if origin is None else origin.as_json()
            )
        )

    async def _async_copied(self, clip_id: str, file: ClipFile) -> None:
        await self._async_record(lambda: self.cases.viewing_copy_made(clip_id, file))

    async def _async_divided(self, job: Job, at: datetime) -> bool:
        """Have what has another codec fetched as a clip of its own; return whether there is one."""
        rest: CaseClip | None = None

        async def divide() -> None:
            nonlocal rest
            rest = await self.cases.clip_divided(job.clip_id, at)

        await self._async_record(divide)
        if rest is not None:
            self.async_start_clips([rest])
        return rest is not None

    async def _async_failed(self, job: Job, failure: Failure) -> None:
        await self._async_record(lambda: self.cases.clip_failed(job.clip_id, failure, final=True))

    async def _async_transient_failure(self, job: Job, err: CameraError) -> None:
        await self._async_record(
            lambda: self.cases.clip_failed(job.clip_id, error_key(err), final=False)
        )

    async def _async_cut_sealed(self, job: CutJob, cut: SealedCut) -> bool:
        """Record a cut; return whether somebody still waited for it."""
        await self._async_record(lambda: self.cases.cut_sealed(job.cut_id, cut))
        return self.cases.item(job.cut_id)[1].sealed == cut

    async def _async_cut_failed(self, job: CutJob, error: str) -> None:
        await self._async_record(lambda: self.cases.cut_failed(job.cut_id, error))

    async def _async_mask_sealed(self, job: MaskJob, sealed: SealedMask) -> bool:
        """Record a masked clip; return whether somebody still waited for it."""
        await self._async_record(lambda: self.cases.mask_sealed(job.mask_id, sealed))
        return self.cases.item(job.mask_id)[1].sealed == sealed

    async def _async_mask_failed(self, job: MaskJob, problem: MaskInvalid) -> None:
        await self._async_record(lambda: self.cases.mask_failed(job.mask_id, problem))

    async def _async_record(self, step: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Write into the ledger what happened without a person; while it is away, wait."""
        while True:
            try:
                await step()
            except EntryInvalid:
                # It will not be taken later either: the clip is given up, on the record.
                raise
            except LedgerError:
                await asyncio.sleep(RETRY_DELAY)
            except CaseError as err:
                # Given up by a person in the same moment.
                LOGGER.debug("Nobody waits for this any more: %s", err)
                return
            else:
                return

    # --- Opening ----------------------------------------------------------------------------------------------

    def _prepare(self) -> Signer:
        """Make the folder and the section's key, for a worker thread; raises OSError."""
        self.vault.prepare()
        return Signer.load_or_create(
            Path(self.hass.config.path(STORAGE_DIR, DOMAIN)), self.entry.title
        )

    async def _async_open(self) -> bool:
        """Read the ledger and take up what was under way; return whether it could be read."""
        book = CaseRegistry(
            self.ledger,
            time_zone=dt_util.get_default_time_zone(),
            now=self._now,
            proof=self.proof,
            is_trusted=self.time.is_trusted,
            keep_days=self.settings.keep_days,
            bin_days=self.settings.bin_days,
            is_taken=self._async_is_taken,
            watched=self.watched_by,
        )
        checks = CheckBook(
            self.ledger,
            time_zone=dt_util.get_default_time_zone(),
            now=self._now,
            kinds=self.check_kinds,
            assets=self._cameras.assets,
            refuse=book.refuse,
        )
        try:
            self.signer = await self.hass.async_add_executor_job(self._prepare)
            await self.ledger.open()
            await self._async_begin_time()
            await book.load()
            await checks.load()
            await self._settings_book.load()
            await self._mute_book.load()
            await self.record.async_open()
            await self._async_sort_folders(book)
        except (LedgerError, OSError, SigningKeyInvalid) as err:
            self._unread_because = type(err) if isinstance(err, LedgerError) else LedgerUnavailable
            if self._opening is None:
                LOGGER.error("Nothing can be taken out: %s", err)
            return False
        self._book, self._checks = book, checks
        book.add_listener(self._async_stepped)
        checks.add_listener(self._async_checked)
        for case in book.cases.values():
            if case.is_open:
                self.async_start_clips(case.clips)
                self._async_copy_clips(case)
                self.async_start_cuts(case)
                self.async_start_masks(case)
            if case.may_hold_files:
                self._async_write_case_file(case.id)
        while self._wait_for_books:
            self._wait_for_books.pop(0)()
        self.async_changed()
        return True

    async def _async_begin_time(self) -> None:
        """Learn from the ledger whether the clock can be right; raises LedgerError."""
        told = [
            entry
            async for entry in self.ledger.entries(
                actions=_CLOCK_ACTIONS, newest_first=True, limit=1
            )
        ]
        jumped = bool(told) and told[0].action == LedgerAction.CLOCK_JUMPED
        if (jump := self.time.begin(self.ledger.head.at, jumped=jumped)) is not None:
            self.async_record_jump(jump)

    @callback
    def async_look_at_clock(self) -> None:
        """Compare the clocks, and have a jump on the record."""
        if (jump := self.time.look(self.ledger.head.at)) is not None:
            self.async_record_jump(jump)

    @callback
    def async_record_jump(self, jump: timedelta) -> None:
        """Have it on the record that the clock jumped: until a person releases it, also after a restart."""
        self.outbox.async_add(
            LedgerAction.CLOCK_JUMPED, "clock", {"seconds": round(jump.total_seconds())}
        )

    async def _async_is_taken(self, named: str) -> bool:
        return await self.hass.async_add_executor_job(self.vault.is_taken, named)

    async def _async_keep_opening(self) -> None:
        """Try until the ledger is there."""
        while True:
            await asyncio.sleep(RETRY_DELAY)
            if await self._async_open():
                break
        LOGGER.info("The ledger is open")

    @callback
    def _async_checked(self, check: Check, record: Record) -> None:
        """Show what changed, and tell who asked for it."""
        self.async_changed()
        for listener in tuple(self._record_listeners):
            listener(check, record)

    @callback
    def _async_stepped(self, case: Case, step: Step) -> None:
        """Fetch nothing more for a case that has ended; show what changed, and tell who asked for it."""
        # A clock that is wrong for a moment only dates what is done in it.
        self.async_look_at_clock()
        if case.may_hold_files:
            self._async_write_case_file(case.id)
        if step.action in _OF_CUTS or not case.is_open:
            self.async_start_cuts(case)
        if step.action in _OF_MASKS or not case.is_open:
            self.async_start_masks(case)
        if case.release is None and step.action in _VOIDS_PACKAGE:
            async_spawn(self.hass, self.entry, self._async_remove_package(case.id), "package")
        if not case.is_open:
            for clip in case.clips:
                if self.retrievals.progress(clip.id) is not None or self.viewing_copies.is_making(
                    clip.id
                ):
                    async_spawn(
                        self.hass, self.entry, self._async_stop(clip.id), f"cancel {clip.id}"
                    )
        self.async_changed()
        for listener in tuple(self._step_listeners):
            listener(case, step)

    async def _async_remove_package(self, case_id: str) -> None:
        """Remove a package that holds no longer; what cannot be removed now is at the next start."""
        async with self._folders:
            case = self.cases.case(case_id)
            if case.release is not None or not case.may_hold_files:
                return
            try:
                await self.hass.async_add_executor_job(
                    self.vault.remove_other_package, case_id, None
                )
            except OSError as err:
                LOGGER.warning("The void package of case %s was not removed: %s", case_id, err)

    @callback
    def async_changed(self) -> None:
        """Let everything that shows cases, checks or the ledger look again."""
        for listener in tuple(self._listeners):
            listener()
