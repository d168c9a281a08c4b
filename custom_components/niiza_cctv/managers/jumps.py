"""Which cameras do not jump within an open replay session, kept over restarts: finding out costs seconds."""

from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from ..cameras import Cameras
from ..const import DOMAIN, LOGGER
from ..lib.footage.jumps import NoJumps

_STORE_VERSION: Final = 1
_STORE_KEY: Final = f"{DOMAIN}.jumps"
# A camera that refuses is on the disk after so many seconds.
_SAVE_AFTER: Final = 10.0


class JumpsKept:
    """Keeps what was learnt of the cameras' jumps."""

    def __init__(self, hass: HomeAssistant, *, cameras: Cameras) -> None:
        """Make it; nothing is known yet."""
        self._cameras = cameras
        self._store: Store[dict[str, dict[str, str]]] = Store(hass, _STORE_VERSION, _STORE_KEY)
        self._changed = False

    async def async_start(self) -> None:
        """Take up what was known, before there are cameras; what cannot be read is learnt again."""
        kept = await self._store.async_load() or {}
        for each in self._cameras.assets():
            try:
                self._cameras.jumps(each.id).resume(NoJumps.from_json(kept[each.id]))
            except KeyError:
                continue
            except (TypeError, ValueError) as err:
                LOGGER.debug("What was known of the jumps of %s is not readable: %s", each.id, err)
        self._cameras.note_jumps = self._note

    async def async_close(self) -> None:
        """Keep what is known."""
        if self._changed:
            self._changed = False
            await self._store.async_save(self._to_store())

    @callback
    def _note(self) -> None:
        self._changed = True
        self._store.async_delay_save(self._to_store, _SAVE_AFTER)

    @callback
    def _to_store(self) -> dict[str, dict[str, str]]:
        return {
            each.id: refused.as_json()
            for each in self._cameras.assets()
            if (refused := self._cameras.jumps(each.id).refused) is not None
        }


async def async_remove_jumps(hass: HomeAssistant) -> None:
    """Forget what was known of a section that is gone."""
    store: Store[dict[str, Any]] = Store(hass, _STORE_VERSION, _STORE_KEY)
    await store.async_remove()
