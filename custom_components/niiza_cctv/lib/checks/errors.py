"""What is wrong with a check that somebody names."""

from ..access.errors import CaseError


class CheckUnknown(CaseError):
    """There is no such check: the object left the section, or the kind is switched off."""
