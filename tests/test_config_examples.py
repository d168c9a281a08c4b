"""The examples that are copied into a Home Assistant: each is loaded as Home Assistant itself loads it."""

from collections.abc import Awaitable, Callable
from pathlib import Path
import re
from typing import Any

from homeassistant.components.automation.const import DOMAIN as AUTOMATION
from homeassistant.components.logbook import CONFIG_SCHEMA as LOGBOOK
from homeassistant.components.lovelace.dashboard import LovelaceYAML
from homeassistant.components.recorder import CONFIG_SCHEMA as RECORDER
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entityfilter import convert_include_exclude_filter
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml, load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.niiza_cctv.lib.ledger.store import Ledger
from scripts.demo import described_entities
from simulator.running import RunningCamera
from simulator.station import Station
from tests.office import open_office
from tests.station import camera_config
from tests.test_dashboard import BUILT_IN, walk
from tests.websocket.test_websocket import connect

EXAMPLES = Path(__file__).parent.parent / "config_examples"
FRONTEND = Path(__file__).parent.parent / "custom_components/niiza_cctv/frontend"
# Loaded elsewhere: tests/test_dashboard.py, tests/test_demo.py, and where the strategy itself is tried.
ELSEWHERE = {"dashboard.yaml", "dashboard.en.yaml", "demo_station.yaml", "strategy.yaml"}
# The cards of each beside Home Assistant's own.
DASHBOARDS = {
    "kiosk_tablet.yaml": {"custom:niiza-cctv-board", "custom:niiza-cctv-live"},
    "history.yaml": {"statistics-graph"},
}
AUTOMATIONS = ("automations.yaml", "notify_tablet.yaml")
OTHERS = ("recorder.yaml", "postgresql.yaml", "advanced_camera_card.yaml")


def test_every_example_is_loaded_by_a_test() -> None:
    """One that is added is added here, too."""
    found = {path.name for path in EXAMPLES.glob("*.yaml")}
    assert found - ELSEWHERE == {*DASHBOARDS, *AUTOMATIONS, *OTHERS}


@pytest.mark.parametrize("name", [*DASHBOARDS, *AUTOMATIONS, *OTHERS])
def test_each_says_at_its_top_what_to_change(name: str) -> None:
    """In Japanese, then in English."""
    head = re.match(r"(?:#.*\n)+", (EXAMPLES / name).read_text())
    assert head is not None
    assert "変えるところ：" in head[0]
    assert "To change: " in head[0]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("dashboard.yaml", "変えるところ："),
        ("dashboard.en.yaml", "To change: "),
        ("strategy.yaml", "書き換えるところはありません"),
        ("strategy.yaml", "Nothing is to be changed"),
    ],
)
def test_dashboards_of_the_section_say_it_too(name: str, says: str) -> None:
    """Each in its language; what builds itself needs no change."""
    head = re.match(r"(?:#.*\n)+", (EXAMPLES / name).read_text())
    assert head is not None
    assert says in head[0]


@pytest.mark.parametrize("name", DASHBOARDS)
async def test_dashboards_are_of_cards_and_entities_that_exist(
    hass: HomeAssistant, name: str
) -> None:
    """As Home Assistant reads the YAML of a dashboard."""
    loader = LovelaceYAML(hass, "example", {"filename": str(EXAMPLES / name), "mode": "yaml"})
    config: dict[str, Any] = await loader.async_load(force=True)
    cards = {node["type"] for view in config["views"] for node in walk(view) if "type" in node}
    assert DASHBOARDS[name] <= cards <= BUILT_IN | DASHBOARDS[name]
    bundle = (FRONTEND / "dashboard.js").read_text()
    for card in cards:
        assert not card.startswith("custom:") or card.removeprefix("custom:") in bundle
    there = {
        f"{described.platform}.{described.name(name)}"
        for described in described_entities()
        if described.enabled
        for name in ("kita", "minami", "section")
    }
    shown = re.findall(r"\b(?:binary_sensor|sensor|camera)\.[a-z_]+\b", str(config))
    assert set(shown) <= there


async def test_graphs_show_what_has_statistics(
    hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]]
) -> None:
    """A graph of an entity without a state class stays empty for good."""
    station = await start_station(camera_config("kita"))
    await open_office(hass, station.cameras["kita"])
    content = str(load_yaml_dict(EXAMPLES / "history.yaml"))
    for entity in set(re.findall(r"sensor\.kita_[a-z_]+", content)):
        shown = hass.states.get(entity)
        assert shown is not None, entity
        assert shown.attributes["state_class"] in ("measurement", "total_increasing")


@pytest.mark.parametrize("name", AUTOMATIONS)
async def test_automations_can_be_used(hass: HomeAssistant, kita: RunningCamera, name: str) -> None:
    """Each is set up and switched on, blueprints and our action included."""
    await open_office(hass, kita)
    automations = load_yaml(EXAMPLES / name)
    assert isinstance(automations, list)
    assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: automations})
    await hass.async_block_till_done()
    made = hass.states.async_all(AUTOMATION)
    assert [state.state for state in made] == ["on"] * len(automations)
    for state in made:
        await hass.services.async_call(
            AUTOMATION, "turn_off", {"entity_id": state.entity_id}, blocking=True
        )


def test_recorder_and_activity_leave_out_what_is_named_and_keep_the_rest() -> None:
    """By the schemas and the filter of Home Assistant's own."""
    content = load_yaml_dict(EXAMPLES / "recorder.yaml")
    for name, schema in (("recorder", RECORDER), ("logbook", LOGBOOK)):
        config = schema({name: content[name]})[name]
        keeps = convert_include_exclude_filter(config)
        assert not keeps("sensor.kita_newest_recording")
        # When mails came is history; a line for each is not.
        assert keeps("sensor.kita_last_mail") == (name == "recorder")
        assert keeps("sensor.kita_sd_status")
        assert keeps("binary_sensor.kita_alive")


async def test_ledger_url_is_one_that_the_ledger_takes() -> None:
    """And of the database that the file starts."""
    content: Any = load_yaml_dict(EXAMPLES / "postgresql.yaml")
    url = content["x-niiza-cctv-ledger-url"]
    # Raises for what is no such URL; nothing is opened.
    Ledger(url, "example")
    made = content["services"]["ledger"]["environment"]
    wanted = (
        f"{made['POSTGRES_USER']}:{made['POSTGRES_PASSWORD']}@127.0.0.1:5432/{made['POSTGRES_DB']}"
    )
    assert url.endswith(wanted)


async def test_camera_card_opens_our_media_source(
    hass: HomeAssistant, kita: RunningCamera, hass_ws_client: WebSocketGenerator
) -> None:
    """What the card is told to open is there for a viewer, with the cameras in it."""
    for component in ("http", "websocket_api", "media_source"):
        assert await async_setup_component(hass, component, {})
    await open_office(hass, kita)
    content: Any = load_yaml_dict(EXAMPLES / "advanced_camera_card.yaml")
    (folder,) = content["folders"]
    (place,) = folder["ha"]["path"]
    client = await connect(hass, hass_ws_client, "tanaka")
    await client.send_json_auto_id(
        {"type": "media_source/browse_media", "media_content_id": place["id"]}
    )
    opened = await client.receive_json()
    assert [child["title"] for child in opened["result"]["children"]] == ["kita"]
