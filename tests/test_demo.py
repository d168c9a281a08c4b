"""The demo: started, answered, broken and stopped as a person would."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
import re
import signal
import socket
import sys
from typing import Any

import aiohttp
import psutil
import pytest

from custom_components.niiza_cctv.lib.device.camera import identity_key
from custom_components.niiza_cctv.lib.device.quirks import Quirk
from scripts.demo import (
    ROOT,
    STATION,
    DemoFailed,
    camera_identity,
    check_port,
    read_station,
    station_ports,
)
from simulator.config import load
from tests.section import PATIENCE
from tests.visitor import Visitor, until, visiting

pytestmark = pytest.mark.usefixtures("socket_enabled")


# Held as long as this process runs, one for each row that was given away.
_LEASES: list[socket.socket] = []


def free_ports(number: int) -> int:
    """Return the first of so many free ports in a row, at most nineteen; nobody else is given them while this runs.

    The demo takes its ports seconds later: until then only the twentieth, which stays taken, tells others of the row.
    """
    for first in range(21000 + os.getpid() % 500 * 20, 32000, 20):
        lease = socket.socket()
        try:
            lease.bind(("127.0.0.1", first + 19))
            for port in range(first, first + number):
                with closing(socket.socket()) as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            lease.close()
            continue
        _LEASES.append(lease)
        return first
    raise AssertionError("no free ports")


def test_a_row_of_ports_is_given_once() -> None:
    """Nobody uses them yet when the next one asks."""
    given = [free_ports(16) for _ in range(3)]
    assert len(set(given)) == 3
    assert all(first + 16 <= 32000 for first in given)


def test_station_is_one_that_the_simulator_reads() -> None:
    """Four cameras of different temperaments."""
    cameras = {camera.name: camera for camera in load(STATION).cameras}
    assert list(cameras) == ["kita", "minami", "kaisatsu", "churin"]
    assert cameras["minami"].faults.card.value == "dead_green"
    assert cameras["kaisatsu"].faults.audio
    assert cameras["kaisatsu"].faults.clock_offset == -420
    assert (cameras["churin"].codec, cameras["churin"].days) == ("H265", 16)
    assert {name: len(camera.quirks) for name, camera in cameras.items()} == {
        "kita": 0, "minami": 1, "kaisatsu": 12, "churin": 9,
    }  # fmt: skip
    assert cameras["minami"].breaks_hours == 6.5


def test_ports_move_together() -> None:
    """Within the fifteen ports that the option promises."""
    ports = station_ports(read_station(30000))
    assert len(set(ports)) == len(ports)
    assert min(ports) == 30000
    assert max(ports) < 30015


def test_port_in_use_is_named_with_its_option() -> None:
    """A person must know what to change."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(DemoFailed, match=rf"Port {port} .*--simulator-port"):
            check_port("127.0.0.1", port, "--simulator-port")


class Demo:
    """A demo that runs."""

    def __init__(self, process: asyncio.subprocess.Process, port: int, first: int) -> None:
        """Keep the process and its ports."""
        self.process = process
        self.port = port
        self.first = first
        self.output = ""

    async def answers(self) -> str:
        """Wait for the one address that it prints."""
        assert self.process.stdout
        async for line in self.process.stdout:
            self.output += line.decode()
            if found := re.search(r"^\s+(http://\S+)\s*$", line.decode()):
                return found[1]
        raise AssertionError(self.output)

    async def rest(self) -> str:
        """Wait for its end; return everything that it printed."""
        assert self.process.stdout
        self.output += (await asyncio.wait_for(self.process.stdout.read(), PATIENCE)).decode()
        await self.process.wait()
        return self.output

    def children(self) -> list[psutil.Process]:
        """Return everything that it started, however deep."""
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return found


