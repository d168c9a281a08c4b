"""Links to recorded footage: to passages, stills and sealed clips.

A player sends no log-in with its requests, so the token is the right to a passage: 256 random bits, known to the
person who opened it and kept in memory only. It is good for minutes after the last request, for hours at most, and
with every request that person is looked at again.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import secrets
from typing import ClassVar, Final, Protocol, override

from homeassistant.components.websocket_api.connection import current_connection
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util.dt import utcnow
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..coordinator import CameraCoordinator
from ..errors import failed
from ..lib.access.permissions import Permission
from ..lib.cases.rules import check_show_at_counter
from ..lib.footage.archive import Stretch
from ..lib.footage.clip_model import Segment as Shown, true_time
from ..lib.footage.clip_playback import ClipPlayback
from ..lib.footage.masking.segments import MaskedPlayback
from ..lib.footage.masking.stills import Still, Stills
from ..lib.footage.playback import Segment, thumbnail
from ..lib.footage.viewing_sessions import Span, Watched
from ..lib.ledger.model import Person
from ..managers.evidence import Evidence, to_watch
from ..runtime import NiizaConfigEntry

# Without a request for so long, and however much it is watched, a link is dead.
LINK_TIME: Final = timedelta(minutes=15)
MAX_LINK_TIME: Final = timedelta(hours=4)
# What a time server may put a clock back by.
_SET_BACK: Final = timedelta(minutes=1)
MAX_PLAYBACKS: Final = 16
MAX_OF_ONE_PERSON: Final = 4
# A playback without a request for so long makes room for another.
_QUIET: Final = timedelta(minutes=1)
# Players of clips hold no camera; each may keep a thread busy.
_MAX_CLIPS_OF_ONE_PERSON: Final = 4
# Who looks at single pictures holds a few decoded ones.
_MAX_LOOKS: Final = 6
_MAX_LOOKS_OF_ONE_PERSON: Final = 2
# A person who leafs through days asks for 24 an hour; each is some 10 kB.
_MAX_STILLS: Final = 2000
_MAX_PICTURES: Final = 500
# Between the last picture of a segment and the first of the next.
_JOINED: Final = timedelta(seconds=2)
_SWEEP: Final = timedelta(minutes=1)
_PLAYERS: HassKey[Players] = HassKey(f"{DOMAIN}_players")


def _session() -> str | None:
    """Return the log-in in which somebody asks."""
    connection = current_connection.get()
    return None if connection is None else connection.refresh_token_id


@dataclass(kw_only=True)
class Link:
    """The right of one person to a passage, a still or a clip of one camera."""

    # What its person must be allowed to, with every request.
    permission: ClassVar[Permission] = Permission.WATCH
    # Whether its person opened it by their own hand, as the permission asks for.
    by_hand: ClassVar[bool] = False
    # The message where there is nothing of it.
    gone: ClassVar[str] = "footage_missing"
    user_id: str
    camera: str
    start: datetime
    end: datetime
    made: datetime
    used: datetime

    # The log-in in which it was given (the id of its refresh token), with which it ends.
    session: str | None = field(default_factory=_session)

    def dead(self, now: datetime) -> bool:
        """Return whether it is good no more; a clock that was set back makes it live no longer."""
        return not (
            -_SET_BACK < now - self.used < LINK_TIME
            and -_SET_BACK < now - self.made < MAX_LINK_TIME
        )

    @property
    def subject(self) -> str:
        """Return what the ledger calls that which a request is refused for."""
        return f"camera/{self.camera}"


class Film(Protocol):
    """What is watched in a browser: a playlist and its parts."""

    def playlist(self) -> str:
        """Return the media playlist (RFC 8216)."""

    async def header(self, part: int) -> bytes:
        """Return an initialization segment; raises LookupError, CameraError."""

    async def segment(self, number: int) -> Segment:
        """Return a media segment; raises LookupError, CameraError."""

    async def aclose(self) -> None:
        """Let go of everything."""


@dataclass(kw_only=True)
class FilmLink(Link):
    """The right to watch something, a few seconds with each request."""

    film: Film

    def check(self, evidence: Evidence) -> None:
        """Raise LookupError where it may be watched no longer, whoever asks."""

    async def account(
        self, evidence: Evidence, person: Person, number: int, segment: Segment
    ) -> None:
        """Enter who sees this segment, before they do; raises LedgerError."""
        if segment.span is not None:
            await evidence.viewing_sessions.recorded(
                person, self.camera, Watched.RECORDED, (self.start, self.end), segment.span
            )


@dataclass(kw_only=True)
class PassageLink(FilmLink):
    """The right to watch a passage on a card."""


@dataclass(kw_only=True)
class StillLink(Link):
    """The right to see a picture of a passage."""

    parts: tuple[Stretch, ...] = field(repr=False)


@dataclass(kw_only=True)
class ClipLink(FilmLink):
    """The right to watch a sealed clip."""

    permission: ClassVar[Permission] = Permission.SEE_CASES
    gone: ClassVar[str] = "link_file_gone"
    film: ClipPlayback
    case_id: str
    clip_id: str

    @property
    @override
    def subject(self) -> str:
        return f"case/{self.case_id}"

    @override
    def check(self, evidence: Evidence) -> None:
        if to_watch(evidence, *evidence.cases.item(self.clip_id)) is None:
            raise LookupError(self.clip_id)

    @override
    async def account(
        self, evidence: Evidence, person: Person, number: int, segment: Segment
    ) -> None:
        await super().account(evidence, person, number, segment)
        evidence.watched.served(self.user_id, self.clip_id, self.film.reach(number))


@dataclass(kw_only=True)
class CounterLink(FilmLink):
    """The right to show a masked clip on the section's screen; the ledger has it before the first picture."""

    permission: ClassVar[Permission] = Permission.SHOW_AT_COUNTER
    by_hand: ClassVar[bool] = True
    gone: ClassVar[str] = "link_file_gone"
    film: MaskedPlayback
    person: Person
    case_id: str
    clip_id: str
    item_id: str
    # The number of the ledger's entry.
    showing: int
    # What was served, by the number of the segment.
    spans: dict[int, Span] = field(default_factory=dict)

    @property
    @override
    def subject(self) -> str:
        return f"case/{self.case_id}"

    @override
    def check(self, evidence: Evidence) -> None:
        case, item = evidence.cases.item(self.item_id)
        check_show_at_counter(case, self.person, item)
        if to_watch(evidence, *evidence.cases.item(self.clip_id)) is None:
            raise LookupError(self.clip_id)

    @override
    async def account(
        self, evidence: Evidence, person: Person, number: int, segment: Segment
    ) -> None:
        if segment.span is not None:
            self.spans[number] = segment.span

    def stretches(self) -> list[Span]:
        """Return from when to when it was served, those joined that follow one another."""
        found: list[Span] = []
        last = None
        for number, (start, end) in sorted(self.spans.items()):
            if found and last == number - 1 and found[-1][1] <= start <= found[-1][1] + _JOINED:
                found[-1] = found[-1][0], end
            else:
                found.append((start, end))
            last = number
        return found


