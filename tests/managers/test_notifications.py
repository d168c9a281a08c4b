"""Notices on real phones (Home Assistant's own mobile_app) and by the clock: in time, to the right people, without names."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
import json
from typing import Any

from homeassistant.components import persistent_notification
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import Context, CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.cases.trusted_time import TrustedTime
from custom_components.niiza_cctv.lib.ledger.errors import LedgerUnavailable
from custom_components.niiza_cctv.managers.deadlines import DeadlineManager
from custom_components.niiza_cctv.managers.evidence import Evidence
from custom_components.niiza_cctv.managers.notifications import CaseNotifications
from simulator.running import RunningCamera
from tests.office import DISCLOSURE, REQUEST, Office, open_office, passage_start
from tests.section import PATIENCE, pass_in, until
from tests.websocket.test_websocket import connect


class Phone:
    """A phone with the Home Assistant app, connected over a real websocket."""

    def __init__(self, hass: HomeAssistant, user_id: str) -> None:
        """Name its owner."""
        self.hass = hass
        self.user_id = user_id
        self.webhook = ""
        self.client: Any = None

    async def notice(self) -> dict[str, Any]:
        """Return the next notice that arrives."""
        async with asyncio.timeout(PATIENCE):
            answer = await self.client.receive_json()
        assert answer["type"] == "event", answer
        event: dict[str, Any] = answer["event"]
        return event

    async def press(self, http: Any, action: str) -> None:
        """Press a notice's button, as the app tells it to Home Assistant."""
        answer = await http.post(
            f"/api/webhook/{self.webhook}",
            json={
                "type": "fire_event",
                "data": {
                    "event_type": "mobile_app_notification_action",
                    "event_data": {"action": action},
                },
            },
        )
        assert answer.status == 200


@pytest.fixture
async def phone_of(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
) -> Any:
    """Return what gives a person a phone."""
    # Before there is a web server: afterwards no view can be added.
    for domain in ("repairs", "notify", "mobile_app"):
        assert await async_setup_component(hass, domain, {})

    async def register(person: str, name: str) -> Phone:
        user = await hass.auth.async_get_user(person)
        assert user
        phone = Phone(hass, person)
        phone.client = await connect(hass, hass_ws_client, person)
        entry = await hass.config_entries.flow.async_init(
            "mobile_app",
            data={
                "app_data": {"push_websocket_channel": True},
                "app_id": "io.example",
                "app_name": "Home Assistant",
                "app_version": "1",
                "device_id": f"{person}-phone",
                "device_name": name,
                "manufacturer": "M",
                "model": "M",
                "os_name": "Android",
                "os_version": "16",
                "supports_encryption": False,
                "user_id": person,
                "webhook_id": f"{person}-webhook",
            },
            context={"source": "registration"},
        )
        phone.webhook = entry["result"].data["webhook_id"]
        await hass.async_block_till_done()
        await phone.client.send_json_auto_id(
            {"type": "mobile_app/push_notification_channel", "webhook_id": phone.webhook}
        )
        assert (await phone.client.receive_json())["success"]
        return phone

    return register


async def test_approver_is_asked_when_footage_is_preserved(office: Office, phone_of: Any) -> None:
    """The notice opens the case; it names nobody, shows nothing, and has no button until that is switched on."""
    suzuki, sato = await phone_of("suzuki", "a"), await phone_of("sato", "b")
    case = await office.preserved()
    notice = await suzuki.notice()
    assert case in notice["title"]
    data = notice["data"]
    assert data["url"] == data["clickAction"] == f"/niiza-cctv/case/{case}"
    assert data["tag"]
    assert "actions" not in data
    assert "image" not in data
    said = json.dumps(notice, ensure_ascii=False)
    for secret in ("sato", REQUEST["requester"], REQUEST["organisation"], "kita"):
        assert secret not in said
    # Once it is decided, the notice goes.
    await office.call("suzuki", "approve_case", case=case)
    gone = await suzuki.notice()
    assert (gone["message"], gone["data"]["tag"]) == ("clear_notification", data["tag"])
    await sato.client.send_json_auto_id({"type": "ping"})
    assert (await sato.client.receive_json())["type"] == "pong"


