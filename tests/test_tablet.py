"""Whoever sits at a tablet looks, and saves nothing: every way out is tried, with every other role held besides."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Any

from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.checks.model import Photo, Result
from custom_components.niiza_cctv.people import async_holders
from simulator.running import RunningCamera
from tests.office import REQUEST, ROLES, Office, open_office
from tests.section import entity_id, section_entry

# Somebody gave the tablet's user everything, by whatever way; the list of tablets does not name them.
GENEROUS = {
    role: [*names, *(() if role == "tablets" else ("panel",))] for role, names in ROLES.items()
}


def tablet_of(user_id: str, title: str = "会議室") -> ConfigSubentry:
    """Return a tablet, to be added to a section that runs."""
    return ConfigSubentry(
        data=MappingProxyType({"user_id": user_id, "notify": ""}),
        subentry_type="tablet",
        title=title,
        unique_id=f"tablet-{user_id}",
    )


@pytest.fixture(params=["tablet", "list"])
async def desk(hass: HomeAssistant, kita: RunningCamera, request: pytest.FixtureRequest) -> Office:
    """Return a section with a tablet of `panel`, which was added, or which the list names."""
    hass.config.language = "en"
    for component in ("http", "api", "websocket_api", "media_source"):
        assert await async_setup_component(hass, component, {})
    MockUser(name="panel", id="panel").add_to_hass(hass)
    if request.param == "list":
        return await open_office(hass, kita, **GENEROUS | {"tablets": ["tablet", "panel"]})
    office = await open_office(hass, kita, **GENEROUS)
    hass.config_entries.async_add_subentry(office.entry, tablet_of("panel"))
    await hass.async_block_till_done()
    return office


async def log_in(hass: HomeAssistant, user_id: str) -> str:
    """Return the token of somebody's browser."""
    user = await hass.auth.async_get_user(user_id)
    assert user
    token = await hass.auth.async_create_refresh_token(
        user,
        client_name="browser",
        token_type=TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN,
        access_token_expiration=timedelta(hours=1),
    )
    return hass.auth.async_create_access_token(token)


# What is asked of each action; `case` is filled in where the action takes one.
ASKED: dict[str, Callable[[Office], dict[str, Any]]] = {
    "create_case": lambda office: REQUEST | office.passage(),
    "export_clip": lambda office: office.passage(),
    "register_footage": lambda office: {
        "camera": office.camera_id,
        "start": office.passage()["start"],
        "end": office.passage()["end"],
        "second_person": "suzuki",
        "medium": "USBメモリ",
        "medium_serial": "SN-1",
    },
    "propose_decision": lambda _: {"outcome": "refused", "grounds": ["article_81"]},
    "choose_for_release": lambda _: {"items": ["2026-0001-01"]},
    "approve_case": lambda _: {},
    "reject_case": lambda _: {"reason": "日時が合わない"},
    "release_case": lambda _: {},
    "hand_over": lambda _: {"recipient": "山田", "medium": "USBメモリ", "medium_serial": "SN-1"},
    "conclude_case": lambda _: {"outcome": "shown_in_person", "reasons": "庁舎内で見せた"},
    "keep_open": lambda _: {},
    "purge_case": lambda _: {},
    "restore_case": lambda _: {},
    "get_case": lambda _: {},
}
WITHOUT_CASE: dict[str, dict[str, Any]] = {
    "list_cases": {},
    "cut_clip": {
        "clip": "2026-0001-01",
        "start": "2026-01-05T10:00:00+09:00",
        "end": "2026-01-05T10:00:05+09:00",
    },
    "render_masked_clip": {"clip": "2026-0001-01", "track_sha256": "0" * 64},
    "preview_mask": {"clip": "2026-0001-01", "track_sha256": "0" * 64, "at": [0]},
    "propose_track": {
        "clip": "2026-0001-01",
        "at": 0,
        "left": 0.1,
        "top": 0.1,
        "right": 0.2,
        "bottom": 0.2,
    },
    "withdraw_clip": {"item": "2026-0001-01"},
    "export_ledger": {"form": "csv"},
    "verify_ledger": {},
    "confirm_clock": {},
    "remove_folder": {"folder": "2026-0032"},
    "confirm_appointment": {"appointment": 1},
    "decline_appointment": {"appointment": 1},
    "mute_alerts": {"camera": "camera.kita", "reason": "other"},
    "unmute_alerts": {"camera": "camera.kita"},
    # With any text and any link, in the section's name.
    "notify": {"title": "x", "message": "x", "roles": ["viewers"], "tag": "x"},
}
# What lets nothing out, and is there for tablets or automations.
HARMLESS = {
    # Looking for something is looking.
    "find_recordings",
    "record_check",
    "list_checks",
    "get_summary",
    "report_mail",
}
SETTINGS: dict[str, dict[str, Any]] = {
    "switch_audio_off": {},
    "set_resolution": {"resolution": "everyday"},
    "set_clock": {},
    # Which takes the camera's one replay session for minutes.
    "test_camera": {},
}


