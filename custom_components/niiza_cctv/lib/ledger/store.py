"""One chain in a database: SQLite beside Home Assistant, or PostgreSQL that several of them share.

All database work runs in one thread of the ledger's own, so appends keep their order and the event loop never waits for
a disk. Appends that wait while a transaction is under way become the next transaction together.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
import json
from pathlib import Path
import sqlite3
import time
from typing import Any, Literal, NamedTuple, override

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    bindparam,
    create_engine,
    insert,
    inspect,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from .errors import EntryInvalid, LedgerBroken, LedgerError, LedgerForked, LedgerUnavailable
from .export import Writer
from .model import Entry, Head, Json, Person, Verification
from .verify import GENESIS, TABLE, Row, Verifier, canonical, checked, hash_of, tolerant

# An append that could not be written by then is refused: somebody is waiting in front of a screen.
PATIENCE = 5.0
# What a database may take to let go when we stop (seconds).
CLOSING = 2.0
# What a single step may take of it, so that a dead server is noticed while the caller still waits.
STEP = 4
# A connection that failed this fast (seconds) had died before, and a new one is worth a try.
SOON = 1.0
MAX_HOLD = 600.0
BATCH = 500
PAGE = 500
PAGE_BYTES = 4 * 1024 * 1024
MAX_DETAILS = 1024 * 1024
# Numbers that no ledger gives are found too.
BEFORE_ALL = -(2**63)

type Listener = Callable[[], None]

METADATA = MetaData()
LEDGER = Table(
    TABLE,
    METADATA,
    Column("chain", Text, primary_key=True),
    Column(
        "number",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("at", Text, nullable=False),
    Column("person_id", Text),
    Column("person_name", Text),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    # One tree, sorted by the key: nothing is stored twice, so nothing can be changed in one place only.
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# The database itself refuses what no ledger does, whoever asks. Its owner can drop these again (docs/ledger.md).
_GUARDS_SQLITE = (
    f"""CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE}
BEGIN SELECT RAISE(ABORT, 'The ledger is append-only'); END""",
    f"""CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE}
BEGIN SELECT RAISE(ABORT, 'The ledger is append-only'); END""",
    # Also what INSERT OR REPLACE would overwrite without a DELETE.
    f"""CREATE TRIGGER {TABLE}_next_only BEFORE INSERT ON {TABLE}
WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE chain = NEW.chain AND number >= NEW.number)
  OR NOT (NEW.number = 1 AND NEW.previous = '{GENESIS}' OR EXISTS (SELECT 1 FROM {TABLE}
    WHERE chain = NEW.chain AND number = NEW.number - 1 AND hash = NEW.previous))
BEGIN SELECT RAISE(ABORT, 'Not the next entry of its chain'); END""",  # noqa: S608 (constants)
)
_GUARDS_POSTGRESQL = (
    f"""CREATE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'The ledger is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    f"""CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE}
FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()""",
    f"""CREATE FUNCTION {TABLE}_next_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM {TABLE} WHERE chain = NEW.chain AND number >= NEW.number)
    OR NOT (NEW.number = 1 AND NEW.previous = '{GENESIS}' OR EXISTS (SELECT 1 FROM {TABLE}
      WHERE chain = NEW.chain AND number = NEW.number - 1 AND hash = NEW.previous))
  THEN RAISE EXCEPTION 'Not the next entry of its chain' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$""",  # noqa: S608 (constants)
    f"""CREATE TRIGGER {TABLE}_next_only BEFORE INSERT ON {TABLE}
