"""One camera's HTTP server: SOAP over POST, still pictures over GET, and the ways in which answers are spoilt."""

import asyncio
from collections.abc import Awaitable, Callable
import contextlib
from datetime import UTC, datetime, timedelta
import ipaddress
import logging
from pathlib import Path
import re
import ssl
import tempfile

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from lxml import etree

from simulator.auth import WSSE, Authenticator, Refused
from simulator.camera import Garbage, Quirk, User, UserLevel, VirtualCamera, in_url
from simulator.card import Card
from simulator.listening import stop_listening
from simulator.maker_pages import STORAGE_PAGE, maker_pages
from simulator.services.base import (
    TDS,
    TEV,
    TOPICS,
    TR2,
    TRC,
    TRP,
    TRT,
    TSE,
    TT,
    WSA,
    WSNT,
    WSTOP,
    Access,
    Call,
    Context,
    Operation,
    Service,
    SoapFault,
    q,
)
from simulator.services.device import DeviceService
from simulator.services.events import SUBSCRIPTIONS, EventsService, SubscriptionManagerService
from simulator.services.media import MediaService
from simulator.services.media2 import Media2Service
from simulator.services.recording import RecordingService
from simulator.services.replay import ReplayService
from simulator.services.search import SearchService

_LOGGER = logging.getLogger(__name__)

ENV = "http://www.w3.org/2003/05/soap-envelope"
PREFIXES = {
    "env": ENV,
    "xs": "http://www.w3.org/2001/XMLSchema",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "tt": TT,
    "tds": TDS,
    "trt": TRT,
    "tr2": TR2,
    "tev": TEV,
    "trc": TRC,
    "tse": TSE,
    "trp": TRP,
    "ter": "http://www.onvif.org/ver10/error",
    "tns1": TOPICS,
    "wsa": WSA,
    "wsnt": WSNT,
    "wstop": WSTOP,
    "wsrf-bf": "http://docs.oasis-open.org/wsrf/bf-2",
    "wsrf-r": "http://docs.oasis-open.org/wsrf/r-2",
}
_OPENING = (
    '<?xml version="1.0" encoding="UTF-8"?><env:Envelope '
    + " ".join(f'xmlns:{prefix}="{namespace}"' for prefix, namespace in PREFIXES.items())
    + ">"
)
CONTENT_TYPE = "application/soap+xml"
MAX_REQUEST = 256 * 1024
HUGE = 10 * 1024 * 1024
SNAPSHOTS = "/onvif/snapshot/"
SHUTDOWN = 0.2

type Still = Callable[[str, datetime], Awaitable[bytes]]


def envelope(body: str, header: str = "") -> str:
    """Wrap a body into a SOAP 1.2 envelope."""
    return f"{_OPENING}<env:Header>{header}</env:Header><env:Body>{body}</env:Body></env:Envelope>"


def fault_body(fault: SoapFault) -> str:
    """Return the env:Fault element (SOAP 1.2 part 1, section 5.4)."""
    subcode = ""
    for value in reversed(fault.subcodes):
        subcode = f"<env:Subcode><env:Value>{value}</env:Value>{subcode}</env:Subcode>"
    detail = f"<env:Detail>{fault.detail}</env:Detail>" if fault.detail else ""
    return (
        f"<env:Fault><env:Code><env:Value>env:{fault.code}</env:Value>{subcode}</env:Code>"
        f'<env:Reason><env:Text xml:lang="en">{q(fault.reason)}</env:Text></env:Reason>{detail}</env:Fault>'
    )


def parse(data: bytes) -> etree._Element:
    """Read a request. Raises SoapFault for anything that is no SOAP 1.2 envelope."""
    # Requests are a few kilobytes (MAX_REQUEST bounds them): a thread would cost more than it saves.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError, ValueError:
        raise SoapFault("Not well-formed", "ter:WellFormed") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise SoapFault("No DTD in SOAP", "ter:WellFormed")
    if root.tag != f"{{{ENV}}}Envelope":
        if etree.QName(root).localname == "Envelope":
            raise SoapFault("Only SOAP 1.2", code="VersionMismatch", status=500)
        raise SoapFault("No envelope", "ter:TagMismatch")
    return root


