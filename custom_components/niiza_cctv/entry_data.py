"""What the section's config entry and its subentries hold, as values; work that ends with the entry."""

import asyncio
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any, cast

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
from homeassistant.helpers import instance_id
from homeassistant.util import slugify

from .const import (
    CONF_AUDIO_ALLOWED,
    CONF_CLOCK_TOLERANCE,
    CONF_DIGEST_ONLY,
    CONF_FINGERPRINT,
    CONF_MAX_HEIGHT,
    CONF_RETENTION_DAYS,
    CONF_RETENTION_TOLERANCE,
    DOMAIN,
    OPTION_ADDRESS,
    OPTION_MAIL,
)
from .lib.device.model import CameraAddress, Credential, DigestMemory
from .lib.device.policy import SectionPolicy
from .lib.ledger.store import Ledger


def policy_of(data: Mapping[str, Any]) -> SectionPolicy:
    """Return the policy kept in the section's config entry."""
    return SectionPolicy(
        retention_days=data[CONF_RETENTION_DAYS],
        retention_tolerance_days=data[CONF_RETENTION_TOLERANCE],
        audio_allowed=data[CONF_AUDIO_ALLOWED],
        clock_tolerance=timedelta(seconds=data[CONF_CLOCK_TOLERANCE]),
        max_everyday_height=data[CONF_MAX_HEIGHT],
    )


@dataclass(frozen=True, kw_only=True)
class EvidenceSettings:
    """Footage that is taken out, and what is recorded of it (data of the entry)."""

    # Empty: SQLite in the configuration folder.
    db_url: str = ""
    keep_days: int = 30
    # How long what is over lies in the bin before it is removed.
    bin_days: int = 7
    quota_gb: float = 50
    # Empty: `.cache` of the configuration folder, which Home Assistant leaves out of its backups.
    evidence_folder: str = ""
    approve_by_button: bool = False
    # Whether the papers of a package count years as 令和 does.
    japanese_era: bool = False


@dataclass(frozen=True, kw_only=True)
class MailOptions:
    """How the mails of cameras are received (options of the entry)."""

    enabled: bool = False
    port: int = 2525
    # Empty: this machine and private networks.
    networks: list[str] = field(default_factory=list)
    username: str = ""
    # As `lib/inbound/passwords.py` writes it.
    password: str = ""
    starttls: str = "off"
    # Intervals without a mail.
    silent_after: float = 3
    # Empty: those of `lib/inbound/patterns.py`.
    error_patterns: list[str] = field(default_factory=list)
    recovery_patterns: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class AddressOptions:
    """How cameras may report their address (options of the entry)."""

    enabled: bool = False
    # 0: none beside Home Assistant's own.
    port: int = 0


@dataclass(frozen=True, kw_only=True)
class CameraReports:
    """What a camera reports by itself (data of its subentry)."""

    # Empty: made from the unique id.
    mail_recipient: str = ""
    # Minutes; 0: learnt.
    mail_interval: int = 0
    # Empty: its reports are not taken.
    address_id: str = ""
    # As `lib/inbound/passwords.py` writes it.
    address_password: str = ""


def _values(kind: Any, kept: Mapping[str, Any]) -> Any:
    """Return what is kept as a value of this kind; earlier versions kept less."""
    return kind(**{one.name: kept[one.name] for one in fields(kind) if one.name in kept})


def evidence_settings(data: Mapping[str, Any]) -> EvidenceSettings:
    """Return the section's settings for footage that is taken out."""
    return cast("EvidenceSettings", _values(EvidenceSettings, data))


async def async_ledger(hass: HomeAssistant, data: Mapping[str, Any]) -> Ledger:
    """Return the section's ledger, which is not opened.

    Its chain has the name of the Home Assistant that began it. That name may be lost or change, by a damaged disk or by a
    person: in the configuration folder nobody else's chain can lie, so the one there goes on. A server is shared by others,
    whose chains are not ours to take. Raises LedgerError when the database's address cannot be understood.
    """
    url = evidence_settings(data).db_url
    return Ledger(
        url or f"sqlite:///{hass.config.path(f'{DOMAIN}.db')}",
        await instance_id.async_get(hass),
        alone=not url,
    )


def mail_options(options: Mapping[str, Any]) -> MailOptions:
    """Return the section's options for mails."""
    return cast("MailOptions", _values(MailOptions, options.get(OPTION_MAIL, {})))


def address_options(options: Mapping[str, Any]) -> AddressOptions:
    """Return the section's options for address reports."""
    return cast("AddressOptions", _values(AddressOptions, options.get(OPTION_ADDRESS, {})))


def camera_reports(data: Mapping[str, Any]) -> CameraReports:
    """Return what the camera of a subentry reports."""
    return cast("CameraReports", _values(CameraReports, data))


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
    return camera_reports(data).mail_recipient or slugify(unique_id)


# What ends may take to say good-bye to a camera, and again after that was cut short (seconds).
ENDING = 1.0


async def async_end_tasks(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """End tasks within two seconds, whatever they wait for.

    A cancellation that meets a time-out of the request under way can be lost in it, and a good-bye can meet a camera
    that is silent: it is said again.
    """
    running = {task for task in tasks if not task.done()}
    for _ in range(2):
        for task in running:
            task.cancel()
        if running:
            _, running = await asyncio.wait(running, timeout=ENDING)


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
