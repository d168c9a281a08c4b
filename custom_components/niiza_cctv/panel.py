"""The page on which people handle cases: its files, and its place in Home Assistant's sidebar."""

import hashlib
import logging
from pathlib import Path

from homeassistant.components import frontend, panel_custom
from homeassistant.components.http.server import StaticPathConfig
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .paths import PANEL

_LOGGER = logging.getLogger(__name__)

_ELEMENT = "niiza-cctv-panel"
_FOLDER = Path(__file__).parent / "frontend"
_BUNDLE = "panel.js"
_FILES_URL = f"/{DOMAIN}_frontend"
# The content hash under which the files are served; a path cannot be taken back while Home Assistant runs.
_SERVED: HassKey[str] = HassKey(f"{DOMAIN}_panel_served")
# Whether what is shown at the path is ours.
_SHOWN: HassKey[bool] = HassKey(f"{DOMAIN}_panel_shown")


def _content_hash() -> str:
    """Return what tells one bundle from another."""
    return hashlib.sha256((_FOLDER / _BUNDLE).read_bytes()).hexdigest()[:16]


async def async_register(hass: HomeAssistant) -> None:
    """Serve the files and show the panel; a section that is set up again shows it again."""
    # Whoever runs Home Assistant without its pages has no use for another one.
    if frontend.DOMAIN not in hass.config.components:
        return
    if (served := hass.data.get(_SERVED)) is None:
        served = await hass.async_add_executor_job(_content_hash)
        # The hash stands in the path: a browser may keep the file for ever and still never shows an old one.
        await hass.http.async_register_static_paths(
            [StaticPathConfig(f"{_FILES_URL}/{served}", str(_FOLDER), cache_headers=True)]
        )
        hass.data[_SERVED] = served
    if frontend.async_panel_exists(hass, PANEL):
        _LOGGER.error(
            "Something else is shown at /%s, so the cases have no page; give that dashboard another address and reload the section",
            PANEL,
        )
        return
    texts = await async_get_translations(hass, hass.config.language, "config_panel", {DOMAIN})
    await panel_custom.async_register_panel(
        hass,
        frontend_url_path=PANEL,
        webcomponent_name=_ELEMENT,
        sidebar_title=texts[f"component.{DOMAIN}.config_panel.nav.title"],
        sidebar_icon="mdi:folder-lock",
        module_url=f"{_FILES_URL}/{served}/{_BUNDLE}",
        # A page that stays open for weeks sees by this that it is an old one.
        config={"bundle": served},
    )
    hass.data[_SHOWN] = True


def async_remove(hass: HomeAssistant) -> None:
    """Take the panel away, unless the address is somebody else's."""
    if hass.data.pop(_SHOWN, False):
        frontend.async_remove_panel(hass, PANEL)
