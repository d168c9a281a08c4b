"""The control interface, the station file and the program itself."""

import asyncio
from collections.abc import AsyncIterator
import json
from pathlib import Path
import signal
import socket
import sys

import aiohttp
import pytest

from simulator.__main__ import DEFAULT_CONFIG
from simulator.camera import CardFault, Faults, Garbage, Quirk, UserLevel
from simulator.config import ConfigError, load
from simulator.running import PortInUse
from simulator.station import Station, free_port
from tests.section import PATIENCE, until
from tests.station import camera_config

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def station(socket_enabled: None) -> AsyncIterator[Station]:
    """Return a running station with a control interface."""
    configs = [camera_config("kita", reboot_seconds=3), camera_config("minami")]
    async with Station(configs, control_port=0) as running:
        yield running


async def test_looking(station: Station, http: aiohttp.ClientSession) -> None:
    """The list shows every camera and no password."""
    async with http.get(f"http://127.0.0.1:{station.control_port}/cameras") as response:
        text = await response.text()
    assert "viewer-pass" not in text
    items = json.loads(text)
    assert [item["name"] for item in items] == ["kita", "minami"]
    assert items[0]["http_port"] == station.cameras["kita"].http_port
    assert items[0]["faults"]["card"] == "ok"
    assert items[0]["recordings"][0]["token"] == "SD_1"


async def test_breaking_and_mending(station: Station, http: aiohttp.ClientSession) -> None:
    """Faults are set together or not at all, on the camera named and no other."""
    url = f"http://127.0.0.1:{station.control_port}/cameras"
    kita, minami = (station.cameras[name].camera for name in ("kita", "minami"))
    broken = {
        "card": "dead_green",
        "audio": True,
        "clock_offset": -420,
        "garbage": "html",
        "drop_after": 2,
    }
    async with http.post(f"{url}/kita", json={**broken, "quirks": ["data_from_1970"]}) as response:
        assert response.status == 200
        assert (await response.json())["faults"]["card"] == "dead_green"
    assert kita.faults == Faults(
        card=CardFault.DEAD_GREEN,
        audio=True,
        clock_offset=-420.0,
        garbage=Garbage.HTML,
        drop_after=2.0,
    )
    assert kita.has(Quirk.DATA_FROM_1970)
    assert minami.faults == Faults()
    for bad in (
        {"card": "melted"},
        {"audio": "yes"},
        {"slow": "long"},
        {"colour": "red"},
        {"quirks": ["odd"]},
        {"slow": 3, "silent": 1},
        [1],
    ):
        async with http.post(f"{url}/kita", json=bad) as response:
            assert response.status == 400, bad
    assert kita.faults.slow == 0
    async with http.post(f"{url}/nishi", json={}) as response:
        assert response.status == 404
    async with http.post(f"{url}/kita", json={"card": "ok", "quirks": []}) as response:
        assert response.status == 200
    assert kita.faults.card is CardFault.OK
    assert not kita.has(Quirk.DATA_FROM_1970)


async def test_moving_and_rebooting(station: Station, http: aiohttp.ClientSession) -> None:
    """A move is done when it is answered; a taken port is refused and changes nothing."""
    url = f"http://127.0.0.1:{station.control_port}/cameras/kita"
    running = station.cameras["kita"]
    wanted = free_port("127.0.0.1")
    async with http.post(f"{url}/move", json={"http_port": wanted}) as response:
        assert response.status == 200
        assert (await response.json())["http_port"] == wanted
    (await asyncio.open_connection("127.0.0.1", wanted))[1].close()
    taken = station.cameras["minami"].http_port
    async with http.post(f"{url}/move", json={"http_port": taken}) as response:
        assert response.status == 409
        assert str(taken) in await response.text()
    assert running.http_port == wanted
    (await asyncio.open_connection("127.0.0.1", wanted))[1].close()
    async with http.post(f"{url}/move", json={"http_port": "x"}) as response:
        assert response.status == 400
    async with http.post(f"{url}/reboot") as response:
        assert response.status == 202

    async def answers() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", wanted)
        except OSError:
            return False
        writer.close()
        return True

    async def is_away() -> bool:
        return not await answers()

    await until(is_away)
    await until(answers)


async def test_two_faults_of_one_configuration_are_apart(socket_enabled: None) -> None:
    """A configuration used for two stations is not broken by the first."""
    config = camera_config()
    async with Station([config]) as one:
        one.cameras["kita"].set(card="failed")
        async with Station([config]) as two:
            assert two.cameras["kita"].camera.faults.card is CardFault.OK


