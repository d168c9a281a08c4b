"""Captured cameras, each polled as a whole: what the product says is what was written down."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
import os
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from custom_components.niiza_cctv.lib.device.camera import StationCamera
from custom_components.niiza_cctv.lib.device.model import CameraAddress, CameraStatus, Credential
from custom_components.niiza_cctv.lib.device.policy import SectionPolicy
from custom_components.niiza_cctv.lib.device.told import ToldStatus, told
from custom_components.niiza_cctv.lib.footage.readback import ReadBackLimits, read_back
from custom_components.niiza_cctv.lib.footage.rtsp import describe
from simulator.captured import Capture, CapturedAnswer, CapturedCamera, CaptureError
from tests.section import PATIENCE, QUICK

HERE = Path(__file__).parent
# Captures that are not ours to pass on, and single answers (`maker.service.Operation.xml`), are tried where they lie.
ELSEWHERE = Path(os.environ["NIIZA_CAPTURED"]) if os.environ.get("NIIZA_CAPTURED") else None
VIEWING = Credential(username="viewer", password="viewer-pass")
# Seconds by which a clock may differ that is told in whole ones, on a busy machine.
CLOCK = 5


def files(folder: Path) -> list[Path]:
    """Return the captured cameras of a folder."""
    return sorted([*folder.glob("*.yaml"), *folder.glob("*.json")])


def loose(folder: Path) -> dict[str, list[Path]]:
    """Return single answers by their maker."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.*.*.xml")):
        found.setdefault(path.name.partition(".")[0], []).append(path)
    return found


@pytest.fixture
async def http(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session to borrow."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


async def media_kinds(url: str, credential: Credential) -> frozenset[str]:
    """Return the kinds of media behind an RTSP URL, as the coordinator does."""
    return frozenset(media.kind for media in await describe(url, credential))


async def polled(http: aiohttp.ClientSession, camera: CapturedCamera) -> CameraStatus:
    """Return what one poll says, events taken in before where any were captured."""
    station = StationCamera(
        http,
        CameraAddress(host="127.0.0.1", port=camera.http_port),
        VIEWING,
        SectionPolicy(),
        known_as=None,
        poll_interval=timedelta(minutes=2),
        time_zone=ZoneInfo("Asia/Tokyo"),
        media_kinds=media_kinds,
        read_back=partial(read_back, limits=ReadBackLimits(idle=1.5)),
        on_change=lambda: None,
        timing=QUICK,
    )
    captured = {one.asked for one in camera.capture.answers}
    if not captured >= {"CreatePullPointSubscription", "PullMessages"}:
        return await station.poll()
    # Which only somebody can listen to who knows where.
    await station.client.connect()
    watching = asyncio.create_task(station.watch())
    try:
        async with asyncio.timeout(PATIENCE):
            await camera.told_all.wait()
        return await station.poll()
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


def as_written(status: CameraStatus, capture: Capture) -> ToldStatus:
    """Return what a status says, its clock as it would have been when the answers came."""
    return told(status, later=datetime.now(UTC) - capture.captured)


def is_as_expected(said: ToldStatus, expected: Any) -> bool:
    """Return whether a status is what was written down; the clock to a few seconds."""
    ahead, expected_ahead = said["clock_ahead"], expected.get("clock_ahead")
    if ahead is None or expected_ahead is None:
        same: bool = said == expected
        return same
    rest: bool = {**said, "clock_ahead": 0} == {**expected, "clock_ahead": 0}
    return rest and abs(ahead - expected_ahead) <= CLOCK


async def plays_as_expected(path: Path) -> Capture:
    """Return the capture of a file, once a camera made of it is found to be as was written down beside it."""
    capture = Capture.load(path)
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        CapturedCamera(capture) as camera,
    ):
        said = as_written(await polled(session, camera), capture)
    assert is_as_expected(said, capture.expected), (said, capture.expected)
    return capture


@pytest.mark.parametrize(
    "path",
    [*files(HERE), *(files(ELSEWHERE) if ELSEWHERE else ())],
    ids=lambda path: path.stem,
)
async def test_a_captured_camera_is_what_was_written_down(
    http: aiohttp.ClientSession, path: Path
) -> None:
    """Nothing else is compared: what a maker's camera answers, and what an office is told of it."""
    capture = Capture.load(path)
    async with CapturedCamera(capture) as camera:
        said = as_written(await polled(http, camera), capture)
    if not is_as_expected(said, capture.expected):
        # Shown as a difference.
        assert said == capture.expected


