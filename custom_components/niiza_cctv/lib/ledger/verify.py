#!/usr/bin/env python3
"""Verify a ledger: the one rule, for the store and for anybody with this file and Python 3.10 or later.

    python3 verify.py EXPORT.jsonl [--anchor NUMBER:HASH]
    python3 verify.py LEDGER.db [--chain CHAIN] [--anchor NUMBER:HASH]

Ends with 0 when every entry is proved, with 1 when one is broken, with 2 when nothing could be read.
The form of an entry is docs/ledger.md, "The canonical form". Nothing but the standard library is needed, and nothing
newer than Python 3.10 is written here: a court's expert has the Python that he has.
"""

import argparse
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
import hashlib
import json
import locale
from pathlib import Path
import re
import sqlite3
import sys
from typing import NamedTuple

TABLE = "niiza_cctv_ledger"
GENESIS = "0" * 64

# An entry is never larger than this, so a hostile file costs no more memory than one entry.
MAX_DETAILS = 2 * 1024 * 1024
# Characters of any other text of an entry.
MAX_TEXT = 16 * 1024
# Bytes that the longest entry can take in an export: what is an entry in a database is one there, too.
MAX_LINE = 6 * (MAX_DETAILS + 8 * MAX_TEXT)
MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 32

_HASH = re.compile(r"[0-9a-f]{64}")
_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_NAME = re.compile(r"[ -~]*")
_MEMBERS = {
    "action",
    "at",
    "chain",
    "details",
    "hash",
    "number",
    "person",
    "previous",
    "subject",
}
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode

# What can be wrong, as the record and as people read it. {number} is the first broken entry, {last} the one before it.
REASONS = {
    "form": (
        "Entry {number} is not written in the canonical form",
        "{number}番の記録が正規の形式で書かれていません",
    ),
    "chain": (
        "Entry {number} belongs to another chain",
        "{number}番の記録は別の記録簿のものです",
    ),
    "missing": (
        "Entry {number} is missing, or stands in another place",
        "{number}番の記録がないか、順序が入れ替わっています",
    ),
    "previous": (
        "Entry {number} does not name the hash of the entry before it: one of the two was replaced",
        "{number}番の記録が直前の記録のハッシュ値と一致しません。どちらかが差し替えられています",
    ),
    "hash": (
        "Entry {number} was changed: its content does not give its hash",
        "{number}番の記録は改変されています。内容がハッシュ値と一致しません",
    ),
    "truncated": (
        "Entry {number} is missing: the ledger ends at {last}, before the printed head",
        "{number}番以降の記録がありません。控えの先頭ハッシュ値より前の{last}番で終わっています",
    ),
    "anchor": (
        "Entry {number} is not the printed one: the ledger was rewritten here or before",
        "{number}番の記録が控えのハッシュ値と異なります。ここまでのどこかが書き換えられています",
    ),
}


class Row(NamedTuple):
    """One entry as the database's columns hold it; `details` is the canonical JSON itself."""

    chain: str
    number: int
    at: str
    person_id: str | None
    person_name: str | None
    action: str
    subject: str
    details: str
    previous: str
    hash: str


class Findings(NamedTuple):
    """What was found: how far the chain is proved, and the first broken entry."""

    chain: str
    entries: int
    hash: str
    at: str | None
    broken: int | None
    reason: str


def canonical(value: object) -> str:
    """Return the one written form of a JSON value: RFC 8785 without floats, member names in ASCII.

    Raises ValueError when the value has none.
    """
    _require_plain(value, MAX_DEPTH)
    written = _encode(value)
    # A lone surrogate has no UTF-8.
    written.encode()
    return written


def _require_plain(value: object, depth: int) -> None:
    """Refuse what other JSON writers would write differently."""
    if depth == 0:
        raise ValueError("Nested too deeply")
    if isinstance(value, dict):
        for name, member in value.items():
            # Beyond ASCII, languages differ in how they sort names.
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                raise ValueError("A member name is not printable ASCII")
            _require_plain(member, depth - 1)
    elif isinstance(value, list):
        for member in value:
            _require_plain(member, depth - 1)
    elif isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise ValueError("An integer is beyond 2^53")
    elif value is not None and not isinstance(value, str):
        raise ValueError("Only objects, arrays, strings, integers, booleans and null can be kept")


