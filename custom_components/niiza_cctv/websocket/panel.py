"""What the panel asks for over the websocket, beside the actions.

`niiza_cctv/info` → `Info` below: who is asking, what a case of each kind needs, the cameras, the ledger.

`niiza_cctv/subscribe` → result `null`, then events `{"type": "changed"}` whenever a case, the progress of a
retrieval (at most once a second) or the ledger's head changes. An event carries nothing: the panel asks
again by the actions `list_cases` and `get_case`, which check the person anew.

`niiza_cctv/ledger` {"before": number?} → `{"entries": [EntryShown…]}`: up to 50 entries of the ledger below that
number, the newest first.

The ledger is for holders of a role who are not a tablet. A tablet is told that the page of the checks is there for it,
and no word of a case. Anybody else is refused, recorded.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.decorators import async_response, websocket_command
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, service as service_helper
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util
import probatio

from ..const import CONF_KEEP_DAYS, CONF_TABLETS, DOMAIN, SIGNAL_CHANGED
from ..errors import translated
from ..lib.access.errors import CaseError
from ..lib.access.model import Actor, Role
from ..lib.access.permissions import Permission, may
from ..lib.cases.kinds import KINDS
from ..lib.checks.model import AssetKind
from ..lib.ledger.actions import LedgerAction
from ..lib.ledger.errors import LedgerError
from ..lib.ledger.model import Entry, Person
from ..managers.evidence import Evidence
from ..people import async_holders, async_people
from ..responses.cases import PersonShown, show_person
from ..runtime import NiizaConfigEntry

# A panel that is told more often than this cannot keep up, and nobody can read it.
_TOLD_EVERY = 1.0
# Entries of the ledger that are shown at a time.
_PAGE = 50


class KindShown(TypedDict):
    """What a case of one kind needs; every field is the name of a field of `create_case`."""

    kind: str
    required: list[str]
    optional: list[str]
    # What the legal basis may say; a single one is filled in by itself.
    legal_bases: list[str]
    # Whether an unmasked clip may ever leave; a disclosure request ends by its outcome instead.
    may_release_master: bool
    # How it may end without a hand-over.
    outcomes: list[str]


class CameraShown(TypedDict):
    """A camera, as the actions take it in `cameras` by either id."""

    unique_id: str
    # None while the device is missing from Home Assistant's registry.
    device_id: str | None
    name: str


class LedgerShown(TypedDict):
    """Whether anything may be recorded, and therefore done; the head's number and hash."""

    available: bool
    number: int
    hash: str


class RefusedShown(TypedDict):
    """What somebody was refused, and why."""

    # A permission ("approve"), an action ("notify"), or "several": one sum of many different ones.
    what: str
    # The key of the message that was shown.
    reason: str
    # How often within a minute.
    count: int


class EntryShown(TypedDict):
    """One entry of the ledger, as people read it."""

    number: int
    at: str
    # None: the section's system by itself.
    person: PersonShown | None
    action: str
    # The case it is about, or the name of the camera or tablet, where it is about one.
    case: str | None
    camera: str | None
    # Of a refusal, whose action is "refused".
    refused: RefusedShown | None
    details: dict[str, object]


class Info(TypedDict):
    """What the panel knows before it shows anything; for a tablet without kinds, cameras and the ledger's head."""

    user: PersonShown
    # The pages that are there for this person, the first one first: "cases", "ledger", "checks", "settings".
    pages: list[str]
    # Of "viewer", "exporter", "approver".
    roles: list[str]
    kinds: list[KindShown]
    cameras: list[CameraShown]
    # Cameras without a network: only `register_footage` takes them.
    offline_cameras: list[CameraShown]
    # Who may be named as the second person of `register_footage`.
    people: list[PersonShown]
    ledger: LedgerShown
    # The section's time zone, in which every time is shown.
    time_zone: str
    keep_days: int


@callback
def async_setup_websocket(hass: HomeAssistant) -> None:
    """Register the commands."""
    async_register_command(hass, _info)
    async_register_command(hass, _subscribe)
    async_register_command(hass, _read_ledger)


