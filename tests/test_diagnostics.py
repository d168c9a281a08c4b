"""Diagnostics tell what a camera said, and nothing that leads to it."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
import json
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.checks.model import Result
from custom_components.niiza_cctv.lib.inbound.passwords import hash_password
from simulator.camera import User, UserLevel
from simulator.running import RunningCamera
from simulator.station import Station
from tests.office import Office
from tests.section import NO_ROLES, POLICY, camera_subentry, known, poll, state, unique_id_of, until
from tests.station import camera_config

USERNAME = "kanshi:shokuin"
PASSWORD = "p@ss/w0rd kanshi"
FINGERPRINT = "0f" * 32
ACCOUNT = User(name=USERNAME, password=PASSWORD, level=UserLevel.USER)


@pytest.fixture
async def cameras(start_station: Callable[..., Awaitable[Station]]) -> list[RunningCamera]:
    """Return two cameras with an account that is not easily hidden."""
    station = await start_station(
        camera_config("kita", users=(ACCOUNT,)), camera_config("minami", users=(ACCOUNT,))
    )
    return list(station.cameras.values())


async def start(
    hass: HomeAssistant, *cameras: RunningCamera, viewers: list[str] | None = None, **changes: Any
) -> MockConfigEntry:
    """Set the section up; `changes` are of the cameras' subentries."""
    account = {"username": USERNAME, "password": PASSWORD, "fingerprint": FINGERPRINT}
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id=DOMAIN,
        data=POLICY | NO_ROLES | {"viewers": viewers or []},
        subentries_data=[camera_subentry(camera, **account | changes) for camera in cameras],
    )
    entry.add_to_hass(hass)
    # It finds the platforms of other integrations in the background.
    assert await async_setup_component(hass, "diagnostics", {})
    assert await hass.config_entries.async_setup(entry.entry_id)
    for camera in cameras:
        await until(partial(known, hass, camera.camera.config, "alive"))
    await hass.async_block_till_done()
    return entry


def secrets_of(*cameras: RunningCamera) -> set[str]:
    """Return everything that must not be found, in all its spellings."""
    secrets = {USERNAME, PASSWORD, FINGERPRINT, "127.0.0.1", "sato-id", "suzuki-id"}
    secrets |= {quote(USERNAME, safe=""), quote(PASSWORD, safe=""), USERNAME.partition(":")[2]}
    for camera in cameras:
        config = camera.camera.config
        secrets |= {config.serial, config.mac, config.mac.replace(":", ""), unique_id_of(config)}
        secrets |= {config.serial.replace("-", "")}
    return secrets


def assert_hidden(text: str, secrets: set[str]) -> None:
    """Search the whole output."""
    for secret in secrets:
        assert secret.lower() not in text.lower(), secret


async def test_section(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    cameras: list[RunningCamera],
    people: dict[str, MockUser],
) -> None:
    """The facts are there; the secrets are not, also not in what Home Assistant adds."""
    entry = await start(hass, *cameras, viewers=[user.id for user in people.values()])
    await until(lambda: state(hass, cameras[0].camera.config, "retention_problem").state == "off")
    data: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    kita, minami = data["cameras"]
    assert kita["title"] == "kita"
    assert minami["title"] == "minami"
    assert kita["data"]["password"] == "**REDACTED**"
    assert kita["data"]["port"] == cameras[0].http_port
    assert kita["status"]["alive"] is True
    assert kita["status"]["retention"]["status"] == "within"
    assert kita["status"]["sd"]["status"] == "recording"
    assert kita["status"]["identity"]["model"] == cameras[0].camera.config.model
    assert kita["policy"]["clock_tolerance"] == 2
    assert data["data"]["viewers"] == 2

    assert await async_setup_component(hass, "diagnostics", {})
    client = await hass_client()
    response = await client.get(f"/api/diagnostics/config_entry/{entry.entry_id}")
    assert response.status == HTTPStatus.OK
    content = await response.json()
    content.pop("home_assistant")
    assert_hidden(json.dumps(content, ensure_ascii=False), secrets_of(*cameras))


