"""Telling people in time: what waits for their approval, and what a card will overwrite.

A phone shows a notice on its lock screen to anybody: so it carries the number of a case, and neither a name nor a picture.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from homeassistant.components import persistent_notification
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, CoreState, Event, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from ..cameras import Cameras
from ..const import (
    CONF_APPROVE_BY_BUTTON,
    CONF_APPROVERS,
    CONF_EXPORTERS,
    DOMAIN,
    LOGGER,
    SIGNAL_CHANGED,
)
from ..errors import error_key
from ..issues import ISSUE_AT_RISK, async_close_issue, async_issues, async_show_issue, issue_id
from ..lib.access.errors import CaseError
from ..lib.access.permissions import Permission
from ..lib.cases.deadlines import ALARMS
from ..lib.cases.model import Case, CaseClip, CaseState, ClipState, Step
from ..lib.device.errors import CameraError
from ..lib.ledger.actions import LedgerAction
from ..lib.ledger.errors import LedgerError
from ..paths import case_path
from ..people import is_direct_event
from ..texts import async_text
from .alerts import AlertKind, async_announce
from .evidence import Evidence
from .mobile_app import Notice, Phones

CHECK_INTERVAL = timedelta(minutes=5)
# Phones that take notices over the local network only need this long to be back after a restart.
REMIND_AFTER = timedelta(seconds=30)

_ACTION_EVENT = "mobile_app_notification_action"
_APPROVE = "NIIZA_CCTV_APPROVE"
# The earliest of the alarms: from then on footage counts as being at risk.
_AT_RISK = timedelta(hours=max(ALARMS))
# How old the knowledge of a card may be that tells when it overwrites what; cards change at midnight.
_ESTIMATE_AGE = timedelta(hours=1)


def clips_at_risk(evidence: Evidence) -> Iterable[tuple[Case, CaseClip]]:
    """Yield what an open case needs and may lose: footage about to be overwritten, or given up; raises LedgerError."""
    now = dt_util.utcnow()
    for case in evidence.cases.cases.values():
        if not case.is_open:
            continue
        for clip in case.clips:
            moment = evidence.cases.overwritten_at(clip.id)
            if clip.state is ClipState.FAILED or (
                clip.state is ClipState.REQUESTED
                and moment is not None
                and moment - now <= _AT_RISK
            ):
                yield case, clip


def _fingerprint(case: Case) -> str:
    """Name what an approval would be given to; another clip gives another name."""
    digests = sorted(clip.digest or "" for clip in case.sealed_clips)
    return sha256("".join(digests).encode()).hexdigest()[:16]


class Notices:
    """Watches the cases and the clock of one section, and tells people."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        cameras: Cameras,
        evidence: Evidence,
        phones: Phones,
    ) -> None:
        """Make it; nothing is watched yet."""
        self._hass = hass
        self._entry = entry
        self._cameras = cameras
        self._evidence = evidence
        self._phones = phones
        # After a mere reload the phones still show what they were told.
        self._restarted = hass.state is not CoreState.running
        self._unsubscribe: list[CALLBACK_TYPE] = []
        self._follows_book = False
        self._checking = asyncio.Lock()
        # Cases whose approval was asked for, as far as this start knows.
        self._asked: set[str] = set()
        # Cases with a repair; those of before a reload are ours as well.
        self._issues = {
            known.removeprefix(issue_id(ISSUE_AT_RISK, ""))
            for known in async_issues(hass, [ISSUE_AT_RISK])
        }

    async def async_start(self) -> None:
        """Begin to watch."""
        self._unsubscribe = [
            self._evidence.async_add_listener(self._on_change),
            async_track_time_interval(
                self._hass, self._check, CHECK_INTERVAL, cancel_on_shutdown=True
            ),
            self._hass.bus.async_listen(_ACTION_EVENT, self._on_button),
        ]
        self._on_change()
        self._spawn(self._check)

    async def async_close(self) -> None:
        """Watch no more."""
        while self._unsubscribe:
            self._unsubscribe.pop()()
        async_dispatcher_send(self._hass, SIGNAL_CHANGED)

    @callback
    def _spawn(self, work: Callable[..., Any], *arguments: Any) -> None:
        """Run in the background of the entry."""
        self._entry.async_create_background_task(
            self._hass, work(*arguments), f"{DOMAIN} notices", eager_start=False
        )

    @callback
    def _on_change(self) -> None:
        """Pass it on to the panels, and follow the cases as soon as they could be read."""
        async_dispatcher_send(self._hass, SIGNAL_CHANGED)
        if self._follows_book:
            return
        try:
            cases = self._evidence.cases
        except LedgerError:
            return
        self._follows_book = True
        self._unsubscribe.append(cases.add_listener(self._on_step))
        self._spawn(self._check)
        if self._restarted:
            self._spawn(self._remind)

    # --- Cases ------------------------------------------------------------------------------------------------

    @callback
    def _on_step(self, case: Case, step: Step) -> None:
        """Tell whom a step concerns."""
        self._show_risks()
        match step.action:
            case (
                LedgerAction.CLIP_SEALED
                | LedgerAction.CLIP_CANCELLED
                | LedgerAction.FOOTAGE_REGISTERED
            ) if case.state is CaseState.PRESERVED:
                self._announce(AlertKind.CASE_WAITING, case.id)
                self._spawn(self._ask_for_approval, case)
            case LedgerAction.CLIP_FAILED if step.details.get("final"):
                self._announce(
                    AlertKind.CLIP_FAILED,
                    case.id,
                    clip=str(step.details["clip"]),
                    error=str(step.details["error"]),
                )
                self._spawn(self._tell_failed, case)
            case (
                LedgerAction.CASE_APPROVED
                | LedgerAction.CASE_REJECTED
                | LedgerAction.CASE_CONCLUDED
                | LedgerAction.CASE_EXPIRED
            ):
                self._spawn(self._clear, case)
            case LedgerAction.CLIP_REQUESTED | LedgerAction.CLIP_CANCELLED if (
                case.id in self._asked
            ):
                self._spawn(self._clear, case)

    @callback
    def _announce(self, kind: AlertKind, case_id: str, **data: str | int) -> None:
        """Let automations know: which case, and nothing of what it is about."""
        async_announce(self._hass, kind, asset=None, case=case_id, path=case_path(case_id), **data)

    async def _remind(self) -> None:
        """Ask again for what still waits after a restart: it stands where it stood before, by the same tag."""
        started = asyncio.Event()

        @callback
        def on_started(_hass: HomeAssistant) -> None:
            started.set()

        stop = async_at_started(self._hass, on_started)
        try:
            await started.wait()
        finally:
            stop()
        await asyncio.sleep(REMIND_AFTER.total_seconds())
        for case in tuple(self._evidence.cases.cases.values()):
            if case.state is CaseState.PRESERVED and case.id not in self._asked:
                await self._ask_for_approval(case)

    async def _ask_for_approval(self, case: Case) -> None:
        """Ask everybody who may approve this case."""
        self._asked.add(case.id)
        actions = []
        if self._evidence.settings[CONF_APPROVE_BY_BUTTON]:
            actions.append(
                {
                    # What is approved is what was announced.
                    "action": f"{_APPROVE}/{case.id}/{_fingerprint(case)}",
                    "title": await async_text(self._hass, "notice_approve_button"),
                    "authenticationRequired": True,
                }
            )
        await self._tell(
            [one for one in await self._phones.holders(CONF_APPROVERS) if one not in case.askers],
            "notice_approve",
            case.id,
            actions=actions,
        )

    async def _tell_failed(self, case: Case) -> None:
        """Tell that footage could not be preserved."""
        await self._tell(await self._phones.holders(CONF_EXPORTERS), "notice_failed", case.id)

    async def _clear(self, case: Case) -> None:
        """Take back what is no longer asked for."""
        self._asked.discard(case.id)
        await self._phones.clear(
            await self._phones.holders(CONF_APPROVERS), _tag("notice_approve", case.id)
        )

    # --- The button -------------------------------------------------------------------------------------------

    async def _on_button(self, event: Event[Mapping[str, Any]]) -> None:
        """Approve by the button of a notice: the event names the person to whom the phone belongs."""
        match str(event.data.get("action", "")).split("/"):
            case [prefix, case_id, fingerprint] if prefix == _APPROVE:
                await self._approve(event, case_id, fingerprint)

    async def _approve(
        self, event: Event[Mapping[str, Any]], case_id: str, fingerprint: str
    ) -> None:
        """Approve what the notice spoke of."""
        try:
            actor = await self._evidence.async_actor(
                event.context.user_id, direct=is_direct_event(event)
            )
            cases = self._evidence.cases
            refusal = None
            if not self._evidence.settings[CONF_APPROVE_BY_BUTTON]:
                refusal = "button_not_switched_on"
            elif case_id in cases.cases and _fingerprint(cases.case(case_id)) != fingerprint:
                refusal = "button_outdated"
            if refusal is not None:
                await cases.refuse(actor, Permission.APPROVE, f"case/{case_id}", refusal)
            else:
                await cases.approve(actor, case_id)
                return
        except (CaseError, LedgerError) as err:
            refusal = error_key(err)
        LOGGER.warning("Approval of a case by a notification's button was refused: %s", refusal)
        # Only on a phone: whoever sends made-up events shall not fill everybody's page.
        if actor.person is not None and self._phones.of(actor.person.id):
            # In the place of the notice whose button it was.
            await self._phones.tell(
                [actor.person.id],
                Notice(
                    title=await async_text(self._hass, "notice_button_refused", case=case_id),
                    message=await async_text(
                        self._hass, "notice_button_refused_message", case=case_id
                    ),
                    tag=_tag("notice_approve", case_id),
                    path=case_path(case_id),
                ),
            )

    # --- The clock --------------------------------------------------------------------------------------------

    async def _check(self, _now: datetime | None = None) -> None:
        """Do what the clock asks for: alarms, expired cases, files whose time is over."""
        if self._checking.locked():
            return
        async with self._checking:
            try:
                # The book may have to learn what the ledger has, and perhaps nobody else asks it to.
                await self._evidence.cases.load()
                self._fetch_what_waits()
                await self._look_at_cards()
                await self._do_what_is_due()
            except LedgerError as err:
                # It says so itself, and the next check comes.
                LOGGER.debug("The clock of the cases waits for the ledger: %s", err)

    @callback
    def _fetch_what_waits(self) -> None:
        """Fetch what was asked for while the ledger's answer got lost: it is in the ledger, but nobody began."""
        for case in self._evidence.cases.cases.values():
            if case.is_open:
                self._evidence.async_start_clips(case.clips)

    async def _look_at_cards(self) -> None:
        """Learn anew when the cards overwrite what is still to be fetched."""
        cases = self._evidence.cases
        pending: dict[str, list[CaseClip]] = {}
        for case in cases.cases.values():
            for clip in case.clips if case.is_open else ():
                if clip.state in {ClipState.REQUESTED, ClipState.FAILED}:
                    pending.setdefault(clip.passage.camera, []).append(clip)
        for camera, clips in pending.items():
            try:
                index = await self._cameras.archive(camera).index(max_age=_ESTIMATE_AGE)
            except CameraError:
                # What was known before still holds.
                continue
            for clip in clips:
                moment = index.overwritten_at(clip.passage.start, dt_util.get_default_time_zone())
                if moment is not None:
                    cases.new_estimate(clip.id, moment)

    async def _do_what_is_due(self) -> None:
        """Follow the book's clock."""
        cases = self._evidence.cases
        due = cases.due()
        for alarm in due.at_risk:
            await self._tell(
                await self._phones.holders(CONF_EXPORTERS),
                "notice_at_risk",
                alarm.case_id,
                hours=str(alarm.hours),
            )
            self._announce(
                AlertKind.FOOTAGE_AT_RISK, alarm.case_id, clip=alarm.clip_id, hours=alarm.hours
            )
            await cases.footage_at_risk(alarm)
        for case_id in due.expire:
            await cases.expire(case_id)
        for case_id in cases.due().remove_files:
            try:
                await self._evidence.async_remove_files(case_id)
            except OSError as err:
                LOGGER.error("Footage of case %s cannot be removed: %s", case_id, err.strerror)
            except CaseError as err:
                LOGGER.debug("Somebody went on with a case meanwhile: %s", err)
        self._show_risks()

    @callback
    def _show_risks(self) -> None:
        """Open a repair for every case whose footage may be lost, and close those that are over."""
        try:
            called_for = {case.id for case, _ in clips_at_risk(self._evidence)}
        except LedgerError:
            return
        for case_id in called_for - self._issues:
            async_show_issue(
                self._hass,
                ISSUE_AT_RISK,
                case_id,
                placeholders={"case": case_id, "link": case_path(case_id)},
            )
        for case_id in self._issues - called_for:
            async_close_issue(self._hass, ISSUE_AT_RISK, case_id)
            for key in ("notice_at_risk", "notice_failed"):
                persistent_notification.async_dismiss(self._hass, _tag(key, case_id))
        self._issues = called_for

    # --- Phones -----------------------------------------------------------------------------------------------

    async def _tell(
        self,
        user_ids: Iterable[str],
        key: str,
        case_id: str,
        *,
        actions: Iterable[dict[str, Any]] = (),
        **placeholders: str,
    ) -> None:
        """Tell people about a case."""
        await self._phones.tell(
            user_ids,
            Notice(
                title=await async_text(self._hass, key, case=case_id, **placeholders),
                message=await async_text(
                    self._hass, f"{key}_message", case=case_id, **placeholders
                ),
                tag=_tag(key, case_id),
                path=case_path(case_id),
                actions=tuple(actions),
            ),
        )


def _tag(key: str, case_id: str) -> str:
    """Return what lets a later notice take the place of an earlier one."""
    return f"{DOMAIN}_{key}_{case_id}"
