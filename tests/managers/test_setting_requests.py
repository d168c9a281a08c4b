"""The settings actions through the front door: asked for by action, done by the view, put back when their time is over."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from freezegun import freeze_time
from freezegun.api import TickingDateTimeFactory
from homeassistant.const import Platform
from homeassistant.core import Context, Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.settings.change import RetryTiming
from custom_components.niiza_cctv.managers.setting_requests import SettingRequests
from simulator.camera import Faults, Quirk, User, UserLevel
from simulator.running import RunningCamera
from simulator.station import Station
from tests.office import Office, open_office
from tests.section import pass_in, poll, poll_until, state
from tests.station import CHIEF, VIEWER, camera_config

OPERATOR = User(name="operator", password="operator-pass", level=UserLevel.OPERATOR)
SIZES = ((960, 540), (640, 360), (320, 180))
LIMIT = {"max_everyday_height": 360}
GOOD = {"username": "chief", "password": "chief-pass"}
EVIDENCE: dict[str, Any] = {"resolution": "evidence", "hours": 12}
PUT_BACK = "binary_sensor.section_settings_to_put_back"


def settings_config(**changes: Any) -> Any:
    """Return a camera that is quick to change."""
    return camera_config(
        "kita",
        **{
            "sizes": SIZES,
            "users": (VIEWER, OPERATOR, CHIEF),
            **changes,
        },
    )


@pytest.fixture
async def kita(start_station: Callable[..., Awaitable[Station]]) -> RunningCamera:
    """Return a camera whose encoder knows small sizes only."""
    return (await start_station(settings_config())).cameras["kita"]


@pytest.fixture
def clock() -> Iterator[TickingDateTimeFactory]:
    """Return what lets hours pass at once; time goes on, and sockets keep to the real one."""
    with freeze_time(datetime.now(UTC), tick=True, real_asyncio=True) as factory:
        assert isinstance(factory, TickingDateTimeFactory)
        yield factory


async def pass_time(hass: HomeAssistant, clock: TickingDateTimeFactory, passed: timedelta) -> None:
    """Let time pass from now on; `tick` would count from when the clock was made, and lose what passed since.

    While no camera is being polled: an answer under way would seem to take that long.
    """
    await poll(hass)
    clock.move_to(clock() + passed)


@pytest.fixture
async def office(hass: HomeAssistant, kita: RunningCamera) -> Office:
    """Return a section in which everyday use ends at 360 lines."""
    return await settings_office(hass, kita)


async def settings_office(hass: HomeAssistant, camera: RunningCamera) -> Office:
    """Set a section up that does not wait long for its cameras."""
    office = await open_office(hass, camera, **LIMIT)
    office.entry.runtime_data.settings.timing = RetryTiming(settle=0.5, away=5.0, pause=0.1)
    return office


class Door:
    """The view, as people reach it."""

    def __init__(self, hass: HomeAssistant, client: ClientSessionGenerator) -> None:
        """Let nobody in yet."""
        self._hass = hass
        self._client = client

    async def post(self, person: str, token: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """Send the form as a person; returns status and answer."""
        http = await self._client(await log_in(self._hass, person))
        sent = {"json": GOOD if body is None else body} if "data" not in more else more
        response = await http.post(f"/api/{DOMAIN}/settings/{token}", **sent)
        assert response.headers["Cache-Control"] == "no-store"
        return response.status, await response.json()


@pytest.fixture
def door(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> Door:
    """Return the view."""
    return Door(hass, hass_client)


async def log_in(hass: HomeAssistant, person: str) -> str:
    """Return an access token of a person."""
    user = await hass.auth.async_get_user(person)
    assert user
    token = await hass.auth.async_create_refresh_token(
        user,
        client_name=f"browser {len(user.refresh_tokens)}",
        token_type="long_lived_access_token",
        access_token_expiration=timedelta(hours=1),
    )
    return hass.auth.async_create_access_token(token)


async def ask(office: Office, action: str, person: str = "suzuki", **data: Any) -> dict[str, Any]:
    """Ask for a change; returns the request."""
    return await office.call(person, action, camera=office.camera_id, **data)


def happenings(hass: HomeAssistant) -> list[dict[str, Any]]:
    """Return the list that collects what is announced of settings."""
    found: list[dict[str, Any]] = []

    @callback
    def note(event: Event) -> None:
        if event.data["type"].startswith("setting_"):
            found.append(dict(event.data))

    hass.bus.async_listen(f"{DOMAIN}_event", note)
    return found


def issues(hass: HomeAssistant) -> set[str]:
    """Return the repairs of settings."""
    keys = ("audio_found", "clock_off", "resolution_too_high", "setting_to_be_put_back")
    return {
        issue.translation_key or ""
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.translation_key in keys
    }


def put_back_sensor(hass: HomeAssistant) -> Any:
    """Return the section's sensor of what is to be put back."""
    entity = er.async_get(hass).async_get_entity_id(
        "binary_sensor", DOMAIN, "section_settings_to_put_back"
    )
    assert entity
    return hass.states.get(entity)


