"""What a check is, as immutable values; every time is aware and in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ..ledger.model import Person


class AssetKind(StrEnum):
    """What can be looked at."""

    SECTION = "section"
    CAMERA = "camera"
    # A camera without a network (F9).
    OFFLINE_CAMERA = "offline_camera"
    TABLET = "tablet"


class Result(StrEnum):
    """What somebody found."""

    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asset:
    """One thing that is looked at."""

    kind: AssetKind
    # "section", or the unique id of the subentry.
    id: str
    name: str
    # None: the section itself.
    subentry_id: str | None = None

    @property
    def subject(self) -> str:
        """Return what the ledger calls it; an offline camera is a camera."""
        match self.kind:
            case AssetKind.SECTION:
                return "section"
            case AssetKind.TABLET:
                return f"tablet/{self.id}"
            case _:
                return f"camera/{self.id}"


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckKind:
    """One thing to look at: on what, how often, and what to note."""

    key: str
    assets: frozenset[AssetKind]
    # 0: not asked for.
    interval_days: int
    # A picture of what was found is asked for; others may have one, too.
    photo: bool = False
    # Names of `cases.kinds.STEP_FIELDS` that belong to it; none must be filled in.
    fields: tuple[str, ...] = ()
    # What the section calls a kind of its own; None: a shipped one.
    name: str | None = None
    # Whether the user of a tablet may confirm it.
    tablet: bool = False
    # Whether one tap confirms it (a tick of the list, a button): what one sees by standing before it, at short intervals.
    # What is opened, counted or read first is recorded on its own page, where a slip is seen before it counts.
    by_tap: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Photo:
    """A picture that lies in the folder of the checks; SHA-256 in lower-case hex, size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """That somebody looked, as the ledger carries it."""

    # Of the ledger's entry.
    number: int
    at: datetime
    person: Person
    result: Result
    note: str = ""
    photo: Photo | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One kind on one object, and how it stands."""

    kind: CheckKind
    asset: Asset
    last: Record | None
    # The last one that passed.
    passed: Record | None
    # None: it never passed.
    due_at: datetime | None
    # Failed, never passed, or passed too long ago.
    due: bool
    # Since when the ledger says that it is due; None while it is not, or not noted yet.
    due_since: datetime | None

    @property
    def id(self) -> str:
        """Return what actions, buttons and to-do items name."""
        return check_id(self.kind.key, self.asset)

    @property
    def failed(self) -> bool:
        """Return whether what was found last is still to be fixed."""
        return self.last is not None and self.last.result is Result.FAILED


def check_id(kind: str, asset: Asset) -> str:
    """Name a kind on an asset: "signage:camera:acme-1234"."""
    return f"{kind}:{asset.kind}:{asset.id}"
