"""One-time links: a file for the person who asked for it, once, within a quarter of an hour.

A browser sends no log-in with a plain link, so the token is the right to the file: 256 random bits, known to
the person who asked and to nobody else, kept in memory only. That person is looked at again when the link is used.
"""

from array import array
import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from fcntl import ioctl
from hashlib import file_digest, sha256
from io import BufferedReader
import os
from pathlib import Path
import secrets
from termios import TIOCOUTQ
from typing import BinaryIO
from urllib.parse import quote

from aiohttp import hdrs, web
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LINK_TIME, LOGGER
from ..errors import error_key
from ..lib.access.errors import CaseError
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission
from ..lib.footage.clip_model import ClipFile
from ..lib.ledger.errors import LedgerError
from ..managers.evidence import Evidence
from ..runtime import loaded_entry
from .base import NO_STORE, async_record_refusal, async_refusal

# For so long a dead link is told from one that never was.
REMEMBERED = timedelta(days=1)
_CHUNK = 1 << 18
# Bytes at the end of a file that are sent once everything before them has arrived; and how often that is looked at.
_LAST = 1 << 10
_LOOK = 0.02
_LINKS: HassKey[dict[str, Link]] = HassKey(f"{DOMAIN}_links")


class FileChanged(Exception):
    """The file is not what was sealed."""


@dataclass(kw_only=True)
class Link:
    """The right of one person to one file."""

    user_id: str
    path: Path
    file: ClipFile
    # What the ledger calls it.
    subject: str
    expires: datetime
    # Records that the file is served, or raises CaseError because this person may not any more.
    serve: Callable[[Evidence, Actor], Awaitable[object]]
    # Records that they have all but the last bytes, which follow; raises as `serve` does, and then they do not.
    served: Callable[[Evidence, Actor], Awaitable[object]] | None = None
    used: bool = False
    # Once and for all, wherever the clock is set.
    dead: bool = False


@callback
def _links(hass: HomeAssistant) -> dict[str, Link]:
    """Return all links by token."""
    return hass.data.setdefault(_LINKS, {})


@callback
def async_offer(
    hass: HomeAssistant,
    *,
    user_id: str,
    path: Path,
    file: ClipFile,
    subject: str,
    serve: Callable[[Evidence, Actor], Awaitable[object]],
    served: Callable[[Evidence, Actor], Awaitable[object]] | None = None,
    temporary: bool = False,
) -> tuple[str, datetime]:
    """Return the path of a new link, and when it ends; a `temporary` file is removed then."""
    links = _links(hass)
    now = dt_util.utcnow()
    for old in [old for old, link in links.items() if link.expires + REMEMBERED < now]:
        del links[old]
    for older in links.values():
        # A package that was made anew lies where older links lead to.
        older.used |= older.path == path
    token = secrets.token_urlsafe(32)
    link = links[token] = Link(
        user_id=user_id,
        path=path,
        file=file,
        subject=subject,
        expires=now + LINK_TIME,
        serve=serve,
        served=served,
    )

    async def end(_now: datetime) -> None:
        link.dead = True
        if temporary:
            await hass.async_add_executor_job(path.unlink, True)

    # By a clock that nobody can set back.
    async_call_later(hass, LINK_TIME, HassJob(end, cancel_on_shutdown=True))
    return f"/api/{DOMAIN}/download/{token}", link.expires


