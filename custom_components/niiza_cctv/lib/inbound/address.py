"""The address server's rules: what a camera's report by DynDNS v2 is answered, and which addresses it offers.

Source: Dyn's "Remote Access Update API" with its return codes, as inadyn, ddclient and the DDNS pages of cameras speak it.
A report proves nothing but that somebody knows a camera's id and password: what comes out is an `AddressCandidate`, to be believed
only after the camera has proved itself there.
"""

from base64 import b64decode
import binascii
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
import re
import time
from typing import Final

from .guard import PasswordGuard, RateLimiter, SourceLockedOut, TooBusy, source_of

type Address = IPv4Address | IPv6Address

# A camera reports each minute at most; one that starts anew over and over reports more often for a while.
_REPORTS_PER_MINUTE: Final = 2.0
_REPORTS_AT_ONCE: Final = 10.0
# Dyn's own limit.
_MAX_HOSTNAMES: Final = 20
_MAX_ADDRESSES: Final = 8
# So many addresses of one report are looked at: a camera has one or two.
_MAX_CANDIDATES: Final = 4
# Nothing that is longer than this is a camera's.
MAX_FIELD: Final = 1024
_MAX_NAME: Final = 128
# So many sources that are locked out are told of at a time, and so many cameras of each.
MAX_LOCK_OUTS: Final = 32
_MAX_LOCK_OUT_CAMERAS: Final = 8

# What forms of cameras put around a name.
_AROUND_NAMES: Final = " \t[]\"'"
_HOSTNAME: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")


class DynDnsReply(StrEnum):
    """The words of the protocol's answers."""

    GOOD = "good"
    NOCHG = "nochg"
    BADAUTH = "badauth"
    NOHOST = "nohost"
    NOTFQDN = "notfqdn"
    NUMHOST = "numhost"
    ABUSE = "abuse"
    BADAGENT = "badagent"
    # The server cannot just now: come again later.
    TROUBLE = "911"


@dataclass(frozen=True, kw_only=True)
class Account:
    """One camera as the address server knows it."""

    # Its unique id, and its password as `passwords.py` keeps it.
    camera: str
    hashed: str
    # Where it is reached now; `host` may be a DNS name.
    host: str
    port: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """One update request: fields as they came, None where they were left out."""

    method: str
    authorization: str | None
    hostname: str | None
    myip: str | None
    port: str | None
    agent: str | None
    # The address that the request came from.
    source: str
    # Name and password of the query or the form, as some routers have it.
    login: tuple[str | None, str | None] = (None, None)


