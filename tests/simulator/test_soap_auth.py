"""Who gets in: HTTP digest, WS-UsernameToken, user levels, lock-out and TLS."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
import hashlib
import ssl
from typing import Any

import aiohttp
from lxml import etree
import pytest

from simulator.auth import FRESHNESS
from simulator.camera import AuthMode, Quirk
from simulator.running import RunningCamera
from simulator.services.base import TDS, TRC, TRT
from simulator.station import Station
from tests.soap_calls import envelope, subcodes, username_token
from tests.station import camera_config

INFORMATION = envelope(TDS, "GetDeviceInformation")


def session(name: str, password: str) -> aiohttp.ClientSession:
    """Return an HTTP client that answers digest challenges."""
    return aiohttp.ClientSession(middlewares=[aiohttp.DigestAuthMiddleware(name, password)])


async def test_clock_and_capabilities_are_open(
    socket_enabled: None, soap: Callable[..., Any]
) -> None:
    """What a caller needs before logging in is answered to everybody, and nothing more."""
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]
        for operation in ("GetSystemDateAndTime", "GetServiceCapabilities", "GetCapabilities"):
            status, _ = await soap(running, TDS, operation, header="")
            assert status == 200
        for namespace, operation in (
            (TDS, "GetDeviceInformation"),
            (TRT, "GetProfiles"),
            (TRC, "GetRecordings"),
        ):
            with pytest.raises(etree.XMLSyntaxError):
                # 401 with a challenge and no SOAP: the camera takes it that digest is meant.
                await soap(running, namespace, operation, header="")


@pytest.mark.parametrize("sha256", [False, True])
async def test_digest(socket_enabled: None, post: Callable[..., Any], sha256: bool) -> None:
    """Digest lets the right password in, again on the same nonce, and nobody else."""
    async with Station([camera_config(digest_sha256=sha256)]) as station:
        running = station.cameras["kita"]
        status, headers, _ = await post(running, INFORMATION)
        assert status == 401
        challenges = headers.getall("WWW-Authenticate")
        assert len(challenges) == (2 if sha256 else 1)
        assert ("SHA-256" in challenges[0]) is sha256
        async with session("viewer", "viewer-pass") as client:
            for _ in range(3):
                assert (await post(running, INFORMATION, session=client))[0] == 200
        assert running.soap.auth.refusals == 0
        async with session("viewer", "wrong") as client:
            assert (await post(running, INFORMATION, session=client))[0] == 401
        assert running.soap.auth.refusals > 0


async def test_digest_replay_is_refused(socket_enabled: None, http: aiohttp.ClientSession) -> None:
    """The same Authorization header a second time is told that its nonce is stale."""
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]
        url = f"http://127.0.0.1:{running.http_port}/onvif/device_service"
        kind = {"Content-Type": "application/soap+xml"}
        async with (
            session("viewer", "viewer-pass") as client,
            client.post(url, data=INFORMATION, headers=kind) as response,
        ):
            sent = response.request_info.headers["Authorization"]
        async with http.post(
            url, data=INFORMATION, headers={**kind, "Authorization": sent}
        ) as response:
            assert response.status == 401
            assert "stale=true" in response.headers["WWW-Authenticate"]


async def test_many_log_ins_lock_nobody_out(
    socket_enabled: None, soap: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the camera remembers of nonces is bounded; a right log-in gets in all the same."""
    monkeypatch.setattr("simulator.auth.REMEMBERED", 5)
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]
        for _ in range(12):
            header = username_token("viewer", "viewer-pass")
            status, _ = await soap(running, TDS, "GetDeviceInformation", header=header)
            assert status == 200
        status, _ = await soap(running, TDS, "GetDeviceInformation", header=header)
        assert status != 200


async def test_username_token(socket_enabled: None, soap: Callable[..., Any]) -> None:
    """A right token gets in once; wrong password, stale clock and repeated nonce do not."""
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]

        async def ask(header: str) -> tuple[int, list[str]]:
            status, body = await soap(running, TDS, "GetDeviceInformation", header=header)
            return status, subcodes(body)

        good = username_token("viewer", "viewer-pass")
        assert await ask(good) == (200, [])
        assert await ask(good) == (400, ["NotAuthorized"])
        assert await ask(username_token("viewer", "wrong")) == (400, ["NotAuthorized"])
        assert await ask(username_token("nobody", "viewer-pass")) == (400, ["NotAuthorized"])
        for beyond, outcome in ((-5, (200, [])), (5, (400, ["NotAuthorized"]))):
            at = running.camera.now() - FRESHNESS - timedelta(seconds=beyond)
            assert await ask(username_token("viewer", "viewer-pass", created=at)) == outcome
        assert await ask(good.replace("#PasswordDigest", "#PasswordText")) == (
            400,
            ["NotAuthorized"],
        )


async def test_drifted_clock_looks_like_a_wrong_password(
    socket_enabled: None, soap: Callable[..., Any]
) -> None:
    """Seven minutes of drift refuse a right password signed with our time, and take the camera's time."""
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]
        running.set(clock_offset=-420)
        header = username_token("viewer", "viewer-pass")
        status, body = await soap(running, TDS, "GetDeviceInformation", header=header)
        assert (status, subcodes(body)) == (400, ["NotAuthorized"])
        header = username_token("viewer", "viewer-pass", created=running.camera.now())
        status, _ = await soap(running, TDS, "GetDeviceInformation", header=header)
        assert status == 200


