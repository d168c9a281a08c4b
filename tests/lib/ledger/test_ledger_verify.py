"""Whoever touches an entry is found out, and the first broken entry is named."""

import ast
from collections.abc import Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
import csv
from datetime import UTC, datetime, timedelta
import hashlib
import io
import json
import locale
from pathlib import Path
import re
import shutil
import sqlite3
import subprocess
import sys
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.niiza_cctv.lib.ledger import verify
from custom_components.niiza_cctv.lib.ledger.model import Person
from custom_components.niiza_cctv.lib.ledger.verify import GENESIS, TABLE, Row
from tests.lib.ledger.conftest import OpenLedger

SCRIPT = Path(verify.__file__)
DOCS = Path(__file__).parents[3] / "docs"
COUNT = 12


def linked(contents: list[dict[str, Any]], previous: str = GENESIS, first: int = 1) -> list[Row]:
    """Return rows that follow the hash given; what `contents` leaves out is made up."""
    rows = []
    for number, content in enumerate(contents, first):
        row = Row(
            **{
                "chain": "home",
                "number": number,
                "at": f"{datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=number):%Y-%m-%dT%H:%M:%S.%f}Z",
                "person_id": "0a1b" if number % 3 else None,
                "person_name": "佐藤 花子" if number % 3 else None,
                "action": "clip_sealed",
                "subject": f"case/2026-{number:04}",
                "details": verify.canonical({"n": number, "t": "照会"}),
                "previous": previous,
                "hash": "",
                **content,
            }
        )
        previous = verify.hash_of(row)
        rows.append(row._replace(hash=previous))
    return rows


ROWS = linked([{}] * COUNT)
LINES = [f"{verify.line_of(row)}\n".encode() for row in ROWS]
EXPORT = b"".join(LINES)
ANCHOR = {COUNT: ROWS[-1].hash}


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """Return a whole export."""
    path = tmp_path / "export.jsonl"
    path.write_bytes(EXPORT)
    return path


# One folder for all examples: a fixture would be made once per test only, and that is what hypothesis warns of.
EXPORTS = TemporaryDirectory()


def broken_in(content: bytes, anchors: dict[int, str] | None = None) -> int | None:
    """Return the first broken entry of an export."""
    path = Path(EXPORTS.name) / "export.jsonl"
    path.write_bytes(content)
    return verify.verify(verify.rows_of_export(path), None, anchors or {}).broken


@settings(max_examples=400, deadline=None)
@given(position=st.integers(0, len(EXPORT) - 1), change=st.integers(1, 255))
def test_any_changed_byte_is_found_in_its_entry(position: int, change: int) -> None:
    """Of a text, a number, a name, a bracket, a line's end."""
    content = bytearray(EXPORT)
    content[position] ^= change
    assert broken_in(bytes(content)) == EXPORT[:position].count(b"\n") + 1


@settings(max_examples=200, deadline=None)
@given(position=st.integers(0, len(EXPORT)), inserted=st.binary(min_size=1, max_size=40))
def test_any_inserted_bytes_are_found_where_they_stand(position: int, inserted: bytes) -> None:
    """White space, a second line, a repetition of what stands there."""
    content = EXPORT[:position] + inserted + EXPORT[position:]
    first = next(
        (i for i, (a, b) in enumerate(zip(content, EXPORT, strict=False)) if a != b), len(EXPORT)
    )
    assert broken_in(content) == EXPORT[:first].count(b"\n") + 1


@settings(max_examples=200, deadline=None)
@given(cut=st.tuples(st.integers(0, len(EXPORT)), st.integers(1, 600)))
def test_any_removed_bytes_are_found_where_they_stood(cut: tuple[int, int]) -> None:
    """A part of an entry, several entries, or the end; for the end the printed head is needed."""
    start, length = cut
    content = EXPORT[:start] + EXPORT[start + length :]
    if content == EXPORT:
        return
    kept = next(
        (i for i, (a, b) in enumerate(zip(content, EXPORT, strict=False)) if a != b), len(content)
    )
    assert broken_in(content, ANCHOR) == EXPORT[:kept].count(b"\n") + 1


