"""Who may, and what becomes of the section itself, stands in the ledger with who did it: through the settings' own doors."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Any, cast

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import instance_id, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.niiza_cctv.const import CONF_SET_UP_BY, DOMAIN
from custom_components.niiza_cctv.lib.ledger.errors import LedgerUnavailable
from custom_components.niiza_cctv.lib.ledger.store import Ledger
from simulator.running import RunningCamera
from tests.office import ROLES, Office, open_office
from tests.section import POLICY, section_entry, set_up, unique_id_of, until
from tests.test_tablet import log_in

FLOW = "/api/config/config_entries/flow"
SUBENTRY_FLOW = "/api/config/config_entries/subentries/flow"
REPAIR = "/api/repairs/issues/fix"
POLICY_FORM = POLICY | {"max_everyday_height": "720"}
EVIDENCE = {
    "keep_days": 30,
    "bin_days": 7,
    "quota_gb": 50,
    "approve_by_button": False,
    "japanese_era": False,
    "evidence_folder": "",
    "db_url": "",
}
SECTION = {"name": "交通防犯課", "policy": POLICY_FORM, "evidence": EVIDENCE}
NAMED = {role: [one for one in users if one != "left"] for role, users in ROLES.items()} | {
    # Home Assistant shows neither in the form.
    "exporters": ["sato", "takahashi"],
    "approvers": ["suzuki"],
    "viewers": ["sato", "suzuki", "tanaka"],
    "tablets": ["tablet"],
}


@dataclass
class Desk:
    """A section and everybody's browser."""

    hass: HomeAssistant
    clients: ClientSessionGenerator
    tokens: dict[str, str] = field(default_factory=dict)

    async def token(self, user_id: str) -> str:
        """Return the log-in of somebody's browser."""
        if user_id not in self.tokens:
            self.tokens[user_id] = await log_in(self.hass, user_id)
        return self.tokens[user_id]

    async def browser(self, user_id: str) -> TestClient[Any, Any]:
        """Return somebody's own browser."""
        browser: TestClient[Any, Any] = await self.clients(await self.token(user_id))
        return browser

    async def submit(self, user_id: str, url: str, begin: Any, *forms: Any) -> dict[str, Any]:
        """Let somebody go through a form of the settings; return its last answer."""
        browser = await self.browser(user_id)
        response = await browser.post(url, json=begin)
        assert response.status == HTTPStatus.OK, await response.text()
        result: dict[str, Any] = await response.json()
        for form in forms:
            response = await browser.post(f"{url}/{result['flow_id']}", json=form)
            assert response.status == HTTPStatus.OK, await response.text()
            result = await response.json()
        await self.hass.async_block_till_done()
        return result

    async def reconfigure(
        self, user_id: str, entry: MockConfigEntry, **changes: Any
    ) -> dict[str, Any]:
        """Let somebody change the section."""
        return await self.submit(
            user_id,
            FLOW,
            {"handler": DOMAIN, "entry_id": entry.entry_id},
            SECTION | {"roles": NAMED} | changes,
        )

    async def reconfigure_camera(
        self, user_id: str, entry: MockConfigEntry, *forms: Any
    ) -> dict[str, Any]:
        """Let somebody change how a camera is kept."""
        (subentry,) = entry.subentries.values()
        return await self.submit(
            user_id,
            SUBENTRY_FLOW,
            {"handler": [entry.entry_id, "camera"], "subentry_id": subentry.subentry_id},
            *forms,
        )

    async def ask(self, user_id: str, kind: str, **message: Any) -> dict[str, Any]:
        """Let somebody's panel ask something over the websocket."""
        browser = await self.browser(user_id)
        async with browser.ws_connect("/api/websocket") as ws:
            await ws.receive_json()
            await ws.send_json({"type": "auth", "access_token": await self.token(user_id)})
            await ws.receive_json()
            await ws.send_json({"id": 1, "type": kind, **message})
            answer: dict[str, Any] = await ws.receive_json()
        await self.hass.async_block_till_done()
        return answer


