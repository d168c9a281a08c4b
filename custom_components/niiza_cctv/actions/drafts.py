"""How an action gets at the texts of its step: by the id of a draft, which is used up when the step was taken."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from homeassistant.helpers.typing import VolDictType
import probatio

from ..lib.access.permissions import Permission
from .base import ActionCall
from .fields import DRAFT

# Whether anything has to be written is for the step to say, with the names of what is missing.
DRAFT_ID: VolDictType = {probatio.Optional("draft_id"): DRAFT}


@asynccontextmanager
async def draft_of(
    call: ActionCall, step: Permission, case_id: str | None = None
) -> AsyncIterator[Mapping[str, str]]:
    """Give the texts that a call's draft holds, none where it names none, while the step is taken.

    What fails leaves the draft for another try. Raises CaseError, on the record where somebody is not allowed.
    """
    drafts = call.entry.runtime_data.drafts
    async with drafts.async_used(
        call.evidence, call.actor, step, call.data.get("draft_id"), case_id
    ) as texts:
        yield texts
