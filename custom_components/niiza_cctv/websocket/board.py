"""What the dashboard's cards ask for over the websocket.

`niiza_cctv/board` → result `null`, then events `BoardShown`: the whole board at once, then what changed, at most once a
second. `state` says "not_loaded" while the section is not, "removed" where there is none, "refused" once this person may
see nothing any more; the subscription goes on over a reload of the section, and ends with "refused".

For people with a role, tablets included, who are shown no case. Anybody else is refused, recorded.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers.area_registry import EVENT_AREA_REGISTRY_UPDATED
from homeassistant.helpers.device_registry import EVENT_DEVICE_REGISTRY_UPDATED
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_registry import EVENT_ENTITY_REGISTRY_UPDATED
from homeassistant.helpers.event import async_call_later

from ..const import DOMAIN, SIGNAL_BOARD, SIGNAL_CHANGED
from ..lib.access.errors import NotAllowed
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission, check_person, may
from ..managers.evidence import Evidence
from ..responses.board import Board, BoardCamera, BoardSection, BoardShown
from ..runtime import loaded_entry
from ..views.base import async_record_refusal
from .base import Command, CommandCall

# Nobody can read more than this, and a hundred cameras change all the time.
_TOLD_EVERY: Final = 1.0
_REGISTRIES: Final = (
    EVENT_AREA_REGISTRY_UPDATED,
    EVENT_DEVICE_REGISTRY_UPDATED,
    EVENT_ENTITY_REGISTRY_UPDATED,
)


async def _watcher(evidence: Evidence, actor: Actor) -> None:
    """Let through who may see how the cameras stand."""
    try:
        check_person(actor, Permission.SEE_BOARD)
    except NotAllowed as err:
        await async_record_refusal(evidence, actor, Permission.SEE_BOARD, "section", err.key)
        raise


async def _board(call: CommandCall) -> None:
    """Show the board, now and whenever it changes."""
    msg_id = call.msg["id"]
    teller = _Teller(call.hass, call.connection, msg_id)
    call.connection.subscriptions[msg_id] = teller.stop
    teller.start()


class _Teller:
    """Tells one dashboard how the cameras stand: first all of it, then what changed."""

    def __init__(self, hass: HomeAssistant, connection: ActiveConnection, msg_id: int) -> None:
        """Make it; nothing is told yet."""
        self._hass = hass
        self._connection = connection
        self._msg_id = msg_id
        self._told: dict[str, BoardCamera] = {}
        self._section: BoardSection | None = None
        self._state = ""
        self._changed = self._busy = False
        self._unsubscribe: list[CALLBACK_TYPE] = []
        self._stop_waiting: CALLBACK_TYPE | None = None

    @callback
    def start(self) -> None:
        """Begin to listen, also to a section that is loaded anew, and tell."""
        connect, hass = async_dispatcher_connect, self._hass
        self._unsubscribe = [
            connect(hass, SIGNAL_BOARD, self._on_change),
            connect(hass, SIGNAL_CHANGED, self._on_change),
            connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._on_entry),
            *(hass.bus.async_listen(event, self._on_registry) for event in _REGISTRIES),
        ]
        self._on_change()

    @callback
    def stop(self) -> None:
        """End it."""
        while self._unsubscribe:
            self._unsubscribe.pop()()
        if self._stop_waiting is not None:
            self._stop_waiting()
            self._stop_waiting = None

    @callback
    def _on_entry(self, _change: ConfigEntryChange, entry: ConfigEntry[Any]) -> None:
        if entry.domain == DOMAIN:
            self._on_change()

    @callback
    def _on_registry(self, _event: Event[Any]) -> None:
        self._on_change()

    @callback
    def _on_change(self) -> None:
        """Tell, or remember that there is something to tell."""
        if self._busy or self._stop_waiting is not None:
            self._changed = True
            return
        self._busy, self._changed = True, False
        # Not at once: the first answer to the subscription is its result.
        self._hass.async_create_task(self._async_tell(), f"{DOMAIN} board", eager_start=False)

    @callback
    def _on_time(self, _now: datetime) -> None:
        """Tell what came meanwhile."""
        self._stop_waiting = None
        if self._changed:
            self._on_change()

    async def _async_tell(self) -> None:
        """Send what changed, and nothing for a second."""
        try:
            board = await self._async_look()
        finally:
            self._busy = False
        if not self._unsubscribe:
            return
        if board is not None:
            self._connection.send_event(self._msg_id, board)
        if self._state == "refused":
            # Whoever lost their role is told once, and hears nothing more.
            self.stop()
            return
        self._stop_waiting = async_call_later(self._hass, _TOLD_EVERY, self._on_time)

    async def _async_look(self) -> BoardShown | None:
        """Return what is to be told; None where it is what was told last."""
        if (entry := loaded_entry(self._hass)) is None:
            there = self._hass.config_entries.async_entries(DOMAIN)
            return self._tell_state("not_loaded" if there else "removed")
        user = self._connection.user
        actor = await entry.runtime_data.evidence.async_actor(user.id, direct=True)
        if not may(actor, Permission.SEE_BOARD):
            return self._tell_state("refused")
        section, cameras = Board(self._hass, entry, actor, admin=user.is_admin).show()
        new = [one for one in cameras if self._told.get(one["id"]) != one]
        ids = [one["id"] for one in cameras]
        same = self._state == "loaded" and section == self._section and ids == [*self._told]
        self._state, self._section = "loaded", section
        self._told = {one["id"]: one for one in cameras}
        if same and not new:
            return None
        return BoardShown(state="loaded", section=section, cameras=new, ids=ids)

    def _tell_state(self, state: str) -> BoardShown | None:
        if state == self._state:
            return None
        self._state, self._section, self._told = state, None, {}
        return BoardShown(state=state, section=None, cameras=[], ids=[])


COMMANDS: Mapping[str, Command] = {"board": Command(answer=_board, door=_watcher)}
