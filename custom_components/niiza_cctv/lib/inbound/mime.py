"""What a mail says, read from bytes that anybody may have written. A worker thread's work.

Nothing that can be sent makes this fail or last: what cannot be read is empty, and the mail still counts as one.
"""

from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import Compat32
from html import unescape
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
    head, _, body = content.replace(b"\r\n", b"\n").partition(b"\n\n")
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
        text = _text(message)
    subject = str(message.get("subject", ""))[: 4 * MAX_SUBJECT]
    return Contents(subject=_header(subject)[:MAX_SUBJECT], text=text[:MAX_TEXT])


def _header(value: str) -> str:
    """Return a header as a person reads it: encoded words (RFC 2047), or bytes that a camera sent as they were."""
    unfolded = " ".join(value.split())
    try:
        pieces = decode_header(unfolded)
    except HeaderParseError, ValueError:
        pieces = [(unfolded, None)]
    return "".join(
        _decoded(
            piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogateescape"), charset
        )
        for piece, charset in pieces
    )


def _text(message: Message) -> str:
    """Return the texts of all parts, those in HTML without their tags."""
    texts: list[str] = []
    for part in message.walk():
        if part.get_content_maintype() != "text" or part.get_filename() is not None:
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        text = _decoded(payload, part.get_content_charset())
        texts.append(_without_tags(text) if part.get_content_subtype() == "html" else text)
        if sum(map(len, texts)) >= MAX_TEXT:
            break
    return "\n".join(texts)


def _decoded(data: bytes, charset: str | None) -> str:
    if (codec := _CHARSETS.get((charset or "").lower())) is None:
        return _guessed(data)
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        # The declared charset is wrong, or a few letters are.
        return _guessed(data)


def _guessed(data: bytes) -> str:
    """Return what was sent without saying how, as Japanese cameras do."""
    codecs = ("iso2022_jp_ext",) if b"\x1b" in data else ("utf-8", "cp932", "euc_jp")
    for codec in codecs:
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


def _without_tags(html: str) -> str:
    """Return the text of HTML in one pass; a tag ends a line, as most of them do on the screen."""
    first, *rest = html.split("<")
    return unescape("\n".join([first, *(piece.rpartition(">")[2] for piece in rest)]))
