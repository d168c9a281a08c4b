"""ONVIF Recording Control service."""

from collections.abc import Sequence
from typing import ClassVar, override

from simulator.camera import CardFault, Quirk, VirtualCamera
from simulator.card import (
    AUDIO_TRACK,
    JOB_TOKEN,
    METADATA_TRACK,
    RECORDING_TOKEN,
    VIDEO_TRACK,
    Card,
    CardRecording,
)
from simulator.services.base import TRC, TT, Access, Call, Service, invalid, operation, q

PROFILE_SOURCE = f"{TT}/Profile"
NEGATIVE_PRIORITY = -567564259


def source(camera: VirtualCamera) -> str:
    """Return where the recordings come from, tt:RecordingSourceInformation."""
    config = camera.config
    return (
        f"<tt:SourceId>urn:serial:{q(config.serial)}</tt:SourceId><tt:Name>{q(config.name[:20])}</tt:Name>"
        f"<tt:Location>{q(config.location)}</tt:Location><tt:Description>SD card</tt:Description>"
        "<tt:Address/>"
    )


def job_state(camera: VirtualCamera, card: Card) -> str:
    """Return the job's state as this camera spells it."""
    state: str = card.job_state()
    return state.lower() if camera.has(Quirk.IDLE_LOWERCASE) else state


def job_state_information(camera: VirtualCamera, card: Card) -> str:
    """Return the content of a tt:RecordingJobStateInformation."""
    state = job_state(camera, card)
    idle = "idle" if camera.has(Quirk.IDLE_LOWERCASE) else "Idle"
    error = "<tt:Error>Card error</tt:Error>" if state.lower() == "error" else ""
    tracks = "".join(
        f"<tt:Track><tt:SourceTag>{tag}</tt:SourceTag><tt:Destination>{track}</tt:Destination>{error}"
        f"<tt:State>{idle if tag == 'audio' and not camera.sends_audio('main') else state}</tt:State></tt:Track>"
        for tag, track in (
            ("video", VIDEO_TRACK),
            ("audio", AUDIO_TRACK),
            ("metadata", METADATA_TRACK),
        )
    )
    return (
        f"<tt:RecordingToken>{RECORDING_TOKEN}</tt:RecordingToken><tt:State>{state}</tt:State>"
        f'<tt:Sources><tt:SourceToken Type="{PROFILE_SOURCE}"><tt:Token>main</tt:Token></tt:SourceToken>'
        f"<tt:State>{state}</tt:State><tt:Tracks>{tracks}</tt:Tracks></tt:Sources>"
    )


def listed(camera: VirtualCamera, recordings: Sequence[CardRecording]) -> list[CardRecording]:
    """Return the recordings as this camera lists them."""
    if camera.has(Quirk.EMPTY_RECORDINGS):
        return []
    return list(recordings) * (2 if camera.has(Quirk.DUPLICATE_TOKENS) else 1)


