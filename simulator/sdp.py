"""What DESCRIBE answers (RFC 4566; RFC 6184 8.2.1, RFC 7798 7.2; ONVIF Streaming specification, "RTSP describe")."""

import base64
from dataclasses import dataclass

from .rtp import AUDIO_PAYLOAD_TYPE, METADATA_PAYLOAD_TYPE, VIDEO_CLOCK, VIDEO_PAYLOAD_TYPE
from .sei import unescape
from .video import Loop, nal_type


@dataclass(frozen=True, kw_only=True)
class Media:
    """One m= section; `track` is the recording's track in a replay, `loop` what a video track shows."""

    # "video", "video2" (a second video track), "audio" or "metadata".
    kind: str
    track: str | None = None
    loop: Loop | None = None

    @property
    def control(self) -> str:
        """Return the control address, relative to the presentation."""
        return self.kind


def session_description(
    name: str,
    host: str,
    media: list[Media],
    clock_range: str | None,
    *,
    own_medium: bool = False,
) -> str:
    """Return the SDP of a live stream, or of a replay when `clock_range` is given; `own_medium` adds what is no SDP."""
    lines = [
        "v=0",
        f"o=- 1 1 IN {'IP6' if ':' in host else 'IP4'} {host}",
        f"s={name}",
        "c=IN IP4 0.0.0.0",
        "t=0 0",
        "a=control:*",
        f"a=range:{clock_range or 'npt=now-'}",
    ]
    if own_medium:
        lines += ["m=application/NIIZA 0 RTP/AVP smart/1/90000", "a=rtpmap:95 NIIZA/90000"]
    for item in media:
        lines += _media_lines(item)
        lines += [f"a=control:{item.control}", "a=recvonly"]
        if item.track is not None:
            lines.append(f"a=x-onvif-track:{item.track}")
    return "".join(f"{line}\r\n" for line in lines)


def _media_lines(item: Media) -> list[str]:
    if item.kind == "audio":
        return [f"m=audio 0 RTP/AVP {AUDIO_PAYLOAD_TYPE}", "a=rtpmap:0 PCMU/8000"]
    if item.kind == "metadata":
        return [
            f"m=application 0 RTP/AVP {METADATA_PAYLOAD_TYPE}",
            f"a=rtpmap:{METADATA_PAYLOAD_TYPE} vnd.onvif.metadata/{VIDEO_CLOCK}",
        ]
    assert item.loop is not None
    spec = item.loop.spec
    return [
        f"m=video 0 RTP/AVP {VIDEO_PAYLOAD_TYPE}",
        f"b=AS:{spec.bitrate}",
        f"a=rtpmap:{VIDEO_PAYLOAD_TYPE} {spec.codec}/{VIDEO_CLOCK}",
        f"a=fmtp:{VIDEO_PAYLOAD_TYPE} {_format(item.loop)}",
        f"a=framerate:{spec.frame_rate}",
    ]


def _format(loop: Loop) -> str:
    sets = {nal_type(loop.spec.codec, nal): nal for nal in loop.parameter_sets}
    text = {kind: base64.b64encode(nal).decode() for kind, nal in sets.items()}
    if loop.spec.codec == "H264":
        level = sets[7][1:4].hex().upper()
        return f"packetization-mode=1;profile-level-id={level};sprop-parameter-sets={text[7]},{text[8]}"
    # profile_tier_level follows the NAL header and one byte of the SPS (H.265 7.3.2.2.1, 7.3.3).
    general = unescape(sets[33])[3:15]
    return (
        f"profile-space={general[0] >> 6};profile-id={general[0] & 31};tier-flag={general[0] >> 5 & 1};"
        f"level-id={general[11]};interop-constraints={general[5:11].hex().upper()};"
        f"sprop-vps={text[32]};sprop-sps={text[33]};sprop-pps={text[34]}"
    )
