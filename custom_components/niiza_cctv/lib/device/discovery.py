"""Cameras that announce themselves on the local network (WS-Discovery; Core specification, section 7)."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
import logging
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from wsdiscovery import QName, WSDiscovery

_LOGGER = logging.getLogger(__name__)

# More than any station has; answers come from anybody on the network.
_MAX_FOUND: Final = 256
_MAX_TEXT: Final = 100
_SCOPE: Final = "onvif://www.onvif.org/"
# Section 7.3.1: devices have one of these types, newer ones both.
_TYPES: Final = (
    ("http://www.onvif.org/ver10/network/wsdl", "NetworkVideoTransmitter"),
    ("http://www.onvif.org/ver10/device/wsdl", "Device"),
)


@dataclass(frozen=True, kw_only=True)
class DiscoveredCamera:
    """One ONVIF device that answered; `name` and `hardware` are "" where it announces none."""

    host: str
    port: int
    tls: bool
    name: str
    hardware: str
    # The endpoint reference: the same wherever the device is reached.
    urn: str
    scopes: tuple[str, ...]


async def discover(timeout: timedelta = timedelta(seconds=4)) -> tuple[DiscoveredCamera, ...]:
    """Ask the local network for ONVIF devices and return those that answered within `timeout`, by name.

    Nothing found, and no network to ask, are both an empty answer.
    """
    try:
        services = await asyncio.to_thread(_search, timeout.total_seconds())
    except OSError as err:
        _LOGGER.debug("The network cannot be searched for cameras: %s", err)
        return ()
    cameras = {camera.urn: camera for service in services if (camera := _camera(service))}
    return tuple(sorted(cameras.values(), key=lambda camera: (camera.name, camera.host)))


def _search(seconds: float) -> list[Any]:
    """Return the library's services, found in one half of the time for each type."""
    search = WSDiscovery(ttl=4, relates_to=True)
    search.start()
    try:
        return [
            service
            for namespace, name in _TYPES
            for service in search.searchServices(
                types=[QName(namespace, name)], timeout=seconds / len(_TYPES)
            )
        ][: _MAX_FOUND * len(_TYPES)]
    finally:
        search.stop()


def _camera(service: Any) -> DiscoveredCamera | None:
    """Return what a service announces, None where it names no address that can be reached."""
    try:
        addresses = [str(address) for address in service.getXAddrs()]
        scopes = [str(scope.getValue()) for scope in service.getScopes()]
        urn = str(service.getEPR())
    except AttributeError, LookupError, TypeError, ValueError:
        # The library fills patterns in addresses, and these come from the network.
        return None
    if (place := _best(addresses[:16])) is None:
        return None
    host, port, tls = place
    return DiscoveredCamera(
        host=host,
        port=port,
        tls=tls,
        name=_announced(scopes, "name/"),
        hardware=_announced(scopes, "hardware/"),
        urn=urn[:200],
        scopes=tuple(scopes[:64]),
    )


def _announced(scopes: Iterable[str], kind: str) -> str:
    """Return the decoded text of the first scope of a kind."""
    prefix = _SCOPE + kind
    found = (
        unquote(scope[len(prefix) :]).strip()
        for scope in scopes
        if scope.lower().startswith(prefix)
    )
    return next((text[:_MAX_TEXT] for text in found if text), "")


def _best(addresses: Iterable[str]) -> tuple[str, int, bool] | None:
    """Return host, port and whether TLS of the address that is most likely reached from here."""
    found: list[tuple[int, str, int, bool]] = []
    for address in addresses:
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            continue
        if parts.scheme in {"http", "https"} and parts.hostname:
            rank = _rank(parts.hostname)
            if rank is not None:
                tls = parts.scheme == "https"
                found.append((rank, parts.hostname, port or (443 if tls else 80), tls))
    if not found:
        return None
    # The camera's own order counts among equals.
    _, host, port, tls = min(found, key=lambda place: place[0])
    return host, port, tls


def _rank(host: str) -> int | None:
    """Return how far down an address stands in the choice, None where it cannot be reached at all."""
    try:
        address = ip_address(host)
    except ValueError:
        return 2
    if address.is_unspecified or address.is_multicast:
        return None
    if address.is_loopback:
        return 4
    if address.is_link_local:
        # An IPv6 one is of no use without the name of our own interface.
        return 3 if address.version == 4 else None
    return 0 if address.version == 4 else 1
