"""The entries of a case beside its footage: written whole, proved when read, enough to read a lost ledger's case again."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custom_components.niiza_cctv.lib.cases.case_file import (
    NAME,
    CaseFileInvalid,
    read_case_file,
    says_otherwise,
    says_so,
    says_up_to,
    write_case_file,
)
from custom_components.niiza_cctv.lib.ledger.model import Entry
from custom_components.niiza_cctv.lib.ledger.verify import row_of
from tests.lib.cases.desk import Desk


async def of_case(desk: Desk, case_id: str) -> list[Entry]:
    """Return what the ledger has of a case."""
    return [entry async for entry in desk.ledger.entries(subject=f"case/{case_id}")]


async def test_a_case_is_read_again_without_its_ledger(desk: Desk, tmp_path: Path) -> None:
    """All of it, as it was; each line is the ledger's own form."""
    case = await desk.handed_over()
    entries = await of_case(desk, case.id)
    write_case_file(tmp_path, entries, desk.ledger.head)
    found = read_case_file(tmp_path)
    assert found.case() == case
    assert (found.case_id, found.chain) == (case.id, "desk")
    assert (found.head.number, found.head.hash) == (desk.ledger.head.number, desk.ledger.head.hash)
    _, *lines = (tmp_path / NAME).read_bytes().splitlines()
    assert [row_of(line).hash for line in lines] == [entry.hash for entry in entries]
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    assert says_up_to(tmp_path, case.history[-1])
    assert not says_up_to(tmp_path, case.history[-2])
    assert says_so(tmp_path, case.history[0])


@pytest.mark.parametrize(
    ("was", "is_now"),
    [
        (b'"item_approved"', b'"case_rejected"'),
        (b"{", b"["),
        (b'"subject":"case', b'"subject":"kase'),
    ],
)
async def test_what_was_changed_is_not_read(
    desk: Desk, tmp_path: Path, was: bytes, is_now: bytes
) -> None:
    """An entry that does not give its hash, a line that is none."""
    case = await desk.approved()
    write_case_file(tmp_path, await of_case(desk, case.id), desk.ledger.head)
    path = tmp_path / NAME
    path.write_bytes(path.read_bytes().replace(was, is_now))
    with pytest.raises(CaseFileInvalid):
        read_case_file(tmp_path)
    assert not says_up_to(tmp_path, case.history[-1])
    # Nothing can be told from it, so the footage stays where it is.
    assert not says_otherwise(tmp_path, case.history[0])


async def test_it_tells_whose_folder_it_is(desk: Desk, tmp_path: Path) -> None:
    """By the entry with which the case began; a folder that says nothing contradicts nobody."""
    case, other = await desk.preserved(), await desk.preserved()
    assert not says_otherwise(tmp_path, case.history[0])
    assert not says_so(tmp_path, case.history[0])
    write_case_file(tmp_path, await of_case(desk, case.id), desk.ledger.head)
    assert says_otherwise(tmp_path, other.history[0])
    assert not says_otherwise(tmp_path, case.history[0])


async def test_what_knows_more_is_not_written_over(desk: Desk, tmp_path: Path) -> None:
    """An older ledger was put back: what it lost stays beside the footage."""
    case = await desk.approved()
    entries = await of_case(desk, case.id)
    for known in (entries[:2], entries):
        write_case_file(tmp_path, known, desk.ledger.head)
    assert [file.name for file in tmp_path.glob("case-entries*")] == [NAME]
    write_case_file(tmp_path, entries[:2], desk.ledger.head)
    assert len(read_case_file(tmp_path).entries) == 2
    (kept,) = set(tmp_path.glob("case-entries.*.jsonl")) - {tmp_path / NAME}
    assert len(kept.read_bytes().splitlines()) == 1 + len(entries)


async def test_an_entry_of_another_ledger_with_the_same_number_is_another(
    desk: Desk, tmp_path: Path
) -> None:
    """An older ledger went on with the case, and then the right one was back, just as long."""
    case = await desk.approved()
    write_case_file(tmp_path, await of_case(desk, case.id), desk.ledger.head)
    last = case.history[-1]
    assert says_up_to(tmp_path, last)
    assert not says_up_to(tmp_path, replace(last, at=last.at + timedelta(microseconds=1)))
    assert not says_up_to(tmp_path, replace(last, person=None))
