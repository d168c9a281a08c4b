"""The client against cameras: healthy, misconfigured, behind NAT, hostile, dead; log-ins counted at the camera."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import gc
import hashlib
import logging
import socket
import struct
import time
from typing import Any, override

import aiohttp
from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
import pytest

from custom_components.niiza_cctv.lib.device.backoff import Backoff
from custom_components.niiza_cctv.lib.device.client import OnvifClient, fetch_fingerprint
from custom_components.niiza_cctv.lib.device.errors import (
    CameraAnswerInvalid,
    CameraCertificateChanged,
    CameraError,
    CameraLockedOut,
    CameraOperationUnsupported,
    CameraRefused,
    CameraRightMissing,
    CameraUnreachable,
)
from custom_components.niiza_cctv.lib.device.login import Login
from custom_components.niiza_cctv.lib.device.model import (
    CameraAddress,
    Credential,
    DigestMemory,
    JobState,
    RecordingState,
    TrackKind,
)
from custom_components.niiza_cctv.lib.device.parse.device import parse_storage_configurations
from custom_components.niiza_cctv.lib.device.parse.recording import MAX_RECORDINGS
from custom_components.niiza_cctv.lib.device.session import Call
from simulator.camera import AuthMode, Garbage, Quirk
from simulator.running import RunningCamera
from simulator.station import Station
from tests.lib.device.scripted_onvif import (
    Asked,
    Plain,
    ScriptedOnvif,
    challenge,
    clock_answer,
    fault,
    response,
    scripted,
    services_answer,
)
from tests.station import camera_config

VIEWER = Credential(username="viewer", password="viewer-pass")
CHIEF = Credential(username="chief", password="chief-pass")
WRONG = Credential(username="viewer", password="not-the-password")

IDENTITY = response(
    "GetDeviceInformation", "<Manufacturer>M</Manufacturer><SerialNumber>S</SerialNumber>"
)
MEDIA = "http://www.onvif.org/ver10/media/wsdl"

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
async def http() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session as Home Assistant would lend it, which keeps even cookies of bare addresses."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


@asynccontextmanager
async def simulated(**changes: Any) -> AsyncGenerator[RunningCamera]:
    """Run one simulated camera."""
    async with Station([camera_config(**changes)]) as station:
        yield station.cameras["kita"]


def client_of(
    http: aiohttp.ClientSession,
    camera: RunningCamera | ScriptedOnvif,
    credential: Credential = VIEWER,
    *,
    timeout: float = 5.0,
    **address: Any,
) -> OnvifClient:
    """Return a client for a camera on 127.0.0.1."""
    port = camera.port if isinstance(camera, ScriptedOnvif) else camera.http_port
    place = CameraAddress(host="127.0.0.1", port=port, **address)
    # What one test's camera takes is nothing to the next one's.
    credential = replace(credential, digests=DigestMemory())
    return OnvifClient(http, place, credential, timeout=timeout)


def by_digest(answer: str) -> Callable[[Asked], Plain | str]:
    """Return an answer that is given only to an HTTP digest."""
    return lambda asked: answer if asked.by_digest else challenge()


def by_token(answer: str) -> Callable[[Asked], Plain | str]:
    """Return an answer that is given only to a UsernameToken."""
    return lambda asked: answer if asked.by_token else fault("ter:NotAuthorized")


# --- A healthy camera ---------------------------------------------------------------------------------


@pytest.mark.parametrize("auth", AuthMode)
@pytest.mark.parametrize("skew", [0.0, -420.0, 86400.0 * 365])
async def test_a_camera_is_read_whatever_its_log_in_and_clock(
    http: aiohttp.ClientSession, auth: AuthMode, skew: float
) -> None:
    """Seven minutes or a year off, the clock is measured and nobody blames the password."""
    config = camera_config(auth=auth)
    async with Station([config]) as station:
        camera = station.cameras["kita"]
        camera.set(clock_offset=skew)
        client = client_of(http, camera)
        services = await client.connect()
        assert services.media2 == f"http://127.0.0.1:{camera.http_port}/onvif/media2_service"
        assert client.services == services
        identity = await client.identity()
        assert identity.serial == config.serial
        assert identity.macs == (config.mac.lower(),)
        assert client.clock is not None
        assert abs(client.clock.offset - timedelta(seconds=skew)) <= client.clock.uncertainty
        assert client.clock.uncertainty < timedelta(seconds=2)
        profiles = await client.profiles()
        assert [(p.token, p.video_encoding, p.audio_encoding) for p in profiles] == [
            ("main", "H264", None),
            ("sub", "H264", None),
        ]
        (recording,) = await client.recordings()
        assert recording.state is RecordingState.RECORDING
        assert recording.latest is not None
        assert abs(recording.latest - camera.camera.now()) < timedelta(seconds=90)
        (job,) = await client.recording_jobs()
        assert (job.recording_token, job.state) == (recording.token, JobState.ACTIVE)
        assert await client.replay_uri(recording.token) == (
            f"rtsp://127.0.0.1:{camera.rtsp_port}/replay/{recording.token}"
        )
        assert await client.stream_uri("main") == f"rtsp://127.0.0.1:{camera.rtsp_port}/live/main"
        assert "onvif://www.onvif.org/name/kita" in await client.scopes()
        assert not await client.answers_anonymously()
        assert camera.soap.auth.refusals == 0


@pytest.mark.parametrize("quirk", Quirk)
@pytest.mark.parametrize("auth", [AuthMode.DIGEST, AuthMode.WSSE])
async def test_no_quirk_of_real_cameras_keeps_one_from_being_read(
    http: aiohttp.ClientSession, quirk: Quirk, auth: AuthMode
) -> None:
    """Each of them is told apart from a fault, and times stay within a minute of the truth unless the camera lies."""
    async with simulated(quirks=frozenset({quirk}), auth=auth) as camera:
        client = client_of(http, camera)
        services = await client.connect()
        await client.identity()
        assert (await client.profiles())[0].height == 360
        if quirk is Quirk.NO_PROFILE_G:
            assert services.recording is None
            with pytest.raises(CameraOperationUnsupported):
                await client.recordings()
            return
        recordings = await client.recordings()
        if quirk is Quirk.EMPTY_RECORDINGS:
            assert recordings == ()
            return
        (recording,) = recordings
        assert recording.latest is not None
        wrong = quirk in {Quirk.LATEST_TOO_EARLY, Quirk.LATEST_TOO_LATE}
        assert abs(recording.latest - camera.camera.now()) < timedelta(seconds=wrong * 1800 + 90)
        if recording.earliest is not None:
            age = camera.camera.now() - recording.earliest
            assert timedelta(days=13) < age < timedelta(days=16)
        assert {track.kind for track in recording.tracks} >= {TrackKind.VIDEO, TrackKind.AUDIO}
        if quirk is Quirk.JOBS_FOR_ADMINISTRATORS:
            with pytest.raises(CameraRightMissing):
                await client.recording_jobs()
            chief = client_of(http, camera, CHIEF)
            await chief.connect()
            jobs = await chief.recording_jobs()
        else:
            jobs = await client.recording_jobs()
        assert [job.state for job in jobs] == [JobState.ACTIVE]
        for uri in (await client.stream_uri("main"), await client.replay_uri("SD_1")):
            assert uri.startswith(f"rtsp://127.0.0.1:{camera.rtsp_port}/")
        assert await client.answers_anonymously() is (quirk is Quirk.OPEN_WITHOUT_LOGIN)


async def test_audio_and_its_absence_are_seen_in_the_profiles(http: aiohttp.ClientSession) -> None:
    """On, off, on: without a word from us in between."""
    for media2 in (True, False):
        async with simulated(media2=media2) as camera:
            client = client_of(http, camera)
            await client.connect()
            for audio in (True, False, True):
                camera.set(audio=audio)
                profiles = await client.profiles()
                assert (profiles[0].audio_encoding is not None) is audio


async def test_every_address_is_led_to_the_configured_host(http: aiohttp.ClientSession) -> None:
    """A camera behind NAT names the address that it has there; only the configured one is contacted."""
    async with simulated(advertised_host="192.168.77.7") as camera:
        client = client_of(http, camera)
        services = await client.connect()
        for url in (services.media, services.events, services.replay):
            assert url is not None
            assert url.startswith(f"http://127.0.0.1:{camera.http_port}/onvif/")
        await client.profiles()
        assert (await client.stream_uri("main")).startswith("rtsp://127.0.0.1:")
        assert (await client.snapshot_uri("main") or "").startswith("http://127.0.0.1:")
        assert (await client.replay_uri("SD_1")).startswith("rtsp://127.0.0.1:")
        pull_point = await client.pull_point()
        assert await pull_point.pull(timedelta(seconds=1))
        await pull_point.unsubscribe()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://192.168.0.9/onvif/Media", "http://cam.example:8080/onvif/Media"),
        (
            "http://192.168.0.9:81/onvif/Media?a=1&b=%20",
            "http://cam.example:8080/onvif/Media?a=1&b=%20",
        ),
        ("http://CAM.example:81/a", "http://cam.example:81/a"),
        ("http://cam.example/a", "http://cam.example:8080/a"),
        ("https://cam.example:443/a", "http://cam.example:8080/a"),
        ("http://admin:secret@192.168.0.9/a", "http://cam.example:8080/a"),
        ("/onvif/Media", "http://cam.example:8080/onvif/Media"),
        ("onvif/Media", "http://cam.example:8080/onvif/Media"),
        ("//evil.example/x", "http://cam.example:8080/x"),
        ("http://192.168.0.9", "http://cam.example:8080/"),
        ("rtsp://192.168.0.9/live?x=1", "rtsp://cam.example/live?x=1"),
        ("rtsp://admin:sec@ret@192.168.0.9:8554/live#f", "rtsp://cam.example:8554/live"),
        ("rtsps://[fe80::1]:322/live", "rtsps://cam.example:322/live"),
        ("http://[::1]:99//x//y", "http://cam.example:8080//x//y"),
    ],
)
async def test_rewriting(http: aiohttp.ClientSession, url: str, expected: str) -> None:
    """The configured host, the configured scheme, no credential."""
    client = OnvifClient(http, CameraAddress(host="cam.example", port=8080), VIEWER)
    assert client.rewrite(url) == expected


@pytest.mark.parametrize(
    "url",
    ["ftp://a/b", "file:///etc/passwd", "javascript:alert(1)", "http://a:99999999/", "http://[::1/", "rtsp://a\r\nX: y/",
     "http://a/ b", "http://a/駅", "http://a/" + "x" * 5000],
)  # fmt: skip
async def test_what_is_no_address_is_invalid(http: aiohttp.ClientSession, url: str) -> None:
    """Nothing that could become a second request line or leave the two protocols."""
    client = OnvifClient(http, CameraAddress(host="cam.example"), VIEWER)
    with pytest.raises(CameraAnswerInvalid):
        client.rewrite(url)


async def test_an_ipv6_host_is_written_in_brackets(http: aiohttp.ClientSession) -> None:
    """Cameras have such addresses, too."""
    client = OnvifClient(http, CameraAddress(host="fd00::5", port=8443, tls=True), VIEWER)
    assert client.rewrite("http://10.0.0.1/a") == "https://[fd00::5]:8443/a"
    assert client.rewrite("https://[FD00::5]:444/a") == "https://[fd00::5]:444/a"
    assert client.rewrite("rtsp://10.0.0.1:554/a") == "rtsp://[fd00::5]:554/a"


# --- Log-in -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("auth", AuthMode)
async def test_a_wrong_password_is_tried_twice_at_most_and_then_held_back(
    http: aiohttp.ClientSession, auth: AuthMode
) -> None:
    """Cameras lock accounts; ten callers at once are one episode."""
    async with simulated(auth=auth, lockout_after=3) as camera:
        client = client_of(http, camera, WRONG)
        await client.connect()
        calls = await asyncio.gather(
            *(client.profiles() for _ in range(10)), return_exceptions=True
        )
        assert all(isinstance(result, CameraRefused) for result in calls)
        assert 1 <= camera.soap.auth.refusals <= 2
        before = len(camera.soap.calls)
        for call in (client.identity, client.profiles, client.recordings, client.connect):
            with pytest.raises(CameraLockedOut) as caught:
                await call()
            assert 0 < caught.value.retry_at - time.monotonic() <= 60
            assert WRONG.password not in str(caught.value)
        assert len(camera.soap.calls) == before, "nothing touched the network"
        assert camera.soap.auth.refusals <= 2
        # The clock is for everybody, and shows that the camera lives.
        assert await client.read_clock()
        # A new password is a new client, and starts clean.
        assert await client_of(http, camera).connect()


async def test_a_password_changed_on_the_camera_is_noticed_and_a_restored_one_clears_it(
    http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused in mid-life: two attempts, a pause, double the pause, then all is forgotten."""
    for auth in AuthMode:
        async with simulated(auth=auth) as camera:
            client = client_of(http, camera)
            await client.connect()
            await client.profiles()
            camera.set(refuse_logins=True)
            with pytest.raises(CameraRefused):
                await client.profiles()
            assert camera.soap.auth.refusals <= 2
            pauses = []
            for episode in (2, 3):
                pauses.append(await _pause(client))
                _let_pause_pass(monkeypatch, pauses[-1])
                with pytest.raises(CameraRefused):
                    await client.profiles()
                assert camera.soap.auth.refusals <= 2 * episode
            assert pauses == [pytest.approx(60, abs=2), pytest.approx(120, abs=2)]
            _let_pause_pass(monkeypatch, await _pause(client))
            camera.set(refuse_logins=False)
            assert await client.profiles()
            assert await client.profiles()
            monkeypatch.undo()


