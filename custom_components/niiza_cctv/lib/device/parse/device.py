"""What a camera answers of itself: services, identity, network interfaces, scopes, storages."""

import re
from typing import Final

from ..errors import CameraAnswerInvalid
from ..model import CameraIdentity, Services, ServiceVersion
from ..soap import Envelope, child, open_envelope, text
from .fields import MAX_ITEMS, MAX_TEXT, first_by_token, listed_items, read_text

_SERVICES: Final = {
    "ver10/device/wsdl": "device",
    "ver10/media/wsdl": "media",
    "ver20/media/wsdl": "media2",
    "ver10/events/wsdl": "events",
    "ver10/recording/wsdl": "recording",
    "ver10/search/wsdl": "search",
    "ver10/replay/wsdl": "replay",
}


def parse_services(envelope: Envelope) -> Services:
    """Return the services of GetServices (Device specification, 8.1.2), addresses as the camera wrote them."""
    found: dict[str, str] = {}
    for service in listed_items(envelope, "GetServices", "Service"):
        namespace = text(service, "Namespace").rstrip("/").lower()
        name = _SERVICES.get(namespace.partition("onvif.org/")[2])
        address = text(service, "XAddr")
        if name and address:
            found.setdefault(name, address)
    return _services(found)


def parse_service_versions(envelope: Envelope) -> tuple[ServiceVersion, ...]:
    """Return every service that GetServices names, those that nobody here asks included, each once."""
    return first_by_token(
        (space, ServiceVersion(namespace=space, version=".".join(filter(None, version))))
        for service in listed_items(envelope, "GetServices", "Service")
        for space, version in [
            (
                read_text(service, "Namespace"),
                (read_text(service, "Version", "Major"), read_text(service, "Version", "Minor")),
            )
        ]
    )


def parse_capabilities(envelope: Envelope) -> Services:
    """Return the services of GetCapabilities (Device specification, 8.1.3), for cameras without GetServices."""
    capabilities = child(open_envelope(envelope, "GetCapabilitiesResponse"), "Capabilities")
    places = {
        "device": ("Device",),
        "media": ("Media",),
        "events": ("Events",),
        "recording": ("Extension", "Recording"),
        "search": ("Extension", "Search"),
        "replay": ("Extension", "Replay"),
    }
    return _services(
        {
            name: address
            for name, path in places.items()
            if (address := text(capabilities, *path, "XAddr"))
        }
    )


def _services(found: dict[str, str]) -> Services:
    if not found:
        raise CameraAnswerInvalid("the camera names no ONVIF service")
    return Services(**{"device": "", **found})


def parse_device_information(envelope: Envelope) -> CameraIdentity:
    """Return GetDeviceInformation (Device specification, 8.1.1); fields left out are ""."""
    answer = open_envelope(envelope, "GetDeviceInformationResponse")
    identity = CameraIdentity(
        manufacturer=read_text(answer, "Manufacturer"),
        model=read_text(answer, "Model"),
        firmware=read_text(answer, "FirmwareVersion"),
        serial=read_text(answer, "SerialNumber"),
    )
    if not any((identity.manufacturer, identity.model, identity.firmware, identity.serial)):
        raise CameraAnswerInvalid("the camera does not say what it is")
    return identity


def parse_network_interfaces(envelope: Envelope) -> tuple[str, ...]:
    """Return the hardware addresses of GetNetworkInterfaces, lower-case with colons, unreal ones left out."""
    macs: dict[str, None] = {}
    for interface in listed_items(envelope, "GetNetworkInterfaces", "NetworkInterfaces"):
        digits = re.sub(r"[^0-9a-f]", "", text(interface, "Info", "HwAddress").lower())
        if len(digits) == 12 and digits not in {"0" * 12, "f" * 12} and len(macs) < MAX_ITEMS:
            macs[":".join(digits[i : i + 2] for i in range(0, 12, 2))] = None
    return tuple(macs)


def parse_scopes(envelope: Envelope) -> tuple[str, ...]:
    """Return the scope URIs of GetScopes."""
    items = (text(scope, "ScopeItem") for scope in listed_items(envelope, "GetScopes", "Scopes"))
    return first_by_token((item, item) for item in items)


def parse_users(envelope: Envelope) -> dict[str, str]:
    """Return the level of each account of GetUsers (Device specification, 8.4.3), lower-case; the first of a name counts."""
    users: dict[str, str] = {}
    for user in listed_items(envelope, "GetUsers", "User")[:MAX_ITEMS]:
        if name := text(user, "Username")[:MAX_TEXT]:
            users.setdefault(name, text(user, "UserLevel").lower()[:MAX_TEXT])
    return users


def parse_storage_configurations(envelope: Envelope) -> tuple[str, ...]:
    """Return the types of the configured storages ("LocalStorage", …) of GetStorageConfigurations."""
    return tuple(
        (text(data) or data.get("type", "")).strip()[:MAX_TEXT]
        for storage in listed_items(envelope, "GetStorageConfigurations", "StorageConfigurations")
        if (data := child(storage, "Data")) is not None
    )[:MAX_ITEMS]
