"""The clocks: whether Home Assistant's may end something, and what each camera's showed when.

Both are measured against each other. What is known of a camera's clock is kept here and in the ledger, so that footage
of any day keeps its true time, also after a restart and after the clock was set.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from ..cameras import Cameras
from ..const import DOMAIN, LOGGER
from ..coordinator import CameraCoordinator
from ..entry_data import async_spawn
from ..issues import CLOCK_ISSUES, async_close_issue, async_show_issue
from ..lib.access.model import Actor
from ..lib.cases.trusted_time import Doubt
from ..lib.device.clock_history import Era
from ..lib.device.model import ClockMode, ClockReading
from ..lib.footage.package_model import CameraFacts
from ..lib.ledger.actions import LedgerAction
from ..lib.ledger.errors import LedgerError
from ..lib.ledger.model import Entry
from .evidence import Evidence

_STORE_VERSION: Final = 1
_STORE_KEY: Final = f"{DOMAIN}.clock"
# What a crash within this loses is learnt again.
_SAVE_EVERY: Final = timedelta(hours=1)
_HISTORY_KEY: Final = f"{DOMAIN}.clock_history"
# A new era of a camera's clock is on the disk after so many seconds.
_SAVE_AFTER: Final = 10.0
# A clock that jumps all day fills no ledger: so many entries a day and camera, the rest is kept here alone.
_MAX_ENTRIES_A_DAY: Final = 20
# Of these the ledger tells what a clock showed when.
_MEASURED_IN: Final = frozenset({LedgerAction.CAMERA_CLOCK_CHANGED, LedgerAction.CLIP_SEALED})
_MICROSECOND: Final = timedelta(microseconds=1)


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
        self._histories: Store[dict[str, Any]] = Store(hass, _STORE_VERSION, _HISTORY_KEY)
        # The cameras of which nothing was kept: the ledger is read for them, once it can be.
        self._untold: set[str] = set()
        self._recalling: asyncio.Task[None] | None = None
        self._entries: dict[str, deque[datetime]] = {}
        self._unsubscribe: list[CALLBACK_TYPE] = []
        self._loaded = False

    async def async_start(self) -> None:
        """Begin to follow clocks, before there are cameras."""
        kept = await self._store.async_load() or {}
        self._time.know({camera: timedelta(seconds=ahead) for camera, ahead in kept.items()})
        await self._async_load_histories()
        self._loaded = True
        self._cameras.note_clock = self._note_clock
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
        if self._recalling is not None:
            self._recalling.cancel()
        if self._loaded:
            await self._async_save()

    async def _async_save(self, _now: datetime | None = None) -> None:
        await self._store.async_save(self._to_store())
        await self._histories.async_save(self._histories_to_store())

    # --- Histories of the cameras' clocks ---------------------------------------------------------------------------

    async def _async_load_histories(self) -> None:
        """Take up what is known of the cameras' clocks; what cannot be read is asked of the ledger."""
        kept = await self._histories.async_load() or {}
        for each in self._cameras.assets():
            try:
                eras = [Era.from_json(era) for era in kept[each.id]]
            except (KeyError, TypeError, ValueError) as err:
                if not isinstance(err, KeyError):
                    LOGGER.warning("What was known of the clock of %s is not readable", each.name)
                self._untold.add(each.id)
            else:
                self._cameras.clock_history(each.id).resume(eras)

    @callback
    def _note_clock(self, camera: str, reading: ClockReading) -> None:
        """Take a measurement of a camera's clock; one that says something new is kept and recorded."""
        if self._time.jump is not None:
            # Against which clock was it measured?
            return
        history = self._cameras.clock_history(camera)
        before = history.eras[-1] if history.eras else None
        if (era := history.measure(reading)) is None:
            return
        self._histories.async_delay_save(self._histories_to_store, _SAVE_AFTER)
        if before is None:
            # No change: what it was before nobody knows, and what it is stands in each clip.
            return
        told = self._entries.setdefault(camera, deque())
        now = dt_util.utcnow()
        while told and now - told[0] > timedelta(days=1):
            told.popleft()
        if len(told) >= _MAX_ENTRIES_A_DAY:
            return
        told.append(now)
        self._evidence.outbox.async_add(
            LedgerAction.CAMERA_CLOCK_CHANGED,
            f"camera/{camera}",
            {
                "clock_offset": round(era.ahead.total_seconds()),
                "offset_us": reading.offset // _MICROSECOND,
                "uncertainty_us": reading.uncertainty // _MICROSECOND,
                "measured_at": reading.measured_at.isoformat(),
                "was_set": era.was_set,
                "offset_before": round(before.ahead.total_seconds()),
                "measured_before": [before.start.isoformat(), before.end.isoformat()],
            },
        )

    @callback
    def _histories_to_store(self) -> dict[str, Any]:
        return {
            each.id: [era.as_json() for era in eras]
            for each in self._cameras.assets()
            if (eras := self._cameras.clock_history(each.id).eras)
        }

    @callback
    def _recall(self) -> None:
        """Ask the ledger, once it is read, for what the cameras' clocks showed before anything was kept here."""
        if self._untold and self._evidence.is_read and self._recalling is None:
            self._recalling = async_spawn(
                self._hass, self._entry, self._async_recall(), "clock histories"
            )

    async def _async_recall(self) -> None:
        readings: dict[str, list[ClockReading]] = {}
        try:
            async for entry in self._evidence.ledger.entries(actions=_MEASURED_IN):
                camera = self._camera_of(entry)
                if camera in self._untold:
                    readings.setdefault(camera, []).extend(_readings(entry))
        except LedgerError as err:
            LOGGER.debug("The ledger does not tell of the cameras' clocks: %s", err)
            self._recalling = None
            return
        self._untold.clear()
        for camera, told in readings.items():
            self._cameras.clock_history(camera).recall(told)

    def _camera_of(self, entry: Entry) -> str:
        """Return the camera that an entry measured; empty where that is not known any more."""
        kind, _, named = entry.subject.partition("/")
        if kind == "camera":
            return named
        case = self._evidence.cases.cases.get(named)
        clip = entry.details.get("clip")
        return next(
            (
                one.passage.camera
                for one in (case.clips if case is not None else ())
                if one.id == clip
            ),
            "",
        )

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
        self._recall()
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


