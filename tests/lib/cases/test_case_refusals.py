"""Every refusal: raised with its reason, and kept by the ledger with who, what and why."""

import ast
from collections.abc import Awaitable, Callable, Iterator
import json
from pathlib import Path
import re

import pytest

from custom_components.niiza_cctv.lib.access.errors import (
    CaseError,
    CaseUnknown,
    FieldsInvalid,
    FieldsMissing,
    MaskingNeeded,
    NotAllowed,
    WrongState,
)
from custom_components.niiza_cctv.lib.access.model import Actor, Role
from custom_components.niiza_cctv.lib.access.permissions import NEEDS, Permission
from custom_components.niiza_cctv.lib.cases import rules
from custom_components.niiza_cctv.lib.cases.model import (
    CaseKind,
    CaseState,
    Decided,
    Outcome,
    ShownTo,
    Way,
)
from custom_components.niiza_cctv.lib.cases.rules import STATES, WithdrawalStep
from custom_components.niiza_cctv.lib.cases.sealing_early import Fetch
from custom_components.niiza_cctv.lib.ledger.model import Json, Person
from tests.lib.cases.desk import (
    ITO,
    KEEP_DAYS,
    REQUESTS,
    SATO,
    SUZUKI,
    TANAKA,
    VIEWER,
    Desk,
    actor,
    file,
    passage,
    sealed,
)

EVERY_ROLE = (Role.VIEWER, Role.EXPORTER, Role.APPROVER)

# Each way in which somebody is nobody who may.
STRANGERS = {
    "not_allowed_nobody": Actor(person=None, roles=frozenset(EVERY_ROLE), human=True, active=True),
    "not_allowed_not_human": actor("Supervisor", *EVERY_ROLE, human=False),
    "not_allowed_inactive": actor("退職者", *EVERY_ROLE, active=False),
    "not_allowed_tablet": actor("タブレット", *EVERY_ROLE, Role.TABLET),
}

# Each deed, asked for in a case that is ready for it but for the person.
DEEDS: dict[Permission, Callable[[Desk, Actor], Awaitable[object]]] = {}


def deed(kind: Permission) -> Callable[..., Callable[[Desk, Actor], Awaitable[object]]]:
    """Register how a deed is done."""

    def register(
        do: Callable[[Desk, Actor], Awaitable[object]],
    ) -> Callable[[Desk, Actor], Awaitable[object]]:
        DEEDS[kind] = do
        return do

    return register


@deed(Permission.SEE_CASES)
async def _see(desk: Desk, who: Actor) -> None:
    await desk.book.check(who, Permission.SEE_CASES)


@deed(Permission.CHANGE_SETTING)
async def _change_setting(desk: Desk, who: Actor) -> None:
    await desk.book.check(who, Permission.CHANGE_SETTING)


@deed(Permission.TEST_CAMERA)
async def _test_camera(desk: Desk, who: Actor) -> None:
    await desk.book.check(who, Permission.TEST_CAMERA)


@deed(Permission.WATCH)
async def _watch(desk: Desk, who: Actor) -> None:
    await desk.book.check(who, Permission.WATCH)


@deed(Permission.SEE_CHECKS)
async def _see_checks(desk: Desk, who: Actor) -> None:
    await desk.book.check(who, Permission.SEE_CHECKS)


@deed(Permission.SEE_CHECK_PHOTO)
async def _see_check_photo(desk: Desk, who: Actor) -> None:
    await desk.book.check(who, Permission.SEE_CHECK_PHOTO)


@deed(Permission.RECORD_CHECK)
async def _record_check(desk: Desk, who: Actor) -> None:
    await desk.book.check(who, Permission.RECORD_CHECK)


@deed(Permission.NOTIFY)
async def _notify(desk: Desk, who: Actor) -> None:
    await desk.book.check(who, Permission.NOTIFY)


