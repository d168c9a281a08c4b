"""Masking, tried by somebody who wants more to be seen than was approved, or who sends what is no track at all."""

import asyncio
from datetime import datetime
import json
from pathlib import Path
from typing import Any
import zipfile

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.footage.masking.track import MAX_KEYS, MAX_REJECTED
from tests.actions.test_mask_actions import BOX, Drawn, renderers, track
from tests.section import until
from tests.test_services import refused

FULL = {"outcome": "disclosed_in_full", "way": "copy"}


def keys(*given: Any, **more: Any) -> dict[str, Any]:
    """Return a track of these keys."""
    return {"reveal": [{"shape": "box", "keys": [*given], "rejected": []} | more], "hide": []}


def key(at: Any = 0, box: Any = BOX, confirmed: Any = True) -> dict[str, Any]:
    """Return a key."""
    return {"at_us": at, "box": box, "confirmed": confirmed}


NESTED: Any = []
for _ in range(900):
    NESTED = [NESTED]
# What JSON can hold, and what it cannot but senders try: by what is sent, as text.
HOSTILE = {
    "an integer of 400 digits as time": (keys(key("@")), "1" + "0" * 400),
    "a number beyond all numbers as time": (keys(key("@")), "1e400"),
    "beyond 64 bits": (keys(key("@")), "18446744073709551616"),
    "NaN": (keys(key("@")), "NaN"),
    "Infinity as a coordinate": (keys(key(box=["@", 0, 1, 1])), "Infinity"),
    "half a letter as a time": (keys(key("@")), '"\\ud800"'),
    "a number beyond all as a coordinate": (keys(key(box=["@", 0, 1, 1])), "1e400"),
}
NO_TRACK = {
    "a text for a time": keys(key("0"), key(1_000_000)),
    "a float for a time": keys(key(0.0), key(1_000_000)),
    "a truth value for a time": keys(key(False), key(1_000_000)),
    "a truth value for a coordinate": keys(key(box=[False, False, True, True])),
    "a text for a coordinate": keys(key(box=["0", "0", "1000000", "1000000"])),
    "fractions for coordinates": keys(key(box=[0.1, 0.1, 0.9, 0.9])),
    "three coordinates": keys(key(box=BOX[:3])),
    "five coordinates": keys(key(box=[*BOX, 1])),
    "confirmed by a number": keys(key(confirmed=1)),
    "confirmed by a text": keys(key(confirmed="true")),
    "a box of nothing": keys(key(box=None)),
    "no list of keys": keys(keys={}),
    "another shape": keys(key(), key(1), shape="polygon"),
    "a shape in other letters": keys(key(), key(1), shape="ｂｏｘ"),
    "more in it": keys(key() | {"more": 1}),
    "nested": keys(key(box=NESTED)),
    "nested at the top": NESTED,
    "rejected of one time": keys(key(), key(1), rejected=[[0]]),
    "rejected by truth values": keys(key(), key(1), rejected=[[False, True]]),
    "nothing": None,
    "a number": 7,
}
WRONG = {
    "before the clip": (keys(key(-1)), "mask_beyond_clip"),
    "far beyond the clip": (keys(key(0), key(2**63 - 1)), "mask_beyond_clip"),
    "outside to the left": (keys(key(box=[-1, 0, 10, 10])), "mask_outside"),
    "far outside": (keys(key(box=[0, 0, 2**62, 10])), "mask_outside"),
    "the wrong way round": (keys(key(box=[750_000, 0, 250_000, 10])), "mask_no_area"),
    "no keys": (keys(), "mask_no_keys"),
    "equal times": (keys(key(), key()), "mask_times_not_rising"),
    "times that fall": (keys(key(2), key(1)), "mask_times_not_rising"),
    "a key that hides beyond the clip": (
        {"reveal": [], "hide": [{"keys": [{"at_us": 10**10, "box": BOX}]}]}, "mask_beyond_clip",
    ),
    "rejected beyond the clip": (keys(key(), key(1), rejected=[[0, 10**12]]), "mask_stretch_invalid"),
    "rejected backwards": (keys(key(), key(1), rejected=[[2, 1]]), "mask_stretch_invalid"),
    "too many rejected": (keys(key(), key(1), rejected=[[0, 1]] * (MAX_REJECTED + 1)), "mask_form"),
    "too many tracks": ({"reveal": [], "hide": [{"keys": [{"at_us": 0, "box": BOX}]}] * 21}, "mask_too_many_tracks"),
    "too many keys of all": (
        {"reveal": [], "hide": [{"keys": [{"at_us": at, "box": BOX} for at in range(MAX_KEYS // 2 + 1)]}] * 2},
        "mask_too_many_keys",
    ),
}  # fmt: skip


async def test_what_is_no_track_is_said_and_the_line_stays_open(
    drawn: Drawn, caplog: pytest.LogCaptureFixture
) -> None:
    """Each in words, nothing of it on the disk, nothing of it in the log, and the next message is answered."""
    office = drawn.office
    user = await office.hass.auth.async_get_user("sato")
    assert user is not None
    token = await office.hass.auth.async_create_refresh_token(user, "https://attack.example/")
    client = await drawn.ws(office.hass, office.hass.auth.async_create_access_token(token))
    message = {"type": f"{DOMAIN}/save_mask_track", "clip": drawn.id, "based_on": None}
    for name, given in NO_TRACK.items():
        await client.send_json_auto_id({**message, "track": given})
        answer = await client.receive_json()
        assert not answer["success"], name
        assert answer["error"].get("translation_key") == "mask_form", (name, answer)
    for name, (given, why) in WRONG.items():
        await client.send_json_auto_id({**message, "track": given})
        answer = await client.receive_json()
        assert not answer["success"], name
        assert answer["error"].get("translation_key") == why, (name, answer)
    assert not [*drawn.folder.glob("*track*")]
    assert "Traceback" not in caplog.text
    # Ten thousand keys are a track.
    most = keys(*(key(at * 100) for at in range(MAX_KEYS)))
    await client.send_json_auto_id({**message, "track": most})
    answer = await client.receive_json()
    assert answer["success"], answer
    await client.close()


# Home Assistant hangs up on some of it, and forgets its own next heartbeat.
@pytest.mark.parametrize("expected_lingering_timers", [True])
@pytest.mark.parametrize("name", HOSTILE)
async def test_numbers_beyond_all_numbers_are_no_track(drawn: Drawn, name: str) -> None:
    """As bytes, not as Python would write them: refused by whoever reads them first, and nothing is kept."""
    given, number = HOSTILE[name]
    office = drawn.office
    client = await drawn.ws(office.hass)
    text = json.dumps(
        {"id": 77, "type": f"{DOMAIN}/save_mask_track", "clip": drawn.id, "based_on": None, "track": given}
    )  # fmt: skip
    await client.send_str(text.replace('"@"', number))
    answer = await client.receive()
    # Home Assistant hangs up on what is no JSON.
    assert (
        answer.data is None
        or isinstance(answer.data, int)
        or not json.loads(answer.data)["success"]
    )
    await client.close()
    assert not [*drawn.folder.glob("*track*")]
    assert (await drawn.save(track()))["success"]


@pytest.mark.parametrize("saved_last_by", ["both", "sato"])
async def test_who_drew_does_not_approve_by_having_it_made_by_another(
    drawn: Drawn, saved_last_by: str
) -> None:
    """Their boxes are what is revealed: also where somebody else touched the track after them, and pressed the button."""
    office = drawn.office
    answer = await drawn.save(track(1_000_000), "both")
    sha256 = answer["result"]["sha256"]
    answer = await drawn.save(track(), saved_last_by, sha256)
    mask = await drawn.render(answer["result"]["sha256"])
    await drawn.until(mask, "sealed")
    await office.call("sato", "propose_decision", case=drawn.case, items=[mask], **FULL)
    await drawn.watch(mask, "both")
    assert await refused(office, "both", "approve_case", case=drawn.case) == "not_allowed_own_case"
    assert ("both", "approve", f"case/{drawn.case}", "not_allowed_own_case") in (
        await office.refusals()
    )
    shown = await office.call("both", "get_case", case=drawn.case)
    assert "approve_case" not in shown["offers"]
    (entry,) = await office.entries("clip_mask_requested")
    assert "both" in [one["id"] for one in entry.details["drawn_by"]]
    # It stays so, whatever is read anew.
    assert await office.hass.config_entries.async_reload(office.entry.entry_id)
    await until(lambda: office.evidence.is_read)
    assert await refused(office, "both", "approve_case", case=drawn.case) == "not_allowed_own_case"
    await drawn.watch(mask)
    approved = await office.call("suzuki", "approve_case", case=drawn.case)
    assert approved["state"] == "approved"


async def test_who_proposed_does_not_approve(drawn: Drawn) -> None:
    """Whoever has both roles, and only chose what somebody else made."""
    office = drawn.office
    mask = await drawn.render(await drawn.saved(track()))
    await drawn.until(mask, "sealed")
    await office.call("both", "propose_decision", case=drawn.case, items=[mask], **FULL)
    await drawn.watch(mask, "both")
    assert await refused(office, "both", "approve_case", case=drawn.case) == "not_allowed_own_case"


async def test_the_same_asked_twice_at_once_is_made_once(drawn: Drawn) -> None:
    """Two tabs, one press each."""
    office = drawn.office
    sha256 = await drawn.saved(track())

    async def ask(person: str) -> str:
        try:
            return await drawn.render(sha256, person)
        except ServiceValidationError as err:
            return err.translation_key or ""

    answers = await asyncio.gather(ask("sato"), ask("takahashi"), ask("sato"))
    assert sorted(answers) == [f"{drawn.id}-m01", "mask_asked_already", "mask_asked_already"]
    await drawn.until(f"{drawn.id}-m01", "sealed")
    assert len(await office.entries("clip_mask_requested")) == 1


async def test_a_case_that_is_purged_meanwhile_keeps_nothing(drawn: Drawn) -> None:
    """The renderer ends, and nothing comes back under any name; its track is gone, too."""
    office = drawn.office
    await drawn.render(await drawn.saved(track()))
    await until(lambda: bool(renderers()))
    await office.call("suzuki", "reject_case", case=drawn.case, reason="権限なし")
    await office.call("sato", "purge_case", case=drawn.case)
    await until(lambda: not renderers())
    await office.hass.async_block_till_done()
    assert not drawn.folder.exists()
    assert await office.entries("clip_mask_sealed") == []
    assert [*office.evidence.vault.root.rglob("*.masked*")] == []
    answer = await drawn.save(track())
    assert answer["error"]["translation_key"] in {"case_ended", "footage_removed", "link_file_gone"}
    assert not drawn.folder.exists()


async def test_a_source_that_is_withdrawn_meanwhile(drawn: Drawn) -> None:
    """Whatever came of the rendering: of what two people took out of the case nothing is disclosed."""
    office = drawn.office
    sha256 = await drawn.saved(track())
    mask = await drawn.render(sha256)
    await until(lambda: bool(renderers()))
    await office.call("sato", "withdraw_clip", item=drawn.id)
    await office.call("suzuki", "withdraw_clip", item=drawn.id, decision="confirm")
    await until(lambda: not renderers())
    await until(lambda: office.evidence.cases.item(mask)[1].state != "requested")
    with pytest.raises(HomeAssistantError):
        await office.call("sato", "propose_decision", case=drawn.case, items=[mask], **FULL)
    for command in ("mask_view", "watch_clip"):
        answer = await drawn.ask("suzuki", command, clip=mask)
        assert not answer["success"], (command, answer)
    assert not (await drawn.save(track(1_000_000), based_on=sha256))["success"]


async def test_what_is_made_again_meanwhile_is_not_what_was_approved(drawn: Drawn) -> None:
    """An approval names one file: another one that comes after it, by other boxes, is let out by nobody."""
    office = drawn.office
    sha256 = await drawn.saved(track())
    first = await drawn.render(sha256)
    await drawn.until(first, "sealed")
    await office.call("sato", "propose_decision", case=drawn.case, items=[first], **FULL)
    await drawn.watch(first)
    wider = await drawn.saved(track(box=[0, 0, 1_000_000, 1_000_000]), sha256)
    second = await drawn.render(wider)
    await office.call("suzuki", "approve_case", case=drawn.case)
    await drawn.until(second, "sealed")
    released = await office.call("sato", "release_case", case=drawn.case)
    with zipfile.ZipFile(drawn.folder / released["file"]["name"]) as package:
        films = [name for name in package.namelist() if name.endswith(".mp4")]
    assert films == [f"{first}.masked.mp4"]
    # And where it is put in its place, nothing of the approval stays.
    changed = await office.call("sato", "propose_decision", case=drawn.case, items=[second], **FULL)
    assert (changed["state"], changed["approved_by"]) == ("preserved", None)
    assert await refused(office, "suzuki", "approve_case", case=drawn.case) == "mask_not_watched"


async def test_a_role_that_was_taken_away_saves_renders_and_approves_nothing(drawn: Drawn) -> None:
    """With what they had open before; what they drew before is still the case's."""
    office = drawn.office
    sha256 = await drawn.saved(track())
    mask = await drawn.render(sha256)
    await drawn.until(mask, "sealed")
    await office.call("sato", "propose_decision", case=drawn.case, items=[mask], **FULL)
    await drawn.watch(mask)
    await office.give(viewers=["sato", "suzuki"], exporters=["takahashi"], approvers=["both"])
    answer = await drawn.save(track(1_000_000), "sato", sha256)
    assert answer["error"]["translation_key"] == "not_allowed_needs_exporter"
    again = {"clip": drawn.id, "track_sha256": sha256, "marking": "copy"}
    assert await refused(office, "sato", "render_masked_clip", **again) == (
        "not_allowed_needs_exporter"
    )
    assert await refused(office, "suzuki", "approve_case", case=drawn.case) == (
        "not_allowed_needs_approver"
    )
    read = (await drawn.ask("takahashi", "mask_track", item=drawn.id))["result"]
    assert read["sha256"] == sha256


FIELDS: dict[str, list[dict[str, Any]]] = {
    "render_masked_clip": [
        {"start": "0001-01-01T00:00:00+14:00"},
        {"end": "0001-01-01T00:00:00+00:00"},
        {"start": "9999-12-31T23:59:59-12:00"},
        {"start": "9999-12-31T23:59:59", "end": "0001-01-01T00:00:00"},
        {"fill": "picture", "plate_at": float("nan")},
        {"fill": "picture", "plate_at": float("inf")},
        {"fill": "picture", "plate_at": -1},
        {"fill": "blur"},
        {"marking": "鈴木一郎"},
        {"track_sha256": "../" * 30},
        {"clip": "../../secrets"},
    ],
    "propose_track": [
        {"seconds": float("nan")},
        {"seconds": float("inf")},
        {"seconds": "1e400"},
        {"at": float("inf")},
        {"at": 10**400},
        {"left": float("nan")},
        {"left": True, "right": True},
        {"right": float("-inf")},
        {"left": 0.5, "right": 0.5 + 1e-9},
    ],
    "preview_mask": [
        {"at": [float("inf")]},
        {"at": [-0.1]},
        {"at": ["x"]},
        {"at": [0], "fill": "picture", "plate_at": float("nan")},
    ],
}


@pytest.mark.parametrize("action", FIELDS)
async def test_hostile_fields_are_refused_in_words(drawn: Drawn, action: str) -> None:
    """Every one by our own message, none by whatever Python says; nothing is begun."""
    sha256 = await drawn.saved(track())
    base: dict[str, dict[str, Any]] = {
        "render_masked_clip": {"clip": drawn.id, "track_sha256": sha256},
        "propose_track": {
            "clip": drawn.id, "at": 0, "left": 0.3, "top": 0.3, "right": 0.5, "bottom": 0.7,
        },
        "preview_mask": {"clip": drawn.id, "track_sha256": sha256, "at": [0]},
    }  # fmt: skip
    for changes in FIELDS[action]:
        with pytest.raises(HomeAssistantError) as caught:
            await drawn.office.call("sato", action, **base[action] | changes)
        assert caught.value.translation_domain == DOMAIN, (changes, caught.value)
    assert await drawn.office.entries("clip_mask_requested") == []


async def test_other_items_than_clips_are_not_masked(drawn: Drawn) -> None:
    """A masked clip is no source, and a draft is of a clip."""
    office = drawn.office
    sha256 = await drawn.saved(track())
    mask = await drawn.render(sha256)
    await drawn.until(mask, "sealed")
    box = {"left": 0.3, "top": 0.3, "right": 0.5, "bottom": 0.7}
    for action, data in (
        ("render_masked_clip", {"track_sha256": sha256}),
        ("propose_track", {"at": 0, **box}),
        ("preview_mask", {"track_sha256": sha256, "at": [0]}),
    ):
        assert await refused(office, "sato", action, clip=mask, **data) == "action_field_invalid"
    answer = await drawn.ask("sato", "save_mask_track", clip=mask, track=track(), based_on=None)
    assert answer["error"]["translation_key"] == "clip_unknown"


async def test_a_masked_file_that_was_changed_leaves_nobody(drawn: Drawn) -> None:
    """Between the approval and the release: what is packed is what was approved, or nothing is."""
    office = drawn.office
    mask = await drawn.render(await drawn.saved(track()))
    sealed = (await drawn.until(mask, "sealed"))["sealed"]
    await office.call("sato", "propose_decision", case=drawn.case, items=[mask], **FULL)
    await drawn.watch(mask)
    await office.call("suzuki", "approve_case", case=drawn.case)
    file: Path = drawn.folder / sealed["file"]["name"]
    data = file.read_bytes()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(HomeAssistantError):
        await office.call("sato", "release_case", case=drawn.case)
    assert not [*drawn.folder.glob("*.zip")]
    assert datetime.fromisoformat(sealed["first_picture"])


async def test_a_draft_of_before_the_update_names_who_saved_it(drawn: Drawn) -> None:
    """Older ones say no more; one that says nonsense of its people is none."""
    sha256 = (await drawn.save(track(), "both"))["result"]["sha256"]
    draft = drawn.folder / f"{drawn.id}.track-draft.json"
    kept = json.loads(draft.read_text())
    assert [one["id"] for one in kept.pop("drawn_by")] == ["both"]
    nonsense: Any
    for nonsense in ([], [7], "both", {}):
        draft.write_text(json.dumps(kept | {"drawn_by": nonsense}))
        answer = await drawn.ask("sato", "mask_track", item=drawn.id)
        assert answer["result"]["track"] is None, nonsense
    draft.write_text(json.dumps(kept))
    await drawn.until(await drawn.render(sha256), "sealed")
    (entry,) = await drawn.office.entries("clip_mask_requested")
    assert [one["id"] for one in entry.details["drawn_by"]] == ["both"]
