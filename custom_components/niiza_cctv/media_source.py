"""Recorded footage in the media browser: camera, day, hour."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import override

from homeassistant.components.media_player.const import MediaClass, MediaType
from homeassistant.components.media_player.errors import BrowseError
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.components.websocket_api.connection import current_connection
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .coordinator import CameraCoordinator
from .errors import failed
from .lib.footage.archive import FootageDay, FootageIndex
from .lib.ledger.model import Person
from .runtime import NiizaConfigEntry, loaded_entry
from .texts import async_words
from .views.passages import (
    MIME_TYPE,
    async_allowed,
    async_camera,
    async_index,
    async_playback,
    async_still_path,
    codec_now,
)

_HOUR = timedelta(hours=1)
# The tasks in which Home Assistant answers a browser's own commands; with other names everybody is refused.
_COMMANDS = frozenset(
    {"websocket_api.async:websocket_browse_media", "websocket_api.async:websocket_resolve_media"}
)


async def async_get_media_source(hass: HomeAssistant) -> FootageMediaSource:
    """Set up the section's footage as a media source."""
    return FootageMediaSource(hass)


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where in the tree an identifier points: nothing, a camera, its day, or an hour of it."""

    camera: str | None = None
    day: date | None = None
    # UTC.
    hour: datetime | None = None

    @classmethod
    def read(cls, identifier: str) -> _Place:
        """Return what `identifier` names, `<camera>|<day>|<hour>`; what cannot be read names no day or hour."""
        camera, _, rest = identifier.partition("|")
        day, _, hour = rest.partition("|")
        place = cls(camera=camera or None)
        try:
            if day:
                place = replace(place, day=date.fromisoformat(day))
            if hour:
                at = datetime.strptime(hour, "%Y%m%dT%H%MZ").replace(tzinfo=UTC)
                place = replace(place, hour=at)
        except ValueError:
            return place
        return place

    def playable(self) -> tuple[str, datetime]:
        """Return camera and hour; raises HomeAssistantError where the identifier names none."""
        if self.camera is None or self.hour is None:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="media_unknown")
        return self.camera, self.hour


class FootageMediaSource(MediaSource):
    """What is on the cards of the section's cameras, for those who may watch it."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Call it as the section calls its cameras."""
        super().__init__(DOMAIN)
        self.hass = hass
        entries: list[NiizaConfigEntry] = hass.config_entries.async_entries(DOMAIN)
        if entries:
            self.name = entries[0].title

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Return the cameras, the days of one, or the hours of a day."""
        try:
            entry = self._entry()
            place = _Place.read(item.identifier or "")
            person = await async_allowed(entry, _asker(), place.camera)
            if place.camera is None:
                return await self._root(entry)
            camera = async_camera(entry, place.camera)
            index = await async_index(camera)
            if place.day is None:
                return await self._days(camera, index)
            return await self._hours(entry, person, camera, index, place.day)
        except HomeAssistantError as err:
            raise BrowseError(
                # The media browser shows the text itself, which core would write in English.
                await async_words(self.hass, err.translation_key, err.translation_placeholders),
                translation_domain=err.translation_domain,
                translation_key=err.translation_key,
                translation_placeholders=err.translation_placeholders,
            ) from err

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return where an hour can be played, for minutes and for the person who asks."""
        try:
            entry = self._entry()
            place = _Place.read(item.identifier or "")
            await async_allowed(entry, _asker(), place.camera)
            camera, hour = place.playable()
            opened = await async_playback(
                self.hass, entry, _asker(), camera, start=hour, end=hour + _HOUR
            )
        except HomeAssistantError as err:
            raise Unresolvable(
                # The media browser shows the text itself, which core would write in English.
                await async_words(self.hass, err.translation_key, err.translation_placeholders),
                translation_domain=err.translation_domain,
                translation_key=err.translation_key,
                translation_placeholders=err.translation_placeholders,
            ) from err
        return PlayMedia(opened.path, MIME_TYPE)

    def _entry(self) -> NiizaConfigEntry:
        if (entry := loaded_entry(self.hass)) is None:
            raise failed("section_not_loaded")
        return entry

    async def _root(self, entry: NiizaConfigEntry) -> BrowseMediaSource:
        texts = await self._texts()
        cameras = sorted(entry.runtime_data.cameras.values(), key=lambda camera: camera.name)
        root = _directory(None, entry.title)
        root.children_media_class = MediaClass.DIRECTORY
        root.children = [
            _directory(camera.unique_id, _camera_title(texts, camera)) for camera in cameras
        ]
        return root

    async def _days(self, camera: CameraCoordinator, index: FootageIndex) -> BrowseMediaSource:
        """Return the days with footage, newest first, each with the moment at which it goes."""
        texts = await self._texts()
        node = _directory(camera.unique_id, _camera_title(texts, camera))
        # Of this class the browser makes a list, in which long titles are not cut off.
        node.children_media_class = MediaClass.TRACK
        node.children = [
            _directory(f"{camera.unique_id}|{day.day.isoformat()}", _day_title(texts, day))
            for day in reversed(index.days(dt_util.get_default_time_zone()))
        ]
        return node

    async def _hours(
        self,
        entry: NiizaConfigEntry,
        person: Person,
        camera: CameraCoordinator,
        index: FootageIndex,
        day: date,
    ) -> BrowseMediaSource:
        """Return the hours of a day from its first to its last footage, each with what is missing in it."""
        texts = await self._texts()
        days = index.days(dt_util.get_default_time_zone())
        found = next((one for one in days if one.day == day), None)
        if found is None:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="footage_missing",
                translation_placeholders={"camera": camera.name},
            )
        node = _directory(
            f"{camera.unique_id}|{day.isoformat()}", f"{camera.name} {_day_title(texts, found)}"
        )
        node.children_media_class = MediaClass.VIDEO
        node.children = []
        first = min(stretch.start for stretch in found.stretches)
        last = max(stretch.end for stretch in found.stretches)
        at = found.start
        while at < last:
            end = min(at + _HOUR, found.end)
            if end > first:
                parts = index.parts(at, end)
                node.children.append(
                    BrowseMediaSource(
                        domain=DOMAIN,
                        identifier=f"{camera.unique_id}|{day.isoformat()}|{at:%Y%m%dT%H%MZ}",
                        media_class=MediaClass.VIDEO,
                        media_content_type=MediaType.VIDEO,
                        title=_hour_title(texts, index, at, end),
                        can_play=bool(parts),
                        can_expand=False,
                        thumbnail=async_still_path(
                            self.hass, entry, person, camera.unique_id, parts
                        )
                        if parts
                        else None,
                    )
                )
            at = end
        return node

    async def _texts(self) -> dict[str, str]:
        """Return the words of titles in this Home Assistant's language."""
        prefix = f"component.{DOMAIN}.common."
        texts = await async_get_translations(
            self.hass, self.hass.config.language, "common", {DOMAIN}
        )
        return {key.removeprefix(prefix): text for key, text in texts.items()}


