"""Triggers: what happens to a camera or a check, offered in the automation editor in plain words."""

from typing import ClassVar, override

from homeassistant.components.event.const import EventEntityStateAttribute
from homeassistant.const import CONF_OPTIONS, STATE_OFF, STATE_ON, STATE_UNKNOWN, Platform
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, State, callback
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.target import (
    TargetStateChangedData,
    async_track_target_selector_state_change_event,
)
from homeassistant.helpers.trigger import (
    ENTITY_STATE_TRIGGER_SCHEMA,
    EntityTargetStateTriggerBase,
    NotTriggeredReasonReporter,
    StatelessEntityTriggerBase,
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
import probatio

from .const import DOMAIN
from .core_internals import offered
from .entity import KEPT_STATES
from .managers.events import AlertKind

CAMERA_DOMAIN_SPECS: dict[str, DomainSpec] = {Platform.BINARY_SENSOR: DomainSpec()}
ALERT_DOMAIN_SPECS: dict[str, DomainSpec] = {Platform.EVENT: DomainSpec()}
# The kinds of checks that a check's trigger is about; none: all.
CONF_CHECKS = "checks"


def our_entities(
    hass: HomeAssistant, entity_ids: set[str], platform: Platform, kind: str
) -> set[str]:
    """Return those of the entities that are ours and tell `kind`: the translation key, or how it begins with a `*`."""
    registry = er.async_get(hass)
    return {
        entity_id
        for entity_id in entity_ids
        if (entry := registry.async_get(entity_id))
        and entry.platform == DOMAIN
        and entry.domain == platform
        and (key := entry.translation_key) is not None
        and (key.startswith(kind[:-1]) if kind.endswith("*") else key == kind)
    }


def camera_entities(hass: HomeAssistant, entity_ids: set[str], kind: str) -> set[str]:
    """Return those of the entities that are our binary sensors of a kind."""
    return our_entities(hass, entity_ids, Platform.BINARY_SENSOR, kind)


class CameraTrigger(EntityTargetStateTriggerBase):
    """Fire when a camera's binary sensor is known to have come to a state.

    A camera that restarts is unknown for a while, and "fine, unknown, faulty" must be told while
    "faulty, unknown, faulty" is no news. So a change is judged against the last *known* state: the
    one seen since the trigger was attached, or else the one that Home Assistant kept over its own
    restart. Where nothing was ever known, core's rule holds that a first state is no change, with
    one exception: trouble that shows itself out of `unknown` is told, for silence would cost footage.
    """

    _domain_specs = CAMERA_DOMAIN_SPECS
    # Alive, SD and the others may be diagnostic; a person who picks the camera means them all the same.
    _primary_entities_only = False
    # Every origin is judged below.
    _excluded_from_states: ClassVar[frozenset[str]] = frozenset()
    _kind: str
    _tells_trouble: bool

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Start without knowledge."""
        super().__init__(hass, config)
        self._last_known: dict[str, str] = {}

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Keep this integration's entities of the right kind."""
        return camera_entities(self._hass, entities, self._kind)

    @override
    def is_valid_transition(self, from_state: State, to_state: State) -> bool:
        """Check that the state is news."""
        before = self._known_before(from_state)
        if before is None:
            return self._tells_trouble and from_state.state == STATE_UNKNOWN
        return before not in self._to_states

    def _known_before(self, from_state: State) -> str | None:
        """Return the last known state up to `from_state`."""
        if from_state.state not in self._excluded_states:
            return from_state.state
        entity_id = from_state.entity_id
        if known := self._last_known.get(entity_id):
            return known
        kept = self._hass.data.get(KEPT_STATES, {}).get(entity_id)
        return None if kept in self._excluded_states else kept

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Attach the trigger and remember known states as they are left."""

        @callback
        def remember(data: TargetStateChangedData) -> None:
            left = data.state_change_event.data["old_state"]
            if left is not None and left.state not in self._excluded_states:
                self._last_known[left.entity_id] = left.state

        stop_remembering = await async_track_target_selector_state_change_event(
            self._hass,
            self._target,
            remember,
            self.entity_filter,
            primary_entities_only=self._primary_entities_only,
        )
        detach = await super().async_attach_runner(run_action, did_not_trigger)

        @callback
        def async_remove() -> None:
            detach()
            stop_remembering()

        return async_remove


def _camera_trigger(kind: str, to_state: str, *, trouble: bool) -> type[CameraTrigger]:
    """Make the trigger for one kind of entity coming to one state."""
    to_states = {to_state}

    class KindTrigger(CameraTrigger):
        """Trigger for one kind of entity."""

        _kind = kind
        _to_states = to_states
        _tells_trouble = trouble

    return KindTrigger


class AlertTrigger(StatelessEntityTriggerBase):
    """Fire when an event entity of ours tells that something happened."""

    _domain_specs = ALERT_DOMAIN_SPECS
    _primary_entities_only = False
    _alert: AlertKind

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Keep this integration's event entities."""
        return our_entities(self._hass, entities, Platform.EVENT, "alert")

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Check that it is what happened."""
        return state.attributes.get(EventEntityStateAttribute.EVENT_TYPE) == self._alert


class CheckTrigger(AlertTrigger):
    """Fire when something happened to a check of the kinds that were chosen."""

    _schema = ENTITY_STATE_TRIGGER_SCHEMA.extend(
        {
            probatio.Required(CONF_OPTIONS, default={}): {
                probatio.Optional(CONF_CHECKS, default=list): probatio.All(
                    cv.ensure_list, [cv.string]
                )
            }
        }
    )

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Check that it happened to a check of such a kind."""
        kinds = self._options[CONF_CHECKS]
        return super().is_valid_state(state, report_not_triggered) and (
            not kinds or state.attributes.get("check_kind") in kinds
        )


def _alert_trigger(alert: AlertKind, base: type[AlertTrigger] = AlertTrigger) -> type[AlertTrigger]:
    """Make the trigger for one kind of happening."""
    return type("KindTrigger", (base,), {"_alert": alert})


TRIGGERS: dict[str, type[Trigger]] = {
    "sd_became_faulty": _camera_trigger("sd_problem", STATE_ON, trouble=True),
    "sd_recovered": _camera_trigger("sd_problem", STATE_OFF, trouble=False),
    "camera_died": _camera_trigger("alive", STATE_OFF, trouble=True),
    "camera_came_back": _camera_trigger("alive", STATE_ON, trouble=False),
    "audio_became_enabled": _camera_trigger("audio_disabled", STATE_OFF, trouble=True),
    "audio_disabled_again": _camera_trigger("audio_disabled", STATE_ON, trouble=False),
    "retention_left_bounds": _camera_trigger("retention_problem", STATE_ON, trouble=True),
    "retention_back_within": _camera_trigger("retention_problem", STATE_OFF, trouble=False),
    "clock_went_off": _camera_trigger("clock_problem", STATE_ON, trouble=True),
    "clock_right": _camera_trigger("clock_problem", STATE_OFF, trouble=False),
    "mails_stopped": _alert_trigger(AlertKind.MAIL_SILENT),
    "mails_back": _alert_trigger(AlertKind.MAIL_BACK),
    "check_became_due": _alert_trigger(AlertKind.CHECK_DUE, CheckTrigger),
    "check_confirmed": _alert_trigger(AlertKind.CHECK_PASSED, CheckTrigger),
    "check_found_faulty": _alert_trigger(AlertKind.CHECK_FAILED, CheckTrigger),
    "case_waits_for_approval": _alert_trigger(AlertKind.CASE_WAITING),
    "footage_came_at_risk": _alert_trigger(AlertKind.FOOTAGE_AT_RISK),
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers of cameras, checks and cases."""
    cameras = offered(
        TRIGGERS, EntityTargetStateTriggerBase, ("is_valid_transition", "entity_filter")
    )
    alerts = offered(TRIGGERS, StatelessEntityTriggerBase, ("is_valid_state", "entity_filter"))
    return {name: kind for name, kind in cameras.items() if name in alerts}
