"""Whole cases with marked names, as the panel takes them and by actions, and then the names are searched for everywhere.

They may stand in the ledger and in the folders of the cases, and nowhere else: not in Home Assistant's recorder, bus, logs,
traces, states, repairs, notifications or stores. Nor does what is refused, be it by mistake or on purpose.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
import json
import logging
from pathlib import Path
import re
import sqlite3
from typing import Any

from homeassistant.components import persistent_notification
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE, MATCH_ALL
from homeassistant.core import Context, Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.access.permissions import Permission
from custom_components.niiza_cctv.lib.cases.drafts import DRAFTED
from custom_components.niiza_cctv.lib.cases.kinds import KINDS
from custom_components.niiza_cctv.lib.cases.model import CaseKind
from custom_components.niiza_cctv.services import ACTIONS
from simulator.station import Station
from tests.checks_of import checking, signage
from tests.managers.test_setting_requests import log_in
from tests.office import Office, open_office, passage_start
from tests.section import until
from tests.station import camera_config
from tests.test_gates_texts import AUTOMATIONS_OWN

# Unlike anything that stands anywhere else.
MARKS = ("四角三角太郎左衛門", "Zqx-Marked Yamadarov")
# What is told apart in the text of a field, so that it is known which one got out.
WRITTEN = " ".join(MARKS)


@pytest.fixture
async def recorded(
    recorder_db_url: str, async_setup_recorder_instance: Any, hass: HomeAssistant
) -> None:
    """Let the recorder write what passes over the bus."""
    await async_setup_recorder_instance(hass)


@pytest.fixture
def recorder_db_url(tmp_path: Path) -> str:
    """Keep the recorder's database beside everything else that is searched."""
    return f"sqlite:///{tmp_path / 'home-assistant_v2.db'}"


def written(step: str, kind: CaseKind | None = None) -> dict[str, str]:
    """Return a marked text for every field of a step that takes one, and what fits into the others."""
    fixed = {"document_date": "2026-01-05", "sha256": "9f2c" * 16, "spare_cards": "3"}
    texts = {}
    for name, rule in DRAFTED[Permission(step)].items():
        if kind is None or name in KINDS[kind].required + KINDS[kind].optional:
            texts[name] = fixed.get(name, f"{name} {WRITTEN}"[: rule.max_length])
    return texts


# What a person may have a script do in their name.
BY_SCRIPT = {"create_case", "export_clip", "cancel_clip", "get_case", "list_cases"}
# Takes any step, and is answered: what it knows stands in its trace.
SCRIPT = {
    "step": {
        "sequence": [
            {"action": "{{ action }}", "data": "{{ data }}", "response_variable": "answer"},
            {"variables": {"told": "{{ answer }}"}},
            {"stop": "Done", "response_variable": "answer"},
        ]
    }
}

# Lets a person take a step, with what they wrote for it; returns the answer, or the key of what went wrong.
type Take = Callable[..., Awaitable[Any]]


@dataclass
class Desk:
    """Two people at their panels, over real websockets."""

    hass: HomeAssistant
    hass_ws_client: WebSocketGenerator
    clients: dict[str, Any] = field(default_factory=dict)

    async def send(self, person: str, message: dict[str, Any]) -> Any:
        """Send a command and return what comes of it."""
        if person not in self.clients:
            token = await log_in(self.hass, person)
            self.clients[person] = await self.hass_ws_client(self.hass, token)
        await self.clients[person].send_json_auto_id(message)
        answer = await self.clients[person].receive_json()
        return answer["result"] if answer["success"] else answer["error"]["translation_key"]

    async def save(self, person: str, action: str, texts: dict[str, str]) -> dict[str, str]:
        """Write a draft; returns what an action takes of it."""
        if not texts:
            return {}
        step = ACTIONS[action].step
        saved = await self.send(
            person, {"type": f"{DOMAIN}/save_draft", "step": step, "fields": texts}
        )
        assert isinstance(saved, dict), saved
        return {"draft_id": saved["draft_id"]}

    async def by_panel(
        self, person: str, action: str, texts: dict[str, str] | None = None, **data: Any
    ) -> Any:
        """Take a step as the panel does."""
        draft = await self.save(person, action, texts or {})
        answer = await self.send(
            person,
            {
                "type": "call_service",
                "domain": DOMAIN,
                "service": action,
                "service_data": data | draft,
                "return_response": True,
            },
        )
        return answer["response"] if isinstance(answer, dict) else answer

    async def by_action(
        self, person: str, action: str, texts: dict[str, str] | None = None, **data: Any
    ) -> Any:
        """Take a step by the action itself: by a script where one may, and so with its trace."""
        data |= await self.save(person, action, texts or {})
        context = Context(user_id=person)
        by_script = action in BY_SCRIPT
        return await self.hass.services.async_call(
            *(("script", "step") if by_script else (DOMAIN, action)),
            {"action": f"{DOMAIN}.{action}", "data": data} if by_script else data,
            blocking=True,
            return_response=True,
            context=context,
        )


