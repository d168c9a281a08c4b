"""How a panel reads and saves the track that a clip is masked by; what is drawn goes over no bus and into no ledger.

`niiza_cctv/mask_track` {"item"} → `MaskTrackShown`: of a clip the draft, of a masked clip the track that it was made by.

`niiza_cctv/save_mask_track` {"clip", "track", "based_on"} → `MaskTrackSaved`: the draft in the place of the one whose
SHA-256 is `based_on` (null: of none), so that nobody writes over what somebody else drew meanwhile.

`niiza_cctv/mask_view` {"clip"} → `MaskViewShown`: the pictures of a clip, or of the passage that a masked clip was made of.

The schemas let everything through to our own checks: what Home Assistant refuses by one, it logs.
"""

from collections.abc import Mapping

from homeassistant.helpers.typing import VolDictType
import probatio

from ..lib.access.errors import FieldsInvalid
from ..lib.footage.masking.errors import MaskProblem
from ..responses.masking import MaskTrackSaved, MaskTrackShown, MaskViewShown, show_track, show_view
from ..views.passages import async_look
from .base import Command, CommandCall, anybody, reader


async def _mask_track(call: CommandCall) -> MaskTrackShown:
    """Show the track of a clip, or of a masked clip."""
    item = call.msg.get("item")
    if not isinstance(item, str):
        raise FieldsInvalid(MaskProblem.FORM.value)
    return show_track(await call.entry.runtime_data.masking.async_drawn(call.actor, item))


async def _mask_view(call: CommandCall) -> MaskViewShown:
    """Open the pictures of a clip, or of what a masked clip was made of."""
    item = call.msg.get("clip")
    if not isinstance(item, str):
        raise FieldsInvalid(MaskProblem.FORM.value)
    look = await async_look(call.hass, call.entry, call.connection.user.id, item)
    return show_view(look.path, look.stills, look.stretches)


async def _save_mask_track(call: CommandCall) -> MaskTrackSaved:
    """Keep what somebody drew, if they may."""
    clip, based_on = call.msg.get("clip"), call.msg.get("based_on")
    if not isinstance(clip, str) or not isinstance(based_on, str | None):
        raise FieldsInvalid(MaskProblem.FORM.value)
    draft = await call.entry.runtime_data.masking.async_save_draft(
        call.actor, clip, call.msg.get("track"), based_on
    )
    return MaskTrackSaved(sha256=draft.tracks.sha256)


_ANYTHING: VolDictType = {probatio.Optional(str): object}
COMMANDS: Mapping[str, Command] = {
    "mask_track": Command(answer=_mask_track, door=reader, schema=_ANYTHING),
    # Who may see the case, the answer itself finds out.
    "mask_view": Command(answer=_mask_view, door=anybody, schema=_ANYTHING),
    # Who may, the step itself says.
    "save_mask_track": Command(answer=_save_mask_track, door=anybody, schema=_ANYTHING),
}
