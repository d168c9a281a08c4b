"""How one camera is spoken to: bounded HTTP exchanges, the log-in, and the clock that the log-in needs."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum, auto
import errno
from http import HTTPStatus
from http.cookies import SimpleCookie
import re
import ssl
import time
from typing import Final, Self, cast, override

import aiohttp
from aiohttp import hdrs
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from . import lenient_http, soap
from .backoff import Backoff
from .errors import (
    CameraAnswerInvalid,
    CameraAsksForBasic,
    CameraCertificateChanged,
    CameraError,
    CameraFault,
    CameraOperationUnsupported,
    CameraRefused,
    CameraRightMissing,
    CameraUnreachable,
)
from .login import MAX_LOGINS, Login, Signature, knows_password, offers_digest, offers_unknown
from .model import CameraAddress, CameraIdentity, ClockReading, Credential
from .parse.clock import SystemTime, parse_system_date_and_time
from .parse.device import parse_device_information
from .quirks import Quirk, Quirks
from .xml import read_tree

DEVICE: Final = "http://www.onvif.org/ver10/device/wsdl"

# How long a right that the user lacks is not asked for again: each asking is a refusal in the camera's books.
_DENIED_FOR: Final = 15 * 60.0
# A kept-alive connection that the camera has closed meanwhile breaks at once; a later break is a real one.
_STALE_CONNECTION: Final = 1.0
# An honest camera has one origin, or one for each of its services.
_MAX_ORIGINS: Final = 8
# What is told of an answer's head: so many characters of a header, and so many ways to log in.
_MAX_HEADER: Final = 500
_MAX_CHALLENGES: Final = 8
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
# Seconds for which a place whose answers no leniency helps is not asked twice.
_STRICT_FOR: Final = 10 * 60.0


@dataclass(frozen=True, kw_only=True)
class Call[T]:
    """One operation: where it goes, what is asked and how its answer is read.

    `url` is led to the configured host already; `body` and `header` are XML, without a security header.
    """

    url: str
    action: str
    body: str
    parser: soap.Parser[T]
    header: str = ""
    # Seconds for this answer, None for the session's.
    timeout: float | None = None
    # Whether reading the answer may block, however small it is.
    may_block: bool = False
    # Whether HTTP's "not found" tells that the camera has no such thing; what was made may only be gone.
    may_be_missing: bool = False
    # Whether cameras are known to refuse this alone with HTTP 401 to who may log in: worth one more question, which a
    # wrong password pays for with two more refusals.
    refused_alone: bool = False

    @property
    def operation(self) -> str:
        """Return the name of what is asked, for people."""
        return self.action.rpartition("/")[2].removesuffix("Request")

    @classmethod
    def of(
        cls, url: str, space: str, operation: str, parser: soap.Parser[T], inside: str = ""
    ) -> Self:
        """Return a call after the pattern that all services but Events follow."""
        return cls(
            url=url,
            action=f"{space}/{operation}",
            body=f'<{operation} xmlns="{space}">{inside}</{operation}>',
            parser=parser,
        )


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One answer as it came, for whoever keeps or judges what cameras say."""

    # The operation of ONVIF, or of a maker's own page "GET" and its path.
    operation: str
    # Where it was asked for.
    path: str
    # What was asked, as XML, without log-in; "" of a page.
    asked: str
    status: int
    content_type: str
    body: bytes
    # Which log-ins it asks for, as it writes them.
    challenges: tuple[str, ...]
    # Whether nobody logged in for it, and whether who answered showed that he knows the password.
    as_nobody: bool
    knows_password: bool
    took: float


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back over HTTP."""

    status: int
    body: bytes
    # Whether the request carried an HTTP log-in, whether the camera asks for a digest, and whether for what nobody knows.
    logged_in: bool
    wants_digest: bool
    wants_unknown: bool
    # Whether who answers showed that he knows the password, too (RFC 7616, 3.5).
    knows_password: bool
    # Our time when the request left, and the seconds until its answer was here.
    sent_at: datetime
    took: float
    # The encoding that its head names, "" where it names none.
    charset: str = ""
    content_type: str = ""
    challenges: tuple[str, ...] = ()


class _Proof(Enum):
    """How a request proves who asks; never two ways at once."""

    NOTHING = auto()
    DIGEST = auto()
    TOKEN = auto()


class OnvifSession:
    """The connection to one camera, on a session that belongs to somebody else.

    A refused log-in starts a pause in which `ask` raises CameraLockedOut without touching the network.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        address: CameraAddress,
        credential: Credential,
        timeout: float,
        quirks: Quirks | None = None,
    ) -> None:
        """Take a session to borrow; nothing is contacted. What had to be put right goes to `quirks`.

        Raises ValueError when the pinned fingerprint is not 64 hexadecimal digits.
        """
        self.timeout = timeout
        self.clock: ClockReading | None = None
        # The camera's own zone, as it told with its clock.
        self.zone: tzinfo | None = None
        self.host = f"[{address.host}]" if ":" in address.host else address.host
        self.scheme = "https" if address.tls else "http"
        self.origin = f"{self.scheme}://{self.host}:{address.port}"
        self.device_url = f"{self.origin}/onvif/device_service"
        self.quirks = quirks or Quirks()
        self._http = http
        self._name = address.name
        self._credential = credential
        self._tls: bool | aiohttp.Fingerprint = True
        if address.tls and not address.verify_tls:
            self._tls = (
                aiohttp.Fingerprint(bytes.fromhex(address.fingerprint))
                if address.fingerprint
                else False
            )
        self._verify_tls = address.verify_tls
        self._context: ssl.SSLContext | None = None
        # When anything at all was last answered over HTTP (`time.monotonic()`).
        self._answered_at = float("-inf")
        # Places that are read leniently: True for good, or else until when that is not tried again.
        self._lenient: dict[URL, bool | float] = {}
        self._proof: _Proof | None = None
        # Whether the camera ever took a digest: it then needs no token.
        self.takes_digest = False
        self._logging_in = asyncio.Lock()
        self._backoff = Backoff()
        self._picture_backoff = Backoff()
        # Operations that need a right which the user lacks, and until when not to ask again.
        self._denied: dict[str, float] = {}
        self._digests: dict[URL, _Digest] = {}
        # Is told of every answer to SOAP and of makers' pages, before it is read.
        self.listener: Callable[[Heard], None] | None = None
        self._abandoned = False
        self._under_way: set[asyncio.Timeout] = set()

    def abandon(self) -> None:
        """Ask nothing there any more, and wait no longer for what was asked: the camera is elsewhere now."""
        self._abandoned = True
        for waiting in tuple(self._under_way):
            waiting.reschedule(asyncio.get_running_loop().time())

    @property
    def takes_token(self) -> bool:
        """Return whether the camera is logged in to by a WS-UsernameToken."""
        return self._proof is _Proof.TOKEN

    def check(self) -> None:
        """Raise CameraLockedOut while log-ins are held back."""
        self._backoff.check()

    def answered_since(self, moment: float) -> bool:
        """Return whether anything was answered over HTTP since a moment of `time.monotonic()`: it is a sign of life."""
        return self._answered_at >= moment

    # --- Asking -----------------------------------------------------------------------------------------

    async def ask_as_nobody[T](self, call: Call[T]) -> T:
        """Call an operation without any credential; CameraRefused when it needs one."""
        return await self._read(call, await self._post(call, _Proof.NOTHING))

    async def ask_openly[T](self, call: Call[T]) -> T:
        """Call an operation that is for everybody, with a log-in only where the camera insists."""
        try:
            return await self.ask_as_nobody(call)
        except CameraRefused:
            return await self.ask(call)

    async def ask[T](self, call: Call[T]) -> T:
        """Call an operation with the user's log-in."""
        _, result = await self._ask(call)
        return result

    async def read_clock(self) -> ClockReading:
        """Measure the camera's clock; needs no log-in, and so works also while log-ins are held back."""
        try:
            return self._note_clock(*await self._clock_as_nobody())
        except CameraRefused:
            # Against the specification (Device, 8.3.5), but real.
            return self._note_clock(*await self._ask(self._clock_call()))

    def device_call[T](self, operation: str, parser: soap.Parser[T], inside: str = "") -> Call[T]:
        """Return a call to the device service."""
        return Call.of(self.device_url, DEVICE, operation, parser, inside)

    async def get(
        self, path: str, *, limit: int = soap.MAX_BODY, telling: frozenset[int] = frozenset()
    ) -> bytes:
        """Return what a maker's own page tells the user, at most `limit` bytes; `path` is the camera's, query included.

        The log-in is that of SOAP and held back together with it, but a page that only others may see holds nothing
        back: it raises CameraRightMissing. What comes with an HTTP status beside 200 counts where that is in `telling`.
        Raises the other classes of `errors.py`, too.
        """
        key = f"GET {path}"
        self._check_right(key)
        if self._proof is None:
            # The first to find out whether the password is right is a call whose answer says so.
            await self.ask(self._canary())
        answer = await self._fetch(f"{self.origin}{path}", limit)
        self._tell(key, path, "", answer, as_nobody=not answer.logged_in)
        _check_log_in(answer)
        if answer.status in {401, 403}:
            await self.ask(self._canary())
            raise self._lacks_right(key)
        if answer.status in {404, 405, 501} - telling:
            raise CameraOperationUnsupported(f"HTTP {answer.status}")
        if answer.status not in telling | {200}:
            raise CameraAnswerInvalid(f"HTTP {answer.status}")
        return answer.body

    async def picture(self, url: str, limit: int) -> Answer:
        """Return what an HTTP address gives, at most `limit` bytes, by digest or else basic log-in.

        Refusals are counted apart: pictures may need other rights than SOAP.
        """
        self._picture_backoff.check()
        answer = await self._fetch(url, limit)
        _check_log_in(answer)
        if answer.status in {401, 403}:
            self._picture_backoff.refused()
            raise CameraRefused("the camera refused a picture")
        self._picture_backoff.accepted()
        return answer

    async def _fetch(self, url: str, limit: int) -> Answer:
        """Ask for an HTTP address by digest or else basic log-in.

        Basic goes to the configured origin only; the camera may name any other port of its host, and somebody else may
        serve there. It goes to no camera that ever took a digest: raises CameraAsksForBasic, with nothing sent.
        """
        answer = await self._exchange("GET", url, limit=limit, digest=self._digest(url))
        # Basic shows the password to the network: only for cameras that take nothing else. A name with a
        # colon has no basic form (RFC 7617, section 2).
        if (
            answer.status == 401
            and not answer.wants_digest
            and not answer.wants_unknown
            and ":" not in self._credential.username
            and URL(url, encoded=True).origin() == URL(self.origin, encoded=True)
        ):
            if not self._credential.may_be_readable:
                raise CameraAsksForBasic("it asks for the password in readable form")
            basic = aiohttp.encode_basic_auth(
                self._credential.username, self._credential.password, encoding="utf-8"
            )
            answer = await self._exchange(
                "GET", url, limit=limit, headers={hdrs.AUTHORIZATION: basic}
            )
        return answer

    # --- Log-in -----------------------------------------------------------------------------------------

    async def _ask[T](self, call: Call[T]) -> tuple[Answer, T]:
        self._check_right(call.action)
        if self._proof is None:
            async with self._logging_in:
                # Whoever waited here learns from the first how it went.
                self._backoff.check()
                if self._proof is None:
                    return await self._log_in(call)
        if self._proof is _Proof.DIGEST:
            return await self._ask_by_digest(call)
        try:
            return await self._ask_by_token(call)
        except CameraRefused:
            async with self._logging_in:
                self._backoff.check()
                return await self._ask_again(call)

    async def _log_in[T](self, call: Call[T]) -> tuple[Answer, T]:
        """Find out which proof this camera takes; at most two real attempts."""
        answer = await self._post(call, _Proof.DIGEST)
        if answer.logged_in and answer.status != 401:
            return await self._read_by_digest(call, answer)
        # Without a challenge only the token proves the user, even if the answer was good.
        by_token = await self._post(call, _Proof.TOKEN)
        if answer.status == 200 and by_token.status == 401:
            # Open to everybody, and HTTP is what it asks at other doors.
            return await self._read_by_digest(call, answer)
        _check_log_in(by_token)
        try:
            return await self._read_by_token(call, by_token)
        except CameraRefused as err:
            if answer.logged_in:
                raise self._refused() from err
            return await self._ask_again(call)

    async def _ask_by_digest[T](self, call: Call[T]) -> tuple[Answer, T]:
        answer = await self._post(call, _Proof.DIGEST)
        if answer.status != 401:
            return await self._read_by_digest(call, answer)
        if answer.logged_in:
            # The middleware has already tried again with a fresh nonce.
            if call.refused_alone:
                canary = await self._post(self._canary(), _Proof.DIGEST)
                if canary.logged_in and canary.status == 200:
                    raise self._lacks_right(call.action)
            raise self._refused()
        # The camera takes no digests any more; nothing was tried yet.
        self._proof = None
        return await self._ask(call)

    async def _read_by_digest[T](self, call: Call[T], answer: Answer) -> tuple[Answer, T]:
        """Read an answer that the log-in got past HTTP."""
        self._accepted(_Proof.DIGEST)
        self._note_digest(answer)
        try:
            return answer, await self._read(call, answer)
        except CameraRefused as err:
            raise self._lacks_right(call.action) from err

    async def _ask_by_token[T](self, call: Call[T]) -> tuple[Answer, T]:
        return await self._read_by_token(call, await self._post(call, _Proof.TOKEN))

    async def _read_by_token[T](self, call: Call[T], answer: Answer) -> tuple[Answer, T]:
        result = await self._read(call, answer)
        self._accepted(_Proof.TOKEN)
        return answer, result

    async def _ask_again[T](self, call: Call[T]) -> tuple[Answer, T]:
        """Look into the refusal of a token, with one more log-in if it was the password.

        The fault says only that the sender is not authorised: a clock that has drifted, a password that has
        changed and a right that is missing all look like this.
        """
        # If the clock does not tell, the old offset has to do.
        with suppress(CameraAnswerInvalid, CameraOperationUnsupported, CameraRefused):
            self._note_clock(*await self._clock_as_nobody())
        try:
            await self._ask_by_token(self._canary())
        except CameraRefused as err:
            raise self._refused() from err
        try:
            return await self._ask_by_token(call)
        except CameraRefused as err:
            raise self._lacks_right(call.action) from err

    def _accepted(self, proof: _Proof) -> None:
        self._proof = proof
        self.takes_digest = self.takes_digest or proof is _Proof.DIGEST
        self._backoff.accepted()

    def _note_digest(self, answer: Answer) -> None:
        """Remember for good that the camera took a digest, if this answer shows it."""
        if answer.logged_in and answer.status == 200:
            self._credential.digests.note()

    def _refused(self) -> CameraRefused:
        self._proof = None
        # A fresh start, so that the next attempt is one and not one with each nonce.
        self._digests.clear()
        self._backoff.refused()
        return CameraRefused("the camera refused the user or the password")

    def _canary(self) -> Call[CameraIdentity]:
        """Return what every user may ask: only a wrong password is refused it."""
        return self.device_call("GetDeviceInformation", parse_device_information)

    def _check_right(self, key: str) -> None:
        """Raise what is known to be refused, before anything is asked."""
        self._backoff.check()
        if time.monotonic() < self._denied.get(key, 0.0):
            raise CameraRightMissing("the user lacks the right for this operation")

    def _lacks_right(self, key: str) -> CameraRightMissing:
        self._denied[key] = time.monotonic() + _DENIED_FOR
        return CameraRightMissing("the user lacks the right for this operation")

    # --- Clock ------------------------------------------------------------------------------------------

    def camera_now(self) -> datetime | None:
        """Return what the camera's clock shows now, in UTC, None while it was never measured."""
        return None if self.clock is None else self.clock.to_camera(datetime.now(UTC))

    def _clock_call(self) -> Call[SystemTime]:
        call = self.device_call("GetSystemDateAndTime", parse_system_date_and_time)
        return replace(call, may_block=True)

    async def _clock_as_nobody(self) -> tuple[Answer, SystemTime]:
        call = self._clock_call()
        answer = await self._post(call, _Proof.NOTHING)
        return answer, await self._read(call, answer)

    def _note_clock(self, answer: Answer, shown: SystemTime) -> ClockReading:
        # A reading's own zone counts at once; one that tells none leaves the camera's as it was.
        if shown.zone_told:
            self.zone = shown.zone
        utc = shown.utc
        if utc is None and shown.local is not None and self.zone is not None:
            utc = shown.local.replace(tzinfo=self.zone).astimezone(UTC)
        if shown.zone_odd:
            self.quirks.note(Quirk.CLOCK_ZONE)
        if utc is None:
            err = CameraAnswerInvalid("the camera does not tell its time")
            err.operation = "GetSystemDateAndTime"
            raise err
        if shown.utc_missing:
            self.quirks.note(Quirk.CLOCK_NO_UTC)
        middle = answer.sent_at + timedelta(seconds=answer.took / 2)
        self.clock = ClockReading(
            # The protocol cuts fractions off: on average half a second.
            offset=utc + timedelta(milliseconds=500) - middle,
            uncertainty=timedelta(seconds=answer.took / 2 + 1),
            mode=shown.mode,
            measured_at=middle,
        )
        return self.clock

    # --- HTTP -------------------------------------------------------------------------------------------

    async def _post[T](self, call: Call[T], proof: _Proof) -> Answer:
        try:
            answer = await self._sent(call, proof)
        except CameraError as err:
            err.operation = call.operation
            raise
        path = URL(call.url, encoded=True).raw_path_qs
        as_nobody = proof is not _Proof.TOKEN and not answer.logged_in
        self._tell(call.operation, path, call.body, answer, as_nobody=as_nobody)
        return answer

    def _tell(
        self, operation: str, path: str, asked: str, answer: Answer, *, as_nobody: bool
    ) -> None:
        """Tell the listener of an answer."""
        if self.listener is not None:
            self.listener(
                Heard(
                    operation=operation,
                    path=path,
                    asked=asked,
                    status=answer.status,
                    content_type=answer.content_type,
                    body=answer.body,
                    challenges=answer.challenges,
                    as_nobody=as_nobody,
                    knows_password=answer.knows_password,
                    took=answer.took,
                )
            )

    async def _sent[T](self, call: Call[T], proof: _Proof) -> Answer:
        header = call.header
        if proof is _Proof.TOKEN:
            created = self.camera_now() or datetime.now(UTC)
            header = soap.username_token(self._credential, created) + header
        return await self._exchange(
            "POST",
            call.url,
            data=soap.envelope(call.body, header=header),
            headers={
                hdrs.CONTENT_TYPE: f'application/soap+xml; charset=utf-8; action="{call.action}"'
            },
            timeout=call.timeout,
            digest=self._digest(call.url) if proof is _Proof.DIGEST else None,
        )

    async def _read[T](self, call: Call[T], answer: Answer) -> T:
        try:
            return await self._understood(call, answer)
        except CameraError as err:
            err.operation = call.operation
            if err.quirk is not None:
                self.quirks.note(err.quirk)
            raise

    async def _understood[T](self, call: Call[T], answer: Answer) -> T:
        if answer.status in {401, 403}:
            raise CameraRefused(f"HTTP {answer.status}")
        if 300 <= answer.status < 400:
            raise CameraAnswerInvalid("the camera redirects, which is never followed")

        def read(body: bytes) -> T:
            return call.parser(read_tree(body, self.quirks.note, charset=answer.charset))

        try:
            return await soap.understand(read, answer.body, may_block=call.may_block)
        except CameraAnswerInvalid as err:
            if not isinstance(err, CameraFault) and soap.refuses_in_words(
                answer.status, answer.body
            ):
                refused = CameraRefused(f"HTTP {answer.status}, in words")
                refused.quirk = Quirk.SOAP_FAULT_WORDS
                raise refused from err
            if answer.status == 200:
                raise
            if answer.status in {404, 405, 501} and call.may_be_missing:
                raise CameraOperationUnsupported(f"HTTP {answer.status}") from err
            err.args = (f"HTTP {answer.status}: {err}",)
            raise

    def _digest(self, url: str) -> _Digest | None:
        """Return the digest log-in for an address's origin; its nonces are kept from call to call."""
        if ":" in self._credential.username:
            # RFC 7616, section 3.4.2: such a name has no digest.
            return None
        origin = URL(url, encoded=True).origin()
        if origin not in self._digests:
            if len(self._digests) >= _MAX_ORIGINS:
                del self._digests[next(iter(self._digests))]
            self._digests[origin] = _Digest(self._credential, self.quirks)
        return self._digests[origin]

    async def _exchange(
        self,
        method: str,
        url: str,
        *,
        data: bytes | None = None,
        headers: dict[str, str] | None = None,
        timeout: float | None = None,
        limit: int = soap.MAX_BODY,
        digest: _Digest | None = None,
    ) -> Answer:
        """Send one request and return its bounded answer; raises CameraError for everything below HTTP.

        What aiohttp does not take, or what ends before its end, is asked for again and read leniently, from then on at
        once where that helped.
        """
        seconds = timeout or self.timeout
        try:
            place = URL(url, encoded=True).origin()
            request = _Request(
                method=method,
                url=URL(url, encoded=True),
                body=data or b"",
                headers=CIMultiDict(self._headers(url) | (headers or {})),
            )
        except ValueError as err:
            raise _trouble(err, seconds) from err
        if self._lenient.get(place) is True:
            return await self._exchange_leniently(request, seconds, limit, digest)
        try:
            answer = await self._exchange_strictly(request, seconds, limit, digest)
            may_be_cut = method == "POST" or answer.body.startswith(b"\xff\xd8")
            if answer.status != 200 or not may_be_cut or lenient_http.looks_whole(answer.body):
                return answer
            given: CameraError | None = None
        except _NotHttp as err:
            answer, given = None, err.error
        if time.monotonic() >= float(self._lenient.get(place, 0.0)):
            if len(self._lenient) >= _MAX_ORIGINS:
                del self._lenient[next(iter(self._lenient))]
            self._lenient[place] = time.monotonic() + _STRICT_FOR
            try:
                lenient = await self._exchange_leniently(request, seconds, limit, digest)
            except CameraError:
                if answer is None:
                    raise
            else:
                if answer is None or len(lenient.body) > len(answer.body):
                    self._lenient[place] = True
                    return lenient
        if answer is None:
            assert given is not None
            raise given
        return answer

    async def _exchange_strictly(
        self,
        request: _Request,
        seconds: float,
        limit: int,
        digest: _Digest | None,
    ) -> Answer:
        """Send a request by aiohttp; raises _NotHttp for what it does not take, and CameraError."""
        again, begun = True, False
        while True:
            sent_at, started = datetime.now(UTC), time.monotonic()
            try:
                async with (
                    self._unless_abandoned(),
                    self._http.request(
                        request.method,
                        request.url,
                        data=request.body if request.method == "POST" else None,
                        headers=request.headers,
                        allow_redirects=False,
                        # What is compressed unasked stays so: a small body must not unfold into a large one.
                        auto_decompress=False,
                        raise_for_status=False,
                        ssl=self._tls,
                        server_hostname=self._name if request.url.scheme == "https" else None,
                        timeout=aiohttp.ClientTimeout(total=seconds),
                        middlewares=(
                            (_forget_cookies,) if digest is None else (digest, _forget_cookies)
                        ),
                    ) as response,
                ):
                    self._answered_at, begun = time.monotonic(), True
                    return self._answer(
                        response.status,
                        await soap.bounded_body(response, limit),
                        response.headers,
                        authorization=response.request_info.headers.get(hdrs.AUTHORIZATION),
                        sent_at=sent_at,
                        took=time.monotonic() - started,
                    )
            except (aiohttp.ClientResponseError, aiohttp.ClientPayloadError) as err:
                raise _NotHttp(_trouble(err, seconds)) from err
            except (aiohttp.ClientError, OSError, ValueError, RuntimeError) as err:
                if _broke(err):
                    if not again or time.monotonic() - started > _STALE_CONNECTION:
                        raise CameraUnreachable("the camera broke the connection") from err
                    again = False
                    continue
                if begun and isinstance(err, TimeoutError):
                    # More is named than ever comes.
                    raise _NotHttp(_trouble(err, seconds)) from err
                raise _trouble(err, seconds) from err

    async def _exchange_leniently(
        self,
        request: _Request,
        seconds: float,
        limit: int,
        digest: _Digest | None,
    ) -> Answer:
        """Send a request over a connection of its own and make of the answer what can be made."""
        sent_at, started = datetime.now(UTC), time.monotonic()
        sent = replace(request, headers=CIMultiDict(request.headers))
        body = b""

        async def send(asked: _Request) -> _Response:
            nonlocal body
            found = await lenient_http.exchange(
                asked.method,
                asked.url,
                headers=asked.headers,
                body=asked.body,
                tls=await self._lenient_tls(asked.url),
                fingerprint=self._tls.fingerprint
                if isinstance(self._tls, aiohttp.Fingerprint) and asked.url.scheme == "https"
                else None,
                server_hostname=self._name,
                limit=limit,
            )
            self._answered_at = time.monotonic()
            for quirk in found.quirks:
                self.quirks.note(quirk)
            body = found.body
            return _Response(
                status=found.status,
                headers=CIMultiDictProxy(found.headers),
                url=asked.url,
                method=asked.method,
            )

        try:
            async with self._unless_abandoned(), asyncio.timeout(seconds):
                if digest is None:
                    response = await send(sent)
                else:
                    # aiohttp's shape of a log-in asks no more of a request and its answer than these have.
                    handler = cast("aiohttp.ClientHandlerType", send)
                    response = cast(
                        "_Response", await digest(cast("aiohttp.ClientRequest", sent), handler)
                    )
        except TimeoutError as err:
            raise CameraUnreachable(f"no answer within {seconds:g} s") from err
        return self._answer(
            response.status,
            body,
            response.headers,
            authorization=sent.headers.get(hdrs.AUTHORIZATION),
            sent_at=sent_at,
            took=time.monotonic() - started,
        )

    async def _lenient_tls(self, url: URL) -> ssl.SSLContext | None:
        """Return how TLS is proved, as aiohttp does it; None where none is spoken."""
        if url.scheme != "https":
            return None
        if self._context is None:
            if self._verify_tls:
                # Reads the machine's certificates from disk.
                self._context = await asyncio.to_thread(ssl.create_default_context)
            else:
                self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                self._context.check_hostname = False
                self._context.verify_mode = ssl.CERT_NONE
        return self._context

    def _answer(
        self,
        status: int,
        body: bytes,
        headers: CIMultiDictProxy[str],
        *,
        authorization: str | None,
        sent_at: datetime,
        took: float,
    ) -> Answer:
        return Answer(
            status=status,
            body=body,
            logged_in=authorization is not None,
            knows_password=knows_password(
                self._credential, authorization or "", headers.get("Authentication-Info", ""), body
            ),
            wants_digest=offers_digest(headers.getall(hdrs.WWW_AUTHENTICATE, [])),
            wants_unknown=offers_unknown(headers.getall(hdrs.WWW_AUTHENTICATE, [])),
            sent_at=sent_at,
            took=took,
            charset=_charset(headers.get(hdrs.CONTENT_TYPE, "")),
            content_type=headers.get(hdrs.CONTENT_TYPE, "")[:_MAX_HEADER],
            challenges=tuple(
                value[:_MAX_HEADER]
                for value in headers.getall(hdrs.WWW_AUTHENTICATE, [])[:_MAX_CHALLENGES]
            ),
        )

    def _headers(self, url: str) -> dict[str, str]:
        """Return what every request carries; the address alone would not tell which of its names is meant."""
        headers: dict[str, str] = {hdrs.ACCEPT_ENCODING: "identity"}
        if self._name is not None:
            headers[hdrs.HOST] = (
                URL(url, encoded=True).with_host(self._name).host_port_subcomponent or ""
            )
        return headers

    @asynccontextmanager
    async def _unless_abandoned(self) -> AsyncGenerator[None]:
        """Run until the camera is left at the latest; raises CameraUnreachable then."""
        if self._abandoned:
            raise CameraUnreachable("the camera is elsewhere now")
        try:
            async with asyncio.timeout(None) as waiting:
                self._under_way.add(waiting)
                try:
                    yield
                finally:
                    self._under_way.discard(waiting)
        except TimeoutError as err:
            if not self._abandoned:
                raise
            raise CameraUnreachable("the camera is elsewhere now") from err


