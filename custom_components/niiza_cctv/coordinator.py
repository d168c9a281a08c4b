"""One camera of the section: polled, watched, and its card read back."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, override

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import CONF_PORT, CONF_SSL
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.event import async_track_time_change
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util
from homeassistant.util.ssl import client_context, client_context_no_verify
from yarl import URL

from .const import (
    CONF_DIGEST_ONLY,
    DOMAIN,
    LOGGER,
    PARALLEL_POLLS,
    PARALLEL_READ_BACKS,
    PARALLEL_RETRIES,
    POLL_COOLDOWN,
    POLL_INTERVAL,
)
from .entry_data import ENDING, address_of, async_end_tasks, async_spawn, credential_of
from .errors import error_key
from .issues import CAMERA_ISSUES, async_close_issue, async_show_issue
from .lib.checks.model import Asset, AssetKind
from .lib.device.alive import AliveVerdict, judge_alive
from .lib.device.camera import CameraTiming, StationCamera
from .lib.device.clock_history import ClockHistory
from .lib.device.errors import (
    CameraCertificateChanged,
    CameraIsAnother,
    CameraRefused,
    CameraRightMissing,
)
from .lib.device.model import (
    CameraAddress,
    CameraStatus,
    ClockReading,
    Credential,
    DigestMemory,
    Heartbeat,
    ReadBack,
)
from .lib.device.policy import SectionPolicy
from .lib.device.quirks import Quirks
from .lib.footage.archive import Archive
from .lib.footage.card_proof import CardSample, PictureDigest
from .lib.footage.gate import ReplayGate, Use
from .lib.footage.jumps import JumpMemory
from .lib.footage.live import LiveRelay
from .lib.footage.readback import ReadBackLimits, read_back
from .lib.footage.rtsp import Tls, describe
from .people import by_itself

# Asks where a DNS name leads.
type LookUp = Callable[[str], Awaitable[tuple[str, ...]]]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How many of the section's cameras are asked at the same time, how often, and how long an answer may take."""

    polls: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PARALLEL_POLLS))
    retries: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PARALLEL_RETRIES))
    read_backs: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(PARALLEL_READ_BACKS)
    )
    poll_cooldown: timedelta = POLL_COOLDOWN
    timing: CameraTiming = field(default_factory=CameraTiming)
    read_back: ReadBackLimits = field(default_factory=ReadBackLimits)


def tls_of(address: CameraAddress) -> Tls:
    """Return how a camera's RTSP over TLS is proved."""
    return Tls(
        context=client_context() if address.verify_tls else client_context_no_verify(),
        fingerprint=address.fingerprint,
        name=address.name,
    )


