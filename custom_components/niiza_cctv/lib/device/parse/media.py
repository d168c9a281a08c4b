"""What a camera answers of its streams: profiles of Media and Media2, and what of them can be changed."""

from copy import deepcopy
from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import tostring

from ..errors import CameraAnswerInvalid
from ..model import EncoderConfiguration, MediaProfile, ProfileSettings
from ..soap import Envelope, child, open_envelope, text
from ..xml import Element
from .fields import (
    MAX_ITEMS,
    each_child,
    first_by_token,
    listed_items,
    read_flag,
    read_number,
    read_positive,
    read_text,
    read_token,
)

_SCHEMA: Final = "http://www.onvif.org/ver10/schema"


def parse_profiles(envelope: Envelope) -> tuple[MediaProfile, ...]:
    """Return the profiles of GetProfiles, Media or Media2; a token's first profile counts, but audio of any.

    Audio of profiles without a token comes last, under the token "" and without video: nobody can ask for it,
    but it is there. Raises CameraAnswerInvalid when no profile has either, or when a Media2 answer shows only
    names: silence about audio must not look like audio that is off.
    """
    elements = listed_items(envelope, "GetProfiles", "Profiles")
    found: dict[str, MediaProfile] = {}
    nameless: str | None = None
    for profile in map(_profile, elements):
        if (known := found.get(profile.token)) is not None:
            audio = known.audio_encoding or profile.audio_encoding
            found[profile.token] = replace(known, audio_encoding=audio)
        elif profile.token and len(found) < MAX_ITEMS:
            found[profile.token] = profile
        else:
            nameless = nameless or profile.audio_encoding
    if nameless:
        found[""] = MediaProfile(token="", name="", audio_encoding=nameless)
    if elements and not found:
        raise CameraAnswerInvalid("no media profile has a token")
    if (
        elements
        and "/ver20/" in elements[0].tag
        and all(child(profile, "Configurations") is None for profile in elements)
    ):
        raise CameraAnswerInvalid("the media profiles show no configurations")
    return tuple(found.values())


def _profile(profile: Element) -> MediaProfile:
    configurations = child(profile, "Configurations")
    if configurations is None:
        video = child(profile, "VideoEncoderConfiguration")
        audio = child(profile, "AudioEncoderConfiguration")
    else:
        video = child(configurations, "VideoEncoder")
        audio = child(configurations, "AudioEncoder")
    return MediaProfile(
        token=read_token(profile.get("token") or ""),
        name=read_text(profile, "Name"),
        video_encoding=_encoding(video),
        width=read_positive(text(video, "Resolution", "Width")),
        height=read_positive(text(video, "Resolution", "Height")),
        # Zero means no limit (Axis).
        bitrate=read_positive(text(video, "RateControl", "BitrateLimit")),
        frame_rate=read_number(text(video, "RateControl", "FrameRateLimit")) or None,
        audio_encoding=_encoding(audio),
    )


def _encoding(encoder: Element | None) -> str | None:
    """Return the encoding of an encoder configuration; one that is there but does not say is "UNKNOWN"."""
    if encoder is None or (len(encoder) == 0 and not encoder.get("token")):
        return None
    # Media2 takes encodings from IANA ("H265"), and cameras write them as MIME types, too.
    encoding = text(encoder, "Encoding").upper().rpartition("/")[2]
    return None if encoding == "NONE" else encoding[:40] or "UNKNOWN"


def parse_uri(envelope: Envelope) -> str:
    """Return the address in an answer to GetStreamUri or GetSnapshotUri, Media or Media2, as the camera wrote it."""
    answer = open_envelope(envelope, "GetStreamUriResponse", "GetSnapshotUriResponse")
    if uri := text(answer, "MediaUri", "Uri") or text(answer, "Uri"):
        return uri
    raise CameraAnswerInvalid("the answer has no address")


def parse_profile_settings(envelope: Envelope) -> tuple[ProfileSettings, ...]:
    """Return what can be changed in the profiles of GetProfiles, Media or Media2, the first of each token."""
    return first_by_token(
        (settings.token, settings)
        for profile in listed_items(envelope, "GetProfiles", "Profiles")
        if (settings := _profile_settings(profile))
    )


def _profile_settings(profile: Element) -> ProfileSettings:
    configurations = child(profile, "Configurations")
    inside, suffix = (profile, "Configuration") if configurations is None else (configurations, "")
    space = profile.tag.partition("}")[0].removeprefix("{")
    return ProfileSettings(
        token=read_token(profile.get("token") or ""),
        video=_encoder(child(inside, f"VideoEncoder{suffix}"), space),
        has_audio_encoder=_encoding(child(inside, f"AudioEncoder{suffix}")) is not None,
        has_audio_source=child(inside, f"AudioSource{suffix}") is not None,
    )


def _encoder(encoder: Element | None, space: str) -> EncoderConfiguration | None:
    """Return an encoder as it is to be sent back; of one without a token nothing can be changed."""
    if encoder is None or not (token := read_token(encoder.get("token") or "")):
        return None
    copy = deepcopy(encoder)
    copy.tag = f"{{{space}}}Configuration"
    copy.tail = None
    for element in copy.iter():
        # Where prefixes were forgotten.
        if not element.tag.startswith("{"):
            element.tag = f"{{{_SCHEMA}}}{element.tag}"
    return EncoderConfiguration(
        token=token,
        encoding=read_text(encoder, "Encoding"),
        width=read_positive(text(encoder, "Resolution", "Width")),
        height=read_positive(text(encoder, "Resolution", "Height")),
        constant_bitrate=read_flag(
            (rate.get("ConstantBitRate") or "")
            if (rate := child(encoder, "RateControl")) is not None
            else ""
        ),
        xml=tostring(copy, encoding="unicode"),
    )


def parse_encoder_sizes(envelope: Envelope, encoding: str) -> tuple[tuple[int, int], ...]:
    """Return width and height of what an encoder offers in an encoding, the tallest first.

    Answers to GetVideoEncoderConfigurationOptions of Media2 (one set of options for each encoding) and of Media (all in
    one, by the encoding's name; newer ones in its Extension).
    """
    wanted = encoding.upper().rpartition("/")[2]
    sizes: set[tuple[int, int]] = set()
    for options in listed_items(envelope, "GetVideoEncoderConfigurationOptions", "Options"):
        if told := text(options, "Encoding"):
            offers = [options] if told.upper().rpartition("/")[2] == wanted else []
        else:
            offers = [
                *each_child(options, wanted),
                *(
                    offer
                    for extension in each_child(options, "Extension")
                    for offer in each_child(extension, wanted)
                ),
            ]
        for offer in offers:
            for size in each_child(offer, "ResolutionsAvailable"):
                width, height = (
                    read_positive(text(size, "Width")),
                    read_positive(text(size, "Height")),
                )
                if width and height and len(sizes) < MAX_ITEMS:
                    sizes.add((width, height))
    return tuple(sorted(sizes, key=lambda size: (size[1], size[0]), reverse=True))
