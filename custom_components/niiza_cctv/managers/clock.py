"""Whether the time may end something: follows Home Assistant's clock, hears the cameras', and asks a person in doubt."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from ..cameras import Cameras
from ..const import DOMAIN
from ..coordinator import CameraCoordinator
from ..issues import CLOCK_ISSUES, async_close_issue, async_show_issue
from ..lib.access.model import Actor
from ..lib.cases.trusted_time import Doubt
from .evidence import Evidence

_STORE_VERSION: Final = 1
_STORE_KEY: Final = f"{DOMAIN}.clock"
# What a crash within this loses is learnt again.
_SAVE_EVERY: Final = timedelta(hours=1)


class ClockManager:
    """Follows the clock by which footage is kept and removed."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        cameras: Cameras,
        evidence: Evidence,
        every: timedelta = timedelta(seconds=30),
    ) -> None:
        """Make it; nothing is followed yet."""
        self._hass = hass
        self._entry = entry
        self._cameras = cameras
        self._evidence = evidence
        self._time = evidence.time
        self._every = every
        self._store: Store[dict[str, float]] = Store(hass, _STORE_VERSION, _STORE_KEY)
        # When each camera's clock was measured last, as told.
        self._measured: dict[str, datetime] = {}
        self._unsubscribe: list[CALLBACK_TYPE] = []
        self._loaded = False

    async def async_start(self) -> None:
        """Begin to follow clocks, before there are cameras."""
        kept = await self._store.async_load() or {}
        self._time.know({camera: timedelta(seconds=ahead) for camera, ahead in kept.items()})
        self._loaded = True
        self._cameras.async_for_each_camera(self._follow)
        self._look()
        self._unsubscribe.append(
            async_track_time_interval(self._hass, self._look, self._every, cancel_on_shutdown=True)
        )
        self._unsubscribe.append(
            async_track_time_interval(
                self._hass, self._async_save, _SAVE_EVERY, cancel_on_shutdown=True
            )
        )

    async def async_close(self) -> None:
        """Follow nothing any more, and keep what is known of the cameras' clocks."""
        while self._unsubscribe:
            self._unsubscribe.pop()()
        if self._loaded:
            await self._async_save()

    async def _async_save(self, _now: datetime | None = None) -> None:
        await self._store.async_save(self._to_store())

    async def async_confirm(self, actor: Actor) -> None:
        """Let a person vouch for the time of now; raises CaseError and LedgerError."""
        jump = self._time.jump
        agreeing, answering = self._time.witnesses()
        await self._evidence.cases.confirm_clock(
            actor,
            {
                "jump": None if jump is None else round(jump.total_seconds()),
                "cameras_agreeing": agreeing,
                "cameras_answering": answering,
            },
        )
        self._time.release()
        self._show()

    @callback
    def _follow(self, camera: CameraCoordinator) -> None:
        # Ends with the coordinator, which is the section's own.
        camera.async_add_listener(partial(self._hear, camera))

    @callback
    def _hear(self, camera: CameraCoordinator) -> None:
        """Take a clock that was measured anew; a camera that does not answer is no witness."""
        clock = camera.data.clock
        if clock is None or not camera.data.alive:
            self._time.forget(camera.unique_id)
            self._measured.pop(camera.unique_id, None)
        elif self._measured.get(camera.unique_id) != clock.measured_at:
            self._measured[camera.unique_id] = clock.measured_at
            # Measured a moment ago: what has passed since is less than what is tolerated.
            self._time.hear(camera.unique_id, clock.measured_at + clock.offset)

    @callback
    def _look(self, _now: datetime | None = None) -> None:
        """Compare the clocks."""
        self._evidence.async_look_at_clock()
        self._show()

    @callback
    def _show(self) -> None:
        """Ask a person where nothing else ends the doubt."""
        doubt = self._time.doubt()
        asked = None
        if doubt in {Doubt.JUMPED, Doubt.CAMERAS} or (
            doubt is Doubt.UNWITNESSED
            and self._evidence.is_read
            and self._evidence.cases.waits_for_time()
        ):
            asked = f"clock_{doubt}"
        for key in CLOCK_ISSUES:
            if key != asked:
                async_close_issue(self._hass, key)
        if asked is not None:
            agreeing, answering = self._time.witnesses()
            async_show_issue(
                self._hass,
                asked,
                fixable=True,
                data={"entry_id": self._entry.entry_id},
                placeholders={
                    "now": dt_util.now().strftime("%Y-%m-%d %H:%M:%S"),
                    "jump": _in_words(self._time.jump),
                    "agreeing": str(agreeing),
                    "answering": str(answering),
                },
            )

    @callback
    def _to_store(self) -> dict[str, float]:
        theirs = {each.id for each in self._cameras.assets()}
        return {
            camera: ahead.total_seconds()
            for camera, ahead in self._time.offsets.items()
            if camera in theirs
        }


def _in_words(jump: timedelta | None) -> str:
    """Return a jump as every language reads it: "+31 d 0:05"; a question mark where it was before a restart."""
    if not jump:
        return "?"
    minutes = round(abs(jump).total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    return f"{'-' if jump < timedelta() else '+'}{days} d {rest // 60}:{rest % 60:02}"


async def async_remove_clock(hass: HomeAssistant) -> None:
    """Forget what was known of a section that is gone."""
    store: Store[dict[str, Any]] = Store(hass, _STORE_VERSION, _STORE_KEY)
    await store.async_remove()
