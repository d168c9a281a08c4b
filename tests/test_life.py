"""A set-up that fails undoes itself, and a section that goes leaves nothing: whatever part it was, whatever was started before it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
import socket
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components import niiza_cctv
from custom_components.niiza_cctv.cameras import Cameras
from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.managers.addresses import AddressReports
from custom_components.niiza_cctv.managers.alerts import Alerts
from custom_components.niiza_cctv.managers.check_notifications import CheckNotifications
from custom_components.niiza_cctv.managers.checks import CheckManager
from custom_components.niiza_cctv.managers.clock import ClockManager
from custom_components.niiza_cctv.managers.deadlines import DeadlineManager
from custom_components.niiza_cctv.managers.evidence import Evidence
from custom_components.niiza_cctv.managers.mail import HeartbeatMail
from custom_components.niiza_cctv.managers.notifications import CaseNotifications
from custom_components.niiza_cctv.managers.proof import ProofManager
from custom_components.niiza_cctv.managers.setting_issues import SettingIssues
from simulator.running import RunningCamera
from simulator.station import free_port
from tests.section import known, section_entry, until

PARTS: list[tuple[Any, str]] = [
    (Evidence, "async_start"),
    (Alerts, "async_start"),
    (ClockManager, "async_start"),
    (ProofManager, "async_start"),
    (Cameras, "async_follow_entry"),
    (AddressReports, "async_start"),
    (HeartbeatMail, "async_start"),
    (CheckManager, "async_start"),
    (SettingIssues, "async_start"),
    (CheckNotifications, "async_start"),
    (CaseNotifications, "async_start"),
    (DeadlineManager, "async_start"),
    (niiza_cctv, "async_check_roles"),
    (niiza_cctv, "async_install_blueprints"),
    (niiza_cctv.panel, "async_register"),
]


def fails_at_its_end(start: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Return a start that fails when everything of it is under way."""

    async def failing(*arguments: Any, **more: Any) -> None:
        await start(*arguments, **more)
        raise RuntimeError("This part cannot be started")

    return failing


def refuses(port: int) -> bool:
    """Return whether nobody listens on a port of this machine."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) != 0


def tasks() -> list[str]:
    """Return our tasks, by name."""
    return [task.get_name() for task in asyncio.all_tasks() if DOMAIN in task.get_name()]


def listeners(hass: HomeAssistant) -> Counter[str]:
    """Return how many listen to each event, but for what is kept at the end: that comes and goes with each change."""
    found = Counter({str(event): count for event, count in hass.bus.async_listeners().items()})
    del found["homeassistant_final_write"]
    return found


@pytest.fixture(autouse=True)
def _cameras_are_reached(socket_enabled: None) -> None:
    """Let ports be tried."""


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part[0].__name__}-{part[1]}")
async def test_set_up_that_fails_leaves_nothing(
    hass: HomeAssistant,
    kita: RunningCamera,
    monkeypatch: pytest.MonkeyPatch,
    hass_storage: dict[str, Any],
    part: tuple[Any, str],
) -> None:
    """No port, task, listener, subscription or entity; what was known before is kept, and the next set-up works."""
    mail, reports = free_port("127.0.0.1"), free_port("127.0.0.1")
    entry = section_entry(
        kita,
        options={
            "mail": {"enabled": True, "port": mail},
            "address": {"enabled": True, "port": reports},
        },
    )
    entry.add_to_hass(hass)
    # Once, so that what Home Assistant itself loads for it is there.
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: not refuses(mail) and not refuses(reports))
    await until(lambda: known(hass, kita.camera.config, "alive"))
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    before = listeners(hass)
    alerts = hass_storage[f"{DOMAIN}.alerts"]["data"]
    assert alerts

    with monkeypatch.context() as broken:
        broken.setattr(*part, fails_at_its_end(getattr(*part)))
        assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    await until(lambda: not kita.soap.events.subscriptions)
    await hass.async_block_till_done()
    assert tasks() == []
    assert listeners(hass) == before
    assert alerts.items() <= hass_storage[f"{DOMAIN}.alerts"]["data"].items()
    assert refuses(mail)
    assert refuses(reports)
    assert {state.state for state in hass.states.async_all()} <= {"unavailable"}

    assert await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: not refuses(mail) and not refuses(reports))


async def test_platform_that_fails_leaves_nothing(
    hass: HomeAssistant, kita: RunningCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Home Assistant cannot forward the set-up to one platform, the others go again."""
    entry = section_entry(kita)
    entry.add_to_hass(hass)
    forward = hass.config_entries.async_forward_entry_setups
    with monkeypatch.context() as broken:
        broken.setattr(hass.config_entries, "async_forward_entry_setups", fails_at_its_end(forward))
        assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert tasks() == []
    assert {state.state for state in hass.states.async_all()} <= {"unavailable"}
    assert await hass.config_entries.async_reload(entry.entry_id)


async def test_every_repair_goes_with_the_section(hass: HomeAssistant, kita: RunningCamera) -> None:
    """Also those of ports that other programs have."""
    with socket.socket() as mail, socket.socket() as reports:
        for taken in (mail, reports):
            taken.bind(("", 0))
            taken.listen()
        entry = section_entry(
            kita,
            options={
                "mail": {"enabled": True, "port": mail.getsockname()[1]},
                "address": {"enabled": True, "port": reports.getsockname()[1]},
            },
        )
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        issues = ir.async_get(hass)
        for key in ("mail_port", "address_port", "roles_missing"):
            await until(partial(issues.async_get_issue, DOMAIN, key))
        await hass.config_entries.async_remove(entry.entry_id)
    assert [known for domain, known in issues.issues if domain == DOMAIN] == []
