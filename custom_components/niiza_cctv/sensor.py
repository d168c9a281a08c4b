"""What a camera's judgements rest on: times, amounts, evidence."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.components.sensor import (
    RestoreSensor,
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfDataRate,
    UnitOfInformation,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.restore_state import ExtraStoredData, RestoreEntity
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .check_entity import CheckEntity, async_add_for_each_check
from .coordinator import CameraCoordinator
from .entity import NiizaEntity, SectionEntity, async_add_for_each_camera
from .lib.cases.model import CaseState, ClipState
from .lib.device.model import CameraStatus, Heartbeat, RetentionStatus, SdEvidence, SdStatus
from .lib.device.quirks import Quirk, QuirkCount
from .lib.footage.retrieval import Progress
from .lib.ledger.actions import LedgerAction
from .lib.ledger.errors import LedgerError
from .managers.addresses import SIGNAL_ADDRESS, AddressReports, Reported
from .managers.evidence import Evidence
from .runtime import NiizaConfigEntry

# The coordinator asks the camera
PARALLEL_UPDATES = 0

# A moment that moves along with the clock is shown anew this often as long as nothing happens: each state goes into the
# history and into the activity log, and every poll would bring another.
_MOVING: Final = timedelta(minutes=15)


# Statistics are made of what is shown this often: a state a minute of a camera that is dead for days says no more.
_OUTAGE_STEP: Final = 5


@dataclass(frozen=True, kw_only=True)
class NiizaSensorDescription(SensorEntityDescription):
    """A sensor and where its value stands in a camera's status; None is unknown."""

    value_fn: Callable[[CameraStatus], StateType | datetime]
    attributes_fn: Callable[[CameraStatus], dict[str, Any]] | None = None
    # Of a moment: whether it only moves along with the clock.
    moving_fn: Callable[[CameraStatus], bool] | None = None


def _sd_evidence(status: CameraStatus) -> dict[str, Any]:
    """Return the evidence that decided, when the card was last seen to grow once it no longer is, and how the maker's own page answered."""
    page = [answer.value for source, answer in status.storage_answers.items() if source != "onvif"]
    told: dict[str, Any] = {"maker_page": page[0]} if page else {}
    if status.sd is None:
        return told
    told["evidence"] = status.sd.evidence.value
    grows = SdEvidence.NEWEST_MOVES
    if status.sd.evidence is not grows and (seen := status.sd.seen.get(grows)) is not None:
        told[f"{grows}_seen"] = seen
    return told


def _card_grows(status: CameraStatus) -> bool:
    """Return whether the card is seen to record."""
    return status.sd is not None and status.sd.problem is False


def _retention_status(status: CameraStatus) -> str | None:
    """Return how the retention compares to the standard."""
    return status.retention.status if status.retention is not None else None


def _resolution(status: CameraStatus) -> str | None:
    """Return width and height of the live picture as staff write them."""
    if (profile := status.main_profile) is None or profile.width is None or profile.height is None:
        return None
    return f"{profile.width}×{profile.height}"


def _read_back_outcome(status: CameraStatus) -> dict[str, Any]:
    """Return how the last read-back ended."""
    return {} if status.read_back is None else {"outcome": status.read_back.outcome.value}


