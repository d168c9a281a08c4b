"""Databases for the ledger's tests: files, and a real PostgreSQL server."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
import os
from pathlib import Path
import secrets

import psycopg
import pytest
from sqlalchemy.engine import make_url

from custom_components.niiza_cctv.lib.ledger.store import Ledger
from scripts.postgres import VARIABLE, binaries, server

type OpenLedger = Callable[..., Awaitable[Ledger]]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Return the URL of a server: the one of scripts/test, otherwise one of our own."""
    if given := os.environ.get(VARIABLE):
        yield given
        return
    if (programs := binaries()) is None:
        pytest.skip("PostgreSQL is not installed; scripts/setup --tests installs it")
    with server(programs) as running:
        yield running.url


def plain(url: str) -> str:
    """Return the URL as the driver itself takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def postgres_database(postgres: str) -> Iterator[str]:
    """Return the URL of an empty database on the server."""
    name = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(plain(postgres), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield make_url(postgres).set(database=name).render_as_string(hide_password=False)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    """Return where the SQLite database goes."""
    return tmp_path / "ledger.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('sqlite_file')}"
    return str(request.getfixturevalue("postgres_database"))


@pytest.fixture
async def open_ledger() -> AsyncGenerator[OpenLedger]:
    """Return what opens a ledger; all are closed at the end."""
    ledgers = []

    async def open_it(
        url: str, chain: str = "home", *, alone: bool = False, **options: float
    ) -> Ledger:
        ledger = Ledger(url, chain, alone=alone, **options)
        ledgers.append(ledger)
        await ledger.open()
        return ledger

    yield open_it
    for ledger in ledgers:
        await ledger.close()
