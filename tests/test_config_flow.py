"""Setting up and changing the section and its cameras, as a person does it."""

from collections.abc import Awaitable, Callable
import socket
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER, SubentryFlowContext
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import pytest_socket

from custom_components.niiza_cctv.const import DOMAIN, SUBENTRY_CAMERA
from custom_components.niiza_cctv.lib.ledger.store import Ledger
from simulator.camera import Garbage, Quirk
from simulator.running import RunningCamera
from simulator.station import Station
from tests.section import NO_ROLES, POLICY, camera_data, section_entry, set_up, unique_id_of, until
from tests.station import camera_config

FORM_POLICY = POLICY | {"max_everyday_height": "720"}
EVIDENCE = {
    "keep_days": 30,
    "bin_days": 7,
    "quota_gb": 50,
    "evidence_folder": "",
    "db_url": "",
    "approve_by_button": False,
    "japanese_era": False,
}


def form(name: str = "交通防犯課", /, **changes: Any) -> dict[str, Any]:
    """Return the section's form as a person fills it in."""
    return {
        "name": name,
        "policy": FORM_POLICY | {key: value for key, value in changes.items() if key in POLICY},
        "roles": NO_ROLES | {key: value for key, value in changes.items() if key in NO_ROLES},
        "evidence": {key: value for key, value in changes.items() if key in EVIDENCE},
    }


def connection(running: RunningCamera, **changes: Any) -> dict[str, Any]:
    """Return the camera's form as a person fills it in."""
    return {
        "name": "北口",
        "host": "127.0.0.1",
        "port": running.http_port,
        "ssl": False,
        "verify_ssl": True,
        "username": "viewer",
        "password": "viewer-pass",
    } | changes


async def configure(hass: HomeAssistant, flow_id: str, form: dict[str, Any] | None = None) -> Any:
    """Submit a form of a camera."""
    return await hass.config_entries.subentries.async_configure(flow_id, form)


async def start_camera_flow(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Open the form of a camera that is typed in."""
    result = await hass.config_entries.subentries.async_init(
        (entry.entry_id, SUBENTRY_CAMERA), context=SubentryFlowContext(source=SOURCE_USER)
    )
    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == ["search", "manual"]
    result = await configure(hass, result["flow_id"], {"next_step_id": "manual"})
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "manual"
    assert not result["errors"]
    flow_id: str = result["flow_id"]
    return flow_id


async def start_reconfigure(hass: HomeAssistant, entry: MockConfigEntry) -> Any:
    """Open the form that changes how the entry's only camera is reached."""
    (subentry_id,) = entry.subentries
    result = await hass.config_entries.subentries.async_init(
        (entry.entry_id, SUBENTRY_CAMERA),
        context=SubentryFlowContext(source=SOURCE_RECONFIGURE, subentry_id=subentry_id),
    )
    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == ["connection", "mail", "address", "acceptance"]
    return await configure(hass, result["flow_id"], {"next_step_id": "connection"})


def suggested(result: Any, section: str | None = None) -> dict[str, Any]:
    """Return the values that a form, or a section of it, shows."""
    schema = result["data_schema"].schema
    if section is not None:
        schema = schema[section].schema.schema
    return {
        marker.schema: marker.description["suggested_value"]
        for marker in schema
        if marker.description
    }


async def test_section_is_set_up_and_leads_to_the_first_camera(
    hass: HomeAssistant, people: dict[str, MockUser]
) -> None:
    """Everything typed is kept, and the next form is a camera's."""
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.FORM
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"],
        form(
            retention_days=30,
            clock_tolerance=5,
            max_everyday_height="1080",
            viewers=["sato-id", "suzuki-id"],
            exporters=["sato-id"],
            approvers=["suzuki-id"],
            tablets=["sato-id"],
        ),
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "交通防犯課"
    assert result["data"] == POLICY | EVIDENCE | {
        "retention_days": 30,
        "clock_tolerance": 5,
        "max_everyday_height": 1080,
        "viewers": ["sato-id", "suzuki-id"],
        "exporters": ["sato-id"],
        "approvers": ["suzuki-id"],
        "tablets": ["sato-id"],
        # No request is known that it was part of.
        "set_up_by": None,
    }
    kind, flow_id = result["next_flow"]
    assert kind == "config_subentries_flow"
    assert hass.config_entries.subentries.async_get(flow_id)["step_id"] == "user"


async def test_there_is_one_section(hass: HomeAssistant) -> None:
    """A second section is refused."""
    section_entry().add_to_hass(hass)
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "single_instance_allowed"


@pytest.mark.parametrize("height", ["high", "0", "100000", "-720", ""])
async def test_height_must_be_one(hass: HomeAssistant, height: str) -> None:
    """A typed height that is none is refused, and the next try works."""
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], form(max_everyday_height=height)
    )
    assert result["errors"] == {"base": "invalid_height"}
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], form(max_everyday_height="600")
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["max_everyday_height"] == 600


