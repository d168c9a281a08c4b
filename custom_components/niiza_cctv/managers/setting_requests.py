"""Changing what cameras record, with the settings password that only the section chief knows.

A request is made first (`async_ask`): it says what will be done and holds no password. Whoever made it then gives the
camera's own user and password for it, which are used for one connection (`async_carry_out`) and kept nowhere.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
import secrets
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from ..cameras import Cameras
from ..const import DOMAIN, LOGGER
from ..coordinator import CameraCoordinator
from ..errors import setting_error_key
from ..issues import (
    ISSUE_AUDIO,
    ISSUE_CLOCK,
    ISSUE_PUT_BACK,
    ISSUE_RESOLUTION,
    SETTING_ISSUES,
    async_close_issue,
    async_close_issues,
    async_show_issue,
    issue_id,
)
from ..lib.access.errors import CaseError, NotAllowed
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission, check_person
from ..lib.device.errors import CameraError, CameraUnreachable
from ..lib.device.judge import audio_violation, clock_problem, resolution_within_limit
from ..lib.device.model import CameraStatus, Credential, MediaProfile
from ..lib.ledger.actions import LedgerAction
from ..lib.ledger.errors import EntryInvalid, LedgerError, LedgerUnavailable
from ..lib.ledger.model import Person
from ..lib.settings.book import SettingChange, SettingsBook, TemporaryResolution
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
    Size,
)
from ..paths import settings_path, settings_request_path
from .alerts import AlertKind, async_announce
from .evidence import Evidence

REQUEST_TIME: Final = timedelta(minutes=10)
TRIES: Final = 3
# So many refused passwords at one camera within this time, and it is left alone: cameras lock the account.
REFUSED_AT_MOST: Final = 3
REFUSED_WITHIN: Final = timedelta(minutes=10)
# For so long a dead request is told from one that never was.
REMEMBERED: Final = timedelta(hours=1)
# A camera that does not answer holds up no page for longer than this (seconds).
_LOOK_TIMEOUT: Final = 20.0
_REQUEST_TIMEOUT: Final = 10.0
_TICK: Final = timedelta(minutes=1)
# What a poll read of the profiles is no older than this; before, it may still show what stood before a change.
_SEEN_AFTER: Final = timedelta(minutes=5)
# Requests that are remembered; an honest section has one or two.
_REQUESTS: Final = 200


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


def show_until(moment: datetime) -> str:
    """Return a moment as people read it."""
    return f"{dt_util.as_local(moment):%Y-%m-%d %H:%M}"


class CameraSettings:
    """The settings of the section's cameras: requests, what is raised, and what asks to be fixed."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], *, cameras: Cameras, evidence: Evidence
    ) -> None:
        """Make it; nothing is read yet."""
        self._hass = hass
        self._entry = entry
        self._cameras = cameras
        self._evidence = evidence
        self._book: SettingsBook | None = None
        self._pending: dict[str, PendingChange] = {}
        self._refused: dict[str, deque[datetime]] = {}
        # Cameras that somebody is changing, and those about which something is being written.
        self._busy: set[str] = set()
        self._writing: set[str] = set()
        self._unsubscribe: list[CALLBACK_TYPE] = []
        self.timing = RetryTiming()
        self.look_timeout = _LOOK_TIMEOUT
        self.request_timeout = _REQUEST_TIMEOUT
        self.request_time = REQUEST_TIME

    # --- While the section is loaded --------------------------------------------------------------------------

    async def async_start(self) -> None:
        """Read what is raised as soon as the ledger can be read, and watch the cameras."""
        self._unsubscribe = [
            self._evidence.async_add_listener(self._on_ledger),
            async_track_time_interval(self._hass, self._on_tick, _TICK, cancel_on_shutdown=True),
        ]

        @callback
        def watch(camera: CameraCoordinator) -> None:
            self._unsubscribe.append(camera.async_add_listener(lambda: self._async_judge(camera)))

        for camera in self._cameras.values():
            watch(camera)
        self._cameras.async_for_each_camera(watch)
        await self._async_load()

    async def async_close(self) -> None:
        """Watch no more."""
        while self._unsubscribe:
            self._unsubscribe.pop()()

    async def _async_load(self) -> None:
        """Read what is raised; a ledger that is away is waited for."""
        if self._book is not None:
            return
        # Only the book of cases tells that the ledger was opened.
        book = SettingsBook(self._evidence.ledger)
        try:
            _ = self._evidence.cases
            await book.load()
        except LedgerError:
            return
        self._book = book
        self._evidence.async_changed()
        self._on_tick()

    @callback
    def _on_ledger(self) -> None:
        if self._book is None:
            self._spawn(self._async_load(), "settings")

    @callback
    def _on_tick(self, _now: datetime | None = None) -> None:
        """Ask for what is to be put back; close the repairs of cameras that left."""
        now = dt_util.utcnow()
        for token in [
            token for token, pending in self._pending.items() if pending.expires + REMEMBERED < now
        ]:
            del self._pending[token]
        if self._book is None:
            self._on_ledger()
        ours = {
            issue_id(key, camera.subentry.subentry_id)
            for camera in self._cameras.values()
            for key in SETTING_ISSUES
        }
        async_close_issues(self._hass, SETTING_ISSUES, but=ours)
        for camera in self._cameras.values():
            self._async_judge(camera)

    @callback
    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._entry.async_create_background_task(self._hass, work, f"{DOMAIN} {name}")

    # --- What is raised -----------------------------------------------------------------------------------------

    @property
    def book(self) -> SettingsBook:
        """Return what the ledger says of settings; raises LedgerUnavailable as long as it was not read."""
        if self._book is None:
            # Says why, where the ledger could not be read at all.
            _ = self._evidence.cases
            raise LedgerUnavailable("The ledger has not been read yet")
        return self._book

    def raised(self, camera: str) -> TemporaryResolution | None:
        """Return what is raised at a camera, as far as it is known."""
        return None if self._book is None else self._book.raised.get(camera)

    def overdue_reverts(self) -> list[TemporaryResolution]:
        """Return what should have been put back by now; raises LedgerUnavailable."""
        now = dt_util.utcnow()
        ours = {camera.unique_id for camera in self._cameras.values()}
        return [
            raised
            for raised in self.book.raised.values()
            if raised.until <= now and raised.camera in ours
        ]

    @callback
    def _async_judge(self, camera: CameraCoordinator) -> None:
        """Open and close the repairs of a camera; what is not known changes nothing."""
        policy, status = camera.policy, camera.data
        raised = self.raised(camera.unique_id)
        over = raised is not None and raised.until <= dt_util.utcnow()
        within = resolution_within_limit(status.main_profile, policy)
        too_high: bool | None = None if within is None or self._book is None else not within
        wanted: dict[str, bool | None] = {
            ISSUE_AUDIO: audio_violation(status.audio, policy),
            ISSUE_CLOCK: clock_problem(status.clock, policy),
            # Somebody answers for it, and until when.
            ISSUE_RESOLUTION: too_high if raised is None else False,
            ISSUE_PUT_BACK: over if self._book is not None else None,
        }
        for key, called_for in wanted.items():
            if called_for:
                self._async_open_issue(camera, key, raised)
            elif called_for is False:
                async_close_issue(self._hass, key, camera.subentry.subentry_id)
        if raised is None or camera.unique_id in self._busy | self._writing:
            return
        if (profile := self._put_back_at_camera(camera, raised, status)) is not None:
            self._write_about(camera, self._async_seen(camera, raised, profile))
        elif over and not raised.told:
            self._write_about(camera, self._async_tell(camera, raised))

    @callback
    def _async_open_issue(
        self, camera: CameraCoordinator, key: str, raised: TemporaryResolution | None
    ) -> None:
        placeholders = {"camera": camera.name}
        if key == ISSUE_PUT_BACK and raised is not None:
            placeholders["until"] = show_until(raised.until)
        async_show_issue(
            self._hass,
            key,
            camera.subentry.subentry_id,
            warning=key != ISSUE_AUDIO,
            placeholders=placeholders,
            # The page asks for the password; a form of the repairs would be kept in memory.
            link=f"homeassistant:/{settings_path(camera.unique_id)}",
        )

    @staticmethod
    def _put_back_at_camera(
        camera: CameraCoordinator, raised: TemporaryResolution, status: CameraStatus
    ) -> MediaProfile | None:
        """Return the recorded profile when somebody has put it back at the camera itself."""
        if not status.alive or status.error is not None:
            return None
        if dt_util.utcnow() - raised.since < _SEEN_AFTER:
            return None
        for profile in status.profiles:
            if profile.token == raised.profile and profile.height is not None:
                lower = profile.height <= camera.policy.max_everyday_height
                back = (profile.width, profile.height) == raised.before
                return profile if lower or (back and raised.before != raised.after) else None
        return None

    def _write_about(self, camera: CameraCoordinator, work: Coroutine[Any, Any, None]) -> None:
        """Write something about a camera that nobody asked for; one thing at a time."""
        self._writing.add(camera.unique_id)

        async def write() -> None:
            try:
                await work
            except LedgerError as err:
                LOGGER.debug("It is written with one of the next looks: %s", err)
            finally:
                self._writing.discard(camera.unique_id)
                self._evidence.async_changed()

        self._spawn(write(), f"setting of {camera.subentry.subentry_id}")

    async def _async_seen(
        self, camera: CameraCoordinator, raised: TemporaryResolution, profile: MediaProfile
    ) -> None:
        """Record that the camera was put back without us."""

        def values(size: Size) -> ResolutionValues:
            one = ProfileSize(profile=raised.profile, recorded=True, size=size)
            return ResolutionValues(mode=Resolution.EVERYDAY, profiles=(one,))

        after = values((profile.width or 0, profile.height or 0))
        change = SettingChange(
            setting=Setting.RESOLUTION,
            outcome=Outcome.DONE,
            changed=False,
            before=values(raised.after),
            wanted=after,
            after=after,
            until=None,
            at_camera=True,
        )
        await self.book.record_change(camera.unique_id, change, None)
        self._async_judge_again(camera)
        self._announce(camera, AlertKind.SETTING_CHANGED, Setting.RESOLUTION, Outcome.DONE, None)

    async def _async_tell(self, camera: CameraCoordinator, raised: TemporaryResolution) -> None:
        """Ask people to put it back, once."""
        await self.book.record_reminder(raised)
        async_announce(
            self._hass,
            AlertKind.SETTING_TO_BE_PUT_BACK,
            asset=camera.asset,
            setting=str(Setting.RESOLUTION),
            until=raised.until.isoformat(),
            path=settings_path(camera.unique_id),
        )

    @callback
    def _async_judge_again(self, camera: CameraCoordinator) -> None:
        self._writing.discard(camera.unique_id)
        self._async_judge(camera)

    def _announce(
        self,
        camera: CameraCoordinator,
        kind: AlertKind,
        setting: Setting,
        outcome: Outcome,
        until: datetime | None,
    ) -> None:
        async_announce(
            self._hass,
            kind,
            asset=camera.asset,
            setting=str(setting),
            outcome=str(outcome),
            verified=outcome is Outcome.DONE,
            until=None if until is None else until.isoformat(),
        )

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
                raised = self.raised(camera.unique_id)
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
                return await change.look(camera.camera.client)
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
        book = self.book
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
        if len(self._pending) >= _REQUESTS:
            del self._pending[next(iter(self._pending))]
        self._pending[pending.token] = pending
        return pending

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
        if (pending := self._pending.get(token)) is None:
            raise SettingRefused("settings_link_unknown")
        if actor.person is None or actor.person.id != pending.user_id:
            await self.async_refuse(actor, pending.camera, "settings_link_of_another")
            raise NotAllowed("settings_link_of_another")
        reason = None
        if pending.used:
            reason = "settings_link_used"
        elif pending.tries <= 0:
            reason = "settings_link_tries"
        elif dt_util.utcnow() >= pending.expires:
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
        book = self.book
        self._evidence.ledger.check_available()
        if (camera := self._cameras.find(pending.camera)) is None:
            raise SettingRefused("camera_unknown", {"camera": pending.camera_name})
        if pending.used or camera.unique_id in self._busy:
            raise SettingBusy("settings_busy", {"camera": camera.name})
        if self._held_back(camera):
            await self.async_refuse(actor, camera.unique_id, "settings_held_back")
            raise SettingRefused("settings_held_back", {"camera": camera.name})
        pending.tries -= 1
        self._busy.add(camera.unique_id)
        refused = ""
        try:
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
        finally:
            self._busy.discard(camera.unique_id)
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
        self._async_judge(camera)
        self._evidence.async_changed()
        camera.camera.look_again()
        self._spawn(camera.async_request_refresh(), "look after a setting")
        self._announce(
            camera, AlertKind.SETTING_CHANGED, pending.request.setting, result.outcome, done.until
        )
        return done

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
            self._evidence.unwritten.async_add(
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
