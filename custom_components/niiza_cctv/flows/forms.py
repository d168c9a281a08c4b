"""Fields that more than one form has."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import probatio

LONGEST_NAME = 60

# One entry a line.
LINES = TextSelector(TextSelectorConfig(multiline=True))
NEW_PASSWORD = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="new-password")
)


def whole(least: int, most: int, unit: str | None = None) -> probatio.All[Any]:
    """Return a field for a whole number."""
    config = NumberSelectorConfig(min=least, max=most, step=1, mode=NumberSelectorMode.BOX)
    if unit is not None:
        config["unit_of_measurement"] = unit
        config["translation_key"] = "amount"
    return probatio.All(NumberSelector(config), probatio.Coerce(int))


def lines(text: str) -> list[str]:
    """Return what stands in a field of lines, without blank and repeated ones."""
    return list(dict.fromkeys(stripped for line in text.splitlines() if (stripped := line.strip())))


def own_host(hass: HomeAssistant) -> str:
    """Return the address that a camera of the same network reaches Home Assistant at, as far as it is known."""
    api = hass.config.api
    return "homeassistant.local" if api is None else api.local_ip
