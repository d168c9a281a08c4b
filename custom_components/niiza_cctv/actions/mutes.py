"""The actions by which a person keeps the section's notices about a camera quiet for a time, on the record."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from homeassistant.core import ServiceResponse
from homeassistant.util import dt as dt_util
import probatio

from ..coordinator import CameraCoordinator
from ..errors import invalid
from ..lib.settings.mutes import MuteReason
from ..responses.mutes import MuteResponse
from .base import Action, ActionCall, as_response
from .fields import CAMERA

_DEFAULT_HOURS: Final = 24
# Nobody decides today for longer than a card keeps what it has.
_MAX_HOURS: Final = 14 * 24


async def _camera(call: ActionCall) -> CameraCoordinator:
    """Return the camera that is named, to whoever may silence it at all."""
    camera = call.cameras.named(call.data["camera"])
    await call.entry.runtime_data.fault_notices.async_check(
        call.actor, "unknown" if camera is None else camera.unique_id
    )
    if camera is None:
        raise invalid("camera_unknown", camera=call.data["camera"])
    return camera


async def _mute(call: ActionCall) -> ServiceResponse:
    """Tell nobody of a camera for a time."""
    camera = await _camera(call)
    until = dt_util.utcnow().replace(microsecond=0) + timedelta(hours=call.data["hours"])
    await call.entry.runtime_data.fault_notices.async_mute(
        call.actor, camera, until, MuteReason(call.data["reason"])
    )
    return as_response(MuteResponse(camera=camera.name, until=until.isoformat()))


async def _unmute(call: ActionCall) -> ServiceResponse:
    """Tell of a camera again."""
    camera = await _camera(call)
    await call.entry.runtime_data.fault_notices.async_unmute(call.actor, camera)
    return as_response(MuteResponse(camera=camera.name, until=None))


MUTE_ACTIONS: Mapping[str, Action] = {
    "mute_alerts": Action(
        answer=_mute,
        schema={
            probatio.Required("camera"): CAMERA,
            probatio.Optional("hours", default=_DEFAULT_HOURS): probatio.All(
                probatio.Coerce(int), probatio.Range(min=1, max=_MAX_HOURS)
            ),
            probatio.Required("reason"): probatio.In([one.value for one in MuteReason]),
        },
    ),
    "unmute_alerts": Action(answer=_unmute, schema={probatio.Required("camera"): CAMERA}),
}
