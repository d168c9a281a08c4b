"""What can go wrong with footage beyond what `device.errors` names."""

from ..device.errors import CameraError, CameraUnreachable


class CameraBusy(CameraError):
    """All of the camera's replay sessions are taken (RTSP 453, 503): try again later."""


class FootageMissing(CameraError):
    """The camera says itself that it has nothing to replay there (RTSP 404, 457)."""


class PlayRefused(CameraBusy):
    """The session was granted and there is no room to play (RTSP 453, 503 to PLAY).

    Some cameras say so of what they do not have, others of a session too many: try again a few times, then go on
    without.
    """


class ReplayBroken(CameraUnreachable):
    """A replay that had begun ended before its end: the camera cut it off or fell silent, or the network did."""
