"""A station camera: polls, listens and proves, and keeps one `CameraStatus` that is never stale."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
import logging
import random
import time

import aiohttp

from .access import default_password
from .audio import audio_in_profiles, audio_tracks, judge_audio
from .client import OnvifClient
from .clock_history import ClockHistory
from .errors import (
    CameraAnswerInvalid,
    CameraCertificateChanged,
    CameraError,
    CameraIsAnother,
    CameraLockedOut,
    CameraOperationUnsupported,
    CameraRefused,
    CameraRightMissing,
    CameraUnreachable,
)
from .health.makers import probes_for, read_storage
from .health.probe import StorageProbe
from .judge import clock_problem
from .model import (
    CameraAddress,
    CameraEvent,
    CameraIdentity,
    CameraStatus,
    ClockReading,
    Credential,
    MediaProfile,
    ReadBack,
    ReadBackOutcome,
    Recording,
    RecordingJob,
    StorageAnswer,
    StorageReading,
    TrackEvent,
)
from .policy import SectionPolicy
from .quirks import Quirk, Quirks
from .retention import judge_retention
from .sd import SdObservation, SdProof, newest_video, oldest_video, written
from .session import OneTrySession
from .storage_topics import StorageWord, storage_event

_LOGGER = logging.getLogger(__name__)

# The kinds of media ("video", "audio", "application") that the SDP behind an RTSP URL offers.
type MediaKinds = Callable[[str, Credential], Awaitable[frozenset[str]]]
# A decoded sample from the replay behind an RTSP URL, around a moment of camera time.
type TakeSample = Callable[[str, Credential, datetime], Awaitable[ReadBack]]

# As long as the index moves, everything else is read again this often; an event brings it forward.
_FACTS = timedelta(minutes=2)
_STREAM_FACTS = timedelta(minutes=10)
_ACCESS_FACTS = timedelta(hours=6)
# A sample that could not be read is tried again soon, so that a fixed card turns green the same day.
_READ_BACK_AGAIN = timedelta(minutes=5)
# What the camera's own mail says of its card stands at least so long: cards begin to fail now and then.
_MAIL_HOLDS = timedelta(minutes=10)
# A card whose index tells nothing is proved by samples alone.
_READ_BACK_WITHOUT_INDEX = timedelta(hours=1)
# So many streams and recordings are asked for audio; cameras have two or three.
_MAX_STREAMS = 4
# A sample that fails at the very end of the footage is taken again this long before: what was written last may
# not be readable yet.
_BEFORE_END = timedelta(seconds=20)
# Seconds after the start within which every card is sampled once, spread over the section.
_FIRST_SAMPLE = (60.0, 600.0)
# However many answers a camera draws out, a poll ends.
_MAX_POLL = 60.0
# A camera that takes tokens alone is known at another address if its clock is about the same.
_TOKEN_CLOCK = timedelta(minutes=15)
# A newest recording that moved by so much more than time did was read by a zone or a clock that has changed.
_LEAP = timedelta(minutes=2)
# A subscription that lasted so long was a good one: the next is made soon.
_LASTED = 60.0
# Pulls that are answered faster than this, so many in a row, are slowed down, up to so long a pause (seconds).
_AT_ONCE, _AT_ONCE_ROW, _AT_ONCE_PAUSE = 1.0, 3, 10.0
# So many questions that stay unanswered end a poll.
_MAX_UNANSWERED = 2
# So many properties are remembered, to tell news from what is only said again.
_MAX_KNOWN = 256
# What makes a look at the camera worth its cost before the next poll is due.
_TELLING_TOPICS = ("Device/HardwareFailure", "RecordingConfig", "RecordingHistory", "Media/")


@dataclass(frozen=True, kw_only=True)
class CameraTiming:
    """How long a camera is left alone between two tries (seconds)."""

    # One that could not be reached is asked a second time after this before it counts as dead.
    second_try: float = 2.0
    # One that answers every pull at once, with nothing to say, must not keep us busy.
    pull_pause: float = 0.5
    # A lost subscription is made again after the first, doubled up to the second.
    watch_again: tuple[float, float] = (5.0, 300.0)
    # Some do not wait by themselves for what a search finds.
    search_pause: float = 0.1


def identity_key(identity: CameraIdentity) -> str | None:
    """Return what names this very camera for good: its maker and serial, else a hardware address.

    Some makers ship whole series with the same short serial ("0", "1234"): those do not count.
    """
    serial = "".join(char for char in identity.serial.lower() if char.isalnum())
    if len(serial) > 4 and len(set(serial)) > 1:
        return f"{identity.manufacturer.strip().lower()}-{serial}"
    return min(identity.macs, default=None)


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What a camera showed when it was tried."""

    identity: CameraIdentity
    clock: ClockReading
    # Whether the user may change the camera, too; None: it does not say.
    administrator: bool | None


