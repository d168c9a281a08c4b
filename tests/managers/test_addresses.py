"""The address server through Home Assistant's front door: cameras report where they are, and are followed once proved."""

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import cache, partial
from http import HTTPStatus
import logging
import time
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from aiohttp import ClientSession
from aiohttp.test_utils import TestClient
from homeassistant.components.http.ban import KEY_FAILED_LOGIN_ATTEMPTS, KEY_LOGIN_THRESHOLD
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.const import Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
import pytest_socket

from custom_components.niiza_cctv.const import DOMAIN, LOGGER
from custom_components.niiza_cctv.diagnostics import async_get_config_entry_diagnostics
from custom_components.niiza_cctv.lib.inbound.guard import FAILURES_WINDOW
from custom_components.niiza_cctv.lib.inbound.passwords import ScryptCost, hash_password
from custom_components.niiza_cctv.lib.ledger.errors import LedgerUnavailable
from custom_components.niiza_cctv.managers.addresses import AddressReports
from custom_components.niiza_cctv.managers.outbox import LedgerOutbox
from simulator.camera import AuthMode, DdnsConfig, Faults, Quirk, User
from simulator.running import RunningCamera
from simulator.station import Station, free_port
from tests.section import (
    PATIENCE,
    camera_subentry,
    pass_in,
    section_entry,
    state,
    unique_id_of,
    until,
    waiting,
)
from tests.station import camera_config

PASSWORD = "reports-its-address"
ELSEWHERE = "127.0.0.2"


@pytest.fixture(autouse=True)
def whole_loopback(socket_enabled: None) -> None:
    """Let cameras be at other addresses of this machine."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", ELSEWHERE, "::1"])


@pytest.fixture(autouse=True)
async def served(hass: HomeAssistant) -> None:
    """Set up what serves something over HTTP before the first request freezes the routes."""
    for component in ("http", "stream", "camera"):
        assert await async_setup_component(hass, component, {})


@pytest.fixture
def announced(hass: HomeAssistant) -> list[dict[str, Any]]:
    """Return what automations are told of addresses, as it comes."""
    told: list[dict[str, Any]] = []

    # In the loop at once: from a thread it could come later than what is looked at.
    @callback
    def tell(event: Event) -> None:
        if event.data["type"].startswith("address_"):
            told.append(dict(event.data))

    hass.bus.async_listen(f"{DOMAIN}_event", tell)
    return told


@cache
def hashed() -> str:
    """Return the kept form of the password; making it takes a while."""
    return hash_password(PASSWORD, ScryptCost(log_n=4, p=1))


def reporting(camera: RunningCamera, **changes: Any) -> ConfigSubentryData:
    """Return the subentry of a camera that may report its address, by its name as id."""
    return camera_subentry(
        camera, address_id=camera.camera.config.name, address_password=hashed(), **changes
    )


def reporting_entry(
    *cameras: RunningCamera | ConfigSubentryData, port: int = 0, enabled: bool = True
) -> MockConfigEntry:
    """Return a section whose cameras may report their address."""
    return section_entry(
        *(reporting(one) if isinstance(one, RunningCamera) else one for one in cameras),
        options={"address": {"enabled": enabled, "port": port}},
    )


async def open_section(
    hass: HomeAssistant, *cameras: RunningCamera, port: int = 0, enabled: bool = True
) -> MockConfigEntry:
    """Set a section up whose cameras may report, and wait until each is alive."""
    entry = reporting_entry(*cameras, port=port, enabled=enabled)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    for camera in cameras:
        await until(partial(is_alive, hass, camera))
    await hass.async_block_till_done()
    return entry


def alive(hass: HomeAssistant, camera: RunningCamera) -> str:
    """Return what the alive sensor says."""
    return state(hass, camera.camera.config, "alive").state


def is_alive(hass: HomeAssistant, camera: RunningCamera) -> bool:
    """Return whether the alive sensor says so."""
    return alive(hass, camera) == "on"


def basic(name: str = "kita", password: str = PASSWORD) -> dict[str, str]:
    """Return the header of a log-in."""
    return {"Authorization": f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"}


async def report(
    client: TestClient[Any, Any],
    *,
    headers: dict[str, str] | None = None,
    method: str = "GET",
    path: str = "/nic/update",
    **fields: str | int,
) -> tuple[int, str]:
    """Report as a DDNS client does; returns status and text."""
    query = urlencode({"hostname": "kita"} | fields)
    async with client.request(
        method, f"{path}?{query}", headers=basic() if headers is None else headers
    ) as answer:
        return answer.status, (await answer.text()).strip()


def reached(entry: MockConfigEntry, title: str = "kita") -> tuple[str, int]:
    """Return where the section looks for a camera."""
    (subentry,) = (one for one in entry.subentries.values() if one.title == title)
    return subentry.data["host"], subentry.data["port"]


async def followed(entry: MockConfigEntry) -> list[tuple[str, dict[str, Any]]]:
    """Return whom the ledger says was followed, and how that was known, as soon as it says so."""
    ledger = entry.runtime_data.evidence.ledger
    while True:
        found = [
            (one.subject, dict(one.details))
            async for one in ledger.entries(actions=["address_followed"])
        ]
        if found:
            return found
        await asyncio.sleep(0.02)


async def test_moved_camera_is_followed_within_seconds(  # noqa: PLR0917 - fixtures
    hass: HomeAssistant,
    station: Station,
    kita: RunningCamera,
    hass_client_no_auth: ClientSessionGenerator,
    announced: list[dict[str, Any]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A camera at another address reports there, proves itself and is polled there; the ledger names no address."""
    caplog.set_level(logging.DEBUG)
    entry = await open_section(hass, kita)
    client = await hass_client_no_auth()
    coordinator = next(iter(entry.runtime_data.cameras.values()))
    await station.move("kita", host=ELSEWHERE)
    with waiting() as waited:
        assert await report(client, myip=ELSEWHERE) == (HTTPStatus.OK, f"good {ELSEWHERE}")
        await until(lambda: reached(entry) == (ELSEWHERE, kita.http_port))
        await until(lambda: coordinator.camera.address.host == ELSEWHERE and coordinator.data.alive)
    # Long before the next poll would have noticed.
    assert waited() < 25
    assert entry.runtime_data.cameras[coordinator.subentry.subentry_id] is coordinator
    assert await report(client, myip=ELSEWHERE) == (HTTPStatus.OK, f"nochg {ELSEWHERE}")
    (told,) = announced
    assert (told["type"], told["object"], told["by"]) == (
        "address_changed",
        unique_id_of(kita.camera.config),
        "address_server",
    )
    assert await followed(entry) == [
        (
            f"camera/{unique_id_of(kita.camera.config)}",
            {"by": "address_server", "proof": "password"},
        )
    ]
    assert ELSEWHERE not in str(told)
    ours = [one.getMessage() for one in caplog.records if one.name.startswith(LOGGER.name)]
    assert not [one for one in ours if ELSEWHERE in one or PASSWORD in one]


