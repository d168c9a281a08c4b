"""What is wrong with each camera, and since when: that survives a restart."""

from datetime import datetime
from functools import partial
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from ..cameras import Cameras
from ..const import DOMAIN, SIGNAL_BOARD
from ..coordinator import CameraCoordinator
from ..lib.device.faults import RANK, Facts, Fault, judge_faults
from .setting_issues import SettingIssues, administrator_unaccepted

_STORE_VERSION: Final = 1
_STORE_KEY: Final = f"{DOMAIN}.faults"
# Seconds; a fault that a crash within them loses began after it.
_SAVE_AFTER: Final = 2.0


class FaultsKept:
    """Keeps since when each camera has each fault.

    What is not known for a while, as after a restart, neither ends a fault nor begins it anew.
    """

    def __init__(
        self, hass: HomeAssistant, *, cameras: Cameras, setting_issues: SettingIssues
    ) -> None:
        """Make it; nothing is watched yet."""
        self._hass = hass
        self._cameras = cameras
        self._setting_issues = setting_issues
        self._store: Store[dict[str, dict[str, str]]] = Store(hass, _STORE_VERSION, _STORE_KEY)
        self._since: dict[str, dict[str, str]] = {}
        self._loaded = self._closed = False

    async def async_start(self) -> None:
        """Watch the cameras that are or become the section's."""
        self._since = await self._store.async_load() or {}
        self._loaded = True
        self._cameras.async_for_each_camera(self._watch)
        self._cameras.async_on_removed(lambda _camera: self._async_tell())

    async def async_close(self) -> None:
        """Watch nothing more, and keep what is known."""
        self._closed = True
        if self._loaded:
            await self._store.async_save(self._to_store())

    def of(self, camera: CameraCoordinator) -> list[tuple[Fault, datetime]]:
        """Return what is known to be wrong with a camera, each with its beginning, the worst first."""
        judged, since = self._judge(camera), self._since.get(camera.unique_id, {})
        now = dt_util.utcnow()
        return [
            (fault, dt_util.parse_datetime(since.get(fault, "")) or now)
            for fault in sorted(judged, key=RANK.__getitem__)
            if judged[fault]
        ]

    def _judge(self, camera: CameraCoordinator) -> dict[Fault, bool | None]:
        issues = self._setting_issues
        known = issues.is_read
        raised = issues.raised(camera.unique_id)
        overdue = raised is not None and raised.until <= dt_util.utcnow()
        return judge_faults(
            Facts(
                status=camera.data,
                alive=camera.alive_verdict,
                policy=camera.policy,
                raised=raised is not None if known else None,
                overdue=overdue if known else None,
                administrator=administrator_unaccepted(camera),
            )
        )

    @callback
    def _watch(self, camera: CameraCoordinator) -> None:
        # Ends with the coordinator, which is the section's own.
        camera.async_add_listener(partial(self._look, camera))
        self._look(camera)

    @callback
    def _look(self, camera: CameraCoordinator) -> None:
        """Note what began and what ended."""
        if self._closed:
            return
        known = self._since.get(camera.unique_id, {})
        since = dict(known)
        for fault, trouble in self._judge(camera).items():
            if trouble:
                since.setdefault(fault, dt_util.utcnow().isoformat())
            elif trouble is False:
                since.pop(fault, None)
        if since != known:
            self._since[camera.unique_id] = since
            self._store.async_delay_save(self._to_store, _SAVE_AFTER)
        self._async_tell()

    @callback
    def _async_tell(self) -> None:
        async_dispatcher_send(self._hass, SIGNAL_BOARD)

    @callback
    def _to_store(self) -> dict[str, dict[str, str]]:
        """Return what is known of the cameras that are still the section's."""
        theirs = {each.id for each in self._cameras.assets()}
        return {camera: since for camera, since in self._since.items() if camera in theirs}


async def async_remove_faults(hass: HomeAssistant) -> None:
    """Forget what was known of a section that is gone."""
    store: Store[dict[str, Any]] = Store(hass, _STORE_VERSION, _STORE_KEY)
    await store.async_remove()
