"""SD status is proved: what turns it red, and what alone may turn it green."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.niiza_cctv.lib.device.model import (
    ClockMode,
    ClockReading,
    JobState,
    ReadBack,
    ReadBackOutcome,
    Recording,
    RecordingJob,
    RecordingState,
    RecordingTrack,
    SdEvidence,
    SdStatus,
    SdVerdict,
    StorageReading,
    TrackKind,
)
from custom_components.niiza_cctv.lib.device.sd import (
    SdObservation,
    SdProof,
    newest_video,
    oldest_video,
)

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
POLL = timedelta(seconds=30)
SLOW_CLOCK = timedelta(minutes=-7)


def clock(offset: timedelta = timedelta(0)) -> ClockReading:
    """Return a measured clock."""
    return ClockReading(
        offset=offset,
        uncertainty=timedelta(seconds=0.6),
        mode=ClockMode.NTP,
        measured_at=START,
    )


def recording(newest: datetime | None, oldest: datetime | None = START) -> Recording:
    """Return a recording whose video ends at `newest` while its metadata track runs on."""
    return Recording(
        token="SD_1",
        earliest=oldest,
        latest=newest,
        state=RecordingState.RECORDING,
        tracks=(
            RecordingTrack(token="V", kind=TrackKind.VIDEO, data_from=oldest, data_to=newest),
            RecordingTrack(
                token="M",
                kind=TrackKind.METADATA,
                data_from=START,
                data_to=START + timedelta(days=1),
            ),
        ),
    )


def job(state: JobState) -> RecordingJob:
    """Return a recording job in a state."""
    return RecordingJob(token="JOB_1", recording_token="SD_1", state=state)


def seen(now: datetime, newest: datetime | None, **changes: Any) -> SdObservation:
    """Return an observation in which everything the camera says is green."""
    return replace(
        SdObservation(
            now=now,
            clock=clock(),
            recordings=(recording(newest),),
            jobs=(job(JobState.ACTIVE),),
        ),
        **changes,
    )


def sample(outcome: ReadBackOutcome, at: datetime, picture_at: datetime | None = None) -> ReadBack:
    """Return a read-back of that outcome."""
    return ReadBack(outcome=outcome, tried_at=at, picture_at=picture_at)


def watch(
    proof: SdProof, *, chunk: timedelta, polls: int, start: datetime = START
) -> list[SdStatus]:
    """Return the statuses of polls of a camera whose index moves on by whole chunks."""
    statuses = []
    for poll in range(polls):
        now = start + poll * POLL
        newest = START + ((now - START) // chunk) * chunk
        statuses.append(proof.judge(seen(now, newest)).status)
    return statuses


def test_an_index_that_keeps_up_with_the_clock_is_green_at_once() -> None:
    """No waiting for a second poll: data up to now are data."""
    verdict = SdProof(POLL).judge(seen(START, START - timedelta(seconds=2)))
    assert (verdict.status, verdict.evidence) == (SdStatus.RECORDING, SdEvidence.NEWEST_MOVES)
    assert verdict.problem is False


@pytest.mark.parametrize("died_before_poll", [timedelta(seconds=1), timedelta(seconds=29)])
def test_a_dead_card_with_every_status_green_is_red_by_the_second_poll(
    died_before_poll: timedelta,
) -> None:
    """The camera says Active and Recording throughout; only its index stands."""
    proof = SdProof(POLL)
    for poll in range(10):
        now = START + poll * POLL
        assert proof.judge(seen(now, now)).problem is False
    first_after = START + 10 * POLL
    died = first_after - died_before_poll
    proof.judge(seen(first_after, died))
    verdict = proof.judge(seen(first_after + POLL, died))
    assert (verdict.status, verdict.evidence) == (SdStatus.STALE, SdEvidence.NEWEST_STANDS)
    assert verdict.problem is True
    assert verdict.seen[SdEvidence.NEWEST_MOVES] == first_after


def test_a_mended_card_is_green_again_and_the_next_death_is_seen_as_fast() -> None:
    """An outage that ended must not teach patience, however often it happens."""
    proof = SdProof(POLL)
    now = newest = START
    for _ in range(4):
        for _ in range(6):
            now += POLL
            newest = now
            assert proof.judge(seen(now, newest)).problem is False
        for poll in range(1, 6):
            now += POLL
            problem = proof.judge(seen(now, newest)).problem
            assert problem or poll == 1


def test_a_camera_that_writes_in_chunks_becomes_green_once_its_habit_is_known() -> None:
    """Two-minute files: the index stands for four polls and is still fine."""
    proof = SdProof(POLL)
    statuses = watch(proof, chunk=timedelta(minutes=2), polls=60)
    assert SdStatus.STALE in statuses[:14]
    assert set(statuses[20:]) == {SdStatus.RECORDING}


def test_a_chunk_writer_that_dies_turns_red_soon_after_its_chunk_is_overdue() -> None:
    """The learnt patience is a quarter above the habit, not endless."""
    proof = SdProof(POLL)
    watch(proof, chunk=timedelta(minutes=2), polls=60)
    died = START + timedelta(minutes=28)
    overdue = died + timedelta(minutes=2, seconds=40)
    assert proof.judge(seen(overdue, died)).status is SdStatus.STALE


def test_a_slow_clock_is_not_taken_for_a_standing_index() -> None:
    """The index is held against the camera's clock, not ours."""
    verdict = SdProof(POLL).judge(seen(START, START + SLOW_CLOCK, clock=clock(SLOW_CLOCK)))
    assert verdict.status is SdStatus.RECORDING


