"""Audio, retention, clock, resolution and default password: each rule from its facts alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.niiza_cctv.lib.device.access import default_password, is_administrator
from custom_components.niiza_cctv.lib.device.alive import AliveVerdict, Sign, judge_alive
from custom_components.niiza_cctv.lib.device.audio import audio_tracks, judge_audio
from custom_components.niiza_cctv.lib.device.camera import identity_key
from custom_components.niiza_cctv.lib.device.errors import CameraUnreachable
from custom_components.niiza_cctv.lib.device.judge import (
    audio_violation,
    clock_problem,
    resolution_within_limit,
    retention_problem,
)
from custom_components.niiza_cctv.lib.device.model import (
    AudioPlace,
    AudioVerdict,
    CameraIdentity,
    CameraStatus,
    ClockMode,
    ClockReading,
    Credential,
    Heartbeat,
    MediaProfile,
    Recording,
    RecordingState,
    RecordingTrack,
    RetentionStatus,
    RetentionVerdict,
    TrackKind,
)
from custom_components.niiza_cctv.lib.device.policy import SectionPolicy
from custom_components.niiza_cctv.lib.device.retention import judge_retention

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")
CLOCK = ClockReading(
    offset=timedelta(minutes=-7),
    uncertainty=timedelta(seconds=0.5),
    mode=ClockMode.MANUAL,
    measured_at=NOW,
)
SILENT = MediaProfile(token="main", name="main", video_encoding="H264", width=1280, height=720)
SPEAKING = replace(SILENT, audio_encoding="G711")


def recording(audio_to: datetime | None, audio_from: datetime | None = None) -> Recording:
    """Return a recording with video up to now and audio up to `audio_to`."""
    return Recording(
        token="SD_1",
        earliest=NOW - timedelta(days=14),
        latest=NOW,
        state=RecordingState.RECORDING,
        tracks=(
            RecordingTrack(token="V", kind=TrackKind.VIDEO, data_to=NOW),
            RecordingTrack(token="A", kind=TrackKind.AUDIO, data_from=audio_from, data_to=audio_to),
        ),
    )


def audio(
    profiles: tuple[MediaProfile, ...] | None = (SILENT,),
    live: bool | None = False,
    recordings: tuple[Recording, ...] | None = (recording(NOW, NOW),),
    replay: bool | None = None,
) -> AudioVerdict:
    """Return the verdict on a camera that is silent but for what is given."""
    return judge_audio(
        profiles=profiles,
        live_audio=live,
        recordings=recordings,
        replay_audio=replay,
        to_true=CLOCK.to_true,
    )


def test_audio_is_disabled_only_when_all_three_places_were_read_and_none_has_any() -> None:
    """An unread place leaves it unknown, never green."""
    assert audio().disabled is True
    assert audio(profiles=None).disabled is None
    assert audio(live=None).disabled is None
    assert audio(recordings=None).disabled is None


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"profiles": (SILENT, SPEAKING)}, AudioPlace.MEDIA_PROFILE),
        ({"live": True}, AudioPlace.LIVE_STREAM),
        ({"recordings": (recording(NOW),)}, AudioPlace.RECORDING_TRACK),
    ],
)
@pytest.mark.parametrize("unread", [{}, {"profiles": None}, {"live": None}])
def test_audio_anywhere_is_found_and_named_whatever_else_is_unknown(
    changes: dict[str, Any], unread: dict[str, Any], place: AudioPlace
) -> None:
    """One place is enough."""
    verdict = audio(**{**unread, **changes})
    assert verdict.disabled is False
    assert verdict.found == {place}


def test_a_listed_audio_track_counts_unless_the_replay_shows_that_there_is_none() -> None:
    """Real cameras list data times for audio that was never recorded."""
    listed = (recording(NOW),)
    assert audio(recordings=listed, replay=False).disabled is True
    assert audio(recordings=listed, replay=True).disabled is False
    assert audio(recordings=listed, replay=None).disabled is False


def test_audio_of_earlier_days_stays_named_after_the_microphone_is_off() -> None:
    """The switch is off now, but the card still holds what was heard."""
    until = NOW - timedelta(days=2)
    verdict = audio(recordings=(recording(until),), replay=True)
    assert verdict.disabled is True
    assert verdict.on_card_until == CLOCK.to_true(until)


def test_an_audio_track_whose_times_say_nothing_is_judged_by_the_replay() -> None:
    """1970, the day after tomorrow, or nothing at all: only what the replay offers tells."""
    untold = (recording(None),)
    assert audio(recordings=untold, replay=True).disabled is False
    assert audio(recordings=untold, replay=False).disabled is True
    assert audio(recordings=untold, replay=None).disabled is None


def test_old_audio_of_a_recording_that_ended_is_not_audio_now() -> None:
    """Held against the newest picture of all recordings, not of its own."""
    ended = replace(
        recording(NOW - timedelta(days=3)),
        token="SD_0",
        tracks=tuple(
            replace(track, data_to=NOW - timedelta(days=3)) for track in recording(NOW).tracks
        ),
    )
    verdict = audio(recordings=(ended, recording(NOW, NOW)), replay=True)
    assert verdict.disabled is True
    assert verdict.on_card_until is not None


def test_an_audio_track_of_no_length_holds_nothing() -> None:
    """Equal bounds are how some cameras say empty."""
    empty = (recording(NOW, NOW),)
    assert audio(recordings=empty).disabled is True
    assert not audio_tracks(empty)


@pytest.mark.parametrize(
    ("oldest", "status", "days"),
    [
        (datetime(2026, 11, 10, 0, 0, tzinfo=TOKYO), RetentionStatus.WITHIN, 14),
        (datetime(2026, 11, 9, 23, 59, tzinfo=TOKYO), RetentionStatus.WITHIN, 15),
        (datetime(2026, 11, 8, 23, 59, tzinfo=TOKYO), RetentionStatus.TOO_LONG, 16),
        (datetime(2026, 11, 11, 8, 0, tzinfo=TOKYO), RetentionStatus.WITHIN, 13),
        (datetime(2026, 11, 12, 0, 0, tzinfo=TOKYO), RetentionStatus.TOO_SHORT, 12),
        (None, None, None),
    ],
)
def test_retention_is_counted_in_calendar_days(
    oldest: datetime | None, status: RetentionStatus | None, days: int | None
) -> None:
    """Two whole days outside the standard of 14 ± 1 are needed, in either direction."""
    verdict = judge_retention(oldest, NOW, TOKYO, SectionPolicy())
    assert (verdict.status, verdict.days) == (status, days)


def test_retention_does_not_change_between_two_midnights() -> None:
    """The oldest day goes at the camera's midnight; at noon nothing may flicker."""
    oldest = datetime(2026, 11, 10, 0, 0, tzinfo=TOKYO)
    midnight = datetime(2026, 11, 23, 0, 0, tzinfo=TOKYO)
    days = {
        judge_retention(oldest, midnight + timedelta(minutes=m), TOKYO, SectionPolicy()).days
        for m in range(0, 24 * 60, 7)
    }
    assert days == {14}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (None, None),
        (RetentionStatus.WITHIN, False),
        (RetentionStatus.TOO_SHORT, True),
        (RetentionStatus.TOO_LONG, True),
    ],
)
def test_retention_is_a_problem_either_way(
    status: RetentionStatus | None, expected: bool | None
) -> None:
    """Kept too long is against the citizens, too short against the requesters."""
    assert retention_problem(RetentionVerdict(status=status)) is expected
    assert retention_problem(None) is None


