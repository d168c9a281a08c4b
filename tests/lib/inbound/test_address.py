"""The address server's rules: what a report is answered, and which addresses may be a camera's."""

import asyncio
from base64 import b64encode
from functools import cache
from ipaddress import ip_address
from typing import Any
from unittest.mock import patch

from hypothesis import given, strategies as st
import pytest

from custom_components.niiza_cctv.lib.inbound import guard
from custom_components.niiza_cctv.lib.inbound.address import (
    Account,
    AddressCandidate,
    AddressServer,
    DynDnsReply,
    Report,
    Verdict,
    is_acceptable,
    unmap_ipv4,
)
from custom_components.niiza_cctv.lib.inbound.passwords import ScryptCost, hash_password

PASSWORD = "a long one of its own"
HOME = ip_address("192.0.2.5")
# A camera behind a router of an ordinary provider, and where it is known to be.
OUTSIDE, KNOWN = "8.8.4.4", "192.168.7.20"


@cache
def kept() -> str:
    """Return the kept form of the password; making it takes a while."""
    return hash_password(PASSWORD, ScryptCost(log_n=4, p=1))


def basic(text: str | bytes) -> str:
    """Return the value of an Authorization header."""
    return f"Basic {b64encode(text.encode() if isinstance(text, str) else text).decode()}"


class Desk:
    """An address server with one camera, and a clock that stands still."""

    def __init__(self) -> None:
        """Open it."""
        self.now = 1000.0
        self.account = Account(camera="cam-1", hashed=kept(), host=KNOWN, port=80)
        self.server = AddressServer(
            lambda: {"kita": self.account}, lambda: {HOME}, now=lambda: self.now
        )

    async def report(self, **changes: Any) -> Verdict:
        """Report; a minute later each time."""
        self.now += 60
        return await self.server.answer(report(**changes))


def report(**changes: Any) -> Report:
    """Return a report of the camera kita as a good client sends it."""
    fields: dict[str, Any] = {
        "method": "GET",
        "authorization": basic(f"kita:{PASSWORD}"),
        "hostname": "kita",
        "myip": None,
        "port": None,
        "agent": "ddns/1.0",
        "source": KNOWN,
    }
    return Report(**fields | changes)


@pytest.fixture
def desk() -> Desk:
    """Return an address server."""
    return Desk()


@pytest.mark.parametrize(
    ("myip", "source", "hosts"),
    [
        # As ddclient and inadyn send it.
        (OUTSIDE, OUTSIDE, (OUTSIDE,)),
        # Left out, empty, or not known to the camera.
        (None, OUTSIDE, (OUTSIDE,)),
        (" ", OUTSIDE, (OUTSIDE,)),
        ("0.0.0.0", OUTSIDE, (OUTSIDE,)),  # noqa: S104 - what some cameras send
        ("1.2.3", OUTSIDE, (OUTSIDE,)),
        # Behind a router the camera knows its inner address only.
        ("192.168.0.9", OUTSIDE, ("192.168.0.9", OUTSIDE)),
        ("192.168.0.9", "192.168.0.1", ("192.168.0.9",)),
        # Both families, whichever works now first.
        ("2001:4860::8,1.1.1.1", OUTSIDE, ("1.1.1.1", "2001:4860::8")),
        ("[2001:4860::8]", OUTSIDE, ("2001:4860::8",)),
        ("::ffff:1.1.1.1", OUTSIDE, ("1.1.1.1",)),
        ("1.1.1.1, 1.1.1.1", OUTSIDE, ("1.1.1.1",)),
        # What can be no camera's is left out.
        ("224.0.0.1,1.1.1.1", OUTSIDE, ("1.1.1.1",)),
        ("127.0.0.1,1.1.1.1", OUTSIDE, ("1.1.1.1",)),
        ("192.0.2.5,1.1.1.1", OUTSIDE, ("1.1.1.1",)),
        # So many are looked at.
        (
            ",".join(f"1.1.1.{last}" for last in range(1, 9)),
            OUTSIDE,
            tuple(f"1.1.1.{last}" for last in range(1, 5)),
        ),
    ],
)
async def test_addresses_offered(
    desk: Desk, myip: str | None, source: str, hosts: tuple[str, ...]
) -> None:
    """What a report names is offered in the order in which to try it."""
    verdict = await desk.report(myip=myip, source=source)
    assert verdict.candidate == AddressCandidate(camera="cam-1", hosts=hosts, port=80)
    assert verdict.text == f"good {hosts[0]}"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "::1",
        "0.0.0.0",  # noqa: S104 - refused, not bound
        "::",
        "224.0.0.251",
        "ff02::1",
        "169.254.169.254",
        "fe80::1",
        "240.0.0.1",
        "255.255.255.255",
        str(HOME),
    ],
)
def test_addresses_that_are_no_cameras(address: str) -> None:
    """Our own services and what is no single machine's address are out of reach of a report."""
    assert not is_acceptable(ip_address(address), ip_address(OUTSIDE), {HOME})


