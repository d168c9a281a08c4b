"""The table of faults: which is worse, where a person goes on, and that what is not known is no fault."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from custom_components.niiza_cctv.lib.device.alive import AliveVerdict, Sign
from custom_components.niiza_cctv.lib.device.errors import (
    CameraCertificateChanged,
    CameraIsAnother,
    CameraLockedOut,
    CameraRefused,
    CameraUnreachable,
)
from custom_components.niiza_cctv.lib.device.faults import (
    RANK,
    RULE_OF,
    RULES,
    Facts,
    Fault,
    Severity,
    judge_faults,
)
from custom_components.niiza_cctv.lib.device.model import (
    AudioPlace,
    AudioVerdict,
    CameraStatus,
    ClockMode,
    ClockReading,
    MediaProfile,
    RetentionStatus,
    RetentionVerdict,
    SdEvidence,
    SdStatus,
    SdVerdict,
)
from custom_components.niiza_cctv.lib.device.policy import SectionPolicy

NOW = datetime(2026, 11, 29, 3, tzinfo=UTC)


def clock(seconds: float) -> ClockReading:
    """Return a clock that is ahead."""
    return ClockReading(
        offset=timedelta(seconds=seconds),
        uncertainty=timedelta(seconds=1),
        mode=ClockMode.NTP,
        measured_at=NOW,
    )


def card(status: SdStatus) -> SdVerdict:
    """Return what is known of a card."""
    return SdVerdict(status=status, evidence=SdEvidence.NONE)


HIGH = MediaProfile(token="main", name="main", height=1080)
FINE = CameraStatus(
    alive=True,
    clock=clock(0),
    sd=card(SdStatus.RECORDING),
    audio=AudioVerdict(disabled=True),
    retention=RetentionVerdict(status=RetentionStatus.WITHIN, days=14),
    main_profile=MediaProfile(token="main", name="main", height=720),
    default_password=False,
)
ALIVE = AliveVerdict(alive=True)


def facts(status: CameraStatus = FINE, **changes: Any) -> Facts:
    """Return the facts of a camera that is fine but for the changes."""
    known: dict[str, Any] = {
        "alive": ALIVE,
        "policy": SectionPolicy(),
        "raised": False,
        "overdue": False,
        "administrator": False,
    }
    return Facts(status=status, **known | changes)


def found(judged: Facts) -> list[Fault]:
    """Return what is wrong."""
    return [fault for fault, trouble in judge_faults(judged).items() if trouble]


def test_every_fault_has_one_rule_and_the_grave_come_first() -> None:
    """The table is the order; nothing that matters less stands before what matters more."""
    assert [rule.fault for rule in RULES] == list(RULE_OF)
    assert set(RULE_OF) == set(Fault)
    severities = list(Severity)
    for before, after in pairwise(RULES):
        assert severities.index(before.severity) <= severities.index(after.severity)


def test_a_dead_card_is_worse_than_a_late_clock() -> None:
    """What is lost for good comes before what can be reckoned out."""
    assert RANK[Fault.CARD_ERROR] < RANK[Fault.TOO_SHORT] < RANK[Fault.CLOCK_OFF]


def test_a_camera_that_is_fine_has_no_fault() -> None:
    """And each rule knows it."""
    assert set(judge_faults(facts()).values()) == {False}


def test_a_camera_of_which_nothing_is_known_has_none() -> None:
    """As after a restart: not a single rule takes the unknown for trouble, nor for health."""
    judged = judge_faults(
        facts(
            CameraStatus(alive=False),
            alive=AliveVerdict(alive=None),
            raised=None,
            overdue=None,
            administrator=None,
        )
    )
    assert set(judged.values()) == {None}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"sd": card(SdStatus.CARD_MISSING)}, Fault.CARD_MISSING),
        ({"sd": card(SdStatus.CARD_ERROR)}, Fault.CARD_ERROR),
        ({"sd": card(SdStatus.NOT_RECORDING)}, Fault.NOT_RECORDING),
        ({"sd": card(SdStatus.STALE)}, Fault.STALE),
        ({"sd": card(SdStatus.UNPROVEN)}, Fault.UNPROVEN),
        ({"sd": None}, Fault.UNPROVEN),
        (
            {"audio": AudioVerdict(disabled=False, found=frozenset({AudioPlace.LIVE_STREAM}))},
            Fault.AUDIO,
        ),
        (
            {"retention": RetentionVerdict(status=RetentionStatus.TOO_SHORT, days=3)},
            Fault.TOO_SHORT,
        ),
        ({"retention": RetentionVerdict(status=RetentionStatus.TOO_LONG, days=40)}, Fault.TOO_LONG),
        ({"clock": clock(-420)}, Fault.CLOCK_OFF),
        ({"default_password": True}, Fault.DEFAULT_PASSWORD),
        ({"main_profile": HIGH}, Fault.RESOLUTION),
        ({"error": CameraIsAnother("x")}, Fault.ANOTHER_CAMERA),
        ({"error": CameraCertificateChanged("x")}, Fault.CERTIFICATE_CHANGED),
        ({"error": CameraRefused("x")}, Fault.LOGIN_REFUSED),
        ({"error": CameraUnreachable("one answer was missing")}, Fault.NOT_READ),
    ],
)
def test_each_fault_is_found_alone(changes: dict[str, Any], fault: Fault) -> None:
    """One fact that is bad is one fault."""
    assert found(facts(replace(FINE, **changes))) == [fault]


def test_locked_out_is_a_refused_log_in() -> None:
    """Whatever the camera calls it, the remedy is the password."""
    assert issubclass(CameraLockedOut, CameraRefused)
    assert found(facts(replace(FINE, error=CameraLockedOut("x", 0.0)))) == [Fault.LOGIN_REFUSED]
    # Nor is reading back proposed to anybody, which can only be refused as well.
    away = replace(FINE, error=CameraRefused("x"), sd=None)
    assert found(facts(away)) == [Fault.LOGIN_REFUSED]


def test_what_the_section_answers_for_is_no_fault() -> None:
    """Allowed audio, and a resolution that somebody raised for an investigation; overdue it is one."""
    loud = replace(FINE, audio=AudioVerdict(disabled=False))
    assert found(facts(loud, policy=SectionPolicy(audio_allowed=True))) == []
    high = replace(FINE, main_profile=HIGH)
    assert found(facts(high, raised=True)) == []
    assert found(facts(high, raised=True, overdue=True)) == [Fault.PUT_BACK]
    assert judge_faults(facts(high, raised=None))[Fault.RESOLUTION] is None


def test_a_camera_that_does_not_answer_is_dead_and_nothing_else() -> None:
    """Of its card, clock and log-in nobody knows anything then."""
    dead = CameraStatus(alive=False, error=CameraUnreachable("x"))
    assert found(facts(dead, alive=AliveVerdict(alive=False, failed=(Sign.ONVIF,)))) == [Fault.DEAD]


def test_mails_that_stay_away_are_told_by_their_name() -> None:
    """The camera answers: the remedy is another one than a dead camera's."""
    silent = AliveVerdict(alive=False, failed=(Sign.MAIL,))
    assert found(facts(alive=silent)) == [Fault.MAILS_MISSING]
