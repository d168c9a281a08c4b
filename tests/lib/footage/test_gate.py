"""A camera's one replay session goes round among those who want it."""

import asyncio
from itertools import pairwise

import pytest

from custom_components.niiza_cctv.lib.footage.gate import ReplayGate, Use
from tests.section import PATIENCE


async def test_uses_take_turns_and_nobody_starves() -> None:
    """Ten people who watch do not keep an export waiting, nor it them."""
    gate = ReplayGate()
    order: list[str] = []

    async def take(name: str, use: Use, times: int) -> None:
        for _ in range(times):
            async with gate.turn(use) as turn:
                order.append(name)
                await asyncio.sleep(0)
                assert gate.holder is use
                assert turn.wanted == bool(gate.waiting)

    async with asyncio.TaskGroup() as tasks:
        for name in ("a", "b", "c"):
            tasks.create_task(take(name, Use.VIEWING, 4))
        tasks.create_task(take("export", Use.EXPORT, 4))
        tasks.create_task(take("proof", Use.PROOF, 1))
    exports = [place for place, name in enumerate(order) if name == "export"]
    assert len(order) == 17
    # One of those who watch goes between, and once the proof with another of them.
    assert all(after - before <= 4 for before, after in pairwise(exports))
    assert gate.holder is None
    assert not gate.waiting


async def test_who_leaves_the_queue_blocks_nobody() -> None:
    """A browser that is closed while it waits, also in the very moment in which it gets its turn."""
    gate = ReplayGate()
    got: list[str] = []

    async def take(name: str) -> None:
        async with gate.turn(Use.VIEWING):
            got.append(name)

    async with gate.turn(Use.EXPORT):
        waits = asyncio.create_task(take("leaves while waiting"))
        given = asyncio.create_task(take("leaves when given"))
        last = asyncio.create_task(take("stays"))
        await asyncio.sleep(0)
        waits.cancel()
        await asyncio.sleep(0)
        assert gate.waiting == (Use.VIEWING, Use.VIEWING)
    given.cancel()
    async with asyncio.timeout(PATIENCE):
        await last
    assert got == ["stays"]
    assert gate.holder is None


async def test_who_leaves_in_the_moment_in_which_the_turn_is_given_on() -> None:
    """One is cancelled and has not noticed yet: neither who gives the turn on nor who waits behind trips over it."""
    gate = ReplayGate()
    got: list[str] = []

    async def take(name: str) -> None:
        async with gate.turn(Use.VIEWING):
            got.append(name)

    async with gate.turn(Use.EXPORT):
        leaves = asyncio.create_task(take("leaves"))
        last = asyncio.create_task(take("stays"))
        await asyncio.sleep(0)
        leaves.cancel()
    async with asyncio.timeout(PATIENCE):
        await last
        async with gate.turn(Use.PROOF):
            pass
    assert got == ["stays"]
    assert gate.holder is None


async def test_a_turn_ends_with_an_error() -> None:
    """What fails inside gives the turn on."""
    gate = ReplayGate()
    with pytest.raises(ValueError, match="broken"):
        async with gate.turn(Use.PROOF):
            raise ValueError("broken")
    assert gate.holder is None
