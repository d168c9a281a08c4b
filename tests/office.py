"""A section with people in their roles, and what they do through Home Assistant's front door."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.errors import translated_errors
from custom_components.niiza_cctv.lib.cases.drafts import DRAFTED
from custom_components.niiza_cctv.lib.ledger.model import Person
from custom_components.niiza_cctv.services import ACTIONS
from simulator.running import RunningCamera
from tests.section import set_up, unique_id_of, until

REQUEST = {
    "kind": "police_inquiry",
    "document_number": "新捜第123号",
    "document_date": "2026-01-05",
    "organisation": "新座警察署",
    "requester": "巡査部長 山田太郎",
    "contact": "048-000-0000",
    "purpose": "自転車盗の捜査",
}
DISCLOSURE = {
    "kind": "disclosure_request",
    "document_number": "開第1号",
    "document_date": "2026-01-05",
    "requester": "鈴木一郎",
    "contact": "048-000-0001",
    "identity_checked": "運転免許証",
    "event_time": "17時ごろ",
    "event_place": "北口",
}
ROLES = {
    "viewers": ["sato", "suzuki", "tanaka", "tablet"],
    "exporters": ["sato", "takahashi", "both", "tablet", "left", "machine"],
    "approvers": ["suzuki", "both", "tablet", "left", "machine"],
    "tablets": ["tablet"],
}


@dataclass
class Office:
    """A section that is set up: sato and takahashi export, suzuki approves, tanaka only looks, both does both."""

    hass: HomeAssistant
    entry: MockConfigEntry
    camera: RunningCamera

    @property
    def camera_id(self) -> str:
        """Return the unique id of the camera."""
        return unique_id_of(self.camera.camera.config)

    @property
    def evidence(self) -> Any:
        """Return what the section has taken out."""
        return self.entry.runtime_data.evidence

    async def call(self, person: str | None, action: str, **data: Any) -> dict[str, Any]:
        """Let a person call an action by their own hand, what they wrote as a draft; None is nobody.

        Whoever approves without saying what looked at all that is to be released.
        """
        if action == "approve_case" and "items" not in data:
            case = data["case"]
            data = {**data, **self.proposed(case), "items": self.looked_at(case)}
        data = self.as_called(person, action, data)
        answer = await self.hass.services.async_call(
            DOMAIN,
            action,
            data,
            blocking=True,
            return_response=True,
            context=Context(user_id=person),
        )
        assert isinstance(answer, dict)
        return answer

    def looked_at(self, case: str) -> list[dict[str, Any]]:
        """Return what is to be released of a case, as its approver names it; nothing while cases cannot be read."""
        evidence = self.evidence
        known = evidence.cases.cases.get(case) if evidence.is_read else None
        return [
            {"item": item.id, "sha256": item.digest, "hidden_pictures": item.hidden}
            for item in (() if known is None else known.chosen)
        ]

    def proposed(self, case: str) -> dict[str, str]:
        """Return what an approver names of a proposed decision; nothing where there is none."""
        evidence = self.evidence
        known = evidence.cases.cases.get(case) if evidence.is_read else None
        decision = None if known is None else known.decision
        return {} if decision is None else {"decision": decision.digest}

    def as_called(self, person: str | None, action: str, data: dict[str, Any]) -> dict[str, Any]:
        """Return the data of an action with what is written in them in a draft of that person."""
        if (step := ACTIONS[action].step) is None:
            return data
        texts = {name: text for name, text in data.items() if name in DRAFTED[step]}
        kept = {name: value for name, value in data.items() if name not in texts}
        if person is None or not texts:
            return kept
        with translated_errors():
            draft = self.entry.runtime_data.drafts.async_save(
                Person(id=person, name=person), step, texts
            )
        return {**kept, "draft_id": draft.id}

    def passage(self, seconds: int = 5) -> dict[str, Any]:
        """Return a passage of an hour ago, as actions take it."""
        start = passage_start()
        return {
            "cameras": [self.camera_id],
            "start": start.isoformat(),
            "end": (start + timedelta(seconds=seconds)).isoformat(),
        }

    async def create(self, person: str = "sato", **changes: Any) -> str:
        """Create a case of a police inquiry; returns its number."""
        case: str = (await self.call(person, "create_case", **REQUEST | changes))["case"]
        return case

    async def preserved(self, person: str = "sato") -> str:
        """Create a case and wait until its footage is preserved."""
        case = await self.create(person, **self.passage())
        await self.until_state(case, "preserved")
        return case

    async def inspection(self) -> str:
        """Create a case that nobody outside asked for, and wait until its footage is preserved."""
        answer = await self.call(
            "sato", "create_case", kind="internal_inspection", purpose="点検", **self.passage()
        )
        case: str = answer["case"]
        await self.until_state(case, "preserved")
        return case

    async def refuse(self, case: str, person: str = "sato") -> dict[str, Any]:
        """Propose to refuse a request for disclosure, for the reason that most are refused for."""
        return await self.call(
            person,
            "propose_decision",
            case=case,
            outcome="refused",
            grounds=["article_78_1_2"],
            reasons="他の人が映っている",
        )

    async def approved(self) -> str:
        """Return a case that is ready to be released."""
        case = await self.preserved()
        await self.call("suzuki", "approve_case", case=case)
        return case

    async def downloaded(self, case: str, person: str = "sato") -> None:
        """Record what a used link records, for tests that are about what comes after."""
        actor = await self.evidence.async_actor(person, direct=True)
        package = self.evidence.cases.case(case).package
        await self.evidence.cases.download_begun(actor, case, package)
        await self.evidence.cases.downloaded(actor, case, package)

    async def until_state(self, case: str, state: str) -> None:
        """Wait until a case is there."""
        await until(lambda: self.evidence.cases.case(case).state == state)

    async def give(self, **lists: list[str]) -> None:
        """Name people for their roles, and let somebody else confirm it."""
        self.hass.config_entries.async_update_entry(self.entry, data={**self.entry.data, **lists})
        await self.hass.async_block_till_done()
        for one in self.entry.runtime_data.record.appointments.pending():
            second = "takahashi" if one.user.id != "takahashi" else "suzuki"
            await self.call(second, "confirm_appointment", appointment=one.number)

    async def entries(self, action: str) -> list[Any]:
        """Return what the ledger has of an action."""
        return [entry async for entry in self.evidence.ledger.entries(actions=[action])]

    async def refusals(self) -> list[tuple[str | None, str, str, str]]:
        """Return who was refused what, in what, and why."""
        return [
            (
                entry.person.id if entry.person else None,
                entry.details["what"],
                entry.subject,
                entry.details["reason"],
            )
            for entry in await self.entries("refused")
        ]


def passage_start() -> datetime:
    """Return a whole second of an hour ago, in the section's time."""
    return dt_util.now().replace(microsecond=0) - timedelta(hours=1)


async def open_office(hass: HomeAssistant, camera: RunningCamera, **changes: Any) -> Office:
    """Set a section up in which everybody has the role of their name."""
    for name in sorted({name for names in ROLES.values() for name in names}):
        MockUser(
            name=name,
            id=name,
            is_active=name != "left",
            system_generated=name == "machine",
        ).add_to_hass(hass)
    entry = await set_up(hass, camera, **ROLES | changes)
    office = Office(hass, entry, camera)
    # Until then nothing is released.
    await until(lambda: not office.evidence.is_read or office.evidence.proof.found is not None)
    return office
