"""Who is asking: HTTP digest (RFC 7616, RFC 2617) and WS-UsernameToken, as a camera checks them."""

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import hashlib
import hmac
import re
import secrets
import time

from lxml import etree

from simulator.camera import AuthMode, Quirk, User, VirtualCamera

WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
PASSWORD_DIGEST = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"
REALM = "ONVIF"
# How far Created may be from the camera's own clock.
FRESHNESS = timedelta(minutes=5)
NONCE_LIFE = 300.0
# Remembered nonces: ample for one camera, bounded for hostile callers.
REMEMBERED = 10_000

_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')


class Refused(Exception):
    """The caller did not prove who they are; `stale` asks to try again with a fresh nonce."""

    def __init__(self, reason: str, *, challenge: bool, stale: bool = False) -> None:
        """Say why, and whether HTTP's 401 with a challenge or a SOAP fault answers it."""
        super().__init__(reason)
        self.challenge = challenge
        self.stale = stale


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_HASHES: dict[str, Callable[[str], str]] = {"MD5": _md5, "SHA-256": _sha256}


class Authenticator:
    """Checks the log-ins of one camera and counts the refused ones."""

    def __init__(self, camera: VirtualCamera) -> None:
        """Start with nobody known."""
        self._camera = camera
        self.refusals = 0
        self._in_a_row = 0
        self._locked_until = 0.0
        self.reset()

    def reset(self) -> None:
        """Forget every nonce, as a reboot does."""
        self._key = secrets.token_bytes(16)
        self._seen: dict[str, None] = {}

    def challenges(self, *, stale: bool = False) -> list[str]:
        """Return the WWW-Authenticate values, the preferred one first (RFC 7616 section 3.7)."""
        names = ["SHA-256", "MD5"] if self._camera.config.digest_sha256 else ["MD5"]
        suffix = ", stale=true" if stale else ""
        digests = [
            f'Digest realm="{REALM}", qop="auth", nonce="{self._nonce()}", algorithm={name}{suffix}'
            for name in names
        ]
        if self._camera.has(Quirk.BASIC_BEFORE_DIGEST):
            odd = (one.replace("Digest ", "Digest\t").replace('", ', '" ') for one in digests)
            return ["Negotiate", f'Basic realm="{REALM}"', *odd]
        return digests

    def check(
        self,
        *,
        authorization: str | None,
        security: etree._Element | None,
        method: str,
        target: str,
    ) -> User:
        """Return who is asking. Raises Refused."""
        mode = self._camera.config.auth
        if authorization is not None and security is not None:
            raise Refused("HTTP digest and WS-UsernameToken in one request", challenge=False)
        digest_spoken = mode is not AuthMode.WSSE
        if security is not None and mode is not AuthMode.DIGEST:
            return self._counted(lambda: self._username_token(security), challenge=False)
        if authorization is not None and digest_spoken:
            return self._counted(
                lambda: self._digest(authorization, method, target), challenge=True
            )
        # Core specification, "Authentication": who brings nothing is taken to intend digest, where it is spoken.
        raise Refused("No credential", challenge=digest_spoken)

    def check_http(self, *, authorization: str | None, method: str, target: str) -> User:
        """Return who asks for a picture; HTTP knows no WS-UsernameToken. Raises Refused."""
        if authorization is None:
            raise Refused("No credential", challenge=True)
        if self._camera.has(Quirk.SNAPSHOT_BASIC):
            return self._counted(lambda: self._basic(authorization), challenge=True)
        return self._counted(lambda: self._digest(authorization, method, target), challenge=True)

    def _counted(self, prove: Callable[[], User], *, challenge: bool) -> User:
        config = self._camera.config
        try:
            self._require_open(challenge=challenge)
            user = prove()
        except Refused as err:
            if not err.stale:
                self.refusals += 1
                self._in_a_row += 1
                if config.lockout_after is not None and self._in_a_row >= config.lockout_after:
                    self._locked_until = time.monotonic() + config.lockout_seconds
                    self._in_a_row = 0
            raise
        self._in_a_row = 0
        return user

    def _require_open(self, *, challenge: bool) -> None:
        """Refuse everybody while locked."""
        if self._camera.faults.refuse_logins or time.monotonic() < self._locked_until:
            raise Refused("Log-in refused", challenge=challenge)

    def _nonce(self) -> str:
        stamp = f"{int(time.monotonic()):x}.{secrets.token_hex(8)}"
        return f"{stamp}.{self._sign(stamp)}"

    def _sign(self, stamp: str) -> str:
        return hmac.new(self._key, stamp.encode(), "sha256").hexdigest()[:16]

    def _first_use(self, value: str) -> bool:
        if value in self._seen:
            return False
        if len(self._seen) >= REMEMBERED:
            # The oldest: a caller in a hurry must not lock out those who come after.
            del self._seen[next(iter(self._seen))]
        self._seen[value] = None
        return True

    def _digest(self, authorization: str, method: str, target: str) -> User:
        scheme, _, rest = authorization.partition(" ")
        if scheme.lower() != "digest":
            raise Refused("Not HTTP digest", challenge=True)
        given = {
            match[1].lower(): (match[2] if match[2] is not None else match[3])
            for match in _PARAMETER.finditer(rest)
        }
        algorithm = given.get("algorithm", "MD5").upper()
        offered = {"MD5", "SHA-256"} if self._camera.config.digest_sha256 else {"MD5"}
        if algorithm not in offered or given.get("qop") != "auth" or given.get("uri") != target:
            raise Refused("Digest parameters do not fit", challenge=True)
        nonce = given.get("nonce", "")
        user = self._camera.user(given.get("username", ""))
        hashed = _HASHES[algorithm]
        secret = hashed(f"{user.name}:{REALM}:{user.password}") if user else secrets.token_hex(16)
        count, client = given.get("nc", ""), given.get("cnonce", "")
        wanted = hashed(f"{secret}:{nonce}:{count}:{client}:auth:{hashed(f'{method}:{target}')}")
        if user is None or not hmac.compare_digest(
            wanted.encode(), given.get("response", "").lower().encode()
        ):
            raise Refused("Wrong name or password", challenge=True)
        # Only who knows the password learns that the nonce was the trouble (RFC 7616 section 3.3, "stale").
        stamp, _, signature = nonce.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(stamp).encode()):
            raise Refused("Foreign nonce", challenge=True, stale=True)
        if time.monotonic() - int(stamp.partition(".")[0], 16) > NONCE_LIFE:
            raise Refused("Old nonce", challenge=True, stale=True)
        if not self._first_use(f"{nonce}/{count}"):
            raise Refused("Nonce used before", challenge=True, stale=True)
        return user

    def info(self, authorization: str | None) -> str | None:
        """Return Authentication-Info (RFC 7616 section 3.5): that we know the password, too; None where nothing is to be said."""
        scheme, _, rest = (authorization or "").partition(" ")
        given = {
            match[1].lower(): (match[2] if match[2] is not None else match[3])
            for match in _PARAMETER.finditer(rest)
        }
        hashed = _HASHES.get(given.get("algorithm", "MD5").upper())
        user = self._camera.user(given.get("username", ""))
        if scheme.lower() != "digest" or hashed is None or user is None:
            return None
        secret = hashed(f"{user.name}:{REALM}:{user.password}")
        count, client, nonce = (given.get(key, "") for key in ("nc", "cnonce", "nonce"))
        what = hashed(f":{given.get('uri', '')}")
        proof = hashed(f"{secret}:{nonce}:{count}:{client}:auth:{what}")
        return f'qop=auth, rspauth="{proof}", cnonce="{client}", nc={count}'

    def _basic(self, authorization: str) -> User:
        scheme, _, rest = authorization.partition(" ")
        try:
            name, _, password = base64.b64decode(rest, validate=True).decode().partition(":")
        except ValueError:
            raise Refused("Not HTTP basic", challenge=True) from None
        user = self._camera.user(name) if scheme.lower() == "basic" else None
        if user is None or not hmac.compare_digest(user.password.encode(), password.encode()):
            raise Refused("Wrong name or password", challenge=True)
        return user

    def _username_token(self, security: etree._Element) -> User:
        """Check a UsernameToken (WSS UsernameToken Profile 1.0 section 3.1)."""
        token = security.find(f"{{{WSSE}}}UsernameToken")
        if token is None:
            raise Refused("No UsernameToken", challenge=False)
        name = token.findtext(f"{{{WSSE}}}Username") or ""
        password = token.find(f"{{{WSSE}}}Password")
        nonce_text = token.findtext(f"{{{WSSE}}}Nonce") or ""
        created = (token.findtext(f"{{{WSU}}}Created") or "").strip()
        if password is None or password.get("Type") != PASSWORD_DIGEST:
            raise Refused("Only PasswordDigest is taken", challenge=False)
        try:
            nonce = base64.b64decode(nonce_text, validate=True)
            at = datetime.fromisoformat(created)
        except binascii.Error, ValueError:
            raise Refused("Nonce or Created cannot be read", challenge=False) from None
        if not nonce:
            raise Refused("Nonce is missing", challenge=False)
        user = self._camera.user(name.strip())
        secret = user.password if user else secrets.token_hex(16)
        digest = hashlib.sha1(
            nonce + created.encode() + secret.encode(), usedforsecurity=False
        ).digest()
        given = (password.text or "").strip().encode()
        if user is None or not hmac.compare_digest(base64.b64encode(digest), given):
            raise Refused("Wrong name or password", challenge=False)
        if at.tzinfo is None:
            at = at.replace(tzinfo=UTC)
        if abs(at - self._camera.now()) > FRESHNESS:
            raise Refused("Created is too far from the camera's clock", challenge=False)
        if not self._first_use(f"wsse/{nonce_text}"):
            raise Refused("Nonce used before", challenge=False)
        return user
