"""Reaching people: the one place that knows what a companion app needs, on Android and on iOS.

A phone shows a notice on its lock screen to anybody: so what is sent names no person, and a picture goes along only
where somebody chose that.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from ..const import CONF_TABLETS, DOMAIN, LOGGER, ROLES, SUBENTRY_TABLET
from ..core_internals import notify_actions
from ..issues import ISSUE_NO_PHONE, async_close_issue, async_show_issue
from ..people import Held, Holders, async_holders, async_people
from .inbox import Inbox

# Longer than the app's own way out takes to give up (seconds).
_SEND_TIMEOUT = 20.0


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What is shown on a phone; `path` is what a tap opens, a place within Home Assistant."""

    title: str
    message: str
    # A later notice of the same tag takes the place of the earlier one.
    tag: str
    path: str
    actions: tuple[dict[str, Any], ...] = ()
    # A path within Home Assistant that asks for the app's own log-in.
    image: str | None = None
    # Wakes a sleeping phone and breaks through a focus.
    urgent: bool = True

    def payload(self) -> dict[str, Any]:
        """Return it as the companion apps take it: each ignores what is the other's."""
        data: dict[str, Any] = {
            "tag": self.tag,
            "group": DOMAIN,
            # The one for iOS, the other for Android.
            "url": self.path,
            "clickAction": self.path,
            # Android: at once, though the phone sleeps; hidden on the lock screen.
            "ttl": 0,
            "priority": "high",
            "channel": DOMAIN if self.urgent else f"{DOMAIN}_quiet",
            "importance": "high" if self.urgent else "default",
            "visibility": "private",
            "push": {"interruption-level": "time-sensitive" if self.urgent else "active"},
        }
        if self.actions:
            data["actions"] = [dict(action) for action in self.actions]
        if self.image is not None:
            data["image"] = self.image
        return {"title": self.title, "message": self.message, "data": data}


class Phones:
    """The phones of the section's people and its tablets."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        held: Callable[[], Held],
        send_timeout: float = _SEND_TIMEOUT,
    ) -> None:
        """Make it; nothing is sent. `held` says who holds what now. Each phone's own service may take `send_timeout` seconds."""
        self._hass = hass
        self._entry = entry
        self._held = held
        self._send_timeout = send_timeout
        # What each of them was told stands in their own list, too.
        self.inbox = Inbox(hass)
        # What is taken back must not overtake what was told.
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    # --- Who --------------------------------------------------------------------------------------------------

    async def tablets(self) -> list[str]:
        """Return the users of the section's tablets who may log in."""
        return (await self._holders())[CONF_TABLETS]

    async def holders(self, role: str) -> list[str]:
        """Return who holds a role now; a tablet is nobody's hand and holds its own role only."""
        holders = await self._holders()
        tablets = holders[CONF_TABLETS]
        if role == CONF_TABLETS:
            return tablets
        return [user_id for user_id in holders[role] if user_id not in tablets]

    async def _holders(self) -> Holders:
        return await async_holders(self._hass, self._entry, self._held())

    def of(self, user_id: str) -> list[str]:
        """Return the notify actions of a person's phones: of nobody else's that has the same name."""
        apps = self._hass.config_entries.async_entries("mobile_app")
        tablet = self._tablet_entries().get(user_id)
        webhooks = {app.data["webhook_id"] for app in apps if app.entry_id == tablet} or {
            app.data["webhook_id"] for app in apps if app.data.get("user_id") == user_id
        }
        return notify_actions(self._hass, webhooks)

    def _tablet_entries(self) -> dict[str, str]:
        """Return the app's entry that was chosen for each tablet, by its user; "" is none."""
        return {
            subentry.data["user_id"]: subentry.data.get("notify", "")
            for subentry in self._entry.get_subentries_of_type(SUBENTRY_TABLET)
        }

    # --- Telling ----------------------------------------------------------------------------------------------

    async def tell(self, user_ids: Iterable[str], notice: Notice) -> list[str]:
        """Tell people by all their phones; return whom none reached, who find it in their own list as everybody does."""
        told = list(dict.fromkeys(user_ids))
        payload = notice.payload()
        async with self._turn(notice.tag):
            await self.inbox.put(
                told, notice.tag, title=notice.title, message=notice.message, path=notice.path
            )
            reached = await asyncio.gather(*(self._send(user_id, payload) for user_id in told))
        unreached = [user_id for user_id, got in zip(told, reached, strict=True) if not got]
        await self._show_unreached(set(told), set(unreached))
        return unreached

    async def clear(self, user_ids: Iterable[str], tag: str) -> None:
        """Take a notice back from these people: from their phones and their lists."""
        told = list(dict.fromkeys(user_ids))
        payload = {"message": "clear_notification", "data": {"tag": tag}}
        async with self._turn(tag):
            await self.inbox.remove(told, tag)
            await asyncio.gather(*(self._send(one, payload) for one in told))

    def _turn(self, tag: str) -> asyncio.Lock:
        """Return what lets one after the other speak of a tag."""
        return self._turns.setdefault(tag, asyncio.Lock())

    async def _send(self, user_id: str, payload: dict[str, Any]) -> bool:
        """Send to all phones of a person; return whether it went out to one at least."""
        sent = await asyncio.gather(*(self._send_to(phone, payload) for phone in self.of(user_id)))
        return any(sent)

    async def _send_to(self, phone: str, payload: dict[str, Any]) -> bool:
        """Send to one phone; return whether it went out."""
        try:
            async with asyncio.timeout(self._send_timeout):
                await self._hass.services.async_call("notify", phone, payload, blocking=True)
        except Exception as err:  # noqa: BLE001 - what one phone's service raises must not stop the others
            LOGGER.warning("Notice could not be sent by %s: %s", phone, err)
            return False
        return True

    async def _show_unreached(self, told: set[str], unreached: set[str]) -> None:
        """Say in a repair who has no phone that notices reach, until they were reached or have no part in it any more."""
        issue = ir.async_get(self._hass).async_get_issue(DOMAIN, ISSUE_NO_PHONE)
        known = str((issue.data or {}).get("user_ids", "")) if issue else ""
        people = await async_people(self._hass)
        concerned = {one for role in ROLES for one in self._entry.data[role]}
        concerned |= self._tablet_entries().keys()
        # Who was told something is concerned, too: an automation may name anybody of the section.
        missing = {one for one in known.split(",") if one in concerned} - told | unreached
        missing &= people.keys()
        if not missing:
            async_close_issue(self._hass, ISSUE_NO_PHONE)
            return
        async_show_issue(
            self._hass,
            ISSUE_NO_PHONE,
            warning=True,
            data={"user_ids": ",".join(sorted(missing))},
            placeholders={"people": ", ".join(sorted(people[user_id] for user_id in missing))},
        )
