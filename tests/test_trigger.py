"""Triggers: what fires when, through real automations."""

from collections.abc import Callable

from homeassistant.components.automation.const import DOMAIN as AUTOMATION
from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, EntityCategory
from homeassistant.core import HomeAssistant, ServiceCall, State
from homeassistant.helpers import device_registry as dr, entity_registry as er, restore_state
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockEntityPlatform,
    async_mock_service,
    mock_restore_cache,
)

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.entity import KeptStateEntity
from custom_components.niiza_cctv.trigger import TRIGGERS
from simulator.camera import CardFault
from simulator.running import RunningCamera
from tests.section import entity_id, known, poll_until, set_up, state, until

# Kind, the state that fires, the other state, whether it tells trouble.
RULES = {
    "sd_became_faulty": ("sd_problem", "on", "off", True),
    "sd_recovered": ("sd_problem", "off", "on", False),
    "camera_died": ("alive", "off", "on", True),
    "camera_came_back": ("alive", "on", "off", False),
    "audio_became_enabled": ("audio_disabled", "off", "on", True),
    "audio_disabled_again": ("audio_disabled", "on", "off", False),
    "retention_left_bounds": ("retention_problem", "on", "off", True),
    "retention_back_within": ("retention_problem", "off", "on", False),
    "clock_went_off": ("clock_problem", "on", "off", True),
    "clock_right": ("clock_problem", "off", "on", False),
}
# What the event entity tells.
ALERTS = {
    "mails_stopped": "mail_silent",
    "mails_back": "mail_back",
    "check_became_due": "check_due",
    "check_confirmed": "check_passed",
    "check_found_faulty": "check_failed",
    "case_waits_for_approval": "case_waiting",
    "footage_came_at_risk": "footage_at_risk",
}
TROUBLE = [name for name, rule in RULES.items() if rule[3]]
GOOD_NEWS = [name for name, rule in RULES.items() if not rule[3]]


@pytest.fixture
def calls(hass: HomeAssistant) -> list[ServiceCall]:
    """Collect what automations do."""
    return async_mock_service(hass, "test", "automation")


@pytest.fixture
def device(hass: HomeAssistant) -> dr.DeviceEntry:
    """Return a camera's device, as the registries keep it."""
    entry = MockConfigEntry(domain=DOMAIN)
    entry.add_to_hass(hass)
    return dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "kita")}
    )


@pytest.fixture
def sensor(hass: HomeAssistant, device: dr.DeviceEntry) -> Callable[..., str]:
    """Return what registers a binary sensor of the camera, diagnostic like the noisier ones."""

    def register(kind: str, platform: str = DOMAIN, unique: str = "kita") -> str:
        return (
            er.async_get(hass)
            .async_get_or_create(
                "binary_sensor",
                platform,
                f"{unique}_{kind}",
                suggested_object_id=f"{platform}_{unique}_{kind}",
                translation_key=kind,
                device_id=device.id,
                entity_category=EntityCategory.DIAGNOSTIC,
            )
            .entity_id
        )

    return register


async def automate(
    hass: HomeAssistant, name: str, target: dict[str, str | list[str]], **options: str
) -> None:
    """Set up an automation with one of our triggers."""
    assert await async_setup_component(
        hass,
        AUTOMATION,
        {
            AUTOMATION: {
                "triggers": {"trigger": f"{DOMAIN}.{name}", "target": target, "options": options},
                "actions": {
                    "action": "test.automation",
                    "data": {"entity": "{{ trigger.entity_id }}"},
                },
            }
        },
    )
    await hass.async_block_till_done()


async def go_through(hass: HomeAssistant, entity: str, *states: str) -> None:
    """Let an entity have these states, one after the other."""
    for value in states:
        hass.states.async_set(entity, value)
        await hass.async_block_till_done()


class Judgement(KeptStateEntity, BinarySensorEntity):
    """A judgement on the camera of which nothing is known yet."""

    def __init__(self, kind: str) -> None:
        """Make it the entity that `sensor` registered."""
        self._attr_unique_id = f"kita_{kind}"
        self._attr_translation_key = kind


async def come_back(hass: HomeAssistant, kind: str) -> None:
    """Add an entity again, as every start of Home Assistant does."""
    platform = MockEntityPlatform(hass, domain="binary_sensor", platform_name=DOMAIN)
    await platform.async_add_entities([Judgement(kind)])
    await hass.async_block_till_done()


