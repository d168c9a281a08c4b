"""The section's dashboard: what its files hold, and what its summary says."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
import re
from typing import Any

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import (
    TrackTemplate,
    TrackTemplateResult,
    async_track_template_result,
)
from homeassistant.helpers.template import Template
from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.niiza_cctv.lib.checks.model import AssetKind
from scripts.dashboard import EN, EXAMPLES, JA, Words, rendered
from scripts.demo import described_entities, read_station
from scripts.faults_page import PAGES, rendered as page_rendered
from simulator.station import Station
from tests.section import entity_id, set_up, until
from tests.station import camera_config

BOTH = pytest.mark.parametrize("words", [JA, EN], ids=["ja", "en"])
# Of Home Assistant's own frontend: nothing has to be installed beside it.
BUILT_IN = {
    "grid", "sections", "heading", "button", "picture-entity", "tile", "markdown", "history-graph", "logbook",
    "entities", "entity", "todo-list", "calendar", "conditional", "attribute",
}  # fmt: skip


def walk(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from walk(item)


@BOTH
def test_files_are_what_the_script_writes(words: Words) -> None:
    """Run `.venv/bin/python -m scripts.dashboard` after a change."""
    assert (EXAMPLES / words.file).read_text() == rendered(words)


def test_strategy_is_two_lines() -> None:
    """Nothing of a section's own is written into it."""
    content = load_yaml_dict(EXAMPLES / "strategy.yaml")
    assert content == {"strategy": {"type": "custom:niiza-cctv"}}


@pytest.mark.parametrize("language", PAGES)
def test_docs_say_of_each_fault_what_to_do(language: str) -> None:
    """Run `.venv/bin/python -m scripts.faults_page` after a change of the rules or their texts."""
    assert PAGES[language].read_text() == page_rendered(language)


@BOTH
def test_only_built_in_cards(words: Words) -> None:
    """No card from elsewhere."""
    content = load_yaml_dict(EXAMPLES / words.file)
    assert {node["type"] for node in walk(content) if isinstance(node.get("type"), str)} <= BUILT_IN


@BOTH
def test_every_entity_exists_in_the_demo(words: Words) -> None:
    """A card with an entity that is not there, or disabled, shows an error."""
    text = (EXAMPLES / words.file).read_text()
    shown = set(
        re.findall(r"\b(?:binary_sensor|sensor|camera|button|todo|calendar)\.[a-z_]+\b", text)
    )
    names = {
        AssetKind.CAMERA: [camera["name"] for camera in read_station(None)["cameras"]],
        AssetKind.OFFLINE_CAMERA: ["owada"],
        AssetKind.TABLET: ["tablet"],
        AssetKind.SECTION: ["section"],
    }
    there = {
        f"{described.platform}.{described.name(name)}"
        for described in described_entities()
        if described.enabled
        for name in names[described.of]
    }
    # `binary_sensor.` alone stands in the summary's template.
    assert {entity for entity in shown if not entity.endswith(".")} <= there


def test_both_languages_show_the_same() -> None:
    """The files differ in words only."""

    def shape(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: shape(value) for key, value in node.items()}
        if isinstance(node, list):
            return [shape(item) for item in node]
        return node if isinstance(node, str) and re.fullmatch(r"[a-z_.:-]+", node) else type(node)

    ja, en = (load_yaml_dict(EXAMPLES / words.file) for words in (JA, EN))
    assert shape(ja) == shape(en)


@BOTH
def test_lamps_never_speak_by_colour_alone(words: Words) -> None:
    """Each lamp has three words, and they differ."""
    for lamp in words.lamps:
        assert len(set(lamp.words)) == 3


@BOTH
def test_every_lamp_has_exactly_one_face(words: Words) -> None:
    """For every state of its entity exactly one pill of a lamp is seen."""
    content = load_yaml_dict(EXAMPLES / words.file)
    faces: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for number, section in enumerate(content["views"][0]["sections"]):
        for node in walk(section):
            for badge in node.get("badges", []):
                condition = badge["visibility"][0]
                faces.setdefault((number, condition["entity"]), []).append(condition)
    assert len(faces) == len(words.cameras) * len(words.lamps)
    for conditions in faces.values():
        for state in ("on", "off", "unknown", "unavailable"):
            seen = [
                one
                for one in conditions
                if one.get("state") == state
                or ("state_not" in one and state not in one["state_not"])
            ]
            assert len(seen) == 1


