"""A station camera over real sockets: what a poll says, what events bring forward, what breaks and fixes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
import random
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from custom_components.niiza_cctv.lib.device.camera import (
    StationCamera,
    identity_key,
    test_camera as prove_camera,
)
from custom_components.niiza_cctv.lib.device.errors import (
    CameraAnswerInvalid,
    CameraIsAnother,
    CameraLockedOut,
    CameraOperationUnsupported,
    CameraRefused,
    CameraRightMissing,
    CameraUnreachable,
)
from custom_components.niiza_cctv.lib.device.model import (
    AudioPlace,
    CameraAddress,
    CameraStatus,
    Credential,
    ReadBack,
    ReadBackOutcome,
    RetentionStatus,
    SdEvidence,
    SdStatus,
)
from custom_components.niiza_cctv.lib.device.policy import SectionPolicy
from custom_components.niiza_cctv.lib.device.quirks import Quirk as OurQuirk
from custom_components.niiza_cctv.lib.footage.readback import ReadBackLimits, read_back
from custom_components.niiza_cctv.lib.footage.rtsp import describe
from simulator.camera import AuthMode, CardFault, Faults, Quirk
from simulator.running import RunningCamera
from simulator.station import Station
from tests.section import PATIENCE, QUICK
from tests.station import VIEWER, camera_config

POLL = timedelta(seconds=2)
# An index that a busy machine was long in asking for does not stand.
PATIENT = timedelta(seconds=60)
VIEWING = Credential(username=VIEWER.name, password=VIEWER.password)


@pytest.fixture
async def http(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session to borrow."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


async def media_kinds(url: str, credential: Credential) -> frozenset[str]:
    """Return the kinds of media behind an RTSP URL, as the coordinator does."""
    return frozenset(media.kind for media in await describe(url, credential))


type Start = Callable[..., Awaitable[RunningCamera]]


@pytest.fixture
async def start(socket_enabled: None) -> AsyncIterator[Start]:
    """Return what starts one virtual camera."""
    stations: list[Station] = []

    async def start_one(**changes: Any) -> RunningCamera:
        station = Station([camera_config(**changes)])
        await station.start()
        stations.append(station)
        return next(iter(station.cameras.values()))

    yield start_one
    for station in stations:
        await station.stop()


def watched(
    http: aiohttp.ClientSession,
    running: RunningCamera,
    *,
    credential: Credential = VIEWING,
    known_as: str | None = None,
    on_change: Callable[[], None] = lambda: None,
    last_read_back: ReadBack | None = None,
    poll_interval: timedelta = PATIENT,
    sampled_since: datetime | None = None,
) -> StationCamera:
    """Return our view of a virtual camera."""
    return StationCamera(
        http,
        CameraAddress(host="127.0.0.1", port=running.http_port),
        credential,
        SectionPolicy(),
        known_as=known_as,
        poll_interval=poll_interval,
        time_zone=ZoneInfo("Asia/Tokyo"),
        media_kinds=media_kinds,
        read_back=partial(read_back, limits=ReadBackLimits(idle=1.5)),
        on_change=on_change,
        last_read_back=last_read_back,
        sampled_since=sampled_since,
        timing=QUICK,
    )


async def poll_until(
    camera: StationCamera, true: Callable[[CameraStatus], bool], *, polls: int
) -> CameraStatus:
    """Poll at the camera's interval until something is true, at most so many times."""
    for _ in range(polls):
        await asyncio.sleep(POLL.total_seconds())
        if true(status := await camera.poll()):
            return status
    pytest.fail(f"Not within {polls} polls: {status}")


