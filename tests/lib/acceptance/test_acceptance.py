"""The acceptance test, on cameras of all temperaments: it says what is so, and of what it could not find out that it is not known."""

import asyncio
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
import hashlib
import time
from typing import Any

import pytest

from custom_components.niiza_cctv.lib.acceptance.judge import judge
from custom_components.niiza_cctv.lib.acceptance.model import (
    Duty,
    Ending,
    Findings,
    Fitness,
    Reports,
    Step,
    Trouble,
)
from custom_components.niiza_cctv.lib.acceptance.run import TestLimits
from custom_components.niiza_cctv.lib.device.model import (
    AudioPlace,
    AudioVerdict,
    Recording,
    RecordingState,
    RecordingTrack,
    TrackKind,
)
from custom_components.niiza_cctv.lib.device.policy import SectionPolicy
from simulator.camera import Quirk, StorageStatus
from tests.lib.acceptance.tested import QUICK_TEST, duties, on_trial, reasons, said
from tests.section import PATIENCE
from tests.station import CHIEF, VIEWER

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def test_a_healthy_camera_is_fit_and_left_as_it_was() -> None:
    """Everything was found out, by questions alone."""
    async with on_trial() as (test, running, _):
        settings = (running.camera.config, running.camera.faults)
        report = await test.run()
        assert (running.camera.config, running.camera.faults) == settings
    assert report.ending is Ending.DONE
    assert report.missing == ()
    found = duties(report)
    assert {found[duty] for duty in (Duty.FOOTAGE, Duty.CARD_STATUS, Duty.PROOF, Duty.NO_AUDIO, Duty.RESOLUTION)} == {
        Fitness.FIT
    }  # fmt: skip
    # As many days as the board shows: today counts, and a full card of fourteen days never holds thirteen.
    days = [one.values["days"] for one in reasons(report, Duty.FOOTAGE) if "days" in one.values]
    assert test.told is not None
    assert days == [str(test.told["retention_days"])]
    # No mail and no address report has come, and nobody looked at the sign.
    assert found[Duty.ALIVE] is found[Duty.ADDRESS] is Fitness.LIMITS
    assert found[Duty.SIGN] is Fitness.UNKNOWN
    assert report.verdict is Fitness.LIMITS
    assert {"replay_fast", "replay_jumps", "card_index_moves", "events_of_card"} <= said(report)
    # Nothing of it is left behind.
    assert {"Unsubscribe", "EndSearch"} <= running.soap.asked


def test_audio_of_before_is_told_as_far_as_the_card_lists_it() -> None:
    """Some was heard up to a day; a track is listed of which nobody knows; none is listed."""
    until = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    off = AudioVerdict(disabled=True, read=frozenset(AudioPlace))
    track = RecordingTrack(token="A", kind=TrackKind.AUDIO, data_from=None, data_to=None)
    listed = Recording(
        token="R", earliest=None, latest=None, state=RecordingState.RECORDING, tracks=(track,)
    )
    for audio, recordings, sentence, verdict in (
        (replace(off, on_card_until=until), (listed,), "audio_until", Fitness.LIMITS),
        (off, (listed,), "audio_is_off", Fitness.FIT),
        (off, None, "audio_is_off", Fitness.FIT),
        (off, (replace(listed, tracks=()),), "audio_never", Fitness.FIT),
    ):
        found = Findings(audio=audio, recordings=recordings)
        _, found_duties, _ = judge(found, SectionPolicy(), Reports(), Ending.DONE)
        (duty,) = (one for one in found_duties if one.duty is Duty.NO_AUDIO)
        assert ([one.key for one in duty.reasons], duty.verdict) == ([sentence], verdict)


