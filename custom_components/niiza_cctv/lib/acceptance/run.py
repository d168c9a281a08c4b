"""Testing one camera: everything is read, nothing changed, and what was found so far is there at any moment."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
import time
from typing import Final

import aiohttp

from ..device.camera import CameraTiming, StationCamera, identity_key
from ..device.errors import (
    CameraCertificateChanged,
    CameraError,
    CameraIsAnother,
    CameraOperationUnsupported,
    CameraRefused,
    CameraRightMissing,
    CameraUnreachable,
)
from ..device.health.makers import probes_for
from ..device.model import CameraAddress, CameraStatus, Credential, ReadBack
from ..device.parse.events import parse_pull_messages
from ..device.policy import SectionPolicy
from ..device.quirks import Quirks
from ..device.retention import judge_retention
from ..device.sd import newest_video, oldest_video, written
from ..device.session import Heard
from ..device.storage_topics import storage_event
from ..device.told import ToldStatus, told
from ..footage.gate import ReplayGate, Use
from ..footage.readback import ReadBackLimits, read_back
from ..footage.rtsp import Tls, describe
from .anonymise import readings
from .errors import trouble_of
from .judge import STORAGE_QUESTION, judge
from .model import Ending, Findings, Report, Reports, Said, Step, Trouble
from .recorder import Recorder
from .replay import LISTENING, ReplayTrial, Source
from .schema import PATIENCE, second_opinion

# How a test ends by itself, in seconds: with the strict reader after it, within five minutes; one of its steps, and what is waited for at its beginning for events.
MAX_TEST: Final = 230.0
_MAX_STEP: Final = 60.0
_FIRST_EVENTS: Final = 12.0
# Tried after everything else: has the camera gone, or was it that question?
_LOOK: Final = 5.0
# So much later the index is looked at again at the earliest.
_BETWEEN: Final = 10.0
# Cameras that write in chunks let it stand; for so long it is looked at again and again.
_MAX_STAND: Final = 75.0
# How often the section polls a camera, at most.
_POLL: Final = 30.0
# What is searched for gaps.
_SEARCHED: Final = timedelta(hours=24)
# Without these, a service that is announced does nothing of what it is there for.
_WORK: Final = frozenset({"GetRecordings", "GetReplayUri", "GetProfiles"})
# What ends a test: nothing that is asked after it would be this camera's answer, or it would lock the account.
_ENDING: Final = (CameraIsAnother, CameraCertificateChanged)

# In the place of words that hold the password.
_NOT_KEPT: Final = "●●●"

# Whether the certificate that it signs with can be had; raises CameraError.
type AskCertificate = Callable[[], Awaitable[bytes | None]]


@dataclass(frozen=True, kw_only=True)
class Place:
    """The camera and how it is reached."""

    http: aiohttp.ClientSession
    address: CameraAddress
    credential: Credential
    # The `identity_key` that it must have; None: whoever answers.
    known_as: str | None
    tls: Tls | None
    gate: ReplayGate
    ask_certificate: AskCertificate | None = None


@dataclass(frozen=True, kw_only=True)
class TestLimits:
    """What a test allows itself (seconds); tests of it are quicker."""

    # Not a test of pytest's.
    __test__ = False

    seconds: float = MAX_TEST
    step: float = _MAX_STEP
    # Between two looks at the index, and how long one that stands is looked at.
    between: float = _BETWEEN
    max_stand: float = _MAX_STAND
    # How long a camera that sends on at the end of its footage is listened to.
    listening: float = LISTENING
    # How long the first events are waited for.
    first_events: float = _FIRST_EVENTS
    # How long the strict reader is waited for.
    reading: float = PATIENCE
    timing: CameraTiming | None = None
    read_back: ReadBackLimits = field(default_factory=ReadBackLimits)


class AcceptanceTest:
    """One test of one camera; `run` once, `report` at any time."""

    def __init__(
        self,
        place: Place,
        policy: SectionPolicy,
        time_zone: tzinfo,
        *,
        reports: Reports | None = None,
        limits: TestLimits | None = None,
        progress: Callable[[Step, float], None] = lambda _step, _share: None,
    ) -> None:
        """Make it; nothing is contacted. `progress` is told the step and the share of the whole that is done."""
        self.findings = Findings()
        self.recorder = Recorder()
        # What one poll says of it, as a captured camera has it; and when its first answer came.
        self.told: ToldStatus | None = None
        self.captured: datetime | None = None
        self._place = place
        self._policy = policy
        self._time_zone = time_zone
        self._reports = reports or Reports()
        self._limits = limits or TestLimits()
        self._progress = progress
        self._quirks = Quirks()
        self._status: CameraStatus | None = None
        self._started = datetime.now(UTC)
        self._ended: datetime | None = None
        self._ending = Ending.CANCELLED
        self._trouble: Trouble | None = None
        self._index_at = 0.0
        self._watching: asyncio.Task[None] | None = None
        # Set when events begin to come, among others.
        self._changed = asyncio.Event()
        self._camera = StationCamera(
            place.http,
            place.address,
            place.credential,
            policy,
            known_as=place.known_as,
            poll_interval=timedelta(seconds=min(_POLL, self._limits.max_stand)),
            time_zone=time_zone,
            media_kinds=self._media_kinds,
            read_back=self._sample,
            on_change=self._changed.set,
            timing=self._limits.timing,
            quirks=self._quirks,
        )
        self._camera.client.session.listener = self._hear
        self._steps: dict[Step, Callable[[], Awaitable[None]]] = {
            Step.IDENTITY: self._meet,
            Step.SERVICES: self._services,
            Step.LOGIN: self._login,
            Step.CLOCK: self._clock,
            Step.CARD: self._card,
            Step.EVENTS: self._events,
            Step.PICTURE: self._picture,
            Step.AUDIO: self._audio,
            Step.REPLAY: self._replay,
            Step.SIGNING: self._signing,
            Step.QUIRKS: self._look_again,
        }

    def report(self) -> Report:
        """Return what was found so far."""
        counts = self._quirks.counts()
        self.findings.quirks = {quirk.value: one.count for quirk, one in counts.items()}
        steps, duties, verdict = judge(self.findings, self._policy, self._reports, self._ending)
        return Report(
            started=self._started,
            ended=self._ended or datetime.now(UTC),
            ending=self._ending,
            trouble=self._trouble,
            verdict=verdict,
            duties=tuple(replace(one, reasons=self._fit_to_keep(one.reasons)) for one in duties),
            steps=tuple(replace(one, said=self._fit_to_keep(one.said)) for one in steps),
        )

    def _fit_to_keep(self, said: tuple[Said, ...]) -> tuple[Said, ...]:
        """Return sentences without the password, which a camera may repeat in whatever it says of itself."""
        secret = self._place.credential.password.lower()
        return tuple(
            replace(
                one,
                values={
                    name: _NOT_KEPT if secret and secret in readings(value) else value
                    for name, value in one.values.items()
                },
            )
            if one.values
            else one
            for one in said
        )

    async def run(self) -> Report:
        """Test the camera; a camera that fails is a finding, never an exception. May be cancelled at any moment."""
        self._started = datetime.now(UTC)
        try:
            async with asyncio.timeout(self._limits.seconds):
                await self._take_steps()
        except TimeoutError:
            self._ending = Ending.OUT_OF_TIME
        finally:
            self._ended = datetime.now(UTC)
            if self._watching is not None:
                self._watching.cancel()
                await asyncio.wait({self._watching})
        # Of what came, whatever ended the test; asks no camera.
        self._progress(Step.SCHEMA, 0.97)
        self.findings.schema = await second_opinion(self.recorder.heard, self._limits.reading)
        if self.findings.schema is not None:
            self.findings.finished.add(Step.SCHEMA)
        self._ended = datetime.now(UTC)
        self._progress(Step.SCHEMA, 1.0)
        return self.report()

    async def _take_steps(self) -> None:
        for number, (step, take) in enumerate(self._steps.items()):
            self._progress(step, number / (len(self._steps) + 1))
            try:
                # What waits for a turn at the replay session, or for the index, takes longer.
                patient = step in {Step.REPLAY, Step.QUIRKS}
                async with asyncio.timeout(self._limits.step * (3 if patient else 1)):
                    await take()
            except CameraError as err:
                self.findings.troubles[step] = trouble_of(err)
                if (ending := await self._what_ends(err, step)) is not None:
                    self._ending, self._trouble = ending, trouble_of(err)
                    return
            except TimeoutError:
                self.findings.troubles[step] = Trouble.SLOW
            else:
                self.findings.finished.add(step)
        self._ending = Ending.DONE

    async def _what_ends(self, err: CameraError, step: Step) -> Ending | None:
        """Return what an error means for the test; None: it goes on."""
        if isinstance(err, _ENDING):
            return Ending.REFUSED
        if isinstance(err, CameraRefused) and not isinstance(err, CameraRightMissing):
            return Ending.REFUSED
        if await self._is_gone():
            return Ending.CAMERA_LOST
        # Without knowing who answers, and what he offers, there is nothing to ask.
        return Ending.NOT_READABLE if step is Step.IDENTITY else None

    async def _is_gone(self) -> bool:
        """Return whether the camera does not answer any more, not even what time it is."""
        since = time.monotonic()
        with suppress(CameraError, TimeoutError):
            async with asyncio.timeout(_LOOK):
                await self._camera.client.read_clock()
        return not self._camera.client.session.answered_since(since)

    def _hear(self, heard: Heard) -> None:
        if self.captured is None:
            self.captured = datetime.now(UTC)
        self.recorder(heard)

    async def _media_kinds(self, url: str, credential: Credential) -> frozenset[str]:
        media = await describe(
            url,
            credential,
            tls=self._place.tls,
            quirks=self._quirks,
            listener=self._hear,
        )
        return frozenset(one.kind for one in media)

    async def _sample(self, url: str, credential: Credential, around: datetime) -> ReadBack:
        async with self._place.gate.turn(Use.PROOF):
            return await read_back(
                url,
                credential,
                around,
                tls=self._place.tls,
                limits=self._limits.read_back,
                quirks=self._quirks,
            )

    async def _ask[T](self, service: str, name: str, question: Awaitable[T]) -> T | None:
        """Return an answer, None where there is none; what a service that is announced does not do is a lie."""
        try:
            return await question
        except CameraRightMissing:
            self.findings.unread[name] = Trouble.RIGHT_MISSING
        except CameraRefused:
            raise
        except _ENDING:
            raise
        except CameraError as err:
            self.findings.unread[name] = trouble_of(err)
            if name in _WORK and service in (self.findings.used or ()):
                self.findings.lies.setdefault(service, trouble_of(err))
            if isinstance(err, CameraUnreachable) and await self._is_gone():
                raise
        return None

    # --- The steps --------------------------------------------------------------------------------------

    async def _meet(self) -> None:
        """Find out who answers, by one poll as the section makes it: what it says is what a captured camera must say."""
        client, found = self._camera.client, self.findings
        services = await client.connect()
        found.used = frozenset(
            name
            for name in ("media", "media2", "events", "recording", "search", "replay")
            if getattr(services, name)
        )
        # Events first, as the section listens when it polls.
        self._watching = asyncio.create_task(self._camera.watch())
        if services.events:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._limits.first_events):
                    await self._changed.wait()
        status = self._status = await self._camera.poll()
        found.identity = status.identity
        # Who does not say what it is, and answers everything else, is a camera; who says nothing is none.
        if status.error is not None and not (status.alive and (status.identity or status.profiles)):
            assert isinstance(status.error, CameraError)
            raise status.error
        found.met = True
        self.told = told(status)
        for name in status.unread:
            found.unread[name] = Trouble.INVALID
        found.recognisable = (
            status.identity is not None and identity_key(status.identity) is not None
        )
        found.administrator = status.administrator
        found.default_password = status.default_password
        found.audio = status.audio
        found.profiles = status.profiles or None
        if status.clock is not None:
            found.clocks.append(status.clock)

    async def _services(self) -> None:
        client, found = self._camera.client, self.findings
        found.services = await self._ask("device", "GetServices", client.service_versions())
        found.scopes = await self._ask("device", "GetScopes", client.scopes())
        if found.profiles is None:
            found.profiles = await self._ask("media", "GetProfiles", client.profiles())

    async def _login(self) -> None:
        client, found = self._camera.client, self.findings
        found.answers_anonymously = await client.answers_anonymously()
        session = client.session
        found.takes_digest, found.takes_token = session.takes_digest, session.takes_token
        address = self._place.address
        found.encrypted = address.tls
        found.proved_by_certificate = address.tls and (
            address.verify_tls or address.fingerprint is not None
        )
        found.challenges = tuple(
            dict.fromkeys(one for heard in self.recorder.heard for one in heard.challenges)
        )
        found.knows_password = any(heard.knows_password for heard in self.recorder.heard)

    async def _clock(self) -> None:
        client, found = self._camera.client, self.findings
        found.clocks.append(await client.read_clock())
        await self._ask("device", "GetNTP", client.time_servers())

    async def _card(self) -> None:
        client, found = self._camera.client, self.findings
        found.recordings = await self._ask("recording", "GetRecordings", client.recordings())
        found.more_recordings = client.lists_more
        self._index_at = time.monotonic()
        found.jobs = await self._ask("recording", "GetRecordingJobs", client.recording_jobs())
        recordings = found.recordings or ()
        found.oldest, found.newest = oldest_video(recordings), newest_video(recordings)
        if found.clocks:
            now = found.clocks[-1].to_camera(datetime.now(UTC))
            found.retention = judge_retention(found.oldest, now, self._time_zone, self._policy)
        if found.identity is not None:
            for probe in probes_for(found.identity, client.session):
                with suppress(CameraUnreachable):
                    found.storage[probe.source] = await self._ask(
                        "device", f"{STORAGE_QUESTION}{probe.source}", probe.read()
                    )
        if found.newest is not None and "search" in (found.used or ()):
            start = max(found.oldest or found.newest - _SEARCHED, found.newest - _SEARCHED)
            events = await self._ask(
                "search", "FindEvents", client.find_track_events(start, found.newest)
            )
            found.tells_gaps = None if events is None else bool(events)
        if recordings:
            found.sample = await self._camera.prove()

    async def _events(self) -> None:
        client, found = self._camera.client, self.findings
        if "events" not in (found.used or ()):
            raise CameraOperationUnsupported("the camera has no events service")
        found.subscribed = self._camera.hears_events
        found.topics = await self._ask("events", "GetEventProperties", client.event_topics())
        topics: dict[str, None] = {}
        words: dict[str, None] = {}
        for heard in self.recorder.heard:
            if heard.operation == "PullMessages" and heard.status == 200:
                with suppress(CameraError):
                    for event in (await asyncio.to_thread(parse_pull_messages, heard.body)).events:
                        topics[event.topic] = None
                        if (said := storage_event(event)) is not None and said.holds is not False:
                            words[said.word.value] = None
        found.told_topics, found.storage_words = tuple(topics), tuple(words)

    async def _picture(self) -> None:
        client, found = self._camera.client, self.findings
        settings = await self._ask("media", "GetProfiles", client.profile_settings())
        main = max(
            (one.video for one in settings or () if one.video is not None),
            key=lambda encoder: encoder.height or 0,
            default=None,
        )
        if main is not None:
            found.sizes = await self._ask(
                "media", "GetVideoEncoderConfigurationOptions", client.encoder_sizes(main)
            )

    async def _audio(self) -> None:
        """Read what the poll found out: profiles, the live stream, and the card."""
        if self.findings.audio is None and self._status is not None and self._status.error:
            assert isinstance(self._status.error, CameraError)
            raise self._status.error

    async def _replay(self) -> None:
        client, found = self._camera.client, self.findings
        recordings = found.recordings or ()
        source = next(iter(written(recordings, found.jobs)), None)
        if source is None or (newest := newest_video((source,))) is None:
            raise CameraOperationUnsupported("the camera tells of no footage to replay")
        url = await self._ask("replay", "GetReplayUri", client.replay_uri(source.token))
        if url is None:
            raise CameraOperationUnsupported("the camera names no address to replay from")
        trial = ReplayTrial(
            Source(
                url=url,
                credential=self._camera.credential,
                tls=self._place.tls,
                oldest=oldest_video((source,)),
                newest=newest,
            ),
            self._place.gate,
            self._quirks,
            found.replay,
            listening=self._limits.listening,
        )
        of_all = len(self._steps) + 1
        number = list(self._steps).index(Step.REPLAY)
        await trial.run(lambda share: self._progress(Step.REPLAY, (number + share) / of_all))
        if Trouble.UNREACHABLE in found.replay.troubles.values() and await self._is_gone():
            raise CameraUnreachable("the camera does not answer any more")

    async def _signing(self) -> None:
        found = self.findings.replay
        if found.signed and not found.certificate and self._place.ask_certificate is not None:
            found.certificate = await self._place.ask_certificate() is not None

    async def _look_again(self) -> None:
        """Look whether the index has moved meanwhile, and count what had to be put right."""
        client, found = self._camera.client, self.findings
        found.clocks.append(await client.read_clock())
        while found.newest is not None:
            wait = self._index_at + found.between + self._limits.between - time.monotonic()
            await asyncio.sleep(max(0.0, wait))
            again = await self._ask("recording", "GetRecordings", client.recordings())
            found.newest_again = newest_video(again or ())
            found.between = time.monotonic() - self._index_at
            if found.newest_again is not None:
                now = found.clocks[-1].to_camera(datetime.now(UTC))
                found.behind = (now - found.newest_again).total_seconds()
            if (
                found.newest_again is None
                or found.newest_again > found.newest
                or found.between >= self._limits.max_stand
            ):
                break
        # What the section would be shown of the card, of everything that was asked, heard and read back until now.
        status = await self._camera.poll()
        found.sd = status.sd
