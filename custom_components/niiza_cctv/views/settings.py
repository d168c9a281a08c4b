"""Where the settings password is given.

`POST /api/niiza_cctv/settings/<token>` {"username", "password"} makes the change of a request: of one person, once,
within ten minutes. The body is bounded, is not echoed and is in no message; what it held is forgotten with the answer.
"""

import asyncio
import json
from typing import Final

from aiohttp import web
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import HomeAssistant
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView

from ..const import DOMAIN
from ..errors import error_key
from ..lib.access.errors import CaseError
from ..lib.device.model import Credential
from ..lib.ledger.errors import LedgerError
from ..managers.setting_requests import PendingChange
from ..responses.settings import show_done, show_refused
from ..runtime import loaded_entry
from .base import NO_STORE

# A form holds two short texts.
_BODY_LIMIT: Final = 4096
_MAX_FIELD: Final = 256
# By the reason; whoever is not allowed at all gets 403.
_STATUS: Final = {
    "settings_form_invalid": 400,
    "settings_link_unknown": 404,
    "camera_unknown": 404,
    "settings_busy": 409,
    "settings_link_used": 410,
    "settings_link_expired": 410,
    "settings_link_tries": 410,
    "settings_password_refused": 422,
    "settings_right_missing": 422,
    "settings_rejected": 422,
    "settings_no_size": 422,
    "unsupported": 422,
    "settings_held_back": 429,
    "unreachable": 502,
    "certificate_changed": 502,
    "another_camera": 502,
    "answer_invalid": 502,
}


class FormInvalid(CaseError):
    """The body is not what the form sends; no word of it is passed on."""


async def _form(request: web.Request) -> Credential | None:
    """Return what was typed; None for what is not the form."""
    body = bytearray()
    if request.content_type == "application/json" and (request.content_length or 0) <= _BODY_LIMIT:
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > _BODY_LIMIT:
                body.clear()
                break
    # Errors of the parser hold what they could not read: none of them leaves here.
    return _credential(bytes(body))


def _credential(body: bytes) -> Credential | None:
    try:
        form = json.loads(body)
    except ValueError, RecursionError:
        return None
    match form:
        case {"username": str(username), "password": str(password), **more} if not more:
            if username.strip() and password and max(len(username), len(password)) <= _MAX_FIELD:
                return Credential(username=username.strip(), password=password)
    return None


class SettingsView(HomeAssistantView):
    """Takes the settings password of one camera, for one change."""

    url = f"/api/{DOMAIN}/settings/{{token}}"
    name = f"api:{DOMAIN}:settings"

    async def post(self, request: web.Request, token: str) -> web.Response:
        """Make the change of a request."""
        hass = request.app[KEY_HASS]
        if (entry := loaded_entry(hass)) is None:
            return await _refused(hass, 404, "settings_link_unknown", {}, None)
        section = entry.runtime_data
        # First: who sends it slowly must not outlast the link, the tries or a role by it.
        credential = await _form(request)
        actor = await section.evidence.async_actor(request[KEY_HASS_USER].id, direct=True)
        wanted: PendingChange | None = None
        try:
            wanted = await section.settings.async_pending(actor, token, use=True)
            if credential is None:
                raise FormInvalid("settings_form_invalid")
            # Whoever closes the page does not stop a camera half way.
            done = await asyncio.shield(
                hass.async_create_task(
                    section.settings.async_carry_out(actor, wanted, credential),
                    f"{DOMAIN} settings",
                )
            )
        except CaseError as err:
            status = _STATUS.get(err.key, 403)
            return await _refused(hass, status, err.key, err.placeholders, wanted)
        except LedgerError as err:
            return await _refused(hass, 503, error_key(err), {}, wanted)
        return web.json_response(await show_done(hass, wanted, done), headers=NO_STORE)


async def _refused(
    hass: HomeAssistant,
    status: int,
    key: str,
    placeholders: dict[str, str],
    request: PendingChange | None,
) -> web.Response:
    shown = await show_refused(hass, key, placeholders, request)
    return web.json_response(shown, status=status, headers=NO_STORE)
