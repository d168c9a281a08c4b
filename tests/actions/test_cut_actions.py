"""Only what is needed leaves: cuts of preserved clips, chosen and approved one by one, and withdrawals by two people."""

from datetime import datetime, timedelta
import hashlib
import json
from pathlib import Path
import shutil
from typing import Any
import zipfile

import av
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.views.passages import async_watch_clip
from tests.office import DISCLOSURE, Office
from tests.section import until
from tests.test_services import refused
from tests.test_services_by_hand import tool


class Preserved:
    """A case with one preserved clip of ten seconds."""

    def __init__(self, office: Office, case: str, clip: dict[str, Any]) -> None:
        """Take what `get_case` said of it."""
        self.office, self.case, self.clip = office, case, clip
        self.id: str = clip["clip"]
        self.start = datetime.fromisoformat(clip["start"])

    @property
    def folder(self) -> Path:
        """Return where its files lie."""
        folder: Path = self.office.evidence.vault.root / self.case
        return folder

    async def cut(
        self, start: float, end: float, person: str = "sato", /, **changes: Any
    ) -> dict[str, Any]:
        """Cut from so many seconds behind its start to before so many, and wait until that is sealed."""
        shown = await self.ask(start, end, person, **changes)
        (cut,) = [one for one in shown["passages"][0]["cuts"] if one["state"] == "requested"]
        await self.until(cut["cut"], "sealed")
        return await self.now(cut["cut"])

    async def ask(
        self, start: float, end: float, person: str = "sato", /, **changes: Any
    ) -> dict[str, Any]:
        """Ask for a cut."""
        data = {
            "clip": self.id,
            "start": (self.start + timedelta(seconds=start)).isoformat(),
            "end": (self.start + timedelta(seconds=end)).isoformat(),
        }
        return await self.office.call(person, "cut_clip", **data | changes)

    async def until(self, item: str, state: str) -> None:
        """Wait until a clip or cut is there."""
        await until(lambda: self.office.evidence.cases.item(item)[1].state == state)

    async def now(self, cut: str) -> dict[str, Any]:
        """Return what is shown of a cut."""
        shown = await self.office.call("sato", "get_case", case=self.case)
        found: dict[str, Any] = next(
            one for clip in shown["passages"] for one in clip["cuts"] if one["cut"] == cut
        )
        return found

    async def items(self) -> list[dict[str, Any]]:
        """Return what is to be released."""
        shown = await self.office.call("sato", "get_case", case=self.case)
        items: list[dict[str, Any]] = shown["release_items"]
        return items


@pytest.fixture
async def preserved(office: Office) -> Preserved:
    """Return a case whose clip is preserved."""
    case = await office.create(**office.passage(10))
    await office.until_state(case, "preserved")
    shown = await office.call("sato", "get_case", case=case)
    return Preserved(office, case, shown["passages"][0])


def named(item: dict[str, Any], /, **changes: Any) -> dict[str, Any]:
    """Return how an approver names what they looked at."""
    return {
        "item": item["item"],
        "sha256": item["digest"],
        "hidden_pictures": item["hidden_pictures"],
    } | changes


def packets(file: Path) -> list[bytes]:
    """Return the pictures of a file as they lie in it."""
    with av.open(file) as container:
        return [bytes(one) for one in container.demux(container.streams.video[0]) if one.size]


