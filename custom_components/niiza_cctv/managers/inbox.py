"""What each person was told and has not put away: their own list, in the panel, whatever their phones did with it.

Home Assistant's own notifications are everybody's: whoever closes one closes it for all, and a tablet that lies on a table
shows it. So nothing of the section's stands there.
"""

from collections.abc import Iterable
from typing import Final, TypedDict

from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, SIGNAL_CHANGED

_STORE_VERSION: Final = 1
_STORE_KEY: Final = f"{DOMAIN}.inbox"
_SAVE_AFTER: Final = 1.0
# Of one person: the oldest goes.
MAX_NOTICES: Final = 50


class StoredNotice(TypedDict):
    """One notice; `at` is when it was told (ISO 8601), `path` a place within Home Assistant."""

    title: str
    message: str
    path: str
    at: str


class Inbox:
    """The notices of all people, by user id and tag, also over a restart."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Make it; nothing is read yet."""
        self._hass = hass
        self._store: Store[dict[str, dict[str, StoredNotice]]] = Store(
            hass, _STORE_VERSION, _STORE_KEY, private=True
        )
        self._notices: dict[str, dict[str, StoredNotice]] | None = None

    async def put(
        self, user_ids: Iterable[str], tag: str, *, title: str, message: str, path: str
    ) -> None:
        """Give people a notice, in the place of an earlier one of that tag."""
        notices = await self._load()
        at = dt_util.utcnow().isoformat(timespec="seconds")
        for user_id in user_ids:
            own = notices.setdefault(user_id, {})
            own.pop(tag, None)
            own[tag] = StoredNotice(title=title, message=message, path=path, at=at)
            while len(own) > MAX_NOTICES:
                del own[next(iter(own))]
        self._changed(notices)

    async def remove(self, user_ids: Iterable[str], tag: str) -> None:
        """Take a notice from these people's lists, and from nobody else's."""
        notices = await self._load()
        gone = [user_id for user_id in user_ids if notices.get(user_id, {}).pop(tag, None)]
        if gone:
            for user_id in gone:
                if not notices[user_id]:
                    del notices[user_id]
            self._changed(notices)

    async def who_has(self, tag: str) -> list[str]:
        """Return the people in whose lists a notice still is."""
        return [user_id for user_id, own in (await self._load()).items() if tag in own]

    async def of(self, user_id: str) -> dict[str, StoredNotice]:
        """Return somebody's own notices by tag, the oldest first."""
        return dict((await self._load()).get(user_id, {}))

    async def _load(self) -> dict[str, dict[str, StoredNotice]]:
        if self._notices is None:
            stored = await self._store.async_load() or {}
            # Another call may have been quicker.
            if self._notices is None:
                self._notices = stored
        return self._notices

    def _changed(self, notices: dict[str, dict[str, StoredNotice]]) -> None:
        self._store.async_delay_save(
            lambda: {user_id: dict(own) for user_id, own in notices.items()}, _SAVE_AFTER
        )
        async_dispatcher_send(self._hass, SIGNAL_CHANGED)


async def async_remove_inbox(hass: HomeAssistant) -> None:
    """Forget everybody's notices: the section is gone."""
    store: Store[dict[str, dict[str, StoredNotice]]] = Store(hass, _STORE_VERSION, _STORE_KEY)
    await store.async_remove()
