"""Entities of checks: what there is to look at, when it is due, and one press to confirm it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from homeassistant.components.automation.const import DOMAIN as AUTOMATION
from homeassistant.components.button.const import DOMAIN as BUTTON, SERVICE_PRESS
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import ATTR_ENTITY_ID, Platform
from homeassistant.core import Context, Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.checks.model import AssetKind
from custom_components.niiza_cctv.lib.ledger.errors import LedgerUnavailable
from simulator.running import RunningCamera
from tests.checks_of import (
    EVERY,
    check_entity,
    check_state,
    checking,
    found,
    found_ago,
    kinds_on,
    records,
    signage,
)
from tests.office import Office, open_office
from tests.section import until

OFFLINE = ConfigSubentry(
    data=MappingProxyType(
        {"location": "南口", "manufacturer": "古河", "model": "FC-1", "serial": "7"}
    ),
    subentry_type="offline_camera",
    title="南口",
    unique_id="offline-01",
)
TABLET = ConfigSubentry(
    data=MappingProxyType({"user_id": "tablet", "notify": ""}),
    subentry_type="tablet",
    title="巡回用タブレット",
    unique_id="tablet-tablet",
)
OWN = {
    "key": "own_01",
    "name": "配線の目視",
    "objects": ["camera"],
    "interval_days": 90,
    "by_tap": True,
}


def set_options(office: Office, **options: Any) -> None:
    """Change the section's options, as its form does."""
    office.hass.config_entries.async_update_entry(office.entry, options=options)


def all_checks(hass: HomeAssistant, office: Office) -> set[str]:
    """Return the check of every entity that says whether one is due."""
    registry = er.async_get(hass)
    return {
        state.attributes["check"]
        for entity in er.async_entries_for_config_entry(registry, office.entry.entry_id)
        if entity.domain == Platform.BINARY_SENSOR
        and (state := hass.states.get(entity.entity_id))
        and "check" in state.attributes
    }


async def press(
    hass: HomeAssistant, person: str | None, target: Any, context: Context | None = None
) -> None:
    """Press the button of a check."""
    await hass.services.async_call(
        BUTTON,
        SERVICE_PRESS,
        {ATTR_ENTITY_ID: target},
        blocking=True,
        context=context or Context(user_id=person),
    )


# --- What there is --------------------------------------------------------------------------------------------


async def test_everything_of_the_section_has_its_checks(
    hass: HomeAssistant, office: Office
) -> None:
    """The section, a camera, a camera without a network and a tablet each have theirs, also what comes later."""
    for subentry in (OFFLINE, TABLET):
        hass.config_entries.async_add_subentry(office.entry, subentry)
    section = {f"{kind}:section:section" for kind in kinds_on(AssetKind.SECTION)}
    cameras = {
        f"{kind}:{of}"
        for kind in kinds_on(AssetKind.CAMERA)
        for of in (f"camera:{office.camera_id}", "offline_camera:offline-01")
    }
    expected = section | cameras | {"antivirus:tablet:tablet-tablet"}
    await until(lambda: all_checks(hass, office) == expected)
    devices = dr.async_get(hass)
    for check in expected:
        *_, of = check.split(":", 2)
        device = devices.async_get_device_by_identifier((DOMAIN, of), office.entry.entry_id)
        assert device
        for platform in (Platform.BINARY_SENSOR, Platform.SENSOR, Platform.BUTTON):
            entity = check_entity(hass, check, platform)
            assert entity, (check, platform)
            found = er.async_get(hass).async_get(entity)
            assert found
            assert found.device_id == device.id
    offline = devices.async_get_device_by_identifier((DOMAIN, "offline-01"), office.entry.entry_id)
    assert offline
    assert (offline.name, offline.manufacturer) == ("南口", "古河")
    subentry_id = next(
        key for key, one in office.entry.subentries.items() if one.unique_id == "offline-01"
    )
    hass.config_entries.async_remove_subentry(office.entry, subentry_id)
    await until(
        lambda: all_checks(hass, office) == {check for check in expected if "offline" not in check}
    )
    assert check_entity(hass, "signage:offline_camera:offline-01", Platform.BUTTON) is None


