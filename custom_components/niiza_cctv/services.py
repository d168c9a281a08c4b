"""The actions: what people do with footage, each with its answer (`responses/cases.py`)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
import hashlib
from pathlib import Path
import secrets
import time
from typing import Any, cast

from homeassistant.const import EVENT_CALL_SERVICE
from homeassistant.core import (
    Event,
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv, service as service_helper
from homeassistant.helpers.typing import VolDictType
from homeassistant.util import dt as dt_util
import probatio

from .cameras import Cameras
from .const import DOMAIN, LOGGER
from .coordinator import CameraCoordinator
from .errors import error_key, failed, invalid, translated
from .lib.access.errors import CaseError, FieldsInvalid
from .lib.access.model import Actor
from .lib.access.permissions import Permission
from .lib.cases.fields import check_passages
from .lib.cases.kinds import FIELDS, Form
from .lib.cases.model import Case, CaseKind, CaseState, Network, Outcome, Passage
from .lib.device.errors import CameraError
from .lib.footage.clip_model import ClipFile
from .lib.footage.package_model import CameraFacts, PackageInvalid
from .lib.footage.vault import VaultFull
from .lib.ledger.errors import LedgerError
from .managers.evidence import Evidence
from .people import is_direct_call
from .responses.cases import (
    CasesResponse,
    LinkResponse,
    RecordingsResponse,
    RecordingsShown,
    ReleaseResponse,
    VerificationResponse,
    list_case,
    show_case,
    show_file,
    show_recordings,
    show_time,
    show_unread,
)
from .runtime import NiizaConfigEntry
from .views.download import LINK_TIME, async_offer

# --- What people ask for --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A call of an action: by whom, with what."""

    hass: HomeAssistant
    entry: NiizaConfigEntry
    actor: Actor
    data: Mapping[str, Any]

    @property
    def evidence(self) -> Evidence:
        """Return what the section has taken out."""
        return self.entry.runtime_data.evidence

    @property
    def cameras(self) -> Cameras:
        """Return the section's cameras."""
        return self.entry.runtime_data.cameras

    @property
    def case_id(self) -> str:
        """Return the case that was named."""
        return str(self.data["case"])

    @property
    def subject(self) -> str:
        """Return what it is about, in the ledger's words."""
        return f"case/{self.case_id}" if "case" in self.data else "section"

    def show(self, case: Case) -> ServiceResponse:
        """Answer with a case as it is now."""
        return _response(show_case(self.evidence, case))


def _response(shown: Mapping[str, Any]) -> ServiceResponse:
    """Return an answer as Home Assistant passes it on."""
    return cast("ServiceResponse", shown)


def _cameras(asked: Asked) -> list[CameraCoordinator]:
    """Return the cameras that were named, by device or by unique id, each once."""
    found: dict[str, CameraCoordinator] = {}
    for name in asked.data["cameras"]:
        for unique_id in asked.cameras.ids_named(name):
            if (camera := asked.cameras.find(unique_id)) is not None:
                found[unique_id] = camera
            elif (offline := asked.cameras.facts(unique_id)) is not None:
                raise invalid("camera_offline", camera=offline.name)
            else:
                raise invalid("camera_unknown", camera=name)
    return list(found.values())


def _facts(asked: Asked, name: str) -> tuple[str, CameraFacts]:
    """Return the unique id and what is known of a camera of the section, with a network or without."""
    for unique_id in asked.cameras.ids_named(name):
        if (facts := asked.cameras.facts(unique_id)) is not None:
            return unique_id, facts
    raise invalid("camera_unknown", camera=name)


def _network(asked: Asked, unique_id: str) -> Network:
    """Return whether a camera could have been asked over the network."""
    if (camera := asked.cameras.find(unique_id)) is None:
        return Network.NONE
    return Network.UP if camera.data.alive else Network.DOWN


async def _second_person(asked: Asked) -> Actor:
    """Return who was there as the second person: a user, or the user of a `person` entity."""
    named = asked.data["second_person"]
    if (state := asked.hass.states.get(named)) is not None and state.domain == "person":
        # None for a person who does not log in.
        named = state.attributes.get("user_id")
    return await asked.evidence.async_actor(named)