async def test_a_healthy_camera_is_known_at_the_first_poll(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """Nothing is left unknown that this camera can tell."""
    camera = watched(http, await start())
    status = await camera.poll()
    assert status.alive
    assert status.error is None
    assert status.sd is not None
    assert (status.sd.status, status.sd.evidence) == (SdStatus.RECORDING, SdEvidence.NEWEST_MOVES)
    assert status.recording_now is True
    assert status.audio is not None
    assert status.audio.disabled is True
    assert status.audio.read == set(AudioPlace)
    assert status.retention is not None
    assert (status.retention.status, status.retention.days) == (RetentionStatus.WITHIN, 14)
    assert status.clock is not None
    assert abs(status.clock.offset) < timedelta(seconds=1)
    assert status.main_profile is not None
    assert (status.main_profile.width, status.main_profile.height) == (640, 360)
    assert status.identity is not None
    assert status.identity.serial.startswith("NS200-")


async def test_a_card_dead_with_every_status_green_turns_red_within_two_polls_and_green_when_mended(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """Nothing is announced: only the index stands."""
    running = await start()
    camera = watched(http, running, poll_interval=POLL)
    await camera.poll()
    running.set(card="dead_green")
    status = await poll_until(camera, lambda s: bool(s.sd and s.sd.problem), polls=2)
    assert status.sd is not None
    assert (status.sd.status, status.sd.evidence) == (SdStatus.STALE, SdEvidence.NEWEST_STANDS)
    assert status.recording_now is False
    running.set(card="ok")
    await poll_until(camera, lambda s: s.sd is not None and s.sd.problem is False, polls=2)


@pytest.mark.parametrize(
    ("fault", "status"),
    [(CardFault.REMOVED, SdStatus.CARD_MISSING), (CardFault.FAILED, SdStatus.CARD_ERROR)],
)
async def test_a_card_that_admits_its_fault_is_named_at_the_next_poll(
    http: aiohttp.ClientSession, start: Start, fault: CardFault, status: SdStatus
) -> None:
    """Removed and failed are told apart."""
    running = await start()
    camera = watched(http, running)
    await camera.poll()
    running.set(card=fault)
    await poll_until(camera, lambda s: s.sd is not None and s.sd.status is status, polls=1)
    running.set(card="ok")
    await poll_until(camera, lambda s: s.sd is not None and s.sd.problem is False, polls=2)


async def test_a_read_back_of_an_earlier_run_stands_until_there_is_one_of_now(
    http: aiohttp.ClientSession, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told at once, also before the camera answers; and the card is read soon, for it may have been swapped."""
    monkeypatch.setattr(random, "uniform", lambda *_: 0.0)
    running = await start()
    now = datetime.now(UTC)
    before = ReadBack(outcome=ReadBackOutcome.NO_DATA, tried_at=now - timedelta(days=3))
    camera = watched(http, running, last_read_back=before, sampled_since=now)
    assert (camera.status.read_back, camera.status.alive) == (before, False)
    status = await camera.poll()
    assert status.sd is not None
    assert (status.sd.status, status.sd.evidence) == (SdStatus.CARD_ERROR, SdEvidence.READ_BACK)
    assert status.read_back == before
    assert camera.read_back_due()
    await camera.prove()
    status = await poll_until(camera, lambda s: s.sd is not None and s.sd.problem is False, polls=2)
    assert status.read_back is not None
    assert status.read_back.tried_at > now
    assert not camera.read_back_due()


async def test_a_card_that_lists_what_it_cannot_play_is_found_by_reading_back(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """The index moves, the statuses are green: only a decoded picture tells."""
    running = await start()
    changes = 0

    def on_change() -> None:
        nonlocal changes
        changes += 1

    camera = watched(http, running, on_change=on_change)
    await camera.poll()
    sample = await camera.prove()
    assert sample.outcome is ReadBackOutcome.DECODED
    assert sample.pictures > 0
    assert not camera.read_back_due()
    # Beyond the second try, which looks a little further back.
    running.set(card_since=28, card="unreadable")
    assert (await camera.prove()).outcome in (ReadBackOutcome.NO_DATA, ReadBackOutcome.UNDECODABLE)
    status = await camera.poll()
    assert status.sd is not None
    assert (status.sd.status, status.sd.evidence) == (SdStatus.CARD_ERROR, SdEvidence.READ_BACK)
    # Longer than a sample takes of it.
    running.set(card_since=8, card="ok")
    assert (await camera.prove()).outcome is ReadBackOutcome.DECODED
    assert (await camera.poll()).recording_now is True
    assert changes == 3


async def test_a_mail_about_the_card_counts_until_it_is_taken_back_or_disproved(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """The camera's own word turns the card red; a picture taken since then, or another mail, green again."""
    camera = watched(http, await start())
    await camera.poll()
    await camera.prove()
    told_at = datetime.now(UTC)
    camera.note_mail_error(told_at)
    status = await camera.poll()
    assert status.sd is not None
    assert (status.sd.status, status.sd.evidence) == (SdStatus.CARD_ERROR, SdEvidence.MAIL)
    assert status.sd.seen[SdEvidence.MAIL] == told_at
    # A picture of soon after the mail is no proof.
    camera.note_mail_error(told_at - timedelta(minutes=8))
    assert (await camera.prove()).outcome is ReadBackOutcome.DECODED
    kept = camera.mail_error
    assert kept is not None
    camera.note_mail_error(told_at - timedelta(hours=1))
    assert (await camera.prove()).outcome is ReadBackOutcome.DECODED
    assert camera.mail_error is None
    assert (await camera.poll()).recording_now is True
    camera.note_mail_error(told_at)
    camera.note_mail_error(None)
    assert (await camera.poll()).recording_now is True


async def test_a_microphone_switched_on_is_found_and_what_it_left_on_the_card_is_told(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """Off again is off again, but the card still holds what was heard."""
    running = await start()
    camera = watched(http, running)
    await camera.poll()
    running.set(audio=True)
    watching = asyncio.create_task(camera.watch())
    status = await poll_until(
        camera, lambda s: s.audio is not None and s.audio.disabled is False, polls=2
    )
    assert status.audio is not None
    assert {AudioPlace.MEDIA_PROFILE, AudioPlace.LIVE_STREAM} <= status.audio.found
    running.set(audio=False)
    watching.cancel()


async def test_a_slow_clock_is_measured_and_does_not_lock_us_out(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """Seven minutes are beyond what a camera grants a token; the offset is known before we log in."""
    running = await start(auth=AuthMode.WSSE, faults=Faults(clock_offset=-420))
    status = await watched(http, running).poll()
    assert status.clock is not None
    assert abs(status.clock.offset + timedelta(minutes=7)) < timedelta(seconds=1)
    assert status.recording_now is True
    assert status.newest_recording is not None
    assert status.last_contact is not None
    assert abs(status.last_contact - status.newest_recording) < timedelta(seconds=30)


async def test_a_clock_that_jumps_between_two_polls_is_noticed_at_the_next(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """A jump shows in the index, so the cheap look does not hide it."""
    running = await start()
    camera = watched(http, running)
    await camera.poll()
    running.set(clock_offset=-420.0)
    status = await poll_until(
        camera, lambda s: s.clock is not None and s.clock.offset < timedelta(minutes=-6), polls=1
    )
    assert status.alive


async def test_sixteen_days_where_fourteen_are_standard_are_too_long(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """Privacy: what should be gone is still there."""
    status = await watched(http, await start(days=16)).poll()
    assert status.retention is not None
    assert (status.retention.status, status.retention.days) == (RetentionStatus.TOO_LONG, 16)


async def test_an_unplugged_camera_is_dead_and_nothing_is_known_of_it(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """No stale green; and it comes back by itself."""
    running = await start()
    camera = watched(http, running)
    seen = (await camera.poll()).last_contact
    await running.soap.stop()
    status = await camera.poll()
    assert not status.alive
    assert isinstance(status.error, CameraUnreachable)
    assert (status.sd, status.audio, status.retention, status.clock) == (None, None, None, None)
    assert status.last_contact == seen
    await running.soap.start()
    assert (await camera.poll()).recording_now is True


async def test_a_wrong_password_leaves_the_camera_alive_and_is_not_tried_again_at_once(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """Otherwise the camera would lock the account because of us."""
    running = await start()
    camera = watched(http, running, credential=Credential(username="viewer", password="wrong"))
    first = await camera.poll()
    second = await camera.poll()
    assert first.alive
    assert isinstance(first.error, CameraRefused)
    assert isinstance(second.error, CameraLockedOut)
    assert second.sd is None


async def test_another_camera_at_the_address_is_not_taken_for_ours(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """Addresses change hands; footage must not."""
    first, second = await start(name="kita"), await start(name="minami")
    tried = await prove_camera(http, CameraAddress(host="127.0.0.1", port=first.http_port), VIEWING)
    status = await watched(http, second, known_as=identity_key(tried.identity)).poll()
    assert not status.alive
    assert isinstance(status.error, CameraIsAnother)


async def test_a_camera_without_profile_g_cannot_be_added(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """It could be watched, never proved."""
    running = await start(quirks=frozenset({Quirk.NO_PROFILE_G}))
    with pytest.raises(CameraOperationUnsupported):
        await prove_camera(http, CameraAddress(host="127.0.0.1", port=running.http_port), VIEWING)


@pytest.mark.parametrize("garbage", ["html", "truncated", "huge", "entity_bomb", "empty"])
async def test_garbage_is_a_clear_state_and_passes(
    http: aiohttp.ClientSession, start: Start, garbage: str
) -> None:
    """Whatever comes: a typed error, nothing stale, and recovery at the next good answer."""
    running = await start()
    camera = watched(http, running)
    await camera.poll()
    running.set(garbage=garbage)
    status = await camera.poll()
    assert isinstance(status.error, CameraAnswerInvalid)
    assert status.alive
    assert status.unread
    assert status.sd is None
    running.set(garbage="none")
    status = await camera.poll()
    assert status.recording_now is True
    assert status.unread == ()


async def test_a_failing_card_is_announced_and_the_poll_brought_forward(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """StorageFailure outlives no subscription: it is forgotten with it, never stale."""
    running = await start()
    polled = asyncio.Event()
    camera = watched(http, running, on_change=polled.set)
    await camera.poll()
    watching = asyncio.create_task(camera.watch())
    await asyncio.wait_for(polled.wait(), PATIENCE)
    polled.clear()
    assert (await camera.poll()).events_alive
    running.set(card="failed")
    await asyncio.wait_for(polled.wait(), PATIENCE)
    status = await camera.poll()
    assert status.sd is not None
    assert status.sd.evidence is SdEvidence.STORAGE_FAILURE_EVENT
    polled.clear()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_events_that_die_are_noticed_and_made_again(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """A subscription that vanished without a word must not leave old states standing."""
    running = await start()
    changed = asyncio.Event()
    camera = watched(http, running, on_change=changed.set)
    await camera.poll()
    watching = asyncio.create_task(camera.watch())
    await asyncio.wait_for(changed.wait(), PATIENCE)
    changed.clear()
    running.set(subscriptions_die=True)
    await asyncio.wait_for(changed.wait(), PATIENCE)
    assert not (await camera.poll()).events_alive
    changed.clear()
    running.set(subscriptions_die=False)
    await asyncio.wait_for(changed.wait(), PATIENCE)
    assert (await camera.poll()).events_alive
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_addresses_behind_nat_lead_to_the_configured_host(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """The camera names its LAN address everywhere; none of it is followed."""
    running = await start(advertised_host="192.168.77.7")
    camera = watched(http, running)
    status = await camera.poll()
    assert status.recording_now is True
    assert status.audio is not None
    assert status.audio.disabled is True
    assert (await camera.prove()).outcome is ReadBackOutcome.DECODED
    assert f"rtsp://127.0.0.1:{running.rtsp_port}/" in await camera.live_uri()
    picture = await camera.still()
    assert picture is not None
    assert picture.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    "quirk",
    # That one took a digest, and is sent no readable password for its pictures: `test_digest.py`.
    sorted(set(Quirk) - {Quirk.NO_PROFILE_G, Quirk.JOBS_FOR_ADMINISTRATORS, Quirk.RTSP_BASIC}),
)
async def test_the_quirks_of_real_cameras_cost_at_most_the_fact_they_concern(
    http: aiohttp.ClientSession, start: Start, quirk: Quirk
) -> None:
    """The camera stays alive and sound; only what the quirk hides may be unknown, nothing is falsely red."""
    running = await start(quirks=frozenset({quirk}))
    camera = watched(http, running)
    status = await camera.poll()
    assert status.alive, status.error
    assert status.error is None
    assert status.sd is not None
    if quirk is Quirk.EMPTY_RECORDINGS:
        # A job that records and nothing that it recorded: nobody could tell this from a missing card.
        assert status.sd.status is SdStatus.CARD_MISSING
    elif quirk is Quirk.DATA_TO_TOO_EARLY:
        # A camera that says that its video ended yesterday is believed: green needs data.
        assert status.sd.status is SdStatus.STALE
    else:
        assert status.sd.problem in (False, None)
    assert status.audio is not None
    assert status.audio.disabled is True
    assert status.main_profile is not None


async def test_a_dead_camera_is_dead_also_while_log_ins_are_held_back(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """Holding back is ours: it says nothing about the camera."""
    running = await start()
    camera = watched(http, running, credential=Credential(username="viewer", password="wrong"))
    await camera.poll()
    assert isinstance((await camera.poll()).error, CameraLockedOut)
    assert camera.status.alive
    await running.soap.stop()
    status = await camera.poll()
    assert not status.alive
    assert isinstance(status.error, CameraLockedOut)


async def test_a_right_that_the_viewer_lacks_costs_only_what_it_concerns(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """The password is fine: nobody may be told that it was refused."""
    running = await start(quirks=frozenset({Quirk.JOBS_FOR_ADMINISTRATORS}))
    status = await watched(http, running).poll()
    assert status.alive
    assert isinstance(status.error, CameraRightMissing)
    assert status.recording_now is True


async def test_what_could_not_be_tried_does_not_take_back_a_failed_read_back(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """Somebody watches, the one session is taken: that is no reason for green."""
    running = await start(faults=Faults(card=CardFault.UNREADABLE))
    camera = watched(http, running)
    await camera.poll()
    failed = ReadBack(outcome=ReadBackOutcome.NO_DATA, tried_at=datetime.now(UTC))
    camera = watched(http, running, last_read_back=failed)
    await running.rtsp.stop()
    assert (await camera.prove()).outcome is ReadBackOutcome.NOT_POSSIBLE
    status = await camera.poll()
    assert status.sd is not None
    assert status.sd.evidence is SdEvidence.READ_BACK
    assert status.recording_now is False


async def test_another_camera_that_takes_over_the_address_between_two_polls_is_noticed(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """Answers go on without a break; only asking who it is tells."""
    first, second = await start(name="kita"), await start(name="minami")
    identity = (await watched(http, first).poll()).identity
    assert identity is not None
    known_as = identity_key(identity)
    camera = watched(http, first, known_as=known_as)
    assert (await camera.poll()).alive
    port = first.http_port
    await first.soap.stop()
    station = Station([replace(second.camera.config, http_port=port, rtsp_port=0)])
    async with station:
        running = next(iter(station.cameras.values()))
        running.set(clock_offset=-30.0)
        status = await poll_until(camera, lambda s: s.error is not None, polls=2)
        assert isinstance(status.error, CameraIsAnother)
        assert not status.alive


async def test_events_come_back_soon_after_an_outage(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """What a poll forgot of a dead camera is no reason to believe that it has no events."""
    running = await start()
    changed = asyncio.Event()
    camera = watched(http, running, on_change=changed.set)
    await running.soap.stop()
    await camera.poll()
    watching = asyncio.create_task(camera.watch())
    await running.soap.start()
    await camera.poll()
    await asyncio.wait_for(changed.wait(), PATIENCE)
    assert (await camera.poll()).events_alive
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


# --- Cameras as they are ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quirk", "met"),
    [
        (Quirk.BARE_AMPERSAND, OurQuirk.XML_UNESCAPED),
        (Quirk.FOREIGN_BYTES, OurQuirk.XML_CHARSET),
        (Quirk.FOREIGN_BYTES, OurQuirk.XML_CHARACTER),
        (Quirk.WRONG_LENGTH, OurQuirk.HTTP_LENGTH),
        (Quirk.NAMELESS_HEADER, OurQuirk.HTTP_HEADER),
        (Quirk.MULTIPART, OurQuirk.SOAP_MULTIPART),
        (Quirk.FAULTS_IN_WORDS, OurQuirk.SOAP_FAULT_WORDS),
        (Quirk.NO_UTC_TIME, OurQuirk.CLOCK_NO_UTC),
    ],
)
async def test_what_is_put_right_is_right_and_counted(
    http: aiohttp.ClientSession, start: Start, quirk: Quirk, met: OurQuirk
) -> None:
    """The camera is green, its card is read back, and its diagnostics say what it gets wrong."""
    auth = AuthMode.WSSE if quirk is Quirk.FAULTS_IN_WORDS else AuthMode.BOTH
    camera = watched(http, await start(quirks=frozenset({quirk}), auth=auth))
    status = await camera.poll()
    assert status.error is None
    assert status.recording_now is True
    assert (await camera.prove()).outcome is ReadBackOutcome.DECODED
    counts = camera.quirks.counts()
    assert counts[met].count > 0
    assert set(counts) <= {met, OurQuirk.XML_CHARSET, OurQuirk.XML_CHARACTER}


async def test_a_healthy_camera_has_no_quirks(http: aiohttp.ClientSession, start: Start) -> None:
    """Nothing is called odd that is not."""
    camera = watched(http, await start())
    await camera.poll()
    await camera.prove()
    assert camera.quirks.counts() == {}


@pytest.mark.parametrize("what", ["unreadable", "unanswered"])
async def test_one_answer_that_cannot_be_read_costs_what_it_tells_and_no_more(
    http: aiohttp.ClientSession, start: Start, what: str
) -> None:
    """Alive is what answers; the card is proved all the same, and what is not known is named."""
    camera = watched(http, running := await start())
    camera.client.session.timeout = 1.5
    await camera.poll()
    running.set(**{what: "GetProfiles,GetRecordingJobs"})
    camera.look_again()
    status = await camera.poll()
    assert status.alive
    assert status.unread == ("GetProfiles", "GetRecordingJobs")
    assert isinstance(status.error, CameraAnswerInvalid)
    assert status.recording_now is True
    assert status.main_profile is None
    assert status.audio is not None
    assert status.audio.disabled is None
    running.set(**{what: ""})
    status = await camera.poll()
    assert (status.unread, status.error) == ((), None)


@pytest.mark.parametrize("what", ["unreadable", "unanswered"])
@pytest.mark.parametrize(
    "operations",
    [
        "GetDeviceInformation",
        "GetRecordings,GetRecordingJobs,GetRecordingInformation",
        "GetServices,GetCapabilities",
        "GetSystemDateAndTime,GetDeviceInformation,GetServices,GetCapabilities",
        "GetScopes,GetNetworkInterfaces,GetStorageConfigurations",
    ],
)
async def test_a_camera_that_is_half_there_is_never_dead_and_its_card_never_faulty(
    http: aiohttp.ClientSession, start: Start, what: str, operations: str
) -> None:
    """Death and a card's fault need proof; whatever is missing here is none."""
    running = await start()
    camera = watched(http, running)
    camera.client.session.timeout = 1.5
    running.set(**{what: operations})
    for _ in range(2):
        status = await camera.poll()
        silent = what == "unanswered" and operations.startswith("GetSystemDateAndTime")
        # One that answers nothing that it is asked cannot be told from one that is not there.
        assert status.alive is not silent
        assert status.sd is None or status.sd.status in {SdStatus.RECORDING, SdStatus.UNPROVEN}
        if not silent and "GetScopes" not in operations:
            assert status.unread, status.error
            assert set(status.unread) <= set(operations.split(","))
    running.set(**{what: ""})
    assert (await camera.poll()).recording_now is True


async def test_a_zone_that_changes_in_mid_day_counts_at_once(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """Recordings are stamped in local time without a zone: read by yesterday's zone they would be hours off."""
    running = await start(quirks=frozenset({Quirk.LOCAL_TIME_WITHOUT_ZONE}))
    camera = watched(http, running)
    for zone in ("JST-9", "CST-8", "Asia/Seoul", "IST-5:30", "", "no zone at all", "JST-9"):
        running.set(zone_text=zone)
        # The index has whole seconds: a look within the same one could not tell that it moves.
        await asyncio.sleep(1.1)
        status = await camera.poll()
        assert status.error is None
        assert status.newest_recording is not None, zone
        assert status.last_contact is not None
        assert abs(status.last_contact - status.newest_recording) < timedelta(seconds=30), zone
        assert status.recording_now is True
    running.set(zone_text="no zone at all")
    camera.look_again()
    assert (await camera.poll()).recording_now is True
    assert camera.quirks.counts()[OurQuirk.CLOCK_ZONE].count > 0


@pytest.mark.parametrize("zone", ["", "no zone at all"])
async def test_local_time_alone_is_read_by_the_zone_that_was_told_before(
    http: aiohttp.ClientSession, start: Start, zone: str
) -> None:
    """Neither UTC nor a zone: unknown at first, and by what it said itself later on."""
    running = await start(quirks=frozenset({Quirk.NO_UTC_TIME}))
    running.set(zone_text=zone)
    camera = watched(http, running)
    status = await camera.poll()
    assert status.alive
    assert status.clock is None
    assert "GetSystemDateAndTime" in status.unread
    assert status.sd is None
    running.set(zone_text=None)
    assert (await camera.poll()).recording_now is True
    running.set(zone_text=zone)
    camera.look_again()
    status = await camera.poll()
    if zone:
        # A text that says something else than before says that the zone is another, if not which.
        assert status.error is not None
    else:
        assert status.clock is not None
        assert abs(status.clock.offset) < timedelta(seconds=2)


async def test_a_makers_own_word_about_the_card_is_evidence(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """HardDiskError, once and without a state, and ONVIF's topic not at all."""
    running = await start(
        quirks=frozenset({Quirk.MAKERS_STORAGE_TOPIC, Quirk.JOBS_FOR_ADMINISTRATORS})
    )
    changed = asyncio.Event()
    camera = watched(http, running, on_change=changed.set)
    await camera.poll()
    watching = asyncio.create_task(camera.watch())
    await asyncio.wait_for(changed.wait(), PATIENCE)
    assert (await camera.poll()).recording_now is True
    changed.clear()
    running.set(card="failed")
    await asyncio.wait_for(changed.wait(), PATIENCE)
    status = await camera.poll()
    assert status.sd is not None
    assert (status.sd.status, status.sd.evidence) == (
        SdStatus.CARD_ERROR,
        SdEvidence.STORAGE_FAILURE_EVENT,
    )
    # It is told once: the end of a subscription takes nothing back, a picture taken well after does.
    changed.clear()
    running.soap.events.reset()
    await asyncio.wait_for(changed.wait(), PATIENCE)
    status = await camera.poll()
    assert status.sd is not None
    assert status.sd.evidence is SdEvidence.STORAGE_FAILURE_EVENT
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_events_are_heard_where_their_upkeep_is_refused(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """Neither SetSynchronizationPoint nor Renew, and the log-in is not called wrong for it."""
    running = await start(quirks=frozenset({Quirk.EVENTS_REFUSED}))
    changed = asyncio.Event()
    camera = watched(http, running, on_change=changed.set)
    await camera.poll()
    watching = asyncio.create_task(camera.watch())
    await asyncio.wait_for(changed.wait(), PATIENCE)
    status = await camera.poll()
    assert status.events_alive
    assert status.error is None
    changed.clear()
    running.set(card="failed")
    await asyncio.wait_for(changed.wait(), PATIENCE)
    assert (await camera.poll()).recording_now is False
    assert OurQuirk.EVENTS_NO_SYNC in camera.quirks.counts()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_pulls_that_are_answered_at_once_are_slowed_down(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """As the camera counts them: four, and then each only after twice the pause."""
    running = await start(quirks=frozenset({Quirk.EVENTS_AT_ONCE}))
    camera = watched(http, running)
    await camera.poll()
    watching = asyncio.create_task(camera.watch())

    def pulls() -> int:
        return running.soap.calls.count("PullMessages")

    async with asyncio.timeout(PATIENCE):
        while not pulls():  # noqa: ASYNC110 - at the other end of a socket
            await asyncio.sleep(0.01)
        started = asyncio.get_running_loop().time()
        while pulls() < 8:  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.01)
    took = asyncio.get_running_loop().time() - started
    # The pauses are 0.1 s three times, then 0.2, 0.4, 0.8 and 1.6.
    assert took > 2.5
    assert OurQuirk.EVENTS_AT_ONCE in camera.quirks.counts()
    assert OurQuirk.EVENTS_LIFETIME in camera.quirks.counts()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_a_subscription_that_ends_again_and_again_is_not_made_again_and_again(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """Each time the camera forgets it at once, the next one waits for twice as long."""
    running = await start()
    camera = watched(http, running)
    await camera.poll()
    running.set(subscriptions_die=True)
    watching = asyncio.create_task(camera.watch())

    def made() -> int:
        return running.soap.calls.count("CreatePullPointSubscription")

    async with asyncio.timeout(PATIENCE):
        while not made():  # noqa: ASYNC110 - at the other end of a socket
            await asyncio.sleep(0.01)
        started = asyncio.get_running_loop().time()
        while made() < 5:  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.01)
    # The pauses are 0.2, 0.4, 0.8 and 1.6 s, each at least by four fifths.
    assert asyncio.get_running_loop().time() - started > 2.3
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_a_camera_that_reboots_every_night_is_heard_again_each_morning(
    http: aiohttp.ClientSession, start: Start
) -> None:
    """No log-in is refused, none is tried over and over, and events come again by themselves."""
    running = await start()
    camera = watched(http, running)
    await camera.poll()
    watching = asyncio.create_task(camera.watch())
    for _ in range(3):
        async with asyncio.timeout(PATIENCE):
            while not running.soap.events.subscriptions:  # noqa: ASYNC110 - at the other end of a socket
                await asyncio.sleep(0.02)
        port = running.http_port
        await running.soap.stop()
        assert not (await camera.poll()).alive
        running.camera.config = replace(running.camera.config, http_port=port)
        asked = len(running.soap.calls)
        await running.soap.start()
        status = await camera.poll()
        assert status.alive
        assert status.error is None
        assert len(running.soap.calls) - asked < 30
    async with asyncio.timeout(PATIENCE):
        while not running.soap.events.subscriptions:  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.02)
    assert running.soap.auth.refusals == 0
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


@pytest.mark.parametrize(
    ("quirks", "faults"),
    [
        ([], {}),
        ([Quirk.NO_PROFILE_G], {}),
        ([Quirk.WRONG_LENGTH], {}),
        ([Quirk.EVENTS_REFUSED], {}),
        ([], {"unreadable": "GetProfiles,GetRecordings"}),
        ([], {"garbage": "html"}),
        ([], {"garbage": "truncated"}),
        ([], {"subscriptions_die": True}),
        ([], {"refuse_logins": True}),
    ],
    ids=str,
)
async def test_what_a_minute_costs_a_camera_is_bounded_whatever_it_does(
    http: aiohttp.ClientSession, start: Start, quirks: list[Quirk], faults: dict[str, Any]
) -> None:
    """Two polls and a subscription, as the camera counts them; and no log-in is tried over and over."""
    running = await start(quirks=frozenset(quirks))
    camera = watched(http, running)
    await camera.poll()
    running.set(**faults)
    asked, refused = len(running.soap.calls), running.soap.auth.refusals
    watching = asyncio.create_task(camera.watch())
    for _ in range(2):
        await camera.poll()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert len(running.soap.calls) - asked <= 60
    assert running.soap.auth.refusals - refused <= 4
