"""A camera's administrator log-in where the viewing one belongs: refused, or taken by a person's choice that is on record."""

from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers.http import current_request

from ..lib.ledger.actions import LedgerAction
from ..lib.ledger.errors import LedgerError
from ..lib.ledger.model import Person
from ..runtime import NiizaConfigEntry


async def async_record_administrator(
    entry: NiizaConfigEntry, camera: str | None, username: str
) -> bool:
    """Record that whoever sits before the form keeps an administrator's log-in; return whether that is on record."""
    request = current_request.get()
    user = None if request is None else request.get(KEY_HASS_USER)
    if user is None or user.system_generated or entry.state is not ConfigEntryState.LOADED:
        return False
    try:
        await entry.runtime_data.evidence.ledger.append(
            LedgerAction.ADMINISTRATOR_LOGIN_ACCEPTED,
            f"camera/{camera}",
            {"username": username},
            person=Person(id=user.id, name=user.name or user.id),
        )
    except LedgerError:
        return False
    return True
