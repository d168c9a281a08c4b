"""The cameras' mails while the section is loaded: received, counted, and told of when they stop (F3)."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import partial
import hashlib
from ipaddress import ip_network
from pathlib import Path
from time import monotonic
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.storage import STORAGE_DIR, Store
from homeassistant.util import dt as dt_util

from ..cameras import Cameras
from ..const import DOMAIN, LOGGER, SUBENTRY_CAMERA
from ..coordinator import CameraCoordinator
from ..entry_data import MailOptions, async_spawn, camera_reports, mail_options, mail_recipient
from ..issues import ISSUE_MAIL_PORT, async_close_issue, async_show_issue
from ..lib.inbound.certificate import server_context
from ..lib.inbound.guard import RateLimiter, is_source
from ..lib.inbound.heartbeat import Heartbeats, Kept, Way
from ..lib.inbound.mail import LOCAL_NETWORKS, Mail, MailReceiver, MailSettings, Network, StartTls
from ..lib.inbound.patterns import (
    ERROR_PATTERNS,
    RECOVERY_PATTERNS,
    CardNews,
    CardPatterns,
    PatternInvalid,
)
from ..lib.ledger.actions import LedgerAction
from ..lib.ledger.model import Json as Detail
from .events import AlertKind, async_announce
from .outbox import LedgerOutbox

_STORE_VERSION: Final = 1
_STORE_KEY: Final = f"{DOMAIN}.mail"
# Seconds; what a crash loses of it is learnt again.
_SAVE_AFTER: Final = 60.0
_PORT_RETRY_DELAY: Final = 60.0
# Whoever forges mails may turn a card red, but not fill the ledger by turning it back and forth.
_CARD_NEWS_PER_MINUTE: Final = 0.2
_CARD_NEWS_AT_ONCE: Final = 6.0
# As the receiver takes them.
_REPORTS_PER_MINUTE: Final = 60.0
_REPORTS_AT_ONCE: Final = 30.0
_SEEN: Final = 20


# Calls back after so many seconds; returns what cancels that.
type CallLater = Callable[[HomeAssistant, float, Callable[[datetime], None]], CALLBACK_TYPE]


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What of the options calls for another receiver when it changes."""

    enabled: bool
    settings: MailSettings
    errors: tuple[str, ...]
    recoveries: tuple[str, ...]

    def patterns(self) -> CardPatterns:
        """Return the section's patterns; what an older version or a person's editor left unreadable is not used."""
        try:
            return CardPatterns(self.errors, self.recoveries)
        except PatternInvalid:
            LOGGER.error(
                "The patterns of card errors cannot be read, those of the integration are used"
            )
            return CardPatterns()


