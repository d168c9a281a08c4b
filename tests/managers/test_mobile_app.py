"""Phones: real companion apps, registered by Home Assistant's own API; what they get, and who gets what."""

import asyncio
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from homeassistant.components import persistent_notification
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockUser, async_fire_time_changed

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.managers.mobile_app import Notice, Phones
from tests.companion import Companions
from tests.section import section_entry, until

NOTICE = Notice(
    title="題",
    message="本文",
    tag="niiza_cctv_test",
    path="/niiza-cctv/checks",
    actions=({"action": "A", "title": "確認した", "authenticationRequired": True},),
)


@pytest.fixture
async def entry(hass: HomeAssistant) -> Any:
    """Return a section whose people are there; it need not be loaded for a phone to ring."""
    for name in ("sato", "suzuki", "tablet", "other"):
        MockUser(name=name, id=name).add_to_hass(hass)
    entry = section_entry(
        viewers=["sato", "suzuki", "tablet"],
        exporters=["sato"],
        approvers=["suzuki"],
        tablets=["tablet"],
    )
    entry.add_to_hass(hass)
    return entry


def for_all(hass: HomeAssistant) -> dict[str, Any]:
    """Return what stands on Home Assistant's own page, which is everybody's."""
    return dict(persistent_notification._async_get_or_create_notifications(hass))


def no_record() -> None:
    """Say that there is no record yet: the lists are all there is."""


def no_phone(hass: HomeAssistant) -> ir.IssueEntry | None:
    """Return the repair that says who has no phone."""
    return ir.async_get(hass).async_get_issue(DOMAIN, "no_phone")


async def test_both_systems_get_what_each_understands(
    hass: HomeAssistant, companions: Companions, entry: Any
) -> None:
    """One payload: deep link for iOS and Android, tag and group, hidden on the lock screen, at once, no picture."""
    android = await companions.register("sato")
    ios = await companions.register(
        "sato", "iPhone", manufacturer="Apple", os_name="iOS", os_version="20"
    )
    assert await Phones(hass, entry, held=no_record).tell(["sato"], NOTICE) == []
    for app in (android, ios):
        message = await app.notice()
        assert (message["title"], message["message"]) == ("題", "本文")
        assert message["data"] == {
            "tag": "niiza_cctv_test",
            "group": "niiza_cctv",
            "url": "/niiza-cctv/checks",
            "clickAction": "/niiza-cctv/checks",
            "ttl": 0,
            "priority": "high",
            "channel": "niiza_cctv",
            "importance": "high",
            "visibility": "private",
            "push": {"interruption-level": "time-sensitive"},
            "actions": [{"action": "A", "title": "確認した", "authenticationRequired": True}],
        }
    assert for_all(hass) == {}


async def test_a_notice_that_can_wait_is_less_insistent(
    hass: HomeAssistant, companions: Companions, entry: Any
) -> None:
    """It has a channel of its own, so that a person can silence it without losing the alarms."""
    app = await companions.register("sato")
    quiet = Notice(title="t", message="m", tag="x", path="/niiza-cctv", urgent=False)
    await Phones(hass, entry, held=no_record).tell(["sato"], quiet)
    data = (await app.notice())["data"]
    assert (data["channel"], data["push"]) == ("niiza_cctv_quiet", {"interruption-level": "active"})
    assert "image" not in data
    assert "actions" not in data


async def test_one_phone_that_fails_stops_nobody(
    hass: HomeAssistant, companions: Companions, entry: Any
) -> None:
    """One raises, one hangs: everybody else is told, and who was not reached finds it in their own list."""
    await companions.register("sato", "a")
    await companions.register("suzuki", "b")
    fine = await companions.register("tablet", "c")

    async def fail(_call: ServiceCall) -> None:
        raise HomeAssistantError("gone")

    async def hang(_call: ServiceCall) -> None:
        await asyncio.Event().wait()

    hass.services.async_register("notify", "mobile_app_a", fail)
    hass.services.async_register("notify", "mobile_app_b", hang)
    phones = Phones(hass, entry, held=no_record, send_timeout=0.2)
    assert await phones.tell(["sato", "suzuki", "tablet"], NOTICE) == [
        "sato",
        "suzuki",
    ]
    assert (await fine.notice())["message"] == "本文"
    for person in ("sato", "suzuki", "tablet"):
        own = (await phones.inbox.of(person))["niiza_cctv_test"]
        assert (own["title"], own["message"], own["path"]) == ("題", "本文", "/niiza-cctv/checks")
    assert await phones.inbox.of("other") == {}
    assert for_all(hass) == {}
    issue = no_phone(hass)
    assert issue
    assert issue.translation_placeholders == {"people": "sato, suzuki"}


async def test_a_person_with_two_phones_is_reached_by_either(
    hass: HomeAssistant, companions: Companions, entry: Any
) -> None:
    """A lost phone in a drawer is no trouble."""
    await companions.register("sato", "a")
    second = await companions.register("sato", "b")

    async def fail(_call: ServiceCall) -> None:
        raise HomeAssistantError("gone")

    hass.services.async_register("notify", "mobile_app_a", fail)
    assert await Phones(hass, entry, held=no_record).tell(["sato"], NOTICE) == []
    assert (await second.notice())["message"] == "本文"
    assert no_phone(hass) is None


