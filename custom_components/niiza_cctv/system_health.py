"""The section on the system's health page."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import NiizaConfigEntry


@callback
def async_register(hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Register what the page shows."""
    register.async_register_info(async_system_health_info)


async def async_system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Count the cameras and what is known of them."""
    entries: list[NiizaConfigEntry] = hass.config_entries.async_entries(DOMAIN)
    cameras = [
        coordinator.data
        for entry in entries
        if entry.state is ConfigEntryState.LOADED
        for coordinator in entry.runtime_data.cameras.values()
    ]
    ledgers = [
        entry.runtime_data.evidence.ledger
        for entry in entries
        if entry.state is ConfigEntryState.LOADED
    ]
    contacts = [status.last_contact for status in cameras if status.last_contact is not None]
    return {
        "cameras": len(cameras),
        "alive": sum(status.alive for status in cameras),
        "sd_proved": sum(
            status.sd is not None and status.sd.problem is False for status in cameras
        ),
        "events_alive": sum(status.events_alive for status in cameras),
        "oldest_contact": min(contacts) if contacts else "-",
        "ledger_available": bool(ledgers) and all(ledger.available for ledger in ledgers),
        "ledger_entries": sum(ledger.head.number for ledger in ledgers),
    }
