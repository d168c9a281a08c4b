"""Whether a camera still carries its maker's password, and whether a log-in is an administrator's, as far as the protocol shows it."""

from collections.abc import Iterable, Mapping
from typing import Final

from .model import Credential

# Profile Q specification, section 7 ("Factory default state"): the state is announced as a scope.
_FACTORY_DEFAULT: Final = "onvif://www.onvif.org/profile/q/factorydefault"
_OPERATIONAL: Final = "onvif://www.onvif.org/profile/q/operational"
# What makers printed into their manuals, so long as cameras came with a password; it is compared with ours, and never tried.
_IN_MANUALS: Final = frozenset(
    {
        "", "000000", "00000000", "111111", "1111", "1111111", "1234", "12345", "123456", "12345678", "123456789",
        "1234567890", "4321", "666666", "888888", "88888888", "9999", "admin", "admin1234", "admin123", "admin12345",
        "camera", "default", "fliradmin", "guest", "hikvision", "ikwd", "jvc", "meinsm", "operator", "pass", "password",
        "root", "service", "supervisor", "system", "tlJwpbo6", "user", "viewer", "wbox", "xc3511", "xmhdipc",
    }
)  # fmt: skip


def default_password(
    scopes: Iterable[str], *, answers_anonymously: bool | None, credential: Credential
) -> bool | None:
    """Return True when the camera answers a stranger, or took a log-in of ours that stands in a manual; None when it does not say.

    The scope of the factory state alone says nothing: cameras keep it after they were set up. Only a camera that
    announces the other state, and not both, says that it has a password of its own. A refused stranger proves nothing
    about the password.
    """
    announced = {scope.strip().lower().rstrip("/") for scope in scopes}
    if answers_anonymously or stands_in_a_manual(credential):
        return True
    return False if _OPERATIONAL in announced and _FACTORY_DEFAULT not in announced else None


def stands_in_a_manual(credential: Credential) -> bool:
    """Return whether a log-in is one that anybody would try first: printed by a maker, or the user's name again."""
    password = credential.password
    return password in _IN_MANUALS or password.lower() == credential.username.lower()


def is_administrator(username: str, users: Mapping[str, str]) -> bool | None:
    """Return whether a user whom a camera told its users is an administrator; `users` are levels by name.

    GetUsers is for administrators (Core specification 5.9.4.5, READ_SYSTEM_SECRET): whoever is told and not listed, as
    accounts of the maker's own often are not, is one. A camera that tells of nobody at all tells nothing.
    """
    if not users:
        return None
    return users.get(username, "administrator") == "administrator"
