"""The actions of automations: telling the section's people something, and asking how everything stands.

An automation has no user, so nothing here hands out footage or names a person. A picture goes along only where somebody
chose that, and is given to its viewers alone, at the moment when their phone fetches it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
import re
import secrets
from typing import Any, Final, TypedDict, cast

from aiohttp import hdrs, web
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv, service as service_helper
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView
from homeassistant.helpers.storage import Store
from homeassistant.helpers.translation import async_get_translations
from homeassistant.helpers.typing import VolDictType
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
import probatio

from ..const import DOMAIN, LOGGER, ROLES
from ..coordinator import CameraCoordinator
from ..errors import invalid, translated
from ..lib.access.errors import CaseError, NotAllowed
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission, check_person, may
from ..lib.cases.model import CaseState
from ..lib.device.errors import CameraError
from ..lib.device.judge import audio_violation, clock_problem, retention_problem, sd_problem
from ..lib.footage.viewing_sessions import Watched
from ..lib.ledger.errors import LedgerError
from ..managers.check_notifications import check_buttons, check_tag
from ..managers.deadlines import clips_at_risk
from ..managers.evidence import Evidence
from ..managers.mobile_app import Notice, Phones
from ..paths import OVERVIEW, check_path
from ..people import tablet_users
from ..runtime import NiizaConfigEntry

LANGUAGES: Final = ("ja", "en")
# So many names are read on a phone; the rest is a number.
MOST_NAMES: Final = 10

_COMMA: Final = {"ja": "、", "en": ", "}
_LONGEST_TITLE: Final = 200
_LONGEST_MESSAGE: Final = 2000
# A phone fetches the picture as soon as the notice arrives.
_PICTURE_TIME: Final = timedelta(minutes=15)
_MOST_PICTURES: Final = 32
_STILL_TIMEOUT: Final = 15.0
_TOLD_KEY: Final = f"{DOMAIN}.notices"
_MOST_TOLD: Final = 200
_TOLD: HassKey[Told] = HassKey(f"{DOMAIN}_told")
_PICTURES: HassKey[Pictures] = HassKey(f"{DOMAIN}_alert_pictures")
_HEADERS: Final = {
    hdrs.CACHE_CONTROL: "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


# --- How everything stands ----------------------------------------------------------------------------------------


class Topic(TypedDict):
    """One thing that can be wrong: how often, with whom, and in words."""

    count: int
    names: list[str]
    ja: str
    en: str


class Summary(TypedDict):
    """How the section stands; it names things and cases, and no person."""

    cameras: int
    all_well: bool
    dead: Topic
    sd_faulty: Topic
    unproven: Topic
    audio_on: Topic
    retention_out: Topic
    clock_off: Topic
    checks_due: Topic
    checks_failed: Topic
    cases_waiting: Topic
    footage_at_risk: Topic
    ledger_available: bool
    ja: str
    en: str


def _names(cameras: Iterable[CameraCoordinator]) -> dict[str, list[str]]:
    """Return their names, the same in every language."""
    names = [camera.name for camera in cameras]
    return dict.fromkeys(LANGUAGES, names)


def _cameras_where(
    entry: NiizaConfigEntry, test: Callable[[CameraCoordinator], bool | None]
) -> dict[str, list[str]]:
    return _names(camera for camera in entry.runtime_data.cameras.values() if test(camera))


def _unproven(camera: CameraCoordinator) -> bool:
    """Return whether a camera lives but nothing proves that it records."""
    return camera.alive_verdict.alive is True and sd_problem(camera.data.sd) is None


class _Words:
    """The texts of both languages."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self._texts = texts

    @classmethod
    async def load(cls, hass: HomeAssistant) -> _Words:
        """Read them."""
        texts: dict[str, dict[str, str]] = {}
        for language in LANGUAGES:
            texts[language] = {}
            for category in ("common", "selector"):
                texts[language] |= await async_get_translations(hass, language, category, {DOMAIN})
        return cls(texts)

    def text(self, language: str, key: str, **placeholders: str) -> str:
        """Return a text in a language."""
        return self._texts[language][f"component.{DOMAIN}.common.{key}"].format(**placeholders)

    def check(self, language: str, kind: str, name: str | None) -> str:
        """Return what a kind of check is called; `name` is that of the section's own."""
        key = f"component.{DOMAIN}.selector.check_kind.options.{kind}"
        return name or self._texts[language].get(key, kind)

    def topic(self, key: str, names: Mapping[str, list[str]]) -> Topic:
        """Put one topic into words: how many, and the first of them by name."""
        said = {}
        for language in LANGUAGES:
            some = _COMMA[language].join(names[language][:MOST_NAMES])
            if (more := len(names[language]) - MOST_NAMES) > 0:
                some = self.text(language, "summary_more", names=some, more=str(more))
            said[language] = self.text(
                language,
                f"summary_{key}" if names[language] else f"summary_{key}_none",
                count=str(len(names[language])),
                names=some,
            )
        return Topic(count=len(names["ja"]), names=names["ja"], ja=said["ja"], en=said["en"])


