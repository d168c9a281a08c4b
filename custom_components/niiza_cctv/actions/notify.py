"""The actions of automations: telling the section's people something.

An automation has no user, so nothing here hands out footage or names a person. A picture goes along only where somebody
chose that, and is given to its viewers alone, at the moment when their phone fetches it.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from hashlib import sha256
import re
from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceResponse, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.storage import Store
from homeassistant.helpers.typing import VolDictType
from homeassistant.util.hass_dict import HassKey
import probatio

from ..const import DOMAIN, LOGGER, ROLES
from ..coordinator import CameraCoordinator
from ..errors import invalid
from ..lib.access.errors import NotAllowed
from ..lib.access.permissions import Permission, check_person, may
from ..lib.device.errors import CameraError
from ..managers.check_notifications import check_buttons, check_tag
from ..managers.evidence import Evidence
from ..managers.mobile_app import Notice, Phones
from ..paths import OVERVIEW, check_path
from ..people import tablet_users
from ..responses.notify import NotifyResponse
from ..views.notification_images import AlertPictureView, async_pictures
from .base import Action, ActionCall, as_response
from .fields import CAMERA, CHECK, PERSON, TAG

_MAX_TITLE: Final = 200
_MAX_MESSAGE: Final = 2000
_STILL_TIMEOUT: Final = 15.0
_SENT_KEY: Final = f"{DOMAIN}.notices"
_MAX_SENT: Final = 200
_SENT: HassKey[SentNotifications] = HassKey(f"{DOMAIN}_sent")


class SendPolicy(StrEnum):
    """When a notice is sent at all."""

    ALWAYS = "always"
    # Not again, what its tag tells already: a wave of happenings gives one notice.
    CHANGED = "changed"
    # Only where its tag told something else before: nobody hears of an end without the beginning.
    REPLACING = "replacing"


class SentNotifications:
    """What automations told last, by tag, also over a restart; only a fingerprint of it is kept."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin without knowledge."""
        self._store: Store[dict[str, str]] = Store(hass, 1, _SENT_KEY)
        self._told: dict[str, str] | None = None

    async def async_wanted(self, notice: Notice, when: SendPolicy) -> bool:
        """Return whether a notice is to be sent now."""
        before = (await self._load()).get(notice.tag)
        match when:
            case SendPolicy.ALWAYS:
                return True
            case SendPolicy.CHANGED:
                return before != _fingerprint(notice)
            case SendPolicy.REPLACING:
                return before is not None and before != _fingerprint(notice)

    async def async_note(self, tag: str, notice: Notice | None) -> None:
        """Remember what a tag tells now; None: nothing any more."""
        told = await self._load()
        told.pop(tag, None)
        if notice is not None:
            told[tag] = _fingerprint(notice)
        while len(told) > _MAX_SENT:
            del told[next(iter(told))]
        self._store.async_delay_save(lambda: dict(told), 1.0)

    async def _load(self) -> dict[str, str]:
        if self._told is None:
            stored = await self._store.async_load() or {}
            # Another call may have been quicker.
            if self._told is None:
                self._told = stored
        return self._told


def _fingerprint(notice: Notice) -> str:
    return sha256(f"{notice.title}\0{notice.message}".encode()).hexdigest()[:16]


@callback
def _sent(hass: HomeAssistant) -> SentNotifications:
    """Return what was told."""
    if _SENT not in hass.data:
        hass.data[_SENT] = SentNotifications(hass)
    return hass.data[_SENT]


async def check_caller(call: ActionCall, permission: Permission = Permission.NOTIFY) -> None:
    """Let automations and the section's own people call; raises NotAllowed for any other user, on the record."""
    if call.actor.person is None:
        return
    try:
        check_person(call.actor, permission)
    except NotAllowed as err:
        await call.evidence.cases.refuse(call.actor, call.name, "section", err.key)
        raise


def _people_of(call: ActionCall, named: Iterable[str]) -> list[str]:
    """Return the users behind person entities or user ids; raises a translated error for whom the section does not know."""
    theirs = {user_id for role in ROLES for user_id in call.entry.data[role]}
    theirs |= set(tablet_users(call.entry, call.entry.runtime_data.record.held))
    found = []
    for name in named:
        state = call.hass.states.get(name) if name.startswith("person.") else None
        user_id = name if state is None else state.attributes.get("user_id")
        if user_id not in theirs:
            raise invalid("notify_not_of_section", person=name)
        found.append(str(user_id))
    return found


async def _recipients(call: ActionCall, phones: Phones) -> list[str]:
    """Return whom a call names, each once."""
    of_roles = [user_id for role in call.data["roles"] for user_id in await phones.holders(role)]
    return list(dict.fromkeys([*of_roles, *_people_of(call, call.data["people"])]))


