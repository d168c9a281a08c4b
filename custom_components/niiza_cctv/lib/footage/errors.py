"""What can go wrong with footage beyond what `device.errors` names."""

from ..device.errors import CameraError


class CameraBusy(CameraError):
    """All of the camera's replay sessions are taken (RTSP 453, 503): try again later."""


class FootageMissing(CameraError):
    """The camera says itself that it has nothing to replay there (RTSP 404, 457)."""
