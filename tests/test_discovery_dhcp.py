"""DHCP: a known camera is followed to its new address only after it has proved who it is."""

from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_DHCP, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.niiza_cctv.cameras import Cameras
from custom_components.niiza_cctv.const import DOMAIN
from simulator.running import RunningCamera
from simulator.station import Station
from tests.section import camera_data, camera_subentry, section_entry, set_up
from tests.station import camera_config

GONE = "192.0.2.10"


def entry_at_old_address(kita: RunningCamera, **changes: Any) -> MockConfigEntry:
    """Return a section that knows the camera at an address which it left."""
    return section_entry(camera_subentry(kita, host=GONE, **changes))


async def announce(hass: HomeAssistant, mac: str, ip: str = "127.0.0.1") -> ConfigFlowResult:
    """Let DHCP tell of a device."""
    return await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_DHCP},
        data=DhcpServiceInfo(ip=ip, hostname="cam", macaddress=mac.replace(":", "")),
    )


async def test_known_camera_is_followed(hass: HomeAssistant, kita: RunningCamera) -> None:
    """The camera that proves itself at the new address is looked for there from now on."""
    entry = entry_at_old_address(kita)
    entry.add_to_hass(hass)
    result = await announce(hass, kita.camera.config.mac)
    assert result["reason"] == "already_configured"
    (subentry,) = entry.subentries.values()
    assert subentry.data["host"] == "127.0.0.1"


async def test_other_camera_with_a_borrowed_mac_is_not_followed(
    hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]]
) -> None:
    """A MAC address in a DHCP packet proves nothing."""
    station = await start_station(camera_config("kita"), camera_config("minami"))
    kita, minami = station.cameras["kita"], station.cameras["minami"]
    entry = entry_at_old_address(kita, port=minami.http_port)
    (subentry,) = entry.subentries.values()
    entry.add_to_hass(hass)
    await announce(hass, kita.camera.config.mac)
    assert subentry.data["host"] == GONE


async def test_silent_address_is_not_followed(
    hass: HomeAssistant, kita: RunningCamera, unused_tcp_port: int
) -> None:
    """Where nothing answers, nothing is followed."""
    entry = entry_at_old_address(kita, port=unused_tcp_port)
    (subentry,) = entry.subentries.values()
    entry.add_to_hass(hass)
    await announce(hass, kita.camera.config.mac)
    assert subentry.data["host"] == GONE


async def test_unknown_device_is_ignored(hass: HomeAssistant, kita: RunningCamera) -> None:
    """Something else in the network is none of ours."""
    section_entry(kita).add_to_hass(hass)
    result = await announce(hass, "02:00:00:99:99:99")
    assert result["reason"] == "unknown_camera"


async def test_camera_that_answers_is_left_where_it_is(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """Behind NAT the camera's own address is not the one that we use."""
    entry = await set_up(hass, kita)
    await announce(hass, kita.camera.config.mac, GONE)
    (subentry,) = entry.subentries.values()
    assert subentry.data["host"] == "127.0.0.1"


async def test_camera_that_the_section_has_not_taken_up_yet_is_followed(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """Between its addition and its first poll nothing is known of it, and nothing breaks."""
    entry = entry_at_old_address(kita)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    (subentry,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(entry, subentry, data=camera_data(kita, host=GONE))
    with patch.object(Cameras, "get", return_value=None):
        result = await announce(hass, kita.camera.config.mac)
    assert result["reason"] == "already_configured"
    assert subentry.data["host"] == "127.0.0.1"
