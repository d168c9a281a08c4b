"""The head of an HTTP request as simple clients of cameras send it → one that HTTP's own grammar allows (RFC 9112).

Cameras report their addresses by a few lines of C that nobody tried against more than one server: bare line ends, blanks
behind the version and inside the query, no Host, methods in small letters. What they mean is plain. A connection
carries one request, so nothing can hide behind a head that is read more kindly than it was written.
"""

import re
from typing import Final

# What a report's head may take, in bytes; a longer one is left as it is, and the parser refuses it.
MAX_HEAD: Final = 8192

_END = re.compile(rb"\r?\n\r?\n|\r\r")
_LINE_END = re.compile(rb"\r\n|\n|\r")
_VERSION = re.compile(rb"HTTP/[0-9]+(\.[0-9]+)?", re.IGNORECASE)
_ABSOLUTE = re.compile(rb"https?://[^/?]*", re.IGNORECASE)
_METHOD = re.compile(rb"[A-Za-z]{1,16}")
# RFC 9110, 5.6.2.
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")
_ONCE = (b"host", b"content-length", b"authorization")


class RequestHead:
    """Collects what comes of one request, and gives on what a parser understands."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._head: bytes | None = b""

    def feed(self, data: bytes) -> bytes:
        """Return what is to be parsed of what has come: nothing until the head is whole, then all of it."""
        if self._head is None:
            return data
        # Blank lines before a request are the end of the one before (RFC 9112, 2.2).
        head = (self._head + data).lstrip(b"\r\n")
        if (end := _END.search(head)) is None and len(head) <= MAX_HEAD:
            self._head = head
            return b""
        self._head = None
        if end is None or end.start() > MAX_HEAD:
            return head
        return fixed(head[: end.start()]) + head[end.end() :]


def fixed(head: bytes) -> bytes:
    """Return a head (without the empty line behind it) as the grammar has it; what is no request stays none."""
    first, *lines = _LINE_END.split(head)
    fields: list[tuple[bytes, bytes]] = []
    for line in lines:
        if line[:1] in b" \t" and line.strip() and fields:
            name, value = fields[-1]
            fields[-1] = name, value + b" " + line.strip()
            continue
        name, colon, value = line.partition(b":")
        # A line without a name says nothing.
        if colon and _NAME.fullmatch(name.strip()):
            fields.append((name.strip(), value.strip()))
    seen: set[bytes] = set()
    kept: list[bytes] = []
    for name, value in fields:
        key = name.lower()
        if (key in _ONCE and key in seen) or (key == b"content-length" and not value.isdigit()):
            continue
        seen.add(key)
        kept.append(name + b": " + re.sub(rb"[\x00-\x08\x0a-\x1f\x7f]", b"", value))
    if b"host" not in seen:
        kept.append(b"Host: niiza-cctv")
    return b"\r\n".join((_request_line(first), *kept, b"", b""))


def _request_line(line: bytes) -> bytes:
    """Return method, path and version; a blank inside the query belongs to it."""
    words = line.split()
    if len(words) < 2 or not _METHOD.fullmatch(words[0]):
        return line
    version = b"HTTP/1.0"
    if len(words) > 2 and _VERSION.fullmatch(words[-1]) and words.pop().upper() == b"HTTP/1.1":
        version = b"HTTP/1.1"
    target = _ABSOLUTE.sub(b"", b"%20".join(words[1:]), count=1)
    path, question, query = target.partition(b"?")
    path = b"/" + path.lstrip(b"/")
    # As pages of cameras have it that was copied out of HTML.
    query = query.replace(b"&amp;", b"&")
    quoted = b"".join(
        bytes((octet,))
        if 0x20 < octet < 0x7F and octet not in b'"<>\\^`{|}#'
        else b"%%%02X" % octet
        for octet in path + question + query
    )
    return b" ".join((words[0].upper(), quoted, version))
