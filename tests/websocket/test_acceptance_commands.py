"""The page of a camera's acceptance test, over a real websocket: begin, follow, call off, take the answers."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.managers.acceptance import AcceptanceTests
from simulator.running import RunningCamera
from tests.captured.test_captured_cameras import plays_as_expected
from tests.lib.acceptance.tested import QUICK_TEST
from tests.office import Office, open_office
from tests.section import pass_in, until
from tests.websocket.test_websocket import connect

# Sends one of the four commands as a person; returns the answer.
type Send = Callable[..., Awaitable[Any]]


@pytest.fixture
async def desk(hass: HomeAssistant, kita: RunningCamera, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return an office whose tests do not wait for slow cameras."""
    pass_in(monkeypatch, AcceptanceTests, limits=QUICK_TEST)
    return await open_office(hass, kita)


@pytest.fixture
def send(hass: HomeAssistant, desk: Office, hass_ws_client: WebSocketGenerator) -> Send:
    """Return what sends a command as somebody, each in one log-in."""
    clients: dict[str, Any] = {}

    async def send(person: str, command: str, **data: Any) -> Any:
        if person not in clients:
            clients[person] = await connect(hass, hass_ws_client, person)
        await clients[person].send_json_auto_id({"type": f"{DOMAIN}/{command}", **data})
        return await clients[person].receive_json()

    return send


async def ended(desk: Office) -> None:
    """Wait until no test runs."""
    tests = desk.entry.runtime_data.acceptance
    await until(lambda: tests.running is None)


async def test_a_test_is_begun_followed_and_its_answers_play(
    desk: Office, send: Send, tmp_path: Path
) -> None:
    """What a person saves from the page is a captured camera, byte by byte as they get it."""
    before = (await send("sato", "acceptance", camera=desk.camera_id, language="ja"))["result"]
    assert (before["may"], before["running"], before["report"]) == (True, None, None)
    none_yet = await send("sato", "acceptance_answers", camera=desk.camera_id)
    assert none_yet["error"]["translation_key"] == "acceptance_no_answers"

    begun = (await send("sato", "acceptance_start", camera=desk.camera_id, language="ja"))["result"]
    assert begun["by"]["id"] == "sato"
    # Whoever looks sees how far it is.
    steps = set()
    while (
        shown := (await send("suzuki", "acceptance", camera=desk.camera_id, language="ja"))[
            "result"
        ]
    )["running"]:
        assert 0 <= shown["running"]["share"] <= 1
        assert shown["running"]["step_text"]
        steps.add(shown["running"]["step"])
    assert len(steps) > 1
    assert shown["report"]["ending"] == "done"
    assert shown["report"]["missing"] == []
    assert shown["report"]["recorded"]

    answers = (await send("sato", "acceptance_answers", camera=desk.camera_id))["result"]
    assert answers["left_out"] == 0
    path = tmp_path / answers["name"]
    path.write_text(answers["text"], encoding="utf-8")
    capture = await plays_as_expected(path)
    assert len(capture.answers) == answers["answers"]


async def test_a_second_test_is_told_that_one_runs(desk: Office, send: Send) -> None:
    """It is nobody's fault; whoever may test may call it off, and there is then nothing to call off."""
    assert (await send("sato", "acceptance_start", camera=desk.camera_id))["success"]
    second = await send("suzuki", "acceptance_start", camera=desk.camera_id)
    assert second["error"]["translation_key"] == "acceptance_busy"
    assert (await send("suzuki", "acceptance_cancel"))["success"]
    shown = (await send("sato", "acceptance", camera=desk.camera_id))["result"]
    assert shown["running"] is None
    assert shown["report"]["ending"] == "cancelled"
    assert shown["report"]["missing"]
    again = await send("sato", "acceptance_cancel")
    assert again["error"]["translation_key"] == "acceptance_none_runs"
    assert await desk.refusals() == []


async def test_whoever_closes_the_page_does_not_end_the_test(
    hass: HomeAssistant, desk: Office, hass_ws_client: WebSocketGenerator
) -> None:
    """Its report is there when they come back."""
    client = await connect(hass, hass_ws_client, "sato")
    await client.send_json_auto_id({"type": f"{DOMAIN}/acceptance_start", "camera": desk.camera_id})
    assert (await client.receive_json())["success"]
    await client.close()
    await ended(desk)
    finished = desk.entry.runtime_data.acceptance.finished(desk.camera_id)
    assert finished is not None
    assert finished.report.ending == "done"


@pytest.mark.parametrize("person", ["tanaka", "tablet"])
@pytest.mark.parametrize(
    "command", ["acceptance", "acceptance_start", "acceptance_cancel", "acceptance_answers"]
)
async def test_nobody_else_is_answered(desk: Office, send: Send, person: str, command: str) -> None:
    """Neither who only looks nor a tablet; each is on the record, and nothing of a camera is told."""
    about = {} if command == "acceptance_cancel" else {"camera": desk.camera_id}
    answer = await send(person, command, **about)
    assert not answer["success"]
    assert answer["error"]["translation_key"].startswith("not_allowed")
    (refused,) = await desk.refusals()
    assert refused[0] == person
    assert desk.entry.runtime_data.acceptance.running is None


async def test_a_camera_that_is_none_is_not_tested(desk: Office, send: Send) -> None:
    """Whatever was sent for its name."""
    for command in ("acceptance", "acceptance_start", "acceptance_answers"):
        answer = await send("sato", command, camera="no such camera" * 100)
        assert answer["error"]["translation_key"] == "camera_unknown"