SENSORS = (
    NiizaSensorDescription(
        key="sd_status",
        translation_key="sd_status",
        device_class=SensorDeviceClass.ENUM,
        options=[status.value for status in SdStatus],
        value_fn=lambda status: None if status.sd is None else status.sd.status.value,
        attributes_fn=_sd_evidence,
    ),
    NiizaSensorDescription(
        key="retention_status",
        translation_key="retention_status",
        device_class=SensorDeviceClass.ENUM,
        options=[status.value for status in RetentionStatus],
        value_fn=_retention_status,
    ),
    NiizaSensorDescription(
        key="retained_days",
        translation_key="retained_days",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda status: None if status.retention is None else status.retention.days,
    ),
    NiizaSensorDescription(
        key="oldest_recording",
        translation_key="oldest_recording",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda status: status.oldest_recording,
        moving_fn=_card_grows,
    ),
    NiizaSensorDescription(
        key="newest_recording",
        translation_key="newest_recording",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda status: status.newest_recording,
        moving_fn=_card_grows,
    ),
    NiizaSensorDescription(
        key="last_read_back",
        translation_key="last_read_back",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda status: None if status.read_back is None else status.read_back.tried_at,
        attributes_fn=_read_back_outcome,
    ),
    NiizaSensorDescription(
        key="resolution",
        translation_key="resolution",
        value_fn=_resolution,
    ),
    NiizaSensorDescription(
        key="clock_offset",
        translation_key="clock_offset",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        # Whole seconds: ONVIF tells no more, and the jitter of the network would fill the history.
        value_fn=lambda status: (
            None if status.clock is None else round(status.clock.offset.total_seconds())
        ),
    ),
    NiizaSensorDescription(
        key="firmware",
        translation_key="firmware",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda status: None if status.identity is None else status.identity.firmware,
    ),
    NiizaSensorDescription(
        key="last_contact",
        translation_key="last_contact",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda status: status.last_contact,
        moving_fn=lambda status: status.alive,
    ),
    NiizaSensorDescription(
        key="bit_rate",
        translation_key="bit_rate",
        device_class=SensorDeviceClass.DATA_RATE,
        native_unit_of_measurement=UnitOfDataRate.KILOBITS_PER_SECOND,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda status: (
            None if status.main_profile is None else status.main_profile.bitrate
        ),
    ),
    NiizaSensorDescription(
        key="storage_used",
        translation_key="storage_used",
        device_class=SensorDeviceClass.DATA_SIZE,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        suggested_unit_of_measurement=UnitOfInformation.GIBIBYTES,
        suggested_display_precision=1,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda status: None if status.storage is None else status.storage.used_bytes,
    ),
    NiizaSensorDescription(
        key="storage_total",
        translation_key="storage_total",
        device_class=SensorDeviceClass.DATA_SIZE,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        suggested_unit_of_measurement=UnitOfInformation.GIBIBYTES,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda status: None if status.storage is None else status.storage.total_bytes,
    ),
    NiizaSensorDescription(
        key="storage_wear",
        translation_key="storage_wear",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda status: None if status.storage is None else status.storage.wear_percent,
    ),
)


@dataclass(frozen=True, kw_only=True)
class SectionSensorDescription(SensorEntityDescription):
    """A sensor of the section; what the ledger would tell is unknown until it could be read (LedgerError)."""

    value_fn: Callable[[Evidence], StateType]
    attributes_fn: Callable[[Evidence], dict[str, Any]] = lambda _evidence: {}


def _head(evidence: Evidence) -> dict[str, Any]:
    """Return which entry the head is: with the hash an anchor that can be printed."""
    return {"number": evidence.ledger.head.number, "time": evidence.ledger.head.at}


def _open_cases(evidence: Evidence) -> int:
    """Return how many cases somebody has to go on with."""
    return sum(case.is_open for case in evidence.cases.cases.values())


def _by_state(evidence: Evidence) -> dict[str, Any]:
    """Return how many cases wait for what; whose they are is nobody's business here."""
    states = [case.state for case in evidence.cases.cases.values()]
    return {
        state.value: states.count(state)
        for state in (
            CaseState.RECEIVED,
            CaseState.PRESERVED,
            CaseState.APPROVED,
            CaseState.RELEASED,
        )
    }


def _fetching(evidence: Evidence) -> list[Progress]:
    """Return the progress of every clip that is being fetched or waits for its turn."""
    return [
        progress
        for case in evidence.cases.cases.values()
        if case.is_open
        for clip in case.clips
        if clip.state is ClipState.REQUESTED
        and (progress := evidence.retrievals.progress(clip.id)) is not None
    ]


def _percent(evidence: Evidence) -> dict[str, Any]:
    """Return how far they are together."""
    percents = [progress.percent for progress in _fetching(evidence)]
    return {"percent": round(sum(percents) / len(percents)) if percents else None}


def _releases(evidence: Evidence) -> int:
    """Return how often footage was released, also of cases whose files are gone since."""
    return sum(
        step.action == LedgerAction.CASE_RELEASED
        for case in evidence.cases.cases.values()
        for step in case.history
    )