@settings(max_examples=100, deadline=None)
@given(order=st.permutations(range(COUNT)))
def test_any_other_order_is_found_at_the_first_entry_out_of_place(order: list[int]) -> None:
    """Also of two neighbours."""
    first = next((i for i, each in enumerate(order) if i != each), None)
    found = broken_in(b"".join(LINES[i] for i in order))
    assert found == (None if first is None else first + 1)


@settings(max_examples=100, deadline=None)
@given(number=st.integers(1, COUNT), field=st.sampled_from(Row._fields), data=st.data())
def test_an_entry_forged_together_with_its_hash_breaks_the_link_to_the_next(
    number: int, field: str, data: st.DataObject
) -> None:
    """Only the last one's forger needs no link: that is what the printed head is for."""
    values: dict[str, st.SearchStrategy[Any]] = {
        "number": st.integers(0, 99),
        "details": st.dictionaries(st.sampled_from("abc"), st.integers(0, 9)).map(verify.canonical),
        "at": st.just("2026-01-01T00:00:00.000000Z"),
        "previous": st.text("0123456789abcdef", min_size=64, max_size=64),
        "hash": st.text("0123456789abcdef", min_size=64, max_size=64),
    }
    row = ROWS[number - 1]
    forged = row._replace(
        **{field: data.draw(values.get(field, st.text("ab", min_size=1, max_size=9)))}
    )
    if row.person_id is None:
        forged = forged._replace(person_id=None, person_name=None)
    if field != "hash":
        forged = forged._replace(hash=verify.hash_of(forged))
    if forged == row:
        return
    lines = [*LINES[: number - 1], f"{verify.line_of(forged)}\n".encode(), *LINES[number:]]
    itself = field in {"number", "previous", "hash"} or (field == "chain" and number > 1)
    if itself:
        assert broken_in(b"".join(lines)) == number
    elif number < COUNT:
        assert broken_in(b"".join(lines)) == number + 1
    else:
        assert broken_in(b"".join(lines)) is None
    assert broken_in(b"".join(lines), ANCHOR) is not None


@pytest.mark.parametrize("rewritten", [1, 5, COUNT])
def test_only_a_printed_head_finds_a_chain_rewritten_to_its_end(rewritten: int) -> None:
    """Which is why it is printed; the docs say so."""
    kept = ROWS[: rewritten - 1]
    previous = kept[-1].hash if kept else GENESIS
    forged = linked([{"subject": "forged"}] * (COUNT - rewritten + 1), previous, rewritten)
    content = b"".join(f"{verify.line_of(row)}\n".encode() for row in kept + forged)
    assert broken_in(content) is None
    assert broken_in(content, {rewritten - 1: previous}) is None
    assert broken_in(content, ANCHOR) == COUNT
    middle = (rewritten + COUNT) // 2
    assert broken_in(content, {middle: ROWS[middle - 1].hash} | ANCHOR) == middle


@pytest.mark.parametrize("kept", range(COUNT))
def test_a_shortened_chain_is_found_by_the_printed_head(kept: int) -> None:
    """The first missing entry is named."""
    content = b"".join(LINES[:kept])
    assert broken_in(content) is None
    assert broken_in(content, ANCHOR) == kept + 1


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\xef\xbb\xbf" + LINES[0][:-1],
        b"\xff" * 100,
        LINES[0].replace(b'"number":1', b'"number":1.0')[:-1],
        LINES[0].replace(b'"number":1', b'"number":true')[:-1],
        LINES[0].replace(b'"number":1', b'"number":' + b"9" * 5000)[:-1],
        LINES[0].replace(b'"number":1', b'"number":NaN')[:-1],
        LINES[0].replace(b'"details":{', b'"details":{"a":1e400,')[:-1],
        LINES[0].replace(b'"person":{', b'"person":{"x":1,')[:-1],
        LINES[0].replace(b"{", b'{"action":"x",', 1)[:-1],
        LINES[0][:-1] + b"\r",
        LINES[0][:-1] + b" " * (2 * verify.MAX_LINE),
    ],
)
def test_hostile_lines_are_broken_entries(line: bytes) -> None:
    """No line makes the verifier fall over."""
    assert broken_in(line + b"\n" + LINES[1]) == 1