def test_the_clock_is_a_problem_beyond_tolerance_and_measuring_error() -> None:
    """The protocol tells whole seconds: the error of measuring is not the camera's."""
    policy = SectionPolicy(clock_tolerance=timedelta(seconds=2))
    assert clock_problem(None, policy) is None
    assert clock_problem(CLOCK, policy) is True
    assert clock_problem(replace(CLOCK, offset=timedelta(seconds=2.4)), policy) is False
    assert clock_problem(replace(CLOCK, offset=timedelta(seconds=-2.6)), policy) is True


def test_a_reading_turns_camera_time_into_true_time_and_back() -> None:
    """A camera seven minutes slow stamps 02:53 on what happened at 03:00."""
    assert CLOCK.to_camera(NOW) == NOW - timedelta(minutes=7)
    assert CLOCK.to_true(CLOCK.to_camera(NOW)) == NOW


def test_an_offset_within_the_error_of_measuring_moves_no_time() -> None:
    """The first second of a day must not become the last of the day before."""
    midnight = datetime(2026, 11, 10, 0, 0, tzinfo=TOKYO)
    near = replace(CLOCK, offset=timedelta(seconds=0.4))
    assert near.to_true(midnight) == midnight
    jitter = {replace(CLOCK, offset=timedelta(seconds=-420 + n)).to_true(NOW) for n in (-0.4, 0.3)}
    assert jitter == {NOW + timedelta(minutes=7)}


def test_resolution_is_held_against_the_height_for_everyday_use() -> None:
    """The limit itself is allowed."""
    policy = SectionPolicy(max_everyday_height=720)
    assert resolution_within_limit(SILENT, policy) is True
    assert resolution_within_limit(replace(SILENT, height=1080), policy) is False
    assert resolution_within_limit(replace(SILENT, height=None), policy) is None
    assert resolution_within_limit(None, policy) is None


def test_audio_violates_the_policy_only_where_the_section_decided_against_it() -> None:
    """The fact stays visible either way; the judgement is the section's."""
    on, off = AudioVerdict(disabled=False), AudioVerdict(disabled=True)
    assert audio_violation(on, SectionPolicy()) is True
    assert audio_violation(off, SectionPolicy()) is False
    assert audio_violation(None, SectionPolicy()) is None
    assert audio_violation(on, SectionPolicy(audio_allowed=True)) is False


