"""Happenings that automations may listen to, on the event bus and as event entities; whoever brings one about announces it."""

from enum import StrEnum
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_send

from ..const import DOMAIN
from ..lib.checks.model import Asset, AssetKind

EVENT: Final = f"{DOMAIN}_event"
SIGNAL_ALERT: Final = f"{DOMAIN}_alert"


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
    LEDGER_BROKEN = "ledger_broken"
    SETTING_CHANGED = "setting_changed"
    SETTING_TO_BE_PUT_BACK = "setting_to_be_put_back"


# What can happen to each kind of object; an event entity offers no more than that.
_CHECKED = (AlertKind.CHECK_DUE, AlertKind.CHECK_PASSED, AlertKind.CHECK_FAILED)
_OF_SECTION = (
    AlertKind.CASE_WAITING,
    AlertKind.FOOTAGE_AT_RISK,
    AlertKind.CLIP_FAILED,
    AlertKind.LEDGER_BROKEN,
)
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
