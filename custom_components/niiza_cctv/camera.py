"""The live picture, video only."""

import asyncio
from contextlib import suppress
from contextvars import ContextVar
from typing import override

from aiohttp import web
from homeassistant.auth.models import User
from homeassistant.components.camera import Camera
from homeassistant.components.camera.const import CameraEntityFeature
from homeassistant.components.camera.prefs import get_dynamic_camera_stream_settings
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.components.stream import Stream, create_stream
from homeassistant.components.websocket_api.connection import current_connection
from homeassistant.const import CONF_MODEL
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.http import current_request

from .const import CONF_MANUFACTURER, DOMAIN, LOGGER
from .coordinator import CameraCoordinator
from .core_internals import async_end_stream, set_up_video_only
from .entity import NiizaEntity, async_add_for_each_camera
from .errors import translated
from .lib.access.errors import NotAllowed
from .lib.access.permissions import SAVE_LIVE, check_saves_live
from .lib.device.camera import StationCamera
from .lib.device.errors import CameraError, CameraUnreachable
from .lib.footage.live import LiveRelay
from .lib.footage.viewing_sessions import Watched
from .lib.ledger.errors import LedgerError
from .lib.ledger.model import Person
from .managers.evidence import Evidence
from .runtime import NiizaConfigEntry

# The coordinator asks the camera; a still is asked for by the person who looks
PARALLEL_UPDATES = 0

# Seconds; what core gives a camera that a person waits for.
_SOURCE_TIMEOUT = 10.0

