"""The section while it is loaded: one coordinator per camera, and what the cameras share."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, override

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.event import async_track_time_change
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util
from homeassistant.util.ssl import client_context, client_context_no_verify
from yarl import URL

from .const import (
    CONF_AUDIO_ALLOWED,
    CONF_CLOCK_TOLERANCE,
    CONF_FINGERPRINT,
    CONF_MAX_HEIGHT,
    CONF_RETENTION_DAYS,
    CONF_RETENTION_TOLERANCE,
    DOMAIN,
    LOGGER,
    PARALLEL_POLLS,
    PARALLEL_READ_BACKS,
    PARALLEL_RETRIES,
    POLL_COOLDOWN,
    POLL_INTERVAL,
    SUBENTRY_CAMERA,
    SUBENTRY_OFFLINE_CAMERA,
    SUBENTRY_TABLET,
)
from .lib.checks.model import CheckObject, ObjectKind
from .lib.device.alive import AliveVerdict, judge_alive
from .lib.device.camera import StationCamera
from .lib.device.errors import (
    CameraCertificateChanged,
    CameraIsAnother,
    CameraLockedOut,
    CameraOperationUnsupported,
    CameraRefused,
    CameraRightMissing,
    CameraUnreachable,
)
from .lib.device.model import CameraAddress, CameraStatus, Credential, Heartbeat, ReadBack
from .lib.device.policy import SectionPolicy
from .lib.footage.archive import Archive
from .lib.footage.gate import ReplayGate, Use
from .lib.footage.readback import read_back
from .lib.footage.rtsp import Tls, describe

if TYPE_CHECKING:
    from .managers.addresses import AddressReports
    from .managers.checks import CheckWatch
    from .managers.evidence import Evidence
    from .managers.mail import HeartbeatMail
    from .managers.setting_requests import CameraSettings

type NiizaConfigEntry = ConfigEntry[Section]

# What of the section's things is looked at, by the kind of its subentry.
_OBJECT_KINDS = {
    SUBENTRY_CAMERA: ObjectKind.CAMERA,
    SUBENTRY_OFFLINE_CAMERA: ObjectKind.OFFLINE_CAMERA,
    SUBENTRY_TABLET: ObjectKind.TABLET,
}

# The repairs of one camera; each is also the translation key of the error that calls for it.
CAMERA_ISSUES = ("password_refused", "certificate_changed", "another_camera")


def policy_of(data: Mapping[str, Any]) -> SectionPolicy:
    """Return the policy kept in the section's config entry."""
    return SectionPolicy(
        retention_days=data[CONF_RETENTION_DAYS],
        retention_tolerance_days=data[CONF_RETENTION_TOLERANCE],
        audio_allowed=data[CONF_AUDIO_ALLOWED],
        clock_tolerance=timedelta(seconds=data[CONF_CLOCK_TOLERANCE]),
        max_everyday_height=data[CONF_MAX_HEIGHT],
    )


def address_of(data: Mapping[str, Any]) -> CameraAddress:
    """Return where the camera of a subentry is reached."""
    return CameraAddress(
        # IPv6 may have been typed as it stands in addresses.
        host=data[CONF_HOST].strip("[]"),
        port=data[CONF_PORT],
        tls=data[CONF_SSL],
        verify_tls=data[CONF_VERIFY_SSL],
        fingerprint=data.get(CONF_FINGERPRINT),
    )


def credential_of(data: Mapping[str, Any]) -> Credential:
    """Return the viewing user of a subentry's camera."""
    return Credential(username=data[CONF_USERNAME], password=data[CONF_PASSWORD])


def _tls_of(address: CameraAddress) -> Tls:
    """Return how a camera's RTSP over TLS is proved."""
    return Tls(
        context=client_context() if address.verify_tls else client_context_no_verify(),
        fingerprint=address.fingerprint,
        name=address.name,
    )


def error_key(err: Exception) -> str:
    """Return the translation key of what went wrong with a camera."""
    match err:
        case CameraLockedOut():
            return "locked_out"
        case CameraRightMissing():
            return "right_missing"
        case CameraRefused():
            return "password_refused"
        case CameraUnreachable():
            return "unreachable"
        case CameraCertificateChanged():
            return "certificate_changed"
        case CameraIsAnother():
            return "another_camera"
        case CameraOperationUnsupported():
            return "unsupported"
        case _:
            return "answer_invalid"