async def seen(hass: HomeAssistant, condition: Callable[[], Any]) -> None:
    """Poll until something shows."""
    if not condition():
        await poll_until(hass, condition)


# --- Doing it -----------------------------------------------------------------------------------------


async def test_audio_is_switched_off(
    hass: HomeAssistant, kita: RunningCamera, office: Office, door: Door
) -> None:
    """The repair leads there, the request says what it does, the password does it, the ledger keeps it."""
    told = happenings(hass)
    # What is on a card counts as being recorded for some seconds more; without one it is quicker.
    kita.set(audio=True, card="removed")
    await seen(hass, lambda: "audio_found" in issues(hass))
    issue = next(
        one for one in ir.async_get(hass).issues.values() if one.translation_key == "audio_found"
    )
    assert issue.learn_more_url == (
        f"homeassistant://niiza-cctv/settings?camera={quote(office.camera_id)}"
    )

    request = await ask(office, "switch_audio_off")
    assert request["link"] == f"/niiza-cctv/settings/{request['token']}"
    assert (request["setting"], request["already"]) == ("audio_off", False)
    assert request["before"]["audio"] == ["main", "sub"]
    assert (request["after"]["audio"], kita.camera.faults.audio) == ([], True)

    status, answer = await door.post("suzuki", request["token"])
    assert status == 200
    assert (answer["done"], answer["verified"], answer["changed"]) == (True, True, True)
    assert answer["after"] == {"audio": [], "live_audio": False}
    assert answer["error"] is None
    assert answer["recorded"]
    assert not kita.camera.faults.audio
    await seen(hass, lambda: state(hass, kita.camera.config, "audio_disabled").state == "on")
    assert "audio_found" not in issues(hass)

    (asked,) = await office.entries("setting_requested")
    (done,) = await office.entries("setting_changed")
    assert asked.subject == done.subject == f"camera/{office.camera_id}"
    assert done.person.id == "suzuki"
    assert done.details["setting"] == "audio_off"
    assert done.details["before"]["audio"] == ["main", "sub"]
    assert done.details["after"] == {"audio": [], "live_audio": False}
    assert done.details["verified"]
    (event,) = told
    assert (event["type"], event["setting"], event["verified"]) == (
        "setting_changed",
        "audio_off",
        True,
    )


async def test_audio_of_earlier_days_stays_and_is_said_to(
    hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]], door: Door
) -> None:
    """Deleting a track could take the pictures with it, so the card keeps it until it is overwritten."""
    station = await start_station(settings_config(faults=Faults(audio=True)))
    office = await settings_office(hass, station.cameras["kita"])
    request = await ask(office, "switch_audio_off")
    assert [one["key"] for one in request["warnings"]] == ["settings_audio_stays_on_card"]
    _, answer = await door.post("suzuki", request["token"])
    assert answer["done"]
    assert [one["key"] for one in answer["remains"]] == ["settings_audio_stays_on_card"]
    assert not [call for call in office.camera.soap.calls if call.startswith("Delete")]


