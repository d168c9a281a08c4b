"""SOAP 1.2 as ONVIF speaks it: building requests, bounded bodies, hardened XML, faults as typed errors.

Our own, because zeep parses on the event loop, without a limit on the body, and strictly (docs/performance.md).
"""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha1
import os
import re
from typing import Final
from xml.etree.ElementTree import fromstring, tostring
from xml.sax.saxutils import escape

import aiohttp

from .errors import (
    CameraAnswerInvalid,
    CameraError,
    CameraFault,
    CameraOperationUnsupported,
    CameraRefused,
)
from .model import Credential
from .quirks import Quirk
from .xml import NOT_XML, Element, read_tree

# What a parser of parse/ takes: the bytes of an answer, or an element of one already parsed.
type Envelope = bytes | Element
# Reads an answer; may raise CameraError.
type Parser[T] = Callable[[Envelope], T]

MAX_BODY: Final = 2 * 1024 * 1024

# Measured on real answers: handing a body to a thread costs 90-150 us of CPU, parsing one of up to 8 KiB
# 10-80 us, at most 0.09 ms; so small ones are parsed where they are, large ones never block the loop.
_SMALL_BODY: Final = 8 * 1024

_ENVELOPE_NS: Final = "http://www.w3.org/2003/05/soap-envelope"
_WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_WSU: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
_DIGEST_TYPE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"
_BASE64: Final = (
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
)
# A text that somebody wrote into an answer's place is no longer.
_MAX_WORDS: Final = 200
_NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"

_REFUSALS: Final = frozenset(
    {
        "notauthorized",
        "sendernotauthorized",
        "failedauthentication",
        "failedcheck",
        "invalidsecurity",
        "invalidsecuritytoken",
        "messageexpired",
    }
)
_UNSUPPORTED: Final = frozenset(
    {
        "actionnotsupported",
        "optionalactionnotimplemented",
        "nosuchservice",
        "notimplemented",
        "notsupported",
        "unknownaction",
    }
)
# gSOAP, in most cameras, has no subcode for an operation that it does not know, only this text.
_UNSUPPORTED_TEXT: Final = re.compile(
    r"not (?:been )?(?:implemented|recogni[sz]ed|supported)|unsupported|unimplemented"
    r"|(?:unknown|no such|invalid) (?:action|method|operation|command|service)"
    r"|method not allowed|未实现|不支持|未対応|サポートされていません|対応していません|지원하지",
    re.IGNORECASE,
)
# The same of log-ins, in the languages of those who make cameras and of those who sell them.
_REFUSAL_TEXT: Final = re.compile(
    r"(?:not|un|never been)[ _-]?(?:be )?authori[sz]ed|requires? (?:authori[sz]ation|authentication)"
    r"|(?:authori[sz]ation|authentication|authority|log-?in|logon|check)[ _-]?"
    r"(?:is |was |has )?(?:fail(?:ed|ure)?|error|required|denied|refused|invalid)"
    r"|(?:fail(?:ed|ure)? (?:to|of|in) (?:authori[sz]|authenti|log ?in|check))"
    r"|(?:invalid|wrong|incorrect|bad|error) (?:the )?(?:user ?name|user|password|pass ?phrase|credentials?|nonce|security token|digest)"
    r"|(?:user ?name|user|password|credentials?|digest|nonce)[^.]{0,40}"
    r"(?:invalid|wrong|incorrect|mismatch|not match|do(?:es)? not exist|error|locked|expired)"
    r"|(?:access|permission)[ _-]?(?:is |was )?denied|no (?:permission|privilege|authority|right)s?\b"
    r"|(?:account|user|ip|device)[^.]{0,30}\blocked|not logged in|forbidden"
    r"|processing the <?(?:wsse:)?security"
    r"|未授权|未经授权|没有权限|无权限|权限不足|用户名或密码|密码错误|认证失败|鉴权失败|验证失败|未登录"
    r"|未授權|沒有權限|密碼錯誤|驗證失敗"
    r"|認証(?:に失敗|エラー|され|が必要)|権限がありません|許可されていません|パスワードが(?:違|正し|間違)|ログインに失敗"
    r"|인증|권한|비밀번호"
    r"|nicht (?:autorisiert|berechtigt)|zugriff verweigert|non (?:autoris|autorizzat)|no autorizado"
    r"|não autorizado|niet geautoriseerd|brak autoryzacji|не авториз|нет доступа|доступ запрещ",
    re.IGNORECASE,
)


def envelope(body: str, *, header: str = "") -> bytes:
    """Return a SOAP 1.2 request with these header blocks and this body, both already XML."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{_ENVELOPE_NS}">'
        f"<s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def text_of(value: str) -> str:
    """Return a value as XML text or attribute content; what XML cannot carry is dropped."""
    return escape(NOT_XML.sub("", value), {'"': "&quot;"})


def username_token(credential: Credential, created: datetime) -> str:
    """Return a WS-Security header with a UsernameToken (OASIS UsernameToken Profile 1.1, section 3.1).

    `created` is UTC by the camera's clock: cameras refuse tokens that look old or of the future.
    Written by hand because only SOAP stacks carry it, and it is one hash; SHA-1 is what the profile fixes.
    """
    nonce = os.urandom(16)
    stamp = f"{created:%Y-%m-%dT%H:%M:%S}.{created.microsecond // 1000:03}Z"
    digest = sha1(
        nonce + stamp.encode() + credential.password.encode(), usedforsecurity=False
    ).digest()
    return (
        f'<w:Security xmlns:w="{_WSSE}" xmlns:u="{_WSU}"><w:UsernameToken>'
        f"<w:Username>{text_of(credential.username)}</w:Username>"
        f'<w:Password Type="{_DIGEST_TYPE}">{b64encode(digest).decode()}</w:Password>'
        f'<w:Nonce EncodingType="{_BASE64}">{b64encode(nonce).decode()}</w:Nonce>'
        f"<u:Created>{stamp}</u:Created></w:UsernameToken></w:Security>"
    )


def with_size(configuration: str, width: int, height: int) -> str:
    """Return a video encoder's configuration (XML of `parse/media.py`) with another resolution and nothing else changed."""
    # Our own words, from an answer that was read before.
    root: Element = fromstring(configuration)  # noqa: S314 - see above
    resolution = child(root, "Resolution")
    for name, value in (("Width", width), ("Height", height)):
        if (side := child(resolution, name)) is None:
            raise CameraAnswerInvalid("the encoder's configuration has no resolution")
        side.text = str(value)
    return tostring(root, encoding="unicode")


