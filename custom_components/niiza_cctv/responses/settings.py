"""What actions, the panel and the view of the password show of a camera's settings."""

from collections.abc import Iterable, Mapping
from typing import Final, TypedDict

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..coordinator import CameraCoordinator
from ..errors import error_key
from ..lib.device.errors import CameraError
from ..lib.device.judge import clock_problem, resolution_within_limit
from ..lib.settings.book import TemporaryResolution
from ..lib.settings.change import NoSuchSize, Reading, ResolutionChange
from ..lib.settings.values import (
    ChangeRequest,
    ClockValues,
    Outcome,
    ProfileSize,
    Resolution,
    ResolutionValues,
    Setting,
    SettingValues,
    Values,
)
from ..managers.setting_requests import Advisory, ChangeResult, PendingChange, SettingRequests
from ..runtime import NiizaConfigEntry
from ..texts import async_text, async_words
from .base import PersonShown, show_person, show_time, time_or_none


class TextShown(TypedDict):
    """A sentence in Home Assistant's language, with its name."""

    key: str
    text: str


class SizeShown(TypedDict):
    """Width and height in pixels."""

    width: int
    height: int


class RaisedShown(TypedDict):
    """What is raised at a camera for a limited time."""

    since: str
    until: str
    by: PersonShown | None
    before: SizeShown | None
    after: SizeShown | None
    # Whether the time is over: it must be put back.
    over: bool
    # False: the connection broke while it was being set.
    certain: bool


class AudioShown(TypedDict):
    """How audio stands."""

    disabled: bool | None
    found: list[str]
    on_card_until: str | None
    # Whether the section has decided to record it.
    allowed: bool


class ResolutionShown(TypedDict):
    """How the recorded picture stands, and what would be chosen."""

    now: SizeShown | None
    # Whether the camera says which profile it records; None where it was not asked.
    recorded: bool | None
    everyday: SizeShown | None
    evidence: SizeShown | None
    max_everyday_height: int
    within_limit: bool | None


class ClockShown(TypedDict):
    """How the clock stands; `offset` in seconds, camera minus ours."""

    offset: float | None
    problem: bool | None
    mode: str | None
    ntp: str | None


class SettingsShown(TypedDict):
    """What stands at one camera."""

    camera: str
    device_id: str | None
    name: str
    # Whether it was asked for this; otherwise this is what the polls know.
    read: bool
    # Why it could not be asked, a key of the exceptions.
    error: str | None
    audio: AudioShown
    resolution: ResolutionShown
    clock: ClockShown
    raised: RaisedShown | None


class AllSettingsShown(TypedDict):
    """What stands at the cameras, and whether this person may change it, password apart."""

    may: bool
    cameras: list[SettingsShown]


class SettingRefusedShown(TypedDict):
    """Why the password was not taken, or the change not made; `tries_left` is None where there is no such request."""

    error: str
    message: str
    tries_left: int | None


class RequestShown(TypedDict):
    """What a request will do."""

    token: str
    link: str
    expires: str
    tries_left: int
    camera: str
    camera_name: str
    # "audio_off", "resolution", "clock"
    setting: str
    before: Values
    after: Values
    until: str | None
    already: bool
    warnings: list[TextShown]


class DoneShown(TypedDict):
    """What came of a request; `done` is None where nobody knows."""

    done: bool | None
    verified: bool
    changed: bool
    setting: str
    camera: str
    camera_name: str
    before: Values
    # As read back; None where nothing could be read any more.
    after: Values | None
    until: str | None
    error: str | None
    message: str
    remains: list[TextShown]
    # False: the ledger takes it later.
    recorded: bool
    tries_left: int


_MESSAGES: Final = {
    Outcome.DONE: "settings_done",
    Outcome.NOT_DONE: "setting_not_done",
    Outcome.UNKNOWN: "setting_unknown",
}


async def _remarks(hass: HomeAssistant, remarks: Iterable[Advisory]) -> list[TextShown]:
    return [
        TextShown(key=one.key, text=await async_text(hass, one.key, **one.placeholders))
        for one in remarks
    ]


async def show_request(hass: HomeAssistant, pending: PendingChange) -> RequestShown:
    """Show what a request will do."""
    return RequestShown(
        token=pending.token,
        link=pending.link,
        expires=show_time(pending.expires),
        tries_left=pending.tries,
        camera=pending.camera,
        camera_name=pending.camera_name,
        setting=str(pending.request.setting),
        before=pending.before.as_json(),
        after=pending.after.as_json(),
        until=time_or_none(pending.until),
        already=pending.already,
        warnings=await _remarks(hass, pending.warnings),
    )


