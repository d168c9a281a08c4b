"""The chain in a database: what is appended, who may, and what the database itself refuses."""

import asyncio
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import sqlite3
import traceback
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from custom_components.niiza_cctv.lib.ledger import store
from custom_components.niiza_cctv.lib.ledger.errors import (
    EntryInvalid,
    LedgerError,
    LedgerForked,
    LedgerUnavailable,
)
from custom_components.niiza_cctv.lib.ledger.model import Head, Person, Verification
from custom_components.niiza_cctv.lib.ledger.store import MAX_DETAILS, PAGE, Ledger
from custom_components.niiza_cctv.lib.ledger.verify import GENESIS, TABLE
from tests.lib.ledger.conftest import OpenLedger, plain

SATO = Person(id="0a1b", name="佐藤 花子")
HOSTILE = [
    "\0",
    "a\u0001\u001f\u007f\u0080\u2028\u2029",
    '"\\/\b\f\n\r\t',
    "=HYPERLINK(1)",
    "𠮷野家",
    "\u202eevil",
    "é",
    "',\");DROP TABLE niiza_cctv_ledger;--",
]


async def numbers(ledger: Ledger, **options: Any) -> list[int]:
    """Return the numbers of the entries that a reading gives."""
    return [entry.number async for entry in ledger.entries(**options)]


async def test_what_is_appended_is_read_again_also_after_a_restart(
    url: str, open_ledger: OpenLedger
) -> None:
    """Entries are linked, and the next start goes on where the last one ended."""
    ledger = await open_ledger(url)
    assert (ledger.available, ledger.head) == (True, Head(number=0, hash=GENESIS, at=None))
    before = datetime.now(UTC)
    first = await ledger.append("case_created", "case/2026-0001", {"kind": "police"}, person=SATO)
    second = await ledger.append("footage_at_risk", "section", person=None)
    assert (first.number, first.previous) == (1, GENESIS)
    assert (second.number, second.previous) == (2, first.hash)
    assert before <= first.at <= second.at <= datetime.now(UTC)
    assert first.person == SATO
    assert second.person is None
    assert second.details == {}
    assert ledger.head == Head(number=2, hash=second.hash, at=second.at)
    await ledger.close()
    assert not ledger.available

    again = await open_ledger(url)
    assert again.head == ledger.head
    assert [entry async for entry in again.entries()] == [first, second]
    third = await again.append("later", "section", person=None)
    assert third.previous == second.hash
    assert await again.verify() == Verification(entries=3, head=again.head, broken=None, reason="")


async def test_every_text_survives_byte_for_byte(
    url: str, open_ledger: OpenLedger, tmp_path: Path
) -> None:
    """No text of a requester can break the chain, whatever it holds."""
    ledger = await open_ledger(url)
    details: dict[str, Any] = {
        "texts": HOSTILE,
        "numbers": [0, -1, 2**53 - 1, -(2**53) + 1],
        "true": True,
        "none": None,
        "nested": {"b": [], "a": {}},
    }
    for each in HOSTILE[1:]:
        entry = await ledger.append(each, each, details, person=Person(id=each, name=each))
        assert entry.details == details
        assert list(entry.details) == sorted(details)
    assert [entry.subject async for entry in ledger.entries()] == HOSTILE[1:]
    assert (await ledger.verify()).broken is None
    assert await ledger.export(tmp_path / "export.jsonl", "jsonl") == len(HOSTILE) - 1


@pytest.mark.parametrize(
    "details",
    [
        {"float": 1.5},
        {"number": 2**53},
        {"text": "\ud800"},
        {"名前": 1},
        {1: 2},
        {"bytes": b""},
        {"long": "x" * MAX_DETAILS},
        {"deep": json.loads("[" * 40 + "]" * 40)},
    ],
)
async def test_what_has_no_canonical_form_is_refused(
    details: Any, open_ledger: OpenLedger, sqlite_file: Path
) -> None:
    """Nothing is written, and the ledger goes on."""
    ledger = await open_ledger(f"sqlite:///{sqlite_file}")
    with pytest.raises(EntryInvalid):
        await ledger.append("action", "section", details, person=None)
    with pytest.raises(EntryInvalid, match="NUL"):
        await ledger.append("action", "section\0", person=None)
    assert (await ledger.append("action", "section", person=None)).number == 1
    assert ledger.available