KINDS = {
    "alive": (BinarySensorDeviceClass.CONNECTIVITY, "on"),
    "sd_problem": (BinarySensorDeviceClass.PROBLEM, "off"),
    "audio_disabled": (None, "on"),
    "retention_problem": (BinarySensorDeviceClass.PROBLEM, "off"),
    "clock_problem": (BinarySensorDeviceClass.PROBLEM, "off"),
    "resolution_within_limit": (None, "on"),
    "recording_now": (BinarySensorDeviceClass.RUNNING, "off"),
    "default_password": (BinarySensorDeviceClass.SAFETY, "off"),
}


def summary_of(hass: HomeAssistant, words: Words) -> Template:
    """Return the summary's template."""
    content = load_yaml_dict(EXAMPLES / words.file)
    card = next(node for node in walk(content) if node.get("type") == "markdown")
    return Template(card["content"], hass)


def say(hass: HomeAssistant, words: Words) -> str:
    """Render the summary."""
    return str(summary_of(hass, words).async_render(parse_result=False))


@pytest.fixture
async def summary(
    hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]]
) -> AsyncGenerator[Callable[..., str]]:
    """Return what renders the summary for two cameras whose entities have the states given."""
    station = await start_station(camera_config("kita"), camera_config("minami"))
    entry = await set_up(hass, *station.cameras.values())

    def render(words: Words, **states: str) -> str:
        for name, camera in station.cameras.items():
            for kind, (device_class, good) in KINDS.items():
                attributes: dict[str, Any] = {"friendly_name": f"{name} {kind}"}
                if kind == "alive":
                    attributes["failed"] = []
                if device_class is not None:
                    attributes["device_class"] = device_class
                entity = entity_id(hass, camera.camera.config, kind)
                hass.states.async_set(entity, states.get(f"{name}_{kind}", good), attributes)
        return say(hass, words)

    yield render
    await hass.config_entries.async_unload(entry.entry_id)


@BOTH
async def test_summary_without_cameras_does_not_say_that_all_is_well(
    hass: HomeAssistant, words: Words
) -> None:
    """A section that is not loaded has no entities that could be wrong."""
    assert say(hass, words) == f'<ha-alert alert-type="warning">{words.none}</ha-alert>'


@BOTH
async def test_open_page_learns_of_the_cameras_after_a_restart(
    hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]], words: Words
) -> None:
    """It was rendered before there were any, and is not loaded anew by anybody."""
    shown: list[str] = []

    @callback
    def render(_event: object, updates: list[TrackTemplateResult]) -> None:
        shown.append(str(updates[-1].result))

    station = await start_station(camera_config("kita"))
    page = async_track_template_result(hass, [TrackTemplate(summary_of(hass, words), None)], render)
    page.async_refresh()
    await hass.async_block_till_done()
    assert words.none in shown[-1]
    await set_up(hass, *station.cameras.values())
    await until(lambda: words.none not in shown[-1])
    page.async_remove()


@BOTH
async def test_summary_says_that_all_is_well(summary: Callable[..., str], words: Words) -> None:
    """Only when everything is known and good."""
    assert summary(words) == f'<ha-alert alert-type="success">{words.fine}</ha-alert>'


@BOTH
@pytest.mark.parametrize(
    ("kind", "state"),
    [("alive", "off"), ("sd_problem", "on"), ("audio_disabled", "off"), ("default_password", "on")],
)
async def test_summary_names_what_is_wrong(
    summary: Callable[..., str], words: Words, kind: str, state: str
) -> None:
    """The camera and the trouble; no word that all is well."""
    text = summary(words, **{f"minami_{kind}": state})
    assert 'alert-type="error"' in text
    assert "success" not in text
    assert re.search(rf"<b>minami</b>.*{kind}", text)
    assert "kita" not in text


@BOTH
@pytest.mark.parametrize("state", ["unknown", "unavailable"])
@pytest.mark.parametrize("kind", ["sd_problem", "alive"])
async def test_summary_never_takes_the_unknown_for_good(
    summary: Callable[..., str], words: Words, kind: str, state: str
) -> None:
    """What is not known is being checked, not fine."""
    text = summary(words, **{f"kita_{kind}": state})
    assert 'alert-type="info"' in text
    assert "kita" in text
    assert "success" not in text


@BOTH
async def test_summary_is_of_cameras_and_leaves_checks_to_their_list(
    hass: HomeAssistant, summary: Callable[..., str], words: Words
) -> None:
    """Nobody looked yet, so checks are due; the cameras are fine all the same."""
    due = [state for state in hass.states.async_all("binary_sensor") if "check" in state.attributes]
    assert due
    assert all(state.state == "on" for state in due)
    assert summary(words) == f'<ha-alert alert-type="success">{words.fine}</ha-alert>'
