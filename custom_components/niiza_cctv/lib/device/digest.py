"""Who answers a digest log-in may prove that he knows the password, too: `rspauth` (RFC 7616, section 3.5).

Written by hand because aiohttp's digest log-in does not look at it. It proves the password, not the way: whoever passes
everything on to the camera passes this on, too.
"""

from collections.abc import Callable
import hashlib
import hmac
import re
from typing import Final

from .model import Credential

_PARAMETER: Final = re.compile(
    r'([A-Za-z][\w-]{0,31})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))'
)
# Nothing longer is an honest camera's.
_MAX_HEADER: Final = 4096


def _md5(octets: bytes) -> str:
    return hashlib.md5(octets, usedforsecurity=False).hexdigest()


def _sha1(octets: bytes) -> str:
    return hashlib.sha1(octets, usedforsecurity=False).hexdigest()


_HASHES: Final[dict[str, Callable[[bytes], str]]] = {
    "MD5": _md5,
    "SHA": _sha1,
    "SHA256": lambda octets: hashlib.sha256(octets).hexdigest(),
    "SHA-256": lambda octets: hashlib.sha256(octets).hexdigest(),
    "SHA512": lambda octets: hashlib.sha512(octets).hexdigest(),
    "SHA-512": lambda octets: hashlib.sha512(octets).hexdigest(),
}


def knows_password(credential: Credential, authorization: str, info: str, body: bytes) -> bool:
    """Return whether an answer proves that who gives it knows the user's password.

    `authorization` is the header that we sent, `info` the answer's Authentication-Info and `body` its body, as it came.
    Our own nonce (`cnonce`) is in what is compared, so nothing that was heard before can be used again; a log-in
    without one (RFC 2069) proves nothing.
    """
    if not info or len(info) > _MAX_HEADER or not authorization.lower().startswith("digest "):
        return False
    sent, told = _parameters(authorization[7:]), _parameters(info)
    name = sent.get("algorithm", "MD5").upper()
    digest = _HASHES.get(name.removesuffix("-SESS"))
    qop = sent.get("qop", "")
    given = told.get("rspauth", "")
    if digest is None or qop not in {"auth", "auth-int"} or not given or not sent.get("cnonce"):
        return False
    secret = digest(f"{credential.username}:{sent.get('realm', '')}:{credential.password}".encode())
    nonce, own = sent.get("nonce", ""), sent["cnonce"]
    if name.endswith("-SESS"):
        secret = digest(f"{secret}:{nonce}:{own}".encode())
    # A2 without a method, which no request of ours has: no digest that we gave away is one of these.
    what = f":{sent.get('uri', '')}"
    if qop == "auth-int":
        what += f":{digest(body)}"
    wanted = digest(
        f"{secret}:{nonce}:{sent.get('nc', '')}:{own}:{qop}:{digest(what.encode())}".encode()
    )
    return hmac.compare_digest(wanted.encode(), given.lower().encode())


def _parameters(text: str) -> dict[str, str]:
    return {
        name.lower(): re.sub(r"\\(.)", r"\1", quoted) or plain
        for name, quoted, plain in _PARAMETER.findall(text)
    }
