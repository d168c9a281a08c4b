"""What people do with footage, through Home Assistant's actions: who may, who may not, and what they are told."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from homeassistant.auth.const import GROUP_ID_ADMIN
from homeassistant.const import EVENT_CALL_SERVICE
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.services import ACTIONS
from simulator.running import RunningCamera
from tests.office import DISCLOSURE, REQUEST, Office, open_office, passage_start
from tests.section import until
from tests.websocket.test_websocket import connect

# What everybody of the section would have to fill in, by action.
CASE_CALLS: dict[str, dict[str, Any]] = {
    "approve_case": {},
    "reject_case": {"reason": "日時が合わない"},
    "release_case": {},
    "hand_over": {"recipient": "山田太郎", "medium": "USBメモリ", "medium_serial": "SN-1"},
    "conclude_case": {"outcome": "shown_in_person", "reasons": "庁舎内で見せた"},
    "keep_open": {},
    "purge_case": {},
}
NEEDS = {
    "approve_case": "not_allowed_needs_approver",
    "reject_case": "not_allowed_needs_approver",
    "release_case": "not_allowed_needs_exporter",
    "hand_over": "not_allowed_needs_exporter",
    "conclude_case": "not_allowed_needs_exporter",
    "keep_open": "not_allowed_needs_exporter",
    "purge_case": "not_allowed_needs_exporter",
}
DEEDS = {
    "approve_case": "approve",
    "reject_case": "reject",
    "release_case": "release",
    "hand_over": "hand_over",
    "conclude_case": "conclude",
    "keep_open": "keep_open",
    "purge_case": "purge",
}


async def refused(office: Office, person: str | None, action: str, **data: Any) -> str:
    """Let somebody try what is not allowed; returns the message's key."""
    with pytest.raises(ServiceValidationError) as caught:
        await office.call(person, action, **data)
    assert caught.value.translation_domain == DOMAIN
    assert caught.value.translation_key
    return caught.value.translation_key


async def test_case_says_what_whoever_asks_may_do_now(office: Office) -> None:
    """To each other person it offers other steps, alone and in the list, and says why not the rest."""
    case = await office.preserved()
    sato = await office.call("sato", "get_case", case=case)
    assert sato["offers"] == [
        "request_clips",
        "register_footage",
        "cut_clip",
        "withdraw_clip",
        "choose_for_release",
        "keep_open",
    ]
    assert sato["refusals"]["approve"] == "not_allowed_needs_approver"
    assert sato["refusals"]["release"] == "case_not_approved"
    assert [clip["offers"] for clip in sato["passages"]] == [["cut_clip", "mask_clip"]]
    suzuki = await office.call("suzuki", "get_case", case=case)
    assert suzuki["offers"] == ["withdraw_clip", "approve", "reject", "keep_open"]
    assert sato["refusals"].keys().isdisjoint(sato["offers"])
    (listed,) = (await office.call("suzuki", "list_cases"))["cases"]
    assert listed["offers"] == suzuki["offers"]
    for action, step in DEEDS.items():
        if step not in suzuki["offers"]:
            assert await refused(office, "suzuki", action, case=case, **CASE_CALLS[action])
    approved = await office.call("suzuki", "approve_case", case=case)
    assert approved["offers"] == ["withdraw_clip", "reject", "keep_open"]
    sato = await office.call("sato", "get_case", case=case)
    assert sato["offers"] == [
        "request_clips",
        "register_footage",
        "cut_clip",
        "withdraw_clip",
        "choose_for_release",
        "release",
        "conclude",
        "keep_open",
    ]
    assert sato["outcomes"] == ["shown_in_person"]