@pytest.mark.skipif(ELSEWHERE is None, reason="NIIZA_CAPTURED names no folder")
async def test_answers_of_real_cameras_can_be_read(http: aiohttp.ClientSession) -> None:
    """Each with its maker's others: none costs the poll, and none of them is an answer that cannot be read."""
    assert ELSEWHERE is not None
    for maker, paths in loose(ELSEWHERE).items():
        for path in paths:
            capture = capture_of(maker, [path, *paths])
            async with CapturedCamera(capture) as camera:
                status = await polled(http, camera)
            assert status.alive, path.name
            assert status.unread == (), path.name


def capture_of(maker: str, paths: list[Path]) -> Capture:
    """Return a camera of single answers, with what nobody can be polled without where it was not captured."""
    answers = []
    for path in paths:
        _, service, name, *_ = path.name.split(".")
        operation = "".join(part[:1].upper() + part[1:] for part in name.split("_"))
        service = "replay" if operation == "GetReplayUri" else service
        answers.append(
            CapturedAnswer(
                asked=operation,
                of=service,
                about="",
                nobody=operation in {"GetSystemDateAndTime", "GetServices"},
                status=200,
                headers={},
                body=path.read_bytes(),
            )
        )
    asked = {answer.asked for answer in answers}
    answers += [one for one in minimal(maker) if one.asked not in asked]
    return Capture(
        camera=maker,
        captured=datetime.now(UTC),
        challenges=('Digest realm="camera", nonce="1", qop="auth", algorithm=MD5',),
        answers=tuple(answers),
        expected={},
        duties={},
    )


def minimal(maker: str) -> list[CapturedAnswer]:
    """Return the least that a camera answers."""
    space = "http://www.onvif.org/ver10"
    services = "".join(
        f"<Service><Namespace>{space}/{name}/wsdl</Namespace><XAddr>http://192.0.2.1/onvif/{name}</XAddr></Service>"
        for name in ("device", "media", "events", "recording", "search", "replay")
    )
    bodies = {
        "GetServices": services,
        "GetDeviceInformation": f"<Manufacturer>{maker}</Manufacturer>",
        "GetSystemDateAndTime": (
            "<SystemDateAndTime><UTCDateTime>"
            "<Time><Hour>1</Hour><Minute>0</Minute><Second>0</Second></Time>"
            "<Date><Year>2026</Year><Month>11</Month><Day>23</Day></Date>"
            "</UTCDateTime></SystemDateAndTime>"
        ),
    }
    return [
        CapturedAnswer(
            asked=name,
            of="device",
            about="",
            nobody=name != "GetDeviceInformation",
            status=200,
            headers={},
            body=(
                '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>'
                f'<{name}Response xmlns="{space}/device/wsdl">{inside}</{name}Response>'
                "</e:Body></e:Envelope>"
            ).encode(),
        )
        for name, inside in bodies.items()
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("form: 2", "form"),
        ("colour: red", "colour"),
        ("answers: [{asked: GetProfiles}]", "service"),
        ("answers: [{asked: GetProfiles, of: media, when: now}]", "when"),
        ("answers: [{asked: GetProfiles, of: media, as: somebody}]", "nobody"),
        ("answers: [{of: media}]", "asked"),
        ("form: [", "read"),
    ],
)
def test_a_file_that_is_no_captured_camera_says_why(tmp_path: Path, change: str, said: str) -> None:
    """Whoever wrote it by hand is told what is wrong."""
    path = tmp_path / "camera.yaml"
    keys = dict.fromkeys(("camera", "source"), "")
    lines = [f"{key}: x" for key in keys] + ["captured: 2026-11-29T00:00:00Z"]
    lines += [
        f"{key}: {value}"
        for key, value in (
            ("form", "1"),
            ("challenges", "[]"),
            ("answers", "[]"),
            ("expected", "{}"),
        )
        if not change.startswith(key)
    ]
    path.write_text("\n".join([*lines, change]))
    with pytest.raises(CaptureError, match=said):
        Capture.load(path)
