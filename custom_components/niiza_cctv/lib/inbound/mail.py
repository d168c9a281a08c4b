"""The mail receiver: SMTP (RFC 5321) for the section's cameras, and for nobody else.

It takes mails for known recipients and keeps none of them: who sent a mail when, and what it says of the card, is all that
leaves this module. The protocol is `aiosmtpd`'s; what stands here bounds what that leaves open:

- it holds the pieces of a line without end, and waits for ever for a peer that does not read: bytes and lifetime are
  counted here, and end in `abort()`;
- its limits of command lengths are shared by all sessions, and grow with each EHLO: each session has its own;
- it greets with its version and repeats exceptions and addresses to the peer, and logs what strangers send: it does not;
- its passwords are checked on the event loop: they are looked at by `guard.PasswordGuard`;
- it takes STARTTLS inside TLS: refused;
- it looks the host's name up when it is given none: it is given one;
- it holds clients to the letter of the RFC, and cameras do not know it: names of HELO and of mechanisms, log-ins and
  sizes after HELO, addresses with a name before them, parameters that nobody knows are taken as they come.

A mail ends at CRLF.CRLF, so that no second mail hides behind a bare LF; one whose sender falls silent behind a dot on a
line of its own has ended, too. The proxy protocol is off.
"""

import asyncio
from base64 import b64decode
import binascii
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import unquote
from enum import StrEnum
import hmac
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
import logging
import re
import ssl
from typing import Any, override

from aiosmtpd.smtp import MISSING, SMTP, Envelope, Session

from ..listening import stop_listening
from .guard import PasswordGuard, RateLimiter, SourceLockedOut, TooBusy, source_of
from .mime import read_mail
from .patterns import CardNews, CardPatterns

type Network = IPv4Network | IPv6Network

MAX_MAIL = 64 * 1024
# What a client that does not know SIZE may send before it is cut off; until then it is told in words.
_DRAINED = 4 * MAX_MAIL
# Commands of a session, all together: about a hundred mails with their logins.
_COMMAND_BYTES = 64 * 1024
# A camera writes lines of a thousand characters at most (RFC 5321, 4.5.3.1.6), and its HTML in one line.
_LINE = MAX_MAIL

MAX_SESSIONS = 64
MAX_SESSIONS_PER_SOURCE = 16
_READ_AFTER_EOF = 1.0
# Who says nothing for so long behind a dot with bare line ends waits for the answer to his mail (seconds).
_DOT_WAITS = 1.0
# A dot alone on its line, however the lines end, but for CRLF.CRLF.
_BARE_DOT = re.compile(rb"\n\.\r?\n\Z")
_DOT = re.compile(rb"\r\n\.\r\n\Z")
# What ends is looked at of what has come (bytes).
_TAIL = 5
# An address in angle brackets, whatever name stands before it; quoted parts may hold brackets (RFC 5321, 4.1.2).
_ANGLE = re.compile(
    r'(?:"(?:[^"\\]|\\.)*"|[^<"])*<\s*((?:"(?:[^"\\]|\\.)*"|[^"<>])*)>(.*)', re.DOTALL
)
# What a parameter of MAIL may be that means something here; others are of no interest (RFC 4954, 5: AUTH=<>).
_SIZE = re.compile(r"[0-9]{1,40}")
# Answers that say: not understood, or not now.
_NOT_UNDERSTOOD = ("500", "501", "503", "504", "538", "553", "555")
# So many sources are remembered of which something was not taken.
_MAX_REFUSED_SOURCES = 256
# How often each command may come in a session; the office's own mail server brings the mails of many cameras in one.
_COMMANDS = {"*": 10, "MAIL": 100, "RCPT": 200, "DATA": 100, "RSET": 100, "NOOP": 20, "AUTH": 4}
_RECIPIENTS_PER_MAIL = 10
_UNKNOWN_PER_SESSION = 5
_ERRORS_PER_SESSION = 20
# Two read while the others wait.
_READERS = 2

