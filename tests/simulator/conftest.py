"""Fixtures that send SOAP to a simulated camera."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
from lxml import etree
import pytest

from simulator.running import RunningCamera
from simulator.soap import ENV
from tests.soap_calls import envelope, username_token

type Post = Callable[..., Any]


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """Return a plain HTTP session."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def post(http: aiohttp.ClientSession) -> Post:
    """Return a function that posts text to a camera and gives status, headers and bytes."""

    async def send(
        running: RunningCamera,
        text: str | bytes,
        *,
        path: str = "/onvif/device_service",
        content_type: str = "application/soap+xml",
        session: aiohttp.ClientSession | None = None,
    ) -> tuple[int, Any, bytes]:
        url = f"http://127.0.0.1:{running.http_port}{path}"
        async with (session or http).post(
            url, data=text, headers={"Content-Type": content_type}
        ) as response:
            return response.status, response.headers, await response.read()

    return send


@pytest.fixture
def soap(post: Post) -> Callable[..., Any]:
    """Return a function that calls an operation as the chief, or as told, and gives status and body."""

    async def call(
        running: RunningCamera,
        namespace: str,
        operation: str,
        content: str = "",
        *,
        header: str | None = None,
        path: str = "/onvif/device_service",
    ) -> tuple[int, etree._Element]:
        signed = (
            username_token("chief", "chief-pass", created=running.camera.now())
            if header is None
            else header
        )
        status, _, data = await post(
            running, envelope(namespace, operation, content, signed), path=path
        )
        body = etree.fromstring(data).find(f"{{{ENV}}}Body")
        assert body is not None
        return status, body

    return call
