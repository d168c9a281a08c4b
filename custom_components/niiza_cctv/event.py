"""What happened last, to each of the section's things and to the section itself."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import AssetEntity, async_add_for_each_asset
from .lib.checks.model import Asset
from .managers.events import ALERTS_OF, SIGNAL_ALERT
from .runtime import NiizaConfigEntry

# Nothing is asked
PARALLEL_UPDATES = 0

# What the device tells already, and the type, which the event has itself.
_NOT_ATTRIBUTES = {"type", "object", "object_kind", "name", "device_id"}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NiizaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entity of the section and of everything it owns, also of what comes later."""
    async_add_for_each_asset(entry, async_add_entities, lambda asset: [AlertEvent(entry, asset)])


class AlertEvent(AssetEntity, EventEntity):
    """What happened last to one object, with the data of the bus event."""

    _attr_translation_key = "alert"

    def __init__(self, entry: NiizaConfigEntry, asset: Asset) -> None:
        """Offer what can happen to an object of this kind."""
        super().__init__(entry, asset, "alert")
        self._attr_event_types = [str(kind) for kind in ALERTS_OF[asset.kind]]

    @override
    async def async_added_to_hass(self) -> None:
        """Follow what is announced; the state moves with nothing else."""
        self.async_on_remove(
            async_dispatcher_connect(self.hass, SIGNAL_ALERT, self._async_announced)
        )

    @callback
    def _async_announced(self, event: Mapping[str, Any]) -> None:
        """Show what happened, if it happened to this object."""
        if event["object"] != self.asset.id:
            return
        self._trigger_event(
            event["type"],
            {key: value for key, value in event.items() if key not in _NOT_ATTRIBUTES},
        )
        self.async_write_ha_state()
