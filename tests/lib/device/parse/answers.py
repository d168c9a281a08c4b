"""Parts of answers that several tests put together."""

from datetime import UTC, datetime, timedelta, timezone

from custom_components.niiza_cctv.lib.device.model import MediaProfile
from custom_components.niiza_cctv.lib.device.parse.media import parse_profiles
from tests.lib.device.scripted_onvif import response

MEDIA = "http://www.onvif.org/ver10/media/wsdl"
MEDIA2 = "http://www.onvif.org/ver20/media/wsdl"
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
JST = timezone(timedelta(hours=9))


def face(kind: str, hour: str = "11", minute: str = "28", second: str = "1", **date: str) -> str:
    """Return one of the two clocks of an answer."""
    day = {"Year": "2018", "Month": "2", "Day": "27"} | date
    return (
        f"<{kind}><Time><Hour>{hour}</Hour><Minute>{minute}</Minute><Second>{second}</Second></Time>"
        f"<Date>{''.join(f'<{name}>{value}</{name}>' for name, value in day.items())}</Date></{kind}>"
    )


VIDEO = (
    "<VideoEncoderConfiguration token='v'><Encoding>H264</Encoding><Resolution><Width>1280</Width>"
    "<Height>720</Height></Resolution><RateControl><FrameRateLimit>15</FrameRateLimit>"
    "<BitrateLimit>2048</BitrateLimit></RateControl></VideoEncoderConfiguration>"
)
AUDIO = "<AudioEncoderConfiguration token='a'><Encoding>G711</Encoding></AudioEncoderConfiguration>"


def profiles(inside: str, space: str = MEDIA) -> tuple[MediaProfile, ...]:
    """Return the profiles of an answer."""
    return parse_profiles(response("GetProfiles", inside, space).encode())


def profile(inside: str, space: str = MEDIA) -> MediaProfile:
    """Return the single profile of an answer."""
    (found,) = profiles(f'<Profiles token="p"><Name>main</Name>{inside}</Profiles>', space)
    return found


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


def notification(topic: str, message: str) -> str:
    """Return one notification."""
    return f"<NotificationMessage><Topic>{topic}</Topic><Message>{message}</Message></NotificationMessage>"
