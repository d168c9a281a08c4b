"""Where the settings password is given, and what the panel shows of a camera's settings.

`POST /api/niiza_cctv/settings/<token>` {"username", "password"} makes the change of a request: of one person, once,
within ten minutes. The body is bounded, is not echoed and is in no message; what it held is forgotten with the answer.

`niiza_cctv/camera_settings` {"camera": id?} → what stands at the cameras, or, asked for one, what it offers.
`niiza_cctv/settings_request` {"token"} → what a request will do, for who made it.
"""

import asyncio
from collections.abc import Iterable
import json
from typing import Any, Final, TypedDict

from aiohttp import hdrs, web
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.decorators import async_response, websocket_command
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, service as service_helper
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView
from homeassistant.util import dt as dt_util
import probatio

from ..const import DOMAIN
from ..coordinator import CameraCoordinator
from ..errors import error_key, invalid, translated
from ..lib.access.errors import CaseError
from ..lib.access.permissions import Permission, may
from ..lib.device.errors import CameraError
from ..lib.device.judge import clock_problem, resolution_within_limit
from ..lib.device.model import Credential
from ..lib.ledger.errors import LedgerError
from ..lib.settings.book import TemporaryResolution
from ..lib.settings.change import (
    NoSuchSize,
    Outcome,
    Reading,
    Resolution,
    ResolutionChange,
    Setting,
    Values,
)
from ..managers.setting_requests import (
    Advisory,
    ChangeRequest,
    ChangeResult,
    PendingChange,
    SettingRequests,
)
from ..responses.cases import PersonShown, show_person, show_time, time_or_none
from ..runtime import NiizaConfigEntry
from ..texts import async_text, async_words