# Loopback, private and link-local addresses (RFC 1918, 4193, 3927, 4291), as cameras have them.
LOCAL_NETWORKS: tuple[Network, ...] = tuple(
    ip_network(each)
    for each in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)


class StartTls(StrEnum):
    """What is expected of cameras."""

    OFF = "off"
    OFFERED = "offered"
    REQUIRED = "required"


class Refusal(StrEnum):
    """Why something was not taken; counted, so that a person can find out why a camera's mails do not come."""

    NETWORK = "network"
    TOO_MANY_SESSIONS = "too_many_sessions"
    TOO_OFTEN = "too_often"
    UNKNOWN_RECIPIENT = "unknown_recipient"
    TOO_LARGE = "too_large"
    NO_LOGIN = "no_login"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a reason
    LOCKED_OUT = "locked_out"
    # A command that is none, or that comes at the wrong time.
    BROKEN = "broken"
    # A mail that began and never came to its end.
    UNFINISHED = "unfinished"


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """How mails are taken."""

    port: int
    # None: every interface.
    host: str | None = None
    networks: tuple[Network, ...] = LOCAL_NETWORKS
    # Empty: no login is wanted. With a name and without a hash nobody gets in.
    username: str = ""
    password: str = ""
    starttls: StartTls = StartTls.OFF


@dataclass(frozen=True, kw_only=True)
class SessionTiming:
    """How long a session may take (seconds)."""

    # One that is older gives way to another of the same source.
    a_mail_takes: float = 5.0
    idle: float = 30.0
    lifetime: float = 180.0


