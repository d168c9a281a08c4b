"""The section's dashboard: what its files hold, and what its summary says."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
import re
from typing import Any

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import (
    TrackTemplate,
    TrackTemplateResult,
    async_track_template_result,
)
from homeassistant.helpers.template import Template
from homeassistant.util.yaml import load_yaml_dict, parse_yaml
import pytest

from custom_components.niiza_cctv.lib.checks.model import AssetKind
from scripts.dashboard import EN, EXAMPLES, FILES, JA, rendered
from scripts.demo import described_entities, read_station
from scripts.faults_page import PAGES, rendered as page_rendered
from simulator.station import Station
from tests.section import entity_id, set_up, until
from tests.station import camera_config

type Words = Mapping[str, str]
FILE = pytest.mark.parametrize("name", FILES)
BOTH = pytest.mark.parametrize("words", [JA, EN], ids=["ja", "en"])
# Of Home Assistant's own frontend: nothing has to be installed beside it.
BUILT_IN = {
    "grid", "sections", "button", "picture-entity", "tile", "markdown", "entities", "todo-list", "calendar",
}  # fmt: skip


def walk(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from walk(item)


@FILE
def test_files_are_what_the_script_writes(name: str) -> None:
    """Run `.venv/bin/python -m scripts.dashboard` after a change."""
    assert (EXAMPLES / name).read_text() == rendered(FILES[name])


def test_files_are_short() -> None:
    """A section reads them before it changes them: nothing is repeated for each camera but a line."""
    for name in FILES:
        text = (EXAMPLES / name).read_text()
        assert len(text.splitlines()) <= 120
        assert [text.count(one) for one in ("kita", "minami", "kaisatsu", "churin")] == [1, 1, 1, 1]


def test_strategy_is_two_lines() -> None:
    """Nothing of a section's own is written into it."""
    content = load_yaml_dict(EXAMPLES / "strategy.yaml")
    assert content == {"strategy": {"type": "custom:niiza-cctv"}}


@pytest.mark.parametrize("language", PAGES)
def test_docs_say_of_each_fault_what_to_do(language: str) -> None:
    """Run `.venv/bin/python -m scripts.faults_page` after a change of the rules or their texts."""
    assert PAGES[language].read_text() == page_rendered(language)


@FILE
def test_only_built_in_cards(name: str) -> None:
    """No card from elsewhere."""
    content = load_yaml_dict(EXAMPLES / name)
    assert {node["type"] for node in walk(content) if isinstance(node.get("type"), str)} <= BUILT_IN


@FILE
def test_every_entity_exists_in_the_demo(name: str) -> None:
    """A card with an entity that is not there, or disabled, shows an error."""
    text = (EXAMPLES / name).read_text()
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

    ja, en = (load_yaml_dict(EXAMPLES / name) for name in FILES)
    assert shape(ja) == shape(en)


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
    return templates_of(hass, words)[0]


def templates_of(hass: HomeAssistant, words: Words) -> list[Template]:
    """Return the templates: the summary, then the list."""
    content: Any = parse_yaml(rendered(words))
    return [
        Template(node["content"], hass) for node in walk(content) if node.get("type") == "markdown"
    ]


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
    assert say(hass, words) == f'<ha-alert alert-type="warning">{words["none"]}</ha-alert>'


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
    assert words["none"] in shown[-1]
    await set_up(hass, *station.cameras.values())
    await until(lambda: words["none"] not in shown[-1])
    page.async_remove()


@BOTH
async def test_summary_says_that_all_is_well(summary: Callable[..., str], words: Words) -> None:
    """Only when everything is known and good."""
    assert summary(words) == f'<ha-alert alert-type="success">{words["fine"]}</ha-alert>'


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
    assert summary(words) == f'<ha-alert alert-type="success">{words["fine"]}</ha-alert>'


@BOTH
async def test_list_names_each_camera_and_how_it_stands(
    hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]], words: Words
) -> None:
    """Found by itself, whatever its entities are called."""
    station = await start_station(camera_config("kita"), camera_config("minami"))
    await set_up(hass, *station.cameras.values())
    kita = station.cameras["kita"].camera.config
    er.async_get(hass).async_update_entity(
        entity_id(hass, kita, "alive"), new_entity_id="binary_sensor.renamed"
    )
    await hass.async_block_till_done()
    text = str(templates_of(hass, words)[1].async_render(parse_result=False))
    lines = [line for line in text.splitlines() if line]
    assert len(lines) == 2
    for name in station.cameras:
        assert any(line.startswith(f"- **{name}**{words['colon']}") for line in lines)
    # What each says of its card and of what it keeps.
    assert all(line.count(words["comma"]) == 2 for line in lines)
