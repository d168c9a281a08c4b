"""What is being taken out of a camera, at the worst moments: camera gone, restart, ledger away, backup."""

from datetime import timedelta
from functools import partial
from pathlib import Path
import sqlite3
import tarfile
from typing import Any
from unittest.mock import patch

import av
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.footage.retrieval import RetrievalTiming
from custom_components.niiza_cctv.lib.ledger import store
from custom_components.niiza_cctv.lib.ledger.actions import LedgerAction
from custom_components.niiza_cctv.lib.ledger.errors import LedgerUnavailable
from custom_components.niiza_cctv.lib.ledger.model import Person
from custom_components.niiza_cctv.lib.ledger.store import Ledger
from simulator.running import RunningCamera
from tests.office import Office, open_office
from tests.section import due_noted, state, until

SECONDS = 60
RATE = 5


def readable(office: Office) -> bool:
    """Return whether the cases have been read."""
    try:
        return office.evidence.cases is not None
    except LedgerUnavailable:
        return False


async def clip_of(office: Office, case: str) -> dict[str, Any]:
    """Return the only clip of a case, as a person sees it."""
    (clip,) = (await office.call("sato", "get_case", case=case))["passages"]
    return dict(clip)


async def until_percent(office: Office, case: str, percent: float) -> None:
    """Wait until so much of the clip of a case is done."""
    await until(
        lambda: (
            (progress := office.evidence.retrievals.progress(f"{case}-01")) is not None
            and progress.percent >= percent
        )
    )


def pictures(office: Office, case: str) -> int:
    """Return how many pictures the clip of a case really has."""
    with av.open(office.evidence.vault.folder(case) / f"{case}-01.mp4") as file:
        assert not file.streams.audio
        return sum(1 for _ in file.decode(video=0))


async def test_camera_killed_at_sixty_percent(office: Office) -> None:
    """People see that it waits; it goes on behind the last picture when the camera is back."""
    office.evidence.retrievals.timing = RetrievalTiming(retry_delay=(0.1, 0.5), busy_again=0.1)
    office.camera.set(replay_speed=12.0)
    case = await office.create(**office.passage(SECONDS))
    await until_percent(office, case, 48)
    await office.camera.soap.stop()
    await office.camera.rtsp.stop()
    await until(lambda: office.evidence.retrievals.progress(f"{case}-01").state == "retrying")
    clip = await clip_of(office, case)
    assert clip["progress"]["state"] == "retrying"
    assert clip["progress"]["percent"] >= 48
    assert clip["attempts"] == 1
    assert clip["error"] == "replay_broken"
    office.camera.set(replay_speed=None)
    await office.camera.soap.start()
    await office.camera.rtsp.start()
    await office.until_state(case, "preserved")
    clip = await clip_of(office, case)
    assert (clip["state"], clip["error"]) == ("sealed", None)
    assert clip["sealed"]["pictures"] == SECONDS * RATE == pictures(office, case)


async def test_restart_in_the_middle(hass: HomeAssistant, office: Office) -> None:
    """What was under way goes on by itself after the restart, from what was fetched before."""
    office.camera.set(replay_speed=12.0)
    case = await office.create(**office.passage(SECONDS))
    await until_percent(office, case, 25)
    await hass.config_entries.async_unload(office.entry.entry_id)
    (spool,) = Path(hass.config.path(".cache", "niiza_cctv", case)).glob(f"{case}-01.*.spool")
    assert spool.stat().st_size > 0
    office.camera.set(replay_speed=None)
    assert await hass.config_entries.async_setup(office.entry.entry_id)
    await office.until_state(case, "preserved")
    assert pictures(office, case) == SECONDS * RATE
    await until(lambda: not spool.exists())
    assert (await office.call("suzuki", "verify_ledger"))["intact"]


async def test_ledger_away(hass: HomeAssistant, kita: RunningCamera) -> None:
    """Monitoring goes on, footage is refused in plain words, and all is well when the ledger is back."""
    in_the_way = Path(hass.config.path("niiza_cctv.db"))
    in_the_way.mkdir()
    office = await open_office(hass, kita)
    assert state(hass, kita.camera.config, "alive").state == "on"
    for action, data in (
        ("create_case", {"kind": "internal_inspection", "purpose": "点検"}),
        ("find_recordings", {"cameras": [office.camera_id]}),
        ("list_cases", {}),
    ):
        with pytest.raises(HomeAssistantError) as caught:
            await office.call("sato", action, **data)
        assert caught.value.translation_key == "ledger_unavailable"
    in_the_way.rmdir()
    # It is looked for now and then.
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=11), fire_all=False)
    await until(partial(readable, office))
    case = await office.preserved()
    assert (await clip_of(office, case))["state"] == "sealed"


async def test_what_happens_while_the_ledger_is_away_is_written_after_a_restart(
    hass: HomeAssistant, office: Office, hass_storage: dict[str, Any]
) -> None:
    """In the order in which it happened, with whom and when; and nothing is left in the store then."""
    kept = "niiza_cctv.unwritten"
    sato = Person(id="sato", name="佐藤")
    with patch.object(Ledger, "append", side_effect=LedgerUnavailable("away")):
        office.evidence.outbox.async_add(LedgerAction.MAIL_SILENT, "camera/kita", {"minutes": 3})
        office.evidence.outbox.async_add(LedgerAction.SETTING_CHANGED, "camera/kita", {}, sato)
        await until(lambda: len(hass_storage.get(kept, {"data": ()})["data"]) == 2)
        happened = dt_util.utcnow()
        assert await hass.config_entries.async_unload(office.entry.entry_id)
    assert await hass.config_entries.async_setup(office.entry.entry_id)
    await until(lambda: kept not in hass_storage)
    (silent,) = await office.entries("mail_silent")
    (changed,) = await office.entries("setting_changed")
    assert silent.number < changed.number
    assert (silent.person, changed.person) == (None, sato)
    assert silent.details["minutes"] == 3
    for entry in (silent, changed):
        told = dt_util.parse_datetime(str(entry.details["happened_at"]))
        assert told is not None
        assert told <= happened <= entry.at


