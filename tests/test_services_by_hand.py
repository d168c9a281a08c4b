"""Footage of a station without a network, through Home Assistant's front door: taken by two people, kept in the same books."""

from datetime import timedelta
import json
from pathlib import Path
import subprocess
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN, SUBENTRY_OFFLINE_CAMERA
from tests.office import REQUEST, Office, passage_start
from tests.section import until
from tests.test_services import refused

OFFLINE = "offline-01jd3x7m9q"
SUM = "9f2c" * 16
HANDED = {"recipient": "新座警察署 山田太郎", "medium": "USBメモリ", "medium_serial": "SN-0042"}


@pytest.fixture
async def old(hass: HomeAssistant, office: Office) -> Office:
    """Return a section to which an older station's camera belongs as well."""
    assert hass.config_entries.async_add_subentry(
        office.entry,
        ConfigSubentry(
            data=MappingProxyType(
                {
                    "location": "旧駅 東口",
                    "manufacturer": "Oldcam",
                    "model": "DVR-4",
                    "serial": "OC-77",
                }
            ),
            subentry_type=SUBENTRY_OFFLINE_CAMERA,
            title="旧駅 東口",
            unique_id=OFFLINE,
        ),
    )
    await hass.async_block_till_done()
    return office


def said(hours: float = 2, **changes: Any) -> dict[str, Any]:
    """Return what an exporter registers: ten minutes of the older station, on a stick."""
    start = passage_start() - timedelta(hours=hours)
    return {
        "camera": OFFLINE,
        "start": start.isoformat(),
        "end": (start + timedelta(minutes=10)).isoformat(),
        "second_person": "tanaka",
        "medium": "USBメモリ",
        "medium_serial": "SN-0042",
    } | changes


async def registered(office: Office, **changes: Any) -> str:
    """Return a case with footage that sato took, with tanaka beside."""
    case = await office.create()
    await office.call("sato", "register_footage", case=case, **said(**changes))
    return case


async def test_footage_of_an_old_station_is_handed_to_the_police(
    hass: HomeAssistant, old: Office
) -> None:
    """Letter, station, register, approve, hand over, purge: four people of the section, and every step on the record."""
    case = await old.create()
    shown = await old.call(
        "sato",
        "register_footage",
        case=case,
        **said(clock_offset=-75, sha256=SUM.upper(), note="時計は腕時計と比べた"),
    )
    assert shown["state"] == "preserved"
    assert (shown["sealed"], shown["only_by_hand"], shown["percent"]) == (1, True, None)
    (clip,) = shown["passages"]
    assert (clip["clip"], clip["camera"], clip["camera_name"]) == (
        f"{case}-01",
        OFFLINE,
        "旧駅 東口",
    )
    assert (clip["state"], clip["sealed"], clip["progress"]) == ("sealed", None, None)
    assert clip["asked_by"] == {"id": "sato", "name": "sato"}
    assert clip["digest"] == SUM
    assert clip["by_hand"] == {
        "second_person": {"id": "tanaka", "name": "tanaka"},
        "medium": "USBメモリ",
        "medium_serial": "SN-0042",
        "sha256": SUM,
        "clock_offset": -75,
        "note": "時計は腕時計と比べた",
        "network": "none",
    }
    assert await refused(old, "sato", "hand_over", case=case, **HANDED) == "case_not_approved"
    await old.call("suzuki", "approve_case", case=case, items=old.looked_at(case))
    assert await refused(old, "sato", "release_case", case=case) == "nothing_to_pack"
    shown = await old.call("sato", "hand_over", case=case, **HANDED)
    assert (shown["state"], shown["package"]) == ("handed_over", None)
    assert shown["handover"]["medium_serial"] == "SN-0042"
    assert shown["kept_until"] is None
    assert not (old.evidence.vault.root / case).exists()
    purged = await old.call("sato", "purge_case", case=case)
    assert purged["state"] == "purged"
    steps = [(step["action"], (step["person"] or {}).get("id")) for step in purged["history"]]
    assert steps == [
        ("case_created", "sato"),
        ("footage_registered", "sato"),
        ("refused", "sato"),
        ("item_approved", "suzuki"),
        ("refused", "sato"),
        ("case_handed_over", "sato"),
        ("case_purged", "sato"),
    ]
    (entry,) = await old.entries("footage_registered")
    assert entry.details["origin"]["serial"] == "OC-77"
    assert (await old.call("suzuki", "verify_ledger"))["intact"]


