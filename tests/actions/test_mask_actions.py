"""Masked clips through Home Assistant's front door: drawn, rendered, approved by another, released in a disclosure case."""

from datetime import datetime
import hashlib
import json
from pathlib import Path
from typing import Any, Self
import zipfile

import av
from homeassistant.exceptions import HomeAssistantError
import psutil
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.cases.kinds import GROUNDS
from custom_components.niiza_cctv.lib.cases.model import Ground
from custom_components.niiza_cctv.lib.footage.masking.track import MAX_KEYS
from custom_components.niiza_cctv.lib.footage.masking.track_file import MAX_SIZE
from custom_components.niiza_cctv.lib.footage.package import RECEIPT
from custom_components.niiza_cctv.views.passages import async_watch_clip
from tests.actions.test_cut_actions import named
from tests.office import DISCLOSURE, Office
from tests.section import until
from tests.test_services import refused
from tests.views.test_watched_footage import sit_down

BOX = [250_000, 250_000, 750_000, 750_000]


def track(
    last: int = 2_000_000, box: list[int] | None = None, *, confirmed: bool = True
) -> dict[str, Any]:
    """Return a track that shows a box from the clip's first picture on."""
    keys = [{"at_us": at, "box": box or BOX, "confirmed": confirmed} for at in (0, last)]
    return {"reveal": [{"shape": "box", "keys": keys, "rejected": []}], "hide": []}


class Drawn:
    """A disclosure case with one preserved clip of five seconds, and who draws on it."""

    def __init__(
        self, office: Office, case: str, ws: WebSocketGenerator, players: ClientSessionGenerator
    ) -> None:
        """Take what the case is."""
        self.office, self.case, self.ws, self.players = office, case, ws, players
        self.id = f"{case}-01"
        self.folder: Path = office.evidence.vault.root / case

    @classmethod
    async def preserved(
        cls, office: Office, ws: WebSocketGenerator, players: ClientSessionGenerator
    ) -> Self:
        """Create the case, and wait for its clip."""
        answer = await office.call("sato", "create_case", **DISCLOSURE, **office.passage(5))
        case: str = answer["case"]
        await office.until_state(case, "preserved")
        return cls(office, case, ws, players)

    async def ask(self, person: str, command: str, **data: Any) -> dict[str, Any]:
        """Send a command over the websocket of a person; return the answer, or the error."""
        hass = self.office.hass
        user = await hass.auth.async_get_user(person)
        assert user is not None
        token = await hass.auth.async_create_refresh_token(
            user, client_name=f"{person} {command} {len(user.refresh_tokens)}",
            token_type="long_lived_access_token",
        )  # fmt: skip
        client = await self.ws(hass, hass.auth.async_create_access_token(token))
        await client.send_json_auto_id({"type": f"{DOMAIN}/{command}", **data})
        answer: dict[str, Any] = await client.receive_json()
        return answer

    async def watch(self, mask: str, person: str = "suzuki") -> None:
        """Let somebody watch a masked clip through."""
        desk = await sit_down(self.office.hass, self.ws, self.players, person)
        await desk.watch_through(mask)
        await desk.socket.close()

    async def save(
        self, drawn: Any, person: str = "sato", based_on: str | None = None
    ) -> dict[str, Any]:
        """Let somebody save a track."""
        return await self.ask(
            person, "save_mask_track", clip=self.id, track=drawn, based_on=based_on
        )

    async def saved(self, drawn: dict[str, Any], based_on: str | None = None) -> str:
        """Save a track and return its hash."""
        answer = await self.save(drawn, based_on=based_on)
        assert answer["success"], answer
        sha256: str = answer["result"]["sha256"]
        return sha256

    async def render(self, sha256: str, person: str = "sato", /, **given: Any) -> str:
        """Ask for a masked clip; returns its id."""
        shown = await self.office.call(
            person, "render_masked_clip", clip=self.id, track_sha256=sha256, **given
        )
        mask: str = shown["passages"][0]["masks"][-1]["mask"]
        return mask

    async def until(self, mask: str, state: str) -> dict[str, Any]:
        """Wait until a masked clip is there, and return what is shown of it."""
        await until(lambda: self.office.evidence.cases.item(mask)[1].state == state)
        return await self.now(mask)

    async def now(self, mask: str) -> dict[str, Any]:
        """Return what is shown of a masked clip."""
        shown = await self.office.call("sato", "get_case", case=self.case)
        found: dict[str, Any] = next(
            one for clip in shown["passages"] for one in clip["masks"] if one["mask"] == mask
        )
        return found

    def files(self, mask: str) -> set[str]:
        """Return the names of what lies here of a masked clip, but its track."""
        return {one.name for one in self.folder.glob(f"{mask}.*")} - {f"{mask}.track.json"}


