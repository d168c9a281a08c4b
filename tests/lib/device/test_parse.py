"""Answers of cameras become facts, wrong-but-real ones included; nonsense becomes "unknown", never a guess."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given, settings, strategies as st
from lxml import etree
import pytest

from custom_components.niiza_cctv.lib.device.errors import CameraAnswerInvalid, CameraError
from custom_components.niiza_cctv.lib.device.model import (
    ClockMode,
    JobState,
    MediaProfile,
    RecordingState,
    TrackKind,
)
from custom_components.niiza_cctv.lib.device.parse.clock import (
    SystemTime,
    parse_system_date_and_time,
)
from custom_components.niiza_cctv.lib.device.parse.device import (
    parse_capabilities,
    parse_device_information,
    parse_network_interfaces,
    parse_scopes,
    parse_services,
    parse_storage_configurations,
)
from custom_components.niiza_cctv.lib.device.parse.events import (
    parse_pull_messages,
    parse_renewal,
    parse_subscription,
)
from custom_components.niiza_cctv.lib.device.parse.media import parse_profiles, parse_uri
from custom_components.niiza_cctv.lib.device.parse.recording import (
    parse_recording_job_state,
    parse_recording_jobs,
    parse_recordings,
    parse_replay_uri,
)
from custom_components.niiza_cctv.lib.device.parse.search import (
    parse_recording_information,
    parse_recording_search,
    parse_search_token,
)
from custom_components.niiza_cctv.lib.device.parse.time import parse_time
from custom_components.niiza_cctv.lib.device.parse.zone import parse_time_zone
from custom_components.niiza_cctv.lib.device.soap import Envelope
from tests.lib.device.scripted_onvif import (
    DEVICE,
    clock_answer,
    envelope,
    response,
    services_answer,
)

MEDIA = "http://www.onvif.org/ver10/media/wsdl"
MEDIA2 = "http://www.onvif.org/ver20/media/wsdl"
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
JST = timezone(timedelta(hours=9))


def date_and_time(inside: str) -> SystemTime:
    """Return what a GetSystemDateAndTime answer with this inside says."""
    answer = response("GetSystemDateAndTime", f"<SystemDateAndTime>{inside}</SystemDateAndTime>")
    return parse_system_date_and_time(answer.encode())


def face(kind: str, hour: str = "11", minute: str = "28", second: str = "1", **date: str) -> str:
    """Return one of the two clocks of an answer."""
    day = {"Year": "2018", "Month": "2", "Day": "27"} | date
    return (
        f"<{kind}><Time><Hour>{hour}</Hour><Minute>{minute}</Minute><Second>{second}</Second></Time>"
        f"<Date>{''.join(f'<{name}>{value}</{name}>' for name, value in day.items())}</Date></{kind}>"
    )


# --- Time ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T10:00:00Z", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        (" 2026-11-20T10:00:00.5Z\n", datetime(2026, 11, 20, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-20T10:00:00.1234567890Z", datetime(2026, 11, 20, 10, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-11-20T19:00:00+09:00", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("2026-11-20T01:30:00-0830", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("2026-11-20T24:00:00Z", datetime(2026, 11, 21, tzinfo=UTC)),
        ("2026-12-31T23:59:60Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026-1-2T3:4:5Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("1970-01-01T00:03:15Z", datetime(1970, 1, 1, 0, 3, 15, tzinfo=UTC)),
        ("2026-11-20 10:00", datetime(2026, 11, 20, 10)),  # noqa: DTZ001 - naive is the point
        ("2026-02-30T10:00:00Z", None),
        ("2026-11-20T25:00:00Z", None),
        ("2026-11-20T10:00:61Z", None),
        ("2026-11-20T10:00:00+25:00", None),
        ("-2026-11-20T10:00:00Z", None),
        ("20260-11-20T10:00:00Z", None),
        ("9999-12-31T24:00:00Z", None),
        ("9999-12-31T23:00:00-09:00", None),
        ("0000-00-00T00:00:00Z", None),
        ("0001-01-01T00:00:00+09:00", None),
        ("2026-11-20", None),
        ("", None),
        ("now", None),
        ("２０２６-11-20T10:00:00Z", None),
    ],
)
def test_times_as_cameras_write_them(text: str, expected: datetime | None) -> None:
    """Hour 24, second 60, unpadded fields, fractions of any length, zones or none."""
    assert parse_time(text) == expected


@given(
    st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)),  # noqa: DTZ001 - the zone is added below
    st.integers(-14 * 60, 14 * 60),
)
def test_a_written_time_comes_back(moment: datetime, minutes: int) -> None:
    """Whatever the zone, the moment is the same."""
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_time(aware.isoformat()) == aware
    assert parse_time(moment.isoformat()) == moment


@pytest.mark.parametrize(
    ("text", "winter", "summer"),
    [
        ("JST-9", 9, 9),
        ("<+09>-9", 9, 9),
        ("CST-8", 8, 8),
        ("CST-8:00:00", 8, 8),
        ("UTC0", 0, 0),
        ("GMT+09:00", 9, 9),
        ("GMT-5", 5, 5),
        ("UTC-03:30", -3.5, -3.5),
        ("+09:00", 9, 9),
        ("Asia/Tokyo", 9, 9),
        (":America/Edmonton", -7, -6),
        ("MST7MDT,M3.2.0,M11.1.0", -7, -6),
        ("MST7MDT", -7, -7),
        ("CST7:00:00DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00", -7, -6),
        ("CST+7:00:00DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00", -7, -6),
        ("EST5EDT4,M3.2.0/02:00:00,M11.1.0/02:00:00", -5, -4),
        ("GMT0BST,M3.5.0/1,M10.5.0", 0, 1),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", 11, 10),
        ("IST-5:30", 5.5, 5.5),
        # A rule that says nothing sensible leaves the standard time.
        ("CET-1CEST,M13.9.9/99,M99.9.9", 1, 1),
        ("CET-1CEST,nonsense", 1, 1),
    ],
)
def test_time_zones_as_cameras_write_them(text: str, winter: float, summer: float) -> None:
    """POSIX with all liberties taken, everyday offsets, names of the zone database."""
    zone = parse_time_zone(text)
    offsets = [datetime(2026, month, 15, tzinfo=zone).utcoffset() for month in (1, 7)]
    assert zone is not None
    assert offsets == [timedelta(hours=winter), timedelta(hours=summer)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "JST",
        "Nowhere/Nothing",
        "../../etc/passwd",
        "/etc/localtime",
        "ABC99",
        "UTC+25:00",
        "Asia",
        "A" * 500,
    ],
)
def test_a_time_zone_that_makes_no_sense_is_unknown(text: str) -> None:
    """No file is read that the text only hints at, and nothing is guessed."""
    assert parse_time_zone(text) is None


@given(
    st.text(max_size=80)
    | st.from_regex(r"[A-Z]{3}[+-]?\d{1,2}(:\d\d){0,2}([A-Z]{3})?(,M\d{1,2}\.\d\.\d){0,2}")
)
def test_no_time_zone_text_raises(text: str) -> None:
    """A zone or None."""
    zone = parse_time_zone(text)
    assert zone is None or datetime(2026, 7, 1, tzinfo=zone).utcoffset() is not None


def test_the_clock_is_read_from_utc() -> None:
    """The UTC time counts, whatever else is there."""
    stamp = parse_system_date_and_time(clock_answer(2026, 11, 23, 24, second=60).encode())
    assert stamp.utc == datetime(2026, 11, 24, 0, 1, tzinfo=UTC)
    assert stamp.mode is ClockMode.MANUAL
    assert stamp.zone == JST


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("JST-9", 2),
        ("CST-8", 3),
        ("CST7:00:00DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00", 18),
        ("MST7MDT,M3.2.0,M11.1.0", 18),
        ("GMT+09:00", 2),
        ("Asia/Tokyo", 2),
    ],
)
def test_without_utc_the_local_time_and_its_zone_give_it(zone: str, hour: int) -> None:
    """Some cameras tell the local time only."""
    stamp = date_and_time(
        f"<DateTimeType>ntp</DateTimeType><TimeZone><TZ>{zone}</TZ></TimeZone>{face('LocalDateTime')}"
    )
    assert stamp.utc == datetime(2018, 2, 27, hour, 28, 1, tzinfo=UTC)
    assert stamp.mode is ClockMode.NTP


def test_a_clock_that_does_not_tell_is_unknown() -> None:
    """No zone, nonsense or nothing: the answer is still an answer."""
    assert date_and_time(face("LocalDateTime")).utc is None
    assert date_and_time("").utc is None
    assert date_and_time("").mode is ClockMode.UNKNOWN
    assert date_and_time(face("UTCDateTime", hour="25")).utc is None
    assert date_and_time(face("UTCDateTime", Day="31")).utc is None
    assert date_and_time(face("UTCDateTime", Year="99999999999999999999")).utc is None
    assert date_and_time(face("UTCDateTime", Year="1969")).utc is None
    assert date_and_time(face("UTCDateTime", Year="1970")).utc == datetime(
        1970, 2, 27, 11, 28, 1, tzinfo=UTC
    )
    with pytest.raises(CameraAnswerInvalid):
        parse_system_date_and_time(response("GetSystemDateAndTime").encode())


def test_two_clocks_correct_a_zone_text() -> None:
    """A sign the wrong way round, or no text at all, is seen by comparing both clocks."""
    both = face("UTCDateTime", hour="2") + face("LocalDateTime")
    assert date_and_time(both).zone == JST
    assert date_and_time(f"<TimeZone><TZ>JST9</TZ></TimeZone>{both}").zone == JST
    assert date_and_time(f"<TimeZone><TZ>JST-9</TZ></TimeZone>{both}").zone == JST
    # A text that is only another zone is believed: the local clock may be set wrong.
    assert date_and_time(f"<TimeZone><TZ>CST-8</TZ></TimeZone>{both}").zone == timezone(
        timedelta(hours=8)
    )


# --- Device -------------------------------------------------------------------------------------------


def test_services_by_their_namespaces() -> None:
    """The first address of a service counts; unknown services are passed over."""
    answer = services_answer(
        ver10_device="http://192.168.1.9/onvif/device_service",
        ver10_media="http://192.168.1.9/onvif/Media",
        ver20_media="http://192.168.1.9/onvif/Media2",
        ver10_events="http://192.168.1.9/onvif/Events",
        ver10_recording="http://192.168.1.9/onvif/Recording",
        ver10_search="http://192.168.1.9/onvif/Search",
        ver10_replay="http://192.168.1.9/onvif/Replay",
        ver20_ptz="http://192.168.1.9/onvif/PTZ",
    ).replace(
        "</GetServices",
        "<Service><Namespace>http://www.onvif.org/ver10/media/wsdl</Namespace><XAddr>x</XAddr></Service></GetServices",
    )
    services = parse_services(answer.encode())
    assert services.media == "http://192.168.1.9/onvif/Media"
    assert services.media2 == "http://192.168.1.9/onvif/Media2"
    assert services.replay == "http://192.168.1.9/onvif/Replay"
    for empty in (services_answer(), services_answer(ver10_media="")):
        with pytest.raises(CameraAnswerInvalid):
            parse_services(empty.encode())


def test_capabilities_of_older_cameras() -> None:
    """Recording, search and replay stand in the extension."""
    answer = response(
        "GetCapabilities",
        "<Capabilities><Media><XAddr>http://a/m</XAddr></Media><Events><XAddr/></Events>"
        "<Extension><Recording><XAddr>http://a/r</XAddr></Recording></Extension></Capabilities>",
    )
    services = parse_capabilities(answer.encode())
    assert (services.media, services.events, services.recording) == (
        "http://a/m",
        None,
        "http://a/r",
    )
    with pytest.raises(CameraAnswerInvalid):
        parse_capabilities(response("GetCapabilities").encode())


def test_identity_with_what_is_there() -> None:
    """A field left out is empty, and a nil one is none."""
    answer = response(
        "GetDeviceInformation",
        '<Manufacturer> i-PRO </Manufacturer><Model xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="1">x</Model>',
    )
    identity = parse_device_information(answer.encode())
    assert (identity.manufacturer, identity.model, identity.serial) == ("i-PRO", "", "")
    with pytest.raises(CameraAnswerInvalid):
        parse_device_information(response("GetDeviceInformation", "<Year>next</Year>").encode())


def test_hardware_addresses_in_every_spelling() -> None:
    """Only what can be one, each once."""
    interface = "<NetworkInterfaces><Info><HwAddress>{}</HwAddress></Info></NetworkInterfaces>"
    spellings = [
        "AC:CC:8E:00:11:22",
        "accc8e001122",
        "AC-CC-8E-33-44-55",
        "00:00:00:00:00:00",
        "n/a",
        "",
    ]
    answer = response("GetNetworkInterfaces", "".join(interface.format(text) for text in spellings))
    assert parse_network_interfaces(answer.encode()) == (
        "ac:cc:8e:00:11:22",
        "ac:cc:8e:33:44:55",
    )


def test_scopes_and_storages() -> None:
    """Lists are lists, empty ones too."""
    answer = response("GetScopes", "<Scopes><ScopeItem>onvif://a</ScopeItem></Scopes><Scopes/>")
    assert parse_scopes(answer.encode()) == ("onvif://a",)
    answer = response(
        "GetStorageConfigurations",
        '<StorageConfigurations token="1"><Data type="LocalStorage"/></StorageConfigurations>'
        '<StorageConfigurations token="2"/>',
    )
    assert parse_storage_configurations(answer.encode()) == ("LocalStorage",)
    assert parse_storage_configurations(response("GetStorageConfigurations").encode()) == ()


# --- Media --------------------------------------------------------------------------------------------

VIDEO = (
    "<VideoEncoderConfiguration token='v'><Encoding>H264</Encoding><Resolution><Width>1280</Width>"
    "<Height>720</Height></Resolution><RateControl><FrameRateLimit>15</FrameRateLimit>"
    "<BitrateLimit>2048</BitrateLimit></RateControl></VideoEncoderConfiguration>"
)
AUDIO_SOURCE = (
    "<AudioSourceConfiguration token='s'><SourceToken>s</SourceToken></AudioSourceConfiguration>"
)
AUDIO = "<AudioEncoderConfiguration token='a'><Encoding>G711</Encoding></AudioEncoderConfiguration>"


def profiles(inside: str, space: str = MEDIA) -> tuple[MediaProfile, ...]:
    """Return the profiles of an answer."""
    return parse_profiles(response("GetProfiles", inside, space).encode())


def profile(inside: str, space: str = MEDIA) -> MediaProfile:
    """Return the single profile of an answer."""
    (found,) = profiles(f'<Profiles token="p"><Name>main</Name>{inside}</Profiles>', space)
    return found


def test_a_profile_of_media() -> None:
    """Encoding, size and limits."""
    assert profile(VIDEO) == MediaProfile(
        token="p",
        name="main",
        video_encoding="H264",
        width=1280,
        height=720,
        bitrate=2048,
        frame_rate=15.0,
    )


def test_a_profile_of_media2() -> None:
    """Configurations stand one level deeper, and encodings may be MIME types."""
    inside = (
        "<Configurations><VideoEncoder token='v'><Encoding>video/H265</Encoding><Resolution><Width>1920</Width>"
        "<Height>1080</Height></Resolution><RateControl ConstantBitRate='true'><FrameRateLimit>12.5</FrameRateLimit>"
        "<BitrateLimit>4096</BitrateLimit></RateControl></VideoEncoder>"
        "<AudioEncoder token='a'><Encoding>PCMU</Encoding></AudioEncoder></Configurations>"
    )
    found = profile(inside, MEDIA2)
    assert (found.video_encoding, found.height, found.frame_rate) == ("H265", 1080, 12.5)
    assert found.audio_encoding == "PCMU"


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (AUDIO_SOURCE, None),
        (AUDIO_SOURCE + AUDIO, "G711"),
        (AUDIO, "G711"),
        ("<AudioEncoderConfiguration/>", None),
        ("<AudioEncoderConfiguration token='a'/>", "UNKNOWN"),
        (
            "<AudioEncoderConfiguration token='a'><Encoding>aac</Encoding></AudioEncoderConfiguration>",
            "AAC",
        ),
        (
            "<AudioEncoderConfiguration token='a'><Encoding>NONE</Encoding></AudioEncoderConfiguration>",
            None,
        ),
        (
            '<AudioEncoderConfiguration xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>',
            None,
        ),
    ],
)
def test_only_an_audio_encoder_is_audio(inside: str, expected: str | None) -> None:
    """A source alone sends nothing; an encoder that does not say how it encodes still does."""
    assert profile(VIDEO + inside).audio_encoding == expected


def test_numbers_that_are_none_are_unknown() -> None:
    """Zero is no limit, the huge, negative and unreadable are nothing."""
    inside = (
        VIDEO.replace("1280", "99999999999")
        .replace("720", "-1")
        .replace("2048", "0")
        .replace(">15<", ">nan<")
    )
    found = profile(inside)
    assert (found.width, found.height, found.bitrate, found.frame_rate) == (None, None, None, None)
    assert profile(VIDEO.replace("1280", "1280.0").replace("720", "1" * 5000)).width == 1280


def test_the_first_profile_of_a_token_counts() -> None:
    """Duplicated and missing tokens are real."""
    found = profiles(
        f'<Profiles token="p">{VIDEO}</Profiles><Profiles token="p"/><Profiles/><Profiles token="q"/>'
    )
    assert [p.token for p in found] == ["p", "q"]
    assert found[0].height == 720
    assert profiles("") == ()


@pytest.mark.parametrize("order", [1, -1])
def test_no_audio_hides_behind_the_token_of_a_profile(order: int) -> None:
    """Of two profiles with one token either may have the audio."""
    twice = [f'<Profiles token="p">{VIDEO}</Profiles>', f'<Profiles token="p">{AUDIO}</Profiles>']
    (found,) = profiles("".join(twice[::order]))
    assert (found.token, found.audio_encoding) == ("p", "G711")


@pytest.mark.parametrize("token", ["", "x" * 1000])
def test_audio_of_a_profile_without_a_token_shows(token: str) -> None:
    """Nobody can ask for that profile's stream, but its audio counts."""
    nameless = f'<Profiles token="{token}">{VIDEO}{AUDIO}</Profiles>'
    named = f'<Profiles token="p">{VIDEO}</Profiles>'
    for answer in (nameless + named, named + nameless):
        first, last = profiles(answer)
        assert (first.token, first.audio_encoding) == ("p", None)
        assert last == MediaProfile(token="", name="", audio_encoding="G711")
    assert [p.audio_encoding for p in profiles(nameless)] == ["G711"]


