"""Happenings that automations may listen to, on the event bus and as event entities.

What cameras show is watched here. Whatever else happens is announced by whoever brings it about.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.storage import Store

from ..cameras import Cameras
from ..const import DOMAIN
from ..coordinator import CameraCoordinator
from ..errors import error_key
from ..lib.checks.model import Asset, AssetKind
from ..lib.device.judge import audio_violation, clock_problem, retention_problem, sd_problem

EVENT: Final = f"{DOMAIN}_event"
SIGNAL_ALERT: Final = f"{DOMAIN}_alert"

_STORE_VERSION: Final = 1
_STORE_KEY: Final = f"{DOMAIN}.alerts"
# Seconds; what a crash within them loses is told once more.
_SAVE_AFTER: Final = 2.0

type AlertData = dict[str, str | int | bool | None]


class AlertKind(StrEnum):
    """What happened; docs/alerts.md lists the data of each."""

    CAMERA_DIED = "camera_died"
    CAMERA_RECOVERED = "camera_recovered"
    SD_FAULT = "sd_fault"
    SD_RECOVERED = "sd_recovered"
    AUDIO_FOUND = "audio_found"
    AUDIO_GONE = "audio_gone"
    RETENTION_OUT_OF_BOUNDS = "retention_out_of_bounds"
    RETENTION_WITHIN = "retention_within"
    CLOCK_OFF = "clock_off"
    CLOCK_RIGHT = "clock_right"
    MAIL_SILENT = "mail_silent"
    MAIL_BACK = "mail_back"
    CARD_ERROR_MAIL = "card_error_mail"
    ADDRESS_CHANGED = "address_changed"
    ADDRESS_REFUSED = "address_refused"
    CHECK_DUE = "check_due"
    CHECK_PASSED = "check_passed"
    CHECK_FAILED = "check_failed"
    CASE_WAITING = "case_waiting"
    FOOTAGE_AT_RISK = "footage_at_risk"
    CLIP_FAILED = "clip_failed"
    SETTING_CHANGED = "setting_changed"
    SETTING_TO_BE_PUT_BACK = "setting_to_be_put_back"


# What can happen to each kind of object; an event entity offers no more than that.
_CHECKED = (AlertKind.CHECK_DUE, AlertKind.CHECK_PASSED, AlertKind.CHECK_FAILED)
_OF_SECTION = (AlertKind.CASE_WAITING, AlertKind.FOOTAGE_AT_RISK, AlertKind.CLIP_FAILED)
ALERTS_OF: Final[dict[AssetKind, tuple[AlertKind, ...]]] = {
    AssetKind.SECTION: (*_OF_SECTION, *_CHECKED),
    AssetKind.CAMERA: tuple(kind for kind in AlertKind if kind not in _OF_SECTION),
    AssetKind.OFFLINE_CAMERA: _CHECKED,
    AssetKind.TABLET: _CHECKED,
}


@callback
def async_announce(
    hass: HomeAssistant,
    kind: AlertKind,
    *,
    asset: Asset | None = None,
    **data: str | int | bool | None,
) -> None:
    """Tell automations and event entities what happened, to the section itself or to one of its objects."""
    # There is one section only.
    entry = next(iter(hass.config_entries.async_entries(DOMAIN)), None)
    asset = asset or Asset(
        kind=AssetKind.SECTION, id="section", name="" if entry is None else entry.title
    )
    device = (
        None
        if entry is None
        else dr.async_get(hass).async_get_device_by_identifier((DOMAIN, asset.id), entry.entry_id)
    )
    event = {
        "type": str(kind),
        "object": asset.id,
        "object_kind": str(asset.kind),
        "name": asset.name,
        "device_id": None if device is None else device.id,
        **data,
    }
    hass.bus.async_fire(EVENT, event)
    async_dispatcher_send(hass, SIGNAL_ALERT, event)


# --- What cameras show --------------------------------------------------------------------------------------------


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
