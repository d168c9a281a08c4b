"""A ledger that somebody else wrote to, or that is damaged, is told as such by every way in: each asks for another remedy."""

from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
import sqlite3

from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import instance_id
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.niiza_cctv.lib.ledger.store import Ledger
from custom_components.niiza_cctv.managers.check_notifications import check_buttons
from simulator.running import RunningCamera
from tests.companion import Companions
from tests.office import Office, open_office
from tests.section import until
from tests.websocket.test_websocket import ask, connect

FORKED = "Another system wrote to this section's ledger"
BROKEN = "The ledger was changed or damaged"


async def fork(office: Office) -> None:
    """Let another system append to the section's chain."""
    hass = office.hass
    other = Ledger(
        f"sqlite:///{hass.config.path('niiza_cctv.db')}", await instance_id.async_get(hass)
    )
    await other.open()
    await other.append("case_created", "section", person=None)
    await other.close()


async def damage(hass: HomeAssistant) -> None:
    """Make the newest entry unreadable, as whoever owns the database can."""

    def tear() -> None:
        with sqlite3.connect(Path(hass.config.path("niiza_cctv.db"))) as database:
            for (name,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                database.execute(f"DROP TRIGGER {name}")
            (table,) = database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'niiza%'"
            ).fetchone()
            database.execute(f"UPDATE {table} SET details = '{{'")  # noqa: S608 - a name of ours
        database.close()

    await hass.async_add_executor_job(tear)


async def test_fork_is_told_by_every_way_in(
    companions: Companions,
    kita: RunningCamera,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """By actions, the panel, links, and the answers to buttons of notifications."""
    hass = companions.hass
    office = await open_office(hass, kita, approve_by_button=True)
    phone = await companions.register("suzuki")
    browser = await hass_client_no_auth()
    websocket = await connect(hass, hass_ws_client, "sato")
    link = (await office.call("suzuki", "export_ledger"))["link"]
    case = await office.preserved()
    notice = await phone.notice()
    await fork(office)

    with pytest.raises(HomeAssistantError) as caught:
        await office.create()
    assert caught.value.translation_key == "ledger_forked"
    now = dt_util.now()
    await websocket.send_json_auto_id(
        {
            "type": "niiza_cctv/playback",
            "camera": office.camera_id,
            "start": (now - timedelta(minutes=2)).isoformat(),
            "end": (now - timedelta(minutes=1)).isoformat(),
        }
    )
    answer = await websocket.receive_json()
    assert answer["error"]["translation_key"] == "ledger_forked"
    answer = await browser.get(link)
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert FORKED in await answer.text()
    await phone.press(notice["data"]["actions"][0])
    await until(lambda: "case by a notification's button was refused: ledger_forked" in caplog.text)
    check = next(iter(office.entry.runtime_data.checks.checks.values()))
    await phone.press(check_buttons(hass, check)[0])
    await until(
        lambda: "check by a notification's button was refused: ledger_forked" in caplog.text
    )
    assert office.evidence.cases.case(case).state == "preserved"


async def test_damage_is_told_by_every_way_in(
    hass: HomeAssistant,
    office: Office,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    """Also where the ledger could not even be read at the start."""
    websocket = await connect(hass, hass_ws_client, "sato")
    await office.create()
    await hass.config_entries.async_unload(office.entry.entry_id)
    await damage(hass)
    assert await hass.config_entries.async_setup(office.entry.entry_id)
    with pytest.raises(HomeAssistantError) as caught:
        await office.create()
    assert caught.value.translation_key == "ledger_broken"
    for command in ("checks", "camera_settings", "info"):
        answer = await ask(websocket, command)
        assert answer["error"]["translation_key"] == "ledger_broken", command
    user = await hass.auth.async_get_user("sato")
    assert user
    token = await hass.auth.async_create_refresh_token(
        user, client_name="x", token_type=TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
    )
    browser = await hass_client(hass.auth.async_create_access_token(token))
    photo = await browser.get(f"/api/niiza_cctv/check_photo/{'0' * 32}.jpg")
    assert photo.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert BROKEN in await photo.text()
