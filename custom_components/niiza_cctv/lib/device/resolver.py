"""Where the names of cameras lead, asked of the resolver of this machine."""

import asyncio
from ipaddress import ip_address
import logging
from socket import SOCK_STREAM

_LOGGER = logging.getLogger(__name__)

# A few at a time, however many cameras there are; one that is not answered by then stays where it leads (seconds).
PARALLEL = 4
TIMEOUT = 4.0
# More addresses of one name than this are not tried.
MAX_ADDRESSES = 4


def is_literal(host: str) -> bool:
    """Return whether a host is an address, not a name."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


class Resolver:
    """Looks names up, each once at a time; used from one event loop."""

    def __init__(self, *, timeout: float = TIMEOUT) -> None:
        """Begin without any."""
        self._timeout = timeout
        self._turns = asyncio.Semaphore(PARALLEL)
        self._looking_up: dict[str, asyncio.Task[tuple[str, ...]]] = {}

    async def look_up(self, name: str) -> tuple[str, ...]:
        """Return the addresses that a DNS name leads to, none for an address, and while no answer comes."""
        if is_literal(name):
            return ()
        if (looking := self._looking_up.get(name)) is None:
            # Not cancelled: the resolver's thread could not be, and would be joined by another at each look.
            looking = self._looking_up[name] = asyncio.create_task(
                self._resolve(name), name="niiza_cctv look-up"
            )
            looking.add_done_callback(lambda _: self._looking_up.pop(name, None))
        await asyncio.wait({looking}, timeout=self._timeout)
        return looking.result() if looking.done() and not looking.cancelled() else ()

    async def close(self) -> None:
        """Wait for no answer any more."""
        looking = tuple(self._looking_up.values())
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)

    async def _resolve(self, name: str) -> tuple[str, ...]:
        """Ask the resolver of the running loop, when it is its turn."""
        async with self._turns:
            try:
                found = await asyncio.get_running_loop().getaddrinfo(name, None, type=SOCK_STREAM)
            except (OSError, UnicodeError) as err:
                _LOGGER.debug("A camera's name is not found: %s", type(err).__name__)
                return ()
        return tuple(dict.fromkeys(str(address[4][0]) for address in found))[:MAX_ADDRESSES]
