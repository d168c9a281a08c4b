"""A section's checks for tests: things to look at, a clock that can be put forward, a book on a real ledger."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.niiza_cctv.lib.access.model import Actor, Role
from custom_components.niiza_cctv.lib.checks.book import CheckBook
from custom_components.niiza_cctv.lib.checks.kinds import kinds_of
from custom_components.niiza_cctv.lib.checks.model import Asset, AssetKind
from custom_components.niiza_cctv.lib.ledger.model import Entry, Person
from custom_components.niiza_cctv.lib.ledger.store import Ledger

SECTION = Asset(kind=AssetKind.SECTION, id="section", name="交通防犯課")
NORTH = Asset(kind=AssetKind.CAMERA, id="acme-1234", name="北口", subentry_id="a")
OLD = Asset(kind=AssetKind.OFFLINE_CAMERA, id="offline-01", name="旧駅", subentry_id="b")
TABLET = Asset(kind=AssetKind.TABLET, id="tablet-1", name="タブレット", subentry_id="c")

SIGN = "signage:camera:acme-1234"


def actor(
    name: str, *roles: Role, human: bool = True, active: bool = True, direct: bool = True
) -> Actor:
    """Return somebody with these roles."""
    return Actor(
        person=Person(id=f"{name}-id", name=name),
        roles=frozenset(roles),
        human=human,
        active=active,
        direct=direct,
    )


SATO = actor("佐藤", Role.EXPORTER)
LOOKER = actor("高橋", Role.VIEWER)
TABLET_USER = actor("タブレット", Role.VIEWER, Role.TABLET)


@dataclass
class Rounds:
    """What is looked at, by when, and how that is changed."""

    ledger: Ledger
    ahead: timedelta = timedelta()
    assets: list[Asset] = field(default_factory=lambda: [SECTION, NORTH, OLD, TABLET])
    intervals: dict[str, int] = field(default_factory=dict)
    own: list[dict[str, Any]] = field(default_factory=list)
    refused: list[tuple[Actor, str, str, str]] = field(default_factory=list)
    book: CheckBook = field(init=False)

    def __post_init__(self) -> None:
        """Open the book."""
        self.book = self.new_book()

    def new_book(self) -> CheckBook:
        """Return another book on the same ledger, as after a restart."""

        async def refuse(who: Actor, what: str, subject: str, reason: str) -> None:
            self.refused.append((who, what, subject, reason))

        return CheckBook(
            self.ledger,
            time_zone=ZoneInfo("Asia/Tokyo"),
            now=lambda: datetime.now(UTC) + self.ahead,
            kinds=lambda: kinds_of(self.intervals, self.own),
            assets=lambda: self.assets,
            refuse=refuse,
        )

    async def entries(self, *actions: str) -> list[Entry]:
        """Return what the ledger has of these actions."""
        return [entry async for entry in self.ledger.entries(actions=actions)]


@asynccontextmanager
async def open_rounds(folder: Path, kind: type[Ledger] = Ledger) -> AsyncGenerator[Rounds]:
    """Open a book of checks on a ledger in a folder."""
    ledger = kind(f"sqlite:///{folder / 'ledger.db'}", "test")
    await ledger.open()
    rounds = Rounds(ledger)
    await rounds.book.load()
    yield rounds
    await ledger.close()