async def test_camera_on_another_port_says_so(
    hass: HomeAssistant,
    station: Station,
    kita: RunningCamera,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """The field `port`, which no standard knows, leads to another HTTP port; without `myip` the sender's address counts."""
    entry = await open_section(hass, kita)
    client = await hass_client_no_auth()
    await station.move("kita")
    assert await report(client, port=kita.http_port) == (HTTPStatus.OK, "good 127.0.0.1")
    await until(lambda: reached(entry) == ("127.0.0.1", kita.http_port))


async def test_what_cameras_send_is_understood(
    hass: HomeAssistant, kita: RunningCamera, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """Clients differ in case, blanks, methods, and in what they leave out."""
    await open_section(hass, kita)
    client = await hass_client_no_auth()
    same = (HTTPStatus.OK, "nochg 127.0.0.1")
    variants: tuple[dict[str, Any], ...] = (
        {},
        {"myip": ""},
        {"myip": "auto"},
        {"myip": "0.0.0.0"},  # noqa: S104 - what some cameras send
        {"myip": " 127.0.0.1 "},
        {"myip": "::1,127.0.0.1"},
    )
    for fields in variants:
        assert await report(client, **fields) == same, fields
    entry = hass.config_entries.async_loaded_entries(DOMAIN)[0]
    entry.runtime_data.addresses._server._rates._buckets.clear()
    assert (
        await report(client, hostname="KITA.cctv.example.", system="dyndns", wildcard="NOCHG")
        == same
    )
    assert await report(client, headers=basic("kita ")) == same
    assert await report(client, headers=basic() | {"User-Agent": "\u00e9 odd/1.0 (x)"}) == same
    assert await report(client, path="/nic/update/") == same
    async with client.post(
        "/nic/update", data={"hostname": "kita", "myip": "127.0.0.1"}, headers=basic()
    ) as answer:
        assert (answer.status, await answer.text()) == (HTTPStatus.OK, "nochg 127.0.0.1\n")


async def test_every_word_of_the_protocol(
    hass: HomeAssistant,
    kita: RunningCamera,
    hass_client_no_auth: ClientSessionGenerator,
    announced: list[dict[str, Any]],
) -> None:
    """Each refusal has its word, and none of them changes anything."""
    entry = await open_section(hass, kita)
    before = reached(entry)
    client = await hass_client_no_auth()
    ok, no = HTTPStatus.OK, HTTPStatus.UNAUTHORIZED
    assert await report(client, headers={}) == (no, "badauth")
    assert await report(client, headers=basic(password="wrong")) == (no, "badauth")
    assert await report(client, headers=basic("nobody")) == (no, "badauth")
    assert await report(client, headers={"Authorization": "Basic ???"}) == (no, "badauth")
    assert await report(client, headers={"Authorization": "Bearer x"}) == (no, "badauth")
    assert await report(client, hostname="") == (ok, "notfqdn")
    assert await report(client, hostname="ki ta") == (ok, "notfqdn")
    assert await report(client, hostname="minami.example") == (ok, "nohost")
    assert await report(client, hostname="minami,kita") == (ok, "nohost\nnochg 127.0.0.1")
    assert await report(client, hostname=",".join(["kita"] * 21)) == (ok, "numhost")
    assert await report(client, method="PUT") == (ok, "badagent")
    assert await report(client, myip="224.0.0.1") == (ok, "911")
    assert await report(client, port="70000") == (ok, "911")
    for _ in range(10):
        answer = await report(client)
    assert answer == (ok, "abuse")
    await hass.async_block_till_done()
    assert reached(entry) == before
    assert [(one["type"], one["reason"]) for one in announced] == [
        ("address_refused", "not_allowed")
    ]


async def test_switched_off_there_is_nothing(
    hass: HomeAssistant, kita: RunningCamera, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """Off until switched on: nobody learns that there might be something; and so without a section."""
    entry = await open_section(hass, kita, enabled=False)
    client = await hass_client_no_auth()
    assert (await report(client))[0] == HTTPStatus.NOT_FOUND
    hass.config_entries.async_update_entry(entry, options={"address": {"enabled": True}})
    await hass.async_block_till_done()
    assert (await report(client))[0] == HTTPStatus.OK
    assert await hass.config_entries.async_unload(entry.entry_id)
    # Cameras that report while Home Assistant starts come again.
    assert await report(client) == (HTTPStatus.OK, "911")
    hass.config_entries.async_update_entry(entry, options={"address": {"enabled": False}})
    assert (await report(client))[0] == HTTPStatus.NOT_FOUND
    await hass.config_entries.async_remove(entry.entry_id)
    assert (await report(client))[0] == HTTPStatus.NOT_FOUND


# --- Names, IPv6 and who answers there ---------------------------------------------------------------------------


@pytest.fixture
def names(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Return where DNS names lead; an empty list is a name that nobody knows."""
    known: dict[str, list[str]] = {}
    resolve = hass.loop.getaddrinfo

    async def getaddrinfo(host: Any, port: Any, **kwargs: Any) -> Any:
        if host not in known:
            return await resolve(host, port, **kwargs)
        if not known[host]:
            raise OSError(-2, "Name or service not known")
        return [found for one in known[host] for found in await resolve(one, port, **kwargs)]

    monkeypatch.setattr(hass.loop, "getaddrinfo", getaddrinfo)
    return known


def led_to(entry: MockConfigEntry) -> str:
    """Return the address at which the only camera is reached."""
    (coordinator,) = entry.runtime_data.cameras.values()
    host: str = coordinator.camera.address.host
    return host


async def test_dns_name_is_followed(
    hass: HomeAssistant,
    station: Station,
    kita: RunningCamera,
    names: dict[str, list[str]],
    announced: list[dict[str, Any]],
) -> None:
    """A name that leads elsewhere is followed once the camera proved itself there; the name stays configured."""
    names["kita.example"] = ["127.0.0.1"]
    entry = section_entry(camera_subentry(kita, host="kita.example"))
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: alive(hass, kita) == "on")
    assert led_to(entry) == "127.0.0.1"
    await station.move("kita", host=ELSEWHERE)
    names["kita.example"] = [ELSEWHERE]
    (coordinator,) = entry.runtime_data.cameras.values()
    with waiting() as waited:
        await until(lambda: led_to(entry) == ELSEWHERE and coordinator.data.alive)
    # Long before the next poll would have noticed.
    assert waited() < 25
    assert reached(entry)[0] == "kita.example"
    assert [(one["type"], one["by"]) for one in announced] == [("address_changed", "dns")]
    assert await followed(entry) == [
        (f"camera/{unique_id_of(kita.camera.config)}", {"by": "dns", "proof": "password"})
    ]
    # A resolver that knows nothing for a while changes nothing.
    names["kita.example"] = []
    await coordinator.async_refresh()
    assert coordinator.data.alive


async def test_dns_name_that_leads_elsewhere_after_a_restart_has_to_prove_it(
    hass: HomeAssistant,
    station: Station,
    kita: RunningCamera,
    names: dict[str, list[str]],
    issue_registry: ir.IssueRegistry,
) -> None:
    """Where the name led before is remembered: whoever has the name at the next start is a candidate, no more."""
    kita.set(quirks=[Quirk.NO_RSPAUTH])
    names["kita.example"] = ["127.0.0.1"]
    entry = section_entry(camera_subentry(kita, host="kita.example"))
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: alive(hass, kita) == "on")
    trust, camera = entry.runtime_data.addresses._trust, unique_id_of(kita.camera.config)
    entry.runtime_data.addresses._look_now.set()
    await until(lambda: trust.led_to(camera, "kita.example") == "127.0.0.1")
    assert await hass.config_entries.async_unload(entry.entry_id)
    await station.move("kita", host=ELSEWHERE)
    names["kita.example"] = [ELSEWHERE]
    assert await hass.config_entries.async_setup(entry.entry_id)
    (subentry_id,) = entry.subentries
    await until(lambda: issue_registry.async_get_issue(DOMAIN, f"address_unproved_{subentry_id}"))
    assert led_to(entry) == "127.0.0.1"
    assert alive(hass, kita) == "off"


async def test_dns_name_that_leads_to_another_camera_is_not_followed(
    hass: HomeAssistant,
    start_station: Callable[..., Awaitable[Station]],
    names: dict[str, list[str]],
    announced: list[dict[str, Any]],
) -> None:
    """Whoever has the name's new address is asked who it is; the camera stays where it was, dead or not."""
    station = await start_station(camera_config("kita"))
    kita = station.cameras["kita"]
    other = await start_station(camera_config("minami", host=ELSEWHERE, http_port=kita.http_port))
    names["kita.example"] = ["127.0.0.1"]
    entry = section_entry(camera_subentry(kita, host="kita.example"))
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: alive(hass, kita) == "on")
    await kita.soap.stop()
    names["kita.example"] = [ELSEWHERE]
    await until(lambda: announced)
    assert [(one["type"], one["reason"]) for one in announced] == [
        ("address_refused", "another_camera")
    ]
    assert led_to(entry) == "127.0.0.1"
    assert other.cameras["minami"].soap.auth.refusals == 0


async def test_camera_moves_to_ipv6(
    hass: HomeAssistant,
    station: Station,
    kita: RunningCamera,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """SOAP, RTSP, replay, snapshots and the page's link work at an IPv6 address."""
    entry = await open_section(hass, kita)
    client = await hass_client_no_auth()
    await station.move("kita", host="::1")
    # The source is IPv4, and the camera names both: the one that works now is tried first.
    assert await report(client, myip="127.0.0.1,::1") == (HTTPStatus.OK, "nochg 127.0.0.1")
    assert await report(client, myip="::1") == (HTTPStatus.OK, "good ::1")
    await until(lambda: reached(entry) == ("::1", kita.http_port))
    (coordinator,) = entry.runtime_data.cameras.values()
    await until(lambda: led_to(entry) == "::1" and coordinator.data.alive)
    assert str(coordinator.configuration_url) == f"http://[::1]:{kita.http_port}"
    still = await coordinator.camera.still()
    assert still is not None
    assert still.startswith(b"\xff\xd8")
    assert (await coordinator.async_prove()).outcome == "decoded"
    assert f"[::1]:{kita.rtsp_port}" in await coordinator.camera.live_uri()
    assert not coordinator.data.error


async def impostor(
    start_station: Callable[..., Awaitable[Station]], kita: RunningCamera, **changes: Any
) -> RunningCamera:
    """Return what pretends to be the camera at the address that will be reported, without knowing its passwords."""
    pretended = camera_config(
        "kita",
        host=ELSEWHERE,
        http_port=kita.http_port,
        users=(User(name="viewer", password="unknown"),),
        **changes,
    )
    return (await start_station(pretended)).cameras["kita"]


async def test_camera_that_still_answers_is_not_led_away(
    hass: HomeAssistant,
    kita: RunningCamera,
    start_station: Callable[..., Awaitable[Station]],
    hass_client_no_auth: ClientSessionGenerator,
    announced: list[dict[str, Any]],
) -> None:
    """Who stole the camera's id and password gets not even a log-in to see while the camera is where it was."""
    entry = await open_section(hass, kita)
    other = await impostor(start_station, kita)
    client = await hass_client_no_auth()
    for _ in range(3):
        assert await report(client, myip=ELSEWHERE) == (HTTPStatus.OK, f"good {ELSEWHERE}")
    await until(lambda: announced)
    await hass.async_block_till_done()
    assert [(one["type"], one["reason"]) for one in announced] == [
        ("address_refused", "still_there")
    ]
    assert reached(entry) == ("127.0.0.1", kita.http_port)
    assert other.soap.calls == []


@pytest.mark.parametrize(
    ("changes", "tries", "reason"),
    [
        # One digest, bound to a nonce and to one address of the web server, and never again for this report.
        ({"auth": AuthMode.DIGEST}, 1, "password_refused"),
        # No token: whoever has one may use it at the camera, here even in a week.
        ({"auth": AuthMode.WSSE}, 0, "password_refused"),
        ({"auth": AuthMode.WSSE, "faults": Faults(clock_offset=604800)}, 0, "password_refused"),
    ],
)
async def test_impostor_sees_one_digest_at_most(  # noqa: PLR0917 - fixtures
    hass: HomeAssistant,
    kita: RunningCamera,
    start_station: Callable[..., Awaitable[Station]],
    hass_client_no_auth: ClientSessionGenerator,
    announced: list[dict[str, Any]],
    changes: dict[str, Any],
    tries: int,
    reason: str,
) -> None:
    """While the camera is off the network, who answers at a reported address gets little and is not followed."""
    entry = await open_section(hass, kita)
    await kita.soap.stop()
    other = await impostor(start_station, kita, **changes)
    client = await hass_client_no_auth()
    assert await report(client, myip=ELSEWHERE) == (HTTPStatus.OK, f"good {ELSEWHERE}")
    await until(lambda: announced)
    assert [(one["type"], one["reason"]) for one in announced] == [("address_refused", reason)]
    assert other.soap.auth.refusals == tries
    assert reached(entry) == ("127.0.0.1", kita.http_port)
    assert (
        state(hass, kita.camera.config, "last_address_report", Platform.SENSOR).attributes[
            "verified"
        ]
        is False
    )
    # Repeating it tells nobody anything, and shows a bounded number of log-ins.
    for _ in range(8):
        await report(client, myip=ELSEWHERE)
        await hass.async_block_till_done()
    following = entry.runtime_data.addresses._following[unique_id_of(kita.camera.config)]
    await until(following.task.done)
    assert len(announced) == 1
    assert other.soap.auth.refusals <= 5 * tries


async def test_two_cameras_swap_their_addresses(
    hass: HomeAssistant,
    start_station: Callable[..., Awaitable[Station]],
    hass_client_no_auth: ClientSessionGenerator,
    announced: list[dict[str, Any]],
) -> None:
    """Each is found at the other's address; nobody is refused for it."""
    station = await start_station(camera_config("kita"))
    kita = station.cameras["kita"]
    second = await start_station(camera_config("minami", host=ELSEWHERE, http_port=kita.http_port))
    minami = second.cameras["minami"]
    entry = reporting_entry(kita, reporting(minami, host=ELSEWHERE))
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: alive(hass, kita) == alive(hass, minami) == "on")
    port = kita.http_port
    client = await hass_client_no_auth()
    await station.move("kita", host="127.0.0.1", http_port=free_port("127.0.0.1"))
    await second.move("minami", host="127.0.0.1", http_port=port)
    await station.move("kita", host=ELSEWHERE, http_port=port)
    assert (await report(client, myip=ELSEWHERE))[1] == f"good {ELSEWHERE}"
    answer = await report(client, hostname="minami", myip="127.0.0.1", headers=basic("minami"))
    assert answer[1] == "good 127.0.0.1"
    await until(lambda: reached(entry) == (ELSEWHERE, port))
    await until(lambda: reached(entry, "minami") == ("127.0.0.1", port))
    cameras = entry.runtime_data.cameras.values()
    await until(lambda: all(one.data.alive and one.data.error is None for one in cameras))
    assert {one["type"] for one in announced} == {"address_changed"}


async def test_pinned_certificate_keeps_the_password_from_others(
    hass: HomeAssistant,
    tls_kita: RunningCamera,
    start_station: Callable[..., Awaitable[Station]],
    hass_client_no_auth: ClientSessionGenerator,
    announced: list[dict[str, Any]],
) -> None:
    """With a pinned certificate not a byte is sent to whoever shows another one."""
    assert tls_kita.soap.fingerprint
    fingerprint = tls_kita.soap.fingerprint.hex()
    entry = reporting_entry(
        reporting(tls_kita, ssl=True, verify_ssl=False, fingerprint=fingerprint)
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: alive(hass, tls_kita) == "on")
    await tls_kita.soap.stop()
    other = await impostor(start_station, tls_kita, tls=True)
    client = await hass_client_no_auth()
    await report(client, myip=ELSEWHERE)
    await until(lambda: announced)
    assert [one["reason"] for one in announced] == ["certificate_changed"]
    assert other.soap.calls == []
    assert other.soap.auth.refusals == 0


# --- Who may knock -----------------------------------------------------------------------------------------------


async def test_wrong_passwords_lock_out_for_a_while_and_ban_nobody(
    hass: HomeAssistant,
    kita: RunningCamera,
    hass_client_no_auth: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A camera with an old password is held off, which shows at the camera and ends by itself; nobody is banned for it."""
    passed = 0.0
    pass_in(monkeypatch, AddressReports, now=lambda: time.monotonic() + passed)
    port = free_port("127.0.0.1")
    entry = await open_section(hass, kita, port=port)
    client = await hass_client_no_auth()
    hass.http.app._state[KEY_LOGIN_THRESHOLD] = 3
    began = dt_util.utcnow()
    for _ in range(10):
        assert (await report(client, headers=basic(password="old"), myip=ELSEWHERE))[0] == 401
    assert await report(client) == (HTTPStatus.OK, "911")
    async with (
        ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/nic/update?hostname=kita", headers=basic()) as answer,
    ):
        assert (answer.status, await answer.text()) == (HTTPStatus.OK, "911\n")
    # Home Assistant knows of no failed log-in, and goes on to serve that address.
    assert not hass.http.app[KEY_FAILED_LOGIN_ATTEMPTS]

    def shown() -> Mapping[str, Any]:
        return state(hass, kita.camera.config, "last_address_report", Platform.SENSOR).attributes

    assert shown()["locked_out"] == "127.0.0.1"
    assert began <= shown()["locked_out_since"] <= dt_util.utcnow()
    assert shown()["locked_out_sources"] == 1
    found = await async_get_config_entry_diagnostics(hass, entry)
    assert found["locked_out"] == 1
    (kept,) = found["cameras"][0]["locked_out"]
    assert kept["since"] == shown()["locked_out_since"].isoformat()
    assert "127.0.0.1" not in str(kept)
    # Over after its time, without anybody asking.
    passed = FAILURES_WINDOW
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=16), fire_all=False)
    await until(lambda: shown()["locked_out"] is None)
    assert shown()["locked_out_since"] is None
    assert await report(client) == (HTTPStatus.OK, "nochg 127.0.0.1")


async def test_many_wrong_passwords_are_not_even_hashed(
    hass: HomeAssistant, kita: RunningCamera, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """After ten, the source is answered without a look, also with the right password and for any id."""
    await open_section(hass, kita)
    client = await hass_client_no_auth()
    answers = await asyncio.gather(
        *(report(client, headers=basic(f"id-{number}", "wrong")) for number in range(40))
    )
    assert answers.count((HTTPStatus.UNAUTHORIZED, "badauth")) <= 10
    assert set(answers) <= {(401, "badauth"), (200, "911")}
    with patch("custom_components.niiza_cctv.lib.inbound.guard.verify_password") as verify:
        assert await report(client) == (HTTPStatus.OK, "911")
        assert await report(client, headers=basic("other", "x")) == (HTTPStatus.OK, "911")
    verify.assert_not_called()


async def test_hostile_requests(
    hass: HomeAssistant, kita: RunningCamera, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """Whatever is sent gets a short answer, and nothing of it changes anything."""
    entry = await open_section(hass, kita)
    client = await hass_client_no_auth()
    long = "a" * 3000
    assert (await report(client, hostname=long))[0] == HTTPStatus.REQUEST_URI_TOO_LONG
    assert await report(client, hostname="a" * 1500) == (HTTPStatus.OK, "notfqdn")
    assert await report(client, headers=basic("a" * 2000)) == (401, "badauth")
    assert await report(client, headers=basic() | {"User-Agent": long}) == (
        HTTPStatus.OK,
        "badagent",
    )
    assert (await report(client, myip=",".join(["x"] * 500)))[1] == "nochg 127.0.0.1"
    # Home Assistant's own filter.
    assert (await report(client, myip="../../etc/passwd"))[0] == HTTPStatus.BAD_REQUEST
    assert (await report(client, port="-1"))[1] == "911"
    assert (await report(client, port="８０"))[1] == "911"
    async with client.post("/nic/update", data={"hostname": long}, headers=basic()) as answer:
        assert answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    form = "&".join(f"f{number}=1" for number in range(100))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    async with client.post("/nic/update", data=form, headers=basic() | kind) as answer:
        assert (await answer.text()).strip() == "notfqdn"
    assert reached(entry) == ("127.0.0.1", kita.http_port)


RAW = b"/nic/update?system=dyndns&hostname=kita&myip=127.0.0.1&wildcard=OFF"
LOGIN_LINE = f"Authorization: {basic()['Authorization']}\r\n".encode()
ODD_REQUESTS = {
    "a blank behind the version": b"GET " + RAW + b" HTTP/1.1 \r\nHost: x\r\n" + LOGIN_LINE,
    "bare line ends": b"GET " + RAW + b" HTTP/1.0\nHost: x\n" + LOGIN_LINE.replace(b"\r", b""),
    "no Host": b"GET " + RAW + b" HTTP/1.1\r\n" + LOGIN_LINE,
    "no version": b"GET " + RAW + b"\r\n" + LOGIN_LINE,
    "small letters": b"get "
    + RAW
    + b" http/1.1\r\nhost: x\r\n"
    + LOGIN_LINE.lower().replace(LOGIN_LINE.split()[2].lower(), LOGIN_LINE.split()[2]),
    "a whole address": b"GET http://x:1" + RAW + b" HTTP/1.1\r\nHost: x\r\n" + LOGIN_LINE,
    "two slashes": b"GET /" + RAW + b" HTTP/1.0\r\n" + LOGIN_LINE,
    "a blank in the query": b"GET " + RAW + b"&a=b c HTTP/1.0\r\n" + LOGIN_LINE,
    "a blank before the colon": b"GET " + RAW + b" HTTP/1.0\r\nHost : x\r\n" + LOGIN_LINE,
    "no padding": b"GET " + RAW + b" HTTP/1.0\r\n" + LOGIN_LINE.replace(b"=", b""),
    "brackets": b"GET " + RAW.replace(b"=kita", b"=[kita]") + b" HTTP/1.0\r\n" + LOGIN_LINE,
    "an empty form": b"POST "
    + RAW
    + b" HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n"
    + LOGIN_LINE,
    "empty lines first": b"\r\n\r\nGET " + RAW + b" HTTP/1.0\r\n" + LOGIN_LINE,
}


async def test_extra_port_understands_requests_as_cameras_write_them(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """Whatever was meant is answered, by the camera's own log-in alone."""
    port = free_port("127.0.0.1")
    await open_section(hass, kita, port=port)

    async def say(raw: bytes) -> bytes:
        end = b"\n" if b"\r" not in raw else b"\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        # In two pieces, as slow cameras send.
        writer.write(raw[:9])
        await asyncio.sleep(0.01)
        writer.write(raw[9:] + end)
        async with asyncio.timeout(PATIENCE):
            answer = await reader.read()
        writer.close()
        return answer.rpartition(b"\r\n\r\n")[2]

    for how, raw in ODD_REQUESTS.items():
        # Their own limit is not what is tried here.
        assert await say(raw) in {b"nochg 127.0.0.1\n", b"abuse\n"}, how
        wrong = raw.replace(LOGIN_LINE.split()[2], b"a2l0YTp4").replace(b"a2l0", b"a2l0")
        if LOGIN_LINE.split()[2] in raw and how in {"no Host", "bare line ends"}:
            assert await say(wrong) == b"badauth\n", how


async def test_extra_port_bounds_what_strangers_hold(
    hass: HomeAssistant, kita: RunningCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Connections that say nothing are cut, and let cameras through until then; other paths do not exist there."""
    port = free_port("127.0.0.1")
    await open_section(hass, kita, port=port)
    silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(64)]
    for _, writer in silent:
        writer.write(b"GET /nic/update HTTP/1.0\r\n")
    async with (
        asyncio.timeout(PATIENCE),
        ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/nic/update?hostname=kita", headers=basic()) as answer,
    ):
        assert await answer.text() == "nochg 127.0.0.1\n"
    async with asyncio.timeout(PATIENCE):
        with suppress(ConnectionError):
            # The first of them gave way.
            assert await silent[0][0].read() == b""
    # Let more time pass for the event loop than a connection lives.
    real, passed = hass.loop.time, 0
    monkeypatch.setattr(hass.loop, "time", lambda: real() + passed)

    async def is_cut(reader: asyncio.StreamReader) -> None:
        with suppress(ConnectionError):
            await reader.read()

    cut = asyncio.gather(*(is_cut(reader) for reader, _ in silent))
    while passed < 60:
        passed += 6
        await asyncio.sleep(0.02)
    async with asyncio.timeout(PATIENCE):
        await cut
    for _, writer in silent:
        writer.close()
    async with ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/api/") as answer:
            assert answer.status == HTTPStatus.NOT_FOUND
        async with session.get(
            f"http://127.0.0.1:{port}/nic/update?hostname=kita", headers=basic()
        ) as answer:
            assert (answer.status, await answer.text()) == (HTTPStatus.OK, "nochg 127.0.0.1\n")


async def test_port_in_use_is_said_and_opened_when_free(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """Another program on the port is a repair; the section goes on, and the port is opened as soon as it is free."""
    taken = await asyncio.start_server(lambda _reader, writer: writer.close(), None, 0)
    port = taken.sockets[0].getsockname()[1]
    await open_section(hass, kita, port=port)
    issues = ir.async_get(hass)
    await until(lambda: issues.async_get_issue(DOMAIN, "address_port"))
    taken.close()
    await taken.wait_closed()
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61), fire_all=False)
    await until(lambda: not issues.async_get_issue(DOMAIN, "address_port"))


async def test_simulated_camera_reports_by_itself(
    hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]]
) -> None:
    """Moved to another address and port, the camera's own client reports over plain HTTP, and is followed."""
    port = free_port("127.0.0.1")
    station = await start_station(
        camera_config(
            "kita",
            ddns=DdnsConfig(
                url=f"http://127.0.0.1:{port}",
                hostname="kita.cctv.example",
                username="kita",
                password=PASSWORD,
                port=True,
                retry=0.2,
            ),
        )
    )
    kita = station.cameras["kita"]
    entry = await open_section(hass, kita, port=port)
    await until(lambda: kita.ddns.answer == "nochg 127.0.0.1")
    reported = state(hass, kita.camera.config, "last_address_report", Platform.SENSOR)
    assert reported.attributes["verified"] is True
    assert reported.state != "unknown"
    await station.move("kita", host=ELSEWHERE, http_port=0)
    await until(lambda: reached(entry) == (ELSEWHERE, kita.http_port))
    (coordinator,) = entry.runtime_data.cameras.values()
    await until(lambda: led_to(entry) == ELSEWHERE and coordinator.data.alive)
    kita.ddns.update_now()
    await until(lambda: kita.ddns.answer == f"nochg {ELSEWHERE}")


async def test_camera_that_starts_slowly_is_found(
    hass: HomeAssistant,
    station: Station,
    kita: RunningCamera,
    hass_client_no_auth: ClientSessionGenerator,
    announced: list[dict[str, Any]],
    *,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A camera reports before its web server is up: it is tried again."""
    caplog.set_level(logging.DEBUG, LOGGER.name)
    entry = await open_section(hass, kita)
    client = await hass_client_no_auth()
    port = kita.http_port
    await station.move("kita", host=ELSEWHERE)
    await kita.soap.stop()
    assert await report(client, myip=ELSEWHERE) == (HTTPStatus.OK, f"good {ELSEWHERE}")
    await until(lambda: "does not answer yet" in caplog.text)
    assert reached(entry) == ("127.0.0.1", port)
    await kita.soap.start()
    await until(lambda: [one["type"] for one in announced] == ["address_changed"])
    assert reached(entry) == (ELSEWHERE, port)


async def test_camera_that_goes_away_later_is_found_where_it_said(
    hass: HomeAssistant,
    station: Station,
    kita: RunningCamera,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """A report that came too early is remembered: once the camera is gone, it is looked for there."""
    entry = await open_section(hass, kita)
    client = await hass_client_no_auth()
    (coordinator,) = entry.runtime_data.cameras.values()
    assert (await report(client, myip=ELSEWHERE))[1] == f"good {ELSEWHERE}"
    reports = entry.runtime_data.addresses
    await until(lambda: reports.reported[unique_id_of(kita.camera.config)].verified is False)
    await station.move("kita", host=ELSEWHERE)
    await coordinator.async_refresh()
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=6), fire_all=False)
    await until(lambda: reached(entry) == (ELSEWHERE, kita.http_port))
    await until(lambda: led_to(entry) == ELSEWHERE and coordinator.data.alive)


async def test_removed_camera_and_late_ledger_break_nothing(
    hass: HomeAssistant,
    station: Station,
    kita: RunningCamera,
    hass_client_no_auth: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The entry is written when the ledger is back; a camera that is removed while it is looked for is let go."""
    pass_in(monkeypatch, LedgerOutbox, retry_delay=0.1)
    entry = await open_section(hass, kita)
    client = await hass_client_no_auth()
    ledger = entry.runtime_data.evidence.ledger
    await station.move("kita", host=ELSEWHERE)
    with patch.object(ledger, "append", side_effect=LedgerUnavailable("away")) as append:
        await report(client, myip=ELSEWHERE)
        await until(lambda: reached(entry)[0] == ELSEWHERE)
        await until(lambda: append.call_count > 1)
    assert await followed(entry)
    # Nobody is at that port: it is tried again and again, until the camera is nobody's.
    await kita.soap.stop()
    await report(client, myip=ELSEWHERE, port=free_port(ELSEWHERE))
    (subentry_id,) = entry.subentries
    following = entry.runtime_data.addresses._following[unique_id_of(kita.camera.config)]
    hass.config_entries.async_remove_subentry(entry, subentry_id)
    await until(following.task.done)
    assert (await report(client))[1] == "badauth"