def _halves(row: Row) -> tuple[str, str]:
    """Return what stands before and after the hash in the written entry."""
    person = "null"
    if row.person_id is not None or row.person_name is not None:
        person = f'{{"id":{_encode(row.person_id)},"name":{_encode(row.person_name)}}}'
    before = (
        f'{{"action":{_encode(row.action)},"at":{_encode(row.at)},"chain":{_encode(row.chain)}'
        f',"details":{row.details}'
    )
    after = (
        f'"number":{_encode(row.number)},"person":{person},"previous":{_encode(row.previous)}'
        f',"subject":{_encode(row.subject)}}}'
    )
    return before, after


def hash_of(row: Row) -> str:
    """Return the SHA-256 of the entry's canonical form without its member "hash", in lower-case hexadecimal."""
    before, after = _halves(row)
    return hashlib.sha256(f"{before},{after}".encode()).hexdigest()


def line_of(row: Row) -> str:
    """Return the entry's canonical form with its hash: one line of an export, without the line's end."""
    before, after = _halves(row)
    return f'{before},"hash":{_encode(row.hash)},{after}'


def _no_float(_text: str) -> object:
    """Refuse a number that has more than one written form."""
    raise ValueError("A number is not an integer")


def _parse(text: str) -> object:
    """Parse JSON without floats; raises ValueError."""
    try:
        return json.loads(text, parse_float=_no_float, parse_constant=_no_float)
    except RecursionError:
        raise ValueError("Nested too deeply") from None


def checked(row: Row) -> Row:
    """Return the row; raises ValueError when it is not the canonical form of an entry."""
    texts = (row.chain, row.at, row.action, row.subject, row.details, row.previous, row.hash)
    person = (row.person_id, row.person_name)
    if (
        type(row.number) is not int
        or not all(isinstance(text, str) for text in texts)
        or not (person == (None, None) or all(isinstance(text, str) for text in person))
        or not _AT.fullmatch(row.at)
        or not _HASH.fullmatch(row.previous)
        or not _HASH.fullmatch(row.hash)
        or len(row.details) > MAX_DETAILS
        or any(len(text or "") > MAX_TEXT for text in (*texts[:4], *texts[5:], *person))
    ):
        raise ValueError("Not the parts of an entry")
    details = _parse(row.details)
    if not isinstance(details, dict) or canonical(details) != row.details:
        raise ValueError("The details are not in the canonical form")
    return row


def row_of(line: bytes) -> Row:
    """Read one line of an export; raises ValueError when it is not the canonical form of an entry."""
    text = line.decode()
    entry = _parse(text)
    if not isinstance(entry, dict) or set(entry) != _MEMBERS:
        raise ValueError("Not the members of an entry")
    person = {"id": None, "name": None} if entry["person"] is None else entry["person"]
    if not isinstance(person, dict) or set(person) != {"id", "name"}:
        raise ValueError("Not a person")
    row = checked(
        Row(
            chain=entry["chain"],
            number=entry["number"],
            at=entry["at"],
            person_id=person["id"],
            person_name=person["name"],
            action=entry["action"],
            subject=entry["subject"],
            details=canonical(entry["details"]),
            previous=entry["previous"],
            hash=entry["hash"],
        )
    )
    if line_of(row) != text:
        raise ValueError("Not the canonical form")
    return row


class Verifier:
    """Takes the entries of one chain in order and stops at the first broken one; memory is one entry."""

    def __init__(self, chain: str | None, anchors: Mapping[int, str]) -> None:
        """Expect the named chain, or the first entry's where None; anchors are printed heads, number → hash."""
        self._chain = chain
        self._anchors = anchors
        self._entries = 0
        self._hash = GENESIS
        self._at: str | None = None
        self._broken: int | None = None
        self._reason = ""
        if anchors.get(0, GENESIS) != GENESIS:
            self._break(0, "anchor")

    @property
    def broken(self) -> bool:
        """Return whether a broken entry was found; what follows it proves nothing."""
        return self._broken is not None

    def _break(self, number: int, reason: str) -> None:
        self._broken = number
        self._reason = reason

    def take(self, row: Row | None) -> None:
        """Take the next entry as `checked`, or None for what is no canonical entry."""
        if self.broken:
            return
        expected = self._entries + 1
        if row is None:
            self._break(expected, "form")
            return
        if self._chain is not None and row.chain != self._chain:
            self._break(expected, "chain")
        elif row.number != expected:
            self._break(expected, "missing")
        elif hash_of(row) != row.hash:
            self._break(expected, "hash")
        elif row.previous != self._hash:
            self._break(expected, "previous")
        elif self._anchors.get(expected, row.hash) != row.hash:
            self._break(expected, "anchor")
        else:
            self._chain = row.chain
            self._entries = expected
            self._hash = row.hash
            self._at = row.at

    def findings(self) -> Findings:
        """Return what was found; to be called after the last entry."""
        if not self.broken and max(self._anchors, default=0) > self._entries:
            self._break(self._entries + 1, "truncated")
        return Findings(
            self._chain or "", self._entries, self._hash, self._at, self._broken, self._reason
        )