async def _pause(client: OnvifClient) -> float:
    with pytest.raises(CameraLockedOut) as caught:
        await client.profiles()
    return caught.value.retry_at - time.monotonic()


def _let_pause_pass(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    real = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real() + seconds + 1)


def test_the_pause_doubles_up_to_half_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """60 s, 120 s, … 30 min, and years of refusals break nothing."""
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
    backoff = Backoff()
    backoff.check()
    pauses = []
    for _ in range(2000):
        backoff.refused()
        with pytest.raises(CameraLockedOut) as caught:
            backoff.check()
        pauses.append(caught.value.retry_at - 1000)
    assert pauses[:7] == [60, 120, 240, 480, 960, 1800, 1800]
    assert pauses[-1] == 1800
    backoff.accepted()
    backoff.check()


async def test_a_clock_that_jumps_is_measured_again_before_the_password_is_blamed(
    http: aiohttp.ClientSession,
) -> None:
    """The token's time was right an hour ago; one refusal, one look at the clock, and on."""
    async with simulated(auth=AuthMode.WSSE) as camera:
        client = client_of(http, camera)
        await client.connect()
        await client.profiles()
        camera.set(clock_offset=-3600.0)
        assert await client.profiles()
        assert camera.soap.auth.refusals == 1
        assert client.clock is not None
        assert client.clock.offset < timedelta(minutes=-59)


