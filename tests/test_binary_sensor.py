"""Binary sensors against cameras that are healthy, broken and fixed."""

from datetime import datetime
from typing import Any
from unittest.mock import patch

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import snapshot_platform
from syrupy.assertion import SnapshotAssertion
from syrupy.types import PropertyPath

from simulator.running import RunningCamera
from tests.section import due_noted, listening, poll_until, set_up, state, until


def no_moments(data: Any, path: PropertyPath) -> Any:
    """Replace what differs from run to run."""
    return "<moment>" if isinstance(data, datetime) else data


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_binary_sensors(
    hass: HomeAssistant,
    kita: RunningCamera,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A healthy camera shows what it is."""
    with patch("custom_components.niiza_cctv.PLATFORMS", [Platform.BINARY_SENSOR]):
        entry = await set_up(hass, kita)
    await until(lambda: state(hass, kita.camera.config, "audio_disabled").state == "on")
    await due_noted(entry)
    await snapshot_platform(
        hass, entity_registry, snapshot.with_defaults(matcher=no_moments), entry.entry_id
    )


@pytest.mark.parametrize(
    ("fault", "key", "bad"),
    [
        (("clock_offset", -420.0, 0.0), "clock_problem", "on"),
        (("card", "removed", "ok"), "sd_problem", "on"),
        (("card", "failed", "ok"), "sd_problem", "on"),
    ],
)
async def test_trouble_shows_and_goes(
    hass: HomeAssistant,
    kita: RunningCamera,
    fault: tuple[str, Any, Any],
    key: str,
    bad: str,
) -> None:
    """What is broken shows within two polls, and so does what is fixed."""
    config = kita.camera.config
    await set_up(hass, kita)
    name, broken, sound = fault
    kita.set(**{name: broken})
    await poll_until(hass, lambda: state(hass, config, key).state == bad)
    kita.set(**{name: sound})
    await poll_until(hass, lambda: state(hass, config, key).state != bad)


async def test_audio_names_its_places(hass: HomeAssistant, kita: RunningCamera) -> None:
    """A microphone that is on is reported with the places where it shows, until it is off there."""
    config = kita.camera.config

    def found() -> set[str]:
        return set(state(hass, config, "audio_disabled").attributes.get("found", ()))

    await set_up(hass, kita)
    await until(lambda: state(hass, config, "audio_disabled").state == "on")
    kita.set(audio=True)
    await poll_until(hass, lambda: state(hass, config, "audio_disabled").state == "off")
    assert {"media_profile", "live_stream"} <= found()
    kita.set(audio=False)
    await poll_until(hass, lambda: not {"media_profile", "live_stream"} & found())


async def test_policy_judges_at_once_without_a_restart(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """A new standard is applied by the next poll; camera and subscription stay."""
    config = kita.camera.config
    entry = await set_up(hass, kita)
    await listening(entry)
    (coordinator,) = entry.runtime_data.cameras.values()
    before = (coordinator.camera, tuple(kita.soap.events.subscriptions))
    assert state(hass, config, "retention_problem").state == "off"
    assert state(hass, config, "resolution_within_limit").state == "on"
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "retention_days": 7, "max_everyday_height": 240}
    )
    await poll_until(hass, lambda: state(hass, config, "retention_problem").state == "on")
    assert state(hass, config, "retention_status", Platform.SENSOR).state == "too_long"
    assert state(hass, config, "resolution_within_limit").state == "off"
    assert (coordinator.camera, tuple(kita.soap.events.subscriptions)) == before


async def test_a_camera_that_refuses_us_lives_and_says_why_nothing_is_known(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """Green for alive alone would look like all is well."""
    config = kita.camera.config
    await set_up(hass, kita)
    kita.set(refuse_logins=True)
    await poll_until(hass, lambda: state(hass, config, "sd_problem").state == "unknown")
    alive = state(hass, config, "alive")
    assert alive.state == "on"
    assert alive.attributes["trouble"] in ("password_refused", "locked_out")
