"""What cameras show, announced as it changes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from ..cameras import Cameras
from ..const import DOMAIN
from ..coordinator import CameraCoordinator
from ..errors import error_key
from ..lib.device.judge import audio_violation, clock_problem, retention_problem, sd_problem
from .events import AlertKind, async_announce

_STORE_VERSION: Final = 1
_STORE_KEY: Final = f"{DOMAIN}.alerts"
# Seconds; what a crash within them loses is told once more.
_SAVE_AFTER: Final = 2.0

type AlertData = dict[str, str | int | bool | None]


@dataclass(frozen=True, kw_only=True)
class _Watched:
    """One judgement on a camera: True is trouble, None is not known."""

    trouble: Callable[[CameraCoordinator], bool | None]
    begins: AlertKind
    ends: AlertKind
    data: Callable[[CameraCoordinator], AlertData]


def _dead(camera: CameraCoordinator) -> bool | None:
    alive = camera.alive_verdict.alive
    return None if alive is None else not alive


def _why_dead(camera: CameraCoordinator) -> AlertData:
    error = camera.data.error
    return {
        "failed": ",".join(camera.alive_verdict.failed),
        "trouble": None if error is None else error_key(error),
    }


def _sd(camera: CameraCoordinator) -> AlertData:
    sd = camera.data.sd
    return {} if sd is None else {"status": sd.status.value, "evidence": sd.evidence.value}


def _audio(camera: CameraCoordinator) -> AlertData:
    audio = camera.data.audio
    return {
        "places": "" if audio is None else ",".join(sorted(audio.found)),
        "allowed": camera.policy.audio_allowed,
    }


def _retention(camera: CameraCoordinator) -> AlertData:
    retention = camera.data.retention
    return {
        "status": None if retention is None or retention.status is None else retention.status.value,
        "days": None if retention is None else retention.days,
        "standard_days": camera.policy.retention_days,
    }


def _clock(camera: CameraCoordinator) -> AlertData:
    clock = camera.data.clock
    return {
        "offset_seconds": None if clock is None else round(clock.offset.total_seconds()),
        "tolerance_seconds": round(camera.policy.clock_tolerance.total_seconds()),
    }


_WATCHED: Final[dict[str, _Watched]] = {
    "alive": _Watched(
        trouble=_dead,
        begins=AlertKind.CAMERA_DIED,
        ends=AlertKind.CAMERA_RECOVERED,
        data=_why_dead,
    ),
    "sd": _Watched(
        trouble=lambda camera: sd_problem(camera.data.sd),
        begins=AlertKind.SD_FAULT,
        ends=AlertKind.SD_RECOVERED,
        data=_sd,
    ),
    "audio": _Watched(
        trouble=lambda camera: audio_violation(camera.data.audio, camera.policy),
        begins=AlertKind.AUDIO_FOUND,
        ends=AlertKind.AUDIO_GONE,
        data=_audio,
    ),
    "retention": _Watched(
        trouble=lambda camera: retention_problem(camera.data.retention),
        begins=AlertKind.RETENTION_OUT_OF_BOUNDS,
        ends=AlertKind.RETENTION_WITHIN,
        data=_retention,
    ),
    "clock": _Watched(
        trouble=lambda camera: clock_problem(camera.data.clock, camera.policy),
        begins=AlertKind.CLOCK_OFF,
        ends=AlertKind.CLOCK_RIGHT,
        data=_clock,
    ),
}


class Alerts:
    """Announces what the cameras of a section show, each change once.

    A change is judged against what was known last, also before a restart: not known in between is no news, and
    trouble that was told before is not told again. Where nothing was ever known, trouble is told and the rest is not.
    """

    def __init__(self, hass: HomeAssistant, cameras: Cameras) -> None:
        """Make it; nothing is watched yet."""
        self._hass = hass
        self._cameras = cameras
        self._store: Store[dict[str, dict[str, bool]]] = Store(hass, _STORE_VERSION, _STORE_KEY)
        # Whether there was trouble, by camera and judgement.
        self._known: dict[str, dict[str, bool]] = {}
        self._loaded = self._closed = False

    async def async_start(self) -> None:
        """Watch the cameras that are or become the section's."""
        self._known = await self._store.async_load() or {}
        self._loaded = True
        self._cameras.async_for_each_camera(self._watch)

    async def async_close(self) -> None:
        """Announce nothing more, and keep what is known."""
        self._closed = True
        if self._loaded:
            await self._store.async_save(self._to_store())

    def trouble(self, camera: str, key: str) -> bool | None:
        """Return what was known last of a judgement on a camera, also before a restart."""
        return self._known.get(camera, {}).get(key)

    @callback
    def async_follow_entry(self) -> None:
        """Forget the cameras that left: one that is added again is a new one."""
        self._known = self._to_store()

    @callback
    def _watch(self, camera: CameraCoordinator) -> None:
        # Ends with the coordinator, which is the section's own.
        camera.async_add_listener(partial(self._look, camera))

    @callback
    def _look(self, camera: CameraCoordinator) -> None:
        """Announce what changed on a camera."""
        if self._closed:
            return
        known = self._known.get(camera.unique_id, {})
        news: dict[str, bool] = {}
        for key, watched in _WATCHED.items():
            trouble = watched.trouble(camera)
            if trouble is None or trouble == known.get(key):
                continue
            news[key] = trouble
            if trouble or key in known:
                async_announce(
                    self._hass,
                    watched.begins if trouble else watched.ends,
                    asset=camera.asset,
                    **watched.data(camera),
                )
        if news:
            self._known[camera.unique_id] = known | news
            self._store.async_delay_save(self._to_store, _SAVE_AFTER)

    @callback
    def _to_store(self) -> dict[str, dict[str, bool]]:
        """Return what is known of the cameras that are still the section's."""
        theirs = {each.id for each in self._cameras.assets()}
        return {camera: known for camera, known in self._known.items() if camera in theirs}


async def async_remove_alerts(hass: HomeAssistant) -> None:
    """Forget what was known of a section that is gone."""
    store: Store[dict[str, Any]] = Store(hass, _STORE_VERSION, _STORE_KEY)
    await store.async_remove()
