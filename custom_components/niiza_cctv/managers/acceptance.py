"""Acceptance tests of cameras: one at a time in the section, called off with it, on the record and kept when one has ended."""

import asyncio
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.storage import Store
from homeassistant.loader import async_get_loaded_integration
from homeassistant.util import dt as dt_util

from ..cameras import Cameras
from ..const import DOMAIN, LOGGER
from ..coordinator import CameraCoordinator, tls_of
from ..entry_data import async_spawn, camera_reports
from ..lib.acceptance.bundle import Bundle, make_bundle
from ..lib.acceptance.kept import report_as_json, report_from_json
from ..lib.acceptance.model import Ending, Report, Reports, Step
from ..lib.acceptance.run import AcceptanceTest, Place, TestLimits
from ..lib.access.errors import CaseError, NotAllowed
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission, check_person
from ..lib.checks.model import check_id
from ..lib.ledger.actions import LedgerAction
from ..lib.ledger.errors import EntryInvalid, LedgerError
from ..lib.ledger.model import Json, Person
from .checks import CheckManager
from .evidence import Evidence

_STORE_VERSION: Final = 1
_STORE_KEY: Final = f"{DOMAIN}.acceptance"
# Of so many tests the camera's answers are kept, in memory: of one they may be 4 MiB.
_WITH_ANSWERS: Final = 8


class AcceptanceRefused(CaseError):
    """No test is begun now; the message says why. Nobody did anything wrong by asking."""

    recorded = False


@dataclass(kw_only=True)
class RunningTest:
    """A test that is under way."""

    camera: str
    camera_name: str
    person: Person
    started: datetime
    test: AcceptanceTest
    step: Step = Step.IDENTITY
    share: float = 0.0
    task: asyncio.Task[FinishedTest] = field(init=False)
    # Whether the camera is asked: before and after that there is nothing to call off.
    asks: bool = False
    called_off: bool = False

    def call_off(self) -> None:
        """Ask the camera nothing more; what is then written down is written down whole."""
        self.called_off = True
        if self.asks:
            self.asks = False
            self.task.cancel()


@dataclass(frozen=True, kw_only=True)
class FinishedTest:
    """A test that has ended, however it did; `recorded` is False where the ledger could not take it."""

    camera: str
    camera_name: str
    person: Person
    report: Report
    # Of the integration that made the report.
    version: str
    recorded: bool
    # What it heard; None once that is not kept any more.
    test: AcceptanceTest | None


@dataclass(frozen=True, kw_only=True)
class KeptTests:
    """What is kept of a camera: its last test, and of those before it the last one that ran to its end."""

    last: FinishedTest | None = None
    before: FinishedTest | None = None
    # Something is kept that cannot be read: it is damaged, or of another version.
    unreadable: bool = False


async def wait_for_end(running: RunningTest) -> FinishedTest:
    """Return how a test ended; whoever stops waiting does not end it."""
    return await asyncio.shield(running.task)