def test_profiles_that_tell_nothing_do_not_pass_for_silence() -> None:
    """Without configurations or tokens nobody can say that audio is off."""
    with pytest.raises(CameraAnswerInvalid):
        profiles('<Profiles token="p"><Name>main</Name></Profiles>', MEDIA2)
    with pytest.raises(CameraAnswerInvalid):
        profiles("<Profiles/>")


def test_addresses_of_both_media_services() -> None:
    """Media wraps them, Media2 does not."""
    old = response("GetStreamUri", "<MediaUri><Uri> rtsp://a/1 </Uri></MediaUri>", MEDIA)
    new = response("GetSnapshotUri", "<Uri>http://a/2</Uri>", MEDIA2)
    assert parse_uri(old.encode()) == "rtsp://a/1"
    assert parse_uri(new.encode()) == "http://a/2"
    with pytest.raises(CameraAnswerInvalid):
        parse_uri(response("GetStreamUri", "<MediaUri/>").encode())
    assert (
        parse_replay_uri(response("GetReplayUri", "<Uri>rtsp://a/3</Uri>").encode()) == "rtsp://a/3"
    )
    with pytest.raises(CameraAnswerInvalid):
        parse_replay_uri(response("GetReplayUri").encode())


# --- Recordings ---------------------------------------------------------------------------------------