@deed(Permission.GET_SUMMARY)
async def _get_summary(desk: Desk, who: Actor) -> None:
    await desk.book.check(who, Permission.GET_SUMMARY)


@deed(Permission.SEE_BOARD)
async def _see_board(desk: Desk, who: Actor) -> None:
    await desk.book.check(who, Permission.SEE_BOARD)


@deed(Permission.EXPORT_LEDGER)
async def _export_ledger(desk: Desk, who: Actor) -> None:
    await desk.book.ledger_exported(who, file("ledger.csv"))


@deed(Permission.CREATE)
async def _create(desk: Desk, who: Actor) -> None:
    kind = CaseKind.POLICE_INQUIRY
    await desk.book.create(who, kind, REQUESTS[kind])


@deed(Permission.SEARCH)
async def _search(desk: Desk, who: Actor) -> None:
    await desk.book.record_search(who, None, {"camera": "kita"})


@deed(Permission.REQUEST_CLIPS)
async def _request(desk: Desk, who: Actor) -> None:
    case = await desk.received()
    await desk.book.request_clips(who, case.id, [(passage(), None)])


@deed(Permission.REGISTER_FOOTAGE)
async def _register(desk: Desk, who: Actor) -> None:
    await desk.by_hand((await desk.received()).id, who)


@deed(Permission.CANCEL_CLIP)
async def _cancel(desk: Desk, who: Actor) -> None:
    await desk.book.cancel_clip(who, (await desk.requested()).id)


@deed(Permission.SEAL_EARLY)
async def _seal_early(desk: Desk, who: Actor) -> None:
    fetch = Fetch(came=True, stalled=True, minutes=10)
    await desk.book.seal_early(who, (await desk.requested()).id, fetch)


@deed(Permission.CUT_CLIP)
async def _cut(desk: Desk, who: Actor) -> None:
    await desk.cut(await desk.preserved(), who)


@deed(Permission.MASK_CLIP)
async def _mask(desk: Desk, who: Actor) -> None:
    await desk.mask(await desk.preserved(), who)


@deed(Permission.WITHDRAW_CLIP)
async def _withdraw(desk: Desk, who: Actor) -> None:
    (clip,) = (await desk.preserved()).clips
    await desk.book.withdraw_clip(who, clip.id, WithdrawalStep.REQUEST)


@deed(Permission.CHOOSE_FOR_RELEASE)
async def _choose(desk: Desk, who: Actor) -> None:
    case = await desk.preserved()
    await desk.book.choose_for_release(who, case.id, [case.clips[0].id])


@deed(Permission.PROPOSE_DECISION)
async def _propose(desk: Desk, who: Actor) -> None:
    await desk.propose(await desk.received(CaseKind.DISCLOSURE_REQUEST), who, Decided.REFUSED)


@deed(Permission.APPROVE)
async def _approve(desk: Desk, who: Actor) -> None:
    await desk.approve(who, (await desk.preserved()).id)


@deed(Permission.REJECT)
async def _reject(desk: Desk, who: Actor) -> None:
    await desk.book.reject(who, (await desk.preserved()).id, "照会書に不備がある")


@deed(Permission.SHOW_AT_COUNTER)
async def _show(desk: Desk, who: Actor) -> None:
    case = await desk.proposed(way=Way.VIEW)
    await desk.approve(SUZUKI, case.id)
    (mask,) = case.clips[0].masks
    await desk.book.show_at_counter(who, mask.id, ShownTo.REQUESTER, "本人と課長")


@deed(Permission.RELEASE)
async def _release(desk: Desk, who: Actor) -> None:
    case = await desk.approved()
    await desk.release(who, case.id, encrypted=True)


@deed(Permission.DOWNLOAD)
async def _download(desk: Desk, who: Actor) -> None:
    await desk.book.downloaded(who, (await desk.released()).id, file("package.zip"))


