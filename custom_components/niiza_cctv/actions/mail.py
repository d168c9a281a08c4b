"""The action by which an automation reports a camera's mail that Home Assistant's own `imap` has read.

An automation has no user, so the action can do no more than a mail: count as a sign of life, or tell of a card. Persons
may not call it, for then one click would keep a dead camera alive; whoever may write automations can, as they can send mails.
"""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.core import ServiceResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType
import probatio

from ..coordinator import CameraCoordinator
from ..errors import invalid
from ..lib.access.errors import NotAllowed
from ..lib.inbound.mime import MAX_SUBJECT, MAX_TEXT
from ..responses.mail import MailResponse
from .base import Action, ActionCall, as_response

# Addresses of a mail; what somebody else's mail has beyond that is not looked at.
_MAX_ADDRESS: Final = 1000
_MAX_ADDRESSES: Final = 20


def _cut(length: int) -> Any:
    """Take any text, as it comes out of a stranger's mail, and keep its beginning."""
    return probatio.All(cv.string, lambda text: text[:length])


_SCHEMA: Final[VolDictType] = {
    probatio.Optional("camera"): cv.entity_id,
    probatio.Optional("recipient", default=""): _cut(_MAX_ADDRESS),
    probatio.Optional("sender", default=""): _cut(_MAX_ADDRESS),
    probatio.Optional("subject", default=""): _cut(MAX_SUBJECT),
    probatio.Optional("text", default=""): _cut(MAX_TEXT),
    probatio.Optional("mail_id", default=""): _cut(_MAX_ADDRESS),
}


async def _report(call: ActionCall) -> ServiceResponse:
    """Count a mail as the camera's sign of life, and read what it says of its card."""
    if call.user_id is not None:
        await call.evidence.cases.refuse(call.actor, call.name, "section", "mail_report_by_person")
        raise NotAllowed("mail_report_by_person")
    mail = call.entry.runtime_data.mail
    camera = (
        _camera(call, call.data["camera"])
        if "camera" in call.data
        else mail.async_camera_of(*_addresses(call.data))
    )
    if camera is None:
        # A mailbox has other mails, too.
        return as_response(MailResponse(camera=None, card=None))
    card = await mail.async_report(
        camera, call.data["subject"], call.data["text"], call.data["mail_id"]
    )
    return as_response(MailResponse(camera=camera.name, card=None if card is None else card.value))


def _addresses(data: Mapping[str, Any]) -> list[str]:
    """Return the recipients of a mail, then its sender."""
    return [*data["recipient"].split(",")[:_MAX_ADDRESSES], data["sender"]]


def _camera(call: ActionCall, entity_id: str) -> CameraCoordinator:
    """Return the camera that an entity belongs to."""
    if (camera := call.cameras.named(entity_id)) is None:
        raise invalid("camera_unknown", camera=entity_id)
    return camera


MAIL_ACTIONS: Mapping[str, Action] = {
    "report_mail": Action(answer=_report, schema=_SCHEMA),
}
