"""Every way of breaking a camera shows on the wire, and fixing it too."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import time
from typing import Any

import aiohttp
from lxml import etree
import pytest

from simulator.camera import CardFault, Faults, Garbage, Quirk
from simulator.running import RunningCamera
from simulator.services.base import TDS, TEV, TR2, TRC, TRP, TRT, TSE, TT, WSNT
from simulator.soap import ENV, HUGE
from simulator.station import Station, free_port
from tests.section import until
from tests.soap_calls import envelope, subcodes, username_token
from tests.station import camera_config

CLOCK = envelope(TDS, "GetSystemDateAndTime")


def of(*quirks: Quirk) -> frozenset[Quirk]:
    """Return quirks as a configuration wants them."""
    return frozenset(quirks)


async def test_slow_and_silent(socket_enabled: None, post: Callable[..., Any]) -> None:
    """A slow camera answers late, a silent one accepts the connection and answers when it is fixed."""
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]
        running.set(slow=0.3)
        start = time.monotonic()
        assert (await post(running, CLOCK))[0] == 200
        assert time.monotonic() - start >= 0.3
        running.set(slow=0, silent=True)
        waiting = asyncio.create_task(post(running, CLOCK))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        running.set(silent=False)
        assert (await waiting)[0] == 200


async def test_stopping_a_silent_camera_is_quick(
    socket_enabled: None, post: Callable[..., Any]
) -> None:
    """Callers who wait for a silent camera do not hold up its end."""
    station = Station([camera_config(faults=Faults(silent=True))])
    await station.start()
    waiting = asyncio.create_task(post(station.cameras["kita"], CLOCK))
    await asyncio.sleep(0.1)
    start = time.monotonic()
    await station.stop()
    # They would wait for ever.
    assert time.monotonic() - start < 20
    with pytest.raises(aiohttp.ClientError):
        await waiting


@pytest.mark.parametrize("garbage", [kind for kind in Garbage if kind is not Garbage.NONE])
async def test_garbage(socket_enabled: None, post: Callable[..., Any], garbage: Garbage) -> None:
    """Each kind of spoilt answer is what its name says; fixed, the answer is good again."""
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]
        running.set(garbage=garbage.value)
        status, headers, data = await post(running, CLOCK)
        assert status == 200
        match garbage:
            case Garbage.HTML:
                assert headers["Content-Type"].startswith("text/html")
                assert b"<html>" in data
            case Garbage.TRUNCATED:
                assert b"GetSystemDateAndTimeResponse" in data
                with pytest.raises(etree.XMLSyntaxError):
                    etree.fromstring(data)
            case Garbage.HUGE:
                assert len(data) > HUGE
                assert data.endswith(b"</env:Envelope>")
            case Garbage.ENTITY_BOMB:
                assert b"<!DOCTYPE" in data
                assert b"<!ENTITY" in data
            case Garbage.WRONG_SCHEMA:
                body = etree.fromstring(data).find(f"{{{ENV}}}Body")
                assert body is not None
                assert body[0].tag == f"{{{TDS}}}GetSystemDateAndTimeResponse"
                assert body.find(f".//{{{TT}}}UTCDateTime") is None
            case Garbage.EMPTY:
                assert data == b""
        running.set(garbage="none")
        assert b"UTCDateTime" in (await post(running, CLOCK))[2]


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        (b"", 400, "WellFormed"),
        (b"not xml", 400, "WellFormed"),
        (b"<a/>", 400, "TagMismatch"),
        (f'<s:Envelope xmlns:s="{ENV}"/>'.encode(), 400, "WellFormed"),
        (
            b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>',
            500,
            "VersionMismatch",
        ),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 400, "WellFormed"),
        (envelope(TDS, "MakeCoffee").encode(), 500, "ActionNotSupported"),
        (envelope("http://example.org/x", "GetServices").encode(), 500, "ActionNotSupported"),
        (envelope(TDS, "GetServices").encode(), 400, "InvalidArgs"),
        (
            envelope(
                TDS, "GetServices", header='<x:a xmlns:x="urn:x" s:mustUnderstand="1"/>'
            ).encode(),
            500,
            "MustUnderstand",
        ),
        (b"<a>" + b"x" * 300_000, 413, "InvalidArgs"),
    ],
)
async def test_bad_requests(
    socket_enabled: None, post: Callable[..., Any], text: bytes, status: int, code: str
) -> None:
    """Nonsense is answered with the fault that the specification names."""
    async with Station([camera_config()]) as station:
        got, _, data = await post(station.cameras["kita"], text)
        assert got == status
        fault = etree.fromstring(data).find(f".//{{{ENV}}}Fault")
        assert fault is not None
        values = [value.text for value in fault.iterfind(f".//{{{ENV}}}Value")]
        assert any(value is not None and value.endswith(f":{code}") for value in values)


async def test_http_errors(
    socket_enabled: None, post: Callable[..., Any], http: aiohttp.ClientSession
) -> None:
    """Wrong path, method and content type are HTTP errors."""
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]
        assert (await post(running, CLOCK, path="/"))[0] == 404
        assert (await post(running, CLOCK, content_type="text/xml"))[0] == 415
        url = f"http://127.0.0.1:{running.http_port}/onvif/device_service"
        async with http.get(url) as response:
            assert response.status == 405


async def create(soap: Callable[..., Any], running: RunningCamera, content: str = "") -> str:
    """Subscribe and return the subscription's path."""
    status, body = await soap(running, TEV, "CreatePullPointSubscription", content)
    assert status == 200, etree.tostring(body)
    address: str | None = body.findtext(".//{http://www.w3.org/2005/08/addressing}Address")
    assert address is not None
    return "/" + address.split("/", 3)[3]


