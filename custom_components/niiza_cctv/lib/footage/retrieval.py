"""Passages fetched from the cards: queued, resumed, shared fairly, sealed.

One passage per camera at a time. What has been fetched lies in a `Spool`, so a camera that goes away, a turn that
is given to somebody who watches, and a restart all mean the same: go on behind the last complete picture.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
import logging
from pathlib import Path
import time

from ..device.clock_history import ClockHistory
from ..device.errors import CameraAnswerInvalid, CameraError, CameraOperationUnsupported
from ..device.model import ClockReading
from .archive import Archive, FootageStream, Picture, Stretch
from .clip import seal
from .clip_files import Purpose, files_for, remove_unfinished, sealed_files
from .clip_model import ClipInvalid, SealedClip, Withheld, WithheldReason
from .errors import CameraBusy, FootageMissing, PlayRefused
from .gate import Turn, Use
from .media_signing.chain import read_roots
from .media_signing.coverage import Coverage
from .media_signing.known_chains import KnownChains
from .obstacle import Obstacle
from .pace import WINDOW, PaceMeter
from .progress import Outlook
from .proving import Proof, Proofs
from .replay import PATIENCE
from .spool import Spool, SpoolDamaged, microseconds
from .vault import CAMERA_CERTIFICATES, CAMERA_ROOTS, Vault, VaultFull

_LOGGER = logging.getLogger(__name__)

# Cameras fetched from at the same time; clips are written one after the other.
PARALLEL_FETCHES = 4
# An export holds a turn at least this long before it makes room for somebody who watches (seconds), counted from its
# first new picture: a camera that keeps to real time first gives again what leads up to it.
SLICE = 2.0
MAX_SLICE = 30.0
# Bytes collected before they are written, and how long pictures of a slow camera may wait for more (seconds).
_BATCH = 1 << 20
_BATCH_TIME = 1.0
# What a camera may take to write the last seconds of a passage to its card's index.
_SETTLING = timedelta(minutes=2)
# A camera may be busy so often in a row before the next passage has its turn.
_BUSY_TRIES = 3
_SHOW_EVERY = 1.0
# What a retrieval may take to say good-bye to a camera when we stop (seconds).
_ENDING = 1.0
# Footage that ends this close to the end asked for is whole: pictures have a distance.
_NEAR_END = timedelta(seconds=2)
# A camera that sends more than this for the passage lies (bits per second).
_MAX_BITS = 60_000_000
_LEAD_IN = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)
# How far it has come, in percent, when all is fetched and proved: half by each; the rest is writing and comparing.
_PROVED = 90.0
# Bytes a second that are written and compared, as long as none was.
_WRITING_PACE = 40_000_000.0
# The share of writing from which on its own pace tells how long the rest takes.
_TOLD = 0.2
# A camera signs a group of pictures with a later one: so far the footage is read on for the last signature, and so often.
MAX_READ_ON = timedelta(seconds=30)
_READ_ON_TRIES = 3


@dataclass(frozen=True, kw_only=True)
class RetrievalTiming:
    """How long a camera is left alone (seconds)."""

    # Between two tries with a camera that fails, doubled up to the second.
    retry_delay: tuple[float, float] = (2.0, 60.0)
    # A camera that still counts the session before the last one is asked again after this.
    busy_again: float = 1.0
    # The first picture may take so long, and the next ones; where nothing came before, the first no longer than those.
    patience: float = PATIENCE
    idle: float = 5.0
    # The index is read again after this while the last seconds of a passage are still being written.
    settle_again: float = 5.0
    # How old an index may be that tells what a card still holds.
    index_age: float = 10.0
    # A clip of which nothing came for so long may be sealed with what there is.
    stalled: float = 600.0
    # Over which a camera's speed is measured.
    pace_window: float = WINDOW


class RetrievalState(StrEnum):
    """What is being done for a passage just now."""

    QUEUED = "queued"
    RETRIEVING = "retrieving"
    # Somebody watches this camera: the export yields and goes on after them.
    WAITING = "waiting"
    # The camera does not give it just now; it is asked again.
    RETRYING = "retrying"
    WRITING = "writing"


class Failure(StrEnum):
    """Why a passage was given up."""

    NOTHING_FOUND = "nothing_found"
    # The camera lists footage and gave none of it.
    NOT_GIVEN = "not_given"
    NO_ROOM = "no_room"
    INVALID = "invalid"
    STORAGE = "storage"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the retrieval of a passage has come."""

    state: RetrievalState
    # Of fetching, writing and checking together.
    percent: float = 0.0
    remaining: timedelta | None = None
    # Passages before this one at the same camera.
    place: int = 0
    # The transient failure of a RETRYING one.
    error: Exception | None = None
    # The camera gives its footage no faster than it was recorded.
    real_time: bool = False
    # Something of it has come; and nothing more for so long that it may be sealed as it is.
    came: bool = False
    stalled: bool = False


