"""Recording checks by the action, with photos sent by Home Assistant's own upload, and who gets to see those."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
import secrets
from typing import Any

from aiohttp import FormData
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component
from PIL import ExifTags, Image
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.checks.model import AssetKind
from custom_components.niiza_cctv.lib.footage import vault
from custom_components.niiza_cctv.lib.ledger.errors import LedgerUnavailable
from tests.checks_of import EVERY, checking, found, found_ago, kinds_on, records, signage
from tests.office import Office
from tests.section import until
from tests.websocket.test_websocket import connect


def picture(text: str = "SecretPhone", width: int = 2400) -> bytes:
    """Return what a phone's camera makes of a sign."""
    noted = Image.Exif()
    noted[ExifTags.Base.Model] = text
    stream = BytesIO()
    Image.new("RGB", (width, 1200), "white").save(stream, "JPEG", exif=noted)
    return stream.getvalue()


def folder(hass: HomeAssistant) -> Path:
    """Return where the photos lie, written out here so that a change of the place shows."""
    return Path(hass.config.path(".cache", DOMAIN, "checks"))


def stored(hass: HomeAssistant) -> list[Path]:
    """Return the photos that are kept."""
    return sorted(folder(hass).iterdir()) if folder(hass).exists() else []


@pytest.fixture
async def uploads(hass: HomeAssistant) -> None:
    """Let Home Assistant take uploads; no way in can be added once somebody is connected."""
    assert await async_setup_component(hass, "file_upload", {})


@pytest.fixture
def session(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator
) -> Callable[[str], Any]:
    """Return what logs a person in to Home Assistant's web server."""

    async def log_in(person: str) -> tuple[Any, dict[str, str]]:
        user = await hass.auth.async_get_user(person)
        assert user
        refresh = await hass.auth.async_create_refresh_token(
            user,
            client_name=f"browser of {person} {secrets.token_hex(4)}",
            token_type="long_lived_access_token",
            access_token_expiration=timedelta(hours=1),
        )
        token = hass.auth.async_create_access_token(refresh)
        return await hass_client_no_auth(), {"Authorization": f"Bearer {token}"}

    return log_in


@pytest.fixture
def upload(uploads: None, session: Any) -> Callable[..., Any]:
    """Return what sends a file and gives its id."""

    async def send(data: bytes, person: str = "tanaka") -> str:
        client, headers = await session(person)
        form = FormData()
        form.add_field("file", data, filename="photo.jpg", content_type="image/jpeg")
        answer = await client.post("/api/file_upload", data=form, headers=headers)
        assert answer.status == 200
        file_id: str = (await answer.json())["file_id"]
        return file_id

    return send


async def checks(client: Any) -> dict[str, dict[str, Any]]:
    """Ask for the checks as the panel does."""
    await client.send_json_auto_id({"type": f"{DOMAIN}/checks"})
    answer = await client.receive_json()
    assert answer["success"], answer
    return {one["id"]: one for one in answer["result"]["checks"]}


# --- Recording ------------------------------------------------------------------------------------------------


async def test_recording_answers_how_it_stands(hass: HomeAssistant, office: Office) -> None:
    """With what the card was found to be."""
    await checking(office)
    check = f"sd_card:camera:{office.camera_id}"
    answer = await found(
        office, "tanaka", check, note="交換", card_number="SD-012", spare_cards="3"
    )
    assert (answer["check"], answer["due"], answer["failed"]) == (check, False, False)
    assert answer["object_name"] == "kita"
    assert answer["last_confirmed"]
    (entry,) = await office.entries("check_recorded")
    assert entry.person.id == "tanaka"
    assert entry.details["fields"] == {"card_number": "SD-012", "spare_cards": "3"}
    assert entry.details["note"] == "交換"
    assert entry.details["photo"] is None


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"result": "failed"}, "check_needs_note"),
        ({"result": "failed", "note": " \n"}, "check_needs_note"),
        ({"card_number": "SD-1"}, "field_unknown"),
        ({"check": "nothing:camera:x"}, "check_unknown"),
        ({"check": "signage:camera:no-such-camera"}, "check_unknown"),
        ({"note": "a" * 5000}, "field_too_long"),
        ({"note": "見た\u202e"}, "field_characters"),
        ({"photo": "0" * 32}, "photo_missing"),
        ({"photo": "../../secrets.yaml"}, "action_field_invalid"),
    ],
)
async def test_what_cannot_be_taken_is_given_back(
    hass: HomeAssistant, office: Office, uploads: None, more: dict[str, str], why: str
) -> None:
    """Each with its own message, and nothing recorded."""
    await checking(office)
    with pytest.raises(ServiceValidationError) as caught:
        await found(office, "tanaka", more.pop("check", signage(office)), **more)
    assert caught.value.translation_key == why
    assert await records(office) == []
    assert stored(hass) == []


