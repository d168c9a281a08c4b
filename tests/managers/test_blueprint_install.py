"""Blueprints: they are there without copying files, and stay the user's own once changed or deleted."""

from collections.abc import Callable
import json
from pathlib import Path
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import web
from homeassistant.components.automation.const import DOMAIN as AUTOMATION
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.managers.blueprints import async_install_blueprints
from tests.section import section_entry

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "custom_components" / DOMAIN / "blueprints" / "automation"
NAMES = sorted(path.name for path in SHIPPED.glob("*.yaml"))
KANA = re.compile(r"[ぁ-ヿ一-鿿]")
LATIN = re.compile(r"[A-Za-z]{3}")

pytestmark = pytest.mark.usefixtures("hass_storage")


@pytest.fixture
async def client(
    hass: HomeAssistant, socket_enabled: None, hass_ws_client: WebSocketGenerator
) -> Any:
    """Return an administrator's websocket, with the page of automations there, and the section set up."""
    assert await async_setup_component(hass, "config", {})
    assert await async_setup_component(hass, AUTOMATION, {})
    await load(hass)
    return await hass_ws_client(hass)


async def ask(client: Any, command: str, **data: Any) -> Any:
    """Ask Home Assistant about automation blueprints."""
    await client.send_json_auto_id({"type": f"blueprint/{command}", **data})
    return await client.receive_json()


def folder(hass: HomeAssistant) -> Path:
    """Return where Home Assistant keeps ours."""
    return Path(hass.config.path("blueprints", "automation", DOMAIN))


async def load(hass: HomeAssistant) -> None:
    """Let Home Assistant start with the section."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        assert await hass.config_entries.async_reload(entry.entry_id)
        break
    else:
        entry = section_entry()
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


async def test_they_are_listed_after_installation(hass: HomeAssistant, client: Any) -> None:
    """Nobody copied a file, and Home Assistant lists every one without an error."""
    listed = (await ask(client, "list", domain="automation"))["result"]
    ours = {path: found for path, found in listed.items() if path.startswith(f"{DOMAIN}/")}
    assert {path.removeprefix(f"{DOMAIN}/") for path in ours} == set(NAMES)
    for path, found in ours.items():
        assert "error" not in found, path
    assert len(NAMES) >= 10


async def test_a_new_version_replaces_what_the_user_left_alone(
    hass: HomeAssistant, client: Any, tmp_path: Path
) -> None:
    """Also in the memory of Home Assistant, where automations were made of it."""
    await ask(client, "list", domain="automation")
    newer = tmp_path / "newer"
    newer.mkdir()
    for path in SHIPPED.glob("*.yaml"):
        text = path.read_text().replace("毎日のまとめ", "毎日の新しいまとめ")
        (newer / path.name).write_text(text)
    await async_install_blueprints(hass, newer)
    listed = (await ask(client, "list", domain="automation"))["result"]
    name = listed[f"{DOMAIN}/daily_summary.yaml"]["metadata"]["name"]
    assert name.startswith("毎日の新しいまとめ")


async def test_what_the_user_changed_is_never_overwritten(
    hass: HomeAssistant, client: Any, tmp_path: Path
) -> None:
    """Neither by the same version nor by a newer one; the others are brought up to date all the same."""
    mine = folder(hass) / "camera_died.yaml"
    mine.write_text(mine.read_text() + "# mine\n")
    await load(hass)
    assert mine.read_text().endswith("# mine\n")
    newer = tmp_path / "newer"
    newer.mkdir()
    for path in SHIPPED.glob("*.yaml"):
        (newer / path.name).write_text(path.read_text() + "# newer\n")
    await async_install_blueprints(hass, newer)
    assert mine.read_text().endswith("# mine\n")
    assert (folder(hass) / "sd_fault.yaml").read_text().endswith("# newer\n")


async def test_what_the_user_deleted_does_not_come_back(
    hass: HomeAssistant, client: Any, tmp_path: Path
) -> None:
    """Deleted in the page: neither a restart nor a newer version brings it back."""
    answer = await ask(client, "delete", domain="automation", path=f"{DOMAIN}/clock_off.yaml")
    assert answer["success"]
    await load(hass)
    assert not (folder(hass) / "clock_off.yaml").exists()
    newer = tmp_path / "newer"
    newer.mkdir()
    for path in SHIPPED.glob("*.yaml"):
        (newer / path.name).write_text(path.read_text() + "# newer\n")
    await async_install_blueprints(hass, newer)
    assert not (folder(hass) / "clock_off.yaml").exists()


async def test_somebody_elses_file_of_that_name_is_left_alone(hass: HomeAssistant) -> None:
    """It was there before us, and need not even be text."""
    folder(hass).mkdir(parents=True)
    theirs = folder(hass) / "sd_fault.yaml"
    theirs.write_bytes(b"\xff\xfe")
    await load(hass)
    assert theirs.read_bytes() == b"\xff\xfe"
    assert (folder(hass) / "camera_died.yaml").exists()


async def test_a_folder_that_cannot_be_written_stops_nothing(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    """The section is monitored all the same, and the log says what to do."""
    Path(hass.config.path("blueprints")).write_text("no folder")
    await load(hass)
    assert hass.config_entries.async_loaded_entries(DOMAIN)
    assert "import them from the documentation" in caplog.text


async def test_a_section_that_is_added_again_brings_them_again(hass: HomeAssistant) -> None:
    """Removing the section forgets; files that are there stay the user's."""
    await load(hass)
    (folder(hass) / "clock_off.yaml").unlink()
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await hass.config_entries.async_remove(entry.entry_id)
    assert (folder(hass) / "sd_fault.yaml").exists()
    await load(hass)
    assert (folder(hass) / "clock_off.yaml").exists()