async def test_camera(
    http: aiohttp.ClientSession, address: CameraAddress, credential: Credential
) -> Tried:
    """Prove that a station camera answers there to this user; return what it showed.

    Raises `CameraOperationUnsupported` when it cannot record, search and replay (Profile G), and the
    other classes of `errors.py` for what else keeps it from being used.
    """
    client = OnvifClient(http, address, credential)
    services = await client.connect()
    identity = await client.identity()
    if services.recording is None or services.search is None or services.replay is None:
        raise CameraOperationUnsupported("The camera lacks ONVIF Profile G")
    await client.profiles()
    clock = client.clock or await client.read_clock()
    administrator = None
    # A camera that does not answer this is no worse than one that does not say.
    with suppress(CameraUnreachable):
        administrator = await client.logs_in_as_administrator()
    return Tried(identity=identity, clock=clock, administrator=administrator)


class Proof(StrEnum):
    """What proves that who answers is the camera."""

    # The certificate that was pinned.
    CERTIFICATE = "certificate"
    # He knows the password himself (RFC 7616, 3.5).
    PASSWORD = "password"  # noqa: S105 - a kind of proof
    # He has what the camera recorded.
    CARD = "card"


@dataclass(frozen=True, kw_only=True)
class Met:
    """Who answers at an address as the camera does."""

    identity: CameraIdentity
    # How he may be asked on.
    credential: Credential
    client: OnvifClient
    proof: Proof | None


