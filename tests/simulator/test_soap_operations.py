"""Every SOAP operation of the simulator, called by zeep in strict mode and checked against ONVIF's own schemas."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import importlib.util
from pathlib import Path
from typing import Any

from lxml import etree
import pytest
from zeep import Client, Settings, exceptions
from zeep.plugins import HistoryPlugin
from zeep.wsse.username import UsernameToken

from simulator.camera import CameraConfig, CardFault, Faults, OtherRecording, Quirk
from simulator.running import RunningCamera
from simulator.services.base import TDS, TEV, TR2, TRC, TRP, TRT, TSE, TT, WSNT
from simulator.soap import _OPERATIONS, ENV
from simulator.station import Station
from tests.station import camera_config

_SPEC = importlib.util.find_spec("onvif")
assert _SPEC is not None
assert _SPEC.origin is not None
WSDL = Path(_SPEC.origin).parent / "wsdl"
# zeep's functions carry no types.
_CLIENT: Any = Client
_HISTORY: Any = HistoryPlugin
_TOKEN: Any = UsernameToken

# WSDL file, binding, path below the camera's address.
SERVICES = {
    TDS: ("devicemgmt.wsdl", "DeviceBinding", "/onvif/device_service"),
    TRT: ("media.wsdl", "MediaBinding", "/onvif/media_service"),
    TRC: ("recording.wsdl", "RecordingBinding", "/onvif/recording_service"),
    TSE: ("search.wsdl", "SearchBinding", "/onvif/search_service"),
    TRP: ("replay.wsdl", "ReplayBinding", "/onvif/replay_service"),
    TEV: ("events.wsdl", "EventBinding", "/onvif/event_service"),
}
# The pull point's operations go to the subscription's own address and have their own bindings and tests.
ON_SUBSCRIPTIONS = {"PullMessages", "SetSynchronizationPoint", "Renew", "Unsubscribe"}
# Newer than the WSDLs at hand; checked below without them.
NOT_IN_WSDL = {(TDS, "GetStorageConfigurations")}

STREAM = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
ENCODER = {
    "token": "VEC_main",
    "Name": "Main",
    "UseCount": 1,
    "Encoding": "H264",
    "Resolution": {"Width": 1280, "Height": 720},
    "Quality": 5,
    "RateControl": {"FrameRateLimit": 5, "EncodingInterval": 1, "BitrateLimit": 1024},
    "H264": {"GovLength": 5, "H264Profile": "Main"},
    "Multicast": {
        "Address": {"Type": "IPv4", "IPv4Address": "239.0.0.1"},
        "Port": 0,
        "TTL": 0,
        "AutoStart": False,
    },
    "SessionTimeout": timedelta(seconds=60),
}
NOW = datetime.now(UTC)
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    (TDS, "GetServices", {"IncludeCapability": True}),
    (TDS, "GetServiceCapabilities", {}),
    (TDS, "GetCapabilities", {"Category": "All"}),
    (TDS, "GetSystemDateAndTime", {}),
    (
        TDS,
        "SetSystemDateAndTime",
        {
            "DateTimeType": "NTP",
            "DaylightSavings": False,
            "TimeZone": {"TZ": "JST-9"},
        },
    ),
    (TDS, "GetDeviceInformation", {}),
    (TDS, "GetScopes", {}),
    (TDS, "GetUsers", {}),
    (TDS, "GetNetworkInterfaces", {}),
    (TDS, "GetNetworkProtocols", {}),
    (TDS, "GetHostname", {}),
    (TDS, "GetNTP", {}),
    (
        TDS,
        "SetNTP",
        {"FromDHCP": False, "NTPManual": [{"Type": "IPv4", "IPv4Address": "192.0.2.7"}]},
    ),
    (TDS, "GetNTP", {}),
    (TDS, "SetNTP", {"FromDHCP": True}),
    (TDS, "GetNTP", {}),
    (TDS, "GetDynamicDNS", {}),
    (TDS, "SystemReboot", {}),
    (TRT, "GetServiceCapabilities", {}),
    (TRT, "GetProfiles", {}),
    (TRT, "GetProfile", {"ProfileToken": "main"}),
    (TRT, "GetStreamUri", {"StreamSetup": STREAM, "ProfileToken": "main"}),
    (TRT, "GetSnapshotUri", {"ProfileToken": "sub"}),
    (TRT, "GetVideoSources", {}),
    (TRT, "GetAudioSources", {}),
    (TRT, "GetVideoSourceConfigurations", {}),
    (TRT, "GetVideoSourceConfiguration", {"ConfigurationToken": "VSC_1"}),
    (TRT, "GetAudioSourceConfigurations", {}),
    (TRT, "GetVideoEncoderConfigurations", {}),
    (TRT, "GetVideoEncoderConfiguration", {"ConfigurationToken": "VEC_sub"}),
    (TRT, "GetAudioEncoderConfigurations", {}),
    (TRT, "GetVideoEncoderConfigurationOptions", {"ConfigurationToken": "VEC_main"}),
    (TRT, "SetVideoEncoderConfiguration", {"Configuration": ENCODER, "ForcePersistence": True}),
    (TRT, "RemoveAudioEncoderConfiguration", {"ProfileToken": "main"}),
    (TRT, "RemoveAudioSourceConfiguration", {"ProfileToken": "main"}),
    (TRT, "GetProfile", {"ProfileToken": "main"}),
    (TRT, "SetSynchronizationPoint", {"ProfileToken": "main"}),
    (TRC, "GetServiceCapabilities", {}),
    (TRC, "GetRecordings", {}),
    (TRC, "GetRecordingConfiguration", {"RecordingToken": "SD_1"}),
    (TRC, "GetRecordingOptions", {"RecordingToken": "SD_1"}),
    (TRC, "GetTrackConfiguration", {"RecordingToken": "SD_1", "TrackToken": "VIDEO001"}),
    (TRC, "GetRecordingJobs", {}),
    (TRC, "GetRecordingJobConfiguration", {"JobToken": "JOB_1"}),
    (TRC, "GetRecordingJobState", {"JobToken": "JOB_1"}),
    (TSE, "GetServiceCapabilities", {}),
    (TSE, "GetRecordingSummary", {}),
    (TSE, "GetRecordingInformation", {"RecordingToken": "SD_1"}),
    (TSE, "GetMediaAttributes", {"RecordingTokens": ["SD_1"], "Time": NOW - timedelta(hours=1)}),
    (TRP, "GetServiceCapabilities", {}),
    (TRP, "GetReplayUri", {"StreamSetup": STREAM, "RecordingToken": "SD_1"}),
    (TRP, "GetReplayConfiguration", {}),
    (TRP, "SetReplayConfiguration", {"Configuration": {"SessionTimeout": timedelta(seconds=30)}}),
    (TEV, "GetServiceCapabilities", {}),
    (TEV, "GetEventProperties", {}),
    (TEV, "CreatePullPointSubscription", {"InitialTerminationTime": "PT60S"}),
]
# Searches are begun, read and ended in tests of their own.
SEARCHES = {
    "FindRecordings",
    "GetRecordingSearchResults",
    "FindEvents",
    "GetEventSearchResults",
    "GetSearchState",
    "EndSearch",
}


class Zeep:
    """zeep's clients for one WSDL each, and the schema of every service."""

    def __init__(self) -> None:
        """Read the WSDLs once."""
        self.history = _HISTORY()
        self._clients: dict[str, Any] = {}
        self._schemas: dict[str, etree.XMLSchema] = {}

    def client(self, name: str) -> Any:
        """Return the client of a WSDL file."""
        if name not in self._clients:
            self._clients[name] = _CLIENT(
                str(WSDL / name), settings=Settings(strict=True), plugins=[self.history]
            )
        return self._clients[name]

    def call(
        self,
        running: RunningCamera,
        namespace: str,
        operation: str,
        arguments: dict[str, Any],
        *,
        binding: str | None = None,
        address: str | None = None,
        credential: tuple[str, str] = ("chief", "chief-pass"),
    ) -> Any:
        """Call an operation; blocks."""
        wsdl, own, path = SERVICES[namespace]
        client = self.client(wsdl)
        client.wsse = _TOKEN(*credential, use_digest=True)
        of = TEV if binding is None or binding.startswith("Pull") else namespace
        service = client.create_service(
            f"{{{namespace if binding is None else of}}}{binding or own}",
            address or f"http://127.0.0.1:{running.http_port}{path}",
        )
        return getattr(service, operation)(**arguments)

    def check(self, namespace: str) -> etree._Element:
        """Validate the last answer's body against the schema inside the WSDL, and return it."""
        answer = self.history.last_received["envelope"]
        body: etree._Element | None = answer.find(f"{{{ENV}}}Body")
        assert body is not None
        # The job's state travels as an element that the schema has as a type only; lax in later editions.
        for item in body.findall(f".//{{{TT}}}ElementItem"):
            if (parent := item.getparent()) is not None:
                parent.remove(item)
        self.schema(SERVICES[namespace][0]).assertValid(etree.ElementTree(body[0]))
        return body[0]

    def schema(self, wsdl: str) -> etree.XMLSchema:
        """Return the schema that a WSDL holds."""
        if wsdl not in self._schemas:
            found = etree.parse(WSDL / wsdl).find(".//{http://www.w3.org/2001/XMLSchema}schema")
            assert found is not None
            alone = etree.fromstring(etree.tostring(found), base_url=str(WSDL / "inline.xsd"))
            self._schemas[wsdl] = etree.XMLSchema(etree.ElementTree(alone))
        return self._schemas[wsdl]


