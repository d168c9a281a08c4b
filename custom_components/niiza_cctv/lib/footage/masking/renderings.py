"""Masked clips, rendered one after the other while the section goes on with its work.

A masked clip is asked for in the ledger; until it is sealed there, a restart begins it anew. What lies under a final name
passed the leak gate, whoever was killed meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
import errno
import logging
from pathlib import Path
import time
from typing import Final

from ..clip_files import FileRole, path_of
from ..clip_model import SealedClip
from ..vault import Vault, VaultFull
from .burn_in import Caption
from .errors import MaskInvalid, MaskProblem
from .fill import Fill
from .job import render_masked
from .order import MaskOrder
from .sealed import SealedMask, shown_segments
from .source import Passage
from .track import Tracks
from .track_file import read_track, track_path

_LOGGER = logging.getLogger(__name__)

# Progress is shown this often (seconds).
_SHOW_EVERY: Final = 1.0


@dataclass(frozen=True, kw_only=True)
class MaskJob:
    """A masked clip that somebody asked for; its track lies beside the clip (`track_path`)."""

    mask_id: str
    case_id: str
    clip: SealedClip
    passage: Passage
    track_sha256: str
    fill: Fill
    burn_in: Caption | None


@dataclass(kw_only=True)
class _Running:
    job: MaskJob
    render: asyncio.Task[SealedMask] | None = None
    cancelled: bool = False
    percent: float = 0.0
    shown: float = 0.0


class Renderings:
    """Renders masked clips, one at a time; `sealed` and `failed` are awaited with what came of each."""

    def __init__(
        self,
        vault: Vault,
        *,
        sealed: Callable[[MaskJob, SealedMask], Awaitable[bool]],
        failed: Callable[[MaskJob, MaskInvalid], Awaitable[None]],
        changed: Callable[[], None],
    ) -> None:
        """Begin with nothing to do; `sealed` returns whether somebody still waited for the clip."""
        self._vault = vault
        self._sealed = sealed
        self._failed = failed
        self._changed = changed
        self._jobs: dict[str, _Running] = {}
        self._worker: asyncio.Task[None] | None = None
        self._closing = False

    def add(self, job: MaskJob) -> None:
        """Render a clip when those before it are rendered; one that is waited for already is not rendered twice."""
        if self._closing or job.mask_id in self._jobs:
            return
        self._jobs[job.mask_id] = _Running(job=job)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())

    def percent(self, mask_id: str) -> float | None:
        """Return how far a clip is; None when it neither waits nor is rendered."""
        running = self._jobs.get(mask_id)
        return None if running is None else running.percent

    def cancel(self, mask_id: str) -> None:
        """Give a clip up: its process ends, and nothing is left of it."""
        if (running := self._jobs.get(mask_id)) is not None:
            running.cancelled = True
            if running.render is not None:
                running.render.cancel()

    async def close(self) -> None:
        """Stop where it is: whatever is not sealed is begun anew by the next start."""
        self._closing = True
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
        self._jobs.clear()

    async def _work(self) -> None:
        while self._jobs:
            running = next(iter(self._jobs.values()))
            try:
                if not running.cancelled:
                    await self._make(running)
                if running.cancelled and not self._closing:
                    await asyncio.to_thread(self._set_aside, running.job)
            except Exception:
                _LOGGER.exception("Masked clip %s was not made", running.job.mask_id)
            finally:
                self._jobs.pop(running.job.mask_id, None)
            self._changed()

    async def _make(self, running: _Running) -> None:
        job = running.job
        running.render = asyncio.create_task(self._render(running))
        try:
            made = await running.render
        except asyncio.CancelledError:
            # The clip was given up; or we are to end, and it is begun anew by the next start.
            if not running.cancelled or self._closing:
                raise
            return
        except MaskInvalid as err:
            _LOGGER.warning("Masked clip %s was not made: %s", job.mask_id, err)
            await self._failed(job, err)
            return
        if running.cancelled or not await self._sealed(job, made):
            # Given up in the same moment: no ledger knows of it.
            await asyncio.to_thread(self._remove, job)

    async def _render(self, running: _Running) -> SealedMask:
        """Render one; raises MaskInvalid."""
        job = running.job

        def progress(share: float) -> None:
            running.percent = 100 * share
            if (now := time.monotonic()) - running.shown > _SHOW_EVERY:
                running.shown = now
                self._changed()

        try:
            order, path = await asyncio.to_thread(self._prepare, job)
            masked = await render_masked(order, path, progress=progress)
            segments = await asyncio.to_thread(
                shown_segments, order.master, job.clip, order.passage
            )
        except VaultFull as err:
            raise MaskInvalid(MaskProblem.NO_ROOM, why=str(err)) from err
        except FileNotFoundError as err:
            raise MaskInvalid(MaskProblem.NOT_THE_CLIP, why=str(err)) from err
        except OSError as err:
            full = err.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
            raise MaskInvalid(
                MaskProblem.NO_ROOM if full else MaskProblem.NOT_WRITTEN, why=str(err)
            ) from err
        return SealedMask(masked=masked, segments=segments)

    # --- In a thread ----------------------------------------------------------------------------------------------

    def _prepare(self, job: MaskJob) -> tuple[MaskOrder, Path]:
        """Return what is to be rendered, and into which file; raises MaskInvalid, VaultFull, OSError."""
        folder = self._vault.folder(job.case_id)
        order = order_of(folder, job, read_track(track_path(folder, job.mask_id), job.track_sha256))
        share = (job.passage.end - job.passage.start) / max(job.clip.duration, 1)
        self._vault.check_room(int(job.clip.master.size * min(share, 1.0)))
        self._set_aside(job)
        return order, self._path(job)

    def _path(self, job: MaskJob) -> Path:
        return path_of(self._vault.folder(job.case_id), job.mask_id, FileRole.MASKED)

    def _set_aside(self, job: MaskJob) -> None:
        """Keep elsewhere what lies there of a start that was killed, or of a ledger that was lost."""
        if (path := self._path(job)).exists():
            self._vault.set_file_aside(job.case_id, path)

    def _remove(self, job: MaskJob) -> None:
        self._path(job).unlink(missing_ok=True)


def order_of(folder: Path, job: MaskJob, tracks: Tracks) -> MaskOrder:
    """Return what is to be masked of the clip in a folder; raises MaskInvalid where its name leads elsewhere."""
    master = folder / job.clip.master.name
    if master.parent != folder:
        raise MaskInvalid(MaskProblem.NOT_THE_CLIP)
    return MaskOrder(
        master=master,
        source_sha256=job.clip.master.sha256,
        passage=job.passage,
        tracks=tracks,
        fill=job.fill,
        burn_in=job.burn_in,
        size=(job.clip.width, job.clip.height),
    )
