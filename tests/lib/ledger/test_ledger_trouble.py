"""The database goes away, fills up, hangs, is replaced, or its writer is killed: nothing confirmed is lost."""

import _socket
import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import suppress
from itertools import groupby
from pathlib import Path
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url

from custom_components.niiza_cctv.lib.ledger import store, verify
from custom_components.niiza_cctv.lib.ledger.errors import LedgerForked, LedgerUnavailable
from custom_components.niiza_cctv.lib.ledger.model import Entry
from custom_components.niiza_cctv.lib.ledger.store import Ledger
from scripts.postgres import Server, binaries, server
from tests.lib.ledger.conftest import OpenLedger, plain
from tests.section import until

ROOT = Path(__file__).parents[3]


async def append(ledger: Ledger, action: str = "action") -> Entry:
    """Append an entry."""
    return await ledger.append(action, "section", person=None)


async def refuse(ledger: Ledger) -> None:
    """See an append refused while somebody still waits for it."""
    begun = time.monotonic()
    with pytest.raises(LedgerUnavailable):
        await append(ledger, "refused")
    # Five seconds by its own clock; the rest is this machine's other work.
    assert time.monotonic() - begun < store.PATIENCE + 30
    assert not ledger.available


# --- SQLite -------------------------------------------------------------------------------------------------------------


async def test_a_locked_database_is_refused_in_time_and_recovers(
    open_ledger: OpenLedger, sqlite_file: Path
) -> None:
    """Somebody looks into it with a tool that locks."""
    ledger = await open_ledger(f"sqlite:///{sqlite_file}")
    await append(ledger)
    tool = sqlite3.connect(sqlite_file, isolation_level=None)
    tool.execute("BEGIN IMMEDIATE")
    await refuse(ledger)
    tool.execute("ROLLBACK")
    tool.close()
    await append(ledger)
    assert ledger.available
    found = await ledger.verify()
    assert found.broken is None
    actions = [entry.action async for entry in ledger.entries()]
    assert (actions[0], actions[-1], len(actions)) == ("action", "action", found.entries)


def files_of(database: Path) -> list[Path]:
    """Return the files of which a database consists."""
    return [database.with_name(f"{database.name}{end}") for end in ("", "-wal", "-shm")]


def move(database: Path, folder: Path) -> None:
    """Move a database to another folder, over what lies there."""
    folder.mkdir(exist_ok=True)
    for path in files_of(folder / database.name):
        path.unlink(missing_ok=True)
    for path in files_of(database):
        path.rename(folder / path.name)


def content_of(path: Path) -> bytes | None:
    """Return what is in a file, None without one."""
    return path.read_bytes() if path.exists() else None


@pytest.mark.parametrize("replacement", ["nothing", "empty file", "older copy", "text"])
async def test_a_replaced_file_is_refused_until_the_right_one_is_back(
    replacement: str, open_ledger: OpenLedger, sqlite_file: Path, tmp_path: Path
) -> None:
    """Nothing is written into a file that lacks what was confirmed, and none is begun anew."""
    ledger = await open_ledger(f"sqlite:///{sqlite_file}", retry_every=0.05)
    await append(ledger)
    await ledger.hold()
    older = tmp_path / "older.db"
    shutil.copyfile(sqlite_file, older)
    await ledger.go_on()
    await append(ledger)
    await ledger.hold()
    move(sqlite_file, tmp_path / "aside")
    match replacement:
        case "empty file":
            shutil.copyfile("/dev/null", sqlite_file)
        case "older copy":
            shutil.copyfile(older, sqlite_file)
            for path in files_of(sqlite_file)[1:]:
                shutil.copyfile("/dev/null", path)
        case "text":
            shutil.copyfile(__file__, sqlite_file)
    before = content_of(sqlite_file)
    await ledger.go_on()
    await until(lambda: not ledger.available)
    await refuse(ledger)
    await refuse(ledger)
    with pytest.raises(LedgerUnavailable):
        await ledger.open()
    # SQLite writes its own header into an empty file, and no table.
    assert content_of(sqlite_file) == before or before == b""
    if before == b"":
        with sqlite3.connect(sqlite_file) as database:
            assert database.execute("SELECT * FROM sqlite_master").fetchall() == []
        database.close()
    move(tmp_path / "aside" / sqlite_file.name, tmp_path)
    await until(lambda: ledger.available)
    assert (await append(ledger)).number == 3
    assert (await ledger.verify()).entries == 3