@dataclass(frozen=True, kw_only=True)
class Refused:
    """What was not taken from one source."""

    # By reason; the newest reason, and when that was.
    counts: Mapping[Refusal, int]
    last: Refusal
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail of a camera: all that is ever known of it."""

    camera: str
    at: datetime
    subject: str
    card: CardNews | None


class MailReceiver:
    """Listens for the cameras' mails."""

    def __init__(
        self,
        settings: MailSettings,
        recipients: Callable[[], Mapping[str, str]],
        received: Callable[[Mail], None],
        *,
        ssl_context: ssl.SSLContext | None = None,
        patterns: CardPatterns | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        timing: SessionTiming | None = None,
        refused: Callable[[str], None] = lambda _source: None,
    ) -> None:
        """Make it; nothing listens.

        `recipients` gives the camera behind each local part, in small letters; the domain does not matter. `received` is
        called in the event loop, and so is `refused` with the source (`guard.source_of`) of something that was not taken.
        Raises ValueError when STARTTLS is wanted without a context.
        """
        if settings.starttls is not StartTls.OFF and ssl_context is None:
            raise ValueError("STARTTLS needs a certificate")
        self.settings = settings
        self.timing = timing or SessionTiming()
        self.refused: Counter[Refusal] = Counter()
        self._refused_by: OrderedDict[str, Refused] = OrderedDict()
        self._recipients = recipients
        self._received = received
        self._on_refused = refused
        self._tls = None if settings.starttls is StartTls.OFF else ssl_context
        self._patterns = patterns or CardPatterns()
        self._now = now
        self._server: asyncio.Server | None = None
        self._sessions: dict[_Session, str] = {}
        self._readers = asyncio.Semaphore(_READERS)
        self.guard = PasswordGuard()
        self._reading: set[asyncio.Task[None]] = set()
        # A section has some dozen cameras; each source may be busier than any of them is.
        self._connections = RateLimiter(per_minute=300, burst=150)
        self._mails = RateLimiter(per_minute=300, burst=150)
        self._mails_per_camera = RateLimiter(per_minute=60, burst=30)
        self._mails_in_all = RateLimiter(per_minute=3000, burst=1500)

    @property
    def port(self) -> int:
        """Return the port in use; raises RuntimeError while nothing listens."""
        if self._server is None or not self._server.sockets:
            raise RuntimeError("Nothing listens")
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def sessions(self) -> int:
        """Return how many clients are connected."""
        return len(self._sessions)

    async def start(self) -> None:
        """Listen; raises OSError when the port is taken or may not be used."""
        _silence()
        # In two steps: whoever gives up waiting in between must find what `stop` has to close.
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Gate(self), self.settings.host, self.settings.port, start_serving=False
        )
        await self._server.start_serving()

    async def stop(self) -> None:
        """Listen no more and end every session."""
        if self._server is None:
            return
        await stop_listening(self._server)
        self._server.abort_clients()
        await self._server.wait_closed()
        self._server = None
        await asyncio.gather(*self._reading, return_exceptions=True)
        await self.guard.close()

    def refuse(self, why: Refusal, source: str) -> None:
        """Count something that was not taken."""
        self.refused[why] += 1
        before = self._refused_by.pop(source, None)
        counts = {} if before is None else before.counts
        self._refused_by[source] = Refused(
            counts={**counts, why: counts.get(why, 0) + 1}, last=why, at=self._now()
        )
        if len(self._refused_by) > _MAX_REFUSED_SOURCES:
            self._refused_by.popitem(last=False)
        self._on_refused(source)

    def refused_from(self, host: str) -> Refused | None:
        """Return what was not taken from an address since the start; None: nothing, or it is no address."""
        try:
            return self._refused_by.get(source_of(host))
        except ValueError:
            return None

    # --- Sessions -----------------------------------------------------------------------------------------------------

    def admit(self, transport: asyncio.Transport) -> _Session | None:
        """Return a session for whoever has connected, or None after telling him why not."""
        peer = transport.get_extra_info("peername")
        try:
            address = ip_address(peer[0].partition("%")[0])
            source = source_of(peer[0])
        except TypeError, ValueError:
            # Gone before we looked.
            transport.abort()
            return None
        mapped = getattr(address, "ipv4_mapped", None)
        if not any((mapped or address) in network for network in self.settings.networks):
            why, answer = Refusal.NETWORK, b"554 5.7.1 Not from there\r\n"
        elif not self._connections.take(source):
            why, answer = Refusal.TOO_OFTEN, b"421 4.7.0 Too often\r\n"
        elif not self._make_room(source):
            why, answer = Refusal.TOO_MANY_SESSIONS, b"421 4.3.2 Too many\r\n"
        else:
            session = _Session(self, transport, source, self._tls)
            self._sessions[session] = source
            return session
        self.refuse(why, source)
        transport.write(answer)
        transport.close()
        return None

    def _make_room(self, source: str) -> bool:
        """Return whether one more session of a source may begin; a session of whoever has most of them gives way to it.

        Otherwise whoever does nothing but hold connections keeps every camera out, and they count as dead.
        """
        counts = Counter(self._sessions.values())
        if counts[source] >= MAX_SESSIONS_PER_SOURCE:
            busiest = source
        elif len(self._sessions) >= MAX_SESSIONS:
            busiest = counts.most_common(1)[0][0]
        else:
            return True
        oldest = next(session for session, of in self._sessions.items() if of == busiest)
        if busiest == source and oldest.age < self.timing.a_mail_takes:
            return False
        self.refuse(Refusal.TOO_MANY_SESSIONS, busiest)
        oldest.abort()
        self.ended(oldest)
        return True

    def ended(self, session: _Session) -> None:
        """Forget a session."""
        self._sessions.pop(session, None)

    @property
    def login_wanted(self) -> bool:
        """Return whether cameras must log in."""
        return bool(self.settings.username)

    # --- Mails --------------------------------------------------------------------------------------------------------

    def camera(self, address: str) -> str | None:
        """Return the camera whose mail goes to an address; None when it is nobody's."""
        name, at, _ = address.rpartition("@")
        return self._recipients().get(unquote(name if at else address).lower())

    def may_send(self, source: str) -> bool:
        """Return whether a source may begin one more mail now."""
        return self._mails.take(source) and self._mails_in_all.take("")

    def may_reach(self, source: str, camera: str) -> bool:
        """Return whether one more mail of a source for a camera may come now: nobody uses up what another may send."""
        return self._mails_per_camera.take(f"{source} {camera}")

    async def log_in(self, source: str, name: bytes, password: bytes) -> bool:
        """Return whether a camera may send; raises SourceLockedOut, TooBusy."""
        right_name = hmac.compare_digest(name, self.settings.username.encode())
        # A wrong name takes as long as a wrong password.
        return await self.guard.check(
            source, password.decode(errors="replace"), self.settings.password if right_name else ""
        )

    async def take(self, content: bytes, cameras: tuple[str, ...]) -> bool:
        """Read a mail and let go of it, even when whoever sent it has hung up meanwhile; False: too many are being read."""
        if len(self._reading) >= MAX_SESSIONS:
            return False
        at = self._now()
        task = asyncio.create_task(self._take(content, cameras, at))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)
        await asyncio.shield(task)
        return True

    async def _take(self, content: bytes, cameras: tuple[str, ...], at: datetime) -> None:
        async with self._readers:
            subject, card = await asyncio.to_thread(self._read, content)
        for camera in cameras:
            self._received(Mail(camera=camera, at=at, subject=subject, card=card))

    def _read(self, content: bytes) -> tuple[str, CardNews | None]:
        contents = read_mail(content)
        return contents.subject, self._patterns.read(f"{contents.subject}\n{contents.text}")


