"""The action that tests a camera: it answers with the report when the test has ended, after five minutes at most."""

from collections.abc import Mapping

from homeassistant.core import ServiceResponse
import probatio

from ..errors import invalid
from ..managers.acceptance import wait_for_end
from ..responses.acceptance import LANGUAGES, show_report
from .base import Action, ActionCall, as_response
from .fields import CAMERA


async def _test(call: ActionCall) -> ServiceResponse:
    """Test a camera and wait for the end of it."""
    tests = call.entry.runtime_data.acceptance
    camera = call.cameras.named(call.data["camera"])
    await tests.async_check(call.actor, None if camera is None else camera.unique_id)
    if camera is None:
        raise invalid("camera_unknown", camera=call.data["camera"])
    running = await tests.async_start(call.actor, camera)
    finished = await wait_for_end(running)
    return as_response(await show_report(call.hass, finished, call.data.get("language")))


ACCEPTANCE_ACTIONS: Mapping[str, Action] = {
    "test_camera": Action(
        answer=_test,
        schema={
            probatio.Required("camera"): CAMERA,
            probatio.Optional("language"): probatio.In([*LANGUAGES]),
        },
    ),
}