@pytest.fixture(scope="module")
def zeep() -> Zeep:
    """Return zeep with its WSDLs read."""
    return Zeep()


def test_every_operation_is_called() -> None:
    """A new operation without a call here fails this test."""
    called = {(namespace, name) for namespace, name, _ in CALLS}
    called |= {(TSE, name) for name in SEARCHES} | NOT_IN_WSDL
    called |= {(TEV, "PullMessages"), (TEV, "SetSynchronizationPoint")}
    called |= {(WSNT, "Renew"), (WSNT, "Unsubscribe")}
    offered = {(kind.namespace, name) for kind, names in _OPERATIONS.items() for name in names}
    assert {item for item in offered if item[0] != TR2} == called


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(camera_config(), id="healthy"),
        pytest.param(camera_config(faults=Faults(audio=True)), id="audio"),
        pytest.param(camera_config(faults=Faults(card=CardFault.FAILED)), id="failed"),
        pytest.param(camera_config(media2=False, audio_source=False), id="plain"),
        pytest.param(
            camera_config(
                live_size=(1920, 1080),
                faults=Faults(audio=True),
                quirks=frozenset({Quirk.OPTIONS_UNORDERED, Quirk.JOB_WITHOUT_SOURCE}),
            ),
            id="live",
        ),
        pytest.param(camera_config(location='北口 <A&B> "1"'), id="escaping"),
        pytest.param(
            camera_config(
                second_track=True,
                recordings=(OtherRecording(token="EV_1", spans=((5.0, 10.0), (3.0, 1.0))),),
            ),
            id="several",
        ),
    ],
)
async def test_answers_are_valid(socket_enabled: None, zeep: Zeep, config: CameraConfig) -> None:
    """Strict zeep understands every answer, and every body validates against the WSDL's schema."""
    async with Station([config]) as station:
        running = station.cameras["kita"]
        running.soap._context.reboot = lambda: None
        for namespace, operation, arguments in CALLS:
            await asyncio.to_thread(zeep.call, running, namespace, operation, arguments)
            zeep.check(namespace)


