"""An ONVIF camera whose every byte of an HTTP answer a test writes, head included: what no web server would send."""

import asyncio
from collections.abc import AsyncGenerator, Callable
import contextlib
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import re
import ssl

from tests.lib.device.scripted_onvif import clock_answer, envelope, response, services_answer

JPEG = b"\xff\xd8\xff\xe0" + b"x" * 99 + b"\xff\xd9"

type RawAnswer = bytes | Callable[[str], bytes | tuple[bytes, ...]]


def raw(
    body: str | bytes,
    *headers: str,
    status: str = "HTTP/1.1 200 OK",
    length: int | str | None = -1,
    kind: str = "application/soap+xml; charset=utf-8",
    end: str = "\r\n",
) -> bytes:
    """Return an answer; `length` is what it says of the body's: -1 the truth, None nothing."""
    if isinstance(body, str):
        body = body.encode()
    lines = [status, f"Content-Type: {kind}"]
    if length is not None:
        lines.append(f"Content-Length: {len(body) if length == -1 else length}")
    return (end.join([*lines, *headers]) + end * 2).encode("utf-8", "surrogateescape") + body


def refusal() -> bytes:
    """Return the fault of an operation that is not there."""
    fault = (
        "<e:Fault><e:Code><e:Value>e:Receiver</e:Value><e:Subcode><e:Value>ter:ActionNotSupported"
        "</e:Value></e:Subcode></e:Code></e:Fault>"
    )
    return raw(envelope(fault), status="HTTP/1.1 500 Internal Server Error")


def identity_answer(manufacturer: str = "Cam Works") -> str:
    """Return who the camera is."""
    return response(
        "GetDeviceInformation",
        f"<Manufacturer>{manufacturer}</Manufacturer><Model>M1</Model>"
        "<FirmwareVersion>1.0</FirmwareVersion><SerialNumber>S0001</SerialNumber>",
    )


@dataclass(kw_only=True)
class RawCamera:
    """Answers by operation ("GET" for pictures); an answer of several pieces is sent piece by piece."""

    answers: dict[str, RawAnswer]
    port: int = 0
    asked: list[str] = field(default_factory=list)
    # Connections that were made.
    connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until an answer closes it."""
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                length = re.search(r"content-length: *(\d+)", head, re.IGNORECASE)
                body = (await reader.readexactly(int(length[1]) if length else 0)).decode()
                found = re.search(r"<s:Body><(\w+)", body)
                operation = found[1] if found else head.split()[0]
                self.asked.append(operation)
                answer = self.answers.get(operation, refusal())
                given = answer(head + body) if callable(answer) else answer
                pieces = given if isinstance(given, tuple) else (given,)
                for piece in pieces:
                    writer.write(piece)
                    await writer.drain()
                    if len(pieces) > 1:
                        # Each in a packet of its own.
                        await asyncio.sleep(0.05)
                if b"connection: close" in pieces[0].lower() or "connection: close" in head.lower():
                    break
        writer.close()


@asynccontextmanager
async def raw_camera(
    tls: ssl.SSLContext | None = None, /, **answers: RawAnswer
) -> AsyncGenerator[RawCamera]:
    """Run a camera on 127.0.0.1 that answers as told, and rightly what nothing is told of."""
    camera = RawCamera(
        answers={
            "GetSystemDateAndTime": raw(clock_answer()),
            "GetServices": raw(services_answer(ver10_media="http://10.0.0.9/onvif/media")),
            "GetDeviceInformation": raw(identity_answer()),
            "GET": raw(JPEG, kind="image/jpeg"),
            **answers,
        }
    )
    server = await asyncio.start_server(camera.serve, "127.0.0.1", 0, ssl=tls)
    camera.port = server.sockets[0].getsockname()[1]
    try:
        yield camera
    finally:
        server.close()
        server.close_clients()
        await server.wait_closed()
