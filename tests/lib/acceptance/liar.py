"""A server before a virtual camera that spoils its answers, over real sockets: it repeats log-ins, drips, hangs up, redirects."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
import contextlib
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

# Given the request and the camera's answer; returns another answer.
type Spoil = Callable[[Asked, web.Response], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request, and the name of what it asks for."""

    request: web.BaseRequest
    body: bytes
    headers: Mapping[str, str]

    def names(self, operation: str) -> bool:
        """Return whether an operation, or a page, is asked for."""
        return f"<{operation} ".encode() in self.body or operation in self.request.path_qs


@dataclass(kw_only=True)
class Liar:
    """Where it listens, and how often it was asked."""

    port: int = 0
    asked: list[str] = field(default_factory=list)


@contextlib.asynccontextmanager
async def lying(camera_port: int, spoil: Spoil) -> AsyncIterator[Liar]:
    """Stand before a camera for the length of a block."""
    liar = Liar()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        asked = Asked(request=request, body=body, headers=dict(request.headers))
        liar.asked.append(request.path_qs)
        headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
        async with http.request(
            request.method,
            f"http://127.0.0.1:{camera_port}{request.path_qs}",
            data=body or None,
            headers=headers,
        ) as answered:
            # Where its services are it says itself: there is nobody but us to ask.
            told = web.Response(
                status=answered.status,
                body=(await answered.read()).replace(
                    f":{camera_port}/".encode(), f":{liar.port}/".encode()
                ),
            )
            for name in ("Content-Type", "WWW-Authenticate", "Authentication-Info"):
                for value in answered.headers.getall(name, ()):
                    told.headers.add(name, value)
        return await spoil(asked, told)

    server = web.Server(answer, handler_cancellation=True, access_log=None)
    async with aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
    ) as http:
        runner = web.ServerRunner(server, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            liar.port = runner.addresses[0][1]
            yield liar
        finally:
            await runner.cleanup()
