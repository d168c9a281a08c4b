"""Recorded footage for browsers: links to passages, stills and sealed clips, and what they lead to.

A player sends no log-in with its requests, so the token is the right to a passage: 256 random bits, known to the
person who opened it and kept in memory only. It is good for minutes after the last request, for hours at most, and
with every request that person is looked at again. Nothing leaves before the ledger has it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
import re
import secrets
from typing import IO, Any, ClassVar, Final, override
from urllib.parse import urlencode

from aiohttp import hdrs, web
from aiohttp.abc import AbstractStreamWriter
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.decorators import async_response, websocket_command
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import service as service_helper
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util
from homeassistant.util.dt import utcnow
from homeassistant.util.hass_dict import HassKey
import probatio

from ..const import DOMAIN
from ..coordinator import CameraCoordinator, NiizaConfigEntry, error_key
from ..lib.access.errors import CaseError, CaseUnknown, NotAllowed
from ..lib.cases.model import Actor, Case, CaseClip, CaseState, ClipState
from ..lib.cases.rules import Deed, check_person
from ..lib.device.errors import CameraError
from ..lib.footage.archive import FootageIndex, Stretch
from ..lib.footage.errors import CameraBusy, FootageMissing
from ..lib.footage.playback import LONGEST, Playback, Segment, thumbnail
from ..lib.footage.viewing_sessions import Span, Watched
from ..lib.ledger.errors import LedgerBroken, LedgerError, LedgerForked
from ..lib.ledger.model import Person
from ..managers.evidence import Evidence

# The frontend's media browser gives exactly this to its player.
MIME_TYPE: Final = "application/x-mpegURL"
_PLAYLIST_TYPE: Final = "application/vnd.apple.mpegurl"
# Without a request for so long, and however much it is watched, a link is dead.
LINK_TIME: Final = timedelta(minutes=15)
LONGEST_LINK: Final = timedelta(hours=4)
MAX_PLAYBACKS: Final = 16
MAX_OF_ONE_PERSON: Final = 4
# A playback without a request for so long makes room for another.
_QUIET: Final = timedelta(minutes=1)
# Players of clips hold no camera, only memory.
_MAX_CLIPS_OF_ONE_PERSON: Final = 32
# A person who leafs through days asks for 24 an hour; each is some 10 kB.
_MAX_STILLS: Final = 2000
_MAX_PICTURES: Final = 500
_SWEEP: Final = timedelta(minutes=1)
_PLAYERS: HassKey[Players] = HassKey(f"{DOMAIN}_players")
_NO_STORE: Final = {
    hdrs.CACHE_CONTROL: "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A passage that can be played: where, and what of it is not there."""

    path: str
    codec: str | None
    start: datetime
    end: datetime
    gaps: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True)
class OpenedClip:
    """A sealed clip that can be looked at: where, and the times of its first and last picture."""

    path: str
    codec: str
    start: datetime
    end: datetime


@dataclass(kw_only=True)
class _Link:
    """The right of one person to a passage, a still or a clip of one camera."""

    # What its person must be allowed to, with every request.
    deed: ClassVar[Deed] = Deed.WATCH
    user_id: str
    camera: str
    start: datetime
    end: datetime
    made: datetime
    used: datetime

    def dead(self, now: datetime) -> bool:
        """Return whether it is good no more."""
        return now - self.used >= LINK_TIME or now - self.made >= LONGEST_LINK

    @property
    def subject(self) -> str:
        """Return what the ledger calls that which a request is refused for."""
        return f"camera/{self.camera}"


@dataclass(kw_only=True)
class _PassageLink(_Link):
    """The right to watch a passage."""

    playback: Playback


@dataclass(kw_only=True)
class _StillLink(_Link):
    """The right to see a picture of a passage."""

    parts: tuple[Stretch, ...] = field(repr=False)


@dataclass(kw_only=True)
class _ClipLink(_Link):
    """The right to look at a sealed clip."""

    deed: ClassVar[Deed] = Deed.SEE_CASES
    case_id: str
    clip_id: str

    @property
    @override
    def subject(self) -> str:
        return f"case/{self.case_id}"