async def test_number_of_cards_is_a_number(office: Office) -> None:
    """What is no number is given back."""
    await checking(office)
    with pytest.raises(ServiceValidationError) as caught:
        await found(office, "tanaka", f"sd_card:camera:{office.camera_id}", spare_cards="三")
    assert caught.value.translation_key == "field_no_number"


@pytest.mark.parametrize(
    ("person", "check", "why"),
    [
        (None, "signage", "not_allowed_nobody"),
        ("machine", "signage", "not_allowed_not_human"),
        ("left", "signage", "not_allowed_inactive"),
        ("stranger", "signage", "not_allowed_needs_role"),
        ("tablet", "contractor", "not_allowed_tablet_check"),
    ],
)
async def test_refused_before_anything_that_was_sent_is_looked_at(
    hass: HomeAssistant,
    office: Office,
    *,
    hass_admin_user: Any,
    monkeypatch: pytest.MonkeyPatch,
    person: str | None,
    check: str,
    why: str,
) -> None:
    """Whoever may not record keeps nobody busy with pictures, and is on the record."""
    await checking(office)

    def opened(*_: Any) -> None:
        raise AssertionError("Looked at")

    monkeypatch.setattr("custom_components.niiza_cctv.actions.checks.process_uploaded_file", opened)
    named = signage(office) if check == "signage" else "contractor:section:section"
    user = hass_admin_user.id if person == "stranger" else person
    with pytest.raises(ServiceValidationError) as caught:
        await found(office, user, named, photo="0" * 32)
    assert caught.value.translation_key == why
    subject = "section" if check == "contractor" else f"camera/{office.camera_id}"
    assert (user, "record_check", subject, why) in await office.refusals()
    assert await records(office) == []


async def test_script_records_nothing_in_a_persons_name(
    hass: HomeAssistant, office: Office
) -> None:
    """The person pressed something else."""
    await checking(office)
    context = Context(user_id="tanaka")
    hass.bus.async_fire(
        "call_service", {"domain": "script", "service": "all_fine"}, context=context
    )
    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(
            DOMAIN,
            "record_check",
            {"check": signage(office), "result": "passed"},
            blocking=True,
            context=context,
        )
    assert caught.value.translation_key == "check_not_by_own_hand"
    assert [why for *_, why in await office.refusals()] == ["check_not_by_own_hand"]
    assert await records(office) == []


async def test_automations_may_list_checks(hass: HomeAssistant, office: Office) -> None:
    """Nobody asks, so nobody is named, and no note is shown; kinds and what is due can be chosen."""
    await checking(office)
    check = signage(office)
    await found(office, "tanaka", check, note="山田さんに連絡した")
    everything = (await office.call(None, "list_checks"))["checks"]
    assert len(everything) == EVERY
    listed = {one["check"]: one for one in everything}[check]
    assert (listed["kind"], listed["name"]) == ("signage", "Camera-operating sign")
    assert (listed["object"], listed["object_kind"]) == (office.camera_id, "camera")
    assert listed["object_name"] == "kita"
    assert listed["device_id"]
    assert (listed["due"], listed["due_since"], listed["failed"]) == (False, None, False)
    assert datetime.fromisoformat(listed["due_at"]) - datetime.fromisoformat(
        listed["last_confirmed"]
    ) == timedelta(days=30)
    assert "tanaka" not in str(everything)
    assert "山田" not in str(everything)
    due = (await office.call(None, "list_checks", due=True))["checks"]
    assert len(due) == EVERY - 1
    assert all(one["due_since"] for one in due)
    signs = (await office.call(None, "list_checks", kind="signage", due=True))["checks"]
    assert signs == []
    assert len((await office.call(None, "list_checks", kind=["signage", "sd_card"]))["checks"]) == 2


