"""What answers have in common.

Every time is ISO 8601 with the section's offset; `None` means not known or not there.
"""

from datetime import datetime
from typing import TypedDict

from homeassistant.util import dt as dt_util

from ..lib.ledger.model import Person


class PersonShown(TypedDict):
    """A person, by the name that they had when they did it."""

    id: str
    name: str


class SpanShown(TypedDict):
    """A stretch of time."""

    start: str
    end: str


class GapShown(SpanShown):
    """A stretch without pictures."""

    # "camera_fails", "listed_not_given": the camera lists footage there; "not_read": nobody asked; "sealed_early": the
    # camera had not given it when somebody decided to wait no longer; None: no picture came.
    reason: str | None
    # When, for "sealed_early".
    decided_at: str | None


def show_time(moment: datetime) -> str:
    """Return a moment as the section's clocks show it."""
    return dt_util.as_local(moment).isoformat()


def time_or_none(moment: datetime | None) -> str | None:
    """Return a moment as the section's clocks show it, None where there is none."""
    return None if moment is None else show_time(moment)


def show_person(person: Person) -> PersonShown:
    """Show a person."""
    return PersonShown(id=person.id, name=person.name)


def show_span(start: datetime, end: datetime) -> SpanShown:
    """Show a stretch of time."""
    return SpanShown(start=show_time(start), end=show_time(end))
