"""The actions of cases: what people do with footage."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from homeassistant.core import ServiceResponse, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType
from homeassistant.util import dt as dt_util
import probatio

from ..const import LOGGER
from ..coordinator import CameraCoordinator
from ..errors import error_key, failed, invalid, translated
from ..lib.access.errors import FieldsInvalid
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission
from ..lib.cases.fields import check_passages
from ..lib.cases.kinds import OUTCOMES
from ..lib.cases.model import (
    Case,
    CaseKind,
    CaseState,
    Decided,
    Ground,
    Network,
    Outcome,
    Passage,
    Way,
)
from ..lib.cases.rules import Proposal, Seen
from ..lib.device.errors import CameraError
from ..lib.footage.package_model import CameraFacts, PackageInvalid
from ..lib.footage.vault import VaultFull
from ..responses.cases import (
    CasesResponse,
    RecordingsResponse,
    RecordingsShown,
    ReleaseResponse,
    list_case,
    show_case,
    show_recordings,
    show_unread,
)
from .base import Action, ActionCall, as_response, async_offer_file
from .drafts import DRAFT_ID, draft_of
from .fields import CAMERA, CASE, CLIP, ITEM, MAX_ITEMS, PERSON, SHA256


def _case_id(call: ActionCall) -> str:
    """Return the case that was named."""
    return str(call.data["case"])


def _show(call: ActionCall, case: Case) -> ServiceResponse:
    """Answer with a case as it is now."""
    return as_response(show_case(call.evidence, case, call.actor))


def _cameras(call: ActionCall) -> list[CameraCoordinator]:
    """Return the cameras that were named, by device or by unique id, each once."""
    found: dict[str, CameraCoordinator] = {}
    for name in call.data["cameras"]:
        for unique_id in call.cameras.ids_named(name):
            if (camera := call.cameras.find(unique_id)) is not None:
                found[unique_id] = camera
            elif (offline := call.cameras.facts(unique_id)) is not None:
                raise invalid("camera_offline", camera=offline.name)
            else:
                raise invalid("camera_unknown", camera=name)
    return list(found.values())


def _facts(call: ActionCall, name: str) -> tuple[str, CameraFacts]:
    """Return the unique id and what is known of a camera of the section, with a network or without."""
    for unique_id in call.cameras.ids_named(name):
        if (facts := call.cameras.facts(unique_id)) is not None:
            return unique_id, facts
    raise invalid("camera_unknown", camera=name)


def _network(call: ActionCall, unique_id: str) -> Network:
    """Return whether a camera could have been asked over the network."""
    if (camera := call.cameras.find(unique_id)) is None:
        return Network.NONE
    return Network.UP if camera.data.alive else Network.DOWN


async def _second_person(call: ActionCall) -> Actor:
    """Return who was there as the second person: a user, or the user of a `person` entity."""
    named = call.data["second_person"]
    if (state := call.hass.states.get(named)) is not None and state.domain == "person":
        # None for a person who does not log in.
        named = state.attributes.get("user_id")
    return await call.evidence.async_actor(named)


def _passages(call: ActionCall) -> list[Passage]:
    """Return the passages that were asked for, margin added; raises CaseError for what cannot be one."""
    start, end = (dt_util.as_utc(call.data[key]) for key in ("start", "end"))
    now = dt_util.utcnow()
    named = [
        Passage(camera=camera.unique_id, camera_name=camera.name, start=start, end=end)
        for camera in _cameras(call)
    ]
    check_passages(named, (), now)
    margin = timedelta(seconds=call.data["margin"])
    passages = [replace(one, start=start - margin, end=end + margin) for one in named]
    check_passages(passages, (), now)
    return passages


async def _overwritten_at(call: ActionCall, passage: Passage) -> datetime:
    """Return when the card will overwrite a passage; by the section's standard where the camera does not tell."""
    told: datetime | None = None
    try:
        async with asyncio.timeout(_INDEX_TIMEOUT):
            index = await call.cameras.archive(passage.camera).index()
            told = index.overwritten_at(passage.start, dt_util.get_default_time_zone())
    except CameraError, TimeoutError:
        # The retrieval goes on asking; a camera that is away now is no reason to refuse, and the alarm must come.
        pass
    days = call.cameras.policy.retention_days
    return told or passage.start + timedelta(days=days)


async def _ask_for_clips(call: ActionCall, case_id: str, passages: list[Passage]) -> None:
    """Ask for passages in a case and begin to fetch them."""
    await call.evidence.cases.check(call.actor, Permission.REQUEST_CLIPS, case_id)
    estimates = await asyncio.gather(*(_overwritten_at(call, passage) for passage in passages))
    clips = await call.evidence.cases.request_clips(
        call.actor, case_id, list(zip(passages, estimates, strict=True))
    )
    call.evidence.async_start_clips(clips)


