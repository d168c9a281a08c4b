"""What links to recorded footage lead to; nothing leaves before the ledger has it."""

from collections.abc import Awaitable, Callable, Mapping
import re
from types import MappingProxyType
from typing import Final

from aiohttp import hdrs, web
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView

from ..const import DOMAIN
from ..errors import error_key
from ..lib.access.errors import CaseError, FieldsInvalid, NotAllowed
from ..lib.device.errors import CameraError
from ..lib.footage.errors import CameraBusy, FootageMissing
from ..lib.footage.masking.errors import MaskInvalid, MaskProblem
from ..lib.footage.masking.fill import SOLID_FILL, Fill, FillKind
from ..lib.footage.masking.stills import Still
from ..lib.footage.viewing_sessions import Watched
from ..lib.ledger.errors import LedgerError
from ..lib.ledger.model import Person
from ..runtime import NiizaConfigEntry
from .base import NO_STORE, async_record_refusal, async_refusal
from .links import Link, LookLink, Players, known_players
from .passages import async_person, camera_name

# What a person has to hear of who looks after the disk and the masking: it stays in the ledger.
_ALARMING: Final = frozenset(
    {MaskProblem.NOT_THE_CLIP, MaskProblem.LEAK, MaskProblem.FILE_NOT_CLEAN}
)
_PLAYLIST_TYPE: Final = "application/vnd.apple.mpegurl"


