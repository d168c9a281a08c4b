"""Masked footage at the counter, through the front door: who shows it, what is recorded, and when it ends."""

from datetime import datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from typing import Any

import av
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import numpy as np
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.niiza_cctv.lib.footage.masking.fill import SOLID
from tests.actions.test_mask_actions import Drawn, track
from tests.section import until
from tests.views.test_watched_footage import Desk, sit_down

PRESENT = "南沢花子（本人）、課長補佐"


async def masked(drawn: Drawn) -> str:
    """Return a masked clip that was rendered."""
    mask = await drawn.render(await drawn.saved(track()), marking="for_viewing")
    await drawn.until(mask, "sealed")
    return mask


async def decided(drawn: Drawn, mask: str, way: str = "view") -> None:
    """Have it decided by two people that a masked clip is disclosed so."""
    office = drawn.office
    shown = await office.call(
        "sato", "propose_decision", case=drawn.case, outcome="disclosed_in_part", way=way, items=[mask],
        grounds=["article_78_1_2"], reasons="本人以外の個人に関する情報を除く",
    )  # fmt: skip
    await drawn.watch(mask)
    await office.call(
        "suzuki", "approve_case", case=drawn.case, decision=shown["decision"]["digest"]
    )


async def show(
    desk: Desk, mask: str, *, present: str = PRESENT, shown_to: str = "requester"
) -> dict[str, Any]:
    """Ask to show it; return the whole answer."""
    draft = await desk.ask("save_draft", step="show_at_counter", fields={"present": present})
    draft_id = draft["result"]["draft_id"] if draft["success"] else None
    return await desk.ask("open_counter", item=mask, shown_to=shown_to, draft_id=draft_id)


async def opened(desk: Desk, mask: str) -> tuple[str, int]:
    """Return where the parts of a showing are, and its number."""
    answer = await show(desk, mask)
    assert answer["success"], answer
    result = answer["result"]
    return result["url"].partition("index.m3u8")[0], result["showing"]


async def said(desk: Desk, path: str) -> tuple[int, str]:
    """Return how a part is refused."""
    response = await desk.player.get(path)
    return response.status, await response.text(errors="replace")


async def test_a_masked_clip_is_shown_from_what_was_sealed_and_on_the_record(
    drawn: Drawn, sato: Desk
) -> None:
    """Entered before the first picture, with whom it was shown to and who was there; at its end what of it was served."""
    office = drawn.office
    mask = await masked(drawn)
    await decided(drawn, mask)
    (item,) = [one for one in (await drawn.now(mask))["offers"] if one == "show_at_counter"]
    assert item
    # Not from the masked file.
    shown = await drawn.now(mask)
    (drawn.folder / shown["sealed"]["file"]["name"]).unlink()
    path, showing = await opened(sato, mask)
    (entry,) = await office.entries("shown_at_counter")
    assert (entry.person.id, entry.number) == ("sato", showing)
    clip = office.evidence.cases.clip(drawn.id)[1]
    assert entry.details == {
        "item": mask,
        "source_sha256": clip.digest,
        "track_sha256": shown["track_sha256"],
        "sha256": shown["digest"],
        "granted": entry.details["granted"],
        "shown_to": "requester",
        "present": PRESENT,
    }
    listed = await (await sato.player.get(f"{path}index.m3u8")).text()
    count = listed.count(".m4s")
    assert count >= 5
    header = await (await sato.player.get(f"{path}0.mp4")).read()
    segment = await (await sato.player.get(f"{path}0.m4s")).read()
    await sato.fetch(path, 1, 3)
    with av.open(BytesIO(header + segment), "r") as film:
        planes = [frame.to_ndarray()[: frame.height] for frame in film.decode(video=0)]
    assert np.abs(planes[0][-20:].astype(int) - SOLID[0]).max() <= 4
    assert await office.entries("counter_showing_ended") == []

    assert (await sato.ask("end_counter", showing=showing))["success"]
    (ended,) = await office.entries("counter_showing_ended")
    assert ended.details["showing"] == showing
    # The second one from the third on, which nobody saw.
    first, second = ended.details["served"]
    assert datetime.fromisoformat(first["end"]) < datetime.fromisoformat(second["start"])
    status, _ = await said(sato, f"{path}2.m4s")
    assert status == HTTPStatus.NOT_FOUND
    case = office.evidence.cases.case(drawn.case)
    (known,) = case.showings
    assert (known.present, known.item, len(known.served)) == (PRESENT, mask, 2)
    assert (await sato.ask("end_counter", showing=showing))["success"]
    assert len(await office.entries("counter_showing_ended")) == 1
    # What is shown so ends the case so.
    ended_case = await office.call(
        "sato", "conclude_case", case=drawn.case, outcome="shown_in_person"
    )
    assert ended_case["state"] == "concluded"


