"""Events on the bus and event entities: each change once, with stable data, and nothing that was told before a restart."""

from pathlib import Path
import re
from typing import Any

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.checks.model import AssetKind
from custom_components.niiza_cctv.managers.events import ALERTS_OF, EVENT, AlertKind
from simulator.camera import CardFault
from simulator.running import RunningCamera
from tests.office import Office
from tests.section import new_subentry, poll, poll_until, set_up, state, unique_id_of, until

DOCS = Path(__file__).parents[2] / "docs"


class Heard:
    """What was announced."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Listen as an automation does."""
        self.events: list[dict[str, Any]] = []

        @callback
        def hear(event: Event[dict[str, Any]]) -> None:
            self.events.append(dict(event.data))

        hass.bus.async_listen(EVENT, hear)

    def of(self, *kinds: AlertKind) -> list[dict[str, Any]]:
        """Return the events of these kinds."""
        return [event for event in self.events if event["type"] in kinds]

    def cameras(self) -> list[str]:
        """Return the kinds of what happened to cameras, without checks."""
        return [event["type"] for event in self.events if not event["type"].startswith("check_")]


@pytest.fixture
def heard(hass: HomeAssistant) -> Heard:
    """Return what listens to the bus."""
    return Heard(hass)


async def settle(hass: HomeAssistant, kita: RunningCamera) -> None:
    """Wait until the camera is known in full."""
    config = kita.camera.config
    good = (("sd_problem", "off"), ("audio_disabled", "on"), ("clock_problem", "off"))
    await poll_until(
        hass, lambda: all(state(hass, config, key).state == value for key, value in good)
    )


def alert_state(hass: HomeAssistant, kita: RunningCamera) -> Any:
    """Return the state of the camera's event entity."""
    entity = er.async_get(hass).async_get_entity_id(
        "event", DOMAIN, f"{unique_id_of(kita.camera.config)}_alert"
    )
    assert entity
    return hass.states.get(entity)


FAULTS: list[tuple[dict[str, Any], dict[str, Any], str, str, dict[str, Any]]] = [
    (
        {"card": "removed"},
        {"card": "ok"},
        "sd_fault",
        "sd_recovered",
        {"status": "card_missing"},
    ),
    (
        {"clock_offset": -420.0},
        {"clock_offset": 0.0},
        "clock_off",
        "clock_right",
        {"offset_seconds": -420, "tolerance_seconds": 2},
    ),
]


@pytest.mark.parametrize(("broken", "fixed", "begins", "ends", "data"), FAULTS)
async def test_a_camera_breaks_and_is_mended(  # noqa: PLR0917 - a table's row
    hass: HomeAssistant,
    kita: RunningCamera,
    heard: Heard,
    broken: dict[str, Any],
    fixed: dict[str, Any],
    begins: str,
    ends: str,
    data: dict[str, Any],
) -> None:
    """Once each, though it is looked at again and again; the event entity tells the same."""
    entry = await set_up(hass, kita)
    await settle(hass, kita)
    assert heard.cameras() == []
    # The entity shows what was told last: let what a new section has to look at be told first.
    checks = entry.runtime_data.checks
    await until(lambda: len(heard.of(AlertKind.CHECK_DUE)) >= len(checks.checks) > 0)
    kita.set(**broken)
    await poll_until(hass, lambda: begins in heard.cameras())
    for _ in range(2):
        await poll(hass)
    assert heard.cameras() == [begins]
    (event,) = heard.of(AlertKind(begins))
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, unique_id_of(kita.camera.config)), entry.entry_id
    )
    assert device
    assert event | data == event
    assert {key: event[key] for key in ("object", "object_kind", "name", "device_id")} == {
        "object": unique_id_of(kita.camera.config),
        "object_kind": "camera",
        "name": "kita",
        "device_id": device.id,
    }
    shown = alert_state(hass, kita).attributes
    assert shown["event_type"] == begins
    assert shown | data == shown
    kita.set(**fixed)
    await poll_until(hass, lambda: heard.cameras() == [begins, ends])


async def test_audio_that_the_section_allows_is_no_trouble(
    hass: HomeAssistant, kita: RunningCamera, heard: Heard
) -> None:
    """The policy decides, as it does over clock and retention; a change of it begins and ends trouble."""
    kita.set(audio=True)
    entry = await set_up(hass, kita, audio_allowed=True)
    await poll(hass)
    await until(lambda: state(hass, kita.camera.config, "audio_disabled").state == "off")
    await poll(hass)
    assert heard.cameras() == []
    told: list[str] = []
    for allowed, kind in ((False, "audio_found"), (True, "audio_gone")):
        told.append(kind)
        hass.config_entries.async_update_entry(entry, data=entry.data | {"audio_allowed": allowed})
        await hass.async_block_till_done()
        await poll(hass)
        await until(lambda: heard.cameras() == told)
        assert heard.events[-1]["allowed"] is allowed
        assert "media_profile" in heard.events[-1]["places"]


async def test_death_says_which_sign_of_life_failed(
    hass: HomeAssistant, kita: RunningCamera, heard: Heard
) -> None:
    """What is unknown while it is dead is no news, and neither is what is as before when it is back."""
    await set_up(hass, kita)
    await settle(hass, kita)
    await kita.soap.stop()
    await poll_until(hass, lambda: heard.cameras() == ["camera_died"])
    (event,) = heard.of(AlertKind.CAMERA_DIED)
    assert (event["failed"], event["trouble"]) == ("onvif", "unreachable")
    assert state(hass, kita.camera.config, "sd_problem").state == "unknown"
    await kita.soap.start()
    await settle(hass, kita)
    assert heard.cameras() == ["camera_died", "camera_recovered"]