async def test_an_entry_written_into_a_file_that_was_just_moved_away_is_not_confirmed(
    open_ledger: OpenLedger, sqlite_file: Path, tmp_path: Path
) -> None:
    """Not even where it happens between the last look and the commit; back again, the entry is taken up."""
    ledger = await open_ledger(f"sqlite:///{sqlite_file}", retry_every=0.05)
    await append(ledger)

    def move_away(_connection: Connection) -> None:
        """Move the file."""
        move(sqlite_file, tmp_path / "aside")

    event.listen(Engine, "commit", move_away)
    try:
        await refuse(ledger)
    finally:
        event.remove(Engine, "commit", move_away)
    assert ledger.head.number == 1
    move(tmp_path / "aside" / sqlite_file.name, tmp_path)
    await until(lambda: ledger.available)
    assert ledger.head.number == 2
    assert (await append(ledger)).number == 3
    assert [entry.action async for entry in ledger.entries()] == ["action", "refused", "action"]
    assert (await ledger.verify()).broken is None


async def test_a_file_rewritten_behind_our_back_is_a_fork(
    open_ledger: OpenLedger, sqlite_file: Path, tmp_path: Path
) -> None:
    """Another ledger of the same name, with other entries."""
    ledger = await open_ledger(f"sqlite:///{sqlite_file}")
    await append(ledger)
    other = await open_ledger(f"sqlite:///{tmp_path / 'other.db'}")
    await append(other)
    await append(other)
    await other.close()
    for path in files_of(sqlite_file):
        path.unlink()
    (tmp_path / "other.db").rename(sqlite_file)
    with pytest.raises(LedgerForked):
        await append(ledger)
    with pytest.raises(LedgerForked):
        await ledger.open()


@pytest.mark.parametrize("trouble", ["full", "read-only"])
def test_a_disk_that_takes_nothing_refuses_and_recovers(trouble: str) -> None:
    """A limit of the operating system stands for the disk; the process is one of its own."""
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "tests.lib.ledger.cramped", trouble],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


async def test_held_for_a_backup_the_copied_file_alone_is_whole(
    open_ledger: OpenLedger, sqlite_file: Path, tmp_path: Path
) -> None:
    """Appends wait meanwhile, in their order, and go on afterwards."""
    ledger = await open_ledger(f"sqlite:///{sqlite_file}")
    before = [asyncio.create_task(append(ledger)) for _ in range(20)]
    await asyncio.sleep(0)
    await ledger.hold()
    assert all(task.done() for task in before)
    held = [asyncio.create_task(append(ledger, f"held {i}")) for i in range(5)]
    copy = tmp_path / "copy.db"
    shutil.copyfile(sqlite_file, copy)
    await asyncio.sleep(0.05)
    assert not any(task.done() for task in held)
    found = verify.verify(verify.rows_of_database(copy, "home"), "home", {20: ledger.head.hash})
    assert (found.broken, found.entries) == (None, 20)
    assert content_of(sqlite_file) == content_of(copy)
    await ledger.go_on()
    entries = await asyncio.gather(*held)
    assert [entry.action for entry in entries] == [f"held {i}" for i in range(5)]
    assert [entry.number for entry in entries] == list(range(21, 26))


