"""What a camera says of itself."""

import pytest

from custom_components.niiza_cctv.lib.device.errors import CameraAnswerInvalid
from custom_components.niiza_cctv.lib.device.parse.device import (
    parse_capabilities,
    parse_device_information,
    parse_network_interfaces,
    parse_scopes,
    parse_services,
    parse_storage_configurations,
)
from tests.lib.device.scripted_onvif import response, services_answer


def test_services_by_their_namespaces() -> None:
    """The first address of a service counts; unknown services are passed over."""
    answer = services_answer(
        ver10_device="http://192.168.1.9/onvif/device_service",
        ver10_media="http://192.168.1.9/onvif/Media",
        ver20_media="http://192.168.1.9/onvif/Media2",
        ver10_events="http://192.168.1.9/onvif/Events",
        ver10_recording="http://192.168.1.9/onvif/Recording",
        ver10_search="http://192.168.1.9/onvif/Search",
        ver10_replay="http://192.168.1.9/onvif/Replay",
        ver20_ptz="http://192.168.1.9/onvif/PTZ",
    ).replace(
        "</GetServices",
        "<Service><Namespace>http://www.onvif.org/ver10/media/wsdl</Namespace><XAddr>x</XAddr></Service></GetServices",
    )
    services = parse_services(answer.encode())
    assert services.media == "http://192.168.1.9/onvif/Media"
    assert services.media2 == "http://192.168.1.9/onvif/Media2"
    assert services.replay == "http://192.168.1.9/onvif/Replay"
    for empty in (services_answer(), services_answer(ver10_media="")):
        with pytest.raises(CameraAnswerInvalid):
            parse_services(empty.encode())


def test_capabilities_of_older_cameras() -> None:
    """Recording, search and replay stand in the extension."""
    answer = response(
        "GetCapabilities",
        "<Capabilities><Media><XAddr>http://a/m</XAddr></Media><Events><XAddr/></Events>"
        "<Extension><Recording><XAddr>http://a/r</XAddr></Recording></Extension></Capabilities>",
    )
    services = parse_capabilities(answer.encode())
    assert (services.media, services.events, services.recording) == (
        "http://a/m",
        None,
        "http://a/r",
    )
    with pytest.raises(CameraAnswerInvalid):
        parse_capabilities(response("GetCapabilities").encode())


def test_identity_with_what_is_there() -> None:
    """A field left out is empty, and a nil one is none."""
    answer = response(
        "GetDeviceInformation",
        '<Manufacturer> i-PRO </Manufacturer><Model xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="1">x</Model>',
    )
    identity = parse_device_information(answer.encode())
    assert (identity.manufacturer, identity.model, identity.serial) == ("i-PRO", "", "")
    with pytest.raises(CameraAnswerInvalid):
        parse_device_information(response("GetDeviceInformation", "<Year>next</Year>").encode())


def test_hardware_addresses_in_every_spelling() -> None:
    """Only what can be one, each once."""
    interface = "<NetworkInterfaces><Info><HwAddress>{}</HwAddress></Info></NetworkInterfaces>"
    spellings = [
        "AC:CC:8E:00:11:22",
        "accc8e001122",
        "AC-CC-8E-33-44-55",
        "00:00:00:00:00:00",
        "n/a",
        "",
    ]
    answer = response("GetNetworkInterfaces", "".join(interface.format(text) for text in spellings))
    assert parse_network_interfaces(answer.encode()) == (
        "ac:cc:8e:00:11:22",
        "ac:cc:8e:33:44:55",
    )


def test_scopes_and_storages() -> None:
    """Lists are lists, empty ones too."""
    answer = response("GetScopes", "<Scopes><ScopeItem>onvif://a</ScopeItem></Scopes><Scopes/>")
    assert parse_scopes(answer.encode()) == ("onvif://a",)
    answer = response(
        "GetStorageConfigurations",
        '<StorageConfigurations token="1"><Data type="LocalStorage"/></StorageConfigurations>'
        '<StorageConfigurations token="2"/>',
    )
    assert parse_storage_configurations(answer.encode()) == ("LocalStorage",)
    assert parse_storage_configurations(response("GetStorageConfigurations").encode()) == ()