def storages(client: OnvifClient) -> Call[tuple[str, ...]]:
    """Return what only an administrator may ask."""
    return client.session.device_call("GetStorageConfigurations", parse_storage_configurations)


@pytest.mark.parametrize("auth", AuthMode)
async def test_a_missing_right_is_not_taken_for_a_wrong_password(
    http: aiohttp.ClientSession, auth: AuthMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What only an administrator may read is refused, remembered, and stops nothing else."""
    async with simulated(auth=auth) as camera:
        client = client_of(http, camera)
        await client.connect()
        for _ in range(3):
            with pytest.raises(CameraRefused, match="right") as caught:
                await client.session.ask(storages(client))
            assert not isinstance(caught.value, CameraLockedOut)
        assert await client.profiles()
        assert camera.soap.calls.count("GetStorageConfigurations") == 0
        assert camera.soap.auth.refusals == 0
        chief = client_of(http, camera, CHIEF)
        await chief.connect()
        assert await chief.session.ask(storages(chief)) == ("LocalStorage",)


def listed(*users: tuple[str, str]) -> str:
    """Return the answer that lists these users and levels."""
    return response(
        "GetUsers",
        "".join(
            f"<User><Username>{name}</Username><UserLevel>{level}</UserLevel></User>"
            for name, level in users
        ),
    )


@pytest.mark.parametrize(
    ("answer", "administrator"),
    [
        (listed(("viewer", "Administrator"), ("chief", "User")), True),
        (listed(("viewer", "ADMINISTRATOR")), True),
        # A camera that tells anybody: by the level of that very name.
        (listed(("chief", "Administrator"), ("viewer", "User")), False),
        (listed(("viewer", "Operator")), False),
        (listed(("viewer", "Extended")), False),
        # Told what only administrators are told, and listed nowhere: an account of the maker's own.
        (listed(("other", "User")), True),
        (fault("ter:NotAuthorized"), False),
        (fault("ter:ActionNotSupported"), None),
        (response("GetUsers", "<Nonsense/>"), None),
        ("<html/>", None),
    ],
)
async def test_administrator_is_told_by_what_the_camera_lets_the_user_read(
    http: aiohttp.ClientSession, answer: Any, *, administrator: bool | None
) -> None:
    """One question that changes nothing; what it does not say is unknown, and no log-in is held back for it."""
    async with scripted(
        GetDeviceInformation=by_token(IDENTITY), GetUsers=lambda _: answer
    ) as camera:
        client = client_of(http, camera)
        assert await client.logs_in_as_administrator() is administrator
        await client.identity()
        assert {asked.operation for asked in camera.asked} <= {
            "GetDeviceInformation",
            "GetNetworkInterfaces",
            "GetSystemDateAndTime",
            "GetUsers",
        }


async def test_never_both_proofs_at_once(http: aiohttp.ClientSession) -> None:
    """Digest where it is offered, else the token; whichever works is remembered."""
    async with scripted(
        GetDeviceInformation=by_digest(IDENTITY), GetScopes=by_digest(response("GetScopes"))
    ) as camera:
        client = client_of(http, camera)
        await client.identity()
        await client.scopes()
        await client.scopes()
        assert not any(asked.by_token for asked in camera.asked)
        assert camera.count("GetScopes") == 2, "the nonce is used again without a round trip"
    async with scripted(
        GetDeviceInformation=by_token(IDENTITY), GetScopes=by_token(response("GetScopes"))
    ) as camera:
        client = client_of(http, camera)
        await client.scopes()
        await client.scopes()
        assert camera.count("GetScopes") == 3, "one to look, then the token at once"
        assert not any("Authorization" in asked.headers for asked in camera.asked)


async def test_two_lists_of_users(http: aiohttp.ClientSession) -> None:
    """Some cameras challenge for digest but know the ONVIF user by token only."""
    async with scripted(
        GetScopes=lambda asked: response("GetScopes") if asked.by_token else challenge()
    ) as camera:
        client = client_of(http, camera)
        assert await client.scopes() == ()
        assert camera.log_ins == 2
        await client.scopes()
        assert camera.log_ins == 3
    async with scripted(GetScopes=lambda _: challenge()) as camera:
        with pytest.raises(CameraRefused):
            await client_of(http, camera).scopes()
        assert camera.log_ins == 2


async def test_a_camera_that_gives_digests_up_is_asked_by_token_after_the_pause(
    http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody changed a setting; what was learnt about the log-in is learnt anew."""
    async with scripted(GetScopes=by_digest(response("GetScopes"))) as camera:
        client = client_of(http, camera)
        await client.scopes()
        camera.answers["GetScopes"] = by_token(response("GetScopes"))
        with pytest.raises(CameraRefused):
            await client.scopes()
        _let_pause_pass(monkeypatch, 60)
        # A fault by HTTP 400 is not a refused digest: the right might be missing.
        _let_pause_pass(monkeypatch, 16 * 60)
        camera.answers["GetScopes"] = lambda asked: (
            response("GetScopes") if asked.by_token else Plain(status=401)
        )
        with pytest.raises(CameraRefused):
            await client.scopes()
        _let_pause_pass(monkeypatch, 60)
        assert await client.scopes() == ()
        assert camera.asked[-1].by_token
        assert not camera.asked[-1].by_digest


async def test_calls_that_wait_for_the_first_log_in_use_it(http: aiohttp.ClientSession) -> None:
    """A fresh client asked ten things at once looks for the way in only once."""
    async with scripted(GetScopes=by_token(response("GetScopes"))) as camera:
        client = client_of(http, camera)
        assert await asyncio.gather(*(client.scopes() for _ in range(10))) == [()] * 10
        assert camera.count("GetScopes") == 11


async def test_an_open_camera_that_closes_its_door(http: aiohttp.ClientSession) -> None:
    """It answers anybody, and knows HTTP log-ins only; later it wants tokens after all."""
    everybody = response("GetScopes")
    async with scripted(
        GetScopes=lambda asked: challenge() if asked.by_token else everybody
    ) as camera:
        client = client_of(http, camera)
        await client.scopes()
        await client.scopes()
        assert camera.count("GetScopes") == 3
        assert camera.log_ins == 1
        camera.answers["GetScopes"] = lambda asked: (
            everybody if asked.by_token else Plain(status=401)
        )
        assert await client.scopes() == ()


async def test_a_right_refused_by_http_403(http: aiohttp.ClientSession) -> None:
    """The log-in itself was good."""
    async with scripted(
        GetDeviceInformation=by_digest(IDENTITY),
        GetNetworkInterfaces=lambda asked: Plain(status=403) if asked.by_digest else challenge(),
    ) as camera:
        client = client_of(http, camera)
        assert (await client.identity()).macs == ()
        assert (await client.identity()).macs == ()
        assert camera.count("GetNetworkInterfaces") == 1


async def test_a_clock_and_services_behind_a_log_in(http: aiohttp.ClientSession) -> None:
    """Against the specification, but real."""
    clock = clock_answer()
    services = services_answer(ver10_media="http://10.0.0.9/onvif/Media")
    async with scripted(
        GetSystemDateAndTime=by_digest(clock), GetServices=by_digest(services)
    ) as camera:
        client = client_of(http, camera)
        assert (await client.connect()).media == f"http://127.0.0.1:{camera.port}/onvif/Media"
        assert client.clock is not None
    async with scripted(
        GetSystemDateAndTime=by_token(clock),
        GetServices=by_token(services),
        GetDeviceInformation=by_token(IDENTITY),
    ) as camera:
        client = client_of(http, camera)
        await client.connect()
        assert client.clock is not None


async def test_a_name_with_a_colon_has_no_digest(http: aiohttp.ClientSession) -> None:
    """RFC 7616 knows none; the token does."""
    async with scripted(GetScopes=by_token(response("GetScopes"))) as camera:
        await client_of(http, camera, Credential(username="a:b", password="c")).scopes()
        assert "<w:Username>a:b<" in camera.asked[-1].body


async def test_a_clock_that_does_not_tell_stops_nothing(http: aiohttp.ClientSession) -> None:
    """The services decide whether this is a camera."""
    empty = response("GetSystemDateAndTime", "<SystemDateAndTime/>")
    async with scripted(
        GetSystemDateAndTime=empty,
        GetServices=services_answer(ver10_media="/m"),
        GetScopes=by_token(response("GetScopes")),
        GetDeviceInformation=by_token(IDENTITY),
    ) as camera:
        client = client_of(http, camera)
        await client.connect()
        assert client.clock is None
        assert await client.scopes() == ()
        camera.answers["GetScopes"] = fault("ter:NotAuthorized")
        with pytest.raises(CameraRefused, match="right"):
            await client.scopes()
        with pytest.raises(CameraAnswerInvalid):
            await client.read_clock()


async def test_a_camera_locked_out_while_a_call_waits_is_not_asked_again(
    http: aiohttp.ClientSession,
) -> None:
    """Two calls in flight when the password changes are one episode, not two."""
    async with scripted(
        GetScopes=by_token(response("GetScopes")), GetDeviceInformation=by_token(IDENTITY)
    ) as camera:
        client = client_of(http, camera)
        await client.scopes()
        refusal = fault("ter:NotAuthorized")
        camera.answers |= {
            "GetScopes": lambda _: fault("ter:NotAuthorized"),
            "GetDeviceInformation": lambda _: fault("ter:NotAuthorized"),
        }
        assert refusal.status == 400
        before = camera.log_ins
        results = await asyncio.gather(client.scopes(), client.scopes(), return_exceptions=True)
        assert {type(result) for result in results} == {CameraRefused, CameraLockedOut}
        assert camera.log_ins - before == 3


# --- Hostile and broken -------------------------------------------------------------------------------


@pytest.mark.parametrize("garbage", [kind for kind in Garbage if kind is not Garbage.NONE])
async def test_garbage_is_an_invalid_answer_and_mends(
    http: aiohttp.ClientSession, garbage: Garbage
) -> None:
    """HTML, half an answer, ten megabytes, an entity bomb, another schema, nothing: a clear error, quickly."""
    async with simulated() as camera:
        client = client_of(http, camera)
        await client.connect()
        await client.profiles()
        camera.set(garbage=garbage)
        calls: tuple[Callable[[], Awaitable[Any]], ...] = (
            client.profiles,
            client.recordings,
            client.recording_jobs,
            client.identity,
            client.read_clock,
            client.pull_point,
            lambda: client.stream_uri("main"),
            client_of(http, camera).connect,
        )
        for call in calls:
            started = time.monotonic()
            with pytest.raises((CameraAnswerInvalid, CameraUnreachable)):
                await call()
            assert time.monotonic() - started < 10
        camera.set(garbage=Garbage.NONE)
        assert await client.profiles()
        assert await client.recordings()


class Pouring(web.StreamResponse):
    """A body of so many pieces, with a pause before each."""

    def __init__(self, piece: bytes, times: int, pause: float = 0.0) -> None:
        """Pour nothing yet."""
        super().__init__()
        self._piece = piece
        self._times = times
        self._pause = pause
        self.poured = 0

    @override
    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        writer = await super().prepare(request)
        for _ in range(self._times):
            await asyncio.sleep(self._pause)
            await self.write(self._piece)
            self.poured += len(self._piece)
        return writer


async def test_an_endless_body_is_cut_off(http: aiohttp.ClientSession) -> None:
    """Two megabytes are enough for any answer; the rest is never taken in."""
    endless = Pouring(b"x" * 65536, 1_000_000)
    async with scripted(GetScopes=lambda _: endless) as camera:
        with pytest.raises(CameraAnswerInvalid, match="larger"):
            await client_of(http, camera).scopes()
    # What lies in the buffers of two sockets comes on top.
    assert endless.poured < 20 * 1024 * 1024


async def test_a_body_announced_too_large_is_not_even_begun(http: aiohttp.ClientSession) -> None:
    """Content-Length is believed when it condemns itself."""
    async with scripted(GetScopes=b"x" * (3 * 1024 * 1024)) as camera:
        with pytest.raises(CameraAnswerInvalid, match="larger"):
            await client_of(http, camera).scopes()


async def test_compression_that_nobody_asked_for_does_not_unfold(
    http: aiohttp.ClientSession,
) -> None:
    """A gzip bomb stays the few bytes that it is."""

    def bomb(_: Asked) -> web.Response:
        reply = web.Response(body=b"a" * 10_000_000)
        reply.enable_compression(web.ContentCoding.gzip)
        return reply

    async with scripted(GetScopes=bomb) as camera:
        with pytest.raises(CameraAnswerInvalid, match="not XML"):
            await client_of(http, camera).scopes()
        assert camera.asked[-1].headers["Accept-Encoding"] == "identity"


async def test_redirects_are_not_followed(http: aiohttp.ClientSession) -> None:
    """A log-in never travels to where somebody else wants it."""
    async with scripted(GetScopes=response("GetScopes")) as other:
        target = Plain(status=302, headers={"Location": f"http://127.0.0.1:{other.port}/"})
        async with scripted(GetScopes=target) as camera:
            with pytest.raises(CameraAnswerInvalid, match="redirect"):
                await client_of(http, camera).scopes()
        assert other.asked == []


async def test_cookies_are_not_kept(http: aiohttp.ClientSession) -> None:
    """The session is lent: a camera leaves nothing behind in it."""

    def sticky(_: Asked) -> web.Response:
        reply = web.Response(text=response("GetScopes"), content_type="application/soap+xml")
        reply.set_cookie("session", "1")
        return reply

    async with scripted(GetScopes=sticky) as camera:
        client = client_of(http, camera)
        await client.scopes()
        await client.scopes()
        assert len(http.cookie_jar) == 0
        assert all("Cookie" not in asked.headers for asked in camera.asked)
    assert not http.closed


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, CameraAnswerInvalid), (500, CameraAnswerInvalid), (200, CameraAnswerInvalid)],
)
async def test_a_web_server_that_is_no_camera(
    http: aiohttp.ClientSession, status: int, kind: type[CameraError]
) -> None:
    """An ordinary page, found or not."""
    page = Plain(status=status, body="<!doctype html><html><br></html>", content_type="text/html")
    async with scripted(
        GetSystemDateAndTime=page, GetServices=page, GetCapabilities=page
    ) as camera:
        with pytest.raises(kind):
            await client_of(http, camera).connect()
        assert camera.log_ins == 0, "no stranger gets a log-in"