async def test_only_the_approved_cut_leaves_and_verifies(
    preserved: Preserved, tmp_path: Path
) -> None:
    """Of ten seconds three are needed: they alone are approved, packaged and verified with sha256sum and openssl."""
    office = preserved.office
    cut = await preserved.cut(3.3, 6.3)
    sealed = cut["sealed"]
    assert sealed["source_sha256"] == preserved.clip["digest"]
    granted = datetime.fromisoformat(sealed["first_picture"])
    assert preserved.start + timedelta(seconds=3.3) <= granted
    assert datetime.fromisoformat(sealed["last_picture"]) < preserved.start + timedelta(seconds=6.3)
    file = preserved.folder / sealed["file"]["name"]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == cut["digest"]
    master = preserved.folder / f"{preserved.id}.mp4"
    assert packets(file)[0] in packets(master)
    assert len(packets(file)) == sealed["pictures"] + sealed["hidden_pictures"]

    shown = await office.call("sato", "choose_for_release", case=preserved.case, items=[cut["cut"]])
    (item,) = shown["release_items"]
    assert item["kind"] == "cut"
    assert item["hidden_pictures"] == sealed["hidden_pictures"]
    assert (item["start"], item["granted_start"]) == (cut["start"], sealed["first_picture"])
    shown = await office.call("suzuki", "approve_case", case=preserved.case, items=[named(item)])
    assert shown["state"] == "approved"
    (entry,) = await office.entries("item_approved")
    assert entry.details["hidden_pictures"] == sealed["hidden_pictures"]
    assert entry.details["item"] == cut["cut"]
    released = await office.call("sato", "release_case", case=preserved.case)

    folder = tmp_path / "recipient"
    with zipfile.ZipFile(preserved.folder / released["file"]["name"]) as package:
        package.extractall(folder)
    names = {one.name for one in folder.iterdir()}
    assert {name for name in names if name.endswith(".mp4")} == {sealed["file"]["name"]}
    assert tool(folder, "sha256sum", "--strict", "-c", "SHA256SUMS").count(": OK") == 5
    key = tool(folder, "openssl", "x509", "-in", "section-certificate.pem", "-noout", "-pubkey")
    (tmp_path / "key.pem").write_text(key)
    command = ["openssl", "dgst", "-sha256", "-verify", "../key.pem"]
    assert "Verified OK" in tool(folder, *command, "-signature", "SHA256SUMS.sig", "SHA256SUMS")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["clips"] == []
    (told,) = manifest["cuts"]
    assert told["cut_from"]["sha256"] == preserved.clip["digest"]
    assert told["hidden_pictures"] == sealed["hidden_pictures"]
    assert told["original"] is True
    assert datetime.fromisoformat(told["requested"]["start"]) == datetime.fromisoformat(
        cut["start"]
    )
    assert datetime.fromisoformat(told["granted"]["start"]) == granted
    approved = [step for step in manifest["case"]["steps"] if step["action"] == "approved"]
    assert [(step["person"], step["item"]) for step in approved] == [("suzuki", cut["cut"])]
    letter = (folder / "README.txt").read_text("utf-8-sig")
    assert preserved.clip["digest"] in letter
    assert f"{sealed['hidden_pictures']} 枚" in letter
    assert cut["digest"] in (folder / "receipt.html").read_text()


async def test_a_cut_encoded_anew_has_nothing_hidden_and_is_named_a_viewing_copy(
    preserved: Preserved,
) -> None:
    """Where none may leave besides, the file says itself that it is not the original."""
    cut = await preserved.cut(3.3, 6.3, encode_anew=True)

    assert cut["sealed"]["hidden_pictures"] == 0
    assert cut["sealed"]["encoded_anew"]
    file = preserved.folder / cut["sealed"]["file"]["name"]
    assert file.name == f"{cut['cut']}.viewing-copy-reencoded.mp4"
    assert len(packets(file)) == cut["sealed"]["pictures"]
    with av.open(file) as container:
        assert "閲覧用" in container.metadata["title"]
    shown = await preserved.office.call(
        "sato", "choose_for_release", case=preserved.case, items=[cut["cut"]]
    )
    assert [one["kind"] for one in shown["release_items"]] == ["viewing_copy"]


