"""How an action gets at the texts of its step: by the id of a draft, which is used up when the step was taken."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from homeassistant.helpers.typing import VolDictType
import probatio

from ..lib.access.errors import NotAllowed
from ..lib.access.permissions import Permission, check_person
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
    if (draft_id := call.data.get("draft_id")) is None:
        yield {}
        return
    drafts = call.entry.runtime_data.drafts
    try:
        # Whoever may not take the step anyway learns nothing of drafts.
        draft = drafts.take(check_person(call.actor, step).id, draft_id, step)
    except NotAllowed as err:
        subject = "section" if case_id is None else f"case/{case_id}"
        await call.evidence.cases.refuse(call.actor, step, subject, err.key)
        raise
    try:
        yield draft.texts
    except Exception:
        drafts.put_back(draft)
        raise
    finally:
        # Not put back: it was used, also where the caller went, whose step is finished all the same.
        if draft.in_use:
            drafts.done(draft)
