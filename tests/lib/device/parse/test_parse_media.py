"""What a camera says of its streams; silence about audio is not audio that is off."""

import pytest

from custom_components.niiza_cctv.lib.device.errors import CameraAnswerInvalid
from custom_components.niiza_cctv.lib.device.model import MediaProfile
from custom_components.niiza_cctv.lib.device.parse.media import parse_uri
from custom_components.niiza_cctv.lib.device.parse.recording import parse_replay_uri
from tests.lib.device.parse.answers import AUDIO, MEDIA, MEDIA2, VIDEO, profile, profiles
from tests.lib.device.scripted_onvif import response

AUDIO_SOURCE = (
    "<AudioSourceConfiguration token='s'><SourceToken>s</SourceToken></AudioSourceConfiguration>"
)


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
