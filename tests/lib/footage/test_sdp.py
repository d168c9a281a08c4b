"""Session descriptions as cameras write them, and worse."""

from hypothesis import given, strategies as st
import pytest

from custom_components.niiza_cctv.lib.device.errors import CameraAnswerInvalid
from custom_components.niiza_cctv.lib.device.quirks import Quirk, Quirks
from custom_components.niiza_cctv.lib.footage.sdp import MAX_MEDIA, parse_sdp


def test_a_recording_with_three_tracks_is_read() -> None:
    """Kinds, codecs, controls, tracks and parameter sets are all there."""
    session = parse_sdp(
        b"v=0\r\ns=x\r\na=control:rtsp://192.0.2.1/replay\r\n"
        b"m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
        b"a=fmtp:96 profile-level-id=4d001f; sprop-parameter-sets=Z00A,aO4;packetization-mode=1\r\n"
        b"a=control:trackID=1\r\na=x-onvif-track:VIDEO001\r\n"
        b"m=audio 0 RTP/AVP 0\r\na=recvonly\r\na=control:trackID=2\r\na=x-onvif-track:AUDIO001\r\n"
        b"m=application 0 RTP/AVP 107\r\na=rtpmap:107 vnd.onvif.metadata/90000\r\n"
    )
    assert session.control == "rtsp://192.0.2.1/replay"
    video, audio, metadata = session.media
    assert (video.kind, video.encoding, video.clock_rate) == ("video", "H264", 90000)
    assert (video.control, video.onvif_track) == ("trackID=1", "VIDEO001")
    assert video.parameter_sets == (b"\x67\x4d\x00", b"\x68\xee")
    assert video.parameters["packetization-mode"] == "1"
    assert (audio.kind, audio.encoding, audio.clock_rate) == ("audio", "PCMU", 8000)
    assert (audio.direction, audio.onvif_track) == ("recvonly", "AUDIO001")
    assert (metadata.kind, metadata.encoding) == ("application", "VND.ONVIF.METADATA")
    assert metadata.onvif_track is None


def test_bare_line_feeds_and_odd_attributes_are_tolerated() -> None:
    """What is not understood is passed over."""
    (video,) = parse_sdp(
        b"v=0\nm=VIDEO 0/2 RTP/AVP 98 99\na=rtpmap:x\na=rtpmap:99 JPEG/90000\na=rtpmap:98 hevc/0\n"
        b"a=fmtp:98 sprop-vps=QAE=;sprop-sps=QA!E=;;=x;sprop-pps\na=fmtp:99 sprop-vps=AAAA\n"
        b"a=sendonly\na=x-onvif-track:\na=\nnonsense\nb=AS:500\n"
    ).media
    assert (video.kind, video.encoding, video.clock_rate) == ("video", "H265", 90000)
    assert video.parameter_sets == (b"\x40\x01",)
    assert (video.direction, video.control, video.onvif_track) == ("sendonly", "", None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"v=0\r\ns=no media\r\n",
        b"<html><body>Not found</body></html>",
        b"m=\r\n",
        b"m= 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n",
        b"\xff\xfe\x00m=video",
        b"m=video 0 RTP/AVP 96\r\n" * (MAX_MEDIA + 1),
    ],
)
def test_what_describes_no_media_is_an_invalid_answer(body: bytes) -> None:
    """Nothing is guessed of a picture."""
    with pytest.raises(CameraAnswerInvalid):
        parse_sdp(body)


def test_media_without_a_format_has_no_codec() -> None:
    """An m-line may name no payload type at all."""
    (video,) = parse_sdp(b"m=video 0 RTP/AVP\r\n").media
    assert (video.payload_type, video.encoding) == (None, "")
    (video,) = parse_sdp(b"m=video 0 udp wb\r\n").media
    assert (video.payload_type, video.encoding) == (None, "")