async def _find_recordings(call: ActionCall) -> ServiceResponse:
    """Say what the cards hold, and record that somebody looked."""
    start, end = (
        dt_util.as_utc(call.data[key]) if key in call.data else None for key in ("start", "end")
    )
    cameras = _cameras(call)
    if start and end and end <= start:
        raise FieldsInvalid("passage_backwards", {"camera": cameras[0].name})
    await call.evidence.cases.check(call.actor, Permission.SEARCH, call.data.get("case"))
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
    await call.evidence.cases.record_search(
        call.actor,
        call.data.get("case"),
        {
            "cameras": [one["camera"] for one in found],
            "start": None if start is None else start.isoformat(),
            "end": None if end is None else end.isoformat(),
            "stretches": sum(len(one["stretches"]) for one in found),
            "unread": [one["camera"] for one in found if one["error"] is not None],
        },
    )
    return as_response(RecordingsResponse(cameras=found))


async def _create_case(call: ActionCall) -> ServiceResponse:
    """Receive a request, and preserve its footage where it was named."""
    named = [key for key in ("cameras", "start", "end") if key in call.data]
    if named and len(named) < 3:
        raise invalid("passage_incomplete")
    # Before there is a case: a mistake in the passage leaves none behind.
    passages = _passages(call) if named else []
    async with draft_of(call, Permission.CREATE) as texts:
        case = await call.evidence.cases.create(call.actor, CaseKind(call.data["kind"]), texts)
    if passages:
        await _ask_for_clips(call, case.id, passages)
    return _show(call, call.evidence.cases.case(case.id))


async def _export_clip(call: ActionCall) -> ServiceResponse:
    """Ask for further passages in a case."""
    await _ask_for_clips(call, _case_id(call), _passages(call))
    return _show(call, call.evidence.cases.case(_case_id(call)))


async def _register_footage(call: ActionCall) -> ServiceResponse:
    """Take into a case what two people copied at the station, or that they looked for it in vain."""
    await call.evidence.cases.check(call.actor, Permission.REGISTER_FOOTAGE, _case_id(call))
    unique_id, facts = _facts(call, call.data["camera"])
    passage = Passage(
        camera=unique_id,
        camera_name=facts.name,
        start=dt_util.as_utc(call.data["start"]),
        end=dt_util.as_utc(call.data["end"]),
    )
    network, witness = _network(call, unique_id), await _second_person(call)
    clock_offset = call.data.get("clock_offset")
    async with draft_of(call, Permission.REGISTER_FOOTAGE, _case_id(call)) as texts:
        if call.data["found"]:
            case = await call.evidence.cases.register_footage(
                call.actor,
                _case_id(call),
                passage,
                witness=witness,
                network=network,
                medium=texts.get("medium", ""),
                serial=texts.get("medium_serial", ""),
                sha256=texts.get("sha256", ""),
                clock_offset=clock_offset,
                note=texts.get("note", ""),
                origin=facts.as_json(),
            )
        elif clock_offset is not None or any(texts.get(name) for name in _OF_A_COPY):
            raise invalid("nothing_was_copied")
        else:
            case = await call.evidence.cases.searched_by_hand(
                call.actor,
                _case_id(call),
                passage,
                witness=witness,
                network=network,
                note=texts.get("note", ""),
            )
    return _show(call, case)


async def _cancel_clip(call: ActionCall) -> ServiceResponse:
    """Give up a clip, or withdraw one that was registered by hand."""
    return _show(call, await call.evidence.async_cancel_clip(call.actor, call.data["clip"]))


async def _seal_early(call: ActionCall) -> ServiceResponse:
    """Seal a clip with what its camera has given."""
    return _show(call, await call.evidence.async_seal_early(call.actor, call.data["clip"]))


async def _propose_decision(call: ActionCall) -> ServiceResponse:
    """Say how a request is to be answered, for another person to approve."""
    way = call.data.get("way")
    proposal = Proposal(
        outcome=Decided(call.data["outcome"]),
        way=None if way is None else Way(way),
        items=tuple(call.data["items"]),
        grounds=tuple(Ground(one) for one in call.data["grounds"]),
    )
    async with draft_of(call, Permission.PROPOSE_DECISION, _case_id(call)) as texts:
        case = await call.evidence.cases.propose_decision(
            call.actor, _case_id(call), proposal, texts.get("reasons", "")
        )
    return _show(call, case)