async def test_every_action_is_there_before_the_section_is(hass: HomeAssistant) -> None:
    """An automation that names an action is checked at start; without a section the action says so."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert hass.services.async_services_for_domain(DOMAIN).keys() == ACTIONS.keys()
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(
            DOMAIN, "list_cases", {}, blocking=True, return_response=True, context=Context()
        )


async def test_case_is_taken_from_the_request_to_the_hand_over(office: Office) -> None:
    """Two people, one case, and every step is on the record with its person."""
    case = await office.create("sato", **office.passage())
    shown = await office.call("sato", "get_case", case=case)
    assert shown["request"]["legal_basis"] == "刑事訴訟法第197条第2項"
    (clip,) = shown["passages"]
    assert (clip["clip"], clip["camera"]) == (f"{case}-01", office.camera_id)
    assert clip["asked_by"] == {"id": "sato", "name": "sato"}
    await office.until_state(case, "preserved")
    shown = await office.call("suzuki", "approve_case", case=case, note="確認した")
    (clip,) = shown["passages"]
    assert (shown["state"], clip["state"], clip["progress"]) == ("approved", "sealed", None)
    assert clip["sealed"]["pictures"] >= 25
    assert shown["approved_by"] == {"id": "suzuki", "name": "suzuki"}
    assert shown["approval_note"] == "確認した"
    released = await office.call("sato", "release_case", case=case)
    assert released["passphrase"] is None
    assert released["file"]["size"] > 0
    await office.downloaded(case)
    handed = await office.call("sato", "hand_over", case=case, **CASE_CALLS["hand_over"])
    assert handed["handover"]["medium_serial"] == "SN-1"
    folder = office.evidence.vault.folder(case)
    assert list(folder.iterdir())
    purged = await office.call("sato", "purge_case", case=case)
    assert purged["state"] == "purged"
    assert not folder.exists()
    assert [(step["action"], (step["person"] or {}).get("id")) for step in purged["history"]] == [
        ("case_created", "sato"),
        ("clip_requested", "sato"),
        ("clip_sealed", None),
        ("item_approved", "suzuki"),
        ("case_released", "sato"),
        ("download_begun", "sato"),
        ("package_downloaded", "sato"),
        ("case_handed_over", "sato"),
        ("case_purged", "sato"),
        ("files_removed", None),
    ]
    verified = await office.call("suzuki", "verify_ledger")
    assert (verified["intact"], verified["broken"]) == (True, None)
    assert verified["hash"] == office.evidence.ledger.head.hash


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (None, "not_allowed_nobody"),
        ("gone", "not_allowed_nobody"),
        ("machine", "not_allowed_not_human"),
        ("left", "not_allowed_inactive"),
        ("tablet", "not_allowed_tablet"),
    ],
)
async def test_only_active_people_without_a_tablet_act(
    office: Office, person: str | None, reason: str
) -> None:
    """Roles help nobody who is no person, no longer here, or sits at a tablet; it is all on the record."""
    case = await office.create()
    recorded = None if person == "gone" else person
    assert await refused(office, person, "create_case", **REQUEST) == reason
    assert await refused(office, person, "export_clip", case=case, **office.passage()) == reason
    for action, data in CASE_CALLS.items():
        assert await refused(office, person, action, case=case, **data) == reason
    for action, data in (
        ("list_cases", {}),
        ("get_case", {"case": case}),
        ("export_ledger", {"form": "csv"}),
        ("verify_ledger", {}),
    ):
        assert await refused(office, person, action, **data) == reason
    refusals = await office.refusals()
    for deed in DEEDS.values():
        assert (recorded, deed, f"case/{case}", reason) in refusals
    for deed in ("create", "see_cases", "export_ledger"):
        assert (recorded, deed, "section", reason) in refusals or (
            recorded,
            deed,
            "ledger",
            reason,
        ) in refusals
    assert office.evidence.cases.case(case).state == "received"


@pytest.mark.parametrize("action", CASE_CALLS)
async def test_everybody_does_what_their_role_allows(office: Office, action: str) -> None:
    """Somebody who only looks decides and exports nothing."""
    case = await office.create()
    data = CASE_CALLS[action]
    assert await refused(office, "tanaka", action, case=case, **data) == NEEDS[action]
    assert await office.refusals() == [("tanaka", DEEDS[action], f"case/{case}", NEEDS[action])]


async def test_nobody_approves_their_own_request(office: Office) -> None:
    """Whoever asked for anything in a case neither approves nor rejects it, and whoever approved does not release."""
    case = await office.preserved("both")
    assert await refused(office, "both", "approve_case", case=case) == "not_allowed_own_case"
    assert (
        await refused(office, "both", "reject_case", case=case, reason="x")
        == "not_allowed_own_case"
    )
    await office.call("suzuki", "approve_case", case=case)
    # Asking for more makes the approval void, and makes the asker one who asked.
    theirs = await office.preserved("sato")
    await office.call("both", "approve_case", case=theirs)
    assert await refused(office, "both", "release_case", case=theirs) == "not_allowed_own_approval"
    assert ("both", "release", f"case/{theirs}", "not_allowed_own_approval") in (
        await office.refusals()
    )


async def test_footage_asked_for_after_the_approval_needs_another(office: Office) -> None:
    """An approval is for the clips that were there."""
    case = await office.approved()
    start = passage_start() - timedelta(minutes=5)
    await office.call(
        "sato",
        "export_clip",
        case=case,
        cameras=[office.camera_id],
        start=start.isoformat(),
        end=(start + timedelta(seconds=3)).isoformat(),
        margin=1,
    )
    await office.until_state(case, "preserved")
    assert await refused(office, "sato", "release_case", case=case) == "case_not_approved"
    shown = await office.call("suzuki", "approve_case", case=case)
    assert [clip["state"] for clip in shown["passages"]] == ["sealed", "sealed"]
    assert shown["passages"][1]["start"] == (start - timedelta(seconds=1)).isoformat()
    assert (await office.call("sato", "release_case", case=case))["link"]


async def test_disclosure_request_never_lets_a_master_out(office: Office) -> None:
    """It ends as two people decided; nothing found needs a search that was made."""
    seen = (await office.call("sato", "create_case", **DISCLOSURE, **office.passage()))["case"]
    await office.until_state(seen, "preserved")
    # A cut would be of no use: only what is masked is disclosed.
    shown = await office.call("sato", "get_case", case=seen)
    assert [clip["offers"] for clip in shown["passages"]] == [["mask_clip"]]
    assert await refused(office, "sato", "release_case", case=seen) == "masking_needed"
    assert await refused(office, "suzuki", "approve_case", case=seen) == "decision_not_proposed"
    shown = await office.refuse(seen)
    assert (shown["waits_for_approval"], shown["decision"]["approved_by"]) == (True, None)
    assert shown["decide_by"] == "2026-02-04"
    step = {"case": seen, "outcome": "refused"}
    assert await refused(office, "sato", "conclude_case", **step) == "decision_not_approved"
    shown = await office.call("suzuki", "approve_case", case=seen)
    assert shown["decision"]["approved_by"] == {"id": "suzuki", "name": "suzuki"}
    assert (shown["waits_for_approval"], shown["decide_by"]) == (False, None)
    assert (await office.call("sato", "get_case", case=seen))["outcomes"] == ["refused"]
    shown = await office.call("sato", "conclude_case", **step)
    assert shown["state"] == "concluded"
    assert (shown["conclusion"]["outcome"], shown["conclusion"]["reasons"]) == (
        "refused",
        "他の人が映っている",
    )
    empty = (await office.call("sato", "create_case", **DISCLOSURE))["case"]
    nothing = {"case": empty, "outcome": "nothing_found"}
    proposal = {**nothing, "reasons": "該当する映像がない"}
    assert await refused(office, "sato", "propose_decision", **proposal) == "outcome_needs_search"
    found = await office.call("sato", "find_recordings", case=empty, **office.passage())
    assert found["cameras"][0]["stretches"]
    await office.call("sato", "propose_decision", **proposal)
    await office.call("suzuki", "approve_case", case=empty)
    shown = await office.call("sato", "conclude_case", **nothing)
    assert (shown["state"], shown["searches"]) == ("concluded", 1)


async def test_recordings_are_found_by_those_who_may_look(office: Office) -> None:
    """The answer names stretches, days and when they go; the search is on the record."""
    start = passage_start() - timedelta(days=1)
    device = dr.async_get(office.hass).async_get_device_by_identifier(
        (DOMAIN, office.camera_id), office.entry.entry_id
    )
    assert device
    found = await office.call(
        "tanaka", "find_recordings", cameras=[device.id], start=start.isoformat()
    )
    (camera,) = found["cameras"]
    assert (camera["camera"], camera["camera_name"]) == (office.camera_id, "kita")
    assert camera["stretches"][0]["start"] == start.isoformat()
    assert camera["days"][0]["day"] == start.date().isoformat()
    (entry,) = await office.entries("search_made")
    assert (entry.person.id, entry.details["cameras"]) == ("tanaka", [office.camera_id])
    # An approver who has no other role approves what others found.
    assert (
        await refused(office, "takahashi-nobody", "find_recordings", cameras=[office.camera_id])
        == "not_allowed_nobody"
    )
    assert (
        await refused(office, "left", "find_recordings", cameras=[office.camera_id])
        == "not_allowed_inactive"
    )


async def test_camera_that_does_not_answer_is_named(office: Office) -> None:
    """A search that could not be made is an error with the camera's name, and no search is recorded."""
    office.camera.set(garbage="html")
    with pytest.raises(HomeAssistantError) as caught:
        await office.call("tanaka", "find_recordings", cameras=[office.camera_id])
    assert caught.value.translation_key == "answer_invalid"
    assert caught.value.translation_placeholders == {"camera": "kita"}
    assert await office.entries("search_made") == []
    # A case is received all the same: the retrieval waits for the camera.
    case = await office.create("sato", **office.passage())
    shown = await office.call("sato", "get_case", case=case)
    assert shown["passages"][0]["overwritten_at"] is not None
    cancelled = await office.call("sato", "cancel_clip", clip=f"{case}-01")
    assert cancelled["passages"][0]["state"] == "cancelled"