# --- Photos ---------------------------------------------------------------------------------------------------


async def test_photo_is_kept_small_and_nameless(
    hass: HomeAssistant,
    office: Office,
    upload: Any,
    session: Any,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """From the upload to the page that shows it: shrunk, without what the phone noted, by its hash in the ledger."""
    await checking(office)
    check = signage(office)
    file_id = await upload(picture())
    await found(office, "tanaka", check, photo=file_id)
    (path,) = stored(hass)
    data = path.read_bytes()
    assert b"SecretPhone" not in data
    with Image.open(path) as image:
        assert image.size == (1600, 800)
        assert not image.getexif()
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder(hass).stat().st_mode & 0o777 == 0o700
    (entry,) = await office.entries("check_recorded")
    assert entry.details["photo"] == {
        "name": path.name,
        "sha256": sha256(data).hexdigest(),
        "size": len(data),
    }
    # The upload is gone: it serves once.
    with pytest.raises(ServiceValidationError) as caught:
        await found(office, "tanaka", check, photo=file_id)
    assert caught.value.translation_key == "photo_missing"
    panel = await connect(hass, hass_ws_client, "suzuki")
    link = (await checks(panel))[check]["last"]["photo"]
    client, headers = await session("suzuki")
    for answer in (
        # As a picture of the page, which sends no log-in with it.
        await client.get(link),
        await client.get(link.partition("?")[0], headers=headers),
    ):
        assert answer.status == 200
        assert await answer.read() == data
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("person", "why"),
    [("tablet", "not_allowed_photo_tablet"), ("stranger", "not_allowed_see_checks")],
)
async def test_photo_is_shown_to_the_sections_people_only(
    hass: HomeAssistant,
    office: Office,
    upload: Any,
    session: Any,
    *,
    hass_admin_user: Any,
    person: str,
    why: str,
) -> None:
    """Not to a tablet, not to an administrator without a role, not to nobody; every refusal is on the record."""
    await checking(office)
    await found(office, "tanaka", signage(office), photo=await upload(picture()))
    (path,) = stored(hass)
    user = hass_admin_user.id if person == "stranger" else person
    client, headers = await session(user)
    url = f"/api/{DOMAIN}/check_photo/{path.name}"
    answer = await client.get(url, headers=headers)
    assert answer.status == 403
    assert answer.headers["Cache-Control"] == "no-store"
    assert path.read_bytes() not in await answer.read()
    assert (user, "see_check_photo", "section", why) in await office.refusals()
    assert (await client.get(url)).status == 401