async def test_nobody_approves_their_own_request(
    hass: HomeAssistant, people: dict[str, MockUser]
) -> None:
    """Roles that one person would hold alone are refused until a second one is named."""
    alone: dict[str, Any] = {role: ["sato-id"] for role in NO_ROLES}
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    result = await hass.config_entries.flow.async_configure(result["flow_id"], form(**alone))
    assert result["errors"] == {"base": "two_people"}
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], form(**alone | {"approvers": ["sato-id", "suzuki-id"]})
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_only_people_can_hold_roles(hass: HomeAssistant, people: dict[str, MockUser]) -> None:
    """Home Assistant's own users, inactive ones and invented ones are not offered."""
    people["suzuki"].is_active = False
    MockUser(name="Supervisor", id="machine-id", system_generated=True).add_to_hass(hass)
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    for user_id in ("suzuki-id", "machine-id", "nobody-id"):
        with pytest.raises(InvalidData):
            await hass.config_entries.flow.async_configure(
                result["flow_id"], form(viewers=[user_id])
            )
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], form(viewers=["sato-id"])
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_section_is_reconfigured(hass: HomeAssistant, people: dict[str, MockUser]) -> None:
    """Everything can be changed; mistakes are named."""
    entry = section_entry(viewers=["sato-id"])
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    result = await entry.start_reconfigure_flow(hass)
    assert result["step_id"] == "reconfigure"
    assert suggested(result)["name"] == "交通防犯課"
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], form("防犯課", max_everyday_height="x")
    )
    assert result["errors"] == {"base": "invalid_height"}
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], form("防犯課", retention_days=7, audio_allowed=True, tablets=["sato-id"])
    )
    assert result["reason"] == "reconfigure_successful"
    assert entry.title == "防犯課"
    assert entry.data == POLICY | NO_ROLES | EVIDENCE | {
        "retention_days": 7,
        "audio_allowed": True,
        "tablets": ["sato-id"],
    }