async def test_wrong_input_leaves_no_case_behind(office: Office) -> None:
    """What cannot be right is said in words, before anything is made."""
    passage = office.passage()
    now = dt_util.now()
    for changes, key in (
        ({"cameras": ["nowhere"]}, "action_field_invalid"),
        ({"start": passage["end"], "end": passage["start"]}, "passage_backwards"),
        # A margin makes no passage out of none.
        ({"start": passage["end"], "end": passage["start"], "margin": 600}, "passage_backwards"),
        ({"end": (now + timedelta(days=1)).isoformat()}, "passage_in_future"),
        ({"start": (now - timedelta(days=3)).isoformat()}, "passage_too_long"),
        ({"purpose": " "}, "fields_missing"),
        ({"document_date": "2999-01-01"}, "field_in_future"),
    ):
        assert await refused(office, "sato", "create_case", **REQUEST | passage | changes) == key
    del passage["end"]
    assert await refused(office, "sato", "create_case", **REQUEST | passage) == "passage_incomplete"
    for kind in ("speeding", ""):
        assert await refused(office, "sato", "create_case", **REQUEST | {"kind": kind}) == (
            "action_field_invalid"
        )
    for kind in ("kind", "document_number"):
        call = {name: value for name, value in REQUEST.items() if name != kind}
        key = "action_field_missing" if kind == "kind" else "fields_missing"
        assert await refused(office, "sato", "create_case", **call) == key
    assert (await office.call("sato", "list_cases"))["cases"] == []
    assert await refused(office, "sato", "get_case", case="2026-9999") == "case_unknown"
    assert await refused(office, "sato", "cancel_clip", clip="2026-9999-01") == "clip_unknown"
    assert await refused(office, "sato", "cancel_clip", clip="x") == "action_field_invalid"


