"""Adding and changing what belongs to the section beside the way to a camera: reports, cameras without a network, tablets."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from homeassistant.auth.const import GROUP_ID_ADMIN
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigSubentry,
    SubentryFlowContext,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockGroup, MockUser

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.device.camera import StationCamera
from custom_components.niiza_cctv.lib.device.errors import CameraAsksForBasic
from custom_components.niiza_cctv.lib.inbound.passwords import verify_password
from simulator.camera import AuthMode, Quirk
from simulator.running import RunningCamera
from simulator.station import Station
from tests.section import POLICY, camera_data, section_entry, set_up, unique_id_of, until
from tests.station import camera_config


async def begin(
    hass: HomeAssistant, entry: MockConfigEntry, kind: str, change: str | None = None
) -> Any:
    """Open the form of something new, or of the subentry `change`."""
    context = SubentryFlowContext(source=SOURCE_USER)
    if change is not None:
        context = SubentryFlowContext(source=SOURCE_RECONFIGURE, subentry_id=change)
    return await hass.config_entries.subentries.async_init((entry.entry_id, kind), context=context)


async def submit(hass: HomeAssistant, result: Any, form: dict[str, Any]) -> Any:
    """Submit a form."""
    return await hass.config_entries.subentries.async_configure(result["flow_id"], form)


def suggested(result: Any) -> dict[str, Any]:
    """Return the values that a form shows."""
    return {
        marker.schema: marker.description["suggested_value"]
        for marker in result["data_schema"].schema
        if marker.description
    }


def only(entry: MockConfigEntry, kind: str) -> ConfigSubentry:
    """Return the only subentry of a kind."""
    subentries: list[ConfigSubentry] = list(entry.get_subentries_of_type(kind))
    (subentry,) = subentries
    return subentry


# --- What a camera reports ------------------------------------------------------------------------------------


@pytest.fixture
async def two(start_station: Callable[..., Awaitable[Station]]) -> list[RunningCamera]:
    """Return two cameras."""
    station = await start_station(camera_config("kita"), camera_config("minami"))
    return list(station.cameras.values())


async def choose(hass: HomeAssistant, entry: MockConfigEntry, step: str, camera: int = 0) -> Any:
    """Open one of a camera's forms."""
    subentry = entry.get_subentries_of_type("camera")[camera]
    result = await begin(hass, entry, "camera", subentry.subentry_id)
    return await submit(hass, result, {"next_step_id": step})


async def test_recipient_and_interval_of_the_mails_are_kept(
    hass: HomeAssistant, two: list[RunningCamera]
) -> None:
    """The complete address is shown, two cameras never share one, and nothing else of the camera changes."""
    entry = section_entry(*two)
    entry.add_to_hass(hass)
    kita, minami = entry.get_subentries_of_type("camera")
    before = dict(kita.data)
    result = await choose(hass, entry, "mail")
    derived = result["description_placeholders"]["address"].partition("@")[0]
    assert derived
    assert suggested(result) == {"mail_recipient": "", "mail_interval": 0}
    for wrong in ("kita@station", "北口", "kita station", "a" * 65):
        result = await submit(hass, result, {"mail_recipient": wrong, "mail_interval": 0})
        assert result["errors"] == {"mail_recipient": "recipient_invalid"}, wrong
    with pytest.raises(InvalidData):
        await submit(hass, result, {"mail_recipient": "", "mail_interval": -1})
    result = await submit(hass, result, {"mail_recipient": " Kita.Guchi ", "mail_interval": 60})
    assert result["reason"] == "reconfigure_successful"
    assert kita.data == before | {"mail_recipient": "kita.guchi", "mail_interval": 60}
    assert kita.title == "kita"

    result = await choose(hass, entry, "mail")
    assert result["description_placeholders"]["address"].startswith("kita.guchi@")
    result = await choose(hass, entry, "mail", camera=1)
    for taken in ("kita.guchi", "KITA.GUCHI"):
        result = await submit(hass, result, {"mail_recipient": taken, "mail_interval": 0})
        assert result["errors"] == {"mail_recipient": "recipient_taken"}
    # What the other one left is free.
    await submit(hass, result, {"mail_recipient": derived, "mail_interval": 0})
    assert minami.data["mail_recipient"] == derived
    # And so it can not go back to it.
    result = await choose(hass, entry, "mail")
    result = await submit(hass, result, {"mail_recipient": "", "mail_interval": 60})
    assert result["errors"] == {"mail_recipient": "recipient_taken"}


