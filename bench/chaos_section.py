"""A section for the fault rounds: the product's own parts on a bare Home Assistant, and a whole case driven through them.

What runs is what runs in an office: ledger, books, retrievals, vault, packages, deadlines, clock and proof, put together by
`async_make_runtime`. Entities, panel and ways in are left out, and of the fleet there is one virtual camera, asked over
real sockets. Time passes as fast as it is told to.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
import hashlib
from pathlib import Path
import time
from types import MappingProxyType
from typing import Any, override
from unittest.mock import patch
from zipfile import ZipFile

import aiohttp
from homeassistant import loader
from homeassistant.auth import auth_manager_from_config
from homeassistant.config_entries import SOURCE_USER, ConfigEntries, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.util import dt as dt_util

from custom_components.niiza_cctv import const, entry_data, runtime
from custom_components.niiza_cctv.cameras import Cameras
from custom_components.niiza_cctv.lib.access.errors import CaseError
from custom_components.niiza_cctv.lib.access.model import Actor, Role
from custom_components.niiza_cctv.lib.cases.case_file import says_up_to
from custom_components.niiza_cctv.lib.cases.model import (
    Case,
    CaseKind,
    CaseState,
    ClipState,
    Outcome,
    Passage,
    Step,
)
from custom_components.niiza_cctv.lib.cases.rules import Seen
from custom_components.niiza_cctv.lib.device.camera import StationCamera
from custom_components.niiza_cctv.lib.device.errors import CameraUnreachable
from custom_components.niiza_cctv.lib.device.model import CameraAddress, ClockReading, Credential
from custom_components.niiza_cctv.lib.device.policy import SectionPolicy
from custom_components.niiza_cctv.lib.footage.archive import Archive
from custom_components.niiza_cctv.lib.footage.gate import ReplayGate
from custom_components.niiza_cctv.lib.footage.package_model import CameraFacts, PackageInvalid
from custom_components.niiza_cctv.lib.footage.readback import read_back
from custom_components.niiza_cctv.lib.footage.retrieval import RetrievalTiming
from custom_components.niiza_cctv.lib.footage.rtsp import describe
from custom_components.niiza_cctv.lib.footage.vault import BIN, VaultError
from custom_components.niiza_cctv.lib.ledger import store
from custom_components.niiza_cctv.lib.ledger.actions import LedgerAction
from custom_components.niiza_cctv.lib.ledger.errors import LedgerError
from custom_components.niiza_cctv.lib.ledger.model import Person
from custom_components.niiza_cctv.managers import evidence
from custom_components.niiza_cctv.managers.clock import ClockManager
from custom_components.niiza_cctv.managers.deadlines import DeadlineManager
from custom_components.niiza_cctv.managers.outbox import LedgerOutbox

CAMERA = "kita"
VIEWER = Credential(username="viewer", password="viewer-pass")  # noqa: S106 - of the simulator
REQUEST = {
    "document_number": "新座刑発第123号",
    "document_date": "2026-11-02",
    "organisation": "埼玉県新座警察署刑事課",
    "requester": "巡査部長 北野一郎",
    "contact": "048-000-0000",
    "purpose": "窃盗被疑事件の捜査のため",
}
# How often what looks at the clock does, and what waits tries again, in seconds.
TICK = 0.05
# How long something may take that is not to fail, and how long it is waited for where something does (seconds).
LONGEST, SHORT = 60.0, 1.5
# Steps of people that fail in a row before they leave it for another day.
PATIENCE = 3
# What the section keeps footage for, and how near to its end nothing may have gone.
KEEP, _NEARLY = timedelta(days=30), timedelta(minutes=10)
# Phases in which no person does anything.
_BY_ITSELF = frozenset({"fetch", "purged", "keep", "bin"})
_QUICK = RetrievalTiming(
    retry_delay=(TICK, 4 * TICK), busy_again=TICK, settle_again=TICK, index_age=5.0
)


def _actor(name: str, *roles: Role) -> Actor:
    person = Person(id=f"{name}-id", name=name)
    return Actor(person=person, roles=frozenset(roles), human=True, active=True, direct=True)


SATO = _actor("佐藤", Role.EXPORTER)
SUZUKI = _actor("鈴木", Role.APPROVER)


class HungError(Exception):
    """What was to happen did not, although nothing kept it from it."""


class NotStartedError(Exception):
    """The section could not be set up; Home Assistant tries it again."""


class BrokenPromiseError(Exception):
    """The section did what it never may."""


class Clock:
    """What the machine's clocks show: true time, which is put forward, and how far the one on the wall is off."""

    def __init__(self, passed: timedelta, ahead: timedelta) -> None:
        """Begin where an earlier run ended: so much later than it really is, with the wall clock off by so much."""
        self.passed = passed
        self.ahead = ahead

    def true_now(self) -> datetime:
        """Return the true time."""
        return datetime.now(UTC) + self.passed

    def now(self) -> datetime:
        """Return what Home Assistant takes for the time."""
        return self.true_now() + self.ahead

    def steady(self) -> float:
        """Return seconds that nobody sets."""
        return time.monotonic() + self.passed.total_seconds()