@pytest.mark.parametrize(
    ("start", "end", "key"),
    [
        (5, 5, "cut_backwards"),
        (6, 3, "cut_backwards"),
        (20, 30, "cut_outside_clip"),
        (-30, -20, "cut_outside_clip"),
    ],
)
async def test_what_is_no_part_of_a_clip_is_refused(
    preserved: Preserved, start: float, end: float, key: str
) -> None:
    """At once, in words, and nothing is asked for."""
    with pytest.raises(HomeAssistantError) as caught:
        await preserved.ask(start, end)
    assert caught.value.translation_key == key
    assert await preserved.office.entries("clip_cut_requested") == []


async def test_a_time_between_two_pictures_gives_no_cut_and_says_so(preserved: Preserved) -> None:
    """Nobody can know before the clip is looked into; one of one picture is made."""
    office = preserved.office
    first = datetime.fromisoformat(preserved.clip["sealed"]["first_picture"])
    one = (first - preserved.start).total_seconds()
    shown = await preserved.ask(one + 0.001, one + 0.002)
    cut = shown["passages"][0]["cuts"][-1]["cut"]
    await preserved.until(cut, "failed")
    assert (await preserved.now(cut))["error"] == "cut_no_picture"
    single = await preserved.cut(one, one + 0.001)
    assert single["sealed"]["pictures"] == 1
    assert await refused(
        office, "sato", "choose_for_release", case=preserved.case, items=[cut]
    ) == ("clip_not_sealed")
    assert not list(preserved.folder.glob(f"{cut}*"))


async def test_times_are_the_sections_where_no_offset_is_named(
    hass: HomeAssistant, preserved: Preserved
) -> None:
    """An hour that comes twice, or not at all, is asked back; an offset says which is meant."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    for text in ("2026-10-25T02:30:00", "2026-03-29T02:30:00"):
        with pytest.raises(HomeAssistantError) as caught:
            await preserved.ask(3, 6, start=text)
        assert caught.value.translation_key == "cut_time_unclear"
    for text in ("9999-12-31T23:59:59-10:00", "0001-01-01T00:00:00+10:00"):
        with pytest.raises(HomeAssistantError) as caught:
            await preserved.ask(3, 6, start=text, end=text)
        assert caught.value.translation_key == "time_invalid"
    with pytest.raises(HomeAssistantError) as caught:
        await preserved.ask(3, 6, start="1601-01-01T00:00:00", end="1601-01-02T00:00:00")
    assert caught.value.translation_key == "cut_outside_clip"
    local = dt_util.as_local(preserved.start + timedelta(seconds=3)).replace(tzinfo=None)
    cut = await preserved.cut(3, 6, start=local.isoformat())
    assert datetime.fromisoformat(cut["start"]) == preserved.start + timedelta(seconds=3)


async def test_each_item_is_a_decision_of_its_own(preserved: Preserved) -> None:
    """Nothing is approved that was not named, with what the approver was shown of it."""
    office, case = preserved.office, preserved.case
    one, other = await preserved.cut(1.3, 3), await preserved.cut(5.3, 7)
    shown = await office.call(
        "sato", "choose_for_release", case=case, items=[one["cut"], other["cut"]]
    )
    first, second = shown["release_items"]

    async def approve(*items: dict[str, Any]) -> dict[str, Any]:
        return await office.call("suzuki", "approve_case", case=case, items=[*items])

    async def refuse(*items: dict[str, Any]) -> str:
        return await refused(office, "suzuki", "approve_case", case=case, items=[*items])

    assert await refuse() == "items_not_named"
    assert await refuse(named(first, sha256="0" * 64)) == "clips_changed"
    assert first["hidden_pictures"] > 0
    assert await refuse(named(first, hidden_pictures=0)) == "clips_changed"
    assert await refuse(named(first), named(first)) == "clips_changed"
    assert await refuse(named(first, item=preserved.id)) == "clips_changed"
    # One that is wrong lets none of them through.
    assert await refuse(named(first), named(second, sha256="0" * 64)) == "clips_changed"
    assert await office.entries("item_approved") == []
    shown = await approve(named(first))
    assert shown["state"] == "preserved"
    assert [item["approved_by"] is not None for item in shown["release_items"]] == [True, False]
    assert await refuse(named(first)) == "item_approved_already"
    assert await refused(office, "sato", "release_case", case=case) == "case_not_approved"
    shown = await approve(named(second))
    assert shown["state"] == "approved"
    assert len(await office.entries("item_approved")) == 2


async def test_another_choice_voids_the_approval_of_what_is_new_in_it(preserved: Preserved) -> None:
    """And of nothing else; what is taken out needs nobody's approval again."""
    office, case = preserved.office, preserved.case
    one, other = await preserved.cut(1.3, 3), await preserved.cut(5.3, 7)

    async def choose(*items: str) -> dict[str, Any]:
        return await office.call("sato", "choose_for_release", case=case, items=[*items])

    shown = await choose(one["cut"])
    await office.call("suzuki", "approve_case", case=case, items=[named(shown["release_items"][0])])
    assert (await choose(one["cut"]))["state"] == "approved"
    assert len(await office.entries("release_chosen")) == 1
    shown = await choose(one["cut"], other["cut"])
    assert shown["state"] == "preserved"
    assert await refused(office, "sato", "release_case", case=case) == "case_not_approved"
    first, second = shown["release_items"]
    assert first["approved_by"] == {"id": "suzuki", "name": "suzuki"}
    assert second["approved_by"] is None
    shown = await office.call("suzuki", "approve_case", case=case, items=[named(second)])
    assert shown["state"] == "approved"
    released = await office.call("sato", "release_case", case=case)
    package = preserved.folder / released["file"]["name"]
    assert package.exists()
    # Less leaves than was approved: no decision is missing, but the package is another one.
    shown = await choose(other["cut"])
    assert (shown["state"], shown["package"]) == ("approved", None)
    await until(lambda: not package.exists())
    # Who chose cannot approve.
    await office.call("both", "choose_for_release", case=case, items=[one["cut"]])
    assert await refused(office, "both", "approve_case", case=case) == "not_allowed_own_case"


