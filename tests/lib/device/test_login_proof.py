"""Whether who answers knows the password (RFC 7616, 3.5), and what is never sent in readable form."""

from collections.abc import AsyncIterator
import hashlib

import aiohttp
import pytest

from custom_components.niiza_cctv.lib.device.errors import CameraAsksForBasic
from custom_components.niiza_cctv.lib.device.login import knows_password
from custom_components.niiza_cctv.lib.device.model import CameraAddress, Credential, DigestMemory
from custom_components.niiza_cctv.lib.device.session import OneTrySession, OnvifSession
from simulator.camera import AuthMode, Quirk
from simulator.station import Station
from tests.station import camera_config


@pytest.fixture
async def http(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session to borrow."""
    async with aiohttp.ClientSession() as session:
        yield session


VIEWER = Credential(username="viewer", password="viewer-pass")
SENT = (
    'Digest username="viewer", realm="cam", nonce="n1", uri="/onvif/device_service", response="{response}",'
    ' algorithm={algorithm}, qop={qop}, nc=00000001, cnonce="c1"'
)


def proof(
    what: str = ":/onvif/device_service",
    *,
    algorithm: str = "MD5",
    qop: str = "auth",
    password: str = "viewer-pass",  # noqa: S107 - the camera's
    own: str = "c1",
) -> str:
    """Return rspauth, written out here from the RFC."""

    def digest(text: str) -> str:
        kind = hashlib.sha256 if algorithm.startswith("SHA-256") else hashlib.md5
        return kind(text.encode()).hexdigest()

    secret = digest(f"viewer:cam:{password}")
    if algorithm.endswith("-sess"):
        secret = digest(f"{secret}:n1:c1")
    return digest(f"{secret}:n1:00000001:{own}:{qop}:{digest(what)}")


def told(rspauth: str, *, algorithm: str = "MD5", qop: str = "auth", body: bytes = b"") -> bool:
    """Return whether an answer with this rspauth proves anything."""
    sent = SENT.format(response="r", algorithm=algorithm, qop=qop)
    return knows_password(VIEWER, sent, f'rspauth="{rspauth}", qop={qop}, nc=00000001', body)


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256", "MD5-sess", "SHA-256-sess"])
def test_right_proof_is_taken(algorithm: str) -> None:
    """Of each algorithm, in capitals, too."""
    assert told(proof(algorithm=algorithm), algorithm=algorithm)
    assert told(proof(algorithm=algorithm).upper(), algorithm=algorithm)


def test_body_counts_where_it_is_protected() -> None:
    """With auth-int another body is another proof."""
    body = hashlib.md5(b"<e/>", usedforsecurity=False).hexdigest()
    right = proof(f":/onvif/device_service:{body}", qop="auth-int")
    assert told(right, qop="auth-int", body=b"<e/>")
    assert not told(right, qop="auth-int", body=b"<f/>")


@pytest.mark.parametrize(
    "rspauth",
    [
        proof(password="guessed"),
        # What we sent ourselves, given back.
        proof("POST:/onvif/device_service"),
        proof("GET:/onvif/device_service"),
        proof(own="another"),
        proof(":/another"),
        "",
        "0" * 32,
        "é",
    ],
)
def test_what_proves_nothing(rspauth: str) -> None:
    """Guesses, our own digest given back, one of another request."""
    assert not told(rspauth)


def test_no_proof_without_our_own_nonce() -> None:
    """An old digest (RFC 2069) has none: what was heard once could be used again."""
    sent = 'Digest username="viewer", realm="cam", nonce="n1", uri="/", response="r"'
    for info in (f'rspauth="{proof(":/")}"', "", "rspauth=", "x" * 5000, '"' * 3000):
        assert not knows_password(VIEWER, sent, info, b"")
        assert not knows_password(VIEWER, "Basic dmlld2VyOng=", info, b"")
        assert not knows_password(VIEWER, "", info, b"")


@pytest.mark.parametrize(
    ("quirks", "sha256", "proves"),
    [(set(), False, True), (set(), True, True), ({Quirk.NO_RSPAUTH}, False, False)],
)
async def test_camera_proves_itself_on_the_wire(
    http: aiohttp.ClientSession, *, quirks: set[Quirk], sha256: bool, proves: bool
) -> None:
    """Over real sockets; one that tells nothing proves nothing, and all the same shows that it takes digests."""
    config = camera_config("kita", quirks=frozenset(quirks), digest_sha256=sha256)
    async with Station([config]) as station:
        kita = station.cameras["kita"]
        credential = Credential(username="viewer", password="viewer-pass")
        address = CameraAddress(host="127.0.0.1", port=kita.http_port)
        session = OneTrySession(http, address, credential, 5.0)
        await session.ask(session._canary())
        assert session.answers_prove is proves
        assert credential.digests.taken


async def test_camera_that_took_a_digest_is_sent_no_basic(http: aiohttp.ClientSession) -> None:
    """By whatever address it asks; one that never did is, as before; nothing tells the log-in of the first."""
    config = camera_config("kita", quirks=frozenset({Quirk.SNAPSHOT_BASIC}), auth=AuthMode.WSSE)
    async with Station([config]) as station:
        kita = station.cameras["kita"]
        address = CameraAddress(host="127.0.0.1", port=kita.http_port)
        learnt: list[bool] = []
        memory = DigestMemory(on_taken=lambda: learnt.append(True))
        credential = Credential(username="viewer", password="viewer-pass", digests=memory)
        session = OnvifSession(http, address, credential, 5.0)
        await session.ask(session._canary())
        url = f"{session.origin}/onvif/snapshot/{next(iter(kita.camera.profile_tokens()))}"
        assert not memory.taken
        assert (await session.picture(url, 1 << 20)).status == 200
        memory.note()
        memory.note()
        assert learnt == [True]
        with pytest.raises(CameraAsksForBasic):
            await session.picture(url, 1 << 20)
        # A stranger who is only looked at, however the camera itself does it.
        fresh = Credential(username="viewer", password="viewer-pass")
        strict = OnvifSession(http, address, fresh.never_readable(), 5.0)
        with pytest.raises(CameraAsksForBasic):
            await strict.picture(url, 1 << 20)
        assert not fresh.digests.taken
