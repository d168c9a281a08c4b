"""Changing a camera's settings: look, set, look again, and believe only what was read back.

A camera that says yes and does nothing is found out; one that falls silent in between leaves an unknown state, and that
is what is said. The settings password lives as long as one `carry_out`, on a connection of its own.
"""

from abc import ABC, abstractmethod
import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
import time
from typing import Final, override

import aiohttp

from ..device.camera import identity_key
from ..device.client import OnvifClient
from ..device.errors import (
    CameraAnswerInvalid,
    CameraError,
    CameraFault,
    CameraIsAnother,
    CameraOperationUnsupported,
    CameraRefused,
)
from ..device.model import (
    CameraAddress,
    ClockMode,
    Credential,
    EncoderConfiguration,
    JobState,
    ProfileSettings,
    RecordingJob,
)
from .values import (
    AudioValues,
    ClockValues,
    Outcome,
    ProfileSize,
    Resolution,
    ResolutionValues,
    Setting,
    SettingValues,
    Size,
)

# Whether the live stream behind an RTSP address offers audio, None where it does not tell.
type OffersAudio = Callable[[str], Awaitable[bool | None]]

# A step that broke off is sent once more, if what is read then shows that it was not done.
_SENDINGS: Final = 2


class NoSuchSize(CameraError):
    """The camera offers no size that the section's standard allows."""


class SettingRejected(CameraError):
    """The camera refused the value; nothing was changed."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing to send; `waive` is called when the camera will not and the rest counts without it."""

    key: str
    send: Callable[[], Awaitable[None]]
    waive: Callable[[], None] | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a setting stands: `values` now and `wanted`, and what is still to be sent."""

    values: SettingValues
    wanted: SettingValues
    # Whether what was asked for stands.
    done: bool
    # Whether it has also shown effect, where that takes a while.
    settled: bool = True
    steps: tuple[Step, ...] = ()


def days_left(days: int, before: Size, after: Size, hours: float) -> int:
    """Return how many days of footage the card holds at worst when a picture is taller for some hours.

    A taller picture takes as many more bytes as it has pixels, at worst; cameras that keep to their bit rate take less.
    What it takes more in these hours goes from the other end, and never more than the card filled with it would lose.
    """
    ratio = max(1.0, after[0] * after[1] / max(1, before[0] * before[1]))
    return max(1, int(max(days / ratio, days - (ratio - 1) * hours / 24)))


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of a change; `after` is what was read last, None where nothing could be read any more."""

    outcome: Outcome
    before: SettingValues
    # What was asked for, as far as the camera offers it.
    wanted: SettingValues
    after: SettingValues | None
    # Whether anything was sent at all; False where it stood already.
    changed: bool


@dataclass(frozen=True, kw_only=True)
class RetryTiming:
    """Seconds to wait for what was set to show (`settle`), and for a camera that starts anew (`away`)."""

    settle: float = 15.0
    away: float = 75.0
    pause: float = 3.0


class Change(ABC):
    """One change of one camera; not to be used twice, since it keeps what it found at the first look."""

    setting: Setting

    @abstractmethod
    async def look(self, client: OnvifClient) -> Reading:
        """Read how the setting stands and what is to be sent; raises `CameraError`."""


async def carry_out(
    http: aiohttp.ClientSession,
    address: CameraAddress,
    credential: Credential,
    change: Change,
    *,
    known_as: str | None,
    timing: RetryTiming = RetryTiming(),
    timeout: float = 10.0,
) -> Result:
    """Make a change as the settings user, whose password is tried once, and verify it on the camera.

    `known_as` is the `identity_key` that the camera must have. Raises `CameraError` as long as nothing was set:
    CameraRefused for the password, CameraRightMissing, SettingRejected, NoSuchSize, CameraIsAnother, …
    """
    client = OnvifClient(http, address, credential, timeout=timeout, once=True)
    await client.connect()
    # Every user may ask this, so it is what the password is proved by, at the very camera that is meant.
    identity = await client.identity()
    if known_as is not None and identity_key(identity) != known_as:
        raise CameraIsAnother("another camera answers at this address")
    before = await change.look(client)
    return await _Attempt(client, change, timing).make(before)


