"""What the views have in common: a browser keeps nothing, and what is refused is said in words."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from aiohttp import hdrs, web
from homeassistant.core import HomeAssistant

from ..lib.access.model import Actor
from ..lib.ledger.errors import LedgerError
from ..managers.evidence import Evidence
from ..texts import async_words

NO_STORE: Final = {
    hdrs.CACHE_CONTROL: "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


async def async_record_refusal(
    evidence: Evidence, actor: Actor, what: str, subject: str, reason: str
) -> None:
    """Record that something was refused, if anything can be recorded: it is refused all the same."""
    with suppress(LedgerError):
        await evidence.cases.refuse(actor, what, subject, reason)


async def async_refusal(
    hass: HomeAssistant,
    kind: type[web.HTTPError],
    key: str,
    placeholders: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> web.HTTPError:
    """Return an answer that says in the language of this Home Assistant why there is nothing."""
    return kind(
        text=await async_words(hass, key, placeholders),
        content_type="text/plain",
        headers={**NO_STORE, **(headers or {})},
    )
