"""Every way in stands in a table: actions, commands, views; nothing lets anybody in beside them."""

import ast
from pathlib import Path

from homeassistant.components.websocket_api.const import DOMAIN as WEBSOCKET
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.services import ACTIONS
from custom_components.niiza_cctv.views.registry import VIEWS
from custom_components.niiza_cctv.websocket.registry import COMMANDS
from tests.office import Office

HERE = Path(__file__).parent.parent / "custom_components" / DOMAIN
# What lets somebody in, and the one file that may call it.
DOORS = {
    "services.async_register": "actions/base.py",
    "async_register_admin_service": None,
    "async_register_command": "websocket/base.py",
    "async_register_entity_service": None,
    "async_register_platform_entity_service": None,
    # The panel's files, which anybody may read.
    "async_register_static_paths": "panel.py",
    "register_view": "views/registry.py",
    # Home Assistant's second port for cameras that know no TLS.
    "add_route": "managers/addresses.py",
}


def paths(hass: HomeAssistant) -> set[str]:
    """Return where Home Assistant's server leads to something of ours."""
    return {
        resource.canonical
        for resource in hass.http.app.router.resources()
        if DOMAIN in resource.canonical or resource.canonical.startswith("/nic/")
    }


def commands(hass: HomeAssistant) -> set[str]:
    """Return which commands of ours a browser may send."""
    prefix = f"{DOMAIN}/"
    return {name.removeprefix(prefix) for name in hass.data[WEBSOCKET] if name.startswith(prefix)}


def addresses() -> set[str]:
    """Return the paths of the table of views."""
    return {path for view in VIEWS for path in (view.url, *view.extra_urls) if path is not None}


async def test_nothing_is_registered_beside_the_tables(hass: HomeAssistant) -> None:
    """Before there is a section, Home Assistant knows what the tables hold, and no more of us."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert hass.services.async_services_for_domain(DOMAIN).keys() == ACTIONS.keys()
    assert commands(hass) == COMMANDS.keys()
    assert paths(hass) == addresses()


async def test_a_section_registers_nothing_more(hass: HomeAssistant, office: Office) -> None:
    """Nor is anything added while it is loaded."""
    assert office.entry.runtime_data.cameras
    assert hass.services.async_services_for_domain(DOMAIN).keys() == ACTIONS.keys()
    assert commands(hass) == COMMANDS.keys()
    assert paths(hass) == addresses()


@pytest.mark.parametrize("name", DOORS)
def test_only_the_registrars_register(name: str) -> None:
    """A new way in is an entry of a table: only one file calls what opens doors."""
    calling = {
        str(file.relative_to(HERE))
        for file in HERE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and f".{ast.unparse(node.func)}".endswith(f".{name}")
    }
    assert calling == {DOORS[name]} - {None}
