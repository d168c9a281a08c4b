"""Following cameras whose address changes: their reports by DynDNS v2, and the DNS names that they are configured by.

Nothing that is reported is believed. Who answers there is asked who it is, and has to prove it: by the pinned certificate,
by knowing the password himself, or by having on his card what was read from the camera's. What cannot be proved so is a
person's decision; until then everything stays at the address that is known.
"""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from ipaddress import ip_address
import logging
import secrets
import time
from typing import Any, Final, override
from urllib.parse import parse_qsl

from aiohttp import hdrs, web
from homeassistant.components.network import async_get_adapters
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util import dt as dt_util

from ..cameras import Cameras
from ..const import DOMAIN, LOGGER, SUBENTRY_CAMERA
from ..coordinator import CameraCoordinator, tls_of
from ..entry_data import (
    AddressOptions,
    address_of,
    address_options,
    async_end_tasks,
    async_spawn,
    camera_reports,
    credential_of,
)
from ..errors import error_key
from ..issues import (
    ISSUE_ADDRESS_PORT,
    ISSUE_ADDRESS_UNPROVED,
    async_close_issue,
    async_close_issues,
    async_show_issue,
    issue_id,
)
from ..lib.device.camera import Met, Proof
from ..lib.device.errors import CameraError, CameraUnreachable
from ..lib.device.model import CameraAddress, Credential
from ..lib.device.resolver import Resolver, is_literal
from ..lib.footage.card_proof import CardVerdict, compare
from ..lib.inbound.address import (
    MAX_FIELD,
    Account,
    Address,
    AddressCandidate,
    AddressServer,
    LockOut,
    Report,
    unmap_ipv4,
)
from ..lib.inbound.guard import RateLimiter
from ..lib.inbound.http_head import RequestHead
from ..lib.ledger.actions import LedgerAction
from ..lib.ledger.model import Person
from ..lib.listening import stop_listening
from .address_trust import AddressTrust, UnprovedAddress, shortened
from .events import AlertKind, async_announce
from .outbox import LedgerOutbox

# Sent when a camera reported, or its report was proved or refused.
SIGNAL_ADDRESS: Final = f"{DOMAIN}_address"

REPORT_PATH: Final = "/nic/update"
# What strangers send to an open port that is no HTTP is not worth a traceback in the log, with their address in it.
_SILENT: Final = logging.getLogger(f"{__name__}.silent")
_SILENT.disabled = True
_WANTED: Final = {hdrs.WWW_AUTHENTICATE: 'Basic realm="DynDNS"'}
# A form in the body is as long as a query may be.
_MAX_BODY: Final = 2 * MAX_FIELD
_BODY_TIMEOUT: Final = 5.0

# Seconds before each try at a new address: a camera that has just got one is often still starting.
_TRIES: Final = (0.0, 2.0, 5.0, 10.0, 20.0, 40.0, 80.0)
# What answers at the address that is known has so long to show that it is the camera (seconds), and so has what takes a
# connection at the new one.
_PRESENT_TIMEOUT: Final = 3.0
_CONNECT_TIMEOUT: Final = 3.0
_VERIFY_TIMEOUT: Final = 10.0
# The pictures on a card take longer; so many passages are asked for, of which the oldest may be overwritten.
_CARD_TIMEOUT: Final = 40.0
_MAX_COMPARED: Final = 4
# At the same time, however many cameras a new router gave new addresses.
_PARALLEL: Final = 4
# How long a report is remembered that came while the camera still was where it is known to be, and how often it is
# looked whether it went (seconds).
_STILL_THERE_FOR: Final = timedelta(hours=1)
_STILL_THERE_LOOK: Final = 5.0
# Each new address costs a log-in there: whoever got a camera's id and password learns no more than so many.
_OFFERS_PER_MINUTE: Final = 0.2
_OFFERS_AT_ONCE: Final = 5.0
# DNS names are looked up so often (seconds).
_LOOK_UP_EVERY: Final = 5.0
# The extra port: connections at a time, and seconds until one is cut whatever it does.
_MAX_CONNECTIONS: Final = 64
_CONNECTION_LIFE: Final = 15.0
_PORT_RETRY_DELAY: Final = 60.0
# Seconds until it is looked whether a lock-out is over.
_LOCK_OUT_LOOK: Final = 15.0


