"""What can go wrong with footage beyond what `device.errors` names."""

from enum import StrEnum

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


class JumpFailure(StrEnum):
    """How a jump within the open session came to nothing."""

    # The camera says so, whatever its reason.
    REFUSED = "refused"
    # Neither an answer nor a picture.
    SILENT = "silent"
    CLOSED = "closed"
    # Pictures came, of another time than was asked for: it went on, began anew, or is lost.
    ASTRAY = "astray"
    # Pictures came, but only of later.
    LATE = "late"
    # There was no session to jump in any more, which says nothing of the camera.
    OVER = "over"


class JumpRefused(CameraError):
    """The camera did not go on with another passage on the open session: a new session may."""

    def __init__(self, failure: JumpFailure) -> None:
        """Say how."""
        super().__init__(f"No jump within the open session: {failure}")
        self.failure = failure
