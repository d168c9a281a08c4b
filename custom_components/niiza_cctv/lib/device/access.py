"""Whether a camera still carries its maker's password, as far as the protocol shows it."""

from collections.abc import Iterable

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