@asynccontextmanager
async def demo(
    folder: Path, port: int, first: int, *, python: str = sys.executable
) -> AsyncGenerator[Demo]:
    """Start a demo with its data in a folder of the test, on the Home Assistant of an interpreter."""
    process = await asyncio.create_subprocess_exec(
        python, "-m", "scripts.demo", "--port", str(port), "--simulator-port", str(first), "--folder", str(folder),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    running = Demo(process, port, first)
    try:
        yield running
    finally:
        if process.returncode is None:
            process.terminate()
            await running.rest()


async def states(url: str) -> dict[str, str]:
    """Return the state of every entity."""
    return {item["entity_id"]: item["state"] for item in await everything(url)}


async def everything(url: str) -> list[dict[str, Any]]:
    """Log in as the demo says and return all states with their attributes."""
    client = {"client_id": f"{url}/"}
    async with aiohttp.ClientSession() as session:
        async with session.post(
            f"{url}/auth/login_flow",
            json={**client, "handler": ["homeassistant", None], "redirect_uri": f"{url}/"},
        ) as response:
            flow = (await response.json())["flow_id"]
        async with session.post(
            f"{url}/auth/login_flow/{flow}",
            json={**client, "username": "staff", "password": "staff-demo"},
        ) as response:
            code = (await response.json())["result"]
        form = {**client, "grant_type": "authorization_code", "code": code}
        async with session.post(f"{url}/auth/token", data=form) as response:
            token = (await response.json())["access_token"]
        async with session.get(
            f"{url}/api/states", headers={"Authorization": f"Bearer {token}"}
        ) as response:
            answer: list[dict[str, Any]] = await response.json()
            return answer


async def test_demo_from_start_to_stop_and_again(tmp_path: Path) -> None:
    """It answers, knows its cameras under ids that can be read, leaves nothing, and starts again with what it stored."""
    first = free_ports(16)
    port = first + 15
    async with demo(tmp_path, port, first) as running:
        url = await running.answers()
        assert url == f"http://127.0.0.1:{port}"
        async with asyncio.timeout(PATIENCE):
            while (found := await states(url)).get("binary_sensor.kita_alive") != "on":  # noqa: ASYNC110 (it is the other process that changes)
                await asyncio.sleep(0.5)
        assert "binary_sensor.churin_sd_problem" in found
        assert "camera.minami" in found
        # Nobody has looked at anything yet, neither at the camera without a network nor at the tablet.
        for check in (
            "kita_check_due_camera_operating_sign",
            "owada_check_due_sd_card",
            "tablet_check_due_antivirus",
        ):
            assert found[f"binary_sensor.{check}"] == "on"
        assert int(found["todo.section_checks"]) > 10
        # What the cameras send by themselves arrives.
        async with asyncio.timeout(PATIENCE):
            while "unknown" in {  # noqa: ASYNC110 (it is the other process that changes)
                (found := await states(url))[f"sensor.{camera}_{what}"]
                for camera in ("kita", "churin")
                for what in ("last_mail", "last_address_report")
            }:
                await asyncio.sleep(0.5)
        # A camera that moves is followed to where it reports to be.
        await moved(url, first, "kita")
        children = running.children()
        assert len(children) >= 2
        running.process.send_signal(signal.SIGINT)
        output = await running.rest()
        assert running.process.returncode == 0, output
        assert "chief-demo" in output
        assert not psutil.wait_procs(children, timeout=PATIENCE)[1]
    async with demo(tmp_path, port, first) as running:
        await running.answers()
        await assert_dies_with(running, "scripts.home_assistant")


# What is put right of each camera's answers once footage of it was fetched: all of its habits, and nothing besides.
PUT_RIGHT = {
    "kita": set(),
    "minami": {Quirk.LOGIN_CHALLENGE},
    "kaisatsu": {
        Quirk.RTSP_LINE_ENDS,
        Quirk.RTSP_SEQUENCE,
        Quirk.RTSP_NO_SESSION,
        Quirk.RTSP_CLOSED_BEHIND_401,
        Quirk.RTSP_BASE,
        Quirk.RTSP_STRAY_BYTES,
        Quirk.SDP_MEDIA,
    },
    "churin": {
        Quirk.HTTP_LENGTH,
        Quirk.XML_CHARSET,
        Quirk.XML_CHARACTER,
        Quirk.XML_UNESCAPED,
        Quirk.SOAP_FAULT_WORDS,
        Quirk.CLOCK_NO_UTC,
        Quirk.EVENTS_NO_SYNC,
        Quirk.EVENTS_NO_RENEW,
        Quirk.RTP_MARKER,
        Quirk.NAL_PADDED,
        Quirk.REPLAY_STAMP,
    },
}
# What is met only in a session that lasts for long, or on a machine that is busy.
NOW_AND_THEN = {"kaisatsu": {Quirk.RTSP_KEEP_ALIVE}, "churin": {Quirk.REPLAY_LATE}}
# What a person reads of each on the dashboard: the lamps, and whether anything is wrong with them.
LAMPS = {
    "kita": {"alive": "on", "sd_problem": "off", "audio_disabled": "on", "clock_problem": "off"},
    "minami": {"alive": "on", "sd_problem": "on", "audio_disabled": "on", "clock_problem": "off"},
    "kaisatsu": {"alive": "on", "sd_problem": "off", "audio_disabled": "off", "clock_problem": "on"},
    "churin": {"alive": "on", "sd_problem": "off", "audio_disabled": "on", "clock_problem": "off"},
}  # fmt: skip
RATE = 15


async def test_cameras_with_habits_are_told_as_they_are(tmp_path: Path) -> None:
    """Every lamp is right, every repair is one of that camera's habits, and what is fetched is sealed whole.

    But for one place at which a card breaks each time: that clip is sealed with a gap that says why.
    """
    first = free_ports(16)
    ids = {
        camera["name"]: identity_key(camera_identity(camera)) or ""
        for camera in read_station(first)["cameras"]
    }
    async with demo(tmp_path, first + 15, first) as running, asyncio.timeout(600):
        url = await running.answers()
        async with visiting(url, "staff") as (staff,):

            async def lamps() -> dict[str, dict[str, str]]:
                now = await states(url)
                return {
                    camera: {lamp: now[f"binary_sensor.{camera}_{lamp}"] for lamp in right}
                    for camera, right in LAMPS.items()
                }

            await until(lamps, LAMPS.__eq__)
            await until(lambda: read_back(url), lambda outcomes: outcomes == ["decoded"] * 3)
            clips = await sealed(staff, ids, await breaking_place(first, "minami"))
            await assert_reports(url, first)
            assert_whole(clips)
            # Subscriptions are renewed after a while only.
            await until(lambda: put_right(url), PUT_RIGHT.__eq__)
            # Nothing went dark over all that.
            assert await lamps() == LAMPS


async def read_back(url: str) -> list[str | None]:
    """Return what came of the last read-back of each card that is well."""
    now = {item["entity_id"]: item["attributes"] for item in await everything(url)}
    cameras = [camera for camera, lamps in LAMPS.items() if lamps["sd_problem"] == "off"]
    return [now[f"sensor.{camera}_last_read_back"].get("outcome") for camera in cameras]


async def put_right(url: str) -> dict[str, set[str]]:
    """Return the names of what was put right of each camera, as its sensor tells them, without what comes now and then."""
    now = {item["entity_id"]: item for item in await everything(url)}
    found = {
        camera: now[f"sensor.{camera}_quirks_put_right"]["attributes"]["kinds"]
        for camera in PUT_RIGHT
    }
    for camera, quirks in found.items():
        assert int(now[f"sensor.{camera}_quirks_put_right"]["state"]) == len(quirks)
    return {
        camera: set(quirks) - NOW_AND_THEN.get(camera, set()) for camera, quirks in found.items()
    }


async def breaking_place(control_port: int, camera: str) -> datetime:
    """Return at which second a camera's replay breaks, as the simulator tells it."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{control_port}/cameras/{camera}") as answer,
    ):
        place: float = (await answer.json())["faults"]["replay_breaks_at"]
    return datetime.fromtimestamp(place, UTC)


async def sealed(staff: Visitor, ids: dict[str, str], place: datetime) -> dict[str, Any]:
    """Let staff preserve a minute of each camera, that of the dead card around the place; return the sealed clips."""
    hour_ago = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=1)
    starts = dict.fromkeys(ids, hour_ago) | {"minami": place - timedelta(seconds=30)}
    case = (await staff.act("create_case", kind="internal_inspection", purpose="habits"))["case"]
    for camera, start in starts.items():
        end = start + timedelta(seconds=60)
        passage = {"start": start.isoformat(), "end": end.isoformat()}
        await staff.act("export_clip", case=case, cameras=[ids[camera]], **passage)

    async def clips() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await staff.act("get_case", case=case))["passages"]
        return found

    def done(clips: list[dict[str, Any]]) -> bool:
        return all(clip["state"] in {"sealed", "failed"} for clip in clips)

    found = await until(clips, done, 300)
    history = (await staff.act("get_case", case=case))["history"]
    setbacks = [step["details"] for step in history if step["action"] == "clip_failed"]
    # Nobody is told that a camera cannot be reached which answers: one replay broke.
    assert {told["error"] for told in setbacks} == {"replay_broken"}
    assert [clip["state"] for clip in found] == ["sealed"] * len(ids), found
    names = {unique_id: camera for camera, unique_id in ids.items()}
    return {names[clip["camera"]]: clip["sealed"] for clip in found}


def assert_whole(clips: dict[str, Any]) -> None:
    """Every picture is there and intact; the dead card's clip names the one gap and its reason."""
    for camera in ("kita", "kaisatsu", "churin"):
        clip = clips[camera]
        # What is read on for the signature of the last pictures stays in the clip, and with it the one at the very end.
        signed = camera == "kita"
        asked_for = clip["pictures"] - clip["read_on"]
        assert (asked_for, clip["damaged"], clip["gaps"]) == (60 * RATE + signed, 0, []), camera
        assert (clip["read_on"] > 0) == signed, camera
    assert [stretch["ahead"] for stretch in clips["kaisatsu"]["clocks"]] == [
        pytest.approx(-420, abs=2)
    ]
    clip = clips["minami"]
    (gap,) = clip["gaps"]
    assert gap["reason"] == "camera_fails"
    start, end = (datetime.fromisoformat(gap[key]) for key in ("start", "end"))
    assert timedelta(seconds=1) <= end - start < timedelta(seconds=2.1)
    assert (clip["pictures"], clip["damaged"]) == (59 * RATE, 0)


async def assert_reports(url: str, control_port: int) -> None:
    """Check that what the cameras mail and report arrives, however it is written."""
    now = await states(url)
    async with aiohttp.ClientSession() as session:
        for camera in PUT_RIGHT:
            assert "unknown" not in {
                now[f"sensor.{camera}_last_mail"],
                now[f"sensor.{camera}_last_address_report"],
            }, camera
            async with session.get(f"http://127.0.0.1:{control_port}/cameras/{camera}") as answer:
                said = await answer.json()
            assert said["mail"]["sent"], camera
            assert not said["mail"]["error"], camera
            assert said["ddns"]["answer"].split()[0] in {"good", "nochg"}, camera


async def moved(url: str, control_port: int, camera: str) -> None:
    """Move a camera to another port, and wait until its event entity says so."""

    async def alert() -> tuple[str, str]:
        entity = f"event.{camera}_alert"
        return next(
            (item["state"], str(item["attributes"].get("event_type")))
            for item in await everything(url)
            if item["entity_id"] == entity
        )

    before, _ = await alert()
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"http://127.0.0.1:{control_port}/cameras/{camera}/move", json={"http_port": 0}
        ) as answer,
    ):
        assert answer.ok
    # Other alerts may come meanwhile.
    await until(alert, lambda now: now[0] != before and now[1] == "address_changed")


async def test_simulator_that_dies_ends_the_demo(tmp_path: Path) -> None:
    """And Home Assistant with it."""
    first = free_ports(16)
    async with demo(tmp_path, first + 15, first) as running:
        await running.answers()
        await assert_dies_with(running, "simulator")


async def assert_dies_with(running: Demo, victim: str) -> None:
    """Kill one of the programs: the demo ends with a clear message, and nothing is left over."""
    children = running.children()
    next(child for child in children if victim in child.cmdline()).kill()
    output = await running.rest()
    assert running.process.returncode == 1
    assert "ended by itself" in output
    assert ".log" in output
    assert not psutil.wait_procs(children, timeout=PATIENCE)[1]


async def test_port_in_use_starts_nothing(tmp_path: Path) -> None:
    """The message comes at once, before anything runs."""
    first = free_ports(16)
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", first + 15))
        taken.listen()
        async with demo(tmp_path, first + 15, first) as running:
            output = await running.rest()
            assert running.process.returncode == 1
    assert f"Port {first + 15}" in output
    assert "--port" in output
    assert "Starting" not in output