@deed(Permission.HAND_OVER)
async def _hand_over(desk: Desk, who: Actor) -> None:
    await desk.book.hand_over(who, (await desk.downloaded()).id, "北野一郎", "DVD-R", "A-1")


@deed(Permission.CONCLUDE)
async def _conclude(desk: Desk, who: Actor) -> None:
    case = await desk.approved()
    await desk.book.conclude(who, case.id, Outcome.SHOWN_IN_PERSON, "来庁し閲覧した")


@deed(Permission.KEEP_OPEN)
async def _keep_open(desk: Desk, who: Actor) -> None:
    await desk.book.keep_open(who, (await desk.preserved()).id)


@deed(Permission.PURGE)
async def _purge(desk: Desk, who: Actor) -> None:
    await desk.book.purge(who, (await desk.handed_over()).id)


@deed(Permission.RESTORE)
async def _restore(desk: Desk, who: Actor) -> None:
    case = await desk.handed_over()
    desk.clock.forward(days=KEEP_DAYS + 1)
    await desk.binned(case.id)
    await desk.book.restore(who, case.id, _nothing)


async def _nothing() -> None:
    pass


@deed(Permission.REMOVE_FOLDER)
async def _remove_folder(desk: Desk, who: Actor) -> None:
    async def remove() -> dict[str, Json]:
        return {"files": 1, "size": 2}

    await desk.book.remove_folder(who, "2026-0032", remove)


@deed(Permission.CONFIRM_CLOCK)
async def _confirm_clock(desk: Desk, who: Actor) -> None:
    await desk.book.confirm_clock(who, {"jump": 60})


@deed(Permission.MUTE_ALERTS)
async def _mute_alerts(desk: Desk, who: Actor) -> None:
    await desk.book.check(who, Permission.MUTE_ALERTS)


@deed(Permission.SEE_APPOINTMENTS)
async def _see_appointments(desk: Desk, who: Actor) -> None:
    await desk.book.check(who, Permission.SEE_APPOINTMENTS)


@deed(Permission.CONFIRM_APPOINTMENT)
async def _confirm_appointment(desk: Desk, who: Actor) -> None:
    await desk.book.check(who, Permission.CONFIRM_APPOINTMENT)


@deed(Permission.DECLINE_APPOINTMENT)
async def _decline_appointment(desk: Desk, who: Actor) -> None:
    await desk.book.check(who, Permission.DECLINE_APPOINTMENT)


def subclasses(error: type[CaseError]) -> set[type[CaseError]]:
    """Return every class of error below one."""
    below = set(error.__subclasses__())
    return below.union(*(subclasses(one) for one in below))


def somebody(kind: Permission) -> Actor:
    """Return somebody without a part in the case who has just one of the roles that it takes."""
    return actor("小林", next(role for role in EVERY_ROLE if role in NEEDS[kind].roles))


def test_every_deed_is_tried() -> None:
    """The tests below look at everything that people do."""
    assert DEEDS.keys() == NEEDS.keys() == set(Permission)


@pytest.mark.parametrize("kind", Permission)
async def test_the_right_person_may(desk: Desk, kind: Permission) -> None:
    """What the tests below refuse is refused for the person only: somebody in the role may."""
    await DEEDS[kind](desk, somebody(kind))
    assert not await desk.entries("refused")


@pytest.mark.parametrize("reason", STRANGERS)
@pytest.mark.parametrize("kind", Permission)
async def test_nobody_machines_leavers_and_tablets_may_nothing(
    desk: Desk, kind: Permission, reason: str
) -> None:
    """Refuse an automation, a system user, a deactivated user and a tablet, whatever roles they hold."""
    who = STRANGERS[reason]
    if reason == "not_allowed_tablet":
        if (on_tablet := NEEDS[kind].on_tablet) is None:
            await DEEDS[kind](desk, who)
            return
        reason = on_tablet
    with pytest.raises(NotAllowed) as refused:
        await DEEDS[kind](desk, who)
    assert refused.value.key == reason
    (entry,) = await desk.entries("refused")
    assert entry.person == who.person
    assert entry.details == {"what": str(kind), "reason": reason}


