"""The section's list of checks to tick off, and its calendar."""

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from homeassistant.components.calendar.const import DOMAIN as CALENDAR
from homeassistant.components.todo.const import DOMAIN as TODO
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import ATTR_ENTITY_ID, Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.niiza_cctv.lib.checks.kinds import KINDS
from custom_components.niiza_cctv.lib.checks.model import CheckKind
from custom_components.niiza_cctv.lib.ledger.errors import LedgerUnavailable
from tests.checks_of import (
    EVERY,
    check_entity,
    check_state,
    checking,
    found,
    found_ago,
    records,
    signage,
)
from tests.office import Office
from tests.section import until
from tests.websocket.test_websocket import connect

LIST = "todo.jiao_tong_fang_fan_ke_checks"
DAYS = "calendar.jiao_tong_fang_fan_ke_checks"


async def todo(hass: HomeAssistant, person: str | None, action: str, **data: Any) -> Any:
    """Do something with the list."""
    return await hass.services.async_call(
        TODO,
        action,
        {ATTR_ENTITY_ID: LIST} | data,
        blocking=True,
        return_response=action == "get_items",
        context=Context(user_id=person),
    )


async def items(hass: HomeAssistant) -> dict[str, dict[str, Any]]:
    """Return what the list holds."""
    found = (await todo(hass, None, "get_items"))[LIST]["items"]
    return {item["uid"]: item for item in found}


