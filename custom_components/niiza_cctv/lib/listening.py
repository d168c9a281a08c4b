"""Closing a port at which somebody may be knocking."""

import asyncio
from typing import Final

# asyncio lets somebody in in so many steps, each in its own turn of the loop.
_STEPS: Final = 2


async def stop_listening(server: asyncio.Server) -> None:
    """Close a server's port; connections stay.

    Whom it has just begun to let in is let in first: asyncio fails in the middle otherwise, and says so as an error.
    """
    loop = server.get_loop()
    for listening in server.sockets:
        loop.remove_reader(listening)
    for _ in range(_STEPS):
        await asyncio.sleep(0)
    server.close()