class _Hooks:
    """What aiosmtpd asks of its handler; an object of its own, for aiosmtpd looks at every attribute of it."""

    def __init__(self, receiver: MailReceiver) -> None:
        self._receiver = receiver

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        """Offer a log-in only where one is wanted, and no foreign letters: they are taken, but nobody needs them."""
        session.host_name = name
        return [
            each
            for each in answers
            if not each.startswith("250-SMTPUTF8")
            and (self._receiver.login_wanted or not each.startswith("250-AUTH"))
        ]

    async def handle_AUTH(
        self, server: _Session, session: Session, envelope: Envelope, arguments: list[str]
    ) -> str | None:
        """Log in. Done here, as aiosmtpd's own way checks passwords in the event loop and logs a warning for each that is right."""
        if not self._receiver.login_wanted:
            # A camera that was given a name and a password logs in, offered or not, and would give up.
            if await _credential(server, arguments) is None:
                return None
            return "235 2.7.0 No log-in is wanted"
        if self._receiver.guard.locked_out(server.source):
            self._receiver.refuse(Refusal.LOCKED_OUT, server.source)
            return "454 4.7.0 Not now"
        if (credential := await _credential(server, arguments)) is None:
            return None
        try:
            right = await self._receiver.log_in(server.source, *credential)
        except SourceLockedOut, TooBusy:
            self._receiver.refuse(Refusal.LOCKED_OUT, server.source)
            return "454 4.7.0 Not now"
        if not right:
            self._receiver.refuse(Refusal.WRONG_PASSWORD, server.source)
            return "535 5.7.8 Authentication credentials invalid"
        session.authenticated = True
        return "235 2.7.0 Authentication successful"

    async def handle_MAIL(
        self,
        server: _Session,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Take any sender: whoever writes it can write what he likes."""
        if not self._receiver.may_send(server.source):
            self._receiver.refuse(Refusal.TOO_OFTEN, server.source)
            return "450 4.7.1 Too many mails, try again later"
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self,
        server: _Session,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Take the section's cameras and nobody else."""
        camera = self._receiver.camera(address)
        if camera is None:
            self._receiver.refuse(Refusal.UNKNOWN_RECIPIENT, server.source)
            server.unknown += 1
            if server.unknown > _UNKNOWN_PER_SESSION:
                server.end_soon()
                return "421 4.7.0 Too many unknown recipients"
            return "550 5.1.1 No such recipient here"
        if len(envelope.rcpt_tos) >= _RECIPIENTS_PER_MAIL:
            return "452 4.5.3 Too many recipients"
        if camera not in envelope.rcpt_tos:
            if not self._receiver.may_reach(server.source, camera):
                self._receiver.refuse(Refusal.TOO_OFTEN, server.source)
                return "450 4.7.1 Too many mails, try again later"
            envelope.rcpt_tos.append(camera)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: _Session, session: Session, envelope: Envelope) -> str:
        """Take the mail."""
        content = envelope.original_content or b""
        envelope.content = envelope.original_content = None
        if not await self._receiver.take(content, tuple(envelope.rcpt_tos)):
            self._receiver.refuse(Refusal.TOO_OFTEN, server.source)
            return "451 4.3.2 Busy, try again later"
        return "250 2.0.0 OK"

    async def handle_VRFY(
        self, server: SMTP, session: Session, envelope: Envelope, address: str
    ) -> str:
        """Tell nobody who is known (RFC 5321, 3.5.3)."""
        return "252 2.5.0 Send a mail to find out"

    async def handle_exception(self, error: Exception) -> str:
        """Tell the peer nothing of what broke; aiosmtpd trips over some broken commands."""
        return "451 4.3.0 Not understood"


