"""Why something could not be found out, of what the library raises; and what keeps a test from beginning."""

from typing import Final

from ..device.errors import (
    CameraAnswerInvalid,
    CameraAsksForBasic,
    CameraCertificateChanged,
    CameraError,
    CameraIsAnother,
    CameraOperationUnsupported,
    CameraRefused,
    CameraRightMissing,
    CameraUnreachable,
)
from ..footage.errors import CameraBusy, FootageMissing, ReplayBroken
from .model import Trouble

# The first that fits: a class stands before what it derives from.
_TROUBLES: Final[tuple[tuple[type[CameraError], Trouble], ...]] = (
    (CameraRightMissing, Trouble.RIGHT_MISSING),
    (CameraRefused, Trouble.REFUSED),
    (ReplayBroken, Trouble.BROKEN),
    (CameraUnreachable, Trouble.UNREACHABLE),
    (CameraAsksForBasic, Trouble.READABLE_PASSWORD),
    (CameraCertificateChanged, Trouble.CERTIFICATE),
    (CameraIsAnother, Trouble.ANOTHER),
    (CameraOperationUnsupported, Trouble.UNSUPPORTED),
    (CameraBusy, Trouble.BUSY),
    (FootageMissing, Trouble.MISSING),
)


def trouble_of(err: CameraError) -> Trouble:
    """Return what went wrong; what nobody foresaw is an answer that says nothing."""
    if isinstance(err, CameraAnswerInvalid) and "larger than" in str(err):
        return Trouble.TOO_LARGE
    return next((trouble for kind, trouble in _TROUBLES if isinstance(err, kind)), Trouble.INVALID)