async def test_an_unplugged_camera_is_unreachable(http: aiohttp.ClientSession) -> None:
    """Nothing listens there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    client = OnvifClient(http, CameraAddress(host="127.0.0.1", port=port), VIEWER)
    for call in (client.connect, client.read_clock, client.identity, client.scopes):
        with pytest.raises(CameraUnreachable) as caught:
            await call()
        assert "127.0.0.1" not in str(caught.value)
    with pytest.raises(CameraUnreachable):
        await fetch_fingerprint("127.0.0.1", port)


async def test_a_host_that_cannot_be_one(http: aiohttp.ClientSession) -> None:
    """Typed by hand, it may be anything."""
    for host in ("", "a b", "a/b", "[", "ä" * 300):
        with pytest.raises(CameraError):
            await OnvifClient(http, CameraAddress(host=host), VIEWER, timeout=2).connect()


async def test_a_camera_that_falls_silent_is_unreachable_in_time(
    http: aiohttp.ClientSession,
) -> None:
    """It accepts the connection and says nothing."""
    async with simulated() as camera:
        client = client_of(http, camera)
        await client.connect()
        await client.profiles()
        client.session.timeout = 0.4
        camera.set(silent=True)
        started = time.monotonic()
        with pytest.raises(CameraUnreachable, match="no answer within"):
            await client.profiles()
        # Others wait for ten seconds.
        assert time.monotonic() - started < 8
        camera.set(silent=False)
        client.session.timeout = 10
        assert await client.profiles()


async def test_an_answer_that_drips_is_unreachable_in_time(http: aiohttp.ClientSession) -> None:
    """A byte now and then is no answer: the time counts to the end of the body."""
    async with scripted(GetScopes=lambda _: Pouring(b" ", 100, 0.1)) as camera:
        started = time.monotonic()
        with pytest.raises(CameraUnreachable):
            await client_of(http, camera, timeout=0.5).scopes()
        # All of it would take ten seconds.
        assert time.monotonic() - started < 8


@asynccontextmanager
async def raw_server(
    reply: bytes, *, once: bool = False, resets: bool = False
) -> AsyncGenerator[ScriptedOnvif]:
    """Answer every connection with these bytes and close it; `asked` counts them by nothing but length.

    `once` closes the first without an answer; `resets` closes as the operating system does where a request comes too late.
    """
    camera = ScriptedOnvif()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        camera.asked.append(Asked(operation="", path="", body="", headers={}))
        await reader.read(100)
        if not once or len(camera.asked) > 1:
            writer.write(reply)
            await writer.drain()
        elif resets:
            # RST instead of FIN (socket(7), SO_LINGER).
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    camera.port = server.sockets[0].getsockname()[1]
    async with server:
        yield camera


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (b"", CameraUnreachable),
        (b"SSH-2.0-OpenSSH_9.2\r\n", CameraAnswerInvalid),
        (b"HTTP/1.1 banana\r\n\r\n", CameraAnswerInvalid),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<a", CameraUnreachable),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", CameraError),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000, CameraError),
        (
            b"HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm\r\nContent-Length: 0\r\n\r\n",
            CameraOperationUnsupported,
        ),
        (
            b'HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm="a", nonce=""\r\nContent-Length: 0\r\n\r\n',
            CameraError,
        ),
    ],
    ids=lambda value: repr(value[:40]) if isinstance(value, bytes) else "",
)
async def test_what_is_not_even_http(
    http: aiohttp.ClientSession, reply: bytes, kind: type[CameraError]
) -> None:
    """Other protocols, broken heads and broken bodies."""
    async with raw_server(reply) as camera:
        with pytest.raises(kind):
            await client_of(http, camera, timeout=3).scopes()


@pytest.mark.parametrize("resets", [False, True])
async def test_a_kept_connection_that_the_camera_has_closed_is_opened_anew(
    http: aiohttp.ClientSession, resets: bool
) -> None:
    """Cameras close idle connections just as the next request leaves; that is no failure."""
    good = clock_answer().encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Length: " + str(len(good)).encode() + b"\r\n\r\n"
    async with raw_server(head + good, once=True, resets=resets) as camera:
        client = client_of(http, camera)
        assert (await client.read_clock()).mode == "manual"
        assert len(camera.asked) == 2
    async with raw_server(b"") as camera:
        with pytest.raises(CameraUnreachable):
            await client_of(http, camera).read_clock()
        assert len(camera.asked) == 2


async def test_a_closed_session_is_unreachable() -> None:
    """Home Assistant is shutting down."""
    async with aiohttp.ClientSession() as session:
        client = OnvifClient(session, CameraAddress(host="127.0.0.1"), VIEWER)
    with pytest.raises(CameraUnreachable):
        await client.read_clock()


async def test_no_secret_is_ever_logged_or_raised(
    http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the password nor an address with one, down to the causes of an error."""
    caplog.set_level(logging.DEBUG)
    uri = "<MediaUri><Uri>ftp://viewer:not-the-password@10.0.0.9/</Uri></MediaUri>"
    told: list[str] = []
    for answer in (
        fault("ter:NotAuthorized"),
        fault("ter:InvalidArgVal", reason="viewer:not-the-password"),
        challenge(),
        response("GetStreamUri", uri, MEDIA),
        "not-the-password",
        Plain(status=302, headers={"Location": "http://viewer:not-the-password@a/"}),
    ):
        async with scripted(
            GetServices=services_answer(ver10_media="/m"),
            GetStreamUri=answer,
        ) as camera:
            client = client_of(http, camera, WRONG)
            await client.connect()
            with pytest.raises(CameraError) as caught:
                await client.stream_uri("main")
            error: BaseException | None = caught.value
            while error is not None:
                told += [str(error), repr(error)]
                error = error.__cause__
            told += [repr(client.credential), repr(client.address)]
    assert len(told) > 12
    for text in (*told, *caplog.messages):
        assert "not-the-password" not in text