@dataclass(kw_only=True)
class Reported:
    """What a camera reported last."""

    at: datetime
    # Whether the camera was found at the address that it reported; None as long as that is being looked into.
    verified: bool | None = None


@dataclass(kw_only=True)
class _Following:
    """The newest candidate of a camera, and the task that looks into it."""

    candidate: AddressCandidate
    task: asyncio.Task[None]


class _Unproved(CameraError):
    """Somebody answers as the camera does, and could not prove to be it."""

    def __init__(self, unproved: UnprovedAddress) -> None:
        """Keep what is known of him."""
        super().__init__("what answers as the camera does could not prove it")
        self.unproved = unproved


class _StillThere(CameraError):
    """The camera answers where it is known to be: another address is not its own."""


class AddressReports:
    """The section's address server while its entry is loaded; off until it is switched on in the options."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        cameras: Cameras,
        outbox: LedgerOutbox,
        resolver: Resolver,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make it; nothing is started. By `now` (seconds) lock-outs end."""
        self._trust = AddressTrust(hass)
        cameras.led_to = self._trust.led_to
        cameras.async_on_sample(self._trust.async_add_sample)
        self.hass = hass
        self.entry = entry
        self._cameras = cameras
        self._outbox = outbox
        self._resolver = resolver
        # By the camera's unique id.
        self.reported: dict[str, Reported] = {}
        self._server = AddressServer(self._accounts, lambda: self._own, now=now)
        self._own: Collection[Address] = ()
        self._offers = RateLimiter(_OFFERS_PER_MINUTE, _OFFERS_AT_ONCE)
        self._following: dict[str, _Following] = {}
        # What was told to people: a camera that repeats itself is not told again.
        self._refused: dict[str, AddressCandidate] = {}
        # Who is locked out now.
        self.lock_outs: tuple[LockOut, ...] = ()
        self._lock_out_timer: asyncio.TimerHandle | None = None
        self._tries = asyncio.Semaphore(_PARALLEL)
        self._port = 0
        self._listener: asyncio.Task[None] | None = None
        # Options that change while the port is being closed for those before must not open two.
        self._opening = asyncio.Lock()
        self._closed = False
        self._look_now = asyncio.Event()
        self._names: asyncio.Task[None] | None = None

    @property
    def enabled(self) -> bool:
        """Return whether reports are taken."""
        return self._options().enabled

    async def async_load(self) -> None:
        """Take up what is known of the cameras, before the first of them is asked."""
        await self._trust.async_load()

    async def async_start(self) -> None:
        """Follow DNS names, and take reports if that is switched on."""
        self._names = async_spawn(self.hass, self.entry, self._async_follow_names(), "names")
        await self.async_follow_entry()

    async def async_follow_entry(self) -> None:
        """Take over what changed in the options; the port is opened anew only when it changed."""
        adapters = await async_get_adapters(self.hass)
        self._own = {
            unmap_ipv4(ip_address(found["address"]))
            for adapter in adapters
            for found in (*adapter["ipv4"], *adapter["ipv6"])
        }
        cameras = {
            subentry.unique_id for subentry in self.entry.get_subentries_of_type(SUBENTRY_CAMERA)
        }
        for camera in self._following.keys() - cameras:
            self._following.pop(camera).task.cancel()
        self._trust.async_forget_others({camera for camera in cameras if camera})
        self._async_show_decisions()
        async with self._opening:
            port = self._options().port if self.enabled else 0
            if port == self._port or self._closed:
                return
            self._port = port
            if self._listener is not None:
                self._listener.cancel()
                await asyncio.gather(self._listener, return_exceptions=True)
                self._listener = None
            async_close_issue(self.hass, ISSUE_ADDRESS_PORT)
            if port:
                self._listener = async_spawn(
                    self.hass, self.entry, self._async_listen(port), "address port"
                )

    async def async_close(self) -> None:
        """Take no reports any more, and leave nothing running."""
        self._closed = True
        if self._lock_out_timer is not None:
            self._lock_out_timer.cancel()
            self._lock_out_timer = None
        async with self._opening:
            tasks = [following.task for following in self._following.values()]
            self._following.clear()
            tasks += [task for task in (self._listener, self._names) if task is not None]
            self._listener = self._names = None
            self._port = 0
            await async_end_tasks(tasks)
            await self._server.close()
            await self._trust.async_close()
        async_close_issue(self.hass, ISSUE_ADDRESS_PORT)

    # --- Reports ----------------------------------------------------------------------------------------------

    async def async_answer(self, request: web.Request) -> web.Response:
        """Answer one request.

        A wrong password counts for our own lock-out alone: Home Assistant's ban list would shut a camera out for good.
        """
        if not self.enabled or not request.remote:
            raise web.HTTPNotFound
        fields = await _fields(request)
        verdict = await self._server.answer(
            Report(
                method=request.method,
                authorization=request.headers.get(hdrs.AUTHORIZATION),
                hostname=fields.get("hostname"),
                myip=fields.get("myip"),
                port=fields.get("port"),
                login=(fields.get("username"), fields.get("password")),
                agent=request.headers.get(hdrs.USER_AGENT),
                source=request.remote,
            )
        )
        self._async_show_lock_outs()
        if verdict.camera is not None:
            self._async_take_report(
                verdict.camera, verdict.candidate, not_allowed=verdict.not_allowed
            )
        return web.Response(
            text=f"{verdict.text}\n",
            status=verdict.status,
            headers=_WANTED if verdict.status == 401 else None,
        )

    @callback
    def _async_take_report(
        self, camera: str, candidate: AddressCandidate | None, *, not_allowed: bool
    ) -> None:
        """Note that a camera reported, and look into what it offers; the newest report wins."""
        following = self._following.get(camera)
        if following is not None and following.candidate == candidate and not following.task.done():
            # It repeats itself while we look.
            self.reported[camera].at = dt_util.utcnow()
            self._async_changed(camera)
            return
        reported = self.reported[camera] = Reported(at=dt_util.utcnow())
        if self._is_named(camera):
            # Whoever configured a name trusts the name: it is looked up, see `_async_follow_names`.
            self._look_now.set()
            self._async_changed(camera)
            return
        if following is not None:
            del self._following[camera]
            following.task.cancel()
        if candidate is None:
            reported.verified = None if not_allowed else True
            if not_allowed:
                self._async_refuse(
                    camera, AddressCandidate(camera=camera, hosts=(), port=0), "not_allowed"
                )
            else:
                self._refused.pop(camera, None)
        elif self._trust.pending(camera) is not None:
            reported.verified = False
        elif (open_offer := self._without_declined(candidate)) is None:
            reported.verified = False
            self._async_refuse(camera, candidate, "declined")
        elif self._offers.take(camera):
            self._async_look_into(open_offer, "address_server", reported)
        self._async_changed(camera)

    @callback
    def async_announced(self, camera: str, host: str) -> None:
        """Look for a camera where DHCP says that it is; it has to prove itself there as anywhere."""
        coordinator = self._cameras.find(camera)
        following = self._following.get(camera)
        if (
            coordinator is None
            or coordinator.data.alive
            or self._is_named(camera)
            or self._trust.pending(camera) is not None
            or (following is not None and not following.task.done())
        ):
            return
        candidate = AddressCandidate(
            camera=camera, hosts=(host,), port=coordinator.subentry.data[CONF_PORT]
        )
        if self._without_declined(candidate) is not None and self._offers.take(camera):
            self._async_look_into(candidate, "dhcp", None)

    def _without_declined(self, candidate: AddressCandidate) -> AddressCandidate | None:
        """Return a candidate without the addresses that a person refused; None where nothing is left of it."""
        hosts = tuple(
            host
            for host in candidate.hosts
            if not self._trust.is_declined(candidate.camera, host, candidate.port)
        )
        return replace(candidate, hosts=hosts) if hosts else None

    @callback
    def _async_look_into(
        self, candidate: AddressCandidate, by: str, reported: Reported | None
    ) -> None:
        """Look in the background whether the camera is at the address offered, and by whom."""
        self._following[candidate.camera] = _Following(
            candidate=candidate,
            task=async_spawn(
                self.hass,
                self.entry,
                self._async_follow(candidate, by, reported),
                f"address {candidate.camera}",
            ),
        )

    async def _async_follow(
        self, candidate: AddressCandidate, by: str, reported: Reported | None
    ) -> None:
        """Look for the camera where it is said to be; a few times, because it may have just restarted."""
        reported = reported or Reported(at=dt_util.utcnow())
        reason = "unreachable"
        for pause in _TRIES:
            await asyncio.sleep(pause)
            try:
                async with self._tries:
                    done = await self._async_try(candidate, by)
            except _Unproved as err:
                self._async_ask(candidate, err.unproved)
                reason = "unproved"
                break
            except _StillThere:
                self._async_refuse(candidate.camera, candidate, "still_there")
                reported.verified = False
                self._async_changed(candidate.camera)
                if not await self._async_until_gone(candidate.camera):
                    return
            except CameraUnreachable as err:
                LOGGER.debug("A reported address does not answer yet: %s", err)
            except CameraError as err:
                # Not again: each log-in shows whoever answers there a little of the viewing password.
                reason = error_key(err)
                break
            else:
                reported.verified = done
                self._refused.pop(candidate.camera, None)
                self._async_changed(candidate.camera)
                return
        reported.verified = False
        self._async_refuse(candidate.camera, candidate, reason)
        self._async_changed(candidate.camera)

    async def _async_try(
        self, candidate: AddressCandidate, by: str, *, decided_by: Person | None = None
    ) -> bool:
        """Follow the camera if it is at one of the offered addresses; raises CameraError.

        A person's decision stands for the proof, not for the rest. Returns False when the camera is not the section's
        any more, or was reconfigured meanwhile.
        """
        if (coordinator := self._cameras.find(candidate.camera)) is None:
            return False
        before = _way(coordinator)
        present, *open_hosts = await asyncio.gather(
            _is_there(coordinator),
            *(_takes_connections(host, candidate.port) for host in candidate.hosts),
        )
        if present:
            raise _StillThere("the camera answers where it is known to be")
        error: CameraError = CameraUnreachable("no connection")
        known = before[0]
        named = not is_literal(known.host)
        for host, is_open in zip(candidate.hosts, open_hosts, strict=True):
            if not is_open:
                continue
            address = replace(
                known, host=host, port=candidate.port, name=known.host if named else None
            )
            try:
                met = await self._async_meet(coordinator, address)
            except CameraError as err:
                # Who might be it, with a person's word, is more than one who is not.
                error = error if isinstance(error, _Unproved) else err
                continue
            proof: str | None = met.proof
            if proof is None and decided_by is None:
                card = await self._async_compare_card(coordinator, address, met)
                if card is not CardVerdict.SAME:
                    error = _Unproved(_unproved(known, address, met, card, by))
                    continue
                proof = Proof.CARD
            subentry = self.entry.subentries.get(coordinator.subentry.subentry_id)
            if subentry is None or _way(coordinator) != before:
                return False
            if named:
                self._trust.async_note_led_to(candidate.camera, known.host, host)
                await coordinator.async_use_address(host)
            else:
                self.hass.config_entries.async_update_subentry(
                    self.entry,
                    subentry,
                    data={**subentry.data, CONF_HOST: host, CONF_PORT: candidate.port},
                )
            self._async_followed(coordinator, by, proof, decided_by)
            return True
        raise error

    async def _async_meet(self, coordinator: CameraCoordinator, address: CameraAddress) -> Met:
        """Ask who answers there; raises CameraError."""
        try:
            async with asyncio.timeout(_VERIFY_TIMEOUT):
                return await coordinator.camera.meet_at(async_get_clientsession(self.hass), address)
        except TimeoutError as err:
            raise CameraUnreachable("what answers there draws its answers out") from err

    async def _async_compare_card(
        self, coordinator: CameraCoordinator, address: CameraAddress, met: Met
    ) -> CardVerdict:
        """Return whether who answers there has what was read from the camera's card.

        Two passages, of ages that he cannot foresee; one where there are no two.
        """
        samples = list(self._trust.samples(coordinator.unique_id))
        secrets.SystemRandom().shuffle(samples)
        verdict, same = CardVerdict.NO_SAMPLE, 0
        try:
            async with asyncio.timeout(_CARD_TIMEOUT):
                for sample in samples[:_MAX_COMPARED]:
                    url = await met.client.replay_uri(sample.recording)
                    verdict = await compare(url, met.credential, sample, tls=tls_of(address))
                    same += verdict is CardVerdict.SAME
                    if same == 2 or verdict not in {CardVerdict.SAME, CardVerdict.NOT_THERE}:
                        return verdict
        except CameraError, TimeoutError:
            return CardVerdict.NOT_POSSIBLE
        return CardVerdict.SAME if same else verdict

    async def _async_until_gone(self, camera: str) -> bool:
        """Wait until the camera no longer answers where it is known to be; False after an hour."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_STILL_THERE_FOR.total_seconds()):
                while (coordinator := self._cameras.find(camera)) is not None:
                    if not coordinator.data.alive:
                        return True
                    await asyncio.sleep(_STILL_THERE_LOOK)
        return False

    # --- DNS names --------------------------------------------------------------------------------------------

    async def _async_follow_names(self) -> None:
        """Look again and again where the cameras' names lead."""
        while True:
            self._look_now.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_UP_EVERY):
                    await self._look_now.wait()
            await asyncio.gather(
                *(
                    self._async_follow_name(coordinator)
                    for coordinator in tuple(self._cameras.values())
                )
            )

    async def _async_follow_name(self, coordinator: CameraCoordinator) -> None:
        """Look where one camera's name leads, and into what is new."""
        address = address_of(coordinator.subentry.data)
        hosts = await self._resolver.look_up(address.host)
        known = coordinator.address
        camera = coordinator.unique_id
        if not hosts or known.host in hosts:
            if known.name == address.host and coordinator.data.alive:
                self._trust.async_note_led_to(camera, address.host, known.host)
            return
        if known.name is None:
            # The first answer for this name; the poll that follows makes sure that it is the camera.
            await coordinator.async_use_address(
                self._trust.led_to(camera, address.host) or hosts[0]
            )
            return
        if self._trust.pending(camera) is not None:
            return
        wanted = AddressCandidate(camera=camera, hosts=hosts, port=address.port)
        if (candidate := self._without_declined(wanted)) is None:
            self._async_refuse(camera, wanted, "declined")
            return
        following = self._following.get(camera)
        if following is not None and not following.task.done():
            if following.candidate == candidate:
                return
            following.task.cancel()
        if self._offers.take(camera):
            self._async_look_into(candidate, "dns", None)

    # --- What comes of it -------------------------------------------------------------------------------------

    @callback
    def _async_followed(
        self, coordinator: CameraCoordinator, by: str, proof: str | None, person: Person | None
    ) -> None:
        """Tell people and the ledger, with what proved it; where the camera is stands in neither."""
        LOGGER.info("Camera %s is followed to another address", coordinator.name)
        async_announce(self.hass, AlertKind.ADDRESS_CHANGED, asset=coordinator.asset, by=by)
        self._outbox.async_add(
            LedgerAction.ADDRESS_FOLLOWED,
            f"camera/{coordinator.unique_id}",
            {"by": by, "proof": proof or "person"},
            person,
        )

    # --- What a person decides --------------------------------------------------------------------------------

    @callback
    def _async_ask(self, candidate: AddressCandidate, unproved: UnprovedAddress) -> None:
        """Ask a person whether the camera is where it could not prove to be; nothing is followed until then."""
        if self._cameras.find(candidate.camera) is None:
            return
        self._trust.async_ask(candidate.camera, unproved)
        self._outbox.async_add(
            LedgerAction.ADDRESS_UNPROVED,
            f"camera/{candidate.camera}",
            {"by": unproved.by, "card": unproved.card},
        )
        self._async_show_decisions()

    @callback
    def _async_show_decisions(self) -> None:
        """Show what waits for a decision as repairs; one whose camera was set to another address is void."""
        shown = set()
        for subentry in self.entry.get_subentries_of_type(SUBENTRY_CAMERA):
            camera = subentry.unique_id or ""
            if (unproved := self._trust.pending(camera)) is None:
                continue
            data = subentry.data
            if (unproved.known_host, unproved.known_port) != (data[CONF_HOST], data[CONF_PORT]):
                self._trust.async_settle(camera)
                continue
            shown.add(issue_id(ISSUE_ADDRESS_UNPROVED, subentry.subentry_id))
            async_show_issue(
                self.hass,
                ISSUE_ADDRESS_UNPROVED,
                subentry.subentry_id,
                fixable=True,
                data={
                    "entry_id": self.entry.entry_id,
                    "subentry_id": subentry.subentry_id,
                    "card": unproved.card,
                },
                placeholders={"camera": subentry.title, **unproved_placeholders(unproved)},
            )
        async_close_issues(self.hass, (ISSUE_ADDRESS_UNPROVED,), but=shown)

    def pending(self, camera: str) -> UnprovedAddress | None:
        """Return what a person has to decide about a camera, None where nothing is."""
        return self._trust.pending(camera)

    async def async_accept(
        self, camera: str, unproved: UnprovedAddress, person: Person
    ) -> str | None:
        """Follow a camera where a person says that it is; return what speaks against it, None when it was done.

        The person vouches for who it is: that it answers there, as the camera does, is looked at again.
        """
        if self._trust.pending(camera) != unproved:
            return "decided_already"
        candidate = AddressCandidate(camera=camera, hosts=(unproved.host,), port=unproved.port)
        try:
            if not await self._async_try(candidate, unproved.by, decided_by=person):
                return "removed"
        except _StillThere:
            return "still_there"
        except CameraError as err:
            return error_key(err)
        self._trust.async_settle(camera)
        self._refused.pop(camera, None)
        if (reported := self.reported.get(camera)) is not None:
            reported.verified = True
        self._async_show_decisions()
        self._async_changed(camera)
        return None

    @callback
    def async_decline(self, camera: str, unproved: UnprovedAddress, person: Person) -> str | None:
        """Take a person's word that the camera is not there; return why it cannot be taken."""
        if self._trust.pending(camera) != unproved:
            return "decided_already"
        self._trust.async_settle(camera, declined=True)
        self._outbox.async_add(
            LedgerAction.ADDRESS_DECLINED, f"camera/{camera}", {"by": unproved.by}, person
        )
        self._async_show_decisions()
        return None

    @callback
    def _async_refuse(self, camera: str, candidate: AddressCandidate, reason: str) -> None:
        """Tell people once that a camera is not where it says it is."""
        if (
            self._refused.get(camera) == candidate
            or (coordinator := self._cameras.find(camera)) is None
        ):
            return
        self._refused[camera] = candidate
        LOGGER.warning("The reported address of %s is not used: %s", coordinator.name, reason)
        async_announce(self.hass, AlertKind.ADDRESS_REFUSED, asset=coordinator.asset, reason=reason)

    @callback
    def _async_show_lock_outs(self) -> None:
        """Show at each camera who is locked out, as long as it lasts."""
        before, self.lock_outs = self.lock_outs, self._server.lock_outs()
        for camera in {camera for one in {*before} ^ {*self.lock_outs} for camera in one.cameras}:
            self._async_changed(camera)
        if self._lock_out_timer is not None:
            self._lock_out_timer.cancel()
            self._lock_out_timer = None
        if self.lock_outs and not self._closed:
            self._lock_out_timer = self.hass.loop.call_later(
                _LOCK_OUT_LOOK, self._async_show_lock_outs
            )

    @callback
    def _async_changed(self, camera: str) -> None:
        async_dispatcher_send(self.hass, f"{SIGNAL_ADDRESS}_{camera}")

    # --- What is known ----------------------------------------------------------------------------------------

    def _options(self) -> AddressOptions:
        return address_options(self.entry.options)

    def _accounts(self) -> dict[str, Account]:
        """Return the cameras whose reports are taken, by the id with which they prove themselves."""
        return {
            name: Account(
                camera=subentry.unique_id,
                hashed=camera_reports(subentry.data).address_password,
                host=subentry.data[CONF_HOST],
                port=subentry.data[CONF_PORT],
            )
            for subentry in self.entry.get_subentries_of_type(SUBENTRY_CAMERA)
            if (name := camera_reports(subentry.data).address_id) and subentry.unique_id
        }

    def _is_named(self, camera: str) -> bool:
        """Return whether a camera is configured by a DNS name."""
        coordinator = self._cameras.find(camera)
        return coordinator is not None and not is_literal(coordinator.subentry.data[CONF_HOST])

    # --- The extra port ---------------------------------------------------------------------------------------

    async def _async_listen(self, port: int) -> None:
        """Take reports on a plain HTTP port of our own, for cameras that know no TLS, until cancelled."""
        app = web.Application()
        for path in (REPORT_PATH, f"{REPORT_PATH}/"):
            app.router.add_route("*", path, self.async_answer)
        runner = web.AppRunner(
            app,
            access_log=None,
            handle_signals=False,
            keepalive_timeout=0,
            lingering_time=0,
            max_field_size=_MAX_BODY,
            logger=_SILENT,
            max_line_size=_MAX_BODY,
            shutdown_timeout=1,
        )
        await runner.setup()
        handlers = runner.server
        assert handlers is not None
        server: asyncio.Server | None = None
        try:
            while server is None:
                try:
                    server = await self.hass.loop.create_server(
                        partial(_handler, handlers),
                        None,
                        port,
                    )
                except OSError as err:
                    LOGGER.error(
                        "Port %s for address reports cannot be opened: %s", port, err.errno
                    )
                    async_show_issue(
                        self.hass, ISSUE_ADDRESS_PORT, placeholders={"port": str(port)}
                    )
                    await asyncio.sleep(_PORT_RETRY_DELAY)
            async_close_issue(self.hass, ISSUE_ADDRESS_PORT)
            await self._async_cut_slow(handlers)
        finally:
            if server is not None:
                await stop_listening(server)
            await runner.cleanup()

    async def _async_cut_slow(self, handlers: web.Server) -> None:
        """Cut connections that are there for long: a report takes a moment, and aiohttp waits for headers for ever."""
        since: dict[web.RequestHandler, float] = {}
        while True:
            now = self.hass.loop.time()
            since = {one: since.get(one, now) for one in handlers.connections}
            for one, at in since.items():
                if now - at >= _CONNECTION_LIFE:
                    one.force_close()
            await asyncio.sleep(_CONNECTION_LIFE / 3)


