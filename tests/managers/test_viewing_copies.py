"""A clip in H.265 is preserved, approved and released before there is a copy that browsers play; then there is one."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from homeassistant.core import HomeAssistant
import pytest

from simulator.running import RunningCamera
from simulator.station import Station
from tests.office import Office, open_office
from tests.section import until
from tests.station import camera_config

# So long that a copy is met in the middle.
SECONDS = 120


@pytest.fixture(name="hevc")
async def _hevc(start_station: Callable[..., Awaitable[Station]]) -> RunningCamera:
    """Run a camera that records in H.265."""
    station = await start_station(camera_config("kita", codec="H265"))
    return station.cameras["kita"]


async def clip_of(office: Office, case: str) -> dict[str, Any]:
    """Return the only clip of a case, as a person sees it."""
    (clip,) = (await office.call("suzuki", "get_case", case=case))["passages"]
    return dict(clip["sealed"])


async def preserved(office: Office) -> str:
    """Return a case whose clip is preserved, and whose copy is being made."""
    case = await office.create(**office.passage(SECONDS))
    await office.until_state(case, "preserved")
    await until(lambda: [*folder(office, case).glob("*.mp4.part")])
    return case


def folder(office: Office, case: str) -> Path:
    """Return where the files of a case lie."""
    return Path(office.evidence.vault.folder(case))


async def test_nothing_waits_for_the_copy(hass: HomeAssistant, hevc: RunningCamera) -> None:
    """Approved and released meanwhile, which says that there is none; the next package holds it."""
    office = await open_office(hass, hevc)
    case = await preserved(office)
    clip = await clip_of(office, case)
    assert (clip["viewing_copy"], clip["viewing_copy_due"]) == (None, True)
    await office.call("suzuki", "approve_case", case=case)
    await office.call("sato", "release_case", case=case)
    before = await hass.async_add_executor_job(packed, folder(office, case) / f"{case}.zip")
    await until(lambda: not office.evidence.viewing_copies.is_making(f"{case}-01"))
    (entry,) = await office.entries("viewing_copy_made")
    assert entry.person is None
    clip = await clip_of(office, case)
    assert clip["viewing_copy"] == entry.details["file"]
    assert not clip["viewing_copy_due"]
    # The approval stands: it names the camera's own bytes.
    await office.call("sato", "release_case", case=case)
    after = await hass.async_add_executor_job(packed, folder(office, case) / f"{case}.zip")
    assert clip["viewing_copy"]["name"] in after - before
    assert not [name for name in before if "viewing-copy" in name]


def packed(path: Path) -> set[str]:
    """Return the names of a package's files, without folders."""
    with ZipFile(path) as package:
        return {Path(name).name for name in package.namelist()}


async def test_a_restart_in_the_middle_makes_it_anew(
    hass: HomeAssistant, hevc: RunningCamera
) -> None:
    """What was half made is gone, and the copy comes all the same."""
    office = await open_office(hass, hevc)
    case = await preserved(office)
    place = folder(office, case)
    assert await hass.config_entries.async_unload(office.entry.entry_id)
    assert not [*place.glob("*.part")]
    assert await hass.config_entries.async_setup(office.entry.entry_id)
    await until(lambda: office.evidence.is_read)
    await until(lambda: not office.evidence.viewing_copies.is_making(f"{case}-01"))
    (entry,) = await office.entries("viewing_copy_made")
    assert (folder(office, case) / entry.details["file"]["name"]).exists()


async def test_a_case_that_ends_takes_no_copy(hass: HomeAssistant, hevc: RunningCamera) -> None:
    """What is being made then is not kept."""
    office = await open_office(hass, hevc)
    case = await preserved(office)
    await office.call("suzuki", "reject_case", case=case, reason="根拠なし")
    await until(lambda: not office.evidence.viewing_copies.is_making(f"{case}-01"))
    assert not await office.entries("viewing_copy_made")
    assert not [*folder(office, case).glob("*viewing-copy*")]