async def show_done(
    hass: HomeAssistant, pending: PendingChange, carried: ChangeResult
) -> DoneShown:
    """Show what came of a pending."""
    result = carried.result
    done = {Outcome.DONE: True, Outcome.NOT_DONE: False, Outcome.UNKNOWN: None}[result.outcome]
    message = _MESSAGES[result.outcome]
    return DoneShown(
        done=done,
        verified=bool(done),
        changed=result.changed,
        setting=str(pending.request.setting),
        camera=pending.camera,
        camera_name=pending.camera_name,
        before=result.before.as_json(),
        after=None if result.after is None else result.after.as_json(),
        until=time_or_none(carried.until) if done is not False else None,
        error=None if done else message,
        message=await async_text(hass, message, camera=pending.camera_name),
        remains=await _remarks(hass, carried.remains),
        recorded=carried.recorded,
        tries_left=0 if pending.used else pending.tries,
    )


def show_known(
    hass: HomeAssistant, entry: NiizaConfigEntry, camera: CameraCoordinator
) -> SettingsShown:
    """Show what the polls know of a camera."""
    policy, status = camera.policy, camera.data
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, camera.unique_id), entry.entry_id
    )
    audio, profile, clock = status.audio, status.main_profile, status.clock
    raised = entry.runtime_data.setting_issues.raised(camera.unique_id)
    return SettingsShown(
        camera=camera.unique_id,
        device_id=None if device is None else device.id,
        name=camera.name,
        read=False,
        error=None if status.error is None else error_key(status.error),
        audio=AudioShown(
            disabled=None if audio is None else audio.disabled,
            found=[] if audio is None else sorted(audio.found),
            on_card_until=None if audio is None else time_or_none(audio.on_card_until),
            allowed=policy.audio_allowed,
        ),
        resolution=ResolutionShown(
            now=SizeShown(width=profile.width, height=profile.height)
            if profile is not None and profile.width is not None and profile.height is not None
            else None,
            recorded=None,
            everyday=None,
            evidence=None,
            max_everyday_height=policy.max_everyday_height,
            within_limit=resolution_within_limit(profile, policy),
        ),
        clock=ClockShown(
            offset=None if clock is None else round(clock.offset.total_seconds(), 1),
            problem=clock_problem(clock, policy),
            mode=None if clock is None else str(clock.mode),
            ntp=None,
        ),
        raised=None if raised is None else _show_raised(raised),
    )


def _show_raised(raised: TemporaryResolution) -> RaisedShown:
    return RaisedShown(
        since=show_time(raised.since),
        until=show_time(raised.until),
        by=None if raised.by is None else show_person(raised.by),
        before=SizeShown(width=raised.before[0], height=raised.before[1]),
        after=SizeShown(width=raised.after[0], height=raised.after[1]),
        over=raised.until <= dt_util.utcnow(),
        certain=raised.certain,
    )


async def async_ask_camera(
    settings: SettingRequests, camera: CameraCoordinator, shown: SettingsShown
) -> SettingsShown:
    """Add what only the camera itself can tell."""
    try:
        clock = await settings.async_look(
            camera, settings.change(camera, ChangeRequest(setting=Setting.CLOCK))
        )
        evidence, told = await _aim(settings, camera, Resolution.EVIDENCE)
        try:
            everyday, _ = await _aim(settings, camera, Resolution.EVERYDAY)
        except NoSuchSize:
            everyday = None
    except CameraError as err:
        shown["error"] = error_key(err)
        return shown
    shown["read"] = True
    shown["error"] = None
    if isinstance(clock.values, ClockValues):
        shown["clock"]["mode"] = str(clock.values.mode)
        shown["clock"]["ntp"] = clock.values.ntp
        shown["clock"]["offset"] = float(clock.values.ahead)
    if evidence is not None:
        shown["resolution"]["now"] = _size(evidence.values)
        shown["resolution"]["evidence"] = _size(evidence.wanted)
        shown["resolution"]["recorded"] = told
    if everyday is not None:
        shown["resolution"]["everyday"] = _size(everyday.wanted)
    return shown


async def _aim(
    settings: SettingRequests, camera: CameraCoordinator, resolution: Resolution
) -> tuple[Reading | None, bool]:
    """Return what a resolution would be at a camera, and whether the camera says what it records."""
    change = settings.change(
        camera, ChangeRequest(setting=Setting.RESOLUTION, resolution=resolution)
    )
    reading = await settings.async_look(camera, change)
    return reading, isinstance(change, ResolutionChange) and change.told


def _size(values: SettingValues) -> SizeShown | None:
    """Return the size of the recorded profile."""
    match values:
        case ResolutionValues(recorded=ProfileSize(size=(width, height))):
            return SizeShown(width=width, height=height)
    return None


async def show_refused(
    hass: HomeAssistant, key: str, placeholders: Mapping[str, str], pending: PendingChange | None
) -> SettingRefusedShown:
    """Show why a request was refused."""
    return SettingRefusedShown(
        error=key,
        message=await async_words(hass, key, placeholders),
        tries_left=None if pending is None else pending.tries,
    )