class _Attempt:
    """The sending and reading back of one change."""

    def __init__(self, client: OnvifClient, change: Change, timing: RetryTiming) -> None:
        self._client = client
        self._change = change
        self._timing = timing
        self._sent: Counter[str] = Counter()
        self._answered: set[str] = set()
        self._last_sent = time.monotonic()

    async def make(self, before: Reading) -> Result:
        """Send what is to be sent, look, and go on until it stands or time is over."""
        reading = before
        while not (reading.done and reading.settled):
            if (step := self._next(reading)) is not None:
                await self._send(step)
            elif not self._sent or self._waited() >= self._timing.settle:
                break
            else:
                await asyncio.sleep(min(self._timing.pause, 0.2 + self._waited() / 4))
            if (found := await self._look_again()) is None:
                return Result(
                    outcome=Outcome.UNKNOWN,
                    before=before.values,
                    wanted=reading.wanted,
                    after=None,
                    changed=True,
                )
            reading = found
        return Result(
            outcome=Outcome.DONE if reading.done else Outcome.NOT_DONE,
            before=before.values,
            wanted=reading.wanted,
            after=reading.values,
            changed=bool(self._sent),
        )

    def _waited(self) -> float:
        return time.monotonic() - self._last_sent

    def _next(self, reading: Reading) -> Step | None:
        """Return what is to be sent: never again what was answered."""
        for step in reading.steps:
            if step.key not in self._answered and self._sent[step.key] < _SENDINGS:
                return step
        return None

    async def _send(self, step: Step) -> None:
        """Send a step; raises CameraError only while nothing can have changed."""
        first = not self._sent
        try:
            await step.send()
        except CameraOperationUnsupported:
            # What the newer media service lacks the older one may have.
            if not self._client.forgo_media2():
                if step.waive is None and first:
                    raise
                self._give_up(step)
            return
        except CameraRefused:
            if first:
                raise
            self._give_up(step)
            return
        except CameraFault as err:
            if step.waive is None and first:
                raise SettingRejected(str(err)) from err
            self._give_up(step)
            return
        except CameraError:
            # On its way when the connection broke, or answered with nonsense: what is read next tells.
            pass
        else:
            self._answered.add(step.key)
        self._sent[step.key] += 1
        self._last_sent = time.monotonic()

    def _give_up(self, step: Step) -> None:
        """Leave out what the camera will not."""
        self._answered.add(step.key)
        if step.waive is not None:
            step.waive()

    async def _look_again(self) -> Reading | None:
        """Look, for as long as a camera needs to start anew; None when nothing can be read any more."""
        while True:
            try:
                return await self._change.look(self._client)
            except CameraRefused:
                # Asking again and again would lock the account.
                return None
            except CameraError:
                if self._waited() >= self._timing.away:
                    return None
            await asyncio.sleep(self._timing.pause)


# --- Audio ------------------------------------------------------------------------------------------------


class AudioOff(Change):
    """Take the audio out of every media profile.

    The recording's own tracks stay as they are: deleting one (Recording Control, DeleteTrack) deletes what it holds, on
    some cameras the video of the same token with it, and a job that is set anew (SetRecordingJobConfiguration) may stop
    recording. A track that gets nothing holds nothing.
    """

    setting = Setting.AUDIO_OFF

    def __init__(self, offers_audio: OffersAudio) -> None:
        """Take what asks a live stream for audio; profiles alone may lie."""
        self._offers_audio = offers_audio

    @override
    async def look(self, client: OnvifClient) -> Reading:
        """Read which profiles have an audio encoder, and where none has, whether a stream offers audio still."""
        profiles = await client.profile_settings()
        sending = [profile for profile in profiles if profile.has_audio_encoder]
        heard = None if sending else await self._heard(client, profiles)
        return Reading(
            values=AudioValues(profiles=tuple(one.token for one in sending), live=heard),
            wanted=AudioValues(profiles=(), live=False),
            done=not sending and not heard,
            steps=tuple(
                Step(key=profile.token, send=partial(self._remove, client, profile))
                for profile in sending
            ),
        )

    async def _heard(self, client: OnvifClient, profiles: Iterable[ProfileSettings]) -> bool | None:
        """Return whether any live stream offers audio, None when one could not be asked."""
        answers: list[bool | None] = []
        for profile in profiles:
            if profile.video is None:
                continue
            try:
                answers.append(await self._offers_audio(await client.stream_uri(profile.token)))
            except CameraOperationUnsupported, CameraAnswerInvalid:
                answers.append(None)
        return True if True in answers else None if None in answers else False

    @staticmethod
    async def _remove(client: OnvifClient, profile: ProfileSettings) -> None:
        """Take the encoder out, then the microphone, which sends nothing without one."""
        await client.remove_audio_encoder(profile.token)
        if profile.has_audio_source:
            with suppress(CameraAnswerInvalid, CameraOperationUnsupported, CameraRefused):
                await client.remove_audio_source(profile.token)


