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
from simulator.video import profile_spec

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
    """Return the profiles, twice when the camera repeats tokens."""
    found = [
        Profile(
            token=token,
            name=f"{token.capitalize()} stream",
            encoder=f"VEC_{token}",
            width=spec.width,
            height=spec.height,
            frame_rate=spec.frame_rate,
            bitrate=spec.bitrate,
        )
        for token in camera.profile_tokens()
        if (spec := profile_spec(camera.config, token))
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


def sizes_available(camera: VirtualCamera) -> str:
    """Return the sizes that the encoder offers, tt:ResolutionsAvailable each."""
    sizes = list(camera.config.sizes)
    if camera.has(Quirk.OPTIONS_UNORDERED):
        sizes = [*sizes[1:], (0, 0), sizes[0], *sizes[-1:]]
    return "".join(
        f"<tt:ResolutionsAvailable><tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height></tt:ResolutionsAvailable>"
        for width, height in sizes
    )


def set_video(service: Service, call: Call, codec: str) -> None:
    """Change the encoder that the request's Configuration names; the sub stream's is fixed. Raises SoapFault."""
    camera, config = service.camera, service.camera.config
    node = call.body.find(f"{{{call.namespace}}}Configuration")
    token = None if node is None else node.get("token")
    if token not in {item.encoder for item in profiles(camera)}:
        raise invalid("No such configuration", "ter:NoConfig")
    if token == "VEC_sub" or call.required("Configuration/tt:Encoding") != codec:
        raise invalid("This encoder is fixed", "ter:ConfigModify")
    rate = "Configuration/tt:RateControl/tt"
    try:
        width, height = (
            int(call.required(f"Configuration/tt:Resolution/tt:{side}"))
            for side in ("Width", "Height")
        )
        frame_rate = round(float(call.text(f"{rate}:FrameRateLimit") or config.frame_rate))
        bitrate = int(call.text(f"{rate}:BitrateLimit") or config.bitrate)
    except ValueError:
        raise invalid("Not a number", "ter:ConfigModify") from None
    if (
        (width, height) not in config.sizes
        or not 1 <= frame_rate <= 30
        or not 64 <= bitrate <= 16384
    ):
        raise invalid("The encoder cannot do that", "ter:ConfigModify")

    def apply() -> None:
        before = camera.config
        if token == "VEC_live":
            camera.config = replace(before, live_size=(width, height))
        else:
            # What is on the card keeps its size.
            camera.config = replace(
                before,
                width=width,
                height=height,
                frame_rate=frame_rate,
                bitrate=bitrate,
                size_before=(0.0, before.width, before.height),
            )
            camera.changed("video")
        service.context.announce(
            "Media/ConfigurationChanged", {"Token": token, "Type": "VideoEncoder"}, {}
        )

    service.change(apply)


def remove_audio(service: Service, token: str, *, source: bool = False) -> None:
    """Take the audio encoder, or source, out of a profile; without one nothing happens. Raises SoapFault."""
    camera = service.camera
    profile(camera, token)
    if camera.has(Quirk.AUDIO_FIXED):
        raise invalid(f"{token} is fixed", "ter:ConfigModify")

    def apply() -> None:
        if source:
            camera.sourceless.add(token)
        elif camera.sends_audio(token):
            camera.silenced.add(token)
            if camera.silenced >= set(camera.profile_tokens()):
                camera.silenced.clear()
                camera.faults.audio = False
            camera.changed("audio")

    service.change(apply)


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
        used = sum(map(self.camera.sends_audio, self.camera.profile_tokens()))
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
            f"{audio_source_configuration('tt:AudioSourceConfiguration') if config.audio_source and item.token not in self.camera.sourceless else ''}"
            f"{self._encoder(item, 'tt:VideoEncoderConfiguration')}"
            f"{self._audio_encoder('tt:AudioEncoderConfiguration') if self.camera.sends_audio(item.token) else ''}</{tag}>"
        )

    def _encoder_profile(self, token: str) -> Profile:
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
        largest = max(self.camera.config.sizes)
        return self.answer(
            call,
            f'<trt:VideoSources token="VS_1"><tt:Framerate>{self.camera.config.frame_rate}</tt:Framerate>'
            f"<tt:Resolution><tt:Width>{largest[0]}</tt:Width><tt:Height>{largest[1]}</tt:Height></tt:Resolution>"
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
        found = self._encoder(
            self._encoder_profile(call.required("ConfigurationToken")), "trt:Configuration"
        )
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
        sizes = sizes_available(self.camera)
        if token := call.text("ConfigurationToken"):
            self._encoder_profile(token)
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
        """Change an encoder, for good or until the next reboot."""
        if call.required("ForcePersistence") not in {"true", "false", "1", "0"}:
            raise invalid("ForcePersistence is true or false", "ter:InvalidArgs")
        set_video(self, call, "H264")
        return self.answer(call, "")

    @operation("RemoveAudioEncoderConfiguration", Access.ACTUATE)
    def remove_audio_encoder_configuration(self, call: Call) -> str:
        """Take the audio encoder out of a profile."""
        remove_audio(self, call.required("ProfileToken"))
        return self.answer(call, "")

    @operation("RemoveAudioSourceConfiguration", Access.ACTUATE)
    def remove_audio_source_configuration(self, call: Call) -> str:
        """Take the microphone out of a profile."""
        remove_audio(self, call.required("ProfileToken"), source=True)
        return self.answer(call, "")

    @operation("SetSynchronizationPoint", Access.READ_MEDIA)
    def set_synchronization_point(self, call: Call) -> str:
        """Take note."""
        synchronize(self.camera, call.required("ProfileToken"))
        return self.answer(call, "")


def synchronize(camera: VirtualCamera, token: str) -> None:
    """Let the next second of a profile begin with a synchronization point; with a key frame it begins anyway.

    A camera that signs sends its certificates there (Media Signing specification). Raises SoapFault.
    """
    if profile(camera, token).token == "main":
        camera.sync_points.add(int(camera.now().timestamp()) + 1)
        camera.sync_requests += 1


def require_unicast_rtsp(call: Call) -> None:
    """Refuse every transport but RTP unicast over RTSP. Raises SoapFault."""
    stream = call.required("StreamSetup/tt:Stream")
    protocol = call.required("StreamSetup/tt:Transport/tt:Protocol")
    if stream != "RTP-Unicast" or protocol not in {"RTSP", "TCP"}:
        raise invalid("Only RTP-Unicast over RTSP", "ter:InvalidStreamSetup")
