"""The actions that ask for a change of a camera's settings; each answers with a link to where the password is given.

The password never comes in a call: Home Assistant carries calls over its bus, into debug logs and into traces.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from homeassistant.core import ServiceResponse
from homeassistant.helpers.typing import VolDictType
import probatio

from ..errors import invalid, setting_error_key, translated
from ..lib.device.client import host_kind
from ..lib.device.errors import CameraError
from ..lib.settings.change import NoSuchSize
from ..lib.settings.values import ChangeRequest, Resolution, Setting
from ..responses.settings import show_request
from .base import Action, ActionCall, as_response
from .fields import CAMERA

_DEFAULT_HOURS = 24
_MAX_HOURS = 14 * 24


def _audio_off(_data: Mapping[str, Any]) -> ChangeRequest:
    return ChangeRequest(setting=Setting.AUDIO_OFF)


def _resolution(data: Mapping[str, Any]) -> ChangeRequest:
    resolution = Resolution(data["resolution"])
    if resolution is Resolution.EVERYDAY:
        return ChangeRequest(setting=Setting.RESOLUTION, resolution=resolution)
    hours = data.get("hours", _DEFAULT_HOURS)
    return ChangeRequest(setting=Setting.RESOLUTION, resolution=resolution, hours=hours)


def _clock(data: Mapping[str, Any]) -> ChangeRequest:
    return ChangeRequest(setting=Setting.CLOCK, server=data.get("ntp_server") or None)


async def _ask(
    call: ActionCall, change: Callable[[Mapping[str, Any]], ChangeRequest]
) -> ServiceResponse:
    """Ask for a change; nothing is done yet."""
    settings = call.entry.runtime_data.settings
    camera = call.cameras.named(call.data["camera"])
    camera_id = None if camera is None else camera.unique_id
    await settings.async_check(call.actor, camera_id)
    if camera is None:
        raise invalid("camera_unknown", camera=call.data["camera"])
    wanted = change(call.data)
    try:
        request = await settings.async_ask(call.actor, camera, wanted)
    except NoSuchSize as err:
        raise invalid(setting_error_key(err), camera=camera.name) from err
    except CameraError as err:
        raise translated(err, camera=camera.name) from err
    return as_response(await show_request(call.hass, request))


def _time_server(value: Any) -> str:
    """Take the address of a time server; raises a translated error, without what was given."""
    server = value.strip() if isinstance(value, str) else None
    if server is None or (server and host_kind(server) is None):
        raise invalid("ntp_server_invalid")
    return server


_CAMERA: VolDictType = {probatio.Required("camera"): CAMERA}
SETTINGS_ACTIONS: Mapping[str, Action] = {
    "switch_audio_off": Action(answer=partial(_ask, change=_audio_off), schema=_CAMERA),
    "set_resolution": Action(
        answer=partial(_ask, change=_resolution),
        schema={
            **_CAMERA,
            probatio.Required("resolution"): probatio.In([one.value for one in Resolution]),
            probatio.Optional("hours"): probatio.All(
                probatio.Coerce(int), probatio.Range(min=1, max=_MAX_HOURS)
            ),
        },
    ),
    "set_clock": Action(
        answer=partial(_ask, change=_clock),
        schema={**_CAMERA, probatio.Optional("ntp_server"): _time_server},
    ),
}