async def events(hass: HomeAssistant, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """Return what the calendar holds."""
    answer = await hass.services.async_call(
        CALENDAR,
        "get_events",
        {
            ATTR_ENTITY_ID: DAYS,
            "start_date_time": start.isoformat(),
            "end_date_time": end.isoformat(),
        },
        blocking=True,
        return_response=True,
    )
    assert answer
    shown: Any = answer[DAYS]
    found: list[dict[str, Any]] = shown["events"]
    return found


# --- The list -------------------------------------------------------------------------------------------------


async def test_list_holds_what_is_due(hass: HomeAssistant, office: Office) -> None:
    """What failed first, then what is overdue, then what was never looked at; what was done today is ticked."""
    await checking(office)
    sign, card, clock = (
        f"{kind}:camera:{office.camera_id}" for kind in ("signage", "sd_card", "clock_by_eye")
    )
    await found(office, "tanaka", card)
    await found_ago(office, "tanaka", clock, timedelta(days=31))
    await found(office, "tanaka", sign, result="failed", note="山田さんに連絡した")
    await hass.async_block_till_done()
    listed = await items(hass)
    assert list(listed)[:2] == [sign, clock]
    assert list(listed)[-1] == card
    assert [item["status"] for item in listed.values()] == ["needs_action"] * (EVERY - 1) + [
        "completed"
    ]
    state = hass.states.get(LIST)
    assert state
    assert state.state == str(EVERY - 1)
    assert listed[sign]["summary"] == "kita: Camera-operating sign"
    assert listed[clock]["description"] == "Overdue."
    assert datetime.fromisoformat(listed[clock]["due"]) < dt_util.utcnow()
    assert "due" not in listed["contractor:section:section"]
    # Every user of Home Assistant sees it.
    assert "tanaka" not in str(listed)
    assert "山田" not in str(listed)


async def test_ticking_confirms_as_that_person(
    hass: HomeAssistant, office: Office, hass_ws_client: WebSocketGenerator
) -> None:
    """As the list's own card does it, over the websocket: it is ticked, the entities follow, it is on the record."""
    await checking(office)
    check = signage(office)
    panel = await connect(hass, hass_ws_client, "tanaka")
    await panel.send_json_auto_id({"type": "todo/item/subscribe", "entity_id": LIST})
    assert (await panel.receive_json())["success"]
    assert (await panel.receive_json())["event"]["items"]
    await panel.send_json_auto_id(
        {
            "type": "call_service",
            "domain": TODO,
            "service": "update_item",
            "service_data": {"item": check, "status": "completed"},
            "target": {"entity_id": LIST},
        }
    )
    shown: dict[str, str] = {}
    while shown.get(check) != "completed":
        answer = await panel.receive_json()
        assert answer.get("success", True), answer
        if answer["type"] == "event":
            shown = {item["uid"]: item["status"] for item in answer["event"]["items"]}
    assert await records(office) == [("tanaka", check, "passed")]
    assert check_state(hass, check).state == "off"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
async def test_a_tick_confirms_only_kinds_that_say_so(
    hass: HomeAssistant, office: Office, kind: CheckKind
) -> None:
    """The sealed settings password, good for half a year, is not confirmed by a slip; it stays due and says where to go."""
    await checking(office)
    tablet = ConfigSubentry(
        data=MappingProxyType({"user_id": "tablet", "notify": ""}),
        subentry_type="tablet",
        title="会議室",
        unique_id="tablet-1",
    )
    hass.config_entries.async_add_subentry(office.entry, tablet)
    there = office.entry.runtime_data.checks
    await until(lambda: any(one.startswith("antivirus:") for one in there.checks))
    await hass.async_block_till_done()
    named = next(one for one in there.checks if one.startswith(f"{kind.key}:"))
    button = check_entity(hass, named, Platform.BUTTON)

    async def tick() -> None:
        await todo(hass, "tanaka", "update_item", item=named, status="completed")

    async def press() -> None:
        await hass.services.async_call(
            "button",
            "press",
            {ATTR_ENTITY_ID: button},
            blocking=True,
            context=Context(user_id="tanaka"),
        )

    if kind.by_tap:
        await tick()
        await press()
        assert await records(office) == [("tanaka", named, "passed")] * 2
        return
    for tap in (tick, press):
        with pytest.raises(ServiceValidationError) as caught:
            await tap()
        assert caught.value.translation_key == "check_not_by_tap"
    assert await records(office) == []
    assert {why for *_, why in await office.refusals()} == {"check_not_by_tap"}
    listed = (await items(hass))[named]
    assert listed["status"] == "needs_action"
    assert "Open it" in listed["description"]
    # What is looked at there is recorded there.
    await found(office, "tanaka", named)
    assert await records(office) == [("tanaka", named, "passed")]


@pytest.mark.parametrize("by_tap", [None, False, True])
async def test_a_check_of_its_own_is_ticked_where_the_section_said_so(
    hass: HomeAssistant, office: Office, *, by_tap: bool | None
) -> None:
    """One from before the option did not say so."""
    own: dict[str, Any] = {"key": "own_1", "name": "鍵", "objects": ["section"], "interval_days": 7}
    if by_tap is not None:
        own["by_tap"] = by_tap
    hass.config_entries.async_update_entry(office.entry, options={"own_checks": [own]})
    await checking(office)
    if by_tap:
        await todo(hass, "tanaka", "update_item", item="own_1:section:section", status="completed")
        assert len(await records(office)) == 1
        return
    with pytest.raises(ServiceValidationError) as caught:
        await todo(hass, "tanaka", "update_item", item="own_1:section:section", status="completed")
    assert caught.value.translation_key == "check_not_by_tap"


async def test_ticking_by_its_words_confirms_too(hass: HomeAssistant, office: Office) -> None:
    """Home Assistant's actions take the words of an item as well."""
    await checking(office)
    await todo(
        hass, "tanaka", "update_item", item="kita: Camera-operating sign", status="completed"
    )
    assert await records(office) == [("tanaka", signage(office), "passed")]


@pytest.mark.parametrize(
    ("person", "check", "why"),
    [
        (None, "signage", "not_allowed_nobody"),
        ("machine", "signage", "not_allowed_not_human"),
        ("stranger", "signage", "not_allowed_needs_role"),
        ("tablet", "contractor", "not_allowed_tablet_check"),
    ],
)
async def test_ticking_by_the_wrong_is_refused_and_recorded(
    hass: HomeAssistant,
    office: Office,
    *,
    hass_admin_user: Any,
    person: str | None,
    check: str,
    why: str,
) -> None:
    """The same rules as everywhere."""
    await checking(office)
    named = signage(office) if check == "signage" else "contractor:section:section"
    user = hass_admin_user.id if person == "stranger" else person
    with pytest.raises(ServiceValidationError) as caught:
        await todo(hass, user, "update_item", item=named, status="completed")
    assert caught.value.translation_key == why
    assert why in [reason for *_, reason in await office.refusals()]
    assert (await items(hass))[named]["status"] == "needs_action"


async def test_what_is_recorded_is_not_taken_back(hass: HomeAssistant, office: Office) -> None:
    """No way back, no other words, nothing added, nothing removed."""
    await checking(office)
    check = signage(office)
    await todo(hass, "tanaka", "update_item", item=check, status="completed")
    await until(lambda: check_state(hass, check).state == "off")
    for data, why in (
        ({"item": check, "status": "needs_action"}, "check_list_no_way_back"),
        ({"item": check, "rename": "別の名前"}, "check_list_only_ticks"),
        ({"item": "contractor:section:section", "rename": "別"}, "check_list_only_ticks"),
        ({"item": "nothing", "status": "completed"}, "item_not_found"),
        ({"item": check, "description": "x"}, "update_field_not_supported"),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await todo(hass, "tanaka", "update_item", **data)
        assert caught.value.translation_key == why
    for action, data in (
        ("add_item", {"item": "買い物"}),
        ("remove_item", {"item": check}),
        ("remove_completed_items", {}),
    ):
        with pytest.raises(HomeAssistantError) as refused:
            await todo(hass, "tanaka", action, **data)
        assert refused.value.translation_key == "service_not_supported"
    assert len(await items(hass)) == EVERY
    assert await records(office) == [("tanaka", check, "passed")]


async def test_script_ticks_nothing(hass: HomeAssistant, office: Office) -> None:
    """Not in the name of whoever ran it."""
    await checking(office)
    check = signage(office)
    sequence = [
        {
            "action": "todo.update_item",
            "target": {"entity_id": LIST},
            "data": {"item": check, "status": "completed"},
        }
    ]
    assert await async_setup_component(
        hass, "script", {"script": {"all_fine": {"sequence": sequence}}}
    )
    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(
            "script", "all_fine", blocking=True, context=Context(user_id="tanaka")
        )
    assert caught.value.translation_key == "check_not_by_own_hand"
    assert await records(office) == []


async def test_context_of_somebody_before_ticks_nothing(
    hass: HomeAssistant, office: Office
) -> None:
    """A voice assistant ticks without a call of its own: it never does so in the name of whoever came before."""
    await checking(office)
    check = signage(office)
    entity = hass.data["entity_components"][TODO].get_entity(LIST)

    async def tick_by_voice() -> str | None:
        item = next(one for one in entity.todo_items if one.uid == check)
        with pytest.raises(ServiceValidationError) as caught:
            await entity.async_update_todo_item(
                type(item)(uid=item.uid, summary=item.summary, status="completed")
            )
        return caught.value.translation_key

    clock = f"clock_by_eye:camera:{office.camera_id}"
    await todo(hass, "tanaka", "update_item", item=clock, status="completed")
    assert await tick_by_voice() == "not_allowed_nobody"
    # What Home Assistant itself refused, though it named this very item.
    for refused in ({"item": "nothing"}, {"item": check, "description": "山田"}):
        with pytest.raises(ServiceValidationError):
            await todo(hass, "tanaka", "update_item", status="completed", **refused)
        assert await tick_by_voice() == "not_allowed_nobody"
    assert await records(office) == [("tanaka", clock, "passed")]


# --- The calendar ---------------------------------------------------------------------------------------------


async def test_calendar_shows_what_is_ahead_and_what_was_found(
    hass: HomeAssistant, office: Office
) -> None:
    """Due days ahead, what is overdue today, what people found behind; nobody is named."""
    await checking(office)
    sign, card = (f"{kind}:camera:{office.camera_id}" for kind in ("signage", "sd_card"))
    past = await found_ago(office, "tanaka", sign, timedelta(days=12))
    await found_ago(office, "tanaka", card, timedelta(days=3), result="failed", note="山田")
    today = dt_util.start_of_local_day()
    ahead = await events(hass, today + timedelta(days=1), today + timedelta(days=60))
    (next_sign,) = ahead
    assert next_sign["summary"] == "kita: Camera-operating sign"
    assert next_sign["start"] == dt_util.as_local(past + timedelta(days=30)).date().isoformat()
    behind = await events(hass, today - timedelta(days=30), today)
    assert [event["summary"] for event in behind] == [
        "kita: SD card (something wrong)",
        "kita: Camera-operating sign (confirmed)",
    ]
    assert abs(datetime.fromisoformat(behind[1]["start"]) - past) < timedelta(minutes=1)
    now = await events(hass, today, today + timedelta(days=1))
    assert len([event for event in now if event["start"] == today.date().isoformat()]) == EVERY - 1
    assert await events(hass, today - timedelta(days=400), today - timedelta(days=300)) == []
    assert "tanaka" not in str([ahead, behind, now])
    assert "山田" not in str([ahead, behind, now])
    state = hass.states.get(DAYS)
    assert state
    assert state.state == "on"


async def test_calendar_is_off_when_nothing_is_due(hass: HomeAssistant, office: Office) -> None:
    """And names what is next."""
    await checking(office)
    for check in list(office.entry.runtime_data.checks.checks):
        await found(office, "tanaka", check)
    await hass.async_block_till_done()
    state = hass.states.get(DAYS)
    assert state
    assert state.state == "off"
    assert state.attributes["message"] in (
        "kita: Camera-operating sign",
        "kita: Clock by eye",
    )
    listed = hass.states.get(LIST)
    assert listed
    assert listed.state == "0"


async def test_calendar_in_the_browser(
    hass: HomeAssistant, office: Office, hass_client: ClientSessionGenerator
) -> None:
    """As Home Assistant's own page asks; an unreadable ledger is an error, not an empty past."""
    await checking(office)
    await found(office, "tanaka", signage(office))
    client = await hass_client()
    today = dt_util.start_of_local_day()
    query = {
        "start": (today - timedelta(days=1)).isoformat(),
        "end": (today + timedelta(days=2)).isoformat(),
    }
    answer = await client.get(f"/api/calendars/{DAYS}", params=query)
    assert answer.status == 200
    assert any("confirmed" in event["summary"] for event in await answer.json())

    def away(*arguments: Any, **more: Any) -> None:
        raise LedgerUnavailable("Away")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(office.evidence.ledger, "entries", away)
        answer = await client.get(f"/api/calendars/{DAYS}", params=query)
        assert answer.status == 500