def _readings(entry: Entry) -> Iterator[ClockReading]:
    """Give the measurements of a camera's clock that an entry keeps; one that this version cannot read has none."""
    details = entry.details
    try:
        if entry.action == LedgerAction.CLIP_SEALED:
            if (clock := CameraFacts.from_json(details["origin"]).clock) is not None:
                yield clock
            return
        match details:
            case {"offset_before": int(offset), "measured_before": [str(first), str(last)]}:
                for at in (first, last):
                    yield _reading(timedelta(seconds=offset), timedelta(seconds=1), at)
        match details:
            case {"offset_us": int(offset), "uncertainty_us": int(error), "measured_at": str(at)}:
                yield _reading(offset * _MICROSECOND, error * _MICROSECOND, at)
    except (KeyError, ValueError) as err:
        LOGGER.debug("Entry %s tells nothing of a clock: %s", entry.number, err)


def _reading(offset: timedelta, error: timedelta, at: str) -> ClockReading:
    """Return a measurement; raises ValueError."""
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None:
        raise ValueError("A time without a zone")
    return ClockReading(
        offset=offset, uncertainty=error, mode=ClockMode.UNKNOWN, measured_at=moment
    )


async def async_remove_clock(hass: HomeAssistant) -> None:
    """Forget what was known of a section that is gone."""
    for key in (_STORE_KEY, _HISTORY_KEY):
        store: Store[dict[str, Any]] = Store(hass, _STORE_VERSION, key)
        await store.async_remove()
