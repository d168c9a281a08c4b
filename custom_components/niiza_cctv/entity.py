"""What all entities of a camera have in common."""

from collections.abc import Callable, Iterable

from homeassistant.const import CONF_MODEL
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.device_registry import CONNECTION_NETWORK_MAC, DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import CONF_FIRMWARE, CONF_MACS, CONF_MANUFACTURER, CONF_SERIAL, DOMAIN
from .coordinator import CameraCoordinator, NiizaConfigEntry, error_key
from .device.errors import CameraError


@callback
def async_add_for_each_camera(
    entry: NiizaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    entities: Callable[[CameraCoordinator], Iterable[Entity]],
) -> None:
    """Add the entities of every camera, also of those that come later."""

    @callback
    def add(coordinator: CameraCoordinator) -> None:
        async_add_entities(
            entities(coordinator), config_subentry_id=coordinator.subentry.subentry_id
        )

    entry.runtime_data.async_for_each_camera(add)


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


def translated(err: CameraError, coordinator: CameraCoordinator) -> HomeAssistantError:
    """Return what went wrong with a camera in the words of the person who asked."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=error_key(err),
        translation_placeholders={"camera": coordinator.name},
    )
