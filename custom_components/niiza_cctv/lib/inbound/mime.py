"""What a mail says, read from bytes that anybody may have written. A worker thread's work.

Nothing that can be sent makes this fail or last: what cannot be read is empty, and the mail still counts as one.
"""

from base64 import b64decode
from codecs import getincrementaldecoder
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import Compat32
from html import unescape
from itertools import groupby
import quopri
import re
from typing import override

# What is looked at of subject and text, in characters.
MAX_SUBJECT = 500
MAX_TEXT = 16_000
# A camera's mail has two or three parts. The parser's work grows with the square of their depth, so that a mail with more
# is read as plain text; its limit of recursion is never reached.
_MAX_PARTS = 20
# Longer ones are made to occupy the parser, whose work on parameters grows with the square of their length.
_MAX_LINE = 10_000
# And with the square of their number, in the headers of parts as well, which are not looked for here.
_MAX_PARAMETERS = 4000
# Its work on these grows with the square of their empty lines: twenty seconds for a small mail.
_SLOW_TYPE = b"message/delivery-status"
# Decoders of texts only, all linear; `unicode_escape`, `punycode`, `idna` and others that Python knows are not.
_CHARSETS = {
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    # With the half-width katakana that mail must not contain and cameras send.
    "iso-2022-jp": "iso2022_jp_ext",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "cp932": "cp932",
    "euc-jp": "euc_jp",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "euc-kr": "cp949",
    "iso-8859-1": "cp1252",
    "iso-8859-2": "iso8859_2",
    "iso-8859-15": "iso8859_15",
    "windows-1252": "cp1252",
}


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a mail says, cut to what is looked at."""

    subject: str = ""
    text: str = ""


class _AsSent(Compat32):
    """Gives headers as they were sent, so that bytes without a declared charset are not lost."""

    @override
    def header_fetch_parse(self, name: str, value: str) -> str:
        """Return the header's text, its foreign bytes as lone surrogates."""
        return value


_POLICY = _AsSent()


def read_mail(content: bytes) -> Contents:
    """Return subject and text of a mail of at most some 64 KiB; whatever cannot be read is empty."""
    # Whatever the library's parsers trip over (some of its code for broken parameters raises what it never documented),
    # a mail has come, and the camera lives.
    try:
        return _read(content)
    except Exception:  # noqa: BLE001 - see above
        return Contents()


def _read(content: bytes) -> Contents:
    # Some send an empty line first, behind which everything would be text.
    content = content.replace(b"\r\n", b"\n").lstrip(b"\n\r ")
    head, _, body = content.partition(b"\n\n")
    lower = content.lower()
    parts = lower.count(b"multipart/") + lower.count(b"message/") + lower.count(b"\n--")
    odd = (
        parts > _MAX_PARTS
        or _SLOW_TYPE in lower
        or content.count(b";") > _MAX_PARAMETERS
        or any(len(line) > _MAX_LINE for line in head.split(b"\n"))
    )
    if odd:
        # Cut: a header's end must not be needed to find its beginning.
        message = BytesHeaderParser(policy=_POLICY).parsebytes(head[:_MAX_LINE])
        text = _guessed(body[:MAX_TEXT])
    else:
        message = BytesParser(policy=_POLICY).parsebytes(content)
        text = _text(message) or _salvaged(message, body)
    subject = str(message.get("subject", ""))[: 4 * MAX_SUBJECT]
    return Contents(subject=_header(subject)[:MAX_SUBJECT], text=text[:MAX_TEXT])


# --- Headers ------------------------------------------------------------------------------------------------------------

# RFC 2047; the last one of a header that was cut has no end. Python's own way gives a whole header up for one word.
_WORD = re.compile(rb"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)(?:\?=|\Z)")


def _header(value: str) -> str:
    """Return a header as a person reads it: encoded words, or bytes that a camera sent as they were.

    Words that follow one another are one text: cameras cut them in the middle of a letter, or of its base64.
    """
    line = b" ".join(value.encode("utf-8", "surrogateescape").split())
    found: list[str] = []
    run: list[tuple[str, bytes, bytes]] = []
    at = 0
    for word in _WORD.finditer(line):
        between = line[at : word.start()]
        if between.strip():
            found += (_run(run), _guessed(between))
            run = []
        run.append(
            (word[1].decode("ascii", "replace").partition("*")[0].lower(), word[2].lower(), word[3])
        )
        at = word.end()
    return "".join((*found, _run(run), _guessed(line[at:])))


def _run(words: list[tuple[str, bytes, bytes]]) -> str:
    """Return encoded words that follow one another."""
    texts: list[str] = []
    for charset, of_charset in groupby(words, key=lambda word: word[0]):
        octets = b""
        for encoding, alike in groupby(of_charset, key=lambda word: word[1]):
            written = [word[2] for word in alike]
            octets += (
                _base64(b"".join(written))
                if encoding == b"b"
                else quopri.decodestring(b"".join(written), header=True)
            )
        texts.append(_decoded(octets, charset))
    return "".join(texts)


# --- Texts --------------------------------------------------------------------------------------------------------------


def _text(message: Message) -> str:
    """Return the texts of all parts, those in HTML without their tags; attached ones only where there are no others."""
    texts: list[str] = []
    attached: list[str] = []
    for part in message.walk():
        if part.is_multipart() or part.get_content_maintype() != "text":
            continue
        text = _part(part)
        # A name alone makes no attachment: some cameras give their text one.
        disposition = str(part.get("content-disposition", "")).strip().lower()
        (attached if disposition.startswith("attachment") else texts).append(text)
        if sum(map(len, texts)) >= MAX_TEXT:
            break
    return "\n".join(texts if "".join(texts).strip() else attached)