def _tag(call: ActionCall) -> str:
    """Return the tag: of the check, or one that no notice of the section itself has."""
    if "tag" in call.data:
        return f"{DOMAIN}_automation_{call.data['tag']}"
    if "check" in call.data:
        return check_tag(call.data["check"])
    raise invalid("notify_needs_tag")


async def _notify(call: ActionCall) -> ServiceResponse:
    """Tell people something; return how many of them no phone reached."""
    await check_caller(call)
    phones = call.entry.runtime_data.phones
    told = await _recipients(call, phones)
    notice = Notice(
        title=call.data["title"],
        message=call.data["message"],
        tag=_tag(call),
        path=call.data.get("path", OVERVIEW),
        urgent=call.data["urgent"],
    )
    if "check" in call.data:
        check = call.evidence.checks.check(call.data["check"])
        notice = replace(
            notice,
            actions=check_buttons(call.hass, check),
            path=call.data.get("path", check_path(check.id)),
        )
    told_before = _sent(call.hass)
    if not await told_before.async_wanted(notice, SendPolicy(call.data["when"])):
        return as_response(NotifyResponse(told=0, unreached=0))
    await told_before.async_note(notice.tag, notice)
    seeing: list[str] = []
    # A template that chooses no picture gives an empty text.
    if call.data.get("camera") and (image := await _picture(call)) is not None:
        seeing = [user_id for user_id in told if await _may_watch(call.evidence, user_id)]
        await phones.tell(seeing, replace(notice, image=image))
    unreached = await phones.tell([one for one in told if one not in seeing], notice)
    return as_response(NotifyResponse(told=len(told), unreached=len(unreached)))


async def _may_watch(evidence: Evidence, user_id: str) -> bool:
    """Return whether a picture would be given to somebody."""
    return may(await evidence.async_actor(user_id), Permission.WATCH)


async def _picture(call: ActionCall) -> str | None:
    """Take a still for the notice; return where viewers get it, None when the camera gives none."""
    camera = _camera(call, call.data["camera"])
    try:
        async with asyncio.timeout(_STILL_TIMEOUT):
            data = await camera.camera.still()
    except (CameraError, TimeoutError) as err:
        # What is told matters more than its picture.
        LOGGER.debug("No picture of %s for a notice: %s", camera.name, err)
        return None
    if data is None:
        return None
    token = async_pictures(call.hass).add(camera.unique_id, data)
    return AlertPictureView.url.format(token=token)


def _camera(call: ActionCall, name: str) -> CameraCoordinator:
    """Return a camera by its camera entity, device or unique id."""
    if (camera := call.cameras.named(name)) is None:
        raise invalid("camera_unknown", camera=name)
    return camera


async def _clear_notice(call: ActionCall) -> ServiceResponse:
    """Take a notice back."""
    await check_caller(call)
    phones = call.entry.runtime_data.phones
    tag = _tag(call)
    await _sent(call.hass).async_note(tag, None)
    await phones.clear(await _recipients(call, phones), tag)
    return None


def _inside_path(value: Any) -> str:
    """Take a place within Home Assistant, and nothing that leads out of it."""
    path = cv.string(value)
    if not re.fullmatch(r"/(?![/\\])[\w\-./:%?=&#~+,@]{0,300}", path, re.ASCII):
        raise probatio.Invalid("Only a path within Home Assistant can be opened")
    return path


def _short(longest: int) -> Any:
    """Take a text that a phone can show."""
    return probatio.All(cv.string, probatio.Length(min=1, max=longest))


_WHOM: VolDictType = {
    probatio.Optional("roles", default=list): probatio.All(cv.ensure_list, [probatio.In(ROLES)]),
    probatio.Optional("people", default=list): probatio.All(cv.ensure_list, [PERSON]),
    probatio.Optional("tag"): TAG,
    probatio.Optional("check"): CHECK,
}
NOTIFY_ACTIONS: Mapping[str, Action] = {
    "notify": Action(
        answer=_notify,
        schema={
            **_WHOM,
            probatio.Required("title"): _short(_MAX_TITLE),
            probatio.Required("message"): _short(_MAX_MESSAGE),
            probatio.Optional("path"): _inside_path,
            # A template that chooses no picture gives an empty text.
            probatio.Optional("camera"): probatio.Any("", CAMERA),
            probatio.Optional("urgent", default=True): cv.boolean,
            probatio.Optional("when", default=SendPolicy.ALWAYS.value): probatio.In(
                [when.value for when in SendPolicy]
            ),
        },
    ),
    "clear_notice": Action(answer=_clear_notice, schema=_WHOM, response=SupportsResponse.NONE),
}