@pytest.mark.parametrize("kind", Permission)
async def test_a_role_that_is_not_given_is_missing(desk: Desk, kind: Permission) -> None:
    """Refuse whoever holds every role but the needed ones, and whoever holds none."""
    need = NEEDS[kind]
    for who in (
        actor("小林", *(role for role in EVERY_ROLE if role not in need.roles)),
        actor("中村"),
    ):
        with pytest.raises(NotAllowed) as refused:
            await DEEDS[kind](desk, who)
        assert refused.value.key == need.without_role
        entry = (await desk.entries("refused"))[-1]
        assert (entry.person, entry.details["reason"]) == (who.person, refused.value.key)


# What a script, a scene or an automation may do in the name of the person who set it off.
IN_THEIR_NAME = {
    Permission.SEE_CASES,
    Permission.CREATE,
    Permission.SEARCH,
    Permission.WATCH,
    Permission.REQUEST_CLIPS,
    Permission.CANCEL_CLIP,
    Permission.CUT_CLIP,
    Permission.DOWNLOAD,
    # A script may begin it at night, when nobody needs the footage.
    Permission.TEST_CAMERA,
    Permission.SEE_CHECKS,
    Permission.SEE_CHECK_PHOTO,
    Permission.NOTIFY,
    Permission.GET_SUMMARY,
    Permission.SEE_BOARD,
    Permission.SEE_APPOINTMENTS,
}


@pytest.mark.parametrize("kind", Permission)
async def test_what_decides_is_done_by_own_hand(desk: Desk, kind: Permission) -> None:
    """Refuse who is not shown to do it themselves, which a way in that says nothing shows of nobody."""
    person = somebody(kind)
    who = Actor(person=person.person, roles=person.roles, human=True, active=True)
    if kind in IN_THEIR_NAME:
        await DEEDS[kind](desk, who)
        return
    with pytest.raises(NotAllowed) as refused:
        await DEEDS[kind](desk, who)
    assert refused.value.key.endswith("not_by_own_hand")
    (entry,) = await desk.entries("refused")
    assert entry.details == {"what": str(kind), "reason": refused.value.key}


async def test_whoever_asks_does_not_approve(desk: Desk) -> None:
    """Refuse the creator, and whoever asked for a clip only, though both hold the approver's role."""
    case = await desk.book.create(
        TANAKA, CaseKind.POLICE_INQUIRY, REQUESTS[CaseKind.POLICE_INQUIRY]
    )
    (clip,) = await desk.book.request_clips(SATO, case.id, [(passage(), None)])
    await desk.book.clip_sealed(clip.id, sealed(clip))
    both = actor("佐藤", Role.EXPORTER, Role.APPROVER)
    for who in (TANAKA, both):
        with pytest.raises(NotAllowed) as refused:
            await desk.approve(who, case.id)
        assert refused.value.key == "not_allowed_own_case"
        with pytest.raises(NotAllowed):
            await desk.book.reject(who, case.id, "不要になった")
    assert desk.book.case(case.id).state is CaseState.PRESERVED
    assert [(one.person, one.details["what"]) for one in await desk.entries("refused")] == [
        (TANAKA.person, "approve"),
        (TANAKA.person, "reject"),
        (both.person, "approve"),
        (both.person, "reject"),
    ]


async def test_a_new_name_makes_no_second_person(desk: Desk) -> None:
    """People are told apart by their user, not by what it is called today."""
    case = await desk.preserved()
    renamed = Actor(
        person=Person(id="佐藤-id", name="加藤"),
        roles=frozenset({Role.APPROVER}),
        human=True,
        active=True,
        direct=True,
    )
    with pytest.raises(NotAllowed):
        await desk.approve(renamed, case.id)