async def test_approver_is_asked_again_after_a_restart(
    hass: HomeAssistant,
    office: Office,
    phone_of: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What still waits takes its own place again; after a mere reload nobody is disturbed."""
    pass_in(monkeypatch, CaseNotifications, remind_after=timedelta())
    suzuki = await phone_of("suzuki", "a")
    case = await office.preserved()
    first = await suzuki.notice()
    assert await hass.config_entries.async_reload(office.entry.entry_id)
    await hass.async_block_till_done()
    hass.set_state(CoreState.not_running)
    assert await hass.config_entries.async_reload(office.entry.entry_id)
    await hass.async_block_till_done()
    await suzuki.client.send_json_auto_id({"type": "ping"})
    assert (await suzuki.client.receive_json())["type"] == "pong"
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    again = await suzuki.notice()
    assert case in again["title"]
    assert again["data"]["tag"] == first["data"]["tag"]
    await office.call("suzuki", "approve_case", case=case)
    assert (await suzuki.notice())["message"] == "clear_notification"


async def test_phone_of_the_same_name_gets_nothing(
    hass: HomeAssistant, office: Office, phone_of: Any
) -> None:
    """Home Assistant keeps one action for phones of one name: it is never taken for somebody else's."""
    await phone_of("suzuki", "スマートフォン")
    sato = await phone_of("sato", "スマートフォン")
    case = await office.preserved()
    inbox = office.entry.runtime_data.phones.inbox

    async def is_listed() -> bool:
        return any(case in one["title"] for one in (await inbox.of("suzuki")).values())

    await until(is_listed)
    await sato.client.send_json_auto_id({"type": "ping"})
    assert (await sato.client.receive_json())["type"] == "pong"


async def test_approver_without_a_phone_is_told_in_the_panel(
    hass: HomeAssistant, office: Office, phone_of: Any
) -> None:
    """A notice is never lost: it stands in the list of each approver, and a repair says who has no phone."""
    case = await office.preserved()
    await until(lambda: ir.async_get(hass).async_get_issue(DOMAIN, "no_phone"))
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "no_phone")
    assert issue
    assert issue.translation_placeholders == {"people": "both, suzuki"}
    for person in ("suzuki", "both"):
        (one,) = await listed(office, person)
        assert case in one["title"]
        assert one["path"] == f"/niiza-cctv/case/{case}"
        assert "sato" not in str(one)
    for person in ("sato", "tanaka", "tablet", "takahashi"):
        assert await listed(office, person) == []
    assert notifications(hass) == []
    await phone_of("suzuki", "a")
    await phone_of("both", "b")
    await office.call("suzuki", "approve_case", case=case)

    async def is_gone() -> bool:
        return not await listed(office, "suzuki") and not await listed(office, "both")

    await until(is_gone)
    await office.preserved()
    await until(lambda: not ir.async_get(hass).async_get_issue(DOMAIN, "no_phone"))


async def listed(office: Office, person: str) -> list[Any]:
    """Return what stands in somebody's own list."""
    return list((await office.entry.runtime_data.phones.inbox.of(person)).values())


async def test_closing_a_notice_leaves_everybody_elses(
    hass: HomeAssistant, office: Office, hass_ws_client: WebSocketGenerator
) -> None:
    """Each sees their own in the panel and puts away their own; a tablet sees and closes nobody's."""
    case = await office.preserved()

    async def is_told() -> bool:
        return bool(await listed(office, "suzuki") and await listed(office, "both"))

    await until(is_told)
    panels = {
        person: await connect(hass, hass_ws_client, person)
        for person in ("suzuki", "both", "tanaka", "tablet")
    }

    async def ask(person: str, command: str, **data: Any) -> dict[str, Any]:
        await panels[person].send_json_auto_id({"type": f"{DOMAIN}/{command}", **data})
        answer: dict[str, Any] = await panels[person].receive_json()
        return answer

    async def own(person: str) -> list[str]:
        return [one["tag"] for one in (await ask(person, "info"))["result"]["notices"]]

    (tag,) = await own("suzuki")
    assert await own("both") == [tag]
    for person in ("tanaka", "tablet"):
        assert await own(person) == []
        # Of a tag that somebody else has.
        assert (await ask(person, "dismiss_notice", tag=tag))["success"]
    assert await own("suzuki") == await own("both") == [tag]
    assert notifications(hass) == []
    assert (await ask("suzuki", "dismiss_notice", tag=tag))["success"]
    assert await own("suzuki") == []
    assert await own("both") == [tag]
    # Once it is decided there is nothing left to tell.
    await office.call("both", "approve_case", case=case)

    async def is_gone() -> bool:
        return await own("both") == []

    await until(is_gone)


