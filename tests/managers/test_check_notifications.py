"""Buttons of notifications about checks, pressed on real companion apps; the heart of it: the sign on a phone."""

from collections.abc import Awaitable, Callable
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.managers.check_notifications import check_buttons, check_tag
from custom_components.niiza_cctv.managers.mobile_app import Notice
from simulator.running import RunningCamera
from simulator.station import Station
from tests.checks_of import check_state, checking, found, records, signage
from tests.companion import App, Companions
from tests.office import Office, open_office
from tests.section import until
from tests.station import camera_config


@pytest.fixture
async def office(hass: HomeAssistant, companions: Companions, kita: RunningCamera) -> Office:
    """Return a section whose people may have phones, in Japanese as it is used."""
    hass.config.language = "ja"
    return await checking(await open_office(hass, kita))


async def told(office: Office, *people: str, check: str | None = None) -> Notice:
    """Tell people about a check, as the action `notify` does."""
    status = office.entry.runtime_data.checks.checks[check or signage(office)]
    notice = Notice(
        title="点検",
        message="kita",
        tag=check_tag(status.id),
        path="/niiza-cctv/checks",
        actions=check_buttons(office.hass, status),
    )
    assert await office.entry.runtime_data.phones.tell(people, notice) == []
    return notice


async def test_sign_is_confirmed_on_a_phone(office: Office, companions: Companions) -> None:
    """Due, a notification, one tap: confirmed as the owner of that phone; everybody's notification goes."""
    check = signage(office)
    tanaka, suzuki = await companions.register("tanaka"), await companions.register("suzuki")
    await told(office, "tanaka", "suzuki")
    actions = (await tanaka.notice())["data"]["actions"]
    assert (await suzuki.notice())["data"]["actions"] == actions
    assert [action["title"] for action in actions] == ["確認した", "ない・破損"]
    assert all(action["authenticationRequired"] for action in actions)
    await tanaka.press(actions[0])
    await until(lambda: check_state(office.hass, check).state == "off")
    assert await records(office) == [("tanaka", check, "passed")]
    for app in (tanaka, suzuki):
        gone = await app.notice()
        assert (gone["message"], gone["data"]["tag"]) == ("clear_notification", check_tag(check))


async def test_maker_with_a_slash_in_its_name_has_buttons_too(
    hass: HomeAssistant,
    companions: Companions,
    start_station: Callable[..., Awaitable[Station]],
) -> None:
    """What a camera calls its maker, and so itself, hides no press."""
    config = camera_config("kita", manufacturer="Kita/Minami")
    camera = (await start_station(config)).cameras["kita"]
    office = await checking(await open_office(hass, camera))
    check = signage(office)
    assert "/" in check
    tanaka = await companions.register("tanaka")
    await told(office, "tanaka")
    await tanaka.press((await tanaka.notice())["data"]["actions"][0])
    await until(lambda: check_state(office.hass, check).state == "off")
    assert await records(office) == [("tanaka", check, "passed")]


async def test_missing_sign_is_reported_on_a_phone(
    hass: HomeAssistant, office: Office, companions: Companions
) -> None:
    """One tap says that it is gone: recorded with what was pressed, and a repair until it is in place."""
    check = signage(office)
    tablet = await companions.register("tablet")
    await told(office, "tablet")
    actions = (await tablet.notice())["data"]["actions"]
    await tablet.press(actions[1])
    issues = ir.async_get(hass)
    await until(lambda: issues.async_get_issue(DOMAIN, f"check_failed_{check}"))
    (entry,) = await office.entries("check_recorded")
    assert (entry.person.id, entry.details["result"]) == ("tablet", "failed")
    assert "ない・破損" in entry.details["note"]
    # Found in place again, by another way.
    await found(office, "tanaka", check)
    await until(lambda: not issues.async_get_issue(DOMAIN, f"check_failed_{check}"))


