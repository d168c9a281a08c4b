"""What ONVIF and makers tell of a card: ONVIF that storage is configured, and nothing else."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from pathlib import Path
import time
from typing import override

import aiohttp
import pytest

from custom_components.niiza_cctv.lib.device.client import OnvifClient
from custom_components.niiza_cctv.lib.device.errors import (
    CameraLockedOut,
    CameraRefused,
    CameraRightMissing,
    CameraUnreachable,
)
from custom_components.niiza_cctv.lib.device.health import makers
from custom_components.niiza_cctv.lib.device.health.makers import probes_for, read_storage
from custom_components.niiza_cctv.lib.device.health.onvif import OnvifStorageProbe
from custom_components.niiza_cctv.lib.device.health.probe import StorageProbe
from custom_components.niiza_cctv.lib.device.model import (
    CameraAddress,
    CameraIdentity,
    Credential,
    StorageReading,
)
from custom_components.niiza_cctv.lib.device.session import OnvifSession
from simulator.camera import CardFault
from simulator.station import Station
from tests.lib.device.scripted_onvif import Asked, Plain, challenge, fault, response, scripted
from tests.station import camera_config

CHIEF = Credential(username="chief", password="chief-pass")
VIEWER = Credential(username="viewer", password="viewer-pass")

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
async def http() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session to lend."""
    async with aiohttp.ClientSession() as session:
        yield session


def client_of(
    http: aiohttp.ClientSession, port: int, credential: Credential = VIEWER
) -> OnvifClient:
    """Return what asks a camera on 127.0.0.1."""
    return OnvifClient(http, CameraAddress(host="127.0.0.1", port=port), credential, timeout=2)


def probe_of(
    http: aiohttp.ClientSession, port: int, credential: Credential = VIEWER
) -> StorageProbe:
    """Return the ONVIF probe of a camera on 127.0.0.1."""
    return OnvifStorageProbe(client_of(http, port, credential).session)


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
        client = client_of(http, camera.port)
        with pytest.raises(CameraRefused):
            await client.scopes()
        with pytest.raises(CameraLockedOut):
            await OnvifStorageProbe(client.session).read()
        port = camera.port
    with pytest.raises(CameraUnreachable):
        await probe_of(http, port).read()


def test_every_makers_module_is_in_the_table() -> None:
    """A maker's own status is a module and a line: one without the other asks nobody."""
    folder = Path(makers.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "makers", "onvif", "probe"}
    assert {probe.__module__.rpartition(".")[2] for probe in makers.MAKERS.values()} == modules
    assert all(name == name.strip().lower() for name in makers.MAKERS)


# --- Makers -----------------------------------------------------------------------------------------------

MAKER = CameraIdentity(manufacturer="ACME Video Co.", model="A", firmware="1", serial="1")
STATUS = "/cgi-bin/sd.cgi?show=status"


class AcmeProbe(StorageProbe):
    """What a maker's module is: one page, and what it says."""

    @override
    def __init__(self, session: OnvifSession) -> None:
        """Probe this camera."""
        self.source = "acme"
        self._session = session

    @override
    async def read(self) -> StorageReading | None:
        """Return what the page says."""
        state, used, total = (await self._session.get(STATUS)).decode().split()
        return StorageReading(
            source=self.source,
            card_present=state != "none",
            card_failed=state == "broken",
            used_bytes=int(used),
            total_bytes=int(total),
        )


def makers_probes(client: OnvifClient) -> tuple[StorageProbe, ...]:
    """Return the probes of a camera of the maker."""
    return probes_for(MAKER, client.session, {"acme": AcmeProbe})


def page(answer: str | Plain) -> Callable[[Asked], str | Plain]:
    """Return what answers the maker's page to whom the camera knows."""
    return lambda asked: answer if asked.by_digest else challenge()


LOCAL = response(
    "GetStorageConfigurations",
    '<StorageConfigurations><Data type="LocalStorage"/></StorageConfigurations>',
)
KNOWN = response("GetDeviceInformation", "<Manufacturer>ACME Video Co.</Manufacturer>")


async def test_a_makers_page_tells_more_than_onvif(http: aiohttp.ClientSession) -> None:
    """Its camera alone is asked for it; both tell together."""
    async with scripted(
        GET=page("broken 10 20"),
        GetStorageConfigurations=page(LOCAL),
        GetDeviceInformation=page(KNOWN),
    ) as camera:
        client = client_of(http, camera.port)
        assert [probe.source for probe in makers_probes(client)] == ["acme", "onvif"]
        other = probes_for(
            replace(MAKER, manufacturer="Other"), client.session, {"acme": AcmeProbe}
        )
        assert [probe.source for probe in other] == ["onvif"]
        assert await read_storage(makers_probes(client)) == StorageReading(
            source="acme+onvif",
            card_present=True,
            card_failed=True,
            used_bytes=10,
            total_bytes=20,
        )
        assert [asked.path for asked in camera.asked if asked.operation == "GET"] == [
            STATUS.partition("?")[0]
        ]


@pytest.mark.parametrize("status", [401, 403, 404, 500])
async def test_a_page_that_tells_nothing_leaves_the_others(
    http: aiohttp.ClientSession, status: int
) -> None:
    """Nobody is locked out over a page that the user may not see: the password is right."""
    async with scripted(
        GET=lambda asked: challenge() if status == 401 else Plain(status=status),
        GetStorageConfigurations=page(LOCAL),
        GetDeviceInformation=page(KNOWN),
    ) as camera:
        client = client_of(http, camera.port)
        for _ in range(2):
            assert await read_storage(makers_probes(client)) == StorageReading(source="onvif")
        assert await client.identity()
        if status in {401, 403}:
            # Remembered: each asking is a refusal in the camera's books.
            asked = camera.count("GET")
            with pytest.raises(CameraRightMissing):
                await client.session.get(STATUS)
            assert camera.count("GET") == asked


async def test_a_wrong_password_is_held_back_for_both(http: aiohttp.ClientSession) -> None:
    """The page counts into the same pause as SOAP, and asks nothing while it lasts."""
    async with scripted(GET=challenge(), GetDeviceInformation=challenge()) as camera:
        client = client_of(http, camera.port)
        with pytest.raises(CameraRefused):
            await client.session.get(STATUS)
        asked = len(camera.asked)
        with pytest.raises(CameraLockedOut):
            await client.session.get(STATUS)
        with pytest.raises(CameraLockedOut):
            await client.identity()
        assert len(camera.asked) == asked
        assert camera.count("GET") == 0


@pytest.mark.parametrize(
    ("readings", "failed", "present"),
    [
        ([], None, None),
        ([(None, None)], None, None),
        ([(False, True), (None, None)], False, True),
        ([(False, True), (True, None)], True, True),
        ([(None, True), (None, False)], None, False),
    ],
)
async def test_the_worst_that_is_told_counts(
    readings: list[tuple[bool | None, bool | None]], failed: bool | None, present: bool | None
) -> None:
    """What a camera says can only make the verdict worse."""

    class Told(StorageProbe):
        @override
        def __init__(self, card_failed: bool | None, card_present: bool | None) -> None:
            self.source = "told"
            self.told = StorageReading(
                source="told", card_failed=card_failed, card_present=card_present
            )

        @override
        async def read(self) -> StorageReading:
            return self.told

    together = await read_storage([Told(*reading) for reading in readings])
    assert (together is None) == (not readings)
    if together is not None:
        assert (together.card_failed, together.card_present) == (failed, present)
