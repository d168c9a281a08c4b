"""Cameras that lie over real sockets: no answer breaks a test, and nothing secret leaves in report, log or bundle."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
import contextlib
from dataclasses import replace
import itertools
import json
import logging
from pathlib import Path
import re
import time
from typing import Any

from aiohttp import web
import pytest

from custom_components.niiza_cctv.lib.acceptance.anonymise import Anonymiser
from custom_components.niiza_cctv.lib.acceptance.bundle import Bundle, make_bundle
from custom_components.niiza_cctv.lib.acceptance.kept import report_as_json
from custom_components.niiza_cctv.lib.acceptance.model import Duty, Ending, Fitness, Step
from custom_components.niiza_cctv.lib.acceptance.run import AcceptanceTest
from tests.captured.test_captured_cameras import plays_as_expected
from tests.lib.acceptance.liar import Asked
from tests.lib.acceptance.tested import QUICK_TEST, duties, on_trial, said
from tests.section import PATIENCE
from tests.station import VIEWER

pytestmark = pytest.mark.usefixtures("socket_enabled")

CODED = b64encode(f"{VIEWER.name}:{VIEWER.password}".encode()).decode()
KNOWN = (
    (VIEWER.name, "user"),
    (VIEWER.password, "secret"),
    (CODED, "secret"),
    ("127.0.0.1", "ipv4"),
)


def bundle_of(test: AcceptanceTest) -> Bundle | None:
    """Return the bundle of a test, as the section makes it."""
    return make_bundle(test, KNOWN)


def with_text(answer: web.Response, text: str | bytes, content_type: str = "") -> web.Response:
    """Return an answer of the same status with another body."""
    changed = web.Response(
        status=answer.status, body=text.encode() if isinstance(text, str) else text
    )
    changed.headers["Content-Type"] = content_type or answer.headers.get("Content-Type", "text/xml")
    for value in answer.headers.getall("WWW-Authenticate", ()):
        changed.headers.add("WWW-Authenticate", value)
    return changed


def text_of(answer: web.Response) -> str:
    """Return the body of an answer."""
    body = answer.body
    assert isinstance(body, bytes)
    return body.decode()


# What cameras are set up with, in the spellings of more than one maker; none of it may leave.
SECRETS = {
    "Shinza-Eki-WLAN": "<SSID>{}</SSID>",
    "geheim-1234": "<wirelessSecurity><sharedKey>{}</sharedKey></wirelessSecurity>",
    "pre-shared-99": "Network.Wireless.WPA_PSK={}\n",
    "35.7938123": '<GeoLocation lon="139.5651234" lat="{}"/>',
    "139.5651234": '<GeoLocation lat="35.7938123" lon="{}"/>',
    "35.80012,139.56001": "geo:{}",
    "MIIEowIBAAKCAQEA7xYz": "-----BEGIN ENCRYPTED KEY-----\n{}\n-----END ENCRYPTED KEY-----",
    "MIIBszCCAVmgAwIBAgIU": "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----",
    "kita-cam7.city.local": "see {} for more",
    "nas4.shinza.example.jp": "//{}/share",
    "yamada.taro@city.example.jp": "mailto:{}",
    "山田太郎": "<Owner>{}</Owner>",
    "ABC-99-888": "<deviceSerialNumber>{}</deviceSerialNumber>",
    "CD-77-1234": "<SerialNumber><![CDATA[{}]]></SerialNumber>",
    "EF&45;9876": "<SerialNumber>{}</SerialNumber>",
    "00408cab0f3a": "{}",
    "00408c.ab0f3b": "<x>0040.8cab.0f3b</x>",
    "10.99.88.77": "010.099.088.077",
    "::ffff:10.99.88.66": "{}",
    "fe80::240:8cff:feab:f3c": "[{}%eth0]",
    "letmein77": "rtsp://10.99.88.55/live?user=yamada7&amp;password={}",
    "yamada7": "http://{}:pw9999@10.99.88.44/",
    "opensesame5": '{{"wifiPassword": "{}"}}',
    "kochou-no-ie": "<deviceLocation>{}</deviceLocation>",
}


def repeats_everything(asked: Asked, answer: web.Response) -> web.Response:
    """Return an answer that repeats its question's log-in, and tells all secrets that the camera has."""
    if "xml" not in answer.headers.get("Content-Type", ""):
        return answer
    text = text_of(answer)
    login = asked.headers.get("Authorization", "")
    told = "\n".join(form.format(secret) for secret, form in SECRETS.items())
    # In an element that nobody reads, and that breaks no answer.
    echo = f"<Extension>{told}\n<Header>{login.replace('<', '')}</Header></Extension>"
    text = text.replace(
        "</tds:GetDeviceInformationResponse>", f"{echo}</tds:GetDeviceInformationResponse>"
    )
    text = text.replace("</trt:GetProfilesResponse>", f"{echo}</trt:GetProfilesResponse>")
    text = text.replace("</trc:GetRecordingsResponse>", f"{echo}</trc:GetRecordingsResponse>")
    return with_text(answer, text)


