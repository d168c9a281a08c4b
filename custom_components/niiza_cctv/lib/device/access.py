"""Whether a camera still carries its maker's password, and whether a log-in is an administrator's, as far as the protocol shows it."""

from collections.abc import Iterable, Mapping

# Profile Q specification, section 7 ("Factory default state"): the state is announced as a scope.
_FACTORY_DEFAULT = "onvif://www.onvif.org/profile/q/factorydefault"
_OPERATIONAL = "onvif://www.onvif.org/profile/q/operational"


def default_password(scopes: Iterable[str], *, answers_anonymously: bool | None) -> bool | None:
    """Return True when the camera admits its factory state or answers a stranger, None when it does not say.

    A refused stranger proves nothing about the password, so only the Profile Q scope gives False.
    """
    announced = {scope.strip().lower() for scope in scopes}
    if answers_anonymously or _FACTORY_DEFAULT in announced:
        return True
    return False if _OPERATIONAL in announced else None


def is_administrator(username: str, users: Mapping[str, str]) -> bool:
    """Return whether a user whom a camera told its users is an administrator; `users` are levels by name.

    GetUsers is for administrators (Core specification 5.9.4.5, READ_SYSTEM_SECRET): whoever is told and not listed, as
    accounts of the maker's own often are not, is one.
    """
    return users.get(username, "administrator") == "administrator"