async def test_it_is_there_after_a_restart(hass: HomeAssistant, old: Office) -> None:
    """What the ledger carries is all there is of it: folded anew, it is the same, and goes on."""
    case = await registered(old)
    before = await old.call("sato", "get_case", case=case)
    assert await hass.config_entries.async_reload(old.entry.entry_id)
    after = await old.call("sato", "get_case", case=case)
    assert after == before
    (entry,) = await old.entries("footage_registered")
    assert after["passages"][0]["digest"] == entry.hash
    await old.call("suzuki", "approve_case", case=case, items=old.looked_at(case))
    assert await hass.config_entries.async_reload(old.entry.entry_id)
    assert (await old.call("sato", "hand_over", case=case, **HANDED))["state"] == "handed_over"


async def test_camera_without_a_network_is_not_asked(hass: HomeAssistant, old: Office) -> None:
    """What looks at a card or fetches from it says what to do instead; nothing is made on the way."""
    case = await old.create()
    passage = old.passage()
    for action, data in (
        ("create_case", REQUEST | passage),
        ("export_clip", {"case": case} | passage),
        ("find_recordings", passage),
    ):
        for cameras in ([OFFLINE], [old.camera_id, OFFLINE]):
            assert await refused(old, "sato", action, **data | {"cameras": cameras}) == (
                "camera_offline"
            )
    assert len((await old.call("sato", "list_cases"))["cases"]) == 1
    assert await old.entries("search_made") == []
    for language in ("ja", "en"):
        texts = await async_get_translations(hass, language, "exceptions", {DOMAIN})
        message = texts[f"component.{DOMAIN}.exceptions.camera_offline.message"]
        assert "register_footage" in message
    assert await refused(old, "sato", "find_recordings", **passage | {"cameras": ["x"]}) == (
        "action_field_invalid"
    )


async def test_camera_is_named_by_its_device_too(hass: HomeAssistant, old: Office) -> None:
    """As people choose it in a form."""
    registry = dr.async_get(hass)
    (subentry,) = old.entry.get_subentries_of_type(SUBENTRY_OFFLINE_CAMERA)
    device = registry.async_get_or_create(
        config_entry_id=old.entry.entry_id,
        config_subentry_id=subentry.subentry_id,
        identifiers={(DOMAIN, OFFLINE)},
    )
    case = await old.create()
    shown = await old.call("sato", "register_footage", case=case, **said(camera=device.id))
    assert shown["passages"][0]["camera"] == OFFLINE
    assert await refused(
        old, "sato", "find_recordings", **old.passage() | {"cameras": [device.id]}
    ) == ("camera_offline")
    section = registry.async_get_or_create(
        config_entry_id=old.entry.entry_id, identifiers={(DOMAIN, "section")}
    )
    for nothing, key in (("nowhere", "action_field_invalid"), (section.id, "camera_unknown")):
        assert (
            await refused(old, "sato", "register_footage", case=case, **said(5, camera=nothing))
            == key
        )


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (None, "not_allowed_nobody"),
        ("gone", "not_allowed_nobody"),
        ("machine", "not_allowed_not_human"),
        ("left", "not_allowed_inactive"),
        ("tablet", "not_allowed_tablet"),
        ("tanaka", "not_allowed_needs_exporter"),
        ("suzuki", "not_allowed_needs_exporter"),
    ],
)
async def test_only_exporters_register(old: Office, person: str | None, reason: str) -> None:
    """Whoever may take nothing out of a camera brings nothing from a station either; it is on the record."""
    case = await old.create()
    assert await refused(old, person, "register_footage", case=case, **said()) == reason
    recorded = None if person == "gone" else person
    assert await old.refusals() == [(recorded, "register_footage", f"case/{case}", reason)]
    assert old.evidence.cases.case(case).clips == ()


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ("sato", "second_person_is_you"),
        ("0" * 32, "second_person_unknown"),
        ("5" * 32, "second_person_unknown"),
        ("left", "second_person_unknown"),
        ("machine", "second_person_unknown"),
        ("tablet", "second_person_unknown"),
        ("person.nobody", "second_person_unknown"),
    ],
)
async def test_two_people_were_there(
    hass: HomeAssistant, old: Office, other: str, reason: str
) -> None:
    """Another active member of the section, who is a person: nobody handles footage alone (F12)."""
    MockUser(name="stranger", id="5" * 32).add_to_hass(hass)
    hass.states.async_set("person.nobody", "home", {"user_id": None})
    case = await old.create()
    for found in ({}, {"found": False}):
        data = said(second_person=other) | found
        if found:
            del data["medium"], data["medium_serial"]
        assert await refused(old, "sato", "register_footage", case=case, **data) == reason
    assert ("sato", "register_footage", f"case/{case}", reason) in await old.refusals()
    assert old.evidence.cases.case(case).clips == ()


