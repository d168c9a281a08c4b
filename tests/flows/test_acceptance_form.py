"""The acceptance test from a camera's own form, in a browser: who sits there counts."""

from typing import Any

from homeassistant.auth.const import GROUP_ID_ADMIN
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.niiza_cctv.managers.acceptance import AcceptanceTests
from simulator.running import RunningCamera
from tests.lib.acceptance.tested import QUICK_TEST
from tests.office import Office, open_office
from tests.section import pass_in, until

FLOW = "/api/config/config_entries/subentries/flow"


@pytest.fixture
async def desk(hass: HomeAssistant, kita: RunningCamera, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return an office whose tests do not wait for slow cameras."""
    for component in ("http", "config"):
        assert await async_setup_component(hass, component, {})
    pass_in(monkeypatch, AcceptanceTests, limits=QUICK_TEST)
    return await open_office(hass, kita)


class Menu:
    """A camera's menu, before which somebody sits."""

    def __init__(self, client: Any) -> None:
        """Sit down."""
        self.client = client
        self.flow = ""

    async def choose(self, desk: Office) -> dict[str, Any]:
        """Open the camera's menu and choose the test."""
        (subentry,) = desk.entry.get_subentries_of_type("camera")
        shown = await self._post(
            FLOW,
            handler=[desk.entry.entry_id, "camera"],
            subentry_id=subentry.subentry_id,
        )
        assert "acceptance" in shown["menu_options"]
        self.flow = shown["flow_id"]
        return await self.send(next_step_id="acceptance")

    async def send(self, **form: Any) -> dict[str, Any]:
        """Send a form."""
        return await self._post(f"{FLOW}/{self.flow}", **form)

    async def look(self) -> dict[str, Any]:
        """Look what is shown now."""
        shown: dict[str, Any] = await (await self.client.get(f"{FLOW}/{self.flow}")).json()
        return shown

    async def _post(self, path: str, **form: Any) -> dict[str, Any]:
        shown: dict[str, Any] = await (await self.client.post(path, json=form)).json()
        return shown


async def sit_down(hass: HomeAssistant, hass_client: ClientSessionGenerator, person: str) -> Menu:
    """Return the menu with somebody before it who administers Home Assistant, too."""
    user = await hass.auth.async_get_user(person)
    assert user is not None
    await hass.auth.async_update_user(user, group_ids=[GROUP_ID_ADMIN])
    token = await hass.auth.async_create_refresh_token(user, client_id="https://example.com")
    return Menu(await hass_client(hass.auth.async_create_access_token(token)))


async def test_a_camera_is_tested_from_its_menu(
    hass: HomeAssistant, desk: Office, hass_client: ClientSessionGenerator
) -> None:
    """Progress is shown, then the verdicts and where all of it stands; the ledger has whose hand it was."""
    menu = await sit_down(hass, hass_client, "suzuki")
    shown = await menu.choose(desk)
    assert (shown["type"], shown["progress_action"]) == ("progress", "acceptance")
    # A second form is told that one runs.
    second = await (await sit_down(hass, hass_client, "sato")).choose(desk)
    assert second["reason"] == "acceptance_refused"
    assert "kita" in second["description_placeholders"]["reason"]
    tests = desk.entry.runtime_data.acceptance
    await until(lambda: tests.running is None)
    await hass.async_block_till_done()
    shown = await menu.look()
    assert (shown["type"], shown["step_id"]) == ("form", "acceptance_report")
    said = shown["description_placeholders"]
    assert said["camera"] == "kita"
    assert [line.split()[1] for line in said["duties"].splitlines()] == [
        f"F{number}" for number in range(1, 9)
    ]
    assert desk.camera_id.replace(" ", "%20") in said["link"]
    shown = await menu.send()
    assert (shown["type"], shown["reason"]) == ("abort", "acceptance_done")
    (entry,) = await desk.entries("camera_tested")
    assert entry.person.id == "suzuki"


async def test_a_form_that_is_closed_does_not_end_the_test(
    hass: HomeAssistant, desk: Office, hass_client: ClientSessionGenerator
) -> None:
    """Its report is in the panel."""
    menu = await sit_down(hass, hass_client, "suzuki")
    await menu.choose(desk)
    hass.config_entries.subentries.async_abort(menu.flow)
    tests = desk.entry.runtime_data.acceptance
    await until(lambda: tests.running is None)
    finished = tests.finished(desk.camera_id)
    assert finished is not None
    assert finished.report.ending == "done"


async def test_administering_home_assistant_is_no_right_to_test(
    hass: HomeAssistant, desk: Office, hass_client: ClientSessionGenerator
) -> None:
    """Who only looks is told so in words, and it is on the record."""
    menu = await sit_down(hass, hass_client, "tanaka")
    shown = await menu.choose(desk)
    assert shown["reason"] == "acceptance_refused"
    assert shown["description_placeholders"]["reason"]
    ((person, *_),) = await desk.refusals()
    assert person == "tanaka"
    assert await desk.entries("camera_tested") == []


async def test_a_section_that_is_not_loaded_tests_nothing(
    hass: HomeAssistant, desk: Office, hass_client: ClientSessionGenerator
) -> None:
    """The form says that it cannot, and nothing breaks."""
    assert await hass.config_entries.async_unload(desk.entry.entry_id)
    menu = await sit_down(hass, hass_client, "suzuki")
    shown = await menu.choose(desk)
    assert shown["reason"] == "acceptance_refused"