class StationCamera:
    """One camera of the section, for the life of its subentry.

    `on_change` is called when an event or a read-back tells that `status` is worth another poll.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        address: CameraAddress,
        credential: Credential,
        policy: SectionPolicy,
        *,
        known_as: str | None,
        poll_interval: timedelta,
        time_zone: tzinfo,
        media_kinds: MediaKinds,
        read_back: TakeSample,
        on_change: Callable[[], None],
        last_read_back: ReadBack | None = None,
        sampled_since: datetime | None = None,
        mail_error: datetime | None = None,
        clock_history: ClockHistory | None = None,
        note_clock: Callable[[ClockReading], None] | None = None,
        timing: CameraTiming | None = None,
        quirks: Quirks | None = None,
    ) -> None:
        """Make the camera; nothing is contacted. `known_as` is the `identity_key` it must have.

        What had to be put right of its answers goes to `quirks`. `last_read_back` stands until there is another; one
        of before `sampled_since` is of an earlier run, and another is taken soon.

        `clock_history` is what is known of its clock, also from before; `note_clock` is given every measurement of
        this very camera and adds it there (None: at once).
        `media_kinds` and `read_back` are `footage/`'s, passed in because footage stands on this package.
        """
        self.policy = policy
        self.timing = timing or CameraTiming()
        self.status = CameraStatus(alive=False, read_back=last_read_back)
        self._credential = credential
        self.quirks = quirks or Quirks()
        self._client = OnvifClient(
            http,
            address,
            credential,
            search_pause=self.timing.search_pause,
            quirks=self.quirks,
        )
        self._known_as = known_as
        self._time_zone = time_zone
        self._media_kinds = media_kinds
        self._take_sample = read_back
        self._on_change = on_change
        self._sd = SdProof(poll_interval)
        self._identity: CameraIdentity | None = None
        self._profiles: tuple[MediaProfile, ...] | None = None
        self._recordings: tuple[Recording, ...] | None = None
        self._jobs: tuple[RecordingJob, ...] | None = None
        self._probes: tuple[StorageProbe, ...] = ()
        self._storage_reading: StorageReading | None = None
        self._storage_answers: dict[str, StorageAnswer] = {}
        # When the index was read: the rest of a poll takes time that is not the card's.
        self._looked_at = _now()
        self._live_audio: bool | None = None
        self._replay_audio: bool | None = None
        self._default_password: bool | None = None
        self._administrator: bool | None = None
        self._read_back = last_read_back
        self._sampled_since = sampled_since
        # The recording that was sampled last.
        self.sampled = ""
        self._first_sample_at = time.monotonic() + random.uniform(*_FIRST_SAMPLE)  # noqa: S311 - spreads load
        # What events say of storages, by what they are about: since when, for those that tell no state.
        self._storages: dict[tuple[StorageWord, str], datetime | None] = {}
        self._known_events: dict[tuple[str, ...], dict[str, str]] = {}
        self._mail_error = mail_error
        self.clock_history = clock_history or ClockHistory()
        self._note_clock = note_clock or self.clock_history.measure
        self._events_alive = False
        # Whether it left questions unanswered when it was polled last: it is then slow to ask.
        self.hangs = False
        self._due: dict[str, float] = {}
        # Set when a poll succeeds after one that did not: the events are worth another try at once.
        self._back = asyncio.Event()
        self._polling = asyncio.Lock()
        self._proving = asyncio.Lock()

    @property
    def address(self) -> CameraAddress:
        """Return where the camera is reached."""
        return self._client.address

    @property
    def credential(self) -> Credential:
        """Return the viewing user."""
        return self._credential

    def abandon(self) -> None:
        """Ask nothing at this address any more; whoever waits for an answer from there gets CameraUnreachable."""
        self._client.session.abandon()

    @property
    def hears_events(self) -> bool:
        """Return whether the camera's events come."""
        return self._events_alive

    @property
    def client(self) -> OnvifClient:
        """Return how the viewing user asks it, for what no poll reads."""
        return self._client

    def look_again(self) -> None:
        """Read everything with the next poll: somebody has changed something."""
        self._due.clear()

    async def meet_at(self, http: aiohttp.ClientSession, address: CameraAddress) -> Met:
        """Ask at another address, which somebody named, who is there; what answers as another is none of ours.

        Maker and serial are no secret: `Met.proof` says whether there is more. Whoever answers gets to see one kind of
        log-in, which ends with the first refusal, is never readable and no weaker than what the camera takes: a
        WS-UsernameToken could be used at the camera itself, at whatever time the clock read there says. Raises
        CameraIsAnother, CameraUnreachable also for what does not speak ONVIF (yet), and the other classes of `errors.py`.
        """
        credential = self._credential.never_readable()
        client = OnvifClient(http, address, credential, timeout=5.0, once=True)
        known = self._client.clock.offset if self._client.clock else timedelta()

        def token_allowed() -> bool:
            return (
                self._credential.may_be_readable
                and not self._client.session.takes_digest
                and client.clock is not None
                and abs(client.clock.offset - known) <= _TOKEN_CLOCK
            )

        assert isinstance(client.session, OneTrySession)
        client.session.token_allowed = token_allowed
        try:
            await client.connect()
        except (CameraAnswerInvalid, CameraOperationUnsupported) as err:
            raise CameraUnreachable("what answers there does not speak ONVIF yet") from err
        identity = await client.identity()
        if identity_key(identity) != self._known_as:
            raise CameraIsAnother("another camera answers at this address")
        proof: Proof | None = None
        if address.tls and not address.verify_tls and address.fingerprint:
            proof = Proof.CERTIFICATE
        elif client.session.answers_prove:
            proof = Proof.PASSWORD
        return Met(identity=identity, credential=credential, client=client, proof=proof)

    async def confirm(self) -> CameraIdentity:
        """Make sure that this very camera answers, log-in included, and return who it is.

        Raises CameraIsAnother, and the other classes of `errors.py`: footage of the wrong camera is no evidence.
        """
        if self._client.services is None:
            await self._client.connect()
        identity = await self._client.identity()
        if self._known_as is not None and identity_key(identity) != self._known_as:
            raise CameraIsAnother("another camera answers at this address")
        return identity

    async def read_clock(self) -> ClockReading:
        """Measure the camera's clock; raises `CameraError`."""
        return await self._client.read_clock()

    def note_clock(self, clock: ClockReading) -> None:
        """Take a measurement of this camera's clock into its history."""
        self._note_clock(clock)

    async def recordings(self) -> tuple[Recording, ...]:
        """Return the recordings on the card with their bounds; raises `CameraError`."""
        return await self._client.recordings()

    @property
    def lists_more_recordings(self) -> bool:
        """Return whether the card holds more recordings than `recordings` returned the last time."""
        return self._client.lists_more

    async def track_events(self, start: datetime, end: datetime) -> tuple[TrackEvent, ...]:
        """Return where footage begins and ends between two moments of camera time; raises `CameraError`."""
        return await self._client.find_track_events(start, end)

    async def replay_uri(self, recording: str) -> str:
        """Return the RTSP address that replays a recording; raises `CameraError`."""
        return await self._client.replay_uri(recording)

    async def poll(self) -> CameraStatus:
        """Read the camera once and return the new status; a failure is a status too, never an exception."""
        async with self._polling:
            failed_before = self.status.error is not None or not self.status.alive
            since = time.monotonic()
            try:
                try:
                    self.status = await self._read_in_time()
                except CameraUnreachable:
                    await asyncio.sleep(self.timing.second_try)
                    since = time.monotonic()
                    self.status = await self._read_in_time()
                if failed_before and self.status.error is None:
                    self._back.set()
            except CameraError as err:
                self._forget()
                alive = await self._answers(err, since)
                self.hangs = isinstance(err, CameraUnreachable)
                if alive and isinstance(err, CameraUnreachable):
                    err = _unanswered(err)
                self.status = CameraStatus(
                    alive=alive,
                    last_contact=_now() if alive else self.status.last_contact,
                    error=err,
                    unread=_unread([err]),
                    identity=self._identity,
                    clock=self._client.clock if alive else None,
                    read_back=self._read_back,
                )
            return self.status

    async def _answers(self, err: CameraError, since: float) -> bool:
        """Return whether the camera lives although a poll failed: whatever it answers over HTTP is a sign of life.

        What answers as another camera, or cannot show the certificate, is none of ours. While log-ins are held back
        nobody was asked; the clock is told without one.
        """
        if isinstance(err, CameraIsAnother | CameraCertificateChanged):
            return False
        if isinstance(err, CameraLockedOut):
            with suppress(CameraError):
                await self._client.read_clock()
        elif isinstance(err, CameraRefused):
            return True
        return self._client.session.answered_since(since)

    @property
    def mail_error(self) -> datetime | None:
        """Return when the camera's own mail said that its card fails; None once that is over."""
        return self._mail_error

    def note_mail_error(self, at: datetime | None) -> None:
        """Take the word of the camera's own mail that its card fails, or (None) that it is fine again."""
        self._mail_error = at
        self._on_change()

    async def prove(self) -> ReadBack:
        """Read a few seconds back from the card and decode them; one at a time, it has one replay session."""
        async with self._proving:
            taken = await self._sample()
            # What could not be tried does not take back what was found.
            last = self._read_back
            if last is not None and last.failed and taken.outcome is ReadBackOutcome.NOT_POSSIBLE:
                self._read_back = replace(last, tried_at=taken.tried_at)
            else:
                self._read_back = taken
            if self._mail_error is not None and self._proved_after(taken, self._mail_error):
                self._mail_error = None
            for key, told_at in list(self._storages.items()):
                if told_at is not None and self._proved_after(taken, told_at):
                    del self._storages[key]
        self._on_change()
        return taken

    def _proved_after(self, sample: ReadBack, told_at: datetime) -> bool:
        """Return whether a sample shows pictures that the card took well after it was said that it fails."""
        clock = self._client.clock
        return (
            sample.outcome is ReadBackOutcome.DECODED
            and sample.picture_at is not None
            and clock is not None
            and clock.to_true(sample.picture_at) - told_at >= _MAIL_HOLDS
        )

    async def live_uri(self) -> str:
        """Return the RTSP address of the live view, without a credential inside; raises `CameraError`."""
        if (profile := _live_profile(await self._client.profiles())) is None:
            raise CameraOperationUnsupported("No media profile carries video")
        return await self._client.stream_uri(profile.token)

    async def recorded_stream(self) -> tuple[str, str]:
        """Return token and RTSP address of the profile that is recorded, as far as that is known; raises `CameraError`."""
        profiles = await self._client.profiles()
        sources = {source for job in self._jobs or () for source in job.sources}
        recorded = next((one for one in profiles if one.token in sources), None)
        if (profile := recorded or _main_profile(profiles)) is None:
            raise CameraOperationUnsupported("No media profile carries video")
        return profile.token, await self._client.stream_uri(profile.token)

    async def synchronize(self, profile: str) -> None:
        """Ask for a synchronization point in a profile's stream; raises `CameraError`."""
        await self._client.synchronize(profile)

    async def still(self) -> bytes | None:
        """Return a JPEG of the present moment, None where the camera offers none; raises `CameraError`."""
        profile = _live_profile(self._profiles or await self._client.profiles())
        if profile is None or (uri := await self._client.snapshot_uri(profile.token)) is None:
            return None
        return await self._client.snapshot(uri)

    async def watch(self) -> None:
        """Listen to the camera's events until cancelled; a subscription that dies is made again.

        What events told is forgotten when they stop: a state that nobody refreshes would be stale.
        """
        first, longest = self.timing.watch_again
        pause = first
        while True:
            started = time.monotonic()
            try:
                await self._listen()
            except CameraOperationUnsupported:
                pause = longest
            except CameraError as err:
                _LOGGER.debug("Event subscription ended: %s", err)
            was_alive, self._events_alive = self._events_alive, False
            self._known_events.clear()
            # What was told once, and is no state, stands until a picture disproves it.
            self._storages = {key: at for key, at in self._storages.items() if at is not None}
            if was_alive:
                # One that ends again and again is not asked for again and again.
                if time.monotonic() - started >= _LASTED:
                    pause = first
                self._on_change()
            # Spread, so that a hundred cameras behind one broken switch do not return as one.
            self._back.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause * random.uniform(0.8, 1.2)):  # noqa: S311 - spreads load
                    await self._back.wait()
            pause = first if self._back.is_set() else min(pause * 2, longest)

    async def _listen(self) -> None:
        """Hold one subscription and take in what it tells; returns only by an exception."""
        if self._client.services is None:
            raise CameraUnreachable("nothing is known of the camera yet")
        pull_point = await self._client.pull_point()
        at_once = 0
        try:
            while True:
                started = time.monotonic()
                events = await pull_point.pull()
                at_once = at_once + 1 if time.monotonic() - started < _AT_ONCE else 0
                newly_alive, self._events_alive = not self._events_alive, True
                telling = [event for event in events if self._is_news(event)]
                for event in telling:
                    self._take_in(event)
                if telling or newly_alive:
                    self._on_change()
                if at_once > _AT_ONCE_ROW and not events:
                    self.quirks.note(Quirk.EVENTS_AT_ONCE)
                slower = 2 ** min(max(0, at_once - _AT_ONCE_ROW), 10)
                await asyncio.sleep(min(self.timing.pull_pause * slower, _AT_ONCE_PAUSE))
        finally:
            await asyncio.shield(pull_point.unsubscribe())

    def _is_news(self, event: CameraEvent) -> bool:
        """Return whether an event makes a look at the camera worth its cost; a state that is told again does not."""
        if not event.topic.startswith(_TELLING_TOPICS) and storage_event(event) is None:
            return False
        key = (
            event.topic,
            event.operation.replace("Initialized", "Changed"),
            *event.source.values(),
        )
        if (
            # What changed may be told in more than names and values.
            (event.operation == "Initialized" or (event.operation and event.data))
            and self._known_events.get(key) == event.data
        ):
            return False
        if len(self._known_events) < _MAX_KNOWN or key in self._known_events:
            self._known_events[key] = event.data
        return True

    def _take_in(self, event: CameraEvent) -> None:
        """Keep what an event says and what it makes worth reading again."""
        if (told := storage_event(event)) is not None:
            key = (told.word, told.key)
            if told.holds is False:
                self._storages.pop(key, None)
            elif len(self._storages) < _MAX_KNOWN:
                self._storages[key] = _now() if told.holds is None else None
        self._due.pop("facts", None)

    def _storage_says(self, word: StorageWord) -> bool:
        return any(said is word for said, _ in self._storages)

    async def _read_in_time(self) -> CameraStatus:
        """Read, but not for longer than a poll may take."""
        try:
            async with asyncio.timeout(_MAX_POLL):
                return await self._read()
        except TimeoutError as err:
            raise CameraUnreachable("the camera draws its answers out") from err

    async def _read(self) -> CameraStatus:
        """Read what is due; raises `CameraError` only when the camera as a whole is of no use."""
        errors: list[CameraError] = []
        # Counted as read before reading: what an event announces meanwhile is due again.
        due = self._is_due("facts", _FACTS)
        if due or self._client.services is None or not await self._index_moved():
            await self._read_facts(errors)
        if self._is_due("access", _ACCESS_FACTS) and not _hangs(errors):
            self._default_password = default_password(
                await _fact(self._client.scopes(), errors) or (),
                answers_anonymously=await _fact(self._client.answers_anonymously(), errors),
                credential=self._credential,
            )
            self._administrator = await _fact(self._client.logs_in_as_administrator(), errors)
        self.hangs = any(isinstance(err, _Unanswered) for err in errors)
        return self._status(errors)

    async def _index_moved(self) -> bool:
        """Take the cheap look: return True when one call proves that the camera lives and its index moves.

        Anything else (a standing index, a recording that is gone) calls for reading everything, before anybody
        is told that something is wrong.
        """
        if self._recordings is None or not self._all_well():
            return False
        growing = written(self._recordings, self._jobs)
        if len(growing) != 1 or (known := newest_video(growing)) is None:
            return False
        position = self._recordings.index(growing[0])
        try:
            now = await self._client.recording_now(growing[0])
        except CameraRightMissing, CameraAnswerInvalid, CameraOperationUnsupported:
            return False
        self._recordings = (
            *self._recordings[:position],
            now,
            *self._recordings[position + 1 :],
        )
        looked_at, self._looked_at = self._looked_at, _now()
        newest = newest_video((now,))
        if newest is not None and newest - known > self._looked_at - looked_at + _LEAP:
            return False
        # A recording that says it stopped may have grown a last second since the look before.
        return newest is not None and newest > known and now.state is growing[0].state

    def _all_well(self) -> bool:
        """Return whether nothing is wrong as far as was known; otherwise fixing shall show at the next poll."""
        status = self.status
        return (
            status.error is None
            and status.sd is not None
            and status.sd.problem is False
            and status.audio is not None
            and status.audio.disabled is True
            and clock_problem(status.clock, self.policy) is False
        )

    async def _read_facts(self, errors: list[CameraError]) -> None:
        """Read everything that the verdicts rest on."""
        client = self._client
        started = _now()
        if client.services is None:
            await client.connect()
        if client.clock is None or client.clock.measured_at < started:
            # Also to say why a clock does not tell, which is no reason not to connect.
            await _fact(client.read_clock(), errors)
        # Each time: addresses change hands while the answers go on.
        try:
            self._identity = await self.confirm()
        except CameraOperationUnsupported:
            # A camera that is not known by its answer need not give one.
            if self._known_as is not None:
                raise
            self._identity = None
        had_audio = audio_in_profiles(self._profiles or ())
        # What is not read now is not known.
        self._profiles = self._recordings = self._jobs = self._storage_reading = None
        self._looked_at = _now()
        self._profiles = await _fact(client.profiles(), errors)
        if audio_in_profiles(self._profiles or ()) != had_audio:
            self._due.pop("streams", None)
        self._recordings = await _fact(client.recordings(), errors)
        self._looked_at = _now()
        self._jobs = await _fact(client.recording_jobs(), errors)
        if not self._probes and self._identity is not None:
            self._probes = probes_for(self._identity, client.session)
        self._storage_answers = {}
        self._storage_reading = await _fact(
            read_storage(self._probes, self._storage_answers), errors
        )
        if self._is_due("streams", _STREAM_FACTS) or self._live_audio or self._replay_audio:
            await self._read_streams(errors)

    def _status(self, errors: list[CameraError]) -> CameraStatus:
        """Draw every verdict from what was read."""
        now = _now()
        clock = self._client.clock
        if clock is not None and now - clock.measured_at > 3 * _FACTS:
            clock = None
        if clock is not None:
            self._note_clock(clock)
        newest = None if self._recordings is None else newest_video(self._recordings)
        oldest = None if self._recordings is None else oldest_video(self._recordings)
        status = CameraStatus(
            alive=True,
            last_contact=now,
            error=errors[0] if errors else None,
            unread=_unread(errors),
            identity=self._identity,
            clock=clock,
            main_profile=_main_profile(self._profiles or ()),
            profiles=self._profiles or (),
            storage=self._storage_reading,
            storage_answers=self._storage_answers,
            default_password=self._default_password,
            administrator=self._administrator,
            events_alive=self._events_alive,
            read_back=self._read_back,
        )
        if clock is None:
            # Without its clock nothing that the camera stamped can be placed in time.
            return status
        sd = self._sd.judge(
            SdObservation(
                now=self._looked_at,
                clock=clock,
                recordings=self._recordings,
                jobs=self._jobs,
                storage_failed=self._storage_says(StorageWord.FAILED),
                storage_missing=self._storage_says(StorageWord.MISSING),
                storage_full=self._storage_says(StorageWord.FULL),
                storage=self._storage_reading,
                read_back=self._read_back,
                mail_error=self._mail_error,
            )
        )
        return replace(
            status,
            sd=sd,
            audio=judge_audio(
                profiles=self._profiles,
                live_audio=self._live_audio,
                recordings=self._recordings,
                replay_audio=self._replay_audio,
                to_true=self.clock_history.to_true,
            ),
            retention=judge_retention(oldest, clock.to_camera(now), self._time_zone, self.policy),
            oldest_recording=None if oldest is None else self.clock_history.to_true(oldest),
            newest_recording=None if newest is None else clock.to_true(newest),
            recording_now=None if sd.problem is None else not sd.problem,
        )

    async def _read_streams(self, errors: list[CameraError]) -> None:
        """Ask the live stream and, where audio tracks are listed, the replay which media they offer."""
        self._live_audio = self._replay_audio = None
        streams = [item.token for item in self._profiles or () if item.video_encoding is not None]
        if streams:
            self._live_audio = await self._any_audio(self._client.stream_uri, streams, errors)
        recorded = [item.token for item in self._recordings or () if audio_tracks((item,))]
        if recorded:
            self._replay_audio = await self._any_audio(self._client.replay_uri, recorded, errors)
        if (streams and self._live_audio is None) or (recorded and self._replay_audio is None):
            # Soon again: what could not be asked is not known.
            self._due.pop("streams", None)

    async def _any_audio(
        self,
        uri_of: Callable[[str], Coroutine[None, None, str]],
        tokens: list[str],
        errors: list[CameraError],
    ) -> bool | None:
        """Return True when any of these streams offers audio, None when one could not be asked."""
        answers = [
            await self.offers_audio(await _fact(uri_of(token), errors))
            for token in tokens[:_MAX_STREAMS]
        ]
        return True if True in answers else None if None in answers else False

    async def offers_audio(self, uri: str | None) -> bool | None:
        """Return whether the stream's SDP offers audio; a closed RTSP port only leaves this unknown."""
        if uri is None:
            return None
        try:
            return "audio" in await self._media_kinds(uri, self._credential)
        except CameraError as err:
            _LOGGER.debug("Stream cannot be described: %s", err)
            return None

    async def _sample(self) -> ReadBack:
        """Fetch and decode a sample around the newest footage."""
        tried_at = _now()
        try:
            async with asyncio.timeout(_MAX_POLL):
                if self._client.services is None:
                    await self._client.connect()
                recordings = await self._client.recordings()
                source = next(iter(written(recordings, self._jobs)), None)
                if source is None:
                    raise CameraOperationUnsupported("the camera lists no recording")
                clock = self._client.clock or await self._client.read_clock()
                end = newest_video((source,)) or clock.to_camera(tried_at)
                uri = await self._client.replay_uri(source.token)
                self.sampled = source.token
                sample = await self._take_sample(uri, self._credential, end)
                if sample.failed:
                    sample = await self._take_sample(uri, self._credential, end - _BEFORE_END)
                return sample
        except TimeoutError:
            return ReadBack(
                outcome=ReadBackOutcome.NOT_POSSIBLE, tried_at=tried_at, detail="not in time"
            )
        except CameraError as err:
            return ReadBack(
                outcome=ReadBackOutcome.NOT_POSSIBLE, tried_at=tried_at, detail=str(err)
            )

    def read_back_due(self) -> bool:
        """Return whether a sample is wanted before the nightly one.

        That is after a failed one, while the index tells nothing, and as long as there was none since the start: a
        card that was found bad must not turn green by a restart, and one that was swapped meanwhile not stay red.
        """
        status, last = self.status, self._read_back
        if not status.alive or status.sd is None or self._proving.locked():
            return False
        since = self._sampled_since
        if last is None or (since is not None and last.tried_at < since):
            return time.monotonic() >= self._first_sample_at
        age = _now() - last.tried_at
        told_once = any(told_at is not None for told_at in self._storages.values())
        if last.failed or self._mail_error is not None or told_once:
            return age >= _READ_BACK_AGAIN
        return status.newest_recording is None and age >= _READ_BACK_WITHOUT_INDEX

    def _is_due(self, what: str, every: timedelta) -> bool:
        """Return whether `what` has not been read for `every`, and count it as read now."""
        if time.monotonic() < self._due.get(what, 0.0):
            return False
        self._due[what] = time.monotonic() + every.total_seconds()
        return True

    def _forget(self) -> None:
        """Drop what was read, so that nothing old is shown when the camera answers again."""
        self._client.services = None
        self._identity = self._profiles = self._recordings = self._jobs = None
        self._storage_reading = self._live_audio = self._replay_audio = None
        self._default_password = self._administrator = None
        self._due.clear()


