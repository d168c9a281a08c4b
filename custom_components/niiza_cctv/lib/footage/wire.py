"""One TCP or TLS connection that is read into one fixed buffer.

Written by hand because asyncio's streams copy every byte twice more than needed, and grow with what was sent.
"""

import asyncio
import os
from typing import override

from ..device.errors import CameraUnreachable


class Wire(asyncio.BufferedProtocol):
    """The bytes of a connection: `data[:size]` is what came and was not dropped yet.

    Nobody waiting means that at most what fits is read: a slow reader slows the camera down instead of
    filling memory.
    """

    def __init__(self, capacity: int) -> None:
        """Make room for `capacity` bytes: more than the longest message that is waited for in one piece."""
        self.data = bytearray(capacity)
        self.size = 0
        self._room = memoryview(self.data)
        self._loop = asyncio.get_running_loop()
        # Up to where the reader has been told.
        self._told = 0
        self._waiter: asyncio.Future[None] | None = None
        self._over = False
        self._error: Exception | None = None
        self._closed = self._loop.create_future()

    @property
    def waiting(self) -> bool:
        """Return whether somebody waits for bytes."""
        return self._waiter is not None

    @property
    def over(self) -> bool:
        """Return whether the connection has ended, by whichever side."""
        return self._over or self._transport.is_closing()

    async def more(self, taken: int) -> None:
        """Drop the first `taken` bytes and wait until there are some that were not told of yet.

        Safe to cancel; one at a time. Raises CameraUnreachable when the connection is over.
        """
        self._room[: self.size - taken] = self._room[taken : self.size]
        self.size -= taken
        self._told -= taken
        if self.size == self._told:
            self._raise_if_over()
            self._waiter = self._loop.create_future()
            self._transport.resume_reading()
            try:
                await self._waiter
            finally:
                self._waiter = None
            if self.size == self._told:
                self._raise_if_over()
        self._told = self.size

    def write(self, data: bytes) -> None:
        """Send bytes; raises CameraUnreachable when the connection is closed."""
        if self._transport.is_closing():
            raise CameraUnreachable("The connection is closed")
        self._transport.write(data)

    @property
    def unsent(self) -> int:
        """Return how many bytes the other side has not taken yet."""
        return self._transport.get_write_buffer_size()

    def certificate(self) -> bytes:
        """Return the certificate of the other side of a TLS connection (DER)."""
        found: bytes = self._transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
        return found

    def abort(self) -> None:
        """Cut the connection."""
        self._transport.abort()

    async def closed(self) -> None:
        """Wait until the connection is gone."""
        await asyncio.shield(self._closed)

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    @override
    def get_buffer(self, sizehint: int) -> memoryview:
        return self._room[self.size :]

    @override
    def buffer_updated(self, nbytes: int) -> None:
        self.size += nbytes
        if self._waiter is None or self._waiter.done() or self.size == len(self.data):
            self._transport.pause_reading()
        self._wake()

    @override
    def eof_received(self) -> None:
        self._over = True
        self._wake()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._over, self._error = True, exc
        self._wake()
        if not self._closed.done():
            self._closed.set_result(None)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _raise_if_over(self) -> None:
        if self._error is not None:
            raise CameraUnreachable(f"The connection broke: {reason(self._error)}")
        if self._over:
            raise CameraUnreachable("The camera closed the connection")


def reason(err: Exception) -> str:
    """Return what an error of the operating system means, without the address that its text carries."""
    number = err.errno if isinstance(err, OSError) else None
    return os.strerror(number) if number is not None and number > 0 else type(err).__name__
