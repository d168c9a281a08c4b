"""Passwords that cameras prove themselves with, kept as salted hashes.

scrypt (RFC 7914) of the standard library. The text form is that of the PHC string format: everything that is needed to
verify stands in it, so the parameters may be raised later without touching what is kept.
"""

from base64 import b64decode, b64encode
import binascii
from dataclasses import dataclass
import hashlib
import hmac
import re
import secrets
import unicodedata


@dataclass(frozen=True, kw_only=True)
class ScryptCost:
    """What hashing a password costs; a hash says of itself what it cost."""

    # 16 MiB and about a quarter of a second: OWASP's recommendation for machines that have no 128 MiB to spare per log-in.
    log_n: int = 14
    r: int = 8
    p: int = 5


_COST = ScryptCost()
_SALT_BYTES, _HASH_BYTES = 16, 32
# What is kept might have been edited: no string makes us spend more than this.
_MAX_LOG_N, _MAX_R, _MAX_P = 16, 8, 10

# No camera takes a longer one, and a stranger's is not worth hashing.
MAX_PASSWORD_LENGTH = 256

_HASHED = re.compile(
    r"\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})"
)


def hash_password(text: str, cost: ScryptCost = _COST) -> str:
    """Return the salted hash to keep of a password; takes about 0.3 s, so a worker thread's work.

    Raises ValueError for a password that is empty or longer than MAX_PASSWORD_LENGTH characters.
    """
    if not 0 < len(text) <= MAX_PASSWORD_LENGTH:
        raise ValueError(f"A password has 1 to {MAX_PASSWORD_LENGTH} characters")
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = _scrypt(text, salt, cost)
    return f"$scrypt$ln={cost.log_n},r={cost.r},p={cost.p}${_encode(salt)}${_encode(digest)}"


def verify_password(text: str, hashed: str) -> bool:
    """Return whether `text` is the password whose hash is kept; a worker thread's work.

    An empty or unreadable hash is nobody's password and takes as long to refuse as a wrong password, so that the time of
    an answer tells nobody which names exist.
    """
    parameters = _parse(hashed)
    cost, salt, expected = parameters or (_COST, b"", b"")
    digest = _scrypt(text[:MAX_PASSWORD_LENGTH], salt, cost)
    same = hmac.compare_digest(digest, expected)
    return same and parameters is not None and len(text) <= MAX_PASSWORD_LENGTH


def _parse(hashed: str) -> tuple[ScryptCost, bytes, bytes] | None:
    if (match := _HASHED.fullmatch(hashed)) is None:
        return None
    log_n, r, p = int(match[1]), int(match[2]), int(match[3])
    if not (0 < log_n <= _MAX_LOG_N and 0 < r <= _MAX_R and 0 < p <= _MAX_P):
        return None
    try:
        return (
            ScryptCost(log_n=log_n, r=r, p=p),
            b64decode(match[4] + "=="),
            b64decode(match[5] + "="),
        )
    except binascii.Error:
        return None


def _scrypt(text: str, salt: bytes, cost: ScryptCost) -> bytes:
    # The same letters may be typed composed or decomposed (RFC 8265, OpaqueString): a dakuten must lock nobody out.
    # A lone surrogate, which a badly decoded name brings, is no reason to fail.
    octets = unicodedata.normalize("NFC", text).encode(errors="surrogatepass")
    n = 1 << cost.log_n
    return hashlib.scrypt(
        octets,
        salt=salt,
        n=n,
        r=cost.r,
        p=cost.p,
        maxmem=128 * cost.r * (n + cost.p + 2) + (1 << 20),
        dklen=_HASH_BYTES,
    )


def _encode(octets: bytes) -> str:
    return b64encode(octets).rstrip(b"=").decode()