def renderers() -> list[psutil.Process]:
    """Return the renderers' processes."""
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if any(part.endswith("masking/__main__.py") for part in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


async def test_a_disclosure_case_leaves_masked_and_no_other_way(
    drawn: Drawn, tmp_path: Path
) -> None:
    """Drawn, rendered, proposed, approved by another, released: the package has the masked clip and nothing of the source."""
    office = drawn.office
    sha256 = await drawn.saved(track())
    mask = await drawn.render(sha256, marking="copy")
    shown = await drawn.until(mask, "sealed")
    sealed = shown["sealed"]
    file = drawn.folder / sealed["file"]["name"]
    assert file.name == f"{drawn.id}-m01.masked.mp4"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == shown["digest"]
    assert 0 < sealed["revealed"] < sealed["pictures"]
    with av.open(file) as container:
        assert sum(1 for _ in container.decode(video=0)) == sealed["pictures"]

    # The ledger has the hashes of source, track and result, and who asked.
    clip = office.evidence.cases.clip(drawn.id)[1]
    (asked,) = await office.entries("clip_mask_requested")
    assert asked.person.id == "sato"
    (made,) = await office.entries("clip_mask_sealed")
    assert made.details["source_sha256"] == clip.digest == asked.details["source_sha256"]
    assert made.details["track_sha256"] == sha256 == asked.details["track_sha256"]
    assert made.details["sha256"] == shown["digest"]
    kept = drawn.folder / f"{mask}.track.json"
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == sha256

    # Nothing of the source may be in what is disclosed.
    part = {
        "case": drawn.case,
        "outcome": "disclosed_in_part",
        "way": "copy",
        "grounds": ["article_78_1_2"],
        "reasons": "本人以外の人が写っている",
    }
    assert (
        await refused(office, "sato", "propose_decision", **part, items=[drawn.id, mask])
        == "masking_needed"
    )
    answer = await office.call("sato", "propose_decision", **part, items=[mask])
    (item,) = answer["release_items"]
    assert (item["kind"], item["clip"], item["hidden_pictures"]) == ("masked", drawn.id, 0)
    assert item["granted_start"] == sealed["first_picture"]
    assert (answer["decision"]["items"], answer["way"]) == ([mask], "copy")
    # The approver names what they saw: the proposal, and each masked clip of it.
    named_alone = {"case": drawn.case, "items": [named(item)]}
    assert await refused(office, "suzuki", "approve_case", **named_alone) == "decision_changed"
    approval = {**named_alone, "decision": answer["decision"]["digest"]}
    # And they watched all of it.
    assert await refused(office, "suzuki", "approve_case", **approval) == "mask_not_watched"
    assert ("suzuki", "approve", f"case/{drawn.case}", "mask_not_watched") in (
        await office.refusals()
    )
    await drawn.watch(mask)
    answer = await office.call("suzuki", "approve_case", **approval)
    assert answer["state"] == "approved"
    released = await office.call("sato", "release_case", case=drawn.case)
    with zipfile.ZipFile(drawn.folder / released["file"]["name"]) as package:
        package.extractall(tmp_path / "recipient")
    names = {one.name for one in (tmp_path / "recipient").iterdir()}
    assert {name for name in names if name.endswith((".mp4", ".json"))} == {
        file.name,
        "manifest.json",
    }
    manifest = json.loads((tmp_path / "recipient" / "manifest.json").read_text())
    (told,) = manifest["cuts"]
    assert told["masked_by_track_sha256"] == sha256
    assert [one["role"] for one in told["files"]] == ["masked"]
    assert {"masked", "proposed", "approved"} <= {
        step["action"] for step in manifest["case"]["steps"]
    }
    ground = GROUNDS[Ground.OTHER_PEOPLE]
    assert manifest["case"]["decision"] == {
        "outcome": "disclosed_in_part",
        "way": "copy",
        "grounds": [ground],
    }
    letter = (tmp_path / "recipient" / "README.txt").read_text("utf-8-sig")
    assert "本人と確認した範囲のほかをすべて隠し" in letter
    assert f"決定：一部開示（写しの交付）\n開示しない部分の根拠：{ground}" in letter
    receipt = (tmp_path / "recipient" / RECEIPT).read_text()
    assert "一部開示（写しの交付）" in receipt
    assert ground in receipt
    await office.downloaded(drawn.case)
    handed = await office.call(
        "sato", "hand_over", case=drawn.case, recipient="鈴木", medium="USB", medium_serial="1"
    )
    assert handed["state"] == "handed_over"


async def test_who_masked_does_not_approve_and_who_approves_can_watch(drawn: Drawn) -> None:
    """Made by one person, approved by another, on an approval that names the track."""
    office = drawn.office
    mask = await drawn.render(await drawn.saved(track()), "both")
    shown = await drawn.until(mask, "sealed")
    full = {"case": drawn.case, "outcome": "disclosed_in_full", "way": "view", "items": [mask]}
    proposed = await office.call("sato", "propose_decision", **full)
    assert await refused(office, "both", "approve_case", case=drawn.case) == "not_allowed_own_case"
    opened = await async_watch_clip(office.hass, office.entry, "suzuki", mask)
    assert opened.start == datetime.fromisoformat(shown["sealed"]["first_picture"])
    await drawn.watch(mask)
    approved = await office.call("suzuki", "approve_case", case=drawn.case)
    assert approved["state"] == "approved"
    (entry,) = await office.entries("case_approved")
    assert entry.details["decision"] == proposed["decision"]["digest"]
    (seen,) = entry.details["items"]
    assert seen["track_sha256"] == shown["track_sha256"]
    # What is to be shown at the counter is given to nobody.
    assert await refused(office, "sato", "release_case", case=drawn.case) == "decision_not_copy"
    # It is in the record of the case, and can be taken out of it again.
    await office.call("sato", "withdraw_clip", item=mask)
    await office.call("suzuki", "withdraw_clip", item=mask, decision="confirm")
    assert (await drawn.now(mask))["state"] == "withdrawn"


async def test_nobody_writes_over_what_somebody_else_drew(drawn: Drawn) -> None:
    """A track is saved in the place of the one that was seen; it is read by who may see the case, and gone with its files."""
    office = drawn.office
    empty = await drawn.ask("tanaka", "mask_track", item=drawn.id)
    assert empty["result"] == {"track": None, "sha256": None, "saved_by": None, "saved_at": None}
    first = await drawn.saved(track())
    lost = await drawn.save(track(1_000_000), "takahashi")
    assert lost["error"]["translation_key"] == "mask_track_changed"
    second = (await drawn.save(track(1_000_000), "takahashi", first))["result"]["sha256"]
    read = (await drawn.ask("suzuki", "mask_track", item=drawn.id))["result"]
    assert (read["track"], read["sha256"]) == (track(1_000_000), second)
    assert read["saved_by"]["id"] == "takahashi"
    assert (
        await refused(office, "sato", "render_masked_clip", clip=drawn.id, track_sha256=first)
        == "mask_track_changed"
    )
    mask = await drawn.render(second)
    await drawn.until(mask, "sealed")
    # What a masked clip was made by stays, whatever is drawn afterwards.
    await drawn.saved(track(500_000), second)
    made_by = (await drawn.ask("suzuki", "mask_track", item=mask))["result"]
    assert (made_by["track"], made_by["saved_by"]) == (track(1_000_000), None)
    assert await office.entries("mask_track") == []
    await office.call("suzuki", "reject_case", case=drawn.case, reason="権限なし")
    await office.call("sato", "purge_case", case=drawn.case)
    await until(lambda: not drawn.folder.exists())
    assert (await drawn.now(mask))["state"] == "removed"


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("none", "mask_form"),
        ({"reveal": []}, "mask_form"),
        (track(box=[0, 0, 2_000_000, 10]), "mask_outside"),
        (track(box=[10, 10, 10, 500_000]), "mask_no_area"),
        (track(0), "mask_times_not_rising"),
        (track(3_600_000_000), "mask_beyond_clip"),
        (
            {
                "reveal": [
                    {
                        "shape": "box",
                        "rejected": [],
                        "keys": [
                            {"at_us": at, "box": BOX, "confirmed": True}
                            for at in range(MAX_KEYS + 1)
                        ],
                    }
                ],
                "hide": [],
            },
            "mask_too_many_keys",
        ),
    ],
)  # fmt: skip
async def test_what_is_no_track_is_not_kept(drawn: Drawn, given: Any, key: str) -> None:
    """At once, in words, and nothing lies on the disk."""
    answer = await drawn.save(given)
    assert answer["error"]["translation_key"] == key
    assert not [*drawn.folder.glob("*track*")]


