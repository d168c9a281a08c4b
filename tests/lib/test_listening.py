"""A port is closed whoever knocks at that moment, without an error of asyncio's."""

import asyncio
from contextlib import suppress
import socket
from typing import Any

import pytest

from custom_components.niiza_cctv.lib.listening import stop_listening
from simulator import listening

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.mark.parametrize("stop", [stop_listening, listening.stop_listening])
@pytest.mark.parametrize("turns", range(6))
async def test_whoever_knocks_is_let_in_or_not_at_all(stop: Any, turns: int) -> None:
    """At each turn of the loop between knocking and being in."""
    errors: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: errors.append(context))
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    with socket.socket() as visitor:
        # The kernel accepts it; asyncio hears of it in its next turn.
        visitor.connect(address)
        for _ in range(turns):
            await asyncio.sleep(0)
        await stop(server)
        await server.wait_closed()
        with socket.socket() as late, pytest.raises(ConnectionRefusedError):
            late.connect(address)
        visitor.setblocking(False)
        async with asyncio.timeout(10):
            with suppress(ConnectionResetError):
                assert await loop.sock_recv(visitor, 1) == b""
    assert errors == []