class CameraCoordinator(DataUpdateCoordinator[CameraStatus]):
    """Polls one camera, watches its events, and reads its card back at night.

    A camera that fails is no failed update: its status says so, and nothing becomes unavailable.
    """

    config_entry: ConfigEntry[Any]

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        subentry: ConfigSubentry,
        *,
        policy: SectionPolicy,
        limits: Limits,
        look_up: LookUp,
        moved: Callable[[str], None],
        sampled: Callable[[str, CardSample], None],
        led_to: Callable[[str, str], str | None],
        clock_history: ClockHistory,
        note_clock: Callable[[str, ClockReading], None],
        jumps: JumpMemory,
        last_read_back: ReadBack | None,
    ) -> None:
        """Make the coordinator; nothing is started and no camera is asked.

        `moved` is called with the unique id when the camera is reached in another way than before, `sampled` with what
        was read from its card; `led_to` tells where its DNS name led when it was found there last; `note_clock` takes
        each measurement of its clock into `clock_history`; `jumps` is what is known of jumps within a replay session,
        `last_read_back` what came of reading its card before this start.
        """
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=subentry.title,
            update_interval=POLL_INTERVAL,
            # In the background: Home Assistant waits for no camera when it stops.
            request_refresh_debouncer=Debouncer(
                hass,
                LOGGER,
                cooldown=limits.poll_cooldown.total_seconds(),
                immediate=True,
                background=True,
            ),
        )
        self.subentry = subentry
        self.policy = policy
        self._limits = limits
        self._look_up = look_up
        self._moved = moved
        self._sampled = sampled
        self._led_to = led_to
        self.clock_history = clock_history
        self._note_clock = note_clock
        self.jumps = jumps
        # Where the DNS name leads that the camera is configured by.
        self._looked_up: str | None = None
        # What it gets wrong, whatever its address.
        self.quirks = Quirks(now=dt_util.utcnow)
        self._digests = self._new_digests()
        self._reached_by = self._reach()
        # The camera's one replay session, whoever wants it and whatever its address.
        self.gate = ReplayGate()
        self._made_at = dt_util.utcnow()
        self.camera = self._new_camera(last_read_back)
        self.archive = self._new_archive()
        self.data = self.camera.status
        # What its mails tell, where they are received.
        self.heartbeat = Heartbeat()
        self._failing = False
        self._read_back: asyncio.Task[Any] | None = None
        self._running: set[asyncio.Task[Any]] = set()
        self._unsubscribe: list[CALLBACK_TYPE] = []
        self._stopped = False
        self._abandoning: asyncio.TimerHandle | None = None

    @property
    def unique_id(self) -> str:
        """Return what identifies this camera, whatever its address."""
        return self.subentry.unique_id or self.subentry.subentry_id

    @property
    def asset(self) -> Asset:
        """Return it as something that is looked at, and about which something is announced."""
        return Asset(
            kind=AssetKind.CAMERA,
            id=self.unique_id,
            name=self.name,
            subentry_id=self.subentry.subentry_id,
        )

    @property
    def alive_verdict(self) -> AliveVerdict:
        """Return whether the camera lives, and which sign of it is missing."""
        return judge_alive(self.data, self.heartbeat)

    @callback
    def async_set_heartbeat(self, heartbeat: Heartbeat) -> None:
        """Show what its mails tell."""
        if heartbeat != self.heartbeat:
            self.heartbeat = heartbeat
            self.async_update_listeners()

    @callback
    def async_mail_error(self, at: datetime | None) -> None:
        """Take its mail's word that the card fails, or (None) that it is fine again; its card is read back soon."""
        self.camera.note_mail_error(at)

    @property
    def address(self) -> CameraAddress:
        """Return where the camera is reached now."""
        return self._reached_by[0]

    @property
    def configuration_url(self) -> URL:
        """Return the camera's own web page."""
        data = self.subentry.data
        return URL.build(
            scheme="https" if data[CONF_SSL] else "http",
            host=address_of(data).host,
            port=data[CONF_PORT],
        )

    @callback
    def async_start(self, delay: float) -> None:
        """Start to poll after `delay` seconds, then to watch events; plan the nightly read-back."""
        # Our own listener keeps the poll going when every entity is disabled.
        self._unsubscribe.append(self.async_add_listener(self._async_status_changed))
        # A fixed minute per camera between two and four spreads the load, and the night is quiet.
        spread = int.from_bytes(sha256(self.unique_id.encode()).digest()[:4])
        self._unsubscribe.append(
            async_track_time_change(
                self.hass,
                self._async_prove_soon,
                hour=2 + spread % 2,
                minute=spread // 2 % 60,
                second=spread // 120 % 60,
            )
        )
        self._async_run(delay)

    @callback
    def _async_run(self, delay: float) -> None:
        """Poll and watch in the background."""

        async def run() -> None:
            await asyncio.sleep(delay)
            await self._async_look_up()
            await self.async_refresh()
            await self.camera.watch()

        self._async_spawn(run(), "watch")

    @callback
    def _async_spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run in the background of the entry, and end with this camera at the latest."""
        task = async_spawn(
            self.hass, self.config_entry, work, f"{self.subentry.subentry_id} {name}"
        )
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    @callback
    def _async_prove_soon(self, _now: datetime | None = None) -> None:
        """Read the card back as soon as it is this camera's turn."""
        if not self._stopped and (self._read_back is None or self._read_back.done()):
            self._read_back = self._async_spawn(self.async_prove(), "read-back")

    async def async_prove(self) -> ReadBack:
        """Read the card back now; the poll that follows judges what came of it."""
        async with self._limits.read_backs:
            return await self.camera.prove()

    async def async_subentry_changed(self, subentry: ConfigSubentry) -> None:
        """Take over what was reconfigured, if anything was."""
        if self.name != subentry.title:
            self.name = subentry.title
            self._async_update_device()
        if (self._reached_by[0].name or self._reached_by[0].host) != address_of(subentry.data).host:
            self._looked_up = None
        if self._digests.taken and not subentry.data.get(CONF_DIGEST_ONLY):
            # A person said that it may be asked anew how it takes passwords.
            self._digests = self._new_digests()
            self._reached_by = self._reach()
            await self.async_reconnect()
        await self._async_reach()

    async def async_use_address(self, host: str) -> None:
        """Reach the camera at another address of its DNS name."""
        self._looked_up = host
        await self._async_reach()

    def _reach(self) -> tuple[CameraAddress, Credential]:
        """Return how the camera is reached now."""
        address = address_of(self.subentry.data)
        if self._looked_up is not None:
            address = replace(address, host=self._looked_up, name=address.host)
        return address, replace(credential_of(self.subentry.data), digests=self._digests)

    def _new_digests(self) -> DigestMemory:
        """Return what is known of how the camera takes passwords; what is learnt outlives a restart."""
        return DigestMemory(
            taken=bool(self.subentry.data.get(CONF_DIGEST_ONLY)), on_taken=self._async_digest_taken
        )

    @callback
    def _async_digest_taken(self) -> None:
        """Keep that the camera takes digests."""
        subentry = self.config_entry.subentries.get(self.subentry.subentry_id)
        if subentry is not None:
            with by_itself():
                self.hass.config_entries.async_update_subentry(
                    self.config_entry, subentry, data={**subentry.data, CONF_DIGEST_ONLY: True}
                )

    async def _async_look_up(self) -> None:
        """Look a DNS name up before the camera is asked for the first time."""
        name = self._reached_by[0].host
        if self._looked_up is None and (found := await self._look_up(name)):
            # A name that leads elsewhere since has to prove it: see `managers/addresses.py`.
            self._looked_up = self._led_to(self.unique_id, name) or found[0]
            self._reached_by = self._reach()
            self.camera = self._new_camera(self.camera.status.read_back, self.camera.mail_error)
            self.archive = self._new_archive()

    async def _async_reach(self) -> None:
        """Start anew with the camera where it is reached in another way than before."""
        if (reached_by := self._reach()) != self._reached_by:
            before, self._reached_by = self._reached_by, reached_by
            if before[0] != reached_by[0]:
                # Nobody waits for an answer from where the camera is not any more.
                self.camera.abandon()
                self.archive.abandon()
            await self.async_reconnect()
            self._moved(self.unique_id)

    async def async_reconnect(self) -> None:
        """Start anew with the camera, without its log-in back-off; the entities stay."""
        await self._async_disconnect()
        self.camera = self._new_camera(self.camera.status.read_back, self.camera.mail_error)
        self.archive = self._new_archive()
        self._async_show_status()
        self._async_run(0)

    @callback
    def async_new_policy(self, policy: SectionPolicy) -> None:
        """Judge by the section's new policy, beginning with the next poll; nothing is restarted."""
        self.policy = self.camera.policy = policy
        self._async_poll_soon()

    @callback
    def async_stop_asking(self) -> None:
        """Begin nothing new, and call off whatever the camera was asked; what runs has a second for its good-bye."""
        if self._stopped:
            return
        self._stopped = True
        for task in self._running:
            task.cancel()
        self._abandoning = self.hass.loop.call_later(ENDING, self._abandon)

    @callback
    def _abandon(self) -> None:
        """Wait for no answer of the camera any more."""
        self.camera.abandon()
        self.archive.abandon()

    @override
    async def async_shutdown(self) -> None:
        """Leave no task, timer, socket or subscription, within seconds."""
        self.async_stop_asking()
        await super().async_shutdown()
        while self._unsubscribe:
            self._unsubscribe.pop()()
        await self._async_disconnect()
        if self._abandoning is not None:
            self._abandoning.cancel()
        self._abandon()

    @override
    async def _async_update_data(self) -> CameraStatus:
        """Ask the camera; what failed stands in the status."""
        if not self._stopped:
            # A task of its own: it ends with this camera, whoever asked.
            polling = self._async_spawn(self._async_poll(), "poll")
            try:
                await asyncio.wait({polling})
            finally:
                polling.cancel()
            if not polling.cancelled():
                polling.result()
        # The address may have changed meanwhile: then the answer is not this camera's any more.
        return self.camera.status

    async def _async_poll(self) -> None:
        camera = self.camera
        # Cameras that time out wait among themselves and never keep the others from their turn.
        quick = camera.status.alive and not camera.hangs
        async with self._limits.polls if quick else self._limits.retries:
            await camera.poll()
        if camera.read_back_due():
            self._async_prove_soon()

    async def _async_disconnect(self) -> None:
        """End every task of the camera; the one that watches ends its subscription."""
        await async_end_tasks(self._running)
        # What still runs waits for an answer that nobody wants.
        self.camera.abandon()

    def _new_camera(
        self, last_read_back: ReadBack | None = None, mail_error: datetime | None = None
    ) -> StationCamera:
        """Return the camera as the subentry describes it now; what was learnt of its card still holds."""
        address, credential = self._reached_by
        tls = tls_of(address)

        async def media_kinds(url: str, credential: Credential) -> frozenset[str]:
            media = await describe(url, credential, tls=tls, quirks=camera.quirks)
            return frozenset(one.kind for one in media)

        async def sample(url: str, credential: Credential, around: datetime) -> ReadBack:
            async with self.gate.turn(Use.PROOF):
                return await read_back(
                    url,
                    credential,
                    around,
                    tls=tls,
                    keep=keep,
                    limits=self._limits.read_back,
                    quirks=camera.quirks,
                )

        def keep(pictures: tuple[PictureDigest, ...]) -> None:
            self._sampled(self.unique_id, CardSample(recording=camera.sampled, pictures=pictures))

        camera = StationCamera(
            async_get_clientsession(self.hass),
            address,
            credential,
            self.policy,
            known_as=self.subentry.unique_id,
            poll_interval=POLL_INTERVAL,
            time_zone=dt_util.get_default_time_zone(),
            media_kinds=media_kinds,
            read_back=sample,
            on_change=self._async_poll_soon,
            last_read_back=last_read_back,
            sampled_since=self._made_at,
            mail_error=mail_error,
            clock_history=self.clock_history,
            note_clock=partial(self._note_clock, self.unique_id),
            timing=self._limits.timing,
            quirks=self.quirks,
        )
        return camera

    async def async_live(self) -> LiveRelay:
        """Return the live picture for FFmpeg, to be closed by who asked; raises CameraError."""
        camera = self.camera
        url = await camera.live_uri()
        # Asked once before FFmpeg reads: who looks hears why there is no picture.
        tls = tls_of(camera.address)
        await describe(url, camera.credential, tls=tls, quirks=camera.quirks)
        relay = LiveRelay(url, camera.credential, tls=tls, quirks=camera.quirks)
        await relay.start()
        return relay

    def _new_archive(self) -> Archive:
        """Return the footage on the camera's card, as it is reached now."""
        return Archive(
            self.camera,
            time_zone=dt_util.get_default_time_zone(),
            tls=tls_of(self._reached_by[0]),
            gate=self.gate,
            jumps=self.jumps,
        )

    @callback
    def _async_poll_soon(self) -> None:
        """Poll now, or in a few seconds where the camera has just been asked."""
        if not self._stopped:
            self._async_spawn(self.async_request_refresh(), "refresh")

    @callback
    def _async_show_status(self) -> None:
        """Show a status that no poll brought."""
        self.data = self.camera.status
        self.async_update_listeners()

    @callback
    def _async_status_changed(self) -> None:
        """Log a failure once at each end, keep the device's data and the repairs up to date."""
        status = self.data
        if status.error is not None and not self._failing:
            if status.unread:
                LOGGER.warning(
                    "Camera %s answers, but not readable: %s (%s)",
                    self.name,
                    ", ".join(status.unread),
                    status.error,
                )
            else:
                LOGGER.warning("Camera %s fails: %s", self.name, status.error)
        elif status.error is None and status.alive and self._failing:
            LOGGER.info("Camera %s answers again", self.name)
        if status.error is not None or status.alive:
            self._failing = status.error is not None
        self._async_update_device()
        match status.error:
            case CameraRightMissing():
                self._async_set_issue(None)
            # While log-ins are held back, too.
            case CameraRefused():
                self._async_set_issue("password_refused")
            case CameraCertificateChanged() | CameraIsAnother():
                self._async_set_issue(error_key(status.error))
            case _ if status.alive:
                self._async_set_issue(None)
            # Unreachable proves neither that the password is right again nor that it is not.

    @callback
    def _async_update_device(self) -> None:
        """Show name, address and firmware of now; unchanged values cost nothing."""
        registry = dr.async_get(self.hass)
        if device := registry.async_get_device_by_identifier(
            (DOMAIN, self.unique_id), self.config_entry.entry_id
        ):
            identity = self.data.identity
            registry.async_update_device(
                device.id,
                name=self.subentry.title,
                configuration_url=self.configuration_url,
                sw_version=device.sw_version if identity is None else identity.firmware,
            )

    @callback
    def _async_set_issue(self, key: str | None) -> None:
        """Open the repair that is called for and close the others."""
        for other in CAMERA_ISSUES:
            if other != key:
                async_close_issue(self.hass, other, self.subentry.subentry_id)
        if key is not None:
            async_show_issue(
                self.hass,
                key,
                self.subentry.subentry_id,
                fixable=key != "another_camera",
                data={
                    "entry_id": self.config_entry.entry_id,
                    "subentry_id": self.subentry.subentry_id,
                },
                placeholders={"camera": self.subentry.title},
            )