async def test_h265_is_valid(socket_enabled: None, zeep: Zeep) -> None:
    """ONVIF's first media service cannot name H.265: the profile is there, its encoder is not."""
    async with Station([camera_config(codec="H265")]) as station:
        running = station.cameras["kita"]
        profiles = await asyncio.to_thread(zeep.call, running, TRT, "GetProfiles", {})
        zeep.check(TRT)
        assert [profile.VideoEncoderConfiguration for profile in profiles] == [None, None]
        for namespace, operation, arguments in CALLS:
            if namespace in {TRC, TSE}:
                await asyncio.to_thread(zeep.call, running, namespace, operation, arguments)
                zeep.check(namespace)


async def test_removed_card_lists_nothing(socket_enabled: None, zeep: Zeep) -> None:
    """Without a card there is no recording, an idle job, and asking for the recording is a fault."""
    async with Station([camera_config(faults=Faults(card=CardFault.REMOVED))]) as station:
        running = station.cameras["kita"]
        assert await asyncio.to_thread(zeep.call, running, TRC, "GetRecordings", {}) == []
        summary = await asyncio.to_thread(zeep.call, running, TSE, "GetRecordingSummary", {})
        zeep.check(TSE)
        assert summary.NumberRecordings == 0
        state = await asyncio.to_thread(
            zeep.call, running, TRC, "GetRecordingJobState", {"JobToken": "JOB_1"}
        )
        assert state.State == "Idle"
        with pytest.raises(exceptions.Fault) as raised:
            await asyncio.to_thread(
                zeep.call, running, TSE, "GetRecordingInformation", {"RecordingToken": "SD_1"}
            )
        assert [code.localname for code in raised.value.subcodes] == [
            "InvalidArgVal",
            "InvalidToken",
        ]


