"""What the clock asks for: alarms before a card overwrites, cases that nobody goes on with, footage whose time is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .kinds import KINDS
from .model import Case, CaseClip, CaseState, ClipState

# Hours before overwriting at which people are told, the most urgent first.
ALARMS = (12, 48)
# How long after a question about a silent case the next one comes.
ASK_AGAIN = timedelta(days=7)
# So often people were asked before silence counts as an answer, and so many times the section's days it lasted.
MIN_QUESTIONS = 3
SILENCE = 2
# Of these the card still has the only copy.
_ON_CARD = frozenset({ClipState.REQUESTED, ClipState.FAILED})


@dataclass(frozen=True, kw_only=True, slots=True)
class AtRisk:
    """A clip of an open case that the card will overwrite before it is sealed."""

    case_id: str
    clip_id: str
    # The threshold that was passed: hours before `overwritten_at`.
    hours: int
    overwritten_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """What the clock asks for now; it is asked for again until the registry was told that it is done."""

    # Tell people, then `footage_at_risk`.
    at_risk: tuple[AtRisk, ...] = ()
    # Ask people whether these are still needed, then `asked_about`.
    ask: tuple[str, ...] = ()
    # `expire`.
    expire: tuple[str, ...] = ()
    # Put the footage of these into the bin, then `files_binned`.
    to_bin: tuple[str, ...] = ()
    # Remove the footage of these, which lies in the bin or which a person purged, then `files_removed`.
    remove_files: tuple[str, ...] = ()


class Deadlines:
    """The deadlines of all cases, and the newest estimates of when cards overwrite."""

    def __init__(self, keep: timedelta, in_bin: timedelta) -> None:
        """Keep the footage of ended cases for so long, then in the bin; ask about cases that nobody goes on with then."""
        self._keep = keep
        self._in_bin = in_bin
        # Cases that the clock may ask something for.
        self._live: dict[str, Case] = {}
        self._estimates: dict[str, datetime | None] = {}
        # What was done before this may carry a time that is too early.
        self._since: datetime | None = None

    def begin_again(self, at: datetime) -> None:
        """Count from this moment at the earliest: the clock by which steps were dated before may have been behind."""
        self._since = at if self._since is None else max(at, self._since)

    def follow(self, case: Case) -> None:
        """Take a case as it is now."""
        for clip in case.clips:
            if clip.state not in _ON_CARD:
                self._estimates.pop(clip.id, None)
        if case.is_open or case.may_hold_files:
            self._live[case.id] = case
        else:
            self._live.pop(case.id, None)

    def estimate(self, clip: CaseClip, overwritten_at: datetime | None) -> None:
        """Take a better estimate of when a clip's footage is overwritten, as long as it is not sealed."""
        if clip.state in _ON_CARD:
            self._estimates[clip.id] = overwritten_at

    def overwritten_at(self, clip: CaseClip) -> datetime | None:
        """Return when a clip's footage is overwritten, by the newest estimate."""
        return self._estimates.get(clip.id, clip.overwritten_at)

    def end_in_bin(self, now: datetime) -> datetime:
        """Return until when footage that goes into the bin now lies there."""
        return now + self._in_bin

    def asked_from(self, case: Case) -> datetime | None:
        """Return from when on people are asked whether an open case is still needed; None for an ended one."""
        return self._last_step_at(case) + self._keep if case.is_open else None

    def kept_until(self, case: Case) -> datetime | None:
        """Return the earliest moment at which silence ends an open case, or an ended one's footage goes to the bin or out of it.

        None: a person decides, or there is nothing. An open case asked for by law never ends by silence; another one after
        `SILENCE` times the section's days, and not before the last of `MIN_QUESTIONS` questions went unanswered.
        """
        if case.is_open:
            if KINDS[case.kind].by_law:
                return None
            return max(
                self._last_step_at(case) + SILENCE * self._keep,
                self._next_question(case) + (MIN_QUESTIONS - case.questions) * ASK_AGAIN
                if case.questions < MIN_QUESTIONS
                else self._next_question(case),
            )
        if not case.may_hold_files:
            return None
        if case.binned_until is not None and case.state is not CaseState.PURGED:
            return case.binned_until
        if case.state in {CaseState.PURGED, CaseState.EXPIRED}:
            return case.last_step_at
        return self._last_step_at(case) + self._keep

    def _last_step_at(self, case: Case) -> datetime:
        return case.last_step_at if self._since is None else max(case.last_step_at, self._since)

    def _next_question(self, case: Case) -> datetime:
        """Return when people are asked about an open case the next time."""
        if case.asked_about_at is None:
            return self._last_step_at(case) + self._keep
        return case.asked_about_at + ASK_AGAIN

    def is_over(self, case: Case, now: datetime) -> bool:
        """Return whether the time of an open case, or of an ended one's footage, is over."""
        if case.is_open and case.questions < MIN_QUESTIONS:
            # However long nobody looked: silence is no answer to what was not asked.
            return False
        until = self.kept_until(case)
        # A person said that it is to go, whatever a clock that was set back says now.
        return until is not None and (case.state is CaseState.PURGED or until <= now)

    def due(self, now: datetime, *, trusted: bool) -> Due:
        """Return what the clock asks for now; `trusted`: its time may end something."""
        live = [self._live[case_id] for case_id in sorted(self._live)]
        over = [
            case
            for case in live
            if (trusted or case.state is CaseState.PURGED) and self.is_over(case, now)
        ]
        ended = [case for case in over if not case.is_open]
        return Due(
            at_risk=tuple(
                alarm
                for case in live
                if case.is_open
                for clip in case.clips
                if (alarm := self._alarm(case, clip, now)) is not None
            ),
            ask=tuple(
                case.id
                for case in live
                if trusted
                and case.is_open
                and not self.is_over(case, now)
                and self._next_question(case) <= now
            ),
            expire=tuple(case.id for case in over if case.is_open),
            to_bin=tuple(case.id for case in ended if not _may_go(case)),
            remove_files=tuple(case.id for case in ended if _may_go(case)),
        )

    def _alarm(self, case: Case, clip: CaseClip, now: datetime) -> AtRisk | None:
        """Return the most urgent alarm of a clip that was not raised yet; a milder one is not raised after it."""
        if clip.state not in _ON_CARD or (moment := self.overwritten_at(clip)) is None:
            return None
        for hours in ALARMS:
            if hours in clip.alarms:
                return None
            if moment - now <= timedelta(hours=hours):
                return AtRisk(case_id=case.id, clip_id=clip.id, hours=hours, overwritten_at=moment)
        return None


def _may_go(case: Case) -> bool:
    """Return whether its footage has been in the bin, or a person said that it is to go."""
    return case.binned_until is not None or case.state is CaseState.PURGED