async def test_camera(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, cameras: list[RunningCamera]
) -> None:
    """One camera's diagnostics are of that camera only, and as silent."""
    entry = await start(hass, *cameras)
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, unique_id_of(cameras[1].camera.config)), entry.entry_id
    )
    assert device
    data: Any = await get_diagnostics_for_device(hass, hass_client, entry, device)
    assert [camera["title"] for camera in data["cameras"]] == ["minami"]
    assert_hidden(json.dumps(data, ensure_ascii=False), secrets_of(*cameras))


@pytest.mark.parametrize(
    ("fault", "kinds"),
    [
        # The watch over events may have been refused before the poll, which then holds back.
        ({"refuse_logins": True}, {"CameraRefused", "CameraLockedOut"}),
        ({"garbage": "html"}, {"CameraAnswerInvalid"}),
    ],
)
async def test_error_is_told_without_the_address(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    cameras: list[RunningCamera],
    fault: dict[str, Any],
    kinds: set[str],
) -> None:
    """What failed is told by its kind, its text hides the address."""
    entry = await start(hass, *cameras)
    cameras[0].set(**fault)
    await poll(hass)
    broken = next(iter(entry.runtime_data.cameras.values()))
    await until(lambda: broken.data.error is not None)
    data: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    error = data["cameras"][0]["status"]["error"]
    assert error["type"] in kinds
    assert error["message"]
    assert_hidden(json.dumps(data, ensure_ascii=False), secrets_of(*cameras))
    assert data["cameras"][1]["status"]["error"] is None


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("rtsp://10.1.2.3:554/live", "rtsp://**REDACTED**:554/live"),
        ("rtsp://user:word@camera.local/live", "rtsp://**REDACTED**/live"),
        ("http://[fe80::1]:80/onvif", "http://**REDACTED**:80/onvif"),
        ("No route to 192.168.10.20 (no answer)", "No route to **REDACTED** (no answer)"),
        ("neighbour 2001:db8:0:1::17 is gone", "neighbour **REDACTED** is gone"),
        ("station 02-AB-00-12-34-56", "station **REDACTED**"),
        ("urn:uuid:11111111-2222-3333-4444-555555555555", "urn:uuid:**REDACTED**"),
        ("Firmware 1.4.2 at 12:30:15", "Firmware 1.4.2 at 12:30:15"),
    ],
)
async def test_addresses_are_known_by_their_shape(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    kita: RunningCamera,
    text: str,
    hidden: str,
) -> None:
    """An address that nobody configured, in a text that the camera wrote, is hidden too."""
    entry = await start(hass, kita, username="viewer", password="viewer-pass", model=text)
    data: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert data["cameras"][0]["data"]["model"] == hidden


async def test_a_short_password_does_not_swallow_the_texts(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    start_station: Callable[..., Awaitable[Station]],
) -> None:
    """A password of one letter is hidden where it stands alone."""
    account = User(name="a", password="e", level=UserLevel.USER)
    station = await start_station(camera_config("kita", users=(account,)))
    entry = await start(hass, station.cameras["kita"], username="a", password="e", model="e model")
    data: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert data["cameras"][0]["data"]["password"] == "**REDACTED**"
    assert data["cameras"][0]["data"]["model"] == "**REDACTED** model"
    assert data["cameras"][0]["status"]["sd"]["evidence"] in {"newest_moves", "none"}