async def test_second_person_is_chosen_as_a_person(hass: HomeAssistant, old: Office) -> None:
    """Home Assistant's forms offer people, not users."""
    assert await async_setup_component(
        hass, "person", {"person": [{"id": "t", "name": "田中", "user_id": "tanaka"}]}
    )
    (person,) = hass.states.async_entity_ids("person")
    case = await registered(old, second_person=person)
    shown = await old.call("sato", "get_case", case=case)
    assert shown["passages"][0]["by_hand"]["second_person"]["id"] == "tanaka"


async def test_neither_of_the_two_decides(old: Office) -> None:
    """The second person approves nothing of what nobody else has seen; the approver hands nothing over."""
    case = await old.create()
    await old.call("sato", "register_footage", case=case, **said(second_person="suzuki"))
    for action, data in (("approve_case", {}), ("reject_case", {"reason": "x"})):
        assert await refused(old, "suzuki", action, case=case, **data) == "not_allowed_own_case"
    await old.call("both", "approve_case", case=case)
    assert await refused(old, "both", "hand_over", case=case, **HANDED) == (
        "not_allowed_own_approval"
    )
    assert ("both", "hand_over", f"case/{case}", "not_allowed_own_approval") in await old.refusals()
    # Another exporter than the one who registered it may bring it.
    assert (await old.call("takahashi", "hand_over", case=case, **HANDED))["state"] == "handed_over"


async def test_a_script_testifies_nothing(hass: HomeAssistant, old: Office) -> None:
    """That two people were there is said by a person, by their own hand."""
    case = await old.create()
    assert await async_setup_component(
        hass,
        "script",
        {
            "script": {
                "light": {
                    "sequence": [
                        {
                            "action": f"{DOMAIN}.register_footage",
                            "data": old.as_called(
                                "sato", "register_footage", {"case": case, **said()}
                            ),
                        }
                    ]
                }
            }
        },
    )
    assert await refused_by_script(hass) == "not_by_own_hand"
    assert ("sato", "register_footage", f"case/{case}", "not_by_own_hand") in await old.refusals()
    assert old.evidence.cases.case(case).clips == ()


async def refused_by_script(hass: HomeAssistant) -> str | None:
    """Let sato press the script; returns the message's key."""
    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(
            "script", "light", {}, blocking=True, context=Context(user_id="sato")
        )
    return caught.value.translation_key


async def test_wrong_input_registers_nothing(old: Office) -> None:
    """What cannot be right is said in words."""
    case = await old.create()
    now = dt_util.now()
    whole = said()
    for changes, key in (
        ({"sha256": "123"}, "sha256_invalid"),
        ({"sha256": "z" * 64}, "sha256_invalid"),
        ({"medium": " "}, "fields_missing"),
        ({"medium_serial": "x\u202ey"}, "field_characters"),
        ({"note": "x" * 1001}, "field_too_long"),
        ({"start": whole["end"], "end": whole["start"]}, "passage_backwards"),
        ({"end": (now + timedelta(minutes=5)).isoformat()}, "passage_in_future"),
        ({"start": (now - timedelta(days=3)).isoformat()}, "passage_too_long"),
        ({"found": False}, "nothing_was_copied"),
        ({"case": "2026-9999"}, "case_unknown"),
    ):
        data = {"case": case} | whole | changes
        assert await refused(old, "sato", "register_footage", **data) == key
    for left_out in ("medium", "medium_serial"):
        data = {key: value for key, value in whole.items() if key != left_out}
        assert await refused(old, "sato", "register_footage", case=case, **data) == "fields_missing"
    for changes in ({"clock_offset": "x"}, {"clock_offset": 10**12}, {"start": "yesterday"}):
        assert (
            await refused(old, "sato", "register_footage", case=case, **whole | changes)
            == "action_field_invalid"
        )
    assert old.evidence.cases.case(case).clips == ()
    await old.call("sato", "register_footage", case=case, **whole)
    assert await refused(old, "sato", "register_footage", case=case, **whole) == (
        "passage_asked_already"
    )


