"""What all entities of a camera have in common, and all of the section itself."""

from collections.abc import Callable, Iterable
from typing import override

from homeassistant.const import CONF_MODEL
from homeassistant.core import callback
from homeassistant.helpers.device_registry import (
    CONNECTION_NETWORK_MAC,
    DeviceEntryType,
    DeviceInfo,
)
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.restore_state import RestoreEntity
from homeassistant.helpers.update_coordinator import CoordinatorEntity
from homeassistant.util.hass_dict import HassKey

from .const import CONF_FIRMWARE, CONF_MACS, CONF_MANUFACTURER, CONF_SERIAL, DOMAIN
from .coordinator import CameraCoordinator
from .lib.checks.model import Asset, AssetKind
from .runtime import NiizaConfigEntry

# The last states before a restart, by entity id.
KEPT_STATES: HassKey[dict[str, str]] = HassKey(f"{DOMAIN}_kept_states")


def is_there(entry: NiizaConfigEntry, subentry_id: str | None) -> bool:
    """Return whether a subentry (None: the section itself) was not removed while its entities were being made."""
    return subentry_id is None or subentry_id in entry.subentries


@callback
def async_add_for_each_camera(
    entry: NiizaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    entities: Callable[[CameraCoordinator], Iterable[Entity]],
) -> None:
    """Add the entities of every camera, also of those that come later."""

    @callback
    def add(coordinator: CameraCoordinator) -> None:
        if is_there(entry, coordinator.subentry.subentry_id):
            async_add_entities(
                entities(coordinator), config_subentry_id=coordinator.subentry.subentry_id
            )

    entry.runtime_data.cameras.async_for_each_camera(add)


class NiizaEntity(CoordinatorEntity[CameraCoordinator]):
    """An entity of one camera, there from set-up on whatever the camera does."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: CameraCoordinator, key: str) -> None:
        """Describe the device by what the camera said when it was added."""
        super().__init__(coordinator)
        data = coordinator.subentry.data
        self._attr_unique_id = f"{coordinator.unique_id}_{key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, coordinator.unique_id)},
            connections={(CONNECTION_NETWORK_MAC, mac) for mac in data[CONF_MACS]},
            name=coordinator.subentry.title,
            manufacturer=data[CONF_MANUFACTURER],
            model=data[CONF_MODEL],
            serial_number=data[CONF_SERIAL] or None,
            sw_version=data[CONF_FIRMWARE],
            configuration_url=coordinator.configuration_url,
        )


class KeptStateEntity(RestoreEntity):
    """An entity whose last state before a restart is known to the triggers, so that old trouble is no news.

    Nothing is restored, for only what is proved now is shown.
    """

    @override
    async def async_added_to_hass(self) -> None:
        """Ask Home Assistant what it kept."""
        await super().async_added_to_hass()
        if (kept := await self.async_get_last_state()) is not None:
            self.hass.data.setdefault(KEPT_STATES, {})[self.entity_id] = kept.state


@callback
def async_add_for_each_asset(
    entry: NiizaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    entities: Callable[[Asset], Iterable[Entity]],
) -> None:
    """Add the entities of the section itself and of everything it owns, also of what comes later."""

    @callback
    def add(asset: Asset) -> None:
        if is_there(entry, asset.subentry_id):
            async_add_entities(entities(asset), config_subentry_id=asset.subentry_id)

    entry.runtime_data.cameras.async_for_each_asset(add)


def _device_of(entry: NiizaConfigEntry, asset: Asset) -> DeviceInfo:
    """Describe the device of an object by what its subentry tells."""
    identifiers = {(DOMAIN, asset.id)}
    subentry = entry.subentries.get(asset.subentry_id or "")
    match asset.kind:
        case AssetKind.SECTION:
            return DeviceInfo(
                identifiers=identifiers, name=entry.title, entry_type=DeviceEntryType.SERVICE
            )
        case AssetKind.OFFLINE_CAMERA if subentry is not None:
            return DeviceInfo(
                identifiers=identifiers,
                name=asset.name,
                manufacturer=subentry.data[CONF_MANUFACTURER] or None,
                model=subentry.data[CONF_MODEL] or None,
                serial_number=subentry.data[CONF_SERIAL] or None,
            )
    return DeviceInfo(identifiers=identifiers, name=asset.name)


class AssetEntity(Entity):
    """An entity of anything that is looked at: the section, a camera with or without a network, a tablet."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: NiizaConfigEntry, asset: Asset, key: str) -> None:
        """Put it on the device of the object; a camera's own entities describe that further."""
        self.entry = entry
        self.asset = asset
        self._attr_unique_id = f"{asset.id}_{key}"
        self._attr_device_info = _device_of(entry, asset)


class SectionEntity(Entity):
    """An entity of the section itself: what it has taken out of its cameras, and the record of it."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: NiizaConfigEntry, key: str) -> None:
        """Put it on the section's own device; there is one section only."""
        self.evidence = entry.runtime_data.evidence
        self._attr_unique_id = f"section_{key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, "section")},
            name=entry.title,
            entry_type=DeviceEntryType.SERVICE,
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Follow cases, progress and ledger."""
        self.async_on_remove(self.evidence.async_add_listener(self.async_write_ha_state))