def track(token: str, kind: str, start: str = "", end: str = "") -> str:
    """Return a track of a recording information."""
    return (
        f"<Track><TrackToken>{token}</TrackToken><TrackType>{kind}</TrackType>"
        f"<DataFrom>{start}</DataFrom><DataTo>{end}</DataTo></Track>"
    )


def information(earliest: str, latest: str, tracks: str = "", status: str = "Recording") -> bytes:
    """Return a GetRecordingInformation answer."""
    return response(
        "GetRecordingInformation",
        "<RecordingInformation><RecordingToken>SD_1</RecordingToken>"
        f"<EarliestRecording>{earliest}</EarliestRecording><LatestRecording>{latest}</LatestRecording>"
        f"{tracks}<RecordingStatus>{status}</RecordingStatus></RecordingInformation>",
    ).encode()


def bounds(
    earliest: str, latest: str, tracks: str = "", **known: Any
) -> tuple[datetime | None, datetime | None]:
    """Return the bounds that a recording information is read as."""
    found = parse_recording_information(information(earliest, latest, tracks), **known)
    return found.earliest, found.latest


def test_recordings_with_their_tracks() -> None:
    """Tokens once, tracks of the known kinds, at most 64."""
    item = (
        "<RecordingItem><RecordingToken>{}</RecordingToken><Tracks>"
        "<Track><TrackToken>V</TrackToken><Configuration><TrackType>video</TrackType></Configuration></Track>"
        "<Track><TrackToken>V</TrackToken><Configuration><TrackType>Audio</TrackType></Configuration></Track>"
        "<Track><TrackToken>X</TrackToken><Configuration><TrackType>Extended</TrackType></Configuration></Track>"
        "</Tracks></RecordingItem>"
    )
    answer = response("GetRecordings", "".join(item.format(t) for t in ("a", "a", "", *range(100))))
    found = parse_recordings(answer.encode())
    assert len(found) == 64
    assert [recording.token for recording in found[:2]] == ["a", "0"]
    assert [(t.token, t.kind) for t in found[0].tracks] == [
        ("V", TrackKind.VIDEO),
        ("V", TrackKind.AUDIO),
    ]
    assert parse_recordings(response("GetRecordings").encode()) == ()


