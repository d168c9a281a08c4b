"""A camera that is removed while a clip of it is fetched: a person is asked, and nothing is lost until then."""

from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.niiza_cctv.const import DOMAIN
from tests.office import Office
from tests.section import new_subentry, until

FLOW = "/api/repairs/issues/fix"


@pytest.fixture
async def left(office: Office) -> tuple[str, str]:
    """Remove a camera while its clip comes; returns the case and the clip."""
    office.camera.set(replay_speed=2.0)
    case = await office.create(**office.passage(40))
    (clip,) = office.evidence.cases.case(case).clips
    folder = office.evidence.vault.root / case
    await until(lambda: any(file.stat().st_size > 1000 for file in folder.glob("*.spool")))
    (camera,) = office.entry.runtime_data.cameras.values()
    office.hass.config_entries.async_remove_subentry(office.entry, camera.subentry.subentry_id)
    await until(lambda: asked(office.hass, clip.id))
    assert any(file.stat().st_size > 1000 for file in folder.glob("*.spool"))
    return case, clip.id


def asked(hass: HomeAssistant, clip: str) -> bool:
    """Return whether somebody is asked about a clip."""
    return ir.async_get(hass).async_get_issue(DOMAIN, f"camera_gone_{clip}") is not None


async def answer(office: Office, client: TestClient[Any, Any], clip: str, choice: str) -> str:
    """Answer the question through the repair's own form; returns how that ended."""
    begun = await client.post(FLOW, json={"handler": DOMAIN, "issue_id": f"camera_gone_{clip}"})
    flow = await begun.json()
    assert flow["menu_options"] == ["finish", "cancel"]
    done = await client.post(f"{FLOW}/{flow['flow_id']}", json={"next_step_id": choice})
    return str((await done.json())["type"])


async def test_what_was_fetched_is_sealed_when_somebody_says_so(
    hass: HomeAssistant,
    office: Office,
    left: tuple[str, str],
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
) -> None:
    """Who administers Home Assistant alone may not; what is missing is a gap with its name."""
    case, clip = left
    assert await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    assert await answer(office, client, clip, "finish") == "abort"
    assert asked(hass, clip)
    await office.give(exporters=[*office.entry.data["exporters"], hass_admin_user.id])
    assert await answer(office, client, clip, "finish") == "create_entry"
    evidence = office.evidence
    await office.until_state(case, "preserved")
    (sealed,) = evidence.cases.case(case).clips
    assert sealed.sealed.gaps[-1][1] == sealed.passage.end
    assert not asked(office.hass, clip)
    (entry,) = await office.entries("clip_cut_short")
    assert entry.person.id == hass_admin_user.id


async def test_a_camera_that_is_added_again_ends_the_question(
    hass: HomeAssistant, office: Office, left: tuple[str, str]
) -> None:
    """It was a mistake: fetching goes on where it was."""
    case, clip = left
    office.camera.set(replay_speed=None)
    hass.config_entries.async_add_subentry(office.entry, new_subentry(office.camera))
    await until(lambda: not asked(hass, clip))
    await office.until_state(case, "preserved")
    (sealed,) = office.evidence.cases.case(case).clips
    assert not sealed.sealed.gaps


async def test_the_question_is_asked_again_after_a_restart(
    hass: HomeAssistant, office: Office, left: tuple[str, str]
) -> None:
    """And what was decided then holds after the next."""
    case, clip = left
    assert await hass.config_entries.async_unload(office.entry.entry_id)
    ir.async_delete_issue(hass, DOMAIN, f"camera_gone_{clip}")
    assert await hass.config_entries.async_setup(office.entry.entry_id)
    await until(lambda: asked(hass, clip))
    await office.call("sato", "cancel_clip", clip=clip)
    await until(lambda: not asked(hass, clip))
    folder = office.evidence.vault.root / case
    await until(lambda: not [*folder.glob("*.spool")])