async def test_what_cannot_be_chosen_is_refused(preserved: Preserved) -> None:
    """What is not there, not preserved, or nothing at all."""
    office, case = preserved.office, preserved.case
    for items, key in (
        ([f"{case}-09"], "clip_unknown"),
        ([f"{preserved.id}-c01"], "clip_unknown"),
        ([], "action_field_invalid"),
        (["x"], "action_field_invalid"),
    ):
        with pytest.raises(HomeAssistantError) as caught:
            await office.call("sato", "choose_for_release", case=case, items=items)
        assert caught.value.translation_key == key


async def test_a_clip_is_withdrawn_by_two_people(preserved: Preserved) -> None:
    """One asks, another confirms; it is neither shown nor packaged, and its files go when the case's go."""
    office, case = preserved.office, preserved.case
    cut = await preserved.cut(1.3, 3)
    await office.call("suzuki", "approve_case", case=case)
    await office.call("sato", "release_case", case=case)
    package = preserved.folder / f"{case}.zip"
    files = {one.name for one in preserved.folder.glob("*.mp4")}

    async def withdraw(person: str, decision: str = "request") -> dict[str, Any]:
        return await office.call(person, "withdraw_clip", item=preserved.id, decision=decision)

    assert (
        await refused(office, "suzuki", "withdraw_clip", item=preserved.id, decision="confirm")
        == "withdrawal_not_requested"
    )
    shown = await withdraw("sato")
    assert shown["passages"][0]["withdrawal"]["by"]["id"] == "sato"
    assert shown["passages"][0]["withdrawal_steps"] == ["decline"]
    # Until another person decides it leaves no more.
    assert await refused(office, "sato", "release_case", case=case) == "withdrawal_pending"
    assert (
        await refused(office, "sato", "withdraw_clip", item=preserved.id, decision="confirm")
        == "not_allowed_own_withdrawal"
    )
    assert await refused(office, "takahashi", "withdraw_clip", item=preserved.id) == (
        "withdrawal_pending"
    )
    shown = await withdraw("takahashi", "decline")
    assert shown["state"] == "released"
    assert shown["passages"][0]["withdrawal"] is None
    await withdraw("sato")
    shown = await withdraw("suzuki", "confirm")
    assert (shown["state"], shown["package"]) == ("received", None)
    assert [shown["passages"][0]["state"], shown["passages"][0]["cuts"][0]["state"]] == [
        "withdrawn",
        "withdrawn",
    ]
    assert shown["release_items"] == []
    (entry,) = await office.entries("clip_withdrawn")
    assert (entry.person.id, entry.details["requested_by"]["id"]) == ("suzuki", "sato")
    await until(lambda: not package.exists())
    assert {one.name for one in preserved.folder.glob("*.mp4")} == files
    for item in (preserved.id, cut["cut"]):
        assert await refused(office, "sato", "choose_for_release", case=case, items=[item]) == (
            "nothing_preserved"
        )
    await office.call("suzuki", "reject_case", case=case, reason="取下げ")
    await office.call("sato", "purge_case", case=case)
    assert not preserved.folder.exists()


