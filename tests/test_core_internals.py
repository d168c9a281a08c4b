"""Home Assistant's insides, changed: one line in the log says what is lost, and everything else goes on."""

from homeassistant.components.lovelace.const import LOVELACE_DATA
from homeassistant.components.stream import Stream
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import script
from homeassistant.helpers.condition import EntityConditionBase
from homeassistant.helpers.trigger import EntityTriggerBase
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.niiza_cctv import condition, trigger
from custom_components.niiza_cctv.core_internals import (
    SAID,
    async_end_stream,
    dashboards_by_strategy,
    notify_actions,
    runs_in_script,
)
from simulator.running import RunningCamera
from tests.section import entity_id, known, set_up, until


@pytest.fixture(autouse=True)
def _nothing_said_yet() -> None:
    """Let each test see its own line."""
    SAID.clear()


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was said of changed insides."""
    return [one.getMessage() for one in caplog.records if "is not as expected" in one.getMessage()]


def test_phones_are_not_guessed_where_the_app_is_another(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody is notified by a phone that may be another's, and it is said once."""
    assert notify_actions(hass, ["webhook"]) == []
    assert lines(caplog) == []
    hass.config.components.add("mobile_app")
    hass.data["mobile_app"] = {"notify": object()}
    for _ in range(2):
        assert notify_actions(hass, ["webhook"]) == []
    (line,) = lines(caplog)
    assert "phones and tablets are not notified" in line


async def test_notices_lead_to_the_panel_where_dashboards_are_kept_in_another_way(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notice is told all the same."""
    assert await dashboards_by_strategy(hass, "custom:niiza-cctv") == []
    assert await async_setup_component(hass, "lovelace", {})
    assert await dashboards_by_strategy(hass, "custom:niiza-cctv") == []
    assert lines(caplog) == []
    monkeypatch.setattr(hass.data[LOVELACE_DATA], "dashboards", {"a-b": object()})
    assert await dashboards_by_strategy(hass, "custom:niiza-cctv") == []
    (line,) = lines(caplog)
    assert "lead to the panel" in line


def test_nobody_acts_where_scripts_cannot_be_told(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it was a person's own hand is not known then, so it was not."""
    assert not runs_in_script()
    assert lines(caplog) == []
    monkeypatch.delattr(script, "script_stack_cv")
    assert runs_in_script()
    (line,) = lines(caplog)
    assert "own hand are refused" in line


async def test_no_live_view_where_audio_cannot_be_kept_out(
    hass: HomeAssistant,
    kita: RunningCamera,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Refused in words; the camera is watched all the same."""

    class Options:
        """Options of which none can be set."""

    for component in ("http", "stream", "camera"):
        assert await async_setup_component(hass, component, {})
    await set_up(hass, kita)
    await until(lambda: known(hass, kita.camera.config, "alive"))
    changed = property(lambda _: Options(), lambda _, __: None)
    monkeypatch.setattr(Stream, "pyav_options", changed, raising=False)
    websocket = await hass_ws_client(hass)
    live = entity_id(hass, kita.camera.config, "live", Platform.CAMERA)
    await websocket.send_json_auto_id({"type": "camera/stream", "entity_id": live})
    answer = await websocket.receive_json()
    assert not answer["success"]
    assert "live views" in answer["error"]["message"]
    (line,) = lines(caplog)
    assert "there is no live view" in line


async def test_stream_of_another_making_is_left_to_end_by_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Closing a camera's entity does not fail."""
    await async_end_stream(object.__new__(Stream))
    (line,) = lines(caplog)
    assert "do not end at once" in line


async def test_triggers_and_conditions_are_not_offered_where_nobody_asks_their_rules(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise "all are fine" would hold of cameras of which nothing is known."""
    assert await condition.async_get_conditions(hass) == condition.CONDITIONS
    assert await trigger.async_get_triggers(hass) == trigger.TRIGGERS
    assert lines(caplog) == []
    monkeypatch.delattr(EntityConditionBase, "_should_include")
    monkeypatch.delattr(EntityTriggerBase, "is_valid_state")
    assert await condition.async_get_conditions(hass) == {}
    assert await trigger.async_get_triggers(hass) == {}
    assert len(lines(caplog)) == 2
