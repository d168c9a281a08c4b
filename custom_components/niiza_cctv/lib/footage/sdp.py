"""The part of SDP (RFC 4566) that RTSP and ONVIF replay need, read tolerantly."""

from base64 import b64decode
import binascii
from dataclasses import dataclass, field
import re

from ..device.errors import CameraAnswerInvalid
from ..device.quirks import Quirk, Quirks

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
# The port is nobody's business over TCP, and wrong in ways without number.
_MEDIA = re.compile(
    r"([A-Za-z][\w.+-]{0,31})(?:/\S*)?(?:\s+(-?\d{1,10})(?:/\d+)?(?:\s+(\S+)(.*))?|\s.*)?"
)
_RTPMAP = re.compile(r"(\d{1,3})\s+([^/\s]{1,64})(?:/(\d{1,9}))?(?:[/\s].*)?")
# What only sound is written in: a medium without a readable name is no secret one.
_AUDIO = re.compile(
    r"PCM[AU]|G7\d\d.*|G\.?7.*|L(?:8|16|24)|MPEG4-GENERIC|MP4A.*|MPA|AAC.*|OPUS|AMR.*|DVI4|GSM.*|SPEEX|VORBIS|AC3"
)
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


def parse_sdp(body: bytes, quirks: Quirks | None = None) -> SessionDescription:
    """Read a session description.

    Lines that are not understood are passed over, and so is a medium without a readable name, unless what it carries
    shows that it is sound. A body without a readable m-line, or with more than `MAX_MEDIA` of them, raises
    CameraAnswerInvalid.
    """
    quirks = quirks or Quirks()
    control = ""
    section: list[str] | None = None
    sections: list[tuple[str, list[str]]] = []
    for line in body.decode("utf-8", "replace").splitlines():
        kind, _, value = line.strip().partition("=")
        if kind == "m":
            if len(sections) == MAX_MEDIA:
                raise CameraAnswerInvalid("The SDP describes more media than a camera can have")
            section = []
            sections.append((value.strip(), section))
        elif kind == "a" and section is not None:
            section.append(value.strip())
        elif kind == "a" and value.startswith("control:"):
            control = value.removeprefix("control:").strip()
    media = [
        found for value, attributes in sections if (found := _media(value, attributes, quirks))
    ]
    if not media:
        raise CameraAnswerInvalid("The answer to DESCRIBE is no SDP, or describes no media")
    return SessionDescription(control=control, media=tuple(media))


def _media(value: str, attributes: list[str], quirks: Quirks) -> MediaDescription | None:
    """Return the medium that an m-line and its attributes describe, None for one that cannot be known."""
    match = _MEDIA.fullmatch(value)
    if match is None or match[2] is None or int(match[2]) < 0 or "/" in value.split(maxsplit=1)[0]:
        quirks.note(Quirk.SDP_MEDIA)
    formats = ((match[4] if match else "") or "").split()
    payload_type = int(formats[0]) if formats and re.fullmatch(r"[0-9]{1,3}", formats[0]) else None
    encoding, clock_rate = _STATIC_TYPES.get(-1 if payload_type is None else payload_type, ("", 0))
    control = ""
    track: str | None = None
    direction = "sendrecv"
    parameters: dict[int, dict[str, str]] = {}
    maps: dict[int, tuple[str, int]] = {}
    for attribute in attributes:
        name, _, text = attribute.partition(":")
        name, text = name.strip(), text.strip()
        if name == "rtpmap" and (rtpmap := _RTPMAP.fullmatch(text)):
            maps.setdefault(int(rtpmap[1]), (rtpmap[2].upper(), int(rtpmap[3] or 0)))
        elif name == "fmtp" and (fmtp := re.fullmatch(r"(\d{1,3})\s+(.*)", text)):
            parameters.setdefault(int(fmtp[1]), {}).update(_parameters(fmtp[2]))
        elif name == "control":
            control = text
        elif name == "x-onvif-track":
            track = text or None
        elif name in _DIRECTIONS:
            direction = name
    if not encoding and payload_type not in maps and len(maps) == 1:
        # The number in the m-line is missing or another one: the only format there is, is meant.
        payload_type = next(iter(maps))
    if payload_type in maps:
        encoding, clock_rate = maps[payload_type]
    known = parameters.get(-1 if payload_type is None else payload_type, {})
    if not encoding:
        encoding = (
            "H265" if "sprop-sps" in known else "H264" if "sprop-parameter-sets" in known else ""
        )
    if match is None and "audio" not in value.lower() and not _AUDIO.fullmatch(encoding):
        return None
    return MediaDescription(
        kind="audio" if match is None else match[1].lower(),
        encoding="H265" if encoding == "HEVC" else encoding,
        payload_type=payload_type,
        clock_rate=clock_rate or 90000,
        control=control,
        onvif_track=track,
        direction=direction,
        parameters=known,
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
