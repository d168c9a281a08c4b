"""What an entry that somebody wrote into the database is worth: nothing, before and after it is found."""

from pathlib import Path
import sqlite3
from threading import Event
from typing import Any, override

import pytest
from sqlalchemy import Select

from custom_components.niiza_cctv.lib.ledger import store
from custom_components.niiza_cctv.lib.ledger.errors import (
    LedgerBroken,
    LedgerUnavailable,
    LedgerUnproved,
)
from custom_components.niiza_cctv.lib.ledger.model import Entry, Person
from custom_components.niiza_cctv.lib.ledger.proof import LedgerProof
from custom_components.niiza_cctv.lib.ledger.store import Ledger
from custom_components.niiza_cctv.lib.ledger.verify import TABLE

SUZUKI = Person(id="suzuki", name="鈴木")


async def filled(ledger: Ledger) -> LedgerProof:
    """Return the proof of a ledger with entries about two cases."""
    for number in range(1, 7):
        await ledger.append("step", f"case/{number % 2}", {"number": number}, person=SUZUKI)
    return LedgerProof(ledger)


async def test_nothing_is_proved_before_it_is(url: str) -> None:
    """The whole chain first; then the entries of one subject are verified and returned."""
    ledger = Ledger(url, "home")
    await ledger.open()
    proof = await filled(ledger)
    heard: list[bool] = []
    proof.add_listener(lambda: heard.append(proof.is_broken))
    with pytest.raises(LedgerUnproved):
        proof.check()
    with pytest.raises(LedgerUnproved):
        await proof.prove_subject("case/1")
    assert (await proof.prove()).entries == 6
    proof.check()
    assert [one.number for one in await proof.prove_subject("case/1")] == [1, 3, 5]
    assert [one.number for one in await proof.prove_subject("case/0", after=2)] == [4, 6]
    assert heard == [False]
    await ledger.close()


FORGERIES = {
    "nonsense": (7, "0" * 64, "f" * 64),
    "linked, hash of nothing": (7, None, "f" * 64),
    "a gap": (9, "0" * 64, "f" * 64),
    "no hash at all": (7, "x", "ハッシュ"),
}


@pytest.mark.parametrize("forged", FORGERIES)
async def test_a_forged_entry_is_found(sqlite_file: Path, forged: str) -> None:
    """Written between two starts, whatever it claims to follow."""
    ledger = Ledger(f"sqlite:///{sqlite_file}", "home")
    await ledger.open()
    await filled(ledger)
    head = ledger.head.hash
    await ledger.close()
    number, previous, digest = FORGERIES[forged]
    forge(sqlite_file, number, head if previous is None else previous, digest)
    await ledger.open()
    proof = LedgerProof(ledger)
    with pytest.raises(LedgerUnproved):
        proof.check()
    assert (await proof.prove()).broken == 7
    with pytest.raises(LedgerBroken):
        proof.check()
    with pytest.raises(LedgerBroken):
        await proof.prove_subject("case/1")
    await ledger.close()


async def test_an_entry_that_is_changed_after_the_proof_is_found_at_its_use(
    sqlite_file: Path,
) -> None:
    """While it is open, too: one subject is verified each time; the others are found by the next whole proof."""
    ledger = Ledger(f"sqlite:///{sqlite_file}", "home")
    await ledger.open()
    proof = await filled(ledger)
    await proof.prove()
    with sqlite3.connect(sqlite_file) as database:
        database.execute(f"DROP TRIGGER {TABLE}_no_update")
        database.execute(
            f"UPDATE {TABLE} SET details = '{{\"number\":99}}' WHERE number = 3"  # noqa: S608 (a constant)
        )
    database.close()
    assert len(await proof.prove_subject("case/0")) == 3
    with pytest.raises(LedgerBroken):
        await proof.prove_subject("case/1")
    with pytest.raises(LedgerBroken):
        await proof.prove_subject("case/0")
    assert proof.is_broken
    await ledger.close()


def forge(file: Path, number: int, previous: str, digest: str) -> None:
    """Write an entry into the database, past its guards."""
    with sqlite3.connect(file) as database:
        database.execute(f"DROP TRIGGER {TABLE}_next_only")
        database.execute(
            f"INSERT INTO {TABLE} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 (a constant)
            ("home", number, "2026-11-20T12:00:00.000000Z", "suzuki", "鈴木", "case_approved",
             "case/1", "{}", previous, digest),
        )  # fmt: skip
    database.close()


async def test_proof_that_a_disk_keeps_waiting_is_refused_in_time(
    sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread of the database hangs in a call: whoever stands before the screen is told, and later it is proved."""
    answers = Event()

    class Hanging(Ledger):
        @override
        def _proved(self, query: Select[Any]) -> list[Entry]:
            assert answers.wait(60)
            return super()._proved(query)

    ledger = Hanging(f"sqlite:///{sqlite_file}", "home")
    await ledger.open()
    kept = await ledger.append("action", "case/1", person=None)
    monkeypatch.setattr(store, "PATIENCE", 0.2)
    with pytest.raises(LedgerUnavailable, match="in time"):
        await ledger.prove_subject("case/1")
    answers.set()
    monkeypatch.undo()
    assert await ledger.prove_subject("case/1") == [kept]
    await ledger.close()
