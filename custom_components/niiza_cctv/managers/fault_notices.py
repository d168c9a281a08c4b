"""A card that does not record, a camera that died, audio that is on: told by default, whether or not anybody made an automation.

A repair says what to do; whoever can do something about it is told once. Where an automation of our own blueprint tells
of the same, that one does. A person may silence a camera for a time, on the record.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NotRequired, TypedDict

from homeassistant.components.automation import automations_with_blueprint
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_ON
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from ..cameras import Cameras
from ..const import CONF_APPROVERS, CONF_EXPORTERS, CONF_TABLETS, DOMAIN, LOGGER
from ..coordinator import CameraCoordinator
from ..core_internals import dashboards_by_strategy
from ..entry_data import async_spawn
from ..issues import FAULT_ISSUES, async_close_issues, async_show_issue, issue_id
from ..lib.access.errors import NotAllowed
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission, check_person
from ..lib.device.alive import Sign
from ..lib.ledger.errors import LedgerError
from ..lib.ledger.model import Person
from ..lib.settings.mutes import Mute, MuteReason
from ..paths import BOARD_PATH, STRATEGY, board_path, dashboard_board
from ..texts import async_text, check_text
from .alerts import Alerts
from .evidence import Evidence
from .mobile_app import Notice, Phones
from .setting_issues import show_until

_STORE_VERSION: Final = 1
_STORE_KEY: Final = f"{DOMAIN}.fault_notices"
# Seconds; what a crash within them loses is told once more.
_SAVE_AFTER: Final = 2.0
# A fault that comes and goes is told so often within this time at most; whoever looks sees it all the while.
_MAX_TOLD: Final = 3
_TOLD_WITHIN: Final = timedelta(hours=1)
# So many cameras are read on a phone; the rest is a number.
MAX_LINES: Final = 10
# Who can do something about it, and the tablet on the desk.
_TOLD: Final = (CONF_EXPORTERS, CONF_APPROVERS, CONF_TABLETS)


class _Kept(TypedDict):
    """What is known over a restart, by fault and camera; until when cameras are silenced."""

    # What the notices say.
    told: dict[str, list[str]]
    # When people were told, and what was wrong.
    told_at: NotRequired[dict[str, dict[str, list[str]]]]
    found: NotRequired[dict[str, dict[str, str]]]
    muted: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class _Fault:
    """One thing that is told."""

    # How long it has to last: a camera that starts anew is no news.
    wait: timedelta
    # The blueprint that tells of the same.
    blueprint: str
    # What is wrong, as the words for it are called.
    what: Callable[[CameraCoordinator], str]


# What is wrong with a card, where nobody knows any more.
_UNPROVEN: Final = "sd_unproven"


def _sd(camera: CameraCoordinator) -> str:
    # What was found before a restart, or before the camera fell silent, holds until it is disproved.
    sd = camera.data.sd
    return f"sd_{sd.status.value}" if sd is not None and sd.problem else _UNPROVEN


def _dead(camera: CameraCoordinator) -> str:
    only_mail = camera.alive_verdict.failed == (Sign.MAIL,)
    return "camera_mails_missing" if only_mail else "camera_silent"


# By the judgements of `managers/alerts.py`.
_FAULTS: Final[Mapping[str, _Fault]] = {
    "alive": _Fault(wait=timedelta(minutes=5), blueprint="camera_died", what=_dead),
    "sd": _Fault(wait=timedelta(minutes=2), blueprint="sd_fault", what=_sd),
    "audio": _Fault(
        wait=timedelta(minutes=1),
        blueprint="audio_found",
        what=lambda _camera: "audio_on",
    ),
}


def _moments(texts: Iterable[str]) -> list[datetime]:
    """Return the moments that were kept as texts."""
    return [moment for text in texts if (moment := dt_util.parse_datetime(text)) is not None]


def _tag(key: str) -> str:
    """Return what lets a later notice take the place of an earlier one."""
    return f"{DOMAIN}_fault_{key}"


class FaultNotices:
    """Tells of what is wrong with cameras, and keeps quiet about those that somebody silenced."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        cameras: Cameras,
        evidence: Evidence,
        alerts: Alerts,
        phones: Phones,
        waits: Mapping[str, timedelta] | None = None,
    ) -> None:
        """Make it; nothing is watched yet. `waits`: how long each fault has to last, where other than usual."""
        self._hass = hass
        self._entry = entry
        self._cameras = cameras
        self._evidence = evidence
        self._alerts = alerts
        self._phones = phones
        self._waits = {key: fault.wait for key, fault in _FAULTS.items()} | dict(waits or {})
        self._store: Store[_Kept] = Store(hass, _STORE_VERSION, _STORE_KEY)
        self._told: dict[str, list[str]] = {}
        # When people were told of a camera within the last hour, whether or not that is over.
        self._told_at: dict[str, dict[str, list[datetime]]] = {key: {} for key in _FAULTS}
        # What was found wrong last: a camera that fell silent says no more of its card.
        self._found: dict[str, dict[str, str]] = {key: {} for key in _FAULTS}
        # Until the ledger could be read: what was silenced before a restart.
        self._muted_before: dict[str, datetime] = {}
        # Since when each fault is seen, by fault and camera; as far as this start knows.
        self._since: dict[tuple[str, str], datetime] = {}
        # The cameras that are silenced, as of the last look.
        self._silent: set[str] = set()
        self._telling = asyncio.Lock()
        self._timer: CALLBACK_TYPE | None = None
        self._loaded = self._closed = False

    # --- While the section is loaded --------------------------------------------------------------------------

    async def async_start(self) -> None:
        """Watch the cameras that are or become the section's, after those that judge them."""
        kept = await self._store.async_load() or _Kept(told={}, muted={})
        self._told = {key: list(kept["told"].get(key, ())) for key in _FAULTS}
        for key in _FAULTS:
            told_at = kept.get("told_at", {}).get(key, {})
            self._told_at[key] = {camera: _moments(texts) for camera, texts in told_at.items()}
            self._found[key] = dict(kept.get("found", {}).get(key, {}))
        self._muted_before = {
            camera: until for camera, text in kept["muted"].items() for until in _moments([text])
        }
        self._loaded = True

        @callback
        def watch(camera: CameraCoordinator) -> None:
            # Ends with the coordinator, which is the section's own.
            camera.async_add_listener(self.async_look)

        for camera in self._cameras.values():
            watch(camera)
        self._cameras.async_for_each_camera(watch)
        self._cameras.async_on_removed(self._on_removed)
        self._evidence.async_when_read(self.async_look)

    async def async_close(self) -> None:
        """Tell nothing more, and keep what was told."""
        self._closed = True
        self._cancel_timer()
        if self._loaded:
            await self._store.async_save(self._to_store())

    # --- Silenced -----------------------------------------------------------------------------------------------

    def muted_until(self, camera: str) -> datetime | None:
        """Return until when nobody is told of a camera; None: everybody is."""
        if self._evidence.is_read:
            until = None if (mute := self._mute(camera)) is None else mute.until
        else:
            until = self._muted_before.get(camera)
        return until if until is not None and until > dt_util.utcnow() else None

    def _mute(self, camera: str) -> Mute | None:
        """Return what was silenced last, as far as it is known; its time may be over."""
        return self._evidence.mute_book.mutes.get(camera) if self._evidence.is_read else None

    async def async_mute(
        self, actor: Actor, camera: CameraCoordinator, until: datetime, reason: MuteReason
    ) -> None:
        """Tell nobody of a camera until a moment; raises CaseError, LedgerError."""
        person = await self.async_check(actor, camera.unique_id)
        await self._evidence.mute_book.mute(camera.unique_id, until, reason, person)
        self._shown_anew(camera)

    async def async_unmute(self, actor: Actor, camera: CameraCoordinator) -> None:
        """Tell of a camera again; raises CaseError, LedgerError."""
        person = await self.async_check(actor, camera.unique_id)
        await self._evidence.mute_book.unmute(camera.unique_id, person)
        self._shown_anew(camera)

    async def async_check(self, actor: Actor, camera: str) -> Person:
        """Return who it is, if they may silence notices; raises NotAllowed, on the record, and LedgerError."""
        try:
            return check_person(actor, Permission.MUTE_ALERTS)
        except NotAllowed as err:
            await self._evidence.cases.refuse(
                actor, Permission.MUTE_ALERTS, f"camera/{camera}", err.key
            )
            raise

    @callback
    def _on_removed(self, camera: CameraCoordinator) -> None:
        """Forget a camera that left: one that is added again is a new one, and nobody silenced that."""
        for key in _FAULTS:
            self._since.pop((key, camera.unique_id), None)
            self._told_at[key].pop(camera.unique_id, None)
            self._found[key].pop(camera.unique_id, None)
        self.async_look()
        async_spawn(self._hass, self._entry, self._async_forget(camera.unique_id), "silence")

    async def _async_forget(self, camera: str) -> None:
        try:
            await self._evidence.mute_book.unmute(camera, None)
        except LedgerError as err:
            LOGGER.warning("Notices of a camera that was removed stay silenced: %s", err)

    @callback
    def _shown_anew(self, camera: CameraCoordinator) -> None:
        # Silenced and not any more: what lasts is told at once.
        for told_at in self._told_at.values():
            told_at.pop(camera.unique_id, None)
        camera.async_update_listeners()
        self._evidence.async_changed()
        self._store.async_delay_save(self._to_store, _SAVE_AFTER)

    # --- Faults -------------------------------------------------------------------------------------------------

    @callback
    def async_look(self) -> None:
        """Show what is wrong and tell of what lasts; look again when something may have lasted long enough."""
        if self._closed:
            return
        now = dt_util.utcnow()
        wrong = {key: self._wrong(key, now) for key in _FAULTS}
        self._show_issues(wrong)
        for key in _FAULTS:
            if {camera.unique_id for camera in self._to_tell(key, now)} != set(self._told[key]):
                async_spawn(self._hass, self._entry, self._async_tell(key), "faults", eager=False)
        self._look_again(now)

    def _wrong(self, key: str, now: datetime) -> list[CameraCoordinator]:
        """Return the cameras with a fault that has lasted long enough."""
        found = []
        for camera in self._cameras.values():
            known = (key, camera.unique_id)
            if not self._alerts.trouble(camera.unique_id, key):
                self._since.pop(known, None)
                self._found[key].pop(camera.unique_id, None)
                continue
            since = self._since.setdefault(known, now)
            # What was shown before a restart has lasted.
            shown = camera.unique_id in self._told[key] or camera.unique_id in self._found[key]
            if shown or now - since >= self._waits[key]:
                found.append(camera)
        return found

    def _to_tell(self, key: str, now: datetime) -> list[CameraCoordinator]:
        """Return the cameras of whose fault people hear, or heard already."""
        return [
            camera
            for camera in self._wrong(key, now)
            if self.muted_until(camera.unique_id) is None
            and (
                camera.unique_id in self._told[key]
                or len(self._told_lately(key, camera.unique_id, now)) < _MAX_TOLD
            )
        ]

    def _told_lately(self, key: str, camera: str, now: datetime) -> list[datetime]:
        """Return when people were told of a fault of a camera, as far as that keeps them from hearing of it again."""
        return [at for at in self._told_at[key].get(camera, ()) if now - at < _TOLD_WITHIN]

    @callback
    def _look_again(self, now: datetime) -> None:
        """Plan the next look: a fault has lasted, or may be told again, or a silence is over."""
        silent = {
            camera.unique_id: until
            for camera in self._cameras.values()
            if (until := self.muted_until(camera.unique_id)) is not None
        }
        self._silent = set(silent)
        moments = [since + self._waits[key] for (key, _), since in self._since.items()]
        moments += [
            at + _TOLD_WITHIN
            for told_at in self._told_at.values()
            for moments_told in told_at.values()
            for at in moments_told
        ]
        moments += silent.values()
        self._cancel_timer()
        if coming := [moment for moment in moments if moment > now]:
            self._timer = async_call_later(
                self._hass, min(coming) - now + timedelta(seconds=0.1), self._on_timer
            )

    @callback
    def _on_timer(self, _now: datetime) -> None:
        self._timer = None
        # That a silence is over is shown, too.
        for camera in self._cameras.values():
            if camera.unique_id in self._silent and self.muted_until(camera.unique_id) is None:
                camera.async_update_listeners()
        self.async_look()

    @callback
    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer()
            self._timer = None

    @callback
    def _show_issues(self, wrong: Mapping[str, Collection[CameraCoordinator]]) -> None:
        """Open a repair for every card and camera that is out of order, and close the others; audio has its own."""
        shown = set()
        for key in ("alive", "sd"):
            for camera in wrong[key]:
                issue = self._what(key, camera)
                if issue not in FAULT_ISSUES:
                    continue
                subentry = camera.subentry.subentry_id
                shown.add(issue_id(issue, subentry))
                async_show_issue(
                    self._hass,
                    issue,
                    subentry,
                    placeholders={"camera": camera.name, "muted": self._muted(camera.unique_id)},
                    link=f"homeassistant:/{board_path(camera=camera.unique_id)}",
                )
        async_close_issues(self._hass, FAULT_ISSUES, but=shown)

    def _what(self, key: str, camera: CameraCoordinator) -> str:
        """Return what is wrong; what was found once holds as long as nothing else is."""
        found, what = self._found[key], _FAULTS[key].what(camera)
        if what != _UNPROVEN:
            found[camera.unique_id] = what
        return found.get(camera.unique_id, what)

    def _muted(self, camera: str) -> str:
        """Return how notices of a camera are silenced, or could be."""
        if (until := self.muted_until(camera)) is None:
            return check_text(self._hass, "notice_fault_may_mute")
        by = mute.by if (mute := self._mute(camera)) is not None else None
        return check_text(
            self._hass,
            "notice_fault_muted",
            until=show_until(until),
            by="–" if by is None else by.name,
        )

    # --- Telling ------------------------------------------------------------------------------------------------

    async def _async_tell(self, key: str) -> None:
        """Tell of what is wrong now, unless it was told already; take back what is over."""
        async with self._telling:
            if self._closed:
                return
            at = dt_util.utcnow()
            wrong = self._to_tell(key, at)
            before, now = self._told[key], [camera.unique_id for camera in wrong]
            if set(now) == set(before):
                return
            news = set(now) - set(before)
            tell = bool(wrong) and not self._told_by_automation(key)
            # Before it is sent: whoever unloads the section in the midst of it has it told once all the same.
            self._told[key] = now
            if tell:
                for camera in news:
                    told_at = self._told_lately(key, camera, at)
                    self._told_at[key][camera] = [*told_at, at]
            self._store.async_delay_save(self._to_store, _SAVE_AFTER)
            people = [one for role in _TOLD for one in await self._phones.holders(role)]
            # Also from whoever was told and has left the role since.
            over = set(await self._phones.inbox.who_has(_tag(key)))
            if over := over - set(people) if tell else over | (set(people) if before else set()):
                await self._phones.clear(sorted(over), _tag(key))
            if tell:
                # Whoever is fewer by one camera is not woken for it.
                await self._phones.tell(people, await self._notice(key, wrong, urgent=bool(news)))

    def _told_by_automation(self, key: str) -> bool:
        """Return whether an automation of our own blueprint tells of it."""
        path = f"{DOMAIN}/{_FAULTS[key].blueprint}.yaml"
        return any(
            (state := self._hass.states.get(automation)) is not None and state.state == STATE_ON
            for automation in automations_with_blueprint(self._hass, path)
        )

    async def _notice(
        self, key: str, cameras: Collection[CameraCoordinator], *, urgent: bool
    ) -> Notice:
        """Say what is wrong with which cameras, and what to do."""
        lines = []
        for each in list(cameras)[:MAX_LINES]:
            what = await async_text(self._hass, f"notice_fault_{self._what(key, each)}")
            lines.append(f"{each.name}: {what}")
        if (more := len(cameras) - MAX_LINES) > 0:
            lines.append(await async_text(self._hass, "notice_fault_more", more=str(more)))
        # Of several the board shows the worst first.
        camera = next(iter(cameras)).unique_id if len(cameras) == 1 else None
        return Notice(
            title=await async_text(self._hass, f"notice_fault_{key}"),
            message="\n".join(lines),
            tag=_tag(key),
            path=board_path(board=await self._board(), camera=camera),
            urgent=urgent,
        )

    async def _board(self) -> str:
        """Return where people see what is wrong and what to do: the section's dashboard, else the panel's own board."""
        dashboards = await dashboards_by_strategy(self._hass, STRATEGY)
        return dashboard_board(dashboards[0]) if dashboards else BOARD_PATH

    @callback
    def _to_store(self) -> _Kept:
        """Return what is known of the cameras that are still the section's."""
        theirs = [camera.unique_id for camera in self._cameras.values()]
        return _Kept(
            told={
                key: [camera for camera in cameras if camera in theirs]
                for key, cameras in self._told.items()
            },
            told_at={
                key: {
                    camera: [at.isoformat() for at in moments]
                    for camera, moments in told_at.items()
                    if camera in theirs
                }
                for key, told_at in self._told_at.items()
            },
            found={
                key: {camera: what for camera, what in found.items() if camera in theirs}
                for key, found in self._found.items()
            },
            muted={
                camera: until.isoformat()
                for camera in theirs
                if (until := self.muted_until(camera)) is not None
            },
        )


async def async_remove_fault_notices(hass: HomeAssistant) -> None:
    """Forget what was told of a section that is gone."""
    store: Store[dict[str, Any]] = Store(hass, _STORE_VERSION, _STORE_KEY)
    await store.async_remove()