def operation_element(root: etree._Element) -> etree._Element:
    """Return what is called. Raises SoapFault when the body is empty."""
    body = root.find(f"{{{ENV}}}Body")
    if body is None or len(body) == 0:
        raise SoapFault("No operation", "ter:WellFormed")
    return body[0]


BOUNDARY = "uuid:niiza-sim"


def as_this_camera_writes(camera: VirtualCamera, text: str) -> bytes:
    """Return an answer's bytes, with the sins of this camera."""
    if camera.has(Quirk.BARE_AMPERSAND):
        text = re.sub(r"(<[\w:]*Uri>[^<?]+)</", r"\1?stream=0&proto=Onvif</", text)
    body = text.encode()
    if camera.has(Quirk.FOREIGN_BYTES):
        name = "<tds:Manufacturer>"
        body = text.replace(name, f"{name}\x07").encode("cp932", "replace")
        body = body.replace(b"<tt:Name>", "<tt:Name>新座".encode("cp932"))
    if camera.has(Quirk.MULTIPART):
        head = f"--{BOUNDARY}\r\nContent-Type: application/xop+xml\r\n\r\n".encode()
        body = head + body + f"\r\n--{BOUNDARY}--\r\n".encode()
    return body


class SoapServer:
    """Answers for one camera."""

    def __init__(
        self, camera: VirtualCamera, card: Card, *, still: Still, reboot: Callable[[], None]
    ) -> None:
        """Make the server; `still` gives a profile's picture at a moment, `reboot` is called on SystemReboot."""
        self.camera = camera
        self.auth = Authenticator(camera)
        self.fingerprint: bytes | None = None
        # Names of the operations answered so far, newest last, for tests and the control interface.
        self.calls: list[str] = []
        # What was asked for, answered or not: operations, and method and path of everything else.
        self.asked: set[str] = set()
        self._still = still
        self._card = card
        self._context = context = Context(
            camera=camera, card=card, reboot=reboot, announce=lambda topic, source, data: None
        )
        self.events = EventsService(context)
        self._search = SearchService(context)
        context.services = [
            DeviceService(context),
            MediaService(context),
            Media2Service(context),
            self.events,
            RecordingService(context),
            self._search,
            ReplayService(context),
        ]
        self._services: list[Service] = [
            *context.services,
            SubscriptionManagerService(context, self.events),
        ]
        self._by_namespace = {service.namespace: service for service in self._services}
        self._paths = {service.path for service in self._services}
        self._web = web.Server(self._handle, handler_cancellation=True, access_log=None)
        self._listener: asyncio.Server | None = None
        self._tls: ssl.SSLContext | None = None
        self._heard = asyncio.Event()
        camera.listeners.append(self._changed)

    @property
    def searches(self) -> int:
        """Return how many searches are under way."""
        return self._search.under_way

    @property
    def port(self) -> int:
        """Return the port in use."""
        if self._listener is None or not self._listener.sockets:
            raise RuntimeError("The server is not running")
        address: tuple[str, int] = self._listener.sockets[0].getsockname()
        return address[1]

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        config = self.camera.config
        if config.tls and self._tls is None:
            self._tls, self.fingerprint = await asyncio.to_thread(make_tls, config.host)
        # A restarted camera must get its port back at once (SO_REUSEADDR is asyncio's default).
        self._listener = await asyncio.get_running_loop().create_server(
            self._web, config.host, config.http_port, ssl=self._tls
        )

    async def stop(self) -> None:
        """Stop listening, cut every connection, forget subscriptions, searches and nonces."""
        listener, self._listener = self._listener, None
        if listener is not None:
            await stop_listening(listener)
        await self._web.shutdown(SHUTDOWN)
        for service in self._services:
            service.reset()
        self.auth.reset()
        self._web = web.Server(self._handle, handler_cancellation=True, access_log=None)

    def _changed(self, what: str) -> None:
        if what == "unanswered" or (what == "silent" and not self.camera.faults.silent):
            self._heard.set()
            self._heard = asyncio.Event()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        faults = self.camera.faults
        while faults.silent:
            await self._heard.wait()
        if faults.slow > 0:
            await asyncio.sleep(faults.slow)
        if request.method != "POST":
            self.asked.add(f"{request.method} {request.path_qs}")
        if request.path.startswith(SNAPSHOTS):
            return await self._snapshot(request)
        if request.path_qs in maker_pages(self.camera):
            return await self._maker_page(request)
        if not any(request.path == path for path in self._paths) and not request.path.startswith(
            f"{SUBSCRIPTIONS}/"
        ):
            return web.Response(status=404, text="Not found")
        if request.method != "POST":
            return web.Response(status=405, headers={"Allow": "POST"}, text="POST only")
        if request.content_type != CONTENT_TYPE:
            return web.Response(status=415, text=f"{CONTENT_TYPE} only")
        return await self._soap(request)

    async def _soap(self, request: web.BaseRequest) -> web.StreamResponse:
        name = "Unknown"
        header = ""
        try:
            root = parse(await self._read(request))
            head = root.find(f"{{{ENV}}}Header")
            element = operation_element(root)
            qualified = etree.QName(element)
            name = qualified.localname
            self.asked.add(name)
            header = self._reply_header(head)
            service, found = self._find(qualified)
            security = None if head is None else head.find(f"{{{WSSE}}}Security")
            access = found.access
            if name == "GetRecordingJobs" and self.camera.has(Quirk.JOBS_FOR_ADMINISTRATORS):
                access = Access.WRITE_SYSTEM
            user = self._who(request, security, access)
            base, rtsp = self._addresses(request)
            call = Call(
                body=element,
                namespace=qualified.namespace or "",
                user=user,
                base=base,
                rtsp=rtsp,
                path=request.path,
                header=head,
            )
            self._note(name)
            answer = found.handler(service, call)
            body = answer if isinstance(answer, str) else await answer
            while self.camera.faults.silent:
                await self._heard.wait()
        except Refused as err:
            if err.challenge:
                return self._challenge(stale=err.stale)
            return self._fault(
                SoapFault("The sender is not authorized", "ter:NotAuthorized"), header
            )
        except SoapFault as err:
            return self._fault(err, header)
        if (garbage := self.camera.faults.garbage) is not Garbage.NONE:
            return await spoil(request, garbage, name, envelope(body, header))
        if name in self.camera.faults.unreadable.split(","):
            return await spoil(request, Garbage.HTML, name, envelope(body, header))
        if name in self.camera.faults.oversized.split(","):
            return await spoil(request, Garbage.HUGE, name, envelope(body, header))
        while name in self.camera.faults.unanswered.split(","):
            await self._heard.wait()
        response = self._reply(envelope(body, header), 200)
        info = self.auth.info(request.headers.get("Authorization"))
        if info is not None and not self.camera.has(Quirk.NO_RSPAUTH):
            response.headers["Authentication-Info"] = info
        return response

    async def _maker_page(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer the maker's own page of storages."""
        if request.method != "GET":
            return web.Response(status=405, headers={"Allow": "GET"}, text="GET only")
        if not self.camera.has(Quirk.OPEN_WITHOUT_LOGIN):
            try:
                user = self.auth.check_http(
                    authorization=request.headers.get("Authorization"),
                    method=request.method,
                    target=request.path_qs,
                )
            except Refused as err:
                return self._challenge(stale=err.stale)
            levels = list(UserLevel)
            if levels.index(user.level) > levels.index(self.camera.config.storage_status_for):
                return web.Response(status=403, text="Forbidden")
        self._note(STORAGE_PAGE)
        page = maker_pages(self.camera)[request.path_qs]
        garbage = self.camera.faults.garbage
        if STORAGE_PAGE in self.camera.faults.unreadable.split(","):
            garbage = Garbage.HTML
        elif STORAGE_PAGE in self.camera.faults.oversized.split(","):
            garbage = Garbage.HUGE
        if garbage is not Garbage.NONE:
            return await spoil(request, garbage, STORAGE_PAGE, page.body)
        while STORAGE_PAGE in self.camera.faults.unanswered.split(","):
            await self._heard.wait()
        return web.Response(status=page.status, text=page.body, content_type=page.content_type)

    def _note(self, name: str) -> None:
        self.calls.append(name)
        if len(self.calls) > 2000:
            del self.calls[:1000]

    async def _read(self, request: web.BaseRequest) -> bytes:
        data = bytearray()
        async for chunk in request.content.iter_chunked(65536):
            data += chunk
            if len(data) > MAX_REQUEST:
                raise SoapFault("Request too large", "ter:InvalidArgs", status=413)
        return bytes(data)

    def _find(self, qualified: etree.QName) -> tuple[Service, Operation]:
        service = self._by_namespace.get(qualified.namespace or "")
        if service is None or not service.present():
            raise SoapFault(
                "No such service", "ter:ActionNotSupported", "ter:NoSuchService", code="Receiver"
            )
        found = _OPERATIONS[type(service)].get(qualified.localname)
        if found is None:
            raise SoapFault(
                f"{qualified.localname[:60]} is not supported",
                "ter:ActionNotSupported",
                code="Receiver",
            )
        return service, found

    def _who(
        self, request: web.BaseRequest, security: etree._Element | None, access: Access
    ) -> User | None:
        """Return the caller, None for operations open to everybody. Raises Refused or SoapFault."""
        authorization = request.headers.get("Authorization")
        if access is Access.PRE_AUTH or (
            self.camera.has(Quirk.OPEN_WITHOUT_LOGIN)
            and access in {Access.READ_MEDIA, Access.READ_SYSTEM}
            and authorization is None
            and security is None
        ):
            return None
        user = self.auth.check(
            authorization=authorization,
            security=security,
            method=request.method,
            target=request.path_qs,
        )
        if not access.allows(user.level):
            raise SoapFault("This user may not do that", "ter:NotAuthorized")
        return user

    def _addresses(self, request: web.BaseRequest) -> tuple[str, str]:
        """Return the addresses of the web and RTSP servers as this caller shall see them."""
        config = self.camera.config
        name: tuple[str, int] = (config.host, config.http_port)
        if request.transport is not None:
            name = request.transport.get_extra_info("sockname") or name
        host = in_url(config.advertised_host or name[0])
        scheme = "https" if config.tls else "http"
        return f"{scheme}://{host}:{name[1]}", f"rtsp://{host}:{config.rtsp_port}"

    def _reply_header(self, head: etree._Element | None) -> str:
        """Answer WS-Addressing with WS-Addressing, and refuse headers that had to be understood but are not."""
        if head is None:
            return ""
        parts = []
        for block in head:
            name = etree.QName(block)
            if name.namespace not in {WSA, WSSE} and block.get(f"{{{ENV}}}mustUnderstand") in {
                "1",
                "true",
            }:
                raise SoapFault(
                    f"{name.localname[:60]} is not known", code="MustUnderstand", status=500
                )
        if action := head.findtext(f"{{{WSA}}}Action"):
            parts.append(
                f"<wsa:Action>{q(action.strip().replace('Request', ''))}Response</wsa:Action>"
            )
        if identity := head.findtext(f"{{{WSA}}}MessageID"):
            parts.append(f"<wsa:RelatesTo>{q(identity.strip())}</wsa:RelatesTo>")
        return "".join(parts)

    def _fault(self, fault: SoapFault, header: str) -> web.Response:
        if not self.camera.has(Quirk.FAULTS_IN_WORDS):
            return self._reply(envelope(fault_body(fault), header), fault.status)
        words = f"<faultcode>Client</faultcode><faultstring>{q(fault.reason)}</faultstring>"
        return self._reply(envelope(f"<env:Fault>{words}</env:Fault>", header), 500)

    def _reply(self, text: str, status: int) -> web.Response:
        return self._sent(as_this_camera_writes(self.camera, text), status)

    def _sent(self, body: bytes, status: int) -> web.Response:
        kind = {"Content-Type": f"{CONTENT_TYPE}; charset=utf-8"}
        if self.camera.has(Quirk.MULTIPART):
            kind = {"Content-Type": f'multipart/related; boundary="{BOUNDARY}"'}
        response = web.Response(status=status, body=body, headers=kind)
        if self.camera.has(Quirk.NAMELESS_HEADER):
            # On the wire a line of its own, with no name that HTTP would know.
            response.headers["Tue, 12 Jun 2012 01"] = "56:34 GMT"
        if self.camera.has(Quirk.WRONG_LENGTH):
            response.headers["Content-Length"] = str(len(body) + 48)
            response.force_close()
        return response

    def _challenge(self, *, stale: bool) -> web.Response:
        response = web.Response(status=401, text="Unauthorized")
        for value in self.auth.challenges(stale=stale):
            response.headers.add("WWW-Authenticate", value)
        return response

    async def _snapshot(self, request: web.BaseRequest) -> web.StreamResponse:
        token = request.path.removeprefix(SNAPSHOTS)
        if token not in self.camera.profile_tokens() or self.camera.has(Quirk.NO_SNAPSHOT):
            return web.Response(status=404, text="Not found")
        if request.method != "GET":
            return web.Response(status=405, headers={"Allow": "GET"}, text="GET only")
        if not self.camera.has(Quirk.OPEN_WITHOUT_LOGIN):
            try:
                self.auth.check_http(
                    authorization=request.headers.get("Authorization"),
                    method=request.method,
                    target=request.path_qs,
                )
            except Refused as err:
                if not self.camera.has(Quirk.SNAPSHOT_BASIC):
                    return self._challenge(stale=err.stale)
                return web.Response(
                    status=401,
                    headers={"WWW-Authenticate": 'Basic realm="ONVIF"'},
                    text="Unauthorized",
                )
        if (garbage := self.camera.faults.garbage) is not Garbage.NONE:
            return await spoil(request, garbage, "Snapshot", envelope(""))
        picture = await self._still(token, self.camera.now())
        return web.Response(body=picture, content_type="image/jpeg")


_OPERATIONS: dict[type[Service], dict[str, Operation]] = {
    kind: kind.operations()
    for kind in (
        DeviceService,
        MediaService,
        Media2Service,
        EventsService,
        SubscriptionManagerService,
        RecordingService,
        SearchService,
        ReplayService,
    )
}

_LOGIN_PAGE = (
    "<!DOCTYPE html><html><head><title>Log in</title></head><body><form><input name=user><input name=password>"
    "<br>Please log in</form></body></html>"
)
_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE bomb [<!ENTITY a "bombbombbombbombbombbombbombbomb">'
    + "".join(
        f'<!ENTITY {name} "{f"&{inner};" * 10}">'
        for inner, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + f']><env:Envelope xmlns:env="{ENV}"><env:Body>&i;</env:Body></env:Envelope>'
)


async def spoil(
    request: web.BaseRequest, garbage: Garbage, name: str, good: str
) -> web.StreamResponse:
    """Return a spoilt answer in place of a good one."""
    match garbage:
        case Garbage.HTML:
            return web.Response(text=_LOGIN_PAGE, content_type="text/html")
        case Garbage.TRUNCATED:
            return web.Response(text=good[: len(good) * 2 // 3], content_type=CONTENT_TYPE)
        case Garbage.ENTITY_BOMB:
            return web.Response(text=_BOMB, content_type=CONTENT_TYPE)
        case Garbage.WRONG_SCHEMA:
            prefix = next(
                (
                    p
                    for p in ("tds", "trt", "tr2", "tev", "trc", "tse", "trp")
                    if f"<{p}:{name}" in good
                ),
                "tds",
            )
            body = (
                f"<{prefix}:{name}Response><tt:Unexpected>perhaps</tt:Unexpected>"
                f"<{prefix}:Service>7</{prefix}:Service><tt:Year>next</tt:Year></{prefix}:{name}Response>"
            )
            return web.Response(text=envelope(body), content_type=CONTENT_TYPE)
        case Garbage.HUGE:
            return await _huge(request)
        case _:
            return web.Response(body=b"", content_type=CONTENT_TYPE)


async def _huge(request: web.BaseRequest) -> web.StreamResponse:
    """Stream ten megabytes of well-formed XML, never holding more than a piece of it."""
    response = web.StreamResponse(headers={"Content-Type": CONTENT_TYPE})
    response.enable_chunked_encoding()
    with contextlib.suppress(ConnectionError):
        await response.prepare(request)
        await response.write(f"{_OPENING}<env:Body><tt:Huge>".encode())
        piece = b"x" * 65536
        for _ in range(HUGE // len(piece)):
            await response.write(piece)
        await response.write(b"</tt:Huge></env:Body></env:Envelope>")
        await response.write_eof()
    return response


def make_tls(host: str) -> tuple[ssl.SSLContext, bytes]:
    """Return a server context with a new self-signed certificate, and the certificate's SHA-256 fingerprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "camera")])
    names: list[x509.GeneralName] = [x509.DNSName("localhost")]
    with contextlib.suppress(ValueError):
        names.append(x509.IPAddress(ipaddress.ip_address(host)))
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # The ssl module reads certificates from files only.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "camera.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context.load_cert_chain(path)
    return context, certificate.fingerprint(hashes.SHA256())
