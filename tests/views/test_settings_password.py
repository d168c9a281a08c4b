"""The settings password is searched for everywhere after it was used: rightly, wrongly, and in forms that are none."""

from collections.abc import Iterator
import gc
import json
import logging
from pathlib import Path
import sqlite3
from typing import Any

from homeassistant.const import MATCH_ALL
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.device.login import Login
from custom_components.niiza_cctv.lib.device.model import Credential
from custom_components.niiza_cctv.lib.settings.change import RetryTiming
from simulator.camera import Quirk, User, UserLevel
from simulator.station import Station
from tests.managers.test_setting_requests import Door, log_in
from tests.office import open_office
from tests.station import VIEWER, camera_config

# Unlike anything that stands anywhere else.
RIGHT = "Qz7-richtig-unverwechselbar-四角"
WRONG = "Xw9-falsch-unverwechselbar-三角"
LOGGERS = ("", DOMAIN, "custom_components.niiza_cctv", "homeassistant", "aiohttp", "asyncio")


@pytest.fixture
async def recorded(
    recorder_db_url: str, async_setup_recorder_instance: Any, hass: HomeAssistant
) -> None:
    """Let the recorder write what passes over the bus."""
    await async_setup_recorder_instance(hass)


@pytest.fixture
def recorder_db_url(tmp_path: Path) -> str:
    """Keep the recorder's database beside everything else that is searched."""
    return f"sqlite:///{tmp_path / 'home-assistant_v2.db'}"


def spellings(secret: str) -> Iterator[bytes]:
    """Yield how a text may be written somewhere."""
    yield secret.encode()
    yield json.dumps(secret)[1:-1].encode()
    yield secret.encode("utf-16-le")
    # Its plain part alone gives away enough.
    yield secret[:20].encode()


def files_with(folder: Path, secret: str) -> list[str]:
    """Return the files under a folder that hold a secret in any spelling."""
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(one in path.read_bytes() for one in spellings(secret))
    ]


@pytest.mark.usefixtures("recorded")
async def test_the_password_is_nowhere(
    hass: HomeAssistant,
    start_station: Any,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither in a log at any level, nor on the bus, in a state, a file, a trace, an answer, nor in memory."""
    for name in LOGGERS:
        caplog.set_level(logging.DEBUG, logger=name)
    folder = Path(hass.config.config_dir)
    bus: list[str] = []

    @callback
    def note(event: Event) -> None:
        bus.append(json.dumps(event.as_dict(), default=repr, ensure_ascii=False))

    hass.bus.async_listen(MATCH_ALL, note)
    chief = User(name="chief", password=RIGHT, level=UserLevel.ADMINISTRATOR)
    station: Station = await start_station(camera_config("kita", users=(VIEWER, chief)))
    kita = station.cameras["kita"]
    assert await async_setup_component(hass, "diagnostics", {})
    office = await open_office(hass, kita)
    assert await async_setup_component(
        hass,
        "automation",
        {
            "automation": {
                "id": "on_setting",
                "alias": "on setting",
                "triggers": {"trigger": "event", "event_type": f"{DOMAIN}_event"},
                "actions": {
                    "event": "seen",
                    "event_data_template": {"what": "{{ trigger.event.data }}"},
                },
            }
        },
    )
    section = office.entry.runtime_data
    section.settings.timing = RetryTiming(settle=0.3, away=0.5, pause=0.1)
    door = Door(hass, hass_client)
    answers: list[Any] = []

    async def post(person: str, token: str, password: str, **more: Any) -> int:
        form = {"username": "chief", "password": password}
        status, answer = await door.post(person, token, form, **more)
        answers.append(answer)
        return status

    async def ask(action: str = "switch_audio_off", **data: Any) -> str:
        request = await office.call("suzuki", action, camera=office.camera_id, **data)
        token: str = request["token"]
        return token

    # Refused, in the wrong hands, malformed, done, done again, not done, unknown.
    kita.set(audio=True)
    token = await ask()
    assert await post("suzuki", token, WRONG) == 422
    assert await post("sato", token, RIGHT) == 403
    for data in (
        f'{{"password": "{RIGHT}"'.encode(),
        f'["{RIGHT}"]'.encode(),
        RIGHT.encode("utf-16"),
    ):
        headers = {"Content-Type": "application/json"}
        assert await post("suzuki", token, RIGHT, data=data, headers=headers) == 400
    assert await post("suzuki", token, RIGHT) == 200
    assert not kita.camera.faults.audio
    assert await post("suzuki", token, RIGHT) == 410
    kita.set(quirks=[Quirk.SETTINGS_IGNORED], audio=True)
    assert await post("suzuki", await ask(), RIGHT) == 200
    token = await ask()
    kita.set(quirks=[Quirk.SETTINGS_SILENCE])
    kita.set(silent=True)
    section.settings.timing = RetryTiming(settle=0.1, away=0.1, pause=0.1)
    task_status = await post("suzuki", token, RIGHT)
    assert task_status == 502
    kita.set(quirks=[], silent=False)

    client = await hass_ws_client(hass, await log_in(hass, "suzuki"))
    await client.send_json_auto_id({"type": f"{DOMAIN}/camera_settings"})
    answers.append(await client.receive_json())
    await client.send_json_auto_id({"type": f"{DOMAIN}/ledger"})
    answers.append(await client.receive_json())
    await client.close()
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "trace/list", "domain": "automation"})
    listed = (await client.receive_json())["result"]
    assert listed
    for trace in listed:
        await client.send_json_auto_id(
            {
                "type": "trace/get",
                "domain": "automation",
                "item_id": trace["item_id"],
                "run_id": trace["run_id"],
            }
        )
        answers.append(await client.receive_json())
    await client.close()
    answers.append(await get_diagnostics_for_config_entry(hass, hass_client, office.entry))
    await hass.async_block_till_done()
    await async_wait_recording_done(hass)

    everything = {
        "log": caplog.text,
        "records": repr([(record.args, record.exc_info) for record in caplog.records]),
        "bus": "\n".join(bus),
        "states": repr([(one.state, dict(one.attributes)) for one in hass.states.async_all()]),
        "issues": repr(ir.async_get(hass).issues),
        "answers": json.dumps(answers, ensure_ascii=False, default=repr),
        "ledger": repr([entry async for entry in section.evidence.ledger.entries()]),
        "entry": repr(office.entry.as_dict()),
        "requests": repr(section.settings._pending),
    }
    # Something was looked at.
    assert [place for place, text in everything.items() if not text] == []
    assert "switch_audio_off" in everything["bus"]
    assert "setting_changed" in everything["ledger"]
    for secret in (RIGHT, WRONG):
        for place, text in everything.items():
            assert secret not in text, place
            assert secret[:20] not in text, place
        assert files_with(folder, secret) == []
    with sqlite3.connect(folder / "home-assistant_v2.db") as database:
        assert database.execute("SELECT count(*) FROM events").fetchone()[0] > 0
    database.close()

    gc.collect()
    credentials = [one.password for one in gc.get_objects() if isinstance(one, Credential)]
    assert not {RIGHT, WRONG} & set(credentials)
    log_ins = [one for one in gc.get_objects() if isinstance(one, Login)]
    assert not [one for one in log_ins if one._credential.password in {RIGHT, WRONG}]