async def _approve_case(call: ActionCall) -> ServiceResponse:
    """Approve what was looked at: each clip and cut for itself, or a proposed decision with all that it discloses."""
    seen = [
        Seen(item=one["item"], digest=one["sha256"], hidden=one["hidden_pictures"])
        for one in call.data["items"]
    ]
    async with draft_of(call, Permission.APPROVE, _case_id(call)) as texts:
        case = await call.evidence.cases.approve(
            call.actor,
            _case_id(call),
            texts.get("note", ""),
            seen=seen,
            decision=call.data.get("decision"),
        )
    return _show(call, case)


async def _reject_case(call: ActionCall) -> ServiceResponse:
    """Reject a case."""
    async with draft_of(call, Permission.REJECT, _case_id(call)) as texts:
        case = await call.evidence.cases.reject(call.actor, _case_id(call), texts.get("reason", ""))
    return _show(call, case)


async def _release_case(call: ActionCall) -> ServiceResponse:
    """Make the evidence package and offer it to the person who asked."""
    try:
        released = await call.entry.runtime_data.releases.async_release(
            call.actor, _case_id(call), encrypt=call.data["encrypt"]
        )
    except VaultFull as err:
        raise translated(err) from err
    except OSError as err:
        raise failed("not_written", reason=err.strerror or "") from err
    except PackageInvalid as err:
        LOGGER.error("Package of case %s was not made: %s", _case_id(call), err)
        await call.evidence.cases.refuse(
            call.actor, Permission.RELEASE, f"case/{_case_id(call)}", "sealed_file_changed"
        )
        raise failed("sealed_file_changed", case=_case_id(call)) from err
    case_id = _case_id(call)
    link = async_offer_file(
        call,
        released.path,
        released.package,
        f"case/{case_id}",
        lambda evidence, actor: evidence.cases.download_begun(actor, case_id, released.package),
        served=lambda evidence, actor: evidence.cases.downloaded(actor, case_id, released.package),
    )
    return as_response(ReleaseResponse(**link, case=case_id, passphrase=released.passphrase))


async def _hand_over(call: ActionCall) -> ServiceResponse:
    """Record the hand-over."""
    async with draft_of(call, Permission.HAND_OVER, _case_id(call)) as texts:
        case = await call.evidence.cases.hand_over(
            call.actor,
            _case_id(call),
            texts.get("recipient", ""),
            texts.get("medium", ""),
            texts.get("medium_serial", ""),
        )
    return _show(call, case)


async def _conclude_case(call: ActionCall) -> ServiceResponse:
    """End a case by its outcome."""
    async with draft_of(call, Permission.CONCLUDE, _case_id(call)) as texts:
        case = await call.evidence.cases.conclude(
            call.actor, _case_id(call), Outcome(call.data["outcome"]), texts.get("reasons", "")
        )
    return _show(call, case)


async def _keep_open(call: ActionCall) -> ServiceResponse:
    """Say that an open case is still needed."""
    return _show(call, await call.evidence.cases.keep_open(call.actor, _case_id(call)))


async def _purge_case(call: ActionCall) -> ServiceResponse:
    """Remove the footage of an ended case."""
    await call.evidence.cases.purge(call.actor, _case_id(call))
    try:
        await call.evidence.async_remove_files(_case_id(call))
    except OSError as err:
        raise failed("not_removed", reason=err.strerror or "") from err
    return _show(call, call.evidence.cases.case(_case_id(call)))


async def _restore_case(call: ActionCall) -> ServiceResponse:
    """Take the footage of a case out of the bin."""
    try:
        case = await call.evidence.async_restore_files(call.actor, _case_id(call))
    except OSError as err:
        raise failed("not_written", reason=err.strerror or "") from err
    return _show(call, case)


async def _list_cases(call: ActionCall) -> ServiceResponse:
    """List the cases, the newest first."""
    await call.evidence.cases.check(call.actor, Permission.SEE_CASES)
    states = call.data.get("state", list(CaseState))
    return as_response(
        CasesResponse(
            cases=[
                list_case(call.evidence, case, call.actor)
                for case in sorted(
                    call.evidence.cases.cases.values(),
                    key=lambda case: case.created_at,
                    reverse=True,
                )
                if case.state in states
            ]
        )
    )


async def _get_case(call: ActionCall) -> ServiceResponse:
    """Show one case."""
    await call.evidence.cases.check(call.actor, Permission.SEE_CASES, _case_id(call))
    return _show(call, call.evidence.cases.case(_case_id(call)))


