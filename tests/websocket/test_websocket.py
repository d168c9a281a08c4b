"""What the panel asks for over a real websocket: who is asking, and when there is something new."""

from datetime import timedelta
from functools import partial
from typing import Any

from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.dispatcher import async_dispatcher_send
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN, SIGNAL_BOARD
from custom_components.niiza_cctv.lib.cases.kinds import FIELDS
from custom_components.niiza_cctv.lib.cases.model import CaseKind, Ground
from tests.office import Office
from tests.section import due_noted, until


async def connect(hass: HomeAssistant, hass_ws_client: WebSocketGenerator, person: str) -> Any:
    """Let a person open the panel."""
    user = await hass.auth.async_get_user(person)
    assert user
    token = await hass.auth.async_create_refresh_token(
        user,
        client_name="panel",
        token_type=TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN,
        access_token_expiration=timedelta(hours=1),
    )
    return await hass_ws_client(hass, hass.auth.async_create_access_token(token))


async def ask(client: Any, command: str) -> Any:
    """Send a command and return the answer."""
    await client.send_json_auto_id({"type": f"{DOMAIN}/{command}"})
    return await client.receive_json()


async def test_panel_learns_what_it_shows(
    hass: HomeAssistant, office: Office, hass_ws_client: WebSocketGenerator
) -> None:
    """Who is asking with what roles, the kinds with their fields, the cameras, the ledger."""
    client = await connect(hass, hass_ws_client, "sato")
    info = (await ask(client, "info"))["result"]
    assert info["user"] == {"id": "sato", "name": "sato"}
    assert info["roles"] == ["exporter", "viewer"]
    assert info["pages"] == ["cases", "checks", "board", "settings", "ledger", "people"]
    kinds = {kind["kind"]: kind for kind in info["kinds"]}
    assert kinds.keys() == set(CaseKind)
    disclosure, police = (kinds[name] for name in ("disclosure_request", "police_inquiry"))
    assert (disclosure["decided_by_proposal"], disclosure["grounds"]) == (True, [*Ground])
    assert (police["decided_by_proposal"], police["grounds"]) == (False, [])
    assert kinds["police_inquiry"]["legal_bases"] == ["刑事訴訟法第197条第2項"]
    for kind in kinds.values():
        assert {*kind["required"], *kind["optional"]} <= FIELDS.keys()
    (camera,) = info["cameras"]
    assert (camera["unique_id"], camera["name"]) == (office.camera_id, "kita")
    head = office.evidence.ledger.head
    assert info["ledger"] == {"available": True, "number": head.number, "hash": head.hash}
    assert info["time_zone"] == hass.config.time_zone
    assert info["keep_days"] == 30


@pytest.mark.parametrize("person", ["sato", "tablet"])
async def test_while_home_assistant_stops_nobody_is_told_of_a_fault_of_the_ledger(
    hass: HomeAssistant, office: Office, hass_ws_client: WebSocketGenerator, person: str
) -> None:
    """Its ledger is closed, but its entry and the connection stay until the end: the section is not loaded any more."""
    client = await connect(hass, hass_ws_client, person)
    assert (await ask(client, "info"))["result"]["ledger"]["available"] is True
    subscribed = await ask(client, "board")
    assert subscribed["success"]
    assert (await client.receive_json())["event"]["section"]["faults"] == []
    # What Home Assistant runs first when it stops.
    await office.entry.runtime_data.async_close()
    async_dispatcher_send(hass, SIGNAL_BOARD)
    told = await client.receive_json()
    assert told["id"] == subscribed["id"]
    assert (told["event"]["state"], told["event"]["section"]) == ("not_loaded", None)
    refused = await ask(client, "info")
    assert refused["error"]["translation_key"] == "service_config_entry_not_loaded"
    with pytest.raises(ServiceValidationError) as caught:
        await office.call("sato", "list_cases")
    assert caught.value.translation_key == "service_config_entry_not_loaded"


async def test_tablet_learns_of_its_one_page(
    hass: HomeAssistant, office: Office, hass_ws_client: WebSocketGenerator
) -> None:
    """Checks are there for it, whatever roles it was given beside; of cases and the ledger it hears nothing."""
    client = await connect(hass, hass_ws_client, "tablet")
    info = (await ask(client, "info"))["result"]
    assert info["user"]["id"] == "tablet"
    assert info["pages"] == ["checks", "board"]
    assert (info["roles"], info["kinds"], info["cameras"]) == ([], [], [])
    assert info["ledger"] == {"available": True, "number": 0, "hash": ""}
    assert (await ask(client, "subscribe"))["success"]
    assert await office.refusals() == []


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        ("stranger", "not_allowed_needs_viewer"),
        ("former", "not_allowed_inactive"),
        ("robot", "not_allowed_not_human"),
    ],
)
async def test_panel_is_for_holders_of_a_role(
    hass: HomeAssistant,
    office: Office,
    hass_ws_client: WebSocketGenerator,
    person: str,
    reason: str,
) -> None:
    """Somebody without a role sees nothing, not even as the owner; nor does a tablet's user that is none."""
    user = MockUser(name=person, id=person, is_owner=True).add_to_hass(hass)
    client = await connect(hass, hass_ws_client, person)
    if person != "stranger":
        hass.config_entries.async_update_entry(
            office.entry, data={**office.entry.data, "tablets": [person]}
        )
        # While the connection stands: Home Assistant ends it at its own time.
        user.is_active = person != "former"
        user.system_generated = person == "robot"
    for command in ("info", "subscribe"):
        answer = await ask(client, command)
        assert answer["success"] is False
        assert answer["error"]["translation_domain"] == DOMAIN
        assert answer["error"]["translation_key"] == reason
    assert (person, "see_cases", "section", reason) in await office.refusals()


