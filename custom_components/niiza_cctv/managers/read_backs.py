"""What came of reading each card back last, kept over restarts: "nobody knows" would be less than is known."""

from functools import partial
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from ..cameras import Cameras
from ..const import DOMAIN, LOGGER
from ..coordinator import CameraCoordinator
from ..lib.device.model import ReadBack

_STORE_VERSION: Final = 1
_STORE_KEY: Final = f"{DOMAIN}.read_backs"
# Seconds; a sample that a crash within them loses is taken again soon after the start.
_SAVE_AFTER: Final = 10.0


class ReadBacksKept:
    """Keeps the last read-back of each camera."""

    def __init__(self, hass: HomeAssistant, *, cameras: Cameras) -> None:
        """Make it; nothing is known yet."""
        self._cameras = cameras
        self._store: Store[dict[str, dict[str, Any]]] = Store(hass, _STORE_VERSION, _STORE_KEY)
        self._last: dict[str, ReadBack] = {}
        self._changed = False

    async def async_start(self) -> None:
        """Take up what was known, before there are cameras; what cannot be read is not known."""
        kept = await self._store.async_load() or {}
        for each in self._cameras.assets():
            try:
                self._last[each.id] = ReadBack.from_json(kept[each.id])
            except KeyError:
                continue
            except (TypeError, ValueError) as err:
                LOGGER.debug("The last read-back of %s is not readable: %s", each.id, err)
        self._cameras.read_back_of = self._last.get
        self._cameras.async_for_each_camera(self._follow)
        self._cameras.async_on_removed(self._forget)

    async def async_close(self) -> None:
        """Keep what is known."""
        if self._changed:
            self._changed = False
            await self._store.async_save(self._to_store())

    @callback
    def _follow(self, camera: CameraCoordinator) -> None:
        # Ends with the coordinator, which is the section's own.
        camera.async_add_listener(partial(self._look, camera))

    @callback
    def _look(self, camera: CameraCoordinator) -> None:
        last = camera.data.read_back
        if last is not None and last != self._last.get(camera.unique_id):
            self._last[camera.unique_id] = last
            self._changed = True
            self._store.async_delay_save(self._to_store, _SAVE_AFTER)

    @callback
    def _forget(self, camera: CameraCoordinator) -> None:
        """Forget a camera that left: one that is added again is a new one."""
        if self._last.pop(camera.unique_id, None) is not None:
            self._changed = True

    @callback
    def _to_store(self) -> dict[str, dict[str, Any]]:
        return {camera: last.as_json() for camera, last in self._last.items()}


async def async_remove_read_backs(hass: HomeAssistant) -> None:
    """Forget what was known of a section that is gone."""
    store: Store[dict[str, Any]] = Store(hass, _STORE_VERSION, _STORE_KEY)
    await store.async_remove()
