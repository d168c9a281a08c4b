"""What is answered to a mail that an automation reports."""

from typing import TypedDict


class MailResponse(TypedDict):
    """Answer of `report_mail`: whose mail it was, and what it says of the card."""

    # The camera's name; None for a mail of none of them.
    camera: str | None
    card: str | None
