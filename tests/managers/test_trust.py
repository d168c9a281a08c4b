"""What an unlucky day and an attack must not break: a wrong clock, a forged entry, a database of another day."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
import shutil
import sqlite3
import time
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockUser, async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.cases.case_file import NAME, read_case_file
from custom_components.niiza_cctv.lib.cases.trusted_time import Doubt
from custom_components.niiza_cctv.lib.footage.clip_files import UNFINISHED
from custom_components.niiza_cctv.lib.ledger.store import Ledger
from custom_components.niiza_cctv.lib.ledger.verify import TABLE
from custom_components.niiza_cctv.managers.clock import ClockManager
from custom_components.niiza_cctv.managers.deadlines import DeadlineManager
from custom_components.niiza_cctv.managers.evidence import Evidence
from simulator.running import RunningCamera
from tests.office import ROLES, Office, open_office
from tests.section import ask_cameras, pass_in, until
from tests.websocket.test_websocket import connect

MONTH = timedelta(days=31)
ENDS = ("case_expired", "files_binned", "files_removed", "case_purged")


@dataclass
class Clocks:
    """Home Assistant's clock and the monotonic one, each ahead of this machine's by what a test says."""

    # What has really passed, beyond what the test took.
    passed: timedelta = timedelta()
    # What the clock is wrong by.
    wrong: timedelta = timedelta()

    def now(self) -> datetime:
        """Return what Home Assistant's clock shows."""
        return dt_util.utcnow() + self.passed + self.wrong

    def monotonic(self) -> float:
        """Return the seconds of the clock that nobody sets."""
        return time.monotonic() + self.passed.total_seconds()

    async def steady(self, office: Office, hours: float, *, cameras: bool = True) -> None:
        """Let hours go by, in which cameras are asked and clocks looked at."""
        for _ in range(round(hours * 6)):
            self.passed += timedelta(minutes=10)
            if cameras:
                office.camera.set(clock_offset=self.passed.total_seconds())
                await ask_cameras(office.hass)
            await asyncio.sleep(0.1)


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    """Let the section go by clocks of our own, and look at them all the time."""
    clocks = Clocks()
    pass_in(monkeypatch, Evidence, now=clocks.now, monotonic=clocks.monotonic)
    pass_in(monkeypatch, ClockManager, every=timedelta(seconds=0.02))
    pass_in(monkeypatch, DeadlineManager, every=timedelta(seconds=0.1))
    return clocks


def issue(hass: HomeAssistant, key: str) -> ir.IssueEntry | None:
    """Return a repair of the section."""
    return ir.async_get(hass).async_get_issue(DOMAIN, key)


async def many_cases(office: Office) -> list[str]:
    """Return cases in every state in which there are files."""
    cases = [await office.preserved() for _ in range(4)]
    for case in cases[1:]:
        await office.call("suzuki", "approve_case", case=case)
    for case in cases[2:]:
        await office.call("sato", "release_case", case=case)
    await office.downloaded(cases[3])
    await office.call(
        "sato", "hand_over", case=cases[3], recipient="山田", medium="DVD-R", medium_serial="1"
    )
    return cases


def files(office: Office) -> set[str]:
    """Return the names of all files that are kept, but for what is being written."""
    return {
        path.name
        for path in office.evidence.vault.root.rglob("*")
        if path.is_file() and path.suffix not in UNFINISHED
    }


async def ended(office: Office) -> list[str]:
    """Return what the ledger has of cases and footage that ended."""
    return [entry.action for action in ENDS for entry in await office.entries(action)]


async def proved(office: Office) -> None:
    """Wait until the ledger is verified."""
    await until(lambda: office.evidence.proof.found is not None)


async def restart(office: Office, between: Callable[[], None] = lambda: None) -> None:
    """Unload the section and load it again; `between` happens while it is away."""
    assert await office.hass.config_entries.async_unload(office.entry.entry_id)
    await office.hass.async_add_executor_job(between)
    assert await office.hass.config_entries.async_setup(office.entry.entry_id)
    await until(lambda: office.evidence.is_read)