async def test_recording_bounds_move_with_the_clock(
    socket_enabled: None, soap: Callable[..., Any]
) -> None:
    """The newest picture is as old as a second; at midnight the oldest day goes."""
    now = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    async with Station([camera_config()], true_now=lambda: now) as station:
        running = station.cameras["kita"]

        async def bounds() -> tuple[str | None, str | None]:
            token = "<RecordingToken>SD_1</RecordingToken>"
            _, body = await soap(running, TSE, "GetRecordingInformation", token)
            names = ("EarliestRecording", "LatestRecording")
            earliest, latest = (body.findtext(f".//{{{TT}}}{name}") for name in names)
            return earliest, latest

        assert await bounds() == ("2026-11-06T15:00:00Z", "2026-11-20T03:00:00Z")
        now += timedelta(hours=13)
        assert await bounds() == ("2026-11-07T15:00:00Z", "2026-11-20T16:00:00Z")


async def test_searches(socket_enabled: None, zeep: Zeep) -> None:
    """Recordings and events are found in steps, in both directions, and a search ends once."""
    gap = (5.0, 30.0)
    async with Station([camera_config(gaps=(gap,))]) as station:
        running = station.cameras["kita"]

        async def call(operation: str, **arguments: Any) -> Any:
            answer = await asyncio.to_thread(zeep.call, running, TSE, operation, arguments)
            zeep.check(TSE)
            return answer

        alive = {"KeepAliveTime": timedelta(seconds=20)}
        token = await call("FindRecordings", Scope={"IncludedRecordings": ["SD_1"]}, **alive)
        found = await call(
            "GetRecordingSearchResults", SearchToken=token, MinResults=1, MaxResults=5
        )
        assert found.SearchState == "Completed"
        assert [item.RecordingToken for item in found.RecordingInformation] == ["SD_1"]
        assert await call("GetSearchState", SearchToken=token) == "Completed"
        assert isinstance(await call("EndSearch", SearchToken=token), datetime)
        with pytest.raises(exceptions.Fault):
            await call("EndSearch", SearchToken=token)

        for expression, number in (
            ('boolean(//Track[TrackType = "Video"])', 1),
            ('boolean(//Track[TrackType = "Smell"])', 0),
        ):
            token = await call(
                "FindRecordings", Scope={"RecordingInformationFilter": expression}, **alive
            )
            found = await call("GetRecordingSearchResults", SearchToken=token)
            assert len(found.RecordingInformation) == number

        now = datetime.now(UTC)
        start, end = now - timedelta(hours=6), now - timedelta(hours=1)
        for first, last, wanted in (
            (start, end, [True, False, True]),
            (end, start, [True, True, False]),
        ):
            token = await call(
                "FindEvents",
                StartPoint=first,
                EndPoint=last,
                Scope={},
                SearchFilter={},
                IncludeStartState=True,
                **alive,
            )
            seen: list[bool] = []
            while True:
                page = await call("GetEventSearchResults", SearchToken=token, MaxResults=4)
                for result in page.Result:
                    message = result.Event.Message._value_1
                    item = message.Data.SimpleItem[0]
                    if item.Name == "IsRecording":
                        seen.append(item.Value == "true")
                if page.SearchState == "Completed":
                    break
            assert seen == wanted