class OneTrySession(OnvifSession):
    """A session whose password is tried once: cameras lock accounts, and this one is not ours to lock.

    The first log-in that is refused ends it (CameraRefused, then CameraLockedOut); whatever is refused after a good
    one is a right that is missing.
    """

    _proved = False

    # Whether every good answer to a log-in came from somebody who knows the password; None while there was no log-in.
    answers_prove: bool | None = None

    # Whether who answers may be shown a token; asked once the clock there was read, which its time follows.
    token_allowed: Callable[[], bool] = staticmethod(lambda: True)

    @override
    async def _ask[T](self, call: Call[T]) -> tuple[Answer, T]:
        self._backoff.check()
        if self._proof is not _Proof.TOKEN:
            answer = await self._post(call, _Proof.DIGEST)
            if answer.logged_in and answer.status == 200:
                self.answers_prove = answer.knows_password and self.answers_prove is not False
            try:
                result = await self._read(call, answer)
            except CameraRefused as err:
                if answer.logged_in:
                    raise self._judged(call) from err
                # It asks for no digest, so nothing was tried yet.
                self._proof = _Proof.TOKEN
            else:
                self._proved = self._proved or answer.logged_in
                self._note_digest(answer)
                return answer, result
        if not self.token_allowed():
            raise CameraRefused("it asks for another log-in than the camera")
        # What follows a token proves nothing of who answers.
        self.answers_prove = False
        answer = await self._post(call, _Proof.TOKEN)
        try:
            result = await self._read(call, answer)
        except CameraRefused as err:
            raise self._judged(call) from err
        self._proved = True
        return answer, result

    def _judged[T](self, call: Call[T]) -> CameraRefused:
        """Return what a refusal means."""
        return self._lacks_right(call.action) if self._proved else self._refused()