SECTION_SENSORS = (
    SectionSensorDescription(
        key="releases",
        translation_key="releases",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=_releases,
    ),
    SectionSensorDescription(
        key="ledger_head",
        translation_key="ledger_head",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda evidence: evidence.ledger.head.hash,
        attributes_fn=_head,
    ),
    SectionSensorDescription(
        key="open_cases",
        translation_key="open_cases",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=_open_cases,
        attributes_fn=_by_state,
    ),
    SectionSensorDescription(
        key="clips_being_fetched",
        translation_key="clips_being_fetched",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda evidence: len(_fetching(evidence)),
        attributes_fn=_percent,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NiizaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of the section and of every camera, also of those that come later."""
    async_add_entities(SectionSensor(entry, each) for each in SECTION_SENSORS)
    async_add_for_each_camera(
        entry,
        async_add_entities,
        lambda camera: (
            *(NiizaSensor(camera, each) for each in SENSORS),
            *(MailSensor(camera, each) for each in MAIL_SENSORS),
            LastAddressReport(camera, entry.runtime_data.addresses),
            QuirksMet(camera),
            OutageMinutes(camera),
        ),
    )
    async_add_for_each_check(entry, async_add_entities, LastConfirmed)


class NiizaSensor(NiizaEntity, SensorEntity):
    """One fact about a camera."""

    entity_description: NiizaSensorDescription

    def __init__(self, coordinator: CameraCoordinator, description: NiizaSensorDescription) -> None:
        """Make the entity of one camera."""
        super().__init__(coordinator, description.key)
        self.entity_description = description
        self._attr_native_value = self._value(None)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Show the fact, None as long as it is not known."""
        self._attr_native_value = self._value(self._attr_native_value)
        super()._handle_coordinator_update()

    def _value(self, shown: object) -> StateType | datetime:
        """Return what is to be shown; a moment that only moves along is `shown` a while longer."""
        description, status = self.entity_description, self.coordinator.data
        value = description.value_fn(status)
        if (
            description.moving_fn is not None
            and isinstance(value, datetime)
            and isinstance(shown, datetime)
            and timedelta(0) <= value - shown < _MOVING
            and description.moving_fn(status)
        ):
            return shown
        return value

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """Return what the fact rests on."""
        if self.entity_description.attributes_fn is None:
            return None
        return self.entity_description.attributes_fn(self.coordinator.data)


@dataclass(frozen=True, kw_only=True)
class MailSensorDescription(SensorEntityDescription):
    """A sensor and what it tells of a camera's mails; None is unknown."""

    value_fn: Callable[[Heartbeat], StateType | datetime]


MAIL_SENSORS = (
    MailSensorDescription(
        key="last_mail",
        translation_key="last_mail",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda heartbeat: heartbeat.last,
    ),
    MailSensorDescription(
        key="mail_interval",
        translation_key="mail_interval",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda heartbeat: (
            None if heartbeat.interval is None else heartbeat.interval.total_seconds()
        ),
    ),
)


class MailSensor(NiizaEntity, SensorEntity):
    """One fact about a camera's regular mails."""

    entity_description: MailSensorDescription

    def __init__(self, coordinator: CameraCoordinator, description: MailSensorDescription) -> None:
        """Make the entity of one camera."""
        super().__init__(coordinator, description.key)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """Return the fact, None as long as it is not known."""
        return self.entity_description.value_fn(self.coordinator.heartbeat)


class LastAddressReport(NiizaEntity, RestoreSensor):
    """When the camera reported its address last; the address itself is nobody's business here."""

    entity_description = SensorEntityDescription(
        key="last_address_report",
        translation_key="last_address_report",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
    )

    def __init__(self, coordinator: CameraCoordinator, addresses: AddressReports) -> None:
        """Make the entity of one camera."""
        super().__init__(coordinator, self.entity_description.key)
        self._addresses = addresses
        self._before: datetime | None = None

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the reports; what came before a restart still holds."""
        await super().async_added_to_hass()
        last = await self.async_get_last_sensor_data()
        if last is not None and isinstance(last.native_value, datetime):
            self._before = last.native_value
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass,
                f"{SIGNAL_ADDRESS}_{self.coordinator.unique_id}",
                self.async_write_ha_state,
            )
        )

    @property
    def _reported(self) -> Reported | None:
        return self._addresses.reported.get(self.coordinator.unique_id)

    @property
    @override
    def native_value(self) -> datetime | None:
        """Return the moment, None as long as there was no report."""
        return self._before if self._reported is None else self._reported.at

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return whether the camera was found at the address that it reported, and who of it is locked out."""
        # One is the rule; of more the first is told, with how many there are.
        lock_outs = [
            one for one in self._addresses.lock_outs if self.coordinator.unique_id in one.cameras
        ]
        return {
            "verified": None if self._reported is None else self._reported.verified,
            "locked_out": lock_outs[0].source if lock_outs else None,
            "locked_out_since": lock_outs[0].since if lock_outs else None,
            "locked_out_sources": len(lock_outs),
        }


class OutageMinutes(NiizaEntity, RestoreSensor):
    """For how long the camera has been found dead in all; what nobody watched is not counted."""

    entity_description = SensorEntityDescription(
        key="outage_minutes",
        translation_key="outage_minutes",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MINUTES,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
    )

    def __init__(self, coordinator: CameraCoordinator) -> None:
        """Make the entity of one camera."""
        super().__init__(coordinator, self.entity_description.key)
        self._outage = timedelta(0)
        # Minutes.
        self._attr_native_value = self._shown = 0
        # Up to when it is counted; None: the camera is not known to be dead.
        self._counted: datetime | None = None

    @override
    async def async_added_to_hass(self) -> None:
        """Go on counting from before a restart."""
        await super().async_added_to_hass()
        last = await self.async_get_last_sensor_data()
        if last is not None and isinstance(last.native_value, int | float):
            self._attr_native_value = self._shown = int(last.native_value)
            self._outage = timedelta(minutes=self._shown)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Count what has passed since the camera was found dead, or since it was looked at last."""
        now = dt_util.utcnow()
        if self._counted is not None:
            self._outage += max(now - self._counted, timedelta(0))
        self._counted = now if self.coordinator.alive_verdict.alive is False else None
        minutes = self._outage // timedelta(minutes=1)
        # All of it as soon as the camera is back.
        if self._counted is None or minutes >= self._shown + _OUTAGE_STEP:
            self._attr_native_value = self._shown = minutes
        super()._handle_coordinator_update()


@dataclass(frozen=True)
class _KeptQuirks(ExtraStoredData):
    """What a camera got wrong so far, as Home Assistant keeps it."""

    counts: dict[Quirk, QuirkCount]

    @override
    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can carry it."""
        return {
            quirk: {"count": met.count, "last": met.last.isoformat()}
            for quirk, met in self.counts.items()
        }

    @classmethod
    def of(cls, kept: dict[str, Any]) -> _KeptQuirks:
        """Return what was kept, without what is no quirk any more."""
        counts: dict[Quirk, QuirkCount] = {}
        for quirk in Quirk:
            met = kept.get(quirk)
            last = dt_util.parse_datetime(met["last"]) if isinstance(met, dict) else None
            if isinstance(met, dict) and last is not None:
                counts[quirk] = QuirkCount(count=int(met["count"]), last=last)
        return cls(counts)


class QuirksMet(NiizaEntity, RestoreEntity, SensorEntity):
    """How many kinds of wrong answers of a camera are put right; each is in the attributes, also from before a restart."""

    entity_description = SensorEntityDescription(
        key="quirks", translation_key="quirks", entity_category=EntityCategory.DIAGNOSTIC
    )

    def __init__(self, coordinator: CameraCoordinator) -> None:
        """Make the entity of one camera."""
        super().__init__(coordinator, self.entity_description.key)

    @override
    async def async_added_to_hass(self) -> None:
        """Go on counting from before a restart."""
        await super().async_added_to_hass()
        if (kept := await self.async_get_last_extra_data()) is not None:
            self.coordinator.quirks.add(_KeptQuirks.of(kept.as_dict()).counts)

    @property
    @override
    def extra_restore_state_data(self) -> ExtraStoredData:
        """Return what is kept."""
        return _KeptQuirks(self.coordinator.quirks.counts())

    @property
    @override
    def native_value(self) -> int:
        """Return the number of kinds."""
        return len(self.coordinator.quirks.counts())

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return the kinds, which are shown in words; how often each was met is counted up with every poll (diagnostics)."""
        return {"kinds": sorted(quirk.value for quirk in self.coordinator.quirks.counts())}


class SectionSensor(SectionEntity, SensorEntity):
    """One fact about the section."""

    # It moves every second while something is fetched.
    _unrecorded_attributes = frozenset({"percent"})

    entity_description: SectionSensorDescription

    def __init__(self, entry: NiizaConfigEntry, description: SectionSensorDescription) -> None:
        """Make the entity."""
        super().__init__(entry, description.key)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> StateType:
        """Return the fact, None until the ledger could be read."""
        try:
            return self.entity_description.value_fn(self.evidence)
        except LedgerError:
            return None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """Return what belongs to the fact."""
        try:
            return self.entity_description.attributes_fn(self.evidence)
        except LedgerError:
            return None


class LastConfirmed(CheckEntity, SensorEntity):
    """When a check passed last."""

    _attr_device_class = SensorDeviceClass.TIMESTAMP

    @property
    @override
    def native_value(self) -> datetime | None:
        """Return the moment, None as long as it never passed."""
        if self.status is None or self.status.passed is None:
            return None
        return self.status.passed.at
