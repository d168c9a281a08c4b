"""Why something is not done: one class per remedy, each with its translated message.

`key` is the message's name under "exceptions" in translations/*.json, `placeholders` what it names.
"""

from collections.abc import Mapping
from typing import ClassVar


class CaseError(Exception):
    """Something about a case is refused."""

    # Whether the ledger keeps that it was refused; a form filled in wrongly is only given back.
    recorded: ClassVar[bool] = True

    def __init__(self, key: str, placeholders: Mapping[str, str] | None = None) -> None:
        """Name the message and what it speaks of."""
        super().__init__(key)
        self.key = key
        self.placeholders = dict(placeholders or {})


class NotAllowed(CaseError):
    """Not by this person: nobody, no human, not active, a tablet, wrong role, the same person."""


class WrongState(CaseError):
    """The case is not where this can be done; the message says what comes first."""


class MaskingNeeded(CaseError):
    """An unmasked clip never leaves in a case of this kind."""


class CaseUnknown(CaseError):
    """There is no such case or clip."""


class FieldsInvalid(CaseError):
    """What was filled in cannot be taken; the message names the field and what to do."""

    recorded = False


class FieldsMissing(FieldsInvalid):
    """Required fields are empty; `fields` names them."""

    def __init__(self, key: str, placeholders: Mapping[str, str], fields: tuple[str, ...]) -> None:
        """Keep the names of the fields beside the message."""
        super().__init__(key, placeholders)
        self.fields = fields
