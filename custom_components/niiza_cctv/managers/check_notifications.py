"""The buttons of notifications about checks: who stands at the station says by one tap what they found.

A notification about a check carries the tag `check_tag` and the buttons `check_buttons`. Pressing one records the check in the
name of the person to whom the phone belongs; a notification that is answered goes from everybody's phone.
"""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback

from ..const import DOMAIN, LOGGER, ROLES
from ..entry_data import async_spawn
from ..errors import error_key
from ..lib.access.errors import CaseError
from ..lib.access.model import Actor
from ..lib.checks.model import Check, Record, Result
from ..lib.ledger.errors import LedgerError
from ..paths import check_path
from ..people import is_direct_event
from ..texts import check_label, check_text
from .evidence import Evidence
from .mobile_app import Notice, Phones

_ACTION_EVENT: Final = "mobile_app_notification_action"
_PREFIX: Final = "NIIZA_CCTV_CHECK"


def check_tag(check: str) -> str:
    """Return the tag of every notification about a check."""
    return f"{DOMAIN}_check_{check}"


def check_buttons(hass: HomeAssistant, check: Check) -> tuple[dict[str, Any], ...]:
    """Return the buttons by which a check is recorded, in the language of this Home Assistant."""
    return tuple(
        {
            "action": f"{_PREFIX}/{check.id}/{result}",
            "title": _button(hass, check.kind.key, result),
            # Nobody who only found the phone says how a camera stands.
            "authenticationRequired": True,
        }
        for result in Result
        # What one tap does not confirm is opened by a tap on the notification itself.
        if result is Result.FAILED or check.kind.by_tap
    )


def _button(hass: HomeAssistant, kind: str, result: Result) -> str:
    # A kind may have words of its own.
    own = f"notice_check_{result}_{kind}"
    text = check_text(hass, own)
    return check_text(hass, f"notice_check_{result}") if text == own else text


class CheckNotifications:
    """Takes the answers of notifications about checks, and takes back what was answered."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], *, evidence: Evidence, phones: Phones
    ) -> None:
        """Make it; nothing is listened to yet."""
        self._hass = hass
        self._entry = entry
        self._evidence = evidence
        self._phones = phones
        self._unsubscribe: list[CALLBACK_TYPE] = []

    async def async_start(self) -> None:
        """Begin to listen."""
        self._unsubscribe = [
            self._evidence.async_on_record(self._on_record),
            self._hass.bus.async_listen(_ACTION_EVENT, self._on_button),
        ]

    async def async_close(self) -> None:
        """Listen no more."""
        while self._unsubscribe:
            self._unsubscribe.pop()()

    @callback
    def _on_record(self, check: Check, _record: Record) -> None:
        """Take back the notifications about a check that somebody looked at."""
        async_spawn(self._hass, self._entry, self._clear(check), "check notices", eager=False)

    async def _clear(self, check: Check) -> None:
        told = {user_id for role in ROLES for user_id in await self._phones.holders(role)}
        await self._phones.clear(sorted(told), check_tag(check.id))

    async def _on_button(self, event: Event[Mapping[str, Any]]) -> None:
        """Record what a button says: the event names the person to whom the phone belongs."""
        prefix, _, rest = str(event.data.get("action", "")).partition("/")
        # A camera's id begins with its maker, whose name may hold a slash.
        named, _, result = rest.rpartition("/")
        if prefix == _PREFIX and result in set(Result):
            await self._answer(event, named, Result(result))

    async def _answer(self, event: Event[Mapping[str, Any]], named: str, result: Result) -> None:
        actor = await self._evidence.async_actor(
            event.context.user_id, direct=is_direct_event(event)
        )
        try:
            checks = self._evidence.checks
            check = await checks.check_may(actor, named, confirms_by_tap=result is Result.PASSED)
            button = _button(self._hass, check.kind.key, result)
            note = check_text(self._hass, "notice_check_note", button=button)
            await checks.record(actor, named, result, note=note, by_tap=True)
        except (CaseError, LedgerError) as err:
            refusal = error_key(err)
        else:
            return
        LOGGER.warning("A check by a notification's button was refused: %s", refusal)
        await self._say_refused(actor, named)

    async def _say_refused(self, actor: Actor, named: str) -> None:
        """Tell whoever pressed that nothing was recorded."""
        if actor.person is None:
            return
        try:
            check = self._evidence.checks.check(named)
        except CaseError, LedgerError:
            return
        what = check_text(
            self._hass,
            "check_of_object",
            object=check.asset.name,
            check=check_label(self._hass, check.kind.key, check.kind.name),
        )
        await self._phones.tell(
            [actor.person.id],
            Notice(
                title=check_text(self._hass, "notice_check_refused"),
                message=check_text(self._hass, "notice_check_refused_message", check=what),
                tag=check_tag(named),
                path=check_path(named),
            ),
        )