async def test_what_the_disk_confirms_late_is_written_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has waited so long for an answer, and it was on its way all the same."""
    await due_noted(office.entry)
    holder = sqlite3.connect(office.hass.config.path(f"{DOMAIN}.db"), isolation_level=None)
    with monkeypatch.context() as patched:
        patched.setattr(store, "PATIENCE", 0.1)
        holder.execute("BEGIN IMMEDIATE")
        office.evidence.outbox.async_add(LedgerAction.MAIL_BACK, "camera/kita", {})
        await until(lambda: not office.evidence.ledger.available)
        holder.execute("ROLLBACK")
        await office.evidence.outbox.async_drained()
    holder.close()
    assert len(await office.entries("mail_back")) == 1


async def test_what_the_ledger_never_takes_keeps_nothing_back(office: Office) -> None:
    """An entry without a canonical form is given up, and the next one is written."""
    await due_noted(office.entry)
    head = office.evidence.ledger.head.number
    office.evidence.outbox.async_add(LedgerAction.MAIL_BACK, "camera/kita", {"not ascii é": 1})
    office.evidence.outbox.async_add(LedgerAction.MAIL_BACK, "camera/kita", {})
    await until(lambda: office.evidence.ledger.head.number > head)
    (entry,) = await office.entries("mail_back")
    assert entry.details == {}


async def test_backup_holds_the_ledger_and_no_footage(hass: HomeAssistant, office: Office) -> None:
    """Home Assistant's own backup, looked into."""
    assert await async_setup_component(hass, "backup", {})
    await hass.async_block_till_done()
    case = await office.preserved()
    assert list(office.evidence.vault.folder(case).iterdir())
    await hass.services.async_call("backup", "create", blocking=True)
    (backup,) = Path(hass.config.path("backups")).glob("*.tar")
    with tarfile.open(backup) as outer:
        inner = next(one for one in outer if "homeassistant" in one.name)
        packed = outer.extractfile(inner)
        assert packed is not None
        with tarfile.open(fileobj=packed, mode="r:*") as content:
            names = content.getnames()
    assert any(name.endswith("/niiza_cctv.db") for name in names)
    assert not [name for name in names if name.endswith((".mp4", ".zip", ".spool"))]
    assert not [name for name in names if ".cache/" in name]
    # Writing goes on afterwards.
    await office.create()


async def test_no_room_leaves_nothing_and_says_so(hass: HomeAssistant, kita: RunningCamera) -> None:
    """The quota is full: refused before anything is fetched, on the record, and to be tried again."""
    office = await open_office(hass, kita, quota_gb=0.001)
    case = await office.create(**office.passage(SECONDS))
    await until(lambda: office.evidence.cases.case(case).clips[0].state == "failed")
    clip = await clip_of(office, case)
    assert (clip["state"], clip["error"]) == ("failed", "no_room")
    assert not list(office.evidence.vault.folder(case).glob(f"{case}-*"))


async def test_camera_that_left_the_section_is_still_named(
    hass: HomeAssistant, office: Office
) -> None:
    """What was known of a camera when its clip was sealed goes into the package, whatever became of it."""
    case = await office.approved()
    (subentry,) = office.entry.subentries.values()
    hass.config_entries.async_remove_subentry(office.entry, subentry.subentry_id)
    await until(lambda: not office.entry.runtime_data.cameras)
    released = await office.call("sato", "release_case", case=case)
    assert released["file"]["size"] > 0
    (clip,) = office.evidence.cases.case(case).clips
    assert clip.origin["serial"] == office.camera.camera.config.serial
    assert clip.origin["clock"]["mode"] == "ntp"


async def test_a_rejected_case_fetches_nothing_more(office: Office) -> None:
    """The camera is free again, and nothing of the passage is left behind."""
    office.camera.set(replay_speed=2.0)
    case = await office.create(**office.passage(SECONDS))
    await until(lambda: office.camera.rtsp.setups)
    await office.call("suzuki", "reject_case", case=case, reason="対象の日時ではない")
    await until(lambda: office.evidence.retrievals.progress(f"{case}-01") is None)
    await until(lambda: not list(office.evidence.vault.folder(case).glob(f"{case}-*")))


async def test_footage_that_was_changed_is_not_packed(office: Office) -> None:
    """One bit of the sealed file is another: no package, in plain words and on the record."""
    case = await office.approved()
    master = office.evidence.vault.folder(case) / f"{case}-01.mp4"
    content = bytearray(master.read_bytes())
    content[-1] ^= 1
    master.write_bytes(content)
    with pytest.raises(HomeAssistantError) as caught:
        await office.call("sato", "release_case", case=case)
    assert caught.value.translation_key == "sealed_file_changed"
    assert ("sato", "release", f"case/{case}", "sealed_file_changed") in await office.refusals()
    assert office.evidence.cases.case(case).state == "approved"
    assert not list(master.parent.glob("*.zip"))


async def test_nothing_is_kept_of_cases_that_are_none(office: Office) -> None:
    """A script that tries numbers fills no memory."""
    for number in range(20):
        with pytest.raises(HomeAssistantError):
            await office.call(None, "release_case", case=f"2026-9{number:03}")
    assert not office.entry.runtime_data.releases._releasing