class OneCamera(Cameras):
    """The cameras of a section with one, reached over its sockets; nothing polls it."""

    reached: Archive | None = None

    @override
    def archive(self, unique_id: str) -> Archive:
        if self.reached is None or unique_id != CAMERA:
            raise CameraUnreachable("The camera is not the section's any more")
        return self.reached

    @override
    def facts(self, unique_id: str, clock: ClockReading | None = None) -> CameraFacts | None:
        return CameraFacts(
            name="北口",
            manufacturer="Niiza Sim",
            model="NS-200",
            serial="1",
            firmware="1.4.2",
            clock=clock,
        )


@dataclass(kw_only=True)
class Life:
    """How a case goes when nothing fails, and the camera that it is about."""

    camera_port: int
    # Seconds of each passage, and how many hours ago it began.
    passages: tuple[tuple[float, float], ...] = ((2.0, 2.0),)
    encrypt: bool = False
    # handed_over, concluded, rejected or purged.
    ending: str = "handed_over"
    # Taken out of the bin once.
    restored: bool = False
    # Released a second time before the hand-over, as for a lost link.
    released_twice: bool = False


@dataclass(kw_only=True)
class Section:
    """A section that runs."""

    hass: HomeAssistant
    parts: runtime.NiizaRuntime
    clock: Clock
    life: Life
    # Tells the supervisor: the name of what begins or happened, and what belongs to it. Returns whether to go on.
    say: Callable[..., bool]
    # Whether anything may fail in this run.
    calm: bool
    # The phase with whose beginning the clock is set wrong, how far, and whether it is right again before the phase's step.
    wrong_clock: tuple[str, timedelta, bool] | None = None
    # When a person took the last step, in true time.
    stepped_at: datetime | None = None
    failures: int = 0
    given_up: int = 0
    looks: int = 0
    _done: set[str] = field(default_factory=set)

    # --- What is waited for -----------------------------------------------------------------------------------

    async def until(self, condition: Callable[[], Any], what: str, *, brief: bool = False) -> bool:
        """Wait for something; False: it does not come while something fails. Raises HungError."""
        end = time.monotonic() + (LONGEST if self.calm else SHORT / 5 if brief else SHORT)
        while not condition():
            if time.monotonic() > end:
                if self.calm:
                    raise HungError(what)
                return False
            await asyncio.sleep(TICK / 5)
        return True

    def hear(self) -> None:
        """Let the camera's clock be heard, which is right."""
        self.parts.evidence.time.hear(CAMERA, self.clock.true_now())

    def pass_time(self, time_passed: timedelta) -> None:
        """Let true time pass; both clocks of the machine go on with it, and are looked at."""
        self.say("passed", passed=(self.clock.passed + time_passed).total_seconds())
        step = timedelta(minutes=50)
        while time_passed > timedelta():
            self.clock.passed += min(step, time_passed)
            time_passed -= step
            self.parts.evidence.time.look()
            self.hear()
            self.parts.evidence.time.doubt()

    async def watched(self, looks: int, what: str) -> bool:
        """Wait until the deadlines were looked at so often from now on."""
        wanted = self.looks + looks
        return await self.until(lambda: self.looks >= wanted, what)

    # --- A case -----------------------------------------------------------------------------------------------

    def case(self) -> Case | None:
        """Return the case that this round is about: the newest."""
        cases = self.parts.evidence.cases.cases
        return cases[max(cases)] if cases else None

    async def carry_on(self) -> bool:
        """Take the case from where it is to its end; False: what fails kept people from it."""
        while True:
            phase, step = self._next()
            if phase == "over":
                return True
            if not self.say("phase", phase=phase):
                return False
            try:
                went_on = await self._on_time(phase, step)
            except (LedgerError, OSError, VaultError, PackageInvalid, CaseError) as err:
                self.say("refused", phase=phase, error=f"{type(err).__name__}: {err}")
                self.failures += 1
                if self.calm and not isinstance(err, LedgerError):
                    raise
                if self.failures >= PATIENCE:
                    return False
                await asyncio.sleep(TICK)
                continue
            if not went_on:
                return False
            self.failures = 0
            await self._written()
            if phase not in _BY_ITSELF:
                self.stepped_at = self.clock.true_now()
                self.say("stepped", at=self.stepped_at.isoformat())
            self.say_head()

    async def _on_time(self, phase: str, step: Callable[[], Any]) -> bool:
        """Take a step, with the clock that this run has then."""
        if self.wrong_clock is None or self.wrong_clock[0] != phase:
            return bool(await step())
        _, ahead, before = self.wrong_clock
        self.wrong_clock = None
        if before:
            await self.with_wrong_clock(ahead)
            return bool(await step())
        self.clock.ahead = ahead
        try:
            return bool(await step())
        finally:
            self.clock.ahead = timedelta()
            await self.watched(3, "Nobody looks at the clock")

    async def _written(self) -> None:
        """Wait until the case's entries lie beside its footage, as they do when a person takes the next step."""

        def written() -> bool:
            case = self._known()
            bin_or_not = "" if case.binned_until is None else BIN
            folder = self.parts.evidence.vault.root / bin_or_not / case.id
            return not case.may_hold_files or says_up_to(folder, case.history[-1])

        await self.until(written, "The entries of the case are not beside its footage", brief=True)

    def say_head(self) -> None:
        """Tell what the ledger is known to hold: it was said to somebody, and holds from now on."""
        head = self.parts.evidence.ledger.head
        self.say("head", number=head.number, hash=head.hash)

    def _next(self) -> tuple[str, Callable[[], Any]]:
        """Return what comes next for the case, by what the ledger says of it."""
        case, life = self.case(), self.life
        if case is None:
            return "create", self._create
        if case.is_open:
            if any(clip.state is ClipState.FAILED for clip in case.clips):
                return "give_up", self._give_up
            wanted = len(life.passages)
            if sum(clip.state is not ClipState.CANCELLED for clip in case.clips) < wanted:
                return "request", self._request
            if any(clip.state is ClipState.REQUESTED for clip in case.clips):
                return "fetch", self._fetch
        match case.state:
            case CaseState.PRESERVED if life.ending == "rejected":
                return "reject", self._reject
            case CaseState.PRESERVED:
                return "approve", self._approve
            case CaseState.APPROVED if life.ending == "concluded":
                return "conclude", self._conclude
            case CaseState.APPROVED:
                return "release", self._release
            case CaseState.RELEASED:
                return self._after_release(case)
        if case.files_removed_at is not None:
            return "over", self._create
        if case.state is CaseState.PURGED:
            return "purged", self._wait_for_removal
        if life.ending == "purged":
            return "purge", self._purge
        if case.binned_until is None:
            return "keep", self._keep
        if life.restored and not any(step.action == "files_restored" for step in case.history):
            return "restore", self._restore
        return "bin", self._in_bin

    def _after_release(self, case: Case) -> tuple[str, Callable[[], Any]]:
        releases = sum(step.action == "case_released" for step in case.history)
        if not case.downloads:
            return "download", self._download
        if self.life.released_twice and releases < 2:
            return "release_again", self._release
        if "downloaded" not in self._done:
            return "download_again", self._download
        return "hand_over", self._hand_over

    async def _create(self) -> bool:
        await self.parts.evidence.cases.create(SATO, CaseKind.POLICE_INQUIRY, REQUEST)
        return True

    async def _request(self) -> bool:
        case = self._known()
        kept = [clip.passage for clip in case.clips if clip.state is not ClipState.CANCELLED]
        missing = []
        for seconds, hours in self.life.passages:
            start = case.created_at.replace(microsecond=0) - timedelta(hours=hours)
            if all(passage.start != start for passage in kept):
                end = start + timedelta(seconds=seconds)
                missing.append(Passage(camera=CAMERA, camera_name="北口", start=start, end=end))
        estimate = self.clock.now() + timedelta(days=10)
        await self.parts.evidence.cases.request_clips(
            SATO, case.id, [(passage, estimate) for passage in missing]
        )
        return True

    async def _fetch(self) -> bool:
        self.parts.evidence.async_start_clips(self._known().clips)

        def fetched() -> bool:
            return all(clip.state is not ClipState.REQUESTED for clip in self._known().clips)

        return await self.until(fetched, "The footage is not fetched")

    async def _give_up(self) -> bool:
        self.given_up += 1
        if self.given_up > PATIENCE:
            return False
        for clip in self._known().clips:
            if clip.state is ClipState.FAILED:
                if self.calm:
                    self.say("given_up", error=clip.error)
                await self.parts.evidence.async_cancel_clip(SATO, clip.id)
        return True

    async def _approve(self) -> bool:
        case = self._known()
        # Each is an entry of its own: what was approved before it died is approved.
        seen = [
            Seen(item=one.id, digest=one.digest or "")
            for one in case.chosen
            if one.id not in case.approvals
        ]
        await self.parts.evidence.cases.approve(SUZUKI, case.id, seen=seen)
        return True

    async def _reject(self) -> bool:
        await self.parts.evidence.cases.reject(SUZUKI, self._known().id, "照会の取下げ")
        return True

    async def _conclude(self) -> bool:
        if not await self._proved():
            return False
        await self.parts.evidence.cases.conclude(
            SATO, self._known().id, Outcome.SHOWN_IN_PERSON, "閲覧で足りたため"
        )
        return True

    async def _proved(self) -> bool:
        return await self.until(
            lambda: self.parts.evidence.proof.found is not None, "The ledger is not verified"
        )

    async def _release(self) -> bool:
        if not await self._proved():
            return False
        self._done.discard("downloaded")
        await self.parts.releases.async_release(SATO, self._known().id, encrypt=self.life.encrypt)
        return True

    async def _download(self) -> bool:
        """Take the package as a link gives it: recorded before it leaves, and only what was released."""
        if not await self._proved():
            return False
        case = self._known()
        assert case.package is not None
        path = self.parts.evidence.vault.root / case.id / case.package.name
        if not path.exists():
            # As the link would say: it is gone, have it made anew.
            self.say("package_gone")
            return await self._release()
        await self.parts.evidence.cases.download_begun(SATO, case.id, case.package)
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != case.package.sha256:
            raise BrokenPromiseError("What is downloaded is not what was released")
        if not self.life.encrypt:
            self._check_package(path, case)
        await self.parts.evidence.cases.downloaded(SATO, case.id, case.package)
        self._done.add("downloaded")
        return True

    @staticmethod
    def _check_package(path: Path, case: Case) -> None:
        with ZipFile(path) as package:
            for clip in case.sealed_clips:
                assert clip.sealed is not None
                with package.open(clip.sealed.master.name) as file:
                    digest = hashlib.sha256(file.read()).hexdigest()
                if digest != clip.sealed.master.sha256:
                    raise BrokenPromiseError("The package does not hold what was sealed")

    async def _hand_over(self) -> bool:
        await self._proved()
        await self.parts.evidence.cases.hand_over(
            SATO, self._known().id, "巡査部長 北野一郎", "DVD-R", "SN-1"
        )
        return True

    async def _purge(self) -> bool:
        if not await self._proved():
            return False
        case = await self.parts.evidence.cases.purge(SATO, self._known().id)
        await self.parts.evidence.async_remove_files(case.id)
        return True

    async def _wait_for_removal(self) -> bool:
        return await self.until(
            lambda: self._known().files_removed_at is not None, "The files are not removed"
        )

    async def _keep(self) -> bool:
        """Wait until the section's days are over and the footage lies in the bin."""
        if not await self._proved():
            return False
        if not await self._trust_time():
            return False
        over = (self.stepped_at or self.clock.true_now()) + KEEP - _NEARLY
        while (left := over - self.clock.true_now()) > timedelta():
            self.pass_time(min(left, KEEP / 2))
            if not await self.watched(2, "Nobody looks at the clock"):
                return False
            if self._known().binned_until is not None:
                raise BrokenPromiseError("The footage went before its time")
        # What was done while the clock was wrong may be kept for longer.
        if (until := self.parts.evidence.cases.kept_until(self._known())) is not None:
            self.pass_time(max(until - self.clock.true_now(), timedelta()) + 2 * _NEARLY)
        return await self.until(
            lambda: self._known().binned_until is not None, "The footage does not go to the bin"
        )

    async def _restore(self) -> bool:
        await self.parts.evidence.async_restore_files(SATO, self._known().id)
        return True

    async def _in_bin(self) -> bool:
        """Wait until the days in the bin are over, and the footage is gone."""
        if not await self._proved():
            return False
        if not await self._trust_time():
            return False
        until = self._known().binned_until
        assert until is not None
        self.pass_time(max(until - self.clock.true_now(), timedelta()) + timedelta(minutes=10))
        return await self._wait_for_removal()

    async def _trust_time(self) -> bool:
        """Let the clock be trusted: cameras agree for hours, and a person releases what a jump stopped."""
        if self.parts.evidence.time.jump is not None:
            await self.parts.clock.async_confirm(SUZUKI)
        if not self.parts.evidence.time.is_trusted():
            self.pass_time(timedelta(hours=2, minutes=30))
        return await self.until(
            self.parts.evidence.time.is_trusted, "The clock is not trusted although it is right"
        )

    async def with_wrong_clock(self, ahead: timedelta) -> None:
        """Set the wall clock wrong, and right again; nothing may end by it meanwhile."""
        before = self._ended()
        self.clock.ahead = ahead
        await self.watched(3, "Nobody looks at the wrong clock")
        self.hear()
        await self.watched(3, "Nobody looks at the wrong clock")
        self.clock.ahead = timedelta()
        await self.watched(3, "Nobody looks at the clock")
        if self._ended() != before:
            raise BrokenPromiseError("Something ended by a clock that was wrong")

    def _ended(self) -> list[tuple[str, bool, bool, bool]]:
        return [
            (case.id, case.is_open, case.binned_until is None, case.files_removed_at is None)
            for case in self.parts.evidence.cases.cases.values()
        ]

    def _known(self) -> Case:
        case = self.case()
        assert case is not None
        return case


