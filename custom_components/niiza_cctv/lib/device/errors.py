"""What can go wrong between us and a camera, one class per remedy.

Each class is one translated message at the top of the integration, because each asks
something different of the person who reads it.
"""

from .quirks import Quirk


class CameraError(Exception):
    """Anything that kept a camera from answering usefully."""

    # What was asked ("GetProfiles"), "" where it was nothing of that kind; the quirk by which it was understood.
    operation: str = ""
    quirk: Quirk | None = None


class CameraUnreachable(CameraError):
    """No connection, no answer in time, or the connection broke: check power, network, address."""


class CameraRefused(CameraError):
    """The camera refused the user or password although the clock offset was taken into account."""


class CameraRightMissing(CameraRefused):
    """The user may log in, but not ask this: give it the right on the camera, or name another user."""


class CameraLockedOut(CameraRefused):
    """We hold log-ins back ourselves, so that the camera does not lock the account.

    `retry_at` is the `time.monotonic()` moment at which the next attempt is allowed.
    """

    def __init__(self, message: str, retry_at: float) -> None:
        """Keep the moment of the next attempt, in seconds of `time.monotonic()`."""
        super().__init__(message)
        self.retry_at = retry_at


class CameraAsksForBasic(CameraError):
    """Asked for the password in readable form, although the camera takes it as a digest: it was not sent."""


class CameraCertificateChanged(CameraError):
    """The TLS certificate is not trusted, or is not the one that was pinned."""


class CameraAnswerInvalid(CameraError):
    """The camera answered something that is not ONVIF, is malformed, or is too large to be honest."""


class CameraFault(CameraAnswerInvalid):
    """The camera understood, and answered that it will not."""

    # The fault's codes without prefixes, in lower case.
    codes: frozenset[str] = frozenset()


class CameraOperationUnsupported(CameraError):
    """The camera answers ONVIF but lacks this operation or service."""


class CameraIsAnother(CameraError):
    """A different camera answers at this address: nothing it says may be taken for the one we know."""