async def test_password_for_reports_is_made_shown_once_and_kept_as_a_hash(
    hass: HomeAssistant, two: list[RunningCamera]
) -> None:
    """What was shown is valid only when the person said so, and nobody can show it again."""
    entry = section_entry(*two)
    entry.add_to_hass(hass)
    kita = entry.get_subentries_of_type("camera")[0]
    before = dict(kita.data)
    result = await choose(hass, entry, "address")
    assert result["description_placeholders"]["url"].endswith("/nic/update")
    shown = suggested(result)
    assert shown == {"address_id": shown["address_id"], "generate": True}
    assert shown["address_id"] == unique_id_of(two[0].camera.config).replace(" ", "-")
    form = {"address_id": " Kita-1 ", "generate": True, "password": ""}
    result = await submit(hass, result, form)
    assert result["step_id"] == "address_password"
    first = result["description_placeholders"]["password"]
    assert len(first) == 20
    assert result["description_placeholders"]["id"] == "kita-1"
    # Closed without saying so: nothing happened.
    assert kita.data == before
    result = await submit(hass, await choose(hass, entry, "address"), form)
    second = result["description_placeholders"]["password"]
    assert second != first
    result = await submit(hass, result, {})
    assert result["reason"] == "reconfigure_successful"
    hashed = kita.data["address_password"]
    assert kita.data == before | {"address_id": "kita-1", "address_password": hashed}
    assert second not in str(dict(kita.data))
    assert await hass.async_add_executor_job(verify_password, second, hashed)
    assert not await hass.async_add_executor_job(verify_password, first, hashed)

    # Known now: none is made unless asked for, and the present one stays.
    result = await choose(hass, entry, "address")
    assert suggested(result) == {"address_id": "kita-1", "generate": False}
    await submit(hass, result, {"address_id": "kita-2", "generate": False, "password": ""})
    assert kita.data["address_id"] == "kita-2"
    assert kita.data["address_password"] == hashed
    # A typed one comes first.
    result = await choose(hass, entry, "address")
    typed = "kanshi camera 2026"
    await submit(hass, result, {"address_id": "kita-2", "generate": True, "password": typed})
    assert await hass.async_add_executor_job(verify_password, typed, kita.data["address_password"])
    # Without an id there are no reports, and no password is left behind.
    result = await choose(hass, entry, "address")
    await submit(hass, result, {"address_id": "", "generate": False, "password": ""})
    assert kita.data == before | {"address_id": "", "address_password": ""}


async def test_mistakes_in_reports_are_named(hass: HomeAssistant, two: list[RunningCamera]) -> None:
    """An id that another camera has, or that no camera's form takes, and a weak password are refused."""
    entry = section_entry(*two)
    entry.add_to_hass(hass)
    result = await choose(hass, entry, "address", camera=1)
    form = {"address_id": "minami", "generate": False, "password": "long enough a word"}
    await submit(hass, result, form)
    result = await choose(hass, entry, "address")
    for changes, errors in (
        ({"address_id": "北口"}, {"address_id": "address_id_invalid"}),
        ({"address_id": "-kita"}, {"address_id": "address_id_invalid"}),
        ({"address_id": "kita:1"}, {"address_id": "address_id_invalid"}),
        ({"address_id": "a" * 64}, {"address_id": "address_id_invalid"}),
        ({"address_id": "Minami"}, {"address_id": "address_id_taken"}),
        ({"password": "too short"}, {"password": "address_password_length"}),
        ({"password": "x" * 257}, {"password": "address_password_length"}),
        ({"password": ""}, {"password": "address_password_missing"}),
    ):
        result = await submit(hass, result, form | {"address_id": "kita"} | changes)
        assert result["errors"] == errors, changes
        assert "password" not in suggested(result)
    result = await submit(hass, result, form | {"address_id": "kita"})
    assert result["reason"] == "reconfigure_successful"


