"""The address server through Home Assistant's front door: cameras report where they are, and are followed once proved."""

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable
from functools import cache
from http import HTTPStatus
import logging
from typing import Any
from urllib.parse import urlencode

from aiohttp.test_utils import TestClient
from homeassistant.core import Event, HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
import pytest_socket

from custom_components.niiza_cctv import address_server
from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.intake.passwords import hash_password
from simulator.station import RunningCamera, Station
from tests.section import section_entry, state, unique_id_of, until
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

    def tell(event: Event) -> None:
        if event.data["type"].startswith("address_"):
            told.append(dict(event.data))

    hass.bus.async_listen(f"{DOMAIN}_event", tell)
    return told


@cache
def hashed() -> str:
    """Return the kept form of the password; making it takes a while."""
    return hash_password(PASSWORD)


def reporting_entry(
    *cameras: RunningCamera, port: int = 0, enabled: bool = True
) -> MockConfigEntry:
    """Return a section whose cameras may report their address, by their name as id."""
    entry = section_entry(*cameras)
    for subentry in entry.subentries.values():
        object.__setattr__(
            subentry,
            "data",
            {**subentry.data, "address_id": subentry.title, "address_password": hashed()},
        )
    object.__setattr__(entry, "options", {"address": {"enabled": enabled, "port": port}})
    return entry


async def open_section(
    hass: HomeAssistant, *cameras: RunningCamera, port: int = 0, enabled: bool = True
) -> MockConfigEntry:
    """Set a section up whose cameras may report, and wait until each is alive."""
    entry = reporting_entry(*cameras, port=port, enabled=enabled)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    for camera in cameras:
        await until(lambda camera=camera: alive(hass, camera) == "on")
    await hass.async_block_till_done()
    return entry


def alive(hass: HomeAssistant, camera: RunningCamera) -> str:
    """Return what the alive sensor says."""
    return state(hass, camera.camera.config, "alive").state


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
    began = hass.loop.time()
    assert await report(client, myip=ELSEWHERE) == (HTTPStatus.OK, f"good {ELSEWHERE}")
    await until(lambda: reached(entry) == (ELSEWHERE, kita.http_port))
    await until(lambda: coordinator.camera.address.host == ELSEWHERE and coordinator.data.alive)
    assert hass.loop.time() - began < 10
    assert entry.runtime_data.cameras[coordinator.subentry.subentry_id] is coordinator
    assert await report(client, myip=ELSEWHERE) == (HTTPStatus.OK, f"nochg {ELSEWHERE}")
    (told,) = announced
    assert (told["type"], told["object"], told["by"]) == (
        "address_changed",
        unique_id_of(kita.camera.config),
        "address_server",
    )
    assert await followed(entry) == [
        (f"camera/{unique_id_of(kita.camera.config)}", {"by": "address_server"})
    ]
    assert ELSEWHERE not in str(told)
    ours = [
        one.getMessage()
        for one in caplog.records
        if one.name.startswith(address_server.__package__ or "")
    ]
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
    for fields in (
        {},
        {"myip": ""},
        {"myip": "auto"},
        {"myip": "0.0.0.0"},  # noqa: S104 - what some cameras send
        {"myip": " 127.0.0.1 "},
        {"myip": "::1,127.0.0.1"},
    ):
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
    entry = section_entry(kita)
    (subentry,) = entry.subentries.values()
    object.__setattr__(subentry, "data", {**subentry.data, "host": "kita.example"})
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: alive(hass, kita) == "on")
    assert led_to(entry) == "127.0.0.1"
    await station.move("kita", host=ELSEWHERE)
    names["kita.example"] = [ELSEWHERE]
    began = hass.loop.time()
    (coordinator,) = entry.runtime_data.cameras.values()
    await until(lambda: led_to(entry) == ELSEWHERE and coordinator.data.alive)
    assert hass.loop.time() - began < 10
    assert reached(entry)[0] == "kita.example"
    assert [(one["type"], one["by"]) for one in announced] == [("address_changed", "dns")]
    assert await followed(entry) == [(f"camera/{unique_id_of(kita.camera.config)}", {"by": "dns"})]
    # A resolver that knows nothing for a while changes nothing.
    names["kita.example"] = []
    await coordinator.async_refresh()
    assert coordinator.data.alive


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
    entry = section_entry(kita)
    (subentry,) = entry.subentries.values()
    object.__setattr__(subentry, "data", {**subentry.data, "host": "kita.example"})
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
    assert f"[::1]:{kita.rtsp_port}" in await coordinator.camera.stream_source()
    assert not coordinator.data.error
