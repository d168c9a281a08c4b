"""Gates: what the integration says of itself agrees with Home Assistant's rules, with its code, and in both languages."""

from collections.abc import Iterator
from importlib.metadata import version
import json
from pathlib import Path
import re
import string
from typing import Any

from awesomeversion import AwesomeVersion
import hass_frontend
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import condition, icon, service, translation, trigger
from homeassistant.helpers.trigger import descriptions
from homeassistant.loader import async_get_integration
from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.niiza_cctv.condition import CONDITIONS
from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.ledger.actions import LedgerAction
from custom_components.niiza_cctv.trigger import TRIGGERS
from scripts.release import versions
from scripts.versions import LOCK, locked_version

ROOT = Path(__file__).parent.parent
HERE = ROOT / "custom_components" / DOMAIN
LANGUAGES = ("en", "ja")
# Home Assistant's own categories for a custom integration's translations.
CATEGORIES = {
    "title", "common", "config", "config_subentries", "config_panel", "options", "selector", "entity",
    "entity_component", "device", "device_automation", "services", "exceptions", "issues",
    "system_health", "triggers", "conditions",
}  # fmt: skip


def translations(language: str) -> dict[str, Any]:
    """Read one language."""
    data: dict[str, Any] = json.loads((HERE / "translations" / f"{language}.json").read_text())
    return data