class RecordingService(Service):
    """Recording control, read-only: one recording and one job, made in the factory."""

    namespace: ClassVar[str] = TRC
    prefix: ClassVar[str] = "trc"
    path: ClassVar[str] = "/onvif/recording_service"
    version: ClassVar[tuple[int, int]] = (20, 12)

    @override
    def present(self) -> bool:
        return not self.camera.has(Quirk.NO_PROFILE_G)

    @override
    def capabilities(self) -> str:
        return (
            '<trc:Capabilities DynamicRecordings="false" DynamicTracks="false"'
            f' Encoding="{"H264" if self.camera.config.codec == "H264" else "H265"} G711"'
            f' MaxRate="{self.camera.config.bitrate}" MaxTotalRate="{self.camera.config.bitrate}" MaxRecordings="{len(self.card.recordings()) or 1}"'
            ' MaxRecordingJobs="1" Options="true" MetadataRecording="true"/>'
        )

    def _recording(self, call: Call) -> CardRecording:
        token = call.required("RecordingToken")
        for recording in listed(self.camera, self.card.recordings()):
            if recording.token == token:
                return recording
        raise invalid("No such recording", "ter:NoRecording")

    def _configuration(self, tag: str) -> str:
        days = "-P1D" if self.camera.has(Quirk.NEGATIVE_DURATIONS) else "PT0S"
        return (
            f"<{tag}><tt:Source>{source(self.camera)}</tt:Source><tt:Content>Station camera</tt:Content>"
            f"<tt:MaximumRetentionTime>{days}</tt:MaximumRetentionTime></{tag}>"
        )

    def _job(self, tag: str) -> str:
        priority = NEGATIVE_PRIORITY if self.camera.has(Quirk.PRIORITY_NEGATIVE) else 10
        mode = "Idle" if self.camera.faults.card is CardFault.REMOVED else "Active"
        tracks = "".join(
            f"<tt:Tracks><tt:SourceTag>{tag_}</tt:SourceTag><tt:Destination>{track}</tt:Destination></tt:Tracks>"
            for tag_, track in (
                ("video", VIDEO_TRACK),
                ("audio", AUDIO_TRACK),
                ("metadata", METADATA_TRACK),
            )
        )
        named = (
            ""
            if self.camera.has(Quirk.JOB_WITHOUT_SOURCE)
            else f'<tt:SourceToken Type="{PROFILE_SOURCE}"><tt:Token>main</tt:Token></tt:SourceToken>'
        )
        return (
            f"<{tag}><tt:RecordingToken>{RECORDING_TOKEN}</tt:RecordingToken><tt:Mode>{mode}</tt:Mode>"
            f"<tt:Priority>{priority}</tt:Priority><tt:Source>{named}{tracks}</tt:Source></{tag}>"
        )

    def _require_job(self, call: Call) -> None:
        if call.required("JobToken") != JOB_TOKEN:
            raise invalid("No such job", "ter:NoRecordingJob")

    @operation("GetServiceCapabilities", Access.PRE_AUTH)
    def get_service_capabilities(self, call: Call) -> str:
        """Return what the service can do."""
        return self.answer(call, self.capabilities())

    @operation("GetRecordings", Access.READ_MEDIA)
    def get_recordings(self, call: Call) -> str:
        """List the recordings with their tracks."""
        items = []
        for recording in listed(self.camera, self.card.recordings()):
            tracks = "".join(
                f"<tt:Track><tt:TrackToken>{track.token}</tt:TrackToken><tt:Configuration>"
                f"<tt:TrackType>{track.kind}</tt:TrackType><tt:Description>{track.kind} track</tt:Description>"
                "</tt:Configuration></tt:Track>"
                for track in recording.tracks
            )
            items.append(
                f"<trc:RecordingItem><tt:RecordingToken>{recording.token}</tt:RecordingToken>"
                f"{self._configuration('tt:Configuration')}<tt:Tracks>{tracks}</tt:Tracks></trc:RecordingItem>"
            )
        return self.answer(call, "".join(items))

    @operation("GetRecordingConfiguration", Access.READ_MEDIA)
    def get_recording_configuration(self, call: Call) -> str:
        """Return one recording's configuration."""
        self._recording(call)
        return self.answer(call, self._configuration("trc:RecordingConfiguration"))

    @operation("GetRecordingOptions", Access.READ_MEDIA)
    def get_recording_options(self, call: Call) -> str:
        """Say that nothing can be added."""
        self._recording(call)
        return self.answer(
            call,
            '<trc:Options><trc:Job Spare="0" CompatibleSources="main"/>'
            '<trc:Track SpareTotal="0" SpareVideo="0" SpareAudio="0" SpareMetadata="0"/></trc:Options>',
        )

    @operation("GetTrackConfiguration", Access.READ_MEDIA)
    def get_track_configuration(self, call: Call) -> str:
        """Return one track's configuration."""
        recording = self._recording(call)
        token = call.required("TrackToken")
        for track in recording.tracks:
            if track.token == token:
                return self.answer(
                    call,
                    f"<trc:TrackConfiguration><tt:TrackType>{track.kind}</tt:TrackType>"
                    f"<tt:Description>{track.kind} track</tt:Description></trc:TrackConfiguration>",
                )
        raise invalid("No such track", "ter:NoTrack")

    @operation("GetRecordingJobs", Access.READ_MEDIA)
    def get_recording_jobs(self, call: Call) -> str:
        """List the one job."""
        item = f"<trc:JobItem><tt:JobToken>{JOB_TOKEN}</tt:JobToken>{self._job('tt:JobConfiguration')}</trc:JobItem>"
        return self.answer(call, item * (2 if self.camera.has(Quirk.DUPLICATE_TOKENS) else 1))

    @operation("GetRecordingJobConfiguration", Access.READ_MEDIA)
    def get_recording_job_configuration(self, call: Call) -> str:
        """Return the job's configuration."""
        self._require_job(call)
        return self.answer(call, self._job("trc:JobConfiguration"))

    @operation("GetRecordingJobState", Access.READ_MEDIA)
    def get_recording_job_state(self, call: Call) -> str:
        """Return the job's state."""
        self._require_job(call)
        return self.answer(
            call, f"<trc:State>{job_state_information(self.camera, self.card)}</trc:State>"
        )