async def test_evidence_settings_are_tested_before_they_are_saved(
    hass: HomeAssistant,
    people: dict[str, MockUser],
    tmp_path_factory: pytest.TempPathFactory,
    socket_enabled: None,
) -> None:
    """A folder that others see, a backup takes or nobody can write to is refused, and so is a dead database."""
    # Outside the configuration folder.
    tmp_path = tmp_path_factory.mktemp("outside")
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    (tmp_path / "link").symlink_to(tmp_path / "media")
    (tmp_path / "file").write_text("")
    entry = section_entry(viewers=["sato-id"])
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    result = await entry.start_reconfigure_flow(hass)
    # What stands in no older entry has its default.
    assert suggested(result, "evidence")["keep_days"] == 30
    assert suggested(result, "evidence")["bin_days"] == 7
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    for changes, error in (
        ({"evidence_folder": "footage"}, "folder_not_absolute"),
        ({"evidence_folder": hass.config.path("www", "footage")}, "folder_served"),
        ({"evidence_folder": str(tmp_path / "media" / "footage")}, "folder_served"),
        ({"evidence_folder": str(tmp_path / "link" / "footage")}, "folder_served"),
        ({"evidence_folder": hass.config.path("footage")}, "folder_in_backup"),
        ({"evidence_folder": str(tmp_path / "file" / "footage")}, "folder_not_writable"),
        ({"db_url": "there"}, "db_url_invalid"),
        ({"db_url": "mysql://user:secret@127.0.0.1/ledger"}, "db_url_invalid"),
        ({"db_url": "sqlite:///relative.db"}, "db_url_invalid"),
        (
            {"db_url": f"postgresql+psycopg://user:secret@127.0.0.1:{closed}/ledger"},
            "db_unreachable",
        ),
    ):
        result = await hass.config_entries.flow.async_configure(result["flow_id"], form(**changes))
        assert result["errors"] == {"base": error}, changes
    assert "keep_days" not in entry.data
    kept = {
        "keep_days": 60,
        "bin_days": 14,
        "quota_gb": 100,
        "evidence_folder": str(tmp_path / "footage"),
        "db_url": f"sqlite:///{tmp_path / 'ledger.db'}",
        "approve_by_button": True,
        "japanese_era": True,
    }
    result = await hass.config_entries.flow.async_configure(result["flow_id"], form(**kept))
    assert result["reason"] == "reconfigure_successful"
    assert entry.data == POLICY | NO_ROLES | kept
    await hass.async_block_till_done()
    assert entry.runtime_data.evidence.vault.root == tmp_path / "footage"
    assert (tmp_path / "ledger.db").exists()


