"""ONVIF Media2 service."""

from typing import ClassVar, override

from simulator.camera import Quirk
from simulator.services.base import TR2, Access, Call, Service, flag, invalid, operation, q
from simulator.services.media import (
    MULTICAST,
    Profile,
    audio_source_configuration,
    profile,
    profiles,
    remove_audio,
    set_video,
    sizes_available,
    snapshot_uri,
    stream_uri,
    synchronize,
    video_source_configuration,
)

CONFIGURATIONS = ("VideoSource", "AudioSource", "VideoEncoder", "AudioEncoder")


class Media2Service(Service):
    """Media, version 2: knows H.265, and shows configurations only when asked by type."""

    namespace: ClassVar[str] = TR2
    prefix: ClassVar[str] = "tr2"
    path: ClassVar[str] = "/onvif/media2_service"
    version: ClassVar[tuple[int, int]] = (20, 12)

    @override
    def present(self) -> bool:
        return self.camera.config.media2

    @override
    def capabilities(self) -> str:
        return (
            f'<tr2:Capabilities SnapshotUri="{flag(not self.camera.has(Quirk.NO_SNAPSHOT))}" Rotation="false"'
            ' VideoSourceMode="false" OSD="false"><tr2:ProfileCapabilities MaximumNumberOfProfiles="2"'
            f' ConfigurationsSupported="{" ".join(CONFIGURATIONS)}"/>'
            '<tr2:StreamingCapabilities RTSPStreaming="true" RTPMulticast="false" RTP_RTSP_TCP="true"'
            f' NonAggregateControl="false"/><tr2:MediaSigningCapabilities MediaSigningSupported="{flag(self.camera.config.signing is not None)}"/>'
            "</tr2:Capabilities>"
        )

    def _encoder(self, item: Profile, tag: str) -> str:
        return (
            f'<{tag} token="{item.encoder}" GovLength="{item.frame_rate}" Profile="Main"'
            f' Signed="{flag(self.camera.config.signing is not None and item.token == "main")}">'
            f"<tt:Name>{item.name} encoder</tt:Name><tt:UseCount>1</tt:UseCount>"
            f"<tt:Encoding>{q(self.camera.config.codec)}</tt:Encoding><tt:Resolution><tt:Width>{item.width}</tt:Width>"
            f"<tt:Height>{item.height}</tt:Height></tt:Resolution>"
            f'<tt:RateControl ConstantBitRate="false"><tt:FrameRateLimit>{item.frame_rate}</tt:FrameRateLimit>'
            f"<tt:BitrateLimit>{item.bitrate}</tt:BitrateLimit></tt:RateControl>{MULTICAST}<tt:Quality>5</tt:Quality></{tag}>"
        )

    def _audio_encoder(self, tag: str) -> str:
        used = sum(map(self.camera.sends_audio, self.camera.profile_tokens()))
        return (
            f'<{tag} token="AEC_1"><tt:Name>Audio encoder</tt:Name><tt:UseCount>{used}</tt:UseCount>'
            f"<tt:Encoding>PCMU</tt:Encoding>{MULTICAST}<tt:Bitrate>64</tt:Bitrate><tt:SampleRate>8</tt:SampleRate></{tag}>"
        )

    def _profile(self, item: Profile, types: set[str]) -> str:
        def wanted(name: str) -> bool:
            return bool(types & {"All", name})

        parts = []
        if wanted("VideoSource"):
            parts.append(video_source_configuration(self.camera, "tr2:VideoSource"))
        if (
            wanted("AudioSource")
            and self.camera.config.audio_source
            and item.token not in self.camera.sourceless
        ):
            parts.append(audio_source_configuration("tr2:AudioSource"))
        if wanted("VideoEncoder"):
            parts.append(self._encoder(item, "tr2:VideoEncoder"))
        if wanted("AudioEncoder") and self.camera.sends_audio(item.token):
            parts.append(self._audio_encoder("tr2:AudioEncoder"))
        inside = f"<tr2:Configurations>{''.join(parts)}</tr2:Configurations>" if parts else ""
        return f'<tr2:Profiles token="{item.token}" fixed="true"><tr2:Name>{item.name}</tr2:Name>{inside}</tr2:Profiles>'

    @operation("GetServiceCapabilities", Access.PRE_AUTH)
    def get_service_capabilities(self, call: Call) -> str:
        """Return what the service can do."""
        return self.answer(call, self.capabilities())

    @operation("GetProfiles", Access.READ_MEDIA)
    def get_profiles(self, call: Call) -> str:
        """List the profiles; their configurations only of the types asked for."""
        token = call.text("Token")
        items = [profile(self.camera, token)] if token else profiles(self.camera)
        types = set(call.texts("Type"))
        return self.answer(call, "".join(self._profile(item, types) for item in items))

    @operation("GetStreamUri", Access.READ_MEDIA)
    def get_stream_uri(self, call: Call) -> str:
        """Return the live address of a profile."""
        if call.required("Protocol") not in {"RTSP", "RtspUnicast"}:
            raise invalid("Only RTSP", "ter:InvalidStreamSetup")
        uri = stream_uri(self.camera, call, call.required("ProfileToken"))
        return self.answer(call, f"<tr2:Uri>{q(uri)}</tr2:Uri>")

    @operation("SetSynchronizationPoint", Access.READ_MEDIA)
    def set_synchronization_point(self, call: Call) -> str:
        """Take note."""
        synchronize(self.camera, call.required("ProfileToken"))
        return self.answer(call, "")

    @operation("GetSnapshotUri", Access.READ_MEDIA)
    def get_snapshot_uri(self, call: Call) -> str:
        """Return the address of the still picture."""
        uri = snapshot_uri(self.camera, call, call.required("ProfileToken"))
        return self.answer(call, f"<tr2:Uri>{q(uri)}</tr2:Uri>")

    def _matches(self, call: Call, token: str) -> bool:
        asked = call.text("ConfigurationToken")
        encoders = {item.encoder for item in profiles(self.camera)}
        if asked is not None and asked not in {"VSC_1", "ASC_1", "AEC_1"} | encoders:
            raise invalid("No such configuration", "ter:NoConfig")
        if profile_token := call.text("ProfileToken"):
            profile(self.camera, profile_token)
        return asked is None or asked == token

    @operation("GetVideoEncoderConfigurations", Access.READ_MEDIA)
    def get_video_encoder_configurations(self, call: Call) -> str:
        """List the video encoders."""
        items = [item for item in profiles(self.camera) if self._matches(call, item.encoder)]
        return self.answer(
            call, "".join(self._encoder(item, "tr2:Configurations") for item in items)
        )

    @operation("GetAudioEncoderConfigurations", Access.READ_MEDIA)
    def get_audio_encoder_configurations(self, call: Call) -> str:
        """List the audio encoder; it exists, used or not, where there is a microphone."""
        present = self.camera.config.audio_source or self.camera.faults.audio
        shown = self._matches(call, "AEC_1") and present
        return self.answer(call, self._audio_encoder("tr2:Configurations") if shown else "")

    @operation("GetVideoSourceConfigurations", Access.READ_MEDIA)
    def get_video_source_configurations(self, call: Call) -> str:
        """List the video source configurations."""
        shown = self._matches(call, "VSC_1")
        return self.answer(
            call, video_source_configuration(self.camera, "tr2:Configurations") if shown else ""
        )

    @operation("GetAudioSourceConfigurations", Access.READ_MEDIA)
    def get_audio_source_configurations(self, call: Call) -> str:
        """List the audio source configurations."""
        shown = self._matches(call, "ASC_1") and self.camera.config.audio_source
        return self.answer(call, audio_source_configuration("tr2:Configurations") if shown else "")

    @operation("GetVideoEncoderConfigurationOptions", Access.READ_MEDIA)
    def get_video_encoder_configuration_options(self, call: Call) -> str:
        """Say what the encoder can be set to."""
        self._matches(call, "")
        sizes = sizes_available(self.camera)
        return self.answer(
            call,
            '<tr2:Options GovLengthRange="1 300" FrameRatesSupported="30 25 15 10 5 1" ProfilesSupported="Main"'
            ' ConstantBitRateSupported="false">'
            f"<tt:Encoding>{q(self.camera.config.codec)}</tt:Encoding>"
            f"<tt:QualityRange><tt:Min>1</tt:Min><tt:Max>10</tt:Max></tt:QualityRange>{sizes}"
            "<tt:BitrateRange><tt:Min>64</tt:Min><tt:Max>16384</tt:Max></tt:BitrateRange></tr2:Options>",
        )

    @operation("SetVideoEncoderConfiguration", Access.ACTUATE)
    def set_video_encoder_configuration(self, call: Call) -> str:
        """Change an encoder; what Media2 sets is persistent."""
        set_video(self, call, self.camera.config.codec)
        return self.answer(call, "")

    @operation("RemoveConfiguration", Access.ACTUATE)
    def remove_configuration(self, call: Call) -> str:
        """Take audio encoder or source out of a profile; everything else is fixed."""
        item = profile(self.camera, call.required("ProfileToken"))
        types = call.texts("Configuration/Type")
        if not types or not set(types) <= {"AudioEncoder", "AudioSource"}:
            raise invalid(f"{item.token} is fixed", "ter:ConfigModify")
        for kind in types:
            remove_audio(self, item.token, source=kind == "AudioSource")
        return self.answer(call, "")
