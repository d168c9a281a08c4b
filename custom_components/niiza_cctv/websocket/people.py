"""What the page of the people asks for over the websocket.

`niiza_cctv/people` → `PeopleResponse`: who is named for which role, who waits for a second person, and whether who asks
may be it. For whoever holds a role and is no tablet, and for Home Assistant's owner; anybody else is refused, recorded.
"""

from collections.abc import Mapping

from ..lib.access.model import Actor
from ..lib.access.permissions import Permission
from ..managers.evidence import Evidence
from ..responses.people import PeopleResponse, show_people
from .base import Command, CommandCall


async def _member(evidence: Evidence, actor: Actor) -> None:
    """Let through who may see who may."""
    await evidence.cases.check(actor, Permission.SEE_APPOINTMENTS)


async def _people(call: CommandCall) -> PeopleResponse:
    """Show who is named for which role."""
    return await show_people(call.hass, call.entry, call.actor)


COMMANDS: Mapping[str, Command] = {"people": Command(answer=_people, door=_member)}