@pytest.mark.parametrize("server", [None, "time.example"])
async def test_clock_is_set(
    hass: HomeAssistant, kita: RunningCamera, office: Office, door: Door, server: str | None
) -> None:
    """By hand to ours, or by a time server; what jumps is told before."""
    kita.set(clock_offset=-420)
    await seen(hass, lambda: "clock_off" in issues(hass))
    request = await ask(office, "set_clock", **({"ntp_server": server} if server else {}))
    assert request["before"]["offset"] == "-420"
    keys = {one["key"] for one in request["warnings"]}
    assert ("settings_clock_by_hand_drifts" in keys) is (server is None)
    jump = next(one for one in request["warnings"] if one["key"] == "settings_clock_jump")
    assert "-420" in jump["text"]
    status, answer = await door.post("suzuki", request["token"])
    assert (status, answer["done"]) == (200, True)
    assert answer["after"]["mode"] == ("manual" if server is None else "ntp")
    assert abs(kita.camera.faults.clock_offset) < 1.5
    await seen(hass, lambda: "clock_off" not in issues(hass))


async def test_evidence_resolution_stands_for_a_time_and_is_put_back(
    hass: HomeAssistant,
    kita: RunningCamera,
    office: Office,
    door: Door,
    clock: TickingDateTimeFactory,
) -> None:
    """Raised with a term, asked for when it is over, also after a restart, and cleared by putting back."""
    told = happenings(hass)
    request = await ask(office, "set_resolution", **EVIDENCE)
    keys = {one["key"] for one in request["warnings"]}
    assert keys >= {
        "settings_fills_card_faster",
        "settings_picture_interrupted",
        "settings_putting_back_needs_password",
    }
    # 640 × 360 to 960 × 540 is 2.25 times as much for half a day: the oldest day goes at worst. The card drops its days
    # at the camera's midnight, they are counted by the section's: fourteen, or fifteen at some hours.
    days = int(state(hass, kita.camera.config, "retained_days", Platform.SENSOR).state)
    assert days in {14, 15}
    fuller = next(one for one in request["warnings"] if one["key"] == "settings_fills_card_faster")
    assert str(days) in fuller["text"]
    assert str(days - 1) in fuller["text"]
    assert request["until"] is not None
    status, answer = await door.post("suzuki", request["token"])
    assert (status, answer["done"]) == (200, True)
    assert kita.camera.config.height == 540
    until_ = dt_util.parse_datetime(answer["until"])
    assert until_ is not None
    assert timedelta(hours=11.9) < until_ - dt_util.utcnow() <= timedelta(hours=12)

    # Somebody answers for it: no repair while its time lasts.
    await seen(
        hass, lambda: state(hass, kita.camera.config, "resolution_within_limit").state == "off"
    )
    assert issues(hass) == set()
    assert put_back_sensor(hass).state == "off"

    await pass_time(office.hass, clock, timedelta(hours=12, seconds=1))
    await seen(hass, lambda: "setting_to_be_put_back" in issues(hass))
    await seen(hass, lambda: put_back_sensor(hass).state == "on")
    assert put_back_sensor(hass).attributes["cameras"] == [
        {
            "camera": office.camera_id,
            "name": "kita",
            "until": until_.astimezone(dt_util.UTC).isoformat(),
        }
    ]
    await seen(hass, lambda: len(told) == 2)
    assert [event["type"] for event in told] == ["setting_changed", "setting_to_be_put_back"]
    assert "resolution_too_high" not in issues(hass)

    # A restart neither forgets it nor tells it again.
    assert await hass.config_entries.async_reload(office.entry.entry_id)
    office.entry.runtime_data.settings.timing = RetryTiming(settle=0.5, away=5.0, pause=0.1)
    await seen(hass, lambda: put_back_sensor(hass).state == "on")
    assert len(await office.entries("setting_to_be_put_back")) == 1

    request = await ask(office, "set_resolution", "sato", resolution="everyday")
    assert request["until"] is None
    status, answer = await door.post("sato", request["token"])
    assert (status, answer["done"]) == (200, True)
    # What stood before, not merely what is allowed.
    assert kita.camera.config.height == 360
    assert "setting_to_be_put_back" not in issues(hass)
    assert put_back_sensor(hass).state == "off"