async def test_whoever_approves_does_not_release(desk: Desk) -> None:
    """Refuse the approver as the one who releases or concludes; anybody else who exports may."""
    case = await desk.preserved()
    await desk.approve(TANAKA, case.id)
    for step in (
        desk.book.check_release(TANAKA, case.id),
        desk.release(TANAKA, case.id),
        desk.book.conclude(TANAKA, case.id, Outcome.SHOWN_IN_PERSON, "閲覧した"),
    ):
        with pytest.raises(NotAllowed) as refused:
            await step
        assert refused.value.key == "not_allowed_own_approval"
    assert [one.details for one in await desk.entries("refused")] == [
        {"what": "release", "reason": "not_allowed_own_approval"},
        {"what": "conclude", "reason": "not_allowed_own_approval"},
    ]
    await desk.release(ITO, case.id)


async def test_a_disclosure_request_releases_nothing_unmasked(desk: Desk) -> None:
    """Refuse in every state of it, approved or not."""
    case = await desk.preserved(CaseKind.DISCLOSURE_REQUEST)
    for seconds in (10, 20):
        for step in (
            desk.book.check_release(SATO, case.id),
            desk.release(SATO, case.id, encrypted=True),
        ):
            with pytest.raises(MaskingNeeded) as refused:
                await step
            assert refused.value.placeholders == {"case": case.id}
        # What is masked is there, and is not all that is chosen.
        case = await desk.mask(case, seconds=seconds)
    assert (await desk.entries("refused"))[0].details["reason"] == "masking_needed"
    with pytest.raises(WrongState):
        await desk.book.downloaded(SATO, case.id, file("package.zip"))


async def test_only_sealed_clips_are_approved(desk: Desk) -> None:
    """Refuse while a clip is under way, after it failed, and with none at all."""
    empty = await desk.received()
    with pytest.raises(WrongState) as refused:
        await desk.approve(SUZUKI, empty.id)
    assert refused.value.key == "nothing_preserved"
    case = await desk.preserved()
    (clip,) = await desk.book.request_clips(SATO, case.id, [(passage(9), None)])
    with pytest.raises(WrongState) as refused:
        await desk.approve(SUZUKI, case.id)
    assert refused.value.key == "clips_not_sealed"
    assert refused.value.placeholders == {"case": case.id, "clips": clip.id}
    await desk.book.clip_failed(clip.id, "no_room", final=True)
    with pytest.raises(WrongState) as refused:
        await desk.approve(SUZUKI, case.id)
    assert refused.value.key == "clips_failed"
    await desk.book.cancel_clip(SATO, clip.id)
    approved = await desk.approve(SUZUKI, case.id)
    assert approved.approval is not None
    assert approved.approval.clips == {f"{case.id}-01": file(f"{case.id}-01.mp4").sha256}


async def test_a_clip_after_the_approval_needs_a_new_one(desk: Desk) -> None:
    """Refuse the release of what nobody approved, before and after the new clip is sealed."""
    case = await desk.approved()
    (clip,) = await desk.book.request_clips(ITO, case.id, [(passage(9), None)])
    assert desk.book.case(case.id).state is CaseState.RECEIVED
    assert desk.book.case(case.id).approval is None
    with pytest.raises(WrongState) as refused:
        await desk.release(SATO, case.id)
    assert refused.value.key == "case_not_approved"
    await desk.book.clip_sealed(clip.id, sealed(clip))
    with pytest.raises(WrongState):
        await desk.release(SATO, case.id)
    again = await desk.approve(SUZUKI, case.id)
    assert again.approval is not None
    assert again.approval.clips.keys() == {f"{case.id}-01", f"{case.id}-02"}
    await desk.release(SATO, case.id)


