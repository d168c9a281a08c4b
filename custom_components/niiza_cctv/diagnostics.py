"""Diagnostics that may be published: what a camera said and what follows, and nothing that leads to it."""

from collections import Counter
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

from .const import (
    CONF_ADDRESS_ID,
    CONF_ADDRESS_PASSWORD,
    CONF_DB_URL,
    CONF_FINGERPRINT,
    CONF_MACS,
    CONF_MAIL_RECIPIENT,
    CONF_NOTIFY,
    CONF_SERIAL,
    CONF_USER,
    DOMAIN,
    OPTION_MAIL,
    ROLES,
)
from .coordinator import CameraCoordinator
from .entry_data import mail_options
from .lib.checks.model import Check
from .lib.ledger.errors import LedgerError
from .managers.mail import HeartbeatMail
from .runtime import NiizaConfigEntry, NiizaRuntime

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
        CONF_ADDRESS_ID,
        CONF_ADDRESS_PASSWORD,
        CONF_MAIL_RECIPIENT,
        CONF_NOTIFY,
        CONF_USER,
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
    """Return diagnostics for the section with all that it owns."""
    section = entry.runtime_data
    result: dict[str, Any] = _redacted(
        {
            "version": entry.version,
            # How many hold a role, but not who.
            "data": {
                key: len(value) if key in ROLES else value for key, value in entry.data.items()
            },
            "options": _options(entry.options),
            "objects": Counter(each.kind for each in section.cameras.assets()),
            "checks": _checks(entry),
            "mail": _mail(section.mail),
            # Of no camera that is known, too: one that was removed and goes on reporting.
            "locked_out": len(section.addresses.lock_outs),
            "cameras": [_camera(section, camera) for camera in section.cameras.values()],
        },
        _secrets(entry),
    )
    return result


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: NiizaConfigEntry, device: DeviceEntry
) -> dict[str, Any]:
    """Return diagnostics for one camera or tablet."""
    result: dict[str, Any] = _redacted(
        {
            "checks": _checks(entry, lambda check: (DOMAIN, check.asset.id) in device.identifiers),
            "cameras": [
                _camera(entry.runtime_data, camera)
                for camera in entry.runtime_data.cameras.values()
                if (DOMAIN, camera.unique_id) in device.identifiers
            ],
        },
        # One camera's answer may name another's address.
        _secrets(entry),
    )
    return result


def _camera(section: NiizaRuntime, coordinator: CameraCoordinator) -> dict[str, Any]:
    """Describe one camera."""
    refused = coordinator.jumps.refused
    return {
        "title": coordinator.subentry.title,
        "data": dict(coordinator.subentry.data),
        "policy": coordinator.policy,
        "status": coordinator.data,
        "heartbeat": coordinator.heartbeat,
        "alive": coordinator.alive_verdict,
        "quirks": {
            quirk: {"count": met.count, "last": met.last, "meaning": quirk.meaning}
            for quirk, met in coordinator.quirks.counts().items()
        },
        # That another passage needs another session there, which takes seconds; null where jumps are tried.
        "jump_within_session_refused": refused and {"how": refused.failure, "since": refused.since},
        "reported": section.addresses.reported.get(coordinator.unique_id),
        # Since when each is; their addresses are hidden by their shape.
        "locked_out": [
            {"source": one.source, "since": one.since}
            for one in section.addresses.lock_outs
            if coordinator.unique_id in one.cameras
        ],
    }


def _mail(mail: HeartbeatMail) -> dict[str, Any]:
    """Tell whether mails are received, and how many of what were not taken since."""
    receiver = mail.receiver
    return {
        "receiving": receiver is not None,
        "refused": {} if receiver is None else dict(+receiver.refused),
    }


def _options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options with the number of networks in their place: which there are is the office's business."""
    shown = dict(options)
    if mail := shown.get(OPTION_MAIL):
        shown[OPTION_MAIL] = {**mail, "networks": len(mail.get("networks", ()))}
    return shown


def _checks(
    entry: NiizaConfigEntry, wanted: Callable[[Check], bool] = lambda _check: True
) -> dict[str, dict[str, int]] | None:
    """Count the checks of each kind by how they stand; None while the ledger cannot be read."""
    counts: dict[str, Counter[str]] = {}
    try:
        checks = entry.runtime_data.evidence.checks.checks()
    except LedgerError:
        return None
    for check in filter(wanted, checks):
        state = "failed" if check.failed else "due" if check.due else "confirmed"
        counts.setdefault(check.kind.key, Counter())[state] += 1
    return {key: dict(count) for key, count in counts.items()}


def _secrets(entry: NiizaConfigEntry) -> Callable[[str], str]:
    """Return what hides every secret of the section in a text, also inside words and URLs."""
    mail = mail_options(entry.options)
    known = {mail.username, mail.password}
    for subentry in entry.subentries.values():
        data = subentry.data
        known |= {subentry.unique_id or "", subentry.subentry_id}
        known |= {data.get(key) or "" for key in SECRET_KEYS - {CONF_MACS}}
        known |= set(data.get(CONF_MACS, ()))
    for coordinator in entry.runtime_data.cameras.values():
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
