"""The checks of a section, as tests see and set them."""

from datetime import datetime, timedelta, tzinfo
from typing import Any, Self, override

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.checks.kinds import KINDS
from custom_components.niiza_cctv.lib.checks.model import AssetKind
from custom_components.niiza_cctv.lib.ledger import store
from tests.office import Office
from tests.section import due_noted


async def checking(office: Office) -> Office:
    """Return the office once everything that a new section has to look at is noted; everybody may use its entities."""
    for person in await office.hass.auth.async_get_users():
        if isinstance(person, MockUser):
            # As Home Assistant's own group of users, who may use every entity.
            person.mock_policy({"entities": True})
    await due_noted(office.entry)
    await office.hass.async_block_till_done()
    return office


def kinds_on(*assets: AssetKind, tablet: bool = False) -> list[str]:
    """Return the shipped kinds of check on these, each as often as there are such; `tablet`: those it may confirm."""
    return [
        kind.key
        for asset in assets
        for kind in KINDS.values()
        if asset in kind.assets and (kind.tablet or not tablet)
    ]


# The checks of a section with one camera.
EVERY = len(kinds_on(AssetKind.SECTION, AssetKind.CAMERA))


def signage(office: Office) -> str:
    """Return the check of the sign at the camera."""
    return f"signage:camera:{office.camera_id}"


def check_entity(
    hass: HomeAssistant, check: str, platform: Platform = Platform.BINARY_SENSOR
) -> str | None:
    """Return the entity of a check."""
    kind, _, of = check.split(":", 2)
    return er.async_get(hass).async_get_entity_id(platform, DOMAIN, f"{of}_check_{kind}")


def check_state(
    hass: HomeAssistant, check: str, platform: Platform = Platform.BINARY_SENSOR
) -> State:
    """Return the state of the entity of a check."""
    found = check_entity(hass, check, platform)
    assert found, check
    state = hass.states.get(found)
    assert state, check
    return state


def days_ago(monkeypatch: pytest.MonkeyPatch, ago: timedelta) -> None:
    """Let the ledger write as of some time ago."""

    class Past(datetime):
        @classmethod
        @override
        def now(cls, tz: tzinfo | None = None) -> Self:
            moment = datetime.now(tz) - ago
            return cls.fromtimestamp(moment.timestamp(), tz)

    monkeypatch.setattr(store, "datetime", Past)


async def found(office: Office, person: str | None, check: str, **more: Any) -> dict[str, Any]:
    """Let a person record what they found."""
    return await office.call(person, "record_check", **{"check": check, "result": "passed"} | more)


async def found_ago(
    office: Office, person: str, check: str, ago: timedelta, **more: Any
) -> datetime:
    """Let a person have recorded something some time ago; returns when that was, at the latest."""
    with pytest.MonkeyPatch.context() as patched:
        days_ago(patched, ago)
        await found(office, person, check, **more)
    await office.hass.async_block_till_done()
    return dt_util.utcnow() - ago


async def records(office: Office) -> list[tuple[str | None, str, str]]:
    """Return who recorded what of which check."""
    return [
        (
            entry.person and entry.person.id,
            f"{entry.details['kind']}:{entry.details['object_kind']}:{entry.details['object']}",
            entry.details["result"],
        )
        for entry in await office.entries("check_recorded")
    ]