async def test_what_cannot_be_rendered_so_is_refused(drawn: Drawn) -> None:
    """A part of which the clip has nothing, a background without a time, the same twice; and nothing revealed fails."""
    office = drawn.office
    sha256 = await drawn.saved(track(confirmed=False))
    data = {"clip": drawn.id, "track_sha256": sha256}
    start = office.passage(5)["start"]

    async def said(**changes: Any) -> str | None:
        return await refused(office, "sato", "render_masked_clip", **data | changes)

    assert await said(start=start, end=start) == "mask_no_pictures"
    assert await said(end="2026-01-01T00:00:00+09:00") == "mask_no_pictures"
    assert await said(fill="picture") == "mask_plate_time"
    assert await said(plate_at=1) == "mask_plate_time"
    mask = await drawn.render(sha256)
    assert await said() == "mask_asked_already"
    failed = await drawn.until(mask, "failed")
    assert failed["error"] == "mask_nothing_revealed"
    assert drawn.files(mask) == set()
    # It is tried again under another number.
    assert await drawn.render(sha256) == f"{drawn.id}-m02"


async def test_a_full_disk_is_said_and_nothing_is_left(drawn: Drawn) -> None:
    """The section's quota is used up."""
    sha256 = await drawn.saved(track())
    drawn.office.evidence.vault.quota = 1
    failed = await drawn.until(await drawn.render(sha256), "failed")
    assert failed["error"] == "mask_no_room"
    (entry,) = await drawn.office.entries("clip_mask_failed")
    assert (entry.person, entry.details["placeholders"]) == (None, {})
    assert drawn.files(failed["mask"]) == set()