def explain(reason: str, number: int, language: str) -> str:
    """Say in Japanese ("ja") or English what is wrong with the first broken entry."""
    english, japanese = REASONS[reason]
    return (japanese if language == "ja" else english).format(number=number, last=number - 1)


# --- files ------------------------------------------------------------------------------------------------------------


def rows_of_export(path: Path) -> Iterator[Row | None]:
    """Yield the entries of an export, None for a line that is none or has no end."""
    with path.open("rb") as file:
        while line := file.readline(MAX_LINE):
            try:
                yield row_of(line[:-1]) if line.endswith(b"\n") else None
            except ValueError:
                yield None


def _open_database(path: Path) -> sqlite3.Connection:
    """Open a ledger's database for reading, and leave nothing beside it."""
    # Without a write-ahead log nobody has it open. SQLite would make one, which its owner could not open afterwards.
    mode = "mode=ro" if Path(f"{path}-wal").exists() else "mode=ro&immutable=1"
    database = sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True)
    # What was tampered with may be no UTF-8 at all; that entry is broken, the file still readable.
    database.text_factory = tolerant
    return database


def tolerant(raw: bytes) -> str:
    """Read a text of the database, also one that is no UTF-8: what stands for it fits no hash."""
    return raw.decode(errors="replace")


def chains_of_database(path: Path) -> list[str]:
    """Return the chains that a database holds."""
    with closing(_open_database(path)) as database:
        found = database.execute(f"SELECT DISTINCT chain FROM {TABLE} ORDER BY chain")  # noqa: S608 (a constant)
        return [str(chain) for (chain,) in found]


def rows_of_database(path: Path, chain: str) -> Iterator[Row | None]:
    """Yield the entries of one chain, None for what is no canonical entry."""
    columns = ", ".join(Row._fields)
    query = f"SELECT {columns} FROM {TABLE} WHERE chain = ? ORDER BY number"  # noqa: S608 (constants)
    with closing(_open_database(path)) as database:
        found = database.execute(query, (chain,))
        while True:
            try:
                row = found.fetchone()
                if row is None:
                    return
                yield checked(Row(*row))
            except sqlite3.DatabaseError:
                # The file itself is damaged here; nothing after it can be found.
                yield None
                return
            except ValueError:
                yield None


def verify(rows: Iterable[Row | None], chain: str | None, anchors: Mapping[int, str]) -> Findings:
    """Return what the entries of one chain prove."""
    verifier = Verifier(chain, anchors)
    for row in rows:
        verifier.take(row)
        if verifier.broken:
            break
    return verifier.findings()


# --- the program ------------------------------------------------------------------------------------------------------

