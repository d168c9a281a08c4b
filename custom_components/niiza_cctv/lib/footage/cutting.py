"""Cuts of sealed clips, made one after the other while the section goes on with its work.

A cut is asked for in the ledger; until it is sealed there, a restart begins it anew. What lies under a final name is
whole and proved, whoever was killed meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
import errno
import logging
from pathlib import Path
import time
from typing import Final

import av

from .clip import ENCODER
from .clip_files import FileRole, path_of
from .clip_model import ClipCancelled, ClipFile, ClipInvalid, SealedClip
from .cut import Cut, CutInvalid, SealedCut, cut
from .cut_signing import check_signatures
from .files import is_same
from .media_signing.chain import read_roots
from .vault import CAMERA_ROOTS, Vault, VaultFull

_LOGGER = logging.getLogger(__name__)

# Why a cut was not made, besides `CutRefusal`, as the messages about it are called.
SOURCE_CHANGED: Final = "cut_source_changed"
NO_ROOM: Final = "cut_no_room"
NOT_WRITTEN: Final = "cut_not_written"
NOT_PROVED: Final = "cut_not_proved"
# Progress is shown this often (seconds).
_SHOW_EVERY = 1.0
# The cut itself, its copy for viewing and what is known of signatures: shares of the work where all are made.
_CUT, _COPY = 0.3, 0.95


@dataclass(frozen=True, kw_only=True)
class CutJob:
    """A part of a sealed clip that somebody asked for."""

    cut_id: str
    case_id: str
    clip: SealedClip
    start: datetime
    end: datetime
    encode_anew: bool


@dataclass(kw_only=True)
class _Running:
    job: CutJob
    cancelled: bool = False
    percent: float = 0.0
    shown: float = 0.0


class Cuttings:
    """Makes cuts, one at a time; `sealed` and `failed` are awaited with what came of each."""

    def __init__(
        self,
        vault: Vault,
        *,
        sealed: Callable[[CutJob, SealedCut], Awaitable[bool]],
        failed: Callable[[CutJob, str], Awaitable[None]],
        changed: Callable[[], None],
    ) -> None:
        """Begin with nothing to do; `sealed` returns whether somebody still waited for the cut."""
        self._vault = vault
        self._sealed = sealed
        self._failed = failed
        self._changed = changed
        self._jobs: dict[str, _Running] = {}
        self._worker: asyncio.Task[None] | None = None
        # What came of a cut is being told, which waits for as long as the ledger is away.
        self._telling = False
        self._closing = False

    def add(self, job: CutJob) -> None:
        """Make a cut when those before it are made; one that is waited for already is not made twice."""
        if self._closing or job.cut_id in self._jobs:
            return
        self._jobs[job.cut_id] = _Running(job=job)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())

    def percent(self, cut_id: str) -> float | None:
        """Return how far a cut is; None when it is not being made."""
        running = self._jobs.get(cut_id)
        return None if running is None else running.percent

    def cancel(self, cut_id: str) -> None:
        """Give a cut up; nothing is left of it."""
        if (running := self._jobs.get(cut_id)) is not None:
            running.cancelled = True

    async def close(self) -> None:
        """Stop where it is: whatever is not sealed is begun anew by the next start."""
        self._closing = True
        for running in self._jobs.values():
            running.cancelled = True
        if self._worker is not None:
            if self._telling:
                self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)

    async def _work(self) -> None:
        while self._jobs and not self._closing:
            running = next(iter(self._jobs.values()))
            try:
                await self._make(running)
                if running.cancelled and not self._closing:
                    await asyncio.to_thread(self._set_aside, running.job)
            except Exception:
                _LOGGER.exception("Cut %s was not made", running.job.cut_id)
            finally:
                self._jobs.pop(running.job.cut_id, None)
            self._changed()

    async def _make(self, running: _Running) -> None:
        job = running.job
        loop = asyncio.get_running_loop()

        def progress(share: float) -> None:
            running.percent = 100 * share
            if (now := time.monotonic()) - running.shown > _SHOW_EVERY:
                running.shown = now
                loop.call_soon_threadsafe(self._changed)

        made: SealedCut | str | None
        try:
            made = await asyncio.to_thread(self._write, running, progress)
        except ClipCancelled:
            return
        except CutInvalid as err:
            made = err.reason.value
        except VaultFull:
            made = NO_ROOM
        except ClipInvalid as err:
            _LOGGER.error("Cut %s was not made: %s", job.cut_id, err)
            made = NOT_PROVED
        except OSError as err:
            # The path in an OSError's text is ours, its reason is what helps.
            _LOGGER.warning("Cut %s was not written: %s", job.cut_id, err.strerror)
            made = NO_ROOM if err.errno in {errno.ENOSPC, errno.EDQUOT} else NOT_WRITTEN
        except Exception:
            # Whatever FFmpeg makes of a camera's pictures: whoever waits for it must hear of it.
            _LOGGER.exception("Cut %s was not made", job.cut_id)
            made = NOT_PROVED
        if self._closing:
            # What lies there is whole, and known by the next start for what it is.
            return
        self._telling = True
        try:
            await self._tell(job, made or SOURCE_CHANGED)
        finally:
            self._telling = False

    async def _tell(self, job: CutJob, made: SealedCut | str) -> None:
        """Tell what came of a cut, or why nothing did."""
        if isinstance(made, str):
            await self._failed(job, made)
        elif not await self._sealed(job, made):
            # Given up in the same moment: no ledger knows of it.
            await asyncio.to_thread(self._remove, job)

    # --- In a thread ----------------------------------------------------------------------------------------------

    def _write(self, running: _Running, progress: Callable[[float], None]) -> SealedCut | None:
        """Write a cut; None where the master is not what was sealed."""
        job = running.job
        folder = self._vault.folder(job.case_id)
        master = folder / job.clip.master.name
        # The name comes from a database: it leads nowhere else.
        if master.parent != folder or not is_same(master, job.clip.master):
            return None
        self._vault.check_room(_size(job))
        try:
            return self._write_files(running, folder, master, progress)
        except FileExistsError:
            self._set_aside(job)
            return self._write_files(running, folder, master, progress)

    def _write_files(
        self, running: _Running, folder: Path, master: Path, progress: Callable[[float], None]
    ) -> SealedCut:
        job = running.job
        copies = (
            not job.encode_anew
            and (job.clip.varies or job.clip.codec != "h264")
            and ENCODER in av.codecs_available
        )
        there = {file for file in self._files(job) if file.exists()}

        def write(role: FileRole, low: float, high: float) -> Cut:
            return cut(
                master,
                job.clip,
                path_of(folder, job.cut_id, role),
                start=job.start,
                end=job.end,
                encode_anew=role is FileRole.VIEWING_COPY,
                cancelled=lambda: running.cancelled,
                progress=lambda share: progress(low + share * (high - low)),
            )

        def step(_: float) -> None:
            if running.cancelled:
                raise ClipCancelled

        try:
            if job.encode_anew:
                return SealedCut(
                    cut=write(FileRole.VIEWING_COPY, 0, 1), viewing_copy=None, signing=None
                )
            made = write(FileRole.CUT, 0, _CUT if copies else _COPY)
            copy: ClipFile | None = None
            if copies:
                copy = write(FileRole.VIEWING_COPY, _CUT, _COPY).file
            signing = check_signatures(
                folder / made.file.name,
                job.clip,
                made.contents,
                read_roots(self._vault.root / CAMERA_ROOTS),
                step,
            )
            return SealedCut(cut=made, viewing_copy=copy, signing=signing)
        except BaseException:
            for file in self._files(job):
                if file not in there:
                    file.unlink(missing_ok=True)
            raise

    def _files(self, job: CutJob) -> list[Path]:
        folder = self._vault.folder(job.case_id)
        return [path_of(folder, job.cut_id, role) for role in (FileRole.CUT, FileRole.VIEWING_COPY)]

    def _set_aside(self, job: CutJob) -> None:
        """Keep elsewhere what lies there of a start that was killed, or of a ledger that was lost."""
        for file in self._files(job):
            if file.exists():
                self._vault.set_file_aside(job.case_id, file)

    def _remove(self, job: CutJob) -> None:
        for file in self._files(job):
            file.unlink(missing_ok=True)


def _size(job: CutJob) -> int:
    """Return about how many bytes a cut has: its share of the clip's time, and the key pictures around it."""
    length = max(timedelta(microseconds=job.clip.duration), timedelta(seconds=1))
    share = min((job.end - job.start + timedelta(seconds=10)) / length, 1.0)
    return int(job.clip.master.size * share)