@pytest.mark.parametrize("token", ["T", "", "x" * 1000])
def test_no_audio_hides_behind_the_token_of_a_track(token: str) -> None:
    """A token shared with video, none, or one without end: the audio is there, from its first to its last."""
    tracks = (
        track(token, "Video", "2026-11-20T00:00:00Z", "2026-11-23T02:00:00Z")
        + track(token, "Audio", "2026-11-21T00:00:00Z", "2026-11-21T01:00:00Z")
        + track(token, "Audio", "2026-11-22T00:00:00", "2026-11-22T01:00:00")
        + track(token, "Audio", "1970-01-01T00:00:00Z", "")
    )
    answer = information("2026-11-20T00:00:00Z", "2026-11-23T02:00:00Z", tracks)
    found = parse_recording_information(answer, camera_now=NOW, zone=UTC)
    assert [(t.kind, t.data_from, t.data_to) for t in found.tracks] == [
        (
            TrackKind.VIDEO,
            datetime(2026, 11, 20, tzinfo=UTC),
            datetime(2026, 11, 23, 2, tzinfo=UTC),
        ),
        (
            TrackKind.AUDIO,
            datetime(2026, 11, 21, tzinfo=UTC),
            datetime(2026, 11, 22, 1, tzinfo=UTC),
        ),
    ]
    assert all(len(t.token) <= 256 for t in found.tracks)