async def test_no_action_lets_a_tablet_take_or_decide(hass: HomeAssistant, desk: Office) -> None:
    """Each action is refused whatever roles are held, on the record; a new one must say on which side it is."""
    case = await desk.approved()
    known = ASKED.keys() | WITHOUT_CASE.keys() | HARMLESS | SETTINGS.keys()
    known |= {"cancel_clip", "seal_early", "clear_notice"}
    assert hass.services.async_services_for_domain(DOMAIN).keys() <= known
    calls = [(action, {"case": case} | asked(desk)) for action, asked in ASKED.items()]
    calls = [
        (action, data) if action != "create_case" else (action, REQUEST) for action, data in calls
    ]
    calls += [(action, data | {"camera": desk.camera_id}) for action, data in SETTINGS.items()]
    calls += WITHOUT_CASE.items()
    calls += [(action, {"clip": f"{case}-01"}) for action in ("cancel_clip", "seal_early")]
    before = len(await desk.refusals())
    for action, data in calls:
        with pytest.raises(ServiceValidationError) as caught:
            await desk.call("panel", action, **data)
        assert caught.value.translation_key == "not_allowed_tablet", action
    # It answers nothing, so it is not asked to.
    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(
            DOMAIN,
            "clear_notice",
            {"roles": ["viewers"], "tag": "x"},
            blocking=True,
            context=Context(user_id="panel"),
        )
    assert caught.value.translation_key == "not_allowed_tablet"
    refusals = (await desk.refusals())[before:]
    assert {refusal[0] for refusal in refusals} == {"panel"}
    # Beyond a number of kinds within a minute they are summed up.
    assert {refusal[3] for refusal in refusals} == {"not_allowed_tablet", "too_many"}
    assert desk.evidence.cases.case(case).state == "approved"
    # It may look, and look for something.
    found = await desk.call("panel", "find_recordings", cameras=[desk.camera_id])
    assert found["cameras"][0]["days"]