async def _fact[T](reading: Coroutine[None, None, T], errors: list[CameraError]) -> T | None:
    """Return a fact, or None when this one could not be read: one wrong answer must not hide the others.

    A camera that has left two questions unanswered is asked no more of them, so that a poll of a hanging camera ends.
    """
    if _hangs(errors):
        reading.close()
        return None
    try:
        return await reading
    except CameraOperationUnsupported:
        return None
    except CameraUnreachable as err:
        errors.append(_unanswered(err))
    except CameraRightMissing as err:
        errors.append(err)
    except CameraRefused:
        raise
    except CameraError as err:
        errors.append(err)
    return None


class _Unanswered(CameraAnswerInvalid):
    """A question that was left unanswered while others were not."""


def _unanswered(err: CameraUnreachable) -> CameraError:
    found = _Unanswered(f"answers, but not this: {err}")
    found.operation = err.operation
    return found


def _hangs(errors: list[CameraError]) -> bool:
    return sum(isinstance(err, _Unanswered) for err in errors) >= _MAX_UNANSWERED


def _unread(errors: list[CameraError]) -> tuple[str, ...]:
    """Return the names of what was answered in a way that cannot be read, or not at all, each once."""
    return tuple(
        dict.fromkeys(
            err.operation
            for err in errors
            if isinstance(err, CameraAnswerInvalid) and err.operation
        )
    )


def _main_profile(profiles: tuple[MediaProfile, ...]) -> MediaProfile | None:
    """Return the profile with the tallest picture."""
    return max(
        (profile for profile in profiles if profile.video_encoding is not None),
        key=lambda profile: (profile.height or 0, profile.width or 0),
        default=None,
    )


def _live_profile(profiles: tuple[MediaProfile, ...]) -> MediaProfile | None:
    """Return the profile to watch: every browser plays H.264, few play H.265."""
    h264 = tuple(profile for profile in profiles if profile.video_encoding == "H264")
    return _main_profile(h264 or profiles)


def _now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)