async def test_new_way_to_a_camera_leaves_its_reports_alone(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """What was set of mails while the form was open is not taken back."""
    entry = section_entry(kita)
    entry.add_to_hass(hass)
    subentry = only(entry, "camera")
    result = await choose(hass, entry, "connection")
    reports = {"mail_recipient": "kita", "mail_interval": 5, "address_id": "kita-1"}
    hass.config_entries.async_update_subentry(entry, subentry, data=dict(subentry.data) | reports)
    form = {key: subentry.data[key] for key in ("host", "port", "ssl", "verify_ssl", "username")}
    result = await submit(hass, result, form | {"name": "北口"})
    assert result["reason"] == "reconfigure_successful"
    learnt = {"digest_only": True}
    assert subentry.data == camera_data(kita, macs=subentry.data["macs"]) | reports | learnt


async def test_readable_passwords_are_allowed_again_by_a_person_alone(
    hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]]
) -> None:
    """What a camera was seen to take outlives restarts and other changes; one tick has it asked anew."""
    station = await start_station(camera_config("kita"))
    kita = station.cameras["kita"]
    entry = await set_up(hass, kita)
    subentry = only(entry, "camera")
    # Set back on site: it knows no digest any more.
    kita.camera.config = replace(kita.camera.config, auth=AuthMode.WSSE)
    kita.set(quirks=[Quirk.SNAPSHOT_BASIC, Quirk.RTSP_BASIC])

    def kept() -> Any:
        return subentry.data["digest_only"]

    def camera() -> StationCamera:
        (coordinator,) = entry.runtime_data.cameras.values()
        found: StationCamera = coordinator.camera
        return found

    async def refused() -> bool:
        with pytest.raises(CameraAsksForBasic):
            await camera().still()
        (coordinator,) = entry.runtime_data.cameras.values()
        with pytest.raises(CameraAsksForBasic):
            await coordinator.async_live()
        return not (await coordinator.async_prove()).pictures

    assert await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: camera().status.alive and camera().status.error is None)
    assert await refused()
    form = {key: subentry.data[key] for key in ("host", "port", "ssl", "verify_ssl", "username")}
    result = await choose(hass, entry, "connection")
    await submit(hass, result, form | {"name": "北口"})
    assert kept() is True
    assert await refused()
    result = await choose(hass, entry, "connection")
    assert suggested(result).get("forget_digest") in {None, False}
    await submit(hass, result, form | {"name": "北口", "forget_digest": True})
    assert kept() is False
    await until(lambda: camera().credential.may_be_readable and camera().status.alive)
    await until(lambda: camera().status.error is None)
    assert (await camera().still() or b"").startswith(b"\xff\xd8")


# --- Cameras without a network --------------------------------------------------------------------------------