def test_every_trigger_has_its_rule_here() -> None:
    """A new trigger must say here what fires it."""
    assert RULES.keys() | ALERTS.keys() == TRIGGERS.keys()


@pytest.mark.parametrize("name", RULES)
async def test_fires_on_the_change(
    hass: HomeAssistant, calls: list[ServiceCall], sensor: Callable[..., str], name: str
) -> None:
    """From the other state to its own: once, and not on the way back."""
    kind, to_state, other, _ = RULES[name]
    entity = sensor(kind)
    hass.states.async_set(entity, other)
    await automate(hass, name, {"entity_id": entity})
    await go_through(hass, entity, to_state)
    assert [call.data["entity"] for call in calls] == [entity]
    await go_through(hass, entity, other)
    assert len(calls) == 1


@pytest.mark.parametrize("between", [STATE_UNKNOWN, STATE_UNAVAILABLE])
@pytest.mark.parametrize("name", RULES)
async def test_what_was_not_known_for_a_while_is_judged_by_what_was_known_before(
    hass: HomeAssistant,
    calls: list[ServiceCall],
    sensor: Callable[..., str],
    name: str,
    between: str,
) -> None:
    """Other, unknown, own is news; own, unknown, own is none."""
    kind, to_state, other, _ = RULES[name]
    entity = sensor(kind)
    hass.states.async_set(entity, other)
    await automate(hass, name, {"entity_id": entity})
    await go_through(hass, entity, between, to_state)
    assert len(calls) == 1
    await go_through(hass, entity, between, to_state)
    assert len(calls) == 1


@pytest.mark.parametrize("name", TROUBLE)
async def test_trouble_out_of_the_unknown_is_told(
    hass: HomeAssistant, calls: list[ServiceCall], sensor: Callable[..., str], name: str
) -> None:
    """A new camera whose first proof is bad."""
    kind, to_state, *_ = RULES[name]
    entity = sensor(kind)
    hass.states.async_set(entity, STATE_UNKNOWN)
    await automate(hass, name, {"entity_id": entity})
    await go_through(hass, entity, to_state)
    assert len(calls) == 1


@pytest.mark.parametrize("name", GOOD_NEWS)
async def test_good_news_out_of_the_unknown_is_none(
    hass: HomeAssistant, calls: list[ServiceCall], sensor: Callable[..., str], name: str
) -> None:
    """Nothing recovers that was never known to be bad."""
    kind, to_state, *_ = RULES[name]
    entity = sensor(kind)
    hass.states.async_set(entity, STATE_UNKNOWN)
    await automate(hass, name, {"entity_id": entity})
    await go_through(hass, entity, to_state)
    assert calls == []


@pytest.mark.parametrize("name", RULES)
async def test_first_state_after_unavailable_is_no_change(
    hass: HomeAssistant, calls: list[ServiceCall], sensor: Callable[..., str], name: str
) -> None:
    """Core's rule, as long as nothing was ever known."""
    kind, to_state, *_ = RULES[name]
    entity = sensor(kind)
    hass.states.async_set(entity, STATE_UNAVAILABLE)
    await automate(hass, name, {"entity_id": entity})
    await go_through(hass, entity, to_state)
    assert calls == []


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("changed", [False, True])
async def test_restart_tells_only_what_changed_meanwhile(
    hass: HomeAssistant,
    calls: list[ServiceCall],
    sensor: Callable[..., str],
    name: str,
    changed: bool,
) -> None:
    """What was so before the restart is no news after it; what came about during it is."""
    kind, to_state, other, _ = RULES[name]
    entity = sensor(kind)
    mock_restore_cache(hass, [State(entity, other if changed else to_state)])
    hass.states.async_set(entity, STATE_UNAVAILABLE, {"restored": True})
    await automate(hass, name, {"entity_id": entity})
    await come_back(hass, kind)
    assert (now := hass.states.get(entity))
    assert now.state == STATE_UNKNOWN
    await go_through(hass, entity, to_state)
    assert len(calls) == int(changed)


