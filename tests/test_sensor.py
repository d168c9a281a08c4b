"""Sensors against a healthy camera and a card that dies with every status green."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
import re
from typing import Any
from unittest.mock import patch

from freezegun import freeze_time
from freezegun.api import TickingDateTimeFactory
from homeassistant.const import EVENT_STATE_CHANGED, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events, snapshot_platform
from syrupy.assertion import SnapshotAssertion
from syrupy.types import PropertyPath

from custom_components.niiza_cctv.const import DOMAIN
from simulator.camera import StorageStatus, UserLevel
from simulator.running import RunningCamera
from simulator.station import Station
from tests.section import due_noted, entity_id, poll, poll_until, set_up, state
from tests.station import camera_config

type StartStation = Callable[..., Awaitable[Station]]

HASH = re.compile(r"[0-9a-f]{64}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}.*")


def no_moments(data: Any, path: PropertyPath) -> Any:
    """Replace what differs from run to run."""
    if isinstance(data, datetime) or (isinstance(data, str) and MOMENT.fullmatch(data)):
        return "<moment>"
    if isinstance(data, str) and HASH.fullmatch(data):
        return "<hash>"
    # Of the ledger's last entry: measurements of clocks come in between.
    if path and path[-1][0] == "number":
        return "<number>"
    # The days that a card for fourteen days touches: one less just after midnight.
    if data in ("14", "15"):
        return "<days>"
    return data


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_sensors(
    hass: HomeAssistant,
    kita: RunningCamera,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A healthy camera shows what it is."""
    with patch("custom_components.niiza_cctv.PLATFORMS", [Platform.BINARY_SENSOR, Platform.SENSOR]):
        entry = await set_up(hass, kita)
    await due_noted(entry)
    # An answer that took its time leaves a second open.
    await poll_until(
        hass,
        lambda: state(hass, kita.camera.config, "clock_offset", Platform.SENSOR).state == "0",
    )
    for entity in er.async_entries_for_config_entry(entity_registry, entry.entry_id):
        if entity.domain == Platform.BINARY_SENSOR:
            entity_registry.async_remove(entity.entity_id)
    await snapshot_platform(
        hass, entity_registry, snapshot.with_defaults(matcher=no_moments), entry.entry_id
    )


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_times_are_true_times(hass: HomeAssistant, kita: RunningCamera) -> None:
    """A clock seven minutes slow is measured, and taken out of every time shown."""
    kita.set(clock_offset=-420.0)
    config = kita.camera.config
    await set_up(hass, kita)
    assert int(state(hass, config, "clock_offset", Platform.SENSOR).state) == pytest.approx(
        -420, abs=2
    )
    newest = state(hass, config, "newest_recording", Platform.SENSOR).state
    assert (dt_util.utcnow() - datetime.fromisoformat(newest)).total_seconds() == pytest.approx(
        0, abs=30
    )
    contact = state(hass, config, "last_contact", Platform.SENSOR).state
    assert (dt_util.utcnow() - datetime.fromisoformat(contact)).total_seconds() < 30


async def test_status_tells_its_evidence(hass: HomeAssistant, kita: RunningCamera) -> None:
    """The card that says itself that it failed is red by that evidence, and when it was seen to record last."""
    config = kita.camera.config
    await set_up(hass, kita)
    await poll_until(
        hass, lambda: state(hass, config, "sd_status", Platform.SENSOR).state == "recording"
    )
    assert "newest_moves_seen" not in state(hass, config, "sd_status", Platform.SENSOR).attributes
    kita.set(card="failed")
    await poll_until(
        hass, lambda: state(hass, config, "sd_status", Platform.SENSOR).state == "card_error"
    )
    attributes = state(hass, config, "sd_status", Platform.SENSOR).attributes
    assert attributes["evidence"] in ("storage_failure_event", "job_state")
    assert (dt_util.utcnow() - attributes["newest_moves_seen"]).total_seconds() < 60