# --- Parts that are missing ---------------------------------------------------------------------------


async def test_a_service_that_is_not_there(http: aiohttp.ClientSession) -> None:
    """Before the first connect as well."""
    client = OnvifClient(http, CameraAddress(host="127.0.0.1"), VIEWER)
    for call in (
        client.profiles,
        client.recordings,
        client.recording_jobs,
        client.pull_point,
    ):
        with pytest.raises(CameraOperationUnsupported):
            await call()
    with pytest.raises(CameraOperationUnsupported):
        await client.replay_uri("SD_1")


async def test_a_media2_that_shows_nothing_gives_way_to_media(http: aiohttp.ClientSession) -> None:
    """Names alone would look like a camera without audio."""
    names = response(
        "GetProfiles",
        '<Profiles token="p"><Name>n</Name></Profiles>',
        "http://www.onvif.org/ver20/media/wsdl",
    )
    full = response(
        "GetProfiles",
        '<Profiles token="p"><AudioEncoderConfiguration token="a"><Encoding>AAC</Encoding></AudioEncoderConfiguration></Profiles>',
        MEDIA,
    )

    def answer(asked: Asked) -> str:
        return names if "ver20" in asked.body else full

    async with scripted(
        GetServices=services_answer(ver10_media="/m", ver20_media="/m2"), GetProfiles=answer
    ) as camera:
        client = client_of(http, camera)
        await client.connect()
        assert (await client.profiles())[0].audio_encoding == "AAC"
        count = camera.count("GetProfiles")
        await client.profiles()
        assert camera.count("GetProfiles") == count + 1, "what has failed is not asked each time"
    async with scripted(
        GetServices=services_answer(ver20_media="/m2"), GetProfiles=names
    ) as camera:
        client = client_of(http, camera)
        await client.connect()
        with pytest.raises(CameraAnswerInvalid):
            await client.profiles()


