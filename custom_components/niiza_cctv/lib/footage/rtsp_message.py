"""RTSP messages (RFC 2326 4, 6 and 7) as cameras write them, read out of the bytes between interleaved packets.

Written by hand because no library forgives what cameras do to line ends, lengths and status lines.
"""

from dataclasses import dataclass
import re
from typing import Final

from ..device.errors import CameraAnswerInvalid
from ..device.quirks import Quirk, Quirks

MAX_HEADER: Final = 16 * 1024
MAX_BODY: Final = 256 * 1024

_METHODS: Final = (
    b"ANNOUNCE|DESCRIBE|GET_PARAMETER|OPTIONS|PAUSE|PING|PLAY_NOTIFY|PLAY|RECORD|REDIRECT|SETUP|"
    b"SET_PARAMETER|TEARDOWN"
)
_START: Final = re.compile(rb"(?i:RTSP)[/ ]|(?:" + _METHODS + rb")[ \t]")
# The longest of these beginnings.
_MAX_START: Final = 14
_STARTS: Final = (b"RTSP/", *(method + b" " for method in _METHODS.split(b"|")))
# Seen in front of what another protocol answers at this port.
_OTHERS: Final = (b"HTTP/", b"<")
_STATUS: Final = re.compile(r"(?i)RTSP/?\d?\.?\d?[ \t]+([1-9]\d\d)(?![\d])[ \t]*(.*)")
_PROPER: Final = re.compile(r"RTSP/1\.\d \d{3} .*")
_REQUEST: Final = re.compile(r"([A-Z_]{3,20})[ \t]+\S+[ \t]+RTSP/\d\.\d[ \t]*")
_FIRST_BREAK: Final = re.compile(rb"\r\n|\n|\r")
# An empty line; where lines end in CR alone, any two breaks. A break is never taken apart.
_END: Final = re.compile(rb"\n\r?\n")
_END_CR: Final = re.compile(rb"(?>\r\n|\n|\r){2}")
_BREAK_CR: Final = re.compile(rb"\r\n|\n|\r")
_LENGTH: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Response:
    """A response; header names are in lower case, in the order in which they came."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the first header of that name (lower case)."""
        return header_of(self.headers, name)

    @property
    def sequence(self) -> int | None:
        """Return the CSeq of the request that this answers, None where the server left it out."""
        text = (self.header("cseq") or "").strip()
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


@dataclass(frozen=True, slots=True)
class CameraRequest:
    """A request of the camera's own (RFC 2326 10)."""

    method: str
    headers: tuple[tuple[str, str], ...]


def header_of(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    """Return the first header of that name (lower case)."""
    return next((value for key, value in headers if key == name), None)


def is_start(data: bytearray, at: int, size: int) -> bool | None:
    """Return whether a message begins at `at`; None when too few bytes are here to tell."""
    if _START.match(data, at, size):
        return True
    begun = bytes(data[at : min(size, at + _MAX_START)])
    if len(begun) < _MAX_START and any(start.startswith(begun) for start in _STARTS):
        return None
    return False


def is_other_protocol(data: bytearray, at: int) -> bool:
    """Return whether what comes first shows that something else than RTSP is spoken at this port."""
    return data.startswith(_OTHERS, at)


def read_message(
    data: bytearray, at: int, size: int, quirks: Quirks, *, impatient: bool = False
) -> tuple[int, Response | CameraRequest | None, bool]:
    """Read the message that begins at `at`, below `size`.

    Returns where the next thing starts (`at` itself when bytes are missing), the message, and whether it is its body
    that is not complete yet; `impatient` takes what there is of it. Raises CameraAnswerInvalid for what is too long or
    has no status.
    """
    if (head := _head(data, at, size)) is None:
        if size - at >= MAX_HEADER:
            raise CameraAnswerInvalid("The camera sent headers without an end")
        return at, None, False
    start, lines, proper = head
    if not proper:
        quirks.note(Quirk.RTSP_LINE_ENDS)
    first, headers = _fields(lines, quirks)
    status, request = _STATUS.fullmatch(first), _REQUEST.fullmatch(first)
    if status is None and request is None:
        raise CameraAnswerInvalid("The camera does not speak RTSP 1.0")
    length = _length(headers, quirks)
    if length and start < size and data[start] == 0x24:
        # No body begins like a packet: the length is none.
        quirks.note(Quirk.RTSP_LENGTH)
        length = 0
    end = start + length
    if end > size:
        if not impatient:
            return at, None, True
        quirks.note(Quirk.RTSP_LENGTH)
        end = size
    if request is not None:
        return end, CameraRequest(request[1], headers), False
    assert status is not None
    if not _PROPER.fullmatch(first):
        quirks.note(Quirk.RTSP_STATUS)
    return end, Response(int(status[1]), headers, bytes(data[start:end])), False


def _head(data: bytearray, at: int, size: int) -> tuple[int, list[bytes], bool] | None:
    """Return where the head ends, its lines and whether they end in CRLF; None when its end is not here."""
    limit = min(size, at + MAX_HEADER)
    # A CR at the end of what came may be half a line break.
    if (found := _FIRST_BREAK.search(data, at, limit)) is None or (
        found[0] == b"\r" and found.end() == size
    ):
        return None
    bare = found[0] == b"\r"
    if (end := (_END_CR if bare else _END).search(data, at, limit)) is None:
        return None
    text = bytes(data[at : end.start()])
    if bare:
        return end.end(), _BREAK_CR.split(text), False
    lines = text.split(b"\n")
    proper = end[0] == b"\n\r\n" and all(line.endswith(b"\r") for line in lines)
    return end.end(), [line.removesuffix(b"\r") for line in lines], proper


def _fields(lines: list[bytes], quirks: Quirks) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the first line and the headers: folded ones joined (RFC 2616 2.2), lines that are none left out."""
    # Whatever is no UTF-8 stays as it came: a log-in is made of its bytes.
    first, *rest = (line.decode("utf-8", "surrogateescape") for line in lines)
    headers: list[tuple[str, str]] = []
    for line in rest:
        name, colon, value = line.partition(":")
        if line[:1] in {" ", "\t"}:
            if headers and line.strip():
                headers[-1] = headers[-1][0], f"{headers[-1][1]} {line.strip()}"
            elif not line.strip():
                quirks.note(Quirk.RTSP_HEADER)
        elif colon and name.strip():
            headers.append((name.strip().lower(), value.strip()))
        elif line.strip():
            quirks.note(Quirk.RTSP_HEADER)
    return first.strip(), tuple(headers)


def _length(headers: tuple[tuple[str, str], ...], quirks: Quirks) -> int:
    """Return the length of the body; raises CameraAnswerInvalid for one that is too large to be believed."""
    told = header_of(headers, "content-length")
    if told is None or not told:
        return 0
    if not _LENGTH.fullmatch(told):
        quirks.note(Quirk.RTSP_LENGTH)
        return 0
    if int(told) > MAX_BODY:
        raise CameraAnswerInvalid("The camera announced a body of no believable size")
    return int(told)