async def test_put_back_at_the_camera_itself_is_noticed(
    hass: HomeAssistant,
    kita: RunningCamera,
    office: Office,
    door: Door,
    clock: TickingDateTimeFactory,
) -> None:
    """Nobody is asked for what somebody did on the camera's own page."""
    request = await ask(office, "set_resolution", **EVIDENCE)
    await door.post("suzuki", request["token"])
    settings = office.entry.runtime_data.setting_issues
    assert settings.raised(office.camera_id) is not None
    kita.camera.config = settings_config(http_port=kita.http_port, rtsp_port=kita.rtsp_port)
    # What was read of the profiles counts only when it is newer than the change.
    await pass_time(office.hass, clock, timedelta(minutes=6))
    await seen(hass, lambda: settings.raised(office.camera_id) is None)
    last = (await office.entries("setting_changed"))[-1]
    assert (last.person, last.details["by"]) == (None, "camera")


async def test_what_is_already_so_is_said_and_sets_nothing(
    kita: RunningCamera, office: Office, door: Door
) -> None:
    """The password is proved all the same, and the camera is left alone."""
    request = await ask(office, "switch_audio_off")
    assert request["already"]
    status, answer = await door.post("suzuki", request["token"])
    assert (status, answer["done"], answer["changed"]) == (200, True, False)
    assert not [
        call
        for call in kita.soap.calls
        if call.startswith(("SetVideo", "SetN", "SetSystem", "Remove"))
    ]


async def test_the_recorded_profile_is_guessed_aloud(
    hass: HomeAssistant, kita: RunningCamera, office: Office
) -> None:
    """A camera that does not say what it records is taken by its main stream, with a warning."""
    kita.set(quirks=["job_without_source"])
    request = await ask(office, "set_resolution", **EVIDENCE)
    assert "settings_profile_assumed" in {one["key"] for one in request["warnings"]}
    assert request["after"]["profiles"] == [
        {"profile": "main", "recorded": True, "width": 960, "height": 540}
    ]


# --- Cameras that do not do it ----------------------------------------------------------------------------


async def test_a_camera_that_does_nothing_is_not_done(
    kita: RunningCamera, office: Office, door: Door
) -> None:
    """It says yes; what is read back says no, and so do we."""
    kita.set(quirks=[Quirk.SETTINGS_IGNORED])
    request = await ask(office, "set_resolution", **EVIDENCE)
    status, answer = await door.post("suzuki", request["token"])
    assert status == 200
    assert (answer["done"], answer["verified"]) == (False, False)
    assert answer["error"] == "setting_not_done"
    assert answer["before"] == answer["after"]
    assert answer["tries_left"] == 2
    (entry,) = await office.entries("setting_changed")
    assert (entry.details["outcome"], entry.details["verified"]) == ("not_done", False)
    assert office.entry.runtime_data.setting_issues.raised(office.camera_id) is None
    # The request is still good.
    kita.set(quirks=[])
    assert (await door.post("suzuki", request["token"]))[1]["done"] is True


async def test_a_camera_that_falls_silent_leaves_it_unknown(
    hass: HomeAssistant, kita: RunningCamera, office: Office, door: Door
) -> None:
    """Nobody knows; it counts as raised until somebody has looked."""
    # Long enough for everything that is answered before.
    office.entry.runtime_data.settings.request_timeout = 3.0
    office.entry.runtime_data.settings.timing = RetryTiming(settle=0.1, away=0.1, pause=0.1)
    request = await ask(office, "set_resolution", **EVIDENCE)
    kita.set(quirks=[Quirk.SETTINGS_SILENCE])
    status, answer = await door.post("suzuki", request["token"])
    assert status == 200
    assert (answer["done"], answer["verified"], answer["after"]) == (None, False, None)
    assert answer["error"] == "setting_unknown"
    raised = office.entry.runtime_data.setting_issues.raised(office.camera_id)
    assert raised is not None
    assert not raised.certain
    kita.set(quirks=[], silent=False)