@dataclass(frozen=True, kw_only=True)
class AddressCandidate:
    """Where a camera says that it is now: addresses in the order in which to try them."""

    camera: str
    hosts: tuple[str, ...]
    port: int


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a report is answered and what it means."""

    text: str
    # The camera that proved itself by its id and password.
    camera: str | None = None
    # None where nothing changed, or where nothing that was offered may be used.
    candidate: AddressCandidate | None = None
    # Something was offered, and none of it may ever be a camera's.
    not_allowed: bool = False

    @property
    def status(self) -> int:
        """Return the HTTP status: clients read the word, and 401 besides."""
        return 401 if self.text == DynDnsReply.BADAUTH else 200


@dataclass(frozen=True, kw_only=True)
class LockOut:
    """A source that sent so many wrong passwords that nothing of it is looked at for a while."""

    # As it is counted, see `guard.source_of`.
    source: str
    # UTC.
    since: datetime
    # The cameras that it said to be, or at whose address it is.
    cameras: frozenset[str]


class AddressServer:
    """Answers reports; memory is bounded by the cameras there are and by `guard.MAX_SOURCES`."""

    def __init__(
        self,
        accounts: Callable[[], Mapping[str, Account]],
        own_addresses: Callable[[], Collection[Address]],
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what tells the accounts by their id, and where Home Assistant itself is reached."""
        self._accounts = accounts
        self._own_addresses = own_addresses
        self._guard = PasswordGuard(now=now)
        self._rates = RateLimiter(_REPORTS_PER_MINUTE, _REPORTS_AT_ONCE, now=now)
        self._lock_outs: dict[str, LockOut] = {}

    async def close(self) -> None:
        """Wait for the threads that still hash."""
        await self._guard.close()

    def lock_outs(self) -> tuple[LockOut, ...]:
        """Return who is locked out now, the longest first; those whose time is over are forgotten."""
        for source in [one for one in self._lock_outs if not self._guard.locked_out(one)]:
            del self._lock_outs[source]
        return tuple(self._lock_outs.values())

    def _note_lock_out(self, counted: str, account: Account | None, source: Address) -> None:
        """Remember that a source is locked out, if it is, and which camera it said to be or is at the address of."""
        if not self._guard.locked_out(counted):
            self._lock_outs.pop(counted, None)
            return
        theirs = {each.camera for each in self._accounts().values() if each.host == str(source)}
        if account is not None:
            theirs.add(account.camera)
        known = self._lock_outs.get(counted)
        since = datetime.now(UTC) if known is None else known.since
        cameras = theirs | (set() if known is None else known.cameras)
        self._lock_outs[counted] = LockOut(
            source=counted, since=since, cameras=frozenset(sorted(cameras)[:_MAX_LOCK_OUT_CAMERAS])
        )
        if len(self._lock_outs) > MAX_LOCK_OUTS:
            del self._lock_outs[next(iter(self._lock_outs))]

    async def answer(self, report: Report) -> Verdict:
        """Answer one report; whatever it holds, nothing is raised but ValueError for a source that is no address."""
        source = ip_address(report.source)
        # What Dyn's specification means by it: another method than GET or POST, or nothing like a user agent.
        if report.method not in {"GET", "POST"} or len(report.agent or "") > MAX_FIELD:
            return Verdict(text=DynDnsReply.BADAGENT)
        if (login := _login(report.authorization) or _login_of_query(*report.login)) is None:
            # Some clients ask without a log-in first, to be told that one is wanted: that is no wrong password.
            return Verdict(text=DynDnsReply.BADAUTH)
        name, password = login
        account = self._accounts().get(name)
        try:
            # The hash of nobody takes as long: the time of an answer does not tell which ids exist.
            right = await self._guard.check(
                source_of(report.source), password, "" if account is None else account.hashed
            )
        except SourceLockedOut:
            self._note_lock_out(source_of(report.source), account, source)
            return Verdict(text=DynDnsReply.TROUBLE)
        except TooBusy:
            # Not "badauth", at which a camera with the right password behind the same router would stop for good.
            return Verdict(text=DynDnsReply.TROUBLE)
        if account is None or not right:
            self._note_lock_out(source_of(report.source), account, source)
            return Verdict(text=DynDnsReply.BADAUTH)
        if not self._rates.take(account.camera):
            return Verdict(text=DynDnsReply.ABUSE, camera=account.camera)
        return self._update(name, account, report, source)

    def _update(self, name: str, account: Account, report: Report, source: Address) -> Verdict:
        """Answer a camera that has proved itself, a line for each hostname."""
        hostnames = [
            text.strip(_AROUND_NAMES).rstrip(".").lower() for text in _split(report.hostname)
        ]
        if len(hostnames) > _MAX_HOSTNAMES:
            return Verdict(text=DynDnsReply.NUMHOST, camera=account.camera)
        found = [_hostname_word(hostname, name) for hostname in hostnames] or [DynDnsReply.NOTFQDN]
        if DynDnsReply.GOOD not in found:
            return Verdict(text="\n".join(found), camera=account.camera)
        port = _port(report.port, account.port)
        offered = _offered(report.myip, source)
        hosts = [
            str(address)
            for address in offered
            if is_acceptable(address, source, self._own_addresses())
        ]
        if port is None or not hosts:
            return Verdict(text=DynDnsReply.TROUBLE, camera=account.camera, not_allowed=True)
        unchanged = port == account.port and account.host in hosts
        # The family that works now first.
        hosts.sort(key=lambda host: (":" in host) != (":" in account.host))
        word = (
            f"{DynDnsReply.NOCHG} {account.host}" if unchanged else f"{DynDnsReply.GOOD} {hosts[0]}"
        )
        return Verdict(
            text="\n".join(word if each is DynDnsReply.GOOD else each for each in found),
            camera=account.camera,
            candidate=None
            if unchanged
            else AddressCandidate(
                camera=account.camera, hosts=tuple(hosts[:_MAX_CANDIDATES]), port=port
            ),
        )


