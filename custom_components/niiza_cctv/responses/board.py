"""How the section's cameras stand, for the board that hangs on the wall and lies on the table."""

from datetime import datetime
from typing import TypedDict

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er

from ..const import DOMAIN
from ..coordinator import CameraCoordinator
from ..errors import error_key
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission, may
from ..lib.checks.access import may_see
from ..lib.checks.book import CheckBook
from ..lib.checks.model import Asset, AssetKind, Check
from ..lib.device.alive import Sign
from ..lib.device.faults import RANK, RULE_OF, Fault, NextStep, Severity
from ..lib.device.judge import clock_problem
from ..lib.device.model import ReadBackOutcome, RetentionStatus, SdStatus
from ..lib.ledger.errors import LedgerBroken, LedgerError, LedgerUnproved
from ..managers.deadlines import clips_at_risk
from ..paths import LEDGER_PATH, OVERVIEW, SECTION_PATH, check_path, settings_path
from ..runtime import NiizaConfigEntry
from ..texts import check_label
from .base import show_time, time_or_none

_SIGN = "signage"
_CARD = "sd_card"


class NextStepShown(TypedDict):
    """Where this person goes on: a path within Home Assistant, a button's entity that is pressed, or neither: "ask"."""

    kind: NextStep
    path: str | None
    entity_id: str | None


class FaultShown(TypedDict):
    """One thing that is wrong with a camera; `values` fill the gaps of its words."""

    fault: Fault
    # 0 is the worst there is.
    rank: int
    severity: Severity
    since: str | None
    values: dict[str, str | int]
    # None: nothing that this person can do here; the words say what to do.
    step: NextStepShown | None


class SectionFaultShown(TypedDict):
    """One thing that is wrong with the section itself: what keeps its ledger from being written."""

    # "ledger_unavailable", "ledger_forked", "ledger_broken"
    fault: str
    severity: Severity
    step: NextStepShown


class BoardClock(TypedDict):
    """How far a camera's clock is ahead, and whether that is more than the section puts up with."""

    offset_seconds: int
    off: bool


class BoardKept(TypedDict):
    """How many days a camera keeps, against the section's standard."""

    days: int
    standard_days: int
    status: RetentionStatus


class BoardProof(TypedDict):
    """When a card was read back last, and what came of it."""

    at: str
    outcome: ReadBackOutcome


class BoardSign(TypedDict):
    """How the sign 「防犯カメラ作動中」 was found last; `path` is where the panel shows it to this person."""

    confirmed_at: str | None
    due: bool
    failed: bool
    path: str | None


class BoardCamera(TypedDict):
    """A camera; None is not known, or not there at a camera without a network."""

    id: str
    # None while the device is missing from Home Assistant's registry.
    device_id: str | None
    name: str
    area: str | None
    # Without a network: people say how it stands.
    offline: bool
    # Of the live picture; None while it is disabled.
    entity_id: str | None
    alive: bool | None
    # Of "onvif", "mail".
    failed: list[Sign]
    # Of a camera that does not live; of one that does it is now.
    last_contact: str | None
    sd: SdStatus | None
    # Whether audio is on; where the section allows it, that is no fault.
    audio: bool | None
    audio_allowed: bool
    kept: BoardKept | None
    clock: BoardClock | None
    proof: BoardProof | None
    sign: BoardSign | None
    # Until when nobody is told of its faults; None: everybody is.
    muted_until: str | None
    # The worst first.
    faults: list[FaultShown]


class BoardCases(TypedDict):
    """What waits among the cases, for who may read them."""

    open: int
    at_risk: int
    path: str


class BoardSection(TypedDict):
    """What the board shows beside the cameras."""

    name: str
    time_zone: str
    # Who looks, for the picture.
    user: str
    tablet: bool
    # Whether this person may silence a camera's notices, by their own hand.
    may_mute: bool
    faults: list[SectionFaultShown]
    # Whether the panel has a page for this person.
    panel: str | None
    checks_due: int
    checks_failed: int
    # None: not for this person, or not known while the ledger is away.
    cases: BoardCases | None


class BoardShown(TypedDict):
    """The board as it is sent: all of it at first, then what changed."""

    # "loaded", "not_loaded", "removed", "refused"
    state: str
    section: BoardSection | None
    # Those that are new or changed.
    cameras: list[BoardCamera]
    # The ids of all of them, in their order; one that is not among them left.
    ids: list[str]