@pytest.mark.usefixtures("hass_storage")
@pytest.mark.parametrize(("before", "times"), [(CardFault.REMOVED, 0), (CardFault.OK, 1)])
async def test_a_card_that_was_faulty_before_the_restart_is_no_news_after_it(
    hass: HomeAssistant,
    kita: RunningCamera,
    calls: list[ServiceCall],
    before: CardFault,
    times: int,
) -> None:
    """The whole way: Home Assistant stores the entity's state, forgets everything and reads it again."""
    kita.set(card=before.value)
    entry = await set_up(hass, kita)
    shown = "off" if before is CardFault.OK else "on"
    await poll_until(hass, lambda: state(hass, kita.camera.config, "sd_problem").state == shown)
    kept = restore_state.async_get(hass)
    await kept.async_dump_states()
    assert await hass.config_entries.async_unload(entry.entry_id)
    # What it does at its next start.
    kept.last_states.clear()
    await kept.async_load()
    entity = entity_id(hass, kita.camera.config, "sd_problem")
    await automate(hass, "sd_became_faulty", {"entity_id": entity})
    kita.set(card=CardFault.REMOVED.value)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: known(hass, kita.camera.config, "alive"))
    await poll_until(hass, lambda: state(hass, kita.camera.config, "sd_problem").state == "on")
    await hass.async_block_till_done()
    assert [call.data["entity"] for call in calls] == [entity] * times


async def test_unknown_before_the_restart_counts_as_nothing_known(
    hass: HomeAssistant, calls: list[ServiceCall], sensor: Callable[..., str]
) -> None:
    """A camera that was unproved at shutdown and is found faulty is told."""
    entity = sensor("sd_problem")
    mock_restore_cache(hass, [State(entity, STATE_UNKNOWN)])
    await automate(hass, "sd_became_faulty", {"entity_id": entity})
    await come_back(hass, "sd_problem")
    await go_through(hass, entity, "on")
    assert len(calls) == 1


async def test_target_may_be_the_camera(
    hass: HomeAssistant,
    calls: list[ServiceCall],
    sensor: Callable[..., str],
    device: dr.DeviceEntry,
) -> None:
    """A device picks its diagnostic entities too, and of those the right kind only."""
    right, wrong = sensor("sd_problem"), sensor("retention_problem")
    foreign = sensor("sd_problem", platform="other", unique="foreign")
    for entity in (right, wrong, foreign):
        hass.states.async_set(entity, "off")
    await automate(hass, "sd_became_faulty", {"device_id": device.id})
    for entity in (wrong, foreign, right):
        await go_through(hass, entity, "on")
    assert [call.data["entity"] for call in calls] == [right]


async def test_only_our_entities_count(
    hass: HomeAssistant, calls: list[ServiceCall], sensor: Callable[..., str]
) -> None:
    """Another integration's problem sensor, named outright, fires nothing."""
    foreign = sensor("sd_problem", platform="other")
    hass.states.async_set(foreign, "off")
    hass.states.async_set("binary_sensor.unregistered", "off")
    await automate(hass, "sd_became_faulty", {"entity_id": [foreign, "binary_sensor.unregistered"]})
    await go_through(hass, foreign, "on")
    await go_through(hass, "binary_sensor.unregistered", "on")
    assert calls == []


async def test_first_and_all(
    hass: HomeAssistant, calls: list[ServiceCall], sensor: Callable[..., str]
) -> None:
    """The behavior "all" waits for the last of several cameras."""
    entities = [sensor("alive", unique=name) for name in ("kita", "minami")]
    for entity in entities:
        hass.states.async_set(entity, "on")
    await automate(hass, "camera_died", {"entity_id": entities}, behavior="all")
    await go_through(hass, entities[0], "off")
    assert calls == []
    await go_through(hass, entities[1], "off")
    assert [call.data["entity"] for call in calls] == [entities[1]]


async def test_automation_that_is_turned_off_hears_nothing(
    hass: HomeAssistant, calls: list[ServiceCall], sensor: Callable[..., str]
) -> None:
    """The trigger lets go of its entities."""
    entity = sensor("sd_problem")
    hass.states.async_set(entity, "off")
    await automate(hass, "sd_became_faulty", {"entity_id": entity})
    await hass.services.async_call(
        AUTOMATION, "turn_off", {"entity_id": "automation.automation_0"}, blocking=True
    )
    await go_through(hass, entity, "on")
    assert calls == []