class AcceptanceTests:
    """The tests of the section's cameras; of each camera the last one and the one before are kept on the disk."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        cameras: Cameras,
        evidence: Evidence,
        checks: CheckManager,
        limits: TestLimits | None = None,
    ) -> None:
        """Make it; nothing is tested."""
        self._hass = hass
        self._entry = entry
        self._cameras = cameras
        self._evidence = evidence
        self._checks = checks
        self._limits = limits
        self.running: RunningTest | None = None
        # In their own words, the newest first: read when somebody asks for them.
        self._kept: dict[str, list[Json]] = {}
        # Those with the camera's answers, the oldest first.
        self._heard: dict[str, FinishedTest] = {}
        self._store: Store[dict[str, list[Json]]] = Store(
            hass, _STORE_VERSION, _STORE_KEY, private=True, serialize_in_event_loop=False
        )
        self._unreadable = False

    async def async_load(self) -> None:
        """Take up what is kept; what cannot be read is told to whoever asks for it."""
        # What a file holds is whatever somebody wrote into it.
        kept: object = None
        try:
            kept = await self._store.async_load()
        except (
            # What it meets with is no file of Home Assistant's, or one of a version to come.
            HomeAssistantError,
            AttributeError,
            KeyError,
            NotImplementedError,
            TypeError,
        ) as err:
            LOGGER.warning("The reports of acceptance tests cannot be read: %s", err)
            self._unreadable = True
        if isinstance(kept, dict):
            self._kept = {
                camera: of_it if isinstance(of_it, list) else [of_it]
                for camera, of_it in kept.items()
            }
        elif kept is not None:
            self._unreadable = True
        self._cameras.async_on_removed(self._async_forget)

    def kept(self, camera: str) -> KeptTests:
        """Return what is kept of a camera."""
        if (kept := self._kept.get(camera)) is None:
            return KeptTests(unreadable=self._unreadable)
        read = [_test_from_json(camera, one) for one in kept[:2]]
        last, before, *_ = (*read, None, None)
        return KeptTests(
            last=self._heard.get(camera) or last, before=before, unreadable=None in read
        )

    def finished(self, camera: str) -> FinishedTest | None:
        """Return the last test of a camera."""
        return self.kept(camera).last

    async def async_check(self, actor: Actor, camera: str | None) -> Person:
        """Return who it is, if they may test cameras; raises NotAllowed, on the record, and LedgerError."""
        try:
            return check_person(actor, Permission.TEST_CAMERA)
        except NotAllowed as err:
            subject = "section" if camera is None else f"camera/{camera}"
            await self._evidence.cases.refuse(actor, Permission.TEST_CAMERA, subject, err.key)
            raise

    async def async_start(self, actor: Actor, camera: CameraCoordinator) -> RunningTest:
        """Begin to test a camera; raises CaseError, also while one is tested, and LedgerError."""
        person = await self.async_check(actor, camera.unique_id)
        if (running := self.running) is not None:
            raise AcceptanceRefused("acceptance_busy", {"camera": running.camera_name})
        running = self.running = self._new(person, camera)
        running.task = async_spawn(
            self._hass, self._entry, self._async_run(running), "acceptance test", eager=False
        )
        return running

    async def async_cancel(self, actor: Actor) -> None:
        """Call off what runs; what was found so far is kept. Raises CaseError, LedgerError."""
        running = self.running
        await self.async_check(actor, None if running is None else running.camera)
        if running is None:
            raise AcceptanceRefused("acceptance_none_runs")
        running.call_off()
        await asyncio.wait({running.task})

    async def async_bundle(self, actor: Actor, camera: CameraCoordinator) -> Bundle:
        """Return the answers of a camera's last test, without names and numbers; raises CaseError, LedgerError.

        That somebody takes them is on the record before they are given.
        """
        person = await self.async_check(actor, camera.unique_id)
        finished = self._heard.get(camera.unique_id)
        if finished is None or finished.test is None:
            raise AcceptanceRefused("acceptance_no_answers", {"camera": camera.name})
        bundle = await self._hass.async_add_executor_job(
            make_bundle, finished.test, _known(camera, self._cameras)
        )
        if bundle is None:
            raise AcceptanceRefused("acceptance_no_answers", {"camera": camera.name})
        await self._evidence.ledger.append(
            LedgerAction.CAMERA_ANSWERS_TAKEN,
            f"camera/{camera.unique_id}",
            {"sha256": bundle.sha256, "answers": bundle.answers},
            person=person,
        )
        return bundle

    async def async_close(self) -> None:
        """Call off what runs."""
        if (running := self.running) is not None:
            running.call_off()
            await asyncio.wait({running.task})

    def _new(self, person: Person, camera: CameraCoordinator) -> RunningTest:
        test = AcceptanceTest(
            Place(
                http=async_get_clientsession(self._hass),
                address=camera.address,
                credential=camera.camera.credential,
                known_as=camera.subentry.unique_id,
                tls=tls_of(camera.address),
                gate=camera.gate,
                ask_certificate=camera.archive.signing_certificate,
            ),
            camera.policy,
            dt_util.get_default_time_zone(),
            reports=self._reports(camera),
            limits=self._limits,
            progress=self._progress,
        )
        return RunningTest(
            camera=camera.unique_id,
            camera_name=camera.name,
            person=person,
            started=dt_util.utcnow(),
            test=test,
        )

    def _progress(self, step: Step, share: float) -> None:
        if self.running is not None:
            self.running.step, self.running.share = step, share

    def _reports(self, camera: CameraCoordinator) -> Reports:
        """Return what the section knows of the camera besides."""
        reports = camera_reports(camera.subentry.data)
        sign = self._checks.checks.get(check_id("signage", camera.asset))
        passed = None if sign is None else sign.passed
        return Reports(
            mail_last=camera.heartbeat.last,
            mail_silent=camera.heartbeat.silent,
            reports_address=bool(reports.address_id and reports.address_password),
            sign_confirmed=None if passed is None else passed.at,
            sign_failed=sign is not None and sign.failed,
        )

    async def _async_run(self, running: RunningTest) -> FinishedTest:
        try:
            report = await self._async_ask(running)
            finished = FinishedTest(
                camera=running.camera,
                camera_name=running.camera_name,
                person=running.person,
                report=report,
                version=str(async_get_loaded_integration(self._hass, DOMAIN).version),
                recorded=await self._async_record(running, report),
                test=running.test,
            )
            await self._async_keep(finished)
            return finished
        finally:
            self.running = None

    async def _async_ask(self, running: RunningTest) -> Report:
        """Return what a test found; of one that is called off, by a person or with the section, what it found until then."""
        if running.called_off:
            return running.test.report()
        running.asks = True
        try:
            return await running.test.run()
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current is not None:
                current.uncancel()
            return running.test.report()
        finally:
            running.asks = False

    async def _async_keep(self, finished: FinishedTest) -> None:
        """Keep a test in the place of the last one; of those before it stays the last that ran to its end."""
        camera = finished.camera
        if self._cameras.find(camera) is None:
            return
        kept = self.kept(camera)
        whole = [
            raw
            for raw, one in zip(self._kept.get(camera, ()), (kept.last, kept.before), strict=False)
            if one is not None and one.report.ending is Ending.DONE
        ]
        self._kept[camera] = [_test_as_json(finished), *whole[:1]]
        self._heard.pop(camera, None)
        self._heard[camera] = finished
        while len(self._heard) > _WITH_ANSWERS:
            del self._heard[next(iter(self._heard))]
        await self._store.async_save(self._to_store())

    @callback
    def _async_forget(self, camera: CameraCoordinator) -> None:
        """Forget a camera that is the section's no longer."""
        if (running := self.running) is not None and running.camera == camera.unique_id:
            running.call_off()
        self._heard.pop(camera.unique_id, None)
        if self._kept.pop(camera.unique_id, None) is not None:
            self._store.async_delay_save(self._to_store)

    @callback
    def _to_store(self) -> dict[str, list[Json]]:
        """Return what is kept of the cameras that are still the section's."""
        theirs = {each.id for each in self._cameras.assets()}
        return {camera: kept for camera, kept in self._kept.items() if camera in theirs}

    async def _async_record(self, running: RunningTest, report: Report) -> bool:
        """Put on the record what came of it: verdicts, and none of the camera's own words."""
        try:
            await self._evidence.ledger.append(
                LedgerAction.CAMERA_TESTED,
                f"camera/{running.camera}",
                {
                    "verdict": report.verdict.value,
                    "ending": report.ending.value,
                    "duties": {one.duty.value: one.verdict.value for one in report.duties},
                    "seconds": round((report.ended - report.started).total_seconds()),
                },
                person=running.person,
            )
        except EntryInvalid, LedgerError:
            return False
        return True


