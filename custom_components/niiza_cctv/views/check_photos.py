"""The photos of checks, for the people of the section only."""

from datetime import timedelta
import hashlib
from typing import Final

from aiohttp import web
from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView

from ..const import DOMAIN, LOGGER
from ..errors import error_key
from ..lib.access.errors import NotAllowed
from ..lib.access.permissions import Permission, check_person
from ..lib.checks.model import Photo
from ..lib.checks.photo import photo_path
from ..lib.ledger.errors import LedgerError
from ..managers.evidence import photo_folder
from ..runtime import loaded_entry
from .base import NO_STORE, async_record_refusal, async_refusal

# A page that is open longer asks again.
_LINK_TIME: Final = timedelta(minutes=15)


@callback
def async_photo_link(hass: HomeAssistant, photo: Photo) -> str:
    """Return a path that shows a photo to the person of this websocket connection, for minutes."""
    return async_sign_path(hass, CheckPhotoView.url.format(name=photo.name), _LINK_TIME)


class CheckPhotoView(HomeAssistantView):
    """Shows the photo of a check; Home Assistant's log-in or a path signed for a person says who asks."""

    url = f"/api/{DOMAIN}/check_photo/{{name}}"
    name = f"api:{DOMAIN}:check_photo"

    async def get(self, request: web.Request, name: str) -> web.Response:
        """Show it if this person may see it now, and if it is what the ledger names."""
        hass = request.app[KEY_HASS]
        if (entry := loaded_entry(hass)) is None:
            raise await async_refusal(hass, web.HTTPNotFound, "photo_gone")
        evidence = entry.runtime_data.evidence
        actor = await evidence.async_actor(request[KEY_HASS_USER].id)
        try:
            check_person(actor, Permission.SEE_CHECK_PHOTO)
        except NotAllowed as err:
            await async_record_refusal(
                evidence, actor, Permission.SEE_CHECK_PHOTO, "section", err.key
            )
            raise await async_refusal(hass, web.HTTPForbidden, err.key) from err
        try:
            photo = evidence.checks.photo(name)
        except LedgerError as err:
            raise await async_refusal(hass, web.HTTPServiceUnavailable, error_key(err)) from err
        if photo is None:
            raise await async_refusal(hass, web.HTTPNotFound, "photo_gone")
        try:
            # The name is one that the ledger holds, and is looked at all the same.
            path = photo_path(photo_folder(evidence), photo.name)
            data = await hass.async_add_executor_job(path.read_bytes)
        except (OSError, ValueError) as err:
            LOGGER.error("Photo of a check cannot be read: %s", err)
            raise await async_refusal(hass, web.HTTPGone, "photo_gone") from err
        if hashlib.sha256(data).hexdigest() != photo.sha256:
            LOGGER.error("Photo of a check is not what was recorded; it was not shown")
            await async_record_refusal(
                evidence, actor, Permission.SEE_CHECK_PHOTO, "section", "photo_changed"
            )
            raise await async_refusal(hass, web.HTTPGone, "photo_changed")
        return web.Response(body=data, content_type="image/jpeg", headers=NO_STORE)
