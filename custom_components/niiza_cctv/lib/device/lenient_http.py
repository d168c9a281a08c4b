"""One HTTP exchange over a connection of its own, for cameras whose answers no HTTP library takes.

Written by hand because libraries are strict where cameras are wrong: lengths, header and status lines, chunks. What
protects stays: who asks says where it goes and how TLS is proved, head and body are bounded, nothing is followed and
nothing is unpacked.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
import hashlib
import re
import ssl
from typing import Final

from multidict import CIMultiDict
from yarl import URL

from .errors import CameraAnswerInvalid, CameraCertificateChanged, CameraUnreachable
from .quirks import Quirk

_MAX_HEAD: Final = 64 * 1024
_MAX_HEADERS: Final = 256
# Seconds without a byte after which a body that looks whole, or has the length that was named, has ended.
_QUIET: Final = 0.5
# Passed in so many steps: what came while this machine stood still is found by the next of them.
_STEPS: Final = 5
_PIECE: Final = 64 * 1024
# No line that tells a chunk's size is longer.
_MAX_SIZE_LINE: Final = 300

_HEAD_END: Final = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r")
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_GOOD_STATUS: Final = re.compile(r"HTTP/1\.[01] \d{3}(?: .*)?")
_STATUS: Final = re.compile(
    r"(?:(?:HTTP|RTSP|ICY)[/ ]?(?:\d(?:\.\d{1,2})?)?\D{0,20}?)?([1-5]\d\d)(?!\d)", re.IGNORECASE
)
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,120}")
# An XML document or a JPEG that nobody put a head before.
_NO_HEAD: Final = (b"<", b"\xff\xd8\xff")
# How what we ask cameras for ends: an envelope, a page, a JPEG.
_WHOLE: Final = re.compile(rb"(?:(?:Envelope|html)\s*>|\xff\xd9)\s*\0*\Z", re.IGNORECASE)
_CHUNK: Final = re.compile(rb"\s*(?:0x)?([0-9A-Fa-f]{1,8})[^\r\n]{0,200}\r?\n")


@dataclass(frozen=True, kw_only=True)
class LenientAnswer:
    """What was made of an answer, and what had to be put right for it."""

    status: int
    headers: CIMultiDict[str]
    body: bytes
    quirks: frozenset[Quirk]


def looks_whole(body: bytes | bytearray) -> bool:
    """Return whether a body ends as envelopes, pages and JPEGs do."""
    return _WHOLE.search(body[-256:]) is not None


async def exchange(
    method: str,
    url: URL,
    *,
    headers: Mapping[str, str],
    body: bytes,
    tls: ssl.SSLContext | None,
    fingerprint: bytes | None,
    server_hostname: str | None,
    limit: int,
) -> LenientAnswer:
    """Send one request to exactly this host and port, and read what comes, at most `limit` bytes of body.

    `tls` proves a host that speaks TLS, or else its certificate's SHA-256 `fingerprint` does. Takes as long as its
    caller lets it. Raises CameraUnreachable, CameraCertificateChanged, and CameraAnswerInvalid for what is no answer
    or too large.
    """
    host, port = url.host, url.port
    assert host is not None
    try:
        reader, writer = await asyncio.open_connection(
            host, port, ssl=tls, server_hostname=(server_hostname or host) if tls else None
        )
    except ssl.SSLCertVerificationError as err:
        raise CameraCertificateChanged("the certificate is not trusted") from err
    except (OSError, ValueError) as err:
        raise CameraUnreachable(f"no connection, or it broke: {type(err).__name__}") from err
    try:
        if fingerprint is not None:
            shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
            if hashlib.sha256(shown).digest() != fingerprint:
                raise CameraCertificateChanged("the certificate is not the one that was pinned")
        lines = [f"{method} {url.raw_path_qs} HTTP/1.1"]
        fields = {"Host": url.host_port_subcomponent or "", **headers}
        fields |= {"Connection": "close"}
        if body or method == "POST":
            fields["Content-Length"] = str(len(body))
        lines += [f"{name}: {value}" for name, value in fields.items()]
        head = "\r\n".join(lines)
        if "\n" in head.replace("\r\n", "") or "\0" in head:
            raise CameraAnswerInvalid("the request cannot be written")
        writer.write(f"{head}\r\n\r\n".encode("utf-8", "surrogateescape") + body)
        with suppress(ConnectionError):
            # Who has answered already may have closed; the answer tells.
            await writer.drain()
        return await read_answer(reader, limit)
    except OSError as err:
        raise CameraUnreachable(f"no connection, or it broke: {type(err).__name__}") from err
    finally:
        writer.transport.abort()


async def read_answer(reader: asyncio.StreamReader, limit: int) -> LenientAnswer:
    """Return what can be made of the bytes of one answer; raises CameraUnreachable and CameraAnswerInvalid."""
    return await _Answer(reader, limit).read()


class _Answer:
    """The bytes of one answer, taken as far as they go."""

    def __init__(self, reader: asyncio.StreamReader, limit: int) -> None:
        self._reader = reader
        self._limit = limit
        self._data = bytearray()
        self._ended = False
        self._quirks: set[Quirk] = set()

    async def read(self) -> LenientAnswer:
        status, headers = await self._head()
        while 100 <= status < 200:
            status, headers = await self._head()
        body = b""
        if status not in {204, 304}:
            if "chunked" in headers.get("Transfer-Encoding", "").lower():
                body = await self._chunks()
            else:
                body = await self._body(self._length(headers))
        return LenientAnswer(
            status=status, headers=headers, body=body, quirks=frozenset(self._quirks)
        )

    async def _more(self, patience: float | None = None) -> bool:
        """Take what comes next; return False where nothing does, for so many seconds or at all."""
        if self._ended:
            return False
        for _ in range(_STEPS):
            try:
                async with asyncio.timeout(None if patience is None else patience / _STEPS):
                    piece = await self._reader.read(_PIECE)
            except TimeoutError:
                continue
            except ConnectionError:
                piece = b""
            self._ended = not piece
            self._data += piece
            return bool(piece)
        return False

    async def _head(self) -> tuple[int, CIMultiDict[str]]:
        """Return the status and the fields of a head, and leave what stands behind it."""
        found = None
        looked = 0
        while True:
            # Empty lines, or zero bytes, before the first are nobody's.
            if not looked:
                del self._data[: len(self._data) - len(self._data.lstrip(b"\r\n \t\0"))]
            if self._data.startswith(_NO_HEAD):
                self._quirks.add(Quirk.HTTP_STATUS)
                return 200, CIMultiDict()
            if (found := _HEAD_END.search(self._data, max(0, looked - 8))) is not None:
                break
            looked = len(self._data)
            if looked > _MAX_HEAD:
                raise CameraAnswerInvalid("the answer's head has no end")
            if not await self._more():
                break
        if found is None and not self._data:
            raise CameraUnreachable("the camera broke the connection")
        end = len(self._data) if found is None else found.start()
        # Whatever is no UTF-8 stays as it came, as in aiohttp: a log-in is made of its bytes.
        lines = _LINE_END.split(self._data[:end].decode("utf-8", "surrogateescape"))
        del self._data[: end if found is None else found.end()]
        if _NAME.fullmatch(lines[0].partition(":")[0].strip()) and ":" in lines[0]:
            # Fields, and no status before them.
            self._quirks.add(Quirk.HTTP_STATUS)
            return 200, self._fields(lines)
        return self._status(lines[0]), self._fields(lines[1:])

    def _status(self, line: str) -> int:
        if (found := _STATUS.match(line.strip())) is None:
            raise CameraAnswerInvalid("the answer has no status")
        if _GOOD_STATUS.fullmatch(line) is None:
            self._quirks.add(Quirk.HTTP_STATUS)
        return int(found[1])

    def _fields(self, lines: list[str]) -> CIMultiDict[str]:
        fields: list[tuple[str, str]] = []
        for line in lines[:_MAX_HEADERS]:
            name, colon, value = line.partition(":")
            if line[:1] in {" ", "\t"} and fields:
                # A line goes on (RFC 9112, 5.2): outdated, but said what to make of.
                fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}")
            elif colon and _NAME.fullmatch(name.strip()):
                if name != name.strip():
                    self._quirks.add(Quirk.HTTP_HEADER)
                fields.append((name.strip(), value.strip()))
            elif line.strip():
                self._quirks.add(Quirk.HTTP_HEADER)
        return CIMultiDict(fields)

    def _length(self, headers: CIMultiDict[str]) -> int | None:
        """Return the length that the head names, None where it names none, or several."""
        named = [
            one.strip()
            for value in headers.getall("Content-Length", [])
            for one in value.split(",")
        ]
        lengths = {int(one) if re.fullmatch(r"[0-9]{1,12}", one) else -1 for one in named}
        if len(named) > 1 or -1 in lengths:
            self._quirks.add(Quirk.HTTP_LENGTH)
        return lengths.pop() if len(lengths) == 1 and -1 not in lengths else None

    async def _body(self, length: int | None) -> bytes:
        while True:
            if len(self._data) > self._limit:
                raise CameraAnswerInvalid(f"the answer is larger than {self._limit} bytes")
            enough = len(self._data) == length
            whole = looks_whole(self._data)
            if enough and (whole or not length):
                break
            if not await self._more(_QUIET if enough or whole else None):
                break
        whole = looks_whole(self._data)
        if length is not None and len(self._data) != length:
            if len(self._data) < length and not whole:
                raise CameraUnreachable(
                    "the camera broke the connection in the middle of its answer"
                )
            self._quirks.add(Quirk.HTTP_LENGTH)
        return bytes(self._data)

    async def _chunks(self) -> bytes:
        """Return a chunked body (RFC 9112, 7.1), as far as it is one."""
        body = bytearray()
        while True:
            if len(body) + len(self._data) > self._limit + _PIECE:
                raise CameraAnswerInvalid(f"the answer is larger than {self._limit} bytes")
            size = _CHUNK.match(self._data)
            if size is None:
                # No size: more has to come, or there are no chunks any more.
                begun = self._data.lstrip().startswith(_NO_HEAD)
                if (
                    len(self._data) < _MAX_SIZE_LINE
                    and not begun
                    and await self._more(_QUIET if looks_whole(body) else None)
                ):
                    continue
                self._quirks.add(Quirk.HTTP_CHUNKS)
                rest = self._data.strip()
                if rest.startswith(_NO_HEAD) and not body:
                    return await self._body(None)
                break
            length = int(size[1], 16)
            if length == 0:
                break
            if length > self._limit:
                raise CameraAnswerInvalid(f"the answer is larger than {self._limit} bytes")
            while len(self._data) < size.end() + length and await self._more(
                _QUIET if looks_whole(self._data) else None
            ):
                pass
            piece = self._data[size.end() : size.end() + length]
            if len(piece) < length:
                self._quirks.add(Quirk.HTTP_CHUNKS)
                # Less than it named, and perhaps the size of the end behind it.
                body += re.sub(rb"\s*\b0+\s*\Z", b"", piece)
                break
            body += piece
            del self._data[: size.end() + length]
        if Quirk.HTTP_CHUNKS in self._quirks and not looks_whole(body):
            raise CameraUnreachable("the camera broke the connection in the middle of its answer")
        return bytes(body)
