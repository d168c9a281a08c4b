"""Conditions: what counts as fine, through Home Assistant's own condition checker."""

from typing import Any

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import condition, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest

from custom_components.niiza_cctv.condition import CONDITIONS
from custom_components.niiza_cctv.const import DOMAIN

# Kind, the state that passes, the other state.
RULES = {
    "sd_is_fine": ("sd_problem", "off", "on"),
    "sd_is_faulty": ("sd_problem", "on", "off"),
    "camera_is_alive": ("alive", "on", "off"),
    "camera_is_dead": ("alive", "off", "on"),
    "audio_is_disabled": ("audio_disabled", "on", "off"),
    "audio_is_enabled": ("audio_disabled", "off", "on"),
    "retention_is_within": ("retention_problem", "off", "on"),
    "retention_is_out": ("retention_problem", "on", "off"),
    "clock_is_right": ("clock_problem", "off", "on"),
    "clock_is_off": ("clock_problem", "on", "off"),
    "check_is_due": ("check_signage", "on", "off"),
    "check_is_done": ("check_signage", "off", "on"),
}


def register(hass: HomeAssistant, kind: str, name: str, platform: str = DOMAIN) -> str:
    """Register a binary sensor of a camera."""
    return (
        er.async_get(hass)
        .async_get_or_create(
            "binary_sensor", platform, f"{name}_{kind}", translation_key=kind,
            entity_category=EntityCategory.DIAGNOSTIC,
        )
        .entity_id
    )  # fmt: skip


async def passes(
    hass: HomeAssistant, name: str, entities: list[str], **options: Any
) -> bool | None:
    """Set the condition up and test it."""
    assert await async_setup_component(hass, "homeassistant", {})
    config = await condition.async_validate_condition_config(
        hass,
        {
            "condition": f"{DOMAIN}.{name}",
            "target": {"entity_id": entities},
            "options": options,
        },
    )
    checker = await condition.async_from_config(hass, config)
    try:
        return checker.async_check()
    finally:
        checker.async_unload()


def test_every_condition_has_its_rule_here() -> None:
    """A new condition must say here what passes."""
    assert RULES.keys() == CONDITIONS.keys()


@pytest.mark.parametrize("behavior", ["any", "all"])
@pytest.mark.parametrize("name", RULES)
async def test_one_camera(hass: HomeAssistant, name: str, behavior: str) -> None:
    """Only the right state passes; what is not known never does."""
    kind, right, wrong = RULES[name]
    entity = register(hass, kind, "kita")
    for value, expected in (
        (right, True), (wrong, False), (STATE_UNKNOWN, False), (STATE_UNAVAILABLE, False),
    ):  # fmt: skip
        hass.states.async_set(entity, value)
        assert await passes(hass, name, [entity], behavior=behavior) is expected, value


@pytest.mark.parametrize("name", RULES)
async def test_all_means_that_every_camera_is_known(hass: HomeAssistant, name: str) -> None:
    """An unproved camera beside a fine one: "any" passes, "all" does not."""
    kind, right, _ = RULES[name]
    entities = [register(hass, kind, camera) for camera in ("kita", "minami")]
    hass.states.async_set(entities[0], right)
    hass.states.async_set(entities[1], STATE_UNKNOWN)
    assert await passes(hass, name, entities, behavior="any") is True
    assert await passes(hass, name, entities, behavior="all") is False
    hass.states.async_set(entities[1], right)
    assert await passes(hass, name, entities, behavior="all") is True


@pytest.mark.parametrize("behavior", ["any", "all"])
async def test_a_target_without_our_entities_passes_nothing(
    hass: HomeAssistant, behavior: str
) -> None:
    """Nothing known is not fine, and another integration's sensor is none of ours."""
    foreign = register(hass, "sd_problem", "kita", platform="other")
    hass.states.async_set(foreign, "off")
    assert await passes(hass, "sd_is_fine", [foreign], behavior=behavior) is False


async def test_for_a_while(hass: HomeAssistant, freezer: Any) -> None:
    """A duration counts from when the state was reached."""
    entity = register(hass, "alive", "kita")
    hass.states.async_set(entity, "off")
    wait = {"minutes": 5}
    assert await passes(hass, "camera_is_dead", [entity], behavior="all", **{"for": wait}) is False
    freezer.tick(301)
    assert await passes(hass, "camera_is_dead", [entity], behavior="all", **{"for": wait}) is True
