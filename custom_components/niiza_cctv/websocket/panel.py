"""What the panel asks for over the websocket, beside the actions.

`niiza_cctv/info` → `Info` below: who is asking, what a case of each kind needs, the cameras, the ledger.

`niiza_cctv/subscribe` → result `null`, then events `{"type": "changed"}` whenever a case, the progress of a
retrieval (at most once a second) or the ledger's head changes. An event carries nothing: the panel asks
again by the actions `list_cases` and `get_case`, which check the person anew.

A tablet is told that the page of the checks is there for it, and no word of a case. Anybody else is refused, recorded.
"""

from collections.abc import Mapping
from datetime import datetime

from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later

from ..const import SIGNAL_CHANGED
from ..responses.panel import Info, show_info
from .base import Command, CommandCall, guest

# A panel that is told more often than this cannot keep up, and nobody can read it.
_TOLD_EVERY = 1.0


async def _info(call: CommandCall) -> Info:
    """Tell the panel what it shows before anything else."""
    return await show_info(call.hass, call.entry, call.actor)


async def _subscribe(call: CommandCall) -> None:
    """Tell the panel whenever it has something to ask again."""
    msg_id = call.msg["id"]
    call.connection.subscriptions[msg_id] = _Teller(call.hass, call.connection, msg_id).stop


class _Teller:
    """Tells one panel of changes: the first at once, those of the following second together."""

    def __init__(self, hass: HomeAssistant, connection: ActiveConnection, msg_id: int) -> None:
        """Begin to listen; a section that is loaded anew is listened to as well."""
        self._hass = hass
        self._connection = connection
        self._msg_id = msg_id
        self._changed = False
        self._stop_listening = async_dispatcher_connect(hass, SIGNAL_CHANGED, self._on_change)
        self._stop_waiting: CALLBACK_TYPE | None = None

    @callback
    def stop(self) -> None:
        """End it."""
        self._stop_listening()
        if self._stop_waiting is not None:
            self._stop_waiting()

    @callback
    def _on_change(self) -> None:
        """Tell, or remember that there is something to tell."""
        if self._stop_waiting is not None:
            self._changed = True
            return
        self._stop_waiting = async_call_later(self._hass, _TOLD_EVERY, self._on_time)
        self._connection.send_event(self._msg_id, {"type": "changed"})

    @callback
    def _on_time(self, _now: datetime) -> None:
        """Tell what came meanwhile."""
        self._stop_waiting = None
        if self._changed:
            self._changed = False
            self._on_change()


COMMANDS: Mapping[str, Command] = {
    "info": Command(answer=_info, door=guest),
    "subscribe": Command(answer=_subscribe, door=guest),
}