async def test_new_names_show_without_a_reload(hass: HomeAssistant, office: Office) -> None:
    """A camera without a network and the section itself are called what they are called now."""
    await checking(office)
    hass.config_entries.async_add_subentry(office.entry, OFFLINE)
    check = "signage:offline_camera:offline-01"
    await until(lambda: check_entity(hass, check))
    await hass.async_block_till_done()
    (subentry,) = office.entry.get_subentries_of_type("offline_camera")
    hass.config_entries.async_update_subentry(office.entry, subentry, title="新南口")
    hass.config_entries.async_update_entry(office.entry, title="防犯課")
    devices = dr.async_get(hass)

    def names() -> list[str | None]:
        found = [
            devices.async_get_device_by_identifier((DOMAIN, of), office.entry.entry_id)
            for of in ("offline-01", "section")
        ]
        return [device.name for device in found if device]

    await until(lambda: names() == ["新南口", "防犯課"])
    listed = (await office.call(None, "list_checks", kind="signage"))["checks"]
    assert {one["object_name"] for one in listed} == {"kita", "新南口"}


async def test_due_until_confirmed(hass: HomeAssistant, office: Office) -> None:
    """The heart of it: nobody has looked at the sign, somebody does, presses one button, and it is on the record."""
    await checking(office)
    check = signage(office)
    assert check_state(hass, check).state == "on"
    assert check_state(hass, check, Platform.SENSOR).state == "unknown"
    before = dt_util.utcnow()
    await press(hass, "tanaka", check_entity(hass, check, Platform.BUTTON))
    await hass.async_block_till_done()
    state = check_state(hass, check)
    assert (state.state, state.attributes["failed"]) == ("off", False)
    confirmed = datetime.fromisoformat(check_state(hass, check, Platform.SENSOR).state)
    assert confirmed >= before.replace(microsecond=0)
    assert state.attributes["due_at"] - confirmed < timedelta(days=30, seconds=2)
    assert await records(office) == [("tanaka", check, "passed")]
    # Nobody else's check is.
    assert check_state(hass, f"sd_card:camera:{office.camera_id}").state == "on"


async def test_states_name_nobody(hass: HomeAssistant, office: Office) -> None:
    """Every user of Home Assistant sees states: no name, no note."""
    await checking(office)
    await found(office, "tanaka", signage(office), note="山田さんに連絡した")
    await hass.async_block_till_done()
    said = str([state.as_dict() for state in hass.states.async_all()])
    assert "山田" not in said
    assert "tanaka" not in said


# --- Time -----------------------------------------------------------------------------------------------------


async def test_due_at_the_right_moment_without_a_restart(
    hass: HomeAssistant, office: Office
) -> None:
    """A check passed thirty days ago less a few seconds: it becomes due by itself, is announced once and noted once."""
    await checking(office)
    check = signage(office)
    alerts = async_capture_events(hass, f"{DOMAIN}_event")
    await found_ago(office, "tanaka", check, timedelta(days=30, seconds=-10))
    state = check_state(hass, check)
    assert state.state == "off"
    due_at = state.attributes["due_at"]
    assert due_at > dt_util.utcnow()
    await until(lambda: check_state(hass, check).state == "on")
    assert dt_util.utcnow() >= due_at
    await until(lambda: check_state(hass, check).attributes["due_since"])
    office.evidence.async_changed()
    # Whatever is still under way has its turn before this.
    await found(office, "tanaka", f"sd_card:camera:{office.camera_id}")
    due = [event for event in alerts if event.data["type"] == "check_due"]
    (alert,) = due
    assert alert.data["check"] == check
    assert alert.data["check_kind"] == "signage"
    assert alert.data["object_kind"] == "camera"
    assert alert.data["name"] == "kita"
    assert check_notes(await office.entries("check_due"), check) == 2


def check_notes(entries: list[Any], check: str) -> int:
    """Return how often it was noted that a check is due."""
    kind, of_kind, of = check.split(":", 2)
    return sum(
        (entry.details["kind"], entry.details["object_kind"], entry.details["object"])
        == (kind, of_kind, of)
        for entry in entries
    )