class _OneEntry(ConfigEntries):
    """The config entries of a Home Assistant that keeps none: the section's is made anew at each start."""

    @override
    def async_update_entry(self, entry: ConfigEntry[Any], **changes: Any) -> bool:
        # What is taken over once is as the entry is made: nothing is left to be kept.
        assert all(getattr(entry, name) == value for name, value in changes.items())
        return False


def _entry() -> ConfigEntry[Any]:
    return ConfigEntry(
        version=1,
        minor_version=const.MINOR_VERSION,
        domain=const.DOMAIN,
        title="交通防犯課",
        data={
            const.CONF_RETENTION_DAYS: 14,
            const.CONF_RETENTION_TOLERANCE: 1,
            const.CONF_AUDIO_ALLOWED: False,
            const.CONF_CLOCK_TOLERANCE: 2.0,
            const.CONF_MAX_HEIGHT: 720,
            **{role: [] for role in const.ROLES},
        },
        options={},
        source=SOURCE_USER,
        unique_id=const.DOMAIN,
        discovery_keys=MappingProxyType({}),
        subentries_data=None,
    )


async def _media_kinds(url: str, credential: Credential) -> frozenset[str]:
    return frozenset(media.kind for media in await describe(url, credential))


def _shifted(clock: Clock) -> type[datetime]:
    """Return a `datetime` whose now is that of the clock on the wall."""

    class Shifted(datetime):
        @override
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return clock.now().astimezone(tz)

    return Shifted