async def test_camera_without_a_network_is_added_and_changed(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """It gets its id once, and the section that runs shows it at once."""
    entry = await set_up(hass, kita)
    result = await begin(hass, entry, "offline_camera")
    form = {
        "name": " 旧駅舎 ",
        "location": "改札の上",
        "manufacturer": "",
        "model": "X-1",
        "serial": " 0042 ",
    }
    for name in (" ", "駅" * 61):
        result = await submit(hass, result, form | {"name": name})
        assert result["errors"] == {"name": "name_length"}
    result = await submit(hass, result, form)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    subentry = only(entry, "offline_camera")
    assert subentry.title == "旧駅舎"
    assert subentry.data == {
        "location": "改札の上",
        "manufacturer": "",
        "model": "X-1",
        "serial": "0042",
    }
    unique_id = subentry.unique_id
    assert unique_id is not None
    assert unique_id.startswith("offline-")
    assert unique_id == unique_id.lower()
    await hass.async_block_till_done()
    assert unique_id in {each.id for each in entry.runtime_data.cameras.assets()}

    result = await begin(hass, entry, "offline_camera", subentry.subentry_id)
    assert suggested(result) == dict(subentry.data) | {"name": "旧駅舎"}
    result = await submit(hass, result, form | {"name": "旧駅舎 2階", "serial": ""})
    assert result["reason"] == "reconfigure_successful"
    assert (subentry.title, subentry.data["serial"]) == ("旧駅舎 2階", "")
    assert subentry.unique_id == unique_id

    # The same again is another camera.
    result = await begin(hass, entry, "offline_camera")
    await submit(hass, result, form)
    assert len({each.unique_id for each in entry.get_subentries_of_type("offline_camera")}) == 2


# --- Tablets --------------------------------------------------------------------------------------------------


@pytest.fixture
def staff(hass: HomeAssistant) -> dict[str, MockUser]:
    """Return people, a tablet's user, and who is no use for a tablet."""
    admins = MockGroup(id=GROUP_ID_ADMIN)
    users = {
        name: MockUser(
            name=name,
            id=name,
            is_active=name != "left",
            system_generated=name == "machine",
            groups=[admins] if name == "chief" else None,
        )
        for name in ("sato", "suzuki", "panel", "panel2", "chief", "left", "machine")
    }
    for user in users.values():
        user.add_to_hass(hass)
    return users


def roles(**changes: list[str]) -> dict[str, list[str]]:
    """Return the section's lists."""
    return {
        "viewers": ["sato", "panel"],
        "exporters": ["sato"],
        "approvers": ["suzuki"],
        "tablets": [],
    } | changes


def companion(hass: HomeAssistant, user_id: str, title: str) -> MockConfigEntry:
    """Register a companion app, as Home Assistant keeps it."""
    app = MockConfigEntry(
        domain="mobile_app", title=title, data={"user_id": user_id, "webhook_id": title}
    )
    app.add_to_hass(hass)
    return app


def section(hass: HomeAssistant, **changes: list[str]) -> MockConfigEntry:
    """Return a section with these lists."""
    entry = section_entry(**roles(**changes))
    entry.add_to_hass(hass)
    return entry


async def test_tablet_is_added_with_its_app(
    hass: HomeAssistant, staff: dict[str, MockUser]
) -> None:
    """Only the apps of its own user are offered."""
    entry = section(hass)
    companion(hass, "sato", "Phone of Sato")
    app = companion(hass, "panel", "Tablet")
    result = await begin(hass, entry, "tablet")
    result = await submit(hass, result, {"name": " 会議室 ", "user_id": "panel"})
    assert result["step_id"] == "app"
    (field,) = result["data_schema"].schema.values()
    assert field.config["options"] == [{"value": app.entry_id, "label": "Tablet"}]
    result = await submit(hass, result, {"notify": app.entry_id})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    tablet = only(entry, "tablet")
    assert tablet.title == "会議室"
    assert tablet.unique_id == "tablet-panel"
    assert tablet.data == {"user_id": "panel", "notify": app.entry_id}


async def test_tablet_needs_no_app(hass: HomeAssistant, staff: dict[str, MockUser]) -> None:
    """A browser will do; where there is an app, none may be chosen all the same."""
    entry = section(hass)
    result = await begin(hass, entry, "tablet")
    result = await submit(hass, result, {"name": "会議室", "user_id": "panel"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert only(entry, "tablet").data == {"user_id": "panel", "notify": ""}
    app = companion(hass, "panel", "Tablet")
    tablet = only(entry, "tablet")
    form = {"name": "会議室", "user_id": "panel"}
    result = await submit(hass, await begin(hass, entry, "tablet", tablet.subentry_id), form)
    await submit(hass, result, {"notify": app.entry_id})
    assert tablet.data["notify"] == app.entry_id
    result = await submit(hass, await begin(hass, entry, "tablet", tablet.subentry_id), form)
    assert suggested(result) == {"notify": app.entry_id}
    await submit(hass, result, {})
    assert tablet.data["notify"] == ""


@pytest.mark.parametrize(
    ("user", "error"),
    [
        ("sato", "tablet_decides"),
        ("suzuki", "tablet_decides"),
        ("chief", "tablet_admin"),
        ("panel2", "tablet_taken"),
    ],
)
async def test_user_who_is_no_use_for_a_tablet_is_refused_with_the_reason(
    hass: HomeAssistant, staff: dict[str, MockUser], user: str, error: str
) -> None:
    """Whoever exports or approves would lose that; an administrator could take any restriction off."""
    entry = section(hass, viewers=["sato", "panel", "panel2"])
    result = await begin(hass, entry, "tablet")
    await submit(hass, result, {"name": "受付", "user_id": "panel2"})
    result = await begin(hass, entry, "tablet")
    result = await submit(hass, result, {"name": "会議室", "user_id": user})
    assert result["errors"] == {"user_id": error}
    result = await submit(hass, result, {"name": "  ", "user_id": "panel"})
    assert result["errors"] == {"name": "name_length"}
    result = await submit(hass, result, {"name": "会議室", "user_id": "panel"})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_who_can_be_a_tablet_s_user_is_offered_first(
    hass: HomeAssistant, staff: dict[str, MockUser]
) -> None:
    """Without a value the page would choose the first by itself; here nobody is chosen."""
    result = await begin(hass, section(hass), "tablet")
    offered = [
        option["value"] for option in result["data_schema"].schema["user_id"].config["options"]
    ]
    assert offered == ["panel", "panel2", "sato", "suzuki", "chief"]
    assert suggested(result)["user_id"] == ""


async def test_not_even_the_only_one_who_can_be_a_tablet_s_user_is_chosen(
    hass: HomeAssistant, staff: dict[str, MockUser]
) -> None:
    """The one who is left may be anybody's user; a tablet that is changed shows whose it is."""
    entry = section(hass)
    result = await begin(hass, entry, "tablet")
    await submit(hass, result, {"name": "会議室", "user_id": "panel"})
    assert suggested(await begin(hass, entry, "tablet"))["user_id"] == ""
    tablet = only(entry, "tablet")
    result = await begin(hass, entry, "tablet", tablet.subentry_id)
    assert suggested(result)["user_id"] == "panel"


@pytest.mark.parametrize("user", ["left", "machine", "nobody"])
async def test_only_people_are_offered(
    hass: HomeAssistant, staff: dict[str, MockUser], user: str
) -> None:
    """Home Assistant's own users, inactive ones and invented ones cannot be sent either."""
    result = await begin(hass, section(hass), "tablet")
    with pytest.raises(InvalidData):
        await submit(hass, result, {"name": "会議室", "user_id": user})


@pytest.mark.parametrize(
    ("lists", "step"),
    [
        ({"viewers": ["panel"]}, "only_viewer"),
        # Another tablet is no person.
        ({"viewers": ["panel", "panel2"], "tablets": ["panel2"]}, "only_viewer"),
        # Nor is somebody who left.
        ({"viewers": ["panel", "left"]}, "only_viewer"),
        ({"viewers": ["sato"]}, "not_viewer"),
        ({"viewers": []}, "not_viewer"),
    ],
)
async def test_what_may_not_be_meant_is_said_first(
    hass: HomeAssistant, staff: dict[str, MockUser], lists: dict[str, list[str]], step: str
) -> None:
    """A tablet that sees no recordings, or that alone sees them, is kept when the person knows."""
    entry = section(hass, **lists)
    result = await begin(hass, entry, "tablet")
    result = await submit(hass, result, {"name": "会議室", "user_id": "panel"})
    assert result["step_id"] == step
    assert not entry.subentries
    result = await submit(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert only(entry, "tablet").data["user_id"] == "panel"


async def test_tablet_that_gets_another_user_keeps_its_identity(
    hass: HomeAssistant, staff: dict[str, MockUser]
) -> None:
    """Its checks are the tablet's, and its former user may be given to a new one."""
    entry = section(hass, viewers=["sato", "panel", "panel2"])
    app = companion(hass, "panel", "Tablet")
    result = await begin(hass, entry, "tablet")
    result = await submit(hass, result, {"name": "会議室", "user_id": "panel"})
    await submit(hass, result, {"notify": app.entry_id})
    tablet = only(entry, "tablet")
    result = await begin(hass, entry, "tablet", tablet.subentry_id)
    assert suggested(result) == {"name": "会議室", "user_id": "panel"}
    result = await submit(hass, result, {"name": "受付", "user_id": "panel2"})
    assert result["reason"] == "reconfigure_successful"
    # The app is the former user's.
    assert tablet.data == {"user_id": "panel2", "notify": ""}
    assert (tablet.title, tablet.unique_id) == ("受付", "tablet-panel")

    result = await begin(hass, entry, "tablet")
    result = await submit(hass, result, {"name": "会議室", "user_id": "panel"})
    result = await submit(hass, result, {"notify": app.entry_id})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    unique_ids = {each.unique_id for each in entry.get_subentries_of_type("tablet")}
    assert len(unique_ids) == 2


async def test_tablet_whose_user_was_deleted_gets_another(
    hass: HomeAssistant, staff: dict[str, MockUser]
) -> None:
    """A repair says so; the form does not offer whom there is no more."""
    entry = section(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    result = await begin(hass, entry, "tablet")
    await submit(hass, result, {"name": "会議室", "user_id": "panel"})
    await hass.async_block_till_done()
    tablet = only(entry, "tablet")
    issues = ir.async_get(hass)
    issue_id = f"tablet_user_gone_{tablet.subentry_id}"
    assert issues.async_get_issue(DOMAIN, issue_id) is None
    await hass.auth.async_remove_user(staff["panel"])
    await hass.async_block_till_done()
    issue = issues.async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    assert issue.translation_placeholders == {"tablet": "会議室"}

    result = await begin(hass, entry, "tablet", tablet.subentry_id)
    assert suggested(result) == {"name": "会議室", "user_id": ""}
    result = await submit(hass, result, {"name": "会議室", "user_id": "panel2"})
    assert result["step_id"] == "not_viewer"
    await submit(hass, result, {})
    await hass.async_block_till_done()
    assert issues.async_get_issue(DOMAIN, issue_id) is None


async def test_repair_of_a_tablet_goes_with_it(
    hass: HomeAssistant, staff: dict[str, MockUser]
) -> None:
    """A user who becomes an administrator or is locked out is reported until the tablet is removed."""
    entry = section(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    result = await begin(hass, entry, "tablet")
    await submit(hass, result, {"name": "会議室", "user_id": "panel"})
    tablet = only(entry, "tablet")

    def issues() -> set[str]:
        return {
            issue.translation_key or ""
            for issue in ir.async_get(hass).issues.values()
            if issue.domain == DOMAIN and issue.issue_id.endswith(tablet.subentry_id)
        }

    await hass.auth.async_update_user(staff["panel"], group_ids=[GROUP_ID_ADMIN])
    await hass.async_block_till_done()
    assert issues() == {"tablet_user_admin"}
    await hass.auth.async_update_user(staff["panel"], is_active=False)
    await hass.async_block_till_done()
    assert issues() == {"tablet_user_gone"}
    hass.config_entries.async_remove_subentry(entry, tablet.subentry_id)
    await hass.async_block_till_done()
    assert issues() == set()


async def test_user_of_a_tablet_gets_no_role_that_decides(
    hass: HomeAssistant, staff: dict[str, MockUser]
) -> None:
    """The section's form refuses what the tablet's form refuses; who watches is another matter."""
    entry = section(hass, viewers=["sato"])
    result = await begin(hass, entry, "tablet")
    result = await submit(hass, result, {"name": "会議室", "user_id": "panel"})
    await submit(hass, result, {})
    assert await hass.config_entries.async_setup(entry.entry_id)
    result = await entry.start_reconfigure_flow(hass)
    policy = {key: entry.data[key] for key in POLICY} | {"max_everyday_height": "720"}
    form: dict[str, Any] = {"name": "防犯課", "policy": policy, "evidence": {}}
    for wrong in ({"exporters": ["sato", "panel"]}, {"approvers": ["panel"]}):
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], form | {"roles": roles() | wrong}
        )
        assert result["errors"] == {"base": "tablet_decides"}, wrong
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], form | {"roles": roles()}
    )
    assert result["reason"] == "reconfigure_successful"
    assert entry.data["viewers"] == ["sato", "panel"]
    # The tablet itself stands in no list.
    assert entry.data["tablets"] == []
