"""Sealing a clip with what its camera has given: when somebody may decide that."""

from contextlib import suppress
from dataclasses import dataclass

from ..access.errors import CaseError, WrongState
from ..access.permissions import Permission
from . import rules
from .model import Case, CaseClip, ClipState


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetch:
    """How the retrieval of a clip stands."""

    # Something of the passage is there.
    came: bool
    # Nothing more has come for longer than a camera needs, or the camera is the section's no more.
    stalled: bool
    # How long that is, in minutes.
    minutes: int


def check_seal_early(case: Case, clip: CaseClip, fetch: Fetch) -> None:
    """Raise WrongState unless the clip may be sealed with what there is of it."""
    rules.check_state(case, Permission.SEAL_EARLY)
    if clip.state is not ClipState.REQUESTED or clip.cut_short is not None:
        raise WrongState("clip_not_pending", {"clip": clip.id})
    if not fetch.stalled:
        raise WrongState("clip_still_comes", {"clip": clip.id, "minutes": str(fetch.minutes)})
    if not fetch.came:
        raise WrongState("clip_nothing_came", {"clip": clip.id})


def may_seal_early(case: Case, clip: CaseClip, fetch: Fetch) -> bool:
    """Return whether the clip may be sealed with what there is of it now."""
    with suppress(CaseError):
        check_seal_early(case, clip, fetch)
        return True
    return False
