"""The commands that Home Assistant is told of: the one list of them."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant, callback

from . import (
    acceptance,
    board,
    checks,
    drafts,
    ledger,
    masking,
    notifications,
    panel,
    people,
    playback,
    settings,
)
from .base import Command, async_register_commands

COMMANDS: Mapping[str, Command] = {
    **panel.COMMANDS,
    **board.COMMANDS,
    **notifications.COMMANDS,
    **ledger.COMMANDS,
    **people.COMMANDS,
    **checks.COMMANDS,
    **drafts.COMMANDS,
    **masking.COMMANDS,
    **settings.COMMANDS,
    **acceptance.COMMANDS,
    **playback.COMMANDS,
}


@callback
def async_setup_websocket(hass: HomeAssistant) -> None:
    """Register all of them."""
    async_register_commands(hass, COMMANDS)
