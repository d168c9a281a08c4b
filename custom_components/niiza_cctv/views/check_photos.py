"""The photos of checks, for the people of the section only."""

from contextlib import suppress
from datetime import timedelta
import hashlib
from typing import Final

from aiohttp import hdrs, web
from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView
from homeassistant.helpers.translation import async_get_translations

from ..actions.checks import photo_folder
from ..const import DOMAIN, LOGGER
from ..coordinator import NiizaConfigEntry
from ..lib.access.errors import NotAllowed
from ..lib.cases.model import Actor
from ..lib.checks.access import check_photo_reader
from ..lib.checks.model import Photo
from ..lib.checks.photo import photo_path
from ..lib.ledger.errors import LedgerError
from ..managers.evidence import Evidence

# A page that is open longer asks again.
_LINK_TIME: Final = timedelta(minutes=15)
_HEADERS: Final = {
    hdrs.CACHE_CONTROL: "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@callback
def async_setup_check_views(hass: HomeAssistant) -> None:
    """Register where the photos are."""
    hass.http.register_view(CheckPhotoView)


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
        entries: list[NiizaConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
        if not entries:
            raise await _error(hass, web.HTTPNotFound, "photo_gone")
        evidence = entries[0].runtime_data.evidence
        actor = await evidence.async_actor(request[KEY_HASS_USER].id)
        try:
            check_photo_reader(actor)
        except NotAllowed as err:
            await _record(evidence, actor, err.key)
            raise await _error(hass, web.HTTPForbidden, err.key) from err
        try:
            photo = evidence.checks.photo(name)
        except LedgerError as err:
            raise await _error(hass, web.HTTPServiceUnavailable, "ledger_unavailable") from err
        if photo is None:
            raise await _error(hass, web.HTTPNotFound, "photo_gone")
        try:
            # The name is one that the ledger holds, and is looked at all the same.
            path = photo_path(photo_folder(evidence), photo.name)
            data = await hass.async_add_executor_job(path.read_bytes)
        except (OSError, ValueError) as err:
            LOGGER.error("Photo of a check cannot be read: %s", err)
            raise await _error(hass, web.HTTPGone, "photo_gone") from err
        if hashlib.sha256(data).hexdigest() != photo.sha256:
            LOGGER.error("Photo of a check is not what was recorded; it was not shown")
            await _record(evidence, actor, "photo_changed")
            raise await _error(hass, web.HTTPGone, "photo_changed")
        return web.Response(body=data, content_type="image/jpeg", headers=_HEADERS)


async def _record(evidence: Evidence, actor: Actor, reason: str) -> None:
    """Record that a photo was not shown, if anything can be recorded: it is not shown all the same."""
    with suppress(LedgerError):
        await evidence.cases.refuse(actor, "see_check_photo", "section", reason)


async def _error(hass: HomeAssistant, kind: type[web.HTTPError], key: str) -> web.HTTPError:
    """Return an answer that says in the language of this Home Assistant why there is no photo."""
    texts = await async_get_translations(hass, hass.config.language, "exceptions", {DOMAIN})
    return kind(
        text=texts.get(f"component.{DOMAIN}.exceptions.{key}.message", kind.__name__),
        content_type="text/plain",
        headers=_HEADERS,
    )
