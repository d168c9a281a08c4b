"""What a command of the panel is: one entry of a table, with the door that it stands behind."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.const import ERR_HOME_ASSISTANT_ERROR
from homeassistant.components.websocket_api.decorators import async_response, websocket_command
from homeassistant.components.websocket_api.messages import error_message
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.typing import VolDictType
import probatio

from ..const import DOMAIN
from ..errors import translated_errors
from ..lib.access.model import Actor, Role
from ..lib.access.permissions import Permission, may
from ..managers.evidence import Evidence
from ..runtime import NiizaConfigEntry, needed_entry

# Lets somebody through, or raises CaseError, on the record.
type Door = Callable[[Evidence, Actor], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class CommandCall:
    """A command: by whom, with what."""

    hass: HomeAssistant
    entry: NiizaConfigEntry
    actor: Actor
    connection: ActiveConnection
    msg: Mapping[str, Any]

    @property
    def evidence(self) -> Evidence:
        """Return what the section has taken out."""
        return self.entry.runtime_data.evidence


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command: for whom it is, what it takes, what it answers."""

    answer: Callable[[CommandCall], Awaitable[Mapping[str, Any] | None]]
    door: Door
    schema: VolDictType = field(default_factory=dict)


async def reader(evidence: Evidence, actor: Actor) -> None:
    """Let through who may read cases."""
    await evidence.cases.check(actor, Permission.SEE_CASES)


async def guest(evidence: Evidence, actor: Actor) -> None:
    """Let through anybody for whom any page is there."""
    if is_tablet(actor) and may(actor, Permission.SEE_CHECKS):
        return
    if actor.owner and not may(actor, Permission.SEE_CASES) and evidence.record.waits():
        # Home Assistant's owner has the one page on which that is decided.
        await evidence.cases.check(actor, Permission.SEE_APPOINTMENTS)
        return
    await reader(evidence, actor)


async def anybody(_evidence: Evidence, _actor: Actor) -> None:
    """Let everybody through: the answer itself finds out whether they may."""


def is_tablet(actor: Actor) -> bool:
    """Return whether this is a tablet that lies on a table, whatever other roles it was given."""
    return Role.TABLET in actor.roles


@callback
def async_register_commands(hass: HomeAssistant, commands: Mapping[str, Command]) -> None:
    """Register the commands, whether the section is loaded or not."""
    for name, command in commands.items():
        async_register_command(hass, _handler(name, command))


def _handler(name: str, command: Command) -> Any:
    """Return what Home Assistant calls for a command."""

    @websocket_command({probatio.Required("type"): f"{DOMAIN}/{name}", **command.schema})
    @async_response
    async def handle(
        hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
    ) -> None:
        try:
            entry = needed_entry(hass)
            with translated_errors():
                evidence = entry.runtime_data.evidence
                actor = await evidence.async_actor(connection.user.id, direct=True)
                await command.door(evidence, actor)
                answer = await command.answer(
                    CommandCall(hass=hass, entry=entry, actor=actor, connection=connection, msg=msg)
                )
        except ServiceValidationError as err:
            # An answer to whoever asked. Raised on, each would stand in Home Assistant's log as an error of its own.
            connection.send_message(
                error_message(
                    msg["id"],
                    ERR_HOME_ASSISTANT_ERROR,
                    str(err),
                    translation_domain=err.translation_domain,
                    translation_key=err.translation_key,
                    translation_placeholders=err.translation_placeholders,
                )
            )
            return
        connection.send_result(msg["id"], answer)

    return handle
