"""The panel: served under its content's hash, shown while the section is loaded, in the way of nobody."""

import hashlib
from pathlib import Path
from typing import Any

from homeassistant.components.frontend import (
    DATA_EXTRA_MODULE_URL,
    DATA_PANELS,
    async_register_built_in_panel,
)
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

import custom_components.niiza_cctv
from tests.section import set_up

pytestmark = pytest.mark.usefixtures("socket_enabled")

BUNDLE = Path(custom_components.niiza_cctv.__file__).parent / "frontend" / "panel.js"


@pytest.fixture
async def pages(hass: HomeAssistant) -> None:
    """Run Home Assistant with its pages."""
    assert await async_setup_component(hass, "frontend", {})


async def panels(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> dict[str, Any]:
    """Ask for the panels as a browser does."""
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "get_panels"})
    result: dict[str, Any] = (await client.receive_json())["result"]
    return result


@pytest.mark.usefixtures("pages")
async def test_panel_is_shown_and_served_under_its_hash(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, hass_client: ClientSessionGenerator
) -> None:
    """What is offered is the committed bundle, to be kept by browsers for ever; another section start is no trouble."""
    hass.config.language = "ja"
    entry = await set_up(hass)
    panel = (await panels(hass, hass_ws_client))["niiza-cctv"]
    digest = hashlib.sha256(BUNDLE.read_bytes()).hexdigest()[:16]
    assert panel["title"] == "防犯カメラ 案件・点検"
    assert not panel["require_admin"]
    assert panel["config"]["bundle"] == digest
    custom = panel["config"]["_panel_custom"]
    assert custom["name"] == "niiza-cctv-panel"
    assert digest in custom["module_url"]

    client = await hass_client()
    answer = await client.get(custom["module_url"])
    assert answer.status == 200
    assert await answer.read() == BUNDLE.read_bytes()
    assert "max-age" in answer.headers["Cache-Control"]
    outside = await client.get(custom["module_url"].replace("panel.js", "../manifest.json"))
    assert outside.status == 404

    assert await hass.config_entries.async_reload(entry.entry_id)
    assert (await panels(hass, hass_ws_client))["niiza-cctv"]["config"]["bundle"] == digest
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert "niiza-cctv" not in await panels(hass, hass_ws_client)


@pytest.mark.usefixtures("pages")
async def test_cards_are_loaded_with_every_page_until_the_section_is_gone(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    """Also while it is not loaded, or disabled, for they say so themselves; a section that is removed leaves nothing."""
    entry = await set_up(hass)
    loaded = hass.data[DATA_EXTRA_MODULE_URL].urls
    (url,) = loaded
    cards = BUNDLE.parent / "dashboard.js"
    assert hashlib.sha256(cards.read_bytes()).hexdigest()[:16] in url
    client = await hass_client()
    answer = await client.get(url)
    assert answer.status == 200
    assert await answer.read() == cards.read_bytes()
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert hass.data[DATA_EXTRA_MODULE_URL].urls == {url}
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    assert hass.data[DATA_EXTRA_MODULE_URL].urls == {url}
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    assert hass.data[DATA_EXTRA_MODULE_URL].urls == {url}
    await hass.config_entries.async_remove(entry.entry_id)
    assert not hass.data[DATA_EXTRA_MODULE_URL].urls


@pytest.mark.usefixtures("pages")
async def test_address_of_somebody_else_stays_theirs(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    """The section runs without its page, and the log says why; nothing of theirs is taken away."""
    async_register_built_in_panel(hass, "lovelace", "課の画面", frontend_url_path="niiza-cctv")
    entry = await set_up(hass)
    assert "Something else is shown at /niiza-cctv" in caplog.text
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert hass.data[DATA_PANELS]["niiza-cctv"].sidebar_title == "課の画面"


async def test_section_runs_without_pages(hass: HomeAssistant) -> None:
    """A Home Assistant without its frontend gets no panel."""
    entry = await set_up(hass)
    assert "niiza-cctv" not in hass.data.get(DATA_PANELS, {})
    assert await hass.config_entries.async_unload(entry.entry_id)