@dataclass(kw_only=True)
class LookLink(Link):
    """The right to see the pictures of a sealed clip one by one, and what a mask makes of them."""

    permission: ClassVar[Permission] = Permission.SEE_CASES
    gone: ClassVar[str] = "link_file_gone"
    case_id: str
    # The clip, and the masked clip where it is one that is looked at.
    clip_id: str
    item_id: str
    stills: Stills
    stretches: tuple[Shown, ...]

    @property
    @override
    def subject(self) -> str:
        return f"case/{self.case_id}"

    def check(self, evidence: Evidence) -> None:
        """Raise LookupError where it may be looked at no longer, whoever asks."""
        for one in (self.clip_id, self.item_id):
            if to_watch(evidence, *evidence.cases.item(one)) is None:
                raise LookupError(one)

    async def account(self, evidence: Evidence, person: Person, still: Still) -> None:
        """Enter who sees this picture, before they do; raises LedgerError."""
        await evidence.viewing_sessions.recorded(
            person, self.camera, Watched.RECORDED, (self.start, self.end), self.span(still)
        )
        if still.plays is not None:
            evidence.watched.served(self.user_id, self.item_id, still.plays)

    def span(self, still: Still) -> Span:
        """Return what true time a picture shows, to the next one."""
        start = true_time(self.stretches, still.start)
        return start, start + timedelta(microseconds=still.end - still.start)


