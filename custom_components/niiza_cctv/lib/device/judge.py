"""Verdicts on a camera by the section's policy, one function each; None is not known.

Entities, alerts, the summary and the setting issues all ask here, so that none of them sees trouble where another does not.
"""

from .alive import AliveVerdict
from .model import (
    AudioVerdict,
    ClockReading,
    MediaProfile,
    RetentionStatus,
    RetentionVerdict,
    SdVerdict,
)
from .policy import SectionPolicy


def sd_problem(sd: SdVerdict | None) -> bool | None:
    """Return whether the card does not record, or did not prove it."""
    return None if sd is None else sd.problem


def sd_unproven(alive: AliveVerdict, sd: SdVerdict | None) -> bool | None:
    """Return whether a camera lives but nothing proves that it records."""
    if alive.alive is None:
        return None
    return alive.alive and sd_problem(sd) is None


def audio_violation(audio: AudioVerdict | None, policy: SectionPolicy) -> bool | None:
    """Return whether audio is on although the section has decided against it."""
    if policy.audio_allowed:
        return False
    if audio is None or audio.disabled is None:
        return None
    return not audio.disabled


def retention_problem(retention: RetentionVerdict | None) -> bool | None:
    """Return whether footage is kept too long or not long enough."""
    if retention is None or retention.status is None:
        return None
    return retention.status is not RetentionStatus.WITHIN


def clock_problem(clock: ClockReading | None, policy: SectionPolicy) -> bool | None:
    """Return whether the clock is off by more than the tolerance.

    The measurement's own uncertainty is granted to the camera: ONVIF tells whole seconds only.
    """
    if clock is None:
        return None
    return abs(clock.offset) > policy.clock_tolerance + clock.uncertainty


def resolution_within_limit(profile: MediaProfile | None, policy: SectionPolicy) -> bool | None:
    """Return whether the picture is no taller than everyday use allows."""
    if profile is None or profile.height is None:
        return None
    return profile.height <= policy.max_everyday_height