async def pull(
    soap: Callable[..., Any], running: RunningCamera, path: str, timeout: str = "PT2S"
) -> tuple[int, etree._Element]:
    """Pull messages."""
    content = f"<Timeout>{timeout}</Timeout><MessageLimit>50</MessageLimit>"
    answer: tuple[int, etree._Element] = await soap(
        running, TEV, "PullMessages", content, path=path
    )
    return answer


def topics(body: etree._Element) -> list[str]:
    """Return the topics of pulled messages."""
    return [topic.text or "" for topic in body.iterfind(f".//{{{WSNT}}}Topic")]


async def test_subscriptions_die(socket_enabled: None, soap: Callable[..., Any]) -> None:
    """They vanish without a word: a waiting pull ends empty, the next pull and a renewal are faults."""
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]
        path = await create(soap, running)
        assert topics((await pull(soap, running, path))[1])
        pulls = running.soap.calls.count("PullMessages")
        waiting = asyncio.create_task(pull(soap, running, path, "PT1S"))
        await until(lambda: running.soap.calls.count("PullMessages") > pulls)
        running.set(subscriptions_die=True)
        running.set(card="failed")
        status, body = await waiting
        assert (status, topics(body)) == (200, [])
        status, body = await pull(soap, running, path)
        assert (status, subcodes(body)) == (400, ["ResourceUnknownFault"])
        content = "<TerminationTime>PT60S</TerminationTime>"
        status, body = await soap(running, WSNT, "Renew", content, path=path)
        assert subcodes(body) == ["ResourceUnknownFault"]
        path = await create(soap, running)
        assert (await pull(soap, running, path))[0] == 400
        running.set(subscriptions_die=False)
        assert topics((await pull(soap, running, await create(soap, running)))[1])


async def test_subscription_expires_unless_renewed(
    socket_enabled: None, soap: Callable[..., Any]
) -> None:
    """Pulling alone does not keep a subscription alive; renewing does."""
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]
        content = "<InitialTerminationTime>PT3S</InitialTerminationTime>"
        left, kept = await create(soap, running, content), await create(soap, running, content)
        renewal = "<TerminationTime>PT60S</TerminationTime>"
        assert (await soap(running, WSNT, "Renew", renewal, path=kept))[0] == 200

        async def is_gone() -> bool:
            status: int = (await pull(soap, running, left))[0]
            return status == 400

        await until(is_gone)
        assert (await pull(soap, running, kept))[0] == 200


