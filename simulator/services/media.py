"""ONVIF Media service (Media specification, version 1)."""

from dataclasses import dataclass, replace
from typing import ClassVar, override

from simulator.camera import Quirk, VirtualCamera
from simulator.services.base import (
    TRT,
    Access,
    Call,
    Service,
    SoapFault,
    flag,
    invalid,
    operation,
    q,
)
from simulator.video import main_spec, sub_spec

# What the encoder can do: 16:9 up to full HD.
RESOLUTIONS = ((1920, 1080), (1280, 720), (640, 360))
MULTICAST = (
    "<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address></tt:Address>"
    "<tt:Port>0</tt:Port><tt:TTL>0</tt:TTL><tt:AutoStart>false</tt:AutoStart></tt:Multicast>"
)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A media profile and its video encoder."""

    token: str
    name: str
    encoder: str
    width: int
    height: int
    frame_rate: int
    bitrate: int


def profiles(camera: VirtualCamera) -> list[Profile]:
    """Return the two profiles, twice when the camera repeats tokens."""
    found = [
        Profile(
            token=token,
            name=name,
            encoder=f"VEC_{token}",
            width=spec.width,
            height=spec.height,
            frame_rate=spec.frame_rate,
            bitrate=spec.bitrate,
        )
        for token, name, spec in (
            ("main", "Main stream", main_spec(camera.config)),
            ("sub", "Sub stream", sub_spec(camera.config)),
        )
    ]
    return found * (2 if camera.has(Quirk.DUPLICATE_TOKENS) else 1)


def profile(camera: VirtualCamera, token: str) -> Profile:
    """Return the profile of that token. Raises SoapFault."""
    for candidate in profiles(camera):
        if candidate.token == token:
            return candidate
    raise invalid("No such profile", "ter:NoProfile")


def video_source_configuration(camera: VirtualCamera, tag: str) -> str:
    """Return the one video source configuration under the given element name."""
    config = camera.config
    return (
        f'<{tag} token="VSC_1"><tt:Name>Video source</tt:Name><tt:UseCount>2</tt:UseCount>'
        f'<tt:SourceToken>VS_1</tt:SourceToken><tt:Bounds x="0" y="0" width="{config.width}" height="{config.height}"/></{tag}>'
    )


def audio_source_configuration(tag: str) -> str:
    """Return the one audio source configuration."""
    return (
        f'<{tag} token="ASC_1"><tt:Name>Microphone</tt:Name><tt:UseCount>2</tt:UseCount>'
        f"<tt:SourceToken>AS_1</tt:SourceToken></{tag}>"
    )


def stream_uri(camera: VirtualCamera, call: Call, token: str) -> str:
    """Return the live address of a profile."""
    address = call.rtsp
    if camera.has(Quirk.CREDENTIALS_IN_URIS):
        user = call.user or camera.config.users[0]
        address = address.replace("//", f"//{user.name}:{user.password}@", 1)
    return f"{address}/live/{profile(camera, token).token}"


def snapshot_uri(camera: VirtualCamera, call: Call, token: str) -> str:
    """Return the address of a still picture."""
    if camera.has(Quirk.NO_SNAPSHOT):
        raise SoapFault("No snapshots here", "ter:ActionNotSupported", code="Receiver")
    return f"{call.base}/onvif/snapshot/{profile(camera, token).token}"


def set_video(
    camera: VirtualCamera, *, width: int, height: int, frame_rate: int, bitrate: int
) -> None:
    """Change the main encoder. Raises SoapFault when the encoder cannot do that."""
    if (
        (width, height) not in RESOLUTIONS
        or not 1 <= frame_rate <= 30
        or not 64 <= bitrate <= 16384
    ):
        raise invalid("The encoder cannot do that", "ter:ConfigModify")
    camera.config = replace(
        camera.config, width=width, height=height, frame_rate=frame_rate, bitrate=bitrate
    )
    camera.changed("video")


class MediaService(Service):
    """Media, version 1."""

    namespace: ClassVar[str] = TRT
    prefix: ClassVar[str] = "trt"
    path: ClassVar[str] = "/onvif/media_service"
    version: ClassVar[tuple[int, int]] = (20, 12)

    @override
    def capabilities(self) -> str:
        return (
            f'<trt:Capabilities SnapshotUri="{flag(not self.camera.has(Quirk.NO_SNAPSHOT))}" Rotation="false"'
            ' VideoSourceMode="false" OSD="false"><trt:ProfileCapabilities MaximumNumberOfProfiles="2"/>'
            '<trt:StreamingCapabilities RTPMulticast="false" RTP_TCP="false" RTP_RTSP_TCP="true"'
            ' NonAggregateControl="false" NoRTSPStreaming="false"/></trt:Capabilities>'
        )

    def _encoder(self, item: Profile, tag: str) -> str:
        """Return a video encoder; ONVIF's first media service has no word for H.265, so those are left out."""
        if self.camera.config.codec != "H264":
            return ""
        return (
            f'<{tag} token="{item.encoder}"><tt:Name>{item.name} encoder</tt:Name><tt:UseCount>1</tt:UseCount>'
            f"<tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>{item.width}</tt:Width>"
            f"<tt:Height>{item.height}</tt:Height></tt:Resolution><tt:Quality>5</tt:Quality>"
            f"<tt:RateControl><tt:FrameRateLimit>{item.frame_rate}</tt:FrameRateLimit>"
            f"<tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>{item.bitrate}</tt:BitrateLimit></tt:RateControl>"
            f"<tt:H264><tt:GovLength>{item.frame_rate}</tt:GovLength><tt:H264Profile>Main</tt:H264Profile></tt:H264>"
            f"{MULTICAST}<tt:SessionTimeout>{self.duration(60)}</tt:SessionTimeout></{tag}>"
        )

    def _audio_encoder(self, tag: str) -> str:
        used = 2 if self.camera.faults.audio else 0
        return (
            f'<{tag} token="AEC_1"><tt:Name>Audio encoder</tt:Name><tt:UseCount>{used}</tt:UseCount>'
            "<tt:Encoding>G711</tt:Encoding><tt:Bitrate>64</tt:Bitrate><tt:SampleRate>8</tt:SampleRate>"
            f"{MULTICAST}<tt:SessionTimeout>{self.duration(60)}</tt:SessionTimeout></{tag}>"
        )

    def _profile(self, item: Profile, tag: str) -> str:
        config = self.camera.config
        return (
            f'<{tag} token="{item.token}" fixed="true"><tt:Name>{item.name}</tt:Name>'
            f"{video_source_configuration(self.camera, 'tt:VideoSourceConfiguration')}"
            f"{audio_source_configuration('tt:AudioSourceConfiguration') if config.audio_source else ''}"
            f"{self._encoder(item, 'tt:VideoEncoderConfiguration')}"
            f"{self._audio_encoder('tt:AudioEncoderConfiguration') if self.camera.faults.audio else ''}</{tag}>"
        )

    def _encoder_profile(self, call: Call) -> Profile:
        token = call.required("ConfigurationToken")
        for item in profiles(self.camera):
            if item.encoder == token:
                return item
        raise invalid("No such configuration", "ter:NoConfig")

    @operation("GetServiceCapabilities", Access.PRE_AUTH)
    def get_service_capabilities(self, call: Call) -> str:
        """Return what the service can do."""
        return self.answer(call, self.capabilities())

    @operation("GetProfiles", Access.READ_MEDIA)
    def get_profiles(self, call: Call) -> str:
        """List the profiles."""
        return self.answer(
            call, "".join(self._profile(p, "trt:Profiles") for p in profiles(self.camera))
        )

    @operation("GetProfile", Access.READ_MEDIA)
    def get_profile(self, call: Call) -> str:
        """Return one profile."""
        item = profile(self.camera, call.required("ProfileToken"))
        return self.answer(call, self._profile(item, "trt:Profile"))

    def _media_uri(self, call: Call, uri: str) -> str:
        return self.answer(
            call,
            f"<trt:MediaUri><tt:Uri>{q(uri)}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect>"
            "<tt:InvalidAfterReboot>false</tt:InvalidAfterReboot>"
            f"<tt:Timeout>{self.duration(0)}</tt:Timeout></trt:MediaUri>",
        )

    @operation("GetStreamUri", Access.READ_MEDIA)
    def get_stream_uri(self, call: Call) -> str:
        """Return the live address; unicast over RTSP only."""
        require_unicast_rtsp(call)
        return self._media_uri(call, stream_uri(self.camera, call, call.required("ProfileToken")))

    @operation("GetSnapshotUri", Access.READ_MEDIA)
    def get_snapshot_uri(self, call: Call) -> str:
        """Return the address of the still picture."""
        return self._media_uri(call, snapshot_uri(self.camera, call, call.required("ProfileToken")))

    @operation("GetVideoSources", Access.READ_MEDIA)
    def get_video_sources(self, call: Call) -> str:
        """List the one sensor."""
        return self.answer(
            call,
            f'<trt:VideoSources token="VS_1"><tt:Framerate>{self.camera.config.frame_rate}</tt:Framerate>'
            f"<tt:Resolution><tt:Width>{RESOLUTIONS[0][0]}</tt:Width><tt:Height>{RESOLUTIONS[0][1]}</tt:Height></tt:Resolution>"
            "</trt:VideoSources>",
        )

    @operation("GetAudioSources", Access.READ_MEDIA)
    def get_audio_sources(self, call: Call) -> str:
        """List the microphone, where there is one."""
        item = '<trt:AudioSources token="AS_1"><tt:Channels>1</tt:Channels></trt:AudioSources>'
        return self.answer(call, item if self.camera.config.audio_source else "")

    @operation("GetVideoSourceConfigurations", Access.READ_MEDIA)
    def get_video_source_configurations(self, call: Call) -> str:
        """List the video source configurations."""
        return self.answer(call, video_source_configuration(self.camera, "trt:Configurations"))

    @operation("GetVideoSourceConfiguration", Access.READ_MEDIA)
    def get_video_source_configuration(self, call: Call) -> str:
        """Return one video source configuration."""
        if call.required("ConfigurationToken") != "VSC_1":
            raise invalid("No such configuration", "ter:NoConfig")
        return self.answer(call, video_source_configuration(self.camera, "trt:Configuration"))

    @operation("GetAudioSourceConfigurations", Access.READ_MEDIA)
    def get_audio_source_configurations(self, call: Call) -> str:
        """List the audio source configurations."""
        present = self.camera.config.audio_source
        return self.answer(
            call, audio_source_configuration("trt:Configurations") if present else ""
        )

    @operation("GetVideoEncoderConfigurations", Access.READ_MEDIA)
    def get_video_encoder_configurations(self, call: Call) -> str:
        """List the video encoders."""
        items = (self._encoder(item, "trt:Configurations") for item in profiles(self.camera))
        return self.answer(call, "".join(items))

    @operation("GetVideoEncoderConfiguration", Access.READ_MEDIA)
    def get_video_encoder_configuration(self, call: Call) -> str:
        """Return one video encoder."""
        found = self._encoder(self._encoder_profile(call), "trt:Configuration")
        if not found:
            raise invalid("No such configuration", "ter:NoConfig")
        return self.answer(call, found)

    @operation("GetAudioEncoderConfigurations", Access.READ_MEDIA)
    def get_audio_encoder_configurations(self, call: Call) -> str:
        """List the audio encoder; it exists, used or not, where there is a microphone."""
        present = self.camera.config.audio_source or self.camera.faults.audio
        return self.answer(call, self._audio_encoder("trt:Configurations") if present else "")

    @operation("GetVideoEncoderConfigurationOptions", Access.READ_MEDIA)
    def get_video_encoder_configuration_options(self, call: Call) -> str:
        """Say what the encoder can be set to."""
        sizes = "".join(
            f"<tt:ResolutionsAvailable><tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height></tt:ResolutionsAvailable>"
            for width, height in RESOLUTIONS
        )
        return self.answer(
            call,
            "<trt:Options><tt:QualityRange><tt:Min>1</tt:Min><tt:Max>10</tt:Max></tt:QualityRange>"
            f"<tt:H264>{sizes}<tt:GovLengthRange><tt:Min>1</tt:Min><tt:Max>300</tt:Max></tt:GovLengthRange>"
            "<tt:FrameRateRange><tt:Min>1</tt:Min><tt:Max>30</tt:Max></tt:FrameRateRange>"
            "<tt:EncodingIntervalRange><tt:Min>1</tt:Min><tt:Max>1</tt:Max></tt:EncodingIntervalRange>"
            "<tt:H264ProfilesSupported>Main</tt:H264ProfilesSupported></tt:H264></trt:Options>",
        )

    @operation("SetVideoEncoderConfiguration", Access.ACTUATE)
    def set_video_encoder_configuration(self, call: Call) -> str:
        """Change the main stream's encoder; the sub stream's is fixed."""
        node = call.body.find(f"{{{TRT}}}Configuration")
        token = None if node is None else node.get("token")
        if token not in {item.encoder for item in profiles(self.camera)}:
            raise invalid("No such configuration", "ter:NoConfig")
        if token != "VEC_main" or call.required("Configuration/tt:Encoding") != "H264":
            raise invalid("This encoder is fixed", "ter:ConfigModify")
        config = self.camera.config
        try:
            set_video(
                self.camera,
                width=int(call.required("Configuration/tt:Resolution/tt:Width")),
                height=int(call.required("Configuration/tt:Resolution/tt:Height")),
                frame_rate=int(
                    call.text("Configuration/tt:RateControl/tt:FrameRateLimit") or config.frame_rate
                ),
                bitrate=int(
                    call.text("Configuration/tt:RateControl/tt:BitrateLimit") or config.bitrate
                ),
            )
        except ValueError:
            raise invalid("Not a number", "ter:ConfigModify") from None
        self.context.announce(
            "Media/ConfigurationChanged", {"Token": "VEC_main", "Type": "VideoEncoder"}, {}
        )
        return self.answer(call, "")

    @operation("RemoveAudioEncoderConfiguration", Access.ACTUATE)
    def remove_audio_encoder_configuration(self, call: Call) -> str:
        """Take the audio encoder out; the profiles share one microphone, so it falls silent for both."""
        profile(self.camera, call.required("ProfileToken"))
        if self.camera.faults.audio:
            self.camera.faults.audio = False
            self.camera.changed("audio")
        return self.answer(call, "")

    @operation("SetSynchronizationPoint", Access.READ_MEDIA)
    def set_synchronization_point(self, call: Call) -> str:
        """Take note; every second begins with a key frame anyway."""
        profile(self.camera, call.required("ProfileToken"))
        return self.answer(call, "")


def require_unicast_rtsp(call: Call) -> None:
    """Refuse every transport but RTP unicast over RTSP. Raises SoapFault."""
    stream = call.required("StreamSetup/tt:Stream")
    protocol = call.required("StreamSetup/tt:Transport/tt:Protocol")
    if stream != "RTP-Unicast" or protocol not in {"RTSP", "TCP"}:
        raise invalid("Only RTP-Unicast over RTSP", "ter:InvalidStreamSetup")
