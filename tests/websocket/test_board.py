"""The board over a real websocket: how every camera stands, what is wrong, since when, and where to go on."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN
from tests.office import Office
from tests.section import due_noted, new_subentry, poll_until, unique_id_of, until
from tests.station import camera_config
from tests.test_ledger_told import damage, fork
from tests.websocket.test_websocket import connect

OWADA = {
    "location": "旧駅",
    "manufacturer": "Niiza Sim",
    "model": "NS-100",
    "serial": "NS100-1",
}
QUIET = ["sign_due"]


class Watcher:
    """A dashboard: it keeps what it is told."""

    def __init__(self, client: Any) -> None:
        """Listen to a websocket."""
        self.client = client
        self.answer: dict[str, Any] = {}
        self.state = ""
        self.section: Any = None
        self.cameras: dict[str, Any] = {}
        # What each event brought: its state, and the cameras that it named.
        self.events: list[tuple[str, list[str]]] = []
        self._listening: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Ask, and begin to listen."""
        await self.client.send_json_auto_id({"type": f"{DOMAIN}/board"})
        self.answer = await self.client.receive_json()
        self._listening = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        """Close the page."""
        if self._listening is not None:
            self._listening.cancel()
        await self.client.close()

    async def _listen(self) -> None:
        while True:
            event = (await self.client.receive_json())["event"]
            known = self.cameras | {one["id"]: one for one in event["cameras"]}
            self.cameras = {one: known[one] for one in event["ids"]}
            self.state, self.section = event["state"], event["section"]
            self.events.append((self.state, [one["id"] for one in event["cameras"]]))

    def camera(self, named: str = "kita") -> dict[str, Any]:
        """Return a camera by its name."""
        return next((one for one in self.cameras.values() if one["name"] == named), {})

    def faults(self, named: str = "kita") -> list[str]:
        """Return what is wrong with it, as its lines stand."""
        return [one["fault"] for one in self.camera(named).get("faults", [{"fault": "not there"}])]

    def fault(self, key: str) -> dict[str, Any]:
        """Return one line."""
        line: dict[str, Any] = next(one for one in self.camera()["faults"] if one["fault"] == key)
        return line


type Watch = Callable[[str], Awaitable[Watcher]]