async def test_options_and_reports_are_told_without_what_is_secret(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    cameras: list[RunningCamera],
    people: dict[str, MockUser],
) -> None:
    """What is switched on is there; names, hashes, networks and whose tablet it is are not."""
    hashed = await hass.async_add_executor_job(hash_password, "kanshi-mail-password")
    reports: dict[str, Any] = {
        "mail_recipient": "kita-guchi",
        "mail_interval": 60,
        "address_id": "kita-ddns",
        "address_password": hashed,
    }
    entry = await start(hass, *cameras[:1], **reports)
    tablet = ConfigSubentry(
        data=MappingProxyType({"user_id": "sato-id", "notify": "app-entry-id"}),
        subentry_type="tablet",
        title="会議室",
        unique_id="tablet-sato-id",
    )
    hass.config_entries.async_add_subentry(entry, tablet)
    mail = {
        "enabled": False,
        "port": 2525,
        "networks": ["192.168.10.0/24", "fd12::/16"],
        "username": "mail-kanshi",
        "password": hashed,
        "starttls": "required",
        "silent_after": 3,
        "error_patterns": ["SDカード*異常"],
        "recovery_patterns": [],
    }
    own = {"key": "own_1", "name": "鍵の確認", "objects": ["section"], "interval_days": 7}
    hass.config_entries.async_update_entry(
        entry,
        options={
            "mail": mail,
            "address": {"enabled": True, "port": 0},
            "own_checks": [own],
            "check_intervals": {"signage": 14},
        },
    )
    await hass.async_block_till_done()
    data: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    options = data["options"]
    assert options["mail"]["networks"] == 2
    assert options["mail"]["starttls"] == "required"
    assert options["mail"]["error_patterns"] == ["SDカード*異常"]
    assert options["address"] == {"enabled": True, "port": 0}
    assert options["own_checks"] == [own]
    assert data["mail"] == {"receiving": False, "refused": {}}
    assert data["objects"] == {"section": 1, "camera": 1, "tablet": 1}
    assert data["checks"]["signage"] == {"due": 1}
    assert data["checks"]["own_1"] == {"due": 1}
    assert data["cameras"][0]["data"]["mail_interval"] == 60
    assert data["cameras"][0]["heartbeat"]["last"] is None
    assert data["cameras"][0]["reported"] is None
    secrets = secrets_of(cameras[0]) | {"kita-guchi", "kita-ddns", hashed, hashed[-20:]}
    secrets |= {"mail-kanshi", "192.168.10", "fd12", "app-entry-id", "tablet-sato-id"}
    assert_hidden(json.dumps(data, ensure_ascii=False), secrets)


async def test_checks_are_counted_by_how_they_stand(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, office: Office
) -> None:
    """Confirmed, failed and due, for the section and for one device."""
    assert await async_setup_component(hass, "diagnostics", {})
    camera = f"camera:{office.camera_id}"
    checks = office.evidence.checks
    actor = await office.evidence.async_actor("sato", direct=True)
    await checks.record(actor, f"signage:{camera}", Result.PASSED)
    await checks.record(actor, f"sd_card:{camera}", Result.FAILED, note="書込みエラー")
    data: Any = await get_diagnostics_for_config_entry(hass, hass_client, office.entry)
    assert data["checks"]["signage"] == {"confirmed": 1}
    assert data["checks"]["sd_card"] == {"failed": 1}
    assert data["checks"]["clock_by_eye"] == {"due": 1}
    assert data["checks"]["contractor"] == {"due": 1}
    assert "書込みエラー" not in json.dumps(data, ensure_ascii=False)
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, office.camera_id), office.entry.entry_id
    )
    assert device
    data = await get_diagnostics_for_device(hass, hass_client, office.entry, device)
    assert data["checks"]["signage"] == {"confirmed": 1}
    assert "contractor" not in data["checks"]


async def test_why_mails_were_not_taken_is_counted(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    kita: RunningCamera,
    unused_tcp_port: int,
) -> None:
    """Whoever looks for a camera's missing mails finds the reason, and nobody's address."""
    entry = await start(hass, kita, username="viewer", password="viewer-pass")
    hass.config_entries.async_update_entry(
        entry, options={"mail": {"enabled": True, "port": unused_tcp_port}}
    )
    await until(lambda: entry.runtime_data.mail.receiver is not None)
    reader, writer = await asyncio.open_connection("127.0.0.1", unused_tcp_port)
    for line in ("EHLO stranger", "MAIL FROM:<stranger@example>", "RCPT TO:<nobody@example>"):
        await reader.readuntil(b" ")
        writer.write(f"{line}\r\n".encode())
    answers = b""
    while b"\r\n550" not in answers and b"\r\n5" not in answers:
        answers += await reader.readline()
    writer.close()
    data: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert data["mail"] == {"receiving": True, "refused": {"unknown_recipient": 1}}
    assert "nobody@example" not in json.dumps(data)
