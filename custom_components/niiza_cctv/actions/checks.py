"""The actions of checks: recording what somebody found, and listing what there is to look at."""

import asyncio
from collections.abc import Mapping

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.core import HomeAssistant, ServiceResponse, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util.hass_dict import HassKey
import probatio

from ..const import DOMAIN, LOGGER
from ..errors import failed, translated
from ..lib.access.errors import CaseError
from ..lib.access.permissions import Permission
from ..lib.checks.model import Photo, Result
from ..lib.checks.photo import MAX_STORED, PhotoInvalid, keep_photo, photo_path
from ..lib.footage.vault import VaultFull
from ..managers.evidence import Evidence, photo_folder
from ..responses.checks import ChecksListed, list_check
from .base import Action, ActionCall, as_response
from .drafts import DRAFT_ID, draft_of
from .fields import CHECK, CHECK_KIND, UPLOAD

# Shrinking a picture takes memory: one at a time, whoever sends how many.
_SHRINKING: HassKey[asyncio.Lock] = HassKey(f"{DOMAIN}_photos")


async def _list_checks(call: ActionCall) -> ServiceResponse:
    """List what the section looks at; its entities tell everybody the same."""
    listed = [
        list_check(call.hass, call.entry, check)
        for check in call.evidence.checks.checks()
        if check.kind.key in call.data.get("kind", (check.kind.key,))
        and check.due == call.data.get("due", check.due)
    ]
    return as_response(ChecksListed(checks=listed))


async def _record_check(call: ActionCall) -> ServiceResponse:
    """Record what the person who calls this found."""
    evidence, named = call.evidence, call.data["check"]
    # Before anything that was sent is looked at.
    await evidence.checks.check_may(call.actor, named)
    async with draft_of(call, Permission.RECORD_CHECK) as texts:
        photo = None
        if (file_id := call.data.get("photo")) is not None:
            photo = await _async_keep_photo(call.hass, evidence, file_id)
        try:
            check = await evidence.checks.record(
                call.actor,
                named,
                Result(call.data["result"]),
                note=texts.get("note", ""),
                photo=photo,
                fields={name: text for name, text in texts.items() if text and name != "note"},
            )
        except CaseError:
            # Otherwise (the database may have taken what it did not answer to) it stays.
            if photo is not None:
                path = photo_path(photo_folder(evidence), photo.name)
                await call.hass.async_add_executor_job(path.unlink, True)
            raise
    return as_response(list_check(call.hass, call.entry, check))


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
        raise translated(err) from err
    except OSError as err:
        LOGGER.error("Photo of a check cannot be kept: %s", err.strerror)
        raise failed("not_written", reason=err.strerror or "") from err


CHECK_ACTIONS: Mapping[str, Action] = {
    "record_check": Action(
        answer=_record_check,
        schema={
            probatio.Required("check"): CHECK,
            probatio.Required("result"): probatio.In([result.value for result in Result]),
            probatio.Optional("photo"): UPLOAD,
            **DRAFT_ID,
        },
        step=Permission.RECORD_CHECK,
    ),
    "list_checks": Action(
        answer=_list_checks,
        schema={
            probatio.Optional("kind"): probatio.All(cv.ensure_list, [CHECK_KIND]),
            probatio.Optional("due"): cv.boolean,
        },
        response=SupportsResponse.ONLY,
    ),
}