async def test_panel_is_told_of_changes(
    hass: HomeAssistant, office: Office, hass_ws_client: WebSocketGenerator
) -> None:
    """A step of a case brings an event that carries nothing; a reload of the section does not end it."""
    client = await connect(hass, hass_ws_client, "suzuki")
    assert (await ask(client, "subscribe"))["success"]
    await office.create()
    answer = await client.receive_json()
    assert (answer["type"], answer["event"]) == ("event", {"type": "changed"})
    assert await hass.config_entries.async_reload(office.entry.entry_id)
    assert (await client.receive_json())["event"] == {"type": "changed"}


async def test_actions_say_to_the_panel_why_not(
    hass: HomeAssistant, office: Office, hass_ws_client: WebSocketGenerator
) -> None:
    """A refused action over the websocket carries its text's key; a person there acts by their own hand."""
    case = await office.preserved()
    client = await connect(hass, hass_ws_client, "sato")

    async def call(service: str, **data: Any) -> Any:
        await client.send_json_auto_id(
            {
                "type": "call_service",
                "domain": DOMAIN,
                "service": service,
                "service_data": data,
                "return_response": True,
            }
        )
        return await client.receive_json()

    answer = await call("approve_case", case=case)
    assert answer["error"]["translation_key"] == "not_allowed_needs_approver"
    client = await connect(hass, hass_ws_client, "suzuki")
    answer = await call("approve_case", case=case, items=office.looked_at(case))
    assert answer["result"]["response"]["state"] == "approved"


async def test_developer_tools_are_a_persons_own_hand(
    hass: HomeAssistant, office: Office, hass_ws_client: WebSocketGenerator
) -> None:
    """The page for trying actions runs them as a sequence without a name: it is still the person who presses."""
    case = await office.preserved()
    suzuki = await hass.auth.async_get_user("suzuki")
    assert suzuki
    # The page is for administrators.
    suzuki.is_owner = True
    client = await connect(hass, hass_ws_client, "suzuki")
    await client.send_json_auto_id(
        {
            "type": "execute_script",
            "sequence": [
                {
                    "action": f"{DOMAIN}.approve_case",
                    "data": {"case": case, "items": office.looked_at(case)},
                    "response_variable": "answer",
                }
            ],
        }
    )
    assert (await client.receive_json())["success"]
    assert office.evidence.cases.case(case).state == "approved"


async def test_the_ledger_is_read_page_by_page(
    hass: HomeAssistant, office: Office, hass_ws_client: WebSocketGenerator
) -> None:
    """Who did what, the newest first, down to the very first entry; not for a tablet."""
    # What a new section has to look at is noted by itself, and how it was taken over.
    await due_noted(office.entry)
    await until(partial(office.entries, "digest_learnt"))
    first = office.evidence.ledger.head.number + 1
    case = await office.create()
    for number in range(60):
        await office.evidence.ledger.append(
            "footage_viewed", f"camera/{office.camera_id}", {"n": number}, person=None
        )
    client = await connect(hass, hass_ws_client, "suzuki")
    await client.send_json_auto_id({"type": f"{DOMAIN}/ledger"})
    page = (await client.receive_json())["result"]["entries"]
    assert [entry["number"] for entry in page] == list(range(first + 60, first + 10, -1))
    assert (page[0]["camera"], page[0]["case"], page[0]["person"]) == ("kita", None, None)
    await client.send_json_auto_id({"type": f"{DOMAIN}/ledger", "before": first + 11})
    page = (await client.receive_json())["result"]["entries"]
    assert [entry["number"] for entry in page] == list(range(first + 10, 0, -1))
    assert (page[10]["action"], page[10]["case"]) == ("case_created", case)
    assert page[10]["person"] == {"id": "sato", "name": "sato"}
    await client.send_json_auto_id({"type": f"{DOMAIN}/ledger", "before": 1})
    assert (await client.receive_json())["result"]["entries"] == []
    tablet = await connect(hass, hass_ws_client, "tablet")
    assert not (await ask(tablet, "ledger"))["success"]
