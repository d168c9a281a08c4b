"""An address that the camera has left: nobody waits for an answer from there, and nothing is asked there any more."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from custom_components.niiza_cctv.lib.device.client import OnvifClient
from custom_components.niiza_cctv.lib.device.errors import CameraUnreachable
from custom_components.niiza_cctv.lib.device.model import CameraAddress, Credential
from simulator.running import RunningCamera
from simulator.station import Station
from tests.section import PATIENCE, until
from tests.station import camera_config

VIEWER = Credential(username="viewer", password="viewer-pass")


@pytest.fixture
async def kita(start_station: Callable[..., Awaitable[Station]]) -> RunningCamera:
    """Return a camera."""
    return (await start_station(camera_config("kita"))).cameras["kita"]


async def test_nobody_waits_for_an_address_that_was_left(kita: RunningCamera) -> None:
    """Whoever waits is told at once, whoever asks afterwards without a connection."""
    async with aiohttp.ClientSession() as http:
        client = OnvifClient(
            http, CameraAddress(host="127.0.0.1", port=kita.http_port), VIEWER, timeout=600
        )
        await client.connect()
        asked = len(kita.soap.calls)
        kita.set(silent=True)
        waiting = asyncio.create_task(client.identity())
        await until(lambda: client.session._under_way)
        client.session.abandon()
        with pytest.raises(CameraUnreachable):
            async with asyncio.timeout(PATIENCE):
                await waiting
        kita.set(silent=False)
        with pytest.raises(CameraUnreachable):
            await client.read_clock()
        assert not client.session._under_way
        assert kita.soap.calls[asked:].count("GetSystemDateAndTime") == 0


async def test_a_cancelled_question_stays_cancelled(kita: RunningCamera) -> None:
    """Leaving does not turn somebody else's cancellation into an error of the camera."""
    async with aiohttp.ClientSession() as http:
        client = OnvifClient(
            http, CameraAddress(host="127.0.0.1", port=kita.http_port), VIEWER, timeout=600
        )
        kita.set(silent=True)
        waiting = asyncio.create_task(client.identity())
        await until(lambda: client.session._under_way)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        kita.set(silent=False)


@pytest.mark.parametrize("name", ["kita.example", "KITA.example"])
async def test_camera_known_by_a_name_is_asked_by_it(kita: RunningCamera, name: str) -> None:
    """The address is contacted, the name stands in the request, and what the camera calls itself is kept apart."""
    async with aiohttp.ClientSession() as http:
        address = CameraAddress(host="127.0.0.1", port=kita.http_port, name=name)
        client = OnvifClient(http, address, VIEWER)
        await client.connect()
        assert (await client.identity()).serial == kita.camera.config.serial
        assert (
            client.session._headers(client.session.device_url)["Host"]
            == f"kita.example:{kita.http_port}"
        )
        # A camera that names itself by its name means another port of its own.
        assert client.rewrite(f"http://{name.lower()}:8899/x") == "http://127.0.0.1:8899/x"
        assert client.rewrite("http://10.0.0.9:8899/x") == f"{client.session.origin}/x"


async def test_ipv6_in_every_url() -> None:
    """Addresses that the camera names are led to the IPv6 host, in brackets."""
    async with aiohttp.ClientSession() as http:
        client = OnvifClient(http, CameraAddress(host="2001:db8::1", port=8080), VIEWER)
    assert client.session.device_url == "http://[2001:db8::1]:8080/onvif/device_service"
    assert client.rewrite("rtsp://[fe80::1]:554/live") == "rtsp://[2001:db8::1]:554/live"
    assert (
        client.rewrite("http://192.168.0.9/snap.jpg?x=1")
        == "http://[2001:db8::1]:8080/snap.jpg?x=1"
    )
    assert client.rewrite("http://[2001:DB8::1]:81/s") == "http://[2001:db8::1]:81/s"
