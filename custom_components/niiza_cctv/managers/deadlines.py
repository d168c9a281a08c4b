"""What the clock asks of cases: alarms before a card overwrites, questions about silent cases, expiry, and the removal of footage whose time is over."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from ..cameras import Cameras
from ..const import LOGGER
from ..entry_data import async_spawn
from ..lib.access.errors import CaseError
from ..lib.cases.deadlines import ALARMS, AtRisk
from ..lib.cases.model import Case, CaseClip, ClipState
from ..lib.device.errors import CameraError
from ..lib.ledger.errors import LedgerError
from .evidence import Evidence

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


class DeadlineManager:
    """Follows the clock of the section's cases."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        cameras: Cameras,
        evidence: Evidence,
        every: timedelta = timedelta(minutes=5),
    ) -> None:
        """Make it; nothing is followed yet."""
        self._hass = hass
        self._entry = entry
        self._cameras = cameras
        self._evidence = evidence
        self._every = every
        self._alarmed: list[Callable[[AtRisk], Awaitable[None]]] = []
        self._asked: list[Callable[[Case], Awaitable[None]]] = []
        self._looked: list[CALLBACK_TYPE] = []
        self._unsubscribe: list[CALLBACK_TYPE] = []
        self._looking = asyncio.Lock()

    @callback
    def async_on_alarm(self, alarmed: Callable[[AtRisk], Awaitable[None]]) -> CALLBACK_TYPE:
        """Await `alarmed` before it is recorded that somebody was told; returns what ends that."""
        self._alarmed.append(alarmed)
        return lambda: self._alarmed.remove(alarmed)

    @callback
    def async_on_silence(self, asked: Callable[[Case], Awaitable[None]]) -> CALLBACK_TYPE:
        """Await `asked` before it is recorded that people were asked about a case; returns what ends that."""
        self._asked.append(asked)
        return lambda: self._asked.remove(asked)

    @callback
    def async_on_looked(self, looked: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `looked` after each look at the clock; returns what ends that."""
        self._looked.append(looked)
        return lambda: self._looked.remove(looked)

    async def async_start(self) -> None:
        """Begin to follow the clock."""
        self._unsubscribe = [
            async_track_time_interval(self._hass, self._look, self._every, cancel_on_shutdown=True),
        ]
        self._unsubscribe.append(self._evidence.async_when_read(self._on_read))

    async def async_close(self) -> None:
        """Follow nothing any more."""
        while self._unsubscribe:
            self._unsubscribe.pop()()

    @callback
    def _on_read(self) -> None:
        """Look at the clock as soon as the cases could be read."""
        async_spawn(self._hass, self._entry, self._look(), "deadlines", eager=False)

    async def _look(self, _now: datetime | None = None) -> None:
        """Do what the clock asks for: alarms, expired cases, files whose time is over."""
        if self._looking.locked():
            return
        async with self._looking:
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
            for alarmed in tuple(self._alarmed):
                await alarmed(alarm)
            await cases.footage_at_risk(alarm)
        for case_id in due.ask:
            for asked in tuple(self._asked):
                await asked(cases.case(case_id))
            await cases.asked_about(case_id)
        for case_id in due.expire:
            await cases.expire(case_id)
        for case_id in cases.due().to_bin:
            await self._try(self._evidence.async_bin_files, case_id)
        for case_id in cases.due().remove_files:
            await self._try(self._evidence.async_remove_files, case_id)
        for looked in tuple(self._looked):
            looked()

    async def _try(self, end: Callable[[str], Awaitable[None]], case_id: str) -> None:
        """Bin or remove the footage of a case; where that fails, the next look tries again."""
        try:
            await end(case_id)
        except OSError as err:
            LOGGER.error("Footage of case %s cannot be removed: %s", case_id, err.strerror)
        except CaseError as err:
            LOGGER.debug("Somebody went on with a case meanwhile: %s", err)