def is_acceptable(address: Address, source: Address, own: Collection[Address]) -> bool:
    """Return whether a camera may be at an address that it reports from `source`.

    Loopback only from loopback: otherwise a report would lead us to Home Assistant's own services, and so would its
    own addresses.
    """
    if address.is_loopback:
        return source.is_loopback
    return not (
        address.is_unspecified
        or address.is_multicast
        or address.is_link_local
        or address.is_reserved
        or address in own
    )


def unmap_ipv4(address: Address) -> Address:
    """Return an address without what only its writing adds: IPv4 inside IPv6, and the zone."""
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or IPv6Address(int(address))
    return address


def _offered(myip: str | None, source: Address) -> list[Address]:
    """Return the addresses that a report names, or else where it came from, without repetition."""
    named = [address for text in _split(myip)[:_MAX_ADDRESSES] if (address := _address(text))]
    # Cameras behind a router report the address that they have there.
    if not named or (all(address.is_private for address in named) and source.is_global):
        named.append(unmap_ipv4(source))
    return list(dict.fromkeys(named))


def _address(text: str) -> Address | None:
    """Return an address, None for none: Dyn's servers, too, then take where the request comes from ("0.0.0.0", "auto")."""
    try:
        address = unmap_ipv4(ip_address(text.strip().strip("[]")))
    except ValueError:
        return None
    return None if address.is_unspecified else address


def _split(text: str | None) -> list[str]:
    return [part for part in (text or "")[:MAX_FIELD].split(",") if part.strip()]


def _hostname_word(hostname: str, name: str) -> DynDnsReply:
    """Return what becomes of one hostname: ours is the camera's id, or begins with it and a dot."""
    if not _HOSTNAME.fullmatch(hostname):
        return DynDnsReply.NOTFQDN
    known = name.lower()
    return (
        DynDnsReply.GOOD
        if hostname == known or hostname.startswith(f"{known}.")
        else DynDnsReply.NOHOST
    )


def _port(text: str | None, present: int) -> int | None:
    """Return the HTTP port that a report names, the present one where it names none, None for one that is none."""
    if text is None or not text.strip():
        return present
    if not re.fullmatch(r"[0-9]{1,5}", text.strip()):
        return None
    return port if 0 < (port := int(text)) < 65536 else None


def _login(authorization: str | None) -> tuple[str, str] | None:
    """Return id and password of HTTP Basic (RFC 7617), None where there are none."""
    scheme, *words = (authorization or "").split() or [""]
    rest = "".join(words)
    if scheme.lower() != "basic" or len(rest) > MAX_FIELD:
        return None
    try:
        # Some leave the padding out.
        octets = b64decode(rest.rstrip("=") + "=" * (-len(rest.rstrip("=")) % 4), validate=True)
    except binascii.Error, ValueError:
        return None
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        # What cameras without UTF-8 send.
        text = octets.decode("latin-1")
    name, colon, password = text.partition(":")
    return _named(name, password) if colon else None


def _login_of_query(name: str | None, password: str | None) -> tuple[str, str] | None:
    """Return id and password that came without HTTP's log-in, None where there are none."""
    if name is None or password is None or max(len(name), len(password)) > MAX_FIELD:
        return None
    return _named(name, password)


def _named(name: str, password: str) -> tuple[str, str] | None:
    # Forms on cameras keep the blanks that somebody typed behind the id.
    name = name.strip()
    return (name, password) if 0 < len(name) <= _MAX_NAME else None
