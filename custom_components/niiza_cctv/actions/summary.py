"""The action by which an automation asks how everything stands; it names no person, and nobody is refused it."""

from collections.abc import Mapping

from homeassistant.core import ServiceResponse, SupportsResponse

from ..lib.access.permissions import Permission
from ..responses.summary import async_summary
from .base import Action, ActionCall, as_response
from .notify import check_caller


async def _get_summary(call: ActionCall) -> ServiceResponse:
    """Say how everything stands."""
    await check_caller(call, Permission.GET_SUMMARY)
    return as_response(await async_summary(call.hass, call.entry))


SUMMARY_ACTIONS: Mapping[str, Action] = {
    "get_summary": Action(answer=_get_summary, schema={}, response=SupportsResponse.ONLY),
}
