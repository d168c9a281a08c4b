"""What the cameras' clocks showed when, over settings, restarts and lost files: footage keeps its true time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import av
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.niiza_cctv.managers.clock import ClockManager
from simulator.running import RunningCamera
from simulator.sei import read_time
from tests.lib.footage.test_retrieval import annex_b
from tests.office import Office, open_office
from tests.section import ask_cameras, pass_in, until

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
async def office(
    hass: HomeAssistant, kita: RunningCamera, monkeypatch: pytest.MonkeyPatch
) -> Office:
    """Set up a section whose camera is seven minutes slow, and has been measured so."""
    pass_in(monkeypatch, ClockManager, every=timedelta(seconds=0.1))
    kita.set(clock_offset=-420.0)
    office = await open_office(hass, kita)
    await ask_cameras(hass)
    return office


async def restart(office: Office, between: Callable[[], None] = lambda: None) -> None:
    """Unload the section and load it again; `between` happens while it is away."""
    assert await office.hass.config_entries.async_unload(office.entry.entry_id)
    await office.hass.async_block_till_done()
    await office.hass.async_add_executor_job(between)
    assert await office.hass.config_entries.async_setup(office.entry.entry_id)
    await until(lambda: office.evidence.is_read)


async def found(office: Office, start: datetime, end: datetime) -> dict[str, Any]:
    """Return what the card holds of a time, as a viewer is told."""
    answer = await office.call(
        "sato",
        "find_recordings",
        cameras=[office.camera_id],
        start=start.isoformat(),
        end=end.isoformat(),
    )
    (camera,) = answer["cameras"]
    assert isinstance(camera, dict)
    return camera


async def ahead_of(office: Office, at: datetime) -> tuple[float, str]:
    """Return what the camera's clock is said to have been ahead at a moment, and how that is known."""
    (clock,) = (await found(office, at, at + 10 * SECOND))["clocks"]
    return clock["ahead"], clock["known"]


async def set_right(office: Office) -> datetime:
    """Have somebody else set the camera's clock right; returns when."""
    now = dt_util.utcnow()
    office.camera.set(clock_offset=0.0)
    await ask_cameras(office.hass)
    return now


async def until_changed(office: Office) -> Any:
    """Return the entry that says that the clock changed, once it is written."""
    await until(partial(has_changed, office))
    (entry,) = await office.entries("camera_clock_changed")
    return entry


async def has_changed(office: Office) -> bool:
    """Return whether the ledger says that the clock changed."""
    return bool(await office.entries("camera_clock_changed"))


async def test_a_clock_set_right_takes_no_correction_from_what_was_recorded_before(
    office: Office,
) -> None:
    """Nobody of us set it: the ledger says that it changed, and the clip of an hour ago is the right one."""
    await set_right(office)
    changed = await until_changed(office)
    assert changed.subject == f"camera/{office.camera_id}"
    assert changed.details["was_set"] is True
    assert abs(changed.details["offset_before"] + 420) <= 1
    assert abs(changed.details["clock_offset"]) <= 1
    case = await office.preserved()
    (clip,) = office.evidence.cases.case(case).clips
    # The camera stamps whole seconds into its pictures, by its own clock.
    path = Path(office.evidence.vault.folder(case)) / clip.sealed.master.name
    stamped = await office.hass.async_add_executor_job(first_stamp, path)
    assert abs(stamped - (clip.passage.start - 420 * SECOND)) <= SECOND
    assert [clock.known for clock in clip.sealed.clocks] == ["before"]
    ahead, known = await ahead_of(office, clip.passage.start)
    assert (round(ahead), known) == (round(changed.details["offset_before"]), "before")


def first_stamp(path: Path) -> datetime:
    """Return the camera's time of a clip's first picture."""
    with av.open(str(path)) as file:
        for packet in file.demux(file.streams.video[0]):
            if packet.size and (moment := read_time(annex_b(bytes(packet)))) is not None:
                return moment
    raise AssertionError("no picture")


@pytest.mark.parametrize("lost", [False, True])
async def test_a_restart_keeps_what_is_known(
    office: Office, hass_storage: dict[str, Any], lost: bool
) -> None:
    """From our own file, and where that is lost or spoilt, from the ledger."""
    await set_right(office)
    at = dt_util.utcnow() - HOUR
    before = await ahead_of(office, at)
    assert round(before[0]) in {-421, -420, -419}

    def lose() -> None:
        if lost:
            hass_storage["niiza_cctv.clock_history"]["data"] = {office.camera_id: [{"start": 1}]}

    await until_changed(office)
    await restart(office, lose)
    await ask_cameras(office.hass)
    history = office.entry.runtime_data.cameras.clock_history(office.camera_id)
    await until(lambda: len(history.eras) == 2)
    assert await ahead_of(office, at) == before