def _passages(asked: Asked) -> list[Passage]:
    """Return the passages that were asked for, margin added; raises CaseError for what cannot be one."""
    start, end = (dt_util.as_utc(asked.data[key]) for key in ("start", "end"))
    now = dt_util.utcnow()
    named = [
        Passage(camera=camera.unique_id, camera_name=camera.name, start=start, end=end)
        for camera in _cameras(asked)
    ]
    check_passages(named, (), now)
    margin = timedelta(seconds=asked.data["margin"])
    passages = [replace(one, start=start - margin, end=end + margin) for one in named]
    check_passages(passages, (), now)
    return passages


async def _overwritten_at(asked: Asked, passage: Passage) -> datetime:
    """Return when the card will overwrite a passage; by the section's standard where the camera does not tell."""
    told: datetime | None = None
    try:
        async with asyncio.timeout(_INDEX_TIMEOUT):
            index = await asked.cameras.archive(passage.camera).index()
            told = index.overwritten_at(passage.start, dt_util.get_default_time_zone())
    except CameraError, TimeoutError:
        # The retrieval goes on asking; a camera that is away now is no reason to refuse, and the alarm must come.
        pass
    days = asked.cameras.policy.retention_days
    return told or passage.start + timedelta(days=days)


async def _ask_for_clips(asked: Asked, case_id: str, passages: list[Passage]) -> None:
    """Ask for passages in a case and begin to fetch them."""
    await asked.evidence.cases.check(asked.actor, Permission.REQUEST_CLIPS, case_id)
    estimates = await asyncio.gather(*(_overwritten_at(asked, passage) for passage in passages))
    clips = await asked.evidence.cases.request_clips(
        asked.actor, case_id, list(zip(passages, estimates, strict=True))
    )
    asked.evidence.async_start_clips(clips)


# --- The actions ----------------------------------------------------------------------------------------------


async def _find_recordings(asked: Asked) -> ServiceResponse:
    """Say what the cards hold, and record that somebody looked."""
    start, end = (
        dt_util.as_utc(asked.data[key]) if key in asked.data else None for key in ("start", "end")
    )
    cameras = _cameras(asked)
    if start and end and end <= start:
        raise FieldsInvalid("passage_backwards", {"camera": cameras[0].name})
    await asked.evidence.cases.check_search(asked.actor, asked.data.get("case"))
    found: list[RecordingsShown] = []
    for camera in cameras:
        try:
            index = await camera.archive.index()
        except CameraError as err:
            if len(cameras) == 1:
                raise translated(err, camera=camera.name) from err
            found.append(show_unread(camera, error_key(err)))
        else:
            found.append(show_recordings(camera, index, start, end))
    await asked.evidence.cases.record_search(
        asked.actor,
        asked.data.get("case"),
        {
            "cameras": [one["camera"] for one in found],
            "start": None if start is None else start.isoformat(),
            "end": None if end is None else end.isoformat(),
            "stretches": sum(len(one["stretches"]) for one in found),
            "unread": [one["camera"] for one in found if one["error"] is not None],
        },
    )
    return _response(RecordingsResponse(cameras=found))


async def _create_case(asked: Asked) -> ServiceResponse:
    """Receive a request, and preserve its footage where it was named."""
    named = [key for key in ("cameras", "start", "end") if key in asked.data]
    if named and len(named) < 3:
        raise invalid("passage_incomplete")
    # Before there is a case: a mistake in the passage leaves none behind.
    passages = _passages(asked) if named else []
    case = await asked.evidence.cases.create(
        asked.actor,
        CaseKind(asked.data["kind"]),
        {key: asked.data[key] for key in FIELDS if key in asked.data},
    )
    if passages:
        await _ask_for_clips(asked, case.id, passages)
    return asked.show(asked.evidence.cases.case(case.id))


async def _export_clip(asked: Asked) -> ServiceResponse:
    """Ask for further passages in a case."""
    await _ask_for_clips(asked, asked.case_id, _passages(asked))
    return asked.show(asked.evidence.cases.case(asked.case_id))


