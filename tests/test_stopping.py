"""Home Assistant stops at once, and the section unloads at once, whatever the cameras do just then."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
import logging
import sqlite3
import threading

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_PORT, CONF_SSL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
import pytest

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.footage.retrieval import RetrievalState
from simulator.running import RunningCamera
from simulator.station import Station
from tests.office import Office
from tests.section import PATIENCE, ask_cameras, camera_data, set_up, until, waiting
from tests.station import camera_config

# What is asked for is three seconds on a machine that does nothing else; without it these took 10 to 24.
BOUND = 6.0


def ours() -> list[str]:
    """Return what of ours still runs."""
    return [task.get_name() for task in asyncio.all_tasks() if DOMAIN in task.get_name()]


@contextmanager
def at_once(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Have the block end soon, and nothing in it be waited for in vain."""
    caplog.clear()
    with waiting() as waited, caplog.at_level(logging.WARNING):
        yield
    assert waited() < BOUND
    assert not [
        text
        for record in caplog.records
        if "imed out" in (text := record.getMessage()) or "still running" in text
    ]
    assert not ours()


@pytest.fixture
async def three(start_station: Callable[..., Awaitable[Station]]) -> Station:
    """Return three cameras."""
    return await start_station(*(camera_config(name) for name in ("kita", "minami", "kaisatsu")))


@pytest.mark.parametrize("way", ["stop", "unload"])
@pytest.mark.parametrize(
    "fault", [{"silent": True}, {"slow": 4.0}, {}], ids=["silent", "slow", "fine"]
)
async def test_whatever_is_asked_is_called_off(
    hass: HomeAssistant,
    three: Station,
    fault: dict[str, float],
    way: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Three cameras, each asked just now, and a refresh under way and another one due."""
    entry = await set_up(hass, *three.cameras.values())
    cameras = entry.runtime_data.cameras
    await until(lambda: all(camera.data.alive for camera in cameras.values()))
    for running in three.cameras.values():
        running.set(**fault)
    calls = {name: len(running.soap.calls) for name, running in three.cameras.items()}
    for camera in cameras.values():
        camera.camera.look_again()
    asked = [
        hass.async_create_task(camera.async_request_refresh())
        for camera in cameras.values()
        for _ in range(2)
    ]
    if not fault.get("silent"):
        await until(
            lambda: all(len(one.soap.calls) > calls[name] for name, one in three.cameras.items())
        )
    with at_once(caplog):
        await _end(hass, entry, way)
        await asyncio.wait(asked, timeout=PATIENCE)
    assert all(task.done() for task in asked)


async def _end(hass: HomeAssistant, entry: object, way: str) -> None:
    """Stop Home Assistant, or unload the section."""
    (section,) = hass.config_entries.async_entries(DOMAIN)
    assert section is entry
    if way == "stop":
        await hass.async_stop()
    else:
        assert await hass.config_entries.async_unload(section.entry_id)
        assert section.state is ConfigEntryState.NOT_LOADED


@asynccontextmanager
async def server(*, drips: bool) -> AsyncIterator[tuple[int, asyncio.Event]]:
    """Listen, accept and give nothing, or a letter of an answer every now and then; tells the port, and that one came."""
    came = asyncio.Event()
    handlers: set[asyncio.Task[None]] = set()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        handlers.add(task)
        came.set()
        try:
            if drips:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n\r\n<")
                while True:
                    writer.write(b" ")
                    await writer.drain()
                    await asyncio.sleep(0.2)
            while await reader.read(1000):
                pass
        except ConnectionError:
            pass
        finally:
            writer.close()

    listener = await asyncio.start_server(hang, "127.0.0.1", 0)
    try:
        yield listener.sockets[0].getsockname()[1], came
    finally:
        listener.close()
        for task in handlers:
            task.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)


@pytest.mark.parametrize("way", ["stop", "unload"])
@pytest.mark.parametrize("habit", ["drips", "tls"])
async def test_a_server_that_drips_or_never_shakes_hands_holds_nothing_up(
    hass: HomeAssistant,
    kita: RunningCamera,
    way: str,
    habit: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What stands where the camera was takes the connection, and gives as good as nothing."""
    entry = await set_up(hass, kita)
    (camera,) = entry.runtime_data.cameras.values()
    await until(lambda: camera.data.alive)
    async with server(drips=habit == "drips") as (port, came):
        hass.config_entries.async_update_subentry(
            entry,
            camera.subentry,
            data={
                **camera_data(kita),
                CONF_PORT: port,
                CONF_SSL: habit == "tls",
                CONF_VERIFY_SSL: False,
            },
        )
        async with asyncio.timeout(PATIENCE):
            await came.wait()
        with at_once(caplog):
            await _end(hass, entry, way)


@pytest.mark.parametrize("way", ["stop", "unload"])
@pytest.mark.parametrize(
    "fault",
    [{"replay_speed": 2.0}, {"stall_after": 5, "stall_seconds": 60.0}, {"silent": True}],
    ids=["running", "stalled", "silent"],
)
async def test_an_export_is_left_where_it_is_and_goes_on_with_the_next_start(
    office: Office, way: str, fault: dict[str, float], caplog: pytest.LogCaptureFixture
) -> None:
    """A replay that runs, one that stands, and a camera that fell silent meanwhile: what was fetched stays."""
    hass, camera = office.hass, office.camera
    camera.set(**({"replay_speed": 2.0} | fault) | {"silent": False})
    case = await office.create(**office.passage(40))
    (clip,) = office.evidence.cases.case(case).clips
    folder = office.evidence.vault.root / case

    def fetched() -> int:
        return sum(file.stat().st_size for file in folder.glob("*.spool"))

    await until(lambda: folder.exists() and fetched() > 0)
    progress = office.evidence.retrievals.progress(clip.id)
    assert progress is not None
    assert progress.state in {RetrievalState.RETRIEVING, RetrievalState.RETRYING}
    camera.set(silent=bool(fault.get("silent")))
    with at_once(caplog):
        await _end(hass, office.entry, way)
    assert fetched() > 0
    if way == "unload":
        camera.set(silent=False, replay_speed=None, stall_after=None)
        before = fetched()
        assert await hass.config_entries.async_setup(office.entry.entry_id)
        assert before > 0
        await office.until_state(case, "preserved")
        (sealed,) = office.evidence.cases.case(case).clips
        assert not sealed.sealed.gaps


@pytest.mark.parametrize("way", ["stop", "unload"])
async def test_a_database_that_is_held_loses_nothing_and_holds_nothing_up(
    office: Office, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody else has the ledger's file: what waits to be entered is entered with the next start."""
    hass = office.hass
    holder = sqlite3.connect(hass.config.path(f"{DOMAIN}.db"), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        office.camera.set(clock_offset=-420.0)
        await ask_cameras(hass)
        with at_once(caplog):
            await _end(hass, office.entry, way)
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    # The ledger's thread has tried for as long as SQLite waits, and ends once it is let in.
    await until(lambda: not _writing_threads())
    if way == "unload":
        assert await hass.config_entries.async_setup(office.entry.entry_id)
        await until(partial(_has, office, "camera_clock_changed"))


def _writing_threads() -> list[str]:
    """Return the names of the ledger's threads that still live."""
    return [one.name for one in threading.enumerate() if one.name.startswith(f"{DOMAIN} ledger")]


async def _has(office: Office, action: str) -> bool:
    """Return whether the ledger, once it is open, has an entry of an action."""
    return office.evidence.is_read and bool(await office.entries(action))