def test_the_canonical_form_is_what_the_docs_show() -> None:
    """The bytes of an example, and its hash, computed without our code."""
    for name in ("ledger.md", "ledger.ja.md"):
        text = (DOCS / name).read_text()
        (line,) = re.findall(r"^(\{\"action\".*\"hash\".*\})$", text, re.MULTILINE)
        row = verify.row_of(line.encode())
        assert verify.hash_of(row) == row.hash
        entry = json.loads(line)
        claimed = entry.pop("hash")
        plain = json.dumps(entry, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        assert hashlib.sha256(plain.encode()).hexdigest() == claimed
        assert plain in text
        anchor = re.search(r"--anchor (\d+):([0-9a-f]{64})", text)
        assert anchor


def test_a_third_party_verifier_of_the_docs_comes_to_the_same_result(exported: Path) -> None:
    """The eight lines that the docs print."""
    for name in ("ledger.md", "ledger.ja.md"):
        (program,) = re.findall(r"```python\n(.*?)```", (DOCS / name).read_text(), re.DOTALL)
        for content, found in ((EXPORT, 0), (EXPORT.replace(b'"n":5', b'"n":6'), 1)):
            exported.write_bytes(content)
            done = subprocess.run(  # noqa: S603 (the docs' program)
                [sys.executable, "-I", "-c", program, exported], capture_output=True, check=False
            )
            assert done.returncode == found, done.stderr


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is not installed")
def test_jq_and_sha256sum_check_one_entry(exported: Path) -> None:
    """The docs' commands for one entry."""
    for name in ("ledger.md", "ledger.ja.md"):
        (command,) = re.findall(
            r"^(sed -n 5p .*sha256sum)$", (DOCS / name).read_text(), re.MULTILINE
        )
        done = subprocess.run(  # noqa: S603 (the docs' command)
            ["/bin/sh", "-c", command.replace("EXPORT.jsonl", str(exported))],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split()[0] == ROWS[4].hash


# --- the database -------------------------------------------------------------------------------------------------------


@pytest.fixture
async def file_of_ledger(open_ledger: OpenLedger, sqlite_file: Path) -> Path:
    """Return a database of two chains, closed; the triggers are gone, as for a forger who owns the file."""
    for chain in ("home", "other"):
        ledger = await open_ledger(f"sqlite:///{sqlite_file}", chain)
        for number in range(1, COUNT + 1):
            person = Person(id="0a1b", name="佐藤") if number % 2 else None
            await ledger.append("clip_sealed", f"case/{number}", {"n": number}, person=person)
        await ledger.close()
    with sqlite3.connect(sqlite_file) as database:
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            database.execute(f"DROP TRIGGER {name}")
    database.close()
    return sqlite_file


TAMPERINGS = [
    *((f"SET {field} = {field} || 'x'", None) for field in ("at", "action", "subject", "hash")),
    ("SET details = '{\"n\":99}'", None),
    ("SET details = details || ' '", None),
    ("SET details = '{\"n\": 5}'", None),
    ("SET details = 'x'", None),
    ("SET details = '{},\"number\":5'", None),
    ("SET person_id = 'x', person_name = 'y'", None),
    ("SET person_id = NULL", None),
    ("SET person_name = NULL", None),
    ("SET person_id = NULL, person_name = NULL", None),
    ("SET previous = hash", None),
    ("SET subject = CAST(X'FF' AS TEXT)", None),
    ("SET chain = 'elsewhere'", None),
    ("SET number = 100", None),
    ("SET number = 0", 1),
    ("SET number = -5", 1),
]


@pytest.mark.parametrize(("change", "named"), TAMPERINGS)
async def test_any_column_changed_in_the_file_is_found_by_both_verifiers(
    change: str, named: int | None, file_of_ledger: Path, open_ledger: OpenLedger
) -> None:
    """Home Assistant's action and the stand-alone program name the same entry."""
    with sqlite3.connect(file_of_ledger) as database:
        database.execute(f"UPDATE {TABLE} {change} WHERE chain = 'home' AND number = 5")
    database.close()
    alone = verify.verify(verify.rows_of_database(file_of_ledger, "home"), "home", {})
    assert alone.broken == (named or 5)
    assert alone.entries == (named or 5) - 1
    found = await (await open_ledger(f"sqlite:///{file_of_ledger}")).verify()
    assert found.broken == (named or 5)
    assert found.explain("ja")
    assert found.explain("en")
    other = await (await open_ledger(f"sqlite:///{file_of_ledger}", "other")).verify()
    assert (other.broken, other.entries) == (None, COUNT)


@pytest.mark.parametrize("gone", [1, 5, COUNT])
async def test_a_removed_entry_is_missed(
    gone: int, file_of_ledger: Path, open_ledger: OpenLedger
) -> None:
    """The running ledger knows its head, so it misses the last one too."""
    ledger = await open_ledger(f"sqlite:///{file_of_ledger}")
    with sqlite3.connect(file_of_ledger) as database:
        database.execute(f"DELETE FROM {TABLE} WHERE chain = 'home' AND number = ?", (gone,))  # noqa: S608 (a constant)
    database.close()
    assert (await ledger.verify()).broken == gone


async def test_a_tampered_entry_that_cannot_be_read_is_said_to_be_broken(
    file_of_ledger: Path, open_ledger: OpenLedger
) -> None:
    """Reading raises instead of leaving the entry out."""
    ledger = await open_ledger(f"sqlite:///{file_of_ledger}")
    with sqlite3.connect(file_of_ledger) as database:
        database.execute(f"UPDATE {TABLE} SET details = '{{' WHERE number = 5")  # noqa: S608 (a constant)
    database.close()
    with pytest.raises(Exception, match="Entry 5 cannot be read"):
        _ = [entry async for entry in ledger.entries()]


def test_bytes_changed_in_the_file_below_sql_are_found(
    file_of_ledger: Path, tmp_path: Path
) -> None:
    """A forger with a hex editor needs no SQL."""
    content = file_of_ledger.read_bytes()
    places = [found.start() for found in re.finditer(rb"clip_sealedcase/\d+", content)]
    assert len(places) >= COUNT
    copy = tmp_path / "copy.db"
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 1
        copy.write_bytes(changed)
        broken = [
            verify.verify(verify.rows_of_database(copy, chain), chain, {}).broken
            for chain in ("home", "other")
        ]
        assert sorted(map(bool, broken)) == [False, True]


def test_a_damaged_page_of_the_file_is_a_broken_entry(file_of_ledger: Path, tmp_path: Path) -> None:
    """The disk lost it, or somebody overwrote it."""
    content = file_of_ledger.read_bytes()
    copy = tmp_path / "copy.db"
    damaged = 0
    # The first page is the file's own header.
    for start in range(4096, len(content), 4096):
        copy.write_bytes(content[:start] + b"\xff" * 100 + content[start + 100 :])
        done = run(copy)
        assert "Traceback" not in done.err
        damaged += done.code != 0
    assert damaged


# --- the program --------------------------------------------------------------------------------------------------------


class Answer(NamedTuple):
    """What the program said."""

    code: int
    out: str
    err: str


def run(*arguments: object) -> Answer:
    """Run the program; in English where nothing is said."""
    texts = [*map(str, arguments)]
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = verify.main(texts if "--lang" in texts else [*texts, "--lang", "en"])
        except SystemExit as exit_:
            code = int(str(exit_.code))
    said = []
    for stream in (out, err):
        stream.seek(0)
        said.append(stream.read())
    return Answer(code, *said)


def test_the_program_runs_apart_from_everything_that_is_installed(exported: Path) -> None:
    """One copied file, Python's standard library, and an exit code."""
    alone = Path(EXPORTS.name) / "verify.py"
    shutil.copyfile(SCRIPT, alone)
    command: list[str | Path] = [sys.executable, "-I", "-S", alone, exported, "--anchor"]
    for anchor, code in ((ROWS[-1].hash, 0), (ROWS[0].hash, 1), ("x", 2)):
        done = subprocess.run(  # noqa: S603 (our own program)
            [*command, f"{COUNT}:{anchor}"],
            capture_output=True,
            check=False,
            env={"LC_ALL": "C"},
        )
        assert done.returncode == code, done.stderr


@pytest.mark.parametrize(
    ("setting", "word"), [("ja_JP.UTF-8", "正常"), ("en_US.UTF-8", "INTACT"), ("C", "INTACT")]
)
def test_the_program_speaks_the_language_of_the_terminal(
    setting: str,
    word: str,
    exported: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where nothing else is asked for."""
    monkeypatch.setattr(locale, "setlocale", lambda _category, _name: setting)
    assert verify.main([str(exported)]) == 0
    assert word in capsys.readouterr().out


def test_a_terminal_without_the_characters_or_the_locale_still_gets_an_answer(
    exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A console of code page 1252, and a locale that is not installed."""

    def fail(_category: int, _name: str) -> str:
        raise locale.Error

    monkeypatch.setattr(locale, "setlocale", fail)
    stream = io.TextIOWrapper(io.BytesIO(), "cp1252")
    with redirect_stdout(stream):
        assert verify.main([str(exported), "--lang", "ja"]) == 0
        assert verify.main([str(exported)]) == 0
    stream.seek(0)
    assert "INTACT" in stream.read()


def test_the_program_needs_nothing_but_an_older_python() -> None:
    """Python 3.10 reads it, and only the standard library is imported."""
    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 10))
    modules = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    ] + [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {module.split(".")[0] for module in modules} <= sys.stdlib_module_names


def test_the_program_says_that_an_export_is_intact(exported: Path) -> None:
    """In either language, with the head, and what it does not prove."""
    done = run(exported)
    assert done.code == 0
    assert done.out.startswith("INTACT  chain home: 12 entries")
    assert f"12:{ROWS[-1].hash}" in done.out
    assert "--anchor" in done.err
    done = run(exported, "--anchor", f"12:{ROWS[-1].hash.upper()}", "--lang", "ja")
    assert done.code == 0
    assert "正常" in done.out
    assert done.err == ""


def test_the_program_names_the_first_broken_entry(exported: Path) -> None:
    """Exit code 1 and a sentence."""
    exported.write_bytes(EXPORT.replace(b'"n":7', b'"n":8'))
    done = run(exported)
    assert done.code == 1
    assert "Entry 7 was changed" in done.out
    done = run(exported, "--lang", "ja")
    assert done.code == 1
    assert "7番の記録は改変されています" in done.out
    exported.write_bytes(b"".join(LINES[:-2]))
    assert run(exported).code == 0
    done = run(exported, "--anchor", f"12:{ROWS[-1].hash}", "--anchor", f"3:{ROWS[2].hash}")
    assert done.code == 1
    assert "Entry 11 is missing" in done.out


def test_the_program_says_what_it_cannot_read(tmp_path: Path) -> None:
    """Exit code 2, also for an anchor that is none."""
    assert run(tmp_path / "nothing.jsonl").code == 2
    assert run(tmp_path).code == 2
    assert run(tmp_path, "--anchor", "12:abc").code == 2
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"SQLite format 3\0" + bytes(5000))
    done = run(damaged)
    assert done.code == 2
    assert "Cannot be read" in done.err
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    assert run(empty).out.startswith("NOTHING TO VERIFY")
    # Nothing was proved.
    assert run(empty).code == 2
    assert run(empty, "--anchor", f"1:{ROWS[0].hash}").code == 1