PROFILE_G = {"ver10_recording": "/r", "ver10_search": "/s", "ver10_replay": "/p"}
LIST = response(
    "GetRecordings",
    "".join(
        f"<RecordingItem><RecordingToken>{token}</RecordingToken><Tracks><Track><TrackToken>V</TrackToken>"
        "<Configuration><TrackType>Video</TrackType></Configuration></Track></Tracks></RecordingItem>"
        for token in ("a", "b&amp;")
    ),
)


def described(asked: Asked) -> Plain | str:
    """Describe recording b only."""
    if "<RecordingToken>b&amp;</RecordingToken>" not in asked.body:
        return fault("ter:InvalidArgVal", "ter:NoRecording")
    return response(
        "GetRecordingInformation",
        "<RecordingInformation><RecordingToken>other</RecordingToken>"
        "<LatestRecording>2026-11-22T00:00:00Z</LatestRecording></RecordingInformation>",
    )


async def test_a_recording_that_cannot_be_described_does_not_hide_the_others(
    http: aiohttp.ClientSession,
) -> None:
    """It may just have been overwritten."""
    async with scripted(
        GetServices=services_answer(**PROFILE_G),
        GetRecordings=LIST,
        GetRecordingInformation=described,
    ) as camera:
        client = client_of(http, camera)
        await client.connect()
        first, second = await client.recordings()
    assert (first.token, first.latest) == ("a", None)
    assert (second.token, second.latest) == ("b&", datetime(2026, 11, 22, tzinfo=UTC))
    assert [track.kind for track in second.tracks] == [TrackKind.VIDEO]


