"""Folding: pure, forgiving towards later versions, and never generous."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.niiza_cctv.lib.cases.fold import ACTIONS, case_number, fold
from custom_components.niiza_cctv.lib.cases.kinds import KINDS
from custom_components.niiza_cctv.lib.cases.model import (
    Case,
    CaseClip,
    CaseKind,
    CaseState,
    ClipState,
    Outcome,
    Passage,
)
from custom_components.niiza_cctv.lib.footage.clip_model import Segment
from custom_components.niiza_cctv.lib.footage.cut import Cut, SealedCut
from custom_components.niiza_cctv.lib.footage.masking.order import MaskedClip, Rendered
from custom_components.niiza_cctv.lib.footage.masking.sealed import SealedMask
from custom_components.niiza_cctv.lib.footage.masking.source import Passage as MaskPassage
from custom_components.niiza_cctv.lib.ledger.model import Entry, Json, Person
from tests.lib.cases.desk import REQUESTS, file, sealed

START = datetime(2026, 11, 2, 1, tzinfo=UTC)
SATO = Person(id="sato", name="佐藤")
CLIP = "2026-0001-01"


def entry(number: int, action: str, person: Person | None = SATO, **details: Json) -> Entry:
    """Return an entry about the case."""
    return Entry(
        chain="desk",
        number=number,
        at=START + timedelta(minutes=number),
        person=person,
        action=action,
        subject="case/2026-0001",
        details=details,
        previous="0" * 64,
        hash="0" * 64,
    )


def clip_sealed() -> dict[str, Json]:
    """Return the details of a clip that was sealed."""
    clip = CaseClip(
        id=CLIP,
        passage=Passage(
            camera="kita", camera_name="北口", start=START, end=START + timedelta(minutes=1)
        ),
        state=ClipState.REQUESTED,
        asked_by=SATO,
        asked_at=START,
    )
    return {**sealed(clip).as_json()}


def cut_sealed() -> dict[str, Json]:
    """Return the details of a cut that was sealed."""
    segment = Segment(offset=0, start=START, end=START + timedelta(seconds=20))
    cut = Cut(
        file=file("cut.mp4"),
        source_sha256="0" * 64,
        start=segment.start,
        end=segment.end,
        first_picture=segment.start,
        last_picture=segment.end,
        pictures=500,
        hidden_before=7,
        hidden_after=0,
        duration=20_000_000,
        segments=(segment,),
        contents=(segment,),
        encoded_anew=False,
    )
    return SealedCut(cut=cut, viewing_copy=None, signing=None).as_json()


def mask_sealed() -> dict[str, Json]:
    """Return the details of a masked clip that was sealed."""
    masked = MaskedClip(
        file=file("masked.mp4"),
        source_sha256="0" * 64,
        track_sha256="1" * 64,
        passage=MaskPassage(0, 20_000_000),
        rendered=Rendered(
            width=640, height=360, pictures=300, revealed=200, damaged=1, duration=20_000_000
        ),
    )
    segment = Segment(offset=0, start=START, end=START + timedelta(seconds=20))
    return SealedMask(masked=masked, segments=(segment,)).as_json()


CUT_SHA256 = file("cut.mp4").sha256
MASK_SHA256 = file("masked.mp4").sha256
LIFE: list[Entry] = [
    entry(1, "case_created", kind="police_inquiry", request={**REQUESTS[CaseKind.POLICE_INQUIRY]}),
    entry(2, "search_made", camera="kita"),
    entry(
        3,
        "clip_requested",
        clips=[
            {
                "clip": CLIP,
                "camera": "kita",
                "camera_name": "北口",
                "start": START.isoformat(),
                "end": (START + timedelta(minutes=1)).isoformat(),
                "overwritten_at": None,
            }
        ],
    ),
    entry(4, "clip_failed", None, clip=CLIP, error="busy", final=False),
    entry(
        5, "footage_at_risk", None, clip=CLIP, hours=48, overwritten_at="2026-11-04T00:00:00+00:00"
    ),
    entry(6, "clip_sealed", None, clip=CLIP, sealed=clip_sealed()),
    entry(
        7,
        "footage_registered",
        clip="2026-0001-02",
        camera="offline-01j",
        camera_name="旧駅",
        start=START.isoformat(),
        end=(START + timedelta(minutes=1)).isoformat(),
        medium="USBメモリ",
        serial="SN-1",
        sha256="a" * 64,
        clock_offset=-75,
        note="",
        network="none",
        witness={"id": "takahashi", "name": "高橋"},
        origin={"name": "旧駅"},
    ),
    entry(8, "refused", None, what="approve", reason="not_allowed_nobody"),
    entry(17, "case_asked_about", None),
    entry(18, "case_kept_open"),
    entry(9, "case_approved", note="", clips={CLIP: "0" * 64}),
    entry(10, "case_released", package={**file("a.zip").as_json()}, encrypted=True, clips={}),
    *(
        entry(
            number,
            "clip_cut_requested",
            clip=CLIP,
            cut_id=f"{CLIP}-c0{place}",
            start=START.isoformat(),
            end=(START + timedelta(seconds=20)).isoformat(),
            encode_anew=False,
            source_sha256="0" * 64,
        )
        for place, number in enumerate((20, 21, 22), 1)
    ),
    entry(23, "clip_cut_sealed", None, clip=CLIP, cut_id=f"{CLIP}-c01", sealed=cut_sealed()),
    entry(24, "clip_cut_failed", None, clip=CLIP, cut_id=f"{CLIP}-c02", error="cut_no_room"),
    entry(25, "clip_cut_cancelled", clip=CLIP, cut_id=f"{CLIP}-c03"),
    *(
        entry(
            number,
            "clip_mask_requested",
            clip=CLIP,
            mask_id=f"{CLIP}-m0{place}",
            passage_us=[0, 20_000_000],
            track_sha256="1" * 64,
            fill={"kind": "solid", "at_us": None},
            marking="写し",
            source_sha256="0" * 64,
        )
        for place, number in enumerate((31, 32, 33), 1)
    ),
    entry(34, "clip_mask_sealed", None, clip=CLIP, mask_id=f"{CLIP}-m01", sealed=mask_sealed()),
    entry(
        35,
        "clip_mask_failed",
        None,
        clip=CLIP,
        mask_id=f"{CLIP}-m02",
        error="mask_leak",
        placeholders={"picture": "7"},
    ),
    entry(36, "clip_mask_cancelled", clip=CLIP, mask_id=f"{CLIP}-m03"),
    entry(
        37,
        "decision_proposed",
        outcome="disclosed_in_part",
        way="copy",
        items={f"{CLIP}-m01": MASK_SHA256},
        grounds=["article_78_1_2"],
        reasons="本人以外の人が写っている",
    ),
    entry(38, "case_approved", note="", clips={f"{CLIP}-m01": MASK_SHA256}, decision="0" * 64),
    entry(
        39,
        "shown_at_counter",
        item=f"{CLIP}-m01",
        sha256=MASK_SHA256,
        shown_to="requester",
        present="本人",
    ),
    entry(
        40,
        "counter_showing_ended",
        None,
        showing=39,
        served=[{"start": START.isoformat(), "end": START.isoformat()}],
    ),
    entry(26, "release_chosen", items=[f"{CLIP}-c01", CLIP], sha256={}),
    entry(27, "item_approved", item=f"{CLIP}-c01", sha256=CUT_SHA256, note="", hidden_pictures=7),
    entry(28, "clip_withdrawal_requested", item=f"{CLIP}-c01", sha256=CUT_SHA256),
    entry(29, "clip_withdrawal_declined", item=f"{CLIP}-c01", sha256=CUT_SHA256),
    entry(30, "clip_withdrawn", item=f"{CLIP}-c01", sha256=CUT_SHA256),
    entry(19, "download_begun", package={**file("a.zip").as_json()}),
    entry(11, "package_downloaded", package={**file("a.zip").as_json()}),
    entry(12, "case_handed_over", recipient="北野", medium="DVD-R", serial="1"),
    entry(13, "files_binned", None, until="2026-12-31T00:00:00+00:00"),
    entry(14, "files_restored"),
    entry(15, "case_purged"),
    entry(16, "files_removed", None),
]


def folded(entries: list[Entry]) -> Case | None:
    """Fold from nothing."""
    case: Case | None = None
    for one in entries:
        case = fold(case, one)
    return case


def test_folding_is_pure() -> None:
    """Give the same again, and change nothing that was given."""
    before = [replace(one) for one in LIFE]
    assert folded(LIFE) == folded(LIFE)
    assert before == LIFE
    case = folded(LIFE[:6])
    assert case is not None
    kept = replace(case)
    fold(case, LIFE[8])
    assert case == kept


def test_a_later_version_does_not_trouble_this_one() -> None:
    """Ignore actions that are not known, keep details that are not known, take a new field of a request."""
    later = list(LIFE)
    later.insert(6, entry(99, "face_masked", box=[1, 2], clip=CLIP))
    later[7] = replace(later[7], details={**later[7].details, "second_factor": "card"})
    later[0] = replace(
        later[0],
        details={
            "kind": "police_inquiry",
            "request": {**REQUESTS[CaseKind.POLICE_INQUIRY], "warrant": "1"},
            "priority": 3,
        },
    )
    case, plain = folded(later), folded(LIFE)
    assert case is not None
    assert plain is not None
    assert case.request["warrant"] == "1"
    assert case.history[0].details == {"kind": "police_inquiry", "priority": 3}
    assert case.history[6].action == "face_masked"
    assert case.history[6].details == {"box": [1, 2], "clip": CLIP}
    assert case.history[7].details["second_factor"] == "card"
    assert replace(case, history=(), request={}) == replace(plain, history=(), request={})


def test_every_action_is_folded_by_the_life_above() -> None:
    """The tests here look at all that a case is made of, but the other ends of it."""
    assert ACTIONS - {one.action for one in LIFE} == {
        "clip_cut_short",
        "viewing_copy_made",
        "clip_divided",
        "clip_cancelled",
        "case_rejected",
        "case_concluded",
        "case_expired",
    }


@pytest.mark.parametrize("place", range(len(LIFE)))
def test_an_entry_that_makes_no_sense_is_history_without_effect(place: int) -> None:
    """Take no effect from details of which any is missing or of another kind; never guess one."""
    before, after = folded(LIFE[:place]), folded(LIFE[: place + 1])
    assert after is not None
    # What the history keeps and nothing else needs.
    only_told = {
        "search_made",
        "download_begun",
        "package_downloaded",
        "case_asked_about",
        "case_kept_open",
        "refused",
        "files_restored",
        "case_purged",
        "files_removed",
    }
    if LIFE[place].action in only_told:
        return
    only_kept = {
        ("case_released", "clips"),
        ("footage_registered", "origin"),
        ("clip_cut_requested", "source_sha256"),
        ("clip_cut_sealed", "clip"),
        ("clip_cut_failed", "clip"),
        ("clip_cut_cancelled", "clip"),
        ("clip_mask_requested", "source_sha256"),
        ("clip_mask_sealed", "clip"),
        ("clip_mask_failed", "clip"),
        ("clip_mask_cancelled", "clip"),
        ("shown_at_counter", "sha256"),
        ("release_chosen", "sha256"),
        ("item_approved", "hidden_pictures"),
        ("clip_withdrawal_requested", "sha256"),
        ("clip_withdrawal_declined", "sha256"),
        ("clip_withdrawn", "sha256"),
    }
    for name, right in LIFE[place].details.items():
        if (LIFE[place].action, name) in only_kept:
            continue
        wrongs: list[Json] = [["x"], {"x": 1}]
        if name == "placeholders":
            wrongs = [["x"], {"x": 1}]
        if name == "items":
            wrongs = [[7], {"x": 1}]
        # Of a copy by hand these are known or not, and an earlier version approved without a decision.
        wrongs += [] if name in {"sha256", "clock_offset", "marking", "decision"} else [None]
        wrongs += [7] if isinstance(right, str) else ["x"]
        if name in {"outcome", "way", "decision"}:
            wrongs += ["of_a_later_version"]
        for wrong in wrongs:
            case = fold(before, replace(LIFE[place], details={**LIFE[place].details, name: wrong}))
            if before is None:
                assert case is None, (name, wrong)
                continue
            assert case is not None
            assert case.history[-1].number == LIFE[place].number
            assert replace(case, history=()) == replace(before, history=()), (name, wrong)


def test_what_only_a_person_does_was_not_done_by_nobody() -> None:
    """Take no approval, release or hand-over from an entry without a person."""
    assert folded([replace(LIFE[0], person=None)]) is None
    for place in (2, 6, 8, 9, 11):
        case = folded(LIFE[:place])
        assert case is not None
        after = fold(case, replace(LIFE[place], person=None))
        assert after is not None
        assert after.state is case.state, LIFE[place].action
        assert after.clips == case.clips, LIFE[place].action


def test_a_clip_that_was_never_asked_for_is_none() -> None:
    """Seal nothing that the case does not name."""
    case = folded([*LIFE[:3], entry(4, "clip_sealed", None, clip="x", sealed=clip_sealed())])
    assert case is not None
    assert [clip.state for clip in case.clips] == [ClipState.REQUESTED]


def test_the_ends_call_off_what_is_under_way() -> None:
    """Reject, conclude, expire: whatever was to be fetched is not wanted any more."""
    for end, state in (
        (entry(4, "case_rejected", reason="不備"), CaseState.REJECTED),
        (entry(4, "case_concluded", outcome="nothing_found", reasons="ない"), CaseState.CONCLUDED),
        (entry(4, "case_expired", None), CaseState.EXPIRED),
    ):
        case = folded([*LIFE[:3], end])
        assert case is not None
        assert (case.state, case.clips[0].state) == (state, ClipState.CANCELLED)


def test_only_a_cases_name_names_a_case() -> None:
    """Read subjects strictly: they are what cases are told apart by."""
    assert case_number("case/2026-0001") == ("2026-0001", 2026, 1)
    assert case_number("case/2026-12345") == ("2026-12345", 2026, 12345)
    for other in ("case/2026-001", "case/2026-0001 ", "case/２０２６-0001", "camera/x", "case/"):
        assert case_number(other) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [*sorted({name for one in LIFE for name in one.details}), "reason", "reasons", "outcome"]
)
VALUES = JSON | st.sampled_from(
    [value for one in LIFE for value in one.details.values()] + list(Outcome)
)


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*sorted(ACTIONS), "of_a_later_version"]),
            st.none() | st.just(SATO),
            st.dictionaries(NAMES, VALUES, max_size=5),
        ),
        max_size=12,
    )
)
def test_no_entry_whatever_breaks_the_fold(entries: list[tuple[str, Person | None, Any]]) -> None:
    """Fold anything that the ledger can hold; the history holds every entry."""
    case: Case | None = fold(None, LIFE[0])
    for number, (action, person, details) in enumerate(entries, 2):
        case = fold(case, entry(number, action, person, **details))
    assert case is not None
    assert [step.number for step in case.history] == list(range(1, len(entries) + 2))
    assert case.kind is CaseKind.POLICE_INQUIRY
    assert case.state in CaseState
    assert KINDS[case.kind].may_release_unmasked
    if case.approval:
        assert case.approval.by == SATO