async def test_it_is_withdrawn_before_the_approval_only(old: Office) -> None:
    """A slip is taken back on the record; what is approved is rejected instead."""
    case = await registered(old)
    shown = await old.call("takahashi", "cancel_clip", clip=f"{case}-01")
    assert (shown["state"], shown["passages"][0]["state"]) == ("received", "cancelled")
    assert shown["only_by_hand"] is False
    await old.call("sato", "register_footage", case=case, **said(medium="DVD-R"))
    await old.call("suzuki", "approve_case", case=case)
    assert await refused(old, "sato", "cancel_clip", clip=f"{case}-02") == "by_hand_approved"
    shown = await old.call("suzuki", "reject_case", case=case, reason="対象が違う")
    assert shown["state"] == "rejected"
    assert await refused(old, "sato", "hand_over", case=case, **HANDED) == "case_not_approved"
    assert await refused(old, "sato", "register_footage", case=case, **said(6)) == (
        "case_takes_no_clips"
    )


async def test_disclosure_request_gives_no_copy_by_hand(old: Office) -> None:
    """It shows everyone else as well: it ends by its outcome, not by a hand-over."""
    case = await old.create(
        kind="disclosure_request",
        identity_checked="運転免許証",
        event_time="17時ごろ",
        event_place="北口",
        purpose="",
    )
    await old.call("sato", "register_footage", case=case, **said())
    assert await refused(old, "sato", "hand_over", case=case, **HANDED) == "masking_needed"
    await old.refuse(case)
    await old.call("suzuki", "approve_case", case=case)
    for step in ("hand_over", "release_case"):
        given = HANDED if step == "hand_over" else {}
        assert await refused(old, "sato", step, case=case, **given) in {
            "case_not_released",
            "decision_not_copy",
        }
    shown = await old.call("sato", "conclude_case", case=case, outcome="refused")
    assert shown["state"] == "concluded"


async def test_approvers_are_asked_and_no_longer_when_it_is_withdrawn(
    hass: HomeAssistant, old: Office
) -> None:
    """Each in their own list, as for footage that was fetched."""

    async def asked() -> bool:
        told = await old.entry.runtime_data.phones.inbox.of("suzuki")
        return any(case in notice["title"] for notice in told.values())

    async def asked_no_longer() -> bool:
        return not await asked()

    case = await registered(old)
    await until(asked)
    await old.call("sato", "cancel_clip", clip=f"{case}-01")
    await until(asked_no_longer)


async def test_looking_in_vain_ends_as_nothing_found(old: Office) -> None:
    """Two people went for nothing: that is a search, and the police are told so."""
    case = await old.create()
    nothing = {"outcome": "nothing_found", "reasons": "上書きされていた"}
    assert await refused(old, "sato", "conclude_case", case=case, **nothing) == (
        "outcome_needs_search"
    )
    data = said(found=False, note="保存は8日分だった")
    del data["medium"], data["medium_serial"]
    shown = await old.call("sato", "register_footage", case=case, **data)
    assert (shown["state"], shown["searches"], shown["passages"]) == ("received", 1, [])
    assert shown["history"][-1]["action"] != "footage_registered"
    (entry,) = await old.entries("search_made")
    assert entry.details["cameras"] == [OFFLINE]
    assert entry.details["by_hand"]["witness"]["id"] == "tanaka"
    assert (await old.call("sato", "conclude_case", case=case, **nothing))["state"] == "concluded"


