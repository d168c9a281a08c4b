"""Conditions: how a camera is, offered in the automation editor in plain words."""

from typing import override

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.condition import Condition, EntityStateConditionBase

from .core_internals import offered
from .trigger import CAMERA_DOMAIN_SPECS, camera_entities


class CameraCondition(EntityStateConditionBase):
    """Test a camera's binary sensor.

    Core leaves unknown and unavailable entities out, so that "all are fine" holds when nothing is
    known. Here only what is known counts as fine: an unproved camera fails "all", and so does an
    empty target.
    """

    _domain_specs = CAMERA_DOMAIN_SPECS
    _primary_entities_only = False
    _kind: str

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Keep this integration's entities of the right kind."""
        return camera_entities(self._hass, entities, self._kind)

    @override
    def _should_include(self, _state: State) -> bool:
        """Let unknown entities take part, where they match nothing."""
        return True

    @override
    def _check_all_match_state(self, states: list[State]) -> bool:
        """Test that there are entities and that all of them match."""
        return bool(states) and super()._check_all_match_state(states)


def _camera_condition(kind: str, state: str) -> type[CameraCondition]:
    """Make the condition for one kind of entity being in one state."""
    states: set[str | bool] = {state}

    class KindCondition(CameraCondition):
        """Condition for one kind of entity."""

        _kind = kind
        _states = states

    return KindCondition


CONDITIONS: dict[str, type[Condition]] = {
    "sd_is_fine": _camera_condition("sd_problem", STATE_OFF),
    "sd_is_faulty": _camera_condition("sd_problem", STATE_ON),
    "camera_is_alive": _camera_condition("alive", STATE_ON),
    "camera_is_dead": _camera_condition("alive", STATE_OFF),
    "audio_is_disabled": _camera_condition("audio_disabled", STATE_ON),
    "audio_is_enabled": _camera_condition("audio_disabled", STATE_OFF),
    "retention_is_within": _camera_condition("retention_problem", STATE_OFF),
    "retention_is_out": _camera_condition("retention_problem", STATE_ON),
    "clock_is_right": _camera_condition("clock_problem", STATE_OFF),
    "clock_is_off": _camera_condition("clock_problem", STATE_ON),
    "check_is_due": _camera_condition("check_*", STATE_ON),
    "check_is_done": _camera_condition("check_*", STATE_OFF),
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions of the cameras."""
    return offered(
        CONDITIONS,
        EntityStateConditionBase,
        ("_should_include", "_check_all_match_state", "entity_filter"),
    )
