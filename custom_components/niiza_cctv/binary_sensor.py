"""What is right or wrong with a camera, in one word each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.binary_sensor import BinarySensorEntity, BinarySensorEntityDescription
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .check_entity import CheckEntity, async_add_for_each_check
from .coordinator import CameraCoordinator
from .entity import KeptStateEntity, NiizaEntity, SectionEntity, async_add_for_each_camera
from .errors import error_key
from .lib.device.judge import (
    audio_violation,
    clock_problem,
    resolution_within_limit,
    retention_problem,
    sd_problem,
)
from .lib.device.model import CameraStatus
from .lib.device.policy import SectionPolicy
from .lib.ledger.errors import LedgerError
from .managers.deadlines import clips_at_risk
from .managers.fault_notices import FaultNotices
from .runtime import NiizaConfigEntry, NiizaRuntime

# The coordinator asks the camera
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class NiizaBinarySensorDescription(BinarySensorEntityDescription):
    """A binary sensor and where its value stands in a camera's status; None is unknown."""

    value_fn: Callable[[CameraStatus, SectionPolicy], bool | None]
    attributes_fn: Callable[[CameraStatus, SectionPolicy], dict[str, Any]] | None = None


def _audio_places(status: CameraStatus, policy: SectionPolicy) -> dict[str, Any]:
    """Return where audio was found, which places could be read, and what the section says to it."""
    if status.audio is None:
        return {}
    return {
        "found": sorted(status.audio.found),
        "read": sorted(status.audio.read),
        "on_card_until": status.audio.on_card_until,
        "against_policy": audio_violation(status.audio, policy),
    }


ALIVE = BinarySensorEntityDescription(
    key="alive", translation_key="alive", device_class=BinarySensorDeviceClass.CONNECTIVITY
)

BINARY_SENSORS = (
    NiizaBinarySensorDescription(
        key="sd_problem",
        translation_key="sd_problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value_fn=lambda status, _: sd_problem(status.sd),
    ),
    NiizaBinarySensorDescription(
        key="audio_disabled",
        translation_key="audio_disabled",
        value_fn=lambda status, _: None if status.audio is None else status.audio.disabled,
        attributes_fn=_audio_places,
    ),
    NiizaBinarySensorDescription(
        key="recording_now",
        translation_key="recording_now",
        device_class=BinarySensorDeviceClass.RUNNING,
        value_fn=lambda status, _: status.recording_now,
    ),
    NiizaBinarySensorDescription(
        key="retention_problem",
        translation_key="retention_problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value_fn=lambda status, _: retention_problem(status.retention),
    ),
    NiizaBinarySensorDescription(
        key="clock_problem",
        translation_key="clock_problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value_fn=lambda status, policy: clock_problem(status.clock, policy),
    ),
    NiizaBinarySensorDescription(
        key="resolution_within_limit",
        translation_key="resolution_within_limit",
        value_fn=lambda status, policy: resolution_within_limit(status.main_profile, policy),
    ),
    NiizaBinarySensorDescription(
        key="default_password",
        translation_key="default_password",
        device_class=BinarySensorDeviceClass.SAFETY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda status, _: status.default_password,
    ),
)


@dataclass(frozen=True, kw_only=True)
class SectionBinarySensorDescription(BinarySensorEntityDescription):
    """A binary sensor of the section; unknown until the ledger could be read (LedgerError)."""

    value_fn: Callable[[NiizaRuntime], bool]
    attributes_fn: Callable[[NiizaRuntime], dict[str, Any]] | None = None


def _to_put_back(section: NiizaRuntime) -> dict[str, Any]:
    """Return which cameras are to be put back, and since when."""
    return {
        "cameras": [
            {
                "camera": raised.camera,
                "name": section.cameras.by_id(raised.camera).name,
                "until": raised.until.isoformat(),
            }
            for raised in section.setting_issues.overdue_reverts()
        ]
    }