async def _reader(
    hass: HomeAssistant, connection: ActiveConnection
) -> tuple[NiizaConfigEntry, Actor]:
    """Return the section and who asks, if they may read cases; raises a translated error."""
    entry: NiizaConfigEntry = service_helper.async_get_config_entry(hass, DOMAIN, None)
    evidence = entry.runtime_data.evidence
    actor = await evidence.async_actor(connection.user.id)
    try:
        await evidence.cases.check(actor, Permission.SEE_CASES)
    except (CaseError, LedgerError) as err:
        raise translated(err) from err
    return entry, actor


async def _guest(
    hass: HomeAssistant, connection: ActiveConnection
) -> tuple[NiizaConfigEntry, Actor]:
    """Return the section and who asks, if any page is there for them; raises a translated error."""
    entry: NiizaConfigEntry = service_helper.async_get_config_entry(hass, DOMAIN, None)
    actor = await entry.runtime_data.evidence.async_actor(connection.user.id)
    if _is_tablet(actor) and may(actor, Permission.SEE_CHECKS):
        return entry, actor
    return await _reader(hass, connection)


def _is_tablet(actor: Actor) -> bool:
    """Return whether this is a tablet that lies on a table, whatever other roles it was given."""
    return Role.TABLET in actor.roles


@websocket_command({probatio.Required("type"): f"{DOMAIN}/info"})
@async_response
async def _info(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Tell the panel what it shows before anything else."""
    entry, actor = await _guest(hass, connection)
    connection.send_result(msg["id"], await _shown(hass, entry, actor))


async def _shown(hass: HomeAssistant, entry: NiizaConfigEntry, actor: Actor) -> Info:
    """Return what the panel knows before it shows anything."""
    evidence = entry.runtime_data.evidence
    # Nobody without a person may read.
    assert actor.person is not None
    if _is_tablet(actor):
        return Info(
            user=show_person(actor.person),
            pages=["checks"],
            roles=[],
            kinds=[],
            cameras=[],
            offline_cameras=[],
            people=[],
            ledger=LedgerShown(available=evidence.ledger.available, number=0, hash=""),
            time_zone=hass.config.time_zone,
            keep_days=evidence.settings[CONF_KEEP_DAYS],
        )
    return Info(
        user=show_person(actor.person),
        pages=["cases", "checks", "settings", "ledger"],
        roles=sorted(actor.roles),
        kinds=[
            KindShown(
                kind=kind,
                required=list(rule.required),
                optional=list(rule.optional),
                legal_bases=list(rule.legal_bases),
                may_release_master=rule.may_release_unmasked,
                outcomes=sorted(rule.outcomes),
            )
            for kind, rule in KINDS.items()
        ],
        cameras=_cameras(hass, entry, AssetKind.CAMERA),
        offline_cameras=_cameras(hass, entry, AssetKind.OFFLINE_CAMERA),
        people=await _others(hass, entry, actor.person),
        ledger=_ledger(evidence),
        time_zone=hass.config.time_zone,
        keep_days=evidence.settings[CONF_KEEP_DAYS],
    )


def _cameras(hass: HomeAssistant, entry: NiizaConfigEntry, kind: AssetKind) -> list[CameraShown]:
    """Show the section's cameras, with a network or without."""
    registry = dr.async_get(hass)
    cameras = []
    for one in entry.runtime_data.cameras.assets():
        if one.kind is kind:
            device = registry.async_get_device_by_identifier((DOMAIN, one.id), entry.entry_id)
            cameras.append(
                CameraShown(
                    unique_id=one.id,
                    device_id=None if device is None else device.id,
                    name=one.name,
                )
            )
    return sorted(cameras, key=lambda camera: camera["name"])


async def _others(
    hass: HomeAssistant, entry: NiizaConfigEntry, person: Person
) -> list[PersonShown]:
    """Show who belongs to the section beside somebody."""
    holders = await async_holders(hass, entry)
    members = {one for held in holders.values() for one in held} - {
        *holders[CONF_TABLETS],
        person.id,
    }
    people = await async_people(hass)
    return sorted(
        (PersonShown(id=one, name=people[one]) for one in members), key=lambda one: one["name"]
    )


def _ledger(evidence: Evidence) -> LedgerShown:
    """Show the ledger's head."""
    ledger = evidence.ledger
    return LedgerShown(available=ledger.available, number=ledger.head.number, hash=ledger.head.hash)


@websocket_command(
    {
        probatio.Required("type"): f"{DOMAIN}/ledger",
        probatio.Optional("before"): probatio.All(int, probatio.Range(min=1)),
    }
)
@async_response
async def _read_ledger(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Show a page of the ledger: who did what, who looked, and what was refused."""
    entry, _actor = await _reader(hass, connection)
    ledger = entry.runtime_data.evidence.ledger
    names = {one.subject: one.name for one in entry.runtime_data.cameras.assets()}
    before = min(msg.get("before", ledger.head.number + 1), ledger.head.number + 1)
    try:
        page = [
            one
            async for one in ledger.entries(
                after=max(0, before - 1 - _PAGE), limit=min(_PAGE, before - 1)
            )
        ]
    except LedgerError as err:
        raise translated(err) from err
    connection.send_result(
        msg["id"], {"entries": [_entry_shown(one, names) for one in reversed(page)]}
    )


def _entry_shown(entry: Entry, names: Mapping[str, str]) -> EntryShown:
    """Show an entry; a camera or a tablet that left the section keeps its id."""
    kind, _, named = entry.subject.partition("/")
    return EntryShown(
        number=entry.number,
        at=dt_util.as_local(entry.at).isoformat(),
        person=None if entry.person is None else show_person(entry.person),
        action=entry.action,
        case=named if kind == "case" else None,
        camera=names.get(entry.subject, named) if kind in {"camera", "tablet"} else None,
        refused=_refused(entry),
        details={**entry.details},
    )


def _refused(entry: Entry) -> RefusedShown | None:
    """Show what was refused; None of any other entry."""
    if entry.action != LedgerAction.REFUSED:
        return None
    match entry.details:
        case {"what": str(what), "reason": str(reason), **rest}:
            count = rest.get("count")
            return RefusedShown(
                what=what, reason=reason, count=count if isinstance(count, int) else 1
            )
    return None


@websocket_command({probatio.Required("type"): f"{DOMAIN}/subscribe"})
@async_response
async def _subscribe(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Tell the panel whenever it has something to ask again."""
    await _guest(hass, connection)
    connection.subscriptions[msg["id"]] = _Teller(hass, connection, msg["id"]).stop
    connection.send_result(msg["id"])


class _Teller:
    """Tells one panel of changes: the first at once, those of the following second together."""

    def __init__(self, hass: HomeAssistant, connection: ActiveConnection, msg_id: int) -> None:
        """Begin to listen; a section that is loaded anew is listened to as well."""
        self._hass = hass
        self._connection = connection
        self._msg_id = msg_id
        self._changed = False
        self._stop_listening = async_dispatcher_connect(hass, SIGNAL_CHANGED, self._on_change)
        self._stop_waiting: CALLBACK_TYPE | None = None

    @callback
    def stop(self) -> None:
        """End it."""
        self._stop_listening()
        if self._stop_waiting is not None:
            self._stop_waiting()

    @callback
    def _on_change(self) -> None:
        """Tell, or remember that there is something to tell."""
        if self._stop_waiting is not None:
            self._changed = True
            return
        self._stop_waiting = async_call_later(self._hass, _TOLD_EVERY, self._on_time)
        self._connection.send_event(self._msg_id, {"type": "changed"})

    @callback
    def _on_time(self, _now: datetime) -> None:
        """Tell what came meanwhile."""
        self._stop_waiting = None
        if self._changed:
            self._changed = False
            self._on_change()
