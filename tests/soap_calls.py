"""Bare SOAP requests, for what zeep has no WSDL for or would never send."""

import base64
from datetime import UTC, datetime
import hashlib
import os

from lxml import etree

from simulator.auth import PASSWORD_DIGEST, WSSE, WSU
from simulator.services.base import TT
from simulator.soap import ENV


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


def subcodes(body: etree._Element) -> list[str]:
    """Return a fault's subcodes, outermost first."""
    return [
        (value.text or "").rpartition(":")[2]
        for value in body.iterfind(f".//{{{ENV}}}Subcode/{{{ENV}}}Value")
    ]