async def test_right_to_see_a_photo_ends_with_the_role(
    hass: HomeAssistant,
    office: Office,
    upload: Any,
    session: Any,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A link that was given before leads nowhere once its person has no role, or has become a tablet."""
    await checking(office)
    check = signage(office)
    await found(office, "tanaka", check, photo=await upload(picture()))
    link = (await checks(await connect(hass, hass_ws_client, "tanaka")))[check]["last"]["photo"]
    client, _headers = await session("tanaka")
    assert (await client.get(link)).status == 200
    data = {**office.entry.data, "viewers": ["sato"]}
    hass.config_entries.async_update_entry(office.entry, data=data)
    assert (await client.get(link)).status == 403
    hass.config_entries.async_update_entry(
        office.entry, data={**data, "viewers": ["tanaka"], "tablets": ["tablet", "tanaka"]}
    )
    assert (await client.get(link)).status == 403
    # Somebody who changes the name in it has no link.
    assert (await client.get(link.replace("check_photo/", "check_photo/0"))).status == 401


async def test_photo_that_was_changed_is_not_shown(
    hass: HomeAssistant, office: Office, upload: Any, session: Any
) -> None:
    """Only what the ledger names is evidence; what is gone is said to be gone."""
    await checking(office)
    await found(office, "tanaka", signage(office), photo=await upload(picture()))
    (path,) = stored(hass)
    client, headers = await session("sato")
    url = f"/api/{DOMAIN}/check_photo/{path.name}"
    path.write_bytes(picture("another", 800))
    answer = await client.get(url, headers=headers)
    assert answer.status == 410
    assert ("sato", "see_check_photo", "section", "photo_changed") in await office.refusals()
    path.unlink()
    assert (await client.get(url, headers=headers)).status == 410
    for name in (f"{'0' * 32}.jpg", "..%2F..%2Fsecrets.yaml", "secrets.yaml"):
        answer = await client.get(f"/api/{DOMAIN}/check_photo/{name}", headers=headers)
        assert answer.status in (400, 404)


async def test_picture_that_cannot_be_taken_is_given_back(
    hass: HomeAssistant, office: Office, upload: Any
) -> None:
    """What it is and what to do; the check stays due, and nothing is left of what was sent."""
    await checking(office)
    for data, why in (
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "photo_heic"),
        (b"<html>", "photo_unreadable"),
        (picture()[:3000], "photo_unreadable"),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await found(office, "tanaka", signage(office), photo=await upload(data))
        assert caught.value.translation_key == why
    assert await records(office) == []
    assert stored(hass) == []


async def test_picture_of_a_record_that_was_given_back_is_not_kept(
    hass: HomeAssistant, office: Office, upload: Any
) -> None:
    """Something wrong without a note: the picture goes with it."""
    await checking(office)
    with pytest.raises(ServiceValidationError):
        await found(
            office, "tanaka", signage(office), result="failed", photo=await upload(picture())
        )
    assert stored(hass) == []


async def test_picture_stays_where_the_ledger_may_have_it(
    hass: HomeAssistant, office: Office, upload: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database took the entry and its answer got lost: the entry must not name a picture that is gone."""
    await checking(office)
    append = office.evidence.ledger.append

    async def lose(*arguments: Any, **more: Any) -> None:
        await append(*arguments, **more)
        raise LedgerUnavailable("The answer got lost")

    file_id = await upload(picture())
    with monkeypatch.context() as patched:
        patched.setattr(office.evidence.ledger, "append", lose)
        with pytest.raises(HomeAssistantError) as caught:
            await found(office, "tanaka", signage(office), photo=file_id)
    assert caught.value.translation_key == "ledger_unavailable"
    (path,) = stored(hass)
    (entry,) = await office.entries("check_recorded")
    assert entry.details["photo"]["name"] == path.name


async def test_photos_never_fill_the_disk(
    hass: HomeAssistant, office: Office, upload: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the machine needs to go on is left to it; the check can be recorded without a picture."""
    await checking(office)
    file_id = await upload(picture())
    monkeypatch.setattr(vault, "RESERVE", 1 << 62)
    with pytest.raises(HomeAssistantError) as caught:
        await found(office, "tanaka", signage(office), photo=file_id)
    assert caught.value.translation_key == "no_room"
    assert stored(hass) == []
    await found(office, "tanaka", signage(office))


async def test_pictures_sent_at_once_take_turns(
    hass: HomeAssistant, office: Office, upload: Any
) -> None:
    """Several people send pictures in the same moment: each is kept."""
    await checking(office)
    kinds = ("signage", "sd_card", "clock_by_eye")
    ids = [await upload(picture(str(number), 6000)) for number in range(len(kinds))]

    await asyncio.gather(
        *(
            found(office, "tanaka", f"{kind}:camera:{office.camera_id}", photo=file_id)
            for kind, file_id in zip(kinds, ids, strict=True)
        )
    )
    assert len(stored(hass)) == 3
    assert len(await records(office)) == 3


# --- What the page asks for -----------------------------------------------------------------------------------


async def test_page_shows_what_there_is(
    hass: HomeAssistant, office: Office, hass_ws_client: WebSocketGenerator
) -> None:
    """Every check, how it stands, who looked last, and which of them this person may record."""
    await checking(office)
    hass.config.language = "ja"
    await async_setup_component(hass, "homeassistant", {})
    check = signage(office)
    await found(office, "tanaka", check, note="異常なし")
    panel = await connect(hass, hass_ws_client, "suzuki")
    await panel.send_json_auto_id({"type": f"{DOMAIN}/checks"})
    result = (await panel.receive_json())["result"]
    assert len(result["checks"]) == EVERY
    assert all(result["may"].values())
    assert result["may"].keys() == {one["id"] for one in result["checks"]}
    shown = {one["id"]: one for one in result["checks"]}[check]
    assert shown["object"] == {"kind": "camera", "id": office.camera_id, "name": "kita"}
    assert (shown["kind"], shown["photo"], shown["fields"]) == ("signage", True, [])
    assert (shown["due"], shown["failed"]) == (False, False)
    assert shown["last"]["person"] == {"id": "tanaka", "name": "tanaka"}
    assert (shown["last"]["result"], shown["last"]["note"]) == ("passed", "異常なし")
    assert shown["last"]["photo"] is None
    await panel.send_json_auto_id({"type": f"{DOMAIN}/check_history", "check": check})
    (record,) = (await panel.receive_json())["result"]["history"]
    assert record == shown["last"]


async def test_tablet_sees_what_it_can_confirm_and_no_photo(
    hass: HomeAssistant, office: Office, upload: Any, hass_ws_client: WebSocketGenerator
) -> None:
    """Passwords and the contractor are no business of a tablet, nor are pictures."""
    await checking(office)
    check = signage(office)
    await found(office, "tanaka", check, photo=await upload(picture()))
    panel = await connect(hass, hass_ws_client, "tablet")
    shown = await checks(panel)
    assert {one["kind"] for one in shown.values()} == set(kinds_on(AssetKind.CAMERA, tablet=True))
    assert shown[check]["last"]["photo"] is None
    await panel.send_json_auto_id({"type": f"{DOMAIN}/check_history", "check": check})
    (record,) = (await panel.receive_json())["result"]["history"]
    assert record["photo"] is None
    await panel.send_json_auto_id(
        {"type": f"{DOMAIN}/check_history", "check": "contractor:section:section"}
    )
    answer = await panel.receive_json()
    assert answer["error"]["translation_key"] == "check_unknown"


async def test_stranger_is_refused_and_recorded(
    hass: HomeAssistant, office: Office, hass_ws_client: WebSocketGenerator, hass_admin_user: Any
) -> None:
    """An administrator without a role sees no check of the section on its page."""
    await checking(office)
    panel = await connect(hass, hass_ws_client, hass_admin_user.id)
    for message in (
        {"type": f"{DOMAIN}/checks"},
        {"type": f"{DOMAIN}/check_history", "check": signage(office)},
    ):
        await panel.send_json_auto_id(message)
        answer = await panel.receive_json()
        assert not answer["success"]
        assert answer["error"]["translation_key"] == "not_allowed_see_checks"
    assert (
        hass_admin_user.id,
        "see_checks",
        "section",
        "not_allowed_see_checks",
    ) in await office.refusals()


async def test_history_is_told_the_newest_first(
    hass: HomeAssistant, office: Office, hass_ws_client: WebSocketGenerator
) -> None:
    """Also over a restart, with what failed and what was fixed; of this check only."""
    await checking(office)
    check = signage(office)
    await found_ago(office, "tanaka", check, timedelta(days=40))
    await found(office, "sato", check, result="failed", note="ない")
    await found(office, "sato", f"sd_card:camera:{office.camera_id}")
    assert await hass.config_entries.async_reload(office.entry.entry_id)
    await found(office, "suzuki", check)
    panel = await connect(hass, hass_ws_client, "tanaka")
    await panel.send_json_auto_id({"type": f"{DOMAIN}/check_history", "check": check})
    history = (await panel.receive_json())["result"]["history"]
    assert [(one["person"]["id"], one["result"], one["note"]) for one in history] == [
        ("suzuki", "passed", ""),
        ("sato", "failed", "ない"),
        ("tanaka", "passed", ""),
    ]
    await until(lambda: not office.entry.runtime_data.checks.checks[check].due)
