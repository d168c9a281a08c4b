"""What an action is: one entry of a table, registered in one place."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from homeassistant.const import EVENT_CALL_SERVICE
from homeassistant.core import (
    Event,
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers.typing import VolDictType
import probatio

from ..cameras import Cameras
from ..const import DOMAIN
from ..errors import translated_errors
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission
from ..lib.footage.clip_model import ClipFile
from ..managers.evidence import Evidence
from ..people import is_direct_call
from ..responses.cases import LinkResponse, show_link
from ..runtime import NiizaConfigEntry, needed_entry
from ..views.download import async_offer
from .fields import DataSchema


@dataclass(frozen=True, kw_only=True)
class ActionCall:
    """A call of an action: by whom, with what."""

    hass: HomeAssistant
    entry: NiizaConfigEntry
    actor: Actor
    # Somebody of whom nothing is known any more has an id, too; an automation has none.
    user_id: str | None
    # Of the action.
    name: str
    data: Mapping[str, Any]

    @property
    def evidence(self) -> Evidence:
        """Return what the section has taken out."""
        return self.entry.runtime_data.evidence

    @property
    def cameras(self) -> Cameras:
        """Return the section's cameras."""
        return self.entry.runtime_data.cameras


@dataclass(frozen=True, kw_only=True)
class Action:
    """One action: what it does, what it takes, how it answers."""

    answer: Callable[[ActionCall], Awaitable[ServiceResponse]]
    # Of `actions/fields.py`: whatever it lets pass, Home Assistant keeps.
    schema: VolDictType
    # The step that a draft may be written for.
    step: Permission | None = None
    response: SupportsResponse = SupportsResponse.OPTIONAL


def as_response(shown: Mapping[str, Any]) -> ServiceResponse:
    """Return an answer as Home Assistant passes it on."""
    return cast("ServiceResponse", shown)


@callback
def async_offer_file(
    call: ActionCall,
    path: Path,
    file: ClipFile,
    subject: str,
    serve: Callable[[Evidence, Actor], Awaitable[object]],
    *,
    served: Callable[[Evidence, Actor], Awaitable[object]] | None = None,
    temporary: bool = False,
) -> LinkResponse:
    """Offer a file to the person who asked for it."""
    # Whoever got here was let through by the book of cases, which lets nobody through without a person.
    assert call.actor.person is not None
    link, expires = async_offer(
        call.hass,
        user_id=call.actor.person.id,
        path=path,
        file=file,
        subject=subject,
        serve=serve,
        served=served,
        temporary=temporary,
    )
    return show_link(link, expires, file)


@callback
def async_register_actions(hass: HomeAssistant, actions: Mapping[str, Action]) -> None:
    """Register the actions, whether the section is loaded or not."""

    @callback
    def keep_origin(_event: Event) -> None:
        """Do nothing: Home Assistant notes the origin of a context only where somebody listens."""

    hass.bus.async_listen(EVENT_CALL_SERVICE, keep_origin)

    async def answer(call: ServiceCall) -> ServiceResponse:
        entry = needed_entry(hass)
        with translated_errors():
            user_id = call.context.user_id
            asked = ActionCall(
                hass=hass,
                entry=entry,
                actor=await entry.runtime_data.evidence.async_actor(
                    user_id, direct=is_direct_call(call)
                ),
                user_id=user_id,
                name=call.service,
                data=call.data,
            )
            response = await actions[call.service].answer(asked)
        return response if call.return_response else None

    for name, action in actions.items():
        hass.services.async_register(
            DOMAIN,
            name,
            answer,
            schema=probatio.Schema(DataSchema(hass, action.schema, action.step)),
            supports_response=action.response,
        )
