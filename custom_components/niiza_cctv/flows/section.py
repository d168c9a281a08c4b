"""The form of the section: policy, roles, and where the evidence lies."""

from collections.abc import Mapping
from dataclasses import asdict
import os
from pathlib import Path
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_NAME, UnitOfInformation, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers import instance_id
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import probatio
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from ..const import (
    CONF_APPROVE_BY_BUTTON,
    CONF_AUDIO_ALLOWED,
    CONF_BIN_DAYS,
    CONF_CLOCK_TOLERANCE,
    CONF_DB_URL,
    CONF_EVIDENCE_FOLDER,
    CONF_JAPANESE_ERA,
    CONF_KEEP_DAYS,
    CONF_MAX_HEIGHT,
    CONF_QUOTA,
    CONF_RETENTION_DAYS,
    CONF_RETENTION_TOLERANCE,
)
from ..entry_data import EvidenceSettings, evidence_settings
from ..lib.ledger.errors import LedgerError
from ..lib.ledger.store import Ledger
from ..people import async_listed, lacks_second_person
from .forms import async_roles_schema, int_field

SECTION_POLICY = "policy"
SECTION_ROLES = "roles"
SECTION_EVIDENCE = "evidence"
# What stands where a database's password is known and not shown.
_HIDDEN = "***"
_USUAL_HEIGHTS = ("360", "480", "720", "1080", "1440", "2160")
_HEIGHTS = range(120, 8641)
_POLICY_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_RETENTION_DAYS, default=14): int_field(1, 365, UnitOfTime.DAYS),
        probatio.Required(CONF_RETENTION_TOLERANCE, default=1): int_field(0, 30, UnitOfTime.DAYS),
        probatio.Required(CONF_AUDIO_ALLOWED, default=False): BooleanSelector(),
        probatio.Required(CONF_CLOCK_TOLERANCE, default=2): int_field(1, 3600, UnitOfTime.SECONDS),
        probatio.Required(CONF_MAX_HEIGHT, default="720"): SelectSelector(
            SelectSelectorConfig(
                options=list(_USUAL_HEIGHTS), custom_value=True, mode=SelectSelectorMode.DROPDOWN
            )
        ),
    }
)
_EVIDENCE: Final = EvidenceSettings()
_EVIDENCE_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_KEEP_DAYS, default=_EVIDENCE.keep_days): int_field(
            1, 365, UnitOfTime.DAYS
        ),
        probatio.Required(CONF_BIN_DAYS, default=_EVIDENCE.bin_days): int_field(
            1, 90, UnitOfTime.DAYS
        ),
        probatio.Required(CONF_QUOTA, default=_EVIDENCE.quota_gb): int_field(
            1, 100_000, UnitOfInformation.GIGABYTES
        ),
        probatio.Required(
            CONF_APPROVE_BY_BUTTON, default=_EVIDENCE.approve_by_button
        ): BooleanSelector(),
        probatio.Required(CONF_JAPANESE_ERA, default=_EVIDENCE.japanese_era): BooleanSelector(),
        probatio.Optional(CONF_EVIDENCE_FOLDER, default=_EVIDENCE.evidence_folder): TextSelector(),
        probatio.Optional(CONF_DB_URL, default=_EVIDENCE.db_url): TextSelector(),
    }
)


async def async_section_schema(hass: HomeAssistant) -> probatio.Schema:
    """Return the form of the section."""
    return probatio.Schema(
        {
            probatio.Required(CONF_NAME): TextSelector(),
            probatio.Required(SECTION_POLICY): section(_POLICY_SCHEMA),
            probatio.Required(SECTION_ROLES): section(await async_roles_schema(hass)),
            probatio.Required(SECTION_EVIDENCE): section(_EVIDENCE_SCHEMA, {"collapsed": True}),
        }
    )