async def test_whoever_adds_a_clip_to_what_they_approved_is_no_approver_any_more(
    desk: Desk,
) -> None:
    """Refuse the second approval by somebody who became one who asks."""
    case = await desk.preserved()
    await desk.approve(TANAKA, case.id)
    (clip,) = await desk.book.request_clips(TANAKA, case.id, [(passage(9), None)])
    await desk.book.clip_sealed(clip.id, sealed(clip))
    with pytest.raises(NotAllowed) as refused:
        await desk.approve(TANAKA, case.id)
    assert refused.value.key == "not_allowed_own_case"


async def test_nothing_is_done_in_the_wrong_state(desk: Desk) -> None:
    """Refuse each step before what must come first, and after the end."""
    received, handed_over = await desk.received(), await desk.handed_over()
    rejected = await desk.book.reject(SUZUKI, (await desk.preserved()).id, "不備")
    book = desk.book
    steps: list[tuple[str, Awaitable[object]]] = [
        ("case_not_approved", desk.release(SATO, received.id)),
        ("case_not_released", book.downloaded(SATO, received.id, file("package.zip"))),
        ("case_not_released", book.hand_over(SATO, received.id, "北野", "DVD-R", "1")),
        ("case_not_ended", book.purge(SATO, received.id)),
        ("outcome_needs_search", book.conclude(SATO, received.id, Outcome.NOTHING_FOUND, "なし")),
        (
            "outcome_needs_approval",
            book.conclude(SATO, received.id, Outcome.SHOWN_IN_PERSON, "閲覧"),
        ),
        ("case_takes_no_clips", book.request_clips(SATO, handed_over.id, [(passage(), None)])),
        ("case_takes_no_clips", book.cancel_clip(SATO, handed_over.clips[0].id)),
        ("case_not_approved", desk.release(SATO, handed_over.id)),
        ("case_not_released", book.downloaded(SATO, handed_over.id, file("package.zip"))),
        ("case_not_released", book.hand_over(SATO, handed_over.id, "北野", "DVD-R", "1")),
        ("case_ended", book.reject(SUZUKI, handed_over.id, "不備")),
        ("case_ended", book.conclude(SATO, handed_over.id, Outcome.NOTHING_FOUND, "なし")),
        ("case_ended", book.record_search(VIEWER, handed_over.id, {})),
        ("case_not_to_approve", desk.approve(SUZUKI, rejected.id)),
        ("case_not_approved", desk.release(SATO, rejected.id)),
    ]
    for key, step in steps:
        with pytest.raises(WrongState) as refused:
            await step
        assert refused.value.key == key
    kept = await desk.entries("refused")
    assert [entry.details["reason"] for entry in kept] == [key for key, _ in steps]
    assert {entry.subject for entry in kept} == {
        f"case/{case.id}" for case in (received, handed_over, rejected)
    }


async def test_an_approved_case_is_not_approved_again(desk: Desk) -> None:
    """Two approvers at the same case: the second is told so."""
    case = await desk.approved()
    with pytest.raises(WrongState) as refused:
        await desk.approve(TANAKA, case.id)
    assert refused.value.key == "case_not_to_approve"


async def test_what_is_not_there_is_unknown(desk: Desk) -> None:
    """Refuse cases and clips that are not there; what was typed becomes no subject of the ledger."""
    case = await desk.preserved()
    for step in (
        desk.approve(SUZUKI, "2026-9999"),
        desk.approve(SUZUKI, "../../etc/passwd" * 1000),
        desk.book.cancel_clip(SATO, f"{case.id}-99"),
    ):
        with pytest.raises(CaseUnknown) as refused:
            await step
        assert all(len(text) <= 100 for text in refused.value.placeholders.values())
    assert {entry.subject for entry in await desk.entries("refused")} == {"section"}
    with pytest.raises(CaseUnknown):
        desk.book.case("2026-9999")


