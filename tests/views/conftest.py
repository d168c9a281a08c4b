"""What tests of served footage share: routes that are set up in time, and a disclosure case with the browser of its worker."""

from collections.abc import AsyncGenerator

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from tests.actions.test_mask_actions import Drawn
from tests.office import Office
from tests.views.test_watched_footage import Desk, sit_down


@pytest.fixture(autouse=True)
async def served(hass: HomeAssistant) -> None:
    """Set up what serves something over HTTP before the first request freezes the routes."""
    hass.config.language = "en"
    for component in ("http", "websocket_api", "media_source"):
        assert await async_setup_component(hass, component, {})


@pytest.fixture
async def drawn(
    served: None,
    office: Office,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> Drawn:
    """Return a disclosure case with one preserved clip of five seconds."""
    return await Drawn.preserved(office, hass_ws_client, hass_client_no_auth)


@pytest.fixture
async def sato(
    hass: HomeAssistant,
    drawn: Drawn,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> AsyncGenerator[Desk]:
    """Give the browser of who masks and shows."""
    desk = await sit_down(hass, hass_ws_client, hass_client_no_auth, "sato")
    yield desk
    await desk.socket.close()