# All that a test may ask. Subscriptions and searches are the asker's own, live for a minute and are ended;
# SetSynchronizationPoint asks for the state of things to be told again, and changes none.
READING = frozenset(
    {
        "GetSystemDateAndTime", "GetServices", "GetCapabilities", "GetDeviceInformation", "GetNetworkInterfaces", "GetScopes",
        "GetUsers", "GetNTP", "GetStorageConfigurations", "GetProfiles", "GetStreamUri", "GetVideoEncoderConfigurationOptions",
        "GetVideoEncoderConfigurations", "GetAudioEncoderConfigurations", "GetRecordings", "GetRecordingInformation",
        "GetRecordingSummary", "GetRecordingJobs", "GetRecordingJobState", "GetReplayUri", "GetEventProperties",
        "FindRecordings", "GetRecordingSearchResults", "FindEvents", "GetEventSearchResults", "EndSearch",
        "CreatePullPointSubscription", "PullMessages", "SetSynchronizationPoint", "Renew", "Unsubscribe",
        "GetServiceCapabilities",
    }
)  # fmt: skip
PAGES = frozenset(
    {
        "GET /axis-cgi/disks/list.cgi?diskid=all",
        "GET /axis-cgi/disks/gethealth.cgi",
        "GET /ISAPI/ContentMgmt/Storage",
        "GET /cgi-bin/storageDevice.cgi?action=getDeviceAllInfo",
    }
)
# Of RTSP, what plays and what keeps and ends a session: PLAY reads.
STREAMING = frozenset(
    {"OPTIONS", "DESCRIBE", "SETUP", "PLAY", "PAUSE", "GET_PARAMETER", "TEARDOWN"}
)


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"manufacturer": "AXIS", "storage_status": StorageStatus.AXIS},
        {"manufacturer": "HIKVISION", "storage_status": StorageStatus.HIKVISION},
        {"manufacturer": "Dahua", "storage_status": StorageStatus.DAHUA},
    ],
    ids=["plain", "axis", "hikvision", "dahua"],
)
@pytest.mark.parametrize("viewing", [True, False], ids=["viewer", "administrator"])
async def test_all_that_is_asked_of_a_camera_is_reading(
    config: dict[str, Any], viewing: bool
) -> None:
    """Counted at the camera, whatever it refused: also of one whose settings this user could change."""
    user = VIEWER if viewing else CHIEF
    async with on_trial(user=user.name, password=user.password, **config) as (test, running, _):
        before = (running.camera.config, running.camera.faults)
        report = await test.run()
        assert (running.camera.config, running.camera.faults) == before
    assert report.ending is Ending.DONE
    assert running.soap.asked <= READING | PAGES
    assert running.rtsp.asked <= STREAMING
    assert "PLAY" in running.rtsp.asked
    assert bool(running.soap.asked & PAGES) == bool(config)
    assert ("login_viewer" if viewing else "login_administrator") in said(report)


async def test_no_credential_stands_in_a_report_or_in_what_was_heard() -> None:
    """Of a camera that repeats what it is told, too: nothing is kept of a log-in."""
    async with on_trial() as (test, _, _station):
        report = await test.run()
    digest = hashlib.md5(f"{VIEWER.name}:{VIEWER.password}".encode()).hexdigest()  # noqa: S324 - looked for
    kept = repr(report) + repr(test.recorder.heard) + repr(test.findings)
    for secret in (VIEWER.password, b64encode(VIEWER.password.encode()).decode(), digest):
        assert secret not in kept
    assert all("Security" not in heard.asked for heard in test.recorder.heard)


async def test_a_camera_that_draws_everything_out_is_left_in_time() -> None:
    """The test's own limit holds, whatever the camera does, and its report is of what came."""
    limits = replace(QUICK_TEST, seconds=4, reading=30)
    async with on_trial(limits=limits) as (test, running, _):
        running.set(unanswered="GetProfiles,GetRecordings,GetEventProperties,FindEvents")
        begun = time.monotonic()
        report = await test.run()
        # What it was still asked is called off, and the strict reader has its own moments.
        assert time.monotonic() - begun < PATIENCE
    assert report.ending in {Ending.OUT_OF_TIME, Ending.CAMERA_LOST}
    assert {Step.REPLAY, Step.QUIRKS} <= set(report.missing)
    found = duties(report)
    assert Fitness.FIT not in {found[one] for one in (Duty.FOOTAGE, Duty.PROOF, Duty.NO_AUDIO)}


