"""Cuts of sealed clips, made one after the other (`DerivedQueue`)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
import errno
import logging
from pathlib import Path
from typing import Final, override

import av

from .clip import ENCODER
from .clip_files import FileRole, path_of
from .clip_model import ClipCancelled, ClipFile, ClipInvalid, SealedClip
from .cut import Cut, CutInvalid, SealedCut, cut
from .cut_signing import check_signatures
from .derived_queue import DerivedQueue, Making
from .files import is_same
from .media_signing.chain import read_roots
from .vault import CAMERA_ROOTS, Vault, VaultFull

_LOGGER = logging.getLogger(__name__)

# Why a cut was not made, besides `CutRefusal`, as the messages about it are called.
SOURCE_CHANGED: Final = "cut_source_changed"
NO_ROOM: Final = "cut_no_room"
NOT_WRITTEN: Final = "cut_not_written"
NOT_PROVED: Final = "cut_not_proved"
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


class Cuttings(DerivedQueue[CutJob, SealedCut | str]):
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
        super().__init__(changed=changed)
        self._vault = vault
        self._sealed = sealed
        self._failed = failed

    @override
    def _name(self, job: CutJob) -> str:
        return job.cut_id

    @override
    async def _make(self, making: Making[CutJob]) -> SealedCut | str | None:
        job = making.job
        try:
            return await asyncio.to_thread(self._write, making)
        except ClipCancelled:
            return None
        except CutInvalid as err:
            return err.reason.value
        except VaultFull:
            return NO_ROOM
        except ClipInvalid as err:
            _LOGGER.error("Cut %s was not made: %s", job.cut_id, err)
            return NOT_PROVED
        except OSError as err:
            # The path in an OSError's text is ours, its reason is what helps.
            _LOGGER.warning("Cut %s was not written: %s", job.cut_id, err.strerror)
            return NO_ROOM if err.errno in {errno.ENOSPC, errno.EDQUOT} else NOT_WRITTEN
        except Exception:
            # Whatever FFmpeg makes of a camera's pictures: whoever waits for it must hear of it.
            _LOGGER.exception("Cut %s was not made", job.cut_id)
            return NOT_PROVED

    @override
    async def _tell(self, job: CutJob, made: SealedCut | str) -> None:
        if isinstance(made, str):
            await self._failed(job, made)
        elif not await self._sealed(job, made):
            # Given up in the same moment: no ledger knows of it.
            await asyncio.to_thread(self._remove, job)

    # --- In a thread ----------------------------------------------------------------------------------------------

    def _write(self, making: Making[CutJob]) -> SealedCut | str:
        """Write a cut, or return why there is none."""
        job = making.job
        folder = self._vault.folder(job.case_id)
        master = folder / job.clip.master.name
        # The name comes from a database: it leads nowhere else.
        if master.parent != folder or not is_same(master, job.clip.master):
            return SOURCE_CHANGED
        self._vault.check_room(_size(job))
        try:
            return self._write_files(making, folder, master)
        except FileExistsError:
            self._set_aside(job)
            return self._write_files(making, folder, master)

    def _write_files(self, making: Making[CutJob], folder: Path, master: Path) -> SealedCut:
        job = making.job
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
                cancelled=lambda: making.cancelled,
                progress=lambda share: making.progress(low + share * (high - low)),
            )

        def step(_: float) -> None:
            if making.cancelled:
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

    @override
    def _set_aside(self, job: CutJob) -> None:
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