async def test_card_of_a_camera_that_is_down_is_read_by_hand(old: Office) -> None:
    """It stands in the case whether the camera could have been asked: the approver sees it."""
    up = await registered(old, camera=old.camera_id)
    shown = await old.call("suzuki", "get_case", case=up)
    assert shown["passages"][0]["by_hand"]["network"] == "up"
    await old.camera.soap.stop()
    await old.camera.rtsp.stop()
    camera = old.entry.runtime_data.cameras.by_id(old.camera_id)
    await camera.async_refresh()
    await until(lambda: not camera.data.alive)
    down = await registered(old, camera=old.camera_id)
    shown = await old.call("suzuki", "get_case", case=down)
    assert shown["passages"][0]["camera_name"] == "kita"
    assert shown["passages"][0]["by_hand"]["network"] == "down"
    (_, entry) = await old.entries("footage_registered")
    assert entry.details["origin"]["serial"] == old.camera.camera.config.serial
    await old.camera.soap.start()
    await old.camera.rtsp.start()


async def test_mixed_case_is_one_package_that_lists_the_rest(
    hass: HomeAssistant, old: Office, hass_client_no_auth: ClientSessionGenerator, tmp_path: Path
) -> None:
    """The recipient checks with sha256sum and openssl, and reads in it what comes on a medium of its own."""
    browser = await hass_client_no_auth()
    case = await old.create(**old.passage())
    await old.call(
        "takahashi",
        "register_footage",
        case=case,
        **said(clock_offset=90, sha256=SUM, medium="USB<b>メモリ</b>"),
    )
    await old.call("sato", "register_footage", case=case, **said(5, medium_serial="SN-0043"))
    await old.until_state(case, "preserved")
    shown = await old.call("suzuki", "get_case", case=case)
    assert shown["only_by_hand"] is False
    digests = {clip["clip"]: clip["digest"] for clip in shown["passages"]}
    assert digests[f"{case}-01"] == shown["passages"][0]["sealed"]["master"]["sha256"]
    seen = old.looked_at(case)
    assert {one["item"]: one["sha256"] for one in seen} == digests
    shown = await old.call("suzuki", "approve_case", case=case, items=seen[:2])
    assert shown["state"] == "preserved"
    await old.call("suzuki", "approve_case", case=case, items=seen[2:])
    assert await refused(old, "sato", "hand_over", case=case, **HANDED) == "case_not_released"
    released = await old.call("sato", "release_case", case=case)
    answer = await browser.get(released["link"])
    assert answer.status == 200
    body = await answer.read()

    def checked() -> Path:
        (tmp_path / "package.zip").write_bytes(body)
        folder = tmp_path / "unpacked"
        tool(tmp_path, "unzip", "-q", "package.zip", "-d", str(folder))
        assert tool(folder, "sha256sum", "--strict", "-c", "SHA256SUMS").count(": OK") == 5
        key = tool(folder, "openssl", "x509", "-in", "section-certificate.pem", "-noout", "-pubkey")
        (tmp_path / "key.pem").write_text(key, encoding="ascii")
        command = ["openssl", "dgst", "-sha256", "-verify", "../key.pem"]
        verdict = tool(folder, *command, "-signature", "SHA256SUMS.sig", "SHA256SUMS")
        assert verdict == "Verified OK\n"
        return folder

    folder = await hass.async_add_executor_job(checked)
    assert [path.name for path in folder.glob("*.mp4")] == [f"{case}-01.mp4"]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert [clip["camera"]["name"] for clip in manifest["clips"]] == ["kita"]
    first, second = manifest["by_hand"]
    assert first["id"] == f"{case}-02"
    assert first["camera"]["serial"] == "OC-77"
    assert first["clock"] == {"camera_minus_true_s": 90, "method": "by eye"}
    assert (first["sha256"], first["medium_serial"]) == (SUM, "SN-0042")
    assert second["clock"] == {"camera_minus_true_s": None, "method": None}
    assert (second["sha256"], second["medium_serial"]) == (None, "SN-0043")
    steps = [(step["action"], step["person"]) for step in manifest["case"]["steps"]]
    assert steps == [
        ("created", "sato"),
        ("requested", "sato"),
        ("registered", "takahashi"),
        ("witnessed", "tanaka"),
        ("registered", "sato"),
        ("witnessed", "tanaka"),
        # Each clip for itself.
        *[("approved", "suzuki")] * 3,
        ("released", "sato"),
    ]
    letter = (folder / "README.txt").read_text(encoding="utf-8-sig")
    for words in (
        "(2) 旧駅 東口",
        "(3) 旧駅 東口",
        f"SHA-256 : {SUM}",
        "SHA-256 : 計算していません",
        "SHA-256 : not computed",
        "製造番号 SN-0043",
        "カメラの時計－正しい時刻：+90 秒",
    ):
        assert words in letter
    receipt = (folder / "receipt.html").read_text(encoding="utf-8")
    assert SUM in receipt
    assert "USB&lt;b&gt;メモリ&lt;/b&gt; (SN-0042)" in receipt
    handed = await old.call("sato", "hand_over", case=case, **HANDED)
    assert handed["state"] == "handed_over"
    purged = await old.call("sato", "purge_case", case=case)
    assert [clip["state"] for clip in purged["passages"]] == ["removed", "sealed", "sealed"]
    assert not (old.evidence.vault.root / case).exists()


