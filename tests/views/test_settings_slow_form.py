"""Forms of the settings password that are sent slowly: what holds is what holds when the last byte has come."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
import json

from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.niiza_cctv.const import DOMAIN
from simulator.station import Station
from tests.office import Office, open_office
from tests.section import until
from tests.station import camera_config

GOOD = json.dumps({"username": "chief", "password": "chief-pass"}).encode()


class Slow:
    """A form of which everything but the body has been sent."""

    def __init__(self) -> None:
        """Hold the body back."""
        self.may_end = asyncio.Event()
        self.begun = asyncio.Event()

    async def body(self, sent: bytes) -> AsyncGenerator[bytes]:
        """Give the first byte, and the others when it is time."""
        yield sent[:1]
        self.begun.set()
        await self.may_end.wait()
        yield sent[1:]


@pytest.fixture
async def office(hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]]) -> Office:
    """Return a section with a camera whose microphone is on."""
    kita = (await start_station(camera_config("kita"))).cameras["kita"]
    kita.set(audio=True)
    return await open_office(hass, kita)


type Send = Callable[[str, Slow], Coroutine[None, None, tuple[int, str | None]]]


@pytest.fixture
async def send(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> Send:
    """Return what sends a form as suzuki."""

    async def post(token: str, slow: Slow) -> tuple[int, str | None]:
        user = await hass.auth.async_get_user("suzuki")
        assert user
        refresh = await hass.auth.async_create_refresh_token(
            user,
            client_name="browser",
            token_type=TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN,
            access_token_expiration=timedelta(hours=1),
        )
        http = await hass_client(hass.auth.async_create_access_token(refresh))
        answer = await http.post(
            f"/api/{DOMAIN}/settings/{token}",
            data=slow.body(GOOD),
            headers={"Content-Type": "application/json"},
        )
        return answer.status, (await answer.json())["error"]

    return post


async def test_a_form_that_ends_after_the_link_expired_is_too_late(
    office: Office, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time of the link is its time, however early the form was begun."""
    office.entry.runtime_data.settings.request_time = timedelta(seconds=3)
    request = await office.call("suzuki", "switch_audio_off", camera=office.camera_id)
    slow = Slow()
    sending = asyncio.create_task(send(request["token"], slow))
    await slow.begun.wait()
    expires = datetime.fromisoformat(request["expires"])
    await until(lambda: dt_util.utcnow() > expires)
    slow.may_end.set()
    assert await sending == (410, "settings_link_expired")
    assert office.camera.camera.faults.audio


async def test_a_form_that_ends_after_the_role_was_taken_changes_nothing(
    hass: HomeAssistant, office: Office, send: Send
) -> None:
    """Who may change settings is asked when the password is there."""
    request = await office.call("suzuki", "switch_audio_off", camera=office.camera_id)
    slow = Slow()
    sending = asyncio.create_task(send(request["token"], slow))
    await slow.begun.wait()
    await asyncio.sleep(0.2)
    hass.config_entries.async_update_entry(
        office.entry, data={**office.entry.data, "approvers": [], "exporters": []}
    )
    await until(lambda: office.entry.data["approvers"] == [])
    slow.may_end.set()
    assert await sending == (403, "not_allowed_needs_exporter")
    assert office.camera.camera.faults.audio
