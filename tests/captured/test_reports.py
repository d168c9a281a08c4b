"""The acceptance test of every captured camera: the verdict of each duty is what a person judged, and the report is in words."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from freezegun import freeze_time
from homeassistant.core import HomeAssistant
import pytest

from custom_components.niiza_cctv.lib.acceptance.bundle import make_bundle
from custom_components.niiza_cctv.lib.acceptance.model import Duty, Ending, Report, Step
from custom_components.niiza_cctv.lib.acceptance.run import AcceptanceTest, Place, TestLimits
from custom_components.niiza_cctv.lib.device.model import CameraAddress, Credential
from custom_components.niiza_cctv.lib.device.policy import SectionPolicy
from custom_components.niiza_cctv.lib.footage.gate import ReplayGate
from custom_components.niiza_cctv.lib.footage.readback import ReadBackLimits
from custom_components.niiza_cctv.lib.ledger.model import Person
from custom_components.niiza_cctv.managers.acceptance import FinishedTest
from custom_components.niiza_cctv.responses.acceptance import ReportShown, show_report
from scripts.demo import STATION
from simulator.captured import Capture, CapturedCamera
from simulator.config import load
from simulator.station import Station
from tests.captured.test_captured_cameras import ELSEWHERE, HERE, VIEWING, files, plays_as_expected
from tests.lib.acceptance.tested import QUICK_TEST, READING, duties
from tests.section import QUICK

pytestmark = pytest.mark.usefixtures("socket_enabled")
# Nobody waits for a captured camera's index to grow: it does not.
AT_ONCE = TestLimits(
    between=0.5,
    max_stand=1,
    listening=0.5,
    first_events=1,
    reading=READING,
    timing=QUICK,
    read_back=ReadBackLimits(idle=1.5),
)
DEMO_USER = Credential(username="viewer", password="viewer-demo")
# Judged from what `config_examples/demo_station.yaml` says of each camera; here no mail came, nobody looked at a sign, and
# no address is reported (F2, F3, F8).
DEMO_DUTIES = {
    "kita": "fit limits limits fit fit fit fit unknown",
    # Dead for six hours, and every status is green: what can still be fetched is older than that.
    "minami": "fit limits limits unfit unfit fit fit unknown",
    # Seven minutes slow; the microphone is on. What its RTSP looks like costs nothing.
    "kaisatsu": "limits limits limits fit fit unfit fit unknown",
    # Sixteen days, where the standard allows fifteen; events without upkeep.
    "churin": "limits limits limits fit fit fit fit unknown",
}


async def put_to_the_test(
    http: aiohttp.ClientSession, port: int, credential: Credential, limits: TestLimits
) -> AcceptanceTest:
    """Return the test of a camera, ended."""
    test = AcceptanceTest(
        Place(
            http=http,
            address=CameraAddress(host="127.0.0.1", port=port),
            credential=credential,
            known_as=None,
            tls=None,
            gate=ReplayGate(),
        ),
        SectionPolicy(),
        ZoneInfo("Asia/Tokyo"),
        limits=limits,
    )
    await test.run()
    return test


async def in_words(hass: HomeAssistant, test: AcceptanceTest, language: str) -> ReportShown:
    """Return a report in a language, as it is read and printed."""
    finished = FinishedTest(
        camera="camera",
        camera_name="Camera",
        person=Person(id="suzuki", name="Suzuki"),
        report=test.report(),
        version="1.0.0",
        recorded=True,
        test=test,
    )
    return await show_report(hass, finished, language)


def sentences(report: ReportShown) -> list[Any]:
    """Return every sentence of a report."""
    return [
        *(one for part in report["parts"] for one in part["said"]),
        *(one for duty in report["duties"] for one in duty["reasons"]),
    ]


async def check_words(hass: HomeAssistant, test: AcceptanceTest) -> None:
    """Check that a report is whole sentences in both languages, of which none is left to a key, and each duty has its reasons."""
    japanese, english = [await in_words(hass, test, language) for language in ("ja", "en")]
    for report in (japanese, english):
        for one in sentences(report):
            assert one["text"] != one["key"]
            assert "{" not in one["text"]
            # Words of other texts that were not found stand there as keys.
            for prefix in ("trouble_", "source_", "sd_", "evidence_", "quirk_", "place_", "job_"):
                assert prefix not in one["text"], one
        assert all(duty["reasons"] for duty in report["duties"])
        assert report["verdict_text"]
        assert report["ending_text"]
    assert len(sentences(japanese)) == len(sentences(english))
    # What a duty is judged by is a Japanese sentence in the Japanese report.
    for duty in japanese["duties"]:
        for one in duty["reasons"]:
            assert any("\u3040" <= character <= "\u9fff" for character in one["text"]), one


def verdicts(report: Report) -> dict[str, str]:
    """Return the verdict of each duty by its number."""
    return {duty.value: fitness.value for duty, fitness in duties(report).items()}


@pytest.mark.parametrize(
    "path",
    [*files(HERE), *(files(ELSEWHERE) if ELSEWHERE else ())],
    ids=lambda path: path.stem,
)
async def test_a_captured_camera_has_its_report(hass: HomeAssistant, path: Path) -> None:
    """What is not in the capture is not known; what is, is judged as a person did who read it."""
    capture = Capture.load(path)
    if path.parent == HERE and path.suffix == ".yaml":
        assert set(capture.duties) == set(Duty), "written down beside each camera"
    # Its clock is held against the moment of the capture.
    with freeze_time(capture.captured, tick=True, real_asyncio=True):
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
            CapturedCamera(capture) as camera,
        ):
            test = await put_to_the_test(http, camera.http_port, VIEWING, AT_ONCE)
    report = test.report()
    assert report.ending is Ending.DONE
    assert {Step.IDENTITY, Step.SERVICES, Step.LOGIN, Step.CLOCK} & set(report.missing) == set()
    if capture.duties:
        assert verdicts(report) == capture.duties
    await check_words(hass, test)


@pytest.mark.parametrize("name", DEMO_DUTIES)
async def test_a_camera_of_the_demo_has_its_report_and_plays_when_captured(
    hass: HomeAssistant, name: str, tmp_path: Path
) -> None:
    """Each of the four, by its own temperament, as whoever tries the demo sees it; what is saved of it needs no hand's touch."""
    (config,) = (one for one in load(STATION).cameras if one.name == name)
    # Small, so that the one encoding per machine is quick; a day more of what died, for its days are counted to there.
    small = replace(
        config,
        http_port=0,
        rtsp_port=0,
        width=640,
        height=360,
        frame_rate=5,
        bitrate=512,
        days=config.days + (config.failed_hours > 0),
    )
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
        Station([small]) as station,
    ):
        (running,) = station.cameras.values()
        test = await put_to_the_test(http, running.http_port, DEMO_USER, QUICK_TEST)
    report = test.report()
    assert report.ending is Ending.DONE
    assert report.missing == ()
    assert verdicts(report) == dict(zip(Duty, DEMO_DUTIES[name].split(), strict=True))
    await check_words(hass, test)
    known = ((DEMO_USER.username, "user"), (DEMO_USER.password, "secret"), (config.name, "name"))
    bundle = make_bundle(test, (*known, (config.location, "place"), ("127.0.0.1", "ipv4")))
    assert bundle is not None
    for original in (config.location, config.serial, config.mac, DEMO_USER.password, "127.0.0.1"):
        assert original.lower() not in bundle.text.lower()
    path = tmp_path / bundle.name
    path.write_text(bundle.text, encoding="utf-8")
    assert files(tmp_path) == [path]
    await plays_as_expected(path)