@asynccontextmanager
async def section(
    folder: Path, life: Life, clock: Clock, say: Callable[..., bool], *, calm: bool
) -> AsyncGenerator[Section]:
    """Start a section on what lies in a folder, and stop it in order at the end of the block."""
    hass = HomeAssistant(str(folder))
    dr.async_setup(hass)
    hass.auth = await auth_manager_from_config(hass, [], [])
    entry = _entry()
    hass.config_entries = _OneEntry(hass, {})
    dt_util.set_default_time_zone(dt_util.get_time_zone("Asia/Tokyo") or UTC)
    with (
        patch.object(runtime, "Cameras", OneCamera),
        patch.object(entry_data, "Ledger", partial(store.Ledger, retry_every=TICK)),
        patch.object(
            runtime,
            "Evidence",
            partial(evidence.Evidence, now=clock.now, monotonic=clock.steady),
        ),
        patch.object(runtime, "LedgerOutbox", partial(LedgerOutbox, retry_delay=TICK)),
        patch.object(
            runtime,
            "DeadlineManager",
            partial(DeadlineManager, every=timedelta(seconds=TICK)),
        ),
        patch.object(runtime, "ClockManager", partial(ClockManager, every=timedelta(seconds=TICK))),
        patch.object(evidence, "RETRY_DELAY", TICK),
        patch.object(store, "datetime", _shifted(clock)),
        patch.object(dt_util, "utcnow", clock.now),
    ):
        loader.async_setup(hass)
        await ir.async_load(hass, load_empty=True)
        try:
            parts = await runtime.async_make_runtime(hass, entry)
            await parts.record.async_load()
        except OSError as err:
            raise NotStartedError(str(err)) from err
        parts.evidence.retrievals.timing = _QUICK
        running = Section(hass=hass, parts=parts, clock=clock, life=life, say=say, calm=calm)
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
            cameras = parts.cameras
            assert isinstance(cameras, OneCamera)
            cameras.reached = Archive(
                StationCamera(
                    http,
                    CameraAddress(host="127.0.0.1", port=life.camera_port),
                    VIEWER,
                    SectionPolicy(),
                    known_as=None,
                    poll_interval=timedelta(seconds=30),
                    time_zone=UTC,
                    media_kinds=_media_kinds,
                    read_back=read_back,
                    on_change=lambda: None,
                ),
                time_zone=UTC,
                tls=None,
                gate=ReplayGate(),
            )

            def looked() -> None:
                running.looks += 1

            def stepped(_case: Case, step: Step) -> None:
                if step.action == LedgerAction.CLIP_FAILED and not step.details["final"]:
                    say("camera")

            parts.deadlines.async_on_looked(looked)
            parts.evidence.async_on_step(stepped)
            try:
                await parts.evidence.async_start()
                await parts.record.async_start()
                await parts.clock.async_start()
                await parts.proof.async_start()
                await parts.deadlines.async_start()
                yield running
            finally:
                await parts.async_close()