async def test_what_was_withdrawn_was_found_all_the_same(office: Office) -> None:
    """A disclosure request does not end as if there had been nothing, although its footage is out of the case."""
    case = (await office.call("sato", "create_case", **DISCLOSURE, **office.passage()))["case"]
    await office.until_state(case, "preserved")
    clip = f"{case}-01"
    await office.call("sato", "withdraw_clip", item=clip)
    await office.call("takahashi", "withdraw_clip", item=clip, decision="confirm")
    nothing = {"outcome": "nothing_found", "reasons": "該当する映像がない"}
    assert await refused(office, "sato", "propose_decision", case=case, **nothing) == (
        "outcome_has_clips"
    )


async def test_a_cut_is_withdrawn_and_its_clip_stays(preserved: Preserved) -> None:
    """A withdrawn cut in an approved release voids it."""
    office, case = preserved.office, preserved.case
    cut = await preserved.cut(1.3, 3)
    await office.call("sato", "choose_for_release", case=case, items=[cut["cut"], preserved.id])
    await office.call("suzuki", "approve_case", case=case)
    await office.call("sato", "withdraw_clip", item=cut["cut"])
    shown = await office.call("takahashi", "withdraw_clip", item=cut["cut"], decision="confirm")
    assert shown["state"] == "preserved"
    assert shown["passages"][0]["state"] == "sealed"
    assert [item["item"] for item in shown["release_items"]] == [preserved.id]
    assert [item["approved_by"] for item in shown["release_items"]] == [None]
    assert await refused(office, "sato", "release_case", case=case) == "case_not_approved"


