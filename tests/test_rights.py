"""Every way in is called by everybody: what comes of it is what the pages of the rights say."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
import json
from pathlib import Path
from typing import Any, Final

from aiohttp import WSMsgType
from aiohttp.test_utils import TestClient
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_USER
from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN, TOKEN_TYPE_SYSTEM
from homeassistant.config_entries import HANDLERS
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant, SupportsResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.issues import async_show_issue
from custom_components.niiza_cctv.media_source import FootageMediaSource
from custom_components.niiza_cctv.services import ACTIONS
from custom_components.niiza_cctv.views.registry import VIEWS
from custom_components.niiza_cctv.websocket.registry import COMMANDS
from scripts.rights_page import (
    ADMIN,
    ALLOWED,
    CALLERS,
    DOORS,
    IMPOSSIBLE,
    LOG_IN,
    OWN_LINK,
    PAGES,
    page,
    rows,
)
from simulator.running import RunningCamera
from tests.section import due_noted, set_up, unique_id_of, until

ALL: Final = ["tablet", "script", "inactive", "system"]
LISTS: Final = {
    "viewers": ["viewer", *ALL],
    "exporters": ["exporter", *ALL],
    "approvers": ["approver", *ALL],
    "tablets": ["tablet"],
}
# What a refusal begins with that is about the person; any other answer comes from behind the door.
REFUSALS: Final = (
    "not_allowed",
    "not_by_own_hand",
    "setting_not_by",
    "check_not_by",
    "mail_report_by",
)
HERE: Final = Path(__file__).parent.parent
SCRIPTS: Final = {
    "telling": {"sequence": [{"action": "{{ service }}", "data": "{{ given }}"}]},
    "asking": {
        "sequence": [
            {"action": "{{ service }}", "data": "{{ given }}", "response_variable": "answer"}
        ]
    },
}
NO_CASE: Final = "2026-9999"
PASSAGE: Final = {"start": "2026-01-05T10:00:00+09:00", "end": "2026-01-05T10:00:05+09:00"}


@dataclass
class House:
    """A section with one person of each kind, and what there is to be called."""

    hass: HomeAssistant
    entry: MockConfigEntry
    camera: str
    clients: ClientSessionGenerator
    users: dict[str, MockUser]
    tokens: dict[str, str] = field(default_factory=dict)

    async def browser(self, caller: str) -> TestClient[Any, Any]:
        """Return somebody's browser; nobody's is not logged in."""
        browser: TestClient[Any, Any] = await self.clients(self.tokens.get(caller, "none"))
        return browser

    def entity(self, platform: Platform, key: str) -> str:
        """Return an entity by the end of its unique id."""
        (found,) = [
            one.entity_id
            for one in er.async_get(self.hass).entities.values()
            if one.platform == DOMAIN and one.domain == platform and one.unique_id.endswith(key)
        ]
        return found

    @property
    def check(self) -> str:
        """Return a check that also a tablet may confirm."""
        return f"signage:camera:{self.camera}"


@pytest.fixture
async def house(
    hass: HomeAssistant, kita: RunningCamera, hass_client: ClientSessionGenerator
) -> House:
    """Set it up."""
    for component in ("config", "repairs", "media_source", "stream", "camera", "calendar", "todo"):
        assert await async_setup_component(hass, component, {})
    assert await async_setup_component(hass, "script", {"script": SCRIPTS})
    assert await async_setup_component(hass, DOMAIN, {})
    # Home Assistant lets nobody at entities who is in no group.
    groups = {one: await hass.auth.async_get_group(one) for one in (GROUP_ID_ADMIN, GROUP_ID_USER)}
    admins, members = ([group] for group in groups.values() if group)
    users = {
        name: MockUser(
            id=name,
            name=name,
            is_owner=name == "owner",
            groups=admins if name in {"administrator", "owner"} else members,
        ).add_to_hass(hass)
        for name in CALLERS
        if name != "automation"
    }
    entry = await set_up(hass, kita, **LISTS)
    house = House(hass, entry, unique_id_of(kita.camera.config), hass_client, users)
    users["system"].system_generated = True
    for name, user in users.items():
        kind = TOKEN_TYPE_SYSTEM if name == "system" else TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
        token = await hass.auth.async_create_refresh_token(
            user, client_name=None if name == "system" else "browser", token_type=kind
        )
        house.tokens[name] = hass.auth.async_create_access_token(token)
    # Named and confirmed by nobody.
    hass.config_entries.async_update_entry(
        entry,
        data={
            **entry.data,
            "exporters": [*LISTS["exporters"], "named"],
            "approvers": [*LISTS["approvers"], "named"],
        },
    )
    await hass.async_block_till_done()
    await due_noted(entry)
    await until(lambda: entry.runtime_data.evidence.proof.found is not None)
    return house


def outcome(key: str | None) -> str:
    """Return what an answer says of the person: refused with a message, or let through, whatever came behind."""
    return key if key is not None and key.startswith(REFUSALS) else ALLOWED


def compare(door: str, found: dict[str, dict[str, str]]) -> None:
    """Hold what came of the calls against the page."""
    wanted = rows(door)
    assert found.keys() == wanted.keys()
    wrong = {
        f"{name} by {caller}": (found[name][caller], expected)
        for name, outcomes in wanted.items()
        for caller, expected in outcomes.items()
        if found[name][caller] != expected
    }
    assert wrong == {}, "found, and what the rules say"


# --- Actions ------------------------------------------------------------------------------------------------------

# Of no case: who is let through learns that there is none, and changes nothing.
CASE: Final = {"case": NO_CASE}
ASKED: Final[dict[str, Callable[[House], dict[str, Any]]]] = {
    "find_recordings": lambda house: {"cameras": [house.camera]},
    "create_case": lambda _: {"kind": "internal_inspection"},
    "export_clip": lambda house: CASE | {"cameras": [house.camera]} | PASSAGE,
    "register_footage": lambda house: (
        CASE
        | {
            "camera": house.camera,
            **PASSAGE,
            "second_person": "viewer",
        }
    ),
    "cancel_clip": lambda _: {"clip": f"{NO_CASE}-01"},
    "seal_early": lambda _: {"clip": f"{NO_CASE}-01"},
    "cut_clip": lambda _: {"clip": f"{NO_CASE}-01", **PASSAGE},
    "render_masked_clip": lambda _: {"clip": f"{NO_CASE}-01", "track_sha256": "0" * 64},
    "preview_mask": lambda _: {"clip": f"{NO_CASE}-01", "track_sha256": "0" * 64, "at": [0]},
    "propose_track": lambda _: {
        "clip": f"{NO_CASE}-01",
        "at": 0,
        "left": 0.1,
        "top": 0.1,
        "right": 0.2,
        "bottom": 0.2,
    },
    "propose_decision": lambda _: CASE | {"outcome": "refused", "grounds": ["article_81"]},
    "choose_for_release": lambda _: CASE | {"items": [f"{NO_CASE}-01"]},
    "withdraw_clip": lambda _: {"item": f"{NO_CASE}-01"},
    "approve_case": lambda _: CASE,
    "reject_case": lambda _: CASE,
    "release_case": lambda _: CASE,
    "hand_over": lambda _: CASE,
    "conclude_case": lambda _: CASE | {"outcome": "nothing_found"},
    "keep_open": lambda _: CASE,
    "purge_case": lambda _: CASE,
    "restore_case": lambda _: CASE,
    "list_cases": lambda _: {},
    "get_case": lambda _: CASE,
    "export_ledger": lambda _: {"form": "csv"},
    "verify_ledger": lambda _: {},
    "confirm_clock": lambda _: {},
    "remove_folder": lambda _: {"folder": NO_CASE},
    "confirm_appointment": lambda _: {"appointment": 999_999},
    "decline_appointment": lambda _: {"appointment": 999_999},
    "switch_audio_off": lambda house: {"camera": house.camera},
    "set_resolution": lambda house: {"camera": house.camera, "resolution": "everyday"},
    "set_clock": lambda house: {"camera": house.camera},
    "record_check": lambda house: {"check": house.check, "result": "passed"},
    "list_checks": lambda _: {},
    "notify": lambda _: {"title": "x", "message": "x", "roles": ["viewers"], "tag": "x"},
    "clear_notice": lambda _: {"roles": ["viewers"], "tag": "x"},
    "get_summary": lambda _: {},
    "report_mail": lambda _: {"recipient": "x@example.jp"},
}


async def called(do: Awaitable[Any]) -> str:
    """Return what comes of a call."""
    try:
        await do
    except HomeAssistantError as err:
        if err.translation_domain != DOMAIN:
            # Home Assistant's own refusals are no answer from behind our door.
            raise
        return outcome(err.translation_key)
    return ALLOWED


async def act(house: House, caller: str, domain: str, service: str, data: dict[str, Any]) -> str:
    """Let somebody call an action; the script's caller lets a script do it."""
    answers = house.hass.services.supports_response(domain, service) is SupportsResponse.ONLY
    if caller == "script":
        data = {"service": f"{domain}.{service}", "given": data}
        domain, service, answers = "script", "asking" if answers else "telling", False
    return await called(
        house.hass.services.async_call(
            domain,
            service,
            data,
            blocking=True,
            return_response=answers,
            context=Context(user_id=None if caller == "automation" else caller),
        )
    )