async def test_a_killed_renderer_leaves_nothing(drawn: Drawn) -> None:
    """What it was killed at is no masked clip; the next one is asked for and made."""
    sha256 = await drawn.saved(track())
    mask = await drawn.render(sha256)
    await until(lambda: bool(renderers()))
    for process in renderers():
        process.kill()
    failed = await drawn.until(mask, "failed")
    assert failed["error"] == "mask_renderer_ended"
    assert drawn.files(mask) == set()
    await drawn.until(await drawn.render(sha256), "sealed")


async def test_one_that_is_given_up_ends_its_process(drawn: Drawn) -> None:
    """The second waits for the first; given up, the first leaves nothing and the second is made."""
    office = drawn.office
    sha256 = await drawn.saved(track())
    first = await drawn.render(sha256)
    second = await drawn.render(sha256, marking="for_viewing")
    await until(lambda: bool(renderers()))
    assert len(renderers()) == 1
    assert (await drawn.now(second))["percent"] == 0
    await office.call("sato", "cancel_clip", clip=first)
    assert (await drawn.now(first))["state"] == "cancelled"
    await drawn.until(second, "sealed")
    assert drawn.files(first) == set()
    assert drawn.files(second) == {f"{second}.masked.mp4"}
    assert await refused(office, "sato", "cancel_clip", clip=second) == "clip_not_pending"
    assert [one.details["mask_id"] for one in await office.entries("clip_mask_cancelled")] == [
        first
    ]