async def test_who_may_not_show_it_is_refused_on_the_record(
    hass: HomeAssistant,
    drawn: Drawn,
    sato: Desk,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Not before it is approved, not who approved it, no tablet, nothing unmasked, not without saying who was there."""
    office = drawn.office
    mask = await masked(drawn)
    assert (await show(sato, mask))["error"]["translation_key"] == "case_not_approved"
    await decided(drawn, mask)
    for person, key in (
        ("suzuki", "not_allowed_needs_exporter"),
        ("tanaka", "not_allowed_needs_exporter"),
        ("tablet", "not_allowed_tablet"),
    ):
        desk = await sit_down(hass, hass_ws_client, hass_client_no_auth, person)
        answer = await desk.ask("open_counter", item=mask, shown_to="requester", draft_id=None)
        assert answer["error"]["translation_key"] == key
        refusals = await office.refusals()
        assert (person, "show_at_counter", f"case/{drawn.case}", key) in refusals
        await desk.socket.close()
    for changes, key in (
        ({"item": drawn.id}, "masking_needed"),
        ({"item": "2026-9999-01-m01"}, "clip_unknown"),
        ({"item": 5}, "action_field_invalid"),
        ({"shown_to": "南沢花子"}, "action_field_invalid"),
        ({"draft_id": 5}, "action_field_invalid"),
        ({"draft_id": "0" * 32}, "draft_gone"),
        ({"draft_id": None}, "fields_missing"),
    ):
        asked = {"item": mask, "shown_to": "requester", "draft_id": None} | changes
        answer = await sato.ask("open_counter", **asked)
        assert answer["error"]["translation_key"] == key, changes
    assert (await show(sato, mask, present="  "))["error"]["translation_key"] == "fields_missing"
    assert await office.entries("shown_at_counter") == []


async def test_what_was_decided_as_a_copy_is_not_shown(drawn: Drawn, sato: Desk) -> None:
    """The decision of two people is about the way as well."""
    mask = await masked(drawn)
    await decided(drawn, mask, "copy")
    assert (await show(sato, mask))["error"]["translation_key"] == "decision_not_view"


async def test_a_showing_ends_with_the_right_to_it(
    hass: HomeAssistant,
    drawn: Drawn,
    sato: Desk,
    hass_client: ClientSessionGenerator,
) -> None:
    """A role that is taken away, somebody else's log-in, a clip that is to be withdrawn, the end of the log-in."""
    office = drawn.office
    user = await hass.auth.async_get_user("sato")
    assert user
    mask = await masked(drawn)
    await decided(drawn, mask)
    first, _ = await opened(sato, mask)
    await sato.fetch(first, 0)
    # One at a time: the next one ends it.
    path, showing = await opened(sato, mask)
    assert (await said(sato, f"{first}0.m4s"))[0] == HTTPStatus.NOT_FOUND
    assert len(await office.entries("counter_showing_ended")) == 1
    await sato.fetch(path, 0)

    tanaka = await hass.auth.async_get_user("tanaka")
    assert tanaka
    token = await hass.auth.async_create_refresh_token(tanaka, "https://other.example/")
    other = await hass_client(hass.auth.async_create_access_token(token))
    assert (await other.get(f"{path}0.m4s")).status == HTTPStatus.FORBIDDEN

    await office.give(exporters=["takahashi"])
    status, _ = await said(sato, f"{path}1.m4s")
    assert status == HTTPStatus.FORBIDDEN
    assert (
        "sato", "show_at_counter", f"case/{drawn.case}", "not_allowed_needs_exporter",
    ) in await office.refusals()  # fmt: skip
    await office.give(exporters=["sato", "takahashi"])
    await sato.fetch(path, 1)

    await office.call("takahashi", "withdraw_clip", item=drawn.id)
    status, _ = await said(sato, f"{path}2.m4s")
    assert status == HTTPStatus.CONFLICT
    await office.call("suzuki", "withdraw_clip", item=drawn.id, decision="decline")
    await sato.fetch(path, 2)

    await sato.socket.close()
    for one in tuple(user.refresh_tokens.values()):
        hass.auth.async_remove_refresh_token(one)
    assert (await said(sato, f"{path}3.m4s"))[0] == HTTPStatus.NOT_FOUND
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61))
    await until(lambda: office.evidence.cases.case(drawn.case).showings[-1].ended_at is not None)
    (_, ended) = await office.entries("counter_showing_ended")
    assert ended.details["showing"] == showing


async def test_nothing_is_shown_of_what_is_not_as_it_was_approved(drawn: Drawn, sato: Desk) -> None:
    """A master that was written over before or meanwhile, and another track: not one picture, and on the record."""
    office = drawn.office
    mask = await masked(drawn)
    await decided(drawn, mask)
    path, _ = await opened(sato, mask)
    await sato.fetch(path, 0)
    master = drawn.folder / office.evidence.cases.clip(drawn.id)[1].sealed.master.name
    good = master.read_bytes()
    master.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    status, text = await said(sato, f"{path}1.m4s")
    assert (status, "not what was sealed" in text) == (HTTPStatus.CONFLICT, True)
    assert (await show(sato, mask))["error"]["translation_key"] == "mask_not_the_clip"
    told = ("sato", "show_at_counter", f"case/{drawn.case}", "mask_not_the_clip")
    assert told in await office.refusals()
    master.write_bytes(good)
    kept = drawn.folder / f"{mask}.track.json"
    kept.write_text(kept.read_text().replace("250000", "100000"))
    assert (await show(sato, mask))["error"]["translation_key"] == "mask_track_gone"
    assert len(await office.entries("shown_at_counter")) == 1
