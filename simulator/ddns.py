"""The dynamic DNS client in a camera's firmware: it reports its address by the DynDNS v2 protocol.

Written by hand because a firmware's request is not a modern library's: HTTP/1.0, one short request, and it stops for
good where the protocol demands that (help.dyn.com, "Return codes").
"""

import asyncio
from base64 import b64encode
import contextlib
import logging
import time
from urllib.parse import quote, urlsplit

from simulator.camera import DdnsConfig, Quirk, VirtualCamera

_LOGGER = logging.getLogger(__name__)

# An answer is a few words.
_LIMIT = 16 * 1024
_TIMEOUT = 10.0
_TAKEN = {"good", "nochg"}
# "Try again later"; every other word calls for a person.
_LATER = {"911", "dnserr"}
_MAX_PATIENCE = 16


class DdnsClient:
    """Reports one camera's address while the camera runs."""

    def __init__(self, camera: VirtualCamera) -> None:
        """Make the client; a camera without a DDNS page's settings reports nothing."""
        self._camera = camera
        self._task: asyncio.Task[None] | None = None
        self._nudge = asyncio.Event()
        # The last answer's first line; "" as long as there was none or the server could not be reached.
        self.answer = ""
        # A server that said no is not asked again before somebody has been there.
        self.stopped = False
        self.reports = 0
        self._reported: tuple[str, int] | None = None
        self._reported_at = 0.0

    def start(self) -> None:
        """Begin to report, as after switching the camera on."""
        self.stopped, self._reported = False, None
        if self._camera.config.ddns is not None:
            self._task = asyncio.create_task(self._run(self._camera.config.ddns))

    async def stop(self) -> None:
        """Stop reporting."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def update_now(self) -> None:
        """Report at once, as the button on the camera's page does."""
        self.stopped, self._reported = False, None
        self._nudge.set()

    async def _run(self, config: DdnsConfig) -> None:
        patience = 1
        while True:
            pause = config.interval
            if self._due(config):
                answer = await self._report(config)
                word = answer.partition(" ")[0].lower()
                self.answer = answer
                if word in _TAKEN:
                    patience = 1
                elif not word or word in _LATER:
                    self._reported = None
                    pause = config.retry * patience
                    patience = min(2 * patience, _MAX_PATIENCE)
                else:
                    _LOGGER.info("DDNS of %s stops: %s", self._camera.config.name, word)
                    self.stopped = True
            self._nudge.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._nudge.wait()

    def _due(self, config: DdnsConfig) -> bool:
        """Return whether there is something to report; unchanged addresses too often are abuse."""
        if self.stopped:
            return False
        return (
            self._reported != (self._camera.config.host, self._camera.config.http_port)
            or time.monotonic() - self._reported_at >= config.force
        )

    async def _report(self, config: DdnsConfig) -> str:
        """Send one update and return the first line of the answer, empty when there was none."""
        host, port = self._camera.config.host, self._camera.config.http_port
        parts = urlsplit(config.url)
        path = parts.path if parts.path not in {"", "/"} else "/nic/update"
        query = f"hostname={quote(config.hostname, safe='')}"
        if config.myip:
            query += f"&myip={quote(host, safe='')}"
        if config.port:
            query += f"&port={port}"
        login = b64encode(f"{config.username}:{config.password}".encode()).decode()
        request = (
            f"GET {path}?{query} HTTP/1.0\r\nHost: {parts.netloc}\r\nAuthorization: Basic {login}\r\n"
            f"User-Agent: {config.user_agent}\r\nConnection: close\r\n\r\n"
        )
        if self._camera.has(Quirk.DDNS_BARE_LF):
            request = request.replace("\r\n", "  \n", 1).replace("\r\n", "\n")
        self.reports += 1
        try:
            async with asyncio.timeout(_TIMEOUT):
                reader, writer = await asyncio.open_connection(
                    parts.hostname, parts.port or 80, local_addr=(host, 0)
                )
                try:
                    writer.write(request.encode())
                    reply = await self._read(reader)
                finally:
                    writer.close()
        except OSError, TimeoutError, ValueError:
            return ""
        self._reported, self._reported_at = (host, port), time.monotonic()
        return _answer(reply)

    async def _read(self, reader: asyncio.StreamReader) -> bytes:
        """Return all that the server sends before it closes."""
        reply = bytearray()
        while len(reply) < _LIMIT and (chunk := await reader.read(4096)):
            reply += chunk
        return bytes(reply)


def _answer(reply: bytes) -> str:
    """Return the first line of the body; a server that fails says nothing of use."""
    head, _, body = reply.partition(b"\r\n\r\n")
    status = head.split(b" ", 2)[1:2]
    if status not in ([b"200"], [b"401"]):
        return ""
    text = body.decode("ascii", "replace").strip()
    if text:
        return text.splitlines()[0][:200]
    return "badauth" if status == [b"401"] else ""
