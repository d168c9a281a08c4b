"""The section while its entry is loaded: its finished parts, and what closes them."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Protocol

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import DOMAIN as HOMEASSISTANT_DOMAIN, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.service import async_get_config_entry

from .cameras import Cameras
from .const import DOMAIN
from .entry_data import async_ledger
from .lib.device.resolver import Resolver
from .managers.acceptance import AcceptanceTests
from .managers.addresses import AddressReports
from .managers.alerts import Alerts
from .managers.check_notifications import CheckNotifications
from .managers.checks import CheckManager
from .managers.clock import ClockManager
from .managers.deadlines import DeadlineManager
from .managers.drafts import DraftManager
from .managers.evidence import Evidence
from .managers.fault_notices import FaultNotices
from .managers.faults import FaultsKept
from .managers.jumps import JumpsKept
from .managers.left_exports import LeftExports
from .managers.mail import HeartbeatMail
from .managers.masking import MaskManager
from .managers.mobile_app import Phones
from .managers.notifications import CaseNotifications
from .managers.outbox import LedgerOutbox
from .managers.proof import ProofManager
from .managers.read_backs import ReadBacksKept
from .managers.release import Releases
from .managers.section_record import SectionRecord
from .managers.setting_issues import SettingIssues
from .managers.setting_requests import SettingRequests

type NiizaConfigEntry = ConfigEntry[NiizaRuntime]


class Part(Protocol):
    """What is closed with the section, whether it was started or not, and more than once."""

    async def async_close(self) -> None:
        """Let go of everything."""


@dataclass(frozen=True, kw_only=True)
class NiizaRuntime:
    """The parts of the section."""

    record: SectionRecord
    cameras: Cameras
    evidence: Evidence
    mail: HeartbeatMail
    addresses: AddressReports
    alerts: Alerts
    fault_notices: FaultNotices
    faults: FaultsKept
    checks: CheckManager
    acceptance: AcceptanceTests
    setting_issues: SettingIssues
    settings: SettingRequests
    phones: Phones
    check_notifications: CheckNotifications
    clock: ClockManager
    jumps: JumpsKept
    read_backs: ReadBacksKept
    proof: ProofManager
    deadlines: DeadlineManager
    drafts: DraftManager
    masking: MaskManager
    notifications: CaseNotifications
    releases: Releases
    left_exports: LeftExports
    # What undoes the whole set-up.
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def async_close(self) -> None:
        """Close the parts, what uses another before what it uses; one that cannot be closed keeps none open."""
        parts: tuple[Part, ...] = (
            self.acceptance,
            self.cameras,
            self.evidence,
            self.mail,
            self.addresses,
            self.alerts,
            self.fault_notices,
            self.faults,
            self.checks,
            self.setting_issues,
            self.check_notifications,
            self.releases,
            self.clock,
            self.jumps,
            self.read_backs,
            self.proof,
            self.deadlines,
            self.drafts,
            self.notifications,
            self.left_exports,
        )
        # At once: whatever follows may wait for something that a camera was asked.
        self.cameras.async_stop_asking()
        async with AsyncExitStack() as stack:
            for part in parts:
                stack.push_async_callback(part.async_close)


async def async_make_runtime(hass: HomeAssistant, entry: NiizaConfigEntry) -> NiizaRuntime:
    """Make the parts of the section; nothing is started."""
    resolver = Resolver()
    cameras = Cameras(hass, entry, resolver=resolver)
    ledger = await async_ledger(hass, entry.data)
    outbox = LedgerOutbox(hass, entry, ledger)
    record = SectionRecord(hass, entry, ledger=ledger, outbox=outbox)
    evidence = Evidence(hass, entry, cameras=cameras, ledger=ledger, outbox=outbox, record=record)
    deadlines = DeadlineManager(hass, entry, cameras=cameras, evidence=evidence)
    setting_issues = SettingIssues(hass, entry, cameras=cameras, evidence=evidence)
    checks = CheckManager(hass, entry, cameras=cameras, evidence=evidence)
    phones = Phones(hass, entry, held=lambda: record.held)
    alerts = Alerts(hass, cameras)
    return NiizaRuntime(
        record=record,
        cameras=cameras,
        evidence=evidence,
        mail=HeartbeatMail(hass, entry, cameras=cameras, outbox=outbox),
        addresses=AddressReports(hass, entry, cameras=cameras, outbox=outbox, resolver=resolver),
        alerts=alerts,
        fault_notices=FaultNotices(
            hass, entry, cameras=cameras, evidence=evidence, alerts=alerts, phones=phones
        ),
        faults=FaultsKept(hass, cameras=cameras, setting_issues=setting_issues),
        checks=checks,
        acceptance=AcceptanceTests(hass, entry, cameras=cameras, evidence=evidence, checks=checks),
        setting_issues=setting_issues,
        settings=SettingRequests(
            hass, entry, cameras=cameras, evidence=evidence, issues=setting_issues
        ),
        phones=phones,
        check_notifications=CheckNotifications(hass, entry, evidence=evidence, phones=phones),
        clock=ClockManager(hass, entry, cameras=cameras, evidence=evidence),
        jumps=JumpsKept(hass, cameras=cameras),
        read_backs=ReadBacksKept(hass, cameras=cameras),
        proof=ProofManager(hass, entry, evidence=evidence),
        deadlines=deadlines,
        drafts=DraftManager(hass),
        masking=MaskManager(hass, evidence=evidence),
        notifications=CaseNotifications(
            hass, entry, evidence=evidence, deadlines=deadlines, phones=phones
        ),
        releases=Releases(hass, entry, evidence=evidence),
        left_exports=LeftExports(hass, entry, cameras=cameras, evidence=evidence),
    )


def loaded_entry(hass: HomeAssistant) -> NiizaConfigEntry | None:
    """Return the entry of the section; None while it is not loaded, or closes. There is one section only."""
    entries: list[NiizaConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    # When Home Assistant stops, the entry stays loaded, but its ledger is closed: no fault that anybody should be told.
    return next((entry for entry in entries if not entry.runtime_data.evidence.closing), None)


def needed_entry(hass: HomeAssistant) -> NiizaConfigEntry:
    """Return the entry of the section; raises Home Assistant's own ServiceValidationError while it is not loaded, or closes."""
    entry: NiizaConfigEntry = async_get_config_entry(hass, DOMAIN, None)
    if entry.runtime_data.evidence.closing:
        raise ServiceValidationError(
            translation_domain=HOMEASSISTANT_DOMAIN,
            translation_key="service_config_entry_not_loaded",
            translation_placeholders={"domain": DOMAIN, "entry_title": entry.title},
        )
    return entry