async def test_port_in_use(socket_enabled: None) -> None:
    """A taken port is named, and nothing is left running."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        first = camera_config("kita", http_port=free_port("127.0.0.1"))
        station = Station([first, camera_config("minami", http_port=port)])
        with pytest.raises(PortInUse, match=f"Port {port} on 127.0.0.1 .*HTTP of minami"):
            await station.start()
        with pytest.raises(OSError, match="Connect call failed"):
            await asyncio.open_connection("127.0.0.1", first.http_port)


def test_the_demo_station_loads() -> None:
    """The station of the demo has the four temperaments."""
    config = load(DEFAULT_CONFIG)
    assert [camera.name for camera in config.cameras] == ["kita", "minami", "higashi", "nishi"]
    assert config.cameras[0].users[1].level is UserLevel.ADMINISTRATOR
    assert config.cameras[1].faults.card is CardFault.DEAD_GREEN
    assert config.cameras[2].faults.clock_offset == -420
    assert (config.cameras[3].codec, config.cameras[3].days) == ("H265", 16)


def test_multiplying() -> None:
    """Repeated cameras have names, serials, MACs and ports of their own."""
    cameras = load(DEFAULT_CONFIG, host="127.0.0.2", cameras=100).cameras
    assert len(cameras) == 100
    for attribute in ("name", "serial", "mac"):
        assert len({getattr(camera, attribute) for camera in cameras}) == 100
    ports = [port for camera in cameras for port in (camera.http_port, camera.rtsp_port)]
    assert len(set(ports)) == 200
    assert {camera.host for camera in cameras} == {"127.0.0.2"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cameras: [", "is no YAML"),
        ("nothing: 1", "no list of cameras"),
        ("cameras: [{name: a}]", "camera 1: serial is missing"),
        ("cameras: [{name: a, colour: red}]", "camera 1: colour is not known"),
        ("cameras: [x]", "camera 1 is no mapping"),
        (
            "cameras: [{name: a, serial: b, mac: c, http_port: x, rtsp_port: 2}]",
            "camera 1: http_port: x is no int",
        ),
        (
            "cameras: [{name: a, serial: b, mac: c, http_port: 1, rtsp_port: 2, faults: {card: lost}}]",
            "camera 1: faults: card: lost is not known",
        ),
        (
            "cameras: [{name: a, serial: b, mac: c, http_port: 1, rtsp_port: 2, time_zone: there}]",
            "no POSIX time zone",
        ),
        (
            "cameras: [{name: a, serial: b, mac: c, http_port: 1, rtsp_port: 2, codec: MJPEG}]",
            "a: codec is H264 or H265",
        ),
        (
            "cameras: [{name: a, serial: b, mac: c, http_port: 1, rtsp_port: 2, gaps: [[1.0]]}]",
            "camera 1: gaps: 2 values are wanted",
        ),
    ],
)
def test_bad_station_files(tmp_path: Path, text: str, message: str) -> None:
    """A wrong file is explained with the place where it is wrong."""
    path = tmp_path / "station.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=message):
        load(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "missing.yaml")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_program(socket_enabled: None, tmp_path: Path, number: signal.Signals) -> None:
    """It starts, says what it serves, serves, complains about a second start, and ends by a signal."""
    port, control = free_port("127.0.0.1"), free_port("127.0.0.1")
    path = tmp_path / "station.yaml"
    path.write_text(
        "users: [{name: viewer, password: viewer-pass}]\n"
        f"cameras: [{{name: kita, serial: S, mac: '02:00:00:00:00:01', http_port: {port}, rtsp_port: 0,"
        " width: 640, height: 360, frame_rate: 5, bitrate: 512}]\n"
    )
    command = [
        sys.executable,
        "-m",
        "simulator",
        "--config",
        str(path),
        "--control-port",
        str(control),
    ]

    async def start() -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )

    process = await start()
    try:
        assert process.stdout is not None
        lines: list[str] = []
        async with asyncio.timeout(PATIENCE):
            while not lines or lines[-1] != "ready":
                line = await process.stdout.readline()
                assert line, await process.communicate()
                lines.append(line.decode().strip())
        assert f"http://127.0.0.1:{port}/onvif/device_service" in lines[0]
        async with (
            aiohttp.ClientSession() as client,
            client.get(f"http://127.0.0.1:{control}/cameras") as response,
        ):
            assert (await response.json())[0]["name"] == "kita"
        second = await start()
        _, err = await second.communicate()
        assert second.returncode == 1
        assert err.decode().strip() == (
            f"Port {port} on 127.0.0.1 is in use by another program (wanted for HTTP of kita)"
        )
        process.send_signal(number)
        async with asyncio.timeout(PATIENCE):
            _, err = await process.communicate()
        assert (process.returncode, err) == (0, b"")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