FACTORY = "onvif://www.onvif.org/Profile/Q/FactoryDefault"
OPERATIONAL = "onvif://www.onvif.org/Profile/Q/Operational"


@pytest.mark.parametrize(
    ("scopes", "anonymous", "expected"),
    [
        # Cameras keep it after they were set up.
        ((FACTORY,), False, None),
        ((FACTORY,), None, None),
        ((FACTORY,), True, True),
        ((OPERATIONAL,), False, False),
        ((f" {OPERATIONAL.lower()} ",), None, False),
        ((FACTORY, OPERATIONAL), False, None),
        # Written as no specification writes it.
        ((f"{OPERATIONAL}/",), False, False),
        ((f"{FACTORY}/", OPERATIONAL), False, None),
        # A maker's own scope of that name says nothing that is specified.
        (("onvif://www.acme.example/Profile/Q/Operational",), False, None),
        (("onvif://www.onvif.org/type/FactoryDefault",), False, None),
        ((OPERATIONAL,), True, True),
        (("onvif://www.onvif.org/Profile/G",), False, None),
        ((), None, None),
    ],
)
def test_a_default_password_is_claimed_or_denied_only_where_something_shows_it(
    scopes: tuple[str, ...], anonymous: bool | None, expected: bool | None
) -> None:
    """A refused stranger proves nothing about the password."""
    ours = Credential(username="viewer", password="kita-7-shun")
    assert default_password(scopes, answers_anonymously=anonymous, credential=ours) is expected


@pytest.mark.parametrize(
    ("username", "password"),
    [("admin", "12345"), ("root", "pass"), ("service", "service"), ("Viewer", "vIEWER"), ("a", "")],
)
def test_our_own_log_in_out_of_a_manual_is_a_default_password(username: str, password: str) -> None:
    """It is compared with what makers printed; nothing is tried on the camera, whose scopes are not believed then."""
    ours = Credential(username=username, password=password)
    for scopes in ((), (FACTORY,), (OPERATIONAL,)):
        assert default_password(scopes, answers_anonymously=False, credential=ours) is True


@pytest.mark.parametrize(
    ("users", "expected"),
    [
        # A camera that tells of nobody at all tells nothing.
        ({}, None),
        ({"viewer": "user"}, False),
        ({"viewer": "administrator", "chief": "administrator"}, True),
        # Accounts of the maker's own are not listed, and were told all the same.
        ({"chief": "administrator"}, True),
    ],
)
def test_a_list_of_users_shows_whose_log_in_it_is(
    users: dict[str, str], expected: bool | None
) -> None:
    """Only administrators are told, by the specification."""
    assert is_administrator("viewer", users) is expected


@pytest.mark.parametrize(
    ("serial", "macs", "expected"),
    [
        ("ACCC8E-012345", (), "axis-accc8e012345"),
        ("0", ("00:11:22:33:44:55",), "00:11:22:33:44:55"),
        ("000000", ("bb:11", "aa:11"), "aa:11"),
        ("", (), None),
    ],
)
def test_a_camera_is_known_by_a_serial_that_can_be_its_own_else_by_its_hardware_address(
    serial: str, macs: tuple[str, ...], expected: str | None
) -> None:
    """A whole series with serial 0 must not become one camera."""
    identity = CameraIdentity(
        manufacturer=" AXIS ", model="P1", firmware="1", serial=serial, macs=macs
    )
    assert identity_key(identity) == expected


def test_a_credential_never_shows_its_password() -> None:
    """Representations end up in logs."""
    assert "geheim" not in repr(Credential(username="viewer", password="geheim"))


ANSWERS = CameraStatus(alive=True)
UNREACHED = CameraStatus(alive=False, error=CameraUnreachable("no answer"))
UNASKED = CameraStatus(alive=False)


@pytest.mark.parametrize(
    ("status", "silent", "alive", "failed"),
    [
        (ANSWERS, None, True, ()),
        (ANSWERS, False, True, ()),
        # It answers, but its mails stopped: trouble all the same.
        (ANSWERS, True, False, (Sign.MAIL,)),
        (UNREACHED, None, False, (Sign.ONVIF,)),
        (UNREACHED, False, False, (Sign.ONVIF,)),
        (UNREACHED, True, False, (Sign.ONVIF, Sign.MAIL)),
        (UNASKED, None, None, ()),
        (UNASKED, False, None, ()),
        (UNASKED, True, False, (Sign.MAIL,)),
    ],
)
def test_one_missing_sign_of_life_is_enough(
    status: CameraStatus, silent: bool | None, alive: bool | None, failed: tuple[Sign, ...]
) -> None:
    """The verdict names which of the two failed."""
    verdict = judge_alive(status, Heartbeat(silent=silent))
    assert verdict == AliveVerdict(alive=alive, failed=failed)
