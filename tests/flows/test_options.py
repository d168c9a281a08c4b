"""The section's options: one subject at a time, checked before it is kept, and nothing is reloaded."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.niiza_cctv.lib.checks.kinds import KINDS
from custom_components.niiza_cctv.lib.inbound.passwords import verify_password
from custom_components.niiza_cctv.lib.inbound.patterns import (
    ERROR_PATTERNS,
    MAX_PATTERNS,
    RECOVERY_PATTERNS,
)
from simulator.running import RunningCamera
from tests.section import camera_data, section_entry, set_up

INTERVALS = {key: kind.interval_days for key, kind in KINDS.items()}
LOGIN = {"starttls": "off", "username": "", "password": ""}
PATTERNS = {
    "error_patterns": "\n".join(ERROR_PATTERNS),
    "recovery_patterns": "\n".join(RECOVERY_PATTERNS),
}
# What is kept of the form as it is shown first.
MAIL: dict[str, Any] = {
    "enabled": False,
    "port": 2525,
    "networks": [],
    "username": "",
    "password": "",
    "starttls": "off",
    "silent_after": 3,
    "error_patterns": [],
    "recovery_patterns": [],
}


def mail_form(**changes: Any) -> dict[str, Any]:
    """Return the form of the mails as a person fills it in."""
    form: dict[str, Any] = {
        "enabled": True,
        "port": 2525,
        "networks": "",
        "silent_after": 3,
        "login": dict(LOGIN),
        "patterns": dict(PATTERNS),
    }
    for key, value in changes.items():
        part = next((form[part] for part in ("login", "patterns") if key in form[part]), form)
        part[key] = value
    return form


def suggested(result: Any, part: str | None = None) -> dict[str, Any]:
    """Return the values that a form, or a section of it, shows."""
    schema = result["data_schema"].schema
    if part is not None:
        schema = schema[part].schema.schema
    return {
        marker.schema: marker.description["suggested_value"]
        for marker in schema
        if marker.description
    }


@pytest.fixture
def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a section of an earlier version: it has no options."""
    entry = section_entry()
    entry.add_to_hass(hass)
    return entry


async def choose(hass: HomeAssistant, entry: MockConfigEntry, *steps: str) -> Any:
    """Open the options and go through the menus."""
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == ["intervals", "own_checks", "mail", "address"]
    for step in steps:
        result = await submit(hass, result, {"next_step_id": step})
    return result


async def submit(hass: HomeAssistant, result: Any, form: dict[str, Any]) -> Any:
    """Submit a form."""
    return await hass.config_entries.options.async_configure(result["flow_id"], form)


