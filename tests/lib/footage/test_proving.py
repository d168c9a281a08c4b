"""Pictures are decoded while they arrive: what is found is what decoding the whole clip finds, whatever happens meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custom_components.niiza_cctv.lib.footage.archive import Picture
from custom_components.niiza_cctv.lib.footage.clip import decode_journal
from custom_components.niiza_cctv.lib.footage.clip_plan import Plan
from custom_components.niiza_cctv.lib.footage.picture_decoder import Decoded
from custom_components.niiza_cctv.lib.footage.proving import Proof, Proofs
from custom_components.niiza_cctv.lib.footage.spool import Spool, microseconds
from tests.lib.footage.encoded import BEGIN, encode, footage

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
    await asyncio.wait_for(asyncio.wrap_future(proof.done), 60)


def at_once(spool: Spool) -> tuple[Plan, Decoded]:
    """Return what decoding the whole passage in one go finds."""
    plan = Plan.of(spool, BEGIN, LATER)
    return plan, decode_journal(spool, plan, lambda _: None)


def begun(it: Proofs, path: Path) -> Proof:
    """Begin a proof of the passage."""
    return it.begin(path, microseconds(BEGIN), microseconds(LATER))


@pytest.mark.parametrize("codec", ["h264", "hevc"])
async def test_what_is_found_is_what_decoding_at_once_finds(tmp_path: Path, codec: str) -> None:
    """With damaged pictures, batch by batch; and the thread steps back behind everything else."""
    pictures = spoilt(long(codec), 25, 26, 140, 203)
    path = tmp_path / "clip.spool"
    async with proofs() as it:
        with Spool.open(path, codec=codec) as spool:
            proof = begun(it, path)
            for at in range(0, len(pictures), 37):
                spool.append(pictures[at : at + 37])
                proof.arrived(spool.size)
                await asyncio.sleep(0)
            proof.end()
            await proved(proof)
            plan, expected = at_once(spool)
            assert 0 < expected.intact < len(pictures)
            assert (expected.width, expected.height) == (160, 120)
            assert proof.decoded(plan.first, len(plan.pts)) == expected
            assert not proof.failed
            await proof.aclose()