def test_bounds_state_and_tracks_of_a_recording() -> None:
    """Audio with data is kept as such."""
    tracks = track("V", "Video", "2026-11-09T15:00:00Z", "2026-11-23T03:00:00Z") + track(
        "A", "AUDIO"
    )
    answer = information("2026-11-09T15:00:00Z", "2026-11-23T03:00:00Z", tracks, "recording")
    found = parse_recording_information(answer, camera_now=NOW, zone=JST)
    assert found.earliest == datetime(2026, 11, 9, 15, tzinfo=UTC)
    assert found.latest == NOW
    assert found.state is RecordingState.RECORDING
    assert [(t.kind, t.data_to) for t in found.tracks] == [
        (TrackKind.VIDEO, NOW),
        (TrackKind.AUDIO, None),
    ]
    assert (
        parse_recording_information(information("", "", status="Dancing")).state
        is RecordingState.UNKNOWN
    )


@pytest.mark.parametrize(
    ("earliest", "latest", "expected"),
    [
        ("1970-01-01T00:03:15Z", "2026-11-23T02:00:00Z", (False, True)),
        ("2026-11-20T00:00:00Z", "2036-01-01T00:00:00Z", (True, False)),
        ("2026-11-20T00:00:00Z", "2026-11-23T20:00:00Z", (True, True)),
        ("2026-11-22T00:00:00Z", "2026-11-20T00:00:00Z", (False, False)),
        ("2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z", (True, True)),
        ("", "", (False, False)),
        ("PT5S", "-P1D", (False, False)),
    ],
)
def test_bounds_that_cannot_be_true_are_unknown(
    earliest: str, latest: str, expected: tuple[bool, bool]
) -> None:
    """1970, more than a day ahead of the camera's clock, an end before its start."""
    found = bounds(earliest, latest, camera_now=NOW, zone=JST)
    assert (found[0] is not None, found[1] is not None) == expected