async def take_cases(office: Office, take: Take, hour: int, client: Any) -> None:
    """Take one case of each kind of end, with everything that can be written down."""
    start = passage_start() - timedelta(hours=hour)
    passage = {
        "cameras": [office.camera_id],
        "start": start.isoformat(),
        "end": (start + timedelta(seconds=3)).isoformat(),
    }
    # A police inquiry, from the letter to the hand-over.
    texts = written("create", CaseKind.POLICE_INQUIRY)
    case = (await take("sato", "create_case", texts, kind="police_inquiry", **passage))["case"]
    await office.until_state(case, "preserved")
    seen = office.looked_at(case)
    await take("suzuki", "approve_case", written("approve"), case=case, items=seen)
    released = await take("sato", "release_case", case=case)
    assert (await client.get(released["link"])).status == 200
    await until(lambda: office.evidence.cases.case(case).downloads == 1)
    await take("sato", "hand_over", written("hand_over"), case=case)
    # A person who was filmed, and is refused.
    texts = written("create", CaseKind.DISCLOSURE_REQUEST)
    case = (await take("sato", "create_case", texts, kind="disclosure_request", **passage))["case"]
    await office.until_state(case, "preserved")
    refusal = {"case": case, "outcome": "refused"}
    grounds = {"grounds": ["article_78_1_2"]}
    texts = written("propose_decision")
    await take("sato", "propose_decision", texts, **refusal, **grounds)
    texts = written("approve")
    await take("suzuki", "approve_case", texts, case=case, items=[], **office.proposed(case))
    await take("sato", "conclude_case", **refusal)
    # Who is shown it at the counter.
    texts = written("create", CaseKind.POLICE_INQUIRY)
    case = (await take("sato", "create_case", texts, kind="police_inquiry", **passage))["case"]
    await office.until_state(case, "preserved")
    seen = office.looked_at(case)
    await take("suzuki", "approve_case", written("approve"), case=case, items=seen)
    conclude = written("conclude")
    await take("sato", "conclude_case", conclude, case=case, outcome="shown_in_person")
    # What may not be answered.
    texts = written("create", CaseKind.COURT_COMMISSION)
    case = (await take("sato", "create_case", texts, kind="court_commission"))["case"]
    await take("suzuki", "reject_case", written("reject"), case=case)
    # What two people brought along, withdrawn; a passage that is given up.
    texts = written("create", CaseKind.BAR_INQUIRY)
    case = (await take("sato", "create_case", texts, kind="bar_inquiry"))["case"]
    by_hand = {"camera": office.camera_id, "second_person": "tanaka"}
    await take(
        "sato",
        "register_footage",
        written("register_footage"),
        case=case,
        **by_hand,
        start=passage["start"],
        end=passage["end"],
    )
    await take("sato", "cancel_clip", clip=f"{case}-01")
    await take(
        "sato",
        "register_footage",
        {"note": WRITTEN},
        case=case,
        **by_hand,
        found=False,
        start=passage["start"],
        end=passage["end"],
    )
    await take("sato", "get_case", case=case)
    await take("sato", "list_cases")
    # What somebody saw at the station.
    for check, result in (
        (signage(office), "failed"),
        (f"sd_card:camera:{office.camera_id}", "passed"),
    ):
        texts = written("record_check")
        if result == "failed":
            texts = {"note": texts["note"]}
        await take("sato", "record_check", texts, check=check, result=result)