class Players:
    """All links of the section while its entry is loaded."""

    def __init__(self, hass: HomeAssistant, entry: NiizaConfigEntry) -> None:
        """Begin without any."""
        self._hass = hass
        self.entry = entry
        self._passages: OrderedDict[str, _PassageLink] = OrderedDict()
        self._stills: OrderedDict[str, _StillLink] = OrderedDict()
        self._clips: OrderedDict[str, _ClipLink] = OrderedDict()
        # By camera.
        self._drawing: dict[str, asyncio.Lock] = {}
        # By camera and bounds of the passage.
        self._pictures: OrderedDict[tuple[str, datetime, datetime], bytes] = OrderedDict()
        self._stop = async_track_time_interval(hass, self._async_sweep, _SWEEP)

    def passage(self, token: str) -> _PassageLink | None:
        """Return a link to a passage; None where it never was or is dead."""
        return self._alive(self._passages.get(token))

    def still(self, token: str) -> _StillLink | None:
        """Return a link to a still; None where it never was or is dead."""
        return self._alive(self._stills.get(token))

    def clip(self, token: str) -> _ClipLink | None:
        """Return a link to a sealed clip; None where it never was or is dead."""
        return self._alive(self._clips.get(token))

    async def async_add_passage(self, link: _PassageLink) -> str:
        """Return the token of a new link; raises HomeAssistantError when too many people watch."""
        await self._async_sweep(link.made)
        own = [token for token, one in self._passages.items() if one.user_id == link.user_id]
        if len(own) >= MAX_OF_ONE_PERSON:
            # In order of use: the tab that was left alone.
            await self._async_close(own[0])
        elif len(self._passages) >= MAX_PLAYBACKS:
            token, idle = next(iter(self._passages.items()))
            if link.made - idle.used < _QUIET:
                await link.playback.aclose()
                raise HomeAssistantError(
                    translation_domain=DOMAIN, translation_key="too_many_playbacks"
                )
            await self._async_close(token)
        token = secrets.token_urlsafe(32)
        self._passages[token] = link
        return token

    def add_still(self, link: _StillLink) -> str:
        """Return the token of a new link; the oldest goes where there are too many."""
        token = secrets.token_urlsafe(32)
        self._stills[token] = link
        while len(self._stills) > _MAX_STILLS:
            self._stills.popitem(last=False)
        return token

    def add_clip(self, link: _ClipLink) -> str:
        """Return the token of a new link; the one that its person left alone goes where there are too many."""
        own = [token for token, one in self._clips.items() if one.user_id == link.user_id]
        if len(own) >= _MAX_CLIPS_OF_ONE_PERSON:
            del self._clips[own[0]]
        token = secrets.token_urlsafe(32)
        self._clips[token] = link
        return token

    def use(self, token: str, link: _Link) -> None:
        """Keep a link alive."""
        link.used = utcnow()
        if token in self._passages:
            self._passages.move_to_end(token)
        elif token in self._clips:
            self._clips.move_to_end(token)

    async def async_picture(self, camera: CameraCoordinator, link: _StillLink) -> bytes:
        """Return the picture that stands for a passage; raises CameraError."""
        key = (link.camera, link.parts[0].start, link.parts[-1].end)
        # A page asks for the pictures of all hours at once: one after the other, not in one another's way.
        async with self._drawing.setdefault(link.camera, asyncio.Lock()):
            if (picture := self._pictures.get(key)) is None:
                picture = await thumbnail(camera.archive, link.parts)
                self._pictures[key] = picture
                while len(self._pictures) > _MAX_PICTURES:
                    self._pictures.popitem(last=False)
            return picture

    async def async_close(self) -> None:
        """Close everything."""
        self._stop()
        self._stills.clear()
        self._clips.clear()
        self._pictures.clear()
        for token in tuple(self._passages):
            await self._async_close(token)

    async def _async_sweep(self, _now: datetime) -> None:
        now = utcnow()
        for token in [token for token, link in self._passages.items() if link.dead(now)]:
            await self._async_close(token)
        for token in [token for token, link in self._stills.items() if link.dead(now)]:
            del self._stills[token]
        for token in [token for token, link in self._clips.items() if link.dead(now)]:
            del self._clips[token]

    async def _async_close(self, token: str) -> None:
        if (link := self._passages.pop(token, None)) is not None:
            await link.playback.aclose()

    @staticmethod
    def _alive[L: _Link](link: L | None) -> L | None:
        return None if link is None or link.dead(utcnow()) else link


@callback
def async_setup_views(hass: HomeAssistant) -> None:
    """Register where links lead to, and the commands that make them."""
    hass.http.register_view(PlaybackView)
    hass.http.register_view(StillView)
    hass.http.register_view(ClipView)
    async_register_command(hass, _open_passage)
    async_register_command(hass, _open_clip)