def test_the_future_is_judged_by_the_cameras_own_clock() -> None:
    """A clock of 2030 makes times of 2030 plausible; without a clock nothing is of the future."""
    ahead = "2030-05-01T00:00:00Z"
    assert bounds("", ahead, camera_now=datetime(2030, 5, 1, tzinfo=UTC))[1] is not None
    assert bounds("", ahead)[1] is not None
    assert bounds("", ahead, camera_now=NOW)[1] is None


def test_a_missing_bound_is_taken_from_the_video() -> None:
    """Both bounds are optional; audio and metadata do not stand in for video."""
    tracks = track("V", "Video", "2026-11-10T00:00:00Z", "2026-11-23T02:00:00Z") + track(
        "M", "Metadata", "2026-11-01T00:00:00Z", "2026-11-23T02:30:00Z"
    )
    video = (datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 11, 23, 2, tzinfo=UTC))
    assert bounds("", "", tracks) == video
    assert bounds("1970-01-01T00:00:00Z", "2026-11-23T02:00:00Z", tracks) == video


@pytest.mark.parametrize(
    ("latest", "zone", "expected"),
    [
        # Japan, local time written: as UTC it would lie nine hours ahead.
        ("2026-11-23T12:00:00", JST, NOW),
        # Japan, UTC written without its Z.
        ("2026-11-23T02:59:30", JST, datetime(2026, 11, 23, 2, 59, 30, tzinfo=UTC)),
        # West of Greenwich, local time written: as UTC it would look hours old.
        ("2026-11-22T20:00:00", timezone(timedelta(hours=-7)), NOW),
        # Further ahead than any zone: UTC, and so more than plausible or not at all.
        ("2026-11-23T23:00:00", JST, datetime(2026, 11, 23, 23, tzinfo=UTC)),
        ("2026-11-23T02:00:00", None, datetime(2026, 11, 23, 2, tzinfo=UTC)),
    ],
)
def test_times_without_a_zone_are_read_where_they_make_sense(
    latest: str, zone: timezone | None, expected: datetime
) -> None:
    """They should be UTC, and some are local; footage that is being written ends now."""
    assert bounds("", latest, camera_now=NOW, zone=zone)[1] == expected


