"""Plays a captured camera back: each question gets the answer that was written down (`tests/captured/README.md`)."""

import argparse
import asyncio
import base64
from collections.abc import Iterator, Mapping
import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
import json
from pathlib import Path
import re
import signal
import sys
from typing import Any, Self

from aiohttp import web
from lxml import etree
import yaml

from simulator.listening import stop_listening
from simulator.services.base import TDS, TEV, TR2, TRC, TRP, TRT, TSE, WSNT, SoapFault, parse_time
from simulator.soap import CONTENT_TYPE, envelope, fault_body, operation_element, parse

_SERVICES = {
    TDS: "device",
    TRT: "media",
    TR2: "media2",
    TEV: "events",
    WSNT: "events",
    TRC: "recording",
    TSE: "search",
    TRP: "replay",
}
_KEYS = frozenset({"form", "camera", "source", "captured", "challenges", "answers", "expected"})
# Written by a person, of whom a program that saves answers knows nothing.
_MAY_BE_MISSING = frozenset({"duties"})
_ANSWER_KEYS = frozenset({"asked", "of", "about", "as", "status", "headers", "body", "base64"})
_RTSP_HOST = re.compile(rb"rtsp://[^/\s\"'<>]+")
_LIVE = 60.0
_MAX_RTSP_HEAD = 64 * 1024


class CaptureError(Exception):
    """The file is no captured camera; the text says where."""


@dataclass(frozen=True, kw_only=True)
class CapturedAnswer:
    """One answer and the question that it belongs to."""

    asked: str
    of: str
    about: str
    nobody: bool
    status: int
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def read(cls, data: Any, where: str) -> Self:
        """Read one answer. Raises CaptureError."""
        if not isinstance(data, dict) or not isinstance(asked := data.get("asked"), str):
            raise CaptureError(f"{where} says not what was asked")
        if unknown := data.keys() - _ANSWER_KEYS:
            raise CaptureError(f"{where}: {min(map(str, unknown))} is not known")
        if ("/" in asked) == (data.get("of") in _SERVICES.values()):
            raise CaptureError(f"{where}: an operation has a service, a path has none")
        if data.get("as") not in {None, "nobody"}:
            raise CaptureError(f"{where}: only what nobody asked is marked")
        body = data.get("body", "")
        return cls(
            asked=asked,
            of=data.get("of", ""),
            about=data.get("about", ""),
            nobody=data.get("as") == "nobody",
            status=data.get("status", 200),
            headers=data.get("headers", {}),
            body=base64.b64decode(data["base64"]) if "base64" in data else body.encode(),
        )


