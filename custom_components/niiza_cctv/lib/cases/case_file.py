"""What the ledger says of a case, beside its footage: so that a case of a lost ledger can be read again.

`case-entries.jsonl` in the case's folder. Its first line names the case, the chain and the ledger's head of that
moment; each further line is an entry of the case in the ledger's canonical form (docs/ledger.md), as an export has it.
Synchronous: for worker threads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
import json
import os
from pathlib import Path
import secrets
from typing import Final

from ..footage.files import new_file, sync_folder
from ..ledger.model import Entry, Head, Person
from ..ledger.verify import MAX_LINE, Row, canonical, hash_of, line_of, row_of
from .fold import Draft, case_number, fold
from .model import Case, Step

NAME: Final = "case-entries.jsonl"
_FORMAT: Final = 1


class CaseFileInvalid(Exception):
    """The file is not what was written: an entry of it does not give its hash, or it cannot be read at all."""


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """What a case's folder says of it; the head is the ledger's when it was written."""

    case_id: str
    chain: str
    head: Head
    entries: tuple[Entry, ...]

    def case(self) -> Case | None:
        """Return what the entries make the case; None where they do not begin with its creation."""
        draft: Draft | None = None
        for entry in self.entries:
            if draft is not None:
                draft.apply(entry)
            elif (begun := fold(None, entry)) is not None:
                draft = Draft(begun)
        return None if draft is None else draft.case()


def write_case_file(folder: Path, entries: Sequence[Entry], head: Head) -> None:
    """Write what the ledger has of a case, whole or not at all; a file that knows more is kept beside it.

    Raises OSError. The folder must be there.
    """
    path = folder / NAME
    lines = [line_of(_row(entry)) for entry in entries]
    first = canonical(
        {
            "format": _FORMAT,
            "case": entries[0].subject.removeprefix("case/"),
            "chain": entries[0].chain,
            "head": {"number": head.number, "hash": head.hash},
        }
    )
    text = "".join(f"{line}\n" for line in (first, *lines))
    if not _is_older(path, lines):
        path.rename(folder / f"case-entries.{secrets.token_hex(4)}.jsonl")
    part = folder / f"{NAME}.part"
    try:
        with new_file(part) as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(folder)


def read_case_file(folder: Path) -> CaseFile:
    """Read what a folder says of its case, with every entry proved by its own hash.

    Raises CaseFileInvalid, FileNotFoundError where there is no such file, and OSError.
    """
    with (folder / NAME).open("rb") as file:
        try:
            first = json.loads(file.readline(MAX_LINE))
            named = f"case/{first['case']}"
            head = Head(number=first["head"]["number"], hash=first["head"]["hash"], at=None)
            chain = first["chain"]
            rows = []
            while line := file.readline(MAX_LINE):
                rows.append(row_of(line.removesuffix(b"\n")))
        except (ValueError, KeyError, TypeError) as err:
            raise CaseFileInvalid("The file of the case cannot be read") from err
    if case_number(named) is None or not rows:
        raise CaseFileInvalid("The file names no case")
    last = 0
    for row in rows:
        if (row.chain, row.subject) != (chain, named) or hash_of(row) != row.hash:
            raise CaseFileInvalid(f"Entry {row.number} is not what was written")
        if row.number <= last:
            raise CaseFileInvalid(f"Entry {row.number} stands in another place")
        last = row.number
    return CaseFile(case_id=first["case"], chain=chain, head=head, entries=tuple(map(_entry, rows)))


def says_otherwise(folder: Path, first: Step) -> bool:
    """Return whether a folder says that it is of another case of that number, which began with another entry.

    Where it says nothing, it is the case's: an earlier version wrote no such file.
    """
    try:
        begun = read_case_file(folder).entries[0]
    except CaseFileInvalid, OSError:
        # Damaged: the hashes of the footage will show whose it is.
        return False
    return (begun.number, begun.at, begun.person) != (first.number, first.at, first.person)


def says_so(folder: Path, first: Step) -> bool:
    """Return whether a folder says itself that it is of the case that began with this entry."""
    return (folder / NAME).is_file() and not says_otherwise(folder, first)


def says_up_to(folder: Path, last: Step) -> bool:
    """Return whether the last entry that a folder has of its case is this one, not one of another ledger's number."""
    try:
        found = read_case_file(folder).entries[-1]
    except CaseFileInvalid, OSError:
        return False
    return (found.number, found.at, found.person) == (last.number, last.at, last.person)


def _is_older(path: Path, lines: Iterable[str]) -> bool:
    """Return whether everything that a file says stands in these lines, too; or there is none."""
    try:
        known = path.read_bytes().splitlines()[1:]
    except FileNotFoundError:
        return True
    return {*known} <= {line.encode() for line in lines}


def _row(entry: Entry) -> Row:
    person = entry.person
    return Row(
        chain=entry.chain,
        number=entry.number,
        at=f"{entry.at:%Y-%m-%dT%H:%M:%S.%f}Z",
        person_id=None if person is None else person.id,
        person_name=None if person is None else person.name,
        action=entry.action,
        subject=entry.subject,
        details=canonical({**entry.details}),
        previous=entry.previous,
        hash=entry.hash,
    )


def _entry(row: Row) -> Entry:
    return Entry(
        chain=row.chain,
        number=row.number,
        at=datetime.fromisoformat(row.at),
        person=None
        if row.person_id is None or row.person_name is None
        else Person(id=row.person_id, name=row.person_name),
        action=row.action,
        subject=row.subject,
        details=json.loads(row.details),
        previous=row.previous,
        hash=row.hash,
    )
