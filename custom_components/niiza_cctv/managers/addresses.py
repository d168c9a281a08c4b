"""Following cameras whose address changes: their reports by DynDNS v2, and the DNS names that they are configured by.

Nothing that is reported is believed. The camera is asked there who it is, with its viewing user, and only the very
camera is followed; until then everything stays at the address that is known.
"""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from ipaddress import ip_address
import logging
from typing import Any, Final
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
from ..coordinator import CameraCoordinator
from ..core_internals import application_behind_ban_list, async_count_wrong_login
from ..entry_data import AddressOptions, address_of, address_options, async_spawn, camera_reports
from ..errors import error_key
from ..issues import ISSUE_ADDRESS_PORT, async_close_issue, async_show_issue
from ..lib.device.errors import CameraError, CameraUnreachable
from ..lib.device.model import CameraAddress
from ..lib.device.resolver import Resolver, is_literal
from ..lib.inbound.address import (
    MAX_FIELD,
    Account,
    Address,
    AddressCandidate,
    AddressServer,
    Report,
    unmap_ipv4,
)
from ..lib.inbound.guard import RateLimiter
from ..lib.ledger.actions import LedgerAction
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
    ) -> None:
        """Make it; nothing is started."""
        self.hass = hass
        self.entry = entry
        self._cameras = cameras
        self._outbox = outbox
        self._resolver = resolver
        # By the camera's unique id.
        self.reported: dict[str, Reported] = {}
        self._server = AddressServer(self._accounts, lambda: self._own)
        self._own: Collection[Address] = ()
        self._offers = RateLimiter(_OFFERS_PER_MINUTE, _OFFERS_AT_ONCE)
        self._following: dict[str, _Following] = {}
        # What was told to people: a camera that repeats itself is not told again.
        self._refused: dict[str, AddressCandidate] = {}
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
        async with self._opening:
            tasks = [following.task for following in self._following.values()]
            self._following.clear()
            tasks += [task for task in (self._listener, self._names) if task is not None]
            self._listener = self._names = None
            self._port = 0
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._server.close()
        async_close_issue(self.hass, ISSUE_ADDRESS_PORT)

    # --- Reports ----------------------------------------------------------------------------------------------

    async def async_answer(self, request: web.Request) -> web.Response:
        """Answer one request; the ban list knows nothing of what was refused before a password was looked at."""
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
                agent=request.headers.get(hdrs.USER_AGENT),
                source=request.remote,
            )
        )
        if verdict.wrong_login:
            # Without the query: it has the camera's address, and Home Assistant writes it into its log. A right
            # password is not counted for the sender: whoever guesses at Home Assistant's own log-in beside it
            # would never be banned.
            await async_count_wrong_login(request.clone(rel_url=REPORT_PATH))
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
        elif self._offers.take(camera):
            self._async_look_into(candidate, reported)
        self._async_changed(camera)

    @callback
    def _async_look_into(self, candidate: AddressCandidate, reported: Reported | None) -> None:
        """Look in the background whether the camera is at the address offered, by its report or else by its name."""
        self._following[candidate.camera] = _Following(
            candidate=candidate,
            task=async_spawn(
                self.hass,
                self.entry,
                self._async_follow(candidate, reported),
                f"address {candidate.camera}",
            ),
        )

    async def _async_follow(self, candidate: AddressCandidate, reported: Reported | None) -> None:
        """Look for the camera where it is said to be; a few times, because it may have just restarted."""
        reported = reported or Reported(at=dt_util.utcnow())
        reason = "unreachable"
        for pause in _TRIES:
            await asyncio.sleep(pause)
            try:
                async with self._tries:
                    done = await self._async_try(candidate)
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

    async def _async_try(self, candidate: AddressCandidate) -> bool:
        """Follow the camera if it is at one of the offered addresses; raises CameraError.

        Returns False when it is not the section's any more, or was reconfigured meanwhile.
        """
        if (coordinator := self._cameras.find(candidate.camera)) is None:
            return False
        data = coordinator.subentry.data
        present, *open_hosts = await asyncio.gather(
            _is_there(coordinator),
            *(_takes_connections(host, candidate.port) for host in candidate.hosts),
        )
        if present:
            raise _StillThere("the camera answers where it is known to be")
        error: CameraError = CameraUnreachable("no connection")
        known = address_of(data)
        named = not is_literal(known.host)
        for host, is_open in zip(candidate.hosts, open_hosts, strict=True):
            if not is_open:
                continue
            address = replace(
                known, host=host, port=candidate.port, name=known.host if named else None
            )
            try:
                await self._async_verify(coordinator, address)
            except CameraError as err:
                error = err
                continue
            subentry = self.entry.subentries.get(coordinator.subentry.subentry_id)
            if subentry is None or subentry.data != data:
                return False
            if named:
                await coordinator.async_use_address(host)
                self._async_followed(coordinator, "dns")
            else:
                self.hass.config_entries.async_update_subentry(
                    self.entry, subentry, data={**data, CONF_HOST: host, CONF_PORT: candidate.port}
                )
                self._async_followed(coordinator, "address_server")
            return True
        raise error

    async def _async_verify(self, coordinator: CameraCoordinator, address: CameraAddress) -> None:
        """Make sure that the camera is there; raises CameraError."""
        try:
            async with asyncio.timeout(_VERIFY_TIMEOUT):
                await coordinator.camera.verify_at(async_get_clientsession(self.hass), address)
        except TimeoutError as err:
            raise CameraUnreachable("what answers there draws its answers out") from err

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
            return
        if known.name is None:
            # The first answer for this name; the poll that follows makes sure that it is the camera.
            await coordinator.async_use_address(hosts[0])
            return
        candidate = AddressCandidate(camera=camera, hosts=hosts, port=address.port)
        following = self._following.get(camera)
        if following is not None and not following.task.done():
            if following.candidate == candidate:
                return
            following.task.cancel()
        if self._offers.take(camera):
            self._async_look_into(candidate, None)

    # --- What comes of it -------------------------------------------------------------------------------------

    @callback
    def _async_followed(self, coordinator: CameraCoordinator, by: str) -> None:
        """Tell people and the ledger; where the camera is stands in neither."""
        LOGGER.info("Camera %s is followed to another address", coordinator.name)
        async_announce(self.hass, AlertKind.ADDRESS_CHANGED, asset=coordinator.asset, by=by)
        self._outbox.async_add(
            LedgerAction.ADDRESS_FOLLOWED, f"camera/{coordinator.unique_id}", {"by": by}
        )

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
        app = application_behind_ban_list(self.hass)
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
                server.close()
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


def _handler(handlers: web.Server) -> web.RequestHandler:
    """Take one more connection; of too many, the one that is there for longest gives way.

    Otherwise whoever does nothing but hold connections lets no camera report.
    """
    # Those that were closed are gone a moment later.
    there = [one for one in handlers.connections if one.transport is not None]
    for one in there[: max(0, len(there) + 1 - _MAX_CONNECTIONS)]:
        one.force_close()
    return handlers()


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
