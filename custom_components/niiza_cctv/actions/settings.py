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
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service as service_helper
from homeassistant.helpers.typing import VolDictType
import probatio

from ..const import DOMAIN
from ..coordinator import NiizaConfigEntry
from ..entity import translated
from ..lib.access.errors import CaseError
from ..lib.device.client import host_kind
from ..lib.device.errors import CameraError
from ..lib.ledger.errors import LedgerError
from ..lib.settings.change import NoSuchSize, Resolution, Setting
from ..managers.setting_requests import Wish, setting_error_key
from ..services import case_error, ledger_error, own_hand
from ..views.settings import camera_named, show_request

_DEFAULT_HOURS = 24
_LONGEST_HOURS = 14 * 24


def _invalid(key: str, **placeholders: str) -> ServiceValidationError:
    """Return what is wrong with a call."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


def _audio_off(_data: Mapping[str, Any]) -> Wish:
    return Wish(setting=Setting.AUDIO_OFF)


def _resolution(data: Mapping[str, Any]) -> Wish:
    resolution = Resolution(data["resolution"])
    if resolution is Resolution.EVERYDAY:
        return Wish(setting=Setting.RESOLUTION, resolution=resolution)
    hours = data.get("hours", _DEFAULT_HOURS)
    return Wish(setting=Setting.RESOLUTION, resolution=resolution, hours=hours)


def _clock(data: Mapping[str, Any]) -> Wish:
    server = data.get("ntp_server", "").strip()
    if server and host_kind(server) is None:
        raise _invalid("ntp_server_invalid")
    return Wish(setting=Setting.CLOCK, server=server or None)


@dataclass(frozen=True, kw_only=True)
class SettingsAction:
    """One action: what somebody wishes by it, and what it takes."""

    wish: Callable[[Mapping[str, Any]], Wish]
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
        actor = await entry.runtime_data.evidence.async_actor(call.context.user_id)
        camera = camera_named(hass, entry, call.data["camera"])
        camera_id = None if camera is None else camera.unique_id
        try:
            await settings.async_check(actor, camera_id)
            if not own_hand(call):
                await settings.async_refuse(actor, camera_id, "setting_not_by_own_hand")
                raise _invalid("setting_not_by_own_hand")
            if camera is None:
                raise _invalid("camera_unknown", camera=call.data["camera"])
            wish = SETTINGS_ACTIONS[call.service].wish(call.data)
            try:
                request = await settings.async_ask(actor, camera, wish)
            except NoSuchSize as err:
                raise _invalid(setting_error_key(err), camera=camera.name) from err
            except CameraError as err:
                raise translated(err, camera) from err
        except CaseError as err:
            raise case_error(err) from err
        except LedgerError as err:
            raise ledger_error(err) from err
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