async def test_new_section_is_told_what_it_has_to_look_at(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """What was never looked at is due at once, and announced once, not again after a restart."""
    alerts = async_capture_events(hass, f"{DOMAIN}_event")
    office = await checking(await open_office(hass, kita))
    await until(lambda: len(due_alerts(alerts)) == EVERY)
    assert len(await office.entries("check_due")) == EVERY
    assert await hass.config_entries.async_reload(office.entry.entry_id)
    await checking(office)
    # Whatever is still under way has its turn before this.
    await found(office, "tanaka", signage(office))
    assert len(due_alerts(alerts)) == EVERY
    assert len(await office.entries("check_due")) == EVERY


def due_alerts(alerts: list[Event[Any]]) -> list[str]:
    """Return the checks of which it was announced that they are due."""
    return [event.data["check"] for event in alerts if event.data["type"] == "check_due"]


async def test_what_passed_and_failed_is_announced(hass: HomeAssistant, office: Office) -> None:
    """Automations learn what was found, and not by whom."""
    await checking(office)
    alerts = async_capture_events(hass, f"{DOMAIN}_event")
    await found(office, "tanaka", signage(office))
    await found(office, "sato", signage(office), result="failed", note="ない")
    await until(lambda: len(alerts) == 2)
    assert [event.data["type"] for event in alerts] == ["check_passed", "check_failed"]
    assert all("sato" not in str(event.data) and "ない" not in str(event.data) for event in alerts)
    assert all(event.data["path"].startswith("/niiza-cctv/check/signage") for event in alerts)


# --- Options --------------------------------------------------------------------------------------------------


async def test_new_interval_holds_at_once(hass: HomeAssistant, office: Office) -> None:
    """A shorter interval makes a check due, a longer one takes that back; nothing is loaded anew."""
    await checking(office)
    check = signage(office)
    evidence = office.evidence
    passed = await found_ago(office, "tanaka", check, timedelta(days=10))
    assert check_state(hass, check).state == "off"
    set_options(office, check_intervals={"signage": 7})
    await until(lambda: check_state(hass, check).state == "on")
    set_options(office, check_intervals={"signage": 60})
    await until(lambda: check_state(hass, check).state == "off")
    due_at = check_state(hass, check).attributes["due_at"]
    assert abs(due_at - passed - timedelta(days=60)) < timedelta(minutes=1)
    assert office.entry.runtime_data.evidence is evidence


async def test_check_that_is_switched_off_goes_away(hass: HomeAssistant, office: Office) -> None:
    """Its entities leave the registry, too; switched on again, its history is there."""
    await checking(office)
    check = signage(office)
    await found(office, "tanaka", check)
    set_options(office, check_intervals={"signage": 0})
    platforms = (Platform.BINARY_SENSOR, Platform.SENSOR, Platform.BUTTON)
    # They go one by one.
    await until(lambda: not any(check_entity(hass, check, platform) for platform in platforms))
    await until(lambda: not [one for one in hass.states.async_all() if "sign" in one.entity_id])
    with pytest.raises(ServiceValidationError) as caught:
        await found(office, "tanaka", check)
    assert caught.value.translation_key == "check_unknown"
    set_options(office)
    await until(lambda: check_entity(hass, check, Platform.BUTTON))
    await hass.async_block_till_done()
    assert check_state(hass, check).state == "off"


async def test_checks_of_the_sections_own(hass: HomeAssistant, office: Office) -> None:
    """They bear the name that the section gave them, follow a new name, and go when they are dropped."""
    await checking(office)
    check = f"own_01:camera:{office.camera_id}"
    set_options(office, own_checks=[OWN])
    await until(lambda: check_entity(hass, check, Platform.BUTTON))
    await hass.async_block_till_done()
    assert check_state(hass, check).attributes["friendly_name"] == "kita Check due: 配線の目視"
    await press(hass, "tanaka", check_entity(hass, check, Platform.BUTTON))
    await until(lambda: check_state(hass, check).state == "off")
    set_options(office, own_checks=[OWN | {"name": "配線と金具の目視"}])
    await until(lambda: "金具" in check_state(hass, check).attributes.get("friendly_name", ""))
    await until(lambda: check_state(hass, check).state == "off")
    await until(
        lambda: all(
            "金具" in check_state(hass, check, platform).attributes.get("friendly_name", "")
            for platform in (Platform.SENSOR, Platform.BUTTON)
        )
    )
    set_options(office, own_checks=[OWN | {"objects": ["tablet"]}])
    await until(lambda: all("配線" not in state.name for state in hass.states.async_all()))
    assert check_entity(hass, check) is None


async def test_check_dropped_while_home_assistant_was_off_goes_away(
    hass: HomeAssistant, office: Office
) -> None:
    """Entities of a kind that went meanwhile are not left behind."""
    await checking(office)
    assert await hass.config_entries.async_unload(office.entry.entry_id)
    set_options(office, check_intervals={"standard": 0})
    assert await hass.config_entries.async_setup(office.entry.entry_id)
    await hass.async_block_till_done()
    assert check_entity(hass, "standard:section:section") is None
    assert check_entity(hass, "contractor:section:section")


# --- The button -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (None, "not_allowed_nobody"),
        ("stranger", "not_allowed_needs_role"),
        ("machine", "not_allowed_not_human"),
    ],
)
async def test_press_by_the_wrong_is_refused_and_recorded(
    hass: HomeAssistant, office: Office, hass_admin_user: Any, person: str | None, why: str
) -> None:
    """By nobody, by a user without a role, by a system user: nothing is confirmed."""
    await checking(office)
    check = signage(office)
    user = hass_admin_user.id if person == "stranger" else person
    with pytest.raises(ServiceValidationError) as caught:
        await press(hass, user, check_entity(hass, check, Platform.BUTTON))
    assert caught.value.translation_key == why
    assert (user, "record_check", f"camera/{office.camera_id}", why) in await office.refusals()
    assert await records(office) == []
    assert check_state(hass, check).state == "on"


