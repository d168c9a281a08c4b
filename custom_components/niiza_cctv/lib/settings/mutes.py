"""Whose notices somebody silenced until when: what folding the ledger's entries gives.

What is silenced is told to nobody by itself; everything else shows it as before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import override

from ..ledger.actions import LedgerAction
from ..ledger.model import Entry, Json, Person
from ..ledger.projection import Projection
from ..ledger.store import Ledger


class MuteReason(StrEnum):
    """Why notices are silenced; the ledger keeps the word."""

    REPAIR_ORDERED = "repair_ordered"
    WORK_AT_STATION = "work_at_station"
    TAKEN_DOWN = "taken_down"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mute:
    """A camera of which nobody is told until a moment; who decided so may be nobody that is known any more."""

    until: datetime
    by: Person | None
    reason: str


class MuteBook(Projection):
    """The only one that writes about silenced notices into the ledger; raises LedgerError when it cannot."""

    def __init__(self, ledger: Ledger) -> None:
        """Stand on an open ledger."""
        super().__init__(
            ledger, frozenset({LedgerAction.ALERTS_MUTED, LedgerAction.ALERTS_UNMUTED})
        )
        self._mutes: dict[str, Mute] = {}

    @property
    def mutes(self) -> Mapping[str, Mute]:
        """Return what was silenced last, by the camera's unique id; its time may be over."""
        return self._mutes

    async def mute(self, camera: str, until: datetime, reason: MuteReason, person: Person) -> None:
        """Silence a camera's notices until a moment."""
        details: dict[str, Json] = {"until": until.isoformat(), "reason": reason.value}
        async with self._turn():
            await self._append(LedgerAction.ALERTS_MUTED, f"camera/{camera}", details, person)

    async def unmute(self, camera: str, person: Person | None) -> None:
        """Let a camera's notices be told again (None: it was removed); nothing is written where they are."""
        async with self._turn():
            if camera in self._mutes:
                await self._append(LedgerAction.ALERTS_UNMUTED, f"camera/{camera}", {}, person)

    @override
    def _fold(self, entry: Entry) -> None:
        _, _, camera = entry.subject.partition("/")
        self._mutes.pop(camera, None)
        if entry.action != LedgerAction.ALERTS_MUTED:
            return
        try:
            until = datetime.fromisoformat(str(entry.details.get("until")))
        except ValueError:
            return
        if until.tzinfo is not None:
            self._mutes[camera] = Mute(
                until=until, by=entry.person, reason=str(entry.details.get("reason"))
            )