async def test_a_restart_starts_over(drawn: Drawn) -> None:
    """The process ends with the section; the next start renders the same clip anew, by the track that was kept."""
    office = drawn.office
    sha256 = await drawn.saved(track())
    mask = await drawn.render(sha256)
    await until(lambda: bool(renderers()))
    # What is drawn afterwards changes nothing of it.
    await drawn.saved(track(1_000_000), sha256)
    assert await office.hass.config_entries.async_reload(office.entry.entry_id)
    await until(lambda: office.evidence.is_read)
    sealed = await drawn.until(mask, "sealed")
    assert sealed["track_sha256"] == sha256
    (made,) = await office.entries("clip_mask_sealed")
    assert made.details["track_sha256"] == sha256


async def test_a_track_that_was_changed_on_the_disk_masks_nothing(drawn: Drawn) -> None:
    """The ledger has its hash: another one is not taken, as after a restart."""
    office = drawn.office
    mask = await drawn.render(await drawn.saved(track()))
    await until(lambda: bool(renderers()))
    assert await office.hass.config_entries.async_unload(office.entry.entry_id)
    (drawn.folder / f"{mask}.track.json").write_text(json.dumps(track(box=[0, 0, 10**6, 10**6])))
    assert await office.hass.config_entries.async_setup(office.entry.entry_id)
    await until(lambda: office.evidence.is_read)
    assert (await drawn.until(mask, "failed"))["error"] == "mask_track_gone"
    assert drawn.files(mask) == set()


async def test_a_proposal_is_answered_and_reveals_nothing(drawn: Drawn) -> None:
    """Keys that nobody confirmed; nothing is kept of them, and what is no box is said."""
    office = drawn.office
    box = {"left": 0.3, "top": 0.3, "right": 0.5, "bottom": 0.7}
    answer = await office.call("sato", "propose_track", clip=drawn.id, at=0.5, seconds=1, **box)
    assert answer["end"] in {"done", "lost", "left"}
    assert answer["keys"][0]["box"] == [300_000, 300_000, 500_000, 700_000]
    assert not any(key["confirmed"] for key in answer["keys"])
    assert not [*drawn.folder.glob("*track*")]
    wrong = {**box, "right": 0.3}
    assert (
        await refused(office, "sato", "propose_track", clip=drawn.id, at=0.5, **wrong)
        == "mask_no_area"
    )
    assert (
        await refused(office, "sato", "propose_track", clip=drawn.id, at=500, **box)
        == "mask_beyond_clip"
    )
    with pytest.raises(HomeAssistantError) as caught:
        await office.call("sato", "propose_track", clip=drawn.id, at="nan", **box)
    assert caught.value.translation_key == "action_field_invalid"


@pytest.mark.parametrize(
    ("person", "key"),
    [
        ("tanaka", "not_allowed_needs_exporter"),
        ("suzuki", "not_allowed_needs_exporter"),
        ("tablet", "not_allowed_tablet"),
        ("left", "not_allowed_inactive"),
        (None, "not_allowed_nobody"),
    ],
)
async def test_others_are_refused_on_the_record(drawn: Drawn, person: str | None, key: str) -> None:
    """Whoever does not export neither draws, proposes nor renders."""
    office = drawn.office
    sha256 = await drawn.saved(track())
    box = {"left": 0.3, "top": 0.3, "right": 0.5, "bottom": 0.7}
    assert (
        await refused(office, person, "render_masked_clip", clip=drawn.id, track_sha256=sha256)
        == key
    )
    assert await refused(office, person, "propose_track", clip=drawn.id, at=0, **box) == key
    assert (person, "mask_clip", f"case/{drawn.case}", key) in await office.refusals()
    assert await office.entries("clip_mask_requested") == []
    if person in {"tanaka", "suzuki"}:
        answer = await drawn.save(track(1_000_000), person, sha256)
        assert answer["error"]["translation_key"] == key