async def test_a_card_that_is_pulled_out_and_put_back(
    hass: HomeAssistant, kita: RunningCamera, calls: list[ServiceCall]
) -> None:
    """The whole way: virtual camera, polls, entity, trigger."""
    await set_up(hass, kita)
    entity = entity_id(hass, kita.camera.config, "sd_problem")
    registered = er.async_get(hass).async_get(entity)
    assert registered
    device_id = registered.device_id
    await poll_until(hass, lambda: state(hass, kita.camera.config, "sd_problem").state == "off")
    assert await async_setup_component(
        hass,
        AUTOMATION,
        {
            AUTOMATION: [
                {
                    "triggers": {
                        "trigger": f"{DOMAIN}.{name}",
                        "target": {"device_id": device_id},
                    },
                    "actions": {"action": "test.automation", "data": {"name": name}},
                }
                for name in ("sd_became_faulty", "sd_recovered")
            ]
        },
    )
    kita.set(card=CardFault.REMOVED.value)
    await poll_until(hass, lambda: state(hass, kita.camera.config, "sd_problem").state == "on")
    await hass.async_block_till_done()
    assert [call.data["name"] for call in calls] == ["sd_became_faulty"]
    kita.set(card=CardFault.OK.value)
    await poll_until(hass, lambda: state(hass, kita.camera.config, "sd_problem").state == "off")
    await hass.async_block_till_done()
    assert [call.data["name"] for call in calls] == ["sd_became_faulty", "sd_recovered"]


@pytest.fixture
def alert(hass: HomeAssistant, device: dr.DeviceEntry) -> str:
    """Register the event entity of the camera."""
    return (
        er.async_get(hass)
        .async_get_or_create(
            "event", DOMAIN, "kita_alert", translation_key="alert", device_id=device.id
        )
        .entity_id
    )


async def happen(hass: HomeAssistant, entity: str, second: int, what: str, **data: str) -> None:
    """Let an event entity tell something."""
    hass.states.async_set(
        entity, f"2026-11-23T10:00:{second:02}.000+00:00", {"event_type": what, **data}
    )
    await hass.async_block_till_done()


@pytest.mark.parametrize("name", ALERTS)
async def test_alert_fires_its_trigger(
    hass: HomeAssistant,
    calls: list[ServiceCall],
    alert: str,
    device: dr.DeviceEntry,
    name: str,
) -> None:
    """Each time it happens, the first time ever included; nothing else fires it, nor does a restored state."""
    hass.states.async_set(alert, STATE_UNKNOWN)
    await automate(hass, name, {"device_id": device.id})
    await happen(hass, alert, 1, ALERTS[name])
    await happen(hass, alert, 2, ALERTS[name])
    assert len(calls) == 2
    await happen(hass, alert, 3, "address_changed")
    hass.states.async_set(alert, STATE_UNAVAILABLE)
    await happen(hass, alert, 4, ALERTS[name])
    assert len(calls) == 2


async def test_check_trigger_may_be_about_some_kinds_only(
    hass: HomeAssistant, calls: list[ServiceCall], alert: str, sensor: Callable[..., str]
) -> None:
    """The signs, and not the cards; and never another integration's event."""
    foreign = (
        er.async_get(hass)
        .async_get_or_create("event", "other", "kita_alert", translation_key="alert")
        .entity_id
    )
    for entity in (alert, foreign):
        hass.states.async_set(entity, STATE_UNKNOWN)
    assert await async_setup_component(
        hass,
        AUTOMATION,
        {
            AUTOMATION: {
                "triggers": {
                    "trigger": f"{DOMAIN}.check_became_due",
                    "target": {"entity_id": [alert, foreign]},
                    "options": {"checks": ["signage"]},
                },
                "actions": {
                    "action": "test.automation",
                    "data": {"check": "{{ trigger.to_state.attributes.check }}"},
                },
            }
        },
    )
    await happen(hass, alert, 1, "check_due", check_kind="sd_card", check="sd_card:camera:kita")
    await happen(hass, foreign, 2, "check_due", check_kind="signage", check="foreign")
    await happen(hass, alert, 3, "check_due", check_kind="signage", check="signage:camera:kita")
    assert [call.data["check"] for call in calls] == ["signage:camera:kita"]
