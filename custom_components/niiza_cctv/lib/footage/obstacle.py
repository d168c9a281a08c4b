"""A place of a passage at which a camera fails each time it is asked, and going on behind it."""

from datetime import UTC, datetime, timedelta

from .clip_model import Withheld, WithheldReason

# The same failure at the same place so often, and the passage goes on behind it.
SAME_PLACE_TRIES = 3
# How far behind, doubled as long as nothing comes from there either.
FIRST_SKIP = timedelta(seconds=0.5)
MAX_SKIP = timedelta(minutes=5)
# So often a stretch of which nothing more comes, to its end, is tried from the beginning: the camera itself may fail.
ROUNDS = 3


class Obstacle:
    """Where a camera does not give what it lists. All times are true times."""

    def __init__(self) -> None:
        """Begin where all is well."""
        self._since: datetime | None = None
        self._behind = datetime.min.replace(tzinfo=UTC)
        self._reason = WithheldReason.CAMERA_FAILS
        self._again()
        self._rounds = 0

    def _again(self) -> None:
        self._tries = 0
        self._skip = FIRST_SKIP
        self._skipped = False

    def met(self, position: datetime, end: datetime, reason: WithheldReason) -> datetime:
        """Note that a stretch up to `end` failed at a position; return from where to ask next."""
        if self._since is None:
            self._since = position
            self._rounds = 0
            self._again()
        self._reason, self._behind = reason, end
        self._tries += 1
        if self._tries < SAME_PLACE_TRIES:
            return position
        self._skipped = True
        if position + self._skip < end:
            position += self._skip
            self._skip = min(2 * self._skip, MAX_SKIP)
            return position
        self._rounds += 1
        if reason is WithheldReason.CAMERA_FAILS and self._rounds < ROUNDS:
            self._again()
            return self._since
        return end

    @property
    def starts_over(self) -> bool:
        """Return whether the whole rest was tried in vain, and is tried again: with time between."""
        return self._rounds > 0 and self._tries == 0

    @property
    def skipped(self) -> bool:
        """Return whether something was left out, and nothing has come since."""
        return self._since is not None and self._skipped

    def passed(self, at: datetime) -> Withheld | None:
        """Note that pictures come again, from `at` on, or that nothing is left to ask for; return what was left out."""
        since, self._since = self._since, None
        end = min(at, self._behind)
        if since is None or not self._skipped or end <= since:
            return None
        return Withheld(start=since, end=end, reason=self._reason)