async def test_later_changes_to_the_callers_values_do_not_reach_the_entry(
    open_ledger: OpenLedger, sqlite_file: Path
) -> None:
    """An entry keeps what was said when it was appended."""
    ledger = await open_ledger(f"sqlite:///{sqlite_file}")
    details: dict[str, Any] = {"list": [1]}
    entry = await ledger.append("action", "section", details, person=None)
    details["list"].append(2)
    assert entry.details == {"list": [1]}


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let hundreds of entries at once take as long as a busy machine does."""
    monkeypatch.setattr(store, "PATIENCE", 120.0)


@pytest.mark.usefixtures("patient")
async def test_appends_at_once_keep_the_order_in_which_they_were_asked(
    url: str, open_ledger: OpenLedger
) -> None:
    """Waiting appends become one transaction and still a chain."""
    ledger = await open_ledger(url)
    entries = await asyncio.gather(
        *(ledger.append("action", "section", {"i": i}, person=SATO) for i in range(700))
    )
    assert [entry.number for entry in entries] == list(range(1, 701))
    assert [entry.details["i"] for entry in entries] == list(range(700))
    assert (await ledger.verify()).entries == 700


@pytest.mark.usefixtures("patient")
async def test_reading_by_parts(url: str, open_ledger: OpenLedger) -> None:
    """Pages, filters, limits and both directions give the same entries."""
    ledger = await open_ledger(url)
    count = 2 * PAGE + 7
    await asyncio.gather(
        *(
            ledger.append("odd" if i % 2 else "even", f"case/{i % 3}", person=None)
            for i in range(1, count + 1)
        )
    )
    every = list(range(1, count + 1))
    assert await numbers(ledger) == every
    assert await numbers(ledger, newest_first=True) == every[::-1]
    assert await numbers(ledger, after=PAGE) == every[PAGE:]
    assert await numbers(ledger, after=count) == []
    assert await numbers(ledger, limit=PAGE + 1) == every[: PAGE + 1]
    assert await numbers(ledger, limit=0) == []
    assert await numbers(ledger, limit=3, newest_first=True) == every[-3:][::-1]
    assert await numbers(ledger, actions=["odd"]) == every[::2]
    assert await numbers(ledger, actions=[]) == []
    assert await numbers(ledger, actions=["odd", "even"], subject="case/1", after=5) == [
        number for number in every if number % 3 == 1 and number > 5
    ]


async def test_large_entries_are_read_in_small_pages(url: str, open_ledger: OpenLedger) -> None:
    """A page is limited in bytes too."""
    ledger = await open_ledger(url)
    for _ in range(12):
        await ledger.append("action", "section", {"text": "x" * 900_000}, person=None)
    assert await numbers(ledger) == list(range(1, 13))
    assert (await ledger.verify()).entries == 12


async def test_listeners_hear_of_appends_and_can_leave(
    open_ledger: OpenLedger, sqlite_file: Path
) -> None:
    """The panel and the sensor follow the head."""
    ledger = await open_ledger(f"sqlite:///{sqlite_file}")
    heard: list[int] = []
    unsubscribe = ledger.add_listener(lambda: heard.append(ledger.head.number))
    await ledger.append("action", "section", person=None)
    await ledger.append("action", "section", person=None)
    unsubscribe()
    await ledger.append("action", "section", person=None)
    assert heard == [1, 2]


async def test_several_homes_write_their_own_chains_into_one_database(
    url: str, open_ledger: OpenLedger
) -> None:
    """Each chain begins at 1 and is proved by itself."""
    homes = [await open_ledger(url, chain) for chain in ("niiza", "shiki", "asaka")]
    await asyncio.gather(
        *(home.append("action", home.chain, person=None) for home in homes for _ in range(50))
    )
    for home in homes:
        assert {entry.subject async for entry in home.entries()} == {home.chain}
        assert (await home.verify()).entries == 50


async def test_the_only_chain_of_a_database_of_our_own_goes_on_under_its_name(
    sqlite_file: Path, open_ledger: OpenLedger
) -> None:
    """The name that we would give it may be another one by now: the entries are ours all the same."""
    url = f"sqlite:///{sqlite_file}"
    before = await open_ledger(url, "niiza")
    kept = await before.append("action", "section", person=None)
    await before.close()
    renamed = await open_ledger(url, "renamed", alone=True)
    assert (renamed.chain, renamed.head.hash) == ("niiza", kept.hash)
    following = await renamed.append("action", "section", person=None)
    assert (following.chain, following.number, following.previous) == ("niiza", 2, kept.hash)
    assert (await renamed.verify()).broken is None
    # Once it has entries of its own, the other is another's.
    other = await open_ledger(url, "other")
    await other.append("action", "section", person=None)
    for name in ("third", "other", "niiza"):
        assert (await open_ledger(url, name, alone=True)).chain == name


async def test_nobody_takes_the_chain_of_another_in_a_database_that_is_shared(
    url: str, open_ledger: OpenLedger
) -> None:
    """One office has written, the next one comes: it begins its own."""
    first = await open_ledger(url, "niiza")
    await first.append("action", "section", person=None)
    second = await open_ledger(url, "shiki")
    assert (second.chain, second.head.number) == ("shiki", 0)
    assert (await second.append("action", "section", person=None)).number == 1
    assert first.available
    await first.append("action", "section", person=None)
    assert [(await one.verify()).entries for one in (first, second)] == [2, 1]


async def test_a_chain_with_a_spoiled_name_is_not_taken(
    sqlite_file: Path, open_ledger: OpenLedger
) -> None:
    """It fits no hash, whatever it is called; the ledger opens, and keeps to its own name."""
    url = f"sqlite:///{sqlite_file}"
    ledger = await open_ledger(url, "niiza")
    await ledger.append("action", "section", person=None)
    await ledger.close()
    with closing(sqlite3.connect(sqlite_file)) as database:
        database.execute(f"DROP TRIGGER {TABLE}_no_update")
        database.execute(f"UPDATE {TABLE} SET chain = CAST(x'ff61' AS TEXT)")  # noqa: S608 (a constant)
        database.commit()
    assert (await open_ledger(url, "niiza", alone=True)).chain == "niiza"


async def test_homes_that_come_to_a_new_database_at_once_make_its_tables_once(
    postgres_database: str,
) -> None:
    """The first start of a whole county."""
    homes = [Ledger(postgres_database, f"home-{i}") for i in range(8)]
    try:
        await asyncio.gather(*(home.open() for home in homes))
        await asyncio.gather(*(home.append("action", "section", person=None) for home in homes))
        assert [home.head.number for home in homes] == [1] * 8
    finally:
        await asyncio.gather(*(home.close() for home in homes))


async def test_a_second_writer_on_the_same_chain_is_refused_until_it_reads_again(
    url: str, open_ledger: OpenLedger
) -> None:
    """The one who was slower forks nothing and overwrites nothing."""
    mine, theirs = await open_ledger(url), await open_ledger(url)
    kept = await mine.append("mine", "section", person=None)
    for _ in range(2):
        with pytest.raises(LedgerForked):
            await theirs.append("theirs", "section", person=None)
    assert not theirs.available
    assert [entry async for entry in mine.entries()] == [kept]
    await theirs.open()
    assert (theirs.available, theirs.head.hash) == (True, kept.hash)
    await theirs.append("theirs", "section", person=None)
    with pytest.raises(LedgerForked):
        await mine.append("mine", "section", person=None)
    assert (await theirs.verify()).entries == 2


async def test_two_writers_at_once_never_make_two_entries_of_one_number(
    url: str, open_ledger: OpenLedger
) -> None:
    """Whoever loses the race is told so; what was confirmed is in the chain."""
    ledgers = [await open_ledger(url), await open_ledger(url)]

    async def write(ledger: Ledger) -> list[str]:
        confirmed = []
        for _ in range(30):
            try:
                entry = await ledger.append("action", "section", person=None)
            except LedgerForked:
                await ledger.open()
            else:
                confirmed.append(entry.hash)
        return confirmed

    confirmed = await asyncio.gather(*map(write, ledgers))
    reader = await open_ledger(url)
    found = await reader.verify()
    assert found.broken is None
    hashes = [entry.hash async for entry in reader.entries()]
    assert sorted(hashes) == sorted(confirmed[0] + confirmed[1])


async def test_the_database_itself_refuses_to_change_entries(
    url: str, open_ledger: OpenLedger
) -> None:
    """Whoever comes with SQL meets triggers."""
    ledger = await open_ledger(url)
    for _ in range(3):
        await ledger.append("action", "section", person=None)
    columns = "chain, number, at, action, subject, details, previous, hash"
    copy = "INTO ledger ({}) SELECT chain, {}, at, action, subject, details, {}, hash FROM ledger"
    statements = [
        "UPDATE ledger SET subject = 'other'",
        "UPDATE ledger SET details = details WHERE number = 2",
        "DELETE FROM ledger WHERE number = 3",
        "DELETE FROM ledger",
        # A number that is taken, one that leaves a gap, one that links to nothing, a second beginning.
        f"INSERT {copy.format(columns, '2', 'previous')} WHERE number = 2",
        f"INSERT {copy.format(columns, '5', 'hash')} WHERE number = 3",
        f"INSERT {copy.format(columns, '4', 'previous')} WHERE number = 3",
        f"INSERT {copy.format(columns, '0', 'previous')} WHERE number = 1",
    ]
    if url.startswith("sqlite"):
        statements.append(
            f"INSERT OR REPLACE {copy.format(columns, '3', 'previous')} WHERE number = 3"
        )
    else:
        statements += [
            "TRUNCATE ledger",
            copy.format(columns, "3", "previous").replace("INTO", "INSERT INTO")
            + " WHERE number = 3 ON CONFLICT (chain, number) DO UPDATE SET subject = 'x'",
        ]
    engine = create_engine(url)
    for statement in statements:
        with (
            engine.begin() as connection,
            pytest.raises(SQLAlchemyError, match=r"append-only|Not the next"),
        ):
            connection.execute(text(statement.replace("ledger", TABLE)))
    engine.dispose()
    await ledger.append("action", "section", person=None)
    assert (await ledger.verify()).entries == 4


async def test_a_cancelled_append_leaves_the_chain_whole(url: str, open_ledger: OpenLedger) -> None:
    """Those who wait beside it get their entries, and the head goes on."""
    ledger = await open_ledger(url)
    for turn in range(20):
        tasks = [
            asyncio.create_task(ledger.append("action", "section", {"i": i}, person=None))
            for i in range(6)
        ]
        # Before, while and after the transaction runs.
        for _ in range(turn % 5):
            await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        assert not [each for each in done[1::2] if isinstance(each, BaseException)]
    found = await ledger.verify()
    assert found.broken is None
    assert found.entries == ledger.head.number >= 60


async def test_a_closed_ledger_refuses_and_can_be_opened_again(
    url: str, open_ledger: OpenLedger
) -> None:
    """Unloading the section ends the thread; loading it begins again."""
    ledger = await open_ledger(url)
    pending = asyncio.create_task(ledger.append("last", "section", person=None))
    await asyncio.sleep(0)
    await ledger.close()
    assert (await pending).number == 1
    with pytest.raises(LedgerUnavailable):
        await ledger.append("action", "section", person=None)
    with pytest.raises(LedgerUnavailable):
        await ledger.verify()
    await ledger.close()
    await ledger.open()
    assert (await ledger.append("action", "section", person=None)).number == 2


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://chief:Geheim-77@127.0.0.1:1/office",
        "postgresql://127.0.0.1:1/office?user=chief&password=Geheim-77",
        "mysql://chief:Geheim-77@office.example/ledger",
        "postgresql+psycopg://chief:Geheim-77@office.example:port/x",
        "Geheim-77",
        "sqlite://",
        "sqlite:///Geheim-77.db",
    ],
)
async def test_no_message_shows_the_password_or_the_address(url: str) -> None:
    """Neither the error, nor its traceback, nor the ledger's own text."""
    shown = ""
    try:
        ledger = Ledger(url, "home")
        shown += repr(ledger)
        with suppress(LedgerUnavailable):
            await ledger.append("action", "section", person=None)
        try:
            await ledger.open()
        finally:
            await ledger.close()
    except LedgerError as err:
        shown += f"{err} {err!r} " + "".join(traceback.format_exception(err, chain=True))
    assert "Traceback" in shown
    assert "Geheim-77" not in shown.replace(repr(url), "")
    assert "office.example" not in shown
    assert "127.0.0.1" not in shown


