"""The table of kinds: held equal to the docs, and obeyed to the letter."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
import re

import pytest

from custom_components.niiza_cctv.lib.access.errors import FieldsInvalid, FieldsMissing
from custom_components.niiza_cctv.lib.cases.fields import (
    MAX_CLIPS,
    MAX_PASSAGE,
    check_passages,
    clean_request,
    clean_step,
)
from custom_components.niiza_cctv.lib.cases.kinds import FIELDS, GROUNDS, KINDS, STEP_FIELDS, Form
from custom_components.niiza_cctv.lib.cases.model import CaseKind, Ground, Outcome, Passage
from tests.lib.cases.desk import REQUESTS

DOCS = Path(__file__).parents[3] / "docs"
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


def rows(document: str) -> dict[str, list[str]]:
    """Return the rows of a document's tables that name something of the code, by that name."""
    found: dict[str, list[str]] = {}
    for line in (DOCS / document).read_text().splitlines():
        if line.startswith("|") and (name := re.search(r"\| `(\w+)` \|", line)):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            found[name[1]] = cells[cells.index(f"`{name[1]}`") + 1 :]
    return found


@pytest.mark.parametrize("document", ["cases.md", "cases.ja.md"])
def test_the_docs_show_the_table(document: str) -> None:
    """Compare every mark of every field with the table that dictates it, and the order of both."""
    table = rows(document)
    assert [name for name in table if name in FIELDS] == list(FIELDS)
    for name in FIELDS:
        marks = [
            "●" if name in rule.required else "○" if name in rule.optional else ""
            for rule in KINDS.values()
        ]
        assert table[name] == marks, name
    for kind, rule in KINDS.items():
        bases, provision = table[kind]
        assert re.split("、|, ", bases) == list(rule.legal_bases)
        assert provision == rule.provision
    assert table.keys() >= set(Outcome)


def test_the_docs_name_kinds_and_fields_as_the_screen_does() -> None:
    """Use one Japanese word for one thing."""
    japanese, english = ((DOCS / name).read_text() for name in ("cases.ja.md", "cases.md"))
    for name, field in FIELDS.items():
        assert f"| {field.label} | `{name}` |" in japanese
    for kind, rule in KINDS.items():
        assert f"| {rule.label} | `{kind}` |" in japanese
        assert rule.label in english


def test_the_table_is_whole() -> None:
    """Every kind has its rule; no field is both required and optional, or unknown."""
    assert KINDS.keys() == set(CaseKind)
    for rule in KINDS.values():
        assert set(rule.required + rule.optional) <= FIELDS.keys()
        assert len({*rule.required, *rule.optional}) == len(rule.required + rule.optional)
        assert "legal_basis" in rule.required
        assert rule.legal_bases
        assert Outcome.NOTHING_FOUND in rule.outcomes
        # Where a request is refused and not rejected, that is decided by two people.
        assert rule.decided_by_proposal is (Outcome.REFUSED in rule.outcomes)
        assert rule.decided_by_proposal is not rule.may_release_unmasked
        assert rule.decided_by_proposal or rule.decide_within is None
    assert GROUNDS.keys() == set(Ground)


@pytest.mark.parametrize("kind", CaseKind)
def test_each_required_field_is_asked_for(kind: CaseKind) -> None:
    """Name the one that is missing, and no other."""
    full = {**REQUESTS[kind], **{name: "あ" for name in KINDS[kind].optional if "date" not in name}}
    cleaned = clean_request(kind, full, TODAY)
    assert cleaned.keys() >= set(KINDS[kind].required)
    for name in KINDS[kind].required:
        if name == "legal_basis" and len(KINDS[kind].legal_bases) == 1:
            continue
        with pytest.raises(FieldsMissing) as missing:
            clean_request(kind, {**full, name: " 　\n"}, TODAY)
        assert missing.value.fields == (name,)
        assert name in missing.value.placeholders["fields"]


@pytest.mark.parametrize("kind", CaseKind)
def test_a_field_of_another_kind_is_given_back(kind: CaseKind) -> None:
    """Refuse what the table does not have for this kind; left empty it is no matter."""
    rule = KINDS[kind]
    for name in FIELDS.keys() - {*rule.required, *rule.optional}:
        with pytest.raises(FieldsInvalid) as invalid:
            clean_request(kind, {**REQUESTS[kind], name: "あ"}, TODAY)
        assert invalid.value.key == "field_not_for_kind"
        assert clean_request(kind, {**REQUESTS[kind], name: ""}, TODAY)


