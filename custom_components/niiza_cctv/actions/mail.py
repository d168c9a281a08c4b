"""The action by which an automation reports a camera's mail that Home Assistant's own `imap` has read.

An automation has no user, so the action can do no more than a mail: count as a sign of life, or tell of a card. Persons
may not call it, for then one click would keep a dead camera alive; whoever may write automations can, as they can send mails.
"""

from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
    service as service_helper,
)
from homeassistant.helpers.typing import VolDictType
import probatio

from ..const import DOMAIN
from ..coordinator import CameraCoordinator, NiizaConfigEntry
from ..lib.inbound.mime import MAX_SUBJECT, MAX_TEXT
from ..lib.ledger.errors import LedgerError
from ..services import ledger_error

ACTION: Final = "report_mail"

# Addresses of a mail; what somebody else's mail has beyond that is not looked at.
_LONGEST_ADDRESS: Final = 1000
_MOST_ADDRESSES: Final = 20


def _cut(length: int) -> Any:
    """Take any text, as it comes out of a stranger's mail, and keep its beginning."""
    return probatio.All(cv.string, lambda text: text[:length])


_SCHEMA: Final[VolDictType] = {
    probatio.Optional("camera"): cv.entity_id,
    probatio.Optional("recipient", default=""): _cut(_LONGEST_ADDRESS),
    probatio.Optional("sender", default=""): _cut(_LONGEST_ADDRESS),
    probatio.Optional("subject", default=""): _cut(MAX_SUBJECT),
    probatio.Optional("text", default=""): _cut(MAX_TEXT),
    probatio.Optional("mail_id", default=""): _cut(_LONGEST_ADDRESS),
}


@callback
def async_setup_mail_actions(hass: HomeAssistant) -> None:
    """Register the action, whether the section is loaded or not."""

    async def report(call: ServiceCall) -> ServiceResponse:
        entry: NiizaConfigEntry = service_helper.async_get_config_entry(hass, DOMAIN, None)
        if call.context.user_id is not None:
            await _async_refuse(entry, call)
        mail = entry.runtime_data.mail
        coordinator = (
            _camera(hass, entry, call.data["camera"])
            if "camera" in call.data
            else mail.async_camera_of(*_addresses(call.data))
        )
        if coordinator is None:
            # A mailbox has other mails, too.
            return {"camera": None, "card": None} if call.return_response else None
        card = await mail.async_report(
            coordinator, call.data["subject"], call.data["text"], call.data["mail_id"]
        )
        if not call.return_response:
            return None
        return {"camera": coordinator.name, "card": None if card is None else card.value}

    hass.services.async_register(
        DOMAIN,
        ACTION,
        report,
        schema=probatio.Schema(_SCHEMA),
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_refuse(entry: NiizaConfigEntry, call: ServiceCall) -> None:
    """Refuse a person, on the record."""
    evidence = entry.runtime_data.evidence
    try:
        actor = await evidence.async_actor(call.context.user_id)
        await evidence.cases.refuse(actor, call.service, "section", "mail_report_by_person")
    except LedgerError as err:
        raise ledger_error(err) from err
    raise ServiceValidationError(translation_domain=DOMAIN, translation_key="mail_report_by_person")


def _addresses(data: dict[str, Any]) -> list[str]:
    """Return the recipients of a mail, then its sender."""
    return [*data["recipient"].split(",")[:_MOST_ADDRESSES], data["sender"]]


def _camera(hass: HomeAssistant, entry: NiizaConfigEntry, entity_id: str) -> CameraCoordinator:
    """Return the camera that an entity belongs to."""
    entity = er.async_get(hass).async_get(entity_id)
    device = dr.async_get(hass).async_get((entity and entity.device_id) or "")
    for coordinator in entry.runtime_data.cameras.values():
        if device is not None and (DOMAIN, coordinator.unique_id) in device.identifiers:
            return coordinator
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="camera_unknown",
        translation_placeholders={"camera": entity_id},
    )