@pytest.mark.parametrize("quirk", [None, Quirk.EVENTS_ABSURD, Quirk.EVENTS_UNORDERED])
async def test_events_are_searched_for_in_several_recordings_and_by_topic(
    socket_enabled: None, zeep: Zeep, quirk: Quirk | None
) -> None:
    """Strict zeep understands what a filter leaves, odd answers included, in a scope of one recording."""
    config = camera_config(
        gaps=((2.5, 10.0),),
        recordings=(OtherRecording(token="EV_1", spans=((4.0, 10.0),)),),
        quirks=frozenset({quirk} if quirk else ()),
    )
    async with Station([config]) as station:
        running = station.cameras["kita"]

        async def call(operation: str, **arguments: Any) -> Any:
            answer = await asyncio.to_thread(zeep.call, running, TSE, operation, arguments)
            zeep.check(TSE)
            return answer

        now = datetime.now(UTC)
        topic = etree.Element(
            f"{{{WSNT}}}TopicExpression",
            {"Dialect": "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"},
            nsmap={"tns1": "http://www.onvif.org/ver10/topics"},
        )
        topic.text = "tns1:RecordingHistory/Track/State"
        for scope, filtered, number in (
            ({}, [topic], 6),
            ({"IncludedRecordings": ["EV_1"]}, [topic], 3),
            ({"IncludedRecordings": ["EV_1"]}, [], 6),
        ):
            token = await call(
                "FindEvents",
                StartPoint=now - timedelta(hours=6),
                EndPoint=now - timedelta(hours=1),
                Scope=scope,
                SearchFilter={"_value_1": filtered},
                IncludeStartState=True,
                KeepAliveTime=timedelta(seconds=20),
            )
            assert running.soap.searches == 1
            page = await call("GetEventSearchResults", SearchToken=token, MaxResults=100)
            absurd = 2 * (1 if scope else 2) if quirk is Quirk.EVENTS_ABSURD else 0
            assert len(page.Result) == number + absurd
            ordered = [item.Time for item in page.Result] == sorted(
                item.Time for item in page.Result
            )
            assert ordered or quirk is Quirk.EVENTS_UNORDERED
            if filtered:
                assert {item.Event.Topic._value_1 for item in page.Result} == {
                    "tns1:RecordingHistory/Track/State"
                }
            await call("EndSearch", SearchToken=token)
            assert running.soap.searches == 0