async def test_one_known_recording_by_a_single_call(http: aiohttp.ClientSession) -> None:
    """As it is now; one that is gone says so, and a camera that cannot tell single ones, too."""
    async with simulated() as camera:
        client = client_of(http, camera)
        await client.connect()
        (recording,) = await client.recordings()
        before = len(camera.soap.calls)
        now = await client.recording_now(recording)
        assert camera.soap.calls[before:] == ["GetRecordingInformation"]
        assert (now.token, now.earliest, now.tracks[0].kind) == (
            recording.token,
            recording.earliest,
            TrackKind.VIDEO,
        )
        with pytest.raises(CameraAnswerInvalid):
            await client.recording_now(replace(recording, token="gone"))
    async with scripted(GetServices=services_answer(ver10_recording="/r")) as scripted_camera:
        client = client_of(http, scripted_camera)
        await client.connect()
        with pytest.raises(CameraOperationUnsupported):
            await client.recording_now(recording)


async def test_recordings_without_a_search_service_have_no_bounds(
    http: aiohttp.ClientSession,
) -> None:
    """They are there all the same."""
    async with scripted(
        GetServices=services_answer(ver10_recording="/r"), GetRecordings=LIST
    ) as camera:
        client = client_of(http, camera)
        await client.connect()
        assert [(r.token, r.latest) for r in await client.recordings()] == [
            ("a", None),
            ("b&", None),
        ]
        del camera.answers["GetRecordings"]
        with pytest.raises(CameraOperationUnsupported):
            await client.recordings()


def page(state: str, *tokens: str) -> str:
    """Return a page of search results."""
    found = "".join(
        f"<RecordingInformation><RecordingToken>{token}</RecordingToken></RecordingInformation>"
        for token in tokens
    )
    return response(
        "GetRecordingSearchResults",
        f"<ResultList><SearchState>{state}</SearchState>{found}</ResultList>",
    )


async def test_recordings_by_search_where_they_cannot_be_listed(
    http: aiohttp.ClientSession,
) -> None:
    """Page by page until the search is complete; once learnt it is not tried the other way again."""
    pages = iter([page("Searching", "a"), page("Searching"), page("Completed", "a", "b")] * 2)
    async with scripted(
        GetServices=services_answer(**PROFILE_G),
        FindRecordings=response("FindRecordings", "<SearchToken>s&lt;1</SearchToken>"),
        GetRecordingSearchResults=lambda _: next(pages),
    ) as camera:
        client = client_of(http, camera)
        await client.connect()
        for _ in range(2):
            assert [recording.token for recording in await client.recordings()] == ["a", "b"]
        assert camera.count("GetRecordings") == 2, "once to look, once with a log-in"
        assert "<SearchToken>s&lt;1</SearchToken>" in camera.asked[-1].body


async def test_a_search_without_an_end_is_left(http: aiohttp.ClientSession) -> None:
    """Whether it answers at once or never."""
    endless: dict[str, Any] = {
        "GetServices": services_answer(ver10_search="/s"),
        "FindRecordings": response("FindRecordings", "<SearchToken>s</SearchToken>"),
    }
    async with scripted(**endless, GetRecordingSearchResults=page("Searching")) as camera:
        client = client_of(http, camera)
        await client.connect()
        with pytest.raises(CameraAnswerInvalid, match="end"):
            await client.recordings()
        assert camera.count("GetRecordingSearchResults") <= 40

    async def slow(_: Asked) -> str:
        await asyncio.sleep(0.25)
        return page("Searching")

    async with scripted(**endless, GetRecordingSearchResults=slow) as camera:
        client = client_of(http, camera)
        await client.connect()
        client.session.timeout = 0.5
        started = time.monotonic()
        with pytest.raises(CameraUnreachable):
            await client.recordings()
        # It would go on for ever.
        assert time.monotonic() - started < 15


async def test_so_many_recordings_come_of_a_search_and_no_more(http: aiohttp.ClientSession) -> None:
    """Whatever the camera finds; that there are more is said."""
    counter = iter(range(100_000))
    async with scripted(
        GetServices=services_answer(ver10_search="/s"),
        FindRecordings=response("FindRecordings", "<SearchToken>s</SearchToken>"),
        GetRecordingSearchResults=lambda _: page(
            "Searching", *(str(next(counter)) for _ in range(40))
        ),
    ) as camera:
        client = client_of(http, camera)
        await client.connect()
        assert len(await client.recordings()) == MAX_RECORDINGS
        assert client.lists_more


async def test_jobs_whose_state_the_camera_does_not_tell(http: aiohttp.ClientSession) -> None:
    """Unknown is unknown, and an operation that is not there is not asked for each time."""
    jobs = response(
        "GetRecordingJobs",
        "<JobItem><JobToken>1</JobToken></JobItem><JobItem><JobToken>2</JobToken></JobItem>",
    )
    async with scripted(
        GetServices=services_answer(ver10_recording="/r"), GetRecordingJobs=jobs
    ) as camera:
        client = client_of(http, camera)
        await client.connect()
        for _ in range(3):
            assert [job.state for job in await client.recording_jobs()] == [JobState.UNKNOWN] * 2
        assert camera.count("GetRecordingJobState") == 1
    async with scripted(
        GetServices=services_answer(ver10_recording="/r"),
        GetRecordingJobs=jobs,
        GetRecordingJobState=fault("ter:InvalidArgVal"),
    ) as camera:
        client = client_of(http, camera)
        await client.connect()
        assert [job.state for job in await client.recording_jobs()] == [JobState.UNKNOWN] * 2


async def test_a_stream_that_is_not_rtsp_is_invalid(http: aiohttp.ClientSession) -> None:
    """Whatever else a camera may offer."""
    uri = response("GetStreamUri", "<MediaUri><Uri>http://10.0.0.9/mjpeg</Uri></MediaUri>", MEDIA)
    async with scripted(GetServices=services_answer(ver10_media="/m"), GetStreamUri=uri) as camera:
        client = client_of(http, camera)
        await client.connect()
        with pytest.raises(CameraAnswerInvalid):
            await client.stream_uri("main")
        assert await client.snapshot_uri("main") is None


async def test_anonymous_answers_are_seen(http: aiohttp.ClientSession) -> None:
    """A camera that shows its profiles to anybody has no password worth the name."""
    async with scripted(
        GetServices=services_answer(ver10_media="/m"),
        GetProfiles=response("GetProfiles", "", MEDIA),
    ) as camera:
        client = client_of(http, camera)
        await client.connect()
        assert await client.answers_anonymously()
        assert camera.log_ins == 0
        # A page for people to log in to is neither that nor a refusal.
        camera.answers["GetProfiles"] = "nonsense"
        assert await client.answers_anonymously() is None


# --- Still pictures -----------------------------------------------------------------------------------

