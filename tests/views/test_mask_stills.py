"""Single pictures of a clip for the editor of masks: whose they are, of which track, and when there are none."""

import asyncio
from datetime import timedelta
from http import HTTPStatus
from io import BytesIO
from itertools import pairwise
from typing import Any

import av
from homeassistant.core import HomeAssistant
import numpy as np
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from tests.actions.test_mask_actions import BOX, Drawn, track
from tests.test_services import refused
from tests.views.test_watched_footage import Desk, sit_down

type Luma = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


async def look(desk: Desk, item: str) -> dict[str, Any]:
    """Open the pictures of a clip."""
    answer = await desk.ask("mask_view", clip=item)
    assert answer["success"], answer
    result: dict[str, Any] = answer["result"]
    return result


async def picture(desk: Desk, path: str) -> Luma:
    """Return the luma of a picture that is served."""
    response = await desk.player.get(path)
    assert response.status == HTTPStatus.OK, await response.text()
    assert response.headers["Cache-Control"] == "no-store"
    with av.open(BytesIO(await response.read()), "r", format="jpeg_pipe") as file:
        frame = next(file.decode(video=0))
        return np.asarray(frame.to_ndarray(format="gray"), dtype=np.uint8)


async def said(desk: Desk, path: str) -> tuple[int, str]:
    """Return how a picture is refused."""
    response = await desk.player.get(path)
    return response.status, await response.text()


async def test_a_picture_as_it_is_and_as_the_saved_track_makes_it(drawn: Drawn, sato: Desk) -> None:
    """Every picture by its time; entered before the first one leaves, and only by the track that is saved."""
    view = await look(sato, drawn.id)
    clip = drawn.office.evidence.cases.clip(drawn.id)[1].sealed
    assert (view["width"], view["height"]) == (clip.width, clip.height)
    assert view["count"] == len(view["pictures"]) == clip.pictures
    assert view["pictures"][0] == view["keys"][0] == view["stretches"][0]["at_us"] == 0
    assert set(view["keys"]) < set(view["pictures"])
    sha256 = await drawn.saved(track())
    assert await drawn.office.entries("footage_viewed") == []

    at = view["pictures"][7]
    plain = await picture(sato, f"{view['base']}/source/{at}.jpg")
    (entry,) = await drawn.office.entries("footage_viewed")
    assert (entry.person.id, entry.details["kinds"]) == ("sato", ["recorded"])
    masked = await picture(sato, f"{view['base']}/masked/{at}.jpg?track={sha256}")
    height, width = plain.shape
    left, top, right, bottom = (
        side * size // 1_000_000 for side, size in zip(BOX, (width, height) * 2, strict=True)
    )
    inside = (slice(top + 4, bottom - 4), slice(left + 4, right - 4))
    assert np.abs(masked[inside].astype(int) - plain[inside]).mean() < 6
    outside = masked[: top - 8]
    assert int(outside.max()) - int(outside.min()) <= 8
    assert len(await drawn.office.entries("footage_viewed")) == 1

    # As a mosaic of a picture.
    plate = f"{view['base']}/masked/{at}.jpg?track={sha256}&fill=picture&plate_at_us=0"
    assert (await picture(sato, plate))[: top - 8].std() > outside.std()
    for query, why in (
        ("", "not the one that you have"),
        (f"?track={'0' * 64}", "not the one that you have"),
        (f"?track={sha256}&fill=blur", "background"),
        (f"?track={sha256}&fill=picture", "picture"),
        (f"?track={sha256}&fill=picture&plate_at_us=-1", "picture"),
    ):
        status, text = await said(sato, f"{view['base']}/masked/{at}.jpg{query}")
        assert status == HTTPStatus.CONFLICT, (query, text)
        assert why in text, (query, text)
    # When somebody else saves another one, this one is shown no more.
    await drawn.saved(track(1_000_000), sha256)
    status, text = await said(sato, f"{view['base']}/masked/{at}.jpg?track={sha256}")
    assert (status, "not the one that you have" in text) == (HTTPStatus.CONFLICT, True)
    for path in ("masked/x.jpg", "other/0.jpg", "source/0.png", f"source/{'9' * 13}.jpg"):
        assert (await said(sato, f"{view['base']}/{path}"))[0] == HTTPStatus.NOT_FOUND
    assert (await said(sato, f"{view['base']}/source/{10**9}.jpg"))[0] == HTTPStatus.CONFLICT