async def test_a_dead_camera_refuses_before_anything_is_asked(
    hass: HomeAssistant, kita: RunningCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a look at the camera there is no request."""
    pass_in(monkeypatch, SettingRequests, look_timeout=0.3)
    office = await settings_office(hass, kita)
    kita.set(silent=True)
    with pytest.raises(HomeAssistantError) as raised:
        await ask(office, "switch_audio_off")
    assert raised.value.translation_key == "unreachable"
    assert await office.entries("setting_requested") == []


async def test_a_camera_that_died_since_is_a_failed_attempt(
    kita: RunningCamera, office: Office, door: Door, start_station: Any
) -> None:
    """Nothing was set, and that is what is said and recorded."""
    request = await ask(office, "switch_audio_off")
    await kita.soap.stop()
    status, answer = await door.post("suzuki", request["token"])
    assert (status, answer["error"]) == (502, "unreachable")
    assert ("suzuki", "change_setting", f"camera/{office.camera_id}", "unreachable") in (
        await office.refusals()
    )
    await kita.soap.start()


# --- Refusals ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (None, "not_allowed_nobody"),
        ("machine", "not_allowed_not_human"),
        ("left", "not_allowed_inactive"),
        ("tablet", "not_allowed_tablet"),
        ("tanaka", "not_allowed_needs_exporter"),
    ],
)
async def test_who_may_not_ask(office: Office, person: str | None, reason: str) -> None:
    """Fail closed, and on the record, about that camera."""
    for action, data in (
        ("switch_audio_off", {}),
        ("set_resolution", EVIDENCE),
        ("set_clock", {}),
    ):
        with pytest.raises(ServiceValidationError) as raised:
            await office.call(person, action, camera=office.camera_id, **data)
        assert raised.value.translation_key == reason
    refused = (person, "change_setting", f"camera/{office.camera_id}", reason)
    assert refused in await office.refusals()
    assert await office.entries("setting_requested") == []


async def test_only_by_own_hand(hass: HomeAssistant, office: Office) -> None:
    """A script in somebody's name asks for nothing."""
    assert await async_setup_component(
        hass,
        "script",
        {
            "script": {
                "quiet": {
                    "sequence": [
                        {
                            "action": f"{DOMAIN}.switch_audio_off",
                            "data": {"camera": office.camera_id},
                        }
                    ]
                }
            }
        },
    )
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(
            "script", "quiet", blocking=True, context=Context(user_id="suzuki")
        )
    assert await office.entries("setting_requested") == []
    assert (
        "suzuki",
        "change_setting",
        f"camera/{office.camera_id}",
        "setting_not_by_own_hand",
    ) in (await office.refusals())


@pytest.mark.parametrize(
    ("action", "data", "key"),
    [
        ("switch_audio_off", {"camera": "nowhere"}, "action_field_invalid"),
        ("set_clock", {"ntp_server": "http://time.example/"}, "ntp_server_invalid"),
    ],
)
async def test_calls_that_make_no_sense(
    office: Office, action: str, data: dict[str, Any], key: str
) -> None:
    """They are given back with what to do."""
    with pytest.raises(ServiceValidationError) as raised:
        await office.call("suzuki", action, **{"camera": office.camera_id, **data})
    assert raised.value.translation_key == key


async def test_no_size_within_the_limit(hass: HomeAssistant, office: Office) -> None:
    """The section's limit and the camera do not fit together."""
    data = {**office.entry.data, "max_everyday_height": 100}
    hass.config_entries.async_update_entry(office.entry, data=data)
    await hass.async_block_till_done()
    with pytest.raises(ServiceValidationError) as raised:
        await ask(office, "set_resolution", resolution="everyday")
    assert raised.value.translation_key == "settings_no_size"


async def test_a_wrong_password_is_tried_once_and_does_not_touch_the_viewing_account(
    hass: HomeAssistant, kita: RunningCamera, office: Office, door: Door
) -> None:
    """One refused log-in at the camera per attempt; three, and the camera is left alone; polls go on."""
    kita.set(audio=True)
    request = await ask(office, "switch_audio_off")
    for left in (2, 1, 0):
        before = kita.soap.auth.refusals
        status, answer = await door.post(
            "suzuki", request["token"], {"username": "chief", "password": f"wrong-{left}"}
        )
        assert (status, answer["error"]) == (422, "settings_password_refused")
        assert answer["tries_left"] == left
        assert kita.soap.auth.refusals == before + 1
    status, answer = await door.post("suzuki", request["token"])
    assert (status, answer["error"]) == (410, "settings_link_tries")
    # Nor by another request, whoever makes it, until the camera has forgotten.
    request = await ask(office, "switch_audio_off", "sato")
    before = kita.soap.auth.refusals
    status, answer = await door.post("sato", request["token"])
    assert (status, answer["error"], answer["tries_left"]) == (429, "settings_held_back", 3)
    assert kita.soap.auth.refusals == before
    assert kita.camera.faults.audio
    await poll(hass)
    assert state(hass, kita.camera.config, "alive").state == "on"
    assert not [
        issue for issue in ir.async_get(hass).issues.values()
        if issue.translation_key == "password_refused"
    ]  # fmt: skip
    reasons = [reason for _, _, _, reason in await office.refusals()]
    assert {"settings_password_refused", "settings_link_tries", "settings_held_back"} <= set(
        reasons
    )


async def test_the_camera_is_asked_again_when_it_has_forgotten(
    kita: RunningCamera, office: Office, door: Door, clock: TickingDateTimeFactory
) -> None:
    """Ten minutes after three wrong passwords the right one gets in."""
    kita.set(audio=True)
    request = await ask(office, "switch_audio_off")
    for _ in range(3):
        await door.post("suzuki", request["token"], {"username": "chief", "password": "wrong"})
    await pass_time(office.hass, clock, timedelta(minutes=11))
    request = await ask(office, "switch_audio_off")
    status, answer = await door.post("suzuki", request["token"])
    assert (status, answer["done"]) == (200, True)


@pytest.mark.parametrize(
    ("name", "action"), [("viewer", "switch_audio_off"), ("operator", "set_clock")]
)
async def test_a_camera_user_without_the_right(
    kita: RunningCamera, office: Office, door: Door, name: str, action: str
) -> None:
    """The password is right and the user is not."""
    kita.set(audio=True, clock_offset=-100)
    request = await ask(office, action)
    form = {"username": name, "password": f"{name}-pass"}
    status, answer = await door.post("suzuki", request["token"], form)
    assert (status, answer["error"]) == (422, "settings_right_missing")
    assert kita.camera.faults.audio


async def test_a_value_that_the_camera_refuses(
    kita: RunningCamera, office: Office, door: Door
) -> None:
    """A fault in answer to the setting is said to be one."""
    kita.set(audio=True, quirks=[Quirk.AUDIO_FIXED])
    request = await ask(office, "switch_audio_off")
    status, answer = await door.post("suzuki", request["token"])
    assert (status, answer["error"]) == (422, "settings_rejected")


async def test_a_request_is_one_persons(
    hass: HomeAssistant,
    office: Office,
    door: Door,
    hass_client_no_auth: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Nobody else uses or sees it, and nobody at all without logging in."""
    office.camera.set(audio=True)
    request = await ask(office, "switch_audio_off")
    token = request["token"]
    stranger = await hass_client_no_auth()
    response = await stranger.post(f"/api/{DOMAIN}/settings/{token}", json=GOOD)
    assert response.status == 401
    for person in ("sato", "tanaka", "tablet"):
        status, answer = await door.post(person, token)
        assert (status, answer["error"]) == (403, "settings_link_of_another")
        client = await hass_ws_client(hass, await log_in(hass, person))
        await client.send_json_auto_id({"type": f"{DOMAIN}/settings_request", "token": token})
        shown = await client.receive_json()
        assert shown["error"]["translation_key"] == "settings_link_of_another"
        await client.close()
    assert (await door.post("suzuki", "no-such-token"))[0] == 404
    assert office.camera.camera.faults.audio
    client = await hass_ws_client(hass, await log_in(hass, "suzuki"))
    await client.send_json_auto_id({"type": f"{DOMAIN}/settings_request", "token": token})
    assert (await client.receive_json())["result"] == request


async def test_a_request_is_good_once_and_for_ten_minutes(
    kita: RunningCamera, office: Office, door: Door, clock: TickingDateTimeFactory
) -> None:
    """Used and expired ones are told apart, and recorded."""
    request = await ask(office, "switch_audio_off")
    assert (await door.post("suzuki", request["token"]))[0] == 200
    kita.set(audio=True)
    status, answer = await door.post("suzuki", request["token"])
    assert (status, answer["error"]) == (410, "settings_link_used")
    request = await ask(office, "switch_audio_off")
    await pass_time(office.hass, clock, timedelta(minutes=10, seconds=1))
    status, answer = await door.post("suzuki", request["token"])
    assert (status, answer["error"]) == (410, "settings_link_expired")
    # A clock that is set back does not bring it to life.
    clock.move_to(clock() - timedelta(minutes=10))
    status, answer = await door.post("suzuki", request["token"])
    assert (status, answer["error"]) == (410, "settings_link_expired")
    assert kita.camera.faults.audio
    reasons = [reason for _, _, _, reason in await office.refusals()]
    assert reasons[:2] == ["settings_link_used", "settings_link_expired"]


async def test_whoever_lost_the_role_meanwhile_changes_nothing(
    hass: HomeAssistant, kita: RunningCamera, office: Office, door: Door
) -> None:
    """The person is looked at again when the password is given."""
    kita.set(audio=True)
    request = await ask(office, "switch_audio_off")
    hass.config_entries.async_update_entry(
        office.entry, data={**office.entry.data, "approvers": [], "exporters": []}
    )
    await hass.async_block_till_done()
    status, answer = await door.post("suzuki", request["token"])
    assert (status, answer["error"]) == (403, "not_allowed_needs_exporter")
    assert kita.camera.faults.audio


@pytest.mark.parametrize(
    "sent",
    [
        {"data": b"", "headers": {"Content-Type": "application/json"}},
        {"data": b"{", "headers": {"Content-Type": "application/json"}},
        {"data": b"\xff\xfe", "headers": {"Content-Type": "application/json"}},
        {"data": b"[" * 4000, "headers": {"Content-Type": "application/json"}},
        {"data": b'"' + b"x" * 10000 + b'"', "headers": {"Content-Type": "application/json"}},
        {"data": b'{"username":"chief","password":"chief-pass"}', "headers": {"Content-Type": "text/plain"}},
        {"data": b"username=chief&password=chief-pass", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        {"json": ["chief", "chief-pass"]},
        {"json": {"username": "chief"}},
        {"json": {"username": "", "password": "chief-pass"}},
        {"json": {"username": "chief", "password": ""}},
        {"json": {"username": "chief", "password": 12345}},
        {"json": {"username": "chief", "password": "x" * 300}},
        {"json": {"username": "chief", "password": "chief-pass", "camera": "another"}},
    ],
)  # fmt: skip
async def test_forms_that_are_none(
    kita: RunningCamera, office: Office, door: Door, sent: dict[str, Any], hass: HomeAssistant
) -> None:
    """Bounded, refused, not echoed; the camera hears nothing of it and no try is lost."""
    kita.set(audio=True)
    request = await ask(office, "switch_audio_off")
    before = len(kita.soap.calls)
    body = sent.get("json")
    status, answer = await door.post("suzuki", request["token"], body, **({} if body else sent))
    assert (status, answer["error"], answer["tries_left"]) == (400, "settings_form_invalid", 3)
    assert "chief-pass" not in str(answer)
    assert not [
        call
        for call in kita.soap.calls[before:]
        if call.startswith(("SetVideo", "SetN", "SetSystem", "Remove"))
    ]
    assert kita.camera.faults.audio


async def test_two_at_once_are_one(kita: RunningCamera, office: Office, door: Door) -> None:
    """While one change is made at a camera, a second one is told to wait and costs no try."""
    kita.set(audio=True, slow=0.2)
    first = await ask(office, "switch_audio_off")
    second = await ask(office, "set_resolution", "sato", **EVIDENCE)
    (one, two) = await asyncio.gather(
        door.post("suzuki", first["token"]), door.post("sato", second["token"])
    )
    assert sorted((one[0], two[0])) == [200, 409]
    busy = one if one[0] == 409 else two
    assert (busy[1]["error"], busy[1]["tries_left"]) == ("settings_busy", 3)


async def test_without_a_ledger_nothing_is_changed(
    hass: HomeAssistant, kita: RunningCamera, office: Office, door: Door
) -> None:
    """What cannot be recorded is not done."""
    kita.set(audio=True)
    request = await ask(office, "switch_audio_off")
    await office.evidence.ledger.close()
    status, answer = await door.post("suzuki", request["token"])
    assert (status, answer["error"]) == (503, "ledger_unavailable")
    assert kita.camera.faults.audio
    with pytest.raises(HomeAssistantError) as raised:
        await ask(office, "switch_audio_off")
    assert raised.value.translation_key == "ledger_unavailable"
    await office.evidence.ledger.open()


async def test_the_repair_of_a_picture_that_is_too_tall(
    hass: HomeAssistant, kita: RunningCamera, office: Office
) -> None:
    """Nobody answers for it, so it is to be fixed; a camera that left takes its repairs along."""
    hass.config_entries.async_update_entry(
        office.entry, data={**office.entry.data, "max_everyday_height": 180}
    )
    await hass.async_block_till_done()
    await seen(hass, lambda: "resolution_too_high" in issues(hass))
    (subentry,) = office.entry.subentries
    hass.config_entries.async_remove_subentry(office.entry, subentry)
    await hass.async_block_till_done()
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=2))
    await hass.async_block_till_done()
    assert issues(hass) == set()


# --- What the panel asks for ------------------------------------------------------------------------------


async def test_what_the_panel_is_told(
    hass: HomeAssistant, kita: RunningCamera, office: Office, hass_ws_client: WebSocketGenerator
) -> None:
    """Quickly what the polls know; of one camera also what it offers; not to a tablet."""
    client = await hass_ws_client(hass, await log_in(hass, "tanaka"))
    await client.send_json_auto_id({"type": f"{DOMAIN}/camera_settings"})
    answer = (await client.receive_json())["result"]
    assert answer["may"] is False
    (one,) = answer["cameras"]
    assert (one["camera"], one["name"], one["read"]) == (office.camera_id, "kita", False)
    assert one["resolution"]["everyday"] is None
    await client.close()

    client = await hass_ws_client(hass, await log_in(hass, "suzuki"))
    for named in (office.camera_id, one["device_id"]):
        await client.send_json_auto_id({"type": f"{DOMAIN}/camera_settings", "camera": named})
        answer = (await client.receive_json())["result"]
        assert answer["may"] is True
        (one,) = answer["cameras"]
        assert (one["read"], one["error"], one["raised"]) == (True, None, None)
        assert one["resolution"] == {
            "now": {"width": 640, "height": 360},
            "recorded": True,
            "everyday": {"width": 640, "height": 360},
            "evidence": {"width": 960, "height": 540},
            "max_everyday_height": 360,
            "within_limit": True,
        }
        assert (one["clock"]["mode"], one["clock"]["ntp"]) == ("ntp", "ntp.example")
        assert one["audio"]["allowed"] is False
    await client.send_json_auto_id({"type": f"{DOMAIN}/camera_settings", "camera": "nowhere"})
    refused = await client.receive_json()
    assert refused["error"]["translation_key"] == "camera_unknown"
    await client.close()

    client = await hass_ws_client(hass, await log_in(hass, "tablet"))
    await client.send_json_auto_id({"type": f"{DOMAIN}/camera_settings"})
    refused = await client.receive_json()
    assert refused["error"]["translation_key"] == "not_allowed_tablet"