@pytest.fixture
async def watch(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> AsyncGenerator[Watch]:
    """Return what opens the dashboard as somebody."""
    watchers: list[Watcher] = []

    async def open_as(person: str) -> Watcher:
        watcher = Watcher(await connect(hass, hass_ws_client, person))
        watchers.append(watcher)
        await watcher.start()
        return watcher

    yield open_as
    for watcher in watchers:
        await watcher.stop()


async def settled(hass: HomeAssistant, watcher: Watcher) -> None:
    """Wait until the camera is known in full, and nothing is wrong but a sign that nobody looked at yet."""
    await poll_until(
        hass,
        lambda: (
            watcher.camera().get("sd") == "recording"
            and watcher.camera()["clock"] is not None
            and watcher.faults() == QUIET
        ),
    )


async def test_board_shows_all_of_a_camera(
    hass: HomeAssistant, office: Office, watch: Watch
) -> None:
    """Name, place, card, audio, days, clock, sign; what is not known is None and never a confirmation."""
    devices, areas = dr.async_get(hass), ar.async_get(hass)
    device = devices.async_get_device_by_identifier(
        (DOMAIN, office.camera_id), office.entry.entry_id
    )
    assert device
    devices.async_update_device(device.id, area_id=areas.async_create("北口広場").id)
    watcher = await watch("sato")
    assert watcher.answer["success"]
    await settled(hass, watcher)
    camera = watcher.camera()
    assert (camera["id"], camera["area"], camera["offline"]) == (
        office.camera_id,
        "北口広場",
        False,
    )
    assert (camera["alive"], camera["failed"], camera["sd"]) == (True, [], "recording")
    assert (camera["audio"], camera["audio_allowed"]) == (False, False)
    assert camera["kept"] == {"days": 14, "standard_days": 14, "status": "within"}
    assert camera["clock"] == {"offset_seconds": 0, "off": False}
    assert camera["sign"]["due"]
    assert camera["sign"]["confirmed_at"] is None
    assert watcher.section["name"] == "交通防犯課"
    assert watcher.section["user"] == "sato"
    assert watcher.section["cases"] == {"open": 0, "at_risk": 0, "path": "/niiza-cctv"}


async def test_faults_are_lines_with_the_worst_first(
    hass: HomeAssistant, office: Office, watch: Watch
) -> None:
    """A dead card before a late clock, each with since when and where to go on; mended, they go."""
    watcher = await watch("sato")
    await settled(hass, watcher)
    office.camera.set(clock_offset=-420.0)
    await poll_until(hass, lambda: watcher.faults() == ["clock_off", *QUIET])
    late = watcher.fault("clock_off")
    office.camera.set(card="removed")
    await poll_until(hass, lambda: watcher.faults() == ["card_missing", "clock_off", *QUIET])
    # Measured anew, on a machine that may be busy.
    again = watcher.fault("clock_off")
    for fault in (again, late):
        assert fault.pop("values") == {"offset_seconds": pytest.approx(-420, abs=3)}
    assert again == late
    assert late["severity"] == "minor"
    assert late["step"]["path"].startswith("/niiza-cctv/settings?camera=")
    missing = watcher.fault("card_missing")
    assert missing["severity"] == "grave"
    assert "/check/sd_card" in missing["step"]["path"]
    assert missing["since"] >= late["since"]
    office.camera.set(card="ok", clock_offset=0.0)
    await settled(hass, watcher)


async def test_since_survives_a_restart(
    hass: HomeAssistant, hass_storage: dict[str, Any], office: Office, watch: Watch
) -> None:
    """What is unknown in between neither ends a fault nor begins it anew."""
    watcher = await watch("sato")
    office.camera.set(card="removed")
    await poll_until(hass, lambda: "card_missing" in watcher.faults())
    assert await hass.config_entries.async_unload(office.entry.entry_id)
    await until(lambda: watcher.state == "not_loaded")
    assert watcher.cameras == {}
    # As after a restart: only what was stored is known.
    kept = hass_storage["niiza_cctv.faults"]["data"][office.camera_id]
    kept["card_missing"] = (dt_util.utcnow() - timedelta(days=3)).isoformat()
    assert await hass.config_entries.async_setup(office.entry.entry_id)
    await poll_until(hass, lambda: "card_missing" in watcher.faults())
    since = dt_util.parse_datetime(watcher.fault("card_missing")["since"])
    assert since
    assert timedelta(days=2) < dt_util.utcnow() - since < timedelta(days=4)


async def test_a_dead_camera_is_said_to_be_dead_and_confirms_nothing(
    hass: HomeAssistant, office: Office, watch: Watch
) -> None:
    """Nothing that was true before it died stands beside its death."""
    watcher = await watch("sato")
    await settled(hass, watcher)
    await office.camera.soap.stop()
    await poll_until(hass, lambda: watcher.faults() == ["dead", *QUIET])
    camera = watcher.camera()
    assert (camera["alive"], camera["failed"]) == (False, ["onvif"])
    assert (camera["sd"], camera["audio"], camera["kept"], camera["clock"]) == (None,) * 4
    assert camera["last_contact"]
    assert watcher.fault("dead")["step"]["entity_id"].startswith("button.")
    await office.camera.soap.start()
    await settled(hass, watcher)


async def test_entities_renamed_or_disabled_do_not_matter(
    hass: HomeAssistant, office: Office, watch: Watch
) -> None:
    """The board stands on none of them; it names the live picture by what it is called now."""
    watcher = await watch("sato")
    await settled(hass, watcher)
    registry = er.async_get(hass)
    live = registry.async_get_entity_id("camera", DOMAIN, f"{office.camera_id}_live")
    assert live
    assert watcher.camera()["entity_id"] == live
    registry.async_update_entity(live, new_entity_id="camera.mukashi_no_namae")
    await until(lambda: watcher.camera()["entity_id"] == "camera.mukashi_no_namae")
    registry.async_update_entity(
        "camera.mukashi_no_namae", disabled_by=er.RegistryEntryDisabler.USER
    )
    for key in ("alive", "sd_problem", "clock_problem"):
        entity = registry.async_get_entity_id("binary_sensor", DOMAIN, f"{office.camera_id}_{key}")
        assert entity
        registry.async_update_entity(entity, disabled_by=er.RegistryEntryDisabler.USER)
    await until(lambda: watcher.camera()["entity_id"] is None)
    office.camera.set(clock_offset=-420.0)
    await poll_until(hass, lambda: "clock_off" in watcher.faults())


async def test_cameras_come_and_go(
    hass: HomeAssistant,
    office: Office,
    watch: Watch,
    start_station: Callable[..., Awaitable[Any]],
) -> None:
    """Also one without a network, of which people say how it stands."""
    watcher = await watch("sato")
    await settled(hass, watcher)
    minami = (await start_station(camera_config("minami"))).cameras["minami"]
    subentry = new_subentry(minami)
    hass.config_entries.async_add_subentry(office.entry, subentry)
    old = ConfigSubentry(
        data=MappingProxyType(OWADA),
        subentry_type="offline_camera",
        title="大和田",
        unique_id="offline-1",
    )
    hass.config_entries.async_add_subentry(office.entry, old)
    await poll_until(
        hass,
        lambda: watcher.camera("minami").get("sd") == "recording" and watcher.camera("大和田"),
    )
    offline = watcher.camera("大和田")
    assert offline["offline"]
    assert (offline["alive"], offline["sd"], offline["entity_id"]) == (None, None, None)
    await until(lambda: watcher.faults("大和田") == ["sign_due", "card_due"])
    hass.config_entries.async_remove_subentry(office.entry, subentry.subentry_id)
    await until(lambda: not watcher.camera("minami"))
    assert unique_id_of(minami.camera.config) not in watcher.cameras


async def test_only_what_changed_is_sent(hass: HomeAssistant, office: Office, watch: Watch) -> None:
    """Polls of a camera that is as before bring no event."""
    watcher = await watch("sato")
    await settled(hass, watcher)
    await due_noted(office.entry)
    before = len(watcher.events)
    for _ in range(3):
        await office.entry.runtime_data.cameras.by_id(office.camera_id).async_refresh()
    office.camera.set(clock_offset=-420.0)
    await poll_until(hass, lambda: "clock_off" in watcher.faults())
    assert all(ids == [office.camera_id] for _, ids in watcher.events[before:] if ids)


async def test_a_check_that_failed_is_a_line_until_it_passes(
    hass: HomeAssistant, office: Office, watch: Watch
) -> None:
    """A missing sign matters as much as a missing camera, and is found by people."""
    watcher = await watch("sato")
    await settled(hass, watcher)
    sign = f"signage:camera:{office.camera_id}"
    await office.call("sato", "record_check", check=sign, result="failed", note="はがれていた")
    await until(lambda: watcher.faults() == ["sign_failed"])
    line = watcher.fault("sign_failed")
    assert line["severity"] == "serious"
    assert line["step"]["path"].startswith("/niiza-cctv/check/signage")
    assert watcher.camera()["sign"]["failed"]
    assert watcher.section["checks_failed"] == 1
    await office.call("sato", "record_check", check=sign, result="passed")
    await until(lambda: watcher.faults() == [])
    assert watcher.camera()["sign"]["confirmed_at"]


async def test_a_tablet_sees_how_things_stand_and_no_case(
    hass: HomeAssistant, office: Office, watch: Watch
) -> None:
    """No link leads where it may not go; what it may confirm on site it may."""
    watcher = await watch("tablet")
    office.camera.set(clock_offset=-420.0)
    await poll_until(hass, lambda: watcher.faults() == ["clock_off", *QUIET])
    assert watcher.section["cases"] is None
    assert watcher.section["tablet"]
    # The camera's settings are not the tablet's: somebody else has to be asked.
    assert watcher.fault("clock_off")["step"] == {"kind": "ask", "path": None, "entity_id": None}
    assert watcher.fault("sign_due")["step"]["kind"] == "check"
    assert await office.refusals() == []


async def test_nobody_without_a_role_sees_it(
    hass: HomeAssistant, office: Office, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    """Refused in words, on the record; no error of Home Assistant, whose log everybody's dashboard would fill."""
    MockUser(name="stranger", id="stranger", is_owner=True).add_to_hass(hass)
    watcher = await watch("stranger")
    assert watcher.answer["error"]["translation_key"] == "not_allowed_see_board"
    assert watcher.answer["error"]["message"]
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == []
    assert await office.refusals() == [
        ("stranger", "see_board", "section", "not_allowed_see_board")
    ]


async def test_whoever_loses_the_role_is_shown_nothing_more(
    hass: HomeAssistant, office: Office, watch: Watch
) -> None:
    """While the dashboard hangs on the wall."""
    watcher = await watch("tanaka")
    await settled(hass, watcher)
    viewers = [one for one in office.entry.data["viewers"] if one != "tanaka"]
    hass.config_entries.async_update_entry(
        office.entry, data={**office.entry.data, "viewers": viewers}
    )
    await until(lambda: watcher.state == "refused")
    assert watcher.cameras == {}


async def test_a_ledger_that_fails_is_a_line_with_a_next_step(
    hass: HomeAssistant, office: Office, watch: Watch
) -> None:
    """By who looks: the section's page for an administrator, the ledger for who reads it, else whom to ask."""
    MockUser(name="chief", id="chief", is_owner=True).add_to_hass(hass)
    await office.give(viewers=[*office.entry.data["viewers"], "chief"])
    watchers = chief, sato, tablet = [await watch(one) for one in ("chief", "sato", "tablet")]
    await until(lambda: all(one.section is not None for one in watchers))
    assert [one.section["faults"] for one in watchers] == [[], [], []]
    ask = {"kind": "ask", "path": None, "entity_id": None}
    section = {
        "kind": "section",
        "path": "/config/integrations/integration/niiza_cctv",
        "entity_id": None,
    }
    await fork(office)
    with pytest.raises(HomeAssistantError):
        await office.create()
    await until(lambda: all(one.section["faults"] for one in watchers))
    for watcher, step in ((chief, section), (sato, ask), (tablet, ask)):
        assert watcher.section["faults"] == [
            {"fault": "ledger_forked", "severity": "grave", "step": step}
        ]
    assert await hass.config_entries.async_reload(office.entry.entry_id)
    await until(
        lambda: all(one.state == "loaded" and not one.section["faults"] for one in watchers)
    )
    await damage(hass)
    assert (await office.call("sato", "verify_ledger"))["broken"] is not None
    await until(lambda: all(one.section["faults"] for one in watchers))
    ledger = {"kind": "ledger", "path": "/niiza-cctv/ledger", "entity_id": None}
    for watcher, step in ((chief, ledger), (sato, ledger), (tablet, ask)):
        assert watcher.section["faults"] == [
            {"fault": "ledger_broken", "severity": "grave", "step": step}
        ]


async def test_a_section_that_is_not_loaded_is_said_to_be_so(
    hass: HomeAssistant, office: Office, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever asks is refused in Home Assistant's words; who watches already is told, and of its coming back."""
    watcher = await watch("sato")
    await settled(hass, watcher)
    assert await hass.config_entries.async_unload(office.entry.entry_id)
    await until(lambda: watcher.state == "not_loaded")
    second = await watch("suzuki")
    assert second.answer["error"]["translation_key"] == "service_config_entry_not_loaded"
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == []
    assert await hass.config_entries.async_setup(office.entry.entry_id)
    await until(partial(lambda: watcher.state == "loaded"))
    await settled(hass, watcher)


async def test_a_section_that_was_removed_is_said_to_be_gone(
    hass: HomeAssistant, office: Office, watch: Watch
) -> None:
    """Not merely away: there is no page on which to see why."""
    watcher = await watch("sato")
    await settled(hass, watcher)
    await hass.config_entries.async_remove(office.entry.entry_id)
    await until(lambda: watcher.state == "removed")
    assert watcher.cameras == {}


async def test_silenced_notices_are_shown_to_all_and_offered_to_those_who_may(
    hass: HomeAssistant, office: Office, watch: Watch
) -> None:
    """By their own hand, until when; the tablet sees it and is offered nothing."""
    exporter, tablet = await watch("sato"), await watch("tablet")
    await settled(hass, exporter)
    await poll_until(hass, lambda: bool(tablet.camera()))
    assert (exporter.section["may_mute"], tablet.section["may_mute"]) == (True, False)
    assert exporter.camera()["muted_until"] is None
    answer = await office.call(
        "sato", "mute_alerts", camera=office.camera_id, hours=2, reason="repair_ordered"
    )
    for watcher in (exporter, tablet):
        await until(partial(muted, watcher))
        assert dt_util.parse_datetime(watcher.camera()["muted_until"]) == dt_util.parse_datetime(
            answer["until"]
        )
    await office.call("sato", "unmute_alerts", camera=office.camera_id)
    await until(lambda: not muted(exporter))


def muted(watcher: Watcher) -> bool:
    """Return whether a dashboard shows that nobody is told of the camera."""
    return watcher.camera()["muted_until"] is not None
