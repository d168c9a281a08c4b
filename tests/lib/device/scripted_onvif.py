"""An ONVIF endpoint whose every answer a test writes, for what no well-behaved camera does.

Well-behaved and well-broken cameras are the simulator's business.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import re
import ssl

from aiohttp import web

SOAP = "http://www.w3.org/2003/05/soap-envelope"
DEVICE = "http://www.onvif.org/ver10/device/wsdl"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as it came in."""

    operation: str
    path: str
    body: str
    headers: dict[str, str]

    @property
    def by_digest(self) -> bool:
        """Return whether it carries an HTTP digest."""
        return self.headers.get("Authorization", "").startswith("Digest ")

    @property
    def by_token(self) -> bool:
        """Return whether it carries a UsernameToken."""
        return "UsernameToken" in self.body


@dataclass(frozen=True, kw_only=True)
class Plain:
    """An HTTP answer, to be given as often as it is asked for."""

    status: int = 200
    body: str | bytes = ""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/soap+xml"

    def response(self) -> web.Response:
        """Return it once more."""
        body = self.body if isinstance(self.body, bytes) else self.body.encode()
        return web.Response(
            status=self.status, body=body, headers=self.headers, content_type=self.content_type
        )


type Reply = str | bytes | Plain | web.StreamResponse
type Answer = str | bytes | Plain | Callable[[Asked], Reply | Awaitable[Reply]]


@dataclass(kw_only=True)
class ScriptedOnvif:
    """Answers by operation; an operation without an answer gets the fault ActionNotSupported."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    def count(self, operation: str) -> int:
        """Return how often an operation was asked for."""
        return sum(asked.operation == operation for asked in self.asked)

    @property
    def log_ins(self) -> int:
        """Return how many requests carried any proof of identity."""
        return sum("Authorization" in asked.headers or asked.by_token for asked in self.asked)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request by the script."""
        body = (await request.read()).decode()
        found = re.search(r"<s:Body><(\w+)", body)
        asked = Asked(
            operation=found[1] if found else request.method,
            path=request.path,
            body=body,
            headers=dict(request.headers),
        )
        self.asked.append(asked)
        answer = self.answers.get(asked.operation, fault("ter:ActionNotSupported", code="Receiver"))
        reply = answer(asked) if callable(answer) else answer
        if isinstance(reply, Awaitable):
            reply = await reply
        if isinstance(reply, str | bytes):
            reply = Plain(body=reply)
        return reply.response() if isinstance(reply, Plain) else reply


@asynccontextmanager
async def scripted(
    tls: ssl.SSLContext | None = None, /, **answers: Answer
) -> AsyncGenerator[ScriptedOnvif]:
    """Run an endpoint on 127.0.0.1 that answers as told."""
    camera = ScriptedOnvif(answers={"GetSystemDateAndTime": clock_answer(), **answers})
    runner = web.ServerRunner(
        web.Server(camera.handle, handler_cancellation=True), shutdown_timeout=0.1
    )
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    camera.port = runner.addresses[0][1]
    try:
        yield camera
    finally:
        await runner.cleanup()


def envelope(body: str, header: str = "") -> str:
    """Return a SOAP answer."""
    return f'<e:Envelope xmlns:e="{SOAP}"><e:Header>{header}</e:Header><e:Body>{body}</e:Body></e:Envelope>'


def response(operation: str, inside: str = "", space: str = DEVICE) -> str:
    """Return the answer to an operation."""
    return envelope(f'<{operation}Response xmlns="{space}">{inside}</{operation}Response>')


def fault(*subcodes: str, code: str = "Sender", reason: str = "No", status: int = 400) -> Plain:
    """Return a SOAP 1.2 fault."""
    nested = ""
    for subcode in reversed(subcodes):
        nested = f"<e:Subcode><e:Value>{subcode}</e:Value>{nested}</e:Subcode>"
    body = (
        f"<e:Fault><e:Code><e:Value>e:{code}</e:Value>{nested}</e:Code>"
        f'<e:Reason><e:Text xml:lang="en">{reason}</e:Text></e:Reason></e:Fault>'
    )
    return Plain(status=status, body=envelope(body))


def challenge(scheme: str = 'Digest realm="camera", nonce="n1", qop="auth"') -> Plain:
    """Return an HTTP 401 that asks for a log-in."""
    return Plain(status=401, headers={"WWW-Authenticate": scheme})


def clock_answer(
    year: int = 2026, month: int = 11, day: int = 23, hour: int = 1, *, second: int = 0
) -> str:
    """Return a GetSystemDateAndTime answer that shows this UTC time."""
    return response(
        "GetSystemDateAndTime",
        "<SystemDateAndTime><DateTimeType>Manual</DateTimeType>"
        "<TimeZone><TZ>JST-9</TZ></TimeZone><UTCDateTime>"
        f"<Time><Hour>{hour}</Hour><Minute>0</Minute><Second>{second}</Second></Time>"
        f"<Date><Year>{year}</Year><Month>{month}</Month><Day>{day}</Day></Date>"
        "</UTCDateTime></SystemDateAndTime>",
    )


def services_answer(**xaddrs: str) -> str:
    """Return a GetServices answer; keys are like `ver10_media`, values addresses."""
    return response(
        "GetServices",
        "".join(
            f"<Service><Namespace>http://www.onvif.org/{key.replace('_', '/')}/wsdl</Namespace>"
            f"<XAddr>{xaddr}</XAddr></Service>"
            for key, xaddr in xaddrs.items()
        ),
    )