# Whose action on a camera runs in this task, and for which request: one that serves several keeps it for none of them.
_ACTING: ContextVar[tuple[str | None, web.Request | None]] = ContextVar(
    f"{DOMAIN}_acting", default=(None, None)
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NiizaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the live picture of every camera, also of those that come later."""
    evidence = entry.runtime_data.evidence
    async_add_for_each_camera(
        entry, async_add_entities, lambda camera: (NiizaCamera(camera, evidence),)
    )


async def _relay(coordinator: CameraCoordinator) -> LiveRelay:
    """Return the picture for FFmpeg, in the time that core gives for it; raises CameraError."""
    try:
        async with asyncio.timeout(_SOURCE_TIMEOUT):
            return await coordinator.async_live()
    except TimeoutError as err:
        raise CameraUnreachable("the camera does not say in time where its stream is") from err


class NiizaCamera(NiizaEntity, Camera):
    """The live picture of one camera.

    `stream_source` stays without a value: whoever takes it (go2rtc, HomeKit, ffmpeg) opens audio too
    and gets to know the password. So only our own stream, which never sets up audio, opens the source.
    """

    _attr_name = None
    _attr_supported_features = CameraEntityFeature.STREAM

    def __init__(self, coordinator: CameraCoordinator, evidence: Evidence) -> None:
        """Make the entity of one camera."""
        super().__init__(coordinator, "live")
        Camera.__init__(self)
        self._evidence = evidence
        self._attr_brand = coordinator.subentry.data[CONF_MANUFACTURER]
        self._attr_model = coordinator.subentry.data[CONF_MODEL]
        self._creating = asyncio.Lock()
        # Whose stream it is: the coordinator makes a new camera when address or password change.
        self._streamed: StationCamera | None = None
        self._relay: LiveRelay | None = None

    @override
    async def async_create_stream(self) -> Stream | None:
        """Return the stream of the video track alone.

        None where nobody waits for it and the camera gives none: at start, core creates one after the other
        for the cameras with "preload stream", and an error would keep those that follow from theirs.
        """
        await self._async_check_action()
        async with self._creating:
            camera = self.coordinator.camera
            # A stream that failed waits longer for its next try each time (core: 10, 20, 30 seconds …), whoever asks.
            if self.stream is not None and (
                self._streamed is not camera or not self.stream.available
            ):
                await self._async_stop_stream()
            if self.stream is None:
                settings = await get_dynamic_camera_stream_settings(self.hass, self.entity_id)
                try:
                    relay = await _relay(self.coordinator)
                except CameraError as err:
                    # A person asks through a websocket, core's preloading does not.
                    if settings.preload_stream and current_connection.get() is None:
                        LOGGER.debug("No stream of %s to preload: %s", self.entity_id, err)
                        return None
                    raise translated(err, camera=self.coordinator.name) from err
                try:
                    stream = create_stream(
                        self.hass,
                        relay.url,
                        options={},
                        dynamic_stream_settings=settings,
                        stream_label=self.entity_id,
                    )
                    set_up_video_only(stream)
                except HomeAssistantError:
                    await relay.close()
                    raise
                self._relay = relay
                stream.set_update_callback(self.async_write_ha_state)
                self.stream = stream
                self._streamed = camera
            if (connection := current_connection.get()) is not None:
                self._async_note(connection.user, Watched.LIVE)
            return self.stream

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        """Return a still picture as the camera makes it."""
        await self._async_check_action()
        try:
            picture = await self.coordinator.camera.still()
        except CameraError as err:
            raise translated(err, camera=self.coordinator.name) from err
        if (request := current_request.get()) is not None:
            # A picture card's own token names nobody; the log-in that a page sends does.
            self._async_note(request.get(KEY_HASS_USER), Watched.STILL)
        return picture

    @callback
    @override
    def async_set_context(self, context: Context) -> None:
        """Note who acts: Home Assistant calls this before each action on the entity, and before nothing else."""
        _ACTING.set((context.user_id, current_request.get()))
        super().async_set_context(context)

    async def _async_check_action(self) -> None:
        """Refuse a tablet what Home Assistant's own actions record, save as a file or send to a player."""
        user_id, request = _ACTING.get()
        if user_id is None or current_request.get() is not request:
            return
        actor = await self._evidence.async_actor(user_id)
        try:
            check_saves_live(actor)
        except NotAllowed as err:
            # It is refused, whether or not it can be recorded.
            with suppress(LedgerError):
                await self._evidence.cases.refuse(
                    actor, SAVE_LIVE, f"camera/{self.coordinator.unique_id}", err.key
                )
            raise translated(err) from err

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Close the connection to the camera."""
        await super().async_will_remove_from_hass()
        await self._async_stop_stream()

    @callback
    def _async_note(self, user: User | None, kind: Watched) -> None:
        """Account for a live picture that somebody sees; monitoring goes on whatever the ledger does."""
        if user is None or user.system_generated:
            return
        self._evidence.viewing_sessions.seen(
            Person(id=user.id, name=user.name or user.id), self.coordinator.unique_id, kind
        )

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Show whether the card records, and let a running stream follow the camera."""
        self._attr_is_recording = self.coordinator.data.recording_now is True
        if self.stream is not None and self._streamed is not self.coordinator.camera:
            self.hass.async_create_task(self._async_move_stream())
        super()._handle_coordinator_update()

    async def _async_move_stream(self) -> None:
        """Let a running stream go on from where the camera is now; end it where the camera gives none there."""
        async with self._creating:
            camera, status = self.coordinator.camera, self.coordinator.data
            if self.stream is None or self._streamed is camera:
                return
            if status.error is not None or not self.stream.available:
                # A stream that waits for its next try ends at a new source (core). The page has lost the picture by
                # then: it asks anew as soon as the camera is shown as available, which it is without a stream.
                await self._async_stop_stream()
                self.async_write_ha_state()
            # Before the first answer from there nothing is known.
            elif status.alive:
                try:
                    relay = await _relay(self.coordinator)
                except CameraError as err:
                    LOGGER.debug("Stream of %s does not go on: %s", self.entity_id, err)
                    await self._async_stop_stream()
                    return
                before, self._relay = self._relay, relay
                self.stream.update_source(relay.url)
                self._streamed = camera
                if before is not None:
                    await before.close()

    async def _async_stop_stream(self) -> None:
        """End the stream and its thread, also one that is kept running for quick starts."""
        relay, self._relay = self._relay, None
        stream, self.stream = self.stream, None
        if stream is not None:
            await async_end_stream(stream)
        if relay is not None:
            await relay.close()