async def test_only_such_addresses_are_trouble(desk: Desk) -> None:
    """A report of nothing but such addresses is no candidate, and says so."""
    verdict = await desk.report(myip="169.254.169.254")
    assert (verdict.text, verdict.candidate, verdict.not_allowed) == (
        DynDnsReply.TROUBLE,
        None,
        True,
    )


def test_loopback_from_loopback() -> None:
    """Who reports from this machine may be on it."""
    assert is_acceptable(ip_address("127.0.0.2"), ip_address("127.0.0.1"), ())
    assert is_acceptable(ip_address("::1"), ip_address("127.0.0.1"), ())


@given(st.ip_addresses())
def test_a_written_form_hides_nothing(address: Any) -> None:
    """IPv4 inside IPv6 is judged as what it is."""
    inside = ip_address(f"::ffff:{address}") if address.version == 4 else address
    assert unmap_ipv4(inside) == unmap_ipv4(address)
    if unmap_ipv4(address).is_loopback:
        assert not is_acceptable(unmap_ipv4(inside), ip_address(OUTSIDE), ())


async def test_unchanged(desk: Desk) -> None:
    """The address in use is told back; another port is a change."""
    assert (await desk.report(myip=KNOWN)).text == f"nochg {KNOWN}"
    assert (await desk.report(myip=f"1.1.1.1,{KNOWN}")).text == f"nochg {KNOWN}"
    assert (await desk.report(myip=KNOWN, port="80")).candidate is None
    changed = await desk.report(myip=KNOWN, port=" 8080 ")
    assert changed.candidate == AddressCandidate(camera="cam-1", hosts=(KNOWN,), port=8080)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80.0", "x", "８０", "1" * 500])
async def test_ports_that_are_none(desk: Desk, port: str) -> None:
    """What is no port is not taken for the one in use."""
    verdict = await desk.report(port=port)
    assert (verdict.text, verdict.candidate) == (DynDnsReply.TROUBLE, None)


@pytest.mark.parametrize(
    ("hostname", "text"),
    [
        ("KITA.city.example.", f"nochg {KNOWN}"),
        (" kita ", f"nochg {KNOWN}"),
        ("minami,kita", f"nohost\nnochg {KNOWN}"),
        ("kitamachi.example", "nohost"),
        (None, "notfqdn"),
        (",,", "notfqdn"),
        ("kita..example", "notfqdn"),
        ("北口", "notfqdn"),
        ("kita/../x", "notfqdn"),
        (",".join(["kita"] * 21), "numhost"),
    ],
)
async def test_hostnames(desk: Desk, hostname: str | None, text: str) -> None:
    """A line for each hostname; ours is the camera's id or begins with it."""
    assert (await desk.report(hostname=hostname)).text == text


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Basic",
        "Basic !!!",
        "Digest username=kita",
        "Bearer abc",
        basic("kita"),
        basic(f":{PASSWORD}"),
        pytest.param(basic("x" * 200 + ":y"), id="long id"),
        pytest.param("Basic " + "A" * 5000, id="long"),
    ],
)
async def test_no_login_is_no_wrong_password(desk: Desk, authorization: str | None) -> None:
    """What holds no id and password costs nothing and is counted nowhere."""
    with patch.object(guard, "verify_password") as verify:
        verdict = await desk.report(authorization=authorization)
    assert (verdict.text, verdict.status, verdict.wrong_login) == (DynDnsReply.BADAUTH, 401, False)
    verify.assert_not_called()


async def test_unknown_ids_cost_as_much_as_wrong_passwords(desk: Desk) -> None:
    """Nobody learns from what is done which ids exist; an id without a password is nobody's."""
    desk.account = Account(camera="cam-1", hashed="", host=KNOWN, port=80)
    for login in ("kita:", "kita:x", "nobody:x"):
        with patch.object(guard, "verify_password", return_value=False) as verify:
            verdict = await desk.report(authorization=basic(login))
        assert (verdict.text, verdict.wrong_login) == (DynDnsReply.BADAUTH, True)
        verify.assert_called_once()
    # The real thing takes an empty hash for nobody's.
    assert (await desk.report(authorization=basic("kita:"))).text == DynDnsReply.BADAUTH


