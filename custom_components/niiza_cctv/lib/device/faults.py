"""What can be wrong with a camera: which fault is worse, and what leads to its remedy. The one table of both.

The words of each stand in the translations (`board.fault_…` and `board.next_…`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .alive import AliveVerdict, Sign
from .errors import CameraCertificateChanged, CameraIsAnother, CameraRefused
from .judge import (
    audio_violation,
    clock_problem,
    resolution_within_limit,
    retention_problem,
    sd_unproven,
)
from .model import CameraStatus, RetentionStatus, SdStatus
from .policy import SectionPolicy


class Severity(StrEnum):
    """How bad a fault is, in the order in which people see to them."""

    # Nothing is recorded, or something that must not be.
    GRAVE = "grave"
    # It will be, unless somebody sees to it.
    SERIOUS = "serious"
    # It wants to be done some day soon.
    MINOR = "minor"
    # Nobody knows yet.
    UNKNOWN = "unknown"


class NextStep(StrEnum):
    """Where a person goes on: what a page links to, or a button does."""

    # Somebody else, who may: no rule's, but what is left of one for this person.
    ASK = "ask"

    # Ask the camera again now.
    REFRESH = "refresh"
    # Read the card back now.
    PROVE = "prove"
    # The camera's settings in the panel.
    SETTINGS = "settings"
    # Home Assistant's repairs.
    REPAIR = "repair"
    # The camera's page in Home Assistant, which leads to the camera's own.
    DEVICE = "device"
    # The check that says how it stands.
    CHECK = "check"
    # What is wrong with the section itself: the ledger in the panel, and the section's page in Home Assistant.
    LEDGER = "ledger"
    SECTION = "section"


class Fault(StrEnum):
    """What can be wrong with a camera, with a network or without."""

    DEAD = "dead"
    ANOTHER_CAMERA = "another_camera"
    CARD_MISSING = "card_missing"
    CARD_ERROR = "card_error"
    NOT_RECORDING = "not_recording"
    STALE = "stale"
    AUDIO = "audio"
    CERTIFICATE_CHANGED = "certificate_changed"
    LOGIN_REFUSED = "login_refused"
    NOT_READ = "not_read"
    SIGN_FAILED = "sign_failed"
    CHECK_FAILED = "check_failed"
    MAILS_MISSING = "mails_missing"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    DEFAULT_PASSWORD = "default_password"  # noqa: S105 - a key
    ADMINISTRATOR = "administrator"
    PUT_BACK = "put_back"
    CLOCK_OFF = "clock_off"
    RESOLUTION = "resolution"
    SIGN_DUE = "sign_due"
    CARD_DUE = "card_due"
    UNPROVEN = "unproven"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a camera is judged by."""

    status: CameraStatus
    alive: AliveVerdict
    policy: SectionPolicy
    # Whether its resolution is raised for an investigation, and whether it should have been put back by now.
    raised: bool | None
    overdue: bool | None
    # Whether it is watched with a log-in that may change it, and nobody chose to keep that.
    administrator: bool | None