@pytest.fixture
async def desk(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> Desk:
    """Return everybody's browsers: the chief administers, the owner owns Home Assistant."""
    for component in ("config", "repairs", "stream", "camera", "calendar", DOMAIN):
        assert await async_setup_component(hass, component, {})
    admins = await hass.auth.async_get_group("system-admin")
    assert admins
    for name in ("chief", "owner", "sato", "suzuki", "takahashi", "tanaka", "tablet"):
        MockUser(
            id=name,
            name=name,
            is_owner=name == "owner",
            groups=[admins] if name in {"chief", "owner", "sato", "suzuki"} else [],
        ).add_to_hass(hass)
    return Desk(hass, hass_client)


async def written(entry: MockConfigEntry, *actions: str) -> list[Any]:
    """Return what the ledger has of these actions, once everything that is found or waits is in it."""
    evidence = entry.runtime_data.evidence
    await entry.runtime_data.record.compared.wait()
    await evidence.outbox.async_drained()
    return [one async for one in evidence.ledger.entries(actions=actions)]


def by(entries: list[Any]) -> list[tuple[str | None, str, str, str]]:
    """Return who did what to whom in which role."""
    return [
        (
            one.person and one.person.id,
            one.action,
            one.details["user"]["id"],
            one.details["role"],
        )
        for one in entries
    ]


def issues(hass: HomeAssistant) -> set[str]:
    """Return the open repairs."""
    return {key for domain, key in ir.async_get(hass).issues if domain == DOMAIN}


ROLE_WORDS = ("appointed", "appointment_confirmed", "appointment_declined", "dismissed")


def pending(entry: MockConfigEntry) -> dict[tuple[str, str], int]:
    """Return the numbers of who waits to be confirmed, by person and role."""
    return {
        (one.user.id, one.role): one.number
        for one in entry.runtime_data.record.appointments.pending()
    }


async def may(entry: MockConfigEntry, user_id: str) -> set[str]:
    """Return the roles that somebody holds in effect."""
    return {*(await entry.runtime_data.evidence.async_actor(user_id, direct=True)).roles}


async def act(desk: Desk, user_id: str, action: str, number: int) -> str:
    """Let somebody decide about an appointment by the panel; return the key of why not, or nothing."""
    answer = await desk.ask(
        user_id,
        "call_service",
        domain=DOMAIN,
        service=action,
        service_data={"appointment": number},
    )
    return "" if answer["success"] else str(answer["error"]["translation_key"])


# --- A new section ------------------------------------------------------------------------------------------------


async def new_section(desk: Desk, user_id: str, **roles: list[str]) -> MockConfigEntry:
    """Let somebody set the section up."""
    named: dict[str, list[str]] = {key: [] for key in NAMED}
    result = await desk.submit(
        user_id, FLOW, {"handler": DOMAIN}, SECTION | {"roles": named | roles}
    )
    assert result["type"] == "create_entry", result
    (entry,) = desk.hass.config_entries.async_entries(DOMAIN)
    await until(lambda: entry.runtime_data.evidence.is_read)
    assert CONF_SET_UP_BY not in entry.data
    return cast("MockConfigEntry", entry)


async def test_the_first_people_are_confirmed_by_the_owner_who_is_not_one_of_them(
    desk: Desk,
) -> None:
    """Nobody holds a role yet: Home Assistant's owner confirms others, never themselves."""
    entry = await new_section(
        desk, "owner", viewers=["tanaka"], exporters=["owner"], approvers=["suzuki"]
    )
    (begun,) = await written(entry, "section_set_up")
    assert begun.person.id == "owner"
    assert {one[:3] for one in by(await written(entry, "appointed"))} == {
        ("owner", "appointed", "tanaka"),
        ("owner", "appointed", "owner"),
        ("owner", "appointed", "suzuki"),
    }
    # A viewer watches at once; who lets footage out waits.
    assert await may(entry, "tanaka") == {"viewer"}
    assert await may(entry, "owner") == await may(entry, "suzuki") == set()
    waiting = pending(entry)
    assert waiting.keys() == {("owner", "exporter"), ("suzuki", "approver")}
    assert "appointments_pending" in issues(desk.hass)
    own, other = waiting["owner", "exporter"], waiting["suzuki", "approver"]
    assert await act(desk, "owner", "confirm_appointment", own) == "not_allowed_own_appointment"
    # The chief administers Home Assistant, which is no role.
    assert await act(desk, "chief", "confirm_appointment", other) == "not_allowed_needs_deciding"
    # Named is not confirmed: suzuki decides about nobody yet.
    assert await act(desk, "suzuki", "confirm_appointment", own) == "not_allowed_unconfirmed"
    assert await act(desk, "owner", "confirm_appointment", other) == ""
    assert await may(entry, "suzuki") == {"approver"}
    # From now on there is a second person, and the owner is one of many.
    assert await act(desk, "suzuki", "confirm_appointment", own) == ""
    assert await may(entry, "owner") == {"exporter"}
    assert "appointments_pending" not in issues(desk.hass)
    assert by(await written(entry, "appointment_confirmed")) == [
        ("owner", "appointment_confirmed", "suzuki", "approver"),
        ("suzuki", "appointment_confirmed", "owner", "exporter"),
    ]
    refused = await written(entry, "refused")
    assert {(one.person.id, one.details["what"], one.details["reason"]) for one in refused} == {
        ("owner", "confirm_appointment", "not_allowed_own_appointment"),
        ("chief", "confirm_appointment", "not_allowed_needs_deciding"),
        ("suzuki", "confirm_appointment", "not_allowed_unconfirmed"),
    }


async def test_who_is_alone_is_told_what_to_do(desk: Desk) -> None:
    """Only the owner is named: nobody may confirm that, and the page says what is missing."""
    entry = await new_section(desk, "owner", exporters=["owner"])
    shown = (await desk.ask("owner", f"{DOMAIN}/people"))["result"]
    (one,) = shown["appointments"]
    assert (one["may_confirm"], one["why_not"]) == (False, "not_allowed_own_appointment")
    assert shown["nobody_may_confirm"]
    # Who owns Home Assistant and holds no role sees this one page, and no word of a case.
    info = (await desk.ask("owner", f"{DOMAIN}/info"))["result"]
    assert (info["pages"], info["cameras"], info["people"]) == (["people"], [], [])
    assert (await desk.ask("chief", f"{DOMAIN}/people"))["error"]["translation_key"] == (
        "not_allowed_needs_deciding"
    )
    assert await may(entry, "owner") == set()


# --- Naming -------------------------------------------------------------------------------------------------------


async def inherited(desk: Desk, kita: RunningCamera, **changes: Any) -> MockConfigEntry:
    """Return a section that was set up by an earlier version: everybody holds what they held."""
    return await set_up(desk.hass, kita, **NAMED | changes)


async def test_nobody_names_themselves(desk: Desk, kita: RunningCamera) -> None:
    """Who names themselves approver is none until a second person confirms; it is loud, and on the record."""
    entry = await inherited(desk, kita)
    result = await desk.reconfigure("sato", entry, roles=NAMED | {"approvers": ["suzuki", "sato"]})
    assert result["reason"] == "reconfigure_successful"
    assert by(await written(entry, *ROLE_WORDS)) == [("sato", "appointed", "sato", "approver")]
    assert await may(entry, "sato") == {"viewer", "exporter"}
    number = pending(entry)["sato", "approver"]
    with pytest.raises(ServiceValidationError) as refused:
        await Office(desk.hass, entry, kita).call("sato", "approve_case", case="2026-0001")
    assert refused.value.translation_key == "not_allowed_unconfirmed"
    for person, reason in (
        ("sato", "not_allowed_own_appointment"),
        ("tanaka", "not_allowed_needs_deciding"),
        ("chief", "not_allowed_needs_deciding"),
        # There are others who may: the owner is nobody special.
        ("owner", "not_allowed_needs_deciding"),
        ("tablet", "not_allowed_tablet"),
    ):
        assert await act(desk, person, "confirm_appointment", number) == reason
    assert await act(desk, "takahashi", "confirm_appointment", number) == ""
    assert await may(entry, "sato") == {"viewer", "exporter", "approver"}
    # What is decided is not decided again.
    assert await act(desk, "suzuki", "decline_appointment", number) == "appointment_unknown"


async def test_who_names_somebody_is_not_the_second_person(desk: Desk, kita: RunningCamera) -> None:
    """The same hand that names does not confirm, though it holds a role."""
    entry = await inherited(desk, kita)
    await desk.reconfigure(
        "suzuki", entry, roles=NAMED | {"exporters": ["sato", "takahashi", "tanaka"]}
    )
    number = pending(entry)["tanaka", "exporter"]
    assert (
        await act(desk, "suzuki", "confirm_appointment", number) == "not_allowed_appointed_by_you"
    )
    assert await act(desk, "sato", "confirm_appointment", number) == ""
    assert await may(entry, "tanaka") == {"viewer", "exporter"}


async def test_an_automation_confirms_nobody(desk: Desk, kita: RunningCamera) -> None:
    """A script that carries a person's context is not their hand, and nobody is nobody."""
    entry = await inherited(desk, kita)
    await desk.reconfigure("chief", entry, roles=NAMED | {"approvers": ["suzuki", "tanaka"]})
    number = pending(entry)["tanaka", "approver"]
    assert await async_setup_component(
        desk.hass,
        "script",
        {
            "script": {
                "confirm": {
                    "sequence": [
                        {
                            "action": f"{DOMAIN}.confirm_appointment",
                            "data": {"appointment": number},
                        }
                    ]
                }
            }
        },
    )
    answer = await desk.ask("sato", "call_service", domain="script", service="confirm")
    assert answer["error"]["translation_key"] == "not_by_own_hand"
    assert await may(entry, "tanaka") == {"viewer"}


async def test_declined_is_off_the_list(desk: Desk, kita: RunningCamera) -> None:
    """Who is declined is named no more, also after a restart."""
    entry = await inherited(desk, kita)
    await desk.reconfigure("chief", entry, roles=NAMED | {"approvers": ["suzuki", "tanaka"]})
    number = pending(entry)["tanaka", "approver"]
    assert await act(desk, "sato", "decline_appointment", number) == ""
    assert entry.data["approvers"] == ["suzuki"]
    assert await desk.hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: entry.runtime_data.evidence.is_read)
    assert pending(entry) == {}
    assert by(await written(entry, *ROLE_WORDS)) == [
        ("chief", "appointed", "tanaka", "approver"),
        ("sato", "appointment_declined", "tanaka", "approver"),
    ]