async def test_pull_point(socket_enabled: None, zeep: Zeep) -> None:
    """Properties come at once, changes later, a renewed subscription lives on, an ended one is unknown."""
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]

        async def call(
            operation: str, binding: str, address: str | None = None, **arguments: Any
        ) -> Any:
            return await asyncio.to_thread(
                zeep.call, running, TEV, operation, arguments, binding=binding, address=address
            )

        created = await call("CreatePullPointSubscription", "EventBinding")
        zeep.check(TEV)
        address = created.SubscriptionReference.Address._value_1
        assert created.TerminationTime - created.CurrentTime == timedelta(seconds=60)

        pulled = await call(
            "PullMessages",
            "PullPointSubscriptionBinding",
            address,
            Timeout=timedelta(seconds=5),
            MessageLimit=100,
        )
        zeep.check(TEV)
        topics = {message.Topic._value_1 for message in pulled.NotificationMessage}
        assert topics == {
            "tns1:Device/HardwareFailure/StorageFailure",
            "tns1:Monitoring/OperatingTime/LastClockSynchronization",
            "tns1:RecordingConfig/JobState",
            "tns1:RecordingHistory/Recording/State",
            "tns1:RecordingHistory/Track/State",
        }
        for message in pulled.NotificationMessage:
            assert message.Message._value_1.PropertyOperation == "Initialized"

        waiting = asyncio.create_task(
            call(
                "PullMessages",
                "PullPointSubscriptionBinding",
                address,
                Timeout=timedelta(seconds=20),
                MessageLimit=100,
            )
        )
        await asyncio.sleep(0.2)
        running.set(card="failed")
        changed = await waiting
        zeep.check(TEV)
        values = {
            (
                message.Topic._value_1,
                message.Message._value_1.Data.SimpleItem[0].Value,
            )
            for message in changed.NotificationMessage
            if message.Message._value_1.PropertyOperation == "Changed"
        }
        assert ("tns1:Device/HardwareFailure/StorageFailure", "true") in values
        assert ("tns1:RecordingConfig/JobState", "Error") in values
        assert ("tns1:RecordingHistory/Recording/State", "false") in values

        renewed = await call("Renew", "SubscriptionManagerBinding", address, TerminationTime="PT5M")
        zeep.check(TEV)
        assert renewed.TerminationTime - renewed.CurrentTime == timedelta(minutes=5)
        await call("SetSynchronizationPoint", "PullPointSubscriptionBinding", address)
        zeep.check(TEV)
        again = await call(
            "PullMessages",
            "PullPointSubscriptionBinding",
            address,
            Timeout=timedelta(seconds=5),
            MessageLimit=1,
        )
        assert len(again.NotificationMessage) == 1
        await call("Unsubscribe", "SubscriptionManagerBinding", address)
        zeep.check(TEV)
        with pytest.raises(exceptions.Fault) as raised:
            await call("Renew", "SubscriptionManagerBinding", address, TerminationTime="PT5M")
        assert [code.localname for code in raised.value.subcodes] == ["ResourceUnknownFault"]


_TT_NEWER = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tt="{tt}" targetNamespace="{tt}" elementFormDefault="qualified">
  <xs:include schemaLocation="{onvif}"/>
  <xs:complexType name="VideoResolution2"><xs:sequence>
    <xs:element name="Width" type="xs:int"/><xs:element name="Height" type="xs:int"/>
  </xs:sequence></xs:complexType>
  <xs:complexType name="VideoRateControl2"><xs:sequence>
    <xs:element name="FrameRateLimit" type="xs:float"/><xs:element name="BitrateLimit" type="xs:int"/>
  </xs:sequence><xs:attribute name="ConstantBitRate" type="xs:boolean"/></xs:complexType>
  <xs:complexType name="VideoEncoder2Configuration"><xs:complexContent><xs:extension base="tt:ConfigurationEntity">
    <xs:sequence>
      <xs:element name="Encoding" type="xs:string"/><xs:element name="Resolution" type="tt:VideoResolution2"/>
      <xs:element name="RateControl" type="tt:VideoRateControl2" minOccurs="0"/>
      <xs:element name="Multicast" type="tt:MulticastConfiguration" minOccurs="0"/>
      <xs:element name="Quality" type="xs:float"/>
    </xs:sequence>
    <xs:attribute name="GovLength" type="xs:int"/><xs:attribute name="Profile" type="xs:string"/>
  </xs:extension></xs:complexContent></xs:complexType>
  <xs:complexType name="AudioEncoder2Configuration"><xs:complexContent><xs:extension base="tt:ConfigurationEntity">
    <xs:sequence>
      <xs:element name="Encoding" type="xs:string"/>
      <xs:element name="Multicast" type="tt:MulticastConfiguration" minOccurs="0"/>
      <xs:element name="Bitrate" type="xs:int"/><xs:element name="SampleRate" type="xs:int"/>
    </xs:sequence></xs:extension></xs:complexContent></xs:complexType>
  <xs:complexType name="VideoEncoder2ConfigurationOptions"><xs:sequence>
    <xs:element name="Encoding" type="xs:string"/><xs:element name="QualityRange" type="tt:FloatRange"/>
    <xs:element name="ResolutionsAvailable" type="tt:VideoResolution2" maxOccurs="unbounded"/>
    <xs:element name="BitrateRange" type="tt:IntRange"/>
  </xs:sequence>
    <xs:attribute name="GovLengthRange" type="tt:IntAttrList2"/><xs:attribute name="FrameRatesSupported" type="xs:string"/>
    <xs:attribute name="ProfilesSupported" type="xs:string"/><xs:attribute name="ConstantBitRateSupported" type="xs:boolean"/>
  </xs:complexType>
  <xs:simpleType name="IntAttrList2"><xs:list itemType="xs:int"/></xs:simpleType>