@dataclass(frozen=True, kw_only=True)
class Job:
    """One passage to fetch: `start` and `end` in true time."""

    clip_id: str
    case_id: str
    # The camera's unique id, and its archive by the address of now.
    camera: str
    archive: Callable[[], Archive]
    start: datetime
    end: datetime
    # What the camera is set to send, in bits per second, for the room that is needed.
    bit_rate: int
    # With which end it was asked for, where it was divided.
    asked_end: datetime | None = None


class CodecChanged(Exception):
    """What comes next is of another codec than what was fetched: no file holds both."""


class Retrievals:
    """The section's retrievals: add, show, cancel.

    `sealed` (with the camera's clock as it was measured), `failed` and `transient_failure` are awaited when a clip is
    proved, given up, or meets a camera that does not give it for the first time; `changed` is called when progress is
    worth showing, `kept` when nothing but the sealed file is left of a passage. `divided` is awaited with the moment from
    which on a passage has another codec: whoever makes a clip of its own of the rest says True.
    """

    def __init__(
        self,
        vault: Vault,
        *,
        sealed: Callable[[Job, SealedClip, ClockReading | None], Awaitable[None]],
        failed: Callable[[Job, Failure], Awaitable[None]],
        transient_failure: Callable[[Job, CameraError], Awaitable[None]],
        divided: Callable[[Job, datetime], Awaitable[bool]],
        changed: Callable[[], None],
        kept: Callable[[Job, SealedClip], None] = lambda _job, _clip: None,
        timing: RetrievalTiming | None = None,
        max_bits: int = _MAX_BITS,
    ) -> None:
        """Make the queue, empty."""
        self.timing = timing or RetrievalTiming()
        self._max_bits = max_bits
        self._vault = vault
        self._known_chains = KnownChains(vault.root / CAMERA_CERTIFICATES)
        self._sealed = sealed
        self._failed = failed
        self._transient_failure = transient_failure
        self._divided = divided
        self._changed = changed
        self._kept = kept
        self._progress: dict[str, Progress] = {}
        self._jobs: dict[str, Job] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        # Sealed, and not known to the ledger yet: the files that this run made.
        self._made: dict[str, SealedClip] = {}
        self._cameras: dict[str, asyncio.Lock] = {}
        # Set when a camera is to be asked again at once.
        self._found_again: dict[str, asyncio.Event] = {}
        # The passages that are sealed with what there is of them, and since when that is decided.
        self._finishing: dict[str, datetime] = {}
        # Those of which something came, and by a steady clock when the last of it did, or the retrieval began.
        self._came: set[str] = set()
        self._gained: dict[str, float] = {}
        self._fetching = asyncio.Semaphore(PARALLEL_FETCHES)
        self._sealing = asyncio.Lock()
        self._proofs = Proofs()
        self._writing_pace = _WRITING_PACE

    def add(self, job: Job) -> None:
        """Fetch a passage as soon as it is its turn; one that is under way already stays as it is."""
        if job.clip_id in self._tasks:
            return
        self._jobs[job.clip_id] = job
        self._progress[job.clip_id] = Progress(state=RetrievalState.QUEUED)
        self._gained[job.clip_id] = time.monotonic()
        task = asyncio.create_task(self._run(job), name=f"niiza_cctv retrieval {job.clip_id}")
        self._tasks[job.clip_id] = task
        self._changed()

    def finish(self, clip_id: str, decided_at: datetime) -> None:
        """Fetch no more of a passage, and seal what there is of it; what is missing is a gap."""
        if (job := self._jobs.get(clip_id)) is not None:
            self._finishing[clip_id] = decided_at
            self.moved(job.camera)

    def moved(self, camera: str) -> None:
        """Ask a camera again at once: it was found at another address."""
        if (again := self._found_again.get(camera)) is not None:
            again.set()

    def progress(self, clip_id: str) -> Progress | None:
        """Return how far a passage has come; None when nothing is being done for it."""
        if (progress := self._progress.get(clip_id)) is None:
            return None
        job = self._jobs[clip_id]
        archive = _archive_now(job)
        progress = replace(
            progress,
            real_time=archive is not None and archive.keeps_to_real_time,
            came=clip_id in self._came,
            stalled=progress.state not in _NOT_STALLED
            and time.monotonic() - self._gained[clip_id] >= self.timing.stalled,
        )
        if progress.state is not RetrievalState.QUEUED:
            return progress
        before = [one for one in self._jobs.values() if one.camera == job.camera]
        before = before[: before.index(job)]
        remaining = None
        if progress.real_time:
            remaining = sum((one.end - one.start for one in (*before, job)), timedelta())
        return replace(progress, place=len(before), remaining=remaining)

    async def cancel(self, clip_id: str) -> None:
        """Stop a retrieval and remove what it fetched; one that is not under way is fine."""
        if (task := self._tasks.get(clip_id)) is None:
            return
        job = self._jobs[clip_id]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.to_thread(self._remove, job)

    async def close(self) -> None:
        """Stop every retrieval where it is; what was fetched stays for the next start."""
        running = set(self._tasks.values())
        # Said again to one whose camera does not take its good-bye.
        while running:
            for task in running:
                task.cancel()
            _, running = await asyncio.wait(running, timeout=_ENDING)
        self._proofs.close()

    async def _run(self, job: Job) -> None:
        """Fetch, seal, tell; whatever happens, nobody waits for this passage afterwards."""
        try:
            camera = self._cameras.setdefault(job.camera, asyncio.Lock())
            fetched = await self._fetch(job, camera)
            if fetched.spool is None:
                await self._give_up(
                    job, Failure.NOT_GIVEN if fetched.withheld else Failure.NOTHING_FOUND
                )
                return
            try:
                await self._learn_certificate(job, fetched.coverage)
                await self._prove(job, fetched)
                job = await self._divide(job, fetched)
                async with self._sealing:
                    clip = await self._seal(job, fetched)
            finally:
                # Also of a clip that is given up while it waits: a file that is open still takes its room.
                await asyncio.shield(fetched.aclose())
            self._made[job.clip_id] = clip
            await self._sealed(job, clip, fetched.clock)
            # Not before the ledger knows the clip: until then it can be made again.
            del self._made[job.clip_id]
            await asyncio.to_thread(self._remove, job)
            self._kept(job, clip)
        except VaultFull:
            await self._give_up(job, Failure.NO_ROOM)
        except (ClipInvalid, SpoolDamaged) as err:
            _LOGGER.error("Clip %s is not what was asked for: %s", job.clip_id, err)
            await self._give_up(job, Failure.INVALID)
        except OSError as err:
            # The path in an OSError's text is ours, its reason is what helps.
            _LOGGER.error("Clip %s cannot be written: %s", job.clip_id, err.strerror)
            await self._give_up(job, Failure.STORAGE)
        except Exception:
            # Whatever a hostile camera makes FFmpeg raise: a clip that nobody fetches any more must say so.
            _LOGGER.exception("Clip %s is given up", job.clip_id)
            await self._give_up(job, Failure.INVALID)
        finally:
            del self._tasks[job.clip_id], self._jobs[job.clip_id], self._progress[job.clip_id]
            self._gained.pop(job.clip_id)
            self._came.discard(job.clip_id)
            self._finishing.pop(job.clip_id, None)
            self._changed()

    async def _divide(self, job: Job, fetched: _Fetched) -> Job:
        """Leave what is of another codec to another clip; return what is sealed in this one."""
        if (at := fetched.divide_at) is None:
            return job
        if await self._divided(job, at):
            return replace(job, end=at, asked_end=job.asked_end or job.end)
        await fetched.leave_out(Withheld(start=at, end=job.end, reason=WithheldReason.NOT_READ))
        return job

    async def _give_up(self, job: Job, failure: Failure) -> None:
        await asyncio.to_thread(self._remove, job)
        await self._failed(job, failure)

    def _spool_path(self, job: Job) -> Path:
        """Return where the journal lies, for a worker thread; raises OSError."""
        # A ledger that was put back or begun anew gives a number twice: the other passage's pictures are not ours.
        end = job.asked_end or job.end
        passage = f"{job.camera} {job.start.isoformat()} {end.isoformat()}"
        name = f"{job.clip_id}.{sha256(passage.encode()).hexdigest()[:16]}.spool"
        return self._vault.folder(job.case_id) / name

    def _open(self, job: Job) -> _Fetched:
        path = self._spool_path(job)
        fetched = _Fetched.open(path, job.start, job.end, self.timing.retry_delay[0])
        proof = self._proofs.begin(path, microseconds(job.start), microseconds(job.end))
        fetched.prove(proof)
        return fetched

    def _remove(self, job: Job) -> None:
        """Remove what was fetched of a clip, and no sealed file but one that this run made and nobody knows of."""
        made = self._made.pop(job.clip_id, None)
        with suppress(OSError):
            folder = self._vault.folder(job.case_id)
            remove_unfinished(folder, job.clip_id)
            for one in () if made is None else files_for(made, Purpose.HANDOVER):
                (folder / one.file.name).unlink(missing_ok=True)

    def _show(
        self,
        job: Job,
        state: RetrievalState,
        percent: float | None = None,
        remaining: timedelta | None = None,
        error: Exception | None = None,
    ) -> None:
        before = self._progress[job.clip_id]
        self._progress[job.clip_id] = Progress(
            state=state,
            percent=before.percent if percent is None else percent,
            remaining=remaining,
            error=error,
        )
        self._changed()

    # --- Fetching ---------------------------------------------------------------------------------------------

    async def _fetch(self, job: Job, camera: asyncio.Lock) -> _Fetched:
        """Fetch until the camera has given all that it has of the passage; no journal when it has nothing of it.

        Raises VaultFull, ClipInvalid and OSError. Waits as long as it takes for a camera that does not answer.
        """
        needed = int(2.2 * (job.end - job.start).total_seconds() * job.bit_rate / 8)
        fetched: _Fetched | None = None
        try:
            while True:
                began = time.monotonic()
                async with camera:
                    # While another passage has the camera, this one does not stand still.
                    self._gained[job.clip_id] += time.monotonic() - began
                    if fetched is None:
                        await asyncio.to_thread(self._vault.check_room, needed)
                        fetched = await asyncio.to_thread(self._open, job)
                        self._note_gain(job, fetched)
                    archive = _archive_now(job)
                    if job.clip_id in self._finishing:
                        break
                    if (pause := await self._fetch_on(job, fetched)) is None:
                        await self._read_on(job, fetched)
                        break
                # A passage that the camera does not give holds up none that it does.
                if not await self._elsewhere(job, archive, pause):
                    continue
                fetched.again = self.timing.retry_delay[0]
        except BaseException:
            if fetched is not None:
                await asyncio.shield(fetched.aclose())
            raise
        await fetched.finish()
        if (decided_at := self._finishing.get(job.clip_id)) is not None:
            await fetched.leave_out(
                Withheld(
                    start=fetched.position,
                    end=job.end,
                    reason=WithheldReason.SEALED_EARLY,
                    decided_at=decided_at,
                )
            )
        for start, end in fetched.not_listed:
            await fetched.leave_out(Withheld(start=start, end=end, reason=WithheldReason.NOT_READ))
        if not fetched.came:
            await fetched.aclose()
            fetched.spool = None
        return fetched

    def _note_gain(self, job: Job, fetched: _Fetched) -> None:
        """Notice when more of a passage is there than before."""
        if fetched.came:
            self._came.add(job.clip_id)
            self._gained[job.clip_id] = time.monotonic()

    async def _elsewhere(self, job: Job, archive: Archive | None, pause: float) -> bool:
        """Wait for so many seconds, or until the camera is found at another address: then True."""
        again = self._found_again.setdefault(job.camera, asyncio.Event())
        again.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                # Not there any more since before we began to wait: nothing will be set.
                while _archive_now(job) is archive and job.clip_id not in self._finishing:
                    await again.wait()
                    again.clear()
                return True
        return False

    async def _fetch_on(self, job: Job, fetched: _Fetched) -> float | None:
        """Fetch until all is there (None) or the camera fails: then for so many seconds let others have it.

        Raises VaultFull, ClipInvalid and OSError.
        """
        most = int((job.end - job.start + _LEAD_IN).total_seconds() * self._max_bits / 8)
        part: Stretch | None = None
        while True:
            before, fetched.asked, fetched.streams = fetched.pictures, False, False
            if job.clip_id in self._finishing:
                return None
            try:
                if (part := await self._missing(job, fetched)) is None:
                    return None
                await self._fetch_turn(job, fetched, part, most)
            except CodecChanged:
                assert part is not None
                if not fetched.came:
                    # Only pictures of before the passage, needed for decoding what did not come.
                    await fetched.begin_again()
                    continue
                fetched.divide_at = part.start
                return None
            except PlayRefused as err:
                fetched.doubtful = True
                self._show(job, RetrievalState.RETRYING, error=err)
                if part is not None:
                    self._stopped_at(job, fetched, part, WithheldReason.LISTED_NOT_GIVEN)
                return self._next_pause(fetched)
            except CameraBusy:
                self._show(job, RetrievalState.WAITING)
                fetched.busy += 1
                if fetched.busy % _BUSY_TRIES == 0:
                    # Whoever has its sessions may have them for long.
                    return self.timing.busy_again
                await asyncio.sleep(self.timing.busy_again)
            except FootageMissing:
                fetched.doubtful = True
                # Overwritten since the index was read, or listed and not there.
                if part is not None:
                    self._stopped_at(job, fetched, part, WithheldReason.LISTED_NOT_GIVEN)
                await asyncio.sleep(self.timing.busy_again)
            except CameraError as err:
                fetched.doubtful = True
                if fetched.pictures > before:
                    fetched.again, fetched.failing = self.timing.retry_delay[0], False
                self._show(job, RetrievalState.RETRYING, error=err)
                if not fetched.failing:
                    fetched.failing = True
                    _LOGGER.warning("Camera of clip %s fails: %s", job.clip_id, err)
                    await self._transient_failure(job, err)
                if part is not None and fetched.is_of_the_place(err):
                    self._stopped_at(job, fetched, part, WithheldReason.CAMERA_FAILS)
                return self._next_pause(fetched)
            else:
                fetched.failing = False

    def _stopped_at(
        self, job: Job, fetched: _Fetched, part: Stretch, reason: WithheldReason
    ) -> None:
        """Note that a stretch gave nothing more from where it had come to; after some tries, go on behind."""
        place = fetched.position
        if fetched.stopped(part, reason, self.timing.retry_delay):
            _LOGGER.warning(
                "Camera of clip %s does not give what it lists at %s (%s); it is asked for what is behind",
                job.clip_id,
                place,
                reason,
            )

    def _next_pause(self, fetched: _Fetched) -> float:
        """Return how long a camera that fails is left alone now; the next time twice as long."""
        pause = fetched.again
        fetched.again = min(pause * 2, self.timing.retry_delay[1])
        return pause

    async def _missing(self, job: Job, fetched: _Fetched) -> Stretch | None:
        """Return the next stretch that the card holds and that was not fetched yet; None at the end.

        Raises CameraError.
        """
        index_age = timedelta(seconds=self.timing.index_age)
        while True:
            archive = job.archive()
            index = await archive.index(max_age=timedelta(0) if fetched.doubtful else index_age)
            fetched.history = archive.clock_history
            fetched.doubtful = False
            fetched.clock = fetched.clock or index.clock
            if parts := index.parts(fetched.position, job.end):
                return parts[0]
            newest = max((one.end for one in index.stretches), default=None)
            since_end = datetime.now(UTC) - job.end
            if (
                newest is None
                or newest >= job.end
                or (newest >= job.end - _NEAR_END and since_end > _NEAR_END + index_age)
                or since_end >= _SETTLING
            ):
                if not index.complete:
                    fetched.not_listed = index.gaps(job.start, job.end)
                return None
            # The end of the passage is still being written.
            await asyncio.sleep(self.timing.settle_again)

    async def _fetch_turn(self, job: Job, fetched: _Fetched, part: Stretch, most: int) -> None:
        """Fetch of a stretch what one turn at the camera gives; raises CameraError, VaultFull, OSError."""
        archive = job.archive()
        if archive.gate.holder is not None:
            self._show(job, RetrievalState.WAITING)
        # One that keeps to real time takes long and costs little: it holds up no other camera.
        slot = nullcontext() if archive.keeps_to_real_time else self._fetching
        async with slot, archive.gate.turn(Use.EXPORT) as turn:
            self._show(job, RetrievalState.RETRIEVING)
            pictures = fetched.pictures
            fetched.asked = True
            async with await archive.play(
                fetched.from_clean_point(part),
                idle_timeout=self.timing.idle,
                patience=self.timing.idle if fetched.goes_around else self.timing.patience,
            ) as stream:
                fetched.streams = True
                await fetched.begin(stream, part)
                try:
                    ended = await self._read(job, fetched, stream, turn, most)
                finally:
                    await asyncio.shield(fetched.write())
        if not fetched.came_to(part, ended=ended, progress=fetched.pictures > pictures):
            self._stopped_at(job, fetched, part, WithheldReason.LISTED_NOT_GIVEN)

    async def _read(
        self,
        job: Job,
        fetched: _Fetched,
        stream: FootageStream,
        turn: Turn,
        most: int,
    ) -> bool:
        """Read until the stretch ends (True) or somebody else has waited long enough (False)."""
        began = shown = time.monotonic()
        start = fetched.position
        pictures = fetched.pictures
        gained: float | None = None
        meter = PaceMeter(window=self.timing.pace_window)
        while batch := await stream.batch():
            await fetched.take(batch)
            if fetched.size > most:
                # Asked again it would send as much again.
                raise ClipInvalid("The camera sends more than video can be")
            now = time.monotonic()
            if fetched.pictures > pictures:
                gained = gained or now
                self._note_gain(job, fetched)
            found = meter.note(batch[-1].camera_at.timestamp(), now)
            if (
                found is not None
                and job.archive().note_pace(found)
                and job.archive().keeps_to_real_time
            ):
                # It goes on in a turn that holds up no other camera.
                return False
            if now - shown >= _SHOW_EVERY:
                shown = now
                await asyncio.to_thread(self._vault.check_room, _BATCH)
                self._show_fetching(job, fetched, (fetched.position - start) / (now - began))
            if turn.wanted and (
                (gained is not None and now - gained >= SLICE) or now - began >= MAX_SLICE
            ):
                return False
        return True

    # --- The camera's own signatures --------------------------------------------------------------------------

    async def _read_on(self, job: Job, fetched: _Fetched) -> None:
        """Fetch on to the signature of the last pictures asked for, where the card has it.

        Whatever the camera does, the passage is whole without; raises VaultFull, ClipInvalid and OSError.
        """
        most = fetched.size + int(MAX_READ_ON.total_seconds() * self._max_bits / 8)
        for attempt in range(_READ_ON_TRIES):
            if (
                not fetched.coverage.is_open
                or fetched.position < job.end - _NEAR_END
                or job.clip_id in self._finishing
            ):
                return
            if attempt:
                # What follows is still being written, or the camera needs a moment.
                await asyncio.sleep(self.timing.settle_again)
            try:
                archive = job.archive()
                index = await archive.index(max_age=timedelta(0))
                parts = index.parts(fetched.position, job.end + MAX_READ_ON)
                if parts and parts[0].start == fetched.position:
                    await self._read_on_turn(archive, fetched, parts[0], most)
                elif parts or not index.growing:
                    return
            except CodecChanged:
                # A signature in another stream is not that of these pictures.
                return
            except CameraError as err:
                _LOGGER.debug("Clip %s ends without its last signature: %s", job.clip_id, err)

    async def _read_on_turn(
        self, archive: Archive, fetched: _Fetched, part: Stretch, most: int
    ) -> None:
        async with (
            self._fetching,
            archive.gate.turn(Use.EXPORT),
            await archive.play(
                fetched.from_clean_point(part),
                idle_timeout=self.timing.idle,
                patience=self.timing.idle,
            ) as stream,
        ):
            await fetched.begin(stream, part)
            try:
                while fetched.coverage.is_open and (batch := await stream.batch()):
                    await fetched.take(batch)
                    if fetched.size > most:
                        raise ClipInvalid("The camera sends more than video can be")
            finally:
                await asyncio.shield(fetched.write())

    async def _learn_certificate(self, job: Job, coverage: Coverage) -> None:
        """Ask a camera that signs for its certificate, unless one is known that its signatures are of; it may refuse."""
        if not coverage.is_signed or coverage.has_chain or job.clip_id in self._finishing:
            return
        if await asyncio.to_thread(self._is_known, job, coverage):
            return
        try:
            chain = await job.archive().signing_certificate()
            if chain is not None:
                await asyncio.to_thread(self._known_chains.add, job.camera, chain)
        except (CameraError, OSError) as err:
            _LOGGER.warning("No certificate for the signatures of clip %s: %s", job.clip_id, err)

    def _is_known(self, job: Job, coverage: Coverage) -> bool:
        return any(coverage.is_checked_by(chain) for chain in self._known_chains.of(job.camera))

    def _show_fetching(self, job: Job, fetched: _Fetched, speed: timedelta) -> None:
        """Show how much of the passage lies behind; `speed` is footage per second."""
        left = job.end - fetched.position
        whole = job.end - job.start
        if speed <= timedelta(0) and job.archive().keeps_to_real_time:
            # It gives again what leads up to the next picture.
            speed = _SECOND
        share = max(0.0, min(1.0, 1 - left / whole))
        seconds = left / speed if speed > timedelta(0) else None
        self._show_share(job, RetrievalState.RETRIEVING, fetched, share, seconds)

    def _show_share(
        self,
        job: Job,
        state: RetrievalState,
        fetched: _Fetched,
        share: float,
        fetching: float | None,
    ) -> None:
        """Show how far it has come when a share is fetched, and the rest takes so many seconds (None: unknown)."""
        if not (proof := fetched.proof) or not share:
            self._show(job, state, 0.0)
            return
        pictures = fetched.pictures / share
        outlook = Outlook(
            fetching=fetching,
            proving=proof.seconds_until(pictures),
            writing=fetched.size / share / self._writing_pace,
        )
        proved = min(proof.pictures / pictures, share) if pictures else 0.0
        self._show(job, state, _PROVED * (share + proved) / 2, outlook.remaining)

    # --- Sealing ----------------------------------------------------------------------------------------------

    async def _prove(self, job: Job, fetched: _Fetched) -> None:
        """Wait until every picture that was fetched was decoded."""
        if (proof := fetched.proof) is None:
            return
        proof.end()
        proved = asyncio.wrap_future(proof.done)
        while not proved.done():
            self._show_share(job, RetrievalState.WRITING, fetched, 1.0, 0.0)
            await asyncio.wait({proved}, timeout=_SHOW_EVERY)

    async def _seal(self, job: Job, fetched: _Fetched) -> SealedClip:
        """Write the clip and compare it, in a thread; cancelled when the retrieval is."""
        spool, history, proof = fetched.spool, fetched.history, fetched.proof
        assert spool is not None
        loop = asyncio.get_running_loop()
        cancelled = False
        pieces = () if history is None else history.pieces()

        began = time.monotonic()

        def progress(share: float) -> None:
            left = (1 - share) * fetched.size / self._writing_pace
            if share >= _TOLD:
                left = (1 / share - 1) * (time.monotonic() - began)
            loop.call_soon_threadsafe(
                self._show,
                job,
                RetrievalState.WRITING,
                _PROVED + share * (100 - _PROVED),
                timedelta(seconds=round(left)),
            )

        def seal_once() -> SealedClip:
            return seal(
                spool,
                self._vault.folder(job.case_id),
                job.clip_id,
                start=job.start,
                end=job.end,
                cancelled=lambda: cancelled,
                progress=progress,
                pieces=pieces,
                roots=read_roots(self._vault.root / CAMERA_ROOTS),
                known=self._known_chains.of(job.camera),
                read_on_to=fetched.coverage.closed_at,
                **({} if proof is None else {"decoded": proof.decoded}),
            )

        def work() -> SealedClip:
            try:
                return seal_once()
            except FileExistsError:
                # Of a ledger that was lost, as after a backup was put back: it is kept, elsewhere.
                for file in sealed_files(self._vault.folder(job.case_id), job.clip_id):
                    self._vault.set_file_aside(job.case_id, file)
                return seal_once()
            finally:
                spool.close()

        self._show(job, RetrievalState.WRITING, _PROVED)
        sealing = loop.run_in_executor(None, work)
        try:
            # Not `shield`, which reports what fails after a cancellation as an error of ours.
            await asyncio.wait({sealing})
        except asyncio.CancelledError:
            cancelled = True
            await asyncio.gather(sealing, return_exceptions=True)
            raise
        clip = sealing.result()
        self._writing_pace = fetched.size / max(time.monotonic() - began, 0.001)
        return clip