def unproved_placeholders(unproved: UnprovedAddress) -> dict[str, str]:
    """Return what a person is shown of who answers as a camera does."""
    host = f"[{unproved.host}]" if ":" in unproved.host else unproved.host
    return {
        "address": f"{host}:{unproved.port}",
        "manufacturer": unproved.manufacturer,
        "serial": unproved.serial,
    }


def _unproved(
    known: CameraAddress, address: CameraAddress, met: Met, card: CardVerdict, by: str
) -> UnprovedAddress:
    return UnprovedAddress(
        host=address.host,
        port=address.port,
        known_host=known.host,
        known_port=known.port,
        manufacturer=shortened(met.identity.manufacturer),
        serial=shortened(met.identity.serial),
        card=card.value,
        by=by,
    )


def _way(coordinator: CameraCoordinator) -> tuple[CameraAddress, Credential]:
    """Return how a camera is configured to be reached; what is learnt of its log-in is no other way."""
    data = coordinator.subentry.data
    return address_of(data), credential_of(data)


def _handler(handlers: web.Server) -> asyncio.Protocol:
    """Take one more connection; of too many, the one that is there for longest gives way.

    Otherwise whoever does nothing but hold connections lets no camera report.
    """
    # Those that were closed are gone a moment later.
    there = [one for one in handlers.connections if one.transport is not None]
    for one in there[: max(0, len(there) + 1 - _MAX_CONNECTIONS)]:
        one.force_close()
    return _Tolerant(handlers())