async def async_section_errors(
    hass: HomeAssistant, user_input: Mapping[str, Any], data: Mapping[str, Any]
) -> dict[str, str]:
    """Return what is wrong with the form of the section."""
    height = user_input[SECTION_POLICY][CONF_MAX_HEIGHT]
    if not (height.isdecimal() and int(height) in _HEIGHTS):
        return {"base": "invalid_height"}
    # Empty lists are no mistake: nobody may yet, and a repair says so.
    if lacks_second_person(user_input[SECTION_ROLES]):
        return {"base": "two_people"}
    if folder := data[CONF_EVIDENCE_FOLDER]:
        error = await hass.async_add_executor_job(_folder_error, hass, Path(folder))
        if error is not None:
            return {"base": error}
    if data[CONF_DB_URL] and (error := await _database_error(hass, data[CONF_DB_URL])):
        return {"base": error}
    return {}


async def async_known_section(hass: HomeAssistant, entry: ConfigEntry[Any]) -> dict[str, Any]:
    """Return what the form of a section shows at first."""
    return {
        CONF_NAME: entry.title,
        SECTION_POLICY: entry.data | {CONF_MAX_HEIGHT: str(entry.data[CONF_MAX_HEIGHT])},
        SECTION_ROLES: await async_listed(hass, entry.data),
        SECTION_EVIDENCE: asdict(evidence_settings(entry.data))
        | {CONF_DB_URL: _without_password(entry.data.get(CONF_DB_URL, ""))},
    }


def section_data(user_input: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form as the config entry keeps it; a database's password that was not shown stays as it is."""
    height = user_input[SECTION_POLICY][CONF_MAX_HEIGHT]
    evidence = user_input[SECTION_EVIDENCE]
    return {
        **user_input[SECTION_POLICY],
        CONF_MAX_HEIGHT: int(height) if height.isdecimal() else height,
        **user_input[SECTION_ROLES],
        **evidence,
        CONF_EVIDENCE_FOLDER: evidence[CONF_EVIDENCE_FOLDER].strip(),
        CONF_DB_URL: _with_password(evidence[CONF_DB_URL].strip(), known.get(CONF_DB_URL, "")),
    }


def _without_password(url: str) -> str:
    """Return a database's address as it may go back to a browser."""
    return make_url(url).render_as_string(hide_password=True) if url else ""


def _with_password(url: str, known: str) -> str:
    """Return a typed address with the password that we know, if it still leads to the same server."""
    if not url or not known:
        return url
    old = make_url(known)
    try:
        new = make_url(url)
    except ArgumentError, ValueError:
        return url
    same = (new.host, new.port, new.username) == (old.host, old.port, old.username)
    if new.password != _HIDDEN or not same:
        return url
    return new.set(password=old.password).render_as_string(hide_password=False)


async def _database_error(hass: HomeAssistant, url: str) -> str | None:
    """Return what keeps the ledger from being written there; what it needs is made there."""
    try:
        ledger = Ledger(url, await instance_id.async_get(hass))
    except LedgerError:
        return "db_url_invalid"
    try:
        await ledger.open()
    except LedgerError:
        return "db_unreachable"
    finally:
        await ledger.close()
    return None


def _folder_error(hass: HomeAssistant, folder: Path) -> str | None:
    """Return what keeps footage from lying there, made and tried in a worker thread."""
    if not folder.is_absolute():
        return "folder_not_absolute"
    # Where a link leads to counts, not what it is called.
    folder = folder.resolve()
    config = Path(hass.config.config_dir).resolve()
    served = [config / "www", *(Path(media).resolve() for media in hass.config.media_dirs.values())]
    if any(folder.is_relative_to(place) for place in served):
        return "folder_served"
    if folder.is_relative_to(config) and not folder.is_relative_to(config / ".cache"):
        return "folder_in_backup"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return "folder_not_writable"
    return None if os.access(folder, os.W_OK | os.X_OK) else "folder_not_writable"
