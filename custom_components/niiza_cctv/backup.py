"""Home Assistant's backups: the copied ledger is whole."""

from homeassistant.core import HomeAssistant

from .runtime import loaded_entry


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Hold the ledger's writes and bring its file up to date."""
    if (entry := loaded_entry(hass)) is not None:
        await entry.runtime_data.evidence.ledger.hold()


async def async_post_backup(hass: HomeAssistant) -> None:
    """Let the ledger go on."""
    if (entry := loaded_entry(hass)) is not None:
        await entry.runtime_data.evidence.ledger.go_on()