def issue_id(key: str, subentry_id: str) -> str:
    """Return the id of a camera's repair issue."""
    return f"{key}_{subentry_id}"


class CameraCoordinator(DataUpdateCoordinator[CameraStatus]):
    """Polls one camera, watches its events, and reads its card back at night.

    A camera that fails is no failed update: its status says so, and nothing becomes unavailable.
    """

    config_entry: NiizaConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: NiizaConfigEntry,
        section: Section,
        subentry: ConfigSubentry,
    ) -> None:
        """Make the coordinator; nothing is started and no camera is asked."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=subentry.title,
            update_interval=POLL_INTERVAL,
            request_refresh_debouncer=Debouncer(
                hass, LOGGER, cooldown=POLL_COOLDOWN.total_seconds(), immediate=True
            ),
        )
        self.section = section
        self.subentry = subentry
        # Where the DNS name leads that the camera is configured by.
        self._looked_up: str | None = None
        self._reached_by = (address_of(subentry.data), credential_of(subentry.data))
        # The camera's one replay session, whoever wants it and whatever its address.
        self.gate = ReplayGate()
        self.camera = self._new_camera()
        self.archive = self._new_archive()
        self.data = self.camera.status
        # What its mails tell, where they are received.
        self.heartbeat = Heartbeat()
        self._failing = False
        self._read_back: asyncio.Task[Any] | None = None
        self._running: set[asyncio.Task[Any]] = set()
        self._unsubscribe: list[CALLBACK_TYPE] = []

    @property
    def unique_id(self) -> str:
        """Return what identifies this camera, whatever its address."""
        return self.subentry.unique_id or self.subentry.subentry_id

    @property
    def object(self) -> CheckObject:
        """Return it as something that is looked at, and about which something is announced."""
        return CheckObject(
            kind=ObjectKind.CAMERA,
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
        task = self.config_entry.async_create_background_task(
            self.hass, work, f"{DOMAIN} {self.subentry.subentry_id} {name}"
        )
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    @callback
    def _async_prove_soon(self, _now: datetime | None = None) -> None:
        """Read the card back as soon as it is this camera's turn."""
        if self._read_back is None or self._read_back.done():
            self._read_back = self._async_spawn(self.async_prove(), "read-back")

    async def async_prove(self) -> ReadBack:
        """Read the card back now; the poll that follows judges what came of it."""
        async with self.section.read_backs:
            return await self.camera.prove()

    async def async_subentry_changed(self, subentry: ConfigSubentry) -> None:
        """Take over what was reconfigured, if anything was."""
        if self.name != subentry.title:
            self.name = subentry.title
            self._async_update_device()
        if (self._reached_by[0].name or self._reached_by[0].host) != address_of(subentry.data).host:
            self._looked_up = None
        await self._async_reach()

    async def async_lead_to(self, host: str) -> None:
        """Reach the camera at another address of its DNS name."""
        self._looked_up = host
        await self._async_reach()

    def _reach(self) -> tuple[CameraAddress, Credential]:
        """Return how the camera is reached now."""
        address = address_of(self.subentry.data)
        if self._looked_up is not None:
            address = replace(address, host=self._looked_up, name=address.host)
        return address, credential_of(self.subentry.data)

    async def _async_look_up(self) -> None:
        """Look a DNS name up before the camera is asked for the first time."""
        if self._looked_up is None and (
            found := await self.section.addresses.async_look_up(self._reached_by[0].host)
        ):
            self._looked_up = found[0]
            self._reached_by = self._reach()
            self.camera = self._new_camera(self.camera.status.read_back, self.camera.mail_error)
            self.archive = self._new_archive()

    async def _async_reach(self) -> None:
        """Start anew with the camera where it is reached in another way than before."""
        if (reached_by := self._reach()) != self._reached_by:
            before, self._reached_by = self._reached_by, reached_by
            if before[0] != reached_by[0]:
                # Nobody waits for an answer from where the camera is not any more.
                self.camera.leave()
                self.archive.leave()
            await self.async_reconnect()
            self.section.evidence.retrievals.moved(self.unique_id)

    async def async_reconnect(self) -> None:
        """Start anew with the camera, without its log-in back-off; the entities stay."""
        await self._async_disconnect()
        self.camera = self._new_camera(self.camera.status.read_back, self.camera.mail_error)
        self.archive = self._new_archive()
        self._async_show_status()
        self._async_run(0)

    @callback
    def async_new_policy(self) -> None:
        """Judge by the section's new policy, beginning with the next poll; nothing is restarted."""
        self.camera.policy = self.section.policy
        self._async_poll_soon()

    @override
    async def async_shutdown(self) -> None:
        """Leave no task, timer, socket or subscription."""
        await super().async_shutdown()
        while self._unsubscribe:
            self._unsubscribe.pop()()
        await self._async_disconnect()

    @override
    async def _async_update_data(self) -> CameraStatus:
        """Ask the camera; what failed stands in the status."""
        camera = self.camera
        # Cameras that time out wait among themselves and never keep the others from their turn.
        async with self.section.polls if camera.status.alive else self.section.retries:
            await camera.poll()
        if camera.read_back_due():
            self._async_prove_soon()
        # The address may have changed meanwhile: then the answer is not this camera's any more.
        return self.camera.status

    async def _async_disconnect(self) -> None:
        """End every task of the camera; the one that watches ends its subscription."""
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _new_camera(
        self, last_read_back: ReadBack | None = None, mail_error: datetime | None = None
    ) -> StationCamera:
        """Return the camera as the subentry describes it now; what was learnt of its card still holds."""
        address, credential = self._reached_by
        tls = _tls_of(address)

        async def media_kinds(url: str, credential: Credential) -> frozenset[str]:
            return frozenset(media.kind for media in await describe(url, credential, tls=tls))

        async def sample(url: str, credential: Credential, around: datetime) -> ReadBack:
            async with self.gate.turn(Use.PROOF):
                return await read_back(url, credential, around, tls=tls)

        return StationCamera(
            async_get_clientsession(self.hass),
            address,
            credential,
            self.section.policy,
            known_as=self.subentry.unique_id,
            poll_interval=POLL_INTERVAL,
            time_zone=dt_util.get_default_time_zone(),
            media_kinds=media_kinds,
            read_back=sample,
            on_change=self._async_poll_soon,
            last_read_back=last_read_back,
            mail_error=mail_error,
        )

    def _new_archive(self) -> Archive:
        """Return the footage on the camera's card, as it is reached now."""
        return Archive(
            self.camera,
            time_zone=dt_util.get_default_time_zone(),
            tls=_tls_of(self._reached_by[0]),
            gate=self.gate,
        )

    @callback
    def _async_poll_soon(self) -> None:
        """Poll now, or in a few seconds where the camera has just been asked."""
        self._async_spawn(self.async_request_refresh(), "refresh")

    @callback
    def _async_show_status(self) -> None:
        """Show a status that no poll brought."""
        self.data = self.camera.status
        self.async_update_listeners()

    @callback
    def _async_status_changed(self) -> None:
        """Log a setback once at each end, keep the device's data and the repairs up to date."""
        status = self.data
        if status.error is not None and not self._failing:
            LOGGER.warning("Camera %s fails: %s", self.name, status.error)
        elif status.error is None and status.alive and self._failing:
            LOGGER.info("Camera %s answers again", self.name)
        if status.error is not None or status.alive:
            self._failing = status.error is not None
        self._async_update_device()
        match status.error:
            case CameraRightMissing():
                self._async_set_issue(None)
            case CameraRefused():
                self._async_set_issue("password_refused")
            case CameraCertificateChanged():
                self._async_set_issue("certificate_changed")
            case CameraIsAnother():
                self._async_set_issue("another_camera")
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
                ir.async_delete_issue(self.hass, DOMAIN, issue_id(other, self.subentry.subentry_id))
        if key is not None:
            ir.async_create_issue(
                self.hass,
                DOMAIN,
                issue_id(key, self.subentry.subentry_id),
                data={
                    "entry_id": self.config_entry.entry_id,
                    "subentry_id": self.subentry.subentry_id,
                },
                is_fixable=key != "another_camera",
                severity=ir.IssueSeverity.ERROR,
                translation_key=key,
                translation_placeholders={"camera": self.subentry.title},
            )