class Players:
    """All links of the section while its entry is loaded."""

    def __init__(self, hass: HomeAssistant, entry: NiizaConfigEntry) -> None:
        """Begin without any."""
        self._hass = hass
        self.entry = entry
        self._passages: OrderedDict[str, PassageLink] = OrderedDict()
        self._stills: OrderedDict[str, StillLink] = OrderedDict()
        self._clips: OrderedDict[str, ClipLink] = OrderedDict()
        self._looks: OrderedDict[str, LookLink] = OrderedDict()
        self._showings: OrderedDict[str, CounterLink] = OrderedDict()
        # By camera.
        self._drawing: dict[str, asyncio.Lock] = {}
        # By camera and bounds of the passage.
        self._pictures: OrderedDict[tuple[str, datetime, datetime], bytes] = OrderedDict()
        self._stop = async_track_time_interval(hass, self._async_sweep, _SWEEP)

    def film(self, token: str) -> FilmLink | None:
        """Return a link to something that plays; None where it never was or is dead."""
        return self._alive(
            self._passages.get(token) or self._clips.get(token) or self._showings.get(token)
        )

    def still(self, token: str) -> StillLink | None:
        """Return a link to a still; None where it never was or is dead."""
        return self._alive(self._stills.get(token))

    def look(self, token: str) -> LookLink | None:
        """Return a link to single pictures of a clip; None where it never was or is dead."""
        return self._alive(self._looks.get(token))

    async def async_add_passage(self, link: PassageLink) -> str:
        """Return the token of a new link; raises HomeAssistantError when too many people watch."""
        await self._async_sweep(link.made)
        own = [token for token, one in self._passages.items() if one.user_id == link.user_id]
        if len(own) >= MAX_OF_ONE_PERSON:
            # In order of use: the tab that was left alone.
            await self._async_close(own[0])
        elif len(self._passages) >= MAX_PLAYBACKS:
            token, idle = next(iter(self._passages.items()))
            if link.made - idle.used < _QUIET:
                await link.film.aclose()
                raise failed("too_many_playbacks")
            await self._async_close(token)
        token = secrets.token_urlsafe(32)
        self._passages[token] = link
        return token

    def add_still(self, link: StillLink) -> str:
        """Return the token of a new link; the oldest goes where there are too many."""
        token = secrets.token_urlsafe(32)
        self._stills[token] = link
        while len(self._stills) > _MAX_STILLS:
            self._stills.popitem(last=False)
        return token

    def add_clip(self, link: ClipLink) -> str:
        """Return the token of a new link; the one that its person left alone goes where there are too many."""
        own = [token for token, one in self._clips.items() if one.user_id == link.user_id]
        if len(own) >= _MAX_CLIPS_OF_ONE_PERSON:
            del self._clips[own[0]]
        token = secrets.token_urlsafe(32)
        self._clips[token] = link
        return token

    def add_look(self, link: LookLink) -> str:
        """Return the token of a new link; those that were left alone longest go where there are too many."""
        own = [token for token, one in self._looks.items() if one.user_id == link.user_id]
        if len(own) >= _MAX_LOOKS_OF_ONE_PERSON:
            del self._looks[own[0]]
        elif len(self._looks) >= _MAX_LOOKS:
            self._looks.popitem(last=False)
        token = secrets.token_urlsafe(32)
        self._looks[token] = link
        return token

    async def async_add_showing(self, link: CounterLink) -> str:
        """Return the token of a new link; who shows something else ends what they showed before."""
        await self.async_end_showing(link.user_id)
        token = secrets.token_urlsafe(32)
        self._showings[token] = link
        return token

    async def async_end_showing(self, user_id: str, number: int | None = None) -> None:
        """End what somebody shows at the counter (`number`: only that showing), on the record."""
        for token, link in tuple(self._showings.items()):
            if link.user_id == user_id and number in {None, link.showing}:
                await self._async_end(token)

    def use(self, token: str, link: Link) -> None:
        """Keep a link alive."""
        link.used = utcnow()
        if token in self._passages:
            self._passages.move_to_end(token)
        elif token in self._clips:
            self._clips.move_to_end(token)
        elif token in self._looks:
            self._looks.move_to_end(token)

    async def async_picture(self, camera: CameraCoordinator, link: StillLink) -> bytes:
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
        self._looks.clear()
        self._pictures.clear()
        for token in tuple(self._passages):
            await self._async_close(token)
        for token in tuple(self._showings):
            await self._async_end(token)

    async def _async_sweep(self, _now: datetime) -> None:
        now = utcnow()
        for token, showing in tuple(self._showings.items()):
            if showing.dead(now) or self.is_logged_out(showing):
                await self._async_end(token)
        for token in [token for token, link in self._passages.items() if link.dead(now)]:
            await self._async_close(token)
        self._forget_dead(self._stills, now)
        self._forget_dead(self._clips, now)
        self._forget_dead(self._looks, now)

    async def _async_close(self, token: str) -> None:
        if (link := self._passages.pop(token, None)) is not None:
            await link.film.aclose()

    async def _async_end(self, token: str) -> None:
        if (link := self._showings.pop(token, None)) is not None:
            await link.film.aclose()
            await self.entry.runtime_data.evidence.async_showing_ended(
                link.case_id, link.showing, link.stretches()
            )

    @callback
    def is_logged_out(self, link: Link) -> bool:
        """Return whether the log-in in which a link was given is over."""
        return (
            link.session is not None
            and self._hass.auth.async_get_refresh_token(link.session) is None
        )

    @staticmethod
    def _forget_dead[L: Link](links: OrderedDict[str, L], now: datetime) -> None:
        for token in [token for token, link in links.items() if link.dead(now)]:
            del links[token]

    @staticmethod
    def _alive[L: Link](link: L | None) -> L | None:
        return None if link is None or link.dead(utcnow()) else link


@callback
def async_players(hass: HomeAssistant, entry: NiizaConfigEntry) -> Players:
    """Return the links of the section; they end with its entry."""
    if (players := hass.data.get(_PLAYERS)) is None or players.entry is not entry:
        players = hass.data[_PLAYERS] = Players(hass, entry)

        async def close() -> None:
            hass.data.pop(_PLAYERS, None)
            await players.async_close()

        entry.runtime_data.stack.push_async_callback(close)
    return players


@callback
def known_players(hass: HomeAssistant) -> Players | None:
    """Return the links of the section, if there are any."""
    return hass.data.get(_PLAYERS)