@callback
def async_players(hass: HomeAssistant, entry: NiizaConfigEntry) -> Players:
    """Return the links of the section; they end with its entry."""
    if (players := hass.data.get(_PLAYERS)) is None or players.entry is not entry:
        players = hass.data[_PLAYERS] = Players(hass, entry)

        async def close() -> None:
            hass.data.pop(_PLAYERS, None)
            await players.async_close()

        entry.async_on_unload(close)
    return players


async def _async_person(
    entry: NiizaConfigEntry, user_id: str | None, deed: Deed, subject: str
) -> Person:
    """Return the person if they may do this now; otherwise record it and raise NotAllowed."""
    evidence = entry.runtime_data.evidence
    actor: Actor = await evidence.async_actor(user_id)
    try:
        return check_person(actor, deed)
    except NotAllowed as err:
        # It is refused, whether or not it can be recorded.
        with suppress(LedgerError):
            await evidence.cases.refuse(actor, deed, subject, err.key)
        raise


async def async_playback(
    hass: HomeAssistant,
    entry: NiizaConfigEntry,
    user_id: str | None,
    camera: str,
    *,
    start: datetime,
    end: datetime,
) -> Opened:
    """Open a passage of a camera (its unique id) for somebody; `path` is good for minutes.

    Raises HomeAssistantError, translated.
    """
    person = await async_allowed(entry, user_id, camera)
    coordinator = async_camera(entry, camera)
    if not timedelta() < end - start <= LONGEST:
        key = "passage_too_long" if end > start else "passage_backwards"
        raise _invalid(key, camera=coordinator.name)
    async_check_ledger(entry)
    index = await async_index(coordinator)
    parts = index.parts(start, end)
    if not parts:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="footage_missing",
            translation_placeholders={"camera": coordinator.name},
        )
    now = utcnow()
    players = async_players(hass, entry)
    token = await players.async_add_passage(
        _PassageLink(
            user_id=person.id,
            camera=camera,
            start=start,
            end=end,
            made=now,
            used=now,
            playback=Playback(lambda: coordinator.archive, parts, start, end),
        )
    )
    # With a query Home Assistant does not sign the path for a day.
    query = urlencode({"start": start.isoformat(timespec="seconds")})
    return Opened(
        path=f"/api/{DOMAIN}/playback/{token}/index.m3u8?{query}",
        codec=codec_now(coordinator),
        start=start,
        end=end,
        gaps=index.gaps(start, end),
    )


async def async_watch_clip(
    hass: HomeAssistant, entry: NiizaConfigEntry, user_id: str | None, clip_id: str
) -> OpenedClip:
    """Open a sealed clip for somebody: its viewing copy, or else its master; `path` is good for minutes.

    Raises HomeAssistantError, translated.
    """
    evidence = entry.runtime_data.evidence
    actor: Actor = await evidence.async_actor(user_id)
    try:
        # The person first: strangers do not learn which clips there are.
        await evidence.cases.check(actor, Deed.SEE_CASES, _case_of(evidence, clip_id))
        case, clip = evidence.cases.clip(clip_id)
    except CaseError as err:
        raise _invalid(err.key, **err.placeholders) from err
    except LedgerError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key=ledger_key(err)
        ) from err
    async_check_ledger(entry)
    path = _clip_path(evidence, case, clip)
    if path is None or not await hass.async_add_executor_job(path.is_file):
        raise _no_clip(case, clip)
    # Where there is a path, it is sealed, and nobody without a person may see cases.
    assert clip.sealed is not None
    assert actor.person is not None
    start, end = clip.sealed.first_picture, clip.sealed.last_picture
    now = utcnow()
    token = async_players(hass, entry).add_clip(
        _ClipLink(
            user_id=actor.person.id,
            camera=clip.passage.camera,
            start=start,
            end=end,
            made=now,
            used=now,
            case_id=case.id,
            clip_id=clip.id,
        )
    )
    return OpenedClip(
        path=f"/api/{DOMAIN}/clip/{token}.mp4",
        codec="h264" if clip.sealed.viewing_copy else clip.sealed.codec,
        start=start,
        end=end,
    )