async def test_dismissal_takes_effect_at_once(desk: Desk, kita: RunningCamera) -> None:
    """Nobody has to confirm that somebody may no longer; named again they wait again."""
    entry = await inherited(desk, kita)
    await desk.reconfigure("chief", entry, roles=NAMED | {"exporters": ["sato"]})
    assert await may(entry, "takahashi") == set()
    await desk.reconfigure("chief", entry)
    assert await may(entry, "takahashi") == set()
    assert by(await written(entry, *ROLE_WORDS)) == [
        ("chief", "dismissed", "takahashi", "exporter"),
        ("chief", "appointed", "takahashi", "exporter"),
    ]
    assert pending(entry).keys() == {("takahashi", "exporter")}


async def test_roles_do_not_change_while_the_ledger_is_away(
    desk: Desk, kita: RunningCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be written down is not done; what does not touch roles is, and is written later with who did it."""
    entry = await inherited(desk, kita)
    ledger = entry.runtime_data.evidence.ledger
    with monkeypatch.context() as away:
        away.setattr(type(ledger), "append", no_ledger)
        result = await desk.reconfigure("sato", entry, roles=NAMED | {"approvers": ["sato"]})
        assert result["errors"] == {"base": "roles_not_recorded"}
        assert entry.data["approvers"] == ["suzuki"]
        result = await desk.reconfigure("sato", entry, policy=POLICY_FORM | {"retention_days": 30})
        assert result["reason"] == "reconfigure_successful"
        # Who holds a role goes on holding it.
        assert await may(entry, "suzuki") == {"viewer", "approver"}
    (changed,) = await written(entry, "standard_changed")
    assert changed.person.id == "sato"
    assert (changed.details["was"], changed.details["now"]) == (
        {"retention_days": 14},
        {"retention_days": 30},
    )


async def no_ledger(*_args: Any, **_kwargs: Any) -> None:
    """Stand in for a ledger whose disk is gone."""
    raise LedgerUnavailable("gone")


async def test_without_a_ledger_everybody_holds_what_they_held_last(
    desk: Desk, kita: RunningCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a start without it nobody gets a role, edited storage or not; watching over the cameras goes on."""
    entry = await inherited(desk, kita)
    with monkeypatch.context() as away:
        await written(entry)
        assert await desk.hass.config_entries.async_unload(entry.entry_id)
        away.setattr(Ledger, "open", no_ledger)
        desk.hass.config_entries.async_update_entry(
            entry,
            data={**entry.data, "approvers": ["suzuki", "tanaka"], "exporters": [], "tablets": []},
        )
        assert await desk.hass.config_entries.async_setup(entry.entry_id)
        assert await may(entry, "sato") == await may(entry, "tanaka") == {"viewer"}
        assert await may(entry, "suzuki") == {"viewer", "approver"}
        assert await may(entry, "tablet") == {"tablet"}
        with pytest.raises(HomeAssistantError) as refused:
            await Office(desk.hass, entry, kita).call("sato", "list_cases")
        assert refused.value.translation_key == "ledger_unavailable"
        camera = entry.runtime_data.cameras.by_id(unique_id_of(kita.camera.config))
        await until(lambda: camera.data.alive)
        # Nobody gets a role, and it is not said to have worked.
        result = await desk.reconfigure("chief", entry, roles=NAMED | {"viewers": ["chief"]})
        assert result["errors"] == {"base": "roles_not_recorded"}


# --- An upgrade ---------------------------------------------------------------------------------------------------


async def test_an_update_takes_over_what_was_once(desk: Desk, kita: RunningCamera) -> None:
    """A section of before keeps working: roles are inherited, marked as confirmed by nobody, recorded once and for all."""
    entry = await inherited(desk, kita)
    (taken,) = await written(entry, "taken_over")
    assert taken.person is None
    assert {
        role: [one["id"] for one in users] for role, users in taken.details["roles"].items()
    } == {
        "viewer": NAMED["viewers"],
        "exporter": NAMED["exporters"],
        "approver": NAMED["approvers"],
        "tablet": NAMED["tablets"],
    }
    assert await may(entry, "sato") == {"viewer", "exporter"}
    assert pending(entry) == {}
    shown = (await desk.ask("sato", f"{DOMAIN}/people"))["result"]["appointments"]
    assert all(one["inherited"] and one["confirmed_by"] is None for one in shown)
    # No password and no address of a camera is in it.
    kept = str(taken.details)
    assert "viewer-pass" not in kept
    assert "127.0.0.1" not in kept
    for minor in (1, 2):
        # Also where somebody says in the storage that it is to be taken over again.
        desk.hass.config_entries.async_update_entry(
            entry, minor_version=minor, data={**entry.data, "approvers": ["suzuki", "tanaka"]}
        )
        assert await desk.hass.config_entries.async_reload(entry.entry_id)
        await until(lambda: entry.runtime_data.evidence.is_read)
        assert await may(entry, "tanaka") == {"viewer"}
    assert len(await written(entry, "taken_over")) == 1


async def test_another_database_is_no_way_to_a_role(
    desk: Desk, kita: RunningCamera, tmp_path: Any
) -> None:
    """In a new ledger stays in effect what was, and nothing that waited; nor is it another beginning."""
    entry = await inherited(desk, kita)
    await desk.reconfigure(
        "sato",
        entry,
        roles=NAMED | {"approvers": ["suzuki", "sato"]},
        evidence=EVIDENCE | {"db_url": f"sqlite:///{tmp_path}/other.db"},
    )
    await until(lambda: entry.runtime_data.evidence.settings.db_url)
    await until(lambda: entry.runtime_data.evidence.is_read)
    assert await may(entry, "sato") == {"viewer", "exporter"}
    assert await may(entry, "suzuki") == {"viewer", "approver"}
    assert pending(entry).keys() == {("sato", "approver")}


# --- Behind its back ----------------------------------------------------------------------------------------------


async def edited(desk: Desk, entry: MockConfigEntry, edit: Callable[[], object]) -> None:
    """Have the settings changed while the section is not loaded, as an edited or restored storage is."""
    await written(entry)
    assert await desk.hass.config_entries.async_unload(entry.entry_id)
    edit()
    assert await desk.hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: entry.runtime_data.evidence.is_read)
    await desk.hass.async_block_till_done()


