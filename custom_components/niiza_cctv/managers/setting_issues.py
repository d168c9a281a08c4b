"""What asks to be changed at the cameras, as repairs; what was raised for a limited time and must be put back."""

from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_USERNAME
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from ..cameras import Cameras
from ..const import CONF_ADMINISTRATOR_ACCEPTED, LOGGER
from ..coordinator import CameraCoordinator
from ..entry_data import async_spawn
from ..issues import (
    ISSUE_ADMINISTRATOR,
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
from ..lib.device.judge import audio_violation, clock_problem, resolution_within_limit
from ..lib.device.model import CameraStatus, MediaProfile
from ..lib.ledger.errors import LedgerError
from ..lib.settings.book import SettingChange, TemporaryResolution
from ..lib.settings.values import Outcome, ProfileSize, Resolution, ResolutionValues, Setting, Size
from ..paths import settings_path
from .events import AlertKind, async_announce
from .evidence import Evidence

_TICK: Final = timedelta(minutes=1)
# What a poll read of the profiles is no older than this; before, it may still show what stood before a change.
_SEEN_AFTER: Final = timedelta(minutes=5)


def show_until(moment: datetime) -> str:
    """Return a moment as people read it."""
    return f"{dt_util.as_local(moment):%Y-%m-%d %H:%M}"


@callback
def announce_change(
    hass: HomeAssistant,
    camera: CameraCoordinator,
    setting: Setting,
    outcome: Outcome,
    until: datetime | None,
) -> None:
    """Let automations know that a setting is another now."""
    async_announce(
        hass,
        AlertKind.SETTING_CHANGED,
        asset=camera.asset,
        setting=str(setting),
        outcome=str(outcome),
        verified=outcome is Outcome.DONE,
        until=None if until is None else until.isoformat(),
    )


def administrator_unaccepted(camera: CameraCoordinator) -> bool | None:
    """Return whether a camera's viewing log-in is an administrator's that nobody chose to keep; None: not known."""
    kept = camera.subentry.data
    if kept.get(CONF_ADMINISTRATOR_ACCEPTED) == kept[CONF_USERNAME]:
        return False
    return camera.data.administrator


class SettingIssues:
    """Watches how the settings of the section's cameras stand, and what is raised."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], *, cameras: Cameras, evidence: Evidence
    ) -> None:
        """Make it; nothing is read yet."""
        self._hass = hass
        self._entry = entry
        self._cameras = cameras
        self._evidence = evidence
        # Cameras that somebody is changing, and those about which something is being written.
        self._changing: set[str] = set()
        self._writing: set[str] = set()
        self._unsubscribe: list[CALLBACK_TYPE] = []

    # --- While the section is loaded --------------------------------------------------------------------------

    async def async_start(self) -> None:
        """Watch the cameras, and what is raised once the ledger is read."""
        self._unsubscribe = [
            async_track_time_interval(self._hass, self._on_tick, _TICK, cancel_on_shutdown=True)
        ]

        @callback
        def watch(camera: CameraCoordinator) -> None:
            self._unsubscribe.append(camera.async_add_listener(lambda: self.async_judge(camera)))

        for camera in self._cameras.values():
            watch(camera)
        self._cameras.async_for_each_camera(watch)
        self._unsubscribe.append(self._evidence.async_when_read(self._on_read))

    async def async_close(self) -> None:
        """Watch no more."""
        while self._unsubscribe:
            self._unsubscribe.pop()()

    @callback
    def _on_read(self) -> None:
        self._on_tick()
        # The section's entities were there before its cameras.
        self._evidence.async_changed()

    @callback
    def _on_tick(self, _now: datetime | None = None) -> None:
        """Ask for what is to be put back; close the repairs of cameras that left."""
        ours = {
            issue_id(key, camera.subentry.subentry_id)
            for camera in self._cameras.values()
            for key in SETTING_ISSUES
        }
        async_close_issues(self._hass, SETTING_ISSUES, but=ours)
        for camera in self._cameras.values():
            self.async_judge(camera)

    def is_changing(self, camera: str) -> bool:
        """Return whether somebody is changing a camera."""
        return camera in self._changing

    @contextmanager
    def changing(self, camera: str) -> Iterator[None]:
        """Believe nothing that a camera shows while somebody is changing it."""
        self._changing.add(camera)
        try:
            yield
        finally:
            self._changing.discard(camera)

    # --- What is raised -----------------------------------------------------------------------------------------

    @property
    def is_read(self) -> bool:
        """Return whether it is known what is raised."""
        return self._evidence.is_read

    def raised(self, camera: str) -> TemporaryResolution | None:
        """Return what is raised at a camera, as far as it is known."""
        return self._evidence.settings_book.raised.get(camera) if self.is_read else None

    def overdue_reverts(self) -> list[TemporaryResolution]:
        """Return what should have been put back by now; raises LedgerError."""
        now = dt_util.utcnow()
        ours = {camera.unique_id for camera in self._cameras.values()}
        return [
            raised
            for raised in self._evidence.settings_book.raised.values()
            if raised.until <= now and raised.camera in ours
        ]

    @callback
    def async_judge(self, camera: CameraCoordinator) -> None:
        """Open and close the repairs of a camera; what is not known changes nothing."""
        policy, status = camera.policy, camera.data
        raised = self.raised(camera.unique_id)
        over = raised is not None and raised.until <= dt_util.utcnow()
        within = resolution_within_limit(status.main_profile, policy)
        too_high: bool | None = None if within is None or not self.is_read else not within
        wanted: dict[str, bool | None] = {
            ISSUE_AUDIO: audio_violation(status.audio, policy),
            ISSUE_CLOCK: clock_problem(status.clock, policy),
            # Somebody answers for it, and until when.
            ISSUE_RESOLUTION: too_high if raised is None else False,
            ISSUE_ADMINISTRATOR: administrator_unaccepted(camera),
            ISSUE_PUT_BACK: over if self.is_read else None,
        }
        for key, called_for in wanted.items():
            if called_for:
                self._async_open_issue(camera, key, raised)
            elif called_for is False:
                async_close_issue(self._hass, key, camera.subentry.subentry_id)
        if raised is None or camera.unique_id in self._changing | self._writing:
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
            link=None
            if key == ISSUE_ADMINISTRATOR
            else f"homeassistant:/{settings_path(camera.unique_id)}",
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

        async_spawn(self._hass, self._entry, write(), f"setting of {camera.subentry.subentry_id}")

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
        await self._evidence.settings_book.record_change(camera.unique_id, change, None)
        self._async_judge_again(camera)
        announce_change(self._hass, camera, Setting.RESOLUTION, Outcome.DONE, None)

    async def _async_tell(self, camera: CameraCoordinator, raised: TemporaryResolution) -> None:
        """Ask people to put it back, once."""
        await self._evidence.settings_book.record_reminder(raised)
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
        self.async_judge(camera)