class HeartbeatMail:
    """The section's mail receiver, off until it is switched on in the options, and what is known of all mails.

    Mails that Home Assistant's own `imap` reads count whether the receiver is on or not.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        cameras: Cameras,
        outbox: LedgerOutbox,
        steady: Callable[[], float] = monotonic,
        call_later: CallLater = async_call_later,
    ) -> None:
        """Make it; nothing is started."""
        self.hass = hass
        self.entry = entry
        self._cameras = cameras
        self._outbox = outbox
        self._call_later = call_later
        self.receiver: MailReceiver | None = None
        self._wanted: _Wanted | None = None
        self._patterns = CardPatterns()
        self._listener: asyncio.Task[None] | None = None
        # Options that change while the port is being closed for those before must not open two.
        self._following = asyncio.Lock()
        self._loaded = self._closed = False
        self._beats = Heartbeats(steady=steady)
        self._store: Store[dict[str, Any]] = Store(hass, _STORE_VERSION, _STORE_KEY)
        # By local part, in small letters.
        self._recipients: dict[str, str] = {}
        # Cameras whose silence was told; their card errors, by unique id.
        self._told: set[str] = set()
        self._errors: dict[str, datetime] = {}
        # Digests of the mails that were reported last.
        self._seen: dict[str, list[str]] = {}
        self._timers: dict[str, CALLBACK_TYPE] = {}
        self._watched: dict[str, tuple[CameraCoordinator, CALLBACK_TYPE]] = {}
        self._news = RateLimiter(_CARD_NEWS_PER_MINUTE, _CARD_NEWS_AT_ONCE)
        self._reports = RateLimiter(_REPORTS_PER_MINUTE, _REPORTS_AT_ONCE)

    @property
    def enabled(self) -> bool:
        """Return whether mails are received here."""
        return self._options().enabled

    async def async_start(self) -> None:
        """Take back what was known before the restart, and receive mails if that is switched on."""
        kept = await self._store.async_load() or {}
        self._loaded = True
        self._beats.take_json(_mapping(kept.get("cameras")))
        self._told = {str(each) for each in kept.get("told", ())}
        for camera, digests in _mapping(kept.get("seen")).items():
            if isinstance(digests, list):
                self._seen[camera] = [str(each) for each in digests[-_SEEN:]]
        for camera, at in _mapping(kept.get("errors")).items():
            if (since := dt_util.parse_datetime(str(at))) is not None:
                self._errors[camera] = since
        # Whether anything will be reported is not known; a camera counts once its first mail was.
        self._beats.expect(Way.REPORTED)
        await self.async_follow_entry()

    async def async_follow_entry(self) -> None:
        """Take over what changed; the port is opened anew only when the receiver's own settings changed."""
        async with self._following:
            if not self._closed:
                await self._async_follow_entry()

    async def _async_follow_entry(self) -> None:
        options = self._options()
        self._beats.silent_after = float(options.silent_after)
        cameras = self.entry.get_subentries_of_type(SUBENTRY_CAMERA)
        self._follow_cameras(cameras)
        wanted = _wanted(options)
        if wanted != self._wanted:
            self._wanted = wanted
            self._patterns = wanted.patterns()
            await self._async_stop_receiving()
            if wanted.enabled:
                self._listener = async_spawn(
                    self.hass, self.entry, self._async_listen(wanted), "mail port"
                )
        for camera in self._watched:
            self._async_judge(camera)

    async def async_close(self) -> None:
        """Receive nothing more, keep what is known, and leave nothing running."""
        self._closed = True
        async with self._following:
            await self._async_stop_receiving()
        self._wanted = None
        for cancel in self._timers.values():
            cancel()
        self._timers.clear()
        for _, unsubscribe in self._watched.values():
            unsubscribe()
        self._watched.clear()
        if self._loaded:
            await self._store.async_save(self._kept())

    # --- Mails --------------------------------------------------------------------------------------------------------

    @callback
    def async_camera_of(self, *addresses: str) -> CameraCoordinator | None:
        """Return the camera that one of the addresses belongs to, by its local part or the tag behind a plus sign."""
        for address in addresses:
            local = parseaddr(address)[1].rpartition("@")[0].lower()
            _, _, tag = local.rpartition("+")
            if (camera := self._recipients.get(local) or self._recipients.get(tag)) is not None:
                return self._coordinator(camera)
        return None

    async def async_report(
        self, coordinator: CameraCoordinator, subject: str, text: str, mail_id: str
    ) -> CardNews | None:
        """Count a mail that somebody else received; return what it says of the card.

        A mail that has an id counts once: `imap` shows the newest mail again after each restart, and a dead camera's last
        one must not bring it back.
        """
        camera = coordinator.unique_id
        if not self._reports.take(camera) or (mail_id and not self._is_new(camera, mail_id)):
            return None
        card = await self.hass.async_add_executor_job(self._patterns.read, f"{subject}\n{text}")
        self._async_take(
            Mail(camera=camera, at=dt_util.utcnow(), subject=subject, card=card), Way.REPORTED
        )
        return card

    def _is_new(self, camera: str, mail_id: str) -> bool:
        """Return whether a mail was not reported before, and remember it."""
        seen = self._seen.setdefault(camera, [])
        # Nothing of a mail is kept.
        digest = hashlib.blake2b(mail_id.encode(errors="replace"), digest_size=8).hexdigest()
        if digest in seen:
            return False
        seen.append(digest)
        del seen[:-_SEEN]
        return True

    @callback
    def _async_take(self, mail: Mail, way: Way = Way.RECEIVER) -> None:
        """Take note of a mail."""
        if mail.camera not in self._watched:
            # Removed while its mail was read.
            return
        self._beats.record(mail.camera, mail.at, mail.subject, way)
        self._async_judge(mail.camera)
        if mail.card is not None:
            self._async_card(mail.camera, mail.card, mail.at)
        self._store.async_delay_save(self._kept, _SAVE_AFTER)

    @callback
    def _async_card(self, camera: str, news: CardNews, at: datetime) -> None:
        """Take note of what a mail says of the card, once per change."""
        coordinator = self._coordinator(camera)
        failing = camera in self._errors
        if coordinator is None or failing == (news is CardNews.ERROR):
            return
        may_tell = self._news.take(camera)
        if news is CardNews.ERROR:
            self._errors[camera] = at
            coordinator.async_mail_error(at)
            if may_tell:
                self._async_happened(coordinator, AlertKind.CARD_ERROR_MAIL)
        elif may_tell:
            del self._errors[camera]
            coordinator.async_mail_error(None)
            self._async_record(LedgerAction.CARD_RECOVERED_MAIL, camera, {})

    @callback
    def _async_refused(self, source: str) -> None:
        """Show at the cameras of an address that something of theirs was not taken."""
        for coordinator in tuple(self._cameras.values()):
            if is_source(coordinator.address.host, source):
                self._async_judge(coordinator.unique_id)

    def _refused(self, coordinator: CameraCoordinator, last: datetime | None) -> str | None:
        """Return why something from a camera's address was not taken since its last mail."""
        if self.receiver is None:
            return None
        refused = self.receiver.refused_from(coordinator.address.host)
        return None if refused is None or (last and refused.at <= last) else refused.last.value

    @callback
    def _async_judge(self, camera: str) -> None:
        """Show how a camera's mails stand, tell what changed, and look again when it would turn silent."""
        coordinator = self._coordinator(camera)
        if coordinator is None:
            return
        beat = self._beats.heartbeat(camera, dt_util.utcnow())
        beat = replace(beat, refused=self._refused(coordinator, beat.last))
        coordinator.async_set_heartbeat(beat)
        if beat.silent and camera not in self._told:
            self._told.add(camera)
            minutes = None if beat.interval is None else round(beat.interval.total_seconds() / 60)
            self._async_happened(
                coordinator,
                AlertKind.MAIL_SILENT,
                last_mail=None if beat.last is None else beat.last.isoformat(),
                interval_minutes=minutes,
            )
        elif beat.silent is False and camera in self._told:
            self._told.discard(camera)
            self._async_happened(coordinator, AlertKind.MAIL_BACK)
        if (cancel := self._timers.pop(camera, None)) is not None:
            cancel()
        if (left := self._beats.next_change(camera)) is not None:
            self._timers[camera] = self._call_later(
                self.hass, left, partial(self._async_judge_later, camera)
            )

    @callback
    def _async_judge_later(self, camera: str, _now: datetime) -> None:
        self._timers.pop(camera, None)
        self._async_judge(camera)
        self._store.async_delay_save(self._kept, _SAVE_AFTER)

    @callback
    def _async_happened(
        self, coordinator: CameraCoordinator, kind: AlertKind, **data: str | int | None
    ) -> None:
        """Tell automations and the ledger."""
        async_announce(self.hass, kind, asset=coordinator.asset, **data)
        self._async_record(LedgerAction(kind.value), coordinator.unique_id, {**data})

    @callback
    def _async_record(self, action: LedgerAction, camera: str, details: dict[str, Detail]) -> None:
        """Have something written into the ledger, now or when it is back."""
        self._outbox.async_add(action, f"camera/{camera}", details)

    # --- Cameras ------------------------------------------------------------------------------------------------------

    @callback
    def _follow_cameras(self, cameras: Iterable[ConfigSubentry]) -> None:
        """Know the section's cameras, their recipients and the intervals that a person has set."""
        recipients: dict[str, str] = {}
        intervals: dict[str, timedelta] = {}
        for subentry in cameras:
            camera = subentry.unique_id or subentry.subentry_id
            recipients.setdefault(mail_recipient(camera, subentry.data).lower(), camera)
            if minutes := int(camera_reports(subentry.data).mail_interval):
                intervals[camera] = timedelta(minutes=minutes)
        self._recipients = recipients
        self._beats.set_intervals(intervals)
        known = {each.unique_id: each for each in self._cameras.values()}
        for camera in self._watched.keys() - known.keys():
            self._watched.pop(camera)[1]()
            self._errors.pop(camera, None)
            self._seen.pop(camera, None)
            self._told.discard(camera)
            if (cancel := self._timers.pop(camera, None)) is not None:
                cancel()
        self._beats.keep(known.keys())
        for camera, coordinator in known.items():
            if camera in self._watched and self._watched[camera][0] is coordinator:
                continue
            if (before := self._watched.get(camera)) is not None:
                before[1]()
            if (since := self._errors.get(camera)) is not None:
                coordinator.async_mail_error(since)
            self._watched[camera] = (
                coordinator,
                coordinator.async_add_listener(partial(self._async_camera_changed, camera)),
            )

    @callback
    def _async_camera_changed(self, camera: str) -> None:
        """Notice that a sample of the card has disproved what a mail had said."""
        coordinator = self._coordinator(camera)
        if (
            coordinator is not None
            and coordinator.camera.mail_error is None
            and (self._errors.pop(camera, None) is not None)
        ):
            self._store.async_delay_save(self._kept, _SAVE_AFTER)

    def _coordinator(self, camera: str) -> CameraCoordinator | None:
        return watched[0] if (watched := self._watched.get(camera)) is not None else None

    # --- Listening ----------------------------------------------------------------------------------------------------

    async def _async_listen(self, wanted: _Wanted) -> None:
        """Open the port, again and again while another program has it; a person is told."""
        while True:
            try:
                context = None
                if wanted.settings.starttls is not StartTls.OFF:
                    folder = Path(self.hass.config.path(STORAGE_DIR, DOMAIN))
                    context = await self.hass.async_add_executor_job(server_context, folder)
                receiver = MailReceiver(
                    wanted.settings,
                    lambda: self._recipients,
                    self._async_take,
                    ssl_context=context,
                    patterns=self._patterns,
                    now=dt_util.utcnow,
                    refused=self._async_refused,
                )
                try:
                    await receiver.start()
                except asyncio.CancelledError:
                    await receiver.stop()
                    raise
            except OSError as err:
                LOGGER.error(
                    "No mails can be received on port %s: %s", wanted.settings.port, err.strerror
                )
                async_show_issue(
                    self.hass, ISSUE_MAIL_PORT, placeholders={"port": str(wanted.settings.port)}
                )
                await asyncio.sleep(_PORT_RETRY_DELAY)
            else:
                break
        self.receiver = receiver
        async_close_issue(self.hass, ISSUE_MAIL_PORT)
        self._beats.expect(Way.RECEIVER)
        for camera in self._watched:
            self._async_judge(camera)

    async def _async_stop_receiving(self) -> None:
        """Close the port; cameras that send to it are not called silent for that."""
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)
            self._listener = None
        if self.receiver is not None:
            await self.receiver.stop()
            self.receiver = None
        self._beats.stop_expecting(Way.RECEIVER)
        async_close_issue(self.hass, ISSUE_MAIL_PORT)

    # --- Keeping ------------------------------------------------------------------------------------------------------

    @callback
    def _kept(self) -> dict[str, Any]:
        """Return what is kept over a restart."""
        return {
            "cameras": self._beats.as_json(),
            "told": sorted(self._told),
            "seen": self._seen,
            "errors": {camera: at.isoformat() for camera, at in self._errors.items()},
        }

    def _options(self) -> MailOptions:
        return mail_options(self.entry.options)


async def async_remove_mail(hass: HomeAssistant) -> None:
    """Keep nothing of a section that is gone."""
    await Store[dict[str, Any]](hass, _STORE_VERSION, _STORE_KEY).async_remove()


def _wanted(options: MailOptions) -> _Wanted:
    """Return what the options ask for; a network that cannot be read lets nobody in."""
    networks: list[Network] = []
    for each in options.networks:
        with suppress(ValueError):
            networks.append(ip_network(each, strict=False))
    return _Wanted(
        enabled=options.enabled,
        settings=MailSettings(
            port=options.port,
            networks=tuple(networks) if options.networks else LOCAL_NETWORKS,
            username=options.username,
            password=options.password,
            starttls=StartTls(options.starttls),
        ),
        errors=tuple(options.error_patterns or ERROR_PATTERNS),
        recoveries=tuple(options.recovery_patterns or RECOVERY_PATTERNS),
    )


def _mapping(kept: Any) -> dict[str, Kept]:
    return kept if isinstance(kept, dict) else {}
