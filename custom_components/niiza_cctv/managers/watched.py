"""Keeps what people watched of sealed clips over a restart, for whoever approves them."""

from collections.abc import Callable, Iterable
from typing import Final, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from ..const import DOMAIN
from ..lib.footage.watched import Reach, WatchedFootage
from ..lib.ledger.model import Json

_STORE_VERSION: Final = 1
_STORE_KEY: Final = f"{DOMAIN}.watched"
# A player tells every few seconds, a fragment is served as often.
_SAVE_AFTER: Final = 10.0


class WatchedStore(WatchedFootage):
    """What people watched, also over a restart."""

    def __init__(self, hass: HomeAssistant, monotonic: Callable[[], float]) -> None:
        """Make it; nothing is read yet."""
        super().__init__(monotonic)
        self._store: Store[list[Json]] = Store(hass, _STORE_VERSION, _STORE_KEY, private=True)
        self._unsaved = False

    async def async_load(self) -> None:
        """Take in what was kept."""
        self.restore(await self._store.async_load())

    @override
    def served(self, person: str, clip: str, reach: Reach) -> None:
        super().served(person, clip, reach)
        self._save()

    @override
    def told(self, person: str, clip: str, reaches: Iterable[Reach], speed: int) -> None:
        super().told(person, clip, reaches, speed)
        self._save()

    @override
    def forget(self, clips: Iterable[str]) -> None:
        super().forget(clips)
        self._save()

    async def async_close(self) -> None:
        """Keep what was not kept yet."""
        if self._unsaved:
            await self._store.async_save(self.as_json())

    def _save(self) -> None:
        self._unsaved = True
        self._store.async_delay_save(self.as_json, _SAVE_AFTER)


async def async_remove_watched(hass: HomeAssistant) -> None:
    """Forget everything: the section is gone."""
    store: Store[list[Json]] = Store(hass, _STORE_VERSION, _STORE_KEY)
    await store.async_remove()
