"""What the page of the settings asks for over the websocket.

`niiza_cctv/camera_settings` {"camera": id?} → what stands at the cameras, or, asked for one, what it offers.
`niiza_cctv/settings_request` {"token"} → what a request will do, for who made it.
"""

from collections.abc import Mapping

import probatio

from ..errors import invalid
from ..lib.access.permissions import Permission, may
from ..responses.settings import (
    AllSettingsShown,
    RequestShown,
    async_ask_camera,
    show_known,
    show_request,
)
from .base import Command, CommandCall, anybody, reader


async def _camera_settings(call: CommandCall) -> AllSettingsShown:
    """Show what stands at the cameras; asked for one, ask it."""
    settings = call.entry.runtime_data.settings
    if (named := call.msg.get("camera")) is not None:
        camera = call.entry.runtime_data.cameras.named(named)
        if camera is None:
            raise invalid("camera_unknown", camera=named[:100])
        known = show_known(call.hass, call.entry, camera)
        cameras = [await async_ask_camera(settings, camera, known)]
    else:
        cameras = sorted(
            (
                show_known(call.hass, call.entry, camera)
                for camera in call.entry.runtime_data.cameras.values()
            ),
            key=lambda shown: shown["name"],
        )
    return AllSettingsShown(may=may(call.actor, Permission.CHANGE_SETTING), cameras=cameras)


async def _settings_request(call: CommandCall) -> RequestShown:
    """Show what a request will do, to who made it."""
    settings = call.entry.runtime_data.settings
    return await show_request(
        call.hass, await settings.async_pending(call.actor, call.msg["token"])
    )


COMMANDS: Mapping[str, Command] = {
    "camera_settings": Command(
        answer=_camera_settings, door=reader, schema={probatio.Optional("camera"): str}
    ),
    # A request is shown to who made it and to nobody else.
    "settings_request": Command(
        answer=_settings_request, door=anybody, schema={probatio.Required("token"): str}
    ),
}