@pytest.mark.parametrize("before", [CardFault.REMOVED, CardFault.OK])
async def test_trouble_known_before_is_no_news_after(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    kita: RunningCamera,
    heard: Heard,
    before: CardFault,
) -> None:
    """Over a reload; what came about meanwhile is told, what stood before is not."""
    kita.set(card=before.value)
    entry = await set_up(hass, kita)
    shown = "off" if before is CardFault.OK else "on"
    await poll_until(hass, lambda: state(hass, kita.camera.config, "sd_problem").state == shown)
    assert heard.cameras() == ([] if before is CardFault.OK else ["sd_fault"])
    assert await hass.config_entries.async_unload(entry.entry_id)
    # As after a restart: only what was stored is known.
    kept = hass_storage["niiza_cctv.alerts"]["data"]
    assert kept[unique_id_of(kita.camera.config)]["sd"] is (before is not CardFault.OK)
    kita.set(card=CardFault.REMOVED.value)
    heard.events.clear()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await poll_until(hass, lambda: state(hass, kita.camera.config, "sd_problem").state == "on")
    assert heard.cameras() == (["sd_fault"] if before is CardFault.OK else [])


async def test_trouble_of_a_new_camera_is_told_and_its_health_is_not(
    hass: HomeAssistant, kita: RunningCamera, heard: Heard
) -> None:
    """The first look is no recovery; and a camera that is removed and added again is a new one."""
    kita.set(clock_offset=-420.0)
    entry = await set_up(hass, kita)
    await poll_until(hass, lambda: heard.cameras() == ["clock_off"])
    (subentry_id,) = entry.subentries
    hass.config_entries.async_remove_subentry(entry, subentry_id)
    await hass.async_block_till_done()
    await until(lambda: not entry.runtime_data.cameras)
    hass.config_entries.async_add_subentry(entry, new_subentry(kita))
    await hass.async_block_till_done()
    await poll_until(hass, lambda: heard.cameras() == ["clock_off", "clock_off"])


async def test_section_that_is_not_loaded_announces_nothing(
    hass: HomeAssistant, kita: RunningCamera, heard: Heard
) -> None:
    """No listener stays."""
    entry = await set_up(hass, kita)
    await settle(hass, kita)
    cameras = list(entry.runtime_data.cameras.values())
    assert await hass.config_entries.async_unload(entry.entry_id)
    kita.set(card="removed")
    for camera in cameras:
        camera.async_update_listeners()
    assert heard.cameras() == []


async def test_removing_the_section_forgets_what_was_known(
    hass: HomeAssistant, hass_storage: dict[str, Any], kita: RunningCamera
) -> None:
    """Nothing of it is left in the storage."""
    entry = await set_up(hass, kita)
    await settle(hass, kita)
    await hass.config_entries.async_remove(entry.entry_id)
    assert "niiza_cctv.alerts" not in hass_storage
    assert "niiza_cctv.blueprints" not in hass_storage


async def test_cases_are_announced_without_anybodys_name(
    hass: HomeAssistant, heard: Heard, office: Office
) -> None:
    """Which case waits, where it is shown, and nothing of what it is about."""
    case = await office.preserved()
    await until(lambda: heard.of(AlertKind.CASE_WAITING))
    (event,) = heard.of(AlertKind.CASE_WAITING)
    assert {key: event[key] for key in ("object", "name", "case", "path")} == {
        "object": "section",
        "name": "交通防犯課",
        "case": case,
        "path": f"/niiza-cctv/case/{case}",
    }
    said = str(heard.events)
    for secret in ("sato", "山田", "新座警察署"):
        assert secret not in said
    entity = er.async_get(hass).async_get_entity_id("event", DOMAIN, "section_alert")
    assert entity
    shown = hass.states.get(entity)
    assert shown
    assert (shown.attributes["event_type"], shown.attributes["case"]) == ("case_waiting", case)


async def test_check_is_announced_when_due_and_when_done(
    hass: HomeAssistant, heard: Heard, office: Office
) -> None:
    """It is due from the start; a person looks, and the event says what was found, not by whom."""
    check = f"signage:camera:{office.camera_id}"
    await until(lambda: heard.of(AlertKind.CHECK_DUE))
    assert [one["check"] for one in heard.of(AlertKind.CHECK_DUE)].count(check) == 1
    await office.call("sato", "record_check", check=check, result="passed")
    await until(lambda: heard.of(AlertKind.CHECK_PASSED))
    (event,) = heard.of(AlertKind.CHECK_PASSED)
    assert (event["check"], event["check_kind"]) == (check, "signage")
    assert "sato" not in str(event)


def test_every_alert_can_happen_to_something() -> None:
    """An event entity that does not know a kind could not tell it."""
    assert {kind for kinds in ALERTS_OF.values() for kind in kinds} == set(AlertKind)
    assert ALERTS_OF.keys() == set(AssetKind)


@pytest.mark.parametrize("name", ["alerts.md", "alerts.ja.md"])
def test_docs_list_every_alert(name: str) -> None:
    """The table names each kind once."""
    rows = re.findall(r"^\| `(\w+)` \|", (DOCS / name).read_text(), re.MULTILINE)
    assert set(AlertKind) <= set(rows)