@dataclass(frozen=True, kw_only=True)
class Capture:
    """A captured camera as its file has it."""

    camera: str
    captured: datetime
    challenges: tuple[str, ...]
    answers: tuple[CapturedAnswer, ...]
    expected: Mapping[str, Any]
    # Verdicts of an acceptance test by duty ("F1"), empty where nobody judged it.
    duties: Mapping[str, str]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file. Raises CaptureError."""
        text = path.read_text(encoding="utf-8")
        try:
            data = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
        except (ValueError, yaml.YAMLError) as err:
            raise CaptureError(f"{path.name} cannot be read: {err}") from None
        if not isinstance(data, dict) or data.get("form") != 1:
            raise CaptureError(f"{path.name} has not the form 1")
        if unknown := (data.keys() - _MAY_BE_MISSING) ^ _KEYS:
            raise CaptureError(f"{path.name}: {min(map(str, unknown))} is missing or not known")
        captured = data["captured"]
        return cls(
            camera=data["camera"],
            captured=(
                captured if isinstance(captured, datetime) else parse_time(captured)
            ).astimezone(UTC),
            challenges=tuple(data["challenges"]),
            answers=tuple(
                CapturedAnswer.read(item, f"{path.name}, answer {number}")
                for number, item in enumerate(data["answers"], 1)
            ),
            expected=data["expected"],
            duties=data.get("duties", {}),
        )


class CapturedCamera:
    """Answers on two ports of 127.0.0.1, SOAP and pages on one, RTSP on the other."""

    def __init__(self, capture: Capture) -> None:
        """Make the camera; nothing is opened."""
        self.capture = capture
        # What was asked so far, newest last, and what of it was not captured.
        self.asked: list[str] = []
        self.missing: list[str] = []
        self.http_port = self.rtsp_port = 0
        # Set when somebody waits for events that will not come.
        self.told_all = asyncio.Event()
        # Set when nobody is answered any more.
        self._over = asyncio.Event()
        self._given: dict[tuple[str, str, str, bool], int] = {}
        self._web = web.Server(self._handle, handler_cancellation=True, access_log=None)
        self._listeners: list[asyncio.Server] = []
        self._rtsp_writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        """Listen."""
        loop = asyncio.get_running_loop()
        http = await loop.create_server(self._web, "127.0.0.1", 0)
        rtsp = await asyncio.start_server(self._rtsp, "127.0.0.1", 0, limit=_MAX_RTSP_HEAD)
        self._listeners = [http, rtsp]
        self.http_port, self.rtsp_port = (
            one.sockets[0].getsockname()[1] for one in self._listeners
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening and cut every connection."""
        self._over.set()
        for listener in self._listeners:
            await stop_listening(listener)
        for writer in self._rtsp_writers:
            writer.transport.abort()
        await self._web.shutdown(0.1)

    # --- What was captured --------------------------------------------------------------------------------

    def _fitting(
        self, asked: str, of: str, about: str, *, nobody: bool
    ) -> Iterator[CapturedAnswer]:
        """Yield the answers to a question, those that are about the very same first."""
        answers = [
            one
            for one in self.capture.answers
            if (one.asked, one.of, one.nobody) == (asked, of, nobody)
        ]
        exact = [one for one in answers if one.about == about]
        yield from exact or [one for one in answers if not one.about]

    def _next(self, asked: str, of: str, about: str, *, nobody: bool) -> CapturedAnswer | None:
        """Return the next answer to a question; None where none was captured, or all events were told."""
        key = (asked, of, about, nobody)
        fitting = list(self._fitting(*key[:3], nobody=nobody))
        if not fitting and not nobody:
            # What everybody is told, the user is told, too.
            key = (asked, of, about, True)
            fitting = [
                one for one in self._fitting(*key[:3], nobody=True) if 200 <= one.status < 300
            ]
        number = self._given.get(key, 0)
        self._given[key] = number + 1
        if asked == "PullMessages" and number >= len(fitting):
            return None
        return fitting[min(number, len(fitting) - 1)] if fitting else None

    # --- HTTP ---------------------------------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method != "POST":
            known = "Authorization" in request.headers
            asked = f"{request.method} {request.path_qs}"
            self.asked.append(asked)
            answer = self._next(asked, "", "", nobody=not known)
            if answer is not None:
                return self._reply(request, answer)
            if not known and self.capture.challenges:
                return self._challenge()
            self.missing.append(asked)
            return web.Response(status=404, text="Not found")
        try:
            root = parse(await request.read())
            element = operation_element(root)
        except SoapFault as err:
            return _fault(err)
        name = etree.QName(element)
        known = "Authorization" in request.headers or b"UsernameToken" in etree.tostring(root)
        of = _SERVICES.get(name.namespace or "", "")
        self.asked.append(name.localname)
        answer = self._next(name.localname, of, _about(element), nobody=not known)
        if answer is not None:
            return self._reply(request, answer)
        if not known:
            return (
                self._challenge()
                if self.capture.challenges
                else _fault(SoapFault("The sender is not authorized", "ter:NotAuthorized"))
            )
        if name.localname == "PullMessages" and any(
            one.asked == "PullMessages" for one in self.capture.answers
        ):
            self.told_all.set()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LIVE):
                    await self._over.wait()
        self.missing.append(f"{of} {name.localname}")
        return _fault(
            SoapFault(
                f"{name.localname[:60]} was not captured", "ter:ActionNotSupported", code="Receiver"
            )
        )

    def _reply(self, request: web.BaseRequest, answer: CapturedAnswer) -> web.StreamResponse:
        if answer.status == 0:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        response = web.Response(
            status=answer.status,
            body=_RTSP_HOST.sub(f"rtsp://127.0.0.1:{self.rtsp_port}".encode(), answer.body),
        )
        response.headers["Content-Type"] = CONTENT_TYPE
        for key, value in answer.headers.items():
            response.headers[key] = value
        return response

    def _challenge(self) -> web.Response:
        response = web.Response(status=401, text="Unauthorized")
        for value in self.capture.challenges:
            response.headers.add("WWW-Authenticate", value)
        return response

    # --- RTSP ---------------------------------------------------------------------------------------------

    async def _rtsp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Describe what was captured; nothing is ever played."""
        self._rtsp_writers.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("utf-8", "replace")
                writer.write(self._described(head))
                await writer.drain()
        self._rtsp_writers.discard(writer)
        writer.close()

    def _described(self, head: str) -> bytes:
        first, *lines = head.split("\r\n")
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        method, url, *_ = [*first.split(), "", ""]
        path = re.sub(r"^rtsps?://[^/]*", "", url) or "/"
        asked = f"{method} {path}"
        # RTSP knows no tokens: where nothing was asked for, the stream was described to whoever came.
        known = "authorization" in headers or not self.capture.challenges
        answer = self._next(asked, "", "", nobody=not known)
        extra: list[str] = []
        body = b""
        if answer is not None:
            self.asked.append(asked)
            status, body = answer.status, answer.body
            extra = [f"{name}: {value}" for name, value in answer.headers.items()]
        elif method == "OPTIONS":
            status, extra = 200, ["Public: OPTIONS, DESCRIBE"]
        elif known:
            # Not "there is none": that would say something of the card.
            status = 501
            self.missing.append(asked)
        else:
            status = 401
            extra = [f"WWW-Authenticate: {value}" for value in self.capture.challenges]
        if body and not any(line.lower().startswith("content-type") for line in extra):
            extra.append("Content-Type: application/sdp")
        answered = "\r\n".join(
            (
                f"RTSP/1.0 {status} {'OK' if status == 200 else 'No'}",
                f"CSeq: {headers.get('cseq', '0')}",
                *extra,
                f"Content-Length: {len(body)}",
                "",
                "",
            )
        )
        return answered.encode() + body


def _about(element: etree._Element) -> str:
    """Return the text of the first token that a question names."""
    for inner in element.iter(etree.Element):
        if etree.QName(inner).localname.endswith("Token"):
            return (inner.text or "").strip()
    return ""


def _fault(fault: SoapFault) -> web.Response:
    return web.Response(
        status=fault.status, text=envelope(fault_body(fault)), content_type=CONTENT_TYPE
    )


async def _run(path: Path) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with CapturedCamera(Capture.load(path)) as camera:
        sys.stdout.write(
            f"{camera.capture.camera}  http://127.0.0.1:{camera.http_port}/onvif/device_service\n"
        )
        sys.stdout.flush()
        await stopped.wait()


def main(argv: list[str] | None = None) -> int:
    """Play one captured camera until Ctrl-C or SIGTERM; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m simulator.captured", description=__doc__)
    parser.add_argument("file", type=Path)
    try:
        asyncio.run(_run(parser.parse_args(argv).file))
    except (CaptureError, OSError) as err:
        sys.stderr.write(f"{err}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
