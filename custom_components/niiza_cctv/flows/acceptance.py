"""Beginning a camera's acceptance test from its form, for whoever sits before it."""

from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers.http import current_request

from ..errors import error_key
from ..lib.access.errors import CaseError
from ..lib.ledger.errors import LedgerError
from ..managers.acceptance import RunningTest
from ..runtime import NiizaConfigEntry


async def async_begin_test(entry: NiizaConfigEntry, camera_id: str | None) -> RunningTest | str:
    """Begin a test, or return the key of the message that says why not."""
    if entry.state is not ConfigEntryState.LOADED:
        return "unreachable"
    section = entry.runtime_data
    request = current_request.get()
    user = None if request is None else request.get(KEY_HASS_USER)
    camera = next((one for one in section.cameras.values() if one.unique_id == camera_id), None)
    try:
        actor = await section.evidence.async_actor(None if user is None else user.id, direct=True)
        await section.acceptance.async_check(actor, camera_id)
        return (
            "camera_unknown"
            if camera is None
            else await section.acceptance.async_start(actor, camera)
        )
    except (CaseError, LedgerError) as err:
        return error_key(err)