SECTION_BINARY_SENSORS = (
    SectionBinarySensorDescription(
        key="ledger_available",
        translation_key="ledger_available",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda section: section.evidence.ledger.available,
    ),
    SectionBinarySensorDescription(
        key="footage_at_risk",
        translation_key="footage_at_risk",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value_fn=lambda section: any(True for _ in clips_at_risk(section.evidence)),
        attributes_fn=lambda section: {"clips": sum(1 for _ in clips_at_risk(section.evidence))},
    ),
    SectionBinarySensorDescription(
        key="settings_to_put_back",
        translation_key="settings_to_put_back",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value_fn=lambda section: bool(section.setting_issues.overdue_reverts()),
        attributes_fn=_to_put_back,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NiizaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of the section and of every camera, also of those that come later."""
    async_add_entities(SectionBinarySensor(entry, each) for each in SECTION_BINARY_SENSORS)
    async_add_for_each_camera(
        entry,
        async_add_entities,
        lambda camera: (
            AliveSensor(camera, entry.runtime_data.fault_notices),
            MailsArriving(camera),
            *(NiizaBinarySensor(camera, each) for each in BINARY_SENSORS),
        ),
    )
    async_add_for_each_check(entry, async_add_entities, CheckDue)


class AliveSensor(KeptStateEntity, NiizaEntity, BinarySensorEntity):
    """Whether a camera lives: it answers, and its mails come where they are expected."""

    def __init__(self, coordinator: CameraCoordinator, notices: FaultNotices) -> None:
        """Make the entity of one camera."""
        super().__init__(coordinator, ALIVE.key)
        self.entity_description = ALIVE
        self._notices = notices

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether the camera lives, None as long as nobody has asked it."""
        return self.coordinator.alive_verdict.alive

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return which sign of life is missing, and what keeps the camera from being known in full.

        A camera that refuses us lives, but tells nothing; one whose answers cannot be read lives, and is told which.
        While nobody is told of the camera, it says until when; by whom stands in the ledger.
        """
        error = self.coordinator.data.error
        until = self._notices.muted_until(self.coordinator.unique_id)
        silenced = {} if until is None else {"notices_silenced_until": until}
        return silenced | {
            "failed": list(self.coordinator.alive_verdict.failed),
            "trouble": None if error is None else error_key(error),
            "unread": list(self.coordinator.data.unread),
        }


class MailsArriving(NiizaEntity, BinarySensorEntity):
    """Whether a camera's regular mails come; unknown while none are expected, or it is too early to tell."""

    entity_description = BinarySensorEntityDescription(
        key="mails_arriving",
        translation_key="mails_arriving",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
    )

    def __init__(self, coordinator: CameraCoordinator) -> None:
        """Make the entity of one camera."""
        super().__init__(coordinator, self.entity_description.key)

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether they come."""
        silent = self.coordinator.heartbeat.silent
        return None if silent is None else not silent

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return why something from the camera's address was not taken last, where no mail came since."""
        return {"refused": self.coordinator.heartbeat.refused}


class NiizaBinarySensor(KeptStateEntity, NiizaEntity, BinarySensorEntity):
    """One judgement on a camera."""

    entity_description: NiizaBinarySensorDescription

    def __init__(
        self, coordinator: CameraCoordinator, description: NiizaBinarySensorDescription
    ) -> None:
        """Make the entity of one camera."""
        super().__init__(coordinator, description.key)
        self.entity_description = description

    @property
    @override
    def is_on(self) -> bool | None:
        """Return the judgement, None as long as it is not proved."""
        return self.entity_description.value_fn(self.coordinator.data, self.coordinator.policy)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """Return what the judgement rests on."""
        if self.entity_description.attributes_fn is None:
            return None
        return self.entity_description.attributes_fn(self.coordinator.data, self.coordinator.policy)


class SectionBinarySensor(SectionEntity, BinarySensorEntity):
    """One judgement on the section."""

    entity_description: SectionBinarySensorDescription

    def __init__(
        self, entry: NiizaConfigEntry, description: SectionBinarySensorDescription
    ) -> None:
        """Make the entity."""
        super().__init__(entry, description.key)
        self.section = entry.runtime_data
        self.entity_description = description

    @property
    @override
    def is_on(self) -> bool | None:
        """Return the judgement, None until the ledger could be read."""
        try:
            return self.entity_description.value_fn(self.section)
        except LedgerError:
            return None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """Return what the judgement rests on."""
        if self.entity_description.attributes_fn is None:
            return None
        try:
            return self.entity_description.attributes_fn(self.section)
        except LedgerError:
            return None


class CheckDue(CheckEntity, BinarySensorEntity):
    """Whether a check is due: it failed, never passed, or passed too long ago."""

    _attr_device_class = BinarySensorDeviceClass.PROBLEM

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether somebody has to look, None until the ledger could be read."""
        return None if self.status is None else self.status.due

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return what actions name, and since or until when; who looked is nobody's business here."""
        if (check := self.status) is None:
            return {"check": self.check}
        return {
            "check": check.id,
            "due_at": check.due_at,
            "due_since": check.due_since,
            "failed": check.failed,
        }
