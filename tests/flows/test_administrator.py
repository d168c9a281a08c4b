"""F10: a camera's administrator is not taken for its viewing user unless somebody chooses that, on record."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.ledger.errors import LedgerUnavailable
from simulator.camera import User, UserLevel
from simulator.running import RunningCamera
from simulator.station import Station
from tests.office import Office, open_office
from tests.section import camera_data, until
from tests.station import CHIEF, VIEWER, camera_config

type Start = Callable[..., Awaitable[Station]]


class Form:
    """A camera's form, filled in by somebody at a browser."""

    def __init__(self, client: Any, entry_id: str) -> None:
        """Sit down."""
        self.client = client
        self.entry_id = entry_id
        self.shown: dict[str, Any] = {}

    async def begin(self, change: str | None = None) -> None:
        """Open the form of a new camera, or of the connection of one."""
        answer = await self.client.post(
            "/api/config/config_entries/subentries/flow",
            json={"handler": [self.entry_id, "camera"]}
            | ({} if change is None else {"subentry_id": change}),
        )
        assert answer.status == HTTPStatus.OK, await answer.text()
        self.shown = await answer.json()
        await self.send({"next_step_id": "manual" if change is None else "connection"})

    async def send(self, form: dict[str, Any]) -> dict[str, Any]:
        """Submit it; return what comes next."""
        flow = self.shown["flow_id"]
        answer = await self.client.post(
            f"/api/config/config_entries/subentries/flow/{flow}", json=form
        )
        assert answer.status == HTTPStatus.OK, await answer.text()
        self.shown = await answer.json()
        return self.shown

    def asks(self, field: str) -> bool:
        """Return whether the form has a field."""
        return any(one["name"] == field for one in self.shown["data_schema"])


def typed(camera: RunningCamera, user: User, name: str) -> dict[str, Any]:
    """Return what somebody types of a camera and one of its users."""
    data = camera_data(camera)
    fields = ("host", "port", "ssl", "verify_ssl")
    return {key: data[key] for key in fields} | {
        "name": name,
        "username": user.name,
        "password": user.password,
    }


@pytest.fixture
async def office(hass: HomeAssistant, start_station: Start) -> Any:
    """Return a section with one of two cameras, and the form of the other."""
    for component in ("http", "config", "repairs"):
        assert await async_setup_component(hass, component, {})
    station = await start_station(camera_config("kita"), camera_config("minami"))
    return await open_office(hass, station.cameras["kita"]), station.cameras["minami"]


async def accepted(office: Office) -> list[tuple[str | None, str, Any]]:
    """Return who kept which administrator's log-in."""
    return [
        (entry.person and entry.person.id, entry.subject, entry.details["username"])
        for entry in await office.entries("administrator_login_accepted")
    ]


async def test_administrator_is_refused_with_the_reason_and_the_viewer_taken(
    hass: HomeAssistant, office: tuple[Office, RunningCamera], hass_client: ClientSessionGenerator
) -> None:
    """The chief's log-in is not stored; nothing of the camera is changed to find that out."""
    section, minami = office
    form = Form(await hass_client(), section.entry.entry_id)
    await form.begin()
    assert not form.asks("keep_administrator")
    shown = await form.send(typed(minami, CHIEF, "南口"))
    assert shown["errors"] == {"base": "administrator_login"}
    assert form.asks("keep_administrator")
    assert len(section.entry.subentries) == 1
    assert CHIEF.password not in str(shown)
    assert not [call for call in minami.soap.calls if not call.startswith("Get")]
    shown = await form.send(typed(minami, VIEWER, "南口") | {"keep_administrator": True})
    assert shown["type"] == "create_entry"
    added = next(one for one in section.entry.subentries.values() if one.title == "南口")
    assert added.data["username"] == VIEWER.name
    # There was nothing to keep.
    assert "administrator_accepted" not in added.data
    assert await accepted(section) == []