# Nobody has asked the camera for it yet, or nothing is asked of it any more.
_NOT_STALLED = frozenset({RetrievalState.QUEUED, RetrievalState.WRITING})


def _archive_now(job: Job) -> Archive | None:
    """Return the camera's archive by the address of now, None when it is no longer the section's."""
    try:
        return job.archive()
    except CameraError:
        return None


class _Fetched:
    """What has been fetched of a passage, and where to go on."""

    def __init__(self, path: Path, start: datetime, end: datetime, again: float) -> None:
        self._path = path
        self._start = start
        # What the camera's own signatures speak of.
        self.coverage = Coverage(end)
        self.spool: Spool | None = None
        self.proof: Proof | None = None
        # True time up to which the passage has been fetched or found missing.
        self.position = start
        self.pictures = 0
        self.size = 0
        # There is a picture of the passage itself, and not only of what leads up to it.
        self.came = False
        # The measurement by which the passage was asked for, and what is known of the clock besides.
        self.clock: ClockReading | None = None
        self.history: ClockHistory | None = None
        # The index may not be what is on the card any more.
        self.doubtful = False
        # The camera fails; when it is asked again (seconds).
        self.failing = False
        self.again = again
        self.busy = 0
        # How far the last try came: a replay was asked for, and granted.
        self.asked = self.streams = False
        # From here on it is of another codec.
        self.divide_at: datetime | None = None
        # Of the passage, what no recording is listed for, where not all are.
        self.not_listed: tuple[tuple[datetime, datetime], ...] = ()
        self._obstacle = Obstacle()
        # Something was left out because the camera did not give it.
        self.withheld = False
        # Camera time of the picture fetched last, in the order of decoding, and of the newest.
        self._last: datetime | None = None
        self._newest: datetime | None = None
        # Of the last clean point, and of the picture fetched last, in true time.
        self._clean_point: datetime | None = None
        self._last_at: datetime | None = None
        # Camera minus true time of the picture fetched last; and what is added to that of the stream, for a clock
        # measured anew (after a restart without its history) would tear the clip apart by a second.
        self._ahead: timedelta | None = None
        self._kept = timedelta()
        self._catching_up = False
        self._collected: list[Picture] = []
        self._collected_size = 0
        self._collected_at = 0.0
        self._writing: asyncio.Future[None] | None = None

    @classmethod
    def open(cls, path: Path, start: datetime, end: datetime, again: float) -> _Fetched:
        """Take up what an earlier run fetched, for a worker thread; what cannot be read is fetched again."""
        self = cls(path, start, end, again)
        if path.exists():
            try:
                self.spool = Spool.open(path)
                for picture in self.spool:
                    self._count(picture)
                for one in self.spool.withheld:
                    self.position = max(self.position, one.end)
                    self.withheld = True
            except SpoolDamaged as err:
                _LOGGER.warning("What was fetched before is fetched again: %s", err)
                if self.spool is not None:
                    self.spool.close()
                path.unlink()
                return cls(path, start, end, again)
        return self

    def prove(self, proof: Proof) -> None:
        """Have the pictures decoded while they arrive, those of an earlier run first."""
        self.proof = proof
        if self.spool is not None:
            proof.arrived(self.spool.size)

    async def begin(self, stream: FootageStream, part: Stretch) -> None:
        """Go on with the stream of a part; raises CodecChanged when it is of another codec than what was fetched."""
        spool = self.spool
        if spool is not None and spool.codec != stream.codec:
            raise CodecChanged
        if spool is None or stream.parameter_sets not in {b"", spool.parameter_sets}:
            await self._write_by(self._continue, stream)
        self._kept = timedelta()
        if self._ahead is not None:
            begin = stream.clock.to_camera(part.start)
            change = self._ahead - (begin - part.start)
            if abs(change) <= _SECOND:
                # Less is a clock that drifts.
                self._kept = change if abs(change) >= _SECOND / 2 else timedelta()
            elif self._newest is not None and begin < self._newest:
                # The clock was set back: the same camera times come again, and are others.
                self._last = self._newest = None
        self._catching_up = self._last is not None

    async def take(self, pictures: Sequence[Picture]) -> None:
        """Take what a stream gave, without what was fetched before; raises OSError."""
        if self._catching_up:
            pictures = self._new(pictures)
        if pictures:
            first = self._true(pictures[0]).at
            if self._obstacle.skipped:
                # If this fails, too, it is asked for from there.
                self.position = first
            await self._go_past(first)
        for picture in pictures:
            picture = self._true(picture)  # noqa: PLW2901 - the same picture
            self._count(picture)
            self._collected.append(picture)
            self._collected_size += len(picture.data)
        now = time.monotonic()
        if self._collected_size >= _BATCH or now - self._collected_at >= _BATCH_TIME:
            self._collected_at = now
            await self._write_collected()

    async def write(self) -> None:
        """Put everything taken into the journal; raises OSError."""
        await self._write_collected()
        await self._written()

    def from_clean_point(self, part: Stretch) -> Stretch:
        """Return a stretch that goes on where another ended, from the clean point before: not all cameras look for it."""
        if self._clean_point is None or part.start != self._last_at:
            return part
        return replace(part, start=self._clean_point)

    @property
    def goes_around(self) -> bool:
        """Return whether a stretch is asked for behind a place that gave nothing."""
        return self._obstacle.skipped

    def is_of_the_place(self, err: CameraError) -> bool:
        """Return whether an error may come from what is on the card there, and not from a camera that is away."""
        return self.streams or (
            self.asked and isinstance(err, CameraAnswerInvalid | CameraOperationUnsupported)
        )

    def stopped(self, part: Stretch, reason: WithheldReason, delays: tuple[float, float]) -> bool:
        """Note that a stretch gave nothing more; return whether it is asked for behind this place from now on."""
        place = self.position
        self.position = self._obstacle.met(place, part.end, reason)
        if self._obstacle.starts_over:
            self.again = delays[1]
        elif self._obstacle.skipped:
            self.again = delays[0]
        return self.position > place

    def came_to(self, part: Stretch, *, ended: bool, progress: bool) -> bool:
        """Note how a turn ended; return False where a stretch gave nothing, although it lists more."""
        if ended and self.position >= part.end - _NEAR_END:
            self.position = max(self.position, part.end)
        return not ended or progress or self.position >= part.end

    async def begin_again(self) -> None:
        """Throw away what was fetched; raises OSError."""
        await self.aclose()
        await asyncio.to_thread(self._path.unlink, missing_ok=True)
        self.spool = None
        self._last = self._newest = self._clean_point = self._last_at = self._ahead = None
        self.pictures = self.size = 0

    async def leave_out(self, withheld: Withheld) -> None:
        """Note what is not in the passage, and why; raises OSError."""
        if withheld.end <= withheld.start:
            return
        self.withheld = True
        if self.spool is not None:
            await self.write()
            await self._write_by(self.spool.withhold, withheld)

    async def finish(self) -> None:
        """Note what was left out at the end; raises OSError."""
        await self._go_past(self.position)

    async def _go_past(self, at: datetime) -> None:
        """Note that pictures come again, or that there are no more."""
        if (withheld := self._obstacle.passed(at)) is None:
            return
        self.withheld = True
        if self.spool is not None:
            await self.write()
            await self._write_by(self.spool.withhold, withheld)

    async def aclose(self) -> None:
        """Close the journal; it stays for the next time, and so does what is proved of it."""
        with suppress(OSError):
            await self.write()
        if self.proof is not None:
            await self.proof.aclose()
        if self.spool is not None:
            await asyncio.to_thread(self.spool.close)

    def _continue(self, stream: FootageStream) -> None:
        if self.spool is not None:
            self.spool.close()
        self.spool = Spool.open(
            self._path, codec=stream.codec, parameter_sets=stream.parameter_sets
        )

    def _new(self, pictures: Sequence[Picture]) -> Sequence[Picture]:
        """Return the pictures behind the last one fetched; a camera begins again at a clean point before."""
        for place, picture in enumerate(pictures):
            if picture.camera_at == self._last:
                self._catching_up = False
                return pictures[place + 1 :]
            if self._newest is not None and picture.camera_at > self._newest:
                self._catching_up = False
                return pictures[place:]
        return ()

    def _true(self, picture: Picture) -> Picture:
        """Return a picture with its true time as the pictures before it were given theirs."""
        return replace(picture, at=picture.at - self._kept) if self._kept else picture

    def _count(self, picture: Picture) -> None:
        ahead = picture.camera_at - picture.at
        if (
            self._ahead is not None
            and abs(ahead - self._ahead) > _SECOND
            and self._newest is not None
            and picture.camera_at < self._newest
        ):
            self._newest = None
        self._ahead = ahead
        self._last, self._last_at = picture.camera_at, picture.at
        if picture.keyframe:
            self._clean_point = picture.at
        if self._newest is None or picture.camera_at > self._newest:
            self._newest = picture.camera_at
            self.position = max(self.position, picture.at)
        self.pictures += 1
        self.size += len(picture.data)
        self.came = self.came or picture.at >= self._start
        if self.spool is not None:
            self.coverage.push(
                self.spool.codec,
                picture.data,
                picture.at,
                picture.camera_at,
                keyframe=picture.keyframe,
            )

    async def _write_collected(self) -> None:
        """Write in a thread while the next pictures come; one write at a time, in order."""
        await self._written()
        if self._collected and self.spool is not None:
            self._begin_writing(self._append, self.spool, self._collected)
            self._collected, self._collected_size = [], 0

    async def _write_by[*Ts](self, write: Callable[[*Ts], None], *arguments: *Ts) -> None:
        """Have something else written, in order; raises what it raises."""
        await self._written()
        self._begin_writing(write, *arguments)
        await self._written()

    def _begin_writing[*Ts](self, write: Callable[[*Ts], None], *arguments: *Ts) -> None:
        self._writing = asyncio.get_running_loop().run_in_executor(None, write, *arguments)

    async def _written(self) -> None:
        """Wait for the thread that writes; who is called off meanwhile leaves it to who closes the journal."""
        while (writing := self._writing) is not None:
            await asyncio.wait({writing})
            if self._writing is writing:
                self._writing = None
                writing.result()

    def _append(self, spool: Spool, pictures: Sequence[Picture]) -> None:
        spool.append(pictures)
        if self.proof is not None:
            self.proof.arrived(spool.size)
