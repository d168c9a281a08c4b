"""The actions of checks: recording what somebody found, and listing what there is to look at."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, cast

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    service as service_helper,
)
from homeassistant.helpers.typing import VolDictType
from homeassistant.util.hass_dict import HassKey
import probatio

from ..const import DOMAIN, LOGGER
from ..errors import translated
from ..lib.access.errors import CaseError
from ..lib.checks.model import Check, Photo, Result
from ..lib.checks.photo import MAX_STORED, PhotoInvalid, keep_photo, photo_path
from ..lib.footage.vault import VaultFull
from ..lib.ledger.errors import LedgerError
from ..managers.evidence import Evidence
from ..paths import check_path
from ..people import is_direct_call
from ..responses.cases import show_time, time_or_none
from ..runtime import NiizaConfigEntry
from ..texts import check_label

# Shrinking a picture takes memory: one at a time, whoever sends how many.
_SHRINKING: HassKey[asyncio.Lock] = HassKey(f"{DOMAIN}_photos")


class CheckListed(TypedDict):
    """A check as automations see it; it names no person and shows no note and no photo."""

    check: str
    kind: str
    name: str
    object: str
    object_kind: str
    object_name: str
    device_id: str | None
    due: bool
    due_at: str | None
    due_since: str | None
    failed: bool
    last_confirmed: str | None
    # Where the panel shows it.
    path: str


def photo_folder(evidence: Evidence) -> Path:
    """Return where the pictures of checks lie, beside the folders of the cases."""
    return evidence.vault.root / "checks"


def list_check(hass: HomeAssistant, entry: NiizaConfigEntry, check: Check) -> CheckListed:
    """Show a check to an automation."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, check.asset.id), entry.entry_id
    )
    return CheckListed(
        check=check.id,
        kind=check.kind.key,
        name=check_label(hass, check.kind.key, check.kind.name),
        object=check.asset.id,
        object_kind=check.asset.kind.value,
        object_name=check.asset.name,
        device_id=None if device is None else device.id,
        due=check.due,
        due_at=time_or_none(check.due_at),
        due_since=time_or_none(check.due_since),
        failed=check.failed,
        last_confirmed=None if check.passed is None else show_time(check.passed.at),
        path=check_path(check.id),
    )


async def _list_checks(
    hass: HomeAssistant, entry: NiizaConfigEntry, call: ServiceCall
) -> ServiceResponse:
    """List what the section looks at; its entities tell everybody the same."""
    checks = [
        list_check(hass, entry, check)
        for check in entry.runtime_data.evidence.checks.checks()
        if check.kind.key in call.data.get("kind", (check.kind.key,))
        and check.due == call.data.get("due", check.due)
    ]
    return cast("ServiceResponse", {"checks": checks})


async def _record_check(
    hass: HomeAssistant, entry: NiizaConfigEntry, call: ServiceCall
) -> ServiceResponse:
    """Record what the person who calls this found."""
    evidence = entry.runtime_data.evidence
    checks = evidence.checks
    actor = await evidence.async_actor(call.context.user_id, direct=is_direct_call(call))
    named = call.data["check"]
    # Before anything that was sent is looked at.
    await checks.check_may(actor, named)
    photo = None
    if (file_id := call.data.get("photo")) is not None:
        photo = await _async_keep_photo(hass, evidence, file_id)
    try:
        check = await checks.record(
            actor,
            named,
            Result(call.data["result"]),
            note=call.data["note"],
            photo=photo,
            fields={key: call.data[key] for key in _FIELDS if call.data.get(key)},
        )
    except CaseError:
        # Otherwise (the database may have taken what it did not answer to) it stays.
        if photo is not None:
            path = photo_path(photo_folder(evidence), photo.name)
            await hass.async_add_executor_job(path.unlink, True)
        raise
    return cast("ServiceResponse", list_check(hass, entry, check))


async def _async_keep_photo(hass: HomeAssistant, evidence: Evidence, file_id: str) -> Photo:
    """Keep a picture that was uploaded; the upload is gone afterwards. Raises translated errors."""

    def keep() -> Photo:
        evidence.vault.check_room(MAX_STORED)
        with process_uploaded_file(hass, file_id) as upload:
            return keep_photo(upload, photo_folder(evidence))

    try:
        async with hass.data.setdefault(_SHRINKING, asyncio.Lock()):
            return await hass.async_add_executor_job(keep)
    except PhotoInvalid:
        raise
    except ValueError as err:
        raise PhotoInvalid("photo_missing") from err
    except VaultFull as err:
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key="no_room") from err
    except OSError as err:
        LOGGER.error("Photo of a check cannot be kept: %s", err.strerror)
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="not_written",
            translation_placeholders={"reason": err.strerror or ""},
        ) from err


@dataclass(frozen=True, kw_only=True)
class CheckAction:
    """One action of checks."""

    answer: Callable[[HomeAssistant, NiizaConfigEntry, ServiceCall], Awaitable[ServiceResponse]]
    schema: VolDictType
    supports_response: SupportsResponse


_FIELDS = ("card_number", "spare_cards")
CHECK_ACTIONS: Mapping[str, CheckAction] = {
    "record_check": CheckAction(
        answer=_record_check,
        schema={
            probatio.Required("check"): cv.string,
            probatio.Required("result"): probatio.In([result.value for result in Result]),
            probatio.Optional("note", default=""): cv.string,
            probatio.Optional("photo"): cv.string,
            **{probatio.Optional(field): cv.string for field in _FIELDS},
        },
        supports_response=SupportsResponse.OPTIONAL,
    ),
    "list_checks": CheckAction(
        answer=_list_checks,
        schema={
            probatio.Optional("kind"): probatio.All(cv.ensure_list, [cv.string]),
            probatio.Optional("due"): cv.boolean,
        },
        supports_response=SupportsResponse.ONLY,
    ),
}


@callback
def async_setup_check_actions(hass: HomeAssistant) -> None:
    """Register the actions, whether the section is loaded or not."""

    async def answer(call: ServiceCall) -> ServiceResponse:
        entry: NiizaConfigEntry = service_helper.async_get_config_entry(hass, DOMAIN, None)
        try:
            response = await CHECK_ACTIONS[call.service].answer(hass, entry, call)
        except (CaseError, LedgerError) as err:
            raise translated(err) from err
        return response if call.return_response else None

    for name, action in CHECK_ACTIONS.items():
        hass.services.async_register(
            DOMAIN,
            name,
            answer,
            schema=probatio.Schema(action.schema),
            supports_response=action.supports_response,
        )
