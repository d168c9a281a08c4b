"""Home Assistant's backups: the copied ledger is whole."""

from homeassistant.core import HomeAssistant

from .const import DOMAIN
from .runtime import NiizaConfigEntry


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Hold the ledger's writes and bring its file up to date."""
    entry: NiizaConfigEntry
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        await entry.runtime_data.evidence.ledger.hold()


async def async_post_backup(hass: HomeAssistant) -> None:
    """Let the ledger go on."""
    entry: NiizaConfigEntry
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        await entry.runtime_data.evidence.ledger.go_on()