@callback
def async_still_path(
    hass: HomeAssistant,
    entry: NiizaConfigEntry,
    person: Person,
    camera: str,
    parts: tuple[Stretch, ...],
) -> str:
    """Return where a picture of these parts is, for minutes and for that person."""
    now = utcnow()
    link = _StillLink(
        user_id=person.id,
        camera=camera,
        start=parts[0].start,
        end=parts[-1].end,
        made=now,
        used=now,
        parts=parts,
    )
    return f"/api/{DOMAIN}/still/{async_players(hass, entry).add_still(link)}.jpg"


async def async_allowed(entry: NiizaConfigEntry, user_id: str | None, camera: str | None) -> Person:
    """Return the person if they may watch; raises a translated error."""
    try:
        return await _async_person(entry, user_id, Deed.WATCH, _subject(entry, camera))
    except NotAllowed as err:
        raise _invalid(err.key, **err.placeholders) from err


@callback
def async_camera(entry: NiizaConfigEntry, camera: str) -> CameraCoordinator:
    """Return a camera by its unique id; raises a translated error."""
    evidence = entry.runtime_data.evidence
    try:
        return evidence.camera(camera)
    except KeyError:
        if (offline := evidence.facts(camera)) is not None:
            raise _invalid("camera_offline", camera=offline.name) from None
        raise _invalid("camera_unknown", camera=camera) from None


@callback
def async_check_ledger(entry: NiizaConfigEntry) -> None:
    """Raise a translated error while nothing can be recorded, so nothing may be watched."""
    if not entry.runtime_data.evidence.ledger.available:
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key="ledger_unavailable")


async def async_index(coordinator: CameraCoordinator) -> FootageIndex:
    """Return what is on a camera's card; raises a translated error."""
    try:
        return await coordinator.archive.index()
    except CameraError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=error_key(err),
            translation_placeholders={"camera": coordinator.name},
        ) from err


def codec_now(coordinator: CameraCoordinator) -> str | None:
    """Return FFmpeg's name of the codec that a camera is set to; None where that is not known."""
    profile = coordinator.data.main_profile
    encoding = None if profile is None else profile.video_encoding
    return {"H264": "h264", "H265": "hevc"}.get(encoding or "")