def no_longer_logged_in(house: House) -> None:
    """Deactivate who is inactive: Home Assistant ends their connections at its own time."""
    house.users["inactive"].is_active = False


async def test_every_action_by_everybody(hass: HomeAssistant, house: House) -> None:
    """Each action is called by each caller; a new one needs a row, and a call."""
    assert DOORS["action"].keys() == ACTIONS.keys() == ASKED.keys()
    assert hass.services.async_services_for_domain(DOMAIN).keys() == ACTIONS.keys()
    no_longer_logged_in(house)
    compare(
        "action",
        {
            name: {
                caller: await act(house, caller, DOMAIN, name, asked(house)) for caller in CALLERS
            }
            for name, asked in ASKED.items()
        },
    )


async def test_every_entity_by_everybody(hass: HomeAssistant, house: House) -> None:
    """What may be pressed or ticked is, by each caller."""
    buttons = {
        one.translation_key or ""
        for one in er.async_get(hass).entities.values()
        if one.platform == DOMAIN and one.domain == Platform.BUTTON
    }
    assert {one for one in buttons if not one.startswith("check_")} == {
        "prove_recording",
        "refresh",
    }
    no_longer_logged_in(house)
    pressed = {
        "button_confirm": house.entity(Platform.BUTTON, f"{house.camera}_check_signage"),
        "button_refresh": house.entity(Platform.BUTTON, f"{house.camera}_refresh"),
        "button_prove": house.entity(Platform.BUTTON, f"{house.camera}_prove_recording"),
    }
    found: dict[str, dict[str, str]] = {
        name: {
            caller: await act(house, caller, "button", "press", {"entity_id": entity})
            for caller in CALLERS
        }
        for name, entity in pressed.items()
    }
    ticked = {
        "entity_id": house.entity(Platform.TODO, "checks"),
        "item": house.check,
        "status": "completed",
    }
    found["todo_update"] = {
        caller: await act(house, caller, "todo", "update_item", ticked) for caller in CALLERS
    }
    compare("entity", found)


