"""Every use of Home Assistant's insides for which there is no public way, one function each.

A release may change them. Then one line in the log says what does not work any more, and everything else goes on;
docs/architecture.md lists them. What a rule of ours depends on (no audio, nobody's phone but one's own) fails closed.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from homeassistant.components.stream import Stream
from homeassistant.const import __version__ as HA_VERSION
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN, LOGGER

# What a change of Home Assistant's insides shows itself by.
_CHANGED: Final = (AttributeError, ImportError, KeyError, TypeError)

# What was said already: one line each, however often it is tried.
SAID: Final[set[str]] = set()


def _say(lost: str, err: Exception | str) -> None:
    """Write the one line."""
    if lost not in SAID:
        SAID.add(lost)
        LOGGER.error("Home Assistant %s is not as expected (%s): %s", HA_VERSION, err, lost)


@contextmanager
def _or_else(lost: str) -> Iterator[None]:
    """Run what leans on the insides; where they changed, say what is lost and go on behind it."""
    try:
        yield
    except _CHANGED as err:
        _say(lost, repr(err))


# --- Scripts ----------------------------------------------------------------------------------------------------


def runs_in_script() -> bool:
    """Return whether this is done by a script, other than by the calls that a person typed at the developer's page.

    Without it everything counts as done by one, and nobody decides anything.
    """
    try:
        from homeassistant.helpers.script import script_stack_cv  # noqa: PLC0415 - it may go

        # Each by the integration that runs it: the page's own are the websocket's.
        return not all(name.startswith("websocket_api.") for name in script_stack_cv.get() or ())
    except _CHANGED as err:
        _say("approving, releasing and other steps by a person's own hand are refused", repr(err))
        return True


# --- Companion apps ---------------------------------------------------------------------------------------------


def notify_actions(hass: HomeAssistant, webhook_ids: Iterable[str]) -> list[str]:
    """Return the notify actions of the companion apps with these webhooks: of nobody else's that has the same name.

    Without it no phone is reached: notices stand on Home Assistant's own page, and a repair says so.
    """
    if "mobile_app" not in hass.config.components:
        return []
    try:
        from homeassistant.components.mobile_app.util import get_notify_service  # noqa: PLC0415 - it may go

        if hass.data["mobile_app"].get("notify") is None:
            # Its notify platform is not set up yet.
            return []
        return [name for one in webhook_ids if (name := get_notify_service(hass, one))]
    except _CHANGED as err:
        _say("phones and tablets are not notified", repr(err))
        return []


# --- The live stream --------------------------------------------------------------------------------------------


def set_up_video_only(stream: Stream) -> None:
    """Keep FFmpeg from sending SETUP for anything but video; raises HomeAssistantError where that cannot be had.

    Without it there is no live view: audio must not reach Home Assistant.
    """
    _set_option(stream, "allowed_media_types", "video")


def _set_option(stream: Stream, name: str, value: str) -> None:
    try:
        stream.pyav_options[name] = value
    except _CHANGED as err:
        _say("there is no live view, because audio could not be kept out of it", repr(err))
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="live_view_not_supported"
        ) from err


async def async_end_stream(stream: Stream) -> None:
    """End a stream and its thread, also one that is kept running for quick starts.

    Without it a stream that is not watched ends by itself, some minutes later; one kept for quick starts does not.
    """
    with _or_else("live streams do not end at once"):
        for output in stream.outputs().values():
            await stream.remove_provider(output)
        settings = stream.dynamic_stream_settings
        preload, settings.preload_stream = settings.preload_stream, False
        try:
            await stream.stop()
        finally:
            settings.preload_stream = preload


# --- Blueprints -------------------------------------------------------------------------------------------------


def blueprint_folder(hass: HomeAssistant, domain: str) -> Path:
    """Return where Home Assistant reads blueprints of this integration from.

    There is no public way to bring blueprints along. Where the folder moves, the files lie in the old one unused.
    """
    return Path(hass.config.path("blueprints", domain, DOMAIN))


# --- Dashboards -------------------------------------------------------------------------------------------------


async def dashboards_by_strategy(hass: HomeAssistant, strategy: str) -> list[str]:
    """Return the addresses of the dashboards that a strategy builds, of those that are there for everybody.

    Without it notices lead to the panel's own board.
    """
    found: list[str] = []
    if "lovelace" not in hass.config.components:
        return found
    with _or_else("notices lead to the panel, not to the section's dashboard"):
        from homeassistant.components.lovelace.const import LOVELACE_DATA  # noqa: PLC0415 - it may go

        # A copy: while one is read, another may be made or deleted.
        for address, dashboard in [*hass.data[LOVELACE_DATA].dashboards.items()]:
            if (dashboard.config or {}).get("require_admin"):
                continue
            try:
                built_by = (await dashboard.async_load(False)).get("strategy")
            except HomeAssistantError:
                # Home Assistant's own, which is built by itself, or a file that is not there.
                continue
            if isinstance(built_by, dict) and built_by.get("type") == strategy:
                found.append(address or "lovelace")
    return found


# --- Triggers and conditions ------------------------------------------------------------------------------------


def offered[T](kinds: dict[str, type[T]], base: type, hooks: Iterable[str]) -> dict[str, type[T]]:
    """Return triggers or conditions if the base class still asks the methods that ours replace, none otherwise.

    A condition whose replaced method nobody calls would say "all are fine" of cameras that are not known.
    """
    if missing := [hook for hook in hooks if not hasattr(base, hook)]:
        _say(
            f"the {base.__name__}s of this integration are not offered",
            f"no {', '.join(missing)}",
        )
        return {}
    return kinds
