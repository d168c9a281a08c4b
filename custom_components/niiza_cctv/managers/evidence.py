"""What the section has taken out of its cameras, and the record of it, while its entry is loaded."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util import dt as dt_util

from ..cameras import Cameras
from ..const import DOMAIN, LOGGER, OPTION_CHECK_INTERVALS, OPTION_OWN_CHECKS
from ..entry_data import async_spawn, evidence_settings
from ..errors import error_key
from ..lib.access.errors import CaseError
from ..lib.access.model import Actor
from ..lib.cases.book import CaseRegistry
from ..lib.cases.model import Case, CaseClip, ClipState, Step
from ..lib.checks.book import CheckBook
from ..lib.checks.kinds import kinds_of
from ..lib.checks.model import Check, CheckKind, Record
from ..lib.device.errors import CameraError
from ..lib.device.model import ClockReading
from ..lib.footage.clip_model import SealedClip
from ..lib.footage.retrieval import Failure, Job, Retrievals
from ..lib.footage.signing import Signer, SigningKeyInvalid
from ..lib.footage.vault import Vault
from ..lib.footage.viewing_sessions import ViewingSessions
from ..lib.ledger.errors import EntryInvalid, LedgerError, LedgerUnavailable
from ..lib.ledger.store import Ledger
from ..people import async_actor
from .outbox import RETRY_DELAY, LedgerOutbox

_DEFAULT_BIT_RATE = 8_000_000
# Cameras exceed the bit rate they are set to.
_BIT_RATE_MARGIN = 1.3


def photo_folder(evidence: Evidence) -> Path:
    """Return where the pictures of checks lie, beside the folders of the cases."""
    return evidence.vault.root / "checks"


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
        now: Callable[[], datetime] = dt_util.utcnow,
    ) -> None:
        """Make it; nothing is opened."""
        self.hass = hass
        self.entry = entry
        self.ledger = ledger
        self.outbox = outbox
        self.viewing_sessions = ViewingSessions(ledger)
        self._cameras = cameras
        self._now = now
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
            changed=self.async_changed,
        )
        cameras.async_on_moved(self.retrievals.moved)
        self.signer: Signer
        self._book: CaseRegistry | None = None
        self._checks: CheckBook | None = None
        # What has kept the ledger from being read.
        self._unread_because: type[LedgerError] = LedgerUnavailable
        self._listeners: list[CALLBACK_TYPE] = []
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
        await self.retrievals.close()
        await self.viewing_sessions.close()
        if self._book is not None:
            await self._book.close()
        await self.outbox.async_close()
        await self.ledger.close()

    @callback
    def async_add_listener(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `listener` whenever cases, progress or the ledger's head changed; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

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
        return await async_actor(self.hass, self.entry, user_id, direct=direct)

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
                )
            )

    async def async_cancel_clip(self, actor: Actor, clip_id: str) -> Case:
        """Give up a clip that is not sealed, and what was fetched of it."""
        case = await self.cases.cancel_clip(actor, clip_id)
        await self.retrievals.cancel(clip_id)
        return case

    async def async_remove_files(self, case_id: str) -> None:
        """Remove everything that is kept of an ended case, and record it; raises CaseError, LedgerError, OSError."""
        for clip in self.cases.case(case_id).clips:
            await self.retrievals.cancel(clip.id)

        async def remove() -> None:
            await self.hass.async_add_executor_job(self.vault.remove, case_id)

        await self.cases.files_removed(case_id, remove)

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

    async def _async_failed(self, job: Job, failure: Failure) -> None:
        await self._async_record(lambda: self.cases.clip_failed(job.clip_id, failure, final=True))

    async def _async_transient_failure(self, job: Job, err: CameraError) -> None:
        await self._async_record(
            lambda: self.cases.clip_failed(job.clip_id, error_key(err), final=False)
        )

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
            keep_days=self.settings.keep_days,
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
            await book.load()
            await checks.load()
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
        self.async_changed()
        return True

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
        if not case.is_open:
            for clip in case.clips:
                if self.retrievals.progress(clip.id) is not None:
                    async_spawn(
                        self.hass, self.entry, self.retrievals.cancel(clip.id), f"cancel {clip.id}"
                    )
        self.async_changed()
        for listener in tuple(self._step_listeners):
            listener(case, step)

    @callback
    def async_changed(self) -> None:
        """Let everything that shows cases, checks or the ledger look again."""
        for listener in tuple(self._listeners):
            listener()
