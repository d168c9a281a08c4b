"""Pictures are decoded while they arrive: what is found is what decoding the whole clip finds, whatever happens meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
import os
from pathlib import Path
import resource
import shutil
import signal
import threading

import pytest

from custom_components.niiza_cctv.lib.footage import proving
from custom_components.niiza_cctv.lib.footage.archive import Picture
from custom_components.niiza_cctv.lib.footage.clip import decode_journal
from custom_components.niiza_cctv.lib.footage.clip_plan import Plan
from custom_components.niiza_cctv.lib.footage.nal import units_of
from custom_components.niiza_cctv.lib.footage.picture_decoder import Decoded
from custom_components.niiza_cctv.lib.footage.proof_file import SUFFIX
from custom_components.niiza_cctv.lib.footage.proving import Proof, Proofs
from custom_components.niiza_cctv.lib.footage.spool import Spool, microseconds
from tests.lib.footage.encoded import BEGIN, encode, footage, spool_of
from tests.section import until

SECOND = timedelta(seconds=1)
LATER = BEGIN + timedelta(hours=1)


@asynccontextmanager
async def proofs() -> AsyncIterator[Proofs]:
    """Run the threads for the length of a block."""
    it = Proofs()
    try:
        yield it
    finally:
        it.close()


def long(codec: str = "h264", seconds: int = 30) -> list[Picture]:
    """Return many seconds of footage: the same six over and over."""
    units = encode(codec)
    return [
        picture
        for turn in range(seconds // 6)
        for picture in footage(units, BEGIN + turn * 6 * SECOND)
    ]


def spoilt(pictures: Iterable[Picture], *numbers: int) -> list[Picture]:
    """Return pictures some of which the card damaged."""
    made = list(pictures)
    for number in numbers:
        one = made[number]
        data = one.data[:20] + bytes(value ^ 0x55 for value in one.data[20:])
        made[number] = replace(one, data=data)
    return made


async def proved(proof: Proof) -> None:
    """Wait until a proof is done."""
    await until(proof.done.done)


async def read(proof: Proof, pictures: int) -> None:
    """Wait until so many pictures were looked at."""
    await until(lambda: proof.pictures == pictures)


def at_once(spool: Spool, start: datetime = BEGIN) -> tuple[Plan, Decoded]:
    """Return what decoding the whole passage in one go finds."""
    plan = Plan.of(spool, start, LATER)
    return plan, decode_journal(spool, plan, lambda _: None)


def begun(it: Proofs, path: Path, start: datetime = BEGIN) -> Proof:
    """Begin a proof of the passage."""
    return it.begin(path, microseconds(start), microseconds(LATER))


async def finds_the_same(it: Proofs, path: Path, start: datetime = BEGIN) -> Proof:
    """Prove a journal that lies there, and compare that with decoding it at once."""
    with Spool.open(path) as spool:
        proof = begun(it, path, start)
        proof.arrived(spool.size)
        proof.end()
        await proved(proof)
        plan, expected = at_once(spool, start)
        assert proof.decoded(plan.first, len(plan.pts)) == expected
    await proof.aclose()
    return proof


@pytest.mark.goes_last
@pytest.mark.parametrize("codec", ["h264", "hevc"])
async def test_what_is_found_is_what_decoding_at_once_finds(tmp_path: Path, codec: str) -> None:
    """With damaged pictures, batch by batch, by threads that everything else goes before."""
    pictures = spoilt(long(codec), 25, 26, 140, 203)
    path = tmp_path / "clip.spool"
    async with proofs() as it:
        with Spool.open(path, codec=codec) as spool:
            proof = begun(it, path)
            for at in range(0, len(pictures), 37):
                spool.append(pictures[at : at + 37])
                proof.arrived(spool.size)
                await asyncio.sleep(0)
            threads = [one for one in threading.enumerate() if "niiza_cctv proof" in one.name]
            assert threads
            await until(
                lambda: all(
                    one.native_id and os.getpriority(os.PRIO_PROCESS, one.native_id) >= 10
                    for one in threads
                )
            )
            proof.end()
            await proved(proof)
            plan, expected = at_once(spool)
            assert 0 < expected.intact < len(pictures)
            assert (expected.width, expected.height) == (160, 120)
            assert proof.decoded(plan.first, len(plan.pts)) == expected
            # Of other pictures it says nothing: they are decoded then.
            assert proof.decoded(plan.first + 10, 10) is None
            assert proof.decoded(plan.first, len(plan.pts) + 1) is None
            assert not proof.failed
            await proof.aclose()


@pytest.mark.parametrize("b_frames", [0, 2])
async def test_it_begins_with_the_key_picture_before_what_is_wanted(
    tmp_path: Path, b_frames: int
) -> None:
    """What comes before, as some cameras give it, is not of the clip."""
    path = tmp_path / "clip.spool"
    spool_of(path, iter(spoilt(footage(encode(b_frames=b_frames)), 3, 27))).close()
    async with proofs() as it:
        await finds_the_same(it, path, BEGIN + 2.35 * SECOND)
        path.with_suffix(SUFFIX).unlink()
        await finds_the_same(it, path, BEGIN + 2 * SECOND)


async def test_a_size_that_changes_on_the_way_is_followed(tmp_path: Path) -> None:
    """The largest is told; parameter sets are those that the camera announced beside the stream, and only there."""
    path = tmp_path / "clip.spool"
    at = BEGIN
    for size in ((160, 120), (320, 240)):
        units = encode(pictures=30, size=size)
        sets = [one for one in units_of("h264", units[0][1]) if one[0] & 0x1F in {7, 8}]
        announced = b"".join(b"\0\0\0\1" + one for one in sets)
        with Spool.open(path, codec="h264", parameter_sets=announced) as spool:
            spool.append(
                [replace(one, data=one.data.replace(announced, b"")) for one in footage(units, at)]
            )
        at += 3 * SECOND
    async with proofs() as it:
        await finds_the_same(it, path)
        await finds_the_same(it, path)


async def test_a_restart_goes_on_at_the_last_key_picture_that_was_proved(tmp_path: Path) -> None:
    """Stopped in the middle, and begun anew: what was decoded is not decoded again."""
    pictures = spoilt(long(), 25, 26, 140, 203)
    path = tmp_path / "clip.spool"
    async with proofs() as it:
        with Spool.open(path, codec="h264") as spool:
            spool.append(pictures[:170])
            proof = begun(it, path)
            proof.arrived(spool.size)
            await until(lambda: proof.pictures == 170)
            await proof.aclose()
            assert not proof.done.done()
            spool.append(pictures[170:])
        again = await finds_the_same(it, path)
        # A decoder may hold 64 pictures back, and begins a key picture earlier.
        assert again.decoded_now <= len(pictures) - 170 + 64 + 20


async def test_a_file_that_was_cut_or_changed_is_worth_what_is_whole(tmp_path: Path) -> None:
    """At any byte; what is found is the same, and it is written anew."""
    path = tmp_path / "clip.spool"
    spool_of(path, iter(spoilt(long(), 25, 26, 140, 203))).close()
    file = path.with_suffix(SUFFIX)
    async with proofs() as it:
        first = await finds_the_same(it, path)
        assert first.decoded_now == 300
        whole = file.read_bytes()
        for place in range(0, len(whole), max(1, len(whole) // 13)):
            file.write_bytes(whole[:place])
            await finds_the_same(it, path)
            assert file.read_bytes() == whole
            file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
            await finds_the_same(it, path)
            assert file.read_bytes() == whole
        file.write_bytes(b"something else altogether" * 100)
        await finds_the_same(it, path)
        assert file.read_bytes() == whole


@pytest.mark.parametrize("shorter", [False, True])
async def test_what_was_proved_of_another_journal_does_not_count(
    tmp_path: Path, shorter: bool
) -> None:
    """A journal that was fetched again has other bytes, or fewer: it is proved from its beginning."""
    path, other = tmp_path / "clip.spool", tmp_path / "other.spool"
    spool_of(other, iter(long())).close()
    pictures = spoilt(long(), 25, 26, 140)
    spool_of(path, iter(pictures[:100] if shorter else pictures)).close()
    async with proofs() as it:
        await finds_the_same(it, other)
        shutil.copy(other.with_suffix(SUFFIX), path.with_suffix(SUFFIX))
        await finds_the_same(it, path)


async def test_without_a_file_it_is_proved_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where it cannot be made, a restart decodes again, and that is all."""
    path = tmp_path / "clip.spool"
    spool_of(path, iter(long())).close()
    path.with_suffix(SUFFIX).mkdir()
    async with proofs() as it:
        await finds_the_same(it, path)
    assert "cannot be read" in caplog.text


