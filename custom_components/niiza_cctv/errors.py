"""What went wrong, in translated words: the one table from errors of `lib/` to the messages that people read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .lib.access.errors import CaseError
from .lib.device.errors import (
    CameraAsksForBasic,
    CameraCertificateChanged,
    CameraIsAnother,
    CameraLockedOut,
    CameraOperationUnsupported,
    CameraRefused,
    CameraRightMissing,
    CameraUnreachable,
)
from .lib.footage.errors import CameraBusy, FootageMissing, ReplayBroken
from .lib.footage.vault import VaultFull
from .lib.ledger.errors import LedgerBroken, LedgerError, LedgerForked, LedgerUnproved
from .lib.settings.change import NoSuchSize, SettingRejected

# The first that fits: a class stands before what it derives from.
_KEYS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (LedgerForked, "ledger_forked"),
    (LedgerBroken, "ledger_broken"),
    (LedgerUnproved, "ledger_unproved"),
    (LedgerError, "ledger_unavailable"),
    (VaultFull, "no_room"),
    (CameraLockedOut, "locked_out"),
    (CameraRightMissing, "right_missing"),
    (CameraRefused, "password_refused"),
    (ReplayBroken, "replay_broken"),
    (CameraUnreachable, "unreachable"),
    (CameraAsksForBasic, "asks_for_basic"),
    (CameraCertificateChanged, "certificate_changed"),
    (CameraIsAnother, "another_camera"),
    (CameraOperationUnsupported, "unsupported"),
    (CameraBusy, "camera_busy"),
    (FootageMissing, "footage_missing"),
)
# Where a setting was to be changed, the password is the section chief's, not the viewing user's.
_SETTING_KEYS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (CameraRightMissing, "settings_right_missing"),
    (CameraRefused, "settings_password_refused"),
    (SettingRejected, "settings_rejected"),
    (NoSuchSize, "settings_no_size"),
)


def error_key(err: Exception) -> str:
    """Return the translation key of what went wrong; what nobody foresaw is an answer that says nothing."""
    if isinstance(err, CaseError):
        return err.key
    return next((key for kind, key in _KEYS if isinstance(err, kind)), "answer_invalid")


def setting_error_key(err: Exception) -> str:
    """Return the translation key of what kept a setting from being changed."""
    return next((key for kind, key in _SETTING_KEYS if isinstance(err, kind)), error_key(err))


def invalid(key: str, /, **placeholders: str) -> ServiceValidationError:
    """Return what is wrong with what somebody asked for."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


def failed(key: str, /, **placeholders: str) -> HomeAssistantError:
    """Return why what was in order could not be done."""
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


def translated(err: Exception, /, **placeholders: str) -> HomeAssistantError:
    """Return what went wrong in the words of the person who asked; a camera's trouble names the `camera`."""
    if isinstance(err, CaseError):
        return invalid(err.key, **err.placeholders)
    return failed(error_key(err), **placeholders)


@contextmanager
def translated_errors() -> Iterator[None]:
    """Translate what is refused, and that the ledger cannot record it."""
    try:
        yield
    except (CaseError, LedgerError) as err:
        raise translated(err) from err