async def test_a_cut_is_called_off(preserved: Preserved, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left of it, and the name is not given again."""
    office = preserved.office
    shown = await preserved.ask(1, 9, encode_anew=True)
    (cut,) = shown["passages"][0]["cuts"]
    if cut["state"] == "requested":
        shown = await office.call("sato", "cancel_clip", clip=cut["cut"])
    await until(lambda: office.evidence.cuttings.percent(cut["cut"]) is None)
    (cut,) = (await office.call("sato", "get_case", case=preserved.case))["passages"][0]["cuts"]
    assert cut["state"] == "cancelled"
    assert not list(preserved.folder.glob(f"{cut['cut']}*"))
    again = await preserved.cut(1, 9)
    assert again["cut"] == f"{preserved.id}-c02"


async def test_a_cut_goes_on_after_a_restart(preserved: Preserved) -> None:
    """What was being made is made anew; a half file never gets a final name, and one of a lost ledger is kept elsewhere."""
    office = preserved.office
    entry = office.entry
    folder = preserved.folder
    # As a killed process leaves it.
    (folder / f"{preserved.id}-c01.cut.mp4.part").write_bytes(b"half")
    # And what another ledger knew under that name.
    shown = await preserved.ask(1, 9)
    (cut,) = shown["passages"][0]["cuts"]
    await office.hass.config_entries.async_unload(entry.entry_id)
    assert not list(folder.glob("*.part"))
    await office.hass.config_entries.async_setup(entry.entry_id)
    await preserved.until(cut["cut"], "sealed")
    made = await preserved.now(cut["cut"])
    file = folder / made["sealed"]["file"]["name"]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == made["digest"]
    assert not list(folder.glob("*.part"))


async def test_a_full_disk_is_told_and_the_cut_may_be_asked_for_again(
    preserved: Preserved, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing half made is left."""
    usage = shutil.disk_usage(preserved.folder)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10))
        shown = await preserved.ask(1, 5)
        (cut,) = shown["passages"][0]["cuts"]
        await preserved.until(cut["cut"], "failed")
    assert (await preserved.now(cut["cut"]))["error"] == "cut_no_room"
    assert not list(preserved.folder.glob(f"{cut['cut']}*"))
    again = await preserved.cut(1, 5)
    assert again["state"] == "sealed"


async def test_a_master_that_was_changed_gives_no_cut(preserved: Preserved) -> None:
    """It is no longer what was sealed."""
    master = preserved.folder / f"{preserved.id}.mp4"
    data = bytearray(master.read_bytes())
    data[len(data) // 2] ^= 1
    master.write_bytes(data)
    shown = await preserved.ask(1, 5)
    (cut,) = shown["passages"][0]["cuts"]
    await preserved.until(cut["cut"], "failed")
    assert (await preserved.now(cut["cut"]))["error"] == "cut_source_changed"


async def test_a_cut_beyond_the_clip_ends_with_it(preserved: Preserved) -> None:
    """What was asked for and what is granted stand side by side."""
    cut = await preserved.cut(8, 60)
    assert cut["sealed"]["last_picture"] == preserved.clip["sealed"]["last_picture"]
    assert datetime.fromisoformat(cut["end"]) == preserved.start + timedelta(seconds=60)
    with pytest.raises(HomeAssistantError) as caught:
        await preserved.ask(8, 60)
    assert caught.value.translation_key == "cut_asked_already"


async def test_the_approver_looks_at_a_cut_with_what_is_hidden_in_it(
    preserved: Preserved, hass_ws_client: Any, hass_client_no_auth: Any
) -> None:
    """The player shows everything that is in the file, at its true time."""
    cut = await preserved.cut(3.3, 6.3)
    browser = await hass_client_no_auth()
    websocket = await hass_ws_client(preserved.office.hass)
    # The owner of the test's token may not see cases.
    await websocket.send_json_auto_id({"type": f"{DOMAIN}/watch_clip", "clip": cut["cut"]})
    answer = await websocket.receive_json()
    assert not answer["success"]
    opened = await async_watch_clip(
        preserved.office.hass, preserved.office.entry, "suzuki", cut["cut"]
    )
    assert opened.start <= preserved.start + timedelta(seconds=3.3)
    assert opened.end == datetime.fromisoformat(cut["sealed"]["last_picture"])
    playlist = await (await browser.get(opened.path)).text()
    header = await (await browser.get(opened.path.replace("index.m3u8", "0.mp4"))).read()
    body = header
    for line in playlist.splitlines():
        if line.endswith(".m4s"):
            body += await (await browser.get(opened.path.replace("index.m3u8", line))).read()
    file = Path(preserved.folder) / "watched.mp4"
    file.write_bytes(body)
    with av.open(file) as container:
        frames = sum(1 for _ in container.decode(container.streams.video[0]))
    assert frames == cut["sealed"]["pictures"] + cut["sealed"]["hidden_pictures"]