class LinkView(HomeAssistantView):
    """Serves one kind of link."""

    # A player sends no log-in: the token is what allows, and its person is checked.
    requires_auth = False

    async def _serve(
        self,
        request: web.Request,
        find: Callable[[Players], Link | None],
        token: str,
        answer: Callable[[NiizaConfigEntry, Players, Person], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Check the link and its person, then answer; whatever fails is said in words."""
        hass = request.app[KEY_HASS]
        players = known_players(hass)
        if players is None or (link := find(players)) is None:
            raise await async_refusal(hass, web.HTTPNotFound, "playback_unknown")
        entry = players.entry
        camera = {"camera": camera_name(entry, link.camera)}
        try:
            # Only where a page sent a log-in all the same.
            user = request.get(KEY_HASS_USER)
            if user is not None and user.id != link.user_id:
                evidence = entry.runtime_data.evidence
                stranger = await evidence.async_actor(user.id)
                await async_record_refusal(
                    evidence, stranger, link.permission, link.subject, "link_of_another"
                )
                raise await async_refusal(hass, web.HTTPForbidden, "link_of_another")
            person = await async_person(
                entry, link.user_id, link.permission, link.subject, direct=link.by_hand
            )
            if players.is_logged_out(link):
                raise await async_refusal(hass, web.HTTPNotFound, "playback_unknown")
            players.use(token, link)
            return await answer(entry, players, person)
        except NotAllowed as err:
            raise await async_refusal(hass, web.HTTPForbidden, err.key, err.placeholders) from err
        except CaseError as err:
            raise await async_refusal(hass, web.HTTPConflict, err.key, err.placeholders) from err
        except MaskInvalid as err:
            key, evidence = err.problem.value, entry.runtime_data.evidence
            if err.problem in _ALARMING:
                actor = await evidence.async_actor(link.user_id, direct=link.by_hand)
                await async_record_refusal(evidence, actor, link.permission, link.subject, key)
            raise await async_refusal(hass, web.HTTPConflict, key, err.placeholders) from err
        except (LookupError, FootageMissing, FileNotFoundError) as err:
            raise await async_refusal(hass, web.HTTPNotFound, link.gone, camera) from err
        except CameraBusy as err:
            raise await async_refusal(
                hass, web.HTTPServiceUnavailable, "camera_busy", camera, {hdrs.RETRY_AFTER: "2"}
            ) from err
        except CameraError as err:
            raise await async_refusal(hass, web.HTTPBadGateway, error_key(err), camera) from err
        except LedgerError as err:
            raise await async_refusal(hass, web.HTTPServiceUnavailable, error_key(err)) from err


class PlaybackView(LinkView):
    """Serves the playlist of what is watched and its segments: never a file, and never more than a segment."""

    url = f"/api/{DOMAIN}/playback/{{token}}/{{name}}"
    name = f"api:{DOMAIN}:playback"

    async def get(self, request: web.Request, token: str, name: str) -> web.StreamResponse:
        """Serve the playlist, the header of a part or a segment."""

        async def answer(entry: NiizaConfigEntry, players: Players, person: Person) -> web.Response:
            link = players.film(token)
            if link is None:
                raise LookupError(token)
            link.check(entry.runtime_data.evidence)
            if name == "index.m3u8":
                return _response(link.film.playlist().encode(), _PLAYLIST_TYPE)
            if found := re.fullmatch(r"([0-9]{1,6})\.mp4", name):
                return _response(await link.film.header(int(found[1])), "video/mp4")
            if found := re.fullmatch(r"([0-9]{1,6})\.m4s", name):
                number = int(found[1])
                segment = await link.film.segment(number)
                await link.account(entry.runtime_data.evidence, person, number, segment)
                return _response(segment.data, "video/iso.segment")
            raise LookupError(name)

        return await self._serve(request, lambda players: players.film(token), token, answer)


class StillView(LinkView):
    """Serves a picture that stands for a passage."""

    url = f"/api/{DOMAIN}/still/{{token}}.jpg"
    name = f"api:{DOMAIN}:still"

    async def get(self, request: web.Request, token: str) -> web.StreamResponse:
        """Serve the picture."""

        async def answer(entry: NiizaConfigEntry, players: Players, person: Person) -> web.Response:
            link = players.still(token)
            if link is None:
                raise LookupError(token)
            camera = entry.runtime_data.cameras.by_id(link.camera)
            picture = await players.async_picture(camera, link)
            span = (link.start, link.end)
            await entry.runtime_data.evidence.viewing_sessions.recorded(
                person, link.camera, Watched.THUMBNAIL, span, span
            )
            return _response(picture, "image/jpeg")

        return await self._serve(request, lambda players: players.still(token), token, answer)


class MaskStillView(LinkView):
    """Serves single pictures of a clip: as it is (`source`), and as it will be (`masked`)."""

    url = f"/api/{DOMAIN}/mask_still/{{token}}/{{kind}}/{{name}}"
    name = f"api:{DOMAIN}:mask_still"

    async def get(
        self, request: web.Request, token: str, kind: str, name: str
    ) -> web.StreamResponse:
        """Serve the picture that is shown at a time."""

        async def answer(entry: NiizaConfigEntry, players: Players, person: Person) -> web.Response:
            link, at = players.look(token), re.fullmatch(r"([0-9]{1,12})\.jpg", name)
            if link is None or at is None:
                raise LookupError(name)
            link.check(entry.runtime_data.evidence)
            if kind == "source":
                still = await link.stills.source(int(at[1]))
            elif kind == "masked":
                still = await self._masked(entry, link, int(at[1]), request)
            else:
                raise LookupError(kind)
            await link.account(entry.runtime_data.evidence, person, still)
            return _response(still.jpeg, "image/jpeg", _told_of(still))

        return await self._serve(request, lambda players: players.look(token), token, answer)

    async def _masked(
        self, entry: NiizaConfigEntry, link: LookLink, at: int, request: web.Request
    ) -> Still:
        """Return a picture as it will be: by the draft that is named, or as the masked clip was made."""
        if link.item_id != link.clip_id:
            return await link.stills.masked(at)
        tracks = await entry.runtime_data.masking.async_drawn_as(
            link.clip_id, request.query.get("track", "")
        )
        return await link.stills.masked(at, tracks, _fill_of(request))


def _fill_of(request: web.Request) -> Fill:
    """Return how what is hidden is to look; raises FieldsInvalid."""
    kind, plate = request.query.get("fill", SOLID_FILL.kind.value), request.query.get("plate_at_us")
    if kind not in set(FillKind):
        raise FieldsInvalid(MaskProblem.NO_PLATE.value)
    if (kind == FillKind.PICTURE) != (plate is not None):
        raise FieldsInvalid("mask_plate_time")
    if plate is not None and re.fullmatch(r"[0-9]{1,12}", plate) is None:
        raise FieldsInvalid("mask_plate_time")
    return Fill(FillKind(kind), None if plate is None else int(plate))


def _told_of(still: Still) -> dict[str, str]:
    """Return what a page cannot see in a picture: when it is shown, and whether it came damaged."""
    return {
        "X-Shown-From-Us": str(still.start),
        "X-Shown-Until-Us": str(still.end),
        **({"X-Picture-Damaged": "1"} if still.damaged else {}),
    }


def _response(
    body: bytes, content_type: str, headers: Mapping[str, str] = MappingProxyType({})
) -> web.Response:
    return web.Response(body=body, content_type=content_type, headers={**NO_STORE, **headers})
