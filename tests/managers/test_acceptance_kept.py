"""Reports of acceptance tests are kept: over restarts, beside the one before, until the camera goes; a damaged file is told."""

import asyncio
from collections.abc import Callable
import json
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.managers.acceptance import AcceptanceRefused, AcceptanceTests
from simulator.running import RunningCamera
from tests.lib.acceptance.tested import QUICK_TEST
from tests.office import Office, open_office
from tests.section import pass_in, until
from tests.station import VIEWER
from tests.websocket.test_websocket import connect

KEY = f"{DOMAIN}.acceptance"


@pytest.fixture
async def desk(hass: HomeAssistant, kita: RunningCamera, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return an office whose tests do not wait for slow cameras."""
    pass_in(monkeypatch, AcceptanceTests, limits=QUICK_TEST)
    return await open_office(hass, kita)


@pytest.fixture
def look(
    hass: HomeAssistant, desk: Office, hass_ws_client: WebSocketGenerator
) -> Callable[..., Any]:
    """Return what shows the page of the camera's test to somebody."""
    clients: dict[str, Any] = {}

    async def look(person: str = "suzuki", language: str = "en") -> Any:
        if person not in clients:
            clients[person] = await connect(hass, hass_ws_client, person)
        await clients[person].send_json_auto_id(
            {"type": f"{DOMAIN}/acceptance", "camera": desk.camera_id, "language": language}
        )
        answer = await clients[person].receive_json()
        return answer.get("result") or answer

    return look


async def reload(hass: HomeAssistant, desk: Office) -> None:
    """Close the section and open it anew, as a restart does."""
    assert await hass.config_entries.async_reload(desk.entry.entry_id)
    await hass.async_block_till_done()


async def called_off(desk: Office, person: str = "sato") -> None:
    """Begin a test and call it off."""
    tests = desk.entry.runtime_data.acceptance
    (camera,) = desk.entry.runtime_data.cameras.values()
    actor = await desk.evidence.async_actor(person, direct=True)
    running = await tests.async_start(actor, camera)
    await until(lambda: running.share > 0)
    await tests.async_cancel(actor)


def on_disk(hass_storage: dict[str, Any]) -> Any:
    """Return what is kept on the disk, as JSON has it."""
    return json.loads(json.dumps(hass_storage[KEY]["data"]))


async def test_a_report_is_there_after_a_restart_in_either_language(
    hass: HomeAssistant, desk: Office, look: Callable[..., Any], hass_storage: dict[str, Any]
) -> None:
    """With its date, who tested, and the version that said it; the camera's own answers are not kept, nor any log-in."""
    before = await desk.call("suzuki", "test_camera", camera=desk.camera_id, language="en")
    assert before["version"]
    await reload(hass, desk)
    shown = await look()
    assert shown["report"] == {**before, "has_answers": False}
    assert shown["before"] is None
    assert not shown["unreadable"]
    assert "SDカード" in str((await look(language="ja"))["report"])
    assert VIEWER.password not in json.dumps(hass_storage[KEY])
    # Who may see it is who may test.
    refused = await look("tanaka")
    assert refused["error"]["translation_key"].startswith("not_allowed")
    tests = desk.entry.runtime_data.acceptance
    (camera,) = desk.entry.runtime_data.cameras.values()
    actor = await desk.evidence.async_actor("suzuki", direct=True)
    with pytest.raises(AcceptanceRefused) as gone:
        await tests.async_bundle(actor, camera)
    assert gone.value.key == "acceptance_no_answers"


async def test_the_last_whole_test_stays_beside_those_that_were_called_off(
    hass: HomeAssistant, desk: Office, look: Callable[..., Any], hass_storage: dict[str, Any]
) -> None:
    """However many of those there are; more than two reports of a camera are never kept."""
    whole = await desk.call("suzuki", "test_camera", camera=desk.camera_id, language="en")
    for _ in range(3):
        await called_off(desk)
    shown = await look()
    assert shown["report"]["ending"] == "cancelled"
    assert shown["before"]["started"] == whole["started"]
    assert shown["before"]["duties"] == whole["duties"]
    assert len(on_disk(hass_storage)[desk.camera_id]) == 2
    await reload(hass, desk)
    assert (await look())["before"]["started"] == whole["started"]
    again = await desk.call("sato", "test_camera", camera=desk.camera_id, language="en")
    shown = await look()
    assert (shown["report"]["started"], shown["before"]["started"]) == (
        again["started"],
        whole["started"],
    )


def rewritten(old: str, new: str) -> Callable[[Any], Any]:
    """Return what writes a file anew with other words in it."""
    return lambda kept: json.loads(json.dumps(kept).replace(old, new))


DAMAGES: dict[str, Callable[[Any], Any]] = {
    "of a version to come": lambda kept: {**kept, "version": 99},
    "of an older one": lambda kept: {**kept, "version": 0},
    "of an odd one": lambda kept: {**kept, "version": "one"},
    "a list": lambda kept: {**kept, "data": ["a list"]},
    "a number": lambda kept: {**kept, "data": dict.fromkeys(kept["data"], 7)},
    "nothing of a report": lambda kept: {**kept, "data": {each: [{}] for each in kept["data"]}},
    "a word that is none": rewritten('"mark": "good"', '"mark": "splendid"'),
    "a step that is none": rewritten('"step": "clock"', '"step": "glance"'),
    "times without their offset": rewritten('+00:00"', '"'),
    "a time that is none": rewritten('"started": "20', '"started": "2O'),
    "a key that is no text": rewritten('"key": "', '"key": 7, "was": "'),
    "a value that is no text": rewritten('"values": {"', '"values": {"x": [1], "'),
    "a text without end": rewritten('"key": "', f'"key": "{"x" * 100_000}'),
}


async def test_what_cannot_be_read_is_told_and_replaced_by_the_next_test(
    hass: HomeAssistant, desk: Office, look: Callable[..., Any], hass_storage: dict[str, Any]
) -> None:
    """The section is set up all the same, and nothing is shown that was not said."""
    await desk.call("suzuki", "test_camera", camera=desk.camera_id)
    sound = json.loads(json.dumps(hass_storage[KEY]))
    for damage, done in DAMAGES.items():
        assert await hass.config_entries.async_unload(desk.entry.entry_id)
        hass_storage[KEY] = done(json.loads(json.dumps(sound)))
        assert await hass.config_entries.async_setup(desk.entry.entry_id)
        shown = await look()
        assert (shown["report"], shown["unreadable"]) == (None, True), damage
    await until(lambda: len(desk.entry.runtime_data.cameras) == 1)
    await desk.call("suzuki", "test_camera", camera=desk.camera_id)
    shown = await look()
    assert (shown["report"]["ending"], shown["unreadable"]) == ("done", False)
    await reload(hass, desk)
    assert not (await look())["unreadable"]


async def test_a_sentence_of_another_version_is_shown_as_it_was_kept(
    hass: HomeAssistant, desk: Office, look: Callable[..., Any], hass_storage: dict[str, Any]
) -> None:
    """Its text may be gone, or speak of something else now."""
    await desk.call("suzuki", "test_camera", camera=desk.camera_id)
    assert await hass.config_entries.async_unload(desk.entry.entry_id)
    kept = hass_storage[KEY]["data"][desk.camera_id][0]
    kept["version"] = "0.0.1"
    identity, clock = (
        next(one for one in kept["report"]["steps"] if one["step"] == step)["said"]
        for step in ("identity", "clock")
    )
    identity[0]["values"] = {"builder": "Somebody"}
    clock[0]["key"] = "clock_of_old"
    assert await hass.config_entries.async_setup(desk.entry.entry_id)
    await until(lambda: len(desk.entry.runtime_data.cameras) == 1)
    report = (await look())["report"]
    assert report["version"] == "0.0.1"
    parts = {part["step"]: part["said"][0]["text"] for part in report["parts"] if part["said"]}
    assert "Somebody" in parts["identity"]
    assert "clock_of_old" in parts["clock"]


@pytest.mark.parametrize("tested", [False, True], ids=["afterwards", "in the middle"])
async def test_a_camera_that_is_removed_takes_its_reports_along(
    hass: HomeAssistant, desk: Office, hass_storage: dict[str, Any], tested: bool
) -> None:
    """In the middle of a test, too: nobody asks it any more, and nothing is kept."""
    await desk.call("suzuki", "test_camera", camera=desk.camera_id)
    tests = desk.entry.runtime_data.acceptance
    (camera,) = desk.entry.runtime_data.cameras.values()
    running = None
    if tested:
        actor = await desk.evidence.async_actor("sato", direct=True)
        running = await tests.async_start(actor, camera)
        await until(lambda: running is not None and running.share > 0)
    assert hass.config_entries.async_remove_subentry(desk.entry, camera.subentry.subentry_id)
    await until(lambda: not desk.entry.runtime_data.cameras)
    await until(lambda: tests.running is None)
    await until(lambda: tests.finished(desk.camera_id) is None)
    if running is not None:
        assert running.task.result().report.ending == "cancelled"
    assert await hass.config_entries.async_unload(desk.entry.entry_id)
    await hass.async_stop()
    assert desk.camera_id not in on_disk(hass_storage)


async def test_a_section_that_is_removed_leaves_no_report(
    hass: HomeAssistant, desk: Office, hass_storage: dict[str, Any]
) -> None:
    """The file goes with it."""
    await desk.call("suzuki", "test_camera", camera=desk.camera_id)
    assert KEY in hass_storage
    assert await hass.config_entries.async_remove(desk.entry.entry_id)
    assert KEY not in hass_storage


async def test_a_test_that_is_called_off_before_it_asked_anything_blocks_no_other(
    desk: Office,
) -> None:
    """As two messages of one page may arrive together."""
    tests = desk.entry.runtime_data.acceptance
    (camera,) = desk.entry.runtime_data.cameras.values()
    actor = await desk.evidence.async_actor("sato", direct=True)
    running = await tests.async_start(actor, camera)
    running.call_off()
    async with asyncio.timeout(30):
        finished = await running.task
    assert finished.report.ending == "cancelled"
    assert tests.running is None
    report = await desk.call("sato", "test_camera", camera=desk.camera_id)
    assert report["ending"] == "done"
