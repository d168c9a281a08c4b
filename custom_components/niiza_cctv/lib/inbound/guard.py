"""What keeps whoever reaches our ports from wearing us out: rates, failed log-ins, hashing a few at a time.

Memory is bounded by numbers that stand here, whatever is sent; all clocks are monotonic seconds.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
import hashlib
import hmac
from ipaddress import IPv6Address, ip_address
import secrets
import time

from .passwords import verify_password

# Each costs some hundred bytes. Whoever has more addresses than that pushes his own out first.
MAX_SOURCES = 2048

# Wrong passwords of one source within the window; one more is not even looked at.
FAILURES = 10
FAILURES_WINDOW = 600.0

# 16 MiB and a core each.
_HASHING = 2
# Those who wait for their turn: two seconds' worth.
_MAX_WAITING = 16


class SourceLockedOut(Exception):
    """Too many wrong passwords came from there; nothing is looked at until the window has passed."""


class TooBusy(Exception):
    """So many passwords wait to be looked at that this one cannot; to be tried again later."""


def source_of(host: str) -> str:
    """Return what counts as one source: an IPv4 address, or the /64 network that one IPv6 customer has.

    Raises ValueError for what is no address.
    """
    address = ip_address(host.partition("%")[0])
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) >> 64 << 64)}/64"


def is_source(host: str, source: str) -> bool:
    """Return whether an address counts as that source; a name never does."""
    try:
        return source_of(host) == source
    except ValueError:
        return False


class RateLimiter:
    """How often each key may come: `burst` at once, refilled at `per_minute` (a token bucket each)."""

    def __init__(
        self, per_minute: float, burst: float, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Let everybody begin with a full bucket."""
        self._per_second = per_minute / 60
        self._burst = burst
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> bool:
        """Return whether one more may come now, and count it if so."""
        now = self._now()
        filled, since = self._buckets.pop(key, (self._burst, now))
        filled = min(self._burst, filled + (now - since) * self._per_second)
        allowed = filled >= 1
        self._buckets[key] = (filled - allowed, now)
        if len(self._buckets) > MAX_SOURCES:
            self._buckets.popitem(last=False)
        return allowed


class PasswordGuard:
    """Looks at passwords: in worker threads, few at a time, and not at all for a source with many wrong ones."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        """Know no failures."""
        self._now = now
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._turns = asyncio.Semaphore(_HASHING)
        self._looking: set[asyncio.Task[bool]] = set()
        # A camera logs in for every mail. What was right once is known again by a digest whose key dies with this process:
        # the memory tells no more than a copy of the kept hash does.
        self._key = secrets.token_bytes(32)
        self._right: OrderedDict[str, bytes] = OrderedDict()

    def locked_out(self, source: str) -> bool:
        """Return whether a source has used up its wrong passwords."""
        if (failures := self._failures.get(source)) is None:
            return False
        while failures and failures[0] <= self._now() - FAILURES_WINDOW:
            failures.popleft()
        if not failures:
            del self._failures[source]
        if len(failures) < FAILURES:
            return False
        # Whoever goes on is not forgotten for those who come after.
        self._failures.move_to_end(source)
        return True

    async def check(self, source: str, text: str, hashed: str) -> bool:
        """Return whether `text` is the password kept as `hashed`; an empty hash is nobody's and takes as long.

        Raises SourceLockedOut or TooBusy, before anything is hashed.
        """
        if self.locked_out(source):
            raise SourceLockedOut
        digest = hmac.digest(self._key, text.encode(errors="surrogatepass"), hashlib.sha256)
        if hmac.compare_digest(self._right.get(hashed, b""), digest):
            return True
        if len(self._looking) >= _HASHING + _MAX_WAITING:
            raise TooBusy
        # Counted before it is known: many guesses at once are many guesses.
        self._failed(source)
        task = asyncio.create_task(self._look(text, hashed))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)
        # Whoever hangs up meanwhile frees no turn: the thread goes on.
        right = await asyncio.shield(task)
        if right:
            # Only this one is forgiven: a password that is known must not wash away guesses at another.
            if failures := self._failures.get(source):
                failures.pop()
            self._right[hashed] = digest
            if len(self._right) > MAX_SOURCES:
                self._right.popitem(last=False)
        return right

    async def close(self) -> None:
        """Wait for the threads that still hash."""
        await asyncio.gather(*self._looking, return_exceptions=True)

    async def _look(self, text: str, hashed: str) -> bool:
        async with self._turns:
            return await asyncio.to_thread(verify_password, text, hashed)

    def _failed(self, source: str) -> None:
        self._failures.setdefault(source, deque(maxlen=FAILURES)).append(self._now())
        self._failures.move_to_end(source)
        if len(self._failures) > MAX_SOURCES:
            self._failures.popitem(last=False)