FOR EACH ROW EXECUTE FUNCTION {TABLE}_next_only()""",
)
# "niiza" in ASCII: two Home Assistants that come to a new database at once must not both make the tables.
_CREATION_LOCK = 0x6E69697A61

_COLUMNS = select(*(LEDGER.c[name] for name in Row._fields))
_HEAD = (
    select(LEDGER.c.number, LEDGER.c.hash, LEDGER.c.at)
    .where(LEDGER.c.chain == bindparam("of"))
    .order_by(LEDGER.c.number.desc())
    .limit(1)
)
_BEFORE = LEDGER.alias("before")
# Each entry with the hash of the one before it.
_LINKED = select(*(LEDGER.c[name] for name in Row._fields), _BEFORE.c.hash).select_from(
    LEDGER.outerjoin(
        _BEFORE,
        (_BEFORE.c.chain == LEDGER.c.chain) & (_BEFORE.c.number == LEDGER.c.number - 1),
    )
)
# The first and the last by name: without reading what lies between.
_FIRST_CHAIN = select(LEDGER.c.chain).order_by(LEDGER.c.chain).limit(1)
_LAST_CHAIN = select(LEDGER.c.chain).order_by(LEDGER.c.chain.desc()).limit(1)
_INSERT = insert(LEDGER)
# The canonical form has no white space around it to be looked for.
_decode = json.JSONDecoder().raw_decode
_EMPTY = Head(number=0, hash=GENESIS, at=None)


class _Draft(NamedTuple):
    """An entry that is not yet linked."""

    at: datetime
    person: Person | None
    action: str
    subject: str
    details: str


@dataclass
class _Waiting:
    """An append somebody waits for."""

    draft: _Draft
    written: asyncio.Future[Entry]


def _at(text: str) -> datetime | None:
    """Return a stored time, None for a tampered one."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _entry(row: Row) -> Entry:
    """Return a row as an entry; raises LedgerBroken."""
    try:
        return Entry(
            chain=row.chain,
            number=row.number,
            at=datetime.fromisoformat(row.at),
            person=None
            if row.person_id is None or row.person_name is None
            else Person(id=row.person_id, name=row.person_name),
            action=row.action,
            subject=row.subject,
            details=_decode(row.details)[0],
            previous=row.previous,
            hash=row.hash,
        )
    except (ValueError, TypeError, RecursionError) as err:
        raise LedgerBroken(f"Entry {row.number} cannot be read") from err


def _text(value: str) -> str:
    """Return a text that both databases can hold; raises EntryInvalid."""
    # PostgreSQL stores no NUL; in the details it is written as an escape.
    if "\0" in value:
        raise EntryInvalid("A text holds a NUL character")
    return value


def _code(err: SQLAlchemyError | OSError) -> str:
    """Name a failure without the driver's message, which holds addresses, users and texts of entries."""
    origin = err.orig if isinstance(err, DBAPIError) else err
    for name in ("sqlite_errorname", "sqlstate", "strerror"):
        if isinstance(code := getattr(origin, name, None), str):
            return code
    return type(origin).__name__