async def test_link_dies_when_its_person_becomes_a_tablet(
    hass: HomeAssistant, office: Office, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """What was released before is not fetched any more; when the tablet is removed, rights are as before."""
    browser = await hass_client_no_auth()
    case = await office.approved()
    link = (await office.call("sato", "release_case", case=case))["link"]
    tablet = tablet_of("sato")
    hass.config_entries.async_add_subentry(office.entry, tablet)
    answer = await browser.get(link)
    assert answer.status == HTTPStatus.FORBIDDEN
    assert "tablet" in await answer.text()
    assert ("sato", "download", f"case/{case}", "not_allowed_tablet") in await office.refusals()
    assert await office.entries("package_downloaded") == []
    with pytest.raises(ServiceValidationError) as caught:
        await office.call("sato", "release_case", case=case)
    assert caught.value.translation_key == "not_allowed_tablet"
    hass.config_entries.async_remove_subentry(office.entry, tablet.subentry_id)
    link = (await office.call("sato", "release_case", case=case))["link"]
    assert (await browser.get(link)).status == HTTPStatus.OK


async def test_tablet_plays_hours_of_the_card_and_no_sealed_clip(
    hass: HomeAssistant,
    desk: Office,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    """Watching is what it is for; what was taken out is neither listed nor resolved nor opened, by any identifier."""
    case = await desk.preserved()
    token = await log_in(hass, "panel")
    client, http = await hass_ws_client(hass, token), await hass_client(token)

    async def ask(kind: str, **message: Any) -> dict[str, Any]:
        await client.send_json_auto_id({"type": kind, **message})
        answer: dict[str, Any] = await client.receive_json()
        return answer

    root = f"media-source://{DOMAIN}"
    listed = await ask("media_source/browse_media", media_content_id=root)
    (camera,) = listed["result"]["children"]
    assert camera["title"] == "kita"
    clip = desk.evidence.cases.case(case).clips[0]
    for identifier in (
        f"{case}-01",
        f"clip|{case}-01",
        f"{case}|{case}-01",
        f"{desk.camera_id}|{case}-01",
        f"{desk.camera_id}|{clip.sealed.master.name}",
        f"../{case}/{clip.sealed.master.name}",
    ):
        answer = await ask("media_source/resolve_media", media_content_id=f"{root}/{identifier}")
        assert not answer["success"], identifier
    start = dt_util.utcnow().replace(microsecond=0) - timedelta(hours=1)
    passage = {"camera": desk.camera_id, "start": start.isoformat()}
    answer = await ask(
        f"{DOMAIN}/playback", **passage, end=(start + timedelta(seconds=10)).isoformat()
    )
    assert answer["success"], answer
    playlist = await http.get(answer["result"]["url"])
    assert playlist.status == HTTPStatus.OK
    # For a player, not for a folder.
    assert "attachment" not in playlist.headers.get("Content-Disposition", "")
    assert playlist.headers["Cache-Control"] == "no-store"
    answer = await ask(f"{DOMAIN}/watch_clip", clip=f"{case}-01")
    assert answer["error"]["translation_key"] == "not_allowed_tablet"
    assert ("panel", "see_cases", f"case/{case}", "not_allowed_tablet") in await desk.refusals()


async def test_panel_shows_a_tablet_its_checks_only(
    hass: HomeAssistant, desk: Office, hass_ws_client: WebSocketGenerator
) -> None:
    """Of cases, ledger and the section's own checks it hears nothing; it may confirm a sign."""
    await desk.create()
    client = await hass_ws_client(hass, await log_in(hass, "panel"))

    async def ask(command: str, **message: Any) -> dict[str, Any]:
        await client.send_json_auto_id({"type": f"{DOMAIN}/{command}", **message})
        answer: dict[str, Any] = await client.receive_json()
        return answer

    info = (await ask("info"))["result"]
    assert info["pages"] == ["checks", "board"]
    assert (info["roles"], info["kinds"], info["cameras"]) == ([], [], [])
    for command in ("ledger",):
        answer = await ask(command)
        assert answer["error"]["translation_key"] == "not_allowed_tablet", command
    shown = (await ask("checks"))["result"]["checks"]
    kinds = {check["kind"] for check in shown}
    assert "signage" in kinds
    assert not kinds & {"viewing_password", "settings_password_sealed", "contractor", "standard"}
    signage = f"signage:camera:{desk.camera_id}"
    await desk.call("panel", "record_check", check=signage, result="passed")
    assert not desk.evidence.checks.check(signage).due
    with pytest.raises(ServiceValidationError) as caught:
        await desk.call(
            "panel", "record_check", check="contractor:section:section", result="passed"
        )
    assert caught.value.translation_key == "not_allowed_tablet_check"


async def test_home_assistants_own_actions_save_no_picture_for_a_tablet(
    hass: HomeAssistant,
    desk: Office,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    """Snapshot, recording and a player are refused to it, by script as well; it looks on, and others go on."""
    for component in ("stream", "camera", "script"):
        assert await async_setup_component(
            hass,
            component,
            {
                "script": {
                    "save": {
                        "sequence": [
                            {
                                "action": "camera.snapshot",
                                "target": {"entity_id": "camera.kita"},
                                "data": {"filename": hass.config.path("script.jpg")},
                            }
                        ]
                    }
                }
            },
        )
    hass.config.allowlist_external_dirs = {hass.config.config_dir}
    entity = entity_id(hass, desk.camera.camera.config, "live", Platform.CAMERA)
    assert entity == "camera.kita"
    folder = Path(hass.config.config_dir)
    saving: dict[str, dict[str, Any]] = {
        "snapshot": {"filename": str(folder / "panel.jpg")},
        "record": {"filename": str(folder / "panel.mp4"), "duration": 1},
        "play_stream": {"media_player": "media_player.hall"},
    }
    for user_id in ("panel", "tanaka"):
        user = await hass.auth.async_get_user(user_id)
        assert user
        # As everybody who is no administrator has it: otherwise Home Assistant itself would refuse.
        await hass.auth.async_update_user(user, group_ids=[GROUP_ID_USER])
    token = await log_in(hass, "panel")
    client, http = await hass_ws_client(hass, token), await hass_client(token)
    for action, data in saving.items():
        await client.send_json_auto_id(
            {
                "type": "call_service",
                "domain": "camera",
                "service": action,
                "service_data": data,
                "target": {"entity_id": entity},
            }
        )
        answer = await client.receive_json()
        assert answer["error"].get("translation_key") == "not_allowed_tablet", answer
        answer = await http.post(
            f"/api/services/camera/{action}", json=data | {"entity_id": entity}
        )
        assert answer.status == HTTPStatus.BAD_REQUEST, action
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(
            "script", "save", blocking=True, context=Context(user_id="panel")
        )
    assert ("panel", "save_live", f"camera/{desk.camera_id}", "not_allowed_tablet") in (
        await desk.refusals()
    )
    # What the same browser asks for by the same connection afterwards is looking.
    picture = await http.get(f"/api/camera_proxy/{entity}")
    assert picture.status == HTTPStatus.OK
    await client.send_json_auto_id({"type": "camera/stream", "entity_id": entity})
    answer = await client.receive_json()
    assert answer["success"], answer
    assert not list(folder.glob("panel.*")) + list(folder.glob("script.jpg"))
    for person in ("tanaka", None):
        file = folder / f"{person}.jpg"
        await hass.services.async_call(
            "camera",
            "snapshot",
            {"entity_id": entity, "filename": str(file)},
            blocking=True,
            context=Context(user_id=person),
        )
        assert file.stat().st_size > 0


async def test_photos_of_checks_are_not_for_tablets(
    hass: HomeAssistant, desk: Office, hass_client: ClientSessionGenerator
) -> None:
    """The view answers people; a tablet, and who has no role, are refused on the record."""
    checks = desk.evidence.checks
    photo = Photo(name=f"{'0' * 32}.jpg", sha256="0" * 64, size=3)
    await checks.record(
        await desk.evidence.async_actor("sato", direct=True),
        f"signage:camera:{desk.camera_id}",
        Result.PASSED,
        photo=photo,
    )
    MockUser(name="stranger", id="stranger").add_to_hass(hass)
    for user_id in ("panel", "stranger"):
        http = await hass_client(await log_in(hass, user_id))
        answer = await http.get(f"/api/{DOMAIN}/check_photo/{photo.name}")
        assert answer.status == HTTPStatus.FORBIDDEN, user_id
        assert user_id in {refusal[0] for refusal in await desk.refusals()}


async def test_tablet_is_a_tablet_for_everybody_who_asks(hass: HomeAssistant, desk: Office) -> None:
    """One rule: what counts, who is told, and what the actor is agree."""
    holders = await async_holders(hass, desk.entry, desk.entry.runtime_data.record.held)
    assert "panel" in holders["tablets"]
    phones = desk.entry.runtime_data.phones
    assert "panel" in await phones.tablets()
    # A notice for those who approve does not light up on the table.
    assert "panel" not in await phones.holders("approvers")
    actor = await desk.evidence.async_actor("panel")
    assert "tablet" in actor.roles


async def test_a_section_without_a_tablet_is_complete(
    hass: HomeAssistant, people: dict[str, MockUser]
) -> None:
    """Nobody is asked for a list of tablets; the other roles are asked for all the same."""
    lists = {"viewers": ["sato-id"], "exporters": ["sato-id"], "approvers": ["suzuki-id"]}
    entry: MockConfigEntry = section_entry(**lists, tablets=[])
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    issues = ir.async_get(hass)
    assert issues.async_get_issue(DOMAIN, "roles_missing") is None
    hass.config_entries.async_update_entry(entry, data={**entry.data, "viewers": []})
    await hass.async_block_till_done()
    assert issues.async_get_issue(DOMAIN, "roles_missing") is not None
