"""What the section's config entry and its subentries hold, as values; work that ends with the entry."""

import asyncio
from collections.abc import Coroutine, Mapping
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import slugify

from .const import (
    CONF_AUDIO_ALLOWED,
    CONF_CLOCK_TOLERANCE,
    CONF_DIGEST_ONLY,
    CONF_FINGERPRINT,
    CONF_MAIL_RECIPIENT,
    CONF_MAX_HEIGHT,
    CONF_RETENTION_DAYS,
    CONF_RETENTION_TOLERANCE,
    DOMAIN,
    EVIDENCE_DEFAULTS,
)
from .lib.device.model import CameraAddress, Credential, DigestMemory
from .lib.device.policy import SectionPolicy


def policy_of(data: Mapping[str, Any]) -> SectionPolicy:
    """Return the policy kept in the section's config entry."""
    return SectionPolicy(
        retention_days=data[CONF_RETENTION_DAYS],
        retention_tolerance_days=data[CONF_RETENTION_TOLERANCE],
        audio_allowed=data[CONF_AUDIO_ALLOWED],
        clock_tolerance=timedelta(seconds=data[CONF_CLOCK_TOLERANCE]),
        max_everyday_height=data[CONF_MAX_HEIGHT],
    )


def evidence_settings(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the section's settings for footage that is taken out; entries of earlier versions have none."""
    return {key: data.get(key, default) for key, default in EVIDENCE_DEFAULTS.items()}


def address_of(data: Mapping[str, Any]) -> CameraAddress:
    """Return where the camera of a subentry is reached."""
    return CameraAddress(
        # IPv6 may have been typed as it stands in addresses.
        host=data[CONF_HOST].strip("[]"),
        port=data[CONF_PORT],
        tls=data[CONF_SSL],
        verify_tls=data[CONF_VERIFY_SSL],
        fingerprint=data.get(CONF_FINGERPRINT),
    )


def credential_of(data: Mapping[str, Any]) -> Credential:
    """Return the viewing user of a subentry's camera."""
    return Credential(
        username=data[CONF_USERNAME],
        password=data[CONF_PASSWORD],
        digests=DigestMemory(taken=bool(data.get(CONF_DIGEST_ONLY))),
    )


def mail_recipient(unique_id: str | None, data: Mapping[str, Any]) -> str:
    """Return the local part of the address that a camera's mails go to: what is set, or made from its unique id."""
    return str(data.get(CONF_MAIL_RECIPIENT) or slugify(unique_id))


@callback
def async_spawn[T](
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    work: Coroutine[Any, Any, T],
    name: str,
    *,
    eager: bool = True,
) -> asyncio.Task[T]:
    """Run in the background of the section, until its entry is unloaded; `eager`: up to the first wait at once."""
    return entry.async_create_background_task(hass, work, f"{DOMAIN} {name}", eager_start=eager)
