"""A camera's XML as a tree: bounded before it is parsed, forgiving where cameras sin, and gone when the tree is.

By Expat, through the standard library: libxml2 keeps every name that a thread ever saw for as long as the thread lives,
so that one camera that makes names up could fill our memory and stop the reading of all others' answers.
"""

from collections.abc import Callable
import re
from typing import Final
from xml.etree.ElementTree import Element, ParseError, XMLParser, register_namespace

from .errors import CameraAnswerInvalid
from .quirks import Quirk

__all__ = ["NOT_XML", "Element", "characters", "read_tree"]

# What is sent back to a camera bears the prefixes that every camera's maker has seen.
for _prefix, _name in (("tt", "schema"), ("trt", "media/wsdl"), ("tev", "events/wsdl")):
    register_namespace(_prefix, f"http://www.onvif.org/ver10/{_name}")
register_namespace("tr2", "http://www.onvif.org/ver20/media/wsdl")
register_namespace("wsa", "http://www.w3.org/2005/08/addressing")

# Characters outside the Char production of XML 1.0.
NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Tags, opening and closing, and as many references: the largest real answers have some thousands. Each tag becomes an
# object of ours, and each reference may have to be mended.
_MAX_TAGS: Final = 20_000
# Real answers are ten deep; the standard library writes and copies trees by recursion.
_MAX_DEPTH: Final = 100

# Characters; some tenths of a millisecond, in which no other thread runs.
_PIECE: Final = 32 * 1024

_DECLARED: Final = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w.:-]{1,40})["']""")
# Encodings of text that cameras declare, each with the codec that reads most of what is sent under its name. Python's
# own list has codecs that unpack, or take quadratic time.
_CODECS: Final = {
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii"), "utf-8"),
    **dict.fromkeys(("utf-16", "utf-16le", "utf-16be", "utf-7"), ""),
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "windows-31j", "cp932"), "cp932"),
    "big5": "big5hkscs",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
    "iso-2022-jp": "iso2022_jp",
    "iso-8859-1": "cp1252",
    "koi8-r": "koi8_r",
}
_ONE_BYTE: Final = re.compile(r"(iso-8859-\d{1,2}|windows-125\d)")
_BYTE_ORDERS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)

# What is left alone, before what is fixed.
_CDATA: Final = r"(<!\[CDATA\[.*?\]\]>)|"
_BARE_AMPERSAND: Final = re.compile(
    _CDATA + r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)", re.DOTALL
)
_NO_CHARACTER: Final = re.compile(_CDATA + r"&#(?:(\d{1,7})|x([0-9a-fA-F]{1,6}));", re.DOTALL)
_BARE_LESS_THAN: Final = re.compile(_CDATA + r"<(?![^\W\d]|[:/!?])", re.DOTALL)
_PREFIX: Final = re.compile(r"</?([\w.-]{1,60}):|\s([\w.-]{1,60}):[\w.-]+\s*=")
_DECLARED_PREFIX: Final = re.compile(r"\sxmlns:([\w.-]{1,60})\s*=")
_ROOT: Final = re.compile(r"<[^\s/>!?]+")
_ROOT_TAG: Final = re.compile(r"<[^\s/>!?]+(?:\s[^<>]{0,16384})?>")
_ATTRIBUTE: Final = re.compile(r"""\s+([^\s=<>"']{1,120})\s*=\s*(?:"[^"]*"|'[^']*')""")
# In characters already decoded it tells nothing; of a version, or a second one, Expat would want nothing to know.
_DECLARATION: Final = re.compile(r"<\?xml\s[^<>]{0,200}\?>")
_UNDECLARED: Final = "urn:undeclared:"

# Where an envelope begins, so far into an answer at most: log lines of the camera's web server come before it.
_OPENING: Final = re.compile(r"<\?xml[\s>]|<(?:[\w.-]{1,60}:)?Envelope[\s>]")
_MAX_BEFORE: Final = 4096
_CLOSING: Final = re.compile(r"</(?:[\w.-]{1,60}:)?Envelope\s*>")
# One part of several (MIME, RFC 2046, section 5.1.1): its first line names what ends it.
_PART: Final = re.compile(rb"--([^\r\n]{1,200})\r?\n(?:[^\r\n]{1,2000}\r?\n){0,40}\r?\n")


def _unnoted(_quirk: Quirk) -> None:
    """Take no notice."""


def read_tree(
    body: bytes, note: Callable[[Quirk], None] = _unnoted, *, charset: str = ""
) -> Element:
    """Return the root element of an answer; comments and processing instructions are left out.

    `note` is told once of each kind of sin that was put right; `charset` is the encoding that HTTP names, which counts
    where the XML's own is none or does not fit. Raises CameraAnswerInvalid for what is no XML, holds a document type
    (SOAP 1.2, section 5), or is too much of it.
    """
    met: set[Quirk] = set()
    try:
        return _read(body, met.add, charset)
    finally:
        for quirk in met:
            note(quirk)


def characters(body: bytes, charset: str = "") -> str:
    """Return the characters of an answer in whatever encoding; those that cannot be read are U+FFFD."""
    return _text(body, charset, _unnoted)


def _read(body: bytes, note: Callable[[Quirk], None], charset: str) -> Element:
    text = _envelope_of(_text(_part_of(body, note), charset, note), note)
    if "<!DOCTYPE" in text:
        raise CameraAnswerInvalid("the answer has a document type")
    if text.count("<") > _MAX_TAGS or text.count("&") > _MAX_TAGS:
        raise CameraAnswerInvalid("the answer has too many elements or references")
    try:
        root = _parse(text)
    except ParseError:
        root = _forgiven(text, note)
    if _is_deep(root):
        raise CameraAnswerInvalid("the answer is nested too deeply")
    return root