async def test_tablet_confirms_what_is_at_the_station_only(
    hass: HomeAssistant, office: Office
) -> None:
    """The tablet goes to the signs; the passwords and the contractor are no business of it."""
    await checking(office)
    await press(hass, "tablet", check_entity(hass, signage(office), Platform.BUTTON))
    with pytest.raises(ServiceValidationError) as caught:
        await press(
            hass, "tablet", check_entity(hass, "contractor:section:section", Platform.BUTTON)
        )
    assert caught.value.translation_key == "not_allowed_tablet_check"
    assert await records(office) == [("tablet", signage(office), "passed")]
    assert ("tablet", "record_check", "section", "not_allowed_tablet_check") in (
        await office.refusals()
    )


async def test_automation_confirms_nothing(hass: HomeAssistant, office: Office) -> None:
    """An automation presses, though a person set it off: refused and recorded, by each of the ways."""
    await checking(office)
    check = signage(office)
    button = check_entity(hass, check, Platform.BUTTON)
    assert await async_setup_component(
        hass,
        AUTOMATION,
        {
            AUTOMATION: {
                "id": "lazy",
                "alias": "lazy",
                "trigger": {"platform": "event", "event_type": "lazy"},
                "action": [
                    {
                        "action": "button.press",
                        "target": {"entity_id": button},
                        "continue_on_error": True,
                    },
                    {
                        "action": f"{DOMAIN}.record_check",
                        "data": {"check": check, "result": "passed"},
                        "continue_on_error": True,
                    },
                    {"event": "lazy_done"},
                ],
            }
        },
    )
    done = async_capture_events(hass, "lazy_done")
    hass.bus.async_fire("lazy", context=Context(user_id="tanaka"))
    await until(lambda: done)
    assert [(person, why) for person, _what, _subject, why in await office.refusals()] == [
        (None, "not_allowed_nobody")
    ]
    assert await records(office) == []


async def test_script_in_a_persons_name_confirms_nothing(
    hass: HomeAssistant, office: Office
) -> None:
    """A script that confirms everything at one press says nothing about any sign."""
    await checking(office)
    check = signage(office)
    button = check_entity(hass, check, Platform.BUTTON)
    assert await async_setup_component(
        hass,
        "script",
        {
            "script": {
                "all_fine": {
                    "sequence": [{"action": "button.press", "target": {"entity_id": button}}]
                }
            }
        },
    )
    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(
            "script", "all_fine", blocking=True, context=Context(user_id="tanaka")
        )
    assert caught.value.translation_key == "check_not_by_own_hand"
    assert (
        "tanaka",
        "record_check",
        f"camera/{office.camera_id}",
        "check_not_by_own_hand",
    ) in await office.refusals()
    assert await records(office) == []


@pytest.mark.parametrize("target", ["several", "all"])
async def test_buttons_pressed_all_at_once_confirm_nothing(
    hass: HomeAssistant, office: Office, target: str
) -> None:
    """Whoever presses an area's or all buttons looked at none of them."""
    await checking(office)
    checks = [signage(office), f"sd_card:camera:{office.camera_id}"]
    buttons = [check_entity(hass, check, Platform.BUTTON) for check in checks]
    with pytest.raises(HomeAssistantError):
        await press(hass, "tanaka", buttons if target == "several" else "all")
    assert await records(office) == []


