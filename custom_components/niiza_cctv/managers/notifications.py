"""Telling people in time: what waits for their approval, and what a card will overwrite.

A phone shows a notice on its lock screen to anybody: so it carries the number of a case, and neither a name nor a picture.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, CoreState, Event, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.start import async_at_started

from ..const import CONF_APPROVERS, CONF_EXPORTERS, DOMAIN, LOGGER, SIGNAL_CHANGED
from ..entry_data import async_spawn
from ..errors import error_key
from ..issues import (
    ISSUE_AT_RISK,
    ISSUE_SILENT,
    async_close_issue,
    async_close_issues,
    async_issues,
    async_show_issue,
    issue_id,
)
from ..lib.access.errors import CaseError
from ..lib.access.permissions import Permission
from ..lib.cases.deadlines import AtRisk
from ..lib.cases.model import Case, CaseClip, Step
from ..lib.cases.rules import Seen, waits_for_approval
from ..lib.ledger.actions import LedgerAction
from ..lib.ledger.errors import LedgerError
from ..paths import case_path
from ..people import is_direct_event
from ..texts import async_text
from .deadlines import DeadlineManager, clips_at_risk
from .events import AlertKind, async_announce
from .evidence import Evidence
from .mobile_app import Notice, Phones

_ACTION_EVENT = "mobile_app_notification_action"
_APPROVE = "NIIZA_CCTV_APPROVE"


def _fingerprint(case: Case) -> str:
    """Name what an approval would be given to; another clip gives another name."""
    digests = sorted(item.digest or "" for item in case.chosen)
    return sha256("".join(digests).encode()).hexdigest()[:16]


def _one_whole(case: Case) -> CaseClip | None:
    """Return the clip that a button may approve: where there is one alone; cuts are compared with what was asked for."""
    match case.chosen:
        case (CaseClip() as clip,):
            return clip
    return None


class CaseNotifications:
    """Tells the people of the section what waits for them, and what may be lost."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        evidence: Evidence,
        deadlines: DeadlineManager,
        phones: Phones,
        remind_after: timedelta = timedelta(seconds=30),
    ) -> None:
        """Make it; nothing is watched yet.

        `remind_after`: so long phones that take notices over the local network only need to be back after a restart.
        """
        self._hass = hass
        self._entry = entry
        self._evidence = evidence
        self._deadlines = deadlines
        self._phones = phones
        self._remind_after = remind_after
        # After a mere reload the phones still show what they were told.
        self._restarted = hass.state is not CoreState.running
        self._unsubscribe: list[CALLBACK_TYPE] = []
        self._reminded = False
        # Cases whose approval was asked for, as far as this start knows.
        self._asked: set[str] = set()
        # Cases about which people were asked, as far as this start knows.
        self._silent: set[str] = set()
        # Cases with a repair; those of before a reload are ours as well.
        self._issues = {
            known.removeprefix(issue_id(ISSUE_AT_RISK, ""))
            for known in async_issues(hass, [ISSUE_AT_RISK])
        }

    async def async_start(self) -> None:
        """Begin to watch."""
        self._unsubscribe = [
            self._evidence.async_add_listener(self._on_change),
            self._evidence.async_on_step(self._on_step),
            self._deadlines.async_on_alarm(self._tell_at_risk),
            self._deadlines.async_on_silence(self._ask_whether_needed),
            self._deadlines.async_on_looked(self._show_risks),
            self._deadlines.async_on_looked(self._show_silent),
            self._hass.bus.async_listen(_ACTION_EVENT, self._on_button),
        ]
        self._on_change()

    async def async_close(self) -> None:
        """Watch no more."""
        while self._unsubscribe:
            self._unsubscribe.pop()()
        async_dispatcher_send(self._hass, SIGNAL_CHANGED)

    @callback
    def _spawn(self, work: Callable[..., Any], *arguments: Any) -> None:
        """Run in the background of the entry."""
        async_spawn(self._hass, self._entry, work(*arguments), "notices", eager=False)

    @callback
    def _on_change(self) -> None:
        """Pass it on to the panels; ask again for what waits as soon as the cases could be read."""
        async_dispatcher_send(self._hass, SIGNAL_CHANGED)
        if self._restarted and self._evidence.is_read and not self._reminded:
            self._reminded = True
            self._spawn(self._remind)

    # --- Cases ------------------------------------------------------------------------------------------------

    @callback
    def _on_step(self, case: Case, step: Step) -> None:
        """Tell whom a step concerns."""
        self._show_risks()
        self._show_silent()
        if case.id in self._silent and not case.questions:
            self._silent.discard(case.id)
            self._spawn(self._clear_silent, case.id)
        match step.action:
            case (
                LedgerAction.CLIP_SEALED
                | LedgerAction.CLIP_CANCELLED
                | LedgerAction.FOOTAGE_REGISTERED
                | LedgerAction.RELEASE_CHOSEN
                | LedgerAction.DECISION_PROPOSED
            ) if waits_for_approval(case):
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
                | LedgerAction.ITEM_APPROVED
                | LedgerAction.RELEASE_CHOSEN
                | LedgerAction.CASE_REJECTED
                | LedgerAction.CASE_CONCLUDED
                | LedgerAction.CASE_EXPIRED
                | LedgerAction.CLIP_WITHDRAWN
            ):
                # Once there is nothing to decide about.
                if not waits_for_approval(case):
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
        await asyncio.sleep(self._remind_after.total_seconds())
        for case in tuple(self._evidence.cases.cases.values()):
            if waits_for_approval(case) and case.id not in self._asked:
                await self._ask_for_approval(case)

    async def _ask_for_approval(self, case: Case) -> None:
        """Ask everybody who may approve this case."""
        self._asked.add(case.id)
        actions = []
        if self._evidence.settings.approve_by_button and _one_whole(case) is not None:
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
            if not self._evidence.settings.approve_by_button:
                refusal = "button_not_switched_on"
            elif case_id in cases.cases and _fingerprint(cases.case(case_id)) != fingerprint:
                refusal = "button_outdated"
            clip = _one_whole(cases.case(case_id)) if case_id in cases.cases else None
            seen = [] if clip is None else [Seen(item=clip.id, digest=clip.digest or "")]
            if refusal is not None:
                await cases.refuse(actor, Permission.APPROVE, f"case/{case_id}", refusal)
            else:
                await cases.approve(actor, case_id, seen=seen)
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

    # --- What may be lost -------------------------------------------------------------------------------------

    async def _tell_at_risk(self, alarm: AtRisk) -> None:
        """Tell who can still fetch footage that a card is about to overwrite."""
        await self._tell(
            await self._phones.holders(CONF_EXPORTERS),
            "notice_at_risk",
            alarm.case_id,
            hours=str(alarm.hours),
        )
        self._announce(
            AlertKind.FOOTAGE_AT_RISK, alarm.case_id, clip=alarm.clip_id, hours=alarm.hours
        )

    async def _ask_whether_needed(self, case: Case) -> None:
        """Ask those who take part in deciding whether a case that nobody goes on with is still needed."""
        self._silent.add(case.id)
        await self._tell(await self._deciding(), "notice_silent", case.id)

    async def _clear_silent(self, case_id: str) -> None:
        await self._phones.clear(await self._deciding(), _tag("notice_silent", case_id))

    async def _deciding(self) -> list[str]:
        holders = [
            *await self._phones.holders(CONF_EXPORTERS),
            *await self._phones.holders(CONF_APPROVERS),
        ]
        return list(dict.fromkeys(holders))

    async def _clear_risk(self, case_id: str) -> None:
        for key in ("notice_at_risk", "notice_failed"):
            await self._phones.clear(await self._phones.holders(CONF_EXPORTERS), _tag(key, case_id))

    @callback
    def _show_silent(self) -> None:
        """Open a repair for every case about which people were asked, and close those that somebody went on with."""
        try:
            cases = self._evidence.cases.cases.values()
        except LedgerError:
            return
        silent = [case for case in cases if case.is_open and case.questions]
        for case in silent:
            self._silent.add(case.id)
            until = self._evidence.cases.kept_until(case)
            async_show_issue(
                self._hass,
                ISSUE_SILENT,
                case.id,
                warning=until is None,
                placeholders={"case": case.id, "link": case_path(case.id)},
            )
        async_close_issues(
            self._hass, [ISSUE_SILENT], but={issue_id(ISSUE_SILENT, case.id) for case in silent}
        )

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
            self._spawn(self._clear_risk, case_id)
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
