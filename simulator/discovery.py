"""WS-Discovery (April 2005) for a whole station: one socket answers for every camera, as ONVIF Core chapter 7 wants."""

import asyncio
from collections.abc import Callable
import contextlib
import logging
import random
import socket
import struct
import time
from typing import override
from urllib.parse import urlsplit
import uuid

from lxml import etree

from simulator.camera import in_url
from simulator.running import RunningCamera
from simulator.services.base import TDS, SoapFault, q
from simulator.services.device import DeviceService, scopes
from simulator.soap import ENV, parse

_LOGGER = logging.getLogger(__name__)

GROUP, PORT = "239.255.255.250", 3702
WSA_2004 = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
DISCOVERY = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
DN = "http://www.onvif.org/ver10/network/wsdl"
TO_ALL = "urn:schemas-xmlsoap-org:ws:2005:04:discovery"
ANONYMOUS = f"{WSA_2004}/role/anonymous"
MATCH_RFC3986 = f"{DISCOVERY}/rfc3986"
MATCH_STRCMP = f"{DISCOVERY}/strcmp0"
TYPES = {(DN, "NetworkVideoTransmitter"), (TDS, "Device")}
# Seconds within which matches are sent (APP_MAX_DELAY), so that a hundred cameras do not shout at once.
APP_MAX_DELAY = 0.5
HOP_LIMIT = 1


