"""The actions about masked clips. The track itself comes over the websocket into a draft; an action names it by its hash."""

from collections.abc import Mapping
from types import MappingProxyType

from homeassistant.core import ServiceResponse, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType
import probatio

from ..errors import invalid
from ..lib.footage.masking.burn_in import Marking
from ..lib.footage.masking.errors import MaskProblem
from ..lib.footage.masking.fill import Fill, FillKind
from ..lib.footage.masking.track import Box
from ..responses.masking import show_preview, show_proposal
from ..views.passages import async_look
from .base import Action, ActionCall, as_response
from .cuts import moment, show
from .fields import CLIP, SHA256

_MARKINGS: Mapping[str, Marking | None] = MappingProxyType(
    {"none": None, "for_viewing": Marking.FOR_VIEWING, "copy": Marking.COPY}
)
# The longest clip that there can be, and more.
_MAX_SECONDS = 7 * 24 * 3600
_SECONDS = probatio.All(probatio.Coerce(float), probatio.Range(min=0, max=_MAX_SECONDS))
_SHARE = probatio.All(probatio.Coerce(float), probatio.Range(min=0, max=1))
_SECOND = 1_000_000
_FILL: VolDictType = {
    probatio.Optional("fill", default=FillKind.SOLID.value): probatio.In(
        [kind.value for kind in FillKind]
    ),
    probatio.Optional("plate_at"): _SECONDS,
}
# Of one answer.
_MAX_STILLS = 12


def _fill(call: ActionCall) -> Fill:
    """Return how what is hidden is to look."""
    kind, plate = FillKind(call.data["fill"]), call.data.get("plate_at")
    if (kind is FillKind.PICTURE) != (plate is not None):
        raise invalid("mask_plate_time")
    return Fill(kind, None if plate is None else round(plate * _SECOND))


async def _render_masked_clip(call: ActionCall) -> ServiceResponse:
    """Have a masked part of a clip rendered."""
    start, end = (moment(call, name) if name in call.data else None for name in ("start", "end"))
    mask = await call.entry.runtime_data.masking.async_render(
        call.actor,
        call.data["clip"],
        call.data["track_sha256"],
        span=(start, end),
        fill=_fill(call),
        marking=_MARKINGS[call.data["marking"]],
    )
    return show(call, call.evidence.cases.item(mask.id)[0].id)


async def _propose_track(call: ActionCall) -> ServiceResponse:
    """Answer where what is in a box seems to go."""
    at = round(call.data["at"] * _SECOND)
    proposal = await call.entry.runtime_data.masking.async_propose(
        call.actor,
        call.data["clip"],
        at,
        Box.of(*(call.data[side] for side in ("left", "top", "right", "bottom"))),
        at + round(call.data["seconds"] * _SECOND),
    )
    return as_response(show_proposal(proposal))


async def _preview_mask(call: ActionCall) -> ServiceResponse:
    """Answer where pictures are: as they are, and as the saved track will make them."""
    fill, sha256, times = _fill(call), call.data["track_sha256"], call.data["at"]
    look = await async_look(call.hass, call.entry, call.user_id, call.data["clip"])
    await call.entry.runtime_data.masking.async_drawn_as(look.clip.id, sha256)
    if max(times) * _SECOND > look.stills.end:
        raise invalid(MaskProblem.NO_PICTURES)
    return as_response(show_preview(look.path, times, sha256, fill))


MASK_ACTIONS: Mapping[str, Action] = {
    "render_masked_clip": Action(
        answer=_render_masked_clip,
        schema={
            probatio.Required("clip"): CLIP,
            probatio.Required("track_sha256"): SHA256,
            probatio.Optional("start"): cv.datetime,
            probatio.Optional("end"): cv.datetime,
            **_FILL,
            probatio.Optional("marking", default="none"): probatio.In([*_MARKINGS]),
        },
    ),
    "preview_mask": Action(
        answer=_preview_mask,
        schema={
            probatio.Required("clip"): CLIP,
            probatio.Required("track_sha256"): SHA256,
            probatio.Required("at"): probatio.All(
                cv.ensure_list, [_SECONDS], probatio.Length(min=1, max=_MAX_STILLS)
            ),
            **_FILL,
        },
        response=SupportsResponse.ONLY,
    ),
    "propose_track": Action(
        answer=_propose_track,
        schema={
            probatio.Required("clip"): CLIP,
            probatio.Required("at"): _SECONDS,
            probatio.Required("left"): _SHARE,
            probatio.Required("top"): _SHARE,
            probatio.Required("right"): _SHARE,
            probatio.Required("bottom"): _SHARE,
            probatio.Optional("seconds", default=10): probatio.All(
                probatio.Coerce(float), probatio.Range(min=0, max=10)
            ),
        },
        response=SupportsResponse.ONLY,
    ),
}