def test_old_footage_at_the_first_look_is_not_yet_judged_but_very_old_is() -> None:
    """A restart in the middle of a chunk is no alarm; an hour without footage is."""
    assert SdProof(POLL).judge(seen(START, START - timedelta(minutes=3))).problem is None
    assert SdProof(POLL).judge(seen(START, START - timedelta(hours=1))).status is SdStatus.STALE


def test_an_index_ahead_of_the_camera_s_clock_proves_nothing() -> None:
    """Wrong end times are neither green nor red by themselves."""
    verdict = SdProof(POLL).judge(seen(START, START + timedelta(hours=3)))
    assert (verdict.status, verdict.problem) == (SdStatus.UNPROVEN, None)


@pytest.mark.parametrize(
    ("changes", "status", "evidence"),
    [
        ({"storage_failed": True}, SdStatus.CARD_ERROR, SdEvidence.STORAGE_FAILURE_EVENT),
        (
            {"storage": StorageReading(source="maker", card_failed=True)},
            SdStatus.CARD_ERROR,
            SdEvidence.STORAGE_PROBE,
        ),
        (
            {"storage": StorageReading(source="maker", card_present=False)},
            SdStatus.CARD_MISSING,
            SdEvidence.STORAGE_PROBE,
        ),
        ({"mail_error": START}, SdStatus.CARD_ERROR, SdEvidence.MAIL),
        ({"recordings": ()}, SdStatus.CARD_MISSING, SdEvidence.NO_RECORDINGS),
        ({"jobs": (job(JobState.ERROR),)}, SdStatus.CARD_ERROR, SdEvidence.JOB_STATE),
        (
            {"read_back": sample(ReadBackOutcome.NO_DATA, START)},
            SdStatus.CARD_ERROR,
            SdEvidence.READ_BACK,
        ),
        (
            {"read_back": sample(ReadBackOutcome.UNDECODABLE, START)},
            SdStatus.CARD_ERROR,
            SdEvidence.READ_BACK,
        ),
    ],
)
def test_each_evidence_of_a_fault_outweighs_a_moving_index(
    changes: dict[str, object], status: SdStatus, evidence: SdEvidence
) -> None:
    """One proof of a fault is enough; the enum names it."""
    verdict = SdProof(POLL).judge(seen(START, START, **changes))
    assert (verdict.status, verdict.evidence) == (status, evidence)


def test_an_idle_job_explains_why_the_index_stands() -> None:
    """Idle is told apart from a card that silently died."""
    proof = SdProof(POLL)
    idle = (job(JobState.IDLE),)
    proof.judge(seen(START, START, jobs=idle))
    verdict = proof.judge(seen(START + POLL, START, jobs=idle))
    assert (verdict.status, verdict.evidence) == (SdStatus.NOT_RECORDING, SdEvidence.JOB_STATE)


def test_a_camera_that_never_listed_a_recording_or_a_job_is_unproven() -> None:
    """Some makers list only what was recorded through ONVIF: nothing is known, so nothing is green."""
    verdict = SdProof(POLL).judge(seen(START, None, recordings=(), jobs=()))
    assert verdict.status is SdStatus.UNPROVEN
    assert SdProof(POLL).judge(seen(START, None, recordings=None)).status is SdStatus.UNPROVEN


def test_recordings_that_vanish_mean_a_missing_card_even_without_jobs() -> None:
    """What was listed before and is gone was on a card that is gone."""
    proof = SdProof(POLL)
    proof.judge(seen(START, START))
    assert (
        proof.judge(seen(START + POLL, None, recordings=(), jobs=())).status
        is SdStatus.CARD_MISSING
    )