async def test_a_disk_that_is_full_costs_only_the_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing more is kept; everything is proved, and the next run begins behind what was."""
    path = tmp_path / "clip.spool"
    spool_of(path, iter(long())).close()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    async with proofs() as it:
        try:
            for room in (1, 200):
                # From here on the kernel refuses larger files.
                resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
                await finds_the_same(it, path)
                assert path.with_suffix(SUFFIX).stat().st_size <= room
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, ignored)
        assert "cannot be written" in caplog.text
        await finds_the_same(it, path)


async def test_a_journal_that_is_damaged_is_left_to_whoever_seals(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The proof ends and says nothing of the pictures."""
    path = tmp_path / "clip.spool"
    with spool_of(path, iter(long())) as spool:
        size = spool.size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"damage")
    async with proofs() as it:
        proof = begun(it, path)
        proof.arrived(size)
        proof.end()
        await proved(proof)
        assert proof.failed
        assert proof.decoded(0, 10) is None
        assert proof.seconds_until(300) is None
        await proof.aclose()
    assert "not decoded while they arrive" in caplog.text


async def test_journals_in_which_nothing_comes_make_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More journals than threads: one that is whole is proved although all the others wait for their cameras."""
    monkeypatch.setattr(proving, "IDLE", 0.05)
    pictures = spoilt(long(), 25, 26, 140, 203)
    async with proofs() as it:
        waiting = []
        for number in range(proving.PARALLEL_PROOFS + 1):
            path = tmp_path / f"{number}.spool"
            spool = spool_of(path, iter(pictures[:170]))
            proof = begun(it, path)
            proof.arrived(spool.size)
            waiting.append((path, spool, proof))
        path = tmp_path / "whole.spool"
        spool_of(path, iter(pictures)).close()
        await finds_the_same(it, path)
        for _, spool, proof in waiting:
            await read(proof, 170)
            spool.append(pictures[170:])
            proof.arrived(spool.size)
            proof.end()
        for _, spool, proof in waiting:
            await proved(proof)
            plan, expected = at_once(spool)
            assert proof.decoded(plan.first, len(plan.pts)) == expected
            await proof.aclose()
            spool.close()


async def test_journals_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread goes on with another journal in the middle, and comes back to where it was."""
    monkeypatch.setattr(proving, "TURN", 0.0)
    pictures = spoilt(long(seconds=60), 25, 26, 140, 203)
    async with proofs() as it:
        paths = [tmp_path / f"{number}.spool" for number in range(proving.PARALLEL_PROOFS + 2)]
        for path in paths:
            spool_of(path, iter(pictures)).close()
        await asyncio.gather(*(finds_the_same(it, path) for path in paths))