# A camera that does not answer holds up no request for longer than this (seconds).
_INDEX_TIMEOUT = 15.0
_CASE: VolDictType = {probatio.Required("case"): CASE}
_MARGIN: VolDictType = {
    probatio.Optional("margin", default=0): probatio.All(
        probatio.Coerce(int), probatio.Range(min=0, max=3600)
    )
}
_CAMERAS = probatio.All(cv.ensure_list, [CAMERA], probatio.Length(min=1))
# Clocks that nobody sets are years off after their battery died.
_CLOCK_OFFSET = 50 * 366 * 86_400
# What is said of a copy only.
_OF_A_COPY = ("medium", "medium_serial", "sha256")
# What an approver says of each clip or cut that they looked at.
APPROVED_ITEM: VolDictType = {
    probatio.Required("item"): ITEM,
    probatio.Required("sha256"): SHA256,
    # Whoever approves a cut was told how many pictures are in it besides.
    probatio.Optional("hidden_pictures", default=0): probatio.All(
        probatio.Coerce(int), probatio.Range(min=0, max=10_000_000)
    ),
}
CASE_ACTIONS: Mapping[str, Action] = {
    "find_recordings": Action(
        answer=_find_recordings,
        schema={
            probatio.Required("cameras"): _CAMERAS,
            probatio.Optional("start"): cv.datetime,
            probatio.Optional("end"): cv.datetime,
            probatio.Optional("case"): CASE,
        },
        response=SupportsResponse.ONLY,
    ),
    "create_case": Action(
        answer=_create_case,
        schema={
            probatio.Required("kind"): probatio.In([kind.value for kind in CaseKind]),
            **DRAFT_ID,
            probatio.Optional("cameras"): _CAMERAS,
            probatio.Optional("start"): cv.datetime,
            probatio.Optional("end"): cv.datetime,
            **_MARGIN,
        },
        step=Permission.CREATE,
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
            probatio.Required("camera"): CAMERA,
            probatio.Required("start"): cv.datetime,
            probatio.Required("end"): cv.datetime,
            probatio.Required("second_person"): PERSON,
            probatio.Optional("clock_offset"): probatio.All(
                probatio.Coerce(int), probatio.Range(min=-_CLOCK_OFFSET, max=_CLOCK_OFFSET)
            ),
            probatio.Optional("found", default=True): cv.boolean,
            **DRAFT_ID,
        },
        step=Permission.REGISTER_FOOTAGE,
    ),
    "cancel_clip": Action(answer=_cancel_clip, schema={probatio.Required("clip"): ITEM}),
    "seal_early": Action(answer=_seal_early, schema={probatio.Required("clip"): CLIP}),
    "propose_decision": Action(
        answer=_propose_decision,
        schema={
            **_CASE,
            probatio.Required("outcome"): probatio.In([outcome.value for outcome in Decided]),
            probatio.Optional("way"): probatio.In([way.value for way in Way]),
            probatio.Optional("items", default=list): probatio.All(
                cv.ensure_list, [ITEM], probatio.Length(max=MAX_ITEMS)
            ),
            probatio.Optional("grounds", default=list): probatio.All(
                cv.ensure_list, [probatio.In([ground.value for ground in Ground])]
            ),
            **DRAFT_ID,
        },
        step=Permission.PROPOSE_DECISION,
    ),
    "approve_case": Action(
        answer=_approve_case,
        schema={
            **_CASE,
            probatio.Optional("decision"): SHA256,
            probatio.Optional("items", default=list): [APPROVED_ITEM],
            **DRAFT_ID,
        },
        step=Permission.APPROVE,
    ),
    "reject_case": Action(
        answer=_reject_case, schema={**_CASE, **DRAFT_ID}, step=Permission.REJECT
    ),
    "release_case": Action(
        answer=_release_case,
        schema={**_CASE, probatio.Optional("encrypt", default=False): cv.boolean},
    ),
    "hand_over": Action(answer=_hand_over, schema={**_CASE, **DRAFT_ID}, step=Permission.HAND_OVER),
    "conclude_case": Action(
        answer=_conclude_case,
        schema={
            **_CASE,
            probatio.Required("outcome"): probatio.In(
                [outcome.value for outcome in Outcome if outcome in OUTCOMES]
            ),
            **DRAFT_ID,
        },
        step=Permission.CONCLUDE,
    ),
    "keep_open": Action(answer=_keep_open, schema=_CASE),
    "purge_case": Action(answer=_purge_case, schema=_CASE),
    "restore_case": Action(answer=_restore_case, schema=_CASE),
    "list_cases": Action(
        answer=_list_cases,
        schema={
            probatio.Optional("state"): probatio.All(
                cv.ensure_list, [probatio.In([state.value for state in CaseState])]
            )
        },
        response=SupportsResponse.ONLY,
    ),
    "get_case": Action(answer=_get_case, schema=_CASE, response=SupportsResponse.ONLY),
}