# --- Resolution -------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class _Target:
    """A profile whose encoder is to have a certain size."""

    recorded: bool
    size: Size


class ResolutionChange(Change):
    """Give the recorded profile the everyday size, or the tallest one as evidence.

    Everyday means every encoder that is taller than the section's limit, too: what nobody records shows as much.
    """

    setting = Setting.RESOLUTION

    def __init__(self, mode: Resolution, max_height: int, *, put_back: Size | None = None) -> None:
        """Take the section's limit in lines, and what stood before it was raised."""
        self._mode = mode
        self._max_height = max_height
        self._put_back = put_back
        # By profile, as found at the first look: afterwards another profile may be the tallest.
        self._targets: dict[str, _Target] | None = None
        # Whether the camera says what it records; otherwise the tallest profile is taken for it.
        self.told = False
        self.constant_bitrate = False

    @override
    async def look(self, client: OnvifClient) -> Reading:
        """Read the sizes of the profiles in question."""
        profiles = {
            profile.token: profile
            for profile in await client.profile_settings()
            if profile.video is not None and profile.video.height is not None
        }
        if self._targets is None:
            self._targets = await self._aim(client, profiles)
        targets = {token: target for token, target in self._targets.items() if token in profiles}
        if not any(target.recorded for target in targets.values()):
            raise CameraAnswerInvalid("the profile that is recorded has gone")
        shown = {token: _size(profiles[token]) for token in targets}
        steps = [
            Step(
                key=f"{encoder.token} {target.size}",
                send=partial(client.set_encoder_size, encoder, *target.size),
                waive=None if target.recorded else partial(self._waive, token),
            )
            for token, target in targets.items()
            if shown[token] != target.size and (encoder := profiles[token].video) is not None
        ]
        return Reading(
            values=self._values(targets, shown),
            wanted=self._values(targets, {token: one.size for token, one in targets.items()}),
            done=all(shown[token] == target.size for token, target in targets.items()),
            steps=tuple(steps),
        )

    def _waive(self, token: str) -> None:
        """Leave a profile out that the camera will not change."""
        if self._targets is not None:
            self._targets.pop(token, None)

    def _values(
        self, targets: Mapping[str, _Target], sizes: Mapping[str, Size]
    ) -> ResolutionValues:
        return ResolutionValues(
            mode=self._mode,
            profiles=tuple(
                ProfileSize(profile=token, recorded=target.recorded, size=sizes[token])
                for token, target in targets.items()
            ),
        )

    async def _aim(
        self, client: OnvifClient, profiles: Mapping[str, ProfileSettings]
    ) -> dict[str, _Target]:
        """Return what each profile in question is to show; the recorded one first."""
        if not profiles:
            raise CameraOperationUnsupported("no profile has a video encoder that can be set")
        recorded = await self._recorded(client, profiles)
        encoder = profiles[recorded].video
        self.constant_bitrate = encoder is not None and encoder.constant_bitrate
        size = self._choose(await self._sizes(client, encoder))
        targets = {recorded: _Target(recorded=True, size=size)}
        if self._mode is Resolution.EVERYDAY:
            for token, profile in profiles.items():
                if token not in targets and _size(profile)[1] > self._max_height:
                    # A profile that cannot be lowered does not keep the recorded one from it.
                    with suppress(CameraError):
                        size = self._choose(await self._sizes(client, profile.video))
                        targets[token] = _Target(recorded=False, size=size)
        return targets

    @staticmethod
    async def _sizes(client: OnvifClient, encoder: EncoderConfiguration | None) -> tuple[Size, ...]:
        return () if encoder is None else await client.encoder_sizes(encoder)

    async def _recorded(self, client: OnvifClient, profiles: Mapping[str, ProfileSettings]) -> str:
        """Return the profile that is recorded, as the jobs say it, otherwise the likeliest one."""
        jobs: tuple[RecordingJob, ...] = ()
        # A job list that only administrators may read says nothing to the viewing user.
        with suppress(CameraOperationUnsupported, CameraAnswerInvalid, CameraRefused):
            jobs = await client.recording_jobs()
        active = [
            job for job in jobs if job.state in {JobState.ACTIVE, JobState.PARTIALLY_ACTIVE}
        ] or jobs
        named = [source for job in active for source in job.sources if source in profiles]
        self.told = bool(named)
        if named:
            return max(named, key=lambda token: _size(profiles[token])[::-1])
        # By what it can show, not by what it shows now; among equals the first, which is the main stream.
        heights = dict.fromkeys(profiles, 0)
        for token, profile in profiles.items():
            with suppress(CameraOperationUnsupported, CameraAnswerInvalid):
                sizes = await self._sizes(client, profile.video)
                heights[token] = sizes[0][1] if sizes else 0
        return max(heights, key=lambda token: heights[token])

    def _choose(self, sizes: tuple[Size, ...]) -> Size:
        """Return the best size of those that are offered, the tallest first."""
        if not sizes:
            raise CameraOperationUnsupported("the camera offers no sizes")
        if self._mode is Resolution.EVIDENCE:
            return sizes[0]
        allowed = [size for size in sizes if size[1] <= self._max_height]
        if self._put_back in (allowed or sizes) and self._put_back is not None:
            return self._put_back
        if not allowed:
            raise NoSuchSize("the camera offers no size within the section's limit")
        return allowed[0]