def test_the_program_reads_a_database_with_all_its_chains(file_of_ledger: Path) -> None:
    """A copy of the file is enough; an anchor needs one chain."""
    done = run(file_of_ledger)
    assert done.code == 0
    assert done.out.count("INTACT") == 2
    head = re.search(r"chain other: .* (12:[0-9a-f]{64})", done.out)
    assert head
    assert run(file_of_ledger, "--anchor", head[1]).code == 2
    assert run(file_of_ledger, "--anchor", head[1], "--chain", "other").code == 0
    assert run(file_of_ledger, "--anchor", head[1], "--chain", "home").code == 1
    assert not file_of_ledger.with_name("ledger.db-wal").exists()


async def test_the_program_reads_a_database_in_use(
    open_ledger: OpenLedger, sqlite_file: Path
) -> None:
    """While Home Assistant writes it, the newest entries included."""
    ledger = await open_ledger(f"sqlite:///{sqlite_file}")
    for _ in range(3):
        await ledger.append("action", "section", person=None)
    done = run(sqlite_file, "--anchor", f"3:{ledger.head.hash}")
    assert done.code == 0, done.out
    assert (await ledger.append("action", "section", person=None)).number == 4


# --- exports ------------------------------------------------------------------------------------------------------------


async def test_an_export_is_verified_by_the_program(
    url: str, open_ledger: OpenLedger, tmp_path: Path
) -> None:
    """From either database, by the printed head."""
    ledger = await open_ledger(url)
    for number in range(5):
        await ledger.append("action", "section", {"n": number}, person=Person(id="1", name="名"))
    path = tmp_path / "export.jsonl"
    assert await ledger.export(path, "jsonl") == 5
    assert path.stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "export.jsonl.part").exists()
    done = run(path, "--anchor", f"5:{ledger.head.hash}")
    assert done.code == 0, done.out


