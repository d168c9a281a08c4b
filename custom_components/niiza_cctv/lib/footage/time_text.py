"""Times of footage as the ledger keeps them, to the microsecond."""

from datetime import UTC, datetime


def text_of(at: datetime) -> str:
    """Return a time as the ledger keeps it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> datetime:
    """Return what `text_of` gave; raises ValueError for anything else."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("A time without a zone")
    return value