async def test_context_of_somebody_before_counts_for_nobody_after(
    hass: HomeAssistant, office: Office
) -> None:
    """A press that has no context of its own is nobody's, however soon it follows a person's."""
    await checking(office)
    check = signage(office)
    button = check_entity(hass, check, Platform.BUTTON)
    await press(hass, "tanaka", [button])
    entity = hass.data["entity_components"][BUTTON].get_entity(button)
    with pytest.raises(ServiceValidationError) as caught:
        await entity.async_press()
    assert caught.value.translation_key == "not_allowed_nobody"
    assert await records(office) == [("tanaka", check, "passed")]


# --- When the ledger is away ----------------------------------------------------------------------------------


async def test_nothing_counts_without_the_ledger(
    hass: HomeAssistant, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A confirmation that cannot be recorded is none, and the person is told so."""
    await checking(office)
    check = signage(office)

    async def away(*arguments: Any, **more: Any) -> None:
        raise LedgerUnavailable("Away")

    with monkeypatch.context() as patched:
        patched.setattr(office.evidence.ledger, "append", away)
        with pytest.raises(HomeAssistantError) as caught:
            await press(hass, "tanaka", check_entity(hass, check, Platform.BUTTON))
    assert caught.value.translation_key == "ledger_unavailable"
    assert check_state(hass, check).state == "on"
    await press(hass, "tanaka", check_entity(hass, check, Platform.BUTTON))
    await until(lambda: check_state(hass, check).state == "off")


async def test_entities_are_there_though_the_ledger_is_not(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """Whether a check is due is unknown then, not fine; it shows as soon as the ledger is there."""
    in_the_way = Path(hass.config.path(f"{DOMAIN}.db"))
    in_the_way.mkdir()
    office = await open_office(hass, kita)
    check = signage(office)
    assert check_state(hass, check).state == "unknown"
    assert check_state(hass, check).attributes["check"] == check
    with pytest.raises(HomeAssistantError) as caught:
        await press(hass, None, check_entity(hass, check, Platform.BUTTON))
    assert caught.value.translation_key == "ledger_unavailable"
    in_the_way.rmdir()
    # It is looked for now and then.
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=11), fire_all=False)
    await until(lambda: check_state(hass, check).state == "on")


# --- What failed ----------------------------------------------------------------------------------------------


async def test_failed_check_is_a_repair_until_it_passes(
    hass: HomeAssistant, office: Office
) -> None:
    """The sign is gone: a repair says so, also right after a restart, until somebody finds it in place."""
    await checking(office)
    check = signage(office)
    issue = f"check_failed_{check}"
    await found(office, "tanaka", check)
    await found(office, "sato", check, result="failed", note="表示がはがれている")
    issues = ir.async_get(hass)
    await until(lambda: issues.async_get_issue(DOMAIN, issue))
    state = check_state(hass, check)
    assert (state.state, state.attributes["failed"]) == ("on", True)
    shown = issues.async_get_issue(DOMAIN, issue)
    assert shown
    assert shown.translation_placeholders
    assert shown.translation_placeholders["object"] == "kita"
    assert "sato" not in str(shown)
    assert "はがれ" not in str(shown)
    assert await hass.config_entries.async_unload(office.entry.entry_id)
    # As after a restart: only what is stored is left.
    issues.async_delete(DOMAIN, issue)
    assert await hass.config_entries.async_setup(office.entry.entry_id)
    await until(lambda: issues.async_get_issue(DOMAIN, issue))
    await press(hass, "sato", check_entity(hass, check, Platform.BUTTON))
    await until(lambda: not issues.async_get_issue(DOMAIN, issue))
    assert check_state(hass, check).state == "off"


@pytest.mark.parametrize("how", ["camera", "kind", "section"])
async def test_repair_goes_with_what_it_is_about(
    hass: HomeAssistant, office: Office, how: str
) -> None:
    """A camera that left the section, a kind that is switched off, a section that is removed: nothing is left to fix."""
    await checking(office)
    check = signage(office)
    await found(office, "sato", check, result="failed", note="ない")
    issues = ir.async_get(hass)
    await until(lambda: issues.async_get_issue(DOMAIN, f"check_failed_{check}"))
    removals: dict[str, Callable[[], Any]] = {
        "camera": lambda: hass.config_entries.async_remove_subentry(
            office.entry, next(iter(office.entry.subentries))
        ),
        "kind": lambda: set_options(office, check_intervals={"signage": 0}),
    }
    if how == "section":
        await hass.config_entries.async_remove(office.entry.entry_id)
    else:
        removals[how]()
    await until(lambda: not issues.async_get_issue(DOMAIN, f"check_failed_{check}"))
