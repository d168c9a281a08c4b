"""What ONVIF tells of a card: that storage is configured, and nothing else."""

from collections.abc import AsyncGenerator
import time

import aiohttp
import pytest

from custom_components.niiza_cctv.lib.device.client import OnvifClient
from custom_components.niiza_cctv.lib.device.errors import (
    CameraLockedOut,
    CameraRefused,
    CameraUnreachable,
)
from custom_components.niiza_cctv.lib.device.health import OnvifStorageProbe, StorageProbe
from custom_components.niiza_cctv.lib.device.model import CameraAddress, Credential, StorageReading
from simulator.camera import CardFault
from simulator.station import Station
from tests.lib.device.scripted_onvif import Plain, challenge, fault, response, scripted
from tests.station import camera_config

CHIEF = Credential(username="chief", password="chief-pass")
VIEWER = Credential(username="viewer", password="viewer-pass")

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
async def http() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session to lend."""
    async with aiohttp.ClientSession() as session:
        yield session


def probe_of(
    http: aiohttp.ClientSession, port: int, credential: Credential = VIEWER
) -> StorageProbe:
    """Return the ONVIF probe of a camera on 127.0.0.1."""
    address = CameraAddress(host="127.0.0.1", port=port)
    return OnvifStorageProbe(OnvifClient(http, address, credential, timeout=2))


@pytest.mark.parametrize("card", CardFault)
async def test_configuration_never_speaks_of_the_card(
    http: aiohttp.ClientSession, card: CardFault
) -> None:
    """Whatever has become of it; a viewer is not even told that."""
    async with Station([camera_config()]) as station:
        camera = station.cameras["kita"]
        camera.set(card=card)
        reading = await probe_of(http, camera.http_port, CHIEF).read()
        assert reading == StorageReading(source="onvif")
        assert await probe_of(http, camera.http_port, VIEWER).read() is None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (response("GetStorageConfigurations"), None),
        (
            response(
                "GetStorageConfigurations",
                '<StorageConfigurations><Data type="NFS"/></StorageConfigurations>',
            ),
            None,
        ),
        (
            response(
                "GetStorageConfigurations",
                '<StorageConfigurations><Data type="tt:LocalStorage"/></StorageConfigurations>',
            ),
            StorageReading(source="onvif"),
        ),
        (fault("ter:ActionNotSupported"), None),
        ("nonsense", None),
    ],
)
async def test_absence_proves_nothing(
    http: aiohttp.ClientSession, answer: str | Plain, expected: StorageReading | None
) -> None:
    """No local storage in the list is no statement about a card; asked for again after an hour only."""
    async with scripted(GetStorageConfigurations=answer) as camera:
        probe = probe_of(http, camera.port)
        assert await probe.read() == expected
        asked = len(camera.asked)
        assert await probe.read() == expected
        assert len(camera.asked) == asked


async def test_configuration_is_read_again_after_an_hour(
    http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may have changed it."""
    async with scripted(GetStorageConfigurations=response("GetStorageConfigurations")) as camera:
        probe = probe_of(http, camera.port)
        assert await probe.read() is None
        camera.answers["GetStorageConfigurations"] = response(
            "GetStorageConfigurations",
            '<StorageConfigurations><Data type="LocalStorage"/></StorageConfigurations>',
        )
        real = time.monotonic
        monkeypatch.setattr(time, "monotonic", lambda: real() + 3601)
        assert await probe.read() == StorageReading(source="onvif")


async def test_trouble_with_the_camera_itself_is_not_swallowed(http: aiohttp.ClientSession) -> None:
    """Nobody there, or log-ins held back: the poll has to know."""
    async with scripted(GetStorageConfigurations=challenge(), GetScopes=challenge()) as camera:
        address = CameraAddress(host="127.0.0.1", port=camera.port)
        client = OnvifClient(http, address, VIEWER, timeout=2)
        with pytest.raises(CameraRefused):
            await client.scopes()
        with pytest.raises(CameraLockedOut):
            await OnvifStorageProbe(client).read()
        port = camera.port
    with pytest.raises(CameraUnreachable):
        await probe_of(http, port).read()
