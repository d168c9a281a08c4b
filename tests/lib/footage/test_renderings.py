"""Masked clips are rendered one after the other; whatever goes wrong is told, and nothing half made has a name."""

from pathlib import Path

import pytest

from custom_components.niiza_cctv.lib.footage.clip_model import SealedClip
from custom_components.niiza_cctv.lib.footage.masking import renderings
from custom_components.niiza_cctv.lib.footage.masking.errors import MaskInvalid, MaskProblem
from custom_components.niiza_cctv.lib.footage.masking.fill import Fill
from custom_components.niiza_cctv.lib.footage.masking.order import MaskedClip
from custom_components.niiza_cctv.lib.footage.masking.renderings import MaskJob, Renderings
from custom_components.niiza_cctv.lib.footage.masking.sealed import SealedMask
from custom_components.niiza_cctv.lib.footage.masking.source import Passage
from custom_components.niiza_cctv.lib.footage.masking.track import Tracks
from custom_components.niiza_cctv.lib.footage.masking.track_file import track_path, write_track
from custom_components.niiza_cctv.lib.footage.vault import Vault
from tests.lib.footage.encoded import sealed
from tests.lib.footage.maskable import box_track
from tests.section import until

CASE = "2026-0001"
CLIP = f"{CASE}-01"
SECOND = 1_000_000
BOX = (0.25, 0.25, 0.75, 0.75)
TRACKS = Tracks((box_track((0, BOX), (SECOND, BOX)),))


class Bench:
    """A vault with one sealed clip, and what became of its masked clips."""

    def __init__(self, root: Path) -> None:
        """Seal it."""
        self.vault = Vault(root, 1 << 30)
        self.vault.prepare()
        self.folder = self.vault.folder(CASE)
        self.clip: SealedClip = sealed(self.folder, CLIP)
        self.sealed: dict[str, SealedMask] = {}
        self.failed: dict[str, MaskProblem] = {}
        self.wanted = True
        self.renderings = Renderings(
            self.vault, sealed=self._tell_sealed, failed=self._tell_failed, changed=lambda: None
        )

    async def _tell_sealed(self, job: MaskJob, made: SealedMask) -> bool:
        self.sealed[job.mask_id] = made
        return self.wanted

    async def _tell_failed(self, job: MaskJob, error: MaskInvalid) -> None:
        self.failed[job.mask_id] = error.problem

    def job(self, number: int = 1) -> MaskJob:
        """Return a masked clip of a second, its track kept."""
        mask_id = f"{CLIP}-m{number:02}"
        write_track(track_path(self.folder, mask_id), TRACKS)
        return MaskJob(
            mask_id=mask_id,
            case_id=CASE,
            clip=self.clip,
            passage=Passage(start=0, end=SECOND),
            track_sha256=TRACKS.sha256,
            fill=Fill(),
            burn_in=None,
        )

    def files(self) -> list[str]:
        """Return what lies there of masked clips, besides their tracks."""
        return sorted(one.name for one in self.folder.glob(f"{CLIP}-m*.mp4*"))


@pytest.fixture
async def bench(tmp_path: Path) -> Bench:
    """Return a vault with a clip."""
    return Bench(tmp_path)


@pytest.mark.parametrize("error", [ArithmeticError("of a library"), RuntimeError("of the loop")])
async def test_whatever_goes_wrong_is_told(
    bench: Bench, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that nobody foresaw: the clip failed, and the next one is rendered."""

    async def broken(*_: object, **__: object) -> MaskedClip:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(renderings, "render_masked", broken)
        bench.renderings.add(bench.job(1))
        await until(lambda: bench.failed == {bench.job(1).mask_id: MaskProblem.RENDERER_ENDED})
    bench.renderings.add(bench.job(2))
    await until(lambda: bench.job(2).mask_id in bench.sealed)
    await bench.renderings.close()
    assert len(bench.files()) == 1


async def test_a_clip_that_nobody_waits_for_leaves_nothing(bench: Bench) -> None:
    """It was given up in the moment in which it was done: no ledger knows of it."""
    bench.wanted = False
    bench.renderings.add(bench.job())
    await until(lambda: bench.job().mask_id in bench.sealed)
    await until(lambda: bench.renderings.percent(bench.job().mask_id) is None)
    assert bench.files() == []
    await bench.renderings.close()


async def test_given_up_in_the_middle_and_behind_another(bench: Bench) -> None:
    """Neither the one that is rendered nor the one that waits leaves anything; the third is made."""
    first, second, third = (bench.job(number) for number in (1, 2, 3))
    for job in (first, second, third):
        bench.renderings.add(job)
    await until(lambda: bool(bench.files()))
    bench.renderings.cancel(first.mask_id)
    bench.renderings.cancel(second.mask_id)
    await until(lambda: third.mask_id in bench.sealed)
    await bench.renderings.close()
    assert set(bench.sealed) == {third.mask_id}
    assert bench.failed == {}
    assert bench.files() == [bench.sealed[third.mask_id].masked.file.name]


async def test_a_stop_leaves_what_waits_for_the_next_start(bench: Bench) -> None:
    """In the middle of one: nothing has a name, nobody is told, and nothing is begun any more."""
    for number in (1, 2):
        bench.renderings.add(bench.job(number))
    await until(lambda: bool(bench.files()))
    await bench.renderings.close()
    bench.renderings.add(bench.job(3))
    assert (bench.files(), bench.sealed, bench.failed) == ([], {}, {})
    assert bench.renderings.percent(bench.job(3).mask_id) is None
