"""Alive: a camera that dies and comes back, and the one next to it."""

import asyncio
import logging

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
import pytest

from simulator.camera import Garbage
from simulator.running import RunningCamera
from simulator.station import Station
from tests.section import listening, poll, poll_until, set_up, state, until


async def test_camera_dies_and_comes_back(
    hass: HomeAssistant, kita: RunningCamera, caplog: pytest.LogCaptureFixture
) -> None:
    """Alive stays available; what is not known any more is unknown; each end is logged once."""
    config = kita.camera.config
    await set_up(hass, kita)
    assert state(hass, config, "alive").state == "on"
    await until(lambda: state(hass, config, "audio_disabled").state == "on")
    caplog.clear()
    await kita.soap.stop()
    for _ in range(2):
        await poll(hass)
        await until(lambda: state(hass, config, "alive").state == "off")
    for key in ("sd_problem", "audio_disabled", "retention_problem", "clock_problem"):
        assert state(hass, config, key).state == "unknown"
    for key in ("sd_status", "newest_recording", "retained_days", "resolution"):
        assert state(hass, config, key, Platform.SENSOR).state == "unknown"
    told = [
        record
        for record in caplog.records
        if record.name.startswith("custom_components.niiza_cctv") and record.levelno >= logging.INFO
    ]
    assert [(record.levelname, "kita" in record.message) for record in told] == [("WARNING", True)]

    caplog.clear()
    await kita.soap.start()
    await poll_until(hass, lambda: state(hass, config, "alive").state == "on")
    await until(lambda: state(hass, config, "audio_disabled").state == "on")
    assert "Camera kita answers again" in caplog.messages


@pytest.mark.parametrize("garbage", [Garbage.HTML, Garbage.HUGE, Garbage.ENTITY_BOMB])
async def test_garbage_is_a_state_and_no_traceback(
    hass: HomeAssistant,
    kita: RunningCamera,
    caplog: pytest.LogCaptureFixture,
    garbage: Garbage,
) -> None:
    """A camera that answers rubbish is reported, and recovers by itself."""
    config = kita.camera.config
    await set_up(hass, kita)
    kita.set(garbage=garbage)
    await poll_until(hass, lambda: state(hass, config, "sd_problem").state == "unknown")
    # The camera's side of the socket complains when we hang up on ten megabytes.
    assert not [one for one in caplog.records if one.exc_info and one.name != "asyncio"]
    assert "viewer-pass" not in caplog.text
    kita.set(garbage=Garbage.NONE)
    await poll_until(hass, lambda: state(hass, config, "alive").state == "on")
    await until(lambda: state(hass, config, "audio_disabled").state == "on")


async def test_rebooted_camera_is_watched_again(
    hass: HomeAssistant, station: Station, kita: RunningCamera
) -> None:
    """After a reboot the camera is alive and its events come again, on a new subscription."""
    entry = await set_up(hass, kita)
    await listening(entry)
    before = set(kita.soap.events.subscriptions)
    await kita.soap.stop()
    await asyncio.sleep(0)
    await kita.soap.start()
    await until(lambda: set(kita.soap.events.subscriptions) - before)
    await poll_until(hass, lambda: state(hass, kita.camera.config, "alive").state == "on")