async def test_both_at_once_is_refused(socket_enabled: None, post: Callable[..., Any]) -> None:
    """A request with digest and WS-UsernameToken together is refused although both are right."""
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]
        text = envelope(TDS, "GetDeviceInformation", header=username_token("viewer", "viewer-pass"))
        assert (await post(running, text))[0] == 200
        text = envelope(TDS, "GetDeviceInformation", header=username_token("viewer", "viewer-pass"))
        async with aiohttp.ClientSession(
            headers={"Authorization": 'Digest username="viewer"'}
        ) as client:
            status, _, data = await post(running, text, session=client)
        assert status == 400
        assert b"ter:NotAuthorized" in data


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(
    ("mode", "digest", "token", "nothing"),
    [
        (AuthMode.BOTH, 200, 200, 401),
        (AuthMode.DIGEST, 200, 401, 401),
        (AuthMode.WSSE, 400, 200, 400),
    ],
)
async def test_modes(
    post: Callable[..., Any],
    mode: AuthMode,
    digest: int,
    token: int,
    nothing: int,
) -> None:
    """A camera takes the log-ins that it is made for, and answers a missing one in its own way."""
    async with Station([camera_config(auth=mode)]) as station:
        running = station.cameras["kita"]
        async with session("viewer", "viewer-pass") as client:
            assert (await post(running, INFORMATION, session=client))[0] == digest
        text = envelope(TDS, "GetDeviceInformation", header=username_token("viewer", "viewer-pass"))
        assert (await post(running, text))[0] == token
        assert (await post(running, INFORMATION))[0] == nothing


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(
    ("namespace", "operation", "content", "user_may"),
    [
        (TDS, "GetDeviceInformation", "", True),
        (TRT, "GetProfiles", "", True),
        (TDS, "GetStorageConfigurations", "", False),
        (TDS, "GetUsers", "", False),
        (TDS, "SystemReboot", "", False),
        (TRT, "RemoveAudioEncoderConfiguration", "<ProfileToken>main</ProfileToken>", False),
    ],
)
async def test_levels(
    soap: Callable[..., Any],
    namespace: str,
    operation: str,
    content: str,
    user_may: bool,
) -> None:
    """The default access policy: a User reads, an Administrator does everything."""
    async with Station([camera_config(reboot_seconds=0)]) as station:
        running = station.cameras["kita"]
        header = username_token("viewer", "viewer-pass")
        status, body = await soap(running, namespace, operation, content, header=header)
        assert (status, subcodes(body)) == ((200, []) if user_may else (400, ["NotAuthorized"]))
        status, _ = await soap(running, namespace, operation, content)
        assert status == 200


async def test_refused_and_locked_out(socket_enabled: None, post: Callable[..., Any]) -> None:
    """Logins can be refused for all; too many wrong ones lock the right one out for a while."""
    async with Station([camera_config(lockout_after=3, lockout_seconds=3)]) as station:
        running = station.cameras["kita"]

        async def ask(password: str) -> int:
            header = username_token("viewer", password)
            text = envelope(TDS, "GetDeviceInformation", header=header)
            status: int = (await post(running, text))[0]
            return status

        running.set(refuse_logins=True)
        assert await ask("viewer-pass") == 400
        running.set(refuse_logins=False)
        assert await ask("viewer-pass") == 200
        for _ in range(3):
            assert await ask("wrong") == 400
        assert await ask("viewer-pass") == 400
        # Whoever asks meanwhile begins it anew.
        await asyncio.sleep(3.2)
        assert await ask("viewer-pass") == 200


async def snapshot(running: RunningCamera, client: aiohttp.ClientSession) -> tuple[int, str, bytes]:
    """Fetch the still picture."""
    url = f"http://127.0.0.1:{running.http_port}/onvif/snapshot/main"
    async with client.get(url) as response:
        return response.status, response.content_type, await response.read()


async def test_snapshot(socket_enabled: None, http: aiohttp.ClientSession) -> None:
    """The still picture is a JPEG, for those who log in."""
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]
        assert (await snapshot(running, http))[0] == 401
        async with session("viewer", "viewer-pass") as client:
            status, kind, data = await snapshot(running, client)
        assert (status, kind, data[:3], data[-2:]) == (
            200,
            "image/jpeg",
            b"\xff\xd8\xff",
            b"\xff\xd9",
        )


async def test_snapshot_basic(socket_enabled: None, http: aiohttp.ClientSession) -> None:
    """Some cameras know only HTTP basic for pictures."""
    config = camera_config(quirks=frozenset({Quirk.SNAPSHOT_BASIC}))
    async with Station([config]) as station:
        running = station.cameras["kita"]
        assert (await snapshot(running, http))[0] == 401
        auth = aiohttp.encode_basic_auth("viewer", "viewer-pass")
        async with aiohttp.ClientSession(headers={"Authorization": auth}) as client:
            assert (await snapshot(running, client))[0] == 200


async def test_tls(socket_enabled: None) -> None:
    """The self-signed certificate is refused by default and taken by its fingerprint."""
    async with Station([camera_config(tls=True)]) as station:
        running = station.cameras["kita"]
        fingerprint = running.soap.fingerprint
        assert fingerprint is not None
        url = f"https://127.0.0.1:{running.http_port}/onvif/device_service"
        text = envelope(TDS, "GetServices", "<IncludeCapability>false</IncludeCapability>")
        kind = {"Content-Type": "application/soap+xml"}
        async with aiohttp.ClientSession(headers=kind) as client:
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await client.post(url, data=text)
            async with client.post(
                url, data=text, ssl=aiohttp.Fingerprint(fingerprint)
            ) as response:
                assert f"<tds:XAddr>{url}</tds:XAddr>" in await response.text()
            other = hashlib.sha256(b"another camera").digest()
            with pytest.raises(aiohttp.ServerFingerprintMismatch):
                await client.post(url, data=text, ssl=aiohttp.Fingerprint(other))
        address = ("127.0.0.1", running.http_port)
        pem = await asyncio.to_thread(ssl.get_server_certificate, address, timeout=5)
        assert hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).digest() == fingerprint