class _View(HomeAssistantView):
    """Serves one kind of link."""

    # A player sends no log-in: the token is what allows, and its person is checked.
    requires_auth = False

    async def _serve(
        self,
        request: web.Request,
        find: Callable[[Players], _Link | None],
        token: str,
        answer: Callable[[NiizaConfigEntry, Players, Person], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Check the link and its person, then answer; whatever fails is said in words."""
        hass = request.app[KEY_HASS]
        players = hass.data.get(_PLAYERS)
        if players is None or (link := find(players)) is None:
            return await _refusal(hass, web.HTTPNotFound.status_code, "playback_unknown")
        entry = players.entry
        try:
            # Only where a page sent a log-in all the same.
            user = request.get(KEY_HASS_USER)
            if user is not None and user.id != link.user_id:
                await _record_stranger(entry, user.id, link)
                return await _refusal(hass, web.HTTPForbidden.status_code, "link_of_another")
            person = await _async_person(entry, link.user_id, link.deed, link.subject)
            players.use(token, link)
            return await answer(entry, players, person)
        except NotAllowed as err:
            return await _refusal(hass, web.HTTPForbidden.status_code, err.key, err.placeholders)
        except LookupError, FootageMissing:
            return await _refusal(
                hass,
                web.HTTPNotFound.status_code,
                "footage_missing",
                {"camera": _name(entry, link.camera)},
            )
        except CameraBusy:
            return await _refusal(
                hass,
                web.HTTPServiceUnavailable.status_code,
                "camera_busy",
                {"camera": _name(entry, link.camera)},
                {hdrs.RETRY_AFTER: "2"},
            )
        except CameraError as err:
            return await _refusal(
                hass,
                web.HTTPBadGateway.status_code,
                error_key(err),
                {"camera": _name(entry, link.camera)},
            )
        except LedgerError as err:
            return await _refusal(hass, web.HTTPServiceUnavailable.status_code, ledger_key(err))


class PlaybackView(_View):
    """Serves the playlist of a passage and its segments."""

    url = f"/api/{DOMAIN}/playback/{{token}}/{{name}}"
    name = f"api:{DOMAIN}:playback"

    async def get(self, request: web.Request, token: str, name: str) -> web.StreamResponse:
        """Serve the playlist, the header of a part or a segment."""

        async def answer(entry: NiizaConfigEntry, players: Players, person: Person) -> web.Response:
            link = players.passage(token)
            if link is None:
                raise LookupError(token)
            if name == "index.m3u8":
                return _response(link.playback.playlist().encode(), _PLAYLIST_TYPE)
            if found := re.fullmatch(r"([0-9]{1,6})\.mp4", name):
                return _response(await link.playback.header(int(found[1])), "video/mp4")
            if found := re.fullmatch(r"([0-9]{1,6})\.m4s", name):
                segment = await link.playback.segment(int(found[1]))
                await self._account(entry, person, link, segment)
                return _response(segment.data, "video/iso.segment")
            raise LookupError(name)

        return await self._serve(request, lambda players: players.passage(token), token, answer)

    async def _account(
        self, entry: NiizaConfigEntry, person: Person, link: _PassageLink, segment: Segment
    ) -> None:
        """Enter who sees this, before they do."""
        if segment.span is not None:
            await entry.runtime_data.evidence.sittings.recorded(
                person, link.camera, Watched.RECORDED, (link.start, link.end), segment.span
            )


class StillView(_View):
    """Serves a picture that stands for a passage."""

    url = f"/api/{DOMAIN}/still/{{token}}.jpg"
    name = f"api:{DOMAIN}:still"

    async def get(self, request: web.Request, token: str) -> web.StreamResponse:
        """Serve the picture."""

        async def answer(entry: NiizaConfigEntry, players: Players, person: Person) -> web.Response:
            link = players.still(token)
            if link is None:
                raise LookupError(token)
            camera = entry.runtime_data.evidence.camera(link.camera)
            picture = await players.async_picture(camera, link)
            span = (link.start, link.end)
            await entry.runtime_data.evidence.sittings.recorded(
                person, link.camera, Watched.THUMBNAIL, span, span
            )
            return _response(picture, "image/jpeg")

        return await self._serve(request, lambda players: players.still(token), token, answer)


class ClipView(_View):
    """Serves a sealed clip, whole or in parts."""

    url = f"/api/{DOMAIN}/clip/{{token}}.mp4"
    name = f"api:{DOMAIN}:clip"

    async def get(self, request: web.Request, token: str) -> web.StreamResponse:
        """Serve what the player asks for, as long as the clip is there."""
        hass = request.app[KEY_HASS]

        async def answer(
            entry: NiizaConfigEntry, players: Players, person: Person
        ) -> web.StreamResponse:
            evidence = entry.runtime_data.evidence
            if (link := players.clip(token)) is None:
                raise LookupError(token)
            path = _clip_path(evidence, *evidence.cases.clip(link.clip_id))
            if path is None or not await hass.async_add_executor_job(path.is_file):
                return await _refusal(hass, web.HTTPNotFound.status_code, "link_file_gone")
            span = (link.start, link.end)
            await evidence.sittings.recorded(person, link.camera, Watched.RECORDED, span, span)
            return _ClipResponse(
                path,
                headers={
                    **_NO_STORE,
                    hdrs.CONTENT_TYPE: "video/mp4",
                    hdrs.CONTENT_DISPOSITION: "inline",
                },
            )

        return await self._serve(request, lambda players: players.clip(token), token, answer)


class _ClipResponse(web.FileResponse):
    """A file whose bytes are read by worker threads."""

    @override
    async def _sendfile(
        self, request: web.BaseRequest, fobj: IO[Any], offset: int, count: int
    ) -> AbstractStreamWriter:
        """Read in pieces: the kernel's sendfile would hold the loop up for as long as the disk takes."""
        writer = await web.StreamResponse.prepare(self, request)
        assert writer is not None
        return await self._sendfile_fallback(writer, fobj, offset, count)


@websocket_command(
    {
        probatio.Required("type"): f"{DOMAIN}/playback",
        probatio.Required("camera"): str,
        probatio.Required("start"): str,
        probatio.Required("end"): str,
    }
)
@async_response
async def _open_passage(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Open a passage for the person at the other end."""
    entry: NiizaConfigEntry = service_helper.async_get_config_entry(hass, DOMAIN, None)
    opened = await async_playback(
        hass,
        entry,
        connection.user.id,
        msg["camera"],
        start=_moment(msg["start"]),
        end=_moment(msg["end"]),
    )
    connection.send_result(
        msg["id"],
        {
            "url": opened.path,
            "mime_type": MIME_TYPE,
            "codec": opened.codec,
            "start": _local(opened.start),
            "end": _local(opened.end),
            "gaps": [{"start": _local(start), "end": _local(end)} for start, end in opened.gaps],
        },
    )


@websocket_command(
    {
        probatio.Required("type"): f"{DOMAIN}/watch_clip",
        probatio.Required("clip"): str,
    }
)
@async_response
async def _open_clip(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Open a sealed clip for the person at the other end."""
    entry: NiizaConfigEntry = service_helper.async_get_config_entry(hass, DOMAIN, None)
    opened = await async_watch_clip(hass, entry, connection.user.id, msg["clip"])
    connection.send_result(
        msg["id"],
        {
            "path": opened.path,
            "codec": opened.codec,
            "start": _local(opened.start),
            "end": _local(opened.end),
        },
    )


def ledger_key(err: LedgerError) -> str:
    """Return the translation key of what is wrong with the ledger."""
    match err:
        case LedgerForked():
            return "ledger_forked"
        case LedgerBroken():
            return "ledger_broken"
        case _:
            return "ledger_unavailable"


def _moment(text: str) -> datetime:
    """Return a moment, in the section's time zone where none is named; raises a translated error."""
    moment = dt_util.parse_datetime(text)
    if moment is None:
        raise _invalid("time_invalid", time=text[:40])
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt_util.get_default_time_zone())
    return dt_util.as_utc(moment)


def _local(moment: datetime) -> str:
    return dt_util.as_local(moment).isoformat()


def _invalid(key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


def _subject(entry: NiizaConfigEntry, camera: str | None) -> str:
    """Return what the ledger calls a camera; whatever else somebody wrote is not kept."""
    known = {coordinator.unique_id for coordinator in entry.runtime_data.cameras.values()}
    return f"camera/{camera}" if camera in known else "section"


def _case_of(evidence: Evidence, clip_id: str) -> str | None:
    """Return the case of a clip; None where there is no such clip. Raises LedgerError."""
    with suppress(CaseUnknown):
        return evidence.cases.clip(clip_id)[0].id
    return None


def _clip_path(evidence: Evidence, case: Case, clip: CaseClip) -> Path | None:
    """Return where the file to look at lies; None where it is not here or is to be removed."""
    if clip.state is not ClipState.SEALED or clip.sealed is None or case.state is CaseState.PURGED:
        return None
    folder = evidence.vault.root / case.id
    path = folder / (clip.sealed.viewing_copy or clip.sealed.master).name
    # The name comes from a database: it leads nowhere else.
    return path if path.parent == folder else None


def _no_clip(case: Case, clip: CaseClip) -> ServiceValidationError:
    """Return why a clip cannot be looked at."""
    if clip.by_hand is not None:
        return _invalid("clip_by_hand", clip=clip.id, medium=clip.by_hand.medium)
    match clip.state:
        case ClipState.REQUESTED:
            return _invalid("clips_not_sealed", case=case.id, clips=clip.id)
        case ClipState.FAILED:
            return _invalid("clips_failed", case=case.id, clips=clip.id)
        case _:
            return _invalid("link_file_gone")


def _name(entry: NiizaConfigEntry, camera: str) -> str:
    """Return what people call a camera."""
    try:
        return entry.runtime_data.evidence.camera(camera).name
    except KeyError:
        return camera


def _response(body: bytes, content_type: str) -> web.Response:
    return web.Response(body=body, content_type=content_type, headers=_NO_STORE)


async def async_words(
    hass: HomeAssistant, key: str | None, placeholders: dict[str, str] | None
) -> str:
    """Return the message of an error in the language of this Home Assistant."""
    texts = await async_get_translations(hass, hass.config.language, "exceptions", {DOMAIN})
    text = texts.get(f"component.{DOMAIN}.exceptions.{key}.message", key or "")
    return text.format(**(placeholders or {}))


async def _record_stranger(entry: NiizaConfigEntry, user_id: str, link: _Link) -> None:
    """Record that somebody used the link of another."""
    evidence = entry.runtime_data.evidence
    with suppress(LedgerError):
        await evidence.cases.refuse(
            await evidence.async_actor(user_id), link.deed, link.subject, "link_of_another"
        )


async def _refusal(
    hass: HomeAssistant,
    status: int,
    key: str,
    placeholders: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> web.Response:
    """Answer why there is no picture."""
    return web.Response(
        status=status,
        text=await async_words(hass, key, placeholders),
        headers={**_NO_STORE, **(headers or {})},
    )
