"""The actions by which a second person decides about who may: they name an appointment by its number and take no text."""

from collections.abc import Mapping

from homeassistant.core import ServiceResponse
from homeassistant.helpers.typing import VolDictType
import probatio

from .base import Action, ActionCall

_APPOINTMENT: VolDictType = {
    probatio.Required("appointment"): probatio.All(probatio.Coerce(int), probatio.Range(min=1))
}


async def _confirm_appointment(call: ActionCall) -> ServiceResponse:
    """Let an appointment take effect."""
    await call.evidence.async_confirm_appointment(call.actor, call.data["appointment"])
    return {}


async def _decline_appointment(call: ActionCall) -> ServiceResponse:
    """Let an appointment come to nothing."""
    await call.evidence.async_decline_appointment(call.actor, call.data["appointment"])
    return {}


PEOPLE_ACTIONS: Mapping[str, Action] = {
    "confirm_appointment": Action(answer=_confirm_appointment, schema=_APPOINTMENT),
    "decline_appointment": Action(answer=_decline_appointment, schema=_APPOINTMENT),
}