async def test_an_approver_who_appeared_in_the_storage_is_none(
    desk: Desk, kita: RunningCamera
) -> None:
    """Edited storage gives nobody a role, is on the record, and is told until somebody takes note of it."""
    entry = await inherited(desk, kita)
    await edited(
        desk,
        entry,
        partial(
            desk.hass.config_entries.async_update_entry,
            entry,
            data={
                **entry.data,
                "approvers": ["suzuki", "tanaka"],
                "exporters": ["takahashi"],
                "viewers": ["sato", "suzuki", "tanaka", "chief"],
                "tablets": [],
                "retention_days": 3,
            },
        ),
    )
    assert await may(entry, "tanaka") == {"viewer"}
    # Neither does somebody watch by it, nor does a tablet become a person.
    assert await may(entry, "chief") == set()
    assert await may(entry, "tablet") == {"tablet"}
    assert await may(entry, "sato") == {"viewer"}
    await until(lambda: "changed_outside" in issues(desk.hass))
    outside = await written(entry, "changed_outside")
    assert all(one.person is None for one in outside)
    assert {(one.details["change"], one.subject) for one in outside} == {
        ("appointed", "person/tanaka"),
        ("appointed", "person/chief"),
        ("dismissed", "person/sato"),
        ("standard_changed", "section"),
    }
    assert pending(entry).keys() == {("tanaka", "approver"), ("chief", "viewer")}
    # It is told again after every start, and recorded once.
    await edited(desk, entry, lambda: None)
    await until(lambda: "changed_outside" in issues(desk.hass))
    assert len(await written(entry, "changed_outside")) == 4
    result = await desk.submit(
        "chief", REPAIR, {"handler": DOMAIN, "issue_id": "changed_outside"}, {}
    )
    assert result["type"] == "create_entry", result
    (seen,) = await written(entry, "changes_seen")
    assert seen.person.id == "chief"
    await edited(desk, entry, lambda: None)
    assert "changed_outside" not in issues(desk.hass)
    # A second person makes of it what it is.
    assert (
        await act(desk, "suzuki", "confirm_appointment", pending(entry)["tanaka", "approver"]) == ""
    )
    assert await may(entry, "tanaka") == {"viewer", "approver"}


