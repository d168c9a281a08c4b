"""A section with virtual cameras over real sockets, for tests through Home Assistant's front door."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from functools import partial
import logging
from pathlib import Path
import sys
import tempfile
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from hypothesis import HealthCheck, settings
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion

# Ours must be imported before the plugin's own `custom_components` is.
import custom_components.niiza_cctv
from custom_components.niiza_cctv.cameras import Cameras
from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.footage import proving, viewing_copy
from custom_components.niiza_cctv.lib.footage.masking import job
from scripts.home_assistant import stand_in_for_compiled
from simulator.camera import CameraConfig
from simulator.running import RunningCamera
from simulator.station import Station
from tests.companion import Companions
from tests.office import Office, open_office
from tests.section import pass_in, quick_limits
from tests.station import camera_config

assert custom_components.niiza_cctv

# Core's mobile_app imports the voice, too.
stand_in_for_compiled()

# Home Assistant's pytest plugin turns every statement on; a failed test would show hundreds of them.
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)

# How fast an example runs is the machine's business, not the test's.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the demo be tried on another Home Assistant."""
    parser.addoption(
        "--home-assistant-python",
        default=sys.executable,
        help="interpreter of the environment whose Home Assistant the demo runs on",
    )


@pytest.fixture
def home_assistant_python(pytestconfig: pytest.Config) -> str:
    """Return the interpreter that starts the demo."""
    python: str = pytestconfig.getoption("--home-assistant-python")
    return python


@pytest.fixture(scope="session", autouse=True)
def _own_temporary_folder() -> Iterator[None]:
    """Let no two runs share a folder of Home Assistant's for uploads: each removes it at its end, with what is in it."""
    with tempfile.TemporaryDirectory(prefix="niiza-tests-") as folder:
        # A database server that runs as another user passes through it.
        Path(folder).chmod(0o711)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tempfile, "tempdir", folder)
            yield


@pytest.fixture(autouse=True)
def _nobody_goes_last(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing step back for others: with many tests at once it would come to its turn after minutes."""
    if request.node.get_closest_marker("goes_last") is not None:
        return
    monkeypatch.setattr(job, "Limits", partial(job.Limits, nice=0))
    for module in (proving, viewing_copy):
        monkeypatch.setattr(module, "step_back", lambda: None)


@pytest.fixture(autouse=True)
def _our_integration(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Home Assistant load custom integrations in the tests that have one, each with files of its own."""
    if "hass" in request.fixturenames:
        # Nothing in a test is so slow or so busy that it has to be left alone.
        pass_in(monkeypatch, Cameras, limits=quick_limits())
        request.getfixturevalue("enable_custom_integrations")
        hass: HomeAssistant = request.getfixturevalue("hass")
        hass.config.config_dir = str(request.getfixturevalue("tmp_path"))


@pytest.fixture
async def start_station(
    request: pytest.FixtureRequest, socket_enabled: None
) -> AsyncGenerator[Callable[..., Awaitable[Station]]]:
    """Return what starts a station with the cameras named."""
    hass: HomeAssistant | None = (
        request.getfixturevalue("hass") if "hass" in request.fixturenames else None
    )
    stations = []

    async def start(*configs: CameraConfig) -> Station:
        station = Station(list(configs))
        await station.start()
        stations.append(station)
        return station

    yield start
    # A section that is still connecting while its cameras close makes asyncio's server trip over itself.
    if hass is not None:
        for entry in hass.config_entries.async_loaded_entries(DOMAIN):
            await hass.config_entries.async_unload(entry.entry_id)
    for station in stations:
        await station.stop()


@pytest.fixture
async def station(start_station: Callable[..., Awaitable[Station]]) -> Station:
    """Return a station with one healthy camera."""
    return await start_station(camera_config("kita"))


@pytest.fixture
def kita(station: Station) -> RunningCamera:
    """Return the camera of the station."""
    return station.cameras["kita"]


@pytest.fixture
async def tls_kita(
    hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]]
) -> AsyncGenerator[RunningCamera]:
    """Return a camera that speaks TLS with a certificate of its own making."""
    handler = hass.loop.get_exception_handler()
    assert handler

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        # The camera's side of the same loop complains when we refuse its certificate.
        if "incoming connection" not in context["message"]:
            handler(loop, context)

    hass.loop.set_exception_handler(handle)
    yield (await start_station(camera_config("kita", tls=True))).cameras["kita"]
    hass.loop.set_exception_handler(handler)


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return snapshots as Home Assistant writes them, without ids and moments of one run."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
def entity_registry_enabled_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable also the entities that are disabled until somebody wants them."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


@pytest.fixture
def people(hass: HomeAssistant) -> dict[str, MockUser]:
    """Return two members of staff."""
    return {
        name: MockUser(name=name, id=f"{name}-id").add_to_hass(hass) for name in ("sato", "suzuki")
    }


@pytest.fixture
async def office(hass: HomeAssistant, kita: RunningCamera) -> Office:
    """Return a section with people in their roles."""
    return await open_office(hass, kita)


@pytest.fixture
async def companions(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator, socket_enabled: None
) -> AsyncGenerator[Companions]:
    """Return what registers companion apps and receives their notifications; name it before what sets a section up."""
    companions = Companions(hass, hass_client_no_auth)
    await companions.start()
    yield companions
    await companions.stop()