</xs:schema>
"""
_TR2 = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tt="{tt}" xmlns:tr2="{tr2}" targetNamespace="{tr2}"
    elementFormDefault="qualified">
  <xs:import namespace="{tt}" schemaLocation="{newer}"/>
  <xs:complexType name="ConfigurationSet"><xs:sequence>
    <xs:element name="VideoSource" type="tt:VideoSourceConfiguration" minOccurs="0"/>
    <xs:element name="AudioSource" type="tt:AudioSourceConfiguration" minOccurs="0"/>
    <xs:element name="VideoEncoder" type="tt:VideoEncoder2Configuration" minOccurs="0"/>
    <xs:element name="AudioEncoder" type="tt:AudioEncoder2Configuration" minOccurs="0"/>
  </xs:sequence></xs:complexType>
  <xs:complexType name="MediaProfile"><xs:sequence>
    <xs:element name="Name" type="tt:Name"/><xs:element name="Configurations" type="tr2:ConfigurationSet" minOccurs="0"/>
  </xs:sequence><xs:attribute name="token" type="tt:ReferenceToken" use="required"/><xs:attribute name="fixed" type="xs:boolean"/>
  </xs:complexType>
  {elements}
</xs:schema>
"""
_RESPONSES = {
    "GetProfilesResponse": ("Profiles", "tr2:MediaProfile"),
    "GetStreamUriResponse": ("Uri", "xs:anyURI"),
    "GetSnapshotUriResponse": ("Uri", "xs:anyURI"),
    "GetVideoEncoderConfigurationsResponse": ("Configurations", "tt:VideoEncoder2Configuration"),
    "GetAudioEncoderConfigurationsResponse": ("Configurations", "tt:AudioEncoder2Configuration"),
    "GetVideoSourceConfigurationsResponse": ("Configurations", "tt:VideoSourceConfiguration"),
    "GetAudioSourceConfigurationsResponse": ("Configurations", "tt:AudioSourceConfiguration"),
    "GetVideoEncoderConfigurationOptionsResponse": (
        "Options",
        "tt:VideoEncoder2ConfigurationOptions",
    ),
    "SetVideoEncoderConfigurationResponse": None,
    "RemoveConfigurationResponse": None,
}