async def test_topic_filters(socket_enabled: None, soap: Callable[..., Any]) -> None:
    """Filters let their topics through; wrong ones are refused by name."""

    def expression(
        text: str, dialect: str = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"
    ) -> str:
        return (
            f'<Filter><w:TopicExpression xmlns:w="{WSNT}" xmlns:tns1="http://www.onvif.org/ver10/topics"'
            f' Dialect="{dialect}">{text}</w:TopicExpression></Filter>'
        )

    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]
        path = await create(
            soap, running, expression("tns1:RecordingHistory//.|tns1:RecordingConfig/JobState")
        )
        seen = set(topics((await pull(soap, running, path))[1]))
        assert seen == {
            "tns1:RecordingConfig/JobState",
            "tns1:RecordingHistory/Recording/State",
            "tns1:RecordingHistory/Track/State",
        }
        for text, dialect, fault in (
            (
                "tns1:Weather/Rain",
                "http://docs.oasis-open.org/wsn/t-1/TopicExpression/Concrete",
                "TopicNotSupportedFault",
            ),
            (
                "nobody:Device",
                "http://docs.oasis-open.org/wsn/t-1/TopicExpression/Concrete",
                "InvalidTopicExpressionFault",
            ),
            ("tns1:Device", "urn:other", "TopicExpressionDialectUnknownFault"),
        ):
            status, body = await soap(
                running, TEV, "CreatePullPointSubscription", expression(text, dialect)
            )
            assert (status, subcodes(body)) == (400, [fault])


async def test_dead_green_says_nothing(socket_enabled: None, soap: Callable[..., Any]) -> None:
    """A dead card that stays green: no event, job Active, status Recording, and the newest time stands still."""
    offset = timedelta()
    # Not near the full hour, at which the camera sets its clock and says so.
    start = datetime.now(UTC).replace(minute=10)
    async with Station([camera_config()], true_now=lambda: start + offset) as station:
        running = station.cameras["kita"]
        path = await create(soap, running)
        await pull(soap, running, path)

        async def latest() -> str | None:
            token = "<RecordingToken>SD_1</RecordingToken>"
            _, body = await soap(running, TSE, "GetRecordingInformation", token)
            assert body.findtext(f".//{{{TT}}}RecordingStatus") == "Recording"
            found: str | None = body.findtext(f".//{{{TT}}}LatestRecording")
            return found

        before = await latest()
        offset += timedelta(seconds=60)
        moved = await latest()
        assert moved != before
        running.set(card="dead_green")
        offset += timedelta(seconds=60)
        assert await latest() == moved
        assert topics((await pull(soap, running, path, "PT0.5S"))[1]) == []
        _, body = await soap(running, TRC, "GetRecordingJobState", "<JobToken>JOB_1</JobToken>")
        assert body.findtext(f".//{{{TT}}}State") == "Active"
        running.set(card="removed")
        changed = topics((await pull(soap, running, path))[1])
        assert "tns1:RecordingConfig/JobState" in changed
        assert "tns1:Device/HardwareFailure/StorageFailure" not in changed


async def test_audio_switched_on_and_removed(
    socket_enabled: None, soap: Callable[..., Any]
) -> None:
    """The encoder appears in the profiles with an event, and goes when a person removes it."""
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]

        async def encoders() -> int:
            _, body = await soap(running, TRT, "GetProfiles")
            assert len(body.findall(f".//{{{TT}}}AudioSourceConfiguration")) == 2
            return len(body.findall(f".//{{{TT}}}AudioEncoderConfiguration"))

        path = await create(soap, running)
        await pull(soap, running, path)
        assert await encoders() == 0
        running.set(audio=True)
        assert await encoders() == 2
        assert "tns1:Media/ProfileChanged" in topics((await pull(soap, running, path))[1])
        for token, left in (("main", 1), ("sub", 0)):
            content = f"<ProfileToken>{token}</ProfileToken>"
            assert (await soap(running, TRT, "RemoveAudioEncoderConfiguration", content))[0] == 200
            assert await encoders() == left