async def test_cases_are_listed_newest_first(office: Office) -> None:
    """Everybody with a role sees the list; states narrow it down."""
    first, second = [await office.create() for _ in range(2)]
    await office.call("suzuki", "reject_case", case=first, reason="日時が合わない")
    listed = (await office.call("tanaka", "list_cases"))["cases"]
    assert [case["case"] for case in listed] == [second, first]
    assert listed[0]["organisation"] == "新座警察署"
    listed = (await office.call("tanaka", "list_cases", state="rejected"))["cases"]
    assert [(case["case"], case["state"]) for case in listed] == [(first, "rejected")]


async def test_local_times_are_the_sections(hass: HomeAssistant, office: Office) -> None:
    """A time without an offset is meant as the section's clocks show it."""
    local = passage_start().replace(tzinfo=None)
    case = await office.create(
        cameras=[office.camera_id],
        start=local.isoformat(" "),
        end=(local + timedelta(seconds=2)).isoformat(" "),
    )
    shown = await office.call("sato", "get_case", case=case)
    assert shown["passages"][0]["start"] == passage_start_of(local)


def passage_start_of(local: Any) -> str:
    """Return a local time with the section's offset."""
    moment: str = local.replace(tzinfo=dt_util.get_default_time_zone()).isoformat()
    return moment


