"""Retention: how far back the card reaches, against the section's standard."""

from datetime import datetime, tzinfo

from .model import RetentionStatus, RetentionVerdict
from .policy import SectionPolicy


def judge_retention(
    oldest: datetime | None, now: datetime, time_zone: tzinfo, policy: SectionPolicy
) -> RetentionVerdict:
    """Return the retention in calendar days, today included, and whether it is within the standard.

    `oldest` and `now` are both camera time: a full card drops its oldest *day* when the camera's own
    clock reaches midnight, so between two midnights the age in hours grows by 24 while nothing is
    wrong. The number of days on the card stays constant: a card for 14 days always holds 14.
    """
    if oldest is None:
        return RetentionVerdict(status=None)
    days = (now.astimezone(time_zone).date() - oldest.astimezone(time_zone).date()).days + 1
    if days < policy.min_retention_days:
        return RetentionVerdict(status=RetentionStatus.TOO_SHORT, days=days)
    if days > policy.max_retention_days:
        return RetentionVerdict(status=RetentionStatus.TOO_LONG, days=days)
    return RetentionVerdict(status=RetentionStatus.WITHIN, days=days)