@pytest.mark.parametrize(
    "line",
    [
        # TP-LINK and MERCURY (gortsplib#271), with a format that is no number.
        b"m=application/MERCURY 0 RTP/AVP smart/1/90000\r\na=rtpmap:95 MERCURY/90000\r\na=control:track3",
        b"m=application/mercury 0 RTP/AVP smart/0/25000",
        b"m=x-meta 0 RTP/AVP 107",
        b"m=application -1 RTP/AVP 107",
        b"m=application -1353744643 RTP/AVP 107\r\nc=IN IP4 '&\xff\xfe",
        b"m=application",
        b"m=",
        b"m=\xff\xff 0 RTP/AVP 107",
        b"m=17",
    ],
)
@pytest.mark.parametrize("before", [True, False])
def test_a_medium_that_cannot_be_read_hides_no_other(line: bytes, before: bool) -> None:
    """Neither the picture nor the sound, wherever it stands, and it is counted where it says nothing proper."""
    others = (
        b"m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n"
        b"m=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=control:track2\r\n"
    )
    quirks = Quirks()
    parts = [line + b"\r\n", others] if before else [others, line + b"\r\n"]
    media = parse_sdp(b"v=0\r\n" + b"".join(parts), quirks).media
    known = {item.kind: item for item in media}
    assert (known["video"].encoding, known["video"].control) == ("H264", "track1")
    assert (known["audio"].encoding, known["audio"].control) == ("PCMA", "track2")
    assert (Quirk.SDP_MEDIA in quirks.counts()) is not line.startswith(b"m=x-meta")


@pytest.mark.parametrize(
    "lines",
    [
        b"m=audio",
        b"m=AUDIO 0",
        b"m=audio -1 RTP/AVP 97",
        b"m=audio/x 0 RTP/AVP 97",
        b"m=audio\t0\tRTP/AVP\t0",
        b"m=\xffaudio 0 RTP/AVP 0",
        b"m= 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/16000/1",
        b"m=? 0 RTP/AVP 104\r\na=rtpmap:104 mp4a-latm/16000",
        b"m=1 0 RTP/AVP 97\r\na=rtpmap:97 G726-32/8000",
    ],
)
def test_sound_stays_visible_however_badly_it_is_described(lines: bytes) -> None:
    """A microphone that is on must not pass because its line is no SDP."""
    media = parse_sdp(b"m=video 0 RTP/AVP 96\r\n" + lines + b"\r\n").media
    assert [item.kind for item in media] == ["video", "audio"]


@pytest.mark.parametrize(
    ("section", "encoding", "payload_type"),
    [
        (b"m=video -1353744643 RTP/AVP 96\r\na=rtpmap:96 H264/90000", "H264", 96),
        (b"m=video 0 RTP/AVP 96\r\na=rtpmap:97 H265/90000", "H265", 97),
        (b"m=video 0 RTP/AVP\r\na=rtpmap:96 H264/90000", "H264", 96),
        (b"m=video 0 RTP/AVP 96\r\na=rtpmap: 96  h264", "H264", 96),
        (b"m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000/1 ", "H264", 96),
        (b"m=video 0 RTP/AVP 96\r\na=fmtp:96 sprop-parameter-sets=Z00A,aO4=", "H264", 96),
        (b"m=video 0 RTP/AVP 96\r\na=fmtp:96  sprop-vps=QAE=;sprop-sps=QgE=", "H265", 96),
        (b"m=video 49170/2 RTP/AVP/TCP 96\r\na=rtpmap:96 HEVC/90000", "H265", 96),
        (b"m=video 0 RTP/AVP 26 96\r\na=rtpmap:96 H264/90000", "JPEG", 26),
    ],
)
def test_the_picture_is_found_in_what_cameras_write(
    section: bytes, encoding: str, payload_type: int
) -> None:
    """Impossible ports (go2rtc#2316), formats whose numbers do not fit, maps without a rate or without a line."""
    (video,) = parse_sdp(b"v=0\r\n" + section + b"\r\n").media
    assert (video.encoding, video.payload_type, video.clock_rate) == (encoding, payload_type, 90000)


_LINES = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(
            [
                "v=0",
                "m=video 0 RTP/AVP 96",
                "m=audio 0 RTP/AVP 8",
                "a=rtpmap:96 H264/90000",
                "a=control:*",
                "a=x-onvif-track:V",
            ]
        ),
        st.builds("a={}:{}".format, st.sampled_from(["rtpmap", "fmtp", "control"]), st.text()),
    ),
    max_size=12,
)


@given(body=st.one_of(st.binary(max_size=300), _LINES.map(lambda x: "\r\n".join(x).encode())))
def test_any_bytes_give_media_or_the_typed_error(body: bytes) -> None:
    """Nothing else ever leaves the parser."""
    try:
        session = parse_sdp(body)
    except CameraAnswerInvalid:
        return
    assert 0 < len(session.media) <= MAX_MEDIA
    for media in session.media:
        assert media.kind == media.kind.lower()
        assert media.clock_rate > 0
        assert all(isinstance(unit, bytes) and unit for unit in media.parameter_sets)
