"""Repairs: what only a person can fix, fixed through the form that Home Assistant shows."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

from aiohttp.test_utils import TestClient
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.niiza_cctv.cameras import Cameras
from custom_components.niiza_cctv.const import DOMAIN, SUBENTRY_TABLET
from simulator.running import RunningCamera
from simulator.station import Station
from tests.section import (
    camera_data,
    camera_subentry,
    poll,
    poll_until,
    section_entry,
    set_up,
    state,
    until,
)
from tests.station import camera_config

FLOW = "/api/repairs/issues/fix"
ALL_ROLES = {
    "viewers": ["sato-id", "suzuki-id"],
    "exporters": ["sato-id"],
    "approvers": ["suzuki-id"],
    "tablets": ["sato-id"],
}


@pytest.fixture
async def client(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> TestClient[Any, Any]:
    """Return the browser of an administrator."""
    # Whatever serves something over HTTP must be there before the first request.
    for component in ("repairs", "stream", "camera", DOMAIN):
        assert await async_setup_component(hass, component, {})
    browser: TestClient[Any, Any] = await hass_client()
    return browser


async def begin(client: TestClient[Any, Any], issue_id: str) -> dict[str, Any]:
    """Open the repair."""
    response = await client.post(FLOW, json={"handler": DOMAIN, "issue_id": issue_id})
    assert response.status == HTTPStatus.OK, await response.text()
    result: dict[str, Any] = await response.json()
    return result


async def submit(
    client: TestClient[Any, Any], flow_id: str, form: dict[str, Any]
) -> dict[str, Any]:
    """Submit the form."""
    response = await client.post(f"{FLOW}/{flow_id}", json=form)
    assert response.status == HTTPStatus.OK, await response.text()
    result: dict[str, Any] = await response.json()
    return result


def issues(hass: HomeAssistant) -> set[str]:
    """Return the open issues, without the ids of the cameras."""
    return {
        issue.translation_key or ""
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN and issue.active
    }


def issue_of(hass: HomeAssistant, key: str) -> str:
    """Return the id of the open issue of that kind."""
    (found,) = [
        issue.issue_id
        for issue in ir.async_get(hass).issues.values()
        if issue.translation_key == key
    ]
    return found


async def test_empty_roles_are_reported_until_they_are_filled(
    hass: HomeAssistant, client: TestClient[Any, Any], people: dict[str, MockUser]
) -> None:
    """Nobody may as long as a list is empty; the repair gives the roles to two different people."""
    entry = section_entry()
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert issues(hass) == {"roles_missing"}
    result = await begin(client, "roles_missing")
    assert result["step_id"] == "roles"
    flow_id = result["flow_id"]
    result = await submit(client, flow_id, ALL_ROLES | {"viewers": []})
    assert result["errors"] == {"base": "roles_missing"}
    result = await submit(client, flow_id, ALL_ROLES | {"approvers": ["sato-id"]})
    assert result["errors"] == {"base": "two_people"}
    # A section has no tablet before it has one.
    result = await submit(client, flow_id, ALL_ROLES | {"tablets": []})
    assert result["type"] == "create_entry"
    await hass.async_block_till_done()
    # They are named, and wait for a second person.
    assert issues(hass) == {"appointments_pending"}
    assert entry.data["approvers"] == ["suzuki-id"]


async def test_role_of_a_person_who_left_is_empty(
    hass: HomeAssistant, people: dict[str, MockUser]
) -> None:
    """When the only approver goes, somebody has to notice."""
    entry = section_entry(**ALL_ROLES)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert issues(hass) == set()
    await hass.auth.async_update_user(people["suzuki"], is_active=False)
    await hass.async_block_till_done()
    assert issues(hass) == {"roles_missing"}
    await hass.auth.async_update_user(people["suzuki"], is_active=True)
    await hass.async_block_till_done()
    assert issues(hass) == set()


async def test_one_person_in_both_roles_is_reported(
    hass: HomeAssistant, client: TestClient[Any, Any], people: dict[str, MockUser]
) -> None:
    """Asking and approving need two people, also after the second one left the lists."""
    entry = section_entry(**ALL_ROLES | {"approvers": ["sato-id"]})
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert issues(hass) == {"two_people_missing"}
    result = await begin(client, "two_people_missing")
    result = await submit(client, result["flow_id"], ALL_ROLES)
    assert result["type"] == "create_entry"
    await hass.async_block_till_done()
    # Who is named waits for a second person.
    assert issues(hass) == {"appointments_pending"}


async def test_refused_password_is_repaired(
    hass: HomeAssistant, client: TestClient[Any, Any], kita: RunningCamera
) -> None:
    """The person types the new password; it is tried, kept, and the camera answers again."""
    entry = section_entry(camera_subentry(kita, password="former-pass"))
    (subentry,) = entry.subentries.values()
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: "password_refused" in issues(hass))
    assert state(hass, kita.camera.config, "sd_problem").state == "unknown"

    result = await begin(client, issue_of(hass, "password_refused"))
    assert result["step_id"] == "credential"
    assert result["description_placeholders"] == {"camera": "kita"}
    assert "former-pass" not in str(result)
    flow_id = result["flow_id"]
    result = await submit(client, flow_id, {"username": "viewer", "password": "wrong"})
    assert result["errors"] == {"base": "password_refused"}
    # The settings user's log-in is accepted by the camera, and not kept.
    result = await submit(client, flow_id, {"username": "chief", "password": "chief-pass"})
    assert result["errors"] == {"base": "administrator_login"}
    assert subentry.data["username"] == "viewer"
    result = await submit(client, flow_id, {"username": "viewer", "password": "viewer-pass"})
    assert result["type"] == "create_entry"
    assert subentry.data["password"] == "viewer-pass"
    await until(lambda: state(hass, kita.camera.config, "audio_disabled").state == "on")
    assert "password_refused" not in issues(hass)


async def test_refused_password_is_forgotten_when_the_camera_takes_it_again(
    hass: HomeAssistant, client: TestClient[Any, Any], kita: RunningCamera
) -> None:
    """A camera that was fixed closes its repair; the same password ends the back-off."""
    await set_up(hass, kita)
    assert "password_refused" not in issues(hass)
    kita.set(refuse_logins=True)
    await poll_until(hass, lambda: "password_refused" in issues(hass))
    # While log-ins are held back the camera is not asked, and the issue stays.
    await poll(hass)
    assert "password_refused" in issues(hass)
    kita.set(refuse_logins=False)
    result = await begin(client, issue_of(hass, "password_refused"))
    result = await submit(
        client, result["flow_id"], {"username": "viewer", "password": "viewer-pass"}
    )
    assert result["type"] == "create_entry"
    await until(lambda: state(hass, kita.camera.config, "audio_disabled").state == "on")
    assert "password_refused" not in issues(hass)


async def test_password_of_a_camera_that_the_section_has_not_taken_up_yet(
    hass: HomeAssistant, client: TestClient[Any, Any], kita: RunningCamera
) -> None:
    """There is no back-off to end yet, and the form closes all the same."""
    entry = await set_up(hass, kita)
    kita.set(refuse_logins=True)
    await poll_until(hass, lambda: "password_refused" in issues(hass))
    result = await begin(client, issue_of(hass, "password_refused"))
    (camera,) = entry.runtime_data.cameras.values()
    await camera.async_shutdown()
    kita.set(refuse_logins=False)
    with patch.object(Cameras, "get", return_value=None):
        result = await submit(
            client, result["flow_id"], {"username": "viewer", "password": "viewer-pass"}
        )
    assert result["type"] == "create_entry"


async def test_unreachable_camera_keeps_its_repair(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """Silence does not prove that the password is right again."""
    await set_up(hass, kita)
    kita.set(refuse_logins=True)
    await poll_until(hass, lambda: "password_refused" in issues(hass))
    await kita.soap.stop()
    await poll_until(hass, lambda: state(hass, kita.camera.config, "alive").state == "off")
    assert "password_refused" in issues(hass)


async def test_another_camera_at_the_address_is_not_shown(
    hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]]
) -> None:
    """The stranger's states and picture are not taken for the camera's."""
    station = await start_station(camera_config("kita"), camera_config("minami"))
    kita, minami = station.cameras["kita"], station.cameras["minami"]
    entry = section_entry(camera_subentry(kita, port=minami.http_port))
    (subentry,) = entry.subentries.values()
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: "another_camera" in issues(hass))
    assert not ir.async_get(hass).issues[DOMAIN, issue_of(hass, "another_camera")].is_fixable
    assert state(hass, kita.camera.config, "alive").state == "off"
    assert state(hass, kita.camera.config, "sd_problem").state == "unknown"
    hass.config_entries.async_update_subentry(entry, subentry, data=camera_data(kita))
    await until(lambda: state(hass, kita.camera.config, "alive").state == "on")
    assert "another_camera" not in issues(hass)


async def test_repairs_go_with_their_camera_and_section(
    hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]]
) -> None:
    """What is removed needs no repair."""
    station = await start_station(camera_config("kita"), camera_config("minami"))
    for running in station.cameras.values():
        running.set(refuse_logins=True)
    entry = await set_up(hass, *station.cameras.values())
    await until(lambda: len(ir.async_get(hass).issues) == 3)
    hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await until(lambda: len(ir.async_get(hass).issues) == 2)
    assert await hass.config_entries.async_remove(entry.entry_id)
    assert issues(hass) == set()


async def test_repair_of_a_removed_camera_ends(
    hass: HomeAssistant, client: TestClient[Any, Any], kita: RunningCamera
) -> None:
    """A camera that is removed while its repair is open leaves nothing to fix."""
    entry = await set_up(hass, kita)
    kita.set(refuse_logins=True)
    await poll_until(hass, lambda: "password_refused" in issues(hass))
    result = await begin(client, issue_of(hass, "password_refused"))
    hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    result = await submit(
        client, result["flow_id"], {"username": "viewer", "password": "viewer-pass"}
    )
    assert result["type"] == "abort"
    assert result["reason"] == "removed"


async def test_changed_certificate_is_repaired(
    hass: HomeAssistant, client: TestClient[Any, Any], tls_kita: RunningCamera
) -> None:
    """The new certificate is shown, and pinned when a person vouches for it."""
    entry = section_entry(
        camera_subentry(tls_kita, ssl=True, verify_ssl=False, fingerprint="00" * 32)
    )
    (subentry,) = entry.subentries.values()
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: "certificate_changed" in issues(hass))
    assert state(hass, tls_kita.camera.config, "alive").state == "off"
    result = await begin(client, issue_of(hass, "certificate_changed"))
    assert result["step_id"] == "certificate"
    shown = result["description_placeholders"]["fingerprint"]
    result = await submit(client, result["flow_id"], {})
    assert result["type"] == "create_entry"
    assert subentry.data["fingerprint"] == shown.replace(":", "").lower()
    await until(lambda: state(hass, tls_kita.camera.config, "alive").state == "on")
    assert "certificate_changed" not in issues(hass)


async def test_certificate_repair_ends_while_the_camera_is_away(
    hass: HomeAssistant, client: TestClient[Any, Any], tls_kita: RunningCamera
) -> None:
    """There is no certificate to look at; a camera that refuses the password keeps its certificate open."""
    entry = section_entry(
        camera_subentry(tls_kita, ssl=True, verify_ssl=False, fingerprint="00" * 32)
    )
    (subentry,) = entry.subentries.values()
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: "certificate_changed" in issues(hass))
    issue = issue_of(hass, "certificate_changed")
    await tls_kita.soap.stop()
    result = await begin(client, issue)
    assert result["type"] == "abort"
    assert result["reason"] == "unreachable"
    await tls_kita.soap.start()
    tls_kita.set(refuse_logins=True)
    result = await begin(client, issue)
    result = await submit(client, result["flow_id"], {})
    assert result["errors"] == {"base": "password_refused"}
    assert subentry.data["fingerprint"] == "00" * 32


async def test_password_is_not_kept_for_another_camera(
    hass: HomeAssistant,
    client: TestClient[Any, Any],
    start_station: Callable[..., Awaitable[Station]],
) -> None:
    """A password that another camera takes at the same address fixes nothing."""
    station = await start_station(camera_config("kita"), camera_config("minami"))
    kita, minami = station.cameras["kita"], station.cameras["minami"]
    entry = section_entry(camera_subentry(kita, port=minami.http_port, password="former-pass"))
    (subentry,) = entry.subentries.values()
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: "password_refused" in issues(hass))
    result = await begin(client, issue_of(hass, "password_refused"))
    result = await submit(
        client, result["flow_id"], {"username": "viewer", "password": "viewer-pass"}
    )
    assert result["errors"] == {"base": "another_camera"}
    assert subentry.data["password"] == "former-pass"
    assert await hass.config_entries.async_remove(entry.entry_id)
    result = await submit(
        client, result["flow_id"], {"username": "viewer", "password": "viewer-pass"}
    )
    assert result["reason"] == "removed"


async def test_tablet_that_was_added_counts_and_decides_nothing(
    hass: HomeAssistant, client: TestClient[Any, Any], people: dict[str, MockUser]
) -> None:
    """The form asks for no list of tablets when there is one, and gives its user no role that decides."""
    MockUser(name="panel", id="panel-id").add_to_hass(hass)
    entry = section_entry(**ALL_ROLES | {"approvers": [], "tablets": []})
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    hass.config_entries.async_add_subentry(
        entry,
        ConfigSubentry(
            data=MappingProxyType({"user_id": "panel-id", "notify": ""}),
            subentry_type=SUBENTRY_TABLET,
            title="会議室",
            unique_id="tablet-panel-id",
        ),
    )
    await hass.async_block_till_done()
    assert issues(hass) == {"roles_missing"}
    flow_id = (await begin(client, "roles_missing"))["flow_id"]
    roles = ALL_ROLES | {"tablets": []}
    for wrong, error in (
        ({"approvers": []}, "roles_missing"),
        ({"approvers": ["suzuki-id", "panel-id"]}, "tablet_decides"),
        ({"exporters": ["panel-id"]}, "tablet_decides"),
    ):
        result = await submit(client, flow_id, roles | wrong)
        assert result["errors"] == {"base": error}, wrong
    result = await submit(client, flow_id, roles)
    assert result["type"] == "create_entry"
    await hass.async_block_till_done()
    # Who is named waits for a second person.
    assert issues(hass) == {"appointments_pending"}
