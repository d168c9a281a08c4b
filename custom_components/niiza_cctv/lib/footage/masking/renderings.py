"""Masked clips, rendered one after the other (`DerivedQueue`); what lies under a final name passed the leak gate."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
import errno
import logging
from pathlib import Path
from typing import override

from ..clip_files import FileRole, path_of
from ..clip_model import SealedClip
from ..derived_queue import DerivedQueue, Making
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


class Renderings(DerivedQueue[MaskJob, SealedMask | MaskInvalid]):
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
        super().__init__(changed=changed)
        self._vault = vault
        self._sealed = sealed
        self._failed = failed

    @override
    def _name(self, job: MaskJob) -> str:
        return job.mask_id

    @override
    async def _make(self, making: Making[MaskJob]) -> SealedMask | MaskInvalid | None:
        job = making.job
        render = asyncio.create_task(self._render(making))
        making.on_cancel = render.cancel
        try:
            return await render
        except asyncio.CancelledError:
            if not making.cancelled:
                raise
            return None
        except MaskInvalid as err:
            _LOGGER.warning("Masked clip %s was not made: %s", job.mask_id, err)
            return err
        except Exception as err:
            # Whoever waits for it must hear of it.
            _LOGGER.exception("Masked clip %s was not made", job.mask_id)
            return MaskInvalid(MaskProblem.RENDERER_ENDED, why=repr(err))

    async def _render(self, making: Making[MaskJob]) -> SealedMask:
        """Render one; raises MaskInvalid."""
        job = making.job
        try:
            order, path = await asyncio.to_thread(self._prepare, job)
            masked = await render_masked(order, path, progress=making.progress)
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

    @override
    async def _tell(self, job: MaskJob, made: SealedMask | MaskInvalid) -> None:
        if isinstance(made, MaskInvalid):
            await self._failed(job, made)
        elif not await self._sealed(job, made):
            # Given up in the same moment: no ledger knows of it.
            await asyncio.to_thread(self._remove, job)

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

    @override
    def _set_aside(self, job: MaskJob) -> None:
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