async def test_a_masked_clip_is_looked_at_by_its_own_track(drawn: Drawn, sato: Desk) -> None:
    """Whatever is drawn meanwhile; only the pictures of its passage; withdrawn, it is shown no more."""
    office = drawn.office
    clip = office.evidence.cases.clip(drawn.id)[1].sealed
    sha256 = await drawn.saved(track())
    start = clip.first_picture + timedelta(seconds=1)
    mask = await drawn.render(sha256, start=start.isoformat())
    await drawn.until(mask, "sealed")
    await drawn.saved(track(1_000_000), sha256)
    view = await look(sato, mask)
    first = view["pictures"][0]
    assert first > 900_000
    masked = await picture(sato, f"{view['base']}/masked/{first}.jpg")
    assert masked[:16].std() < 4
    assert (await said(sato, f"{view['base']}/source/0.jpg"))[0] == HTTPStatus.CONFLICT
    await office.call("sato", "withdraw_clip", item=mask)
    await office.call("suzuki", "withdraw_clip", item=mask, decision="confirm")
    for kind in ("source", "masked"):
        status, _ = await said(sato, f"{view['base']}/{kind}/{first}.jpg")
        assert status == HTTPStatus.NOT_FOUND
    answer = await sato.ask("mask_view", clip=mask)
    assert answer["error"]["translation_key"] == "link_file_gone"