async def test_automation_never_approves(hass: HomeAssistant, office: Office) -> None:
    """Whoever set it off, an automation is nobody: also when a person ran it or caused its trigger."""
    case = await office.preserved()
    steps = [
        {
            "action": f"{DOMAIN}.{action}",
            "data": office.as_called(None, action, {"case": case, **data}),
        }
        for action, data in CASE_CALLS.items()
    ]
    assert await async_setup_component(
        hass,
        "automation",
        {
            "automation": {
                "alias": "approve",
                "triggers": {"trigger": "event", "event_type": "please"},
                "actions": [{**step, "continue_on_error": True} for step in steps],
            }
        },
    )
    hass.bus.async_fire("please", context=Context(user_id="suzuki"))
    await hass.async_block_till_done()
    await until_refused(office, len(CASE_CALLS))
    suzuki = await hass.auth.async_get_user("suzuki")
    assert suzuki
    # Only such a person may run somebody else's automation.
    suzuki.is_owner = True
    await hass.services.async_call(
        "automation",
        "trigger",
        {"entity_id": "automation.approve"},
        blocking=True,
        context=Context(user_id="suzuki"),
    )
    refusals = await office.refusals()
    assert {(person, reason) for person, _, _, reason in refusals} == {(None, "not_allowed_nobody")}
    assert {what for _, what, _, _ in refusals} == set(DEEDS.values())
    assert office.evidence.cases.case(case).state == "preserved"


async def until_refused(office: Office, number: int) -> None:
    """Wait until so many refusals are on the record."""

    async def are_there() -> bool:
        return len(await office.refusals()) >= number

    await until(are_there)


async def say(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    person: str,
    sequence: list[dict[str, Any]],
) -> None:
    """Let somebody say to their assistant, in their own browser, what sets these actions off."""
    for component, config in (
        ("homeassistant", {}),
        ("conversation", {"conversation": {"intents": {"Tea": ["make some tea"]}}}),
        ("intent_script", {"intent_script": {"Tea": {"action": sequence}}}),
    ):
        assert await async_setup_component(hass, component, config)
    client = await connect(hass, hass_ws_client, person)
    await client.send_json_auto_id(
        {"type": "conversation/process", "text": "make some tea", "language": "en"}
    )
    assert (await client.receive_json())["success"]


@pytest.mark.parametrize("by", ["action", "event"])
async def test_sentence_to_an_assistant_decides_nothing(
    hass: HomeAssistant, kita: RunningCamera, hass_ws_client: WebSocketGenerator, by: str
) -> None:
    """What it sets off has the person's context and no call before it, and is not their hand: who knows what is inside."""
    office = await open_office(hass, kita, approve_by_button=True)
    case = await office.preserved()
    digests = sorted(clip.digest for clip in office.evidence.cases.case(case).sealed_clips)
    button = f"NIIZA_CCTV_APPROVE/{case}/{sha256(''.join(digests).encode()).hexdigest()[:16]}"
    step: dict[str, Any] = {
        "action": {"action": f"{DOMAIN}.approve_case", "data": {"case": case}},
        "event": {"event": "mobile_app_notification_action", "event_data": {"action": button}},
    }[by]
    await say(hass, hass_ws_client, "suzuki", [step])
    await until(office.refusals)
    assert await office.refusals() == [("suzuki", "approve", f"case/{case}", "not_by_own_hand")]
    assert office.evidence.cases.case(case).state == "preserved"


async def test_what_somebody_types_at_the_developers_page_is_their_hand(
    hass: HomeAssistant, office: Office, hass_ws_client: WebSocketGenerator
) -> None:
    """It runs their call as a script of its own, and they see what is in it."""
    case = await office.preserved()
    suzuki = await hass.auth.async_get_user("suzuki")
    assert suzuki
    await hass.auth.async_update_user(suzuki, group_ids=[GROUP_ID_ADMIN])
    client = await connect(hass, hass_ws_client, "suzuki")
    await client.send_json_auto_id(
        {
            "type": "execute_script",
            "sequence": [
                {
                    "action": f"{DOMAIN}.approve_case",
                    "data": {"case": case, "items": office.looked_at(case)},
                }
            ],
        }
    )
    assert (await client.receive_json())["success"]
    assert office.evidence.cases.case(case).approved_by.id == "suzuki"


