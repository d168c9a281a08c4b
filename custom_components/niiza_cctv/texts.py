"""Texts in the language of this Home Assistant: nobody knows a phone's, or that of a page without a log-in."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_cached_translations, async_get_translations

from .const import DOMAIN


async def async_text(hass: HomeAssistant, key: str, **placeholders: str) -> str:
    """Return a text."""
    texts = await async_get_translations(hass, hass.config.language, "common", {DOMAIN})
    return texts.get(f"component.{DOMAIN}.common.{key}", key).format(**placeholders)


async def async_words(
    hass: HomeAssistant, key: str | None, placeholders: Mapping[str, str] | None = None
) -> str:
    """Return the message of an error."""
    texts = await async_get_translations(hass, hass.config.language, "exceptions", {DOMAIN})
    text = texts.get(f"component.{DOMAIN}.exceptions.{key}.message", key or "")
    return text.format(**(placeholders or {}))


def check_label(hass: HomeAssistant, kind: str, name: str | None = None) -> str:
    """Return what a kind of check is called; `name` is that of the section's own."""
    texts = async_get_cached_translations(hass, hass.config.language, "selector", DOMAIN)
    return name or texts.get(f"component.{DOMAIN}.selector.check_kind.options.{kind}", kind)


def check_text(hass: HomeAssistant, key: str, **placeholders: str) -> str:
    """Return a text to who cannot wait for one, as the entities of checks."""
    texts = async_get_cached_translations(hass, hass.config.language, "common", DOMAIN)
    return texts.get(f"component.{DOMAIN}.common.{key}", key).format(**placeholders)