class _Digest:
    """Signs the requests to one origin by digest; one that is refused is signed again where that makes sense."""

    def __init__(self, credential: Credential, quirks: Quirks) -> None:
        self._login = Login(credential, basic=False, quirks=quirks)

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Send a request, at most MAX_LOGINS times."""
        tries = 0
        while True:
            signature = await self._sign(request)
            response = await handler(request)
            tries += 1
            if response.status != HTTPStatus.UNAUTHORIZED:
                info = response.headers.get("Authentication-Info", "")
                # What shows that the camera took a digest is for the session to say.
                self._login.passed(signature, successful=False, info=info)
                return response
            if tries == MAX_LOGINS or not self._learn(response, signature):
                return response
            # Its connection is used again where its body is here already: some count nonces by connection.
            if isinstance(response, aiohttp.ClientResponse):
                response.release()

    async def _sign(self, request: aiohttp.ClientRequest) -> Signature | None:
        body = b"" if isinstance(request.body, bytes) else await request.body.as_bytes()
        signature = self._login.sign(request.method, request.url.raw_path_qs, body)
        if signature is not None:
            # aiohttp sends no bytes that are no UTF-8; the digest is that of what the camera wrote.
            octets = signature.header.encode("utf-8", "surrogateescape")
            request.headers[hdrs.AUTHORIZATION] = octets.decode("utf-8", "replace")
        return signature

    def _learn(self, response: aiohttp.ClientResponse, signature: Signature | None) -> bool:
        asked = response.headers.getall(hdrs.WWW_AUTHENTICATE, [])
        try:
            return self._login.learn(asked, signature)
        except CameraOperationUnsupported:
            # There are other ways than a digest.
            return False


@dataclass(frozen=True, kw_only=True)
class _Request:
    """One request, as aiohttp's log-ins know it."""

    method: str
    url: URL
    headers: CIMultiDict[str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class _Response:
    """The head of an answer, as aiohttp's log-ins know it."""

    method: str
    url: URL
    status: int
    headers: CIMultiDictProxy[str]


class _NotHttp(Exception):
    """What came is no HTTP that aiohttp takes; `error` says so in our own words."""

    def __init__(self, error: CameraError) -> None:
        super().__init__(str(error))
        self.error = error


def _charset(content_type: str) -> str:
    """Return the encoding that a Content-Type names, "" where it names none."""
    found = _CHARSET.search(content_type[:1000])
    return "" if found is None else found[1]


async def _forget_cookies(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep a camera's cookies out of the borrowed session's jar."""
    response = await handler(request)
    response.cookies = SimpleCookie()
    return response


def _check_log_in(answer: Answer) -> None:
    """Raise CameraOperationUnsupported for a 401 that asks for nothing we know: no password was refused."""
    if answer.status == HTTPStatus.UNAUTHORIZED and answer.wants_unknown:
        raise CameraOperationUnsupported("the camera asks for a log-in that is not supported")


def _broke(err: Exception) -> bool:
    """Return whether an error says that a connection broke that had been made, also where aiohttp gives it its own name."""
    if isinstance(err, aiohttp.ClientConnectorError):
        return False
    reset = isinstance(err, aiohttp.ClientOSError) and err.errno in {errno.ECONNRESET, errno.EPIPE}
    return reset or isinstance(err, (aiohttp.ServerDisconnectedError, ConnectionResetError))


def _trouble(err: Exception, seconds: float) -> CameraError:
    """Return the error for what aiohttp raised; only kinds are named, never addresses."""
    kind = type(err).__name__
    match err:
        case aiohttp.ServerFingerprintMismatch():
            return CameraCertificateChanged("the certificate is not the one that was pinned")
        case aiohttp.ClientConnectorCertificateError():
            return CameraCertificateChanged("the certificate is not trusted")
        case TimeoutError():
            return CameraUnreachable(f"no answer within {seconds:g} s")
        case aiohttp.ClientConnectionError() | aiohttp.ClientPayloadError() | OSError():
            return CameraUnreachable(f"no connection, or it broke: {kind}")
        case RuntimeError():
            return CameraUnreachable("the session is closed")
        case _:
            return CameraAnswerInvalid(f"not an HTTP answer: {kind}")
