"""The WSDiscovery library, which others wrote, finds the simulated cameras on this machine."""

import asyncio
from collections.abc import Iterator
import socket
import threading
from typing import Any

import pytest
import pytest_socket
from wsdiscovery import QName, Scope
from wsdiscovery.discovery import ThreadedWSDiscovery

from simulator.discovery import DISCOVERY, DN, GROUP, PORT, endpoint
from simulator.services.base import TDS
from simulator.station import Station
from tests.section import until
from tests.station import camera_config

TYPE = QName(DN, "NetworkVideoTransmitter")


@pytest.fixture
def multicast() -> Iterator[None]:
    """Allow multicast: the plugin that disables sockets allows 127.0.0.1 only."""
    pytest_socket._remove_restrictions()
    yield
    pytest_socket.disable_socket(allow_unix_socket=True)


def search(
    types: list[QName] | None, scopes: list[Scope] | None, timeout: float = 2.0
) -> list[Any]:
    """Search once; blocks."""
    discovery = ThreadedWSDiscovery()
    discovery.start()
    try:
        return list(discovery.searchServices(types=types, scopes=scopes, timeout=timeout))
    finally:
        discovery.stop()


async def test_found_by_the_library(multicast: None) -> None:
    """Every camera answers with its type, scopes and address; a search for others finds none."""
    configs = [camera_config("kita", location="北口"), camera_config("minami", tls=True)]
    async with Station(configs, discovery=True) as station:
        found = await asyncio.to_thread(search, [TYPE], None)
        services = {service.getEPR(): service for service in found}
        for running in station.cameras.values():
            service = services[endpoint(running)]
            scheme = "https" if running.camera.config.tls else "http"
            address = f"{scheme}://127.0.0.1:{running.http_port}/onvif/device_service"
            assert service.getXAddrs() == [address]
            types = {(kind.getNamespace(), kind.getLocalname()) for kind in service.getTypes()}
            assert types == {(DN, "NetworkVideoTransmitter"), (TDS, "Device")}
            scopes = [scope.getValue() for scope in service.getScopes()]
            assert f"onvif://www.onvif.org/name/{running.name}" in scopes
            assert "onvif://www.onvif.org/Profile/G" in scopes
        ours = {endpoint(running) for running in station.cameras.values()}
        scope = Scope("onvif://www.onvif.org/name/minami")
        found = await asyncio.to_thread(search, [TYPE], [scope])
        wanted = {endpoint(station.cameras["minami"])}
        assert {service.getEPR() for service in found} & ours == wanted
        found = await asyncio.to_thread(search, [QName(DN, "Printer")], None, 1.0)
        assert not {service.getEPR() for service in found} & ours


class Listener(threading.Thread):
    """Collects what is announced."""

    def __init__(self) -> None:
        """Join the group on every interface."""
        super().__init__(daemon=True)
        self.heard: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("", PORT))
        self._socket.settimeout(0.1)
        for index, _ in socket.if_nameindex():
            member = socket.inet_aton(GROUP) + bytes(4) + index.to_bytes(4, "little")
            try:
                self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
            except OSError:
                continue
        self.stopped = threading.Event()

    def run(self) -> None:
        """Listen until stopped."""
        while not self.stopped.is_set():
            try:
                self.heard.append(self._socket.recv(65536).decode())
            except TimeoutError:
                continue
        self._socket.close()


async def test_hello_and_bye(multicast: None) -> None:
    """Coming, moving and going are announced, a move with the new address and the same identity."""
    listener = Listener()
    listener.start()
    async with Station([camera_config()], discovery=True) as station:
        running = station.cameras["kita"]
        identity = endpoint(running)
        await station.move("kita")
        moved = f":{running.http_port}/onvif/device_service"

    def of(action: str) -> list[str]:
        heard = [text for text in list(listener.heard) if identity in text]
        return [text for text in heard if f"<a:Action>{DISCOVERY}/{action}<" in text]

    def told(action: str) -> int:
        # Several interfaces repeat a message; its identifier tells them apart.
        return len({text.split("MessageID>")[1] for text in of(action)})

    await until(lambda: told("Hello") >= 2 and told("Bye") >= 2)
    listener.stopped.set()
    await asyncio.to_thread(listener.join)
    assert (told("Hello"), told("Bye")) == (2, 2)
    assert any(moved in text for text in of("Hello"))


async def test_off_by_default(multicast: None) -> None:
    """A station that does not publish itself is not found."""
    async with Station([camera_config()]) as station:
        found = await asyncio.to_thread(search, [TYPE], None, 1.0)
        assert endpoint(station.cameras["kita"]) not in {service.getEPR() for service in found}
