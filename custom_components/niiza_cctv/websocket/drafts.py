"""How a panel hands over what a person wrote, before it calls the action that takes the step.

`niiza_cctv/save_draft` {"step", "fields"} → `DraftSaved`: the texts of one step, for who sends them. `step` is the
permission of the step (`DRAFTED` in lib/cases/drafts.py has each with its fields).

`niiza_cctv/discard_draft` {"draft_id"} → `null`: it is not wanted any more.

The schemas let everything through to our own checks: what Home Assistant refuses by one, it logs, value and all.
"""

from collections.abc import Mapping

from homeassistant.helpers.typing import VolDictType
import probatio

from ..lib.access.errors import FieldsInvalid
from ..lib.access.permissions import check_person
from ..lib.cases.drafts import LIFETIME, drafted_step
from ..responses.drafts import DraftSaved
from .base import Command, CommandCall, anybody


async def _save_draft(call: CommandCall) -> DraftSaved:
    """Keep what somebody wrote, if they may take such a step at all."""
    step, texts = call.msg.get("step"), call.msg.get("fields")
    if not isinstance(step, str) or not isinstance(texts, dict):
        raise FieldsInvalid("draft_invalid")
    permission = drafted_step(step)
    await call.evidence.cases.check(call.actor, permission)
    draft = call.entry.runtime_data.drafts.async_save(
        check_person(call.actor, permission),
        permission,
        texts,
        session=call.connection.refresh_token_id,
    )
    return DraftSaved(draft_id=draft.id, seconds=int(LIFETIME.total_seconds()))


async def _discard_draft(call: CommandCall) -> None:
    """Forget what somebody wrote."""
    draft_id = call.msg.get("draft_id")
    if isinstance(draft_id, str):
        call.entry.runtime_data.drafts.discard(call.connection.user.id, draft_id)


_ANYTHING: VolDictType = {probatio.Optional(str): object}
# Who may, follows from the step.
COMMANDS: Mapping[str, Command] = {
    "save_draft": Command(answer=_save_draft, door=anybody, schema=_ANYTHING),
    "discard_draft": Command(answer=_discard_draft, door=anybody, schema=_ANYTHING),
}
