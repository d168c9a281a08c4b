"""What the page of acceptance tests asks for over the websocket.

`niiza_cctv/acceptance` {"camera", "language"?} → the last report, and how far a test is.
`niiza_cctv/acceptance_start` {"camera", "language"?} begins one, `niiza_cctv/acceptance_cancel` {} calls it off.
`niiza_cctv/acceptance_answers` {"camera"} → the camera's answers without names and numbers, to be read and saved.
"""

from collections.abc import Mapping

from homeassistant.helpers.typing import VolDictType
import probatio

from ..coordinator import CameraCoordinator
from ..errors import invalid
from ..lib.access.permissions import Permission, may
from ..responses.acceptance import (
    LANGUAGES,
    AcceptanceShown,
    BundleShown,
    RunningShown,
    show_acceptance,
    show_bundle,
    show_running,
)
from .base import Command, CommandCall, anybody

_LANGUAGE: VolDictType = {probatio.Optional("language"): probatio.In([*LANGUAGES])}


async def _camera(call: CommandCall) -> CameraCoordinator:
    """Return the camera that is meant, for who may test it."""
    runtime = call.entry.runtime_data
    camera = runtime.cameras.named(named := call.msg["camera"])
    await runtime.acceptance.async_check(call.actor, None if camera is None else camera.unique_id)
    if camera is None:
        raise invalid("camera_unknown", camera=named[:100])
    return camera


async def _show(call: CommandCall) -> AcceptanceShown:
    """Show the last report of a camera, and what runs."""
    camera = await _camera(call)
    return await show_acceptance(
        call.hass,
        call.entry.runtime_data.acceptance,
        camera.unique_id,
        camera.name,
        may=may(call.actor, Permission.TEST_CAMERA),
        language=call.msg.get("language"),
    )


async def _start(call: CommandCall) -> RunningShown:
    """Begin a test; how far it is tells `acceptance`."""
    camera = await _camera(call)
    running = await call.entry.runtime_data.acceptance.async_start(call.actor, camera)
    return await show_running(call.hass, running, call.msg.get("language"))


async def _cancel(call: CommandCall) -> None:
    """Call the test off; what was found so far is kept."""
    await call.entry.runtime_data.acceptance.async_cancel(call.actor)


async def _answers(call: CommandCall) -> BundleShown:
    """Give the answers of the last test, without names and numbers."""
    camera = await _camera(call)
    return show_bundle(await call.entry.runtime_data.acceptance.async_bundle(call.actor, camera))


COMMANDS: Mapping[str, Command] = {
    # Each answer finds out itself whether this person may.
    "acceptance": Command(
        answer=_show, door=anybody, schema={probatio.Required("camera"): str, **_LANGUAGE}
    ),
    "acceptance_start": Command(
        answer=_start, door=anybody, schema={probatio.Required("camera"): str, **_LANGUAGE}
    ),
    "acceptance_cancel": Command(answer=_cancel, door=anybody),
    "acceptance_answers": Command(
        answer=_answers, door=anybody, schema={probatio.Required("camera"): str}
    ),
}
