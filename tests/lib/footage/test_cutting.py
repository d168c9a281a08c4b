"""Cuts are made one after the other; whatever stops that, nothing half made has a name and nobody waits for ever."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from custom_components.niiza_cctv.lib.footage import cutting
from custom_components.niiza_cctv.lib.footage.clip_model import SealedClip
from custom_components.niiza_cctv.lib.footage.cut import Cut, SealedCut, cut
from custom_components.niiza_cctv.lib.footage.cutting import CutJob, Cuttings
from custom_components.niiza_cctv.lib.footage.vault import Vault
from tests.lib.footage.encoded import BEGIN, INTERVAL, sealed
from tests.section import until

CASE = "2026-0001"
CLIP = f"{CASE}-01"


class Bench:
    """A vault with one sealed clip, and what became of its cuts."""

    def __init__(self, root: Path) -> None:
        """Seal it."""
        self.vault = Vault(root, 1 << 30)
        self.vault.prepare()
        self.folder = self.vault.folder(CASE)
        self.clip: SealedClip = sealed(self.folder, CLIP)
        self.sealed: dict[str, SealedCut] = {}
        self.failed: dict[str, str] = {}
        # Where the ledger is away, what is told waits for it.
        self.there = asyncio.Event()
        self.there.set()
        self.tells = 0
        self.cuttings = self.start()

    def start(self) -> Cuttings:
        """Begin, as after a start of Home Assistant."""

        async def tell_sealed(job: CutJob, made: SealedCut) -> bool:
            self.tells += 1
            await self.there.wait()
            self.sealed[job.cut_id] = made
            return True

        async def tell_failed(job: CutJob, error: str) -> None:
            self.failed[job.cut_id] = error

        return Cuttings(self.vault, sealed=tell_sealed, failed=tell_failed, changed=lambda: None)

    def job(self, number: int = 1, *, encode_anew: bool = False) -> CutJob:
        """Return a cut of some seconds."""
        return CutJob(
            cut_id=f"{CLIP}-c{number:02}",
            case_id=CASE,
            clip=self.clip,
            start=BEGIN + 5 * INTERVAL,
            end=BEGIN + (30 + number) * INTERVAL,
            encode_anew=encode_anew,
        )

    def files(self) -> list[str]:
        """Return what lies there of cuts."""
        return sorted(one.name for one in self.folder.glob(f"{CLIP}-c*"))


@pytest.fixture
async def bench(tmp_path: Path) -> Bench:
    """Return a vault with a clip."""
    return Bench(tmp_path)


@pytest.mark.parametrize("encode_anew", [False, True])
async def test_killed_between_the_name_and_the_ledger(bench: Bench, encode_anew: bool) -> None:
    """The file has its final name, and no ledger says so: the next start makes the cut all the same, and once."""
    bench.there.clear()
    bench.cuttings.add(bench.job(encode_anew=encode_anew))
    await until(lambda: bench.tells == 1)
    (name,) = bench.files()
    # Nobody tells the ledger any more, which is away, and the stop does not wait for it.
    async with asyncio.timeout(60):
        await bench.cuttings.close()
    assert bench.sealed == {}
    assert bench.files() == [name]
    bench.there.set()
    bench.cuttings = bench.start()
    job = bench.job(encode_anew=encode_anew)
    bench.cuttings.add(job)
    await until(lambda: job.cut_id in bench.sealed)
    assert bench.files() == [name]
    made = bench.sealed[job.cut_id].cut.file
    assert (made.name, made.size) == (name, (bench.folder / name).stat().st_size)
    await bench.cuttings.close()


async def test_what_lies_under_the_name_of_a_cut_is_kept_elsewhere(bench: Bench) -> None:
    """A ledger that was lost knew another file by it: it is not overwritten, and is no part of the case."""
    job = bench.job()
    stray = bench.folder / f"{job.cut_id}.cut.mp4"
    stray.write_bytes(b"of another ledger")
    bench.cuttings.add(job)
    await until(lambda: job.cut_id in bench.sealed)
    await bench.cuttings.close()
    assert stray.stat().st_size == bench.sealed[job.cut_id].cut.file.size
    kept = [one for one in bench.vault.root.rglob("*") if one.is_file()]
    assert any(one.read_bytes() == b"of another ledger" for one in kept)


async def test_what_a_killed_start_left_goes_when_the_cut_is_given_up(bench: Bench) -> None:
    """Nobody wants it any more: it stays under no name of the case."""
    job = bench.job()
    (bench.folder / f"{job.cut_id}.cut.mp4").write_bytes(b"of a start that was killed")
    bench.cuttings.add(job)
    bench.cuttings.cancel(job.cut_id)
    await until(lambda: bench.cuttings.percent(job.cut_id) is None)
    await bench.cuttings.close()
    assert bench.files() == []
    assert bench.sealed == {}


async def test_a_stop_leaves_what_waits_for_the_next_start(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of one of three: nothing has a name, and those behind it are not even begun."""
    begun: list[bool] = []
    loop = asyncio.get_running_loop()
    closing: list[asyncio.Task[None]] = []

    def slow(*arguments: Any, progress: Callable[[float], None], **more: Any) -> Cut:
        begun.append(True)

        def stop(share: float) -> None:
            progress(share)
            if not closing:
                asyncio.run_coroutine_threadsafe(close(), loop).result()

        return cut(*arguments, progress=stop, **more)

    async def close() -> None:
        closing.append(asyncio.create_task(bench.cuttings.close()))
        await asyncio.sleep(0)

    monkeypatch.setattr(cutting, "cut", slow)
    for number in (1, 2, 3):
        bench.cuttings.add(bench.job(number))
    await until(lambda: bool(closing))
    await closing[0]
    assert len(begun) == 1
    assert (bench.files(), bench.sealed, bench.failed) == ([], {}, {})


async def test_whatever_goes_wrong_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody foresaw: the cut failed, and the next one is made."""

    def broken(*_: object, **__: object) -> Cut:
        raise ArithmeticError("as FFmpeg's binding may raise")

    with monkeypatch.context() as patch:
        patch.setattr(cutting, "cut", broken)
        bench.cuttings.add(bench.job(1))
        await until(lambda: bench.failed == {bench.job(1).cut_id: cutting.NOT_PROVED})
    bench.cuttings.add(bench.job(2))
    await until(lambda: bench.job(2).cut_id in bench.sealed)
    await bench.cuttings.close()