def texts(node: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text with its path."""
    for key, value in node.items():
        if isinstance(value, dict):
            yield from texts(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def source() -> str:
    """Return the code of the files that speak to Home Assistant, and of the packages whose errors name their texts."""
    naming = {"access", "cases", "checks"}
    files = [path.relative_to(HERE).parts for path in HERE.rglob("*.py")]
    return "\n".join(
        HERE.joinpath(*parts).read_text()
        for parts in sorted(files)
        if parts[0] != "lib"
        or parts[1] in naming
        or parts[-1] in {"cut.py", "cutting.py"}
        or parts[-2:] == ("masking", "errors.py")
    )


def test_both_languages_have_the_same_texts() -> None:
    """Find every text in English and in Japanese."""
    en, ja = (dict(texts(translations(language))) for language in LANGUAGES)
    assert en.keys() == ja.keys()


def test_both_languages_have_the_same_placeholders() -> None:
    """Find the same names in braces on both sides."""
    en, ja = (dict(texts(translations(language))) for language in LANGUAGES)
    assert {key for key in en if placeholders(en[key]) != placeholders(ja[key])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_texts(language: str) -> None:
    """Refuse empty texts, stray blanks, HTML and references that only core's build resolves."""
    for key, text in texts(translations(language)):
        assert isinstance(text, str), key
        assert text, key
        assert text == text.strip(), key
        # The frontend shows them as they are, and core's own checks refuse HTML.
        assert not re.search(r"<[a-z/]", text), key
        assert "[%key:" not in text, key


def test_japanese_is_japanese() -> None:
    """A text left in English has no kana or kanji; names and units are the same in both."""
    en, ja = (dict(texts(translations(language))) for language in LANGUAGES)
    left = {
        key
        for key, text in ja.items()
        if text == en[key] and re.search(r"[a-z]{3}", text) and not re.search(r"[ぁ-ヿ一-鿿]", text)
    }
    assert left <= {"title"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_translation_sections_are_home_assistants(language: str) -> None:
    """Refuse sections that Home Assistant would never read."""
    assert translations(language).keys() <= CATEGORIES


async def test_translations_load(hass: HomeAssistant) -> None:
    """Load both languages through Home Assistant's own reader."""
    for language in LANGUAGES:
        loaded = await translation.async_get_translations(hass, language, "entity", {DOMAIN})
        assert any(key.startswith(f"component.{DOMAIN}.entity.") for key in loaded)


def test_triggers_are_described_everywhere() -> None:
    """Compare code, description, icons and texts of the triggers."""
    described = descriptions._TRIGGERS_DESCRIPTION_SCHEMA(load_yaml_dict(HERE / "triggers.yaml"))
    assert described.keys() == TRIGGERS.keys()
    assert json.loads((HERE / "icons.json").read_text())["triggers"].keys() == TRIGGERS.keys()
    for language in LANGUAGES:
        said = translations(language)["triggers"]
        assert said.keys() == TRIGGERS.keys()
        for key, text in said.items():
            assert text.keys() == {"name", "description", "fields"}
            assert text["fields"].keys() == described[key]["fields"].keys()


def test_conditions_are_described_everywhere() -> None:
    """Compare code, description, icons and texts of the conditions."""
    described = condition._CONDITIONS_DESCRIPTION_SCHEMA(load_yaml_dict(HERE / "conditions.yaml"))
    assert described.keys() == CONDITIONS.keys()
    assert json.loads((HERE / "icons.json").read_text())["conditions"].keys() == CONDITIONS.keys()
    for language in LANGUAGES:
        said = translations(language)["conditions"]
        assert said.keys() == CONDITIONS.keys()
        for key, text in said.items():
            assert text.keys() == {"name", "description", "fields"}
            assert text["fields"].keys() == described[key]["fields"].keys()


async def test_editor_gets_the_triggers_and_conditions(hass: HomeAssistant) -> None:
    """Home Assistant itself loads the descriptions, diagnostic entities included."""
    await trigger.async_setup(hass)
    await condition.async_setup(hass)
    await trigger._register_trigger_platform(
        hass,
        DOMAIN,
        await (await async_get_integration(hass, DOMAIN)).async_get_platform("trigger"),
    )
    await condition._register_condition_platform(
        hass,
        DOMAIN,
        await (await async_get_integration(hass, DOMAIN)).async_get_platform("condition"),
    )
    offered = await trigger.async_get_all_descriptions(hass)
    tested = await condition.async_get_all_descriptions(hass)
    for key, description in [
        *((f"{DOMAIN}.{key}", offered[f"{DOMAIN}.{key}"]) for key in TRIGGERS),
        *((f"{DOMAIN}.{key}", tested[f"{DOMAIN}.{key}"]) for key in CONDITIONS),
    ]:
        assert description is not None, key
        assert description["target"]["primary_entities_only"] is False, key


def test_services_are_what_home_assistant_reads() -> None:
    """Which there are, and that each is described everywhere: test_gates_words.py."""
    assert service._SERVICES_SCHEMA(load_yaml_dict(HERE / "services.yaml"))


async def test_icons_load_and_exist(hass: HomeAssistant) -> None:
    """Every icon is one that the installed frontend can draw."""
    icons = icon._load_icons_file(HERE / "icons.json")
    assert icons.keys() <= {"entity", "services", "triggers", "conditions", "issues", "sections"}
    known: set[str] = set()
    for chunk in (hass_frontend.where() / "static" / "mdi").glob("*.json"):
        data = json.loads(chunk.read_text())
        if isinstance(data, dict) and "parts" not in data:
            known |= data.keys()
    assert len(known) > 5000
    for key, name in texts(icons):
        assert name.startswith("mdi:"), key
        assert name.removeprefix("mdi:") in known, f"{key}: {name}"


def test_entities_have_names_and_icons() -> None:
    """The entity translation keys of both languages and of the icons are of the same entities."""
    icons = json.loads((HERE / "icons.json").read_text())["entity"]
    for language in LANGUAGES:
        named = translations(language)["entity"]
        assert named.keys() <= set(Platform)
        for platform, entities in icons.items():
            assert entities.keys() <= named[platform].keys()
        for platform, entities in named.items():
            for key, text in entities.items():
                assert "name" in text, f"{language} {platform}.{key}"


def test_raised_texts_exist_and_existing_are_raised() -> None:
    """Find no text of an error or a repair that nothing raises."""
    code = source()
    used = set(re.findall(r"translation_key=\"(\w+)\"", code)) | set(re.findall(r"\"(\w+)\"", code))
    said = translations("en")
    for section in ("exceptions", "issues"):
        assert said.get(section, {}).keys() <= used


def test_the_panel_knows_only_actions_of_the_ledger() -> None:
    """Let no page wait for an action that nobody writes."""
    asked = [
        word
        for file in (ROOT / "frontend" / "src").rglob("*.ts")
        for word in re.findall(r"\.action [!=]== \"(\w+)\"", file.read_text())
    ]
    assert asked
    assert set(asked) <= set(LedgerAction)


async def test_manifest_is_complete(hass: HomeAssistant) -> None:
    """Check the manifest as core's own gate would."""
    manifest = json.loads((HERE / "manifest.json").read_text())
    keys = list(manifest)
    assert keys == ["domain", "name", *sorted(set(keys) - {"domain", "name"})]
    assert manifest["domain"] == HERE.name
    assert AwesomeVersion(manifest["version"]).valid
    assert manifest["config_flow"] is True
    assert manifest["documentation"].startswith("https://")
    assert manifest["issue_tracker"].startswith("https://")
    for requirement in manifest["requirements"]:
        # A range with both ends: see test_versions for what lies in it.
        assert re.fullmatch(r"[-\w\[\]]+>=[\d.]+,<[\d.]+", requirement), requirement
        # `av` and `numpy` come with `stream`, in the one version that core pins.
        assert re.split(r"\W", requirement)[0].lower() not in {"av", "numpy"}
    integration = await async_get_integration(hass, DOMAIN)
    assert integration.file_path == HERE
    assert integration.has_triggers
    assert integration.has_conditions


def test_there_is_one_manifest() -> None:
    """A second file of that name would make HACS and Home Assistant guess."""
    root = HERE.parent.parent
    assert [
        path
        for path in root.rglob("manifest.json")
        if not {".venv", ".local", "node_modules", ".git"} & set(path.relative_to(root).parts)
    ] == [HERE / "manifest.json"]


def test_quality_scale_is_answered_in_full() -> None:
    """Every rule of core's scale has an answer, and every answer but `done` a reason."""
    answers = load_yaml_dict(HERE / "quality_scale.yaml")["rules"]
    core = Path(translation.__file__).parents[1] / "components" / "immich" / "quality_scale.yaml"
    assert answers.keys() >= load_yaml_dict(core)["rules"].keys()
    for rule, answer in answers.items():
        status = answer if isinstance(answer, str) else answer["status"]
        assert status in {"done", "exempt", "todo"}, rule
        if status != "done":
            assert answer["comment"], rule


def test_supported_versions_are_said_alike() -> None:
    """HACS asks for the oldest version that is tested; README and docs name the oldest and the newest."""
    hacs = json.loads((ROOT / "hacs.json").read_text())
    assert hacs["name"]
    previous = suite_version()
    current = locked_version(LOCK.read_text())
    assert AwesomeVersion(previous) < AwesomeVersion(current)
    assert hacs["homeassistant"] == f"{month(previous)}.0"
    for page in ("README.md", "README.ja.md"):
        assert month(previous) in (ROOT / page).read_text(), page
        assert month(current) in (ROOT / page).read_text(), page
    for page in ("docs/supported-versions.md", "docs/supported-versions.ja.md"):
        assert f"| {previous} |" in (ROOT / page).read_text(), page
        assert f"| {current} |" in (ROOT / page).read_text(), page


def suite_version() -> str:
    """Return the Home Assistant that the whole suite runs on."""
    return version("homeassistant")


def month(release: str) -> str:
    """Return the monthly release that a patch belongs to."""
    return release.rpartition(".")[0]


def test_every_file_says_the_same_version() -> None:
    """And the list of changes knows it."""
    (said,) = set(versions().values())
    assert f"## {said}" in (ROOT / "CHANGELOG.md").read_text()
    assert json.loads((HERE / "manifest.json").read_text())["version"] == said


def test_brand_pictures_have_the_right_size() -> None:
    """Home Assistant's brands: icon 256 (512 at double density), square, PNG."""
    for name, size in (("icon.png", 256), ("icon@2x.png", 512)):
        data = (HERE / "brand" / name).read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        assert int.from_bytes(data[16:20]) == int.from_bytes(data[20:24]) == size