class _Gate(asyncio.Protocol):
    """Looks at who connects before anything is spent on him."""

    def __init__(self, receiver: MailReceiver) -> None:
        self._receiver = receiver

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Hand the connection over to a session, or turn it away."""
        assert isinstance(transport, asyncio.Transport)
        if (session := self._receiver.admit(transport)) is not None:
            transport.set_protocol(session)
            session.connection_made(transport)


class _Session(SMTP):
    """One client, bounded in bytes and time."""

    line_length_limit = _LINE
    local_part_limit = 64

    def __init__(
        self,
        receiver: MailReceiver,
        transport: asyncio.Transport,
        source: str,
        tls: ssl.SSLContext | None,
    ) -> None:
        """Make the session of a source."""
        self.source = source
        self.unknown = 0
        self._errors = 0
        self._receiver = receiver
        self._socket = transport
        self._room = _COMMAND_BYTES
        # While a mail comes: whether anything of it came, how that ended, and when a bare dot counts as its end.
        self._in_mail = False
        self._mail_begun = False
        self._tail = b""
        self._dot: asyncio.TimerHandle | None = None
        # Set before aiosmtpd clears what would be the dict of all sessions.
        self.command_size_limits = defaultdict(lambda: SMTP.command_size_limit)
        required = receiver.settings.starttls is StartTls.REQUIRED
        super().__init__(
            _Hooks(receiver),
            data_size_limit=MAX_MAIL,
            hostname="niiza-cctv",
            ident="ESMTP",
            # Otherwise a foreign letter in a name is an error (the hooks do not offer it).
            enable_SMTPUTF8=True,
            tls_context=tls,
            require_starttls=required,
            auth_require_tls=required,
            timeout=receiver.timing.idle,
            command_call_limit=_COMMANDS,
            loop=asyncio.get_running_loop(),
        )
        self._begun = self.loop.time()
        self._end = self.loop.call_later(receiver.timing.lifetime, self.abort)

    @property
    def age(self) -> float:
        """Return for how many seconds it is there."""
        return self.loop.time() - self._begun

    def abort(self) -> None:
        """End at once, whether the peer reads what was written or not."""
        self._socket.abort()

    def end_soon(self) -> None:
        """End when the answer is out, or a second later at the latest."""
        self._end.cancel()
        self._end = self.loop.call_later(1, self.abort)
        self.loop.call_soon(self._socket.close)

    @override
    def data_received(self, data: bytes) -> None:
        """Count what comes; with STARTTLS it comes decrypted."""
        self._room -= len(data)
        if self._room < 0:
            self._receiver.refuse(Refusal.TOO_LARGE, self.source)
            self.abort()
            return
        super().data_received(data)
        if self._in_mail:
            self._look_for_dot(data)

    def _look_for_dot(self, data: bytes) -> None:
        """Take a dot with bare line ends for the end of the mail when nothing follows: a hidden mail would."""
        self._mail_begun = True
        self._tail = (self._tail + data)[-_TAIL:]
        if self._dot is not None:
            self._dot.cancel()
            self._dot = None
        if _BARE_DOT.search(self._tail) and not _DOT.search(self._tail):
            self._dot = self.loop.call_later(_DOT_WAITS, self._end_mail)

    def _end_mail(self) -> None:
        """End the mail that has come, as its sender meant it."""
        self._dot = None
        if self._in_mail:
            super().data_received(b"\r\n.\r\n")

    @override
    def eof_received(self) -> bool | None:
        """Let what has come be read first: some cameras hang up without waiting for the answer."""
        if self.session is not None and self.session.ssl is not None:
            return super().eof_received()
        self._end.cancel()
        self._end = self.loop.call_later(_READ_AFTER_EOF, self.abort)
        if self._dot is not None:
            self._dot.cancel()
            self._end_mail()
        return True

    @override
    def connection_lost(self, error: Exception | None) -> None:
        """Forget the session; aiosmtpd calls this twice when TLS fails."""
        self._end.cancel()
        if self._dot is not None:
            self._dot.cancel()
        if self._in_mail and self._mail_begun:
            self._in_mail = False
            self._receiver.refuse(Refusal.UNFINISHED, self.source)
        self._receiver.ended(self)
        super().connection_lost(error)

    @override
    async def push[Answer: (str, bytes)](self, status: Answer) -> None:
        """Answer; that a mail was too large, and that a line is no command, is said by aiosmtpd alone."""
        if isinstance(status, str) and status.startswith("5"):
            if status.startswith("552"):
                self._receiver.refuse(Refusal.TOO_LARGE, self.source)
            elif status.startswith(_NOT_UNDERSTOOD):
                self._receiver.refuse(Refusal.BROKEN, self.source)
            self._errors += 1
            if self._errors > _ERRORS_PER_SESSION:
                self.end_soon()
        await super().push(status)

    @override
    async def check_auth_needed(self, caller_method: str) -> bool:
        """Refuse whoever has not logged in; aiosmtpd's own way warns for each session without TLS."""
        assert self.session is not None
        if not self._receiver.login_wanted or self.session.authenticated:
            return False
        self._receiver.refuse(Refusal.NO_LOGIN, self.source)
        await self.push("530 5.7.0 Authentication required")
        return True

    @override
    async def smtp_DATA(self, arg: str) -> None:
        """Take a mail; one that is too large is drained for a while, so that a client may be told."""
        before, self._room = self._room, _DRAINED
        assert self.envelope is not None
        # Only then a mail comes: otherwise this is refused.
        self._in_mail, self._mail_begun, self._tail = bool(self.envelope.rcpt_tos), False, b"\n"
        try:
            await super().smtp_DATA("")
        finally:
            self._room, self._in_mail = before, self._in_mail and self.transport is None

    @override
    async def smtp_HELO(self, hostname: str) -> None:
        """Greet; cameras log in and tell sizes after HELO, too, and some have no name."""
        await super().smtp_HELO(hostname or _NAMELESS)
        assert self.session is not None
        self.session.extended_smtp = True

    @override
    async def smtp_EHLO(self, hostname: str) -> None:
        """Greet; some cameras have no name."""
        await super().smtp_EHLO(hostname or _NAMELESS)

    @override
    async def smtp_AUTH(self, arg: str) -> None:
        """Log in, by the mechanism in whatever letters, and anew where that was done before."""
        mechanism, _, rest = (arg or "").strip().partition(" ")
        assert self.session is not None
        self.session.authenticated = None
        await super().smtp_AUTH(f"{mechanism.upper()} {rest}".strip())

    @override
    async def smtp_MAIL(self, arg: str | None) -> None:
        """Begin a mail, in the place of one that was begun and not sent."""
        assert self.envelope is not None
        if self.envelope.mail_from:
            self.envelope.mail_from = None
            self.envelope.rcpt_tos.clear()
        await super().smtp_MAIL(arg)

    @override
    async def smtp_QUIT(self, arg: str) -> None:
        """Say good-bye, whatever stands behind it."""
        await super().smtp_QUIT("")

    @override
    def _strip_command_keyword(self, keyword: str, arg: str) -> str | None:
        """Return what follows "FROM:" or "TO:", with blanks around the colon or without one."""
        word = keyword.rstrip(":")
        if arg[: len(word)].upper() != word:
            return None
        rest = arg[len(word) :].lstrip()
        if rest.startswith(":"):
            return rest[1:].strip()
        # Without a colon something has to part it from the address.
        return rest.strip() if rest.startswith("<") or arg[len(word) :] != rest else None

    @override
    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """Return an address and what follows it: with or without brackets, name, blanks and route (RFC 5321, 4.1.2)."""
        if (found := _ANGLE.fullmatch(arg)) is not None:
            address, rest = found[1].strip(), found[2]
            if address.startswith("@"):
                # A route, which nobody has used for decades.
                address = address.partition(":")[2]
        elif "<" in arg:
            return None, None
        else:
            address, _, rest = arg.strip().partition(" ")
        if len(address.rpartition("@")[0] or address) > self.local_part_limit:
            return None, None
        # Nobody, as bounces and some cameras have it; aiosmtpd takes an empty name for none at all.
        return address or ("<>" if found else ""), rest.strip()

    @override
    def _getparams(self, params: Sequence[str]) -> dict[str, str | bool]:
        """Return the parameter that means something here; others are taken as they come."""
        for param in params:
            name, _, value = param.partition("=")
            if name == "SIZE" and _SIZE.fullmatch(value):
                return {"SIZE": value}
        return {}

    @override
    async def smtp_STARTTLS(self, arg: str) -> None:
        """Begin TLS, once."""
        if self._tls_protocol is not None:
            await self.push("503 5.5.1 Already inside TLS")
            return
        await super().smtp_STARTTLS(arg)

    @override
    async def smtp_HELP(self, arg: str) -> None:
        """Say what there is, without repeating what was asked."""
        await self.push("214 2.0.0 MAIL RCPT DATA RSET NOOP QUIT")