class DownloadView(HomeAssistantView):
    """Serves a file once."""

    url = f"/api/{DOMAIN}/download/{{token}}"
    name = f"api:{DOMAIN}:download"
    # A browser sends no log-in with a link: the token is what allows.
    requires_auth = False

    async def head(self, request: web.Request, token: str) -> web.StreamResponse:
        """Tell what the link leads to without using it up: chat programs and scanners look ahead."""
        link = await self._find(request, token)
        return web.Response(headers=_headers(link.file))

    async def get(self, request: web.Request, token: str) -> web.StreamResponse:
        """Serve the file, this once."""
        hass = request.app[KEY_HASS]
        link = await self._find(request, token)
        # A part is not what was sealed, and the link is worth one request only.
        if hdrs.RANGE in request.headers:
            raise await async_refusal(
                hass,
                web.HTTPRequestRangeNotSatisfiable,
                "link_whole",
                headers={hdrs.ACCEPT_RANGES: "none"},
            )
        # Before anything is waited for: a second request meets a used link whatever happens to this one.
        link.used = True
        if (entry := loaded_entry(hass)) is None:
            raise await async_refusal(hass, web.HTTPNotFound, "link_unknown")
        evidence = entry.runtime_data.evidence
        # The link was given to their own hand, and is good once.
        actor = await evidence.async_actor(link.user_id, direct=True)
        try:
            stream, size = await hass.async_add_executor_job(
                open_checked, link.path, link.file.sha256
            )
        except OSError as err:
            LOGGER.error("File of %s cannot be read: %s", link.subject, err.strerror)
            raise await async_refusal(hass, web.HTTPGone, "link_file_gone") from err
        except FileChanged as err:
            # Also a package that is being made anew, and that nobody released yet.
            LOGGER.error("File of %s is not what this link was given for", link.subject)
            await _record(evidence, actor, link, "file_changed")
            raise await async_refusal(hass, web.HTTPGone, "link_file_gone") from err
        response = web.StreamResponse(headers=_headers(link.file))
        try:
            await self._check(hass, evidence, actor, link)
            response.content_length = size
            await response.prepare(request)
            last = await self._send(hass, stream, response, link.file.sha256)
            if link.served is not None:
                await _until_taken(request)
                await link.served(evidence, await evidence.async_actor(link.user_id, direct=True))
            await response.write(last)
            await response.write_eof()
        except FileChanged:
            LOGGER.error("File of %s was changed while it was served", link.subject)
            await _record(evidence, actor, link, "file_changed")
            _cut(request)
        except (CaseError, LedgerError, TimeoutError) as err:
            LOGGER.warning("File of %s was not served whole: %s", link.subject, err)
            _cut(request)
        finally:
            await hass.async_add_executor_job(stream.close)
        return response

    async def _find(self, request: web.Request, token: str) -> Link:
        """Return the link if it may still be used; raises what tells why not."""
        hass = request.app[KEY_HASS]
        entry = loaded_entry(hass)
        if entry is None or (link := _links(hass).get(token)) is None:
            raise await async_refusal(hass, web.HTTPNotFound, "link_unknown")
        evidence = entry.runtime_data.evidence
        # Only where a page sent a log-in all the same.
        user = request.get(KEY_HASS_USER)
        if user is not None and user.id != link.user_id:
            stranger = await evidence.async_actor(user.id)
            await _record(evidence, stranger, link, "link_of_another")
            raise await async_refusal(hass, web.HTTPForbidden, "link_of_another")
        if link.used:
            await _record(evidence, await evidence.async_actor(link.user_id), link, "link_used")
            raise await async_refusal(hass, web.HTTPGone, "link_used")
        link.dead |= dt_util.utcnow() >= link.expires
        if link.dead:
            raise await async_refusal(hass, web.HTTPGone, "link_expired")
        return link

    async def _check(
        self, hass: HomeAssistant, evidence: Evidence, actor: Actor, link: Link
    ) -> None:
        """Look at the person again and record that the file leaves, before its first byte does."""
        try:
            await link.serve(evidence, actor)
        except CaseError as err:
            raise await async_refusal(hass, web.HTTPForbidden, err.key, err.placeholders) from err
        except LedgerError as err:
            # Nothing left, so the link is as good as before.
            link.used = False
            raise await async_refusal(hass, web.HTTPServiceUnavailable, error_key(err)) from err

    async def _send(
        self, hass: HomeAssistant, stream: BinaryIO, response: web.StreamResponse, expected: str
    ) -> bytes:
        """Send the file in pieces and return its last bytes, without which it is none; raises FileChanged."""
        digest = sha256()

        def read() -> bytes:
            piece = stream.read(_CHUNK)
            digest.update(piece)
            return piece

        held = await hass.async_add_executor_job(read)
        while piece := await hass.async_add_executor_job(read):
            await response.write(held)
            held = piece
        if digest.hexdigest() != expected:
            raise FileChanged
        await response.write(held[:-_LAST])
        return held[-_LAST:]


async def _until_taken(request: web.Request) -> None:
    """Wait until the other end has everything that was sent; raises ConnectionResetError, TimeoutError.

    What was written lies in this machine's buffers at first: whoever leaves then has nothing of it.
    """
    async with asyncio.timeout(LINK_TIME.total_seconds()):
        while (transport := request.transport) is not None and not transport.is_closing():
            if not transport.get_write_buffer_size() and not _unacknowledged(transport):
                return
            await asyncio.sleep(_LOOK)
    raise ConnectionResetError


def _unacknowledged(transport: asyncio.Transport) -> int:
    """Return how many bytes the other end has not acknowledged (SIOCOUTQ, tcp(7)); 0 where the system does not tell."""
    count = array("i", [0])
    with suppress(OSError):
        ioctl(transport.get_extra_info("socket").fileno(), TIOCOUTQ, count)
    return count[0]


def _cut(request: web.Request) -> None:
    """End it without its last bytes: the browser reports a failed download."""
    if request.transport is not None:
        request.transport.abort()


def open_checked(path: Path, expected: str) -> tuple[BufferedReader, int]:
    """Open a file whose SHA-256 is the expected one; raises OSError, FileChanged."""
    with ExitStack() as stack:
        stream = stack.enter_context(path.open("rb"))
        # Read twice, for nothing of another file may leave: a package that is made anew gets this one's name.
        _check_digest(stream, expected)
        stream.seek(0)
        stack.pop_all()
        return stream, os.fstat(stream.fileno()).st_size


def _check_digest(stream: BufferedReader, expected: str) -> None:
    if file_digest(stream, "sha256").hexdigest() != expected:
        raise FileChanged


def _headers(file: ClipFile) -> dict[str, str]:
    """Return what a browser needs to save the file and to keep nothing of it."""
    return {
        **NO_STORE,
        hdrs.CONTENT_TYPE: "application/octet-stream",
        hdrs.CONTENT_DISPOSITION: f"attachment; filename*=UTF-8''{quote(file.name)}",
        hdrs.ACCEPT_RANGES: "none",
    }


async def _record(evidence: Evidence, actor: Actor, link: Link, reason: str) -> None:
    """Record that a link was refused."""
    await async_record_refusal(evidence, actor, Permission.DOWNLOAD, link.subject, reason)