async def test_without_pictures_a_thread_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A camera that is away for long keeps no decoder; when it is back, the proof goes on."""
    monkeypatch.setattr(proving, "IDLE", 0.02)
    monkeypatch.setattr(proving, "READY", 0.05)
    pictures = spoilt(long(), 25, 26, 140, 203)
    path = tmp_path / "clip.spool"
    async with proofs() as it:
        with Spool.open(path, codec="h264") as spool:
            proof = begun(it, path)
            for at in range(0, len(pictures), 60):
                spool.append(pictures[at : at + 60])
                proof.arrived(spool.size)
                await read(proof, min(at + 60, len(pictures)))
                await asyncio.sleep(0.15)
            proof.end()
            await proved(proof)
            plan, expected = at_once(spool)
            assert proof.decoded(plan.first, len(plan.pts)) == expected
            await proof.aclose()


async def test_closing_waits_for_no_more_than_a_picture(tmp_path: Path) -> None:
    """Running, waiting for a thread, or never begun; and again."""
    pictures = long(seconds=120)
    async with proofs() as it:
        made = []
        for number in range(proving.PARALLEL_PROOFS + 2):
            path = tmp_path / f"{number}.spool"
            with spool_of(path, iter(pictures)) as spool:
                proof = begun(it, path)
                proof.arrived(spool.size)
                proof.end()
                made.append(proof)
        await until(lambda: any(proof.pictures > 0 for proof in made))
        await asyncio.gather(*(proof.aclose() for proof in made))
        assert not all(proof.done.done() for proof in made)
        for proof in made:
            proof.arrived(10**9)
            await proof.aclose()


async def test_the_pace_is_known_after_some_pictures(tmp_path: Path) -> None:
    """Before, nobody can say how long it takes; when all is proved, it takes no time."""
    path = tmp_path / "clip.spool"
    async with proofs() as it:
        with spool_of(path, iter(long())) as spool:
            proof = begun(it, path)
            assert proof.seconds_until(300) is None
            proof.arrived(spool.size)
            await until(lambda: proof.pictures == 300)
            assert proof.seconds_until(300) == 0
            longer = proof.seconds_until(600)
            assert longer is not None
            assert longer > 0
            await proof.aclose()