class Ledger:
    """One append-only chain of entries; used from one event loop."""

    def __init__(
        self, url: str, chain: str, *, alone: bool = False, retry_every: float = 10.0
    ) -> None:
        """Take "sqlite:////absolute/path" or "postgresql+psycopg://…"; nothing is opened.

        `alone`: nobody else writes to this database. Where it holds one chain and that has another name, it is ours, and
        `chain` is its name once it was read. `retry_every` is the time in seconds after which a lost database is looked for again.
        Raises LedgerError when the URL cannot be understood.
        """
        try:
            self._url = make_url(url)
        except SQLAlchemyError, ValueError:
            # What cannot be parsed may be a password in the wrong place.
            raise LedgerError("The database URL cannot be understood") from None
        self._path: Path | None = None
        if self._url.drivername in {"sqlite", "sqlite+pysqlite"}:
            if not self._url.database or not (path := Path(self._url.database)).is_absolute():
                raise LedgerError("The database URL names no absolute path")
            self._path = path
        elif self._url.drivername in {"postgresql", "postgresql+psycopg"}:
            self._url = self._url.set(drivername="postgresql+psycopg")
        else:
            raise LedgerError("Only SQLite and PostgreSQL can hold a ledger")
        self.chain = _text(chain)
        self._alone = alone
        self._retry_every = retry_every
        # Set in the thread, with the commit; None until the database was read once.
        self._known: Head | None = None
        # What keeps entries from being written, as far as the last exchange with the database told.
        self._trouble: LedgerError | None = LedgerUnavailable("The ledger is closed")
        self._forked = False
        self._closed = True
        self._listeners: set[Listener] = set()
        self._waiting: list[_Waiting] = []
        self._writer: asyncio.Task[None] | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._hold_ends: asyncio.TimerHandle | None = None
        # What follows belongs to the thread.
        self._thread: ThreadPoolExecutor | None = None
        self._engine: Engine | None = None
        self._connection: Connection | None = None
        self._file: tuple[tuple[int, int], ...] = ()
        # The hash of the last entry that was sent to be committed, until the answer is heard.
        self._doubtful = ""

    @override
    def __repr__(self) -> str:
        """Name the chain; the URL may hold a password."""
        kind = "PostgreSQL" if self._path is None else "SQLite"
        return f"<Ledger {self.chain!r} in {kind}, head {self.head.number}>"

    @property
    def available(self) -> bool:
        """Return whether the last look at the database was a success."""
        return self._trouble is None

    def check_available(self) -> None:
        """Raise LedgerUnavailable, LedgerForked or LedgerBroken while nothing can be written, as `available` tells."""
        if self._trouble is not None:
            # Each time anew: a traceback grows with every one who raises it.
            raise type(self._trouble)(*self._trouble.args)

    @property
    def head(self) -> Head:
        """Return the newest entry known to be durable."""
        return self._known or _EMPTY

    def add_listener(self, listener: Listener) -> Callable[[], None]:
        """Call the listener in the loop after every append and change of availability; return how to end that."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    # --- opening, closing, losing, finding again ----------------------------------------------------------------------

    async def open(self) -> None:
        """Make the tables where there are none and read the head.

        Raises LedgerUnavailable when the database cannot be reached; it is then looked for again by itself.
        After LedgerForked only this takes the other writer's entries as the chain's.
        """
        self._closed = False
        self._forked = False
        if self._watcher is None:
            self._watcher = asyncio.create_task(self._watch(), name="niiza_cctv ledger")
        await self._look(again=True)

    async def close(self) -> None:
        """Write what waits, let the database go and end the thread; a later `open` begins again.

        Whoever waits for a database that does not take it within two seconds gets LedgerUnavailable.
        """
        self.go_on_now()
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
            self._watcher = None
        ends_at = asyncio.get_running_loop().time() + CLOSING
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(ends_at):
                while (writer := self._writer) is not None:
                    await asyncio.wait({writer})
        self._closed = True
        if (writer := self._writer) is not None:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        self._refuse(self._waiting)
        self._waiting.clear()
        self._trouble = LedgerUnavailable("The ledger is closed")
        if self._thread is not None:
            thread, self._thread = self._thread, None
            loop = asyncio.get_running_loop()
            # A server that hangs must not hang Home Assistant's end.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(ends_at):
                    await loop.run_in_executor(thread, self._disconnect)
                    await loop.run_in_executor(None, thread.shutdown)

    def _refuse(self, waiting: list[_Waiting]) -> None:
        """Tell those who wait that the ledger is closed."""
        for each in waiting:
            if not each.written.done():
                each.written.set_exception(LedgerUnavailable("The ledger is closed"))

    async def _watch(self) -> None:
        """Notice that the database went or came while nobody appends."""
        while True:
            await asyncio.sleep(self._retry_every if not self.available else 6 * self._retry_every)
            with contextlib.suppress(LedgerError):
                if not self._forked and self._flowing.is_set():
                    await self._look()

    async def _look(self, *, again: bool = False) -> None:
        """Compare the database's head with ours; `again` follows another writer's entries."""
        before = self._known
        try:
            await self._run(partial(self._read_head, again=again))
        except LedgerError as err:
            self._note(err)
            raise
        self._note(None, changed=self._known != before)

    def _note(self, err: LedgerError | None, *, changed: bool = False) -> None:
        """Keep what an exchange with the database told about its state."""
        was_available = self.available
        # Without its traceback, whose frames would stay.
        trouble = isinstance(err, (LedgerUnavailable, LedgerForked, LedgerBroken))
        self._trouble = type(err)(*err.args) if err is not None and trouble else None
        self._forked = self._forked or isinstance(err, LedgerForked)
        if self.available != was_available or changed:
            for listener in tuple(self._listeners):
                listener()

    async def _run[T](self, work: Callable[[], T]) -> T:
        """Run work in the ledger's thread; what the database raises becomes a LedgerError."""
        if self._closed:
            raise LedgerUnavailable("The ledger is closed")
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, f"niiza_cctv ledger {self.chain}")
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, partial(self._guarded, work)
        )

    # --- appending ----------------------------------------------------------------------------------------------------

    async def append(
        self,
        action: str,
        subject: str,
        details: Mapping[str, Json] | None = None,
        *,
        person: Person | None,
        patient: bool = False,
    ) -> Entry:
        """Append an entry and return it when it is durable, that is: when the disk has confirmed it.

        Whoever tries again is `patient`, and told what came of it, however late: it may have been on its way.
        Raises LedgerUnavailable within five seconds when it could not be written (during a backup the five seconds
        begin after it), LedgerForked, or EntryInvalid when the values have no canonical form. After LedgerUnavailable,
        and after a cancellation, the entry may still become durable if it was on its way to the disk at that moment;
        `head` and the listeners then show it.
        """
        try:
            written = canonical(dict(details or {}))
            for text in (action, subject, *((person.id, person.name) if person else ())):
                canonical(_text(text))
        except ValueError as err:
            raise EntryInvalid(str(err)) from err
        if len(written) > MAX_DETAILS:
            raise EntryInvalid("The details are too large")
        draft = _Draft(datetime.now(UTC), person, str(action), subject, written)
        await self._flowing.wait()
        if self._closed:
            raise LedgerUnavailable("The ledger is closed")
        if self._forked:
            raise LedgerForked("Somebody else wrote to this chain")
        waiting = _Waiting(draft, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write(), name="niiza_cctv ledger writer")
        try:
            if not (await asyncio.wait({waiting.written}, timeout=PATIENCE))[0]:
                late = LedgerUnavailable("The database does not answer in time")
                self._note(late)
                if not patient:
                    raise late
            return await waiting.written
        finally:
            # Of whoever is gone nothing is written any more that is not on its way.
            waiting.written.cancel()

    async def _write(self) -> None:
        """Write what waits, batch by batch, until nothing does."""
        try:
            while self._waiting:
                batch = [each for each in self._waiting[:BATCH] if not each.written.done()]
                del self._waiting[:BATCH]
                if batch:
                    await self._write_batch(batch)
        finally:
            self._writer = None

    async def _write_batch(self, batch: list[_Waiting]) -> None:
        """Write a batch in one transaction and tell those who wait."""
        try:
            rows = await self._run(partial(self._append, batch))
        except asyncio.CancelledError:
            self._refuse(batch)
            raise
        except LedgerError as err:
            for each in batch:
                if not each.written.done():
                    # Each its own: a traceback grows with every one who raises it.
                    each.written.set_exception(type(err)(*err.args))
            self._note(err)
            return
        entries = [_entry(row) for row in rows]
        for each, entry in zip(batch, entries, strict=True):
            if not each.written.done():
                each.written.set_result(entry)
        self._note(None, changed=True)

    # --- reading ------------------------------------------------------------------------------------------------------

    async def entries(
        self,
        *,
        after: int = 0,
        actions: Collection[str] | None = None,
        subject: str | None = None,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> AsyncIterator[Entry]:
        """Yield the entries with a number above `after`, page by page; memory does not grow with the chain.

        Appends go between the pages. Raises LedgerUnavailable, and LedgerBroken at an entry that cannot be read.
        """
        query = _COLUMNS.where(LEDGER.c.chain == self.chain)
        if actions is not None:
            query = query.where(LEDGER.c.action.in_([str(action) for action in actions]))
        if subject is not None:
            query = query.where(LEDGER.c.subject == subject)
        number = LEDGER.c.number
        query = query.order_by(number.desc() if newest_first else number)
        # One lower bound each: by the first of two SQLite would seek, and filter by the other.
        left, rest = limit, query.where(number > after)
        while left is None or left > 0:
            size = PAGE if left is None else min(PAGE, left)
            page, more = await self._run(partial(self._page, rest, size))
            for entry in page:
                yield entry
            if not more:
                return
            last = page[-1].number
            rest = (
                query.where(number > after, number < last)
                if newest_first
                else query.where(number > last)
            )
            if left is not None:
                left -= len(page)

    async def verify(self) -> Verification:
        """Prove the chain from the first entry to the head that we wrote last; memory does not grow with it.

        Raises LedgerUnavailable. Appends go between the pages.
        """
        verifier = Verifier(self.chain, {self.head.number: self.head.hash})
        after, more = BEFORE_ALL, True
        while more and not verifier.broken:
            after, more = await self._run(partial(self._verify_page, verifier, after))
        found = verifier.findings()
        at = None if found.at is None else datetime.fromisoformat(found.at)
        return Verification(
            entries=found.entries,
            head=Head(number=found.entries, hash=found.hash, at=at),
            broken=found.broken,
            reason=found.reason,
        )

    async def prove_subject(self, subject: str, *, after: int = 0) -> list[Entry]:
        """Return the entries about a subject above a number, each proved and linked to the one before it.

        Raises LedgerUnavailable, also when it is not there within five seconds, and LedgerBroken at the first that is not
        what was written.
        """
        query = _LINKED.where(
            LEDGER.c.chain == self.chain, LEDGER.c.subject == subject, LEDGER.c.number > after
        )
        try:
            # SQLite tries for ten seconds to read past a log that a dying disk left, and others may wait before us.
            async with asyncio.timeout(PATIENCE):
                return await self._run(partial(self._proved, query.order_by(LEDGER.c.number)))
        except TimeoutError:
            raise LedgerUnavailable("The database does not answer in time") from None

    async def export(self, path: Path, form: Literal["csv", "jsonl"]) -> int:
        """Write the whole chain to a file that appears complete or not at all (0600); return the number of entries.

        JSON Lines is what the stand-alone verifier reads; CSV is for people. Raises LedgerUnavailable and OSError.
        """
        loop = asyncio.get_running_loop()
        # File work is not the database's: a slow share must not hold appends up.
        writer = await loop.run_in_executor(None, Writer, path, form)
        try:
            after, more = BEFORE_ALL, True
            while more:
                rows, more = await self._run(partial(self._rows_after, after))
                after = rows[-1].number if rows else after
                await loop.run_in_executor(None, writer.write, rows)
            return await loop.run_in_executor(None, writer.finish)
        finally:
            await asyncio.shield(loop.run_in_executor(None, writer.discard))

    # --- backups ------------------------------------------------------------------------------------------------------

    async def hold(self) -> None:
        """Hold appends back so that a copy of the file is whole; `go_on` or ten minutes end it.

        Waits until nothing is being written and moves what SQLite keeps in its write-ahead log into the file itself.
        A ledger on PostgreSQL is not in Home Assistant's backup and is not held. Raises nothing: with a database that
        is lost nothing is written either.
        """
        if self._path is None or self._closed:
            return
        self._flowing.clear()
        if self._hold_ends is not None:
            self._hold_ends.cancel()
        self._hold_ends = asyncio.get_running_loop().call_later(MAX_HOLD, self.go_on_now)
        if self._writer is not None:
            await asyncio.gather(self._writer, return_exceptions=True)
        with contextlib.suppress(LedgerError):
            await self._run(self._checkpoint)

    async def go_on(self) -> None:
        """Let appends through again."""
        self.go_on_now()

    def go_on_now(self) -> None:
        """Let appends through again; to be called in the loop."""
        if self._hold_ends is not None:
            self._hold_ends.cancel()
            self._hold_ends = None
        self._flowing.set()

    # --- in the thread ------------------------------------------------------------------------------------------------

    def _guarded[T](self, work: Callable[[], T]) -> T:
        """Do work on the database; a connection that failed is not used again."""
        try:
            return work()
        except BaseException as err:
            self._disconnect()
            if isinstance(err, (SQLAlchemyError, OSError)):
                # Without the cause: its text holds addresses, users, and what was to be written.
                raise LedgerUnavailable(f"The database cannot be used ({_code(err)})") from None
            raise

    def _connected(self) -> Connection:
        """Return the connection, made anew where there is none or the file is another one."""
        if self._connection is not None:
            if self._path is None or self._identity() == self._file:
                return self._connection
            self._disconnect()
        if self._path is not None:
            self._make_file(self._path)
        if self._engine is None:
            self._engine = create_engine(
                self._url,
                poolclass=NullPool,
                # Errors and logs would show what was to be written.
                hide_parameters=True,
                connect_args=self._connect_arguments(),
            )
        connection = self._connection = self._engine.connect()
        self._prepare(connection)
        self._file = self._identity()
        return connection

    def _connect_arguments(self) -> dict[str, object]:
        """Return what makes either driver give up while the caller still waits."""
        if self._path is not None:
            # Transactions are begun by us (BEGIN IMMEDIATE): the driver's own begin too late.
            return {"timeout": STEP, "isolation_level": None, "check_same_thread": False}
        return {
            "connect_timeout": STEP,
            "tcp_user_timeout": STEP * 1000,
            "keepalives_idle": 30,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "application_name": "niiza_cctv",
            "client_encoding": "utf8",
        }

    def _make_file(self, path: Path) -> None:
        """Make the database's file readable for nobody else, before anything is in it."""
        if not self.head.number and not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(0o600, exist_ok=True)
        # A file that went away with entries in it is missed, not begun anew.
        elif path.stat().st_mode & 0o077:
            path.chmod(0o600)

    def _identity(self) -> tuple[tuple[int, int], ...]:
        """Return what tells this database's files from others that took their names."""
        if self._path is None:
            return ()
        found = (self._path.stat(), Path(f"{self._path}-wal").stat())
        return tuple((file.st_dev, file.st_ino) for file in found)

    def _prepare(self, connection: Connection) -> None:
        """Set what durability needs, and make the tables where there are none."""
        if self._path is not None:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "trusted_schema=OFF"):
                connection.exec_driver_sql(f"PRAGMA {pragma}")
        else:
            connection.exec_driver_sql(f"SET statement_timeout = {STEP * 1000}")
            connection.exec_driver_sql(
                "SELECT set_config('synchronous_commit', 'on', false)"
                " WHERE current_setting('synchronous_commit') = 'off'"
            )
            if connection.exec_driver_sql("SHOW server_encoding").scalar_one() != "UTF8":
                raise LedgerUnavailable("The database does not store UTF-8")
            connection.commit()
        if not inspect(connection).has_table(LEDGER.name):
            # A database that lost the tables is missed, not begun anew.
            if self.head.number:
                raise LedgerUnavailable("The database lacks the entries that were written")
            connection.rollback()
            self._begin(connection)
            if self._path is None:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CREATION_LOCK})")
            if not inspect(connection).has_table(LEDGER.name):
                METADATA.create_all(connection)
                for guard in _GUARDS_POSTGRESQL if self._path is None else _GUARDS_SQLITE:
                    connection.exec_driver_sql(guard)
            connection.commit()
        connection.rollback()

    def _begin(self, connection: Connection) -> None:
        """Begin a transaction that writes."""
        if self._path is not None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    def _disconnect(self) -> None:
        """Let the connection go, whatever state it is in."""
        connection, self._connection = self._connection, None
        if connection is not None:
            # A server that died has nothing left to say goodbye to.
            with contextlib.suppress(SQLAlchemyError, OSError):
                connection.invalidate()
                connection.close()

    def _read_head(self, *, again: bool) -> None:
        """Read the head; `again` follows another writer's entries."""
        connection = self._connected()
        if self._alone and self._known is None:
            self._find_chain(connection)
        head = self._compared_head(connection, again=again)
        connection.rollback()
        self._known = head

    def _find_chain(self, connection: Connection) -> None:
        """Go on with the one chain that there is, whatever its name."""
        with self._tolerant():
            first, last = (
                connection.execute(query).scalar() for query in (_FIRST_CHAIN, _LAST_CHAIN)
            )
        # What is no text is nobody's name: it was tampered with.
        if first is not None and first == last and "\N{REPLACEMENT CHARACTER}" not in first:
            self.chain = first

    def _compared_head(self, connection: Connection, *, again: bool = False) -> Head:
        """Return the database's head if it continues ours; raises what is the matter otherwise."""
        found = connection.execute(_HEAD, {"of": self.chain}).first()
        known = self._known
        if known is not None and (known.number, known.hash) == (
            found[:2] if found else (0, GENESIS)
        ):
            return known
        stored = _EMPTY
        if found is not None:
            stored = Head(number=found.number, hash=found.hash, at=_at(found.at))
        # Also what we wrote without hearing the answer.
        if known is None or stored.hash == self._doubtful:
            return stored
        ours = connection.execute(
            _COLUMNS.where(LEDGER.c.chain == self.chain, LEDGER.c.number == known.number)
        ).first()
        if stored.number < known.number or (ours is None and known.number):
            raise LedgerUnavailable("The database lacks the entries that were written")
        if not again or (ours is not None and ours.hash != known.hash):
            raise LedgerForked("Somebody else wrote to this chain")
        return stored

    def _append(self, batch: Sequence[_Waiting]) -> list[Row]:
        """Write a batch; a connection that died since the last one deserves a second try."""
        drafts = [each.draft for each in batch]
        begun = time.monotonic()
        for tries in range(1, 4):
            anew = self._connection is None
            try:
                return self._append_once(drafts)
            except (SQLAlchemyError, OSError) as err:
                self._disconnect()
                # What was refused meanwhile shall not appear later. Where a new connection to SQLite failed, it is the disk:
                # another would fail, too, and may take ten seconds to do so.
                late = (
                    time.monotonic() - begun > SOON
                    or all(each.written.done() for each in batch)
                    or (anew and self._path is not None and not isinstance(err, IntegrityError))
                )
                # Somebody was faster; or it was our own transaction, whose answer was lost: then the next try sees it.
                if isinstance(err, IntegrityError) and (late or tries == 3):
                    raise LedgerForked("Somebody else wrote to this chain") from None
                if late or tries == 3:
                    raise
        raise AssertionError("Three tries end in one way or another")

    def _append_once(self, drafts: Sequence[_Draft]) -> list[Row]:
        """Write a batch in one transaction that links it to the head."""
        connection = self._connected()
        self._begin(connection)
        head = self._compared_head(connection)
        rows = self._linked(drafts, self.head)
        # The try before this one was a success, only its answer was lost.
        if not (self._doubtful and head.hash == rows[-1].hash):
            rows = rows if head == self.head else self._linked(drafts, head)
            connection.execute(_INSERT, [row._asdict() for row in rows])
            self._doubtful = rows[-1].hash
        connection.commit()
        # Written to a file that somebody moved away meanwhile, it would be durable for nobody.
        if self._identity() != self._file:
            raise LedgerUnavailable("The database's file was replaced")
        self._doubtful = ""
        last = rows[-1]
        self._known = Head(number=last.number, hash=last.hash, at=_at(last.at))
        return rows

    def _linked(self, drafts: Sequence[_Draft], head: Head) -> list[Row]:
        """Return the drafts as the entries that follow the head."""
        rows = []
        number, previous = head.number, head.hash
        for draft in drafts:
            number += 1
            row = Row(
                chain=self.chain,
                number=number,
                at=f"{draft.at:%Y-%m-%dT%H:%M:%S.%f}Z",
                person_id=draft.person.id if draft.person else None,
                person_name=draft.person.name if draft.person else None,
                action=draft.action,
                subject=draft.subject,
                details=draft.details,
                previous=previous,
                hash="",
            )
            previous = hash_of(row)
            rows.append(row._replace(hash=previous))
        return rows

    def _rows(self, query: Select[Any], size: int) -> tuple[list[Row], bool]:
        """Return the first rows of a query, and whether there may be more."""
        connection = self._connected()
        # From the server in small portions: a page of large entries ends early.
        found = connection.execute(query.limit(size), execution_options={"yield_per": 125})
        rows: list[Row] = []
        weight = 0
        for portion in found.partitions():
            rows += map(Row._make, portion)
            weight += sum(len(row.details) for row in rows[-len(portion) :])
            if weight > PAGE_BYTES:
                break
        found.close()
        connection.rollback()
        return rows, len(rows) == size or weight > PAGE_BYTES

    def _page(self, query: Select[Any], size: int) -> tuple[list[Entry], bool]:
        """Return the first entries of a query, and whether there may be more."""
        rows, more = self._rows(query, size)
        return [_entry(row) for row in rows], more

    def _rows_after(self, number: int) -> tuple[list[Row], bool]:
        """Return the rows of the chain that follow a number, and whether there may be more."""
        mine = _COLUMNS.where(LEDGER.c.chain == self.chain, LEDGER.c.number > number)
        return self._rows(mine.order_by(LEDGER.c.number), PAGE)

    def _verify_page(self, verifier: Verifier, number: int) -> tuple[int, bool]:
        """Give the rows that follow a number to the verifier; return the last one's number and whether there may be more."""
        with self._tolerant():
            rows, more = self._rows_after(number)
        for row in rows:
            try:
                verifier.take(checked(row))
            except ValueError:
                verifier.take(None)
        return (rows[-1].number if rows else number), more

    @contextlib.contextmanager
    def _tolerant(self) -> Iterator[None]:
        """Read texts that are no UTF-8, too: what was tampered with is to be named, not stumbled over."""
        driver = self._connected().connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            yield
            return
        driver.text_factory = tolerant
        try:
            yield
        finally:
            driver.text_factory = str

    def _proved(self, query: Select[Any]) -> list[Entry]:
        """Return the entries of a query for `_LINKED`, each proved; raises LedgerBroken."""
        connection = self._connected()
        with self._tolerant():
            found = connection.execute(query).all()
        connection.rollback()
        proved = []
        for *values, before in found:
            row = Row(*values)
            try:
                true = hash_of(checked(row)) == row.hash
            except ValueError:
                true = False
            if not true or row.previous != (before if row.number > 1 else GENESIS):
                raise LedgerBroken(f"Entry {row.number} is not what was written")
            proved.append(_entry(row))
        return proved

    def _checkpoint(self) -> None:
        """Move the write-ahead log into the database's file."""
        self._connected().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()