async def test_administrator_is_kept_by_a_choice_that_is_on_record(
    hass: HomeAssistant,
    office: tuple[Office, RunningCamera],
    hass_client: ClientSessionGenerator,
    hass_admin_user: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not without the ledger; with it, the name of whoever chose stands there, and no repair is opened."""
    section, minami = office
    form = Form(await hass_client(), section.entry.entry_id)
    await form.begin()
    await form.send(typed(minami, CHIEF, "南口"))
    kept = typed(minami, CHIEF, "南口") | {"keep_administrator": True}

    async def away(*_: Any, **__: Any) -> Any:
        raise LedgerUnavailable("away")

    with monkeypatch.context() as patched:
        patched.setattr(section.evidence.ledger, "append", away)
        shown = await form.send(kept)
    assert shown["errors"] == {"base": "administrator_unrecorded"}
    assert len(section.entry.subentries) == 1
    shown = await form.send(kept)
    assert shown["type"] == "create_entry"
    added = next(one for one in section.entry.subentries.values() if one.title == "南口")
    assert await accepted(section) == [
        (hass_admin_user.id, f"camera/{added.unique_id}", CHIEF.name)
    ]
    cameras = section.entry.runtime_data.cameras
    await until(lambda: cameras.get(added.subentry_id) is not None)
    await until(lambda: cameras.get(added.subentry_id).data.administrator is True)
    await hass.async_block_till_done()
    registry = ir.async_get(hass)
    assert registry.async_get_issue(DOMAIN, f"administrator_login_{added.subentry_id}") is None
    # Changed again, it is not asked a second time.
    await form.begin(added.subentry_id)
    data = typed(minami, CHIEF, "南口改")
    shown = await form.send(data | {"forget_digest": False})
    assert (shown["type"], shown["reason"]) == ("abort", "reconfigure_successful")
    assert len(await accepted(section)) == 1


async def test_camera_that_is_watched_by_its_administrator_gets_a_repair_and_works_on(
    hass: HomeAssistant,
    start_station: Start,
    hass_client: ClientSessionGenerator,
) -> None:
    """One of before: the repair goes when the log-in is one that may only view."""
    for component in ("http", "config", "repairs"):
        assert await async_setup_component(hass, component, {})
    kita = (await start_station(camera_config("kita"))).cameras["kita"]
    section = await open_office(hass, kita)
    (subentry,) = section.entry.get_subentries_of_type("camera")
    hass.config_entries.async_update_subentry(
        section.entry,
        subentry,
        data={**subentry.data, "username": CHIEF.name, "password": CHIEF.password},
    )
    registry = ir.async_get(hass)
    key = f"administrator_login_{subentry.subentry_id}"
    await until(lambda: registry.async_get_issue(DOMAIN, key))
    (coordinator,) = section.entry.runtime_data.cameras.values()
    assert coordinator.data.alive
    assert coordinator.data.administrator is True
    form = Form(await hass_client(), section.entry.entry_id)
    await form.begin(subentry.subentry_id)
    shown = await form.send(typed(kita, VIEWER, "kita") | {"forget_digest": False})
    assert shown["reason"] == "reconfigure_successful"
    await until(lambda: registry.async_get_issue(DOMAIN, key) is None)
    assert await accepted(section) == []


@pytest.mark.parametrize("level", UserLevel)
async def test_level_is_told_by_what_the_user_may_do(
    hass: HomeAssistant,
    start_station: Start,
    hass_client: ClientSessionGenerator,
    level: UserLevel,
) -> None:
    """By the camera's own access classes, whatever the user is called."""
    for component in ("http", "config"):
        assert await async_setup_component(hass, component, {})
    user = User(name="admin", password="some-pass", level=level)
    config = camera_config("minami", users=(VIEWER, user))
    station = await start_station(camera_config("kita"), config)
    section = await open_office(hass, station.cameras["kita"])
    form = Form(await hass_client(), section.entry.entry_id)
    await form.begin()
    shown = await form.send(typed(station.cameras["minami"], user, "南口"))
    refused = level is UserLevel.ADMINISTRATOR
    assert (shown.get("errors") == {"base": "administrator_login"}) == refused
    assert (shown["type"] == "create_entry") == (not refused)