def test_the_limits_of_a_test_are_less_than_five_minutes() -> None:
    """With what a strict reader may take at the end; the machine's own work is little."""
    assert TestLimits().seconds + TestLimits().reading + 1 <= 300


async def test_a_service_that_is_announced_and_does_nothing_is_named() -> None:
    """It lies in its list of services; what rests on it is not known."""
    async with on_trial() as (test, running, _):
        running.set(unreadable="GetReplayUri")
        report = await test.run()
    assert report.ending is Ending.DONE
    lies = [one for step in report.steps for one in step.said if one.key == "service_lies"]
    assert [one.values["service"] for one in lies] == ["replay"]
    assert duties(report)[Duty.PROOF] is Fitness.UNKNOWN
    assert duties(report)[Duty.FOOTAGE] is Fitness.UNKNOWN


@pytest.mark.parametrize("word", ["error", "absent", "unformatted", "locked"])
async def test_what_a_maker_says_of_a_bad_card_decides(word: str) -> None:
    """And the report says by whom; a card that is well is not called so by its maker's word alone."""
    maker: dict[str, Any] = {"manufacturer": "AXIS", "storage_status": StorageStatus.AXIS}
    async with on_trial(**maker) as (test, running, _):
        running.set(card_word=word)
        report = await test.run()
    assert duties(report)[Duty.CARD_STATUS] is Fitness.UNFIT
    assert said(report) & {"status_card_failed", "status_card_absent", "status_card_shut"}


async def test_a_maker_that_names_no_card_while_it_records_proves_nothing() -> None:
    """Dahua's 400 is also what those answer who do not know the question."""
    maker: dict[str, Any] = {"manufacturer": "Dahua", "storage_status": StorageStatus.DAHUA}
    async with on_trial(**maker) as (test, running, _):
        running.set(card_word="unnamed")
        report = await test.run()
    assert duties(report)[Duty.CARD_STATUS] is Fitness.FIT
    assert "storage_unnamed" in said(report)


@pytest.mark.parametrize(
    ("faults", "duty", "verdict", "sentence"),
    [
        ({"audio": True}, Duty.NO_AUDIO, Fitness.UNFIT, "audio_is_on"),
        ({"card_since": 3600, "card": "dead_green"}, Duty.CARD_STATUS, Fitness.UNFIT, "status_index_old"),
        ({"clock_offset": -420}, Duty.FOOTAGE, Fitness.LIMITS, "clock_behind"),
        ({"play_busy": True}, Duty.PROOF, Fitness.UNKNOWN, "proof_not_possible_because"),
        ({"unreadable": "GetProfiles"}, Duty.NO_AUDIO, Fitness.UNKNOWN, "audio_not_known"),
        ({"unreadable": "GetRecordings,GetRecordingInformation,FindRecordings"}, Duty.FOOTAGE, Fitness.UNKNOWN, "footage_not_read"),
        ({"quirks": [Quirk.REPLAY_IGNORES_RATE_CONTROL]}, Duty.FOOTAGE, Fitness.LIMITS, "replay_paced"),
        ({"quirks": [Quirk.JUMP_REFUSED]}, Duty.FOOTAGE, Fitness.LIMITS, "replay_does_not_jump"),
        ({"quirks": [Quirk.NO_PROFILE_G]}, Duty.FOOTAGE, Fitness.UNFIT, "services_lacking"),
        ({"quirks": [Quirk.NO_STORAGE_EVENT]}, Duty.CARD_STATUS, Fitness.FIT, "events_none_of_card"),
        ({"quirks": [Quirk.OPEN_WITHOUT_LOGIN]}, Duty.PROOF, Fitness.FIT, "login_open"),
    ],
)  # fmt: skip
async def test_each_temperament_has_its_verdict(
    faults: dict[str, Any], duty: Duty, verdict: Fitness, sentence: str
) -> None:
    """A camera of which one thing is so is judged by it."""
    async with on_trial() as (test, running, _):
        running.set(**faults)
        report = await test.run()
    assert report.ending is Ending.DONE
    assert sentence in said(report)
    assert duties(report)[duty] is verdict


