"""Fields that more than one form has."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import probatio

from ..const import ROLES
from ..lib.ledger.errors import LedgerError
from ..people import async_people, differs_in_roles
from ..runtime import NiizaRuntime

MAX_NAME = 60
_USERNAME = TextSelector(TextSelectorConfig(autocomplete="username"))
_PASSWORD = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
)

# One entry a line.
LINES = TextSelector(TextSelectorConfig(multiline=True))
NEW_PASSWORD = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="new-password")
)


def int_field(least: int, most: int, unit: str | None = None) -> probatio.All[Any]:
    """Return a field for a whole number."""
    config = NumberSelectorConfig(min=least, max=most, step=1, mode=NumberSelectorMode.BOX)
    if unit is not None:
        config["unit_of_measurement"] = unit
        config["translation_key"] = "amount"
    return probatio.All(NumberSelector(config), probatio.Coerce(int))


def lines(text: str) -> list[str]:
    """Return what stands in a field of lines, without blank and repeated ones."""
    return list(dict.fromkeys(stripped for line in text.splitlines() if (stripped := line.strip())))


def own_host(hass: HomeAssistant) -> str:
    """Return the address that a camera of the same network reaches Home Assistant at, as far as it is known."""
    api = hass.config.api
    return "homeassistant.local" if api is None else api.local_ip


def credential_schema(*, password_known: bool) -> dict[probatio.Marker, TextSelector]:
    """Return the fields of the viewing user; a password that we have may stay empty."""
    password = probatio.Optional if password_known else probatio.Required
    return {probatio.Required(CONF_USERNAME): _USERNAME, password(CONF_PASSWORD): _PASSWORD}


def format_fingerprint(fingerprint: str) -> str:
    """Return a fingerprint in pairs, as browsers show it."""
    return ":".join(fingerprint[i : i + 2] for i in range(0, len(fingerprint), 2)).upper()


async def async_record_roles(
    hass: HomeAssistant, entry: ConfigEntry[NiizaRuntime], lists: Mapping[str, Any]
) -> str | None:
    """Write down whom a form names, before it is kept; return what keeps it from being.

    Who calls it keeps the form without a pause: until then what is kept and what is recorded differ.
    """
    if entry.state is not ConfigEntryState.LOADED:
        return "roles_not_recorded" if differs_in_roles(entry, lists) else None
    try:
        await entry.runtime_data.record.async_name(lists)
    except LedgerError:
        return "roles_not_recorded" if differs_in_roles(entry, lists) else None
    return None


async def async_roles_schema(hass: HomeAssistant) -> probatio.Schema:
    """Return the form in which the roles are given to people."""
    people = SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=user_id, label=name)
                for user_id, name in (await async_people(hass)).items()
            ],
            multiple=True,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )
    return probatio.Schema({probatio.Optional(role, default=list): people for role in ROLES})