async def test_sqlite_is_private_and_durable(open_ledger: OpenLedger, tmp_path: Path) -> None:
    """The file is its owner's from the first byte; the write-ahead log is synchronised at every commit."""
    path = tmp_path / "new" / "ledger.db"
    ledger = await open_ledger(f"sqlite:///{path}")
    await ledger.append("action", "section", person=None)
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
        assert (path.parent / name).stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()
    # FULL: the one setting that only the writing connection itself can tell.
    assert (
        await ledger._run(
            lambda: ledger._connected().exec_driver_sql("PRAGMA synchronous").scalar_one()
        )
        == 2
    )
    await ledger.close()
    path.chmod(0o644)
    await ledger.open()
    assert path.stat().st_mode & 0o777 == 0o600


async def test_prepared_tables_and_a_role_that_may_only_add_are_enough(
    postgres_database: str, open_ledger: OpenLedger
) -> None:
    """The office's administrator owns the tables; Home Assistant's role cannot even drop the triggers."""
    await (await open_ledger(postgres_database, "administrator")).close()
    role = f"writer_of_{make_url(postgres_database).database}"
    with psycopg.connect(plain(postgres_database), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'pass'")
        connection.execute(f"GRANT SELECT, INSERT ON {TABLE} TO {role}")
        where = postgres_database.split("@")[1]
        ledger = await open_ledger(f"postgresql+psycopg://{role}:pass@{where}")
        await ledger.append("action", "section", person=SATO)
        assert (await ledger.verify()).entries == 1
        await ledger.close()
        connection.execute(f"DROP OWNED BY {role}")
        connection.execute(f"DROP ROLE {role}")


async def test_a_database_that_cannot_hold_japanese_is_refused(
    postgres: str, open_ledger: OpenLedger
) -> None:
    """Said at once, not at the first Japanese name."""
    with psycopg.connect(plain(postgres), autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
        )
        try:
            with pytest.raises(LedgerUnavailable, match="UTF-8"):
                await open_ledger(postgres.replace("@/postgres", "@/latin"))
        finally:
            connection.execute("DROP DATABASE latin WITH (FORCE)")


async def test_times_are_not_trusted_to_run_forward(
    open_ledger: OpenLedger, sqlite_file: Path, freezer: Any
) -> None:
    """A clock that was set back makes entries with earlier times, not a broken chain."""
    ledger = await open_ledger(f"sqlite:///{sqlite_file}")
    first = await ledger.append("action", "section", person=None)
    freezer.tick(-timedelta(hours=1))
    second = await ledger.append("action", "section", person=None)
    assert second.at < first.at
    assert replace(second, at=first.at) != second
    assert (await ledger.verify()).entries == 2
