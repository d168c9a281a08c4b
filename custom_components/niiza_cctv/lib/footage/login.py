"""Basic (RFC 7617) and Digest (RFC 7616) authentication for RTSP.

Written by hand because the libraries that do this are bound to HTTP clients.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable
import hashlib
import re
import secrets

from ..device.errors import CameraAsksForBasic, CameraOperationUnsupported
from ..device.model import Credential

# A parameter, before it perhaps the scheme that opens a new challenge.
_PARAMETER = re.compile(
    r'(?:([A-Za-z][\w-]{0,31})[ \t]+)?([\w-]{1,32})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))'
)
type _Hash = Callable[[str], str]


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# Best first.
_HASHES: dict[str, _Hash] = {"sha-256": _sha256, "md5": _md5}


class Login:
    """One connection's log-in: learns the camera's challenge, then signs each request."""

    def __init__(self, credential: Credential) -> None:
        """Remember who logs in; nothing is sent before the camera asks."""
        self._credential = credential
        self._scheme = ""
        self._challenge: dict[str, str] = {}
        self._count = 0
        # Set by the connection once a signed request was not refused.
        self.accepted = False

    def learn(self, headers: Iterable[str]) -> bool:
        """Take in the WWW-Authenticate headers of a 401; return whether asking again makes sense.

        It does for the first challenge and for a nonce that has run out (`stale`, or silently replaced
        after it had worked); otherwise the password is wrong, and asking again would lock the account.
        Raises CameraOperationUnsupported when the camera asks for a scheme that is not supported, CameraAsksForBasic
        when it wants the password in readable form although it ever took a digest.
        """
        scheme, challenge = _strongest(headers)
        if scheme == "basic" and not self._credential.may_be_readable:
            raise CameraAsksForBasic("It asks for the password in readable form")
        first = not self._scheme
        stale = challenge.get("stale", "").lower() == "true"
        replaced = self.accepted and challenge.get("nonce") != self._challenge.get("nonce")
        self._scheme, self._challenge, self._count = scheme, challenge, 0
        self.accepted = False
        return first or stale or replaced

    def passed(self, *, successful: bool) -> None:
        """Take in that what was asked was not refused; `successful`: it was done."""
        self.accepted = True
        if successful and self._scheme == "digest":
            self._credential.digests.note()

    def header(self, method: str, uri: str) -> str | None:
        """Return the Authorization header for a request, None before a challenge is known."""
        if not self._scheme:
            return None
        user, password = self._credential.username, self._credential.password
        if self._scheme == "basic":
            return "Basic " + b64encode(f"{user}:{password}".encode()).decode()
        challenge = self._challenge
        realm, nonce = challenge.get("realm", ""), challenge.get("nonce", "")
        digest = _HASHES[challenge.get("algorithm", "md5").lower()]
        secret = digest(f"{user}:{realm}:{password}")
        request = digest(f"{method}:{uri}")
        name = user.replace("\\", "\\\\").replace('"', '\\"')
        parts = [f'username="{name}"', f'realm="{realm}"', f'nonce="{nonce}"', f'uri="{uri}"']
        if "qop" in challenge:
            self._count += 1
            count, own = f"{self._count:08x}", secrets.token_hex(8)
            answer = digest(f"{secret}:{nonce}:{count}:{own}:auth:{request}")
            parts += ["qop=auth", f"nc={count}", f'cnonce="{own}"']
        else:
            answer = digest(f"{secret}:{nonce}:{request}")
        parts.append(f'response="{answer}"')
        if "algorithm" in challenge:
            parts.append(f"algorithm={challenge['algorithm']}")
        if "opaque" in challenge:
            parts.append(f'opaque="{challenge["opaque"]}"')
        return "Digest " + ", ".join(parts)


def _strongest(headers: Iterable[str]) -> tuple[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for header in headers:
        if header.strip().lower() == "basic":
            found.setdefault("basic", {})
        for scheme, challenge in _challenges(header):
            if scheme == "basic":
                found.setdefault("basic", challenge)
            elif scheme == "digest" and _usable(challenge):
                found.setdefault(challenge.get("algorithm", "md5").lower(), challenge)
    for name in _HASHES:
        if name in found:
            return "digest", found[name]
    if "basic" in found:
        return "basic", found["basic"]
    raise CameraOperationUnsupported("The camera asks for a log-in scheme that is not supported")


def _challenges(header: str) -> list[tuple[str, dict[str, str]]]:
    challenges: list[tuple[str, dict[str, str]]] = []
    for scheme, name, quoted, plain in _PARAMETER.findall(header):
        if scheme:
            challenges.append((scheme.lower(), {}))
        if challenges:
            challenges[-1][1][name.lower()] = quoted or plain
    return challenges


def _usable(challenge: dict[str, str]) -> bool:
    qop = challenge.get("qop")
    return challenge.get("algorithm", "md5").lower() in _HASHES and (
        qop is None or "auth" in [choice.strip().lower() for choice in qop.split(",")]
    )
