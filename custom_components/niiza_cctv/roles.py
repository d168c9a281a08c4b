"""Who may do what with footage: the section's own lists of Home Assistant users."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import probatio

from .const import CONF_APPROVERS, CONF_EXPORTERS, ROLES

# The holders of each role, by user id.
type Holders = Mapping[str, list[str]]


async def async_people(hass: HomeAssistant) -> dict[str, str]:
    """Return id and name of every user who is a person and may log in."""
    return {
        user.id: user.name or user.id
        for user in await hass.auth.async_get_users()
        if user.is_active and not user.system_generated
    }


async def async_holders(hass: HomeAssistant, data: Mapping[str, Any]) -> Holders:
    """Return who really holds each role: people who left or were locked out do not count."""
    people = await async_people(hass)
    return {role: [user_id for user_id in data[role] if user_id in people] for role in ROLES}


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