def _test_as_json(finished: FinishedTest) -> Json:
    return {
        "camera_name": finished.camera_name,
        "person": {"id": finished.person.id, "name": finished.person.name},
        "version": finished.version,
        "recorded": finished.recorded,
        "report": report_as_json(finished.report),
    }


def _test_from_json(camera: str, data: Json) -> FinishedTest | None:
    """Return a test that was kept; None for what cannot be read."""
    match data:
        case {
            "camera_name": str(name),
            "person": {"id": str(person_id), "name": str(person)},
            "version": str(version),
            "recorded": bool(recorded),
            "report": report,
        }:
            try:
                return FinishedTest(
                    camera=camera,
                    camera_name=name,
                    person=Person(id=person_id, name=person),
                    report=report_from_json(report),
                    version=version,
                    recorded=recorded,
                    test=None,
                )
            except ValueError:
                pass
    return None


async def async_remove_acceptance(hass: HomeAssistant) -> None:
    """Forget the reports of a section that is gone."""
    store: Store[dict[str, Any]] = Store(hass, _STORE_VERSION, _STORE_KEY)
    await store.async_remove()


def _kind_of_host(host: str) -> str:
    try:
        return f"ipv{ip_address(host).version}"
    except ValueError:
        return "host"


def _known(camera: CameraCoordinator, cameras: Cameras) -> tuple[tuple[str, str], ...]:
    """Return what the section knows of a camera that names it, or somebody, each with its kind."""
    reports = camera_reports(camera.subentry.data)
    credential, address = camera.camera.credential, camera.address
    return (
        (credential.username, "user"),
        (credential.password, "secret"),
        # As it stands in a log-in that a camera repeats.
        (b64encode(f"{credential.username}:{credential.password}".encode()).decode(), "secret"),
        (address.host, _kind_of_host(address.host)),
        (address.name or "", "host"),
        (address.fingerprint or "", "secret"),
        (reports.address_id, "name"),
        (reports.mail_recipient, "name"),
        # Whatever else this section's cameras are called may stand in one's texts, too.
        *((one.name, "name") for one in cameras.values()),
    )