@pytest.mark.parametrize("name", NAMES)
async def test_each_is_taken_by_home_assistants_page(
    hass: HomeAssistant, client: Any, aioclient_mock: AiohttpClientMocker, name: str
) -> None:
    """The import badge's way: fetched from the repository, checked, saved, filled in with its defaults."""
    text = (SHIPPED / name).read_text()
    url = f"https://github.com/niiza-city/niiza_cctv/blob/main/custom_components/{DOMAIN}/blueprints/automation/{name}"
    serve: Callable[..., None] = aioclient_mock.get
    serve(url.replace("github.com", "raw.githubusercontent.com").replace("/blob/", "/"), text=text)
    found = (await ask(client, "import", url=url))["result"]
    assert found["validation_errors"] is None
    assert found["blueprint"]["metadata"]["source_url"] == url
    path = f"{found['suggested_filename']}.yaml"
    saved = await ask(
        client, "save", domain="automation", path=path, yaml=found["raw_data"], source_url=url
    )
    assert saved["success"]
    needed = {
        key: "12:00:00"
        for key, value in inputs(load_yaml_dict(SHIPPED / name)).items()
        if "default" not in value
    }
    answer = await ask(client, "substitute", domain="automation", path=path, input=needed)
    config = answer["result"]["substituted_config"]
    await client.send_json_auto_id(
        {
            "type": "validate_config",
            **{key: config[key] for key in ("triggers", "conditions", "actions") if key in config},
        }
    )
    for part, verdict in (await client.receive_json())["result"].items():
        assert verdict["valid"], (part, verdict)


def test_the_agreed_folder_is_a_link() -> None:
    """The project's layout has them at its top; each file stands once, and the link is good wherever the tree lies."""
    link = ROOT / "blueprints"
    assert link.readlink() == Path("custom_components", DOMAIN, "blueprints")
    assert sorted(path.name for path in (link / "automation").glob("*.yaml")) == NAMES


@pytest.mark.parametrize("name", NAMES)
async def test_each_is_taken_from_where_the_tree_is_served(
    hass: HomeAssistant, client: Any, name: str
) -> None:
    """By the agreed folder, over a real socket: what arrives is the very file, and nothing is wrong with it."""
    served = web.Application()
    served.router.add_static("/", ROOT / "blueprints")
    runner = web.AppRunner(served)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        _host, port = runner.addresses[0]
        found = (await ask(client, "import", url=f"http://127.0.0.1:{port}/automation/{name}"))[
            "result"
        ]
    finally:
        await runner.cleanup()
    assert found["validation_errors"] is None
    assert found["raw_data"] == (SHIPPED / name).read_text()


def inputs(blueprint: dict[str, Any]) -> dict[str, Any]:
    """Return a blueprint's inputs."""
    found: dict[str, Any] = blueprint["blueprint"]["input"]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_each_speaks_both_languages(name: str) -> None:
    """Name, description and inputs are Japanese first, then English; the texts of notices are chosen by an input."""
    blueprint = load_yaml_dict(SHIPPED / name)
    about = blueprint["blueprint"]
    for text in [about["name"], about["description"]] + [
        value[key]
        for value in inputs(blueprint).values()
        for key in ("name", "description")
        if key in value
    ]:
        japanese, english = KANA.search(text), LATIN.search(text.rsplit("/", 1)[-1])
        assert japanese, text
        assert english, text
        assert japanese.start() < len(text) // 2, text
    if "texts" in (variables := blueprint.get("variables", {})):
        assert inputs(blueprint)["language"]["default"] == "ja"
        assert variables["texts"]["ja"].keys() == variables["texts"]["en"].keys()


@pytest.mark.parametrize("language", ["", ".ja"])
def test_docs_have_a_badge_for_each(language: str) -> None:
    """The badge leads to Home Assistant's import page with the address of the very file."""
    text = (ROOT / "docs" / f"blueprints{language}.md").read_text()
    badges = re.findall(
        r"https://my\.home-assistant\.io/redirect/blueprint_import/\?\S+?(?=\))", text
    )
    named = [parse_qs(urlsplit(url).query)["blueprint_url"][0] for url in badges]
    assert sorted(url.rsplit("/", 1)[-1] for url in named) == NAMES
    manifest = json.loads((ROOT / "custom_components" / DOMAIN / "manifest.json").read_text())
    for url in named:
        assert url.startswith(f"{manifest['documentation']}/blob/main/")
        file = ROOT / url.split("/blob/main/")[1]
        # Where files are fetched from one by one, a link is not followed.
        assert file.resolve().relative_to(ROOT.resolve()) == file.relative_to(ROOT)
        assert file.is_file()
