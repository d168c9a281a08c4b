"""What a player asks for over the websocket."""

from collections.abc import Mapping
from datetime import datetime

from homeassistant.util import dt as dt_util
import probatio

from ..errors import invalid
from ..lib.access.errors import FieldsInvalid
from ..lib.cases.model import ShownTo
from ..responses.base import show_span, show_time
from ..responses.playback import CounterOpened, FilmOpened, WatchedShown, show_watched
from ..views.links import known_players
from ..views.passages import (
    MIME_TYPE,
    Opened,
    async_playback,
    async_show_at_counter,
    async_watch_clip,
)
from .base import Command, CommandCall, anybody


async def _open_passage(call: CommandCall) -> FilmOpened:
    """Open a passage for the person at the other end."""
    return _shown(
        await async_playback(
            call.hass,
            call.entry,
            call.connection.user.id,
            call.msg["camera"],
            start=_moment(call.msg["start"]),
            end=_moment(call.msg["end"]),
        )
    )


async def _open_clip(call: CommandCall) -> FilmOpened:
    """Open a sealed clip for the person at the other end."""
    return _shown(
        await async_watch_clip(call.hass, call.entry, call.connection.user.id, call.msg["clip"])
    )


async def _watched(call: CommandCall) -> WatchedShown:
    """Count what the player at the other end says that it played of a sealed clip."""
    reaches = [(start, end) for start, end in call.msg["reaches"]]
    return show_watched(
        await call.evidence.async_told_watched(
            call.actor, call.msg["clip"], reaches, call.msg["speed"]
        )
    )


async def _open_counter(call: CommandCall) -> CounterOpened:
    """Show a masked clip on the section's screen."""
    item, shown_to, draft_id = (call.msg.get(name) for name in ("item", "shown_to", "draft_id"))
    if not isinstance(item, str):
        raise FieldsInvalid("action_field_invalid", {"field": "item"})
    if shown_to not in set(ShownTo):
        raise FieldsInvalid("action_field_invalid", {"field": "shown_to"})
    if not isinstance(draft_id, str | None):
        raise FieldsInvalid("action_field_invalid", {"field": "draft_id"})
    opened, showing = await async_show_at_counter(
        call.hass, call.entry, call.actor, item, shown_to=ShownTo(shown_to), draft_id=draft_id
    )
    return CounterOpened(**_shown(opened), showing=showing)


async def _end_counter(call: CommandCall) -> None:
    """End a showing of one's own; one that ended is let be."""
    if (players := known_players(call.hass)) is not None:
        await players.async_end_showing(call.connection.user.id, call.msg["showing"])


def _shown(opened: Opened) -> FilmOpened:
    return FilmOpened(
        url=opened.path,
        mime_type=MIME_TYPE,
        codec=opened.codec,
        start=show_time(opened.start),
        end=show_time(opened.end),
        gaps=[show_span(start, end) for start, end in opened.gaps],
        picture=opened.picture,
        pictures=None if opened.pictures is None else [*opened.pictures],
    )


def _moment(text: str) -> datetime:
    """Return a moment, in the section's time zone where none is named; raises a translated error."""
    moment = dt_util.parse_datetime(text)
    if moment is None:
        raise invalid("time_invalid", time=text[:40])
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt_util.get_default_time_zone())
    return dt_util.as_utc(moment)


# Of one message; a player tells every few seconds.
_MAX_REACHES = 100
_MILLISECONDS = probatio.All(int, probatio.Range(min=0, max=10**9))
# Who may watch, and that somebody may not, is found out with the camera or the clip that is named.
COMMANDS: Mapping[str, Command] = {
    "playback": Command(
        answer=_open_passage,
        door=anybody,
        schema={
            probatio.Required("camera"): str,
            probatio.Required("start"): str,
            probatio.Required("end"): str,
        },
    ),
    "watch_clip": Command(answer=_open_clip, door=anybody, schema={probatio.Required("clip"): str}),
    # The schema lets everything through to our own checks: what Home Assistant refuses by one, it logs.
    "open_counter": Command(
        answer=_open_counter, door=anybody, schema={probatio.Optional(str): object}
    ),
    "end_counter": Command(
        answer=_end_counter,
        door=anybody,
        schema={probatio.Required("showing"): probatio.All(int, probatio.Range(min=1))},
    ),
    "watched": Command(
        answer=_watched,
        door=anybody,
        schema={
            probatio.Required("clip"): str,
            # Each a start and an end, of what the clip plays.
            probatio.Required("reaches"): probatio.All(
                [probatio.ExactSequence([_MILLISECONDS, _MILLISECONDS])],
                probatio.Length(max=_MAX_REACHES),
            ),
            # Percent.
            probatio.Required("speed"): probatio.All(int, probatio.Range(min=1, max=10_000)),
        },
    ),
}
