"""Footage that two people copied at the station: nothing of it lies here, and the rules of two people hold all the same."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from custom_components.niiza_cctv.lib.access.errors import (
    CaseError,
    FieldsInvalid,
    FieldsMissing,
    MaskingNeeded,
    NotAllowed,
    WrongState,
)
from custom_components.niiza_cctv.lib.access.model import Actor, Role
from custom_components.niiza_cctv.lib.access.permissions import Permission
from custom_components.niiza_cctv.lib.cases.model import (
    CaseKind,
    CaseState,
    ClipState,
    Decided,
    Network,
    Outcome,
    Passage,
    Way,
)
from custom_components.niiza_cctv.lib.cases.rules import Proposal
from tests.lib.cases.desk import (
    BIN_DAYS,
    ITO,
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

OFFLINE = "offline-01j"
# Approves, and was at the station this time.
BOTH_THERE = actor("岡田", Role.APPROVER)
SUM = "9F2C" * 16


async def test_from_the_station_to_the_police(desk: Desk) -> None:
    """Register, approve by a third person, hand over: no package, and the case ends without files to remove."""
    case = await desk.by_hand(
        (await desk.received()).id, sha256=SUM, clock_offset=-75, note="脚立を使った"
    )
    (clip,) = case.clips
    assert (case.state, clip.state, clip.sealed) == (CaseState.PRESERVED, ClipState.SEALED, None)
    assert clip.asked_by == SATO.person
    assert clip.by_hand is not None
    assert clip.by_hand.witness == VIEWER.person
    assert (clip.by_hand.sha256, clip.by_hand.clock_offset) == (SUM.lower(), -75)
    assert clip.digest == SUM.lower()
    assert case.only_by_hand
    assert not case.may_hold_files
    case = await desk.approve(SUZUKI, case.id, seen={clip.id: SUM.lower()})
    assert case.approval is not None
    assert dict(case.approval.clips) == {clip.id: SUM.lower()}
    with pytest.raises(WrongState, match="nothing_to_pack"):
        await desk.release(SATO, case.id)
    case = await desk.book.hand_over(SATO, case.id, "北野一郎", "USBメモリ", "SN-1")
    assert (case.state, case.release) == (CaseState.HANDED_OVER, None)
    assert desk.book.kept_until(case) is None
    desk.clock.forward(days=400)
    due = desk.book.due()
    assert (due.expire, due.remove_files) == ((), ())
    case = await desk.book.purge(SATO, case.id)
    await desk.book.files_removed(case.id)
    assert (case.state, case.clips[0].state) == (CaseState.PURGED, ClipState.SEALED)
    assert [entry.action for entry in await desk.entries()] == [
        "case_created",
        "footage_registered",
        "item_approved",
        "refused",
        "case_handed_over",
        "case_purged",
    ]


async def test_without_a_hash_the_entry_itself_is_approved(desk: Desk) -> None:
    """Where nobody hashed the file, an approval names the entry that describes it, by its place in the chain."""
    case = await desk.taken()
    (entry,) = await desk.entries("footage_registered")
    assert entry.details["sha256"] is None
    assert case.clips[0].digest == entry.hash
    other = await desk.taken()
    assert other.clips[0].digest != entry.hash
    with pytest.raises(WrongState, match="clips_changed"):
        await desk.approve(SUZUKI, case.id, seen={case.clips[0].id: other.clips[0].digest or ""})
    case = await desk.approve(SUZUKI, case.id, seen={case.clips[0].id: entry.hash})
    assert case.state is CaseState.APPROVED


@pytest.mark.parametrize(
    ("witness", "reason"),
    [
        (SATO, "second_person_is_you"),
        (Actor(person=None), "second_person_unknown"),
        (actor("部外者"), "second_person_unknown"),
        (actor("退職者", Role.VIEWER, active=False), "second_person_unknown"),
        (actor("Supervisor", Role.VIEWER, human=False), "second_person_unknown"),
        (actor("タブレット", Role.TABLET), "second_person_unknown"),
        (actor("タブレット", Role.VIEWER, Role.TABLET), "second_person_unknown"),
    ],
)
async def test_nobody_goes_alone(desk: Desk, witness: Actor, reason: str) -> None:
    """Somebody else of the section was there, or nothing is registered; it is on the record."""
    case = await desk.received()
    with pytest.raises(NotAllowed, match=reason):
        await desk.by_hand(case.id, witness=witness)
    with pytest.raises(NotAllowed, match=reason):
        await desk.book.searched_by_hand(
            SATO, case.id, passage(camera=OFFLINE), witness=witness, network=Network.NONE
        )
    assert desk.book.case(case.id).clips == ()
    (entry,) = await desk.entries("refused")
    assert entry.details == {"what": "register_footage", "reason": reason}
    assert (entry.person, entry.subject) == (SATO.person, f"case/{case.id}")


@pytest.mark.parametrize("who", [SATO, BOTH_THERE, TANAKA])
async def test_whoever_was_there_does_not_decide(desk: Desk, who: Actor) -> None:
    """Neither of the two approves or rejects, nor whoever asked: a third person does."""
    case = await desk.by_hand((await desk.received()).id, TANAKA, BOTH_THERE)
    reason = "not_allowed_needs_approver" if who is SATO else "not_allowed_own_case"
    with pytest.raises(NotAllowed, match=reason):
        await desk.approve(who, case.id)
    with pytest.raises(NotAllowed, match=reason):
        await desk.book.reject(who, case.id, "不備")
    assert desk.book.case(case.id).state is CaseState.PRESERVED
    # Also after it was withdrawn: who had a part in it stays known.
    await desk.book.cancel_clip(TANAKA, case.clips[0].id)
    with pytest.raises(NotAllowed, match=reason):
        await desk.book.reject(who, case.id, "不備")
    assert (await desk.book.reject(SUZUKI, case.id, "不備")).state is CaseState.REJECTED


async def test_whoever_approves_does_not_hand_over(desk: Desk) -> None:
    """The approver brings nothing to the police themselves; the witness may, as an exporter."""
    case = await desk.by_hand((await desk.received()).id, SATO, ITO)
    await desk.approve(TANAKA, case.id)
    with pytest.raises(NotAllowed, match="not_allowed_own_approval"):
        await desk.book.hand_over(TANAKA, case.id, "北野一郎", "USBメモリ", "SN-1")
    case = await desk.book.hand_over(ITO, case.id, "北野一郎", "USBメモリ", "SN-1")
    assert case.state is CaseState.HANDED_OVER
    # A further copy needs another approval.
    with pytest.raises(WrongState, match="case_not_approved"):
        await desk.book.hand_over(SATO, case.id, "北野一郎", "USBメモリ", "SN-2")
    await desk.approve(TANAKA, case.id)
    case = await desk.book.hand_over(SATO, case.id, "北野一郎", "USBメモリ", "SN-2")
    assert case.handover is not None
    assert case.handover.serial == "SN-2"


async def test_nothing_leaves_before_it_is_approved(desk: Desk) -> None:
    """Registered is not approved, and what came after an approval is not, either."""
    case = await desk.taken()
    for step in (
        desk.book.hand_over(SATO, case.id, "北野一郎", "USBメモリ", "SN-1"),
        desk.release(SATO, case.id),
    ):
        with pytest.raises(WrongState, match="case_not_approved"):
            await step
    await desk.approve(SUZUKI, case.id)
    case = await desk.by_hand(case.id, ITO, passage=passage(8, OFFLINE))
    assert (case.state, case.approval) == (CaseState.PRESERVED, None)
    assert [clip.id for clip in case.clips] == [f"{case.id}-01", f"{case.id}-02"]
    with pytest.raises(WrongState, match="case_not_approved"):
        await desk.book.hand_over(SATO, case.id, "北野一郎", "USBメモリ", "SN-1")
    await desk.approve(SUZUKI, case.id)
    clip = await _requested(desk, case.id)
    assert desk.book.case(case.id).state is CaseState.RECEIVED
    with pytest.raises(WrongState, match="clips_not_sealed"):
        await desk.approve(SUZUKI, case.id)
    await desk.book.cancel_clip(SATO, clip)
    assert desk.book.case(case.id).state is CaseState.PRESERVED


async def _requested(desk: Desk, case_id: str) -> str:
    """Ask for a passage over the network as well; return its clip."""
    (clip,) = await desk.book.request_clips(SATO, case_id, [(passage(), None)])
    return clip.id


async def test_mixed_with_fetched_footage_it_goes_the_way_of_the_package(desk: Desk) -> None:
    """One approval names both; without the package nothing is handed over; purging removes what lies here."""
    case = await desk.taken()
    fetched = await _requested(desk, case.id)
    _, clip = desk.book.clip(fetched)
    await desk.book.clip_sealed(fetched, sealed(clip))
    case = await desk.approve(SUZUKI, case.id)
    assert case.approval is not None
    assert case.approval.clips == {
        case.clips[0].id: case.clips[0].digest,
        fetched: file(f"{fetched}.mp4").sha256,
    }
    with pytest.raises(WrongState, match="case_not_released"):
        await desk.book.hand_over(SATO, case.id, "北野一郎", "USBメモリ", "SN-1")
    await desk.release(SATO, case.id)
    with pytest.raises(WrongState, match="case_takes_no_clips"):
        await desk.by_hand(case.id, passage=passage(9, OFFLINE))
    # A part of it is here, so there is a package.
    with pytest.raises(WrongState, match="case_not_downloaded"):
        await desk.book.hand_over(SATO, case.id, "北野一郎", "USBメモリ", "SN-1")
    await desk.book.downloaded(SATO, case.id, file("package.zip"))
    case = await desk.book.hand_over(SATO, case.id, "北野一郎", "USBメモリ", "SN-1")
    assert case.may_hold_files
    desk.clock.forward(days=31)
    assert desk.book.due().to_bin == (case.id,)
    await desk.binned(case.id)
    desk.clock.forward(days=BIN_DAYS)
    assert desk.book.due().remove_files == (case.id,)
    await desk.book.files_removed(case.id)
    case = desk.book.case(case.id)
    assert [one.state for one in case.clips] == [ClipState.SEALED, ClipState.REMOVED]
    assert case.state is CaseState.PURGED


async def test_a_disclosure_request_gives_no_copy_by_hand(desk: Desk) -> None:
    """Everyone else is on it, too, and it cannot be masked: it is refused, never given."""
    case = await desk.taken(CaseKind.DISCLOSURE_REQUEST)
    proposal = Proposal(
        outcome=Decided.IN_FULL, way=Way.COPY, items=tuple(clip.id for clip in case.clips)
    )
    with pytest.raises(MaskingNeeded):
        await desk.book.propose_decision(SATO, case.id, proposal)
    with pytest.raises(MaskingNeeded):
        await desk.book.hand_over(SATO, case.id, "南沢花子", "DVD-R", "1")
    await desk.propose(case, outcome=Decided.REFUSED)
    await desk.approve(SUZUKI, case.id)
    # Of what was refused nothing is chosen any more.
    for step, key in (
        (desk.book.hand_over(SATO, case.id, "南沢花子", "DVD-R", "1"), "case_not_released"),
        (desk.release(SATO, case.id), "decision_not_copy"),
    ):
        with pytest.raises(WrongState, match=key):
            await step
    case = await desk.book.conclude(SATO, case.id, Outcome.REFUSED)
    assert case.state is CaseState.CONCLUDED


async def test_it_can_be_withdrawn_until_it_is_approved(desk: Desk) -> None:
    """A mistake is taken back, not erased; afterwards only a rejection helps."""
    case = await desk.taken()
    case = await desk.book.cancel_clip(ITO, case.clips[0].id)
    assert (case.state, case.clips[0].state) == (CaseState.RECEIVED, ClipState.CANCELLED)
    assert not case.only_by_hand
    with pytest.raises(WrongState, match="clip_not_pending"):
        await desk.book.cancel_clip(SATO, case.clips[0].id)
    with pytest.raises(WrongState, match="nothing_preserved"):
        await desk.approve(SUZUKI, case.id)
    # The same again, without the mistake.
    case = await desk.by_hand(case.id, medium="DVD-R")
    await desk.approve(SUZUKI, case.id)
    with pytest.raises(WrongState, match="by_hand_approved"):
        await desk.book.cancel_clip(SATO, case.clips[1].id)
    await desk.book.hand_over(SATO, case.id, "北野一郎", "DVD-R", "SN-1")
    with pytest.raises(WrongState, match="case_takes_no_clips"):
        await desk.book.cancel_clip(SATO, case.clips[1].id)
    with pytest.raises(NotAllowed):
        await desk.book.cancel_clip(VIEWER, case.clips[1].id)


async def test_what_cannot_be_is_given_back(desk: Desk) -> None:
    """Form and times are checked like everything that is typed, and not kept."""
    case = await desk.received()
    ahead = passage(0.25, OFFLINE)
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"sha256": "a" * 63}, "sha256_invalid"),
        ({"sha256": "g" * 64}, "sha256_invalid"),
        ({"sha256": "１" * 64}, "sha256_invalid"),
        ({"medium": "  "}, "fields_missing"),
        ({"serial": ""}, "fields_missing"),
        ({"serial": "x" * 101}, "field_too_long"),
        ({"medium": "a\u202eb"}, "field_characters"),
        ({"passage": ahead}, "passage_in_future"),
        ({"passage": passage(-1, OFFLINE)}, "passage_in_future"),
        ({"passage": _longer(passage(40, OFFLINE), hours=25)}, "passage_too_long"),
        ({"passage": _longer(passage(40, OFFLINE), hours=-2)}, "passage_backwards"),
    )
    for said, key in wrong:
        with pytest.raises(FieldsInvalid, match=key):
            await desk.by_hand(case.id, **said)
    with pytest.raises(FieldsMissing) as missing:
        await desk.by_hand(case.id, medium="", serial="")
    assert missing.value.fields == ("medium", "serial")
    assert desk.book.case(case.id).clips == ()
    assert await desk.entries("refused") == []
    there = passage(5, OFFLINE)
    await desk.by_hand(case.id, passage=there, sha256=" 9f 2c" * 16)
    with pytest.raises(FieldsInvalid, match="passage_asked_already"):
        await desk.by_hand(case.id, passage=there)


def _longer(of: Passage, **time: float) -> Passage:
    """Return a passage that ends otherwise."""
    return replace(of, end=of.start + timedelta(**time))


async def test_looking_in_vain_is_a_search(desk: Desk) -> None:
    """Two people went and it was not there: that is on the record, and the case ends so."""
    case = await desk.received()
    with pytest.raises(WrongState, match="outcome_needs_search"):
        await desk.book.conclude(SATO, case.id, Outcome.NOTHING_FOUND, "該当なし")
    case = await desk.book.searched_by_hand(
        SATO,
        case.id,
        passage(camera=OFFLINE),
        witness=VIEWER,
        network=Network.NONE,
        note="上書きされていた",
    )
    assert (case.state, case.searches, case.clips) == (CaseState.RECEIVED, 1, ())
    (entry,) = await desk.entries("search_made")
    assert entry.details["by_hand"] == {
        "witness": {"id": "高橋-id", "name": "高橋"},
        "network": "none",
    }
    case = await desk.book.conclude(SATO, case.id, Outcome.NOTHING_FOUND, "該当なし")
    assert case.state is CaseState.CONCLUDED


async def test_what_was_taken_is_not_nothing(desk: Desk) -> None:
    """Footage on a medium is something found: not giving it takes two people."""
    case = await desk.taken()
    with pytest.raises(WrongState, match="outcome_has_clips"):
        await desk.book.conclude(SATO, case.id, Outcome.NOTHING_FOUND, "該当なし")


async def test_an_open_case_of_it_expires_and_holds_nothing(desk: Desk) -> None:
    """Registering is a step that puts the end off; after the days the case ends, and there is nothing to remove."""
    case = await desk.taken(CaseKind.INTERNAL_INSPECTION)
    assert desk.book.asked_from(case) == case.clips[0].asked_at + timedelta(days=30)
    assert await desk.silence(case.id)
    assert desk.book.due().expire == (case.id,)
    await desk.book.expire(case.id)
    assert desk.book.due().remove_files == ()
    case = await desk.book.purge(SATO, case.id)
    assert case.state is CaseState.PURGED


async def test_a_passage_that_fails_is_taken_by_hand_instead(desk: Desk) -> None:
    """The network of a camera is down: its clip is cancelled, its card read at the station."""
    case = await desk.received()
    clip = await _requested(desk, case.id)
    await desk.book.clip_failed(clip, "unreachable", final=False)
    _, failing = desk.book.clip(clip)
    with pytest.raises(FieldsInvalid, match="passage_asked_already"):
        await desk.by_hand(case.id, passage=failing.passage, network=Network.DOWN)
    await desk.book.cancel_clip(SATO, clip)
    case = await desk.by_hand(case.id, passage=failing.passage, network=Network.DOWN)
    assert case.state is CaseState.PRESERVED
    taken = case.clips[1]
    assert taken.by_hand is not None
    assert taken.by_hand.network is Network.DOWN
    # Nothing is fetched into it, whoever says so.
    with pytest.raises(CaseError, match="clip_not_pending"):
        await desk.book.clip_sealed(taken.id, sealed(taken))
    with pytest.raises(CaseError, match="clip_not_pending"):
        await desk.book.clip_failed(taken.id, "busy", final=True)
    assert desk.book.due().at_risk == ()


async def test_strangers_register_nothing(desk: Desk) -> None:
    """Who may not is told nothing of the case, and not whom they could have named."""
    case = await desk.received()
    with pytest.raises(NotAllowed, match="not_allowed_needs_exporter"):
        await desk.by_hand(case.id, VIEWER, VIEWER)
    with pytest.raises(CaseError, match="case_unknown"):
        await desk.by_hand("2026-9999")
    assert [entry.details["what"] for entry in await desk.entries("refused")] == [
        Permission.REGISTER_FOOTAGE,
        Permission.REGISTER_FOOTAGE,
    ]
