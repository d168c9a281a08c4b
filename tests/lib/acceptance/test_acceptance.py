"""The acceptance test, on cameras of all temperaments: it says what is so, and of what it could not find out that it is not known."""

import asyncio
from typing import Any

import pytest

from custom_components.niiza_cctv.lib.acceptance.model import Duty, Ending, Fitness, Step, Trouble
from simulator.camera import Quirk
from tests.lib.acceptance.tested import duties, on_trial, said

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
    # No mail and no address report has come, and nobody looked at the sign.
    assert found[Duty.ALIVE] is found[Duty.ADDRESS] is Fitness.LIMITS
    assert found[Duty.SIGN] is Fitness.UNKNOWN
    assert report.verdict is Fitness.LIMITS
    assert {"replay_fast", "replay_jumps", "card_index_moves", "events_of_card"} <= said(report)
    asked = {heard.operation for heard in test.recorder.heard}
    assert not {name for name in asked if name.startswith("Set")} - {"SetSynchronizationPoint"}
    # Nothing of it is left behind.
    assert {"Unsubscribe", "EndSearch"} <= asked


@pytest.mark.parametrize(
    ("faults", "duty", "verdict", "sentence"),
    [
        ({"audio": True}, Duty.NO_AUDIO, Fitness.UNFIT, "audio_is_on"),
        ({"card_since": 3600, "card": "dead_green"}, Duty.CARD_STATUS, Fitness.UNFIT, "status_index_old"),
        ({"clock_offset": -420}, Duty.FOOTAGE, Fitness.LIMITS, "clock_behind"),
        ({"play_busy": True}, Duty.PROOF, Fitness.UNKNOWN, "proof_not_possible"),
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
    assert report.identity is not None
    assert duties(report)[Duty.ALIVE] is Fitness.UNFIT
    assert dies_at in report.missing
    assert Step.IDENTITY not in report.missing
    assert "alive_lost" in said(report)


async def test_a_test_that_is_called_off_tells_what_it_found() -> None:
    """The camera is left within moments."""
    begun = asyncio.Event()

    def progress(step: Step, _share: float) -> None:
        if step is Step.CARD:
            begun.set()

    async with on_trial(progress=progress) as (test, _, _station):
        testing = asyncio.create_task(test.run())
        await begun.wait()
        testing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await testing
        report = test.report()
    assert report.ending is Ending.CANCELLED
    assert report.identity is not None
    assert {Step.REPLAY, Step.SCHEMA} <= set(report.missing)