def tool(folder: Path, *command: str) -> str:
    """Run a standard tool in a folder, as the recipient does."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)  # noqa: S603 - as it stands
    return done.stdout


async def test_panel_knows_of_it(
    hass: HomeAssistant, old: Office, hass_ws_client: WebSocketGenerator
) -> None:
    """The old camera stands apart from those that can be asked, beside the people who may have been there."""
    client = await connect(hass, hass_ws_client, "sato")
    await client.send_json_auto_id({"type": f"{DOMAIN}/info"})
    info = (await client.receive_json())["result"]
    assert [camera["unique_id"] for camera in info["cameras"]] == [old.camera_id]
    assert [(camera["unique_id"], camera["name"]) for camera in info["offline_cameras"]] == [
        (OFFLINE, "旧駅 東口")
    ]
    assert [one["id"] for one in info["people"]] == ["both", "suzuki", "takahashi", "tanaka"]
    case = await registered(old)
    await refused(old, "tanaka", "approve_case", case=case)
    await refused(old, "tanaka", "approve_case", case=case)
    await old.evidence.ledger.append("check_recorded", f"camera/{OFFLINE}", {}, person=None)
    await client.send_json_auto_id({"type": f"{DOMAIN}/ledger"})
    entries = (await client.receive_json())["result"]["entries"]
    check, refusal, taken = [
        next(one for one in entries if one["action"] == action)
        for action in ("check_recorded", "refused", "footage_registered")
    ]
    assert (check["camera"], check["refused"]) == ("旧駅 東口", None)
    assert (taken["case"], taken["refused"]) == (case, None)
    assert refusal["refused"] == {
        "what": "approve",
        "reason": "not_allowed_needs_approver",
        "count": 1,
    }


async def connect(hass: HomeAssistant, ws: WebSocketGenerator, person: str) -> Any:
    """Open a panel as somebody."""
    user = await hass.auth.async_get_user(person)
    assert user
    token = await hass.auth.async_create_refresh_token(user, "https://example.com")
    return await ws(hass, hass.auth.async_create_access_token(token))


async def test_what_was_taken_by_hand_is_not_played(
    hass: HomeAssistant, old: Office, hass_ws_client: WebSocketGenerator
) -> None:
    """Nothing of it lies here: the approver is told where it is."""
    assert await async_setup_component(hass, "http", {})
    case = await registered(old)
    client = await connect(hass, hass_ws_client, "suzuki")
    await client.send_json_auto_id({"type": f"{DOMAIN}/watch_clip", "clip": f"{case}-01"})
    answer = await client.receive_json()
    assert answer["error"]["translation_key"] == "clip_by_hand"
    assert answer["error"]["translation_placeholders"]["medium"] == "USBメモリ"
    passage = said()
    await client.send_json_auto_id(
        {
            "type": f"{DOMAIN}/playback",
            "camera": OFFLINE,
            "start": passage["start"],
            "end": passage["end"],
        }
    )
    answer = await client.receive_json()
    assert answer["error"]["translation_key"] == "camera_offline"
