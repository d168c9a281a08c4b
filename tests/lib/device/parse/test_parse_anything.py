"""Whatever is answered: bounded, and nothing raised but our own errors."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from pkgutil import iter_modules
import time
import tracemalloc
from typing import Any

from hypothesis import given, settings, strategies as st
from lxml import etree
import pytest

from custom_components.niiza_cctv.lib.device import parse
from custom_components.niiza_cctv.lib.device.errors import CameraAnswerInvalid, CameraError
from custom_components.niiza_cctv.lib.device.parse.clock import (
    parse_clock_settings,
    parse_system_date_and_time,
    parse_time_servers,
)
from custom_components.niiza_cctv.lib.device.parse.device import (
    parse_capabilities,
    parse_device_information,
    parse_network_interfaces,
    parse_scopes,
    parse_service_versions,
    parse_services,
    parse_storage_configurations,
    parse_users,
)
from custom_components.niiza_cctv.lib.device.parse.events import (
    parse_event_topics,
    parse_pull_messages,
    parse_renewal,
    parse_subscription,
)
from custom_components.niiza_cctv.lib.device.parse.fields import parse_done
from custom_components.niiza_cctv.lib.device.parse.media import (
    parse_encoder_sizes,
    parse_profile_settings,
    parse_profiles,
    parse_uri,
)
from custom_components.niiza_cctv.lib.device.parse.recording import (
    parse_recording_job_state,
    parse_recording_jobs,
    parse_recordings,
    parse_replay_uri,
)
from custom_components.niiza_cctv.lib.device.parse.search import (
    parse_end_search,
    parse_event_search,
    parse_recording_information,
    parse_recording_search,
    parse_search_token,
)
from custom_components.niiza_cctv.lib.device.soap import Envelope
from custom_components.niiza_cctv.lib.device.xml import read_tree
from tests.lib.device.parse.answers import (
    AUDIO,
    JST,
    NOW,
    VIDEO,
    face,
    information,
    notification,
    profiles,
    track,
)
from tests.lib.device.scripted_onvif import DEVICE, envelope, response


def test_what_a_camera_calls_things_is_bounded() -> None:
    """Megabytes where a name belongs would stay in memory for as long as the camera is known."""
    much = "x" * 500_000
    identity = parse_device_information(
        response(
            "GetDeviceInformation",
            f"<Manufacturer>{much}</Manufacturer><Model>{much}</Model>"
            f"<FirmwareVersion>{much}</FirmwareVersion><SerialNumber>{much}</SerialNumber>",
        ).encode()
    )
    item = f'<SimpleItem Name="{much}" Value="{much}"/>'
    (event,) = parse_pull_messages(
        response(
            "PullMessages", notification(much, f"<Message><Data>{item}</Data></Message>")
        ).encode()
    ).events
    (storage,) = parse_storage_configurations(
        response(
            "GetStorageConfigurations",
            f'<StorageConfigurations token="1"><Data type="{much}"/></StorageConfigurations>',
        ).encode()
    )
    (profile,) = profiles(f'<Profiles token="p"><Name>{much}</Name></Profiles>')
    texts = [
        identity.manufacturer,
        identity.model,
        identity.firmware,
        identity.serial,
        profile.name,
    ]
    texts += [event.topic, *event.data, *event.data.values(), storage]
    assert {len(text) for text in texts} == {200}


def test_a_token_without_end_names_nothing() -> None:
    """A ReferenceToken has at most 64 characters; cut off, two of them could become one."""
    much = "x" * 257
    for operation, inside in {
        "GetRecordings": f"<RecordingItem><RecordingToken>{much}</RecordingToken></RecordingItem>",
        "GetRecordingJobs": f"<JobItem><JobToken>{much}</JobToken></JobItem>",
    }.items():
        if operation == "GetRecordings":
            # Something was listed, and cannot be named: that is no empty card.
            with pytest.raises(CameraAnswerInvalid):
                PARSERS[operation](response(operation, inside).encode())
        else:
            assert PARSERS[operation](response(operation, inside).encode()) == ()
        fits = inside.replace(much, much[1:])
        assert len(PARSERS[operation](response(operation, fits).encode())) == 1
    job = f"<JobItem><JobToken>j</JobToken><JobConfiguration><RecordingToken>{much}</RecordingToken></JobConfiguration></JobItem>"
    (found,) = parse_recording_jobs(response("GetRecordingJobs", job).encode())
    assert found.recording_token == ""
    with pytest.raises(CameraAnswerInvalid):
        profiles(f'<Profiles token="{much}"/>')
    with pytest.raises(CameraAnswerInvalid):
        parse_search_token(
            response("FindRecordings", f"<SearchToken>{much}</SearchToken>").encode()
        )


@pytest.mark.parametrize(
    "operation",
    ["GetServices", "GetProfiles", "GetRecordings", "GetRecordingJobs", "GetScopes", "GetNetworkInterfaces",
     "GetStorageConfigurations"],
)  # fmt: skip
def test_a_list_answer_full_of_something_else_is_not_an_empty_list(operation: str) -> None:
    """No recordings, or no audio, must be said: the card would turn red over a broken answer."""
    with pytest.raises(CameraAnswerInvalid):
        PARSERS[operation](response(operation, "<Unexpected>perhaps</Unexpected>").encode())


PARSERS: dict[str, Callable[[Envelope], Any]] = {
    "GetSystemDateAndTime": parse_system_date_and_time,
    "GetServices": parse_services,
    "GetCapabilities": parse_capabilities,
    "GetDeviceInformation": parse_device_information,
    "GetNetworkInterfaces": parse_network_interfaces,
    "GetScopes": parse_scopes,
    "GetStorageConfigurations": parse_storage_configurations,
    "GetUsers": parse_users,
    "GetProfiles": parse_profiles,
    "GetStreamUri": parse_uri,
    "GetSnapshotUri": parse_uri,
    "GetRecordings": parse_recordings,
    "GetRecordingInformation": lambda body: parse_recording_information(
        body, camera_now=NOW, zone=JST
    ),
    "FindRecordings": parse_search_token,
    "GetRecordingSearchResults": lambda body: parse_recording_search(
        body, camera_now=NOW, zone=JST
    ),
    "GetRecordingJobs": parse_recording_jobs,
    "GetRecordingJobState": parse_recording_job_state,
    "GetReplayUri": parse_replay_uri,
    "CreatePullPointSubscription": parse_subscription,
    "GetEventProperties": parse_event_topics,
    "Renew": parse_renewal,
    "PullMessages": parse_pull_messages,
    "GetEventSearchResults": lambda body: parse_event_search(body, camera_now=NOW),
    "EndSearch": parse_end_search,
    "GetNTP": parse_time_servers,
    "GetVideoEncoderConfigurationOptions": partial(parse_encoder_sizes, encoding="H264"),
}
# What reads an answer that another reads, too.
OTHERS: dict[str, Callable[[Envelope], Any]] = {
    "GetSystemDateAndTime": parse_clock_settings,
    "GetProfiles": parse_profile_settings,
    "GetServices": parse_service_versions,
    "SetNTP": partial(parse_done, operation="SetNTP"),
}
# They read a text or a time, not an answer.
OF_TEXTS = {"parse_time", "parse_time_zone", "parse_topic"}


def test_every_reader_is_tried() -> None:
    """A new one is named here, or this fails."""
    names = {
        name
        for module in iter_modules(parse.__path__)
        for name, found in vars(import_module(f"{parse.__name__}.{module.name}")).items()
        if name.startswith("parse_") and callable(found)
    }
    tried = {
        getattr(reader, "func", reader).__name__ for reader in (*PARSERS.values(), *OTHERS.values())
    }
    # Those that are given more than the answer.
    tried |= {"parse_recording_information", "parse_recording_search", "parse_event_search"}
    assert names - OF_TEXTS == tried - {"<lambda>"}


NAMES = st.sampled_from(
    [
        "SystemDateAndTime",
        "DateTimeType",
        "TimeZone",
        "TZ",
        "UTCDateTime",
        "LocalDateTime",
        "Date",
        "Time",
        "Year",
        "Month",
        "Day",
        "Hour",
        "Minute",
        "Second",
        "Service",
        "Namespace",
        "XAddr",
        "Capabilities",
        "Extension",
        "Media",
        "Recording",
        "NetworkInterfaces",
        "Info",
        "HwAddress",
        "Scopes",
        "ScopeItem",
        "StorageConfigurations",
        "Data",
        "Profiles",
        "Name",
        "Configurations",
        "VideoEncoder",
        "AudioEncoder",
        "VideoEncoderConfiguration",
        "AudioEncoderConfiguration",
        "Encoding",
        "Resolution",
        "Width",
        "Height",
        "RateControl",
        "BitrateLimit",
        "FrameRateLimit",
        "MediaUri",
        "Uri",
        "RecordingItem",
        "RecordingToken",
        "Tracks",
        "Track",
        "TrackToken",
        "TrackType",
        "Configuration",
        "RecordingInformation",
        "DataFrom",
        "DataTo",
        "EarliestRecording",
        "LatestRecording",
        "RecordingStatus",
        "ResultList",
        "SearchState",
        "SearchToken",
        "JobItem",
        "JobToken",
        "State",
        "SubscriptionReference",
        "Address",
        "ReferenceParameters",
        "CurrentTime",
        "TerminationTime",
        "NotificationMessage",
        "Topic",
        "Message",
        "Source",
        "SimpleItem",
        "TopicSet",
        "Fault",
        "Code",
        "Subcode",
        "Value",
        "Reason",
        "Text",
    ]
)


TEXTS = st.sampled_from(
    [
        "", "0", "-1", "24", "60", "2026", "99999999999999999999", "NaN", "1e400", "true", "Video", "Audio", "H264",
        "1970-01-01T00:00:00Z", "2026-11-23T03:00:00", "9999-12-31T24:00:00-14:00", "0001-01-01T00:00:00+14:00",
        "CST7:00:00DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00", "Asia/Tokyo", "token", "searching", "-P1D", "tns1:A/b:C",
    ]
) | st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "Z")), max_size=12)  # fmt: skip


ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        ["token", "Name", "Value", "UtcTime", "PropertyOperation", "type", "topic",
         "{http://www.w3.org/2001/XMLSchema-instance}nil"]
    ),
    TEXTS,
    max_size=3,
)  # fmt: skip


def _element(children: st.SearchStrategy[etree._Element]) -> st.SearchStrategy[etree._Element]:
    def build(
        name: str, text: str, attributes: dict[str, str], inside: list[etree._Element]
    ) -> etree._Element:
        element = etree.Element(name, attributes)
        element.text = text
        # An element belongs to one parent: what is drawn twice is copied.
        element.extend(etree.fromstring(etree.tostring(part, with_tail=False)) for part in inside)
        return element

    return st.builds(build, NAMES, TEXTS, ATTRIBUTES, st.lists(children, max_size=4))


ELEMENTS = st.recursive(st.builds(etree.Element, NAMES), _element, max_leaves=12)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(PARSERS)), st.lists(ELEMENTS, max_size=4))
def test_no_xml_raises_anything_but_an_invalid_answer(
    operation: str, inside: list[etree._Element]
) -> None:
    """Elements that mean something, in places where they mean nothing, with values of all kinds."""
    body = response(operation, "".join(etree.tostring(part, encoding="unicode") for part in inside))
    with suppress(CameraAnswerInvalid):
        PARSERS[operation](body.encode())


SAMPLES = [
    "GetSystemDateAndTime<SystemDateAndTime><DateTimeType>NTP</DateTimeType><TimeZone><TZ>JST-9</TZ></TimeZone>"
    + face("UTCDateTime", hour="2")
    + face("LocalDateTime")
    + "</SystemDateAndTime>",
    "GetSystemDateAndTime<SystemDateAndTime><TimeZone><TZ>JST-9</TZ></TimeZone>"
    + face("LocalDateTime")
    + "</SystemDateAndTime>",
    f'GetProfiles<Profiles token="p"><Name>n</Name>{VIDEO}{AUDIO}</Profiles>',
    "GetRecordingInformation"
    + information(
        "2026-11-09T15:00:00",
        "2026-11-23T12:00:00",
        track("V", "Video", "2026-11-09T15:00:00Z", "2026-11-23T03:00:00Z"),
    )
    .decode()
    .partition(f'Response xmlns="{DEVICE}">')[2]
    .partition("</GetRecordingInformation")[0],
    (
        "GetRecordings<RecordingItem><RecordingToken>a</RecordingToken><Tracks><Track><TrackToken>V</TrackToken>"
        "<Configuration><TrackType>Video</TrackType></Configuration></Track></Tracks></RecordingItem>"
    ),
    "GetRecordingJobState<State><State>Active</State></State>",
    "GetNetworkInterfaces<NetworkInterfaces><Info><HwAddress>AC:CC:8E:00:11:22</HwAddress></Info></NetworkInterfaces>",
    "PullMessages<CurrentTime>2026-11-23T03:00:00Z</CurrentTime><TerminationTime>2026-11-23T03:05:00Z"
    "</TerminationTime>"
    + notification(
        "tns1:A/b:C",
        '<Message UtcTime="2026-11-23T03:00:00Z" PropertyOperation="Changed"><Data><SimpleItem Name="n" Value="v"/>'
        "</Data></Message>",
    ),
    (
        "CreatePullPointSubscription<SubscriptionReference><Address>http://a/</Address><ReferenceParameters><I>1</I>"
        "</ReferenceParameters></SubscriptionReference>"
    ),
]


@settings(max_examples=1000, deadline=None)
@given(
    st.sampled_from(SAMPLES),
    st.lists(
        st.tuples(
            st.integers(0, 60), st.sampled_from(["text", "drop", "twice", "attribute"]), TEXTS
        ),
        max_size=4,
    ),
)
def test_no_change_to_a_good_answer_raises_anything_but_an_invalid_answer(
    sample: str, changes: list[tuple[int, str, str]]
) -> None:
    """Answers that are nearly right, down to their last field."""
    operation, _, inside = sample.partition("<")
    root = etree.fromstring(response(operation, f"<{inside}"))
    for place, change, text in changes:
        elements = list(root.iter("{*}*"))
        element = elements[place % len(elements)]
        parent = element.getparent()
        if change == "text" and len(element) == 0:
            element.text = text
        elif change == "attribute":
            for name in element.attrib:
                element.set(name, text)
        elif change == "drop" and parent is not None:
            parent.remove(element)
        elif change == "twice" and parent is not None:
            element.addnext(etree.fromstring(etree.tostring(element, with_tail=False)))
    with suppress(CameraAnswerInvalid):
        PARSERS[operation](etree.tostring(root))


CODECS = st.sampled_from(["utf-8", "utf-16", "utf-8-sig", "cp932", "gb18030", "euc_jp", "latin-1"])
STRAY = st.sampled_from(
    [
        b"", b"&", b"<", b">", b"\0", b"\xff\xfe", b"\xe6\x96", b"\x83", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?xml",
        b'<?xml version="1.1" encoding="GBK"?>', b"&#0;", b"&#x110000;", b"</e:Envelope>", b"--b\r\n\r\n", b"xmlns:e='x' ",
        b"\x1b$B", b"\r\n0\r\n\r\n", b"<t:X>", b"]]", b'"',
    ]
) | st.binary(max_size=6)  # fmt: skip


@settings(max_examples=800, deadline=None)
@given(
    st.sampled_from(SAMPLES),
    CODECS,
    st.sampled_from(["", "gbk", "Shift_JIS", "zip", "utf-16"]),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 60), STRAY), max_size=5),
)
def test_no_spoilt_bytes_of_a_good_answer_raise_anything_but_our_errors(
    sample: str, codec: str, charset: str, cuts: list[tuple[int, int, bytes]]
) -> None:
    """Cut, doubled, in other encodings, with signs that no XML has: ours or nothing, and never for long."""
    operation, _, inside = sample.partition("<")
    body = response(operation, f"<{inside}").encode(codec, "replace")
    for place, length, stray in cuts:
        at = place % (len(body) + 1)
        body = body[:at] + stray + body[at + length :]
    started = time.monotonic()
    with suppress(CameraError):
        tree = read_tree(body, charset=charset)
        for readers in (PARSERS, OTHERS):
            if operation in readers:
                readers[operation](tree)
    # It would never end.
    assert time.monotonic() - started < 10


def test_the_largest_answer_of_each_kind_stays_within_bounds() -> None:
    """Two megabytes of what a reader looks for: it takes no more of it than makes sense."""
    for sample in SAMPLES:
        operation, _, inside = sample.partition("<")
        times = 2_000_000 // (len(inside) + 1)
        body = response(operation, f"<{inside}" * min(times, 19_000 // inside.count("<"))).encode()
        tracemalloc.start()
        with suppress(CameraError):
            PARSERS[operation](body)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 64 * 1024 * 1024, operation


@pytest.mark.parametrize("operation", PARSERS)
@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_our_errors(operation: str, body: bytes) -> None:
    """Whatever is no answer ends in a CameraError, for every parser."""
    with pytest.raises(CameraError):
        PARSERS[operation](body)


@pytest.mark.parametrize("operation", PARSERS)
def test_parsers_take_an_element_as_well(operation: str) -> None:
    """Strangers have parsed their captures already, often."""
    for answer in (response(operation), envelope("<e:Fault/>")):
        element = read_tree(answer.encode())
        try:
            expected = PARSERS[operation](answer.encode())
        except CameraAnswerInvalid as err:
            with pytest.raises(CameraAnswerInvalid, match=str(err)):
                PARSERS[operation](element)
        else:
            assert PARSERS[operation](element) == expected