def notifications(hass: HomeAssistant) -> list[persistent_notification.Notification]:
    """Return what stands on Home Assistant's page of notices."""
    return list(persistent_notification._async_get_or_create_notifications(hass).values())


async def test_button_approves_in_the_name_of_the_phones_owner(
    hass: HomeAssistant,
    kita: RunningCamera,
    phone_of: Any,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Where the section switched it on: only the approver's own phone approves, and only what was announced."""
    office = await open_office(hass, kita, approve_by_button=True)
    http = await hass_client_no_auth()
    suzuki, sato = await phone_of("suzuki", "a"), await phone_of("sato", "b")
    case = await office.preserved()
    (action,) = (await suzuki.notice())["data"]["actions"]
    assert action["authenticationRequired"] is True
    # Somebody else's phone, an automation, and a script that a person runs.
    await sato.press(http, action["action"])
    hass.bus.async_fire("mobile_app_notification_action", {"action": action["action"]})
    script = Context(user_id="suzuki")
    hass.bus.async_fire("call_service", {"domain": "script", "service": "x"}, context=script)
    hass.bus.async_fire(
        "mobile_app_notification_action", {"action": action["action"]}, context=script
    )
    hass.bus.async_fire(
        "mobile_app_notification_action",
        {"action": f"{action['action'].rsplit('/', 1)[0]}/{'0' * 16}"},
        context=Context(user_id="suzuki"),
    )
    await until_refusals(office, 4)
    assert set(await office.refusals()) == {
        ("sato", "approve", f"case/{case}", "not_allowed_needs_approver"),
        (None, "approve", f"case/{case}", "not_allowed_nobody"),
        ("suzuki", "approve", f"case/{case}", "not_by_own_hand"),
        ("suzuki", "approve", f"case/{case}", "button_outdated"),
    }
    assert office.evidence.cases.case(case).state == "preserved"
    await suzuki.press(http, action["action"])
    await office.until_state(case, "approved")
    assert office.evidence.cases.case(case).approved_by.id == "suzuki"


async def until_refusals(office: Office, number: int) -> None:
    """Wait until so many refusals are on the record."""

    async def are_there() -> bool:
        return len(await office.refusals()) >= number

    await until(are_there)


async def test_button_does_nothing_unless_it_is_switched_on(
    hass: HomeAssistant, office: Office
) -> None:
    """An action that somebody makes up approves nothing, whoever sends it."""
    case = await office.preserved()
    for action in (f"NIIZA_CCTV_APPROVE/{case}/{'0' * 16}", "NIIZA_CCTV_APPROVE", "other", 7):
        hass.bus.async_fire(
            "mobile_app_notification_action",
            {"action": action},
            context=Context(user_id="suzuki"),
        )
    await until_refusals(office, 1)
    assert await office.refusals() == [
        ("suzuki", "approve", f"case/{case}", "button_not_switched_on")
    ]
    assert office.evidence.cases.case(case).state == "preserved"


@dataclass
class CaseClock:
    """The time by which the cases go, ahead of ours by as much as a test says."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        """Return the moment."""
        return dt_util.utcnow() + self.ahead


@pytest.fixture
def case_clock(monkeypatch: pytest.MonkeyPatch) -> CaseClock:
    """Let the cases go by another clock: moving everybody's would end every request under way.

    It is trusted: what makes a clock so is test_trust.py's.
    """
    clock = CaseClock()
    monkeypatch.setattr(TrustedTime, "is_trusted", lambda _: True)
    pass_in(monkeypatch, Evidence, now=clock)
    return clock


@pytest.fixture
def frequent_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock be looked at all the time: moving it would end every request under way."""
    pass_in(monkeypatch, DeadlineManager, every=timedelta(seconds=0.2))


async def test_people_are_told_before_the_card_overwrites(
    hass: HomeAssistant, frequent_checks: None, office: Office, phone_of: Any
) -> None:
    """At 48 and at 12 hours, once each; repair and sensor come, and go by themselves when the case needs it no more."""
    sato = await phone_of("sato", "a")
    office.camera.set(garbage="html")
    case = await office.create("sato", **office.passage())
    assert at_risk(hass) == "off"
    for hours, number in ((47, 1), (40, 1), (11, 2)):
        office.evidence.cases.new_estimate(f"{case}-01", dt_util.utcnow() + timedelta(hours=hours))
        await until_alarms(office, number)
        if hours != 40:
            notice = await sato.notice()
            assert ("48" if hours > 12 else "12") in notice["message"]
            assert case in notice["title"]
    assert at_risk(hass) == "on"
    issues = ir.async_get(hass)
    assert issues.async_get_issue(DOMAIN, f"footage_at_risk_{case}")
    assert [entry.details["hours"] for entry in await office.entries("footage_at_risk")] == [48, 12]
    await office.call("sato", "cancel_clip", clip=f"{case}-01")
    await until(lambda: not issues.async_get_issue(DOMAIN, f"footage_at_risk_{case}"))
    await until(lambda: at_risk(hass) == "off")


def at_risk(hass: HomeAssistant) -> str:
    """Return what the section's sensor says."""
    state = hass.states.get("binary_sensor.jiao_tong_fang_fan_ke_footage_at_risk")
    assert state
    return state.state


async def until_alarms(office: Office, number: int) -> None:
    """Wait until so many alarms are on the record."""

    async def are_there() -> bool:
        return len(await office.entries("footage_at_risk")) >= number

    await until(are_there)


async def test_people_are_told_that_preserving_failed(
    hass: HomeAssistant, office: Office, phone_of: Any
) -> None:
    """Footage that the card does not hold cannot be preserved: the exporters learn it at once."""
    sato = await phone_of("sato", "a")
    start = passage_start() - timedelta(days=60)
    case = await office.create(
        "sato",
        cameras=[office.camera_id],
        start=start.isoformat(),
        end=(start + timedelta(seconds=5)).isoformat(),
    )
    notice = await sato.notice()
    assert case in notice["title"]
    await until(lambda: at_risk(hass) == "on")
    shown = await office.call("sato", "get_case", case=case)
    assert (shown["passages"][0]["state"], shown["passages"][0]["error"]) == (
        "failed",
        "nothing_found",
    )


async def test_clip_is_fetched_though_the_ledgers_answer_got_lost(
    frequent_checks: None, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person was told that it failed, but the ledger has the request: the footage is preserved all the same."""
    append = office.evidence.ledger.append

    async def lose(action: str, *arguments: Any, **more: Any) -> Any:
        entry = await append(action, *arguments, **more)
        if action == "clip_requested":
            raise LedgerUnavailable("The answer got lost")
        return entry

    monkeypatch.setattr(office.evidence.ledger, "append", lose)
    with pytest.raises(HomeAssistantError) as caught:
        await office.create(**office.passage())
    assert caught.value.translation_key == "ledger_unavailable"
    (case,) = (await office.call("sato", "list_cases"))["cases"]
    # Any step reads again what the ledger really has.
    await office.create()
    await office.until_state(case["case"], "preserved")


async def test_clock_goes_on_after_a_lost_answer_though_nobody_acts(
    frequent_checks: None,
    case_clock: CaseClock,
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The ledger was away for a moment and everybody went home: deadlines are kept all the same."""
    case = await office.inspection()
    cases = office.evidence.cases
    append = office.evidence.ledger.append

    async def lose(action: str, *arguments: Any, **more: Any) -> Any:
        entry = await append(action, *arguments, **more)
        if action == "item_approved":
            raise LedgerUnavailable("The answer got lost")
        return entry

    with monkeypatch.context() as away:
        away.setattr(office.evidence.ledger, "append", lose)
        with pytest.raises(HomeAssistantError):
            await office.call("suzuki", "approve_case", case=case)
    case_clock.ahead = timedelta(days=70)
    await until(lambda: cases.case(case).state == "expired")


@pytest.mark.parametrize("answer", ["keep_open", "reject_case"])
async def test_case_that_nobody_goes_on_with_is_asked_about_until_somebody_decides(
    hass: HomeAssistant,
    frequent_checks: None,
    case_clock: CaseClock,
    office: Office,
    phone_of: Any,
    *,
    answer: str,
) -> None:
    """A police inquiry of forty silent days: telephones, a repair, the panel and the list ask; nothing of it goes."""
    sato, suzuki = await phone_of("sato", "a"), await phone_of("suzuki", "b")
    case = await office.preserved()
    assert "approval" in (await suzuki.notice())["title"]
    case_clock.ahead = timedelta(days=400)
    tag = f"{DOMAIN}_notice_silent_{case}"
    for phone in (sato, suzuki):
        notice = await phone.notice()
        assert notice["title"] == f"Is case {case} still needed?"
        assert notice["data"]["tag"] == tag
    repair = f"case_silent_{case}"
    await until(lambda: ir.async_get(hass).async_get_issue(DOMAIN, repair))
    cases = office.evidence.cases
    # By then another case would have expired: the ledger's entries carry the time that runs, so it is asked at each look.
    await until(lambda: cases.case(case).questions >= 4)
    shown = await office.call("sato", "get_case", case=case)
    assert (shown["state"], shown["kept_until"]) == ("preserved", None)
    assert shown["questions"] >= 4
    assert "keep_open" in shown["offers"]
    (todo,) = (
        state.entity_id for state in hass.states.async_all("todo") if "checks" in state.entity_id
    )

    async def listed() -> list[str]:
        found = await hass.services.async_call(
            "todo", "get_items", {"entity_id": todo}, blocking=True, return_response=True
        )
        items: Any = found
        return [item["uid"] for item in items[todo]["items"] if item["uid"].startswith("case:")]

    assert await listed() == [f"case:{case}"]
    user = await hass.auth.async_get_user("sato")
    assert isinstance(user, MockUser)
    user.mock_policy({"entities": True})
    with pytest.raises(ServiceValidationError) as refused:
        await hass.services.async_call(
            "todo",
            "update_item",
            {"entity_id": todo, "item": f"case:{case}", "status": "completed"},
            blocking=True,
            context=Context(user_id="sato"),
        )
    assert refused.value.translation_key == "case_not_by_tap"
    with pytest.raises(ServiceValidationError):
        await office.call("tanaka", "keep_open", case=case)
    case_clock.ahead = timedelta()
    more = {"reason": "照会が取り下げられた"} if answer == "reject_case" else {}
    shown = await office.call("suzuki", answer, case=case, **more)
    assert (shown["state"], shown["questions"]) == (
        "preserved" if answer == "keep_open" else "rejected",
        0,
    )
    assert not await office.entries("case_expired")
    await until(lambda: ir.async_get(hass).async_get_issue(DOMAIN, repair) is None)
    assert await listed() == []
    while (gone := await sato.notice())["message"] != "clear_notification":
        assert gone["data"]["tag"] == tag
    assert gone["data"]["tag"] == tag


async def test_approver_of_a_disclosure_is_asked_once_a_decision_is_proposed(
    office: Office, phone_of: Any
) -> None:
    """Preserved footage is nothing to decide about yet; what is proposed anew is asked about anew, without a button."""
    suzuki = await phone_of("suzuki", "a")
    case = (await office.call("sato", "create_case", **DISCLOSURE, **office.passage()))["case"]
    await office.until_state(case, "preserved")
    await office.refuse(case)
    notice = await suzuki.notice()
    assert case in notice["title"]
    assert "actions" not in notice["data"]
    said = json.dumps(notice, ensure_ascii=False)
    for secret in (DISCLOSURE["requester"], "他の人が映っている"):
        assert secret not in said
    await office.call("suzuki", "approve_case", case=case)
    gone = await suzuki.notice()
    assert (gone["message"], gone["data"]["tag"]) == ("clear_notification", notice["data"]["tag"])
