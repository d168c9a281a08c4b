"""Who reports with a camera's reporting password, knows its maker and serial and takes any log-in is not the camera."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from homeassistant.components.camera.helper import get_camera_from_entity_id
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
import pytest_socket

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.footage.retrieval import RetrievalTiming
from simulator.camera import Quirk
from simulator.running import RunningCamera
from simulator.station import Station
from tests.impostor import Impostor
from tests.managers.test_address_footage import let_report
from tests.managers.test_addresses import ELSEWHERE, alive, open_section, reached, report
from tests.office import open_office
from tests.section import entity_id, unique_id_of, until

PASSWORD = "viewer-pass"


@pytest.fixture(autouse=True)
async def served(hass: HomeAssistant, socket_enabled: None) -> None:
    """Set up what serves something over HTTP, and let cameras be at other addresses of this machine."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", ELSEWHERE])
    for component in ("http", "stream", "camera", "repairs"):
        assert await async_setup_component(hass, component, {})


@pytest.fixture(params=[False, True], ids=["digest", "basic"])
async def impostor(request: pytest.FixtureRequest, kita: RunningCamera) -> AsyncIterator[Impostor]:
    """Return one who plays the camera; some ask for a readable password at every door."""
    one = Impostor(kita.camera.config, ELSEWHERE, basic=request.param)
    await one.start()
    yield one
    await one.stop()


def issue_of(hass: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    """Return the question that waits for a person."""
    (subentry_id,) = entry.subentries
    return ir.async_get(hass).async_get_issue(DOMAIN, f"address_unproved_{subentry_id}")


async def go_silent(kita: RunningCamera, entry: MockConfigEntry) -> None:
    """Take the true camera off the network."""
    await kita.soap.stop()
    await kita.rtsp.stop()
    (coordinator,) = entry.runtime_data.cameras.values()
    await coordinator.async_refresh()


async def written(entry: MockConfigEntry) -> list[tuple[str, str | None, dict[str, Any]]]:
    """Return what the ledger holds of addresses: what was done, by whom, and how."""
    return [
        (one.action, one.person and one.person.id, dict(one.details))
        async for one in entry.runtime_data.evidence.ledger.entries()
        if one.action.startswith("address_")
    ]


async def decide(
    hass_client: ClientSessionGenerator, issue: ir.IssueEntry, decision: str
) -> dict[str, Any]:
    """Open the repair as an administrator does and choose one of its two answers."""
    client = await hass_client()
    asked = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue.issue_id}
    )
    assert asked.status == HTTPStatus.OK
    shown = await asked.json()
    assert (shown["type"], shown["menu_options"]) == ("menu", ["accept", "decline"])
    assert ELSEWHERE in shown["description_placeholders"]["address"]
    answer = await client.post(
        f"/api/repairs/issues/fix/{shown['flow_id']}", json={"next_step_id": decision}
    )
    result: dict[str, Any] = await answer.json()
    return result


