"""What the page of the checks asks for over the websocket.

`niiza_cctv/checks` → `Checks`: every check that this person sees, and which of them they may record.

`niiza_cctv/check_history` {"check": id} → `{"history": [RecordShown…]}`: what was found, the newest first.

Both are for people with a role, tablets included; a tablet is shown what can be confirmed on it, and no photo.
Anybody else is refused, recorded.
"""

from collections.abc import Mapping
from functools import partial

import probatio

from ..lib.access.errors import NotAllowed
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission, check_person
from ..lib.checks.access import may_see
from ..lib.checks.errors import CheckUnknown
from ..managers.evidence import Evidence
from ..responses.checks import Checks, HistoryResponse, show_checks, show_record
from ..views.base import async_record_refusal
from ..views.check_photos import async_photo_link
from .base import Command, CommandCall


async def _reader(evidence: Evidence, actor: Actor) -> None:
    """Let through who may see checks."""
    try:
        check_person(actor, Permission.SEE_CHECKS)
    except NotAllowed as err:
        await async_record_refusal(evidence, actor, Permission.SEE_CHECKS, "section", err.key)
        raise


async def _checks(call: CommandCall) -> Checks:
    """Show every check."""
    link = partial(async_photo_link, call.hass)
    return show_checks(call.hass, call.evidence.checks, call.actor, link)


async def _history(call: CommandCall) -> HistoryResponse:
    """Show what was found so far."""
    book, named = call.evidence.checks, call.msg["check"]
    if not may_see(call.actor, book.check(named)):
        raise CheckUnknown("check_unknown", {"check": named})
    link = partial(async_photo_link, call.hass)
    return HistoryResponse(
        history=[show_record(call.actor, record, link) for record in await book.history(named)]
    )


COMMANDS: Mapping[str, Command] = {
    "checks": Command(answer=_checks, door=_reader),
    "check_history": Command(
        answer=_history, door=_reader, schema={probatio.Required("check"): str}
    ),
}
