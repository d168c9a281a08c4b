"""What the section demands of every camera."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class SectionPolicy:
    """The section's published standard, as far as it concerns cameras."""

    retention_days: int = 14
    retention_tolerance_days: int = 1
    audio_allowed: bool = False
    clock_tolerance: timedelta = timedelta(seconds=2)
    # Picture height (lines) above which everyday footage shows more than its purpose needs.
    max_everyday_height: int = 720

    @property
    def min_retention_days(self) -> int:
        """How many days a card holds at least."""
        return self.retention_days - self.retention_tolerance_days

    @property
    def max_retention_days(self) -> int:
        """How many days a card holds at most."""
        return self.retention_days + self.retention_tolerance_days