async def test_who_has_no_phone_is_named_until_they_are_reached(
    hass: HomeAssistant, companions: Companions, entry: Any
) -> None:
    """Reaching somebody else does not close the repair; reaching them does, and so does leaving the section."""
    await companions.register("suzuki")
    phones = Phones(hass, entry, held=no_record)
    await phones.tell(["sato"], NOTICE)
    await phones.tell(["suzuki"], NOTICE)
    assert no_phone(hass)
    app = await companions.register("sato")
    await phones.tell(["sato"], NOTICE)
    await app.notice()
    assert no_phone(hass) is None
    await phones.tell(["tablet"], NOTICE)
    assert no_phone(hass)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "tablets": [], "viewers": ["sato"]}
    )
    await phones.tell(["suzuki"], NOTICE)
    assert no_phone(hass) is None


async def test_a_notice_is_taken_back_everywhere(
    hass: HomeAssistant, companions: Companions, entry: Any
) -> None:
    """From the phones, and from the list of each person."""
    app = await companions.register("sato")
    phones = Phones(hass, entry, held=no_record)
    await phones.tell(["sato", "suzuki"], NOTICE)
    assert await phones.inbox.of("suzuki")
    await phones.clear(["sato", "suzuki"], NOTICE.tag)
    await app.notice()
    gone = await app.notice()
    assert (gone["message"], gone["data"]) == ("clear_notification", {"tag": NOTICE.tag})
    assert [await phones.inbox.of(person) for person in ("sato", "suzuki")] == [{}, {}]


async def test_a_list_is_ones_own_outlives_a_restart_and_does_not_grow(
    hass: HomeAssistant, entry: Any, hass_storage: dict[str, Any]
) -> None:
    """Putting one away leaves the others'; the newest fifty stay."""
    phones = Phones(hass, entry, held=no_record)
    await phones.tell(["sato", "suzuki"], NOTICE)
    await phones.inbox.remove(["sato"], NOTICE.tag)
    await phones.inbox.remove(["sato", "other"], NOTICE.tag)
    for number in range(60):
        await phones.tell(
            ["suzuki"], Notice(title="t", message="m", tag=f"n{number}", path="/niiza-cctv")
        )
    await phones.tell(["suzuki"], Notice(title="t", message="m", tag="n30", path="/niiza-cctv"))
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=5))
    await until(lambda: "niiza_cctv.inbox" in hass_storage)
    again = Phones(hass, entry, held=no_record)
    assert await again.inbox.of("sato") == {}
    own = await again.inbox.of("suzuki")
    assert len(own) == 50
    assert list(own)[-2:] == ["n59", "n30"]


async def test_taking_back_does_not_overtake_a_slow_phone(
    hass: HomeAssistant, companions: Companions, entry: Any
) -> None:
    """What is told is told before it is taken back, though its phone takes its time."""
    await companions.register("sato", "a")
    told: list[str] = []
    go_on = asyncio.Event()

    async def slow(call: ServiceCall) -> None:
        if call.data["message"] == "本文":
            await go_on.wait()
        told.append(call.data["message"])

    hass.services.async_register("notify", "mobile_app_a", slow)
    phones = Phones(hass, entry, held=no_record)
    telling = asyncio.create_task(phones.tell(["sato"], NOTICE))
    await asyncio.sleep(0)
    taking_back = asyncio.create_task(phones.clear(["sato"], NOTICE.tag))
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(telling, taking_back)
    assert told == ["本文", "clear_notification"]


async def test_a_tablet_is_reached_by_the_app_that_was_chosen_for_it(
    hass: HomeAssistant, companions: Companions, entry: Any
) -> None:
    """Its subentry names the app, whoever set that up; without one its user's own apps are taken."""
    own = await companions.register("tablet", "own")
    chosen = await companions.register("other", "chosen")
    (app,) = [
        one
        for one in hass.config_entries.async_entries("mobile_app")
        if one.data["user_id"] == "other"
    ]
    phones = Phones(hass, entry, held=no_record)
    assert await phones.tablets() == ["tablet"]
    assert phones.of("tablet") == ["mobile_app_own"]
    hass.config_entries.async_add_subentry(
        entry,
        ConfigSubentry(
            data=MappingProxyType({"user_id": "tablet", "notify": app.entry_id}),
            subentry_type="tablet",
            title="会議室のタブレット",
            unique_id="tablet-tablet",
        ),
    )
    await phones.tell(await phones.holders("tablets"), NOTICE)
    assert (await chosen.notice())["message"] == "本文"
    assert own.inbox.empty()
    await hass.config_entries.async_remove(app.entry_id)
    await phones.tell(["tablet"], NOTICE)
    assert (await own.notice())["message"] == "本文"


async def test_a_tablet_holds_no_other_role(hass: HomeAssistant, entry: Any) -> None:
    """Whatever the lists say: it is told what tablets are told."""
    phones = Phones(hass, entry, held=no_record)
    assert await phones.holders("viewers") == ["sato", "suzuki"]
    assert await phones.holders("tablets") == ["tablet"]


async def test_phone_of_the_same_name_is_not_taken_for_anothers(
    hass: HomeAssistant, companions: Companions, entry: Any
) -> None:
    """Home Assistant keeps one action for phones of one name: the other's owner finds it in their own list."""
    await companions.register("sato", "スマートフォン")
    second = await companions.register("suzuki", "スマートフォン")
    phones = Phones(hass, entry, held=no_record)
    assert await phones.tell(["sato"], NOTICE) == ["sato"]
    assert second.inbox.empty()
    assert await phones.inbox.of("sato")