async def _register_footage(asked: Asked) -> ServiceResponse:
    """Take into a case what two people copied at the station, or that they looked for it in vain."""
    await asked.evidence.cases.check(asked.actor, Permission.REGISTER_FOOTAGE, asked.case_id)
    unique_id, facts = _facts(asked, asked.data["camera"])
    passage = Passage(
        camera=unique_id,
        camera_name=facts.name,
        start=dt_util.as_utc(asked.data["start"]),
        end=dt_util.as_utc(asked.data["end"]),
    )
    network, witness = _network(asked, unique_id), await _second_person(asked)
    if not asked.data["found"]:
        if asked.data.keys() & _OF_A_COPY:
            raise invalid("nothing_was_copied")
        return asked.show(
            await asked.evidence.cases.searched_by_hand(
                asked.actor,
                asked.case_id,
                passage,
                witness=witness,
                network=network,
                note=asked.data["note"],
            )
        )
    return asked.show(
        await asked.evidence.cases.register_footage(
            asked.actor,
            asked.case_id,
            passage,
            witness=witness,
            network=network,
            medium=asked.data.get("medium", ""),
            serial=asked.data.get("medium_serial", ""),
            sha256=asked.data.get("sha256", ""),
            clock_offset=asked.data.get("clock_offset"),
            note=asked.data["note"],
            origin=facts.as_json(),
        )
    )


async def _cancel_clip(asked: Asked) -> ServiceResponse:
    """Give up a clip, or withdraw one that was registered by hand."""
    return asked.show(await asked.evidence.async_cancel_clip(asked.actor, asked.data["clip"]))


async def _approve_case(asked: Asked) -> ServiceResponse:
    """Approve what is sealed."""
    return asked.show(
        await asked.evidence.cases.approve(
            asked.actor, asked.case_id, asked.data["note"], seen=asked.data.get("clips")
        )
    )


async def _reject_case(asked: Asked) -> ServiceResponse:
    """Reject a case."""
    return asked.show(
        await asked.evidence.cases.reject(asked.actor, asked.case_id, asked.data["reason"])
    )


async def _release_case(asked: Asked) -> ServiceResponse:
    """Make the evidence package and offer it to the person who asked."""
    try:
        released = await asked.entry.runtime_data.releases.async_release(
            asked.actor, asked.case_id, encrypt=asked.data["encrypt"]
        )
    except VaultFull as err:
        raise translated(err) from err
    except OSError as err:
        raise failed("not_written", reason=err.strerror or "") from err
    except PackageInvalid as err:
        LOGGER.error("Package of case %s was not made: %s", asked.case_id, err)
        await asked.evidence.cases.refuse(
            asked.actor, Permission.RELEASE, asked.subject, "sealed_file_changed"
        )
        raise failed("sealed_file_changed", case=asked.case_id) from err
    case_id = asked.case_id
    link = _offer(
        asked,
        released.path,
        released.package,
        f"case/{case_id}",
        lambda evidence, actor: evidence.cases.downloaded(actor, case_id),
    )
    return _response(ReleaseResponse(**link, case=case_id, passphrase=released.passphrase))


async def _hand_over(asked: Asked) -> ServiceResponse:
    """Record the hand-over."""
    return asked.show(
        await asked.evidence.cases.hand_over(
            asked.actor,
            asked.case_id,
            asked.data["recipient"],
            asked.data["medium"],
            asked.data["medium_serial"],
        )
    )


async def _conclude_case(asked: Asked) -> ServiceResponse:
    """End a case by its outcome."""
    return asked.show(
        await asked.evidence.cases.conclude(
            asked.actor, asked.case_id, Outcome(asked.data["outcome"]), asked.data["reasons"]
        )
    )


async def _purge_case(asked: Asked) -> ServiceResponse:
    """Remove the footage of an ended case."""
    await asked.evidence.cases.purge(asked.actor, asked.case_id)
    try:
        await asked.evidence.async_remove_files(asked.case_id)
    except OSError as err:
        raise failed("not_removed", reason=err.strerror or "") from err
    return asked.show(asked.evidence.cases.case(asked.case_id))


async def _list_cases(asked: Asked) -> ServiceResponse:
    """List the cases, the newest first."""
    await asked.evidence.cases.check(asked.actor, Permission.SEE_CASES)
    states = asked.data.get("state", list(CaseState))
    return _response(
        CasesResponse(
            cases=[
                list_case(asked.evidence, case)
                for case in sorted(
                    asked.evidence.cases.cases.values(),
                    key=lambda case: case.created_at,
                    reverse=True,
                )
                if case.state in states
            ]
        )
    )