async def test_a_camera_that_was_changed_in_the_storage_is_noticed(
    desk: Desk, kita: RunningCamera
) -> None:
    """Another address, another password, one that may again be sent in clear: each is found, and shown of none."""
    entry = await inherited(desk, kita)
    (subentry,) = entry.subentries.values()
    await until(lambda: entry.subentries[subentry.subentry_id].data.get("digest_only"))
    changed = {"host": "192.0.2.7", "password": "another-secret", "digest_only": False}
    await edited(
        desk,
        entry,
        lambda: (
            desk.hass.config_entries.async_update_subentry(
                entry, subentry, data={**entry.subentries[subentry.subentry_id].data, **changed}
            )
            and None
        ),
    )
    await until(lambda: "changed_outside" in issues(desk.hass))
    outside = await written(entry, "changed_outside")
    assert {one.details["change"]: one.details["changed"] for one in outside} == {
        "camera_changed": ["host"],
        "password_renewed": ["password"],
        "digest_forgotten": ["digest_only"],
    }
    assert {one.subject for one in outside} == {f"camera/{unique_id_of(kita.camera.config)}"}
    for one in outside:
        assert "192.0.2.7" not in str(one.details)
        assert "another-secret" not in str(one.details)


async def test_a_kill_before_it_was_written_is_found(
    desk: Desk, kita: RunningCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was changed while the ledger was away is written with who did it, also after a restart: nothing is doubled."""
    entry = await inherited(desk, kita)
    ledger = entry.runtime_data.evidence.ledger
    await written(entry)
    with monkeypatch.context() as away:
        away.setattr(type(ledger), "append", no_ledger)
        await desk.reconfigure("sato", entry, policy=POLICY_FORM | {"retention_days": 30})
        assert await desk.hass.config_entries.async_unload(entry.entry_id)
    assert await desk.hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: entry.runtime_data.evidence.is_read)
    (changed,) = await written(entry, "standard_changed")
    assert changed.person.id == "sato"
    await desk.hass.async_block_till_done()
    assert await written(entry, "changed_outside") == []
    assert "changed_outside" not in issues(desk.hass)


# --- Cameras ------------------------------------------------------------------------------------------------------


async def test_cameras_are_on_the_record_with_who_did_it(desk: Desk, kita: RunningCamera) -> None:
    """Added, changed, asked anew for its passwords, removed: each by the person of the request."""
    entry = section_entry(**NAMED)
    entry.add_to_hass(desk.hass)
    assert await desk.hass.config_entries.async_setup(entry.entry_id)
    config = kita.camera.config
    form = {
        "name": "新座駅 北口",
        "host": "127.0.0.1",
        "port": kita.http_port,
        "ssl": False,
        "verify_ssl": True,
        "username": "viewer",
        "password": "viewer-pass",
    }
    result = await desk.submit(
        "chief",
        SUBENTRY_FLOW,
        {"handler": [entry.entry_id, "camera"]},
        {"next_step_id": "manual"},
        form,
    )
    assert result["type"] == "create_entry", result
    (added,) = await written(entry, "camera_added")
    assert added.person.id == "chief"
    assert added.subject == f"camera/{unique_id_of(config)}"
    assert added.details["now"]["serial"] == config.serial
    assert "viewer-pass" not in str(added.details)
    (subentry,) = entry.subentries.values()
    await until(lambda: entry.subentries[subentry.subentry_id].data.get("digest_only"))
    result = await desk.reconfigure_camera(
        "owner",
        entry,
        {"next_step_id": "connection"},
        form | {"name": "北口", "forget_digest": True},
    )
    assert result["reason"] == "reconfigure_successful", result
    (changed,) = await written(entry, "camera_changed")
    assert (changed.person.id, changed.details["was"]) == ("owner", {"name": "新座駅 北口"})
    browser = await desk.ask(
        "chief",
        "config_entries/subentries/delete",
        entry_id=entry.entry_id,
        subentry_id=subentry.subentry_id,
    )
    assert browser["success"], browser
    (removed,) = await written(entry, "camera_removed")
    assert (removed.person.id, removed.details["name"]) == ("chief", "北口")
    assert await written(entry, "changed_outside") == []


async def test_what_the_product_changes_by_itself_is_nobodys(
    desk: Desk, kita: RunningCamera
) -> None:
    """That a camera takes digests is learnt by itself, though somebody had the section loaded."""
    entry = section_entry(kita, **NAMED)
    entry.add_to_hass(desk.hass)
    browser = await desk.browser("chief")
    response = await browser.post(f"/api/config/config_entries/entry/{entry.entry_id}/reload")
    assert response.status == HTTPStatus.OK, await response.text()
    found: list[Any] = []

    async def learnt() -> bool:
        found[:] = await written(entry, "digest_learnt")
        return bool(found)

    await until(learnt)
    assert [one.person for one in found] == [None]


async def test_a_removed_section_is_on_the_record(desk: Desk, kita: RunningCamera) -> None:
    """The ledger outlives the section: who removed it stands in it, and nobody of before holds a role in the next."""
    entry = await inherited(desk, kita)
    browser = await desk.browser("chief")
    response = await browser.delete(f"/api/config/config_entries/entry/{entry.entry_id}")
    assert response.status == HTTPStatus.OK, await response.text()
    again = await new_section(desk, "sato", exporters=["sato"], approvers=["suzuki"])
    (removed,) = await written(again, "section_removed")
    assert removed.person.id == "chief"
    assert await may(again, "sato") == await may(again, "suzuki") == set()
    assert await written(again, "changed_outside") == []


async def test_options_and_switching_off_are_on_the_record(desk: Desk, kita: RunningCamera) -> None:
    """Whoever changes how mails are received, or has nobody watch the cameras any more, stands in the ledger."""
    entry = await inherited(desk, kita)
    result = await desk.submit(
        "owner",
        "/api/config/config_entries/options/flow",
        {"handler": entry.entry_id},
        {"next_step_id": "own_checks"},
        {"next_step_id": "own_add"},
        {"name": "倉庫の鍵", "objects": ["section"], "interval_days": 30},
    )
    assert result["type"] == "create_entry", result
    (changed,) = await written(entry, "section_changed")
    assert (changed.person.id, changed.details["changed"]) == ("owner", ["own_checks"])
    answer = await desk.ask(
        "chief", "config_entries/disable", entry_id=entry.entry_id, disabled_by="user"
    )
    assert answer["success"]
    answer = await desk.ask(
        "sato", "config_entries/disable", entry_id=entry.entry_id, disabled_by=None
    )
    assert answer["success"]
    await until(lambda: entry.runtime_data.evidence.is_read)
    (off,) = await written(entry, "section_disabled")
    assert off.person.id == "chief"
    assert await written(entry, "changed_outside") == []


async def test_office_of_the_other_tests_is_one_of_before(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """Somebody who left keeps the name of their id and no way in."""
    office = await open_office(hass, kita)
    assert await may(office.entry, "left") == {"exporter", "approver"}
    with pytest.raises(ServiceValidationError) as refused:
        await office.call("left", "list_cases")
    assert refused.value.translation_key == "not_allowed_inactive"


async def test_ledger_goes_on_when_home_assistant_has_another_id(
    hass: HomeAssistant, office: Office
) -> None:
    """Its first write may have failed, or a person had it made anew: cases and roles stay, on record once for each id."""
    case = await office.approved()
    chain = office.evidence.ledger.chain
    for number in (1, 2):
        await instance_id.async_recreate(hass)
        # As a restart forgets it.
        hass.data.pop(instance_id.DATA_KEY)
        for _ in range(2):
            assert await hass.config_entries.async_reload(office.entry.entry_id)
            await until(lambda: office.evidence.is_read)
            assert office.evidence.ledger.chain == chain
            assert office.evidence.cases.case(case).state == "approved"
            assert len(await office.entries("ledger_continued")) == number
        *_, entry = await office.entries("ledger_continued")
        assert (entry.person, entry.details) == (
            None,
            {"instance": await instance_id.async_get(hass)},
        )
    await until(lambda: office.evidence.proof.found is not None)
    await office.call("sato", "release_case", case=case)
    assert await office.entries("changed_outside") == []
