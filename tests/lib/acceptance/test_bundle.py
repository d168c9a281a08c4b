"""The answers of a test, handed on: nothing in them names anything, and they play as a captured camera."""

from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest

from custom_components.niiza_cctv.lib.acceptance.anonymise import Anonymiser
from custom_components.niiza_cctv.lib.acceptance.bundle import make_bundle
from simulator.captured import Capture, CapturedCamera
from tests.captured.test_captured_cameras import as_written, is_as_expected, polled
from tests.lib.acceptance.tested import on_trial
from tests.station import VIEWER

pytestmark = pytest.mark.usefixtures("socket_enabled")
NAME = "新座駅北口カメラ"
PLACE = "Niiza Station, 北口"


def writings(original: str) -> set[str]:
    """Return the ways in which something may stand somewhere, in lower case."""
    found = {original, quote(original), quote(original, safe="")}
    for octets in (original.encode(), original.upper().encode(), original.lower().encode()):
        found |= {octets.hex(), b64encode(octets).decode().rstrip("=")[:-1]}
    return {one.lower() for one in found}


async def test_a_bundle_names_nothing_and_plays_as_a_captured_camera(tmp_path: Path) -> None:
    """Without a hand's touch; it is searched for what it was made of, however that may be written."""
    async with on_trial(name=NAME, location=PLACE) as (test, running, _):
        await test.run()
        config = running.camera.config
        port = running.http_port
    bundle = make_bundle(
        test, ((VIEWER.name, "user"), (VIEWER.password, "secret"), ("127.0.0.1", "ipv4"))
    )
    assert bundle is not None
    assert bundle.left_out == 0
    assert test.captured is not None
    searched = bundle.text.lower()
    originals = [
        NAME,
        PLACE,
        config.serial,
        config.mac,
        config.mac.replace(":", ""),
        config.mac.replace(":", "-"),
        VIEWER.password,
        "127.0.0.1",
        f"{test.captured:%Y-%m-%d}",
        f"{test.captured:%Y%m%d}",
    ]
    assert f":{port}" in "".join(
        heard.body.decode(errors="replace") for heard in test.recorder.heard
    )
    for original in originals:
        assert not [one for one in writings(original) if one in searched], original
    path = tmp_path / bundle.name
    path.write_text(bundle.text, encoding="utf-8")
    capture = Capture.load(path)
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
        CapturedCamera(capture) as camera,
    ):
        told = as_written(await polled(http, camera), capture)
    assert is_as_expected(told, capture.expected), (told, capture.expected)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("<tt:SerialNumber>DS-2CD-0001</tt:SerialNumber>", "DS-2CD-0001"),
        ("<tt:Name>駅前の交番</tt:Name><x>駅前の交番</x>", "駅前の交番"),
        ("rtsp://admin:Secret99@10.1.2.3:554/Streaming", "Secret99"),
        ("http://kita-camera.city.example.jp/onvif", "kita-camera"),
        ("onvif://www.onvif.org/location/%E6%96%B0%E5%BA%A7", "%E6%96%B0%E5%BA%A7"),
        ("root.Network.MacAddress=00:40:8C:18:0F:3A", "00:40:8C:18:0F:3A"),
        ("urn:uuid:4c3f9d5e-aaaa-bbbb-cccc-00408c180f3a", "00408c180f3a"),
        ('{"serialNumber": "ABCD12345678"}', "ABCD12345678"),
        ("mail to taro.yamada@city.example.jp", "taro.yamada"),
        ("fe80::240:8cff:fe18:f3a", "8cff:fe18"),
        ('<Profile token="A1B2-C3"/>', "A1B2-C3"),
    ],
)
def test_what_names_something_is_replaced_by_its_form(text: str, gone: str) -> None:
    """Also where nobody said before what to look for; the same becomes the same again."""
    anonymiser = Anonymiser((), days=-400)
    anonymiser.learn(text)
    cleaned = anonymiser(text)
    assert gone.lower() not in cleaned.lower()
    assert anonymiser(text) == cleaned


@pytest.mark.parametrize(
    "written",
    [
        "{0}",
        "{0.upper}",
        "{hex}",
        "{base64}",
        "{url}",
    ],
)
def test_what_can_still_be_read_in_any_writing_is_noticed(written: str) -> None:
    """Such an answer is not handed on."""
    secret = "駅前カメラAkiba"
    shown = {
        "{0}": secret,
        "{0.upper}": secret.upper(),
        "{hex}": secret.encode().hex().upper(),
        "{base64}": b64encode(b"x" + secret.encode() + b"y").decode(),
        "{url}": quote(secret).lower(),
    }[written]
    anonymiser = Anonymiser([(secret, "name")], days=-400)
    assert anonymiser.remains(f"<a>{shown}</a>") == "name"
    assert anonymiser.remains("<a>nothing</a>") is None


def test_days_move_together_and_the_clock_stays_what_it_was() -> None:
    """Times of day, and the distance of two times, are what a verdict rests on."""
    anonymiser = Anonymiser((), days=-400)
    assert anonymiser("2026-03-01T10:20:30Z") == "2025-01-25T10:20:30Z"
    assert anonymiser("clock=20260301T102030Z-") == "clock=20250125T102030Z-"
    date = "<Year>2026</Year><Month>3</Month><Day>1</Day>"
    assert anonymiser(date) == "<Year>2025</Year><Month>1</Month><Day>25</Day>"
    # What says that nothing is known stays what it is.
    assert anonymiser("1970-01-01T00:00:00Z") == "1970-01-01T00:00:00Z"