async def _summary(hass: HomeAssistant, entry: NiizaConfigEntry) -> Summary:
    """Return how the section stands; what only the ledger knows is left out while it is away."""
    words = await _Words.load(hass)
    policy = entry.runtime_data.cameras.policy
    found = {
        "dead": _cameras_where(entry, lambda camera: camera.alive_verdict.alive is False),
        "sd_faulty": _cameras_where(entry, lambda camera: sd_problem(camera.data.sd)),
        "unproven": _cameras_where(entry, _unproven),
        "audio_on": _cameras_where(
            entry, lambda camera: audio_violation(camera.data.audio, policy)
        ),
        "retention_out": _cameras_where(
            entry, lambda camera: retention_problem(camera.data.retention)
        ),
        "clock_off": _cameras_where(entry, lambda camera: clock_problem(camera.data.clock, policy)),
    }
    evidence = entry.runtime_data.evidence
    try:
        found |= _of_ledger(evidence, words)
        available = evidence.ledger.available
    except LedgerError:
        nothing: dict[str, list[str]] = {language: [] for language in LANGUAGES}
        found |= dict.fromkeys(
            ("checks_due", "checks_failed", "cases_waiting", "footage_at_risk"), nothing
        )
        available = False
    topics = {key: words.topic(key, names) for key, names in found.items()}
    wrong = [topic for topic in topics.values() if topic["count"]]
    number = str(len(entry.runtime_data.cameras))
    lines: dict[str, list[str]] = {}
    for language in LANGUAGES:
        lines[language] = [cast("Mapping[str, str]", topic)[language] for topic in wrong]
        if not available:
            lines[language].append(words.text(language, "summary_ledger_away"))
        if not lines[language]:
            lines[language].append(words.text(language, "summary_all_well", cameras=number))
    return cast(
        "Summary",
        {
            "cameras": len(entry.runtime_data.cameras),
            "all_well": not wrong and available,
            **topics,
            "ledger_available": available,
            **{language: "\n".join(lines[language]) for language in LANGUAGES},
        },
    )


def _of_ledger(evidence: Evidence, words: _Words) -> dict[str, dict[str, list[str]]]:
    """Return what the ledger tells; raises LedgerError."""
    checks = [check for check in evidence.checks.checks() if check.due]
    waiting = [
        case.id for case in evidence.cases.cases.values() if case.state is CaseState.PRESERVED
    ]
    at_risk = list(dict.fromkeys(case.id for case, _ in clips_at_risk(evidence)))

    def named(failed: bool) -> dict[str, list[str]]:
        return {
            language: [
                words.text(
                    language,
                    "summary_check",
                    object=check.asset.name,
                    check=words.check(language, check.kind.key, check.kind.name),
                )
                for check in checks
                if check.failed is failed
            ]
            for language in LANGUAGES
        }

    return {
        "checks_due": named(failed=False),
        "checks_failed": named(failed=True),
        "cases_waiting": dict.fromkeys(LANGUAGES, waiting),
        "footage_at_risk": dict.fromkeys(LANGUAGES, at_risk),
    }


# --- What was told ------------------------------------------------------------------------------------------------


class When(StrEnum):
    """When a notice is sent at all."""

    ALWAYS = "always"
    # Not again, what its tag tells already: a wave of happenings gives one notice.
    CHANGED = "changed"
    # Only where its tag told something else before: nobody hears of an end without the beginning.
    REPLACING = "replacing"


class Told:
    """What automations told last, by tag, also over a restart; only a fingerprint of it is kept."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin without knowledge."""
        self._store: Store[dict[str, str]] = Store(hass, 1, _TOLD_KEY)
        self._told: dict[str, str] | None = None

    async def async_wanted(self, notice: Notice, when: When) -> bool:
        """Return whether a notice is to be sent now."""
        before = (await self._load()).get(notice.tag)
        match when:
            case When.ALWAYS:
                return True
            case When.CHANGED:
                return before != _fingerprint(notice)
            case When.REPLACING:
                return before is not None and before != _fingerprint(notice)

    async def async_note(self, tag: str, notice: Notice | None) -> None:
        """Remember what a tag tells now; None: nothing any more."""
        told = await self._load()
        told.pop(tag, None)
        if notice is not None:
            told[tag] = _fingerprint(notice)
        while len(told) > _MOST_TOLD:
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


