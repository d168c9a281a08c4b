"""What the section demands of every camera, and the judgements that need nothing but that demand."""

from dataclasses import dataclass
from datetime import timedelta

from .model import AudioVerdict, ClockReading, MediaProfile


@dataclass(frozen=True, kw_only=True)
class SectionPolicy:
    """The section's published standard, as far as it concerns cameras."""

    retention_days: int = 14
    retention_tolerance_days: int = 1
    audio_allowed: bool = False
    clock_tolerance: timedelta = timedelta(seconds=2)
    # Picture height (lines) above which everyday footage shows more than its purpose needs.
    max_everyday_height: int = 720


def clock_problem(clock: ClockReading | None, policy: SectionPolicy) -> bool | None:
    """Return whether the clock is off by more than the tolerance; None when it was not measured.

    The measurement's own uncertainty is granted to the camera: ONVIF tells whole seconds only.
    """
    if clock is None:
        return None
    return abs(clock.offset) > policy.clock_tolerance + clock.uncertainty


def resolution_within_limit(profile: MediaProfile | None, policy: SectionPolicy) -> bool | None:
    """Return whether the picture is no taller than everyday use allows; None when unknown."""
    if profile is None or profile.height is None:
        return None
    return profile.height <= policy.max_everyday_height


def audio_violation(audio: AudioVerdict | None, policy: SectionPolicy) -> bool | None:
    """Return whether audio is on although the section has decided against it; None when unknown."""
    if policy.audio_allowed:
        return False
    if audio is None or audio.disabled is None:
        return None
    return not audio.disabled
