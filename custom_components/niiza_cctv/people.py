"""Who may do what with footage: the section's own lists of Home Assistant users."""

from collections.abc import Iterable, Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import probatio

from .const import CONF_APPROVERS, CONF_EXPORTERS, CONF_TABLETS, CONF_USER, ROLES, SUBENTRY_TABLET

# The holders of each role, by user id.
type Holders = Mapping[str, list[str]]


async def async_people(hass: HomeAssistant) -> dict[str, str]:
    """Return id and name of every user who is a person and may log in."""
    return {
        user.id: user.name or user.id
        for user in await hass.auth.async_get_users()
        if user.is_active and not user.system_generated
    }


def tablet_users(entry: ConfigEntry[Any]) -> tuple[str, ...]:
    """Return the users of the section's tablets, by its list and by its tablets, whether they may log in or not.

    The one place that says who is a tablet: such a user saves and decides nothing, whatever else they hold.
    """
    return tuple(dict.fromkeys([*entry.data[CONF_TABLETS], *users_of_tablets(entry)]))


def users_of_tablets(entry: ConfigEntry[Any]) -> list[str]:
    """Return the users of the tablets that were added to the section, whatever its list says."""
    return [tablet.data[CONF_USER] for tablet in entry.get_subentries_of_type(SUBENTRY_TABLET)]


async def async_listed(hass: HomeAssistant, data: Mapping[str, Any]) -> Holders:
    """Return whom each of the section's lists names, without people who left or were locked out."""
    people = await async_people(hass)
    return {role: [user_id for user_id in data[role] if user_id in people] for role in ROLES}


async def async_holders(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Holders:
    """Return who really holds each role: whom the lists name, and the users of the tablets."""
    return await async_listed(hass, {**entry.data, CONF_TABLETS: tablet_users(entry)})


def tablet_decides(entry: ConfigEntry[Any], lists: Mapping[str, Any]) -> bool:
    """Return whether these lists would let the user of one of the section's tablets take out or approve footage."""
    return decides(lists, users_of_tablets(entry))


def decides(lists: Mapping[str, Any], user_ids: Iterable[str]) -> bool:
    """Return whether these lists let any of these users take out or approve footage."""
    return not {*lists[CONF_EXPORTERS], *lists[CONF_APPROVERS]}.isdisjoint(user_ids)


def approves_own(holders: Holders) -> bool:
    """Return whether the only person who asks would also be the only one to approve."""
    asking, approving = set(holders[CONF_EXPORTERS]), set(holders[CONF_APPROVERS])
    return len(asking) == 1 and asking == approving


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