async def test_reboot(
    socket_enabled: None, soap: Callable[..., Any], post: Callable[..., Any]
) -> None:
    """The camera goes, drops every connection, and comes back without its subscriptions."""
    async with Station([camera_config(reboot_seconds=3)]) as station:
        running = station.cameras["kita"]
        port = running.http_port
        path = await create(soap, running)
        await pull(soap, running, path)
        pulls = running.soap.calls.count("PullMessages")
        waiting = asyncio.create_task(pull(soap, running, path, "PT30S"))
        await until(lambda: running.soap.calls.count("PullMessages") > pulls)
        assert (await soap(running, TDS, "SystemReboot"))[0] == 200
        with pytest.raises(aiohttp.ClientError):
            await waiting
        with pytest.raises(aiohttp.ClientError):
            await post(running, CLOCK)

        async def is_back() -> bool:
            try:
                status, _, _ = await post(running, CLOCK)
            except aiohttp.ClientError:
                return False
            assert status == 200
            return True

        await until(is_back)
        assert running.http_port == port
        assert (await pull(soap, running, path))[0] == 400


async def test_move(
    socket_enabled: None, soap: Callable[..., Any], post: Callable[..., Any]
) -> None:
    """A moved camera answers at its new ports, names them, and no longer at the old ones."""
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]
        old, wanted = running.http_port, free_port("127.0.0.1")
        await station.move("kita", http_port=wanted)
        assert running.http_port == wanted
        _, body = await soap(
            running, TDS, "GetServices", "<IncludeCapability>false</IncludeCapability>"
        )
        addresses = [node.text or "" for node in body.iterfind(f".//{{{TDS}}}XAddr")]
        assert all(f":{wanted}/" in address for address in addresses)
        setup = (
            "<StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport>"
            "</StreamSetup><RecordingToken>SD_1</RecordingToken>"
        )
        _, body = await soap(running, TRP, "GetReplayUri", setup)
        assert (
            body.findtext(f".//{{{TRP}}}Uri") == f"rtsp://127.0.0.1:{running.rtsp_port}/replay/SD_1"
        )
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", old)


async def test_camera_behind_nat(socket_enabled: None, soap: Callable[..., Any]) -> None:
    """Every address a camera returns can name a host that is not its own."""
    async with Station([camera_config(advertised_host="192.168.0.10")]) as station:
        running = station.cameras["kita"]
        for namespace, operation, content in (
            (TDS, "GetServices", "<IncludeCapability>true</IncludeCapability>"),
            (TDS, "GetCapabilities", ""),
            (TR2, "GetStreamUri", "<Protocol>RTSP</Protocol><ProfileToken>main</ProfileToken>"),
            (TR2, "GetSnapshotUri", "<ProfileToken>main</ProfileToken>"),
            (TEV, "CreatePullPointSubscription", ""),
        ):
            _, body = await soap(running, namespace, operation, content)
            text = etree.tostring(body).decode()
            assert "//192.168.0.10:" in text
            assert "//127.0.0.1" not in text