def _asker() -> str | None:
    """Return the user at the other end of the websocket that asks; None: it was nobody's hand.

    Whatever a person's command sets off, automations too, carries their connection on: only the command itself counts.
    """
    connection, task = current_connection.get(), asyncio.current_task()
    if connection is None or task is None or task.get_name() not in _COMMANDS:
        return None
    return connection.user.id


def _directory(identifier: str | None, title: str) -> BrowseMediaSource:
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=identifier,
        media_class=MediaClass.DIRECTORY,
        media_content_type=MediaType.VIDEO,
        title=title,
        can_play=False,
        can_expand=True,
    )


def _camera_title(texts: dict[str, str], camera: CameraCoordinator) -> str:
    """Return a camera's name, with a word of warning where not every browser plays its footage."""
    if codec_now(camera) == "hevc":
        return texts["media_camera_h265"].format(camera=camera.name)
    return camera.name


def _day_title(texts: dict[str, str], day: FootageDay) -> str:
    """Return a day's date, and when the card drops it as far as that is known."""
    title = _date(texts["media_day"], texts, day.day)
    if day.overwritten_at is None:
        return title
    gone = dt_util.as_local(day.overwritten_at)
    return texts["media_day_overwritten"].format(
        day=title, date=_date(texts["media_date"], texts, gone.date()), time=f"{gone:%H:%M}"
    )


def _date(pattern: str, texts: dict[str, str], day: date) -> str:
    return pattern.format(
        year=day.year,
        month=day.month,
        day=day.day,
        weekday=texts[f"media_weekday_{day.isoweekday()}"],
    )


def _hour_title(texts: dict[str, str], index: FootageIndex, start: datetime, end: datetime) -> str:
    """Return from when to when, and how much of it is missing."""
    title = f"{dt_util.as_local(start):%H:%M}–{dt_util.as_local(end):%H:%M}"
    # What is still to be recorded is not missing.
    end = min(end, index.read_at)
    gaps = index.gaps(start, end)
    missing = round(sum((last - first).total_seconds() for first, last in gaps))
    newest = max(stretch.end for stretch in index.stretches)
    if gaps and newest < end and index.growing:
        # A card's index lags.
        missing -= round((end - max(newest, start)).total_seconds())
    if missing < 1:
        return title
    if missing >= round((end - start).total_seconds()):
        return texts["media_hour_empty"].format(hour=title)
    if missing < 60:
        return texts["media_hour_missing_seconds"].format(hour=title, seconds=missing)
    return texts["media_hour_missing_minutes"].format(hour=title, minutes=round(missing / 60))