# True is trouble, None is not known.
type Test = Callable[[Facts], bool | None]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One fault: how bad it is, where a person goes on, and how it is found."""

    fault: Fault
    severity: Severity
    step: NextStep
    # None: people find it, and the book of checks says so.
    test: Test | None = None


def _silent(sign: Sign) -> Test:
    def test(facts: Facts) -> bool | None:
        if sign in facts.alive.failed:
            return True
        return None if facts.alive.alive is None else False

    return test


def _card(*statuses: SdStatus) -> Test:
    def test(facts: Facts) -> bool | None:
        if facts.status.sd is None or facts.status.sd.problem is None:
            return None
        return facts.status.sd.status in statuses

    return test


def _kept(status: RetentionStatus) -> Test:
    def test(facts: Facts) -> bool | None:
        retention = facts.status.retention
        if retention is None or retention_problem(retention) is None:
            return None
        return retention.status is status

    return test


def _refused(*kinds: type[Exception]) -> Test:
    def test(facts: Facts) -> bool | None:
        # A camera that does not answer proves neither that it is put right nor that it is not.
        if not facts.status.alive:
            return None
        return isinstance(facts.status.error, kinds)

    return test


_SAID = (CameraIsAnother, CameraCertificateChanged, CameraRefused)


def _unread(facts: Facts) -> bool | None:
    if not facts.status.alive:
        return None
    return facts.status.error is not None and not isinstance(facts.status.error, _SAID)


def _unproven(facts: Facts) -> bool | None:
    # What keeps a camera from being asked is said as such: reading back can only fail.
    if facts.status.alive and facts.status.error is not None:
        return False
    return sd_unproven(facts.alive, facts.status.sd)


def _too_high(facts: Facts) -> bool | None:
    # Somebody answers for it, and until when.
    if facts.raised is not False:
        return None if facts.raised is None else False
    within = resolution_within_limit(facts.status.main_profile, facts.policy)
    return None if within is None else not within


# The worst first.
RULES: Final = (
    Rule(
        fault=Fault.DEAD, severity=Severity.GRAVE, step=NextStep.REFRESH, test=_silent(Sign.ONVIF)
    ),
    Rule(
        fault=Fault.ANOTHER_CAMERA,
        severity=Severity.GRAVE,
        step=NextStep.REPAIR,
        test=_refused(CameraIsAnother),
    ),
    Rule(
        fault=Fault.CARD_MISSING,
        severity=Severity.GRAVE,
        step=NextStep.CHECK,
        test=_card(SdStatus.CARD_MISSING),
    ),
    Rule(
        fault=Fault.CARD_ERROR,
        severity=Severity.GRAVE,
        step=NextStep.CHECK,
        test=_card(SdStatus.CARD_ERROR),
    ),
    Rule(
        fault=Fault.NOT_RECORDING,
        severity=Severity.GRAVE,
        step=NextStep.PROVE,
        test=_card(SdStatus.NOT_RECORDING),
    ),
    Rule(
        fault=Fault.STALE, severity=Severity.GRAVE, step=NextStep.PROVE, test=_card(SdStatus.STALE)
    ),
    Rule(
        fault=Fault.AUDIO,
        severity=Severity.GRAVE,
        step=NextStep.SETTINGS,
        test=lambda facts: audio_violation(facts.status.audio, facts.policy),
    ),
    Rule(
        fault=Fault.CERTIFICATE_CHANGED,
        severity=Severity.SERIOUS,
        step=NextStep.REPAIR,
        test=_refused(CameraCertificateChanged),
    ),
    Rule(
        fault=Fault.LOGIN_REFUSED,
        severity=Severity.SERIOUS,
        step=NextStep.REPAIR,
        test=_refused(CameraRefused),
    ),
    Rule(fault=Fault.NOT_READ, severity=Severity.SERIOUS, step=NextStep.REFRESH, test=_unread),
    Rule(fault=Fault.SIGN_FAILED, severity=Severity.SERIOUS, step=NextStep.CHECK),
    Rule(fault=Fault.CHECK_FAILED, severity=Severity.SERIOUS, step=NextStep.CHECK),
    Rule(
        fault=Fault.MAILS_MISSING,
        severity=Severity.SERIOUS,
        step=NextStep.DEVICE,
        test=_silent(Sign.MAIL),
    ),
    Rule(
        fault=Fault.TOO_SHORT,
        severity=Severity.SERIOUS,
        step=NextStep.DEVICE,
        test=_kept(RetentionStatus.TOO_SHORT),
    ),
    Rule(
        fault=Fault.TOO_LONG,
        severity=Severity.SERIOUS,
        step=NextStep.DEVICE,
        test=_kept(RetentionStatus.TOO_LONG),
    ),
    Rule(
        fault=Fault.DEFAULT_PASSWORD,
        severity=Severity.SERIOUS,
        step=NextStep.DEVICE,
        test=lambda facts: facts.status.default_password,
    ),
    Rule(
        fault=Fault.ADMINISTRATOR,
        severity=Severity.SERIOUS,
        step=NextStep.REPAIR,
        test=lambda facts: facts.administrator,
    ),
    Rule(
        fault=Fault.PUT_BACK,
        severity=Severity.SERIOUS,
        step=NextStep.SETTINGS,
        test=lambda facts: facts.overdue,
    ),
    Rule(
        fault=Fault.CLOCK_OFF,
        severity=Severity.MINOR,
        step=NextStep.SETTINGS,
        test=lambda facts: clock_problem(facts.status.clock, facts.policy),
    ),
    Rule(fault=Fault.RESOLUTION, severity=Severity.MINOR, step=NextStep.SETTINGS, test=_too_high),
    Rule(fault=Fault.SIGN_DUE, severity=Severity.MINOR, step=NextStep.CHECK),
    Rule(fault=Fault.CARD_DUE, severity=Severity.MINOR, step=NextStep.CHECK),
    Rule(
        fault=Fault.UNPROVEN,
        severity=Severity.UNKNOWN,
        step=NextStep.PROVE,
        test=_unproven,
    ),
)
RULE_OF: Final[Mapping[Fault, Rule]] = {rule.fault: rule for rule in RULES}
RANK: Final[Mapping[Fault, int]] = {rule.fault: rank for rank, rule in enumerate(RULES)}


def judge_faults(facts: Facts) -> dict[Fault, bool | None]:
    """Return of each fault that a camera shows by itself whether it has it; None is not known."""
    return {rule.fault: rule.test(facts) for rule in RULES if rule.test is not None}