async def try_everything_wrong(
    hass: HomeAssistant, office: Office, desk: Desk, rest: Any
) -> list[Any]:
    """Send texts where none belong, and drafts that are not for this; returns the keys of what went wrong."""
    case = await office.create()
    refusals: list[Any] = []

    async def write(person: str, **message: Any) -> None:
        refusals.append(await desk.send(person, {"type": f"{DOMAIN}/save_draft", **message}))

    async def panel(person: str, action: str, **data: Any) -> None:
        refusals.append(await desk.by_panel(person, action, **data))

    # As automations and old pages did.
    for action, of in ACTIONS.items():
        given: dict[str, Any] = {"case": case} if "case" in map(str, of.schema) else {}
        for name in (*DRAFTED.get(of.step or Permission.SEARCH, ()), "nothing_like_it", WRITTEN):
            await panel("sato", action, **given | {name: WRITTEN})
        for name in map(str, of.schema):
            if (action, name) in AUTOMATIONS_OWN:
                continue
            for value in (WRITTEN, [WRITTEN], {WRITTEN: WRITTEN}, {"2026-0001-01": WRITTEN}):
                await panel("sato", action, **given | {name: value})
    with pytest.raises(HomeAssistantError) as caught:
        await hass.services.async_call(
            DOMAIN, "reject_case", {"case": case, "reason": WRITTEN}, blocking=True,
            context=Context(user_id="suzuki"),
        )  # fmt: skip
    refusals.append(caught.value.translation_key)
    for data in ({"case": case, "reason": WRITTEN}, {"case": WRITTEN}, {"case": case, WRITTEN: 1}):
        answer = await rest.post(f"/api/services/{DOMAIN}/reject_case", json=data)
        assert answer.status == 400
        assert WRITTEN not in await answer.text()
    # What is no draft.
    for message in (
        {"step": WRITTEN, "fields": {"note": WRITTEN}},
        {"step": {WRITTEN: WRITTEN}, "fields": {"note": WRITTEN}},
        {"step": "approve", "fields": WRITTEN},
        {"step": "approve", "fields": [WRITTEN]},
        {"step": "approve", "fields": {WRITTEN: WRITTEN}},
        {"step": "approve", "fields": {"note": [WRITTEN]}},
        {"step": "approve", "fields": {"note": WRITTEN * 100}},
    ):
        await write("suzuki", **message)
    await desk.send(
        "suzuki", {"type": f"{DOMAIN}/discard_draft", "draft_id": WRITTEN, "x": WRITTEN}
    )
    # What Home Assistant would refuse with the value in the log is let be.
    loose = {"step": "approve", "fields": {"note": WRITTEN}, WRITTEN: WRITTEN, "draft_id": WRITTEN}
    assert "draft_id" in await desk.send("suzuki", {"type": f"{DOMAIN}/save_draft", **loose})
    # Nobody who may not take the step writes for it.
    for person in ("tanaka", "tablet"):
        await write(person, step="create", fields=written("create"))
    # Somebody else's, another step's, used; an invisible character, found when the step is taken.
    draft = await desk.save("both", "reject_case", {"reason": WRITTEN})
    await panel("suzuki", "reject_case", case=case, **draft)
    await panel("both", "approve_case", case=case, **draft)
    await panel("both", "reject_case", case="2026-9999", **draft)
    assert (await desk.by_panel("both", "reject_case", None, case=case, **draft))[
        "state"
    ] == "rejected"
    await panel("both", "reject_case", case=case, **draft)
    case = await office.create()
    refusals.append(
        await desk.by_panel("both", "reject_case", {"reason": f"{WRITTEN}\u202e"}, case=case)
    )
    return refusals


def spellings(text: str) -> Iterator[bytes]:
    """Yield how a text may be written somewhere."""
    yield text.encode()
    yield json.dumps(text)[1:-1].encode()
    yield text.encode("utf-16-le")


def files_with(folder: Path, besides: Callable[[Path], bool]) -> list[Path]:
    """Return the files that hold a mark and should not."""
    looked_for = [one for mark in MARKS for one in spellings(mark)]
    return [
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not besides(path.relative_to(folder))
        and any(one in path.read_bytes() for one in looked_for)
    ]


def is_of_a_case(path: Path) -> bool:
    """Return whether a file is the ledger's database, or lies in the folder of a case."""
    return path.name.startswith(f"{DOMAIN}.db") or path.parts[:2] == (".cache", DOMAIN)