async def test_odd_logins_are_understood(desk: Desk) -> None:
    """Blanks behind the id, and the letters of a camera that knows no UTF-8."""
    assert (await desk.report(authorization=basic(f"kita :{PASSWORD}"))).camera == "cam-1"
    assert (await desk.report(authorization=f"basic  {basic(f'kita:{PASSWORD}')[6:]} ")).camera
    verdict = await desk.report(authorization=basic("kita:\xe9".encode("latin-1")))
    assert verdict.text == DynDnsReply.BADAUTH


async def test_other_methods(desk: Desk) -> None:
    """Only GET and POST are clients'."""
    assert (await desk.report(method="DELETE")).text == DynDnsReply.BADAGENT
    assert (await desk.report(agent="x" * 2000)).text == DynDnsReply.BADAGENT
    assert (await desk.report(method="POST", agent=None)).camera == "cam-1"


async def test_too_many_reports(desk: Desk) -> None:
    """A camera that reports all the time is told to stop, and may again later."""
    texts = [(await desk.server.answer(report())).text for _ in range(12)]
    assert texts == [f"nochg {KNOWN}"] * 10 + [DynDnsReply.ABUSE] * 2
    desk.now += 60
    assert (await desk.server.answer(report())).text == f"nochg {KNOWN}"


async def test_source_is_locked_out_by_its_network(desk: Desk) -> None:
    """Ten wrong passwords, whatever the id: then nothing is hashed for that network, until ten minutes passed."""
    with patch.object(guard, "verify_password", return_value=False) as verify:
        for number in range(30):
            verdict = await desk.server.answer(
                report(authorization=basic(f"id{number}:x"), source=f"2001:db8:0:1::{number:x}")
            )
        assert verify.call_count == guard.FAILURES
        assert (verdict.text, verdict.wrong_login, verdict.status) == (
            DynDnsReply.TROUBLE,
            False,
            200,
        )
        other = report(authorization=basic("kita:x"), source="2001:db8:0:2::1")
        assert (await desk.server.answer(other)).text == DynDnsReply.BADAUTH
    inside = report(source="2001:db8:0:1::77")
    assert (await desk.server.answer(inside)).text == DynDnsReply.TROUBLE
    desk.now += guard.FAILURES_WINDOW
    assert (await desk.server.answer(inside)).camera == "cam-1"


async def test_wrong_passwords_from_everywhere_are_remembered_in_little_room(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sources that are remembered are bounded, and nothing is kept of what they sent (`bench/` does ten thousand)."""
    monkeypatch.setattr(guard, "MAX_SOURCES", 100)
    with patch.object(guard, "verify_password", lambda _text, _hashed: False):
        for number in range(300):
            verdict = await desk.server.answer(
                report(
                    authorization=basic(f"id-{number}:wrong"),
                    source=str(ip_address(0x0A000000 + number)),
                )
            )
            assert (verdict.text, verdict.candidate) == (DynDnsReply.BADAUTH, None)
    assert len(desk.server._guard._failures) == 100
    assert not desk.server._guard._right
    assert not desk.server._rates._buckets


async def test_many_at_once_are_not_all_hashed(desk: Desk) -> None:
    """A flood from everywhere waits in a short queue; the rest is told to come later."""
    answers = await asyncio.gather(
        *(
            desk.server.answer(
                report(authorization=basic("kita:x"), source=str(ip_address(0x0A000000 + number)))
            )
            for number in range(60)
        )
    )
    texts = [verdict.text for verdict in answers]
    assert 0 < texts.count(DynDnsReply.BADAUTH) < 25
    assert texts.count(DynDnsReply.TROUBLE) == 60 - texts.count(DynDnsReply.BADAUTH)
    await desk.server.close()


@given(
    hostname=st.none() | st.text(max_size=300),
    myip=st.none() | st.text(max_size=300),
    port=st.none() | st.text(max_size=20),
    method=st.text(max_size=10),
    source=st.ip_addresses().map(str),
)
async def test_nothing_breaks_it(
    hostname: str | None, myip: str | None, port: str | None, method: str, source: str
) -> None:
    """Whatever a camera's fields hold, the answer is of the protocol and a candidate only of possible addresses."""
    desk = Desk()
    with patch.object(guard, "verify_password", return_value=True):
        verdict = await desk.report(
            hostname=hostname, myip=myip, port=port, method=method, source=source
        )
    for line in verdict.text.split("\n"):
        DynDnsReply(line.partition(" ")[0])
    if verdict.candidate is not None:
        assert 0 < verdict.candidate.port < 65536
        for host in verdict.candidate.hosts:
            assert is_acceptable(ip_address(host), ip_address(source), {HOME})
