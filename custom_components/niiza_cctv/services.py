"""The actions that Home Assistant is told of; what each does stands in `actions/`."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant, callback

from .actions.acceptance import ACCEPTANCE_ACTIONS
from .actions.base import Action, async_register_actions
from .actions.cases import CASE_ACTIONS
from .actions.checks import CHECK_ACTIONS
from .actions.cuts import CUT_ACTIONS
from .actions.ledger import LEDGER_ACTIONS
from .actions.mail import MAIL_ACTIONS
from .actions.masking import MASK_ACTIONS
from .actions.mutes import MUTE_ACTIONS
from .actions.notify import NOTIFY_ACTIONS
from .actions.people import PEOPLE_ACTIONS
from .actions.settings import SETTINGS_ACTIONS
from .actions.summary import SUMMARY_ACTIONS

ACTIONS: Mapping[str, Action] = {
    **CASE_ACTIONS,
    **CUT_ACTIONS,
    **MASK_ACTIONS,
    **LEDGER_ACTIONS,
    **CHECK_ACTIONS,
    **SETTINGS_ACTIONS,
    **ACCEPTANCE_ACTIONS,
    **MUTE_ACTIONS,
    **PEOPLE_ACTIONS,
    **NOTIFY_ACTIONS,
    **SUMMARY_ACTIONS,
    **MAIL_ACTIONS,
}


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register all of them."""
    async_register_actions(hass, ACTIONS)