async def _get_case(asked: Asked) -> ServiceResponse:
    """Show one case."""
    await asked.evidence.cases.check(asked.actor, Permission.SEE_CASES, asked.case_id)
    return asked.show(asked.evidence.cases.case(asked.case_id))


async def _export_ledger(asked: Asked) -> ServiceResponse:
    """Write the ledger and offer it to the person who asked."""
    await asked.evidence.cases.check(asked.actor, Permission.EXPORT_LEDGER)
    evidence, form = asked.evidence, asked.data["form"]
    name = f"ledger-{evidence.ledger.head.number}.{form}"

    def prepare() -> Path:
        folder = evidence.vault.root / "ledger"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for leftover in folder.iterdir():
            # Of before a restart: its link is no more.
            if time.time() - leftover.stat().st_mtime > LINK_TIME.total_seconds():
                leftover.unlink(missing_ok=True)
        return folder / f"{secrets.token_hex(8)}.{form}"

    def seal(path: Path) -> ClipFile:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return ClipFile(name=name, sha256=digest, size=path.stat().st_size)

    try:
        path = await asked.hass.async_add_executor_job(prepare)
        await evidence.ledger.export(path, form)
        file = await asked.hass.async_add_executor_job(seal, path)
    except OSError as err:
        raise failed("not_written", reason=err.strerror or "") from err
    link = _offer(
        asked,
        path,
        file,
        "ledger",
        lambda evidence, actor: evidence.cases.ledger_exported(actor, file),
        temporary=True,
    )
    return _response(link)


async def _verify_ledger(asked: Asked) -> ServiceResponse:
    """Prove the chain from its first entry to its last."""
    await asked.evidence.cases.check(asked.actor, Permission.SEE_CASES)
    found = await asked.evidence.ledger.verify()
    return _response(
        VerificationResponse(
            intact=found.broken is None,
            entries=found.entries,
            number=found.head.number,
            hash=found.head.hash,
            broken=found.broken,
            reason=found.reason,
        )
    )


def _offer(
    asked: Asked,
    path: Path,
    file: ClipFile,
    subject: str,
    serve: Callable[[Evidence, Actor], Awaitable[object]],
    *,
    temporary: bool = False,
) -> LinkResponse:
    """Offer a file to the person who asked for it."""
    # Whoever got here was let through by the book of cases, which lets nobody through without a person.
    assert asked.actor.person is not None
    link, expires = async_offer(
        asked.hass,
        user_id=asked.actor.person.id,
        path=path,
        file=file,
        subject=subject,
        serve=serve,
        temporary=temporary,
    )
    return LinkResponse(link=link, expires=show_time(expires), file=show_file(file))


# --- How they are reached -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Action:
    """One action: what it does, what it takes, how it answers."""

    answer: Callable[[Asked], Awaitable[ServiceResponse]]
    schema: VolDictType
    # There is nothing to it but the answer.
    only_answers: bool = False


# A camera that does not answer holds up no request for longer than this (seconds).
_INDEX_TIMEOUT = 15.0
_CASE: VolDictType = {probatio.Required("case"): cv.string}
_MARGIN: VolDictType = {
    probatio.Optional("margin", default=0): probatio.All(
        probatio.Coerce(int), probatio.Range(min=0, max=3600)
    )
}
_CAMERAS = probatio.All(cv.ensure_list, [cv.string], probatio.Length(min=1))
# Clocks that nobody sets are years off after their battery died.
_CLOCK_OFFSET = 50 * 366 * 86_400
# What is said of a copy only.
_OF_A_COPY = {"medium", "medium_serial", "sha256", "clock_offset"}
# A date comes as text from the page, and as a date out of YAML.
_REQUEST: VolDictType = {
    probatio.Optional(field): (
        probatio.All(cv.date, lambda day: day.isoformat()) if rule.form is Form.DATE else cv.string
    )
    for field, rule in FIELDS.items()
}

