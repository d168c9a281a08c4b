"""The part of SDP (RFC 4566) that RTSP and ONVIF replay need, read tolerantly."""

from base64 import b64decode
import binascii
from dataclasses import dataclass, field
import re

from ..device.errors import CameraAnswerInvalid

MAX_MEDIA = 32

# RFC 3551, table 4 and 5: what cameras send without an rtpmap line.
_STATIC_TYPES = {
    0: ("PCMU", 8000),
    3: ("GSM", 8000),
    8: ("PCMA", 8000),
    9: ("G722", 8000),
    14: ("MPA", 90000),
    26: ("JPEG", 90000),
    32: ("MPV", 90000),
}
_MEDIA = re.compile(r"([A-Za-z]{1,32}) +(\d{1,5})(?:/\d{1,5})? +(\S{1,64})((?: +\S{1,32})*) *")
_RTPMAP = re.compile(r"(\d{1,3}) +([^/\s]{1,64})/(\d{1,9})(?:/.*)?")
_DIRECTIONS = frozenset({"sendrecv", "sendonly", "recvonly", "inactive"})


@dataclass(frozen=True, kw_only=True, slots=True)
class MediaDescription:
    """One m-line: `kind` is "video", "audio" or "application", `encoding` is upper-case ("H264")."""

    kind: str
    # Empty where the SDP does not tell.
    encoding: str
    payload_type: int | None
    # RTP timestamp units per second.
    clock_rate: int
    # As written: relative to the presentation, or absolute with a host that must not be contacted.
    control: str
    # Token of the recording's track (ONVIF Streaming, "Playback", a=x-onvif-track).
    onvif_track: str | None = None
    direction: str = "sendrecv"
    # fmtp, names in lower case.
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def parameter_sets(self) -> tuple[bytes, ...]:
        """Return the NAL units of the fmtp line (RFC 6184 8.1, RFC 7798 7.1); unreadable ones are left out."""
        names = ("sprop-parameter-sets", "sprop-vps", "sprop-sps", "sprop-pps")
        texts = [text for name in names for text in self.parameters.get(name, "").split(",")]
        return tuple(unit for text in texts if (unit := _decoded(text)))


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionDescription:
    """A presentation: its aggregate control ("" where none is given) and its media."""

    control: str
    media: tuple[MediaDescription, ...]


def parse_sdp(body: bytes) -> SessionDescription:
    """Read a session description.

    Lines that are not understood are passed over; a body without a readable m-line, or with more
    than `MAX_MEDIA` of them, raises CameraAnswerInvalid.
    """
    control = ""
    media: list[MediaDescription] = []
    section: list[str] | None = None
    sections: list[tuple[re.Match[str], list[str]]] = []
    for line in body.decode("utf-8", "replace").splitlines():
        kind, _, value = line.strip().partition("=")
        if kind == "m":
            if (match := _MEDIA.fullmatch(value)) is None or len(sections) == MAX_MEDIA:
                raise CameraAnswerInvalid(
                    "The SDP describes its media in a way that cannot be read"
                )
            section = []
            sections.append((match, section))
        elif kind == "a" and section is not None:
            section.append(value)
        elif kind == "a" and value.startswith("control:"):
            control = value.removeprefix("control:").strip()
    media = [_media(match, attributes) for match, attributes in sections]
    if not media:
        raise CameraAnswerInvalid("The answer to DESCRIBE is no SDP, or describes no media")
    return SessionDescription(control=control, media=tuple(media))


def _media(match: re.Match[str], attributes: list[str]) -> MediaDescription:
    formats = match[4].split()
    payload_type = int(formats[0]) if formats and re.fullmatch(r"[0-9]{1,3}", formats[0]) else None
    encoding, clock_rate = _STATIC_TYPES.get(-1 if payload_type is None else payload_type, ("", 0))
    control = ""
    track: str | None = None
    direction = "sendrecv"
    parameters: dict[str, str] = {}
    for attribute in attributes:
        name, _, value = attribute.partition(":")
        value = value.strip()
        if name == "rtpmap" and (rtpmap := _RTPMAP.fullmatch(value)):
            if int(rtpmap[1]) == payload_type:
                encoding, clock_rate = rtpmap[2].upper(), int(rtpmap[3])
        elif name == "fmtp":
            number, _, rest = value.partition(" ")
            if number == str(payload_type):
                parameters.update(_parameters(rest))
        elif name == "control":
            control = value
        elif name == "x-onvif-track":
            track = value or None
        elif name in _DIRECTIONS:
            direction = name
    return MediaDescription(
        kind=match[1].lower(),
        encoding="H265" if encoding == "HEVC" else encoding,
        payload_type=payload_type,
        clock_rate=clock_rate or 90000,
        control=control,
        onvif_track=track,
        direction=direction,
        parameters=parameters,
    )


def _parameters(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}


def _decoded(text: str) -> bytes:
    try:
        # Some cameras leave the padding out.
        return b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error, ValueError:
        return b""
