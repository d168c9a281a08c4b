"""A bare SOAP caller for what zeep has no WSDL for, or would never send."""

import base64
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
import hashlib
import os
from typing import Any

import aiohttp
from lxml import etree
import pytest

from simulator.auth import PASSWORD_DIGEST, WSSE, WSU
from simulator.services.base import TT
from simulator.soap import ENV
from simulator.station import RunningCamera


def username_token(
    name: str, password: str, *, created: datetime | None = None, nonce: bytes | None = None
) -> str:
    """Return a wsse:Security header with PasswordDigest (UsernameToken Profile 1.0)."""
    nonce = nonce or os.urandom(16)
    at = (created or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = base64.b64encode(
        hashlib.sha1(nonce + at.encode() + password.encode(), usedforsecurity=False).digest()
    )
    return (
        f'<w:Security xmlns:w="{WSSE}" xmlns:u="{WSU}"><w:UsernameToken><w:Username>{name}</w:Username>'
        f'<w:Password Type="{PASSWORD_DIGEST}">{digest.decode()}</w:Password>'
        f"<w:Nonce>{base64.b64encode(nonce).decode()}</w:Nonce><u:Created>{at}</u:Created></w:UsernameToken></w:Security>"
    )


def envelope(namespace: str, operation: str, content: str = "", header: str = "") -> str:
    """Return a SOAP 1.2 request."""
    return (
        f'<s:Envelope xmlns:s="{ENV}" xmlns:tt="{TT}"><s:Header>{header}</s:Header>'
        f'<s:Body><{operation} xmlns="{namespace}">{content}</{operation}></s:Body></s:Envelope>'
    )


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