async def test_a_backup_that_never_ends_does_not_hold_the_ledger_for_ever(
    open_ledger: OpenLedger, sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten minutes, here less."""
    monkeypatch.setattr(store, "MAX_HOLD", 0.05)
    ledger = await open_ledger(f"sqlite:///{sqlite_file}")
    await ledger.hold()
    assert (await append(ledger)).number == 1


async def test_a_held_ledger_can_be_closed(open_ledger: OpenLedger, sqlite_file: Path) -> None:
    """Those who wait are told, and nothing is left over."""
    ledger = await open_ledger(f"sqlite:///{sqlite_file}")
    await ledger.hold()
    waiting = asyncio.create_task(append(ledger))
    await asyncio.sleep(0)
    await ledger.close()
    with suppress(LedgerUnavailable):
        await waiting
    await ledger.hold()
    await ledger.close()


@pytest.mark.parametrize("confirmed", [1, 200])
async def test_a_killed_writer_loses_nothing_that_was_confirmed(
    url: str, confirmed: int, open_ledger: OpenLedger, tmp_path: Path
) -> None:
    """SIGKILL in the middle of appends; then the chain is whole and holds every confirmed hash."""
    output = tmp_path / "confirmed"
    with output.open("wb") as file:
        writer = subprocess.Popen(  # noqa: S603, ASYNC220 (our own program; started before anything waits)
            [sys.executable, "-m", "tests.lib.ledger.writer", url], cwd=ROOT, stdout=file
        )
    try:
        await until(
            lambda: output.read_bytes().count(b"\n") >= confirmed or writer.poll() is not None
        )
    finally:
        writer.kill()
        writer.wait()
    lines = output.read_text().splitlines()
    assert len(lines) >= confirmed
    ledger = await open_ledger(url)
    found = await ledger.verify()
    assert found.broken is None
    stored = {f"{entry.number}:{entry.hash}" async for entry in ledger.entries()}
    assert set(lines) <= stored
    assert (await append(ledger)).number == found.entries + 1


# --- PostgreSQL ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def own_server() -> Iterator[Server]:
    """Return a server that a test may stop."""
    if (programs := binaries()) is None:
        pytest.fail("PostgreSQL is not installed; scripts/setup --tests installs it")
    with server(programs) as running:
        yield running


async def test_a_server_that_is_down_refuses_and_is_found_again(
    own_server: Server, open_ledger: OpenLedger
) -> None:
    """Without anybody asking; the head is the same."""
    ledger = await open_ledger(own_server.url, retry_every=0.05)
    seen: list[bool] = []
    ledger.add_listener(lambda: seen.append(ledger.available))
    kept = await append(ledger)
    own_server.stop()
    await refuse(ledger)
    await refuse(ledger)
    with pytest.raises(LedgerUnavailable):
        await ledger.verify()
    assert ledger.head.hash == kept.hash
    own_server.start()
    await until(lambda: ledger.available)
    assert (await append(ledger)).previous == kept.hash
    assert [state for state, _ in groupby(seen)] == [True, False, True]
    # Restarted while nobody wrote: the first append afterwards does not even notice.
    own_server.stop()
    own_server.start()
    await append(ledger)
    found = await ledger.verify()
    assert (found.broken, found.entries) == (None, 3)


async def test_a_server_that_is_down_from_the_start_is_waited_for(
    own_server: Server, open_ledger: OpenLedger
) -> None:
    """Opening says so, and later entries begin where the chain ended."""
    first = await open_ledger(own_server.url)
    await append(first)
    await first.close()
    own_server.stop()
    ledger = Ledger(own_server.url, "home", retry_every=0.05)
    try:
        with pytest.raises(LedgerUnavailable):
            await ledger.open()
        own_server.start()
        await until(lambda: ledger.available)
        assert (await append(ledger)).number == 2
    finally:
        await ledger.close()


async def test_a_server_that_hangs_is_refused_in_time(
    own_server: Server, open_ledger: OpenLedger
) -> None:
    """It neither answers nor closes the connection."""
    ledger = await open_ledger(own_server.url)
    await append(ledger)
    own_server.signal(signal.SIGSTOP)
    try:
        await refuse(ledger)
    finally:
        own_server.signal(signal.SIGCONT)
    await append(ledger)
    found = await ledger.verify()
    assert found.broken is None
    # The refused one was on its way, so it may be there; what was confirmed certainly is.
    assert found.entries in {2, 3}
    assert ledger.head.number == found.entries


async def test_a_server_killed_among_appends_loses_nothing_that_was_confirmed(
    own_server: Server, open_ledger: OpenLedger
) -> None:
    """Again and again, with appends under way."""
    ledger = await open_ledger(own_server.url)
    confirmed: list[str] = []
    going = True

    async def write() -> None:
        while going:
            with suppress(LedgerUnavailable):
                confirmed.append((await append(ledger)).hash)
            await asyncio.sleep(0)

    async def twenty_more() -> None:
        wanted = len(confirmed) + 20
        await until(lambda: len(confirmed) > wanted)

    writers = [asyncio.create_task(write()) for _ in range(6)]
    for _ in range(3):
        await twenty_more()
        await asyncio.to_thread(own_server.stop)
        await asyncio.to_thread(own_server.start)
    going = False
    await asyncio.gather(*writers)
    found = await ledger.verify()
    assert found.broken is None
    stored = [entry.hash async for entry in ledger.entries()]
    assert set(confirmed) <= set(stored)
    assert len(set(confirmed)) == len(confirmed)


async def test_connections_that_the_server_ended_are_made_anew_unnoticed(
    postgres_database: str, open_ledger: OpenLedger
) -> None:
    """An administrator, or a firewall that forgets connections."""
    ledger = await open_ledger(postgres_database)
    for number in range(1, 4):
        assert (await append(ledger)).number == number
        with psycopg.connect(plain(postgres_database), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'niiza_cctv' AND datname = current_database()"
            )


class Wire:
    """A connection to the server that can lose the answer to a COMMIT."""

    def __init__(self, folder: Path, target: str) -> None:
        """Stand between a client and the server's socket."""
        self.folder = folder
        self._target = target
        self.lose = 0
        self.cut = False
        self._pumps: set[asyncio.Task[None]] = set()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection."""
        if self.cut:
            writer.close()
            return
        onward = await asyncio.open_unix_connection(self._target)
        lost = asyncio.Event()

        async def pump(source: asyncio.StreamReader, to: asyncio.StreamWriter, *, up: bool) -> None:
            while data := await source.read(65536):
                if up and b"COMMIT" in data and self.lose:
                    self.lose -= 1
                    lost.set()
                if not up and lost.is_set():
                    # The server has committed; its answer ends here, and so does the connection.
                    writer.transport.abort()
                    break
                to.write(data)
                await to.drain()
            to.close()

        for pumping in (pump(reader, onward[1], up=True), pump(onward[0], writer, up=False)):
            task = asyncio.create_task(pumping)
            self._pumps.add(task)
            task.add_done_callback(self._pumps.discard)

    async def close(self) -> None:
        """End what is still carried."""
        for task in tuple(self._pumps):
            task.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)


@pytest.fixture
async def wire(
    postgres: str, socket_enabled: None, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Wire]:
    """Return a wire to the server."""
    # The guard against connections to the world does not know a socket in the file system.
    monkeypatch.setattr(socket.socket, "connect", _socket.socket.connect)
    target = f"{make_url(postgres).query['host']}/.s.PGSQL.5432"
    with tempfile.TemporaryDirectory(prefix="wire-") as name:
        wire = Wire(Path(name), target)
        listener = await asyncio.start_unix_server(wire.accept, f"{name}/.s.PGSQL.5432")
        yield wire
        listener.close()
        await wire.close()


async def test_a_lost_answer_to_a_commit_is_made_up_for(
    postgres_database: str, wire: Wire, open_ledger: OpenLedger
) -> None:
    """The entry is there once, and the one who waits hears of it."""
    url = make_url(postgres_database).update_query_dict({"host": str(wire.folder)})
    ledger = await open_ledger(url.render_as_string(hide_password=False))
    await append(ledger)
    wire.lose = 1
    assert (await append(ledger)).number == 2
    assert wire.lose == 0
    assert (await append(ledger)).number == 3
    found = await ledger.verify()
    assert (found.broken, found.entries) == (None, 3)


async def test_an_entry_that_became_durable_after_its_refusal_is_taken_up(
    postgres_database: str, wire: Wire, open_ledger: OpenLedger
) -> None:
    """The answer was lost and the server gone for longer than anybody waits; that is no fork."""
    url = make_url(postgres_database).update_query_dict({"host": str(wire.folder)})
    ledger = await open_ledger(url.render_as_string(hide_password=False), retry_every=0.05)
    await append(ledger)
    wire.lose = 1
    refused = asyncio.create_task(append(ledger, "in doubt"))
    await until(lambda: wire.lose == 0)
    wire.cut = True
    doubtful = False
    try:
        await refused
    except LedgerUnavailable:
        doubtful = True
    wire.cut = False
    await until(lambda: ledger.available)
    assert ledger.head.number == 2
    assert (await append(ledger)).number == 3
    actions = [entry.action async for entry in ledger.entries()]
    assert actions == ["action", "in doubt", "action"]
    assert (await ledger.verify()).broken is None
    # On a machine that was quick enough the second try got through before the cut.
    assert doubtful in {True, False}