def _size(profile: ProfileSettings) -> Size:
    video = profile.video
    return (0, 0) if video is None else (video.width or 0, video.height or 0)


# --- Clock ------------------------------------------------------------------------------------------------


class ClockChange(Change):
    """Set the clock to ours by hand, or give it to a time server."""

    setting = Setting.CLOCK

    def __init__(self, server: str | None, tolerance: timedelta) -> None:
        """Take a time server (None: our own clock, once) and what the section tolerates."""
        self._server = server
        self._tolerance = tolerance

    @override
    async def look(self, client: OnvifClient) -> Reading:
        """Read how the clock is set, what it shows and where the time comes from."""
        # Open to everybody, and first: what needs a log-in is signed with this time.
        clock = await client.read_clock()
        settings = await client.clock_settings()
        servers: tuple[str, ...] | None = None
        with suppress(CameraOperationUnsupported, CameraAnswerInvalid):
            told = await client.time_servers()
            servers = ("dhcp",) if told.from_dhcp else told.servers
        right = abs(clock.offset) <= self._tolerance + clock.uncertainty
        mode = ClockMode.MANUAL if self._server is None else ClockMode.NTP
        named = self._server is None or servers == (self._server,)
        steps: list[Step] = []
        if not named and self._server is not None:
            steps.append(Step(key="server", send=partial(client.set_time_server, self._server)))
        # A camera that does not name its mode is not held to it.
        set_so = (settings.mode is ClockMode.NTP) is (mode is ClockMode.NTP)
        if not set_so or (self._server is None and not right):

            async def send() -> None:
                wanted = replace(settings, mode=mode)
                try:
                    await client.set_clock(wanted)
                except CameraFault:
                    # Some refuse the zone that they told themselves.
                    if not wanted.time_zone:
                        raise
                    await client.set_clock(replace(wanted, time_zone=""))

            steps.append(Step(key="clock", send=send))
        return Reading(
            values=ClockValues(
                mode=settings.mode,
                ntp=_joined(servers),
                ahead=round(clock.seconds_ahead.total_seconds()),
            ),
            wanted=ClockValues(
                mode=mode,
                ntp=_joined(servers) if self._server is None else self._server,
                ahead=0,
            ),
            done=named and set_so and (self._server is not None or right),
            # A time server takes a while to be heard.
            settled=right,
            steps=tuple(steps),
        )


def _joined(servers: tuple[str, ...] | None) -> str | None:
    return ", ".join(servers) if servers else None