async def test_only_changed_intervals_are_kept(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Every kind is there with its days; what nobody changed follows the table of a later version."""
    result = await choose(hass, entry, "intervals")
    assert suggested(result) == INTERVALS
    result = await submit(hass, result, INTERVALS | {"signage": 14, "contractor": 0})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {"check_intervals": {"signage": 14, "contractor": 0}}
    result = await choose(hass, entry, "intervals")
    assert suggested(result) == INTERVALS | {"signage": 14, "contractor": 0}
    await submit(hass, result, INTERVALS)
    assert entry.options == {"check_intervals": {}}


@pytest.mark.parametrize("days", [-1, 3651, "often"])
async def test_interval_must_be_days(
    hass: HomeAssistant, entry: MockConfigEntry, days: Any
) -> None:
    """No interval is negative, endless or a word."""
    result = await choose(hass, entry, "intervals")
    with pytest.raises(InvalidData):
        await submit(hass, result, INTERVALS | {"signage": days})


async def test_own_checks_are_added_changed_and_removed(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A check keeps its key, and with it its history, whatever it is called."""
    result = await choose(hass, entry, "own_checks")
    assert result["menu_options"] == ["own_add"]
    result = await submit(hass, result, {"next_step_id": "own_add"})
    form: dict[str, Any] = {"name": " レンズの清掃 ", "objects": ["camera"], "interval_days": 90}
    for wrong, errors in (
        ({"name": "  "}, {"name": "name_length"}),
        ({"name": "あ" * 61}, {"name": "name_length"}),
        ({"objects": []}, {"objects": "objects_missing"}),
    ):
        result = await submit(hass, result, form | wrong)
        assert result["errors"] == errors
    with pytest.raises(InvalidData):
        await submit(hass, result, form | {"objects": ["case"]})
    result = await submit(hass, result, form)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (own,) = entry.options["own_checks"]
    assert own == {
        "key": own["key"],
        "name": "レンズの清掃",
        "objects": ["camera"],
        "interval_days": 90,
        "by_tap": False,
    }
    assert own["key"].startswith("own_")

    result = await choose(hass, entry, "own_checks")
    assert result["menu_options"] == ["own_add", "own_change", "own_remove"]
    result = await submit(hass, result, {"next_step_id": "own_add"})
    result = await submit(hass, result, form | {"objects": ["section"]})
    assert result["errors"] == {"name": "name_taken"}
    await submit(hass, result, form | {"name": "鍵の確認", "objects": ["section", "tablet"]})
    other = entry.options["own_checks"][1]
    assert other["key"] != own["key"]

    result = await choose(hass, entry, "own_checks", "own_change")
    result = await submit(hass, result, {"check": own["key"]})
    assert suggested(result) == {
        key: own[key] for key in ("name", "objects", "interval_days", "by_tap")
    }
    result = await submit(hass, result, form | {"name": "鍵の確認"})
    assert result["errors"] == {"name": "name_taken"}
    # Its own name is no other's.
    await submit(hass, result, form | {"interval_days": 0, "by_tap": True})
    assert entry.options["own_checks"] == [own | {"interval_days": 0, "by_tap": True}, other]

    result = await choose(hass, entry, "own_checks", "own_remove")
    with pytest.raises(InvalidData):
        await submit(hass, result, {"checks": ["own_unknown"]})
    await submit(hass, result, {"checks": [own["key"]]})
    assert entry.options["own_checks"] == [other]


async def test_own_check_removed_meanwhile_is_not_changed(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Two people at once: what the one removed the other does not bring back."""
    own = {"key": "own_1", "name": "鍵の確認", "objects": ["section"], "interval_days": 7}
    hass.config_entries.async_update_entry(entry, options={"own_checks": [own]})
    result = await choose(hass, entry, "own_checks", "own_change")
    result = await submit(hass, result, {"check": "own_1"})
    hass.config_entries.async_update_entry(entry, options={"own_checks": []})
    result = await submit(hass, result, {"name": "鍵", "objects": ["section"], "interval_days": 7})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "removed"
    assert entry.options == {"own_checks": []}


async def test_mail_form_as_shown_keeps_the_defaults(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """It is off, and the shipped patterns stand there to be seen but are not frozen."""
    result = await choose(hass, entry, "mail")
    assert suggested(result)["enabled"] is False
    assert suggested(result, "patterns") == PATTERNS
    await submit(hass, result, mail_form(enabled=False))
    assert entry.options == {"mail": MAIL}


async def test_mail_settings_are_kept(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Everything typed is kept, one entry a line, and shown again, the password excepted."""
    result = await choose(hass, entry, "mail")
    form = mail_form(
        port=25,
        networks="192.168.10.0/24\n\n 10.1.2.3 \n192.168.10.0/24\nfd00::/8\n",
        silent_after=5,
        starttls="required",
        username=" kanshi ",
        password="p@ss wörd 監視",
        error_patterns="SDカード*異常\nHDD*error",
        recovery_patterns="SDカード*復旧",
    )
    result = await submit(hass, result, form)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    kept = entry.options["mail"]
    hashed = kept["password"]
    assert kept == MAIL | {
        "enabled": True,
        "port": 25,
        "networks": ["192.168.10.0/24", "10.1.2.3/32", "fd00::/8"],
        "username": "kanshi",
        "password": hashed,
        "starttls": "required",
        "silent_after": 5,
        "error_patterns": ["SDカード*異常", "HDD*error"],
        "recovery_patterns": ["SDカード*復旧"],
    }
    assert "p@ss" not in hashed
    assert await hass.async_add_executor_job(verify_password, "p@ss wörd 監視", hashed)

    result = await choose(hass, entry, "mail")
    assert suggested(result)["networks"] == "192.168.10.0/24\n10.1.2.3/32\nfd00::/8"
    assert suggested(result, "login") == {"starttls": "required", "username": "kanshi"}
    assert suggested(result, "patterns")["error_patterns"] == "SDカード*異常\nHDD*error"
    # Empty keeps the password; cleared patterns are the shipped ones again.
    await submit(
        hass,
        result,
        mail_form(username="kanshi2", starttls="offered", error_patterns="", recovery_patterns=""),
    )
    assert entry.options["mail"] == MAIL | {
        "enabled": True,
        "username": "kanshi2",
        "password": hashed,
        "starttls": "offered",
    }
    # Without a user there is no password either.
    result = await choose(hass, entry, "mail")
    await submit(hass, result, mail_form())
    assert entry.options["mail"] == MAIL | {"enabled": True}


@pytest.mark.parametrize(
    ("changes", "error", "shown"),
    [
        ({"networks": "10.0.0.0/8\nstation"}, "network_invalid", "station"),
        ({"networks": "10.0.0.0/40"}, "network_invalid", "10.0.0.0/40"),
        (
            {"networks": "192.168.10.7/24"},
            "network_host_bits",
            "192.168.10.7/24 → 192.168.10.0/24",
        ),
        ({"networks": "0.0.0.0/0"}, "network_needs_login", "0.0.0.0/0"),
        ({"networks": "10.0.0.0/8\n8.8.8.0/24"}, "network_needs_login", "8.8.8.0/24"),
        ({"networks": "::/0"}, "network_needs_login", "::/0"),
        ({"username": "kanshi"}, "mail_password_missing", ""),
        ({"password": "secret-word"}, "mail_username_missing", ""),
        ({"username": "kanshi", "password": "x" * 257}, "password_too_long", ""),
        ({"error_patterns": "SD*error\n*"}, "pattern_invalid", "*"),
        ({"recovery_patterns": "a" * 101}, "pattern_invalid", "a" * 101),
        (
            {"error_patterns": "\n".join(f"error {n}" for n in range(MAX_PATTERNS + 1))},
            "patterns_too_many",
            str(MAX_PATTERNS),
        ),
        ({"port": 8125}, "port_of_address", ""),
    ],
)
async def test_mistakes_are_named(
    hass: HomeAssistant, entry: MockConfigEntry, changes: dict[str, str], error: str, shown: str
) -> None:
    """Each mistake has its message with what was typed, the next try works, and no password comes back."""
    hass.config_entries.async_update_entry(
        entry, options={"address": {"enabled": True, "port": 8125}}
    )
    result = await choose(hass, entry, "mail")
    result = await submit(hass, result, mail_form(**changes))
    assert result["errors"] == {"base": error}
    assert result["description_placeholders"]["shown"] == shown
    assert "password" not in suggested(result, "login")
    assert "mail" not in entry.options
    result = await submit(hass, result, mail_form(username="kanshi", password="secret-word"))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options["mail"]["username"] == "kanshi"


async def test_password_need_not_be_typed_again_after_a_mistake(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What was typed before the mistake counts."""
    result = await choose(hass, entry, "mail")
    result = await submit(
        hass, result, mail_form(username="kanshi", password="secret-word", networks="station")
    )
    assert result["errors"] == {"base": "network_invalid"}
    await submit(hass, result, mail_form(username="kanshi", networks="0.0.0.0/0"))
    kept = entry.options["mail"]
    assert kept["networks"] == ["0.0.0.0/0"]
    assert await hass.async_add_executor_job(verify_password, "secret-word", kept["password"])


@pytest.mark.parametrize(
    "changes", [{"port": 0}, {"port": 65536}, {"silent_after": 0}, {"starttls": "perhaps"}]
)
async def test_what_the_form_does_not_offer_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, changes: dict[str, Any]
) -> None:
    """A client that sends what no form offers gets nowhere."""
    result = await choose(hass, entry, "mail")
    with pytest.raises(InvalidData):
        await submit(hass, result, mail_form(**changes))


async def test_reports_of_addresses_are_switched_on(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Off until somebody says so; the two receivers do not take one another's port."""
    hass.config_entries.async_update_entry(
        entry, options={"mail": MAIL | {"enabled": True, "port": 2525}}
    )
    result = await choose(hass, entry, "address")
    assert suggested(result) == {"enabled": False, "port": 0}
    result = await submit(hass, result, {"enabled": True, "port": 2525})
    assert result["errors"] == {"port": "port_of_mail"}
    await submit(hass, result, {"enabled": True, "port": 8125})
    assert entry.options["address"] == {"enabled": True, "port": 8125}
    # The other subject is as it was.
    assert entry.options["mail"] == MAIL | {"enabled": True}


async def test_options_reload_nothing(hass: HomeAssistant, kita: RunningCamera) -> None:
    """The section follows its options while its cameras go on being watched."""
    entry = await set_up(hass, kita)
    section = entry.runtime_data
    (camera,) = section.cameras.values()
    reached = camera.camera
    result = await choose(hass, entry, "intervals")
    await submit(hass, result, INTERVALS | {"signage": 0, "contractor": 30})
    await hass.async_block_till_done()
    assert entry.runtime_data is section
    assert section.cameras[camera.subentry.subentry_id] is camera
    assert camera.camera is reached
    kinds = {check.kind.key: check.kind.interval_days for check in section.evidence.checks.checks()}
    assert kinds["contractor"] == 30
    assert "signage" not in kinds


async def test_entry_of_an_earlier_version_works_unchanged(
    hass: HomeAssistant, kita: RunningCamera
) -> None:
    """Without options, and without what a camera reports, nothing is listened for and every check is as shipped."""
    entry = await set_up(hass, kita)
    (subentry,) = entry.subentries.values()
    assert entry.options == {}
    # Learnt by asking it, and kept: it takes digests, and is never sent a readable password again.
    learnt = {"digest_only": True}
    assert subentry.data == camera_data(kita, macs=subentry.data["macs"]) | learnt
    section = entry.runtime_data
    assert section.mail.receiver is None
    assert not section.addresses.enabled
    (camera,) = section.cameras.values()
    assert camera.alive_verdict.alive is True
    asked = {check.kind.key: check.kind.interval_days for check in section.evidence.checks.checks()}
    # Of tablets there is none.
    assert asked == {key: days for key, days in INTERVALS.items() if key != "antivirus"}
    # Each form opens with what holds, and kept as it is shown changes nothing that anybody notices.
    for step, form in (
        ("intervals", INTERVALS),
        ("mail", mail_form(enabled=False)),
        ("address", {"enabled": False, "port": 0}),
    ):
        await submit(hass, await choose(hass, entry, step), form)
    await hass.async_block_till_done()
    assert entry.options == {
        "check_intervals": {},
        "mail": MAIL,
        "address": {"enabled": False, "port": 0},
    }
    assert entry.runtime_data is section
    assert section.mail.receiver is None
    assert camera.alive_verdict.alive is True
