"""What the page of the checks asks for over the websocket.

`niiza_cctv/checks` → `Checks`: every check that this person sees, and which of them they may record.

`niiza_cctv/check_history` {"check": id} → `{"history": [RecordShown…]}`: what was found, the newest first.

Both are for people with a role, tablets included; a tablet is shown what can be confirmed on it, and no photo.
Anybody else is refused, recorded.
"""

from contextlib import suppress
from typing import Any, TypedDict

from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.decorators import async_response, websocket_command
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import service as service_helper
import probatio

from ..const import DOMAIN
from ..errors import translated
from ..lib.access.errors import CaseError, NotAllowed
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission, check_person, may
from ..lib.checks.access import may_see
from ..lib.checks.book import CheckBook
from ..lib.checks.errors import CheckUnknown
from ..lib.checks.model import Check, Record
from ..lib.ledger.errors import LedgerError
from ..responses.cases import PersonShown, show_person, show_time, time_or_none
from ..runtime import NiizaConfigEntry
from ..texts import check_label
from ..views.check_photos import async_photo_link


class RecordShown(TypedDict):
    """What somebody found."""

    at: str
    person: PersonShown
    result: str
    note: str
    # A path that shows it to this person, for a quarter of an hour; None where there is none or they may not.
    photo: str | None
    fields: dict[str, str]


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


@callback
def async_setup_check_websocket(hass: HomeAssistant) -> None:
    """Register the commands."""
    async_register_command(hass, _checks)
    async_register_command(hass, _history)


async def _reader(hass: HomeAssistant, connection: ActiveConnection) -> tuple[CheckBook, Actor]:
    """Return the section's checks and who asks, if they may see them; raises a translated error."""
    entry: NiizaConfigEntry = service_helper.async_get_config_entry(hass, DOMAIN, None)
    evidence = entry.runtime_data.evidence
    actor = await evidence.async_actor(connection.user.id, direct=True)
    try:
        check_person(actor, Permission.SEE_CHECKS)
        book = evidence.checks
    except NotAllowed as err:
        # It is refused, whether or not it can be recorded.
        with suppress(LedgerError):
            await evidence.cases.refuse(actor, Permission.SEE_CHECKS, "section", err.key)
        raise translated(err) from err
    except LedgerError as err:
        raise translated(err) from err
    return book, actor


@websocket_command({probatio.Required("type"): f"{DOMAIN}/checks"})
@async_response
async def _checks(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Show every check."""
    book, actor = await _reader(hass, connection)
    checks = [check for check in book.checks() if may_see(actor, check)]
    connection.send_result(
        msg["id"],
        Checks(
            checks=[_shown(hass, actor, check) for check in checks],
            may={check.id: _may(book, actor, check) for check in checks},
        ),
    )


@websocket_command(
    {
        probatio.Required("type"): f"{DOMAIN}/check_history",
        probatio.Required("check"): str,
    }
)
@async_response
async def _history(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Show what was found so far."""
    book, actor = await _reader(hass, connection)
    try:
        if not may_see(actor, book.check(msg["check"])):
            raise CheckUnknown("check_unknown", {"check": msg["check"]})
        records = await book.history(msg["check"])
    except (CaseError, LedgerError) as err:
        raise translated(err) from err
    connection.send_result(
        msg["id"], {"history": [_record_shown(hass, actor, record) for record in records]}
    )


def _may(book: CheckBook, actor: Actor, check: Check) -> bool:
    try:
        book.may(actor, check)
    except NotAllowed:
        return False
    return True


def _shown(hass: HomeAssistant, actor: Actor, check: Check) -> CheckShown:
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
        last=None if check.last is None else _record_shown(hass, actor, check.last),
    )


def _record_shown(hass: HomeAssistant, actor: Actor, record: Record) -> RecordShown:
    link = None
    if record.photo is not None and may(actor, Permission.SEE_CHECK_PHOTO):
        link = async_photo_link(hass, record.photo)
    return RecordShown(
        at=show_time(record.at),
        person=show_person(record.person),
        result=record.result.value,
        note=record.note,
        photo=link,
        fields={**record.fields},
    )