# --- Time ---------------------------------------------------------------------------------------------------------------


async def test_five_minutes_of_a_wrong_clock_end_nothing(
    hass: HomeAssistant, clocks: Clocks, office: Office
) -> None:
    """31 days ahead, five minutes, and back: no file lost, nothing purged, until a person says what time it is."""
    cases = await many_cases(office)
    await clocks.steady(office, 2.5)
    await until(office.evidence.time.is_trusted)
    before = files(office)
    assert len(before) >= 4
    clocks.wrong = MONTH
    await until(lambda: issue(hass, "clock_jumped"))
    for _ in range(5):
        clocks.passed += timedelta(minutes=1)
        await asyncio.sleep(0.2)
    clocks.wrong = timedelta()
    await until(partial(jumps, office, 2))
    await clocks.steady(office, 3)
    assert office.evidence.time.doubt() is Doubt.JUMPED
    assert files(office) >= before
    assert await ended(office) == []
    # Nor after a restart, however long it goes on.
    await restart(office)
    await clocks.steady(office, 3)
    found = issue(hass, "clock_jumped")
    assert found
    assert found.is_fixable
    with pytest.raises(ServiceValidationError):
        await office.call("tanaka", "confirm_clock")
    await office.call("sato", "confirm_clock")
    assert issue(hass, "clock_jumped") is None
    (confirmed,) = await office.entries("clock_confirmed")
    assert confirmed.person.id == "sato"
    await clocks.steady(office, 0.2)
    assert office.evidence.time.is_trusted()
    assert files(office) >= before
    assert await ended(office) == []
    assert {office.evidence.cases.case(case).state for case in cases} == {
        "preserved",
        "approved",
        "released",
        "handed_over",
    }


