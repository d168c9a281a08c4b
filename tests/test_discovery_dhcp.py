"""DHCP: a known camera is followed to its new address only after it has proved who it is."""

from collections.abc import Awaitable, Callable
import logging
from typing import Any

from homeassistant.config_entries import SOURCE_DHCP, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.niiza_cctv.const import DOMAIN
from simulator.camera import Quirk
from simulator.running import RunningCamera
from simulator.station import Station
from tests.section import camera_subentry, section_entry, set_up, until
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


async def load(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set the section up, whose only camera is not where it is known to be."""
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)


async def test_known_camera_is_followed(hass: HomeAssistant, kita: RunningCamera) -> None:
    """The camera that proves itself at the new address is looked for there from now on."""
    entry = entry_at_old_address(kita)
    await load(hass, entry)
    result = await announce(hass, kita.camera.config.mac)
    assert result["reason"] == "already_configured"
    (subentry,) = entry.subentries.values()
    await until(lambda: subentry.data["host"] == "127.0.0.1")


async def test_section_that_is_not_loaded_follows_nobody(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """What has to be proved is known to the section alone; DHCP tells again."""
    entry = entry_at_old_address(kita)
    (subentry,) = entry.subentries.values()
    entry.add_to_hass(hass)
    result = await announce(hass, kita.camera.config.mac)
    assert result["reason"] == "already_configured"
    assert subentry.data["host"] == GONE
    assert kita.soap.calls == []


async def test_camera_that_proves_nothing_waits_for_a_person(
    hass: HomeAssistant, kita: RunningCamera, issue_registry: ir.IssueRegistry
) -> None:
    """Maker, serial and MAC address are no secret."""
    kita.set(quirks=[Quirk.NO_RSPAUTH])
    entry = entry_at_old_address(kita)
    await load(hass, entry)
    await announce(hass, kita.camera.config.mac)
    (subentry,) = entry.subentries.values()
    await until(
        lambda: issue_registry.async_get_issue(DOMAIN, f"address_unproved_{subentry.subentry_id}")
    )
    assert subentry.data["host"] == GONE


async def test_other_camera_with_a_borrowed_mac_is_not_followed(
    hass: HomeAssistant,
    start_station: Callable[..., Awaitable[Station]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A MAC address in a DHCP packet proves nothing."""
    station = await start_station(camera_config("kita"), camera_config("minami"))
    kita, minami = station.cameras["kita"], station.cameras["minami"]
    entry = entry_at_old_address(kita, port=minami.http_port)
    await load(hass, entry)
    (subentry,) = entry.subentries.values()
    await announce(hass, kita.camera.config.mac)
    await until(lambda: "is not used: another_camera" in caplog.text)
    assert subentry.data["host"] == GONE


async def test_silent_address_is_not_followed(
    hass: HomeAssistant, kita: RunningCamera, unused_tcp_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Where nothing answers, nothing is followed."""
    caplog.set_level(logging.DEBUG)
    entry = entry_at_old_address(kita, port=unused_tcp_port)
    await load(hass, entry)
    (subentry,) = entry.subentries.values()
    await announce(hass, kita.camera.config.mac)
    await until(lambda: "does not answer yet" in caplog.text)
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
