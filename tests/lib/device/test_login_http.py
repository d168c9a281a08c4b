"""Logging in to cameras that ask for it oddly, over HTTP: what they send is written here byte for byte.

How a challenge is read is `test_login.py`'s business; here a right password opens the camera, and a wrong one is tried once.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
import contextlib
from dataclasses import dataclass, field, replace
import hashlib
import re

import aiohttp
import pytest

from custom_components.niiza_cctv.lib.device.client import OnvifClient
from custom_components.niiza_cctv.lib.device.errors import (
    CameraError,
    CameraOperationUnsupported,
    CameraRefused,
)
from custom_components.niiza_cctv.lib.device.model import CameraAddress, Credential, DigestMemory
from custom_components.niiza_cctv.lib.device.quirks import Quirk, Quirks
from simulator.camera import AuthMode, Quirk as Habit
from simulator.station import Station
from tests.station import camera_config

pytestmark = pytest.mark.usefixtures("socket_enabled")

VIEWER = Credential(username="viewer", password="viewer-pass")
JPEG = b"\xff\xd8\xff\xe0" + b"x" * 99 + b"\xff\xd9"
SOAP = "http://www.w3.org/2003/05/soap-envelope"
DEVICE = "http://www.onvif.org/ver10/device/wsdl"
D = 'Digest realm="server", nonce="4f3b", qop="auth"'


def md5(text: bytes | str) -> str:
    """Return the digest that the camera makes."""
    octets = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    return hashlib.md5(octets, usedforsecurity=False).hexdigest()


@dataclass
class Asking:
    """A camera that asks for a log-in by these header lines (bytes), and checks MD5 digests."""

    challenges: Callable[[int], list[bytes]]
    password: str = VIEWER.password
    # Whether it takes a digest made with this nonce; None: whatever it was made with.
    takes: Callable[[str], bool] | None = None
    realm: bytes = b"server"
    asked: int = 0
    shown: list[str] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer until the client goes."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("utf-8", "surrogateescape")
                length = re.search(r"(?i)content-length: (\d+)", head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                writer.write(self.answer(head, body))
                await writer.drain()
        writer.close()

    def answer(self, head: str, body: bytes) -> bytes:
        """Return what one request gets."""
        if b"GetSystemDateAndTime" in body:
            return http(b"HTTP/1.1 400 Bad Request", b"")
        given = re.search(r"(?i)\r\nauthorization: (.*)\r\n", head)
        token = b"UsernameToken" in body
        self.shown.append("token" if token else given[1].partition(" ")[0] if given else "-")
        if given and self.proved(head.partition(" ")[0], given[1], body):
            if head.startswith("GET"):
                return http(b"HTTP/1.1 200 OK", JPEG, b"Content-Type: image/jpeg")
            return http(b"HTTP/1.1 200 OK", IDENTITY.encode())
        self.asked += 1
        lines = [b"WWW-Authenticate: " + line for line in self.challenges(self.asked)]
        return http(b"HTTP/1.1 401 Unauthorized", b"", *lines)

    def proved(self, method: str, given: str, body: bytes) -> bool:
        """Check a digest (RFC 7616 3.4)."""
        scheme, _, rest = given.partition(" ")
        pairs = re.findall(r'([\w-]+)=("(?:[^"\\]|\\.)*"|[^, ]+)', rest)
        one = {name: value.strip('"') for name, value in pairs}
        if scheme.lower() != "digest" or (self.takes and not self.takes(one["nonce"])):
            return False
        realm = self.realm.decode("utf-8", "surrogateescape")
        asked = f"{method}:{one['uri']}"
        if one.get("qop") == "auth-int":
            asked += f":{md5(body)}"
        middle = f"{one['nc']}:{one['cnonce']}:{one['qop']}:" if "qop" in one else ""
        secret = md5(f"{VIEWER.username}:{realm}:{self.password}")
        wanted: str = one["response"]
        return wanted == md5(f"{secret}:{one['nonce']}:{middle}{md5(asked)}")


def http(status: bytes, body: bytes, *lines: bytes) -> bytes:
    """Return an answer."""
    return b"\r\n".join([status, *lines, b"Content-Length: %d" % len(body), b"", body])


IDENTITY = (
    f'<e:Envelope xmlns:e="{SOAP}"><e:Body><GetDeviceInformationResponse xmlns="{DEVICE}">'
    "<Manufacturer>Cam Works</Manufacturer><Model>M1</Model><FirmwareVersion>1</FirmwareVersion>"
    "<SerialNumber>S1</SerialNumber><HardwareId>1</HardwareId></GetDeviceInformationResponse>"
    "</e:Body></e:Envelope>"
)


@contextlib.asynccontextmanager
async def asking(camera: Asking, quirks: Quirks | None = None) -> AsyncIterator[OnvifClient]:
    """Run the camera and give a client of it, for the length of a block."""
    server = await asyncio.start_server(camera.serve, "127.0.0.1", 0)
    camera.port = server.sockets[0].getsockname()[1]
    credential = replace(VIEWER, digests=DigestMemory())
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            address = CameraAddress(host="127.0.0.1", port=camera.port)
            yield OnvifClient(session, address, credential, timeout=5, quirks=quirks)
    finally:
        server.close()
        server.close_clients()
        await server.wait_closed()


@pytest.mark.parametrize(
    ("lines", "odd"),
    [
        # httpx#1234
        ([D, 'Basic realm="server"'], False),
        # ONVIF-Camera-Kotlin#24
        (['Basic realm="server"', D], False),
        ([f'Basic realm="server", {D}'], False),
        ([f'{D}, Basic realm="server"'], False),
        (["Negotiate", D], True),
        (["Negotiate", "NTLM", 'Bearer realm="x"', D], True),
        ([f"{D}, algorithm=SHA-512-256", f"{D}, algorithm=MD5"], False),
        ([f"{D}, algorithm=SHA3", f'{D}, algorithm="md5"'], True),
        # OvenMediaEngine#1935
        (['Digest realm="server" nonce="4f3b" qop="auth"'], True),
        # cpython#17045
        (['Digest realm="server", nonce="4f3b", qop="auth,auth-int"'], False),
        (['Digest realm="server", nonce="4f3b", qop="auth-int"'], False),
        (["Digest realm=server,qop=auth,auth-int,nonce=4f3b"], True),
        (['Digest realm="server", nonce="4f3b", stale="FALSE"'], False),
        ([D.replace("Digest ", "Digest\t")], False),
        ([D.upper().replace("SERVER", "server").replace("4F3B", "4f3b")], False),
    ],
)
async def test_a_right_password_opens_the_camera(lines: list[str], odd: bool) -> None:
    """For SOAP and for pictures, by one digest each and without a token."""
    quirks = Quirks()
    camera = Asking(lambda _: [line.encode() for line in lines])
    async with asking(camera, quirks) as client:
        assert (await client.identity()).model == "M1"
        assert await client.snapshot(f"http://127.0.0.1:{camera.port}/s.jpg") == JPEG
    assert camera.shown[:2] == ["-", "Digest"]
    assert set(camera.shown[2:]) == {"Digest"}
    assert (Quirk.LOGIN_CHALLENGE in quirks.counts()) is odd


@pytest.mark.parametrize(
    ("realm", "written"),
    [
        (b'Front "A"', b'Front \\"A\\"'),
        (b'Front "A"', b'Front "A"'),
        (b"DOMAIN\\cam", b"DOMAIN\\cam"),
        ("新座駅".encode(), "新座駅".encode()),
        ("摄像机".encode("gbk"), "摄像机".encode("gbk")),
        (b"caf\xe9", b"caf\xe9"),
        (b"", b""),
    ],
)
async def test_a_realm_is_hashed_as_the_camera_means_it(realm: bytes, written: bytes) -> None:
    """Quotes, escapes, and bytes of whatever encoding."""
    camera = Asking(lambda _: [b'Digest realm="%s", nonce="n"' % written], realm=realm)
    async with asking(camera) as client:
        assert (await client.identity()).model == "M1"


async def test_nonces_that_hold_once_are_no_wrong_password() -> None:
    """Each request is refused by the nonce before, without `stale`, and many are under way at once."""
    given: list[str] = []
    used: set[str] = set()

    def challenge(number: int) -> list[bytes]:
        given.append(f"n{number}")
        return [f'Digest realm="server", nonce="n{number}", qop="auth"'.encode()]

    def takes(nonce: str) -> bool:
        fresh = nonce in given and nonce not in used
        used.add(nonce)
        return fresh

    camera = Asking(challenge, takes=takes)
    async with asking(camera) as client:
        for _ in range(3):
            await client.identity()
        found = await asyncio.gather(*(client.identity() for _ in range(6)))
        assert {one.model for one in found} == {"M1"}
    assert "token" not in camera.shown


async def test_a_nonce_that_is_stale_although_it_is_new_is_asked_for_again() -> None:
    """Whatever case `stale` is written in."""
    camera = Asking(
        lambda number: [f'Digest realm="server", nonce="n{number}", STALE=True'.encode()],
        takes=lambda nonce: nonce != "n1",
    )
    async with asking(camera) as client:
        assert (await client.identity()).model == "M1"


@pytest.mark.parametrize("moving", [False, True])
async def test_a_wrong_password_is_tried_once_by_digest(moving: bool) -> None:
    """Then by token as ever; a nonce that changes with each refusal is no reason to try again."""
    camera = Asking(
        lambda number: [
            f'Digest realm="server", nonce="{number if moving else "n"}", qop="auth"'.encode(),
            b'Basic realm="server"',
        ],
        password="changed",
    )
    async with asking(camera) as client:
        with pytest.raises(CameraRefused):
            await client.identity()
    assert camera.shown.count("Digest") == 1
    assert "Basic" not in camera.shown


@pytest.mark.parametrize(
    "lines",
    [["Negotiate"], ["NTLM", 'Digest realm="x", nonce="n", algorithm=SHA3'], ["Digest realm"]],
)
async def test_a_log_in_that_nobody_knows_is_not_blamed_on_the_password(lines: list[str]) -> None:
    """Nothing is held back afterwards: no password was refused."""
    camera = Asking(lambda _: [line.encode() for line in lines])
    async with asking(camera) as client:
        for _ in range(2):
            with pytest.raises(CameraOperationUnsupported):
                await client.identity()
        with pytest.raises(CameraError) as caught:
            await client.snapshot(f"http://127.0.0.1:{camera.port}/s.jpg")
        assert not isinstance(caught.value, CameraRefused)
    assert "Basic" not in camera.shown
    assert "Digest" not in camera.shown


@pytest.mark.parametrize("sha256", [False, True])
async def test_the_virtual_camera_that_asks_for_basic_first_is_opened_by_digest(
    sha256: bool,
) -> None:
    """And remembered as one that takes digests."""
    config = camera_config(
        "kita",
        quirks=frozenset({Habit.BASIC_BEFORE_DIGEST}),
        auth=AuthMode.DIGEST,
        digest_sha256=sha256,
    )
    async with (
        Station([config]) as station,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
    ):
        address = CameraAddress(host="127.0.0.1", port=station.cameras["kita"].http_port)
        credential = replace(VIEWER, digests=DigestMemory())
        client = OnvifClient(session, address, credential, timeout=5)
        await client.connect()
        assert (await client.identity()).serial == config.serial
        assert credential.digests.taken