class _Tolerant(asyncio.Protocol):
    """Stands before aiohttp's handler of one connection, whose parser holds cameras to the letter of HTTP."""

    def __init__(self, handler: web.RequestHandler) -> None:
        self._handler = handler
        self._head = RequestHead()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Tell the handler."""
        self._handler.connection_made(transport)

    @override
    def connection_lost(self, exc: BaseException | None) -> None:
        """Tell the handler."""
        self._handler.connection_lost(exc)

    @override
    def pause_writing(self) -> None:
        """Tell the handler."""
        self._handler.pause_writing()

    @override
    def resume_writing(self) -> None:
        """Tell the handler."""
        self._handler.resume_writing()

    @override
    def data_received(self, data: bytes) -> None:
        """Give on what has come, as it was meant."""
        if understood := self._head.feed(data):
            self._handler.data_received(understood)

    @override
    def eof_received(self) -> bool | None:
        """Tell the handler."""
        self._handler.eof_received()
        return None


async def _is_there(coordinator: CameraCoordinator) -> bool:
    """Return whether the camera itself answers where it is known to be."""
    try:
        async with asyncio.timeout(_PRESENT_TIMEOUT):
            await coordinator.camera.confirm()
    except CameraError, TimeoutError:
        return False
    return True


async def _takes_connections(host: str, port: int) -> bool:
    """Return whether anything listens there; nothing is sent to it."""
    try:
        async with asyncio.timeout(_CONNECT_TIMEOUT):
            _, writer = await asyncio.open_connection(host, port)
    except OSError, TimeoutError:
        return False
    writer.transport.abort()
    return True


async def _fields(request: web.Request) -> dict[str, str]:
    """Return the fields of a report, of the query and of a posted form; bounded."""
    query = request.rel_url.raw_query_string
    if len(query) > _MAX_BODY:
        raise web.HTTPRequestURITooLong
    body = b""
    if request.method == "POST" and request.content_type == "application/x-www-form-urlencoded":
        try:
            async with asyncio.timeout(_BODY_TIMEOUT):
                while len(body) <= _MAX_BODY and (chunk := await request.content.readany()):
                    body += chunk
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        if len(body) > _MAX_BODY:
            raise web.HTTPRequestEntityTooLarge(max_size=_MAX_BODY, actual_size=len(body))
    fields: dict[str, str] = {}
    for text in (query, body.decode(errors="replace")):
        with suppress(ValueError):
            for key, value in parse_qsl(text, keep_blank_values=True, max_num_fields=32):
                fields.setdefault(key.lower(), value)
    if sixth := fields.get("myipv6"):
        fields["myip"] = f"{fields.get('myip', '')},{sixth}"
    return fields