def endpoint(running: RunningCamera) -> str:
    """Return the camera's stable address; it survives reboots and moves."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"onvif:{running.camera.config.serial}").urn


class Responder(asyncio.DatagramProtocol):
    """Answers probes and resolves, and says hello and bye."""

    def __init__(self, cameras: Callable[[], list[RunningCamera]]) -> None:
        """Make the responder; `cameras` lists who is published."""
        self._cameras = cameras
        self._transport: asyncio.DatagramTransport | None = None
        self._instance = int(time.time())
        self._number = 0
        self._timers: set[asyncio.TimerHandle] = set()

    async def start(self) -> None:
        """Join the multicast group on every interface and say hello. Raises OSError."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            # Other WS-Discovery programs on this machine listen to the same port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("", PORT))
            for index, _ in socket.if_nameindex():
                membership = struct.pack("=4s4si", socket.inet_aton(GROUP), bytes(4), index)
                # Interfaces that are down or know no multicast cannot be joined.
                with contextlib.suppress(OSError):
                    listener.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
            listener.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, HOP_LIMIT)
            listener.setblocking(False)
        except OSError:
            listener.close()
            raise
        self._transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: self, sock=listener
        )
        for running in self._cameras():
            self.hello(running)

    async def stop(self) -> None:
        """Say bye and leave."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        if self._transport is None:
            return
        for running in self._cameras():
            self.bye(running)
        self._transport.close()
        self._transport = None

    def hello(self, running: RunningCamera) -> None:
        """Announce a camera that came, came back or moved."""
        host = running.camera.config.host
        self._everywhere("Hello", f"<d:Hello>{self._describe(running, host)}</d:Hello>")

    def bye(self, running: RunningCamera) -> None:
        """Announce a camera that goes."""
        self._everywhere("Bye", f"<d:Bye>{_reference(running)}</d:Bye>")

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        try:
            root = parse(data)
        except SoapFault:
            return
        body = root.find(f"{{{ENV}}}Body")
        identity = root.findtext(f"{{{ENV}}}Header/{{{WSA_2004}}}MessageID")
        if body is None or len(body) == 0 or not identity:
            return
        request = body[0]
        match etree.QName(request).localname:
            case "Probe" if request.tag == f"{{{DISCOVERY}}}Probe":
                self._probed(request, identity.strip(), addr)
            case "Resolve" if request.tag == f"{{{DISCOVERY}}}Resolve":
                self._resolved(request, identity.strip(), addr)

    def _probed(self, probe: etree._Element, identity: str, addr: tuple[str, int]) -> None:
        if not _types_match(probe.find(f"{{{DISCOVERY}}}Types")):
            return
        wanted = probe.find(f"{{{DISCOVERY}}}Scopes")
        host = own_address(addr)
        for running in self._cameras():
            if _scopes_match(wanted, scopes(running.camera)):
                content = f"<d:ProbeMatches><d:ProbeMatch>{self._describe(running, host)}</d:ProbeMatch></d:ProbeMatches>"
                self._later(self._message("ProbeMatches", content, ANONYMOUS, identity), addr)

    def _resolved(self, resolve: etree._Element, identity: str, addr: tuple[str, int]) -> None:
        wanted = resolve.findtext(f"{{{WSA_2004}}}EndpointReference/{{{WSA_2004}}}Address") or ""
        host = own_address(addr)
        for running in self._cameras():
            if endpoint(running) == wanted.strip():
                content = f"<d:ResolveMatches><d:ResolveMatch>{self._describe(running, host)}</d:ResolveMatch></d:ResolveMatches>"
                self._later(self._message("ResolveMatches", content, ANONYMOUS, identity), addr)

    def _describe(self, running: RunningCamera, host: str) -> str:
        config = running.camera.config
        if config.host != "0.0.0.0":  # noqa: S104 - compared, not bound
            host = config.host
        scheme = "https" if config.tls else "http"
        address = f"{scheme}://{in_url(config.advertised_host or host)}:{config.http_port}{DeviceService.path}"
        return (
            f"{_reference(running)}<d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types>"
            f"<d:Scopes>{q(' '.join(scopes(running.camera)))}</d:Scopes><d:XAddrs>{q(address)}</d:XAddrs>"
            "<d:MetadataVersion>1</d:MetadataVersion>"
        )

    def _message(self, action: str, content: str, to: str, relates_to: str = "") -> bytes:
        self._number += 1
        related = f"<a:RelatesTo>{q(relates_to)}</a:RelatesTo>" if relates_to else ""
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><env:Envelope xmlns:env="{ENV}" xmlns:a="{WSA_2004}" xmlns:d="{DISCOVERY}"'
            f' xmlns:dn="{DN}" xmlns:tds="{TDS}"><env:Header><a:Action>{DISCOVERY}/{action}</a:Action>'
            f"<a:MessageID>{uuid.uuid4().urn}</a:MessageID>{related}<a:To>{to}</a:To>"
            f'<d:AppSequence InstanceId="{self._instance}" MessageNumber="{self._number}"/></env:Header>'
            f"<env:Body>{content}</env:Body></env:Envelope>"
        ).encode()

    def _later(self, message: bytes, addr: tuple[str, int]) -> None:
        def send() -> None:
            self._timers.discard(timer)
            if self._transport is not None:
                self._transport.sendto(message, addr)

        loop = asyncio.get_running_loop()
        timer = loop.call_later(random.uniform(0, APP_MAX_DELAY), send)
        self._timers.add(timer)

    def _everywhere(self, action: str, content: str) -> None:
        if self._transport is None:
            return
        message = self._message(action, content, TO_ALL)
        outgoing: socket.socket = self._transport.get_extra_info("socket")
        for index, _ in socket.if_nameindex():
            with contextlib.suppress(OSError):
                outgoing.setsockopt(
                    socket.IPPROTO_IP,
                    socket.IP_MULTICAST_IF,
                    struct.pack("=4s4si", bytes(4), bytes(4), index),
                )
                # The transport would send later, through whatever interface is set by then.
                with socket.socket(fileno=socket.dup(outgoing.fileno())) as now:
                    now.sendto(message, (GROUP, PORT))


def _reference(running: RunningCamera) -> str:
    return f"<a:EndpointReference><a:Address>{endpoint(running)}</a:Address></a:EndpointReference>"


def own_address(addr: tuple[str, int]) -> str:
    """Return the address of this machine that the sender can reach."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(addr)
        host: str = probe.getsockname()[0]
        return host


def _types_match(types: etree._Element | None) -> bool:
    """Tell whether we are of every type asked for."""
    if types is None:
        return True
    for name in (types.text or "").split():
        prefix, _, local = name.rpartition(":")
        if (types.nsmap.get(prefix or None), local) not in TYPES:
            return False
    return True


def _scopes_match(wanted: etree._Element | None, own: list[str]) -> bool:
    """Tell whether every scope asked for matches one of ours (WS-Discovery section 5.1)."""
    if wanted is None:
        return True
    rule = wanted.get("MatchBy", MATCH_RFC3986)
    asked = (wanted.text or "").split()
    if rule == MATCH_STRCMP:
        return all(scope in own for scope in asked)
    return rule == MATCH_RFC3986 and all(
        any(_is_prefix(scope, mine) for mine in own) for scope in asked
    )


def _is_prefix(asked: str, own: str) -> bool:
    """Compare scheme and authority without case, the path by whole segments."""
    one, two = urlsplit(asked), urlsplit(own)
    if (one.scheme.lower(), one.netloc.lower()) != (two.scheme.lower(), two.netloc.lower()):
        return False
    path = one.path.rstrip("/")
    return two.path == path or two.path.startswith(f"{path}/")
