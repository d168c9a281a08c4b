"""What a person can ask of a camera at once instead of waiting for the schedule, and say of a check."""

from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.components.button.const import DOMAIN as BUTTON_DOMAIN, SERVICE_PRESS
from homeassistant.const import ATTR_ENTITY_ID, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .check_entity import CheckEntity, ConfirmingEntity, async_add_for_each_check, async_confirm
from .const import DOMAIN
from .coordinator import CameraCoordinator
from .entity import NiizaEntity, async_add_for_each_camera
from .lib.device.model import ReadBackOutcome
from .people import called_with
from .runtime import NiizaConfigEntry

# The section limits its read-backs and polls itself
PARALLEL_UPDATES = 0

PROVE = ButtonEntityDescription(key="prove_recording", translation_key="prove_recording")
REFRESH = ButtonEntityDescription(
    key="refresh", translation_key="refresh", entity_category=EntityCategory.DIAGNOSTIC
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NiizaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of every camera, also of those that come later."""
    async_add_for_each_camera(
        entry,
        async_add_entities,
        lambda camera: (ProveButton(camera, PROVE), RefreshButton(camera, REFRESH)),
    )
    async_add_for_each_check(entry, async_add_entities, ConfirmButton)


class NiizaButton(NiizaEntity, ButtonEntity):
    """A button of one camera."""

    def __init__(
        self, coordinator: CameraCoordinator, description: ButtonEntityDescription
    ) -> None:
        """Make the entity of one camera."""
        super().__init__(coordinator, description.key)
        self.entity_description = description


class ProveButton(NiizaButton):
    """Reads the card back now; the SD status shows what came of it."""

    @override
    async def async_press(self) -> None:
        """Read back, and say so when it could not be tried: no evidence is not bad evidence."""
        result = await self.coordinator.async_prove()
        if result.outcome is ReadBackOutcome.NOT_POSSIBLE:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="read_back_not_possible",
                translation_placeholders={"camera": self.coordinator.name},
            )


class RefreshButton(NiizaButton):
    """Asks the camera now."""

    @override
    async def async_press(self) -> None:
        """Poll; pressed again and again it waits a few seconds between polls."""
        await self.coordinator.async_request_refresh()


class ConfirmButton(ConfirmingEntity, CheckEntity, ButtonEntity):
    """Says that a check was found in order."""

    @override
    async def async_press(self) -> None:
        """Record it in the name of the person who pressed this one button."""
        context = self.take_context()
        await async_confirm(
            self.hass,
            self.entry,
            self.check,
            context,
            (BUTTON_DOMAIN, SERVICE_PRESS),
            named=called_with(context).get(ATTR_ENTITY_ID) in (self.entity_id, [self.entity_id]),
        )