JPEG = b"\xff\xd8\xff\xe0 a picture"


@pytest.mark.parametrize("scheme", ["Digest", "Basic", None])
async def test_a_still_picture_by_digest_basic_or_nothing(
    http: aiohttp.ClientSession, scheme: str | None
) -> None:
    """Basic only where no digest is offered."""

    def answer(asked: Asked) -> Plain:
        sent = asked.headers.get("Authorization", "")
        if scheme is None or sent.startswith(f"{scheme} "):
            return Plain(body=JPEG)
        return challenge() if scheme == "Digest" else challenge('Basic realm="camera"')

    async with scripted(GET=answer) as camera:
        client = client_of(http, camera)
        assert await client.snapshot("http://admin:x@10.0.0.9/snapshot.jpg?a=1") == JPEG
        assert camera.asked[-1].path == "/snapshot.jpg"
        if scheme == "Digest":
            assert not any(
                a.headers.get("Authorization", "").startswith("Basic") for a in camera.asked
            )


async def test_the_password_is_shown_only_where_nothing_else_is_taken(
    http: aiohttp.ClientSession,
) -> None:
    """Not where a digest was offered as well, and not for a name that basic cannot carry."""

    class Both(Plain):
        """Offers basic first."""

        @override
        def response(self) -> web.Response:
            reply = super().response()
            reply.headers.add("WWW-Authenticate", 'Digest realm="camera", nonce="n", qop="auth"')
            return reply

    basic = {"WWW-Authenticate": 'Basic realm="camera"'}
    colon = Credential(username="a:b", password="c")
    async with scripted(GET=Both(status=401, headers=basic)) as camera:
        for credential in (VIEWER, colon):
            with pytest.raises(CameraRefused):
                await client_of(http, camera, credential).snapshot("/a.jpg")
        camera.answers["GET"] = Plain(status=401, headers=basic)
        with pytest.raises(CameraRefused):
            await client_of(http, camera, colon).snapshot("/a.jpg")
        shown = [asked.headers.get("Authorization", "").partition(" ")[0] for asked in camera.asked]
        assert set(shown) == {"", "Digest"}
        japanese = Credential(username="係員", password="秘密")
        with pytest.raises(CameraRefused):
            await client_of(http, camera, japanese).snapshot("/a.jpg")
        sent = camera.asked[-1].headers["Authorization"].partition(" ")[2]
        assert b64decode(sent).decode() == "係員:秘密"


async def test_basic_goes_to_the_configured_port_only(http: aiohttp.ClientSession) -> None:
    """A camera may name any port of its host for its pictures; who serves there must not learn the password."""
    basic = Plain(status=401, headers={"WWW-Authenticate": 'Basic realm="camera"'})
    async with scripted(GET=basic) as camera, scripted(GET=basic) as stranger:
        client = client_of(http, camera)
        with pytest.raises(CameraRefused):
            await client.snapshot(f"http://127.0.0.1:{stranger.port}/a.jpg")
        assert stranger.count("GET") == 1
        assert stranger.log_ins == 0


async def test_log_ins_of_many_ports_are_not_kept_for_ever(http: aiohttp.ClientSession) -> None:
    """A camera that names another port each time does not fill our memory."""

    def kept() -> set[int]:
        gc.collect()
        return {id(o) for o in gc.get_objects() if isinstance(o, Login)}

    async with scripted() as camera:
        client = client_of(http, camera)
        before = kept()
        for port in range(1, 30):
            with pytest.raises(CameraUnreachable):
                await client.snapshot(f"http://127.0.0.1:{port}/a.jpg")
        assert 0 < len(kept() - before) <= 8


async def test_a_refused_picture_is_held_back_for_itself(http: aiohttp.ClientSession) -> None:
    """It neither hammers the camera nor stops the polls."""
    async with scripted(
        GET=lambda _: challenge(), GetScopes=by_digest(response("GetScopes"))
    ) as camera:
        client = client_of(http, camera)
        with pytest.raises(CameraRefused):
            await client.snapshot("/a.jpg")
        log_ins = camera.log_ins
        assert log_ins == 1
        with pytest.raises(CameraLockedOut):
            await client.snapshot("/a.jpg")
        assert camera.log_ins == log_ins
        assert await client.scopes() == ()


@pytest.mark.parametrize(
    "answer",
    [
        Plain(body=b"<html>"),
        Plain(status=404),
        Plain(status=302, headers={"Location": "/"}),
        Plain(body=JPEG * 1_000_000),
    ],
)
async def test_what_is_no_picture(http: aiohttp.ClientSession, answer: Plain) -> None:
    """Or more than eight megabytes of one."""
    async with scripted(GET=answer) as camera:
        with pytest.raises(CameraAnswerInvalid):
            await client_of(http, camera).snapshot("/a.jpg")


# --- TLS ----------------------------------------------------------------------------------------------


async def test_a_self_signed_certificate(http: aiohttp.ClientSession) -> None:
    """Refused when verified; good when pinned; refused when it is another than the pinned one."""
    async with simulated(tls=True) as camera:
        port = camera.http_port
        with pytest.raises(CameraCertificateChanged, match="not trusted"):
            await client_of(http, camera, tls=True).connect()
        fingerprint = await fetch_fingerprint("127.0.0.1", port)
        assert len(fingerprint) == 64
        pinned = client_of(http, camera, tls=True, verify_tls=False, fingerprint=fingerprint)
        services = await pinned.connect()
        assert (services.media or "").startswith(f"https://127.0.0.1:{port}/")
        assert await pinned.profiles()
        unpinned = client_of(http, camera, tls=True, verify_tls=False)
        assert await unpinned.connect()
        other = hashlib.sha256(b"another").hexdigest()
        changed = client_of(http, camera, tls=True, verify_tls=False, fingerprint=other)
        for call in (changed.connect, changed.profiles, changed.read_clock):
            with pytest.raises((CameraCertificateChanged, CameraOperationUnsupported)):
                await call()
    with pytest.raises(ValueError, match="hexadecimal"):
        OnvifClient(
            http, CameraAddress(host="a", tls=True, verify_tls=False, fingerprint="no"), VIEWER
        )


async def test_tls_where_none_is_spoken(http: aiohttp.ClientSession) -> None:
    """The wrong port, most likely."""
    async with simulated() as camera:
        with pytest.raises(CameraUnreachable):
            await client_of(http, camera, tls=True, verify_tls=False).connect()
        with pytest.raises(CameraUnreachable):
            await fetch_fingerprint("127.0.0.1", camera.http_port, timeout=3)
