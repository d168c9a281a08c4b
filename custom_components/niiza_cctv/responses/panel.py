"""What the panel knows before it shows anything."""

from typing import TypedDict

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from ..const import CONF_TABLETS, DOMAIN
from ..lib.access.model import Actor, Role
from ..lib.access.permissions import Permission, may
from ..lib.cases.kinds import GROUNDS, KINDS
from ..lib.cases.model import Ground
from ..lib.checks.model import AssetKind
from ..lib.ledger.model import Person
from ..managers.evidence import Evidence
from ..people import async_holders, async_people
from ..runtime import NiizaConfigEntry
from .base import PersonShown, show_person


class KindShown(TypedDict):
    """What a case of one kind needs; every field is the name of a field of `create_case`."""

    kind: str
    required: list[str]
    optional: list[str]
    # What the legal basis may say; a single one is filled in by itself.
    legal_bases: list[str]
    # Whether outcome, part, way and reasons are proposed first, and nothing leaves but masked clips.
    decided_by_proposal: bool
    # What a refusal may rest on, where it is decided so.
    grounds: list[Ground]
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


class NoticeShown(TypedDict):
    """What this person was told and has not put away; `path` is a place within Home Assistant."""

    tag: str
    title: str
    message: str
    path: str
    at: str


class Info(TypedDict):
    """What the panel knows before it shows anything; for a tablet, or an owner without a role, without kinds, cameras and the ledger's head."""

    user: PersonShown
    # The pages that are there for this person, the first one first: "cases", "checks", "board", "settings", "ledger", "people".
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
    # This person's own, the newest first.
    notices: list[NoticeShown]


async def show_info(hass: HomeAssistant, entry: NiizaConfigEntry, actor: Actor) -> Info:
    """Return what the panel knows before it shows anything."""
    evidence = entry.runtime_data.evidence
    # Nobody without a person may read.
    assert actor.person is not None
    notices = await _notices(entry, actor.person)
    if not may(actor, Permission.SEE_CASES):
        return Info(
            user=show_person(actor.person),
            pages=["checks", "board"] if Role.TABLET in actor.roles else ["people"],
            roles=[],
            kinds=[],
            cameras=[],
            offline_cameras=[],
            people=[],
            ledger=LedgerShown(available=evidence.ledger.available, number=0, hash=""),
            time_zone=hass.config.time_zone,
            keep_days=evidence.settings.keep_days,
            notices=notices,
        )
    return Info(
        user=show_person(actor.person),
        pages=["cases", "checks", "board", "settings", "ledger", "people"],
        roles=sorted(actor.roles),
        kinds=[
            KindShown(
                kind=kind,
                required=list(rule.required),
                optional=list(rule.optional),
                legal_bases=list(rule.legal_bases),
                decided_by_proposal=rule.decided_by_proposal,
                grounds=[*GROUNDS] if rule.decided_by_proposal else [],
                outcomes=sorted(rule.outcomes),
            )
            for kind, rule in KINDS.items()
        ],
        cameras=_cameras(hass, entry, AssetKind.CAMERA),
        offline_cameras=_cameras(hass, entry, AssetKind.OFFLINE_CAMERA),
        people=await _others(hass, entry, actor.person),
        ledger=_ledger(evidence),
        time_zone=hass.config.time_zone,
        keep_days=evidence.settings.keep_days,
        notices=notices,
    )


async def _notices(entry: NiizaConfigEntry, person: Person) -> list[NoticeShown]:
    own = await entry.runtime_data.phones.inbox.of(person.id)
    return [NoticeShown(tag=tag, **notice) for tag, notice in reversed(own.items())]


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
    holders = await async_holders(hass, entry, entry.runtime_data.record.held)
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
