"""ONVIF Replay Control service."""

from typing import ClassVar, override

from simulator.camera import Quirk
from simulator.services.base import (
    TRP,
    Access,
    Call,
    Service,
    invalid,
    operation,
    parse_duration,
    q,
)
from simulator.services.media import require_unicast_rtsp

SESSION_TIMEOUTS = (10, 300)


class ReplayService(Service):
    """Replay control: where to play a recording from."""

    namespace: ClassVar[str] = TRP
    prefix: ClassVar[str] = "trp"
    path: ClassVar[str] = "/onvif/replay_service"
    version: ClassVar[tuple[int, int]] = (20, 12)
    _session_timeout: int

    @override
    def present(self) -> bool:
        return not self.camera.has(Quirk.NO_PROFILE_G)

    @override
    def reset(self) -> None:
        self._session_timeout = 60

    @override
    def capabilities(self) -> str:
        low, high = SESSION_TIMEOUTS
        return f'<trp:Capabilities ReversePlayback="false" SessionTimeoutRange="{low} {high}" RTP_RTSP_TCP="true"/>'

    @operation("GetServiceCapabilities", Access.PRE_AUTH)
    def get_service_capabilities(self, call: Call) -> str:
        """Return what the service can do."""
        return self.answer(call, self.capabilities())

    @operation("GetReplayUri", Access.READ_MEDIA)
    def get_replay_uri(self, call: Call) -> str:
        """Return the RTSP address of a recording."""
        require_unicast_rtsp(call)
        token = call.required("RecordingToken")
        if token not in {recording.token for recording in self.card.recordings()}:
            raise invalid("No such recording", "ter:NoRecording")
        return self.answer(call, f"<trp:Uri>{q(f'{call.rtsp}/replay/{token}')}</trp:Uri>")

    @operation("GetReplayConfiguration", Access.READ_MEDIA)
    def get_replay_configuration(self, call: Call) -> str:
        """Return the RTSP session timeout."""
        timeout = self.duration(self._session_timeout)
        return self.answer(
            call,
            f"<trp:Configuration><tt:SessionTimeout>{timeout}</tt:SessionTimeout></trp:Configuration>",
        )

    @operation("SetReplayConfiguration", Access.ACTUATE)
    def set_replay_configuration(self, call: Call) -> str:
        """Set the RTSP session timeout."""
        wanted = round(
            parse_duration(call.required("Configuration/tt:SessionTimeout")).total_seconds()
        )
        if not SESSION_TIMEOUTS[0] <= wanted <= SESSION_TIMEOUTS[1]:
            raise invalid("Timeout out of range", "ter:ConfigModify")
        self._session_timeout = wanted
        return self.answer(call, "")
