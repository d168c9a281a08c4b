"""A camera without a network, which is looked after by hand."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_MODEL, CONF_NAME
from homeassistant.helpers.selector import TextSelector
from homeassistant.util.ulid import ulid_now
import probatio

from ..const import CONF_LOCATION, CONF_MANUFACTURER, CONF_SERIAL
from .forms import MAX_NAME

_OFFLINE_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_NAME): TextSelector(),
        probatio.Optional(CONF_LOCATION, default=""): TextSelector(),
        probatio.Optional(CONF_MANUFACTURER, default=""): TextSelector(),
        probatio.Optional(CONF_MODEL, default=""): TextSelector(),
        probatio.Optional(CONF_SERIAL, default=""): TextSelector(),
    }
)


class OfflineCameraSubentryFlow(ConfigSubentryFlow):
    """Add a camera without a network, which is looked after by hand, or change what is known of it."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask what it is and where it hangs."""
        return self._form("user", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for what changed; its checks and hand-overs stay its own."""
        subentry = self._get_reconfigure_subentry()
        return self._form("reconfigure", user_input, {**subentry.data, CONF_NAME: subentry.title})

    def _form(
        self,
        step_id: str,
        user_input: Mapping[str, str] | None,
        known: Mapping[str, str] | None = None,
    ) -> SubentryFlowResult:
        """Ask until there is a name."""
        errors = {}
        if user_input is not None:
            data = {key: text.strip() for key, text in user_input.items()}
            name = data.pop(CONF_NAME)
            if not 0 < len(name) <= MAX_NAME:
                errors[CONF_NAME] = "name_length"
            elif step_id == "reconfigure":
                return self.async_update_and_abort(
                    self._get_entry(), self._get_reconfigure_subentry(), title=name, data=data
                )
            else:
                return self.async_create_entry(
                    # It tells nobody who it is, so we name it once.
                    title=name,
                    data=data,
                    unique_id=f"offline-{ulid_now().lower()}",
                )
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(_OFFLINE_SCHEMA, user_input or known),
            errors=errors,
        )