def _part_of(body: bytes, note: Callable[[Quirk], None]) -> bytes:
    """Return the first part of an answer that has several (MTOM: the envelope is the first)."""
    body = body.lstrip(b" \t\r\n")
    if (found := _PART.match(body)) is None:
        return body
    end = body.find(b"\n--" + found[1].strip(), found.end())
    note(Quirk.SOAP_MULTIPART)
    return body[found.end() : end if end >= 0 else None]


def _envelope_of(text: str, note: Callable[[Quirk], None]) -> str:
    """Return an answer without what stands before its envelope or behind it."""
    if not text.startswith("<") and (found := _OPENING.search(text, 0, _MAX_BEFORE)) is not None:
        text = text[found.start() :]
        note(Quirk.XML_AROUND)
    # From its end: a text may name a closing tag, and what follows the last one is no part of the envelope.
    ends = list(_CLOSING.finditer(text, max(0, len(text) - _MAX_BEFORE)))
    if ends and ends[-1].end() < len(text) and _OPENING.match(text):
        text = text[: ends[-1].end()]
        note(Quirk.XML_AROUND)
    return text


def _text(body: bytes, charset: str, note: Callable[[Quirk], None]) -> str:
    """Return the characters of an answer; what is not in its encoding becomes U+FFFD, what XML cannot carry goes."""
    body = body.lstrip(b" \t\r\n")
    codec = _codec(body, charset)
    try:
        text = body.decode(codec)
    except UnicodeDecodeError:
        note(Quirk.XML_CHARSET)
        try:
            text = body.decode(_codec_of(charset))
        except UnicodeDecodeError:
            text = body.decode(codec, "replace")
    # Some cameras put white space before the declaration, zero bytes after the end, or control characters into names.
    text = text.rstrip("\0 \t\r\n")
    kept = "".join(NOT_XML.sub("", text[at : at + _PIECE]) for at in range(0, len(text), _PIECE))
    if len(kept) < len(text):
        note(Quirk.XML_CHARACTER)
    return kept.strip()


def _codec(body: bytes, charset: str) -> str:
    for mark, codec in _BYTE_ORDERS:
        if body.startswith(mark):
            return codec
    declared = _DECLARED.match(body)
    # What HTTP says outweighs the declaration by RFC 7303, but cameras' web servers say the same of everything.
    return _codec_of(declared[1].decode("ascii", "replace") if declared else charset)


def _codec_of(name: str) -> str:
    """Return the codec for an encoding's name, UTF-8 for those that nobody knows."""
    name = name.lower() or "utf-8"
    if _ONE_BYTE.fullmatch(name) and name not in _CODECS:
        return name
    codec = _CODECS.get(name, "utf-8")
    # UTF-16 that can be read this far is not UTF-16; UTF-7 hides markup from a search.
    return codec or ("utf-7" if name == "utf-7" else "utf-8")


def _parse(text: str) -> Element:
    # Entities cannot be declared without the document type that was refused.
    parser = XMLParser()  # noqa: S314 - see above
    for at in range(0, len(text), _PIECE):
        parser.feed(text[at : at + _PIECE])
    root: Element = parser.close()
    return root


def _forgiven(text: str, note: Callable[[Quirk], None]) -> Element:
    """Return an answer whose only faults are signs that were not escaped, or prefixes that were never declared.

    Anything else, a missing end above all, would let half an answer pass for a whole one.
    """
    bare = _ROOT_TAG.sub(_once, _DECLARATION.sub("", text), count=1)
    if text.count("<?xml") > 1 or bare != _DECLARATION.sub("", text):
        note(Quirk.XML_TWICE)
    text = bare
    escaped = _BARE_AMPERSAND.sub(lambda found: found[1] or "&amp;", text)
    escaped = _BARE_LESS_THAN.sub(lambda found: found[1] or "&lt;", escaped)
    if escaped != text:
        note(Quirk.XML_UNESCAPED)
    text = _NO_CHARACTER.sub(_character, escaped)
    if text != escaped:
        note(Quirk.XML_CHARACTER)
    used = {one for found in _PREFIX.finditer(text) if (one := found[1] or found[2])}
    missing = used - {found[1] for found in _DECLARED_PREFIX.finditer(text)} - {"xml", "xmlns"}
    if missing:
        note(Quirk.XML_PREFIX)
        declared = "".join(f' xmlns:{prefix}="{_UNDECLARED}{prefix}"' for prefix in sorted(missing))
        text = _ROOT.sub(lambda root: root[0] + declared, text, count=1)
    try:
        root = _parse(text)
    except ParseError as err:
        raise CameraAnswerInvalid("the answer is not XML") from err
    for element in root.iter():
        if element.tag.startswith(f"{{{_UNDECLARED}"):
            element.tag = element.tag.rpartition("}")[2]
    return root


def _once(tag: re.Match[str]) -> str:
    """Return a tag with the first of each of its attributes."""
    seen: set[str] = set()

    def keep(attribute: re.Match[str]) -> str:
        if attribute[1] in seen:
            return ""
        seen.add(attribute[1])
        return attribute[0]

    return _ATTRIBUTE.sub(keep, tag[0])


def _character(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    number = int(found[2]) if found[2] else int(found[3], 16)
    good = number <= 0x10FFFF and not NOT_XML.match(chr(number))
    return found[0] if good else ""


def _is_deep(root: Element) -> bool:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > _MAX_DEPTH:
            return True
        level = [child for element in level for child in element]
    return False