# --- Pictures -----------------------------------------------------------------------------------------------------


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
        while len(self._pictures) > _MOST_PICTURES:
            self._pictures.popitem(last=False)
        return token

    def get(self, token: str) -> _Picture | None:
        """Return one, if it is still there."""
        now = dt_util.utcnow()
        while self._pictures and next(iter(self._pictures.values())).until <= now:
            self._pictures.popitem(last=False)
        return self._pictures.get(token)


class AlertPictureView(HomeAssistantView):
    """Gives the picture of a notice to the app of somebody who may watch the camera; every look is accounted for."""

    url = f"/api/{DOMAIN}/alert_picture/{{token}}"
    name = f"api:{DOMAIN}:alert_picture"

    async def get(self, request: web.Request, token: str) -> web.Response:
        """Serve it: Home Assistant's log-in says who asks."""
        hass = request.app[KEY_HASS]
        entries: list[NiizaConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
        if not entries:
            raise web.HTTPNotFound(headers=_HEADERS)
        evidence = entries[0].runtime_data.evidence
        actor = await evidence.async_actor(request[KEY_HASS_USER].id)
        picture = hass.data[_PICTURES].get(token)
        subject = "section" if picture is None else f"camera/{picture.camera}"
        try:
            person = check_person(actor, Permission.WATCH)
        except NotAllowed as err:
            # It is not shown, whether or not that can be recorded.
            with suppress(LedgerError):
                await evidence.cases.refuse(actor, Permission.WATCH, subject, err.key)
            raise web.HTTPForbidden(headers=_HEADERS) from err
        if picture is None:
            raise web.HTTPNotFound(headers=_HEADERS)
        evidence.sittings.seen(person, picture.camera, Watched.STILL)
        return web.Response(body=picture.data, content_type="image/jpeg", headers=_HEADERS)


# --- The actions --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A call of an action by an automation or a person of the section."""

    hass: HomeAssistant
    entry: NiizaConfigEntry
    data: Mapping[str, Any]

    @property
    def evidence(self) -> Evidence:
        """Return what the section has taken out."""
        return self.entry.runtime_data.evidence


def _people_of(asked: _Asked, named: Iterable[str]) -> list[str]:
    """Return the users behind person entities or user ids; raises a translated error for whom the section does not know."""
    theirs = {user_id for role in ROLES for user_id in asked.entry.data[role]}
    theirs |= set(tablet_users(asked.entry))
    found = []
    for name in named:
        state = asked.hass.states.get(name) if name.startswith("person.") else None
        user_id = name if state is None else state.attributes.get("user_id")
        if user_id not in theirs:
            raise invalid("notify_not_of_section", person=name)
        found.append(str(user_id))
    return found


async def _recipients(asked: _Asked, phones: Phones) -> list[str]:
    """Return whom a call names, each once."""
    of_roles = [user_id for role in asked.data["roles"] for user_id in await phones.holders(role)]
    return list(dict.fromkeys([*of_roles, *_people_of(asked, asked.data["people"])]))


def _tag(asked: _Asked) -> str:
    """Return the tag: of the check, or one that no notice of the section itself has."""
    if "tag" in asked.data:
        return f"{DOMAIN}_automation_{asked.data['tag']}"
    if "check" in asked.data:
        return check_tag(asked.data["check"])
    raise invalid("notify_needs_tag")


async def _notify(asked: _Asked) -> ServiceResponse:
    """Tell people something; return how many of them no phone reached."""
    phones = Phones(asked.hass, asked.entry)
    told = await _recipients(asked, phones)
    notice = Notice(
        title=asked.data["title"],
        message=asked.data["message"],
        tag=_tag(asked),
        path=asked.data.get("path", OVERVIEW),
        urgent=asked.data["urgent"],
    )
    if "check" in asked.data:
        check = asked.evidence.checks.check(asked.data["check"])
        notice = replace(
            notice,
            actions=check_buttons(asked.hass, check),
            path=asked.data.get("path", check_path(check.id)),
        )
    told_before = asked.hass.data[_TOLD]
    if not await told_before.async_wanted(notice, When(asked.data["when"])):
        return {"told": 0, "unreached": 0}
    await told_before.async_note(notice.tag, notice)
    seeing: list[str] = []
    # A template that chooses no picture gives an empty text.
    if asked.data.get("camera") and (image := await _picture(asked)) is not None:
        seeing = [user_id for user_id in told if await _may_watch(asked.evidence, user_id)]
        await phones.tell(seeing, replace(notice, image=image))
    unreached = await phones.tell([one for one in told if one not in seeing], notice)
    return {"told": len(told), "unreached": len(unreached)}


async def _may_watch(evidence: Evidence, user_id: str) -> bool:
    """Return whether a picture would be given to somebody."""
    return may(await evidence.async_actor(user_id), Permission.WATCH)


async def _picture(asked: _Asked) -> str | None:
    """Take a still for the notice; return where viewers get it, None when the camera gives none."""
    camera = _camera(asked, asked.data["camera"])
    try:
        async with asyncio.timeout(_STILL_TIMEOUT):
            data = await camera.camera.still()
    except (CameraError, TimeoutError) as err:
        # What is told matters more than its picture.
        LOGGER.debug("No picture of %s for a notice: %s", camera.name, err)
        return None
    if data is None:
        return None
    token = asked.hass.data[_PICTURES].add(camera.unique_id, data)
    return AlertPictureView.url.format(token=token)


def _camera(asked: _Asked, name: str) -> CameraCoordinator:
    """Return a camera by its camera entity, device or unique id."""
    if (camera := asked.entry.runtime_data.cameras.named(name)) is None:
        raise invalid("camera_unknown", camera=name)
    return camera


async def _clear_notice(asked: _Asked) -> ServiceResponse:
    """Take a notice back."""
    phones = Phones(asked.hass, asked.entry)
    tag = _tag(asked)
    await asked.hass.data[_TOLD].async_note(tag, None)
    await phones.clear(await _recipients(asked, phones), tag)
    return None


async def _get_summary(asked: _Asked) -> ServiceResponse:
    """Say how everything stands."""
    return cast("ServiceResponse", await _summary(asked.hass, asked.entry))


def _inside_path(value: Any) -> str:
    """Take a place within Home Assistant, and nothing that leads out of it."""
    path = cv.string(value)
    if not re.fullmatch(r"/(?![/\\])[\w\-./:%?=&#~+,@]{0,300}", path):
        raise probatio.Invalid("Only a path within Home Assistant can be opened")
    return path


def _short(longest: int) -> Any:
    """Take a text that a phone can show."""
    return probatio.All(cv.string, probatio.Length(min=1, max=longest))


_WHOM: VolDictType = {
    probatio.Optional("roles", default=list): probatio.All(cv.ensure_list, [probatio.In(ROLES)]),
    probatio.Optional("people", default=list): probatio.All(cv.ensure_list, [cv.string]),
    probatio.Optional("tag"): probatio.All(cv.string, probatio.Match(r"^[\w\-:.]{1,100}$")),
    probatio.Optional("check"): cv.string,
}


@dataclass(frozen=True, kw_only=True)
class _Action:
    """One action: what it does, what it takes, how it answers."""

    answer: Callable[[_Asked], Awaitable[ServiceResponse]]
    schema: VolDictType
    response: SupportsResponse


ALERT_ACTIONS: Mapping[str, _Action] = {
    "notify": _Action(
        answer=_notify,
        schema={
            **_WHOM,
            probatio.Required("title"): _short(_LONGEST_TITLE),
            probatio.Required("message"): _short(_LONGEST_MESSAGE),
            probatio.Optional("path"): _inside_path,
            probatio.Optional("camera"): cv.string,
            probatio.Optional("urgent", default=True): cv.boolean,
            probatio.Optional("when", default=When.ALWAYS.value): probatio.In(
                [when.value for when in When]
            ),
        },
        response=SupportsResponse.OPTIONAL,
    ),
    "clear_notice": _Action(answer=_clear_notice, schema=_WHOM, response=SupportsResponse.NONE),
    "get_summary": _Action(answer=_get_summary, schema={}, response=SupportsResponse.ONLY),
}


def _check_caller(actor: Actor) -> None:
    """Let automations and the section's own people call; raises NotAllowed for any other user."""
    if actor.person is not None:
        check_person(actor, Permission.NOTIFY)


@callback
def async_setup_alert_actions(hass: HomeAssistant) -> None:
    """Register the actions and the view of the pictures, whether the section is loaded or not."""
    hass.data[_PICTURES] = Pictures()
    hass.data[_TOLD] = Told(hass)
    hass.http.register_view(AlertPictureView())

    async def answer(call: ServiceCall) -> ServiceResponse:
        entry: NiizaConfigEntry = service_helper.async_get_config_entry(hass, DOMAIN, None)
        evidence = entry.runtime_data.evidence
        try:
            actor = await evidence.async_actor(call.context.user_id)
            try:
                _check_caller(actor)
            except NotAllowed as err:
                await evidence.cases.refuse(actor, call.service, "section", err.key)
                raise
            response = await ALERT_ACTIONS[call.service].answer(
                _Asked(hass=hass, entry=entry, data=call.data)
            )
        except (CaseError, LedgerError) as err:
            raise translated(err) from err
        return response if call.return_response else None

    for name, action in ALERT_ACTIONS.items():
        hass.services.async_register(
            DOMAIN,
            name,
            answer,
            schema=probatio.Schema(action.schema),
            supports_response=action.response,
        )