# --- The panel, the media browser ---------------------------------------------------------------------------------

MESSAGES: Final[dict[str, Callable[[House], dict[str, Any]]]] = {
    "info": lambda _: {},
    "subscribe": lambda _: {},
    "ledger": lambda _: {},
    "people": lambda _: {},
    "checks": lambda _: {},
    "check_history": lambda house: {"check": house.check},
    "camera_settings": lambda _: {},
    "settings_request": lambda _: {"token": "none"},
    "playback": lambda house: {"camera": house.camera, **PASSAGE},
    "watch_clip": lambda _: {"clip": f"{NO_CASE}-01"},
    "open_counter": lambda _: {"item": f"{NO_CASE}-01-m01", "shown_to": "requester"},
    "end_counter": lambda _: {"showing": 1},
    "watched": lambda _: {"clip": f"{NO_CASE}-01", "reaches": [[0, 1000]], "speed": 100},
    "save_draft": lambda _: {"step": "create", "fields": {}},
    "mask_track": lambda _: {"item": f"{NO_CASE}-01"},
    "mask_view": lambda _: {"clip": f"{NO_CASE}-01"},
    "save_mask_track": lambda _: {
        "clip": f"{NO_CASE}-01",
        "track": {"reveal": [], "hide": []},
        "based_on": None,
    },
    "dismiss_notice": lambda _: {"tag": "none"},
    "discard_draft": lambda _: {"draft_id": "0" * 32},
}
# What is only there for who was given a link: its own refusal of everybody who was not.
NO_LINK: Final = {"settings_link_unknown"}