def _part(part: Message) -> str:
    """Return the text of one part."""
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    # Without it the library gives the octets as they came.
    del part["content-transfer-encoding"]
    octets = part.get_payload(decode=True)
    if not isinstance(octets, bytes):
        return ""
    if encoding.startswith("base64") and not _PLAIN.search(octets):
        octets = _base64(octets)
    elif encoding.startswith("quoted"):
        octets = quopri.decodestring(octets)
    text = _decoded(octets, part.get_content_charset())
    return _without_tags(text) if part.get_content_subtype() == "html" else text


def _salvaged(message: Message, body: bytes) -> str:
    """Return the texts of parts whose boundaries are not those that the header names, or of a mail without a kind."""
    if message.get_content_maintype() not in {"multipart", "text"}:
        return ""
    texts = [
        _text(BytesParser(policy=_POLICY).parsebytes(chunk.lstrip(b"\n")))
        for chunk in _BOUNDARY.split(b"\n" + body)
        if chunk.lstrip(b"\n").lower().startswith(b"content-")
    ]
    return "\n".join(text for text in texts if text.strip()) or _guessed(body[:MAX_TEXT])


_BOUNDARY = re.compile(rb"\n--[^\n]*")
# Said to be base64, and is not: foreign bytes, or words with blanks between them.
_PLAIN = re.compile(rb"[\x80-\xff]|[A-Za-z] [A-Za-z]")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")


def _base64(data: bytes) -> bytes:
    """Return what base64 says that is cut anywhere, padded in the middle, or broken into lines of any length."""
    pieces = re.split(rb"=+", _NOT_BASE64.sub(b"", data))
    # Of a piece of four and one the last sign holds no whole octet.
    whole = (piece[: len(piece) - (len(piece) % 4 == 1)] for piece in pieces)
    return b"".join(b64decode(piece + b"=" * (-len(piece) % 4)) for piece in whole)


# --- Letters ------------------------------------------------------------------------------------------------------------

# Three octets of UTF-8, as all of Japanese has.
_UTF_8 = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")
_JAPANESE = re.compile(r"[\u3041-\u30fe\u4e00-\u9fff]{2}")
_ONE_OCTET = {"cp1252", "iso8859_2", "iso8859_15"}


def _decoded(data: bytes, charset: str | None) -> str:
    """Return octets as text by the charset that is declared, unless they plainly are of another."""
    codec = _CHARSETS.get((charset or "").strip("\"' ;").lower())
    if b"\x1b$" in data or b"\x1b(" in data:
        codec = "iso2022_jp_ext"
    elif codec is None:
        return _guessed(data)
    elif _UTF_8.search(data) and _strictly(data, "utf-8") is not None:
        codec = "utf-8"
    elif codec in _ONE_OCTET and _JAPANESE.search(_strictly(data, "cp932") or ""):
        codec = "cp932"
    if (text := _strictly(data, codec)) is not None:
        return text
    text = data.decode(codec, "replace")
    # A few letters are wrong, or the charset is.
    return text if 10 * text.count("\ufffd") <= len(text) else _guessed(data)


def _strictly(data: bytes, codec: str) -> str | None:
    """Return octets as text, without a letter that was cut at the end; None where they are none in this codec."""
    try:
        return getincrementaldecoder(codec)().decode(data)
    except UnicodeDecodeError:
        return None


def _guessed(data: bytes) -> str:
    """Return what was sent without saying how, as Japanese cameras do."""
    codecs = ("iso2022_jp_ext",) if b"\x1b" in data else ("utf-8", "cp932", "euc_jp")
    for codec in codecs:
        with suppress(UnicodeDecodeError):
            return data.decode(codec)
    # Perhaps it was cut in the middle of a letter.
    found = (_strictly(data, codec) for codec in codecs)
    return next((text for text in found if text is not None), data.decode("utf-8", "replace"))


# --- HTML ---------------------------------------------------------------------------------------------------------------

_TAG = re.compile(r"/?([A-Za-z][A-Za-z0-9]*)|[!?/]")
# Tags inside of a line, also in the middle of a word; all others end a line on the screen.
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "big", "code", "em", "font", "i", "ins", "kbd", "mark", "nobr"}
    | {"q", "rb", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub"}
    | {"sup", "tt", "u", "var", "wbr"}
)
_HIDDEN = frozenset(("script", "style", "title"))
# Zero width, and where a word may be broken.
_UNSEEN = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u2060\ufeff")


def _without_tags(html: str) -> str:
    """Return the text of HTML in one pass."""
    first, *rest = html.split("<")
    found = [first]
    hidden = ""
    comment = False
    for piece in rest:
        if comment:
            comment = "-->" not in piece
            found.append("" if comment else piece.partition("-->")[2])
            continue
        if piece.startswith("!--"):
            comment = "-->" not in piece
            found.append("" if comment else piece.partition("-->")[2])
            continue
        tag = _TAG.match(piece)
        if tag is None:
            # No tag: "5 < 7".
            found.append("" if hidden else "<" + piece)
            continue
        name = (tag[1] or "").lower()
        if hidden:
            hidden = "" if name == hidden and piece.startswith("/") else hidden
        elif name in _HIDDEN and not piece.startswith("/"):
            hidden = name
        _, closed, text = piece.partition(">")
        found += ("" if name in _INLINE else "\n", "" if hidden or not closed else text)
    return unescape("".join(found)).translate(_UNSEEN)
