"""Diagnostics that may be published: what a camera said and what follows, and nothing that leads to it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
import re
from typing import Any

from homeassistant.components.diagnostics import REDACTED
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntry
from yarl import URL

from .const import CONF_DB_URL, CONF_FINGERPRINT, CONF_MACS, CONF_SERIAL, DOMAIN, ROLES
from .coordinator import CameraCoordinator, NiizaConfigEntry

# Hidden by name, whatever stands in them.
SECRET_KEYS = frozenset(
    {
        CONF_HOST,
        CONF_PASSWORD,
        CONF_USERNAME,
        CONF_DB_URL,
        CONF_FINGERPRINT,
        CONF_SERIAL,
        CONF_MACS,
        "unique_id",
        "subentry_id",
        "entry_id",
    }
)
# Hidden by shape, wherever they stand in a text: a camera writes its address into anything.
SECRET_SHAPES = re.compile(
    # What stands between "://" and the port or path of a URL, log-in included.
    r"(?<=://)(?:[^/\s@]*@)?(?:\[[0-9a-f:.]+\]|[^/\s:@?#]+)"
    r"|(?:\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b)"
    r"|(?:(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]))"
    r"|(?:(?<![0-9a-z:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![0-9a-z:]))"
    r"|(?:\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b)",
    re.IGNORECASE,
)


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: NiizaConfigEntry
) -> dict[str, Any]:
    """Return diagnostics for the section with all its cameras."""
    cameras = tuple(entry.runtime_data.cameras.values())
    result: dict[str, Any] = _redacted(
        {
            "version": entry.version,
            # How many hold a role, but not who.
            "data": {
                key: len(value) if key in ROLES else value for key, value in entry.data.items()
            },
            "cameras": [_camera(coordinator) for coordinator in cameras],
        },
        _secrets(cameras),
    )
    return result


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: NiizaConfigEntry, device: DeviceEntry
) -> dict[str, Any]:
    """Return diagnostics for one camera."""
    cameras = tuple(entry.runtime_data.cameras.values())
    result: dict[str, Any] = _redacted(
        {
            "cameras": [
                _camera(coordinator)
                for coordinator in cameras
                if (DOMAIN, coordinator.unique_id) in device.identifiers
            ]
        },
        # One camera's answer may name another's address.
        _secrets(cameras),
    )
    return result


def _camera(coordinator: CameraCoordinator) -> dict[str, Any]:
    """Describe one camera."""
    return {
        "title": coordinator.subentry.title,
        "data": dict(coordinator.subentry.data),
        "policy": coordinator.section.policy,
        "status": coordinator.data,
    }


def _secrets(cameras: tuple[CameraCoordinator, ...]) -> Callable[[str], str]:
    """Return what hides every secret of these cameras in a text, also inside words and URLs."""
    known: set[str] = set()
    for coordinator in cameras:
        data = coordinator.subentry.data
        known |= {coordinator.unique_id, coordinator.subentry.subentry_id, data[CONF_SERIAL]}
        known |= {data[CONF_HOST], data[CONF_USERNAME], data[CONF_PASSWORD], *data[CONF_MACS]}
        known.add(data.get(CONF_FINGERPRINT) or "")
        if (identity := coordinator.data.identity) is not None:
            known |= {identity.serial, *identity.macs}
    spellings = {spelling for secret in known if secret for spelling in _spellings(secret)}
    # The longest first, so that no part of one is left over by another.
    pattern = "|".join(map(_pattern, sorted(spellings, key=len, reverse=True)))
    compiled = re.compile(pattern, re.IGNORECASE) if pattern else None

    def hide(text: str) -> str:
        if compiled is not None:
            text = compiled.sub(REDACTED, text)
        return SECRET_SHAPES.sub(REDACTED, text)

    return hide


def _spellings(secret: str) -> Iterator[str]:
    """Yield the ways in which a secret may be written in an answer."""
    yield secret
    yield secret.replace(":", "").replace("-", "")
    # As in the user part of a URL.
    yield URL.build(scheme="rtsp", user=secret, host="h").raw_user or secret


def _pattern(secret: str) -> str:
    """Return where a secret is found: a short one only as a whole word, or half of every text would go."""
    escaped = re.escape(secret)
    return escaped if len(secret) > 3 else rf"(?<!\w){escaped}(?!\w)"


def _redacted(value: Any, hide: Callable[[str], str]) -> Any:
    """Return a value as JSON can carry it, with everything secret hidden."""
    match value:
        case None | bool() | int() | float():
            return value
        case Enum():
            return value.value
        case str():
            return hide(value)
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case Exception():
            return {"type": type(value).__name__, "message": hide(str(value))}
        case Mapping():
            return {
                hide(str(_redacted(key, hide))): REDACTED
                if key in SECRET_KEYS and item
                else _redacted(item, hide)
                for key, item in value.items()
            }
        case set() | frozenset():
            return sorted((_redacted(item, hide) for item in value), key=str)
        case list() | tuple():
            return [_redacted(item, hide) for item in value]
        case _ if is_dataclass(value):
            return _redacted(
                {field.name: getattr(value, field.name) for field in fields(value)}, hide
            )
        case _:
            # What is not known to be harmless is told by its kind only.
            return type(value).__name__