@pytest.mark.parametrize("action", CASE_CALLS)
async def test_script_decides_nothing_in_a_persons_name(
    hass: HomeAssistant, office: Office, action: str
) -> None:
    """A script that a person runs has their context, but it is not their hand: who knows what is inside."""
    case = await office.preserved()
    assert await async_setup_component(
        hass,
        "script",
        {
            "script": {
                "light": {
                    "sequence": [
                        {
                            "action": f"{DOMAIN}.{action}",
                            "data": office.as_called(
                                "suzuki", action, {"case": case, **CASE_CALLS[action]}
                            ),
                        }
                    ]
                }
            }
        },
    )
    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(
            "script", "light", {}, blocking=True, context=Context(user_id="suzuki")
        )
    assert caught.value.translation_key == "not_by_own_hand"
    assert await office.refusals() == [
        ("suzuki", action.removesuffix("_case"), f"case/{case}", "not_by_own_hand")
    ]
    assert office.evidence.cases.case(case).state == "preserved"


async def test_context_that_was_used_before_is_nobodys_hand(
    hass: HomeAssistant, office: Office
) -> None:
    """One context is one deed of a person; what follows in its name is somebody else's."""
    case = await office.preserved()
    context = Context(user_id="suzuki")
    hass.bus.async_fire(
        EVENT_CALL_SERVICE, {"domain": "light", "service": "turn_on"}, context=context
    )
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(
            DOMAIN, "approve_case", {"case": case}, blocking=True, context=context
        )
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(
            DOMAIN,
            "approve_case",
            {"case": case},
            blocking=True,
            context=Context(user_id="suzuki", parent_id="other"),
        )
    assert office.evidence.cases.case(case).state == "preserved"
    assert {reason for *_, reason in await office.refusals()} == {"not_by_own_hand"}


async def test_without_the_ledger_nothing_leaves(hass: HomeAssistant, office: Office) -> None:
    """While nothing can be recorded, every action is refused; monitoring goes on, and it heals by itself."""
    case = await office.approved()
    database = office.evidence.ledger._path
    away = database.with_suffix(".away")
    database.rename(away)
    for action, data in (
        ("create_case", REQUEST),
        ("release_case", {"case": case}),
        ("export_clip", {"case": case, **office.passage()}),
        ("find_recordings", {"cameras": [office.camera_id]}),
    ):
        with pytest.raises(HomeAssistantError) as caught:
            await office.call("sato", action, **data)
        assert caught.value.translation_key == "ledger_unavailable", action
    assert hass.states.is_state("binary_sensor.kita_alive", "on")
    assert section_state(hass, "ledger").state == "off"
    away.rename(database)
    assert (await office.call("sato", "release_case", case=case))["link"]
    await until(lambda: section_state(hass, "ledger").state == "on")


def section_state(hass: HomeAssistant, name: str) -> Any:
    """Return the state of a binary sensor of the section."""
    return hass.states.get(f"binary_sensor.jiao_tong_fang_fan_ke_{name}")


async def test_only_what_the_approver_looked_at_is_approved(office: Office) -> None:
    """A clip that was asked for and sealed since the page was loaded is approved by nobody's oversight."""
    case = await office.preserved()
    seen = office.looked_at(case)
    await office.call("sato", "export_clip", case=case, **office.passage(3))
    await office.until_state(case, "preserved")
    shown = await office.call("suzuki", "approve_case", case=case, items=seen)
    assert shown["state"] == "preserved"
    assert await refused(office, "sato", "release_case", case=case) == "case_not_approved"
    (rest,) = [one for one in office.looked_at(case) if one not in seen]
    approved = await office.call("suzuki", "approve_case", case=case, items=[rest])
    assert approved["state"] == "approved"


async def test_deadline_is_known_of_a_camera_that_is_dead(office: Office) -> None:
    """By the section's standard, so that the alarm comes although the camera never tells."""
    await office.camera.soap.stop()
    case = await office.create(**office.passage())
    (clip,) = office.evidence.cases.case(case).clips
    assert clip.overwritten_at == clip.passage.start + timedelta(days=14)
    await office.camera.soap.start()


async def test_a_passage_that_is_not_there_ends_as_nothing_found(office: Office) -> None:
    """Asking the card for it was the search; nobody has to search again."""
    start = passage_start() - timedelta(days=30)
    case = await office.create(
        cameras=[office.camera_id],
        start=start.isoformat(),
        end=(start + timedelta(seconds=5)).isoformat(),
    )
    await until(lambda: office.evidence.cases.case(case).clips[0].state == "failed")
    shown = await office.call("sato", "get_case", case=case)
    assert shown["passages"][0]["error"] == "nothing_found"
    ended = await office.call(
        "sato", "conclude_case", case=case, outcome="nothing_found", reasons="保存期間を過ぎている"
    )
    assert ended["state"] == "concluded"