def test_all_times_of_an_answer_are_read_in_one_zone() -> None:
    """The newest decides for the oldest, too."""
    found = bounds("2026-11-10T00:00:00", "2026-11-23T12:00:00", camera_now=NOW, zone=JST)
    assert found == (datetime(2026, 11, 9, 15, tzinfo=UTC), NOW)
    assert bounds("0001-01-01T00:00:00", "0001-01-01T00:00:00", camera_now=NOW, zone=JST) == (
        None,
        None,
    )


def test_a_recording_information_without_a_recording_is_useless() -> None:
    """There is nothing to go by."""
    with pytest.raises(CameraAnswerInvalid):
        parse_recording_information(response("GetRecordingInformation").encode())


def test_pages_of_a_search() -> None:
    """States in any case; queued and searching go on, anything else is the end."""
    inside = (
        "<ResultList><SearchState>{}</SearchState><RecordingInformation><RecordingToken>a</RecordingToken>"
        "<LatestRecording>2026-11-23T02:00:00Z</LatestRecording></RecordingInformation></ResultList>"
    )
    for state, completed in (
        ("searching", False),
        ("Queued", False),
        ("Completed", True),
        ("", True),
    ):
        answer = response("GetRecordingSearchResults", inside.format(state)).encode()
        page = parse_recording_search(answer, camera_now=NOW)
        assert page.completed is completed
        assert [recording.token for recording in page.recordings] == ["a"]
    with pytest.raises(CameraAnswerInvalid):
        parse_recording_search(response("GetRecordingSearchResults").encode())
    assert (
        parse_search_token(response("FindRecordings", "<SearchToken>s</SearchToken>").encode())
        == "s"
    )
    with pytest.raises(CameraAnswerInvalid):
        parse_search_token(response("FindRecordings").encode())


def test_jobs_and_their_states() -> None:
    """A priority out of its mind does no harm, and states come in any case."""
    answer = response(
        "GetRecordingJobs",
        "<JobItem><JobToken>j</JobToken><JobConfiguration><RecordingToken>SD_1</RecordingToken>"
        "<Mode>Active</Mode><Priority>-567564259</Priority></JobConfiguration></JobItem><JobItem/>",
    )
    (job,) = parse_recording_jobs(answer.encode())
    assert (job.token, job.recording_token, job.state) == ("j", "SD_1", JobState.UNKNOWN)
    for text, state in {
        "idle": JobState.IDLE,
        "Active": JobState.ACTIVE,
        "PartiallyActive": JobState.PARTIALLY_ACTIVE,
        "Partially Active": JobState.PARTIALLY_ACTIVE,
        "ERROR": JobState.ERROR,
        "": JobState.UNKNOWN,
        "Resting": JobState.UNKNOWN,
    }.items():
        answer = response(
            "GetRecordingJobState", f"<State><RecordingToken/><State>{text}</State></State>"
        )
        assert parse_recording_job_state(answer.encode()) is state


# --- Events -------------------------------------------------------------------------------------------


def notification(topic: str, message: str) -> str:
    """Return one notification."""
    return f"<NotificationMessage><Topic>{topic}</Topic><Message>{message}</Message></NotificationMessage>"


def test_a_notification() -> None:
    """Topics lose their prefixes, items become dictionaries."""
    message = (
        '<Message UtcTime="2026-11-23T03:00:00.5Z" PropertyOperation="changed"><Source><SimpleItem Name="Token" '
        'Value=""/></Source><Data><SimpleItem Name="Failed" Value=" true "/><SimpleItem Name="Failed" Value="x"/>'
        "<SimpleItem/><ElementItem Name='e'/></Data></Message>"
    )
    inside = notification(" tns1:Device/tnsaxis:HardwareFailure/StorageFailure ", message)
    (event,) = parse_pull_messages(response("PullMessages", inside).encode()).events
    assert event.topic == "Device/HardwareFailure/StorageFailure"
    assert event.at == NOW + timedelta(milliseconds=500)
    assert event.operation == "Changed"
    assert (event.source, event.data) == ({"Token": ""}, {"Failed": "true"})


def test_notifications_that_are_half_there() -> None:
    """A topic is enough; without one there is nothing to tell."""
    inside = (
        notification("a:B", '<Message UtcTime="soon" PropertyOperation="Danced"/>')
        + "<NotificationMessage/>"
    )
    inside += "<NotificationMessage><Topic>//c:D/.</Topic></NotificationMessage>"
    first, second = parse_pull_messages(response("PullMessages", inside).encode()).events
    assert (first.topic, first.at, first.operation, first.data) == ("B", None, "", {})
    assert (second.topic, second.at) == ("D/.", None)