def leaks(everything: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield where a mark stands, with what is around it."""
    for place, text in everything.items():
        for mark in MARKS:
            for found in islice(re.finditer(re.escape(mark), text, re.IGNORECASE), 3):
                yield place, text[max(0, found.start() - 300) : found.end() + 50]


async def traces(client: Any) -> list[Any]:
    """Return everything that is kept of runs of scripts and automations."""
    found = []
    for domain in ("script", "automation"):
        await client.send_json_auto_id({"type": "trace/list", "domain": domain})
        for trace in (await client.receive_json())["result"]:
            named = {key: trace[key] for key in ("domain", "item_id", "run_id")}
            await client.send_json_auto_id({"type": "trace/get", **named})
            found.append(await client.receive_json())
    return found


@pytest.mark.usefixtures("recorded")
async def test_what_people_write_is_in_the_ledger_and_nowhere_else(
    hass: HomeAssistant,
    *,
    start_station: Any,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whole cases by the panel and by actions, and everything that can be done wrong on the way."""
    for name in ("", DOMAIN, f"custom_components.{DOMAIN}", "homeassistant", "aiohttp", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    # Who turns this on has every message of every page in the log: docs/actions.md says so.
    caplog.set_level(logging.INFO, logger="homeassistant.components.websocket_api")
    folder = Path(hass.config.config_dir)
    bus: list[str] = []

    @callback
    def note(event: Event) -> None:
        bus.append(json.dumps(event.as_dict(), default=repr, ensure_ascii=False))

    hass.bus.async_listen(MATCH_ALL, note)
    station: Station = await start_station(camera_config("kita"))
    for name in ("api", "diagnostics"):
        assert await async_setup_component(hass, name, {})
    assert await async_setup_component(hass, "script", {"script": SCRIPT})
    automation = {
        "id": "on_anything",
        "alias": "on anything",
        "triggers": {"trigger": "event", "event_type": f"{DOMAIN}_event"},
        "actions": [
            {"action": f"{DOMAIN}.list_checks", "data": {}, "response_variable": "checks"},
            {
                "event": "seen",
                "event_data_template": {"what": "{{ trigger.event.data }}{{ checks }}"},
            },
        ],
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    office = await checking(await open_office(hass, station.cameras["kita"]))
    desk = Desk(hass, hass_ws_client)
    downloads = await hass_client_no_auth()
    await take_cases(office, desk.by_panel, 1, downloads)
    await take_cases(office, desk.by_action, 2, downloads)
    refusals = await try_everything_wrong(hass, office, desk, await hass_client())
    assert [one for one in refusals if not isinstance(one, str)] == []
    assert {
        "action_field_invalid", "action_field_unknown", "text_outside_draft", "ntp_server_invalid",
        "draft_field_unknown", "draft_invalid", "draft_step_unknown", "field_too_long",
        "not_allowed_needs_exporter", "not_allowed_tablet", "draft_of_another",
        "draft_of_another_step", "case_unknown", "draft_gone", "field_characters",
    } <= set(refusals)  # fmt: skip

    admin = await hass_ws_client(hass)
    answers = [
        *await traces(admin),
        await get_diagnostics_for_config_entry(hass, hass_client, office.entry),
    ]
    await hass.async_block_till_done()
    await async_wait_recording_done(hass)
    # What stores would write later; the recorder ends by it.
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    # Who tried what somebody else wrote is on the record.
    assert ("suzuki", "reject", "draft_of_another") in {
        (person, what, reason) for person, what, _, reason in await office.refusals()
    }

    everything = {
        "log": caplog.text,
        "records": repr([(record.args, record.exc_info) for record in caplog.records]),
        "bus": "\n".join(bus),
        "states": repr([(one.state, dict(one.attributes)) for one in hass.states.async_all()]),
        "issues": repr(ir.async_get(hass).issues),
        "notifications": repr(persistent_notification._async_get_or_create_notifications(hass)),
        "answers": json.dumps(answers, ensure_ascii=False, default=repr),
        "entry": repr(office.entry.as_dict()),
        "drafts": repr(vars(office.entry.runtime_data.drafts)),
    }
    # Something was looked at.
    assert [place for place, text in everything.items() if not text] == []
    for action in ("create_case", "hand_over", "approve_case", "record_check"):
        assert everything["bus"].count(f'"service": "{action}"')
    assert everything["answers"].count("told")
    assert list(leaks(everything)) == []
    assert files_with(folder, is_of_a_case) == []
    with sqlite3.connect(folder / "home-assistant_v2.db") as database:
        assert database.execute("SELECT count(*) FROM events").fetchone()[0] > 0
    database.close()
    # It was written down where it belongs, every field of it.
    ledger = repr([entry.details async for entry in office.evidence.ledger.entries()])
    for step in DRAFTED:
        # Who was there at a showing: tests/views/test_counter.py shows something.
        if step is Permission.SHOW_AT_COUNTER:
            continue
        for name, text in written(step).items():
            missing = [] if text in ledger else [(step, name)]
            assert missing == []
    assert any(path.parts[:2] == (".cache", DOMAIN) for path in relative(folder))


def relative(folder: Path) -> list[Path]:
    """Return the files of a folder that hold a mark, by their place in it."""
    return [path.relative_to(folder) for path in files_with(folder, lambda _: False)]