INFO = (TSE, "GetRecordingInformation", "<RecordingToken>SD_1</RecordingToken>")


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(
    ("quirk", "call", "xpath", "wanted"),
    [
        (Quirk.DATA_FROM_1970, INFO, "string(//tt:Track[1]/tt:DataFrom)", "1970-01-01T00:00:00Z"),
        (Quirk.EARLIEST_1970, INFO, "string(//tt:EarliestRecording)", "1970-01-01T00:03:15Z"),
        (Quirk.LOCAL_TIME_WITHOUT_ZONE, INFO, "substring(//tt:EarliestRecording, 11)", "T00:00:00"),
        (
            Quirk.AUDIO_TRACK_WITHOUT_AUDIO,
            INFO,
            "string(//tt:Track[2]/tt:DataFrom = //tt:EarliestRecording)",
            "true",
        ),
        (Quirk.NO_UTC_TIME, (TDS, "GetSystemDateAndTime", ""), "count(//tt:UTCDateTime)", 0.0),
        (
            Quirk.ODD_TIME_ZONE,
            (TDS, "GetSystemDateAndTime", ""),
            "string(//tt:TZ)",
            "CST-9:00:00DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00",
        ),
        (
            Quirk.PRIORITY_NEGATIVE,
            (TRC, "GetRecordingJobs", ""),
            "string(//tt:Priority)",
            "-567564259",
        ),
        (
            Quirk.IDLE_LOWERCASE,
            (TRC, "GetRecordingJobState", "<JobToken>JOB_1</JobToken>"),
            "string(//trc:State/tt:State)",
            "active",
        ),
        (Quirk.EMPTY_RECORDINGS, (TRC, "GetRecordings", ""), "count(//trc:RecordingItem)", 0.0),
        (Quirk.DUPLICATE_TOKENS, (TRC, "GetRecordings", ""), "count(//trc:RecordingItem)", 2.0),
        (Quirk.DUPLICATE_TOKENS, (TRT, "GetProfiles", ""), "count(//trt:Profiles)", 4.0),
        (Quirk.DYNDNS_NIL, (TDS, "GetDynamicDNS", ""), "string(//@*[local-name()='nil'])", "true"),
        (
            Quirk.NEGATIVE_DURATIONS,
            (TRC, "GetRecordings", ""),
            "string(//tt:MaximumRetentionTime)",
            "-P1D",
        ),
        (
            Quirk.NEGATIVE_DURATIONS,
            (TRP, "GetReplayConfiguration", ""),
            "string(//tt:SessionTimeout)",
            "-PT60S",
        ),
        (
            Quirk.CREDENTIALS_IN_URIS,
            (TR2, "GetStreamUri", "<Protocol>RTSP</Protocol><ProfileToken>main</ProfileToken>"),
            "string(contains(//tr2:Uri, '//chief:chief-pass@'))",
            "true",
        ),
        (Quirk.NO_RECORDING_INFORMATION, INFO, "count(//env:Fault)", 1.0),
        (
            Quirk.CAPABILITIES_ONLY,
            (TDS, "GetServices", "<IncludeCapability>false</IncludeCapability>"),
            "count(//env:Fault)",
            1.0,
        ),
        (Quirk.NO_PROFILE_G, (TRC, "GetRecordings", ""), "count(//env:Fault)", 1.0),
        (Quirk.NO_EVENTS, (TEV, "GetEventProperties", ""), "count(//env:Fault)", 1.0),
        (
            Quirk.NO_SNAPSHOT,
            (TRT, "GetSnapshotUri", "<ProfileToken>main</ProfileToken>"),
            "count(//env:Fault)",
            1.0,
        ),
        (
            Quirk.NO_STORAGE_EVENT,
            (TEV, "GetEventProperties", ""),
            "count(//*[local-name()='StorageFailure'])",
            0.0,
        ),
    ],
)
async def test_quirks(
    soap: Callable[..., Any],
    quirk: Quirk,
    call: tuple[str, str, str],
    xpath: str,
    wanted: str | float,
) -> None:
    """The traps that real cameras set, one by one; without the quirk the answer is another."""
    names = {"tt": TT, "trc": TRC, "trt": TRT, "tr2": TR2, "env": ENV}
    config = camera_config(name="kita")
    async with Station([config]) as station:
        running = station.cameras["kita"]
        _, plain = await soap(running, *call)
        running.set(quirks=[quirk.value])
        _, odd = await soap(running, *call)
        # Each answer in a document of its own, so that // stays inside it.
        values = [
            etree.fromstring(etree.tostring(body)).xpath(xpath, namespaces=names)
            for body in (plain, odd)
        ]
        assert values[1] == wanted
        assert values[0] != wanted