async def test_strangers_do_not_learn_which_cases_there_are(desk: Desk) -> None:
    """Answer the same about a case that is there and one that is not."""
    case = await desk.preserved()
    answers = []
    for case_id in (case.id, "2026-9999"):
        with pytest.raises(NotAllowed) as refused:
            await desk.approve(actor("中村"), case_id)
        answers.append((refused.value.key, refused.value.placeholders))
    assert answers[0] == answers[1]


async def test_missing_fields_are_named_and_nothing_is_recorded(desk: Desk) -> None:
    """Give a form back with all that is missing; it is no refusal."""
    with pytest.raises(FieldsMissing) as missing:
        await desk.book.create(SATO, CaseKind.POLICE_INQUIRY, {"purpose": " "})
    assert missing.value.fields == (
        "document_number",
        "document_date",
        "organisation",
        "requester",
        "contact",
        "purpose",
    )
    assert "文書番号 (document_number)" in missing.value.placeholders["fields"]
    case = await desk.downloaded()
    with pytest.raises(FieldsMissing) as missing:
        await desk.book.hand_over(SATO, case.id, "北野", "", "\n")
    assert missing.value.fields == ("medium", "serial")
    with pytest.raises(FieldsMissing):
        await desk.book.reject(SUZUKI, case.id, "　")
    with pytest.raises(FieldsInvalid):
        await desk.book.hand_over(SATO, case.id, "北野\x1b[2J", "DVD-R", "1")
    assert not await desk.entries("refused")


async def test_a_flood_of_refusals_is_counted_not_written(desk: Desk) -> None:
    """Hold a forgotten automation to one entry and one sum a minute."""
    case = await desk.preserved()
    for _ in range(50):
        with pytest.raises(NotAllowed):
            await desk.approve(Actor(person=None), case.id)
    assert [one.details for one in await desk.entries("refused")] == [
        {"what": "approve", "reason": "not_allowed_nobody"}
    ]
    # Another person, another deed: entries of their own.
    with pytest.raises(NotAllowed):
        await desk.approve(SATO, case.id)
    desk.clock.forward(seconds=61)
    with pytest.raises(NotAllowed):
        await desk.approve(Actor(person=None), case.id)
    entries = await desk.entries("refused")
    assert [(one.person, one.details.get("count", 1)) for one in entries] == [
        (None, 1),
        (SATO.person, 1),
        (None, 49),
        (None, 1),
    ]


async def test_somebody_who_tries_every_door_is_summed_up(desk: Desk) -> None:
    """Write twenty different refusals of one person a minute; the rest is one sum, at the latest when we stop."""
    for number in range(100):
        await desk.book.refuse(VIEWER, "viewing", f"camera/{number}", "not_allowed_tablet")
    await desk.book.refuse(SATO, "viewing", "camera/1", "not_allowed_tablet")
    entries = await desk.entries("refused")
    assert len(entries) == 22
    assert entries[20].details == {"what": "several", "reason": "too_many"}
    assert entries[21].person == SATO.person
    await desk.book.close()
    assert (await desk.entries("refused"))[22].details["count"] == 79


async def test_a_refusal_by_a_view_is_kept(desk: Desk) -> None:
    """Record what other parts refuse, with who, what, about what and why."""
    await desk.book.refuse(VIEWER, "download", "case/2026-0001", "link_used")
    await desk.book.refuse(VIEWER, "viewing", "camera/kita", "not_allowed_tablet")
    entries = await desk.entries("refused")
    assert [(one.subject, one.details["what"]) for one in entries] == [
        # There is no such case.
        ("section", "download"),
        ("camera/kita", "viewing"),
    ]


CASES = Path(rules.__file__).parent
ACCESS = CASES.parent / "access"
TRANSLATIONS = CASES.parents[1] / "translations"
ERRORS = {error.__name__ for error in subclasses(CaseError) | {CaseError}}


