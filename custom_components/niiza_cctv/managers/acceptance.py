"""Acceptance tests of cameras: one at a time in the section, called off with it, and on the record when one has ended."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util

from ..cameras import Cameras
from ..coordinator import CameraCoordinator, tls_of
from ..entry_data import async_spawn, camera_reports
from ..lib.acceptance.bundle import Bundle, make_bundle
from ..lib.acceptance.model import Report, Reports, Step
from ..lib.acceptance.run import AcceptanceTest, Place, TestLimits
from ..lib.access.errors import CaseError, NotAllowed
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission, check_person
from ..lib.checks.model import check_id
from ..lib.ledger.actions import LedgerAction
from ..lib.ledger.errors import EntryInvalid, LedgerError
from ..lib.ledger.model import Person
from .checks import CheckManager
from .evidence import Evidence


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


@dataclass(frozen=True, kw_only=True)
class FinishedTest:
    """A test that has ended, however it did; `recorded` is False where the ledger could not take it."""

    camera: str
    camera_name: str
    person: Person
    report: Report
    test: AcceptanceTest
    recorded: bool


async def wait_for_end(running: RunningTest) -> FinishedTest:
    """Return how a test ended; whoever stops waiting does not end it."""
    return await asyncio.shield(running.task)


class AcceptanceTests:
    """The tests of the section's cameras; of each camera the last one is kept while the section is loaded."""

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
        self._finished: dict[str, FinishedTest] = {}

    def finished(self, camera: str) -> FinishedTest | None:
        """Return the last test of a camera."""
        return self._finished.get(camera)

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
        running.task.cancel()
        await asyncio.wait({running.task})

    async def async_bundle(self, actor: Actor, camera: CameraCoordinator) -> Bundle:
        """Return the answers of a camera's last test, without names and numbers; raises CaseError, LedgerError.

        That somebody takes them is on the record before they are given.
        """
        person = await self.async_check(actor, camera.unique_id)
        if (finished := self._finished.get(camera.unique_id)) is None:
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
            running.task.cancel()
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
            try:
                report = await running.test.run()
            except asyncio.CancelledError:
                # By a person, or with the section: what was found is kept either way.
                report = running.test.report()
                current = asyncio.current_task()
                if current is not None:
                    current.uncancel()
            finished = FinishedTest(
                camera=running.camera,
                camera_name=running.camera_name,
                person=running.person,
                report=report,
                test=running.test,
                recorded=await self._async_record(running, report),
            )
            self._finished[running.camera] = finished
            return finished
        finally:
            self.running = None

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
        (address.host, _kind_of_host(address.host)),
        (address.name or "", "host"),
        (address.fingerprint or "", "secret"),
        (reports.address_id, "name"),
        (reports.mail_recipient, "name"),
        # Whatever else this section's cameras are called may stand in one's texts, too.
        *((one.name, "name") for one in cameras.values()),
    )
