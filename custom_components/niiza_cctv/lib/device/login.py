"""Log-in by digest (RFC 7616, 2617, 2069) or Basic (RFC 7617), for HTTP and RTSP alike, and what an answer proves.

Written by hand because aiohttp's digest is for HTTP alone, reads one challenge of one header, names algorithms that the
camera did not, and does not look at `rspauth`.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
import hashlib
import hmac
import re
import secrets
from typing import Final

from .errors import CameraAsksForBasic, CameraOperationUnsupported
from .model import Credential
from .quirks import Quirk, Quirks

# Unsigned, signed, signed again with a fresh nonce.
MAX_LOGINS: Final = 3
# Nothing longer is an honest camera's.
_MAX_HEADER: Final = 4096
_MAX_HEADERS: Final = 16

# Octets to their hash, in lower-case hexadecimal digits.
type _Hash = Callable[[bytes], str]


# Best first, with the names that cameras made up. Of SHA-512-256 (RFC 7616) makers mean two different things: it is
# what is taken where no other digest is offered.
_HASHES: Final[dict[str, _Hash]] = {
    "SHA-512": lambda octets: hashlib.sha512(octets).hexdigest(),
    "SHA512": lambda octets: hashlib.sha512(octets).hexdigest(),
    "SHA-256": lambda octets: hashlib.sha256(octets).hexdigest(),
    "SHA256": lambda octets: hashlib.sha256(octets).hexdigest(),
    "SHA": lambda octets: hashlib.sha1(octets, usedforsecurity=False).hexdigest(),
    "MD5": lambda octets: hashlib.md5(octets, usedforsecurity=False).hexdigest(),
}
if "sha512_256" in hashlib.algorithms_available:
    _HASHES["SHA-512-256"] = lambda octets: hashlib.new("sha512_256", octets).hexdigest()
_RANKS: Final = {name: rank for rank, name in enumerate(_HASHES)}
_SCHEMES: Final = frozenset({"basic", "digest", "negotiate", "ntlm", "bearer", "wsse"})
_QOPS: Final = frozenset({"auth", "auth-int", "auth-conf"})
_TOKEN: Final = re.compile(r"""[^\s,;="]+""")
_BLANKS: Final = re.compile(r"\s*")
# What may follow the quote that ends a value; another quote belongs to the value.
_AFTER_VALUE: Final = re.compile(
    r"""\s*(?:\Z|[,;]|[\w-]{1,32}\s*=|(?:basic|digest)\s)""", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Signature:
    """An Authorization header, and by which challenge it was made."""

    header: str
    digest: bool
    nonce: str
    # Whether it would be another one if the request were signed again.
    counted: bool
    # Made by a challenge that was given to this very request: what is refused then is the password.
    fresh: bool


class Login:
    """The log-in at one place: learns the camera's challenge, then signs each request.

    Not a password's judge: one that was refused may have been signed by a challenge that has run out meanwhile, and
    `learn` tells whether that can be.
    """

    def __init__(
        self, credential: Credential, *, basic: bool = True, quirks: Quirks | None = None
    ) -> None:
        """Remember who logs in; nothing is shown before the camera asks, and Basic only where `basic` allows it."""
        self._credential = credential
        self._basic = basic
        self._quirks = quirks or Quirks()
        self._scheme = ""
        self._challenge: dict[str, str] = {}
        self._count = 0
        self._fresh = False

    def learn(self, headers: Iterable[str], refused: Signature | None) -> bool:
        """Take in the WWW-Authenticate headers of a 401; return whether asking again makes sense.

        `refused` is what the request carried, None when it was unsigned. What was signed by the challenge that came
        with the refusal before was refused for its user or password: asking again would lock the account. Raises
        CameraOperationUnsupported when nothing is offered that is supported, CameraAsksForBasic when the camera wants the
        password in readable form although it ever took a digest.
        """
        scheme, challenge = self._strongest(headers)
        if scheme == "basic" and not self._credential.may_be_readable:
            raise CameraAsksForBasic("It asks for the password in readable form")
        if scheme == "basic" and refused is not None and refused.digest:
            # Whoever was shown a digest gets nothing weaker.
            return False
        self._scheme, self._challenge, self._count = scheme, challenge, 0
        self._fresh = True
        if refused is None or refused.digest != (scheme == "digest"):
            return True
        if scheme == "basic":
            return False
        return challenge.get("stale", "").lower() == "true" or (
            not refused.fresh and (refused.counted or refused.nonce != challenge.get("nonce", ""))
        )

    def reconnected(self) -> None:
        """Take in that the connection is another one: a nonce may have been that of the one before."""
        self._fresh = False

    def passed(self, signature: Signature | None, *, successful: bool, info: str = "") -> None:
        """Take in that a request was not refused; `successful`: it was done; `info`: its Authentication-Info."""
        if signature is None or not signature.digest:
            return
        if successful:
            self._credential.digests.note()
        if info and (nonce := _parameters(info).get("nextnonce")) and self._scheme == "digest":
            self._challenge, self._count = self._challenge | {"nonce": nonce}, 0
            self._fresh = False

    def sign(self, method: str, uri: str, body: bytes = b"") -> Signature | None:
        """Return what proves a request, None before a challenge is known; `uri` is what stands in the request line."""
        if not self._scheme:
            return None
        fresh, self._fresh = self._fresh, False
        user, password = self._credential.username, self._credential.password
        if self._scheme == "basic":
            header = "Basic " + b64encode(f"{user}:{password}".encode()).decode()
            return Signature(header, digest=False, nonce="", counted=False, fresh=fresh)
        challenge = self._challenge
        realm, nonce = challenge.get("realm", ""), challenge.get("nonce", "")
        digest, session = _digest_of(challenge)
        qop = _qop(challenge)
        self._count += 1
        count, own = f"{self._count:08x}", secrets.token_hex(8)
        secret = digest(f"{user}:{_plain(realm)}:{password}")
        if session:
            secret = digest(f"{secret}:{_plain(nonce)}:{own}")
        request = f"{method}:{uri}"
        if qop == "auth-int":
            request += f":{digest(body)}"
        name = user.replace("\\", "\\\\").replace('"', '\\"')
        # Realm, nonce and opaque as they were sent: their maker compares them letter by letter.
        parts = [f'username="{name}"', f'realm="{realm}"', f'nonce="{nonce}"', f'uri="{uri}"']
        middle = f"{_plain(nonce)}:{count}:{own}:{qop}" if qop else _plain(nonce)
        if qop:
            parts += [f"qop={qop}", f"nc={count}"]
        if qop or session:
            parts.append(f'cnonce="{own}"')
        parts.append(f'response="{digest(f"{secret}:{middle}:{digest(request)}")}"')
        if "algorithm" in challenge:
            parts.append(f"algorithm={challenge['algorithm']}")
        if "opaque" in challenge:
            parts.append(f'opaque="{challenge["opaque"]}"')
        return Signature(
            "Digest " + ", ".join(parts),
            digest=True,
            nonce=nonce,
            counted=bool(qop or session),
            fresh=fresh,
        )

    def _strongest(self, headers: Iterable[str]) -> tuple[str, dict[str, str]]:
        basic: dict[str, str] | None = None
        digests: list[tuple[tuple[int, bool, bool], dict[str, str]]] = []
        odd = False
        for scheme, challenge, strange in challenges_in(headers):
            odd |= strange
            if scheme == "basic":
                basic = challenge if basic is None else basic
            elif scheme == "digest" and _usable(challenge):
                digests.append((_rank(challenge), challenge))
            else:
                odd = True
        if digests or (basic is not None and self._basic):
            if odd:
                self._quirks.note(Quirk.LOGIN_CHALLENGE)
            if digests:
                return "digest", min(digests, key=lambda one: one[0])[1]
            return "basic", basic or {}
        raise CameraOperationUnsupported(
            "The camera asks for a log-in scheme that is not supported"
        )


def offers_digest(headers: Iterable[str]) -> bool:
    """Return whether WWW-Authenticate headers offer a digest that is supported."""
    return any(
        scheme == "digest" and _usable(challenge) for scheme, challenge, _ in challenges_in(headers)
    )


def offers_unknown(headers: Iterable[str]) -> bool:
    """Return whether WWW-Authenticate headers ask for something, and for nothing that is supported."""
    offered = list(challenges_in(headers))
    return bool(offered) and not any(
        scheme == "basic" or (scheme == "digest" and _usable(challenge))
        for scheme, challenge, _ in offered
    )


def challenges_in(headers: Iterable[str]) -> Iterator[tuple[str, dict[str, str], bool]]:
    """Give scheme (lower case), parameters (names in lower case, values without the quotes around them) and whether it is written oddly.

    RFC 9110 11.3, and what cameras make of it: any number of challenges in any number of headers, tabs, commas that are
    missing, values without quotes or with quotes inside.
    """
    for _, header in zip(range(_MAX_HEADERS), headers, strict=False):
        if len(header) <= _MAX_HEADER:
            yield from _challenges(header)


def _challenges(header: str) -> list[tuple[str, dict[str, str], bool]]:
    found: list[tuple[str, dict[str, str], bool]] = []
    name, open_value = "", False
    at, separated = 0, True
    while at < len(header):
        if (token := _TOKEN.match(header, at)) is None:
            separated = separated or header[at] in ",;"
            at += 1
            continue
        text, at = token[0], _blanks(header, token.end())
        if at < len(header) and header[at] == "=":
            name, at = text.lower(), _blanks(header, at + 1)
            open_value = at >= len(header) or header[at] != '"'
            at, value = _value(header, at)
            if found:
                scheme, parameters, odd = found[-1]
                found[-1] = scheme, parameters, odd or not (separated or not parameters)
                parameters.setdefault(name, value)
        elif not found or text.lower() in _SCHEMES:
            found.append((text.lower(), {}, bool(found) and not separated))
            name, open_value = "", False
        elif open_value and (not separated or (name == "qop" and text.lower() in _QOPS)):
            # A list, or a name of several words, without the quotes that it needs.
            scheme, parameters, _ = found[-1]
            parameters[name] += f"{',' if separated else ' '}{text}"
            found[-1] = scheme, parameters, True
        elif separated:
            found.append((text.lower(), {}, False))
            name, open_value = "", False
        separated = False
    return found


def _blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    assert found is not None
    return found.end()


def _value(text: str, at: int) -> tuple[int, str]:
    """Return where the value at `at` ends and what it is, escapes kept."""
    if at >= len(text) or text[at] != '"':
        end = at
        while end < len(text) and text[end] not in ' \t\r\n,;"':
            end += 1
        return end, text[at:end]
    end = start = at + 1
    last = -1
    while end < len(text):
        if text[end] == "\\":
            end += 1
        elif text[end] == '"':
            if _AFTER_VALUE.match(text, end + 1):
                return end + 1, text[start:end]
            last = end
        end += 1
    # Never closed as it should be: up to the last quote there is.
    return (last + 1, text[start:last]) if last >= 0 else (len(text), text[start:])


def _parameters(text: str) -> dict[str, str]:
    """Return the parameters of an Authorization or Authentication-Info header, without its scheme."""
    if len(text) > _MAX_HEADER:
        return {}
    return next(iter(_challenges(f"Digest {text}")))[1]


def _plain(value: str) -> str:
    """Return what a quoted value means (RFC 9110 5.6.4); a backslash before anything else is one that nobody escaped."""
    return re.sub(r'\\(["\\])', r"\1", value)


def _algorithm(challenge: dict[str, str]) -> tuple[str, bool]:
    """Return the name of the hash, in capitals, and whether it is that of a session."""
    name = challenge.get("algorithm", "").strip().upper() or "MD5"
    return name.removesuffix("-SESS"), name.endswith("-SESS")


def _digest_of(challenge: dict[str, str]) -> tuple[Callable[[str | bytes], str], bool]:
    name, session = _algorithm(challenge)
    made = _HASHES[name]

    def digest(what: str | bytes) -> str:
        # As it came, where it is no UTF-8: the camera's own hash was made of its bytes.
        octets = what if isinstance(what, bytes) else what.encode("utf-8", "surrogateescape")
        return made(octets)

    return digest, session


def _qop(challenge: dict[str, str]) -> str | None:
    """Return the quality of protection to use, "" for that of RFC 2069, None when none of those offered is known."""
    offered = {
        choice for choice in re.split(r"[\s,;]+", challenge.get("qop", "").lower()) if choice
    }
    if not offered:
        return ""
    return next((choice for choice in ("auth", "auth-int") if choice in offered), None)


def _usable(challenge: dict[str, str]) -> bool:
    return (
        _algorithm(challenge)[0] in _HASHES and _qop(challenge) is not None and "nonce" in challenge
    )


def _rank(challenge: dict[str, str]) -> tuple[int, bool, bool]:
    name, session = _algorithm(challenge)
    return _RANKS[name], session, _qop(challenge) == "auth-int"


def knows_password(credential: Credential, authorization: str, info: str, body: bytes) -> bool:
    """Return whether an answer proves that who gives it knows the user's password, too: `rspauth` (RFC 7616 3.5).

    `authorization` is the header that we sent, `info` the answer's Authentication-Info and `body` its body, as it came.
    Our own nonce (`cnonce`) is in what is compared, so nothing that was heard before can be used again; a log-in
    without one (RFC 2069) proves nothing. It proves the password, not the way: whoever passes everything on to the
    camera passes this on, too.
    """
    if not info or len(info) > _MAX_HEADER or not authorization.lower().startswith("digest "):
        return False
    sent, given = _parameters(authorization[7:]), _parameters(info).get("rspauth", "")
    qop, own = sent.get("qop", ""), sent.get("cnonce", "")
    if (
        _algorithm(sent)[0] not in _HASHES
        or qop not in {"auth", "auth-int"}
        or not given
        or not own
    ):
        return False
    digest, session = _digest_of(sent)
    nonce = _plain(sent.get("nonce", ""))
    secret = digest(f"{credential.username}:{_plain(sent.get('realm', ''))}:{credential.password}")
    if session:
        secret = digest(f"{secret}:{nonce}:{own}")
    # A2 without a method, which no request of ours has: no digest that we gave away is one of these.
    what = f":{sent.get('uri', '')}"
    if qop == "auth-int":
        what += f":{digest(body)}"
    wanted = digest(f"{secret}:{nonce}:{sent.get('nc', '')}:{own}:{qop}:{digest(what)}")
    return hmac.compare_digest(wanted.encode(), given.lower().encode("utf-8", "surrogateescape"))
