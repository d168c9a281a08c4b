"""What people write for a step, over a real websocket: by whom, for how long, and what becomes of it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.cases.drafts import LIFETIME
from custom_components.niiza_cctv.managers.drafts import DraftManager
from simulator.running import RunningCamera
from tests.office import Office, open_office
from tests.section import pass_in
from tests.websocket.test_websocket import connect

# Sends a command as a person; returns the answer.
type Send = Callable[..., Awaitable[Any]]


@pytest.fixture
def send(hass: HomeAssistant, office: Office, hass_ws_client: WebSocketGenerator) -> Send:
    """Return what sends a command as somebody, each in one log-in."""
    clients: dict[str, Any] = {}

    async def send(person: str, command: str, **data: Any) -> Any:
        if person not in clients:
            clients[person] = await connect(hass, hass_ws_client, person)
        await clients[person].send_json_auto_id({"type": command, **data})
        return await clients[person].receive_json()

    return send


async def written(send: Send, person: str = "suzuki", reason: str = "日時が合わない") -> str:
    """Let somebody write why they reject a case; returns the draft's id."""
    answer = await send(person, f"{DOMAIN}/save_draft", step="reject", fields={"reason": reason})
    draft: str = answer["result"]["draft_id"]
    return draft


async def rejected(send: Send, case: str, draft: str, person: str = "suzuki") -> str:
    """Let somebody reject a case with a draft; returns the state of the case, or why not."""
    answer = await send(
        person,
        "call_service",
        domain=DOMAIN,
        service="reject_case",
        service_data={"case": case, "draft_id": draft},
        return_response=True,
    )
    said: str = (
        answer["result"]["response"]["state"]
        if answer["success"]
        else answer["error"]["translation_key"]
    )
    return said


async def test_step_is_taken_with_what_was_written_once(office: Office, send: Send) -> None:
    """A step that is refused leaves it; one that was taken uses it up."""
    case, other = await office.create(), await office.create()
    draft = await written(send)
    assert await rejected(send, "2026-9999", draft) == "case_unknown"
    assert await rejected(send, case, draft) == "rejected"
    (entry,) = await office.entries("case_rejected")
    assert entry.details == {"reason": "日時が合わない"}
    assert await rejected(send, other, draft) == "draft_gone"
    assert office.evidence.cases.case(other).state == "received"


async def test_what_is_wrong_with_it_is_said_when_the_step_is_taken(
    office: Office, send: Send
) -> None:
    """Field by field, as ever; and it can be written anew."""
    case = await office.create()
    for reason, key in ((" ", "fields_missing"), ("見た\u202eよ", "field_characters")):
        assert await rejected(send, case, await written(send, reason=reason)) == key
    answer = await send(
        "suzuki", f"{DOMAIN}/save_draft", step="reject", fields={"reason": "x" * 1001}
    )
    assert answer["error"]["translation_key"] == "field_too_long"
    assert answer["error"]["translation_placeholders"] == {
        "field": "理由 (reason)",
        "limit": "1000",
    }
    assert await rejected(send, case, await written(send)) == "rejected"


async def test_nobody_uses_what_somebody_else_wrote(office: Office, send: Send) -> None:
    """It is refused on the record, and stays its author's."""
    case = await office.create()
    draft = await written(send, "both")
    assert await rejected(send, case, draft) == "draft_of_another"
    assert ("suzuki", "reject", f"case/{case}", "draft_of_another") in await office.refusals()
    # Whoever may not take the step learns nothing of drafts.
    assert await rejected(send, case, draft, "sato") == "not_allowed_needs_approver"
    await send("suzuki", f"{DOMAIN}/discard_draft", draft_id=draft)
    assert await rejected(send, case, draft, "both") == "rejected"


async def test_draft_is_thrown_away(office: Office, send: Send) -> None:
    """When its author does not want it any more."""
    case = await office.create()
    draft = await written(send)
    assert (await send("suzuki", f"{DOMAIN}/discard_draft", draft_id=draft))["success"]
    assert await rejected(send, case, draft) == "draft_gone"


@pytest.mark.parametrize(
    ("person", "step", "reason"),
    [
        ("tanaka", "create", "not_allowed_needs_exporter"),
        ("tanaka", "reject", "not_allowed_needs_approver"),
        ("tablet", "create", "not_allowed_tablet"),
        ("sato", "approve", "not_allowed_needs_approver"),
    ],
)
async def test_who_may_not_take_a_step_writes_nothing_for_it(
    office: Office, send: Send, person: str, step: str, reason: str
) -> None:
    """It is refused on the record."""
    answer = await send(person, f"{DOMAIN}/save_draft", step=step, fields={"note": "x"})
    assert answer["error"]["translation_key"] == reason
    assert (person, step, "section", reason) in await office.refusals()


async def test_tablet_writes_what_it_may_record(office: Office, send: Send) -> None:
    """What somebody saw at the station."""
    answer = await send(
        "tablet", f"{DOMAIN}/save_draft", step="record_check", fields={"note": "よし"}
    )
    assert answer["success"]


async def test_log_out_forgets(
    hass: HomeAssistant, office: Office, send: Send, hass_ws_client: WebSocketGenerator
) -> None:
    """What was written in that log-in, and in no other."""
    case = await office.create()
    client = await connect(hass, hass_ws_client, "suzuki")
    fields = {"reason": "日時が合わない"}
    await client.send_json_auto_id(
        {"type": f"{DOMAIN}/save_draft", "step": "reject", "fields": fields}
    )
    mine, theirs = (await client.receive_json())["result"]["draft_id"], await written(send, "both")
    assert mine in repr(vars(office.entry.runtime_data.drafts))
    suzuki = await hass.auth.async_get_user("suzuki")
    assert suzuki
    for token in list(suzuki.refresh_tokens.values()):
        hass.auth.async_remove_refresh_token(token)
    await client.close()
    assert mine not in repr(vars(office.entry.runtime_data.drafts))
    assert await rejected(send, case, theirs, "both") == "rejected"


async def test_restart_forgets(hass: HomeAssistant, office: Office, send: Send) -> None:
    """It lies in memory alone."""
    case = await office.create()
    draft = await written(send)
    assert await hass.config_entries.async_reload(office.entry.entry_id)
    assert await rejected(send, case, draft) == "draft_gone"


async def test_time_forgets(
    hass: HomeAssistant,
    kita: RunningCamera,
    monkeypatch: pytest.MonkeyPatch,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """After a working day nothing is left in memory, whether anybody asks for it or not; nothing before."""
    now = [1000.0]
    pass_in(monkeypatch, DraftManager, monotonic=lambda: now[0])
    office = await open_office(hass, kita)
    client = await connect(hass, hass_ws_client, "suzuki")
    fields = {"reason": "日時が合わない"}
    await client.send_json_auto_id(
        {"type": f"{DOMAIN}/save_draft", "step": "reject", "fields": fields}
    )
    draft = (await client.receive_json())["result"]["draft_id"]
    for passed, there in ((LIFETIME.total_seconds() - 60, True), (120, False)):
        now[0] += passed
        async_fire_time_changed(
            hass, dt_util.utcnow() + LIFETIME + timedelta(seconds=1), fire_all=False
        )
        assert (draft in repr(vars(office.entry.runtime_data.drafts))) is there