async def test_a_table_for_people_executes_nothing(
    open_ledger: OpenLedger, sqlite_file: Path, tmp_path: Path
) -> None:
    """Excel shows Japanese, and a requester's formula is text."""
    ledger = await open_ledger(f"sqlite:///{sqlite_file}")
    formulas = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        " =1",
        "＝1",
        "\r\n=cmd|' /C calc'!A0",
        "－1",
    ]
    for formula in formulas:
        await ledger.append(formula, formula, {"a": 1}, person=Person(id="1", name=formula))
    path = tmp_path / "export.csv"
    assert await ledger.export(path, "csv") == len(formulas)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header[3].startswith("氏名")
    assert [row[4] for row in rows] == [f"'{formula}" for formula in formulas]
    for row in rows:
        assert not [cell for cell in row if cell.strip()[:1] in tuple("=+-@＝＋－＠")]


async def test_an_export_that_fails_leaves_nothing(
    open_ledger: OpenLedger, sqlite_file: Path, tmp_path: Path
) -> None:
    """No folder, or a ledger that was closed meanwhile."""
    ledger = await open_ledger(f"sqlite:///{sqlite_file}")
    with pytest.raises(FileNotFoundError):
        await ledger.export(tmp_path / "missing" / "export.csv", "csv")
    await ledger.close()
    with pytest.raises(Exception, match="closed"):
        await ledger.export(tmp_path / "export.csv", "csv")
    for name in ("export.csv", "export.csv.part"):
        assert not (tmp_path / name).exists()