async def test_who_goes_through_the_pictures_of_a_masked_clip_has_watched_it(
    hass: HomeAssistant,
    drawn: Drawn,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Each picture of the file that was served, and that their browser tells; what was left out is missing, and nothing is approved."""
    office = drawn.office
    mask = await drawn.render(await drawn.saved(track()), marking="copy")
    sealed = (await drawn.until(mask, "sealed"))["sealed"]
    whole = {"case": drawn.case, "outcome": "disclosed_in_full", "way": "view", "items": [mask]}
    await office.call("sato", "propose_decision", **whole)
    desk = await sit_down(hass, hass_ws_client, hass_client_no_auth, "suzuki")
    view = await look(desk, mask)
    times = [*view["pictures"], view["end_us"]]
    assert len(times) == sealed["pictures"] + 1
    reaches = [[(one - times[0]) // 1000 for one in pair] for pair in pairwise(times)]
    # Who sees the footage as it was has seen nothing of the masked clip; nor who tells of what never left.
    for at in times[:-1]:
        await picture(desk, f"{view['base']}/source/{at}.jpg")
    told = await desk.tell(mask, [0, 3_600_000])
    assert (told["seconds"], told["every_picture"], told["fastest"]) == (0, 0, 0)

    with av.open(drawn.folder / sealed["file"]["name"]) as file:
        frames = [frame.to_ndarray(format="gray") for frame in file.decode(video=0)]
    left_out = len(frames) // 2

    async def step(place: int) -> None:
        seen = await picture(desk, f"{view['base']}/masked/{times[place]}.jpg")
        # What is looked at is what leaves.
        assert np.abs(seen.astype(int) - frames[place]).mean() < 3
        await desk.tell(mask, reaches[place])

    for place in range(len(frames)):
        if place != left_out:
            await step(place)

    async def counted(missing: int) -> dict[str, Any]:
        async with asyncio.timeout(60):
            told = await desk.tell(mask)
            while told["of"] - told["every_picture"] > missing:
                await asyncio.sleep(0.1)
                told = await desk.tell(mask)
        return told

    told = await counted(1)
    assert told["missing_from"] == reaches[left_out][0] / 1000
    assert await refused(office, "suzuki", "approve_case", case=drawn.case) == "mask_not_watched"
    await step(left_out)
    told = await counted(0)
    assert (told["missing_from"], told["fastest"]) == (None, 100)
    await desk.socket.close()
    approved = await office.call("suzuki", "approve_case", case=drawn.case)
    assert approved["state"] == "approved"
    (entry,) = await office.entries("case_approved")
    (seen,) = entry.details["items"]
    assert seen["watched_as_told_by_browser"][mask] == {
        "seconds": told["of"],
        "of_seconds": told["of"],
        "seconds_up_to_double_speed": told["of"],
        "fastest_percent": 100,
    }


async def test_the_player_is_told_when_each_picture_of_a_masked_clip_comes(
    drawn: Drawn, sato: Desk
) -> None:
    """So that who steps leaves none out; of what a camera made it is not known without decoding."""
    mask = await drawn.render(await drawn.saved(track()))
    sealed = (await drawn.until(mask, "sealed"))["sealed"]
    opened = (await sato.ask("watch_clip", clip=mask))["result"]
    with av.open(drawn.folder / sealed["file"]["name"]) as file:
        times = [frame.pts * 1000 // 90_000 for frame in file.decode(video=0)]
    assert opened["pictures"][:-1] == times
    assert opened["pictures"][-1] > times[-1]
    assert (await sato.ask("watch_clip", clip=drawn.id))["result"]["pictures"] is None


async def test_a_masked_file_that_was_changed_is_not_shown(drawn: Drawn, sato: Desk) -> None:
    """Whoever approves looks at that file: neither who looks at it just then, nor who opens it."""
    mask = await drawn.render(await drawn.saved(track()))
    sealed = (await drawn.until(mask, "sealed"))["sealed"]
    view = await look(sato, mask)
    path = f"{view['base']}/masked/0.jpg"
    await picture(sato, path)
    file = drawn.folder / sealed["file"]["name"]
    data = file.read_bytes()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    status, text = await said(sato, path)
    assert (status, "not what was sealed" in text) == (HTTPStatus.CONFLICT, True)
    answer = await sato.ask("mask_view", clip=mask)
    assert answer["error"]["translation_key"] == "mask_not_the_clip"


async def test_actions_answer_where_stills_are(drawn: Drawn, sato: Desk) -> None:
    """At given times, by the saved track; what is wrong is said at once."""
    office = drawn.office
    sha256 = await drawn.saved(track())
    asked = {"clip": drawn.id, "track_sha256": sha256, "at": [0, 1.5]}
    answer = await office.call("suzuki", "preview_mask", **asked, fill="picture", plate_at=0.5)
    assert [one["at"] for one in answer["stills"]] == [0, 1.5]
    for still in answer["stills"]:
        await picture(sato, still["source"])
        await picture(sato, still["masked"])
    for changes, key in (
        ({"track_sha256": "0" * 64}, "mask_track_changed"),
        ({"at": [0, 100]}, "mask_no_pictures"),
        ({"at": []}, "action_field_invalid"),
        ({"at": [0] * 13}, "action_field_invalid"),
        ({"at": [float("nan")]}, "action_field_invalid"),
        ({"fill": "picture"}, "mask_plate_time"),
        ({"clip": "2026-9999-01"}, "clip_unknown"),
    ):
        assert await refused(office, "sato", "preview_mask", **asked | changes) == key
    assert await refused(office, "tablet", "preview_mask", **asked) == "not_allowed_tablet"


async def test_a_link_is_of_one_person_in_one_log_in_while_they_may(
    hass: HomeAssistant,
    drawn: Drawn,
    sato: Desk,
    hass_client: ClientSessionGenerator,
) -> None:
    """Tablets get none; somebody else's log-in, a role that is taken away and the end of the log-in end it."""
    office = drawn.office
    user = await hass.auth.async_get_user("sato")
    assert user
    view = await look(sato, drawn.id)
    path = f"{view['base']}/source/0.jpg"
    await picture(sato, path)
    answer = await drawn.ask("tablet", "mask_view", clip=drawn.id)
    assert answer["error"]["translation_key"] == "not_allowed_tablet"
    tanaka = await hass.auth.async_get_user("tanaka")
    assert tanaka
    token = await hass.auth.async_create_refresh_token(tanaka, "https://other.example/")
    other = await hass_client(hass.auth.async_create_access_token(token))
    assert (await other.get(path)).status == HTTPStatus.FORBIDDEN
    refusals = await office.refusals()
    assert ("tanaka", "see_cases", f"case/{drawn.case}", "link_of_another") in refusals

    await office.give(viewers=["tanaka"], exporters=["takahashi"])
    status, text = await said(sato, path)
    assert (status, bool(text)) == (HTTPStatus.FORBIDDEN, True)
    await office.give(viewers=["sato", "tanaka"], exporters=["takahashi"])
    await picture(sato, path)
    await sato.socket.close()
    for one in tuple(user.refresh_tokens.values()):
        hass.auth.async_remove_refresh_token(one)
    assert (await said(sato, path))[0] == HTTPStatus.NOT_FOUND


async def test_the_oldest_of_somebodys_links_makes_room(drawn: Drawn, sato: Desk) -> None:
    """Each holds decoded pictures."""
    first, second, third = [await look(sato, drawn.id) for _ in range(3)]
    assert (await said(sato, f"{first['base']}/source/0.jpg"))[0] == HTTPStatus.NOT_FOUND
    for view in (second, third):
        await picture(sato, f"{view['base']}/source/0.jpg")


async def test_nothing_is_shown_of_a_master_that_was_changed(drawn: Drawn, sato: Desk) -> None:
    """Neither while somebody looks, nor for who opens it then; both are in the ledger. In the bin it is not shown either."""
    office = drawn.office
    view = await look(sato, drawn.id)
    path = f"{view['base']}/source/0.jpg"
    await picture(sato, path)
    master = drawn.folder / office.evidence.cases.clip(drawn.id)[1].sealed.master.name
    good = master.read_bytes()
    master.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    status, text = await said(sato, path)
    assert (status, "not what was sealed" in text) == (HTTPStatus.CONFLICT, True)
    answer = await sato.ask("mask_view", clip=drawn.id)
    assert answer["error"]["translation_key"] == "mask_not_the_clip"
    told = ("sato", "see_cases", f"case/{drawn.case}", "mask_not_the_clip")
    assert told in await office.refusals()
    master.write_bytes(good)
    view = await look(sato, drawn.id)
    master.unlink()
    assert (await said(sato, f"{view['base']}/source/0.jpg"))[0] == HTTPStatus.NOT_FOUND
    answer = await sato.ask("mask_view", clip=drawn.id)
    assert answer["error"]["translation_key"] == "mask_not_the_clip"


async def test_what_is_no_clip_has_no_pictures(drawn: Drawn, sato: Desk) -> None:
    """Unknown, a cut, no text at all; and in a case that was purged."""
    office = drawn.office
    for named, key in (("nothing", "clip_unknown"), (None, "mask_form"), (5, "mask_form")):
        answer = await sato.ask("mask_view", clip=named)
        assert answer["error"]["translation_key"] == key
    view = await look(sato, drawn.id)
    await office.call("suzuki", "reject_case", case=drawn.case, reason="権限なし")
    await picture(sato, f"{view['base']}/source/0.jpg")
    await office.call("sato", "purge_case", case=drawn.case)
    assert (await said(sato, f"{view['base']}/source/0.jpg"))[0] == HTTPStatus.NOT_FOUND
