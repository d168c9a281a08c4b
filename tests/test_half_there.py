"""Cameras that are half there: what the office sees of one that answers badly, in part, or anew each night."""

from dataclasses import replace
import logging
from typing import Any

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import mock_restore_cache_with_extra_data
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.device.quirks import Quirk as PutRight
from simulator.camera import Quirk
from simulator.running import RunningCamera
from tests.section import listening, poll, poll_until, set_up, state, until


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what stands in the log of the product's own."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.niiza_cctv") and record.levelno >= logging.INFO
        and record.getMessage().startswith("Camera ")
    ]  # fmt: skip


async def test_what_cannot_be_read_is_named_and_the_camera_lives(
    hass: HomeAssistant,
    kita: RunningCamera,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Never dead, never a card error; at the camera, in the diagnostics, and once in the log."""
    entry = await set_up(hass, kita)
    assert await async_setup_component(hass, "diagnostics", {})
    config = kita.camera.config
    await poll_until(hass, lambda: state(hass, config, "sd_problem").state == "off")
    kita.set(unreadable="GetProfiles")
    for _ in range(3):
        await poll(hass)
    alive = state(hass, config, "alive")
    assert alive.state == "on"
    assert alive.attributes["trouble"] == "answer_invalid"
    assert alive.attributes["unread"] == ["GetProfiles"]
    assert state(hass, config, "sd_problem").state == "off"
    data: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert data["cameras"][0]["status"]["unread"] == ["GetProfiles"]
    kita.set(unreadable="")
    await poll(hass)
    assert state(hass, config, "alive").attributes["unread"] == []
    said = complaints(caplog)
    assert len([line for line in said if "answers, but not readable: GetProfiles" in line]) == 1
    assert len([line for line in said if line.endswith("answers again")]) == 1
    assert len(said) == 2


async def test_quirks_are_shown_and_outlive_a_restart(
    hass: HomeAssistant, kita: RunningCamera, hass_client: ClientSessionGenerator
) -> None:
    """They are no trouble: the camera is green."""
    entity = "sensor.kita_quirks_put_right"
    kept = {
        "xml_prefix": {"count": 7, "last": "2026-11-01T00:00:00+00:00"},
        "of_yore": {"count": 1},
    }
    mock_restore_cache_with_extra_data(hass, [(State(entity, "1"), kept)])
    kita.set(quirks=[Quirk.WRONG_LENGTH])
    entry = await set_up(hass, kita)
    assert await async_setup_component(hass, "diagnostics", {})
    config = kita.camera.config
    await poll_until(hass, lambda: state(hass, config, "sd_problem").state == "off")
    met = state(hass, config, "quirks", Platform.SENSOR)
    assert met.entity_id == entity
    assert met.state == "2"
    assert met.attributes["kinds"] == ["http_length", "xml_prefix"]
    assert state(hass, config, "alive").attributes["trouble"] is None
    data: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    shown = data["cameras"][0]["quirks"]
    assert set(shown) == {"http_length", "xml_prefix"}
    assert shown["http_length"]["meaning"]
    assert shown["http_length"]["count"] > 0
    assert shown["xml_prefix"]["count"] == 7


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_every_quirk_has_words_of_its_own(hass: HomeAssistant, language: str) -> None:
    """A person reads what was put right, not its name, and can tell one from another."""
    texts = await async_get_translations(hass, language, "entity", [DOMAIN])
    kinds = f"component.{DOMAIN}.entity.sensor.quirks.state_attributes.kinds.state."
    words = {key.removeprefix(kinds): text for key, text in texts.items() if key.startswith(kinds)}
    assert set(words) == {quirk.value for quirk in PutRight}
    assert len(set(words.values())) == len(words)


async def test_each_setback_of_a_camera_that_reboots_is_one_line(
    hass: HomeAssistant, kita: RunningCamera, caplog: pytest.LogCaptureFixture
) -> None:
    """Away, back, and its events with it; no log-in is refused on the way."""
    entry = await set_up(hass, kita)
    await listening(entry)
    port = kita.http_port
    for night in range(1, 3):
        await kita.soap.stop()
        for _ in range(2):
            await poll(hass)
        assert state(hass, kita.camera.config, "alive").state == "off"
        kita.camera.config = replace(kita.camera.config, http_port=port)
        await kita.soap.start()
        await poll(hass)
        assert state(hass, kita.camera.config, "alive").state == "on"
        await until(lambda: kita.soap.events.subscriptions)
        await listening(entry)
        said = complaints(caplog)
        assert len([line for line in said if "fails" in line]) == night, said
        assert len(said) == 2 * night, said
    assert kita.soap.auth.refusals == 0
