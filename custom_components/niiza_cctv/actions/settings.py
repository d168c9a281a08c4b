"""The actions that ask for a change of a camera's settings; each answers with a link to where the password is given.

The password never comes in a call: Home Assistant carries calls over its bus, into debug logs and into traces.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv, service as service_helper
from homeassistant.helpers.typing import VolDictType
import probatio

from ..const import DOMAIN
from ..errors import invalid, setting_error_key, translated
from ..lib.access.errors import CaseError
from ..lib.device.client import host_kind
from ..lib.device.errors import CameraError
from ..lib.ledger.errors import LedgerError
from ..lib.settings.change import NoSuchSize, Resolution, Setting
from ..managers.setting_requests import ChangeRequest
from ..people import is_direct_call
from ..runtime import NiizaConfigEntry
from ..views.settings import show_request

_DEFAULT_HOURS = 24
_LONGEST_HOURS = 14 * 24


def _audio_off(_data: Mapping[str, Any]) -> ChangeRequest:
    return ChangeRequest(setting=Setting.AUDIO_OFF)


def _resolution(data: Mapping[str, Any]) -> ChangeRequest:
    resolution = Resolution(data["resolution"])
    if resolution is Resolution.EVERYDAY:
        return ChangeRequest(setting=Setting.RESOLUTION, resolution=resolution)
    hours = data.get("hours", _DEFAULT_HOURS)
    return ChangeRequest(setting=Setting.RESOLUTION, resolution=resolution, hours=hours)


def _clock(data: Mapping[str, Any]) -> ChangeRequest:
    server = data.get("ntp_server", "").strip()
    if server and host_kind(server) is None:
        raise invalid("ntp_server_invalid")
    return ChangeRequest(setting=Setting.CLOCK, server=server or None)


@dataclass(frozen=True, kw_only=True)
class SettingsAction:
    """One action: what somebody wishes by it, and what it takes."""

    wish: Callable[[Mapping[str, Any]], ChangeRequest]
    schema: VolDictType


_CAMERA: VolDictType = {probatio.Required("camera"): cv.string}
SETTINGS_ACTIONS: Mapping[str, SettingsAction] = {
    "switch_audio_off": SettingsAction(wish=_audio_off, schema=_CAMERA),
    "set_resolution": SettingsAction(
        wish=_resolution,
        schema={
            **_CAMERA,
            probatio.Required("resolution"): probatio.In([one.value for one in Resolution]),
            probatio.Optional("hours"): probatio.All(
                probatio.Coerce(int), probatio.Range(min=1, max=_LONGEST_HOURS)
            ),
        },
    ),
    "set_clock": SettingsAction(
        wish=_clock, schema={**_CAMERA, probatio.Optional("ntp_server"): cv.string}
    ),
}


@callback
def async_setup_settings_actions(hass: HomeAssistant) -> None:
    """Register the actions, whether the section is loaded or not."""

    async def answer(call: ServiceCall) -> ServiceResponse:
        entry: NiizaConfigEntry = service_helper.async_get_config_entry(hass, DOMAIN, None)
        settings = entry.runtime_data.settings
        actor = await entry.runtime_data.evidence.async_actor(
            call.context.user_id, direct=is_direct_call(call)
        )
        camera = entry.runtime_data.cameras.named(call.data["camera"])
        camera_id = None if camera is None else camera.unique_id
        try:
            await settings.async_check(actor, camera_id)
            if camera is None:
                raise invalid("camera_unknown", camera=call.data["camera"])
            wish = SETTINGS_ACTIONS[call.service].wish(call.data)
            try:
                request = await settings.async_ask(actor, camera, wish)
            except NoSuchSize as err:
                raise invalid(setting_error_key(err), camera=camera.name) from err
            except CameraError as err:
                raise translated(err, camera=camera.name) from err
        except (CaseError, LedgerError) as err:
            raise translated(err) from err
        shown = await show_request(hass, request)
        return cast("ServiceResponse", shown) if call.return_response else None

    for name, action in SETTINGS_ACTIONS.items():
        hass.services.async_register(
            DOMAIN,
            name,
            answer,
            schema=probatio.Schema(action.schema),
            supports_response=SupportsResponse.OPTIONAL,
        )