def test_an_answer_holds_at_most_a_thousand_notifications() -> None:
    """What a camera gone mad sends is bounded."""
    inside = notification("a:B", "") * 1500
    assert len(parse_pull_messages(response("PullMessages", inside).encode()).events) == 1000


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
    ("now", "end", "lifetime"),
    [
        ("2018-02-27T14:53:23Z", "2018-02-27T15:03:23Z", timedelta(minutes=10)),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:01:00Z", timedelta(minutes=1)),
        ("2018-02-27T14:53:23", "2018-02-27T14:53:53", timedelta(seconds=30)),
        ("2018-02-27T14:53:23Z", "2018-02-27T14:53:23Z", None),
        ("2018-02-27T14:53:23Z", "1970-01-01T00:00:00Z", None),
        ("2018-02-27T14:53:23Z", "2038-02-27T14:53:23Z", None),
        ("", "2018-02-27T14:53:23Z", None),
        ("PT1M", "-PT1M", None),
    ],
)
def test_a_lifetime_is_the_difference_of_the_cameras_two_times(
    now: str, end: str, lifetime: timedelta | None
) -> None:
    """Whatever year the camera lives in."""
    times = f"<CurrentTime>{now}</CurrentTime><TerminationTime>{end}</TerminationTime>"
    assert parse_pull_messages(response("PullMessages", times).encode()).lifetime == lifetime
    assert parse_renewal(response("Renew", times).encode()) == lifetime


def test_a_subscription_with_reference_parameters() -> None:
    """They become header blocks, namespaces and all."""
    inside = (
        '<SubscriptionReference><Address>http://10.0.0.1/sub</Address><ReferenceParameters xmlns:v="urn:v">'
        '<v:Id a="1">7&amp;8</v:Id>text<v:Other/></ReferenceParameters></SubscriptionReference>'
    )
    found = parse_subscription(response("CreatePullPointSubscription", inside).encode())
    assert found.address == "http://10.0.0.1/sub"
    blocks = etree.fromstring(f"<h>{found.reference}</h>")
    assert [(block.tag, block.text) for block in blocks] == [
        ("{urn:v}Id", "7&8"),
        ("{urn:v}Other", None),
    ]
    assert all(
        block.get("{http://www.w3.org/2005/08/addressing}IsReferenceParameter") == "true"
        for block in blocks
    )
    assert all(not block.tail for block in blocks)


def test_a_subscription_that_cannot_be_used() -> None:
    """No address, or parameters that would fill every request."""
    with pytest.raises(CameraAnswerInvalid):
        parse_subscription(response("CreatePullPointSubscription").encode())
    huge = f"<SubscriptionReference><Address>a</Address><ReferenceParameters><A>{'x' * 20_000}</A></ReferenceParameters></SubscriptionReference>"
    with pytest.raises(CameraAnswerInvalid):
        parse_subscription(response("CreatePullPointSubscription", huge).encode())


def test_a_pull_that_holds_something_else_is_invalid() -> None:
    """Nothing at all is only quiet; something else comes from nobody who keeps a subscription."""
    assert parse_pull_messages(response("PullMessages").encode()).events == ()
    with pytest.raises(CameraAnswerInvalid):
        parse_pull_messages(response("PullMessages", "<Year>next</Year>").encode())


@pytest.mark.parametrize(
    "operation",
    ["GetServices", "GetProfiles", "GetRecordings", "GetRecordingJobs", "GetScopes", "GetNetworkInterfaces",
     "GetStorageConfigurations"],
)  # fmt: skip
def test_a_list_answer_full_of_something_else_is_not_an_empty_list(operation: str) -> None:
    """No recordings, or no audio, must be said: the card would turn red over a broken answer."""
    with pytest.raises(CameraAnswerInvalid):
        PARSERS[operation](response(operation, "<Unexpected>perhaps</Unexpected>").encode())


# --- Anything at all ----------------------------------------------------------------------------------

PARSERS: dict[str, Callable[[Envelope], Any]] = {
    "GetSystemDateAndTime": parse_system_date_and_time,
    "GetServices": parse_services,
    "GetCapabilities": parse_capabilities,
    "GetDeviceInformation": parse_device_information,
    "GetNetworkInterfaces": parse_network_interfaces,
    "GetScopes": parse_scopes,
    "GetStorageConfigurations": parse_storage_configurations,
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
    "Renew": parse_renewal,
    "PullMessages": parse_pull_messages,
}
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
        element = etree.fromstring(answer)
        try:
            expected = PARSERS[operation](answer.encode())
        except CameraAnswerInvalid as err:
            with pytest.raises(CameraAnswerInvalid, match=str(err)):
                PARSERS[operation](element)
        else:
            assert PARSERS[operation](element) == expected
