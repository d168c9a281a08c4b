"""What folds the ledger: everything once and in order, whatever got lost on the way."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import override

import pytest

from custom_components.niiza_cctv.lib.ledger.actions import LedgerAction
from custom_components.niiza_cctv.lib.ledger.errors import LedgerUnavailable
from custom_components.niiza_cctv.lib.ledger.model import Entry, Json, Person
from custom_components.niiza_cctv.lib.ledger.projection import PORTION, Projection
from custom_components.niiza_cctv.lib.ledger.store import Ledger

DUE = LedgerAction.CHECK_DUE


class Numbers(Projection):
    """Keeps the numbers that its entries carry."""

    def __init__(self, ledger: Ledger) -> None:
        """Follow one action."""
        super().__init__(ledger, frozenset({DUE}))
        self.seen: list[Json] = []

    @override
    def _fold(self, entry: Entry) -> None:
        self.seen.append(entry.details["n"])

    async def write(self, number: int) -> None:
        """Take a step."""
        async with self._turn():
            await self._append(DUE, "section", {"n": number}, None)


class Forgetful(Ledger):
    """A ledger whose answer gets lost when it is told so."""

    lost = False

    @override
    async def append(
        self,
        action: str,
        subject: str,
        details: Mapping[str, Json] | None = None,
        *,
        person: Person | None,
        patient: bool = False,
    ) -> Entry:
        entry = await super().append(action, subject, details, person=person, patient=patient)
        if self.lost:
            self.lost = False
            raise LedgerUnavailable("no answer")
        return entry


async def test_every_entry_is_folded_once(tmp_path: Path) -> None:
    """Read what others wrote, portion by portion, and leave what is of no concern."""
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", "test")
    await ledger.open()
    count = 2 * PORTION + 1
    for start in range(0, count, PORTION):
        await asyncio.gather(
            *(
                ledger.append(DUE, "section", {"n": number}, person=None)
                for number in range(start, min(start + PORTION, count))
            ),
            ledger.append(LedgerAction.MAIL_BACK, "section", {}, person=None),
        )
    numbers = Numbers(ledger)
    await numbers.load()
    await numbers.write(count)
    await numbers.load()
    assert numbers.seen == list(range(count + 1))
    await ledger.close()


async def test_a_lost_answer_is_looked_up(tmp_path: Path) -> None:
    """Fold what was written all the same, before the next step and only once."""
    ledger = Forgetful(f"sqlite:///{tmp_path / 'ledger.db'}", "test")
    await ledger.open()
    numbers = Numbers(ledger)
    await numbers.write(1)
    ledger.lost = True
    with pytest.raises(LedgerUnavailable):
        await numbers.write(2)
    assert numbers.seen == [1]
    await numbers.write(3)
    assert numbers.seen == [1, 2, 3]
    await ledger.close()