async def test_who_approved_asks_for_nothing_besides(drawn: Drawn) -> None:
    """Whoever agreed to what leaves does not make more of it; and of an ended case nothing is masked."""
    office = drawn.office
    sha256 = await drawn.saved(track())
    mask = await drawn.render(sha256)
    await drawn.until(mask, "sealed")
    full = {"case": drawn.case, "outcome": "disclosed_in_full", "way": "copy", "items": [mask]}
    await office.call("sato", "propose_decision", **full)
    await drawn.watch(mask, "both")
    await office.call("both", "approve_case", case=drawn.case)
    data = {"clip": drawn.id, "track_sha256": sha256}
    assert await refused(office, "both", "render_masked_clip", **data) == "not_allowed_own_approval"
    await office.refuse(drawn.case)
    await office.call("suzuki", "approve_case", case=drawn.case)
    await office.call("sato", "conclude_case", case=drawn.case, outcome="refused")
    assert await refused(office, "sato", "render_masked_clip", **data) == "case_ended"


async def test_messages_of_no_form_and_drafts_that_cannot_be_read(drawn: Drawn) -> None:
    """What is no message is said; what lies in the place of a draft and is none, or too large, is none."""
    for message in ({"item": 7}, {}):
        answer = await drawn.ask("sato", "mask_track", **message)
        assert answer["error"]["translation_key"] == "mask_form"
    answer = await drawn.ask("sato", "save_mask_track", clip=drawn.id, track=track(), based_on=7)
    assert answer["error"]["translation_key"] == "mask_form"
    draft = drawn.folder / f"{drawn.id}.track-draft.json"
    for nothing in ("{", "[]", '{"tracks": {}}', "[" * 100_000, " " * (MAX_SIZE + 1)):
        draft.write_text(nothing)
        answer = await drawn.ask("sato", "mask_track", item=drawn.id)
        assert answer["result"]["track"] is None
    # A link leads nowhere.
    draft.unlink()
    draft.symlink_to("/etc/hostname")
    answer = await drawn.ask("sato", "mask_track", item=drawn.id)
    assert answer["error"]["translation_key"] == "mask_not_written"
    draft.unlink()
    assert await drawn.saved(track())


async def test_what_lies_under_the_name_already_is_set_aside(drawn: Drawn) -> None:
    """As after a kill between the last byte and the ledger: it is kept elsewhere, and the clip is made."""
    vault = drawn.office.evidence.vault
    sha256 = await drawn.saved(track(), None)
    first = await drawn.render(sha256)
    # It waits for the first one: its file is there before it begins.
    second = await drawn.render(sha256, start=drawn.office.evidence.cases.clip(drawn.id)[1]
                                .sealed.first_picture.isoformat())  # fmt: skip
    (drawn.folder / f"{second}.masked.mp4").write_bytes(b"half")
    await drawn.until(first, "sealed")
    shown = await drawn.until(second, "sealed")
    file = drawn.folder / f"{second}.masked.mp4"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == shown["digest"]
    (aside,) = (vault.root / "unknown").rglob(f"{second}*.mp4")
    assert aside.read_bytes() == b"half"


async def test_a_clip_that_is_gone_or_changed_is_not_masked(drawn: Drawn) -> None:
    """Neither proposed in, nor rendered; the message says to hand nothing over."""
    office = drawn.office
    sha256 = await drawn.saved(track())
    master = drawn.folder / f"{drawn.id}.mp4"
    data = master.read_bytes()
    master.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    changed = await drawn.until(await drawn.render(sha256), "failed")
    assert changed["error"] == "mask_not_the_clip"
    master.unlink()
    gone = await drawn.until(await drawn.render(sha256, marking="copy"), "failed")
    assert gone["error"] == "mask_not_the_clip"
    box = {"left": 0.3, "top": 0.3, "right": 0.5, "bottom": 0.7}
    assert (
        await refused(office, "sato", "propose_track", clip=drawn.id, at=0, **box)
        == "mask_not_the_clip"
    )