async def bounded_body(response: aiohttp.ClientResponse, limit: int = MAX_BODY) -> bytes:
    """Return a response's body, at most `limit` bytes; beyond that the connection is dropped.

    Raises CameraAnswerInvalid for a larger one.
    """
    length = response.content_length or 0
    body = bytearray()
    if length <= limit:
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > limit:
                break
        else:
            return bytes(body)
    response.close()
    raise CameraAnswerInvalid(f"the answer is larger than {limit} bytes")


async def understand[T](parse: Callable[[bytes], T], body: bytes, *, may_block: bool = False) -> T:
    """Return what a parser makes of a body, off the event loop where that pays or where it may block."""
    if len(body) < _SMALL_BODY and not may_block:
        return parse(body)
    return await asyncio.to_thread(parse, body)


def open_envelope(answer: Envelope, *names: str) -> Element:
    """Return the response element of an answer, which must bear one of these local names.

    Raises CameraRefused, CameraOperationUnsupported or CameraAnswerInvalid for a SOAP 1.1 or 1.2 fault,
    CameraAnswerInvalid for anything that is not such an answer.
    """
    root = read_tree(answer) if isinstance(answer, bytes) else answer
    name = local_name(root)
    if name == "Envelope":
        if (body := child(root, "Body")) is None:
            raise CameraAnswerInvalid("the answer has no body")
        root = next(iter(body), body)
        name = local_name(root)
    elif name == "Body":
        root = next(iter(root), root)
        name = local_name(root)
    if name == "Fault":
        raise _fault(root)
    if name.lower() not in {wanted.lower() for wanted in names}:
        # The name is the camera's own text: bounded, so that it can stand in a log.
        raise CameraAnswerInvalid(f"not the answer that was asked for: {name[:60]!r}")
    return root


def _fault(fault: Element) -> CameraError:
    """Return the error for a fault of SOAP 1.2 (section 5.4) or 1.1 (section 4.4)."""
    codes = [
        (value.text or "").strip().rpartition(":")[2]
        for code in fault
        if local_name(code) in {"Code", "faultcode"}
        for value in (*code.iterfind(".//{*}Value"), *([code] if len(code) == 0 else []))
    ]
    codes = [code for code in codes if re.fullmatch(r"[\w.-]{1,60}", code)]
    known = {code.lower() for code in codes}
    # Only codes are passed on: the reason is free text of the camera's and ends in logs.
    shown = "/".join(codes) or "no code"
    if known & _REFUSALS:
        return CameraRefused(f"the camera refused: {shown}")
    words = " ".join(
        text
        for part in fault
        if local_name(part) in {"Reason", "faultstring", "Detail", "detail"}
        for text in (part.text or "", *(inner.text or local_name(inner) for inner in part.iter()))
    )[:2000]
    if known & _UNSUPPORTED or any(
        code.endswith(("notsupported", "notimplemented")) for code in known
    ):
        return CameraOperationUnsupported(f"the camera lacks the operation: {shown}")
    error: CameraError
    if _REFUSAL_TEXT.search(words):
        error = CameraRefused(f"the camera refused, in words: {shown}")
        error.quirk = Quirk.SOAP_FAULT_WORDS
    elif _UNSUPPORTED_TEXT.search(words):
        error = CameraOperationUnsupported(f"the camera lacks the operation: {shown}")
    else:
        error = CameraFault(f"the camera answered a fault: {shown}")
        error.codes = frozenset(known)
    return error


def refuses_in_words(status: int, body: bytes) -> bool:
    """Return whether what came in SOAP's place, a text or a page, says that the log-in is refused.

    A page with HTTP 200 is the camera's own form for people: it refuses nobody.
    """
    plain = status == 200 and len(body) < _MAX_WORDS and b"<" not in body
    if not plain and not 400 <= status < 600:
        return False
    return _REFUSAL_TEXT.search(body[:2000].decode("utf-8", "replace")) is not None


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def children(element: Element, name: str) -> Iterator[Element]:
    """Yield the children of a local name."""
    return (one for one in element if one.tag == name or one.tag.endswith(f"}}{name}"))


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first element under a path of local names that is not nil, or None."""
    for name in path:
        if element is None:
            return None
        element = next(children(element, name), None)
    if element is None or element.get(_NIL, "").strip() in {"true", "1"}:
        return None
    return element


def text(element: Element | None, *path: str) -> str:
    """Return the stripped text of the first element under a path of local names, "" where there is none."""
    found = child(element, *path)
    return "" if found is None else (found.text or "").strip()
