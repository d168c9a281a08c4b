"""The acceptance test of a camera through Home Assistant's doors: who may, one at a time, on the record."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.managers.acceptance import AcceptanceTests
from simulator.running import RunningCamera
from tests.lib.acceptance.tested import QUICK_TEST
from tests.office import Office, open_office
from tests.section import PATIENCE, pass_in, until


@pytest.fixture
async def desk(hass: HomeAssistant, kita: RunningCamera, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return an office whose tests do not wait for slow cameras."""
    pass_in(monkeypatch, AcceptanceTests, limits=QUICK_TEST)
    return await open_office(hass, kita)


def sentences(report: dict[str, Any]) -> list[dict[str, str]]:
    """Return every sentence of a report."""
    return [
        *(one for part in report["parts"] for one in part["said"]),
        *(one for duty in report["duties"] for one in duty["reasons"]),
    ]


async def test_the_report_is_in_words_and_on_the_record(desk: Office) -> None:
    """By an action, in either language; the ledger has the verdicts and none of the camera's own words."""
    report = await desk.call("suzuki", "test_camera", camera=desk.camera_id, language="ja")
    assert report["ending"] == "done"
    assert report["missing"] == []
    assert [one["duty"] for one in report["duties"]] == [f"F{number}" for number in range(1, 9)]
    assert all(one["text"] and one["text"] != one["key"] for one in sentences(report))
    assert "SDカードから" in str(report)
    (entry,) = await desk.entries("camera_tested")
    assert entry.person.id == "suzuki"
    assert entry.subject == f"camera/{desk.camera_id}"
    assert entry.details["duties"] == {one["duty"]: one["verdict"] for one in report["duties"]}
    config = desk.camera.camera.config
    for word in (config.serial, config.location, "127.0.0.1", "viewer"):
        assert word not in str(entry.details)


async def test_one_is_tested_at_a_time_and_called_off_by_hand(
    desk: Office, hass: HomeAssistant
) -> None:
    """Whoever comes second is told so; what was found until then is kept."""
    tests = desk.entry.runtime_data.acceptance
    testing = hass.async_create_task(desk.call("sato", "test_camera", camera=desk.camera_id))
    await until(lambda: tests.running is not None and tests.running.share > 0)
    with pytest.raises(ServiceValidationError) as refused:
        await desk.call("suzuki", "test_camera", camera=desk.camera_id)
    assert refused.value.translation_key == "acceptance_busy"
    actor = await desk.evidence.async_actor("suzuki", direct=True)
    await tests.async_cancel(actor)
    report = await testing
    assert report["ending"] == "cancelled"
    assert report["missing"]
    assert tests.running is None
    # A refusal of this kind is nobody's fault.
    assert await desk.refusals() == []
    assert len(await desk.entries("camera_tested")) == 1


@pytest.mark.parametrize("person", [None, "tanaka", "tablet", "left"])
async def test_nobody_else_tests_a_camera(desk: Office, person: str | None) -> None:
    """Neither an automation nor who only looks."""
    with pytest.raises(HomeAssistantError):
        await desk.call(person, "test_camera", camera=desk.camera_id)
    assert await desk.entries("camera_tested") == []


async def test_a_section_that_is_unloaded_calls_the_test_off(
    desk: Office, hass: HomeAssistant
) -> None:
    """Nobody waits for a camera then."""
    tests = desk.entry.runtime_data.acceptance
    actor = await desk.evidence.async_actor("sato", direct=True)
    (camera,) = desk.entry.runtime_data.cameras.values()
    running = await tests.async_start(actor, camera)
    await until(lambda: running.share > 0)
    async with asyncio.timeout(PATIENCE):
        assert await hass.config_entries.async_unload(desk.entry.entry_id)
    assert running.task.done()


async def test_home_assistant_stops_while_a_camera_is_tested(
    desk: Office, hass: HomeAssistant
) -> None:
    """It waits for no camera, and what was found is on the record or was not."""
    tests = desk.entry.runtime_data.acceptance
    actor = await desk.evidence.async_actor("sato", direct=True)
    (camera,) = desk.entry.runtime_data.cameras.values()
    running = await tests.async_start(actor, camera)
    await until(lambda: running.share > 0)
    async with asyncio.timeout(PATIENCE):
        await hass.async_stop()
    assert running.task.done()
    assert running.test.report().ending != "done"
    assert tests.running is None


async def test_answers_are_taken_on_the_record(desk: Office) -> None:
    """Only after a test, and with their hash."""
    tests = desk.entry.runtime_data.acceptance
    actor = await desk.evidence.async_actor("suzuki", direct=True)
    (camera,) = desk.entry.runtime_data.cameras.values()
    await desk.call("suzuki", "test_camera", camera=desk.camera_id)
    bundle = await tests.async_bundle(actor, camera)
    assert desk.camera.camera.config.serial not in bundle.text
    (entry,) = await desk.entries("camera_answers_taken")
    assert entry.details == {"sha256": bundle.sha256, "answers": bundle.answers}
    assert DOMAIN in bundle.text