ACTIONS: Mapping[str, Action] = {
    "find_recordings": Action(
        answer=_find_recordings,
        schema={
            probatio.Required("cameras"): _CAMERAS,
            probatio.Optional("start"): cv.datetime,
            probatio.Optional("end"): cv.datetime,
            probatio.Optional("case"): cv.string,
        },
        only_answers=True,
    ),
    "create_case": Action(
        answer=_create_case,
        schema={
            probatio.Required("kind"): probatio.In([kind.value for kind in CaseKind]),
            **_REQUEST,
            probatio.Optional("cameras"): _CAMERAS,
            probatio.Optional("start"): cv.datetime,
            probatio.Optional("end"): cv.datetime,
            **_MARGIN,
        },
    ),
    "export_clip": Action(
        answer=_export_clip,
        schema={
            **_CASE,
            probatio.Required("cameras"): _CAMERAS,
            probatio.Required("start"): cv.datetime,
            probatio.Required("end"): cv.datetime,
            **_MARGIN,
        },
    ),
    "register_footage": Action(
        answer=_register_footage,
        schema={
            **_CASE,
            probatio.Required("camera"): cv.string,
            probatio.Required("start"): cv.datetime,
            probatio.Required("end"): cv.datetime,
            probatio.Required("second_person"): cv.string,
            probatio.Optional("medium"): cv.string,
            probatio.Optional("medium_serial"): cv.string,
            probatio.Optional("clock_offset"): probatio.All(
                probatio.Coerce(int), probatio.Range(min=-_CLOCK_OFFSET, max=_CLOCK_OFFSET)
            ),
            probatio.Optional("sha256"): cv.string,
            probatio.Optional("note", default=""): cv.string,
            probatio.Optional("found", default=True): cv.boolean,
        },
    ),
    "cancel_clip": Action(answer=_cancel_clip, schema={probatio.Required("clip"): cv.string}),
    "approve_case": Action(
        answer=_approve_case,
        schema={
            **_CASE,
            probatio.Optional("note", default=""): cv.string,
            probatio.Optional("clips"): {cv.string: cv.string},
        },
    ),
    "reject_case": Action(
        answer=_reject_case,
        schema={**_CASE, probatio.Required("reason"): cv.string},
    ),
    "release_case": Action(
        answer=_release_case,
        schema={**_CASE, probatio.Optional("encrypt", default=False): cv.boolean},
    ),
    "hand_over": Action(
        answer=_hand_over,
        schema={
            **_CASE,
            **{
                probatio.Required(key): cv.string
                for key in ("recipient", "medium", "medium_serial")
            },
        },
    ),
    "conclude_case": Action(
        answer=_conclude_case,
        schema={
            **_CASE,
            probatio.Required("outcome"): probatio.In([outcome.value for outcome in Outcome]),
            probatio.Required("reasons"): cv.string,
        },
    ),
    "purge_case": Action(answer=_purge_case, schema=_CASE),
    "list_cases": Action(
        answer=_list_cases,
        schema={
            probatio.Optional("state"): probatio.All(
                cv.ensure_list, [probatio.In([state.value for state in CaseState])]
            )
        },
        only_answers=True,
    ),
    "get_case": Action(answer=_get_case, schema=_CASE, only_answers=True),
    "export_ledger": Action(
        answer=_export_ledger,
        schema={probatio.Optional("form", default="jsonl"): probatio.In(["jsonl", "csv"])},
    ),
    "verify_ledger": Action(answer=_verify_ledger, schema={}, only_answers=True),
}


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions, whether the section is loaded or not."""

    @callback
    def keep_origin(_event: Event) -> None:
        """Do nothing: Home Assistant notes the origin of a context only where somebody listens."""

    hass.bus.async_listen(EVENT_CALL_SERVICE, keep_origin)

    async def answer(call: ServiceCall) -> ServiceResponse:
        action = ACTIONS[call.service]
        entry: NiizaConfigEntry = service_helper.async_get_config_entry(hass, DOMAIN, None)
        evidence = entry.runtime_data.evidence
        asked = Asked(
            hass=hass,
            entry=entry,
            actor=await evidence.async_actor(call.context.user_id, direct=is_direct_call(call)),
            data=call.data,
        )
        try:
            response = await action.answer(asked)
        except (CaseError, LedgerError) as err:
            raise translated(err) from err
        return response if call.return_response else None

    for name, action in ACTIONS.items():
        hass.services.async_register(
            DOMAIN,
            name,
            answer,
            schema=probatio.Schema(action.schema),
            supports_response=SupportsResponse.ONLY
            if action.only_answers
            else SupportsResponse.OPTIONAL,
        )
