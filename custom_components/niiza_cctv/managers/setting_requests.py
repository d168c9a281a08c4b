"""Changing what cameras record, with the settings password that only the section chief knows.

A request is made first (`async_ask`): it says what will be done and holds no password. Whoever made it then gives the
camera's own user and password for it, which are used for one connection (`async_carry_out`) and kept nowhere.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
import secrets
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HassJob, HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..cameras import Cameras
from ..const import LOGGER
from ..coordinator import CameraCoordinator
from ..entry_data import async_spawn
from ..errors import setting_error_key
from ..lib.access.errors import CaseError, NotAllowed
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission, check_person
from ..lib.device.errors import CameraError, CameraUnreachable
from ..lib.device.model import Credential
from ..lib.ledger.actions import LedgerAction
from ..lib.ledger.errors import EntryInvalid, LedgerError
from ..lib.ledger.model import Person
from ..lib.settings.book import SettingChange, SettingsBook
from ..lib.settings.change import (
    AudioOff,
    Change,
    ClockChange,
    Reading,
    ResolutionChange,
    Result,
    RetryTiming,
    carry_out,
    days_left,
)
from ..lib.settings.values import (
    AudioValues,
    ChangeRequest,
    ClockValues,
    Outcome,
    ProfileSize,
    Resolution,
    ResolutionValues,
    Setting,
    SettingValues,
)
from ..paths import settings_request_path
from .evidence import Evidence
from .setting_issues import SettingIssues, announce_change, show_until

REQUEST_TIME: Final = timedelta(minutes=10)
TRIES: Final = 3
# So many refused passwords at one camera within this time, and it is left alone: cameras lock the account.
REFUSED_AT_MOST: Final = 3
REFUSED_WITHIN: Final = timedelta(minutes=10)
# For so long a dead request is told from one that never was.
REMEMBERED: Final = timedelta(hours=1)
# Requests that are remembered; an honest section has one or two.
_REQUESTS: Final = 200
# What a camera may take to tell its clock before it is set; seconds.
_MEASURING: Final = 5.0


class SettingRefused(CaseError):
    """A setting is not changed; the message says why and what to do."""


class SettingBusy(SettingRefused):
    """Somebody else is at it; no attempt was made."""

    recorded = False


@dataclass(frozen=True, kw_only=True)
class Advisory:
    """What somebody must know before: the name of its text, and what the text speaks of."""

    key: str
    placeholders: dict[str, str]


@dataclass(kw_only=True)
class PendingChange:
    """The right of one person to make one change once, with a password that is not in it."""

    token: str
    user_id: str
    camera: str
    camera_name: str
    request: ChangeRequest
    before: SettingValues
    after: SettingValues
    # Whether the camera is already so.
    already: bool
    until: datetime | None
    warnings: tuple[Advisory, ...]
    expires: datetime
    tries: int = TRIES
    used: bool = False
    # Once and for all, wherever the clock is set.
    dead: bool = False

    @property
    def link(self) -> str:
        """Return where the panel asks for the password."""
        return settings_request_path(self.token)


@dataclass(frozen=True, kw_only=True)
class ChangeResult:
    """What came of a request; `recorded` is False while the ledger has yet to take it."""

    result: Result
    until: datetime | None
    remains: tuple[Advisory, ...]
    recorded: bool


class SettingRequests:
    """Changes of the settings of the section's cameras."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        cameras: Cameras,
        evidence: Evidence,
        issues: SettingIssues,
        look_timeout: float = 20.0,
        request_timeout: float = 10.0,
        request_time: timedelta = REQUEST_TIME,
        timing: RetryTiming | None = None,
    ) -> None:
        """Make it; a camera that does not answer holds up no page for longer than `look_timeout` seconds."""
        self._hass = hass
        self._entry = entry
        self._cameras = cameras
        self._evidence = evidence
        self._issues = issues
        self.look_timeout = look_timeout
        self.request_timeout = request_timeout
        self.request_time = request_time
        self.timing = timing or RetryTiming()
        self._pending: dict[str, PendingChange] = {}
        self._refused: dict[str, deque[datetime]] = {}

    # --- Looking ------------------------------------------------------------------------------------------------

    def change(self, camera: CameraCoordinator, request: ChangeRequest) -> Change:
        """Return what a wish means at a camera as the section stands now."""
        policy = camera.policy
        match request.setting:
            case Setting.AUDIO_OFF:
                return AudioOff(camera.camera.offers_audio)
            case Setting.CLOCK:
                return ClockChange(request.server, policy.clock_tolerance)
            case Setting.RESOLUTION:
                raised = self._issues.raised(camera.unique_id)
                return ResolutionChange(
                    request.resolution or Resolution.EVERYDAY,
                    policy.max_everyday_height,
                    put_back=None if raised is None else raised.before,
                )

    async def async_look(self, camera: CameraCoordinator, change: Change) -> Reading:
        """Read how a setting stands, by the viewing user; raises CameraError."""
        try:
            async with asyncio.timeout(self.look_timeout):
                await camera.camera.confirm()
                reading = await change.look(camera.camera.client)
                if (clock := camera.camera.client.clock) is not None:
                    camera.camera.note_clock(clock)
                return reading
        except TimeoutError as err:
            raise CameraUnreachable("the camera does not answer in time") from err

    # --- Asking -------------------------------------------------------------------------------------------------

    async def async_refuse(self, actor: Actor, camera: str | None, reason: str) -> None:
        """Put a refusal on the record; raises LedgerError."""
        subject = "section" if camera is None else f"camera/{camera}"
        await self._evidence.cases.refuse(actor, Permission.CHANGE_SETTING, subject, reason)

    async def async_check(self, actor: Actor, camera: str | None) -> Person:
        """Return who it is, if they may change settings; raises NotAllowed, on the record, and LedgerError."""
        try:
            return check_person(actor, Permission.CHANGE_SETTING)
        except CaseError as err:
            await self.async_refuse(actor, camera, err.key)
            raise

    async def async_ask(
        self, actor: Actor, camera: CameraCoordinator, request: ChangeRequest
    ) -> PendingChange:
        """Say what would be done and make the request for it; raises CaseError, CameraError, LedgerError."""
        person = await self.async_check(actor, camera.unique_id)
        book = self._evidence.settings_book
        change = self.change(camera, request)
        reading = await self.async_look(camera, change)
        now = dt_util.utcnow()
        until = self._until(camera, request, reading.wanted, now)
        pending = PendingChange(
            token=secrets.token_urlsafe(32),
            user_id=person.id,
            camera=camera.unique_id,
            camera_name=camera.name,
            request=request,
            before=reading.values,
            after=reading.wanted,
            already=reading.done,
            until=until,
            warnings=tuple(self._warnings(camera, request, change, reading, until)),
            expires=now + self.request_time,
        )
        await book.record_request(
            camera.unique_id,
            request.setting,
            before=reading.values,
            after=reading.wanted,
            until=until,
            person=person,
        )
        self._forget_dead(now)
        if len(self._pending) >= _REQUESTS:
            del self._pending[next(iter(self._pending))]
        self._pending[pending.token] = pending

        @callback
        def end(_now: datetime) -> None:
            pending.dead = True

        # By a clock that nobody can set back.
        async_call_later(self._hass, self.request_time, HassJob(end, cancel_on_shutdown=True))
        return pending

    def _forget_dead(self, now: datetime) -> None:
        """Forget dead requests that were told from those that never were for long enough."""
        for token, pending in tuple(self._pending.items()):
            if pending.expires + REMEMBERED < now:
                del self._pending[token]

    @staticmethod
    def _until(
        camera: CameraCoordinator, request: ChangeRequest, wanted: SettingValues, now: datetime
    ) -> datetime | None:
        """Return until when a raised resolution stands; one that everyday use allows stands for good."""
        match wanted:
            case ResolutionValues(
                mode=Resolution.EVIDENCE, recorded=ProfileSize(size=(_, height))
            ) if height > camera.policy.max_everyday_height:
                return now.replace(microsecond=0) + timedelta(hours=request.hours)
        return None

    def _warnings(
        self,
        camera: CameraCoordinator,
        request: ChangeRequest,
        change: Change,
        reading: Reading,
        until: datetime | None,
    ) -> Iterator[Advisory]:
        """Yield what somebody must know before."""
        policy = camera.policy
        match reading.values:
            case AudioValues():
                yield from self._remains(camera, request)
            case ClockValues() as clock:
                if abs(clock.ahead) > policy.clock_tolerance.total_seconds():
                    yield Advisory(
                        key="settings_clock_jump", placeholders={"seconds": clock.offset}
                    )
                if request.server is None:
                    yield Advisory(key="settings_clock_by_hand_drifts", placeholders={})
            case ResolutionValues():
                if not reading.done:
                    yield Advisory(key="settings_picture_interrupted", placeholders={})
                if isinstance(change, ResolutionChange):
                    yield from self._fills_card(camera, request, change, reading)
                if until is not None:
                    yield Advisory(
                        key="settings_putting_back_needs_password",
                        placeholders={"until": show_until(until)},
                    )

    @staticmethod
    def _fills_card(
        camera: CameraCoordinator,
        request: ChangeRequest,
        change: ResolutionChange,
        reading: Reading,
    ) -> Iterator[Advisory]:
        """Yield what another size does to the days that the card holds."""
        if not change.told:
            yield Advisory(key="settings_profile_assumed", placeholders={})
        match reading:
            case Reading(
                values=ResolutionValues(recorded=ProfileSize(size=before)),
                wanted=ResolutionValues(recorded=ProfileSize(size=after)),
            ) if not change.constant_bitrate:
                pass
            case _:
                return
        policy, retention = camera.policy, camera.data.retention
        days = policy.retention_days
        if retention is not None and retention.days is not None:
            days = retention.days
        left = days_left(days, before, after, request.hours)
        if left >= days:
            return
        yield Advisory(
            key="settings_fills_card_faster", placeholders={"days": str(days), "left": str(left)}
        )
        if left < policy.min_retention_days:
            yield Advisory(
                key="settings_retention_short",
                placeholders={"standard": str(policy.retention_days)},
            )

    @staticmethod
    def _remains(camera: CameraCoordinator, request: ChangeRequest) -> Iterator[Advisory]:
        """Yield what a change leaves as it is."""
        audio = camera.data.audio
        if request.setting is Setting.AUDIO_OFF and audio is not None and audio.on_card_until:
            yield Advisory(
                key="settings_audio_stays_on_card",
                placeholders={"until": show_until(audio.on_card_until)},
            )

    # --- Doing --------------------------------------------------------------------------------------------------

    async def async_pending(self, actor: Actor, token: str, *, use: bool = False) -> PendingChange:
        """Return a request that this person may use; raises SettingRefused or NotAllowed, LedgerError.

        What is refused is recorded where it is to be used.
        """
        self._forget_dead(dt_util.utcnow())
        if (pending := self._pending.get(token)) is None:
            raise SettingRefused("settings_link_unknown")
        if actor.person is None or actor.person.id != pending.user_id:
            await self.async_refuse(actor, pending.camera, "settings_link_of_another")
            raise NotAllowed("settings_link_of_another")
        pending.dead |= dt_util.utcnow() >= pending.expires
        reason = None
        if pending.used:
            reason = "settings_link_used"
        elif pending.tries <= 0:
            reason = "settings_link_tries"
        elif pending.dead:
            reason = "settings_link_expired"
        if reason is not None:
            if use:
                await self.async_refuse(actor, pending.camera, reason)
            raise SettingRefused(reason)
        return pending

    async def async_carry_out(
        self, actor: Actor, pending: PendingChange, credential: Credential
    ) -> ChangeResult:
        """Make the change of a request; raises CaseError (on the record) or LedgerError when nothing was set."""
        person = await self.async_check(actor, pending.camera)
        book = self._evidence.settings_book
        self._evidence.ledger.check_available()
        if (camera := self._cameras.find(pending.camera)) is None:
            raise SettingRefused("camera_unknown", {"camera": pending.camera_name})
        if pending.used or self._issues.is_changing(camera.unique_id):
            raise SettingBusy("settings_busy", {"camera": camera.name})
        if self._held_back(camera):
            await self.async_refuse(actor, camera.unique_id, "settings_held_back")
            raise SettingRefused("settings_held_back", {"camera": camera.name})
        pending.tries -= 1
        refused = ""
        try:
            with self._issues.changing(camera.unique_id):
                if pending.request.setting is Setting.CLOCK:
                    await self._async_measure(camera)
                result = await carry_out(
                    async_get_clientsession(self._hass),
                    camera.camera.address,
                    credential,
                    self.change(camera, pending.request),
                    known_as=camera.subentry.unique_id,
                    timing=self.timing,
                    timeout=self.request_timeout,
                )
                done = await self._async_record(book, camera, pending, result, person)
        except CameraError as err:
            refused = setting_error_key(err)
        # Outside of the handler: what is raised there would hold on to the frames that knew the password.
        if refused:
            if refused == "settings_password_refused":
                self._refused.setdefault(camera.unique_id, deque(maxlen=REFUSED_AT_MOST)).append(
                    dt_util.utcnow()
                )
            await self.async_refuse(actor, camera.unique_id, refused)
            raise SettingRefused(refused, {"camera": camera.name})
        if result.outcome is Outcome.DONE:
            pending.used = True
        self._issues.async_judge(camera)
        self._evidence.async_changed()
        camera.camera.look_again()
        async_spawn(self._hass, self._entry, camera.async_request_refresh(), "look after a setting")
        announce_change(self._hass, camera, pending.request.setting, result.outcome, done.until)
        return done

    async def _async_measure(self, camera: CameraCoordinator) -> None:
        """Measure a clock right before it is set: footage of until then keeps its true time."""
        with suppress(CameraError, TimeoutError):
            async with asyncio.timeout(_MEASURING):
                camera.camera.note_clock(await camera.camera.read_clock())

    def _held_back(self, camera: CameraCoordinator) -> bool:
        """Return whether a camera refused so many passwords lately that it would lock the account."""
        refused = self._refused.get(camera.unique_id, ())
        since = dt_util.utcnow() - REFUSED_WITHIN
        return len([moment for moment in refused if moment > since]) >= REFUSED_AT_MOST

    async def _async_record(
        self,
        book: SettingsBook,
        camera: CameraCoordinator,
        pending: PendingChange,
        result: Result,
        person: Person,
    ) -> ChangeResult:
        """Write what came of a change; it was made, so a ledger that has gone since is waited for."""
        until = self._until(camera, pending.request, result.wanted, dt_util.utcnow())
        change = SettingChange(
            setting=pending.request.setting,
            outcome=result.outcome,
            changed=result.changed,
            before=result.before,
            wanted=result.wanted,
            after=result.after,
            until=until,
        )
        recorded = True
        try:
            await book.record_change(camera.unique_id, change, person)
        except EntryInvalid:
            raise
        except LedgerError as err:
            LOGGER.error("A changed setting is not recorded yet: %s", err)
            recorded = False
            self._evidence.outbox.async_add(
                LedgerAction.SETTING_CHANGED,
                camera.asset.subject,
                change.as_json(),
                person,
                written=book.load,
            )
        return ChangeResult(
            result=result,
            until=until,
            remains=tuple(self._remains(camera, pending.request)),
            recorded=recorded,
        )