async def test_impostor_is_not_followed_and_sees_no_password(
    hass: HomeAssistant,
    kita: RunningCamera,
    impostor: Impostor,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """He reports while the camera is silent: nothing moves, nothing of his is shown or sealed, no password reaches him."""
    entry = await open_section(hass, kita)
    client = await hass_client_no_auth()
    (coordinator,) = entry.runtime_data.cameras.values()
    assert (await coordinator.async_prove()).pictures
    before = reached(entry)
    await go_silent(kita, entry)
    assert (await report(client, myip=ELSEWHERE, port=impostor.port))[1] == f"good {ELSEWHERE}"
    reports = entry.runtime_data.addresses
    camera = unique_id_of(kita.camera.config)
    await until(lambda: reports.reported[camera].verified is False)
    await coordinator.async_refresh()
    assert reached(entry) == before
    assert alive(hass, kita) == "off"
    assert impostor.operations
    assert not impostor.saw(PASSWORD)
    # Live picture and still are asked of the camera, where it is.
    live = get_camera_from_entity_id(
        hass, entity_id(hass, kita.camera.config, "live", Platform.CAMERA)
    )
    seen = len(impostor.operations)
    with pytest.raises(HomeAssistantError):
        await live.async_create_stream()
    with pytest.raises(HomeAssistantError):
        await live.async_camera_image()
    assert len(impostor.operations) == seen
    assert not [one for one in await written(entry) if one[0] == "address_followed"]
    if not impostor.operations.count("GetReplayUri"):
        return
    # He got as far as the card, and asked for the password there: a person is asked, and nothing else is followed.
    issue = issue_of(hass, entry)
    assert issue is not None
    assert issue.data is not None
    assert issue.data["card"] == "asks_for_basic"
    assert "RTSP OPTIONS" in impostor.operations
    for _ in range(3):
        await report(client, myip=ELSEWHERE, port=impostor.port)
    await hass.async_block_till_done()
    assert len(impostor.operations) == seen
    assert list(await written(entry)) == [
        ("address_unproved", None, {"by": "address_server", "card": "asks_for_basic"})
    ]
    # A restart changes nothing of it.
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert issue_of(hass, entry) is not None
    await report(client, myip=ELSEWHERE, port=impostor.port)
    await hass.async_block_till_done()
    assert len(impostor.operations) == seen
    assert not impostor.saw(PASSWORD)


async def test_nothing_of_an_impostor_is_sealed(
    hass: HomeAssistant,
    kita: RunningCamera,
    impostor: Impostor,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """A case that asked for footage of a camera that went silent goes on waiting for the camera itself."""
    office = await open_office(hass, kita)
    office.evidence.retrievals.timing = RetrievalTiming(retry_delay=(0.1, 0.2))
    await let_report(hass, office.entry)
    client = await hass_client_no_auth()
    await go_silent(kita, office.entry)
    case = await office.create("sato", **office.passage(5))
    clip = f"{case}-01"
    await until(lambda: office.evidence.retrievals.progress(clip).state == "retrying")
    await report(client, myip=ELSEWHERE, port=impostor.port)
    reports = office.entry.runtime_data.addresses
    await until(lambda: reports.reported[unique_id_of(kita.camera.config)].verified is False)
    seen = len(impostor.operations)
    (coordinator,) = office.entry.runtime_data.cameras.values()
    await coordinator.async_refresh()
    (kept,) = office.evidence.cases.case(case).clips
    assert kept.sealed is None
    assert not await office.entries("clip_sealed")
    assert len(impostor.operations) == seen
    assert not impostor.saw(PASSWORD)


async def test_person_decides(  # noqa: PLR0917 - fixtures
    hass: HomeAssistant,
    station: Station,
    kita: RunningCamera,
    hass_client_no_auth: ClientSessionGenerator,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
) -> None:
    """A camera that can prove nothing is followed on a person's word, not at an address that one refused; on record."""
    kita.set(quirks=[Quirk.NO_RSPAUTH])
    entry = await open_section(hass, kita)
    client = await hass_client_no_auth()
    await station.move("kita", host=ELSEWHERE)
    port = kita.http_port
    await report(client, myip=ELSEWHERE)
    await until(lambda: issue_of(hass, entry))
    issue = issue_of(hass, entry)
    assert issue is not None
    result = await decide(hass_client, issue, "decline")
    assert result["type"] == "create_entry", result
    assert issue_of(hass, entry) is None
    assert reached(entry)[0] == "127.0.0.1"
    # What was refused is not asked again.
    await report(client, myip=ELSEWHERE)
    await hass.async_block_till_done()
    assert issue_of(hass, entry) is None
    await station.move("kita", host=ELSEWHERE, http_port=0)
    assert kita.http_port != port
    await report(client, myip=ELSEWHERE, port=kita.http_port)
    await until(lambda: issue_of(hass, entry))
    issue = issue_of(hass, entry)
    assert issue is not None
    result = await decide(hass_client, issue, "accept")
    assert result["type"] == "create_entry", result
    assert reached(entry) == (ELSEWHERE, kita.http_port)
    assert issue_of(hass, entry) is None
    me = hass_admin_user.id
    unproved = ("address_unproved", None, {"by": "address_server", "card": "no_sample"})

    async def told() -> bool:
        return await written(entry) == [
            unproved,
            ("address_declined", me, {"by": "address_server"}),
            unproved,
            ("address_followed", me, {"by": "address_server", "proof": "person"}),
        ]

    await until(told)


async def test_camera_with_another_card_waits_for_a_person(
    hass: HomeAssistant,
    station: Station,
    kita: RunningCamera,
    start_station: Callable[..., Awaitable[Station]],
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """A real camera with that serial and password, and pictures of the same moments, has not these pictures."""
    entry = await open_section(hass, kita)
    client = await hass_client_no_auth()
    (coordinator,) = entry.runtime_data.cameras.values()
    assert (await coordinator.async_prove()).pictures
    twin_station = await start_station(
        replace(kita.camera.config, host=ELSEWHERE, quirks=frozenset({Quirk.NO_RSPAUTH}))
    )
    twin = twin_station.cameras["kita"]
    await go_silent(kita, entry)
    await report(client, myip=ELSEWHERE, port=twin.http_port)
    await until(lambda: issue_of(hass, entry))
    issue = issue_of(hass, entry)
    assert issue is not None
    assert issue.data is not None
    assert issue.data["card"] == "different"
    assert reached(entry)[0] == "127.0.0.1"
    assert alive(hass, kita) == "off"


async def test_camera_proves_itself_by_its_card(
    hass: HomeAssistant,
    station: Station,
    kita: RunningCamera,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """What was read from the card before is read again there and is the same, byte for byte."""
    kita.set(quirks=[Quirk.NO_RSPAUTH])
    entry = await open_section(hass, kita)
    client = await hass_client_no_auth()
    (coordinator,) = entry.runtime_data.cameras.values()
    assert (await coordinator.async_prove()).pictures
    # It is kept over a restart.
    assert await hass.config_entries.async_reload(entry.entry_id)
    await station.move("kita", host=ELSEWHERE)
    await report(client, myip=ELSEWHERE)
    await until(lambda: reached(entry) == (ELSEWHERE, kita.http_port))

    async def told() -> bool:
        return await written(entry) == [
            ("address_followed", None, {"by": "address_server", "proof": "card"})
        ]

    await until(told)
    # That it stands there is on the record, so the next start does not wonder.
    record, ledger = entry.runtime_data.record, entry.runtime_data.evidence.ledger
    await entry.runtime_data.evidence.outbox.async_drained()
    moved = [one async for one in ledger.entries(actions=["camera_changed"])]
    assert [(one.person, one.details["changed"]) for one in moved] == [(None, ["host"])]
    assert ELSEWHERE not in str(moved[0].details)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert entry.runtime_data.record is not record
    await entry.runtime_data.record.compared.wait()
    ledger = entry.runtime_data.evidence.ledger
    assert not [one async for one in ledger.entries(actions=["changed_outside"])]
