"""What actions and the panel show of checks."""

from collections.abc import Callable
from typing import TypedDict

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from ..const import DOMAIN
from ..lib.access.errors import NotAllowed
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission, may
from ..lib.checks.access import may_see
from ..lib.checks.book import CheckBook
from ..lib.checks.model import Check, Photo, Record
from ..paths import check_path
from ..runtime import NiizaConfigEntry
from ..texts import check_label
from .base import PersonShown, show_person, show_time, time_or_none

# Where this person sees a photo, for a quarter of an hour.
type PhotoLink = Callable[[Photo], str]


class CheckListed(TypedDict):
    """A check as automations see it; it names no person and shows no note and no photo."""

    check: str
    kind: str
    name: str
    object: str
    object_kind: str
    object_name: str
    device_id: str | None
    due: bool
    due_at: str | None
    due_since: str | None
    failed: bool
    last_confirmed: str | None
    # Where the panel shows it.
    path: str


class ChecksListed(TypedDict):
    """Answer of `list_checks`."""

    checks: list[CheckListed]


class RecordShown(TypedDict):
    """What somebody found."""

    at: str
    person: PersonShown
    result: str
    note: str
    # A path that shows it to this person, for a quarter of an hour; None where there is none or they may not.
    photo: str | None
    fields: dict[str, str]


class HistoryResponse(TypedDict):
    """What was found of one check, the newest first."""

    history: list[RecordShown]


class ObjectShown(TypedDict):
    """What is looked at."""

    kind: str
    id: str
    name: str


class CheckShown(TypedDict):
    """A check and how it stands."""

    id: str
    kind: str
    name: str
    object: ObjectShown
    due: bool
    due_at: str | None
    failed: bool
    # Whether a photo is asked for.
    photo: bool
    fields: list[str]
    last: RecordShown | None


class Checks(TypedDict):
    """All checks, and by id whether this person may say how they stand."""

    checks: list[CheckShown]
    may: dict[str, bool]


def list_check(hass: HomeAssistant, entry: NiizaConfigEntry, check: Check) -> CheckListed:
    """Show a check to an automation."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, check.asset.id), entry.entry_id
    )
    return CheckListed(
        check=check.id,
        kind=check.kind.key,
        name=check_label(hass, check.kind.key, check.kind.name),
        object=check.asset.id,
        object_kind=check.asset.kind.value,
        object_name=check.asset.name,
        device_id=None if device is None else device.id,
        due=check.due,
        due_at=time_or_none(check.due_at),
        due_since=time_or_none(check.due_since),
        failed=check.failed,
        last_confirmed=None if check.passed is None else show_time(check.passed.at),
        path=check_path(check.id),
    )


def show_checks(hass: HomeAssistant, book: CheckBook, actor: Actor, link: PhotoLink) -> Checks:
    """Show every check that somebody sees."""
    checks = [check for check in book.checks() if may_see(actor, check)]
    return Checks(
        checks=[_check(hass, actor, check, link) for check in checks],
        may={check.id: _may(book, actor, check) for check in checks},
    )


def _check(hass: HomeAssistant, actor: Actor, check: Check, link: PhotoLink) -> CheckShown:
    return CheckShown(
        id=check.id,
        kind=check.kind.key,
        name=check_label(hass, check.kind.key, check.kind.name),
        object=ObjectShown(kind=check.asset.kind.value, id=check.asset.id, name=check.asset.name),
        due=check.due,
        due_at=time_or_none(check.due_at),
        failed=check.failed,
        photo=check.kind.photo,
        fields=list(check.kind.fields),
        last=None if check.last is None else show_record(actor, check.last, link),
    )


def show_record(actor: Actor, record: Record, link: PhotoLink) -> RecordShown:
    """Show what somebody found."""
    photo = None
    if record.photo is not None and may(actor, Permission.SEE_CHECK_PHOTO):
        photo = link(record.photo)
    return RecordShown(
        at=show_time(record.at),
        person=show_person(record.person),
        result=record.result.value,
        note=record.note,
        photo=photo,
        fields={**record.fields},
    )


def _may(book: CheckBook, actor: Actor, check: Check) -> bool:
    try:
        book.may(actor, check)
    except NotAllowed:
        return False
    return True