async def test_a_card_that_records_changes_no_state_with_each_poll(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """The end of what is recorded moves on with every poll; it is shown when it stands, and now and then before."""
    config = kita.camera.config
    await set_up(hass, kita)
    await poll_until(
        hass, lambda: state(hass, config, "sd_status", Platform.SENSOR).state == "recording"
    )
    changed = async_capture_events(hass, EVENT_STATE_CHANGED)
    before = shown_newest(hass, kita)
    coordinator = hass.config_entries.async_loaded_entries(DOMAIN)[0].runtime_data.cameras
    (camera,) = coordinator.values()
    await poll_until(hass, lambda: camera.data.newest_recording >= before + timedelta(seconds=2))
    assert shown_newest(hass, kita) == before
    moved = [event.data["entity_id"] for event in changed]
    assert not [entity for entity in moved if entity.startswith("sensor.")]
    kita.set(card="failed")
    await poll_until(hass, lambda: state(hass, config, "sd_problem").state == "on")
    assert before < shown_newest(hass, kita) == camera.data.newest_recording


def shown_newest(hass: HomeAssistant, kita: RunningCamera) -> datetime:
    """Return the end of the newest recording as it is shown."""
    shown = state(hass, kita.camera.config, "newest_recording", Platform.SENSOR).state
    return datetime.fromisoformat(shown)


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_a_makers_own_page_is_seen(hass: HomeAssistant, start_station: StartStation) -> None:
    """What it says of the card, of its size and wear, and that it is not for everybody."""
    axis = (
        await start_station(
            camera_config(
                manufacturer="AXIS",
                storage_status=StorageStatus.AXIS,
                card_size=32.0,
                card_wear=7,
            )
        )
    ).cameras["kita"]
    config = axis.camera.config
    with patch("custom_components.niiza_cctv.PLATFORMS", [Platform.BINARY_SENSOR, Platform.SENSOR]):
        await set_up(hass, axis)
    status = state(hass, config, "sd_status", Platform.SENSOR)
    assert (status.state, status.attributes["maker_page"]) == ("recording", "told")
    assert state(hass, config, "storage_wear", Platform.SENSOR).state == "7"
    assert float(state(hass, config, "storage_total", Platform.SENSOR).state) == 32
    axis.set(card_word="locked")
    await poll_until(
        hass, lambda: state(hass, config, "sd_status", Platform.SENSOR).state == "not_recording"
    )
    attributes = state(hass, config, "sd_status", Platform.SENSOR).attributes
    assert attributes["evidence"] == "storage_probe"


async def test_a_page_that_is_not_for_the_viewing_user_is_told(
    hass: HomeAssistant, start_station: StartStation
) -> None:
    """Nothing is wrong with the camera, and nothing is known from there."""
    axis = (
        await start_station(
            camera_config(
                manufacturer="AXIS",
                storage_status=StorageStatus.AXIS,
                storage_status_for=UserLevel.OPERATOR,
            )
        )
    ).cameras["kita"]
    with patch("custom_components.niiza_cctv.PLATFORMS", [Platform.BINARY_SENSOR, Platform.SENSOR]):
        await set_up(hass, axis)
    status = state(hass, axis.camera.config, "sd_status", Platform.SENSOR)
    assert (status.state, status.attributes["maker_page"]) == ("recording", "not_allowed")


async def test_outage_is_counted_while_somebody_watches(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """Minutes add up while the camera is dead; those in which it lives, or Home Assistant is off, do not."""
    # The loop's own clock goes on: answers are waited for as ever.
    with freeze_time(tick=True, real_asyncio=True) as clock:
        assert isinstance(clock, TickingDateTimeFactory)
        await live_through_an_outage(hass, kita, clock)


async def live_through_an_outage(
    hass: HomeAssistant, kita: RunningCamera, clock: TickingDateTimeFactory
) -> None:
    """Let a camera live, die, be dead while Home Assistant is off, and come back."""
    config = kita.camera.config
    entry = await set_up(hass, kita)
    await poll_until(hass, lambda: state(hass, config, "alive").state == "on")

    async def after(minutes: int) -> int:
        """Return what is counted when some time has passed."""
        clock.tick(timedelta(minutes=minutes))
        await poll(hass)
        return int(state(hass, config, "outage_minutes", Platform.SENSOR).state)

    def about(minutes: int) -> Any:
        """Return what stands for so many minutes: what the test itself takes passes, too."""
        return pytest.approx(minutes, abs=10)

    assert await after(60) == 0
    await kita.soap.stop()
    await poll_until(hass, lambda: state(hass, config, "alive").state == "off")
    assert [await after(60), await after(60)] == [about(60), about(120)]

    # A camera that is dead for days fills no history.
    shown = async_capture_events(hass, EVENT_STATE_CHANGED)
    for _ in range(20):
        await after(1)
    outage = entity_id(hass, config, "outage_minutes", Platform.SENSOR)
    assert 1 <= sum(event.data["entity_id"] == outage for event in shown) <= 6

    assert await hass.config_entries.async_unload(entry.entry_id)
    clock.tick(timedelta(days=2))
    assert await hass.config_entries.async_setup(entry.entry_id)
    await poll_until(hass, lambda: state(hass, config, "alive").state == "off")
    assert [await after(0), await after(60)] == [about(140), about(200)]

    await kita.soap.start()
    await poll_until(hass, lambda: state(hass, config, "alive").state == "on")
    counted = await after(0)
    assert await after(60) == counted == about(200)
