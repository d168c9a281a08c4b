"""What the ledger holds, as immutable values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .verify import explain

# No floats: they have more than one written form, and the chain is made of written forms.
type Json = bool | int | str | list[Json] | dict[str, Json] | None


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who did something: the Home Assistant user's id, and the name at that time."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of a chain; numbers start at 1, hashes are 64 lower-case hexadecimal digits."""

    chain: str
    number: int
    at: datetime
    # None: the system by itself.
    person: Person | None
    action: str
    subject: str
    details: Mapping[str, Json]
    previous: str
    hash: str


@dataclass(frozen=True, kw_only=True)
class Head:
    """The newest entry of a chain; number 0 and GENESIS while it is empty."""

    number: int
    hash: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What verifying a chain found: `broken` is the first broken entry's number, or None."""

    # How many entries are proved, from the first one without a gap.
    entries: int
    head: Head
    broken: int | None
    # A key of verify.REASONS; empty when nothing is broken.
    reason: str

    def explain(self, language: str) -> str:
        """Say in Japanese ("ja") or English what is wrong; empty when nothing is broken."""
        return "" if self.broken is None else explain(self.reason, self.broken, language)
