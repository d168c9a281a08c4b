"""Where names lead: asked once for all who wait, and nobody waits for a resolver that is silent."""

import asyncio
from collections.abc import Callable
from socket import gaierror
from typing import Any

import pytest

from custom_components.niiza_cctv.lib.device.resolver import (
    MAX_ADDRESSES,
    PARALLEL,
    Resolver,
    is_literal,
)

type Ask = Callable[[str], Any]


@pytest.fixture(name="answer")
def _answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[Ask], list[str]]:
    """Give what makes the machine's resolver answer; it returns the names that were asked for."""

    def set_answer(ask: Ask) -> list[str]:
        asked: list[str] = []

        async def getaddrinfo(name: str, *_: object, **__: object) -> list[Any]:
            asked.append(name)
            return [(0, 0, 0, "", (host, 0)) for host in await ask(name)]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
        return asked

    return set_answer


@pytest.mark.parametrize(
    ("host", "expected"),
    [("192.0.2.1", True), ("2001:db8::1", True), ("[2001:db8::1]", True), ("kita.example", False)],
)
def test_addresses_are_no_names(host: str, expected: bool) -> None:
    """Brackets are a way of writing."""
    assert is_literal(host) is expected


async def test_a_name_is_asked_once_for_all_who_wait(answer: Callable[[Ask], list[str]]) -> None:
    """And again for those who come later; what is no name is not asked for."""
    goes_on = asyncio.Event()

    async def ask(_: str) -> list[str]:
        await goes_on.wait()
        return ["192.0.2.1", "192.0.2.1", *(f"192.0.2.{n}" for n in range(2, 20))]

    asked = answer(ask)
    resolver = Resolver()
    waiting = [asyncio.create_task(resolver.look_up("kita.example")) for _ in range(3)]
    await asyncio.sleep(0)
    goes_on.set()
    first, *others = await asyncio.gather(*waiting)
    assert first == tuple(f"192.0.2.{n + 1}" for n in range(MAX_ADDRESSES))
    assert others == [first, first]
    assert asked == ["kita.example"]
    assert await resolver.look_up("kita.example") == first
    assert await resolver.look_up("192.0.2.7") == ()
    assert asked == ["kita.example"] * 2
    await resolver.close()


async def test_a_name_that_is_not_there_leads_nowhere(answer: Callable[[Ask], list[str]]) -> None:
    """It is no error: the camera stays where it is."""

    async def ask(_: str) -> list[str]:
        raise gaierror

    answer(ask)
    resolver = Resolver()
    assert await resolver.look_up("nowhere.example") == ()
    await resolver.close()


async def test_a_silent_resolver_is_not_waited_for(answer: Callable[[Ask], list[str]]) -> None:
    """Nor asked again and again, nor by more than a few at a time; closing ends what is under way."""

    async def ask(_: str) -> list[str]:
        await asyncio.Event().wait()
        return []

    asked = answer(ask)
    resolver = Resolver(timeout=0.01)
    names = [f"camera{n}.example" for n in range(2 * PARALLEL)]
    for _ in range(2):
        assert await asyncio.gather(*map(resolver.look_up, names)) == [()] * len(names)
    assert asked == names[:PARALLEL]
    await resolver.close()
