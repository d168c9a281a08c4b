"""The page on which people handle cases, with its place in Home Assistant's sidebar, and the cards of dashboards."""

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
_CARDS = "dashboard.js"
_FILES_URL = f"/{DOMAIN}_frontend"
# The content hash under which each file is served; a path cannot be taken back while Home Assistant runs.
_SERVED: HassKey[dict[str, str]] = HassKey(f"{DOMAIN}_panel_served")
# Where the cards are that every page is told to load.
_LOADED: HassKey[str] = HassKey(f"{DOMAIN}_cards_loaded")
# Whether what is shown at the path is ours.
_SHOWN: HassKey[bool] = HassKey(f"{DOMAIN}_panel_shown")


def _content_hash(bundle: str) -> str:
    """Return what tells one bundle from another."""
    return hashlib.sha256((_FOLDER / bundle).read_bytes()).hexdigest()[:16]


async def _async_serve(hass: HomeAssistant, bundle: str) -> str:
    """Serve a file under its content's hash, and return that."""
    served = hass.data.setdefault(_SERVED, {})
    if bundle not in served:
        digest = await hass.async_add_executor_job(_content_hash, bundle)
        # The hash stands in the path: a browser may keep the file for ever and still never shows an old one.
        await hass.http.async_register_static_paths(
            [
                StaticPathConfig(
                    f"{_FILES_URL}/{digest}/{bundle}", str(_FOLDER / bundle), cache_headers=True
                )
            ]
        )
        served[bundle] = digest
    return served[bundle]


async def async_offer_cards(hass: HomeAssistant) -> None:
    """Have every page load the cards of dashboards, whether the section is loaded or not: they say if it is not."""
    if frontend.DOMAIN not in hass.config.components or _LOADED in hass.data:
        return
    digest = await _async_serve(hass, _CARDS)
    hass.data[_LOADED] = f"{_FILES_URL}/{digest}/{_CARDS}"
    frontend.add_extra_js_url(hass, hass.data[_LOADED])


def async_take_cards_back(hass: HomeAssistant) -> None:
    """Load them no more with the pages that are opened from now on."""
    if (url := hass.data.pop(_LOADED, None)) is not None:
        frontend.remove_extra_js_url(hass, url)


async def async_register(hass: HomeAssistant) -> None:
    """Serve the files and show the panel; a section that is set up again shows it again."""
    # Whoever runs Home Assistant without its pages has no use for another one.
    if frontend.DOMAIN not in hass.config.components:
        return
    served = await _async_serve(hass, _BUNDLE)
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
