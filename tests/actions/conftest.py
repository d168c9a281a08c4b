"""What tests of actions about masking share."""

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from tests.actions.test_mask_actions import Drawn
from tests.office import Office


@pytest.fixture
async def drawn(
    office: Office,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> Drawn:
    """Return a disclosure case with one preserved clip of five seconds."""
    return await Drawn.preserved(office, hass_ws_client, hass_client_no_auth)