@pytest.fixture(scope="module")
def media2_schema(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    """Return the part of Media2's schema that is served, after the specification; its WSDL is not at hand."""
    folder = tmp_path_factory.mktemp("media2")
    newer = folder / "newer.xsd"
    newer.write_text(_TT_NEWER.format(tt=TT, onvif=(WSDL / "onvif.xsd").as_uri()))
    elements = "".join(
        f'<xs:element name="{name}"><xs:complexType><xs:sequence>'
        + (
            f'<xs:element name="{inner[0]}" type="{inner[1]}" minOccurs="0" maxOccurs="unbounded"/>'
            if inner
            else ""
        )
        + "</xs:sequence></xs:complexType></xs:element>"
        for name, inner in _RESPONSES.items()
    )
    main = folder / "media2.xsd"
    main.write_text(_TR2.format(tt=TT, tr2=TR2, newer=newer.name, elements=elements))
    return etree.XMLSchema(etree.parse(main))


@pytest.mark.parametrize("codec", ["H264", "H265"])
@pytest.mark.parametrize("audio", [False, True])
async def test_media2(
    socket_enabled: None,
    media2_schema: etree.XMLSchema,
    soap: Callable[..., Any],
    codec: str,
    audio: bool,
) -> None:
    """Media2 answers validate; configurations are shown only of the types asked for."""
    config = camera_config(codec=codec, faults=Faults(audio=audio))
    async with Station([config]) as station:
        running = station.cameras["kita"]

        async def call(operation: str, content: str = "") -> etree._Element:
            status, body = await soap(running, TR2, operation, content)
            assert status == 200, etree.tostring(body)
            media2_schema.assertValid(etree.ElementTree(body[0]))
            answer: etree._Element = body[0]
            return answer

        bare = await call("GetProfiles")
        assert [item.get("token") for item in bare] == ["main", "sub"]
        assert bare.find(f".//{{{TR2}}}Configurations") is None
        some = await call("GetProfiles", "<Token>sub</Token><Type>VideoEncoder</Type>")
        assert len(some) == 1
        assert some.findtext(f".//{{{TT}}}Encoding") == codec
        assert some.find(f".//{{{TR2}}}VideoSource") is None
        everything = await call("GetProfiles", "<Type>All</Type>")
        assert (everything.find(f".//{{{TR2}}}AudioEncoder") is not None) is audio
        assert everything.find(f".//{{{TR2}}}AudioSource") is not None
        uri = await call(
            "GetStreamUri", "<Protocol>RTSP</Protocol><ProfileToken>main</ProfileToken>"
        )
        assert uri.findtext(f"{{{TR2}}}Uri") == f"rtsp://127.0.0.1:{running.rtsp_port}/live/main"
        await call("GetSnapshotUri", "<ProfileToken>main</ProfileToken>")
        for name in ("VideoEncoder", "AudioEncoder", "VideoSource", "AudioSource"):
            await call(f"Get{name}Configurations")
        await call("GetVideoEncoderConfigurationOptions")
        await call(
            "SetVideoEncoderConfiguration",
            '<Configuration token="VEC_main"><tt:Name>Main</tt:Name><tt:UseCount>1</tt:UseCount>'
            f"<tt:Encoding>{codec}</tt:Encoding><tt:Resolution><tt:Width>1280</tt:Width><tt:Height>720</tt:Height>"
            "</tt:Resolution><tt:Quality>5</tt:Quality></Configuration>",
        )
        assert running.camera.config.height == 720
        await call(
            "RemoveConfiguration",
            "<ProfileToken>main</ProfileToken><Configuration><Type>AudioEncoder</Type></Configuration>",
        )
        everything = await call("GetProfiles", "<Type>All</Type>")
        assert (everything.find(f".//{{{TR2}}}AudioEncoder") is not None) is audio
        await call(
            "RemoveConfiguration",
            "<ProfileToken>sub</ProfileToken><Configuration><Type>AudioEncoder</Type></Configuration>"
            "<Configuration><Type>AudioSource</Type></Configuration>",
        )
        assert running.camera.faults.audio is False
        rest = await call("GetProfiles", "<Type>All</Type>")
        assert rest.find(f".//{{{TR2}}}AudioEncoder") is None
        assert len(rest.findall(f".//{{{TR2}}}AudioSource")) == 1


async def test_storage_configurations(socket_enabled: None, soap: Callable[..., Any]) -> None:
    """Storage is listed with its type and path, an empty slot without a path."""
    config = camera_config(quirks=frozenset({Quirk.EMPTY_DISK_SLOT}))
    async with Station([config]) as station:
        running = station.cameras["kita"]
        _, body = await soap(running, TDS, "GetStorageConfigurations")
        items = body[0].findall(f"{{{TDS}}}StorageConfigurations")
        assert [item.get("token") for item in items] == ["SD_DISK", "SD_DISK_2"]
        paths = [item.findtext(f"{{{TDS}}}Data/{{{TDS}}}LocalPath") for item in items]
        assert paths == ["/media/sd", None]
        assert all(item[0].get("type") for item in items)