@pytest.mark.parametrize(
    ("faults", "ending", "trouble"),
    [
        ({"garbage": "html"}, Ending.NOT_READABLE, Trouble.INVALID),
        ({"garbage": "huge"}, Ending.NOT_READABLE, Trouble.TOO_LARGE),
        ({"garbage": "entity_bomb"}, Ending.NOT_READABLE, Trouble.INVALID),
        ({"garbage": "empty"}, Ending.NOT_READABLE, Trouble.INVALID),
        ({"refuse_logins": True}, Ending.REFUSED, Trouble.REFUSED),
    ],
)
async def test_a_camera_that_is_none_ends_the_test_and_is_not_known(
    faults: dict[str, Any], ending: Ending, trouble: Trouble
) -> None:
    """Nothing is concluded from it, and a log-in that was refused is not tried again and again."""
    async with on_trial() as (test, running, _):
        running.set(**faults)
        report = await test.run()
    assert (report.ending, report.trouble) == (ending, trouble)
    found = duties(report)
    assert {found[duty] for duty in Duty} - {found[Duty.ALIVE]} <= {Fitness.UNKNOWN}
    assert set(report.missing) >= set(Step) - {Step.SCHEMA}
    assert sum(heard.status == 401 and not heard.as_nobody for heard in test.recorder.heard) <= 2


async def test_an_answer_without_end_costs_that_answer_alone() -> None:
    """Ten megabytes are dropped at two, whoever reads them; everything else is found out."""
    async with on_trial() as (test, running, _):
        running.set(oversized="GetScopes")
        report = await test.run()
    assert report.ending is Ending.DONE
    assert report.missing == ()
    (unread,) = (one for step in report.steps for one in step.said if one.key == "question_unread")
    assert unread.values["question"] == "GetScopes"
    assert unread.words["reason"] == f"trouble_{Trouble.TOO_LARGE}"
    assert {"replay_fast", "card_index_moves", "schema"} <= said(report)
    assert all(len(heard.body) <= 2 * 1024 * 1024 for heard in test.recorder.heard)


@pytest.mark.parametrize("dies_at", [Step.CLOCK, Step.REPLAY])
async def test_of_a_camera_that_dies_what_came_is_kept_and_what_is_missing_named(
    dies_at: Step,
) -> None:
    """The report says both."""
    dead = asyncio.Event()

    def progress(step: Step, _share: float) -> None:
        if step is dies_at:
            dead.set()

    async with on_trial(progress=progress) as (test, _, station):
        testing = asyncio.create_task(test.run())
        await dead.wait()
        await station.__aexit__(None, None, None)
        report = await testing
        # Its end is the block's, too.
        await station.__aenter__()
    assert report.ending is Ending.CAMERA_LOST
    assert test.findings.identity is not None
    assert duties(report)[Duty.ALIVE] is Fitness.UNFIT
    assert dies_at in report.missing
    assert Step.IDENTITY not in report.missing
    assert "alive_lost" in said(report)


@pytest.mark.parametrize("called_off_at", Step)
async def test_a_test_that_is_called_off_tells_what_it_found(called_off_at: Step) -> None:
    """At whatever step: the camera is left within moments, and nothing of the test goes on."""
    begun = asyncio.Event()
    before = asyncio.all_tasks()

    def progress(step: Step, _share: float) -> None:
        if step is called_off_at:
            begun.set()

    async with on_trial(progress=progress) as (test, running, _):
        testing = asyncio.create_task(test.run())
        await begun.wait()
        testing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await testing
        report = test.report()
        assert running.soap.searches == 0
    assert asyncio.all_tasks() <= before
    # Called off while the strict reader reads, everything that the camera was asked has been answered.
    at_the_end = called_off_at is Step.SCHEMA
    assert report.ending is (Ending.DONE if at_the_end else Ending.CANCELLED)
    assert (test.findings.identity is None) == (called_off_at is Step.IDENTITY)
    # What is only drawn from what is known asks nothing, and is done before anybody could call it off.
    at_once = called_off_at in {Step.AUDIO, Step.SIGNING}
    steps = list(Step)
    assert set(steps[steps.index(called_off_at) + at_once :]) <= set(report.missing)