async def test_other_kinds_have_other_words(office: Office) -> None:
    """A clock is not missing or broken."""
    clock = f"clock_by_eye:camera:{office.camera_id}"
    status = office.entry.runtime_data.checks.checks[clock]
    assert [one["title"] for one in check_buttons(office.hass, status)] == [
        "確認した",
        "異常あり",
    ]


async def test_button_confirms_only_kinds_that_say_so(
    hass: HomeAssistant, office: Office, companions: Companions
) -> None:
    """The others can be reported as wrong; a button from before, or a made-up one, confirms nothing."""
    tanaka = await companions.register("tanaka")
    sealed = "settings_password_sealed:section:section"
    await told(office, "tanaka", check=sealed)
    (wrong,) = (await tanaka.notice())["data"]["actions"]
    assert wrong["title"] == "異常あり"
    await press_and_be_refused(
        office, tanaka, wrong | {"action": wrong["action"].replace("failed", "passed")}
    )
    assert [why for *_, why in await office.refusals()] == ["check_not_by_tap"]
    await tanaka.press(wrong)
    await until(lambda: ir.async_get(hass).async_get_issue(DOMAIN, f"check_failed_{sealed}"))


async def press_and_be_refused(office: Office, app: App, action: dict[str, Any]) -> None:
    """Press a button that is refused, and be told so."""
    await app.press(action)
    answer = await app.notice()
    assert answer["title"] == "点検は記録されていません"
    assert "actions" not in answer["data"]
    assert await records(office) == []


async def test_button_on_the_wrong_phone_is_refused(
    hass: HomeAssistant, office: Office, companions: Companions, hass_admin_user: Any
) -> None:
    """The phone of somebody without a role, and a tablet for what is no business of it: told so, and on the record."""
    stranger = await companions.register(hass_admin_user.id)
    tablet = await companions.register("tablet")
    contractor = "contractor:section:section"
    sign, other = (
        check_buttons(hass, office.entry.runtime_data.checks.checks[check])[0]
        for check in (signage(office), contractor)
    )
    await press_and_be_refused(office, stranger, sign)
    await press_and_be_refused(office, tablet, other)
    assert {(person, why) for person, _what, _of, why in await office.refusals()} == {
        (hass_admin_user.id, "not_allowed_needs_role"),
        ("tablet", "not_allowed_tablet_check"),
    }


async def until_refused(office: Office, why: str) -> None:
    """Wait until a refusal is on the record."""

    async def is_there() -> bool:
        return why in [reason for *_, reason in await office.refusals()]

    await until(is_there)


async def test_event_that_nobody_pressed_is_refused(hass: HomeAssistant, office: Office) -> None:
    """An automation that fires the event has no user; a script has one, but is not their hand."""
    check = signage(office)
    event = "mobile_app_notification_action"
    action = {"action": f"NIIZA_CCTV_CHECK/{check}/passed"}
    hass.bus.async_fire(event, action)
    await until_refused(office, "not_allowed_nobody")
    script = Context(user_id="tanaka")
    hass.bus.async_fire("call_service", {"domain": "script", "service": "x"}, context=script)
    hass.bus.async_fire(event, action, context=script)
    await until_refused(office, "check_not_by_own_hand")
    hass.bus.async_fire(event, action, context=Context(user_id="tanaka", parent_id="other"))
    hass.bus.async_fire(
        event,
        {"action": "NIIZA_CCTV_CHECK/signage:camera:gone/passed"},
        context=Context(user_id="tanaka"),
    )
    await until_refused(office, "check_unknown")
    for hostile in (
        "NIIZA_CCTV_CHECK",
        f"NIIZA_CCTV_CHECK/{check}/great",
        f"NIIZA_CCTV_CHECK/{check}/passed/more",
        "NIIZA_CCTV_CHECK//",
        7,
        None,
    ):
        hass.bus.async_fire(event, {"action": hostile}, context=Context(user_id="tanaka"))
    await hass.async_block_till_done()
    assert await records(office) == []
    assert check_state(hass, check).state == "on"