def test_without_index_times_a_fresh_sample_proves_and_an_old_one_does_not() -> None:
    """Bounds of 1970 arrive here as None; then only decoded pictures count."""
    blind = (recording(None, None),)
    decoded = sample(ReadBackOutcome.DECODED, START, START)

    def verdict(now: datetime, read_back: ReadBack | None) -> SdVerdict:
        return SdProof(POLL).judge(seen(now, None, recordings=blind, read_back=read_back))

    assert verdict(START, None).problem is None
    assert verdict(START + timedelta(hours=25), decoded).evidence is SdEvidence.READ_BACK
    assert verdict(START + timedelta(hours=25), decoded).problem is False
    assert verdict(START + timedelta(hours=27), decoded).problem is None


def test_a_decoded_sample_does_not_excuse_a_standing_index() -> None:
    """Old footage that still plays says nothing about now."""
    proof = SdProof(POLL)
    decoded = sample(ReadBackOutcome.DECODED, START, START)
    proof.judge(seen(START, START, read_back=decoded))
    assert proof.judge(seen(START + POLL, START, read_back=decoded)).status is SdStatus.STALE


def test_a_sample_that_could_not_be_tried_is_no_evidence() -> None:
    """A busy camera is not a broken card."""
    not_possible = sample(ReadBackOutcome.NOT_POSSIBLE, START)
    verdict = SdProof(POLL).judge(seen(START, START, read_back=not_possible))
    assert verdict.status is SdStatus.RECORDING
    assert SdEvidence.READ_BACK not in verdict.seen


def test_video_bounds_count_before_the_recording_s_own() -> None:
    """Metadata runs on when pictures have stopped; without track bounds the recording's count."""
    own = Recording(token="A", earliest=START, latest=START, state=RecordingState.UNKNOWN)
    assert newest_video((recording(START - POLL), own)) == START
    assert newest_video((recording(START - POLL),)) == START - POLL
    assert oldest_video((recording(None, START - POLL), own)) == START - POLL
    assert newest_video(()) is None


def test_a_dead_recording_is_not_excused_by_another_that_moves() -> None:
    """The active job names what must grow; event footage elsewhere is not it."""
    proof = SdProof(POLL)

    def verdict(now: datetime) -> SdVerdict:
        other = replace(recording(now), token="SD_2")
        return proof.judge(seen(now, None, recordings=(recording(START), other)))

    verdict(START)
    assert verdict(START + POLL).status is SdStatus.STALE


def test_metadata_that_runs_on_does_not_stand_in_for_video() -> None:
    """A recording's own end is that of its longest track: pictures count, nothing else."""
    blind = replace(
        recording(None, None),
        latest=START,
        tracks=(
            RecordingTrack(token="V", kind=TrackKind.VIDEO),
            RecordingTrack(token="M", kind=TrackKind.METADATA, data_from=START, data_to=START),
        ),
    )
    assert newest_video((blind,)) is None
    assert SdProof(POLL).judge(seen(START, None, recordings=(blind,))).problem is None


def test_a_camera_that_hangs_with_its_clock_is_not_green() -> None:
    """Cached answers keep index and clock together; our clock goes on."""
    proof = SdProof(POLL)
    statuses = [
        proof.judge(seen(START + n * POLL, START, clock=clock(-n * POLL))).status for n in range(3)
    ]
    assert statuses == [SdStatus.RECORDING, SdStatus.STALE, SdStatus.STALE]


def test_a_clock_set_back_does_not_hide_a_death() -> None:
    """The index is then ahead of the clock, but it moved before and does not any more."""
    proof = SdProof(POLL)
    for poll in range(3):
        proof.judge(seen(START + poll * POLL, START + poll * POLL))
    died = START + 2 * POLL
    back = clock(timedelta(minutes=-5))
    statuses = [proof.judge(seen(died + n * POLL, died, clock=back)).status for n in range(1, 14)]
    assert set(statuses) == {SdStatus.STALE}


def test_an_index_that_lags_but_moves_at_every_look_is_green() -> None:
    """A pipeline of half a minute is no standing index."""
    proof = SdProof(POLL)
    lag = timedelta(seconds=29)
    statuses = [
        proof.judge(seen(START + n * POLL, START + n * POLL - lag)).status for n in range(1, 6)
    ]
    assert SdStatus.STALE not in statuses
    assert statuses[-1] is SdStatus.RECORDING


def test_outages_of_different_length_teach_no_patience() -> None:
    """Each ends for a single look before the next: still no habit."""
    proof = SdProof(POLL)
    now = newest = START
    proof.judge(seen(now, newest))
    for polls in (8, 3, 9, 2, 7):
        for _ in range(polls):
            now += POLL
            proof.judge(seen(now, newest))
        now += POLL
        newest = now
        proof.judge(seen(now, newest))
    statuses = [proof.judge(seen(now + n * POLL, newest)).status for n in (1, 2)]
    assert statuses == [SdStatus.STALE, SdStatus.STALE]