async def test_a_clock_that_is_wrong_for_a_moment_is_noticed_by_what_is_done_in_it(
    hass: HomeAssistant, kita: RunningCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two looks it was a month behind: what was dated so would be over at once."""
    clocks = Clocks()
    pass_in(monkeypatch, Evidence, now=clocks.now, monotonic=clocks.monotonic)
    pass_in(monkeypatch, ClockManager, every=timedelta(days=1))
    office = await open_office(hass, kita)
    await office.create()
    assert office.evidence.time.jump is None
    clocks.wrong = -MONTH
    await office.create()
    clocks.wrong = timedelta()
    await until(partial(jumps, office, 1))
    assert office.evidence.time.doubt() is Doubt.JUMPED


async def jumps(office: Office, number: int) -> bool:
    """Return whether so many jumps are on the record."""
    return len(await office.entries("clock_jumped")) >= number


async def test_a_clock_that_starts_wrong_is_told_by_the_cameras(
    hass: HomeAssistant, clocks: Clocks, office: Office
) -> None:
    """Restarted a month ahead: the camera says otherwise, and hours do not help."""
    await office.preserved()
    before = files(office)
    clocks.wrong = MONTH
    await restart(office)
    await clocks.steady(office, 3)
    assert office.evidence.time.doubt() is Doubt.CAMERAS
    assert issue(hass, "clock_cameras")
    assert files(office) >= before
    assert await ended(office) == []


async def test_without_cameras_a_person_is_asked_after_a_long_time_away(
    hass: HomeAssistant, clocks: Clocks, office: Office
) -> None:
    """Nobody vouches for a month: only a person does, and then what is over ends, by way of the bin."""
    case = await office.inspection()
    await proved(office)
    clocks.passed += 2 * MONTH
    office.camera.set(garbage="html")
    await ask_cameras(hass)
    await clocks.steady(office, 3, cameras=False)
    await until(lambda: issue(hass, "clock_unwitnessed"))
    assert await ended(office) == []
    await office.call("suzuki", "confirm_clock")
    await office.until_state(case, "expired")
    await until((office.evidence.vault.root / "bin" / case).is_dir)
    await until(lambda: issue(hass, "clock_unwitnessed") is None)


async def test_what_is_over_goes_to_the_bin_first(
    hass: HomeAssistant, clocks: Clocks, office: Office, hass_ws_client: WebSocketGenerator
) -> None:
    """Most cameras agree after two months, and nobody answers: it expires, lies in the bin for its days, can come back, and goes."""
    case = await office.inspection()
    vault, name = office.evidence.vault, f"{case}-01.mp4"
    clocks.passed += 2 * MONTH
    await clocks.steady(office, 2.5)
    await office.until_state(case, "expired")
    await until((vault.root / "bin" / case / name).is_file)
    assert not (vault.root / case).exists()
    panel = await connect(hass, hass_ws_client, "sato")
    await panel.send_json_auto_id({"type": f"{DOMAIN}/watch_clip", "clip": f"{case}-01"})
    assert (await panel.receive_json())["error"]["translation_domain"] == DOMAIN
    await until(partial(noted, office, case, "files_binned"))
    shown = await office.call("sato", "restore_case", case=case)
    assert shown["state"] == "preserved"
    assert (vault.root / case / name).is_file()
    # Again, and nobody cares.
    clocks.passed += 4 * MONTH
    await clocks.steady(office, 2.5)
    await until((vault.root / "bin" / case / name).is_file)
    clocks.passed += timedelta(days=6)
    await clocks.steady(office, 2.5)
    assert (vault.root / "bin" / case / name).is_file()
    clocks.passed += timedelta(days=1)
    await clocks.steady(office, 2.5)
    await until(partial(is_ended, office, "files_removed"))
    assert not (vault.root / "bin" / case).exists()
    assert [entry.person for entry in await office.entries("files_removed")] == [None]
    assert [entry.person.id for entry in await office.entries("files_restored")] == ["sato"]
    assert (await office.call("sato", "verify_ledger"))["intact"]


async def is_ended(office: Office, action: str) -> bool:
    """Return whether something is on the record."""
    return bool(await office.entries(action))


async def noted(office: Office, case: str, action: str) -> bool:
    """Return whether a step of a case is known."""
    return any(step.action == action for step in office.evidence.cases.case(case).history)


async def test_the_clock_is_confirmed_in_the_repair(
    hass: HomeAssistant,
    clocks: Clocks,
    kita: RunningCamera,
    hass_admin_user: MockUser,
    hass_client: ClientSessionGenerator,
) -> None:
    """By whoever sits there, if the section gave them a role that decides; otherwise the form says who may."""
    assert await async_setup_component(hass, "repairs", {})
    office = await open_office(hass, kita)
    await clocks.steady(office, 0.2)
    clocks.wrong = MONTH
    await until(lambda: issue(hass, "clock_jumped"))
    client = await hass_client()
    address = "/api/repairs/issues/fix"
    begun = await client.post(address, json={"handler": DOMAIN, "issue_id": "clock_jumped"})
    form = await begun.json()
    assert (form["type"], form["step_id"]) == ("form", "confirm")
    assert "+31 d 0:00" in form["description_placeholders"]["jump"]
    answer = await (await client.post(f"{address}/{form['flow_id']}", json={})).json()
    assert answer["errors"] == {"base": "not_confirmed"}
    roles = {"exporters": [*ROLES["exporters"], hass_admin_user.id]}
    await office.give(**roles)
    answer = await (await client.post(f"{address}/{form['flow_id']}", json={})).json()
    assert answer["type"] == "create_entry"
    assert issue(hass, "clock_jumped") is None
    (confirmed,) = await office.entries("clock_confirmed")
    assert confirmed.person.id == hass_admin_user.id
    assert confirmed.details["jump"] == pytest.approx(MONTH.total_seconds(), abs=2)


# --- Numbers and folders ------------------------------------------------------------------------------------------------


def database(hass: HomeAssistant) -> Path:
    """Return the file of the ledger."""
    return Path(hass.config.path("niiza_cctv.db"))


def lose_database(hass: HomeAssistant) -> None:
    """Remove the ledger's file, as a new installation has none."""
    for file in database(hass).parent.glob("niiza_cctv.db*"):
        file.unlink()


async def test_a_restored_backup_gives_no_number_twice(
    hass: HomeAssistant,
    office: Office,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
) -> None:
    """The database of the day before: the folder of the case it does not know is kept, and its number is not given."""
    known = await office.preserved()
    copy = database(hass).with_suffix(".backup")

    def back_up() -> None:
        shutil.copy(database(hass), copy)

    def put_back() -> None:
        lose_database(hass)
        shutil.copy(copy, database(hass))

    await restart(office, back_up)
    lost = await office.preserved()
    sealed = office.evidence.vault.folder(lost) / f"{lost}-01.mp4"
    content = sealed.read_bytes()
    await until((sealed.parent / NAME).is_file)
    await restart(office, put_back)
    assert set(office.evidence.cases.cases) == {known}
    aside = office.evidence.vault.root / "unknown" / lost
    assert (aside / sealed.name).read_bytes() == content
    assert (office.evidence.vault.root / known / f"{known}-01.mp4").is_file()
    found = issue(hass, "stray_folders")
    assert found
    assert lost in (found.translation_placeholders or {})["folders"]
    new = await office.preserved()
    assert int(new.rsplit("-")[1]) == int(lost.rsplit("-")[1]) + 1
    assert (aside / sealed.name).read_bytes() == content
    # What a lost ledger knew of it can be read.
    case = read_case_file(aside).case()
    assert case
    assert (case.id, case.request["organisation"]) == (lost, "新座警察署")
    hass.config_entries.async_update_entry(
        office.entry, data={**office.entry.data, "viewers": ["sato", hass_admin_user.id]}
    )
    await hass.async_block_till_done()
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": "niiza_cctv/ledger"})
    (folder,) = (await client.receive_json())["result"]["folders"]
    assert folder["folder"] == lost
    # Only a person removes it, on record.
    with pytest.raises(ServiceValidationError):
        await office.call("sato", "remove_folder", folder=lost)
    with pytest.raises(ServiceValidationError) as caught:
        await office.call("suzuki", "remove_folder", folder=f"../{new}")
    assert caught.value.translation_key == "action_field_invalid"
    with pytest.raises(ServiceValidationError) as caught:
        await office.call("suzuki", "remove_folder", folder="2026-9998")
    assert caught.value.translation_key == "folder_unknown"
    await proved(office)
    assert (await office.call("suzuki", "remove_folder", folder=lost))["folders"] == []
    assert not aside.exists()
    await until(lambda: issue(hass, "stray_folders") is None)
    (removed,) = await office.entries("folder_removed")
    assert (removed.person.id, removed.details["folder"]) == ("suzuki", lost)


async def test_a_new_database_keeps_what_the_old_one_knew(
    hass: HomeAssistant, office: Office
) -> None:
    """Begun anew by mistake: folders are set aside, numbers go on, and all is back with the right database."""
    old = await office.approved()
    away = database(hass).with_suffix(".away")
    await until((office.evidence.vault.folder(old) / NAME).is_file)

    def take_away() -> None:
        shutil.move(database(hass), away)
        lose_database(hass)

    def put_back() -> None:
        lose_database(hass)
        shutil.move(away, database(hass))

    await restart(office, take_away)
    assert not office.evidence.cases.cases
    new = await office.preserved()
    assert new != old
    await until((office.evidence.vault.folder(new) / NAME).is_file)
    await restart(office, put_back)
    assert set(office.evidence.cases.cases) == {old}
    assert (office.evidence.vault.root / old / f"{old}-01.mp4").is_file()
    assert [stray.name for stray in office.evidence.strays] == [new]
    await proved(office)
    await office.call("sato", "release_case", case=old)


async def test_an_older_ledger_seals_over_no_clip(hass: HomeAssistant, office: Office) -> None:
    """The case is known, its second clip is not: the next passage gets another number, and the file stays."""
    case = await office.preserved()
    copy = database(hass).with_suffix(".backup")

    def back_up() -> None:
        shutil.copy(database(hass), copy)

    def put_back() -> None:
        lose_database(hass)
        shutil.copy(copy, database(hass))

    await restart(office, back_up)
    await office.call("sato", "export_clip", case=case, **office.passage(7))
    second = office.evidence.vault.folder(case) / f"{case}-02.mp4"
    await office.until_state(case, "preserved")
    await until(second.is_file)
    content = second.read_bytes()
    await restart(office, put_back)
    assert len(office.evidence.cases.case(case).clips) == 1
    await office.call("sato", "export_clip", case=case, **office.passage(6))
    await office.until_state(case, "preserved")
    assert [clip.id for clip in office.evidence.cases.case(case).clips] == [
        f"{case}-01",
        f"{case}-03",
    ]
    assert second.read_bytes() == content


# --- Forged entries -----------------------------------------------------------------------------------------------------


async def test_a_package_that_nobody_released_goes_with_the_next_start(office: Office) -> None:
    """A kill between the package and its entry leaves it signed, in the place of the one that was released before."""
    case = await office.approved()
    folder = office.evidence.vault.folder(case)
    package = folder / f"{case}.zip"

    def put(data: bytes) -> None:
        package.write_bytes(data)

    await restart(office, partial(put, b"signed, and released by nobody"))
    assert not package.exists()
    await proved(office)
    await office.call("sato", "release_case", case=case)
    released = package.read_bytes()
    await restart(office)
    assert package.read_bytes() == released
    # As large, too.
    await restart(office, partial(put, released[:-1] + b"?"))
    assert not package.exists()
    assert list(folder.glob("*.mp4"))
    await proved(office)
    assert (await office.call("sato", "release_case", case=case))["link"]


async def test_footage_that_was_removed_and_is_here_again_is_set_aside(
    hass: HomeAssistant, office: Office
) -> None:
    """The ledger says that it is gone; it was on a share that was away, or came out of a backup: a person decides."""
    case = await office.approved()
    folder = office.evidence.vault.folder(case)
    backup = folder.parent.parent / "backup"

    def put_back() -> None:
        backup.rename(folder)

    await hass.async_add_executor_job(shutil.copytree, folder, backup)
    await office.call("suzuki", "reject_case", case=case, reason="取下げ")
    await office.call("sato", "purge_case", case=case)
    assert not folder.exists()
    await restart(office, put_back)
    assert [stray.name for stray in office.evidence.strays] == [case]
    assert not folder.exists()
    await until(lambda: issue(hass, "stray_folders"))
    await restart(office)
    assert [stray.name for stray in office.evidence.strays] == [case]


async def test_a_forged_approval_is_never_released(hass: HomeAssistant, office: Office) -> None:
    """Written into the database between two starts: nothing leaves, a repair and an alert say why."""
    case, honest = await office.preserved(), await office.approved()
    heard: list[Any] = []
    hass.bus.async_listen("niiza_cctv_event", heard.append)
    ledger = office.evidence.ledger
    (digest,) = [clip.digest for clip in office.evidence.cases.case(case).clips]

    def forge() -> None:
        with sqlite3.connect(database(hass)) as connection:
            connection.execute(f"DROP TRIGGER {TABLE}_next_only")
            (number,) = connection.execute(f"SELECT max(number) FROM {TABLE}").fetchone()  # noqa: S608 (a constant)
            connection.execute(
                f"INSERT INTO {TABLE} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 (a constant)
                (ledger.chain, number + 1, "2026-11-20T12:00:00.000000Z", "suzuki", "鈴木",
                 "case_approved", f"case/{case}",
                 f'{{"clips":{{"{case}-01":"{digest}"}},"note":""}}', "0" * 64, "f" * 64),
            )  # fmt: skip
        connection.close()

    await restart(office, forge)
    assert office.evidence.cases.case(case).state == "approved"
    await proved(office)
    for forged in (case, honest):
        with pytest.raises(HomeAssistantError) as caught:
            await office.call("sato", "release_case", case=forged)
        assert caught.value.translation_key == "ledger_broken"
    assert not list(office.evidence.vault.root.rglob("*.zip"))
    assert issue(hass, "ledger_broken")
    await until(lambda: "ledger_broken" in [event.data["type"] for event in heard])
    assert not (await office.call("sato", "verify_ledger"))["intact"]


async def test_nothing_is_released_before_the_ledger_is_verified(
    hass: HomeAssistant, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It opens at once and takes steps; what leaves waits for the proof, and says so."""
    case = await office.approved()
    verify, go = Ledger.verify, asyncio.Event()

    async def slow(self: Ledger) -> Any:
        await go.wait()
        return await verify(self)

    monkeypatch.setattr(Ledger, "verify", slow)
    await restart(office)
    await office.create()
    with pytest.raises(HomeAssistantError) as caught:
        await office.call("sato", "release_case", case=case)
    assert caught.value.translation_key == "ledger_unproved"
    go.set()
    await proved(office)
    await office.call("sato", "release_case", case=case)


async def test_an_entry_that_is_changed_while_it_is_open_is_found_at_the_release(
    hass: HomeAssistant, office: Office
) -> None:
    """A case's own entries are verified when it is released, though the whole was verified before."""
    case = await office.approved()
    await proved(office)
    with sqlite3.connect(database(hass)) as connection:
        connection.execute(f"DROP TRIGGER {TABLE}_no_update")
        connection.execute(f"UPDATE {TABLE} SET person_id = 'both' WHERE action = 'item_approved'")  # noqa: S608 (a constant)
    connection.close()
    with pytest.raises(HomeAssistantError) as caught:
        await office.call("sato", "release_case", case=case)
    assert caught.value.translation_key == "ledger_broken"
    await until(lambda: issue(hass, "ledger_broken"))


async def test_what_an_earlier_version_left_is_taken_over(
    hass: HomeAssistant, office: Office
) -> None:
    """A folder without the entries of its case stays where it is and gets them; the case is released as before."""
    case = await office.approved()
    file = office.evidence.vault.root / case / NAME
    await until(file.is_file)
    await restart(office, file.unlink)
    await until(file.is_file)
    assert office.evidence.strays == []
    found = read_case_file(file.parent).case()
    assert found == office.evidence.cases.case(case)
    await proved(office)
    await office.call("sato", "release_case", case=case)
    await until(lambda: read_case_file(file.parent).case() == office.evidence.cases.case(case))


async def test_the_ledger_is_verified_again_at_night(hass: HomeAssistant, office: Office) -> None:
    """What was changed during the day, in a case that nobody releases, is found without anybody asking."""
    await office.create()
    with sqlite3.connect(database(hass)) as connection:
        connection.execute(f"DROP TRIGGER {TABLE}_no_update")
        connection.execute(f"UPDATE {TABLE} SET person_id = 'both' WHERE action = 'case_created'")  # noqa: S608 (a constant)
    connection.close()
    assert issue(hass, "ledger_broken") is None
    night = dt_util.now().replace(hour=3, minute=17, second=0, microsecond=0) + timedelta(days=1)
    async_fire_time_changed(hass, night, fire_all=False)
    await until(lambda: issue(hass, "ledger_broken"))