TEXTS = {
    "intact": (
        "INTACT  chain {chain}: {entries} entries proved, head {entries}:{hash} ({at})",
        "正常  記録簿 {chain}: {entries}件の記録を検証しました。先頭ハッシュ値 {entries}:{hash}（{at}）",
    ),
    "broken": (
        "BROKEN  chain {chain}: {reason}. Proved before it: {entries} entries",
        "異常  記録簿 {chain}: {reason}。その前の{entries}件は正常です",
    ),
    "empty": (
        "NOTHING TO VERIFY  there is no entry{of}: that proves nothing",
        "検証できません  {of}記録がありません。何も証明されません",
    ),
    "anchors": (
        "BROKEN  two different heads were printed for entry {number}: one of them is not this ledger's",
        "異常  {number}番について異なる二つの控えがあります。少なくとも一方はこの記録簿のものではありません",
    ),
    "hint": (
        "Without --anchor NUMBER:HASH (a head printed earlier) a ledger rewritten or shortened as a whole goes unnoticed",
        "--anchor 番号:ハッシュ値（以前に印刷した控え）を指定しないと、全体の書き換えや末尾の削除は見つけられません",
    ),
    "unreadable": ("Cannot be read: {error}", "読み取れません: {error}"),
    "which": (
        "Several chains; name one by --chain to use --anchor: {chains}",
        "複数の記録簿があります。--anchor を使うには --chain で一つ指定してください: {chains}",
    ),
}


def _anchor(text: str) -> tuple[int, str]:
    """Read NUMBER:HASH."""
    number, _, printed = text.partition(":")
    printed = printed.strip().lower()
    if not number.strip().isdecimal() or not _HASH.fullmatch(printed):
        raise argparse.ArgumentTypeError("NUMBER:HASH, HASH being 64 hexadecimal digits")
    return int(number), printed


def _language() -> str:
    """Return the language of the person at this terminal."""
    setting = ""
    # A terminal may name a locale that is not installed.
    with suppress(locale.Error):
        setting = locale.setlocale(locale.LC_CTYPE, "")
    return "ja" if setting.lower().startswith(("ja", "japanese")) else "en"


def main(arguments: list[str] | None = None) -> int:
    """Verify a file; return the exit code."""
    parser = argparse.ArgumentParser(
        description="Verify a ledger / 記録簿を検証します",
        epilog="Exit code 0: intact, 1: broken, 2: not readable or nothing to verify"
        " / 終了コード 0: 正常、1: 異常、2: 読み取り不能または検証対象なし",
    )
    parser.add_argument("file", type=Path, help="export (.jsonl) or SQLite database")
    parser.add_argument(
        "--anchor",
        type=_anchor,
        action="append",
        default=[],
        metavar="NUMBER:HASH",
        help="a head that was printed earlier; may be given several times / 以前に印刷した先頭ハッシュ値",
    )
    parser.add_argument("--chain", help="only this chain / この記録簿だけ")
    parser.add_argument("--lang", choices=("ja", "en"), help="language of the answer / 表示言語")
    options = parser.parse_args(arguments)
    japanese = (options.lang or _language()) == "ja"

    def say(key: str, **values: object) -> None:
        stream = sys.stderr if key in {"unreadable", "which", "hint"} else sys.stdout
        # A Windows console may lack a character that a name holds.
        text = TEXTS[key][japanese].format(**values)
        encoding = stream.encoding or "utf-8"
        stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")

    anchors = dict(options.anchor)
    for number, printed in options.anchor:
        if anchors[number] != printed:
            say("anchors", number=number)
            return 1
    findings = []
    try:
        with options.file.open("rb") as file:
            is_database = file.read(16) == b"SQLite format 3\0"
        if is_database:
            chains = [options.chain] if options.chain else chains_of_database(options.file)
            if len(chains) > 1 and anchors:
                say("which", chains=", ".join(chains))
                return 2
            findings = [
                verify(rows_of_database(options.file, chain), chain, anchors) for chain in chains
            ]
        if not findings:
            rows = [] if is_database else rows_of_export(options.file)
            findings = [verify(rows, options.chain, anchors)]
    except OSError as err:
        say("unreadable", error=err.strerror)
        return 2
    except sqlite3.Error as err:
        say("unreadable", error=err)
        return 2
    for found in findings:
        if found.broken is not None:
            reason = explain(found.reason, found.broken, "ja" if japanese else "en")
            say("broken", chain=found.chain, reason=reason, entries=found.entries)
        elif found.entries:
            say(
                "intact",
                chain=found.chain,
                entries=found.entries,
                hash=found.hash,
                at=found.at,
            )
        else:
            named = (f" of chain {options.chain}", f"記録簿 {options.chain} の")[japanese]
            say("empty", of=named if options.chain else "")
    if not anchors:
        say("hint")
    if any(found.broken is not None for found in findings):
        return 1
    return 0 if all(found.entries for found in findings) else 2


if __name__ == "__main__":
    sys.exit(main())