async def test_nothing_that_a_camera_tells_of_people_and_places_leaves_in_a_bundle(
    tmp_path: Path,
) -> None:
    """In whatever spelling; and what is left still plays as the camera did."""

    async def spoil(asked: Asked, answer: web.Response) -> web.StreamResponse:
        return repeats_everything(asked, answer)

    async with on_trial(spoil=spoil) as (test, _, _station):
        report = await test.run()
    assert report.ending is Ending.DONE
    heard = "".join(one.body.decode() for one in test.recorder.heard)
    assert "opensesame5" in heard
    assert "response=" in heard
    bundle = bundle_of(test)
    assert bundle is not None
    for secret in SECRETS:
        assert secret.lower() not in bundle.text.lower(), secret
    assert not re.search(r"response=.{0,3}[0-9a-f]{32}", bundle.text)
    # All of it was replaced: nothing had to be left out.
    assert bundle.left_out == 0
    path = tmp_path / bundle.name
    path.write_text(bundle.text, encoding="utf-8")
    await plays_as_expected(path)


async def test_a_password_that_a_camera_repeats_stands_nowhere(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither in report nor log nor bundle, plain or coded: as its maker's name, a profile's, a topic, a type of content."""

    async def spoil(_asked: Asked, answer: web.Response) -> web.StreamResponse:
        if not isinstance(answer.body, bytes):
            return answer
        text = text_of(answer)
        text = re.sub(r"<tds:Manufacturer>[^<]*", f"<tds:Manufacturer>{VIEWER.password}", text)
        text = re.sub(r"<tds:Model>[^<]*", f"<tds:Model>{CODED}", text)
        text = re.sub(
            r"<tds:FirmwareVersion>[^<]*", f"<tds:FirmwareVersion>v {VIEWER.password} 1", text
        )
        text = re.sub(r"(<\w+:Name>)[^<]*", rf"\g<1>{VIEWER.password}", text)
        text = text.replace("AudioSource", f"Audio{VIEWER.password}")
        return with_text(
            answer, text, f"{answer.headers.get('Content-Type', 'text/xml')}; x={VIEWER.password}"
        )

    caplog.set_level(logging.DEBUG)
    async with on_trial(spoil=spoil) as (test, _, _station):
        report = await test.run()
    assert VIEWER.password in "".join(one.body.decode() for one in test.recorder.heard)
    bundle = bundle_of(test)
    assert bundle is not None
    for place, kept in {
        "report": json.dumps(report_as_json(report)),
        "bundle": bundle.name + bundle.text,
        "log": caplog.text,
    }.items():
        for secret in (VIEWER.password, CODED):
            assert secret.lower() not in kept.lower(), (place, secret)


@pytest.mark.parametrize(
    ("codec", "declared"),
    [("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("gb18030", "GB2312"), ("cp932", "Shift_JIS"), ("utf-8-sig", "utf-8")],
)  # fmt: skip
async def test_answers_in_other_encodings_are_read_replaced_and_play_again(
    tmp_path: Path, codec: str, declared: str
) -> None:
    """What is written wide, or in a maker's own country's way, is searched like everything else."""
    name = "新座北口交番前"

    async def spoil(_asked: Asked, answer: web.Response) -> web.StreamResponse:
        if "xml" not in answer.headers.get("Content-Type", "") or not isinstance(
            answer.body, bytes
        ):
            return answer
        text = re.sub(r"\A\s*<\?xml[^>]*\?>", "", text_of(answer))
        text = re.sub(r"(<\w+:Name>)[^<]*", rf"\g<1>{name}", text)
        text = f'<?xml version="1.0" encoding="{declared}"?>\n{text}'
        return with_text(
            answer,
            text.encode(codec, "xmlcharrefreplace"),
            f"application/soap+xml; charset={declared}",
        )

    async with on_trial(spoil=spoil) as (test, _, _station):
        report = await test.run()
    assert report.ending is Ending.DONE
    assert duties(report)[Duty.NO_AUDIO] is Fitness.FIT
    assert name in str(report)
    bundle = bundle_of(test)
    assert bundle is not None
    assert bundle.left_out == 0
    for written in (name, name[:4], name.encode("cp932").decode("cp1252", "ignore")):
        assert written not in bundle.text
    assert "\\u0000" not in bundle.text
    path = tmp_path / bundle.name
    path.write_text(bundle.text, encoding="utf-8")
    await plays_as_expected(path)


DEEP = "<a>" * 50_000 + "</a>" * 50_000
NONSENSE: list[tuple[bytes, str]] = [
    (b"<html><body>Login</body></html>", "text/html"),
    (b'{"a": ' * 20_000 + b"1" + b"}" * 20_000, "application/json"),
    (b'{"status": 1e999, "status": [], "status": null}', "application/json"),
    (DEEP.encode(), "application/soap+xml"),
    (b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>', "text/xml"),
    (b"\x1f\x8b\x08\0\0\0\0\0" + b"\xff" * 2000, "application/soap+xml"),
    (b"9" * 1_000_000, "text/plain"),
    (b"<" * 300_000, "text/xml"),
    (b"\0" * 100_000, "text/xml"),
    (b"", "application/soap+xml"),
    (b"x" * (10 * 1024 * 1024), "application/soap+xml"),
    (b'<a b="1" b="2"/>', "text/xml"),
    ("<Envelope>\ud7ff\ufffe</Envelope>".encode(), "text/xml; charset=shift_jis"),
]


async def test_nonsense_in_the_place_of_any_answer_breaks_no_test() -> None:
    """All kinds of it in turn, for everything after it said who it is; the report says what is not known, and ends."""
    nonsense = itertools.cycle(NONSENSE)
    honest = ("GetSystemDateAndTime", "GetServices", "GetDeviceInformation", "GetNetworkInterfaces", "GetProfiles", "GetRecordings")  # fmt: skip
    begun = asyncio.Event()

    async def spoil(asked: Asked, answer: web.Response) -> web.StreamResponse:
        if answer.status != 200 or any(asked.names(one) for one in honest):
            return answer
        if not begun.is_set():
            return answer
        body, content_type = next(nonsense)
        return with_text(answer, body, content_type)

    def progress(step: Step, _share: float) -> None:
        if step is Step.SERVICES:
            begun.set()

    maker: dict[str, Any] = {"manufacturer": "HIKVISION"}
    async with on_trial(spoil=spoil, progress=progress, **maker) as (test, _, _station):
        async with asyncio.timeout(2 * PATIENCE):
            report = await test.run()
    assert report.ending in {Ending.DONE, Ending.CAMERA_LOST}
    assert "question_unread" in said(report)
    begun_at = time.monotonic()
    assert await asyncio.to_thread(bundle_of, test) is not None
    assert time.monotonic() - begun_at < PATIENCE


@contextlib.asynccontextmanager
async def elsewhere() -> AsyncIterator[tuple[int, list[bytes]]]:
    """Another host, which nobody may be sent to."""
    heard: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(4096))
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.2", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], heard


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_nobody_follows_a_camera_to_another_host(status: int) -> None:
    """Neither by a redirect nor by what its list of services names."""
    async with elsewhere() as (port, heard):

        async def spoil(asked: Asked, answer: web.Response) -> web.StreamResponse:
            if asked.names("GetProfiles") or asked.names("GetScopes"):
                moved = web.Response(status=status)
                moved.headers["Location"] = f"http://127.0.0.2:{port}/onvif"
                return moved
            if "xml" in answer.headers.get("Content-Type", ""):
                return with_text(
                    answer,
                    re.sub(
                        r"http://127\.0\.0\.1:\d+/", f"http://127.0.0.2:{port}/", text_of(answer)
                    ),
                )
            return answer

        async with on_trial(spoil=spoil) as (test, _, _station):
            report = await test.run()
        assert heard == []
    assert report.ending is Ending.DONE
    assert duties(report)[Duty.NO_AUDIO] is Fitness.UNKNOWN


async def test_a_camera_that_asks_for_the_log_in_again_and_again_is_soon_left() -> None:
    """From the middle of the test on, with a new nonce each time: no account is locked by us."""
    refusing = asyncio.Event()
    refused = 0

    async def spoil(asked: Asked, answer: web.Response) -> web.StreamResponse:
        nonlocal refused
        if not refusing.is_set():
            return answer
        refused += "Authorization" in asked.headers
        again = web.Response(status=401)
        again.headers["WWW-Authenticate"] = (
            f'Digest realm="camera", nonce="{time.monotonic_ns()}", stale=true, qop="auth"'
        )
        return again

    def progress(step: Step, _share: float) -> None:
        if step is Step.CARD:
            refusing.set()

    async with on_trial(spoil=spoil, progress=progress) as (test, _, _station):
        report = await test.run()
    assert report.ending in {Ending.REFUSED, Ending.CAMERA_LOST}
    assert Step.QUIRKS in report.missing
    assert refused <= 6


async def test_answers_that_drip_cost_no_more_than_the_test_has() -> None:
    """A byte now and then, from everything but the clock."""
    limits = replace(QUICK_TEST, seconds=8)

    async def spoil(asked: Asked, answer: web.Response) -> web.StreamResponse:
        if (
            answer.status != 200
            or asked.names("GetSystemDateAndTime")
            or asked.names("GetServices")
        ):
            return answer
        dripping = web.StreamResponse()
        dripping.headers["Content-Type"] = "application/soap+xml"
        await dripping.prepare(asked.request)
        with contextlib.suppress(ConnectionError):
            for byte in text_of(answer).encode():
                await dripping.write(bytes([byte]))
                await asyncio.sleep(0.5)
        return dripping

    async with on_trial(spoil=spoil, limits=limits) as (test, _, _station):
        begun = time.monotonic()
        report = await test.run()
        assert time.monotonic() - begun < PATIENCE
    assert report.ending is not Ending.DONE
    assert Fitness.FIT not in set(duties(report).values())


async def test_a_camera_that_names_thousands_of_things_holds_up_nobody() -> None:
    """What could not be searched for all of them is left out, and counted."""
    names = "".join(f"<tt:Name>person {number} of many</tt:Name>" for number in range(15_000))

    async def spoil(_asked: Asked, answer: web.Response) -> web.StreamResponse:
        if not isinstance(answer.body, bytes) or b"GetScopesResponse>" not in answer.body:
            return answer
        text = text_of(answer)
        return with_text(
            answer, text.replace("</tds:GetScopesResponse>", f"{names}</tds:GetScopesResponse>")
        )

    async with on_trial(spoil=spoil) as (test, _, _station):
        await test.run()
    begun = time.monotonic()
    bundle = await asyncio.to_thread(bundle_of, test)
    assert time.monotonic() - begun < PATIENCE
    assert bundle is not None
    assert "of many" not in bundle.text
    assert bundle.left_out


@pytest.mark.parametrize(
    "hostile",
    [
        lambda size: "A" * size,
        lambda size: "a@" * (size // 2),
        lambda size: "a:" * (size // 2),
        lambda size: "http://" * (size // 7),
        lambda size: "1." * (size // 2),
        lambda size: "password=" * (size // 9),
        lambda size: "%25" * (size // 3),
        lambda size: "<a " * (size // 3),
        lambda size: "<![CDATA[" * (size // 9),
        lambda size: "-----BEGIN A-----" * (size // 17),
        lambda size: "response=" * (size // 9),
        lambda size: " \t" * (size // 2),
        lambda size: '" x' * (size // 3),
    ],
)  # fmt: skip
def test_no_text_takes_more_time_than_its_length(hostile: Callable[[int], str]) -> None:
    """Four times as long is not much more than four times the work."""

    def seconds(size: int) -> float:
        anonymiser = Anonymiser((), days=-400)
        begun = time.thread_time()
        anonymiser.learn(text := hostile(size))
        anonymiser.remains(anonymiser(text))
        return time.thread_time() - begun

    small, large = seconds(50_000), seconds(200_000)
    assert large < 10 * small + 0.5
