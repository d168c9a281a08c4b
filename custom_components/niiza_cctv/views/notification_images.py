"""The pictures of notices: each for the viewers among those who were told, for minutes."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
import secrets
from typing import Final

from aiohttp import web
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..lib.access.errors import NotAllowed
from ..lib.access.permissions import Permission, check_person
from ..lib.footage.viewing_sessions import Watched
from ..runtime import loaded_entry
from .base import NO_STORE, async_record_refusal

# A phone fetches the picture as soon as the notice arrives.
_PICTURE_TIME: Final = timedelta(minutes=15)
_MAX_PICTURES: Final = 32
_PICTURES: HassKey[Pictures] = HassKey(f"{DOMAIN}_alert_pictures")


@dataclass(frozen=True, kw_only=True)
class _Picture:
    """A still of the moment when a notice was sent."""

    camera: str
    data: bytes
    until: datetime


class Pictures:
    """The pictures of notices: few, for minutes, in memory only."""

    def __init__(self) -> None:
        """Begin without any."""
        self._pictures: OrderedDict[str, _Picture] = OrderedDict()

    def add(self, camera: str, data: bytes) -> str:
        """Keep one; return its token."""
        token = secrets.token_urlsafe(32)
        self._pictures[token] = _Picture(
            camera=camera, data=data, until=dt_util.utcnow() + _PICTURE_TIME
        )
        while len(self._pictures) > _MAX_PICTURES:
            self._pictures.popitem(last=False)
        return token

    def get(self, token: str) -> _Picture | None:
        """Return one, if it is still there."""
        now = dt_util.utcnow()
        while self._pictures and next(iter(self._pictures.values())).until <= now:
            self._pictures.popitem(last=False)
        return self._pictures.get(token)


@callback
def async_pictures(hass: HomeAssistant) -> Pictures:
    """Return the pictures that are there."""
    return hass.data.setdefault(_PICTURES, Pictures())


class AlertPictureView(HomeAssistantView):
    """Gives the picture of a notice to the app of somebody who may watch the camera; every look is accounted for."""

    url = f"/api/{DOMAIN}/alert_picture/{{token}}"
    name = f"api:{DOMAIN}:alert_picture"

    async def get(self, request: web.Request, token: str) -> web.Response:
        """Serve it: Home Assistant's log-in says who asks."""
        hass = request.app[KEY_HASS]
        if (entry := loaded_entry(hass)) is None:
            raise web.HTTPNotFound(headers=NO_STORE)
        evidence = entry.runtime_data.evidence
        actor = await evidence.async_actor(request[KEY_HASS_USER].id)
        picture = async_pictures(hass).get(token)
        subject = "section" if picture is None else f"camera/{picture.camera}"
        try:
            person = check_person(actor, Permission.WATCH)
        except NotAllowed as err:
            await async_record_refusal(evidence, actor, Permission.WATCH, subject, err.key)
            raise web.HTTPForbidden(headers=NO_STORE) from err
        if picture is None:
            raise web.HTTPNotFound(headers=NO_STORE)
        evidence.viewing_sessions.seen(person, picture.camera, Watched.STILL)
        return web.Response(body=picture.data, content_type="image/jpeg", headers=NO_STORE)