async def test_event_quirks(socket_enabled: None, soap: Callable[..., Any]) -> None:
    """Stale synchronization, empty storage token, one Unsubscribe for all, subscription by parameter."""
    config = camera_config(
        quirks=of(
            Quirk.STALE_CLOCK_SYNC, Quirk.EMPTY_STORAGE_TOKEN, Quirk.CANCEL_ALL_ON_UNSUBSCRIBE
        ),
        faults=Faults(card=CardFault.FAILED),
    )
    async with Station([config]) as station:
        running = station.cameras["kita"]
        one, two = await create(soap, running), await create(soap, running)
        _, body = await pull(soap, running, one)
        items = {
            (item.get("Name"), item.get("Value"))
            for item in body.iterfind(f".//{{{TT}}}SimpleItem")
        }
        assert ("Token", "") in items
        assert ("Failed", "true") in items
        synchronized = next(value for name, value in items if name == "Status")
        assert synchronized is not None
        assert int(synchronized[:4]) < running.camera.now().year - 4
        assert (await soap(running, WSNT, "Unsubscribe", path=one))[0] == 200
        assert (await pull(soap, running, two))[0] == 400

    async with Station([camera_config(quirks=of(Quirk.SUBSCRIPTION_BY_PARAMETER))]) as station:
        running = station.cameras["kita"]
        _, body = await soap(running, TEV, "CreatePullPointSubscription")
        wsa = "{http://www.w3.org/2005/08/addressing}"
        address = body.findtext(f".//{wsa}Address") or ""
        parameter = body.find(f".//{wsa}ReferenceParameters")
        assert parameter is not None
        assert address.endswith("/onvif/subscription")
        path = "/onvif/subscription"
        assert (await pull(soap, running, path))[0] == 400
        header = username_token("chief", "chief-pass") + etree.tostring(parameter[0]).decode()
        content = "<Timeout>PT1S</Timeout><MessageLimit>5</MessageLimit>"
        status, body = await soap(running, TEV, "PullMessages", content, header=header, path=path)
        assert status == 200
        assert topics(body)


async def test_open_camera(socket_enabled: None, soap: Callable[..., Any]) -> None:
    """A camera without password protection shows itself to everybody, but obeys only the chief."""
    async with Station([camera_config(quirks=of(Quirk.OPEN_WITHOUT_LOGIN))]) as station:
        running = station.cameras["kita"]
        status, body = await soap(running, TRT, "GetProfiles", header="")
        assert status == 200
        assert len(body[0]) == 2
        with pytest.raises(etree.XMLSyntaxError):
            await soap(running, TDS, "SystemReboot", header="")


async def test_clock_is_set_by_the_chief(socket_enabled: None, soap: Callable[..., Any]) -> None:
    """Setting the clock by hand moves it; giving it back to NTP fixes it."""
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]
        content = (
            "<DateTimeType>Manual</DateTimeType><DaylightSavings>false</DaylightSavings><UTCDateTime><tt:Time><tt:Hour>1</tt:Hour>"
            "<tt:Minute>2</tt:Minute><tt:Second>3</tt:Second></tt:Time><tt:Date><tt:Year>2020</tt:Year><tt:Month>4</tt:Month>"
            "<tt:Day>5</tt:Day></tt:Date></UTCDateTime>"
        )
        assert (await soap(running, TDS, "SetSystemDateAndTime", content))[0] == 200
        assert running.camera.now().year == 2020
        bad = content.replace("<tt:Month>4<", "<tt:Month>14<")
        status, body = await soap(running, TDS, "SetSystemDateAndTime", bad)
        assert (status, subcodes(body)) == (400, ["InvalidArgVal", "InvalidDateTime"])
        content = "<DateTimeType>NTP</DateTimeType><DaylightSavings>false</DaylightSavings>"
        assert (await soap(running, TDS, "SetSystemDateAndTime", content))[0] == 200
        assert running.camera.faults.clock_offset == 0
