"""RateLimiter, lock-outs and hashing: what a stranger can spend of ours is bounded."""

import asyncio
from collections.abc import Callable
import threading
from typing import Any

import pytest

from custom_components.niiza_cctv.lib.inbound import guard
from custom_components.niiza_cctv.lib.inbound.guard import (
    FAILURES,
    FAILURES_WINDOW,
    MAX_SOURCES,
    PasswordGuard,
    RateLimiter,
    SourceLockedOut,
    TooBusy,
    source_of,
)
from custom_components.niiza_cctv.lib.inbound.passwords import (
    ScryptCost,
    hash_password,
    verify_password,
)

CHEAP = ScryptCost(log_n=4, p=1)
HASHED = hash_password("right", CHEAP)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        """Start anywhere."""
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def recording(hashed: list[str]) -> Callable[[str, str], bool]:
    """Return a hashing that costs nothing, takes "right", and says what it was asked."""

    def verify(text: str, _hashed: str) -> bool:
        hashed.append(text)
        return text == "right"

    return verify


def test_lets_a_burst_through_and_then_a_rate() -> None:
    """What was not used up comes back with time, never more than the burst."""
    clock = Clock()
    rates = RateLimiter(per_minute=60, burst=3, now=clock)
    assert [rates.take("a") for _ in range(4)] == [True, True, True, False]
    assert rates.take("b")
    clock.now += 1
    assert [rates.take("a") for _ in range(2)] == [True, False]
    clock.now += 3600
    assert [rates.take("a") for _ in range(4)] == [True, True, True, False]


def test_keeps_a_bounded_number_of_sources() -> None:
    """Ten thousand sources take no more room than the bound."""
    rates = RateLimiter(per_minute=60, burst=3)
    for number in range(10_000):
        rates.take(str(number))
    assert len(rates._buckets) == MAX_SOURCES


@pytest.mark.parametrize(
    ("host", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_counts_what_one_customer_has_as_one_source(host: str, source: str) -> None:
    """Somebody with a whole IPv6 network is one source."""
    assert source_of(host) == source


async def test_looks_at_no_password_after_too_many_wrong_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The tenth wrong password is the last that is hashed, even a right one waits then, and other sources do not."""
    hashed: list[str] = []
    monkeypatch.setattr(guard, "verify_password", recording(hashed))
    clock = Clock()
    passwords = PasswordGuard(now=clock)
    for number in range(FAILURES):
        assert not await passwords.check("a", f"guess {number}", HASHED)
    for text in ("guess", "right"):
        with pytest.raises(SourceLockedOut):
            await passwords.check("a", text, HASHED)
    assert len(hashed) == FAILURES
    assert await passwords.check("b", "right", HASHED)
    clock.now += FAILURES_WINDOW
    assert await passwords.check("a", "right", HASHED)


async def test_counts_guesses_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred connections at the same moment have no more guesses than one."""
    hashed: list[str] = []
    monkeypatch.setattr(guard, "verify_password", recording(hashed))
    passwords = PasswordGuard()
    outcomes = await asyncio.gather(
        *(passwords.check("a", str(number), HASHED) for number in range(100)),
        return_exceptions=True,
    )
    assert len(hashed) == FAILURES
    assert sum(isinstance(outcome, SourceLockedOut) for outcome in outcomes) == 100 - FAILURES


async def test_a_known_password_washes_no_guesses_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever knows one camera's password has no more guesses at another's."""
    monkeypatch.setattr(guard, "verify_password", lambda text, _: text == "right")
    passwords = PasswordGuard()
    for number in range(FAILURES):
        assert not await passwords.check("a", "guess", f"other {number}")
        if number < FAILURES - 1:
            assert await passwords.check("a", "right", f"known {number}")
    with pytest.raises(SourceLockedOut):
        await passwords.check("a", "guess", "other")


async def test_hashes_few_at_a_time_even_for_those_who_hang_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A client that disconnects frees no turn, and beyond the queue everybody is told to come later."""
    running, most, release = 0, 0, threading.Event()

    def verify(_text: str, _hashed: str) -> bool:
        nonlocal running, most
        running += 1
        most = max(most, running)
        release.wait(10)
        running -= 1
        return False

    monkeypatch.setattr(guard, "verify_password", verify)
    passwords = PasswordGuard()
    waiting: list[asyncio.Task[Any]] = []
    refused = 0
    for number in range(60):
        task = asyncio.create_task(passwords.check(str(number), "guess", HASHED))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        if task.done() and isinstance(task.exception(), TooBusy):
            refused += 1
        else:
            task.cancel()
            waiting.append(task)
    assert refused == 60 - 18
    release.set()
    await passwords.close()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert most == 2


async def test_knows_a_right_password_again_without_hashing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A camera that logs in for every mail costs one hash, and another text still costs its own."""
    hashed: list[str] = []

    def verify(text: str, kept: str) -> bool:
        hashed.append(text)
        return verify_password(text, kept)

    monkeypatch.setattr(guard, "verify_password", verify)
    passwords = PasswordGuard()
    for _ in range(5):
        assert await passwords.check("a", "right", HASHED)
    assert hashed == ["right"]
    assert not await passwords.check("a", "wrong", HASHED)
    # A new password for the same camera has a new hash.
    assert not await passwords.check("a", "right", hash_password("new", CHEAP))


async def test_keeps_a_bounded_number_of_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any number of sources with wrong passwords takes no more room than the bound."""
    monkeypatch.setattr(guard, "verify_password", lambda _text, _hashed: False)
    # Each password is looked at in a thread: ten thousand would take minutes on a busy machine.
    monkeypatch.setattr(guard, "MAX_SOURCES", 100)
    passwords = PasswordGuard()
    for number in range(150):
        await passwords.check(str(number), "guess", HASHED)
    assert len(passwords._failures) == 100