# A form holds two short texts.
_BODY_LIMIT: Final = 4096
_LONGEST_FIELD: Final = 256
_HEADERS: Final = {
    hdrs.CACHE_CONTROL: "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
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


@callback
def async_setup_settings_views(hass: HomeAssistant) -> None:
    """Register the view and the commands."""
    hass.http.register_view(SettingsView)
    async_register_command(hass, _camera_settings)
    async_register_command(hass, _settings_request)


async def _remarks(hass: HomeAssistant, remarks: Iterable[Advisory]) -> list[TextShown]:
    return [
        TextShown(key=one.key, text=await async_text(hass, one.key, **one.placeholders))
        for one in remarks
    ]


async def show_request(hass: HomeAssistant, request: PendingChange) -> RequestShown:
    """Show what a request will do."""
    return RequestShown(
        token=request.token,
        link=request.link,
        expires=show_time(request.expires),
        tries_left=request.tries,
        camera=request.camera,
        camera_name=request.camera_name,
        setting=str(request.wish.setting),
        before={**request.before},
        after={**request.after},
        until=time_or_none(request.until),
        already=request.already,
        warnings=await _remarks(hass, request.warnings),
    )


# --- Where the password is given ------------------------------------------------------------------------------


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
            if (
                username.strip()
                and password
                and max(len(username), len(password)) <= _LONGEST_FIELD
            ):
                return Credential(username=username.strip(), password=password)
    return None


class SettingsView(HomeAssistantView):
    """Takes the settings password of one camera, for one change."""

    url = f"/api/{DOMAIN}/settings/{{token}}"
    name = f"api:{DOMAIN}:settings"

    async def post(self, request: web.Request, token: str) -> web.Response:
        """Make the change of a request."""
        hass = request.app[KEY_HASS]
        entries: list[NiizaConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
        if not entries:
            return await _refused(hass, 404, "settings_link_unknown", {}, None)
        section = entries[0].runtime_data
        # First: who sends it slowly must not outlast the link, the tries or a role by it.
        credential = await _form(request)
        actor = await section.evidence.async_actor(request[KEY_HASS_USER].id, direct=True)
        wanted: PendingChange | None = None
        try:
            wanted = await section.settings.async_request(actor, token, use=True)
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
        return web.json_response(await _show_done(hass, wanted, done), headers=_HEADERS)


async def _refused(
    hass: HomeAssistant,
    status: int,
    key: str,
    placeholders: dict[str, str],
    request: PendingChange | None,
) -> web.Response:
    return web.json_response(
        {
            "error": key,
            "message": await async_words(hass, key, placeholders),
            "tries_left": None if request is None else request.tries,
        },
        status=status,
        headers=_HEADERS,
    )


_MESSAGES: Final = {
    Outcome.DONE: "settings_done",
    Outcome.NOT_DONE: "setting_not_done",
    Outcome.UNKNOWN: "setting_unknown",
}


async def _show_done(
    hass: HomeAssistant, request: PendingChange, carried: ChangeResult
) -> DoneShown:
    result = carried.result
    done = {Outcome.DONE: True, Outcome.NOT_DONE: False, Outcome.UNKNOWN: None}[result.outcome]
    message = _MESSAGES[result.outcome]
    return DoneShown(
        done=done,
        verified=bool(done),
        changed=result.changed,
        setting=str(request.wish.setting),
        camera=request.camera,
        camera_name=request.camera_name,
        before={**result.before},
        after=None if result.after is None else {**result.after},
        until=time_or_none(carried.until) if done is not False else None,
        error=None if done else message,
        message=await async_text(hass, message, camera=request.camera_name),
        remains=await _remarks(hass, carried.remains),
        recorded=carried.recorded,
        tries_left=0 if request.used else request.tries,
    )


# --- What the panel shows -------------------------------------------------------------------------------------


@websocket_command(
    {
        probatio.Required("type"): f"{DOMAIN}/camera_settings",
        probatio.Optional("camera"): str,
    }
)
@async_response
async def _camera_settings(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Show what stands at the cameras; asked for one, ask it."""
    entry: NiizaConfigEntry = service_helper.async_get_config_entry(hass, DOMAIN, None)
    section = entry.runtime_data
    actor = await section.evidence.async_actor(connection.user.id, direct=True)
    try:
        await section.evidence.cases.check(actor, Permission.SEE_CASES)
    except (CaseError, LedgerError) as err:
        raise translated(err) from err
    if "camera" in msg:
        camera = entry.runtime_data.cameras.named(msg["camera"])
        if camera is None:
            raise invalid("camera_unknown", camera=msg["camera"][:100])
        cameras = [await _asked(section.settings, camera, _known(hass, entry, camera))]
    else:
        cameras = sorted(
            (_known(hass, entry, camera) for camera in section.cameras.values()),
            key=lambda shown: shown["name"],
        )
    connection.send_result(
        msg["id"], {"may": may(actor, Permission.CHANGE_SETTING), "cameras": cameras}
    )


def _known(
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


async def _asked(
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
    mode, ntp, offset = (clock.values[key] for key in ("mode", "ntp", "offset"))
    shown["clock"]["mode"] = str(mode)
    shown["clock"]["ntp"] = None if ntp is None else str(ntp)
    shown["clock"]["offset"] = float(str(offset))
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


def _size(values: Values) -> SizeShown | None:
    """Return the size of the recorded profile."""
    profiles = values["profiles"]
    for one in profiles if isinstance(profiles, list) else ():
        match one:
            case {"recorded": True, "width": int(width), "height": int(height)}:
                return SizeShown(width=width, height=height)
    return None


@websocket_command(
    {
        probatio.Required("type"): f"{DOMAIN}/settings_request",
        probatio.Required("token"): str,
    }
)
@async_response
async def _settings_request(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Show what a request will do, to who made it."""
    entry: NiizaConfigEntry = service_helper.async_get_config_entry(hass, DOMAIN, None)
    section = entry.runtime_data
    actor = await section.evidence.async_actor(connection.user.id)
    try:
        request = await section.settings.async_request(actor, msg["token"])
    except (CaseError, LedgerError) as err:
        raise translated(err) from err
    connection.send_result(msg["id"], await show_request(hass, request))