async def ask(
    house: House, caller: str, messages: dict[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Let somebody send messages over their websocket; return the answers."""
    browser = await house.browser(caller)
    answers = {}
    async with browser.ws_connect("/api/websocket") as ws:
        await ws.receive_json()
        await ws.send_json({"type": "auth", "access_token": house.tokens[caller]})
        assert (await ws.receive_json())["type"] == "auth_ok"
        if caller == "inactive":
            no_longer_logged_in(house)
        for number, (name, message) in enumerate(messages.items(), 1):
            await ws.send_json({"id": number, **message})
            while (answer := await ws.receive_json())["id"] != number or answer["type"] != "result":
                pass
            answers[name] = answer
    return answers


def answered(answer: dict[str, Any]) -> str:
    """Return what an answer comes to."""
    if answer["success"]:
        return ALLOWED
    key = answer["error"].get("translation_key")
    return OWN_LINK if key in NO_LINK else outcome(key)


async def test_every_command_by_everybody(hass: HomeAssistant, house: House) -> None:
    """Each command is sent by each caller who can have a connection; a new one needs a row, and a message."""
    assert DOORS["websocket"].keys() == COMMANDS.keys() == MESSAGES.keys()
    messages = {
        name: {"type": f"{DOMAIN}/{name}", **message(house)} for name, message in MESSAGES.items()
    }
    found: dict[str, dict[str, str]] = {name: {} for name in MESSAGES}
    for caller in CALLERS:
        if caller in {"automation", "script"}:
            answers = dict.fromkeys(MESSAGES, IMPOSSIBLE)
        else:
            sent = await ask(house, caller, messages)
            answers = {name: answered(answer) for name, answer in sent.items()}
        for name, answer in answers.items():
            found[name][caller] = answer
    compare("websocket", found)


@pytest.mark.parametrize("expected_lingering_timers", [True])
async def test_without_a_log_in_nothing_is_answered(
    hass: HomeAssistant, house: House, expected_lingering_timers: bool
) -> None:
    """Home Assistant hangs up on whoever does not log in first."""
    assert expected_lingering_timers
    browser = await house.browser("automation")
    async with browser.ws_connect("/api/websocket") as ws:
        await ws.receive_json()
        await ws.send_json({"id": 1, "type": f"{DOMAIN}/info"})
        assert (await ws.receive_json())["type"] == "auth_invalid"
        assert (await ws.receive()).type in {WSMsgType.CLOSE, WSMsgType.CLOSED}


async def test_the_media_browser_by_everybody(hass: HomeAssistant, house: House) -> None:
    """Listing and playing are asked for by each caller; its errors are texts."""
    assert {
        name.removeprefix("async_").removesuffix("_media")
        for name in vars(FootageMediaSource)
        if name.startswith("async_")
    } == DOORS["media"].keys()
    texts = json.loads(
        (HERE / "custom_components" / DOMAIN / "translations" / "en.json").read_text()
    )["exceptions"]
    keys = {one["message"]: key for key, one in texts.items()}
    place = f"media-source://{DOMAIN}/{house.camera}"
    messages = {
        "browse": {"type": "media_source/browse_media", "media_content_id": place},
        "resolve": {"type": "media_source/resolve_media", "media_content_id": place},
    }
    found: dict[str, dict[str, str]] = {name: {} for name in messages}
    for caller in CALLERS:
        if caller in {"automation", "script"}:
            for name in messages:
                found[name][caller] = IMPOSSIBLE
            continue
        for name, answer in (await ask(house, caller, messages)).items():
            found[name][caller] = (
                ALLOWED if answer["success"] else outcome(keys.get(answer["error"]["message"]))
            )
    compare("media", found)


# --- Home Assistant's server ---------------------------------------------------------------------------------------

# Of no link and no photo: who is let through learns that there is none.
ADDRESSES: Final = {
    "download": ("get", f"/api/{DOMAIN}/download/none"),
    "playback": ("get", f"/api/{DOMAIN}/playback/none/index.m3u8"),
    "still": ("get", f"/api/{DOMAIN}/still/none.jpg"),
    "mask_still": ("get", f"/api/{DOMAIN}/mask_still/none/source/0.jpg"),
    "check_photo": ("get", f"/api/{DOMAIN}/check_photo/none"),
    "alert_picture": ("get", f"/api/{DOMAIN}/alert_picture/none"),
    "settings": ("post", f"/api/{DOMAIN}/settings/none"),
    "address_report": ("get", "/nic/update"),
}


async def test_every_address_by_everybody(hass: HomeAssistant, house: House) -> None:
    """Each address is asked for by each caller, logged in as far as they can be; a new one needs a row."""
    names = {
        str(vars(view)["name"]).removeprefix("api:").removeprefix(f"{DOMAIN}:") for view in VIEWS
    }
    assert DOORS["view"].keys() == names == ADDRESSES.keys()
    no_longer_logged_in(house)
    found: dict[str, dict[str, str]] = {name: {} for name in ADDRESSES}
    for caller in CALLERS:
        browser = await house.browser(caller)
        for name, (method, path) in ADDRESSES.items():
            expected = rows("view")[name][caller]
            if expected == IMPOSSIBLE:
                # No script has a browser.
                found[name][caller] = IMPOSSIBLE
                continue
            body: dict[str, Any] = {"json": {}} if method == "post" else {}
            answer = await getattr(browser, method)(path, **body)
            found[name][caller] = await _answer_of(house, name, caller, answer)
    compare("view", found)


async def _answer_of(house: House, name: str, caller: str, answer: Any) -> str:
    """Return what an answer of the server comes to."""
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return LOG_IN
    if answer.status == HTTPStatus.FORBIDDEN:
        # A picture is refused without words: those are in the ledger.
        refused = [
            one
            async for one in house.entry.runtime_data.evidence.ledger.entries(actions=["refused"])
            if one.person and one.person.id == caller
        ]
        return str(refused[-1].details["reason"])
    assert answer.status == HTTPStatus.NOT_FOUND, (name, caller, answer.status)
    return ALLOWED if name in {"check_photo", "alert_picture"} else OWN_LINK


# --- The settings -------------------------------------------------------------------------------------------------


async def test_every_form_by_everybody(hass: HomeAssistant, house: House) -> None:
    """The section's forms open for Home Assistant's administrators; who they name, a second person confirms."""
    kinds = HANDLERS[DOMAIN].async_get_supported_subentry_types(house.entry)
    assert DOORS["form"].keys() == {"section", "options", "repairs", *kinds}
    flow = "/api/config/config_entries"
    asked = {
        "section": (f"{flow}/flow", {"handler": DOMAIN, "entry_id": house.entry.entry_id}),
        "options": (f"{flow}/options/flow", {"handler": house.entry.entry_id}),
        "repairs": (
            "/api/repairs/issues/fix",
            {"handler": DOMAIN, "issue_id": "changed_outside"},
        ),
        **{
            kind: (f"{flow}/subentries/flow", {"handler": [house.entry.entry_id, kind]})
            for kind in kinds
        },
    }
    async_show_issue(hass, "changed_outside", fixable=True, data={"entry_id": house.entry.entry_id})
    no_longer_logged_in(house)
    found: dict[str, dict[str, str]] = {name: {} for name in asked}
    for caller in CALLERS:
        browser = await house.browser(caller)
        for name, (path, body) in asked.items():
            if caller == "script":
                found[name][caller] = IMPOSSIBLE
                continue
            answer = await browser.post(path, json=body)
            if answer.status == HTTPStatus.UNAUTHORIZED:
                found[name][caller] = LOG_IN if caller in {"automation", "inactive"} else ADMIN
                continue
            assert answer.status == HTTPStatus.OK, (name, caller, await answer.text())
            await browser.delete(f"{path}/{(await answer.json())['flow_id']}")
            found[name][caller] = ALLOWED
    compare("form", found)


# --- The pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_the_page_says_what_the_rules_say(name: str) -> None:
    """It was written anew after the rules changed: `.venv/bin/python -m scripts.rights_page`."""
    assert (HERE / "docs" / name).read_text() == page(PAGES[name])