async def test_password_of_the_database_never_goes_back_to_a_browser(
    hass: HomeAssistant, people: dict[str, MockUser], socket_enabled: None
) -> None:
    """The form hides it, keeps it when the rest is unchanged, and sends it to no other server."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    url = f"postgresql+psycopg://niiza:s3cret@127.0.0.1:{closed}/ledger"
    entry = section_entry(db_url=url)
    entry.add_to_hass(hass)
    result = await entry.start_reconfigure_flow(hass)
    shown = suggested(result, "evidence")["db_url"]
    assert shown == url.replace("s3cret", "***")
    tried: list[str] = []

    def opened(url: str, chain: str) -> Ledger:
        tried.append(url)
        return Ledger(url, chain)

    with patch("custom_components.niiza_cctv.flows.section.Ledger", side_effect=opened):
        for typed in (shown, shown.replace("127.0.0.1", "127.0.0.2"), shown.replace("***", "new")):
            result = await hass.config_entries.flow.async_configure(
                result["flow_id"], form(db_url=typed)
            )
            assert result["errors"] == {"base": "db_unreachable"}
    assert tried == [url, shown.replace("127.0.0.1", "127.0.0.2"), shown.replace("***", "new")]
    result = await hass.config_entries.flow.async_configure(result["flow_id"], form())
    assert result["reason"] == "reconfigure_successful"
    assert entry.data["db_url"] == ""


async def test_camera_is_typed_in(hass: HomeAssistant, kita: RunningCamera) -> None:
    """A camera that answers is kept with who it is."""
    entry = section_entry()
    entry.add_to_hass(hass)
    flow_id = await start_camera_flow(hass, entry)
    result = await configure(hass, flow_id, connection(kita))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = entry.subentries.values()
    assert subentry.title == "北口"
    assert subentry.unique_id == unique_id_of(kita.camera.config)
    # Trying it showed already that it takes digests.
    learnt = {"digest_only": True}
    assert subentry.data == camera_data(kita, macs=subentry.data["macs"]) | learnt


@pytest.mark.parametrize(
    ("broken", "fixed", "error"),
    [
        ({"refuse_logins": True}, {"refuse_logins": False}, "password_refused"),
        ({"garbage": Garbage.HTML}, {"garbage": Garbage.NONE}, "answer_invalid"),
        ({"garbage": Garbage.ENTITY_BOMB}, {"garbage": Garbage.NONE}, "answer_invalid"),
        ({"quirks": [Quirk.NO_PROFILE_G]}, {"quirks": []}, "unsupported"),
    ],
)
async def test_camera_that_is_no_use_is_refused_with_its_reason(
    hass: HomeAssistant,
    kita: RunningCamera,
    broken: dict[str, Any],
    fixed: dict[str, Any],
    error: str,
) -> None:
    """Each fault has its own message, and the next try works without typing the password again."""
    entry = section_entry()
    entry.add_to_hass(hass)
    flow_id = await start_camera_flow(hass, entry)
    kita.set(**broken)
    result = await configure(hass, flow_id, connection(kita))
    assert result["errors"] == {"base": error}
    # The browser never gets the password back.
    assert "password" not in suggested(result)
    kita.set(**fixed)
    again = connection(kita)
    del again["password"]
    result = await configure(hass, flow_id, again)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = entry.subentries.values()
    assert subentry.data["password"] == "viewer-pass"


async def test_wrong_password_and_wrong_port_are_told_apart(
    hass: HomeAssistant, kita: RunningCamera, unused_tcp_port: int
) -> None:
    """A password is blamed only by the camera itself."""
    entry = section_entry()
    entry.add_to_hass(hass)
    flow_id = await start_camera_flow(hass, entry)
    result = await configure(hass, flow_id, connection(kita, port=unused_tcp_port))
    assert result["errors"] == {"base": "unreachable"}
    result = await configure(hass, flow_id, connection(kita, password="wrong"))
    assert result["errors"] == {"base": "password_refused"}
    result = await configure(hass, flow_id, connection(kita))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(("offset", "step"), [(420.0, "clock_fast"), (-420.0, "clock_slow")])
async def test_clock_that_is_off_is_told_and_may_be_accepted(
    hass: HomeAssistant, kita: RunningCamera, offset: float, step: str
) -> None:
    """A clock seven minutes off is no wrong password; the person learns how much and which way."""
    kita.set(clock_offset=offset)
    entry = section_entry()
    entry.add_to_hass(hass)
    flow_id = await start_camera_flow(hass, entry)
    result = await configure(hass, flow_id, connection(kita))
    assert result["step_id"] == step
    assert int(result["description_placeholders"]["seconds"]) == pytest.approx(420, abs=2)
    assert not entry.subentries
    result = await configure(hass, flow_id, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert len(entry.subentries) == 1


async def test_same_camera_twice_is_refused(hass: HomeAssistant, kita: RunningCamera) -> None:
    """A camera is known by itself, not by its address."""
    entry = section_entry(kita)
    entry.add_to_hass(hass)
    flow_id = await start_camera_flow(hass, entry)
    result = await configure(hass, flow_id, connection(kita))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_camera_without_identity_is_refused(
    hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]]
) -> None:
    """A camera that cannot be told apart from others would be mixed up with them."""
    station = await start_station(camera_config("kita", serial="0", mac=""))
    entry = section_entry()
    entry.add_to_hass(hass)
    flow_id = await start_camera_flow(hass, entry)
    result = await configure(hass, flow_id, connection(station.cameras["kita"]))
    assert result["errors"] == {"base": "no_identity"}


async def test_certificate_is_shown_and_pinned(
    hass: HomeAssistant, tls_kita: RunningCamera
) -> None:
    """A self-signed certificate is accepted by a person, once, by its fingerprint."""
    entry = section_entry()
    entry.add_to_hass(hass)
    flow_id = await start_camera_flow(hass, entry)
    result = await configure(hass, flow_id, connection(tls_kita, ssl=True))
    assert result["step_id"] == "certificate"
    shown = result["description_placeholders"]["fingerprint"]
    assert len(shown.split(":")) == 32
    result = await configure(hass, flow_id, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = entry.subentries.values()
    assert subentry.data["verify_ssl"] is False
    assert subentry.data["fingerprint"] == shown.replace(":", "").lower()

    # Reconfigured elsewhere, the fingerprint vouches no more.
    result = await start_reconfigure(hass, entry)
    result = await configure(
        hass, result["flow_id"], connection(tls_kita, host="localhost", ssl=True, verify_ssl=False)
    )
    assert result["step_id"] == "certificate"


async def test_turning_verification_off_asks_about_the_certificate(
    hass: HomeAssistant, tls_kita: RunningCamera, unused_tcp_port: int
) -> None:
    """No certificate is taken unseen; a camera that is away then is said to be."""
    entry = section_entry()
    entry.add_to_hass(hass)
    flow_id = await start_camera_flow(hass, entry)
    result = await configure(
        hass, flow_id, connection(tls_kita, ssl=True, verify_ssl=False, port=unused_tcp_port)
    )
    assert result["errors"] == {"base": "unreachable"}
    result = await configure(hass, flow_id, connection(tls_kita, ssl=True, verify_ssl=False))
    assert result["step_id"] == "certificate"
    result = await configure(hass, flow_id, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_camera_is_found_in_the_network(
    hass: HomeAssistant, socket_enabled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cameras found are listed by name and address; those set up already are left out."""
    # Multicast answers go to this machine's own address, which is not the only one that tests may use.
    monkeypatch.setattr(socket.socket, "connect", pytest_socket._true_connect)
    entry = section_entry()
    entry.add_to_hass(hass)
    flows = hass.config_entries.subentries

    async def search(flow_id: str) -> Any:
        result = await configure(hass, flow_id, {"next_step_id": "search"})
        assert result["type"] is FlowResultType.SHOW_PROGRESS
        assert result["progress_action"] == "search"
        await hass.async_block_till_done()
        return await configure(hass, flow_id)

    async def start() -> str:
        result = await flows.async_init(
            (entry.entry_id, SUBENTRY_CAMERA), context=SubentryFlowContext(source=SOURCE_USER)
        )
        flow_id: str = result["flow_id"]
        return flow_id

    async with Station([camera_config("kita")], discovery=True) as station:
        kita = station.cameras["kita"]
        flow_id = await start()
        result = await search(flow_id)
        assert result["step_id"] == "pick"
        (field,) = result["data_schema"].schema.values()
        (value,) = [
            option["value"]
            for option in field.config["options"]
            if option["label"] == "kita (127.0.0.1)"
        ]
        result = await configure(hass, flow_id, {"camera": value})
        assert result["step_id"] == "manual"
        assert suggested(result) == {
            "name": "kita",
            "host": "127.0.0.1",
            "port": kita.http_port,
            "ssl": False,
            "verify_ssl": True,
        }
        result = await configure(hass, flow_id, connection(kita))
        assert result["type"] is FlowResultType.CREATE_ENTRY

        flow_id = await start()
        result = await search(flow_id)
        assert result["type"] is FlowResultType.MENU
        assert result["step_id"] == "nothing_found"
        assert result["menu_options"] == ["search", "manual"]