class Board:
    """Shows the board to one person."""

    def __init__(
        self, hass: HomeAssistant, entry: NiizaConfigEntry, actor: Actor, *, admin: bool
    ) -> None:
        """Look up what is asked for each camera; `admin`: whether Home Assistant's settings are there for them."""
        self._hass = hass
        self._entry = entry
        self._actor = actor
        self._admin = admin
        self._entities = er.async_get(hass)
        self._devices = dr.async_get(hass)
        self._areas = ar.async_get(hass)
        self._reads = may(actor, Permission.SEE_CASES)
        self._sees_checks = may(actor, Permission.SEE_CHECKS)
        self._checks: dict[str, list[Check]] = {}
        try:
            book: CheckBook = entry.runtime_data.evidence.checks
            for check in book.checks():
                self._checks.setdefault(check.asset.id, []).append(check)
        except LedgerError:
            pass

    def show(self) -> tuple[BoardSection, list[BoardCamera]]:
        """Return the section and its cameras, by name."""
        cameras = self._entry.runtime_data.cameras
        shown: list[BoardCamera] = []
        for asset in cameras.assets():
            if asset.kind is AssetKind.CAMERA and (camera := cameras.find(asset.id)) is not None:
                shown.append(self._camera(camera))
            elif asset.kind is AssetKind.OFFLINE_CAMERA:
                shown.append(self._offline(asset))
        return self._section(), sorted(shown, key=lambda one: (one["name"], one["id"]))

    # --- The section --------------------------------------------------------------------------------------------

    def _section(self) -> BoardSection:
        person = self._actor.person
        seen = [
            check
            for checks in self._checks.values()
            for check in checks
            if may_see(self._actor, check)
        ]
        return BoardSection(
            name=self._entry.title,
            time_zone=self._hass.config.time_zone,
            user="" if person is None else person.name,
            tablet=not self._reads,
            may_mute=may(self._actor, Permission.MUTE_ALERTS),
            faults=self._section_faults(),
            panel=OVERVIEW if self._reads or self._sees_checks else None,
            checks_due=sum(check.due and not check.failed for check in seen),
            checks_failed=sum(check.failed for check in seen),
            cases=self._cases() if self._reads else None,
        )

    def _section_faults(self) -> list[SectionFaultShown]:
        """Return what keeps the ledger from being written, or from being believed."""
        evidence = self._entry.runtime_data.evidence
        try:
            evidence.ledger.check_available()
            evidence.proof.check()
        except LedgerUnproved:
            # In a moment it is.
            return []
        except LedgerError as err:
            return [
                SectionFaultShown(
                    fault=error_key(err), severity=Severity.GRAVE, step=self._ledger_step(err)
                )
            ]
        return []

    def _ledger_step(self, err: LedgerError) -> NextStepShown:
        """Return where this person goes on with a ledger that fails: who reads it sees which entry is not what it was."""
        readable = self._entry.runtime_data.evidence.is_read
        if isinstance(err, LedgerBroken) and self._reads and readable:
            return NextStepShown(kind=NextStep.LEDGER, path=LEDGER_PATH, entity_id=None)
        if self._admin:
            return NextStepShown(kind=NextStep.SECTION, path=SECTION_PATH, entity_id=None)
        return NextStepShown(kind=NextStep.ASK, path=None, entity_id=None)

    def _cases(self) -> BoardCases | None:
        evidence = self._entry.runtime_data.evidence
        try:
            return BoardCases(
                open=sum(case.is_open for case in evidence.cases.cases.values()),
                at_risk=len({case.id for case, _ in clips_at_risk(evidence)}),
                path=OVERVIEW,
            )
        except LedgerError:
            return None

    # --- A camera -----------------------------------------------------------------------------------------------

    def _camera(self, camera: CameraCoordinator) -> BoardCamera:
        status, alive, policy = camera.data, camera.alive_verdict, camera.policy
        off = clock_problem(status.clock, policy)
        kept, audio = status.retention, status.audio
        faults = [
            self._fault(fault, show_time(since), self._values(camera, fault), camera.unique_id)
            for fault, since in self._entry.runtime_data.faults.of(camera)
        ]
        return BoardCamera(
            id=camera.unique_id,
            device_id=self._device_id(camera.unique_id),
            name=camera.name,
            area=self._area(camera.unique_id),
            offline=False,
            entity_id=self._entity(camera.unique_id, Platform.CAMERA, "live"),
            alive=alive.alive,
            failed=list(alive.failed),
            last_contact=None if alive.alive else time_or_none(status.last_contact),
            sd=None if status.sd is None else status.sd.status,
            audio=None if audio is None or audio.disabled is None else not audio.disabled,
            audio_allowed=policy.audio_allowed,
            kept=None
            if kept is None or kept.status is None or kept.days is None
            else BoardKept(days=kept.days, standard_days=policy.retention_days, status=kept.status),
            clock=None
            if status.clock is None or off is None
            else BoardClock(
                offset_seconds=round(status.clock.seconds_ahead.total_seconds()), off=off
            ),
            proof=None
            if status.read_back is None
            else BoardProof(
                at=show_time(status.read_back.tried_at), outcome=status.read_back.outcome
            ),
            sign=self._sign(camera.unique_id),
            muted_until=time_or_none(
                self._entry.runtime_data.fault_notices.muted_until(camera.unique_id)
            ),
            faults=_worst_first(faults + self._found(camera.unique_id)),
        )

    def _offline(self, asset: Asset) -> BoardCamera:
        """Show a camera without a network, of which the board knows what people found."""
        return BoardCamera(
            id=asset.id,
            device_id=self._device_id(asset.id),
            name=asset.name,
            area=self._area(asset.id),
            offline=True,
            entity_id=None,
            alive=None,
            failed=[],
            last_contact=None,
            sd=None,
            audio=None,
            audio_allowed=False,
            kept=None,
            clock=None,
            proof=None,
            sign=self._sign(asset.id),
            muted_until=None,
            faults=_worst_first(self._found(asset.id, card=True)),
        )

    def _device(self, of: str) -> dr.DeviceEntry | None:
        return self._devices.async_get_device_by_identifier((DOMAIN, of), self._entry.entry_id)

    def _device_id(self, of: str) -> str | None:
        device = self._device(of)
        return None if device is None else device.id

    def _area(self, of: str) -> str | None:
        device = self._device(of)
        if device is None or device.area_id is None:
            return None
        area = self._areas.async_get_area(device.area_id)
        return None if area is None else area.name

    def _entity(self, of: str, platform: Platform, key: str) -> str | None:
        """Return an entity of a camera by what it is, whatever it is called; None while it is disabled."""
        entity_id = self._entities.async_get_entity_id(platform, DOMAIN, f"{of}_{key}")
        if entity_id is None or (entity := self._entities.async_get(entity_id)) is None:
            return None
        return None if entity.disabled else entity_id

    def _sign(self, of: str) -> BoardSign | None:
        check = next((one for one in self._checks.get(of, ()) if one.kind.key == _SIGN), None)
        if check is None:
            return None
        return BoardSign(
            confirmed_at=None if check.passed is None else show_time(check.passed.at),
            due=check.due,
            failed=check.failed,
            path=self._check_path(check),
        )

    def _check_path(self, check: Check) -> str | None:
        return check_path(check.id) if may_see(self._actor, check) else None

    # --- What is wrong --------------------------------------------------------------------------------------------

    def _values(self, camera: CameraCoordinator, fault: Fault) -> dict[str, str | int]:
        """Return what the words of a fault leave open."""
        status, policy = camera.data, camera.policy
        match fault:
            case Fault.TOO_SHORT | Fault.TOO_LONG if status.retention is not None:
                return {"days": status.retention.days or 0, "standard": policy.retention_days}
            case Fault.CLOCK_OFF if status.clock is not None:
                return {"offset_seconds": round(status.clock.seconds_ahead.total_seconds())}
            case Fault.RESOLUTION if status.main_profile is not None:
                return {
                    "height": status.main_profile.height or 0,
                    "limit": policy.max_everyday_height,
                }
        return {}

    def _found(self, of: str, *, card: bool = False) -> list[FaultShown]:
        """Return what people found at a camera, and what they have to look at; `card`: also at its card."""
        found: list[FaultShown] = []
        since: datetime | None
        for check in self._checks.get(of, ()):
            key = check.kind.key
            if check.failed and check.last is not None:
                fault = Fault.SIGN_FAILED if key == _SIGN else Fault.CHECK_FAILED
                since = check.last.at
            elif check.due and (key == _SIGN or (card and key == _CARD)):
                fault = Fault.SIGN_DUE if key == _SIGN else Fault.CARD_DUE
                since = check.due_since or check.due_at
            else:
                continue
            values: dict[str, str | int] = {"check": check_label(self._hass, key, check.kind.name)}
            found.append(self._fault(fault, time_or_none(since), values, of, check))
        return found

    def _fault(
        self,
        fault: Fault,
        since: str | None,
        values: dict[str, str | int],
        of: str,
        check: Check | None = None,
    ) -> FaultShown:
        rule = RULE_OF[fault]
        return FaultShown(
            fault=fault,
            rank=RANK[fault],
            severity=rule.severity,
            since=since,
            values=values,
            step=self._step(rule.step, of, check),
        )

    def _step(self, step: NextStep, of: str, check: Check | None) -> NextStepShown | None:
        """Return where this person goes on; None where there is no way for them."""
        path: str | None = None
        entity: str | None = None
        match step:
            case NextStep.CHECK:
                # A card that fails is looked at, and what was found goes into the books.
                card = (one for one in self._checks.get(of, ()) if one.kind.key == _CARD)
                check = check or next(card, None)
                path = None if check is None else self._check_path(check)
            case NextStep.SETTINGS if self._reads:
                path = settings_path(of)
            case NextStep.REPAIR if self._admin:
                path = "/config/repairs"
            case NextStep.DEVICE if self._admin and (device := self._device_id(of)):
                path = f"/config/devices/device/{device}"
            case NextStep.REFRESH if self._reads:
                entity = self._entity(of, Platform.BUTTON, "refresh")
            case NextStep.PROVE if self._reads:
                entity = self._entity(of, Platform.BUTTON, "prove_recording")
            case NextStep.SETTINGS | NextStep.REPAIR | NextStep.DEVICE:
                return NextStepShown(kind=NextStep.ASK, path=None, entity_id=None)
        if path is None and entity is None:
            return None
        return NextStepShown(kind=step, path=path, entity_id=entity)


def _worst_first(faults: list[FaultShown]) -> list[FaultShown]:
    return sorted(faults, key=lambda one: one["rank"])