@pytest.mark.parametrize(
    ("name", "text", "key"),
    [
        ("document_number", "第" * 101, "field_too_long"),
        ("purpose", "あ" * 1001, "field_too_long"),
        ("requester", "北野\n一郎", "field_characters"),
        ("requester", "北野\x00一郎", "field_characters"),
        # Reverses what follows on the screen.
        ("requester", "北野\u202e一郎", "field_characters"),
        ("requester", "北野\u200b一郎", "field_characters"),
        ("requester", "北野\ud800一郎", "field_characters"),
        ("purpose", "目的\x1b[2J", "field_characters"),
        ("document_date", "令和8年11月2日", "field_no_date"),
        ("document_date", "2026-02-30", "field_no_date"),
        ("document_date", "2026-11-24", "field_in_future"),
        ("document_date", "1026-11-02", "field_too_old"),
        ("no_such_field", "あ", "field_unknown"),
    ],
)
def test_what_cannot_be_taken_is_given_back(name: str, text: str, key: str) -> None:
    """Name the field and what is wrong with it."""
    kind = CaseKind.POLICE_INQUIRY
    with pytest.raises(FieldsInvalid) as invalid:
        clean_request(kind, {**REQUESTS[kind], name: text}, TODAY)
    assert invalid.value.key == key
    named = invalid.value.placeholders
    # What is no field may hold anything, and messages are logged.
    assert (name in named["field"]) if "field" in named else (name not in named["fields"])
    assert not invalid.value.recorded


def test_what_can_be_taken_is_kept_as_it_was_typed() -> None:
    """Keep rare kanji and their variants, several lines where there is room for them, today's date."""
    kind = CaseKind.POLICE_INQUIRY
    # A compatibility kanji, one with a variation selector, and one beyond the basic plane.
    name = "神\ufa19葛\U000e0100𠮷田"
    cleaned = clean_request(
        kind,
        {
            **REQUESTS[kind],
            "requester": f" {name}　",
            "purpose": "一行目\r\n二行目",
            "document_date": "2026-11-23",
            "legal_basis": "刑事訴訟法第218条第1項(令状)",
        },
        TODAY,
    )
    assert cleaned["requester"] == name
    assert cleaned["purpose"] == "一行目\n二行目"
    assert cleaned["document_date"] == "2026-11-23"
    assert cleaned["legal_basis"] == "刑事訴訟法第218条第1項(令状)"


def test_the_fields_of_later_steps_are_checked_alike() -> None:
    """Ask for what is required, and let a note be empty."""
    assert clean_step(TODAY, optional=("note",), note=" ") == {"note": ""}
    with pytest.raises(FieldsMissing) as missing:
        clean_step(TODAY, recipient="北野", medium="", serial=" ")
    assert missing.value.fields == ("medium", "serial")
    assert "媒体の製造番号 (serial)" in missing.value.placeholders["fields"]
    assert all(field.form is not Form.DATE for field in STEP_FIELDS.values())


def passage(start: timedelta, length: timedelta, camera: str = "kita") -> Passage:
    """Return a passage that begins so long before now."""
    return Passage(camera=camera, camera_name="北口", start=NOW - start, end=NOW - start + length)


@pytest.mark.parametrize(
    ("start", "length", "key"),
    [
        (timedelta(hours=2), timedelta(), "passage_backwards"),
        (timedelta(hours=2), timedelta(hours=-1), "passage_backwards"),
        (timedelta(hours=-1), timedelta(hours=1), "passage_in_future"),
        (timedelta(hours=1), timedelta(hours=3), "passage_in_future"),
        (timedelta(days=3), MAX_PASSAGE + timedelta(seconds=1), "passage_too_long"),
    ],
)
def test_a_passage_that_makes_no_sense_is_given_back(
    start: timedelta, length: timedelta, key: str
) -> None:
    """Refuse it before anything is asked of a camera."""
    with pytest.raises(FieldsInvalid) as invalid:
        check_passages([passage(start, length)], (), NOW)
    assert invalid.value.key == key


def test_a_passage_is_asked_for_once() -> None:
    """Refuse the same passage twice, none at all, and more than a case takes."""
    one = passage(timedelta(hours=3), timedelta(hours=1))
    other = passage(timedelta(hours=3), timedelta(hours=1), "minami")
    check_passages([one, other], (), NOW)
    for passages, key in (
        ([one, one], "passage_asked_already"),
        ([], "passage_missing"),
        ([one] * (MAX_CLIPS + 1), "too_many_clips"),
    ):
        with pytest.raises(FieldsInvalid) as invalid:
            check_passages(passages, (), NOW)
        assert invalid.value.key == key