async def test_camera_is_reconfigured_with_its_old_password(
    hass: HomeAssistant, station: Station, kita: RunningCamera
) -> None:
    """After a move the camera is found again; an empty password means the present one."""
    entry = await set_up(hass, kita)
    await station.move("kita")
    result = await start_reconfigure(hass, entry)
    assert result["step_id"] == "connection"
    assert "password" not in suggested(result)
    result = await configure(hass, result["flow_id"], connection(kita, name="南口", password=""))
    assert result["reason"] == "reconfigure_successful"
    (subentry,) = entry.subentries.values()
    assert subentry.title == "南口"
    assert subentry.data["port"] == kita.http_port
    assert subentry.data["password"] == "viewer-pass"
    await until(lambda: kita.soap.events.subscriptions)


async def test_another_camera_is_not_taken_for_the_known_one(
    hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]]
) -> None:
    """Reconfiguring to the address of another camera is refused."""
    station = await start_station(
        camera_config("kita"), camera_config("minami", serial="OTHER777", mac="02:00:00:00:77:77")
    )
    entry = section_entry(station.cameras["kita"])
    entry.add_to_hass(hass)
    result = await start_reconfigure(hass, entry)
    result = await configure(hass, result["flow_id"], connection(station.cameras["minami"]))
    assert result["errors"] == {"base": "another_camera"}
    (subentry,) = entry.subentries.values()
    assert subentry.data["port"] == station.cameras["kita"].http_port