def raised() -> Iterator[tuple[str, set[str] | None]]:
    """Yield each key that the packages raise, and the placeholders if the code shows them."""
    for path in (*ACCESS.glob("*.py"), *CASES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id not in ERRORS or not isinstance(node.args[0], ast.Constant):
                continue
            names: set[str] | None = set()
            if len(node.args) > 1:
                given = node.args[1]
                names = (
                    {str(key.value) for key in given.keys if isinstance(key, ast.Constant)}
                    if isinstance(given, ast.Dict)
                    else None
                )
            yield str(node.args[0].value), names
    for rule in STATES.values():
        yield rule.otherwise, {"case"}
    for need in NEEDS.values():
        for key in (need.without_role, need.on_tablet, need.by_own_hand):
            if key is not None:
                yield key, set()
    # What sums up many refusals has a reason, too.
    yield "too_many", set()


def test_every_refusal_has_its_words() -> None:
    """Find the text of every error, with the placeholders that the error fills; the gates hold ja equal to en."""
    texts = json.loads((TRANSLATIONS / "ja.json").read_text())["exceptions"]
    keys = set()
    for key, names in raised():
        keys.add(key)
        wanted = set(re.findall(r"{(\w+)}", texts[key]["message"]))
        assert names is None or wanted <= names, key
    assert len(keys) > 35


def test_every_deed_has_its_words() -> None:
    """Find the name of everything that can be refused, as the list of the ledger shows it."""
    for language in ("ja", "en"):
        texts = json.loads((TRANSLATIONS / f"{language}.json").read_text())
        assert texts["config_panel"]["deeds"].keys() >= {*Permission, "several"}


async def test_a_masked_clip_is_approved_by_who_watched_all_of_it(desk: Desk) -> None:
    """Not by who missed a second, on the record; the ledger has what was watched."""
    case = await desk.proposed()
    (mask,) = case.clips[0].masks
    desk.unwatched.add(mask.id)
    with pytest.raises(WrongState) as refused:
        await desk.approve(SUZUKI, case.id)
    assert (refused.value.key, refused.value.placeholders["clip"]) == ("mask_not_watched", mask.id)
    assert (await desk.entries("refused"))[-1].details["reason"] == "mask_not_watched"
    desk.unwatched.clear()
    assert (await desk.approve(SUZUKI, case.id)).state is CaseState.APPROVED


async def test_only_what_was_decided_to_be_seen_is_shown(desk: Desk) -> None:
    """Not a copy, not before the approval, not by who approved it, not once it is proposed anew; each on the record."""

    async def said(who: Actor, item: str) -> str:
        with pytest.raises(CaseError) as refused:
            await desk.book.show_at_counter(who, item, ShownTo.REQUESTER, "本人")
        assert (await desk.entries("refused"))[-1].details["reason"] == refused.value.key
        return refused.value.key

    copy = await desk.proposed()
    copied = copy.clips[0].masks[0].id
    assert await said(SATO, copied) == "case_not_approved"
    await desk.approve(SUZUKI, copy.id)
    assert await said(SATO, copied) == "decision_not_view"
    view = await desk.proposed(way=Way.VIEW)
    shown = view.clips[0].masks[0].id
    await desk.approve(SUZUKI, view.id)
    assert await said(SATO, view.clips[0].id) == "masking_needed"
    first = await desk.book.show_at_counter(SATO, shown, ShownTo.REPRESENTATIVE, "代理人と課長")
    await desk.book.showing_ended(view.id, first.number, [])
    # Told twice, it ended once.
    await desk.book.showing_ended(view.id, first.number, [])
    (known,) = desk.book.case(view.id).showings
    assert (known.shown_to, known.present) == (ShownTo.REPRESENTATIVE, "代理人と課長")
    assert known.ended_at is not None
    assert len(await desk.entries("counter_showing_ended")) == 1
    await desk.propose(desk.book.case(view.id), way=Way.VIEW, reasons="別の理由")
    assert await said(SATO, shown) == "case_not_approved"