class Section:
    """What the cameras of the section share while its entry is loaded."""

    # Set before anything else of the section is started.
    evidence: Evidence
    checks: CheckWatch
    addresses: AddressReports
    settings: CameraSettings
    mail: HeartbeatMail

    def __init__(self, hass: HomeAssistant, entry: NiizaConfigEntry) -> None:
        """Make the section; nothing is started."""
        self.hass = hass
        self.entry = entry
        self.policy = policy_of(entry.data)
        # By the id of the subentry.
        self.cameras: dict[str, CameraCoordinator] = {}
        self.polls = asyncio.Semaphore(PARALLEL_POLLS)
        self.retries = asyncio.Semaphore(PARALLEL_RETRIES)
        self.read_backs = asyncio.Semaphore(PARALLEL_READ_BACKS)
        self._adders: list[Callable[[CameraCoordinator], None]] = []
        # What the platforms know, by id.
        self._objects: set[str] = set()
        self._object_adders: list[Callable[[CheckObject], None]] = []
        self._reconciling = asyncio.Lock()
        self._closed = False

    @callback
    def async_for_each_camera(self, add: Callable[[CameraCoordinator], None]) -> None:
        """Call `add` for every camera that is or becomes the section's; the platforms come before the cameras."""
        self._adders.append(add)

    def objects(self) -> tuple[CheckObject, ...]:
        """Return everything of the section that is looked at, the section itself first."""
        return (
            CheckObject(kind=ObjectKind.SECTION, id="section", name=self.entry.title),
            *(
                CheckObject(
                    kind=_OBJECT_KINDS[subentry.subentry_type],
                    id=subentry.unique_id or subentry.subentry_id,
                    name=subentry.title,
                    subentry_id=subentry.subentry_id,
                )
                for subentry in self.entry.subentries.values()
                if subentry.subentry_type in _OBJECT_KINDS
            ),
        )

    @callback
    def async_for_each_object(self, add: Callable[[CheckObject], None]) -> None:
        """Call `add` for everything that is or becomes the section's; the platforms come before the objects."""
        self._object_adders.append(add)

    async def _async_show_objects(self) -> None:
        """Give the platforms what they do not know yet; what they know may have another name."""
        objects = self.objects()
        self._objects &= {each.id for each in objects}
        registry = dr.async_get(self.hass)
        for each in objects:
            if device := registry.async_get_device_by_identifier(
                (DOMAIN, each.id), self.entry.entry_id
            ):
                registry.async_update_device(device.id, name=each.name)
            if each.id not in self._objects:
                self._objects.add(each.id)
                for add in self._object_adders:
                    add(each)
                await asyncio.sleep(0)

    async def async_reconcile(self) -> None:
        """Follow the config entry: only the cameras that were added, changed or removed notice."""
        async with self._reconciling:
            if self._closed:
                return
            await self._async_show_objects()
            if (policy := policy_of(self.entry.data)) != self.policy:
                self.policy = policy
                for coordinator in self.cameras.values():
                    coordinator.async_new_policy()
            wanted = {
                subentry.subentry_id: subentry
                for subentry in self.entry.get_subentries_of_type(SUBENTRY_CAMERA)
            }
            for subentry_id in self.cameras.keys() - wanted.keys():
                await self._async_remove(self.cameras.pop(subentry_id))
            for subentry_id, coordinator in self.cameras.items():
                await coordinator.async_subentry_changed(wanted[subentry_id])
            new = [subentry for key, subentry in wanted.items() if key not in self.cameras]
            for position, subentry in enumerate(new):
                coordinator = CameraCoordinator(self.hass, self.entry, self, subentry)
                self.cameras[subentry.subentry_id] = coordinator
                # Spread over the interval, so that the cameras never ask all at once afterwards.
                coordinator.async_start(
                    position * min(0.1, POLL_INTERVAL.total_seconds() / len(new))
                )
                for add in self._adders:
                    add(coordinator)
                    await asyncio.sleep(0)

    async def async_close(self) -> None:
        """Let go of every camera."""
        self._closed = True
        async with self._reconciling:
            await asyncio.gather(
                *(coordinator.async_shutdown() for coordinator in self.cameras.values())
            )

    async def _async_remove(self, coordinator: CameraCoordinator) -> None:
        """Let go of a camera that is no longer the section's."""
        await coordinator.async_shutdown()
        for key in CAMERA_ISSUES:
            ir.async_delete_issue(
                self.hass, DOMAIN, issue_id(key, coordinator.subentry.subentry_id)
            )
