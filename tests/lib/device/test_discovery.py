"""Cameras that announce themselves, over real multicast; announcements come from anybody on the network."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
import logging
import re
import socket
import struct
import time
from typing import override

import pytest

from custom_components.niiza_cctv.lib.device.discovery import DiscoveredCamera, discover
from simulator.station import Station
from tests.section import PATIENCE
from tests.station import camera_config

GROUP, PORT = "239.255.255.250", 3702
ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
DISCOVERY = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
NETWORK = "http://www.onvif.org/ver10/network/wsdl"
SOAP = "http://www.w3.org/2003/05/soap-envelope"

pytestmark = pytest.mark.usefixtures("socket_enabled")


class Announcer(asyncio.DatagramProtocol):
    """Answers every probe for a transmitter with the matches that a test wrote."""

    def __init__(self, matches: list[str | bytes]) -> None:
        """Take the ProbeMatch elements, or whole datagrams as bytes."""
        self._matches = matches
        self._transport: asyncio.DatagramTransport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if b"NetworkVideoTransmitter" not in data or b"ProbeMatch" in data:
            return
        found = re.search(rb"MessageID>([^<]+)<", data)
        assert found is not None
        assert self._transport is not None
        for number, datagram in enumerate(self._matches):
            if isinstance(datagram, str):
                envelope = (
                    f'<e:Envelope xmlns:e="{SOAP}" xmlns:a="{ADDRESSING}" xmlns:d="{DISCOVERY}" '
                    f'xmlns:dn="{NETWORK}"><e:Header><a:MessageID>urn:uuid:{number}-{addr[1]}</a:MessageID>'
                    f"<a:RelatesTo>{found[1].decode()}</a:RelatesTo>"
                    f"<a:Action>{DISCOVERY}/ProbeMatches</a:Action></e:Header><e:Body><d:ProbeMatches>"
                    f"{datagram}</d:ProbeMatches></e:Body></e:Envelope>"
                )
                self._transport.sendto(envelope.encode(), addr)
            else:
                self._transport.sendto(datagram, addr)


@asynccontextmanager
async def announced(*matches: str | bytes) -> AsyncGenerator[None]:
    """Announce devices on this machine's network for a while."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("", PORT))
    for index, _ in socket.if_nameindex():
        try:
            listener.setsockopt(
                socket.IPPROTO_IP,
                socket.IP_ADD_MEMBERSHIP,
                struct.pack("=4s4si", socket.inet_aton(GROUP), bytes(4), index),
            )
        except OSError:
            continue
    listener.setblocking(False)
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Announcer(list(matches)), sock=listener
    )
    try:
        yield
    finally:
        transport.close()
        await asyncio.sleep(0)


def match(
    urn: str, xaddrs: str, scopes: str = "", types: str = "dn:NetworkVideoTransmitter"
) -> str:
    """Return a ProbeMatch."""
    return (
        f"<d:ProbeMatch><a:EndpointReference><a:Address>{urn}</a:Address></a:EndpointReference>"
        f"<d:Types>{types}</d:Types><d:Scopes>{scopes}</d:Scopes><d:XAddrs>{xaddrs}</d:XAddrs>"
        "<d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch>"
    )


async def found_among(*urns: str) -> dict[str, DiscoveredCamera]:
    """Return the cameras found under these names; others may be on the network."""
    return {c.urn: c for c in await discover(timedelta(seconds=2)) if c.urn in urns}


async def test_simulated_cameras_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """By either type, with name, hardware and an address that answers."""
    # It learns its own address by connecting a socket to whoever probes, which tests may not.
    monkeypatch.setattr("simulator.discovery.own_address", lambda _: "127.0.0.1")
    async with Station(
        [camera_config("discovered-kita"), camera_config("discovered-minami")], discovery=True
    ) as station:
        found = {camera.name: camera for camera in await discover(timedelta(seconds=3))}
        for name, camera in station.cameras.items():
            assert found[name].hardware == camera.camera.config.model
            assert found[name].port == camera.http_port
            assert not found[name].tls
            assert found[name].urn.startswith("urn:uuid:")
            assert "onvif://www.onvif.org/Profile/G" in found[name].scopes


async def test_names_are_decoded_and_the_best_address_is_chosen() -> None:
    """IPv4 before IPv6 before names before what works only on a wire of its own."""
    async with announced(
        match(
            "urn:uuid:one",
            "http://[fe80::1]/onvif http://169.254.3.4/onvif http://[2001:db8::5]:81/x https://10.1.2.3/onvif http://10.9.9.9/",
            "onvif://www.onvif.org/name/%E5%8C%97%E5%8F%A3%20No.1 onvif://www.onvif.org/hardware/ onvif://www.onvif.org/Hardware/WV%2DS1",
        ),
        match("urn:uuid:two", "http://[fd00::5]:8080/onvif http://cam.local/onvif"),
        match("urn:uuid:three", "http://127.0.0.1:1/ http://169.254.3.4:8000/onvif"),
    ):
        found = await found_among("urn:uuid:one", "urn:uuid:two", "urn:uuid:three")
    one, two, three = (found[f"urn:uuid:{number}"] for number in ("one", "two", "three"))
    assert (one.host, one.port, one.tls) == ("10.1.2.3", 443, True)
    assert (one.name, one.hardware) == ("北口 No.1", "WV-S1")
    assert (two.host, two.port, two.name) == ("fd00::5", 8080, "")
    assert (three.host, three.port) == ("169.254.3.4", 8000)


async def test_announcements_that_are_wrong_hide_no_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No address, no sense, another type, an entity bomb, patterns for the library to fill."""
    caplog.set_level(logging.INFO)
    bomb = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'
    async with announced(
        b"not xml",
        bomb.encode(),
        match(
            "urn:uuid:none",
            "ftp://10.0.0.1/ http:///x http://0.0.0.0/ http://[::1 http://10.0.0.1:99999/ http://[fe80::1]/",
        ),
        match("urn:uuid:multicast", "http://239.1.1.1/"),
        match("urn:uuid:pattern", "http://{ip}{0.__class__}/"),
        match("urn:uuid:printer", "http://10.0.0.7/", types="dn:Printer"),
        match(
            "urn:uuid:good",
            "http://10.0.0.8/onvif",
            "x " * 200 + "onvif://www.onvif.org/name/" + "a" * 500,
        ),
        match("urn:uuid:good", "http://10.0.0.8/onvif"),
    ):
        found = await found_among(
            "urn:uuid:none",
            "urn:uuid:multicast",
            "urn:uuid:pattern",
            "urn:uuid:printer",
            "urn:uuid:good",
        )
    assert set(found) == {"urn:uuid:good"}
    assert found["urn:uuid:good"].host == "10.0.0.8"
    assert "Traceback" not in caplog.text


async def test_a_search_ends_in_time_and_leaves_the_loop_free() -> None:
    """The library sleeps; the event loop does not."""
    turns = 0

    async def watch() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.01)
            turns += 1

    watcher = asyncio.create_task(watch())
    started = time.monotonic()
    await discover(timedelta(seconds=1))
    took = time.monotonic() - started
    watcher.cancel()
    assert 0.9 < took < PATIENCE
    assert turns > 5


async def test_without_a_network_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty answer: the camera's address can still be typed."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError("Network is unreachable")

    monkeypatch.setattr("wsdiscovery.discovery.ThreadedWSDiscovery.start", refuse)
    assert await discover(timedelta(seconds=1)) == ()