def database_of(path: Path, rows: Sequence[verify.Row]) -> Path:
    """Write entries as the ledger's table holds them."""
    with closing(sqlite3.connect(path)) as database, database:
        columns = ", ".join(verify.Row._fields)
        database.execute(f"CREATE TABLE {verify.TABLE} ({columns})")
        marks = ", ".join("?" * len(verify.Row._fields))
        insert = f"INSERT INTO {verify.TABLE} VALUES ({marks})"  # noqa: S608 (constants)
        database.executemany(insert, rows)
    return path


def test_a_chain_that_is_not_there_proves_nothing(tmp_path: Path) -> None:
    """A mistyped name must not look like a ledger that is in order."""
    path = database_of(tmp_path / "ledger.db", ROWS)
    done = run(path, "--chain", "nobody")
    assert done.code == 2
    assert "nobody" in done.out
    assert "INTACT" not in done.out


def test_two_heads_printed_for_one_entry_are_both_believed(exported: Path) -> None:
    """Whichever comes last: one of the two papers is of another ledger."""
    right, wrong = f"3:{ROWS[2].hash}", f"3:{ROWS[3].hash}"
    assert run(exported, "--anchor", right, "--anchor", right).code == 0
    for order in ((right, wrong), (wrong, right)):
        done = run(exported, *(part for anchor in order for part in ("--anchor", anchor)))
        assert done.code == 1
        assert "INTACT" not in done.out


def test_a_large_entry_is_as_true_in_an_export_as_in_the_database(
    tmp_path: Path,
) -> None:
    """Up to the limit, in characters that take the most bytes; beyond it in neither."""
    for letters, code in ((verify.MAX_DETAILS - 100, 0), (verify.MAX_DETAILS + 100, 1)):
        row = ROWS[0]._replace(details=verify.canonical({"note": "新" * letters}))
        row = row._replace(hash=verify.hash_of(row))
        export, database = tmp_path / f"{code}.jsonl", tmp_path / f"{code}.db"
        export.write_text(verify.line_of(row) + "\n")
        database_of(database, [row])
        assert (run(export).code, run(database).code) == (code, code)
