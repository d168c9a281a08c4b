"""The section on the system's health page."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .issues import ISSUE_ADDRESS_PORT
from .lib.checks.model import Check
from .lib.footage.vault import Vault
from .lib.ledger.errors import LedgerError
from .managers.evidence import Evidence
from .runtime import NiizaConfigEntry


@callback
def async_register(hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Register what the page shows."""
    register.async_register_info(async_system_health_info)


async def async_system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Count the cameras and the checks, and tell what of the section runs."""
    entries: list[NiizaConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    sections = [entry.runtime_data for entry in entries]
    cameras = [camera.data for section in sections for camera in section.cameras.values()]
    ledgers = [section.evidence.ledger for section in sections]
    checks = [check for section in sections for check in _checks(section.evidence)]
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
        "checks_due": sum(check.due for check in checks),
        "checks_failed": sum(check.failed for check in checks),
        "mail_receiver": any(section.mail.receiver is not None for section in sections),
        "address_reports": any(section.addresses.enabled for section in sections)
        and ir.async_get(hass).async_get_issue(DOMAIN, ISSUE_ADDRESS_PORT) is None,
        "vault_free": await _free(hass, sections[0].evidence.vault) if sections else "-",
    }


def _checks(evidence: Evidence) -> tuple[Check, ...]:
    """Return the checks as they stand; none while the ledger cannot be read, which is told beside it."""
    try:
        return evidence.checks.checks()
    except LedgerError:
        return ()


async def _free(hass: HomeAssistant, vault: Vault) -> str:
    """Return how much footage may still be taken out."""
    try:
        free = await hass.async_add_executor_job(vault.free)
    except OSError as err:
        return err.strerror or "-"
    return f"{free / 1_000_000_000:.1f} GB"