async def _credential(server: _Session, arguments: list[str]) -> tuple[bytes, bytes] | None:
    """Return name and password of AUTH PLAIN (RFC 4616) or LOGIN; None when something else came, which is answered."""
    mechanism, *initial = arguments
    answers: list[bytes] = []
    if initial:
        try:
            # "=" is an empty initial response (RFC 4954).
            answers.append(b64decode("" if initial[0] == "=" else initial[0], validate=True))
        except binascii.Error:
            await server.push("501 5.5.2 Can't decode base64")
            return None
    questions = ("",) if mechanism == "PLAIN" else ("Username:", "Password:")
    for question in questions[len(answers) :]:
        answer: Any = await server.challenge_auth(question)
        if answer is MISSING:
            return None
        answers.append(answer)
    if mechanism != "PLAIN":
        return answers[0], answers[1]
    # Whom the client wants to act for is of no interest: there is one user.
    fields = answers[0].split(b"\0")
    if len(fields) != 3:
        await server.push("501 5.5.2 Not a name and a password")
        return None
    return fields[1], fields[2]


# The name of a client that has none.
_NAMELESS = "nameless"


def _silence() -> None:
    """Keep what strangers send out of the log: aiosmtpd logs commands, addresses and broken log-ins as they come."""
    logging.getLogger("mail.log").addFilter(_nothing)


def _nothing(_record: logging.LogRecord) -> bool:
    return False
